// SPDX-License-Identifier: MIT OR Apache-2.0
//! XDF (FSTD98): random files with directory pages, and sequential files. Implements `xdf.md` sections 3-9.

use crate::codec::ByteOrder;
use crate::error::Fault;
use crate::source::Source;

use super::builder::Builder;
use super::keys::{self, Keys};
use super::reader::{Window, prefix, word, words};
use super::{Directory, Entry, Format, Notices, Refusal, Trouble};

const HEADER_BYTES: u64 = 208;
const PAGE_BYTES: u64 = 18464;
const PAGE_HEADER: usize = 32;
const PAGE_ENTRIES: u32 = 256;
const MAX_PAGES: u32 = 1024;
const ENTRY_BYTES: usize = 72;
/// Descriptor and info words in front of a payload.
const LEAD: u32 = 80;
const LEAST_RECORD: u64 = LEAD as u64 / 8;

/// Words of the file header that matter for reading (section 4).
struct Header {
    kind: u8,
    /// Length of the header, bytes.
    bytes: u64,
    /// Size of the file as recorded, bytes.
    file_bytes: u64,
    pages: u32,
}

impl Header {
    /// Reads the header and checks what holds for random and sequential files alike.
    fn read(source: &Source) -> Result<Header, Trouble> {
        let len = source.len();
        let (bytes, filled) = prefix::<64>(source)?;
        if len < HEADER_BYTES {
            return Err(
                Fault::truncated(format!("an XDF file has at least 208 bytes, this one has {len}")).into()
            );
        }
        let w = |index: usize| word(&bytes[..filled], 4 * index, ByteOrder::Big);
        let (length, nprm, lprm) = (w(0) & 0xFF_FFFF, w(10) >> 16, w(10) & 0xFFFF);
        let (naux, laux) = (w(11) >> 16, w(11) & 0xFFFF);
        let header_bytes = 8 * u64::from(length);
        if u64::from(length) < 8 + u64::from(nprm) + u64::from(naux) || header_bytes > len {
            return Err(Fault::corrupt(format!(
                "length of the file header: expected at least {} words of 8 bytes inside a file of {len} bytes, found {length}",
                8 + nprm + naux
            ))
            .at(0)
            .into());
        }
        if lprm != 9 {
            return Err(Fault::corrupt(format!("length of a directory entry: expected 9, found {lprm}"))
                .at(42)
                .into());
        }
        if laux != 1 {
            return Err(Fault::corrupt(format!("length of the info words: expected 1, found {laux}"))
                .at(46)
                .into());
        }
        Ok(Header {
            kind: (w(0) >> 24) as u8,
            bytes: header_bytes,
            file_bytes: 8 * u64::from(w(4)),
            pages: w(7),
        })
    }
}

fn new_directory() -> Builder {
    Builder::new(Format::Xdf, ByteOrder::Big, 0, true)
}

/// The sixteen key words behind the two words of type, length and address.
fn key_words(entry: &[u8]) -> Keys {
    let behind = entry.get(8..).unwrap_or_default();
    keys::without_wide_dimensions(words(behind, ByteOrder::Big).unwrap_or_default())
}

/// Reads the directory pages of a random file (sections 4-6). A file that fails the integrity test of 2.2 is
/// walked instead (section 13, salvage).
pub fn read_random(source: &Source) -> Result<Directory, Trouble> {
    let header = Header::read(source)?;
    let len = source.len();
    let mut directory = new_directory();
    if header.file_bytes != len || header.kind != 0 {
        directory.problem(if header.kind != 0 {
            Fault::corrupt(format!("type byte of the file header: expected 0, found {}", header.kind)).at(0)
        } else {
            Fault::truncated(format!(
                "damaged or still being written: the header says {} bytes, the file has {len}",
                header.file_bytes
            ))
            .at(16)
        });
        let end = salvage(source, header.bytes, &mut directory)?;
        lost_records(source, &header, end, &mut directory)?;
        return Ok(directory.finish()?);
    }
    if header.pages == 0 || header.pages > MAX_PAGES {
        return Err(Fault::corrupt(format!("directory pages: expected 1 to 1024, found {}", header.pages))
            .at(28)
            .into());
    }
    let pages = u64::from(header.pages).min(len / PAGE_BYTES) as usize;
    directory.reserve(pages * PAGE_ENTRIES as usize)?;
    let mut visited: Vec<u64> = Vec::new();
    let mut page = [0; PAGE_BYTES as usize];
    let mut at = header.bytes;
    for number in 0..header.pages {
        if visited.contains(&at) {
            return Err(Fault::corrupt(format!(
                "the chain of pages comes back to page {number} at this place"
            ))
            .at(at)
            .into());
        }
        visited.push(at);
        if at.checked_add(PAGE_BYTES).is_none_or(|end| end > len) {
            return Err(Fault::truncated(format!(
                "directory page {number} of {} bytes, the file ends at byte {len}",
                PAGE_BYTES
            ))
            .at(at)
            .into());
        }
        source.read_at(&mut page, at)?;
        take_page(&page, at, number, len, &mut directory)?;
        let next = word(&page, 16, ByteOrder::Big);
        if number + 1 < header.pages {
            if next == 0 {
                return Err(Fault::corrupt(format!(
                    "the chain of pages ends after {} of {}",
                    number + 1,
                    header.pages
                ))
                .at(at + 16)
                .into());
            }
            at = 8 * (u64::from(next) - 1);
        }
    }
    Ok(directory.finish()?)
}

/// What section 13 calls a notice, of a random file whose directory was read without a problem: the write flag, marks,
/// addresses and checksums of the pages, types of entries, counts, and the address and length that each record repeats.
pub fn notices(source: &Source, directory: &Directory, notices: &mut Notices) -> Result<(), Trouble> {
    let header = Header::read(source)?;
    let (head, filled) = prefix::<64>(source)?;
    let w = |index: usize| u64::from(word(&head[..filled], 4 * index, ByteOrder::Big));
    notices.expect("write flag of the file header", 56, 0, w(14));
    let mut page = [0; PAGE_BYTES as usize];
    let mut at = header.bytes;
    let mut entries = 0;
    for number in 0..header.pages {
        source.read_at(&mut page, at)?;
        let w = |index: usize| word(&page, 4 * index, ByteOrder::Big);
        notices.expect(&format!("mark of directory page {number}"), at, PAGE_BYTES / 8, w(0).into());
        notices.expect(&format!("own address of directory page {number}"), at + 4, at / 8 + 1, w(1).into());
        let sum = (4..PAGE_BYTES as usize / 4).fold(0, |sum, index| sum ^ w(index));
        if sum != 0 {
            let found = w(6);
            notices.push(
                at + 24,
                format!(
                    "checksum of directory page {number}: expected {:08X}, found {found:08X}",
                    found ^ sum
                ),
            );
        }
        let count = w(5).min(PAGE_ENTRIES);
        entries += u64::from(count);
        for (slot, entry) in page[PAGE_HEADER..].chunks_exact(ENTRY_BYTES).take(count as usize).enumerate() {
            if matches!(entry[0], 126..=253) {
                notices.push(
                    at + (PAGE_HEADER + slot * ENTRY_BYTES) as u64,
                    format!("entry {slot} of directory page {number} is skipped: its type is {}", entry[0]),
                );
            }
        }
        let next = u64::from(w(4));
        if number + 1 == header.pages {
            notices.expect("address of the page behind the last one", at + 16, 0, next);
        } else {
            at = 8 * next.saturating_sub(1);
        }
    }
    notices.expect("entries that the file header counts", 24, entries, w(6));
    notices.expect("records that the file header counts", 52, directory.len() as u64, w(13));
    for record in 0..directory.len() {
        if directory.refusal(record).is_some() {
            continue;
        }
        let (offset, bytes) = (directory.offset(record), directory.record_bytes(record));
        let mut head = [0; 8];
        source.read_at(&mut head, offset)?;
        let w = |index: usize| u64::from(word(&head, 4 * index, ByteOrder::Big));
        let own = |what: &str| format!("{what} that record {record} has of itself");
        notices.expect(&own("length"), offset, (bytes / 8) & 0xFF_FFFF, w(0) & 0xFF_FFFF);
        notices.expect(&own("address"), offset + 4, offset / 8 + 1, w(1));
    }
    Ok(())
}

/// Whether `header` is that of the record at `offset` with these key words. A record that was deleted is still there: its
/// type is not looked at.
pub fn is_header(header: &[u8], keys: &Keys, offset: u64, bytes: u64) -> bool {
    let length = word(header, 0, ByteOrder::Big) & 0xFF_FFFF;
    u64::from(length) == (bytes / 8) & 0xFF_FFFF
        && u64::from(word(header, 4, ByteOrder::Big)) == offset / 8 + 1
        && key_words(header) == *keys
}

/// Takes the entries of one page (section 6).
fn take_page(page: &[u8], at: u64, number: u32, len: u64, directory: &mut Builder) -> Result<(), Trouble> {
    let entries = word(page, 20, ByteOrder::Big);
    if entries > PAGE_ENTRIES {
        return Err(Fault::corrupt(format!(
            "entries of page {number}: expected at most 256, found {entries}"
        ))
        .at(at + 20)
        .into());
    }
    for entry in page[PAGE_HEADER..].chunks_exact(ENTRY_BYTES).take(entries as usize) {
        let kind = entry[0];
        // 126 to 255: deleted, transient, or what a search never returns (section 3).
        if kind > 125 {
            continue;
        }
        let keys = key_words(entry);
        let (length, address) = (word(entry, 0, ByteOrder::Big) & 0xFF_FFFF, word(entry, 4, ByteOrder::Big));
        let offset = 8 * u64::from(address.saturating_sub(1));
        let mut words = u64::from(length);
        let inside = |words: u64| address > 0 && offset + 8 * words <= len;
        if let Some(long) = long_record(&keys, length).filter(|long| inside(*long)) {
            words = long;
        }
        let refusal = if kind == 0 {
            Some(Refusal::NoRecord)
        } else if !inside(words) {
            Some(Refusal::Outside)
        } else if words < LEAST_RECORD {
            Some(Refusal::Short)
        } else {
            None
        };
        directory.push(Entry { keys, offset, bytes: 8 * words, lead: LEAD, refusal })?;
    }
    Ok(())
}

/// The true length, in words of 8 bytes, of a type 6 record whose 24-bit length field overflowed (7.4).
fn long_record(keys: &Keys, length: u32) -> Option<u64> {
    if keys::data_type(keys) & 0xBF != 6 {
        return None;
    }
    let elements = u64::from(keys::ni(keys))
        .checked_mul(u64::from(keys::nj(keys)))?
        .checked_mul(u64::from(keys::nk(keys)))?;
    let bytes = elements.div_ceil(2).checked_mul(4)?.checked_add(12)?;
    let words = bytes.div_ceil(8).checked_add(LEAST_RECORD)?;
    (words > u64::from(length) && words & 0xFF_FFFF == u64::from(length)).then_some(words)
}

/// Walks the elements behind the header of a random file whose directory cannot be used (section 13, salvage); the result
/// is where the walk ended.
fn salvage(source: &Source, start: u64, directory: &mut Builder) -> Result<u64, Trouble> {
    let len = source.len();
    let mut at = start;
    let mut window = Window::new(source, at, len);
    while let Some(head) = window.bytes(at, 8)? {
        let (first, address) = (word(head, 0, ByteOrder::Big), word(head, 4, ByteOrder::Big));
        let (kind, length) = ((first >> 24) as u8, first & 0xFF_FFFF);
        let mut bytes = 8 * u64::from(length);
        if length == 0 || u64::from(address) != at / 8 + 1 || !matches!(kind, 0..=125 | 255) {
            break;
        }
        if (1..=125).contains(&kind) {
            let Some(entry) = window.bytes(at, ENTRY_BYTES)? else { break };
            let keys = key_words(entry);
            bytes = long_record(&keys, length).map_or(bytes, |words| 8 * words);
            if bytes < u64::from(LEAD) || bytes > len - at {
                break;
            }
            directory.push(Entry { keys, offset: at, bytes, lead: LEAD, refusal: None })?;
        } else if bytes > len - at {
            break;
        }
        at += bytes;
    }
    Ok(at)
}

/// Notes the records that the pages of such a file list and the walk, which ended at byte `walked`, did not come to.
fn lost_records(
    source: &Source,
    header: &Header,
    walked: u64,
    directory: &mut Builder,
) -> Result<(), Trouble> {
    let len = source.len();
    let mut page = [0; PAGE_BYTES as usize];
    let mut at = header.bytes;
    for number in 0..header.pages.min(MAX_PAGES) {
        if directory.is_full_of_problems() {
            break;
        }
        if at.checked_add(PAGE_BYTES).is_none_or(|end| end > len) {
            let what = "the records that it lists are not known";
            directory.problem(
                Fault::truncated(format!(
                    "directory page {number} of {}: the file ends at byte {len}; {what}",
                    header.pages
                ))
                .at(at),
            );
            break;
        }
        source.read_at(&mut page, at)?;
        let w = |index: usize| word(&page, 4 * index, ByteOrder::Big);
        if u64::from(w(1)) != at / 8 + 1 {
            break;
        }
        let entries = w(5).min(PAGE_ENTRIES) as usize;
        for entry in page[PAGE_HEADER..].chunks_exact(ENTRY_BYTES).take(entries) {
            let offset = 8 * u64::from(word(entry, 4, ByteOrder::Big).saturating_sub(1));
            if !(1..=125).contains(&entry[0]) || directory.has_record_at(offset) {
                continue;
            }
            let keys = key_words(entry);
            let bytes = 8 * u64::from(word(entry, 0, ByteOrder::Big) & 0xFF_FFFF);
            let name = String::from_utf8_lossy(&keys::nomvar(&keys)).trim_end().to_owned();
            let why = if offset.saturating_add(bytes) > len {
                Fault::truncated(format!("lost: record {name} of {bytes} bytes, the file ends at byte {len}"))
            } else {
                Fault::corrupt(format!(
                    "lost: record {name} of {bytes} bytes, the elements of the file could be followed to byte {walked} only"
                ))
            };
            directory.problem(why.at(offset));
        }
        match w(4) {
            0 => break,
            next => at = 8 * (u64::from(next) - 1),
        }
    }
    Ok(())
}

/// Walks the elements of a sequential file (section 9).
pub fn read_sequential(source: &Source) -> Result<Directory, Trouble> {
    let header = Header::read(source)?;
    if header.kind != 0 {
        return Err(Fault::corrupt(format!(
            "type byte of the file header: expected 0, found {}",
            header.kind
        ))
        .at(0)
        .into());
    }
    let len = source.len();
    let mut directory = new_directory();
    let mut at = header.bytes;
    let mut window = Window::new(source, at, len);
    while at < len {
        let Some(head) = window.bytes(at, 8)? else {
            directory.problem(Fault::truncated(format!("{} bytes behind the last element", len - at)).at(at));
            break;
        };
        let (first, address) = (word(head, 0, ByteOrder::Big), word(head, 4, ByteOrder::Big));
        let (kind, length) = ((first >> 24) as u8, first & 0xFF_FFFF);
        let mut bytes = match kind {
            112..=126 => 8,
            127 => break,
            _ => 8 * u64::from(length),
        };
        if bytes == 0 {
            return Err(Fault::corrupt("an element of length 0").at(at).into());
        }
        let is_record = (1..=111).contains(&kind);
        if is_record {
            if u64::from(address) != at / 8 + 1 {
                return Err(Fault::corrupt(format!(
                    "address of a record: expected {}, found {address}",
                    at / 8 + 1
                ))
                .at(at + 4)
                .into());
            }
            if bytes < u64::from(LEAD) {
                return Err(Fault::corrupt(format!("a record of {bytes} bytes, expected at least 80"))
                    .at(at)
                    .into());
            }
        }
        let mut keys = None;
        if is_record && let Some(entry) = window.bytes(at, ENTRY_BYTES)? {
            let found = key_words(entry);
            bytes = long_record(&found, length).map_or(bytes, |words| 8 * words);
            keys = Some(found);
        }
        if bytes > len - at {
            directory.problem(
                Fault::truncated(format!("an element of {bytes} bytes, the file ends at byte {len}")).at(at),
            );
            break;
        }
        if let Some(keys) = keys {
            directory.push(Entry { keys, offset: at, bytes, lead: LEAD, refusal: None })?;
        }
        at += bytes;
    }
    Ok(directory.finish()?)
}
