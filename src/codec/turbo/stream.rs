// SPDX-License-Identifier: MIT OR Apache-2.0
//! The bit stream of a compressed payload: tokens from the most significant bit of each 32-bit word downwards.
//!
//! Assumes nothing about the bytes. A read past the end gives zero bits and never fails, so that the tiles can
//! be read without a test each; whoever reads calls [`Stream::check`] before the tokens leave the module.
//! Positions are bits from the start of the payload.
//!
//! Implements `turbo.md` 1.1 and 2.

use std::marker::PhantomData;

use crate::error::Fault;

/// Bytes that [`Stream::chunk`] gives: enough for any tile that is read through one chunk.
pub(super) const CHUNK: usize = 80;

/// Byte order of the payload words.
pub(super) trait WordOrder: Copy {
    /// Bits of the unit at which a chunk may start.
    const UNIT: u64;

    /// The bits of the chunk from `bit` (at most 511) on, from the most significant one of the result: at least
    /// 57 of them.
    fn window(chunk: &[u8; CHUNK], bit: u64) -> u64;
}

/// Words as XDF stores them: the bytes are the bit stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct BigEndian;

/// Words as RSF stores them on little-endian machines.
#[derive(Clone, Copy, Debug)]
pub(super) struct LittleEndian;

impl WordOrder for BigEndian {
    const UNIT: u64 = 8;

    #[inline(always)]
    fn window(chunk: &[u8; CHUNK], bit: u64) -> u64 {
        let start = (bit / 8 % 64) as usize;
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&chunk[start..start + 8]);
        u64::from_be_bytes(bytes) << (bit % 8)
    }
}

impl WordOrder for LittleEndian {
    const UNIT: u64 = 32;

    #[inline(always)]
    fn window(chunk: &[u8; CHUNK], bit: u64) -> u64 {
        let start = (bit / 32 % 16 * 4) as usize;
        let mut two = [0; 8];
        two.copy_from_slice(&chunk[start..start + 8]);
        let mut third = [0; 4];
        third.copy_from_slice(&chunk[start + 8..start + 12]);
        let shift = bit % 32;
        u64::from_le_bytes(two).rotate_left(32) << shift
            | u64::from(u32::from_le_bytes(third)) >> (32 - shift)
    }
}

/// The words of a payload as a bit stream.
#[derive(Clone, Debug)]
pub(super) struct Stream<'a, O> {
    bytes: &'a [u8],
    /// The last bytes, followed by zeros.
    tail: [u8; 2 * CHUNK],
    /// Where in `bytes` the tail starts.
    tail_start: usize,
    order: PhantomData<O>,
}

impl<'a, O: WordOrder> Stream<'a, O> {
    /// The stream of whole words (bytes after the last whole word are left out).
    pub fn new(bytes: &'a [u8]) -> Stream<'a, O> {
        let bytes = &bytes[..bytes.len() / 4 * 4];
        let tail_start = bytes.len().saturating_sub(CHUNK);
        let mut tail = [0; 2 * CHUNK];
        for (to, from) in tail.iter_mut().zip(&bytes[tail_start..]) {
            *to = *from;
        }
        Stream { bytes, tail, tail_start, order: PhantomData }
    }

    /// The bytes, whole words.
    #[cfg(target_arch = "x86_64")]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Number of bits.
    pub fn bits(&self) -> u64 {
        self.bytes.len() as u64 * 8
    }

    /// A fault unless everything before `position` was inside the payload.
    #[inline(always)]
    pub fn check(&self, position: u64) -> Result<(), Fault> {
        if position <= self.bits() { Ok(()) } else { Err(self.overrun()) }
    }

    #[cold]
    fn overrun(&self) -> Fault {
        Fault::corrupt(format!(
            "compressed stream: goes on after the {} bytes of the payload",
            self.bytes.len()
        ))
        .at(self.bytes.len() as u64)
    }

    /// The bytes from the unit that holds `position`, as `position % O::UNIT` of [`WordOrder::window`] counts.
    #[inline(always)]
    pub fn chunk(&self, position: u64) -> &[u8; CHUNK] {
        let start = (position / O::UNIT * (O::UNIT / 8)) as usize;
        match self.bytes.get(start..start.wrapping_add(CHUNK)).and_then(|bytes| bytes.first_chunk()) {
            Some(chunk) => chunk,
            None => self.last_chunk(start),
        }
    }

    /// The same near and after the end.
    #[cold]
    fn last_chunk(&self, start: usize) -> &[u8; CHUNK] {
        let start = start.saturating_sub(self.tail_start).min(CHUNK);
        // The tail is two chunks long: there is always one.
        self.tail[start..].first_chunk().unwrap_or(&[0; CHUNK])
    }

    /// The unsigned token of `width` bits (0 to 32).
    #[inline(always)]
    pub fn token(&self, position: u64, width: u32) -> u32 {
        (O::window(self.chunk(position), position % O::UNIT) >> 1 >> (63 - width)) as u32
    }

    /// The two's complement token of `width` bits (0 to 31).
    #[inline(always)]
    pub fn signed(&self, position: u64, width: u32) -> i32 {
        let token = self.token(position, width) as i32;
        let sign = (1 << width) >> 1;
        (token ^ sign) - sign
    }
}

/// How tokens of one width are taken from the top of a window, one after the other: two shifts each, by amounts
/// that stay the same for a whole tile.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cutter {
    /// All ones, or 0 for empty tokens.
    keep: u64,
    /// Brings the token at the top down.
    shift: u32,
    /// Bits of a token.
    pub width: u32,
}

impl Cutter {
    /// For tokens of `width` bits (at most 32).
    pub fn new(width: u32) -> Cutter {
        let keep = if width == 0 { 0 } else { u64::MAX };
        Cutter { keep, shift: (64 - width) % 64, width }
    }

    /// What the first token can be taken from.
    #[inline(always)]
    pub fn first(self, window: u64) -> u64 {
        window & self.keep
    }

    /// What the next token can be taken from.
    #[inline(always)]
    pub fn next(self, window: u64) -> u64 {
        window << (self.width % 64)
    }

    /// The token, in two's complement.
    #[inline(always)]
    pub fn signed(self, window: u64) -> i64 {
        window as i64 >> (self.shift % 64)
    }

    /// The token, unsigned.
    #[inline(always)]
    pub fn unsigned(self, window: u64) -> u64 {
        window >> (self.shift % 64)
    }
}
