//! A user: what may be sent of one, and how one is shown (RFC 7643 sections 4.1 and 4.3).

use serde_json::{Map, Value, json};

use super::super::rule::{Fault, Field, Form, object, optional, required};
use super::super::store::Person;
use super::PREFIX;

const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const PLACES: &[&str] = &["work", "home", "other"];

/// The sub-attributes that all lists have (RFC 7643 section 2.4).
const fn entry(value: Form, kinds: &'static [&'static str]) -> [Field; 4] {
    [
        required("value", value),
        optional("type", Form::OneOf(kinds)),
        optional("primary", Form::Boolean),
        optional("display", Form::Text),
    ]
}

const EMAILS: &[Field] = &entry(Form::Email, PLACES);
const PHONES: &[Field] = &entry(Form::Phone, &["work", "home", "mobile", "fax", "pager", "other"]);
/// The scheme that phone numbers may have in front is letters, which [`Form::Phone`] refuses.
const URI_PHONES: &[Field] =
    &entry(Form::Text, &["work", "home", "mobile", "fax", "pager", "other"]);
const PHOTOS: &[Field] = &entry(Form::Url, &["photo", "thumbnail"]);

const ADDRESSES: &[Field] = &[
    optional("formatted", Form::Text),
    optional("streetAddress", Form::Text),
    optional("locality", Form::Text),
    optional("region", Form::Text),
    optional("postalCode", Form::Text),
    optional("country", Form::Letters(2)),
    optional("type", Form::OneOf(PLACES)),
    optional("primary", Form::Boolean),
];

const NAME: &[Field] = &[
    optional("formatted", Form::Text),
    optional("familyName", Form::Text),
    optional("givenName", Form::Text),
    optional("middleName", Form::Text),
    optional("honorificPrefix", Form::Text),
    optional("honorificSuffix", Form::Text),
];

const USER: &[Field] = &[
    required("schemas", Form::Texts),
    required("userName", Form::Text),
    optional("externalId", Form::Text),
    optional("name", Form::Object(NAME)),
    optional("displayName", Form::Text),
    optional("nickName", Form::Text),
    optional("profileUrl", Form::Url),
    optional("title", Form::Text),
    optional("userType", Form::Text),
    optional("preferredLanguage", Form::Text),
    optional("locale", Form::Text),
    optional("timezone", Form::Text),
    optional("active", Form::Boolean),
    optional("emails", Form::List(EMAILS)),
    optional("phoneNumbers", Form::List(URI_PHONES)),
    optional("photos", Form::List(PHOTOS)),
    optional("addresses", Form::List(ADDRESSES)),
];

const WORK: &[Field] = &[
    optional("employeeNumber", Form::Text),
    optional("costCenter", Form::Text),
    optional("organization", Form::Text),
    optional("division", Form::Text),
    optional("department", Form::Text),
    optional("manager", Form::Object(&[optional("value", Form::Text)])),
];

/// Checks a whole user and gives what is kept of it: no nulls, which say "unassigned" (RFC 7643
/// section 2.5), and none of the attributes that the server gives, which are passed over (RFC 7644
/// section 3.3).
pub(super) fn read(sent: &Value) -> Result<Map<String, Value>, Fault> {
    let map = sent.as_object().ok_or_else(|| Fault::invalid("must be an object"))?;
    let mut kept = Map::new();
    for (name, value) in map {
        if !["id", "meta", "groups"].contains(&name.as_str()) && !value.is_null() {
            kept.insert(name.clone(), value.clone());
        }
    }
    check(&kept)?;
    Ok(kept)
}

/// Whether this is a user as the schemas have it.
pub(super) fn check(body: &Map<String, Value>) -> Result<(), Fault> {
    let is_extension = |name: &str| name.starts_with("urn:");
    let (extensions, core): (Vec<_>, Vec<_>) =
        body.iter().partition(|(name, _)| is_extension(name));
    let core: Map<String, Value> =
        core.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let core = Value::Object(core);
    object(&core, USER)?;
    let schemas = body.get("schemas").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let lists = |name: &str| schemas.iter().any(|schema| schema == name);
    if !lists(CORE) {
        return Err(Fault::invalid(format!("must list {CORE}")).under("schemas"));
    }
    for (name, value) in extensions {
        if !lists(name) {
            return Err(Fault::invalid("is not listed in schemas").under(name));
        }
        if name == ENTERPRISE {
            object(value, WORK).map_err(|fault| fault.under(name))?;
        } else if !value.is_object() {
            return Err(Fault::invalid("must be an object").under(name));
        }
    }
    for list in ["emails", "phoneNumbers", "photos", "addresses"] {
        let entries = body.get(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let primary = |entry: &&Value| entry.get("primary") == Some(&Value::Bool(true));
        if entries.iter().filter(primary).count() > 1 {
            return Err(Fault::invalid("have more than one that is primary").under(list));
        }
    }
    phones(body)
}

/// Phone numbers as RFC 3966 has them, or without a scheme.
fn phones(body: &Map<String, Value>) -> Result<(), Fault> {
    let entries = body.get("phoneNumbers").and_then(Value::as_array);
    for (index, entry) in entries.into_iter().flatten().enumerate() {
        let mut plain = entry.clone();
        if let Some(value) = plain.get_mut("value")
            && let Some(number) = value.as_str().and_then(|text| text.strip_prefix("tel:"))
        {
            *value = json!(number);
        }
        object(&plain, PHONES).map_err(|fault| fault.at(index).under("phoneNumbers"))?;
    }
    Ok(())
}

/// The form in which user names are compared (RFC 7643 section 4.1.1: without regard to case).
pub(super) fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The key of a user that has been checked.
pub(super) fn key_of(body: &Map<String, Value>) -> String {
    key(body.get("userName").and_then(Value::as_str).unwrap_or_default())
}

/// Puts a change into a user: what is inside of objects one by one, lists as a whole unless they
/// are added to; null takes away (RFC 7644 section 3.5.2.3).
pub(super) fn change(body: &mut Map<String, Value>, change: &Map<String, Value>, adds: bool) {
    for (name, value) in change {
        if name.starts_with("urn:") {
            list_schema(body, name);
        }
        match (body.get_mut(name), value) {
            (_, Value::Null) => {
                body.remove(name);
            }
            (Some(Value::Object(before)), Value::Object(after)) => {
                for (name, value) in after {
                    if value.is_null() {
                        before.remove(name);
                    } else {
                        before.insert(name.clone(), value.clone());
                    }
                }
            }
            (Some(Value::Array(before)), Value::Array(after)) if adds => {
                let new = after.iter().filter(|entry| !before.contains(entry));
                let new: Vec<Value> = new.cloned().collect();
                before.extend(new);
            }
            _ => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
}

/// An extension that a change brings is listed by the server.
fn list_schema(body: &mut Map<String, Value>, name: &str) {
    if let Some(Value::Array(schemas)) = body.get_mut("schemas")
        && !schemas.iter().any(|schema| schema == name)
    {
        schemas.push(json!(name));
    }
}

/// Where a user lies.
pub(super) fn location(id: &str, origin: &str) -> String {
    format!("{origin}{PREFIX}/Users/{id}")
}

/// A user as the server shows it.
pub(super) fn resource(person: &Person, origin: &str) -> Value {
    let mut body = person.body.clone();
    body.insert("id".to_owned(), json!(person.id));
    let meta = json!({
        "resourceType": "User",
        "created": person.created_at,
        "lastModified": person.updated_at,
        "location": location(&person.id, origin),
    });
    body.insert("meta".to_owned(), meta);
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_checked_by_their_schemas() {
        let user = |more: Value| {
            let mut user = json!({"schemas": [CORE], "userName": "ada"});
            user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            user
        };
        for good in [
            json!({}),
            json!({"id": "mine", "meta": {}, "groups": []}),
            json!({"emails": [{"value": "a@example.org", "type": "work", "primary": true}]}),
            json!({"phoneNumbers": [{"value": "tel:+61491570006", "type": "mobile"}]}),
            json!({"addresses": [{"country": "AU", "type": "work"}], "nickName": null}),
            json!({"schemas": [CORE, ENTERPRISE], ENTERPRISE: {"manager": {"value": "26"}}}),
            json!({"schemas": [CORE, "urn:x:y:User"], "urn:x:y:User": {"badge": 7}}),
        ] {
            assert_eq!(read(&user(good.clone())).err(), None, "{good}");
        }
        let primary = json!({"value": "a@example.org", "primary": true});
        for bad in [
            json!({"userName": ""}),
            json!({"schemas": []}),
            json!({"active": "true"}),
            json!({"username": "x"}),
            json!({"emails": {"value": "a@example.org"}}),
            json!({"emails": [{"type": "work"}]}),
            json!({"emails": [primary, primary]}),
            json!({"phoneNumbers": [{"value": "ext five"}]}),
            json!({ENTERPRISE: {"department": "x"}}),
            json!({"schemas": [CORE, ENTERPRISE], ENTERPRISE: {"manager": "26"}}),
        ] {
            assert!(read(&user(bad.clone())).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_change_leaves_alone_what_it_does_not_name() {
        let mut body = json!({"name": {"givenName": "Ada", "familyName": "Vale"}, "title": "x",
            "emails": [{"value": "a@example.org"}]});
        let body = body.as_object_mut().unwrap();
        let sent = json!({"name": {"familyName": "Lark"}, "title": null,
            "emails": [{"value": "b@example.org"}]});
        change(body, sent.as_object().unwrap(), false);
        let expected = json!({"name": {"givenName": "Ada", "familyName": "Lark"},
            "emails": [{"value": "b@example.org"}]});
        assert_eq!(Value::Object(body.clone()), expected);
        change(body, json!({"emails": [{"value": "c@example.org"}]}).as_object().unwrap(), true);
        assert_eq!(body["emails"].as_array().unwrap().len(), 2);
    }
}
