// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arbitrary bytes opened, listed, searched and viewed through the C ABI.
#![no_main]

use fstview::ffi::types::*;
use fstview::ffi::*;
use libfuzzer_sys::fuzz_target;

fn documented(status: FstStatus) -> bool {
    assert!(status <= FST_OK && status > FST_ERR_INTERNAL, "status {status}");
    status == FST_OK
}

fuzz_target!(|data: &[u8]| {
    let options = FstOpenOptions {
        struct_size: size_of::<FstOpenOptions>() as u32,
        max_array_bytes: 1 << 24,
        threads: 1,
        missing: FST_MISSING_CODES,
        ..FstOpenOptions::default()
    };
    let mut file = FstFile { id: 0 };
    let mut count = 0;
    // SAFETY: every pointer is to a valid place of the right size, and the image outlives file and views.
    unsafe {
        if !documented(fst_open_memory(data.as_ptr().cast(), data.len(), &options, &mut file)) {
            return;
        }
        assert!(documented(fst_record_count(file, &mut count)));
        let mut found = 0;
        assert!(documented(fst_find(file, std::ptr::null(), std::ptr::null_mut(), 0, &mut found)));
        assert_eq!(found, count);
        for record in 0..count.min(1000) {
            let mut info: FstRecordInfo = std::mem::zeroed();
            info.struct_size = size_of::<FstRecordInfo>() as u32;
            assert!(documented(fst_record_info(file, record, &mut info)));
            let mut array: FstArray = std::mem::zeroed();
            array.struct_size = size_of::<FstArray>() as u32;
            if documented(fst_record_view(file, record, std::ptr::null(), &mut array)) {
                let bytes = std::slice::from_raw_parts(array.data.cast::<u8>(), array.nbytes as usize);
                std::hint::black_box(bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)));
                assert!(documented(fst_view_release(array.view)));
            }
        }
        assert!(documented(fst_close(file)));
    }
});
