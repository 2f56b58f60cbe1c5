// SPDX-License-Identifier: MIT OR Apache-2.0
//! Misuse from Fortran: a program with interfaces of its own, generated from the header, calls every function of the C
//! interface with null pointers, zero, stale, swapped and invented handles, numbers at the edges. Each answers with a
//! documented status; the program is under the compiler's checks and ends as it should. (From C: `tests/c`; through ctypes:
//! `tests/python/test_misuse.py`; of the Fortran module's own procedures: `tests/fortran/mistakes.f90`.)

mod common;

use std::fmt::Write;
use std::process::Command;

use common::programs::{library_folder, program, scratch, succeed, under_valgrind};
use common::root;

/// A function of the header: its name, and the types and names of its parameters.
struct Function {
    name: String,
    parameters: Vec<(String, String)>,
}

/// The functions that give a status.
fn functions() -> Vec<Function> {
    let header = std::fs::read_to_string(root().join("include/fstview.h")).unwrap();
    let mut list = Vec::new();
    for declaration in header.split("FST_API").skip(1) {
        let declaration = declaration.split(';').next().unwrap();
        let Some(rest) = declaration.trim().strip_prefix("FstStatus ") else { continue };
        let (name, parameters) = rest.split_once('(').unwrap();
        let parameters = parameters.trim_end_matches(')').split(',').map(|piece| {
            let (kind, name) = piece.trim().rsplit_once([' ', '*']).unwrap();
            let pointer = if piece.contains('*') { "*" } else { "" };
            let kind = kind.replace("struct ", "").replace("const ", "").replace('*', "");
            (format!("{}{pointer}", kind.trim()), name.to_owned())
        });
        list.push(Function { name: name.trim().to_owned(), parameters: parameters.collect() });
    }
    list
}

/// The declaration of a dummy argument of that C type.
fn dummy(kind: &str) -> &'static str {
    match kind {
        pointer if pointer.ends_with('*') => "type(c_ptr), value",
        "FstFile" | "FstView" => "integer(c_int64_t), value",
        "size_t" => "integer(c_size_t), value",
        "float" => "real(c_float), value",
        "double" => "real(c_double), value",
        "int32_t" | "FstDtype" | "FstIpStyle" | "FstCalendar" => "integer(c_int32_t), value",
        other => panic!("a parameter of type {other}"),
    }
}

/// Arguments of that C type, as expressions; the first one is as good as can be.
fn values(kind: &str) -> Vec<&'static str> {
    match kind {
        pointer if pointer.ends_with('*') => vec!["place", "c_null_ptr", "unaligned"],
        "FstFile" => {
            vec!["file", "0_c_int64_t", "stale", "view", "-1_c_int64_t", "ieor(file, 16777216_c_int64_t)"]
        }
        "FstView" => vec!["view", "0_c_int64_t", "released", "file", "-1_c_int64_t", "view + 3_c_int64_t"],
        "size_t" => vec!["1_c_size_t", "0_c_size_t", "-1_c_size_t", "huge(1_c_size_t)"],
        "float" => vec!["500.0_c_float", "huge(1.0_c_float)", "-huge(1.0_c_float)", "0.0_c_float"],
        "double" => vec!["6.0_c_double", "huge(1.0_c_double)", "-huge(1.0_c_double)"],
        _ => vec!["1_c_int32_t", "0_c_int32_t", "-1_c_int32_t", "huge(1_c_int32_t)", "-huge(1_c_int32_t)"],
    }
}

/// Numbers that tell how much memory there is must not lie: only 0 and 1 are for them.
fn is_count(function: &Function, name: &str) -> bool {
    let counted = function.parameters.iter().filter(|(kind, _)| kind.ends_with('*')).count() > 0;
    counted && matches!(name, "n" | "capacity" | "destination_bytes")
}

fn source(functions: &[Function]) -> String {
    let mut text = String::from(
        "program misuse
    use, intrinsic :: iso_c_binding
    use, intrinsic :: iso_fortran_env, only: error_unit
    implicit none (type, external)
    interface\n",
    );
    for function in functions {
        let names: Vec<&str> = function.parameters.iter().map(|(_, name)| name.as_str()).collect();
        writeln!(
            text,
            "        integer(c_int32_t) function {}( &\n            {}) bind(C)",
            function.name,
            names.join(", &\n            ")
        )
        .unwrap();
        text.push_str("            import\n");
        for (kind, name) in &function.parameters {
            writeln!(text, "            {} :: {name}", dummy(kind)).unwrap();
        }
        writeln!(text, "        end function {}", function.name).unwrap();
    }
    text.push_str(
        "    end interface
    ! Room for whatever is pointed to; the first word of it is the size of no struct.
    integer(c_int64_t), target :: room(4096)
    integer(c_int64_t), target :: handle, array(13)
    character(kind=c_char), target :: path(4096)
    character(len=4096) :: argument
    integer(c_int64_t) :: file, view, stale, released
    type(c_ptr) :: place, unaligned
    integer :: calls, length, i

    call get_command_argument(1, argument, length)
    do i = 1, length
        path(i) = argument(i:i)
    end do
    path(length + 1) = c_null_char
    call expect(fst_open(c_loc(path), c_null_ptr, c_loc(handle)), 0, 'fst_open')
    stale = handle
    call expect(fst_close(stale), 0, 'fst_close')
    call expect(fst_open(c_loc(path), c_null_ptr, c_loc(handle)), 0, 'fst_open')
    file = handle
    array = 0
    array(1) = 104
    call expect(fst_record_view(file, 3_c_size_t, c_null_ptr, c_loc(array)), 0, 'fst_record_view')
    released = array(13)
    call expect(fst_view_release(released), 0, 'fst_view_release')
    call expect(fst_record_view(file, 3_c_size_t, c_null_ptr, c_loc(array)), 0, 'fst_record_view')
    view = array(13)
    place = c_loc(room)
    unaligned = transfer(transfer(place, 0_c_intptr_t) + 1_c_intptr_t, c_null_ptr)
    calls = 0\n",
    );
    for function in functions {
        let lists: Vec<Vec<&str>> = function
            .parameters
            .iter()
            .map(|(kind, name)| {
                let mut list = values(kind);
                if kind == "size_t" && is_count(function, name) {
                    list.truncate(2);
                }
                // What these fill in must be given back, which takes more than a number.
                if matches!(function.name.as_str(), "fst_index_export" | "fst_view_to_dlpack") {
                    list.retain(|value| *value != "unaligned");
                }
                list
            })
            .collect();
        // All null, zero and far out at once, and each alone beside the best there is.
        let first: Vec<&str> = lists.iter().map(|list| list[0]).collect();
        let mut cases = vec![
            lists.iter().map(|list| list[1.min(list.len() - 1)]).collect::<Vec<_>>(),
            lists.iter().map(|list| list[list.len() - 1]).collect(),
        ];
        for (at, list) in lists.iter().enumerate() {
            for value in &list[1..] {
                let mut case = first.clone();
                case[at] = value;
                cases.push(case);
            }
        }
        for case in cases {
            let handles = case.iter().zip(&function.parameters).any(|(value, (kind, _))| {
                (kind == "FstFile" && *value != "file") || (kind == "FstView" && *value != "view")
            });
            // What closes or releases for good is for the end.
            if !handles
                && matches!(function.name.as_str(), "fst_close" | "fst_view_release" | "fst_view_retain")
            {
                continue;
            }
            let alone = case.iter().zip(&first).filter(|(value, best)| value != best).count() == 1;
            let pointers = function.parameters.iter().any(|(kind, _)| kind.ends_with('*'));
            // With nothing else wrong, a handle is what is named.
            let wanted = if handles && alone && !pointers { "-2" } else { "1" };
            text.push_str("    call clear()\n");
            writeln!(
                text,
                "    call documented({}( &\n        {}), {wanted}, &\n        '{}')",
                function.name,
                case.join(", &\n        "),
                function.name
            )
            .unwrap();
        }
    }
    text.push_str(
        "    call expect(fst_view_release(view), 0, 'fst_view_release')
    call expect(fst_view_release(view), -2, 'fst_view_release')
    call expect(fst_close(file), 0, 'fst_close')
    call expect(fst_close(file), -2, 'fst_close')
    print '(i0, a)', calls, ' calls'

contains

    subroutine clear()
        room = 0
        calls = calls + 1
    end subroutine clear

    subroutine expect(status, wanted, what)
        integer(c_int32_t), intent(in) :: status
        integer, intent(in) :: wanted
        character(len=*), intent(in) :: what

        if (status == wanted) return
        write (error_unit, '(2a, i0)') what, ' gives ', status
        error stop
    end subroutine expect

    ! A documented status, none of them a defect; a certain one unless `wanted` is 1.
    subroutine documented(status, wanted, what)
        integer(c_int32_t), intent(in) :: status
        integer, intent(in) :: wanted
        character(len=*), intent(in) :: what

        if (status <= 0 .and. status >= -16 .and. status /= -15 .and. (wanted == 1 .or. status == wanted)) return
        write (error_unit, '(2a, i0, a, i0)') what, ' gives ', status, ' at call ', calls
        error stop
    end subroutine documented
end program misuse\n",
    );
    text
}

#[test]
fn every_function_answers_misuse_from_fortran() {
    let functions = functions();
    assert!(functions.len() > 25, "{} functions in the header", functions.len());
    let folder = scratch();
    let (text, built) = (folder.path().join("misuse.f90"), folder.path().join("misuse"));
    std::fs::write(&text, source(&functions)).unwrap();
    succeed(
        Command::new("gfortran")
            .args(["-std=f2018", "-g", "-fcheck=all", "-Wall", "-Werror", "-Wno-maybe-uninitialized", "-o"])
            .args([&built, &text])
            .current_dir(folder.path())
            .arg("-L")
            .arg(library_folder())
            .arg("-lfstview"),
    );
    for mut command in [program(&built), under_valgrind(&built)] {
        let output = succeed(command.arg(root().join("tests/data/model.rsf")));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let calls: usize = said.trim().strip_suffix(" calls").expect("a number of calls").parse().unwrap();
        assert!(calls > 8 * functions.len(), "{said}");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        println!("misuse from Fortran: {calls} calls of {} functions", functions.len());
    }
}
