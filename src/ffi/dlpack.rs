// SPDX-License-Identifier: MIT OR Apache-2.0
//! Views as DLPack tensors, so that other array libraries take them without a copy.

use std::ffi::c_void;

use super::args;
use super::guard::{attempt, guard};
use super::handles;
use super::types::*;
use crate::dtype::Dtype;
use crate::error::{Error, Result};
use crate::view::View;

/// `DLManagedTensorVersioned` of DLPack 1, whose layout is fixed.
#[repr(C)]
pub struct DLManagedTensorVersioned {
    version: DLPackVersion,
    manager_ctx: *mut c_void,
    deleter: Option<unsafe extern "C" fn(*mut DLManagedTensorVersioned)>,
    flags: u64,
    dl_tensor: DLTensor,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct DLPackVersion {
    major: u32,
    minor: u32,
}

#[repr(C)]
struct DLTensor {
    data: *mut c_void,
    device_type: i32,
    device_id: i32,
    ndim: i32,
    code: u8,
    bits: u8,
    lanes: u16,
    shape: *mut i64,
    strides: *mut i64,
    byte_offset: u64,
}

const DLPACK_MAJOR: u32 = 1;
const DLPACK_MINOR: u32 = 1;
const DEVICE_CPU: i32 = 1;
const FLAG_READ_ONLY: u64 = 1;
const FLAG_IS_COPIED: u64 = 2;

/// What a tensor owns: its extents, and one reference to its view.
struct Owned {
    tensor: DLManagedTensorVersioned,
    shape: [i64; 3],
    strides: [i64; 3],
    view: u64,
}

/// Type code, bits and lanes of an element type.
fn type_code(dtype: Dtype) -> (u8, u8, u16) {
    const INT: u8 = 0;
    const UINT: u8 = 1;
    const FLOAT: u8 = 2;
    const COMPLEX: u8 = 5;
    let bits = 8 * dtype.itemsize() as u8;
    match dtype {
        Dtype::I8 | Dtype::I16 | Dtype::I32 | Dtype::I64 => (INT, bits, 1),
        Dtype::U8 | Dtype::U16 | Dtype::U32 | Dtype::U64 | Dtype::Char => (UINT, bits, 1),
        Dtype::F32 | Dtype::F64 => (FLOAT, bits, 1),
        Dtype::C64 | Dtype::C128 => (COMPLEX, bits, 1),
    }
}

fn new_tensor(handle: u64, view: &View) -> Result<*mut DLManagedTensorVersioned> {
    if view.is_big_endian() && cfg!(target_endian = "little") {
        return Err(Error::TypeMismatch("a big-endian view: DLPack knows native byte order only".to_owned()));
    }
    let itemsize = view.dtype().itemsize() as u64;
    let (code, bits, lanes) = type_code(view.dtype());
    let mut flags = 0;
    if !view.is_writable() {
        flags |= FLAG_READ_ONLY;
    }
    if view.origin() == crate::file::Origin::Copied {
        flags |= FLAG_IS_COPIED;
    }
    let mut owned = Box::new(Owned {
        tensor: DLManagedTensorVersioned {
            version: DLPackVersion { major: DLPACK_MAJOR, minor: DLPACK_MINOR },
            manager_ctx: std::ptr::null_mut(),
            deleter: Some(delete_tensor),
            flags,
            dl_tensor: DLTensor {
                data: view.data().cast_mut().cast(),
                device_type: DEVICE_CPU,
                device_id: 0,
                ndim: view.rank() as i32,
                code,
                bits,
                lanes,
                shape: std::ptr::null_mut(),
                strides: std::ptr::null_mut(),
                byte_offset: 0,
            },
        },
        shape: view.shape().map(|extent| extent as i64),
        strides: view.strides().map(|stride| (stride / itemsize) as i64),
        view: handle,
    });
    owned.tensor.dl_tensor.shape = owned.shape.as_mut_ptr();
    owned.tensor.dl_tensor.strides = owned.strides.as_mut_ptr();
    handles::retain::<View>(handle)?;
    let owned = Box::into_raw(owned);
    // SAFETY: the box was just made into this pointer and is nobody else's yet.
    unsafe {
        (*owned).tensor.manager_ctx = owned.cast();
        Ok(&raw mut (*owned).tensor)
    }
}

/// The deleter of a tensor: one release of its view.
///
/// # Safety
/// `tensor` must be null or come from `fst_view_to_dlpack`, and be given only once.
unsafe extern "C" fn delete_tensor(tensor: *mut DLManagedTensorVersioned) {
    let _ = attempt(|| {
        if tensor.is_null() {
            return Ok(());
        }
        // SAFETY: the context is the `Owned` that `new_tensor` leaked, given back once by the contract of DLPack.
        let owned = unsafe { Box::from_raw((*tensor).manager_ctx.cast::<Owned>()) };
        handles::release::<View>(owned.view)
    });
}

/// A view as a DLPack tensor (`DLManagedTensorVersioned`, version 1), whose deleter releases it.
///
/// The tensor holds a reference of its own: the caller still releases its view. It has the view's rank, extents and strides
/// (in elements), native byte order, and is read-only unless the view is writable. Text comes as unsigned bytes. Errors:
/// `FST_ERR_TYPE_MISMATCH` for a big-endian view.
///
/// # Safety
/// `tensor` must be NULL or writable.
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn fst_view_to_dlpack(
    view: FstView,
    tensor: *mut *mut DLManagedTensorVersioned,
) -> FstStatus {
    guard(|| {
        args::check(tensor, "tensor")?;
        let made = new_tensor(view.id, &*handles::get::<View>(view.id)?)?;
        // SAFETY: as this function's contract says.
        unsafe { args::store(tensor, "tensor", made) }
    })
}
