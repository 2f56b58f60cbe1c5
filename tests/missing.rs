// SPDX-License-Identifier: MIT OR Apache-2.0
//! Missing values: kept, replaced by codes (those of the environment too), or by NaN; and records whose levels were lost by
//! their writer.

mod common;

use std::process::Command;

use common::{Opened, message, open, open_options, read_info, root};
use fstview::ffi::types::*;

fn opened(missing: FstMissing) -> Opened {
    Opened::new(&root().join("tests/data/missing.rsf"), FST_ACCESS_READ, missing)
}

/// The numbers in a view, and whether they are reals.
fn values(array: &FstArray, bytes: &[u8]) -> Option<(Vec<f64>, bool)> {
    let item = array.itemsize as usize;
    let numbers = |convert: &dyn Fn(&[u8]) -> f64| bytes.chunks_exact(item).map(convert).collect();
    Some(match array.dtype {
        FST_DTYPE_F32 => (numbers(&|b| f32::from_le_bytes(b.try_into().unwrap()).into()), true),
        FST_DTYPE_F64 => (numbers(&|b| f64::from_le_bytes(b.try_into().unwrap())), true),
        FST_DTYPE_U8 => (numbers(&|b| b[0].into()), false),
        FST_DTYPE_I8 => (numbers(&|b| (b[0] as i8).into()), false),
        FST_DTYPE_U16 => (numbers(&|b| u16::from_le_bytes(b.try_into().unwrap()).into()), false),
        FST_DTYPE_I16 => (numbers(&|b| i16::from_le_bytes(b.try_into().unwrap()).into()), false),
        FST_DTYPE_U32 => (numbers(&|b| u32::from_le_bytes(b.try_into().unwrap()).into()), false),
        FST_DTYPE_I32 => (numbers(&|b| i32::from_le_bytes(b.try_into().unwrap()).into()), false),
        _ => return None,
    })
}

#[test]
fn nan_marks_the_points_that_codes_mark() {
    let (codes, nan, keep) = (opened(FST_MISSING_CODES), opened(FST_MISSING_NAN), opened(FST_MISSING_KEEP));
    let mut marked = 0;
    for record in 0..codes.count() {
        if read_info(codes.handle, record).flags & FST_RECORD_HAS_MISSING == 0 {
            continue;
        }
        let views = [&codes, &nan, &keep].map(|file| file.view(record).unwrap());
        let [codes, nan, keep] = &views;
        let (Some((coded, reals)), Some((nans, _))) =
            (values(&codes.array, codes.bytes()), values(&nan.array, nan.bytes()))
        else {
            assert_eq!(codes.bytes(), keep.bytes(), "64-bit integers have no code");
            continue;
        };
        if !reals {
            assert_eq!(codes.bytes(), nan.bytes(), "record {record}: integers get their codes");
            continue;
        }
        for (code, nan) in coded.iter().zip(&nans) {
            let missing = *code == -1.0e38 || *code == f64::from(-1.0e38f32);
            assert_eq!(missing, nan.is_nan(), "record {record}");
            marked += usize::from(missing);
        }
    }
    assert!(marked > 1000, "{marked}");
}

#[test]
fn a_slab_has_the_codes_of_the_whole_field() {
    let file = opened(FST_MISSING_CODES);
    for record in (0..file.count()).step_by(3) {
        let whole = file.view(record).unwrap();
        let bytes = whole.bytes().to_vec();
        let array = whole.array;
        drop(whole);
        let [ni, nj, nk] = array.shape;
        let options = FstViewOptions {
            struct_size: size_of::<FstViewOptions>() as u32,
            slab_start: [0, nj / 2, nk / 2],
            slab_count: [0, 1, 1],
            ..FstViewOptions::default()
        };
        let slab = file.view_with(record, &options).unwrap();
        let first = ((nj / 2) * ni + (nk / 2) * ni * nj) as usize * array.itemsize as usize;
        assert_eq!(slab.bytes(), &bytes[first..first + slab.bytes().len()], "record {record}");
    }
}

#[test]
fn widened_integers_keep_the_codes_of_their_own_type() {
    let file = opened(FST_MISSING_CODES);
    let mut seen = 0;
    for record in 0..file.count() {
        let info = read_info(file.handle, record);
        if info.dtype != FST_DTYPE_I16 || info.flags & FST_RECORD_HAS_MISSING == 0 {
            continue;
        }
        let natural = file.view(record).unwrap();
        let options = FstViewOptions {
            struct_size: size_of::<FstViewOptions>() as u32,
            dtype: FST_DTYPE_I64,
            ..FstViewOptions::default()
        };
        let wide = file.view_with(record, &options).unwrap();
        let expected: Vec<i64> = natural
            .bytes()
            .chunks_exact(2)
            .map(|b| i16::from_le_bytes(b.try_into().unwrap()).into())
            .collect();
        let found: Vec<i64> =
            wide.bytes().chunks_exact(8).map(|b| i64::from_le_bytes(b.try_into().unwrap())).collect();
        assert_eq!(found, expected, "record {record}");
        seen += usize::from(expected.contains(&i64::from(i16::MIN)));
    }
    assert!(seen > 0);
}

/// Run by the next test in a process of its own, since the variable is looked at once.
#[test]
#[ignore = "run by codes_of_the_environment"]
fn with_the_codes_of_the_environment() {
    let (codes, keep) = (opened(FST_MISSING_CODES), opened(FST_MISSING_KEEP));
    let mut seen = [0; 14];
    for record in 0..codes.count() {
        let (Ok(coded), Ok(kept)) = (codes.view(record), keep.view(record)) else { continue };
        let (Some((coded_values, _)), Some((kept_values, _))) =
            (values(&coded.array, coded.bytes()), values(&kept.array, kept.bytes()))
        else {
            continue;
        };
        for (code, kept) in coded_values.iter().zip(&kept_values) {
            if code != kept && !(code.is_nan() && kept.is_nan()) {
                let expected = match coded.array.dtype {
                    FST_DTYPE_F32 => -999.5,
                    FST_DTYPE_I32 => -77.0,
                    FST_DTYPE_U32 => 78.0,
                    FST_DTYPE_F64 => -888.25,
                    FST_DTYPE_I16 => f64::from(i16::MIN),
                    FST_DTYPE_U16 => f64::from(u16::MAX),
                    FST_DTYPE_I8 => f64::from(i8::MIN),
                    _ => f64::from(u8::MAX),
                };
                assert_eq!(*code, expected, "record {record}");
                seen[coded.array.dtype as usize] += 1;
            }
        }
    }
    for dtype in [FST_DTYPE_F32, FST_DTYPE_F64, FST_DTYPE_I32, FST_DTYPE_U32, FST_DTYPE_I16, FST_DTYPE_U16] {
        assert!(seen[dtype as usize] > 0, "no missing value of element type {dtype}");
    }
}

#[test]
fn codes_of_the_environment() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "with_the_codes_of_the_environment", "--ignored", "--nocapture"])
        .env("MISSING_VALUE_FLAGS", " -999.5 -77 78 -888.25 x 5")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn of_a_compressed_record_with_lost_levels_the_first_can_be_had() {
    let path = root().join("tests/data/containers/malformed/turbo_levels.rsf");
    let file = Opened { handle: open(&path, &open_options()).unwrap() };
    for record in [1, 2] {
        let info = read_info(file.handle, record);
        assert!(info.nk > 1 && info.flags & FST_RECORD_TURBO != 0);
        assert_eq!(file.view(record).err(), Some(FST_ERR_UNSUPPORTED));
        assert!(message().contains("first"), "{}", message());
        let options = FstViewOptions {
            struct_size: size_of::<FstViewOptions>() as u32,
            slab_count: [0, 0, 1],
            ..FstViewOptions::default()
        };
        let level = file.view_with(record, &options).unwrap();
        assert_eq!(level.array.shape, [info.ni, info.nj, 1]);
        let beyond = FstViewOptions { slab_start: [0, 0, 1], ..options };
        assert_eq!(file.view_with(record, &beyond).err(), Some(FST_ERR_UNSUPPORTED));
        // A part of the level has the values of the level.
        let part = FstViewOptions { slab_start: [1, 1, 0], slab_count: [1, 1, 1], ..options };
        let part = file.view_with(record, &part).unwrap();
        let at = (info.ni + 1) as usize * part.array.itemsize as usize;
        assert_eq!(part.bytes(), &level.bytes()[at..at + part.bytes().len()]);
    }
}
