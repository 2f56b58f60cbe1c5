// SPDX-License-Identifier: MIT OR Apache-2.0
//! Date-time stamps.

use super::args::{self, Output};
use super::guard::guard;
use super::types::*;
use crate::attributes::date::{self, Calendar, CalendarDate, DateError};
use crate::error::{Error, Result};

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
    // SAFETY: as this function's contract says.
    guard(|| unsafe { store_stamp(date, stamp, CalendarDate::stamp) })
}

/// The stamp of the extended style of a date, whatever its year: to the hour, years 0 to 9999. Such stamps are negative and
/// mean the same as those that `fst_stamp_from_date` gives, where those exist. Errors: `FST_ERR_INVALID_ARGUMENT` for a
/// date that does not exist.
///
/// # Safety
/// `date` must be NULL or point to `struct_size` readable bytes; `stamp` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_extended_stamp_from_date(date: *const FstDate, stamp: *mut i32) -> FstStatus {
    // SAFETY: as this function's contract says.
    guard(|| unsafe { store_stamp(date, stamp, CalendarDate::extended_stamp) })
}

/// The stamp `hours` hours later (or earlier, when negative), to the nearest 5 seconds. Errors:
/// `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date, or a result that has no stamp.
///
/// # Safety
/// `result` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_stamp_add_hours(stamp: i32, hours: f64, result: *mut i32) -> FstStatus {
    // SAFETY: the contract is the same.
    unsafe { fst_calendar_add_hours(stamp, hours, FST_CALENDAR_GREGORIAN, result) }
}

/// `stamp1` minus `stamp2`, in hours. Errors: `FST_ERR_INVALID_ARGUMENT` for a stamp that is no date.
///
/// # Safety
/// `hours` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_stamp_difference(stamp1: i32, stamp2: i32, hours: *mut f64) -> FstStatus {
    // SAFETY: the contract is the same.
    unsafe { fst_calendar_difference(stamp1, stamp2, FST_CALENDAR_GREGORIAN, hours) }
}

/// As `fst_stamp_add_hours`, in the calendar of a climate model: years of 365 days, or of 360. The stamps are Gregorian
/// dates as ever; hours are counted in the other calendar. Errors: as `fst_stamp_add_hours`, and
/// `FST_ERR_INVALID_ARGUMENT` for an unknown calendar.
///
/// # Safety
/// `result` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_calendar_add_hours(
    stamp: i32,
    hours: f64,
    calendar: FstCalendar,
    result: *mut i32,
) -> FstStatus {
    guard(|| {
        args::check(result, "result")?;
        let found = date::stamp_add_hours(stamp, hours, given_calendar(calendar)?)?;
        // SAFETY: as this function's contract says.
        unsafe { args::store(result, "result", found) }
    })
}

/// As `fst_stamp_difference`, in the calendar of a climate model. Errors: as `fst_stamp_difference`, and
/// `FST_ERR_INVALID_ARGUMENT` for an unknown calendar.
///
/// # Safety
/// `hours` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_calendar_difference(
    stamp1: i32,
    stamp2: i32,
    calendar: FstCalendar,
    hours: *mut f64,
) -> FstStatus {
    guard(|| {
        args::check(hours, "hours")?;
        let found = date::stamp_difference(stamp1, stamp2, given_calendar(calendar)?)?;
        // SAFETY: as this function's contract says.
        unsafe { args::store(hours, "hours", found) }
    })
}

/// Stores the stamp that `encode` gives a date.
///
/// # Safety
/// `date` must be NULL or point to `struct_size` readable bytes; `stamp` must be NULL or writable.
unsafe fn store_stamp(
    date: *const FstDate,
    stamp: *mut i32,
    encode: impl FnOnce(CalendarDate) -> std::result::Result<i32, DateError>,
) -> Result<()> {
    args::check(stamp, "stamp")?;
    // SAFETY: as this function's contract says.
    let FstDate { year, month, day, hour, minute, second, .. } = unsafe { args::required(date, "date")? };
    let found = encode(CalendarDate { year, month, day, hour, minute, second })?;
    // SAFETY: as this function's contract says.
    unsafe { args::store(stamp, "stamp", found) }
}

fn given_calendar(calendar: FstCalendar) -> Result<Calendar> {
    match calendar {
        FST_CALENDAR_GREGORIAN => Ok(Calendar::Gregorian),
        FST_CALENDAR_365_DAY => Ok(Calendar::Days365),
        FST_CALENDAR_360_DAY => Ok(Calendar::Days360),
        other => Err(Error::InvalidArgument(format!("calendar {other} is none of FST_CALENDAR_…"))),
    }
}
