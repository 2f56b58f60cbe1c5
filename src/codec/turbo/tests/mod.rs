//! Tests of the turbo decoders: the vectors and rules of `turbo.md`, the golden files, and equality with a slow
//! reference on random streams.

mod golden;
mod plain;
mod random;
mod rules;
mod speed;
mod vectors;

use super::*;
use crate::codec::Container;

/// Bits written most significant first into 32-bit words.
#[derive(Clone, Default)]
struct Writer {
    words: Vec<u32>,
    pending: u64,
    count: u32,
}

impl Writer {
    /// Appends the low `width` bits (at most 32) of `value`.
    fn put(&mut self, value: u32, width: u32) {
        let value = u64::from(value) & ((1 << width) - 1);
        self.pending = self.pending << width | value;
        self.count += width;
        if self.count >= 32 {
            self.count -= 32;
            self.words.push((self.pending >> self.count) as u32);
        }
    }

    /// The words, the last one filled up with zeros.
    fn finish(mut self) -> Vec<u32> {
        if self.count > 0 {
            self.put(0, 32 - self.count);
        }
        self.words
    }
}

/// What a directory entry says.
fn packing(data_type: u8, pack_bits: u8, data_bits: u8, ni: usize, nj: usize, order: ByteOrder) -> Packing {
    let container = if order == ByteOrder::Big { Container::Xdf } else { Container::Rsf };
    Packing { container, order, data_type, pack_bits, data_bits, shape: [ni as u64, nj as u64, 1] }
}

/// Words as bytes.
fn bytes(words: &[u32], order: ByteOrder) -> Vec<u8> {
    let bytes = |word: &u32| match order {
        ByteOrder::Big => word.to_be_bytes(),
        ByteOrder::Little => word.to_le_bytes(),
    };
    words.iter().flat_map(bytes).collect()
}

/// Checks and decodes a payload into `out`.
fn decode(packing: &Packing, payload: &[u8], out: Elements<'_>) -> Result<(), Fault> {
    let head = &payload[..payload.len().min(HEAD)];
    Turbo::new(packing, head, payload.len() as u64)?.decode(payload, out)
}

/// The shape of level 0 as a number of elements.
fn points(packing: &Packing) -> usize {
    (packing.shape[0] * packing.shape[1]) as usize
}

/// Decodes to unsigned integers of 32 bits.
fn decode_u32(packing: &Packing, payload: &[u8]) -> Result<Vec<u32>, Fault> {
    let mut out = vec![0; points(packing)];
    decode(packing, payload, Elements::U32(&mut out))?;
    Ok(out)
}

/// Decodes to floats, as bit patterns.
fn decode_f32(packing: &Packing, payload: &[u8]) -> Result<Vec<u32>, Fault> {
    let mut out = vec![0.0; points(packing)];
    decode(packing, payload, Elements::F32(&mut out))?;
    Ok(out.into_iter().map(f32::to_bits).collect())
}

/// The payload of a type 130 record with that stream (which starts with the parameter word).
fn unsigned_payload(stream: &[u32]) -> Vec<u32> {
    let mut words = vec![stream.len() as u32 + 1];
    words.extend(stream);
    words
}

/// The parameter word.
fn parameters(predictor: u32, step: usize, nbits: u32) -> u32 {
    predictor | (step as u32) << 7 | nbits << 10
}

/// Tile origins and sizes: (i0, j0, columns, rows).
fn tiles_of(ni: usize, nj: usize, first: usize, step: usize) -> Vec<(usize, usize, usize, usize)> {
    let mut tiles = Vec::new();
    for j in (first..nj).step_by(step) {
        for i in (first..ni).step_by(step) {
            tiles.push((i, j, step.min(ni - i), step.min(nj - j)));
        }
    }
    tiles
}

/// A MINIMUM body.
fn encode_minimum(writer: &mut Writer, t: &[u32], ni: usize, nj: usize, step: usize, nbits: u32) {
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

/// A difference body with its container; each header is the smallest possible one plus `loose`, if it fits.
#[allow(clippy::too_many_arguments)]
fn encode_differences(
    writer: &mut Writer,
    t: &[u32],
    (ni, nj): (usize, usize),
    step: usize,
    nbits: u32,
    container: u32,
    widths: Widths,
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
        let header = (0..31).find(|header| widths.of(*header) >= needed).unwrap();
        let header = if header + loose() < 31.min(1 << container) { header + loose() } else { header };
        assert!(header < 1 << container, "container {container} cannot hold {header}");
        // The headers 15 and 16 mean the same; a looser one than needed may have become narrower.
        let header = if widths.of(header) < needed { header + 1 } else { header };
        writer.put(header, container);
        for d in differences {
            writer.put(d as u32, widths.of(header));
        }
    }
}

/// Pseudorandom numbers (xorshift).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.next() % limit
    }
}

/// A smooth field with some noise, of values below 2^nbits.
fn smooth(ni: usize, nj: usize, nbits: u32, noise: u32, seed: u64) -> Vec<u32> {
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
fn ieee_stream(mbits: u32, info: u32, sections: [Option<Vec<u32>>; 2], mantissas: Vec<u32>) -> Vec<u32> {
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
fn encode_signs(negative: &[bool]) -> Vec<u32> {
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
fn encode_ieee(floats: &[u32], ni: usize, nj: usize, mbits: u32) -> Vec<u32> {
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
        encode_differences(&mut writer, &offsets, (ni, nj), 3, ebits, 4, Widths::Ieee, || 0);
        writer.finish()
    });
    let mantissas: Vec<u32> = floats.iter().map(|bits| (bits & 0x7F_FFFF) >> (23 - mbits)).collect();
    let mut writer = Writer::default();
    encode_differences(&mut writer, &mantissas, (ni, nj), 3, mbits, 5, Widths::Ieee, || 0);
    ieee_stream(mbits, info, [signs, exponents], writer.finish())
}
