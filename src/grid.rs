// SPDX-License-Identifier: MIT OR Apache-2.0
//! A field → the records that describe its grid, its levels and its mask. Implements sections 10.1, 10.2, 10.5 and 10.6
//! of `semantics.md`, with the rules that 10.2 recommends, over all files that are open as one.
//!
//! The answer, but for the mask, depends only on `grtyp`, ig1 to ig4, ni, nj, etiket, datev and (for the vertical
//! descriptor) ip1 and file of the field: records that share them share it. A lookup is a few searches of the directory; descriptors are read only to
//! be compared, when several would do, and `^>` always.

use crate::attributes::date::CalendarDate;
use crate::attributes::grid::{self, Geometry, Panel};
use crate::attributes::level;
use crate::container::{Attributes, grid_type_text};
use crate::error::{Error, Place, Result};
use crate::file::File;
use crate::query::{self, Criteria};

/// The grid of a field, and the numbers of the records that describe it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Type of the field's grid.
    pub grtyp: u8,
    /// What the numbers in the axes refer to; the field itself if it has no axes.
    pub reference: Option<Reference>,
    /// `>>`, or `LO` in its place.
    pub x: Option<usize>,
    /// `^^`, or `LA` in its place.
    pub y: Option<usize>,
    /// Whether `x` and `y` have the same dimensions: coordinates of points, not two axes.
    pub points: bool,
    /// Whether `x` and `y` are fields of longitudes and latitudes, `LO` and `LA`.
    pub latlon_fields: bool,
    /// `^>`.
    pub yin_yang: Option<usize>,
    /// The panels in `^>`.
    pub panels: Option<[Panel; 2]>,
    /// `##`.
    pub mesh: Option<usize>,
    /// `PROJ`.
    pub projection: Option<usize>,
    /// `MTRX`.
    pub transform: Option<usize>,
    /// Points of the x and y axes that come before the field's first point.
    pub tile: [u64; 2],
    /// Whether other descriptors would do as well and hold something else, or the axes differ in their reference: then
    /// the first ones in file order are given.
    pub ambiguous: bool,
    /// The description of the levels.
    pub vertical: Option<Vertical>,
    /// The mask of a field whose typvar says that it has one: `@` as second character.
    pub mask: Option<usize>,
}

/// A type of grid and, where it has them, its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Type of grid.
    pub grtyp: u8,
    /// As [`grid::parameters`] gives them.
    pub parameters: Option<[f32; 4]>,
}

/// The record that describes the levels of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vertical {
    /// `!!`, or `HY` or `PT` in old files.
    pub record: usize,
    /// Whether its tags are those of the field: otherwise it was taken because there is no other one.
    pub linked: bool,
    /// Whether other records would do as well and hold something else: then the first one in file order is given.
    pub ambiguous: bool,
}

/// The grid of a record.
///
/// [`Error::NoMatch`] when its type needs descriptors that are not there, or not of the right dimensions.
pub fn find(file: &File, record: usize) -> Result<Grid> {
    let found = file.record(record)?;
    let lookup = Lookup { file, record, file_number: found.file_number, field: found.attributes };
    let mut grid = lookup.horizontal()?;
    grid.vertical = lookup.vertical()?;
    grid.mask = lookup.mask()?;
    Ok(grid)
}

/// How the dimensions of `>>` and `^^` go with those of a field.
#[derive(Clone, Copy)]
enum Layout {
    /// ni × 1 and 1 × nj.
    Axes,
    /// Both ni × nj.
    Points,
    /// Both ni × 1: a place for each column of the field.
    Columns,
    /// Both with as many values as the field.
    Nodes,
    /// Axes of a domain that the field is a part of.
    Domain,
}

/// The name of a record, blank-padded.
type Name = [u8; 4];

const X: &Name = b">>  ";
const Y: &Name = b"^^  ";

/// One of several records that would do.
struct Choice {
    record: usize,
    ambiguous: bool,
}

struct Lookup<'f> {
    file: &'f File,
    record: usize,
    file_number: usize,
    field: Attributes,
}

impl Lookup<'_> {
    fn horizontal(&self) -> Result<Grid> {
        let Attributes { grtyp, ig, shape: [ni, nj, _], .. } = self.field;
        let mut grid = Grid { grtyp, ..Grid::default() };
        match grid::geometry(grtyp) {
            Geometry::Parameters => {}
            Geometry::Axes => self.need_axes(&mut grid, &[Layout::Axes, Layout::Points])?,
            Geometry::Points => {
                if !self.latlon_fields_without_axes(&mut grid, &[Layout::Points])? {
                    return Err(self.missing_axes(Layout::Points)?);
                }
            }
            Geometry::Tile => {
                grid.tile = [ig[2], ig[3]].map(|first| u64::from(first.saturating_sub(1)));
                self.need_axes(&mut grid, &[Layout::Domain])?;
            }
            Geometry::YinYang => self.yin_yang(&mut grid)?,
            Geometry::Mesh => {
                let triangles = |shape| count(shape).is_multiple_of(3);
                grid.mesh = Some(self.need(&mut grid, b"##  ", triangles, "3 values a triangle")?);
                self.need_axes(&mut grid, &[Layout::Nodes])?;
            }
            Geometry::Projection => {
                grid.projection = Some(self.need(&mut grid, b"PROJ", |_| true, "any text")?);
                grid.transform =
                    Some(self.need(&mut grid, b"MTRX", |shape| count(shape) == 6, "6 values")?);
                self.axes(&mut grid, &[Layout::Axes, Layout::Points])?;
            }
            Geometry::List => {
                let list = |shape: [u64; 3]| matches!(shape, [n, 1, 1] | [1, n, 1] if n == ni || n == nj);
                let x = self.need(&mut grid, X, list, &format!("{ni} or {nj} values"))?;
                (grid.x, grid.reference) = (Some(x), Some(self.reference(x)?));
            }
            Geometry::Optional => {
                let layouts = [Layout::Points, Layout::Axes, Layout::Columns];
                if grtyp == b'O' {
                    self.latlon_fields_without_axes(&mut grid, &layouts)?;
                } else {
                    self.axes(&mut grid, &layouts)?;
                }
            }
        }
        if grid.reference.is_none()
            && let Some(own) = grid::parameters(grtyp, ig)
        {
            grid.reference = Some(Reference { grtyp, parameters: Some(own) });
        }
        Ok(grid)
    }

    /// Sets the axes, of the first layout for which both are there.
    fn axes(&self, grid: &mut Grid, layouts: &[Layout]) -> Result<bool> {
        let [xs, ys] = [self.tagged(X)?, self.tagged(Y)?];
        for layout in layouts {
            let x = self.choose(self.keep(&xs, |shape| self.fits(*layout, X, shape))?)?;
            let y = self.choose(self.keep(&ys, |shape| self.fits(*layout, Y, shape))?)?;
            let (Some(x), Some(y)) = (x, y) else { continue };
            let references = [self.reference_codes(x.record)?, self.reference_codes(y.record)?];
            grid.x = Some(x.record);
            grid.y = Some(y.record);
            grid.points = !matches!(layout, Layout::Axes | Layout::Domain);
            grid.ambiguous |= x.ambiguous || y.ambiguous || references[0] != references[1];
            grid.reference = Some(self.reference(x.record)?);
            return Ok(true);
        }
        Ok(false)
    }

    fn need_axes(&self, grid: &mut Grid, layouts: &[Layout]) -> Result<()> {
        if self.axes(grid, layouts)? { Ok(()) } else { Err(self.missing_axes(layouts[0])?) }
    }

    /// As [`Lookup::axes`], or else fields of longitudes and latitudes on the very same grid.
    fn latlon_fields_without_axes(&self, grid: &mut Grid, layouts: &[Layout]) -> Result<bool> {
        if self.axes(grid, layouts)? {
            return Ok(true);
        }
        let field = |nomvar: &[u8]| {
            let criteria = Criteria {
                nomvar: nomvar.to_vec(),
                grtyp: vec![self.field.grtyp],
                ig: self.field.ig.map(|value| value as i32),
                ..Criteria::default()
            };
            let found = query::find(self.file, &criteria)?;
            self.choose(self.keep(&found, |shape| self.fits(Layout::Points, X, shape))?)
        };
        let (Some(x), Some(y)) = (field(b"LO")?, field(b"LA")?) else { return Ok(false) };
        grid.x = Some(x.record);
        grid.y = Some(y.record);
        grid.points = true;
        grid.latlon_fields = true;
        grid.ambiguous |= x.ambiguous || y.ambiguous;
        // Degrees of longitude and latitude: the grid L from 0, 0 in steps of 1.
        grid.reference = Some(Reference { grtyp: b'L', parameters: Some([0.0, 0.0, 1.0, 1.0]) });
        Ok(true)
    }

    fn yin_yang(&self, grid: &mut Grid) -> Result<()> {
        let [ni, nj, _] = self.field.shape;
        let needed = grid::yin_yang_values(ni, nj / 2).filter(|_| nj % 2 == 0);
        let wanted = match needed {
            Some(values) => format!("{values} values"),
            None => format!("two panels, which {nj} rows are not"),
        };
        let record = self.need(grid, b"^>  ", |shape| Some(count(shape)) == needed, &wanted)?;
        let panels = grid::panels(&self.file.reals(record)?, ni as usize, nj as usize / 2)
            .map_err(|fault| Error::Format { place: self.place(record), fault })?;
        grid.reference = Some(Reference { grtyp: b'E', parameters: Some(panels[0].rotation) });
        grid.yin_yang = Some(record);
        grid.panels = Some(panels);
        Ok(())
    }

    /// The descriptor of that name whose shape fits.
    fn need(
        &self,
        grid: &mut Grid,
        nomvar: &Name,
        fits: impl Fn([u64; 3]) -> bool,
        wanted: &str,
    ) -> Result<usize> {
        let tagged = self.tagged(nomvar)?;
        match self.choose(self.keep(&tagged, fits)?)? {
            Some(choice) => {
                grid.ambiguous |= choice.ambiguous;
                Ok(choice.record)
            }
            None => {
                let clause = self.lack(nomvar, tagged.first(), wanted)?;
                Err(self.missing(&clause))
            }
        }
    }

    /// Whether an array of that shape is `>>` or `^^` of the field.
    fn fits(&self, layout: Layout, nomvar: &Name, shape: [u64; 3]) -> bool {
        let [ni, nj, _] = self.field.shape;
        let along_x = nomvar == X;
        match layout {
            Layout::Axes if along_x => shape == [ni, 1, 1],
            Layout::Axes => shape == [1, nj, 1],
            Layout::Points => shape == [ni, nj, 1],
            Layout::Columns => shape == [ni, 1, 1],
            Layout::Nodes => count(shape) == ni.saturating_mul(nj),
            Layout::Domain => {
                let [_, _, i, j] = self.field.ig.map(u64::from);
                match shape {
                    [whole, 1, 1] if along_x => i > 0 && whole >= i - 1 + ni,
                    [1, whole, 1] if !along_x => j > 0 && whole >= j - 1 + nj,
                    _ => false,
                }
            }
        }
    }

    /// What [`Lookup::fits`] asks for, in words.
    fn wanted(&self, layout: Layout, nomvar: &Name) -> String {
        let [ni, nj, _] = self.field.shape;
        let [_, _, i, j] = self.field.ig.map(u64::from);
        let along_x = nomvar == X;
        match layout {
            Layout::Axes if along_x => format!("{ni} x 1"),
            Layout::Axes => format!("1 x {nj}"),
            Layout::Points => format!("{ni} x {nj}"),
            Layout::Columns => format!("{ni} x 1"),
            Layout::Nodes => format!("{} values", ni.saturating_mul(nj)),
            Layout::Domain if along_x => format!("an axis that holds {ni} points from i = {i} (from 1) on"),
            Layout::Domain => format!("an axis that holds {nj} points from j = {j} (from 1) on"),
        }
    }

    /// The records of that name whose ip1 to ip3 are ig1 to ig3 of the field; ip3 of a tile is not compared.
    fn tagged(&self, nomvar: &Name) -> Result<Vec<usize>> {
        let [ig1, ig2, ig3, _] = self.field.ig.map(|value| value as i32);
        let ip3 = if self.is_tile() { -1 } else { ig3 };
        self.named(nomvar, [ig1, ig2, ip3])
    }

    fn is_tile(&self) -> bool {
        grid::geometry(self.field.grtyp) == Geometry::Tile
    }

    fn named(&self, nomvar: &Name, ip: [i32; 3]) -> Result<Vec<usize>> {
        query::find(self.file, &Criteria { nomvar: nomvar.to_vec(), ip, ..Criteria::default() })
    }

    fn attributes(&self, record: usize) -> Result<Attributes> {
        Ok(self.file.record(record)?.attributes)
    }

    fn reference_codes(&self, record: usize) -> Result<(u8, [u32; 4])> {
        self.attributes(record).map(|found| (found.grtyp, found.ig))
    }

    fn reference(&self, record: usize) -> Result<Reference> {
        let (grtyp, ig) = self.reference_codes(record)?;
        Ok(Reference { grtyp, parameters: grid::parameters(grtyp, ig) })
    }

    /// The records whose shape fits.
    fn keep(&self, records: &[usize], fits: impl Fn([u64; 3]) -> bool) -> Result<Vec<usize>> {
        self.filter(records, |found| fits(found.shape))
    }

    fn filter(&self, records: &[usize], accepts: impl Fn(&Attributes) -> bool) -> Result<Vec<usize>> {
        let mut kept = Vec::new();
        for record in records {
            if accepts(&self.attributes(*record)?) {
                Error::room(&mut kept, 1, "the numbers of descriptors")?;
                kept.push(*record);
            }
        }
        Ok(kept)
    }

    /// One of several records (10.2): that with the etiket of the field, else with its datev, else the first. It is
    /// ambiguous if others that are as good hold something else, or cannot be read to tell.
    fn choose(&self, records: Vec<usize>) -> Result<Option<Choice>> {
        let field = &self.field;
        let mut best = records;
        let etiket = self.filter(&best, |found| found.etiket == field.etiket)?;
        if !etiket.is_empty() {
            best = etiket;
        }
        let datev = self.filter(&best, |found| same_instant(found.datev, field.datev))?;
        if !datev.is_empty() {
            best = datev;
        }
        let Some((&record, others)) = best.split_first() else { return Ok(None) };
        let mut ambiguous = false;
        for other in others {
            if !self.same_content(record, *other)? {
                ambiguous = true;
                break;
            }
        }
        Ok(Some(Choice { record, ambiguous }))
    }

    /// Whether two records describe the same.
    fn same_content(&self, first: usize, second: usize) -> Result<bool> {
        Ok(self.reference_codes(first)? == self.reference_codes(second)?
            && self.file.same_array(first, second).unwrap_or(false))
    }

    /// The description of the levels (10.5): `!!` with the tags of the field, or else, for levels that need a
    /// description, the only one there is.
    fn vertical(&self) -> Result<Option<Vertical>> {
        const TABLE: &Name = b"!!  ";
        let [ig1, ig2, ..] = self.field.ig.map(|value| value as i32);
        if let Some(choice) = self.choose(self.named(TABLE, [ig1, ig2, -1])?)? {
            let Choice { record, ambiguous } = choice;
            return Ok(Some(Vertical { record, linked: true, ambiguous }));
        }
        let kind = level::decode(self.field.ip[0] as i32).map(|level| level.kind);
        let names: &[&Name] = match kind {
            Ok(level::SIGMA) => &[TABLE, b"HY  ", b"PT  "],
            Ok(level::HYBRID) => &[TABLE, b"HY  "],
            Ok(level::HYBRID_HEIGHT | level::HEIGHT_ABOVE_GROUND) => &[TABLE],
            _ => &[],
        };
        for nomvar in names {
            match self.choose(self.nearby(nomvar)?)? {
                // Of several tables without the right tags, none is the only one.
                Some(Choice { ambiguous: true, .. }) if *nomvar == TABLE => {}
                Some(Choice { record, ambiguous }) => {
                    return Ok(Some(Vertical { record, linked: false, ambiguous }));
                }
                None => {}
            }
        }
        Ok(None)
    }

    /// All records of that name in the file of the field; in all files if it has none.
    fn nearby(&self, nomvar: &Name) -> Result<Vec<usize>> {
        let all = self.named(nomvar, [-1; 3])?;
        let mut own = Vec::new();
        for record in &all {
            if self.file.record(*record)?.file_number == self.file_number {
                Error::room(&mut own, 1, "the numbers of descriptors")?;
                own.push(*record);
            }
        }
        Ok(if own.is_empty() { all } else { own })
    }

    /// The mask of a field that says it has one (10.6).
    fn mask(&self) -> Result<Option<usize>> {
        let field = &self.field;
        let is_mask = |typvar: [u8; 2]| matches!(&typvar, b"@@" | b"!@");
        if field.typvar[1] != b'@' || is_mask(field.typvar) {
            return Ok(None);
        }
        let all = self.named(&field.nomvar, field.ip.map(|value| value as i32))?;
        let masks = self.filter(&all, |found| {
            is_mask(found.typvar)
                && (found.nomvar, found.etiket, found.shape) == (field.nomvar, field.etiket, field.shape)
                && same_instant(found.datev, field.datev)
        })?;
        Ok(masks.first().copied())
    }

    fn place(&self, record: usize) -> Place {
        match self.file.locate(record) {
            Ok((number, _)) => Place::record(self.file.part(number).source.path(), record as u64),
            Err(_) => Place { path: Default::default(), record: Some(record as u64) },
        }
    }

    /// Why no axes were found.
    fn missing_axes(&self, layout: Layout) -> Result<Error> {
        let mut clauses = Vec::new();
        for nomvar in [X, Y] {
            let tagged = self.tagged(nomvar)?;
            if self.keep(&tagged, |shape| self.fits(layout, nomvar, shape))?.is_empty() {
                clauses.push(self.lack(nomvar, tagged.first(), &self.wanted(layout, nomvar))?);
            }
        }
        Ok(self.missing(&clauses.join("; ")))
    }

    /// Why a descriptor was not found, given the first one with the right tags.
    fn lack(&self, nomvar: &Name, tagged: Option<&usize>, wanted: &str) -> Result<String> {
        let name = String::from_utf8_lossy(nomvar.trim_ascii_end());
        Ok(match tagged {
            None => format!("no {name} ({wanted})"),
            Some(record) => {
                let [ni, nj, nk] = self.attributes(*record)?.shape;
                format!("{name} (record {record}) is {ni} x {nj} x {nk}, expected {wanted}")
            }
        })
    }

    fn missing(&self, why: &str) -> Error {
        let Attributes { nomvar, grtyp, ig: [ig1, ig2, ig3, _], shape: [ni, nj, _], .. } = self.field;
        let ip3 = if self.is_tile() { "any ip3".to_owned() } else { format!("ip3 = {ig3}") };
        Error::NoMatch(format!(
            "grid descriptors with ip1 = {ig1}, ip2 = {ig2}, {ip3} for {} ({}, grid {}, {ni} x {nj}): {why}",
            self.place(self.record),
            String::from_utf8_lossy(nomvar.trim_ascii_end()),
            char::from(grid_type_text(grtyp)),
        ))
    }
}

/// Number of values in an array.
fn count(shape: [u64; 3]) -> u64 {
    shape.into_iter().fold(1, u64::saturating_mul)
}

/// Whether two stamps are the same, or mean the same moment.
fn same_instant(first: i32, second: i32) -> bool {
    first == second
        || CalendarDate::from_stamp(first)
            .is_ok_and(|first| CalendarDate::from_stamp(second).is_ok_and(|second| first == second))
}
