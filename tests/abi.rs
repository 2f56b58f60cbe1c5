// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C ABI as C and C++ programs and the linker see it: the header, the layout, the exported names, the shared
//! library, and the behaviour of every function, in programs that are compiled here and run plainly, under valgrind
//! and with the sanitizers.

mod common;

use std::collections::BTreeSet;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::builder::{Field, write_rsf};
use common::golden::ATTRIBUTES;
use common::programs::{self, library_folder, program, scratch, succeed, under_valgrind};
use common::{Opened, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

/// Every warning is an error: the header is included in programs whose flags we do not choose.
const WARNINGS: [&str; 4] = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// The dialects in which the header must be valid.
const DIALECTS: [(&str, &str, &str); 4] = [
    ("cc", "c", "-std=c99"),
    ("cc", "c", "-std=c11"),
    ("g++", "c++", "-std=c++11"),
    ("g++", "c++", "-std=c++17"),
];

fn sources() -> PathBuf {
    root().join("tests/c")
}

/// A compiler with our headers, as strict as it can be.
fn compiler(name: &str, language: &str, standard: &str) -> Command {
    let mut command = Command::new(name);
    command.args(["-x", language, standard]).args(WARNINGS);
    command.arg("-I").arg(root().join("include")).arg("-I").arg(sources());
    command
}

/// Compiles sources to a program that is linked with the library.
fn link(mut compiler: Command, sources: &[PathBuf], to: &Path) {
    compiler.args(sources).args(["-x", "none", "-L"]).arg(library_folder());
    succeed(compiler.args(["-lfstview", "-lpthread", "-lm", "-o"]).arg(to));
}

/// Compiles a C99 source with some more flags and returns the program.
fn build(source: &Path, flags: &[&str], folder: &Path, name: &str) -> PathBuf {
    let to = folder.join(name);
    let mut compiler = compiler("cc", "c", "-std=c99");
    compiler.args(flags);
    link(compiler, &[source.to_owned()], &to);
    to
}

/// Fails when a program wrote anything: the library never prints, and the programs print only failures.
fn silent(output: &Output, what: &str) {
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(text.is_empty(), "{what} printed\n{text}");
}

/// Flags of a program that watches its own memory; `None` where the compiler comes without the libraries for it.
fn sanitizers() -> Option<[&'static str; 4]> {
    const FLAGS: [&str; 4] = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let folder = scratch();
    let empty = folder.path().join("empty.c");
    fs::write(&empty, "int main(void) { return 0; }\n").unwrap();
    let output =
        programs::run(Command::new("cc").args(FLAGS).arg(&empty).arg("-o").arg(folder.path().join("empty")));
    if !output.status.success() {
        println!("not run with the sanitizers: {}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success().then_some(FLAGS)
}

/// Runs the program of one topic in all three ways, each with a scratch folder of its own.
fn topic(name: &str) {
    let folder = scratch();
    let source = sources().join(name).with_extension("c");
    let run = |mut command: Command, how: &str| {
        let place = scratch();
        fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
        command.arg(root().join("tests/data")).arg(place.path()).env_remove("FSTVIEW_MAP_THRESHOLD");
        silent(&succeed(&mut command), &format!("{name} ({how})"));
    };
    let plain = build(&source, &["-g", "-O2"], folder.path(), name);
    run(program(&plain), "plain");
    assert!(programs::available("valgrind"), "valgrind is missing: `make setup` installs it");
    run(under_valgrind(&plain), "valgrind");
    if let Some(flags) = sanitizers() {
        run(program(&build(&source, &flags, folder.path(), "sanitized")), "sanitizers");
    }
}

#[test]
fn opening_refuses_what_is_no_file_of_ours_and_salvages_what_is_cut() {
    topic("opening");
}

#[test]
fn views_have_the_promised_origin_lifetime_and_contents() {
    topic("views");
}

#[test]
fn bad_handles_are_errors_of_every_function() {
    topic("handles");
}

#[test]
fn null_pointers_are_errors_in_every_position() {
    topic("nulls");
}

#[test]
fn structs_of_other_versions_are_accepted_or_refused_by_the_rules() {
    topic("sizes");
}

#[test]
fn unknown_enumerations_flags_and_dates_are_refused() {
    topic("values");
}

#[test]
fn the_last_error_names_what_failed_and_belongs_to_its_thread() {
    topic("errors");
}

#[test]
fn records_and_slabs_outside_are_errors_and_at_the_edge_are_not() {
    topic("ranges");
}

#[test]
fn reads_fill_the_callers_array_or_leave_it_alone() {
    topic("reads");
}

#[test]
fn metadata_fit_or_tell_their_length() {
    topic("metadata");
}

#[test]
fn searches_fill_what_there_is_room_for() {
    topic("find");
}

#[test]
fn searches_by_lists_periods_levels_and_metadata_find_what_a_loop_finds() {
    topic("search");
}

#[test]
fn grids_name_their_descriptors_and_levels_come_in_order() {
    topic("grids");
}

#[test]
fn the_index_is_released_once_wherever_it_is() {
    topic("arrow");
}

#[test]
fn batches_tell_how_far_they_are_and_can_be_cancelled() {
    topic("batch");
}

#[test]
fn the_counters_of_a_file_agree_with_those_of_the_system() {
    topic("accounts");
}

#[test]
fn tensors_hold_their_view() {
    topic("dlpack");
}

#[test]
fn threads_share_files_and_views() {
    topic("threads");
}

#[test]
fn a_storm_of_threads_finds_every_array_as_it_was() {
    topic("storm");
}

/// One line of a `.jsonl` as `tests/c/listing.c` prints a record.
/// Runs the program of one topic as it is: what it does to the process, no tool survives.
fn plain_topic(name: &str) {
    let (folder, place) = (scratch(), scratch());
    let built = build(&sources().join(name).with_extension("c"), &["-g", "-O2"], folder.path(), name);
    let mut command = program(&built);
    command.arg(root().join("tests/data")).arg(place.path()).env_remove("FSTVIEW_MAP_THRESHOLD");
    silent(&succeed(&mut command), name);
}

#[test]
fn any_allocation_may_be_refused() {
    plain_topic("exhaustion");
}

#[test]
fn the_limits_of_a_process_are_errors_and_pass() {
    plain_topic("limits");
}

fn golden_line(line: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| json[key].as_str().map_or_else(|| json[key].to_string(), str::to_owned);
    let mut fields = vec![text("i")];
    fields.extend(ATTRIBUTES.map(text));
    fields.push(json["array"]["nbytes"].to_string());
    fields.push(json["array"]["crc32"].to_string());
    fields.join("|")
}

#[test]
fn a_c_program_lists_every_record_as_the_golden_lines_have_it() {
    let folder = scratch();
    let plain = build(&sources().join("listing.c"), &["-g", "-O2"], folder.path(), "listing");
    for (name, format) in [("model.rsf", FST_FORMAT_RSF), ("model.fst", FST_FORMAT_XDF)] {
        let path = root().join("tests/data").join(name);
        let golden = fs::read_to_string(format!("{}.jsonl", path.display())).unwrap();
        let bytes = fs::metadata(&path).unwrap().len();
        let mut expected = vec![format!("{format} {} {bytes}", golden.lines().count())];
        expected.extend(golden.lines().map(golden_line));
        let mut ways = vec![program(&plain)];
        if name == "model.rsf" {
            ways.push(under_valgrind(&plain));
            let sanitized = |flags: [&str; 4]| {
                program(&build(&sources().join("listing.c"), &flags, folder.path(), "sanitized"))
            };
            ways.extend(sanitizers().map(sanitized));
        }
        for mut way in ways {
            let output = succeed(way.arg(&path));
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            let found = String::from_utf8(output.stdout).unwrap();
            for (found, expected) in found.lines().zip(&expected) {
                assert_eq!(found, expected, "{name}");
            }
            assert_eq!(found.lines().count(), expected.len(), "{name}");
        }
    }
}

/// A number as the listings of the demo have it.
fn scientific(x: f64) -> String {
    if x.is_nan() || x.is_infinite() {
        return x.to_string().to_lowercase();
    }
    let text = format!("{x:.7E}");
    let (digits, exponent) = text.split_once('E').unwrap();
    let exponent: i32 = exponent.parse().unwrap();
    format!("{digits}E{}{:03}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// The elements of an array as doubles, complex ones by their absolute value.
fn doubles(dtype: FstDtype, bytes: &[u8]) -> Vec<f64> {
    macro_rules! each {
        ($type:ty) => {
            bytes
                .chunks_exact(size_of::<$type>())
                .map(|chunk| <$type>::from_ne_bytes(chunk.try_into().unwrap()) as f64)
                .collect()
        };
    }
    let pairs = |parts: Vec<f64>| parts.chunks_exact(2).map(|pair| pair[0].hypot(pair[1])).collect();
    match dtype {
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
        FST_DTYPE_C64 => pairs(each!(f32)),
        FST_DTYPE_C128 => pairs(each!(f64)),
        other => panic!("element type {other}"),
    }
}

/// The listing that the demo programs must print, computed here once more.
fn expected_listing(path: &Path) -> String {
    let file = Opened::new(path, FST_ACCESS_READ, FST_MISSING_KEEP);
    let mut lines = vec![
        "record nomvar typvar etiket       level                 dateo       datev         ni x nj x nk type bits              min              max             mean"
            .to_owned(),
    ];
    for record in 0..file.count() {
        let info = read_info(file.handle, record);
        let text = |field: &[std::ffi::c_char]| -> String {
            field.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).map(char::from).collect()
        };
        let mut level = [0; 16];
        // SAFETY: the buffer has the capacity that is passed.
        assert_eq!(unsafe { fst_ip_format(info.ip1, level.as_mut_ptr(), level.len()) }, FST_OK);
        let [min, max, mean] = match file.view(record) {
            Err(_) => ["refused", "-", "-"].map(str::to_owned),
            Ok(view) if view.array.dtype == FST_DTYPE_CHAR => ["text", "-", "-"].map(str::to_owned),
            Ok(view) => {
                let values = doubles(view.array.dtype, view.bytes());
                if values.iter().any(|value| value.is_nan()) {
                    ["nan", "nan", "nan"].map(str::to_owned)
                } else {
                    let min = values.iter().copied().fold(values[0], f64::min);
                    let max = values.iter().copied().fold(values[0], f64::max);
                    let mean = values.iter().fold(0.0, |sum, value| sum + value) / values.len() as f64;
                    [min, max, mean].map(scientific)
                }
            }
        };
        lines.push(format!(
            "{record:>6} {:<6} {:<6} {:<12} {:<15} {:>11} {:>11} {:>20} {:>4} {:>4} {min:>16} {max:>16} {mean:>16}",
            text(&info.nomvar),
            text(&info.typvar),
            text(&info.etiket),
            text(&level).trim(),
            info.dateo,
            info.datev,
            format!("{}x{}x{}", info.ni, info.nj, info.nk),
            info.data_type,
            info.pack_bits,
        ));
    }
    lines.push(format!("{} records\n", file.count()));
    lines.join("\n")
}

#[test]
fn the_example_in_c_prints_the_listing_of_the_demo() {
    let folder = scratch();
    let source = root().join("c/list_records.c");
    let example = build(&source, &["-O2"], folder.path(), "list_records");
    let data = root().join("tests/data");
    for name in ["model.rsf", "model.fst", "types.rsf", "types.fst", "missing.rsf", "turbo.rsf"] {
        let path = data.join(name);
        let output = succeed(program(&example).arg(&path));
        let (found, expected) = (String::from_utf8(output.stdout).unwrap(), expected_listing(&path));
        for (found, expected) in found.lines().zip(expected.lines()) {
            // Zero has no sign that a listing would have to show.
            assert_eq!(
                found.replace("-0.0000000E+000", " 0.0000000E+000"),
                expected.replace("-0.0000000E+000", " 0.0000000E+000"),
                "{name}"
            );
            assert!(!found.ends_with(' '));
        }
        assert_eq!(found.len(), expected.len(), "{name}");
    }
    let output = programs::run(program(&example).arg(data.join("no-such-file")));
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("FST_ERR_NOT_FOUND") && message.contains("no-such-file"), "{message}");
    assert_eq!(programs::run(&mut program(&example)).status.code(), Some(2));
}

#[test]
fn the_share_of_zero_copy_views_is_above_half_for_a_program_that_keeps_them() {
    let folder = scratch();
    let example = build(&root().join("c/zero_copy.c"), &["-O2"], folder.path(), "zero_copy");
    for (name, expected) in [
        ("model.rsf", "388 views: 18 mapped, 185 shared, 0 read, 185 decoded, 0 copied. Zero-copy 52.3 %.\n"),
        ("model.fst", "388 views: 0 mapped, 194 shared, 0 read, 194 decoded, 0 copied. Zero-copy 50.0 %.\n"),
    ] {
        let output = succeed(program(&example).arg(root().join("tests/data").join(name)));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{name}");
    }
    // Nothing but reals of 32 bits: every view is the file's own memory.
    let reals = folder.path().join("reals.rsf");
    let fields = [Field::reals(120, 80, |i, j| (i + j) as f32), Field::reals(33, 7, |i, j| (i * j) as f32)];
    write_rsf(&reals, &fields, 10).unwrap();
    let output = succeed(program(&example).arg(&reals));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "20 views: 20 mapped, 0 shared, 0 read, 0 decoded, 0 copied. Zero-copy 100.0 %.\n"
    );
    assert_eq!(programs::run(&mut program(&example)).status.code(), Some(2));
}

#[test]
fn the_header_compiles_alone_as_c_and_as_cplusplus() {
    let folder = scratch();
    let source = folder.path().join("alone.c");
    fs::write(&source, "#include \"fstview.h\"\n").unwrap();
    for (name, language, standard) in DIALECTS {
        succeed(compiler(name, language, standard).args(["-fsyntax-only"]).arg(&source));
    }
}

#[test]
fn the_header_may_be_included_twice_and_in_two_units() {
    let folder = scratch();
    let units = ["headers_twice_a.c", "headers_twice_b.c"].map(|name| sources().join(name));
    for (name, language, standard) in DIALECTS {
        let to = folder.path().join(format!("twice{standard}"));
        link(compiler(name, language, standard), &units, &to);
        silent(&succeed(&mut program(&to)), "a program of two units");
    }
}

#[test]
fn the_header_and_librmns_live_in_one_program() {
    let folder = scratch();
    for (name, language, standard) in DIALECTS {
        for order in ["-DFSTVIEW_FIRST", "-DFSTVIEW_SECOND"] {
            let to = folder.path().join(format!("with_librmn{standard}{order}"));
            let mut compiler = compiler(name, language, standard);
            compiler.arg(order);
            // Fields that an example leaves out are the example's own business.
            link(compiler, &[sources().join("with_librmn.c")], &to);
            silent(&succeed(&mut program(&to)), "a program with both headers");
        }
    }
}

#[test]
fn the_header_and_arrows_structs_live_in_one_program() {
    let folder = scratch();
    for (name, language, standard) in DIALECTS {
        for order in ["-DFSTVIEW_FIRST", "-DFSTVIEW_SECOND"] {
            let to = folder.path().join(format!("with_arrow{standard}{order}"));
            let mut compiler = compiler(name, language, standard);
            compiler.arg(order);
            link(compiler, &[sources().join("with_arrow.c")], &to);
            let mut program = program(&to);
            program.arg(root().join("tests/data/model.rsf"));
            silent(&succeed(&mut program), "a program with Arrow's structs");
        }
    }
}

#[test]
fn initialisers_set_every_field() {
    let folder = scratch();
    for (name, language, standard) in DIALECTS {
        let to = folder.path().join(format!("initialisers{standard}"));
        link(compiler(name, language, standard), &[sources().join("initialisers.c")], &to);
        silent(&succeed(&mut program(&to)), "initialisers");
    }
    // Every struct with a size has its initialiser, and every initialiser is in the program.
    let program = fs::read_to_string(sources().join("initialisers.c")).unwrap();
    let header = header();
    let structs = header.matches("uint32_t struct_size;").count();
    let macros: BTreeSet<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix("#define "))
        .filter_map(|line| line.split([' ', '(']).next())
        .filter(|name| name.ends_with("_INIT"))
        .collect();
    assert_eq!(macros.len(), structs, "{macros:?}");
    for name in macros {
        assert!(program.contains(name), "tests/c/initialisers.c does not use {name}");
    }
}

#[test]
fn structs_have_the_published_layout() {
    let folder = scratch();
    succeed(
        compiler("cc", "c", "-std=c11")
            .arg("-c")
            .arg(sources().join("layout.c"))
            .arg("-o")
            .arg(folder.path().join("layout.o")),
    );
    // Every struct and every enumeration of the header is looked at.
    let program = fs::read_to_string(sources().join("layout.c")).unwrap();
    for line in header().lines() {
        let words: Vec<&str> = line.split([' ', ';']).collect();
        match words[..] {
            ["typedef", "struct", name, "{"] => {
                assert!(program.contains(&format!("SIZE({name}, ")), "{name}");
            }
            ["struct", name, "{"] => {
                assert!(program.contains(&format!("SIZE(struct {name}, ")), "{name}");
            }
            ["typedef", "int32_t", name, ""] => {
                assert!(program.contains(&format!("IS_INT32({name})")), "{name}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_version_macros_are_those_of_the_package() {
    let folder = scratch();
    let versions = build(&sources().join("versions.c"), &[], folder.path(), "versions");
    let output = succeed(&mut program(&versions));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), env!("CARGO_PKG_VERSION"));
}

/// The committed header.
fn header() -> String {
    fs::read_to_string(root().join("include/fstview.h")).unwrap()
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = fs::read_to_string(env!("FSTVIEW_GENERATED_HEADER")).unwrap();
    let committed = header();
    if let Some((number, (found, wanted))) =
        committed.lines().zip(generated.lines()).enumerate().find(|(_, (found, wanted))| found != wanted)
    {
        panic!("include/fstview.h:{}: {found:?}, generated is {wanted:?}: run `make header`", number + 1);
    }
    assert!(committed == generated, "include/fstview.h is not what the build generates: run `make header`");
}

/// The functions that the header declares: name and parameters.
fn declared() -> Vec<(String, String)> {
    let header = header();
    let mut code = String::new();
    let mut rest = header.as_str();
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    let code: Vec<&str> = code.lines().filter(|line| !line.starts_with('#')).collect();
    let code = code.join("\n");
    code.split(';')
        .filter_map(|piece| piece.split_once("FST_API"))
        .map(|(_, declaration)| {
            let (front, parameters) = declaration.split_once('(').expect("a function");
            let name = front.rsplit([' ', '*', '\n']).next().unwrap();
            (name.to_owned(), parameters.to_owned())
        })
        .collect()
}

#[test]
fn exports_are_those_of_the_header_and_of_the_list() {
    let declared: BTreeSet<String> = declared().into_iter().map(|(name, _)| name).collect();
    let text = fs::read_to_string(root().join("tests/exports.txt")).unwrap();
    let mut listed = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, version) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?}: name and version"));
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        let own: Vec<u32> = env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse().unwrap()).collect();
        assert!(parts.len() == 3 && parts <= own, "{line}: from a version that is still to come");
        assert!(listed.insert(name.to_owned()), "{name} is listed twice");
    }
    let library = library_folder().join("libfstview.so");
    let output = succeed(Command::new("nm").args(["-D", "--defined-only"]).arg(library));
    let exported: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert!(words.len() == 3 && words[1] == "T", "exported, and not a function: {line}");
            words[2].to_owned()
        })
        .collect();
    assert_eq!(exported, declared, "exported by the library (left), declared in the header (right)");
    assert_eq!(listed, declared, "listed in tests/exports.txt (left), declared in the header (right)");
}

/// A call in a source: the status that is expected of it, and its arguments.
struct Call {
    expected: String,
    arguments: Vec<String>,
}

/// What stands between the parenthesis in front of `text` and the one that closes it, at its commas.
fn arguments(text: &str) -> Vec<String> {
    let (mut depth, mut pieces, mut piece) = (0, Vec::new(), String::new());
    for character in text.chars() {
        match character {
            ',' if depth == 0 => pieces.push(std::mem::take(&mut piece)),
            ')' | ']' | '}' if depth == 0 => break,
            _ => {
                depth += i32::from("([{".contains(character)) - i32::from(")]}".contains(character));
                piece.push(character);
            }
        }
    }
    pieces.push(piece);
    pieces.into_iter().map(|piece| piece.trim().to_owned()).collect()
}

/// The calls of a function that a source checks with `EXPECT`.
fn checked_calls(source: &str, name: &str) -> Vec<Call> {
    source
        .split("EXPECT(")
        .skip(1)
        .filter_map(|rest| {
            let [expected, call] = &arguments(rest)[..] else { return None };
            let inner = call.strip_prefix(name)?.strip_prefix('(')?;
            Some(Call { expected: expected.clone(), arguments: arguments(inner) })
        })
        .collect()
}

/// The parameters of a declaration: whether each is a pointer, its type and its name.
fn parameters(declaration: &str) -> Vec<(bool, String, String)> {
    let pieces = declaration.trim().trim_end_matches(')').split(',');
    pieces
        .filter(|piece| piece.trim() != "void")
        .map(|piece| {
            let (kind, name) = piece.trim().rsplit_once([' ', '*', '\n']).expect("a type and a name");
            (piece.contains('*'), kind.replace("struct ", "").trim().to_owned(), name.to_owned())
        })
        .collect()
}

/// Whether a null pointer as that argument is accepted in one of the calls.
fn may_be_null(calls: &[Call], place: usize) -> bool {
    calls.iter().any(|call| call.expected != "FST_ERR_INVALID_ARGUMENT" && call.arguments[place] == "NULL")
}

#[test]
fn every_pointer_of_every_function_is_null_once_and_every_handle_bad() {
    let nulls = fs::read_to_string(sources().join("nulls.c")).unwrap();
    let handles = fs::read_to_string(sources().join("handles.c")).unwrap();
    let (mut pointers, mut bad) = (0, 0);
    for (name, declaration) in declared() {
        let parameters = parameters(&declaration);
        let (with_nulls, with_handles) = (checked_calls(&nulls, &name), checked_calls(&handles, &name));
        for call in with_nulls.iter().chain(&with_handles) {
            assert_eq!(call.arguments.len(), parameters.len(), "{name}: {:?}", call.arguments);
        }
        for (place, (pointer, kind, parameter)) in parameters.iter().enumerate() {
            if *pointer {
                let null = |call: &Call| match call.expected.as_str() {
                    // Beside others that may be null; else it would not be known which one is refused.
                    "FST_ERR_INVALID_ARGUMENT" => {
                        call.arguments[place] == "NULL"
                            && (0..parameters.len())
                                .filter(|other| *other != place && call.arguments[*other] == "NULL")
                                .all(|other| may_be_null(&with_nulls, other))
                    }
                    _ => may_be_null(&with_nulls, place),
                };
                assert!(
                    with_nulls.iter().any(null),
                    "tests/c/nulls.c: {name} without a null pointer as {parameter}"
                );
                pointers += 1;
            }
            if !pointer && ["FstFile", "FstView"].contains(&kind.as_str()) {
                let refused = |call: &Call| {
                    call.expected == "FST_ERR_INVALID_HANDLE" && call.arguments[place] == *parameter
                };
                assert!(
                    with_handles.iter().any(refused),
                    "tests/c/handles.c: {name} without a bad {parameter}"
                );
                bad += 1;
            }
        }
    }
    println!("{pointers} pointers, {bad} handles");
    assert!(pointers >= 55 && bad >= 20, "the header was not understood: {pointers} pointers, {bad} handles");
}

#[test]
fn the_shared_library_is_a_good_elf_object() {
    let library = library_folder().join("libfstview.so");
    let output = succeed(Command::new("readelf").args(["--dynamic", "--wide"]).arg(&library));
    let dynamic = String::from_utf8(output.stdout).unwrap();
    let entries = |tag: &str| -> Vec<String> {
        dynamic
            .lines()
            .filter(|line| line.contains(&format!("({tag})")))
            .map(|line| line.rsplit(['[', ':']).next().unwrap().trim_matches([' ', ']']).to_owned())
            .collect()
    };
    assert_eq!(entries("SONAME"), [format!("libfstview.so.{FST_ABI_VERSION}")]);
    assert!(entries("FLAGS_1").iter().any(|flags| flags.contains("NODELETE")), "{dynamic}");
    assert!(!dynamic.contains("TEXTREL"), "{dynamic}");
    for needed in entries("NEEDED") {
        let known = ["libc.so.6", "libgcc_s.so.1", "libm.so.6"].contains(&needed.as_str())
            || needed.starts_with("ld-linux");
        assert!(known, "the library needs {needed}");
    }
    assert!(entries("RPATH").is_empty() && entries("RUNPATH").is_empty(), "{dynamic}");

    let output = succeed(Command::new("readelf").args(["--segments", "--wide"]).arg(&library));
    let segments = String::from_utf8(output.stdout).unwrap();
    let stack = segments.lines().find(|line| line.contains("GNU_STACK")).expect("a stack entry");
    assert!(!stack.contains("RWE"), "an executable stack: {stack}");

    let output = succeed(Command::new("objdump").arg("-T").arg(&library));
    let symbols = String::from_utf8(output.stdout).unwrap();
    let newest = symbols
        .split("GLIBC_")
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>()
        })
        .max()
        .expect("symbols of the C library");
    println!("the library asks for glibc {newest:?}");
}

/// Writing RSF by hand, as far as the tests need it (`rsf.md` 3, 4, 7, 17).
mod rsf {
    pub fn long(value: u64) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&((value >> 32) as u32).to_le_bytes());
        bytes[4..].copy_from_slice(&(value as u32).to_le_bytes());
        bytes
    }

    pub fn start(rt: u8, rlm: u16, rl: u64, rlmd: u16, dul: u8) -> Vec<u8> {
        let mut bytes = vec![rt];
        bytes.extend(rlm.to_le_bytes());
        bytes.push(0xFE);
        bytes.extend(long(rl));
        bytes.extend(rlmd.to_le_bytes());
        bytes.extend([0, dul]);
        bytes
    }

    pub fn end(rt: u8, rlm: u16, rl: u64) -> Vec<u8> {
        let mut bytes = long(rl).to_vec();
        bytes.push(rt);
        bytes.extend(rlm.to_le_bytes());
        bytes.push(0xFF);
        bytes
    }

    /// Lengths and places that stand at both ends of a segment.
    pub struct Segment {
        pub seg: u64,
        pub sseg: u64,
        pub vdir: u64,
        pub vdirs: u64,
    }

    impl Segment {
        fn numbers(&self) -> Vec<u8> {
            [self.seg, self.sseg, self.vdir, self.vdirs].map(long).concat()
        }

        pub fn start(&self, code: &[u8; 4], rlmd: u16) -> Vec<u8> {
            let sign = 0xDEAD_BEEFu32.to_le_bytes();
            [&start(3, 0, 72, rlmd, 0)[..], b"RSF0", code, &sign, &self.numbers(), &end(3, 0, 72)].concat()
        }

        pub fn end_low(&self, rl: u64) -> Vec<u8> {
            [start(4, 0, rl, 0, 0), 0xBEBE_FADAu32.to_le_bytes().to_vec()].concat()
        }

        pub fn end_high(&self, rl: u64) -> Vec<u8> {
            [0xCAFE_FADEu32.to_le_bytes().to_vec(), self.numbers(), end(4, 0, rl)].concat()
        }
    }
}

#[test]
fn records_behind_8_gib_are_read_mapped_and_directly() {
    const FIRST_SEGMENT: u64 = 140;
    const SHIFT: u64 = 9 << 30;
    let folder = scratch();
    let original = root().join("tests/data/model.rsf");
    let bytes = fs::read(&original).unwrap();

    // A hole of 9 GiB between the first, empty segment and the one with the records.
    let moved = folder.path().join("moved.rsf");
    let file = File::create(&moved).unwrap();
    let space = rsf::Segment { seg: 0, sseg: SHIFT, vdir: 0, vdirs: 0 };
    let rl = SHIFT - 72;
    file.write_all_at(&bytes[..FIRST_SEGMENT as usize], 0).unwrap();
    let front = [space.start(b"<-->", 0), space.end_low(rl)].concat();
    file.write_all_at(&front, FIRST_SEGMENT).unwrap();
    file.write_all_at(&space.end_high(rl), FIRST_SEGMENT + SHIFT - 48).unwrap();
    file.write_all_at(&bytes[FIRST_SEGMENT as usize..], FIRST_SEGMENT + SHIFT).unwrap();

    let large = build(&sources().join("large.c"), &["-O2"], folder.path(), "large");
    let mut command = program(&large);
    command.arg(&original).arg(&moved).arg(SHIFT.to_string()).env_remove("FSTVIEW_MAP_THRESHOLD");
    silent(&succeed(&mut command), "large");
}

#[test]
fn a_mapped_view_of_more_than_1_gib_costs_no_memory() {
    const NI: u32 = 16384;
    const NJ: u32 = 20000;
    let folder = scratch();
    let path = folder.path().join("wide.rsf");
    let file = File::create(&path).unwrap();

    // An empty segment, as in every new file.
    let first = rsf::Segment { seg: 72, sseg: 140, vdir: 0, vdirs: 0 };
    file.write_all_at(&[first.start(b"STDF", 19), first.end_low(68), first.end_high(68)].concat(), 0)
        .unwrap();

    // One record of 32-bit reals, all zero but the last one: the hole costs no disk.
    let words: [u32; 19] = [
        0x0001_0101,
        0,
        0x0113_0000,
        0x0001_2C20,
        NI << 8 | 0x58,
        NJ << 8 | 5,
        1 << 12,
        0x300,
        0x2C01,
        0x0B02,
        0x2103,
        0xD25C_F400,
        0,
        0x000C_0000,
        0xD340_0020,
        0x1F40,
        0x10,
        0x70,
        0x1681_BAD0,
    ];
    let words: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let payload = u64::from(NI) * u64::from(NJ) * 4;
    let rl = 28 + 76 + payload + 16;
    let (vdir, vdirs) = (72 + rl, 140);
    let second = rsf::Segment { seg: vdir + vdirs, sseg: vdir + vdirs + 68, vdir, vdirs };
    let record = 140 + 72;
    file.write_all_at(
        &[second.start(b"STDF", 19), rsf::start(1, 19, rl, 19, 4), words.clone()].concat(),
        140,
    )
    .unwrap();
    file.write_all_at(&42.5f32.to_le_bytes(), record + 16 + 76 + payload - 4).unwrap();
    let tail = [
        rsf::end(1, 19, rl),
        rsf::start(6, 1, vdirs, 0, 0),
        1u32.to_le_bytes().to_vec(),
        [72, rl, 0].map(rsf::long).concat(),
        0x0013_0013u32.to_le_bytes().to_vec(),
        vec![0; 4],
        words,
        rsf::end(6, 1, vdirs),
        second.end_low(68),
        second.end_high(68),
    ]
    .concat();
    file.write_all_at(&tail, record + rl - 12).unwrap();

    let resident = build(&sources().join("resident.c"), &["-O2"], folder.path(), "resident");
    silent(&succeed(program(&resident).arg(&path).env_remove("FSTVIEW_MAP_THRESHOLD")), "resident");
}
