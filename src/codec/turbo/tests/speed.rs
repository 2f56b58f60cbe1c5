//! How fast the decoders are, as a ratio to copying the bytes of the array in the same run, one thread:
//! `cargo test --release turbo_speed -- --ignored --nocapture`.

use std::hint::black_box;
use std::time::Instant;

use super::*;

const NI: usize = 2540;
const NJ: usize = 1290;

/// Seconds of the fastest of several runs.
fn fastest(mut run: impl FnMut()) -> f64 {
    let once = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    };
    (0..40).map(|_| once(&mut run)).fold(f64::INFINITY, f64::min)
}

fn report(name: &str, packing: &Packing, words: &[u32]) {
    let payload = bytes(words, packing.order);
    let (mut ints, mut floats) = (vec![0u32; NI * NJ], vec![0f32; NI * NJ]);
    let other = vec![1f32; NI * NJ];
    let copy = fastest(|| black_box(&mut floats).copy_from_slice(black_box(&other)));
    let time = if packing.data_type == 130 {
        fastest(|| decode(packing, &payload, Elements::U32(black_box(&mut ints))).unwrap())
    } else {
        fastest(|| decode(packing, &payload, Elements::F32(black_box(&mut floats))).unwrap())
    };
    let points = (NI * NJ) as f64;
    println!(
        "{name:32} {:?}: {:5.2} bits/point, {:5.2} ns/point, {:5.2} GB/s, memcpy {:5.2} GB/s, ratio {:.3}",
        packing.order,
        words.len() as f64 * 32.0 / points,
        time / points * 1e9,
        points * 4e-9 / time,
        points * 4e-9 / copy,
        copy / time
    );
}

#[test]
#[ignore = "measures"]
fn turbo_speed() {
    for order in [ByteOrder::Big, ByteOrder::Little] {
        for (nbits, noise) in [(12, 0), (12, 8), (16, 0), (16, 200)] {
            let t = smooth(NI, NJ, nbits, noise, 3);
            let mut writer = Writer::default();
            writer.put(parameters(4, 3, nbits), 32);
            encode_differences(&mut writer, &t, (NI, NJ), 3, nbits, 4, Widths::Tokens, || 0);
            let stream = writer.finish();
            let mut writer = Writer::default();
            writer.put(parameters(3, 5, nbits), 32);
            encode_minimum(&mut writer, &t, NI, NJ, 5, nbits);
            let minimum = writer.finish();

            let unsigned = packing(130, nbits as u8, 32, NI, NJ, order);
            report(&format!("130 {nbits} bits, noise {noise}"), &unsigned, &unsigned_payload(&stream));
            report(&format!("130 {nbits} bits MINIMUM"), &unsigned, &unsigned_payload(&minimum));
            let real = Packing { data_type: 134, ..unsigned };
            let header =
                [0xEFF0_7F00 | (nbits - 1) << 16 | (24 - nbits), (-(1i32 << 22)) as u32, (NI * NJ) as u32];
            let words = [&[stream.len() as u32 + 4][..], &header, &stream].concat();
            report(&format!("134 {nbits} bits, noise {noise}"), &real, &words);
            let count = (NI * NJ) as u32;
            let header = [
                0xFFF0_0000 | count & 0xF_FFFF,
                (4096 - 6) << 16 | 960 << 4,
                0xC000_0000,
                count >> 20 | nbits << 8,
            ];
            let words = [&[stream.len() as u32 + 5][..], &header, &stream].concat();
            report(
                &format!("129 {nbits} bits, noise {noise}"),
                &Packing { data_type: 129, ..unsigned },
                &words,
            );
        }
        for (mbits, noise) in [(23, 0), (23, 20_000_000), (7, 0)] {
            let field = smooth(NI, NJ, 32, noise, 3);
            let floats: Vec<u32> =
                field.iter().map(|v| (f64::from(*v) * 1e-7 - 100.0) as f32).map(f32::to_bits).collect();
            let stream = encode_ieee(&floats, NI, NJ, mbits);
            let real = packing(133, mbits as u8 + 9, 32, NI, NJ, order);
            report(&format!("133 {} bits, noise {noise}", mbits + 9), &real, &unsigned_payload(&stream));
        }
    }
}
