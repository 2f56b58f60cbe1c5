// SPDX-License-Identifier: MIT OR Apache-2.0
//! The two layouts of 1989, random and sequential. Implements `xdf.md` section 10.

use crate::attributes::date;
use crate::codec::ByteOrder;
use crate::error::Fault;
use crate::source::Source;

use super::builder::Builder;
use super::keys::{Keys, pack_text};
use super::reader::{Window, word};
use super::{Directory, Entry, Format, Refusal, Trouble};

const HEADER_BYTES: u64 = 120;
const DESCRIPTOR_BYTES: u64 = 60;
/// A unit of a sequential file: a descriptor and what surrounds it.
const UNIT: u64 = 120;
const SIGNATURE: u32 = 0xAAAA_AAAA;

/// A descriptor of 15 words, translated (10.1).
struct Descriptor {
    keys: Keys,
    deleted: bool,
    /// Start of the record, in units of 16 bits.
    swa: u32,
    /// Length of the data, in words of 8 bytes.
    words: u64,
}

impl Descriptor {
    fn new(bytes: &[u8]) -> Descriptor {
        let w = |index: usize| word(bytes, 4 * index, ByteOrder::Big);
        let text = |at: usize, len: usize| bytes.get(at..at + len).unwrap_or_default();
        let npas = (w(5) & 0xFF) << 16 | w(1) >> 16;
        let deet = w(13) & 0xFFFF;
        let (ig1, ig2, ig3, ig4) = (w(11) & 0xFFFF, w(9) & 0xFFFF, w(10) >> 16, w(10) & 0xFFFF);
        let (nomvar, typvar, etiket) = (text(12, 2), text(14, 1), text(24, 8));
        let keys = [
            deet << 8 | w(3) & 0xFF,
            (w(2) >> 16) << 8 | w(11) >> 24,
            (w(2) & 0xFFFF) << 8 | (w(11) >> 16) & 0xFF,
            ((w(1) >> 4) & 0xFFF) << 12,
            npas << 6,
            ig4 << 8 | ig2 >> 16,
            ig1 << 8 | (ig2 >> 8) & 0xFF,
            ig3 << 8 | ig2 & 0xFF,
            pack_text(etiket, 5),
            pack_text(etiket.get(5..).unwrap_or_default(), 5),
            pack_text(typvar, 2) >> 12,
            pack_text(nomvar, 4),
            (w(4) >> 16) << 4,
            (w(4) & 0xFFFF) << 4,
            (w(5) >> 16) << 4,
            corrected_date(w(12), deet, npas),
        ];
        Descriptor { keys, deleted: w(5) & 0x100 != 0, swa: w(0), words: u64::from(w(14)).div_ceil(4) }
    }
}

/// The date word with the hour correction of 10.1.
fn corrected_date(date_word: u32, deet: u32, npas: u32) -> u32 {
    let seconds = (deet as i32).wrapping_mul(npas as i32);
    if seconds % 3600 == 0 {
        return date_word;
    }
    let rest = seconds.wrapping_sub(3600i32.wrapping_mul(seconds.wrapping_add(1800) / 3600));
    date::word_from_datev(date::stamp_add_seconds(date::datev_from_word(date_word), rest))
}

/// Whether `header` is the unit in front of the payload of a record with these key words.
pub fn is_header(header: &[u8], keys: &Keys) -> bool {
    Descriptor::new(header).keys == *keys
}

fn new_directory() -> Builder {
    Builder::new(Format::Xdf, ByteOrder::Big, 0, false)
}

/// Reads a random file: a table of descriptors, payloads without a header (10.2).
pub fn read_random(source: &Source) -> Result<Directory, Trouble> {
    let len = source.len();
    let mut directory = new_directory();
    let mut window = Window::new(source, 0, len);
    let Some(header) = window.bytes(0, HEADER_BYTES as usize)? else {
        return Err(
            Fault::truncated(format!("the header of a file of 1989 has 120 bytes, the file {len}")).into()
        );
    };
    let used = u64::from(word(header, 16, ByteOrder::Big));
    if HEADER_BYTES + DESCRIPTOR_BYTES * used > len {
        return Err(Fault::truncated(format!("a directory of {used} descriptors in a file of {len} bytes"))
            .at(16)
            .into());
    }
    directory.reserve(used as usize)?;
    for number in 0..used {
        let at = HEADER_BYTES + DESCRIPTOR_BYTES * number;
        let Some(bytes) = window.bytes(at, DESCRIPTOR_BYTES as usize)? else { break };
        let descriptor = Descriptor::new(bytes);
        if descriptor.deleted {
            continue;
        }
        let (offset, bytes) = (8 * u64::from(descriptor.swa / 4), 8 * descriptor.words);
        let refusal = (offset + bytes > len).then_some(Refusal::Outside);
        directory.push(Entry { keys: descriptor.keys, offset, bytes, lead: 0, refusal })?;
    }
    Ok(directory.finish()?)
}

/// Walks a sequential file: descriptor and payload in turn (10.3).
pub fn read_sequential(source: &Source) -> Result<Directory, Trouble> {
    let len = source.len();
    let mut directory = new_directory();
    let mut window = Window::new(source, 0, len);
    let mut at = 0;
    while at < len {
        let Some(unit) = window.bytes(at, UNIT as usize)? else {
            let fault = Fault::truncated(format!("{} bytes behind the last unit of 120", len - at)).at(at);
            if at == 0 {
                return Err(fault.into());
            }
            directory.problem(fault);
            break;
        };
        let descriptor = Descriptor::new(unit);
        let level = word(unit, 60, ByteOrder::Big);
        let signature = [word(unit, 112, ByteOrder::Big), word(unit, 116, ByteOrder::Big)];
        let bytes = UNIT + 8 * descriptor.words;
        if signature != [SIGNATURE; 2] {
            directory
                .problem(Fault::corrupt(format!("signature of a unit: found {signature:08X?}")).at(at + 112));
            break;
        }
        if !descriptor.deleted && level != 0 {
            break;
        }
        if bytes > len - at {
            directory.problem(
                Fault::truncated(format!("a record of {bytes} bytes, the file ends at byte {len}")).at(at),
            );
            break;
        }
        if !descriptor.deleted {
            if 2 * u64::from(descriptor.swa) != at {
                directory.problem(
                    Fault::corrupt(format!(
                        "address of a record: expected {}, found {}",
                        at / 2,
                        descriptor.swa
                    ))
                    .at(at),
                );
                break;
            }
            let entry = Entry { keys: descriptor.keys, offset: at, bytes, lead: UNIT as u32, refusal: None };
            directory.push(entry)?;
        }
        at += bytes;
    }
    Ok(directory.finish()?)
}
