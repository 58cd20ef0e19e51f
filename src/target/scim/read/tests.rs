//! Answers of every form to readings, and what counts as sent.

use serde_json::json;

use super::*;
use crate::recipe::Recipe;
use crate::target::directory::Reversal;
use crate::target::{Overrides, Target};

fn scim(recipe: &str) -> Box<dyn Target> {
    let recipe = Recipe::parse(format!("[scim]\n{recipe}"), "upsheet.toml").unwrap();
    super::super::configure(&recipe, &Overrides::default()).unwrap()
}

fn answer(status: u16, body: &str) -> Answer<'_> {
    Answer { status, retry_after: None, body: body.as_bytes() }
}

#[test]
fn people_are_asked_for_by_name_by_id_and_page_by_page() {
    let (create, update) = (scim("page_size = 50"), scim("operation = \"update\""));
    let (create, update) = (create.directory(), update.directory());
    assert_eq!(create.page(1).path, "/Users?startIndex=1&count=50");
    assert_eq!(create.page(3).path, "/Users?startIndex=101&count=50");
    let sent = json!({"data": {"userName": " Ada\"L@Example.org "}});
    let wanted = create.wanted(&sent).unwrap();
    assert_eq!(wanted.key.as_str(), "ada\"l@example.org");
    assert_eq!(
        create.ask(&wanted)[0].path,
        "/Users?filter=userName%20eq%20%22Ada%5C%22L%40Example.org%22"
    );
    assert_eq!(create.keys(&json!({"UserName": "ADA\"l@example.org"})), [wanted.key]);
    let wanted = update.wanted(&json!({"path": "/Users/a%2Fb"})).unwrap();
    assert_eq!(wanted.key.as_str(), "a/b");
    assert_eq!(update.ask(&wanted)[0].path, "/Users/a%2Fb");
    assert_eq!(update.keys(&json!({"id": "a/b"})), [wanted.key]);
    assert!(update.ask(&Wanted::exact("..").unwrap()).is_empty());
}

#[test]
fn answers_hold_pages_of_users_or_say_why_not() {
    let scim = scim("page_size = 2");
    let page = |people: usize, last, total| {
        Ok(Page { profiles: vec![json!({"userName": "x"}); people], last, total })
    };
    let one = r#"{"userName":"x"}"#;
    let list = |entries: &str, total: u64| {
        format!(r#"{{"totalResults":{total},"Resources":[{entries}]}}"#)
    };
    let two = format!("{one},{one}");
    for (asked, body, expected) in [
        (Asked::Page(1), list(&two, 5), page(2, false, Some(5))),
        (Asked::Page(3), list(one, 5), page(1, true, Some(5))),
        (Asked::Page(2), list(&two, 4), page(2, true, Some(4))),
        (Asked::Page(1), r#"{"totalResults":0}"#.to_owned(), page(0, true, None)),
        (Asked::Page(9), r#"{"totalResults":5}"#.to_owned(), page(0, true, Some(5))),
        (Asked::Key, list(one, 1), page(1, true, Some(1))),
        (Asked::Key, list("", 0), page(0, true, Some(0))),
        (Asked::Key, r#"{"totalResults":0,"Resources":[]}"#.to_owned(), page(0, true, Some(0))),
    ] {
        assert_eq!(scim.directory().read(answer(200, &body), asked), expected, "{body}");
    }
    for (status, body, asked) in [
        (200, list(one, 5), Asked::Page(1)),
        (200, "{}".to_owned(), Asked::Page(1)),
        (200, r#"{"totalResults":3}"#.to_owned(), Asked::Key),
        (404, "{}".to_owned(), Asked::Key),
        (400, r#"{"scimType":"invalidFilter"}"#.to_owned(), Asked::Key),
    ] {
        let read = scim.directory().read(answer(status, &body), asked);
        assert!(matches!(read, Err(Unread::Wrong(_))), "{status} {body}: {read:?}");
    }
    let update = self::scim("operation = \"update\"");
    assert_eq!(update.directory().read(answer(404, ""), Asked::Key), page(0, true, None));
    assert_eq!(update.directory().read(answer(200, one), Asked::Key), page(1, true, Some(1)));
}

#[test]
fn a_user_is_as_sent_when_all_that_was_sent_is_there() {
    let sent = json!({"data": {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ada@example.org",
        "name": {"givenName": "Ada"},
        "emails": [{"type": "work", "primary": true, "value": "Ada@Example.org"}],
        "phoneNumbers": [{"type": "work", "value": "tel:+61491570006"}],
        "addresses": [{"type": "work", "country": "AU"}],
        ENTERPRISE: {"department": "Lab", "manager": {"value": "26"}},
        "urn:x:y:User": {"badge": 7},
    }});
    let mut found = json!({
        "id": "1", "userName": "ADA@example.org", "displayName": "of the server",
        "name": {"givenName": "Ada", "familyName": "Lark"},
        "emails": [{"type": "home", "value": "b@example.org"},
            {"type": "work", "primary": true, "value": "ada@example.org"}],
        "phoneNumbers": [{"type": "work", "value": "+61 491 570 006"}],
        "addresses": [{"type": "work", "country": "Australia"}],
        ENTERPRISE: {"department": "Lab", "manager": {"value": "26", "displayName": "Otis"}},
        "urn:x:y:User": {"badge": 7},
    });
    let scim = scim("");
    let names = |found: &Json| -> Vec<String> {
        let all = scim.directory().differences(&sent, found);
        all.into_iter().map(|one| one.field).collect()
    };
    assert_eq!(names(&found), Vec::<String>::new());
    found["name"]["givenName"] = json!("Eve");
    found["emails"][1]["value"] = json!("c@example.org");
    found["urn:x:y:User"]["badge"] = json!(8);
    found[ENTERPRISE]["manager"] = json!(null);
    found["phoneNumbers"] = json!(null);
    let mut all = names(&found);
    all.sort();
    assert_eq!(
        all,
        ["emails.work", "manager.value", "name.givenName", "phoneNumbers", "urn:x:y:User:badge"]
    );
}

#[test]
fn attributes_of_one_value_are_written_as_they_were_and_lists_are_not() {
    let patch = |value: Json| {
        json!({"method": "PATCH", "bulkId": "7", "path": "/Users/u1",
            "data": {"schemas": ["urn:x"], "Operations": [{"op": "replace", "value": value}]}})
    };
    let of_company = "urn:example:params:scim:schemas:garden:2.0:User";
    let sent = patch(json!({
        "userName": "ada", "title": "Dr", "nickName": "A", "active": true,
        "name": {"givenName": "Ada", "familyName": "Lark", "middleName": "M"},
        "emails": [{"type": "work", "value": "new@example.org"}],
        ENTERPRISE: {"department": "Roses"},
        of_company: {"plots": 4},
        "manager": {"value": "u2"},
    }));
    let before = json!({
        "id": "u1", "UserName": "ada", "title": "Prof", "active": false,
        "name": {"givenName": "Adah", "familyName": "Lark"},
        "emails": [{"type": "work", "value": "old@example.org"}],
        ENTERPRISE: {"department": "Ferns"},
        of_company: {"plots": 3},
    });
    let made = |settings: &str| {
        let scim = scim(settings);
        let directory = scim.directory();
        let changed = directory.differences(&sent, &before);
        Reversal::of(directory, &sent, &before, &changed)
    };
    let Reversal { person, lost, .. } = made("operation = \"update\"");
    let mut expected = patch(json!({
        "title": "Prof", "nickName": null, "active": false,
        "name": {"givenName": "Adah", "middleName": null},
        ENTERPRISE: {"department": "Ferns"},
        of_company: {"plots": 3},
        "manager": null,
    }));
    for key in ["method", "bulkId"] {
        expected.as_object_mut().unwrap().remove(key);
    }
    assert_eq!(person, expected);
    assert_eq!(lost, ["emails.work"]);
    let whole = made("operation = \"update\"\nupdate_with = \"put\"");
    assert_eq!(
        (whole.person, whole.fields.len()),
        (Json::Null, 0),
        "nobody knows what it has lost"
    );
}
