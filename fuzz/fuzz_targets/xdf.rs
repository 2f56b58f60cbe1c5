// SPDX-License-Identifier: MIT OR Apache-2.0
//! XDF containers: arbitrary bytes behind a header that is recognised, whose size is right as often as not.
#![no_main]
#[allow(dead_code)]
mod shared;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut image = data.to_vec();
    if image.len() >= 64 {
        image[8..12].copy_from_slice(b"XDF0");
        image[12..15].copy_from_slice(b"STD");
        if !matches!(image[15], b'R' | b'S') {
            image[15] = if image[15] & 1 == 0 { b'R' } else { b'S' };
        }
        if image[7] & 1 == 0 {
            let words = (image.len() / 8) as u32;
            image.truncate(8 * words as usize);
            image[16..20].copy_from_slice(&words.to_be_bytes());
        }
    }
    shared::exercise_image(&image);
});
