// SPDX-License-Identifier: MIT OR Apache-2.0
//! Turbo compression: any directory entry of a compressed type, any payload.
#![no_main]
#[allow(dead_code)]
mod shared;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let kinds = [129, 130, 133, 134];
    if let Some((packing, payload)) = shared::packing(data, |kind| kinds[usize::from(kind & 3)] | kind & 64) {
        shared::exercise_payload(&packing, payload);
    }
});
