// SPDX-License-Identifier: MIT OR Apache-2.0
//! A record as one JSON object.

use fstview::attributes::level::{self, Level};
use fstview::container::Attributes;
use fstview::file::File;
use fstview::query;
use serde::Serialize;

use crate::natural;

/// Everything that is known of a record without reading its payload; keys come in this order.
#[derive(Serialize)]
pub struct RecordLine {
    record: usize,
    file: String,
    nomvar: String,
    typvar: String,
    grtyp: String,
    etiket: String,
    ni: u64,
    nj: u64,
    nk: u64,
    data_type: u8,
    data_bits: u8,
    pack_bits: u8,
    dtype: Option<&'static str>,
    dateo: i32,
    datev: i32,
    deet: u32,
    npas: u32,
    ip1: u32,
    ip2: u32,
    ip3: u32,
    ig1: u32,
    ig2: u32,
    ig3: u32,
    ig4: u32,
    mappable: bool,
    turbo: bool,
    has_missing: bool,
    has_metadata: bool,
    is_descriptor: bool,
    file_number: usize,
    file_offset: u64,
    stored_bytes: u64,
    payload_offset: u64,
    payload_bytes: u64,
    array_bytes: u64,
    origin: Option<String>,
    valid: Option<String>,
    forecast_hours: f64,
    level: Option<LevelValue>,
}

/// A decoded level.
#[derive(Serialize)]
pub struct LevelValue {
    kind: i32,
    value: f32,
    unit: &'static str,
    text: String,
}

impl From<Level> for LevelValue {
    fn from(decoded: Level) -> LevelValue {
        LevelValue {
            kind: decoded.kind,
            value: decoded.value,
            unit: level::label(decoded.kind).trim(),
            text: decoded.to_string(),
        }
    }
}

impl RecordLine {
    /// The line of a record; `paths` are those of the files.
    pub fn new(file: &File, record: usize, paths: &[String]) -> fstview::Result<RecordLine> {
        let found = file.record(record)?;
        let natural = file.natural(record).ok();
        let Attributes {
            nomvar,
            typvar,
            grtyp,
            etiket,
            shape: [ni, nj, nk],
            data_type,
            data_bits,
            pack_bits,
            dateo,
            datev,
            deet,
            npas,
            ip: [ip1, ip2, ip3],
            ig: [ig1, ig2, ig3, ig4],
        } = found.attributes;
        Ok(RecordLine {
            record,
            file: paths.get(found.file_number).cloned().unwrap_or_default(),
            nomvar: natural::string(&nomvar),
            typvar: natural::string(&typvar),
            grtyp: natural::string(&[grtyp]),
            etiket: natural::string(&etiket),
            ni,
            nj,
            nk,
            data_type,
            data_bits,
            pack_bits,
            dtype: natural.map(|natural| natural.dtype.name()),
            dateo,
            datev,
            deet,
            npas,
            ip1,
            ip2,
            ip3,
            ig1,
            ig2,
            ig3,
            ig4,
            mappable: natural.is_some_and(|natural| natural.mappable),
            turbo: data_type & 128 != 0,
            has_missing: data_type & 64 != 0,
            has_metadata: found.has_metadata,
            is_descriptor: query::is_descriptor(&nomvar),
            file_number: found.file_number,
            file_offset: found.extent.record_offset,
            stored_bytes: found.extent.record_bytes,
            payload_offset: found.extent.payload_offset,
            payload_bytes: found.extent.payload_bytes,
            array_bytes: natural.map_or(0, |natural| natural.bytes),
            origin: natural::origin(&found.attributes).map(natural::iso),
            valid: natural::valid(&found.attributes).map(natural::iso),
            forecast_hours: f64::from(deet) * f64::from(npas) / 3600.0,
            level: natural::level(&found.attributes).map(LevelValue::from),
        })
    }
}

/// The paths of the files that were opened, as text.
pub fn paths(file: &File) -> Vec<String> {
    file.parts().map(|part| part.path.display().to_string()).collect()
}
