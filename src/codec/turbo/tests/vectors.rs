// SPDX-License-Identifier: MIT OR Apache-2.0
//! The vectors of `turbo.md` section 13.

use super::*;

/// Words written in hexadecimal.
fn words(text: &str) -> Vec<u32> {
    text.split_whitespace().map(|word| u32::from_str_radix(word, 16).unwrap()).collect()
}

/// Numbers written in decimal, rows separated by `/`.
fn numbers(text: &str) -> Vec<u32> {
    text.split_whitespace().filter(|word| *word != "/").map(|word| word.parse().unwrap()).collect()
}

/// Decodes a type 130 payload in both word orders.
fn unsigned(payload: &[u32], pack_bits: u8, ni: usize, nj: usize) -> Vec<u32> {
    let decode = |order| {
        let packing = packing(130, pack_bits, 32, ni, nj, order);
        decode_u32(&packing, &bytes(payload, order)).unwrap()
    };
    let out = decode(ByteOrder::Big);
    assert_eq!(out, decode(ByteOrder::Little));
    out
}

/// Decodes a payload of floats in both word orders, as bit patterns.
fn real(payload: &[u32], data_type: u8, pack_bits: u8, ni: usize, nj: usize) -> Vec<u32> {
    let decode = |order| {
        let packing = packing(data_type, pack_bits, 32, ni, nj, order);
        decode_f32(&packing, &bytes(payload, order)).unwrap()
    };
    let out = decode(ByteOrder::Big);
    assert_eq!(out, decode(ByteOrder::Little));
    out
}

#[test]
fn v1_minimum_as_written() {
    let payload = words("00000008 00009A83 32139727 2E29CA0A 70000050 C07FF800 84628800 0028000A");
    let expected = "10 11 12 13 14 40 40 / 10 11 12 13 14 40 40 / 9 10 11 12 13 40 40 / 8 9 10 11 12 40 40 /
        8 8 8 8 8 40 40 / 63 63 0 1 2 5 9";
    assert_eq!(unsigned(&payload, 6, 7, 6), numbers(expected));
}

#[test]
fn v2_minimum_raw_tile() {
    let stream = words("0000C283 F0000FFF F0007000 18000EA6 00000000");
    assert_eq!(unsigned(&unsigned_payload(&stream), 16, 3, 2), [0, 65535, 7, 1, 32768, 60000]);
}

#[test]
fn v3_parallelogram() {
    let stream = words("0000A194 8C8CACCD 0D6CACEC 8B420080 082208E0");
    let expected = "100 101 102 104 107 / 101 102 103 105 108 / 103 104 106 108 111 / 100 101 103 105 109 /
        90 91 93 96 99";
    assert_eq!(unsigned(&unsigned_payload(&stream), 8, 5, 5), numbers(expected));
}

#[test]
fn v4_parallelogram_container_5() {
    let stream =
        words("0000C194 A0001FFF E0000EA6 0EA63FFF E0001180 009FFFEC 0005FFFE 80008B9A F79387F6 3C200000");
    let expected = "0 65535 0 30000 30001 / 65535 0 65535 30000 50000 / 0 65535 0 12000 12001";
    assert_eq!(unsigned(&unsigned_payload(&stream), 16, 5, 3), numbers(expected));
}

#[test]
fn v5_parallelogram_as_written() {
    let payload = words(
        "00000010 0000A194 8C8CACCC ED0D2D4D 6D8DADCD EE0E2E4E 6CCD0D4D 8DCE0E4E 8ECF0F4F 8FD01040
        00000000 0041D158 00000000 00000000 00710000 00730072",
    );
    let value = |k: u32| 100 + k % 16 + 2 * (k / 16) + if k == 5 + 16 * 7 { 3 } else { 0 };
    assert_eq!(unsigned(&payload, 8, 16, 16), (0..256).map(value).collect::<Vec<_>>());
}

#[test]
fn v6_sample() {
    let stream = words("0001A1B1 00050E15 81021602 81400000");
    assert_eq!(unsigned(&unsigned_payload(&stream), 8, 3, 3), [0, 1, 5, 7, 8, 13, 14, 15, 21]);
    let stream = words(
        "0001A1B1 00289CA2 0730A3A9 88B40147 4B501598 4130C880 817E3E2E 06E40808 AD168420 40422091 010133C4
        CF2E4040 448444CF 1C3C8001 0E184404 070F133C 81010986 26380000",
    );
    let value = |k: u32| {
        let (i, j) = (k % 56, k / 56);
        3 * i * i / 56 + 7 * j + if i % 5 == 2 { j + 1 } else { 0 }
    };
    assert_eq!(unsigned(&unsigned_payload(&stream), 8, 56, 2), (0..112).map(value).collect::<Vec<_>>());
}

#[test]
fn v7_ieee_all_sections() {
    let stream = words(
        "00089595 007E0228 00000008 12400000 00000000 00000008 8B4228FE 00000000 00000008 A0802100 16842820
        02000000 00000000",
    );
    let expected: [f32; 12] = [1.0, 1.5, -2.0, 3.0, 0.75, -1.25, 2.5, -4.0, 1.0, 1.0, 1.0, 1.0];
    assert_eq!(real(&unsigned_payload(&stream), 133, 14, 4, 3), expected.map(f32::to_bits));
}

#[test]
fn v8_ieee_long_runs() {
    let mut payload =
        words("0000001E 00089D95 007F0020 0000000C 08BEFFAE DE000000 00006A00 0000000C A0000000");
    payload.extend([0; 21]);
    let value = |k| if k == 3 || k >= 370 { -1.0f32 } else { 1.0 };
    assert_eq!(real(&payload, 133, 16, 20, 20), (0..400).map(value).map(f32::to_bits).collect::<Vec<_>>());
}

#[test]
fn v9_ieee_as_written() {
    let payload = words(
        "00000048 0008BD95 00850108 00000028 80000000 C0000000 00000040 053110C0 00400531 10C00700 000110C0
        07000000 00000000 00000000 00000000 B2002500 4C009C01 40029005 400AC016 002D005C 00BC0180 03100640
        0CC01300 28005400 B0017003 0006400D 001B0038 007400F0 01F00000 00200000 00000000 00000400 00000000
        00000000 00018000 C0007FC0 0FE01000 0060003F E01FF003 F8000000 00000000 00000200 00000000 00000000
        0000C000 60003FE0 07F00800 0030001F F00FF801 FC000000 00000000 00001EFE 00000000 00000000 00000000
        00000000 00080000 30001FF0 0FF801FC 00000000 00000000 001EFE00 00000000 00000000 00000000 00000000
        00000000 00000D74 00000000 00000000 01A6057C 01AB0000",
    );
    let out = real(&payload, 133, 24, 16, 16);
    let value = |k: u32| (100 + k % 16 + 2 * (k / 16)) as f32;
    assert_eq!(out, (0..256).map(value).map(f32::to_bits).collect::<Vec<_>>());
    assert_eq!(crc32fast::hash(&bytes(&out, ByteOrder::Little)), 0xD8E6_95AC);
}

#[test]
fn v10_r_and_f_headers() {
    let points = [0, 3, 5, 8, 16, 23];
    let payload = words(
        "0000000E FFF00018 0FF83D01 C0000000 00000C00 0000B283 80000000 00191900 19334C66 00336680 99000000
        00008A80 00000080 0A8000A8",
    );
    let out = real(&payload, 129, 12, 6, 4);
    let expected = words("BFC00000 BFB38000 41100000 BFA68000 BF670000 41180000");
    assert_eq!(points.map(|k| out[k]).to_vec(), expected);
    let tokens = "0 0 0 25 25 2688 / 0 25 51 76 102 2688 / 0 51 102 128 153 2688 / 0 0 0 0 0 2816";
    assert_eq!(unsigned(&unsigned_payload(&payload[5..]), 12, 6, 4), numbers(tokens));

    let payload = words(
        "00000010 EFFB820C FFE80000 00000018 0000B283 80000000 001A1A00 1A334D66 00336680 9A000000 00008A80
        00000080 0A800080 00000000 00000000 0B000000",
    );
    let out = real(&payload, 134, 12, 6, 4);
    let expected = words("BFC00000 BFB30000 41100000 BFA68000 BF660000 41180000");
    assert_eq!(points.map(|k| out[k]).to_vec(), expected);
    let tokens = "0 0 0 26 26 2688 / 0 26 51 77 102 2688 / 0 51 102 128 154 2688 / 0 0 0 0 0 2816";
    assert_eq!(unsigned(&unsigned_payload(&payload[4..]), 12, 6, 4), numbers(tokens));
}
