//! What a target takes: fields with their kinds and rules, and one person's values.
//!
//! A target publishes a table of [`Field`]s. A [`Record`] holds one person's values in the slots of
//! the fields that the run uses; the values borrow from the file until they are encoded.

use std::borrow::Cow;

use jiff::civil::Date;

/// What a field's value is, and by which rules it is judged.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// A person's name, or a part of it.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number in one of two written forms.
    Phone(PhoneForm),
    /// A day of the calendar.
    Date(DateForm),
    /// A moment, written as RFC 3339 in UTC.
    Moment,
    /// One of a list.
    Choice(&'static [Choice]),
    /// A whole number.
    Integer,
    /// Yes or no.
    Bool,
    /// An http(s) address.
    Url,
    /// An ISO 4217 currency code.
    Currency,
}

impl Kind {
    /// The word for it in tables and reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Name => "name",
            Self::Email => "e-mail",
            Self::Phone(_) => "phone",
            Self::Date(_) => "date",
            Self::Moment => "date-time",
            Self::Choice(_) => "choice",
            Self::Integer => "integer",
            Self::Bool => "boolean",
            Self::Url => "url",
            Self::Currency => "currency",
        }
    }
}

/// How a phone number is written to the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneForm {
    /// A leading `+` if there is one, then digits; national numbers are taken as they are.
    Digits,
    /// ITU-T E.164: `+`, country code, number. A national number needs its country.
    E164,
}

/// How a date is written to the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// `YYYY-MM-DD` under the field's own key.
    Iso,
    /// Three integers: keys of day, month and year.
    Parts([&'static str; 3]),
}

/// One value of a [`Kind::Choice`] field.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: Value<'static>,
    /// Its name in messages.
    pub label: &'static str,
    /// Words that people write for it, in the form that [`crate::spelling::normalise`] gives.
    pub words: &'static [&'static str],
}

/// Whether a person can be sent without the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without it the person is rejected, and without a column for it the run stops.
    Required,
    /// A blank is worth a warning; a column need not be there.
    Wanted,
    /// May be blank or absent.
    Optional,
}

/// What headers say that mean a field, as phrases in order of preference; see
/// [`crate::mapping::words`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    /// They mean the field whatever else the sheet has.
    pub sure: &'static [&'static str],
    /// They mean it when no other column says so more clearly.
    pub maybe: &'static [&'static str],
}

/// One field of a target.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in mappings, recipes and findings.
    pub name: Cow<'static, str>,
    /// What its value is.
    pub kind: Kind,
    /// Where the value goes in the payload: keys joined by dots, a number is a place in a list.
    pub path: Cow<'static, str>,
    /// Whether it must be there.
    pub need: Need,
    /// Whether two people may not share a value.
    pub unique: bool,
    /// Headers that mean this field.
    pub words: Words,
    /// Where the rule stands: the vendor's document.
    pub source: &'static str,
    /// A rule that the kind does not say, in one line.
    pub note: &'static str,
    /// Whether it is a date of birth: not in the future, not before 1900.
    pub born: bool,
    /// Whether its text is an id or a code: neither a number to count with nor prose.
    pub code: bool,
    /// The other field with whose codes alone it applies.
    pub only_with: Option<(&'static str, &'static [i64])>,
}

impl Field {
    /// An optional field under a path, with nothing special about it.
    pub const fn new(name: &'static str, kind: Kind, path: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            kind,
            path: Cow::Borrowed(path),
            need: Need::Optional,
            unique: false,
            words: Words { sure: &[], maybe: &[] },
            source: "",
            note: "",
            born: false,
            code: false,
            only_with: None,
        }
    }

    /// Makes it required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    /// Makes a blank worth a warning.
    #[must_use]
    pub const fn wanted(mut self) -> Self {
        self.need = Need::Wanted;
        self
    }

    /// Makes it unique among people.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Makes it a date of birth.
    #[must_use]
    pub const fn born(mut self) -> Self {
        self.born = true;
        self
    }

    /// Makes it an id or a code.
    #[must_use]
    pub const fn code(mut self) -> Self {
        self.code = true;
        self
    }

    /// Says with which codes of another field alone it applies.
    #[must_use]
    pub const fn only_with(mut self, other: &'static str, codes: &'static [i64]) -> Self {
        self.only_with = Some((other, codes));
        self
    }

    /// Names the headers that mean it.
    #[must_use]
    pub const fn words(mut self, words: Words) -> Self {
        self.words = words;
        self
    }

    /// Names the document that the rule comes from, and the rule.
    #[must_use]
    pub const fn source(mut self, source: &'static str, note: &'static str) -> Self {
        self.source = source;
        self.note = note;
        self
    }
}

/// One value, ready to be written. Text borrows from the file where it can.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Clears the field in the target.
    Null,
}

/// One person's values: one slot for each field in use, in the order of the payload.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    slots: Vec<Option<Slot<'a>>>,
}

/// A value that borrows from the file, or owns the text that a rule made of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot<'a> {
    /// A value of the file, or one that needs no text.
    Plain(Value<'a>),
    /// Text that a rule made.
    Made(Box<str>),
}

impl<'a> Record<'a> {
    /// An empty record with this many slots.
    pub fn new(slots: usize) -> Self {
        Self { slots: vec![None; slots] }
    }

    /// Empties every slot, for the next person.
    pub fn clear(&mut self) {
        self.slots.fill(None);
    }

    /// Puts a value into a slot.
    pub fn set(&mut self, slot: usize, value: Slot<'a>) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(value);
        }
    }

    /// The value in a slot.
    pub fn get(&self, slot: usize) -> Option<Value<'_>> {
        match self.slots.get(slot)?.as_ref()? {
            Slot::Plain(value) => Some(*value),
            Slot::Made(text) => Some(Value::Text(text)),
        }
    }

    /// The text in a slot, if it is text.
    pub fn text(&self, slot: usize) -> Option<&str> {
        match self.get(slot)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A copy that borrows nothing.
    pub fn to_owned(&self) -> Record<'static> {
        let slots = self
            .slots
            .iter()
            .map(|slot| {
                slot.as_ref().map(|slot| match slot {
                    Slot::Plain(Value::Text(text)) => Slot::Made((*text).into()),
                    Slot::Made(text) => Slot::Made(text.clone()),
                    Slot::Plain(Value::Integer(n)) => Slot::Plain(Value::Integer(*n)),
                    Slot::Plain(Value::Bool(b)) => Slot::Plain(Value::Bool(*b)),
                    Slot::Plain(Value::Date(d)) => Slot::Plain(Value::Date(*d)),
                    Slot::Plain(Value::Null) => Slot::Plain(Value::Null),
                })
            })
            .collect();
        Record { slots }
    }

    /// Takes over every value that `later` has, as sending `later` after this record would.
    /// Returns the slots in which both had a value and the values differ.
    pub fn overlay(&mut self, later: Self) -> Vec<usize> {
        let mut differ = Vec::new();
        for (index, (mine, theirs)) in self.slots.iter_mut().zip(later.slots).enumerate() {
            if theirs.is_some() && *mine != theirs {
                if mine.is_some() {
                    differ.push(index);
                }
                *mine = theirs;
            }
        }
        differ
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_record_replaces_values_and_blanks_replace_nothing() {
        let mut first = Record::new(3);
        first.set(0, Slot::Plain(Value::Text("Ada")));
        first.set(1, Slot::Plain(Value::Integer(1)));
        let mut later = Record::new(3);
        later.set(0, Slot::Made("Ada M.".into()));
        later.set(2, Slot::Plain(Value::Bool(true)));
        let differ = first.overlay(later.to_owned());
        assert_eq!(differ, [0]);
        assert_eq!(first.text(0), Some("Ada M."));
        assert_eq!(first.get(1), Some(Value::Integer(1)));
        assert_eq!(first.get(2), Some(Value::Bool(true)));
    }
}
