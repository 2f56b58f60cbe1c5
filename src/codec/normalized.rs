// SPDX-License-Identifier: MIT OR Apache-2.0
//! F, the quantised real (type 6): a three-word header, then tokens of 16 bits whatever the packing.
//!
//! Implements `packing.md` 3.8.

use super::bits::{Stream, WordOrder};
use super::element::{Elements, mismatch};
use crate::error::Fault;

/// The header of an F field, checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Header {
    /// Largest biased exponent of minimum and maximum.
    pub exponent: u8,
    /// Shift of the tokens, at most 24.
    pub shift: u8,
    /// Mantissa of the minimum.
    pub low: i32,
}

impl Header {
    /// Reads and checks the three words of the header of a field of `elements` values.
    pub fn new(words: [u32; 3], elements: u64) -> Result<Header, Fault> {
        if words[0] >> 20 != 0xEFF {
            return Err(Fault::corrupt(format!(
                "marker of an F field: expected EFF, found {:03X}",
                words[0] >> 20
            )));
        }
        if u64::from(words[2]) != elements {
            return Err(Fault::corrupt(format!(
                "count of an F field: expected {elements} values, found {}",
                words[2]
            ))
            .at(8));
        }
        let shift = words[0] as u8;
        if shift > 24 {
            return Err(Fault::corrupt(format!("shift of an F field: expected at most 24, found {shift}")));
        }
        Ok(Header { exponent: (words[0] >> 8) as u8, shift, low: words[1] as i32 })
    }

    /// The value of a token.
    #[inline(always)]
    pub fn value(&self, token: u16) -> f32 {
        if self.exponent == 0 {
            return 0.0;
        }
        let mantissa = (i32::from(token) << self.shift).wrapping_add(self.low);
        if mantissa == i32::MIN {
            return self.magnitude(0, 0);
        }
        let sign = mantissa as u32 & 0x8000_0000;
        self.magnitude(mantissa.unsigned_abs().min(0xFF_FFFF), sign)
    }

    /// The value of a clamped magnitude and a sign bit.
    #[inline(always)]
    fn magnitude(&self, magnitude: u32, sign: u32) -> f32 {
        if self.exponent == 255 {
            let pattern = sign | 255 << 23 | magnitude & 0x7F_FFFF;
            return f32::from_bits(match magnitude {
                0 => 0xFFC0_0000,
                0x80_0000.. => pattern,
                _ => pattern | 1 << 22,
            });
        }
        if magnitude == 0 {
            return 0.0;
        }
        f32::from_bits((magnitude as f32 * self.factor()).to_bits() | sign)
    }

    /// Bits of the three words in front of the tokens.
    pub const HEADER_BITS: u64 = 96;

    /// Bits of a token, whatever the packing.
    pub const WIDTH: u32 = 16;

    /// Elements from the tokens of `stream` (`packing.md` 3.8).
    #[inline(always)]
    pub fn decode<W: WordOrder>(&self, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
        match out {
            Elements::F32(out) => self.run(stream, out, |value| value),
            Elements::F64(out) => self.run(stream, out, f64::from),
            other => return Err(mismatch(other.dtype())),
        }
        Ok(())
    }

    /// Elements by `widen` from the values, with what the header decides kept out of the loop.
    #[inline(always)]
    fn run<W: WordOrder, T: Copy>(&self, stream: Stream<'_, W>, out: &mut [T], widen: impl Fn(f32) -> T) {
        const LARGEST: i32 = 0xFF_FFFF;
        let Header { exponent, shift, low } = *self;
        let top = i64::from(0xFFFF_u32 << shift.min(15)) << shift.saturating_sub(15);
        match exponent {
            0 => out.fill(widen(0.0)),
            255 => stream.tokens(Self::WIDTH, out, |token| widen(self.value(token as u16))),
            _ => {
                // A mantissa has at most 24 bits: conversion and product are exact, and zero is positive.
                let factor = self.factor();
                if low >= -LARGEST && top + i64::from(low) <= i64::from(LARGEST) {
                    stream.tokens(Self::WIDTH, out, |token| {
                        widen(((token << shift) as i32).wrapping_add(low) as f32 * factor)
                    });
                } else {
                    stream.tokens(Self::WIDTH, out, |token| {
                        let mantissa = ((token << shift) as i32).wrapping_add(low);
                        let mantissa = if mantissa == i32::MIN { 0 } else { mantissa };
                        widen(mantissa.clamp(-LARGEST, LARGEST) as f32 * factor)
                    });
                }
            }
        }
    }

    /// 2 to the power `exponent - 150`, for exponents from 1 to 254.
    #[inline(always)]
    fn factor(&self) -> f32 {
        let exponent = i32::from(self.exponent) - 150;
        f32::from_bits(if exponent >= -126 {
            ((exponent + 127) as u32) << 23
        } else {
            1 << (exponent + 149).max(0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::bits::BigWords;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hoisted_cases_equal_the_value_of_a_token(
            exponent in prop_oneof![Just(0u8), Just(255), any::<u8>()],
            shift in 0u8..=24,
            low in prop_oneof![any::<i32>(), -0x100_0000i32..0x100_0000, Just(i32::MIN)],
            tokens in prop::collection::vec(prop_oneof![any::<u16>(), Just(0), Just(0xFFFF)], 0..50),
        ) {
            let header = Header { exponent, shift, low };
            let mut bytes: Vec<u8> = tokens.iter().flat_map(|token| token.to_be_bytes()).collect();
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            let mut out = vec![1f32; tokens.len()];
            header.decode(Stream::<BigWords>::new(&bytes, 0), Elements::F32(&mut out)).unwrap();
            for (value, &token) in out.iter().zip(&tokens) {
                prop_assert_eq!(value.to_bits(), header.value(token).to_bits());
            }
        }
    }

    #[test]
    fn header_rules() {
        assert!(Header::new([0xEFFB_810C, 0, 4], 4).is_ok());
        assert!(Header::new([0x7FFB_810C, 0, 4], 4).is_err());
        assert!(Header::new([0xEFFB_810C, 0, 4], 5).is_err());
        assert!(Header::new([0xEFFB_8118, 0, 4], 4).is_ok());
        assert!(Header::new([0xEFFB_8119, 0, 4], 4).is_err());
    }
}
