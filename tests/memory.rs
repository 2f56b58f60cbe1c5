// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory: what a view holds, and that it goes back. Resident size belongs to the whole process, so these tests are in a
//! program of their own and take turns.

mod common;

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use common::builder::{Field, write_rsf};
use common::{Opened, encode, no_array, open, open_options};
use fstview::ffi::types::*;
use fstview::ffi::*;

static TURN: Mutex<()> = Mutex::new(());

/// Resident memory of this process, bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn memory_goes_back_with_the_last_release() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    // 64 MB of 32-bit reals in a record of its own: what is resident is what the view holds.
    write_rsf(&path, &[Field::reals(4096, 4096, |i, j| 1.5 + i as f32 + j as f32)], 1).unwrap();
    let options = FstOpenOptions { access: FST_ACCESS_READ, ..open_options() };
    let file = Opened { handle: open(&path, &options).unwrap() };
    let before = resident();
    let view = file.view(0).unwrap();
    assert_eq!(view.array.origin, FST_ORIGIN_READ);
    let during = resident();
    drop(view);
    let after = resident();
    println!("resident: {before} before, {during} with a view of 64 MiB, {after} after its release");
    assert!(during > before + (60 << 20), "{before} {during}");
    assert!(after < before + (8 << 20), "{before} {after}");
}

#[test]
fn a_mapped_view_touches_no_page_of_the_payload() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    write_rsf(&path, &[Field::reals(4096, 4096, |i, j| 1.5 + i as f32 + j as f32)], 1).unwrap();
    let options = FstOpenOptions { access: FST_ACCESS_MAP, ..open_options() };
    let before = resident();
    let file = Opened { handle: open(&path, &options).unwrap() };
    let view = file.view(0).unwrap();
    assert_eq!(view.array.origin, FST_ORIGIN_MAPPED);
    let after = resident();
    assert!(after < before + (4 << 20), "{before} {after}");
    assert_eq!(view.array.shape, [4096, 4096, 1]);
    assert_eq!(view.bytes()[..4], 1.5f32.to_le_bytes());
}

/// 64 MiB of reals that are packed in 16 bits each, in `records` entries of one payload.
fn packed(path: &Path, records: u32) {
    let reals: Vec<f32> = (0..4096 * 4096).map(|at| (at % 1000) as f32).collect();
    let field = Field {
        data_type: 6,
        pack_bits: 16,
        payload: encode::normalized(&reals, 16),
        ..Field::reals(4096, 4096, |_, _| 0.0)
    };
    write_rsf(path, &[field], records).unwrap();
}

/// Prints a row of the table in `docs/views.md`, and holds the growth of resident memory against its bounds.
fn row(what: &str, before: u64, now: u64, bounds: RangeInclusive<u64>) {
    let grown = now.saturating_sub(before);
    println!("{what}: {:.1} MiB", grown as f64 / 1048576.0);
    let (least, most) = (bounds.start() << 20, (bounds.end() << 20) + (2 << 20));
    assert!(grown >= least && grown <= most, "{what}: {grown} bytes, expected {bounds:?} MiB");
}

#[test]
fn pages_of_a_mapped_view_are_resident_when_they_are_touched() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    write_rsf(&path, &[Field::reals(4096, 4096, |i, j| 1.5 + i as f32 + j as f32)], 1).unwrap();
    let options = FstOpenOptions { access: FST_ACCESS_MAP, ..open_options() };
    let before = resident();
    let file = Opened { handle: open(&path, &options).unwrap() };
    let view = file.view(0).unwrap();
    row("mapped view, untouched", before, resident(), 0..=0);
    let part = view.bytes().len() / 16;
    assert!(
        view.bytes()[..part].iter().any(|byte| *byte != 0) && crc32fast::hash(&view.bytes()[..part]) != 0
    );
    row("mapped view, first 1/16 read", before, resident(), 4..=4);
    let writable = FstViewOptions {
        struct_size: size_of::<FstViewOptions>() as u32,
        flags: FST_VIEW_WRITABLE,
        ..FstViewOptions::default()
    };
    let own = file.view_with(0, &writable).unwrap();
    row("and a writable view of it, untouched", before, resident(), 4..=4);
    // SAFETY: the array is writable, and this thread's alone.
    unsafe { own.array.data.cast_mut().cast::<u8>().write_bytes(7, part) };
    row("first 1/16 of the writable view written", before, resident(), 8..=8);
    drop(own);
    row("writable view released", before, resident(), 4..=4);
    drop(view);
    drop(file);
    row("mapped view released, file closed", before, resident(), 0..=0);
}

#[test]
fn decoded_arrays_are_resident_while_a_view_or_the_cache_has_them() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packed.rsf");
    packed(&path, 3);
    for cache in [0u64, 70] {
        let options = FstOpenOptions { access: FST_ACCESS_READ, cache_bytes: cache << 20, ..open_options() };
        let file = Opened { handle: open(&path, &options).unwrap() };
        let before = resident();
        let view = file.view(0).unwrap();
        assert_eq!(view.array.origin, FST_ORIGIN_DECODED);
        row("decoded view of 64 MiB", before, resident(), 64..=64);
        let again = file.view(0).unwrap();
        assert_eq!(again.array.origin, FST_ORIGIN_SHARED);
        row("a second view of the record", before, resident(), 64..=64);
        drop((view, again));
        let kept = if cache == 0 { 0 } else { 64 };
        row(&format!("both released, cache of {cache} MiB"), before, resident(), kept..=kept);
        drop(file.view(1).unwrap());
        row("another record viewed and released", before, resident(), kept..=kept);
        drop(file);
        row("file closed", before, resident(), 0..=0);
    }
}

#[test]
fn a_batch_holds_its_results_and_a_bounded_scratch() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("packed.rsf");
    packed(&path, 8);
    let options = FstOpenOptions { access: FST_ACCESS_READ, threads: 4, ..open_options() };
    let file = Opened { handle: open(&path, &options).unwrap() };
    let numbers: Vec<usize> = (0..8).collect();
    let mut arrays = vec![no_array(); 8];
    let before = resident();
    // The high-water mark of this process starts anew.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    // SAFETY: eight numbers, eight structs.
    let status = unsafe {
        let options = std::ptr::null();
        let statuses = std::ptr::null_mut();
        fst_record_view_many(file.handle, numbers.as_ptr(), 8, options, arrays.as_mut_ptr(), statuses)
    };
    assert_eq!(status, FST_OK);
    row("batch of 8 records of 64 MiB on 4 threads, at its peak", before, peak(), 512..=516);
    row("with its views", before, resident(), 512..=512);
    for array in &arrays {
        assert_eq!(fst_view_release(array.view), FST_OK);
    }
    row("views released", before, resident(), 0..=0);
}

/// The most that has been resident since the mark was set, bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}
