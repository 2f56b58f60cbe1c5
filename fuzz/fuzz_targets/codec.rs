// SPDX-License-Identifier: MIT OR Apache-2.0
//! The plain packings: any directory entry, any payload; a run of elements must equal the same part of the whole.
#![no_main]
#[allow(dead_code)]
mod shared;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some((packing, payload)) = shared::packing(data, |kind| kind & 0x7F) {
        shared::exercise_payload(&packing, payload);
    }
});
