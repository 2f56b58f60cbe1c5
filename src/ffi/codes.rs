// SPDX-License-Identifier: MIT OR Apache-2.0
//! Level and time codes.

use std::ffi::c_char;

use super::args::{self, Output};
use super::guard::guard;
use super::types::*;
use crate::attributes::level::{self, Bounds, Interval, Level, Triplet};
use crate::error::{Error, Result};

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

/// What the three codes of a record say together: a level; a time, or a second level; anything. Two levels of one kind
/// come first and third, upwards for heights and downwards for sigma, pressure and depth; two times come second and
/// third, the later first. `guesses` tells what had to be assumed. Errors: `FST_ERR_INVALID_ARGUMENT` for codes that are
/// negative, without meaning or of no such order.
///
/// # Safety
/// `triplet` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_decode_triplet(
    ip1: i32,
    ip2: i32,
    ip3: i32,
    triplet: *mut FstTriplet,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(triplet, "triplet")? };
        let Triplet { values, status } = level::decode_triplet(ip1, ip2, ip3)?;
        let values = values.map(|Level { value, kind }| FstLevel { value, kind });
        output.write(FstTriplet { struct_size: 0, guesses: status, values });
        Ok(())
    })
}

/// The codes, of new style, of three values that `fst_ip_decode_triplet` gives: a level; a time, or a second level;
/// anything. They are put in its order first. `guesses` does not count. Errors: `FST_ERR_INVALID_ARGUMENT` when the first
/// is no level, the second neither time nor level, or one has no code.
///
/// # Safety
/// `triplet` must be NULL or point to `struct_size` readable bytes; the codes must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_encode_triplet(
    triplet: *const FstTriplet,
    ip1: *mut i32,
    ip2: *mut i32,
    ip3: *mut i32,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let FstTriplet { values, .. } = unsafe { args::required(triplet, "triplet")? };
        let values = values.map(|FstLevel { value, kind }| Level { kind, value });
        // SAFETY: as this function's contract says.
        unsafe { store_codes([ip1, ip2, ip3], || Ok(level::encode_triplet(values)?.0)) }
    })
}

/// What the three codes of a record say, a pair of them taken as an interval: of levels (`ip1` and `ip3`), or of times
/// (`ip2` and `ip3`, as accumulations and averages have it). Errors: `FST_ERR_INVALID_ARGUMENT` for codes that are
/// negative or without meaning, an `ip1` that is no level, an `ip2` that is no time.
///
/// # Safety
/// `interval` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_decode_interval(
    ip1: i32,
    ip2: i32,
    ip3: i32,
    interval: *mut FstInterval,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let output = unsafe { Output::new(interval, "interval")? };
        let Interval { level, time, third, status } = level::decode_interval(ip1, ip2, ip3)?;
        let bounds = |Bounds { kind, first, second }| FstBounds { kind, first, second };
        output.write(FstInterval {
            struct_size: 0,
            guesses: status,
            level: bounds(level),
            time: bounds(time),
            third: third.map_or(FstBounds { kind: -1, first: 0.0, second: 0.0 }, bounds),
        });
        Ok(())
    })
}

/// The codes, of new style, of a level and a time, one of which may be an interval; without one, `ip3` is
/// `third.first`. Bounds are put in order first. `guesses` does not count. Errors: `FST_ERR_INVALID_ARGUMENT` when
/// `level` is no level or `time` no time, when none or more than one of level interval, time interval and third value
/// want `ip3`, or a value has no code.
///
/// # Safety
/// `interval` must be NULL or point to `struct_size` readable bytes; the codes must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_ip_encode_interval(
    interval: *const FstInterval,
    ip1: *mut i32,
    ip2: *mut i32,
    ip3: *mut i32,
) -> FstStatus {
    guard(|| {
        // SAFETY: as this function's contract says.
        let FstInterval { level, time, third, .. } = unsafe { args::required(interval, "interval")? };
        let bounds = |FstBounds { kind, first, second }| Bounds { kind, first, second };
        let third = if third.kind == -1 { None } else { Some(bounds(third)) };
        // SAFETY: as this function's contract says.
        unsafe {
            store_codes([ip1, ip2, ip3], || Ok(level::encode_interval(bounds(level), bounds(time), third)?))
        }
    })
}

/// Stores three codes in places that were checked before anything is computed: all of them, or none.
///
/// # Safety
/// The places must be NULL or writable.
unsafe fn store_codes(places: [*mut i32; 3], codes: impl FnOnce() -> Result<[i32; 3]>) -> Result<()> {
    let named = || places.into_iter().zip(["ip1", "ip2", "ip3"]);
    for (place, name) in named() {
        args::check(place, name)?;
    }
    for ((place, name), code) in named().zip(codes()?) {
        // SAFETY: as this function's contract says.
        unsafe { args::store(place, name, code)? };
    }
    Ok(())
}
