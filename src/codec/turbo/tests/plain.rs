// SPDX-License-Identifier: MIT OR Apache-2.0
//! The decoders again, slow and obvious: one bit at a time, whole grids, the formulas as `turbo.md` writes them.
//! `None` stands for any fault.

use super::*;

/// A position in a bit stream.
#[derive(Clone)]
pub struct Reader<'a> {
    words: &'a [u32],
    pub position: usize,
}

impl<'a> Reader<'a> {
    pub fn new(words: &'a [u32]) -> Reader<'a> {
        Reader { words, position: 0 }
    }

    pub fn bits(&mut self, n: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..n {
            let word = self.words.get(self.position / 32)?;
            value = value << 1 | word >> (31 - self.position % 32) & 1;
            self.position += 1;
        }
        Some(value)
    }

    fn sext(&mut self, n: u32) -> Option<i64> {
        let value = i64::from(self.bits(n)?);
        Some(if n > 0 && value >> (n - 1) == 1 { value - (1 << n) } else { value })
    }

    fn container(&mut self) -> Option<u32> {
        self.bits(3).filter(|container| (1..=5).contains(container))
    }
}

pub fn minimum(reader: &mut Reader<'_>, ni: usize, nj: usize, step: usize, nbits: u32) -> Option<Vec<u32>> {
    let mut t = vec![0; ni * nj];
    for (i0, j0, w, h) in tiles_of(ni, nj, 0, step) {
        let nb = reader.bits(4)?;
        let low = if nb == 15 { 0 } else { reader.bits(nbits)? };
        for k in 0..w * h {
            let token = reader.bits(if nb == 15 { 16 } else { nb })?;
            t[i0 + k % w + ni * (j0 + k / w)] = (low + token) & 0xFFFF;
        }
    }
    Some(t)
}

/// PARALLELOGRAM and the difference streams; results modulo 2^32.
pub fn differences(
    reader: &mut Reader<'_>,
    (ni, nj): (usize, usize),
    step: usize,
    nbits: u32,
    ieee: bool,
) -> Option<Vec<u32>> {
    let c = reader.container()?;
    let mut d = vec![0i64; ni * nj];
    let mut t = vec![0u32; ni * nj];
    for point in &mut t[..ni] {
        *point = reader.bits(nbits)?;
    }
    for j in 1..nj {
        t[ni * j] = reader.bits(nbits)?;
    }
    for (i0, j0, w, h) in tiles_of(ni, nj, 1, step) {
        let width = match reader.bits(c)? {
            0 => 0,
            15 | 16 if !ieee => 17,
            nb => nb + 1,
        };
        if width > 31 {
            return None;
        }
        for k in 0..w * h {
            d[i0 + k % w + ni * (j0 + k / w)] = reader.sext(width)?;
        }
    }
    for j in 1..nj {
        for i in 1..ni {
            let at = |i: usize, j: usize| i64::from(t[i + ni * j]);
            t[i + ni * j] = (d[i + ni * j] + at(i, j - 1) + at(i - 1, j) - at(i - 1, j - 1)) as u32;
        }
    }
    Some(t)
}

/// The 1-D rule, `z[1]` to `z[n]`.
fn cubic(z: &mut [i64], n: i64) {
    let left = (n - 1) % 3;
    let last = n - 3 - left;
    let limit = if left == 0 { last - 3 } else { last };
    let mut p = 1;
    while p <= last {
        let r = limit.min(p.max(4));
        let at = |k: i64| z[k as usize];
        let (z1, z2, z3, z4) = (at(r - 3), at(r), at(r + 3), at(n.min(r + 6)));
        for x in [p + 1 - r, p + 2 - r] {
            let s = x
                * (6 * (2 * x * x * ((z4 - z1) + 3 * (z2 - z3)) + 18 * x * ((z1 + z3) - 2 * z2))
                    + 108 * (6 * z3 - z4 - 3 * z2 - 2 * z1));
            let value = 1944 * z2 + s;
            z[(r + x) as usize] = value.signum() * ((2 * value.abs() + 1944) / (2 * 1944));
        }
        p += 3;
    }
    if left == 2 {
        let value = z[n as usize] + z[n as usize - 2];
        z[n as usize - 1] = value.signum() * ((2 * value.abs() + 2) / 4);
    }
}

/// Positions of the nodes in a direction of `n` points.
pub fn nodes(n: usize) -> Vec<usize> {
    let count = n.div_ceil(3) + usize::from(!(n - 1).is_multiple_of(3));
    (0..count).map(|q| if q + 1 == count { n - 1 } else { 3 * q }).collect()
}

pub fn sample(reader: &mut Reader<'_>, ni: usize, nj: usize, nbits: u32) -> Option<Vec<u32>> {
    let mut sizes = vec![(ni, nj)];
    for level in 0..3 {
        sizes.push((nodes(sizes[level].0).len(), nodes(sizes[level].1).len()));
    }
    let mut coarse = Vec::new();
    for _ in 0..sizes[3].0 * sizes[3].1 {
        coarse.push(i64::from(reader.bits(nbits)?));
    }
    for level in [2, 1, 0] {
        let (mi, mj) = sizes[level];
        let (qi, qj) = (nodes(mi), nodes(mj));
        let mut d = vec![0; mi * mj];
        let c = reader.container()?;
        for (i0, j0, w, h) in tiles_of(mi, mj, 0, 3) {
            let width = match reader.bits(c)? {
                0 => 0,
                15 | 16 => 17,
                nb => nb + 1,
            };
            if width > 18 {
                return None;
            }
            for k in 1..w * h {
                d[i0 + k % w + mi * (j0 + k / w)] = reader.sext(width)?;
            }
        }
        let mut p = vec![0; mi * mj];
        for (b, j) in qj.iter().enumerate() {
            let mut z = vec![0; mi + 1];
            for (a, i) in qi.iter().enumerate() {
                z[i + 1] = coarse[a + b * qi.len()];
            }
            cubic(&mut z, mi as i64);
            p[mi * j..mi * j + mi].copy_from_slice(&z[1..]);
        }
        for i in 0..mi {
            let mut z = vec![0; mj + 1];
            for j in 0..mj {
                z[j + 1] = p[i + mi * j];
            }
            cubic(&mut z, mj as i64);
            for j in 0..mj {
                p[i + mi * j] = z[j + 1];
            }
        }
        for k in 0..mi * mj {
            p[k] += d[k];
            if level == 0 {
                p[k] = p[k].max(0);
            }
        }
        if level == 0 {
            for (b, j) in qj.iter().enumerate() {
                for (a, i) in qi.iter().enumerate() {
                    p[i + mi * j] = coarse[a + b * qi.len()];
                }
            }
        }
        coarse = p;
    }
    Some(coarse.into_iter().map(|value| (value & 0xFFFF) as u32).collect())
}

fn signs(reader: &mut Reader<'_>, points: usize) -> Option<Vec<u32>> {
    let mut signs = Vec::new();
    let mut last = None;
    while signs.len() < points {
        if reader.bits(1)? == 0 {
            for _ in 0..7.min(points - signs.len()) {
                signs.push(reader.bits(1)?);
            }
            continue;
        }
        let v = reader.bits(1)?;
        let c = reader.bits(6)?;
        if c == 63 {
            signs.extend([last?; 255]);
        } else {
            signs.extend(vec![v; c as usize]);
            last = Some(v);
        }
        if signs.len() > points {
            return None;
        }
    }
    Some(signs)
}

/// A 133 stream, from the parameter word on, as float bits.
pub fn ieee(stream: &[u32], ni: usize, nj: usize) -> Option<Vec<u32>> {
    let mbits = stream.first()? >> 10 & 0x1F;
    let info = *stream.get(1)?;
    let mut start = 2;
    let n = ni * nj;
    let mut section = |present: bool| -> Option<Option<Reader<'_>>> {
        if !present {
            return Some(None);
        }
        let words = *stream.get(start)? as usize / 4;
        let reader = Reader { words: stream, position: 32 * (start + 1) };
        start += 1 + words;
        (start <= stream.len()).then_some(Some(reader))
    };
    let sign_section = section(info & 0x20 != 0)?;
    let exponent_section = section(info & 0x08 != 0)?;
    let signs = match sign_section {
        Some(mut reader) => signs(&mut reader, n)?,
        None => vec![u32::from(info & 0x30 == 0x10); n],
    };
    let offsets = match exponent_section {
        Some(mut reader) => differences(&mut reader, (ni, nj), 3, info >> 8 & 0xFF, true)?,
        None => vec![0; n],
    };
    let mut reader = Reader { words: stream, position: 32 * (start + 1) };
    let mantissas = if info & 3 == 0 {
        differences(&mut reader, (ni, nj), 3, mbits, true)?
    } else {
        (0..n).map(|_| reader.bits(mbits)).collect::<Option<_>>()?
    };
    let base = info >> 16 & 0xFF;
    let float = |k: usize| {
        let exponent = base.wrapping_add(offsets[k]) & 0xFF;
        signs[k] << 31 | exponent << 23 | mantissas[k] << (23 - mbits)
    };
    Some((0..n).map(float).collect())
}
