// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the benches share: large inputs, the calls they time, and ratios to copying memory in the same run.
#![allow(dead_code)]

#[path = "../../tests/common/builder.rs"]
pub mod builder;
#[path = "../../tests/common/encode.rs"]
pub mod encode;

use std::ffi::{CStr, CString};
use std::hint::black_box;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use builder::Field;
use fstview::ffi::types::*;
use fstview::ffi::*;

/// The two containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Rsf,
    Xdf,
}

/// A packing, and what the page of targets says of it: the reference's ratio in RSF and XDF, ours to reach.
#[derive(Clone, Copy, Debug)]
pub struct Packed {
    pub name: &'static str,
    pub data_type: u8,
    pub pack_bits: u8,
    pub data_bits: u8,
    pub dtype: FstDtype,
    pub reference: [f64; 2],
    pub target: [f64; 2],
}

const fn packed(
    name: &'static str,
    (data_type, pack_bits, data_bits): (u8, u8, u8),
    dtype: FstDtype,
    reference: [f64; 2],
    target: [f64; 2],
) -> Packed {
    Packed { name, data_type, pack_bits, data_bits, dtype, reference, target }
}

/// The rows of the first table of the targets.
pub const PACKINGS: [Packed; 12] = [
    packed("E32", (5, 32, 32), FST_DTYPE_F32, [0.36, 0.28], [0.9, 0.8]),
    packed("E64", (5, 64, 64), FST_DTYPE_F64, [0.16, 0.11], [0.9, 0.9]),
    packed("R16", (1, 16, 32), FST_DTYPE_F32, [0.18, 0.18], [0.85, 0.85]),
    packed("R24", (1, 24, 32), FST_DTYPE_F32, [0.12, 0.12], [0.6, 0.6]),
    packed("R13", (1, 13, 32), FST_DTYPE_F32, [0.12, 0.12], [0.6, 0.6]),
    packed("F16", (6, 16, 32), FST_DTYPE_F32, [0.18, 0.18], [0.9, 0.9]),
    packed("F12", (6, 12, 32), FST_DTYPE_F32, [0.18, 0.18], [0.9, 0.9]),
    packed("unsigned 12", (2, 12, 32), FST_DTYPE_U32, [0.20, 0.20], [0.8, 0.8]),
    packed("turbo 130, 12 bits", (130, 12, 32), FST_DTYPE_U32, [0.07, 0.07], [0.35, 0.35]),
    packed("turbo 134, 16 bits", (134, 16, 32), FST_DTYPE_F32, [0.055, 0.055], [0.32, 0.32]),
    packed("turbo 129, 16 bits", (129, 16, 32), FST_DTYPE_F32, [0.055, 0.055], [0.32, 0.32]),
    packed("turbo 133, 32 bits", (133, 32, 32), FST_DTYPE_F32, [0.028, 0.028], [0.15, 0.15]),
];

impl Packed {
    /// Bytes of an element of the array.
    pub fn itemsize(&self) -> usize {
        usize::from(self.data_bits) / 8
    }

    /// A smooth field of `ni` × `nj` points with some noise in its last bits.
    pub fn field(&self, ni: u32, nj: u32) -> Field {
        let (i, j) = (ni as usize, nj as usize);
        let bits = u32::from(self.pack_bits);
        let t = encode::smooth(i, j, bits.min(16), if bits > 12 { 200 } else { 8 }, 3);
        let reals = || -> Vec<f32> { t.iter().map(|value| *value as f32 * 0.01 - 50.0).collect() };
        let payload = match self.data_type {
            1 => encode::quantized(&reals(), bits),
            2 => encode::unsigned(&t, bits),
            5 if bits == 64 => encode::ieee64(&reals().into_iter().map(f64::from).collect::<Vec<_>>()),
            5 => encode::ieee(&reals(), bits),
            6 => encode::normalized(&reals(), bits),
            129 => encode::turbo_quantized(&reals(), i, j, bits),
            130 => encode::turbo_unsigned(&t, i, j, bits),
            133 => {
                let fine = encode::smooth(i, j, 32, 20_000_000, 3);
                let reals: Vec<f32> =
                    fine.iter().map(|value| (f64::from(*value) * 1e-7 - 100.0) as f32).collect();
                encode::turbo_ieee(&reals, i, j, bits)
            }
            134 => encode::turbo_normalized(&reals(), i, j, bits),
            other => panic!("no encoder for type {other}"),
        };
        Field {
            data_type: self.data_type,
            pack_bits: self.pack_bits,
            data_bits: self.data_bits,
            payload,
            shape: [ni, nj, 1],
            ..Field::reals(0, 0, |_, _| 0.0)
        }
    }
}

/// Writes a file of `records` entries over `fields`.
pub fn write(folder: &Path, name: &str, container: Container, fields: &[Field], records: u32) -> PathBuf {
    let path = folder.join(format!("{name}.{container:?}"));
    match container {
        Container::Rsf => builder::write_rsf(&path, fields, records).unwrap(),
        Container::Xdf => builder::write_xdf(&path, fields, records).unwrap(),
    }
    path
}

/// A file of `copies` records of one packing, each with a payload of its own.
pub fn packed_file(
    folder: &Path,
    packed: &Packed,
    container: Container,
    shape: [u32; 2],
    copies: usize,
) -> PathBuf {
    let fields = vec![packed.field(shape[0], shape[1]); copies];
    write(
        folder,
        &format!("{}-{}-{}", packed.data_type, packed.pack_bits, shape[0]),
        container,
        &fields,
        copies as u32,
    )
}

/// A file of `records` entries of ten variables on ten levels, with payloads of one point.
pub fn directory_file(folder: &Path, container: Container, records: u32) -> PathBuf {
    let fields: Vec<Field> = (0..100)
        .map(|number| Field {
            nomvar: [b'V', b'A' + (number % 10) as u8, b' ', b' '],
            ip: [1000 + number / 10, 0, 0],
            ..Field::reals(1, 1, |_, _| 1.0)
        })
        .collect();
    write(folder, &format!("directory-{records}"), container, &fields, records)
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

/// An open file, closed when dropped.
pub struct Opened(pub FstFile);

impl Opened {
    pub fn new(path: &CStr, access: FstAccess, threads: u32) -> Opened {
        let options = FstOpenOptions {
            struct_size: size_of::<FstOpenOptions>() as u32,
            access,
            threads,
            ..FstOpenOptions::default()
        };
        let mut file = FstFile { id: 0 };
        // SAFETY: valid pointers.
        assert_eq!(unsafe { fst_open(path.as_ptr(), &options, &mut file) }, FST_OK, "{}", message());
        Opened(file)
    }

    /// Many files as one.
    pub fn many(paths: &[CString], threads: u32) -> Opened {
        let options = FstOpenOptions {
            struct_size: size_of::<FstOpenOptions>() as u32,
            threads,
            ..FstOpenOptions::default()
        };
        let places: Vec<_> = paths.iter().map(|path| path.as_ptr()).collect();
        let mut file = FstFile { id: 0 };
        // SAFETY: a list of that many paths, and valid pointers.
        let status = unsafe { fst_open_many(places.as_ptr(), places.len(), &options, &mut file) };
        assert_eq!(status, FST_OK, "{}", message());
        Opened(file)
    }

    pub fn count(&self) -> usize {
        let mut count = 0;
        // SAFETY: a valid pointer.
        assert_eq!(unsafe { fst_record_count(self.0, &mut count) }, FST_OK);
        count
    }

    /// Reads a record into the caller's buffer.
    pub fn read<T>(&self, record: usize, dtype: FstDtype, buffer: &mut [T]) {
        let bytes = size_of_val(buffer);
        let data = buffer.as_mut_ptr().cast();
        // SAFETY: the buffer has that many bytes, and null options are the default ones.
        let status = unsafe { fst_record_read(self.0, record, std::ptr::null(), dtype, data, bytes) };
        assert_eq!(status, FST_OK, "{}", message());
    }

    /// Reads as many records as there are buffers.
    pub fn read_many<T>(&self, dtype: FstDtype, buffers: &mut [Vec<T>]) {
        let records: Vec<usize> = (0..buffers.len()).collect();
        let sizes: Vec<usize> = buffers.iter().map(|buffer| size_of_val(&buffer[..])).collect();
        let data: Vec<_> = buffers.iter_mut().map(|buffer| buffer.as_mut_ptr().cast()).collect();
        let (options, statuses) = (std::ptr::null(), std::ptr::null_mut());
        // SAFETY: lists of that many records, buffers and sizes.
        let status = unsafe {
            let (records, n) = (records.as_ptr(), data.len());
            fst_record_read_many(self.0, records, n, options, dtype, data.as_ptr(), sizes.as_ptr(), statuses)
        };
        assert_eq!(status, FST_OK, "{}", message());
    }

    /// A view of a record; to be released.
    pub fn view(&self, record: usize) -> FstArray {
        // SAFETY: integers, and a pointer that may be null.
        let mut array: FstArray = unsafe { std::mem::zeroed() };
        array.struct_size = size_of::<FstArray>() as u32;
        // SAFETY: a valid struct of the size it says; null options are the default ones.
        let status = unsafe { fst_record_view(self.0, record, std::ptr::null(), &mut array) };
        assert_eq!(status, FST_OK, "{}", message());
        array
    }

    /// Attributes of a record.
    pub fn info(&self, record: usize) -> FstRecordInfo {
        // SAFETY: integers only.
        let mut info: FstRecordInfo = unsafe { std::mem::zeroed() };
        info.struct_size = size_of::<FstRecordInfo>() as u32;
        // SAFETY: a valid struct of that size.
        assert_eq!(unsafe { fst_record_info(self.0, record, &mut info) }, FST_OK, "{}", message());
        info
    }

    /// How many records of a variable there are on a level.
    pub fn find(&self, nomvar: &[u8; 2], ip1: i32, records: &mut [usize]) -> usize {
        let mut criteria = FstCriteria {
            struct_size: size_of::<FstCriteria>() as u32,
            nomvar: [0; 5],
            typvar: [0; 3],
            grtyp: [0; 2],
            etiket: [0; 13],
            dateo: -1,
            datev: -1,
            data_type: -1,
            data_bits: -1,
            pack_bits: -1,
            ni: -1,
            nj: -1,
            nk: -1,
            deet: -1,
            npas: -1,
            ip1,
            ip2: -1,
            ip3: -1,
            ig1: -1,
            ig2: -1,
            ig3: -1,
            ig4: -1,
            ip1_all: 0,
            ip2_all: 0,
            ip3_all: 0,
            stamp_norun: 0,
            skip_grid_descriptors: 0,
        };
        criteria.nomvar[..2].copy_from_slice(&nomvar.map(|byte| byte as _));
        let mut found = 0;
        // SAFETY: valid pointers, and room for that many records.
        let status = unsafe { fst_find(self.0, &criteria, records.as_mut_ptr(), records.len(), &mut found) };
        assert_eq!(status, FST_OK, "{}", message());
        found
    }
}

/// A search that everything matches.
pub fn search_for_all() -> FstSearch {
    // SAFETY: numbers, and pointers that may be null.
    let mut search: FstSearch = unsafe { std::mem::zeroed() };
    search.struct_size = size_of::<FstSearch>() as u32;
    search
}

impl Opened {
    /// How many records match a search.
    pub fn search(&self, search: &FstSearch, records: &mut [usize]) -> usize {
        let mut found = 0;
        // SAFETY: valid pointers, and room for that many records.
        let status = unsafe { fst_search(self.0, search, records.as_mut_ptr(), records.len(), &mut found) };
        assert_eq!(status, FST_OK, "{}", message());
        found
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        assert_eq!(fst_close(self.0), FST_OK);
    }
}

/// Lets go of a view.
pub fn release(array: &FstArray) {
    assert_eq!(fst_view_release(array.view), FST_OK);
}

/// Resident memory of this process, bytes.
pub fn resident() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<f64>().unwrap() * 4096.0
}

/// Has the allocator give back what was freed, so that resident memory grows by what is allocated next.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: a call without conditions.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Seconds of one run.
pub fn seconds(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// Seconds of the fastest of `rounds` runs.
pub fn fastest(rounds: usize, mut work: impl FnMut()) -> f64 {
    (0..rounds).map(|_| seconds(&mut work)).fold(f64::INFINITY, f64::min)
}

/// Parts of which each is timed on its own, so that what else a machine does spoils few of them.
struct Parts(Vec<f64>);

impl Parts {
    fn new(count: usize) -> Parts {
        Parts(vec![f64::INFINITY; count])
    }

    fn round(&mut self, mut work: impl FnMut(usize)) {
        for (number, best) in self.0.iter_mut().enumerate() {
            *best = best.min(seconds(|| work(number)));
        }
    }

    /// Seconds of the whole: each part at its fastest.
    fn seconds(&self) -> f64 {
        self.0.iter().sum()
    }
}

/// One buffer copied to another: what every rate is compared with.
pub struct Copy {
    from: Vec<u8>,
    to: Vec<u8>,
}

impl Copy {
    pub fn new(bytes: usize) -> Copy {
        Copy { from: vec![1; bytes], to: vec![2; bytes] }
    }
}

/// The rate of `work` over `records` records, which give `bytes` bytes each, as a ratio to copying, and in bytes a
/// second: the best of `rounds` of each, in turns. Copying is done in parts of 32 MiB.
pub fn ratio(
    copy: &mut Copy,
    rounds: usize,
    (records, bytes): (usize, usize),
    mut work: impl FnMut(usize),
) -> (f64, f64) {
    const PART: usize = 32 << 20;
    let mut copied = Parts::new(copy.from.len().div_ceil(PART));
    let mut worked = Parts::new(records);
    for _ in 0..rounds {
        copied.round(|part| {
            let range = part * PART..copy.from.len().min((part + 1) * PART);
            black_box(&mut copy.to[range.clone()]).copy_from_slice(black_box(&copy.from[range]));
        });
        worked.round(&mut work);
    }
    let rate = (records * bytes) as f64 / worked.seconds();
    (rate / (copy.from.len() as f64 / copied.seconds()), rate)
}
