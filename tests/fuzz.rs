// SPDX-License-Identifier: MIT OR Apache-2.0
//! The fuzz targets on the stable toolchain: every input that was ever found, the seeds, and a share of mutated seeds that
//! is the same each time. `make fuzz` looks further, guided by coverage.

mod common;
#[path = "../fuzz/inputs.rs"]
mod inputs;
#[path = "../fuzz/seeds.rs"]
mod seeds;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;

use common::mutation::{Random, mutate};
use common::root;
use inputs::TARGETS;
use seeds::seeds;

/// Runs a target; an input that makes it panic is kept where the message says.
fn run(name: &str, target: fn(&[u8]), what: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) {
        let folder = root().join("target/fuzz-failures");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}-{what}"));
        std::fs::write(&path, input).unwrap();
        eprintln!("{name}: {what} fails; the input is {}", path.display());
        resume_unwind(panic);
    }
}

fn mutated_seeds(name: &str, cases: u64) {
    let target = TARGETS.iter().find(|(known, _)| *known == name).expect("a target").1;
    let cases = std::env::var("FSTVIEW_FUZZ_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(cases);
    let list = seeds(name, &root().join("tests/data"));
    assert!(list.len() > 10, "{name}: {} seeds", list.len());
    for (what, seed) in &list {
        run(name, target, what, seed);
    }
    let mut random = Random::new(u64::from(crc32fast::hash(name.as_bytes())));
    for case in 0..cases {
        let (what, seed) = &list[random.below(list.len())];
        let mut input = seed.clone();
        mutate(&mut input, &mut random);
        // Now and then two seeds make one input.
        if random.below(8) == 0 {
            let (_, other) = &list[random.below(list.len())];
            let cut = random.below(input.len());
            input.truncate(cut);
            input.extend(other.iter().skip(random.below(other.len())));
        }
        run(name, target, &format!("{what}-{case}"), &input);
    }
    println!("fuzz {name}: {} seeds, {cases} mutations", list.len());
}

#[test]
fn xdf() {
    mutated_seeds("xdf", 30_000);
}

#[test]
fn rsf() {
    mutated_seeds("rsf", 30_000);
}

#[test]
fn codec() {
    mutated_seeds("codec", 60_000);
}

#[test]
fn turbo() {
    mutated_seeds("turbo", 40_000);
}

#[test]
fn metadata() {
    mutated_seeds("metadata", 300_000);
}

#[test]
fn abi() {
    mutated_seeds("abi", 15_000);
}

/// `fuzz/regressions/TARGET/` holds what fuzzing ever found, and inputs that reach what seeds do not.
#[test]
fn every_input_that_was_ever_found() {
    for (name, target) in TARGETS {
        let folder = root().join("fuzz/regressions").join(name);
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "{}: no inputs", folder.display());
        for path in &paths {
            let what = path.file_name().unwrap().to_string_lossy();
            run(name, target, &what, &std::fs::read(path).unwrap());
        }
        println!("fuzz {name}: {} inputs of before", paths.len());
    }
}

/// Writes the seeds to `fuzz/corpus`, for `make fuzz`.
#[test]
#[ignore = "a step of `make fuzz`"]
fn write_the_seeds() {
    for (name, _) in TARGETS {
        let folder = root().join("fuzz/corpus").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (what, seed) in seeds(name, &root().join("tests/data")) {
            std::fs::write(folder.join(what), seed).unwrap();
        }
    }
}
