// SPDX-License-Identifier: MIT OR Apache-2.0
//! The Fortran module, by programs that are compiled and run with checks and with optimisation.

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use common::golden::Line;
use common::{Opened, programs, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

const WARNINGS: [&str; 5] = ["-std=f2018", "-Wall", "-Wextra", "-pedantic", "-Werror"];
/// gfortran 12 says this of every assignment to an allocatable that has not been allocated.
const FALSE_ALARMS: [&str; 2] = ["-Wno-uninitialized", "-Wno-maybe-uninitialized"];
const CHECKED: &[&str] = &["-g", "-fcheck=all", "-fopenmp"];
const OPTIMISED: &[&str] = &["-O2", "-fopenmp"];
const SANITISED: &[&str] =
    &["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover", "-fopenmp"];
const WAYS: [&[&str]; 3] = [CHECKED, OPTIMISED, SANITISED];

fn module() -> PathBuf {
    root().join("fortran/fstview.f90")
}

fn data(name: &str) -> PathBuf {
    root().join("tests/data").join(name)
}

fn gfortran(folder: &Path, options: &[&str]) -> Command {
    assert!(
        programs::available("gfortran"),
        "gfortran is missing: the Fortran module cannot be tested. Run `make setup`."
    );
    let mut command = Command::new("gfortran");
    command.current_dir(folder).args(WARNINGS).args(options);
    command
}

/// A folder in which the module and what the tests share are compiled, once for each set of options.
///
/// Tests may be processes that run at the same time: what is compiled appears in its folder, which is named by what it
/// was compiled from, all at once.
fn compiled(options: &'static [&'static str]) -> &'static Path {
    static FOLDERS: [OnceLock<PathBuf>; WAYS.len()] = [const { OnceLock::new() }; WAYS.len()];
    let place = WAYS.iter().position(|way| *way == options).unwrap();
    FOLDERS[place].get_or_init(|| {
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let sources = [module(), root().join("tests/fortran/checks.f90")];
        let mut hash = crc32fast::Hasher::new();
        hash.update(&programs::succeed(gfortran(parent, &[]).arg("--version")).stdout);
        for source in &sources {
            hash.update(&std::fs::read(source).unwrap());
        }
        let folder = parent.join(format!("fortran{}-{:08x}", options.concat(), hash.finalize()));
        if !folder.is_dir() {
            let fresh = tempfile::tempdir_in(parent).unwrap();
            for source in &sources {
                programs::succeed(gfortran(fresh.path(), options).arg("-c").arg(source));
            }
            // It fails when another process was faster.
            let renamed = std::fs::rename(fresh.path(), &folder);
            assert!(renamed.is_ok() || folder.is_dir(), "{renamed:?}");
        }
        folder
    })
}

/// Compiles a program against the module and links it.
fn build(source: &Path, name: &str, options: &'static [&'static str]) -> PathBuf {
    let folder = compiled(options);
    let program = folder.join(name);
    let fresh = folder.join(format!("{name}.{}", std::process::id()));
    programs::succeed(
        gfortran(folder, options)
            .args(FALSE_ALARMS)
            .arg(source)
            .args(["fstview.o", "checks.o", "-o"])
            .arg(&fresh)
            .arg("-L")
            .arg(programs::library_folder())
            .arg("-lfstview"),
    );
    // Another test may be running the same program.
    std::fs::rename(fresh, &program).unwrap();
    program
}

fn build_test(name: &str, options: &'static [&'static str]) -> PathBuf {
    build(&root().join("tests/fortran").join(name).with_extension("f90"), name, options)
}

fn output(command: &mut Command) -> String {
    String::from_utf8(programs::succeed(command).stdout).unwrap()
}

/// Compiles a program in both ways and runs it: it checks itself.
fn run(name: &str, arguments: &[&Path]) {
    for options in WAYS {
        let program = build_test(name, options);
        // Leaks are valgrind's business, which knows what is static.
        let text = output(programs::program(&program).args(arguments).env("ASAN_OPTIONS", "detect_leaks=0"));
        assert!(text.ends_with("all checks hold\n"), "{name}: {text}");
    }
}

fn under_valgrind(program: &Path, arguments: &[&Path]) -> String {
    assert!(programs::available("valgrind"), "valgrind is missing. Run `make setup`.");
    output(programs::under_valgrind(program).args(arguments))
}

// The source

#[test]
fn the_module_is_what_the_generator_writes() {
    let script = root().join("fortran/generate.py");
    programs::succeed(Command::new("python3").arg(script).arg("--check"));
}

#[test]
fn the_module_and_the_example_compile_without_a_warning_at_any_optimisation() {
    for options in [["-O0"], ["-O2"], ["-O3"]] {
        let folder = programs::scratch();
        programs::succeed(gfortran(folder.path(), &options).arg("-c").arg(module()));
        let example = root().join("fortran/list_records.f90");
        programs::succeed(gfortran(folder.path(), &options).arg("-c").arg(example));
    }
}

/// What is static is shared by threads: gfortran puts the lengths of some function results there.
#[test]
fn the_module_has_no_static_variables() {
    let folder = programs::scratch();
    let options = ["-fopenmp", "-O1", "-fdump-tree-original"];
    programs::succeed(gfortran(folder.path(), &options).arg("-c").arg(module()));
    let dump = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let dump = dump.into_iter().find(|path| path.to_string_lossy().ends_with(".original")).unwrap();
    let dump = std::fs::read_to_string(dump).unwrap();
    let mutable: Vec<_> = dump
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("static "))
        // Neither procedures nor constants.
        .filter(|line| !(line.ends_with(");") || line.contains(" C.") && line.contains(" = ")))
        .collect();
    assert!(dump.contains("view_get_real32_1") && mutable.is_empty(), "{mutable:#?}");
}

#[test]
fn lines_have_at_most_100_columns_and_no_tabs() {
    for folder in ["fortran", "tests/fortran"] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "f90") {
                continue;
            }
            for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
                let place = format!("{}:{}", path.display(), number + 1);
                assert!(line.chars().count() <= 100, "{place} has {} columns", line.chars().count());
                assert!(!line.contains('\t') && line == line.trim_end(), "{place}: blanks");
            }
        }
    }
}

/// The names that a program gets by `use fstview`.
fn public_names() -> Vec<String> {
    let text = std::fs::read_to_string(module()).unwrap();
    let mut names = Vec::new();
    for line in text.lines() {
        if let Some(list) = line.trim().strip_prefix("public :: ") {
            names.extend(list.split(", ").map(str::to_owned));
        } else if let Some(constant) = line.trim().strip_prefix("integer, parameter, public :: ") {
            names.push(constant.split(' ').next().unwrap().to_owned());
        }
    }
    names
}

#[test]
fn no_public_name_is_one_of_librmn() {
    let names = public_names();
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        let name = name.to_uppercase();
        let prefixes = ["FST_TYPE_", "FST_META", "FST24_", "C_FST", "RMN_", "FSTD_"];
        let exact = ["FST_YES", "FST_NO", "FST_SKIP", "FST_FILE", "FST_RECORD", "FST_QUERY"];
        let procedures = ["FST_VERSION", "FST_DATA_LENGTH"];
        assert!(name.starts_with("FST"), "{name} is no name of this library");
        assert!(!prefixes.iter().any(|prefix| name.starts_with(prefix)), "{name}");
        assert!(!exact.contains(&name.as_str()) && !procedures.contains(&name.as_str()), "{name}");
        assert!(!name.ends_with("_LEN"), "{name}");
    }
}

// The header

/// A copy of the module in which everything is public, compiled in a folder of its own.
fn open_module() -> tempfile::TempDir {
    let folder = programs::scratch();
    let text = std::fs::read_to_string(module()).unwrap();
    let opened = text.replacen("\n    private\n", "\n    public\n", 1);
    assert_ne!(text, opened, "the module is private by default");
    std::fs::write(folder.path().join("fstview.f90"), opened).unwrap();
    programs::succeed(gfortran(folder.path(), &[]).args(["-c", "fstview.f90"]));
    folder
}

/// Compiles and runs a program that a test wrote, against the open module or the header.
fn run_written(folder: &Path, name: &str, source: &str) -> String {
    std::fs::write(folder.join(name), source).unwrap();
    let program = folder.join(name).with_extension("out");
    let mut command = if name.ends_with(".c") {
        let mut command = Command::new("cc");
        command.current_dir(folder).args(["-std=c99", "-I"]).arg(root().join("include")).arg(name);
        command
    } else {
        let mut command = gfortran(folder, &[]);
        command.args(FALSE_ALARMS).args([name, "fstview.o"]);
        command
    };
    command.arg("-o").arg(&program).arg("-L").arg(programs::library_folder()).arg("-lfstview");
    programs::succeed(&mut command);
    output(&mut programs::program(&program))
}

fn header() -> String {
    std::fs::read_to_string(root().join("include/fstview.h")).unwrap()
}

/// `FstOpenOptions` is `c_open_options` in the module.
fn mirror(name: &str) -> String {
    let mut mirror = String::from("c");
    for letter in name.trim_start_matches("Fst").chars() {
        if letter.is_uppercase() {
            mirror.push('_');
        }
        mirror.extend(letter.to_lowercase());
    }
    mirror
}

/// The structs of the header, with the names of their fields.
fn structs() -> Vec<(String, Vec<String>)> {
    let header = header();
    let mut list = Vec::new();
    let mut rest = header.as_str();
    while let Some(at) = rest.find("typedef struct ") {
        rest = &rest[at + "typedef struct ".len()..];
        let name = rest.split_whitespace().next().unwrap().to_owned();
        let (body, after) = rest.split_once('}').unwrap();
        let body = body.split_once('{').unwrap().1;
        rest = after;
        let fields = body
            .lines()
            .map(str::trim)
            .filter(|line| line.ends_with(';') && !line.starts_with('*'))
            .map(|line| {
                let word = line.trim_end_matches(';').rsplit([' ', '*']).next().unwrap();
                word.split('[').next().unwrap().to_owned()
            })
            .collect();
        list.push((name, fields));
    }
    list
}

#[test]
fn every_struct_is_laid_out_as_in_the_header() {
    let mut c = String::from("#include \"fstview.h\"\n#include <stdio.h>\nint main(void) {\n");
    let mut fortran = String::from(
        "program layouts\n    use, intrinsic :: iso_c_binding\n    use fstview\n    implicit none (type, external)\n",
    );
    let mut body = String::new();
    let mut sizes = BTreeMap::new();
    for (name, fields) in structs() {
        let mirror = mirror(&name);
        sizes.insert(name.clone(), ());
        writeln!(c, "printf(\"{name} %zu\\n\", sizeof({name}));").unwrap();
        writeln!(fortran, "    type({mirror}), target :: v_{mirror}").unwrap();
        writeln!(body, "    print '(a, i0)', '{name} ', c_sizeof(v_{mirror})").unwrap();
        for field in fields {
            writeln!(c, "printf(\"{name} {field} %zu\\n\", offsetof({name}, {field}));").unwrap();
            let array = [
                "nomvar",
                "typvar",
                "grtyp",
                "ref_grtyp",
                "etiket",
                "shape",
                "strides",
                "slab_start",
                "slab_count",
                "xg",
                "xg_yang",
                "message",
            ];
            let element = if array.contains(&field.as_str()) { "(1)" } else { "" };
            writeln!(
                body,
                "    print '(a, i0)', '{name} {field} ', transfer(c_loc(v_{mirror}%{field}{element}), 0_c_intptr_t) &\n        - transfer(c_loc(v_{mirror}), 0_c_intptr_t)"
            )
            .unwrap();
        }
    }
    assert_eq!(sizes.len(), 17, "{sizes:?}");
    c.push_str("return 0;\n}\n");
    writeln!(fortran, "{body}end program layouts").unwrap();
    let folder = open_module();
    let expected = run_written(folder.path(), "layouts.c", &c);
    assert_eq!(run_written(folder.path(), "layouts.f90", &fortran), expected);
    for line in ["FstOpenOptions 56\n", "FstFileInfo 40\n", "FstFileStats 88\n", "FstRecordInfo 168\n"] {
        assert!(expected.contains(line), "{line}{expected}");
    }
    for line in ["FstCriteria 116\n", "FstArray 104\n", "FstDate 28\n", "FstSearch 120\n", "FstGrid 128\n"] {
        assert!(expected.contains(line), "{line}{expected}");
    }
}

#[test]
fn every_constant_has_the_value_of_the_header() {
    let mut expected = String::new();
    let mut fortran =
        String::from("program constants\n    use fstview\n    implicit none (type, external)\n\n");
    let mut count = 0;
    for line in header().lines() {
        let Some((name, value)) =
            line.strip_prefix("#define ").and_then(|definition| definition.split_once(' '))
        else {
            continue;
        };
        let Ok(value) = value.parse::<i32>() else { continue };
        // Not for Fortran programs: versions of the header, what is Arrow's, foreign byte order.
        let absent = ["FST_VERSION_", "FST_ABI_VERSION", "ARROW_"];
        let foreign = ["FST_VIEW_ANY_BYTE_ORDER", "FST_ARRAY_BIG_ENDIAN"];
        if absent.iter().any(|prefix| name.starts_with(prefix)) || foreign.contains(&name) {
            continue;
        }
        count += 1;
        writeln!(expected, "{name} {value}").unwrap();
        writeln!(fortran, "    print '(a, i0)', '{name} ', {name}").unwrap();
    }
    assert!(count > 45, "{count} constants");
    fortran.push_str("end program constants\n");
    let folder = open_module();
    assert_eq!(run_written(folder.path(), "constants.f90", &fortran), expected);
}

// Values

/// The line that golden.f90 prints; `info` has what the golden data do not say.
fn golden_line(golden: &Line, info: &FstRecordInfo) -> String {
    let dtype = fstview::Dtype::ALL
        .into_iter()
        .find(|dtype| golden.dtype.as_deref() == Some(dtype.name()))
        .map_or(info.dtype, |dtype| dtype as i32);
    let texts = [&golden.nomvar, &golden.typvar, &golden.grtyp, &golden.etiket].map(String::as_str).join("|");
    let numbers = [
        golden.data_type,
        golden.data_bits,
        golden.pack_bits,
        golden.dateo,
        golden.datev,
        golden.deet,
        golden.npas,
        golden.ip1,
        golden.ip2,
        golden.ip3,
        golden.ig1,
        golden.ig2,
        golden.ig3,
        golden.ig4,
        dtype,
    ];
    let numbers = numbers.map(|number| number.to_string()).join("|");
    let (bytes, sums) = match &golden.array {
        Some(array) => (array.nbytes, format!("{0:08X}|{0:08X}", array.crc32)),
        None => (info.array_bytes, "refused".to_owned()),
    };
    let metadata = crc32fast::hash(golden.metadata.as_deref().unwrap_or("").as_bytes());
    format!(
        "{}|{texts}|{}|{}|{}|{numbers}|{}|{}|{bytes}|1|{}|{sums}|{metadata:08X}",
        golden.i, golden.ni, golden.nj, golden.nk, golden.payload_offset, golden.payload_bytes, info.flags
    )
}

#[test]
fn attributes_arrays_and_metadata_are_the_golden_ones() {
    for options in [CHECKED, OPTIMISED] {
        let program = build_test("golden", options);
        for name in ["model.rsf", "model.fst", "types.rsf", "types.fst", "missing.rsf", "metadata.rsf"] {
            let path = data(name);
            let text = output(programs::program(&program).arg(&path));
            let opened = Opened::new(&path, FST_ACCESS_AUTO, FST_MISSING_KEEP);
            let lines = std::fs::read_to_string(format!("{}.jsonl", path.display())).unwrap();
            let mut found = text.lines();
            for line in lines.lines() {
                let golden: Line = serde_json::from_str(line).unwrap();
                let info = read_info(opened.handle, golden.i);
                assert_eq!(found.next().unwrap(), golden_line(&golden, &info), "{name} record {}", golden.i);
            }
            assert_eq!(found.next(), None, "{name}");
        }
    }
}

#[test]
fn every_kind_is_viewed_and_read_at_every_rank() {
    let source = std::fs::read_to_string(root().join("tests/fortran/kind.f90")).unwrap();
    let kinds = [
        ("f32", "real(real32)", "FST_DTYPE_F32"),
        ("f64", "real(real64)", "FST_DTYPE_F64"),
        ("i8", "integer(int8)", "FST_DTYPE_I8"),
        ("i16", "integer(int16)", "FST_DTYPE_I16"),
        ("i32", "integer(int32)", "FST_DTYPE_I32"),
        ("i64", "integer(int64)", "FST_DTYPE_I64"),
        ("c32", "complex(real32)", "FST_DTYPE_C64"),
        ("c64", "complex(real64)", "FST_DTYPE_C128"),
        ("text", "character(len=1)", "FST_DTYPE_CHAR"),
    ];
    let folder = programs::scratch();
    for options in [CHECKED, OPTIMISED] {
        for (name, declaration, dtype) in kinds {
            let own = source.replace("real(real32)", declaration).replace("FST_DTYPE_F32", dtype);
            let path = folder.path().join(format!("kind_{name}.f90"));
            std::fs::write(&path, own).unwrap();
            let program = build(&path, &format!("kind_{name}"), options);
            let text = output(programs::program(&program).arg(data("types.rsf")));
            assert_eq!(text, "all checks hold\n", "{declaration}");
        }
    }
}

#[test]
fn unsigned_values_are_widened_or_refused_and_never_negative() {
    run("unsigned", &[&data("types.rsf")]);
}

#[test]
fn slabs_sections_and_writable_views() {
    run("sections", &[&data("model.rsf")]);
    run("sections", &[&data("model.fst")]);
}

#[test]
fn searches_queries_options_and_several_files() {
    run("searches", &[&data(""), Path::new(env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn searches_by_lists_periods_levels_and_metadata() {
    run("selections", &[&data("")]);
}

#[test]
fn many_records_at_once_are_what_single_calls_give() {
    run("batches", &[&data("")]);
}

#[test]
fn grids_and_the_records_that_describe_them() {
    run("grids", &[&data("")]);
}

#[test]
fn files_in_memory() {
    run("memory", &[&data("model.rsf")]);
    run("memory", &[&data("model.fst")]);
}

#[test]
fn dates_stamps_and_codes_of_levels() {
    run("codes", &[]);
}

// Lifetimes

#[test]
fn views_live_as_long_as_somebody_holds_them() {
    run("ownership", &[&data("model.rsf")]);
}

#[test]
fn views_in_a_parallel_region() {
    run("threads", &[&data("model.rsf")]);
}

#[test]
fn no_memory_error_and_no_leak() {
    let folder = data("");
    for (name, argument) in
        [("mistakes", folder.clone()), ("batches", folder), ("sections", data("model.rsf"))]
    {
        let program = build_test(name, CHECKED);
        assert_eq!(under_valgrind(&program, &[&argument]), "all checks hold\n");
    }
    let program = build_test("memory", CHECKED);
    assert_eq!(under_valgrind(&program, &[&data("model.fst")]), "all checks hold\n");
    let program = build_test("ownership", OPTIMISED);
    assert_eq!(under_valgrind(&program, &[&data("model.rsf")]), "all checks hold\n");
}

#[test]
fn the_example_has_no_memory_error_and_no_leak() {
    let program = build(&root().join("fortran/list_records.f90"), "list_under_valgrind", CHECKED);
    assert!(under_valgrind(&program, &[&data("model.rsf")]).ends_with("\n194 records\n"));
}

// Mistakes

#[test]
fn mistakes_have_a_status_and_a_message() {
    run("mistakes", &[&data("")]);
}

#[test]
fn without_stat_the_program_stops_with_the_message() {
    let stops = [
        ("missing file", "ERROR STOP fstview: FST_ERR_NOT_FOUND: /nowhere/at all: no such file"),
        ("record", "ERROR STOP fstview: FST_ERR_OUT_OF_RANGE: out of range: record 0"),
        ("info", "FST_ERR_OUT_OF_RANGE: out of range: record 999 of "),
        ("info", "(record 1000 counted from 1)"),
        (
            "kind",
            "FST_ERR_TYPE_MISMATCH: type mismatch: record 4: the pointer is real(real64), the array real(real32)",
        ),
        ("shape", "FST_ERR_SHAPE_MISMATCH: shape mismatch: record 4: the array is "),
        ("released", "FST_ERR_INVALID_HANDLE: the variable holds no view"),
        ("unopened", "FST_ERR_INVALID_HANDLE: no file is open"),
        (
            "long name",
            "FST_ERR_INVALID_ARGUMENT: invalid argument: nomvar \"TTTTT\" has more than 4 characters",
        ),
        (
            "batch",
            "FST_ERR_SHAPE_MISMATCH: shape mismatch: record 194: the array is 120x80, the record 120x80x4",
        ),
        ("batch of views", "(record 999 counted from 1)"),
        ("levels", "FST_ERR_NOT_FOUND: not found: no record matches"),
        ("period", "FST_ERR_INVALID_ARGUMENT: invalid argument: valid_from"),
        ("stamp", "FST_ERR_INVALID_ARGUMENT: invalid argument: stamp -2000000000 is not a date"),
        ("grid", "(record 999 counted from 1)"),
        ("errmsg alone", "FST_ERR_OUT_OF_RANGE"),
    ];
    for options in [CHECKED, OPTIMISED] {
        let program = build_test("stops", options);
        for (mistake, message) in stops {
            let ended = programs::run(programs::program(&program).arg(data("model.rsf")).arg(mistake));
            let text = String::from_utf8_lossy(&ended.stderr);
            assert!(text.contains(message), "{mistake}: {text}");
            assert_eq!(ended.status.code(), Some(1), "{mistake}");
            assert!(ended.stdout.is_empty(), "{mistake}: the program went on");
        }
        let untouched = output(programs::program(&program).arg(data("model.rsf")).arg("none"));
        assert_eq!(untouched, "still running\n");
    }
}

// The example

/// The 16 columns of a value: 8 significant digits, 3 digits of exponent.
fn scientific(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "nan"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_owned();
    }
    let text = format!("{value:.7e}");
    let (digits, exponent) = text.split_once('e').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    format!("{digits}E{}{:03}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The elements of a view as 64-bit reals, complex ones by their absolute value; `None` for text.
fn values(array: &FstArray, bytes: &[u8]) -> Option<Vec<f64>> {
    macro_rules! each {
        ($type:ty) => {
            bytes
                .chunks_exact(size_of::<$type>())
                .map(|chunk| <$type>::from_le_bytes(chunk.try_into().unwrap()) as f64)
                .collect::<Vec<f64>>()
        };
    }
    let absolute = |parts: Vec<f64>| parts.chunks_exact(2).map(|pair| pair[0].hypot(pair[1])).collect();
    Some(match array.dtype {
        FST_DTYPE_U8 => each!(u8),
        FST_DTYPE_I8 => each!(i8),
        FST_DTYPE_U16 => each!(u16),
        FST_DTYPE_I16 => each!(i16),
        FST_DTYPE_U32 => each!(u32),
        FST_DTYPE_I32 => each!(i32),
        FST_DTYPE_U64 => each!(u64),
        FST_DTYPE_I64 => each!(i64),
        FST_DTYPE_F32 => each!(f32),
        FST_DTYPE_F64 => each!(f64),
        FST_DTYPE_C64 => absolute(each!(f32)),
        FST_DTYPE_C128 => absolute(each!(f64)),
        _ => return None,
    })
}

fn level(ip1: i32) -> String {
    let mut text = [0u8; 16];
    // SAFETY: a buffer of the size that is passed.
    assert_eq!(unsafe { fst_ip_format(ip1, text.as_mut_ptr().cast(), text.len()) }, FST_OK);
    let text: Vec<u8> = text.into_iter().take_while(|byte| *byte != 0).collect();
    String::from_utf8(text).unwrap().trim().to_owned()
}

/// What the example must print.
fn listing(path: &Path) -> String {
    let opened = Opened::new(path, FST_ACCESS_AUTO, FST_MISSING_KEEP);
    let mut text = String::from(
        "record nomvar typvar etiket       level                 dateo       datev         ni x nj x nk type bits              min              max             mean\n",
    );
    for record in 0..opened.count() {
        let info = read_info(opened.handle, record);
        let string = |field: &[std::ffi::c_char]| -> String {
            field.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).map(char::from).collect()
        };
        let [min, max, mean] = match opened.view(record) {
            Err(_) => ["refused", "-", "-"].map(str::to_owned),
            Ok(view) => match values(&view.array, view.bytes()) {
                None => ["text", "-", "-"].map(str::to_owned),
                Some(values) if values.iter().any(|value| value.is_nan()) => [f64::NAN; 3].map(scientific),
                Some(values) => [
                    values.iter().copied().reduce(|a, b| if b < a { b } else { a }).unwrap(),
                    values.iter().copied().reduce(|a, b| if b > a { b } else { a }).unwrap(),
                    values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64,
                ]
                .map(scientific),
            },
        };
        writeln!(
            text,
            "{record:6} {:6} {:6} {:12} {:15} {:11} {:11} {:>20} {:4} {:4} {min:>16} {max:>16} {mean:>16}",
            string(&info.nomvar),
            string(&info.typvar),
            string(&info.etiket),
            level(info.ip1),
            info.dateo,
            info.datev,
            format!("{}x{}x{}", info.ni, info.nj, info.nk),
            info.data_type,
            info.pack_bits,
        )
        .unwrap();
    }
    writeln!(text, "{} records", opened.count()).unwrap();
    text
}

#[test]
fn the_example_prints_extremes_and_means_to_the_last_byte() {
    for options in [CHECKED, OPTIMISED] {
        let program = build(&root().join("fortran/list_records.f90"), "list_records", options);
        for name in ["model.rsf", "model.fst", "types.rsf", "types.fst", "missing.fst", "turbo.rsf"] {
            let found = output(programs::program(&program).arg(data(name)));
            let expected = listing(&data(name));
            for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
                assert_eq!(found, expected, "{name} line {}", number + 1);
            }
            assert!(found == expected, "{name}: {} lines", found.lines().count());
        }
    }
}

#[test]
fn the_example_says_how_it_is_used() {
    let program = build(&root().join("fortran/list_records.f90"), "list_usage", OPTIMISED);
    let ended = programs::run(&mut programs::program(&program));
    assert_eq!(ended.status.code(), Some(2));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "usage: list_records FILE\n");
    let ended = programs::run(programs::program(&program).arg("/nowhere"));
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("/nowhere: no such file"));
}
