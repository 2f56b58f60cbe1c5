// SPDX-License-Identifier: MIT OR Apache-2.0
//! Layouts that no golden file is large enough to have.

mod common;

use common::builder::{Field, write_rsf, write_xdf};
use common::{Opened, read_info};
use fstview::ffi::types::*;

/// A quantised field (type 6) whose tokens are all `token`.
fn quantised(ni: u32, nj: u32, token: u16) -> Field {
    let elements = ni * nj;
    let pair = u32::from(token) << 16 | u32::from(token);
    let mut payload = vec![0xEFF0_0000 | 11 << 16 | 0x81 << 8, 0, elements];
    payload.resize(3 + elements.div_ceil(2) as usize, pair);
    Field { data_type: 6, pack_bits: 12, payload, ..Field::reals(ni, nj, |_, _| 0.0) }
}

#[test]
fn a_quantised_record_longer_than_its_length_field_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.fst");
    // 136 MB: the length in words of 8 bytes needs 25 bits (`xdf.md` 7.4).
    let fields = [
        Field::reals(3, 2, |i, j| (i + j) as f32),
        quantised(20_000, 3_400, 0x0C00),
        quantised(4, 4, 0x0300),
    ];
    write_xdf(&path, &fields, 3).unwrap();
    let file = Opened::new(&path, FST_ACCESS_AUTO, FST_MISSING_KEEP);
    assert_eq!((file.count(), file.info().complete), (3, 1));
    let info = read_info(file.handle, 1);
    assert!(info.stored_bytes > 1 << 27, "{}", info.stored_bytes);
    let view = file.view(1).unwrap();
    assert_eq!(view.array.shape, [20_000, 3_400, 1]);
    let expected = (0x0C00 as f32 * 2f32.powi(129 - 150)).to_le_bytes();
    assert!(view.bytes().chunks_exact(4).all(|value| value == expected));
    assert_eq!(file.view(2).unwrap().array.size, 16);
    drop(view);

    // Cut short, the file is walked from record to record: the long one must not end the walk.
    let bytes = std::fs::metadata(&path).unwrap().len();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(bytes - 8).unwrap();
    let file = Opened::new(&path, FST_ACCESS_AUTO, FST_MISSING_KEEP);
    assert_eq!((file.count(), file.info().complete), (2, 0));
    assert_eq!(file.view(1).unwrap().array.size, 68_000_000);
}

#[test]
fn directories_of_many_pages_and_entries() {
    let folder = tempfile::tempdir().unwrap();
    let fields = [Field::reals(5, 4, |i, j| (10 * i + j) as f32), quantised(6, 3, 0x0300)];
    for records in [1u32, 255, 256, 257, 512, 20_000] {
        for (name, write) in
            [("many.rsf", write_rsf as fn(&_, &_, u32) -> _), ("many.fst", write_xdf as fn(&_, &_, u32) -> _)]
        {
            let path = folder.path().join(name);
            let written: std::io::Result<()> = write(path.as_path(), &fields[..], records);
            written.unwrap();
            for access in [FST_ACCESS_MAP, FST_ACCESS_READ] {
                let file = Opened::new(&path, access, FST_MISSING_KEEP);
                assert_eq!((file.count(), file.info().complete), (records as usize, 1), "{name}");
                for record in [0, records as usize / 2, records as usize - 1] {
                    let info = read_info(file.handle, record);
                    assert_eq!(info.ip3, record as i32);
                    let view = file.view(record).unwrap();
                    assert_eq!(
                        view.array.shape[..2],
                        fields[record % 2].shape[..2].iter().map(|n| i64::from(*n)).collect::<Vec<_>>()[..]
                    );
                }
            }
        }
    }
}
