// SPDX-License-Identifier: MIT OR Apache-2.0
//! Missing values (data type flag 64): the largest value of a field stands for them.
//!
//! Implements `packing.md` 6.2 and 6.3. Substitution is not local: it needs the whole field.

use super::element::Elements;

/// What becomes of the missing values of a field that has any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// They stay as stored.
    #[default]
    Keep,
    /// They become the code of their element type.
    Codes,
    /// Reals become NaN, integers the code of their type.
    Nan,
}

/// The codes that stand for a missing value, by element type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MissingCodes {
    /// That of 32-bit reals.
    pub f32: f32,
    /// That of 64-bit reals.
    pub f64: f64,
    /// That of signed 32-bit integers.
    pub i32: i32,
    /// That of signed 16-bit integers.
    pub i16: i16,
    /// That of signed 8-bit integers.
    pub i8: i8,
    /// That of unsigned 32-bit integers.
    pub u32: u32,
    /// That of unsigned 16-bit integers.
    pub u16: u16,
    /// That of unsigned 8-bit integers.
    pub u8: u8,
}

impl MissingCodes {
    /// The codes in force when nothing else is said (`packing.md` 6.3).
    pub const DEFAULT: MissingCodes = MissingCodes {
        f32: -1.0e38,
        f64: -1.0e38,
        i32: i32::MIN,
        i16: i16::MIN,
        i8: i8::MIN,
        u32: u32::MAX,
        u16: u16::MAX,
        u8: u8::MAX,
    };

    /// The codes that the text of `MISSING_VALUE_FLAGS` gives: up to eight numbers, read as C's `scanf` reads
    /// them; the first that does not parse ends the list, and the rest keep their defaults (`packing.md` 6.3).
    pub fn from_text(text: &[u8]) -> MissingCodes {
        let mut codes = MissingCodes::DEFAULT;
        codes.scan(&mut Scanner { rest: text });
        codes
    }

    /// Reads codes until one does not parse.
    fn scan(&mut self, text: &mut Scanner<'_>) -> Option<()> {
        self.f32 = match text.hexadecimal() {
            Some(value) => value? as f32,
            None => text.real()?.parse().ok()?,
        };
        self.i32 = text.signed()? as i32;
        self.u32 = text.unsigned()? as u32;
        self.f64 = match text.hexadecimal() {
            Some(value) => value?,
            None => text.real()?.parse().ok()?,
        };
        self.i16 = text.signed()? as i16;
        self.u16 = text.unsigned()? as u16;
        self.i8 = text.signed()? as i8;
        self.u8 = text.unsigned()? as u8;
        Some(())
    }
}

impl Default for MissingCodes {
    fn default() -> Self {
        MissingCodes::DEFAULT
    }
}

/// Reads numbers one after another, as `scanf` does in the C locale. Reals are decimal, hexadecimal, `inf` or
/// `nan`.
struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    /// Drops white space.
    fn skip_blanks(&mut self) {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let blanks = self.rest.iter().take_while(|byte| blank(byte)).count();
        self.rest = self.rest.get(blanks..).unwrap_or_default();
    }

    /// The next `length` bytes.
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// A hexadecimal real (`%g`), such as `0x1.8p3`; the outer `None` when the text is no such thing, the inner one when it
    /// breaks off. Digits beyond the 13 that count are cut.
    fn hexadecimal(&mut self) -> Option<Option<f64>> {
        self.skip_blanks();
        let sign = sign_length(self.rest);
        let negative = self.rest.first() == Some(&b'-');
        let body = self.rest.get(sign..)?.strip_prefix(b"0")?;
        let mut body = body.strip_prefix(b"x").or_else(|| body.strip_prefix(b"X"))?;
        let (mut mantissa, mut exponent, mut digits, mut point) = (0u64, 0i32, 0, false);
        while let Some((byte, rest)) = body.split_first() {
            match char::from(*byte).to_digit(16) {
                Some(digit) if mantissa >> 52 == 0 => {
                    mantissa = mantissa << 4 | u64::from(digit);
                    exponent = exponent.saturating_sub(4 * i32::from(point));
                }
                Some(_) => exponent = exponent.saturating_add(4 * i32::from(!point)),
                None if *byte == b'.' && !point => point = true,
                None => break,
            }
            digits += usize::from(*byte != b'.');
            body = rest;
        }
        self.rest = body;
        if digits == 0 {
            return Some(None);
        }
        if let Some(rest) = body.strip_prefix(b"p").or_else(|| body.strip_prefix(b"P")) {
            self.rest = rest;
            // No blanks inside a number.
            let sign = sign_length(rest);
            if digits_length(rest.get(sign..)?) == 0 {
                return Some(None);
            }
            let power = self.signed()?.clamp(-10_000, 10_000) as i32;
            exponent = exponent.saturating_add(power);
        }
        // In two steps, so that neither factor leaves the range of the other.
        let half = exponent / 2;
        let scaled = || mantissa as f64 * 2f64.powi(half) * 2f64.powi(exponent - half);
        let value = if mantissa == 0 { 0.0 } else { scaled() };
        Some(Some(if negative { -value } else { value }))
    }

    /// The text of a real (`%g`), which [`str::parse`] understands.
    fn real(&mut self) -> Option<&'a str> {
        self.skip_blanks();
        let text = self.rest;
        let sign = sign_length(text);
        let body = text.get(sign..)?;
        let word = ["infinity", "inf", "nan"].into_iter().find(|word| {
            body.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
        });
        let length = match word {
            Some(word) => word.len(),
            None => decimal_length(body)?,
        };
        std::str::from_utf8(self.take(sign + length)?).ok()
    }

    /// An integer (`%d`), limited to the range of C's `long`.
    fn signed(&mut self) -> Option<i64> {
        let (negative, magnitude) = self.integer()?;
        let value = i128::try_from(magnitude).unwrap_or(i128::MAX);
        let value = if negative { -value } else { value };
        Some(value.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// An integer (`%u`), limited to the range of C's `unsigned long`; a sign negates it.
    fn unsigned(&mut self) -> Option<u64> {
        let (negative, magnitude) = self.integer()?;
        match u64::try_from(magnitude) {
            Ok(value) if negative => Some(value.wrapping_neg()),
            Ok(value) => Some(value),
            Err(_) => Some(u64::MAX),
        }
    }

    /// Sign and decimal digits.
    fn integer(&mut self) -> Option<(bool, u128)> {
        self.skip_blanks();
        let sign = sign_length(self.rest);
        let negative = self.rest.first() == Some(&b'-');
        let digits = digits_length(self.rest.get(sign..)?);
        if digits == 0 {
            return None;
        }
        let text = self.take(sign + digits)?;
        let magnitude = text.iter().skip(sign).fold(0_u128, |value, digit| {
            value.saturating_mul(10).saturating_add(u128::from(digit.wrapping_sub(b'0')))
        });
        Some((negative, magnitude))
    }
}

/// 1 if `text` starts with a sign.
fn sign_length(text: &[u8]) -> usize {
    usize::from(matches!(text.first(), Some(b'+' | b'-')))
}

/// How many digits `text` starts with.
fn digits_length(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Length of the decimal number without a sign that `text` starts with; an exponent must be complete.
fn decimal_length(text: &[u8]) -> Option<usize> {
    let whole = digits_length(text);
    let mut length = whole;
    let mut digits = whole;
    if text.get(length) == Some(&b'.') {
        let fraction = digits_length(text.get(length + 1..)?);
        length += 1 + fraction;
        digits += fraction;
    }
    if digits == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = text.get(length) {
        let exponent = text.get(length + 1..)?;
        let sign = sign_length(exponent);
        let digits = digits_length(exponent.get(sign..)?);
        if digits == 0 {
            return None;
        }
        length += 1 + sign + digits;
    }
    Some(length)
}

/// Replaces the missing values of a whole field (`packing.md` 6.2): the largest value becomes the code of its
/// type, or NaN. With [`Missing::Nan`], reals that equal the code become NaN as well: they are what
/// [`Missing::Codes`] would present as missing. 64-bit integers, complex numbers and text have no code and
/// stay as they are.
pub fn substitute(elements: Elements<'_>, policy: Missing, codes: &MissingCodes) {
    let nan = match policy {
        Missing::Keep => return,
        Missing::Codes => false,
        Missing::Nan => true,
    };
    match elements {
        Elements::F32(values) if nan => mark(values, codes.f32, f32::NAN),
        Elements::F64(values) if nan => mark(values, codes.f64, f64::NAN),
        Elements::F32(values) => replace(values, codes.f32),
        Elements::F64(values) => replace(values, codes.f64),
        Elements::I32(values) => replace(values, codes.i32),
        Elements::I16(values) => replace(values, codes.i16),
        Elements::I8(values) => replace(values, codes.i8),
        Elements::U32(values) => replace(values, codes.u32),
        Elements::U16(values) => replace(values, codes.u16),
        Elements::U8(values) => replace(values, codes.u8),
        Elements::U64(_) | Elements::I64(_) | Elements::C64(_) | Elements::C128(_) | Elements::Char(_) => {}
    }
}

/// Replaces the values that stand for missing ones by `code`.
#[inline(always)]
fn replace<T: Copy + PartialOrd>(values: &mut [T], code: T) {
    let Some(top) = top(values, code) else { return };
    for value in values {
        *value = if *value == top { code } else { *value };
    }
}

/// Replaces the values that stand for missing ones, and those that are `code`, by `missing`.
#[inline(always)]
fn mark<T: Copy + PartialOrd>(values: &mut [T], code: T, missing: T) {
    let top = top(values, code).unwrap_or(code);
    for value in values {
        *value = if *value == top || *value == code { missing } else { *value };
    }
}

/// The value that stands for missing ones, if any does.
#[inline(always)]
#[allow(clippy::eq_op, reason = "NaN is the value that is not equal to itself")]
fn top<T: Copy + PartialOrd>(values: &[T], code: T) -> Option<T> {
    let first = *values.iter().find(|&&value| value != code)?;
    (first == first).then(|| largest(values, first, code))
}

/// The largest of `first` and all values that are neither `code` nor NaN.
#[inline(always)]
fn largest<T: Copy + PartialOrd>(values: &[T], first: T, code: T) -> T {
    /// Enough independent maxima to fill the registers.
    const LANES: usize = 64;
    let larger = |top: T, value: T| if value > top && value != code { value } else { top };
    let mut tops = [first; LANES];
    let runs = values.chunks_exact(LANES);
    let rest = runs.remainder();
    for run in runs {
        for (top, &value) in tops.iter_mut().zip(run) {
            *top = larger(*top, value);
        }
    }
    tops.iter().chain(rest).fold(first, |top, &value| larger(top, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `packing.md` 6.2, literally.
    fn by_the_page<T: Copy + PartialOrd>(values: &mut [T], code: T) {
        let Some(start) = values.iter().position(|&value| value != code) else { return };
        let mut top = values[start];
        if top.partial_cmp(&top).is_none() {
            return;
        }
        for &value in &values[start..] {
            if value != code && value > top {
                top = value;
            }
        }
        for value in values {
            if *value == top {
                *value = code;
            }
        }
    }

    const CODES: MissingCodes = MissingCodes::DEFAULT;

    proptest! {
        #[test]
        fn reals_follow_the_page(
            values in prop::collection::vec(
                prop_oneof![any::<f32>(), Just(-1.0e38), Just(f32::NAN), Just(0.0), Just(-0.0), -2f32..2.0],
                0..300,
            ),
            code in prop_oneof![Just(-1.0e38), Just(0.0), Just(f32::NAN), Just(f32::NEG_INFINITY)],
        ) {
            let codes = MissingCodes { f32: code, f64: f64::from(code), ..CODES };
            let mut page = values.clone();
            by_the_page(&mut page, code);
            let mut ours = values.clone();
            substitute(Elements::F32(&mut ours), Missing::Codes, &codes);
            let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&ours), bits(&page));
            let mut wide: Vec<f64> = values.iter().map(|&value| value.into()).collect();
            substitute(Elements::F64(&mut wide), Missing::Codes, &codes);
            let narrow: Vec<f32> = wide.iter().map(|&value| value as f32).collect();
            prop_assert!(narrow.iter().zip(&page).all(|(a, b)| a == b || a.is_nan() && b.is_nan()));
        }

        #[test]
        fn integers_follow_the_page(
            values in prop::collection::vec(prop_oneof![any::<i8>(), Just(i8::MIN), Just(i8::MAX)], 0..300),
        ) {
            let mut page = values.clone();
            by_the_page(&mut page, CODES.i8);
            let mut ours = values.clone();
            substitute(Elements::I8(&mut ours), Missing::Nan, &CODES);
            prop_assert_eq!(ours, page);
            let mut unsigned: Vec<u8> = values.iter().map(|&value| value as u8).collect();
            let mut page = unsigned.clone();
            by_the_page(&mut page, CODES.u8);
            substitute(Elements::U8(&mut unsigned), Missing::Codes, &CODES);
            prop_assert_eq!(unsigned, page);
        }

        #[test]
        fn any_text_gives_codes(text in prop::collection::vec(any::<u8>(), 0..40), tidy in "[ +\\-.0-9eEinfa]{0,40}") {
            MissingCodes::from_text(&text);
            MissingCodes::from_text(tidy.as_bytes());
        }
    }

    #[test]
    fn nan_replaces_what_a_code_would_show() {
        let mut values = [1.0, 5.0, -1.0e38, 5.0, f32::NAN];
        substitute(Elements::F32(&mut values), Missing::Nan, &CODES);
        assert_eq!(values[0], 1.0);
        assert!(values[1..].iter().all(|value| value.is_nan()));
    }

    #[test]
    fn keep_and_64_bit_integers_change_nothing() {
        let mut values = [1.0, 5.0];
        substitute(Elements::F64(&mut values), Missing::Keep, &CODES);
        assert_eq!(values, [1.0, 5.0]);
        let mut values = [1, 5];
        substitute(Elements::I64(&mut values), Missing::Codes, &CODES);
        assert_eq!(values, [1, 5]);
    }

    #[test]
    fn codes_from_text() {
        assert_eq!(MissingCodes::from_text(b""), CODES);
        assert_eq!(MissingCodes::from_text(b"  \n"), CODES);
        let all = MissingCodes::from_text(b"-999.5 -9 9\t1e300 -32768 65535 -128 255 junk");
        let expected = MissingCodes {
            f32: -999.5,
            i32: -9,
            u32: 9,
            f64: 1e300,
            i16: i16::MIN,
            u16: u16::MAX,
            i8: i8::MIN,
            u8: u8::MAX,
        };
        assert_eq!(all, expected);
        assert_eq!(MissingCodes::from_text(b"x 1"), CODES);
        assert_eq!(MissingCodes::from_text(b"1,2"), MissingCodes { f32: 1.0, ..CODES });
        assert_eq!(MissingCodes::from_text(b"1.5 2.5 3"), MissingCodes { f32: 1.5, i32: 2, ..CODES });
        assert_eq!(
            MissingCodes::from_text(b".5e1 +7 -1"),
            MissingCodes { f32: 5.0, i32: 7, u32: u32::MAX, ..CODES }
        );
        assert_eq!(MissingCodes::from_text(b"1e+ 7"), CODES);
        assert_eq!(MissingCodes::from_text(b"0x10 5"), MissingCodes { f32: 16.0, i32: 5, ..CODES });
        assert_eq!(MissingCodes::from_text(b"-0X1.8p3 5 6 0x.4P-1").f32, -12.0);
        assert_eq!(MissingCodes::from_text(b"-0X1.8p3 5 6 0x.4P-1").f64, 0.125);
        assert_eq!(MissingCodes::from_text(b"0x1p 7"), CODES);
        assert_eq!(MissingCodes::from_text(b"0x 7"), CODES);
        assert_eq!(MissingCodes::from_text(b"0x1p99999 7").f32, f32::INFINITY);
        assert_eq!(MissingCodes::from_text(b"0x0p99999 7").f32, 0.0);
        assert_eq!(MissingCodes::from_text(b"0 7"), MissingCodes { f32: 0.0, i32: 7, ..CODES });
        assert_eq!(MissingCodes::from_text(b"1e60 99999999999999999999").f32, f32::INFINITY);
        assert_eq!(MissingCodes::from_text(b"1 99999999999999999999").i32, -1);
        assert_eq!(MissingCodes::from_text(b"-INF 5").f32, f32::NEG_INFINITY);
        assert!(MissingCodes::from_text(b"nan 5").f32.is_nan());
    }
}
