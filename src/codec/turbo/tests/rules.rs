// SPDX-License-Identifier: MIT OR Apache-2.0
//! The table of `turbo.md` section 10, a test a row.

use super::*;

/// A 2×2 PARALLELOGRAM stream (nbits 16) that is right: the words behind word 0.
const STREAM: [u32; 4] = [4 | 3 << 7 | 16 << 10, 0x8000_0000, 0, 0];

/// Checks the decoding of `words` (little-endian) with this entry, whatever the elements.
fn result(packing: Packing, words: &[u32]) -> Result<(), Fault> {
    let payload = bytes(words, ByteOrder::Little);
    if packing.data_type & 0x3F == 2 {
        decode_u32(&packing, &payload).map(|_| ())
    } else {
        decode_f32(&packing, &payload).map(|_| ())
    }
}

/// The entry of a small record.
fn entry(data_type: u8) -> Packing {
    packing(data_type, if data_type == 133 { 32 } else { 16 }, 32, 2, 2, ByteOrder::Little)
}

/// Payloads that are right, by type.
fn right(data_type: u8) -> Vec<u32> {
    match data_type {
        129 => [&[9, 0xFFF0_0004, 4096 << 16, 0, 16 << 8][..], &STREAM].concat(),
        134 => [&[8, 0xEFF0_7F08, 0, 4][..], &STREAM].concat(),
        130 => unsigned_payload(&STREAM),
        _ => unsigned_payload(&[5 | 23 << 10, 127 << 16, 0, 0x8000_0000, 0, 0, 0]),
    }
}

/// Checks that the words with `change` are refused with a message that contains `reason`.
#[track_caller]
fn refused(data_type: u8, reason: &str, change: impl Fn(&mut Packing, &mut Vec<u32>)) {
    let (mut packing, mut words) = (entry(data_type), right(data_type));
    result(packing, &words).unwrap();
    change(&mut packing, &mut words);
    let fault = result(packing, &words).expect_err(reason);
    assert!(fault.message.contains(reason), "{fault}");
}

/// The same for something that is to be accepted.
#[track_caller]
fn accepted(data_type: u8, change: impl Fn(&mut Packing, &mut Vec<u32>)) {
    let (mut packing, mut words) = (entry(data_type), right(data_type));
    change(&mut packing, &mut words);
    result(packing, &words).unwrap();
}

#[test]
fn base_type_is_1_2_5_or_6() {
    for base in [0, 3, 4, 7, 8, 9, 63] {
        refused(130, "data type", |packing, _| packing.data_type = 128 | base);
    }
    for data_type in [129, 130, 133, 134] {
        accepted(data_type, |packing, _| packing.data_type |= 64);
    }
}

#[test]
fn ni_and_nj_are_at_least_2() {
    for data_type in [129, 130, 133, 134] {
        for shape in [[1, 4, 1], [4, 1, 1], [0, 2, 1], [2, 0, 1]] {
            refused(data_type, "shape", |packing, _| packing.shape = shape);
        }
    }
}

#[test]
fn pack_bits_are_1_to_16() {
    for data_type in [129, 130, 134] {
        refused(data_type, "compressed element", |packing, _| packing.pack_bits = 0);
        refused(data_type, "compressed element", |packing, _| packing.pack_bits = 17);
    }
    accepted(133, |packing, _| packing.pack_bits = 0);
}

#[test]
fn payload_length_is_at_least_the_smallest_stream() {
    for (data_type, shortest) in [(129, 7), (130, 3), (134, 6), (133, 5)] {
        for length in 0..shortest {
            refused(data_type, &format!("at least {shortest} words"), |_, words| words.truncate(length));
        }
    }
}

#[test]
fn word_0_is_at_least_2_and_bounds_the_stream() {
    refused(130, "expected at least 2", |_, words| words[0] = 1);
    refused(130, "expected at least", |_, words| words[0] = 3);
    accepted(130, |_, words| words[0] = u32::MAX);
}

#[test]
fn predictor_is_1_3_or_4() {
    for predictor in [0, 2, 5, 6, 15] {
        refused(130, "predictor", |_, words| words[1] = words[1] & !0xF | predictor);
    }
    accepted(133, |_, words| words[1] |= 0xF);
}

#[test]
fn step_is_1_to_7_and_3_for_sample() {
    refused(130, "step", |_, words| words[1] &= !0x380);
    refused(130, "step", |_, words| words[1] = words[1] & !0x380 & !0xF | 3);
    for step in [0, 1, 2, 4, 5, 6, 7] {
        refused(130, "step", |_, words| words[1] = parameters(1, step, 16));
    }
    accepted(133, |_, words| words[1] &= !0x380);
}

#[test]
fn nbits_are_1_to_16_and_mbits_0_to_23() {
    for nbits in [0, 17, 31] {
        refused(130, "bits of a token", |_, words| words[1] = parameters(4, 3, nbits));
    }
    for mbits in [24, 31] {
        refused(133, "bits of a mantissa", |_, words| words[1] = parameters(5, 3, mbits));
    }
    accepted(133, |_, words| words[1] = parameters(5, 3, 0));
    refused(133, "mantissas of 0 bits", |_, words| {
        words[1] = parameters(5, 3, 0);
        words[2] |= 1;
    });
}

#[test]
fn container_is_1_to_5() {
    for container in [0, 6, 7] {
        refused(130, "tile headers", |_, words| words[2] = container << 29);
        refused(133, "tile headers", |_, words| words[4] = container << 29);
        refused(133, "tile headers", |_, words| {
            *words = unsigned_payload(&ieee_stream(
                23,
                0x108,
                [None, Some(vec![container << 29, 0])],
                vec![0x8000_0000, 0, 0, 0],
            ));
        });
    }
}

#[test]
fn tile_width_is_at_most_31() {
    let stream = |header: u32| {
        let mut writer = Writer::default();
        writer.put(parameters(4, 3, 16), 32);
        writer.put(5, 3);
        writer.put(0, 24);
        writer.put(0, 24);
        writer.put(header, 5);
        writer.put(0, 32);
        unsigned_payload(&writer.finish())
    };
    accepted(130, |_, words| *words = stream(30));
    refused(130, "token width", |_, words| *words = stream(31));
    // The same in a tile of 3×3 points.
    let stream = |header: u32| {
        let mut writer = Writer::default();
        writer.put(parameters(4, 3, 1), 32);
        writer.put(5, 3);
        writer.put(0, 7);
        writer.put(header, 5);
        (0..9).for_each(|_| writer.put(0, 32));
        unsigned_payload(&writer.finish())
    };
    let square = |packing: &mut Packing| packing.shape = [4, 4, 1];
    accepted(130, |packing, words| {
        square(packing);
        *words = stream(30);
    });
    refused(130, "token width", |packing, words| {
        square(packing);
        *words = stream(31);
    });
}

#[test]
fn sample_sizes_are_2_3_or_56_and_widths_at_most_18() {
    for n in (4..56).chain([4, 55]) {
        refused(130, "SAMPLE", |packing, words| {
            packing.shape = [n, 2, 1];
            words[1] = parameters(1, 3, 1);
            words.extend([0; 100]);
            words[0] = words.len() as u32;
        });
    }
    let sample = |header: u32| {
        let mut writer = Writer::default();
        writer.put(parameters(1, 3, 1), 32);
        writer.put(0, 4);
        for _ in 0..3 {
            writer.put(5, 3);
            writer.put(header, 5);
            (0..3).for_each(|_| writer.put(0, Widths::Tokens.of(header)));
        }
        writer.put(0, 32);
        unsigned_payload(&writer.finish())
    };
    accepted(130, |_, words| *words = sample(17));
    refused(130, "token width", |_, words| *words = sample(18));
}

#[test]
fn tokens_are_inside_the_payload() {
    for data_type in [129, 130, 134] {
        // One tile of a 31-bit token, 8 bits before the payload ends.
        refused(data_type, "goes on", |_, words| {
            let body = words.len() - 3;
            words[body] = 5 << 29;
            words[body + 1] = 30 << 8;
            words.truncate(body + 2);
        });
    }
}

#[test]
fn section_lengths_are_inside_the_payload() {
    let stream = || {
        let signs = Some(vec![0x8400_0000]);
        let exponents = Some(vec![0x8000_0000, 0]);
        unsigned_payload(&ieee_stream(23, 0x128, [signs, exponents], vec![0x8000_0000, 0, 0, 0]))
    };
    accepted(133, |_, words| *words = stream());
    for (at, name) in [(3, "sign"), (6, "exponent")] {
        for length in [200, u32::MAX] {
            refused(133, &format!("{name} section"), |_, words| {
                *words = stream();
                words[at] = length;
            });
        }
    }
}

#[test]
fn exponent_bits_are_1_to_8() {
    for ebits in [0, 9, 255] {
        refused(133, "exponent offset", |_, words| words[2] = ebits << 8 | 8);
    }
    accepted(133, |_, words| words[2] = 255 << 8);
}

/// A 133 payload with these sign bytes.
fn with_signs(signs: u32) -> Vec<u32> {
    unsigned_payload(&ieee_stream(
        23,
        127 << 16 | 0x20,
        [Some(vec![signs]), None],
        vec![0x8000_0000, 0, 0, 0],
    ))
}

#[test]
fn sign_runs_end_with_the_grid() {
    accepted(133, |_, words| *words = with_signs(0x8380_8100));
    refused(133, "passes the last point", |_, words| *words = with_signs(0x8500_0000));
    refused(133, "passes the last point", |_, words| *words = with_signs(0x83C2_0000));
    refused(133, "passes the last point", |_, words| *words = with_signs(0x81FF_0000));
}

#[test]
fn long_sign_runs_follow_a_run() {
    refused(133, "before any run", |_, words| *words = with_signs(0xFF00_0000));
    // An empty run gives a sign.
    refused(133, "passes the last point", |_, words| *words = with_signs(0x80FF_0000));
}

#[test]
fn r_header_has_its_marker_count_and_token_size() {
    refused(129, "marker", |_, words| words[1] = 0x7FF0_0004);
    refused(129, "count", |_, words| words[1] += 1);
    refused(129, "count", |_, words| words[4] |= 1);
    refused(129, "count", |packing, _| packing.shape[2] = 2);
    for size in [0, 17, 255] {
        refused(129, "token size", |_, words| words[4] = size << 8);
    }
}

#[test]
fn f_header_has_its_marker_count_and_shift() {
    refused(134, "marker", |_, words| words[1] = 0xFFF0_7F08);
    refused(134, "count", |_, words| words[3] = 5);
    refused(134, "count", |packing, _| packing.shape[2] = 2);
    refused(134, "shift", |_, words| words[1] = 0xEFF0_7F19);
}

#[test]
fn counts_of_several_levels_are_those_of_the_whole_record() {
    accepted(129, |packing, words| {
        packing.shape[2] = 3;
        words[1] += 8;
    });
    accepted(134, |packing, words| {
        packing.shape[2] = 3;
        words[3] = 12;
    });
}

#[test]
fn integers_have_8_16_or_32_bits() {
    for data_bits in [0, 1, 24, 64, 255] {
        refused(130, "element size", |packing, _| packing.data_bits = data_bits);
    }
}

#[test]
fn nothing_is_allocated_that_the_payload_cannot_fill() {
    let huge = 1 << 20;
    for data_type in [130, 133] {
        for shape in [[huge, huge, 1], [2, huge, 1], [huge, 2, 1], [20, 20, 1]] {
            let (mut packing, words) = (entry(data_type), right(data_type));
            packing.shape = shape;
            let payload = bytes(&words, ByteOrder::Little);
            let head = &payload[..payload.len().min(HEAD)];
            let fault = Turbo::new(&packing, head, payload.len() as u64).unwrap_err();
            assert!(fault.message.contains("expected at least"), "{fault}");
        }
    }
    for shape in [[u64::MAX, u64::MAX, 1], [1 << 32, 1 << 32, 1], [1 << 20, 1 << 20, 1 << 40]] {
        let (mut packing, words) = (entry(130), right(130));
        packing.shape = shape;
        let payload = bytes(&words, ByteOrder::Little);
        assert!(Turbo::new(&packing, &payload[..HEAD.min(payload.len())], payload.len() as u64).is_err());
    }
    // The guard of each predictor, one word short and just enough.
    let needed = |predictor, step, bits: u64, (ni, nj), container: u32| {
        for (words, right) in [(bits.div_ceil(32), true), (bits.div_ceil(32) - 1, false)] {
            let mut packing = entry(130);
            packing.shape = [ni, nj, 1];
            let head = bytes(&[u32::MAX, parameters(predictor, step, 5), container << 29], ByteOrder::Little);
            let turbo = Turbo::new(&packing, &head, 4 * (2 + words));
            assert_eq!(turbo.is_ok(), right, "predictor {predictor}: {turbo:?}");
        }
    };
    needed(3, 5, 20 * 20 * 9, (100, 99), 0);
    needed(4, 3, 3 + 5 * 198 + 33 * 33 * 4, (100, 99), 4);
    needed(1, 3, 5 * 5 * 5 + 9 + 34 * 33 + 12 * 12 + 4 * 4, (100, 99), 0);
}

#[test]
fn zero_field_is_not_decoded() {
    // The stream is long enough and nothing else about it is right.
    let words = [&[8, 0xEFF0_0008, 7, 4][..], &STREAM].concat();
    let mut wrong = words.clone();
    wrong[5] = 0xBFFF_FFFF;
    wrong[6] = u32::MAX;
    wrong[7] = u32::MAX;
    for words in [words, wrong] {
        let out = decode_f32(&entry(134), &bytes(&words, ByteOrder::Little)).unwrap();
        assert_eq!(out, [0; 4]);
    }
}

#[test]
fn output_has_the_size_of_level_0() {
    let payload = bytes(&right(130), ByteOrder::Little);
    for count in [0, 3, 5] {
        assert!(decode(&entry(130), &payload, Elements::U32(&mut vec![0; count])).is_err());
    }
}
