// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arbitrary bytes through the C ABI: `inputs::abi`.
#![no_main]
#[path = "../inputs.rs"]
mod inputs;

libfuzzer_sys::fuzz_target!(|data: &[u8]| inputs::abi(data));
