// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that were cut or partly overwritten: every record that is sound is given, byte for byte, and nothing that the whole
//! file does not have; `complete` is 0, and what was skipped is listed with a reason. Strictly, such files are refused.

mod common;

use common::mutation::Random;
use common::{Opened, message, open_options, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

/// A record of the whole file: where it lies, what it is, its array.
struct Whole {
    start: u64,
    end: u64,
    ip: [i32; 3],
    crc: Option<u32>,
}

fn record(file: &Opened, number: usize) -> Whole {
    let info = read_info(file.handle, number);
    Whole {
        start: info.file_offset,
        end: info.file_offset + info.stored_bytes,
        ip: [info.ip1, info.ip2, info.ip3],
        crc: file.view(number).ok().map(|view| crc32fast::hash(view.bytes())),
    }
}

fn open_image(image: &[u8], strict: u32) -> Result<Opened, FstStatus> {
    let mut handle = FstFile { id: 0 };
    let options = FstOpenOptions { strict, ..open_options() };
    // SAFETY: the image outlives the file in all of these tests.
    match unsafe { fst_open_memory(image.as_ptr().cast(), image.len(), &options, &mut handle) } {
        FST_OK => Ok(Opened { handle }),
        status => Err(status),
    }
}

/// The messages of the problems of a file.
fn problems(file: &Opened) -> Vec<String> {
    // SAFETY: integers only.
    let mut list = vec![unsafe { std::mem::zeroed::<FstProblem>() }; 200];
    list.iter_mut().for_each(|problem| problem.struct_size = size_of::<FstProblem>() as u32);
    let mut found = 0;
    // SAFETY: 200 places.
    assert_eq!(unsafe { fst_file_problems(file.handle, list.as_mut_ptr(), 200, &mut found) }, FST_OK);
    list.iter()
        .take(found)
        .map(|problem| {
            assert!(problem.status < FST_OK && problem.file_number == 0);
            problem
                .message
                .iter()
                .map(|byte| *byte as u8)
                .take_while(|byte| *byte != 0)
                .map(char::from)
                .collect()
        })
        .collect()
}

/// Whole files of both containers, with their records in the order of their places.
fn files() -> Vec<(&'static str, Vec<u8>, Vec<Whole>)> {
    ["model.fst", "model.rsf", "metadata.rsf", "missing.fst"]
        .map(|name| {
            let image = std::fs::read(root().join("tests/data").join(name)).unwrap();
            let file = open_image(&image, 1).unwrap();
            let mut records: Vec<_> = (0..file.count()).map(|number| record(&file, number)).collect();
            records.sort_by_key(|record| record.start);
            drop(file);
            (name, image, records)
        })
        .into()
}

/// What a damaged file gives.
fn given(file: &Opened) -> Vec<Whole> {
    (0..file.count()).map(|number| record(file, number)).collect()
}

/// Checks that a damaged file says so.
fn says_so(file: &Opened, image: &[u8], what: &str) {
    assert_eq!(file.info().complete, 0, "{what}");
    let said = problems(file);
    assert!(!said.is_empty() && said.iter().all(|text| text.len() > 20), "{what}: {said:?}");
    assert!(open_image(image, 1).is_err(), "{what} opens although strict");
    assert!(!message().is_empty());
}

/// Checks that a cut random XDF file says of the records that its first directory pages list which ones are lost, and of the
/// others that it does not know them; gives how many it listed.
fn says_what_is_lost(file: &Opened, records: &[Whole], what: &str) -> usize {
    let said = problems(file);
    let (listed, others): (Vec<_>, Vec<_>) = said.iter().partition(|text| text.contains("lost: record "));
    assert!(others.len() <= 2, "{what}: {others:?}");
    let all_known = !others.iter().any(|text| text.contains("are not known"));
    if all_known {
        assert_eq!(listed.len(), records.len().min(99), "{what}");
    }
    for (text, record) in listed.iter().zip(records) {
        assert!(
            text.contains(&format!("byte {}:", record.start)),
            "{what}: {text}, record at {}",
            record.start
        );
    }
    listed.len()
}

#[test]
fn a_file_that_was_cut_gives_every_record_before_the_cut() {
    let (mut cuts, mut recovered, mut lost) = (0, 0, 0);
    for (name, image, records) in files() {
        let mut random = Random::new(u64::from(crc32fast::hash(name.as_bytes())));
        let ends = records.iter().flat_map(|record| [record.end - 1, record.end, record.end + 1]);
        let ends: Vec<usize> = ends.map(|end| end as usize).filter(|end| *end < image.len()).collect();
        for case in 0..120 {
            let cut = if case % 2 == 0 { ends[random.below(ends.len())] } else { random.below(image.len()) };
            let (image, what) = (&image[..cut], format!("{name} cut at byte {cut}"));
            let expected: Vec<&Whole> = records.iter().filter(|record| record.end <= cut as u64).collect();
            let file = match open_image(image, 0) {
                Ok(file) => file,
                Err(status) => {
                    assert!(expected.is_empty(), "{what}: status {status}, {} records lost", expected.len());
                    assert!(
                        [FST_ERR_TRUNCATED, FST_ERR_CORRUPT, FST_ERR_NOT_FST].contains(&status),
                        "{what}: {status}"
                    );
                    continue;
                }
            };
            says_so(&file, image, &what);
            let found = given(&file);
            assert_eq!(found.len(), expected.len(), "{what}: records");
            for (found, expected) in found.iter().zip(&expected) {
                assert_eq!(
                    (found.start, found.ip, found.crc),
                    (expected.start, expected.ip, expected.crc),
                    "{what}"
                );
            }
            if name.ends_with(".fst") {
                lost += says_what_is_lost(&file, &records[found.len()..], &what);
            }
            cuts += 1;
            recovered += found.len();
        }
    }
    println!("recovery: {cuts} cuts, {recovered} records, {lost} listed as lost");
    assert!(cuts > 400 && lost > 5000);
}

#[test]
fn a_directory_that_was_overwritten_costs_no_record() {
    for (name, image, records) in files().into_iter().filter(|(name, ..)| name.ends_with("rsf")) {
        // Behind the last record: the directory, until the end of the segment.
        let start = records.iter().map(|record| record.end).max().unwrap() as usize;
        let mut random = Random::new(u64::from(crc32fast::hash(name.as_bytes())));
        let mut damaged = 0;
        for case in 0..60 {
            let mut image = image.clone();
            let at = start + random.below(image.len() - start - 64);
            let len = 1 + random.below(300);
            image.iter_mut().skip(at).take(len).for_each(|byte| *byte = random.next() as u8);
            let what = format!("{name}, case {case}: {len} bytes at {at} of the directory");
            let file =
                open_image(&image, 0).unwrap_or_else(|status| panic!("{what}: {status}, {}", message()));
            if file.info().complete == 0 {
                damaged += 1;
                says_so(&file, &image, &what);
                let found = given(&file);
                assert_eq!(found.len(), records.len(), "{what}");
                assert!(
                    found.iter().zip(&records).all(|(a, b)| (a.start, a.crc) == (b.start, b.crc)),
                    "{what}"
                );
            }
        }
        println!("recovery: {name}, {damaged} of 60 directories were beyond use");
        assert!(damaged > 0, "{name}");
    }
}

#[test]
fn records_that_were_not_touched_are_those_of_the_whole_file() {
    let mut kept = 0;
    for (name, image, records) in files() {
        let mut random = Random::new(u64::from(crc32fast::hash(name.as_bytes())) + 1);
        for case in 0..40 {
            let mut image = image.clone();
            let first = records[0].start as usize;
            let last = records.iter().map(|record| record.end).max().unwrap() as usize;
            let (at, len) = (first + random.below(last - first), 1 + random.below(4096));
            let end = (at + len).min(last);
            image[at..end].iter_mut().for_each(|byte| *byte = random.next() as u8);
            let what = format!("{name}, case {case}: bytes {at} to {end}");
            // The directory is sound: each record is still listed, in its place.
            let file =
                open_image(&image, 0).unwrap_or_else(|status| panic!("{what}: {status}, {}", message()));
            let found = given(&file);
            for expected in
                records.iter().filter(|record| record.end <= at as u64 || record.start >= end as u64)
            {
                let same = found.iter().find(|found| found.start == expected.start);
                let same =
                    same.unwrap_or_else(|| panic!("{what}: the record at byte {} is lost", expected.start));
                assert_eq!((same.ip, same.crc), (expected.ip, expected.crc), "{what}");
                kept += 1;
            }
        }
    }
    println!("recovery: {kept} records beside overwritten ones");
}
