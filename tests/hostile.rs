// SPDX-License-Identifier: MIT OR Apache-2.0
//! A campaign of damaged files: golden files with flipped bits, extreme values, cuts and splices, each opened, listed and
//! viewed. Only results or documented errors are right; nothing may crash, hang, or allocate beyond what the file
//! justifies.
//!
//! Deterministic: case `n` of a file is always the same. `FSTVIEW_HOSTILE_CASES` sets the number of cases a file.

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use common::builder::{Field, write_rsf, write_xdf};
use common::mutation::{EXTREMES, Random, mutate};
use common::{Opened, message, no_array, open_options, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

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
        std::env::var("FSTVIEW_HOSTILE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let mut opened = 0usize;
    let mut arrays = 0usize;
    let mut slowest = Duration::ZERO;
    let seeds = seeds();
    assert!(seeds.len() > 30, "{} seeds", seeds.len());
    for path in &seeds {
        let original = std::fs::read(path).unwrap();
        for case in 0..cases {
            let mut random = Random::new(
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

#[test]
fn records_that_claim_terabytes_are_refused_and_harm_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let sound = Field::reals(10, 5, |i, j| (i + 10 * j) as f32);
    let mut fields = vec![sound.clone()];
    for data_type in (0..=8).flat_map(|kind| [kind, kind | 64, kind | 128, kind | 192]) {
        for pack_bits in [0, 1, 8, 12, 16, 24, 32, 64] {
            for payload in [vec![0; 40], vec![u32::MAX; 40]] {
                let shape = [65_535, 65_535, 4095];
                fields.push(Field { shape, data_type, pack_bits, payload, ..sound.clone() });
            }
        }
    }
    let count = fields.len() as u32;
    for (name, written) in [
        ("huge.rsf", write_rsf(&folder.path().join("huge.rsf"), &fields, count)),
        ("huge.fst", write_xdf(&folder.path().join("huge.fst"), &fields, count)),
    ] {
        written.unwrap();
        let file = Opened::new(&folder.path().join(name), FST_ACCESS_AUTO, FST_MISSING_KEEP);
        assert_eq!(file.count(), fields.len());
        let mut refusals = std::collections::BTreeMap::<FstStatus, usize>::new();
        for record in 1..file.count() {
            let status = file.view(record).err().expect("an array of terabytes");
            let known = [
                FST_ERR_CORRUPT,
                FST_ERR_TRUNCATED,
                FST_ERR_UNSUPPORTED,
                FST_ERR_NO_MEMORY,
                FST_ERR_TYPE_MISMATCH,
            ];
            assert!(known.contains(&status), "{name}, record {record}: {status}, {}", message());
            *refusals.entry(status).or_default() += 1;
        }
        // No payload of 160 bytes can fill such an array, whatever its type.
        println!("{name}: {refusals:?}");
        assert_eq!(file.view(0).unwrap().array.size, 50);
    }
}

/// Every word where headers, segments and directories are, in turn: extreme values, and addresses that lead back, to the end
/// and behind it, so that chains loop and records overlap.
#[test]
fn each_word_of_a_header_takes_each_extreme_value() {
    let mut files: Vec<_> = seeds().into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    files.sort_by_key(|(image, _)| image.len());
    let of = |extension: &'static str| {
        let wanted = move |path: &Path| path.extension().is_some_and(|found| found == extension);
        files.iter().filter(move |(image, path)| wanted(path) && image.len() > 500).take(4)
    };
    let (mut cases, mut slowest) = (0, Duration::ZERO);
    for (original, path) in of("fst").chain(of("rsf")) {
        let len = original.len();
        let words = (0..len.min(600)).chain(len.saturating_sub(400).max(600)..len).step_by(4);
        for at in words.filter(|at| at + 4 <= len) {
            let places = [at as u32, at as u32 / 8 + 1, len as u32, len as u32 / 8, len as u32 / 8 + 1, 27];
            for value in EXTREMES.into_iter().chain(places) {
                for bytes in [value.to_le_bytes(), value.to_be_bytes()] {
                    let mut image = original.clone();
                    image[at..at + 4].copy_from_slice(&bytes);
                    let start = Instant::now();
                    exercise(&image, path, cases);
                    slowest = slowest.max(start.elapsed());
                    cases += 1;
                }
            }
        }
    }
    println!("hostile: {cases} words, slowest case {slowest:?}");
    assert!(cases > 20_000 && slowest < Duration::from_secs(20), "{cases}, {slowest:?}");
}
