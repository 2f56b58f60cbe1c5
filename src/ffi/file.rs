// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files: open, close, what they are.

use std::ffi::{c_char, c_void};

use super::args::{self, Output};
use super::guard::{self, guard, guard_release};
use super::handles;
use super::types::*;
use crate::codec::missing::Missing;
use crate::container::Format;
use crate::error::{Error, Result};
use crate::file::{File, OpenOptions, Problem};
use crate::source::Access;

/// The options of an open call; null is the default.
///
/// # Safety
/// As for `args::input`.
unsafe fn options(pointer: *const FstOpenOptions) -> Result<OpenOptions> {
    // SAFETY: passed on from the caller.
    let Some(given) = (unsafe { args::input(pointer)? }) else { return Ok(OpenOptions::default()) };
    let access = match given.access {
        FST_ACCESS_AUTO => Access::Auto,
        FST_ACCESS_MAP => Access::Map,
        FST_ACCESS_READ => Access::Read,
        other => return Err(Error::InvalidArgument(format!("access {other} is none of FST_ACCESS_…"))),
    };
    let missing = match given.missing {
        FST_MISSING_KEEP => Missing::Keep,
        FST_MISSING_CODES => Missing::Codes,
        FST_MISSING_NAN => Missing::Nan,
        other => return Err(Error::InvalidArgument(format!("missing {other} is none of FST_MISSING_…"))),
    };
    Ok(OpenOptions {
        access,
        map_threshold: given.map_threshold,
        cache_bytes: given.cache_bytes,
        max_array_bytes: given.max_array_bytes,
        threads: given.threads,
        missing,
        strict: args::flag(given.strict, "strict")?,
        skip_unreadable: match given.skip_unreadable {
            0 => false,
            1 => true,
            other => {
                return Err(Error::InvalidArgument(format!("skip_unreadable is {other}, expected 0 or 1")));
            }
        },
    })
}

/// Opens a file and reads its directory; no payload is read. The format is recognised by content.
///
/// `path` is bytes, not text, and ends with a NUL. `options` may be NULL. On success `file` holds a handle that
/// `fst_close` gives back. Errors: `FST_ERR_NOT_FOUND`, `FST_ERR_PERMISSION`, `FST_ERR_IO`, `FST_ERR_NOT_FST`,
/// `FST_ERR_UNSUPPORTED`, `FST_ERR_CORRUPT`, `FST_ERR_TRUNCATED`. A damaged or unclosed file is opened as far as it
/// is sound, with `FstFileInfo.complete` = 0, unless `strict` is set.
///
/// # Safety
/// `path` must be NULL or a NUL-terminated string; `options` NULL or `struct_size` readable bytes; `file` NULL or
/// writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_open(
    path: *const c_char,
    options: *const FstOpenOptions,
    file: *mut FstFile,
) -> FstStatus {
    guard(|| {
        // SAFETY: the three pointers are as this function's contract says, which is what the conversions ask for.
        unsafe {
            args::check(file, "file")?;
            let path = args::path(path, "path")?;
            let opened = File::open(&path, self::options(options)?)?;
            args::store(file, "file", FstFile { id: handles::insert(opened)? })
        }
    })
}

/// Opens `n` files as one, in the order given: record numbers run on, searches see all. They are indexed in
/// parallel. One that cannot be opened is an error that names it, or is left out when `skip_unreadable` is set: then
/// `fst_file_problems` keeps the reason. `file_number` counts all of the `n` files.
///
/// # Safety
/// `paths` must be NULL or point to `n` pointers, each NULL or a NUL-terminated string; `options` and `file` as for
/// `fst_open`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_open_many(
    paths: *const *const c_char,
    n: usize,
    options: *const FstOpenOptions,
    file: *mut FstFile,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says, which is what the conversions ask for.
        unsafe {
            args::check(file, "file")?;
            let mut list = Vec::new();
            Error::room(&mut list, n, "the list of files")?;
            for (number, path) in args::elements(paths, n, "paths")?.iter().enumerate() {
                list.push(args::path(*path, &format!("path {number}"))?);
                // A small allocation each.
                Error::room(&mut list, 0, "the list of files")?;
            }
            let opened = File::open_many(&list, self::options(options)?)?;
            args::store(file, "file", FstFile { id: handles::insert(opened)? })
        }
    })
}

/// Opens the image of a file in memory. The caller keeps the `n` bytes at `bytes` alive and unchanged until the file
/// is closed and the last view of it is released; views of mappable records point into them.
///
/// # Safety
/// `bytes` must be NULL or point to `n` readable bytes, as said above; `options` and `file` as for `fst_open`.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_open_memory(
    bytes: *const c_void,
    n: usize,
    options: *const FstOpenOptions,
    file: *mut FstFile,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says; `open_memory` gets the caller's promise as it is, and a null
        // pointer only with no bytes.
        unsafe {
            args::check(file, "file")?;
            if n > isize::MAX as usize {
                return Err(Error::InvalidArgument(format!("an image of {n} bytes")));
            }
            if n > 0 {
                args::check(bytes.cast_mut(), "bytes")?;
            }
            let opened = File::open_memory(bytes.cast(), n, self::options(options)?)?;
            args::store(file, "file", FstFile { id: handles::insert(opened)? })
        }
    })
}

/// Closes a file. Views stay valid: they keep what they need alive.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn fst_close(file: FstFile) -> FstStatus {
    guard_release(|| handles::release::<File>(file.id))
}

/// What a file is as a whole.
///
/// # Safety
/// `info` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_file_info(file: FstFile, info: *mut FstFileInfo) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(info, "info")? };
        let found = handles::get::<File>(file.id)?.info();
        output.write(FstFileInfo {
            struct_size: 0,
            format: match found.format {
                Format::Xdf => FST_FORMAT_XDF,
                Format::Rsf => FST_FORMAT_RSF,
            },
            file_count: found.file_count as u64,
            record_count: found.record_count as u64,
            bytes: found.bytes,
            mapped: u32::from(found.mapped),
            complete: u32::from(found.complete),
        });
        Ok(())
    })
}

/// What is wrong with a file: files that were left out, damage that was opened around, records whose place is
/// impossible, in this order. Records whose payload cannot be decoded show when they are viewed.
///
/// At most `capacity` problems are written to `problems`, structs with their `struct_size` set, which may be NULL when
/// `capacity` is 0; `found` receives the total number, which may be larger.
///
/// # Safety
/// `problems` must be NULL or point to `capacity` structs of `struct_size` writable bytes; `found` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_file_problems(
    file: FstFile,
    problems: *mut FstProblem,
    capacity: usize,
    found: *mut usize,
) -> FstStatus {
    guard(|| {
        args::check(found, "found")?;
        // SAFETY: `problems` is as this function's contract says.
        let outputs = unsafe { args::outputs(problems, capacity, "problems")? };
        let file = handles::get::<File>(file.id)?;
        let mut total = 0;
        for problem in file.problems() {
            if let Some(output) = outputs.get(total) {
                output.write(describe(&problem));
            }
            total += 1;
        }
        // SAFETY: `found` is as this function's contract says.
        unsafe { args::store(found, "found", total) }
    })
}

fn describe(problem: &Problem) -> FstProblem {
    let text = problem.error.to_string();
    let mut message = [0; 480];
    let mut len = text.len().min(message.len() - 1);
    while !text.is_char_boundary(len) {
        len -= 1;
    }
    for (to, from) in message.iter_mut().zip(text.bytes().take(len)) {
        *to = from as c_char;
    }
    let (record, offset) = match &*problem.error {
        Error::Format { place, fault } => (place.record, fault.offset),
        _ => (None, None),
    };
    FstProblem {
        struct_size: 0,
        status: guard::status(&problem.error),
        file_number: problem.file_number as u64,
        record: record.unwrap_or(FST_NO_RECORD),
        offset: offset.unwrap_or(u64::MAX),
        message,
    }
}

/// How many views a file gave, by origin, and what they cost.
///
/// # Safety
/// `stats` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_file_stats(file: FstFile, stats: *mut FstFileStats) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(stats, "stats")? };
        let found = handles::get::<File>(file.id)?.stats();
        let [views_mapped, views_shared, views_read, views_decoded, views_copied] = found.views;
        output.write(FstFileStats {
            struct_size: 0,
            views_mapped,
            views_shared,
            views_read,
            views_decoded,
            views_copied,
            live_views: found.live_views,
            live_bytes: found.live_bytes,
            bytes_mapped: found.bytes_mapped,
            bytes_read: found.bytes_read,
            bytes_decoded: found.bytes_decoded,
        });
        Ok(())
    })
}

/// Number of records; record numbers run from 0 to one less.
///
/// # Safety
/// `count` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_count(file: FstFile, count: *mut usize) -> FstStatus {
    guard(|| {
        args::check(count, "count")?;
        let found = handles::get::<File>(file.id)?.record_count();
        // SAFETY: as this function's contract says.
        unsafe { args::store(count, "count", found) }
    })
}

/// The message of the last failed call on the calling thread: it names the file, the record and the offending values.
/// Never NULL; valid until the next failing call on that thread.
#[unsafe(no_mangle)]
pub extern "C" fn fst_last_error() -> *const c_char {
    guard::last_error()
}

/// The name of a status, such as "FST_ERR_CORRUPT"; "unknown status" for a number that is none.
#[unsafe(no_mangle)]
pub extern "C" fn fst_status_name(status: FstStatus) -> *const c_char {
    match status {
        FST_OK => c"FST_OK",
        FST_ERR_INVALID_ARGUMENT => c"FST_ERR_INVALID_ARGUMENT",
        FST_ERR_INVALID_HANDLE => c"FST_ERR_INVALID_HANDLE",
        FST_ERR_NOT_FOUND => c"FST_ERR_NOT_FOUND",
        FST_ERR_PERMISSION => c"FST_ERR_PERMISSION",
        FST_ERR_IO => c"FST_ERR_IO",
        FST_ERR_NOT_FST => c"FST_ERR_NOT_FST",
        FST_ERR_UNSUPPORTED => c"FST_ERR_UNSUPPORTED",
        FST_ERR_CORRUPT => c"FST_ERR_CORRUPT",
        FST_ERR_TRUNCATED => c"FST_ERR_TRUNCATED",
        FST_ERR_OUT_OF_RANGE => c"FST_ERR_OUT_OF_RANGE",
        FST_ERR_SHAPE_MISMATCH => c"FST_ERR_SHAPE_MISMATCH",
        FST_ERR_TYPE_MISMATCH => c"FST_ERR_TYPE_MISMATCH",
        FST_ERR_NO_MEMORY => c"FST_ERR_NO_MEMORY",
        FST_ERR_LIMIT => c"FST_ERR_LIMIT",
        FST_ERR_INTERNAL => c"FST_ERR_INTERNAL",
        FST_ERR_CANCELLED => c"FST_ERR_CANCELLED",
        _ => c"unknown status",
    }
    .as_ptr()
}
