// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fstview info`: what each file holds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use fstview::attributes::date::CalendarDate;
use fstview::attributes::level::Level;
use fstview::file::{File, OpenOptions};
use fstview::query;
use serde::Serialize;

use crate::listing::{array_bytes, format_name, letter};
use crate::natural;
use crate::record::LevelValue;
use crate::{Failure, Output, Verdict, complain, json_line, megabytes};

/// Says of each file what it holds: format, size, whether it is complete, variables, times, levels.
#[derive(Args)]
pub struct Arguments {
    /// One JSON object a file
    #[arg(long)]
    json: bool,
    /// Standard files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// A level that can be sorted and told from others.
#[derive(Clone, Copy, PartialEq)]
struct OrderedLevel(Level);

impl Eq for OrderedLevel {}

impl PartialOrd for OrderedLevel {
    fn partial_cmp(&self, other: &OrderedLevel) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedLevel {
    fn cmp(&self, other: &OrderedLevel) -> std::cmp::Ordering {
        self.0.kind.cmp(&other.0.kind).then(self.0.value.total_cmp(&other.0.value))
    }
}

/// What the records of one variable have in common, and what not.
#[derive(Default)]
struct Variable {
    records: usize,
    levels: BTreeSet<OrderedLevel>,
    times: BTreeSet<CalendarDate>,
    shapes: BTreeSet<[u64; 3]>,
    packings: BTreeSet<String>,
}

/// What a file holds.
#[derive(Default)]
struct Content {
    descriptors: usize,
    with_metadata: usize,
    data_bytes: u64,
    variables: BTreeMap<String, Variable>,
    levels: BTreeSet<OrderedLevel>,
    times: BTreeSet<CalendarDate>,
}

impl Content {
    fn of(file: &File) -> fstview::Result<Content> {
        let mut content = Content::default();
        for record in 0..file.record_count() {
            let found = file.record(record)?;
            let of = &found.attributes;
            content.with_metadata += usize::from(found.has_metadata);
            content.data_bytes = content.data_bytes.saturating_add(array_bytes(&found));
            let variable = content.variables.entry(natural::text(&of.nomvar)).or_default();
            variable.records += 1;
            variable.shapes.insert(of.shape);
            let missing = if of.data_type & 64 != 0 { "m" } else { "" };
            variable.packings.insert(format!("{}{missing}{}", letter(of.data_type), of.pack_bits));
            if query::is_descriptor(&of.nomvar) {
                // Their codes are tags, and their date is that of whoever wrote them.
                content.descriptors += 1;
                continue;
            }
            if let Some(date) = natural::valid(of) {
                variable.times.insert(date);
                content.times.insert(date);
            }
            if let Some(level) = natural::level(of) {
                variable.levels.insert(OrderedLevel(level));
                content.levels.insert(OrderedLevel(level));
            }
        }
        Ok(content)
    }
}

/// Something wrong in a file, for JSON.
#[derive(Serialize)]
struct Problem<'a> {
    offset: Option<u64>,
    message: &'a str,
}

#[derive(Serialize)]
struct VariableLine<'a> {
    nomvar: &'a str,
    records: usize,
    levels: usize,
    times: usize,
    packings: Vec<&'a str>,
    shapes: Vec<[u64; 3]>,
}

#[derive(Serialize)]
struct InfoLine<'a> {
    file: String,
    format: &'a str,
    complete: bool,
    problems: Vec<Problem<'a>>,
    bytes: u64,
    data_bytes: u64,
    records: usize,
    descriptors: usize,
    with_metadata: usize,
    variables: Vec<VariableLine<'a>>,
    times: Vec<String>,
    levels: Vec<LevelValue>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::Well;
    for (number, path) in arguments.files.iter().enumerate() {
        let file = match File::open(path, OpenOptions::default()) {
            Ok(file) => file,
            Err(error) => {
                out.flush()?;
                complain(&error.to_string());
                verdict = Verdict::Unusable;
                continue;
            }
        };
        let content = Content::of(&file)?;
        if arguments.json {
            write_json(&file, &content, out)?;
        } else {
            if number > 0 {
                writeln!(out)?;
            }
            write_text(&file, &content, out)?;
        }
    }
    Ok(verdict)
}

fn write_json(file: &File, content: &Content, out: &mut Output) -> Result<(), Failure> {
    for part in file.parts() {
        json_line(
            out,
            &InfoLine {
                file: part.path.display().to_string(),
                format: format_name(part.format),
                complete: part.problems.is_empty(),
                problems: part
                    .problems
                    .iter()
                    .map(|fault| Problem { offset: fault.offset, message: &fault.message })
                    .collect(),
                bytes: part.bytes,
                data_bytes: content.data_bytes,
                records: part.records.len(),
                descriptors: content.descriptors,
                with_metadata: content.with_metadata,
                variables: content
                    .variables
                    .iter()
                    .map(|(nomvar, variable)| VariableLine {
                        nomvar,
                        records: variable.records,
                        levels: variable.levels.len(),
                        times: variable.times.len(),
                        packings: variable.packings.iter().map(String::as_str).collect(),
                        shapes: variable.shapes.iter().copied().collect(),
                    })
                    .collect(),
                times: content.times.iter().copied().map(natural::iso).collect(),
                levels: content.levels.iter().map(|level| level.0.into()).collect(),
            },
        )?;
    }
    Ok(())
}

fn write_text(file: &File, content: &Content, out: &mut Output) -> Result<(), Failure> {
    for part in file.parts() {
        let complete = if part.problems.is_empty() { "complete" } else { "not complete" };
        writeln!(out, "{}", part.path.display())?;
        writeln!(out, "  format     {}, {complete}", format_name(part.format))?;
        for fault in part.problems {
            writeln!(out, "  problem    {fault}")?;
        }
        writeln!(out, "  size       {} bytes ({:.3} MB)", part.bytes, megabytes(part.bytes))?;
        writeln!(out, "  data       {} bytes ({:.3} MB)", content.data_bytes, megabytes(content.data_bytes))?;
        writeln!(
            out,
            "  records    {}, grid descriptors {}, with metadata {}",
            part.records.len(),
            content.descriptors,
            content.with_metadata
        )?;
    }
    writeln!(out, "  variables  {}", content.variables.len())?;
    if !content.variables.is_empty() {
        writeln!(out, "    NOMV  RECORDS   LEVELS    TIMES  PACKINGS     SHAPES")?;
    }
    for (nomvar, variable) in &content.variables {
        let Variable { records, levels, times, shapes, packings } = variable;
        let packings: Vec<_> = packings.iter().map(String::as_str).collect();
        let mut shown: Vec<_> = shapes.iter().take(3).map(|[ni, nj, nk]| format!("{ni}x{nj}x{nk}")).collect();
        if shapes.len() > 3 {
            shown.push(format!("… ({})", shapes.len()));
        }
        writeln!(
            out,
            "    {nomvar:4} {records:8} {:8} {:8}  {:12} {}",
            levels.len(),
            times.len(),
            packings.join(" "),
            shown.join(" ")
        )?;
    }
    folded(out, "times", content.times.iter().map(ToString::to_string))?;
    folded(out, "levels", content.levels.iter().map(|level| level.0.to_string()))
}

/// A title with the number of items, and the items on lines of up to 100 characters.
fn folded(
    out: &mut Output,
    title: &str,
    items: impl ExactSizeIterator<Item = String>,
) -> Result<(), Failure> {
    const INDENT: &str = "    ";
    writeln!(out, "  {title:10} {}", items.len())?;
    let mut line = INDENT.to_owned();
    let last = items.len().saturating_sub(1);
    for (number, item) in items.enumerate() {
        if line.len() > INDENT.len() && line.len() + item.len() > 98 {
            writeln!(out, "{}", line.trim_end())?;
            line.truncate(INDENT.len());
        }
        line.push_str(&item);
        if number < last {
            line.push_str(", ");
        }
    }
    if line.len() > INDENT.len() {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
