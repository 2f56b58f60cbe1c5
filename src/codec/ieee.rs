// SPDX-License-Identifier: MIT OR Apache-2.0
//! E, the IEEE real (type 5), and complex (type 8): 32-bit patterns without their low bits, or 64-bit ones.
//!
//! Implements `packing.md` 3.7 and 3.10.

use super::bits::{Stream, WordOrder};
use super::element::{Elements, mismatch};
use crate::error::Fault;

/// A field of IEEE reals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ieee {
    /// Bits of a token: 1 to 32, or 64.
    pub width: u32,
}

impl Ieee {
    /// Elements from the tokens of `stream` (`packing.md` 3.7; for complex elements, which are pairs of reals,
    /// 3.10).
    #[inline(always)]
    pub fn decode<W: WordOrder>(&self, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
        match (self.width, out) {
            (64, Elements::F64(out)) => stream.longs(out, f64::from_bits),
            (64, Elements::C128(out)) => stream.longs(out.as_flattened_mut(), f64::from_bits),
            (1..=32, Elements::F32(out)) => self.run(stream, out, f32::from_bits),
            (1..=32, Elements::C64(out)) => self.run(stream, out.as_flattened_mut(), f32::from_bits),
            (1..=32, Elements::F64(out)) => self.run(stream, out, |bits| f64::from(f32::from_bits(bits))),
            (1..=32, Elements::C128(out)) => {
                self.run(stream, out.as_flattened_mut(), |bits| f64::from(f32::from_bits(bits)));
            }
            (_, other) => return Err(mismatch(other.dtype())),
        }
        Ok(())
    }

    /// Elements by `real` from 32-bit patterns; the bits that were dropped are zero.
    #[inline(always)]
    fn run<W: WordOrder, T: Copy>(&self, stream: Stream<'_, W>, out: &mut [T], real: impl Fn(u32) -> T) {
        match self.width {
            32 => stream.words(out, |word| [real(word)]),
            width => stream.tokens(width, out, |token| real(token << (32 - width))),
        }
    }
}
