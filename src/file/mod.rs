//! An open FST file, or several as one: sources and directories.

mod stats;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::codec::missing::{Missing, MissingCodes};
use crate::container::{Attributes, Directory, Extent, Format};
use crate::error::{Error, Result};
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

/// One of the files that make up a [`File`].
#[derive(Debug)]
pub(crate) struct Part {
    pub source: Arc<Source>,
    pub directory: Directory,
}

/// An open FST file, or several that are treated as one: record numbers run on.
#[derive(Debug)]
pub struct File {
    parts: Vec<Part>,
    /// Number of the first record of each part, and behind the last one the number of records.
    starts: Vec<usize>,
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
        Ok(File::new(vec![open_part(path, &options)?], options))
    }

    /// Opens several files as one, in the order given.
    pub fn open_many(paths: &[PathBuf], options: OpenOptions) -> Result<File> {
        if paths.is_empty() {
            return Err(Error::InvalidArgument("a list of files is empty".to_owned()));
        }
        let opened = crate::view::parallel(paths.len(), options.threads, |number| {
            open_part(&paths[number], &options)
        })?;
        Ok(File::new(opened.into_iter().collect::<Result<_>>()?, options))
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
        Ok(File::new(vec![Part { source: Arc::new(source), directory }], options))
    }

    fn new(parts: Vec<Part>, options: OpenOptions) -> File {
        let mut starts = vec![0];
        let mut total = 0;
        for part in &parts {
            total += part.directory.len();
            starts.push(total);
        }
        let codes = missing_codes();
        let stats = Arc::new(Stats::default());
        let shared = Arc::new(SharedArrays::new(options.cache_bytes));
        File { parts, starts, options, codes, stats, shared }
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
            complete: self.parts.iter().all(|part| part.directory.problems().is_empty()),
        }
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

    /// The directories, each with the number of its first record.
    pub(crate) fn directories(&self) -> impl Iterator<Item = (usize, &Directory)> {
        self.starts.iter().copied().zip(self.parts.iter().map(|part| &part.directory))
    }

    pub(crate) fn threads(&self) -> u32 {
        self.options.threads
    }

    fn describe(&self) -> String {
        let first = self.parts[0].source.path().display();
        match self.parts.len() {
            1 => first.to_string(),
            count => format!("{first} and {} more files", count - 1),
        }
    }

    /// What is known of a record.
    pub fn record(&self, record: usize) -> Result<RecordInfo> {
        let (file_number, local) = self.locate(record)?;
        let directory = &self.parts[file_number].directory;
        Ok(RecordInfo {
            attributes: directory.attributes(local),
            extent: directory.extent(local),
            file_number,
            has_metadata: directory.has_metadata(local),
        })
    }

    /// The extended metadata of a record as it is in the file, normally JSON in UTF-8; empty when there is none.
    pub fn metadata(&self, record: usize) -> Result<Vec<u8>> {
        let (number, local) = self.locate(record)?;
        let part = &self.parts[number];
        part.directory
            .metadata(local, &part.source)
            .map_err(|error| error.into_error(part.source.path(), Some(record as u64)))
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

fn open_part(path: &Path, options: &OpenOptions) -> Result<Part> {
    let source = Source::open(path, options.access, options.threshold())?;
    let directory = Directory::read(&source, options.strict)?;
    Ok(Part { source: Arc::new(source), directory })
}
