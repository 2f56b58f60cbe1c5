// SPDX-License-Identifier: MIT OR Apache-2.0
//! The command `fstview`: listings, summaries, statistics, pictures and verification of RPN Standard Files.
//!
//! `docs/command.md` says what it prints; its outputs are stable. Results go to standard output, messages to standard
//! error, each after `fstview: `. Exit status: 0 all is well, 1 something in a file is wrong, 2 wrong usage or a file
//! that cannot be opened.
#![forbid(unsafe_code)]

mod check;
mod elements;
mod filter;
mod info;
mod listing;
#[cfg(test)]
mod manual;
mod natural;
mod pager;
mod record;
mod show;
mod stats;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use fstview::file::{File, OpenOptions};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pager::Pager;
use serde::Serialize;

/// Lists, summarises, draws and verifies RPN Standard Files (XDF and RSF).
#[derive(Parser)]
#[command(name = "fstview", version, disable_help_subcommand = true, arg_required_else_help = false)]
#[command(
    after_help = "Exit status: 0 all is well, 1 something in a file is wrong, 2 wrong usage or a file that \
                        cannot be opened.\n`fstview COMMAND --help` tells the options of a command."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One line a record; several files are listed as one
    List(listing::Arguments),
    /// What each file holds: format, size, variables, times, levels, damage
    Info(info::Arguments),
    /// Minimum, maximum, mean and standard deviation of each record
    Stats(stats::Arguments),
    /// Verifies the directory and decodes every record
    Check(check::Arguments),
    /// Draws a field with its colour scale
    Show(show::Arguments),
}

/// How much is wrong; the exit status is the worst of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Well,
    Wrong,
    Unusable,
}

/// Why the command cannot go on.
enum Failure {
    /// Whoever read standard output has seen enough.
    Pipe,
    /// Standard output cannot be written.
    Output(io::Error),
    /// A file cannot be used, or an option means nothing.
    Message(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe { Failure::Pipe } else { Failure::Output(error) }
    }
}

impl From<fstview::Error> for Failure {
    fn from(error: fstview::Error) -> Failure {
        Failure::Message(error.to_string())
    }
}

/// Standard output or a pager, in large pieces.
type Output = BufWriter<Box<dyn Write>>;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let mut pager = match &arguments.command {
        Command::List(arguments) if arguments.has_pages() => Pager::start(),
        _ => None,
    };
    let input = pager.as_mut().and_then(Pager::input);
    let mut out = BufWriter::new(input.unwrap_or_else(|| Box::new(io::stdout().lock())));
    let result = match arguments.command {
        Command::List(arguments) => listing::run(&arguments, &mut out),
        Command::Info(arguments) => info::run(&arguments, &mut out),
        Command::Stats(arguments) => stats::run(&arguments, &mut out),
        Command::Check(arguments) => check::run(&arguments, &mut out),
        Command::Show(arguments) => show::run(&arguments, &mut out),
    };
    let result = result.and_then(|verdict| {
        out.flush()?;
        Ok(verdict)
    });
    let status = match result {
        Ok(verdict) => {
            drop(out);
            ExitCode::from(verdict as u8)
        }
        Err(Failure::Pipe) => {
            // What is left in the buffer has no reader.
            let _ = out.into_parts();
            ExitCode::SUCCESS
        }
        Err(Failure::Output(error)) => {
            let _ = out.into_parts();
            complain(&format!("standard output: {error}"));
            ExitCode::from(Verdict::Unusable as u8)
        }
        Err(Failure::Message(message)) => {
            let _ = out.flush();
            drop(out);
            complain(&message);
            ExitCode::from(Verdict::Unusable as u8)
        }
    };
    if let Some(pager) = pager {
        pager.wait();
    }
    status
}

/// Answers `--help` and `--version`, and complains about wrong arguments.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        // A reader that has gone is no failure.
        let _ = write!(io::stdout(), "{text}");
        return ExitCode::SUCCESS;
    }
    complain(text.strip_prefix("error: ").unwrap_or(&text).trim_end());
    ExitCode::from(Verdict::Unusable as u8)
}

/// Writes a message to standard error, if anybody listens.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "fstview: {message}");
}

/// Opens files as one, and says on standard error which are damaged or unclosed.
fn open(paths: &[PathBuf], options: OpenOptions) -> Result<File, Failure> {
    let file = match paths {
        [path] => File::open(path, options)?,
        paths => File::open_many(paths, options)?,
    };
    for part in file.parts() {
        if let [first, rest @ ..] = part.problems {
            let more = if rest.is_empty() { String::new() } else { format!(" (and {} more)", rest.len()) };
            complain(&format!("{}: opened as far as it is sound: {first}{more}", part.path.display()));
        }
    }
    Ok(file)
}

/// Writes one JSON object and the end of its line.
fn json_line(out: &mut Output, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Whether a stream is a terminal that wants colours.
fn colours(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a line of column titles, bold on a terminal that wants colours.
fn titles(out: &mut Output, text: &str) -> io::Result<()> {
    if colours(&io::stdout()) { writeln!(out, "\x1b[1m{text}\x1b[0m\n") } else { writeln!(out, "{text}\n") }
}

/// Mebibytes, as listings print them.
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

/// Records that are worked on before their results are written.
const BATCH: usize = 512;

/// A progress bar on standard error; nothing where that is no terminal.
fn progress(records: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(records as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} records, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
