// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every record of every golden file, through the C ABI: attributes, places, and whole arrays by view and by read,
//! mapped and direct.
//!
//! Runs over `tests/data`, and over the whole of `../shared/golden` where that is there.

mod common;

use std::path::{Path, PathBuf};

use common::golden::Line;
use common::{Opened, golden_roots, read_info};
use fstview::ffi::types::*;
use fstview::ffi::*;

#[derive(Default, Debug)]
struct Counts {
    files: usize,
    records: usize,
    attributes: usize,
    equal: usize,
    refused: usize,
    differing: Vec<String>,
}

fn golden_files(root: &Path) -> Vec<PathBuf> {
    let mut list = Vec::new();
    for folder in [root.to_owned(), root.join("containers"), root.join("containers/malformed")] {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ext| ext == "jsonl") {
                list.push(path.with_extension(""));
            }
        }
    }
    list.sort();
    list
}

fn check_attributes(info: &FstRecordInfo, line: &Line) -> Result<usize, String> {
    let text = |field: &[std::ffi::c_char]| -> String {
        field.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).map(char::from).collect()
    };
    let strings = [
        ("nomvar", text(&info.nomvar), &line.nomvar),
        ("typvar", text(&info.typvar), &line.typvar),
        ("grtyp", text(&info.grtyp), &line.grtyp),
        ("etiket", text(&info.etiket), &line.etiket),
    ];
    for (name, found, expected) in &strings {
        if found != *expected {
            return Err(format!("{name}: {found:?}, expected {expected:?}"));
        }
    }
    let numbers: [(&str, i64, i64); 20] = [
        ("ni", info.ni, line.ni),
        ("nj", info.nj, line.nj),
        ("nk", info.nk, line.nk),
        ("data_type", info.data_type.into(), line.data_type.into()),
        ("data_bits", info.data_bits.into(), line.data_bits.into()),
        ("pack_bits", info.pack_bits.into(), line.pack_bits.into()),
        ("dateo", info.dateo.into(), line.dateo.into()),
        ("datev", info.datev.into(), line.datev.into()),
        ("deet", info.deet.into(), line.deet.into()),
        ("npas", info.npas.into(), line.npas.into()),
        ("ip1", info.ip1.into(), line.ip1.into()),
        ("ip2", info.ip2.into(), line.ip2.into()),
        ("ip3", info.ip3.into(), line.ip3.into()),
        ("ig1", info.ig1.into(), line.ig1.into()),
        ("ig2", info.ig2.into(), line.ig2.into()),
        ("ig3", info.ig3.into(), line.ig3.into()),
        ("ig4", info.ig4.into(), line.ig4.into()),
        ("payload_offset", info.payload_offset as i64, line.payload_offset as i64),
        ("payload_bytes", info.payload_bytes as i64, line.payload_bytes as i64),
        (
            "array_bytes",
            info.array_bytes as i64,
            line.array.as_ref().map_or(info.array_bytes as i64, |array| array.nbytes as i64),
        ),
    ];
    for (name, found, expected) in numbers {
        if found != expected {
            return Err(format!("{name}: {found}, expected {expected}"));
        }
    }
    if let Some(dtype) = &line.dtype {
        let found = fstview::Dtype::from_code(info.dtype).map_or("none", fstview::Dtype::name);
        if found != dtype {
            return Err(format!("dtype: {found}, expected {dtype}"));
        }
    }
    Ok(strings.len() + numbers.len() + 1)
}

fn metadata(file: &Opened, record: usize) -> Vec<u8> {
    let mut length = 0;
    let mut buffer = vec![0u8; 300_000];
    // SAFETY: the buffer has the capacity that is passed.
    let status = unsafe {
        fst_record_metadata(file.handle, record, buffer.as_mut_ptr().cast(), buffer.len(), &mut length)
    };
    assert_eq!(status, FST_OK, "{}", common::message());
    assert_eq!(buffer[length], 0);
    buffer.truncate(length);
    buffer
}

fn check_file(path: &Path, access: FstAccess, counts: &mut Counts) {
    let keep = Opened::new(path, access, FST_MISSING_KEEP);
    let codes = Opened::new(path, access, FST_MISSING_CODES);
    let lines = std::fs::read_to_string(format!("{}.jsonl", path.display())).unwrap();
    let lines: Vec<Line> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    counts.files += 1;
    if keep.count() != lines.len() {
        counts.differing.push(format!(
            "{}: {} records, expected {}",
            path.display(),
            keep.count(),
            lines.len()
        ));
        return;
    }
    if let Ok(text) = std::fs::read_to_string(format!("{}.meta.json", path.display())) {
        let meta: serde_json::Value = serde_json::from_str(&text).unwrap();
        let complete = i64::from(keep.info().complete);
        if meta["complete"].as_i64().is_some_and(|expected| expected != complete) {
            counts.differing.push(format!(
                "{}: complete {complete}, expected {}",
                path.display(),
                meta["complete"]
            ));
        }
    }
    for line in &lines {
        counts.records += 1;
        if let Err(what) = check_record(&keep, &codes, line, access, counts) {
            counts.differing.push(format!("{} record {} (access {access}): {what}", path.display(), line.i));
        }
    }
}

fn check_record(
    keep: &Opened,
    codes: &Opened,
    line: &Line,
    access: FstAccess,
    counts: &mut Counts,
) -> Result<(), String> {
    let info = read_info(keep.handle, line.i);
    counts.attributes += check_attributes(&info, line)?;
    let text = metadata(keep, line.i);
    if text != line.metadata.as_deref().unwrap_or("").as_bytes() {
        return Err(format!("metadata: {:?}", String::from_utf8_lossy(&text)));
    }
    if let Some(reason) = &line.refused {
        let status = keep.view(line.i).err().ok_or(format!("a view, expected a refusal ({reason})"))?;
        if ![FST_ERR_CORRUPT, FST_ERR_UNSUPPORTED, FST_ERR_TRUNCATED].contains(&status) {
            return Err(format!("status {status}, expected a refusal ({reason})"));
        }
        counts.refused += 1;
        return Ok(());
    }
    let expected = line.array.as_ref().ok_or("neither array nor refusal")?;
    let view = keep.view(line.i).map_err(|status| format!("view: {status} {}", common::message()))?;
    expected.check(view.bytes()).map_err(|what| format!("view: {what}"))?;
    let mappable = info.flags & FST_RECORD_MAPPABLE != 0;
    let origin = match (mappable, access) {
        (true, FST_ACCESS_MAP) => FST_ORIGIN_MAPPED,
        (true, _) => FST_ORIGIN_READ,
        _ => view.array.origin,
    };
    if view.array.origin != origin {
        return Err(format!("origin {}, expected {origin}", view.array.origin));
    }
    let mut own = vec![0u64; expected.nbytes as usize / 8 + 2];
    // SAFETY: the buffer has at least the bytes that are passed, aligned to 8.
    let status = unsafe {
        let bytes = expected.nbytes as usize;
        fst_record_read(keep.handle, line.i, std::ptr::null(), info.dtype, own.as_mut_ptr().cast(), bytes)
    };
    if status != FST_OK {
        return Err(format!("read: {status} {}", common::message()));
    }
    // SAFETY: plain bytes inside the buffer.
    let bytes = unsafe { std::slice::from_raw_parts(own.as_ptr().cast::<u8>(), expected.nbytes as usize) };
    expected.check(bytes).map_err(|what| format!("read: {what}"))?;
    if let Some(expected) = &line.array_missing_codes {
        let view = codes.view(line.i).map_err(|status| format!("view with codes: {status}"))?;
        expected.check(view.bytes()).map_err(|what| format!("view with codes: {what}"))?;
    }
    counts.equal += 1;
    Ok(())
}

#[test]
fn every_record_of_every_golden_file() {
    for root in golden_roots() {
        let files = golden_files(&root);
        assert!(!files.is_empty(), "{} has no golden files", root.display());
        for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
            let mut counts = Counts::default();
            for path in &files {
                check_file(path, access, &mut counts);
            }
            println!(
                "golden {} ({}): {} files, {} records, {} attributes compared; equal {}, refused as expected {}, differing {}",
                root.display(),
                if access == FST_ACCESS_MAP { "mapped" } else { "direct" },
                counts.files,
                counts.records,
                counts.attributes,
                counts.equal,
                counts.refused,
                counts.differing.len()
            );
            let shown: Vec<_> = counts.differing.iter().take(20).collect();
            assert!(counts.differing.is_empty(), "{shown:#?}");
        }
    }
}
