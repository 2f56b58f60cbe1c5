// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command `fstview`: what it prints, on which stream, and with which exit status.
//!
//! `tests/data/listings` holds the expected texts; `docs/command.md` describes them. The command runs in `tests/data`, so
//! that no path of this machine is printed.
#![cfg(feature = "command")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use common::golden::ATTRIBUTES;
use common::root;
use fstview::Dtype;
use fstview::codec::element::Elements;
use fstview::file::{File, OpenOptions};
use fstview::view::ViewOptions;
use serde_json::Value;

fn data() -> PathBuf {
    root().join("tests/data")
}

fn fstview<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fstview"));
    command.args(arguments).current_dir(data()).env_remove("MISSING_VALUE_FLAGS");
    command
}

fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Output {
    fstview(arguments).output().unwrap()
}

/// Standard output of a run that must succeed in silence.
fn quiet<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> String {
    let output = run(arguments);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    String::from_utf8(output.stdout).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn objects(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

/// Golden files of a folder that have a `.jsonl`, by their path from `tests/data`.
fn golden(folder: &str) -> Vec<String> {
    let mut list: Vec<String> = fs::read_dir(data().join(folder))
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            Some(Path::new(folder).join(name.strip_suffix(".jsonl")?).to_str().unwrap().to_owned())
        })
        .collect();
    list.sort();
    list
}

fn expected(file: &str) -> Vec<Value> {
    objects(&fs::read_to_string(data().join(format!("{file}.jsonl"))).unwrap())
}

#[test]
fn outputs_are_those_committed() {
    for (arguments, listing, status) in [
        ("list containers/xdf_v19_sample.fst", "xdf_v19_sample.list.txt", 0),
        ("list containers/rsf_appended_edited.rsf", "rsf_appended_edited.list.txt", 0),
        ("list model.rsf --no-descriptors --ip2 6 --nomvar TT,P0,GZ", "model_filtered.list.txt", 0),
        (
            "list --short containers/rsf_contained_files.rsf containers/xdf_seq_marks.fst",
            "two_files.short.txt",
            0,
        ),
        ("list metadata.rsf --columns nomvar,level,datev,ig1234,deet,npas", "metadata.columns.txt", 0),
        ("info containers/xdf_v19_sample.fst containers/rsf_unclosed_parallel.rsf", "two_files.info.txt", 0),
        ("stats containers/xdf_v19_sample.fst", "xdf_v19_sample.stats.txt", 0),
        (
            "check containers/malformed/xdf_notice_checksum.fst containers/malformed/rsf_record_past_end.rsf \
             containers/malformed/xdf_chain_loop.fst model.fst",
            "malformed.check.txt",
            1,
        ),
    ] {
        let output = run(arguments.split_whitespace());
        let expected = fs::read_to_string(data().join("listings").join(listing)).unwrap();
        assert_eq!(text(&output.stdout), expected, "{arguments}");
        assert_eq!(
            (output.status.code(), text(&output.stderr)),
            (Some(status), String::new()),
            "{arguments}"
        );
    }
}

#[test]
fn json_has_every_attribute_of_every_golden_record() {
    let mut records = 0;
    for file in golden("").into_iter().chain(golden("containers")) {
        let output = run(["list", "--json", &file]);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", text(&output.stderr));
        let (found, expected) = (objects(&text(&output.stdout)), expected(&file));
        assert_eq!(found.len(), expected.len(), "{file}");
        for (number, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let dtype = expected.get("dtype").map(|_| "dtype");
            for key in ATTRIBUTES.into_iter().chain(dtype) {
                assert_eq!(found[key], expected[key], "{file}, record {number}, {key}");
            }
            assert_eq!((&found["record"], &found["file"]), (&number.into(), &Value::from(file.as_str())));
            assert_eq!(found["has_metadata"], expected.get("metadata").is_some(), "{file}, record {number}");
            if let Some(bytes) = expected["array"]["nbytes"].as_u64() {
                assert_eq!(found["array_bytes"], bytes, "{file}, record {number}");
            }
            records += 1;
        }
    }
    println!("json: {records} records");
    let line = &objects(&quiet(["list", "--json", "model.rsf", "--nomvar", "TT"]))[1];
    assert_eq!(
        line["level"],
        serde_json::json!({"kind": 5, "value": 0.88125, "unit": "hy", "text": "0.88125 hy"})
    );
    assert_eq!(
        (&line["origin"], &line["valid"]),
        (&"2024-01-15T00:00:00Z".into(), &"2024-01-15T00:00:00Z".into())
    );
}

#[test]
fn several_files_are_listed_as_one() {
    let lines = objects(&quiet(["list", "--json", "model.rsf", "model.fst"]));
    assert_eq!(lines.len(), 388);
    for (number, line) in lines.iter().enumerate() {
        let file = number / 194;
        assert_eq!(line["record"], number);
        assert_eq!(line["file_number"], file);
        assert_eq!(line["file"], ["model.rsf", "model.fst"][file]);
    }
}

/// Numbers of the records that a filter leaves.
fn filtered(arguments: &str) -> Vec<u64> {
    let lines = quiet(format!("list --json model.rsf {arguments}").split_whitespace());
    objects(&lines).iter().map(|line| line["record"].as_u64().unwrap()).collect()
}

#[test]
fn filters_leave_the_records_that_meet_them_all() {
    let all = objects(&quiet(["list", "--json", "model.rsf"]));
    let check = |arguments: &str, meets: &dyn Fn(&Value) -> bool| {
        let expected: Vec<u64> =
            all.iter().filter(|line| meets(line)).map(|line| line["record"].as_u64().unwrap()).collect();
        assert!(!expected.is_empty() && expected.len() < all.len(), "{arguments} chooses {}", expected.len());
        assert_eq!(filtered(arguments), expected, "{arguments}");
    };
    check("--nomvar TT", &|line| line["nomvar"] == "TT");
    check("--nomvar TT,UU,>>", &|line| ["TT", "UU", ">>"].contains(&line["nomvar"].as_str().unwrap()));
    check("--nomvar TT --nomvar UU", &|line| line["nomvar"] == "TT" || line["nomvar"] == "UU");
    check("--nomvar TT,GZ --level 0.88125hy,1000hPa", &|line| {
        (line["nomvar"] == "TT" || line["nomvar"] == "GZ")
            && [(5, 0.88125), (2, 1000.0)]
                .iter()
                .any(|(kind, value)| line["level"]["kind"] == *kind && line["level"]["value"] == *value)
    });
    check("--level 32500Pa", &|line| line["level"]["text"] == "325 mb");
    check("--valid 2024-01-15T03:00", &|line| line["valid"] == "2024-01-15T03:00:00Z");
    check("--valid 20240115.03,2024-01-15T06", &|line| line["valid"] != "2024-01-15T00:00:00Z");
    check("--npas 36 --grtyp Z", &|line| line["npas"] == 36 && line["grtyp"] == "Z");
    check("--typvar X --etiket RDPS_GRID --ni 120", &|line| line["typvar"] == "X" && line["ni"] == 120);
    check("--ig1 12345 --data-type 134,133", &|line| {
        line["ig1"] == 12345 && (line["data_type"] == 134 || line["data_type"] == 133)
    });
    check("--pack-bits 12,24", &|line| line["pack_bits"] == 12 || line["pack_bits"] == 24);
    check("--no-descriptors", &|line| line["is_descriptor"] == false);
    let stamp = &all[50]["datev"];
    check(&format!("--datev {stamp}"), &|line| line["datev"] == *stamp);
    let code = &all[20]["ip1"];
    check(&format!("--ip1 {code},12345"), &|line| line["ip1"] == *code || line["ip1"] == 12345);
    assert_eq!(filtered("--valid 2024-01-15 --origin 2024-01-15T00:00:00Z").len(), all.len());
    assert_eq!(filtered("--ip1 -1 --datev=-1").len(), all.len());
    assert_eq!(filtered("--nomvar NONE"), Vec::<u64>::new());
    // Old style: 1000 means 1000 hPa, as 39945888 does.
    assert_eq!(
        filtered("--ip1 1000 --any-encoding"),
        filtered("--level 1000mb --nomvar UU,VV,WW,HU,GZ,HR,TT")
    );
    assert_eq!(filtered("--ip1 1000"), Vec::<u64>::new());
}

/// Count, minimum, maximum, mean and standard deviation of values.
fn moments(values: &[f64]) -> [f64; 5] {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
    let extreme = |pick: fn(f64, f64) -> f64| values.iter().copied().reduce(pick).unwrap();
    [count, extreme(f64::min), extreme(f64::max), mean, variance.sqrt()]
}

/// The elements of a record as it is stored, as 64-bit reals; none of text and complex numbers.
fn values(file: &File, record: usize) -> Option<Vec<f64>> {
    let view = file.view(record, &ViewOptions::default()).unwrap();
    macro_rules! copied {
        ($variant:ident, $number:ty) => {{
            let mut elements = vec![<$number>::default(); view.elements() as usize];
            view.copy_to(0, Elements::$variant(&mut elements)).unwrap();
            elements.into_iter().map(|element| element as f64).collect()
        }};
    }
    Some(match view.dtype() {
        Dtype::U8 => copied!(U8, u8),
        Dtype::I8 => copied!(I8, i8),
        Dtype::U16 => copied!(U16, u16),
        Dtype::I16 => copied!(I16, i16),
        Dtype::U32 => copied!(U32, u32),
        Dtype::I32 => copied!(I32, i32),
        Dtype::U64 => copied!(U64, u64),
        Dtype::I64 => copied!(I64, i64),
        Dtype::F32 => copied!(F32, f32),
        Dtype::F64 => copied!(F64, f64),
        Dtype::C64 | Dtype::C128 | Dtype::Char => return None,
    })
}

#[test]
fn statistics_are_those_of_the_values() {
    let mut compared = 0;
    for name in ["model.rsf", "model.fst", "missing.rsf", "missing.fst", "containers/xdf_v19_sample.fst"] {
        let file = File::open(&data().join(name), OpenOptions::default()).unwrap();
        let lines = objects(&quiet(["stats", "--json", "--threads", "2", name]));
        let (views, lines) = lines.split_last().unwrap();
        assert_eq!(lines.len(), file.record_count(), "{name}");
        assert_eq!(views["views"]["total"], file.record_count(), "{name}");
        for (record, line) in lines.iter().enumerate() {
            let place = format!("{name}, record {record}: {line}");
            assert_eq!(line["record"], record, "{place}");
            let Some(mut values) = values(&file, record) else {
                assert!(line["min"].is_null() && line["mean"].is_null(), "{place}");
                continue;
            };
            assert_eq!(line["elements"], values.len(), "{place}");
            let all = values.len();
            let wide_integer = matches!(line["dtype"].as_str(), Some("U64" | "I64"));
            if line["has_missing"] == true && !wide_integer {
                // Missing values are stored as the largest one.
                let largest = values.iter().copied().reduce(f64::max).unwrap();
                values.retain(|value| *value != largest);
            }
            assert_eq!(line["missing"], all - values.len(), "{place}");
            if values.is_empty() {
                assert!(line["min"].is_null() && line["mean"].is_null(), "{place}");
                continue;
            }
            let [count, min, max, mean, deviation] = moments(&values);
            let found = |key: &str| line[key].as_f64().unwrap_or(f64::NAN);
            assert_eq!((found("min"), found("max")), (min, max), "{place}");
            let scale = min.abs().max(max.abs());
            assert!((found("mean") - mean).abs() <= 1e-12 * scale, "{place}: {mean}");
            assert!(
                (found("standard_deviation") - deviation).abs() <= 1e-9 * scale,
                "{place}: {deviation} of {count} values"
            );
            compared += 1;
        }
    }
    println!("statistics: {compared} records");
}

#[test]
fn statistics_say_which_views_were_zero_copy() {
    let output = quiet(["stats", "model.rsf", "--nomvar", ">>,^^,TT"]);
    assert_eq!(
        output.lines().last().unwrap(),
        "26 views: 2 mapped, 0 shared, 0 read, 24 decoded, 0 copied. Zero-copy 7.7 %."
    );
    let lines = objects(&quiet(["stats", "--json", "model.rsf", "--nomvar", ">>,^^"]));
    let views = &lines.last().unwrap()["views"];
    assert_eq!((&views["total"], &views["mapped"], &views["zero_copy"]), (&2.into(), &2.into(), &2.into()));
    assert_eq!(views["bytes_mapped"], 800);
}

#[test]
fn a_record_that_cannot_be_decoded_spoils_only_its_own_statistics() {
    let path = "containers/malformed/pack_type.rsf";
    let output = run(["stats", path]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout).lines().count(), 13);
    let messages = text(&output.stderr);
    assert_eq!(messages.lines().count(), 6);
    assert!(messages.starts_with(&format!("fstview: {path}, record 1: ")), "{messages}");
    let output = run(["stats", "--json", path]);
    let lines = objects(&text(&output.stdout));
    let failed: Vec<_> = (0..9).filter(|record| lines[*record].get("error").is_some()).collect();
    assert_eq!(failed, [1, 2, 3, 5, 6, 7]);
}

#[test]
fn check_finds_what_is_refused_and_nothing_else() {
    let mut files = 0;
    for file in golden("").into_iter().chain(golden("containers")) {
        let output = run(["check", "--json", &file]);
        let lines = objects(&text(&output.stdout));
        let (summary, findings) = lines.split_last().unwrap();
        let is_error = |line: &&Value| line["severity"] == "error";
        let found: BTreeSet<u64> =
            findings.iter().filter(is_error).filter_map(|line| line["record"].as_u64()).collect();
        let refused: BTreeSet<u64> = expected(&file)
            .iter()
            .filter(|line| line.get("refused").is_some())
            .map(|line| line["i"].as_u64().unwrap())
            .collect();
        assert_eq!(found, refused, "{file}");
        let meta: Value = fs::read_to_string(data().join(format!("{file}.meta.json")))
            .map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
        let errors_of_the_file = findings.iter().filter(is_error).any(|line| line["record"].is_null());
        if meta["complete"].is_i64() {
            assert_eq!(errors_of_the_file, meta["complete"] == 0, "{file}");
        }
        let sound = refused.is_empty() && !errors_of_the_file;
        assert_eq!(
            (summary["sound"].as_bool(), output.status.code()),
            (Some(sound), Some(i32::from(!sound)))
        );
        assert_eq!(text(&output.stderr), "");
        files += 1;
    }
    println!("check: {files} files");
}

#[test]
fn check_tells_what_is_wrong_with_malformed_files() {
    let folder = "containers/malformed";
    let index = fs::read_to_string(data().join(folder).join("index.json")).unwrap();
    let rules: BTreeMap<String, Value> = serde_json::from_str(&index).unwrap();
    for (name, rule) in &rules {
        let path = format!("{folder}/{name}");
        let output = run(["check", &path]);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        let status = output.status.code().unwrap();
        if name.starts_with("other_") {
            assert_eq!((status, out.as_str()), (2, ""), "{name}");
            assert!(
                err.starts_with(&format!("fstview: {path}: not an RPN standard file: ")),
                "{name}: {err}"
            );
            continue;
        }
        assert_eq!(err, "", "{name}");
        assert!(out.lines().all(|line| line.starts_with(&format!("{path}: "))), "{name}: {out}");
        let fails: Vec<u64> =
            rule["fails"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        for record in &fails {
            assert!(out.contains(&format!("{path}: record {record}, byte ")), "{name}: {out}");
        }
        let must_open = rule["open"] == "ok" && fails.is_empty() && rule["complete"] != 0;
        let may_fail = rule.get("may_fail").is_some();
        if rule["open"] == "error" || !fails.is_empty() || rule["complete"] == 0 {
            assert_eq!(status, 1, "{name}: {out}");
            assert!(out.lines().last().unwrap().contains(": damaged: "), "{name}: {out}");
        } else if must_open && !may_fail {
            assert_eq!(status, 0, "{name}: {out}");
        }
        if name.contains("notice_") && !name.contains("overlap") {
            assert!(out.starts_with(&format!("{path}: notice, byte ")), "{name}: {out}");
        }
    }
}

#[test]
fn info_is_a_summary_of_the_listing() {
    let lines = objects(&quiet(["info", "--json", "model.rsf", "model.fst"]));
    assert_eq!(lines.len(), 2);
    for (line, (file, format)) in lines.iter().zip([("model.rsf", "RSF"), ("model.fst", "XDF")]) {
        assert_eq!((&line["file"], &line["format"]), (&file.into(), &format.into()));
        assert_eq!((&line["complete"], &line["problems"]), (&true.into(), &serde_json::json!([])));
        assert_eq!(line["bytes"], fs::metadata(data().join(file)).unwrap().len());
        assert_eq!((&line["records"], &line["descriptors"]), (&194.into(), &3.into()));
        assert_eq!(
            line["times"],
            serde_json::json!(["2024-01-15T00:00:00Z", "2024-01-15T03:00:00Z", "2024-01-15T06:00:00Z"])
        );
        let records: u64 =
            line["variables"].as_array().unwrap().iter().map(|v| v["records"].as_u64().unwrap()).sum();
        assert_eq!(records, 194);
    }
    let unclosed = &objects(&quiet(["info", "--json", "unclosed.rsf"]))[0];
    assert_eq!((&unclosed["complete"], &unclosed["records"]), (&false.into(), &40.into()));
    assert_eq!(unclosed["problems"][0]["offset"], 140);
}

#[test]
fn a_damaged_file_is_used_with_a_warning() {
    let output = run(["list", "unclosed.rsf"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("\n40 records in RPN standard file (RSF version)."));
    assert_eq!(
        text(&output.stderr),
        "fstview: unclosed.rsf: opened as far as it is sound: at byte 140: a segment that its writer never closed\n"
    );
}

#[test]
fn what_cannot_be_opened_is_status_2_and_a_message() {
    for command in ["list", "info", "stats", "check"] {
        for path in ["missing_file.fst", "README.md", "containers"] {
            let output = run([command, path]);
            assert_eq!(
                (output.status.code(), text(&output.stdout)),
                (Some(2), String::new()),
                "{command} {path}"
            );
            let message = text(&output.stderr);
            assert!(message.starts_with(&format!("fstview: {path}: ")), "{message}");
            assert_eq!(message.lines().count(), 1, "{message}");
        }
    }
    // The others are checked all the same.
    let output = run(["check", "missing_file.fst", "model.rsf"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(2), "model.rsf: sound: 194 records\n")
    );
}

#[test]
fn wrong_usage_is_status_2_and_a_message() {
    for (arguments, message) in [
        ("", "subcommand"),
        ("frobnicate model.rsf", "unrecognized subcommand 'frobnicate'"),
        ("list", "<FILE>"),
        ("list --bogus model.rsf", "unexpected argument '--bogus'"),
        ("list --json --short model.rsf", "cannot be used with"),
        ("list --level 500furlongs model.rsf", "unknown unit \"furlongs\""),
        ("list --level 5000hPa model.rsf", "'5000hPa'"),
        ("list --valid yesterday model.rsf", "expected a date such as"),
        ("list --valid 2024-02-30 model.rsf", "does not exist"),
        ("list --ip1 five model.rsf", "'five'"),
        ("list --columns bogus model.rsf", "'bogus'"),
        ("list --nomvar TOOLONG model.rsf", "longer than 4 characters"),
        ("stats --threads many model.rsf", "'many'"),
    ] {
        let output = run(arguments.split_whitespace());
        let found = text(&output.stderr);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()), "{arguments}");
        assert!(found.starts_with("fstview: ") && found.contains(message), "{arguments}: {found}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    assert_eq!(quiet(["--version"]), format!("fstview {}\n", env!("CARGO_PKG_VERSION")));
    for command in ["list", "info", "stats", "check"] {
        assert!(quiet(["--help"]).contains(&format!("\n  {command} ")));
        assert!(quiet([command, "--help"]).contains("Usage: fstview "));
    }
}

#[test]
fn whoever_reads_may_stop() {
    for arguments in [["list", "turbo.rsf"], ["list", "types.rsf"], ["stats", "model.rsf"]] {
        let mut child = fstview(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0; 10];
        child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{arguments:?}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        println!("no /dev/full: not tested");
        return;
    };
    let output = fstview(["list", "model.rsf"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("fstview: standard output: "), "{}", text(&output.stderr));
}

#[test]
fn paths_may_be_any_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for name in [OsString::from_vec(b"mod\xFF\xE9le.fst".to_vec()), OsString::from("-dash.fst")] {
        fs::copy(data().join("model.fst"), folder.path().join(&name)).unwrap();
        for command in ["list", "info", "stats", "check"] {
            let output = fstview([OsStr::new(command), OsStr::new("--"), &name])
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{command}");
        }
    }
}
