// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that break one rule each, and files that are no standard files at all: the right status, a message with the
//! path, and every record that is still good, byte for byte.
//!
//! `tests/data/containers/malformed/index.json` says what is expected.

mod common;

use std::collections::BTreeMap;
use std::path::Path;

use common::{Opened, golden_roots, message, open, open_options, read_info};
use fstview::ffi::types::*;
use fstview::ffi::*;
use serde::Deserialize;

#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize, Debug)]
struct Rule {
    rule: String,
    page: String,
    section: String,
    open: OneOrMany,
    #[serde(default)]
    open_status: Vec<String>,
    records: Option<usize>,
    #[serde(default)]
    good: Vec<i32>,
    #[serde(default)]
    crc32: Vec<u32>,
    #[serde(default)]
    fails: Vec<usize>,
    #[serde(default)]
    fail_status: Vec<String>,
    #[serde(default)]
    may_fail: Vec<usize>,
    complete: Option<u32>,
    salvage: Option<Vec<i32>>,
    salvage_crc32: Option<Vec<u32>>,
    metadata_hex: Option<BTreeMap<String, String>>,
}

impl Rule {
    fn may_open(&self, how: &str) -> bool {
        match &self.open {
            OneOrMany::One(one) => one == how,
            OneOrMany::Many(many) => many.iter().any(|one| one == how),
        }
    }
}

fn name(status: FstStatus) -> String {
    // SAFETY: always a C string.
    unsafe { std::ffi::CStr::from_ptr(fst_status_name(status)) }.to_string_lossy().into_owned()
}

/// ip1 and CRC-32 of each record whose data can be had.
fn readable(file: &Opened) -> Vec<(usize, i32, u32)> {
    (0..file.count())
        .filter_map(|record| {
            let view = file.view(record).ok()?;
            Some((record, read_info(file.handle, record).ip1, crc32fast::hash(view.bytes())))
        })
        .collect()
}

fn check(path: &Path, rule: &Rule, access: FstAccess) -> Result<&'static str, String> {
    // Strictly: what a reader that recovers nothing sees.
    let strict = FstOpenOptions { access, strict: 1, ..open_options() };
    let strictly = open(path, &strict);
    if let Ok(file) = strictly {
        assert_eq!(fst_close(file), FST_OK);
        if !rule.may_open("ok") {
            return Err("opens although strict".to_owned());
        }
    }
    let file = match open(path, &FstOpenOptions { access, ..open_options() }) {
        Ok(handle) => Opened { handle },
        Err(status) => {
            if !rule.may_open("error") || rule.salvage.is_some() {
                return Err(format!("{}: {}", name(status), message()));
            }
            if !rule.open_status.contains(&name(status)) {
                return Err(format!("{}, expected one of {:?}", name(status), rule.open_status));
            }
            if !message().contains(path.to_str().unwrap()) {
                return Err(format!("a message without the path: {}", message()));
            }
            return Ok("refused");
        }
    };
    let found = readable(&file);
    let pairs = |records: &[i32], sums: &[u32]| -> Vec<(i32, u32)> {
        records.iter().copied().zip(sums.iter().copied()).collect()
    };
    if !rule.may_open("ok") {
        let expected = pairs(
            rule.salvage.as_deref().ok_or("opens, expected an error")?,
            rule.salvage_crc32.as_deref().unwrap_or_default(),
        );
        let found: Vec<_> = found.iter().map(|(_, ip1, crc)| (*ip1, *crc)).collect();
        if file.info().complete != 0 || found != expected || file.count() != expected.len() {
            return Err(format!("salvaged {found:?}, expected {expected:?}"));
        }
        if strictly.is_ok() {
            return Err("opens although strict".to_owned());
        }
        return Ok("recovered");
    }
    if rule.records.is_some_and(|records| records != file.count()) {
        return Err(format!("{} records, expected {:?}", file.count(), rule.records));
    }
    if rule.complete.is_some_and(|complete| complete != file.info().complete) {
        return Err(format!("complete {}, expected {:?}", file.info().complete, rule.complete));
    }
    let good: Vec<_> = found
        .iter()
        .filter(|(record, ..)| !rule.may_fail.contains(record))
        .map(|(_, ip1, crc)| (*ip1, *crc))
        .collect();
    let expected = pairs(&rule.good, &rule.crc32);
    if good != expected {
        return Err(format!("good {good:?}, expected {expected:?}"));
    }
    for record in &rule.fails {
        let status = file.view(*record).err().ok_or(format!("record {record} is viewed"))?;
        if !rule.fail_status.contains(&name(status)) {
            return Err(format!("record {record}: {}, expected one of {:?}", name(status), rule.fail_status));
        }
        let text = message();
        if !text.contains(path.to_str().unwrap()) || !text.contains(&format!("record {record}")) {
            return Err(format!("a message without path and record {record}: {text}"));
        }
        let mut place = [0u8; 8];
        // SAFETY: an aligned buffer of that size.
        let status = unsafe {
            fst_record_read(
                file.handle,
                *record,
                std::ptr::null(),
                FST_DTYPE_U8,
                place.as_mut_ptr().cast(),
                8,
            )
        };
        if status == FST_OK {
            return Err(format!("record {record} is read"));
        }
    }
    for (record, expected) in rule.metadata_hex.iter().flatten() {
        let mut length = 0;
        let mut text = [0u8; 4096];
        // SAFETY: a buffer of that capacity.
        let status = unsafe {
            fst_record_metadata(
                file.handle,
                record.parse().unwrap(),
                text.as_mut_ptr().cast(),
                4096,
                &mut length,
            )
        };
        let found: String = text[..length].iter().map(|byte| format!("{byte:02x}")).collect();
        if status != FST_OK || found != *expected {
            return Err(format!("metadata of record {record}: {found}, expected {expected}"));
        }
    }
    Ok("opened")
}

#[test]
fn every_rule_of_the_malformed_files() {
    for root in golden_roots() {
        let folder = root.join("containers/malformed").canonicalize().unwrap();
        let index = std::fs::read_to_string(folder.join("index.json")).unwrap();
        let rules: BTreeMap<String, Rule> = serde_json::from_str(&index).unwrap();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut wrong = Vec::new();
        for (file, rule) in &rules {
            for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
                match check(&folder.join(file), rule, access) {
                    Ok(how) => *counts.entry(how).or_default() += 1,
                    Err(what) => {
                        wrong.push(format!("{file} ({} {}: {}): {what}", rule.page, rule.section, rule.rule));
                    }
                }
            }
        }
        println!("malformed {}: {} rules, mapped and direct: {counts:?}", folder.display(), rules.len());
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn unclosed_files_give_every_complete_record() {
    for root in golden_roots() {
        for (name, least) in [
            ("unclosed.fst", 40),
            ("unclosed.rsf", 40),
            ("unclosed_flushed.fst", 40),
            ("unclosed_flushed.rsf", 40),
        ] {
            let file = Opened::new(&root.join(name), FST_ACCESS_AUTO, FST_MISSING_KEEP);
            assert_eq!(file.info().complete, 0, "{name}");
            assert!(file.count() >= least, "{name}: {} records", file.count());
            for record in 0..file.count() {
                let info = read_info(file.handle, record);
                assert_eq!((info.ip1, info.ni, info.nj), (record as i32, 30, 20), "{name}");
                file.view(record).unwrap();
            }
            println!("{name}: {} records recovered", file.count());
            let strict = FstOpenOptions { strict: 1, ..open_options() };
            assert!(open(&root.join(name), &strict).is_err(), "{name} opens although strict");
        }
    }
}
