// SPDX-License-Identifier: MIT OR Apache-2.0
//! Full tiles of 3×3 points with BMI2 and AVX2: what [`Differences::read_full_tiles`] does, three tokens at a time.
//!
//! The tokens of a row of a tile are deposited at the top of lanes of their own, an arithmetic shift extends their
//! signs, and the running sums along the row are made in the lanes.
//!
//! [`Differences::read_full_tiles`]: super::parallelogram::Differences

use std::arch::x86_64::*;

use super::parallelogram::{STEP, Widths};
use super::parallelogram_avx512::{Store, WideReader};
use crate::codec::vector_x86::has_avx2;

/// Bytes behind the start of a tile that are read, whatever its tokens.
const REACH: usize = 48;

/// How the tokens of a tile are taken apart.
#[derive(Clone, Copy, Debug, Default)]
struct Plan {
    /// Where the tokens of one deposit go: the top bits of the lanes.
    mask: u64,
    /// Of tokens that are wider than a lane, the bits that matter.
    keep: u64,
    /// Brings the tokens of one deposit down from the top of a window.
    down: u32,
    /// Extends the sign of a token at the top of a lane.
    sign: u32,
    /// Bits of a row.
    row: u32,
    /// Bits of the tile, header included.
    tile: u32,
    /// Bits of a token; 0 also when the tile is not for the kernels.
    width: u32,
    /// Whether the kernels can do it.
    known: bool,
}

/// Lanes that a kernel exists for.
pub(super) trait TileLane: Store {
    /// Bits of a lane, tokens of one deposit, and widest tokens.
    const FORM: (u32, u32, u32);

    /// Reads tiles until `rows` are full, `bytes` end or an unknown tile comes; gives their number.
    ///
    /// # Safety
    /// The processor has AVX2 and BMI2. Each of `rows` is the address of a point in front of room for `count` tiles and
    /// one point more.
    unsafe fn kernel(
        reader: &TileReader,
        bytes: &[u8],
        position: &mut u64,
        rows: [*mut Self; 3],
        count: usize,
    ) -> usize;
}

/// Reads full tiles of a stream whose headers have one width.
#[derive(Clone, Debug)]
pub(super) struct TileReader {
    container: u32,
    plans: [Plan; 32],
    /// What reads most tiles, on processors that have the means.
    wide: Option<Box<WideReader>>,
}

impl TileReader {
    /// For headers of `container` bits; `None` if the processor cannot do it.
    pub fn new<T: TileLane>(container: u32, widths: Widths) -> Option<TileReader> {
        has_avx2().then(|| TileReader {
            container,
            wide: WideReader::new(container, widths),
            plans: std::array::from_fn(|bits| {
                plan::<T>(container, widths.of(bits as u32 >> (5 - container)))
            }),
        })
    }

    /// Reads tiles from bit `position` of `bytes`, an unbroken bit stream, on. Each of `rows` starts with the point in
    /// front of the first tile and has a point to spare behind the last one. Gives the number of tiles read, and moves
    /// `position` behind them: fewer than there is room for when fewer lie safely within `bytes`, or when one comes that
    /// is not for this reader.
    pub fn read<T: TileLane>(&self, bytes: &[u8], position: &mut u64, rows: [&mut [T]; 3]) -> usize {
        let shortest = rows.iter().map(|row| row.len()).min().unwrap_or(0);
        let count = shortest.saturating_sub(2) / STEP;
        let rows = rows.map(|row| row.as_mut_ptr());
        // SAFETY: a reader exists only where the processor has the features; every row has `2 + 3 * count` points.
        unsafe {
            match &self.wide {
                Some(wide) => wide.read(bytes, position, rows, count),
                None => T::kernel(self, bytes, position, rows, count),
            }
        }
    }

    /// The same without AVX-512.
    #[cfg(test)]
    pub fn narrow(self) -> TileReader {
        TileReader { wide: None, ..self }
    }
}

fn plan<T: TileLane>(container: u32, width: u32) -> Plan {
    let (lane, tokens, widest) = T::FORM;
    if width > widest {
        return Plan::default();
    }
    let top = width.min(lane);
    let (mut mask, mut keep) = (0, 0);
    if width > 0 {
        let ones = u64::MAX >> (64 - top);
        for token in 0..tokens {
            mask |= ones << (token * lane + lane - top);
            keep |= ones << (token * width);
        }
    }
    let row = STEP as u32 * width;
    Plan {
        mask,
        keep,
        down: (64 - tokens * width) % 64,
        sign: lane - top,
        row,
        tile: container + STEP as u32 * row,
        width,
        known: true,
    }
}

/// The bits from bit `bit` behind `from` on, at least 57, from the top.
///
/// # Safety
/// The 8 bytes from the one that holds the bit on are readable.
#[inline(always)]
unsafe fn window(from: *const u8, bit: u32) -> u64 {
    // SAFETY: as promised; the load needs no alignment.
    u64::from_be(unsafe { from.add(bit as usize / 8).cast::<u64>().read_unaligned() }) << (bit % 8)
}

/// The last position from which a tile can be read.
#[inline(always)]
fn last_position(bytes: &[u8]) -> Option<u64> {
    bytes.len().checked_sub(REACH).map(|last| last as u64 * 8)
}

impl TileLane for u16 {
    const FORM: (u32, u32, u32) = (16, 3, 18);

    // SAFETY: asks of callers what the trait does, no more.
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    unsafe fn kernel(
        reader: &TileReader,
        bytes: &[u8],
        position: &mut u64,
        rows: [*mut u16; 3],
        count: usize,
    ) -> usize {
        let Some(last) = last_position(bytes) else { return 0 };
        let container = reader.container;
        // Deposited lanes come last token first.
        let order = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0908_0908_0B0A_0D0C, 0x0100_0100_0302_0504));
        let total = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0908_0908_0908_0908, 0x0100_0100_0100_0100));
        // SAFETY: each row starts with a point.
        let before = unsafe { rows.map(|row| (u64::from(*row) * 0x0001_0001_0001_0001) as i64) };
        let mut sums = _mm256_set_epi64x(0, before[2], before[1], before[0]);
        let mut at = *position;
        let mut tile = 0;
        while tile < count && at <= last {
            // SAFETY: the tile starts `REACH` bytes before the end or earlier. Its last window starts less than
            // 8 + 5 + 6 * 18 bits behind that, and has 8 bytes.
            let tokens = unsafe {
                let from = bytes.as_ptr().add((at / 8) as usize);
                let bit = (at % 8) as u32;
                let head = window(from, bit);
                let plan = &reader.plans[(head >> 59) as usize];
                let first = bit + container;
                let (second, third) = (window(from, first + plan.row), window(from, first + 2 * plan.row));
                let lanes = if plan.width <= 16 {
                    if !plan.known {
                        break;
                    }
                    [head << container, second, third].map(|window| _pdep_u64(window >> plan.down, plan.mask))
                } else {
                    [window(from, first), second, third]
                        .map(|window| _pext_u64(window >> plan.down, plan.keep))
                };
                at += u64::from(plan.tile);
                let [a, b, c] = lanes.map(|lanes| lanes as i64);
                _mm256_sra_epi16(_mm256_set_epi64x(0, c, b, a), _mm_cvtsi32_si128(plan.sign as i32))
            };
            let along = _mm256_add_epi16(tokens, _mm256_srli_epi64::<16>(tokens));
            let along = _mm256_add_epi16(along, _mm256_srli_epi64::<32>(tokens));
            let points = _mm256_add_epi16(_mm256_shuffle_epi8(along, order), sums);
            sums = _mm256_add_epi16(sums, _mm256_shuffle_epi8(along, total));
            // SAFETY: every row has room for 1 + 3 * count + 1 points.
            unsafe {
                let low = _mm256_castsi256_si128(points);
                _mm_storel_epi64(rows[0].add(1 + STEP * tile).cast(), low);
                _mm_storeh_pd(rows[1].add(1 + STEP * tile).cast(), _mm_castsi128_pd(low));
                _mm_storel_epi64(rows[2].add(1 + STEP * tile).cast(), _mm256_extracti128_si256::<1>(points));
            }
            tile += 1;
        }
        *position = at;
        tile
    }
}

impl TileLane for u32 {
    const FORM: (u32, u32, u32) = (32, 2, 28);

    // SAFETY: asks of callers what the trait does, no more.
    #[target_feature(enable = "avx2,bmi1,bmi2")]
    unsafe fn kernel(
        reader: &TileReader,
        bytes: &[u8],
        position: &mut u64,
        rows: [*mut u32; 3],
        count: usize,
    ) -> usize {
        let Some(last) = last_position(bytes) else { return 0 };
        let container = reader.container;
        // SAFETY: each row starts with a point.
        let mut sums = unsafe { rows.map(|row| _mm_set1_epi32(*row as i32)) };
        let mut at = *position;
        let mut tile = 0;
        while tile < count && at <= last {
            // SAFETY: the tile starts `REACH` bytes before the end or earlier. Its last window starts less than
            // 8 + 5 + 8 * 28 bits behind that, and has 8 bytes. Every row has room for 1 + 3 * count + 1 points.
            unsafe {
                let from = bytes.as_ptr().add((at / 8) as usize);
                let mut bit = (at % 8) as u32;
                let plan = &reader.plans[(window(from, bit) >> 59) as usize];
                if !plan.known {
                    break;
                }
                bit += container;
                let sign = _mm_cvtsi32_si128(plan.sign as i32);
                for (row, sum) in rows.iter().zip(&mut sums) {
                    // The second token, the first one; the third one.
                    let two = _pdep_u64(window(from, bit) >> plan.down, plan.mask);
                    let third = window(from, bit + 2 * plan.width) >> 32 & plan.mask;
                    bit += plan.row;
                    let tokens = _mm_sra_epi32(_mm_set_epi64x(third as u32 as i64, two as i64), sign);
                    let tokens = _mm_shuffle_epi32::<0b11_10_00_01>(tokens);
                    let along = _mm_add_epi32(tokens, _mm_slli_si128::<4>(tokens));
                    let along = _mm_add_epi32(along, _mm_slli_si128::<8>(along));
                    _mm_storeu_si128(row.add(1 + STEP * tile).cast(), _mm_add_epi32(along, *sum));
                    *sum = _mm_add_epi32(*sum, _mm_shuffle_epi32::<0b10_10_10_10>(along));
                }
                at += u64::from(plan.tile);
            }
            tile += 1;
        }
        *position = at;
        tile
    }
}
