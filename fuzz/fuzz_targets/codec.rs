// SPDX-License-Identifier: MIT OR Apache-2.0
//! The plain packings: `inputs::codec`.
#![no_main]
#[path = "../inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|data: &[u8]| inputs::codec(data));
