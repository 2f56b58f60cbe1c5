// SPDX-License-Identifier: MIT OR Apache-2.0
//! The programs in `examples`: what they print in each language is what `examples/expected` says.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::builder::{Field, write_rsf};
use common::programs::{program, scratch, succeed};
use common::{programs, root};

/// Each example, and the files it is given.
const EXAMPLES: [(&str, &[&str]); 9] = [
    ("read_field", &["model.rsf"]),
    ("levels", &["model.rsf"]),
    ("zonal_means", &["model.rsf"]),
    ("several_files", &["model.rsf", "model.fst"]),
    ("copy_on_write", &["model.rsf"]),
    ("slab", &["model.rsf"]),
    ("missing", &["missing.rsf"]),
    ("dates_levels", &["model.rsf"]),
    ("grid_point", &["model.rsf"]),
];

fn source(language: &str, name: &str) -> PathBuf {
    root().join("examples").join(language).join(name)
}

fn check(command: &mut Command, example: &str, files: &[&str]) {
    command.current_dir(root().join("tests/data")).args(files);
    command.env_remove("MISSING_VALUE_FLAGS").env_remove("FSTVIEW_MAP_THRESHOLD");
    let printed = String::from_utf8(succeed(command).stdout).unwrap();
    let expected = fs::read_to_string(source("expected", example).with_extension("txt")).unwrap();
    assert_eq!(printed, expected, "{example}");
}

/// The names of the examples in a language, in order.
fn present(language: &str, extension: &str) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(root().join("examples").join(language))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_example_is_run() {
    let mut names: Vec<_> = EXAMPLES.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    assert_eq!(present("c", "c"), names);
    let with = |others: &[&str]| {
        let mut names: Vec<_> = names.iter().map(String::as_str).chain(others.iter().copied()).collect();
        names.sort_unstable();
        names.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(present("python", "py"), with(&["dask_cluster"]));
    assert_eq!(present("fortran", "f90"), with(&["legacy", "mpi_records"]));
    assert_eq!(present("expected", "txt"), with(&["legacy", "mpi_records"]));
}

#[test]
fn c() {
    let folder = scratch();
    for (name, files) in EXAMPLES {
        let built = folder.path().join(name);
        let mut command = Command::new("cc");
        command
            .args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-fopenmp", "-I"])
            .arg(root().join("include"));
        command.arg(source("c", name).with_extension("c")).arg("-o").arg(&built);
        succeed(command.arg("-L").arg(programs::library_folder()).args(["-lfstview", "-lm"]));
        check(&mut program(&built), name, files);
    }
}

fn gfortran(folder: &Path) -> Command {
    let mut command = Command::new("gfortran");
    command.current_dir(folder).args(["-fopenmp", "-Wall", "-Wextra", "-Werror"]);
    // gfortran 12 says this of every assignment to an allocatable that has not been allocated.
    command.args(["-Wno-uninitialized", "-Wno-maybe-uninitialized"]);
    command
}

#[test]
fn fortran() {
    let folder = scratch();
    let folder = folder.path();
    succeed(gfortran(folder).args(["-std=f2018", "-c"]).arg(root().join("fortran/fstview.f90")));
    let link = |objects: &[&Path], name: &str, files: &[&str]| {
        let built = folder.join(name);
        let mut command = gfortran(folder);
        command
            .arg("-std=f2018")
            .arg(source("fortran", name).with_extension("f90"))
            .args(objects)
            .arg("fstview.o");
        succeed(command.arg("-o").arg(&built).arg("-L").arg(programs::library_folder()).arg("-lfstview"));
        check(&mut program(&built), name, files);
    };
    for (name, files) in EXAMPLES {
        link(&[], name, files);
    }
    succeed(gfortran(folder).args(["-std=legacy", "-c"]).arg(source("fortran", "legacy77.f")));
    link(&[Path::new("legacy77.o")], "legacy", &["model.rsf"]);
}

fn python() -> Command {
    let python = root().join(".venv/bin/python");
    assert!(python.is_file(), "{} is missing: run `make setup`", python.display());
    let mut command = Command::new(python);
    command.env("FSTVIEW_LIBRARY", programs::library_folder().join("libfstview.so"));
    command.env("PYTHONPATH", root().join("python")).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

#[test]
fn python_programs() {
    for (name, files) in EXAMPLES {
        check(python().arg(source("python", name).with_extension("py")), name, files);
    }
}

/// Ranks that share records: as many as there are, and with some that have none left.
#[test]
fn mpi() {
    let folder = scratch();
    let folder = folder.path();
    let built = folder.join("mpi_records");
    succeed(gfortran(folder).args(["-std=f2018", "-c"]).arg(root().join("fortran/fstview.f90")));
    let mut command = Command::new("mpifort");
    command.current_dir(folder).args(["-std=f2018", "-Wall", "-Wextra", "-Werror", "-Wno-uninitialized"]);
    command.arg(source("fortran", "mpi_records.f90")).arg("fstview.o").arg("-o").arg(&built);
    succeed(command.arg("-L").arg(programs::library_folder()).arg("-lfstview"));
    let expected = fs::read_to_string(source("expected", "mpi_records.txt")).unwrap();
    let (_, results) = expected.split_once('\n').unwrap();
    for ranks in ["1", "2", "5"] {
        let mut command = Command::new("mpirun");
        command
            .env("LD_LIBRARY_PATH", programs::library_folder())
            .env_remove("MISSING_VALUE_FLAGS")
            // Ranks in a container may not read each other's memory.
            .env("OMPI_MCA_btl_vader_single_copy_mechanism", "none")
            .current_dir(root().join("tests/data"))
            .args(["--oversubscribe", "--allow-run-as-root", "--timeout", "120", "-n", ranks])
            .arg(&built)
            .args(["ME", "model.rsf", "model.fst", "model.rsf"]);
        let printed = String::from_utf8(succeed(&mut command).stdout).unwrap();
        let first = format!("{ranks} ranks, {ranks} on this node; 3 files, 9 records\n");
        assert_eq!(printed, format!("{first}{results}"));
        assert!(ranks != "2" || printed == expected);
    }
}

/// Thousands of records in several files; record number `ip3` of all is the field of its file.
#[test]
fn dask() {
    let folder = scratch();
    let files: Vec<_> = (0..4u16)
        .map(|number| {
            let path = folder.path().join(format!("{number}.rsf"));
            let fields = [0, 100].map(|more| {
                Field::reals(7, 5, move |i, j| (i + 7 * j) as f32 + f32::from(number) + more as f32)
            });
            write_rsf(&path, &fields, 1000).unwrap();
            path
        })
        .collect();
    let mut command = python();
    command.arg(source("python", "dask_cluster.py")).arg("TT").args(&files);
    let printed = String::from_utf8(succeed(&mut command).stdout).unwrap();
    // 0 to 34, the file's number, and 0 or 100.
    let expected = "4 files, 4000 records of 7x5, 16 chunks\n2 worker processes\n\
                    mean 68.500000, largest 137.000000\nas computed directly\n";
    assert_eq!(printed, expected);
}

/// The golden model's grid is not really rotated, so here is one that is: where its poles and its equator come to lie.
#[test]
fn a_rotated_globe() {
    let script = "
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from grid_point import from_rotated
grid = (31.75, 267.5, -3.0, 2.0)
at = lambda latitude, longitude: from_rotated(grid, latitude, longitude)
close = lambda a, b: np.allclose(((a[0] - b[0]), (a[1] - b[1] + 180) % 360 - 180), 0, atol=1e-9)
assert close(at(0, 180), grid[:2])
# The second point lies on the equator, as far to the east of the centre as it is away from it.
unit = lambda p: np.array([np.cos(np.radians(p[0])) * np.cos(np.radians(p[1])),
                           np.cos(np.radians(p[0])) * np.sin(np.radians(p[1])), np.sin(np.radians(p[0]))])
angle = np.degrees(np.arccos(unit(grid[:2]) @ unit(grid[2:])))
assert close(at(0, 180 + angle), grid[2:]), (at(0, 180 + angle), grid)
# The pole is at a right angle to both.
pole = unit(at(90, 0))
assert abs(pole @ unit(grid[:2])) < 1e-9 and abs(pole @ unit(grid[2:])) < 1e-9
assert at(90, 0)[0] > 0
print('holds')
";
    let output = succeed(python().args(["-c", script]).arg(root().join("examples/python")));
    assert_eq!(output.stdout, b"holds\n");
}
