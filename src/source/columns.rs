// SPDX-License-Identifier: MIT OR Apache-2.0
//! Columns of one height in one block of memory: a directory of thousands of records costs one allocation, whose pages the
//! system makes in one call instead of one fault each.

use std::alloc::{self, Layout};
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use super::advise_huge_pages;

/// Columns of 64 bits, of 32 bits and of 8 bits; they lie in the block in this order, each `capacity` elements apart.
pub struct Columns<const LONGS: usize, const WORDS: usize> {
    block: NonNull<u8>,
    /// Rows that the block has room for; no block when 0.
    capacity: usize,
    /// Rows that are filled.
    len: usize,
}

/// The block could not be had: its size, bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct NoRoom(pub u64);

/// Words of 32 bits in a line of the cache.
const LINE: usize = 16;

/// So many bytes are worth a call that makes their pages.
const POPULATED: usize = 128 * 1024;

/// Of blocks of this size the system is asked for huge pages.
const HUGE: usize = 16 * 1024 * 1024;

// SAFETY: the block belongs to the value alone and holds plain numbers.
unsafe impl<const LONGS: usize, const WORDS: usize> Send for Columns<LONGS, WORDS> {}
// SAFETY: a shared reference gives nothing but shared slices of plain numbers.
unsafe impl<const LONGS: usize, const WORDS: usize> Sync for Columns<LONGS, WORDS> {}

impl<const LONGS: usize, const WORDS: usize> Columns<LONGS, WORDS> {
    /// Bytes of a row: that of the last column is single.
    const ROW: usize = 8 * LONGS + 4 * WORDS + 1;

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The block for `capacity` rows; `None` when it would be larger than anything can be.
    fn layout(capacity: usize) -> Option<Layout> {
        Layout::from_size_align(capacity.checked_mul(Self::ROW)?, align_of::<u64>()).ok()
    }

    /// Makes room for `more` rows behind those that are filled.
    pub fn reserve(&mut self, more: usize) -> Result<(), NoRoom> {
        let Some(wanted) = self.len.checked_add(more) else { return Err(NoRoom(u64::MAX)) };
        if wanted <= self.capacity {
            return Ok(());
        }
        // One that grew once grows by halves, so that rows are moved a bounded number of times.
        let rows = if self.capacity == 0 { wanted } else { wanted.max(self.capacity + self.capacity / 2) };
        let refused = || NoRoom((rows as u64).saturating_mul(Self::ROW as u64));
        // An odd multiple of a cache line's words: the columns of one row lie in as many sets of the nearest cache.
        let capacity = rows.checked_next_multiple_of(LINE).ok_or_else(refused)? | LINE;
        let layout = Self::layout(capacity).ok_or_else(refused)?;
        // SAFETY: `wanted` is above 0, so the layout is not empty.
        let block = NonNull::new(unsafe { alloc::alloc(layout) }).ok_or_else(refused)?;
        // SAFETY: the bytes were just allocated for us alone; uninitialised ones are what the slice is declared to hold.
        prepare(unsafe { std::slice::from_raw_parts_mut(block.cast().as_ptr(), layout.size()) });
        let old = std::mem::replace(self, Columns { block, capacity, len: 0 });
        // SAFETY: both blocks hold at least `old.len` elements in each column, and are different.
        unsafe {
            for column in 0..LONGS {
                ptr::copy_nonoverlapping(old.long(column), self.long(column), old.len);
            }
            for column in 0..WORDS {
                ptr::copy_nonoverlapping(old.word(column), self.word(column), old.len);
            }
            ptr::copy_nonoverlapping(old.byte(), self.byte(), old.len);
        }
        self.len = old.len;
        Ok(())
    }

    /// Adds `count` rows: the functions give the elements of a column and of a row, the first new row being row 0.
    pub fn extend(
        &mut self,
        count: usize,
        long: impl Fn(usize, usize) -> u64,
        word: impl Fn(usize, usize) -> u32,
        byte: impl Fn(usize) -> u8,
    ) -> Result<(), NoRoom> {
        self.reserve(count)?;
        // SAFETY: there is room for `len + count` elements in each column; those from `len` on are nobody else's.
        unsafe {
            for column in 0..LONGS {
                let first = self.long(column).add(self.len);
                (0..count).for_each(|row| first.add(row).write(long(column, row)));
            }
            for column in 0..WORDS {
                let first = self.word(column).add(self.len);
                (0..count).for_each(|row| first.add(row).write(word(column, row)));
            }
            let first = self.byte().add(self.len);
            (0..count).for_each(|row| first.add(row).write(byte(row)));
        }
        self.len += count;
        Ok(())
    }

    /// Removes all rows but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.len = self.len.min(count);
    }

    /// A column of 64 bits.
    pub fn longs(&self, column: usize) -> &[u64] {
        assert!(column < LONGS, "column {column} of {LONGS}");
        // SAFETY: the first `len` elements of each column are written, and stay while `self` is borrowed.
        unsafe { std::slice::from_raw_parts(self.long(column), self.len) }
    }

    /// A column of 32 bits.
    pub fn words(&self, column: usize) -> &[u32] {
        assert!(column < WORDS, "column {column} of {WORDS}");
        // SAFETY: as for `longs`.
        unsafe { std::slice::from_raw_parts(self.word(column), self.len) }
    }

    /// The column of 8 bits.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: as for `longs`.
        unsafe { std::slice::from_raw_parts(self.byte(), self.len) }
    }

    /// Where a column of 64 bits begins; `column` is below `LONGS`. Without a block: nowhere, but aligned.
    fn long(&self, column: usize) -> *mut u64 {
        self.block.as_ptr().wrapping_add(8 * column * self.capacity).cast()
    }

    /// Where a column of 32 bits begins; `column` is below `WORDS`.
    fn word(&self, column: usize) -> *mut u32 {
        self.block.as_ptr().wrapping_add((8 * LONGS + 4 * column) * self.capacity).cast()
    }

    /// Where the column of 8 bits begins.
    fn byte(&self) -> *mut u8 {
        self.block.as_ptr().wrapping_add((8 * LONGS + 4 * WORDS) * self.capacity)
    }
}

/// Columns without rows and without memory.
impl<const LONGS: usize, const WORDS: usize> Default for Columns<LONGS, WORDS> {
    fn default() -> Self {
        // Nowhere, but aligned for the widest elements: slices of no elements ask for that, too.
        Columns { block: NonNull::<u64>::dangling().cast(), capacity: 0, len: 0 }
    }
}

impl<const LONGS: usize, const WORDS: usize> Drop for Columns<LONGS, WORDS> {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.capacity).filter(|layout| layout.size() > 0) {
            // SAFETY: the block was allocated with this layout, which depends on the capacity alone.
            unsafe { alloc::dealloc(self.block.as_ptr(), layout) }
        }
    }
}

impl<const LONGS: usize, const WORDS: usize> std::fmt::Debug for Columns<LONGS, WORDS> {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{} rows of {LONGS} + {WORDS} + 1 columns", self.len)
    }
}

/// Has the pages of a block made before it is filled.
fn prepare(block: &mut [MaybeUninit<u8>]) {
    if block.len() >= HUGE {
        advise_huge_pages(block);
    } else if block.len() >= POPULATED {
        super::populate(block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = Columns<2, 3>;

    fn filled(counts: &[usize]) -> Pair {
        let mut columns = Pair::default();
        for &count in counts {
            let from = columns.len();
            columns
                .extend(
                    count,
                    |column, row| (column << 40 | (from + row)) as u64,
                    |column, row| (column << 28 | (from + row)) as u32,
                    |row| (from + row) as u8,
                )
                .unwrap();
        }
        columns
    }

    fn check(columns: &Pair, len: usize) {
        assert_eq!(columns.len(), len);
        for column in 0..2 {
            assert!(
                columns.longs(column).iter().copied().eq((0..len).map(|row| (column << 40 | row) as u64))
            );
        }
        for column in 0..3 {
            assert!(
                columns.words(column).iter().copied().eq((0..len).map(|row| (column << 28 | row) as u32))
            );
        }
        assert!(columns.bytes().iter().copied().eq((0..len).map(|row| row as u8)));
    }

    #[test]
    fn rows_stay_when_columns_grow() {
        assert!(Pair::default().is_empty());
        check(&Pair::default(), 0);
        check(&filled(&[0]), 0);
        check(&filled(&[1]), 1);
        check(&filled(&[1, 1, 1, 0, 2, 64, 3, 1000, 70_000]), 71_072);
        assert!((1..100).all(|rows| filled(&[rows]).capacity % (2 * LINE) == LINE));
        // Each of the sizes that are prepared in ways of their own.
        for size in [POPULATED, HUGE] {
            let rows = size / Pair::ROW + 1;
            check(&filled(&[rows, 1]), rows + 1);
        }
    }

    #[test]
    fn truncated_columns_can_be_filled_again() {
        let mut columns = filled(&[100]);
        columns.truncate(200);
        check(&columns, 100);
        columns.truncate(7);
        check(&columns, 7);
        columns
            .extend(1, |column, _| (column << 40 | 7) as u64, |column, _| (column << 28 | 7) as u32, |_| 7)
            .unwrap();
        check(&columns, 8);
    }

    #[test]
    fn rows_beyond_memory_are_refused_and_leave_what_is_there() {
        let mut columns = filled(&[10]);
        for rows in [usize::MAX, usize::MAX / 2, isize::MAX as usize / Pair::ROW] {
            let NoRoom(bytes) = columns.reserve(rows).unwrap_err();
            assert!(bytes > u64::MAX / 4, "{bytes}");
        }
        check(&columns, 10);
    }
}
