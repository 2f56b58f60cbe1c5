// SPDX-License-Identifier: MIT OR Apache-2.0
//! `make install`, and what is made of an installed prefix: programs by pkg-config, CMake, make and fpm, the Python module,
//! the wheel. What gets installed is what this very test run built.
#![cfg(all(feature = "command", target_os = "linux"))]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::programs::{run, scratch, succeed};
use common::{programs, root};

/// A folder with the library, shared and static, and the command, as `cargo build --release` leaves them.
fn built(folder: &Path) -> PathBuf {
    let shared = fs::canonicalize(programs::library_folder().join("libfstview.so")).unwrap();
    let built = folder.join("built");
    fs::create_dir(&built).unwrap();
    symlink(&shared, built.join("libfstview.so")).unwrap();
    symlink(shared.with_extension("a"), built.join("libfstview.a")).unwrap();
    symlink(env!("CARGO_BIN_EXE_fstview"), built.join("fstview")).unwrap();
    built
}

/// An installation in a folder that goes away with it.
struct Prefix {
    folder: tempfile::TempDir,
    built: PathBuf,
}

impl Prefix {
    fn new() -> Prefix {
        let folder = scratch();
        let built = built(folder.path());
        let prefix = Prefix { folder, built };
        succeed(&mut prefix.make("install"));
        prefix
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("prefix")
    }

    fn scratch(&self) -> &Path {
        self.folder.path()
    }

    fn make(&self, target: &str) -> Command {
        make(target, &self.path(), &self.built)
    }

    fn pkg_config(&self, arguments: &[&str]) -> Vec<String> {
        let mut command = Command::new("pkg-config");
        command.env("PKG_CONFIG_PATH", self.path().join("lib/pkgconfig")).args(arguments).arg("fstview");
        stdout(&succeed(&mut command)).split_whitespace().map(str::to_owned).collect()
    }
}

fn make(target: &str, prefix: &Path, built: &Path) -> Command {
    let mut command = Command::new("make");
    command
        .current_dir(root())
        .arg(target)
        .arg(format!("PREFIX={}", prefix.display()))
        .arg(format!("BUILT={}", built.display()))
        // Those of a make that runs the tests are none of this one's business.
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL");
    command
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn model() -> PathBuf {
    root().join("tests/data/model.rsf")
}

fn source(name: &str) -> PathBuf {
    root().join("tests/install").join(name)
}

/// What the programs print. The mean is that of the golden array, computed without this library.
const EXPECTED: &str = "194 records, mean 0.597751\n";

fn check(program: &Path) {
    let mut command = Command::new(program);
    let output = succeed(command.arg(model()).env_remove("LD_LIBRARY_PATH"));
    assert_eq!(stdout(&output), EXPECTED, "{}", program.display());
}

/// The libraries that a program asks the loader for.
fn needed(program: &Path) -> String {
    stdout(&succeed(Command::new("readelf").arg("-d").arg(program)))
}

#[test]
fn a_prefix_has_everything_and_uninstalling_leaves_nothing() {
    let prefix = Prefix::new();
    let path = prefix.path();
    let version = env!("CARGO_PKG_VERSION");
    let abi = fstview::ffi::FST_ABI_VERSION;
    let link = |name: &str| fs::read_link(path.join(name)).unwrap().to_str().unwrap().to_owned();
    assert_eq!(link("lib/libfstview.so"), format!("libfstview.so.{abi}"));
    assert_eq!(link(&format!("lib/libfstview.so.{abi}")), format!("libfstview.so.{version}"));
    assert_eq!(
        fs::read(path.join(format!("lib/libfstview.so.{version}"))).unwrap(),
        fs::read(prefix.built.join("libfstview.so")).unwrap()
    );
    for name in [
        "lib/libfstview.a",
        "include/fstview.h",
        "lib/pkgconfig/fstview.pc",
        "lib/cmake/fstview/fstviewConfig.cmake",
        "lib/cmake/fstview/fstviewConfigVersion.cmake",
        "share/fstview/fpm.toml",
        "share/fstview/fortran/fstview.f90",
        "share/fstview/fortran/fstview.mk",
        "lib/python3/site-packages/fstview.py",
        "lib/python3/site-packages/fstview_xarray.py",
        "share/man/man1/fstview.1",
        "share/man/man1/fstview-list.1",
        "share/man/man3/fstview.h.3",
    ] {
        let mode =
            fs::metadata(path.join(name)).unwrap_or_else(|e| panic!("{name}: {e}")).permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{name}");
    }
    let mode = fs::metadata(path.join("bin/fstview")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(
        stdout(&succeed(Command::new(path.join("bin/fstview")).arg("--version"))),
        format!("fstview {version}\n")
    );
    assert_eq!(prefix.pkg_config(&["--modversion"]), [version]);

    // Again over it, with a file of somebody else's: only that stays.
    succeed(&mut prefix.make("install"));
    fs::write(path.join("share/fstview/mine"), "").unwrap();
    succeed(&mut prefix.make("uninstall"));
    let left: Vec<_> = files(&path).into_iter().collect();
    assert_eq!(left, [path.join("share/fstview/mine")]);
    let output = run(&mut prefix.make("uninstall"));
    assert!(!output.status.success() && stderr(&output).contains("nothing is installed in"), "{output:?}");

    fs::remove_dir_all(&path).unwrap();
    succeed(&mut prefix.make("install"));
    succeed(&mut prefix.make("uninstall"));
    assert!(!path.exists(), "{:?}", files(&path));
}

/// All files below a folder, and empty directories.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries: Vec<_> =
            fs::read_dir(&folder).into_iter().flatten().map(|e| e.unwrap().path()).collect();
        if entries.is_empty() {
            found.insert(folder);
        }
        for path in entries {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else {
                found.insert(path);
            }
        }
    }
    found
}

#[test]
fn places_are_those_that_are_asked_for() {
    let folder = scratch();
    let built = built(folder.path());
    let stage = folder.path().join("stage");
    let mut command = make("install", Path::new("/opt/with blank"), &built);
    command
        .arg(format!("DESTDIR={}", stage.display()))
        .args(["LIBDIR=/opt/with blank/lib/x86_64-linux-gnu", "INCLUDEDIR=/opt/headers"]);
    succeed(&mut command);
    assert!(stage.join("opt/with blank/lib/x86_64-linux-gnu/libfstview.so").exists());
    assert!(stage.join("opt/headers/fstview.h").exists());
    assert!(stage.join("opt/with blank/share/man/man1/fstview.1").exists());
    let text = |name: &str| {
        fs::read_to_string(stage.join("opt/with blank/lib/x86_64-linux-gnu").join(name)).unwrap()
    };
    let pc = text("pkgconfig/fstview.pc");
    assert!(pc.contains("\nlibdir=/opt/with blank/lib/x86_64-linux-gnu\n"), "{pc}");
    assert!(pc.contains("\nincludedir=/opt/headers\n"), "{pc}");
    for text in [pc, text("cmake/fstview/fstviewConfig.cmake")] {
        assert!(
            !text.contains(stage.to_str().unwrap()) && !text.contains(root().to_str().unwrap()),
            "{text}"
        );
    }

    let output = run(make("install", Path::new("relative"), &built).arg("DESTDIR="));
    assert!(stderr(&output).contains("PREFIX must be an absolute path, not 'relative'"), "{output:?}");
    let output = run(&mut make("install", &folder.path().join("p"), &stage));
    assert!(stderr(&output).contains("libfstview.so is missing: run \"make\" first"), "{output:?}");
}

#[test]
fn c_by_pkg_config_and_fortran_statically() {
    let prefix = Prefix::new();
    let folder = prefix.scratch();
    let dynamic = folder.join("reader_c");
    let mut command = Command::new("cc");
    command.args(["-std=c99", "-Wall", "-Wextra", "-Werror"]).arg(source("reader.c"));
    command.args(prefix.pkg_config(&["--cflags", "--libs"])).arg("-o").arg(&dynamic);
    succeed(command.arg(format!("-Wl,-rpath,{}", prefix.path().join("lib").display())));
    check(&dynamic);
    assert!(needed(&dynamic).contains("[libfstview.so.1]"));

    // Libs.private is what a static link needs behind the archive.
    let shared_library = prefix.path().join("lib/libfstview.so");
    let aside = prefix.path().join("lib/aside");
    fs::rename(&shared_library, &aside).unwrap();
    let by_static = folder.join("reader_c_static");
    let mut command = Command::new("cc");
    command.arg(source("reader.c")).args(prefix.pkg_config(&["--static", "--cflags", "--libs"]));
    succeed(command.arg("-o").arg(&by_static));
    fs::rename(&aside, &shared_library).unwrap();
    check(&by_static);
    assert!(!needed(&by_static).contains("libfstview"));

    let fortran = folder.join("reader_fortran");
    let mut command = Command::new("gfortran");
    command
        .current_dir(folder)
        .args(prefix.pkg_config(&["--variable=fortran_source"]))
        .arg(source("reader.f90"));
    succeed(command.args(prefix.pkg_config(&["--variable=static_libs"])).arg("-o").arg(&fortran));
    check(&fortran);
    assert!(!needed(&fortran).contains("libfstview"));

    // Without the library the loader says which name it looked for.
    let output = run(Command::new(folder.join("reader_c")).arg("nothing"));
    assert!(stderr(&output).contains("nothing: no such file"), "{output:?}");
    fs::rename(prefix.path().join("lib"), prefix.path().join("elsewhere")).unwrap();
    let output = run(Command::new(&dynamic).arg(model()).env_remove("LD_LIBRARY_PATH"));
    let said = "error while loading shared libraries: libfstview.so.1: cannot open shared object file";
    assert!(stderr(&output).contains(said), "{output:?}");
}

#[test]
fn cpp_and_fortran_by_cmake() {
    let prefix = Prefix::new();
    let build = prefix.scratch().join("build");
    let configure = |folder: &Path, build: &Path| {
        let mut command = Command::new("cmake");
        command.arg("-S").arg(folder).arg("-B").arg(build);
        command.arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.path().display()));
        command
    };
    // An installation may be moved.
    let moved = prefix.scratch().join("moved");
    fs::rename(prefix.path(), &moved).unwrap();
    symlink(&moved, prefix.path()).unwrap();
    succeed(&mut configure(&root().join("tests/install"), &build));
    succeed(Command::new("cmake").arg("--build").arg(&build));
    for program in ["reader_cpp", "reader_cpp_static", "reader_fortran"] {
        check(&build.join(program));
    }
    assert!(!needed(&build.join("reader_cpp_static")).contains("libfstview"));

    // What goes wrong says what to do.
    let project = prefix.scratch().join("project");
    fs::create_dir(&project).unwrap();
    let complaint = |lines: &str| {
        fs::write(
            project.join("CMakeLists.txt"),
            format!("cmake_minimum_required(VERSION 3.12)\nproject(p LANGUAGES NONE)\n{lines}\n"),
        )
        .unwrap();
        let output = run(&mut configure(&project, &prefix.scratch().join("complaints")));
        assert!(!output.status.success(), "{lines}: {output:?}");
        // CMake breaks lines.
        stderr(&output).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let said = complaint("find_package(fstview REQUIRED COMPONENTS Fortran)");
    assert!(said.contains("add Fortran to the languages of project()"), "{said}");
    let said = complaint("find_package(fstview REQUIRED COMPONENTS Cobol)");
    assert!(said.contains("fstview has no component Cobol, only Fortran"), "{said}");
    for version in ["99.0", "0.99"] {
        let said = complaint(&format!("find_package(fstview {version} REQUIRED)"));
        assert!(said.contains(&format!("version: {}", env!("CARGO_PKG_VERSION"))), "{said}");
    }
    fs::remove_file(moved.join("lib/libfstview.a")).unwrap();
    let said = complaint("find_package(fstview REQUIRED)");
    assert!(said.contains("libfstview.a is missing: the installation is not complete"), "{said}");
}

/// The module belongs to the compiler that compiled it, and the fragment for Makefiles knows by which that was.
#[test]
fn fortran_by_make_with_one_compiler_and_another() {
    let prefix = Prefix::new();
    let project = prefix.scratch().join("project");
    fs::create_dir(&project).unwrap();
    for name in ["Makefile", "reader.f90"] {
        fs::copy(source(name), project.join(name)).unwrap();
    }
    let make = |arguments: &[&str]| {
        let mut command = Command::new("make");
        command.current_dir(&project).args(arguments).env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
        command.env("PKG_CONFIG_PATH", prefix.path().join("lib/pkgconfig"));
        succeed(&mut command)
    };
    make(&["reader"]);
    check(&project.join("reader"));
    assert_eq!(stdout(&make(&["reader"])), "make: 'reader' is up to date.\n");

    // Another compiler: a .mod file of its own would be built.
    let other = prefix.scratch().join("other");
    fs::write(
        &other,
        "#!/bin/sh\ncase $1 in --version) echo 'Other Fortran 1.0';; *) exec gfortran \"$@\";; esac\n",
    )
    .unwrap();
    fs::set_permissions(&other, fs::Permissions::from_mode(0o755)).unwrap();
    let said = stdout(&make(&["reader", &format!("FC={}", other.display())]));
    assert!(said.contains("and cannot be used by \"Other Fortran 1.0\": it is built anew"), "{said}");
    check(&project.join("reader"));

    // A compiler that finds the .mod file of another one says so; docs/errors.md quotes it.
    fs::write(project.join(".fstview/fstview.mod"), "V 12 another compiler's\n").unwrap();
    let output = run(Command::new("gfortran").current_dir(&project).args(["-I.fstview", "-c", "reader.f90"]));
    let said = stderr(&output);
    assert!(!output.status.success() && said.contains("is not a GNU Fortran module file"), "{said}");
    let errors = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    assert!(errors.contains("is not a GNU Fortran module file"));
    make(&["fstview-clean"]);
    assert!(!project.join(".fstview").exists());
}

#[test]
fn fortran_by_fpm() {
    let prefix = Prefix::new();
    let project = prefix.scratch().join("project");
    fs::create_dir_all(project.join("app")).unwrap();
    fs::copy(source("reader.f90"), project.join("app/main.f90")).unwrap();
    // fpm takes paths from the project.
    symlink(prefix.path().join("share/fstview"), project.join("fstview")).unwrap();
    fs::write(
        project.join("fpm.toml"),
        "name = \"reader\"\n[dependencies]\nfstview = { path = \"fstview\" }\n",
    )
    .unwrap();
    let lib = prefix.path().join("lib");
    let mut command = Command::new(root().join(".venv/bin/fpm"));
    command.current_dir(&project).args(["build", "--verbose", "--flag=-O0"]);
    command.arg(format!("--link-flag=-L{0} -Wl,-rpath,{0}", lib.display()));
    succeed(&mut command);
    let program = files(&project.join("build")).into_iter().find(|path| path.ends_with("app/reader"));
    check(&program.unwrap());
    let version = format!("\nversion = \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(fs::read_to_string(root().join("fpm.toml")).unwrap().contains(&version), "fpm.toml:{version}");
}

// Python

/// Prints what the programs print, and where library and module are.
const READER: &str = "
import sys, numpy, fstview
with fstview.open(sys.argv[1]) as file:
    mean = file.find(nomvar='TT')[0].data.mean(dtype='f8')
    print(f'{len(file)} records, mean {mean:.6f}')
print(fstview.__file__, fstview.LIBRARY_PATH)
";

/// Python in a folder where nothing is, with nothing from the environment.
fn python(interpreter: &Path) -> Command {
    let mut command = Command::new(interpreter);
    command
        .current_dir("/")
        .env_remove("PYTHONPATH")
        .env_remove("FSTVIEW_LIBRARY")
        .env_remove("LD_LIBRARY_PATH");
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

const ENGINE: &str = "import sys, xarray; print(xarray.open_dataset(sys.argv[1], engine='fstview').TT.shape)";

/// A virtual environment without anything in it.
fn bare_environment(folder: &Path, options: &[&str]) -> PathBuf {
    let environment = folder.join("environment");
    succeed(Command::new("python3").args(["-m", "venv"]).args(options).arg(&environment));
    environment.join("bin/python")
}

#[test]
fn python_from_a_prefix() {
    let prefix = Prefix::new();
    let site = prefix.path().join("lib/python3/site-packages");
    let with_numpy = root().join(".venv/bin/python");
    let module = site.join("fstview.py");
    let library = site.join(format!("libfstview.so.{}", fstview::ffi::FST_ABI_VERSION));

    let mut command = python(&with_numpy);
    let output = succeed(command.env("PYTHONPATH", &site).args(["-c", READER]).arg(model()));
    assert_eq!(stdout(&output), format!("{EXPECTED}{} {}\n", module.display(), library.display()));

    // xarray finds the engine by its name.
    let mut command = python(&with_numpy);
    let output = succeed(command.env("PYTHONPATH", &site).args(["-c", ENGINE]).arg(model()));
    assert_eq!(stdout(&output), "(3, 8, 80, 120)\n");

    // The command of the prefix, with its exit status.
    let mut command = python(&with_numpy);
    command.env("PYTHONPATH", &site).args(["-m", "fstview", "list", "--json", "--nomvar", "P0"]).arg(model());
    assert_eq!(stdout(&succeed(&mut command)).lines().count(), 3);
    let mut command = python(&with_numpy);
    command.env("PYTHONPATH", &site).args(["-m", "fstview", "check", "/nowhere"]);
    assert_eq!(run(&mut command).status.code(), Some(2));
    fs::remove_file(prefix.path().join("bin/fstview")).unwrap();
    let mut command = python(&with_numpy);
    command.env("PYTHONPATH", &site).env("PATH", "/nowhere").args(["-m", "fstview", "list"]);
    let output = run(&mut command);
    assert!(
        stderr(&output).contains("the command is not there") && stderr(&output).contains("make install"),
        "{output:?}"
    );

    // Without NumPy.
    let bare = bare_environment(prefix.scratch(), &["--without-pip"]);
    let output = run(python(&bare).env("PYTHONPATH", &site).args(["-c", "import fstview"]));
    let said = stderr(&output);
    assert!(
        said.ends_with("install it with \"pip install numpy\"\n") && said.contains("fstview needs NumPy"),
        "{said}"
    );

    // Without the library, and with one of another interface.
    fs::remove_file(&library).unwrap();
    let output = run(python(&with_numpy).env("PYTHONPATH", &site).args(["-c", "import fstview"]));
    let said = stderr(&output);
    assert!(said.contains("no library libfstview.so beside") && said.contains("make install"), "{said}");
    let foreign = foreign_interface(prefix.scratch());
    let mut command = python(&with_numpy);
    command.env("PYTHONPATH", &site).env("FSTVIEW_LIBRARY", &foreign).args(["-c", "import fstview"]);
    let said = stderr(&run(&mut command));
    let wanted = "has version 4711 of the binary interface, this module is for version 1: install module and library of the same release";
    assert!(said.contains(wanted), "{said}");
}

/// A library that says that it has another binary interface.
fn foreign_interface(folder: &Path) -> PathBuf {
    let library = folder.join("libforeign.so");
    fs::write(folder.join("foreign.c"), "unsigned fst_abi_version(void) { return 4711; }\n").unwrap();
    let mut command = Command::new("cc");
    succeed(command.args(["-shared", "-fPIC"]).arg(folder.join("foreign.c")).arg("-o").arg(&library));
    library
}

#[test]
fn fortran_refuses_a_library_of_another_interface() {
    let folder = scratch();
    let program = folder.path().join("reader");
    let mut command = Command::new("gfortran");
    command.current_dir(folder.path()).arg(root().join("fortran/fstview.f90")).arg(source("reader.f90"));
    command.arg("-o").arg(&program).arg("-L").arg(programs::library_folder()).arg("-lfstview");
    succeed(&mut command);
    let output =
        run(programs::program(&program).arg(model()).env("LD_PRELOAD", foreign_interface(folder.path())));
    let said = stderr(&output);
    assert!(!output.status.success(), "{output:?}");
    let version = env!("CARGO_PKG_VERSION");
    let wanted = format!(
        "the library libfstview {version} that was found has version 4711 of the binary interface, this module is for \
         version {}: compile fstview.f90 of the same release",
        fstview::ffi::FST_ABI_VERSION
    );
    assert!(said.contains("FST_ERR_UNSUPPORTED") && said.contains(&wanted), "{said}");
}

#[test]
fn python_from_a_wheel_in_a_fresh_environment() {
    let folder = scratch();
    let built = built(folder.path());
    let python_of_environment = bare_environment(folder.path(), &[]);
    // A copy: building leaves files behind.
    let tree = folder.path().join("tree");
    fs::create_dir(&tree).unwrap();
    for name in [
        "Cargo.toml",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "pyproject.toml",
        "setup.py",
        "include",
        "python",
    ] {
        succeed(Command::new("cp").arg("-r").arg(root().join(name)).arg(&tree));
    }
    let mut command = python(&python_of_environment);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).arg(&tree);
    succeed(command.env("FSTVIEW_BUILT", &built));
    fs::remove_dir_all(&tree).unwrap();
    fs::remove_dir_all(&built).unwrap();

    let output = stdout(&succeed(python(&python_of_environment).args(["-c", READER]).arg(model())));
    let (printed, places) = output.split_once('\n').unwrap();
    assert_eq!(format!("{printed}\n"), EXPECTED);
    let site = folder.path().join("environment/lib");
    assert!(places.split(' ').all(|place| Path::new(place).starts_with(&site)), "{places}");
    let mut command = python(&python_of_environment);
    command.args(["-m", "fstview", "info"]).arg(model());
    assert!(stdout(&succeed(&mut command)).contains("records    194"));
    let version = "import fstview, importlib.metadata as m; print(fstview.__version__, m.version('fstview'))";
    let output = stdout(&succeed(python(&python_of_environment).args(["-c", version])));
    assert_eq!(output, format!("{0} {0}\n", env!("CARGO_PKG_VERSION")));
    let entry = "import importlib.metadata as m; [e] = m.entry_points(group='xarray.backends', name='fstview'); e.load()";
    let output = run(python(&python_of_environment).args(["-c", entry]));
    assert!(stderr(&output).contains("install it with \"pip install xarray\""), "{output:?}");
    let mut command = python(&python_of_environment);
    succeed(command.args(["-m", "pip", "uninstall", "--quiet", "--yes", "fstview"]));
    assert!(!folder.path().join("environment/bin/fstview").exists());
}

/// What the manual of the header lists is what the library exports.
#[test]
fn the_manual_of_the_header_names_every_function() {
    let page = fs::read_to_string(root().join("man/fstview.h.3")).unwrap();
    let listed: BTreeSet<_> = page.lines().filter_map(|line| line.strip_prefix(".It Fn ")).collect();
    let exports = fs::read_to_string(root().join("tests/exports.txt")).unwrap();
    let exported: BTreeSet<_> = exports
        .lines()
        .filter(|line| line.starts_with("fst_"))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(listed, exported);
}
