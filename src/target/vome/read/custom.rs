//! The custom fields of a profile, and when one shows what was sent under the recipe's settings.
//!
//! How a value is written is a setting, `[vome.custom_encoding]`, and a profile shows it in its own
//! way: an option by its text where its id was sent, a day in ISO form where a format was written.

use serde_json::Value as Json;

use super::same_field;
use crate::target::definition::{Definition, Type};
use crate::target::directory::same::{
    As, day_as, day_written, folded, is_nothing, moment_as, moment_written,
};
use crate::target::directory::sendable::sendable;
use crate::target::directory::{Difference, count, word};
use crate::target::vome::custom::declared::{NumberForm, SelectionForm, SeveralForm};
use crate::target::vome::custom::{Catalogue, Encoding};
use crate::target::vome::settings::BoolEncoding;

/// The codes of the types of custom fields (Vome "The Profile object").
const NUMBER: u64 = 1;
const SINGLE: u64 = 2;
const MULTIPLE: u64 = 3;
const MOMENT: u64 = 4;
const ATTACHMENT: u64 = 6;
const FLAG: u64 = 10;
const FORMULA: u64 = 11;
const DAY: u64 = 12;

/// A custom field as a profile shows it.
pub(in crate::target::vome) struct Custom {
    pub(in crate::target::vome) id: Option<String>,
    pub(in crate::target::vome) name: Option<String>,
    pub(in crate::target::vome) kind: Option<u64>,
    pub(in crate::target::vome) values: Vec<Leaf>,
}

/// One value of it; an option has an id of its own.
pub(in crate::target::vome) struct Leaf {
    pub(in crate::target::vome) value: Json,
    pub(in crate::target::vome) id: Option<String>,
}

/// The custom fields of a profile. Their values stand in an object or in a list of objects, and those
/// of options in one more object inside.
pub(in crate::target::vome) fn customs(profile: &Json) -> impl Iterator<Item = Custom> {
    let entries = profile.get("custom_fields").and_then(Json::as_array);
    entries.into_iter().flatten().map(|entry| {
        let field = entry.get("custom_field").unwrap_or(entry);
        let mut values = Vec::new();
        leaves(entry.get("custom_field_value").unwrap_or(&Json::Null), &mut values);
        Custom {
            id: word(field.get("id")),
            name: word(field.get("name")),
            kind: count(field.get("field_type")).or_else(|| kind_named(field.get("field_type"))),
            values,
        }
    })
}

/// The code of a type that is shown by its name.
fn kind_named(shown: Option<&Json>) -> Option<u64> {
    const NAMES: [&str; 13] = [
        "general",
        "number",
        "singleselection",
        "multipleselection",
        "datetime",
        "email",
        "attachment",
        "url",
        "address",
        "uniqueid",
        "boolean",
        "formula",
        "date",
    ];
    let name: String = shown?.as_str()?.chars().filter(|c| c.is_alphabetic()).collect();
    let name = name.to_lowercase().replace("dateandtime", "datetime");
    let place = NAMES.iter().position(|known| *known == name)?;
    u64::try_from(place).ok()
}

fn leaves(shown: &Json, values: &mut Vec<Leaf>) {
    match shown {
        Json::Array(list) => list.iter().for_each(|one| leaves(one, values)),
        Json::Object(map) => match map.get("value").unwrap_or(&Json::Null) {
            inner @ (Json::Object(_) | Json::Array(_)) => leaves(inner, values),
            value if is_nothing(value) => {}
            value => values.push(Leaf { value: value.clone(), id: word(map.get("id")) }),
        },
        value if is_nothing(value) => {}
        value => values.push(Leaf { value: value.clone(), id: None }),
    }
}

/// The difference in a custom field.
pub(super) fn difference(
    entry: &Json,
    profile: &Json,
    catalogue: &Catalogue,
    encoding: &Encoding,
) -> Option<Difference> {
    let sent = entry.get(VALUE).unwrap_or(&Json::Null);
    let of = definition(entry, catalogue);
    let candidates = candidates(entry, profile);
    let lacking = candidates.is_empty() && is_nothing(sent);
    let compared = |shown: &Custom| Compared { shown, of, encoding }.same(sent);
    if lacking || candidates.iter().any(compared) {
        return None;
    }
    let shown = candidates.into_iter().next();
    let field = field_of(entry, shown.as_ref());
    let found = shown.and_then(|shown| {
        let mut values: Vec<Json> = shown.values.into_iter().map(|leaf| leaf.value).collect();
        if values.len() > 1 { Some(Json::from(values)) } else { values.pop() }
    });
    Some(Difference { field, sent: sent.clone(), found })
}

/// Where the value of an entry stands.
const VALUE: &str = "custom_field_user_value";

/// What a profile shows of the field of an entry.
fn candidates(entry: &Json, profile: &Json) -> Vec<Custom> {
    let (id, name) = (word(entry.get("custom_field_id")), word(entry.get("custom_field_name")));
    let is_it = |shown: &Custom| {
        let known = (shown.id.as_deref(), shown.name.as_deref());
        same_field((id.as_deref(), name.as_deref()), known)
    };
    customs(profile).filter(is_it).collect()
}

/// What is known of the field of an entry.
fn definition<'c>(entry: &Json, catalogue: &'c Catalogue) -> Option<&'c Definition> {
    let (id, name) = (word(entry.get("custom_field_id")), word(entry.get("custom_field_name")));
    catalogue.definition(id.as_deref(), name.as_deref())
}

/// The name of the field of an entry, as messages have it.
fn field_of(entry: &Json, shown: Option<&Custom>) -> String {
    let name = word(entry.get("custom_field_name"));
    let name = name.or_else(|| shown?.name.clone()).or_else(|| word(entry.get("custom_field_id")));
    format!("custom:{}", name.unwrap_or_default())
}

/// The name of the field of an entry, as a profile shows it.
pub(super) fn shown_name(entry: &Json, profile: &Json) -> String {
    field_of(entry, candidates(entry, profile).first())
}

/// The field of an entry, and the entry with what a profile shows in place of what was sent; nothing where
/// nobody knows how that is written.
pub(super) fn restored(
    entry: &Json,
    profile: &Json,
    catalogue: &Catalogue,
    encoding: &Encoding,
) -> Option<(String, Json)> {
    let candidates = candidates(entry, profile);
    let [shown] = candidates.as_slice() else {
        // With two of one name it is not known which of them it was.
        let nothing = candidates.is_empty().then_some(Json::Null)?;
        return Some((field_of(entry, None), with(entry, nothing)?));
    };
    let value = Compared { shown, of: definition(entry, catalogue), encoding }.written()?;
    Some((field_of(entry, Some(shown)), with(entry, value)?))
}

fn with(entry: &Json, value: Json) -> Option<Json> {
    let mut entry = entry.as_object()?.clone();
    entry.insert(VALUE.to_owned(), value);
    Some(entry.into())
}

/// A field as a profile shows it, beside what is known of it and how it is written.
#[derive(Clone, Copy)]
struct Compared<'c> {
    shown: &'c Custom,
    of: Option<&'c Definition>,
    encoding: &'c Encoding,
}

impl<'c> Compared<'c> {
    /// The code of the type: as the profile shows it, else as it is known.
    fn kind(self) -> Option<u64> {
        let known = || {
            let of = self.of.map(|of| of.of).filter(|of| *of != Type::General)?;
            let place = Type::ALL.iter().position(|one| *one == of)?;
            u64::try_from(place).ok()
        };
        self.shown.kind.or_else(known)
    }

    /// Whether the profile shows what was sent. A choice of several options is one value: the same
    /// options, in any order. That a write replaces such a choice, and does not add to it, is
    /// inferred.
    fn same(self, sent: &Json) -> bool {
        let shown = self.shown.values.as_slice();
        match (sent, shown) {
            (Json::Array(sent), _) => {
                let sent: Vec<Json> = sent.iter().filter(|one| !is_nothing(one)).cloned().collect();
                self.all(&sent)
            }
            (sent, []) => self.way().same(sent, &Json::Null),
            (sent, [only]) if self.is(sent, only) => true,
            (Json::String(joined), _) if self.kind() == Some(MULTIPLE) => self.joined(joined),
            _ => false,
        }
    }

    fn way(self) -> As {
        match self.kind() {
            Some(NUMBER) => As::Number,
            Some(SINGLE | MULTIPLE) => As::Folded,
            Some(MOMENT) => As::Moment,
            Some(5) => As::Email,
            Some(FLAG) => As::Flag,
            Some(DAY) => As::Day,
            Some(0 | 7 | 8 | 9) => As::Text,
            _ => As::Any,
        }
    }

    /// Whether one value that was sent is one that is shown.
    fn is(self, sent: &Json, leaf: &Leaf) -> bool {
        if self.way().same(sent, &leaf.value) {
            return true;
        }
        let text = |value: &Json| value.as_str().map(str::trim).map(str::to_owned);
        let formatted = |written: fn(&str, &str) -> Option<String>, pattern: Option<&str>| {
            let written = written(leaf.value.as_str()?, pattern?)?;
            Some(Some(written.trim()) == text(sent).as_deref())
        };
        match self.kind() {
            Some(SINGLE | MULTIPLE) => {
                word(Some(sent)) == leaf.id
                    || self
                        .option(sent)
                        .is_some_and(|text| As::Folded.same(&Json::from(text), &leaf.value))
            }
            Some(MOMENT) => {
                formatted(moment_as, self.encoding.date_time.pattern()).unwrap_or(false)
            }
            Some(DAY) => formatted(day_as, self.encoding.date.pattern()).unwrap_or(false),
            _ => false,
        }
    }

    /// The text of an option that was sent by its id.
    fn option(self, sent: &Json) -> Option<&'c str> {
        let by_id = match self.kind() {
            Some(SINGLE) => self.encoding.single_selection == SelectionForm::OptionId,
            _ => self.encoding.multiple_selection == SeveralForm::OptionIds,
        };
        let id = sent.as_str().filter(|_| by_id)?;
        let mut options = self.of?.options.iter();
        let option = options.find(|option| option.id.as_deref() == Some(id))?;
        Some(&option.value)
    }

    /// What is shown, as it is sent.
    fn written(self) -> Option<Json> {
        let form = |as_text: bool, native: Json| if as_text { Json::from("") } else { native };
        match (self.kind(), self.shown.values.as_slice()) {
            (Some(ATTACHMENT | FORMULA), _) => None,
            (_, []) => Some(Json::Null),
            (Some(MULTIPLE), leaves) => self.several(leaves),
            (kind, [leaf]) => match kind {
                Some(NUMBER) => {
                    let like = form(self.encoding.number == NumberForm::Text, 0.into());
                    sendable(As::Number, &like, &leaf.value)
                }
                Some(FLAG) => {
                    let like = form(self.encoding.boolean == BoolEncoding::String, true.into());
                    sendable(As::Flag, &like, &leaf.value)
                }
                Some(SINGLE) if self.encoding.single_selection == SelectionForm::OptionId => {
                    self.option_id(leaf).map(Json::from)
                }
                Some(MOMENT) => match self.encoding.date_time.pattern() {
                    Some(pattern) => moment_written(leaf.value.as_str()?, pattern).map(Json::from),
                    None => sendable(As::Moment, &"".into(), &leaf.value),
                },
                Some(DAY) => match self.encoding.date.pattern() {
                    Some(pattern) => day_written(leaf.value.as_str()?, pattern).map(Json::from),
                    None => sendable(As::Day, &"".into(), &leaf.value),
                },
                _ => sendable(As::Text, &"".into(), &leaf.value),
            },
            _ => None,
        }
    }

    /// The options that are shown, as they are sent.
    fn several(self, leaves: &[Leaf]) -> Option<Json> {
        let texts =
            || leaves.iter().map(|leaf| word(Some(&leaf.value))).collect::<Option<Vec<_>>>();
        match self.encoding.multiple_selection {
            SeveralForm::List => texts().map(Json::from),
            SeveralForm::Joined => {
                let (texts, separator) = (texts()?, &self.encoding.separator);
                // An option that holds the separator would be read as two.
                let is_plain = |text: &String| !text.contains(separator.trim());
                texts.iter().all(is_plain).then(|| Json::from(texts.join(separator)))
            }
            SeveralForm::OptionIds => {
                leaves.iter().map(|leaf| self.option_id(leaf).map(Json::from)).collect()
            }
        }
    }

    /// The id of an option that is shown.
    fn option_id(self, leaf: &Leaf) -> Option<String> {
        let known = || {
            let is_it = |value: &str| As::Folded.same(&Json::from(value), &leaf.value);
            self.of?.options.iter().find(|option| is_it(&option.value))?.id.clone()
        };
        leaf.id.clone().or_else(known)
    }

    fn all(self, sent: &[Json]) -> bool {
        let shown = &self.shown.values;
        sent.iter().all(|sent| shown.iter().any(|leaf| self.is(sent, leaf)))
            && shown.iter().all(|leaf| sent.iter().any(|sent| self.is(sent, leaf)))
    }

    /// Whether a text is the options that are shown, joined in any order.
    fn joined(self, sent: &str) -> bool {
        if self.encoding.multiple_selection == SeveralForm::Joined {
            let shown: Vec<String> = self
                .shown
                .values
                .iter()
                .filter_map(|leaf| leaf.value.as_str().map(folded))
                .collect();
            return is_joined(&folded(sent), &self.encoding.separator.to_lowercase(), &shown);
        }
        let parts = sent.split([',', ';', '|']).map(str::trim);
        self.all(&parts.filter(|part| !part.is_empty()).map(Json::from).collect::<Vec<_>>())
    }
}

/// Whether a text is these parts, each once and in any order, with a separator between them. A part
/// may hold the separator, so that the text is not taken apart at it.
fn is_joined(text: &str, separator: &str, parts: &[String]) -> bool {
    if let [only] = parts {
        return text == only;
    }
    parts.iter().enumerate().any(|(place, part)| {
        let rest = text.strip_prefix(part.as_str()).and_then(|rest| rest.strip_prefix(separator));
        rest.is_some_and(|rest| {
            let mut others = parts.to_vec();
            others.remove(place);
            is_joined(rest, separator, &others)
        })
    })
}
