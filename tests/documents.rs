// SPDX-License-Identifier: MIT OR Apache-2.0
//! The documents: every block of code in them is compiled and run, in the order of the page.
//!
//! A block says its language, and may say the name of the file that it is: then later blocks find it. C and Fortran without
//! `main` or `program` are put into one. `text output` is what the block before it prints. A block of `sh` runs in a
//! folder like the repository, with an installed prefix in `$PREFIX`; those that would build, install or test all are
//! checked for syntax alone (`RESTRICTED`). `text` is no code; blocks of `rust` are run by `cargo test --doc` (`src/lib.rs`).
#![cfg(all(feature = "command", target_os = "linux"))]

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::programs::{scratch, succeed};
use common::{programs, root};

/// What is not done in a test of a document: it would take minutes, or change the machine.
const RESTRICTED: [&str; 6] =
    ["make setup", "make demo", "make test", "make lint", "make install", "pip install"];

struct Block {
    line: usize,
    language: String,
    /// The name of the file, or `output`.
    name: Option<String>,
    text: String,
}

/// The blocks of a page; panics at code that is not in a block that says its language.
fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut before = "";
    for (number, line) in text.lines().enumerate() {
        let place = format!("{}:{}", page.display(), number + 1);
        if let Some(info) = line.strip_prefix("```") {
            open = !open;
            if open {
                let mut words = info.split_whitespace().map(str::to_owned);
                let language =
                    words.next().unwrap_or_else(|| panic!("{place}: a block without its language"));
                blocks.push(Block { line: number + 1, language, name: words.next(), text: String::new() });
            }
        } else if open {
            let block = blocks.last_mut().unwrap();
            block.text += line;
            block.text.push('\n');
        } else {
            let indented = line.starts_with("    ") && before.is_empty();
            assert!(!indented, "{place}: code outside of a block: {line}");
        }
        before = line;
    }
    assert!(!open, "{}: a block has no end", page.display());
    blocks
}

/// A prefix with everything, installed once in each process of the tests.
fn prefix() -> &'static Path {
    static PREFIX: OnceLock<tempfile::TempDir> = OnceLock::new();
    PREFIX
        .get_or_init(|| {
            let folder = scratch();
            let built = built(&folder.path().join("built"));
            let mut command = Command::new("make");
            command.current_dir(root()).arg("install").env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
            command.arg(format!("PREFIX={}", folder.path().join("prefix").display()));
            succeed(command.arg(format!("BUILT={}", built.display())));
            folder
        })
        .path()
}

/// Library and command as `make` leaves them in target/release.
fn built(folder: &Path) -> PathBuf {
    let shared = fs::canonicalize(programs::library_folder().join("libfstview.so")).unwrap();
    fs::create_dir_all(folder).unwrap();
    symlink(&shared, folder.join("libfstview.so")).unwrap();
    symlink(&shared, folder.join("libfstview.so.1")).unwrap();
    symlink(shared.with_extension("a"), folder.join("libfstview.a")).unwrap();
    symlink(env!("CARGO_BIN_EXE_fstview"), folder.join("fstview")).unwrap();
    folder.to_owned()
}

/// A folder like the repository, to be written in.
fn workplace() -> tempfile::TempDir {
    let folder = scratch();
    for name in ["c", "examples", "fortran", "include", "python", "tests", ".venv"] {
        symlink(root().join(name), folder.path().join(name)).unwrap();
    }
    built(&folder.path().join("target/release"));
    folder
}

/// A command in such a folder, with the prefix on its ways.
fn command(program: &str, folder: &Path) -> Command {
    let prefix = prefix().join("prefix");
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env("PREFIX", &prefix)
        .env("PKG_CONFIG_PATH", prefix.join("lib/pkgconfig"))
        .env("LD_LIBRARY_PATH", prefix.join("lib"))
        .env("PYTHONPATH", prefix.join("lib/python3/site-packages"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env(
            "PATH",
            format!("{}:{}:{path}", prefix.join("bin").display(), root().join(".venv/bin").display()),
        )
        .env_remove("FSTVIEW_LIBRARY")
        .env_remove("FSTVIEW_MAP_THRESHOLD")
        .env_remove("MISSING_VALUE_FLAGS")
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL");
    command
}

/// Runs a block, and returns what it prints.
fn execute(block: &Block, folder: &Path) -> String {
    let file = |extension: &str| folder.join(format!("block{}.{extension}", block.line));
    let program = folder.join(format!("block{}", block.line));
    match block.language.as_str() {
        "c" | "cpp" => {
            let cpp = block.language == "cpp";
            let source = file(&block.language);
            fs::write(&source, whole_c(&block.text)).unwrap();
            let mut compiler = command(if cpp { "c++" } else { "cc" }, folder);
            compiler.args([if cpp { "-std=c++17" } else { "-std=c99" }, "-Wall", "-Wextra", "-Werror"]);
            compiler.arg(&source).args(["-Iinclude", "-Ltarget/release", "-lfstview", "-o"]).arg(&program);
            succeed(&mut compiler);
            stdout(&mut command(program.to_str().unwrap(), folder))
        }
        "fortran" => {
            let source = file("f90");
            fs::write(&source, whole_fortran(&block.text)).unwrap();
            let module = module();
            let mut compiler = command("gfortran", folder);
            compiler.args([
                "-std=f2018",
                "-Wall",
                "-Werror",
                "-Wno-uninitialized",
                "-Wno-maybe-uninitialized",
            ]);
            compiler.arg(format!("-I{}", module.display())).arg(&source).arg(module.join("fstview.o"));
            succeed(compiler.args(["-Ltarget/release", "-lfstview", "-o"]).arg(&program));
            stdout(&mut command(program.to_str().unwrap(), folder))
        }
        "python" => stdout(command(".venv/bin/python", folder).args(["-X", "dev", "-c"]).arg(&block.text)),
        "sh" => {
            let restricted = RESTRICTED.iter().any(|words| block.text.contains(words));
            let mut shell = command("bash", folder);
            shell.arg(if restricted { "-n" } else { "-eu" });
            fs::write(file("sh"), &block.text).unwrap();
            stdout(shell.arg(file("sh")))
        }
        "cmake" | "make" | "toml" | "rust" => String::new(),
        language => panic!("line {}: nobody knows how to run {language}", block.line),
    }
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(succeed(command).stdout).unwrap()
}

/// The module, compiled once.
fn module() -> &'static Path {
    static MODULE: OnceLock<tempfile::TempDir> = OnceLock::new();
    MODULE
        .get_or_init(|| {
            let folder = scratch();
            let source = root().join("fortran/fstview.f90");
            succeed(Command::new("gfortran").current_dir(folder.path()).arg("-c").arg(source));
            folder
        })
        .path()
}

fn whole_c(text: &str) -> String {
    if text.contains("main(") {
        return text.to_owned();
    }
    let (includes, rest): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with("#include"));
    format!("{}\nint main(void)\n{{\n{}\nreturn 0;\n}}\n", includes.join("\n"), rest.join("\n"))
}

fn whole_fortran(text: &str) -> String {
    let begun = text.trim_start().starts_with("program ") || text.contains("\nend program");
    if begun { text.to_owned() } else { format!("program document\n{text}end program document\n") }
}

/// Runs a page and returns how many of its blocks were run.
fn check(page: &str) -> usize {
    let folder = workplace();
    let mut printed = None;
    let mut count = 0;
    for block in blocks(&root().join(page)) {
        let place = format!("{page}:{}", block.line);
        if block.language == "text" {
            if let Some(name) = &block.name {
                assert_eq!(name, "output", "{place}");
                let printed: String = printed.take().unwrap_or_else(|| panic!("{place}: no block prints it"));
                // Blanks at the end of lines do not show.
                let trimmed =
                    |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
                assert_eq!(trimmed(&printed), trimmed(&block.text), "{place}");
            }
            continue;
        }
        println!("{place}: {}", block.language);
        if let Some(name) = &block.name {
            fs::write(folder.path().join(name), &block.text).unwrap();
        }
        printed = Some(execute(&block, folder.path()));
        count += 1;
    }
    count
}

#[test]
fn readme() {
    assert!(check("README.md") > 5);
}

#[test]
fn guide_to_c() {
    assert!(check("docs/c.md") > 5);
}

#[test]
fn guide_to_fortran() {
    assert!(check("docs/fortran.md") > 5);
}

#[test]
fn guide_to_python() {
    assert!(check("docs/python.md") > 3);
}

/// The other pages, whichever there are.
#[test]
fn other_pages() {
    let with_tests = ["docs/c.md", "docs/fortran.md", "docs/python.md"];
    let mut pages =
        vec!["CONTRIBUTING.md".to_owned(), "SECURITY.md".to_owned(), "examples/README.md".to_owned()];
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        pages.push(format!("docs/{}", entry.unwrap().file_name().to_str().unwrap()));
    }
    assert!(pages.len() > 8, "{pages:?}");
    for page in pages.iter().filter(|page| page.ends_with(".md") && !with_tests.contains(&page.as_str())) {
        check(page);
    }
}

/// Links to files lead to files.
#[test]
fn links() {
    let mut pages: Vec<_> = ["", "docs", "examples", "benches"]
        .iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    assert!(pages.len() > 10);
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            assert!(page.parent().unwrap().join(path).exists(), "{}: {target}", page.display());
        }
    }
}

/// Every status is explained, under the name that Python gives it, and what tables call ours exists.
#[test]
fn names_in_tables() {
    let header = fs::read_to_string(root().join("include/fstview.h")).unwrap();
    let errors = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let python = fs::read_to_string(root().join("python/fstview.py")).unwrap();
    let statuses: Vec<_> = header
        .lines()
        .filter_map(|line| line.strip_prefix("#define FST_ERR_"))
        .map(|rest| format!("FST_ERR_{}", rest.split(' ').next().unwrap()))
        .collect();
    assert!(statuses.len() > 15);
    for status in statuses {
        let row = errors.lines().find(|line| line.starts_with(&format!("| `{status}` |")));
        let class = row.unwrap_or_else(|| panic!("{status} is not explained")).split('`').nth(3).unwrap();
        let begin =
            python.find(&format!("\nclass {class}(")).unwrap_or_else(|| panic!("{class} is not there"));
        assert!(python[begin..].lines().take(8).any(|line| line.contains(&format!("'{status}'"))), "{class}");
    }

    let fortran = fs::read_to_string(root().join("fortran/fstview.f90")).unwrap();
    let librmn = fs::read_to_string(root().join("docs/from-librmn.md")).unwrap();
    let mut count = 0;
    for row in librmn.lines().filter(|line| line.starts_with("| ")) {
        let there = row.split('|').nth(1).unwrap();
        let here = &row[1 + there.len()..];
        for word in here.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            if word.starts_with("fst_") || word.starts_with("FST_") {
                let known = header.contains(word) || fortran.contains(word);
                assert!(known || word == "FST_", "{word} is nowhere: {row}");
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count}");
}
