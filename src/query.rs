//! Criteria → record numbers. Implements section 5 of `semantics.md`, with the rules that the page recommends where
//! the reference does otherwise.
//!
//! A criterion becomes a few comparisons of key words under masks, which run down the columns of the directory; only
//! what cannot be told from the words (dateo, effective data bits, whole names of descriptors) is looked at record by
//! record, among those that passed.

use std::fmt;

use crate::attributes::{date, level};
use crate::container::{Attributes, Directory, keys};
use crate::error::{Error, Result};
use crate::file::File;

/// What to look for: -1 and blank strings are wild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criteria {
    /// Name of the variable.
    pub nomvar: Vec<u8>,
    /// Type of field.
    pub typvar: Vec<u8>,
    /// Grid type; case matters.
    pub grtyp: Vec<u8>,
    /// Label.
    pub etiket: Vec<u8>,
    /// Stamp of origin.
    pub dateo: i32,
    /// Stamp of validity.
    pub datev: i32,
    /// Data type, flags included.
    pub data_type: i32,
    /// Bits of an unpacked element.
    pub data_bits: i32,
    /// Bits of a packed element.
    pub pack_bits: i32,
    /// ni, nj, nk.
    pub shape: [i32; 3],
    /// Length of a time step.
    pub deet: i32,
    /// Number of time steps.
    pub npas: i32,
    /// ip1 to ip3.
    pub ip: [i32; 3],
    /// ig1 to ig4.
    pub ig: [i32; 4],
    /// Whether each of ip1 to ip3 is to be found in any of its encodings.
    pub ip_all: [bool; 3],
    /// Whether dates are compared exactly.
    pub stamp_norun: bool,
    /// Whether grid descriptors are left out.
    pub skip_grid_descriptors: bool,
}

impl Default for Criteria {
    fn default() -> Criteria {
        Criteria {
            nomvar: Vec::new(),
            typvar: Vec::new(),
            grtyp: Vec::new(),
            etiket: Vec::new(),
            dateo: -1,
            datev: -1,
            data_type: -1,
            data_bits: -1,
            pack_bits: -1,
            shape: [-1; 3],
            deet: -1,
            npas: -1,
            ip: [-1; 3],
            ig: [-1; 4],
            ip_all: [false; 3],
            stamp_norun: false,
            skip_grid_descriptors: false,
        }
    }
}

impl Criteria {
    /// The criteria that are not wild, as a message shows them.
    fn describe(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (name, text) in [
            ("nomvar", &self.nomvar),
            ("typvar", &self.typvar),
            ("grtyp", &self.grtyp),
            ("etiket", &self.etiket),
        ] {
            if !text.iter().all(|byte| *byte == b' ') {
                parts.push(format!("{name} {:?}", String::from_utf8_lossy(text)));
            }
        }
        let [ni, nj, nk] = self.shape;
        let [ip1, ip2, ip3] = self.ip;
        let [ig1, ig2, ig3, ig4] = self.ig;
        for (name, value) in [
            ("dateo", self.dateo),
            ("datev", self.datev),
            ("data_type", self.data_type),
            ("data_bits", self.data_bits),
            ("pack_bits", self.pack_bits),
            ("ni", ni),
            ("nj", nj),
            ("nk", nk),
            ("deet", self.deet),
            ("npas", self.npas),
            ("ip1", ip1),
            ("ip2", ip2),
            ("ip3", ip3),
            ("ig1", ig1),
            ("ig2", ig2),
            ("ig3", ig3),
            ("ig4", ig4),
        ] {
            if value != -1 {
                parts.push(format!("{name} {value}"));
            }
        }
        if parts.is_empty() { "any record".to_owned() } else { parts.join(", ") }
    }
}

/// The numbers of all records that match, in file order.
pub fn find(file: &File, criteria: &Criteria) -> Result<Vec<usize>> {
    let search = Search::new(criteria)?;
    let mut found = Vec::new();
    for (start, directory) in file.directories() {
        search.run(directory, |record| {
            found.try_reserve(1).map_err(|_| Error::NoMemory {
                bytes: 8 * found.len() as u64,
                purpose: "the numbers of the records that match".to_owned(),
            })?;
            found.push(start + record);
            Ok(true)
        })?;
    }
    Ok(found)
}

/// The number of the first record that matches.
pub fn find_first(file: &File, criteria: &Criteria) -> Result<usize> {
    let search = Search::new(criteria)?;
    let mut first = None;
    for (start, directory) in file.directories() {
        search.run(directory, |record| {
            first = Some(start + record);
            Ok(false)
        })?;
        if let Some(record) = first {
            return Ok(record);
        }
    }
    Err(Error::NoMatch(format!("{} in {}", criteria.describe(), file.describe())))
}

/// The records of one variable at one moment, from the lowest value of their level to the highest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Levels {
    /// The kind of all levels ([`crate::attributes::level`]); `None` when nothing matched.
    pub kind: Option<i32>,
    /// Record numbers.
    pub records: Vec<usize>,
    /// The value of ip1 of each record, strictly increasing.
    pub values: Vec<f32>,
}

/// The records that match, as a stack: in the order of their decoded levels, whatever style those are coded in.
///
/// An error that names two records when they do not make one stack: all must have the same nomvar, datev, shape, grid
/// (`grtyp`, ig1 to ig3) and kind of level, and no two the same level.
pub fn levels(file: &File, criteria: &Criteria) -> Result<Levels> {
    let records = find(file, criteria)?;
    let refused = || Error::NoMemory {
        bytes: 16 * records.len() as u64,
        purpose: "the levels of the records that match".to_owned(),
    };
    let mut stack: Vec<(level::Level, usize)> = Vec::new();
    stack.try_reserve_exact(records.len()).map_err(|_| refused())?;
    let mut first = None;
    for record in &records {
        let found = file.record(*record)?.attributes;
        let ip1 = found.ip[0] as i32;
        let level = level::decode(ip1).map_err(|_| {
            Error::InvalidArgument(format!("record {record} has no level: ip1 = {ip1} means nothing"))
        })?;
        let (one, same, kind) = first.get_or_insert((*record, found, level.kind));
        same_stack((*one, same), (*record, &found))?;
        if level.kind != *kind {
            return Err(Error::InvalidArgument(format!(
                "records {one} and {record} are at different kinds of level: {kind} and {}",
                level.kind
            )));
        }
        stack.push((level, *record));
    }
    stack.sort_unstable_by(|(a, one), (b, other)| a.value.total_cmp(&b.value).then(one.cmp(other)));
    if let Some([(at, one), (_, other)]) = stack.windows(2).find(|pair| pair[0].0.value == pair[1].0.value) {
        return Err(Error::InvalidArgument(format!("records {one} and {other} are both at level {at}")));
    }
    let mut levels = Levels { kind: first.map(|(_, _, kind)| kind), ..Levels::default() };
    levels.records.try_reserve_exact(stack.len()).map_err(|_| refused())?;
    levels.values.try_reserve_exact(stack.len()).map_err(|_| refused())?;
    for (level, record) in stack {
        levels.records.push(record);
        levels.values.push(level.value);
    }
    Ok(levels)
}

/// Fails, naming both, when two records do not belong to one stack whatever their levels are.
fn same_stack((one, a): (usize, &Attributes), (other, b): (usize, &Attributes)) -> Result<()> {
    let differ = |what: &str, a: &dyn fmt::Display, b: &dyn fmt::Display| {
        format!("records {one} and {other} differ in {what}: {a} and {b}")
    };
    if a.nomvar != b.nomvar {
        let [a, b] = [a, b].map(|found| String::from_utf8_lossy(&found.nomvar).trim_end().to_owned());
        return Err(Error::InvalidArgument(differ("nomvar", &a, &b)));
    }
    if a.datev != b.datev {
        return Err(Error::InvalidArgument(differ("datev", &a.datev, &b.datev)));
    }
    if a.shape != b.shape {
        let [a, b] = [a, b].map(|found| {
            let [ni, nj, nk] = found.shape;
            format!("{ni} x {nj} x {nk}")
        });
        return Err(Error::ShapeMismatch(differ("shape", &a, &b)));
    }
    if (a.grtyp, &a.ig[..3]) != (b.grtyp, &b.ig[..3]) {
        let [a, b] = [a, b].map(|found| {
            let [ig1, ig2, ig3, _] = found.ig;
            format!("{} with ig1 = {ig1}, ig2 = {ig2}, ig3 = {ig3}", char::from(found.grtyp))
        });
        return Err(Error::InvalidArgument(differ("grid", &a, &b)));
    }
    Ok(())
}

/// Names of the records that describe grids (`semantics.md` 5.5), blank-padded.
const DESCRIPTORS: [&[u8; 4]; 11] =
    [b">>  ", b"^^  ", b"^>  ", b"!!  ", b"##  ", b"#>>#", b"#^^#", b"####", b"HY  ", b"PROJ", b"MTRX"];

/// Whether a record of that name describes a grid.
pub fn is_descriptor(nomvar: &[u8; 4]) -> bool {
    DESCRIPTORS.contains(&nomvar)
}

/// A comparison of one key word: under the mask it equals one of the values.
struct Condition {
    word: usize,
    mask: u32,
    values: Vec<u32>,
}

/// Comparisons of what is not a key word under a mask.
#[derive(Default)]
struct Residue {
    dateo: Option<DateRule>,
    data_bits: Option<u8>,
    skip_grid_descriptors: bool,
}

/// How a date word is compared.
#[derive(Clone, Copy)]
struct DateRule {
    mask: u32,
    value: u32,
}

struct Search {
    conditions: Vec<Condition>,
    residue: Residue,
    /// A criterion that no record can meet.
    impossible: bool,
}

/// Records that are compared at a time.
const BLOCK: usize = 1024;

impl Search {
    fn new(criteria: &Criteria) -> Result<Search> {
        let mut search = Search { conditions: Vec::new(), residue: Residue::default(), impossible: false };
        search.text("nomvar", &criteria.nomvar, 4, &[(11, 0, 4, 0)])?;
        search.text("typvar", &criteria.typvar, 2, &[(10, 0, 2, 12)])?;
        search.text("etiket", &criteria.etiket, 12, &[(8, 0, 5, 0), (9, 5, 5, 0), (10, 10, 2, 0)])?;
        match trimmed("grtyp", &criteria.grtyp, 1)? {
            [] => {}
            [byte, ..] => search.equal(1, 0xFF, u32::from(*byte)),
        }
        search.number(criteria.data_type, 8, &[(2, 0, 0, 8)]);
        search.number(criteria.pack_bits.saturating_abs().max(-1), 8, &[(0, 0, 0, 8)]);
        if criteria.pack_bits == -1 {
            search.conditions.retain(|condition| (condition.word, condition.mask) != (0, 0xFF));
        }
        let [ni, nj, nk] = criteria.shape;
        search.number(ni, 32, &[(1, 8, 0, 24), (10, 0, 24, 8)]);
        search.number(nj, 32, &[(2, 8, 0, 24), (13, 0, 24, 4), (14, 0, 28, 4)]);
        search.number(nk, 20, &[(3, 12, 0, 20)]);
        search.number(criteria.deet, 24, &[(0, 8, 0, 24)]);
        search.number(criteria.npas, 26, &[(4, 6, 0, 26)]);
        let [ig1, ig2, ig3, ig4] = criteria.ig;
        search.number(ig1, 24, &[(6, 8, 0, 24)]);
        search.number(ig2, 24, &[(7, 0, 0, 8), (6, 0, 8, 8), (5, 0, 16, 8)]);
        search.number(ig3, 24, &[(7, 8, 0, 24)]);
        search.number(ig4, 24, &[(5, 8, 0, 24)]);
        for axis in 0..3 {
            search.code(axis, criteria.ip[axis], criteria.ip_all[axis]);
        }
        if criteria.datev != -1 {
            match date_rule(criteria.datev, criteria.stamp_norun) {
                Some(rule) => search.equal(15, rule.mask, rule.value),
                None => search.impossible = true,
            }
        }
        if criteria.dateo != -1 {
            search.residue.dateo = date_rule(criteria.dateo, criteria.stamp_norun);
            search.impossible |= search.residue.dateo.is_none();
        }
        if criteria.data_bits != -1 {
            search.residue.data_bits = u8::try_from(criteria.data_bits).ok();
            search.impossible |= search.residue.data_bits.is_none();
        }
        search.residue.skip_grid_descriptors = criteria.skip_grid_descriptors;
        Ok(search)
    }

    fn equal(&mut self, word: usize, mask: u32, value: u32) {
        self.conditions.push(Condition { word, mask, values: vec![value & mask] });
    }

    /// A number of `width` bits; each part is (key word, lowest bit there, lowest bit of the number, bits).
    fn number(&mut self, value: i32, width: u32, parts: &[(usize, u32, u32, u32)]) {
        let Ok(value) = u32::try_from(value) else {
            self.impossible |= value != -1;
            return;
        };
        if u64::from(value) >> width != 0 {
            self.impossible = true;
            return;
        }
        for (word, to, from, bits) in parts {
            let mask = u32::MAX >> (32 - bits);
            self.equal(*word, mask << to, ((value >> from) & mask) << to);
        }
    }

    /// A level or time code: with `all`, also its other encodings (5.5).
    fn code(&mut self, axis: usize, value: i32, all: bool) {
        let before = self.conditions.len();
        self.number(value, 28, &[(12 + axis, 4, 0, 28)]);
        if all && let Some(condition) = self.conditions.get_mut(before) {
            for twin in level::encodings(value) {
                let Ok(twin) = u32::try_from(twin) else { continue };
                if twin >> 28 == 0 && !condition.values.contains(&(twin << 4)) {
                    condition.values.push(twin << 4);
                }
            }
        }
    }

    /// A string; each part is (key word, first character, characters, bits below them in a packed word).
    fn text(
        &mut self,
        what: &str,
        text: &[u8],
        width: usize,
        parts: &[(usize, usize, usize, u32)],
    ) -> Result<()> {
        let text = trimmed(what, text, width)?;
        if text.is_empty() {
            return Ok(());
        }
        for (word, first, characters, down) in parts {
            let mask = u32::MAX << (32 - 6 * characters);
            let packed = keys::pack_text(text.get(*first..).unwrap_or_default(), *characters);
            self.equal(*word, mask >> down, packed >> down);
        }
        Ok(())
    }

    /// Calls `hit` for each record that matches, until it says false.
    fn run(&self, directory: &Directory, mut hit: impl FnMut(usize) -> Result<bool>) -> Result<()> {
        if self.impossible {
            return Ok(());
        }
        let mut passed = [0u8; BLOCK];
        for start in (0..directory.len()).step_by(BLOCK) {
            let count = BLOCK.min(directory.len() - start);
            let passed = &mut passed[..count];
            passed.fill(1);
            for condition in &self.conditions {
                let column = &directory.column(condition.word)[start..start + count];
                match condition.values[..] {
                    [value] => {
                        for (flag, word) in passed.iter_mut().zip(column) {
                            *flag &= u8::from(word & condition.mask == value);
                        }
                    }
                    ref values => {
                        for (flag, word) in passed.iter_mut().zip(column) {
                            *flag &= u8::from(values.contains(&(word & condition.mask)));
                        }
                    }
                }
                // Names come first and are rare: most blocks end here.
                if !passed.contains(&1) {
                    break;
                }
            }
            for (offset, _) in passed.iter().enumerate().filter(|(_, flag)| **flag != 0) {
                let record = start + offset;
                if self.residue.accepts(directory, record) && !hit(record)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

impl Residue {
    fn accepts(&self, directory: &Directory, record: usize) -> bool {
        if self.dateo.is_none() && self.data_bits.is_none() && !self.skip_grid_descriptors {
            return true;
        }
        let keys = &directory.keys(record);
        let dateo = |rule: DateRule| {
            let datev = date::datev_from_word(keys::date_word(keys));
            let dateo = date::dateo(datev, keys::deet(keys), keys::npas(keys));
            date::word_from_datev(dateo) & rule.mask == rule.value
        };
        self.data_bits.is_none_or(|bits| keys::data_bits(keys) == bits)
            && !(self.skip_grid_descriptors && is_descriptor(&keys::nomvar(keys)))
            && self.dateo.is_none_or(dateo)
    }
}

/// How a date criterion compares with date words (5.3); `None` when no word can match.
fn date_rule(stamp: i32, exact: bool) -> Option<DateRule> {
    /// The first stamp of the new style.
    const NEW_STYLE: u32 = 123_200_000;
    let unsigned = stamp as u32;
    if unsigned < NEW_STYLE && unsigned % 10 > 7 {
        // Such a digit cannot be stored: its word is that of the next hour.
        return if exact { None } else { Some(DateRule { mask: !7, value: unsigned / 10 * 8 }) };
    }
    let mask = if exact { u32::MAX } else { !7 };
    Some(DateRule { mask, value: date::word_from_datev(stamp) & mask })
}

/// A string criterion without its trailing blanks: at most `width` characters that a record can have.
fn trimmed<'a>(what: &str, text: &'a [u8], width: usize) -> Result<&'a [u8]> {
    let len = text.iter().rposition(|byte| *byte != b' ').map_or(0, |last| last + 1);
    let text = &text[..len];
    if len > width {
        return Err(Error::InvalidArgument(format!(
            "{what} {:?} is longer than {width} characters",
            String::from_utf8_lossy(text)
        )));
    }
    if let Some(byte) = text.iter().find(|byte| !(0x20..0x7F).contains(*byte)) {
        return Err(Error::InvalidArgument(format!(
            "{what} {:?} has a character (byte {byte:#04x}) that no record can have",
            String::from_utf8_lossy(text)
        )));
    }
    Ok(text)
}
