// SPDX-License-Identifier: MIT OR Apache-2.0
//! Criterion groups, one per limit of the targets. Each prints its ratio to copying the bytes of its output in the same
//! run before criterion measures it.

mod common;

use std::hint::black_box;
use std::path::Path;
use std::time::Duration;

use common::*;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fstview::ffi::types::*;

/// Shapes of the fields that are read: that of the targets, a model's, and two small ones.
const SHAPES: [[u32; 2]; 4] = [[1000, 1000], [2540, 1290], [33, 7], [1, 1]];

fn report(what: &str, bytes: usize, mut work: impl FnMut()) {
    let mut copy = Copy::new(bytes);
    let (ratio, rate) = ratio(&mut copy, 9, (1, bytes), |_| work());
    println!("{what}: {ratio:.2} of copying {bytes} bytes, {:.2} GB/s", rate * 1e-9);
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Opening a file: its whole directory is read. The ratio is to copying the bytes of the file.
fn open_index(criterion: &mut Criterion) {
    let folder = folder();
    let mut group = criterion.benchmark_group("open_index");
    group.sample_size(10);
    for (container, records) in [
        (Container::Rsf, 10_000),
        (Container::Xdf, 10_000),
        (Container::Xdf, 260_000),
        (Container::Rsf, 1_000_000),
    ] {
        let path = directory_file(folder.path(), container, records);
        let bytes = path.metadata().unwrap().len() as usize;
        let path = c_path(&path);
        let work = || drop(Opened::new(&path, FST_ACCESS_AUTO, 1));
        report(&format!("open_index {container:?} {records}"), bytes, work);
        group.throughput(Throughput::Elements(u64::from(records)));
        group.bench_function(BenchmarkId::new(format!("{container:?}"), records), |bencher| {
            bencher.iter(work)
        });
    }
}

/// Attributes of every record, and a search, in a file of a million records.
fn list_and_find(criterion: &mut Criterion) {
    let folder = folder();
    let file =
        Opened::new(&c_path(&directory_file(folder.path(), Container::Rsf, 1_000_000)), FST_ACCESS_AUTO, 1);
    let mut group = criterion.benchmark_group("list_and_find");
    group.sample_size(10);
    let list = || {
        for record in 0..1_000_000 {
            black_box(file.info(record));
        }
    };
    report("list", 1_000_000 * size_of::<FstRecordInfo>(), list);
    group.bench_function("list", |bencher| bencher.iter(list));
    let mut records = vec![0; 20_000];
    group.bench_function("find", |bencher| bencher.iter(|| file.find(b"VC", 1003, &mut records)));
}

/// Views that touch no payload: mapped ones, whatever their size, and shared ones.
fn views(criterion: &mut Criterion) {
    let folder = folder();
    let mut group = criterion.benchmark_group("views");
    for shape in SHAPES {
        let path = packed_file(folder.path(), &PACKINGS[0], Container::Rsf, shape, 2);
        let [mapped, read] =
            [FST_ACCESS_MAP, FST_ACCESS_READ].map(|access| Opened::new(&c_path(&path), access, 1));
        let name = format!("{}x{}", shape[0], shape[1]);
        group.bench_function(BenchmarkId::new("mapped", &name), |bencher| {
            bencher.iter(|| release(&mapped.view(0)));
        });
        let held = read.view(0);
        group.bench_function(BenchmarkId::new("shared", &name), |bencher| {
            bencher.iter(|| release(&read.view(0)))
        });
        release(&held);
    }
}

/// First views: the array is decoded to memory of the library, which goes back at once.
fn view_first(criterion: &mut Criterion) {
    let folder = folder();
    let mut group = criterion.benchmark_group("view_first");
    for packed in
        PACKINGS.iter().filter(|packed| ["E32", "R16", "F16", "turbo 134, 16 bits"].contains(&packed.name))
    {
        let path = packed_file(folder.path(), packed, Container::Rsf, [1000, 1000], 16);
        let file = Opened::new(&c_path(&path), FST_ACCESS_READ, 1);
        let mut record = 0;
        let mut work = || {
            record = (record + 1) % 16;
            release(&file.view(record));
        };
        report(&format!("view_first {}", packed.name), 4_000_000, &mut work);
        group.bench_function(packed.name, |bencher| bencher.iter(&mut work));
    }
}

/// Reads into a buffer of the caller's: every packing, both containers, several shapes.
fn reads(criterion: &mut Criterion) {
    let folder = folder();
    for packed in &PACKINGS {
        let mut group = criterion.benchmark_group(format!("read_{}", packed.name));
        for container in [Container::Rsf, Container::Xdf] {
            for shape in SHAPES {
                // Compressed fields have at least two points along each axis.
                if packed.data_type >= 128 && shape == [1, 1] {
                    continue;
                }
                read(&mut group, folder.path(), packed, container, shape);
            }
        }
    }
}

fn read(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    folder: &Path,
    packed: &Packed,
    container: Container,
    shape: [u32; 2],
) {
    let path = packed_file(folder, packed, container, shape, 8);
    let file = Opened::new(&c_path(&path), FST_ACCESS_READ, 1);
    let bytes = shape[0] as usize * shape[1] as usize * packed.itemsize();
    let mut buffer = vec![0u64; bytes.div_ceil(8)];
    let mut record = 0;
    let mut work = || {
        record = (record + 1) % 8;
        file.read(record, packed.dtype, black_box(&mut buffer));
    };
    let name = format!("{container:?} {}x{}", shape[0], shape[1]);
    report(&format!("read {} {name}", packed.name), bytes, &mut work);
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function(&name, |bencher| bencher.iter(&mut work));
    std::fs::remove_file(path).unwrap();
}

/// A hundred records in one call, by one thread and by two.
fn batch(criterion: &mut Criterion) {
    let folder = folder();
    let f16 = PACKINGS.iter().find(|packed| packed.name == "F16").unwrap();
    let path = c_path(&packed_file(folder.path(), f16, Container::Rsf, [1000, 1000], 100));
    let mut buffers = vec![vec![0f32; 1_000_000]; 100];
    let mut group = criterion.benchmark_group("batch");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(400_000_000));
    for threads in [1, 2] {
        let file = Opened::new(&path, FST_ACCESS_READ, threads);
        let mut work = || file.read_many(FST_DTYPE_F32, &mut buffers);
        report(&format!("batch of 100, {threads} threads"), 400_000_000, &mut work);
        group.bench_function(BenchmarkId::new("threads", threads), |bencher| bencher.iter(&mut work));
    }
}

/// A mapped file of more than 1 GiB.
fn mapped_large(criterion: &mut Criterion) {
    let folder = folder();
    let fields = vec![builder::Field::reals(8192, 8192, |i, j| (i ^ j) as f32); 5];
    let path = c_path(&write(folder.path(), "large", Container::Rsf, &fields, 5));
    drop(fields);
    let mut group = criterion.benchmark_group("mapped_large");
    group.bench_function("open", |bencher| bencher.iter(|| Opened::new(&path, FST_ACCESS_AUTO, 1)));
    let file = Opened::new(&path, FST_ACCESS_AUTO, 1);
    group.bench_function("view", |bencher| bencher.iter(|| release(&file.view(3))));
}

criterion_group! {
    name = limits;
    config = Criterion::default().warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    targets = open_index, list_and_find, views, view_first, reads, batch, mapped_large
}
criterion_main!(limits);
