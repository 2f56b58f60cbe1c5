// SPDX-License-Identifier: MIT OR Apache-2.0
//! The IEEE compressor: signs, exponents and mantissas of 32-bit floats, each in a section of its own.
//!
//! Assumes an [`Info`] that [`Turbo::new`](super::Turbo::new) accepted; holds a few rows of the grid at a time;
//! gives floats or a fault, whatever the stream.
//!
//! Implements `turbo.md` 6.

use super::parallelogram::{Differences, Widths};
use super::stream::{Stream, WordOrder};
use super::{Real, Rows, Window, room, zeros};
use crate::codec::vector::{self, Work};
use crate::error::Fault;

/// Step of the tiles, whatever the parameter word says.
pub(super) const STEP: usize = 3;

/// The two words in front of the sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Info {
    /// Bits of a mantissa, 0 to 23.
    pub mbits: u32,
    word: u32,
}

impl Info {
    /// Checks the `nbits` field of the parameter word and the info word.
    pub fn new(mbits: u32, word: u32) -> Result<Info, Fault> {
        let info = Info { mbits, word };
        if mbits > 23 {
            return Err(Fault::corrupt(format!("bits of a mantissa: expected at most 23, found {mbits}")));
        }
        if info.has_exponents() && !(1..=8).contains(&info.ebits()) {
            return Err(Fault::corrupt(format!(
                "bits of an exponent offset: expected 1 to 8, found {}",
                info.ebits()
            )));
        }
        if mbits == 0 && info.plain_mantissas() {
            return Err(Fault::corrupt(
                "mantissas of 0 bits: expected a difference stream, found plain tokens",
            ));
        }
        Ok(info)
    }

    /// Whether the mantissas are plain tokens, not differences.
    pub fn plain_mantissas(self) -> bool {
        self.word & 3 != 0
    }

    fn has_exponents(self) -> bool {
        self.word & 0x08 != 0
    }

    fn has_signs(self) -> bool {
        self.word & 0x20 != 0
    }

    /// Bits of an exponent offset.
    fn ebits(self) -> u32 {
        self.word >> 8 & 0xFF
    }

    /// Sign and exponent that all floats share unless there are sections for them.
    fn frame(self) -> u32 {
        let sign = u32::from(self.word & 0x30 == 0x10);
        sign << 31 | (self.word >> 16 & 0xFF) << 23
    }
}

/// Mantissas as plain tokens.
struct Plain<'a, O> {
    stream: Stream<'a, O>,
    /// Where the first wanted mantissa of the next row is.
    position: u64,
    /// Bits of a whole row.
    row_bits: u64,
    mbits: u32,
    /// The wanted mantissas of a row.
    row: Vec<u32>,
}

impl<O: WordOrder> Rows<u32> for Plain<'_, O> {
    fn next_row(&mut self) -> Result<&[u32], Fault> {
        let mut position = self.position;
        for mantissa in &mut self.row {
            *mantissa = self.stream.token(position, self.mbits);
            position += u64::from(self.mbits);
        }
        self.stream.check(position)?;
        self.position += self.row_bits;
        Ok(&self.row)
    }

    fn skip_rows(&mut self, count: usize) -> Result<(), Fault> {
        self.position += self.row_bits * count as u64;
        Ok(())
    }
}

/// The sign section, read byte by byte.
struct Signs<'a, O> {
    stream: Stream<'a, O>,
    /// Where the next byte is.
    position: u64,
    /// Points of the grid that no byte has covered yet.
    points_left: u64,
    /// What is left of the run that was read last, and its sign.
    run: u64,
    negative: bool,
    /// Whether a run has given a sign for the long runs.
    seen_run: bool,
    /// Literal signs that are left, the next one in the most significant bit.
    literals: u8,
    literals_left: u64,
}

impl<O: WordOrder> Signs<'_, O> {
    /// Sets the sign bit of the negative points of the next row.
    fn sign(&mut self, row: &mut [u32]) -> Result<(), Fault> {
        let mut i = 0;
        while i < row.len() {
            if self.run > 0 {
                let count = self.run.min((row.len() - i) as u64);
                if self.negative {
                    for point in &mut row[i..i + count as usize] {
                        *point |= 1 << 31;
                    }
                }
                self.run -= count;
                i += count as usize;
            } else if self.literals_left > 0 {
                row[i] |= u32::from(self.literals >> 7) << 31;
                self.literals <<= 1;
                self.literals_left -= 1;
                i += 1;
            } else {
                self.read_byte()?;
            }
        }
        Ok(())
    }

    /// Passes over the next `count` points.
    fn skip(&mut self, count: u64) -> Result<(), Fault> {
        let mut left = count;
        while left > 0 {
            if self.run > 0 {
                let now = self.run.min(left);
                self.run -= now;
                left -= now;
            } else if self.literals_left > 0 {
                let now = self.literals_left.min(left);
                self.literals <<= now;
                self.literals_left -= now;
                left -= now;
            } else {
                self.read_byte()?;
            }
        }
        Ok(())
    }

    /// Reads the next byte: seven literals, a run, or a long run. Every byte but an empty run covers a point,
    /// and empty runs end with the payload.
    fn read_byte(&mut self) -> Result<(), Fault> {
        let byte = self.stream.token(self.position, 8);
        // The last literals may be cut short.
        let bits = if byte & 0x80 == 0 { 1 + self.points_left.min(7) } else { 8 };
        self.stream.check(self.position + bits)?;
        if byte & 0x80 == 0 {
            self.literals = (byte << 1) as u8;
            self.literals_left = bits - 1;
            self.points_left -= self.literals_left;
        } else {
            let count = u64::from(byte & 0x3F);
            if count == 63 {
                if !self.seen_run {
                    return Err(self.fault("a long run before any run with a sign"));
                }
                self.run = 255;
            } else {
                self.run = count;
                self.negative = byte & 0x40 != 0;
                self.seen_run = true;
            }
            if self.run > self.points_left {
                return Err(self.fault("a run that passes the last point"));
            }
            self.points_left -= self.run;
        }
        self.position += bits;
        Ok(())
    }

    #[cold]
    fn fault(&self, what: &str) -> Fault {
        Fault::corrupt(format!("sign section: {what}")).at(self.position / 8)
    }
}

/// Reads the byte count in front of a section and gives the positions of the section and of what follows it.
fn section<O: WordOrder>(stream: &Stream<'_, O>, position: u64, name: &str) -> Result<(u64, u64), Fault> {
    stream.check(position + 32)?;
    let bytes = stream.token(position, 32);
    let start = position + 32;
    let end = start + u64::from(bytes / 4) * 32;
    if end > stream.bits() {
        let rest = (stream.bits() - start) / 8;
        return Err(Fault::corrupt(format!(
            "length of the {name} section: expected at most {rest} bytes, found {bytes}"
        ))
        .at(position / 8));
    }
    Ok((start, end))
}

/// Decodes the sections of `ni`×`nj` points, the first of which is at `position`; `out` has room for the points of
/// `window`.
pub(super) fn decode<O: WordOrder, T: Real>(
    stream: Stream<'_, O>,
    position: u64,
    (ni, nj): (usize, usize),
    info: Info,
    window: &Window,
    out: &mut [T],
) -> Result<(), Fault> {
    let mut position = position;
    let Window { columns, rows } = window;
    let mut signs = None;
    if info.has_signs() {
        let (start, end) = section(&stream, position, "sign")?;
        signs = Some(Signs {
            stream: stream.clone(),
            position: start,
            points_left: ni as u64 * nj as u64,
            run: 0,
            negative: false,
            seen_run: false,
            literals: 0,
            literals_left: 0,
        });
        position = end;
    }
    let mut exponents = None;
    if info.has_exponents() {
        let (start, end) = section(&stream, position, "exponent")?;
        let ebits = info.ebits();
        let rows = Differences::<O, u16>::new(stream.clone(), start, (ni, nj), STEP, ebits, Widths::Ieee)?;
        exponents = Some(rows.columns(columns.clone()));
        position = end;
    }
    // The word in front of the mantissas means nothing.
    position += 32;
    let mbits = info.mbits;
    let mut mantissas: Box<dyn Rows<u32> + '_> = if info.plain_mantissas() {
        let position = position + u64::from(mbits) * columns.start as u64;
        let row_bits = u64::from(mbits) * ni as u64;
        Box::new(Plain { stream, position, row_bits, mbits, row: zeros(columns.len())? })
    } else {
        let rows = Differences::new(stream, position, (ni, nj), STEP, mbits, Widths::Ieee)?;
        Box::new(rows.columns(columns.clone()))
    };

    let shift = 23 - mbits;
    let mut frame = room(columns.len())?;
    frame.resize(columns.len(), info.frame());
    if let Some(exponents) = &mut exponents {
        exponents.skip_rows(rows.start)?;
    }
    mantissas.skip_rows(rows.start)?;
    if let Some(signs) = &mut signs {
        signs.skip(rows.start as u64 * ni as u64 + columns.start as u64)?;
    }
    // Points from the last wanted one of a row to the first of the next one.
    let mut apart = 0;
    for line in out.chunks_exact_mut(columns.len()) {
        if let Some(exponents) = &mut exponents {
            vector::run(Frame { base: info.frame(), offsets: exponents.next_row()?, frame: &mut frame });
        } else if signs.is_some() {
            frame.fill(info.frame());
        }
        if let Some(signs) = &mut signs {
            signs.skip(apart)?;
            apart = (ni - columns.len()) as u64;
            signs.sign(&mut frame)?;
        }
        vector::run(Assemble { frame: &frame, mantissas: mantissas.next_row()?, shift, line });
    }
    Ok(())
}

/// A row of sign and exponent fields, from the offsets of the exponents.
struct Frame<'a> {
    base: u32,
    offsets: &'a [u16],
    frame: &'a mut [u32],
}

impl Work for Frame<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let (sign, exponent) = (self.base & 1 << 31, self.base >> 23);
        for (frame, offset) in self.frame.iter_mut().zip(self.offsets) {
            // Only the low 8 bits of the sum reach the exponent field.
            *frame = sign | ((exponent + u32::from(*offset)) & 0xFF) << 23;
        }
    }
}

/// A row of floats, from their fields.
struct Assemble<'a, T> {
    frame: &'a [u32],
    mantissas: &'a [u32],
    shift: u32,
    line: &'a mut [T],
}

impl<T: Real> Work for Assemble<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((out, frame), mantissa) in self.line.iter_mut().zip(self.frame).zip(self.mantissas) {
            *out = T::of(f32::from_bits(frame | mantissa << self.shift));
        }
    }
}
