//! Memory: what a view holds, and that it goes back. Resident size belongs to the whole process, so these tests are in a
//! program of their own and take turns.

mod common;

use std::os::unix::fs::FileExt;
use std::sync::{Mutex, PoisonError};

use common::{Opened, open, open_options};
use fstview::ffi::types::*;

static TURN: Mutex<()> = Mutex::new(());

/// Resident memory of this process, bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
fn memory_goes_back_with_the_last_release() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    // 64 MB of 32-bit reals in a record of its own: what is resident is what the view holds.
    write_large_rsf(&path, 4096, 4096);
    let options = FstOpenOptions { access: FST_ACCESS_READ, ..open_options() };
    let file = Opened { handle: open(&path, &options).unwrap() };
    let before = resident();
    let view = file.view(0).unwrap();
    assert_eq!(view.array.origin, FST_ORIGIN_READ);
    let during = resident();
    drop(view);
    let after = resident();
    println!("resident: {before} before, {during} with a view of 64 MiB, {after} after its release");
    assert!(during > before + (60 << 20), "{before} {during}");
    assert!(after < before + (8 << 20), "{before} {after}");
}

#[test]
fn a_mapped_view_touches_no_page_of_the_payload() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.rsf");
    write_large_rsf(&path, 4096, 4096);
    let options = FstOpenOptions { access: FST_ACCESS_MAP, ..open_options() };
    let before = resident();
    let file = Opened { handle: open(&path, &options).unwrap() };
    let view = file.view(0).unwrap();
    assert_eq!(view.array.origin, FST_ORIGIN_MAPPED);
    let after = resident();
    assert!(after < before + (4 << 20), "{before} {after}");
    assert_eq!(view.array.shape, [4096, 4096, 1]);
    assert_eq!(view.bytes()[..4], 1.5f32.to_le_bytes());
}

/// An RSF file with one record of 32-bit reals, the first of which is 1.5 (rsf.md section 16).
fn write_large_rsf(path: &std::path::Path, ni: u32, nj: u32) {
    fn long(value: u64) -> [u8; 8] {
        let [high, low] = [(value >> 32) as u32, value as u32].map(u32::to_le_bytes);
        [high, low].concat().try_into().unwrap()
    }
    fn sor(rt: u8, rlm: u16, rl: u64, rlmd: u16, dul: u8) -> Vec<u8> {
        [&[rt][..], &rlm.to_le_bytes(), &[0xFE], &long(rl), &rlmd.to_le_bytes(), &[0, dul]].concat()
    }
    fn eor(rt: u8, rlm: u16, rl: u64) -> Vec<u8> {
        [&long(rl)[..], &[rt], &rlm.to_le_bytes(), &[0xFF]].concat()
    }
    let payload = 4 * u64::from(ni) * u64::from(nj);
    let record = 16 + 76 + payload + 12;
    let vdir = 72 + record;
    let vdirs = 20 + 32 + 76 + 12;
    let sseg = vdir + vdirs + 68;
    let metadata: Vec<u8> = [
        0x0001_0101u32,
        0,
        0x0113_0000,
        300 << 8 | 32,
        ni << 8 | 0x58,
        nj << 8 | 5,
        1 << 12,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0xD340_0020,
        500 << 4,
        0,
        0,
        0x1681_BAD0,
    ]
    .iter()
    .flat_map(|word| word.to_le_bytes())
    .collect();
    let segment: Vec<u8> = [long(sseg - 68), long(sseg), long(vdir), long(vdirs)].concat();
    let start = [
        &sor(3, 0, 72, 19, 0)[..],
        b"RSF0STDF",
        &0xDEAD_BEEFu32.to_le_bytes(),
        &segment,
        &eor(3, 0, 72),
        &sor(1, 19, record, 19, 4),
        &metadata,
        &1.5f32.to_le_bytes(),
    ]
    .concat();
    let end = [
        &eor(1, 19, record)[..],
        &sor(6, 1, vdirs, 0, 0),
        &1u32.to_le_bytes(),
        &long(72),
        &long(record),
        &long(0),
        &(19u32 << 16 | 19).to_le_bytes(),
        &[0; 4],
        &metadata,
        &eor(6, 1, vdirs),
        &sor(4, 19, 68, 19, 0),
        &0xBEBE_FADAu32.to_le_bytes(),
        &0xCAFE_FADEu32.to_le_bytes(),
        &segment,
        &eor(4, 19, 68),
    ]
    .concat();
    let file = std::fs::File::create(path).unwrap();
    file.write_all_at(&start, 0).unwrap();
    // Real pages, so that reading them is what it costs.
    let block = vec![0u8; 1 << 20];
    let mut at = start.len() as u64;
    while at < 72 + 92 + payload {
        let len = block.len().min((72 + 92 + payload - at) as usize);
        file.write_all_at(&block[..len], at).unwrap();
        at += len as u64;
    }
    file.write_all_at(&end, 72 + record - 12).unwrap();
}
