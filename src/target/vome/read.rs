//! How Vome shows profiles, and when what it shows is what was sent.
//!
//! Sources: "The Profile object" and "Pagination" of the vendor's documentation. There is no request
//! for one profile, so everybody is read, page by page; the links to other pages, which may be plain
//! http, are never followed. What is written under `profile_data` is read under `profile_details`,
//! and the occupation with it.

mod custom;
mod restore;

use serde_json::Value as Json;

pub(super) use self::custom::{Custom, Leaf, customs};
use super::Vome;
use super::fields::{FIELDS, label};
use super::settings::{Match, Settings};
use crate::spelling::normalise;
use crate::target::directory::same::{As, folded, is_nothing};
use crate::target::directory::{
    Asked, Difference, Directory, Key, Page, Selection, Unread, Values, Wanted, count, is_last,
    name_of, open, word,
};
use crate::target::{Answer, Method, Request};

/// By what a profile is found.
#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    /// The e-mail address.
    Email,
    /// Vome's own id.
    Id,
    /// A custom field of the type "Unique ID".
    Custom {
        /// Its name, or its id where the name is not its own.
        field: String,
        /// Its id, where it is known.
        id: Option<String>,
    },
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

impl Vome {
    fn by(&self) -> By {
        match self.settings.matched_by {
            Match::Email => By::Email,
            Match::Id => By::Id,
            Match::Custom(_) => {
                let field = self.catalogue.key_name().unwrap_or_default();
                let field = field.strip_prefix("custom:").unwrap_or(field).trim().to_owned();
                By::Custom { field, id: self.catalogue.key_id().map(str::to_owned) }
            }
        }
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

    fn has_each_a_key(&self) -> bool {
        !matches!(self.by(), By::Custom { .. })
    }

    fn id(&self, profile: &Json) -> Option<String> {
        word(profile.get("id"))
    }

    fn differences(&self, sent: &Json, profile: &Json) -> Vec<Difference> {
        let mut differences = Vec::new();
        for (section, value) in sent.as_object().into_iter().flatten() {
            match value {
                Json::Array(entries) if section == "custom_field_data" => {
                    let encoding = &self.settings.custom_encoding;
                    differences.extend(entries.iter().filter_map(|entry| {
                        custom::difference(entry, profile, &self.catalogue, encoding)
                    }));
                }
                Json::Object(fields) => {
                    differences.extend(fields.iter().filter_map(|(key, value)| {
                        built_in(&format!("{section}.{key}"), value, profile, &self.settings)
                    }));
                }
                value => differences.extend(built_in(section, value, profile, &self.settings)),
            }
        }
        differences
    }

    fn select(&self, sent: &Json, profile: &Json, fields: &[&str], values: Values) -> Selection {
        restore::select(self, sent, profile, fields, values)
    }
}

impl By {
    fn word(&self) -> String {
        match self {
            Self::Email => "email".to_owned(),
            Self::Id => "id".to_owned(),
            Self::Custom { field, .. } => format!("custom:{field}"),
        }
    }

    /// Whom a person as sent will be matched with.
    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        match self {
            Self::Email => Wanted::email(sent.pointer("/profile_data/email")?.as_str()?),
            Self::Id => Wanted::exact(&word(sent.pointer("/profile_data/id"))?),
            Self::Custom { field, id: own } => {
                let entries = sent.get("custom_field_data")?.as_array()?;
                let entry = entries.iter().find(|entry| {
                    let id = word(entry.get("custom_field_id"));
                    let name = word(entry.get("custom_field_name"));
                    is_field(field, own.as_deref(), (id.as_deref(), name.as_deref()))
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
            Self::Custom { field, id } => customs(profile)
                .filter(|custom| {
                    let shown = (custom.id.as_deref(), custom.name.as_deref());
                    is_field(field, id.as_deref(), shown)
                })
                .flat_map(|custom| custom.values)
                .filter_map(|leaf| Key::exact(&word(Some(&leaf.value))?))
                .collect(),
        }
    }
}

/// Whether a field that the recipe names by its id or its name is this one.
fn is_field(said: &str, own: Option<&str>, other: (Option<&str>, Option<&str>)) -> bool {
    other.0 == Some(said) || same_field((own, Some(said)), other)
}

/// Whether two fields, each by its id and its name, are one. Names speak only where an id is not
/// known, because several fields may have one name.
fn same_field(one: (Option<&str>, Option<&str>), other: (Option<&str>, Option<&str>)) -> bool {
    match (one, other) {
        ((Some(one), _), (Some(other), _)) => one.eq_ignore_ascii_case(other),
        ((_, Some(one)), (_, Some(other))) => folded(one) == folded(other),
        _ => false,
    }
}

/// What a profile shows in a field that every profile has.
struct Shown<'p> {
    /// The field, by its name in the table.
    field: String,
    /// How its values compare.
    way: As,
    /// What is shown, if anything.
    found: Option<&'p Json>,
}

/// What a profile shows of what is written at a path.
fn shown<'p>(path: &str, profile: &'p Json, settings: &Settings) -> Shown<'p> {
    // The key of the coordinates is a setting.
    let own = path.strip_prefix("profile_data.").filter(|key| *key == settings.coordinates_key);
    let path = if own.is_some() { "profile_data.address_coordinates" } else { path };
    let (way, pointers) = if let Some(place) = PLACES.iter().find(|place| place.sent == path) {
        (place.way, place.found.iter().map(|&pointer| pointer.to_owned()).collect())
    } else {
        let last = path.rsplit('.').next().unwrap_or(path);
        (As::Any, vec![format!("/profile_details/{last}"), format!("/{}", path.replace('.', "/"))])
    };
    let pointers: Vec<String> =
        pointers.into_iter().chain(own.map(|key| format!("/profile_details/{key}"))).collect();
    let mut shown = pointers.iter().filter_map(|pointer| profile.pointer(pointer));
    let found = shown.find(|value| !is_nothing(value));
    Shown { field: name_of(FIELDS, path), way, found }
}

/// The difference in a field that every profile has.
fn built_in(path: &str, sent: &Json, profile: &Json, settings: &Settings) -> Option<Difference> {
    let Shown { field, way, found } = shown(path, profile, settings);
    let in_words = || {
        let said = label(&field, sent, settings)?;
        Some(normalise(&said) == normalise(found?.as_str()?))
    };
    if way.same(sent, found.unwrap_or(&Json::Null)) || in_words() == Some(true) {
        return None;
    }
    Some(Difference { field, sent: sent.clone(), found: found.cloned() })
}

#[cfg(test)]
mod tests;
