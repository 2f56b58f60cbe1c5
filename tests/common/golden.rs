// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lines of the `.jsonl` beside each golden file: what a reader must report.
#![allow(dead_code)]

use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The attributes that each line has.
#[rustfmt::skip]
pub const ATTRIBUTES: [&str; 23] = [
    "nomvar", "typvar", "grtyp", "etiket", "ni", "nj", "nk", "data_type", "data_bits", "pack_bits", "dateo", "datev", "deet", "npas",
    "ip1", "ip2", "ip3", "ig1", "ig2", "ig3", "ig4", "payload_offset", "payload_bytes",
];

/// One line of a `.jsonl`.
#[derive(Deserialize, Debug)]
pub struct Line {
    pub i: usize,
    pub nomvar: String,
    pub typvar: String,
    pub grtyp: String,
    pub etiket: String,
    pub ni: i64,
    pub nj: i64,
    pub nk: i64,
    pub data_type: i32,
    pub data_bits: i32,
    pub pack_bits: i32,
    pub dateo: i32,
    pub datev: i32,
    pub deet: i32,
    pub npas: i32,
    pub ip1: i32,
    pub ip2: i32,
    pub ip3: i32,
    pub ig1: i32,
    pub ig2: i32,
    pub ig3: i32,
    pub ig4: i32,
    pub payload_offset: u64,
    pub payload_bytes: u64,
    pub dtype: Option<String>,
    pub array: Option<Array>,
    pub array_missing_codes: Option<Array>,
    pub metadata: Option<String>,
    pub refused: Option<String>,
}

#[derive(Deserialize, Debug)]
pub struct Array {
    pub nbytes: u64,
    pub sha256: String,
    pub crc32: u32,
}

impl Array {
    /// Whether these are its bytes.
    pub fn check(&self, bytes: &[u8]) -> Result<(), String> {
        if bytes.len() as u64 != self.nbytes {
            return Err(format!("{} bytes, expected {}", bytes.len(), self.nbytes));
        }
        let crc = crc32fast::hash(bytes);
        if crc != self.crc32 {
            return Err(format!("crc32 {crc:08x}, expected {:08x}", self.crc32));
        }
        let sha: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        if sha != self.sha256 {
            return Err(format!("sha256 {sha}, expected {}", self.sha256));
        }
        Ok(())
    }
}
