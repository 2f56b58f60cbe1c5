//! R, the old quantised real (type 1): a 120-bit header, then tokens of 1 to 32 bits.
//!
//! Implements `packing.md` 3.2; the header's 128-bit variant of turbo records is `turbo.md` 7.2.

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
}
