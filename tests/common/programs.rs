// SPDX-License-Identifier: MIT OR Apache-2.0
//! Compiling and running programs against the library that this very test run built.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder with the shared library under its own name and under its soname.
///
/// Under `cargo test` the library is beside the test executable and nowhere else.
pub fn library_folder() -> PathBuf {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let built = deps.join("libfstview.so");
    assert!(built.is_file(), "{} is missing: the shared library is built with the tests", built.display());
    let folder = deps.parent().unwrap().join("lib");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["libfstview.so".to_owned(), format!("libfstview.so.{}", fstview::ffi::FST_ABI_VERSION)] {
        match std::os::unix::fs::symlink(&built, folder.join(&name)) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => panic!("{name}: {error}"),
            _ => {}
        }
    }
    folder
}

/// A folder for what a test compiles, removed with the value.
pub fn scratch() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("fstview-test-").tempdir().unwrap()
}

/// Runs a command to its end and returns what it wrote; panics with all of it when the command fails.
pub fn succeed(command: &mut Command) -> Output {
    let output = run(command);
    assert!(
        output.status.success(),
        "{command:?}\n{}\n--- standard output\n{}\n--- standard error\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Runs a command to its end, whatever comes of it.
pub fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// A program run with the shared library on its search path.
pub fn program(path: &Path) -> Command {
    let mut command = Command::new(path);
    command.env("LD_LIBRARY_PATH", library_folder());
    command
}

/// A program under valgrind: any error fails it, and any leak of the kinds that valgrind counts by itself.
pub fn under_valgrind(path: &Path) -> Command {
    let suppressions = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/valgrind.supp");
    let mut command = Command::new("valgrind");
    command
        .args(["--quiet", "--error-exitcode=99", "--leak-check=full"])
        .arg(format!("--suppressions={}", suppressions.display()))
        .arg(path)
        .env("LD_LIBRARY_PATH", library_folder());
    command
}

/// Whether a command can be started at all.
pub fn available(command: &str) -> bool {
    Command::new(command).arg("--version").output().is_ok_and(|output| output.status.success())
}
