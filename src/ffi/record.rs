// SPDX-License-Identifier: MIT OR Apache-2.0
//! Records: attributes, metadata, searching.

use std::ffi::c_char;

use super::args::{self, Output};
use super::guard::guard;
use super::handles;
use super::types::*;
use crate::attributes::date::CalendarDate;
use crate::container::{grid_type_text, unpadded};
use crate::error::{Error, Result};
use crate::file::File;
use crate::index;
use crate::metadata;
use crate::query::{self, Criteria, LevelRange, Period, Search};

/// A blank-padded string without its trailing blanks, NUL-terminated.
fn text<const N: usize>(padded: &[u8]) -> [c_char; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().take(N - 1).zip(unpadded(padded)) {
        *to = *from as c_char;
    }
    out
}

/// A grid type as text.
pub(super) fn grid_type(grtyp: u8) -> [c_char; 2] {
    text(&[grid_type_text(grtyp)])
}

/// What the directory says of a record.
///
/// A record whose data cannot be decoded is described all the same, with `dtype` and `array_bytes` 0; viewing it
/// says why. Errors: `FST_ERR_OUT_OF_RANGE`.
///
/// # Safety
/// `info` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_info(
    file: FstFile,
    record: usize,
    info: *mut FstRecordInfo,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(info, "info")? };
        let file = handles::get::<File>(file.id)?;
        output.write(record_info(&file, record)?);
        Ok(())
    })
}

#[inline(always)]
fn record_info(file: &File, record: usize) -> Result<FstRecordInfo> {
    let (found, natural) = file.record_and_array(record)?;
    let attributes = &found.attributes;
    let [ip1, ip2, ip3] = attributes.ip.map(|value| value as i32);
    let [ig1, ig2, ig3, ig4] = attributes.ig.map(|value| value as i32);
    let [ni, nj, nk] = attributes.shape.map(|extent| extent as i64);
    Ok(FstRecordInfo {
        struct_size: 0,
        nomvar: text(&attributes.nomvar),
        typvar: text(&attributes.typvar),
        grtyp: grid_type(attributes.grtyp),
        etiket: text(&attributes.etiket),
        ni,
        nj,
        nk,
        data_type: i32::from(attributes.data_type),
        data_bits: i32::from(attributes.data_bits),
        pack_bits: i32::from(attributes.pack_bits),
        dtype: natural.map_or(0, |natural| natural.dtype as FstDtype),
        dateo: attributes.dateo,
        datev: attributes.datev,
        deet: attributes.deet as i32,
        npas: attributes.npas as i32,
        ip1,
        ip2,
        ip3,
        ig1,
        ig2,
        ig3,
        ig4,
        flags: index::flags(&found, natural.as_ref()),
        file_number: found.file_number as u64,
        file_offset: found.extent.record_offset,
        stored_bytes: found.extent.record_bytes,
        payload_offset: found.extent.payload_offset,
        payload_bytes: found.extent.payload_bytes,
        array_bytes: natural.map_or(0, |natural| natural.bytes),
    })
}

/// The extended metadata (JSON text in UTF-8, as the writer left it) of a record.
///
/// `length` receives the number of bytes without the final NUL, also when `capacity` is too small; 0 when there are
/// none. The text and a NUL are written to `buffer` when they fit in `capacity` bytes; `buffer` may be NULL when
/// `capacity` is 0. A buffer that is too small is `FST_ERR_SHAPE_MISMATCH`, unless `capacity` is 0: then the call asks
/// for the length alone.
///
/// # Safety
/// `buffer` must be NULL or point to `capacity` writable bytes; `length` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_metadata(
    file: FstFile,
    record: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> FstStatus {
    guard(|| {
        args::check(length, "length")?;
        if capacity > 0 {
            args::check(buffer, "buffer")?;
        }
        let text = handles::get::<File>(file.id)?.metadata(record)?;
        // SAFETY: `length` is as this function's contract says.
        unsafe { args::store(length, "length", text.len())? };
        if capacity == 0 {
            return Ok(());
        }
        if text.len() >= capacity {
            return Err(Error::ShapeMismatch(format!(
                "the metadata of record {record} take {} bytes, the buffer has {capacity}",
                text.len() + 1
            )));
        }
        // SAFETY: `buffer` holds `capacity` bytes by this function's contract, more than the text and its NUL.
        unsafe {
            std::ptr::copy_nonoverlapping(text.as_ptr(), buffer.cast::<u8>(), text.len());
            buffer.cast::<u8>().add(text.len()).write(0);
        }
        Ok(())
    })
}

/// The criteria of a search; null is everything.
///
/// # Safety
/// As for `args::input`.
pub(super) unsafe fn criteria(pointer: *const FstCriteria) -> Result<Criteria> {
    // SAFETY: passed on from the caller.
    let Some(given) = (unsafe { args::input(pointer)? }) else { return Ok(Criteria::default()) };
    let string =
        |text: &[c_char]| text.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect();
    Ok(Criteria {
        nomvar: string(&given.nomvar),
        typvar: string(&given.typvar),
        grtyp: string(&given.grtyp),
        etiket: string(&given.etiket),
        dateo: given.dateo,
        datev: given.datev,
        data_type: given.data_type,
        data_bits: given.data_bits,
        pack_bits: given.pack_bits,
        shape: [given.ni, given.nj, given.nk],
        deet: given.deet,
        npas: given.npas,
        ip: [given.ip1, given.ip2, given.ip3],
        ig: [given.ig1, given.ig2, given.ig3, given.ig4],
        ip_all: [
            args::flag(given.ip1_all, "ip1_all")?,
            args::flag(given.ip2_all, "ip2_all")?,
            args::flag(given.ip3_all, "ip3_all")?,
        ],
        stamp_norun: args::flag(given.stamp_norun, "stamp_norun")?,
        skip_grid_descriptors: args::flag(given.skip_grid_descriptors, "skip_grid_descriptors")?,
    })
}

/// The numbers of the records that match, in file order.
///
/// `criteria` may be NULL: everything. At most `capacity` numbers are written to `records`, which may be NULL when
/// `capacity` is 0; `found` receives the total number of matches, which may be larger.
///
/// # Safety
/// `criteria` must be NULL or point to `struct_size` readable bytes; `records` must be NULL or point to `capacity`
/// writable numbers; `found` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_find(
    file: FstFile,
    criteria: *const FstCriteria,
    records: *mut usize,
    capacity: usize,
    found: *mut usize,
) -> FstStatus {
    guard(|| {
        let file = handles::get::<File>(file.id)?;
        // SAFETY: all pointers are as this function's contract says.
        unsafe {
            matches(records, capacity, found, || {
                let criteria = self::criteria(criteria)?;
                query::find(&file, &criteria)
            })
        }
    })
}

/// The numbers of the records that match a search, in file order. As `fst_find`, with lists, ranges and metadata.
///
/// `search` may be NULL: everything. At most `capacity` numbers are written to `records`, which may be NULL when
/// `capacity` is 0; `found` receives the total number of matches, which may be larger. Errors:
/// `FST_ERR_INVALID_ARGUMENT` for strings that no record can have, dates that do not exist, unknown kinds of level,
/// ranges that end before they start, levels that are no numbers, metadata that are no JSON object; `FST_ERR_LIMIT` for
/// lists of more than 65536 strings.
///
/// # Safety
/// `search` must be NULL or point to `struct_size` readable bytes, and so must the structs that it points to; its lists
/// must have as many elements as it says, its strings must be NUL-terminated; `records` must be NULL or point to `capacity`
/// writable numbers; `found` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_search(
    file: FstFile,
    search: *const FstSearch,
    records: *mut usize,
    capacity: usize,
    found: *mut usize,
) -> FstStatus {
    guard(|| {
        let file = handles::get::<File>(file.id)?;
        // SAFETY: all pointers are as this function's contract says.
        unsafe {
            matches(records, capacity, found, || {
                let search = self::search(search)?;
                query::search(&file, &search)
            })
        }
    })
}

/// Gives a caller what `find` finds.
///
/// # Safety
/// `records` must be null or point to `capacity` writable numbers; `found` must be null or writable.
unsafe fn matches(
    records: *mut usize,
    capacity: usize,
    found: *mut usize,
    find: impl FnOnce() -> Result<Vec<usize>>,
) -> Result<()> {
    args::check(found, "found")?;
    if capacity > 0 {
        args::check(records, "records")?;
    }
    let matches = find()?;
    for (place, record) in matches.iter().take(capacity).enumerate() {
        // SAFETY: `records` holds `capacity` numbers by this function's contract.
        unsafe { records.add(place).write_unaligned(*record) };
    }
    // SAFETY: `found` is as this function's contract says.
    unsafe { args::store(found, "found", matches.len()) }
}

/// A search; null is everything.
///
/// # Safety
/// As for `fst_search`.
unsafe fn search(pointer: *const FstSearch) -> Result<Search> {
    // SAFETY: passed on from the caller.
    let Some(given) = (unsafe { args::input(pointer)? }) else { return Ok(Search::default()) };
    if given.reserved != 0 {
        return Err(Error::InvalidArgument(format!("reserved is {}, expected 0", given.reserved)));
    }
    let range = [given.level_from, given.level_to];
    let levels = if args::flag(given.has_level, "has_level")? {
        Some(LevelRange { kind: given.level_kind, from: range[0], to: range[1] })
    } else if given.level_kind != 0 || range != [0.0; 2] {
        return Err(Error::InvalidArgument(format!(
            "level_kind is {}, level_from {}, level_to {}, but has_level is 0",
            given.level_kind, range[0], range[1]
        )));
    } else {
        None
    };
    // SAFETY: passed on from the caller, for all the pointers in the struct.
    unsafe {
        Ok(Search {
            criteria: criteria(given.criteria)?,
            nomvars: strings(given.nomvars, given.nomvar_count, "nomvars")?,
            typvars: strings(given.typvars, given.typvar_count, "typvars")?,
            etikets: strings(given.etikets, given.etiket_count, "etikets")?,
            valid: Period { from: date(given.valid_from)?, to: date(given.valid_to)? },
            origin: Period { from: date(given.origin_from)?, to: date(given.origin_to)? },
            levels,
            metadata: match given.metadata.is_null() {
                true => None,
                false => Some(text_of(given.metadata, "metadata", metadata::MAX_BYTES)?),
            },
        })
    }
}

/// A list of strings; null and 0 is none.
///
/// # Safety
/// `pointer` must be null or point to `count` pointers, each null or to a NUL-terminated string.
unsafe fn strings(pointer: *const *const c_char, count: usize, what: &str) -> Result<Vec<Vec<u8>>> {
    /// More strings than anybody types, fewer than exhaust the memory.
    const MOST: usize = 65_536;
    if count > MOST {
        return Err(Error::Limit(format!("{what}: {count} strings, expected at most {MOST}")));
    }
    // SAFETY: passed on from the caller.
    let pointers = unsafe { args::elements(pointer, count, what)? };
    let string = |(number, pointer): (usize, &*const c_char)| {
        // SAFETY: each is null or NUL-terminated by this function's contract.
        unsafe { text_of(*pointer, &format!("{what}[{number}]"), 255) }
    };
    let mut list = Vec::new();
    Error::room(&mut list, count, what)?;
    for pointer in pointers.iter().enumerate() {
        list.push(string(pointer)?);
        // A small allocation each.
        Error::room(&mut list, 0, what)?;
    }
    Ok(list)
}

/// A copy of a string of at most `most` bytes.
///
/// # Safety
/// `pointer` must be null or point to a NUL-terminated string.
unsafe fn text_of(pointer: *const c_char, what: &str, most: usize) -> Result<Vec<u8>> {
    // SAFETY: passed on from the caller.
    let text = unsafe { args::string(pointer, what)? };
    if text.len() > most {
        return Err(Error::InvalidArgument(format!(
            "{what} is {} bytes long, expected at most {most}",
            text.len()
        )));
    }
    let mut copy = Vec::new();
    Error::room(&mut copy, text.len(), what)?;
    copy.extend_from_slice(text);
    Ok(copy)
}

/// A date; null is none.
///
/// # Safety
/// As for `args::input`.
unsafe fn date(pointer: *const FstDate) -> Result<Option<CalendarDate>> {
    // SAFETY: passed on from the caller.
    let given = unsafe { args::input(pointer)? };
    Ok(given.map(|given| {
        let FstDate { year, month, day, hour, minute, second, .. } = given;
        CalendarDate { year, month, day, hour, minute, second }
    }))
}

/// The number of the first record that matches. Errors: `FST_ERR_NOT_FOUND` when none does.
///
/// # Safety
/// `criteria` must be NULL or point to `struct_size` readable bytes; `record` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_find_first(
    file: FstFile,
    criteria: *const FstCriteria,
    record: *mut usize,
) -> FstStatus {
    guard(|| {
        args::check(record, "record")?;
        let file = handles::get::<File>(file.id)?;
        // SAFETY: `criteria` is as this function's contract says.
        let criteria = unsafe { self::criteria(criteria)? };
        let first = query::find_first(&file, &criteria)?;
        // SAFETY: `record` is as this function's contract says.
        unsafe { args::store(record, "record", first) }
    })
}
