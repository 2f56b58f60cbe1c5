// SPDX-License-Identifier: MIT OR Apache-2.0
//! Dates, level codes and grid parameters against the golden vectors in `tests/data/semantics`, every row of them.
//!
//! Where the vectors record an answer that the format page calls a defect, the test asks for what the page
//! recommends.

use std::collections::HashMap;
use std::fmt::Debug;
use std::io::Write;
use std::path::Path;

use fstview::attributes::date::{self, Calendar, CalendarDate, DateError};
use fstview::attributes::grid;
use fstview::attributes::level::{self, Bounds, Level};

/// The value of the reference's differences of what is no date.
const NO_DIFFERENCE: f64 = 1_073_741_824.0;

/// Flag of a status of the reference: the outputs are undefined.
const REFUSED: u32 = 64;

/// One line of a table, by column name.
struct Row {
    columns: HashMap<String, String>,
}

impl Row {
    fn text(&self, column: &str) -> &str {
        self.columns.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    fn int(&self, column: &str) -> i32 {
        let text = self.text(column);
        text.parse().unwrap_or_else(|_| panic!("{column}: {text:?} is no integer"))
    }

    fn f64(&self, column: &str) -> f64 {
        f64::from_bits(u64::from_str_radix(self.text(column), 16).expect(column))
    }

    /// Bits of an f32.
    fn bits(&self, column: &str) -> u32 {
        u32::from_str_radix(self.text(column), 16).expect(column)
    }

    fn level(&self, kind: &str, value: &str) -> Level {
        Level { kind: self.int(kind), value: f32::from_bits(self.bits(value)) }
    }

    fn bounds(&self, name: &str) -> Bounds {
        Bounds {
            kind: self.int(&format!("{name}_kind")),
            first: f32::from_bits(self.bits(&format!("{name}_lo"))),
            second: f32::from_bits(self.bits(&format!("{name}_hi"))),
        }
    }

    fn ok(&self, column: &str) -> bool {
        self.int(column) == 0
    }
}

/// Cells of a line; strings in double quotes hold no quotes.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().expect("one cell at least").push(c),
        }
    }
    cells
}

/// Runs `check` on every row of a table of `rows` lines, reports how many passed, and fails with the first
/// that did not.
fn every_row(file: &str, rows: usize, check: impl Fn(&Row) -> Result<(), String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/semantics").join(file);
    let table = std::fs::read_to_string(&path).expect(file);
    let mut lines = table.lines();
    let names = cells(lines.next().expect("a header line"));
    let (mut total, mut failures) = (0, Vec::new());
    for line in lines {
        total += 1;
        let cells = cells(line);
        assert_eq!(cells.len(), names.len(), "{file}: {line}");
        let row = Row { columns: names.iter().cloned().zip(cells).collect() };
        if let Err(difference) = check(&row) {
            failures.push(format!("{line}\n    {difference}"));
        }
    }
    // Not captured by the test harness, unlike println.
    let report = format!("{file}: {} of {total} rows pass\n", total - failures.len());
    let _ = std::io::stderr().write_all(report.as_bytes());
    assert_eq!(total, rows, "{file}: number of rows");
    let shown = &failures[..failures.len().min(20)];
    assert!(failures.is_empty(), "{file}: {} rows differ\n{}", failures.len(), shown.join("\n"));
}

fn same<T: PartialEq + Debug>(what: &str, got: T, expected: T) -> Result<(), String> {
    if got == expected { Ok(()) } else { Err(format!("{what}: {got:?}, expected {expected:?}")) }
}

/// Bounds as a key that tells all values apart.
fn bits(bounds: Bounds) -> (i32, u32, u32) {
    (bounds.kind, bounds.first.to_bits(), bounds.second.to_bits())
}

#[test]
fn stamps_decode_to_their_dates() {
    every_row("date_decode.csv", 2692, |row| {
        let stamp = row.int("stamp");
        let decoded = CalendarDate::from_stamp(stamp);
        if !row.ok("printable_status") {
            same("true date", date::true_date_from_stamp(stamp), Err(DateError::Stamp { stamp }))?;
            return same("date", decoded, Err(DateError::Stamp { stamp }));
        }
        let printable = (row.int("yyyymmdd"), row.int("hhmmsshh"));
        same("printable", decoded.and_then(CalendarDate::printable), Ok(printable))?;
        let from_printable = CalendarDate::from_printable(printable.0, printable.1);
        same("date from printable", from_printable, decoded)?;
        same("true date has", date::true_date_from_stamp(stamp).is_ok(), row.ok("true_status"))?;
        if row.ok("true_status") {
            let expected = (row.int("true_date"), row.int("run"));
            same("true date", date::true_date_from_stamp(stamp), Ok(expected))?;
            same("date of true date", CalendarDate::from_true_date(expected.0), decoded)?;
        }
        let hours = row.int("ext_true_hours");
        same("extended status", row.ok("ext_status"), true)?;
        same("extended hours", decoded.and_then(CalendarDate::extended_hours), Ok(hours))
    });
}

#[test]
fn dates_encode_to_their_stamps() {
    every_row("date_encode.csv", 2686, |row| {
        let (yyyymmdd, hhmmsshh) = (row.int("yyyymmdd"), row.int("hhmmsshh"));
        let decoded = CalendarDate::from_printable(yyyymmdd, hhmmsshh);
        // Five digits of year, minutes or seconds above 59, and negative times: no dates, though the
        // reference reduces or carries them (sections 3.2, 3.4).
        let is_carried = yyyymmdd > 99_991_231
            || hhmmsshh < 0
            || hhmmsshh / 10_000 % 100 > 59
            || hhmmsshh / 100 % 100 > 59;
        if is_carried || !row.ok("status") {
            return same("date", decoded, Err(DateError::Printable { yyyymmdd, hhmmsshh }));
        }
        // The hour that has an extended stamp: the page names the time 01:00:00 and drops hundredths, the
        // reference compares them; and its true date of that hour is in another unit.
        let is_exception = (yyyymmdd, hhmmsshh / 100) == (19_010_101, 10_000);
        let stamp = if is_exception { row.int("ext_stamp") } else { row.int("stamp") };
        same("stamp", decoded.and_then(CalendarDate::stamp), Ok(stamp))?;
        same("extended", decoded.and_then(CalendarDate::extended_stamp), Ok(row.int("ext_stamp")))?;
        same("hours", decoded.and_then(CalendarDate::extended_hours), Ok(row.int("ext_true_hours")))?;
        let units = if is_exception { Some(-498_596_400) } else { row.text("true_date").parse().ok() };
        same("true date", decoded.and_then(CalendarDate::true_date).ok(), units)
    });
}

#[test]
fn true_dates_encode_and_decode() {
    every_row("date_true.csv", 724, |row| {
        let (units, run) = (row.int("true_date"), row.int("run"));
        let no_stamp = DateError::TrueDate { true_date: units.into(), run };
        // Year 2236 encodes in the reference to stamps that section 3.3 calls invalid, and run -1 to
        // another date.
        let is_beyond = units >= 1_615_714_560;
        let has_stamp = row.ok("stamp_status") && !is_beyond && run >= 0;
        let expected = if has_stamp { Ok(row.int("stamp")) } else { Err(no_stamp) };
        same("stamp", date::stamp_from_true_date(units, run), expected)?;
        let decoded = CalendarDate::from_true_date(units);
        same("date has", decoded.is_ok(), row.ok("print_status") && !is_beyond)?;
        if decoded.is_ok() {
            let expected = (row.int("yyyymmdd"), row.int("hhmmsshh"));
            same("printable", decoded.and_then(CalendarDate::printable), Ok(expected))?;
            same("true date again", decoded.and_then(CalendarDate::true_date), Ok(units))?;
        }
        // The same integer as extended hours. Hours beyond year 9999 encode in the reference and do not
        // decode.
        let decoded = CalendarDate::from_extended_hours(units);
        if !row.ok("ext_print_status") {
            return same("extended", decoded, Err(DateError::ExtendedHours { hours: units.into() }));
        }
        let expected = (row.int("ext_yyyymmdd"), row.int("ext_hhmmsshh"));
        same("extended printable", decoded.and_then(CalendarDate::printable), Ok(expected))?;
        same("extended stamp", decoded.and_then(CalendarDate::stamp), Ok(row.int("ext_stamp")))
    });
}

#[test]
fn increments_round_as_the_reference() {
    every_row("date_increment.csv", 2109, |row| {
        let (stamp, hours) = (row.int("stamp"), row.f64("hours_f64_hex"));
        let exact = date::stamp_add_hours(stamp, hours, Calendar::Gregorian);
        let whole = date::stamp_add_whole_hours(stamp, hours, Calendar::Gregorian);
        if row.int("defined") == 1 {
            same("exact", exact, Ok(row.int("incdatr")))?;
            return same("whole hours", whole, Ok(row.int("incdati")));
        }
        if stamp == date::UNKNOWN_STAMP {
            // A date, canonically with run 0: the error stamp is never a result (section 3).
            return same("sum", (exact, whole), (Ok(stamp - 1), Ok(stamp - 1)));
        }
        // Impossible dates, sums beyond year 9999 or between the hours before 1980.
        let is_date = CalendarDate::from_stamp(stamp).is_ok();
        for (result, reference) in [(exact, row.int("incdatr")), (whole, row.int("incdati"))] {
            match result {
                Ok(sum) => same("sum", (sum, is_date), (reference, true))?,
                Err(DateError::Stamp { .. }) => same("stamp is a date", is_date, false)?,
                Err(error) => same("error", error, DateError::Increment { stamp, hours })?,
            }
        }
        same("an error among them", exact.is_err() || whole.is_err(), true)
    });
}

#[test]
fn differences_are_in_hours() {
    every_row("date_difference.csv", 1521, |row| {
        let (stamp1, stamp2) = (row.int("stamp1"), row.int("stamp2"));
        let difference = date::stamp_difference(stamp1, stamp2, Calendar::Gregorian);
        if row.int("defined") == 1 {
            same("exact", difference.map(f64::to_bits), Ok(row.f64("difdatr_f64_hex").to_bits()))?;
            let rounded: f64 = row.text("difdati").parse().expect("a number");
            let whole = date::stamp_difference_whole_hours(stamp1, stamp2, Calendar::Gregorian);
            return same("whole hours", whole.map(f64::from), Ok(rounded));
        }
        let stamp = if CalendarDate::from_stamp(stamp1).is_err() { stamp1 } else { stamp2 };
        same("difference", difference, Err(DateError::Stamp { stamp }))
    });
}

#[test]
fn origin_and_validity_convert_both_ways() {
    every_row("dateo_datev.csv", 935, |row| {
        let (deet, npas) = (row.int("deet") as u32, row.int("npas") as u32);
        // The attribute is that of the reference in every row: impossible dates included.
        let datev = row.int("datev_of_dateo");
        same("datev of dateo", date::datev(row.int("dateo"), deet, npas), datev)?;
        same("dateo back", date::dateo(datev, deet, npas), row.int("dateo_back"))?;
        let datev = row.int("datev");
        same("dateo of datev", date::dateo(datev, deet, npas), row.int("dateo_of_datev"))?;
        let word: u32 = row.text("octal_word_of_datev").parse().expect("a word");
        same("word", date::word_from_datev(datev), word)?;
        same("datev from word", date::datev_from_word(word), row.int("datev_from_word"))
    });
}

#[test]
fn climate_calendars_have_no_leap_days() {
    every_row("date_calendar.csv", 800, |row| {
        let calendar = match row.text("calendar") {
            "365_day" => Calendar::Days365,
            "360_day" => Calendar::Days360,
            other => panic!("calendar {other}"),
        };
        let (stamp, argument) = (row.int("stamp1"), row.text("arg2"));
        if row.text("op") == "inc" {
            let hours = argument.parse().expect("hours");
            return same("sum", date::stamp_add_hours(stamp, hours, calendar), Ok(row.int("result")));
        }
        let expected: f64 = row.text("result").parse().expect("hours");
        let expected = if expected == NO_DIFFERENCE { None } else { Some(expected) };
        let other = argument.parse().expect("a stamp");
        same("difference", date::stamp_difference(stamp, other, calendar).ok(), expected)
    });
}

#[test]
fn kinds_have_labels() {
    every_row("ip_kinds.csv", 36, |row| same("label", level::label(row.int("kind")), row.text("label")));
}

#[test]
fn codes_decode_and_print() {
    every_row("ip_decode.csv", 5511, |row| {
        let ip = row.int("ip");
        let expected =
            if row.int("kind") == -1 { None } else { Some((row.int("kind"), row.bits("value_f32_hex"))) };
        let decoded = level::decode(ip).ok();
        same("level", decoded.map(|level| (level.kind, level.value.to_bits())), expected)?;
        same("text", level::format_code(ip).as_str(), row.text("string15"))
    });
}

#[test]
fn levels_encode() {
    every_row("ip_encode.csv", 2788, |row| {
        let level = row.level("kind", "value_f32_hex");
        let (code, expected) = match row.int("mode") {
            2 => (level::encode(level), row.int("ip")),
            // An integer overflow in the reference; heights above the last code are clamped to it.
            3 if level.kind == level::HEIGHT && level.value > 1e10 => {
                (level::encode_old_style(level), 32_000)
            }
            3 => (level::encode_old_style(level), row.int("ip")),
            mode => panic!("mode {mode}"),
        };
        same("code", code.ok(), if expected < 0 { None } else { Some(expected) })
    });
}

#[test]
fn triplets_decode() {
    every_row("ip_triplet_decode.csv", 2500, |row| {
        let ip3 = row.int("ip3");
        let triplet = level::decode_triplet(row.int("ip1"), row.int("ip2"), ip3);
        let status = row.int("status") as u32;
        if status & REFUSED != 0 {
            return same("triplet", triplet.ok(), None);
        }
        let triplet = triplet.map_err(|error| error.to_string())?;
        same("status", triplet.status, status)?;
        for (got, number) in triplet.values.into_iter().zip(1..) {
            let (kind, value) = (format!("kind{number}"), format!("p{number}_hex"));
            // Not set by the reference for an old-style IP3.
            let value = if row.text(&value).is_empty() { (ip3 as f32).to_bits() } else { row.bits(&value) };
            same("level", (got.kind, got.value.to_bits()), (row.int(&kind), value))?;
        }
        Ok(())
    });
}

#[test]
fn triplets_encode() {
    every_row("ip_triplet_encode.csv", 3483, |row| {
        let values =
            [row.level("kind1", "p1_hex"), row.level("kind2", "p2_hex"), row.level("kind3", "p3_hex")];
        let status = row.int("status") as u32;
        let expected = if status & REFUSED != 0 {
            None
        } else {
            Some(([row.int("ip1"), row.int("ip2"), row.int("ip3")], status))
        };
        same("codes", level::encode_triplet(values).ok(), expected)
    });
}

#[test]
fn intervals_decode() {
    every_row("ip_interval_decode.csv", 1791, |row| {
        let interval = level::decode_interval(row.int("ip1"), row.int("ip2"), row.int("ip3"));
        // Depth and hybrid height: the reference decodes them, then flags an error (section 4.9).
        let status = row.int("status") as u32;
        if status & REFUSED != 0 && row.text("p3_kind").is_empty() {
            return same("interval", interval.ok(), None);
        }
        let interval = interval.map_err(|error| error.to_string())?;
        same("status", interval.status, status & !REFUSED)?;
        same("time", bits(interval.time), bits(row.bounds("time")))?;
        let (expected, third) = (row.bounds("lev"), row.bounds("p3"));
        if status & REFUSED != 0 && third.kind == expected.kind {
            // The encoder of the reference makes intervals of these kinds, its decoder does not see them.
            let expected = Bounds { second: third.first, ..expected };
            same("level", bits(interval.level), bits(expected))?;
            return same("third", interval.third, None);
        }
        same("level", bits(interval.level), bits(expected))?;
        same("third", interval.third.map(bits), if third.kind == -1 { None } else { Some(bits(third)) })
    });
}

#[test]
fn intervals_encode() {
    every_row("ip_interval_encode.csv", 720, |row| {
        let (level, time, third) = (row.bounds("lev"), row.bounds("time"), row.bounds("p3"));
        let third = if third.kind == -1 { None } else { Some(third) };
        let codes = [row.int("ip1"), row.int("ip2"), row.int("ip3")];
        let expected = if row.int("status") as u32 & REFUSED != 0 { None } else { Some(codes) };
        let is_interval = level.first != level.second || time.first != time.second;
        if third.is_some() && is_interval {
            // The reference drops the third value; the page (4.9) refuses to.
            same("three values", level::encode_interval(level, time, third).ok(), None)?;
            return same("codes", level::encode_interval(level, time, None).ok(), expected);
        }
        same("codes", level::encode_interval(level, time, third).ok(), expected)
    });
}

#[test]
fn grid_parameters_decode() {
    every_row("grid_ig_decode.csv", 336, |row| {
        let ig = ["ig1", "ig2", "ig3", "ig4"].map(|name| row.int(name) as u32);
        let decoded = grid::parameters(row.text("grtyp").as_bytes()[0], ig);
        let expected =
            ["xg1_hex", "xg2_hex", "xg3_hex", "xg4_hex"].map(|name| f32::from_bits(row.bits(name)));
        let close = |xg: [f32; 4]| xg.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-5 * b.abs());
        if decoded.is_some_and(close) { Ok(()) } else { Err(format!("{decoded:?}, expected {expected:?}")) }
    });
}
