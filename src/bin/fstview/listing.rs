// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fstview list`: one line a record, in the columns of `semantics.md` section 9.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fstview::container::{Attributes, Format};
use fstview::file::{File, OpenOptions, RecordInfo};

use crate::filter::Filter;
use crate::natural;
use crate::record::{self, RecordLine};
use crate::{Failure, Output, Verdict, json_line, megabytes, open, titles};

/// Lists records, one a line. Several files are treated as one: record numbers run on.
#[derive(Args)]
pub struct Arguments {
    /// One JSON object a line, with every attribute, dates and level decoded
    #[arg(long, conflicts_with_all = ["short", "columns"])]
    json: bool,
    /// Short lines: name, type, label, dimensions, stamp of origin, codes, data type
    #[arg(long)]
    short: bool,
    /// Short lines of these columns, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "COLUMN")]
    columns: Vec<Column>,
    /// On a terminal, no pages: PAGER says which program makes them, or else less
    #[arg(long)]
    no_pager: bool,
    #[command(flatten)]
    filter: Filter,
    /// Standard files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Arguments {
    /// Whether the listing is for people, who may want pages.
    pub fn has_pages(&self) -> bool {
        !self.json && !self.no_pager
    }
}

/// Columns of short lines (`semantics.md` 9.1), in the order in which they are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Column {
    Nomvar,
    Typvar,
    Etiket,
    /// ni, nj and nk
    Nijk,
    /// Stamp of origin
    Stampo,
    /// Date of origin
    Dateo,
    /// Stamp of validity
    Stampv,
    /// Date of validity
    Datev,
    /// ip1 decoded
    Level,
    Ip1,
    Ip2,
    Ip3,
    Deet,
    Npas,
    /// Letter of the data type, bits packed and unpacked
    DataType,
    /// grtyp and ig1 to ig4, in wide columns
    GridInfo,
    /// grtyp and ig1 to ig4
    Ig1234,
}

/// The columns that short lines have by default.
const SHORT: [Column; 9] = [
    Column::Nomvar,
    Column::Typvar,
    Column::Etiket,
    Column::Nijk,
    Column::Stampo,
    Column::Ip1,
    Column::Ip2,
    Column::Ip3,
    Column::DataType,
];

/// Short lines between two lines of titles.
const LINES_PER_TITLE: usize = 70;

/// The titles of full lines (`semantics.md` 9.2).
const FULL_TITLES: &str = "       NOMV TV   ETIQUETTE        NI      NJ    NK   (DATE-V  h m s)   STAMP-V        LEVEL           IP1       IP2       IP3     DEET     NPAS  DTY    G    XG1    XG2     XG3     XG4";

impl Column {
    fn title(self) -> &'static str {
        match self {
            Column::Nomvar => "NOMV",
            Column::Typvar => "TV",
            Column::Etiket => "ETIQUETTE   ",
            Column::Nijk => "       NI        NJ        NK",
            Column::Stampo => "   DATE-O",
            Column::Dateo => "(DATE-O  h m s) ",
            Column::Stampv => "   DATE-V",
            Column::Datev => "(DATE-V  h m s) ",
            Column::Level => "          LEVEL",
            Column::Ip1 => "      IP1",
            Column::Ip2 => "      IP2",
            Column::Ip3 => "      IP3",
            Column::Deet => "    DEET",
            Column::Npas => "    NPAS",
            Column::DataType => "DTYP SIZ",
            Column::GridInfo => "G    XG1    XG2     XG3     XG4",
            Column::Ig1234 => "G   IG1   IG2   IG3   IG4",
        }
    }

    fn cell(self, of: &Attributes) -> String {
        let [ni, nj, nk] = of.shape;
        let [ip1, ip2, ip3] = of.ip;
        let [ig1, ig2, ig3, ig4] = of.ig;
        match self {
            Column::Nomvar => format!("{:4}", natural::text(&of.nomvar)),
            Column::Typvar => format!("{:2}", natural::text(&of.typvar)),
            Column::Etiket => format!("{:12}", natural::text(&of.etiket)),
            Column::Nijk => format!("{ni:9} {nj:9} {nk:9}"),
            Column::Stampo => format!("{:9}", of.dateo),
            Column::Dateo => format!("{:16}", natural::compact(natural::origin(of))),
            Column::Stampv => format!("{:9}", of.datev),
            Column::Datev => format!("{:16}", natural::compact(natural::valid(of))),
            Column::Level => natural::level_column(of),
            Column::Ip1 => format!("{ip1:9}"),
            Column::Ip2 => format!("{ip2:9}"),
            Column::Ip3 => format!("{ip3:9}"),
            Column::Deet => format!("{:8}", of.deet),
            Column::Npas => format!("{:8}", of.npas),
            Column::DataType => data_type(of),
            Column::GridInfo => format!("{:1} {ig1:6} {ig2:6} {ig3:7} {ig4:7}", natural::text(&[of.grtyp])),
            Column::Ig1234 => format!("{:1} {ig1:5} {ig2:5} {ig3:5} {ig4:5}", natural::text(&[of.grtyp])),
        }
    }
}

/// The letter of a data type (`semantics.md` section 2): lower case when compressed.
pub fn letter(data_type: u8) -> char {
    let letter = *b"XRICSEFAZ".get(usize::from(data_type & 63)).unwrap_or(&b'?') as char;
    if data_type & 128 != 0 { letter.to_ascii_lowercase() } else { letter }
}

/// Letter, `m` for missing values, bits of a packed and of an unpacked element.
fn data_type(of: &Attributes) -> String {
    let missing = if of.data_type & 64 != 0 { 'm' } else { ' ' };
    format!("{}{missing}{:2} {:3}", letter(of.data_type), of.pack_bits, of.data_bits)
}

/// A line in the columns of `semantics.md` 9.2, without the number.
fn full_line(of: &Attributes) -> String {
    let [ni, nj, nk] = of.shape;
    let [ip1, ip2, ip3] = of.ip;
    format!(
        "{:4} {:2} {:12}{ni:9} {nj:7} {nk:5}   {} {:9} {}  {ip1:9} {ip2:9} {ip3:9} {:8} {:8}  {}   {}",
        natural::text(&of.nomvar),
        natural::text(&of.typvar),
        natural::text(&of.etiket),
        natural::compact(natural::valid(of)),
        of.datev,
        natural::level_column(of),
        of.deet,
        of.npas,
        data_type(of),
        Column::GridInfo.cell(of),
    )
}

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> Result<Verdict, Failure> {
    let file = open(&arguments.files, OpenOptions::default())?;
    let selected = arguments.filter.select(&file)?;
    if arguments.json {
        let paths = record::paths(&file);
        for record in selected {
            json_line(out, &RecordLine::new(&file, record, &paths)?)?;
        }
    } else if arguments.short || !arguments.columns.is_empty() {
        short(&file, &selected, &arguments.columns, out)?;
    } else {
        full(&file, &selected, out)?;
    }
    Ok(Verdict::Well)
}

/// The listing that users of `voir` know.
fn full(file: &File, selected: &[usize], out: &mut Output) -> Result<(), Failure> {
    titles(out, FULL_TITLES)?;
    for record in selected {
        writeln!(out, "{record:5}- {}", full_line(&file.record(*record)?.attributes))?;
    }
    let info = file.info();
    let files = match info.file_count {
        1 => "RPN standard file".to_owned(),
        count => format!("{count} RPN standard files"),
    };
    writeln!(
        out,
        "\n{} in {files} ({} version). Size {} bytes ({:.3} MB).",
        counted(selected, info.record_count),
        formats(file),
        info.bytes,
        megabytes(info.bytes)
    )?;
    Ok(())
}

/// Short lines of the given columns.
fn short(file: &File, selected: &[usize], columns: &[Column], out: &mut Output) -> Result<(), Failure> {
    let mut columns = columns.to_vec();
    if columns.is_empty() {
        columns = SHORT.to_vec();
    }
    columns.sort_unstable();
    columns.dedup();
    let width = file.record_count().to_string().len();
    let mut title = " ".repeat(width + 1);
    for column in &columns {
        title.push(' ');
        title.push_str(column.title());
    }
    let mut bytes = 0u64;
    for (line, record) in selected.iter().enumerate() {
        if line % LINES_PER_TITLE == 0 {
            titles(out, &title)?;
        }
        let found = file.record(*record)?;
        let mut text = format!("{record:width$}-");
        for column in &columns {
            // Writing to a string does not fail.
            let _ = write!(text, " {}", column.cell(&found.attributes));
        }
        writeln!(out, "{text}")?;
        bytes = bytes.saturating_add(array_bytes(&found));
    }
    writeln!(
        out,
        "\n{} in RPN standard file(s). Total data size {bytes} bytes ({:.1} MB).",
        counted(selected, file.record_count()),
        megabytes(bytes)
    )?;
    Ok(())
}

/// Bytes of the array that was written (`semantics.md` 1.3).
pub fn array_bytes(of: &RecordInfo) -> u64 {
    let Attributes { shape, data_type, data_bits, .. } = of.attributes;
    let parts = if data_type & 63 == 8 { 2 } else { 1 };
    let bytes =
        shape.iter().fold(u128::from(data_bits / 8) * parts, |product, extent| product * u128::from(*extent));
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// How many records are listed, and of how many if not of all.
fn counted(selected: &[usize], all: usize) -> String {
    if selected.len() == all {
        format!("{all} records")
    } else {
        format!("{} of {all} records", selected.len())
    }
}

/// The name of a container.
pub fn format_name(format: Format) -> &'static str {
    match format {
        Format::Xdf => "XDF",
        Format::Rsf => "RSF",
    }
}

/// The names of the containers of all files.
fn formats(file: &File) -> String {
    let mut names: Vec<_> = file.parts().map(|part| format_name(part.format)).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record of the examples in `semantics.md` section 9.
    const TEMPERATURE: Attributes = Attributes {
        nomvar: *b"TT  ",
        typvar: *b"P ",
        grtyp: b'Z',
        etiket: *b"G1_7_1_0N   ",
        shape: [20, 20, 1],
        data_type: 134,
        data_bits: 32,
        pack_bits: 16,
        dateo: 471618800,
        datev: 471624200,
        deet: 300,
        npas: 72,
        ip: [41394464, 177809344, 0],
        ig: [68839, 90098, 1, 0],
    };

    #[test]
    fn a_full_line_is_that_of_the_reference() {
        assert_eq!(
            format!("{:5}- {}", 0, full_line(&TEMPERATURE)),
            "    0- TT   P  G1_7_1_0N          20      20     1   20240229 180000 471624200          500 mb   41394464 177809344         0      300       72  f 16  32   Z  68839  90098       1       0"
        );
    }

    #[test]
    fn a_short_line_is_that_of_the_reference() {
        let join = |part: fn(Column) -> String| SHORT.map(part).join(" ");
        assert_eq!(
            join(|column| column.title().to_owned()),
            "NOMV TV ETIQUETTE           NI        NJ        NK    DATE-O       IP1       IP2       IP3 DTYP SIZ"
        );
        assert_eq!(
            join(|column| column.cell(&TEMPERATURE)),
            "TT   P  G1_7_1_0N           20        20         1 471618800  41394464 177809344         0 f 16  32"
        );
    }

    #[test]
    fn titles_are_as_wide_as_their_columns() {
        for column in Column::value_variants() {
            assert_eq!(column.title().len(), column.cell(&TEMPERATURE).len(), "{column:?}");
        }
    }

    #[test]
    fn tags_are_no_levels_and_bare_numbers_stand_under_numbers() {
        let axis = Attributes { nomvar: *b">>  ", ..TEMPERATURE };
        assert_eq!(Column::Level.cell(&axis), "          -----");
        let arbitrary = Attributes { ip: [1195, 0, 0], ..TEMPERATURE };
        assert_eq!(Column::Level.cell(&arbitrary), "           5   ");
    }
}
