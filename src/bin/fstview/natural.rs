// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates, levels, numbers and strings as people write and read them.

use std::str::FromStr;

use fstview::attributes::date::{self, CalendarDate, UNKNOWN_STAMP};
use fstview::attributes::level::{self, Level};
use fstview::container::Attributes;

/// A string of the directory without trailing blanks, for people. The grid type is any byte, shown as text only where
/// it can be printed.
pub fn text(padded: &[u8]) -> String {
    let padded = trimmed(padded);
    padded.iter().map(|byte| if (b' '..0x7F).contains(byte) { *byte as char } else { '?' }).collect()
}

/// A string of the directory without trailing blanks, for programs: what the C ABI gives.
pub fn string(padded: &[u8]) -> String {
    trimmed(padded).iter().map(|byte| if byte.is_ascii() { *byte as char } else { '?' }).collect()
}

fn trimmed(padded: &[u8]) -> &[u8] {
    let len = padded.iter().rposition(|byte| *byte != b' ' && *byte != 0).map_or(0, |last| last + 1);
    &padded[..len]
}

/// The date of validity; none when the stamp is no date.
pub fn valid(attributes: &Attributes) -> Option<CalendarDate> {
    CalendarDate::from_stamp(attributes.datev).ok()
}

/// The date of origin; none when it cannot be told (`semantics.md` 3.9).
pub fn origin(attributes: &Attributes) -> Option<CalendarDate> {
    let valid = valid(attributes)?;
    let Attributes { dateo, deet, npas, .. } = *attributes;
    // The stamp that stands for no answer is a date as well: only if it leads to the date of validity is it meant.
    if dateo == UNKNOWN_STAMP && CalendarDate::from_stamp(date::datev(dateo, deet, npas)) != Ok(valid) {
        return None;
    }
    CalendarDate::from_stamp(dateo).ok()
}

/// A date as JSON has it.
pub fn iso(date: CalendarDate) -> String {
    let CalendarDate { year, month, day, hour, minute, second } = date;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A date as listings have it, `YYYYMMDD HHMMSS`; dashes for none.
pub fn compact(date: Option<CalendarDate>) -> String {
    match date {
        None => "-------- ------".to_owned(),
        Some(CalendarDate { year, month, day, hour, minute, second }) => {
            format!("{year:04}{month:02}{day:02} {hour:02}{minute:02}{second:02}")
        }
    }
}

/// Whether the ip1 of a record is a tag and no level (`semantics.md` 9.2).
fn is_tag(attributes: &Attributes) -> bool {
    matches!(attributes.nomvar[0], b'<' | b'>' | b'!' | b'^')
}

/// The level of a record; none when its ip1 is a tag or means nothing.
pub fn level(attributes: &Attributes) -> Option<Level> {
    if is_tag(attributes) {
        return None;
    }
    level::decode(attributes.ip[0] as i32).ok()
}

/// The level column of listings: 15 characters, numbers above each other whether a unit follows or not.
pub fn level_column(attributes: &Attributes) -> String {
    if is_tag(attributes) {
        return format!("{:>15}", "-----");
    }
    let text = level::format_code(attributes.ip[0] as i32);
    let text = text.trim();
    let number_alone =
        !text.contains(' ') && text.ends_with(|last: char| last.is_ascii_digit() || last == '.');
    if number_alone { format!("{text:>12}   ") } else { format!("{text:>15}") }
}

/// A level that somebody asks for, such as `500hPa`.
#[derive(Clone, Copy, Debug)]
pub struct WantedLevel(Level);

impl WantedLevel {
    /// Whether a record is at that level, whichever way its ip1 is coded.
    pub fn matches(self, attributes: &Attributes) -> bool {
        // Codes have six digits.
        const TOLERANCE: f32 = 5e-7;
        level(attributes).is_some_and(|found| {
            let distance = (found.value - self.0.value).abs();
            found.kind == self.0.kind && distance <= TOLERANCE * self.0.value.abs()
        })
    }
}

impl FromStr for WantedLevel {
    type Err = String;

    fn from_str(text: &str) -> Result<WantedLevel, String> {
        let text = text.trim();
        let (value, unit) = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .rev()
            .find_map(|at| Some((text[..at].parse::<f32>().ok()?, text[at..].trim())))
            .ok_or("expected a number and a unit, such as 500hPa, 0.995hy or 10M")?;
        let (kind, value) = match unit {
            "m" | "mASL" => (level::HEIGHT, value),
            "M" | "mAGL" => (level::HEIGHT_ABOVE_GROUND, value),
            "sg" | "sigma" => (level::SIGMA, value),
            "hPa" | "hpa" | "mb" => (level::PRESSURE, value),
            "Pa" => (level::PRESSURE, value / 100.0),
            "" => (level::ARBITRARY, value),
            "hy" | "hybrid" => (level::HYBRID, value),
            "th" | "K" => (level::THETA, value),
            "m-" => (level::DEPTH, value),
            "H" | "h" => (level::TIME, value),
            "_0" => (level::INTEGER, value),
            "[]" => (level::INDEX, value),
            "mp" => (level::HYBRID_HEIGHT, value),
            _ => {
                return Err(format!(
                    "unknown unit {unit:?}: expected hPa, mb or Pa (pressure), sg (sigma), hy (hybrid), m (above sea \
                     level), M (above ground), m- (depth), th or K (theta), H (hours), mp, [], _0, or none (arbitrary \
                     code)"
                ));
            }
        };
        let level = Level { kind, value };
        let coded = level::encode(level).and_then(level::decode).map_err(|error| error.to_string())?;
        Ok(WantedLevel(coded))
    }
}

/// A date that somebody asks for, as far as it was given: a day, an hour, a minute or a second.
#[derive(Clone, Copy, Debug)]
pub struct WantedDate {
    date: CalendarDate,
    /// Of hour, minute and second, how many were given.
    given: usize,
}

impl WantedDate {
    /// Whether a date is that one.
    pub fn matches(self, date: Option<CalendarDate>) -> bool {
        let day = |date: CalendarDate| [date.year, date.month, date.day];
        let time = |date: CalendarDate| [date.hour, date.minute, date.second];
        date.is_some_and(|date| {
            day(date) == day(self.date) && time(date)[..self.given] == time(self.date)[..self.given]
        })
    }
}

impl FromStr for WantedDate {
    type Err = String;

    fn from_str(text: &str) -> Result<WantedDate, String> {
        let wrong = || "expected a date such as 2024-01-15, 2024-01-15T12:00 or 20240115.1200".to_owned();
        let text = text.trim();
        let text = text.strip_suffix('Z').unwrap_or(text);
        let (day, time) = text.split_once(['T', ' ', '.']).unwrap_or((text, ""));
        let pairs = |text: &str| -> Option<Vec<i32>> {
            text.as_bytes()
                .chunks(2)
                .map(|pair| match pair {
                    [a @ b'0'..=b'9', b @ b'0'..=b'9'] => {
                        Some(i32::from(a - b'0') * 10 + i32::from(b - b'0'))
                    }
                    _ => None,
                })
                .collect()
        };
        let day = match day.as_bytes() {
            [_, _, _, _, b'-', _, _, b'-', _, _] => day.replace('-', ""),
            _ => day.to_owned(),
        };
        let time = match time.as_bytes() {
            [_, _, b':', _, _] | [_, _, b':', _, _, b':', _, _] => time.replace(':', ""),
            _ => time.to_owned(),
        };
        let (Some(day), Some(time)) = (pairs(&day), pairs(&time)) else { return Err(wrong()) };
        let [century, year, month, day] = day[..] else { return Err(wrong()) };
        if time.len() > 3 {
            return Err(wrong());
        }
        let part = |index: usize| time.get(index).copied().unwrap_or(0);
        let date = CalendarDate {
            year: 100 * century + year,
            month,
            day,
            hour: part(0),
            minute: part(1),
            second: part(2),
        };
        // Only dates that exist have a printable form.
        date.printable().map_err(|_| format!("{date} does not exist"))?;
        Ok(WantedDate { date, given: time.len() })
    }
}

/// Seven significant digits, fixed or scientific, whichever is shorter; without trailing zeros.
pub fn general(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let scientific = format!("{value:.6e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let shortened = |digits: &str| -> String {
        if digits.contains('.') {
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            digits.to_owned()
        }
    };
    match exponent {
        -5..=6 => shortened(&format!("{value:.*}", (6 - exponent) as usize)),
        _ => format!("{}e{exponent:+03}", shortened(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_read_with_their_units() {
        for (text, kind, value) in [
            ("500hPa", 2, 500.0),
            ("500 mb", 2, 500.0),
            ("50000Pa", 2, 500.0),
            ("1e3hPa", 2, 1000.0),
            ("0.995hy", 5, 0.995),
            ("10M", 4, 10.0),
            ("10m", 0, 10.0),
            ("-5m", 0, -5.0),
            ("5 m-", 7, 5.0),
            ("350K", 6, 350.0),
            ("12", 3, 12.0),
        ] {
            let WantedLevel(level) = text.parse().unwrap();
            assert_eq!((level.kind, level.value), (kind, value), "{text}");
        }
        for text in ["", "hPa", "500 furlongs", "5000hPa", "inf", "nanhPa"] {
            assert!(text.parse::<WantedLevel>().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_match_as_far_as_they_are_given() {
        let noon = CalendarDate { year: 2024, month: 1, day: 15, hour: 12, minute: 0, second: 0 };
        for text in [
            "2024-01-15",
            "20240115",
            "2024-01-15T12",
            "2024-01-15T12:00",
            "2024-01-15 12:00:00Z",
            "20240115.1200",
        ] {
            assert!(text.parse::<WantedDate>().unwrap().matches(Some(noon)), "{text}");
            assert!(!text.parse::<WantedDate>().unwrap().matches(None), "{text}");
        }
        for text in ["2024-01-16", "2024-01-15T13", "2024-01-15T12:01"] {
            assert!(!text.parse::<WantedDate>().unwrap().matches(Some(noon)), "{text}");
        }
        for text in [
            "",
            "2024",
            "2024-02-30",
            "2024-1-5",
            "2024-01-15T1",
            "2024-01-15T25",
            "2024-01-15T12:00:00:00",
            "été",
        ] {
            assert!(text.parse::<WantedDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_have_seven_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-273.15, "-273.15"),
            (101_325.04, "101325"),
            (1_234_567.0, "1234567"),
            (12_345_678.0, "1.234568e+07"),
            (0.000_012_5, "0.0000125"),
            (-1e-10, "-1e-10"),
            (1e300, "1e+300"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "inf"),
            (9_999_999.6, "1e+07"),
        ] {
            assert_eq!(general(value), text);
        }
    }
}
