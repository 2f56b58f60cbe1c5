// SPDX-License-Identifier: MIT OR Apache-2.0
//! Encoders of payloads, as writers make them: `packing.md` section 10 for the plain packings, `turbo.md` for the
//! compressed ones. Everything here is plain and slow; it makes the input of tests and benches.
#![allow(dead_code)]

/// Bits written most significant first into 32-bit words.
#[derive(Clone, Default)]
pub struct Writer {
    words: Vec<u32>,
    pending: u64,
    count: u32,
}

impl Writer {
    /// Appends the low `width` bits (at most 32) of `value`.
    pub fn put(&mut self, value: u32, width: u32) {
        let value = u64::from(value) & ((1 << width) - 1);
        self.pending = self.pending << width | value;
        self.count += width;
        if self.count >= 32 {
            self.count -= 32;
            self.words.push((self.pending >> self.count) as u32);
        }
    }

    /// The words, the last one filled up with zeros.
    pub fn finish(mut self) -> Vec<u32> {
        if self.count > 0 {
            self.put(0, 32 - self.count);
        }
        self.words
    }
}

/// The parameter word.
pub fn parameters(predictor: u32, step: usize, nbits: u32) -> u32 {
    predictor | (step as u32) << 7 | nbits << 10
}

/// Tile origins and sizes: (i0, j0, columns, rows).
pub fn tiles_of(ni: usize, nj: usize, first: usize, step: usize) -> Vec<(usize, usize, usize, usize)> {
    let mut tiles = Vec::new();
    for j in (first..nj).step_by(step) {
        for i in (first..ni).step_by(step) {
            tiles.push((i, j, step.min(ni - i), step.min(nj - j)));
        }
    }
    tiles
}

/// A MINIMUM body.
pub fn encode_minimum(writer: &mut Writer, t: &[u32], ni: usize, nj: usize, step: usize, nbits: u32) {
    for (i0, j0, w, h) in tiles_of(ni, nj, 0, step) {
        let tile: Vec<u32> = (0..w * h).map(|k| t[i0 + k % w + ni * (j0 + k / w)]).collect();
        let low = *tile.iter().min().unwrap();
        let range = tile.iter().max().unwrap() - low;
        let nb = (32 - range.leading_zeros()).min(15);
        writer.put(nb, 4);
        if nb < 15 {
            writer.put(low, nbits);
        }
        for value in tile {
            if nb == 15 { writer.put(value, 16) } else { writer.put(value - low, nb) }
        }
    }
}

/// Bits of the tokens of a tile of PARALLELOGRAM with header `header` (`turbo.md` 5.2).
pub fn token_width(header: u32) -> u32 {
    match header {
        15 | 16 => 17,
        header => ieee_width(header),
    }
}

/// The same in a difference stream of the IEEE compressor (`turbo.md` 6.4).
pub fn ieee_width(header: u32) -> u32 {
    if header == 0 { 0 } else { header + 1 }
}

/// A difference body with its container; each header is the smallest possible one plus `loose`, if it fits.
#[allow(clippy::too_many_arguments)]
pub fn encode_differences(
    writer: &mut Writer,
    t: &[u32],
    (ni, nj): (usize, usize),
    step: usize,
    nbits: u32,
    container: u32,
    widths: impl Fn(u32) -> u32,
    mut loose: impl FnMut() -> u32,
) {
    writer.put(container, 3);
    for token in &t[..ni] {
        writer.put(*token, nbits);
    }
    for j in 1..nj {
        writer.put(t[ni * j], nbits);
    }
    let at = |i: usize, j: usize| i64::from(t[i + ni * j]);
    for (i0, j0, w, h) in tiles_of(ni, nj, 1, step) {
        let differences: Vec<i64> = (0..w * h)
            .map(|k| (i0 + k % w, j0 + k / w))
            .map(|(i, j)| at(i, j) - at(i, j - 1) - at(i - 1, j) + at(i - 1, j - 1))
            .collect();
        let bits = |d: i64| if d == 0 { 0 } else { 65 - (d ^ (d >> 63)).leading_zeros() };
        let needed = differences.iter().map(|d| bits(*d)).max().unwrap();
        let header = (0..31).find(|header| widths(*header) >= needed).unwrap();
        let header = if header + loose() < 31.min(1 << container) { header + loose() } else { header };
        assert!(header < 1 << container, "container {container} cannot hold {header}");
        // The headers 15 and 16 mean the same; a looser one than needed may have become narrower.
        let header = if widths(header) < needed { header + 1 } else { header };
        writer.put(header, container);
        for d in differences {
            writer.put(d as u32, widths(header));
        }
    }
}

/// Pseudorandom numbers (xorshift).
pub struct Noise(pub u64);

impl Noise {
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        self.next() % limit
    }
}

/// A smooth field with some noise, of values below 2^nbits.
pub fn smooth(ni: usize, nj: usize, nbits: u32, noise: u32, seed: u64) -> Vec<u32> {
    let mut random = Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let top = ((1u64 << nbits) - 1) as f64;
    let value = |k: usize, noise: u32| {
        let (x, y) = ((k % ni) as f64 / 97.0, (k / ni) as f64 / 61.0);
        let wave = (x.sin() * (0.7 * y).cos() + 0.3 * (2.1 * x + y).sin()) / 2.6 + 0.5;
        (wave * top + f64::from(noise)).clamp(0.0, top) as u32
    };
    (0..ni * nj).map(|k| value(k, if noise == 0 { 0 } else { random.below(noise + 1) })).collect()
}

/// The parts of a 133 stream behind word 0, with the sections that are given.
pub fn ieee_stream(mbits: u32, info: u32, sections: [Option<Vec<u32>>; 2], mantissas: Vec<u32>) -> Vec<u32> {
    let mut words = vec![parameters(5, 3, mbits), info];
    for section in sections.into_iter().flatten() {
        words.push(4 * (section.len() as u32 + 1));
        words.extend(section);
        words.push(0x5555_5555);
    }
    words.push(0);
    words.extend(mantissas);
    words
}

/// A sign section.
pub fn encode_signs(negative: &[bool]) -> Vec<u32> {
    let mut writer = Writer::default();
    let mut k = 0;
    while k < negative.len() {
        let run = negative[k..].iter().take_while(|sign| **sign == negative[k]).count();
        if run < 8 {
            writer.put(0, 1);
            let literals = &negative[k..negative.len().min(k + 7)];
            literals.iter().for_each(|sign| writer.put(u32::from(*sign), 1));
            k += literals.len();
        } else {
            let first = run.min(62);
            writer.put(0x80 | u32::from(negative[k]) << 6 | first as u32, 8);
            k += first;
            for _ in 0..(run - first) / 255 {
                writer.put(0xFF, 8);
                k += 255;
            }
        }
    }
    writer.finish()
}

/// A 133 stream of floats, as writers make it.
pub fn encode_ieee(floats: &[u32], ni: usize, nj: usize, mbits: u32) -> Vec<u32> {
    let exponents: Vec<u32> = floats.iter().map(|bits| bits >> 23 & 0xFF).collect();
    let base = *exponents.iter().min().unwrap();
    let range = exponents.iter().max().unwrap() - base;
    let ebits = 32 - range.leading_zeros();
    let negative: Vec<bool> = floats.iter().map(|bits| bits >> 31 == 1).collect();
    let mut info = base << 16 | ebits << 8;
    let mut signs = None;
    if negative.contains(&true) {
        info |= if negative.contains(&false) { 0x20 } else { 0x10 };
        signs = negative.contains(&false).then(|| encode_signs(&negative));
    }
    let exponents = (range > 0).then(|| {
        info |= 8;
        let offsets: Vec<u32> = exponents.iter().map(|exponent| exponent - base).collect();
        let mut writer = Writer::default();
        encode_differences(&mut writer, &offsets, (ni, nj), 3, ebits, 4, ieee_width, || 0);
        writer.finish()
    });
    let mantissas: Vec<u32> = floats.iter().map(|bits| (bits & 0x7F_FFFF) >> (23 - mbits)).collect();
    let mut writer = Writer::default();
    encode_differences(&mut writer, &mantissas, (ni, nj), 3, mbits, 5, ieee_width, || 0);
    ieee_stream(mbits, info, [signs, exponents], writer.finish())
}

/// A stream of tokens of `width` bits behind the low `before.1` bits of `before.0`.
fn tokens(before: &[(u32, u32)], values: impl Iterator<Item = u32>, width: u32) -> Vec<u32> {
    let mut writer = Writer::default();
    before.iter().for_each(|(value, bits)| writer.put(*value, *bits));
    values.for_each(|value| writer.put(value, width));
    writer.finish()
}

/// Unsigned integers of `nbits` bits (`packing.md` 3.3).
pub fn unsigned(values: &[u32], nbits: u32) -> Vec<u32> {
    tokens(&[], values.iter().copied(), nbits)
}

/// Signed integers of `nbits` bits (`packing.md` 3.5).
pub fn signed(values: &[i32], nbits: u32) -> Vec<u32> {
    let bias = 1i64 << (nbits - 1);
    tokens(&[], values.iter().map(|value| (i64::from(*value) + bias) as u32), nbits)
}

/// 32-bit reals cut to `nbits` bits (`packing.md` 3.7).
pub fn ieee(values: &[f32], nbits: u32) -> Vec<u32> {
    tokens(&[], values.iter().map(|value| value.to_bits() >> (32 - nbits)), nbits)
}

/// 64-bit reals (`packing.md` 3.7).
pub fn ieee64(values: &[f64]) -> Vec<u32> {
    values.iter().flat_map(|value| [(value.to_bits() >> 32) as u32, value.to_bits() as u32]).collect()
}

/// Smallest and largest value.
fn extremes(values: &[f32]) -> (f32, f32) {
    values
        .iter()
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// What the header of an R field says: the two words that hold the scale, and the tokens of `width` bits.
fn quantize(values: &[f32], width: u32) -> ([u32; 2], Vec<u32>) {
    let (min, max) = extremes(values);
    let (min, range) = (f64::from(min), (f64::from(max) - f64::from(min)) * 2.0);
    let exponent = if range == 0.0 { 0 } else { (range.to_bits() >> 52) as i32 - 1023 };
    let scale = ((exponent - width as i32 + 4096) as u32) << 16;
    let bits = min.to_bits();
    let words = if min == 0.0 {
        [scale | 0x1110, 0]
    } else {
        let biased = (bits >> 52 & 0x7FF) as u32 - 47;
        let fraction = (bits >> 29 & 0x7F_FFFF) as u32;
        [scale | biased << 4 | u32::from(min < 0.0), 1 << 31 | fraction << 8]
    };
    let factor = 2f64.powi(width as i32 - exponent);
    (words, values.iter().map(|value| ((f64::from(*value) - min) * factor) as u32).collect())
}

/// R, with tokens of `width` bits (`packing.md` 3.2).
pub fn quantized(values: &[f32], width: u32) -> Vec<u32> {
    let ([w1, w2], list) = quantize(values, width);
    let first = 0x7FF0_0000 | values.len() as u32 & 0xF_FFFF;
    tokens(&[(first, 32), (w1, 32), (w2, 32), (width, 24)], list.into_iter(), width)
}

/// What the header of an F field says, and the tokens of `width` bits (`packing.md` 3.8).
fn normalize(values: &[f32], width: u32) -> ([u32; 3], Vec<u32>) {
    let field = |value: f32| value.to_bits() >> 23 & 0xFF;
    let (min, max) = extremes(values);
    let exponent = field(min).max(field(max));
    let mantissa = |value: f32| {
        let (bits, shift) = (value.to_bits(), exponent.saturating_sub(field(value)).min(31));
        let magnitude = match field(value) {
            0 => 0,
            _ => (1 << 23 | bits & 0x7F_FFFF) >> shift,
        };
        if value < 0.0 { -(magnitude as i32) } else { magnitude as i32 }
    };
    let low = mantissa(min);
    let top = (1 << width) - 1;
    let mut shift = 0;
    while (mantissa(max) - low) >> shift > top {
        shift += 1;
    }
    let round = if shift == 0 { 0 } else { 1 << (shift - 1) };
    let list =
        values.iter().map(|value| ((mantissa(*value) - low + round) >> shift).min(top) as u32).collect();
    ([0xEFF0_0000 | (width - 1) << 16 | exponent << 8 | shift, low as u32, values.len() as u32], list)
}

/// F, packed in `width` bits, at most 16 (`packing.md` 3.8).
pub fn normalized(values: &[f32], width: u32) -> Vec<u32> {
    let (header, list) = normalize(values, width);
    tokens(&header.map(|word| (word, 32)), list.into_iter(), 16)
}

/// The stream of 16-bit tokens that writers choose (`turbo.md` 5.4), parameter word included.
pub fn token_stream(t: &[u32], ni: usize, nj: usize, nbits: u32) -> Vec<u32> {
    let mut writer = Writer::default();
    if ni < 16 || nj < 16 || nbits <= 4 {
        writer.put(parameters(3, 5, nbits), 32);
        encode_minimum(&mut writer, t, ni, nj, 5, nbits);
    } else {
        writer.put(parameters(4, 3, nbits), 32);
        let container = if nbits > 15 { 5 } else { 4 };
        encode_differences(&mut writer, t, (ni, nj), 3, nbits, container, token_width, || 0);
    }
    writer.finish()
}

/// A compressed payload: word 0, the words of the packing's header, the stream.
fn compressed(header: &[u32], stream: &[u32]) -> Vec<u32> {
    [&[(header.len() + stream.len()) as u32 + 1], header, stream].concat()
}

/// 130: compressed unsigned integers.
pub fn turbo_unsigned(values: &[u32], ni: usize, nj: usize, nbits: u32) -> Vec<u32> {
    compressed(&[], &token_stream(values, ni, nj, nbits))
}

/// 129: compressed R.
pub fn turbo_quantized(values: &[f32], ni: usize, nj: usize, nbits: u32) -> Vec<u32> {
    let ([w1, w2], list) = quantize(values, nbits);
    let count = values.len() as u32;
    let header = [0xFFF0_0000 | count & 0xF_FFFF, w1, w2, count >> 20 | nbits << 8];
    compressed(&header, &token_stream(&list, ni, nj, nbits))
}

/// 134: compressed F.
pub fn turbo_normalized(values: &[f32], ni: usize, nj: usize, nbits: u32) -> Vec<u32> {
    let (header, list) = normalize(values, nbits);
    compressed(&header, &token_stream(&list, ni, nj, nbits))
}

/// 133: compressed 32-bit reals of `nbits` bits.
pub fn turbo_ieee(values: &[f32], ni: usize, nj: usize, nbits: u32) -> Vec<u32> {
    let bits: Vec<u32> = values.iter().map(|value| value.to_bits()).collect();
    compressed(&[], &encode_ieee(&bits, ni, nj, nbits - 9))
}
