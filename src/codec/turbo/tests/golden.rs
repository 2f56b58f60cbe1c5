// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every compressed record of the golden files, where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::codec::element::with_slice;
use crate::error::FaultKind;

/// The directory of the golden files.
fn directory() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/golden");
    let named = std::env::var_os("FSTVIEW_GOLDEN").map(PathBuf::from);
    named.into_iter().chain([beside]).find(|path| path.is_dir())
}

#[derive(serde::Deserialize)]
struct Array {
    nbytes: usize,
    crc32: u32,
}

#[derive(serde::Deserialize)]
struct Line {
    i: u64,
    ni: u64,
    nj: u64,
    nk: u64,
    data_type: u8,
    data_bits: u8,
    pack_bits: u8,
    payload_offset: u64,
    payload_bytes: u64,
    dtype: Option<String>,
    array: Option<Array>,
    refused: Option<String>,
}

/// The native bytes of a decoded array, little-endian.
fn array(packing: &Packing, dtype: &str, payload: &[u8]) -> Result<Vec<u8>, Fault> {
    fn run<T: Copy + Default, const N: usize>(
        count: usize,
        wrap: impl Fn(&mut [T]) -> Elements<'_>,
        bytes: impl Fn(T) -> [u8; N],
        decode: impl Fn(Elements<'_>) -> Result<(), Fault>,
    ) -> Result<Vec<u8>, Fault> {
        let mut out = vec![T::default(); count];
        decode(wrap(&mut out))?;
        Ok(out.into_iter().flat_map(bytes).collect())
    }
    let count = points(packing);
    let decode = |out: Elements<'_>| {
        assert_eq!(with_slice!(&out, slice => slice.len()), count);
        decode(packing, payload, out)
    };
    match dtype {
        "F32" => run(count, |out| Elements::F32(out), f32::to_le_bytes, decode),
        "U8" => run(count, |out| Elements::U8(out), u8::to_le_bytes, decode),
        "U16" => run(count, |out| Elements::U16(out), u16::to_le_bytes, decode),
        "U32" => run(count, |out| Elements::U32(out), u32::to_le_bytes, decode),
        other => panic!("compressed records of {other}"),
    }
}

#[test]
fn golden_records_decode_to_their_digests() {
    let Some(directory) = directory() else { return };
    let mut names: Vec<PathBuf> = [directory.clone(), directory.join("containers")]
        .iter()
        .flat_map(|directory| fs::read_dir(directory).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    names.sort();
    let (mut equal, mut refused) = (0, 0);
    for name in names {
        let text = fs::read_to_string(&name).unwrap();
        let path = name.with_extension("");
        let file = fs::read(&path).unwrap();
        let little = path.extension().is_some_and(|extension| extension == "rsf")
            && !path.to_string_lossy().contains("bigendian");
        let order = if little { ByteOrder::Little } else { ByteOrder::Big };
        for text in text.lines() {
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            if value["data_type"].as_u64().is_none_or(|data_type| data_type & 128 == 0) {
                continue;
            }
            let line: Line = serde_json::from_value(value).unwrap();
            let place = format!("{} record {}", path.display(), line.i);
            let mut packing = packing(line.data_type, line.pack_bits, line.data_bits, 0, 0, order);
            packing.shape = [line.ni, line.nj, line.nk];
            if packing.data_bits == 0 {
                packing.data_bits = 32;
            }
            let payload = &file[line.payload_offset as usize..][..line.payload_bytes as usize];
            if let Some(reason) = line.refused {
                let mut out = vec![0; points(&packing)];
                let unsigned = decode(&packing, payload, Elements::U64(&mut out));
                let real = decode_f32(&packing, payload);
                assert!(unsigned.is_err() && real.is_err(), "{place} should be refused: {reason}");
                refused += 1;
                continue;
            }
            let (dtype, expected) = (line.dtype.unwrap(), line.array.unwrap());
            let bytes = array(&packing, &dtype, payload).unwrap_or_else(|fault| panic!("{place}: {fault}"));
            assert_eq!(bytes.len(), expected.nbytes, "{place}");
            assert_eq!(crc32fast::hash(&bytes), expected.crc32, "{place}");
            equal += 1;
        }
    }
    println!("{equal} records equal, {refused} refused");
    assert!(equal > 0);
}

#[derive(serde::Deserialize)]
struct Malformed {
    records: usize,
    #[serde(default)]
    fails: Vec<usize>,
    #[serde(default)]
    may_fail: Vec<usize>,
    #[serde(default)]
    fail_status: Vec<String>,
}

/// The records of a small little-endian RSF file, found by their start markers: entry and payload.
fn records(file: &[u8]) -> Vec<(Packing, &[u8])> {
    let word =
        |at: usize| file.get(at..at + 4).map_or(0, |bytes| u32::from_le_bytes(bytes.try_into().unwrap()));
    let mut found = Vec::new();
    for at in (0..file.len()).step_by(4) {
        // A data record with 19 words of metadata; behind the marker its length, then the metadata.
        if word(at) == 0xFE00_1301 && word(at + 16) == 0x0001_0101 {
            let key = |k: usize| word(at + 16 + 4 * k);
            let packing = Packing {
                container: Container::Rsf,
                order: ByteOrder::Little,
                data_type: key(5) as u8,
                pack_bits: key(3) as u8,
                data_bits: key(14) as u8,
                shape: [
                    u64::from(key(4) >> 8 | key(13) << 24),
                    u64::from(key(5) >> 8 | (key(16) & 0xF) << 24 | (key(17) & 0xF) << 28),
                    u64::from(key(6) >> 12),
                ],
            };
            let payload = &file[at + 92..at + word(at + 8) as usize - 12];
            found.push((packing, payload));
        }
    }
    found
}

#[test]
fn malformed_records_are_refused() {
    let Some(directory) = directory().map(|path| path.join("containers/malformed")) else { return };
    let index = fs::read_to_string(directory.join("index.json")).unwrap();
    let index: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&index).unwrap();
    let mut refused = 0;
    for (name, entry) in index.into_iter().filter(|(name, _)| name.starts_with("turbo_")) {
        let entry: Malformed = serde_json::from_value(entry).unwrap();
        let file = fs::read(directory.join(&name)).unwrap();
        let records = records(&file);
        assert_eq!(records.len(), entry.records, "{name}");
        for (number, (packing, payload)) in records.into_iter().enumerate() {
            let place = format!("{name} record {number}: {packing:?}");
            let head = &payload[..payload.len().min(HEAD)];
            if entry.may_fail.contains(&number) || packing.data_type & 128 == 0 {
                continue;
            }
            let dtype = match (packing.data_type & 0x3F, packing.data_bits) {
                (2, 8) => "U8",
                (2, 16) => "U16",
                (2, _) => "U32",
                _ => "F32",
            };
            // Nothing is allocated before the entry and the first words have been accepted.
            let out = Turbo::new(&packing, head, payload.len() as u64)
                .and_then(|_| array(&packing, dtype, payload));
            // The records that are right are not compressed.
            assert!(entry.fails.contains(&number), "{place}");
            let fault = out.expect_err(&place);
            let status = match fault.kind {
                FaultKind::Corrupt => "FST_ERR_CORRUPT",
                FaultKind::Truncated => "FST_ERR_TRUNCATED",
                FaultKind::Unsupported => "FST_ERR_UNSUPPORTED",
                FaultKind::NoMemory => "FST_ERR_NO_MEMORY",
            };
            let right = &entry.fail_status;
            assert!(right.iter().any(|name| name == status), "{place}: {fault}: {status}, not {right:?}");
            refused += 1;
        }
    }
    println!("malformed files: {refused} records refused");
}
