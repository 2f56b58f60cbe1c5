// SPDX-License-Identifier: MIT OR Apache-2.0
//! A campaign of damaged files: golden files with flipped bits, extreme values, cuts and splices, each opened, listed and
//! viewed. Only results or documented errors are right; nothing may crash, hang, or allocate beyond what the file
//! justifies.
//!
//! Deterministic: case `n` of a file is always the same. `FSTVIEW_HOSTILE_CASES` sets the number of cases a file.

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::{Opened, message, no_array, open_options, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

/// A small generator whose sequence depends on the seed alone.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

const EXTREMES: [u32; 12] =
    [0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x00FF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF];

fn mutate(image: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        // Half of the damage goes to the first bytes and to the last ones, where headers and directories are.
        let at = match random.below(4) {
            0 => random.below(image.len().min(512)),
            1 => image.len() - 1 - random.below(image.len().min(2048)),
            _ => random.below(image.len()),
        };
        match random.below(7) {
            0 => image[at] ^= 1 << random.below(8),
            1 => image[at] = random.next() as u8,
            2 | 3 => {
                let word = EXTREMES[random.below(EXTREMES.len())];
                let bytes = if random.below(2) == 0 { word.to_le_bytes() } else { word.to_be_bytes() };
                let at = at & !3;
                for (to, from) in image.iter_mut().skip(at).zip(bytes) {
                    *to = from;
                }
            }
            4 => image.truncate(at.max(1)),
            5 => {
                let (len, from) = (1 + random.below(256), random.below(image.len()));
                let piece: Vec<u8> = image.iter().copied().skip(from).take(len).collect();
                for (to, from) in image.iter_mut().skip(at).zip(piece) {
                    *to = from;
                }
            }
            _ => {
                let len = 4 * (1 + random.below(64));
                let piece: Vec<u8> = image.iter().copied().skip(at).take(len).collect();
                let to = random.below(image.len());
                image.splice(to..to, piece);
            }
        }
    }
}

/// Opens, lists, views and reads everything; returns how many records gave an array.
fn exercise(image: &[u8], file_name: &Path, case: u64) -> usize {
    let documented = |status: FstStatus| {
        let known = (FST_ERR_INTERNAL + 1..=FST_OK).contains(&status);
        assert!(known, "{} case {case}: status {status}, {}", file_name.display(), message());
    };
    let options = FstOpenOptions { max_array_bytes: 1 << 26, threads: 1, ..open_options() };
    let mut handle = FstFile { id: 0 };
    // SAFETY: the image outlives the file, which is closed below.
    let status = unsafe { fst_open_memory(image.as_ptr().cast(), image.len(), &options, &mut handle) };
    documented(status);
    if status != FST_OK {
        return 0;
    }
    let file = Opened { handle };
    let count = file.count();
    // The smallest record or directory entry of any container takes 60 bytes.
    assert!(count <= image.len() / 60 + 1, "{count} records in {} bytes", image.len());
    let mut arrays = 0;
    let mut total = 0u64;
    for record in 0..count {
        common::read_info(file.handle, record);
        let mut length = 0;
        let mut text = [0u8; 100];
        // SAFETY: a buffer of that capacity.
        let status = unsafe {
            fst_record_metadata(file.handle, record, text.as_mut_ptr().cast(), text.len(), &mut length)
        };
        documented(status);
        let mut array = no_array();
        // SAFETY: a valid struct.
        let status = unsafe { fst_record_view(file.handle, record, std::ptr::null(), &mut array) };
        documented(status);
        if status == FST_OK {
            let view = common::Viewed { array };
            // Every byte is really there.
            std::hint::black_box(crc32fast::hash(view.bytes()));
            arrays += 1;
            total += view.array.nbytes;
        }
        if total > 1 << 30 {
            break;
        }
    }
    arrays
}

fn seeds() -> Vec<PathBuf> {
    let mut list = Vec::new();
    for folder in ["tests/data", "tests/data/containers"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            let is_file = path.extension().is_some_and(|extension| extension == "rsf" || extension == "fst");
            if is_file && entry.metadata().unwrap().len() < 400_000 {
                list.push(path);
            }
        }
    }
    list.sort();
    list
}

#[test]
fn damaged_files_give_results_or_documented_errors() {
    let cases: u64 =
        std::env::var("FSTVIEW_HOSTILE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let mut opened = 0usize;
    let mut arrays = 0usize;
    let mut slowest = Duration::ZERO;
    let seeds = seeds();
    assert!(seeds.len() > 30, "{} seeds", seeds.len());
    for path in &seeds {
        let original = std::fs::read(path).unwrap();
        for case in 0..cases {
            let mut random = Random(
                0x9E37_79B9_7F4A_7C15
                    ^ (case << 20)
                    ^ crc32fast::hash(path.file_name().unwrap().as_encoded_bytes()) as u64,
            );
            let mut image = original.clone();
            mutate(&mut image, &mut random);
            let start = Instant::now();
            let found = exercise(&image, path, case);
            slowest = slowest.max(start.elapsed());
            opened += usize::from(found > 0);
            arrays += found;
        }
    }
    println!(
        "hostile: {} files, {} cases, {opened} still gave arrays ({arrays} in all), slowest case {slowest:?}",
        seeds.len(),
        seeds.len() as u64 * cases
    );
    // A hang shows here and not as a test that never ends.
    assert!(slowest < Duration::from_secs(20), "{slowest:?}");
}
