// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fstview show`: colours of known elements in PNG files, drawings with characters; and what the command does on a
//! terminal alone: colours, pages, progress.
#![cfg(feature = "command")]

mod common;

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::builder::{Field, write_rsf};
use common::programs::{available, scratch};
use common::root;

/// Where the field begins in a picture, and the colours from the lowest to the highest value.
const LEFT: u32 = 16;
const TOP: u32 = 78;
const COLOURS: [[u8; 3]; 10] = [
    [68, 1, 84],
    [72, 40, 120],
    [62, 74, 137],
    [49, 104, 142],
    [38, 130, 142],
    [31, 158, 137],
    [53, 183, 121],
    [109, 205, 89],
    [180, 222, 44],
    [253, 231, 37],
];
const MISSING: [u8; 3] = [176; 3];

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fstview"));
    command.args(arguments).current_dir(root().join("tests/data")).env_remove("MISSING_VALUE_FLAGS");
    command.env_remove("NO_COLOR").env_remove("PAGER");
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// What a run prints that must succeed in silence.
fn quiet(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{arguments:?}");
    text(&output.stdout)
}

/// The message of a run that must fail.
fn complaint(arguments: &[&str], status: i32) -> String {
    let output = run(arguments);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(status), String::new()), "{arguments:?}");
    text(&output.stderr)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Picture {
    fn read(path: &Path) -> Picture {
        let mut reader = png::Decoder::new(BufReader::new(File::open(path).unwrap())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        Picture { width: info.width, height: info.height, pixels }
    }

    fn at(&self, x: u32, y: u32) -> [u8; 3] {
        let place = 3 * (y * self.width + x) as usize;
        self.pixels[place..place + 3].try_into().unwrap()
    }

    /// How many pixels have a colour.
    fn count(&self, colour: [u8; 3]) -> usize {
        self.pixels.chunks_exact(3).filter(|pixel| **pixel == colour).count()
    }
}

/// A file with fields, and where pictures of it go.
struct Drawing {
    folder: tempfile::TempDir,
    file: PathBuf,
}

impl Drawing {
    fn of(fields: &[Field]) -> Drawing {
        let folder = scratch();
        let file = folder.path().join("fields.rsf");
        write_rsf(&file, fields, fields.len() as u32).unwrap();
        Drawing { folder, file }
    }

    fn file(&self) -> &str {
        self.file.to_str().unwrap()
    }

    fn picture(&self, options: &[&str]) -> Picture {
        let path = self.folder.path().join("picture.png");
        let with = [&["show", self.file(), "--output", path.to_str().unwrap()], options].concat();
        assert_eq!(quiet(&with), "");
        Picture::read(&path)
    }
}

/// 5 × 2 elements, 0 to 9: each has a colour of the table.
fn ten() -> Field {
    Field::reals(5, 2, |i, j| (i + 5 * j) as f32)
}

/// The colour in the middle of an element of a field of 5 × 2, counted from the upper left.
fn of_ten(picture: &Picture, column: u32, row: u32) -> [u8; 3] {
    picture.at(LEFT + 128 * column + 64, TOP + 128 * row + 64)
}

#[test]
fn elements_have_their_colours_and_the_first_row_is_below() {
    let picture = Drawing::of(&[ten()]).picture(&[]);
    for (number, colour) in COLOURS.iter().enumerate() {
        let number = number as u32;
        assert_eq!(of_ten(&picture, number % 5, 1 - number / 5), *colour, "{number}");
    }
    // Every pixel of the first and of the last element, and nothing beside them.
    for (x, y, colour) in [
        (LEFT, TOP + 255, COLOURS[0]),
        (LEFT + 127, TOP + 128, COLOURS[0]),
        (LEFT - 1, TOP + 255, [255; 3]),
        (LEFT, TOP + 256, [255; 3]),
        (LEFT + 639, TOP, COLOURS[9]),
        (LEFT + 640, TOP, [255; 3]),
        (LEFT + 639, TOP - 1, [255; 3]),
    ] {
        assert_eq!(picture.at(x, y), colour, "{x} {y}");
    }
    // The scale: its ends are those of the colours; ticks and letters are black.
    let bar = LEFT + 640 + 16 + 10;
    assert_eq!((picture.at(bar, TOP), picture.at(bar, TOP + 255)), (COLOURS[9], COLOURS[0]));
    assert!(picture.width > bar + 20 && picture.height == TOP + 256 + 16);
    let tick = (TOP..TOP + 256).filter(|y| picture.at(bar + 12, *y) == [0; 3]).count();
    assert!((4..=13).contains(&tick), "{tick}");
    let dark_in_captions = (0..TOP - 8).flat_map(|y| (0..picture.width).map(move |x| (x, y)));
    assert!(dark_in_captions.filter(|(x, y)| picture.at(*x, *y)[0] < 80).count() > 100);
}

#[test]
fn north_is_up_where_the_grid_says_where_it_is() {
    let from_north = Field { grtyp: b'A', ig: [0, 1, 0, 0], ..ten() };
    assert_eq!(of_ten(&Drawing::of(&[from_north]).picture(&[]), 0, 0), COLOURS[0]);
    let from_south = Field { grtyp: b'A', ig: [0, 0, 0, 0], ..ten() };
    assert_eq!(of_ten(&Drawing::of(&[from_south]).picture(&[]), 0, 1), COLOURS[0]);
    for (step, row) in [(1.0, 1), (-1.0, 0)] {
        let descriptor = |nomvar: &[u8; 4], ni, nj| Field {
            nomvar: *nomvar,
            typvar: *b"X ",
            grtyp: b'L',
            ip: [1, 2, 3],
            numbered: false,
            ig: [100, 100, 9000, 0],
            ..Field::reals(ni, nj, |i, j| 10.0 + i as f32 + step * j as f32)
        };
        let field = Field { grtyp: b'Z', ig: [1, 2, 3, 0], ..ten() };
        let drawing = Drawing::of(&[descriptor(b">>  ", 5, 1), descriptor(b"^^  ", 1, 2), field]);
        assert_eq!(of_ten(&drawing.picture(&[]), 0, row), COLOURS[0], "{step}");
    }
}

#[test]
fn missing_values_are_grey() {
    let holes = Field::reals(5, 2, |i, j| if i == 2 { f32::NAN } else { (i + 5 * j) as f32 });
    let picture = Drawing::of(&[holes]).picture(&[]);
    assert_eq!((of_ten(&picture, 2, 0), of_ten(&picture, 2, 1)), (MISSING, MISSING));
    assert_eq!((of_ten(&picture, 0, 1), of_ten(&picture, 4, 0)), (COLOURS[0], COLOURS[9]));
    // Two elements, and what stands for them beside the scale.
    assert!(picture.count(MISSING) >= 2 * 128 * 128 + 20 * 10, "{}", picture.count(MISSING));
    let nothing = Drawing::of(&[Field::reals(5, 2, |_, _| f32::NAN)]);
    assert!((0..5).all(|column| of_ten(&nothing.picture(&[]), column, 1) == MISSING));
    let printed = quiet(&["show", nothing.file(), "--ascii", "--width", "5"]);
    assert!(printed.contains("no values  missing 10\n"), "{printed}");
    assert!(printed.ends_with("\n     \nmissing blank\n"), "{printed:?}");
}

#[test]
fn constants_single_elements_and_ends_of_the_scale() {
    const MIDDLE: [u8; 3] = [35, 144, 140];
    let constant = Drawing::of(&[Field::reals(5, 2, |_, _| 7.0)]);
    assert_eq!(of_ten(&constant.picture(&[]), 3, 1), MIDDLE);
    let picture = Drawing::of(&[Field::reals(1, 1, |_, _| -3.5)]).picture(&[]);
    assert_eq!((picture.at(LEFT, TOP), picture.at(LEFT + 639, TOP + 639)), (MIDDLE, MIDDLE));
    let ten = Drawing::of(&[ten()]);
    let picture = ten.picture(&["--min", "-9", "--max", "4.5"]);
    assert_eq!((of_ten(&picture, 0, 1), of_ten(&picture, 0, 0)), (COLOURS[6], COLOURS[9]));
    let extremes = Drawing::of(&[Field::reals(5, 2, |i, _| if i == 0 { f32::MIN } else { f32::MAX })]);
    assert_eq!(of_ten(&extremes.picture(&[]), 0, 0), COLOURS[0]);
    assert_eq!(of_ten(&extremes.picture(&[]), 4, 0), COLOURS[9]);
}

#[test]
fn large_fields_are_averaged_and_thin_ones_can_be_seen() {
    let halves = Drawing::of(&[Field::reals(3200, 800, |i, _| if i < 1600 { 0.0 } else { 9.0 })]);
    let picture = halves.picture(&[]);
    assert_eq!(picture.at(LEFT, TOP + 399), COLOURS[0]);
    assert_eq!(picture.at(LEFT + 799, TOP), COLOURS[0]);
    assert_eq!(picture.at(LEFT + 800, TOP), COLOURS[9]);
    assert_eq!((picture.at(LEFT + 1599, TOP + 399), picture.at(LEFT + 1600, TOP)), (COLOURS[9], [255; 3]));
    assert_eq!(picture.height, TOP + 400 + 16);
    let line = Drawing::of(&[Field::reals(3200, 1, |i, _| i as f32)]);
    assert_eq!(line.picture(&[]).at(LEFT, TOP + 15), COLOURS[0]);
    let column = Drawing::of(&[Field::reals(1, 3200, |_, j| j as f32)]);
    assert_eq!(column.picture(&[]).at(LEFT + 15, TOP + 1599), COLOURS[0]);
}

#[test]
fn golden_fields_are_found_by_the_filters() {
    let folder = scratch();
    let path = folder.path().join("tt.PNG");
    let filters = ["--nomvar", "GZ", "--level", "550hPa", "--valid", "2024-01-15T03:00"];
    let printed = quiet(&[&["show", "model.rsf", "--ascii", "--width", "30"][..], &filters].concat());
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines[0], "GZ P RDPS_V9 120x80");
    assert_eq!(lines[1], "550 mb  valid 2024-01-15 03:00:00  from 2024-01-15 00:00:00");
    assert_eq!(lines.len(), 3 + 10 + 1);
    quiet(&[&["show", "model.rsf", "-o", path.to_str().unwrap()][..], &filters].concat());
    let picture = Picture::read(&path);
    assert!(picture.width > 16 + 600 + 52 && picture.height == TOP + 400 + 16);
    // Several: the first that is no descriptor, and that is said.
    let output = run(&["show", "model.rsf", "--ascii", "--nomvar", ">>,GZ"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stderr), "fstview: record 27 is drawn, the first of 24 that meet the filters\n");
    assert!(text(&output.stdout).starts_with("GZ P"));
    assert!(quiet(&["show", "model.rsf", "--nomvar", ">>"]).starts_with(">> X RDPS_GRID 120x1\n"));
    // A layer of a cube; integers; text.
    let printed = quiet(&["show", "model.rsf", "--nomvar", "CUBE", "--layer", "4"]);
    assert!(printed.starts_with("CUBE A RDPS_V9 120x80, layer 4 of 4\n"), "{printed}");
    assert!(quiet(&["show", "model.rsf", "--typvar", "@@"]).contains("min 0  max 1\n"));
}

#[test]
fn drawings_with_characters() {
    let ten = Drawing::of(&[ten()]);
    let drawing = |options: &[&str]| -> Vec<String> {
        let printed = quiet(&[&["show", ten.file(), "--width", "10", "--max", "9.5"], options].concat());
        printed.lines().skip(3).map(str::to_owned).collect()
    };
    assert_eq!(drawing(&["--ascii"]), ["++**##%%@@", "....::--==", "0 .:-=+*#%@ 9.5"]);
    assert_eq!(drawing(&[]), ["▓▓▓▓▓▓████", "░░░░░░▒▒▒▒", "0 ░▒▓█ 9.5"]);
}

#[test]
fn mistakes_are_told() {
    let folder = scratch();
    let png = folder.path().join("a.png");
    let png = png.to_str().unwrap();
    let said = complaint(&["show", "model.rsf", "--nomvar", "NONE"], 2);
    assert_eq!(said, "fstview: no record meets the filters: fstview list shows what there is\n");
    let said = complaint(&["show", "model.rsf", "-o", "picture.jpg"], 2);
    assert!(said.contains("expected a name that ends in .png"), "{said}");
    let said = complaint(&["show", "model.rsf", "--nomvar", "P0", "--ip2", "0", "-o", "/nowhere/a.png"], 2);
    assert!(said.starts_with("fstview: /nowhere/a.png: No such file"), "{said}");
    let said = complaint(&["show", "model.rsf", "--nomvar", "CUBE", "--layer", "5"], 2);
    assert_eq!(said, "fstview: record 193 has 4 layers, there is no layer 5\n");
    let said = complaint(&["show", "model.rsf", "--ascii", "-o", png], 2);
    assert!(said.contains("cannot be used with"), "{said}");
    for (option, value) in [("--width", "0"), ("--layer", "0"), ("--min", "nan"), ("--max", "high")] {
        let said = complaint(&["show", "model.rsf", option, value], 2);
        assert!(said.contains(option), "{said}");
    }
    let said = complaint(&["show", "types.rsf", "--data-type", "3,7", "--ni", "1,2", "-o", png], 2);
    assert!(said.ends_with("has no numbers to draw: text, complex numbers or raw bits\n"), "{said}");
    let said = complaint(&["show", "containers/malformed/pack_short.rsf", "--ip1", "5001", "-o", png], 1);
    assert!(said.contains("pack_short.rsf") && said.contains("payload of 11 words"), "{said}");
    // A standard file is never written to, whatever it is called.
    fs::copy(root().join("tests/data/model.rsf"), png).unwrap();
    let said = complaint(&["show", png, "--nomvar", "P0", "--ip2", "0", "-o", png], 2);
    assert!(said.contains("is one of the standard files"), "{said}");
    assert_eq!(fs::read(png).unwrap(), fs::read(root().join("tests/data/model.rsf")).unwrap());
}

/// What the command prints on a terminal, which `script` is. Standard output and standard error are one there.
fn on_a_terminal(line: &str, environment: &[(&str, &str)]) -> Option<String> {
    if !available("script") {
        println!("script is not there: skipped");
        return None;
    }
    let mut command = Command::new("script");
    command
        .current_dir(root().join("tests/data"))
        .env_remove("NO_COLOR")
        .env_remove("PAGER")
        .env_remove("LESS");
    command.env("TERM", "xterm").envs(environment.iter().copied());
    let line = format!("{} {line}", env!("CARGO_BIN_EXE_fstview"));
    let output = command.args(["-qec", &line, "/dev/null"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(text(&output.stdout).replace("\r\n", "\n"))
}

#[test]
fn pages_on_a_terminal_alone() {
    let list = "list model.rsf --nomvar P0";
    let plain = quiet(&["list", "model.rsf", "--nomvar", "P0"]);
    let number = format!("{}", plain.lines().count());
    let pager = [("PAGER", "wc -l"), ("NO_COLOR", "1")];
    let Some(counted) = on_a_terminal(list, &pager) else { return };
    assert_eq!(counted.trim(), number);
    for environment in [
        [("PAGER", "cat"), ("NO_COLOR", "1")],
        [("PAGER", ""), ("NO_COLOR", "1")],
        [("PAGER", "/no/pager"), ("NO_COLOR", "1")],
    ] {
        assert_eq!(on_a_terminal(list, &environment).unwrap(), plain);
    }
    assert_eq!(on_a_terminal(&format!("{list} --no-pager"), &pager).unwrap(), plain);
    assert!(on_a_terminal(&format!("{list} --json"), &pager).unwrap().starts_with("{\"record\":"));
    // A reader who leaves early is no failure.
    assert_eq!(
        on_a_terminal("list types.rsf", &[("PAGER", "head -n 1"), ("NO_COLOR", "1")])
            .unwrap()
            .lines()
            .count(),
        1
    );
    // Nobody pages what goes to a file.
    let output = command(&["list", "model.rsf", "--nomvar", "P0"]).env("PAGER", "wc -l").output().unwrap();
    assert_eq!(text(&output.stdout), plain);
}

#[test]
fn colours_and_progress_on_a_terminal_alone() {
    let ten = Drawing::of(&[ten()]);
    let show = format!("show {} --width 5", ten.file());
    let Some(coloured) = on_a_terminal(&show, &[]) else { return };
    let upper = "\u{1b}[38;2;31;158;137m\u{1b}[48;2;68;1;84m▀";
    assert!(coloured.contains(upper), "{coloured:?}");
    assert!(coloured.contains("\u{1b}[0m\n0 "), "{coloured:?}");
    assert!(!on_a_terminal(&show, &[("NO_COLOR", "1")]).unwrap().contains('\u{1b}'));
    assert!(!on_a_terminal(&format!("{show} --ascii"), &[]).unwrap().contains('\u{1b}'));
    let list = "list model.rsf --nomvar P0 --no-pager";
    assert!(on_a_terminal(list, &[]).unwrap().starts_with("\u{1b}[1m"));
    assert!(!on_a_terminal(list, &[("NO_COLOR", "1")]).unwrap().contains('\u{1b}'));
    for line in ["stats types.rsf", "check types.rsf"] {
        assert!(on_a_terminal(line, &[]).unwrap().contains("records, "), "{line}");
        assert!(!quiet(&line.split(' ').collect::<Vec<_>>()).contains("records, "), "{line}");
    }
}
