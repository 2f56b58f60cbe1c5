//! F, the quantised real (type 6): a three-word header, then tokens of 16 bits whatever the packing.
//!
//! Implements `packing.md` 3.8.

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
        let factor = self.exponent as i32 - 150;
        let factor = if factor >= -126 { ((factor + 127) as u32) << 23 } else { 1 << (factor + 149) };
        f32::from_bits((magnitude as f32 * f32::from_bits(factor)).to_bits() | sign)
    }
}
