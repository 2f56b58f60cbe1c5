// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where bytes come from: a file that is mapped, a file that is read directly, or an image in memory.
//! The only module that opens files.
//!
//! Every read of ours goes through [`Source::read_at`], which uses `pread` also for mapped files: a file that
//! shrinks after opening gives an error and never a signal. The mapping serves only to hand out addresses.

mod columns;
mod mapped;
pub mod reserve;

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Fault, Result};
pub use columns::{Columns, NoRoom};
use mapped::Mapping;
pub use mapped::PrivateMap;

/// How the bytes of files are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Access {
    /// Files larger than the threshold are mapped, others are read.
    #[default]
    Auto,
    /// Always map.
    Map,
    /// Never map.
    Read,
}

/// Why bytes could not be had.
#[derive(Debug)]
pub enum ReadError {
    /// The file ends before them.
    Short {
        /// First byte wanted.
        offset: u64,
        /// How many were wanted.
        wanted: u64,
        /// Where the file ends.
        end: u64,
    },
    /// The system refused.
    System(io::Error),
    /// No memory for them.
    NoMemory(u64),
}

/// The bytes of one file.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    len: u64,
    /// When the file was last written before it was opened; `None` for an image, and where file systems do not tell.
    written: Option<SystemTime>,
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    Direct(File),
    Mapped(File, Mapping),
    Memory(MemoryImage),
}

/// An image in the caller's memory.
#[derive(Debug)]
struct MemoryImage {
    address: *const u8,
    len: usize,
}

// SAFETY: the image is only read, and the caller of `Source::from_memory` promised that it stays valid and
// unchanged for as long as the source lives, whichever thread reads it.
unsafe impl Send for MemoryImage {}
// SAFETY: as above: shared reads of memory that nobody changes.
unsafe impl Sync for MemoryImage {}

impl MemoryImage {
    fn bytes(&self) -> &[u8] {
        if self.len == 0 {
            return &[];
        }
        // SAFETY: `from_memory` was given `len` bytes at `address`, valid and unchanged while the source lives;
        // the slice borrows the source.
        unsafe { std::slice::from_raw_parts(self.address, self.len) }
    }
}

impl Source {
    /// Opens `path`. With [`Access::Auto`], files larger than `threshold` bytes are mapped; a file system that
    /// cannot map is read directly instead.
    pub fn open(path: &Path, access: Access, threshold: u64) -> Result<Source> {
        // O_NONBLOCK: a pipe or a device must not make the call wait.
        let file = File::options()
            .read(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_CLOEXEC)
            .open(path)
            .map_err(|e| Error::system(path, "cannot open", e))?;
        let metadata = file.metadata().map_err(|e| Error::system(path, "cannot examine", e))?;
        if !metadata.is_file() {
            let found = if metadata.is_dir() { "a directory" } else { "not a regular file" };
            return Err(Error::NotFst { path: path.to_owned(), found: found.to_owned() });
        }
        let len = metadata.size();
        let written = metadata.modified().ok();
        let map = match access {
            Access::Map => true,
            Access::Read => false,
            Access::Auto => len > threshold,
        };
        let bytes = if map && len > 0 {
            match Mapping::new(&file, len) {
                Ok(mapping) => Bytes::Mapped(file, mapping),
                Err(_) if access == Access::Auto => Bytes::Direct(file),
                Err(e) => return Err(Error::system(path, format!("cannot map {len} bytes"), e)),
            }
        } else {
            Bytes::Direct(file)
        };
        Ok(Source { path: path.to_owned(), len, written, bytes })
    }

    /// A file image in memory.
    ///
    /// # Safety
    /// `address` must point to `len` readable bytes that stay valid and unchanged until the source, and
    /// everything that refers to it, is gone. `address` may be null only when `len` is 0.
    pub unsafe fn from_memory(address: *const u8, len: usize) -> Source {
        Source {
            path: PathBuf::from(format!("memory image of {len} bytes")),
            len: len as u64,
            written: None,
            bytes: Bytes::Memory(MemoryImage { address, len }),
        }
    }

    /// The path that was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The size when it was opened, in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether there is not a single byte.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether the file is mapped.
    pub fn is_mapped(&self) -> bool {
        matches!(self.bytes, Bytes::Mapped(..))
    }

    /// Whether the bytes are an image in memory.
    pub fn is_memory(&self) -> bool {
        matches!(self.bytes, Bytes::Memory(_))
    }

    /// Whether the file was written since it was opened, as its size and time tell: what is written within one step of
    /// the file system's clock (some milliseconds) and leaves the size alone does not show. An image in memory never is.
    pub fn has_changed(&self) -> bool {
        match &self.bytes {
            Bytes::Direct(file) | Bytes::Mapped(file, _) => file
                .metadata()
                .map_or(true, |now| now.size() != self.len || now.modified().ok() != self.written),
            Bytes::Memory(_) => false,
        }
    }

    /// Fills `buffer` with the bytes from `offset` on.
    pub fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::result::Result<(), ReadError> {
        let wanted = buffer.len() as u64;
        match offset.checked_add(wanted) {
            Some(end) if end <= self.len => {}
            _ => return Err(ReadError::Short { offset, wanted, end: self.len }),
        }
        match &self.bytes {
            Bytes::Direct(file) | Bytes::Mapped(file, _) => {
                file.read_exact_at(buffer, offset).map_err(|e| match e.kind() {
                    io::ErrorKind::UnexpectedEof => ReadError::Short {
                        offset,
                        wanted,
                        end: file.metadata().map_or(self.len, |now| now.size()),
                    },
                    _ => ReadError::System(e),
                })
            }
            Bytes::Memory(image) => {
                let start = offset as usize;
                buffer.copy_from_slice(&image.bytes()[start..start + buffer.len()]);
                Ok(())
            }
        }
    }

    /// The bytes themselves, where reading them through memory can never fail: an image in memory.
    pub fn stable_bytes(&self, offset: u64, len: u64) -> Option<&[u8]> {
        match &self.bytes {
            Bytes::Memory(image) => {
                let end = offset.checked_add(len)?;
                image.bytes().get(usize::try_from(offset).ok()?..usize::try_from(end).ok()?)
            }
            _ => None,
        }
    }

    /// The address of `len` bytes at `offset`, in a mapping or in an image; valid while the source lives. To read
    /// through it is the business of whoever was told what a mapped view cannot promise.
    pub fn address(&self, offset: u64, len: u64) -> Option<*const u8> {
        if offset.checked_add(len)? > self.len {
            return None;
        }
        match &self.bytes {
            Bytes::Direct(_) => None,
            Bytes::Mapped(_, mapping) => Some(mapping.address().wrapping_add(usize::try_from(offset).ok()?)),
            Bytes::Memory(image) => Some(image.address.wrapping_add(usize::try_from(offset).ok()?)),
        }
    }

    /// A private copy-on-write mapping of `len` bytes at `offset`; `None` when the source is not mapped.
    pub fn private_map(&self, offset: u64, len: u64) -> Option<io::Result<PrivateMap>> {
        match &self.bytes {
            Bytes::Mapped(file, _) if offset.checked_add(len)? <= self.len => {
                Some(PrivateMap::new(file, offset, len))
            }
            _ => None,
        }
    }

    /// Asks the system to have `len` bytes at `offset` ready soon.
    pub fn prefetch(&self, offset: u64, len: u64) {
        if let Bytes::Mapped(_, mapping) = &self.bytes {
            mapping.prefetch(offset, len);
        }
    }
}

/// Asks the system for huge pages under memory that is about to be filled: faulting in small ones would cost more than
/// filling them. A refusal costs nothing but the advice.
fn advise_huge_pages(room: &mut [MaybeUninit<u8>]) {
    const HUGE_PAGE: usize = 2 * 1024 * 1024;
    advise(room, HUGE_PAGE, libc::MADV_HUGEPAGE);
}

/// Has the system make the pages of memory that is about to be filled, in one call instead of one fault each. A refusal
/// (a system that does not know how, memory that runs short) costs nothing: the pages come when they are touched.
fn populate(room: &mut [MaybeUninit<u8>]) {
    advise(room, PAGE, libc::MADV_POPULATE_WRITE);
}

const PAGE: usize = 4096;

/// Gives the advice for the pages of `room`, of which the first begins at a multiple of `unit`, except those that `room`
/// only begins.
fn advise(room: &mut [MaybeUninit<u8>], unit: usize, advice: libc::c_int) {
    let start = room.as_ptr() as usize;
    let first = start.next_multiple_of(unit);
    let end = (start + room.len()) / PAGE * PAGE;
    if end > first {
        // SAFETY: the range lies inside `room`, which is allocated; neither advice changes a byte of it.
        unsafe {
            libc::madvise(std::ptr::without_provenance_mut(first), end - first, advice);
        }
    }
}

impl ReadError {
    /// The error for a read of the file at `path`, `record` being the record concerned.
    pub fn into_error(self, path: &Path, record: Option<u64>) -> Error {
        let place = crate::error::Place { path: path.to_owned(), record };
        match self {
            ReadError::Short { offset, wanted, end } => Error::Format {
                place,
                fault: Fault::truncated(format!("expected {wanted} bytes, the file ends at byte {end}"))
                    .at(offset),
            },
            ReadError::System(source) => Error::system(path, format!("cannot read ({place})"), source),
            ReadError::NoMemory(bytes) => Error::NoMemory { bytes, purpose: format!("reading {place}") },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn sample() -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&(0..=255).collect::<Vec<u8>>()).unwrap();
        file
    }

    #[test]
    fn mapped_and_direct_reads_agree() {
        let file = sample();
        for access in [Access::Map, Access::Read] {
            let source = Source::open(file.path(), access, 0).unwrap();
            assert_eq!(source.is_mapped(), access == Access::Map);
            let mut buffer = [0; 5];
            source.read_at(&mut buffer, 251).unwrap();
            assert_eq!(buffer, [251, 252, 253, 254, 255]);
            assert!(matches!(source.read_at(&mut buffer, 252), Err(ReadError::Short { end: 256, .. })));
            assert!(matches!(source.read_at(&mut buffer, u64::MAX), Err(ReadError::Short { .. })));
        }
    }

    #[test]
    fn a_file_that_shrinks_is_an_error_and_no_signal() {
        let file = sample();
        for access in [Access::Map, Access::Read] {
            let source = Source::open(file.path(), access, 0).unwrap();
            file.as_file().set_len(100).unwrap();
            let mut buffer = [0; 200];
            assert!(matches!(source.read_at(&mut buffer, 0), Err(ReadError::Short { end: 100, .. })));
            file.as_file().set_len(256).unwrap();
        }
    }

    #[test]
    fn what_is_no_file_is_not_fst() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Source::open(folder.path(), Access::Auto, 0), Err(Error::NotFst { .. })));
        let missing = folder.path().join("missing");
        assert!(matches!(Source::open(&missing, Access::Auto, 0), Err(Error::NoSuchFile { .. })));
        assert!(matches!(Source::open(Path::new("/dev/zero"), Access::Auto, 0), Err(Error::NotFst { .. })));
    }

    #[test]
    fn a_private_map_never_changes_the_file() {
        let file = sample();
        let source = Source::open(file.path(), Access::Map, 0).unwrap();
        let mut private = source.private_map(10, 20).unwrap().unwrap();
        private.bytes_mut()[0] = 99;
        let mut byte = [0];
        source.read_at(&mut byte, 10).unwrap();
        assert_eq!((private.bytes_mut()[0], private.bytes_mut()[1], byte[0]), (99, 11, 10));
    }
}
