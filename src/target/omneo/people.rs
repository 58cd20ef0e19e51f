//! Who of the people sent an item of a batch's report is about.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::target::Sent;

/// What of a person may stand in an item.
#[derive(Deserialize)]
struct Keys<'a> {
    #[serde(borrow, default)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    identities: Vec<Identity<'a>>,
    /// In a batch of statuses.
    #[serde(borrow, default)]
    profile_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow, default)]
    identifier: Option<Cow<'a, str>>,
}

/// The people of a request, found by what an item may say of them. A key that two of them share means
/// neither.
pub(super) struct People {
    places: BTreeMap<String, Option<usize>>,
    /// The same by the ids of profiles, which only a batch of statuses is sent.
    profiles: BTreeMap<String, Option<usize>>,
}

impl People {
    pub(super) fn new(sent: Sent<'_>) -> Self {
        let (mut places, mut profiles) = (BTreeMap::new(), BTreeMap::new());
        let note = |all: &mut BTreeMap<String, Option<usize>>, key: &str, place: usize| {
            all.entry(plain(key))
                .and_modify(|known| *known = known.filter(|known| *known == place))
                .or_insert(Some(place));
        };
        for (place, person) in sent.people().into_iter().enumerate() {
            let Ok(keys) = serde_json::from_str::<Keys<'_>>(person.get()) else { continue };
            let identifiers = keys.identities.into_iter().filter_map(|one| one.identifier);
            for key in keys.email.into_iter().chain(identifiers) {
                note(&mut places, &key, place);
            }
            if let Some(id) = keys.profile_id {
                note(&mut profiles, &id, place);
            }
        }
        Self { places, profiles }
    }

    /// The person that an item names. What its `external_id` is the documents do not say: the
    /// identifier of the primary identity, by the page on profiles. It is believed only where it is
    /// one that was sent.
    pub(super) fn of(&self, item: &Json) -> Option<usize> {
        let key = |name: &str| match item.get(name)? {
            Json::String(text) => Some(plain(text)),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let own = ["external_id", "email", "identifier"];
        let person = own.iter().find_map(|name| self.places.get(&key(name)?).copied().flatten());
        person.or_else(|| {
            let ids = ["entity_id", "external_id"];
            ids.iter().find_map(|name| self.profiles.get(&key(name)?).copied().flatten())
        })
    }

    /// Whom items name, in their order; nothing where one names nobody, or two name the same person.
    pub(super) fn all<'i>(&self, items: impl Iterator<Item = &'i Json>) -> Option<Vec<usize>> {
        let places: Vec<usize> = items.map(|item| self.of(item)).collect::<Option<_>>()?;
        let mut each = places.clone();
        each.sort_unstable();
        each.dedup();
        (each.len() == places.len()).then_some(places)
    }
}

/// Addresses are one key in any case; so are identifiers, of which two that differ in it alone then
/// mean nobody.
fn plain(key: &str) -> String {
    key.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn an_item_is_about_whom_it_names_and_nobody_else() {
        let sent = [
            r#"{"email":"Ada@example.org","identities":[{"handle":"pos","identifier":"7"}]}"#,
            r#"{"email":"otis@example.org","identities":[{"handle":"pos","identifier":"8"},{"handle":"crm","identifier":"9"}]}"#,
            r#"{"email":"zoe@example.org","identities":[{"handle":"crm","identifier":"8"}]}"#,
            r#"{"first_name":"Nobody"}"#,
            "null",
        ];
        let sent: Vec<&RawValue> =
            sent.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
        let people = People::new(&sent);
        for (item, expected) in [
            (json!({"external_id": "ada@example.org"}), Some(0)),
            (json!({"external_id": "7"}), Some(0)),
            (json!({"external_id": 9}), Some(1)),
            (json!({"external_id": "8"}), None),
            (json!({"external_id": "8", "email": "zoe@example.org"}), Some(2)),
            (json!({"external_id": null, "identifier": " 7 "}), Some(0)),
            (json!({"external_id": "77"}), None),
            (json!({"entity_id": "7"}), None),
            (json!("7"), None),
        ] {
            assert_eq!(people.of(&item), expected, "{item}");
        }
    }
}
