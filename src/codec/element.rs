// SPDX-License-Identifier: MIT OR Apache-2.0
//! Arrays as the codecs see them: a mutable slice of one of the element types.

use crate::dtype::Dtype;
use crate::error::Fault;

/// The destination of a decoder: a slice whose type says the element type.
#[derive(Debug)]
pub enum Elements<'a> {
    /// Unsigned, 8 bits.
    U8(&'a mut [u8]),
    /// Signed, 8 bits.
    I8(&'a mut [i8]),
    /// Unsigned, 16 bits.
    U16(&'a mut [u16]),
    /// Signed, 16 bits.
    I16(&'a mut [i16]),
    /// Unsigned, 32 bits.
    U32(&'a mut [u32]),
    /// Signed, 32 bits.
    I32(&'a mut [i32]),
    /// Unsigned, 64 bits.
    U64(&'a mut [u64]),
    /// Signed, 64 bits.
    I64(&'a mut [i64]),
    /// IEEE real, 32 bits.
    F32(&'a mut [f32]),
    /// IEEE real, 64 bits.
    F64(&'a mut [f64]),
    /// Complex, real and imaginary part.
    C64(&'a mut [[f32; 2]]),
    /// Complex, real and imaginary part.
    C128(&'a mut [[f64; 2]]),
    /// Text.
    Char(&'a mut [u8]),
}

/// Applies one expression to the slice of any [`Elements`].
macro_rules! with_slice {
    ($elements:expr, $slice:ident => $body:expr) => {
        match $elements {
            $crate::codec::element::Elements::U8($slice) => $body,
            $crate::codec::element::Elements::I8($slice) => $body,
            $crate::codec::element::Elements::U16($slice) => $body,
            $crate::codec::element::Elements::I16($slice) => $body,
            $crate::codec::element::Elements::U32($slice) => $body,
            $crate::codec::element::Elements::I32($slice) => $body,
            $crate::codec::element::Elements::U64($slice) => $body,
            $crate::codec::element::Elements::I64($slice) => $body,
            $crate::codec::element::Elements::F32($slice) => $body,
            $crate::codec::element::Elements::F64($slice) => $body,
            $crate::codec::element::Elements::C64($slice) => $body,
            $crate::codec::element::Elements::C128($slice) => $body,
            $crate::codec::element::Elements::Char($slice) => $body,
        }
    };
}
pub(crate) use with_slice;

/// Applies one expression to the slice of [`Elements`] of one of the listed types, each given as variant and
/// Rust type; a fault for any other.
macro_rules! with_numbers {
    ($elements:expr, [$($variant:ident $number:ty),*], $slice:ident: $name:ident => $body:expr) => {
        match $elements {
            $($crate::codec::element::Elements::$variant($slice) => {
                type $name = $number;
                $body;
                Ok(())
            })*
            other => Err($crate::codec::element::mismatch(other.dtype())),
        }
    };
}
pub(crate) use with_numbers;

/// The fault for a destination of a type that a packing cannot fill.
#[cold]
pub(crate) fn mismatch(found: Dtype) -> Fault {
    Fault::unsupported(format!("element type {found}: the stored values do not fit in it"))
}

impl Elements<'_> {
    /// Number of elements.
    pub fn len(&self) -> usize {
        with_slice!(self, slice => slice.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `count` elements from number `first` on; `None` if there are not that many.
    pub fn part(&mut self, first: usize, count: usize) -> Option<Elements<'_>> {
        let range = first..first.checked_add(count)?;
        Some(match self {
            Elements::U8(slice) => Elements::U8(slice.get_mut(range)?),
            Elements::I8(slice) => Elements::I8(slice.get_mut(range)?),
            Elements::U16(slice) => Elements::U16(slice.get_mut(range)?),
            Elements::I16(slice) => Elements::I16(slice.get_mut(range)?),
            Elements::U32(slice) => Elements::U32(slice.get_mut(range)?),
            Elements::I32(slice) => Elements::I32(slice.get_mut(range)?),
            Elements::U64(slice) => Elements::U64(slice.get_mut(range)?),
            Elements::I64(slice) => Elements::I64(slice.get_mut(range)?),
            Elements::F32(slice) => Elements::F32(slice.get_mut(range)?),
            Elements::F64(slice) => Elements::F64(slice.get_mut(range)?),
            Elements::C64(slice) => Elements::C64(slice.get_mut(range)?),
            Elements::C128(slice) => Elements::C128(slice.get_mut(range)?),
            Elements::Char(slice) => Elements::Char(slice.get_mut(range)?),
        })
    }

    /// The element type.
    pub fn dtype(&self) -> Dtype {
        match self {
            Elements::U8(_) => Dtype::U8,
            Elements::I8(_) => Dtype::I8,
            Elements::U16(_) => Dtype::U16,
            Elements::I16(_) => Dtype::I16,
            Elements::U32(_) => Dtype::U32,
            Elements::I32(_) => Dtype::I32,
            Elements::U64(_) => Dtype::U64,
            Elements::I64(_) => Dtype::I64,
            Elements::F32(_) => Dtype::F32,
            Elements::F64(_) => Dtype::F64,
            Elements::C64(_) => Dtype::C64,
            Elements::C128(_) => Dtype::C128,
            Elements::Char(_) => Dtype::Char,
        }
    }
}

/// Copies runs of elements, each (first in `from`, count), one behind the other into `to`. The types must be equal,
/// or integers that widen to 64 bits.
pub fn copy_runs(
    from: &Elements<'_>,
    to: Elements<'_>,
    runs: impl Iterator<Item = (u64, u64)>,
) -> Result<(), Fault> {
    fn copy<A: Copy, B>(
        from: &[A],
        to: &mut [B],
        runs: impl Iterator<Item = (u64, u64)>,
        convert: impl Fn(A) -> B,
    ) -> Result<(), Fault> {
        let mut done = 0usize;
        for (first, count) in runs {
            let (first, count) = (first as usize, count as usize);
            let source = first.checked_add(count).and_then(|end| from.get(first..end));
            let target = done.checked_add(count).and_then(|end| to.get_mut(done..end));
            let (Some(source), Some(target)) = (source, target) else {
                return Err(Fault::corrupt(format!(
                    "a run of {count} elements from {first} outside the array"
                )));
            };
            for (to, from) in target.iter_mut().zip(source) {
                *to = convert(*from);
            }
            done += count;
        }
        Ok(())
    }
    match (from, to) {
        (Elements::U8(from), Elements::U8(to)) | (Elements::Char(from), Elements::Char(to)) => {
            copy(from, to, runs, |value| value)
        }
        (Elements::I8(from), Elements::I8(to)) => copy(from, to, runs, |value| value),
        (Elements::U16(from), Elements::U16(to)) => copy(from, to, runs, |value| value),
        (Elements::I16(from), Elements::I16(to)) => copy(from, to, runs, |value| value),
        (Elements::U32(from), Elements::U32(to)) => copy(from, to, runs, |value| value),
        (Elements::I32(from), Elements::I32(to)) => copy(from, to, runs, |value| value),
        (Elements::U64(from), Elements::U64(to)) => copy(from, to, runs, |value| value),
        (Elements::I64(from), Elements::I64(to)) => copy(from, to, runs, |value| value),
        (Elements::F32(from), Elements::F32(to)) => copy(from, to, runs, |value| value),
        (Elements::F64(from), Elements::F64(to)) => copy(from, to, runs, |value| value),
        (Elements::C64(from), Elements::C64(to)) => copy(from, to, runs, |value| value),
        (Elements::C128(from), Elements::C128(to)) => copy(from, to, runs, |value| value),
        (Elements::U8(from), Elements::U64(to)) => copy(from, to, runs, u64::from),
        (Elements::U16(from), Elements::U64(to)) => copy(from, to, runs, u64::from),
        (Elements::U32(from), Elements::U64(to)) => copy(from, to, runs, u64::from),
        (Elements::U8(from), Elements::I64(to)) => copy(from, to, runs, i64::from),
        (Elements::U16(from), Elements::I64(to)) => copy(from, to, runs, i64::from),
        (Elements::U32(from), Elements::I64(to)) => copy(from, to, runs, i64::from),
        (Elements::I8(from), Elements::I64(to)) => copy(from, to, runs, i64::from),
        (Elements::I16(from), Elements::I64(to)) => copy(from, to, runs, i64::from),
        (Elements::I32(from), Elements::I64(to)) => copy(from, to, runs, i64::from),
        (from, to) => Err(Fault::corrupt(format!("elements {} copied to {}", from.dtype(), to.dtype()))),
    }
}
