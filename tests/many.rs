// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several files as one, and what is said of those that cannot be opened or are damaged.

mod common;

use std::ffi::CString;
use std::path::{Path, PathBuf};

use common::{Opened, c_path, message, open_options, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

fn data(name: &str) -> PathBuf {
    root().join("tests/data").join(name)
}

fn open_many(paths: &[PathBuf], options: &FstOpenOptions) -> Result<Opened, FstStatus> {
    let paths: Vec<CString> = paths.iter().map(|path| c_path(path)).collect();
    let pointers: Vec<_> = paths.iter().map(|path| path.as_ptr()).collect();
    let mut handle = FstFile { id: 0 };
    // SAFETY: as many pointers as are counted.
    match unsafe { fst_open_many(pointers.as_ptr(), pointers.len(), options, &mut handle) } {
        FST_OK => Ok(Opened { handle }),
        status => Err(status),
    }
}

fn problems(file: &Opened) -> Vec<FstProblem> {
    let mut found = 0;
    // SAFETY: no places, only the count.
    assert_eq!(unsafe { fst_file_problems(file.handle, std::ptr::null_mut(), 0, &mut found) }, FST_OK);
    // SAFETY: integers only.
    let mut list = vec![unsafe { std::mem::zeroed::<FstProblem>() }; found];
    for problem in &mut list {
        problem.struct_size = size_of::<FstProblem>() as u32;
    }
    // SAFETY: as many places as are counted.
    assert_eq!(unsafe { fst_file_problems(file.handle, list.as_mut_ptr(), list.len(), &mut found) }, FST_OK);
    assert_eq!(found, list.len());
    list
}

fn text(problem: &FstProblem) -> String {
    problem.message.iter().map(|byte| *byte as u8).take_while(|byte| *byte != 0).map(char::from).collect()
}

#[test]
fn record_numbers_run_on_over_the_files() {
    let paths = ["model.rsf", "model.fst", "metadata.rsf", "model.rsf"].map(data);
    for threads in [1, 2] {
        let many = open_many(&paths, &FstOpenOptions { threads, ..open_options() }).unwrap();
        let mut record = 0;
        for (number, path) in paths.iter().enumerate() {
            let alone = Opened::new(path, FST_ACCESS_AUTO, FST_MISSING_KEEP);
            for local in 0..alone.count() {
                let (info, expected) = (read_info(many.handle, record), read_info(alone.handle, local));
                assert_eq!(info.file_number, number as u64);
                assert_eq!((info.ip1, info.payload_offset), (expected.ip1, expected.payload_offset));
                assert_eq!(many.view(record).unwrap().bytes(), alone.view(local).unwrap().bytes());
                record += 1;
            }
        }
        assert_eq!((many.count(), many.info().file_count), (record, 4));
        assert_eq!((many.info().complete, problems(&many).len()), (1, 0));
    }
}

#[test]
fn one_bad_file_is_an_error_that_names_it() {
    let text = data("README.md");
    let paths = [data("model.rsf"), text.clone(), data("model.fst")];
    assert_eq!(open_many(&paths, &open_options()).err(), Some(FST_ERR_NOT_FST));
    assert!(message().contains(text.to_str().unwrap()), "{}", message());
    assert_eq!(open_many(&[], &open_options()).err(), Some(FST_ERR_INVALID_ARGUMENT));
}

#[test]
fn bad_files_are_left_out_on_request_and_the_reason_is_kept() {
    let skip = FstOpenOptions { skip_unreadable: 1, ..open_options() };
    let paths = [data("README.md"), data("model.rsf"), PathBuf::from("/nowhere/at/all"), data("model.fst")];
    let file = open_many(&paths, &skip).unwrap();
    let model = Opened::new(&paths[1], FST_ACCESS_AUTO, FST_MISSING_KEEP).count();
    assert_eq!((file.count(), file.info().file_count, file.info().complete), (2 * model, 2, 0));
    assert_eq!(read_info(file.handle, 0).file_number, 1);
    assert_eq!(read_info(file.handle, model).file_number, 3);
    let found = problems(&file);
    let summary: Vec<_> =
        found.iter().map(|problem| (problem.file_number, problem.status, problem.record)).collect();
    assert_eq!(summary, [(0, FST_ERR_NOT_FST, FST_NO_RECORD), (2, FST_ERR_NOT_FOUND, FST_NO_RECORD)]);
    for (problem, path) in found.iter().zip([&paths[0], &paths[2]]) {
        assert!(text(problem).contains(path.to_str().unwrap()), "{}", text(problem));
    }
    let none = [data("README.md"), PathBuf::from("/nowhere/at/all")];
    assert_eq!(open_many(&none, &skip).err(), Some(FST_ERR_NOT_FST));
    let wrong = FstOpenOptions { skip_unreadable: 2, ..open_options() };
    assert_eq!(open_many(&paths, &wrong).err(), Some(FST_ERR_INVALID_ARGUMENT));
}

#[test]
fn damage_is_listed_with_its_place() {
    let malformed = data("containers/malformed");
    let listed =
        |name: &str| problems(&Opened::new(&malformed.join(name), FST_ACCESS_AUTO, FST_MISSING_KEEP));
    let cut = listed("xdf_seq_cut.fst");
    assert_eq!((cut.len(), cut[0].status, cut[0].record), (1, FST_ERR_TRUNCATED, FST_NO_RECORD));
    assert!(cut[0].offset < u64::MAX);
    let outside = listed("xdf_record_address.fst");
    let records: Vec<_> = outside.iter().map(|problem| problem.record).collect();
    assert_eq!(records, [1, 3, 4]);
    assert!(text(&outside[0]).contains("record 1"), "{}", text(&outside[0]));
    let sound = problems(&Opened::new(Path::new(&data("types.rsf")), FST_ACCESS_AUTO, FST_MISSING_KEEP));
    assert!(sound.is_empty());
}
