// SPDX-License-Identifier: MIT OR Apache-2.0
//! The index of all records, as Arrow's C data interface hands it out: against what is said of each record alone, and the
//! rules of release.

mod common;

use std::ffi::{CStr, c_char, c_void};
use std::ptr::null_mut;

use common::builder::{Field, write_rsf};
use common::{Opened, golden_roots, message, open, open_options, read_info, root};
use fstview::attributes::date::{CalendarDate, UNKNOWN_STAMP};
use fstview::attributes::level;
use fstview::ffi::types::*;
use fstview::ffi::{fst_close, fst_index_export, fst_open_many};

/// As a consumer declares it.
#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

/// As a consumer declares it.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

/// Names and formats, in order.
const COLUMNS: [(&str, &str); 34] = [
    ("record", "L"),
    ("file_number", "I"),
    ("nomvar", "u"),
    ("typvar", "u"),
    ("grtyp", "u"),
    ("etiket", "u"),
    ("ni", "l"),
    ("nj", "l"),
    ("nk", "l"),
    ("data_type", "i"),
    ("data_bits", "i"),
    ("pack_bits", "i"),
    ("dateo", "i"),
    ("datev", "i"),
    ("origin", "tss:UTC"),
    ("valid", "tss:UTC"),
    ("deet", "i"),
    ("npas", "i"),
    ("ip1", "i"),
    ("ip2", "i"),
    ("ip3", "i"),
    ("level", "f"),
    ("level_kind", "i"),
    ("ig1", "i"),
    ("ig2", "i"),
    ("ig3", "i"),
    ("ig4", "i"),
    ("dtype", "i"),
    ("flags", "I"),
    ("file_offset", "L"),
    ("stored_bytes", "L"),
    ("payload_offset", "L"),
    ("payload_bytes", "L"),
    ("array_bytes", "L"),
];

const NULLABLE: [&str; 4] = ["origin", "valid", "level", "level_kind"];

/// A record batch, released when dropped.
struct Batch {
    schema: Schema,
    array: Array,
}

// SAFETY: the interface allows use and release on any thread.
unsafe impl Send for Batch {}

/// A value as a test compares it.
#[derive(Debug, PartialEq)]
enum Value {
    Null,
    Number(i128),
    Real(u32),
    Text(String),
}

impl Batch {
    fn new(file: FstFile) -> Batch {
        // SAFETY: pointers, numbers and a callback that may be null.
        let (mut schema, mut array): (Schema, Array) = unsafe { std::mem::zeroed() };
        // SAFETY: writable structs of the layout that the interface fixes.
        let status = unsafe { fst_index_export(file, (&raw mut schema).cast(), (&raw mut array).cast()) };
        assert_eq!(status, FST_OK, "{}", message());
        Batch { schema, array }
    }

    fn rows(&self) -> usize {
        self.array.length as usize
    }

    fn columns(&self) -> usize {
        self.array.n_children as usize
    }

    fn schema(&self, column: usize) -> &Schema {
        // SAFETY: `n_children` pointers to children that live as long as the batch.
        unsafe { &**self.schema.children.add(column) }
    }

    fn array(&self, column: usize) -> &Array {
        // SAFETY: as above.
        unsafe { &**self.array.children.add(column) }
    }

    /// A buffer of a column, as the type that its format promises.
    fn buffer<T>(&self, column: usize, number: usize) -> *const T {
        let array = self.array(column);
        assert!((number as i64) < array.n_buffers);
        // SAFETY: `n_buffers` pointers.
        unsafe { (*array.buffers.add(number)).cast() }
    }

    fn value(&self, column: usize, row: usize) -> Value {
        let bits = self.buffer::<u8>(column, 0);
        // SAFETY: a bit a row, a value a row (one more of offsets), in memory that the batch owns.
        unsafe {
            if !bits.is_null() && *bits.add(row / 8) >> (row % 8) & 1 == 0 {
                return Value::Null;
            }
            match COLUMNS[column].1 {
                "L" => Value::Number((*self.buffer::<u64>(column, 1).add(row)).into()),
                "l" | "tss:UTC" => Value::Number((*self.buffer::<i64>(column, 1).add(row)).into()),
                "I" => Value::Number((*self.buffer::<u32>(column, 1).add(row)).into()),
                "i" => Value::Number((*self.buffer::<i32>(column, 1).add(row)).into()),
                "f" => Value::Real((*self.buffer::<f32>(column, 1).add(row)).to_bits()),
                "u" => {
                    let offsets = self.buffer::<i32>(column, 1);
                    let (from, to) = (*offsets.add(row) as usize, *offsets.add(row + 1) as usize);
                    let bytes = std::slice::from_raw_parts(self.buffer::<u8>(column, 2).add(from), to - from);
                    Value::Text(String::from_utf8(bytes.to_vec()).unwrap())
                }
                other => panic!("{other}"),
            }
        }
    }

    /// The row of a record as values.
    fn row(&self, row: usize) -> Vec<Value> {
        (0..self.columns()).map(|column| self.value(column, row)).collect()
    }

    /// Checks what holds for every batch.
    fn check(&self) {
        let text = |pointer: *const c_char| {
            // SAFETY: a NUL-terminated string that the schema owns.
            unsafe { CStr::from_ptr(pointer) }.to_str().unwrap().to_owned()
        };
        assert_eq!(text(self.schema.format), "+s");
        assert_eq!((self.schema.n_children, self.array.n_children), (34, 34));
        assert_eq!((self.array.n_buffers, self.array.offset, self.array.null_count), (1, 0, 0));
        for (column, (name, format)) in COLUMNS.iter().enumerate() {
            let (schema, array) = (self.schema(column), self.array(column));
            assert_eq!((text(schema.name).as_str(), text(schema.format).as_str()), (*name, *format));
            assert_eq!(schema.flags, if NULLABLE.contains(name) { 2 } else { 0 }, "{name}");
            assert!(schema.release.is_some() && array.release.is_some());
            assert_eq!((array.length, array.offset), (self.array.length, 0));
            let nulls = (0..self.rows()).filter(|row| self.value(column, *row) == Value::Null).count();
            assert_eq!(array.null_count, nulls as i64, "{name}");
            assert!(nulls == 0 || NULLABLE.contains(name));
            for number in 1..array.n_buffers as usize {
                assert!(number == 2 || self.buffer::<i32>(column, number).is_aligned());
            }
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if let Some(release) = self.schema.release {
            // SAFETY: not released yet.
            unsafe { release(&mut self.schema) };
        }
        if let Some(release) = self.array.release {
            // SAFETY: not released yet.
            unsafe { release(&mut self.array) };
        }
        assert!(self.schema.release.is_none() && self.array.release.is_none());
    }
}

/// The row of a record by what is said of it alone.
fn expected(file: FstFile, record: usize) -> Vec<Value> {
    let info = read_info(file, record);
    let number = |value: i64| Value::Number(value.into());
    let text = |text: &[c_char]| {
        let bytes: Vec<u8> = text.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).collect();
        Value::Text(String::from_utf8(bytes).unwrap())
    };
    let seconds = |stamp: i32| {
        let date = CalendarDate::from_stamp(stamp).ok();
        date.map_or(Value::Null, |date| number(date.unix_seconds().unwrap()))
    };
    // The stamp that stands for an unknown origin is also a date of 1910, of one golden record.
    let unknown = info.dateo == UNKNOWN_STAMP && info.datev != UNKNOWN_STAMP;
    let origin =
        if unknown || seconds(info.datev) == Value::Null { Value::Null } else { seconds(info.dateo) };
    let level = level::decode(info.ip1).ok();
    vec![
        number(record as i64),
        number(info.file_number as i64),
        text(&info.nomvar),
        text(&info.typvar),
        text(&info.grtyp),
        text(&info.etiket),
        number(info.ni),
        number(info.nj),
        number(info.nk),
        number(info.data_type.into()),
        number(info.data_bits.into()),
        number(info.pack_bits.into()),
        number(info.dateo.into()),
        number(info.datev.into()),
        origin,
        seconds(info.datev),
        number(info.deet.into()),
        number(info.npas.into()),
        number(info.ip1.into()),
        number(info.ip2.into()),
        number(info.ip3.into()),
        level.map_or(Value::Null, |level| Value::Real(level.value.to_bits())),
        level.map_or(Value::Null, |level| number(level.kind.into())),
        number(info.ig1.into()),
        number(info.ig2.into()),
        number(info.ig3.into()),
        number(info.ig4.into()),
        number(info.dtype.into()),
        number(info.flags.into()),
        Value::Number(info.file_offset.into()),
        Value::Number(info.stored_bytes.into()),
        Value::Number(info.payload_offset.into()),
        Value::Number(info.payload_bytes.into()),
        Value::Number(info.array_bytes.into()),
    ]
}

/// Opens every golden file that can be opened, damaged ones too.
fn golden_files() -> Vec<FstFile> {
    let mut files = Vec::new();
    let mut folders = golden_roots();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                files.extend(open(&entry, &open_options()).ok());
            }
        }
    }
    files
}

#[test]
fn the_index_says_what_is_said_of_each_record() {
    let (mut rows, mut nulls) = (0, 0);
    for file in golden_files() {
        let batch = Batch::new(file);
        batch.check();
        for record in 0..batch.rows() {
            assert_eq!(batch.row(record), expected(file, record));
        }
        rows += batch.rows();
        nulls += (0..batch.columns()).map(|column| batch.array(column).null_count).sum::<i64>();
        assert_eq!(fst_close(file), FST_OK);
    }
    println!("{rows} records, {nulls} nulls");
    assert!(rows > 500 && nulls > 0);
}

#[test]
fn missing_value_options_change_what_is_mappable() {
    for missing in [FST_MISSING_KEEP, FST_MISSING_CODES, FST_MISSING_NAN] {
        let file = Opened::new(&root().join("tests/data/missing.rsf"), FST_ACCESS_AUTO, missing);
        let batch = Batch::new(file.handle);
        for record in 0..batch.rows() {
            assert_eq!(batch.row(record), expected(file.handle, record));
        }
    }
}

#[test]
fn several_files_are_one_index() {
    let paths = ["query.rsf", "query.xdf", "query.rsf"]
        .map(|name| common::c_path(&root().join("tests/data/semantics").join(name)));
    let pointers = paths.each_ref().map(|path| path.as_ptr());
    let mut file = FstFile { id: 0 };
    // SAFETY: valid pointers.
    assert_eq!(unsafe { fst_open_many(pointers.as_ptr(), 3, &open_options(), &mut file) }, FST_OK);
    let batch = Batch::new(file);
    batch.check();
    assert_eq!(batch.rows(), 310 + 308 + 310);
    for record in 0..batch.rows() {
        assert_eq!(batch.row(record), expected(file, record));
    }
    assert_eq!(fst_close(file), FST_OK);
}

#[test]
fn an_empty_file_has_an_index_without_rows() {
    let path = root().join("tests/data/containers/rsf_empty_fresh.rsf");
    let file = Opened::new(&path, FST_ACCESS_AUTO, FST_MISSING_KEEP);
    let batch = Batch::new(file.handle);
    batch.check();
    assert_eq!(batch.rows(), 0);
    for (column, (name, format)) in COLUMNS.iter().enumerate() {
        if *format == "u" {
            let offsets = batch.buffer::<i32>(column, 1);
            // SAFETY: one offset more than rows.
            assert_eq!(unsafe { *offsets }, 0, "{name}");
        }
    }
}

#[test]
fn the_index_outlives_its_file_and_moves_to_another_thread() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.rsf");
    write_rsf(&path, &[Field::reals(2, 2, |i, j| (i + j) as f32)], 5000).unwrap();
    let file = open(&path, &open_options()).unwrap();
    let row = expected(file, 4321);
    let batch = Batch::new(file);
    assert_eq!(fst_close(file), FST_OK);
    let moved = Box::new(batch);
    std::thread::spawn(move || {
        moved.check();
        assert_eq!((moved.rows(), moved.row(4321)), (5000, row));
    })
    .join()
    .unwrap();
}

#[test]
fn a_second_release_does_nothing() {
    let file = Opened::new(&root().join("tests/data/model.rsf"), FST_ACCESS_AUTO, FST_MISSING_KEEP);
    let mut batch = Batch::new(file.handle);
    let (schema, array) = (batch.schema.release.unwrap(), batch.array.release.unwrap());
    for _ in 0..3 {
        // SAFETY: valid or released structs; this library's callbacks bear both.
        unsafe {
            schema(&mut batch.schema);
            array(&mut batch.array);
            schema(null_mut());
            array(null_mut());
        }
        assert!(batch.schema.release.is_none() && batch.array.release.is_none());
    }
}

#[test]
fn a_column_that_was_moved_out_outlives_its_batch() {
    let file = Opened::new(&root().join("tests/data/model.rsf"), FST_ACCESS_AUTO, FST_MISSING_KEEP);
    let batch = Batch::new(file.handle);
    let (rows, last) = (batch.rows(), batch.value(18, batch.rows() - 1));
    // As the interface says: copy the struct, mark the original as released, release the parent.
    // SAFETY: the 19th of the children, ip1, which nobody else uses.
    let mut ip1 = unsafe {
        let child = *batch.array.children.add(18);
        let moved = child.read();
        (*child).release = None;
        moved
    };
    drop(batch);
    assert_eq!(ip1.length, rows as i64);
    // SAFETY: the column owns its buffers.
    let value = unsafe { *(*ip1.buffers.add(1)).cast::<i32>().add(rows - 1) };
    assert_eq!(Value::Number(value.into()), last);
    // SAFETY: not released yet.
    unsafe { ip1.release.unwrap()(&mut ip1) };
    assert!(ip1.release.is_none());
}

#[test]
fn an_export_that_fails_writes_nothing() {
    let file = Opened::new(&root().join("tests/data/model.rsf"), FST_ACCESS_AUTO, FST_MISSING_KEEP);
    // SAFETY: pointers, numbers and a callback that may be null.
    let (mut schema, mut array): (Schema, Array) = unsafe { std::mem::zeroed() };
    let (to_schema, to_array) = ((&raw mut schema).cast(), (&raw mut array).cast());
    // SAFETY: null or writable.
    unsafe {
        assert_eq!(fst_index_export(file.handle, null_mut(), to_array), FST_ERR_INVALID_ARGUMENT);
        assert_eq!(fst_index_export(file.handle, to_schema, null_mut()), FST_ERR_INVALID_ARGUMENT);
        assert_eq!(fst_index_export(FstFile { id: 0 }, to_schema, to_array), FST_ERR_INVALID_HANDLE);
    }
    assert!(schema.release.is_none() && array.release.is_none());
}
