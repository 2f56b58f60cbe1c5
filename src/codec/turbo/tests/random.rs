// SPDX-License-Identifier: MIT OR Apache-2.0
//! The decoders equal the slow ones of `plain` on random streams, and no input makes them panic.

use proptest::prelude::*;

use super::*;

const ORDERS: [ByteOrder; 2] = [ByteOrder::Big, ByteOrder::Little];
const SHAPES: [(usize, usize); 12] = [
    (2, 2),
    (3, 2),
    (2, 7),
    (4, 4),
    (5, 5),
    (7, 6),
    (8, 3),
    (16, 16),
    (17, 31),
    (30, 20),
    (64, 9),
    (101, 53),
];

/// Decodes a type 130 stream in both orders and compares with `expected`; `None` is a fault.
fn compare_tokens(stream: &[u32], nbits: u32, ni: usize, nj: usize, expected: Option<&Vec<u32>>) {
    for order in ORDERS {
        let packing = packing(130, 16, 32, ni, nj, order);
        let out = decode_u32(&packing, &bytes(&unsigned_payload(stream), order));
        assert_eq!(
            out.as_ref().ok(),
            expected,
            "{ni}x{nj}, {nbits} bits, {order:?}: {:?}",
            out.as_ref().err()
        );
    }
}

/// A difference body of random headers up to `top` and random tokens.
fn random_differences(
    writer: &mut Writer,
    random: &mut Noise,
    (ni, nj): (usize, usize),
    (step, nbits, container, top): (usize, u32, u32, u32),
    widths: Widths,
) {
    writer.put(container, 3);
    for _ in 0..ni + nj - 1 {
        writer.put(random.next(), nbits);
    }
    for (_, _, w, h) in tiles_of(ni, nj, 1, step) {
        let header = random.below(top.min((1 << container) - 1) + 1);
        writer.put(header, container);
        for _ in 0..w * h {
            writer.put(random.next(), widths.of(header));
        }
    }
}

#[test]
fn parallelogram_equals_plain_for_all_steps_containers_and_widths() {
    let mut random = Noise(7);
    for (ni, nj) in SHAPES {
        for step in 1..=7 {
            for container in 1..=5 {
                // Up to the narrow tiles, the widest one written, the widest one read.
                for top in [9, 17, 30] {
                    let nbits = 1 + random.below(16);
                    let mut writer = Writer::default();
                    writer.put(parameters(4, step, nbits), 32);
                    let settings = (step, nbits, container, top);
                    random_differences(&mut writer, &mut random, (ni, nj), settings, Widths::Tokens);
                    let stream = writer.finish();
                    let mut reader = plain::Reader::new(&stream[1..]);
                    let t = plain::differences(&mut reader, (ni, nj), step, nbits, false).unwrap();
                    let t = t.into_iter().map(|token| token & 0xFFFF).collect();
                    compare_tokens(&stream, nbits, ni, nj, Some(&t));
                }
            }
        }
    }
}

#[test]
fn minimum_equals_plain_for_all_steps() {
    let mut random = Noise(11);
    for (ni, nj) in SHAPES {
        for step in 1..=7 {
            for top in [4, 12, 16] {
                let nbits = 1 + random.below(16);
                let mut writer = Writer::default();
                writer.put(parameters(3, step, nbits), 32);
                for (_, _, w, h) in tiles_of(ni, nj, 0, step) {
                    let nb = random.below(top);
                    writer.put(nb, 4);
                    writer.put(random.next(), if nb == 15 { 0 } else { nbits });
                    for _ in 0..w * h {
                        writer.put(random.next(), if nb == 15 { 16 } else { nb });
                    }
                }
                let stream = writer.finish();
                let t = plain::minimum(&mut plain::Reader::new(&stream[1..]), ni, nj, step, nbits);
                assert!(t.is_some());
                compare_tokens(&stream, nbits, ni, nj, t.as_ref());
            }
        }
    }
}

#[test]
fn sample_equals_plain() {
    let mut random = Noise(13);
    for (ni, nj) in [(2, 2), (3, 3), (2, 56), (57, 3), (56, 56), (57, 58), (59, 61), (81, 60), (101, 56)] {
        for top in [0, 5, 17] {
            for container in [4, 5] {
                let nbits = 1 + random.below(16);
                let mut writer = Writer::default();
                writer.put(parameters(1, 3, nbits), 32);
                let coarser = |(i, j): (usize, usize)| (plain::nodes(i).len(), plain::nodes(j).len());
                let mut sizes = vec![(ni, nj)];
                (0..3).for_each(|level| sizes.push(coarser(sizes[level])));
                for _ in 0..sizes[3].0 * sizes[3].1 {
                    writer.put(random.next(), nbits);
                }
                for (mi, mj) in [sizes[2], sizes[1], sizes[0]] {
                    writer.put(container, 3);
                    for (_, _, w, h) in tiles_of(mi, mj, 0, 3) {
                        let header = random.below(top.min((1 << container) - 1) + 1);
                        writer.put(header, container);
                        (1..w * h).for_each(|_| writer.put(random.next(), Widths::Tokens.of(header)));
                    }
                }
                let stream = writer.finish();
                let t = plain::sample(&mut plain::Reader::new(&stream[1..]), ni, nj, nbits);
                assert!(t.is_some());
                compare_tokens(&stream, nbits, ni, nj, t.as_ref());
            }
        }
    }
}

#[test]
fn ieee_equals_plain_for_all_codes() {
    let mut random = Noise(17);
    for (ni, nj) in SHAPES {
        for code in 0..64 {
            let (mbits, ebits) = (1 + random.below(23), 1 + random.below(8));
            let info = code | ebits << 8 | random.below(256) << 16;
            let negative: Vec<bool> = {
                let odds = 1 + random.below(40);
                let mut sign = false;
                (0..ni * nj)
                    .map(|_| {
                        sign ^= random.below(odds) == 0;
                        sign
                    })
                    .collect()
            };
            let signs = (code & 0x20 != 0).then(|| encode_signs(&negative));
            let mut differences = |nbits, top| {
                let mut writer = Writer::default();
                let container = 1 + random.below(5);
                let settings = (3, nbits, container, top);
                random_differences(&mut writer, &mut random, (ni, nj), settings, Widths::Ieee);
                writer.finish()
            };
            let exponents = (code & 8 != 0).then(|| differences(ebits, 9));
            let mut mantissas = differences(mbits, if code & 4 == 0 { 24 } else { 30 });
            if code & 3 != 0 {
                mantissas = (0..(ni * nj * mbits as usize).div_ceil(32)).map(|_| random.next()).collect();
            }
            let stream = ieee_stream(mbits, info, [signs, exponents], mantissas);
            let expected = plain::ieee(&stream, ni, nj);
            assert!(expected.is_some());
            for order in ORDERS {
                let packing = packing(133, mbits as u8 + 9, 32, ni, nj, order);
                let out = decode_f32(&packing, &bytes(&unsigned_payload(&stream), order));
                assert_eq!(out.ok(), expected, "{ni}x{nj}, info {info:08X}, {order:?}");
            }
        }
    }
}

#[test]
fn encoded_fields_come_back() {
    let mut random = Noise(19);
    for (ni, nj) in SHAPES {
        for nbits in [1, 5, 12, 16] {
            let t = smooth(ni, nj, nbits, 3, u64::from(nbits));
            let mut writer = Writer::default();
            writer.put(parameters(4, 3, nbits), 32);
            let loose = || random.below(3);
            encode_differences(&mut writer, &t, (ni, nj), 3, nbits, 5, token_width, loose);
            compare_tokens(&writer.finish(), nbits, ni, nj, Some(&t));
            let mut writer = Writer::default();
            writer.put(parameters(3, 5, nbits), 32);
            encode_minimum(&mut writer, &t, ni, nj, 5, nbits);
            compare_tokens(&writer.finish(), nbits, ni, nj, Some(&t));
        }
        let floats: Vec<u32> = (0..ni * nj).map(|_| random.next()).collect();
        let stream = encode_ieee(&floats, ni, nj, 23);
        for order in ORDERS {
            let packing = packing(133, 32, 32, ni, nj, order);
            assert_eq!(decode_f32(&packing, &bytes(&unsigned_payload(&stream), order)).unwrap(), floats);
        }
    }
}

/// A stream and payload header of each compressed type over the same tokens.
fn header_payload(
    data_type: u8,
    header: &[u32],
    t: &[u32],
    (ni, nj): (usize, usize),
    nbits: u32,
) -> Vec<u32> {
    let mut writer = Writer::default();
    writer.put(parameters(3, 5, nbits), 32);
    encode_minimum(&mut writer, t, ni, nj, 5, nbits);
    let stream = writer.finish();
    assert_eq!(header.len(), if data_type == 129 { 4 } else { 3 });
    [&[(1 + header.len() + stream.len()) as u32], header, &stream].concat()
}

#[test]
fn r_values_equal_the_formula_for_all_headers() {
    let (ni, nj) = (13, 11);
    let mut random = Noise(23);
    let t: Vec<u32> = (0..ni * nj).map(|k| if k % 5 == 0 { 0 } else { random.next() & 0xFFFF }).collect();
    for exponent in [-4096, -1100, -1024, -1023, -1022, -700, -30, 0, 12, 300, 670, 1000, 1023, 1024, 5000] {
        for (biased, mantissa) in
            [(0, 0), (900, 0xC123_4500), (849, 0x8000_0000), (976, 0xFFFF_FF00), (1104, 1)]
        {
            for sign in [0, 1] {
                let w2 = ((exponent + 4096) as u32) << 16 | biased << 4 | sign;
                let header = [0xFFF0_0000 | (ni * nj) as u32, w2, mantissa, 16 << 8];
                let payload = header_payload(129, &header, &t, (ni, nj), 16);
                let packing = packing(129, 16, 32, ni, nj, ByteOrder::Big);
                let scale = Scale::new(w2, mantissa);
                let expected: Vec<u32> = t.iter().map(|t| (scale.value(*t) as f32).to_bits()).collect();
                let out = decode_f32(&packing, &bytes(&payload, ByteOrder::Big)).unwrap();
                let same =
                    |a: &u32, b: &u32| a == b || f32::from_bits(*a).is_nan() && f32::from_bits(*b).is_nan();
                assert!(out.iter().zip(&expected).all(|(a, b)| same(a, b)), "{exponent} {biased} {sign}");
            }
        }
    }
}

#[test]
fn f_values_equal_the_formula_for_all_headers() {
    let (ni, nj) = (13, 11);
    let mut random = Noise(29);
    let t: Vec<u32> = (0..ni * nj).map(|k| if k % 5 == 0 { 0 } else { random.next() & 0xFFFF }).collect();
    let lows = [0, 1, -1, 0xFF_FFFF, -0xFF_FFFF, 0x100_0000, -0x800_0000, i32::MAX, i32::MIN, i32::MIN + 1];
    for exponent in [0, 1, 2, 23, 24, 127, 150, 254, 255] {
        for shift in 0..=24 {
            for low in lows {
                let header = [0xEFFF_0000 | exponent << 8 | shift, low as u32, (ni * nj) as u32];
                let payload = header_payload(134, &header, &t, (ni, nj), 16);
                let packing = packing(134, 16, 32, ni, nj, ByteOrder::Big);
                let header = Header::new(header, (ni * nj) as u64).unwrap();
                let expected: Vec<u32> = t.iter().map(|t| header.value(*t as u16).to_bits()).collect();
                let out = decode_f32(&packing, &bytes(&payload, ByteOrder::Big)).unwrap();
                assert_eq!(out, expected, "exponent {exponent}, shift {shift}, low {low}");
            }
        }
    }
}

#[test]
fn widened_elements_have_the_same_values() {
    let (ni, nj, nbits) = (17, 9, 10);
    let t = smooth(ni, nj, nbits, 5, 1);
    let mut writer = Writer::default();
    writer.put(parameters(4, 3, nbits), 32);
    encode_differences(&mut writer, &t, (ni, nj), 3, nbits, 5, token_width, || 0);
    let payload = bytes(&unsigned_payload(&writer.finish()), ByteOrder::Big);
    for (data_bits, natural, mask) in
        [(8, Dtype::U8, 0xFF), (16, Dtype::U16, 0xFFFF), (32, Dtype::U32, 0x3FF)]
    {
        let packing = packing(130, nbits as u8, data_bits, ni, nj, ByteOrder::Big);
        macro_rules! check {
            ($variant:ident, $type:ty) => {
                let mut out = vec![0 as $type; ni * nj];
                let result = decode(&packing, &payload, Elements::$variant(&mut out));
                assert_eq!(
                    result.is_ok(),
                    natural.widens_to(Dtype::$variant),
                    "{natural} to {}",
                    Dtype::$variant
                );
                if result.is_ok() {
                    assert_eq!(out, t.iter().map(|t| (t & mask) as $type).collect::<Vec<_>>());
                }
            };
        }
        check!(U8, u8);
        check!(I8, i8);
        check!(U16, u16);
        check!(I16, i16);
        check!(U32, u32);
        check!(I32, i32);
        check!(U64, u64);
        check!(I64, i64);
        check!(F32, f32);
        check!(F64, f64);
    }
    let floats: Vec<u32> = t.iter().map(|t| (*t as f32 - 300.0).to_bits()).collect();
    let ieee = unsigned_payload(&encode_ieee(&floats, ni, nj, 23));
    let normalized =
        header_payload(134, &[0xEFF9_8308, -77i32 as u32, (ni * nj) as u32], &t, (ni, nj), nbits);
    let header = [0xFFF0_0000 | (ni * nj) as u32, 4090 << 16 | 960 << 4, 0xC000_0000, nbits << 8];
    let quantized = header_payload(129, &header, &t, (ni, nj), nbits);
    for (data_type, payload) in [(133, ieee), (134, normalized), (129, quantized)] {
        let packing = packing(data_type, 10, 32, ni, nj, ByteOrder::Big);
        let payload = bytes(&payload, ByteOrder::Big);
        let narrow = decode_f32(&packing, &payload).unwrap();
        let mut wide = vec![0.0f64; ni * nj];
        decode(&packing, &payload, Elements::F64(&mut wide)).unwrap();
        let widen = |bits: u32| f64::from(f32::from_bits(bits));
        assert_eq!(wide, narrow.into_iter().map(widen).collect::<Vec<_>>());
        assert!(decode(&packing, &payload, Elements::U32(&mut vec![0; ni * nj])).is_err());
    }
}

/// A valid payload of one of the kinds, and its directory entry.
fn valid(kind: u32, (ni, nj): (usize, usize), order: ByteOrder, seed: u64) -> (Packing, Vec<u32>) {
    let nbits = 1 + (seed % 16) as u32;
    let t = smooth(ni, nj, nbits, 5, seed);
    let count = (ni * nj) as u32;
    let (data_type, words) = match kind {
        0 => {
            (129, header_payload(129, &[0xFFF0_0000 | count, 4090 << 16, 0, nbits << 8], &t, (ni, nj), nbits))
        }
        1 => (134, header_payload(134, &[0xEFF9_8308, 77, count], &t, (ni, nj), nbits)),
        2 => {
            let mut writer = Writer::default();
            writer.put(parameters(4, 3, nbits), 32);
            encode_differences(&mut writer, &t, (ni, nj), 3, nbits, 5, token_width, || 0);
            (130, unsigned_payload(&writer.finish()))
        }
        _ => {
            let floats: Vec<u32> = t.iter().map(|t| (*t as f32 * 1.37 - 20.0).to_bits()).collect();
            (133, unsigned_payload(&encode_ieee(&floats, ni, nj, 23)))
        }
    };
    (packing(data_type, 16, 32, ni, nj, order), words)
}

/// A valid type 130 payload of one of the predictors, MINIMUM and PARALLELOGRAM with any step.
fn valid_tokens(kind: u32, (ni, nj): (usize, usize), order: ByteOrder, seed: u64) -> (Packing, Vec<u32>) {
    let mut random = Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let nbits = 1 + random.below(16);
    let step = if random.below(2) == 0 { 3 + 2 * (kind as usize % 2) } else { 1 + random.below(7) as usize };
    let noise = random.below(300);
    let t = smooth(ni, nj, nbits, noise, seed);
    let mut writer = Writer::default();
    match kind {
        0 => {
            writer.put(parameters(4, step, nbits), 32);
            encode_differences(&mut writer, &t, (ni, nj), step, nbits, 5, token_width, || 0);
        }
        1 => {
            writer.put(parameters(3, step, nbits), 32);
            encode_minimum(&mut writer, &t, ni, nj, step, nbits);
        }
        _ => {
            writer.put(parameters(1, 3, nbits), 32);
            let axes = |level: u32| {
                (0..level)
                    .fold((ni as u64, nj as u64), |size, _| (sample::coarse(size.0), sample::coarse(size.1)))
            };
            let (ci, cj) = axes(3);
            (0..ci * cj).for_each(|_| writer.put(random.next(), nbits));
            for level in [2, 1, 0] {
                let (mi, mj) = axes(level);
                writer.put(5, 3);
                for (_, _, w, h) in tiles_of(mi as usize, mj as usize, 0, 3) {
                    let header = random.below(6);
                    writer.put(header, 5);
                    (1..w * h).for_each(|_| writer.put(random.next(), token_width(header)));
                }
            }
        }
    }
    (packing(130, 16, 32, ni, nj, order), unsigned_payload(&writer.finish()))
}

/// A 133 payload with any of the sections; with plain mantissas or differences.
fn valid_ieee((ni, nj): (usize, usize), order: ByteOrder, seed: u64) -> (Packing, Vec<u32>) {
    let mut random = Noise(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let offset = f32::from(random.below(2000) as u16) - 1000.0;
    let noise = random.below(100);
    let t = smooth(ni, nj, 10, noise, seed);
    // Long runs of one sign, and short ones.
    let value = |(k, t): (usize, &u32)| *t as f32 + offset + if k % 97 < 9 { -1200.0 } else { 0.0 };
    let floats: Vec<u32> = t.iter().enumerate().map(value).map(f32::to_bits).collect();
    let mbits = 1 + random.below(23);
    let mut stream = encode_ieee(&floats, ni, nj, mbits);
    if random.below(3) == 0 {
        let mut mantissas = Writer::default();
        floats.iter().for_each(|bits| mantissas.put((bits & 0x7F_FFFF) >> (23 - mbits), mbits));
        let info = (stream[1] & !0x28) | 0x11;
        stream = ieee_stream(mbits, info, [None, None], mantissas.finish());
    }
    (packing(133, mbits as u8 + 9, 32, ni, nj, order), unsigned_payload(&stream))
}

/// Checks that a window is the cut of the whole, bit for bit.
fn window_is_cut<T: Copy + Default>(
    packing: &Packing,
    words: &[u32],
    window: &Window,
    elements: for<'a> fn(&'a mut [T]) -> Elements<'a>,
    bits: fn(T) -> u32,
) {
    let payload = bytes(words, packing.order);
    let ni = packing.shape[0] as usize;
    let mut whole = vec![T::default(); points(packing)];
    decode(packing, &payload, elements(&mut whole)).unwrap();
    let cut: Vec<u32> = (window.rows.clone())
        .flat_map(|j| whole[j * ni..][window.columns.clone()].iter().copied().map(bits))
        .collect();
    let mut part = vec![T::default(); cut.len()];
    let turbo = Turbo::new(packing, &payload[..HEAD.min(payload.len())], payload.len() as u64).unwrap();
    turbo.decode_window(&payload, window, elements(&mut part)).unwrap();
    let part: Vec<u32> = part.into_iter().map(bits).collect();
    assert_eq!(part, cut, "{packing:?}, {window:?}");
    // Other numbers of elements, and windows outside the level.
    let mut more = vec![T::default(); cut.len() + 1];
    assert!(turbo.decode_window(&payload, window, elements(&mut more)).is_err());
    let outside = Window { columns: window.columns.start..ni + 1, ..window.clone() };
    let mut room = vec![T::default(); outside.columns.len() * outside.rows.len()];
    assert!(turbo.decode_window(&payload, &outside, elements(&mut room)).is_err());
}

fn integers(out: &mut [u32]) -> Elements<'_> {
    Elements::U32(out)
}

fn reals(out: &mut [f32]) -> Elements<'_> {
    Elements::F32(out)
}

/// A window of `ni`×`nj` points out of four numbers; one of 1 point, of whole rows or columns now and then.
fn window_of((ni, nj): (usize, usize), [a, b, c, d]: [usize; 4]) -> Window {
    let range = |n: usize, first: usize, last: usize| match first % 7 {
        0 => 0..n,
        1 => last % n..last % n + 1,
        2 => n - 1..n,
        _ => {
            let (first, last) = (first % n, last % n);
            first.min(last)..first.max(last) + 1
        }
    };
    Window { columns: range(ni, a, b), rows: range(nj, c, d) }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]
    #[test]
    fn a_window_is_the_cut_of_the_whole(
        kind in 0u32..8,
        shape in prop::sample::select(
            [&SHAPES[..], &[(2, 300), (300, 2), (601, 7), (233, 31), (56, 56), (57, 3), (58, 61), (3, 70)]].concat()
        ),
        levels in 1u64..3,
        little: bool,
        seed: u64,
        cuts: [usize; 4],
    ) {
        let order = ORDERS[usize::from(little)];
        let window = window_of(shape, cuts);
        let sampled = [shape.0, shape.1].into_iter().all(|n| sample::size_is_defined(n as u64));
        let (mut packing, words) = match kind {
            0 | 1 => valid(kind, shape, order, seed % 1000),
            2..=4 if kind < 4 || sampled => valid_tokens(kind - 2, shape, order, seed),
            5.. => valid_ieee(shape, order, seed),
            _ => valid_tokens(1, shape, order, seed),
        };
        if kind >= 2 {
            // Headers of R and F count the points of all levels; of others only the first one is there too.
            packing.shape[2] = levels;
        }
        match packing.data_type {
            130 => window_is_cut(&packing, &words, &window, integers, |value| value),
            _ => window_is_cut(&packing, &words, &window, reals, f32::to_bits),
        }
    }
}

/// Decodes to the natural type; what the plain decoders make of the same words where they take part.
fn agrees(packing: &Packing, words: &[u32]) {
    let payload = bytes(words, packing.order);
    let (ni, nj) = (packing.shape[0] as usize, packing.shape[1] as usize);
    let used = &words[..words.len().min(words.first().map_or(0, |word| *word as usize))];
    match packing.data_type {
        133 => {
            let out = decode_f32(packing, &payload);
            if let Ok(out) = out {
                assert_eq!(Some(out), plain::ieee(&used[1..], ni, nj));
            }
        }
        130 => {
            if let Ok(out) = decode_u32(packing, &payload) {
                let (nbits, step) = (used[1] >> 10 & 0x1F, (used[1] >> 7 & 7) as usize);
                let mut reader = plain::Reader::new(&used[2..]);
                let t = match used[1] & 0xF {
                    1 => plain::sample(&mut reader, ni, nj, nbits),
                    3 => plain::minimum(&mut reader, ni, nj, step, nbits),
                    _ => plain::differences(&mut reader, (ni, nj), step, nbits, false),
                };
                let mask = (1 << packing.pack_bits) - 1;
                let t = t.map(|t| t.into_iter().map(|token| token & mask).collect());
                assert_eq!(Some(out), t);
            }
        }
        _ => {
            let _ = decode_f32(packing, &payload);
        }
    }
}

proptest! {
    #[test]
    fn any_payload_gives_values_or_a_fault(
        data_type in prop::sample::select(vec![129u8, 130, 133, 134, 194, 132]),
        pack_bits in 0u8..18,
        (ni, nj) in (0usize..70, 0usize..70),
        big in any::<bool>(),
        parameters in prop::option::of((prop::sample::select(vec![1u32, 3, 4]), 0usize..8, 0u32..24)),
        mut words in prop::collection::vec(any::<u32>(), 0..300),
    ) {
        if let (Some((predictor, step, nbits)), [first, second, ..]) = (parameters, &mut words[..]) {
            *first = 300;
            *second = super::parameters(predictor, step, nbits);
        }
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        agrees(&packing(data_type, pack_bits, 32, ni, nj, order), &words);
    }

    #[test]
    fn changed_and_cut_payloads_give_values_or_a_fault(
        kind in 0u32..4,
        shape in prop::sample::select(SHAPES.to_vec()),
        big in any::<bool>(),
        seed in any::<u64>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u32..32), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let (packing, mut words) = valid(kind, shape, order, seed);
        for (index, bit) in flips {
            let index = index.index(words.len());
            words[index] ^= 1 << bit;
        }
        if let Some(cut) = cut {
            words.truncate(cut.index(words.len()));
        }
        agrees(&packing, &words);
    }
}

#[test]
fn every_cut_of_a_stream_is_a_fault() {
    for kind in 0..4 {
        for order in ORDERS {
            let (packing, words) = valid(kind, (17, 31), order, 6);
            for cut in 0..words.len() {
                let payload = bytes(&words[..cut], order);
                let mut out = vec![0.0f32; points(&packing)];
                let mut integers = vec![0u32; points(&packing)];
                let out = if packing.data_type == 130 {
                    Elements::U32(&mut integers)
                } else {
                    Elements::F32(&mut out)
                };
                assert!(
                    decode(&packing, &payload, out).is_err(),
                    "kind {kind}, {cut} of {} words",
                    words.len()
                );
            }
        }
    }
}

/// All rows of a difference stream, or the fault of the first that cannot be had.
fn rows_of<O: WordOrder, T: parallelogram::TileLane>(
    mut rows: Differences<'_, O, T>,
    nj: usize,
) -> Result<Vec<Vec<T>>, String> {
    (0..nj).map(|_| rows.next_row().map(<[T]>::to_vec).map_err(|fault| format!("{fault:?}"))).collect()
}

/// Checks that the vector units give the rows that the plain path gives.
fn compare_with_plain<O: WordOrder, T: parallelogram::TileLane + PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    shape: (usize, usize),
    nbits: u32,
    widths: Widths,
) {
    let rows = || Differences::<O, T>::new(Stream::new(bytes), 0, shape, 3, nbits, widths).unwrap();
    let plain = rows_of(rows().plain(), shape.1);
    assert_eq!(rows_of(rows(), shape.1), plain);
    #[cfg(target_arch = "x86_64")]
    assert_eq!(rows_of(rows().narrow(), shape.1), plain);
}

#[test]
fn vector_units_give_the_rows_of_the_plain_path() {
    let mut random = Noise(37);
    for (ni, nj) in [(2, 2), (4, 4), (5, 7), (31, 10), (300, 40), (1001, 12)] {
        for container in 1..=5 {
            for (top, widths) in
                [9, 17, 24, 29, 30, 31].into_iter().zip([Widths::Tokens, Widths::Ieee].into_iter().cycle())
            {
                let nbits = 1 + random.below(16);
                let mut writer = Writer::default();
                let settings = (3, nbits, container, top);
                random_differences(&mut writer, &mut random, (ni, nj), settings, widths);
                let words = writer.finish();
                // Whole, and cut somewhere behind the first row and column.
                let least = (3 + nbits as usize * (ni + nj)).div_ceil(32);
                for count in [words.len(), least.max(words.len() * 3 / 4).min(words.len())] {
                    let (big, little) =
                        (bytes(&words[..count], ByteOrder::Big), bytes(&words[..count], ByteOrder::Little));
                    compare_with_plain::<BigEndian, u16>(&big, (ni, nj), nbits, widths);
                    compare_with_plain::<LittleEndian, u16>(&little, (ni, nj), nbits, widths);
                    compare_with_plain::<BigEndian, u32>(&big, (ni, nj), nbits, widths);
                    compare_with_plain::<LittleEndian, u32>(&little, (ni, nj), nbits, widths);
                }
            }
        }
    }
}
