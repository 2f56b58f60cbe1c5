// SPDX-License-Identifier: MIT OR Apache-2.0
//! Versions of the library and of its binary interface.

use std::ffi::c_char;

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
