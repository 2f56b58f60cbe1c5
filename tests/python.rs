// SPDX-License-Identifier: MIT OR Apache-2.0
//! The Python module: its own tests, in a Python with NumPy, against the library that this very test run built; and its
//! lifetimes under valgrind.

mod common;

use std::path::PathBuf;
use std::process::Command;

use common::{programs, root};

/// The interpreter of the repository.
fn python() -> PathBuf {
    let python = root().join(".venv/bin/python");
    assert!(python.is_file(), "{} is missing: run `make setup`", python.display());
    python
}

fn with_module(command: &mut Command) -> &mut Command {
    command
        .current_dir(root())
        .env("FSTVIEW_LIBRARY", programs::library_folder().join("libfstview.so"))
        .env("PYTHONPATH", root().join("python"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // Pools that NumPy's libraries start would be threads of the tests of fork.
        .env("OPENBLAS_NUM_THREADS", "1")
        .env_remove("FSTVIEW_MAP_THRESHOLD")
        .env_remove("MISSING_VALUE_FLAGS")
}

#[test]
fn the_module_passes_its_tests() {
    let mut command = Command::new(python());
    command.args(["-X", "dev", "-m", "unittest", "discover", "-s", "tests/python", "-p", "test_*.py"]);
    let output = programs::succeed(with_module(&mut command));
    let said = String::from_utf8_lossy(&output.stderr);
    let lines = said.lines().filter(|line| line.starts_with("Ran "));
    assert!(lines.clone().any(|line| !line.starts_with("Ran 0 ")), "no test was run: {said}");
    print!("{}", String::from_utf8_lossy(&output.stdout));
    lines.for_each(|line| println!("{line}"));
}

/// Of all that valgrind says of an interpreter, only what concerns this library counts.
#[test]
fn lifetimes_under_valgrind() {
    if !programs::available("valgrind") {
        println!("valgrind is not there: skipped");
        return;
    }
    let log = programs::scratch();
    let path = log.path().join("valgrind.log");
    let mut command = Command::new("valgrind");
    command
        // Possible leaks are none: tables of the whole process are known by addresses inside them.
        .args(["--leak-check=full", "--show-leak-kinds=definite,indirect", "--num-callers=40"])
        .arg(format!("--log-file={}", path.display()))
        .arg(python())
        .arg("tests/python/lifetimes.py")
        .env("PYTHONMALLOC", "malloc");
    let output = programs::succeed(with_module(&mut command));
    assert_eq!(String::from_utf8_lossy(&output.stdout), "every array was given back\n");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("ERROR SUMMARY"), "valgrind did not finish: {text}");
    let ours: Vec<_> = reports(&text).into_iter().filter(|report| concerns_us(report)).collect();
    assert!(ours.is_empty(), "{}", ours.join("\n\n"));
}

/// The reports of a log: what stands between lines that are empty but for the process number.
fn reports(log: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    for line in log.lines() {
        let text = line.splitn(3, "==").nth(2).unwrap_or(line);
        if text.trim().is_empty() {
            list.push(String::new());
        } else if let Some(report) = list.last_mut() {
            report.push_str(text);
            report.push('\n');
        }
    }
    list
}

/// Whether one of the frames of a report is in the library.
fn concerns_us(report: &str) -> bool {
    report
        .lines()
        .filter(|line| line.contains(" at 0x") || line.contains(" by 0x"))
        .any(|line| line.contains("libfstview") || line.contains(": fst_") || line.contains(": fstview::"))
}

#[test]
fn reports_are_told_apart() {
    let log = "==7== Invalid read of size 4\n==7==    at 0x1: fst_open (file.rs:1)\n==7== \n\
               ==7== Invalid read of size 8\n==7==    at 0x2: PyObject_Free (in libfstview_not/python)\n==7==    by 0x3: main\n";
    let list = reports(log);
    assert_eq!(list.len(), 2);
    assert!(concerns_us(&list[0]) && list[1].contains("size 8"));
    assert!(!concerns_us("    at 0x2: PyObject_Free (in /usr/bin/python3)\n"));
}
