// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whole arrays for the library's own use: descriptors that are looked into or compared. They are no views.

use super::memory::as_bytes;
use super::*;

impl File {
    /// The values of a record as reals of 64 bits.
    pub fn reals(&self, record: usize) -> Result<Vec<f64>> {
        let plan = self.plan(record, &ViewOptions { dtype: Some(Dtype::F64), ..ViewOptions::default() })?;
        self.check_limit(&plan)?;
        let decoder = self.decoder(&plan)?;
        let count = plan.slab.elements() as usize;
        let mut values = Vec::new();
        values.try_reserve_exact(count).map_err(|_| Error::NoMemory {
            bytes: plan.bytes(),
            purpose: format!("the array of {}", plan.place()),
        })?;
        values.resize(count, 0.0);
        self.fill_with(&plan, &decoder, Elements::F64(&mut values))?;
        Ok(values)
    }

    /// Whether two records hold the same array: the same shape and, in an element type that holds both, the same
    /// bytes.
    pub fn same_array(&self, first: usize, second: usize) -> Result<bool> {
        let options = ViewOptions::default();
        let [mut first, mut second] = [self.plan(first, &options)?, self.plan(second, &options)?];
        if first.layout.shape != second.layout.shape {
            return Ok(false);
        }
        if first.dtype.widens_to(second.dtype) {
            first.dtype = second.dtype;
        } else if second.dtype.widens_to(first.dtype) {
            second.dtype = first.dtype;
        } else {
            return Ok(false);
        }
        let [mut one, mut other] = [self.owned(&first)?, self.owned(&second)?];
        let elements = first.slab.elements();
        match (one.elements(first.dtype, elements), other.elements(second.dtype, elements)) {
            (Some(mut one), Some(mut other)) => {
                Ok(as_bytes(&mut one, |one| as_bytes(&mut other, |other| *one == *other)))
            }
            _ => Err(Error::Internal("memory smaller than its array".to_owned())),
        }
    }

    fn owned(&self, plan: &Plan) -> Result<Memory> {
        self.check_limit(plan)?;
        Ok(self.filled(plan)?.0)
    }
}
