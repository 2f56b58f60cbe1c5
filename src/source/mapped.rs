// SPDX-License-Identifier: MIT OR Apache-2.0
//! Mappings of files: shared and read-only for views, private and writable for copy-on-write views.

use std::fs::File;
use std::io;

use memmap2::{Advice, Mmap, MmapMut, MmapOptions};

/// A whole file, mapped read-only.
#[derive(Debug)]
pub struct Mapping {
    map: Mmap,
}

impl Mapping {
    /// Maps the first `len` bytes of `file`.
    pub fn new(file: &File, len: u64) -> io::Result<Mapping> {
        let len = usize::try_from(len).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        // SAFETY: the mapping is never turned into a slice by this crate; only its address is handed out, to
        // callers who are told that another process may change or cut the file under it.
        let map = unsafe { MmapOptions::new().len(len).map(file)? };
        Ok(Mapping { map })
    }

    /// Address of the first byte.
    pub fn address(&self) -> *const u8 {
        self.map.as_ptr()
    }

    /// Asks the system to read ahead. A refusal costs nothing but the advice.
    pub fn prefetch(&self, offset: u64, len: u64) {
        let (Ok(offset), Ok(len)) = (usize::try_from(offset), usize::try_from(len)) else { return };
        if offset.checked_add(len).is_some_and(|end| end <= self.map.len()) {
            let _ = self.map.advise_range(Advice::WillNeed, offset, len);
        }
    }
}

/// A private, writable mapping of a part of a file: pages are copied when they are first written.
#[derive(Debug)]
pub struct PrivateMap {
    map: MmapMut,
}

impl PrivateMap {
    /// Maps `len` bytes at `offset`.
    pub fn new(file: &File, offset: u64, len: u64) -> io::Result<PrivateMap> {
        let len = usize::try_from(len).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
        // SAFETY: as for `Mapping::new`; writes go to private copies of the pages.
        let map = unsafe { MmapOptions::new().offset(offset).len(len).map_copy(file)? };
        Ok(PrivateMap { map })
    }

    /// Address of the first byte.
    pub fn address(&self) -> *const u8 {
        self.map.as_ptr()
    }

    /// The bytes, to be changed.
    #[cfg(test)]
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.map
    }
}
