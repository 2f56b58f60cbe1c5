// SPDX-License-Identifier: MIT OR Apache-2.0
//! `fstview check`: verifies directories and decodes every record.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use fstview::container::Attributes;
use fstview::file::{File, OpenOptions};
use fstview::source::Access;
use fstview::view::{ViewOptions, parallel};
use fstview::{Error, Fault};
use serde::Serialize;

use crate::natural;
use crate::{BATCH, Failure, Output, Verdict, complain, json_line, progress};

/// Verifies files: their directories, the attributes of every record, and every payload by decoding it. Says what is
/// wrong and where. Notices are what breaks a rule without costing a reader anything: they leave a file sound.
#[derive(Args)]
pub struct Arguments {
    /// One JSON object for each thing that is wrong, and one for each file
    #[arg(long)]
    json: bool,
    /// Threads; 0 is the cores that this process may use
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: u32,
    /// Standard files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Severity {
    /// Data are lost, or may be.
    Error,
    /// A rule is broken and nothing is lost.
    Notice,
}

/// Something wrong.
#[derive(Debug)]
struct Finding {
    severity: Severity,
    record: Option<usize>,
    offset: Option<u64>,
    what: String,
}

impl Finding {
    fn of_file(severity: Severity, fault: &Fault) -> Finding {
        Finding { severity, record: None, offset: fault.offset, what: fault.message.clone() }
    }

    fn of_record(record: usize, error: Error) -> Finding {
        let (offset, what) = match error {
            Error::Format { fault, .. } => (fault.offset, fault.message),
            other => (None, other.to_string()),
        };
        Finding { severity: Severity::Error, record: Some(record), offset, what }
    }

    fn notice(record: usize, offset: u64, what: String) -> Finding {
        Finding { severity: Severity::Notice, record: Some(record), offset: Some(offset), what }
    }
}

#[derive(Serialize)]
struct FindingLine<'a> {
    file: &'a str,
    severity: Severity,
    record: Option<usize>,
    offset: Option<u64>,
    what: &'a str,
}

#[derive(Serialize)]
struct FileLine<'a> {
    file: &'a str,
    sound: bool,
    records: usize,
    errors: usize,
    notices: usize,
}

/// Findings of one file on their way to standard output.
struct Report<'a> {
    out: &'a mut Output,
    json: bool,
    path: String,
    errors: usize,
    notices: usize,
}

impl Report<'_> {
    fn add(&mut self, finding: &Finding) -> Result<(), Failure> {
        match finding.severity {
            Severity::Error => self.errors += 1,
            Severity::Notice => self.notices += 1,
        }
        let Finding { severity, record, offset, what } = finding;
        if self.json {
            let line =
                FindingLine { file: &self.path, severity: *severity, record: *record, offset: *offset, what };
            return Ok(json_line(self.out, &line)?);
        }
        let mut place = Vec::new();
        if *severity == Severity::Notice {
            place.push("notice".to_owned());
        }
        place.extend(record.map(|record| format!("record {record}")));
        place.extend(offset.map(|offset| format!("byte {offset}")));
        let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
        Ok(writeln!(self.out, "{}: {place}{what}", self.path)?)
    }

    fn finish(self, records: usize) -> Result<Verdict, Failure> {
        let Report { out, json, path, errors, notices } = self;
        if json {
            json_line(out, &FileLine { file: &path, sound: errors == 0, records, errors, notices })?;
        } else {
            let plural =
                |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let mut parts = vec![plural(records, "record")];
            if errors > 0 {
                parts.push(plural(errors, "error"));
            }
            if notices > 0 {
                parts.push(plural(notices, "notice"));
            }
            let verdict = if errors == 0 { "sound" } else { "damaged" };
            writeln!(out, "{path}: {verdict}: {}", parts.join(", "))?;
        }
        Ok(if errors == 0 { Verdict::Well } else { Verdict::Wrong })
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, out: &mut Output) -> Result<Verdict, Failure> {
    let mut verdict = Verdict::Well;
    for path in &arguments.files {
        verdict = verdict.max(check(path, arguments, out)?);
    }
    Ok(verdict)
}

fn check(path: &Path, arguments: &Arguments, out: &mut Output) -> Result<Verdict, Failure> {
    let mut report =
        Report { out, json: arguments.json, path: path.display().to_string(), errors: 0, notices: 0 };
    // Every byte is to be read, and a reading that fails is to be an error: no mapping.
    let options = OpenOptions { access: Access::Read, threads: arguments.threads, ..OpenOptions::default() };
    let file = match File::open(path, options) {
        Ok(file) => file,
        Err(Error::Format { fault, .. }) => {
            report.add(&Finding::of_file(Severity::Error, &fault))?;
            return report.finish(0);
        }
        Err(error) => {
            report.out.flush()?;
            complain(&error.to_string());
            return Ok(Verdict::Unusable);
        }
    };
    for part in file.parts() {
        for fault in part.problems {
            report.add(&Finding::of_file(Severity::Error, fault))?;
        }
    }
    for fault in file.notices(0)? {
        report.add(&Finding::of_file(Severity::Notice, &fault))?;
    }
    let records = file.record_count();
    let bar = progress(records);
    for start in (0..records).step_by(BATCH) {
        let count = BATCH.min(records - start);
        let findings = parallel(count, arguments.threads, |number| {
            let findings = check_record(&file, start + number);
            bar.inc(1);
            findings
        })?;
        bar.suspend(|| -> Result<(), Failure> {
            findings.iter().flatten().try_for_each(|finding| report.add(finding))?;
            report.out.flush()?;
            Ok(())
        })?;
    }
    bar.finish_and_clear();
    report.finish(records)
}

/// What is wrong with one record.
fn check_record(file: &File, record: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    match file.record(record) {
        Err(error) => findings.push(Finding::of_record(record, error)),
        Ok(found) => {
            let at = found.extent.record_offset;
            findings.extend(
                implausible(&found.attributes).into_iter().map(|what| Finding::notice(record, at, what)),
            );
            match file.metadata(record) {
                Err(error) => findings.push(Finding::of_record(record, error)),
                Ok(text) if std::str::from_utf8(&text).is_err() => {
                    findings.push(Finding::notice(record, at, "the metadata are not UTF-8".to_owned()));
                }
                Ok(_) => {}
            }
        }
    }
    if let Err(error) = file.view(record, &ViewOptions::default()) {
        findings.push(Finding::of_record(record, error));
    }
    findings
}

/// What no writer puts into a directory, though a reader can live with it (`semantics.md` 1.1, 3).
fn implausible(of: &Attributes) -> Vec<String> {
    let mut list = Vec::new();
    // 0 is what records without a date have, -1 what writers were given for none.
    if natural::valid(of).is_none() && !matches!(of.datev, 0 | -1) {
        list.push(format!("the stamp of validity {} is no date", of.datev));
    } else if natural::valid(of).is_some() && natural::origin(of).is_none() {
        list.push(format!(
            "no date lies {} steps of {} seconds before the stamp of validity {}",
            of.npas, of.deet, of.datev
        ));
    }
    if of.npas >= 1 << 24 {
        list.push(format!("{} time steps, expected less than 16777216", of.npas));
    }
    // Bits and text have no elements of their own.
    if !matches!(of.data_type & 63, 0 | 3 | 7) && !matches!(of.data_bits, 8 | 16 | 32 | 64) {
        list.push(format!("elements of {} bits, expected 8, 16, 32 or 64", of.data_bits));
    }
    if !(b' '..0x7F).contains(&of.grtyp) && of.grtyp != 0 {
        list.push(format!("the grid type is byte {:#04X}, expected a character", of.grtyp));
    }
    list
}
