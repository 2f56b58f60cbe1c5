// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every source has, and what must agree between files.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::root;

const LINE: &str = "SPDX-License-Identifier: MIT OR Apache-2.0";

/// All files below the repository's own folders, without what is built or generated.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let hidden = name.starts_with('.') && name != ".ci";
            let built = ["target", "build", "data", "corpus", "artifacts", "__pycache__"].contains(&name);
            if hidden || built || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if is_source(&path) {
                found.push(path);
            }
        }
    }
    found
}

fn is_source(path: &Path) -> bool {
    let name = path.file_name().unwrap().to_str().unwrap();
    let extension = path.extension().unwrap_or_default().to_str().unwrap();
    let extensions = ["rs", "c", "h", "cpp", "f90", "f", "py", "sh", "in", "cff", "1", "3"];
    extensions.contains(&extension)
        || ["Makefile", "CMakeLists.txt"].contains(&name)
        || path.ends_with(".ci/run")
}

#[test]
fn every_source_names_its_licence() {
    let sources = sources();
    assert!(sources.len() > 150, "{}", sources.len());
    let bare: Vec<_> = sources
        .iter()
        .filter(|path| {
            let text = fs::read(path).unwrap();
            // The generated header has the line in its first comment.
            !String::from_utf8_lossy(&text[..text.len().min(400)]).contains(LINE)
        })
        .collect();
    assert!(bare.is_empty(), "without `{LINE}` at their beginning: {bare:#?}");
}

/// The version is in several files, for those who read one of them alone.
#[test]
fn one_version() {
    let version = env!("CARGO_PKG_VERSION");
    let has = |file: &str, line: &str| {
        let text = fs::read_to_string(root().join(file)).unwrap();
        assert!(text.lines().any(|found| found == line), "{file} has no line `{line}`");
    };
    has("fpm.toml", &format!("version = \"{version}\""));
    has("CITATION.cff", &format!("version: {version}"));
    has("python/fstview.py", &format!("__version__ = '{version}'"));
    // The interface that the modules ask for, and that cargo-c puts into the soname.
    let abi = fstview::ffi::FST_ABI_VERSION;
    has("python/fstview.py", &format!("ABI_VERSION = {abi}"));
    has("fortran/fstview.f90", &format!("    integer(c_int32_t), parameter :: ABI_WANTED = {abi}"));
    has("Cargo.toml", &format!("version = \"{abi}.0.0\""));
    has(
        "docs/abi.md",
        &format!("`libfstview.so.{abi}`: a program finds no library of another number by accident."),
    );
}

/// Keep a Changelog: what is not released comes first; versions have dates, and follow each other downwards.
#[test]
fn the_changelog_keeps_its_form() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    let headings: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings.first(), Some(&"[Unreleased]"));
    let mut last = None;
    for heading in &headings[1..] {
        let (version, date) = heading.split_once(" - ").unwrap_or_else(|| panic!("no date: {heading}"));
        let version: Vec<u32> =
            version.trim_matches(['[', ']']).split('.').map(|part| part.parse().unwrap()).collect();
        assert_eq!((version.len(), date.len()), (3, 10), "{heading}");
        assert!(last.is_none_or(|last| version < last), "{heading}");
        last = Some(version);
    }
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    for kind in text.lines().filter_map(|line| line.strip_prefix("### ")) {
        assert!(kinds.contains(&kind), "{kind}");
    }
}
