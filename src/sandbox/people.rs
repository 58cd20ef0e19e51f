//! Who stands in the body of a request, for the log and for faults that go by people.

use axum::http::Method;
use serde_json::Value;

use super::store::hexadecimal;

/// The keys under which the parts take lists of people.
const LISTS: [&str; 5] = ["users_data", "volunteers_data", "user_data", "profiles", "Operations"];
/// What is asked with a body, and changes nobody.
const QUESTIONS: [&str; 2] = ["/search-id", "/availability"];

/// Whether a request is one that carries people.
pub(super) fn writes(method: &Method, path: &str) -> bool {
    let asks = QUESTIONS.iter().any(|end| path.trim_end_matches('/').ends_with(end));
    (*method == Method::POST || *method == Method::PUT) && !asks
}

/// The people of a body, in the order they stand in.
pub(super) fn of(body: &Value) -> &[Value] {
    let lists = LISTS.iter().find_map(|key| body.get(key)?.as_array());
    lists.map_or(&[], Vec::as_slice)
}

/// The same, to be changed.
pub(super) fn of_mut(body: &mut Value) -> &mut [Value] {
    let found = LISTS.iter().find(|key| body.get(key).is_some_and(Value::is_array));
    let list = found.and_then(|key| body.get_mut(key)?.as_array_mut());
    list.map_or(&mut [], Vec::as_mut_slice)
}

/// By what the log knows a person: sixteen hexadecimal digits, those that the SHA-256 of the e-mail
/// address in lower case begins with, or of all that is sent of them where they have none.
pub(super) fn key(person: &Value) -> String {
    let places = ["/profile_data/email", "/email", "/data/userName", "/data/emails/0/value"];
    let email = places.iter().find_map(|place| person.pointer(place)?.as_str());
    let text = email.map_or_else(|| person.to_string(), |email| email.trim().to_lowercase());
    let mut key = hexadecimal(text.as_bytes());
    key.truncate(16);
    key
}

/// Makes a person one that every part refuses.
pub(super) fn spoil(person: &mut Value) {
    for (place, value) in [
        ("/profile_data/email", Value::from("spoiled by the fault plan")),
        ("/email", Value::from("spoiled by the fault plan")),
        ("/data", Value::Null),
    ] {
        if let Some(found) = person.pointer_mut(place) {
            *found = value;
            return;
        }
    }
    *person = Value::Null;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_are_found_and_known_by_their_address() {
        for person in [
            json!({"profile_data": {"email": "Ada@example.org"}}),
            json!({"email": " ada@example.org "}),
            json!({"method": "POST", "data": {"userName": "ada@example.org"}}),
        ] {
            assert_eq!(key(&person).len(), 16);
            assert_eq!(key(&person), key(&json!({"email": "ada@example.org"})), "{person}");
        }
        assert_ne!(key(&json!({"mobile": "1"})), key(&json!({"mobile": "2"})));
        let mut body = json!({"match_criteria": "email", "profiles": [{"email": "a"}, {}]});
        assert_eq!(of(&body).len(), 2);
        spoil(&mut of_mut(&mut body)[0]);
        assert_eq!(body["profiles"][0]["email"], "spoiled by the fault plan");
        assert!(of(&json!([1])).is_empty() && of_mut(&mut json!({"profiles": 1})).is_empty());
    }

    #[test]
    fn a_question_with_a_body_carries_nobody() {
        for (method, path, expected) in [
            (Method::PUT, "/api/profiles/bulk-upsert/", true),
            (Method::POST, "/api/v3/profiles/batch.json", true),
            (Method::POST, "/scim/v2/Bulk", true),
            (Method::POST, "/api/v3/profiles/search-id", false),
            (Method::POST, "/api/v3/profiles/availability", false),
            (Method::GET, "/api/profiles/", false),
        ] {
            assert_eq!(writes(&method, path), expected, "{method} {path}");
        }
    }
}
