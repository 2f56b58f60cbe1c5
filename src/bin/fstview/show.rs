// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fstview show`: a field as a picture, in a PNG file or in the terminal.

mod canvas;
mod picture;

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;
use fstview::container::Attributes;
use fstview::file::{File, OpenOptions};
use fstview::query;
use fstview::source::Access;
use fstview::view::ViewOptions;
use fstview::{Result, codec::missing::Missing, grid};

use crate::filter::Filter;
use crate::{Failure, Output, Verdict, colours, complain, elements, natural, open};
use canvas::Canvas;
use picture::{Picture, Scale};

/// Draws a field with its colour scale: into a PNG file, or on the terminal. Of several records that meet the filters the
/// first is drawn. North is up where the grid says where that is.
#[derive(Args)]
pub struct Arguments {
    /// The picture, a PNG file; without it, the field is drawn on standard output
    #[arg(long, short, value_name = "PNG", value_parser = png_path)]
    output: Option<PathBuf>,
    /// ASCII characters instead of block characters and colours
    #[arg(long, conflicts_with = "output")]
    ascii: bool,
    /// Columns of a drawing on standard output
    #[arg(long, value_name = "N", default_value_t = 78, value_parser = clap::value_parser!(u32).range(1..=1000), conflicts_with = "output")]
    width: u32,
    /// Which layer of a field with a third axis, from 1
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    layer: u32,
    /// Value at the lower end of the colour scale, instead of the smallest
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true, value_parser = finite)]
    min: Option<f64>,
    /// Value at the upper end of the colour scale, instead of the largest
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true, value_parser = finite)]
    max: Option<f64>,
    #[command(flatten)]
    filter: Filter,
    /// Standard files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

fn png_path(text: &str) -> std::result::Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let is_png = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png"));
    if is_png { Ok(path) } else { Err("expected a name that ends in .png".to_owned()) }
}

fn finite(text: &str) -> std::result::Result<f64, String> {
    text.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| "expected a number".to_owned())
}

/// Points along the longer side of a PNG picture: larger fields are averaged, smaller ones have squares for points.
const LARGEST: u64 = 1600;

/// Rows of points in the terminal, two a line.
const TALLEST: u64 = 96;

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> std::result::Result<Verdict, Failure> {
    let options = OpenOptions { access: Access::Map, missing: Missing::Nan, ..OpenOptions::default() };
    let file = open(&arguments.files, options)?;
    let selected = arguments.filter.select(&file)?;
    let (record, others) = choose(&file, &selected)?.ok_or_else(|| {
        Failure::Message("no record meets the filters: fstview list shows what there is".to_owned())
    })?;
    if others > 0 {
        complain(&format!("record {record} is drawn, the first of {} that meet the filters", others + 1));
    }
    let of = file.record(record)?.attributes;
    let [ni, nj, nk] = of.shape.map(u64::from);
    let layer = u64::from(arguments.layer);
    if layer > nk {
        return Err(Failure::Message(format!("record {record} has {nk} layers, there is no layer {layer}")));
    }
    let largest =
        if arguments.output.is_some() { [LARGEST; 2] } else { [u64::from(arguments.width), TALLEST] };
    let picture = match draw(&file, record, &of, layer, largest) {
        Ok(Some(picture)) => picture,
        Ok(None) => {
            return Err(Failure::Message(format!(
                "record {record} has no numbers to draw: text, complex numbers or raw bits"
            )));
        }
        Err(error) => {
            complain(&error.to_string());
            return Ok(Verdict::Wrong);
        }
    };
    let scale = Scale::new(arguments.min.unwrap_or(picture.min), arguments.max.unwrap_or(picture.max));
    let size = if nk == 1 { format!("{ni}x{nj}") } else { format!("{ni}x{nj}, layer {layer} of {nk}") };
    let lines = captions(&of, &size, &picture);
    let Some(path) = &arguments.output else {
        for line in &lines {
            writeln!(out, "{line}")?;
        }
        let style = if arguments.ascii {
            picture::Style::Ascii
        } else if colours(&stdout()) {
            picture::Style::Colours
        } else {
            picture::Style::Shades
        };
        picture.print(out, &scale, style, u64::from(arguments.width), TALLEST)?;
        return Ok(Verdict::Well);
    };
    if arguments.files.iter().any(|file| is_same(file, path)) {
        return Err(Failure::Message(format!(
            "{}: is one of the standard files, to which nothing is written",
            path.display()
        )));
    }
    let written = Canvas::of(&picture, &scale, &lines).png().and_then(|bytes| std::fs::write(path, bytes));
    written.map_err(|error| Failure::Message(format!("{}: {error}", path.display())))?;
    Ok(Verdict::Well)
}

fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    whole(one).is_some() && whole(one) == whole(other)
}

/// The first field among records, or the first descriptor if there is none; and how many more of its like there are.
fn choose(file: &File, selected: &[usize]) -> Result<Option<(usize, usize)>> {
    let mut fields = Vec::new();
    for record in selected {
        if !query::is_descriptor(&file.record(*record)?.attributes.nomvar) {
            fields.push(*record);
        }
    }
    let among = if fields.is_empty() { selected } else { &fields[..] };
    Ok(among.first().map(|first| (*first, among.len() - 1)))
}

/// The picture of a layer; none when its elements are no numbers.
fn draw(
    file: &File,
    record: usize,
    of: &Attributes,
    layer: u64,
    largest: [u64; 2],
) -> Result<Option<Picture>> {
    let [ni, nj, nk] = of.shape.map(u64::from);
    let mut options = ViewOptions::default();
    if nk > 1 {
        (options.slab_start[2], options.slab_count[2]) = (layer as i64 - 1, 1);
    }
    let natural = file.natural(record)?;
    if !elements::are_real(natural.dtype) {
        return Ok(None);
    }
    let view = file.view(record, &options)?;
    if view.elements() != ni * nj {
        return Ok(None);
    }
    let codes = (of.data_type & 64 != 0).then(|| file.missing_codes());
    let mut picture = Picture::new(ni, nj, largest);
    elements::for_each_piece(&view, codes, |values| picture.add(values))?;
    picture.finish(!runs_south(file, record));
    Ok(Some(picture))
}

/// Whether the first row is the northernmost; not so where nobody says.
fn runs_south(file: &File, record: usize) -> bool {
    let Ok(grid) = grid::find(file, record) else { return false };
    let Some(reference) = grid.reference else { return false };
    match grid.y {
        // South to north, or the other way round.
        None => {
            matches!(reference.grtyp, b'A' | b'B' | b'G')
                && reference.parameters.is_some_and(|of| of[1] == 1.0)
        }
        Some(_) if grid.points => false,
        Some(y) => {
            let mut axis = Vec::new();
            let read = file.view(y, &ViewOptions::default()).and_then(|view| {
                elements::for_each_piece(&view, None, |values| axis.extend_from_slice(values))
            });
            read.is_ok() && axis.first() > axis.last()
        }
    }
}

/// What stands above the picture.
fn captions(of: &Attributes, size: &str, picture: &Picture) -> [String; 3] {
    let name =
        [natural::text(&of.nomvar), natural::text(&of.typvar), natural::text(&of.etiket), size.to_owned()];
    let level = natural::level(of).map(|level| level.to_string());
    let valid = natural::valid(of).map(|date| format!("valid {date}"));
    let origin = natural::origin(of).map(|date| format!("from {date}"));
    let range = if picture.min <= picture.max {
        format!("min {}  max {}", natural::general(picture.min), natural::general(picture.max))
    } else {
        "no values".to_owned()
    };
    let missing = (picture.missing > 0).then(|| format!("missing {}", picture.missing));
    let joined = |parts: &[Option<String>]| parts.iter().flatten().cloned().collect::<Vec<_>>().join("  ");
    [
        name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "),
        joined(&[level, valid, origin]),
        joined(&[Some(range), missing]),
    ]
}
