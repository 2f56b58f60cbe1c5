// SPDX-License-Identifier: MIT OR Apache-2.0
//! What each fuzz target starts from: the golden files, cut to size.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Longest seed; whole files of twice that are taken as they are.
const LONGEST: usize = 16 * 1024;

/// The seeds of a target, each with a name that says where it is from. `data` is `tests/data`.
pub fn seeds(target: &str, data: &Path) -> Vec<(String, Vec<u8>)> {
    match target {
        "xdf" => images(data, &["fst"]),
        "rsf" => images(data, &["rsf"]),
        "abi" => images(data, &["fst", "rsf"]),
        "codec" => payloads(data, |data_type| data_type & 128 == 0),
        "turbo" => payloads(data, |data_type| data_type & 128 != 0),
        "metadata" => texts(data),
        other => panic!("no target {other}"),
    }
}

/// The files of some folders, by extension, in one order.
fn files(data: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut list = Vec::new();
    for folder in ["", "containers", "containers/malformed", "semantics"] {
        for entry in std::fs::read_dir(data.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted)) {
                list.push(path);
            }
        }
    }
    list.sort();
    list
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Containers: small ones whole, of others the first records, which is a file that was cut.
fn images(data: &Path, extensions: &[&str]) -> Vec<(String, Vec<u8>)> {
    files(data, extensions)
        .into_iter()
        .map(|path| {
            let mut image = std::fs::read(&path).unwrap();
            if image.len() > 2 * LONGEST {
                image.truncate(LONGEST);
            }
            (name_of(&path), image)
        })
        .filter(|(_, image)| !image.is_empty())
        .collect()
}

/// The lines that describe the records of a golden file.
fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Payloads behind the 8 bytes that `inputs::packing` takes for a directory entry: one of each kind.
fn payloads(data: &Path, wanted: impl Fn(u64) -> bool) -> Vec<(String, Vec<u8>)> {
    let mut seen = BTreeSet::new();
    let mut list = Vec::new();
    for path in files(data, &["jsonl"]) {
        let container = path.with_extension("");
        let Ok(image) = std::fs::read(&container) else { continue };
        let rsf = container.extension().is_some_and(|extension| extension == "rsf");
        let how = match (rsf, name_of(&path).contains("bigendian")) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 3,
        };
        for (number, line) in lines(&path).iter().enumerate() {
            let field = |name: &str| line[name].as_u64();
            let head = ["data_type", "pack_bits", "data_bits", "ni", "nj", "nk"].map(field);
            let [Some(data_type), Some(pack_bits), Some(data_bits), Some(ni), Some(nj), Some(nk)] = head
            else {
                continue;
            };
            let (Some(offset), Some(bytes)) = (field("payload_offset"), field("payload_bytes")) else {
                continue;
            };
            let small = [data_type, pack_bits, data_bits, ni, nj, nk].iter().all(|value| *value < 256);
            let fits = small && bytes as usize <= LONGEST && wanted(data_type);
            if !fits || !seen.insert((how, data_type, pack_bits, data_bits, (ni * nj * nk).ilog2())) {
                continue;
            }
            let Some(payload) = image.get(offset as usize..(offset + bytes) as usize) else { continue };
            // The turbo target takes the place of the type in its list, and the flag of missing values.
            let kind = match data_type {
                128.. => {
                    [129, 130, 133, 134].iter().position(|kind| *kind == data_type & !64).unwrap_or(0) as u64
                }
                _ => 0,
            };
            let kind = if data_type < 128 { data_type } else { kind | data_type & 64 };
            let head = [kind, pack_bits, data_bits, how, ni, nj, nk, 0].map(|value| value as u8);
            list.push((format!("{}-{number}", name_of(&container)), [&head, payload].concat()));
        }
    }
    list
}

/// Texts alone, and behind criteria that they meet.
fn texts(data: &Path) -> Vec<(String, Vec<u8>)> {
    let mut list: Vec<(String, Vec<u8>)> = Vec::new();
    for path in files(data, &["jsonl"]) {
        for (number, line) in lines(&path).iter().enumerate() {
            let Some(text) = line["metadata"].as_str().filter(|text| text.len() < 4096) else { continue };
            let name = format!("{}-{number}", name_of(&path.with_extension("")));
            list.push((format!("{name}-criterion"), [b"{}\0", text.as_bytes()].concat()));
            list.push((name, text.as_bytes().to_vec()));
        }
    }
    let criteria: [&[u8]; 6] = [
        br#"{"a":[1,"x",{"b":[]}],"c":{"d":-1.5e3,"e":null,"f":true}}"#,
        b"{\"k\":[\"time\",\"\"]}\0{\"k\":[\"time:mean\",\"y\"]}",
        b"{\"k\":NaN,\"l\":-Infinity}\0{\"k\":\"2.50\",\"l\":-Infinity}",
        br#"{"\u00e9\ud83d\ude00":"\n\\\/\ud83d","x":[[[[[[]]]]]]}"#,
        b"{\"cell_methods\":[\"time:\"],\"units\":\"K\"}\0{\"cell_methods\":[\"time:mean (interval:1)\"],\"units\":\"K\"}",
        b"{\"a\":01}\0{\"a\":1}",
    ];
    let numbered = criteria.iter().enumerate();
    list.extend(numbered.map(|(number, text)| (format!("criterion-{number}"), text.to_vec())));
    list
}
