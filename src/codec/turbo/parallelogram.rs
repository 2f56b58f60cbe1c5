// SPDX-License-Identifier: MIT OR Apache-2.0
//! PARALLELOGRAM: differences from `t[i,j-1] + t[i-1,j] - t[i-1,j-1]`; also the difference streams of the IEEE
//! compressor.
//!
//! Assumes `nbits` of 0 to 23 and a step of 1 to 7 (checked by [`Turbo::new`](super::Turbo::new)) and positions
//! inside the stream; holds one row of tiles at a time; gives tokens or a fault, whatever the stream.
//!
//! The recurrence is two running sums: along a row over the differences, made while the tiles are read, then
//! over the columns, row by row. All sums are modulo the size of the lane, so that any order is exact.
//!
//! Implements `turbo.md` 5.2 and 6.4.

use std::ops::Range;

#[cfg(target_arch = "x86_64")]
pub(super) use super::parallelogram_x86::TileLane;
#[cfg(target_arch = "x86_64")]
use super::parallelogram_x86::TileReader;
use super::stream::{Cutter, Stream, WordOrder};
use super::{Rows, room, zeros};
use crate::codec::vector::{self, Work};
use crate::error::Fault;

/// Lanes without kernels: any.
#[cfg(not(target_arch = "x86_64"))]
pub(super) trait TileLane: Lane {}
#[cfg(not(target_arch = "x86_64"))]
impl<T: Lane> TileLane for T {}

/// Unsigned integers in which the sums are made.
pub(super) trait Lane: Copy + Default {
    /// The low bits.
    fn cut(value: i64) -> Self;
    /// The sum, modulo 2^bits.
    fn plus(self, other: Self) -> Self;
    /// The difference, modulo 2^bits.
    fn minus(self, other: Self) -> Self;
}

macro_rules! lane {
    ($type:ty) => {
        impl Lane for $type {
            #[inline(always)]
            fn cut(value: i64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }
            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }
        }
    };
}
lane!(u16);
lane!(u32);

/// How tile headers give token widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Widths {
    /// Headers 15 and 16 both mean 17 bits.
    Tokens,
    /// No special case.
    Ieee,
}

impl Widths {
    /// Bits of the tokens of a tile with header `header`.
    pub fn of(self, header: u32) -> u32 {
        match header {
            0 => 0,
            15 | 16 if self == Widths::Tokens => 17,
            _ => header + 1,
        }
    }
}

/// Largest token width that is decoded.
pub(super) const WIDEST: u32 = 31;

/// Checks the container, the width of the tile headers.
pub(super) fn check_container(container: u32) -> Result<(), Fault> {
    if (1..=5).contains(&container) {
        return Ok(());
    }
    Err(Fault::corrupt(format!("width of the tile headers: expected 1 to 5 bits, found {container}")))
}

/// The fault of a tile whose tokens are too wide.
#[cold]
pub(super) fn too_wide(width: u32, widest: u32, position: u64) -> Fault {
    Fault::corrupt(format!("token width of a tile: expected at most {widest} bits, found {width}"))
        .at(position / 32 * 4)
}

/// The step that writers use, which has a path of its own.
pub(super) const STEP: usize = 3;

/// Fewer tiles of a row are read without the vector units when the others are not wanted.
#[cfg(target_arch = "x86_64")]
const FEW_TILES: usize = 64;

/// A full tile of that step.
#[derive(Clone, Copy, Debug, Default)]
struct Tile {
    /// Its tokens.
    tokens: Cutter,
    /// Bits of the tile, header included.
    bits: u32,
}

/// The rows of a difference stream.
pub(super) struct Differences<'a, O, T> {
    stream: Stream<'a, O>,
    ni: usize,
    step: usize,
    nbits: u32,
    container: u32,
    /// The columns that are wanted.
    columns: Range<usize>,
    /// Tiles by the first five bits of their headers and of what follows.
    tiles: [Tile; 32],
    /// Where the next point of the first column is, and the last one read.
    column: u64,
    corner: T,
    /// Where the next tile starts.
    position: u64,
    /// Reads full tiles by the vector units of this processor.
    #[cfg(target_arch = "x86_64")]
    reader: Option<TileReader>,
    /// The bytes of the stream that it reads from, where those of the payload are not in order.
    #[cfg(target_arch = "x86_64")]
    ordered: Ordered,
    /// The row delivered last, where it is wanted.
    row: Vec<T>,
    /// Distance of the rows of `band`: one point, whole tiles, and one point to spare.
    stride: usize,
    /// The differences of one row of tiles, summed along the rows.
    band: Vec<T>,
    /// Rows of the grid that are not in the band yet.
    rows_left: usize,
    /// Rows of the band, and how many were delivered.
    height: usize,
    delivered: usize,
}

impl<'a, O: WordOrder, T: TileLane> Differences<'a, O, T> {
    /// The rows of the `ni`×`nj` grid whose container field is at `position`.
    pub fn new(
        stream: Stream<'a, O>,
        position: u64,
        (ni, nj): (usize, usize),
        step: usize,
        nbits: u32,
        widths: Widths,
    ) -> Result<Differences<'a, O, T>, Fault> {
        stream.check(position.saturating_add(3))?;
        let container = stream.token(position, 3);
        check_container(container).map_err(|fault| fault.at(position / 32 * 4))?;
        let first = position + 3;
        let column = first + u64::from(nbits) * ni as u64;
        let tiles_start = column + u64::from(nbits) * (nj as u64 - 1);
        stream.check(tiles_start)?;
        let token = |k: u64| T::cut(i64::from(stream.token(first + k * u64::from(nbits), nbits)));
        let mut row = room::<T>(ni)?;
        row.extend((0..ni as u64).map(token));
        let stride = 2 + (ni - 1).next_multiple_of(step);
        let tiles = std::array::from_fn(|bits| {
            let width = widths.of(bits as u32 >> (5 - container));
            Tile { tokens: Cutter::new(width), bits: container + width * (STEP * STEP) as u32 }
        });
        Ok(Differences {
            ni,
            step,
            nbits,
            container,
            columns: 0..ni,
            tiles,
            column,
            corner: row[0],
            position: tiles_start,
            #[cfg(target_arch = "x86_64")]
            reader: TileReader::new::<T>(container, widths),
            #[cfg(target_arch = "x86_64")]
            ordered: Ordered::default(),
            row,
            stride,
            band: zeros(stride * step)?,
            rows_left: nj - 1,
            height: 1,
            delivered: 0,
            stream,
        })
    }

    /// The same rows, but only these columns of them, which must not be empty and lie inside the grid. What is left of
    /// them is read, as it adds to them; what is right of them is passed over.
    pub fn columns(self, columns: Range<usize>) -> Self {
        Differences { columns, ..self }
    }

    /// The same rows by the plain path alone.
    #[cfg(test)]
    pub fn plain(self) -> Self {
        Differences {
            #[cfg(target_arch = "x86_64")]
            reader: None,
            ..self
        }
    }

    /// The same rows with AVX2 at most.
    #[cfg(all(test, target_arch = "x86_64"))]
    pub fn narrow(mut self) -> Self {
        self.reader = self.reader.map(TileReader::narrow);
        self
    }

    /// Reads the next row of tiles, as far as it is wanted.
    fn read_band(&mut self) -> Result<(), Fault> {
        self.height = self.step.min(self.rows_left);
        self.rows_left -= self.height;
        self.delivered = 0;
        for row in self.band.chunks_exact_mut(self.stride).take(self.height) {
            let left = T::cut(i64::from(self.stream.token(self.column, self.nbits)));
            self.column += u64::from(self.nbits);
            row[0] = left.minus(self.corner);
            self.corner = left;
        }
        let mut i = 1;
        if self.step == STEP && self.height == STEP {
            let all = (self.ni - 1) / STEP;
            let full = (self.columns.end - 1).div_ceil(STEP).min(all);
            // To make the vector units ready costs as much as a few tiles.
            #[cfg(target_arch = "x86_64")]
            let by_vectors = self.reader.is_some() && (full == all || full >= FEW_TILES);
            #[cfg(not(target_arch = "x86_64"))]
            let by_vectors = false;
            if by_vectors {
                #[cfg(target_arch = "x86_64")]
                self.read_full_tiles_by_vectors(full)?;
            } else {
                self.read_full_tiles(full)?;
            }
            i += full * STEP;
        }
        while i < self.columns.end {
            let columns = self.step.min(self.ni - i);
            self.read_tile(i, columns)?;
            i += columns;
        }
        self.skip_tiles(i)?;
        self.stream.check(self.position)
    }

    /// Passes over the tiles from column `i` on: their headers tell how long they are.
    fn skip_tiles(&mut self, i: usize) -> Result<(), Fault> {
        let mut i = i;
        while i < self.ni {
            let columns = self.step.min(self.ni - i);
            let points = (columns * self.height) as u64;
            self.position += u64::from(self.container) + u64::from(self.tile_width()?) * points;
            i += columns;
        }
        Ok(())
    }

    /// The token width of the next tile.
    fn tile_width(&self) -> Result<u32, Fault> {
        let width = self.tiles[self.stream.token(self.position, 5) as usize % 32].tokens.width;
        if width > WIDEST {
            return Err(too_wide(width, WIDEST, self.position));
        }
        Ok(width)
    }

    /// [`Differences::read_full_tiles`] by the vector units, but for the tiles near the end of the stream and those of
    /// unusual widths.
    #[cfg(target_arch = "x86_64")]
    fn read_full_tiles_by_vectors(&mut self, full: usize) -> Result<(), Fault> {
        let end = 1 + full * STEP;
        let mut i = 1;
        while i < end {
            if let Some(reader) = &self.reader {
                let (bytes, start) = self.ordered.of(&self.stream, self.position);
                let mut position = self.position - start;
                let mut rows = self.band.chunks_exact_mut(self.stride).map(|row| &mut row[i - 1..=end]);
                if let (Some(r0), Some(r1), Some(r2)) = (rows.next(), rows.next(), rows.next()) {
                    i += STEP * reader.read(bytes, &mut position, [r0, r1, r2]);
                }
                self.position = start + position;
            }
            if i < end {
                self.read_tile(i, STEP)?;
                i += STEP;
            }
        }
        Ok(())
    }

    /// Reads one tile of any size, token by token.
    fn read_tile(&mut self, i: usize, columns: usize) -> Result<(), Fault> {
        let width = self.tile_width()?;
        self.position += u64::from(self.container);
        for row in self.band.chunks_exact_mut(self.stride).take(self.height) {
            let mut sum = row[i - 1];
            for point in &mut row[i..i + columns] {
                sum = sum.plus(T::cut(i64::from(self.stream.signed(self.position, width))));
                self.position += u64::from(width);
                *point = sum;
            }
        }
        Ok(())
    }

    /// Reads the first `full` tiles of 3×3 points, with as few windows a row as its tokens fit in.
    fn read_full_tiles(&mut self, full: usize) -> Result<(), Fault> {
        /// Widest tokens of which three fit in a window, behind a header.
        const NARROW: u32 = 17;
        /// Widest tokens of which two fit.
        const MIDDLE: u32 = 28;
        let Differences { stream, tiles, stride, band, .. } = self;
        let mut position = self.position;
        let container = u64::from(self.container);
        let (r0, rest) = band.split_at_mut(*stride);
        let (r1, r2) = rest.split_at_mut(*stride);
        let mut sums = [r0[0], r1[0], r2[0]];
        let end = 1 + STEP * full;
        let rows = r0[1..end]
            .chunks_exact_mut(STEP)
            .zip(r1[1..end].chunks_exact_mut(STEP))
            .zip(r2[1..end].chunks_exact_mut(STEP));
        for ((r0, r1), r2) in rows {
            let chunk = stream.chunk(position);
            let bit = position % O::UNIT;
            let window = O::window(chunk, bit);
            let Tile { tokens, bits } = tiles[(window >> 59) as usize];
            let width = tokens.width;
            position += u64::from(bits);
            let first = bit + container;
            let row_bits = 3 * u64::from(width);
            if width <= NARROW {
                let windows = [
                    window << container,
                    O::window(chunk, first + row_bits),
                    O::window(chunk, first + 2 * row_bits),
                ];
                for ((row, sum), mut window) in [r0, r1, r2].into_iter().zip(&mut sums).zip(windows) {
                    window = tokens.first(window);
                    for point in row {
                        *sum = sum.plus(T::cut(tokens.signed(window)));
                        *point = *sum;
                        window = tokens.next(window);
                    }
                }
            } else if width <= MIDDLE {
                let mut bit = first;
                for (row, sum) in [r0, r1, r2].into_iter().zip(&mut sums) {
                    let window = O::window(chunk, bit);
                    let third = O::window(chunk, bit + 2 * u64::from(width));
                    for (point, window) in row.iter_mut().zip([window, tokens.next(window), third]) {
                        *sum = sum.plus(T::cut(tokens.signed(window)));
                        *point = *sum;
                    }
                    bit += row_bits;
                }
            } else {
                if width > WIDEST {
                    return Err(too_wide(width, WIDEST, position - u64::from(bits)));
                }
                let mut bit = first;
                for (row, sum) in [r0, r1, r2].into_iter().zip(&mut sums) {
                    for point in row {
                        *sum = sum.plus(T::cut(tokens.signed(O::window(chunk, bit))));
                        *point = *sum;
                        bit += u64::from(width);
                    }
                }
            }
        }
        self.position = position;
        Ok(())
    }
}

impl<O: WordOrder, T: TileLane> Rows<T> for Differences<'_, O, T> {
    fn next_row(&mut self) -> Result<&[T], Fault> {
        if self.delivered == self.height {
            self.read_band()?;
        } else if self.delivered == 0 {
            // The first row of the grid, read by `new`.
            self.delivered = 1;
            return Ok(&self.row[self.columns.clone()]);
        }
        let sums = &self.band[self.delivered * self.stride..][self.columns.clone()];
        self.delivered += 1;
        let row = &mut self.row[self.columns.clone()];
        vector::run(Down { row, sums });
        Ok(row)
    }
}

/// The sum down the columns: a row from the one above it.
struct Down<'a, T> {
    row: &'a mut [T],
    sums: &'a [T],
}

impl<T: Lane> Work for Down<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (point, sum) in self.row.iter_mut().zip(self.sums) {
            *point = point.plus(*sum);
        }
    }
}

/// A part of a stream with its bytes in order, which is what the vector kernels read.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Debug, Default)]
struct Ordered {
    bytes: Vec<u8>,
    /// Where they start in the stream.
    start: u64,
}

#[cfg(target_arch = "x86_64")]
impl Ordered {
    /// Bytes that are brought in order at a time, and how many of them are wanted at least from a position on.
    const PART: usize = 8192;
    const AHEAD: u64 = 128;

    /// The ordered bytes around `position`, and the position of their first bit.
    fn of<'s, O: WordOrder>(&'s mut self, stream: &Stream<'s, O>, position: u64) -> (&'s [u8], u64) {
        if O::UNIT == 8 {
            return (stream.bytes(), 0);
        }
        let inside = (self.start * 8..(self.start + self.bytes.len() as u64) * 8)
            .contains(&(position + 8 * Self::AHEAD));
        if !inside || position < self.start * 8 {
            self.start = position / 32 * 4;
            let from = stream.bytes().get(self.start as usize..).unwrap_or_default();
            self.bytes.resize(Self::PART, 0);
            vector::run(InOrder { from, to: &mut self.bytes });
            self.bytes.truncate(from.len().min(Self::PART));
        }
        (&self.bytes, self.start * 8)
    }
}

/// Little-endian words brought in order.
#[cfg(target_arch = "x86_64")]
struct InOrder<'a> {
    from: &'a [u8],
    to: &'a mut [u8],
}

#[cfg(target_arch = "x86_64")]
impl Work for InOrder<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (to, from) in self.to.chunks_exact_mut(4).zip(self.from.chunks_exact(4)) {
            to.copy_from_slice(&[from[3], from[2], from[1], from[0]]);
        }
    }
}
