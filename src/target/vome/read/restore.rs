//! What is sent to Vome so that a profile shows again what it showed before.

use serde_json::{Map, Value as Json};

use super::custom;
use super::{By, Restoring, Shown, is_field, shown};
use crate::target::directory::again::again;
use crate::target::directory::same::As;
use crate::target::directory::word;
use crate::target::vome::Vome;
use crate::target::vome::fields::{FIELDS, code_of};
use crate::target::vome::settings::EnumEncoding;

/// A person as sent, with what a profile showed before in place of what was sent, in these fields and in no
/// others but the key.
pub(super) fn restoring(vome: &Vome, sent: &Json, before: &Json, fields: &[&str]) -> Restoring {
    let by = vome.by();
    let mut restored = Vec::new();
    let mut person = Map::new();
    for (section, value) in sent.as_object().into_iter().flatten() {
        match value {
            Json::Array(entries) if section == "custom_field_data" => {
                let kept = entries.iter().filter_map(|entry| {
                    if by.is_custom_key(entry) {
                        return Some(entry.clone());
                    }
                    let (catalogue, encoding) = (&vome.catalogue, &vome.settings.custom_encoding);
                    let (field, entry) = custom::restored(entry, before, catalogue, encoding)?;
                    let is_wanted = fields.contains(&field.as_str());
                    is_wanted.then(|| {
                        restored.push(field);
                        entry
                    })
                });
                let kept: Vec<Json> = kept.collect();
                if !kept.is_empty() {
                    person.insert(section.clone(), kept.into());
                }
            }
            Json::Object(own) => {
                let mut part = Map::new();
                for (key, value) in own {
                    let path = format!("{section}.{key}");
                    let value = if by.is_key(&path) {
                        Some(value.clone())
                    } else {
                        built_in(vome, &path, value, before, fields, &mut restored)
                    };
                    part.extend(value.map(|value| (key.clone(), value)));
                }
                if !part.is_empty() {
                    person.insert(section.clone(), part.into());
                }
            }
            value => {
                let value = built_in(vome, section, value, before, fields, &mut restored);
                person.extend(value.map(|value| (section.clone(), value)));
            }
        }
    }
    Restoring { person: person.into(), fields: restored }
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

/// What a profile showed in a field that every profile has, as it is sent.
fn built_in(
    vome: &Vome,
    path: &str,
    sent: &Json,
    before: &Json,
    fields: &[&str],
    restored: &mut Vec<String>,
) -> Option<Json> {
    let Shown { field, way, found } = shown(path, before, &vome.settings);
    if !fields.contains(&field.as_str()) {
        return None;
    }
    let value = match found {
        // No document says what a profile shows that has no flag: it is off.
        None if way == As::Flag => again(way, sent, &Json::Bool(false)),
        None => can_be_cleared(&field).then_some(Json::Null),
        Some(found) => {
            let coded = found.as_str().and_then(|words| code_of(&field, words, &vome.settings));
            let found = coded.map_or_else(|| found.clone(), Json::from);
            // What was cleared says nothing of the form.
            let as_text = vome.settings.enum_encoding == EnumEncoding::String;
            let like = match (way, sent) {
                (As::Number, Json::Null) if as_text => &Json::from(""),
                (_, Json::Null) => &found,
                _ => sent,
            };
            again(way, like, &found)
        }
    };
    if value.is_some() {
        restored.push(field);
    }
    value
}

fn can_be_cleared(field: &str) -> bool {
    FIELDS.iter().any(|one| one.name == field && one.can_be_cleared())
}
