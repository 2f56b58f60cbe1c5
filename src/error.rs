// SPDX-License-Identifier: MIT OR Apache-2.0
//! The one error type. Every variant says what, where, and the values.
//!
//! Code below `file` works on bytes and knows no path: it reports a [`Fault`], with the offset if there is
//! one. The layers that know the file and the record wrap it into an [`Error`].

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::source::reserve;

/// The result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of rule a file breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// An invariant of the format is broken.
    Corrupt,
    /// The file ends before what its directory promises.
    Truncated,
    /// Recognised, but not something that this version reads.
    Unsupported,
    /// Nothing wrong in the file: no memory to work on it.
    NoMemory,
}

/// Something wrong in the bytes of a file: which rule, where, what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The kind of rule.
    pub kind: FaultKind,
    /// Byte offset, from the start of what the reporter was given.
    pub offset: Option<u64>,
    /// What was expected and what was found.
    pub message: String,
}

impl Fault {
    /// A broken invariant.
    #[cold]
    pub fn corrupt(message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Corrupt, offset: None, message: message.into() }
    }

    /// Bytes that should be there and are not.
    #[cold]
    pub fn truncated(message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Truncated, offset: None, message: message.into() }
    }

    /// Something that is recognised and not read.
    #[cold]
    pub fn unsupported(message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Unsupported, offset: None, message: message.into() }
    }

    /// Memory for `count` elements that could not be had.
    #[cold]
    pub fn no_memory<T>(count: usize) -> Fault {
        let bytes = count.saturating_mul(size_of::<T>());
        Fault { kind: FaultKind::NoMemory, offset: None, message: format!("out of memory: {bytes} bytes") }
    }

    /// The same fault at `offset`.
    pub fn at(mut self, offset: u64) -> Fault {
        self.offset = Some(offset);
        self
    }

    /// The same fault with its offset counted from `base` bytes earlier; without an offset, at `base`.
    pub fn shifted(mut self, base: u64) -> Fault {
        self.offset = Some(base.saturating_add(self.offset.unwrap_or(0)));
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(offset) = self.offset {
            write!(f, "at byte {offset}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Where in the files an error belongs: the path and, if it concerns one record, its 0-based number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The record, numbered as the caller numbers it.
    pub record: Option<u64>,
}

impl Place {
    /// A whole file.
    pub fn file(path: &Path) -> Place {
        Place { path: path.to_owned(), record: None }
    }

    /// One record of a file.
    pub fn record(path: &Path, record: u64) -> Place {
        Place { path: path.to_owned(), record: Some(record) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(record) = self.record {
            write!(f, ", record {record}")?;
        }
        Ok(())
    }
}

/// Everything that can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A null pointer, an unknown enumeration value, contradictory options.
    #[error("invalid argument: {0}")]
    InvalidArgument(String),
    /// A handle that is stale, released twice, of another kind, or made up.
    #[error("invalid handle: {0}")]
    InvalidHandle(String),
    /// No such file.
    #[error("{}: no such file: {source}", path.display())]
    NoSuchFile {
        /// The path that was given.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A search found nothing.
    #[error("no record matches: {0}")]
    NoMatch(String),
    /// The file may not be read.
    #[error("{}: permission denied: {source}", path.display())]
    Permission {
        /// The path that was given.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Any other error of the system.
    #[error("{}: {action}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done.
        action: String,
        /// The system's answer.
        source: io::Error,
    },
    /// Not an RPN standard file.
    #[error("{}: not an RPN standard file: {found}", path.display())]
    NotFst {
        /// The file.
        path: PathBuf,
        /// What it looks like instead.
        found: String,
    },
    /// The file breaks a rule of its format, ends too early, or uses something that is not supported.
    #[error("{place}: {fault}")]
    Format {
        /// File and record.
        place: Place,
        /// The rule, the offset, the values.
        fault: Fault,
    },
    /// A record number or a slab outside what there is.
    #[error("out of range: {0}")]
    OutOfRange(String),
    /// A destination that cannot hold the record.
    #[error("shape mismatch: {0}")]
    ShapeMismatch(String),
    /// A requested element type that cannot hold the stored one.
    #[error("type mismatch: {0}")]
    TypeMismatch(String),
    /// An allocation was refused.
    #[error("out of memory: {bytes} bytes for {purpose}")]
    NoMemory {
        /// How much was asked for.
        bytes: u64,
        /// What it was for.
        purpose: String,
    },
    /// A configured limit would be exceeded.
    #[error("limit: {0}")]
    Limit(String),
    /// A batch was cancelled before this record was begun.
    #[error("cancelled by the caller before it was begun")]
    Cancelled,
    /// A defect of this library.
    #[error("internal error: {0}")]
    Internal(String),
}

impl Error {
    /// Room for `count` more elements, or the error that says what they were for.
    pub(crate) fn room<T>(list: &mut Vec<T>, count: usize, purpose: &str) -> Result<()> {
        // Small lists could still be had from the reserve, one after another.
        if list.try_reserve(count).is_err() || reserve::drawn() {
            return Err(Error::no_memory(
                (list.len().saturating_add(count)).saturating_mul(size_of::<T>()),
                purpose,
            ));
        }
        Ok(())
    }

    /// The error for an allocation that was refused.
    #[cold]
    pub(crate) fn no_memory(bytes: usize, purpose: &str) -> Error {
        Error::NoMemory { bytes: bytes as u64, purpose: purpose.to_owned() }
    }

    /// The error for a system call on `path` that failed while doing `action`.
    pub(crate) fn system(path: &Path, action: impl Into<String>, source: io::Error) -> Error {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Error::NoSuchFile { path, source },
            io::ErrorKind::PermissionDenied => Error::Permission { path, source },
            io::ErrorKind::OutOfMemory => {
                Error::NoMemory { bytes: 0, purpose: format!("{} ({})", action.into(), path.display()) }
            }
            _ => Error::Io { path, action: action.into(), source },
        }
    }
}
