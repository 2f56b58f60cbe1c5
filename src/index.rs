// SPDX-License-Identifier: MIT OR Apache-2.0
//! The attributes of all records at once, as columns: what tables and data frames are made of.
//!
//! Rows are records, in file order. The columns have the names of the attributes and hold what [`File::record`] and
//! [`File::natural`] say of each record one by one; strings are without their padding. Dates and levels are also there
//! decoded, with nulls where the codes mean nothing.

use std::collections::TryReserveError;
use std::ffi::CStr;

use crate::attributes::date;
use crate::attributes::level::{self, Level};
use crate::container::{Attributes, KEY_WORDS, Keys, grid_type_text, keys, unpadded};
use crate::error::{Error, Result};
use crate::file::{File, RecordInfo};
use crate::query;
use crate::view::{Natural, Naturals};

/// Bit of [`flags`]: the payload is the array already, aligned in the file.
pub const MAPPABLE: u32 = 1;
/// Bit of [`flags`]: compressed ("turbo").
pub const TURBO: u32 = 2;
/// Bit of [`flags`]: may have missing values.
pub const HAS_MISSING: u32 = 4;
/// Bit of [`flags`]: has extended metadata.
pub const HAS_METADATA: u32 = 8;
/// Bit of [`flags`]: a grid descriptor.
pub const IS_DESCRIPTOR: u32 = 16;

/// What kind of record it is, in bits. `natural` is its array; `None` when it cannot be decoded.
pub fn flags(record: &RecordInfo, natural: Option<&Natural>) -> u32 {
    let Attributes { data_type, nomvar, .. } = &record.attributes;
    let bit = |set: bool, flag: u32| if set { flag } else { 0 };
    bit(natural.is_some_and(|natural| natural.mappable), MAPPABLE)
        | bit(data_type & 128 != 0, TURBO)
        | bit(data_type & 64 != 0, HAS_MISSING)
        | bit(record.has_metadata, HAS_METADATA)
        | bit(query::is_descriptor(nomvar), IS_DESCRIPTOR)
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Name of the attribute.
    pub name: &'static CStr,
    /// One value a record.
    pub values: Values,
    /// Which of them are there.
    pub validity: Validity,
}

/// The values of a column.
#[derive(Debug)]
pub enum Values {
    /// Numbers.
    U64(Vec<u64>),
    /// Numbers.
    I64(Vec<i64>),
    /// Numbers.
    U32(Vec<u32>),
    /// Numbers.
    I32(Vec<i32>),
    /// Numbers.
    F32(Vec<f32>),
    /// Dates: seconds since 1970-01-01 00:00 UTC.
    Seconds(Vec<i64>),
    /// Strings in UTF-8.
    Text(Texts),
}

/// Strings, one after another.
#[derive(Debug)]
pub struct Texts {
    /// Where each string begins in `bytes`; behind the last one, where it ends.
    pub offsets: Vec<i32>,
    /// Their bytes.
    pub bytes: Vec<u8>,
}

/// Which values of a column are there.
#[derive(Debug)]
pub enum Validity {
    /// All, always.
    Full,
    /// Those whose bit is set, the lowest bit of a byte first. The others, `nulls` of them, are 0.
    Partial {
        /// A bit a record.
        bits: Vec<u8>,
        /// Values that are not there.
        nulls: usize,
    },
}

/// The attributes of all records of a file.
#[derive(Debug)]
pub struct Index {
    /// Number of records.
    pub rows: usize,
    /// The columns.
    pub columns: Vec<Column>,
}

/// Longest string of a record.
const LONGEST: usize = 12;

/// Records that go to the columns at a time: what stays in the nearest cache. A multiple of 8.
const BLOCK: usize = 64;

/// Seconds since 1970 of the dates of a record; `None` where a stamp is no date.
#[derive(Clone, Copy)]
struct Dates {
    origin: Option<i64>,
    valid: Option<i64>,
}

/// One row, as far as it takes more than a look at the record.
struct Row {
    number: usize,
    info: RecordInfo,
    grtyp: [u8; 1],
    natural: Option<Natural>,
    dates: Dates,
    level: Option<Level>,
}

impl Index {
    /// The attributes of all records of `file`. Errors: no memory; more than 178 million records, the strings of which
    /// could be more than their offsets can count.
    pub fn new(file: &File) -> Result<Index> {
        let rows = file.record_count();
        if rows.checked_mul(LONGEST).is_none_or(|bytes| bytes > i32::MAX as usize) {
            return Err(Error::Limit(format!(
                "an index of {rows} records: expected at most {}",
                i32::MAX as usize / LONGEST
            )));
        }
        let mut columns = columns(rows).map_err(|_| Error::NoMemory {
            bytes: rows as u64 * 220,
            purpose: format!("an index of {rows} records"),
        })?;
        let mut keys = [[0; KEY_WORDS]; BLOCK];
        let mut block = Vec::new();
        Error::room(&mut block, BLOCK, "a block of an index")?;
        for (part, first) in file.numbered_parts() {
            let mut naturals = Naturals::new(part, file.options.missing);
            let mut decoded = Decoded::default();
            let mut local = 0;
            while local < part.directory.len() {
                // A block may end in one file and go on in the next.
                let keys = &mut keys[..(part.directory.len() - local).min(BLOCK - block.len())];
                part.directory.copy_keys(local, keys);
                for keys in &*keys {
                    let info = part.record(local, keys);
                    let dates = decoded.dates(keys, &info.attributes);
                    block.push(Row {
                        number: first + local,
                        grtyp: [grid_type_text(info.attributes.grtyp)],
                        natural: naturals.of(local, keys),
                        dates,
                        level: decoded.level(info.attributes.ip[0]),
                        info,
                    });
                    local += 1;
                }
                if block.len() == BLOCK {
                    columns.iter_mut().for_each(|column| column.extend(&block));
                    block.clear();
                }
            }
        }
        columns.iter_mut().for_each(|column| column.extend(&block));
        Ok(Index { rows, columns: columns.into_iter().map(|column| column.finish()).collect() })
    }
}

/// What was decoded last: records that follow one another often share their codes.
#[derive(Default)]
struct Decoded {
    dates: Option<(Keys, Dates)>,
    level: Option<(u32, Option<Level>)>,
}

impl Decoded {
    fn dates(&mut self, keys: &Keys, attributes: &Attributes) -> Dates {
        match &self.dates {
            Some((last, dates)) if keys::agree(last, keys, &keys::DATES) => *dates,
            _ => {
                let Attributes { datev, deet, npas, .. } = *attributes;
                let origin = date::origin_unix_seconds(datev, deet, npas);
                let dates = Dates { origin, valid: date::unix_seconds(datev) };
                self.dates = Some((*keys, dates));
                dates
            }
        }
    }

    fn level(&mut self, ip1: u32) -> Option<Level> {
        match self.level {
            Some((known, level)) if known == ip1 => level,
            _ => {
                let level = level::decode(ip1 as i32).ok();
                self.level = Some((ip1, level));
                level
            }
        }
    }
}

/// A column in the making. It has room for all rows from the start.
trait Growing {
    fn extend(&mut self, block: &[Row]);
    fn finish(self: Box<Self>) -> Column;
}

type Grown = std::result::Result<Box<dyn Growing>, TryReserveError>;

/// Room for `count` values.
fn room<T>(count: usize) -> std::result::Result<Vec<T>, TryReserveError> {
    let mut values = Vec::new();
    values.try_reserve_exact(count)?;
    Ok(values)
}

/// A column without nulls.
struct Plain<T, F> {
    name: &'static CStr,
    values: Vec<T>,
    wrap: fn(Vec<T>) -> Values,
    value: F,
}

fn plain<T: 'static>(
    name: &'static CStr,
    rows: usize,
    wrap: fn(Vec<T>) -> Values,
    value: impl Fn(&Row) -> T + 'static,
) -> Grown {
    Ok(Box::new(Plain { name, values: room(rows)?, wrap, value }))
}

impl<T, F: Fn(&Row) -> T> Growing for Plain<T, F> {
    fn extend(&mut self, block: &[Row]) {
        self.values.extend(block.iter().map(&self.value));
    }

    fn finish(self: Box<Self>) -> Column {
        Column { name: self.name, values: (self.wrap)(self.values), validity: Validity::Full }
    }
}

/// A column with nulls.
struct Partial<T, F> {
    name: &'static CStr,
    values: Vec<T>,
    bits: Vec<u8>,
    nulls: usize,
    wrap: fn(Vec<T>) -> Values,
    value: F,
}

fn partial<T: Default + 'static>(
    name: &'static CStr,
    rows: usize,
    wrap: fn(Vec<T>) -> Values,
    value: impl Fn(&Row) -> Option<T> + 'static,
) -> Grown {
    Ok(Box::new(Partial { name, values: room(rows)?, bits: room(rows.div_ceil(8))?, nulls: 0, wrap, value }))
}

impl<T: Default, F: Fn(&Row) -> Option<T>> Growing for Partial<T, F> {
    fn extend(&mut self, block: &[Row]) {
        // All blocks but the last one are whole, so that each begins with a new byte.
        for rows in block.chunks(8) {
            let mut bits = 0;
            for (place, row) in rows.iter().enumerate() {
                let value = (self.value)(row);
                bits |= u8::from(value.is_some()) << place;
                self.values.push(value.unwrap_or_default());
            }
            self.bits.push(bits);
            self.nulls += rows.len() - bits.count_ones() as usize;
        }
    }

    fn finish(self: Box<Self>) -> Column {
        let validity = Validity::Partial { bits: self.bits, nulls: self.nulls };
        Column { name: self.name, values: (self.wrap)(self.values), validity }
    }
}

/// A column of strings.
struct Strings<F> {
    name: &'static CStr,
    texts: Texts,
    value: F,
}

fn strings(name: &'static CStr, rows: usize, width: usize, value: impl Fn(&Row) -> &[u8] + 'static) -> Grown {
    let mut offsets = room(rows + 1)?;
    offsets.push(0);
    Ok(Box::new(Strings { name, texts: Texts { offsets, bytes: room(rows * width)? }, value }))
}

impl<F: Fn(&Row) -> &[u8]> Growing for Strings<F> {
    fn extend(&mut self, block: &[Row]) {
        let Texts { offsets, bytes } = &mut self.texts;
        for row in block {
            bytes.extend_from_slice(unpadded((self.value)(row)));
            // `Index::new` saw to it that the sum of all fits.
            offsets.push(bytes.len() as i32);
        }
    }

    fn finish(self: Box<Self>) -> Column {
        Column { name: self.name, values: Values::Text(self.texts), validity: Validity::Full }
    }
}

/// All columns, empty.
fn columns(rows: usize) -> std::result::Result<Vec<Box<dyn Growing>>, TryReserveError> {
    use Values::*;
    let n = rows;
    Ok(vec![
        plain(c"record", n, U64, |row| row.number as u64)?,
        plain(c"file_number", n, U32, |row| row.info.file_number as u32)?,
        strings(c"nomvar", n, 4, |row| &row.info.attributes.nomvar)?,
        strings(c"typvar", n, 2, |row| &row.info.attributes.typvar)?,
        strings(c"grtyp", n, 1, |row| &row.grtyp)?,
        strings(c"etiket", n, LONGEST, |row| &row.info.attributes.etiket)?,
        plain(c"ni", n, I64, |row| row.info.attributes.shape[0] as i64)?,
        plain(c"nj", n, I64, |row| row.info.attributes.shape[1] as i64)?,
        plain(c"nk", n, I64, |row| row.info.attributes.shape[2] as i64)?,
        plain(c"data_type", n, I32, |row| row.info.attributes.data_type.into())?,
        plain(c"data_bits", n, I32, |row| row.info.attributes.data_bits.into())?,
        plain(c"pack_bits", n, I32, |row| row.info.attributes.pack_bits.into())?,
        plain(c"dateo", n, I32, |row| row.info.attributes.dateo)?,
        plain(c"datev", n, I32, |row| row.info.attributes.datev)?,
        partial(c"origin", n, Seconds, |row| row.dates.origin)?,
        partial(c"valid", n, Seconds, |row| row.dates.valid)?,
        plain(c"deet", n, I32, |row| row.info.attributes.deet as i32)?,
        plain(c"npas", n, I32, |row| row.info.attributes.npas as i32)?,
        plain(c"ip1", n, I32, |row| row.info.attributes.ip[0] as i32)?,
        plain(c"ip2", n, I32, |row| row.info.attributes.ip[1] as i32)?,
        plain(c"ip3", n, I32, |row| row.info.attributes.ip[2] as i32)?,
        partial(c"level", n, F32, |row| row.level.map(|level| level.value))?,
        partial(c"level_kind", n, I32, |row| row.level.map(|level| level.kind))?,
        plain(c"ig1", n, I32, |row| row.info.attributes.ig[0] as i32)?,
        plain(c"ig2", n, I32, |row| row.info.attributes.ig[1] as i32)?,
        plain(c"ig3", n, I32, |row| row.info.attributes.ig[2] as i32)?,
        plain(c"ig4", n, I32, |row| row.info.attributes.ig[3] as i32)?,
        plain(c"dtype", n, I32, |row| row.natural.map_or(0, |natural| natural.dtype as i32))?,
        plain(c"flags", n, U32, |row| flags(&row.info, row.natural.as_ref()))?,
        plain(c"file_offset", n, U64, |row| row.info.extent.record_offset)?,
        plain(c"stored_bytes", n, U64, |row| row.info.extent.record_bytes)?,
        plain(c"payload_offset", n, U64, |row| row.info.extent.payload_offset)?,
        plain(c"payload_bytes", n, U64, |row| row.info.extent.payload_bytes)?,
        plain(c"array_bytes", n, U64, |row| row.natural.map_or(0, |natural| natural.bytes))?,
    ])
}
