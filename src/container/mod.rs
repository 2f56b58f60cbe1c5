// SPDX-License-Identifier: MIT OR Apache-2.0
//! XDF and RSF: the bytes of a file → its [`Directory`]. Reads no payload.
//!
//! The directory is columnar: one array per key word, so that a million records take no heap object each and a
//! search runs over few bytes. Nothing is decoded here; strings stay in their packed words until
//! [`Directory::attributes`] is asked.

mod builder;
pub(crate) mod keys;
mod reader;
mod rsf;
mod sniff;
mod xdf;
mod xdf1989;

use crate::attributes::date;
use crate::codec::{ByteOrder, Container, Layout, Packing};
use crate::error::{Error, Fault, Place, Result};
use crate::source::{Columns, ReadError, Source};
pub use keys::{KEY_WORDS, Keys};

/// The flavours of standard files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// XDF (FSTD98, random or sequential) and the layouts of 1989.
    Xdf,
    /// RSF.
    Rsf,
}

/// Why the data of a listed record cannot be read, whatever its payload holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Refusal {
    /// Address 0, or a record that starts or ends outside the file.
    Outside = 1,
    /// Shorter than its own header.
    Short,
    /// The entry says that it is no record (type byte 0, `xdf.md` section 13).
    NoRecord,
    /// Address or length not a multiple of 4 (`rsf.md` 13.6).
    Unaligned,
    /// More directory words than record words (`rsf.md` 13.5).
    Words,
    /// An RSF version above 1.
    RsfVersion,
    /// An FST version above 1.
    FstVersion,
    /// ni or nj with bit 31 set (`rsf.md` section 8).
    Dimension,
}

impl Refusal {
    const ALL: [Refusal; 8] = [
        Refusal::Outside,
        Refusal::Short,
        Refusal::NoRecord,
        Refusal::Unaligned,
        Refusal::Words,
        Refusal::RsfVersion,
        Refusal::FstVersion,
        Refusal::Dimension,
    ];
}

/// Everything the directory says of one record. Strings are at full width, padded with blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes {
    /// Name of the variable.
    pub nomvar: [u8; 4],
    /// Type of field.
    pub typvar: [u8; 2],
    /// Grid type; 0 is an empty string.
    pub grtyp: u8,
    /// Label.
    pub etiket: [u8; 12],
    /// ni, nj, nk.
    pub shape: [u64; 3],
    /// Data type with its flags.
    pub data_type: u8,
    /// Bits of an unpacked element.
    pub data_bits: u8,
    /// Bits of a packed element.
    pub pack_bits: u8,
    /// Stamp of origin.
    pub dateo: i32,
    /// Stamp of validity.
    pub datev: i32,
    /// Length of a time step, seconds.
    pub deet: u32,
    /// Number of time steps.
    pub npas: u32,
    /// ip1 to ip3.
    pub ip: [u32; 3],
    /// ig1 to ig4.
    pub ig: [u32; 4],
}

impl Attributes {
    /// What the key words of a record say.
    #[inline(always)]
    pub fn new(keys: &Keys) -> Attributes {
        let datev = date::datev_from_word(keys::date_word(keys));
        let (deet, npas) = (keys::deet(keys), keys::npas(keys));
        Attributes {
            nomvar: keys::nomvar(keys),
            typvar: keys::typvar(keys),
            grtyp: keys::grtyp(keys),
            etiket: keys::etiket(keys),
            shape: [u64::from(keys::ni(keys)), u64::from(keys::nj(keys)), u64::from(keys::nk(keys))],
            data_type: keys::data_type(keys),
            data_bits: keys::data_bits(keys),
            pack_bits: keys::pack_bits(keys),
            dateo: date::dateo(datev, deet, npas),
            datev,
            deet,
            npas,
            ip: keys::ip(keys),
            ig: keys::ig(keys),
        }
    }
}

/// A grid type as text: any byte is possible, `?` stands for those that are no ASCII.
pub fn grid_type_text(grtyp: u8) -> u8 {
    if grtyp.is_ascii() { grtyp } else { b'?' }
}

/// A string without the blanks (and NULs) behind it.
pub fn unpadded(text: &[u8]) -> &[u8] {
    let len = text.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    &text[..len]
}

/// Where a record and its payload lie in the file, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The whole record.
    pub record_offset: u64,
    /// Length of the whole record.
    pub record_bytes: u64,
    /// The payload; 0 when the record's place is impossible.
    pub payload_offset: u64,
    /// Length of the payload; 0 when the record's place is impossible.
    pub payload_bytes: u64,
}

/// Extended metadata of one record: where its text lies in the file.
#[derive(Clone, Copy, Debug)]
struct Metadata {
    record: u64,
    offset: u64,
    bytes: u32,
}

/// The columns that one record fills.
#[derive(Clone, Copy, Debug)]
struct Entry {
    keys: Keys,
    offset: u64,
    bytes: u64,
    /// Bytes between the start of the record and its payload.
    lead: u32,
    refusal: Option<Refusal>,
}

/// The records of one file, in file order.
#[derive(Debug)]
pub struct Directory {
    format: Format,
    order: ByteOrder,
    /// Bytes behind each payload that belong to the record.
    trail: u32,
    /// Whether info words precede each payload (`xdf.md` 7.1).
    info_words: bool,
    /// The columns of [`Entry`]: offsets and bytes; the key words and leads; refusals.
    columns: Columns<2, { KEY_WORDS + 1 }>,
    metadata: Vec<Metadata>,
    problems: Vec<Fault>,
}

/// Which of the columns of 64 bits has the offsets, and which the bytes of records.
const OFFSETS: usize = 0;
const BYTES: usize = 1;

/// Problems kept per file: enough to explain, bounded whatever the file holds.
const MAX_PROBLEMS: usize = 100;

/// Bytes of the info words in front of an XDF payload.
const INFO_BYTES: u64 = 8;

/// Bytes that are read in front of a payload, at most: any header, and the metadata that most records have.
const FRONT: usize = 480;

/// Notices on their way to the caller.
#[derive(Debug, Default)]
struct Notices {
    list: Vec<Fault>,
}

impl Notices {
    fn push(&mut self, offset: u64, message: String) {
        if self.list.len() < MAX_PROBLEMS {
            self.list.push(Fault::corrupt(message).at(offset));
        }
    }

    /// Notes that `what` at `offset` differs from what it should be.
    fn expect(&mut self, what: &str, offset: u64, expected: u64, found: u64) {
        if expected != found {
            self.push(offset, format!("{what}: expected {expected}, found {found}"));
        }
    }
}

impl Directory {
    /// Reads the directory of `source`. With `strict`, an unclosed or damaged file is an error; otherwise it is
    /// read as far as it is sound, and [`Directory::problems`] says what is wrong.
    pub fn read(source: &Source, strict: bool) -> Result<Directory> {
        let kind = sniff::sniff(source)?;
        let directory = match kind {
            sniff::Kind::Rsf => rsf::read(source),
            sniff::Kind::XdfRandom => xdf::read_random(source),
            sniff::Kind::XdfSequential => xdf::read_sequential(source),
            sniff::Kind::Random1989 => xdf1989::read_random(source),
            sniff::Kind::Sequential1989 => xdf1989::read_sequential(source),
        }
        .map_err(|trouble| trouble.into_error(source))?;
        match directory.problems.first() {
            Some(fault) if strict => {
                Err(Error::Format { place: Place::file(source.path()), fault: fault.clone() })
            }
            _ => Ok(directory),
        }
    }

    /// What breaks a rule and costs a reader nothing, at most 100 of them: of a random XDF file the checks of
    /// `xdf.md` 13 that end in "notice" (checksums of the pages, own addresses, counts, the write flag, addresses
    /// repeated in the records), of an RSF file the markers around each record (`rsf.md` 13.9). Reads the pages and a
    /// few bytes of each record.
    pub fn notices(&self, source: &Source) -> Result<Vec<Fault>> {
        let mut notices = Notices::default();
        match sniff::sniff(source)? {
            // Of a file whose directory cannot be used the problems say all there is to say.
            sniff::Kind::XdfRandom if self.problems.is_empty() => xdf::notices(source, self, &mut notices),
            sniff::Kind::Rsf => rsf::notices(source, self, &mut notices),
            _ => Ok(()),
        }
        .map_err(|trouble| trouble.into_error(source))?;
        Ok(notices.list)
    }

    /// The flavour of the file.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no records.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// What is damaged or unclosed; empty for a complete file.
    pub fn problems(&self) -> &[Fault] {
        &self.problems
    }

    /// The sixteen key words of a record.
    ///
    /// # Panics
    /// When `record` is not below [`Directory::len`], here and below.
    #[inline]
    pub fn keys(&self, record: usize) -> Keys {
        std::array::from_fn(|word| self.columns.words(word)[record])
    }

    /// The key words of the records from `first` on, as many as `block` takes.
    pub(crate) fn copy_keys(&self, first: usize, block: &mut [Keys]) {
        let last = first + block.len();
        for word in 0..KEY_WORDS {
            block
                .iter_mut()
                .zip(&self.column(word)[first..last])
                .for_each(|(keys, value)| keys[word] = *value);
        }
    }

    /// One key word of all records.
    pub(crate) fn column(&self, word: usize) -> &[u32] {
        debug_assert!(word < KEY_WORDS, "key word {word}");
        self.columns.words(word)
    }

    /// Where a record begins in the file.
    fn offset(&self, record: usize) -> u64 {
        self.columns.longs(OFFSETS)[record]
    }

    /// Bytes of a whole record.
    fn record_bytes(&self, record: usize) -> u64 {
        self.columns.longs(BYTES)[record]
    }

    /// Bytes between the start of a record and its payload.
    fn lead(&self, record: usize) -> u32 {
        self.columns.words(KEY_WORDS)[record]
    }

    /// The attributes of a record.
    pub fn attributes(&self, record: usize) -> Attributes {
        Attributes::new(&self.keys(record))
    }

    /// How the values of a record are packed.
    pub fn packing(&self, record: usize) -> Packing {
        self.packing_of(&self.keys(record))
    }

    /// How the values of a record with these key words are packed.
    #[inline]
    pub(crate) fn packing_of(&self, keys: &Keys) -> Packing {
        Packing {
            container: match self.format {
                Format::Xdf => Container::Xdf,
                Format::Rsf => Container::Rsf,
            },
            order: self.order,
            data_type: keys::data_type(keys),
            pack_bits: keys::pack_bits(keys),
            data_bits: keys::data_bits(keys),
            shape: [u64::from(keys::ni(keys)), u64::from(keys::nj(keys)), u64::from(keys::nk(keys))],
        }
    }

    /// Where a record lies.
    #[inline]
    pub fn extent(&self, record: usize) -> Extent {
        let (record_offset, record_bytes) = (self.offset(record), self.record_bytes(record));
        let (payload_offset, payload_bytes) = match self.refusal(record) {
            Some(Refusal::Outside | Refusal::Short | Refusal::Unaligned | Refusal::Words) => (0, 0),
            _ => (
                record_offset.saturating_add(u64::from(self.lead(record))),
                record_bytes.saturating_sub(u64::from(self.lead(record)) + u64::from(self.trail)),
            ),
        };
        Extent { record_offset, record_bytes, payload_offset, payload_bytes }
    }

    /// Why the directory alone says that the data of a record cannot be read.
    pub fn refusal(&self, record: usize) -> Option<Refusal> {
        let code = self.columns.bytes()[record];
        if code == 0 {
            return None;
        }
        Refusal::ALL.into_iter().find(|refusal| *refusal as u8 == code)
    }

    /// The fault that a refusal stands for, with the values of the record.
    pub fn refusal_fault(&self, record: usize, refusal: Refusal, file_bytes: u64) -> Fault {
        let (offset, bytes) = (self.offset(record), self.record_bytes(record));
        let fault = match refusal {
            Refusal::Outside => Fault::truncated(format!(
                "the directory places {bytes} bytes here, the file has {file_bytes}"
            )),
            Refusal::Short => Fault::corrupt(format!(
                "a record of {bytes} bytes, expected at least {}",
                u64::from(self.lead(record)) + u64::from(self.trail)
            )),
            Refusal::NoRecord => Fault::corrupt("the type byte of the directory entry is 0: not a record"),
            Refusal::Unaligned => {
                Fault::corrupt(format!("address and length ({bytes}) of a record must be multiples of 4"))
            }
            Refusal::Words => Fault::corrupt(format!(
                "metadata words of the directory entry: expected at most the {} of the record, found more",
                self.lead(record).saturating_sub(16) / 4
            )),
            Refusal::RsfVersion => {
                Fault::unsupported("RSF version of the record: expected 0 or 1, found a later one")
            }
            Refusal::FstVersion => {
                Fault::unsupported("FST version of the record: expected 0 or 1, found a later one")
            }
            Refusal::Dimension => {
                Fault::corrupt(format!("dimensions of 2^31 or more: {:?}", self.packing(record).shape))
            }
        };
        fault.at(offset)
    }

    /// Checks in the file what the directory cannot tell: the info words of an XDF record (`xdf.md` 7.1).
    pub fn check_record(&self, record: usize, source: &Source) -> std::result::Result<(), Trouble> {
        if !self.info_words {
            return Ok(());
        }
        let at = self.offset(record) + u64::from(self.lead(record)) - INFO_BYTES;
        let mut words = [0; INFO_BYTES as usize];
        source.read_at(&mut words, at)?;
        check_info_words(&words, at)
    }

    /// Reads the first bytes of the payload of a record, as many as `head` takes and there are, and with them what
    /// stands in front of it in the file: the record must still be the one that the directory lists.
    pub fn payload_head<'h>(
        &self,
        record: usize,
        source: &Source,
        head: &'h mut [u8; Layout::HEAD_BYTES],
    ) -> std::result::Result<&'h [u8], Trouble> {
        let Extent { record_offset, payload_offset, payload_bytes, .. } = self.extent(record);
        let len = payload_bytes.min(head.len() as u64) as usize;
        let lead = payload_offset - record_offset;
        let mut front = [0; FRONT + Layout::HEAD_BYTES];
        // What is in front of a payload is short unless there is a long text: one read for both.
        let near = lead <= FRONT as u64;
        let header = lead.min(FRONT as u64) as usize;
        let read = if near { header + len } else { header };
        source.read_at(&mut front[..read], record_offset)?;
        if near {
            head[..len].copy_from_slice(&front[header..read]);
        } else {
            source.read_at(&mut head[..len], payload_offset)?;
        }
        self.check_header(record, &front[..header], source)?;
        if self.info_words {
            check_info_words(&front[header - INFO_BYTES as usize..header], payload_offset - INFO_BYTES)?;
        }
        Ok(&head[..len])
    }

    /// A fault when a record has another header than the one that the directory lists, unless it had it when the file
    /// was opened: a writer may have changed the directory alone.
    fn check_header(
        &self,
        record: usize,
        header: &[u8],
        source: &Source,
    ) -> std::result::Result<(), Trouble> {
        let (keys, offset, bytes) = (self.keys(record), self.offset(record), self.record_bytes(record));
        let same = match self.format {
            Format::Rsf => rsf::is_header(header, self.order, &keys, bytes, self.lead(record)),
            Format::Xdf if self.info_words => xdf::is_header(header, &keys, offset, bytes),
            // The payloads of a random file of 1989 have no headers.
            Format::Xdf if header.is_empty() => true,
            Format::Xdf => xdf1989::is_header(header, &keys),
        };
        if same || !source.has_changed() {
            return Ok(());
        }
        Err(Fault::corrupt(
            "the file was rewritten after it was opened: expected the record that its directory listed then, found another",
        )
        .at(offset)
        .into())
    }

    /// Whether a record has extended metadata.
    pub fn has_metadata(&self, record: usize) -> bool {
        self.metadata_place(record).is_some()
    }

    /// The extended metadata of a record: the bytes before the first NUL (`rsf.md` section 9); empty when there
    /// are none.
    pub fn metadata(&self, record: usize, source: &Source) -> std::result::Result<Vec<u8>, ReadError> {
        let Some(place) = self.metadata_place(record) else { return Ok(Vec::new()) };
        let mut text = Vec::new();
        if text.try_reserve_exact(place.bytes as usize).is_err() {
            return Err(ReadError::NoMemory(u64::from(place.bytes)));
        }
        text.resize(place.bytes as usize, 0);
        source.read_at(&mut text, place.offset)?;
        let end = text.iter().position(|byte| *byte == 0).unwrap_or(text.len());
        text.truncate(end);
        Ok(text)
    }

    fn metadata_place(&self, record: usize) -> Option<&Metadata> {
        let record = record as u64;
        let at = self.metadata.binary_search_by_key(&record, |metadata| metadata.record).ok()?;
        self.metadata.get(at)
    }
}

/// Refuses info words at `at` that are both set (`xdf.md` 7.1).
fn check_info_words(words: &[u8], at: u64) -> std::result::Result<(), Trouble> {
    if words.chunks(4).all(|word| word != [0; 4]) {
        return Err(Fault::unsupported(format!(
            "the info words of the record are both set ({words:02X?}): written by a later version"
        ))
        .at(at)
        .into());
    }
    Ok(())
}

/// What can go wrong while a directory is read: the bytes, or the reading of them.
#[derive(Debug)]
pub enum Trouble {
    /// The bytes break a rule.
    Fault(Fault),
    /// The bytes could not be had.
    Read(ReadError),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::Fault(fault)
    }
}

impl From<ReadError> for Trouble {
    fn from(error: ReadError) -> Trouble {
        Trouble::Read(error)
    }
}

impl Trouble {
    fn into_error(self, source: &Source) -> Error {
        match self {
            Trouble::Fault(fault) => Error::Format { place: Place::file(source.path()), fault },
            Trouble::Read(error) => error.into_error(source.path(), None),
        }
    }
}
