// SPDX-License-Identifier: MIT OR Apache-2.0
//! Builds standard files of any size: a directory of many entries over few payloads, laid out as `rsf.md` section 16 and
//! `xdf.md` section 14 say.
#![allow(dead_code)]

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// What a directory entry says of a field, and the payload that it describes.
#[derive(Clone, Debug)]
pub struct Field {
    pub nomvar: [u8; 4],
    pub typvar: [u8; 2],
    pub grtyp: u8,
    pub etiket: [u8; 12],
    /// The word of the date of validity (`xdf.md` 8.1).
    pub date_word: u32,
    pub ip: [u32; 3],
    /// Whether ip3 grows with the number of the record.
    pub numbered: bool,
    pub ig: [u32; 4],
    pub shape: [u32; 3],
    pub data_type: u8,
    pub pack_bits: u8,
    pub data_bits: u8,
    /// Payload words (`packing.md` 1.2).
    pub payload: Vec<u32>,
}

impl Field {
    /// A field of 32-bit reals.
    pub fn reals(ni: u32, nj: u32, value: impl Fn(u32, u32) -> f32) -> Field {
        let payload =
            (0..nj).flat_map(|j| (0..ni).map(move |i| (i, j))).map(|(i, j)| value(i, j).to_bits()).collect();
        Field {
            nomvar: *b"TT  ",
            typvar: *b"P ",
            grtyp: b'X',
            etiket: *b"T           ",
            date_word: 0x1681_BAD0,
            ip: [500, 0, 0],
            numbered: true,
            ig: [1001, 0, 1002, 7],
            shape: [ni, nj, 1],
            data_type: 5,
            pack_bits: 32,
            data_bits: 32,
            payload,
        }
    }

    /// The key words of record `number`, that both containers share.
    fn keys(&self, number: u32) -> [u32; 16] {
        let six = |byte: &u8| u32::from((byte.to_ascii_uppercase() - b' ') & 63);
        let packed = |text: &[u8]| text.iter().fold(0, |word, byte| word << 6 | six(byte));
        let [ni, nj, nk] = self.shape;
        let [ip1, ip2, ip3] = self.ip;
        let [ig1, ig2, ig3, ig4] = self.ig;
        [
            300 << 8 | u32::from(self.pack_bits),
            ni << 8 | u32::from(self.grtyp),
            nj << 8 | u32::from(self.data_type),
            nk << 12,
            12 << 6,
            ig4 << 8 | ig2 >> 16,
            ig1 << 8 | ig2 >> 8 & 0xFF,
            ig3 << 8 | ig2 & 0xFF,
            packed(&self.etiket[..5]) << 2,
            packed(&self.etiket[5..10]) << 2,
            packed(&self.etiket[10..]) << 20 | packed(&self.typvar) << 8,
            packed(&self.nomvar) << 8 | u32::from(self.data_bits),
            ip1 << 4,
            ip2 << 4,
            (if self.numbered { ip3 + number } else { ip3 }) << 4,
            self.date_word,
        ]
    }
}

fn long(value: u64) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&((value >> 32) as u32).to_le_bytes());
    bytes[4..].copy_from_slice(&(value as u32).to_le_bytes());
    bytes
}

fn start_marker(rt: u8, rlm: u16, rl: u64, rlmd: u16, dul: u8) -> Vec<u8> {
    [&[rt][..], &rlm.to_le_bytes(), &[0xFE], &long(rl), &rlmd.to_le_bytes(), &[0, dul]].concat()
}

fn end_marker(rt: u8, rlm: u16, rl: u64) -> Vec<u8> {
    [&long(rl)[..], &[rt], &rlm.to_le_bytes(), &[0xFF]].concat()
}

fn segment_start(sseg: u64, vdir: u64, vdirs: u64) -> Vec<u8> {
    let fields = [long(sseg - 68), long(sseg), long(vdir), long(vdirs)].concat();
    let sign = 0xDEAD_BEEFu32.to_le_bytes();
    [&start_marker(3, 0, 72, 19, 0)[..], b"RSF0STDF", &sign, &fields, &end_marker(3, 0, 72)].concat()
}

fn rsf_metadata(field: &Field, number: u32) -> Vec<u8> {
    let words = [0x0001_0101, 0, 0x0113_0000].into_iter().chain(field.keys(number));
    words.flat_map(u32::to_le_bytes).collect()
}

/// Writes an RSF file of one segment: every field once, in `records` entries that name the fields in turn. Record `i` of
/// a numbered field has `ip3 = i` added.
pub fn write_rsf(path: &Path, fields: &[Field], records: u32) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    file.write_all(&[0; 72])?;
    let mut at = 72u64;
    let mut places = Vec::new();
    for (which, field) in fields.iter().enumerate() {
        let bytes = 104 + 4 * field.payload.len() as u64;
        file.write_all(&start_marker(1, 19, bytes, 19, 4))?;
        file.write_all(&rsf_metadata(field, which as u32))?;
        for word in &field.payload {
            file.write_all(&word.to_le_bytes())?;
        }
        file.write_all(&end_marker(1, 19, bytes))?;
        places.push((at, bytes));
        at += bytes;
    }
    let vdirs = 20 + 108 * u64::from(records) + 12;
    file.write_all(&start_marker(6, 1, vdirs, 0, 0))?;
    file.write_all(&records.to_le_bytes())?;
    for number in 0..records {
        let which = number as usize % fields.len();
        let (wa, rl) = places[which];
        file.write_all(&[long(wa), long(rl), long(0)].concat())?;
        file.write_all(&(19u32 << 16 | 19).to_le_bytes())?;
        file.write_all(&[0; 4])?;
        file.write_all(&rsf_metadata(&fields[which], number))?;
    }
    file.write_all(&end_marker(6, 1, vdirs))?;
    let sseg = at + vdirs + 68;
    file.write_all(&start_marker(4, 19, 68, 19, 0))?;
    file.write_all(&0xBEBE_FADAu32.to_le_bytes())?;
    file.write_all(&0xCAFE_FADEu32.to_le_bytes())?;
    file.write_all(&[long(sseg - 68), long(sseg), long(at), long(vdirs)].concat())?;
    file.write_all(&end_marker(4, 19, 68))?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&segment_start(sseg, at, vdirs))?;
    file.flush()
}

/// Writes an XDF random file: every field once, in `records` entries (at most 262 144) that name the fields in turn,
/// as in [`write_rsf`].
pub fn write_xdf(path: &Path, fields: &[Field], records: u32) -> io::Result<()> {
    const PAGE_WORDS: u64 = 2308;
    let pages = u64::from(records.div_ceil(256)).max(1);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    // Header, all pages, then the records: addresses in words of 8 bytes, from 1.
    let mut address = 27 + PAGE_WORDS * pages;
    let mut places = Vec::new();
    for field in fields {
        let words = 10 + (field.payload.len() as u64).div_ceil(2);
        places.push((address, words));
        address += words;
    }
    let total = address - 1;
    let be = |words: &[u32]| -> Vec<u8> { words.iter().flat_map(|word| word.to_be_bytes()).collect() };
    let text = |text: &[u8; 4]| u32::from_be_bytes(*text);
    let mut header = vec![
        26,
        0,
        text(b"XDF0"),
        text(b"STDR"),
        total as u32,
        0,
        records,
        pages as u32,
        (27 + PAGE_WORDS * (pages - 1)) as u32,
        15,
        16 << 16 | 9,
        2 << 16 | 1,
        0,
        records,
        0,
        0,
    ];
    for key in 1..=16u32 {
        header.extend([
            text(format!("SF{key:02}").as_bytes().try_into().unwrap()),
            (32 * key - 1) << 19 | 31 << 14,
        ]);
    }
    header.extend([text(b"AXI1"), 31 << 19 | 31 << 14, text(b"AXI2"), 63 << 19 | 31 << 14]);
    file.write_all(&be(&header))?;
    let entry = |number: u32| -> Vec<u32> {
        let which = number as usize % fields.len();
        let (address, words) = places[which];
        // 24 bits: the length of a longer record is stored modulo 2^24, as writers do (`xdf.md` 7.4).
        let mut entry = vec![1 << 24 | words as u32 & 0xFF_FFFF, address as u32];
        entry.extend(fields[which].keys(number));
        entry
    };
    for page in 0..pages {
        let numbers = 256 * page as u32..records.min(256 * page as u32 + 256);
        let next = if page + 1 < pages { 27 + PAGE_WORDS * (page + 1) } else { 0 };
        let count = numbers.len() as u32;
        let mut words = vec![0x904, (27 + PAGE_WORDS * page) as u32, 0, 0, next as u32, count, 0, 0];
        words.extend(numbers.flat_map(entry));
        words.resize(2 * PAGE_WORDS as usize, 0);
        words[6] = words[4..].iter().fold(0, |sum, word| sum ^ word);
        file.write_all(&be(&words))?;
    }
    for (which, field) in fields.iter().enumerate() {
        file.write_all(&be(&entry(which as u32)))?;
        file.write_all(&[0; 8])?;
        let mut payload = field.payload.clone();
        payload.resize(payload.len().next_multiple_of(2), 0);
        file.write_all(&be(&payload))?;
    }
    file.flush()
}
