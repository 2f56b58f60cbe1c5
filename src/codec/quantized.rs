// SPDX-License-Identifier: MIT OR Apache-2.0
//! R, the old quantised real (type 1): a 120-bit header, then tokens of 1 to 32 bits.
//!
//! Implements `packing.md` 3.2; the header's 128-bit variant of turbo records is `turbo.md` 7.2.

use super::bits::{Stream, WordOrder};
use super::element::{Elements, mismatch};
use crate::error::Fault;

/// The scale of an R field: what turns a token into a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// The minimum of the field.
    pub low: f64,
    /// The quantum, a power of two (0 and infinity for absurd headers).
    pub quantum: f64,
}

/// The factor that the format applies to every non-zero token.
const STRETCH: f64 = f64::from_bits(0x3FF0_0000_0000_01C2);

impl Scale {
    /// Reads the words that hold scale exponent, exponent and sign of the minimum (`w1`), and its mantissa
    /// (`w2`).
    pub fn new(w1: u32, w2: u32) -> Scale {
        let exponent = (w1 >> 16) as i32 - 4096;
        let quantum = match exponent {
            1024.. => f64::INFINITY,
            ..=-1024 => 0.0,
            -1023 => f64::from_bits(1 << 51),
            _ => f64::from_bits(((exponent + 1023) as u64) << 52),
        };
        let biased = (w1 >> 4) & 0xFFF;
        let low = if w2 == 0 || biased < 849 {
            0.0
        } else {
            let bits = (w1 & 1) << 31 | ((biased - 849) & 0xFF) << 23 | (w2 >> 8) & 0x7F_FFFF;
            f64::from(f32::from_bits(bits))
        };
        Scale { low, quantum }
    }

    /// The value of a token, each operation rounded on its own.
    #[inline(always)]
    pub fn value(&self, token: u32) -> f64 {
        if token == 0 { self.low } else { f64::from(token) * self.quantum * STRETCH + self.low }
    }

    /// Quantum and stretch in one factor, if `token * factor + low` gives the same value for every token: the
    /// factor must be exact, and the minimum not be the negative zero that a token of 0 would return.
    fn factor(&self) -> Option<f64> {
        let exact = self.quantum.is_normal() && self.quantum > 1e-290;
        let negative_zero = self.low == 0.0 && self.low.is_sign_negative();
        (exact && !negative_zero).then_some(self.quantum * STRETCH)
    }
}

/// An R field (`packing.md` 3.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Quantized {
    /// The scale.
    scale: Scale,
    /// Bits of a token, 1 to 32.
    width: u32,
    /// Whether the values are 64-bit reals.
    double: bool,
}

impl Quantized {
    /// Bits of the header: the tokens follow at once.
    pub const HEADER_BITS: u64 = 120;

    /// Reads and checks the header, the first four words (`packing.md` 3.2 and 8.4).
    pub fn new(words: [u32; 4], double: bool) -> Result<Quantized, Fault> {
        let marker = words[0] >> 20;
        if marker != 0x7FF && marker != 0x7EF {
            return Err(Fault::corrupt(format!(
                "marker of an R field: expected 7FF or 7EF, found {marker:03X}"
            ))
            .at(0));
        }
        let width = (words[3] >> 8) & 0xFF;
        if !(1..=32).contains(&width) {
            return Err(Fault::corrupt(format!(
                "token width of an R field: expected 1 to 32 bits, found {width}"
            ))
            .at(12));
        }
        Ok(Quantized { scale: Scale::new(words[1], words[2]), width, double })
    }

    /// Bits of a token.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Elements from the tokens of `stream` (`packing.md` 3.2); 64-bit elements of a 32-bit field are its
    /// values widened (section 7).
    #[inline(always)]
    pub fn decode<W: WordOrder>(&self, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
        match (self.double, out) {
            (false, Elements::F32(out)) => self.run(stream, out, |value| value as f32),
            (false, Elements::F64(out)) => self.run(stream, out, |value| f64::from(value as f32)),
            (true, Elements::F64(out)) => self.run(stream, out, |value| value),
            (_, other) => return Err(mismatch(other.dtype())),
        }
        Ok(())
    }

    /// Elements by `round` from the values in full precision.
    #[inline(always)]
    fn run<W: WordOrder, T: Copy>(&self, stream: Stream<'_, W>, out: &mut [T], round: impl Fn(f64) -> T) {
        let Quantized { scale, width, .. } = *self;
        match scale.factor() {
            // Tokens that fit a signed integer have the cheaper conversion.
            Some(factor) if width < 32 => {
                stream.tokens(width, out, |token| round(f64::from(token as i32) * factor + scale.low));
            }
            _ => stream.tokens(width, out, |token| round(scale.value(token))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_factor_gives_the_value_of_the_page(w1 in any::<u32>(), w2 in any::<u32>(), token in any::<u32>()) {
            let scale = Scale::new(w1, w2);
            if let Some(factor) = scale.factor() {
                for token in [0, 1, token >> 16, token] {
                    let value = f64::from(token) * factor + scale.low;
                    prop_assert!(
                        value.to_bits() == scale.value(token).to_bits()
                            || value.is_nan() && scale.value(token).is_nan()
                    );
                }
            }
        }
    }

    #[test]
    fn minima_at_the_edge_of_the_exponent() {
        assert_eq!(Scale::new(848 << 4, 1 << 31).low.to_bits(), 0);
        assert_eq!(Scale::new(849 << 4 | 1, 1 << 31).low.to_bits(), 1 << 63);
        assert_eq!(Scale::new(850 << 4, 1 << 31).low, 2f64.powi(-126));
        assert_eq!(Scale::new(849 << 4 | 1, 1 << 31).factor(), None);
    }

    #[test]
    fn quanta_beyond_double_precision() {
        assert_eq!(Scale::new((4096 + 1024) << 16, 0).quantum, f64::INFINITY);
        assert_eq!(Scale::new((4096 + 1023) << 16, 0).quantum, 2f64.powi(1023));
        assert_eq!(Scale::new((4096 - 1023) << 16, 0).quantum, 2f64.powi(-1023));
        assert_eq!(Scale::new((4096 - 1024) << 16, 0).quantum, 0.0);
    }
}
