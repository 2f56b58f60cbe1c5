// SPDX-License-Identifier: MIT OR Apache-2.0
//! Full tiles of 3×3 points with AVX-512: what [`parallelogram_x86`](super::parallelogram_x86) does, nine tokens at a time.
//!
//! A permutation brings the four bytes that hold each token of a tile to a lane of its own, and two shifts cut it out with
//! its sign. The running sums along the three rows are made in the lanes.

use std::arch::x86_64::*;

use super::parallelogram::{Lane, STEP, Widths};

/// Bytes behind the start of a tile that are read.
const REACH: usize = 64;

/// Lanes of 32 bits: four for each row of a tile, the last of which stays empty.
const LANES: usize = 16;

/// Widest tokens that lie in four bytes, wherever they start in a byte.
const WIDEST: u32 = 25;

/// Lanes that a tile can be written to.
pub(super) trait Store: Lane {
    /// A point as a lane of 32 bits.
    fn lane(self) -> i32;

    /// Writes the four lanes of each row.
    ///
    /// # Safety
    /// The processor has AVX-512 F, and there is room for four points at each of `to`.
    unsafe fn store(points: __m512i, to: [*mut Self; 3]);
}

impl Store for u16 {
    #[inline(always)]
    fn lane(self) -> i32 {
        i32::from(self)
    }

    // SAFETY: asks of callers what the trait does, no more.
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn store(points: __m512i, to: [*mut u16; 3]) {
        let points = _mm512_cvtepi32_epi16(points);
        let low = _mm256_castsi256_si128(points);
        // SAFETY: 8 bytes each, as promised.
        unsafe {
            _mm_storel_epi64(to[0].cast(), low);
            _mm_storeh_pd(to[1].cast(), _mm_castsi128_pd(low));
            _mm_storel_epi64(to[2].cast(), _mm256_extracti128_si256::<1>(points));
        }
    }
}

impl Store for u32 {
    #[inline(always)]
    fn lane(self) -> i32 {
        self as i32
    }

    // SAFETY: asks of callers what the trait does, no more.
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn store(points: __m512i, to: [*mut u32; 3]) {
        // SAFETY: 16 bytes each, as promised.
        unsafe {
            _mm_storeu_si128(to[0].cast(), _mm512_castsi512_si128(points));
            _mm_storeu_si128(to[1].cast(), _mm512_extracti32x4_epi32::<1>(points));
            _mm_storeu_si128(to[2].cast(), _mm512_extracti32x4_epi32::<2>(points));
        }
    }
}

/// How the tokens of a tile are taken apart.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
struct Plan {
    /// Where the token of each lane starts, in bits behind the start of the tile.
    places: [u32; LANES],
    /// The bytes of the lanes that get a token.
    filled: u64,
    /// Brings a token down from the top of a lane.
    down: u32,
    /// Bits of the tile, header included; 0 when the tile is not for this kernel.
    bits: u32,
}

/// Reads full tiles of a stream whose headers have one width.
#[derive(Clone, Debug)]
pub(super) struct WideReader {
    plans: [Plan; 32],
}

impl WideReader {
    /// For headers of `container` bits; `None` if the processor cannot do it.
    pub fn new(container: u32, widths: Widths) -> Option<Box<WideReader>> {
        let able = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi")
            && is_x86_feature_detected!("bmi2");
        let plan = |bits: usize| plan(container, widths.of(bits as u32 >> (5 - container)));
        able.then(|| Box::new(WideReader { plans: std::array::from_fn(plan) }))
    }

    /// Reads up to `count` tiles from bit `position` of `bytes` on, moves `position` behind them, and gives their number.
    ///
    /// # Safety
    /// Each of `rows` is the address of a point in front of room for `count` tiles and one point more.
    pub unsafe fn read<T: Store>(
        &self,
        bytes: &[u8],
        position: &mut u64,
        rows: [*mut T; 3],
        count: usize,
    ) -> usize {
        let Some(last) = bytes.len().checked_sub(REACH) else { return 0 };
        // SAFETY: a reader exists only where the processor has the features; the rest is promised.
        unsafe { self.kernel(bytes.as_ptr(), last as u64 * 8, position, rows, count) }
    }

    /// # Safety
    /// As for [`WideReader::read`]; `REACH` bytes are readable from bit `last` behind `bytes` on, and all before them.
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi,bmi2")]
    unsafe fn kernel<T: Store>(
        &self,
        bytes: *const u8,
        last: u64,
        position: &mut u64,
        rows: [*mut T; 3],
        count: usize,
    ) -> usize {
        // The number of the byte in which a token starts, four times; and what is added for its bytes, first one highest.
        let four_times = _mm512_broadcast_i32x4(_mm_set_epi32(0x0C0C_0C0C, 0x0808_0808, 0x0404_0404, 0));
        let following = _mm512_set1_epi32(0x0001_0203);
        // SAFETY: each row starts with a point.
        let [a, b, c] = unsafe { rows.map(|row| (*row).lane()) };
        let mut sums = _mm512_set_epi32(0, 0, 0, 0, c, c, c, c, b, b, b, b, a, a, a, a);
        let mut at = *position;
        let mut tile = 0;
        while tile < count && at <= last {
            // SAFETY: the tile starts at `last` or before: 64 bytes are readable, of which the header takes the first two
            // at most. Every row has room for 1 + 3 * count + 1 points.
            unsafe {
                let from = bytes.add((at / 8) as usize);
                let bit = (at % 8) as u32;
                let head = u32::from_be(from.cast::<u32>().read_unaligned()) << bit;
                let plan = &self.plans[(head >> 27) as usize];
                if plan.bits == 0 {
                    break;
                }
                at += u64::from(plan.bits);
                let stream = _mm512_loadu_si512(from.cast());
                let places = _mm512_load_si512(plan.places.as_ptr().cast());
                let places = _mm512_add_epi32(places, _mm512_set1_epi32(bit as i32));
                let start = _mm512_shuffle_epi8(_mm512_srli_epi32::<3>(places), four_times);
                let windows =
                    _mm512_maskz_permutexvar_epi8(plan.filled, _mm512_add_epi8(start, following), stream);
                let windows = _mm512_sllv_epi32(windows, _mm512_and_si512(places, _mm512_set1_epi32(7)));
                let tokens = _mm512_sra_epi32(windows, _mm_cvtsi32_si128(plan.down as i32));
                let along = _mm512_add_epi32(tokens, _mm512_bslli_epi128::<4>(tokens));
                let along = _mm512_add_epi32(along, _mm512_bslli_epi128::<8>(along));
                T::store(_mm512_add_epi32(along, sums), rows.map(|row| row.add(1 + STEP * tile)));
                sums = _mm512_add_epi32(sums, _mm512_shuffle_epi32::<0b11_11_11_11>(along));
            }
            tile += 1;
        }
        *position = at;
        tile
    }
}

fn plan(container: u32, width: u32) -> Plan {
    if width > WIDEST {
        return Plan::default();
    }
    let mut plan =
        Plan { bits: container + (STEP * STEP) as u32 * width, down: 32 - width, ..Plan::default() };
    for row in 0..STEP {
        for column in 0..STEP {
            let lane = 4 * row + column;
            plan.places[lane] = container + (STEP * row + column) as u32 * width;
            if width > 0 {
                plan.filled |= 0xF << (4 * lane);
            }
        }
    }
    plan
}
