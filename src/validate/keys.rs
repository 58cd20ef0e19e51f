//! The keys of a person: the values that two people may not share, and what makes two rows likely to
//! be one person.
//!
//! How keys compare, by the kind of the field:
//!
//! | kind | compared |
//! |---|---|
//! | e-mail | as [`email::key`] makes it: domain in IDNA ASCII, NFC, without regard to case |
//! | phone | the digits of the number as it is sent (E.164 where the target wants it) |
//! | text, name | exactly as it is sent: trimmed, NFC; case counts, unless the target says that it does not |
//! | number, date, yes or no | the value, however it was written |
//! | several fields together | each of them as above; a row that lacks one has no key |
//!
//! A blank is no key: two people without an address are two people.

use std::borrow::Cow;

use super::{Rules, email};
use crate::finding::{self, Code, Finding, Severity};
use crate::record::{Compared, Field, Kind, Record, Value};
use crate::row::Location;
use crate::spelling::normalise;
use crate::unique::Fingerprint;

/// Fields whose values together belong to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// The slots, that of the name in findings last.
    pub(super) slots: Vec<usize>,
}

/// A value that was refused, and yet reads as one that others may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Which outcome of the chunk.
    pub outcome: usize,
    /// Which of the row's keys.
    pub key: usize,
    /// What it reads as.
    pub print: Fingerprint,
}

/// The keys of fields whose values are unique only together with those of another one.
pub(super) fn pairs(fields: &[Field]) -> Vec<Key> {
    let own = fields.iter().enumerate().filter(|(_, field)| !field.unique_with.is_empty());
    own.filter_map(|(slot, field)| {
        let other = field.names(field.unique_with);
        let other = fields.iter().position(|field| field.name == other)?;
        Some(Key { slots: vec![other, slot] })
    })
    .collect()
}

/// What makes two rows likely to be one person, in the order of [`Prints`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The addresses differ only in a tag, or at Gmail in dots.
    Address,
    /// The same name and the same day of birth.
    Person,
    /// The same phone number and the same family name.
    Phone,
    /// The same name; together with the match key it tells people who share a mailbox.
    Name,
}

impl Likeness {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Address, Self::Person, Self::Phone, Self::Name];
}

/// What a row has of each [`Likeness`].
pub type Prints = [Option<Fingerprint>; Likeness::ALL.len()];

/// The slots by which rows are likely to be one person.
#[derive(Clone, Debug, Default)]
pub(super) struct Likely {
    email: Option<usize>,
    first_name: Option<usize>,
    last_name: Option<usize>,
    born: Option<usize>,
    phones: Vec<usize>,
}

impl Likely {
    pub(super) fn new(fields: &[Field]) -> Self {
        let find = |test: &dyn Fn(&Field) -> bool| fields.iter().position(test);
        let is_phone = |(_, field): &(usize, &Field)| matches!(field.kind, Kind::Phone(_));
        Self {
            email: find(&|field| matches!(field.kind, Kind::Email)),
            first_name: find(&|field| field.is("first_name")),
            last_name: find(&|field| field.is("last_name")),
            born: find(&|field| field.born),
            phones: fields.iter().enumerate().filter(is_phone).map(|(slot, _)| slot).collect(),
        }
    }
}

impl Rules {
    /// Wants the values of a further field to be unique, or those of several together.
    ///
    /// # Errors
    /// The name of a field that no column fills.
    pub fn require_unique<'k>(&mut self, names: &'k [String]) -> Result<(), &'k str> {
        let slot_of = |name: &'k String| {
            let place = self.fields.iter().position(|field| field.name == name.as_str());
            place.ok_or(name.as_str())
        };
        let key = Key { slots: names.iter().map(slot_of).collect::<Result<_, _>>()? };
        if !key.slots.is_empty() && !self.unique.contains(&key) {
            self.unique.push(key);
        }
        Ok(())
    }

    /// How many keys each row has, or lacks.
    pub fn keys(&self) -> usize {
        self.unique.len()
    }

    /// The field by which findings about a key are named, with the name of the whole key.
    pub fn key(&self, index: usize) -> Option<(&Field, String)> {
        let slots = &self.unique.get(index)?.slots;
        let fields = || slots.iter().filter_map(|&slot| self.fields.get(slot));
        let names: Vec<&str> = fields().map(|field| field.name.as_ref()).collect();
        Some((fields().next_back()?, names.join(" with ")))
    }

    /// The column of an input by which people are matched.
    pub fn match_column(&self, input: u16) -> Option<u16> {
        let (field, _) = self.key(0)?;
        self.column(input, &field.name)
    }

    /// The field by which findings about a likeness are named.
    pub fn likeness(&self, of: Likeness) -> Option<&Field> {
        let likely = self.likely.as_ref()?;
        let slot = match of {
            Likeness::Address | Likeness::Name => likely.email,
            Likeness::Person => likely.born,
            Likeness::Phone => likely.phones.first().copied(),
        };
        self.fields.get(slot?)
    }

    /// The fingerprint of a key in the form in which it is compared.
    pub(super) fn fingerprint(&self, record: &Record<'_>, key: &Key) -> Option<Fingerprint> {
        if let [slot] = key.slots.as_slice() {
            return Some(self.fingerprinter.of(self.comparable(record, *slot)?.as_bytes()));
        }
        let mut whole = Vec::new();
        for &slot in &key.slots {
            let part = self.comparable(record, slot)?;
            whole.extend_from_slice(&part.len().to_le_bytes());
            whole.extend_from_slice(part.as_bytes());
        }
        Some(self.fingerprinter.of(&whole))
    }

    /// A value in the form in which it is compared.
    fn comparable<'r>(&self, record: &'r Record<'_>, slot: usize) -> Option<Cow<'r, str>> {
        match record.get(slot)? {
            Value::Text("") | Value::Null => None,
            Value::Text(text) => Some(comparable(self.fields.get(slot)?, text)),
            Value::Integer(number) => Some(number.to_string().into()),
            Value::Bool(yes) => Some(yes.to_string().into()),
            Value::Date(date) => Some(date.to_string().into()),
            Value::List(list) => Some(list.join("\0").into()),
            Value::Json(text) => Some(text.into()),
        }
    }

    /// The keys that refused values read as. Only what is certain counts: the same mailbox written
    /// otherwise, or a value with characters that nobody sees.
    pub(super) fn readings(&self, outcome: usize, findings: &[Finding], out: &mut Vec<Reading>) {
        for (index, key) in self.unique.iter().enumerate() {
            let [slot] = key.slots.as_slice() else { continue };
            let Some(field) = self.fields.get(*slot) else { continue };
            for finding in findings
                .iter()
                .filter(|finding| finding.field.as_deref() == Some(field.name.as_ref()))
            {
                let read = match (finding.code, &finding.fix) {
                    (code, Some(fix)) if *code == finding::TEXT_HIDDEN => {
                        let is_email = matches!(field.kind, Kind::Email);
                        if is_email {
                            email::reading(&fix.after)
                        } else {
                            Some(comparable(field, &fix.after).into_owned())
                        }
                    }
                    (code, _) if *code == finding::EMAIL_SYNTAX => email::reading(&finding.value),
                    _ => None,
                };
                if let Some(read) = read {
                    let print = self.fingerprinter.of(read.as_bytes());
                    out.push(Reading { outcome, key: index, print });
                }
            }
        }
    }

    /// What makes this row likely to be the person of another one.
    pub(super) fn prints(&self, record: &Record<'_>) -> Prints {
        let Some(likely) = &self.likely else { return [None; 4] };
        let of = |parts: &[&str]| self.fingerprinter.of(parts.join("\0").as_bytes());
        let address = likely.email.and_then(|slot| self.comparable(record, slot));
        let last = likely.last_name.and_then(|slot| record.text(slot)).unwrap_or("");
        let first = likely.first_name.and_then(|slot| record.text(slot)).unwrap_or("");
        let name = words(first, last);
        let born = likely.born.and_then(|slot| self.comparable(record, slot));
        let phone = likely.phones.iter().find_map(|&slot| self.comparable(record, slot));
        let (family, whole) = (normalise(last), !first.is_empty() && !last.is_empty());
        [
            address.map(|address| of(&[&email::variant(&address)])),
            born.filter(|_| whole).map(|born| of(&[&name, &born])),
            phone.filter(|_| !family.is_empty()).map(|phone| of(&[&phone, &family])),
            (!name.is_empty()).then(|| of(&[&name])),
        ]
    }
}

/// Makes a finding about two rows with one key: which code depends on what was asked for.
pub fn duplicate(
    code: &'static Code,
    at: Location,
    column: Option<u16>,
    field: &Field,
    value: &str,
    message: String,
) -> Finding {
    let finding =
        Finding::new(code, at, message).column(column).field(field.name.clone()).value(value);
    if code.severity == Severity::Error {
        finding.help("remove one of the rows, or choose with --on-duplicate first, last or merge")
    } else {
        finding
    }
}

fn comparable<'t>(field: &Field, text: &'t str) -> Cow<'t, str> {
    match field.kind {
        Kind::Email => email::key(text),
        _ if field.compared == Compared::WithoutCase => text.to_lowercase().into(),
        Kind::Phone(_) => text.strip_prefix('+').unwrap_or(text).into(),
        _ => text.into(),
    }
}

/// The words of a name in one order, so that first and last name may stand in each other's place.
fn words(first: &str, last: &str) -> String {
    let apart = |c: char| c.is_whitespace() || matches!(c, '-' | ',' | '\u{2010}' | '\u{2011}');
    let words = first.split(apart).chain(last.split(apart)).map(normalise);
    let mut words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_by_their_words() {
        assert_eq!(words("Ada", "Lovelace"), words("LOVELACE", "ada"));
        assert_eq!(words("Jean-Luc", "Noël"), words("jean luc", "NOEL"));
        assert_ne!(words("Ada", "Lark"), words("Ada", "Larkin"));
        assert_eq!(words("", "?"), "");
    }
}
