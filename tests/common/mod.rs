// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the tests share: the golden folders, and open files and views that give back what they hold.
#![allow(dead_code)]

pub mod builder;
pub mod encode;
pub mod golden;
pub mod mutation;
pub mod programs;

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use fstview::ffi::types::*;
use fstview::ffi::*;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Folders of golden files: the repository's own, and the whole set where it is there.
pub fn golden_roots() -> Vec<PathBuf> {
    let mut list = vec![root().join("tests/data")];
    let shared = root().join("../shared/golden");
    if shared.is_dir() {
        list.push(shared);
    } else {
        println!("{} is not there: only tests/data is compared", shared.display());
    }
    list
}

/// The message of the last failure.
pub fn message() -> String {
    // SAFETY: never null, and a C string.
    unsafe { CStr::from_ptr(fst_last_error()) }.to_string_lossy().into_owned()
}

/// A path as the ABI takes it.
pub fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

/// Default options.
pub fn open_options() -> FstOpenOptions {
    FstOpenOptions { struct_size: size_of::<FstOpenOptions>() as u32, ..FstOpenOptions::default() }
}

/// Opens a file.
pub fn open(path: &Path, options: &FstOpenOptions) -> Result<FstFile, FstStatus> {
    let mut file = FstFile { id: 0 };
    let path = c_path(path);
    // SAFETY: valid pointers.
    match unsafe { fst_open(path.as_ptr(), options, &mut file) } {
        FST_OK => Ok(file),
        status => Err(status),
    }
}

/// Attributes of a record.
pub fn read_info(file: FstFile, record: usize) -> FstRecordInfo {
    // SAFETY: integers only.
    let mut info: FstRecordInfo = unsafe { std::mem::zeroed() };
    info.struct_size = size_of::<FstRecordInfo>() as u32;
    // SAFETY: a valid struct of that size.
    assert_eq!(unsafe { fst_record_info(file, record, &mut info) }, FST_OK, "{}", message());
    info
}

/// An array to be filled.
pub fn no_array() -> FstArray {
    // SAFETY: integers, and a pointer that may be null.
    let mut array: FstArray = unsafe { std::mem::zeroed() };
    array.struct_size = size_of::<FstArray>() as u32;
    array
}

/// An open file, closed when dropped.
pub struct Opened {
    pub handle: FstFile,
}

impl Opened {
    pub fn new(path: &Path, access: FstAccess, missing: FstMissing) -> Opened {
        let options = FstOpenOptions { access, missing, ..open_options() };
        match open(path, &options) {
            Ok(handle) => Opened { handle },
            Err(status) => panic!("{}: {status} {}", path.display(), message()),
        }
    }

    pub fn count(&self) -> usize {
        let mut count = 0;
        // SAFETY: a valid pointer.
        assert_eq!(unsafe { fst_record_count(self.handle, &mut count) }, FST_OK);
        count
    }

    pub fn info(&self) -> FstFileInfo {
        let mut info = FstFileInfo { struct_size: size_of::<FstFileInfo>() as u32, ..FstFileInfo::default() };
        // SAFETY: a valid struct of that size.
        assert_eq!(unsafe { fst_file_info(self.handle, &mut info) }, FST_OK);
        info
    }

    pub fn stats(&self) -> FstFileStats {
        let mut stats =
            FstFileStats { struct_size: size_of::<FstFileStats>() as u32, ..FstFileStats::default() };
        // SAFETY: a valid struct of that size.
        assert_eq!(unsafe { fst_file_stats(self.handle, &mut stats) }, FST_OK);
        stats
    }

    pub fn view(&self, record: usize) -> Result<Viewed, FstStatus> {
        self.view_with(
            record,
            &FstViewOptions { struct_size: size_of::<FstViewOptions>() as u32, ..FstViewOptions::default() },
        )
    }

    pub fn view_with(&self, record: usize, options: &FstViewOptions) -> Result<Viewed, FstStatus> {
        let mut array = no_array();
        // SAFETY: valid structs of the sizes they say.
        match unsafe { fst_record_view(self.handle, record, options, &mut array) } {
            FST_OK => Ok(Viewed { array }),
            status => {
                assert!(array.data.is_null() && array.view.id == 0 && array.shape == [0; 3], "not zeroed");
                Err(status)
            }
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        assert_eq!(fst_close(self.handle), FST_OK);
    }
}

/// A view, released when dropped.
pub struct Viewed {
    pub array: FstArray,
}

impl Viewed {
    /// The bytes that a whole view spans.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: what `FstArray` promises: `nbytes` bytes at `data` while the view is held.
        unsafe { std::slice::from_raw_parts(self.array.data.cast(), self.array.nbytes as usize) }
    }
}

impl Drop for Viewed {
    fn drop(&mut self) {
        assert_eq!(fst_view_release(self.array.view), FST_OK);
    }
}
