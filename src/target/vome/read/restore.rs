//! What is sent to Vome so that a profile shows again what it showed before.

use serde_json::{Map, Value as Json};

use super::custom;
use super::{By, Selection, Settings, Shown, Values, is_field, shown};
use crate::target::directory::reversal::selected;
use crate::target::directory::same::As;
use crate::target::directory::sendable::sendable;
use crate::target::directory::word;
use crate::target::vome::Vome;
use crate::target::vome::fields::{FIELDS, code_of};
use crate::target::vome::settings::{BoolEncoding, CoordinatesAs, EnumEncoding};

/// A person of these fields of one as sent, and the key.
pub(super) fn select(
    vome: &Vome,
    sent: &Json,
    profile: &Json,
    fields: &[&str],
    values: Values,
) -> Selection {
    let mut selecting =
        Selecting { vome, by: vome.by(), profile, fields, values, selected: Vec::new() };
    let mut person = Map::new();
    for (section, value) in sent.as_object().into_iter().flatten() {
        let value = match value {
            Json::Array(entries) if section == "custom_field_data" => {
                let kept: Vec<Json> =
                    entries.iter().filter_map(|entry| selecting.custom(entry)).collect();
                (!kept.is_empty()).then(|| kept.into())
            }
            Json::Object(own) => {
                let parts = own.iter().filter_map(|(key, value)| {
                    Some((key.clone(), selecting.built_in(&format!("{section}.{key}"), value)?))
                });
                let part: Map<String, Json> = parts.collect();
                (!part.is_empty()).then(|| part.into())
            }
            value => selecting.built_in(section, value),
        };
        person.extend(value.map(|value| (section.clone(), value)));
    }
    Selection { person: person.into(), fields: selecting.selected }
}

/// The selecting from a person, beside a profile.
struct Selecting<'a> {
    vome: &'a Vome,
    by: By,
    profile: &'a Json,
    /// The fields that are wanted.
    fields: &'a [&'a str],
    values: Values,
    /// Those that are in it.
    selected: Vec<String>,
}

impl Selecting<'_> {
    fn note(&mut self, field: String, value: Option<Json>) -> Option<Json> {
        selected(self.fields, &mut self.selected, field, value)
    }

    fn custom(&mut self, entry: &Json) -> Option<Json> {
        if self.by.is_custom_key(entry) {
            return Some(entry.clone());
        }
        let (field, entry) = match self.values {
            Values::Sent => (custom::shown_name(entry, self.profile), entry.clone()),
            Values::Shown => {
                let Vome { catalogue, settings, .. } = self.vome;
                custom::restored(entry, self.profile, catalogue, &settings.custom_encoding)?
            }
        };
        self.note(field, Some(entry))
    }

    /// A field that every profile has.
    fn built_in(&mut self, path: &str, sent: &Json) -> Option<Json> {
        if self.by.is_key(path) {
            return Some(sent.clone());
        }
        let settings = &self.vome.settings;
        let Shown { field, way, found } = shown(path, self.profile, settings);
        let value = match (self.values, found) {
            (Values::Sent, _) => Some(sent.clone()),
            // No document says what a profile shows that has no flag: it is off.
            (Values::Shown, None) if way == As::Flag => {
                sendable(way, &form(way, sent, settings), &Json::Bool(false))
            }
            (Values::Shown, None) => can_be_cleared(&field).then_some(Json::Null),
            (Values::Shown, Some(found)) => {
                let coded = found.as_str().and_then(|words| code_of(&field, words, settings));
                let found = coded.map_or_else(|| found.clone(), Json::from);
                sendable(way, &form(way, sent, settings), &found)
            }
        };
        self.note(field, value)
    }
}

/// A value of the form in which a field is sent: what was sent, or, where that was cleared and says nothing of
/// its form, one of the form that the settings have.
fn form(way: As, sent: &Json, settings: &Settings) -> Json {
    let text = |wanted: bool, native: Json| if wanted { Json::from("") } else { native };
    match (way, sent) {
        (As::Number, Json::Null) => text(settings.enum_encoding == EnumEncoding::String, 0.into()),
        (As::Flag, Json::Null) => text(settings.bool_encoding == BoolEncoding::String, true.into()),
        (As::Coordinates, Json::Null) => {
            vec![text(settings.coordinates_as == CoordinatesAs::Strings, 0.into())].into()
        }
        _ => sent.clone(),
    }
}

impl By {
    /// Whether people are found by what is written at a path.
    fn is_key(&self, path: &str) -> bool {
        match self {
            Self::Email => path == "profile_data.email",
            Self::Id => path == "profile_data.id",
            Self::Custom { .. } => false,
        }
    }

    /// Whether people are found by a custom field, and this is it.
    fn is_custom_key(&self, entry: &Json) -> bool {
        let Self::Custom { field, id } = self else { return false };
        let (own, name) =
            (word(entry.get("custom_field_id")), word(entry.get("custom_field_name")));
        is_field(field, id.as_deref(), (own.as_deref(), name.as_deref()))
    }
}

fn can_be_cleared(field: &str) -> bool {
    FIELDS.iter().any(|one| one.name == field && one.can_be_cleared())
}
