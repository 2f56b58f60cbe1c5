// SPDX-License-Identifier: MIT OR Apache-2.0
//! Words and records out of the bytes of a source, through one checked place each.

use crate::codec::ByteOrder;
use crate::source::{ReadError, Source};

/// A 32-bit word at `at`; 0 when the bytes do not reach that far.
#[inline]
pub fn word(bytes: &[u8], at: usize, order: ByteOrder) -> u32 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<4>()) {
        None => 0,
        Some(word) => match order {
            ByteOrder::Little => u32::from_le_bytes(*word),
            ByteOrder::Big => u32::from_be_bytes(*word),
        },
    }
}

/// A 16-bit word at `at`; 0 when the bytes do not reach that far.
pub fn half_word(bytes: &[u8], at: usize, order: ByteOrder) -> u16 {
    match bytes.get(at..).and_then(|rest| rest.first_chunk::<2>()) {
        None => 0,
        Some(word) => match order {
            ByteOrder::Little => u16::from_le_bytes(*word),
            ByteOrder::Big => u16::from_be_bytes(*word),
        },
    }
}

/// The first `N` words of `bytes`; `None` when there are fewer.
#[inline]
pub fn words<const N: usize>(bytes: &[u8], order: ByteOrder) -> Option<[u32; N]> {
    let bytes = bytes.get(..4 * N)?;
    // The order is looked at once, not in each word.
    Some(match order {
        ByteOrder::Little => std::array::from_fn(|index| word(bytes, 4 * index, ByteOrder::Little)),
        ByteOrder::Big => std::array::from_fn(|index| word(bytes, 4 * index, ByteOrder::Big)),
    })
}

/// Bytes that a [`Window`] reads at once: large enough for the longest directory entry, small enough to stay in
/// cache.
const WINDOW: usize = 288 * 1024;

/// Reads a range of a source piece by piece, forward, through one buffer.
pub struct Window<'s> {
    source: &'s Source,
    end: u64,
    buffer: Vec<u8>,
    /// Position in the source of the first byte of the buffer.
    base: u64,
    /// Bytes of the buffer that are valid.
    filled: usize,
}

impl<'s> Window<'s> {
    /// A window over the bytes from `start` to `end` of `source`.
    pub fn new(source: &'s Source, start: u64, end: u64) -> Window<'s> {
        Window { source, end: end.min(source.len()), buffer: Vec::new(), base: start, filled: 0 }
    }

    /// The `len` bytes at `offset`, or `None` if they are not all in the range. `len` is at most 280 KiB.
    pub fn bytes(&mut self, offset: u64, len: usize) -> Result<Option<&[u8]>, ReadError> {
        let Some(end) = offset.checked_add(len as u64).filter(|end| *end <= self.end) else {
            return Ok(None);
        };
        if offset < self.base || end > self.base + self.filled as u64 {
            let ahead = usize::try_from(self.end - offset).unwrap_or(WINDOW).min(WINDOW.max(len));
            if self.buffer.len() < ahead {
                let missing = ahead - self.buffer.len();
                self.buffer.try_reserve(missing).map_err(|_| ReadError::NoMemory(ahead as u64))?;
                self.buffer.resize(ahead, 0);
            }
            self.filled = 0;
            self.source.read_at(&mut self.buffer[..ahead], offset)?;
            self.base = offset;
            self.filled = ahead;
        }
        let start = (offset - self.base) as usize;
        Ok(self.buffer.get(start..start + len))
    }
}

/// The largest prefix of a source that a fixed-size buffer can hold.
pub fn prefix<const N: usize>(source: &Source) -> Result<([u8; N], usize), ReadError> {
    let mut bytes = [0; N];
    let len = usize::try_from(source.len()).unwrap_or(N).min(N);
    source.read_at(&mut bytes[..len], 0)?;
    Ok((bytes, len))
}
