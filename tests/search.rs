//! Searching, against every vector of `tests/data/semantics`: what the reference finds, or the recommended answer where
//! the page says that the reference is wrong.

mod common;

use std::collections::HashMap;
use std::path::PathBuf;

use common::root;
use fstview::Error;
use fstview::file::{File, OpenOptions};
use fstview::query::{Criteria, find, find_first};
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
