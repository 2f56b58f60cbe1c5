// SPDX-License-Identifier: MIT OR Apache-2.0
//! Searching, against every vector of `tests/data/semantics`: what the reference finds, or the recommended answer where
//! the page says that the reference is wrong.

mod common;

use std::collections::HashMap;
use std::path::PathBuf;

use std::ffi::CString;
use std::ptr::null;

use common::{Opened, message, root};
use fstview::Error;
use fstview::attributes::date::CalendarDate;
use fstview::attributes::level;
use fstview::container::Attributes;
use fstview::ffi::types::*;
use fstview::ffi::*;
use fstview::file::{File, OpenOptions};
use fstview::query::{Criteria, LevelRange, Period, Search, find, find_first, search};
use serde_json::Value;

fn semantics(name: &str) -> PathBuf {
    root().join("tests/data/semantics").join(name)
}

fn json(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(semantics(name)).unwrap();
    serde_json::from_str::<Vec<Value>>(&text).unwrap()
}

/// Positions among live records, by the reference's `file_index`.
fn positions(name: &str) -> HashMap<i64, usize> {
    json(name).iter().enumerate().map(|(at, record)| (record["index"].as_i64().unwrap(), at)).collect()
}

fn open(names: &[&str]) -> File {
    let paths: Vec<PathBuf> = names.iter().map(|name| semantics(name)).collect();
    File::open_many(&paths, OpenOptions::default()).unwrap()
}

fn criteria(vector: &Value) -> Criteria {
    let mut criteria = Criteria::default();
    let number = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap();
    for (name, value) in vector["criteria"].as_object().unwrap() {
        let text = || value.as_str().unwrap().as_bytes().to_vec();
        match name.as_str() {
            "nomvar" => criteria.nomvar = text(),
            "typvar" => criteria.typvar = text(),
            "grtyp" => criteria.grtyp = text(),
            "etiket" => criteria.etiket = text(),
            "dateo" => criteria.dateo = number(value),
            "datev" => criteria.datev = number(value),
            "data_type" => criteria.data_type = number(value),
            "data_bits" => criteria.data_bits = number(value),
            "pack_bits" => criteria.pack_bits = number(value),
            "ni" => criteria.shape[0] = number(value),
            "nj" => criteria.shape[1] = number(value),
            "nk" => criteria.shape[2] = number(value),
            "deet" => criteria.deet = number(value),
            "npas" => criteria.npas = number(value),
            "ip1" => criteria.ip[0] = number(value),
            "ip2" => criteria.ip[1] = number(value),
            "ip3" => criteria.ip[2] = number(value),
            "ig1" => criteria.ig[0] = number(value),
            "ig2" => criteria.ig[1] = number(value),
            "ig3" => criteria.ig[2] = number(value),
            "ig4" => criteria.ig[3] = number(value),
            other => panic!("criterion {other}"),
        }
    }
    for (name, value) in vector["options"].as_object().into_iter().flatten() {
        let on = value.as_i64().unwrap() > 0;
        match name.as_str() {
            "ip1_all" => criteria.ip_all[0] = on,
            "ip2_all" => criteria.ip_all[1] = on,
            "ip3_all" => criteria.ip_all[2] = on,
            "stamp_norun" => criteria.stamp_norun = value.as_i64() == Some(1),
            "skip_grid_descriptors" => criteria.skip_grid_descriptors = on,
            // There is no global filter to be skipped.
            "skip_filter" => {}
            other => panic!("option {other}"),
        }
    }
    criteria
}

/// Whether a string of the criteria has more characters than a record: the reference ignores the rest, here it is an
/// error.
fn too_long(vector: &Value) -> bool {
    [("nomvar", 4), ("typvar", 2), ("etiket", 12), ("grtyp", 1)].iter().any(|(name, width)| {
        vector["criteria"][*name].as_str().is_some_and(|text| text.trim_end().len() > *width)
    })
}

#[test]
fn query_vectors() {
    let vectors = json("query_vectors.json");
    let mut wrong = Vec::new();
    let mut passed = [0; 3];
    for (flavour, name, records) in
        [("rsf", "query.rsf", "query_records_rsf.json"), ("xdf", "query.xdf", "query_records_xdf.json")]
    {
        let file = open(&[name]);
        let positions = positions(records);
        assert_eq!(file.record_count(), positions.len());
        for vector in &vectors {
            let recommended = &vector[format!("{flavour}_recommended")];
            let expected = if recommended.is_null() { &vector[flavour] } else { recommended };
            let expected: Vec<usize> = expected
                .as_array()
                .unwrap()
                .iter()
                .map(|index| positions[&index.as_i64().unwrap()])
                .collect();
            let criteria = criteria(vector);
            if too_long(vector) {
                assert!(matches!(find(&file, &criteria), Err(Error::InvalidArgument(_))), "{vector}");
                passed[2] += 1;
                continue;
            }
            match find(&file, &criteria) {
                Ok(found) if found == expected => {
                    match find_first(&file, &criteria) {
                        Ok(first) => assert_eq!(Some(&first), expected.first()),
                        Err(Error::NoMatch(_)) => assert!(expected.is_empty()),
                        Err(error) => panic!("{error}"),
                    }
                    passed[usize::from(!recommended.is_null())] += 1;
                }
                found => wrong.push(format!(
                    "{flavour} {} {} {}: {found:?}, expected {expected:?}",
                    vector["id"], vector["criteria"], vector["options"]
                )),
            }
        }
    }
    println!(
        "query_vectors.json: {} as the reference, {} as recommended, {} too long: errors; {} wrong",
        passed[0],
        passed[1],
        passed[2],
        wrong.len()
    );
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(10)]);
}

/// The first three characters of the names of descriptors.
const PREFIXES: [&[u8]; 11] =
    [b">> ", b"^^ ", b"^> ", b"!! ", b"## ", b"#>>", b"#^^", b"###", b"HY ", b"PRO", b"MTR"];

#[test]
fn query_link_vectors() {
    let maps = HashMap::from([
        ("query.rsf", positions("query_records_rsf.json")),
        ("query.xdf", positions("query_records_xdf.json")),
    ]);
    let mut passed = 0;
    for vector in json("query_link_vectors.json") {
        let order: Vec<&str> =
            vector["order"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        let file = open(&order);
        assert_eq!(file.record_count() as i64, vector["num_records_first"].as_i64().unwrap());
        let starts: Vec<usize> = order
            .iter()
            .scan(0, |start, name| Some(std::mem::replace(start, *start + maps[name].len())))
            .collect();
        for query in vector["queries"].as_array().unwrap() {
            let expected: Vec<usize> = query["found"]
                .as_array()
                .unwrap()
                .iter()
                .map(|pair| {
                    let which = pair[0].as_u64().unwrap() as usize;
                    starts[which] + maps[order[which]][&pair[1].as_i64().unwrap()]
                })
                .collect();
            let mut found = find(&file, &criteria(query)).unwrap();
            if query["options"]["skip_grid_descriptors"].as_i64().is_some_and(|on| on > 0) {
                // The reference skips by three characters of the name, here it is the whole name (5.5).
                found.retain(|record| {
                    let name = file.record(*record).unwrap().attributes.nomvar;
                    expected.contains(record) || !PREFIXES.iter().any(|prefix| name.starts_with(prefix))
                });
            }
            assert_eq!(found, expected, "{} {}", query["criteria"], query["options"]);
            passed += 1;
        }
    }
    println!("query_link_vectors.json: {passed} queries over linked files");
}

#[test]
fn strings_that_no_record_can_have_are_errors() {
    let file = open(&["query.rsf"]);
    for text in ["ABCDE", "T\t", "T\u{e9}", "T\u{7f}"] {
        let criteria = Criteria { nomvar: text.as_bytes().to_vec(), ..Criteria::default() };
        assert!(matches!(find(&file, &criteria), Err(Error::InvalidArgument(_))), "{text:?}");
    }
    let blank = Criteria { nomvar: b"        ".to_vec(), ..Criteria::default() };
    assert_eq!(find(&file, &blank).unwrap().len(), file.record_count());
}

#[test]
fn query_meta_vectors() {
    let file = open(&["query.rsf", "query.xdf"]);
    let positions = positions("query_records_rsf.json");
    let vectors = json("query_meta_vectors.json");
    for vector in &vectors {
        let expected: Vec<usize> = vector["rsf"]
            .as_array()
            .unwrap()
            .iter()
            .map(|index| positions[&index.as_i64().unwrap()])
            .collect();
        let metadata = Some(vector["meta"].as_str().unwrap().as_bytes().to_vec());
        let wanted = Search { criteria: criteria(vector), metadata, ..Search::default() };
        assert_eq!(search(&file, &wanted).unwrap(), expected, "{vector}");
    }
    println!("query_meta_vectors.json: {} searches", vectors.len());
}

/// The reference's index counts deleted records, positions do not: the live ones are those that it finds, in that order.
#[test]
fn query_by_index() {
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(semantics("query_by_index.json")).unwrap()).unwrap();
    for flavour in ["rsf", "xdf"] {
        let file = open(&[&format!("query.{flavour}")]);
        let records = json(&format!("query_records_{flavour}.json"));
        let slots = vectors[flavour].as_array().unwrap();
        let live = slots.iter().filter(|slot| slot[1] == 1).map(|slot| slot[0].as_i64().unwrap());
        // One past the last slot of an XDF file, which the reference reports as an empty record.
        let live: Vec<i64> = live.filter(|index| flavour == "rsf" || *index != 316).collect();
        assert_eq!(vectors[format!("{flavour}_num_records")], live.len());
        assert_eq!(file.record_count(), live.len());
        for (position, index) in live.into_iter().enumerate() {
            let (found, expected) = (file.record(position).unwrap().attributes, &records[position]);
            assert_eq!(expected["index"], index);
            assert_eq!(expected["ip1"], found.ip[0]);
            assert_eq!(expected["nomvar"], String::from_utf8_lossy(&found.nomvar).as_ref());
        }
    }
}

/// Numbers of the records for which a rule holds.
fn by_hand(file: &File, rule: impl Fn(&Attributes) -> bool) -> Vec<usize> {
    (0..file.record_count()).filter(|record| rule(&file.record(*record).unwrap().attributes)).collect()
}

#[test]
fn periods_are_compared_as_instants() {
    let file = open(&["query.rsf", "query.xdf"]);
    let date_of = |stamp: i32| CalendarDate::from_stamp(stamp).ok();
    let mut dates: Vec<Option<CalendarDate>> = vec![None];
    for record in 0..file.record_count() {
        let attributes = file.record(record).unwrap().attributes;
        dates.extend(
            [date_of(attributes.datev), date_of(attributes.dateo)]
                .map(|date| date.filter(|_| record % 7 == 0)),
        );
    }
    dates.sort();
    dates.dedup();
    assert!(dates.len() > 20);
    let within = |period: Period, date: Option<CalendarDate>| {
        period == Period::default()
            || date.is_some_and(|date| {
                period.from.is_none_or(|from| from <= date) && period.to.is_none_or(|to| date <= to)
            })
    };
    for from in &dates {
        for to in dates.iter().filter(|to| to.is_none() || *to >= from) {
            let period = Period { from: *from, to: *to };
            let valid = Search { valid: period, ..Search::default() };
            let expected = by_hand(&file, |record| within(period, date_of(record.datev)));
            assert_eq!(search(&file, &valid).unwrap(), expected, "{period:?}");
            let origin = Search { origin: period, ..Search::default() };
            let expected = by_hand(&file, |record| {
                // An origin that is computed from no date is unknown, whatever stamp stands for it.
                within(period, date_of(record.datev).and_then(|_| date_of(record.dateo)))
            });
            assert_eq!(search(&file, &origin).unwrap(), expected, "{period:?}");
        }
    }
    let date = |second| Some(CalendarDate { year: 1999, month: 1, day: 31, hour: 6, minute: 0, second });
    let at = |second| Search { valid: Period { from: date(second), to: date(second) }, ..Search::default() };
    let exact = by_hand(&file, |record| date_of(record.datev) == date(0));
    assert_eq!(search(&file, &at(0)).unwrap(), exact);
}

#[test]
fn level_ranges_find_every_encoding() {
    let file = open(&["query.rsf", "query.xdf"]);
    let bounds = [f32::NEG_INFINITY, -1.0, 0.0, 0.5, 1.0, 300.0, 500.0, 850.0, 1000.0, f32::INFINITY];
    let mut found = 0;
    for kind in (0..=21).filter(|kind| level::is_kind(*kind)) {
        for (first, from) in bounds.into_iter().enumerate() {
            for to in bounds.into_iter().skip(first) {
                let wanted = Search { levels: Some(LevelRange { kind, from, to }), ..Search::default() };
                let expected = by_hand(&file, |record| {
                    level::decode(record.ip[0] as i32)
                        .is_ok_and(|level| level.kind == kind && from <= level.value && level.value <= to)
                });
                assert_eq!(search(&file, &wanted).unwrap(), expected, "{kind} {from} {to}");
                found += expected.len();
            }
        }
    }
    assert!(found > 1000);
    // 500 hPa in the old style, the canonical code of the new style, and the codes that mean the same.
    let hectopascals =
        Search { levels: Some(LevelRange { kind: 2, from: 500.0, to: 500.0 }), ..Search::default() };
    let found = search(&file, &hectopascals).unwrap();
    let all =
        find(&file, &Criteria { ip: [500, -1, -1], ip_all: [true, false, false], ..Criteria::default() });
    let all = all.unwrap();
    assert!(all.iter().all(|record| found.contains(record)) && found.len() > all.len() && all.len() > 2);
}

#[test]
fn lists_find_what_each_of_their_strings_finds() {
    let file = open(&["query.rsf", "query.xdf"]);
    let union = |each: &[Criteria]| {
        let mut all: Vec<usize> = each.iter().flat_map(|criteria| find(&file, criteria).unwrap()).collect();
        all.sort();
        all.dedup();
        all
    };
    let list = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
    for texts in [&["TT"][..], &["tt", "UU  ", "NONE"], &["GZ", "TT", "TT"]] {
        let each: Vec<Criteria> =
            list(texts).into_iter().map(|nomvar| Criteria { nomvar, ..Criteria::default() }).collect();
        let wanted = Search { nomvars: list(texts), ..Search::default() };
        assert_eq!(search(&file, &wanted).unwrap(), union(&each), "{texts:?}");
    }
    let wanted =
        Search { typvars: list(&["A", "P"]), etikets: list(&["RUN_A", "RUN_B"]), ..Search::default() };
    let expected = by_hand(&file, |record| {
        [b"A ", b"P "].contains(&&record.typvar)
            && [b"RUN_A       ", b"RUN_B       "].contains(&&record.etiket)
    });
    assert!(!expected.is_empty());
    assert_eq!(search(&file, &wanted).unwrap(), expected);
    let blank = Search { nomvars: list(&[" "]), ..Search::default() };
    assert_eq!(search(&file, &blank).unwrap(), by_hand(&file, |record| record.nomvar == *b"    "));
    let none = Search {
        criteria: criteria(&serde_json::json!({"criteria": {"nomvar": "UU"}})),
        nomvars: list(&["TT"]),
        ..Search::default()
    };
    assert!(search(&file, &none).unwrap().is_empty());
}

/// `FST_SEARCH_INIT`.
fn search_init() -> FstSearch {
    // SAFETY: numbers, and pointers that may be null.
    let mut search: FstSearch = unsafe { std::mem::zeroed() };
    search.struct_size = size_of::<FstSearch>() as u32;
    search
}

fn c_search(file: &Opened, search: *const FstSearch) -> Result<Vec<usize>, FstStatus> {
    let (mut records, mut found) = (vec![0; 1000], 0);
    // SAFETY: valid pointers, and a search whose pointers are valid.
    match unsafe { fst_search(file.handle, search, records.as_mut_ptr(), records.len(), &mut found) } {
        FST_OK => {
            records.truncate(found);
            Ok(records)
        }
        status => Err(status),
    }
}

fn date(year: i32, month: i32, day: i32) -> FstDate {
    FstDate { struct_size: 28, year, month, day, ..FstDate::default() }
}

#[test]
fn the_c_search_combines_all_that_is_set() {
    let opened = Opened::new(&semantics("query.rsf"), FST_ACCESS_AUTO, FST_MISSING_KEEP);
    let file = open(&["query.rsf"]);
    let all: Vec<usize> = (0..file.record_count()).collect();
    assert_eq!(c_search(&opened, null()).unwrap(), all);
    assert_eq!(c_search(&opened, &search_init()).unwrap(), all);

    let names = ["TT", "UU", "GZ"].map(|name| CString::new(name).unwrap());
    let names = names.each_ref().map(|name| name.as_ptr());
    let (from, to) = (date(1900, 1, 1), date(2100, 1, 1));
    let metadata = CString::new(r#"{"data":{"bits":32}}"#).unwrap();
    // SAFETY: numbers only.
    let mut criteria: FstCriteria = unsafe { std::mem::zeroed() };
    criteria.struct_size = 116;
    for wild in [
        &mut criteria.dateo,
        &mut criteria.datev,
        &mut criteria.data_type,
        &mut criteria.data_bits,
        &mut criteria.pack_bits,
        &mut criteria.ni,
        &mut criteria.nj,
        &mut criteria.nk,
        &mut criteria.deet,
        &mut criteria.npas,
        &mut criteria.ip1,
        &mut criteria.ip2,
        &mut criteria.ip3,
        &mut criteria.ig1,
        &mut criteria.ig2,
        &mut criteria.ig3,
        &mut criteria.ig4,
    ] {
        *wild = -1;
    }
    criteria.nomvar[..2].copy_from_slice(&[b'G' as _, b'Z' as _]);
    let given = FstSearch {
        criteria: &criteria,
        nomvars: names.as_ptr(),
        nomvar_count: 3,
        valid_from: &from,
        valid_to: &to,
        metadata: metadata.as_ptr(),
        has_level: 1,
        level_kind: 2,
        level_from: 0.0,
        level_to: 1100.0,
        ..search_init()
    };
    let expected = Search {
        criteria: Criteria { nomvar: b"GZ".to_vec(), ..Criteria::default() },
        valid: Period {
            from: CalendarDate::from_printable(19_000_101, 0).ok(),
            to: CalendarDate::from_printable(21_000_101, 0).ok(),
        },
        levels: Some(LevelRange { kind: 2, from: 0.0, to: 1100.0 }),
        metadata: Some(metadata.to_bytes().to_vec()),
        ..Search::default()
    };
    let expected = search(&file, &expected).unwrap();
    assert!(!expected.is_empty() && expected.len() < all.len());
    assert_eq!(c_search(&opened, &given).unwrap(), expected);

    let mut found = 0;
    // SAFETY: valid pointers; no numbers are wanted.
    assert_eq!(unsafe { fst_search(opened.handle, &given, std::ptr::null_mut(), 0, &mut found) }, FST_OK);
    assert_eq!(found, expected.len());
}

#[test]
fn a_search_that_makes_no_sense_is_an_error_that_names_it() {
    let file = Opened::new(&semantics("query.rsf"), FST_ACCESS_AUTO, FST_MISSING_KEEP);
    let refused = |what: &str, given: FstSearch| {
        assert_eq!(c_search(&file, &given), Err(FST_ERR_INVALID_ARGUMENT), "{what}");
        assert!(message().contains(what), "{what}: {}", message());
    };
    let (february_30, early, late) = (date(2024, 2, 30), date(2024, 1, 1), date(2025, 1, 1));
    let no_size = FstDate { struct_size: 0, ..early };
    refused("valid_to", FstSearch { valid_to: &february_30, ..search_init() });
    refused("2024-02-30", FstSearch { valid_to: &february_30, ..search_init() });
    refused("origin_from", FstSearch { origin_from: &february_30, ..search_init() });
    refused("origin_from", FstSearch { origin_from: &late, origin_to: &early, ..search_init() });
    refused("FstDate.struct_size", FstSearch { origin_from: &no_size, ..search_init() });
    let level = |level_kind, level_from, level_to| FstSearch {
        has_level: 1,
        level_kind,
        level_from,
        level_to,
        ..search_init()
    };
    for kind in [-1, 8, 9, 11, 14, 31, 100] {
        refused("level_kind", level(kind, 0.0, 1.0));
    }
    refused("level_from", level(2, f32::NAN, 1.0));
    refused("level_to", level(2, 0.0, f32::NAN));
    refused("level_from is 2", level(2, 2.0, 1.0));
    refused("has_level", FstSearch { has_level: 2, ..search_init() });
    refused("has_level is 0", FstSearch { level_to: 500.0, ..search_init() });
    refused("reserved", FstSearch { reserved: 1, ..search_init() });
    for text in ["ABCDE", "T\u{e9}", "T\n"] {
        let name = CString::new(text).unwrap();
        let names = [c"TT".as_ptr(), name.as_ptr()];
        refused("nomvars[1]", FstSearch { nomvars: names.as_ptr(), nomvar_count: 2, ..search_init() });
    }
    let names = [null()];
    refused("etikets[0]", FstSearch { etikets: names.as_ptr(), etiket_count: 1, ..search_init() });
    refused("typvars", FstSearch { typvars: null(), typvar_count: 1, ..search_init() });
    for text in [c"", c"[1]", c"{\"a\":}", c"{\"a\":1} 2", c"nonsense"] {
        refused("metadata", FstSearch { metadata: text.as_ptr(), ..search_init() });
    }
    refused("FstSearch.struct_size", FstSearch { struct_size: 119, ..search_init() });
    let too_many = FstSearch { nomvars: names.as_ptr(), nomvar_count: usize::MAX, ..search_init() };
    assert_eq!(c_search(&file, &too_many), Err(FST_ERR_LIMIT));
}
