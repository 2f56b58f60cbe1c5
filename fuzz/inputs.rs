// SPDX-License-Identifier: MIT OR Apache-2.0
//! What each fuzz target does with its input. The targets are thin: `tests/fuzz.rs` runs the same functions on the stable
//! toolchain, over the seeds and over every input that was ever found.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use fstview::codec::element::Elements;
use fstview::codec::{Access, ByteOrder, Container, Layout, Packing};
use fstview::ffi::types::*;
use fstview::ffi::*;
use fstview::file::{File, OpenOptions};
use fstview::metadata::Criterion;
use fstview::view::ViewOptions;

/// A name, and what is done with the input.
#[allow(dead_code)]
pub type Target = (&'static str, fn(&[u8]));

/// The targets, by the names that they have in `fuzz_targets`, `seeds` and `regressions`.
#[allow(dead_code)]
pub const TARGETS: [Target; 6] =
    [("xdf", xdf), ("rsf", rsf), ("codec", codec), ("turbo", turbo), ("metadata", metadata), ("abi", abi)];

/// XDF containers: arbitrary bytes behind a header that is recognised, whose size is right as often as not.
pub fn xdf(data: &[u8]) {
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
    exercise_image(&image);
}

/// RSF containers: arbitrary bytes behind the marks that make a file one.
pub fn rsf(data: &[u8]) {
    let mut image = data.to_vec();
    if image.len() >= 72 {
        image[16..24].copy_from_slice(b"RSF0STDF");
        if image[24] != 0xDE {
            image[24..28].copy_from_slice(&[0xEF, 0xBE, 0xAD, 0xDE]);
            image[..12].copy_from_slice(&[3, 0, 0, 0xFE, 0, 0, 0, 0, 72, 0, 0, 0]);
            image[60..72].copy_from_slice(&[0, 0, 0, 0, 72, 0, 0, 0, 3, 0, 0, 0xFF]);
        }
    }
    exercise_image(&image);
}

/// The plain packings: any directory entry, any payload; a run of elements must equal the same part of the whole.
pub fn codec(data: &[u8]) {
    if let Some((packing, payload)) = packing(data, |kind| kind & 0x7F) {
        exercise_payload(&packing, payload);
    }
}

/// Turbo compression: any directory entry of a compressed type, any payload.
pub fn turbo(data: &[u8]) {
    let kinds = [129, 130, 133, 134];
    if let Some((packing, payload)) = packing(data, |kind| kinds[usize::from(kind & 3)] | kind & 64) {
        exercise_payload(&packing, payload);
    }
}

/// Extended metadata: a criterion and a text, of which the first NUL separates them. Without a NUL, the input is both: what
/// is an object meets itself, unless a null or a wildcard in it decides otherwise.
pub fn metadata(data: &[u8]) {
    let mut pieces = data.splitn(2, |byte| *byte == 0);
    let (first, second) = (pieces.next().unwrap_or_default(), pieces.next());
    match (Criterion::new(first), second) {
        (Ok(criterion), Some(text)) => {
            criterion.accepts(text);
        }
        (Ok(criterion), None) => {
            let text = String::from_utf8_lossy(first);
            let plain = !["null", "-", "NaN", "nan", "\"\""].iter().any(|special| text.contains(special));
            assert!(criterion.accepts(first) || !plain, "an object does not meet itself: {text}");
        }
        (Err(_), Some(text)) => {
            let all = Criterion::new(b"{}").expect("an object");
            all.accepts(text);
        }
        (Err(_), None) => {}
    }
}

/// Arbitrary bytes opened, listed, searched, viewed and read through the C ABI.
pub fn abi(data: &[u8]) {
    let options = FstOpenOptions {
        struct_size: size_of::<FstOpenOptions>() as u32,
        max_array_bytes: 1 << 24,
        threads: 1,
        missing: FST_MISSING_CODES,
        ..FstOpenOptions::default()
    };
    let mut file = FstFile { id: 0 };
    // SAFETY: every pointer, here and in `exercise_file`, is to a valid place of the right size, and the image outlives file
    // and views.
    unsafe {
        if documented(fst_open_memory(data.as_ptr().cast(), data.len(), &options, &mut file)) {
            exercise_file(file);
            assert!(documented(fst_close(file)));
            assert_eq!(fst_close(file), FST_ERR_INVALID_HANDLE);
        }
    }
}

fn documented(status: FstStatus) -> bool {
    assert!(status <= FST_OK && status > FST_ERR_INTERNAL, "status {status}");
    status == FST_OK
}

/// # Safety
/// `file` must be an open file whose image stays.
unsafe fn exercise_file(file: FstFile) {
    let mut count = 0;
    // SAFETY: as this function's contract and `abi` say.
    unsafe {
        assert!(documented(fst_record_count(file, &mut count)));
        let mut found = 0;
        assert!(documented(fst_find(file, null(), null_mut(), 0, &mut found)));
        assert_eq!(found, count);
        assert!(documented(fst_file_problems(file, null_mut(), 0, &mut found)));
        let mut search: FstSearch = std::mem::zeroed();
        search.struct_size = size_of::<FstSearch>() as u32;
        search.metadata = c"{}".as_ptr();
        documented(fst_search(file, &search, null_mut(), 0, &mut found));
        let mut kind = 0;
        documented(fst_find_levels(file, null(), null_mut(), null_mut(), &mut kind, 0, &mut found));
        let (mut schema, mut array) =
            (std::mem::MaybeUninit::<ArrowSchema>::uninit(), std::mem::MaybeUninit::<ArrowArray>::uninit());
        if documented(fst_index_export(file, schema.as_mut_ptr(), array.as_mut_ptr())) {
            release_arrow(schema.as_mut_ptr().cast(), 7);
            release_arrow(array.as_mut_ptr().cast(), 8);
        }
        let options =
            FstViewOptions { struct_size: size_of::<FstViewOptions>() as u32, ..Default::default() };
        for record in 0..count.min(1000) {
            let mut info: FstRecordInfo = std::mem::zeroed();
            info.struct_size = size_of::<FstRecordInfo>() as u32;
            assert!(documented(fst_record_info(file, record, &mut info)));
            let mut text = [0 as c_char; 64];
            documented(fst_record_metadata(file, record, text.as_mut_ptr(), text.len(), &mut found));
            let mut grid: FstGrid = std::mem::zeroed();
            grid.struct_size = size_of::<FstGrid>() as u32;
            documented(fst_record_grid(file, record, &mut grid));
            let mut array: FstArray = std::mem::zeroed();
            array.struct_size = size_of::<FstArray>() as u32;
            if documented(fst_record_view(file, record, null(), &mut array)) {
                let bytes = std::slice::from_raw_parts(array.data.cast::<u8>(), array.nbytes as usize);
                let mut place = vec![0u128; bytes.len().div_ceil(16)];
                let (to, room) = (place.as_mut_ptr().cast::<c_void>(), 16 * place.len());
                assert!(documented(fst_record_read(file, record, null(), array.dtype, to, room)));
                let read = std::slice::from_raw_parts(to.cast::<u8>().cast_const(), bytes.len());
                assert!(bytes == read, "a record that is read differs from its view");
                assert!(documented(fst_view_release(array.view)));
                // The last element alone.
                let mut last = options;
                last.slab_start = array.shape.map(|extent| extent - 1);
                if documented(fst_record_view(file, record, &last, &mut array)) {
                    let one = std::slice::from_raw_parts(array.data.cast::<u8>(), array.nbytes as usize);
                    assert!(read.ends_with(one), "the last element differs from that of the whole");
                    assert!(documented(fst_view_release(array.view)));
                }
            }
        }
    }
}

/// Releases a struct of Arrow's C interface, whose `release` is its pointer number `place`.
///
/// # Safety
/// `structure` must be such a struct, not released yet.
unsafe fn release_arrow(structure: *mut c_void, place: usize) {
    // SAFETY: as this function's contract says: the structs are made of words of 8 bytes.
    unsafe {
        let release = structure.cast::<Option<unsafe extern "C" fn(*mut c_void)>>().add(place).read();
        release.expect("a release function")(structure);
    }
}

/// Lists and views every record of an image.
fn exercise_image(image: &[u8]) {
    let options = OpenOptions { max_array_bytes: 1 << 24, threads: 1, ..OpenOptions::default() };
    // SAFETY: the image outlives the file, which is gone at the end of this function.
    let Ok(file) = (unsafe { File::open_memory(image.as_ptr(), image.len(), options) }) else { return };
    let mut budget = 1u64 << 26;
    for record in 0..file.record_count() {
        let _ = file.record(record).expect("a listed record has attributes");
        let _ = file.metadata(record);
        if let Ok(view) = file.view(record, &ViewOptions::default()) {
            budget = budget.saturating_sub(view.bytes());
        }
        if budget == 0 {
            return;
        }
    }
}

/// Decodes a payload in all the ways there are.
fn exercise_payload(packing: &Packing, payload: &[u8]) {
    let Ok(layout) = packing.layout() else { return };
    let head = &payload[..payload.len().min(Layout::HEAD_BYTES)];
    let Ok(decoder) = layout.decoder(head, payload.len() as u64) else { return };
    let count = decoder.decodable();
    if count > 1 << 22 {
        return;
    }
    let span = decoder.span(0, count);
    let bytes = &payload[span.start as usize..span.end as usize];
    let whole = decode(layout.dtype, count as usize, |out| decoder.decode(bytes, 0, out).is_ok());
    if let (Some(whole), Access::Elements) = (whole, decoder.access()) {
        let (first, part) = (count / 3, (count - count / 3).div_ceil(2));
        let span = decoder.span(first, part);
        let bytes = &payload[span.start as usize..span.end as usize];
        let part_image = decode(layout.dtype, part as usize, |out| decoder.decode(bytes, first, out).is_ok());
        let item = layout.dtype.itemsize();
        let expected = &whole[first as usize * item..(first + part) as usize * item];
        assert_eq!(part_image.as_deref(), Some(expected), "a run differs from the whole");
    }
}

/// Runs `work` on a zeroed array of that type; its bytes, if the work succeeds.
fn decode(dtype: fstview::Dtype, count: usize, work: impl FnOnce(Elements<'_>) -> bool) -> Option<Vec<u8>> {
    use fstview::Dtype::*;
    macro_rules! run {
        ($variant:ident, $zero:expr, $bytes:expr) => {{
            let mut array = vec![$zero; count];
            work(Elements::$variant(&mut array)).then(|| array.iter().flat_map($bytes).collect())
        }};
    }
    match dtype {
        U8 => run!(U8, 0u8, |v| v.to_ne_bytes()),
        Char => run!(Char, 0u8, |v| v.to_ne_bytes()),
        I8 => run!(I8, 0i8, |v| v.to_ne_bytes()),
        U16 => run!(U16, 0u16, |v| v.to_ne_bytes()),
        I16 => run!(I16, 0i16, |v| v.to_ne_bytes()),
        U32 => run!(U32, 0u32, |v| v.to_ne_bytes()),
        I32 => run!(I32, 0i32, |v| v.to_ne_bytes()),
        U64 => run!(U64, 0u64, |v| v.to_ne_bytes()),
        I64 => run!(I64, 0i64, |v| v.to_ne_bytes()),
        F32 => run!(F32, 0f32, |v| v.to_ne_bytes()),
        F64 => run!(F64, 0f64, |v| v.to_ne_bytes()),
        C64 => run!(C64, [0f32; 2], |v: &[f32; 2]| v.map(f32::to_ne_bytes).concat()),
        C128 => run!(C128, [0f64; 2], |v: &[f64; 2]| v.map(f64::to_ne_bytes).concat()),
    }
}

/// A packing from the first bytes of the input, and the rest of it.
fn packing(data: &[u8], data_type: impl Fn(u8) -> u8) -> Option<(Packing, &[u8])> {
    let (head, payload) = data.split_first_chunk::<8>()?;
    let [kind, pack_bits, data_bits, how, ni, nj, nk, wide] = *head;
    let extent = |small: u8, shift: u8| u64::from(small) << ((wide >> shift) & 3);
    Some((
        Packing {
            container: if how & 1 == 0 { Container::Xdf } else { Container::Rsf },
            order: if how & 2 == 0 { ByteOrder::Big } else { ByteOrder::Little },
            data_type: data_type(kind),
            pack_bits,
            data_bits,
            shape: [extent(ni, 0), extent(nj, 2), u64::from(nk)],
        },
        payload,
    ))
}
