//! What is sent to a SCIM server so that a user shows again what it showed before.
//!
//! Attributes of one value, also those inside others, get it back, or are taken away by null where they had
//! none (RFC 7643 section 2.5). Lists do not: a change adds to them (RFC 7644 section 3.5.2.1). Nor does a user
//! that was replaced as a whole: what was lost by that was never sent, and nobody has compared it.

use serde_json::{Map, Value as Json};

use super::{judge, name_in, way_of};
use crate::target::directory::same::is_nothing;
use crate::target::directory::sendable::sendable;
use crate::target::directory::{Selection, Values};
use crate::target::scim::Scim;

/// The place of what is changed in a partial change.
const VALUE: &str = "/data/Operations/0/value";

/// A person of these attributes of one as sent.
pub(super) fn select(
    scim: &Scim,
    sent: &Json,
    user: &Json,
    fields: &[&str],
    values: Values,
) -> Selection {
    let mut person = sent.clone();
    let mut selected = Vec::new();
    let patches = scim.patches();
    let Some(value) = person.pointer_mut(VALUE).filter(|_| patches) else {
        return Selection::default();
    };
    if let Some(attributes) = value.as_object_mut() {
        let mut selecting = Selecting { fields, values, selected: &mut selected };
        *attributes = attributes
            .iter()
            .filter_map(|(name, value)| {
                let value = match name.as_str() {
                    "schemas" => Some(value.clone()),
                    _ => selecting.value(name, value, judge::get(user, name)),
                };
                Some((name.clone(), value?))
            })
            .collect();
    }
    // Whoever is sent is numbered anew.
    if let Some(person) = person.as_object_mut() {
        person.remove("bulkId");
        person.remove("method");
    }
    Selection { person, fields: selected }
}

/// The selecting from a person.
struct Selecting<'a> {
    /// The attributes that are wanted.
    fields: &'a [&'a str],
    values: Values,
    /// Those that are in it.
    selected: &'a mut Vec<String>,
}

impl Selecting<'_> {
    fn value(&mut self, name: &str, sent: &Json, shown: Option<&Json>) -> Option<Json> {
        match sent {
            Json::Object(sent) => {
                let names: Vec<String> = sent.keys().map(|key| name_in(name, key)).collect();
                let are_wanted = names.iter().all(|name| self.fields.contains(&name.as_str()));
                // What was not there is taken away as a whole.
                if shown.is_none() && are_wanted && self.values == Values::Shown {
                    self.selected.extend(names);
                    return Some(Json::Null);
                }
                let parts: Map<String, Json> = sent
                    .iter()
                    .zip(&names)
                    .filter_map(|((key, sent), name)| {
                        let shown = shown.and_then(|shown| judge::get(shown, key));
                        Some((key.clone(), self.value(name, sent, shown)?))
                    })
                    .collect();
                (!parts.is_empty()).then(|| parts.into())
            }
            Json::Array(_) => None,
            sent => {
                let is_wanted = self.fields.contains(&name);
                let shown = shown.filter(|shown| !is_nothing(shown));
                let value = match shown.filter(|_| is_wanted) {
                    _ if self.values == Values::Sent => is_wanted.then(|| sent.clone()),
                    Some(shown) => {
                        sendable(way_of(name), if sent.is_null() { shown } else { sent }, shown)
                    }
                    // Nobody can be without a user name (RFC 7643 section 4.1.1).
                    None => (is_wanted && name != "userName").then_some(Json::Null),
                }?;
                self.selected.push(name.to_owned());
                Some(value)
            }
        }
    }
}
