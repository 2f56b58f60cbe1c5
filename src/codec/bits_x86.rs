// SPDX-License-Identifier: MIT OR Apache-2.0
//! Unpacking of tokens with AVX2: what [`Stream::unpack`](super::bits::Stream) does, eight tokens at a time.
//!
//! A byte shuffle brings the bytes of each token to a lane of its own, most significant first whatever the order of the
//! words, and two shifts cut the token out. Where the bytes are depends only on the number of the token modulo 32, so
//! that the shuffles and shifts are worked out once for a run.

use std::arch::x86_64::*;

use super::bits::WordOrder;
use super::vector_x86::has_avx2;

/// Tokens that fill whole words, and are unpacked together.
const GROUP: usize = 32;

/// Bytes of a load.
const LOAD: usize = 16;

/// Two loads, and how the tokens of each are taken from it: by shuffle, then by shifts to the left.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// Where the loads are, in bytes from the start of the group.
    at: [usize; 2],
    shuffle: [[u8; LOAD]; 2],
    shifts: [[u8; LOAD]; 2],
}

impl Pair {
    const NONE: Pair = Pair { at: [0; 2], shuffle: [[0; LOAD]; 2], shifts: [[0; LOAD]; 2] };

    /// For tokens of `width` bits from bit `start` of the group, in lanes of `lane` bytes; `None` if those of a load do
    /// not lie within it.
    fn new<W: WordOrder>(start: usize, width: usize, lane: usize) -> Option<Pair> {
        let each = LOAD / lane;
        let mut pair = Pair::NONE;
        for half in 0..2 {
            let first = start + half * each * width;
            pair.at[half] = first / 32 * 4;
            for token in 0..each {
                let bit = first % 32 + token * width;
                if bit + width > 8 * LOAD {
                    return None;
                }
                for byte in 0..lane {
                    let from = bit / 8 + lane - 1 - byte;
                    // A byte behind the load holds no bit of the token: zero.
                    let place = if W::BYTES_ARE_STREAM { from } else { from ^ 3 };
                    pair.shuffle[half][token * lane + byte] = if from < LOAD { place as u8 } else { 0x80 };
                }
                pair.shifts[half][token * lane] = (bit % 8) as u8;
            }
        }
        Some(pair)
    }
}

/// Unpacks tokens of one width from one place in a word on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unpacker {
    pairs: [Pair; 8],
    width: usize,
    /// Bytes of a group that are read, from its first word on.
    reach: usize,
}

impl Unpacker {
    /// Widest tokens that lie in 4 bytes, wherever they start in a byte.
    const NARROW: usize = 25;

    /// For tokens of `width` bits from bit `bit` of a word on. `None` if the processor cannot do it, if no lane holds
    /// such tokens, or if a run of `tokens` is too short to be worth it.
    pub fn new<W: WordOrder>(bit: u32, width: u32, tokens: usize) -> Option<Unpacker> {
        if !(1..32).contains(&width) || tokens < 4 * GROUP || !has_avx2() {
            return None;
        }
        let (bit, width) = (bit as usize, width as usize);
        let (lane, count) = if width <= Self::NARROW { (4, 4) } else { (8, 8) };
        let mut unpacker = Unpacker { pairs: [Pair::NONE; 8], width, reach: 0 };
        for number in 0..count {
            let pair = Pair::new::<W>(bit + number * (GROUP / count) * width, width, lane)?;
            unpacker.reach = unpacker.reach.max(pair.at[0].max(pair.at[1]) + LOAD);
            unpacker.pairs[number] = pair;
        }
        Some(unpacker)
    }

    /// Unpacks whole groups of 32 tokens from `bytes`, which start at a word; gives the number of tokens: those that
    /// `tokens` has room for and whose loads lie within `bytes`.
    #[inline]
    pub fn unpack(&self, bytes: &[u8], tokens: &mut [u32]) -> usize {
        let stride = 4 * self.width;
        let Some(room) = bytes.len().checked_sub(self.reach) else { return 0 };
        let groups = (tokens.len() / GROUP).min(room / stride + 1);
        // SAFETY: an unpacker exists only where the processor has AVX2. The loads of group `g` end at most `reach` bytes
        // behind `g * stride`, and the last of `groups` groups starts at `room` or before, `reach` bytes before the end;
        // `tokens` has room for `groups` groups.
        unsafe {
            if self.width <= Self::NARROW {
                self.narrow(bytes.as_ptr(), groups, tokens.as_mut_ptr());
            } else {
                self.wide(bytes.as_ptr(), groups, tokens.as_mut_ptr());
            }
        }
        groups * GROUP
    }

    /// Tokens of up to 25 bits: eight of 32 bits from two loads.
    ///
    /// # Safety
    /// For every group, the loads of the pairs are within the memory at `bytes`, and `to` has room for 32 tokens.
    #[target_feature(enable = "avx2")]
    unsafe fn narrow(&self, bytes: *const u8, groups: usize, to: *mut u32) {
        let down = _mm_cvtsi32_si128(32 - self.width as i32);
        let mut plans = [(0, 0, _mm256_setzero_si256(), _mm256_setzero_si256()); 4];
        for (plan, pair) in plans.iter_mut().zip(&self.pairs) {
            *plan = (pair.at[0], pair.at[1], both(&pair.shuffle), both(&pair.shifts));
        }
        for group in 0..groups {
            for (number, (first, second, shuffle, shifts)) in plans.into_iter().enumerate() {
                // SAFETY: as promised.
                unsafe {
                    let from = bytes.add(group * 4 * self.width);
                    let windows = _mm256_shuffle_epi8(load(from.add(first), from.add(second)), shuffle);
                    let tokens = _mm256_srl_epi32(_mm256_sllv_epi32(windows, shifts), down);
                    _mm256_storeu_si256(to.add(group * GROUP + 8 * number).cast(), tokens);
                }
            }
        }
    }

    /// Tokens of 26 to 31 bits: four of 64 bits from two loads, twice, then narrowed.
    ///
    /// # Safety
    /// As for [`Unpacker::narrow`].
    #[target_feature(enable = "avx2")]
    unsafe fn wide(&self, bytes: *const u8, groups: usize, to: *mut u32) {
        let down = _mm_cvtsi32_si128(64 - self.width as i32);
        for group in 0..groups {
            for (number, pairs) in self.pairs.chunks_exact(2).enumerate() {
                let four = |pair: &Pair| {
                    // SAFETY: as promised.
                    let loaded = unsafe {
                        let from = bytes.add(group * 4 * self.width);
                        load(from.add(pair.at[0]), from.add(pair.at[1]))
                    };
                    let windows = _mm256_shuffle_epi8(loaded, both(&pair.shuffle));
                    _mm256_castsi256_ps(_mm256_srl_epi64(
                        _mm256_sllv_epi64(windows, both(&pair.shifts)),
                        down,
                    ))
                };
                let tokens = _mm256_shuffle_ps::<0b10_00_10_00>(four(&pairs[0]), four(&pairs[1]));
                let tokens = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_castps_si256(tokens));
                // SAFETY: as promised.
                unsafe { _mm256_storeu_si256(to.add(group * GROUP + 8 * number).cast(), tokens) };
            }
        }
    }
}

/// Two times 16 bytes.
///
/// # Safety
/// Both are readable.
#[inline]
#[target_feature(enable = "avx2")]
unsafe fn load(low: *const u8, high: *const u8) -> __m256i {
    // SAFETY: as promised; the loads need no alignment.
    unsafe {
        _mm256_inserti128_si256::<1>(
            _mm256_castsi128_si256(_mm_loadu_si128(low.cast())),
            _mm_loadu_si128(high.cast()),
        )
    }
}

/// Two times 16 bytes of a plan.
#[inline]
#[target_feature(enable = "avx2")]
fn both(halves: &[[u8; LOAD]; 2]) -> __m256i {
    // SAFETY: 32 bytes; the load needs no alignment.
    unsafe { _mm256_loadu_si256(halves.as_ptr().cast()) }
}
