// SPDX-License-Identifier: MIT OR Apache-2.0
//! Views: arrays of records, one or many.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{self, Output};
use super::guard::{attempt, fail, guard, guard_release, status};
use super::handles;
use super::types::*;
use crate::dtype::Dtype;
use crate::error::{Error, Result};
use crate::file::File;
use crate::view::{View, ViewOptions, parallel_with_progress};

/// The options of a view; null is the default.
///
/// # Safety
/// As for `args::input`.
unsafe fn options(pointer: *const FstViewOptions) -> Result<ViewOptions> {
    // SAFETY: passed on from the caller.
    Ok(unsafe { batch_options(pointer)? }.0)
}

/// The options of a batch: those of its views, and whom to tell.
///
/// # Safety
/// As for `args::input`; the callback must be callable as its type says.
unsafe fn batch_options(pointer: *const FstViewOptions) -> Result<(ViewOptions, Progress)> {
    // SAFETY: passed on from the caller.
    let Some(given) = (unsafe { args::input(pointer)? }) else {
        return Ok((ViewOptions::default(), Progress { call: None, context: std::ptr::null_mut() }));
    };
    let known = FST_VIEW_WRITABLE | FST_VIEW_ANY_BYTE_ORDER | FST_VIEW_PREFETCH;
    if given.flags & !known != 0 {
        return Err(Error::InvalidArgument(format!("flags {:#x} are not all FST_VIEW_…", given.flags)));
    }
    let view = ViewOptions {
        writable: given.flags & FST_VIEW_WRITABLE != 0,
        any_byte_order: given.flags & FST_VIEW_ANY_BYTE_ORDER != 0,
        prefetch: given.flags & FST_VIEW_PREFETCH != 0,
        dtype: if given.dtype == 0 { None } else { Some(dtype(given.dtype)?) },
        slab_start: given.slab_start,
        slab_count: given.slab_count,
    };
    Ok((view, Progress { call: given.progress, context: given.progress_context }))
}

/// Whom a batch tells how far it is.
struct Progress {
    call: FstProgress,
    context: *mut c_void,
}

/// Runs a batch on the threads of `file`. Numbers that are not begun when the callback cancels end with
/// [`Error::Cancelled`].
fn batch<T: Send>(
    file: &File,
    count: usize,
    progress: &Progress,
    work: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<Result<T>>> {
    let cancelled = AtomicBool::new(false);
    parallel_with_progress(
        count,
        file.threads(),
        |number| {
            if cancelled.load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            attempt(|| work(number))
        },
        |done| {
            if let Some(call) = progress.call {
                // SAFETY: the caller of the batch gave a function of that type with its context; this is its own thread.
                if unsafe { call(progress.context, done, count) } != 0 {
                    cancelled.store(true, Ordering::Relaxed);
                }
            }
        },
    )
}

fn dtype(code: FstDtype) -> Result<Dtype> {
    Dtype::from_code(code)
        .ok_or_else(|| Error::InvalidArgument(format!("element type {code} is none of FST_DTYPE_…")))
}

/// All zero: what an array is after a failure.
const NO_ARRAY: FstArray = FstArray {
    struct_size: 0,
    dtype: 0,
    rank: 0,
    itemsize: 0,
    origin: 0,
    flags: 0,
    shape: [0; 3],
    strides: [0; 3],
    size: 0,
    nbytes: 0,
    data: std::ptr::null(),
    view: FstView { id: 0 },
};

fn describe(view: &View, handle: u64) -> FstArray {
    let mut flags = 0;
    if view.is_writable() {
        flags |= FST_ARRAY_WRITABLE;
    }
    if view.is_big_endian() {
        flags |= FST_ARRAY_BIG_ENDIAN;
    }
    FstArray {
        struct_size: 0,
        dtype: view.dtype() as FstDtype,
        rank: view.rank(),
        itemsize: view.dtype().itemsize() as u32,
        origin: view.origin() as FstOrigin,
        flags,
        shape: view.shape().map(|extent| extent as i64),
        strides: view.strides().map(|stride| stride as i64),
        size: view.elements(),
        nbytes: view.bytes(),
        data: view.data().cast(),
        view: FstView { id: handle },
    }
}

/// Runs `make` and writes the array it gives, or zeros when it fails.
fn deliver(output: &Output<FstArray>, make: impl FnOnce() -> Result<FstArray>) -> Result<()> {
    match attempt(make) {
        Ok(array) => {
            output.write(array);
            Ok(())
        }
        Err(error) => {
            output.write(NO_ARRAY);
            Err(error)
        }
    }
}

fn new_view(file: &File, record: usize, options: &ViewOptions) -> Result<FstArray> {
    let view = file.view(record, options)?;
    let array = describe(&view, 0);
    Ok(FstArray { view: FstView { id: handles::insert(view)? }, ..array })
}

/// A view of a record: an array in Fortran order that stays valid until the view is released, also after `fst_close`.
///
/// `options` may be NULL. On failure everything in `array` but `struct_size` is zero. A mapped view (`origin`
/// `FST_ORIGIN_MAPPED`) is memory of the file itself: when another process cuts the file short, touching the array
/// past its new end ends the process with SIGBUS, and when the file is rewritten the values change. Open with
/// `FST_ACCESS_READ` where that may happen.
///
/// Every other view, and every read into an array of the caller's, takes its bytes by system calls, whatever the access,
/// and looks at the header of the record first: in a file cut short since it was opened it ends with
/// `FST_ERR_TRUNCATED`, where another record stands now, with `FST_ERR_CORRUPT`, and never with a signal. A file that
/// grows, or whose name another file takes, is read as it was listed. Not noticed are values that are rewritten under the
/// same header, which come as they are, a file that is rewritten during the call, and anything in a random file of 1989,
/// whose records have no headers. A record that differs from its directory entry since before the opening (editors of XDF
/// files leave such) is read as long as the file stays as it was.
///
/// # Safety
/// `options` must be NULL or point to `struct_size` readable bytes, `array` NULL or `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_view(
    file: FstFile,
    record: usize,
    options: *const FstViewOptions,
    array: *mut FstArray,
) -> FstStatus {
    guard(|| {
        // SAFETY: `array` is as this function's contract says.
        let output = unsafe { Output::new(array, "array")? };
        deliver(&output, || {
            let file = handles::get::<File>(file.id)?;
            // SAFETY: `options` is as this function's contract says.
            new_view(&file, record, &unsafe { self::options(options)? })
        })
    })
}

/// Status per record, the first failure as the call's own and as the last error.
///
/// # Safety
/// `statuses` must be NULL or point to as many writable statuses as there are results.
unsafe fn report(results: &[Result<()>], statuses: *mut FstStatus) -> FstStatus {
    let mut first = FST_OK;
    for (number, result) in results.iter().enumerate() {
        let own = match result {
            Ok(()) => FST_OK,
            Err(error) if first == FST_OK => {
                first = fail(error);
                first
            }
            Err(error) => status(error),
        };
        if !statuses.is_null() {
            // SAFETY: there is a place for each result.
            unsafe { statuses.add(number).write_unaligned(own) };
        }
    }
    first
}

/// Views of `n` records, made in parallel. One bad record spoils only itself: its array is zero, its status says why.
///
/// `arrays` are `n` structs, each with its `struct_size` set; `statuses` may be NULL; `options->progress` is told how far the
/// batch is and may cancel it. The result is `FST_OK`, or the status of the first record that failed, whose message is the
/// last error. A batch that cannot begin (bad arguments, no memory for its lists) makes no view and leaves `statuses` as
/// they are: set them to a failure first where that must be told from a record's.
///
/// # Safety
/// `records` must be NULL or point to `n` numbers; `options` NULL or `struct_size` readable bytes; `arrays` NULL or `n`
/// structs; `statuses` NULL or `n` writable statuses.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_view_many(
    file: FstFile,
    records: *const usize,
    n: usize,
    options: *const FstViewOptions,
    arrays: *mut FstArray,
    statuses: *mut FstStatus,
) -> FstStatus {
    let mut results = Vec::new();
    let outcome = guard(|| {
        // SAFETY: `arrays` is as this function's contract says.
        let outputs = unsafe { args::outputs(arrays, n, "arrays")? };
        for output in &outputs {
            output.write(NO_ARRAY);
        }
        // SAFETY: these pointers are as this function's contract says.
        let (records, (options, progress)) =
            unsafe { (args::elements(records, n, "records")?, batch_options(options)?) };
        let file = handles::get::<File>(file.id)?;
        // Before there are views to lose.
        Error::room(&mut results, n, "the results of a batch")?;
        let made =
            batch(&file, n, &progress, |number| new_view(&file, records[number], &options).map(Given))?;
        for (result, output) in made.into_iter().zip(&outputs) {
            results.push(result.map(|array| output.write(array.0)));
        }
        Ok(())
    });
    if outcome != FST_OK {
        return outcome;
    }
    // SAFETY: `statuses` is as this function's contract says.
    unsafe { report(&results, statuses) }
}

/// An array on its way from the thread that made it: the view that it describes may be used from any thread.
struct Given(FstArray);

// SAFETY: the pointer inside belongs to a view, and views are `Send` and `Sync`.
unsafe impl Send for Given {}

/// Reads a record, or a slab of it, into the caller's array, decoding straight into it.
///
/// `dtype` is the element type of `destination`: the natural one, or one to which widening loses nothing. Errors:
/// `FST_ERR_SHAPE_MISMATCH` when `destination_bytes` are too few (nothing is written then), `FST_ERR_TYPE_MISMATCH`,
/// `FST_ERR_INVALID_ARGUMENT` for a misaligned destination, `FST_ERR_TRUNCATED` and `FST_ERR_CORRUPT` as
/// `fst_record_view` says of a file that was changed. After any other error the contents of the destination are
/// unspecified.
///
/// # Safety
/// `options` must be NULL or point to `struct_size` readable bytes; `destination` NULL or `destination_bytes` writable
/// bytes that nobody else uses during the call.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_read(
    file: FstFile,
    record: usize,
    options: *const FstViewOptions,
    dtype: FstDtype,
    destination: *mut c_void,
    destination_bytes: usize,
) -> FstStatus {
    guard(|| {
        let file = handles::get::<File>(file.id)?;
        // SAFETY: `options` and `destination` are as this function's contract says.
        unsafe {
            let options = self::options(options)?;
            file.read(record, &options, self::dtype(dtype)?, destination.cast(), destination_bytes)
        }
    })
}

/// Reads `n` records into as many arrays of the caller's, in parallel. One bad record spoils only itself.
///
/// Record `records[i]` goes to `destinations[i]`, which has `destination_bytes[i]` bytes; `statuses` may be NULL. The
/// result is `FST_OK`, or the status of the first record that failed, whose message is the last error. A batch that cannot
/// begin leaves destinations and `statuses` as they are.
///
/// # Safety
/// As for `fst_record_read`, for each destination; `records`, `destinations` and `destination_bytes` must be NULL or
/// have `n` elements, `statuses` NULL or `n` writable ones. Destinations must not overlap.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_record_read_many(
    file: FstFile,
    records: *const usize,
    n: usize,
    options: *const FstViewOptions,
    dtype: FstDtype,
    destinations: *const *mut c_void,
    destination_bytes: *const usize,
    statuses: *mut FstStatus,
) -> FstStatus {
    let mut results = Vec::new();
    let outcome = guard(|| {
        // SAFETY: all pointers are as this function's contract says.
        let (records, places, sizes, (options, progress)) = unsafe {
            (
                args::elements(records, n, "records")?,
                Places(args::elements(destinations, n, "destinations")?),
                args::elements(destination_bytes, n, "destination_bytes")?,
                batch_options(options)?,
            )
        };
        let dtype = self::dtype(dtype)?;
        let file = handles::get::<File>(file.id)?;
        results = batch(&file, n, &progress, |number| {
            // SAFETY: each number is worked on once, each destination is its record's alone.
            unsafe { file.read(records[number], &options, dtype, places.get(number).cast(), sizes[number]) }
        })?;
        Ok(())
    });
    if outcome != FST_OK {
        return outcome;
    }
    // SAFETY: `statuses` is as this function's contract says.
    unsafe { report(&results, statuses) }
}

/// The destinations of a batch.
struct Places<'a>(&'a [*mut c_void]);

impl Places<'_> {
    fn get(&self, number: usize) -> *mut c_void {
        self.0[number]
    }
}

// SAFETY: the caller of the batch promised that nobody else uses the destinations; the batch gives each to one thread.
unsafe impl Sync for Places<'_> {}

/// One more reference to a view: it must be released once more.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn fst_view_retain(view: FstView) -> FstStatus {
    guard_release(|| handles::retain::<View>(view.id))
}

/// One reference less. With the last one the memory is given back before the call returns, unless `cache_bytes` keeps it: to
/// the system, or, of arrays of less than 128 KiB, to the C library's heap, which may keep their pages for later requests.
#[unsafe(no_mangle)]
#[must_use]
pub extern "C" fn fst_view_release(view: FstView) -> FstStatus {
    guard_release(|| handles::release::<View>(view.id))
}

/// Describes a view that is held, again.
///
/// # Safety
/// `array` must be NULL or point to `struct_size` writable bytes.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_view_array(view: FstView, array: *mut FstArray) -> FstStatus {
    guard(|| {
        // SAFETY: `array` is as this function's contract says.
        let output = unsafe { Output::new(array, "array")? };
        deliver(&output, || Ok(describe(&*handles::get::<View>(view.id)?, view.id)))
    })
}
