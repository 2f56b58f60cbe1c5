// SPDX-License-Identifier: MIT OR Apache-2.0
//! The program that shows long listings a page at a time.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

/// A running pager.
pub struct Pager(Child);

impl Pager {
    /// Starts what `PAGER` names, `less` without it, if standard output is a terminal. None when there is no such
    /// program, or `PAGER` is empty or `cat`: then there are no pages.
    pub fn start() -> Option<Pager> {
        let pager = std::env::var_os("PAGER").unwrap_or_else(|| OsString::from("less"));
        if !io::stdout().is_terminal() || pager.is_empty() || pager == "cat" {
            return None;
        }
        // A line of the shell, as everywhere; that it has no such command is found out before anything is written to it.
        let mut line = OsString::from("exec ");
        line.push(&pager);
        let first = pager.to_str().and_then(|pager| pager.split_whitespace().next())?;
        let known = Command::new("sh")
            .args(["-c", "command -v -- \"$1\"", "sh", first])
            .stdout(Stdio::null())
            .status();
        if !known.is_ok_and(|status| status.success()) {
            return None;
        }
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).stdin(Stdio::piped());
        if std::env::var_os("LESS").is_none() {
            // Colours, no pages for what fits on the screen, long lines cut.
            command.env("LESS", "FRSX");
        }
        command.spawn().ok().map(Pager)
    }

    /// Where its text goes; it ends when that is dropped.
    pub fn input(&mut self) -> Option<Box<dyn Write>> {
        self.0.stdin.take().map(|input| Box::new(input) as Box<dyn Write>)
    }

    /// Waits until the reader has seen enough.
    pub fn wait(mut self) {
        // It has nothing to say that matters.
        let _ = self.0.wait();
    }
}
