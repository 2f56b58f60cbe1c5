// SPDX-License-Identifier: MIT OR Apache-2.0
//! Binary (type 0): the memory of the writer, as little-endian words.
//!
//! Implements `packing.md` 3.1.

use super::bits::{Stream, WordOrder};
use super::element::{Elements, mismatch, with_numbers};
use crate::error::Fault;

/// Uninterpreted elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    /// Bytes, the first one in the low bits of a word.
    Bytes,
    /// Half-words, the first one in the low bits of a word.
    Halves,
    /// Words.
    Words,
    /// Pairs of words, the low half first.
    Longs,
}

impl Binary {
    /// The form of elements of `bits` bits; whole words if that is no size of an element.
    pub fn new(bits: u8) -> Binary {
        match bits {
            8 => Binary::Bytes,
            16 => Binary::Halves,
            64 => Binary::Longs,
            _ => Binary::Words,
        }
    }

    /// Bits of an element in the payload.
    pub fn width(&self) -> u32 {
        match self {
            Binary::Bytes => 8,
            Binary::Halves => 16,
            Binary::Words => 32,
            Binary::Longs => 64,
        }
    }

    /// Elements from `stream`, which starts at a word, without the first `skip` of that word.
    #[inline(always)]
    pub fn decode<W: WordOrder>(
        &self,
        stream: Stream<'_, W>,
        skip: usize,
        out: Elements<'_>,
    ) -> Result<(), Fault> {
        match self {
            Binary::Bytes => with_numbers!(
                out,
                [U8 u8, U16 u16, I16 i16, U32 u32, I32 i32, U64 u64, I64 i64, F32 f32, F64 f64],
                out: T => stream.words_after(skip, out, |word| word.to_le_bytes().map(|byte| byte as T))
            ),
            Binary::Halves => with_numbers!(
                out,
                [U16 u16, U32 u32, I32 i32, U64 u64, I64 i64, F32 f32, F64 f64],
                out: T => stream.words_after(skip, out, |word| [word as u16 as T, (word >> 16) as u16 as T])
            ),
            Binary::Words => with_numbers!(
                out,
                [U32 u32, U64 u64, I64 i64, F64 f64],
                out: T => stream.words(out, |word| [word as T])
            ),
            Binary::Longs => {
                let Elements::U64(out) = out else { return Err(mismatch(out.dtype())) };
                stream.longs(out, |pair| pair.rotate_left(32));
                Ok(())
            }
        }
    }
}
