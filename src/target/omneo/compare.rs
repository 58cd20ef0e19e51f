//! When what Omneo shows of a profile is what was sent.
//!
//! Sources: "Profiles API overview" for the properties, the guides on identities, addresses, tags and
//! statuses, and the types of the vendor's public client for the shapes of lists. Of a list, what was
//! sent must be in what is found: whether a batch replaces lists or adds to them is not documented.

use serde_json::{Map, Value as Json};

use super::fields::FIELDS;
use crate::target::directory::same::{As, includes, is_nothing, scalar};
use crate::target::directory::{Difference, name_of, word};

/// Where a value of a person as sent is read, and how the two compare. What is not named here stands
/// under its own name and compares by what it is.
const PLACES: &[(&str, As, &[&str])] = &[
    ("email", As::Email, &["/email"]),
    // A live test of the vendor's client writes a name and finds it in title case.
    ("first_name", As::Folded, &["/first_name"]),
    ("last_name", As::Folded, &["/last_name"]),
    ("gender", As::Gender, &["/gender"]),
    ("currency", As::Folded, &["/currency", "/currency/code"]),
    ("profile_type", As::Folded, &["/profile_type"]),
    ("joined_at", As::Moment, &["/joined_at"]),
    ("mobile_phone", As::Phone, &["/mobile_phone_e164", "/mobile_phone"]),
    ("secondary_phone", As::Phone, &["/secondary_phone"]),
    ("joined_location_id", As::Number, &["/joined_location_id", "/joined_location/id"]),
    (
        "joined_location_external_id",
        As::Text,
        &["/joined_location_external_id", "/joined_location/external_id"],
    ),
    (
        "joined_location_external_code",
        As::Text,
        &["/joined_location_external_code", "/joined_location/external_code"],
    ),
    ("preferred_location_id", As::Number, &["/preferred_location_id", "/preferred_location/id"]),
    (
        "preferred_location_external_id",
        As::Text,
        &["/preferred_location_external_id", "/preferred_location/external_id"],
    ),
    (
        "preferred_location_external_code",
        As::Text,
        &["/preferred_location_external_code", "/preferred_location/external_code"],
    ),
    ("region_id", As::Number, &["/region_id", "/region/id", "/regions/0/region_id"]),
    ("region", As::Folded, &["/region", "/region/handle", "/regions/0/handle"]),
    ("region_country", As::Country, &["/region_country", "/region/country", "/regions/0/country"]),
    ("region_state", As::Folded, &["/region_state", "/region/state", "/regions/0/state"]),
];

/// The parts of a date of birth, and where they stand in `birth_date`.
pub(super) const BIRTH: [(&str, usize); 3] =
    [("birth_year", 0), ("birth_month", 1), ("birth_day", 2)];

/// In what a profile differs from a person as sent.
pub(super) fn differences(sent: &Json, profile: &Json) -> Vec<Difference> {
    let Some(fields) = sent.as_object() else { return Vec::new() };
    let mut differences: Vec<Difference> = birth(fields, profile).into_iter().collect();
    for (key, value) in fields {
        match key.as_str() {
            "birth_day" | "birth_month" | "birth_year" => {}
            "tags" | "statuses" => differences.extend(handles(key, value, profile)),
            "identities" => {
                let found = list(profile, &["/identities"]);
                each(value, |_, entry| {
                    let handle = word(entry.get("handle")).unwrap_or_default();
                    let field = format!("identities.{handle}");
                    differences.extend(entry_in(&field, entry, &found, &["handle"]));
                });
            }
            "custom_attributes" => each(value, |_, entry| {
                differences.extend(custom_attribute(entry, profile));
            }),
            "addresses" => each(value, |index, entry| {
                differences.extend(address(index, entry, profile));
            }),
            "dates_attributes" => {
                let found = list(profile, &["/dates_attributes", "/attributes/dates"]);
                each(value, |index, entry| {
                    differences.extend(dated(index, entry, &found));
                });
            }
            "regions" => {
                let found = list(profile, &["/regions"]);
                each(value, |index, entry| {
                    let field = format!("regions.{}", index + 1);
                    let own = ["region_id", "handle"];
                    differences.extend(entry_in(&field, entry, &found, &own));
                });
            }
            "organisations" => {
                let found = list(profile, &["/organisations"]);
                each(value, |index, entry| {
                    let field = format!("organisations.{}", index + 1);
                    differences.extend(entry_in(&field, entry, &found, &["id"]));
                });
            }
            "comms_attributes" => differences.extend(comms(key, value, profile)),
            "attributes" => differences.extend(attributes(value, profile)),
            _ => differences.extend(single(key, value, profile)),
        }
    }
    differences
}

fn each<'a>(value: &'a Json, mut work: impl FnMut(usize, &'a Json)) {
    for (index, entry) in value.as_array().into_iter().flatten().enumerate() {
        work(index, entry);
    }
}

/// The entries of the lists that stand at these places.
fn list<'a>(profile: &'a Json, pointers: &[&str]) -> Vec<&'a Json> {
    let lists = pointers.iter().filter_map(|pointer| profile.pointer(pointer));
    lists.filter_map(Json::as_array).flatten().collect()
}

/// The first of several places that holds something.
fn first<'a>(profile: &'a Json, pointers: &[String]) -> Option<&'a Json> {
    let found = pointers.iter().filter_map(|pointer| profile.pointer(pointer));
    found.filter(|value| !is_nothing(value)).find(|_| true)
}

fn difference(path: &str, sent: &Json, found: Option<&Json>) -> Difference {
    Difference { field: name_of(FIELDS, path), sent: sent.clone(), found: found.cloned() }
}

/// How the values of a property compare, and all that a profile shows of it.
pub(super) fn shown<'p>(key: &str, profile: &'p Json) -> (As, Vec<&'p Json>) {
    let (way, pointers): (As, Vec<String>) = match PLACES.iter().find(|(name, ..)| *name == key) {
        Some((_, way, places)) => (*way, places.iter().map(|&place| place.into()).collect()),
        None => (As::Any, vec![format!("/{key}")]),
    };
    let shown = pointers.iter().filter_map(|pointer| profile.pointer(pointer));
    (way, shown.filter(|value| !is_nothing(value)).collect())
}

/// A property that holds one value, or an object of which all that was sent must be found.
fn single(key: &str, sent: &Json, profile: &Json) -> Option<Difference> {
    let (way, shown) = shown(key, profile);
    let same = if shown.is_empty() {
        way.same(sent, &Json::Null)
    } else {
        shown
            .iter()
            .any(|found| way.same(sent, found) || (sent.is_object() && includes(sent, found)))
    };
    (!same).then(|| difference(key, sent, shown.first().copied()))
}

/// What a profile shows of a part of the date of birth.
pub(super) fn shown_of_birth((key, place): (&str, usize), profile: &Json) -> Option<Json> {
    let date = profile.get("birth_date").and_then(Json::as_str).unwrap_or_default();
    let own = profile.get(key).filter(|value| !is_nothing(value)).cloned();
    own.or_else(|| date.get(..10)?.split('-').nth(place).map(Json::from))
}

/// A date of birth is sent as up to three numbers and shown as numbers, as text, or as one date. All
/// three together are one field.
fn birth(sent: &Map<String, Json>, profile: &Json) -> Option<Difference> {
    let shown = |part| shown_of_birth(part, profile);
    let sent: Vec<((&str, usize), &Json)> =
        BIRTH.iter().filter_map(|part| Some((*part, sent.get(part.0)?))).collect();
    let mut wrong = sent
        .iter()
        .filter(|(part, value)| !As::Number.same(value, &shown(*part).unwrap_or(Json::Null)));
    let ((key, _), value) = wrong.next()?;
    if sent.len() < BIRTH.len() && wrong.next().is_none() {
        let found = shown(*BIRTH.iter().find(|part| part.0 == *key)?);
        return Some(difference(key, value, found.as_ref()));
    }
    let written = |values: Vec<Option<Json>>| -> Option<Json> {
        let texts: Option<Vec<String>> = values.into_iter().map(|value| scalar(&value?)).collect();
        Some(Json::from(
            texts?.iter().map(|text| format!("{text:0>2}")).collect::<Vec<_>>().join("-"),
        ))
    };
    let all = written(sent.iter().map(|(_, value)| Some((*value).clone())).collect());
    let found = written(sent.iter().map(|(part, _)| shown(*part)).collect());
    Some(difference("birth_date", &all.unwrap_or_default(), found.as_ref()))
}

/// Tags and statuses are handles; they may be shown as objects. Omneo writes a space in one as a
/// hyphen.
fn handles(key: &str, sent: &Json, profile: &Json) -> Option<Difference> {
    let found = list(profile, &[&format!("/{key}")]);
    let written = |text: String| text.trim().replace(' ', "-");
    let shown: Vec<String> = found
        .iter()
        .filter_map(|one| {
            let own = [Some(*one), one.get("handle"), one.get("name")];
            own.into_iter().find_map(word)
        })
        .map(written)
        .collect();
    let all = match sent {
        Json::Array(sent) => sent
            .iter()
            .all(|one| word(Some(one)).is_none_or(|handle| shown.contains(&written(handle)))),
        other => is_nothing(other) && shown.is_empty(),
    };
    (!all).then(|| difference(key, sent, Some(&Json::from(shown))))
}

/// An entry of a list that is known by some of its keys.
fn entry_in(field: &str, sent: &Json, found: &[&Json], own: &[&str]) -> Option<Difference> {
    if found.iter().any(|one| includes(sent, one)) {
        return None;
    }
    let known = own.iter().find(|key| sent.get(**key).is_some())?;
    let same_key = |one: &&&Json| {
        As::Any
            .same(sent.get(*known).unwrap_or(&Json::Null), one.get(*known).unwrap_or(&Json::Null))
    };
    Some(difference(field, sent, found.iter().find(same_key).copied()))
}

/// What a profile shows of a custom attribute.
pub(super) struct Custom<'p> {
    /// The field.
    pub(super) field: String,
    /// How its values compare.
    pub(super) way: As,
    /// What is shown, if anything.
    pub(super) found: Option<&'p Json>,
}

/// What a profile shows of the custom attribute of an entry as sent. It is known by its namespace and its
/// handle; the documents show them as a list and as objects inside each other.
pub(super) fn shown_of_custom<'p>(sent: &Json, profile: &'p Json) -> Option<Custom<'p>> {
    let (namespace, handle) = (word(sent.get("namespace"))?, word(sent.get("handle"))?);
    let entries = list(profile, &["/custom_attributes", "/attributes/custom"]);
    let own = entries.into_iter().find(|one| {
        word(one.get("namespace")).as_deref() == Some(&*namespace)
            && word(one.get("handle")).as_deref() == Some(&*handle)
    });
    let inside = || {
        let places = ["custom_attributes", "attributes"].iter().filter_map(|key| profile.get(*key));
        places.flat_map(|place| [Some(place), place.get("custom")]).flatten().find_map(|place| {
            place
                .get(&namespace)?
                .get(&handle)
                .or_else(|| place.get(format!("{namespace}:{handle}")))
        })
    };
    let found = own.and_then(|one| one.get("value")).or_else(inside);
    // The type says what a value is that is shown as text.
    let way = match sent.get("type").and_then(Json::as_str) {
        Some("integer" | "float" | "number") => As::Number,
        Some("boolean") => As::Flag,
        _ => As::Any,
    };
    Some(Custom { field: format!("custom_attributes.{namespace}.{handle}"), way, found })
}

fn custom_attribute(sent: &Json, profile: &Json) -> Option<Difference> {
    let Custom { field, way, found } = shown_of_custom(sent, profile)?;
    let value = sent.get("value").unwrap_or(&Json::Null);
    let shown = found.unwrap_or(&Json::Null);
    let parsed = shown.as_str().and_then(|text| serde_json::from_str::<Json>(text).ok());
    let structured = value.is_object() || value.is_array();
    let same = way.same(value, shown)
        || (structured && parsed.is_some_and(|parsed| As::Any.same(value, &parsed)));
    (!same).then(|| Difference { field, sent: value.clone(), found: found.cloned() })
}

/// How the parts of an address compare, and the names under which they are shown.
fn part(key: &str) -> (As, [&str; 2]) {
    match key {
        "country" => (As::Country, ["country", "iso"]),
        "state" => (As::Folded, ["state", "iso_state"]),
        "iso" | "iso_state" => (As::Folded, [key, key]),
        "is_default" => (As::Flag, [key, key]),
        _ => (As::Any, [key, key]),
    }
}

/// The parts in which an address differs from the one among those found that is the most like it.
fn address(index: usize, sent: &Json, profile: &Json) -> Vec<Difference> {
    let mut found = list(profile, &["/addresses"]);
    found.extend(profile.get("address").filter(|one| one.is_object()));
    let same_id = |one: &&Json| {
        let id = word(sent.get("external_id"));
        id.is_some() && id == word(one.get("external_id"))
    };
    if let Some(own) = found.iter().copied().find(same_id) {
        found = vec![own];
    }
    if found.is_empty() {
        found.push(&Json::Null);
    }
    let parts = |one: &Json| -> Vec<Difference> {
        let wrong = sent.as_object().into_iter().flatten().filter_map(|(key, value)| {
            let (way, names) = part(key);
            let shown = names.map(|name| one.get(name));
            let none = shown.iter().all(Option::is_none);
            let same = shown.iter().flatten().any(|found| {
                way.same(value, found) || (value.is_object() && includes(value, found))
            });
            if same || (none && way.same(value, &Json::Null)) {
                return None;
            }
            let path = format!("addresses.{}.{key}", index + 1);
            Some(difference(&path, value, shown.into_iter().flatten().next()))
        });
        wrong.collect()
    };
    found.into_iter().map(parts).min_by_key(Vec::len).unwrap_or_default()
}

/// The parts in which a date that recurs differs from the one of the same handle.
fn dated(index: usize, sent: &Json, found: &[&Json]) -> Vec<Difference> {
    let own = |one: &&&Json| {
        ["handle", "relationship"].iter().all(|key| {
            sent.get(*key)
                .is_none_or(|value| As::Any.same(value, one.get(*key).unwrap_or(&Json::Null)))
        })
    };
    let shown = found.iter().find(own).copied().unwrap_or(&Json::Null);
    let wrong = sent.as_object().into_iter().flatten().filter_map(|(key, value)| {
        let one = shown.get(key);
        let way = match key.as_str() {
            "date" => As::Day,
            "is_recurring" => As::Flag,
            _ => As::Any,
        };
        let nested = value.is_array() || value.is_object();
        let same = way.same(value, one.unwrap_or(&Json::Null))
            || (nested && one.is_some_and(|one| includes(value, one)));
        let path = format!("dates_attributes.{}.{key}", index + 1);
        (!same).then(|| difference(&path, value, one))
    });
    wrong.collect()
}

/// What a profile shows of consent or a preference, and how it compares. It is written at two places, and
/// shown at one.
pub(super) fn shown_of_comms<'p>(key: &str, profile: &'p Json) -> (As, Option<&'p Json>) {
    let places = [
        format!("/attributes/comms/{key}"),
        format!("/comms_attributes/{key}"),
        format!("/comms/{key}"),
    ];
    let way = if key.ends_with("_at") { As::Moment } else { As::Flag };
    (way, first(profile, &places))
}

fn comms(path: &str, sent: &Json, profile: &Json) -> Vec<Difference> {
    let wrong = sent.as_object().into_iter().flatten().filter_map(|(key, value)| {
        let (way, found) = shown_of_comms(key, profile);
        let same = way.same(value, found.unwrap_or(&Json::Null));
        (!same).then(|| difference(&format!("{path}.{key}"), value, found))
    });
    wrong.collect()
}

/// `attributes`: consent once more, and appearance.
fn attributes(sent: &Json, profile: &Json) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (key, value) in sent.as_object().into_iter().flatten() {
        if key == "comms" {
            differences.extend(comms("attributes.comms", value, profile));
            continue;
        }
        let found = profile.get("attributes").and_then(|attributes| attributes.get(key));
        match value {
            Json::Object(parts) => {
                for (part, value) in parts {
                    let one = found.and_then(|found| found.get(part));
                    if !includes(value, one.unwrap_or(&Json::Null)) {
                        let path = format!("attributes.{key}.{part}");
                        differences.push(difference(&path, value, one));
                    }
                }
            }
            value if includes(value, found.unwrap_or(&Json::Null)) => {}
            value => differences.push(difference(&format!("attributes.{key}"), value, found)),
        }
    }
    differences
}

#[cfg(test)]
pub(super) mod tests;
