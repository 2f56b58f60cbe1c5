// SPDX-License-Identifier: MIT OR Apache-2.0
//! The packings as a whole: the vectors and rules of `packing.md`, golden files, and random input.

use super::missing::{Missing, MissingCodes, substitute};
use super::*;
use crate::error::FaultKind;
use proptest::prelude::*;

/// A directory entry of `n` elements in a row.
fn packing(order: ByteOrder, data_type: u8, pack_bits: u8, data_bits: u8, n: u64) -> Packing {
    let container = if order == ByteOrder::Big { Container::Xdf } else { Container::Rsf };
    Packing { container, order, data_type, pack_bits, data_bits, shape: [n, 1, 1] }
}

/// The bytes of words.
fn bytes(words: &[u32], order: ByteOrder) -> Vec<u8> {
    match order {
        ByteOrder::Little => words.iter().flat_map(|word| word.to_le_bytes()).collect(),
        ByteOrder::Big => words.iter().flat_map(|word| word.to_be_bytes()).collect(),
    }
}

/// Words in hexadecimal, separated by blanks.
fn words(text: &str) -> Vec<u32> {
    text.split(' ').map(|word| u32::from_str_radix(word, 16).unwrap()).collect()
}

/// An array with an owner.
#[derive(Clone, Debug)]
enum Array {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    C64(Vec<[f32; 2]>),
    C128(Vec<[f64; 2]>),
    Char(Vec<u8>),
}

/// Applies one expression to the vector of any [`Array`], with the element type of the same name.
macro_rules! with_vector {
    ($array:expr, $vector:ident, $variant:ident => $body:expr) => {
        with_vector!(@ $array, $vector, $variant, $body;
            U8 I8 U16 I16 U32 I32 U64 I64 F32 F64 C64 C128 Char)
    };
    (@ $array:expr, $vector:ident, $variant:ident, $body:expr; $($name:ident)*) => {
        match $array { $(Array::$name($vector) => { use Elements::$name as $variant; $body })* }
    };
}

impl Array {
    /// Elements that no decoder leaves by chance.
    fn new(dtype: Dtype, n: usize) -> Array {
        match dtype {
            Dtype::U8 => Array::U8(vec![77; n]),
            Dtype::I8 => Array::I8(vec![77; n]),
            Dtype::U16 => Array::U16(vec![77; n]),
            Dtype::I16 => Array::I16(vec![77; n]),
            Dtype::U32 => Array::U32(vec![77; n]),
            Dtype::I32 => Array::I32(vec![77; n]),
            Dtype::U64 => Array::U64(vec![77; n]),
            Dtype::I64 => Array::I64(vec![77; n]),
            Dtype::F32 => Array::F32(vec![77.0; n]),
            Dtype::F64 => Array::F64(vec![77.0; n]),
            Dtype::C64 => Array::C64(vec![[77.0; 2]; n]),
            Dtype::C128 => Array::C128(vec![[77.0; 2]; n]),
            Dtype::Char => Array::Char(vec![77; n]),
        }
    }

    fn elements(&mut self) -> Elements<'_> {
        with_vector!(self, vector, Variant => Variant(vector))
    }

    fn run(&mut self, range: Range<usize>) -> Elements<'_> {
        with_vector!(self, vector, Variant => Variant(&mut vector[range]))
    }

    /// The elements as little-endian bytes.
    fn image(&self) -> Vec<u8> {
        match self {
            Array::U8(v) | Array::Char(v) => v.clone(),
            Array::I8(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::U16(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::I16(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::U32(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::I32(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::U64(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::I64(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::F32(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::F64(v) => v.iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::C64(v) => v.as_flattened().iter().flat_map(|x| x.to_le_bytes()).collect(),
            Array::C128(v) => v.as_flattened().iter().flat_map(|x| x.to_le_bytes()).collect(),
        }
    }

    /// The elements as text: 17 digits for reals, so that values and not patterns of NaN are compared.
    fn values(&self) -> Vec<String> {
        match self {
            Array::U8(v) | Array::Char(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::I8(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::U16(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::I16(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::U32(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::I32(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::U64(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::I64(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::F32(v) => v.iter().map(|&x| f64::from(x).to_string()).collect(),
            Array::F64(v) => v.iter().map(|x| x.to_string()).collect(),
            Array::C64(v) => v.iter().map(|x| format!("{:?}", x.map(f64::from))).collect(),
            Array::C128(v) => v.iter().map(|x| format!("{x:?}")).collect(),
        }
    }
}

/// The whole array, decoded at once into elements of type `dtype`.
fn decode_as(packing: &Packing, payload: &[u8], dtype: Dtype) -> Result<Array, Fault> {
    let layout = packing.layout()?;
    let head = &payload[..payload.len().min(Layout::HEAD_BYTES)];
    let decoder = layout.decoder(head, payload.len() as u64)?;
    let span = decoder.span(0, decoder.decodable());
    let mut array = Array::new(dtype, decoder.decodable() as usize);
    decoder.decode(&payload[span.start as usize..span.end as usize], 0, array.elements())?;
    Ok(array)
}

/// The whole array in its natural type.
fn decode(packing: &Packing, payload: &[u8]) -> Result<Array, Fault> {
    decode_as(packing, payload, packing.layout()?.dtype)
}

/// The array of a payload given as words, which must be the same in both byte orders; where XDF refuses 64-bit
/// integers, that of RSF.
fn vector(data_type: u8, n: u64, pack_bits: u8, data_bits: u8, text: &str) -> Array {
    let words = words(text);
    let little = packing(ByteOrder::Little, data_type, pack_bits, data_bits, n);
    let array = decode(&little, &bytes(&words, ByteOrder::Little)).unwrap();
    let big = packing(ByteOrder::Big, data_type, pack_bits, data_bits, n);
    match decode(&big, &bytes(&words, ByteOrder::Big)) {
        Ok(other) => assert_eq!(other.image(), array.image(), "{text}"),
        Err(fault) => assert!(data_bits == 64, "{text}: {fault}"),
    }
    array
}

/// The bits of 32-bit reals.
fn single(text: &str) -> Vec<u8> {
    words(text).into_iter().flat_map(u32::to_le_bytes).collect()
}

#[test]
fn vectors_of_binary() {
    assert_eq!(vector(0, 5, 8, 32, "04030201 00000005").image(), [1, 2, 3, 4, 5]);
    assert_eq!(vector(0, 3, 16, 32, "03040102 0000fffe").image(), [2, 1, 4, 3, 0xFE, 0xFF]);
    assert_eq!(vector(0, 1, 32, 32, "deadbeef").image(), 0xdeadbeef_u32.to_le_bytes());
    assert_eq!(vector(0, 1, 64, 64, "89abcdef 01234567").image(), 0x0123456789abcdef_u64.to_le_bytes());
    let odd = vector(0, 5, 12, 32, "89abcdef 01234567");
    assert_eq!(odd.image(), single("89abcdef 01234567"));
    let layout = packing(ByteOrder::Big, 0, 12, 32, 5).layout().unwrap();
    assert_eq!((layout.dtype, layout.shape, layout.elements), (Dtype::U32, [2, 1, 1], 2));
}

#[test]
fn vectors_of_quantized() {
    for (n, bits, words, values) in [
        (
            4,
            12,
            "7ff00004 0ff71110 00000000 00000c00 03006009 00000000",
            "00000000 3fc00000 40400000 40900000",
        ),
        (3, 16, "7ff00003 0ff03d81 88933300 00001000 00000000 00000000", "c3889333 c3889333 c3889333"),
        (3, 24, "7ff00003 0fee3d70 fa800000 00001800 0000cb00 005a9998", "437a8000 4396a000 43889333"),
        (2, 8, "7ff00002 0ff93510 bfa5a400 00000800 80000000", "003fa5a4 3f800000"),
        (2, 30, "7ff00002 0fe43d01 80000000 00001e00 00000300 00000000", "bf800000 40000000"),
        (
            6,
            5,
            "7ff00006 0fff3d21 a0000000 00000502 a8f60800",
            "c0a00000 2b0c8000 40a00000 40200000 3f800000 c0800000",
        ),
        (3, 2, "7ff00003 0f7a1110 00000000 00000280", "00010000 00000000 00000000"),
        (5, 1, "7ff00005 10021110 00000000 00000110", "00000000 00000000 00000000 40800000 00000000"),
        (2, 32, "7ff00002 0fe13d00 80000000 00002080 000000ff ffffff00", "40000000 40400000"),
        (2, 32, "7ef00002 0fe13d00 80000000 00002080 000000ff ffffff00", "40000000 40400000"),
    ] {
        assert_eq!(vector(1, n, bits, 32, words).image(), single(values), "{words}");
    }
}

#[test]
fn vectors_of_unsigned() {
    assert_eq!(vector(2, 3, 20, 32, "00000000 01fffff0").values(), ["0", "1", "1048575"]);
    assert_eq!(vector(2, 7, 5, 16, "0887ef80 e0000000").values(), ["1", "2", "3", "30", "31", "0", "7"]);
    assert_eq!(vector(2, 3, 3, 8, "e2800000").image(), [7, 0, 5]);
    assert_eq!(vector(2, 2, 32, 32, "00000001 ffffffff").values(), ["1", "4294967295"]);
    let longs = vector(2, 2, 64, 64, "00000001 00000000 76543210 fedcba98");
    assert_eq!(longs.values(), ["1", "18364758544493064720"]);
}

#[test]
fn vectors_of_text() {
    assert_eq!(vector(3, 5, 8, 32, "44434241 00000045").image(), b"ABCDE");
    assert_eq!(vector(3, 1, 8, 32, "00000041").image(), b"A");
    assert_eq!(vector(3, 8, 8, 32, "34333231 38373635").image(), b"12345678");
    assert_eq!(vector(7, 5, 8, 32, "41424344 45000000").image(), b"ABCDE");
    assert_eq!(vector(7, 1, 8, 32, "41000000").image(), b"A");
    assert_eq!(vector(7, 4, 8, 32, "4869210a").image(), b"Hi!\n");
}

#[test]
fn vectors_of_signed() {
    assert_eq!(vector(4, 4, 12, 32, "7fb800ff f0000000").values(), ["-5", "0", "2047", "-2048"]);
    assert_eq!(vector(4, 3, 16, 16, "7ffd8005 ffff0000").values(), ["-3", "5", "32767"]);
    assert_eq!(vector(4, 4, 5, 8, "07e0f000").values(), ["-16", "15", "0", "-1"]);
    assert_eq!(vector(4, 2, 32, 32, "7fffffff 00000000").values(), ["-1", "-2147483648"]);
    assert_eq!(vector(4, 2, 64, 64, "fffffffe ffffffff 00000005 00000000").values(), ["-2", "5"]);
}

#[test]
fn vectors_of_ieee_and_complex() {
    assert_eq!(vector(5, 2, 32, 32, "3f800000 c0200000").image(), single("3f800000 c0200000"));
    assert_eq!(vector(5, 3, 20, 32, "3f8ccc04 907f8000").image(), single("3f8cc000 c0490000 7f800000"));
    assert_eq!(vector(5, 3, 16, 32, "3fff8000 00010000").image(), single("3fff0000 80000000 00010000"));
    let doubles = vector(5, 2, 64, 64, "3ff19999 9999999a c0000000 00000000");
    assert_eq!(doubles.image(), single("9999999a 3ff19999 00000000 c0000000"));
    let pairs = vector(8, 2, 32, 32, "3f800000 40000000 bf800000 3f000000");
    assert_eq!(pairs.image(), single("3f800000 40000000 bf800000 3f000000"));
    let wide = vector(8, 1, 64, 64, "3ff00000 00000000 c0000000 00000000");
    assert_eq!(wide.image(), single("00000000 3ff00000 00000000 c0000000"));
    assert_eq!(vector(8, 1, 20, 32, "3f8cc400 cc000000").image(), single("3f8cc000 400cc000"));
    // A signalling NaN keeps its bits.
    assert_eq!(vector(5, 1, 32, 32, "7fa00001").image(), single("7fa00001"));
}

#[test]
fn vectors_of_normalized() {
    for (n, bits, words, values) in [
        (4, 12, "effb810c 00000000 00000004 00000300 06000900", "00000000 3fc00000 40400000 40900000"),
        (3, 16, "efff8009 ffc00000 00000003 00002800 80000000", "bf800000 3e800000 40400000"),
        (2, 16, "efff0000 00000000 00000002 00000000", "00000000 00000000"),
        (3, 4, "eff38510 00c80000 00000003 00000002 000f0000", "42c80000 42ca0000 42d70000"),
        (3, 8, "eff70110 00000000 00000003 00210000 00830000", "00210000 00000000 00830000"),
        (2, 16, "efffff08 00000000 00000002 00008000", "ffc00000 7f800000"),
    ] {
        assert_eq!(vector(6, n, bits, 32, words).image(), single(values), "{words}");
    }
    let stray = vector(6, 3, 8, 32, "eff70110 00000000 00000003 ffff0000 00000000");
    assert_eq!(stray.image()[..4], single("80010000"));
}

#[test]
fn vectors_of_missing_values() {
    for (data_type, n, pack_bits, data_bits, words, stored, missing) in [
        (
            65,
            4,
            8,
            32,
            "7ff00004 0ffa3d00 80000000 00000800 40c1c000",
            "3f800000 40000000 40808000 40800000",
            "3f800000 40000000 fe967699 40800000",
        ),
        (
            65,
            3,
            16,
            32,
            "7ff00003 0ff11110 00000000 00001080 00000000 00000000",
            "3f800000 00000000 00000000",
            "fe967699 00000000 00000000",
        ),
        (66, 4, 4, 32, "12a90000", "1 2 a 9", "1 2 ffffffff 9"),
        (66, 2, 8, 16, "04030000", "30004", "3ffff"),
        (66, 3, 3, 8, "ff000000", "060707", "06ffff"),
        (68, 3, 12, 32, "7fb86586 40000000", "fffffffb 65 64", "fffffffb 80000000 64"),
        (68, 3, 16, 16, "80007fff 7ff90000", "ffff0000 fff9", "ffff8000 fff9"),
        (68, 3, 8, 8, "81ffff00", "007f7f01", "00808001"),
        (
            69,
            4,
            32,
            32,
            "3f800000 40000000 404147ae 40400000",
            "3f800000 40000000 404147ae 40400000",
            "3f800000 40000000 fe967699 40400000",
        ),
        (
            69,
            2,
            64,
            64,
            "3ff00000 00000000 40000000 00000000",
            "00000000 3ff00000 00000000 40000000",
            "00000000 3ff00000 2a16a1b1 c7d2ced3",
        ),
        (
            70,
            3,
            16,
            32,
            "efff8307 00500000 00000003 0000a19a a0000000",
            "41200000 41a0cd00 41a00000",
            "41200000 fe967699 41a00000",
        ),
        (
            65,
            3,
            16,
            32,
            "7ff00003 0ff93d91 88933300 00001088 93000088 93000000",
            "c3889366 c4089333 c3889366",
            "fe967699 c4089333 fe967699",
        ),
    ] {
        let mut array = vector(data_type, n, pack_bits, data_bits, words);
        let length = array.image().len();
        assert_eq!(array.image(), single(stored)[..length], "{words}");
        substitute(array.elements(), Missing::Codes, &MissingCodes::DEFAULT);
        assert_eq!(array.image(), single(missing)[..length], "{words}");
    }
}

/// Whether the directory entry is refused.
fn refused(data_type: u8, pack_bits: u8, data_bits: u8, shape: [u64; 3]) -> bool {
    let entry = |order| Packing { shape, ..packing(order, data_type, pack_bits, data_bits, 1) };
    let (little, big) = (entry(ByteOrder::Little).layout(), entry(ByteOrder::Big).layout());
    assert_eq!(little.is_err(), big.is_err());
    little.is_err()
}

#[test]
fn rule_8_1_type_above_8() {
    for data_type in 0..=255 {
        let known = data_type & 63 <= 8 && (data_type < 128 || matches!(data_type & 63, 1 | 2 | 5 | 6));
        assert_eq!(refused(data_type, 8, 32, [2, 2, 1]), !known, "{data_type}");
    }
}

#[test]
fn rule_8_2_bits_and_dimensions() {
    for data_type in 0..=8 {
        assert!(refused(data_type, 0, 32, [1; 3]));
        assert!(refused(data_type, 65, 64, [1; 3]));
        for shape in [[0, 1, 1], [1, 0, 1], [1, 1, 0], [1 << 32, 1 << 32, 1], [1 << 62, 1, 1], [u64::MAX; 3]]
        {
            assert!(refused(data_type, 8, 32, shape));
        }
    }
}

/// Whether a payload of `words` is refused in either byte order.
fn damaged(packing: Packing, words: &[u32]) -> bool {
    let outcomes = [ByteOrder::Little, ByteOrder::Big]
        .map(|order| decode(&Packing { order, ..packing }, &bytes(words, order)));
    assert_eq!(outcomes[0].is_err(), outcomes[1].is_err());
    for fault in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert_eq!(fault.kind, FaultKind::Corrupt);
    }
    outcomes[0].is_err()
}

#[test]
fn rule_8_3_payload_too_short() {
    let r = [0x7FF0_0005, 0x0FF7_1110, 0, 0x0C00, 0, 0];
    let f = [0xEFFB_810C, 0, 5, 0, 0, 0];
    for (data_type, pack_bits, data_bits, needed, start) in [
        (0, 8, 32, 2, &[][..]),
        (0, 13, 32, 3, &[]),
        (0, 64, 64, 10, &[]),
        (1, 12, 32, 6, &r),
        (2, 12, 32, 2, &[]),
        (2, 64, 64, 10, &[]),
        (3, 8, 32, 2, &[]),
        (4, 7, 8, 2, &[]),
        (5, 20, 32, 4, &[]),
        (5, 64, 64, 10, &[]),
        (6, 12, 32, 6, &f),
        (7, 1, 32, 2, &[]),
        (8, 20, 32, 7, &[]),
        (8, 64, 64, 20, &[]),
    ] {
        let mut words = start.to_vec();
        words.resize(needed, 0);
        let entry = packing(ByteOrder::Little, data_type, pack_bits, data_bits, 5);
        assert!(!damaged(entry, &words), "{data_type}");
        for short in 0..needed {
            assert!(damaged(entry, &words[..short]), "{data_type}, {short} words");
        }
        words.push(0xFFFF_FFFF);
        assert!(!damaged(entry, &words), "{data_type}");
    }
    // The width of an R field comes from its payload.
    let wide = [0x7FF0_0005, 0x0FF7_1110, 0, 0x2000, 0, 0, 0, 0, 0];
    assert!(!damaged(packing(ByteOrder::Little, 1, 1, 32, 5), &wide));
    assert!(damaged(packing(ByteOrder::Little, 1, 1, 32, 5), &wide[..8]));
}

#[test]
fn rule_8_4_header_of_r() {
    let entry = packing(ByteOrder::Little, 1, 8, 32, 2);
    let field = |w0, w3| damaged(entry, &[w0, 0x0FF7_1110, 0, w3, 0, 0, 0, 0]);
    assert!(!field(0x7FF0_0002, 0x0800) && !field(0x7EF0_0002, 0x0800) && !field(0x7FF0_0099, 0x2000));
    for marker in [0xFFF0_0002, 0xFEF0_0002, 0x0000_0002, 0xEFF0_0002] {
        assert!(field(marker, 0x0800));
    }
    assert!(field(0x7FF0_0002, 0x0000) && field(0x7FF0_0002, 0x2100) && field(0x7FF0_0002, 0xFF00));
    assert!(refused(1, 33, 32, [1; 3]) && refused(1, 64, 64, [1; 3]) && !refused(1, 32, 32, [1; 3]));
}

#[test]
fn rule_8_5_header_of_f() {
    let entry = packing(ByteOrder::Little, 6, 8, 32, 2);
    let field = |w0, w2| damaged(entry, &[w0, 0, w2, 0]);
    assert!(!field(0xEFF7_8118, 2));
    assert!(field(0x7FF7_8118, 2) && field(0xEFF7_8118, 3) && field(0xEFF7_8119, 2) && field(0xEFF7_81FF, 2));
}

#[test]
fn rule_8_6_integer_widths() {
    for data_type in [2, 4, 66, 68] {
        for (pack_bits, data_bits) in
            [(9, 8), (17, 16), (33, 32), (64, 32), (40, 64), (33, 64), (8, 24), (8, 0)]
        {
            assert!(refused(data_type, pack_bits, data_bits, [1; 3]));
        }
        for (pack_bits, data_bits) in [(8, 8), (1, 8), (16, 16), (8, 16), (32, 32), (1, 32)] {
            assert!(!refused(data_type, pack_bits, data_bits, [1; 3]));
        }
        let big = |container| {
            Packing { container, ..packing(ByteOrder::Big, data_type, 64, 64, 1) }
                .layout()
                .map(|layout| layout.dtype)
        };
        assert_eq!(big(Container::Xdf).unwrap_err().kind, FaultKind::Unsupported);
        assert!(big(Container::Rsf).is_ok());
        assert!(packing(ByteOrder::Little, data_type, 32, 64, 1).layout().is_err());
    }
}

#[test]
fn rule_8_7_ieee_widths() {
    for pack_bits in 1..=64 {
        for data_type in [5, 8] {
            assert_eq!(refused(data_type, pack_bits, 32, [1; 3]), matches!(pack_bits, 33..=63));
        }
    }
}

#[test]
fn rule_8_8_zeros_of_f_are_required() {
    let entry = packing(ByteOrder::Little, 6, 16, 32, 3);
    assert!(damaged(entry, &[0xEFFF_0000, 0, 3, 0]));
    assert!(!damaged(entry, &[0xEFFF_0000, 0, 3, 0, 0]));
}

#[test]
fn turbo_rules_of_the_directory() {
    for data_type in [129, 130, 133, 134, 193, 194, 197, 198] {
        let exact = data_type & 63 == 5;
        assert!(!refused(data_type, 16, 32, [2, 2, 1]));
        assert!(refused(data_type, 16, 32, [1, 9, 1]) && refused(data_type, 16, 32, [9, 1, 1]));
        assert_eq!(refused(data_type, 17, 32, [2, 2, 1]), !exact);
        assert_eq!(refused(data_type, 16, 64, [2, 2, 1]), data_type & 63 == 2);
        let layout = packing(ByteOrder::Big, data_type, 16, 16, 2);
        let layout = Packing { shape: [2, 2, 1], ..layout }.layout().unwrap();
        assert_eq!(layout.dtype, if data_type & 63 == 2 { Dtype::U16 } else { Dtype::F32 });
        assert!(layout.is_turbo() && layout.in_place().is_none());
    }
}

#[test]
fn harmless_oddities_decode() {
    let flagged = packing(ByteOrder::Little, 64 | 3, 8, 8, 2);
    assert!(!flagged.layout().unwrap().has_missing());
    assert_eq!(decode(&flagged, b"ABCD").unwrap().image(), b"AB");
    assert!(packing(ByteOrder::Little, 64 | 5, 8, 8, 2).layout().unwrap().has_missing());
    // 64 packed bits decide, not the size in the directory.
    assert_eq!(packing(ByteOrder::Big, 5, 64, 32, 2).layout().unwrap().dtype, Dtype::F64);
    assert_eq!(packing(ByteOrder::Big, 5, 32, 64, 2).layout().unwrap().dtype, Dtype::F32);
    let absurd = [0x7FF0_0002, 0xFFFF_FFFF, 0xFFFF_FFFF, 0x1000, 0x0001_0000];
    assert!(!damaged(packing(ByteOrder::Little, 1, 8, 32, 2), &absurd));
}

/// Any type and widths, of a shape that a short payload can fill.
fn any_packing() -> impl Strategy<Value = Packing> {
    let data_type = prop_oneof![0u8..=8, 64u8..=72];
    let pack_bits = prop_oneof![1u8..=32, Just(8), Just(16), Just(32), Just(64), Just(64)];
    let data_bits = prop_oneof![Just(8u8), Just(16), Just(32), Just(64)];
    (data_type, pack_bits, data_bits, 1u64..400, 1u64..3, any::<(bool, bool)>()).prop_map(
        |(data_type, pack_bits, data_bits, ni, nj, (big, xdf))| Packing {
            container: if big && xdf { Container::Xdf } else { Container::Rsf },
            order: if big { ByteOrder::Big } else { ByteOrder::Little },
            data_type,
            pack_bits,
            data_bits,
            shape: [ni, nj, 1],
        },
    )
}

/// Words that can be the payload of a packing: random ones, behind the header that its type wants.
fn any_payload(packing: Packing) -> impl Strategy<Value = (Packing, Vec<u32>)> {
    let n = packing.shape.iter().product::<u64>();
    let most = (n * 128 / 32 + 5) as usize;
    let header = (1u32..=32, 0u32..=24, any::<bool>(), 4000u32..4200, 800u32..1100);
    (prop::collection::vec(any::<u32>(), most), header).prop_map(
        move |(mut words, (width, shift, odd, exponent, minimum))| {
            match packing.data_type & 63 {
                1 => {
                    words[0] = 0x7FF0_0000;
                    words[1] = exponent << 16 | minimum << 4 | u32::from(odd);
                    words[3] = words[3] & !0xFF00 | width << 8;
                }
                6 => {
                    words[0] = 0xEFF0_0000 | words[0] & 0xFF00 | shift;
                    words[1] = if odd { words[1] } else { words[1] >> 8 };
                    words[2] = n as u32;
                }
                _ => {}
            }
            (packing, words)
        },
    )
}

proptest! {
    #[test]
    fn any_input_gives_values_or_a_fault(
        packing in any_packing(),
        kind in any::<(u8, u8, u8)>(),
        shape in prop::array::uniform3(prop_oneof![0u64..5, any::<u64>()]),
        wild in any::<bool>(),
        payload in prop::collection::vec(any::<u8>(), 0..200),
        marker in prop_oneof![Just(0u32), Just(0x7FF0_0000), Just(0xEFF0_0000)],
        claimed in any::<u64>(),
        run in any::<(u64, u64)>(),
    ) {
        let mut packing = packing;
        if wild {
            (packing.data_type, packing.pack_bits, packing.data_bits) = kind;
            packing.shape = shape;
        }
        let mut payload = payload;
        if payload.len() >= 4 && marker != 0 {
            payload[..4].copy_from_slice(&bytes(&[marker], packing.order));
        }
        if let Ok(layout) = packing.layout() {
            layout.in_place();
            let head = &payload[..payload.len().min(Layout::HEAD_BYTES)];
            if let Ok(decoder) = layout.decoder(head, claimed) {
                let span = decoder.span(run.0, run.1);
                prop_assert!(span.start <= span.end && span.end <= claimed);
                let mut out = Array::new(layout.dtype, 7);
                let _ = decoder.decode(&payload, run.0, out.elements());
                let _ = decoder.decode(&payload, run.0 % 5, out.elements());
            }
            if layout.elements < 1000 {
                let _ = decode(&packing, &payload);
            }
        }
    }

    #[test]
    fn runs_chunks_orders_and_widenings_agree(
        (packing, words) in any_packing().prop_flat_map(any_payload),
        runs in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 8),
        chunk in 1usize..100,
    ) {
        let Ok(layout) = packing.layout() else { return Ok(()) };
        let payload = bytes(&words, packing.order);
        let decoder = layout.decoder(&payload[..Layout::HEAD_BYTES.min(payload.len())], payload.len() as u64).unwrap();
        prop_assert_eq!(decoder.access(), Access::Elements);
        let n = layout.elements as usize;
        let whole = decode(&packing, &payload).unwrap();
        let size = layout.dtype.itemsize();
        let image = whole.image();

        let mut chunks = Array::new(layout.dtype, n);
        for first in (0..n).step_by(chunk) {
            let last = n.min(first + chunk);
            let span = decoder.span(first as u64, (last - first) as u64);
            let bytes = &payload[span.start as usize..span.end as usize];
            decoder.decode(bytes, first as u64, chunks.run(first..last)).unwrap();
        }
        prop_assert_eq!(chunks.image(), image.clone());

        if let Some(reorder) = layout.reorder() {
            let mut in_place = payload[..image.len()].to_vec();
            reorder.apply(&mut in_place);
            prop_assert_eq!(in_place, image.clone());
        }

        for (a, b) in runs {
            let (a, b) = (a.index(n + 1), b.index(n + 1));
            let (first, last) = (a.min(b), a.max(b));
            let span = decoder.span(first as u64, (last - first) as u64);
            prop_assert!(span.start % 4 == 0 && span.end % 4 == 0);
            // Nothing outside the span is looked at.
            let bytes = payload[span.start as usize..span.end as usize].to_vec();
            let mut out = Array::new(layout.dtype, last - first);
            decoder.decode(&bytes, first as u64, out.elements()).unwrap();
            prop_assert_eq!(out.image(), &image[first * size..last * size]);
        }

        for dtype in Dtype::ALL {
            let result = decode_as(&packing, &payload, dtype);
            prop_assert_eq!(result.is_ok(), layout.dtype.widens_to(dtype));
            if let Ok(wide) = result {
                prop_assert_eq!(wide.image().len(), n * dtype.itemsize());
                prop_assert_eq!(wide.values(), whole.values());
            }
        }

        // XDF and little-endian RSF: the same words are the same array.
        let other = match packing.order {
            ByteOrder::Little => Packing { container: Container::Xdf, order: ByteOrder::Big, ..packing },
            ByteOrder::Big => Packing { container: Container::Rsf, order: ByteOrder::Little, ..packing },
        };
        if (packing.order == ByteOrder::Little || packing.container == Container::Xdf)
            && let Ok(array) = decode(&other, &bytes(&words, other.order)) {
                prop_assert_eq!(array.image(), image.clone());
            }

        if let Some(order) = layout.in_place() {
            let mut plain = payload[..image.len()].to_vec();
            if order == ByteOrder::Big {
                let size = if matches!(layout.dtype, Dtype::C64 | Dtype::C128) { size / 2 } else { size };
                plain.chunks_exact_mut(size).for_each(<[u8]>::reverse);
            }
            prop_assert_eq!(plain, image);
        }
    }
}

#[test]
fn wrong_destinations_are_faults() {
    let layout = packing(ByteOrder::Little, 2, 8, 8, 8).layout().unwrap();
    let decoder = layout.decoder(&[0; 8], 8).unwrap();
    assert_eq!(decoder.span(4, 100), 4..8);
    assert_eq!(decoder.span(100, 1), 8..8);
    assert!(decoder.decode(&[0; 8], 0, Elements::I8(&mut [0; 8])).is_err());
    assert!(decoder.decode(&[0; 4], 0, Elements::U8(&mut [0; 8])).is_err());
    assert!(decoder.decode(&[0; 8], 1, Elements::U8(&mut [0; 8])).is_err());
    assert!(decoder.decode(&[0; 8], u64::MAX, Elements::U8(&mut [0; 8])).is_err());
    assert!(decoder.decode(&[], 8, Elements::U8(&mut [])).is_ok());
}

/// Payloads of the golden files, where they are present: digests of all plain records, and refusals.
#[test]
fn golden_payloads() {
    let folder = std::env::var_os("FSTVIEW_GOLDEN").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/golden"),
        std::path::PathBuf::from,
    );
    let (mut decoded, mut substituted, mut refused, mut in_place) = (0, 0, 0, 0);
    let folders = [folder.clone(), folder.join("containers"), folder.join("containers/malformed")];
    for list in folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().flatten() {
        let name = list.path().display().to_string();
        let Some(file) = name.strip_suffix(".jsonl") else { continue };
        let data = std::fs::read(file).unwrap();
        for line in std::fs::read_to_string(&name).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let number = |key: &str| record[key].as_u64().unwrap();
            let rsf = file.ends_with(".rsf");
            let packing = Packing {
                container: if rsf { Container::Rsf } else { Container::Xdf },
                order: if rsf && !file.contains("bigendian") { ByteOrder::Little } else { ByteOrder::Big },
                data_type: number("data_type") as u8,
                pack_bits: number("pack_bits") as u8,
                data_bits: number("data_bits") as u8,
                shape: [number("ni"), number("nj"), number("nk")],
            };
            if packing.data_type & TURBO != 0 {
                continue;
            }
            let start = number("payload_offset") as usize;
            let payload = &data[start..start + number("payload_bytes") as usize];
            if !record["refused"].is_null() {
                assert!(decode(&packing, payload).is_err(), "{file}: {line}");
                refused += 1;
                continue;
            }
            let digest =
                |array: &Array| serde_json::json!([array.image().len(), crc32fast::hash(&array.image())]);
            let expected = |key: &str| serde_json::json!([record[key]["nbytes"], record[key]["crc32"]]);
            let mut array = decode(&packing, payload).unwrap();
            let layout = packing.layout().unwrap();
            assert_eq!(layout.dtype.name(), record["dtype"], "{file}: {line}");
            assert_eq!(digest(&array), expected("array"), "{file}: {line}");
            if layout.in_place() == Some(ByteOrder::Little) {
                assert_eq!(array.image(), payload[..array.image().len()], "{file}: {line}");
                in_place += 1;
            }
            decoded += 1;
            if !record["array_missing_codes"].is_null() {
                assert!(layout.has_missing(), "{file}: {line}");
                substitute(array.elements(), Missing::Codes, &MissingCodes::DEFAULT);
                assert_eq!(digest(&array), expected("array_missing_codes"), "{file}: {line}");
                substituted += 1;
            }
        }
    }
    println!("{decoded} decoded, {substituted} with missing values, {in_place} in place, {refused} refused");
}

#[test]
fn payloads_that_differ_in_byte_order_alone_are_put_in_order() {
    let payload: Vec<u8> = (0..=255).chain(0..=255).collect();
    for (data_type, bits, order) in [
        (2, 16, ByteOrder::Big),
        (2, 32, ByteOrder::Big),
        (5, 32, ByteOrder::Big),
        (5, 64, ByteOrder::Big),
        (5, 64, ByteOrder::Little),
        (8, 32, ByteOrder::Big),
        (8, 64, ByteOrder::Little),
        (0, 32, ByteOrder::Big),
    ] {
        for n in [1, 2, 3, 15, 31] {
            let packing = packing(order, data_type, bits, bits, n);
            let image = decode(&packing, &payload).unwrap().image();
            let mut in_place = payload[..image.len()].to_vec();
            if let Some(reorder) = packing.layout().unwrap().reorder() {
                reorder.apply(&mut in_place);
            } else {
                assert_eq!(ByteOrder::NATIVE, ByteOrder::Big);
                continue;
            }
            assert_eq!(in_place, image, "{packing:?}");
        }
    }
}
