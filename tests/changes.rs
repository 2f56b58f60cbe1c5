// SPDX-License-Identifier: MIT OR Apache-2.0
//! Files that change after they were opened: errors where another record would come, never a signal; what was listed stays
//! readable while a file grows or another takes its name.

mod common;

use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use common::builder::{Field, write_rsf, write_xdf};
use common::{Opened, message, read_info, root};
use fstview::ffi::types::*;
use fstview::ffi::*;

type Writer = fn(&Path, &[Field], u32) -> std::io::Result<()>;

const WRITERS: [(&str, Writer); 2] = [("a.rsf", write_rsf), ("a.fst", write_xdf)];

const MODES: [FstAccess; 2] = [FST_ACCESS_MAP, FST_ACCESS_READ];

fn data(name: &str) -> PathBuf {
    root().join("tests/data").join(name)
}

/// Opens a file that was written some time ago: what is written next has another time.
fn open(path: &Path, access: FstAccess) -> Opened {
    let earlier = std::time::SystemTime::now() - std::time::Duration::from_secs(60);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(earlier).unwrap();
    Opened::new(path, access, FST_MISSING_KEEP)
}

/// Writes `bytes` over those of a file, which keeps its inode and never gets shorter.
fn overwrite(path: &Path, at: u64, bytes: &[u8]) {
    let mut file = std::fs::File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

/// Each record as a batch reads it: its bytes, or its status.
fn batch(file: &Opened) -> Vec<Result<Vec<u64>, FstStatus>> {
    let records: Vec<usize> = (0..file.count()).collect();
    let infos: Vec<FstRecordInfo> = records.iter().map(|record| read_info(file.handle, *record)).collect();
    let mut buffers: Vec<Vec<u64>> =
        infos.iter().map(|info| vec![0; info.array_bytes as usize / 8 + 1]).collect();
    let mut results = vec![Err(FST_ERR_INTERNAL); records.len()];
    // A batch has one element type.
    for dtype in FST_DTYPE_U8..=FST_DTYPE_CHAR {
        let of_type: Vec<usize> =
            records.iter().copied().filter(|record| infos[*record].dtype == dtype).collect();
        let mut places: Vec<*mut std::ffi::c_void> = Vec::new();
        let mut sizes = Vec::new();
        for record in &of_type {
            places.push(buffers[*record].as_mut_ptr().cast());
            sizes.push(infos[*record].array_bytes as usize);
        }
        let mut statuses = vec![FST_OK; of_type.len()];
        // SAFETY: as many records, places and sizes; each place has its size and is used once.
        let status = unsafe {
            fst_record_read_many(
                file.handle,
                of_type.as_ptr(),
                of_type.len(),
                std::ptr::null(),
                dtype,
                places.as_ptr(),
                sizes.as_ptr(),
                statuses.as_mut_ptr(),
            )
        };
        assert_eq!(status, statuses.iter().copied().find(|status| *status != FST_OK).unwrap_or(FST_OK));
        for (record, status) in of_type.iter().zip(statuses) {
            results[*record] = if status == FST_OK { Ok(buffers[*record].clone()) } else { Err(status) };
        }
    }
    results
}

/// Each record as it is read alone.
fn alone(file: &Opened) -> Vec<Result<Vec<u64>, FstStatus>> {
    let read = |record| {
        let info = read_info(file.handle, record);
        let mut buffer = vec![0u64; info.array_bytes as usize / 8 + 1];
        // SAFETY: an aligned buffer of at least that many bytes.
        let status = unsafe {
            let place = buffer.as_mut_ptr().cast();
            fst_record_read(
                file.handle,
                record,
                std::ptr::null(),
                info.dtype,
                place,
                info.array_bytes as usize,
            )
        };
        if status == FST_OK { Ok(buffer) } else { Err(status) }
    };
    (0..file.count()).map(read).collect()
}

/// The status of a view of each record that is not mapped.
fn views(file: &Opened) -> Vec<FstStatus> {
    let mapped = file.info().mapped != 0;
    let info = |record| read_info(file.handle, record);
    (0..file.count())
        .filter(|record| !mapped || info(*record).flags & FST_RECORD_MAPPABLE == 0)
        .map(|record| file.view(record).err().unwrap_or(FST_OK))
        .collect()
}

/// Checks that every way of reading ends with `status`.
fn all_end_with(file: &Opened, status: FstStatus, what: &str) {
    for results in [alone(file), batch(file)] {
        assert!(!results.is_empty());
        for (record, result) in results.into_iter().enumerate() {
            assert_eq!(result.err(), Some(status), "{what}, record {record}: {}", message());
        }
    }
    assert!(views(file).into_iter().all(|found| found == status), "{what}");
}

#[test]
fn a_file_rewritten_in_place_is_corrupt() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.rsf", "model.fst", "turbo.rsf", "containers/xdf_1989_seq_a.fst", "metadata.rsf"] {
        let image = std::fs::read(data(name)).unwrap();
        let mut shifted = image.clone();
        shifted.rotate_right(4);
        let path = folder.path().join("file");
        for access in MODES {
            for other in [vec![0; image.len()], vec![0xA5; image.len()], shifted.clone()] {
                std::fs::write(&path, &image).unwrap();
                let file = open(&path, access);
                let before = alone(&file);
                overwrite(&path, 0, &other);
                for (record, result) in alone(&file).into_iter().chain(batch(&file)).enumerate() {
                    let before = &before[record % before.len()];
                    // What was refused by its directory entry is refused as before.
                    let expected = before.as_ref().err().copied().unwrap_or(FST_ERR_CORRUPT);
                    assert_eq!(result.err(), Some(expected), "{name}, record {record}: {}", message());
                }
                overwrite(&path, 0, &image);
                assert_eq!(alone(&file), before, "{name}: what it was at opening");
            }
        }
    }
}

#[test]
fn the_records_of_another_file_of_the_same_layout_are_not_taken_for_the_listed_ones() {
    let folder = tempfile::tempdir().unwrap();
    let fields = |nomvar: &[u8; 4], ip1: u32| -> Vec<Field> {
        let field = |level| Field {
            nomvar: *nomvar,
            ip: [ip1 + level, 0, 0],
            ..Field::reals(7, 5, move |i, j| (i * j + level) as f32)
        };
        (0..4).map(field).collect()
    };
    for (name, write) in WRITERS {
        for (nomvar, ip1) in [(b"UU  ", 500), (b"TT  ", 501)] {
            for access in MODES {
                let (path, other) = (folder.path().join(name), folder.path().join("other"));
                write(&path, &fields(b"TT  ", 500), 4).unwrap();
                write(&other, &fields(nomvar, ip1), 4).unwrap();
                let other = std::fs::read(other).unwrap();
                assert_eq!(other.len() as u64, path.metadata().unwrap().len());
                let file = open(&path, access);
                overwrite(&path, 0, &other);
                all_end_with(&file, FST_ERR_CORRUPT, name);
                assert!(message().contains("rewritten after it was opened"), "{}", message());
                assert!(message().contains(name) && message().contains(", record "), "{}", message());
            }
        }
    }
}

#[test]
fn what_was_decoded_before_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.fst");
    std::fs::copy(data("model.fst"), &path).unwrap();
    let file = open(&path, FST_ACCESS_READ);
    let record = (0..file.count()).find(|record| read_info(file.handle, *record).data_type == 1).unwrap();
    let view = file.view(record).unwrap();
    let before = view.bytes().to_vec();
    overwrite(&path, 0, &vec![0; path.metadata().unwrap().len() as usize]);
    assert_eq!(view.bytes(), before);
    assert_eq!(file.view(record).unwrap().bytes(), before);
    drop(view);
    assert_eq!(file.view(record).err(), Some(FST_ERR_CORRUPT));
}

#[test]
fn a_file_cut_short_is_truncated_and_its_first_records_stay() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.fst", "model.rsf"] {
        for access in MODES {
            let path = folder.path().join(name);
            std::fs::copy(data(name), &path).unwrap();
            let file = open(&path, access);
            let before = alone(&file);
            std::fs::File::options().write(true).open(&path).unwrap().set_len(30_000).unwrap();
            let mut cut = 0;
            for results in [alone(&file), batch(&file)] {
                for (record, (now, before)) in results.into_iter().zip(&before).enumerate() {
                    let info = read_info(file.handle, record);
                    if info.payload_offset + info.payload_bytes <= 30_000 {
                        assert_eq!(now, *before, "{name}, record {record}");
                    } else {
                        assert_eq!(now.err(), Some(FST_ERR_TRUNCATED), "{name}, record {record}");
                        cut += 1;
                    }
                }
            }
            assert!(cut > 100, "{cut}");
            std::fs::File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
            all_end_with(&file, FST_ERR_TRUNCATED, name);
        }
    }
}

#[test]
fn a_file_that_another_takes_the_name_of_is_still_read() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["model.fst", "model.rsf"] {
        for access in MODES {
            let path = folder.path().join(name);
            std::fs::copy(data(name), &path).unwrap();
            let file = open(&path, access);
            let before = alone(&file);
            let other = folder.path().join("other");
            std::fs::write(&other, vec![7; 100_000]).unwrap();
            std::fs::rename(&other, &path).unwrap();
            assert_eq!(alone(&file), before);
            assert_eq!(batch(&file), before);
            std::fs::remove_file(&path).unwrap();
            assert_eq!(batch(&file), before);
        }
    }
}

#[test]
fn what_was_listed_is_read_while_a_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let field =
        |number| Field { ip: [number, 0, 0], ..Field::reals(20, 30, move |i, j| (i * j + number) as f32) };
    let fields: Vec<Field> = (0..9).map(field).collect();
    for (name, write) in WRITERS {
        for access in MODES {
            let (path, longer) = (folder.path().join(name), folder.path().join("longer"));
            write(&path, &fields[..3], 3).unwrap();
            write(&longer, &fields, 9).unwrap();
            let file = open(&path, access);
            let before = alone(&file);
            assert!(before.len() == 3 && before.iter().all(Result::is_ok));
            // More records, and a directory that is written anew.
            overwrite(&path, 0, &std::fs::read(&longer).unwrap());
            assert_eq!(alone(&file), before, "{name}");
            assert_eq!(batch(&file), before, "{name}");
            assert_eq!(open(&path, access).count(), 9);
        }
    }
}

#[test]
fn every_record_of_every_flavour_is_known_again_in_a_file_that_grew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    let containers = std::fs::read_dir(data("containers")).unwrap().map(|entry| entry.unwrap().path());
    let files = containers.chain(["model.fst", "types.fst", "metadata.rsf", "unclosed.rsf"].map(data));
    let (mut files_seen, mut records_seen) = (0, 0);
    for original in files.filter(|path| path.extension().is_some_and(|end| end == "rsf" || end == "fst")) {
        let mut bytes = std::fs::read(&original).unwrap();
        std::fs::write(&path, &bytes).unwrap();
        let file = open(&path, FST_ACCESS_READ);
        let before = alone(&file);
        bytes.extend([0; 4096]);
        overwrite(&path, 0, &bytes);
        // Editors of XDF files change the entry alone: such a record cannot be known again.
        let edited = original.file_name().unwrap().to_str().unwrap().starts_with("xdf_pages_");
        let (mut known, mut refused) = (0, 0);
        for (record, (now, before)) in alone(&file).iter().zip(&before).enumerate() {
            if edited && now != before {
                assert_eq!(*now, Err(FST_ERR_CORRUPT));
                refused += 1;
            } else {
                assert!(now == before, "{} record {record}: {:?}", original.display(), now.as_ref().err());
                known += 1;
            }
        }
        assert!(refused <= known / 8, "{}: {refused} of {known}", original.display());
        files_seen += 1;
        records_seen += before.iter().filter(|result| result.is_ok()).count();
    }
    assert!(files_seen > 40 && records_seen > 500, "{files_seen} files, {records_seen} records");
}

#[test]
fn a_record_that_never_had_the_header_of_its_entry_is_read_while_the_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edited.fst");
    // The second entry has another ip3 than the record that both entries list.
    write_xdf(&path, &[Field::reals(3, 3, |i, j| (i + j) as f32)], 2).unwrap();
    // Also in a file that has just been written.
    for access in MODES {
        assert!(alone(&Opened::new(&path, access, FST_MISSING_KEEP)).iter().all(Result::is_ok));
    }
}
