// SPDX-License-Identifier: MIT OR Apache-2.0
//! MINIMUM: each tile is its minimum and the unsigned differences from it.
//!
//! Assumes a step of 1 to 7 and `nbits` of 1 to 16 (checked by [`Turbo::new`](super::Turbo::new)); holds one
//! row of tiles at a time; gives tokens or a fault, whatever the stream.
//!
//! Implements `turbo.md` 5.1.

use std::ops::Range;

use super::stream::{Cutter, Stream, WordOrder};
use super::{Rows, zeros};
use crate::codec::vector::{self, Work};
use crate::error::Fault;

/// The width in a tile header that says that there is no minimum and that the tokens have 16 bits.
const RAW: u32 = 15;
/// The step that writers use, which has a path of its own.
const STEP: usize = 5;

/// The rows of a MINIMUM stream.
pub(super) struct Minimum<'a, O> {
    stream: Stream<'a, O>,
    ni: usize,
    step: usize,
    nbits: u32,
    /// The columns that are wanted.
    columns: Range<usize>,
    /// Where the next tile starts.
    position: u64,
    /// Distance of the rows of `band`: `ni`, rounded up to whole tiles.
    stride: usize,
    /// The grid rows of one row of tiles.
    band: Vec<u16>,
    /// Rows of the grid that are not in the band yet.
    rows_left: usize,
    /// Rows of the band, and how many were delivered.
    height: usize,
    delivered: usize,
}

impl<'a, O: WordOrder> Minimum<'a, O> {
    /// The rows of the `ni`×`nj` grid whose first tile is at `position`.
    pub fn new(
        stream: Stream<'a, O>,
        position: u64,
        (ni, nj): (usize, usize),
        step: usize,
        nbits: u32,
    ) -> Result<Minimum<'a, O>, Fault> {
        let stride = ni.next_multiple_of(step);
        let band = zeros(stride * step)?;
        Ok(Minimum {
            stream,
            ni,
            step,
            nbits,
            columns: 0..ni,
            position,
            stride,
            band,
            rows_left: nj,
            height: 0,
            delivered: 0,
        })
    }

    /// The same rows, but only these columns of them, which must not be empty and lie inside the grid.
    pub fn columns(self, columns: Range<usize>) -> Self {
        Minimum { columns, ..self }
    }

    /// Turns to the next row of tiles.
    #[inline(always)]
    fn next_band(&mut self) {
        self.height = self.step.min(self.rows_left);
        self.rows_left -= self.height;
        self.delivered = 0;
    }

    /// Reads the next row of tiles, those that are wanted.
    #[inline(always)]
    fn read_band(&mut self) -> Result<(), Fault> {
        self.next_band();
        let mut i = self.columns.start / self.step * self.step;
        self.skip_tiles(0..i);
        if self.step == STEP && self.height == STEP {
            let (first, end) = (i / STEP, self.columns.end.div_ceil(STEP).min(self.ni / STEP));
            self.read_full_tiles(first..end);
            i = end * STEP;
        }
        while i < self.columns.end {
            let columns = self.step.min(self.ni - i);
            self.read_tile(i, columns);
            i += columns;
        }
        self.skip_tiles(i..self.ni);
        self.stream.check(self.position)
    }

    /// Passes over tiles: their headers tell how long they are. Both ends lie between tiles.
    fn skip_tiles(&mut self, columns: Range<usize>) {
        let mut i = columns.start;
        while i < columns.end {
            let columns = self.step.min(self.ni - i);
            let header = self.stream.token(self.position, 4);
            let (before, width) = if header == RAW { (4, 16) } else { (4 + self.nbits, header) };
            self.position += u64::from(before) + u64::from(width) * (columns * self.height) as u64;
            i += columns;
        }
    }

    /// Reads one tile of any size, token by token.
    fn read_tile(&mut self, i: usize, columns: usize) {
        let mut width = self.stream.token(self.position, 4);
        self.position += 4;
        let mut low = 0;
        if width == RAW {
            width = 16;
        } else {
            low = self.stream.token(self.position, self.nbits) as u16;
            self.position += u64::from(self.nbits);
        }
        for row in self.band.chunks_exact_mut(self.stride).take(self.height) {
            for point in &mut row[i..i + columns] {
                *point = low.wrapping_add(self.stream.token(self.position, width) as u16);
                self.position += u64::from(width);
            }
        }
    }

    /// Reads the wanted tiles of 5×5 points, one window a row where the tokens fit.
    #[inline(always)]
    fn read_full_tiles(&mut self, wanted: Range<usize>) {
        /// Widest tokens of which five fit in a window.
        const NARROW: u32 = 11;
        let Minimum { stream, stride, band, nbits, .. } = self;
        let mut position = self.position;
        let wanted = STEP * wanted.start..STEP * wanted.end;
        let mut rows = band.chunks_exact_mut(*stride).map(|row| row[wanted.clone()].chunks_exact_mut(STEP));
        let [Some(r0), Some(r1), Some(r2), Some(r3), Some(r4)] = std::array::from_fn(|_| rows.next()) else {
            return;
        };
        let tiles = r0.zip(r1).zip(r2).zip(r3).zip(r4);
        for ((((r0, r1), r2), r3), r4) in tiles {
            let chunk = stream.chunk(position);
            let mut bit = position % O::UNIT;
            let window = O::window(chunk, bit);
            let header = (window >> 60) as u32;
            let (low, width, before) = if header == RAW {
                (0, 16, 4)
            } else {
                ((window << 4 >> (64 - *nbits)) as u16, header, 4 + u64::from(*nbits))
            };
            position += before + 25 * u64::from(width);
            bit += before;
            let tokens = Cutter::new(width);
            let row_bits = 5 * u64::from(width);
            if width <= NARROW {
                for row in [r0, r1, r2, r3, r4] {
                    add_tokens(row, O::window(chunk, bit), tokens, low);
                    bit += row_bits;
                }
            } else {
                for row in [r0, r1, r2, r3, r4] {
                    let (first, last) = row.split_at_mut(3);
                    add_tokens(first, O::window(chunk, bit), tokens, low);
                    add_tokens(last, O::window(chunk, bit + 3 * u64::from(width)), tokens, low);
                    bit += row_bits;
                }
            }
        }
        self.position = position;
    }
}

/// Sets points to the tokens of a window plus the minimum of the tile.
#[inline(always)]
fn add_tokens(points: &mut [u16], window: u64, tokens: Cutter, low: u16) {
    let mut window = tokens.first(window);
    for point in points {
        *point = low.wrapping_add(tokens.unsigned(window) as u16);
        window = tokens.next(window);
    }
}

/// The next row of tiles to be read.
struct Band<'m, 'a, O>(&'m mut Minimum<'a, O>);

impl<O: WordOrder> Work for Band<'_, '_, O> {
    type Output = Result<(), Fault>;

    #[inline(always)]
    fn run(self) -> Result<(), Fault> {
        self.0.read_band()
    }
}

impl<O: WordOrder> Rows<u16> for Minimum<'_, O> {
    fn next_row(&mut self) -> Result<&[u16], Fault> {
        if self.delivered == self.height {
            vector::run(Band(self))?;
        }
        let row = &self.band[self.delivered * self.stride..];
        self.delivered += 1;
        Ok(&row[self.columns.clone()])
    }

    fn skip_rows(&mut self, count: usize) -> Result<(), Fault> {
        let mut left = count;
        while left > 0 && (self.delivered < self.height || self.rows_left > 0) {
            if self.delivered == self.height {
                if left < self.step.min(self.rows_left) {
                    vector::run(Band(self))?;
                } else {
                    self.next_band();
                    self.skip_tiles(0..self.ni);
                    self.stream.check(self.position)?;
                }
            }
            let now = left.min(self.height - self.delivered);
            self.delivered += now;
            left -= now;
        }
        Ok(())
    }
}
