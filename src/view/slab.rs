// SPDX-License-Identifier: MIT OR Apache-2.0
//! A part of a record: where it starts, how far it goes along i, j, k, and the runs of elements it is made of.

use std::ops::Range;

use crate::error::{Error, Result};

/// A box inside an array of shape ni, nj, nk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slab {
    shape: [u64; 3],
    start: [u64; 3],
    count: [u64; 3],
}

/// A run of neighbouring elements: `count` of them, from number `first` of the record, to number `to` of the slab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First element in the record.
    pub first: u64,
    /// Number of elements.
    pub count: u64,
    /// First element in the slab.
    pub to: u64,
}

impl Slab {
    /// The slab of an array of `shape` that starts at `start`; a `count` of 0 goes to the end of its axis.
    pub fn new(shape: [u64; 3], start: [i64; 3], count: [i64; 3]) -> Result<Slab> {
        let mut slab = Slab { shape, start: [0; 3], count: [0; 3] };
        for axis in 0..3 {
            let (from, want, extent) = (start[axis], count[axis], shape[axis]);
            let fits = u64::try_from(from).ok().filter(|from| *from < extent).and_then(|from| {
                let rest = extent - from;
                let want = u64::try_from(want).ok()?;
                (want <= rest).then_some((from, if want == 0 { rest } else { want }))
            });
            let Some((from, count)) = fits else {
                return Err(Error::OutOfRange(format!(
                    "slab of {want} elements from {from} along {}, which has {extent}",
                    ["i", "j", "k"][axis]
                )));
            };
            slab.start[axis] = from;
            slab.count[axis] = count;
        }
        Ok(slab)
    }

    /// Elements along each axis.
    pub fn count(&self) -> [u64; 3] {
        self.count
    }

    /// The elements along one axis (0 to 2).
    pub fn range(&self, axis: usize) -> Range<u64> {
        self.start[axis]..self.start[axis] + self.count[axis]
    }

    /// Number of elements.
    pub fn elements(&self) -> u64 {
        self.count.iter().product()
    }

    /// Whether it is the whole array.
    pub fn is_whole(&self) -> bool {
        self.count == self.shape
    }

    /// Number, in the record, of the first element.
    pub fn first(&self) -> u64 {
        self.start[0] + self.shape[0] * (self.start[1] + self.shape[1] * self.start[2])
    }

    /// Number, in the record, of the last element.
    pub fn last(&self) -> u64 {
        let [i, j, k] = std::array::from_fn(|axis| self.start[axis] + self.count[axis] - 1);
        i + self.shape[0] * (j + self.shape[1] * k)
    }

    /// The runs that make up the slab, in order, as long as they can be.
    pub fn runs(&self) -> impl Iterator<Item = Run> + use<> {
        let Slab { shape, start, count } = *self;
        let whole_rows = count[0] == shape[0];
        let whole_levels = whole_rows && count[1] == shape[1];
        let (length, rows, levels) = if whole_levels {
            (count[0] * count[1] * count[2], 1, 1)
        } else if whole_rows {
            (count[0] * count[1], 1, count[2])
        } else {
            (count[0], count[1], count[2])
        };
        (0..levels).flat_map(move |k| {
            (0..rows).map(move |j| Run {
                first: start[0] + shape[0] * (start[1] + j + shape[1] * (start[2] + k)),
                count: length,
                to: (k * rows + j) * length,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_a_slab_element_by_element() {
        let shape = [4, 3, 2];
        for (start, count) in [
            ([0, 0, 0], [0, 0, 0]),
            ([1, 1, 1], [2, 1, 1]),
            ([0, 1, 0], [0, 2, 0]),
            ([0, 0, 1], [0, 0, 1]),
            ([3, 2, 1], [1, 1, 1]),
        ] {
            let slab = Slab::new(shape, start, count).unwrap();
            let mut expected = Vec::new();
            let [ci, cj, ck] = slab.count();
            for k in 0..ck {
                for j in 0..cj {
                    for i in 0..ci {
                        let at: [u64; 3] = [i + start[0] as u64, j + start[1] as u64, k + start[2] as u64];
                        expected.push(at[0] + shape[0] * (at[1] + shape[1] * at[2]));
                    }
                }
            }
            let mut found = vec![u64::MAX; slab.elements() as usize];
            for run in slab.runs() {
                for offset in 0..run.count {
                    found[(run.to + offset) as usize] = run.first + offset;
                }
            }
            assert_eq!(found, expected);
            assert_eq!((slab.first(), slab.last()), (expected[0], expected[expected.len() - 1]));
        }
        assert_eq!(Slab::new(shape, [0; 3], [0; 3]).unwrap().runs().count(), 1);
    }

    #[test]
    fn slabs_outside_the_array_are_errors() {
        for (start, count) in [
            ([4, 0, 0], [0, 0, 0]),
            ([-1, 0, 0], [1, 1, 1]),
            ([0, 0, 0], [5, 0, 0]),
            ([2, 0, 0], [3, 0, 0]),
            ([0, 0, 0], [0, -1, 0]),
            ([i64::MAX, 0, 0], [i64::MAX, 0, 0]),
        ] {
            assert!(matches!(Slab::new([4, 3, 2], start, count), Err(Error::OutOfRange(_))));
        }
    }
}
