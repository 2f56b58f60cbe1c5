//! Versions, dates, level and time codes.

use std::ffi::c_char;

use super::args::{self, Output};
use super::guard::guard;
use super::types::*;
use crate::attributes::date::{self, Calendar, CalendarDate};
use crate::attributes::level::{self, Level};
use crate::error::Error;

/// Version of the binary interface: programs built for one number work with every library of that number.
pub const FST_ABI_VERSION: u32 = 1;

/// The version of the library, such as "0.1.0".
#[unsafe(no_mangle)]
pub extern "C" fn fst_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}

/// The version of the binary interface, `FST_ABI_VERSION`.
#[unsafe(no_mangle)]
pub extern "C" fn fst_abi_version() -> u32 {
    FST_ABI_VERSION
}

/// The date of a CMC date-time stamp, of any style. Errors: `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date.
///
/// # Safety
/// `date` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_date_from_stamp(stamp: i32, date: *mut FstDate) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(date, "date")? };
        let CalendarDate { year, month, day, hour, minute, second } = CalendarDate::from_stamp(stamp)?;
        output.write(FstDate { struct_size: 0, year, month, day, hour, minute, second });
        Ok(())
    })
}

/// The stamp of a date, in the style that librmn gives it. Seconds are stored in steps of 5, and not at all where the
/// style of the stamp has none. Errors: `FST_ERR_INVALID_ARGUMENT` for a date that does not exist or has no stamp.
///
/// # Safety
/// `date` must be NULL or point to `struct_size` readable bytes; `stamp` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_stamp_from_date(date: *const FstDate, stamp: *mut i32) -> FstStatus {
    guard(|| {
        args::check(stamp, "stamp")?;
        // SAFETY: as this function's contract says.
        let given = unsafe { args::input(date)? };
        let FstDate { year, month, day, hour, minute, second, .. } =
            given.ok_or_else(|| Error::InvalidArgument("date is a null pointer".to_owned()))?;
        let found = CalendarDate { year, month, day, hour, minute, second }.stamp()?;
        // SAFETY: as this function's contract says.
        unsafe { args::store(stamp, "stamp", found) }
    })
}

/// The stamp `hours` hours later (or earlier, when negative), to the nearest 5 seconds. Errors:
/// `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date, or a result that has no stamp.
///
/// # Safety
/// `result` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_stamp_add_hours(stamp: i32, hours: f64, result: *mut i32) -> FstStatus {
    guard(|| {
        args::check(result, "result")?;
        let found = date::stamp_add_hours(stamp, hours, Calendar::Gregorian)?;
        // SAFETY: as this function's contract says.
        unsafe { args::store(result, "result", found) }
    })
}

/// `stamp1` minus `stamp2`, in hours. Errors: `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date.
///
/// # Safety
/// `hours` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_stamp_difference(stamp1: i32, stamp2: i32, hours: *mut f64) -> FstStatus {
    guard(|| {
        args::check(hours, "hours")?;
        let found = date::stamp_difference(stamp1, stamp2, Calendar::Gregorian)?;
        // SAFETY: as this function's contract says.
        unsafe { args::store(hours, "hours", found) }
    })
}

/// The value and the kind of a level or time code (ip1, ip2, ip3), of either style: kind 0 metres above sea level, 1
/// sigma, 2 hPa, 3 arbitrary, 4 metres above ground, 5 hybrid, 6 potential temperature in K, 7 metres below sea level,
/// 10 hours, 15 integer, 17 index, 21 hybrid height. Errors: `FST_ERR_INVALID_ARGUMENT` for a code without meaning.
///
/// # Safety
/// `value` and `kind` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_decode(ip: i32, value: *mut f32, kind: *mut i32) -> FstStatus {
    guard(|| {
        args::check(value, "value")?;
        args::check(kind, "kind")?;
        let found = level::decode(ip)?;
        // SAFETY: as this function's contract says.
        unsafe {
            args::store(value, "value", found.value)?;
            args::store(kind, "kind", found.kind)
        }
    })
}

/// The code of a value of a kind. Errors: `FST_ERR_INVALID_ARGUMENT` for an unknown kind or style, or a value that the
/// style cannot hold.
///
/// # Safety
/// `ip` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_encode(value: f32, kind: i32, style: FstIpStyle, ip: *mut i32) -> FstStatus {
    guard(|| {
        args::check(ip, "ip")?;
        let level = Level { kind, value };
        let found = match style {
            FST_IP_NEW_STYLE => level::encode(level)?,
            FST_IP_OLD_STYLE => level::encode_old_style(level)?,
            other => return Err(Error::InvalidArgument(format!("style {other} is none of FST_IP_…"))),
        };
        // SAFETY: as this function's contract says.
        unsafe { args::store(ip, "ip", found) }
    })
}

/// A level or time code as text, at most 15 characters, as librmn's listings show it: "Invalid" for a code without
/// meaning, blank for an arbitrary number. Errors: `FST_ERR_SHAPE_MISMATCH` when the text and its NUL need more than
/// `capacity` bytes; 16 always suffice.
///
/// # Safety
/// `text` must be NULL or point to `capacity` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_format(ip: i32, text: *mut c_char, capacity: usize) -> FstStatus {
    guard(|| {
        args::check(text, "text")?;
        let found = level::format_code(ip);
        let found = found.trim_end();
        if found.len() >= capacity {
            return Err(Error::ShapeMismatch(format!(
                "the code {ip} is {} bytes of text, the buffer has {capacity}",
                found.len() + 1
            )));
        }
        // SAFETY: the buffer holds `capacity` bytes by this function's contract, more than the text and its NUL.
        unsafe {
            std::ptr::copy_nonoverlapping(found.as_ptr(), text.cast::<u8>(), found.len());
            text.cast::<u8>().add(found.len()).write(0);
        }
        Ok(())
    })
}
