// SPDX-License-Identifier: MIT OR Apache-2.0
//! From what a caller passes to what Rust can use: pointers, paths, structs that may grow.

use std::ffi::{CStr, OsStr, c_char};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::types::*;
use crate::error::{Error, Result};

/// A struct that begins with its size and to which fields are only appended.
///
/// # Safety
/// The type must be `repr(C)`, begin with the `u32` size, be valid for every pattern of bytes (all zero included),
/// and `NAME` must be its name in C.
pub unsafe trait Extensible: Copy {
    /// The name in messages.
    const NAME: &'static str;
    /// The sizes that were published, the first one first, the last one ours.
    const SIZES: &'static [usize];
    /// Bytes that no field has, from the first to behind the last: written as zeros, so that a caller sees none of our memory.
    const HOLES: &'static [(usize, usize)] = &[];
}

/// Bytes of a path that is looked for and named in messages; no system that this library knows takes so many.
const LONGEST_PATH: usize = 7168;

fn null(what: &str) -> Error {
    Error::InvalidArgument(format!("{what} is a null pointer"))
}

/// Checks the size that a caller set.
///
/// # Safety
/// `pointer` must be readable for 4 bytes.
unsafe fn size_of_theirs<T: Extensible>(pointer: *const T) -> Result<usize> {
    // SAFETY: promised by the caller; unaligned reads ask for nothing more.
    let size = unsafe { pointer.cast::<u32>().read_unaligned() } as usize;
    match T::SIZES.first() {
        Some(first) if size < *first => Err(Error::InvalidArgument(format!(
            "{}.struct_size is {size}, expected at least {first}: initialise it with the INIT macro",
            T::NAME,
        ))),
        _ => Ok(size),
    }
}

/// The bytes of whole fields in a struct of `size` bytes: the largest published size that is not above it.
fn whole_fields<T: Extensible>(size: usize) -> usize {
    T::SIZES.iter().copied().filter(|published| *published <= size).max().unwrap_or(0)
}

/// Reads a struct that a caller passes in. Fields that a caller does not know are zero, which is their default; fields
/// that we do not know must be zero. `None` for a null pointer.
///
/// # Safety
/// `pointer` must be null, or point to as many readable bytes as its `struct_size` says.
pub unsafe fn input<T: Extensible>(pointer: *const T) -> Result<Option<T>> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller promised that `struct_size` bytes are readable; it is the first of them.
    let theirs = unsafe { size_of_theirs(pointer)? };
    let ours = size_of::<T>();
    for at in ours..theirs {
        // SAFETY: `at` is below `struct_size`.
        if unsafe { pointer.cast::<u8>().add(at).read() } != 0 {
            return Err(Error::InvalidArgument(format!(
                "{} of {theirs} bytes sets byte {at}, which this version ({ours} bytes) does not know",
                T::NAME
            )));
        }
    }
    let mut value = std::mem::MaybeUninit::<T>::zeroed();
    // SAFETY: `min` bytes are readable there and writable here; every pattern is a value of an `Extensible`.
    unsafe {
        std::ptr::copy_nonoverlapping(
            pointer.cast::<u8>(),
            value.as_mut_ptr().cast::<u8>(),
            ours.min(theirs),
        );
        Ok(Some(value.assume_init()))
    }
}

/// As [`input`], of a struct that must be there.
///
/// # Safety
/// As for [`input`].
pub unsafe fn required<T: Extensible>(pointer: *const T, what: &str) -> Result<T> {
    // SAFETY: passed on from the caller.
    unsafe { input(pointer)? }.ok_or_else(|| null(what))
}

/// A place for a struct that goes out to a caller: its size has been checked.
pub struct Output<T> {
    pointer: *mut T,
    bytes: usize,
}

impl<T: Extensible> Output<T> {
    /// Checks the place.
    ///
    /// # Safety
    /// `pointer` must be null, or point to as many writable bytes as its `struct_size` says.
    pub unsafe fn new(pointer: *mut T, what: &str) -> Result<Output<T>> {
        if pointer.is_null() {
            return Err(null(what));
        }
        // SAFETY: the caller promised that `struct_size` bytes are there.
        let theirs = unsafe { size_of_theirs(pointer.cast_const())? };
        Ok(Output { pointer, bytes: whole_fields::<T>(theirs) })
    }

    /// Writes all fields but the size, as far as the caller's struct goes.
    #[inline]
    pub fn write(&self, value: T) {
        // SAFETY: `bytes` is at most the caller's `struct_size` and our size; the first 4 bytes, the caller's size, stay as
        // they are. Holes lie inside the struct.
        unsafe {
            let to = self.pointer.cast::<u8>();
            if self.bytes == size_of::<T>() {
                // Field by field, with no copy of the whole.
                let theirs = to.cast::<u32>().read_unaligned();
                self.pointer.write_unaligned(value);
                to.cast::<u32>().write_unaligned(theirs);
            } else {
                let from = (&raw const value).cast::<u8>();
                std::ptr::copy_nonoverlapping(from.add(4), to.add(4), self.bytes - 4);
            }
            for (start, end) in T::HOLES.iter().filter(|(_, end)| *end <= self.bytes) {
                std::ptr::write_bytes(to.add(*start), 0, end - start);
            }
        }
    }
}

/// The places of `n` results: structs of the size that the first one says, one behind the other.
///
/// # Safety
/// `pointer` must be NULL or point to `n` structs of as many writable bytes as the first one's `struct_size` says.
pub unsafe fn outputs<T: Extensible>(pointer: *mut T, n: usize, what: &str) -> Result<Vec<Output<T>>> {
    if n == 0 {
        return Ok(Vec::new());
    }
    check(pointer, what)?;
    let mut list = Vec::new();
    list.try_reserve_exact(n).map_err(|_| Error::NoMemory {
        bytes: (n as u64).saturating_mul(size_of::<Output<T>>() as u64),
        purpose: format!("the places of {n} results"),
    })?;
    // SAFETY: the first struct is there, n being at least 1.
    let size = unsafe { pointer.cast::<u32>().read_unaligned() };
    for number in 0..n {
        // SAFETY: struct `number` is below n, all of one size.
        let place = unsafe { pointer.cast::<u8>().add(number * size as usize).cast::<T>() };
        // SAFETY: as above.
        let output = unsafe { Output::new(place, what)? };
        // SAFETY: as above.
        let own = unsafe { place.cast::<u32>().read_unaligned() };
        if own != size {
            return Err(Error::InvalidArgument(format!(
                "{what}[{number}].struct_size is {own}, that of {what}[0] is {size}"
            )));
        }
        list.push(output);
    }
    Ok(list)
}

/// Writes a plain result.
///
/// # Safety
/// `pointer` must be null or writable for a `T`.
pub unsafe fn store<T>(pointer: *mut T, what: &str, value: T) -> Result<()> {
    if pointer.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null, and writable by the caller's promise; an unaligned place is taken as it is.
    unsafe { pointer.write_unaligned(value) };
    Ok(())
}

/// Fails when a pointer for a later [`store`] is null, before any work is done.
pub fn check<T>(pointer: *mut T, what: &str) -> Result<()> {
    if pointer.is_null() { Err(null(what)) } else { Ok(()) }
}

/// The elements of an array that a caller passes; null is allowed when there are none.
///
/// # Safety
/// `pointer` must be null or point to `count` readable elements that nobody changes during the call.
pub unsafe fn elements<'a, T>(pointer: *const T, count: usize, what: &str) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(what));
    }
    if !pointer.is_aligned()
        || count.checked_mul(size_of::<T>()).is_none_or(|bytes| bytes > isize::MAX as usize)
    {
        return Err(Error::InvalidArgument(format!(
            "{what} at {pointer:p}: misaligned, or {count} elements are too many"
        )));
    }
    // SAFETY: not null, aligned, below isize::MAX bytes, readable by the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

/// A path: any bytes but NUL.
///
/// # Safety
/// `pointer` must be null or point to a NUL-terminated string.
pub unsafe fn path(pointer: *const c_char, what: &str) -> Result<PathBuf> {
    // SAFETY: passed on from the caller.
    let bytes = unsafe { string(pointer, what)? };
    if bytes.is_empty() {
        return Err(Error::InvalidArgument(format!("{what} is empty")));
    }
    let path = Path::new(OsStr::from_bytes(bytes));
    if bytes.len() > LONGEST_PATH {
        // As the system would say, without copies of it in messages.
        let (start, _) = bytes.split_at(200);
        let system = io::Error::from_raw_os_error(libc::ENAMETOOLONG);
        return Err(Error::system(
            Path::new(OsStr::from_bytes(start)),
            format!("cannot open: the first 200 of {} bytes", bytes.len()),
            system,
        ));
    }
    Ok(path.to_owned())
}

/// A string, as bytes, as long as it is used.
///
/// # Safety
/// `pointer` must be null or point to a NUL-terminated string that nobody changes during the call.
pub unsafe fn string<'a>(pointer: *const c_char, what: &str) -> Result<&'a [u8]> {
    if pointer.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null, NUL-terminated and unchanged by the caller's promise.
    Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// 0 or 1, and nothing else.
pub fn flag(value: u32, what: &str) -> Result<bool> {
    match value {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(Error::InvalidArgument(format!("{what} is {other}, expected 0 or 1"))),
    }
}

// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstOpenOptions {
    const NAME: &'static str = "FstOpenOptions";
    const SIZES: &'static [usize] = &[48, 56];
}
// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstFileInfo {
    const NAME: &'static str = "FstFileInfo";
    const SIZES: &'static [usize] = &[40];
}
// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstFileStats {
    const NAME: &'static str = "FstFileStats";
    const SIZES: &'static [usize] = &[88];
    const HOLES: &'static [(usize, usize)] = &[(4, 8)];
}
// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstRecordInfo {
    const NAME: &'static str = "FstRecordInfo";
    const SIZES: &'static [usize] = &[168];
    const HOLES: &'static [(usize, usize)] = &[(27, 32)];
}
// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstCriteria {
    const NAME: &'static str = "FstCriteria";
    const SIZES: &'static [usize] = &[116];
}
// SAFETY: `repr(C)`, size first, numbers and pointers that may be null.
unsafe impl Extensible for FstSearch {
    const NAME: &'static str = "FstSearch";
    const SIZES: &'static [usize] = &[120];
}
// SAFETY: `repr(C)`, size first, integers, and pointers that may be null.
unsafe impl Extensible for FstViewOptions {
    const NAME: &'static str = "FstViewOptions";
    const SIZES: &'static [usize] = &[64, 80];
}
// SAFETY: `repr(C)`, size first, integers and one pointer that may be null.
unsafe impl Extensible for FstArray {
    const NAME: &'static str = "FstArray";
    const SIZES: &'static [usize] = &[104];
}
// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstDate {
    const NAME: &'static str = "FstDate";
    const SIZES: &'static [usize] = &[28];
}
// SAFETY: `repr(C)`, size first, integers and reals only.
unsafe impl Extensible for FstTriplet {
    const NAME: &'static str = "FstTriplet";
    const SIZES: &'static [usize] = &[32];
}
// SAFETY: `repr(C)`, size first, integers and reals only.
unsafe impl Extensible for FstInterval {
    const NAME: &'static str = "FstInterval";
    const SIZES: &'static [usize] = &[44];
}
// SAFETY: `repr(C)`, size first, integers and reals only.
unsafe impl Extensible for FstGrid {
    const NAME: &'static str = "FstGrid";
    const SIZES: &'static [usize] = &[128];
}
// SAFETY: `repr(C)`, size first, integers only.
unsafe impl Extensible for FstProblem {
    const NAME: &'static str = "FstProblem";
    const SIZES: &'static [usize] = &[512];
}
