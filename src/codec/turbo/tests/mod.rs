// SPDX-License-Identifier: MIT OR Apache-2.0
//! Tests of the turbo decoders: the vectors and rules of `turbo.md`, the golden files, and equality with a slow
//! reference on random streams.

mod golden;
mod plain;
mod random;
mod rules;
mod vectors;

use super::*;
use crate::codec::Container;

#[path = "../../../../tests/common/encode.rs"]
mod encode;
use encode::{
    Noise, Writer, encode_differences, encode_ieee, encode_minimum, encode_signs, ieee_stream, parameters,
    smooth, tiles_of, token_width,
};

/// What a directory entry says.
fn packing(data_type: u8, pack_bits: u8, data_bits: u8, ni: usize, nj: usize, order: ByteOrder) -> Packing {
    let container = if order == ByteOrder::Big { Container::Xdf } else { Container::Rsf };
    Packing { container, order, data_type, pack_bits, data_bits, shape: [ni as u64, nj as u64, 1] }
}

/// Words as bytes.
fn bytes(words: &[u32], order: ByteOrder) -> Vec<u8> {
    let bytes = |word: &u32| match order {
        ByteOrder::Big => word.to_be_bytes(),
        ByteOrder::Little => word.to_le_bytes(),
    };
    words.iter().flat_map(bytes).collect()
}

/// Checks and decodes a payload into `out`.
fn decode(packing: &Packing, payload: &[u8], out: Elements<'_>) -> Result<(), Fault> {
    let head = &payload[..payload.len().min(HEAD)];
    Turbo::new(packing, head, payload.len() as u64)?.decode(payload, out)
}

/// The shape of level 0 as a number of elements.
fn points(packing: &Packing) -> usize {
    (packing.shape[0] * packing.shape[1]) as usize
}

/// Decodes to unsigned integers of 32 bits.
fn decode_u32(packing: &Packing, payload: &[u8]) -> Result<Vec<u32>, Fault> {
    let mut out = vec![0; points(packing)];
    decode(packing, payload, Elements::U32(&mut out))?;
    Ok(out)
}

/// Decodes to floats, as bit patterns.
fn decode_f32(packing: &Packing, payload: &[u8]) -> Result<Vec<u32>, Fault> {
    let mut out = vec![0.0; points(packing)];
    decode(packing, payload, Elements::F32(&mut out))?;
    Ok(out.into_iter().map(f32::to_bits).collect())
}

/// The payload of a type 130 record with that stream (which starts with the parameter word).
fn unsigned_payload(stream: &[u32]) -> Vec<u32> {
    let mut words = vec![stream.len() as u32 + 1];
    words.extend(stream);
    words
}
