// SPDX-License-Identifier: MIT OR Apache-2.0
//! Defects: a panic inside the library is a status and a message, printed nowhere; and the library cannot be built in a way
//! that would let a panic end the program.

mod common;

use std::process::Command;

use common::programs::{run, scratch, succeed, under_valgrind};
use common::root;

#[test]
fn a_panic_is_a_status_and_the_library_goes_on() {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let folder = deps.parent().unwrap().join("examples");
    assert!(folder.join("libpanicking.so").is_file(), "the tests build it, in {}", folder.display());
    let place = scratch();
    let program = place.path().join("panics");
    let sources = root().join("tests/c");
    succeed(
        Command::new("cc")
            .args(["-x", "c", "-std=c99", "-g", "-Wall", "-Wextra", "-Werror", "-I"])
            .arg(root().join("include"))
            .arg(sources.join("panics.c"))
            .args(["-x", "none", "-L"])
            .arg(&folder)
            .args(["-lpanicking", "-lpthread", "-o"])
            .arg(&program),
    );
    let data = root().join("tests/data");
    for mut command in [Command::new(&program), under_valgrind(&program)] {
        command.arg(&data).arg(place.path()).env("LD_LIBRARY_PATH", &folder).env("RUST_BACKTRACE", "1");
        let output = succeed(&mut command);
        let text = [output.stdout, output.stderr].concat();
        assert!(text.is_empty(), "printed:\n{}", String::from_utf8_lossy(&text));
    }
}

#[test]
fn a_build_that_aborts_on_panics_is_refused() {
    let place = scratch();
    // The sources of the guard and what it needs of the crate, compiled as far as the first error.
    let source = place.path().join("crate.rs");
    let guard = root().join("src/ffi/guard.rs");
    std::fs::write(&source, format!("#[path = {guard:?}]\nmod guard;\nfn main() {{}}\n")).unwrap();
    let compile = |panic: &str| {
        let mut command = Command::new("rustc");
        command.args(["--edition", "2024", "--emit", "metadata", "-C", panic, "-o"]);
        let output = run(command.arg(place.path().join("out")).arg(&source));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    const REFUSAL: &str = "fstview must be built with panic = \"unwind\"";
    assert!(compile("panic=abort").contains(REFUSAL));
    assert!(!compile("panic=unwind").contains(REFUSAL));
}
