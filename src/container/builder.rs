// SPDX-License-Identifier: MIT OR Apache-2.0
//! A directory while it is being read.

use super::{Directory, Entry, Format, MAX_PROBLEMS, Metadata};
use crate::codec::ByteOrder;
use crate::error::Fault;
use crate::source::{ReadError, advise_huge_pages};

/// Entries that go to the columns at a time: few enough to stay in the nearest cache, enough to make the growth of
/// twenty columns cost next to nothing.
const BLOCK: usize = 64;

/// So many entries fill huge pages.
const MANY: usize = 500_000;

/// Words of 32 bits in a huge page.
const HUGE_PAGE_WORDS: usize = 512 * 1024;

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
            keys: Default::default(),
            offsets: Vec::new(),
            bytes: Vec::new(),
            leads: Vec::new(),
            refusals: Vec::new(),
            metadata: Vec::new(),
            problems: Vec::new(),
        };
        Builder { directory, block: Vec::with_capacity(BLOCK) }
    }

    /// Number of records so far.
    pub fn len(&self) -> usize {
        self.directory.len() + self.block.len()
    }

    /// Makes room for `count` more records: the caller has seen the bytes of that many.
    pub fn reserve(&mut self, count: usize) -> Result<(), ReadError> {
        let whole = count.checked_next_multiple_of(HUGE_PAGE_WORDS).unwrap_or(count);
        // The last huge page of a column is worth having when the column fills most of it.
        let room = if count >= MANY && whole - count <= count / 8 { whole } else { count };
        self.grow(room.saturating_add(self.block.len()))?;
        if count >= MANY {
            let Directory { keys, offsets, bytes, leads, .. } = &mut self.directory;
            for column in keys.iter_mut().chain([leads]) {
                advise_huge_pages(column.spare_capacity_mut());
            }
            for column in [offsets, bytes] {
                advise_huge_pages(column.spare_capacity_mut());
            }
        }
        Ok(())
    }

    /// Makes room in the columns.
    fn grow(&mut self, count: usize) -> Result<(), ReadError> {
        let Directory { keys, offsets, bytes, leads, refusals, .. } = &mut self.directory;
        keys.iter_mut()
            .try_for_each(|column| column.try_reserve(count))
            .and_then(|()| offsets.try_reserve(count))
            .and_then(|()| bytes.try_reserve(count))
            .and_then(|()| leads.try_reserve(count))
            .and_then(|()| refusals.try_reserve(count))
            .map_err(|_| ReadError::NoMemory(count as u64 * size_of::<Entry>() as u64))
    }

    /// Adds a record.
    pub fn push(&mut self, entry: Entry) -> Result<(), ReadError> {
        if self.block.len() == BLOCK {
            self.flush()?;
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
        let Directory { keys, offsets, bytes, leads, refusals, metadata, .. } = &mut self.directory;
        self.block.truncate(count.saturating_sub(offsets.len()));
        for column in keys {
            column.truncate(count);
        }
        offsets.truncate(count);
        bytes.truncate(count);
        leads.truncate(count);
        refusals.truncate(count);
        metadata.retain(|metadata| metadata.record < count as u64);
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
        self.grow(self.block.len())?;
        let Directory { keys, offsets, bytes, leads, refusals, .. } = &mut self.directory;
        let block = &self.block;
        for (word, column) in keys.iter_mut().enumerate() {
            column.extend(block.iter().map(|entry| entry.keys[word]));
        }
        offsets.extend(block.iter().map(|entry| entry.offset));
        bytes.extend(block.iter().map(|entry| entry.bytes));
        leads.extend(block.iter().map(|entry| entry.lead));
        refusals.extend(block.iter().map(|entry| entry.refusal.map_or(0, |refusal| refusal as u8)));
        self.block.clear();
        Ok(())
    }
}
