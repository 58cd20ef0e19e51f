//! What a target takes: fields with their kinds and rules, and one person's values.
//!
//! A target publishes a table of [`Field`]s. A [`Record`] holds one person's values.

mod short;
mod values;

use std::borrow::Cow;

pub use self::short::Short;
pub use self::values::{Overlay, Record, Slot, Value};

/// What a field's value is, and by which rules it is judged.
#[derive(Clone, Debug)]
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
    /// A moment, written as RFC 3339.
    Moment(MomentForm),
    /// One of a list.
    Choice(Cow<'static, [Choice]>),
    /// Several of a list.
    Choices(Cow<'static, [Choice]>),
    /// Several words or short texts, whatever they are.
    Words,
    /// A whole number.
    Integer,
    /// A number, perhaps with a fraction.
    Decimal,
    /// Yes or no.
    Bool,
    /// An http(s) address.
    Url,
    /// An ISO 4217 currency code.
    Currency,
    /// An ISO 3166-1 country code of two letters.
    Country,
    /// Latitude and longitude in degrees, in this order.
    Coordinates,
    /// A value written as JSON.
    Json(JsonForm),
}

/// Which values of JSON a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonForm {
    /// An object.
    Object,
    /// A list.
    Array,
    /// Any value but null.
    Any,
}

impl Kind {
    /// Whether a value of this kind can be told from most other values by its form.
    pub fn is_telling(&self) -> bool {
        matches!(
            self,
            Self::Email
                | Self::Phone(_)
                | Self::Date(_)
                | Self::Moment(_)
                | Self::Url
                | Self::Currency
        )
    }

    /// The word for it in tables and reports.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Name => "name",
            Self::Email => "e-mail",
            Self::Phone(_) => "phone",
            Self::Date(_) => "date",
            Self::Moment(_) => "date-time",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Words => "words",
            Self::Integer => "integer",
            Self::Decimal => "number",
            Self::Bool => "boolean",
            Self::Url => "url",
            Self::Currency => "currency",
            Self::Country => "country",
            Self::Coordinates => "coordinates",
            Self::Json(_) => "JSON",
        }
    }
}

/// How a phone number is written to the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneForm {
    /// A leading `+` if there is one, then digits; national numbers are taken as they are.
    Digits,
    /// As it stands, if it is a number at all.
    AsIs,
    /// ITU-T E.164: `+`, country code, number. A national number needs its country.
    E164,
}

/// In which zone a moment is written to the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentForm {
    /// In UTC.
    Utc,
    /// With the offset that it has in the sheet.
    OwnOffset,
}

/// How a date is written to the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateForm {
    /// `YYYY-MM-DD` under the field's own key.
    Iso,
    /// Three integers: keys of day, month and year.
    Parts([&'static str; 3]),
}

/// One value of a [`Kind::Choice`] or [`Kind::Choices`] field.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: Slot<'static>,
    /// Its name in messages.
    pub label: Cow<'static, str>,
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

/// When two values of a field are one and the same, where its kind does not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// When they are equal.
    ToTheLetter,
    /// When they differ in case alone.
    WithoutCase,
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

/// What a field has to do with another one of the same person. The other one is named whole, or from
/// where the field stands, as [`Field::names`] says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// It applies only with some codes of the other field, where that has a value; yes is 1.
    OnlyWith {
        /// The other field.
        other: &'static str,
        /// Its codes.
        codes: Cow<'static, [i64]>,
    },
    /// It says little without the other: a warning.
    Wants(&'static str),
    /// The target can do nothing with it without the other: an error.
    Needs(&'static str),
    /// It says what the other says already, which is sent instead.
    InsteadOf(&'static str),
    /// The target takes one of the two, and it is not known which it would believe: an error.
    NotWith(&'static str),
    /// Of all entries of its list only one may say yes: an error.
    OneOfList,
    /// It is a day of the month that another field holds, in the year of a third.
    DayOf {
        /// The field of the month.
        month: &'static str,
        /// The field of the year.
        year: &'static str,
    },
}

/// One field of a target.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own, off unless said")]
pub struct Field {
    /// The name in mappings, recipes and findings.
    pub name: Cow<'static, str>,
    /// The name that the importer has for it in every target, where its own is another: `first_name`.
    pub alias: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What the account calls it, where it was defined there; as a header it means the field.
    pub label: Option<Cow<'static, str>>,
    /// Where the value goes in the payload: keys joined by dots, a number is a place in a list.
    pub path: Cow<'static, str>,
    /// Whether it must be there.
    pub need: Need,
    /// Whether two people may not share a value.
    pub unique: bool,
    /// When two values are one and the same.
    pub compared: Compared,
    /// Headers that mean this field.
    pub words: Words,
    /// Where the rule stands: the vendor's document.
    pub source: &'static str,
    /// A rule that the kind does not say, in one line.
    pub note: &'static str,
    /// The field whose value is taken for it where neither a column nor the recipe fills it.
    pub stand_in: &'static str,
    /// What else can be done where no column fills it.
    pub cure: &'static str,
    /// Whether it is a date of birth: not in the future, not before 1900.
    pub born: bool,
    /// Whether its text is an id or a code: neither a number to count with nor prose.
    pub code: bool,
    /// The least and the most that a whole number may be.
    pub range: Option<(i64, i64)>,
    /// What it has to do with other fields.
    pub beside: Cow<'static, [Beside]>,
    /// Whether its words take dashes in place of spaces.
    pub dashed: bool,
    /// Whether a text that says that there is nothing (`none`, `n/a`) is no value of it.
    pub denies: bool,
    /// Whether nobody who has it can be without it: it may be left alone, and never be cleared.
    pub kept: bool,
    /// Whether a choice takes words that are none of the list, as they are.
    pub open: bool,
    /// The field with whose value its own is unique, where it alone is not.
    pub unique_with: &'static str,
    /// Words of a choice that are taken only where the recipe says so, each with what it says.
    pub guarded: &'static [(&'static str, &'static str)],
}

impl Field {
    /// An optional field under a path, with nothing special about it.
    pub const fn new(name: &'static str, kind: Kind, path: &'static str) -> Self {
        Self {
            name: Cow::Borrowed(name),
            alias: "",
            kind,
            label: None,
            path: Cow::Borrowed(path),
            need: Need::Optional,
            unique: false,
            compared: Compared::ToTheLetter,
            words: Words { sure: &[], maybe: &[] },
            source: "",
            note: "",
            stand_in: "",
            cure: "",
            born: false,
            code: false,
            range: None,
            beside: Cow::Borrowed(&[]),
            dashed: false,
            denies: false,
            kept: false,
            open: false,
            unique_with: "",
            guarded: &[],
        }
    }

    /// Whether this is the field's name, or the one that it has in every target.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || (!self.alias.is_empty() && self.alias == name)
    }

    /// Says what it is called in every target.
    #[must_use]
    pub const fn alias(mut self, alias: &'static str) -> Self {
        self.alias = alias;
        self
    }

    /// Makes values that differ in case alone one and the same.
    #[must_use]
    pub const fn caseless(mut self) -> Self {
        self.compared = Compared::WithoutCase;
        self
    }

    /// Names the field whose value is taken for it where nothing fills it.
    #[must_use]
    pub const fn stand_in(mut self, name: &'static str) -> Self {
        self.stand_in = name;
        self
    }

    /// The same with words of its choice that only the recipe lets in.
    #[must_use]
    pub const fn guarded(mut self, words: &'static [(&'static str, &'static str)]) -> Self {
        self.guarded = words;
        self
    }

    /// Says what else can be done where no column fills it.
    #[must_use]
    pub const fn cure(mut self, cure: &'static str) -> Self {
        self.cure = cure;
        self
    }

    /// Makes it required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.need = Need::Required;
        self
    }

    /// Whether it can be cleared in the target.
    pub fn can_be_cleared(&self) -> bool {
        self.need != Need::Required && !self.kept
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

    /// Says that two people may not share a value together with that of another field.
    #[must_use]
    pub const fn unique_with(mut self, other: &'static str) -> Self {
        self.unique_with = other;
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

    /// Says between which numbers it lies.
    #[must_use]
    pub const fn range(mut self, least: i64, most: i64) -> Self {
        self.range = Some((least, most));
        self
    }

    /// Says what it has to do with other fields.
    #[must_use]
    pub const fn beside(mut self, beside: &'static [Beside]) -> Self {
        // A constant cannot drop what was there, which owns nothing.
        std::mem::forget(std::mem::replace(&mut self.beside, Cow::Borrowed(beside)));
        self
    }

    /// The same field, where a text that says that there is nothing is none.
    #[must_use]
    pub const fn denies(mut self) -> Self {
        self.denies = true;
        self
    }

    /// Writes dashes for the spaces in its words.
    #[must_use]
    pub const fn dashed(mut self) -> Self {
        self.dashed = true;
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

impl Field {
    /// The name of another field as this one names it in [`Beside`]. Each dot in front goes one part
    /// of the name up: for `addresses.2.city`, `.country` is `addresses.2.country`; for
    /// `identities.pos.is_active`, `.` is `identities.pos`.
    pub fn names(&self, other: &'static str) -> Cow<'static, str> {
        let rest = other.trim_start_matches('.');
        let mut container = self.name.as_ref();
        let up = other.len() - rest.len();
        if up == 0 {
            return Cow::Borrowed(other);
        }
        for _ in 0..up {
            container = container.rsplit_once('.').map_or("", |(container, _)| container);
        }
        let dot = if rest.is_empty() || container.is_empty() { "" } else { "." };
        Cow::Owned(format!("{container}{dot}{rest}"))
    }

    /// The entries of lists in which its value stands, by the beginnings of its path, the innermost
    /// last: `addresses.2` for `addresses.2.city`.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        let path = self.path.as_ref();
        path.match_indices('.').filter_map(move |(at, _)| {
            let entry = path.get(..at)?;
            let last = entry.rsplit('.').next()?;
            is_entry(last).then_some(entry)
        })
    }

    /// A value as a person reads it, for a message: a code by its name.
    pub fn show(&self, value: Value<'_>) -> String {
        if let Kind::Choice(choices) = &self.kind
            && let Some(choice) = choices.iter().find(|choice| choice.value.value() == value)
        {
            return choice.label.to_string();
        }
        match value {
            Value::Text(text) | Value::Json(text) => text.to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Bool(yes) => if yes { "yes" } else { "no" }.to_owned(),
            Value::Date(date) => date.to_string(),
            Value::List(list) => list.join("; "),
            Value::Null => String::new(),
        }
    }
}

/// Whether a part of a path is an entry of a list: its number, or a name behind an `@`.
pub fn is_entry(part: &str) -> bool {
    part.starts_with('@') || (!part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_name_others_from_where_they_stand() {
        let name = |own: &'static str, other| Field::new(own, Kind::Text, own).names(other);
        for (own, other, expected) in [
            ("addresses.2.city", ".country", "addresses.2.country"),
            ("dates.1.links.3.role", ".id", "dates.1.links.3.id"),
            ("dates.1.links.3.role", "...date", "dates.1.date"),
            ("identities.pos.is_active", ".", "identities.pos"),
            ("city", "country", "country"),
            ("city", ".country", "country"),
        ] {
            assert_eq!(name(own, other), expected, "{own} {other}");
        }
        let field = Field::new("x", Kind::Text, "dates.1.links.@pos.role");
        assert_eq!(field.entries().collect::<Vec<_>>(), ["dates.1", "dates.1.links.@pos"]);
        let custom = Field::new("x", Kind::Text, "custom_field_data.1");
        assert_eq!(custom.entries().count(), 0, "it is the entry itself");
    }
}
