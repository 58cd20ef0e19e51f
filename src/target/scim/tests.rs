//! What is sent for which settings, and what each answer means.

use std::sync::Arc;

use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::*;
use crate::batch::{Batcher, Person};
use crate::layout::Layout;
use crate::record::{Record, Slot, Value};
use crate::row::Location;
use crate::target::Judged;

fn scim(recipe: &str) -> Box<dyn Target> {
    let recipe = Recipe::parse(format!("[scim]\n{recipe}"), "upsheet.toml").unwrap();
    configure(&recipe, &Overrides::default()).unwrap()
}

fn refusal(recipe: &str) -> String {
    let recipe = Recipe::parse(format!("[scim]\n{recipe}"), "upsheet.toml").unwrap();
    configure(&recipe, &Overrides::default()).unwrap_err().to_string()
}

/// The operations that a request has for people with these values, each person alike.
fn operations(target: &dyn Target, people: usize, values: &[(&str, &str)]) -> Vec<Json> {
    let mut schema = target.schema();
    let mut used: Vec<usize> =
        values.iter().map(|(name, _)| schema.find_or_make(name).unwrap()).collect();
    used.sort_unstable();
    let fields: Vec<Field> =
        used.iter().filter_map(|&index| schema.field(index)).cloned().collect();
    let layout = Layout::new(fields.iter(), &|field| target.around(&fields, field));
    let mut record = Record::new(fields.len());
    for (name, value) in values {
        let index = schema.find(name).unwrap();
        let slot = used.iter().position(|&other| other == index).unwrap();
        record.set(slot, Slot::Plain(Value::Text(value)));
    }
    let mut person = vec![b','];
    layout.write(&record, &mut person);
    let person = Arc::new(person);
    let mut batcher = Batcher::new(target.limits(), target.frame());
    for _ in 0..people {
        assert!(batcher.push(&Person::only(&person), &Location::default()).is_none());
    }
    let body: Json = serde_json::from_slice(&batcher.close().unwrap().body.to_vec()).unwrap();
    assert_eq!(body["schemas"], json!([BULK_REQUEST]));
    assert_eq!(body.get("failOnErrors"), None, "the server is to go on behind an error");
    body["Operations"].as_array().unwrap().clone()
}

#[test]
fn a_creation_lists_its_schemas_and_the_types_of_its_values() {
    let created = operations(
        scim("").as_ref(),
        2,
        &[
            ("userName", "ada"),
            ("emails.home.value", "a@example.net"),
            ("emails.work.value", "a@example.org"),
            ("phoneNumbers.mobile.value", "+61491570006"),
            ("department", "Lab"),
            ("urn:example:team:2.0:User:badge", "7"),
        ],
    );
    let ids: Vec<&Json> = created.iter().map(|one| &one["bulkId"]).collect();
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(
        created[0],
        json!({"method": "POST", "path": "/Users", "bulkId": "1", "data": {
            "schemas": [USER, ENTERPRISE, "urn:example:team:2.0:User"],
            "userName": "ada",
            "emails": [{"type": "work", "primary": true, "value": "a@example.org"},
                {"type": "home", "value": "a@example.net"}],
            "phoneNumbers": [{"type": "mobile", "value": "+61491570006"}],
            ENTERPRISE: {"department": "Lab"},
            "urn:example:team:2.0:User": {"badge": "7"},
        }})
    );
}

#[test]
fn settings_decide_what_is_primary_how_phones_look_and_who_logs_in_by_address() {
    let emails = |recipe: &str, names: &[&str]| {
        let values: Vec<(&str, &str)> = names.iter().map(|name| (*name, "a@example.org")).collect();
        operations(scim(recipe).as_ref(), 1, &values)[0]["data"]["emails"].clone()
    };
    let (work, home) = ("emails.work.value", "emails.home.value");
    let entry = |kind: &str, primary: bool| {
        let mut entry = json!({"type": kind, "value": "a@example.org"});
        if primary {
            entry["primary"] = json!(true);
        }
        entry
    };
    for (recipe, names, expected) in [
        ("", vec![work, home], json!([entry("work", true), entry("home", false)])),
        ("", vec![home], json!([entry("home", true)])),
        (
            "primary = \"home\"",
            vec![work, home],
            json!([entry("work", false), entry("home", true)]),
        ),
        ("primary = \"none\"", vec![work], json!([entry("work", false)])),
    ] {
        assert_eq!(emails(recipe, &names), expected, "{recipe} {names:?}");
    }
    let phone = |recipe: &str| {
        let values = [("userName", "ada"), ("phoneNumbers.work.value", "+61491570006")];
        operations(scim(recipe).as_ref(), 1, &values)[0]["data"]["phoneNumbers"][0]["value"].clone()
    };
    assert_eq!(phone(""), "+61491570006");
    assert_eq!(phone("phone = \"tel\""), "tel:+61491570006");
    let stand_in = |recipe: &str| scim(recipe).schema().field(0).map(|field| field.stand_in);
    assert_eq!(stand_in(""), Some(work));
    assert_eq!(stand_in("user_name_from_email = false"), Some(""));
    let put = "operation = \"update\"\nupdate_with = \"put\"";
    assert!(scim(put).schema().fields().iter().all(|field| field.stand_in.is_empty()));
}

#[test]
fn an_update_goes_to_the_id_and_changes_what_is_sent_or_all() {
    let values = [("id", "a/7"), ("title", "Baker"), ("costCenter", "C")];
    let update = scim("operation = \"update\"");
    assert_eq!(update.match_field(), "id");
    assert_eq!(
        operations(update.as_ref(), 1, &values),
        [json!({"method": "PATCH", "bulkId": "1", "path": "/Users/a%2F7", "data": {
            "schemas": [PATCH],
            "Operations": [{"op": "replace", "value":
                {"title": "Baker", ENTERPRISE: {"costCenter": "C"}}}],
        }})]
    );
    let put = scim("operation = \"update\"\nupdate_with = \"put\"");
    let values = [("id", "7"), ("userName", "otis")];
    assert_eq!(
        operations(put.as_ref(), 1, &values),
        [json!({"method": "PUT", "bulkId": "1", "path": "/Users/7",
            "data": {"schemas": [USER], "userName": "otis"}})]
    );
    let need = |target: &dyn Target| {
        let schema = target.schema();
        schema.field(schema.find("userName").unwrap()).unwrap().need
    };
    assert_eq!([need(update.as_ref()), need(put.as_ref())], [Need::Optional, Need::Required]);
    assert!(update.repeatable() && !scim("").repeatable());
}

#[test]
fn names_that_cannot_be_imported_say_why() {
    let mut schema = scim("").schema();
    let mut made = |name: &str| schema.find_or_make(name);
    for name in
        ["password", "id", "meta.created", "groups", "manager", "manager.displayName", "schemas"]
    {
        assert!(matches!(made(name), Err(Unmade::Refused { .. })), "{name}");
    }
    for name in ["user_name", "urn:x", "urn:example:a:User:bad name", "emails", "urn:a\"b:c:d:e"] {
        assert_eq!(made(name).err(), Some(Unmade::Unknown), "{name}");
    }
    let full = format!("{USER}:userName");
    assert_eq!(made(&full), Ok(0), "the full name of an attribute means it");
    let department = made("department").unwrap();
    assert_eq!(made(&format!("{ENTERPRISE}:department")), Ok(department));
    assert!(matches!(made(&format!("{USER}:password")), Err(Unmade::Refused { .. })));
    assert_eq!(made("first_name"), made("name.givenName"));
}

#[test]
fn what_the_standard_has_no_request_for_is_refused() {
    for (recipe, words) in [
        ("operation = \"upsert\"", "no upsert"),
        ("batch_size = 0", "batch size"),
        ("page_size = 0", "page_size"),
        ("[scim.attributes]\n\"badge\" = \"integer\"", "no full name"),
        ("[scim.attributes]\n\"urn:x:y:z\" = \"text\"", "unknown variant"),
    ] {
        let said = refusal(recipe);
        assert!(said.contains(words), "{recipe}: {said}");
    }
    let typed = scim("[scim.attributes]\n\"urn:example:team:User:badge\" = \"integer\"");
    let mut schema = typed.schema();
    let index = schema.find_or_make("urn:example:team:User:badge").unwrap();
    assert!(matches!(schema.field(index).unwrap().kind, Kind::Integer));
}

/// So many operations as they were sent.
fn sent(count: usize) -> Vec<Box<RawValue>> {
    let one = |number| {
        let text = json!({"method": "POST", "path": "/Users", "bulkId": format!("{number}")});
        RawValue::from_string(text.to_string()).unwrap()
    };
    (1..=count).map(one).collect()
}

fn judge(target: &dyn Target, status: u16, body: &str, sent: &[Box<RawValue>]) -> Verdict {
    let sent: Vec<&RawValue> = sent.iter().map(AsRef::as_ref).collect();
    target.judge(Answer { status, retry_after: None, body: body.as_bytes() }, &sent)
}

#[test]
fn each_person_is_judged_by_its_own_operation() {
    let target = scim("");
    let landed = || Judged::Landed;
    let refused = |why: &str| Judged::Refused(why.to_owned());
    let unknown = |why: &str| Judged::Unknown(why.to_owned());
    let silent = || unknown("the answer does not say what became of it");
    let ambiguous = |why: &str| Verdict::Ambiguous { why: why.to_owned() };
    let error = r#""response":{"detail":"userName is taken","scimType":"uniqueness"}"#;
    for (operations, expected) in [
        (r#"{"bulkId":"1","status":"201"},{"bulkId":"2","status":"200"}"#, Verdict::Accepted),
        (
            r#"{"bulkId":"2","status":201},{"bulkId":"1","status":{"code":"201"}}"#,
            Verdict::Accepted,
        ),
        (
            r#"{"BulkID":"1","Status":"201"},{"bulkid":"2","status":{"code":204}}"#,
            Verdict::Accepted,
        ),
        (
            &format!(r#"{{"bulkId":"2","status":"409",{error}}},{{"bulkId":"1","status":"201"}}"#),
            Verdict::Each(vec![
                landed(),
                Judged::Exists("already there: userName is taken (uniqueness)".to_owned()),
            ]),
        ),
        (
            r#"{"bulkId":"1","status":"400","response":{"scimType":"invalidValue"}},{"bulkId":"2","status":"403"}"#,
            Verdict::Each(vec![refused("invalidValue"), refused("status 403")]),
        ),
        (
            r#"{"bulkId":"1","status":{"code":400},"response":{"Errors":[{"description":"old","code":"400"}]}},{"bulkId":"2","status":"501"}"#,
            Verdict::Each(vec![refused("old"), refused("status 501")]),
        ),
        (
            r#"{"bulkId":"1","status":"500"},{"bulkId":"2","status":"503"}"#,
            Verdict::Each(vec![unknown("status 500"), unknown("status 503")]),
        ),
        (
            r#"{"bulkId":"1","status":"429"},{"bulkId":"2","status":"201"}"#,
            Verdict::Each(vec![Judged::Later("status 429".to_owned()), landed()]),
        ),
        (
            r#"{"bulkId":"1","status":"429"},{"bulkId":"2","status":"429"}"#,
            Verdict::Later { after: None, why: "status 429".to_owned() },
        ),
        (r#"{"bulkId":"1","status":"201"}"#, Verdict::Each(vec![landed(), silent()])),
        (
            r#"{"bulkId":"1","status":"201"},{"bulkId":"1","status":"409"},{"bulkId":"2","status":"201"}"#,
            Verdict::Each(vec![silent(), landed()]),
        ),
        (
            r#"{"bulkId":"1"},{"bulkId":"2","status":"soon"}"#,
            Verdict::Each(vec![
                unknown("its operation has no status"),
                unknown("its operation has no status"),
            ]),
        ),
        ("", ambiguous("the answer does not say what became of it")),
        (
            r#"{"bulkId":"8","status":"201"}"#,
            ambiguous("the answer does not say what became of it"),
        ),
    ] {
        let body = format!("{{\"Operations\":[{operations}]}}");
        assert_eq!(judge(target.as_ref(), 200, &body, &sent(2)), expected, "{operations}");
    }
}

#[test]
fn an_update_is_known_by_its_place_where_the_server_leaves_its_bulk_id_out() {
    let update = scim("operation = \"update\"");
    let one = |id: &str| {
        let text = json!({"method": "PATCH", "path": format!("/Users/{id}"), "bulkId": id});
        RawValue::from_string(text.to_string()).unwrap()
    };
    let body = r#"{"Operations":[
        {"location":"https://example.org/scim/v2/Users/17","status":"404"},
        {"location":"https://example.org/scim/v2/Users/7","status":"200"}]}"#;
    assert_eq!(
        judge(update.as_ref(), 200, body, &[one("7"), one("17")]),
        Verdict::Each(vec![Judged::Landed, Judged::Refused("status 404".to_owned())])
    );
}

#[test]
fn an_answer_to_a_whole_request_is_judged() {
    let target = scim("");
    let judge = |status, body| judge(target.as_ref(), status, body, &sent(2));
    let error = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"no","scimType":"invalidSyntax"}"#;
    let unread = Verdict::Ambiguous { why: "a success without a bulk response".to_owned() };
    for (status, body, expected) in [
        (200, "", unread.clone()),
        (204, "", unread.clone()),
        (201, r#"{"id":"7"}"#, unread.clone()),
        (200, r#"{"Operations":{}}"#, unread),
        (202, "", Verdict::Taken),
        (
            400,
            error,
            Verdict::Refused {
                why: "no (invalidSyntax)".to_owned(),
                exists: false,
                named: Vec::new(),
            },
        ),
        (413, error, Verdict::TooLarge),
        (429, "", Verdict::Later { after: None, why: "status 429".to_owned() }),
        (408, "", Verdict::Ambiguous { why: "status 408".to_owned() }),
        (500, error, Verdict::Ambiguous { why: "no (invalidSyntax)".to_owned() }),
        (502, "<html>", Verdict::Ambiguous { why: "status 502: <html>".to_owned() }),
    ] {
        assert_eq!(judge(status, body), expected, "{status} {body}");
    }
    for status in [301, 308, 401, 403, 404, 405, 415, 501] {
        assert!(matches!(judge(status, error), Verdict::Stop { .. }), "{status}");
    }
    let Verdict::Stop { help, .. } = judge(501, "") else { panic!("a server without bulk") };
    assert!(help.contains("/ServiceProviderConfig"), "{help}");
}
