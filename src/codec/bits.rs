// SPDX-License-Identifier: MIT OR Apache-2.0
//! Streams of fixed-width tokens in 32-bit words: the one place that knows how bits lie in a payload.
//!
//! Implements `packing.md` 1.2 and 1.3. A [`Stream`] is a run of tokens that starts at any bit of a slice of
//! payload bytes; every method turns tokens into elements in one pass over the destination, whatever the byte
//! order of the words. Bits past the end of the slice read as zero: the callers have checked that none of
//! them belongs to an element.

use std::marker::PhantomData;

#[cfg(target_arch = "x86_64")]
use super::bits_x86::Unpacker;

/// The byte order of payload words, as a type: byte order is handled in the load.
pub(crate) trait WordOrder: Copy {
    /// Whether the bytes of the payload, in file order, are the bit stream.
    const BYTES_ARE_STREAM: bool;

    /// A word from its bytes in file order.
    fn word(bytes: [u8; 4]) -> u32;
}

/// Words with the least significant byte first (RSF).
#[derive(Clone, Copy, Debug)]
pub(crate) struct LittleWords;

/// Words with the most significant byte first (XDF).
#[derive(Clone, Copy, Debug)]
pub(crate) struct BigWords;

impl WordOrder for LittleWords {
    const BYTES_ARE_STREAM: bool = false;

    #[inline(always)]
    fn word(bytes: [u8; 4]) -> u32 {
        u32::from_le_bytes(bytes)
    }
}

impl WordOrder for BigWords {
    const BYTES_ARE_STREAM: bool = true;

    #[inline(always)]
    fn word(bytes: [u8; 4]) -> u32 {
        u32::from_be_bytes(bytes)
    }
}

/// Tokens that are unpacked together when their width has no kernel of its own.
const BLOCK: usize = 256;

/// Tokens of one width fill a whole number of words every 32 tokens.
const GROUP: usize = 32;

/// Words of a block of the widest tokens, and the slack that lets every group be seen as [`Window`].
const BLOCK_WORDS: usize = BLOCK + GROUP + 1;

/// The words that a group of tokens of any width can touch.
type Window = [u32; GROUP + 1];

/// A run of tokens: its first word starts `bit` bits (0 to 31) into `bytes`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream<'a, W> {
    bytes: &'a [u8],
    bit: u32,
    order: PhantomData<W>,
}

impl<'a, W: WordOrder> Stream<'a, W> {
    /// The stream that starts `bit` bits into `bytes`, which start at a word of the payload.
    #[inline]
    pub fn new(bytes: &'a [u8], bit: u32) -> Self {
        let (bytes, bit) = if W::BYTES_ARE_STREAM && bit.is_multiple_of(8) {
            (bytes.get(bit as usize / 8..).unwrap_or_default(), 0)
        } else {
            (bytes, bit % 32)
        };
        Stream { bytes, bit, order: PhantomData }
    }

    /// Elements from tokens of `width` bits (1 to 32), by `value`.
    #[inline(always)]
    pub fn tokens<T: Copy>(self, width: u32, out: &mut [T], value: impl Fn(u32) -> T) {
        #[cfg(target_arch = "x86_64")]
        if let Some(unpacker) = Unpacker::new::<W>(self.bit, width, out.len()) {
            return self.blocks(
                width,
                out,
                |stream, tokens| stream.unpack_by(&unpacker, width, tokens),
                value,
            );
        }
        self.tokens_plain(width, out, value);
    }

    /// The same without instructions that not every processor has.
    #[inline(always)]
    fn tokens_plain<T: Copy>(self, width: u32, out: &mut [T], value: impl Fn(u32) -> T) {
        match width {
            8 => self.blocks(8, out, Self::bytes, |byte: u8| value(u32::from(byte))),
            16 => self.blocks(16, out, Self::halves, |half: u16| value(u32::from(half))),
            32 => self.words(out, |word| [value(word)]),
            _ => self.blocks(width, out, |stream, tokens| stream.unpack(width, tokens), value),
        }
    }

    /// Elements from whole words of the stream, `N` a word.
    #[inline(always)]
    pub fn words<T: Copy, const N: usize>(self, out: &mut [T], elements: impl Fn(u32) -> [T; N]) {
        let words = self.bytes.chunks_exact(4);
        let mut done = words.len().min(out.len() / N);
        if self.bit == 0 {
            for (run, word) in out.chunks_exact_mut(N).zip(words) {
                run.copy_from_slice(&elements(W::word([word[0], word[1], word[2], word[3]])));
            }
        } else {
            let next = self.bytes.get(4..).unwrap_or_default().chunks_exact(4);
            done = done.min(next.len());
            for ((run, word), next) in out.chunks_exact_mut(N).zip(words).zip(next) {
                let high = W::word([word[0], word[1], word[2], word[3]]) << self.bit;
                let low = W::word([next[0], next[1], next[2], next[3]]) >> (32 - self.bit);
                run.copy_from_slice(&elements(high | low));
            }
        }
        // What lies in the last words, some of them cut.
        for (index, run) in out.chunks_mut(N).enumerate().skip(done) {
            for (slot, value) in run.iter_mut().zip(elements(self.word(index))) {
                *slot = value;
            }
        }
    }

    /// Elements from whole words of a stream that starts at a word, `N` a word, without the first `skip`
    /// (less than `N`).
    #[inline(always)]
    pub fn words_after<T: Copy, const N: usize>(
        self,
        skip: usize,
        out: &mut [T],
        elements: impl Fn(u32) -> [T; N],
    ) {
        let head = (N - skip.min(N)) % N;
        let (first, rest) = out.split_at_mut(head.min(out.len()));
        if head == 0 {
            return self.words(rest, elements);
        }
        for (slot, value) in first.iter_mut().zip(elements(self.word(0)).into_iter().skip(skip)) {
            *slot = value;
        }
        Stream::<W>::new(self.bytes.get(4..).unwrap_or_default(), 0).words(rest, elements);
    }

    /// Elements from pairs of words of a stream that starts at a word; the first word is the upper half.
    #[inline(always)]
    pub fn longs<T>(self, out: &mut [T], value: impl Fn(u64) -> T) {
        for (slot, pair) in out.iter_mut().zip(self.bytes.chunks_exact(8)) {
            let high = W::word([pair[0], pair[1], pair[2], pair[3]]);
            let low = W::word([pair[4], pair[5], pair[6], pair[7]]);
            *slot = value(u64::from(high) << 32 | u64::from(low));
        }
    }

    /// Elements from tokens of `width` bits, a block at a time: `unpack` makes tokens, which stay in the
    /// nearest cache, and `value` turns them into elements. Both loops are simple enough to be vectorised,
    /// which one loop for both is not.
    #[inline(always)]
    fn blocks<N: Copy + Default, T: Copy>(
        self,
        width: u32,
        out: &mut [T],
        unpack: impl Fn(Self, &mut [N]),
        value: impl Fn(N) -> T,
    ) {
        let mut tokens = [N::default(); BLOCK];
        let stride = BLOCK / 8 * width as usize;
        for (block, run) in out.chunks_mut(BLOCK).enumerate() {
            let bytes = self.bytes.get(block * stride..).unwrap_or_default();
            unpack(Stream { bytes, ..self }, &mut tokens[..run.len()]);
            for (slot, &token) in run.iter_mut().zip(&tokens) {
                *slot = value(token);
            }
        }
    }

    /// Tokens of 8 bits.
    fn bytes(self, tokens: &mut [u8]) {
        self.words(tokens, u32::to_be_bytes);
    }

    /// Tokens of 16 bits.
    fn halves(self, tokens: &mut [u16]) {
        self.words(tokens, |word| [(word >> 16) as u16, word as u16]);
    }

    /// At most a block of tokens of any width: words in the order of the machine, then tokens by shifts that
    /// are constants.
    fn unpack(self, width: u32, tokens: &mut [u32]) {
        let mut words = [0; BLOCK_WORDS];
        let used = (tokens.len() * width as usize).div_ceil(32).min(BLOCK);
        self.words(&mut words[..used], |word| [word]);
        kernel(width)(&words, tokens);
    }

    /// At most a block of tokens by `unpacker`, the last few as on any other machine.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn unpack_by(self, unpacker: &Unpacker, width: u32, tokens: &mut [u32]) {
        let done = unpacker.unpack(self.bytes, tokens);
        if done < tokens.len() {
            let bytes = self.bytes.get(done / 8 * width as usize..).unwrap_or_default();
            Stream { bytes, ..self }.unpack(width, &mut tokens[done..]);
        }
    }

    /// Word `index` of the stream, zero bits past the end.
    fn word(&self, index: usize) -> u32 {
        let at = |index: usize| {
            let bytes = index.checked_mul(4).and_then(|start| self.bytes.get(start..)).unwrap_or_default();
            let mut word = [0; 4];
            for (slot, &byte) in word.iter_mut().zip(bytes) {
                *slot = byte;
            }
            W::word(word)
        };
        let window = u64::from(at(index)) << 32 | u64::from(at(index + 1));
        (window >> (32 - self.bit)) as u32
    }
}

/// Turns words into tokens.
type Kernel = fn(&[u32; BLOCK_WORDS], &mut [u32]);

/// Token `INDEX` of a group of tokens of `WIDTH` bits.
#[inline(always)]
fn token<const WIDTH: usize, const INDEX: usize>(words: &Window) -> u32 {
    let (word, bit) = (WIDTH * INDEX / 32, WIDTH * INDEX % 32);
    let window = u64::from(words[word]) << 32 | u64::from(words[word + 1]);
    ((window >> (64 - WIDTH - bit)) & ((1 << WIDTH) - 1)) as u32
}

/// The kernel of one width: all positions and shifts are constants.
fn unpack<const WIDTH: usize>(words: &[u32; BLOCK_WORDS], tokens: &mut [u32]) {
    for (index, group) in tokens.chunks_mut(GROUP).enumerate() {
        let Some(window) = words.get(index * WIDTH..).and_then(|words| words.first_chunk()) else { return };
        if let Some(group) = group.first_chunk_mut::<GROUP>() {
            unpack_group::<WIDTH>(window, group);
        } else {
            let mut whole = [0; GROUP];
            unpack_group::<WIDTH>(window, &mut whole);
            group.iter_mut().zip(whole).for_each(|(slot, token)| *slot = token);
        }
    }
}

/// 32 tokens of `WIDTH` bits.
#[inline(always)]
fn unpack_group<const WIDTH: usize>(words: &Window, tokens: &mut [u32; GROUP]) {
    macro_rules! store {
        ($($index:literal)*) => { $(tokens[$index] = token::<WIDTH, $index>(words);)* };
    }
    store!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31);
}

/// The kernel for tokens of `width` bits (1 to 32).
fn kernel(width: u32) -> Kernel {
    macro_rules! table {
        ($($width:literal)*) => { match width { $($width => unpack::<$width>,)* _ => unpack::<32> } };
    }
    table!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `packing.md` 1.3, literally.
    fn by_the_page(words: &[u32], start: u64, width: u32, index: u64) -> u32 {
        let position = start + index * u64::from(width);
        let (word, bit) = ((position >> 5) as usize, (position & 31) as u32);
        let at = |index: usize| u64::from(words.get(index).copied().unwrap_or(0));
        let window = at(word) << 32 | at(word + 1);
        ((window >> (64 - width - bit)) & ((1 << width) - 1)) as u32
    }

    proptest! {
        #[test]
        fn tokens_of_any_width_from_any_bit(
            words in prop::collection::vec(any::<u32>(), 0..700),
            bit in 0u32..32,
            width in 1u32..=32,
            cut in 0usize..600,
        ) {
            let bits = (words.len() as u64 * 32).saturating_sub(u64::from(bit));
            let count = ((bits / u64::from(width)) as usize).min(cut);
            let little: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            let big: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
            let (mut a, mut b) = (vec![0; count], vec![0; count]);
            Stream::<LittleWords>::new(&little, bit).tokens(width, &mut a, |token| token);
            Stream::<BigWords>::new(&big, bit).tokens(width, &mut b, |token| token);
            let page: Vec<u32> =
                (0..count as u64).map(|index| by_the_page(&words, bit.into(), width, index)).collect();
            prop_assert_eq!(&a, &page);
            prop_assert_eq!(&b, &page);
        }

        #[test]
        fn vector_units_give_the_same_tokens(
            bytes in prop::collection::vec(any::<u8>(), 0..3000),
            bit in 0u32..32,
            cut in 0usize..600,
        ) {
            for width in 1u32..=32 {
                let count = ((bytes.len() * 8).saturating_sub(31) / width as usize).saturating_sub(cut % 150);
                for count in [count, count.min(300 + cut)] {
                    let (mut a, mut b) = (vec![1; count], vec![2; count]);
                    Stream::<LittleWords>::new(&bytes, bit).tokens(width, &mut a, |token| token);
                    Stream::<LittleWords>::new(&bytes, bit).tokens_plain(width, &mut b, |token| token);
                    prop_assert_eq!(&a, &b);
                    Stream::<BigWords>::new(&bytes, bit).tokens(width, &mut a, |token| token);
                    Stream::<BigWords>::new(&bytes, bit).tokens_plain(width, &mut b, |token| token);
                    prop_assert_eq!(&a, &b);
                }
            }
        }

        #[test]
        fn bits_past_the_end_are_zero(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            bit in any::<u32>(),
            width in 1u32..=32,
            count in 0usize..300,
        ) {
            let mut out = vec![1; count];
            Stream::<LittleWords>::new(&bytes, bit).tokens(width, &mut out, |token| token);
            Stream::<BigWords>::new(&bytes, bit).tokens(width, &mut out, |token| token);
            let start = (bytes.len() * 8 / width as usize + 1).min(count);
            prop_assert!(out[start..].iter().all(|&token| token == 0));
        }
    }
}
