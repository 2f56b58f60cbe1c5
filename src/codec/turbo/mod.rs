// SPDX-License-Identifier: MIT OR Apache-2.0
//! Turbo compression (types 129, 130, 133 and 134): compressed payload → the elements of level 0.
//!
//! [`Turbo::new`] checks everything that the directory entry and the first words of the payload can tell,
//! among them that the payload is long enough for the smallest stream of that many points, so that the caller
//! may allocate the array. [`Turbo::decode`] makes one pass over the payload, one row of tiles at a time. It
//! may assume nothing about the bytes, and guarantees an array or a fault. [`Turbo::decode_window`] does the same for a
//! part of the array and stops behind it (`turbo.md` 11).
//!
//! ```text
//! stream ── payload words of either byte order → tokens
//!    │
//! minimum, parallelogram, sample ── rows of 16-bit tokens, a few grid rows at a time
//!    │                       ╲
//!    │                        ieee ── sign, exponent and mantissa streams → floats
//! values (here) ── rows of tokens → rows of elements, converted while they are written
//! ```
//!
//! Implements `turbo.md`, with the values that the writer meant (its section 15).

mod ieee;
mod minimum;
mod parallelogram;
#[cfg(target_arch = "x86_64")]
mod parallelogram_avx512;
#[cfg(target_arch = "x86_64")]
mod parallelogram_x86;
mod sample;
mod stream;
#[cfg(test)]
mod tests;

use std::ops::Range;

use self::minimum::Minimum;
use self::parallelogram::{Differences, Widths, check_container};
use self::sample::Sample;
use self::stream::{BigEndian, LittleEndian, Stream, WordOrder};
use super::element::Elements;
use super::normalized::Header;
use super::quantized::Scale;
use super::vector::{self, Work};
use super::{ByteOrder, Packing};
use crate::dtype::Dtype;
use crate::error::Fault;

/// Room for `count` elements of scratch: a row or a band of rows, which of a grid of few rows is as large as the array.
fn room<T>(count: usize) -> Result<Vec<T>, Fault> {
    let mut list = Vec::new();
    list.try_reserve_exact(count).map_err(|_| Fault::no_memory::<T>(count))?;
    Ok(list)
}

/// `count` elements of scratch, all zero.
fn zeros<T: Clone + Default>(count: usize) -> Result<Vec<T>, Fault> {
    let mut list = room(count)?;
    list.resize(count, T::default());
    Ok(list)
}

/// Bytes of the payload that [`Turbo::new`] looks at.
#[cfg(test)]
const HEAD: usize = 32;

/// The part of a level that is wanted: neither range is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Points of a row.
    pub columns: Range<usize>,
    /// Rows.
    pub rows: Range<usize>,
}

/// Rows of a grid, one after the other.
trait Rows<T> {
    /// The next of the `nj` rows: the columns that are wanted.
    fn next_row(&mut self) -> Result<&[T], Fault>;

    /// Passes over the next `count` rows.
    fn skip_rows(&mut self, count: usize) -> Result<(), Fault> {
        (0..count).try_for_each(|_| self.next_row().map(drop))
    }
}

/// Floats that an f32 can be written to.
trait Real: Copy {
    fn of(value: f32) -> Self;
}

impl Real for f32 {
    #[inline(always)]
    fn of(value: f32) -> f32 {
        value
    }
}

impl Real for f64 {
    #[inline(always)]
    fn of(value: f32) -> f64 {
        f64::from(value)
    }
}

/// How the points of a grid are predicted from one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Predictor {
    Minimum,
    Parallelogram,
    Sample,
}

/// What the tokens mean.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Values {
    /// 130: the masked token, an element of `natural`.
    Unsigned { mask: u16, natural: Dtype },
    /// 129.
    Quantized(Scale),
    /// 134.
    Normalized(Header),
}

/// Which compressor made the stream.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Compressor {
    /// 129, 130, 134: tokens of 16 bits.
    Tokens { predictor: Predictor, step: usize, nbits: u32, values: Values },
    /// 133.
    Ieee(ieee::Info),
}

/// A compressed payload, as far as its first words tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Turbo {
    order: ByteOrder,
    ni: usize,
    nj: usize,
    /// Words that the stream may use, from the start of the payload.
    words: u64,
    /// Bit position of what follows the parameter word (and the info word).
    body: u64,
    compressor: Compressor,
}

/// The fields of a parameter word that a decoder uses (`turbo.md` 4.1).
#[derive(Clone, Copy)]
struct Parameters(u32);

impl Parameters {
    fn predictor(self) -> Result<Predictor, Fault> {
        match self.0 & 0xF {
            1 => Ok(Predictor::Sample),
            3 => Ok(Predictor::Minimum),
            4 => Ok(Predictor::Parallelogram),
            other => Err(Fault::corrupt(format!("predictor: expected 1, 3 or 4, found {other}"))),
        }
    }

    fn step(self, predictor: Predictor) -> Result<usize, Fault> {
        let step = (self.0 >> 7 & 7) as usize;
        match predictor {
            Predictor::Sample if step != sample::STEP => {
                Err(Fault::corrupt(format!("step of SAMPLE: expected 3, found {step}")))
            }
            _ if step == 0 => Err(Fault::corrupt("step: expected 1 to 7, found 0")),
            _ => Ok(step),
        }
    }

    fn nbits(self) -> u32 {
        self.0 >> 10 & 0x1F
    }
}

impl Turbo {
    /// Checks a record from its directory entry and the first words of its payload of `payload_bytes` bytes;
    /// `head` is the first min(32, `payload_bytes`) of them (`turbo.md` 10). Levels above the first are not
    /// stored; that `nk` is 1 is not checked.
    pub(crate) fn new(packing: &Packing, head: &[u8], payload_bytes: u64) -> Result<Turbo, Fault> {
        let base = packing.data_type & 0x3F;
        // Words in front of the parameter word, and the shortest payload.
        let (start, shortest) = match base {
            1 => (5, 7),
            2 => (1, 3),
            5 => (1, 5),
            6 => (4, 6),
            other => {
                return Err(Fault::corrupt(format!(
                    "compressed data type: expected 1, 2, 5 or 6 plus 128, found {other}"
                )));
            }
        };
        let [ni, nj, nk] = packing.shape;
        if ni < 2 || nj < 2 {
            return Err(Fault::corrupt(format!(
                "shape of a compressed record: expected ni and nj of at least 2, found {ni} and {nj}"
            )));
        }
        let points = ni.checked_mul(nj).ok_or_else(|| too_many(packing))?;
        let elements = points.checked_mul(nk).ok_or_else(|| too_many(packing))?;
        if base != 5 && !(1..=16).contains(&packing.pack_bits) {
            return Err(Fault::corrupt(format!(
                "bits of a compressed element: expected 1 to 16, found {}",
                packing.pack_bits
            )));
        }

        let payload_words = payload_bytes / 4;
        let word = |k: usize| -> Result<u32, Fault> {
            let bytes = head.get(4 * k..).and_then(|bytes| bytes.first_chunk().copied());
            match (bytes, packing.order) {
                (Some(bytes), ByteOrder::Big) => Ok(u32::from_be_bytes(bytes)),
                (Some(bytes), ByteOrder::Little) => Ok(u32::from_le_bytes(bytes)),
                (None, _) => Err(Fault::corrupt(format!("word {k} of a compressed payload is missing"))),
            }
        };
        if payload_words < shortest {
            return Err(Fault::corrupt(format!(
                "compressed payload of type {base}: expected at least {shortest} words, found {payload_words}"
            )));
        }
        let word0 = word(0)?;
        if word0 < 2 {
            return Err(Fault::corrupt(format!(
                "words of a compressed stream: expected at least 2, found {word0}"
            ))
            .at(0));
        }
        let words = payload_words.min(u64::from(word0));

        let parameters = Parameters(word(start)?);
        let at_parameters = |fault: Fault| fault.at(4 * start as u64);
        let nbits = parameters.nbits();
        let compressor;
        let body;
        if base == 5 {
            body = start as u64 + 2;
            compressor = Compressor::Ieee(ieee::Info::new(nbits, word(start + 1)?).map_err(at_parameters)?);
        } else {
            body = start as u64 + 1;
            let values = match base {
                1 => Values::Quantized(quantized(&[word(1)?, word(2)?, word(3)?, word(4)?], elements)?),
                6 => {
                    let header = Header::new([word(1)?, word(2)?, word(3)?], elements);
                    Values::Normalized(header.map_err(|fault| fault.shifted(4))?)
                }
                _ => unsigned(packing)?,
            };
            let predictor = parameters.predictor().map_err(at_parameters)?;
            let step = parameters.step(predictor).map_err(at_parameters)?;
            if !(1..=16).contains(&nbits) {
                return Err(at_parameters(Fault::corrupt(format!(
                    "bits of a token: expected 1 to 16, found {nbits}"
                ))));
            }
            if predictor == Predictor::Sample && !(sample::size_is_defined(ni) && sample::size_is_defined(nj))
            {
                return Err(Fault::corrupt(format!(
                    "shape of a SAMPLE record: expected ni and nj to be 2, 3, or at least 56, found {ni} and {nj}"
                )));
            }
            compressor = Compressor::Tokens { predictor, step, nbits, values };
        }

        let container = || -> Result<u64, Fault> {
            let container = word(body as usize)? >> 29;
            check_container(container).map_err(|fault| fault.at(4 * body))?;
            Ok(u64::from(container))
        };
        let needed = match compressor {
            Compressor::Ieee(info) if info.plain_mantissas() => bits(&[(u64::from(info.mbits), points)]),
            Compressor::Ieee(info) => difference_bits(ni, nj, ieee::STEP, info.mbits, 1),
            Compressor::Tokens { predictor: Predictor::Minimum, step, nbits, .. } => {
                bits(&[(u64::from(nbits) + 4, tiles(ni, nj, 0, step))])
            }
            Compressor::Tokens { predictor: Predictor::Parallelogram, step, nbits, .. } => {
                difference_bits(ni, nj, step, nbits, container()?)
            }
            Compressor::Tokens { predictor: Predictor::Sample, nbits, .. } => {
                let mut sizes = (ni, nj);
                let mut needed = 0u128;
                for _ in 0..3 {
                    needed += 3 + u128::from(tiles(sizes.0, sizes.1, 0, sample::STEP));
                    sizes = (sample::coarse(sizes.0), sample::coarse(sizes.1));
                }
                needed + bits(&[(u64::from(nbits), sizes.0 * sizes.1)])
            }
        };
        let available = u128::from(words.saturating_sub(body)) * 32;
        if needed > available {
            return Err(Fault::corrupt(format!(
                "compressed stream of {ni}×{nj} points: expected at least {needed} bits, found {available}"
            )));
        }
        let size = |n: u64| usize::try_from(n).map_err(|_| too_many(packing));
        size(points)?;
        Ok(Turbo { order: packing.order, ni: size(ni)?, nj: size(nj)?, words, body: body * 32, compressor })
    }

    /// Decodes level 0 from the whole payload. `out` has ni·nj elements, of the natural type of the record or
    /// of one to which that widens.
    pub(crate) fn decode(&self, payload: &[u8], out: Elements<'_>) -> Result<(), Fault> {
        self.decode_window(payload, &Window { columns: 0..self.ni, rows: 0..self.nj }, out)
    }

    /// Decodes a part of level 0 from the whole payload, of which nothing behind the last wanted row of tiles is looked
    /// at. `out` has as many elements as the window.
    pub(crate) fn decode_window(
        &self,
        payload: &[u8],
        window: &Window,
        out: Elements<'_>,
    ) -> Result<(), Fault> {
        let Window { columns, rows } = window;
        let inside = !columns.is_empty() && !rows.is_empty() && columns.end <= self.ni && rows.end <= self.nj;
        if !inside || out.len() != columns.len() * rows.len() {
            return Err(Fault::unsupported(format!(
                "compressed record of {}×{} points: cannot be decoded to {} elements, columns {columns:?}, rows {rows:?}",
                self.ni,
                self.nj,
                out.len()
            )));
        }
        let stream = usize::try_from(self.words * 4).ok().and_then(|bytes| payload.get(..bytes));
        let Some(stream) = stream else {
            return Err(Fault::corrupt(format!(
                "compressed payload: expected {} words, found {} bytes",
                self.words,
                payload.len()
            )));
        };
        match self.order {
            ByteOrder::Big => self.decode_stream(Stream::<BigEndian>::new(stream), window, out),
            ByteOrder::Little => self.decode_stream(Stream::<LittleEndian>::new(stream), window, out),
        }
    }

    fn decode_stream<O: WordOrder>(
        &self,
        stream: Stream<'_, O>,
        window: &Window,
        out: Elements<'_>,
    ) -> Result<(), Fault> {
        let shape = (self.ni, self.nj);
        let columns = window.columns.clone();
        match self.compressor {
            Compressor::Ieee(info) => match out {
                Elements::F32(out) => ieee::decode(stream, self.body, shape, info, window, out),
                Elements::F64(out) => ieee::decode(stream, self.body, shape, info, window, out),
                other => Err(cannot_widen(Dtype::F32, &other)),
            },
            Compressor::Tokens { values: Values::Normalized(Header { exponent: 0, .. }), .. } => {
                // The stream of such a field may be damaged and must not be looked at.
                match out {
                    Elements::F32(out) => out.fill(0.0),
                    Elements::F64(out) => out.fill(0.0),
                    other => return Err(cannot_widen(Dtype::F32, &other)),
                }
                Ok(())
            }
            Compressor::Tokens { predictor: Predictor::Minimum, step, nbits, values } => {
                let rows = Minimum::new(stream, self.body, shape, step, nbits)?;
                values.write(&mut rows.columns(columns), window, out)
            }
            Compressor::Tokens { predictor: Predictor::Parallelogram, step, nbits, values } => {
                let rows = Differences::new(stream, self.body, shape, step, nbits, Widths::Tokens);
                values.write(&mut rows?.columns(columns), window, out)
            }
            Compressor::Tokens { predictor: Predictor::Sample, nbits, values, .. } => {
                let rows = Sample::new(stream, self.body, shape, nbits)?;
                values.write(&mut rows.columns(columns), window, out)
            }
        }
    }
}

impl Values {
    /// Writes the wanted rows of tokens, of which `rows` gives the wanted columns, as elements.
    fn write(self, rows: &mut dyn Rows<u16>, window: &Window, out: Elements<'_>) -> Result<(), Fault> {
        rows.skip_rows(window.rows.start)?;
        let ni = window.columns.len();
        match self {
            Values::Unsigned { mask, natural } => {
                macro_rules! unsigned {
                    ($out:expr, $type:ty) => {
                        write_rows(rows, ni, $out, move |token| <$type>::from(token & mask))
                    };
                }
                if !natural.widens_to(out.dtype()) {
                    return Err(cannot_widen(natural, &out));
                }
                match out {
                    Elements::U8(out) => write_rows(rows, ni, out, move |token| (token & mask) as u8),
                    Elements::I16(out) => write_rows(rows, ni, out, move |token| (token & mask) as i16),
                    Elements::U16(out) => unsigned!(out, u16),
                    Elements::U32(out) => unsigned!(out, u32),
                    Elements::I32(out) => unsigned!(out, i32),
                    Elements::U64(out) => unsigned!(out, u64),
                    Elements::I64(out) => unsigned!(out, i64),
                    Elements::F32(out) => unsigned!(out, f32),
                    Elements::F64(out) => unsigned!(out, f64),
                    other => Err(cannot_widen(natural, &other)),
                }
            }
            Values::Quantized(scale) => match out {
                Elements::F32(out) => write_quantized(rows, ni, out, scale),
                Elements::F64(out) => write_quantized(rows, ni, out, scale),
                other => Err(cannot_widen(Dtype::F32, &other)),
            },
            Values::Normalized(header) => match out {
                Elements::F32(out) => write_normalized(rows, ni, out, header),
                Elements::F64(out) => write_normalized(rows, ni, out, header),
                other => Err(cannot_widen(Dtype::F32, &other)),
            },
        }
    }
}

/// Writes rows of tokens, each converted by `value`.
fn write_rows<T>(
    rows: &mut dyn Rows<u16>,
    ni: usize,
    out: &mut [T],
    value: impl Fn(u16) -> T + Copy,
) -> Result<(), Fault> {
    for line in out.chunks_exact_mut(ni) {
        vector::run(Convert { line, tokens: rows.next_row()?, value });
    }
    Ok(())
}

/// One row of tokens to be written as elements.
struct Convert<'a, T, F> {
    line: &'a mut [T],
    tokens: &'a [u16],
    value: F,
}

impl<T, F: Fn(u16) -> T> Work for Convert<'_, T, F> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Convert { line, tokens, value } = self;
        for (out, token) in line.iter_mut().zip(tokens) {
            *out = value(*token);
        }
    }
}

/// Writes the values of R tokens.
fn write_quantized<T: Real>(
    rows: &mut dyn Rows<u16>,
    ni: usize,
    out: &mut [T],
    scale: Scale,
) -> Result<(), Fault> {
    // Away from the ends of the range of f64 the product of a token and the quantum is exact, so that the
    // quantum can be stretched beforehand; and 0 needs no case of its own unless the minimum is -0.
    let ordinary = (1e-200..1e200).contains(&scale.quantum);
    if ordinary && scale.low.to_bits() != (-0.0f64).to_bits() {
        let quantum = Scale { low: 0.0, ..scale }.value(1);
        return write_rows(rows, ni, out, move |token| {
            T::of((f64::from(token) * quantum + scale.low) as f32)
        });
    }
    write_rows(rows, ni, out, move |token| T::of(scale.value(u32::from(token)) as f32))
}

/// Writes the values of F tokens.
fn write_normalized<T: Real>(
    rows: &mut dyn Rows<u16>,
    ni: usize,
    out: &mut [T],
    header: Header,
) -> Result<(), Fault> {
    let Header { exponent, shift, low } = header;
    let highest = i64::from(low) + (i64::from(u16::MAX) << shift);
    if exponent == 255 || low == i32::MIN || highest > i64::from(i32::MAX) {
        return write_rows(rows, ni, out, move |token| T::of(header.value(token)));
    }
    // No mantissa wraps in the end. The value of mantissa 1 is the power of two that all values are multiples of, and
    // a clamped mantissa is exact in an f32; one beyond the clamp stays beyond it when it is rounded.
    let unit = Header { shift: 0, low: 1, ..header }.value(0);
    const LARGEST: f32 = 0xFF_FFFF as f32;
    write_rows(rows, ni, out, move |token| {
        let mantissa = (i32::from(token) << shift).wrapping_add(low) as f32;
        let mantissa = if mantissa < LARGEST { mantissa } else { LARGEST };
        let mantissa = if mantissa > -LARGEST { mantissa } else { -LARGEST };
        T::of(mantissa * unit)
    })
}

/// The scale of an R field, from its header of 128 bits (`turbo.md` 7.2).
fn quantized(words: &[u32; 4], elements: u64) -> Result<Scale, Fault> {
    let [w1, w2, w3, w4] = *words;
    if w1 >> 20 != 0xFFF {
        return Err(
            Fault::corrupt(format!("marker of an R field: expected FFF, found {:03X}", w1 >> 20)).at(4)
        );
    }
    // The header holds the low 28 bits of the count.
    let count = w1 & 0xF_FFFF | (w4 & 0xFF) << 20;
    if u64::from(count) != elements & 0xFFF_FFFF {
        return Err(Fault::corrupt(format!(
            "count of an R field: expected {elements} values, found {count}"
        ))
        .at(4));
    }
    let size = w4 >> 8 & 0xFF;
    if !(1..=16).contains(&size) {
        return Err(
            Fault::corrupt(format!("token size of an R field: expected 1 to 16 bits, found {size}")).at(16)
        );
    }
    Ok(Scale::new(w2, w3))
}

/// The mask and the element type of a field of unsigned integers (`turbo.md` 7.1).
fn unsigned(packing: &Packing) -> Result<Values, Fault> {
    let (mask, natural) = match packing.data_bits {
        8 => (0xFF, Dtype::U8),
        16 => (0xFFFF, Dtype::U16),
        32 => (0xFFFF >> (16 - packing.pack_bits), Dtype::U32),
        other => {
            return Err(Fault::unsupported(format!(
                "element size of compressed integers: expected 8, 16 or 32 bits, found {other}"
            )));
        }
    };
    Ok(Values::Unsigned { mask, natural })
}

/// Number of tiles of side `step` that start at `first` in both directions.
fn tiles(ni: u64, nj: u64, first: u64, step: usize) -> u64 {
    (ni - first).div_ceil(step as u64) * (nj - first).div_ceil(step as u64)
}

/// The sum of products.
fn bits(products: &[(u64, u64)]) -> u128 {
    products.iter().map(|(a, b)| u128::from(*a) * u128::from(*b)).sum()
}

/// Bits of the smallest difference stream.
fn difference_bits(ni: u64, nj: u64, step: usize, nbits: u32, container: u64) -> u128 {
    3 + bits(&[(nbits.into(), ni), (nbits.into(), nj - 1), (container, tiles(ni, nj, 1, step))])
}

#[cold]
fn too_many(packing: &Packing) -> Fault {
    let [ni, nj, nk] = packing.shape;
    Fault::corrupt(format!("shape of a compressed record: {ni}×{nj}×{nk} points are too many"))
}

#[cold]
fn cannot_widen(natural: Dtype, out: &Elements<'_>) -> Fault {
    Fault::unsupported(format!(
        "compressed record of {natural} elements: cannot be decoded to {}",
        out.dtype()
    ))
}
