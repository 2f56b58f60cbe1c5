// SPDX-License-Identifier: MIT OR Apache-2.0
//! RSF containers: arbitrary bytes behind the marks that make a file one.
#![no_main]
#[allow(dead_code)]
mod shared;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut image = data.to_vec();
    if image.len() >= 72 {
        image[16..24].copy_from_slice(b"RSF0STDF");
        if image[24] != 0xDE {
            image[24..28].copy_from_slice(&[0xEF, 0xBE, 0xAD, 0xDE]);
            image[..12].copy_from_slice(&[3, 0, 0, 0xFE, 0, 0, 0, 0, 72, 0, 0, 0]);
            image[60..72].copy_from_slice(&[0, 0, 0, 0, 72, 0, 0, 0, 3, 0, 0, 0xFF]);
        }
    }
    shared::exercise_image(&image);
});
