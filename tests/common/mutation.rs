// SPDX-License-Identifier: MIT OR Apache-2.0
//! Damage that depends on a seed alone.

/// A small generator whose sequence depends on the seed alone.
pub struct Random(u64);

impl Random {
    /// The sequence of `seed`, whatever it is.
    pub fn new(seed: u64) -> Random {
        Random(if seed == 0 { 0x9E37_79B9_7F4A_7C15 } else { seed })
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`; 0 when there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Values that lengths, counts and addresses of 32 bits are seldom ready for.
pub const EXTREMES: [u32; 12] =
    [0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x00FF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

/// One to four pieces of damage: bits, bytes, words of extreme values, cuts, copies and insertions.
pub fn mutate(image: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        if image.is_empty() {
            return;
        }
        // Half of the damage goes to the first bytes and to the last ones, where headers and directories are.
        let at = match random.below(4) {
            0 => random.below(image.len().min(512)),
            1 => image.len() - 1 - random.below(image.len().min(2048)),
            _ => random.below(image.len()),
        };
        match random.below(7) {
            0 => image[at] ^= 1 << random.below(8),
            1 => image[at] = random.next() as u8,
            2 | 3 => {
                let word = EXTREMES[random.below(EXTREMES.len())];
                let bytes = if random.below(2) == 0 { word.to_le_bytes() } else { word.to_be_bytes() };
                let at = at & !3;
                for (to, from) in image.iter_mut().skip(at).zip(bytes) {
                    *to = from;
                }
            }
            4 => image.truncate(at.max(1)),
            5 => {
                let (len, from) = (1 + random.below(256), random.below(image.len()));
                let piece: Vec<u8> = image.iter().copied().skip(from).take(len).collect();
                for (to, from) in image.iter_mut().skip(at).zip(piece) {
                    *to = from;
                }
            }
            _ => {
                let len = 4 * (1 + random.below(64));
                let piece: Vec<u8> = image.iter().copied().skip(at).take(len).collect();
                let to = random.below(image.len());
                image.splice(to..to, piece);
            }
        }
    }
}
