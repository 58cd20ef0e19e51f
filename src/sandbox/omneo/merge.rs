//! What a batch item changes in an Omneo profile. No I/O.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::store::Aliases;
use super::super::variants::{Omneo, SetMode};
use super::rules::{entries, identity};

/// What makes two entries of a list the same entry. The documents say so of identities only; the
/// others are the keys by which their own endpoints address them.
fn keys(list: &str, entry: &Map<String, Value>) -> &'static [&'static str] {
    match list {
        "identities" => &["handle", "identifier"],
        "custom_attributes" => &["namespace", "handle"],
        "dates_attributes" => &["handle", "relationship"],
        "addresses" if entry.contains_key("external_id") => &["external_id"],
        "addresses" => &["address_line_1", "postcode"],
        "regions" => &["region_id", "handle"],
        _ => &["id"],
    }
}

/// The alias of a mobile number, which must be unique (Omneo "Profiles API overview").
pub(super) const MOBILE: &str = "mobile_phone";

/// The body of a new profile: a name that is not sent is "Unknown" (Omneo "Core profile fields").
pub(super) fn create(sent: &Map<String, Value>, rules: &Omneo) -> Map<String, Value> {
    let mut body = Map::new();
    merge(&mut body, sent, rules);
    for name in ["first_name", "last_name"] {
        if body.get(name).is_none_or(super::super::rule::is_blank) {
            body.insert(name.into(), json!("Unknown"));
        }
    }
    body
}

/// Merges the keys that are present; null clears.
pub(super) fn merge(body: &mut Map<String, Value>, sent: &Map<String, Value>, rules: &Omneo) {
    for (name, value) in sent {
        let merged = match (name.as_str(), value) {
            (_, Value::Null) => {
                body.remove(name);
                continue;
            }
            ("email", Value::String(text)) => text.trim().into(),
            // Both replace as a whole set in a single update (Omneo "Tags", "Statuses"); what a
            // batch does is for the variants to say.
            ("tags", Value::Array(words)) => set(body.remove(name), words, rules.tags),
            ("statuses", Value::Array(words)) => set(body.remove(name), words, rules.statuses),
            ("comms_attributes" | "attributes", Value::Object(sent)) => {
                let mut kept = object(body.remove(name));
                merge_object(&mut kept, sent);
                kept.into()
            }
            (name, Value::Array(sent)) => {
                let kept = body.remove(name);
                merge_list(name, kept, sent)
            }
            (_, value) => value.clone(),
        };
        body.insert(name.clone(), merged);
    }
}

/// The words of a set; a space in one is a dash.
pub(super) fn set(kept: Option<Value>, sent: &[Value], mode: SetMode) -> Value {
    let kept = match (kept, mode) {
        (Some(Value::Array(kept)), SetMode::Add) => kept,
        _ => Vec::new(),
    };
    let words = kept.iter().chain(sent).filter_map(Value::as_str);
    let words: BTreeSet<String> = words.map(|word| word.trim().replace(' ', "-")).collect();
    words.into_iter().collect()
}

/// The other ways to find the profile: its mobile number and its identities.
pub(super) fn aliases(body: &Map<String, Value>) -> Aliases {
    let mobile = body.get(MOBILE).and_then(Value::as_str);
    let mobile = mobile.map(|number| (MOBILE.to_owned(), number.to_owned()));
    let identities = entries(body, "identities").filter_map(identity);
    let identities = identities.map(|(handle, identifier)| (alias(handle), identifier.to_owned()));
    mobile.into_iter().chain(identities).collect()
}

/// The name under which the identifiers of a handle are found.
pub(super) fn alias(handle: &str) -> String {
    format!("identity:{handle}")
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn merge_object(kept: &mut Map<String, Value>, sent: &Map<String, Value>) {
    for (name, value) in sent {
        match value {
            Value::Null => drop(kept.remove(name)),
            Value::Object(sent) => {
                let mut inner = object(kept.remove(name));
                merge_object(&mut inner, sent);
                kept.insert(name.clone(), inner.into());
            }
            value => drop(kept.insert(name.clone(), value.clone())),
        }
    }
}

/// Changes the entries that are there already and adds the others at the end.
fn merge_list(name: &str, kept: Option<Value>, sent: &[Value]) -> Value {
    let mut all = match kept {
        Some(Value::Array(all)) => all,
        _ => Vec::new(),
    };
    for entry in sent {
        let Value::Object(entry) = entry else { continue };
        let default = json!(true);
        if name == "addresses" && entry.get("is_default") == Some(&default) {
            // "Setting one unsets the rest" (Omneo "Addresses").
            for other in all.iter_mut().filter_map(Value::as_object_mut) {
                other.insert("is_default".into(), json!(false));
            }
        }
        let same = all.iter_mut().filter_map(Value::as_object_mut).find(|known| {
            let plain =
                |map: &Map<String, Value>, key: &str| map.get(key).cloned().unwrap_or_default();
            keys(name, entry).iter().all(|key| plain(known, key) == plain(entry, key))
        });
        if let Some(known) = same {
            merge_object(known, entry);
        } else {
            let mut new = Map::new();
            merge_object(&mut new, entry);
            all.push(new.into());
        }
    }
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(before: &Value, sent: &Value) -> Value {
        let mut body = before.as_object().unwrap().clone();
        merge(&mut body, sent.as_object().unwrap(), &Omneo::default());
        body.into()
    }

    #[test]
    fn merging_keeps_replaces_adds_and_clears() {
        let cases = [
            (
                json!({"title": "Ms", "company": "A"}),
                json!({"title": null}),
                json!({"company": "A"}),
            ),
            (
                json!({"tags": ["a", "b"]}),
                json!({"tags": ["c d", "c d"]}),
                json!({"tags": ["c-d"]}),
            ),
            (json!({"statuses": ["a"]}), json!({"statuses": []}), json!({"statuses": []})),
            (
                json!({"comms_attributes": {"email_promo": true, "sms_promo": true}}),
                json!({"comms_attributes": {"email_promo": false}}),
                json!({"comms_attributes": {"email_promo": false, "sms_promo": true}}),
            ),
            (
                json!({"attributes": {"comms": {"a": "1"}, "appearance": ["x"]}}),
                json!({"attributes": {"comms": {"b": "2"}}}),
                json!({"attributes": {"comms": {"a": "1", "b": "2"}, "appearance": ["x"]}}),
            ),
            (
                json!({"identities": [{"handle": "pos", "identifier": "1"}]}),
                json!({"identities": [
                    {"handle": "pos", "identifier": "1", "is_active": false},
                    {"handle": "crm", "identifier": "9"},
                ]}),
                json!({"identities": [
                    {"handle": "pos", "identifier": "1", "is_active": false},
                    {"handle": "crm", "identifier": "9"},
                ]}),
            ),
            (
                json!({"addresses": [{"external_id": "h", "city": "Perth", "is_default": true}]}),
                json!({"addresses": [{"external_id": "w", "city": "Cork", "is_default": true}]}),
                json!({"addresses": [
                    {"external_id": "h", "city": "Perth", "is_default": false},
                    {"external_id": "w", "city": "Cork", "is_default": true},
                ]}),
            ),
        ];
        for (before, sent, after) in cases {
            assert_eq!(merged(&before, &sent), after);
            assert_eq!(merged(&after, &sent), after, "the same again changes nothing");
        }
    }

    #[test]
    fn a_new_profile_without_names_is_unknown() {
        let sent = json!({"email": " a@b.co ", "last_name": "Smith"});
        let body = create(sent.as_object().unwrap(), &Omneo::default());
        let expected = json!({"email": "a@b.co", "first_name": "Unknown", "last_name": "Smith"});
        assert_eq!(Value::from(body), expected);
    }

    #[test]
    fn a_profile_is_found_by_mobile_and_identities() {
        let body = json!({
            "mobile_phone": "+61412323123",
            "identities": [{"handle": "pos", "identifier": "1"}],
        });
        let expected = Aliases::from([
            ("identity:pos".into(), "1".into()),
            ("mobile_phone".into(), "+61412323123".into()),
        ]);
        assert_eq!(aliases(body.as_object().unwrap()), expected);
    }
}
