// SPDX-License-Identifier: MIT OR Apache-2.0
//! The elements of a view as 64-bit reals, a piece at a time.

use fstview::codec::element::Elements;
use fstview::codec::missing::MissingCodes;
use fstview::view::View;
use fstview::{Dtype, Result};

/// Elements that are copied out of a view at a time: they stay in the nearest cache.
const PIECE: usize = 2048;

/// Whether the elements are numbers that have an order: not text, not complex.
pub fn are_real(dtype: Dtype) -> bool {
    !matches!(dtype, Dtype::C64 | Dtype::C128 | Dtype::Char)
}

/// Copies the elements of a view out, piece by piece, as 64-bit reals; what equals `code` becomes NaN.
macro_rules! pieces {
    ($view:expr, $variant:ident, $number:ty, $code:expr, $take:expr) => {{
        let code: Option<$number> = $code;
        let mut piece = [<$number>::default(); PIECE];
        let mut values = [0.0; PIECE];
        let mut done = 0;
        while done < $view.elements() {
            let count = usize::try_from($view.elements() - done).unwrap_or(PIECE).min(PIECE);
            $view.copy_to(done, Elements::$variant(&mut piece[..count]))?;
            for (value, element) in values.iter_mut().zip(&piece[..count]) {
                *value = if Some(*element) == code { f64::NAN } else { *element as f64 };
            }
            $take(&values[..count]);
            done += count as u64;
        }
    }};
}

/// Hands all elements out in Fortran order. Missing values are NaN: of integers those that equal one of `codes`, if
/// there are any. Views of elements that are not real have none.
pub fn for_each_piece(view: &View, codes: Option<&MissingCodes>, mut take: impl FnMut(&[f64])) -> Result<()> {
    match view.dtype() {
        Dtype::U8 => pieces!(view, U8, u8, codes.map(|codes| codes.u8), take),
        Dtype::I8 => pieces!(view, I8, i8, codes.map(|codes| codes.i8), take),
        Dtype::U16 => pieces!(view, U16, u16, codes.map(|codes| codes.u16), take),
        Dtype::I16 => pieces!(view, I16, i16, codes.map(|codes| codes.i16), take),
        Dtype::U32 => pieces!(view, U32, u32, codes.map(|codes| codes.u32), take),
        Dtype::I32 => pieces!(view, I32, i32, codes.map(|codes| codes.i32), take),
        Dtype::U64 => pieces!(view, U64, u64, None, take),
        Dtype::I64 => pieces!(view, I64, i64, None, take),
        Dtype::F32 => pieces!(view, F32, f32, None, take),
        Dtype::F64 => pieces!(view, F64, f64, None, take),
        Dtype::C64 | Dtype::C128 | Dtype::Char => {}
    }
    Ok(())
}
