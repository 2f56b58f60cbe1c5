// SPDX-License-Identifier: MIT OR Apache-2.0
//! Extended metadata and criteria on them: `inputs::metadata`.
#![no_main]
#[path = "../inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|data: &[u8]| inputs::metadata(data));
