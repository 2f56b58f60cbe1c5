// SPDX-License-Identifier: MIT OR Apache-2.0
//! An open FST file, or several as one: sources and directories.

mod stats;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::codec::missing::{Missing, MissingCodes};
use crate::container::{Attributes, Directory, Extent, Format, Keys};
use crate::error::{Error, Fault, Place, Result};
use crate::source::{Access, Source};
use crate::view::SharedArrays;
pub use stats::{Origin, Stats, StatsSnapshot};

/// Files larger than this are mapped, unless the caller says otherwise.
pub const DEFAULT_MAP_THRESHOLD: u64 = 1 << 30;

/// How files are opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenOptions {
    /// Mapped or read.
    pub access: Access,
    /// Size in bytes above which [`Access::Auto`] maps; 0 is the default: `FSTVIEW_MAP_THRESHOLD`, or 1 GiB.
    pub map_threshold: u64,
    /// Bytes of decoded arrays kept after their last release.
    pub cache_bytes: u64,
    /// Larger arrays are refused; 0 is no limit.
    pub max_array_bytes: u64,
    /// Threads of batch calls; 0 is the cores that this process may use.
    pub threads: u32,
    /// What becomes of missing values.
    pub missing: Missing,
    /// Whether an unclosed or damaged file is an error.
    pub strict: bool,
    /// Whether files among several that cannot be opened are left out, as long as one can.
    pub skip_unreadable: bool,
}

impl OpenOptions {
    fn threshold(&self) -> u64 {
        if self.map_threshold != 0 {
            return self.map_threshold;
        }
        std::env::var("FSTVIEW_MAP_THRESHOLD")
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(DEFAULT_MAP_THRESHOLD)
    }
}

/// What lists of files are for, in messages.
const FILES: &str = "the list of files";

/// One of the files that make up a [`File`].
#[derive(Debug)]
pub(crate) struct Part {
    /// Its place in the list that the caller gave.
    pub number: usize,
    pub source: Arc<Source>,
    pub directory: Directory,
}

impl Part {
    /// What is known of a record of this part; `keys` are the record's key words.
    #[inline(always)]
    pub fn record(&self, local: usize, keys: &Keys) -> RecordInfo {
        RecordInfo {
            attributes: Attributes::new(keys),
            extent: self.directory.extent(local),
            file_number: self.number,
            has_metadata: self.directory.has_metadata(local),
        }
    }

    /// The extended metadata of a record of this part, whose first record has number `first`.
    pub fn metadata(&self, local: usize, first: usize) -> Result<Vec<u8>> {
        let metadata = self.directory.metadata(local, &self.source);
        metadata.map_err(|error| error.into_error(self.source.path(), Some((first + local) as u64)))
    }
}

/// An open FST file, or several that are treated as one: record numbers run on.
#[derive(Debug)]
pub struct File {
    parts: Vec<Part>,
    /// Number of the first record of each part, and behind the last one the number of records.
    starts: Vec<usize>,
    /// Files that were left out.
    skipped: Vec<Problem>,
    pub(crate) options: OpenOptions,
    pub(crate) codes: MissingCodes,
    pub(crate) stats: Arc<Stats>,
    pub(crate) shared: Arc<SharedArrays>,
}

/// What a file is as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// The flavour of the first file.
    pub format: Format,
    /// Number of files.
    pub file_count: usize,
    /// Number of records.
    pub record_count: usize,
    /// Total size on disk.
    pub bytes: u64,
    /// Whether the first file is mapped.
    pub mapped: bool,
    /// Whether every file is intact.
    pub complete: bool,
}

/// One of the files that were opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartInfo<'f> {
    /// The path that was opened.
    pub path: &'f Path,
    /// Its flavour.
    pub format: Format,
    /// Its records, as the whole numbers them.
    pub records: Range<usize>,
    /// Its size on disk.
    pub bytes: u64,
    /// Whether it is mapped.
    pub mapped: bool,
    /// What is damaged or unclosed; empty for a complete file.
    pub problems: &'f [Fault],
}

/// Something wrong with one of the files.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Which of the files that were to be opened.
    pub file_number: usize,
    /// What it is.
    pub error: Arc<Error>,
}

/// What the directory says of one record, and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordInfo {
    /// The attributes.
    pub attributes: Attributes,
    /// The place in its file.
    pub extent: Extent,
    /// Which of the files.
    pub file_number: usize,
    /// Whether it has extended metadata.
    pub has_metadata: bool,
}

impl File {
    /// Opens one file.
    pub fn open(path: &Path, options: OpenOptions) -> Result<File> {
        File::new(vec![open_part(0, path, &options)?], Vec::new(), options)
    }

    /// Opens several files as one, in the order given. With [`OpenOptions::skip_unreadable`], those that cannot be
    /// opened are left out, as long as one can; [`File::problems`] keeps the reasons.
    pub fn open_many(paths: &[PathBuf], options: OpenOptions) -> Result<File> {
        if paths.is_empty() {
            return Err(Error::InvalidArgument("a list of files is empty".to_owned()));
        }
        let opened = crate::view::parallel(paths.len(), options.threads, |number| {
            open_part(number, &paths[number], &options)
        })?;
        let skip = options.skip_unreadable && opened.iter().any(Result::is_ok);
        let (mut parts, mut skipped) = (Vec::new(), Vec::new());
        Error::room(&mut parts, opened.len(), FILES)?;
        for (number, part) in opened.into_iter().enumerate() {
            match part {
                Ok(part) => parts.push(part),
                Err(error) if skip && !matches!(error, Error::NoMemory { .. }) => {
                    Error::room(&mut skipped, 1, FILES)?;
                    skipped.push(Problem { file_number: number, error: Arc::new(error) });
                }
                Err(error) => return Err(error),
            }
        }
        File::new(parts, skipped, options)
    }

    /// Opens an image in memory.
    ///
    /// # Safety
    /// `address` must point to `len` readable bytes that stay valid and unchanged until the file is closed and the
    /// last view of it is gone. `address` may be null only when `len` is 0.
    pub unsafe fn open_memory(address: *const u8, len: usize, options: OpenOptions) -> Result<File> {
        // SAFETY: the caller's promise is the one that `from_memory` asks for.
        let source = unsafe { Source::from_memory(address, len) };
        let directory = Directory::read(&source, options.strict)?;
        File::new(vec![Part { number: 0, source: Arc::new(source), directory }], Vec::new(), options)
    }

    fn new(parts: Vec<Part>, skipped: Vec<Problem>, options: OpenOptions) -> Result<File> {
        let mut starts = Vec::new();
        Error::room(&mut starts, parts.len() + 1, FILES)?;
        starts.push(0);
        let mut total = 0;
        for part in &parts {
            total += part.directory.len();
            starts.push(total);
        }
        let codes = missing_codes();
        let stats = Arc::new(Stats::default());
        let shared = Arc::new(SharedArrays::new(options.cache_bytes));
        Ok(File { parts, starts, skipped, options, codes, stats, shared })
    }

    /// Number of records.
    pub fn record_count(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// The file as a whole.
    pub fn info(&self) -> FileInfo {
        let first = &self.parts[0];
        FileInfo {
            format: first.directory.format(),
            file_count: self.parts.len(),
            record_count: self.record_count(),
            bytes: self.parts.iter().map(|part| part.source.len()).sum(),
            mapped: first.source.is_mapped(),
            complete: self.skipped.is_empty()
                && self.parts.iter().all(|part| part.directory.problems().is_empty()),
        }
    }

    /// The files that were opened, in their order.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = PartInfo<'_>> {
        self.parts.iter().zip(self.starts.windows(2)).map(|(part, starts)| PartInfo {
            path: part.source.path(),
            format: part.directory.format(),
            records: starts[0]..starts[1],
            bytes: part.source.len(),
            mapped: part.source.is_mapped(),
            problems: part.directory.problems(),
        })
    }

    /// What is wrong: files that were left out, damage that was opened around, records whose place is impossible, in
    /// this order.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let damage = self.parts.iter().flat_map(|part| {
            let place = Place::file(part.source.path());
            part.directory.problems().iter().map(move |fault| Problem {
                file_number: part.number,
                error: Arc::new(Error::Format { place: place.clone(), fault: fault.clone() }),
            })
        });
        let refused = self.numbered_parts().flat_map(|(part, start)| {
            (0..part.directory.len()).filter_map(move |local| {
                let refusal = part.directory.refusal(local)?;
                let fault = part.directory.refusal_fault(local, refusal, part.source.len());
                let place = Place::record(part.source.path(), (start + local) as u64);
                Some(Problem { file_number: part.number, error: Arc::new(Error::Format { place, fault }) })
            })
        });
        self.skipped.iter().cloned().chain(damage).chain(refused)
    }

    /// What breaks a rule of the container in one of the files and costs a reader nothing: checksums, counts, marks
    /// that only writers use ([`Directory::notices`]).
    pub fn notices(&self, file_number: usize) -> Result<Vec<Fault>> {
        let part = self.parts.iter().find(|part| part.number == file_number).ok_or_else(|| {
            Error::OutOfRange(format!("file {file_number} of {} is not open", self.describe()))
        })?;
        part.directory.notices(&part.source)
    }

    /// What stands for a missing value of each element type when [`OpenOptions::missing`] asks for codes.
    pub fn missing_codes(&self) -> &MissingCodes {
        &self.codes
    }

    /// How often each kind of view was made, and what it cost.
    pub fn stats(&self) -> StatsSnapshot {
        self.stats.snapshot()
    }

    /// The part that holds a record, and the record's number in it.
    pub(crate) fn locate(&self, record: usize) -> Result<(usize, usize)> {
        if record >= self.record_count() {
            return Err(Error::OutOfRange(format!(
                "record {record} of {}, which has {} records",
                self.describe(),
                self.record_count()
            )));
        }
        if self.parts.len() == 1 {
            return Ok((0, record));
        }
        let number = self.starts.partition_point(|start| *start <= record) - 1;
        Ok((number, record - self.starts[number]))
    }

    pub(crate) fn part(&self, number: usize) -> &Part {
        &self.parts[number]
    }

    /// The parts, each with the number of its first record.
    pub(crate) fn numbered_parts(&self) -> impl Iterator<Item = (&Part, usize)> {
        self.parts.iter().zip(self.starts.iter().copied())
    }

    pub(crate) fn threads(&self) -> u32 {
        self.options.threads
    }

    /// The path, and how many more there are.
    pub(crate) fn describe(&self) -> String {
        let first = self.parts[0].source.path().display();
        match self.parts.len() {
            1 => first.to_string(),
            count => format!("{first} and {} more files", count - 1),
        }
    }

    /// What is known of a record.
    pub fn record(&self, record: usize) -> Result<RecordInfo> {
        let (number, local) = self.locate(record)?;
        let part = &self.parts[number];
        Ok(part.record(local, &part.directory.keys(local)))
    }

    /// The extended metadata of a record as it is in the file, normally JSON in UTF-8; empty when there is none.
    pub fn metadata(&self, record: usize) -> Result<Vec<u8>> {
        let (number, local) = self.locate(record)?;
        self.parts[number].metadata(local, self.starts[number])
    }
}

/// The codes of the environment variable `MISSING_VALUE_FLAGS`, looked at once per process (`packing.md` 6.3).
fn missing_codes() -> MissingCodes {
    static CODES: OnceLock<MissingCodes> = OnceLock::new();
    *CODES.get_or_init(|| {
        std::env::var_os("MISSING_VALUE_FLAGS")
            .map_or(MissingCodes::DEFAULT, |text| MissingCodes::from_text(text.as_encoded_bytes()))
    })
}

fn open_part(number: usize, path: &Path, options: &OpenOptions) -> Result<Part> {
    let source = Source::open(path, options.access, options.threshold())?;
    let directory = Directory::read(&source, options.strict)?;
    Ok(Part { number, source: Arc::new(source), directory })
}
