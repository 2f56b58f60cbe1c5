// SPDX-License-Identifier: MIT OR Apache-2.0
//! A directory while it is being read.

use super::{Directory, Entry, Format, MAX_PROBLEMS, Metadata, OFFSETS};
use crate::codec::ByteOrder;
use crate::error::Fault;
use crate::source::{Columns, NoRoom, ReadError};

/// Entries that go to the columns at a time: few enough to stay in the nearest cache, enough to make the growth of
/// twenty columns cost next to nothing.
const BLOCK: usize = 64;

/// Collects the records of one file, in file order.
pub struct Builder {
    directory: Directory,
    /// Entries that are not in the columns yet.
    block: Vec<Entry>,
}

impl Builder {
    /// An empty directory; the arguments are the fields of that name.
    pub fn new(format: Format, order: ByteOrder, trail: u32, info_words: bool) -> Builder {
        let directory = Directory {
            format,
            order,
            trail,
            info_words,
            columns: Columns::default(),
            metadata: Vec::new(),
            problems: Vec::new(),
        };
        Builder { directory, block: Vec::new() }
    }

    /// Number of records so far.
    pub fn len(&self) -> usize {
        self.directory.len() + self.block.len()
    }

    /// Makes room for `count` more records: the caller has seen the bytes of that many.
    pub fn reserve(&mut self, count: usize) -> Result<(), ReadError> {
        self.directory.columns.reserve(count.saturating_add(self.block.len())).map_err(no_memory)
    }

    /// Adds a record.
    pub fn push(&mut self, entry: Entry) -> Result<(), ReadError> {
        match self.block.len() {
            0 => {
                let refused = |_| ReadError::NoMemory((BLOCK * size_of::<Entry>()) as u64);
                self.block.try_reserve_exact(BLOCK).map_err(refused)?;
            }
            BLOCK => self.flush()?,
            _ => {}
        }
        self.block.push(entry);
        Ok(())
    }

    /// Adds the place of the extended metadata of the record that was added last.
    pub fn push_metadata(&mut self, offset: u64, bytes: u32) -> Result<(), ReadError> {
        let metadata = Metadata { record: self.len() as u64 - 1, offset, bytes };
        let list = &mut self.directory.metadata;
        list.try_reserve(1).map_err(|_| ReadError::NoMemory(size_of::<Metadata>() as u64))?;
        list.push(metadata);
        Ok(())
    }

    /// Removes all records but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        let Directory { columns, metadata, .. } = &mut self.directory;
        self.block.truncate(count.saturating_sub(columns.len()));
        columns.truncate(count);
        metadata.retain(|metadata| metadata.record < count as u64);
    }

    /// Whether there is a record at this place of the file; records were added in the order of their places.
    pub fn has_record_at(&self, offset: u64) -> bool {
        self.directory.columns.longs(OFFSETS).binary_search(&offset).is_ok()
            || self.block.iter().any(|entry| entry.offset == offset)
    }

    /// Whether further problems would be dropped.
    pub fn is_full_of_problems(&self) -> bool {
        self.directory.problems.len() >= MAX_PROBLEMS
    }

    /// Notes what is damaged or unclosed.
    pub fn problem(&mut self, fault: Fault) {
        if self.directory.problems.len() < MAX_PROBLEMS {
            self.directory.problems.push(fault);
        }
    }

    /// The directory, complete.
    pub fn finish(mut self) -> Result<Directory, ReadError> {
        self.flush()?;
        Ok(self.directory)
    }

    /// Moves the block to the columns.
    fn flush(&mut self) -> Result<(), ReadError> {
        let block = &self.block;
        self.directory
            .columns
            .extend(
                block.len(),
                |column, row| if column == OFFSETS { block[row].offset } else { block[row].bytes },
                |column, row| block[row].keys.get(column).copied().unwrap_or(block[row].lead),
                |row| block[row].refusal.map_or(0, |refusal| refusal as u8),
            )
            .map_err(no_memory)?;
        self.block.clear();
        Ok(())
    }
}

fn no_memory(NoRoom(bytes): NoRoom) -> ReadError {
    ReadError::NoMemory(bytes)
}
