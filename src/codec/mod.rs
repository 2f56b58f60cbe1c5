//! Payload words → the elements of one array. Knows no file and allocates nothing of the size of the data.
//!
//! A record's directory entry gives a [`Packing`]; [`Packing::layout`] checks it and says what array comes
//! out ([`Layout`]); [`Layout::decoder`] looks at the first bytes of the payload, checks that the payload is
//! long enough, and returns a [`Decoder`], which turns bytes into elements: any run of elements for the
//! packings of fixed width, a whole level for the turbo ones.
//!
//! Implements `format/packing.md`, `format/turbo.md`, and section 11 of `format/rsf.md`.

pub mod element;
pub(crate) mod normalized;
pub(crate) mod quantized;
#[allow(dead_code)]
pub(crate) mod turbo;

use crate::dtype::Dtype;
use crate::error::Fault;

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
