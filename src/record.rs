//! What a target takes: fields with their kinds and rules, and one person's values.
//!
//! A target publishes a table of [`Field`]s. A [`Record`] holds one person's values in the slots of
//! the fields that the run uses; the values borrow from the file until they are encoded.

mod short;

use std::borrow::Cow;

use jiff::civil::Date;

pub use self::short::Short;

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

/// One value, ready to be written. Text borrows from the file where it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Date(Date),
    /// Several texts.
    List(&'a [Box<str>]),
    /// A value written as JSON: a number with a fraction, an object.
    Json(&'a str),
    /// Clears the field in the target.
    Null,
}

impl std::fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) | Self::Json(text) => f.write_str(text),
            Self::Integer(number) => number.fmt(f),
            Self::Bool(yes) => yes.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::List(list) => f.write_str(&list.join("; ")),
            Self::Null => f.write_str("null"),
        }
    }
}

/// One person's values: one slot for each field in use, in the order of the payload.
#[derive(Clone, Debug, Default)]
pub struct Record<'a> {
    slots: Vec<Option<Slot<'a>>>,
    /// Slots whose value stands in for a blank one.
    stand_ins: Vec<usize>,
}

/// A value that borrows from the file, or owns the text that a rule made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot<'a> {
    /// A value of the file, or one that needs no text.
    Plain(Value<'a>),
    /// Text that a rule made.
    Made(Box<str>),
    /// The same, where it is short.
    Short(Short),
    /// Several texts.
    List(Box<[Box<str>]>),
    /// A value written as JSON.
    Json(Box<str>),
}

impl Slot<'_> {
    /// The same value, borrowing nothing.
    pub fn into_owned(self) -> Slot<'static> {
        match self {
            Self::Made(text) => Slot::Made(text),
            Self::Short(text) => Slot::Made(text.as_str().into()),
            Self::List(list) => Slot::List(list),
            Self::Json(text) => Slot::Json(text),
            Self::Plain(Value::List(list)) => Slot::List(list.into()),
            Self::Plain(Value::Json(text)) => Slot::Json(text.into()),
            Self::Plain(Value::Text(text)) => Slot::Made(text.into()),
            Self::Plain(Value::Integer(number)) => Slot::Plain(Value::Integer(number)),
            Self::Plain(Value::Bool(yes)) => Slot::Plain(Value::Bool(yes)),
            Self::Plain(Value::Date(date)) => Slot::Plain(Value::Date(date)),
            Self::Plain(Value::Null) => Slot::Plain(Value::Null),
        }
    }

    /// What is in it.
    pub fn value(&self) -> Value<'_> {
        match self {
            Slot::Plain(value) => *value,
            Slot::Made(text) => Value::Text(text),
            Slot::Short(text) => Value::Text(text.as_str()),
            Slot::List(list) => Value::List(list),
            Slot::Json(text) => Value::Json(text),
        }
    }
}

impl<'a> Record<'a> {
    /// An empty record with this many slots.
    pub fn new(slots: usize) -> Self {
        Self { slots: vec![None; slots], stand_ins: Vec::new() }
    }

    /// Empties every slot, for the next person.
    pub fn clear(&mut self) {
        for slot in &mut self.slots {
            if let Some(Slot::Plain(_) | Slot::Short(_)) = slot {
                // There is nothing to give back, and nobody has to look for it.
                std::mem::forget(slot.take());
            } else {
                *slot = None;
            }
        }
        self.stand_ins.clear();
    }

    /// Puts a value into a slot.
    #[inline]
    pub fn set(&mut self, slot: usize, value: Slot<'a>) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(value);
        }
    }

    /// Puts a value that borrows all it has into a slot.
    #[inline]
    pub fn set_plain(&mut self, slot: usize, value: Value<'a>) {
        // Apart from `set`: a value that is never given back need not lie in memory on its way.
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Some(Slot::Plain(value));
        }
    }

    /// Lets a short text be written into a slot. Where `write` says that it is none, the slot is empty.
    #[inline]
    pub fn set_short(&mut self, slot: usize, write: impl FnOnce(&mut Short) -> bool) -> bool {
        let Some(place) = self.slots.get_mut(slot) else { return false };
        let Slot::Short(short) = place.insert(Slot::Short(Short::default())) else { return false };
        let written = write(short);
        if !written {
            *place = None;
        }
        written
    }

    /// Puts a value into a slot that has none, where a cell was blank. Beside other rows of the same
    /// person it is worth no more than the blank.
    pub fn fill_in(&mut self, slot: usize, value: Slot<'a>) {
        self.set(slot, value);
        self.stand_ins.push(slot);
    }

    /// Empties a slot.
    pub fn unset(&mut self, slot: usize) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = None;
        }
    }

    /// Empties a slot and gives what was in it.
    pub fn take(&mut self, slot: usize) -> Option<Slot<'a>> {
        self.slots.get_mut(slot)?.take()
    }

    /// Whether there is anything in a slot.
    #[inline]
    pub fn is_set(&self, slot: usize) -> bool {
        self.slots.get(slot).is_some_and(Option::is_some)
    }

    /// Whether there is a value in a slot that does not clear its field.
    #[inline]
    pub fn is_filled(&self, slot: usize) -> bool {
        !matches!(self.slots.get(slot), None | Some(None | Some(Slot::Plain(Value::Null))))
    }

    /// The value in a slot.
    pub fn get(&self, slot: usize) -> Option<Value<'_>> {
        Some(self.slots.get(slot)?.as_ref()?.value())
    }

    /// Whether the value of a slot stands in for a blank one.
    pub fn stands_in(&self, slot: usize) -> bool {
        self.stand_ins.contains(&slot)
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
        let slots = self.slots.iter().map(|slot| slot.clone().map(Slot::into_owned)).collect();
        Record { slots, stand_ins: self.stand_ins.clone() }
    }

    /// Takes over every value that `later` has, as sending `later` after this record would.
    /// What stands in for a blank, a default, replaces no value and gives way to any.
    pub fn overlay(&mut self, later: Self) -> Overlay<'a> {
        let mut overlay = Overlay::default();
        for (slot, (mine, theirs)) in self.slots.iter_mut().zip(later.slots).enumerate() {
            let filled = mine.is_some() && !self.stand_ins.contains(&slot);
            let stands_in = later.stand_ins.contains(&slot);
            if theirs.is_none() || (filled && stands_in) {
                if mine.is_some() {
                    overlay.kept.push(slot);
                }
                continue;
            }
            if !stands_in {
                self.stand_ins.retain(|other| *other != slot);
            } else if !self.stand_ins.contains(&slot) {
                self.stand_ins.push(slot);
            }
            if *mine != theirs {
                let before = std::mem::replace(mine, theirs);
                overlay.replaced.extend(before.filter(|_| filled).map(|before| (slot, before)));
                overlay.taken.push(slot);
            }
        }
        overlay
    }
}

/// What became of the slots of a record when a later one was laid over it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay<'a> {
    /// Slots in which both had a value and the values differ, with the earlier value.
    pub replaced: Vec<(usize, Slot<'a>)>,
    /// Slots whose value is now the later record's and was not before.
    pub taken: Vec<usize>,
    /// Slots in which the later record had nothing.
    pub kept: Vec<usize>,
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

    #[test]
    fn a_later_record_replaces_values_and_blanks_replace_nothing() {
        let mut first = Record::new(5);
        first.set(0, Slot::Plain(Value::Text("Ada")));
        first.set(1, Slot::Plain(Value::Integer(1)));
        first.set(3, Slot::Made("same".into()));
        let mut later = Record::new(5);
        later.set(0, Slot::Made("Ada M.".into()));
        later.set(2, Slot::Plain(Value::Bool(true)));
        later.set(3, Slot::Made("same".into()));
        let overlay = first.overlay(later.to_owned());
        assert_eq!(overlay.replaced, [(0, Slot::Plain(Value::Text("Ada")))]);
        assert_eq!((overlay.taken, overlay.kept), (vec![0, 2], vec![1]));
        assert_eq!(first.text(0), Some("Ada M."));
        assert_eq!(first.get(1), Some(Value::Integer(1)));
        assert_eq!(first.get(2), Some(Value::Bool(true)));
    }

    #[test]
    fn what_stands_in_for_a_blank_replaces_nothing_and_gives_way() {
        let text = |text: &'static str| Slot::Plain(Value::Text(text));
        let mut person = Record::new(2);
        person.set(0, text("own"));
        person.fill_in(1, text("default"));
        let mut later = Record::new(2);
        later.fill_in(0, text("default"));
        later.set(1, text("own"));
        assert!(person.overlay(later.to_owned()).replaced.is_empty());
        assert_eq!((person.text(0), person.text(1)), (Some("own"), Some("own")));
        let mut last = Record::new(2);
        last.fill_in(1, text("default"));
        assert!(person.overlay(last).replaced.is_empty());
        assert_eq!(person.text(1), Some("own"));
    }
}
