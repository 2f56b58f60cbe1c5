// SPDX-License-Identifier: MIT OR Apache-2.0
//! Text: characters (type 3), first one in the low byte of a word, and strings (type 7), first one in the
//! high byte.
//!
//! Implements `packing.md` 3.4 and 3.9.

use super::bits::{Stream, WordOrder};
use super::element::{Elements, mismatch};
use crate::error::Fault;

/// Where the first byte of text is in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// In the least significant byte (type 3).
    LowFirst,
    /// In the most significant byte (type 7).
    HighFirst,
}

impl Text {
    /// Bits of an element in the payload.
    pub const WIDTH: u32 = 8;

    /// Text from `stream`, which starts at a word, without the first `skip` bytes of that word.
    #[inline(always)]
    pub fn decode<W: WordOrder>(
        &self,
        stream: Stream<'_, W>,
        skip: usize,
        out: Elements<'_>,
    ) -> Result<(), Fault> {
        let Elements::Char(out) = out else { return Err(mismatch(out.dtype())) };
        match self {
            Text::LowFirst => stream.words_after(skip, out, u32::to_le_bytes),
            Text::HighFirst => stream.words_after(skip, out, u32::to_be_bytes),
        }
        Ok(())
    }
}
