// SPDX-License-Identifier: MIT OR Apache-2.0
//! Grids: descriptors of a field, and the levels of a variable in order.

use super::args::{self, Output};
use super::guard::guard;
use super::handles;
use super::record;
use super::types::*;
use crate::file::File;
use crate::grid::{self, Grid};
use crate::query;

/// The grid of a record, and the records that describe it, in all files that are open as one.
///
/// Descriptors are those whose ip1, ip2, ip3 are ig1, ig2, ig3 of the record and whose dimensions fit; of several, those
/// with the etiket of the record, else with its datev, else the first in file order. Records of one file with
/// the same `grtyp`, ig1 to ig4, dimensions, etiket, datev and ip1 have the same grid, but for `mask`: look it up once.
///
/// Errors: `FST_ERR_NOT_FOUND` when the type of grid needs descriptors and there are none; the message says what was
/// looked for. Types that need none, and unknown ones, are described as far as they can be.
///
/// # Safety
/// `grid` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_grid(file: FstFile, record: usize, grid: *mut FstGrid) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(grid, "grid")? };
        let file = handles::get::<File>(file.id)?;
        output.write(described(&grid::find(&file, record)?));
        Ok(())
    })
}

fn described(grid: &Grid) -> FstGrid {
    let number = |record: Option<usize>| record.map_or(FST_NO_RECORD, |record| record as u64);
    let parameters = grid.reference.and_then(|reference| reference.parameters);
    let vertical = grid.vertical;
    let mut flags = 0;
    for (flag, set) in [
        (FST_GRID_AMBIGUOUS, grid.ambiguous),
        (FST_GRID_HAS_PARAMETERS, parameters.is_some()),
        (FST_GRID_POINTS, grid.points),
        (FST_GRID_LATLON_FIELDS, grid.latlon_fields),
        (FST_GRID_VERTICAL_UNLINKED, vertical.is_some_and(|vertical| !vertical.linked)),
        (FST_GRID_VERTICAL_AMBIGUOUS, vertical.is_some_and(|vertical| vertical.ambiguous)),
    ] {
        if set {
            flags |= flag;
        }
    }
    let [tile_i, tile_j] = grid.tile.map(|points| points as i64);
    FstGrid {
        struct_size: 0,
        grtyp: record::grid_type(grid.grtyp),
        ref_grtyp: record::grid_type(grid.reference.map_or(0, |reference| reference.grtyp)),
        flags,
        panels: if grid.panels.is_some() { 2 } else { 1 },
        tile_i,
        tile_j,
        x: number(grid.x),
        y: number(grid.y),
        yin_yang: number(grid.yin_yang),
        mesh: number(grid.mesh),
        projection: number(grid.projection),
        transform: number(grid.transform),
        vertical: number(vertical.map(|vertical| vertical.record)),
        mask: number(grid.mask),
        xg: parameters.unwrap_or_default(),
        xg_yang: grid.panels.as_ref().map_or([0.0; 4], |[_, yang]| yang.rotation),
    }
}

/// The records that match, in the order of their levels: from the lowest value of ip1, decoded, to the highest. The
/// levels of a variable at one moment, to be read one above the other with `fst_record_read_many`.
///
/// `criteria` may be NULL: everything. At most `capacity` record numbers and values of levels are written to `records` and
/// `levels`, which may be NULL when `capacity` is 0; `found` receives the total number, which may be larger, `kind` the
/// kind of the levels (as `fst_ip_decode` gives it; -1 when nothing matches).
///
/// All matches must have the same nomvar, datev and grid (`grtyp`, ig1 to ig3), levels of one kind, and no two the same
/// level, or else `FST_ERR_INVALID_ARGUMENT`; the same dimensions, or else `FST_ERR_SHAPE_MISMATCH`. The message names
/// two records that disagree.
///
/// # Safety
/// `criteria` must be NULL or point to `struct_size` readable bytes; `records` and `levels` must be NULL or point to
/// `capacity` writable elements; `kind` and `found` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_find_levels(
    file: FstFile,
    criteria: *const FstCriteria,
    records: *mut usize,
    levels: *mut f32,
    kind: *mut i32,
    capacity: usize,
    found: *mut usize,
) -> FstStatus {
    guard(|| {
        args::check(kind, "kind")?;
        args::check(found, "found")?;
        if capacity > 0 {
            args::check(records, "records")?;
            args::check(levels, "levels")?;
        }
        let file = handles::get::<File>(file.id)?;
        // SAFETY: `criteria` is as this function's contract says.
        let criteria = unsafe { record::criteria(criteria)? };
        let stack = query::levels(&file, &criteria)?;
        for (place, (record, value)) in stack.records.iter().zip(&stack.values).take(capacity).enumerate() {
            // SAFETY: both hold `capacity` elements by this function's contract.
            unsafe {
                records.add(place).write_unaligned(*record);
                levels.add(place).write_unaligned(*value);
            }
        }
        // SAFETY: both are as this function's contract says.
        unsafe {
            args::store(kind, "kind", stack.kind.unwrap_or(-1))?;
            args::store(found, "found", stack.records.len())
        }
    })
}
