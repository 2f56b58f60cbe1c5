// SPDX-License-Identifier: MIT OR Apache-2.0
//! Views: what they cost, how long they live, and that no way of asking changes the values.

mod common;

use std::path::PathBuf;

use common::{Opened, Viewed, builder, encode, message, open, open_options, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

fn data(name: &str) -> PathBuf {
    root().join("tests/data").join(name)
}

fn view_options() -> FstViewOptions {
    FstViewOptions { struct_size: size_of::<FstViewOptions>() as u32, ..FstViewOptions::default() }
}

fn opened(name: &str, access: FstAccess) -> Opened {
    Opened::new(&data(name), access, FST_MISSING_KEEP)
}

fn with_options(name: &str, options: FstOpenOptions) -> Opened {
    Opened { handle: open(&data(name), &options).unwrap_or_else(|_| panic!("{}", message())) }
}

/// The elements of a slab, gathered through the strides that the array describes.
fn gathered(view: &Viewed) -> Vec<u8> {
    let FstArray { shape, strides, itemsize, .. } = view.array;
    let bytes = view.bytes();
    let mut out = Vec::new();
    for k in 0..shape[2] {
        for j in 0..shape[1] {
            for i in 0..shape[0] {
                let at = (i * strides[0] + j * strides[1] + k * strides[2]) as usize;
                out.extend_from_slice(&bytes[at..at + itemsize as usize]);
            }
        }
    }
    out
}

#[test]
fn a_payload_that_is_the_array_is_mapped_or_read_and_never_decoded() {
    for (access, expected) in [(FST_ACCESS_MAP, FST_ORIGIN_MAPPED), (FST_ACCESS_READ, FST_ORIGIN_READ)] {
        let file = opened("types.rsf", access);
        let mut seen = [0; 14];
        for record in 0..file.count() {
            let info = read_info(file.handle, record);
            let Ok(view) = file.view(record) else { continue };
            let aligned = (view.array.data as usize).is_multiple_of(view.array.itemsize.min(8) as usize);
            assert!(aligned, "record {record}");
            if info.flags & FST_RECORD_MAPPABLE != 0 {
                assert_eq!(view.array.origin, expected, "record {record}");
                seen[info.dtype as usize] += 1;
            } else if access == FST_ACCESS_MAP {
                assert_ne!(view.array.origin, FST_ORIGIN_MAPPED, "record {record}");
            }
        }
        for dtype in
            [FST_DTYPE_U8, FST_DTYPE_U32, FST_DTYPE_F32, FST_DTYPE_C64, FST_DTYPE_CHAR, FST_DTYPE_I64]
        {
            assert!(seen[dtype as usize] > 0, "no mappable record of element type {dtype}");
        }
        let stats = file.stats();
        assert_eq!((stats.live_views, stats.live_bytes), (0, 0));
        assert_eq!(stats.views_mapped > 0, access == FST_ACCESS_MAP);
    }
}

#[test]
fn a_misaligned_payload_is_read() {
    let file = opened("containers/rsf_e32_misaligned.rsf", FST_ACCESS_MAP);
    let mut origins = Vec::new();
    for record in 0..file.count() {
        let info = read_info(file.handle, record);
        let view = file.view(record).unwrap();
        let wide = matches!(info.dtype, FST_DTYPE_I64 | FST_DTYPE_U64);
        if wide {
            let aligned = info.payload_offset.is_multiple_of(8);
            assert_eq!(view.array.origin, if aligned { FST_ORIGIN_MAPPED } else { FST_ORIGIN_READ });
            assert_eq!(info.flags & FST_RECORD_MAPPABLE != 0, aligned);
            origins.push(view.array.origin);
        }
    }
    assert!(origins.contains(&FST_ORIGIN_MAPPED) && origins.contains(&FST_ORIGIN_READ), "{origins:?}");
}

#[test]
fn the_threshold_decides_what_is_mapped() {
    let size = std::fs::metadata(data("model.rsf")).unwrap().len();
    for (threshold, mapped) in [(size, 0), (size - 1, 1), (1, 1), (0, 0)] {
        let file = with_options("model.rsf", FstOpenOptions { map_threshold: threshold, ..open_options() });
        assert_eq!(file.info().mapped, mapped, "threshold {threshold}");
    }
}

#[test]
fn a_view_outlives_its_file() {
    for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
        let file = opened("model.rsf", access);
        let views: Vec<_> = (0..file.count()).map(|record| file.view(record).unwrap()).collect();
        let before: Vec<_> = views.iter().map(|view| crc32fast::hash(view.bytes())).collect();
        drop(file);
        let after: Vec<_> = views.iter().map(|view| crc32fast::hash(view.bytes())).collect();
        assert_eq!(before, after);
    }
}

#[test]
fn references_are_counted() {
    let file = opened("model.rsf", FST_ACCESS_READ);
    let view = file.view(0).unwrap();
    let handle = view.array.view;
    assert_eq!(fst_view_retain(handle), FST_OK);
    assert_eq!(fst_view_release(handle), FST_OK);
    assert_eq!(file.stats().live_views, 1);
    let mut again = common::no_array();
    // SAFETY: a valid struct.
    assert_eq!(unsafe { fst_view_array(handle, &mut again) }, FST_OK);
    assert_eq!((again.data, again.nbytes, again.view), (view.array.data, view.array.nbytes, handle));
    drop(view);
    assert_eq!(file.stats().live_views, 0);
    assert_eq!(fst_view_release(handle), FST_ERR_INVALID_HANDLE);
    assert_eq!(fst_view_retain(handle), FST_ERR_INVALID_HANDLE);
    // SAFETY: a valid struct.
    assert_eq!(unsafe { fst_view_array(handle, &mut again) }, FST_ERR_INVALID_HANDLE);
    assert!(again.data.is_null());
}

#[test]
fn two_views_share_one_array_while_either_lives() {
    let file = opened("model.rsf", FST_ACCESS_READ);
    let first = file.view(3).unwrap();
    let second = file.view(3).unwrap();
    assert_ne!(first.array.origin, FST_ORIGIN_SHARED);
    assert_eq!(second.array.origin, FST_ORIGIN_SHARED);
    assert_eq!(first.array.data, second.array.data);
    assert_ne!(first.array.view, second.array.view);
    let sum = crc32fast::hash(first.bytes());
    drop(first);
    assert_eq!(crc32fast::hash(second.bytes()), sum);
    drop(second);
    assert_ne!(file.view(3).unwrap().array.origin, FST_ORIGIN_SHARED);
}

#[test]
fn released_arrays_stay_in_the_cache_if_there_is_one() {
    let file = with_options("model.rsf", FstOpenOptions { cache_bytes: 1 << 24, ..open_options() });
    drop(file.view(3).unwrap());
    assert_eq!(file.view(3).unwrap().array.origin, FST_ORIGIN_SHARED);
    let stats = file.stats();
    assert_eq!((stats.views_shared, stats.live_views), (1, 0));
}

#[test]
fn slabs_are_parts_of_the_whole() {
    for (name, access) in [
        ("types.rsf", FST_ACCESS_MAP),
        ("types.rsf", FST_ACCESS_READ),
        ("types.fst", FST_ACCESS_READ),
        ("turbo.rsf", FST_ACCESS_READ),
        ("missing.rsf", FST_ACCESS_READ),
    ] {
        let file = opened(name, access);
        for record in (0..file.count()).step_by(7) {
            let Ok(whole) = file.view(record) else { continue };
            let shape = whole.array.shape;
            let item = whole.array.itemsize as usize;
            let start = shape.map(|extent| extent / 3);
            let count = [0, 1, 2].map(|axis| (shape[axis] - start[axis] + 1) / 2);
            let mut expected = Vec::new();
            for k in 0..count[2] {
                for j in 0..count[1] {
                    let first = start[0] + shape[0] * (start[1] + j + shape[1] * (start[2] + k));
                    let first = first as usize * item;
                    expected.extend_from_slice(&whole.bytes()[first..first + count[0] as usize * item]);
                }
            }
            let options = FstViewOptions { slab_start: start, slab_count: count, ..view_options() };
            let shared = file.view_with(record, &options).unwrap();
            assert!([FST_ORIGIN_MAPPED, FST_ORIGIN_SHARED].contains(&shared.array.origin), "{name} {record}");
            assert_eq!(shared.array.shape, count);
            assert_eq!(gathered(&shared), expected, "{name} record {record}, of an array that is there");
            drop((shared, whole));
            let own = file.view_with(record, &options).unwrap();
            assert_eq!(gathered(&own), expected, "{name} record {record}, decoded alone");
            let mut place = vec![0u64; expected.len() / 8 + 1];
            // SAFETY: an aligned buffer of at least that many bytes.
            let status = unsafe {
                let dtype = own.array.dtype;
                fst_record_read(
                    file.handle,
                    record,
                    &options,
                    dtype,
                    place.as_mut_ptr().cast(),
                    expected.len(),
                )
            };
            assert_eq!(status, FST_OK, "{}", message());
            // SAFETY: plain bytes inside the buffer.
            let read = unsafe { std::slice::from_raw_parts(place.as_ptr().cast::<u8>(), expected.len()) };
            assert_eq!(read, expected, "{name} record {record}, read");
        }
    }
}

#[test]
fn slabs_of_compressed_records_are_parts_of_the_first_level() {
    let mut random = encode::Noise(11);
    let folder = tempfile::tempdir().unwrap();
    for (ni, nj) in [(2, 2), (16, 16), (17, 33), (61, 40), (300, 25)] {
        let reals: Vec<f32> =
            encode::smooth(ni, nj, 14, 40, 3).iter().map(|t| *t as f32 / 8.0 - 700.0).collect();
        let tokens = encode::smooth(ni, nj, 12, 9, 4);
        let field = |data_type, nk, pack_bits, payload| builder::Field {
            data_type,
            pack_bits,
            payload,
            shape: [ni as u32, nj as u32, nk],
            ..builder::Field::reals(1, 1, |_, _| 0.0)
        };
        let fields = [
            field(129, 1, 12, encode::turbo_quantized(&reals, ni, nj, 12)),
            field(134, 1, 16, encode::turbo_normalized(&reals, ni, nj, 16)),
            field(130, 1, 12, encode::turbo_unsigned(&tokens, ni, nj, 12)),
            field(133, 1, 32, encode::turbo_ieee(&reals, ni, nj, 32)),
            // Levels that their writer lost.
            field(130, 3, 12, encode::turbo_unsigned(&tokens, ni, nj, 12)),
            field(133, 3, 32, encode::turbo_ieee(&reals, ni, nj, 32)),
        ];
        let path = folder.path().join("turbo.rsf");
        builder::write_rsf(&path, &fields, 6).unwrap();
        let file = Opened::new(&path, FST_ACCESS_READ, FST_MISSING_KEEP);
        for record in 0..6 {
            let level = FstViewOptions { slab_count: [0, 0, 1], ..view_options() };
            let whole = file.view_with(record, &level).unwrap_or_else(|_| panic!("{}", message()));
            let item = whole.array.itemsize as usize;
            for number in 0..60 {
                let mut range = |n: usize| {
                    let first = random.below(n as u32) as i64;
                    (first, 1 + i64::from(random.below((n as i64 - first) as u32)))
                };
                let ((i, columns), (j, rows)) = (range(ni), range(nj));
                let options = FstViewOptions {
                    slab_start: [i, j, 0],
                    slab_count: [columns, rows, 1],
                    dtype: if number % 5 == 0 { FST_DTYPE_F64 } else { 0 },
                    flags: if number % 2 == 0 { FST_VIEW_WRITABLE } else { 0 },
                    ..view_options()
                };
                let before = file.stats();
                let slab = file.view_with(record, &options).unwrap();
                let expected = |j: i64| {
                    &whole.bytes()[(i as usize + ni * j as usize) * item..][..columns as usize * item]
                };
                let expected: Vec<u8> = (j..j + rows).flat_map(expected).copied().collect();
                if slab.array.itemsize as usize == item {
                    assert_eq!(
                        gathered(&slab),
                        expected,
                        "{ni}x{nj}, record {record}, {i}+{columns}, {j}+{rows}"
                    );
                } else {
                    let wide = gathered(&slab);
                    let wide =
                        wide.chunks_exact(8).map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()));
                    let narrow = expected.chunks_exact(4).map(|bytes| match whole.array.dtype {
                        FST_DTYPE_U32 => f64::from(u32::from_le_bytes(bytes.try_into().unwrap())),
                        _ => f64::from(f32::from_le_bytes(bytes.try_into().unwrap())),
                    });
                    assert!(wide.eq(narrow), "{ni}x{nj}, record {record}, widened");
                }
                let after = file.stats();
                if slab.array.origin == FST_ORIGIN_DECODED {
                    assert_eq!(
                        after.bytes_decoded - before.bytes_decoded,
                        slab.array.nbytes,
                        "only the slab"
                    );
                }
            }
            drop(whole);
            if record >= 4 {
                assert_eq!(file.view(record).err(), Some(FST_ERR_UNSUPPORTED));
                let lost = FstViewOptions { slab_start: [0, 0, 1], ..view_options() };
                assert_eq!(file.view_with(record, &lost).err(), Some(FST_ERR_UNSUPPORTED));
            }
        }
    }
}

#[test]
fn a_slab_of_a_fixed_width_packing_reads_only_its_bytes() {
    let file = opened("model.fst", FST_ACCESS_READ);
    let record = (0..file.count())
        .find(|record| {
            let info = read_info(file.handle, *record);
            info.data_type == 1 && info.ni * info.nj > 1000
        })
        .unwrap();
    let info = read_info(file.handle, record);
    let before = file.stats();
    let options = FstViewOptions { slab_start: [2, 3, 0], slab_count: [4, 1, 1], ..view_options() };
    let slab = file.view_with(record, &options).unwrap();
    let after = file.stats();
    assert_eq!(slab.array.size, 4);
    assert!(after.bytes_read - before.bytes_read <= 16 + 4 * 8, "{}", after.bytes_read - before.bytes_read);
    assert!(info.payload_bytes > 1000);
}

#[test]
fn writable_views_are_independent_and_the_file_never_changes() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["types.rsf", "model.fst"] {
        let path = folder.path().join(name);
        std::fs::copy(data(name), &path).unwrap();
        let image = std::fs::read(&path).unwrap();
        for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
            let file = Opened::new(&path, access, FST_MISSING_KEEP);
            for record in (0..file.count()).step_by(11) {
                let options = FstViewOptions { flags: FST_VIEW_WRITABLE, ..view_options() };
                let Ok(first) = file.view_with(record, &options) else { continue };
                let second = file.view_with(record, &options).unwrap();
                let third = file.view(record).unwrap();
                assert_ne!(first.array.data, second.array.data);
                assert!(
                    first.array.flags & FST_ARRAY_WRITABLE != 0
                        && third.array.flags & FST_ARRAY_WRITABLE == 0
                );
                let before = second.bytes().to_vec();
                // SAFETY: a writable array of `nbytes` bytes.
                unsafe {
                    std::ptr::write_bytes(first.array.data.cast_mut().cast::<u8>(), 0xA5, before.len())
                };
                assert!(first.bytes().iter().all(|byte| *byte == 0xA5));
                assert_eq!(second.bytes(), before);
                assert_eq!(third.bytes(), before);
            }
        }
        assert_eq!(std::fs::read(&path).unwrap(), image);
    }
}

#[test]
fn big_endian_payloads_come_as_they_are_on_request() {
    let file = opened("types.fst", FST_ACCESS_MAP);
    let options = FstViewOptions { flags: FST_VIEW_ANY_BYTE_ORDER, ..view_options() };
    let mut swapped = 0;
    for record in 0..file.count() {
        let (Ok(native), Ok(foreign)) = (file.view(record), file.view_with(record, &options)) else {
            continue;
        };
        assert_eq!(native.array.flags & FST_ARRAY_BIG_ENDIAN, 0);
        if foreign.array.flags & FST_ARRAY_BIG_ENDIAN == 0 {
            assert_eq!(native.bytes(), foreign.bytes());
            continue;
        }
        assert_eq!(foreign.array.origin, FST_ORIGIN_MAPPED);
        let unit = match foreign.array.dtype {
            FST_DTYPE_C64 => 4,
            FST_DTYPE_C128 => 8,
            _ => foreign.array.itemsize as usize,
        };
        let turned: Vec<u8> =
            foreign.bytes().chunks_exact(unit).flat_map(|element| element.iter().rev().copied()).collect();
        assert_eq!(turned, native.bytes(), "record {record}");
        swapped += 1;
    }
    assert!(swapped > 50, "{swapped}");
}

#[test]
fn widening_keeps_every_value() {
    let file = opened("types.rsf", FST_ACCESS_READ);
    let mut widened = 0;
    for record in (0..file.count()).step_by(3) {
        let Ok(natural) = file.view(record) else { continue };
        let options = FstViewOptions { dtype: FST_DTYPE_F64, ..view_options() };
        let value = |bytes: &[u8]| -> Option<f64> {
            Some(match natural.array.dtype {
                FST_DTYPE_U8 => bytes[0].into(),
                FST_DTYPE_I8 => (bytes[0] as i8).into(),
                FST_DTYPE_U16 => u16::from_le_bytes(bytes.try_into().unwrap()).into(),
                FST_DTYPE_I16 => i16::from_le_bytes(bytes.try_into().unwrap()).into(),
                FST_DTYPE_U32 => u32::from_le_bytes(bytes.try_into().unwrap()).into(),
                FST_DTYPE_I32 => i32::from_le_bytes(bytes.try_into().unwrap()).into(),
                FST_DTYPE_F32 => f32::from_le_bytes(bytes.try_into().unwrap()).into(),
                FST_DTYPE_F64 => f64::from_le_bytes(bytes.try_into().unwrap()),
                _ => return None,
            })
        };
        let item = natural.array.itemsize as usize;
        let expected: Option<Vec<u64>> = natural
            .bytes()
            .chunks_exact(item)
            .map(|bytes| value(bytes).map(|v| if v.is_nan() { u64::MAX } else { v.to_bits() }))
            .collect();
        match (expected, file.view_with(record, &options)) {
            (Some(expected), Ok(view)) => {
                let found: Vec<u64> = view
                    .bytes()
                    .chunks_exact(8)
                    .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
                    .map(|v| if v.is_nan() { u64::MAX } else { v.to_bits() })
                    .collect();
                assert_eq!(found, expected, "record {record}");
                widened += 1;
            }
            (None, Err(status)) => assert_eq!(status, FST_ERR_TYPE_MISMATCH),
            (expected, view) => panic!("record {record}: {:?} {:?}", expected.is_some(), view.err()),
        }
    }
    assert!(widened > 200, "{widened}");
}

#[test]
fn a_file_that_shrinks_gives_errors_and_no_signal() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.fst", "model.rsf"] {
        for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
            let path = folder.path().join(name);
            std::fs::copy(data(name), &path).unwrap();
            let file = Opened::new(&path, access, FST_MISSING_KEEP);
            std::fs::File::options().write(true).open(&path).unwrap().set_len(30_000).unwrap();
            let mut truncated = 0;
            for record in 0..file.count() {
                let info = read_info(file.handle, record);
                if access == FST_ACCESS_MAP && info.flags & FST_RECORD_MAPPABLE != 0 {
                    continue;
                }
                match file.view(record) {
                    Ok(_) => assert!(info.payload_offset < 30_000),
                    Err(status) => {
                        assert_eq!(status, FST_ERR_TRUNCATED, "{}", message());
                        assert!(message().contains("30000"), "{}", message());
                        truncated += 1;
                    }
                }
            }
            assert!(truncated > 50, "{truncated}");
        }
    }
}

#[test]
fn an_image_in_memory_is_viewed_where_it_lies() {
    for name in ["model.rsf", "model.fst", "types.rsf"] {
        let image = std::fs::read(data(name)).unwrap();
        let direct = opened(name, FST_ACCESS_READ);
        let mut handle = FstFile { id: 0 };
        // SAFETY: the image outlives the file.
        let status =
            unsafe { fst_open_memory(image.as_ptr().cast(), image.len(), std::ptr::null(), &mut handle) };
        assert_eq!(status, FST_OK, "{}", message());
        let file = Opened { handle };
        assert_eq!(file.count(), direct.count());
        for record in 0..file.count() {
            match (file.view(record), direct.view(record)) {
                (Ok(view), Ok(expected)) => {
                    assert_eq!(view.bytes(), expected.bytes());
                    if view.array.origin == FST_ORIGIN_MAPPED {
                        assert!(image.as_ptr_range().contains(&view.array.data.cast()));
                    }
                }
                (view, expected) => assert_eq!(view.err(), expected.err()),
            }
        }
    }
}

#[test]
fn arrays_above_the_limit_are_refused() {
    let file = with_options("model.rsf", FstOpenOptions { max_array_bytes: 1000, ..open_options() });
    let mut refused = 0;
    for record in 0..file.count() {
        let info = read_info(file.handle, record);
        match file.view(record) {
            Ok(view) => assert!(view.array.nbytes <= 1000),
            Err(status) => {
                assert_eq!(status, FST_ERR_LIMIT);
                assert!(info.array_bytes > 1000);
                refused += 1;
            }
        }
    }
    assert!(refused > 0);
}

#[test]
fn a_batch_gives_what_single_calls_give() {
    for threads in [1, 2, 8] {
        let file = with_options("types.fst", FstOpenOptions { threads, ..open_options() });
        let records: Vec<usize> = (0..file.count()).chain([usize::MAX]).collect();
        let mut arrays = vec![common::no_array(); records.len()];
        let mut statuses = vec![1; records.len()];
        // SAFETY: arrays and statuses for each record.
        let status = unsafe {
            let (arrays, statuses) = (arrays.as_mut_ptr(), statuses.as_mut_ptr());
            fst_record_view_many(
                file.handle,
                records.as_ptr(),
                records.len(),
                std::ptr::null(),
                arrays,
                statuses,
            )
        };
        let first = statuses.iter().copied().find(|status| *status != FST_OK).unwrap();
        assert_eq!(status, first);
        assert_eq!(statuses.last(), Some(&FST_ERR_OUT_OF_RANGE));
        for (record, (array, status)) in records.iter().zip(arrays.into_iter().zip(statuses)) {
            if status == FST_OK {
                let view = Viewed { array };
                assert_eq!(view.bytes(), file.view(*record).unwrap().bytes());
            } else {
                assert!(array.data.is_null());
                assert_eq!(file.view(*record).err(), Some(status));
            }
        }
        assert_eq!(file.stats().live_views, 0);
    }
}

#[test]
fn threads_view_and_release_while_the_file_is_closed() {
    for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
        let expected: Vec<u32> = {
            let file = opened("model.rsf", access);
            (0..file.count()).map(|record| crc32fast::hash(file.view(record).unwrap().bytes())).collect()
        };
        for _ in 0..20 {
            let options = FstOpenOptions { access, ..open_options() };
            let handle = open(&data("model.rsf"), &options).unwrap();
            std::thread::scope(|scope| {
                for thread in 0..4 {
                    let expected = &expected;
                    scope.spawn(move || {
                        for turn in 0..200 {
                            let record = (turn * 31 + thread * 17) % expected.len();
                            let mut array = common::no_array();
                            // SAFETY: a valid struct.
                            match unsafe { fst_record_view(handle, record, std::ptr::null(), &mut array) } {
                                FST_OK => {
                                    let view = Viewed { array };
                                    assert_eq!(crc32fast::hash(view.bytes()), expected[record]);
                                }
                                status => assert_eq!(status, FST_ERR_INVALID_HANDLE),
                            }
                        }
                    });
                }
                scope.spawn(move || assert_eq!(fst_close(handle), FST_OK));
            });
            assert_eq!(fst_close(handle), FST_ERR_INVALID_HANDLE);
        }
    }
}

/// Counts the calls, and cancels when the context says so.
unsafe extern "C" fn count_and_cancel(context: *mut std::ffi::c_void, done: usize, total: usize) -> i32 {
    // SAFETY: the test passes this pair of numbers.
    let [calls, limit] = unsafe { &mut *context.cast::<[usize; 2]>() };
    *calls += 1;
    assert!(done <= total && done > 0);
    i32::from(done >= *limit)
}

#[test]
fn a_batch_tells_how_far_it_is_and_can_be_cancelled() {
    for threads in [1, 2] {
        let file = with_options("model.rsf", FstOpenOptions { threads, ..open_options() });
        let records: Vec<usize> = (0..file.count()).collect();
        for limit in [usize::MAX, 10] {
            let mut context = [0usize, limit];
            let options = FstViewOptions {
                progress: Some(count_and_cancel),
                progress_context: context.as_mut_ptr().cast(),
                ..view_options()
            };
            let mut arrays = vec![common::no_array(); records.len()];
            let mut statuses = vec![1; records.len()];
            // SAFETY: arrays and statuses for each record, and a callback with its context.
            let status = unsafe {
                let (arrays, statuses) = (arrays.as_mut_ptr(), statuses.as_mut_ptr());
                fst_record_view_many(file.handle, records.as_ptr(), records.len(), &options, arrays, statuses)
            };
            let cancelled = statuses.iter().filter(|status| **status == FST_ERR_CANCELLED).count();
            let views: Vec<Viewed> = arrays
                .into_iter()
                .zip(&statuses)
                .filter(|(_, status)| **status == FST_OK)
                .map(|(array, _)| Viewed { array })
                .collect();
            assert_eq!(views.len() + cancelled, records.len());
            if limit == usize::MAX {
                assert_eq!((status, cancelled), (FST_OK, 0));
                assert!(context[0] > 0);
            } else {
                assert_eq!(status, FST_ERR_CANCELLED);
                assert!(cancelled > records.len() / 2, "{cancelled}");
            }
        }
    }
}

#[test]
fn a_dlpack_tensor_holds_its_view() {
    /// `DLManagedTensorVersioned`, as dlpack.h has it.
    #[repr(C)]
    struct Tensor {
        version: [u32; 2],
        context: *mut std::ffi::c_void,
        deleter: Option<unsafe extern "C" fn(*mut Tensor)>,
        flags: u64,
        data: *mut std::ffi::c_void,
        device: [i32; 2],
        ndim: i32,
        code: u8,
        bits: u8,
        lanes: u16,
        shape: *const i64,
        strides: *const i64,
        byte_offset: u64,
    }
    let file = opened("model.rsf", FST_ACCESS_READ);
    let view = file.view(3).unwrap();
    let mut tensor: *mut Tensor = std::ptr::null_mut();
    // SAFETY: a valid place; the struct is the same.
    assert_eq!(unsafe { fst_view_to_dlpack(view.array.view, (&raw mut tensor).cast()) }, FST_OK);
    let (shape, sum) = (view.array.shape, crc32fast::hash(view.bytes()));
    let bytes = view.array.nbytes as usize;
    drop(view);
    assert_eq!(file.stats().live_views, 1);
    // SAFETY: the tensor is alive until its deleter is called, and so is what it refers to.
    unsafe {
        let held = &*tensor;
        assert_eq!((held.version[0], held.device, held.ndim), (1, [1, 0], 2));
        assert_eq!((held.code, held.bits, held.lanes, held.flags, held.byte_offset), (2, 32, 1, 1, 0));
        assert_eq!(std::slice::from_raw_parts(held.shape, 2), &shape[..2]);
        assert_eq!(std::slice::from_raw_parts(held.strides, 2), [1, shape[0]]);
        assert_eq!(crc32fast::hash(std::slice::from_raw_parts(held.data.cast::<u8>(), bytes)), sum);
        held.deleter.unwrap()(tensor);
    }
    assert_eq!(file.stats().live_views, 0);
    // SAFETY: a valid place; the handle is stale.
    assert_eq!(
        unsafe { fst_view_to_dlpack(FstView { id: 1 }, (&raw mut tensor).cast()) },
        FST_ERR_INVALID_HANDLE
    );
}

/// Holds the share of zero-copy views of a file against that row of the table in `docs/views.md`.
fn share(row: &str, file: &Opened) {
    let stats = file.stats();
    let zero_copy = stats.views_mapped + stats.views_shared;
    let all = zero_copy + stats.views_read + stats.views_decoded + stats.views_copied;
    let line = format!("| {row} | {:.1} % |", 100.0 * zero_copy as f64 / all as f64);
    println!("{line}");
    let page = std::fs::read_to_string(root().join("docs/views.md")).unwrap();
    assert_eq!(page.lines().filter(|found| *found == line).count(), 1, "docs/views.md has not: {line}");
}

#[test]
fn the_shares_of_zero_copy_views_are_those_of_the_table() {
    let folder = tempfile::tempdir().unwrap();
    let reals = folder.path().join("reals.rsf");
    builder::write_rsf(&reals, &[builder::Field::reals(120, 80, |i, j| (i + j) as f32)], 20).unwrap();
    let file = Opened::new(&reals, FST_ACCESS_MAP, FST_MISSING_KEEP);
    let released = |file: &Opened, times: usize| {
        for _ in 0..times {
            (0..file.count()).for_each(|record| drop(file.view(record).unwrap()));
        }
    };
    released(&file, 1);
    share("RSF file of 32-bit reals (`data_type` 5), mapped, every record viewed once", &file);
    assert_eq!(file.stats().views_mapped, 20);

    let kept = |file: &Opened, options: &FstViewOptions| {
        let all = (0..file.count()).chain(0..file.count());
        let views: Vec<_> = all.map(|record| file.view_with(record, options).unwrap()).collect();
        assert_eq!((views.len(), file.stats().live_views), (388, 388));
    };
    let (rsf, xdf) = ("model.rsf", "model.fst");
    let file = opened(rsf, FST_ACCESS_MAP);
    released(&file, 1);
    share("`tests/data/model.rsf`, mapped, every record viewed once, as by `fstview stats`", &file);
    released(&file, 1);
    share("every record viewed twice, each view released before the next one is made", &file);
    let cached =
        with_options(rsf, FstOpenOptions { access: FST_ACCESS_MAP, cache_bytes: 1 << 30, ..open_options() });
    released(&cached, 2);
    share("every record viewed twice, each view released, with `cache_bytes` for all arrays", &cached);
    let file = opened(rsf, FST_ACCESS_MAP);
    kept(&file, &view_options());
    share("every record viewed twice, all views kept, as by `c/zero_copy.c`", &file);
    let file = opened(rsf, FST_ACCESS_READ);
    kept(&file, &view_options());
    share("the same, the file not mapped but read (`FST_ACCESS_READ`)", &file);

    let file = opened(xdf, FST_ACCESS_MAP);
    released(&file, 1);
    share("`tests/data/model.fst`, mapped, every record viewed once", &file);
    let file = opened(xdf, FST_ACCESS_MAP);
    kept(&file, &view_options());
    share("`tests/data/model.fst`, every record viewed twice, all views kept", &file);
    let file = opened(xdf, FST_ACCESS_MAP);
    kept(&file, &FstViewOptions { flags: FST_VIEW_ANY_BYTE_ORDER, ..view_options() });
    share("the same with `FST_VIEW_ANY_BYTE_ORDER`", &file);
}
