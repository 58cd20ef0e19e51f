//! The user's own profile, as it is shown, made into what gives it the values that it has.

use serde_json::{Map, Value as Json, json};

use crate::target::directory::same::is_nothing;
use crate::target::vome::custom::Encoding;
use crate::target::vome::custom::declared::{NumberForm, SelectionForm, SeveralForm};
use crate::target::vome::read::{Custom, Leaf, customs};
use crate::target::vome::settings::{BoolEncoding, EnumEncoding, Settings};

/// Where a text is written and where it is shown (Vome "Create profiles", "The Profile object").
const TEXTS: [(&str, &str, &str); 11] = [
    ("profile_data", "first_name", "/profile_details/first_name"),
    ("profile_data", "last_name", "/profile_details/last_name"),
    ("profile_data", "email", "/profile_details/email"),
    ("profile_data", "phone_number", "/profile_details/phone_number"),
    ("profile_data", "date_of_birth", "/profile_details/date_of_birth"),
    ("profile_data", "address", "/profile_details/address"),
    ("emergency_contact", "name", "/emergency_contact/name"),
    ("emergency_contact", "phone_number", "/emergency_contact/phone_number"),
    ("emergency_contact", "relationship", "/emergency_contact/relationship"),
    ("medical_information", "description", "/medical_information/description"),
    (
        "occupation_info",
        "occupation_institution_name",
        "/profile_details/occupation_institution_name",
    ),
];

/// Without these nobody is found, or made.
const NEEDED: [&str; 3] = ["first_name", "last_name", "email"];

/// The types of custom fields that cannot be written: files and formulas.
const UNWRITTEN: [u64; 2] = [6, 11];

/// A record that is put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Own(Map<String, Json>);

impl Own {
    /// The names and the address, without which nobody is found.
    pub(super) fn least(profile: &Json) -> Self {
        let mut own = Self::default();
        for (section, key, pointer) in TEXTS.into_iter().filter(|text| NEEDED.contains(&text.1)) {
            own.take(section, key, profile.pointer(pointer));
        }
        own
    }

    /// All that is built in.
    pub(super) fn built_in(profile: &Json, settings: &Settings) -> Self {
        let mut own = Self::default();
        for (section, key, pointer) in TEXTS {
            own.take(section, key, profile.pointer(pointer));
        }
        own.with_codes(profile, settings).with_flag(profile, settings)
    }

    /// Everything that can be written.
    pub(super) fn whole(profile: &Json, settings: &Settings) -> Self {
        let all: Vec<Custom> = customs(profile).collect();
        Self::built_in(profile, settings).with_custom(&all, &settings.custom_encoding)
    }

    /// With gender and occupation.
    pub(super) fn with_codes(mut self, profile: &Json, settings: &Settings) -> Self {
        for (section, key) in [("profile_data", "gender"), ("occupation_info", "occupation")] {
            let shown = profile.pointer(&format!("/profile_details/{key}"));
            let code = shown.and_then(|shown| {
                shown.as_i64().or_else(|| shown.as_str()?.trim().parse::<i64>().ok())
            });
            let code = code.map(|code| match settings.enum_encoding {
                EnumEncoding::Integer => json!(code),
                EnumEncoding::String => json!(code.to_string()),
            });
            self.take(section, key, code.as_ref());
        }
        self
    }

    /// With the flag of medical information, where it says yes.
    pub(super) fn with_flag(mut self, profile: &Json, settings: &Settings) -> Self {
        let shown = profile.pointer("/medical_information/has_medical_info");
        if shown.is_some_and(|shown| *shown == json!(true) || *shown == json!("true")) {
            let value = flag(true, settings.bool_encoding);
            self.take("medical_information", "has_medical_info", Some(&value));
        }
        self
    }

    /// With custom fields.
    pub(super) fn with_custom(mut self, customs: &[Custom], encoding: &Encoding) -> Self {
        let entries: Vec<Json> = customs.iter().filter_map(|one| entry(one, encoding)).collect();
        if !entries.is_empty() {
            self.0.insert("custom_field_data".to_owned(), entries.into());
        }
        self
    }

    /// With a value at a place.
    pub(super) fn with(mut self, section: &str, key: &str, value: Json) -> Self {
        let inner = self.0.entry(section).or_insert_with(|| json!({}));
        if let Some(inner) = inner.as_object_mut() {
            inner.insert(key.to_owned(), value);
        }
        self
    }

    /// Without what stands at a place.
    pub(super) fn without(mut self, section: &str, key: &str) -> Self {
        if let Some(inner) = self.0.get_mut(section).and_then(Json::as_object_mut) {
            inner.remove(key);
        }
        self
    }

    fn take(&mut self, section: &str, key: &str, value: Option<&Json>) {
        if let Some(value) = value.filter(|value| !is_nothing(value)) {
            *self = std::mem::take(self).with(section, key, value.clone());
        }
    }

    /// A place that has a value and can do without it.
    pub(super) fn spare(&self) -> Option<(&'static str, &'static str)> {
        const FIRST: [&str; 2] = ["address", "relationship"];
        let filled = |text: &&(&'static str, &'static str, &'static str)| {
            !NEEDED.contains(&text.1) && self.get(text.0, text.1).is_some()
        };
        let first = TEXTS.iter().filter(|text| FIRST.contains(&text.1)).find(filled);
        let (section, key, _) = first.or_else(|| TEXTS.iter().find(filled))?;
        Some((section, key))
    }

    /// A place that has no value.
    pub(super) fn blank(&self) -> Option<(&'static str, &'static str)> {
        let blank = TEXTS.iter().find(|text| self.get(text.0, text.1).is_none());
        blank.map(|(section, key, _)| (*section, *key))
    }

    fn get(&self, section: &str, key: &str) -> Option<&Json> {
        self.0.get(section)?.get(key)
    }

    pub(super) fn json(self) -> Json {
        self.0.into()
    }
}

fn flag(yes: bool, encoding: BoolEncoding) -> Json {
    match encoding {
        BoolEncoding::Native => json!(yes),
        BoolEncoding::String => json!(yes.to_string()),
    }
}

/// One custom field with the value that it has; nothing where it has none or none can be written.
fn entry(custom: &Custom, encoding: &Encoding) -> Option<Json> {
    if custom.kind.is_some_and(|kind| UNWRITTEN.contains(&kind)) {
        return None;
    }
    let first = custom.values.first()?;
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let id = |leaf: &Leaf| Json::from(leaf.id.clone().unwrap_or_default());
    let value = match custom.kind {
        Some(1) => match (encoding.number, text(&first.value)) {
            (NumberForm::Text, text) => json!(text),
            (NumberForm::Native, text) => serde_json::from_str(&text).ok()?,
        },
        Some(2) if encoding.single_selection == SelectionForm::OptionId => id(first),
        Some(3) => match encoding.multiple_selection {
            SeveralForm::List => custom.values.iter().map(|leaf| leaf.value.clone()).collect(),
            SeveralForm::OptionIds => custom.values.iter().map(id).collect(),
            SeveralForm::Joined => {
                let texts: Vec<String> =
                    custom.values.iter().map(|leaf| text(&leaf.value)).collect();
                json!(texts.join(&encoding.separator))
            }
        },
        Some(10) => match first.value.as_bool().or_else(|| text(&first.value).parse().ok()) {
            Some(yes) => flag(yes, encoding.boolean),
            None => first.value.clone(),
        },
        _ => first.value.clone(),
    };
    let mut entry = Map::new();
    for (key, said) in [("custom_field_id", &custom.id), ("custom_field_name", &custom.name)] {
        if let Some(said) = said {
            entry.insert(key.to_owned(), json!(said));
        }
    }
    entry.insert("custom_field_user_value".to_owned(), value);
    Some(entry.into())
}

/// A profile without what Vome changes by itself: times, ages, the addresses of pictures, and the
/// ids of values, which a write may make anew.
pub(super) fn state(profile: &Json) -> Json {
    const OWN: [&str; 5] = ["id", "created_at", "updated_at", "age", "profile_image"];
    match profile {
        Json::Object(map) => {
            let kept = map.iter().filter(|(key, _)| !OWN.contains(&key.as_str()));
            kept.map(|(key, value)| (key.clone(), state(value))).collect::<Map<_, _>>().into()
        }
        Json::Array(list) => {
            let mut list: Vec<Json> = list.iter().map(state).collect();
            // No order of fields or options is documented.
            list.sort_by_cached_key(ToString::to_string);
            list.into()
        }
        value => value.clone(),
    }
}

/// What the profile of nobody might look like.
pub(super) fn sketch(email: &str) -> Json {
    let field = |id: &str, name: &str, kind: u64, value: Json| {
        json!({
            "custom_field": {"id": format!("<id of {id}>"), "name": name, "field_type": kind},
            "custom_field_value": value,
        })
    };
    let option = |text: &str| json!({"value": {"id": format!("<id of {text}>"), "value": text}});
    json!({
        "id": "<id>",
        "profile_details": {
            "first_name": "<first name>", "last_name": "<last name>", "email": email,
            "address": "<address>", "gender": 3,
        },
        "medical_information": {"has_medical_info": true},
        "custom_fields": [
            field("number", "<a number>", 1, json!({"value": "1"})),
            field("selection", "<a selection>", 2, option("<option>")),
            field("selections", "<selections>", 3, json!([option("<option 1>"), option("<option 2>")])),
            field("id", "<a unique id>", 9, json!({"value": "<value>"})),
            field("flag", "<yes or no>", 10, json!({"value": true})),
        ],
    })
}
