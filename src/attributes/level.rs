// SPDX-License-Identifier: MIT OR Apache-2.0
//! Level and time codes: IP1, IP2, IP3 (`format/semantics.md` section 4).
//!
//! A code packs a *kind* and a *value* ([`Level`]). Codes above 32767 are new style: a decimal mantissa and
//! exponent, any kind. Codes up to 32767 are old style: pressure, sigma, height or an arbitrary number, a
//! few digits of each. Several codes can mean the same level: compare decoded levels, not codes.

use std::fmt;
use std::ops::RangeInclusive;

/// Height above sea level, metres.
pub const HEIGHT: i32 = 0;
/// Sigma coordinate, 0 to 1.
pub const SIGMA: i32 = 1;
/// Pressure, hPa.
pub const PRESSURE: i32 = 2;
/// A number without a meaning of its own.
pub const ARBITRARY: i32 = 3;
/// Height above ground, metres.
pub const HEIGHT_ABOVE_GROUND: i32 = 4;
/// Hybrid coordinate, 0 to 1.
pub const HYBRID: i32 = 5;
/// Potential temperature, K.
pub const THETA: i32 = 6;
/// Depth below sea level, metres.
pub const DEPTH: i32 = 7;
/// Time, hours.
pub const TIME: i32 = 10;
/// Integer that is stored as it is.
pub const INTEGER: i32 = 15;
/// Index into a table.
pub const INDEX: i32 = 17;
/// Hybrid height, in metres of pressure.
pub const HYBRID_HEIGHT: i32 = 21;

/// What one code says: a level, a time or a number, depending on `kind`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// One of the constants of this module; others are without meaning and do not decode.
    pub kind: i32,
    /// In the unit of the kind.
    pub value: f32,
}

/// The natural form: value and unit, such as `500 mb`, `0.995 sg`, `10 M`; the number alone for arbitrary
/// codes. The digits are the fewest that give the value back.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = label(self.kind).trim();
        let blank = if label.is_empty() { "" } else { " " };
        write!(f, "{}{blank}{label}", self.value)
    }
}

/// Why a code has no level, or a level no code.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum LevelError {
    /// A code that means nothing.
    #[error("{ip} is not a level or time code")]
    Code {
        /// The code.
        ip: i32,
    },
    /// A kind that has no code in the style, or a value outside its range.
    #[error("no {style}-style code for value {value} of kind {kind} ({})", label(*kind).trim())]
    Value {
        /// Kind.
        kind: i32,
        /// Value, in the unit of the kind.
        value: f32,
        /// `new` or `old`.
        style: &'static str,
    },
    /// Three codes that do not go together.
    #[error("IP1, IP2, IP3 = {}, {}, {}: {reason}", ips[0], ips[1], ips[2])]
    Codes {
        /// The codes.
        ips: [i32; 3],
        /// What is wrong with them.
        reason: &'static str,
    },
    /// Three values that do not go together.
    #[error("kinds {}, {}, {}: {reason}", kinds[0], kinds[1], kinds[2])]
    Kinds {
        /// Their kinds; -1 for none.
        kinds: [i32; 3],
        /// What is wrong with them.
        reason: &'static str,
    },
}

impl From<LevelError> for crate::Error {
    fn from(error: LevelError) -> crate::Error {
        crate::Error::InvalidArgument(error.to_string())
    }
}

/// How a kind is coded in the new style (`semantics.md` 4.1, 4.2).
struct Coding {
    /// Range of values, inclusive.
    low: f32,
    high: f32,
    /// Smaller magnitudes are coded as this one; 0 for no such limit.
    smallest: f32,
    /// What codes of about the smallest magnitude decode to.
    at_smallest: f32,
    /// The coded number is the value times this.
    factor: f32,
}

impl Coding {
    const fn range(low: f32, high: f32) -> Coding {
        Coding { low, high, smallest: 0.0, at_smallest: 0.0, factor: 1.0 }
    }

    fn holds(&self, value: f32) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// The coding of the kinds that are decoded with mantissa and exponent.
#[inline]
fn coding(kind: i32) -> Option<Coding> {
    Some(match kind {
        HEIGHT | HEIGHT_ABOVE_GROUND => Coding::range(-20_000.0, 100_000.0),
        SIGMA | HYBRID => Coding::range(0.0, 1.0),
        PRESSURE => Coding::range(0.0, 1100.0),
        ARBITRARY => ARBITRARY_CODING,
        THETA => Coding { smallest: 1.0, at_smallest: 1.0, ..Coding::range(1.0, 200_000.0) },
        DEPTH => Coding::range(0.0, 20_000.0),
        TIME => Coding::range(0.0, 1e10),
        INDEX => Coding { smallest: 1.0, at_smallest: 1.0, factor: -1.0, ..Coding::range(1.0, 1e10) },
        HYBRID_HEIGHT => Coding { smallest: 1.001e-4, factor: 10_000.0, ..Coding::range(0.0, 1e6) },
        _ => return None,
    })
}

const ARBITRARY_CODING: Coding = Coding::range(-4.8e8, 1e10);

/// Largest value of [`INTEGER`].
const MAX_INTEGER: i32 = 2_000_000;

/// Mantissas above this one are negative.
const NEGATIVE: i32 = 1_000_000;

/// What the mantissa is divided by. The last one is the single-precision neighbour of 1e11.
const DIVISORS: [f64; 16] =
    [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 99_999_997_952.0];

/// The two characters that stand for a kind (`semantics.md` 4.1): `??` for kinds without a meaning, `!!`
/// outside 0 to 31.
pub fn label(kind: i32) -> &'static str {
    match kind {
        HEIGHT => " m",
        SIGMA => "sg",
        PRESSURE => "mb",
        ARBITRARY => "  ",
        HEIGHT_ABOVE_GROUND => " M",
        HYBRID => "hy",
        THETA => "th",
        DEPTH => "m-",
        TIME => " H",
        INTEGER => "_0",
        INDEX => "[]",
        HYBRID_HEIGHT => "mp",
        31 => "_1",
        _ if (0..=31).contains(&kind) => "??",
        _ => "!!",
    }
}

/// Whether a kind is a level: not a time, an index or an integer (`semantics.md` 4.1).
pub fn is_level(kind: i32) -> bool {
    matches!(kind, HEIGHT..=DEPTH | HYBRID_HEIGHT)
}

/// Whether codes of that kind decode.
pub fn is_kind(kind: i32) -> bool {
    kind == INTEGER || coding(kind).is_some()
}

/// Ranges of codes outside of which none decodes to the kind (`semantics.md` 4.2, 4.3).
pub(crate) fn codes_within(kind: i32) -> Vec<RangeInclusive<u32>> {
    let mut ranges = match kind {
        PRESSURE => vec![0..=1099, 1201..=1999],
        ARBITRARY => vec![1100..=1200, 32_001..=32_767],
        SIGMA => vec![2000..=12_000],
        HEIGHT => vec![12_001..=32_000],
        _ => Vec::new(),
    };
    // Four bits of the kind are stored.
    let first = (kind as u32 & 15) << 24;
    ranges.push(first..=first | 0xFF_FFFF);
    ranges
}

/// The level or time of a code of either style (`semantics.md` 4.2, 4.3). Old style is an IP1 here: an IP2
/// up to 32767 is hours, see [`decode_time`]. Negative codes are arbitrary numbers.
///
/// An error for codes of kinds without a meaning, or with a value outside the range of their kind.
#[inline]
pub fn decode(ip: i32) -> Result<Level, LevelError> {
    let level = if ip > 32_767 { decode_new_style(ip) } else { Some(decode_old_style(ip)) };
    level.ok_or(LevelError::Code { ip })
}

/// The time, in hours, of an IP2: up to 32767 the hours themselves, a code of kind [`TIME`] above
/// (`semantics.md` 4.7). An error for negative codes, and for codes of other kinds.
pub fn decode_time(ip2: i32) -> Result<Level, LevelError> {
    let level = if ip2 > 32_767 { decode(ip2)? } else { Level { kind: TIME, value: ip2 as f32 } };
    if level.kind == TIME && ip2 >= 0 { Ok(level) } else { Err(LevelError::Code { ip: ip2 }) }
}

fn decode_new_style(ip: i32) -> Option<Level> {
    let mut kind = (ip >> 24) & 15;
    if kind == INTEGER {
        let value = ip & 0xFF_FFFF;
        let whole = ip >> 24 == INTEGER && value <= MAX_INTEGER;
        return if whole { Some(Level { kind, value: value as f32 }) } else { None };
    }
    let mut mantissa = ip & 0xF_FFFF;
    if mantissa > NEGATIVE {
        mantissa = NEGATIVE - mantissa;
    }
    let number = (f64::from(mantissa) / DIVISORS[(ip >> 20 & 15) as usize]) as f32;
    // Four bits of the kind are stored; a value out of the range of one kind is one of the kind 16 above.
    loop {
        let coding = coding(kind)?;
        let value = number / coding.factor;
        if coding.holds(value) {
            let tiny = value.abs() < 1.001 * coding.smallest;
            return Some(Level { kind, value: if tiny { coding.at_smallest } else { value } });
        }
        kind += 16;
    }
}

fn decode_old_style(ip: i32) -> Level {
    let pressure = |from: i32, steps: f64| (PRESSURE, (f64::from(ip - from) / steps) as f32);
    let (kind, value) = match ip {
        0..=1099 => (PRESSURE, ip as f32),
        1100..=1200 => (ARBITRARY, (1200 - ip) as f32),
        1201..=1399 => pressure(1200, 20_000.0),
        1400..=1599 => pressure(1400, 2000.0),
        1600..=1799 => pressure(1600, 200.0),
        1800..=1999 => pressure(1800, 20.0),
        2000..=12_000 => (SIGMA, (ip - 2000) as f32 / 10_000.0),
        12_001..=32_000 => (HEIGHT, (5 * (ip - 12_001)) as f32),
        _ => (ARBITRARY, ip as f32),
    };
    Level { kind, value }
}

/// The new-style code of a level or time (`semantics.md` 4.4). It keeps six significant digits, 4.7 if the
/// value is negative. Pressure 0 is code 0.
///
/// An error if the kind has no code or the value is not within its range. Kinds without a meaning are coded
/// in the range of [`ARBITRARY`], though such codes do not decode as they were.
pub fn encode(level: Level) -> Result<i32, LevelError> {
    let Level { kind, value } = level;
    encode_new_style(kind, value).ok_or(LevelError::Value { kind, value, style: "new" })
}

/// Whether [`encode`] has codes for the kind.
fn is_encodable(kind: i32) -> bool {
    (0..31).contains(&kind)
}

fn encode_new_style(kind: i32, value: f32) -> Option<i32> {
    if !is_encodable(kind) {
        return None;
    }
    if kind == INTEGER {
        let whole = value.round();
        let fits = (0.0..=MAX_INTEGER as f32).contains(&whole);
        return if fits { Some((INTEGER << 24) + whole as i32) } else { None };
    }
    let coding = coding(kind).unwrap_or(ARBITRARY_CODING);
    if !coding.holds(value) {
        return None;
    }
    if kind == PRESSURE && value == 0.0 {
        return Some(0);
    }
    let magnitude = if value.abs() < coding.smallest { coding.smallest } else { value };
    let number = f64::from(magnitude) * f64::from(coding.factor);
    let (mut number, high, low, offset) =
        if number >= 0.0 { (number, 1e6, 1e5, 0) } else { (-number, 48_000.0, 4800.0, NEGATIVE) };
    let mut exponent = 4;
    while 0 < exponent && exponent < 15 {
        if number >= high {
            number /= 10.0;
            exponent -= 1;
        } else if number < low {
            number *= 10.0;
            exponent += 1;
        } else {
            break;
        }
    }
    if number > high {
        return None;
    }
    Some(((kind & 15) << 24) + (exponent << 20) + offset + number.round() as i32)
}

/// The old-style code of a level (`semantics.md` 4.5): sigma to 0.0001, height in steps of 5 m clamped to 0
/// … 99995 m, pressure below 1100 hPa to 0.05 of its decade below 10 and to 1 above, arbitrary numbers from
/// 0 to 100.
///
/// An error for other kinds and values. Pressures below 0.001 hPa become 0. Pressures within half a step
/// below 1100, 10, 1, 0.1 or 0.01 hPa round up to a code of the next table, which decodes to something
/// else: encode them in the new style.
pub fn encode_old_style(level: Level) -> Result<i32, LevelError> {
    let Level { kind, value } = level;
    let code = match kind {
        // NaN is no number of metres.
        HEIGHT if !value.is_nan() => Some(((value / 5.0 + 12_001.0).round() as i32).clamp(12_001, 32_000)),
        SIGMA if (0.0..=1.0).contains(&value) => Some((value * 10_000.0).round() as i32 + 2000),
        PRESSURE if (0.0..1100.0).contains(&value) => Some(encode_old_pressure(value)),
        ARBITRARY if (0.0..=100.0).contains(&value.round()) => Some(1200 - value.round() as i32),
        _ => None,
    };
    code.ok_or(LevelError::Value { kind, value, style: "old" })
}

fn encode_old_pressure(value: f32) -> i32 {
    let steps = |per_unit: f32| (per_unit * value).round() as i32;
    if value >= 9.99999 {
        steps(1.0)
    } else if value >= 0.999_999 {
        1800 + steps(20.0)
    } else if value >= 0.099_999_9 {
        1600 + steps(200.0)
    } else if value >= 0.009_999_99 {
        1400 + steps(2000.0)
    } else if value >= 0.000_999_999 {
        1200 + steps(20_000.0)
    } else {
        0
    }
}

/// The codes, of both styles, that mean what `ip` means: the canonical new-style code and, for the kinds that have one,
/// the old-style code (`semantics.md` 5.5). None for a code that means nothing.
pub fn encodings(ip: i32) -> impl Iterator<Item = i32> {
    let level = decode(ip).ok();
    let new_style = level.and_then(|level| encode(level).ok());
    let old_style = level.filter(|level| level.kind < 4).and_then(|level| encode_old_style(level).ok());
    new_style.into_iter().chain(old_style)
}

/// A code as listings print it, always 15 characters (`semantics.md` 4.6): number, blank, label; `Invalid`
/// for codes that do not decode, blank for negative codes and 32001 to 32767. See [`Level`] for the natural
/// form.
pub fn format_code(ip: i32) -> String {
    let text = match decode(ip) {
        Err(_) => "Invalid".to_owned(),
        Ok(level) if ip > 32_767 => format!("{} {}", format_number(level.value), label(level.kind)),
        Ok(_) if !(0..=32_000).contains(&ip) => String::new(),
        Ok(Level { kind: HEIGHT, value }) => format!("{value:6.0} m"),
        Ok(Level { kind: ARBITRARY, value }) => format!("{value:6.0}"),
        Ok(Level { kind: SIGMA, value }) => format!("{} sg", fixed(value, 6, 4)),
        Ok(Level { value, .. }) => {
            let digits = match ip {
                1201..=1399 => 5,
                1400..=1599 => 4,
                1600..=1799 => 3,
                1800..=1999 => 2,
                _ => 0,
            };
            format!("{} mb", fixed(value, 6, digits))
        }
    };
    format!("{text:15}")
}

/// `value` in at most 12 characters (`semantics.md` 4.6).
fn format_number(value: f32) -> String {
    let magnitude = value.abs();
    if value != 0.0 && !(1e-4..1e12).contains(&magnitude) {
        return scientific(value);
    }
    if value.fract() == 0.0 && magnitude < 1e9 {
        return (value as i32).to_string();
    }
    let mut before = 0;
    let mut scaled = magnitude;
    while scaled >= 1.0 {
        scaled *= 0.1;
        before += 1;
    }
    let after = if before > 0 {
        6usize.saturating_sub(before)
    } else {
        let mut digits = 5;
        while scaled < 1.0 && digits < 9 {
            scaled *= 10.0;
            digits += 1;
        }
        digits
    };
    if before + after + 2 > 12 {
        return scientific(value);
    }
    let mut text = fixed(value, before + after + 2, after);
    if after == 0 {
        // As Fortran writes it; the field has room for the point.
        text = format!("{:>width$}", format!("{}.", text.trim_start()), width = before + 2);
    }
    while text.len() > 4 && text.ends_with('0') {
        text.pop();
    }
    match text.strip_prefix(' ') {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// `0.dddddd`, `E`, sign and two digits, 12 characters; the leading 0 gives way to a minus sign.
fn scientific(value: f32) -> String {
    let text = format!("{:.5e}", value.abs());
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or(0) + 1;
    let (lead, sign) = (if value < 0.0 { "-" } else { "0" }, if exponent < 0 { '-' } else { '+' });
    format!("{lead}.{}E{sign}{:02}", digits.replacen('.', "", 1), exponent.abs())
}

/// `value` with `after` decimals, right-aligned; the 0 before the point goes if the field is too narrow for
/// it.
fn fixed(value: f32, width: usize, after: usize) -> String {
    let text = format!("{value:width$.after$}");
    if text.len() <= width {
        return text;
    }
    match text.strip_prefix('-') {
        Some(rest) => rest.strip_prefix('0').map(|rest| format!("-{rest}")),
        None => text.strip_prefix('0').map(str::to_owned),
    }
    .unwrap_or(text)
}

/// Flag of a status: an old-style IP1, or an IP2 of plain hours, taken for what it usually means.
pub const GOOD_GUESS: u32 = 2;
/// Flag of a status: an old-style IP3, which has no meaning of its own.
pub const TERRIBLE_GUESS: u32 = 8;
/// Flag of a status: a level where a time is expected, or the two exchanged.
pub const WARNING: u32 = 32;

/// What the three codes of a record say together (`semantics.md` 4.8).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triplet {
    /// A level; usually a time; anything. The second and third are exchanged if the first two codes are a
    /// pair of levels and the third is a time; pairs are ordered, see [`decode_triplet`].
    pub values: [Level; 3],
    /// Sum of [`GOOD_GUESS`], [`TERRIBLE_GUESS`] and [`WARNING`]; 0 if nothing had to be guessed.
    pub status: u32,
}

/// Decodes IP1, IP2 and IP3 together (`semantics.md` 4.8): IP1 a level, IP2 a time (plain hours or coded),
/// IP3 anything, an old-style one being an arbitrary number. A time in IP1 is exchanged with IP2.
///
/// Two levels of one kind (first and third value) come in the order of the kind: upwards for heights,
/// downwards for sigma, pressure and depth, as they are for the others. Two times (second and third) come
/// with the later first.
///
/// An error for negative and undecodable codes, for an IP1 that is no level and an IP2 that is neither time
/// nor level.
pub fn decode_triplet(ip1: i32, ip2: i32, ip3: i32) -> Result<Triplet, LevelError> {
    let codes = |reason| LevelError::Codes { ips: [ip1, ip2, ip3], reason };
    if ip1 < 0 || ip2 < 0 || ip3 < 0 {
        return Err(codes("a negative code"));
    }
    let mut status = 0;
    let (mut level_code, mut time_code) = (ip1, ip2);
    let mut first = decode(level_code)?;
    if first.kind == TIME {
        (level_code, time_code) = (ip2, ip1);
        first = decode(level_code)?;
        status |= WARNING;
    }
    if !is_level(first.kind) {
        return Err(codes("neither IP1 nor, with a time in IP1, IP2 is a level"));
    }
    if level_code <= 32_767 {
        status |= GOOD_GUESS;
    }
    let second = if time_code <= 32_767 {
        status |= GOOD_GUESS;
        Level { kind: TIME, value: time_code as f32 }
    } else {
        decode(time_code)?
    };
    if is_level(second.kind) {
        status |= WARNING;
    } else if second.kind != TIME {
        return Err(codes("IP2 is neither a time nor a level"));
    }
    let (third, guess) = decode_third(ip3)?;
    let mut values = [first, second, third];
    arrange(&mut values);
    order_levels(&mut values);
    if values[1].kind == TIME && values[2].kind == TIME && values[1].value < values[2].value {
        values.swap(1, 2);
    }
    Ok(Triplet { values, status: status | guess })
}

/// Encodes three values as IP1, IP2 and IP3, in the new style (`semantics.md` 4.8), arranged and ordered as
/// [`decode_triplet`] has them. The second number is the status: [`WARNING`] if the second value is a
/// level.
///
/// An error if the first value is no level, the second neither time nor level, or one of them has no code.
pub fn encode_triplet(values: [Level; 3]) -> Result<([i32; 3], u32), LevelError> {
    let kinds = values.map(|level| level.kind);
    let status = match kinds[1] {
        _ if !is_level(kinds[0]) => {
            return Err(LevelError::Kinds { kinds, reason: "the first is not a level" });
        }
        TIME => 0,
        kind if is_level(kind) => WARNING,
        _ => return Err(LevelError::Kinds { kinds, reason: "the second is neither a time nor a level" }),
    };
    let mut values = values;
    if arrange(&mut values) {
        order_levels(&mut values);
    } else if kinds[1] == TIME && kinds[2] == TIME && values[1].value < values[2].value {
        values.swap(1, 2);
    }
    Ok(([encode(values[0])?, encode(values[1])?, encode(values[2])?], status))
}

/// Two levels and a time: puts the time second. Whether it did.
fn arrange(values: &mut [Level; 3]) -> bool {
    let is_pair = values[0].kind == values[1].kind && values[2].kind == TIME;
    if is_pair {
        values.swap(1, 2);
    }
    is_pair
}

/// Puts first and third value in the order of their kind, if they are of one kind.
fn order_levels(values: &mut [Level; 3]) {
    let [first, _, third] = values;
    if third.kind == first.kind && is_out_of_order(first.kind, first.value, third.value) {
        std::mem::swap(first, third);
    }
}

/// Whether two bounds of a kind should be exchanged (`semantics.md` 4.1, 4.8). Kinds without a direction,
/// never.
fn is_out_of_order(kind: i32, first: f32, second: f32) -> bool {
    match kind {
        HEIGHT | HEIGHT_ABOVE_GROUND | HYBRID_HEIGHT => first > second,
        SIGMA | PRESSURE | DEPTH => first < second,
        _ => false,
    }
}

/// An IP3 that is not negative, and the guess that it takes.
fn decode_third(ip3: i32) -> Result<(Level, u32), LevelError> {
    if ip3 <= 32_767 {
        Ok((Level { kind: ARBITRARY, value: ip3 as f32 }, TERRIBLE_GUESS))
    } else {
        Ok((decode(ip3)?, 0))
    }
}

/// Two bounds of one kind; equal if there is no interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Kind of both.
    pub kind: i32,
    /// The earlier time, the lower level; for kinds without a direction as coded.
    pub first: f32,
    /// The later time, the upper level.
    pub second: f32,
}

impl Bounds {
    fn point(level: Level) -> Bounds {
        Bounds { kind: level.kind, first: level.value, second: level.value }
    }

    fn is_interval(self) -> bool {
        self.first != self.second
    }
}

/// What the three codes of a record say, a pair of them taken as an interval (`semantics.md` 4.9).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Level, or interval of levels: upwards in space, so that pressures decrease.
    pub level: Bounds,
    /// Time, or interval of times, in hours: the earlier first.
    pub time: Bounds,
    /// What IP3 says if it is not the end of an interval.
    pub third: Option<Bounds>,
    /// Sum of [`GOOD_GUESS`] and [`TERRIBLE_GUESS`]; 0 if nothing had to be guessed.
    pub status: u32,
}

/// Decodes IP1 (a level), IP2 (a time) and IP3 (`semantics.md` 4.9). If IP3 is a time it is the other end
/// of the interval of time; if it is a level of the kind of IP1, the other end of the interval of levels.
/// An old-style IP3 is a number and the end of nothing.
///
/// An error for negative and undecodable codes, for an IP1 that is no level and an IP2 that is no time.
pub fn decode_interval(ip1: i32, ip2: i32, ip3: i32) -> Result<Interval, LevelError> {
    let codes = |reason| LevelError::Codes { ips: [ip1, ip2, ip3], reason };
    if ip1 < 0 || ip2 < 0 || ip3 < 0 {
        return Err(codes("a negative code"));
    }
    let first = decode(ip1)?;
    if !is_level(first.kind) {
        return Err(codes("IP1 is not a level"));
    }
    let second = decode_time(ip2)?;
    let (third, guess) = decode_third(ip3)?;
    let status = if ip1 <= 32_767 || ip2 <= 32_767 { GOOD_GUESS | guess } else { guess };
    let (level, time) = (Bounds::point(first), Bounds::point(second));
    if third.kind == TIME {
        let (first, second) = (second.value.min(third.value), second.value.max(third.value));
        return Ok(Interval { level, time: Bounds { kind: TIME, first, second }, third: None, status });
    }
    if third.kind == first.kind && guess == 0 {
        let level = ordered(Bounds { kind: first.kind, first: first.value, second: third.value });
        return Ok(Interval { level, time, third: None, status });
    }
    Ok(Interval { level, time, third: Some(Bounds::point(third)), status })
}

/// Encodes a level and a time, one of which may be an interval, as IP1, IP2 and IP3 in the new style
/// (`semantics.md` 4.9). The second bound of a level interval, or the earlier time, is IP3. Without an
/// interval IP3 is the first bound of `third`.
///
/// An error if `level` is no level or `time` no time, if two of level interval, time interval and `third`
/// compete for IP3 or there is none of them, or if a value has no code.
pub fn encode_interval(level: Bounds, time: Bounds, third: Option<Bounds>) -> Result<[i32; 3], LevelError> {
    let kinds = [level.kind, time.kind, third.map_or(-1, |bounds| bounds.kind)];
    let refuse = |reason| Err(LevelError::Kinds { kinds, reason });
    if !is_level(level.kind) {
        return refuse("the first is not a level");
    }
    if time.kind != TIME {
        return refuse("the second is not a time");
    }
    let level = ordered(level);
    let later = time.first.max(time.second);
    let (kind, value) = match (level.is_interval(), time.is_interval(), third) {
        (true, false, None) => (level.kind, level.second),
        (false, true, None) => (TIME, time.first.min(time.second)),
        (false, false, Some(third)) => (third.kind, third.first),
        (false, false, None) => return refuse("without an interval IP3 needs a value"),
        _ => return refuse("IP3 can hold the end of one interval, or a value"),
    };
    Ok([
        encode(Level { kind: level.kind, value: level.first })?,
        encode(Level { kind: TIME, value: later })?,
        encode(Level { kind, value })?,
    ])
}

/// Bounds in the order of their kind.
fn ordered(bounds: Bounds) -> Bounds {
    if is_out_of_order(bounds.kind, bounds.first, bounds.second) {
        Bounds { kind: bounds.kind, first: bounds.second, second: bounds.first }
    } else {
        bounds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pressure(value: f32) -> Level {
        Level { kind: PRESSURE, value }
    }

    #[test]
    fn no_code_of_a_kind_is_left_out() {
        // Every old-style code; of new-style ones every exponent with a few mantissas.
        let new_style = (0..1 << 28).step_by(0x1_0F3B);
        for ip in (0..=32_767).chain(new_style) {
            if let Ok(level) = decode(ip) {
                let ranges = codes_within(level.kind);
                assert!(ranges.iter().any(|range| range.contains(&(ip as u32))), "{ip} {level:?}");
            }
        }
    }

    #[test]
    fn natural_form_is_value_and_unit() {
        let natural = |ip| decode(ip).map(|level| level.to_string());
        assert_eq!(natural(41_394_464), Ok("500 mb".to_owned()));
        assert_eq!(natural(850), Ok("850 mb".to_owned()));
        assert_eq!(natural(11_950), Ok("0.995 sg".to_owned()));
        assert_eq!(natural(75_597_472), Ok("10 M".to_owned()));
        assert_eq!(natural(177_809_344), Ok("6 H".to_owned()));
        assert_eq!(natural(1195), Ok("5".to_owned()));
    }

    #[test]
    fn numbers_print_as_the_examples_of_the_page() {
        for (value, text) in [
            (0.5, "0.50"),
            (-0.5, "-.50"),
            (0.1, "0.10"),
            (0.001, "0.001"),
            (1.5, "1.5"),
            (0.999_999_9, "1.00"),
            (100.001, "100.001"),
            (123_456.7, "123457."),
            (0.123_456, "0.123456"),
            (1e-5, "0.100000E-04"),
            (-1.234_567e-5, "-.123457E-04"),
            // Halves to even, powers of ten, and both ends of the plain integers.
            (100_000.5, "100000."),
            (100_001.5, "100002."),
            (9.999_999e-5, "0.100000E-03"),
            (999_999_936.0, "999999936"),
            (1e9, "1000000000."),
            (0.0, "0"),
        ] {
            assert_eq!(format_number(value), text);
        }
    }

    #[test]
    fn invalid_codes_are_errors_that_name_the_values() {
        let invalid = Err(LevelError::Code { ip: 138_512_032 });
        assert_eq!(decode(138_512_032), invalid);
        assert_eq!(format_code(138_512_032), "Invalid        ");
        let error = encode(Level { kind: SIGMA, value: 1.5 }).unwrap_err();
        assert_eq!(error.to_string(), "no new-style code for value 1.5 of kind 1 (sg)");
        assert_eq!(encode(Level { kind: HEIGHT, value: f32::NAN }).ok(), None);
        assert_eq!(encode_old_style(Level { kind: HEIGHT, value: f32::NAN }).ok(), None);
        assert_eq!(encode_old_style(Level { kind: ARBITRARY, value: f32::NAN }).ok(), None);
        assert_eq!(encode(Level { kind: INTEGER, value: f32::NAN }).ok(), None);
    }

    #[test]
    fn plain_and_coded_times_are_hours() {
        assert_eq!(decode_time(48), Ok(Level { kind: TIME, value: 48.0 }));
        assert_eq!(decode_time(177_809_344), Ok(Level { kind: TIME, value: 6.0 }));
        assert!(decode_time(-1).is_err());
        assert!(decode_time(41_394_464).is_err());
    }

    #[test]
    fn an_interval_of_any_kind_of_level_survives() {
        let time = Bounds { kind: TIME, first: 6.0, second: 6.0 };
        for kind in (HEIGHT..=DEPTH).chain([HYBRID_HEIGHT]) {
            // A tenth and one: within the range of every kind, but for temperatures.
            let scale = if kind == THETA { 10.0 } else { 1.0 };
            let level = ordered(Bounds { kind, first: 0.5 * scale, second: scale });
            let ips = encode_interval(level, time, None).unwrap();
            let interval = decode_interval(ips[0], ips[1], ips[2]);
            assert_eq!(interval, Ok(Interval { level, time, third: None, status: 0 }));
        }
    }

    #[test]
    fn accumulations_decode_from_the_start_to_the_end() {
        let level = Bounds { kind: SIGMA, first: 1.0, second: 1.0 };
        let time = Bounds { kind: TIME, first: 6.0, second: 12.0 };
        let ips = encode_interval(level, time, None).unwrap();
        assert_eq!(decode_time(ips[1]).map(|level| level.value), Ok(12.0));
        let interval = decode_interval(ips[0], ips[1], ips[2]);
        assert_eq!(interval, Ok(Interval { level, time, third: None, status: 0 }));
    }

    #[test]
    fn plain_third_codes_bound_nothing() {
        let interval = decode_interval(1195, 6, 0).unwrap();
        assert_eq!(interval.level, Bounds { kind: ARBITRARY, first: 5.0, second: 5.0 });
        assert_eq!(interval.third, Some(Bounds { kind: ARBITRARY, first: 0.0, second: 0.0 }));
        assert_eq!(interval.status, GOOD_GUESS | TERRIBLE_GUESS);
    }

    #[test]
    fn every_old_code_comes_back() {
        for ip in 0..=32_000 {
            let level = decode(ip).unwrap();
            if level.kind == PRESSURE && level.value < 0.001 {
                assert_eq!(encode_old_style(level), Ok(0));
                continue;
            }
            let code = encode_old_style(level).unwrap();
            assert_eq!(decode(code), Ok(level), "{ip}");
        }
    }

    #[test]
    fn pressures_have_the_codes_of_their_decade() {
        for (value, ip) in [(500.0, 500), (5.0, 1900), (0.5, 1700), (0.05, 1500), (0.005, 1300), (0.0, 0)] {
            assert_eq!(encode_old_style(pressure(value)), Ok(ip));
            assert_eq!(decode(ip), Ok(pressure(value)));
        }
    }

    proptest! {
        #[test]
        fn six_digits_survive(kind in prop_oneof![0..=7, Just(TIME)], digits in 1..1_000_000, exponent in -9..6) {
            let value: f32 = format!("{digits}e{exponent}").parse().unwrap();
            let level = Level { kind, value };
            // Below, the exponent is 15 and its odd divisor changes the last bits; theta rounds near 1.
            if value >= 1e-5 && (kind != THETA || value >= 1.001)
                && let Ok(ip) = encode(level) {
                    prop_assert_eq!(decode(ip), Ok(level));
                }
        }

        #[test]
        fn any_code_decodes_or_is_an_error(ip: i32) {
            let text = format_code(ip);
            prop_assert!(text.len() == 15 && text.is_ascii());
            if let Ok(level) = decode(ip) {
                prop_assert!(level.value.is_finite());
                prop_assert!(!level.to_string().is_empty());
            }
            let _ = decode_time(ip);
        }

        #[test]
        fn any_value_encodes_or_is_an_error(kind: i32, known in 0..32, bits: u32) {
            for kind in [kind, known] {
                let level = Level { kind, value: f32::from_bits(bits) };
                for ip in [encode(level), encode_old_style(level)].into_iter().flatten() {
                    prop_assert!((0..1 << 28).contains(&ip));
                }
                let bounds = Bounds { kind, first: level.value, second: 1.0 };
                let _ = (encode_triplet([level; 3]), encode_interval(bounds, bounds, Some(bounds)));
            }
        }

        #[test]
        fn any_three_codes_decode_or_are_an_error(ip1: i32, ip2: i32, ip3: i32, mask in 0..1 << 28) {
            for ips in [[ip1, ip2, ip3], [ip1 & mask, ip2 & mask, ip3 & mask]] {
                let _ = (decode_triplet(ips[0], ips[1], ips[2]), decode_interval(ips[0], ips[1], ips[2]));
            }
        }
    }
}
