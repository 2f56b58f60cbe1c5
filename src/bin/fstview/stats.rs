// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fstview stats`: minimum, maximum, mean and standard deviation of each record.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use fstview::Result;
use fstview::codec::missing::Missing;
use fstview::file::{File, OpenOptions, StatsSnapshot};
use fstview::source::Access;
use fstview::view::{ViewOptions, parallel};
use serde::Serialize;

use crate::elements;
use crate::filter::Filter;
use crate::natural;
use crate::record::{self, RecordLine};
use crate::{BATCH, Failure, Output, Verdict, complain, json_line, open, progress, titles};

/// Computes minimum, maximum, mean and standard deviation of each record, in parallel. Missing values are left out.
#[derive(Args)]
pub struct Arguments {
    /// One JSON object a record, and a last one with the views that were made
    #[arg(long)]
    json: bool,
    /// Threads; 0 is the cores that this process may use
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: u32,
    #[command(flatten)]
    filter: Filter,
    /// Standard files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Moments of the values seen so far.
#[derive(Clone, Copy, Debug)]
struct Moments {
    count: u64,
    missing: u64,
    min: f64,
    max: f64,
    mean: f64,
    /// Sum of the squared distances from the mean.
    squares: f64,
}

impl Moments {
    const NONE: Moments =
        Moments { count: 0, missing: 0, min: f64::INFINITY, max: f64::NEG_INFINITY, mean: 0.0, squares: 0.0 };

    /// Takes in a piece; NaN is a missing value. Mean and squares of the piece are computed around its own mean, and
    /// merged (Chan, Golub and LeVeque), so that nothing cancels.
    fn add(&mut self, values: &[f64]) {
        let (mut count, mut sum, mut min, mut max) = (0u64, 0.0, self.min, self.max);
        for value in values.iter().filter(|value| !value.is_nan()) {
            count += 1;
            sum += value;
            min = min.min(*value);
            max = max.max(*value);
        }
        self.missing += values.len() as u64 - count;
        if count == 0 {
            return;
        }
        let mean = sum / count as f64;
        let squares: f64 =
            values.iter().filter(|value| !value.is_nan()).map(|value| (value - mean) * (value - mean)).sum();
        let total = (self.count + count) as f64;
        let distance = mean - self.mean;
        let (before, now) = (self.count as f64, count as f64);
        self.mean = if self.count == 0 { mean } else { self.mean + distance * (now / total) };
        self.squares +=
            squares + if self.count == 0 { 0.0 } else { distance * distance * (before * now / total) };
        self.count += count;
        (self.min, self.max) = (min, max);
    }
}

/// What is printed of a record; no moments for text and complex numbers, nor where every value is missing.
#[derive(Clone, Copy, Debug)]
struct Statistics {
    elements: u64,
    missing: u64,
    moments: Option<[f64; 4]>,
}

/// The statistics of one record.
fn statistics(file: &File, record: usize) -> Result<Statistics> {
    let has_missing = file.record(record)?.attributes.data_type & 64 != 0;
    let view = file.view(record, &ViewOptions::default())?;
    let mut moments = Moments::NONE;
    let codes = has_missing.then(|| file.missing_codes());
    elements::for_each_piece(&view, codes, |values| moments.add(values))?;
    let Moments { count, missing, min, max, mean, squares } = moments;
    let deviation = (squares / count as f64).sqrt();
    Ok(Statistics {
        elements: view.elements(),
        missing,
        moments: (count > 0).then_some([min, max, mean, deviation]),
    })
}

#[derive(Serialize)]
struct StatsLine {
    #[serde(flatten)]
    record: RecordLine,
    elements: Option<u64>,
    missing: Option<u64>,
    min: Option<f64>,
    max: Option<f64>,
    mean: Option<f64>,
    standard_deviation: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The views that were made, for JSON.
#[derive(Serialize)]
struct ViewsLine {
    views: Views,
}

#[derive(Serialize)]
struct Views {
    total: u64,
    mapped: u64,
    shared: u64,
    read: u64,
    decoded: u64,
    copied: u64,
    zero_copy: u64,
    bytes_mapped: u64,
    bytes_read: u64,
    bytes_decoded: u64,
}

impl From<StatsSnapshot> for Views {
    fn from(made: StatsSnapshot) -> Views {
        let [mapped, shared, read, decoded, copied] = made.views;
        Views {
            total: made.views.iter().sum(),
            mapped,
            shared,
            read,
            decoded,
            copied,
            zero_copy: mapped + shared,
            bytes_mapped: made.bytes_mapped,
            bytes_read: made.bytes_read,
            bytes_decoded: made.bytes_decoded,
        }
    }
}

/// The titles of the columns.
const TITLES: &str = "       NOMV TV ETIQUETTE              LEVEL (DATE-V  h m s)     POINTS   MISSING           MIN           MAX          MEAN        STDDEV";

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> std::result::Result<Verdict, Failure> {
    let options = OpenOptions {
        access: Access::Map,
        missing: Missing::Nan,
        threads: arguments.threads,
        ..OpenOptions::default()
    };
    let file = open(&arguments.files, options)?;
    let selected = arguments.filter.select(&file)?;
    let paths = record::paths(&file);
    let bar = progress(selected.len());
    let mut verdict = Verdict::Well;
    if !arguments.json {
        titles(out, TITLES)?;
    }
    for batch in selected.chunks(BATCH) {
        let results = parallel(batch.len(), arguments.threads, |number| {
            let result = statistics(&file, batch[number]);
            bar.inc(1);
            result
        })?;
        bar.suspend(|| -> std::result::Result<(), Failure> {
            for (record, result) in batch.iter().zip(results) {
                if let Err(error) = &result {
                    complain(&placed(error, &file, *record));
                    verdict = verdict.max(Verdict::Wrong);
                }
                if arguments.json {
                    json_line(out, &line(&file, *record, &paths, result)?)?;
                } else {
                    writeln!(out, "{record:5}- {}", row(&file, *record, result.ok())?)?;
                }
            }
            out.flush()?;
            Ok(())
        })?;
    }
    bar.finish_and_clear();
    let views = Views::from(file.stats());
    if arguments.json {
        json_line(out, &ViewsLine { views })?;
        return Ok(verdict);
    }
    let Views { total, mapped, shared, read, decoded, copied, zero_copy, .. } = views;
    let share = if total == 0 { 0.0 } else { 100.0 * zero_copy as f64 / total as f64 };
    writeln!(
        out,
        "\n{total} views: {mapped} mapped, {shared} shared, {read} read, {decoded} decoded, {copied} copied. Zero-copy {share:.1} %."
    )?;
    Ok(verdict)
}

/// An error with file and record, which errors of a view do not have of themselves.
fn placed(error: &fstview::Error, file: &File, record: usize) -> String {
    let text = error.to_string();
    let place = format!("record {record}");
    if text.contains(&place) {
        return text;
    }
    let path =
        file.parts().find(|part| part.records.contains(&record)).map(|part| part.path.display().to_string());
    format!("{}, {place}: {text}", path.unwrap_or_default())
}

fn line(file: &File, record: usize, paths: &[String], result: Result<Statistics>) -> Result<StatsLine> {
    let record = RecordLine::new(file, record, paths)?;
    let (statistics, error) = match result {
        Ok(statistics) => (Some(statistics), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let moment = |which: usize| statistics.and_then(|statistics| Some(statistics.moments?[which]));
    Ok(StatsLine {
        record,
        elements: statistics.map(|statistics| statistics.elements),
        missing: statistics.map(|statistics| statistics.missing),
        min: moment(0),
        max: moment(1),
        mean: moment(2),
        standard_deviation: moment(3),
        error,
    })
}

fn row(file: &File, record: usize, statistics: Option<Statistics>) -> Result<String> {
    let of = &file.record(record)?.attributes;
    let whole = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
    let mut row = format!(
        "{:4} {:2} {:12} {} {} {:>10} {:>9}",
        natural::text(&of.nomvar),
        natural::text(&of.typvar),
        natural::text(&of.etiket),
        natural::level_column(of),
        natural::compact(natural::valid(of)),
        whole(statistics.map(|statistics| statistics.elements)),
        whole(statistics.map(|statistics| statistics.missing)),
    );
    let moments = statistics.and_then(|statistics| statistics.moments);
    for which in 0..4 {
        let text = moments.map_or("-".to_owned(), |moments| natural::general(moments[which]));
        row.push_str(&format!(" {text:>13}"));
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_do_not_depend_on_the_pieces() {
        let values: Vec<f64> = (0..1000).map(|number| 1e6 + f64::from(number * 7919 % 1000)).collect();
        for piece in [1, 7, 100, 1000] {
            let mut moments = Moments::NONE;
            for part in values.chunks(piece) {
                moments.add(part);
            }
            assert_eq!((moments.count, moments.min, moments.max), (1000, 1e6, 1_000_999.0));
            assert!((moments.mean - 1_000_499.5).abs() < 1e-6, "{moments:?}");
            let variance = moments.squares / 1000.0;
            assert!((variance - 83_333.25).abs() < 1e-6, "{variance}");
        }
    }

    #[test]
    fn missing_values_do_not_count() {
        let mut moments = Moments::NONE;
        moments.add(&[f64::NAN; 3]);
        moments.add(&[f64::NAN, 2.0, 4.0]);
        assert_eq!((moments.count, moments.missing, moments.mean, moments.squares), (2, 4, 3.0, 2.0));
    }
}
