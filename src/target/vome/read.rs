//! How Vome shows profiles, and when what it shows is what was sent.
//!
//! Sources: "The Profile object" and "Pagination" of the vendor's documentation. There is no request
//! for one profile, so everybody is read, page by page; the links to other pages, which may be plain
//! http, are never followed. What is written under `profile_data` is read under `profile_details`,
//! and the occupation with it.

use serde_json::Value as Json;

use super::Vome;
use super::fields::FIELDS;
use crate::target::directory::same::{As, folded, is_nothing};
use crate::target::directory::{
    Asked, Difference, Directory, Key, Page, Unread, Wanted, count, is_last, name_of, open, word,
};
use crate::target::{Answer, Method, Request, Target as _};

/// By what a profile is found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    /// The e-mail address.
    Email,
    /// Vome's own id.
    Id,
    /// A custom field of the type "Unique ID", by its id or its name.
    Custom(String),
}

/// Where a value that is written at one place is read, and how the two compare.
struct Place {
    sent: &'static str,
    way: As,
    found: &'static [&'static str],
}

const fn place(sent: &'static str, way: As, found: &'static [&'static str]) -> Place {
    Place { sent, way, found }
}

/// Vome "The Profile object" against "Create profiles". Where the documents have two names for a
/// thing both are read.
const PLACES: &[Place] = &[
    place("emergency_contact.name", As::Text, &["/emergency_contact/name"]),
    place("emergency_contact.phone_number", As::Phone, &["/emergency_contact/phone_number"]),
    place("emergency_contact.relationship", As::Text, &["/emergency_contact/relationship"]),
    place("medical_information.description", As::Text, &["/medical_information/description"]),
    place(
        "medical_information.has_medical_info",
        As::Flag,
        &["/medical_information/has_medical_info"],
    ),
    place(
        "occupation_info.occupation",
        As::Number,
        &["/profile_details/occupation", "/occupation_info/occupation"],
    ),
    place(
        "occupation_info.occupation_institution_name",
        As::Text,
        &[
            "/profile_details/occupation_institution_name",
            "/occupation_info/occupation_institution_name",
        ],
    ),
    place("profile_data.id", As::Text, &["/id"]),
    place("profile_data.first_name", As::Text, &["/profile_details/first_name"]),
    place("profile_data.last_name", As::Text, &["/profile_details/last_name"]),
    place("profile_data.email", As::Email, &["/profile_details/email"]),
    place("profile_data.phone_number", As::Phone, &["/profile_details/phone_number"]),
    place("profile_data.date_of_birth", As::Day, &["/profile_details/date_of_birth"]),
    place("profile_data.gender", As::Number, &["/profile_details/gender"]),
    place("profile_data.gender_text", As::Text, &["/profile_details/gender_text"]),
    place("profile_data.address", As::Text, &["/profile_details/address"]),
    place("profile_data.address_coordinates", As::Coordinates, COORDINATES),
    place("profile_data.latitude_longitude", As::Coordinates, COORDINATES),
];

const COORDINATES: &[&str] =
    &["/profile_details/latitude_longitude", "/profile_details/address_coordinates"];

/// The codes of the types of custom fields (Vome "The Profile object").
const SINGLE: u64 = 2;
const MULTIPLE: u64 = 3;

impl Vome {
    fn by(&self) -> By {
        By::of(self.match_field())
    }
}

impl Directory for Vome {
    fn matched_by(&self) -> String {
        self.by().word()
    }

    fn page_size(&self) -> u64 {
        self.settings.page_size
    }

    fn page(&self, number: u64) -> Request {
        let path = format!("/api/profiles/?page={number}&limit={}", self.page_size());
        Request { method: Method::Get, path }
    }

    fn ask(&self, _wanted: &Wanted) -> Vec<Request> {
        Vec::new()
    }

    fn read(&self, answer: Answer<'_>, asked: Asked) -> Result<Page, Unread> {
        let number = match asked {
            // People left while the pages were read, and took the last page with them.
            Asked::Page(2..) if answer.status == 404 => {
                return Ok(Page { last: true, ..Page::default() });
            }
            Asked::Page(number) => number,
            Asked::Key => 1,
        };
        let body = open(answer)?;
        let results = body.get("results").unwrap_or(&body).as_array();
        let Some(results) = results else {
            return Err(Unread::Wrong("the answer holds no list of profiles".to_owned()));
        };
        let profiles = results.iter().filter(|one| one.is_object()).cloned().collect();
        let mut page = Page { profiles, last: false, total: count(body.get("count")) };
        page.last = is_last(&page, body.get("next"), number, self.page_size());
        Ok(page)
    }

    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        self.by().wanted(sent)
    }

    fn keys(&self, profile: &Json) -> Vec<Key> {
        self.by().keys(profile)
    }

    fn id(&self, profile: &Json) -> Option<String> {
        word(profile.get("id"))
    }

    fn differences(&self, sent: &Json, profile: &Json) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (section, value) in sent.as_object().into_iter().flatten() {
            match value {
                Json::Array(entries) if section == "custom_field_data" => {
                    differences.extend(entries.iter().filter_map(|entry| custom(entry, profile)));
                }
                Json::Object(fields) => {
                    differences.extend(fields.iter().filter_map(|(key, value)| {
                        built_in(&format!("{section}.{key}"), value, profile)
                    }));
                }
                value => differences.extend(built_in(section, value, profile)),
            }
        }
        differences
    }
}

impl By {
    /// From the name of the match field.
    fn of(field: &str) -> Self {
        match field.strip_prefix("custom:") {
            Some(name) => Self::Custom(name.trim().to_owned()),
            None if field == "email" => Self::Email,
            None => Self::Id,
        }
    }

    fn word(&self) -> String {
        match self {
            Self::Email => "email".to_owned(),
            Self::Id => "id".to_owned(),
            Self::Custom(field) => format!("custom:{field}"),
        }
    }

    /// Whom a person as sent will be matched with.
    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        match self {
            Self::Email => Wanted::email(sent.pointer("/profile_data/email")?.as_str()?),
            Self::Id => Wanted::exact(&word(sent.pointer("/profile_data/id"))?),
            Self::Custom(field) => {
                let entries = sent.get("custom_field_data")?.as_array()?;
                let entry = entries.iter().find(|entry| {
                    let id = word(entry.get("custom_field_id"));
                    let name = word(entry.get("custom_field_name"));
                    is_field(field, id.as_deref(), name.as_deref())
                })?;
                Wanted::exact(&word(entry.get("custom_field_user_value"))?)
            }
        }
    }

    /// The keys that a profile can be matched by.
    fn keys(&self, profile: &Json) -> Vec<Key> {
        match self {
            Self::Email => {
                let email = profile.pointer("/profile_details/email").and_then(Json::as_str);
                email.and_then(Key::email).into_iter().collect()
            }
            Self::Id => {
                word(profile.get("id")).and_then(|id| Key::exact(&id)).into_iter().collect()
            }
            Self::Custom(field) => customs(profile)
                .filter(|custom| is_field(field, custom.id.as_deref(), custom.name.as_deref()))
                .flat_map(|custom| custom.values)
                .filter_map(|leaf| Key::exact(&word(Some(&leaf.value))?))
                .collect(),
        }
    }
}

/// Whether a field that the recipe names by its id or its name is this one.
fn is_field(wanted: &str, id: Option<&str>, name: Option<&str>) -> bool {
    id == Some(wanted) || name.is_some_and(|name| folded(name) == folded(wanted))
}

/// The difference in a field that every profile has.
fn built_in(path: &str, sent: &Json, profile: &Json) -> Option<Difference> {
    let known = PLACES.iter().find(|place| place.sent == path);
    let (way, found) = if let Some(place) = known {
        let mut shown = place.found.iter().filter_map(|pointer| profile.pointer(pointer));
        (place.way, shown.find(|value| !is_nothing(value)))
    } else {
        let last = path.rsplit('.').next().unwrap_or(path);
        let pointers = [format!("/profile_details/{last}"), format!("/{}", path.replace('.', "/"))];
        (As::Any, pointers.iter().find_map(|pointer| profile.pointer(pointer)))
    };
    if way.same(sent, found.unwrap_or(&Json::Null)) {
        return None;
    }
    Some(Difference { field: name_of(FIELDS, path), sent: sent.clone(), found: found.cloned() })
}

/// A custom field as a profile shows it.
pub(super) struct Custom {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) kind: Option<u64>,
    pub(super) values: Vec<Leaf>,
}

/// One value of it; an option has an id of its own.
pub(super) struct Leaf {
    pub(super) value: Json,
    pub(super) id: Option<String>,
}

/// The custom fields of a profile. Their values stand in an object or in a list of objects, and those
/// of options in one more object inside.
pub(super) fn customs(profile: &Json) -> impl Iterator<Item = Custom> {
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
fn custom(entry: &Json, profile: &Json) -> Option<Difference> {
    let id = word(entry.get("custom_field_id"));
    let name = word(entry.get("custom_field_name"));
    let sent = entry.get("custom_field_user_value").unwrap_or(&Json::Null);
    let mut same_name = Vec::new();
    for shown in customs(profile) {
        if id.is_some() && shown.id == id {
            same_name = vec![shown];
            break;
        }
        if name
            .as_deref()
            .is_some_and(|name| shown.name.as_deref().map(folded) == Some(folded(name)))
        {
            same_name.push(shown);
        }
    }
    let lacking = same_name.is_empty() && is_nothing(sent);
    if lacking || same_name.iter().any(|shown| same_custom(sent, shown)) {
        return None;
    }
    let shown = same_name.into_iter().next();
    let label = name.or(shown.as_ref().and_then(|shown| shown.name.clone())).or(id);
    let found = shown.and_then(|shown| {
        let mut values: Vec<Json> = shown.values.into_iter().map(|leaf| leaf.value).collect();
        if values.len() > 1 { Some(Json::from(values)) } else { values.pop() }
    });
    let field = format!("custom:{}", label.unwrap_or_default());
    Some(Difference { field, sent: sent.clone(), found })
}

/// Whether a custom field shows what was sent. A choice of several options is one value: the same
/// options, in any order. That a write replaces such a choice, and does not add to it, is inferred.
fn same_custom(sent: &Json, shown: &Custom) -> bool {
    let way = match shown.kind {
        Some(1) => As::Number,
        Some(SINGLE | MULTIPLE) => As::Folded,
        Some(4) => As::Moment,
        Some(5) => As::Email,
        Some(10) => As::Flag,
        Some(12) => As::Day,
        Some(0 | 7 | 8 | 9) => As::Text,
        _ => As::Any,
    };
    let is = |sent: &Json, leaf: &Leaf| {
        way.same(sent, &leaf.value)
            || (matches!(shown.kind, Some(SINGLE | MULTIPLE)) && word(Some(sent)) == leaf.id)
    };
    let all = |sent: &[Json]| {
        sent.iter().all(|sent| shown.values.iter().any(|leaf| is(sent, leaf)))
            && shown.values.iter().all(|leaf| sent.iter().any(|sent| is(sent, leaf)))
    };
    match (sent, shown.values.as_slice()) {
        (Json::Array(sent), _) => {
            let sent: Vec<Json> = sent.iter().filter(|one| !is_nothing(one)).cloned().collect();
            all(&sent)
        }
        (sent, []) => way.same(sent, &Json::Null),
        (sent, [only]) if is(sent, only) => true,
        // Options may be sent joined to one text.
        (Json::String(joined), _) if shown.kind == Some(MULTIPLE) => {
            let parts = joined.split([',', ';', '|']).map(str::trim);
            all(&parts.filter(|part| !part.is_empty()).map(Json::from).collect::<Vec<_>>())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
