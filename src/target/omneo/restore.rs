//! What is sent to Omneo so that a profile shows again what it showed before.
//!
//! Properties of one value, the date of birth, consent and preferences, and custom attributes that had a
//! value get it back. Lists do not: whether a batch replaces them or adds to them is not documented, and
//! whoever was put on one since cannot be told from who was there before.

use serde_json::{Map, Value as Json};

use super::compare::{BIRTH, shown, shown_of_birth, shown_of_comms, shown_of_custom};
use super::fields::FIELDS;
use super::read::By;
use crate::target::directory::reversal::selected;
use crate::target::directory::same::{As, is_nothing};
use crate::target::directory::sendable::sendable;
use crate::target::directory::{Selection, Values, name_of};

/// How the fields of the date of birth begin.
const BIRTH_DATE: &str = "birth_date";

/// A person of these fields of one as sent, and the key.
pub(super) fn select(
    by: &By,
    sent: &Json,
    profile: &Json,
    fields: &[&str],
    values: Values,
) -> Selection {
    let mut selecting = Selecting { profile, fields, values, selected: Vec::new() };
    let mut person = Map::new();
    for (key, value) in sent.as_object().into_iter().flatten() {
        let restored = match (key.as_str(), value) {
            ("email", _) if *by == By::Email => Some(value.clone()),
            ("identities", _) => by.entries(value),
            ("birth_day" | "birth_month" | "birth_year", _) => selecting.birth(key, value),
            ("custom_attributes", Json::Array(entries)) => {
                let entries = entries.iter().filter_map(|entry| selecting.custom(entry));
                Some(entries.collect::<Vec<_>>()).filter(|list| !list.is_empty()).map(Json::from)
            }
            ("comms_attributes", Json::Object(own)) => selecting.comms("comms_attributes", own),
            ("attributes", Json::Object(own)) => selecting.attributes(own),
            (_, Json::Array(_) | Json::Object(_)) => None,
            _ => {
                let (way, shown) = shown(key, profile);
                let scalar = |one: &&&Json| !one.is_array() && !one.is_object();
                let any = !shown.is_empty() || has_other_name(key, profile);
                selecting.value(key, way, value, (shown.iter().find(scalar).copied(), any))
            }
        };
        person.extend(restored.map(|value| (key.clone(), value)));
    }
    Selection { person: person.into(), fields: selecting.selected }
}

impl By {
    /// The identities by which a person is found.
    fn entries(&self, sent: &Json) -> Option<Json> {
        let Self::Identity(own) = self else { return None };
        let is_key = |entry: &&Json| entry.get("handle").and_then(Json::as_str) == Some(own);
        Some(sent.as_array()?.iter().filter(is_key).cloned().collect())
    }
}

/// The selecting from a person, beside a profile.
struct Selecting<'a> {
    profile: &'a Json,
    values: Values,
    /// The fields that are wanted.
    fields: &'a [&'a str],
    /// Those that are in it.
    selected: Vec<String>,
}

impl Selecting<'_> {
    fn note(&mut self, field: String, value: Option<Json>) -> Option<Json> {
        selected(self.fields, &mut self.selected, field, value)
    }

    /// One value: what was shown in a form that can be written, and whether anything was shown at all.
    fn value(
        &mut self,
        path: &str,
        way: As,
        sent: &Json,
        (shown, any): (Option<&Json>, bool),
    ) -> Option<Json> {
        let field = name_of(FIELDS, path);
        let value = match shown {
            _ if self.values == Values::Sent => Some(sent.clone()),
            Some(shown) => sendable(way, if sent.is_null() { shown } else { sent }, shown),
            None if any => None,
            None => can_be_cleared(&field).then_some(Json::Null),
        };
        self.note(field, value)
    }

    /// A part of the date of birth. All parts go together, whichever of them is told to differ.
    fn birth(&mut self, key: &str, sent: &Json) -> Option<Json> {
        let mut wanted = self.fields.iter().filter(|name| name.starts_with(BIRTH_DATE));
        let name = wanted.next()?;
        let part = BIRTH.into_iter().find(|(name, _)| *name == key)?;
        let number = Json::from(0);
        let value = match shown_of_birth(part, self.profile) {
            _ if self.values == Values::Sent => sent.clone(),
            Some(shown) => {
                sendable(As::Number, if sent.is_null() { &number } else { sent }, &shown)?
            }
            None => Json::Null,
        };
        if !self.selected.iter().any(|selected| selected == name) {
            self.selected.push((*name).to_owned());
        }
        Some(value)
    }

    /// A custom attribute that had a value; one that had none cannot be taken away.
    fn custom(&mut self, entry: &Json) -> Option<Json> {
        let own = shown_of_custom(entry, self.profile)?;
        if self.values == Values::Sent {
            return self.note(own.field, Some(entry.clone()));
        }
        let sent = entry.get("value").unwrap_or(&Json::Null);
        let shown = own.found?;
        let of = entry.get("type").and_then(Json::as_str);
        let value = match shown {
            // The type of the sheet goes with it; what is of another one cannot be written so.
            Json::Array(_) => matches!(of, Some("array" | "json")).then(|| shown.clone()),
            Json::Object(_) => (of == Some("json")).then(|| shown.clone()),
            _ => sendable(own.way, if sent.is_null() { shown } else { sent }, shown),
        };
        let value = self.note(own.field, value)?;
        let mut entry = entry.as_object()?.clone();
        entry.insert("value".to_owned(), value);
        Some(entry.into())
    }

    fn comms(&mut self, path: &str, sent: &Map<String, Json>) -> Option<Json> {
        let parts = sent.iter().filter_map(|(key, value)| {
            let (way, found) = shown_of_comms(key, self.profile);
            let value =
                self.value(&format!("{path}.{key}"), way, value, (found, found.is_some()))?;
            Some((key.clone(), value))
        });
        whole(parts.collect())
    }

    fn attributes(&mut self, sent: &Map<String, Json>) -> Option<Json> {
        let groups = sent.iter().filter_map(|(group, value)| {
            let own = value.as_object()?;
            if group == "comms" {
                return Some((group.clone(), self.comms("attributes.comms", own)?));
            }
            let found = self.profile.get("attributes").and_then(|groups| groups.get(group));
            let parts = own.iter().filter_map(|(key, value)| {
                let shown = found.and_then(|found| found.get(key));
                let path = format!("attributes.{group}.{key}");
                let value = self.value(&path, As::Any, value, (shown, shown.is_some()))?;
                Some((key.clone(), value))
            });
            Some((group.clone(), whole(parts.collect())?))
        });
        whole(groups.collect())
    }
}

/// What has several names, of which a profile may show another one than was sent: clearing one would clear
/// what the others say.
const NAMES: [&str; 3] = ["joined_location", "preferred_location", "region"];

/// Whether a profile shows something under another name of what stands at a key.
fn has_other_name(key: &str, profile: &Json) -> bool {
    let Some(of) = NAMES.iter().find(|name| key.starts_with(*name)) else { return false };
    let shown = profile.as_object().into_iter().flatten();
    shown.into_iter().any(|(name, value)| name.starts_with(of) && !is_nothing(value))
}

fn whole(parts: Map<String, Json>) -> Option<Json> {
    (!parts.is_empty()).then(|| parts.into())
}

fn can_be_cleared(field: &str) -> bool {
    FIELDS.iter().any(|one| one.name == field && one.can_be_cleared())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::recipe::Recipe;
    use crate::target::directory::Reversal;
    use crate::target::omneo::compare::tests::{otherwise, sent, shown};
    use crate::target::{Overrides, Target};

    fn omneo(settings: &str) -> Box<dyn Target> {
        let text = format!("[omneo]\nbase_url = \"https://example.org\"\n{settings}");
        let recipe = Recipe::parse(text, "upsheet.toml").unwrap();
        (crate::target::omneo::KIND.configure)(&recipe, &Overrides::default()).unwrap()
    }

    fn reversed(target: &dyn Target, sent: &Json, shown: &Json) -> Reversal {
        let directory = target.directory();
        let changed = directory.differences(sent, shown);
        Reversal::of(directory, sent, shown, &changed)
    }

    #[test]
    fn what_was_changed_is_written_as_it_was_but_for_lists() {
        let target = omneo("");
        for (pointer, value, expected) in otherwise() {
            let mut sent = sent();
            *sent.pointer_mut(pointer).unwrap() = value;
            let Reversal { person, fields, lost, .. } = reversed(target.as_ref(), &sent, &shown());
            let is_of_list =
                ["tags", "statuses", "identities", "addresses", "dates_", "regions", "organ"]
                    .iter()
                    .any(|list| expected.starts_with(list));
            if is_of_list || expected == "email" {
                assert_eq!((&person, lost), (&Json::Null, vec![expected.to_owned()]), "{pointer}");
                continue;
            }
            if lost.is_empty() {
                assert_eq!(fields, [expected], "{pointer}");
                assert_eq!(person["email"], "Ada@example.org", "{pointer}");
                assert_eq!(target.directory().differences(&person, &shown()), [], "{person}");
            } else {
                // An object, or something that there was not and that cannot be taken away.
                assert_eq!((&person, lost), (&Json::Null, vec![expected.to_owned()]), "{pointer}");
                assert!(
                    expected.starts_with("custom_attributes") || expected == "meta",
                    "{pointer}"
                );
            }
        }
    }

    #[test]
    fn what_there_was_is_written_in_the_form_in_which_it_is_sent() {
        let target = omneo("");
        let made = |sent: Json, shown: Json| {
            let with_key = |mut one: Json| {
                one["email"] = json!("ada@example.org");
                one
            };
            let mut person = reversed(target.as_ref(), &with_key(sent), &with_key(shown)).person;
            person.as_object_mut().map(|own| own.remove("email"));
            person
        };
        for (sent, shown, expected) in [
            (
                json!({"birth_day": 2, "birth_month": 5, "birth_year": 1990}),
                json!({"birth_date": "1991-06-07"}),
                json!({"birth_day": 7, "birth_month": 6, "birth_year": 1991}),
            ),
            (
                json!({"birth_day": 2, "birth_month": 5}),
                json!({"birth_day": "2", "birth_month": "6"}),
                json!({"birth_day": 2, "birth_month": 6}),
            ),
            (
                json!({"birth_day": 2, "birth_month": 5, "birth_year": 1990}),
                json!({}),
                json!({"birth_day": null, "birth_month": null, "birth_year": null}),
            ),
            (
                json!({"joined_at": "2021-01-27T00:00:00Z"}),
                json!({"joined_at": "2020-02-03 04:05:06"}),
                json!({"joined_at": "2020-02-03T04:05:06Z"}),
            ),
            (
                json!({"mobile_phone": "+61412323123"}),
                json!({"mobile_phone": "0412 323 124", "mobile_phone_e164": "+61412323124"}),
                json!({"mobile_phone": "+61412323124"}),
            ),
            (
                json!({"joined_location_id": 12}),
                json!({"joined_location": {"id": "13"}}),
                json!({"joined_location_id": 13}),
            ),
            (
                json!({"comms_attributes": {"email_promo": true, "sms_promo": true}}),
                json!({"attributes": {"comms": {"email_promo": 0}}}),
                json!({"comms_attributes": {"email_promo": false, "sms_promo": null}}),
            ),
            (
                json!({"attributes": {"appearance": {"size_shoe": "42"}}}),
                json!({"attributes": {"appearance": {"size_shoe": "43"}}}),
                json!({"attributes": {"appearance": {"size_shoe": "43"}}}),
            ),
            (
                json!({"custom_attributes": [
                    {"namespace": "garden", "handle": "plots", "type": "integer", "value": 4},
                    {"namespace": "garden", "handle": "none", "type": "string", "value": "x"}]}),
                json!({"custom_attributes": [{"namespace": "garden", "handle": "plots", "value": "3"}]}),
                json!({"custom_attributes": [
                    {"namespace": "garden", "handle": "plots", "type": "integer", "value": 3}]}),
            ),
            // A list comes back as one, and not under the type of something else.
            (
                json!({"custom_attributes": [
                    {"namespace": "garden", "handle": "plots", "type": "integer", "value": 4},
                    {"namespace": "garden", "handle": "beds", "type": "array", "value": ["x"]},
                    {"namespace": "garden", "handle": "plan", "type": "string", "value": "x"}]}),
                json!({"custom_attributes": [
                    {"namespace": "garden", "handle": "plots", "value": [1, 2]},
                    {"namespace": "garden", "handle": "beds", "value": [1, 2]},
                    {"namespace": "garden", "handle": "plan", "value": {"a": 1}}]}),
                json!({"custom_attributes": [
                    {"namespace": "garden", "handle": "beds", "type": "array", "value": [1, 2]}]}),
            ),
            (json!({"company": "Larkspur"}), json!({}), json!({"company": null})),
            // It has a place under another name, which nobody knows how to write under this one.
            (
                json!({"company": "Larkspur", "preferred_location_external_code": "S9"}),
                json!({"preferred_location_id": 13}),
                json!({"company": null}),
            ),
        ] {
            assert_eq!(made(sent.clone(), shown), expected, "{sent}");
        }
    }

    #[test]
    fn whoever_is_found_by_an_identity_is_sent_with_it_alone() {
        let target = omneo("match_criteria = \"shopify\"");
        let mut sent = sent();
        sent["email"] = json!("other@example.org");
        let Reversal { person, fields, lost, .. } = reversed(target.as_ref(), &sent, &shown());
        assert_eq!((fields, lost.len()), (vec!["email".to_owned()], 0));
        let expected = json!({"email": "ada@example.org",
            "identities": [{"handle": "shopify", "identifier": "77", "is_active": true}]});
        assert_eq!(person, expected);
    }

    #[test]
    fn what_was_sent_is_taken_over_field_by_field() {
        let target = omneo("");
        let fields = ["company", "birth_date", "custom_attributes.garden.plots"];
        let made = target.directory().select(&sent(), &json!({}), &fields, Values::Sent);
        let expected = json!({"email": "Ada@example.org", "company": "Larkspur Pty",
            "birth_day": 1, "birth_month": 5, "birth_year": 1990,
            "custom_attributes": [
                {"namespace": "garden", "handle": "plots", "type": "integer", "value": 3}]});
        assert_eq!(made.person, expected);
    }
}
