// SPDX-License-Identifier: MIT OR Apache-2.0
//! Integers (types 2 and 4): tokens of 1 to 32 bits, biased when signed; or whole 64-bit integers.
//!
//! Implements `packing.md` 3.3, 3.5 and 3.6, and for files of big-endian machines `rsf.md` 11.

use super::ByteOrder;
use super::bits::{Stream, WordOrder};
use super::element::{Elements, mismatch, with_numbers};
use crate::error::Fault;

/// Packed integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    /// Unsigned, with the bits of a token.
    Unsigned(u32),
    /// Signed, with the bits of a token.
    Signed(u32),
    /// 64-bit integers as they are in the memory of a machine with the byte order of the words.
    Long(ByteOrder),
}

impl Integer {
    /// Bits of an element in the payload.
    pub fn width(&self) -> u32 {
        match *self {
            Integer::Unsigned(width) | Integer::Signed(width) => width,
            Integer::Long(_) => 64,
        }
    }

    /// Elements from the tokens of `stream`. The caller has checked that `out` can hold every value of the
    /// natural type, which holds every token.
    #[inline(always)]
    pub fn decode<W: WordOrder>(&self, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
        match *self {
            Integer::Unsigned(width) => unsigned(width, stream, out),
            Integer::Signed(width) => signed(width, stream, out),
            Integer::Long(order) => long(order, stream, out),
        }
    }
}

/// Tokens as they are (`packing.md` 3.3).
#[inline(always)]
fn unsigned<W: WordOrder>(width: u32, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
    with_numbers!(
        out,
        [U8 u8, U16 u16, I16 i16, U32 u32, I32 i32, U64 u64, I64 i64, F32 f32, F64 f64],
        out: T => stream.tokens(width, out, |token| token as T)
    )
}

/// Tokens less half their range (`packing.md` 3.5).
#[inline(always)]
fn signed<W: WordOrder>(width: u32, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
    let bias = 1_u32 << (width.clamp(1, 32) - 1);
    with_numbers!(
        out,
        [I8 i8, I16 i16, I32 i32, I64 i64, F32 f32, F64 f64],
        out: T => stream.tokens(width, out, |token| token.wrapping_sub(bias) as i32 as T)
    )
}

/// Pairs of words, in the order of the machine that wrote them (`packing.md` 3.6, `rsf.md` 11).
#[inline(always)]
fn long<W: WordOrder>(order: ByteOrder, stream: Stream<'_, W>, out: Elements<'_>) -> Result<(), Fault> {
    let half = if order == ByteOrder::Big { 0 } else { 32 };
    match out {
        Elements::U64(out) => stream.longs(out, |pair| pair.rotate_left(half)),
        Elements::I64(out) => stream.longs(out, |pair| pair.rotate_left(half) as i64),
        other => return Err(mismatch(other.dtype())),
    }
    Ok(())
}
