// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory: what a view holds, and that it goes back. Resident size belongs to the whole process, so these tests are in a
//! program of their own and take turns.

mod common;

use std::sync::{Mutex, PoisonError};

use common::builder::{Field, write_rsf};
use common::{Opened, open, open_options};
use fstview::ffi::types::*;

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
