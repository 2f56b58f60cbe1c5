// SPDX-License-Identifier: MIT OR Apache-2.0
//! A child process uses what it inherited, opens more, runs batches and ends, whatever the threads of its parent were
//! doing when it was made.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::{Opened, Viewed, no_array, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

/// What the child does; its exit status is the number of the step that failed.
fn child(file: FstFile, view: FstView, sum: u32, records: usize) -> i32 {
    let step = |number: i32, right: bool| if right { 0 } else { number };
    let mut array = no_array();
    // SAFETY: valid structs throughout.
    unsafe {
        if fst_view_array(view, &mut array) != FST_OK {
            return 1;
        }
        let bytes = std::slice::from_raw_parts(array.data.cast::<u8>(), array.nbytes as usize);
        if crc32fast::hash(bytes) != sum {
            return 2;
        }
        for record in 0..records {
            let mut array = no_array();
            if fst_record_view(file, record, std::ptr::null(), &mut array) != FST_OK
                || fst_view_release(array.view) != FST_OK
            {
                return 3;
            }
        }
        let numbers: Vec<usize> = (0..records).collect();
        let mut arrays = vec![no_array(); records];
        let statuses = std::ptr::null_mut();
        let outcome = fst_record_view_many(
            file,
            numbers.as_ptr(),
            records,
            std::ptr::null(),
            arrays.as_mut_ptr(),
            statuses,
        );
        if outcome != FST_OK || arrays.iter().any(|array| fst_view_release(array.view) != FST_OK) {
            return 4;
        }
    }
    let more = Opened::new(&root().join("tests/data/model.fst"), FST_ACCESS_MAP, FST_MISSING_KEEP);
    let same = (0..more.count()).all(|record| more.view(record).is_ok());
    drop(more);
    step(5, same) + step(6, fst_view_release(view) == FST_OK) + step(7, fst_close(file) == FST_OK)
}

#[test]
fn a_child_works_with_what_it_inherits() {
    let busy = AtomicBool::new(true);
    for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
        let path = root().join("tests/data/model.rsf");
        let file = Opened::new(&path, access, FST_MISSING_KEEP);
        let options = FstOpenOptions { access, cache_bytes: 1 << 20, ..common::open_options() };
        let cached = Opened { handle: common::open(&path, &options).unwrap() };
        let view = file.view(5).unwrap();
        let sum = crc32fast::hash(view.bytes());
        let records = file.count();
        busy.store(true, Ordering::Relaxed);
        std::thread::scope(|scope| {
            // Threads that hold locks and decode, so that forks meet them at every stage.
            for thread in 0..3 {
                let (file, cached, busy) = (&file, &cached, &busy);
                scope.spawn(move || {
                    let mut record = thread;
                    while busy.load(Ordering::Relaxed) {
                        record = (record + 7) % records;
                        let held: Vec<Viewed> =
                            [file, cached].into_iter().map(|file| file.view(record).unwrap()).collect();
                        drop(held);
                    }
                });
            }
            for round in 0..60 {
                // SAFETY: the child calls this library and ends by `_exit`; nothing else of the parent is touched.
                let child_id = unsafe { libc::fork() };
                assert!(child_id >= 0, "fork: {}", std::io::Error::last_os_error());
                if child_id == 0 {
                    let handle = if round % 2 == 0 { file.handle } else { cached.handle };
                    let status = child(handle, view.array.view, sum, records);
                    // SAFETY: ends the child at once.
                    unsafe { libc::_exit(status) };
                }
                let mut status = 0;
                let start = std::time::Instant::now();
                loop {
                    // SAFETY: waits for our own child.
                    let ended = unsafe { libc::waitpid(child_id, &mut status, libc::WNOHANG) };
                    if ended == child_id {
                        break;
                    }
                    if start.elapsed().as_secs() > 60 {
                        // SAFETY: ends our own child.
                        unsafe { libc::kill(child_id, libc::SIGKILL) };
                        busy.store(false, Ordering::Relaxed);
                        panic!("round {round}: the child hangs");
                    }
                    std::thread::sleep(std::time::Duration::from_millis(1));
                }
                if status != 0 {
                    busy.store(false, Ordering::Relaxed);
                    panic!("round {round}: the child ended with {status:#x} (step {})", status >> 8);
                }
            }
            busy.store(false, Ordering::Relaxed);
        });
        drop(view);
        assert_eq!(file.stats().live_views, 0);
    }
}
