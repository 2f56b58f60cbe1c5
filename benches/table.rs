// SPDX-License-Identifier: MIT OR Apache-2.0
//! Every row of the two tables of targets: the reference's figure, the target, and ours, measured here and now.
//!
//! Rates are ratios to copying a buffer of 256 MB to another in the same run, by turns; times are the best of several.
//! `cargo bench --bench table [word]` prints the table, or the rows that hold the word. `--once` reads one record once,
//! for programs that count instructions.

mod common;

use std::hint::black_box;
use std::time::Instant;

use common::builder::Field;
use common::*;
use fstview::ffi::types::*;

/// Rounds of the rates; the best counts.
const ROUNDS: usize = 15;

/// Records of a file that is read again and again.
const RECORDS: usize = 16;

struct Table {
    wanted: Option<String>,
    once: bool,
    missed: usize,
}

impl Table {
    fn wants(&self, what: &str) -> bool {
        self.wanted.as_ref().is_none_or(|wanted| what.contains(wanted.as_str()))
    }

    fn row(&mut self, what: &str, reference: &str, target: &str, ours: &str, met: bool) {
        let note = if met { "" } else { " **misses**" };
        self.missed += usize::from(!met);
        println!("| {what} | {reference} | {target} | {ours}{note} |");
    }
}

fn reads(table: &mut Table, folder: &std::path::Path) {
    let (rounds, records) = if table.once { (1, 1) } else { (ROUNDS, RECORDS) };
    let mut copy = Copy::new(256 << 20);
    for packed in &PACKINGS {
        for (which, container) in [Container::Rsf, Container::Xdf].into_iter().enumerate() {
            let what = format!("read {} {container:?}", packed.name);
            if !table.wants(&what) {
                continue;
            }
            let path = packed_file(folder, packed, container, [1000, 1000], records);
            let file = Opened::new(&c_path(&path), FST_ACCESS_READ, 1);
            let mut buffer = vec![0u64; 1_000_000 * packed.itemsize() / 8];
            let bytes = size_of_val(&buffer[..]);
            let (ratio, rate) = ratio(&mut copy, rounds, (records, bytes), |record| {
                file.read(record, packed.dtype, black_box(&mut buffer));
            });
            let target = packed.target[which];
            let ours = format!("{ratio:.2} ({:.1} GB/s)", rate * 1e-9);
            table.row(
                &what,
                &packed.reference[which].to_string(),
                &target.to_string(),
                &ours,
                ratio >= target,
            );
            std::fs::remove_file(path).unwrap();
        }
    }
}

/// A row of time: `seconds` in units of `unit`.
fn time(
    table: &mut Table,
    what: &str,
    reference: &str,
    target: f64,
    (unit, name): (f64, &str),
    seconds: f64,
) {
    let ours = seconds / unit;
    table.row(what, reference, &format!("{target} {name}"), &format!("{ours:.3} {name}"), ours <= target);
}

const MS: (f64, &str) = (1e-3, "ms");
const US: (f64, &str) = (1e-6, "µs");

fn directories(table: &mut Table, folder: &std::path::Path) {
    let small = folder.join("small.Rsf");
    common::builder::write_rsf(&small, &[Field::reals(10, 10, |i, j| (i + j) as f32)], 1).unwrap();
    let small = c_path(&small);
    if table.wants("open a small file") {
        let best = fastest(200, || drop(Opened::new(&small, FST_ACCESS_AUTO, 1)));
        time(table, "open a small file", "3.6 ms", 0.1, MS, best);
    }
    for (container, reference) in [(Container::Rsf, "7.0 ms"), (Container::Xdf, "4.5 ms")] {
        let what = format!("open and index, 20 000 records, {container:?}");
        if table.wants(&what) {
            let path = c_path(&directory_file(folder, container, 20_000));
            let best = fastest(40, || drop(Opened::new(&path, FST_ACCESS_AUTO, 1)));
            time(table, &what, reference, 1.0, MS, best);
        }
    }
    let what = "open and index, 1 000 000 records, Rsf";
    if !(table.wants(what) || table.wants("list") || table.wants("find")) {
        return;
    }
    let path = c_path(&directory_file(folder, Container::Rsf, 1_000_000));
    give_back();
    let before = resident();
    let file = Opened::new(&path, FST_ACCESS_AUTO, 1);
    let each = (resident() - before) / 1e6;
    if table.wants(what) {
        let best = fastest(8, || drop(Opened::new(&path, FST_ACCESS_AUTO, 1)));
        time(table, what, "", 60.0, MS, best);
        table.row("… memory a record", "", "150 bytes", &format!("{each:.0} bytes"), each < 150.0);
    }
    if table.wants("list all records, attributes of each") {
        let count = file.count();
        let best = fastest(if table.once { 1 } else { 5 }, || {
            for record in 0..count {
                black_box(file.info(record));
            }
        });
        let what = "list all records, attributes of each";
        time(table, what, "0.63 µs", 0.05, US, best / count as f64);
    }
    let what = "find a variable and level among 1 000 000";
    if table.wants(what) {
        let mut records = vec![0; 20_000];
        let best = fastest(20, || assert_eq!(file.find(b"VC", 1003, &mut records), 10_000));
        time(table, what, "", 3.0, MS, best);
    }
    searches(table, &file);
}

/// One criterion each, beyond equality; a tenth of the records match, or none.
fn searches(table: &mut Table, file: &Opened) {
    let mut records = vec![0; 100_000];
    let date = |day| FstDate {
        struct_size: size_of::<FstDate>() as u32,
        year: 2024,
        month: 1,
        day,
        ..FstDate::default()
    };
    let (from, to) = (date(1), date(2));
    let names = [c"VC".as_ptr(), c"ZZ".as_ptr()];
    let all = search_for_all();
    let rows = [
        ("names", FstSearch { nomvars: names.as_ptr(), nomvar_count: names.len(), ..all }),
        ("levels", FstSearch { has_level: 1, level_kind: 2, level_from: 1002.5, level_to: 1003.5, ..all }),
        ("dates of validity", FstSearch { valid_from: &from, valid_to: &to, ..all }),
        ("dates of origin", FstSearch { origin_from: &from, origin_to: &to, ..all }),
    ];
    for (name, search) in rows {
        let what = format!("find by {name} among 1 000 000");
        if table.wants(&what) {
            let best = fastest(20, || {
                black_box(file.search(&search, &mut records));
            });
            time(table, &what, "", 3.0, MS, best);
        }
    }
}

fn linked_files(table: &mut Table, folder: &std::path::Path) {
    for container in [Container::Rsf, Container::Xdf] {
        let what = format!("open 200 files of 5 000 records as one on 2 cores, {container:?}");
        if !table.wants(&what) {
            continue;
        }
        let first = directory_file(folder, container, 5000);
        let paths: Vec<_> = (0..200)
            .map(|number| {
                let path = folder.join(format!("linked-{number}.{container:?}"));
                std::fs::copy(&first, &path).unwrap();
                path
            })
            .collect();
        let names: Vec<_> = paths.iter().map(|path| c_path(path)).collect();
        let (mut alone, mut both) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..if table.once { 1 } else { 20 } {
            let open = |threads, best: &mut f64| {
                let start = Instant::now();
                let file = Opened::many(&names, threads);
                *best = best.min(start.elapsed().as_secs_f64());
                assert_eq!(file.count(), 1_000_000);
            };
            open(1, &mut alone);
            open(2, &mut both);
        }
        let gain = alone / both;
        let ours = format!("{gain:.2} × ({:.1} ms, {:.1} ms)", alone * 1e3, both * 1e3);
        table.row(&what, "", "1.7 ×", &ours, gain >= 1.7);
        paths.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    }
}

fn views(table: &mut Table, folder: &std::path::Path) {
    let f16 = PACKINGS.iter().find(|packed| packed.name == "F16").unwrap();
    let path = c_path(&packed_file(folder, f16, Container::Rsf, [1000, 1000], 100));
    if table.wants("view of a record that another view holds") {
        let file = Opened::new(&path, FST_ACCESS_READ, 1);
        let first = file.view(0);
        let best = fastest(20, || (0..1000).for_each(|_| release(&file.view(0)))) / 1000.0;
        release(&first);
        time(table, "view of a record that another view holds", "", 0.3, US, best);
    }
    if table.wants("first view of a packed 1000 × 1000 record (F16)") {
        let file = Opened::new(&path, FST_ACCESS_READ, 1);
        let best = fastest(10, || (0..20).for_each(|record| release(&file.view(record)))) / 20.0;
        time(table, "first view of a packed 1000 × 1000 record (F16)", "2.0 ms", 0.8, MS, best);
    }
    for name in ["F16", "turbo 134, 16 bits"] {
        let what = format!("batch of 100 records on 2 cores ({name})");
        if !table.wants(&what) {
            continue;
        }
        let packed = PACKINGS.iter().find(|packed| packed.name == name).unwrap();
        let path = c_path(&packed_file(folder, packed, Container::Rsf, [1000, 1000], 100));
        let [one, two] = [1, 2].map(|threads| Opened::new(&path, FST_ACCESS_READ, threads));
        let mut buffers = vec![vec![0f32; 1_000_000]; 100];
        let (mut alone, mut both) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..30 {
            alone = alone.min(seconds(|| one.read_many(packed.dtype, &mut buffers)));
            both = both.min(seconds(|| two.read_many(packed.dtype, &mut buffers)));
        }
        let gain = alone / both;
        table.row(&what, "", "1.8 ×", &format!("{gain:.2} ×"), gain >= 1.8);
    }
    if table.wants("mapped") {
        let fields = vec![Field::reals(8192, 8192, |i, j| (i ^ j) as f32); 5];
        let path = c_path(&write(folder, "large", Container::Rsf, &fields, 5));
        drop(fields);
        let best = fastest(20, || drop(Opened::new(&path, FST_ACCESS_AUTO, 1)));
        time(table, "open a mapped file of 1.3 GiB", "", 1.0, MS, best);
        let before = resident();
        let file = Opened::new(&path, FST_ACCESS_AUTO, 1);
        let view = file.view(3);
        let grown = (resident() - before) / 1024.0;
        assert_eq!(view.origin, FST_ORIGIN_MAPPED);
        release(&view);
        let ours = format!("{grown:.0} KiB");
        table.row(
            "… resident memory with a view of 256 MiB, none of it touched",
            "",
            "< 256 KiB",
            &ours,
            grown < 256.0,
        );
        let best = fastest(20, || (0..1000).for_each(|_| release(&file.view(3)))) / 1000.0;
        time(table, "view of a mapped record of 256 MiB", "", 0.3, US, best);
        let file = Opened::new(&c_path(&folder.join("small.Rsf")), FST_ACCESS_MAP, 1);
        let best = fastest(20, || (0..1000).for_each(|_| release(&file.view(0)))) / 1000.0;
        time(table, "view of a mapped record of 400 bytes", "", 0.3, US, best);
    }
}

/// Prints the seconds of the fastest first `rec.data` of a record; a mapped record costs the same each time.
const PYTHON: &str = "
import sys, time, fstview
best = float('inf')
for turn in range(10):
    with fstview.open(sys.argv[1], access=sys.argv[2]) as file:
        for record in list(file)[:20]:
            start = time.perf_counter()
            data = record.data
            best = min(best, time.perf_counter() - start)
            assert data.shape == (1000, 1000) and not data.flags.owndata
            del data
print(best)
";

/// The Python module with the shared library that `make bench` has built before.
fn python(table: &mut Table, folder: &std::path::Path) {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = root.join("target/release/libfstview.so");
    for (name, access, row, reference, target, unit) in [
        ("F16", "read", "Python, `rec.data` of a packed 1000 × 1000 record (F16)", "7 ms", 1.0, MS),
        ("E32", "map", "Python, `rec.data` of a mapped 1000 × 1000 record", "", 5.0, US),
    ] {
        if !table.wants(row) {
            continue;
        }
        if !library.exists() || !root.join(".venv/bin/python").exists() {
            println!("| {row} | | | not measured: `make` and `make setup` first |");
            continue;
        }
        let packed = PACKINGS.iter().find(|packed| packed.name == name).unwrap();
        let path = packed_file(folder, packed, Container::Rsf, [1000, 1000], 20);
        let output = std::process::Command::new(root.join(".venv/bin/python"))
            .args(["-c", PYTHON])
            .arg(path)
            .arg(access)
            .env("PYTHONPATH", root.join("python"))
            .env("FSTVIEW_LIBRARY", &library)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let best =
            text.trim().parse().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        time(table, row, reference, target, unit, best);
    }
}

fn main() {
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with("--"));
    let once = std::env::args().any(|word| word == "--once");
    let mut table = Table { wanted, once, missed: 0 };
    let folder = tempfile::tempdir().unwrap();
    println!("| row | reference | target | ours |\n| --- | --- | --- | --- |");
    reads(&mut table, folder.path());
    directories(&mut table, folder.path());
    linked_files(&mut table, folder.path());
    views(&mut table, folder.path());
    python(&mut table, folder.path());
    println!("\n{} rows miss their target", table.missed);
}
