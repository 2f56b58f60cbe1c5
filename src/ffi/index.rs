// SPDX-License-Identifier: MIT OR Apache-2.0
//! The attributes of all records as an Arrow record batch.
//!
//! Arrow's C data interface: the caller gives two structs, the library fills them in, and everything that they point to
//! belongs to their `private_data`, until `release` is called on the struct, wherever it was moved to in between. Each
//! column owns its own memory, so that a consumer may move it out of the batch.

use std::ffi::{CStr, c_char, c_void};
use std::ptr::{null, null_mut};

use super::args;
use super::guard::{attempt, guard};
use super::handles;
use super::types::*;
use crate::file::File;
use crate::index::{Column, Index, Texts, Validity, Values};

/// `struct ArrowSchema` of Arrow's C data interface, whose layout is fixed.
#[repr(C)]
pub struct ArrowSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut ArrowSchema,
    dictionary: *mut ArrowSchema,
    release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

/// `struct ArrowArray` of Arrow's C data interface, whose layout is fixed.
#[repr(C)]
pub struct ArrowArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut ArrowArray,
    dictionary: *mut ArrowArray,
    release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

const FLAG_NULLABLE: i64 = 2;

/// What the schema of a batch owns.
struct SchemaOwned {
    children: Vec<ArrowSchema>,
    pointers: Vec<*mut ArrowSchema>,
}

/// What a batch owns.
struct ArrayOwned {
    children: Vec<ArrowArray>,
    pointers: Vec<*mut ArrowArray>,
    /// A batch has no validity of its own.
    buffers: [*const c_void; 1],
}

/// What a column owns.
struct ColumnOwned {
    _column: Column,
    buffers: [*const c_void; 3],
}

/// The format string of a column (Arrow's, section "Data type description").
fn format(values: &Values) -> &'static CStr {
    match values {
        Values::U64(_) => c"L",
        Values::I64(_) => c"l",
        Values::U32(_) => c"I",
        Values::I32(_) => c"i",
        Values::F32(_) => c"f",
        Values::Seconds(_) => c"tss:UTC",
        Values::Text(_) => c"u",
    }
}

fn column_schema(column: &Column) -> ArrowSchema {
    ArrowSchema {
        format: format(&column.values).as_ptr(),
        name: column.name.as_ptr(),
        metadata: null(),
        flags: match column.validity {
            Validity::Full => 0,
            Validity::Partial { .. } => FLAG_NULLABLE,
        },
        n_children: 0,
        children: null_mut(),
        dictionary: null_mut(),
        release: Some(release_column_schema),
        private_data: null_mut(),
    }
}

fn batch_schema(index: &Index) -> ArrowSchema {
    let mut children: Vec<ArrowSchema> = index.columns.iter().map(column_schema).collect();
    let pointers = children.iter_mut().map(std::ptr::from_mut).collect();
    let owned = Box::into_raw(Box::new(SchemaOwned { children, pointers }));
    ArrowSchema {
        format: c"+s".as_ptr(),
        name: c"".as_ptr(),
        metadata: null(),
        flags: 0,
        n_children: index.columns.len() as i64,
        // SAFETY: the box was just made into this pointer; the list is on the heap and stays there.
        children: unsafe { (*owned).pointers.as_mut_ptr() },
        dictionary: null_mut(),
        release: Some(release_batch_schema),
        private_data: owned.cast(),
    }
}

fn column_array(column: Column, rows: usize) -> ArrowArray {
    let (validity, null_count) = match &column.validity {
        Validity::Partial { bits, nulls } if *nulls > 0 => (bits.as_ptr().cast(), *nulls),
        _ => (null(), 0),
    };
    let (buffers, n_buffers): ([*const c_void; 3], i64) = match &column.values {
        Values::U64(values) => ([validity, values.as_ptr().cast(), null()], 2),
        Values::I64(values) | Values::Seconds(values) => ([validity, values.as_ptr().cast(), null()], 2),
        Values::U32(values) => ([validity, values.as_ptr().cast(), null()], 2),
        Values::I32(values) => ([validity, values.as_ptr().cast(), null()], 2),
        Values::F32(values) => ([validity, values.as_ptr().cast(), null()], 2),
        Values::Text(Texts { offsets, bytes }) => {
            ([validity, offsets.as_ptr().cast(), bytes.as_ptr().cast()], 3)
        }
    };
    // The values are on the heap and stay there when the column moves.
    let owned = Box::into_raw(Box::new(ColumnOwned { _column: column, buffers }));
    ArrowArray {
        length: rows as i64,
        null_count: null_count as i64,
        offset: 0,
        n_buffers,
        n_children: 0,
        // SAFETY: the box was just made into this pointer.
        buffers: unsafe { (&raw mut (*owned).buffers).cast() },
        children: null_mut(),
        dictionary: null_mut(),
        release: Some(release_column_array),
        private_data: owned.cast(),
    }
}

fn batch_array(index: Index) -> ArrowArray {
    let rows = index.rows;
    let mut children: Vec<ArrowArray> =
        index.columns.into_iter().map(|column| column_array(column, rows)).collect();
    let n_children = children.len() as i64;
    let pointers = children.iter_mut().map(std::ptr::from_mut).collect();
    let owned = Box::into_raw(Box::new(ArrayOwned { children, pointers, buffers: [null()] }));
    ArrowArray {
        length: rows as i64,
        null_count: 0,
        offset: 0,
        n_buffers: 1,
        n_children,
        // SAFETY: the box was just made into this pointer, here and below.
        buffers: unsafe { (&raw mut (*owned).buffers).cast() },
        // SAFETY: as above; the list is on the heap and stays there.
        children: unsafe { (*owned).pointers.as_mut_ptr() },
        dictionary: null_mut(),
        release: Some(release_batch_array),
        private_data: owned.cast(),
    }
}

/// A struct with a callback that releases it.
trait Release {
    /// The callback, unless the struct is released.
    fn callback(&self) -> Option<unsafe extern "C" fn(*mut Self)>;
    /// Marks the struct as released and gives out what it owned; null if it was released before, or owns nothing.
    fn take(&mut self) -> *mut c_void;
}

impl Release for ArrowSchema {
    fn callback(&self) -> Option<unsafe extern "C" fn(*mut ArrowSchema)> {
        self.release
    }

    fn take(&mut self) -> *mut c_void {
        let owned = std::mem::replace(&mut self.private_data, null_mut());
        if self.release.take().is_some() { owned } else { null_mut() }
    }
}

impl Release for ArrowArray {
    fn callback(&self) -> Option<unsafe extern "C" fn(*mut ArrowArray)> {
        self.release
    }

    fn take(&mut self) -> *mut c_void {
        let owned = std::mem::replace(&mut self.private_data, null_mut());
        if self.release.take().is_some() { owned } else { null_mut() }
    }
}

/// Takes from a struct what it owned, as the type that it was.
///
/// # Safety
/// `pointer` must be null or point to a released struct, or to one that this library filled in with a box of type `O`, or
/// with nothing, as its private data.
unsafe fn take_owned<T: Release, O>(pointer: *mut T) -> Option<Box<O>> {
    // SAFETY: null, or valid by this function's contract.
    let owned = unsafe { pointer.as_mut() }?.take();
    // SAFETY: what this library put there, given out once: `take` leaves null.
    if owned.is_null() { None } else { Some(unsafe { Box::from_raw(owned.cast()) }) }
}

/// Releases the children that were not moved out of their batch.
fn release_children<T: Release>(children: &mut [T]) {
    for child in children {
        if let Some(release) = child.callback() {
            // SAFETY: not released; the callback is the one that its producer put there.
            unsafe { release(child) };
        }
    }
}

/// The callback of a column's schema.
///
/// # Safety
/// `schema` must be the struct that this library filled in, or a copy of it.
unsafe extern "C" fn release_column_schema(schema: *mut ArrowSchema) {
    let _ = attempt(|| {
        // SAFETY: the interface's contract: the struct that this library filled in, or a copy of it. It owns nothing.
        let _ = unsafe { take_owned::<_, ()>(schema) };
        Ok(())
    });
}

/// The callback of the batch's schema.
///
/// # Safety
/// `schema` must be the struct that this library filled in, or a copy of it.
unsafe extern "C" fn release_batch_schema(schema: *mut ArrowSchema) {
    let _ = attempt(|| {
        // SAFETY: the interface's contract: the struct that this library filled in, or a copy of it.
        if let Some(mut owned) = unsafe { take_owned::<_, SchemaOwned>(schema) } {
            release_children(&mut owned.children);
        }
        Ok(())
    });
}

/// The callback of a column.
///
/// # Safety
/// `array` must be the struct that this library filled in, or a copy of it.
unsafe extern "C" fn release_column_array(array: *mut ArrowArray) {
    let _ = attempt(|| {
        // SAFETY: the interface's contract: the struct that this library filled in, or a copy of it.
        let _ = unsafe { take_owned::<_, ColumnOwned>(array) };
        Ok(())
    });
}

/// The callback of the batch.
///
/// # Safety
/// `array` must be the struct that this library filled in, or a copy of it.
unsafe extern "C" fn release_batch_array(array: *mut ArrowArray) {
    let _ = attempt(|| {
        // SAFETY: the interface's contract: the struct that this library filled in, or a copy of it.
        if let Some(mut owned) = unsafe { take_owned::<_, ArrayOwned>(array) } {
            release_children(&mut owned.children);
        }
        Ok(())
    });
}

/// The attributes of all records at once, as an Arrow record batch (a struct array) for data frames and tables.
///
/// One row a record, in file order. The columns are the fields of `FstRecordInfo`, under their names: `record` (its number,
/// uint64), `file_number` (uint32); `nomvar`, `typvar`, `grtyp`, `etiket` (utf8, without trailing blanks); `ni`, `nj`, `nk`
/// (int64); `data_type`, `data_bits`, `pack_bits`, `dateo`, `datev`, `deet`, `npas`, `ip1` to `ip3`, `ig1` to `ig4`, `dtype`
/// (int32); `flags` (uint32); `file_offset`, `stored_bytes`, `payload_offset`, `payload_bytes`, `array_bytes` (uint64). And
/// decoded: `origin` and `valid` (timestamps in seconds, UTC; null where the stamp is no date), `level` (float32) and
/// `level_kind` (int32) of `ip1` (null where it has no meaning).
///
/// The caller's structs are filled in as Arrow's C data interface says, whatever was in them, and each is given back by
/// its own `release`, once, from any thread, also after `fst_close`. Errors: `FST_ERR_NO_MEMORY`, `FST_ERR_LIMIT` beyond
/// 178 million records.
///
/// # Safety
/// `schema` and `array` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_index_export(
    file: FstFile,
    schema: *mut ArrowSchema,
    array: *mut ArrowArray,
) -> FstStatus {
    guard(|| {
        args::check(schema, "schema")?;
        args::check(array, "array")?;
        let index = Index::new(&*handles::get::<File>(file.id)?)?;
        let (described, exported) = (batch_schema(&index), batch_array(index));
        // SAFETY: not null, and writable by this function's contract.
        unsafe {
            args::store(schema, "schema", described)?;
            args::store(array, "array", exported)
        }
    })
}
