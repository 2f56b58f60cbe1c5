// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory: what a view holds, and that it goes back. Resident size belongs to the whole process, so these tests are in a
//! program of their own and take turns.

mod common;

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use common::builder::{Field, write_rsf};
use common::{Opened, encode, no_array, open, open_options, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

static TURN: Mutex<()> = Mutex::new(());

/// Resident memory of this process, bytes: the kernel counts the pages themselves. (What `/proc/self/statm` has may lag
/// behind by some pages for each processor.)
fn resident() -> u64 {
    kilobytes("/proc/self/smaps_rollup", "Rss:")
}

/// The figure of a line of such a file of the kernel's, bytes.
fn kilobytes(path: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(path).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// 64 MiB of 32-bit reals, in a record as they are.
fn unpacked(path: &Path) {
    write_rsf(path, &[Field::reals(4096, 4096, |i, j| 1.5 + i as f32 + j as f32)], 1).unwrap();
}

#[test]
fn memory_goes_back_with_the_last_release() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    unpacked(&path);
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
    unpacked(&path);
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

/// Prints the growth of resident memory, and holds it against that row of the table in `docs/views.md`.
fn row(what: &str, before: u64, now: u64) {
    let page = std::fs::read_to_string(root().join("docs/views.md")).unwrap();
    let rows: Vec<&str> =
        page.lines().filter_map(|line| line.strip_prefix(&format!("| {what} | "))).collect();
    assert_eq!(rows.len(), 1, "rows of docs/views.md: {what}");
    let said: f64 = rows[0].trim_end_matches(" |").parse().unwrap();
    let grown = now.saturating_sub(before) as f64 / 1048576.0;
    println!("{what}: {grown:.1} MiB");
    assert!((grown - said).abs() <= 1.5, "{what}: {grown} MiB, docs/views.md says {said}");
}

#[test]
fn pages_of_a_mapped_view_are_resident_when_they_are_touched() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    unpacked(&path);
    let options = FstOpenOptions { access: FST_ACCESS_MAP, ..open_options() };
    let before = resident();
    let file = Opened { handle: open(&path, &options).unwrap() };
    let view = file.view(0).unwrap();
    row("mapped file opened, a record of it viewed", before, resident());
    let part = view.bytes().len() / 16;
    assert!(
        view.bytes()[..part].iter().any(|byte| *byte != 0) && crc32fast::hash(&view.bytes()[..part]) != 0
    );
    row("the first 1/16 of the array read", before, resident());
    let writable = FstViewOptions {
        struct_size: size_of::<FstViewOptions>() as u32,
        flags: FST_VIEW_WRITABLE,
        ..FstViewOptions::default()
    };
    let own = file.view_with(0, &writable).unwrap();
    row("a writable view of the same record besides", before, resident());
    // SAFETY: the array is writable, and this thread's alone.
    unsafe { own.array.data.cast_mut().cast::<u8>().write_bytes(7, part) };
    row("the first 1/16 of the writable view written", before, resident());
    drop(own);
    row("writable view released", before, resident());
    drop(view);
    drop(file);
    row("view released, file closed", before, resident());
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
        row("packed record, decoded view", before, resident());
        let again = file.view(0).unwrap();
        assert_eq!(again.array.origin, FST_ORIGIN_SHARED);
        row("a second view of it", before, resident());
        drop((view, again));
        if cache == 0 {
            row("both released", before, resident());
            continue;
        }
        row("both released, with `cache_bytes` of 70 MiB", before, resident());
        drop(file.view(1).unwrap());
        row("… another record viewed and released: the first one went", before, resident());
        assert_eq!(file.view(1).unwrap().array.origin, FST_ORIGIN_SHARED);
        assert_eq!(file.view(0).unwrap().array.origin, FST_ORIGIN_DECODED);
        drop(file);
        row("… file closed", before, resident());
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
    row(
        "batch of 8 packed records on 4 threads, at its peak",
        before,
        kilobytes("/proc/self/status", "VmHWM:"),
    );
    row("… with its 8 views", before, resident());
    for array in &arrays {
        assert_eq!(fst_view_release(array.view), FST_OK);
    }
    row("… views released", before, resident());
}
