// SPDX-License-Identifier: MIT OR Apache-2.0
//! The library, and one function more that has a defect: it panics.
// The C functions of the library are exported from here, too.
pub use fstview::ffi::*;

/// Panics inside a call: on the calling thread, or on up to `threads` threads of a batch.
#[unsafe(no_mangle)]
pub extern "C" fn fst_test_panic(threads: u32) -> types::FstStatus {
    panicking_call(threads)
}
