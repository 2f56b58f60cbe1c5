// SPDX-License-Identifier: MIT OR Apache-2.0
//! Extended metadata (JSON) and criteria on them. Implements section 7.4 of `semantics.md`.
//!
//! The texts are JSON but for `NaN`, `Infinity` and `-Infinity`, which their writer prints bare (7.1), and criteria compare
//! numbers with texts as they are spelled: so they are parsed here, by a parser that knows both, and over bytes, since
//! nothing promises that the texts are UTF-8. [`parse`] accepts whatever is JSON, to a depth of [`MAX_DEPTH`]; the
//! environment is not looked at (the reference's `META_MATCH`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::source::reserve;

/// Longest text that a record can have, bytes (`semantics.md` 7.1).
pub const MAX_BYTES: usize = 262_140;

/// What a text needs that cannot be parsed for lack of memory.
const MORE_MEMORY: &str = "more memory";

/// Arrays and objects inside one another.
const MAX_DEPTH: usize = 64;

type Object<'t> = BTreeMap<Cow<'t, [u8]>, Value<'t>>;

/// A value, and the bytes that spell it.
#[derive(Debug)]
struct Value<'t> {
    kind: Kind<'t>,
    spelling: &'t [u8],
}

#[derive(Debug)]
enum Kind<'t> {
    Null,
    /// A number, or 0 and 1 for `false` and `true`.
    Number(f64),
    Text(Cow<'t, [u8]>),
    Array(Vec<Value<'t>>),
    /// Of a name that occurs twice, the last value.
    Object(Object<'t>),
}

/// A criterion on metadata: an object, every key of which a record's object must satisfy.
#[derive(Debug)]
pub struct Criterion<'t> {
    wanted: Object<'t>,
}

impl<'t> Criterion<'t> {
    /// Parses a criterion.
    pub fn new(text: &'t [u8]) -> Result<Criterion<'t>> {
        let refuse = |why: String| Err(Error::InvalidArgument(format!("metadata criterion: {why}")));
        if text.len() > MAX_BYTES {
            return refuse(format!("{} bytes, a record has at most {MAX_BYTES}", text.len()));
        }
        match parse(text) {
            Ok(Value { kind: Kind::Object(wanted), .. }) => Ok(Criterion { wanted }),
            Ok(_) => refuse("expected a JSON object".to_owned()),
            Err(Unexpected { expected: MORE_MEMORY, .. }) => {
                Err(Error::no_memory(text.len(), "a metadata criterion"))
            }
            Err(Unexpected { at, expected }) => {
                let rest = text.get(at..).unwrap_or_default();
                let found = String::from_utf8_lossy(&rest[..rest.len().min(12)]);
                refuse(format!("at byte {at}: expected {expected}, found {found:?}"))
            }
        }
    }

    /// Whether the metadata of a record satisfy it. What is no JSON object does not, nor what there is no memory to look at:
    /// inside calls of the C ABI, [`reserve::drawn`] tells the two apart.
    pub fn accepts(&self, text: &[u8]) -> bool {
        match parse(text) {
            Ok(Value { kind: Kind::Object(found), .. }) => meets_all(&self.wanted, Some(&found)),
            _ => false,
        }
    }
}

/// Every key of the criterion is there, is not null, and has a value that will do.
fn meets_all(wanted: &Object<'_>, found: Option<&Object<'_>>) -> bool {
    wanted.iter().all(|(name, wanted)| {
        found
            .and_then(|found| found.get(name))
            .is_some_and(|found| !matches!(found.kind, Kind::Null) && meets(wanted, found))
    })
}

/// Whether a value of a record, not null, will do for a value of the criterion.
fn meets(wanted: &Value<'_>, found: &Value<'_>) -> bool {
    match (&wanted.kind, &found.kind) {
        (Kind::Null, _) => true,
        (Kind::Number(number), _) => is_wild(wanted) || *number == number_of(found),
        (Kind::Text(text), Kind::Text(found)) => text == found,
        (Kind::Text(text), _) => **text == *found.spelling,
        (Kind::Array(wanted), Kind::Array(found)) => has_all(wanted, found),
        (Kind::Array(wanted), _) => wanted.is_empty(),
        (Kind::Object(wanted), Kind::Object(found)) => meets_all(wanted, Some(found)),
        (Kind::Object(wanted), _) => meets_all(wanted, None),
    }
}

/// Whether each element of the criterion is among those of a record. A wildcard ends the comparison: it stands for one
/// element, the last.
fn has_all(wanted: &[Value<'_>], found: &[Value<'_>]) -> bool {
    for (index, element) in wanted.iter().enumerate() {
        if is_wild(element) || matches!(&element.kind, Kind::Text(text) if text.is_empty()) {
            return index + 1 == wanted.len();
        }
        if !found.iter().any(|found| is_same(element, found)) {
            return false;
        }
    }
    true
}

/// Whether an element of a criterion's array is an element of a record's: texts are prefixes, kinds do not mix.
fn is_same(wanted: &Value<'_>, found: &Value<'_>) -> bool {
    match (&wanted.kind, &found.kind) {
        (Kind::Text(text), Kind::Text(found)) => found.starts_with(text),
        (Kind::Number(number), Kind::Number(found)) => number == found,
        (Kind::Array(wanted), Kind::Array(found)) => has_all(wanted, found),
        (Kind::Object(wanted), Kind::Object(found)) => meets_all(wanted, Some(found)),
        _ => false,
    }
}

/// -1 and NaN.
fn is_wild(wanted: &Value<'_>) -> bool {
    matches!(wanted.kind, Kind::Number(number) if number == -1.0 || number.is_nan())
}

/// A value as a number: texts are parsed, all else is 0.
fn number_of(value: &Value<'_>) -> f64 {
    match &value.kind {
        Kind::Number(number) => *number,
        Kind::Text(text) => {
            std::str::from_utf8(text).ok().and_then(|text| text.trim_start().parse().ok()).unwrap_or(0.0)
        }
        _ => 0.0,
    }
}

/// Where a text is no JSON.
#[derive(Debug, PartialEq)]
struct Unexpected {
    at: usize,
    expected: &'static str,
}

/// The one value that a text is.
fn parse(text: &[u8]) -> std::result::Result<Value<'_>, Unexpected> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(0)?;
    parser.blank();
    if parser.at < text.len() { Err(parser.expected("the end")) } else { Ok(value) }
}

struct Parser<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Parser<'t> {
    fn expected(&self, expected: &'static str) -> Unexpected {
        Unexpected { at: self.at, expected }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over a byte behind blanks, if it is there.
    fn take(&mut self, byte: u8) -> bool {
        self.blank();
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> std::result::Result<Value<'t>, Unexpected> {
        /// Literals, the longest first where one begins another.
        const LITERALS: [(&[u8], Option<f64>); 6] = [
            (b"null", None),
            (b"true", Some(1.0)),
            (b"false", Some(0.0)),
            (b"NaN", Some(f64::NAN)),
            (b"Infinity", Some(f64::INFINITY)),
            (b"-Infinity", Some(f64::NEG_INFINITY)),
        ];
        if reserve::drawn() {
            return Err(self.expected(MORE_MEMORY));
        }
        self.blank();
        let start = self.at;
        let literal = LITERALS.into_iter().find(|(literal, _)| self.rest().starts_with(literal));
        let kind = if let Some((literal, number)) = literal {
            self.at += literal.len();
            number.map_or(Kind::Null, Kind::Number)
        } else {
            match self.peek() {
                Some(b'{' | b'[') if depth == MAX_DEPTH => return Err(self.expected("no deeper nesting")),
                Some(b'{') => self.object(depth + 1)?,
                Some(b'[') => self.array(depth + 1)?,
                Some(b'"') => Kind::Text(self.string()?),
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => return Err(self.expected("a value")),
            }
        };
        Ok(Value { kind, spelling: &self.text[start..self.at] })
    }

    fn object(&mut self, depth: usize) -> std::result::Result<Kind<'t>, Unexpected> {
        self.at += 1;
        let mut object = Object::new();
        if self.take(b'}') {
            return Ok(Kind::Object(object));
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err(self.expected("a name"));
            }
            let name = self.string()?;
            if !self.take(b':') {
                return Err(self.expected("a colon"));
            }
            let value = self.value(depth)?;
            object.insert(name, value);
            if self.take(b'}') {
                return Ok(Kind::Object(object));
            }
            if !self.take(b',') {
                return Err(self.expected("a comma or }"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> std::result::Result<Kind<'t>, Unexpected> {
        self.at += 1;
        let mut array = Vec::new();
        if self.take(b']') {
            return Ok(Kind::Array(array));
        }
        loop {
            let value = self.value(depth)?;
            array.try_reserve(1).map_err(|_| self.expected(MORE_MEMORY))?;
            array.push(value);
            if self.take(b']') {
                return Ok(Kind::Array(array));
            }
            if !self.take(b',') {
                return Err(self.expected("a comma or ]"));
            }
        }
    }

    fn number(&mut self) -> std::result::Result<Kind<'t>, Unexpected> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let leading_zero = self.peek() == Some(b'0');
        if self.digits() == 0 {
            return Err(self.expected("a digit"));
        }
        if leading_zero && self.at - start > 1 + usize::from(self.text[start] == b'-') {
            return Err(Unexpected { at: start, expected: "a number without leading zeros" });
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.expected("a digit"));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(self.expected("a digit"));
            }
        }
        let number = std::str::from_utf8(&self.text[start..self.at]).ok().and_then(|text| text.parse().ok());
        number.map(Kind::Number).ok_or(Unexpected { at: start, expected: "a number" })
    }

    /// Steps over digits and counts them.
    fn digits(&mut self) -> usize {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// A string, borrowed from the text unless it has escapes. Control characters in it are let through.
    fn string(&mut self) -> std::result::Result<Cow<'t, [u8]>, Unexpected> {
        self.at += 1;
        let mut string = Cow::Borrowed(&self.text[self.at..self.at]);
        loop {
            let run = self.rest().iter().take_while(|byte| !matches!(byte, b'"' | b'\\')).count();
            let bytes = &self.rest()[..run];
            self.at += run;
            match &mut string {
                Cow::Borrowed([]) => string = Cow::Borrowed(bytes),
                string => self.append(string, bytes)?,
            }
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(_) => {
                    let character = self.escape()?;
                    self.append(&mut string, character.encode_utf8(&mut [0; 4]).as_bytes())?;
                }
                None => return Err(self.expected("the end of a string")),
            }
        }
    }

    /// Puts bytes at the end of a string, which is a copy from then on.
    fn append(&self, string: &mut Cow<'_, [u8]>, bytes: &[u8]) -> std::result::Result<(), Unexpected> {
        let mut copy = match std::mem::take(string) {
            Cow::Owned(copy) => copy,
            Cow::Borrowed(start) => {
                let mut copy = Vec::new();
                copy.try_reserve(start.len()).map_err(|_| self.expected(MORE_MEMORY))?;
                copy.extend_from_slice(start);
                copy
            }
        };
        copy.try_reserve(bytes.len()).map_err(|_| self.expected(MORE_MEMORY))?;
        copy.extend_from_slice(bytes);
        *string = Cow::Owned(copy);
        Ok(())
    }

    /// The character of an escape sequence. Half of a pair of UTF-16 becomes a replacement character.
    fn escape(&mut self) -> std::result::Result<char, Unexpected> {
        self.at += 1;
        let letter = self.peek();
        self.at += usize::from(letter.is_some());
        let character = match letter {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.hexadecimal()?;
                let at = self.at;
                let mut units = vec![first];
                if (0xD800..0xDC00).contains(&first) && self.rest().starts_with(b"\\u") {
                    self.at += 2;
                    match self.hexadecimal()? {
                        second @ 0xDC00..0xE000 => units.push(second),
                        // Not the other half: a character of its own.
                        _ => self.at = at,
                    }
                }
                let character = char::decode_utf16(units).next();
                character.and_then(|unit| unit.ok()).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => {
                self.at -= usize::from(letter.is_some());
                return Err(self.expected("an escape"));
            }
        };
        Ok(character)
    }

    fn hexadecimal(&mut self) -> std::result::Result<u16, Unexpected> {
        let digits = self.rest().first_chunk::<4>().filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let Some(digits) = digits else { return Err(self.expected("four hexadecimal digits")) };
        self.at += 4;
        Ok(digits.iter().fold(0, |unit, digit| {
            unit << 4 | char::from(*digit).to_digit(16).map_or(0, |value| value as u16)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn meets(criterion: &str, text: &str) -> bool {
        Criterion::new(criterion.as_bytes()).unwrap().accepts(text.as_bytes())
    }

    /// The same value for the parser that the tests trust.
    fn same(value: &Value<'_>, trusted: &serde_json::Value) -> bool {
        match (&value.kind, trusted) {
            (Kind::Null, serde_json::Value::Null) => true,
            (Kind::Number(number), serde_json::Value::Bool(flag)) => *number == f64::from(u8::from(*flag)),
            (Kind::Number(number), serde_json::Value::Number(trusted)) => trusted.as_f64() == Some(*number),
            (Kind::Text(text), serde_json::Value::String(trusted)) => **text == *trusted.as_bytes(),
            (Kind::Array(array), serde_json::Value::Array(trusted)) => {
                array.len() == trusted.len() && array.iter().zip(trusted).all(|(a, b)| same(a, b))
            }
            (Kind::Object(object), serde_json::Value::Object(trusted)) => {
                object.len() == trusted.len()
                    && trusted.iter().all(|(name, value)| {
                        object.get(name.as_bytes()).is_some_and(|found| same(found, value))
                    })
            }
            _ => false,
        }
    }

    #[test]
    fn keys_must_be_there_and_not_null() {
        let text = r#"{"a":1,"n":null,"o":{"b":"x"}}"#;
        assert!(meets("{}", text) && meets(r#"{"a":null}"#, text));
        assert!(!meets(r#"{"n":null}"#, text) && !meets(r#"{"c":null}"#, text));
        assert!(meets(r#"{"o":{}}"#, text) && meets(r#"{"a":{}}"#, text));
        assert!(!meets(r#"{"a":{"b":-1}}"#, text));
    }

    #[test]
    fn scalars_compare_as_the_criterion_is_written() {
        let text = r#"{"i":2,"f":2.50,"s":"2","t":true,"x":NaN,"y":-Infinity}"#;
        for criterion in [
            r#"{"i":2.0}"#,
            r#"{"i":"2"}"#,
            r#"{"f":"2.50"}"#,
            r#"{"s":2}"#,
            r#"{"t":1}"#,
            r#"{"t":"true"}"#,
            r#"{"i":-1}"#,
            r#"{"s":NaN}"#,
            r#"{"y":-Infinity}"#,
            r#"{"x":"NaN"}"#,
        ] {
            assert!(meets(criterion, text), "{criterion}");
        }
        for criterion in [r#"{"f":"2.5"}"#, r#"{"s":""}"#, r#"{"i":true}"#, r#"{"x":2}"#, r#"{"y":Infinity}"#]
        {
            assert!(!meets(criterion, text), "{criterion}");
        }
    }

    #[test]
    fn arrays_hold_every_element_and_a_wildcard_ends_them() {
        let text = r#"{"a":["time:mean","x",3,{"k":1,"v":2}],"s":"x"}"#;
        for criterion in
            ["[]", r#"["time"]"#, r#"[3,"x"]"#, r#"["x",""]"#, "[NaN]", r#"[{"k":1}]"#, r#"[3,-1]"#]
        {
            assert!(meets(&format!("{{\"a\":{criterion}}}"), text), "{criterion}");
        }
        for criterion in [r#"["mean"]"#, r#"["3"]"#, r#"["","x"]"#, "[4,-1]", r#"[{"k":2}]"#, "[null]"] {
            assert!(!meets(&format!("{{\"a\":{criterion}}}"), text), "{criterion}");
        }
        assert!(!meets(r#"{"s":["x"]}"#, text));
    }

    #[test]
    fn what_is_no_object_is_refused_as_a_criterion_and_never_matches() {
        for criterion in
            ["", "[]", "1", "{", r#"{"a"}"#, r#"{"a":01}"#, r#"{"a":1}x"#, r#"{"a":"\q"}"#, "{a:1}"]
        {
            let refused = Criterion::new(criterion.as_bytes());
            assert!(matches!(refused, Err(Error::InvalidArgument(_))), "{criterion}");
            assert!(!meets("{}", criterion));
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200_000), "]".repeat(200_000));
        assert!(!meets("{}", &deep) && !meets("{}", &"[".repeat(200_000)));
        assert!(Criterion::new(deep.as_bytes()).is_err());
    }

    #[test]
    fn escapes_become_the_characters_they_stand_for() {
        let text = parse(br#""\u00e9\ud83d\ude00\ud83dx\ud83d\u0041\n\/""#).unwrap();
        assert!(
            matches!(&text.kind, Kind::Text(text) if **text == *"é😀\u{fffd}x\u{fffd}A\n/".as_bytes()),
            "{text:?}"
        );
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(serde_json::Value::from),
            any::<i32>().prop_map(serde_json::Value::from),
            any::<f64>().prop_map(serde_json::Value::from),
            ".{0,12}".prop_map(serde_json::Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
                prop::collection::btree_map(".{0,6}", inner, 0..6)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn parses_what_another_parser_writes(value in json(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let text = text.unwrap();
            prop_assert!(same(&parse(text.as_bytes()).unwrap(), &value), "{}", text);
        }

        #[test]
        fn agrees_with_another_parser_on_what_is_json(text in r#"[\[\]{}:, "\\a0-9.eE+\-ntruefals]{0,14}"#) {
            let trusted = serde_json::from_str::<serde_json::Value>(&text).ok();
            match (parse(text.as_bytes()), trusted) {
                (Ok(value), Some(trusted)) => prop_assert!(same(&value, &trusted), "{}", text),
                (Err(_), None) => {}
                // Numbers that no double holds.
                (Ok(_), None) => prop_assert!(text.contains(['e', 'E'])),
                (Err(unexpected), Some(_)) => prop_assert!(false, "{}: {:?}", text, unexpected),
            }
        }

        #[test]
        fn any_bytes_are_parsed_or_refused(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&text);
        }
    }
}
