// SPDX-License-Identifier: MIT OR Apache-2.0
//! RSF: segments, directories, and the recovery of what has none. Implements `rsf.md`.
//!
//! Nothing in a file is trusted: every place is checked against the file before it is read, positions only grow,
//! and a directory that does not add up is replaced by a walk over the records themselves.

use crate::codec::ByteOrder;
use crate::error::Fault;
use crate::source::{ReadError, Source};

use super::builder::Builder;
use super::keys::{self, Keys};
use super::reader::{Window, half_word, word, words};
use super::{Directory, Entry, Format, Notices, Refusal, Trouble};

const SOR_BYTES: u64 = 16;
const EOR_BYTES: u64 = 12;
const SOS_BYTES: u64 = 72;
/// A closed segment without records: start and end of segment.
const EMPTY_SEGMENT: u64 = 140;
const MAX_SEGMENT: u64 = 1 << 48;
/// Directory words of an FST record (section 8).
const SEARCH_WORDS: usize = 19;

/// Record types (section 5).
const DATA: u8 = 1;
const SEGMENT_START: u8 = 3;
const SEGMENT_END: u8 = 4;
const DIRECTORY: u8 = 6;
const DELETED: u8 = 0x80;

/// A 64-bit quantity: two words, the most significant first (section 1).
fn long(bytes: &[u8], at: usize, order: ByteOrder) -> u64 {
    u64::from(word(bytes, at, order)) << 32 | u64::from(word(bytes, at + 4, order))
}

/// Start marker of a record (section 3).
#[derive(Clone, Copy)]
struct Start {
    rt: u8,
    rlm: u16,
    zr: u8,
    rl: u64,
    rlmd: u16,
}

impl Start {
    fn new(bytes: &[u8], order: ByteOrder) -> Start {
        Start {
            rt: bytes.first().copied().unwrap_or(0),
            rlm: half_word(bytes, 1, order),
            zr: bytes.get(3).copied().unwrap_or(0),
            rl: long(bytes, 4, order),
            rlmd: half_word(bytes, 12, order),
        }
    }
}

/// End marker of a record (section 3).
#[derive(Clone, Copy)]
struct End {
    rl: u64,
    rt: u8,
    rlm: u16,
    zr: u8,
}

impl End {
    fn new(bytes: &[u8], order: ByteOrder) -> End {
        End {
            rl: long(bytes, 0, order),
            rt: bytes.get(8).copied().unwrap_or(0),
            rlm: half_word(bytes, 9, order),
            zr: bytes.get(11).copied().unwrap_or(0),
        }
    }
}

/// Start of a segment (section 4.1), its marks checked.
struct Segment {
    sseg: u64,
    vdir: u64,
    vdirs: u64,
    free_space: bool,
}

impl Segment {
    fn new(bytes: &[u8], order: ByteOrder) -> Result<Segment, Fault> {
        let start = Start::new(bytes, order);
        let end = End::new(bytes.get(60..).unwrap_or_default(), order);
        if start.rt != SEGMENT_START || start.zr != 0xFE || start.rl != SOS_BYTES {
            return Err(Fault::corrupt(format!(
                "start of a segment: expected type 3, mark FE, length 72, found type {}, mark {:02X}, length {}",
                start.rt, start.zr, start.rl
            )));
        }
        if end.rt != SEGMENT_START || end.zr != 0xFF || end.rl != SOS_BYTES {
            return Err(Fault::corrupt(format!(
                "end marker of a segment start: expected type 3, mark FF, length 72, found type {}, mark {:02X}, length {}",
                end.rt, end.zr, end.rl
            ))
            .at(60));
        }
        if bytes.get(16..20) != Some(b"RSF0") {
            return Err(Fault::corrupt("signature of a segment: expected RSF0").at(16));
        }
        if word(bytes, 24, order) != 0xDEAD_BEEF {
            return Err(Fault::corrupt(format!(
                "byte-order mark of a segment: expected DEADBEEF, found {:08X}",
                word(bytes, 24, order)
            ))
            .at(24));
        }
        Ok(Segment {
            sseg: long(bytes, 36, order),
            vdir: long(bytes, 44, order),
            vdirs: long(bytes, 52, order),
            free_space: bytes.get(20..24) == Some(b"<-->"),
        })
    }
}

/// Records whose markers do not agree with the directory (section 13.9).
pub fn notices(source: &Source, directory: &Directory, notices: &mut Notices) -> Result<(), Trouble> {
    let order = directory.order;
    for record in 0..directory.len() {
        if directory.refusal(record).is_some() {
            continue;
        }
        let (offset, bytes) = (directory.offset(record), directory.record_bytes(record));
        let (mut start, mut end) = ([0; SOR_BYTES as usize], [0; EOR_BYTES as usize]);
        source.read_at(&mut start, offset)?;
        source.read_at(&mut end, offset + bytes - EOR_BYTES)?;
        let (start, end) = (Start::new(&start, order), End::new(&end, order));
        let words = u64::from(directory.lead(record)).saturating_sub(SOR_BYTES) / 4;
        for (marker, at, mark, rt, zr, rl, rlm) in [
            ("start", offset, 0xFE, start.rt, start.zr, start.rl, start.rlm),
            ("end", offset + bytes - EOR_BYTES, 0xFF, end.rt, end.zr, end.rl, end.rlm),
        ] {
            if (rt, zr, rl, u64::from(rlm)) != (DATA, mark, bytes, words) {
                notices.push(
                    at,
                    format!(
                        "{marker} marker of record {record}: expected type 1, mark {mark:02X}, length {bytes}, {words} metadata words, found type {rt}, mark {zr:02X}, length {rl}, {rlm} metadata words"
                    ),
                );
            }
        }
    }
    Ok(())
}

/// Whether `header` is the start of a record of `bytes` bytes, `lead` of them in front of the payload, with these key
/// words. A record that was deleted is still there: its type is not looked at.
pub fn is_header(header: &[u8], order: ByteOrder, keys: &Keys, bytes: u64, lead: u32) -> bool {
    let mark = Start::new(header, order);
    let metadata = header.get(SOR_BYTES as usize..).and_then(|rest| words::<SEARCH_WORDS>(rest, order));
    let words = lead.saturating_sub(SOR_BYTES as u32) / 4;
    (mark.zr, mark.rl, u32::from(mark.rlm)) == (0xFE, bytes, words)
        && metadata.is_some_and(|[_, _, _, found @ ..]| found == *keys)
}

/// Reads the directory of an RSF file: follows the segments (section 4.4), recovers those without a usable
/// directory (section 13).
pub fn read(source: &Source) -> Result<Directory, Trouble> {
    let len = source.len();
    let mut start = [0; SOS_BYTES as usize];
    if len < SOS_BYTES {
        return Err(Fault::truncated(format!("an RSF file has at least 72 bytes, this one has {len}")).into());
    }
    source.read_at(&mut start, 0)?;
    let order = match start[24..28] {
        [0xEF, 0xBE, 0xAD, 0xDE] => ByteOrder::Little,
        [0xDE, 0xAD, 0xBE, 0xEF] => ByteOrder::Big,
        ref mark => {
            return Err(Fault::corrupt(format!(
                "byte-order mark of the first segment: expected DEADBEEF in either order, found {mark:02X?}"
            ))
            .at(24)
            .into());
        }
    };
    let mut reader =
        Reader { source, order, directory: Builder::new(Format::Rsf, order, EOR_BYTES as u32, false) };
    let mut at = 0;
    while at < len {
        if len - at < SOS_BYTES {
            reader
                .directory
                .problem(Fault::truncated(format!("{} bytes behind the last segment", len - at)).at(at));
            break;
        }
        source.read_at(&mut start, at)?;
        match Segment::new(&start, order) {
            Ok(segment) => match reader.segment(at, &segment)? {
                Some(next) => at = next,
                None => break,
            },
            Err(fault) if at == 0 => return Err(fault.into()),
            Err(fault) => {
                reader.directory.problem(fault.shifted(at));
                break;
            }
        }
    }
    Ok(reader.directory.finish()?)
}

struct Reader<'s> {
    source: &'s Source,
    order: ByteOrder,
    directory: Builder,
}

impl Reader<'_> {
    /// Takes the records of the segment at `at`; returns where the next one starts.
    fn segment(&mut self, at: u64, segment: &Segment) -> Result<Option<u64>, Trouble> {
        let len = self.source.len();
        let bounded = (EMPTY_SEGMENT..MAX_SEGMENT).contains(&segment.sseg);
        // MAX_SEGMENT and the size of a file are far below 2^63: this cannot overflow.
        let end = if bounded { at + segment.sseg } else { len };
        if !bounded {
            self.directory.problem(if segment.sseg == 0 {
                Fault::truncated("a segment that its writer never closed").at(at)
            } else {
                Fault::corrupt(format!("length of a segment: expected 140 to 2^48, found {}", segment.sseg))
                    .at(at + 36)
            });
        } else if end > len {
            self.directory.problem(
                Fault::truncated(format!("a segment of {} bytes, the file ends at byte {len}", segment.sseg))
                    .at(at),
            );
        }
        let known = self.directory.len();
        if bounded && (segment.vdir > 0 || segment.vdirs > 0) {
            match self.listed(at, segment, end.min(len))? {
                Ok(()) => return Ok((end <= len).then_some(end)),
                Err(fault) => {
                    self.directory.truncate(known);
                    self.directory.problem(fault);
                }
            }
        } else if bounded && (segment.free_space || segment.sseg == EMPTY_SEGMENT) {
            return Ok((end <= len).then_some(end));
        } else if bounded && end <= len {
            self.directory
                .problem(Fault::truncated("the segment of a parallel writer that never closed it").at(at));
        }
        let stop = self.recover(at + SOS_BYTES, end.min(len), bounded)?;
        Ok(if bounded && end <= len { Some(end) } else { self.resume(stop)? })
    }

    /// Takes the entries of the directory of a segment (section 7). The inner result is the fault of a damaged
    /// directory; entries taken before it was found stay for the caller to remove.
    fn listed(&mut self, at: u64, segment: &Segment, end: u64) -> Result<Result<(), Fault>, Trouble> {
        let (vdir, vdirs) = (segment.vdir, segment.vdirs);
        let place = at.checked_add(vdir).and_then(|start| Some((start, start.checked_add(vdirs)?)));
        let (start, stop) = match place {
            Some((start, stop)) if vdir >= SOS_BYTES && vdirs >= 32 && stop <= end => (start, stop),
            _ => {
                return Ok(Err(Fault::corrupt(format!(
                    "directory of {vdirs} bytes at {vdir} of a segment that ends at byte {end}"
                ))
                .at(at + 44)));
            }
        };
        let order = self.order;
        let mut window = Window::new(self.source, start, stop);
        let head = window.bytes(start, 20)?.unwrap_or_default();
        let mark = Start::new(head, order);
        let count = word(head, 16, order);
        if mark.rt != DIRECTORY || mark.zr != 0xFE || mark.rl != vdirs {
            return Ok(Err(Fault::corrupt(format!(
                "start of a directory: expected type 6, mark FE, length {vdirs}, found type {}, mark {:02X}, length {}",
                mark.rt, mark.zr, mark.rl
            ))
            .at(start)));
        }
        let entries_end = stop - EOR_BYTES;
        if u64::from(count) * 32 > entries_end - start - 20 {
            return Ok(Err(
                Fault::corrupt(format!("{count} entries in a directory of {vdirs} bytes")).at(start + 16)
            ));
        }
        self.directory.reserve(count as usize)?;
        let mut cursor = start + 20;
        for number in 0..count {
            let head = match window.bytes(cursor, 32)? {
                Some(head) if cursor + 32 <= entries_end => head,
                _ => {
                    return Ok(Err(
                        Fault::corrupt(format!("entry {number} of {count} does not fit")).at(cursor)
                    ));
                }
            };
            let words = word(head, 24, order);
            let record_words = (words & 0xFFFF) as usize;
            let directory_words = match (words >> 16) as usize {
                0 => record_words,
                some => some,
            };
            let (wa, rl) = (long(head, 0, order), long(head, 8, order));
            let bytes = 32 + 4 * directory_words;
            let entry = match window.bytes(cursor, bytes)? {
                Some(entry) if cursor + bytes as u64 <= entries_end => entry,
                _ => {
                    return Ok(Err(Fault::corrupt(format!(
                        "entry {number} of {count} claims {directory_words} words and does not fit"
                    ))
                    .at(cursor)));
                }
            };
            if let Some(described) = Described::new(&entry[32..], order) {
                let offset = at.saturating_add(wa);
                let refusal = if offset.checked_add(rl).is_none_or(|end| end > self.source.len()) {
                    Some(Refusal::Outside)
                } else if !wa.is_multiple_of(4) || !rl.is_multiple_of(4) {
                    Some(Refusal::Unaligned)
                } else if rl < SOR_BYTES + EOR_BYTES + 4 * record_words as u64 {
                    Some(Refusal::Short)
                } else if directory_words > record_words {
                    Some(Refusal::Words)
                } else {
                    None
                };
                let record = Placed { offset, bytes: rl, record_words, refusal };
                take(&mut self.directory, &described, &record, cursor + 32, directory_words)?;
            }
            cursor += bytes as u64;
        }
        if cursor != entries_end {
            return Ok(Err(Fault::corrupt(format!(
                "{count} entries end at byte {cursor}, the directory at {entries_end}"
            ))
            .at(start + 16)));
        }
        Ok(Ok(()))
    }

    /// Walks the records from `at` to `end` and takes the longest run of good ones (section 13, right recovery);
    /// returns where it stopped. With `bounded`, inner segment and directory records are stepped over.
    fn recover(&mut self, at: u64, end: u64, bounded: bool) -> Result<u64, Trouble> {
        let order = self.order;
        let mut window = Window::new(self.source, at, end);
        let mut at = at;
        while let Some(head) = window.bytes(at, SOR_BYTES as usize)? {
            let mark = Start::new(head, order);
            let room = end - at;
            let least = SOR_BYTES + EOR_BYTES + 4 * u64::from(mark.rlm);
            if mark.zr != 0xFE || !mark.rl.is_multiple_of(4) || mark.rl > room {
                break;
            }
            if matches!(mark.rt, SEGMENT_START | SEGMENT_END | DIRECTORY) {
                if !bounded || mark.rl < SOR_BYTES + EOR_BYTES {
                    break;
                }
                at += mark.rl;
                continue;
            }
            if mark.rt == 0 || mark.rl < least || mark.rlmd > mark.rlm {
                break;
            }
            let record_words = usize::from(mark.rlm);
            let Some(metadata) = window.bytes(at + SOR_BYTES, 4 * record_words)? else { break };
            // Contained files keep D = 0 and are no FST records.
            let described = (mark.rt == DATA)
                .then(|| Described::new(&metadata[..4 * usize::from(mark.rlmd)], order))
                .flatten();
            let Some(tail) = window.bytes(at + mark.rl - EOR_BYTES, EOR_BYTES as usize)? else { break };
            let tail = End::new(tail, order);
            let same_type = tail.rt == mark.rt || (mark.rt == DELETED && tail.rt == DATA);
            if tail.zr != 0xFF || tail.rl != mark.rl || tail.rlm != mark.rlm || !same_type {
                break;
            }
            if let Some(described) = described {
                let record = Placed { offset: at, bytes: mark.rl, record_words, refusal: None };
                take(&mut self.directory, &described, &record, at + SOR_BYTES, usize::from(mark.rlmd))?;
            }
            at += mark.rl;
        }
        Ok(at)
    }

    /// Behind an open segment: steps over its directory and its end, and finds the start of a segment there.
    fn resume(&self, stop: u64) -> Result<Option<u64>, Trouble> {
        let len = self.source.len();
        let mut at = stop;
        for expected in [DIRECTORY, SEGMENT_END] {
            let mut head = [0; SOR_BYTES as usize];
            if at.saturating_add(SOR_BYTES) > len {
                return Ok(None);
            }
            self.source.read_at(&mut head, at)?;
            let mark = Start::new(&head, self.order);
            let fits = mark.rl >= SOR_BYTES + EOR_BYTES && mark.rl <= len - at;
            if mark.rt == expected && mark.zr == 0xFE && fits {
                at += mark.rl;
            }
        }
        if at.saturating_add(SOS_BYTES) > len {
            return Ok(None);
        }
        let mut start = [0; SOS_BYTES as usize];
        self.source.read_at(&mut start, at)?;
        Ok(Segment::new(&start, self.order).is_ok().then_some(at))
    }
}

/// What the metadata words of a live FST record say.
struct Described {
    keys: Keys,
    too_recent: Option<Refusal>,
    version: u8,
    search_words: usize,
    text_words: usize,
}

impl Described {
    /// Reads metadata words (section 8); `None` for what is deleted or no FST record (section 5).
    fn new(metadata: &[u8], order: ByteOrder) -> Option<Described> {
        let [first, second, third, keys @ ..] = words::<SEARCH_WORDS>(metadata, order)?;
        if first as u8 != DATA || (first >> 8) as u8 != 1 {
            return None;
        }
        let version = (first >> 16) as u8;
        let fst = if version == 0 { second } else { third };
        Some(Described {
            keys,
            too_recent: if version > 1 {
                Some(Refusal::RsfVersion)
            } else {
                ((fst >> 24) > 1).then_some(Refusal::FstVersion)
            },
            version,
            search_words: ((fst >> 16) & 0xFF) as usize,
            text_words: (fst & 0xFFFF) as usize,
        })
    }
}

/// Where a record lies.
struct Placed {
    offset: u64,
    bytes: u64,
    record_words: usize,
    refusal: Option<Refusal>,
}

/// Adds a record, and its extended metadata if it has any (section 9). `metadata_at` is the place of the words that
/// describe it, of which there are `directory_words`.
fn take(
    directory: &mut Builder,
    described: &Described,
    record: &Placed,
    metadata_at: u64,
    directory_words: usize,
) -> Result<(), ReadError> {
    let keys = described.keys;
    let wide = keys::ni(&keys) >> 31 != 0 || keys::nj(&keys) >> 31 != 0;
    let refusal = record.refusal.or(described.too_recent).or(wide.then_some(Refusal::Dimension));
    let lead = SOR_BYTES as u32 + 4 * record.record_words as u32;
    directory.push(Entry { keys, offset: record.offset, bytes: record.bytes, lead, refusal })?;
    if described.text_words == 0 || described.search_words < SEARCH_WORDS || described.too_recent.is_some() {
        return Ok(());
    }
    let end = described.search_words + described.text_words;
    // Version 0 keeps the text in the record alone.
    let (base, words) = if described.version == 0 {
        (record.offset.saturating_add(SOR_BYTES), record.record_words)
    } else {
        (metadata_at, directory_words)
    };
    if end > words || (described.version == 0 && record.refusal.is_some()) {
        return Ok(());
    }
    let offset = base.saturating_add(4 * described.search_words as u64);
    directory.push_metadata(offset, 4 * described.text_words as u32)
}
