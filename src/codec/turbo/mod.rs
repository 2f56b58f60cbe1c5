//! Turbo records (types 129, 130, 133, 134).

use super::Packing;
use super::element::Elements;
use crate::error::Fault;

/// A turbo record.
pub(crate) struct Turbo;

impl Turbo {
    /// Checks the headers of a turbo record.
    pub(crate) fn new(packing: &Packing, _head: &[u8], _payload_bytes: u64) -> Result<Turbo, Fault> {
        Err(Fault::unsupported(format!("turbo type {}: not read", packing.data_type)))
    }

    /// The first level of a turbo record.
    pub(crate) fn decode(&self, _payload: &[u8], _out: Elements<'_>) -> Result<(), Fault> {
        Err(Fault::unsupported("turbo type: not read"))
    }
}
