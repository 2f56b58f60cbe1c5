// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which records describe the grid of a field, and the levels of a variable in order: golden files of a model in both
//! containers, and small files with one trait each.

mod common;

use std::path::{Path, PathBuf};

use common::builder::{Field, write_rsf, write_xdf};
use common::{Opened, message, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

/// A grid to be filled.
fn no_grid() -> FstGrid {
    // SAFETY: integers and reals only.
    let mut grid: FstGrid = unsafe { std::mem::zeroed() };
    grid.struct_size = size_of::<FstGrid>() as u32;
    grid
}

fn grid(file: &Opened, record: usize) -> Result<FstGrid, FstStatus> {
    let mut grid = no_grid();
    // SAFETY: a valid struct of that size.
    match unsafe { fst_record_grid(file.handle, record, &mut grid) } {
        FST_OK => Ok(grid),
        status => {
            assert_eq!((grid.x, grid.xg, grid.flags), (0, [0.0; 4], 0), "written on failure");
            Err(status)
        }
    }
}

fn open(path: &Path) -> Opened {
    Opened::new(path, FST_ACCESS_AUTO, FST_MISSING_KEEP)
}

fn open_many(paths: &[PathBuf]) -> Opened {
    let paths: Vec<_> = paths.iter().map(|path| common::c_path(path)).collect();
    let pointers: Vec<_> = paths.iter().map(|path| path.as_ptr()).collect();
    let mut handle = FstFile { id: 0 };
    // SAFETY: valid pointers.
    let status = unsafe { fst_open_many(pointers.as_ptr(), pointers.len(), std::ptr::null(), &mut handle) };
    assert_eq!(status, FST_OK, "{}", message());
    Opened { handle }
}

/// The fields as a file, in a folder that goes away with the value.
struct Written {
    file: Opened,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

fn written(fields: &[Field]) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fields.rsf");
    write_rsf(&path, fields, fields.len() as u32).unwrap();
    Written { file: open(&path), path, _folder: folder }
}

const TAGS: [u32; 3] = [11, 22, 33];

/// `TT` on a grid of that type.
fn field(grtyp: u8, ni: u32, nj: u32) -> Field {
    Field { grtyp, ig: [11, 22, 33, 0], numbered: false, ..Field::reals(ni, nj, |i, j| (i + j) as f32) }
}

/// A descriptor with the tags of [`field`], rotated as grid E.
fn descriptor(nomvar: &[u8; 4], ni: u32, nj: u32) -> Field {
    Field {
        nomvar: *nomvar,
        typvar: *b"X ",
        grtyp: b'E',
        etiket: *b"AXES        ",
        date_word: 0,
        ip: TAGS,
        numbered: false,
        ig: [900, 0, 43200, 43200],
        ..Field::reals(ni, nj, |i, j| (i + 100 * j) as f32)
    }
}

fn text(text: [std::ffi::c_char; 2]) -> u8 {
    text[0] as u8
}

#[test]
fn axes_of_a_model_in_both_containers() {
    for name in ["model.fst", "model.rsf"] {
        let file = open(&root().join("tests/data").join(name));
        let mut looked_up = 0;
        for record in 3..file.count() {
            let info = read_info(file.handle, record);
            assert_eq!(info.grtyp[0] as u8, b'Z');
            let grid = grid(&file, record).unwrap_or_else(|_| panic!("{}", message()));
            assert_eq!((grid.x, grid.y, grid.vertical), (0, 1, 2), "{name}, record {record}");
            assert_eq!((text(grid.grtyp), text(grid.ref_grtyp)), (b'Z', b'E'));
            assert_eq!(grid.xg, [0.0, 180.0, 0.0, 270.0]);
            assert_eq!(grid.flags, FST_GRID_HAS_PARAMETERS);
            assert_eq!((grid.panels, grid.tile_i, grid.tile_j), (1, 0, 0));
            for none in [grid.yin_yang, grid.mesh, grid.projection, grid.transform, grid.mask] {
                assert_eq!(none, FST_NO_RECORD);
            }
            looked_up += 1;
        }
        println!("{name}: {looked_up} fields");
        assert!(looked_up > 100);
        // A descriptor says itself which grid it is in.
        let axis = grid(&file, 0).unwrap();
        assert_eq!((text(axis.ref_grtyp), axis.xg, axis.x), (b'E', [0.0, 180.0, 0.0, 270.0], FST_NO_RECORD));
    }
}

#[test]
fn copies_in_linked_files_are_not_ambiguous() {
    let paths = ["model.rsf", "model.fst"].map(|name| root().join("tests/data").join(name));
    let file = open_many(&paths);
    let half = file.count() / 2;
    for record in [3, half - 1, half + 3, 2 * half - 1] {
        let grid = grid(&file, record).unwrap();
        assert_eq!((grid.x, grid.y, grid.vertical), (0, 1, 2));
        assert_eq!(grid.flags, FST_GRID_HAS_PARAMETERS);
    }
    assert_eq!(file.stats().live_views, 0);
    assert_eq!(file.stats().views_decoded + file.stats().views_read + file.stats().views_mapped, 0);
}

#[test]
fn descriptors_may_be_in_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let [fields, axes] = ["fields.fst", "axes.rsf"].map(|name| folder.path().join(name));
    write_xdf(&fields, &[field(b'Z', 4, 3)], 1).unwrap();
    write_rsf(&axes, &[descriptor(b"^^  ", 1, 3), descriptor(b">>  ", 4, 1)], 2).unwrap();
    let alone = open(&fields);
    assert_eq!(grid(&alone, 0).unwrap_err(), FST_ERR_NOT_FOUND);
    let both = open_many(&[fields, axes]);
    let grid = grid(&both, 0).unwrap();
    assert_eq!((grid.x, grid.y, grid.flags), (2, 1, FST_GRID_HAS_PARAMETERS));
}

#[test]
fn what_is_missing_is_said() {
    let written = written(&[
        field(b'Z', 4, 3),
        Field { ip: [11, 22, 34], ..descriptor(b">>  ", 4, 1) },
        descriptor(b"^^  ", 1, 2),
        field(b'U', 4, 6),
        field(b'M', 4, 1),
        field(b'W', 4, 3),
        field(b'Q', 4, 3),
        field(b'Y', 4, 3),
        Field { ig: [11, 22, 2, 3], ..field(b'#', 4, 3) },
    ]);
    for (record, parts) in [
        (
            0,
            vec![
                "ip1 = 11, ip2 = 22, ip3 = 33",
                "no >> (4 x 1)",
                "^^ (record 2) is 1 x 2 x 1, expected 1 x 3",
            ],
        ),
        (3, vec!["no ^> (39 values)"]),
        (4, vec!["no ##"]),
        (5, vec!["no PROJ"]),
        (6, vec!["no >>"]),
        (7, vec!["no >> (4 x 3)", "^^ (record 2)"]),
        (8, vec!["ip1 = 11, ip2 = 22, any ip3", ">> (record 1)", "holds 4 points from i = 2", "from j = 3"]),
    ] {
        assert_eq!(grid(&written.file, record).unwrap_err(), FST_ERR_NOT_FOUND, "record {record}");
        let message = message();
        let place = format!("{}, record {record} (TT", written.path.display());
        for part in parts.into_iter().chain([&place[..]]) {
            assert!(message.contains(part), "{part:?} is not in: {message}");
        }
    }
    assert_eq!(grid(&written.file, 9).unwrap_err(), FST_ERR_OUT_OF_RANGE);
}

#[test]
fn axes_of_other_dimensions_are_left_out() {
    let written = written(&[
        descriptor(b">>  ", 5, 1),
        descriptor(b">>  ", 4, 1),
        descriptor(b"^^  ", 1, 4),
        descriptor(b"^^  ", 1, 3),
        field(b'Z', 4, 3),
    ]);
    let grid = grid(&written.file, 4).unwrap();
    assert_eq!((grid.x, grid.y, grid.flags), (1, 3, FST_GRID_HAS_PARAMETERS));
}

#[test]
fn different_axes_with_the_same_tags_are_ambiguous() {
    let other = |ni, nj| Field::reals(ni, nj, |i, j| 0.5 + (i + j) as f32).payload;
    let x = descriptor(b">>  ", 4, 1);
    let y = descriptor(b"^^  ", 1, 3);
    let ambiguous = FST_GRID_AMBIGUOUS | FST_GRID_HAS_PARAMETERS;
    // Other values; another reference; references of the two axes that differ.
    for (second, flags) in [
        (x.clone(), FST_GRID_HAS_PARAMETERS),
        (Field { payload: other(4, 1), ..x.clone() }, ambiguous),
        (Field { ig: [901, 0, 43200, 43200], ..x.clone() }, ambiguous),
        (Field { payload: other(1, 3), ..y.clone() }, ambiguous),
    ] {
        let written = written(&[x.clone(), y.clone(), second, field(b'Z', 4, 3)]);
        let grid = grid(&written.file, 3).unwrap();
        assert_eq!((grid.x, grid.y, grid.flags), (0, 1, flags));
    }
    let written = written(&[x, Field { grtyp: b'L', ..y }, field(b'Z', 4, 3)]);
    assert_eq!(grid(&written.file, 2).unwrap().flags, ambiguous);
}

#[test]
fn copies_in_another_packing_are_the_same() {
    let x = descriptor(b">>  ", 4, 1);
    let bits = x.payload.iter().map(|word| f64::from(f32::from_bits(*word)).to_bits());
    let payload = bits.flat_map(|bits| [(bits >> 32) as u32, bits as u32]).collect();
    let double = Field { pack_bits: 64, data_bits: 64, payload, ..x.clone() };
    let written = written(&[double, x, descriptor(b"^^  ", 1, 3), field(b'Z', 4, 3)]);
    let grid = grid(&written.file, 3).unwrap();
    assert_eq!((grid.x, grid.flags), (0, FST_GRID_HAS_PARAMETERS));
}

#[test]
fn a_copy_that_cannot_be_read_is_ambiguous() {
    let x = descriptor(b">>  ", 4, 1);
    let damaged = Field { payload: Vec::new(), ..x.clone() };
    let written = written(&[x, damaged, descriptor(b"^^  ", 1, 3), field(b'Z', 4, 3)]);
    let grid = grid(&written.file, 3).unwrap();
    assert_eq!((grid.x, grid.flags), (0, FST_GRID_AMBIGUOUS | FST_GRID_HAS_PARAMETERS));
}

#[test]
fn etiket_then_datev_then_file_order_decide() {
    let field = field(b'Z', 4, 3);
    let x = |value: f32| Field { payload: vec![value.to_bits(); 4], ..descriptor(b">>  ", 4, 1) };
    let etiket = |of: Field| Field { etiket: field.etiket, ..of };
    let datev = |of: Field| Field { date_word: field.date_word, ..of };
    let y = descriptor(b"^^  ", 1, 3);
    for (xs, expected, flags) in [
        ([x(0.0), datev(x(1.0)), etiket(x(2.0))], 2, 0),
        ([x(0.0), datev(x(1.0)), datev(x(1.0))], 1, 0),
        ([etiket(x(0.0)), x(1.0), datev(etiket(x(2.0)))], 2, 0),
        ([x(0.0), etiket(x(1.0)), etiket(x(2.0))], 1, FST_GRID_AMBIGUOUS),
        ([x(0.0), x(1.0), x(2.0)], 0, FST_GRID_AMBIGUOUS),
    ] {
        let [first, second, third] = xs;
        let written = written(&[first, second, third, y.clone(), field.clone()]);
        let grid = grid(&written.file, 4).unwrap();
        assert_eq!((grid.x, grid.flags), (expected, flags | FST_GRID_HAS_PARAMETERS));
    }
}

#[test]
fn stamps_of_both_styles_are_one_moment() {
    // 1990-01-01 12 UTC: old style with run 0, and new style.
    let old = 8 * (10_190_120 / 10);
    let new = 98_560_000 + ((10 * 365 + 3) * 24 + 12) * 720;
    let x = |value: f32, date_word| Field {
        payload: vec![value.to_bits(); 4],
        date_word,
        ..descriptor(b">>  ", 4, 1)
    };
    let written = written(&[
        x(0.0, 0),
        x(1.0, old),
        descriptor(b"^^  ", 1, 3),
        Field { date_word: new, ..field(b'Z', 4, 3) },
    ]);
    let [one, other] = [1, 3].map(|record| read_info(written.file.handle, record).datev);
    assert_ne!(one, other);
    assert_eq!(grid(&written.file, 3).unwrap().x, 1);
}

#[test]
fn coordinates_of_points() {
    let flags = FST_GRID_POINTS | FST_GRID_HAS_PARAMETERS;
    for (grtyp, points) in [(b'Y', [4, 3]), (b'Z', [4, 3]), (b'O', [4, 3]), (b'X', [4, 3]), (b'V', [4, 1])] {
        let [ni, nj] = points;
        let written =
            written(&[field(grtyp, 4, 3), descriptor(b">>  ", ni, nj), descriptor(b"^^  ", ni, nj)]);
        let grid = grid(&written.file, 0).unwrap_or_else(|_| panic!("{}", message()));
        assert_eq!((grid.x, grid.y, grid.flags), (1, 2, flags), "{}", char::from(grtyp));
    }
}

#[test]
fn axes_come_before_points_for_grid_z() {
    let written = written(&[
        descriptor(b">>  ", 4, 3),
        descriptor(b"^^  ", 4, 3),
        descriptor(b">>  ", 4, 1),
        descriptor(b"^^  ", 1, 3),
        field(b'Z', 4, 3),
        field(b'Y', 4, 3),
    ]);
    let [z, y] = [4, 5].map(|record| grid(&written.file, record).unwrap());
    assert_eq!((z.x, z.y, z.flags), (2, 3, FST_GRID_HAS_PARAMETERS));
    assert_eq!((y.x, y.y, y.flags), (0, 1, FST_GRID_HAS_PARAMETERS | FST_GRID_POINTS));
}

#[test]
fn fields_of_latitudes_and_longitudes_in_place_of_axes() {
    for grtyp in *b"YO" {
        let written = written(&[
            field(grtyp, 4, 3),
            Field { nomvar: *b"LA  ", ..field(grtyp, 4, 3) },
            Field { nomvar: *b"LO  ", ig: [11, 22, 34, 0], ..field(grtyp, 4, 3) },
            Field { nomvar: *b"LO  ", ..field(grtyp, 4, 3) },
        ]);
        let grid = grid(&written.file, 0).unwrap();
        assert_eq!((grid.x, grid.y), (3, 1));
        let flags = FST_GRID_POINTS | FST_GRID_LATLON_FIELDS | FST_GRID_HAS_PARAMETERS;
        assert_eq!((grid.flags, text(grid.ref_grtyp), grid.xg), (flags, b'L', [0.0, 0.0, 1.0, 1.0]));
    }
}

#[test]
fn grids_whose_descriptors_are_optional() {
    let written = written(&[
        field(b'X', 4, 3),
        field(b'O', 4, 3),
        field(b'T', 4, 3),
        Field { ig: [0, 0, 14532, 28819], ..field(b'+', 1, 1) },
        field(b'f', 4, 3),
        field(0xE9, 4, 3),
    ]);
    for record in [0, 1, 2, 4, 5] {
        let grid = grid(&written.file, record).unwrap();
        assert_eq!((grid.x, grid.y, grid.flags), (FST_NO_RECORD, FST_NO_RECORD, 0));
        assert_eq!((text(grid.ref_grtyp), grid.xg), (0, [0.0; 4]));
    }
    let point = grid(&written.file, 3).unwrap();
    assert_eq!((text(point.ref_grtyp), point.xg), (b'+', [45.32, 288.19, 0.0, 0.0]));
    assert_eq!(point.flags, FST_GRID_HAS_PARAMETERS);
    assert_eq!(text(grid(&written.file, 5).unwrap().grtyp), b'?');
}

#[test]
fn grids_in_the_parameters_of_the_field() {
    let written = written(&[
        Field { ig: [50, 100, 2000, 1000], ..field(b'L', 4, 3) },
        Field { ig: [2, 1, 0, 0], ..field(b'G', 4, 3) },
        // Descriptors with such tags are none of theirs.
        Field { ip: [2, 1, 0], ..descriptor(b">>  ", 4, 1) },
        Field { ip: [2, 1, 0], ..descriptor(b"^^  ", 1, 3) },
    ]);
    let [lat_lon, gaussian] = [0, 1].map(|record| grid(&written.file, record).unwrap());
    assert_eq!((text(lat_lon.ref_grtyp), lat_lon.xg), (b'L', [-70.0, 10.0, 0.5, 1.0]));
    assert_eq!((text(gaussian.ref_grtyp), gaussian.xg), (b'G', [2.0, 1.0, 0.0, 0.0]));
    for grid in [lat_lon, gaussian] {
        assert_eq!((grid.x, grid.y, grid.flags), (FST_NO_RECORD, FST_NO_RECORD, FST_GRID_HAS_PARAMETERS));
    }
}

#[test]
fn a_tile_has_its_place_in_the_axes_of_the_domain() {
    let written = written(&[
        Field { ip: [11, 22, 5], ..descriptor(b">>  ", 4, 1) },
        Field { ip: [11, 22, 99], ..descriptor(b">>  ", 10, 1) },
        Field { ip: [11, 22, 99], ..descriptor(b"^^  ", 1, 8) },
        Field { ig: [11, 22, 1, 1], ..field(b'#', 5, 4) },
        Field { ig: [11, 22, 6, 5], ..field(b'#', 5, 4) },
        Field { ig: [11, 22, 7, 5], ..field(b'#', 5, 4) },
        Field { ig: [11, 22, 1, 0], ..field(b'#', 5, 4) },
    ]);
    for (record, tile) in [(3, (0, 0)), (4, (5, 4))] {
        let grid = grid(&written.file, record).unwrap();
        assert_eq!((grid.x, grid.y, grid.flags), (1, 2, FST_GRID_HAS_PARAMETERS));
        assert_eq!((grid.tile_i, grid.tile_j), tile);
    }
    for record in [5, 6] {
        assert_eq!(grid(&written.file, record).unwrap_err(), FST_ERR_NOT_FOUND, "record {record}");
    }
}

/// `^>` of two panels of `ni` × `nj`.
fn yin_yang(ni: u32, nj: u32) -> Field {
    let panel = |lon1: f32| {
        let lead = [ni as f32, nj as f32, 45.0, 315.0, -45.0, 45.0, 0.0, lon1, 0.0, 270.0];
        lead.into_iter().chain((0..ni + nj).map(|place| place as f32))
    };
    let values: Vec<u32> = [70.0, 1.0, 2.0, 1.0, 1.0]
        .into_iter()
        .chain(panel(180.0))
        .chain(panel(90.0))
        .map(f32::to_bits)
        .collect();
    let shape = [values.len() as u32, 1, 1];
    Field { grtyp: b'F', ig: [1, 0, 0, 0], shape, payload: values, ..descriptor(b"^>  ", 1, 1) }
}

#[test]
fn panels_of_a_yin_yang_grid() {
    let written = written(&[yin_yang(4, 2), yin_yang(4, 3), field(b'U', 4, 6), field(b'U', 4, 5)]);
    let grid = grid(&written.file, 2).unwrap();
    assert_eq!((grid.yin_yang, grid.panels, grid.x), (1, 2, FST_NO_RECORD));
    assert_eq!((text(grid.ref_grtyp), grid.flags), (b'E', FST_GRID_HAS_PARAMETERS));
    assert_eq!((grid.xg, grid.xg_yang), ([0.0, 180.0, 0.0, 270.0], [0.0, 90.0, 0.0, 270.0]));
    assert_eq!(self::grid(&written.file, 3).unwrap_err(), FST_ERR_NOT_FOUND);
    assert!(message().contains("two panels, which 5 rows are not"), "{}", message());
}

#[test]
fn damaged_panels_are_an_error() {
    let mut damaged = yin_yang(4, 3);
    damaged.payload[5] = 5f32.to_bits();
    let mut later = yin_yang(4, 3);
    later.payload[1] = 2f32.to_bits();
    for (descriptor, status) in [(damaged, FST_ERR_CORRUPT), (later, FST_ERR_UNSUPPORTED)] {
        let written = written(&[descriptor, field(b'U', 4, 6)]);
        assert_eq!(grid(&written.file, 1).unwrap_err(), status);
        assert!(message().contains("record 0"), "{}", message());
    }
}

#[test]
fn a_mesh_and_a_projection() {
    let written = written(&[
        Field { data_type: 2, ..descriptor(b"##  ", 6, 1) },
        descriptor(b">>  ", 5, 1),
        descriptor(b"^^  ", 5, 1),
        field(b'M', 5, 1),
        Field { data_type: 7, pack_bits: 8, data_bits: 8, ..descriptor(b"PROJ", 9, 1) },
        descriptor(b"MTRX", 6, 1),
        field(b'W', 5, 3),
        descriptor(b"^^  ", 1, 3),
        Field { ig: [11, 22, 33, 4], ..field(b'Q', 5, 3) },
    ]);
    let mesh = grid(&written.file, 3).unwrap();
    assert_eq!((mesh.mesh, mesh.x, mesh.y), (0, 1, 2));
    assert_eq!(mesh.flags, FST_GRID_POINTS | FST_GRID_HAS_PARAMETERS);
    let projection = grid(&written.file, 6).unwrap();
    assert_eq!((projection.projection, projection.transform), (4, 5));
    assert_eq!((projection.x, projection.y), (1, 7));
    let list = grid(&written.file, 8).unwrap();
    assert_eq!((list.x, list.y), (1, FST_NO_RECORD));
}

/// A table of levels.
fn table(ip: [u32; 3], first: f32) -> Field {
    let payload = Field::reals(3, 2, |i, j| first + (i + j) as f32).payload;
    Field { ip, ig: [5002, 0, 0, 0], grtyp: b'X', payload, ..descriptor(b"!!  ", 3, 2) }
}

/// [`field`] on grid L, at a level of hybrid coordinate.
fn hybrid() -> Field {
    Field { ip: [95_253_090, 0, 0], ..field(b'L', 4, 3) }
}

#[test]
fn the_vertical_descriptor_has_the_tags_of_the_field() {
    let written = written(&[
        table([11, 23, 0], 5.0),
        table([11, 22, 0], 6.0),
        table([11, 22, 0], 6.0),
        hybrid(),
        // Linked whatever the kind of the level is.
        field(b'L', 4, 3),
    ]);
    for record in [3, 4] {
        let grid = grid(&written.file, record).unwrap();
        assert_eq!((grid.vertical, grid.flags), (1, FST_GRID_HAS_PARAMETERS));
    }
}

#[test]
fn different_tables_with_the_same_tags_are_ambiguous() {
    let written = written(&[table([11, 22, 0], 5.0), table([11, 22, 0], 6.0), hybrid()]);
    let grid = grid(&written.file, 2).unwrap();
    assert_eq!((grid.vertical, grid.flags), (0, FST_GRID_VERTICAL_AMBIGUOUS | FST_GRID_HAS_PARAMETERS));
}

#[test]
fn without_the_right_tags_the_only_table_describes_hybrid_levels() {
    let surface = Field { ip: [0, 0, 0], ..hybrid() };
    let sigma = Field { ip: [2500, 0, 0], ..hybrid() };
    let named = |nomvar: &[u8; 4]| Field { nomvar: *nomvar, ip: [0; 3], ..field(b'L', 4, 3) };
    let unlinked = FST_GRID_VERTICAL_UNLINKED | FST_GRID_HAS_PARAMETERS;
    let none = (FST_NO_RECORD, FST_GRID_HAS_PARAMETERS);
    for (fields, expected) in [
        (vec![hybrid(), table([1, 2, 0], 5.0)], (1, unlinked)),
        (vec![hybrid(), table([1, 2, 0], 5.0), table([1, 3, 0], 5.0)], (1, unlinked)),
        (vec![hybrid(), table([1, 2, 0], 5.0), table([1, 3, 0], 6.0)], none),
        (vec![hybrid(), table([1, 2, 0], 5.0), table([1, 3, 0], 6.0), named(b"HY  ")], (3, unlinked)),
        (vec![hybrid(), named(b"HY  ")], (1, unlinked)),
        (vec![hybrid(), named(b"PT  ")], none),
        (vec![sigma.clone(), named(b"PT  ")], (1, unlinked)),
        (vec![sigma, named(b"PT  "), named(b"HY  ")], (2, unlinked)),
        (vec![surface, table([1, 2, 0], 5.0), named(b"HY  ")], none),
    ] {
        let written = written(&fields);
        let grid = grid(&written.file, 0).unwrap();
        assert_eq!((grid.vertical, grid.flags), expected);
    }
}

#[test]
fn a_table_in_the_same_file_comes_before_those_of_other_files() {
    let [first, second] = [5.0, 6.0].map(|value| written(&[hybrid(), table([1, 2, 0], value)]));
    let both = open_many(&[first.path, second.path]);
    for (record, table) in [(0, 1), (2, 3)] {
        let grid = grid(&both, record).unwrap();
        assert_eq!(
            (grid.vertical, grid.flags),
            (table, FST_GRID_VERTICAL_UNLINKED | FST_GRID_HAS_PARAMETERS)
        );
    }
}

#[test]
fn a_masked_field_has_its_mask() {
    let masked = Field { typvar: *b"P@", ..field(b'X', 4, 3) };
    let mask = |typvar: &[u8; 2]| Field { typvar: *typvar, ..masked.clone() };
    let fields = [
        masked.clone(),
        Field { nomvar: *b"UU  ", ..mask(b"@@") },
        Field { ip: [501, 0, 0], ..mask(b"@@") },
        Field { etiket: *b"OTHER       ", ..mask(b"@@") },
        Field { date_word: 0, ..mask(b"@@") },
        Field { shape: [3, 4, 1], ..mask(b"@@") },
        field(b'X', 4, 3),
    ];
    let without = written(&fields);
    assert_eq!(grid(&without.file, 0).unwrap().mask, FST_NO_RECORD);
    for typvar in [b"@@", b"!@"] {
        let with = written(&[&fields[..], &[mask(typvar)]].concat());
        assert_eq!(grid(&with.file, 0).unwrap().mask, 7);
        // Neither a field without one nor the mask itself.
        assert_eq!(grid(&with.file, 6).unwrap().mask, FST_NO_RECORD);
        assert_eq!(grid(&with.file, 7).unwrap().mask, FST_NO_RECORD);
    }
}

#[test]
fn mistakes_of_the_caller_are_errors() {
    let written = written(&[field(b'X', 4, 3)]);
    let handle = written.file.handle;
    let mut short = FstGrid { struct_size: 127, ..no_grid() };
    // SAFETY: null, or a struct of more bytes than it says.
    unsafe {
        assert_eq!(fst_record_grid(handle, 0, std::ptr::null_mut()), FST_ERR_INVALID_ARGUMENT);
        assert_eq!(fst_record_grid(handle, 0, &mut short), FST_ERR_INVALID_ARGUMENT);
        assert_eq!(fst_record_grid(FstFile { id: 1 }, 0, &mut no_grid()), FST_ERR_INVALID_HANDLE);
        let (mut kind, mut found, null) = (7, 7, std::ptr::null_mut());
        let all = std::ptr::null();
        for status in [
            fst_find_levels(handle, all, std::ptr::null_mut(), std::ptr::null_mut(), null, 0, &mut found),
            fst_find_levels(
                handle,
                all,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
                &mut kind,
                0,
                std::ptr::null_mut(),
            ),
            fst_find_levels(
                handle,
                all,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
                &mut kind,
                1,
                &mut found,
            ),
        ] {
            assert_eq!(status, FST_ERR_INVALID_ARGUMENT);
        }
        assert_eq!((kind, found), (7, 7));
    }
}

/// Any `u32` attributes that a file can hold give a grid or an error, quickly.
#[test]
fn no_attributes_make_a_lookup_panic() {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut random = |bits: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32 & (u32::MAX >> (32 - bits))
    };
    let names = [b">>  ", b"^^  ", b"^>  ", b"##  ", b"!!  ", b"PROJ", b"MTRX", b"LA  ", b"LO  ", b"HY  "];
    let types = *b"ABCEGHLNSZY#UMWQXOTV+";
    for round in 0..40 {
        let fields: Vec<Field> = (0..60)
            .map(|place: u32| {
                // Few tags, so that some descriptors are found; wide ones now and then.
                let bits = if place.is_multiple_of(7) { 24 } else { 1 };
                let [a, b, c, d, e, f, g, h] = std::array::from_fn(|_| random(bits));
                let grtyp = types[(round + place) as usize % types.len()];
                let nomvar =
                    if place.is_multiple_of(2) { *b"TT  " } else { *names[random(8) as usize % names.len()] };
                let [ni, nj] = [1 + random(2), 1 + random(2)];
                Field {
                    nomvar,
                    grtyp,
                    typvar: if random(1) == 0 { *b"P@" } else { *b"@@" },
                    ip: [a, b, c],
                    numbered: false,
                    ig: [d, e, f, g],
                    date_word: if h == 0 { 0 } else { random(32) },
                    ..Field::reals(ni, nj, |i, j| (i * j) as f32)
                }
            })
            .collect();
        let written = written(&fields);
        let mut outcomes = [0; 2];
        for record in 0..fields.len() {
            match grid(&written.file, record) {
                Ok(_) => outcomes[0] += 1,
                Err(FST_ERR_NOT_FOUND) => outcomes[1] += 1,
                Err(status) => panic!("{status}: {}", message()),
            }
        }
        assert!(outcomes.iter().all(|count| *count > 0), "{outcomes:?}");
    }
}

/// Record numbers, values and kind of the levels of a variable.
fn levels(file: &Opened, criteria: &FstCriteria) -> Result<(Vec<usize>, Vec<f32>, i32), FstStatus> {
    let (mut kind, mut found) = (0, 0);
    let none = std::ptr::null_mut;
    // SAFETY: valid pointers, and null for no capacity.
    let status =
        unsafe { fst_find_levels(file.handle, criteria, none(), none().cast(), &mut kind, 0, &mut found) };
    if status != FST_OK {
        return Err(status);
    }
    let (mut records, mut values) = (vec![0; found], vec![0.0; found]);
    // SAFETY: valid pointers, to as many elements as `found` says.
    let status = unsafe {
        fst_find_levels(
            file.handle,
            criteria,
            records.as_mut_ptr(),
            values.as_mut_ptr(),
            &mut kind,
            found,
            &mut found,
        )
    };
    assert_eq!((status, found), (FST_OK, records.len()));
    Ok((records, values, kind))
}

fn criteria(nomvar: &str, datev: i32) -> FstCriteria {
    let mut name = [0; 5];
    for (to, from) in name.iter_mut().zip(nomvar.bytes()) {
        *to = from as std::ffi::c_char;
    }
    FstCriteria {
        struct_size: size_of::<FstCriteria>() as u32,
        nomvar: name,
        typvar: [0; 3],
        grtyp: [0; 2],
        etiket: [0; 13],
        dateo: -1,
        datev,
        data_type: -1,
        data_bits: -1,
        pack_bits: -1,
        ni: -1,
        nj: -1,
        nk: -1,
        deet: -1,
        npas: -1,
        ip1: -1,
        ip2: -1,
        ip3: -1,
        ig1: -1,
        ig2: -1,
        ig3: -1,
        ig4: -1,
        ip1_all: 0,
        ip2_all: 0,
        ip3_all: 0,
        stamp_norun: 1,
        skip_grid_descriptors: 0,
    }
}

#[test]
fn levels_of_a_model_are_in_order() {
    for name in ["model.fst", "model.rsf"] {
        let file = open(&root().join("tests/data").join(name));
        for (nomvar, kind) in [("TT", 5), ("UU", 2)] {
            for datev in [470_636_000, 470_638_700] {
                let (records, values, found) = levels(&file, &criteria(nomvar, datev)).unwrap();
                assert_eq!((records.len(), found), (8, kind));
                assert!(values.windows(2).all(|pair| pair[0] < pair[1]), "{values:?}");
                for (record, value) in records.iter().zip(values) {
                    let info = read_info(file.handle, *record);
                    assert_eq!(info.datev, datev);
                    let (mut decoded, mut kind) = (0.0, 0);
                    // SAFETY: valid pointers.
                    assert_eq!(unsafe { fst_ip_decode(info.ip1, &mut decoded, &mut kind) }, FST_OK);
                    assert_eq!((decoded, kind), (value, found));
                }
            }
        }
        assert_eq!(levels(&file, &criteria("NONE", -1)), Ok((vec![], vec![], -1)));
        assert_eq!(levels(&file, &criteria("TT", -1)), Err(FST_ERR_INVALID_ARGUMENT));
        assert!(message().contains("differ in datev: 470636000 and"), "{}", message());
        // A field and its mask.
        assert_eq!(levels(&file, &criteria("TM", 470_636_000)), Err(FST_ERR_INVALID_ARGUMENT));
        assert!(message().contains("are both at level 0 mb"), "{}", message());
    }
}

#[test]
fn levels_are_ordered_by_value_whatever_their_style() {
    // 850 hPa and 1000 hPa of the old style around 925 hPa and 500 hPa of the new one.
    let new = |hectopascals: u32| 2 << 24 | 4 << 20 | hectopascals;
    let at = |ip1| Field { ip: [ip1, 0, 0], ..field(b'X', 4, 3) };
    let written = written(&[at(1000), at(new(925)), at(850), at(new(500))]);
    let (records, values, kind) = levels(&written.file, &criteria("TT", -1)).unwrap();
    assert_eq!((records, kind), (vec![3, 2, 1, 0], 2));
    assert_eq!(values, [500.0, 850.0, 925.0, 1000.0]);

    let (mut records, mut values, mut kind, mut found) = ([9; 3], [9.0; 3], 0, 0);
    // SAFETY: valid pointers, to more elements than the call may write.
    let status = unsafe {
        fst_find_levels(
            written.file.handle,
            &criteria("TT", -1),
            records.as_mut_ptr(),
            values.as_mut_ptr(),
            &mut kind,
            2,
            &mut found,
        )
    };
    assert_eq!((status, records, values, found), (FST_OK, [3, 2, 9], [500.0, 850.0, 9.0], 4));
}

#[test]
fn records_that_are_no_stack_are_named() {
    let at = |ip1| Field { ip: [ip1, 0, 0], ..field(b'X', 4, 3) };
    let twin = 2 << 24 | 4 << 20 | 850;
    for (other, status, said) in [
        (Field { nomvar: *b"UU  ", ..at(500) }, FST_ERR_INVALID_ARGUMENT, "differ in nomvar: TT and UU"),
        (Field { date_word: 0, ..at(500) }, FST_ERR_INVALID_ARGUMENT, "differ in datev"),
        (
            Field { shape: [3, 4, 1], ..at(500) },
            FST_ERR_SHAPE_MISMATCH,
            "differ in shape: 4 x 3 x 1 and 3 x 4 x 1",
        ),
        (
            Field { ig: [11, 23, 33, 0], ..at(500) },
            FST_ERR_INVALID_ARGUMENT,
            "differ in grid: X with ig1 = 11",
        ),
        (at(2500), FST_ERR_INVALID_ARGUMENT, "are at different kinds of level: 2 and 1"),
        (at(850), FST_ERR_INVALID_ARGUMENT, "are both at level 850 mb"),
        (at(twin), FST_ERR_INVALID_ARGUMENT, "are both at level 850 mb"),
        (at(9 << 24 | 5), FST_ERR_INVALID_ARGUMENT, "record 2 has no level: ip1 = 150994949 means nothing"),
    ] {
        let written = written(&[at(850), at(1000), other]);
        assert_eq!(levels(&written.file, &criteria("", -1)), Err(status), "{said}");
        let message = message();
        assert!(message.contains(said), "{said:?} is not in: {message}");
        assert!(said.starts_with("record 2") || message.contains("records 0 and 2"), "{message}");
    }
}
