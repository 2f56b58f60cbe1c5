// SPDX-License-Identifier: MIT OR Apache-2.0
//! Criteria → record numbers. Implements section 5 of `semantics.md`, with the rules that the page recommends where
//! the reference does otherwise.
//!
//! A criterion becomes a few comparisons of key words under masks, which run down the columns of the directory; only
//! what cannot be told from the words (dateo, effective data bits, whole names of descriptors) is looked at record by
//! record, among those that passed.

use std::fmt;
use std::ops::RangeInclusive;

use crate::attributes::date::{self, CalendarDate};
use crate::attributes::level;
use crate::container::{Attributes, Directory, grid_type_text, keys};
use crate::error::{Error, Result};
use crate::file::{File, Part};
use crate::metadata;
use crate::source::reserve;

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

/// A period, both ends included; `None` is open. Dates are compared as instants, whatever the style of their stamps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The earliest date.
    pub from: Option<CalendarDate>,
    /// The latest date.
    pub to: Option<CalendarDate>,
}

/// A range of decoded levels of one kind, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelRange {
    /// The kind of level (or time), as [`level`] numbers them.
    pub kind: i32,
    /// The least value, in the unit of the kind; infinities are open ends.
    pub from: f32,
    /// The greatest value.
    pub to: f32,
}

/// What to look for, beyond [`Criteria`]: a record matches when it meets all that is set.
///
/// Lists, ranges and metadata cover what the "desire" sets of file-editing programs are used for when files are read
/// (`semantics.md` section 6). Their "exclude" sets, where the order of sets decides and one condition hides another, are
/// not offered: the records of one search without those of another say the same, and say it where it is used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Values that must be equal.
    pub criteria: Criteria,
    /// Names, any of which will do; empty is any. Compared as [`Criteria::nomvar`], but that a blank one is a blank name.
    pub nomvars: Vec<Vec<u8>>,
    /// Types of field, likewise.
    pub typvars: Vec<Vec<u8>>,
    /// Labels, likewise.
    pub etikets: Vec<Vec<u8>>,
    /// Dates of validity. Records whose stamp is no date are in no period but the one that is open at both ends.
    pub valid: Period,
    /// Dates of origin, likewise.
    pub origin: Period,
    /// Levels, of decoded ip1.
    pub levels: Option<LevelRange>,
    /// A [criterion](metadata::Criterion) on the extended metadata, JSON. Records without metadata match none.
    pub metadata: Option<Vec<u8>>,
}

/// The numbers of all records that match, in file order.
pub fn find(file: &File, criteria: &Criteria) -> Result<Vec<usize>> {
    let mut rules = Rules::default();
    rules.criteria(criteria)?;
    rules.find(file)
}

/// The number of the first record that matches.
pub fn find_first(file: &File, criteria: &Criteria) -> Result<usize> {
    let mut rules = Rules::default();
    rules.criteria(criteria)?;
    let mut first = None;
    for (part, start) in file.numbered_parts() {
        rules.run(part, start, |record| {
            first = Some(record);
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
            format!("{} with ig1 = {ig1}, ig2 = {ig2}, ig3 = {ig3}", char::from(grid_type_text(found.grtyp)))
        });
        return Err(Error::InvalidArgument(differ("grid", &a, &b)));
    }
    Ok(())
}

/// The numbers of all records that match, in file order.
pub fn search(file: &File, search: &Search) -> Result<Vec<usize>> {
    let mut rules = Rules::default();
    rules.criteria(&search.criteria)?;
    rules.any_text("nomvars", &search.nomvars, NOMVAR)?;
    rules.any_text("typvars", &search.typvars, TYPVAR)?;
    rules.any_text("etikets", &search.etikets, ETIKET)?;
    rules.valid(search.valid)?;
    rules.residue.origin = search.origin.seconds("origin")?;
    if let Some(levels) = search.levels {
        rules.levels(levels)?;
    }
    rules.metadata = search.metadata.as_deref().map(metadata::Criterion::new).transpose()?;
    rules.find(file)
}

impl Period {
    /// Seconds since 1970; `None` when both ends are open.
    fn seconds(&self, what: &str) -> Result<Option<RangeInclusive<i64>>> {
        let seconds = |end: &str, date: Option<CalendarDate>| {
            date.map(CalendarDate::unix_seconds)
                .transpose()
                .map_err(|error| Error::InvalidArgument(format!("{what}_{end}: {error}")))
        };
        let (from, to) = (seconds("from", self.from)?, seconds("to", self.to)?);
        if let (Some(first), Some(last)) = (self.from, self.to)
            && from > to
        {
            return Err(Error::InvalidArgument(format!(
                "{what}_from, {first}, is later than {what}_to, {last}"
            )));
        }
        let open = from.is_none() && to.is_none();
        Ok((!open).then(|| from.unwrap_or(i64::MIN)..=to.unwrap_or(i64::MAX)))
    }
}

/// Names of the records that describe grids (`semantics.md` 5.5), blank-padded.
const DESCRIPTORS: [&[u8; 4]; 11] =
    [b">>  ", b"^^  ", b"^>  ", b"!!  ", b"##  ", b"#>>#", b"#^^#", b"####", b"HY  ", b"PROJ", b"MTRX"];

/// Whether a record of that name describes a grid.
pub fn is_descriptor(nomvar: &[u8; 4]) -> bool {
    DESCRIPTORS.contains(&nomvar)
}

/// A string of the directory: its characters, and where they are packed.
struct Packed {
    characters: usize,
    parts: &'static [TextPart],
}

/// Characters packed in one key word.
struct TextPart {
    word: usize,
    /// First character, and how many.
    first: usize,
    count: usize,
    /// Bits of the key word above them.
    down: u32,
}

const NOMVAR: Packed = Packed { characters: 4, parts: &[TextPart { word: 11, first: 0, count: 4, down: 0 }] };
const TYPVAR: Packed =
    Packed { characters: 2, parts: &[TextPart { word: 10, first: 0, count: 2, down: 12 }] };
const ETIKET: Packed = Packed {
    characters: 12,
    parts: &[
        TextPart { word: 8, first: 0, count: 5, down: 0 },
        TextPart { word: 9, first: 5, count: 5, down: 0 },
        TextPart { word: 10, first: 10, count: 2, down: 0 },
    ],
};

impl Packed {
    /// Comparisons with a text that has been checked.
    fn equal(&self, text: &[u8]) -> Vec<Equal> {
        self.parts
            .iter()
            .map(|part| {
                let mask = (u32::MAX << (32 - 6 * part.count)) >> part.down;
                let packed = keys::pack_text(text.get(part.first..).unwrap_or_default(), part.count);
                Equal { word: part.word, mask, value: (packed >> part.down) & mask }
            })
            .collect()
    }
}

/// A comparison of one key word under a mask.
struct Equal {
    word: usize,
    mask: u32,
    value: u32,
}

/// What the key words of a record must be.
enum Condition {
    /// One comparison.
    Equal(Equal),
    /// All comparisons of one of the lists.
    AnyOf(Vec<Vec<Equal>>),
    /// The word lies in one of the ranges.
    Within { word: usize, ranges: Vec<RangeInclusive<u32>> },
}

/// Comparisons of what is not a key word under a mask.
#[derive(Default)]
struct Residue {
    dateo: Option<DateRule>,
    data_bits: Option<u8>,
    skip_grid_descriptors: bool,
    /// Seconds since 1970.
    valid: Option<RangeInclusive<i64>>,
    origin: Option<RangeInclusive<i64>>,
    levels: Option<LevelRange>,
}

/// How a date word is compared.
#[derive(Clone, Copy)]
struct DateRule {
    mask: u32,
    value: u32,
}

/// A search as the directory sees it.
#[derive(Default)]
struct Rules<'s> {
    conditions: Vec<Condition>,
    residue: Residue,
    metadata: Option<metadata::Criterion<'s>>,
    /// A criterion that no record can meet.
    impossible: bool,
}

/// Records that are compared at a time.
const BLOCK: usize = 1024;

impl Rules<'_> {
    fn criteria(&mut self, criteria: &Criteria) -> Result<()> {
        self.text("nomvar", &criteria.nomvar, NOMVAR)?;
        self.text("typvar", &criteria.typvar, TYPVAR)?;
        self.text("etiket", &criteria.etiket, ETIKET)?;
        if let [byte, ..] = trimmed("grtyp", &criteria.grtyp, 1)? {
            self.equal(1, 0xFF, u32::from(*byte));
        }
        self.number(criteria.data_type, 8, &[(2, 0, 0, 8)]);
        if criteria.pack_bits != -1 {
            self.number(criteria.pack_bits.saturating_abs(), 8, &[(0, 0, 0, 8)]);
        }
        let [ni, nj, nk] = criteria.shape;
        self.number(ni, 32, &[(1, 8, 0, 24), (10, 0, 24, 8)]);
        self.number(nj, 32, &[(2, 8, 0, 24), (13, 0, 24, 4), (14, 0, 28, 4)]);
        self.number(nk, 20, &[(3, 12, 0, 20)]);
        self.number(criteria.deet, 24, &[(0, 8, 0, 24)]);
        self.number(criteria.npas, 26, &[(4, 6, 0, 26)]);
        let [ig1, ig2, ig3, ig4] = criteria.ig;
        self.number(ig1, 24, &[(6, 8, 0, 24)]);
        self.number(ig2, 24, &[(7, 0, 0, 8), (6, 0, 8, 8), (5, 0, 16, 8)]);
        self.number(ig3, 24, &[(7, 8, 0, 24)]);
        self.number(ig4, 24, &[(5, 8, 0, 24)]);
        for axis in 0..3 {
            self.code(axis, criteria.ip[axis], criteria.ip_all[axis]);
        }
        if criteria.datev != -1 {
            match date_rule(criteria.datev, criteria.stamp_norun) {
                Some(rule) => self.equal(15, rule.mask, rule.value),
                None => self.impossible = true,
            }
        }
        if criteria.dateo != -1 {
            self.residue.dateo = date_rule(criteria.dateo, criteria.stamp_norun);
            self.impossible |= self.residue.dateo.is_none();
        }
        if criteria.data_bits != -1 {
            self.residue.data_bits = u8::try_from(criteria.data_bits).ok();
            self.impossible |= self.residue.data_bits.is_none();
        }
        self.residue.skip_grid_descriptors = criteria.skip_grid_descriptors;
        Ok(())
    }

    fn equal(&mut self, word: usize, mask: u32, value: u32) {
        self.conditions.push(Condition::Equal(Equal { word, mask, value: value & mask }));
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
        if all
            && let Some(Condition::Equal(Equal { word, mask, value: packed })) = self.conditions.get(before)
        {
            let (word, mask) = (*word, *mask);
            let mut values = vec![*packed];
            for twin in level::encodings(value) {
                let Ok(twin) = u32::try_from(twin) else { continue };
                if twin >> 28 == 0 && !values.contains(&(twin << 4)) {
                    values.push(twin << 4);
                }
            }
            let lists = values.into_iter().map(|value| vec![Equal { word, mask, value }]).collect();
            self.conditions[before] = Condition::AnyOf(lists);
        }
    }

    fn text(&mut self, what: &str, text: &[u8], packed: Packed) -> Result<()> {
        let text = trimmed(what, text, packed.characters)?;
        if !text.is_empty() {
            self.conditions.extend(packed.equal(text).into_iter().map(Condition::Equal));
        }
        Ok(())
    }

    /// A list of strings, any of which will do.
    fn any_text(&mut self, what: &str, texts: &[Vec<u8>], packed: Packed) -> Result<()> {
        if texts.is_empty() {
            return Ok(());
        }
        let mut lists = Vec::new();
        Error::room(&mut lists, texts.len(), what)?;
        for (number, text) in texts.iter().enumerate() {
            lists.push(packed.equal(trimmed(&format!("{what}[{number}]"), text, packed.characters)?));
            // One small list a string.
            Error::room(&mut lists, 0, what)?;
        }
        self.conditions.push(Condition::AnyOf(lists));
        Ok(())
    }

    /// A period of validity: first the words that can lie in it, then, in [`Residue`], what they mean.
    fn valid(&mut self, period: Period) -> Result<()> {
        if let Some(seconds) = period.seconds("valid")? {
            self.conditions
                .push(Condition::Within { word: 15, ranges: date::words_within(&seconds).to_vec() });
            self.residue.valid = Some(seconds);
        }
        Ok(())
    }

    /// A range of levels: first the codes that can be of the kind, then, in [`Residue`], what they mean.
    fn levels(&mut self, levels: LevelRange) -> Result<()> {
        let LevelRange { kind, from, to } = levels;
        if !level::is_kind(kind) {
            return Err(Error::InvalidArgument(format!(
                "level_kind is {kind}, which is no kind of level or time"
            )));
        }
        if from.is_nan() || to.is_nan() || from > to {
            return Err(Error::InvalidArgument(format!(
                "level_from is {from}, level_to {to}: expected numbers, the smaller one first"
            )));
        }
        let codes = level::codes_within(kind).into_iter();
        let ranges = codes.map(|range| range.start() << 4..=range.end() << 4 | 15).collect();
        self.conditions.push(Condition::Within { word: 12, ranges });
        self.residue.levels = Some(levels);
        Ok(())
    }

    fn find(&self, file: &File) -> Result<Vec<usize>> {
        let mut found = Vec::new();
        for (part, start) in file.numbered_parts() {
            self.run(part, start, |record| {
                found.try_reserve(1).map_err(|_| Error::NoMemory {
                    bytes: size_of_val(found.as_slice()) as u64,
                    purpose: "the numbers of the records that match".to_owned(),
                })?;
                found.push(record);
                Ok(true)
            })?;
        }
        Ok(found)
    }

    /// Calls `hit` for each record of a part that matches, until it says false. The part's first record has number
    /// `first`.
    fn run(&self, part: &Part, first: usize, mut hit: impl FnMut(usize) -> Result<bool>) -> Result<()> {
        if self.impossible {
            return Ok(());
        }
        let directory = &part.directory;
        let mut passed = [0u8; BLOCK];
        let mut recent = Recent::default();
        for start in (0..directory.len()).step_by(BLOCK) {
            let count = BLOCK.min(directory.len() - start);
            let passed = &mut passed[..count];
            passed.fill(1);
            for condition in &self.conditions {
                condition.apply(directory, start, passed);
                // Names come first and are rare: most blocks end here.
                if !passed.contains(&1) {
                    break;
                }
            }
            if !passed.contains(&1) {
                continue;
            }
            self.residue.apply(directory, start, passed, &mut recent);
            for (offset, _) in passed.iter().enumerate().filter(|(_, flag)| **flag != 0) {
                let record = start + offset;
                if self.accepts_metadata(part, record, first)? && !hit(first + record)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn accepts_metadata(&self, part: &Part, record: usize, first: usize) -> Result<bool> {
        let Some(criterion) = &self.metadata else { return Ok(true) };
        if !part.directory.has_metadata(record) {
            return Ok(false);
        }
        let accepted = criterion.accepts(&part.metadata(record, first)?);
        if reserve::drawn() {
            return Err(Error::no_memory(metadata::MAX_BYTES, "the metadata of a record"));
        }
        Ok(accepted)
    }
}

impl Equal {
    /// Clears the flags of the records from `start` on that are not equal.
    fn apply(&self, directory: &Directory, start: usize, flags: &mut [u8]) {
        let words = &directory.column(self.word)[start..start + flags.len()];
        for (flag, word) in flags.iter_mut().zip(words) {
            *flag &= u8::from(word & self.mask == self.value);
        }
    }
}

impl Condition {
    /// Clears the flags of the records from `start` on that do not meet the condition.
    fn apply(&self, directory: &Directory, start: usize, flags: &mut [u8]) {
        if let Condition::Equal(equal) = self {
            return equal.apply(directory, start, flags);
        }
        let mut any = [0u8; BLOCK];
        let any = &mut any[..flags.len()];
        match self {
            Condition::Equal(_) => {}
            Condition::AnyOf(lists) => {
                let mut all = [0u8; BLOCK];
                let all = &mut all[..flags.len()];
                for list in lists {
                    all.fill(1);
                    list.iter().for_each(|equal| equal.apply(directory, start, all));
                    any.iter_mut().zip(&*all).for_each(|(any, all)| *any |= all);
                }
            }
            Condition::Within { word, ranges } => {
                let words = &directory.column(*word)[start..start + flags.len()];
                for range in ranges {
                    let (low, span) = (*range.start(), range.end() - range.start());
                    for (any, word) in any.iter_mut().zip(words) {
                        *any |= u8::from(word.wrapping_sub(low) <= span);
                    }
                }
            }
        }
        flags.iter_mut().zip(&*any).for_each(|(flag, any)| *flag &= any);
    }
}

/// Answers that were found before: files have few dates and levels, and decoding one costs more than a look here.
#[derive(Default)]
struct Recent {
    names: Answers<u32>,
    dateo: Answers<[u32; 3]>,
    valid: Answers<u32>,
    origin: Answers<[u32; 3]>,
    levels: Answers<u32>,
}

/// The last answer to each of the questions that share a place.
struct Answers<K>([Option<(K, bool)>; 128]);

impl<K: Copy> Default for Answers<K> {
    fn default() -> Answers<K> {
        Answers([None; 128])
    }
}

impl<K: Copy + PartialEq> Answers<K> {
    /// Clears the flags of the records whose key has the answer no.
    fn keep(
        &mut self,
        flags: &mut [u8],
        keys: impl Iterator<Item = K>,
        mix: impl Fn(K) -> u32,
        answer: impl Fn(K) -> bool,
    ) {
        // Neighbours are often alike.
        let mut last = None;
        for (flag, key) in flags.iter_mut().zip(keys).filter(|(flag, _)| **flag != 0) {
            let accepted = match last {
                Some((known, accepted)) if known == key => accepted,
                _ => {
                    // The upper bits of the product depend on all bits of the key.
                    let place = &mut self.0[(mix(key).wrapping_mul(0x9E37_79B1) >> 25) as usize];
                    match *place {
                        Some((known, accepted)) if known == key => accepted,
                        _ => place.insert((key, answer(key))).1,
                    }
                }
            };
            last = Some((key, accepted));
            *flag = u8::from(accepted);
        }
    }
}

impl Residue {
    /// Clears the flags of the records from `start` on that are not accepted.
    fn apply(&self, directory: &Directory, start: usize, flags: &mut [u8], recent: &mut Recent) {
        let block = start..start + flags.len();
        let column = |word: usize| directory.column(word)[block.clone()].iter().copied();
        // Word of the date of validity, length and number of time steps.
        let steps = || {
            column(15)
                .zip(column(0))
                .zip(column(4))
                .map(|((datev, deet), npas)| [datev, deet >> 8, npas >> 6])
        };
        let mix = |[datev, deet, npas]: [u32; 3]| datev ^ deet.rotate_left(11) ^ npas.rotate_left(22);
        if let Some(bits) = self.data_bits {
            let words = column(0).zip(column(11));
            for (flag, (packed, stored)) in flags.iter_mut().zip(words) {
                // The lowest byte of each word.
                *flag &= u8::from(keys::resolved_data_bits(stored as u8, packed as u8) == bits);
            }
        }
        if self.skip_grid_descriptors {
            // The characters alone: the lowest byte of the word holds something else.
            let names = column(11).map(|word| word & !0xFF);
            recent.names.keep(flags, names, |word| word, |word| !is_descriptor(&keys::nomvar_of(word)));
        }
        if let Some(rule) = self.dateo {
            recent.dateo.keep(flags, steps(), mix, |[datev, deet, npas]| {
                let dateo = date::dateo(date::datev_from_word(datev), deet, npas);
                date::word_from_datev(dateo) & rule.mask == rule.value
            });
        }
        if let Some(period) = &self.valid {
            recent.valid.keep(
                flags,
                column(15),
                |word| word,
                |word| {
                    date::unix_seconds(date::datev_from_word(word))
                        .is_some_and(|seconds| period.contains(&seconds))
                },
            );
        }
        if let Some(period) = &self.origin {
            recent.origin.keep(flags, steps(), mix, |[datev, deet, npas]| {
                date::origin_unix_seconds(date::datev_from_word(datev), deet, npas)
                    .is_some_and(|seconds| period.contains(&seconds))
            });
        }
        if let Some(levels) = self.levels {
            recent.levels.keep(
                flags,
                column(12).map(|word| word >> 4),
                |code| code,
                |code| {
                    level::decode(code as i32).is_ok_and(|level| {
                        level.kind == levels.kind && (levels.from..=levels.to).contains(&level.value)
                    })
                },
            );
        }
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
