// SPDX-License-Identifier: MIT OR Apache-2.0
//! What kind of file it is: the signatures of `xdf.md` 2.1, in the order of that page.

use crate::codec::ByteOrder;
use crate::error::{Error, Fault, Place, Result};
use crate::source::Source;

use super::reader::{prefix, word};

/// The kinds that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// RSF standard file.
    Rsf,
    /// XDF random file.
    XdfRandom,
    /// XDF sequential file.
    XdfSequential,
    /// Random file of 1989.
    Random1989,
    /// Sequential file of 1989.
    Sequential1989,
}

/// Bytes that the signatures need.
const HEAD: usize = 4096;

/// Recognises a standard file; what is recognised as something else is named in the error.
pub fn sniff(source: &Source) -> Result<Kind> {
    let (bytes, len) = prefix::<HEAD>(source).map_err(|e| e.into_error(source.path(), None))?;
    let bytes = &bytes[..len];
    let not_fst =
        |found: &str| Err(Error::NotFst { path: source.path().to_owned(), found: found.to_owned() });
    let fault = |fault| Err(Error::Format { place: Place::file(source.path()), fault });
    let is = |at: usize, text: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(text));
    let w = |index: usize| word(bytes, 4 * index, ByteOrder::Big);
    let fortran_marks = || {
        let mark = w(0);
        let mut tail = [0; 4];
        mark != 0
            && source.read_at(&mut tail, 4 + u64::from(mark)).is_ok()
            && u32::from_be_bytes(tail) == mark
    };

    if bytes.is_empty() {
        return not_fst("an empty file");
    }
    if is(17, b"CMCARCH5") || is(9, b"CMCARCHS") {
        return not_fst("a CMCARC archive");
    }
    if w(0) == 0x5555_5555 && w(1) == 0x5555_5555 {
        return Ok(Kind::Random1989);
    }
    if w(0) == 64 && w(17) == 64 && w(2) == 0x2020_2020 {
        return not_fst("a CCRN file");
    }
    if is(8, b"PK84") && fortran_marks() {
        return not_fst("a CCRN-RPN file");
    }
    if w(28) == 0xAAAA_AAAA && w(29) == 0xAAAA_AAAA {
        return Ok(Kind::Sequential1989);
    }
    if w(29) == 0xAAAA_AAAA && w(30) == 0xAAAA_AAAA && fortran_marks() {
        return not_fst("a standard file of 1989 inside Fortran records");
    }
    if is(12, b"STDR") {
        return xdf_version(source, bytes, Kind::XdfRandom);
    }
    if is(16, b"RSF0") {
        if is(20, b"STDF") {
            return Ok(Kind::Rsf);
        }
        if is(20, b"STDR") {
            return fault(
                Fault::unsupported(
                    "RSF of 20.1.0-a1 or -a2 (application code STDR), a layout that was given up",
                )
                .at(20),
            );
        }
        return not_fst(&format!("an RSF file of another application ({})", printable(bytes, 20)));
    }
    if is(12, b"STDS") {
        return xdf_version(source, bytes, Kind::XdfSequential);
    }
    const OTHERS: [(usize, &[u8], &str); 16] = [
        (12, b"BRP0", "a BURP file (observations)"),
        (12, b"bRp0", "a BURP file (observations)"),
        (0, b"GRIB", "a GRIB file"),
        (0, b"BUFR", "a BUFR file"),
        (0, b"CDF\x01", "a NetCDF classic file"),
        (0, b"CDF\x02", "a NetCDF 64-bit-offset file"),
        (0, b"CDF\x05", "a NetCDF 64-bit-data file"),
        (0, b"BLOK", "a BLOK file"),
        (0, b"\x89HDF\r\n\x1a\n", "an HDF5 (or NetCDF-4) file"),
        (0, b"SQLite format 3\0", "an SQLite database"),
        (0, b"\x1f\x8b", "a gzip-compressed file"),
        (0, b"BZh", "a bzip2-compressed file"),
        (0, b"\xfd7zXZ\0", "an xz-compressed file"),
        (0, b"\x28\xb5\x2f\xfd", "a Zstandard-compressed file"),
        (0, b"PK\x03\x04", "a ZIP archive"),
        (257, b"ustar", "a tar archive"),
    ];
    for (at, signature, name) in OTHERS {
        if is(at, signature) {
            return not_fst(name);
        }
    }
    if bytes.iter().all(|byte| *byte == 0) {
        return not_fst("nothing but zero bytes");
    }
    if std::str::from_utf8(bytes.get(..1024).unwrap_or(bytes))
        .is_ok_and(|text| text.chars().all(|c| !c.is_control() || c.is_whitespace()))
    {
        return not_fst("a text file");
    }
    not_fst(&format!("no known signature (first bytes {:02X?})", &bytes[..len.min(16)]))
}

/// The version word of an XDF file.
fn xdf_version(source: &Source, bytes: &[u8], kind: Kind) -> Result<Kind> {
    match bytes.get(8..12) {
        Some(b"XDF0" | b"xdf0") => Ok(kind),
        _ => Err(Error::Format {
            place: Place::file(source.path()),
            fault: Fault::unsupported(format!(
                "version of an XDF file: expected XDF0, found {}",
                printable(bytes, 8)
            ))
            .at(8),
        }),
    }
}

/// Four bytes as text, if they are printable, else as hexadecimal.
fn printable(bytes: &[u8], at: usize) -> String {
    match bytes.get(at..at + 4) {
        Some(code) if code.iter().all(u8::is_ascii_graphic) => String::from_utf8_lossy(code).into_owned(),
        Some(code) => format!("{code:02X?}"),
        None => "nothing".to_owned(),
    }
}
