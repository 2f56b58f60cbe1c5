// SPDX-License-Identifier: MIT OR Apache-2.0
//! Payload words → the elements of one array. Knows no file and allocates nothing of the size of the data.
//!
//! A record's directory entry gives a [`Packing`]; [`Packing::layout`] checks it and says what array comes
//! out ([`Layout`]); [`Layout::decoder`] looks at the first bytes of the payload, checks that the payload is
//! long enough, and returns a [`Decoder`], which turns bytes into elements: any run of elements for the
//! packings of fixed width, a whole level for the turbo ones.
//!
//! Implements `format/packing.md`, `format/turbo.md`, and section 11 of `format/rsf.md`.

mod binary;
mod bits;
#[cfg(target_arch = "x86_64")]
mod bits_x86;
pub mod element;
mod ieee;
mod integer;
pub mod missing;
pub(crate) mod normalized;
pub(crate) mod quantized;
mod text;
mod turbo;
mod vector;
#[cfg(target_arch = "x86_64")]
mod vector_x86;

use std::marker::PhantomData;
use std::ops::Range;

use crate::dtype::Dtype;
use crate::error::Fault;
use binary::Binary;
use bits::{BigWords, LittleWords, Stream, WordOrder};
use element::Elements;
use ieee::Ieee;
use integer::Integer;
use quantized::Quantized;
use text::Text;
use turbo::{Turbo, Window};

/// The two containers, which lay some payloads out differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// XDF (FSTD98) and the layouts of 1989.
    Xdf,
    /// RSF.
    Rsf,
}

/// Byte order of the 32-bit words of a payload, or of the elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Least significant byte first.
    Little,
    /// Most significant byte first.
    Big,
}

impl ByteOrder {
    /// The order of this machine.
    pub const NATIVE: ByteOrder =
        if cfg!(target_endian = "little") { ByteOrder::Little } else { ByteOrder::Big };
}

/// How the values of a record are packed: what its directory entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packing {
    /// The container that holds the record.
    pub container: Container,
    /// Byte order of the payload words: big in XDF, that of the file in RSF.
    pub order: ByteOrder,
    /// The data type as stored, flags included.
    pub data_type: u8,
    /// Bits of a packed element.
    pub pack_bits: u8,
    /// Bits of an unpacked element, resolved as in `packing.md` 2.1.
    pub data_bits: u8,
    /// ni, nj, nk.
    pub shape: [u64; 3],
}

/// The flag of a field that may have missing values.
const MISSING: u8 = 64;
/// The flag of a compressed field.
const TURBO: u8 = 128;

/// The packings, by the low bits of the data type (`packing.md` 2.1 and 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Binary,
    Quantized,
    Unsigned,
    Character,
    Signed,
    Ieee,
    Normalized,
    String,
    Complex,
}

impl Family {
    /// The family of a data type (`packing.md` 8.1).
    fn new(data_type: u8) -> Result<Family, Fault> {
        Ok(match data_type & !(MISSING | TURBO) {
            0 => Family::Binary,
            1 => Family::Quantized,
            2 => Family::Unsigned,
            3 => Family::Character,
            4 => Family::Signed,
            5 => Family::Ieee,
            6 => Family::Normalized,
            7 => Family::String,
            8 => Family::Complex,
            _ => return Err(Fault::corrupt(format!("data type {data_type}: not a known type"))),
        })
    }

    /// Whether a field of this family can have missing values.
    fn has_codes(self) -> bool {
        use Family::*;
        matches!(self, Quantized | Unsigned | Signed | Ieee | Normalized)
    }
}

impl Packing {
    /// The array that comes out, if what the directory says can be true (`packing.md` 2.2 and 8, `turbo.md`
    /// 10; element types also in 13).
    #[inline(always)]
    pub fn layout(&self) -> Result<Layout, Fault> {
        let family = Family::new(self.data_type)?;
        let bits = self.pack_bits;
        if !(1..=64).contains(&bits) {
            return Err(Fault::corrupt(format!("pack_bits: expected 1 to 64, found {bits}")));
        }
        let elements = self.elements()?;
        let turbo = self.data_type & TURBO != 0;
        if turbo {
            self.check_turbo(family)?;
        } else {
            self.check_widths(family)?;
        }
        let mut layout =
            Layout { dtype: self.dtype(family), shape: self.shape, elements, packing: *self, family, turbo };
        if family == Family::Binary && !matches!(bits, 8 | 16 | 32 | 64) {
            layout.elements = (elements * u64::from(bits)).div_ceil(32);
            layout.shape = [layout.elements, 1, 1];
        }
        Ok(layout)
    }

    /// ni·nj·nk, such that no size computed from it overflows (`packing.md` 8.2).
    #[inline]
    fn elements(&self) -> Result<u64, Fault> {
        /// More bits than an element of any packing or type has, header included.
        const LARGEST: u64 = 256;
        let [ni, nj, nk] = self.shape;
        if ni == 0 || nj == 0 || nk == 0 {
            return Err(Fault::corrupt(format!("dimensions {ni} x {nj} x {nk}: expected at least 1")));
        }
        ni.checked_mul(nj)
            .and_then(|level| level.checked_mul(nk))
            .filter(|elements| elements.checked_mul(LARGEST).is_some())
            .ok_or_else(|| Fault::corrupt(format!("dimensions {ni} x {nj} x {nk}: too many elements")))
    }

    /// Widths of plain packings (`packing.md` 8.4, 8.6, 8.7 and 13).
    fn check_widths(&self, family: Family) -> Result<(), Fault> {
        let Packing { data_type, pack_bits, data_bits, .. } = *self;
        let refuse = |rule: &str| {
            Err(Fault::corrupt(format!(
                "data type {data_type} with pack_bits {pack_bits} and data_bits {data_bits}: {rule}"
            )))
        };
        match family {
            Family::Quantized if pack_bits > 32 => refuse("expected at most 32 packed bits"),
            Family::Ieee | Family::Complex if matches!(pack_bits, 33..=63) => {
                refuse("expected 1 to 32 packed bits, or 64")
            }
            Family::Unsigned | Family::Signed => {
                if !matches!(data_bits, 8 | 16 | 32 | 64) {
                    return refuse("expected elements of 8, 16, 32 or 64 bits");
                }
                if data_bits == 64 && self.container == Container::Xdf {
                    return Err(Fault::unsupported("64-bit integers: not stored in XDF files"));
                }
                if (data_bits == 64) != (pack_bits == 64) {
                    return refuse("expected 64 packed bits for 64-bit integers, and for no others");
                }
                if pack_bits > data_bits || matches!(pack_bits, 33..=63) {
                    return refuse("expected no more packed bits than elements have, and at most 32");
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What the directory must say of a turbo record (`turbo.md` 10, `packing.md` 13).
    fn check_turbo(&self, family: Family) -> Result<(), Fault> {
        let Packing { data_type, pack_bits, data_bits, shape: [ni, nj, _], .. } = *self;
        if !matches!(family, Family::Quantized | Family::Unsigned | Family::Ieee | Family::Normalized) {
            return Err(Fault::corrupt(format!("data type {data_type}: this type is never compressed")));
        }
        if ni < 2 || nj < 2 {
            return Err(Fault::corrupt(format!(
                "dimensions {ni} x {nj} of a compressed field: expected at least 2 x 2"
            )));
        }
        if family != Family::Ieee && pack_bits > 16 {
            return Err(Fault::corrupt(format!(
                "pack_bits of a compressed field: expected at most 16, found {pack_bits}"
            )));
        }
        if family == Family::Unsigned && !matches!(data_bits, 8 | 16 | 32) {
            return Err(Fault::corrupt(format!(
                "data_bits of compressed integers: expected 8, 16 or 32, found {data_bits}"
            )));
        }
        Ok(())
    }

    /// The natural element type of a packing whose widths are right (`packing.md` 2.2 and 13).
    #[inline]
    fn dtype(&self, family: Family) -> Dtype {
        let turbo = self.data_type & TURBO != 0;
        match (family, self.pack_bits, self.data_bits) {
            (Family::Binary, 8, _) => Dtype::U8,
            (Family::Binary, 16, _) => Dtype::U16,
            (Family::Binary, 64, _) => Dtype::U64,
            (Family::Binary, ..) => Dtype::U32,
            (Family::Quantized, _, 64) if !turbo => Dtype::F64,
            (Family::Ieee, 64, _) if !turbo => Dtype::F64,
            (Family::Quantized | Family::Normalized | Family::Ieee, ..) => Dtype::F32,
            (Family::Unsigned, _, 8) => Dtype::U8,
            (Family::Unsigned, _, 16) => Dtype::U16,
            (Family::Unsigned, _, 64) => Dtype::U64,
            (Family::Unsigned, ..) => Dtype::U32,
            (Family::Signed, _, 8) => Dtype::I8,
            (Family::Signed, _, 16) => Dtype::I16,
            (Family::Signed, _, 64) => Dtype::I64,
            (Family::Signed, ..) => Dtype::I32,
            (Family::Character | Family::String, ..) => Dtype::Char,
            (Family::Complex, 64, _) => Dtype::C128,
            (Family::Complex, ..) => Dtype::C64,
        }
    }
}

/// The array that a record holds: its natural element type and its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Type of the elements.
    pub dtype: Dtype,
    /// Elements in each dimension, the first one fastest. That of the record, except for binary elements of
    /// odd widths, which come as a row of 32-bit words.
    pub shape: [u64; 3],
    /// Number of elements.
    pub elements: u64,
    packing: Packing,
    family: Family,
    turbo: bool,
}

impl Layout {
    /// How many bytes of the start of the payload [`Layout::decoder`] wants (all, if there are fewer).
    pub const HEAD_BYTES: usize = 32;

    /// Whether the record is compressed.
    pub fn is_turbo(&self) -> bool {
        self.turbo
    }

    /// Whether the record may have missing values (`packing.md` 6.1; the flag means nothing on text, binary
    /// and complex elements).
    pub fn has_missing(&self) -> bool {
        self.packing.data_type & MISSING != 0 && self.family.has_codes()
    }

    /// The byte order of the elements, if the payload starts with the array as it is, missing values as stored
    /// (`packing.md` 4; `rsf.md` 11 for files of big-endian machines). That the payload is long enough is for
    /// [`Layout::decoder`] to check.
    pub fn in_place(&self) -> Option<ByteOrder> {
        let Packing { container, order, pack_bits, data_bits, .. } = self.packing;
        if self.turbo {
            return None;
        }
        let when = |condition: bool| condition.then_some(order);
        let bytes = |condition: bool| condition.then_some(ByteOrder::NATIVE);
        let little = order == ByteOrder::Little;
        match (self.family, pack_bits) {
            (Family::Binary, 8) => bytes(little),
            (Family::Binary, 16 | 64) => when(little),
            (Family::Binary, _) => when(true),
            (Family::Character, _) => bytes(little || container == Container::Rsf),
            (Family::String, _) => bytes(!little),
            (Family::Unsigned, 8) => bytes(!little && data_bits == 8),
            (Family::Unsigned, 16) => when(!little && data_bits == 16),
            (Family::Unsigned, 32) => when(data_bits == 32),
            (Family::Unsigned | Family::Signed, 64) => when(true),
            (Family::Ieee | Family::Complex, 32) => when(true),
            (Family::Ieee | Family::Complex, 64) => when(!little),
            _ => None,
        }
    }

    /// How the bytes of the payload become the array, if no more than their order differs; each element lies where it
    /// would lie in the array. That the payload is long enough is for [`Layout::decoder`] to check.
    pub fn reorder(&self) -> Option<Reorder> {
        if cfg!(target_endian = "big") || self.turbo {
            return None;
        }
        let real = match self.dtype {
            Dtype::C64 => 4,
            Dtype::C128 => 8,
            other => other.itemsize(),
        };
        match (self.in_place(), real) {
            (Some(ByteOrder::Big), 2) => Some(Reorder::Reverse2),
            (Some(ByteOrder::Big), 4) => Some(Reorder::Reverse4),
            (Some(ByteOrder::Big), 8) => Some(Reorder::Reverse8),
            (None, 8) if matches!(self.family, Family::Ieee | Family::Complex) => Some(Reorder::Halves8),
            _ => None,
        }
    }

    /// Bytes that no payload of this array is shorter than, as far as the directory tells (`packing.md` 2.4, `turbo.md` 10):
    /// the width of R tokens and the streams of compressed records are known to [`Layout::decoder`] only.
    pub fn least_payload_bytes(&self) -> u64 {
        let Packing { pack_bits, .. } = self.packing;
        // No product overflows: `Packing::elements` has seen to it.
        let bits = match self.family {
            Family::Quantized if self.turbo => 7 * 32,
            Family::Unsigned if self.turbo => 3 * 32,
            Family::Normalized if self.turbo => 6 * 32,
            _ if self.turbo => 5 * 32,
            Family::Quantized => Quantized::HEADER_BITS + self.elements,
            Family::Normalized => normalized::Header::HEADER_BITS + 16 * self.elements,
            Family::Binary => self.elements * u64::from(Binary::new(pack_bits).width()),
            Family::Unsigned | Family::Signed | Family::Ieee => self.elements * u64::from(pack_bits),
            Family::Complex => 2 * self.elements * u64::from(pack_bits),
            Family::Character | Family::String => 8 * self.elements,
        };
        4 * bits.div_ceil(32)
    }

    /// The decoder of a payload of `payload_bytes` bytes that starts with `head`, after the checks of
    /// `packing.md` 8: headers, and the size rule (2.4). Offsets of faults count from the payload's start.
    pub fn decoder(&self, head: &[u8], payload_bytes: u64) -> Result<Decoder, Fault> {
        let Packing { container, mut order, pack_bits, .. } = self.packing;
        let width = u32::from(pack_bits);
        if self.turbo {
            let [ni, nj, nk] = self.shape;
            let level = if nk > 1 { ni.saturating_mul(nj) } else { self.elements };
            return Ok(Decoder {
                codec: Codec::Turbo(Turbo::new(&self.packing, head, payload_bytes)?),
                order,
                dtype: self.dtype,
                decodable: level,
                header: 0,
                width: 0,
                payload_bytes,
            });
        }
        let (codec, header, width) = match self.family {
            Family::Binary => {
                let binary = Binary::new(pack_bits);
                (Codec::Binary(binary), 0, binary.width())
            }
            Family::Quantized => {
                let field = Quantized::new(self.header(head, payload_bytes)?, self.dtype == Dtype::F64)?;
                (Codec::Quantized(field), Quantized::HEADER_BITS, field.width())
            }
            Family::Normalized => {
                let field = normalized::Header::new(self.header(head, payload_bytes)?, self.elements)?;
                (Codec::Normalized(field), normalized::Header::HEADER_BITS, normalized::Header::WIDTH)
            }
            Family::Unsigned | Family::Signed => {
                let integer = match (self.family, pack_bits) {
                    (_, 64) => Integer::Long(order),
                    (Family::Signed, _) => Integer::Signed(width),
                    _ => Integer::Unsigned(width),
                };
                (Codec::Integer(integer), 0, integer.width())
            }
            Family::Character => {
                if container == Container::Rsf {
                    // In order, whatever the byte order of the file (`rsf.md` 11).
                    order = ByteOrder::Little;
                }
                (Codec::Text(Text::LowFirst), 0, Text::WIDTH)
            }
            Family::String => (Codec::Text(Text::HighFirst), 0, Text::WIDTH),
            Family::Ieee => (Codec::Ieee(Ieee { width }), 0, width),
            Family::Complex => (Codec::Ieee(Ieee { width }), 0, 2 * width),
        };
        let decoder = Decoder {
            codec,
            order,
            dtype: self.dtype,
            decodable: self.elements,
            header,
            width: u64::from(width),
            payload_bytes,
        };
        let needed = decoder.bit(self.elements).div_ceil(32);
        let found = payload_bytes / 4;
        if found < needed {
            return Err(Fault::corrupt(format!(
                "payload of {found} words: {} elements need at least {needed}",
                self.elements
            )));
        }
        Ok(decoder)
    }

    /// The first words of the payload.
    fn header<const N: usize>(&self, head: &[u8], payload_bytes: u64) -> Result<[u32; N], Fault> {
        if payload_bytes / 4 < N as u64 || head.len() / 4 < N {
            return Err(Fault::corrupt(format!(
                "payload of {payload_bytes} bytes: its header has {} bytes",
                4 * N
            )));
        }
        let mut words = [0; N];
        match self.packing.order {
            ByteOrder::Little => Stream::<LittleWords>::new(head, 0).words(&mut words, |word| [word]),
            ByteOrder::Big => Stream::<BigWords>::new(head, 0).words(&mut words, |word| [word]),
        }
        Ok(words)
    }
}

/// What turns the bytes of a payload into those of an array where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reorder {
    /// Reversal of each pair of bytes.
    Reverse2,
    /// Reversal of each four bytes.
    Reverse4,
    /// Reversal of each eight bytes.
    Reverse8,
    /// Exchange of the halves of each eight bytes.
    Halves8,
}

impl Reorder {
    /// Puts the bytes of whole elements in order.
    pub fn apply(self, bytes: &mut [u8]) {
        vector::run(InPlace { bytes, reorder: self });
    }
}

/// Bytes to be put in order by code for this processor.
struct InPlace<'a> {
    bytes: &'a mut [u8],
    reorder: Reorder,
}

impl vector::Work for InPlace<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        #[inline(always)]
        fn each<const N: usize>(bytes: &mut [u8], change: impl Fn(&mut [u8; N])) {
            bytes.as_chunks_mut().0.iter_mut().for_each(change);
        }
        match self.reorder {
            Reorder::Reverse2 => each::<2>(self.bytes, |bytes| bytes.reverse()),
            Reorder::Reverse4 => {
                each::<4>(self.bytes, |bytes| *bytes = u32::from_ne_bytes(*bytes).swap_bytes().to_ne_bytes());
            }
            Reorder::Reverse8 => {
                each::<8>(self.bytes, |bytes| *bytes = u64::from_ne_bytes(*bytes).swap_bytes().to_ne_bytes());
            }
            Reorder::Halves8 => {
                each::<8>(self.bytes, |bytes| {
                    *bytes = u64::from_ne_bytes(*bytes).rotate_left(32).to_ne_bytes()
                });
            }
        }
    }
}

/// How freely the elements of a record can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Any run of elements, from the bytes that hold them.
    Elements,
    /// The first level, ni·nj elements, or a part of it ([`Decoder::decode_part`]), from the whole payload.
    Level,
}

/// The packings, with what their headers say.
enum Codec {
    Binary(Binary),
    Quantized(Quantized),
    Integer(Integer),
    Text(Text),
    Ieee(Ieee),
    Normalized(normalized::Header),
    Turbo(Turbo),
}

/// Turns the bytes of one payload into elements.
pub struct Decoder {
    codec: Codec,
    order: ByteOrder,
    dtype: Dtype,
    decodable: u64,
    /// Bits in front of the first element.
    header: u64,
    /// Bits of an element in the payload.
    width: u64,
    payload_bytes: u64,
}

impl Decoder {
    /// Which parts of the array can be had on their own (`packing.md` 5, `turbo.md` 11).
    pub fn access(&self) -> Access {
        if matches!(self.codec, Codec::Turbo(_)) { Access::Level } else { Access::Elements }
    }

    /// How many elements can be had: all, or the first level of a compressed field whose others are lost.
    pub fn decodable(&self) -> u64 {
        self.decodable
    }

    /// Where element `index` starts, in bits of the payload (`packing.md` 5).
    fn bit(&self, index: u64) -> u64 {
        index.saturating_mul(self.width).saturating_add(self.header)
    }

    /// The bytes of the payload that [`Decoder::decode`] needs for `count` elements from `first`: whole words,
    /// within the payload. Elements that do not exist are left out.
    pub fn span(&self, first: u64, count: u64) -> Range<u64> {
        if self.access() == Access::Level {
            return 0..self.payload_bytes;
        }
        let first = first.min(self.decodable);
        let count = count.min(self.decodable - first);
        let start = self.bit(first) / 32 * 4;
        if count == 0 {
            return start..start;
        }
        start..self.bit(first + count).div_ceil(32) * 4
    }

    /// Decodes the elements from `first` on that fill `out`, of the natural type or one that it widens to.
    /// `bytes` is exactly the [`Decoder::span`] of that run. For compressed fields the run is the first level.
    pub fn decode(&self, bytes: &[u8], first: u64, out: Elements<'_>) -> Result<(), Fault> {
        let count = out.len() as u64;
        if first > self.decodable || count > self.decodable - first {
            return Err(Fault::unsupported(format!(
                "elements {first} to {}: the field has {}",
                first.saturating_add(count),
                self.decodable
            )));
        }
        let span = self.span(first, count);
        if bytes.len() as u64 != span.end - span.start {
            return Err(Fault::unsupported(format!(
                "{} bytes of payload for {count} elements: expected {}",
                bytes.len(),
                span.end - span.start
            )));
        }
        if !self.dtype.widens_to(out.dtype()) {
            return Err(element::mismatch(out.dtype()));
        }
        if let Codec::Turbo(field) = &self.codec {
            if count != self.decodable {
                return Err(Fault::unsupported(format!(
                    "{count} elements of a compressed field: expected the level of {}",
                    self.decodable
                )));
            }
            return field.decode(bytes, out);
        }
        match self.order {
            ByteOrder::Little => vector::run(Run::<LittleWords>::new(self, bytes, first, out)),
            ByteOrder::Big => vector::run(Run::<BigWords>::new(self, bytes, first, out)),
        }
    }

    /// Decodes a part of the first level of a compressed field, of ni points a row: these columns of these rows, one row
    /// behind the other, which must fill `out`. `bytes` is the whole payload.
    pub fn decode_part(
        &self,
        bytes: &[u8],
        columns: Range<u64>,
        rows: Range<u64>,
        out: Elements<'_>,
    ) -> Result<(), Fault> {
        let Codec::Turbo(field) = &self.codec else {
            return Err(Fault::unsupported("a part of a field that is not compressed: it has runs"));
        };
        if !self.dtype.widens_to(out.dtype()) {
            return Err(element::mismatch(out.dtype()));
        }
        let size = |range: Range<u64>| {
            let end = usize::try_from(range.end).map_err(|_| Fault::unsupported("a part beyond memory"))?;
            Ok::<_, Fault>(range.start as usize..end)
        };
        field.decode_window(bytes, &Window { columns: size(columns)?, rows: size(rows)? }, out)
    }

    /// Decodes a run that has been checked, from words of the order `W`.
    #[inline(always)]
    fn run<W: WordOrder>(&self, bytes: &[u8], first: u64, out: Elements<'_>) -> Result<(), Fault> {
        let bit = (self.bit(first) % 32) as u32;
        let words = Stream::<W>::new(bytes, 0);
        let tokens = Stream::<W>::new(bytes, bit);
        match &self.codec {
            Codec::Binary(binary) => binary.decode(words, (bit / binary.width()) as usize, out),
            Codec::Text(text) => text.decode(words, (bit / Text::WIDTH) as usize, out),
            Codec::Quantized(field) => field.decode(tokens, out),
            Codec::Integer(integer) => integer.decode(tokens, out),
            Codec::Ieee(field) => field.decode(tokens, out),
            Codec::Normalized(field) => field.decode(tokens, out),
            Codec::Turbo(_) => Err(Fault::unsupported("a compressed field has no runs")),
        }
    }
}

/// A run of elements to be decoded by code for this processor.
struct Run<'a, W> {
    decoder: &'a Decoder,
    bytes: &'a [u8],
    first: u64,
    out: Elements<'a>,
    order: PhantomData<W>,
}

impl<'a, W> Run<'a, W> {
    fn new(decoder: &'a Decoder, bytes: &'a [u8], first: u64, out: Elements<'a>) -> Self {
        Run { decoder, bytes, first, out, order: PhantomData }
    }
}

impl<W: WordOrder> vector::Work for Run<'_, W> {
    type Output = Result<(), Fault>;

    #[inline(always)]
    fn run(self) -> Result<(), Fault> {
        self.decoder.run::<W>(self.bytes, self.first, self.out)
    }
}

#[cfg(test)]
mod tests;
