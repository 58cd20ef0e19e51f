//! The Omneo endpoints as a client meets them.

use super::*;

#[test]
fn an_omneo_batch_waits_and_then_has_a_verdict_for_each_item() {
    let bench = bench();
    let profiles = [
        json!({"email": "ann@example.org", "first_name": "Ann", "mobile_phone": "+61412323123",
            "identities": [{"handle": "pos", "identifier": "1"}]}),
        json!({"email": "bob@example.org", "gender": "Male"}),
        json!({"email": "cat@example.org", "mobile_phone": "+61412323123"}),
        json!("dan@example.org"),
        json!({"email": "Eve@Example.org"}),
        json!({"email": "fay@example.org", "identities": [{"handle": "pos", "identifier": "1"}]}),
    ];
    let body = json!({"match_criteria": "email", "profiles": profiles});
    let answer = bench.omneo(&format!("POST {BATCH}"), &body);
    assert_eq!(answer.status, 202);
    assert_eq!(answer.body["data"]["message"], "Profiles queued for batch import.");
    let id = answer.body["data"]["batch_id"].as_str().unwrap();
    let pending = bench.omneo(&format!("GET /api/v3/batches/{id}"), &Value::Null).body;
    assert_eq!(pending["data"]["total_count"], 6);

    let report = bench.batch("email", &profiles);
    assert_eq!(report["status"], "success");
    assert_eq!(report["entity_type"], "profile");
    let counts = ["total_count", "processed_count", "success_count", "failed_count"];
    assert_eq!(counts.map(|name| report[name].as_i64().unwrap()), [6, 6, 2, 4]);
    let items = report["items"].as_array().unwrap();
    let of = |name: &str| items.iter().map(|item| item[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("status"), ["success", "failed", "failed", "failed", "success", "failed"]);
    assert_eq!(
        of("error"),
        [
            json!(null),
            json!("The gender must be one of male, female, withheld, other."),
            json!("The phone number exists"),
            json!("The profile must be an object."),
            json!(null),
            json!("The identities hold one that has already been taken."),
        ]
    );
    assert_eq!(of("external_id")[0], "1");

    // Both batches were worked off: the second one met the people of the first.
    let tally = bench.sandbox.tally();
    assert_eq!((tally.created, tally.unchanged, tally.refused), (2, 2, 8));
    let entity = items[4]["entity_id"].as_str().unwrap();
    let eve = bench.omneo(&format!("GET /api/v3/profiles/{entity}"), &Value::Null).body;
    assert_eq!(eve["data"]["email"], "Eve@Example.org");
    assert_eq!(eve["data"]["full_name"], "Unknown Unknown");
    let all_bad = bench.batch("email", &[json!({"email": "x"})]);
    assert_eq!(all_bad["status"], "failed");
}

#[test]
fn omneo_matches_by_identity_and_replaces_sets() {
    let bench = bench();
    let ann = json!({"email": "ann@example.org", "tags": ["a", "b"], "title": "Dr",
        "identities": [{"handle": "pos", "identifier": "1"}]});
    let report = bench.batch("pos", &[ann]);
    let id = report["items"][0]["entity_id"].as_str().unwrap().to_owned();
    let moved = json!({"email": "ann@new.org", "tags": ["c"],
        "identities": [{"handle": "pos", "identifier": "1"}]});
    let lost = json!({"email": "bob@example.org"});
    let report = bench.batch("pos", &[moved, lost]);
    assert_eq!(report["items"][0]["entity_id"], json!(id));
    assert_eq!(report["items"][1]["status"], "failed");
    let ann = bench.omneo(&format!("GET /api/v3/profiles/{id}"), &Value::Null).body;
    assert_eq!(ann["data"]["email"], "ann@new.org");
    assert_eq!((&ann["data"]["tags"], &ann["data"]["title"]), (&json!(["c"]), &json!("Dr")));

    let same = json!({"email": "ann@new.org", "tags": ["c"],
        "identities": [{"handle": "pos", "identifier": "1"}]});
    bench.batch("email", &[same]);
    let tally = bench.sandbox.tally();
    assert_eq!((tally.created, tally.updated, tally.unchanged), (1, 1, 1));
}

#[test]
fn omneo_refuses_a_bad_frame_at_once() {
    let bench = bench();
    let post = |body: &Value| bench.omneo(&format!("POST {BATCH}"), body);
    let many = vec![json!({"email": "a@b.co"}); 501];
    let answer = post(&json!({"match_criteria": "email", "profiles": many}));
    assert_eq!(answer.status, 422);
    assert!(answer.body["errors"]["profiles"][0].is_string());
    assert!(answer.body["message"].is_string());
    let answer = post(&json!({"profiles": [{}]}));
    assert!(answer.body["errors"]["match_criteria"][0].is_string());
    assert_eq!(post(&json!({"match_criteria": "email", "profiles": [{}], "x": 1})).status, 422);
    assert_eq!(bench.query::<i64>("SELECT count(*) FROM batch"), 0);
}

#[test]
fn omneo_lists_page_by_page_and_by_email() {
    let bench = bench();
    let people: Vec<Value> =
        (0..5).map(|n| json!({"email": format!("p{n}@example.org")})).collect();
    bench.batch("email", &people);
    let get = |query: &str| bench.omneo(&format!("GET /api/v3/profiles{query}"), &Value::Null);
    let second = get("?page%5Bnumber%5D=2&page%5Bsize%5D=2").body;
    assert_eq!(second["data"][0]["email"], "p2@example.org");
    let meta = &second["meta"];
    let facts = ["current_page", "from", "to", "last_page", "per_page", "total"];
    assert_eq!(facts.map(|name| meta[name].as_i64().unwrap()), [2, 3, 4, 3, 2, 5]);
    let next = second["links"]["next"].as_str().unwrap();
    let base = format!("{}/profiles", bench.sandbox.omneo_url());
    assert_eq!(next, format!("{base}?page%5Bnumber%5D=3&page%5Bsize%5D=2"));
    let last = get(next.strip_prefix(&base).unwrap()).body;
    assert_eq!(last["data"].as_array().unwrap().len(), 1);
    assert!(last["links"]["next"].is_null());

    let found = get("?filter[email]=P3@example.org").body;
    assert_eq!(
        (&found["meta"]["total"], &found["data"][0]["email"]),
        (&json!(1), &json!("p3@example.org"))
    );
    assert_eq!(get("?filter[email]=none@example.org").body["data"], json!([]));
    for query in ["?page[size]=101", "?page[number]=0", "?filter[tags]=x"] {
        assert_eq!(get(query).status, 422, "{query}");
    }
}

/// Every property that "Batch Profiles" names.
const WHOLE: &str = r#"{
    "first_name": "Ann", "last_name": "Lee", "email": "jsmith@example.com", "title": "Dr",
    "gender": "female", "currency": "AUD", "profile_type": "active",
    "joined_at": "2023-11-07T05:31:56Z", "mobile_phone": "+61412323123",
    "secondary_phone": "+61412323124", "birth_day": 1, "birth_month": 5, "birth_year": 1990,
    "company": "Acme", "occupation": "Baker", "avatar_url": "https://example.org/a.png",
    "joined_location_id": 1, "joined_location_external_id": "l1",
    "joined_location_external_code": "c1", "preferred_location_id": 2,
    "preferred_location_external_id": "l2", "preferred_location_external_code": "c2",
    "tags": ["early bird"], "statuses": ["vip"],
    "identities": [{"handle": "pos", "identifier": "1", "is_active": true}],
    "custom_attributes": [
        {"namespace": "size", "handle": "shoe", "type": "float", "value": 9.5},
        {"namespace": "size", "handle": "notes", "type": "json", "value": {"a": [1]}}
    ],
    "dates_attributes": [{
        "date": "2023-12-25", "name": "Wedding", "handle": "wedding", "is_recurring": true,
        "recurring_schedule": "Yearly", "meta": {"a": "b"}, "note": "n", "description": "d",
        "relationship": "spouse", "role": "r",
        "links": [{"profile_id": "p", "relationship": "spouse", "role": "r"}]
    }],
    "addresses": [{
        "address_line_1": "1 High St", "city": "Perth", "postcode": "6000", "country": "AU",
        "address_line_2": "2", "address_line_3": "3", "company": "c", "state": "WA",
        "notes": "n", "is_default": true, "external_id": "h", "meta": ["m"], "iso": "AU",
        "iso_state": "AU-WA"
    }],
    "comms_attributes": {
        "sms_promo": true, "email_promo": false, "email_bounced": false,
        "email_benefits": true, "email_consent_updated_at": "2023-11-07T05:31:56Z",
        "sms_consent_updated_at": "2023-11-07T05:31:56Z"
    },
    "region_id": 1, "region": "apac", "region_country": "AU", "region_state": "WA",
    "regions": [{"region_id": 1, "handle": "apac", "is_active": true, "country": "AU",
        "state": "WA"}],
    "organisations": [{"id": 1, "role_definition_id": 2,
        "expires_at": "2023-11-07T05:31:56Z", "is_active": true}],
    "attributes": {
        "comms": {"email_consent_updated_at": "2023-11-07T05:31:56Z"},
        "appearance": {"size_shoe": "9"}
    }
}"#;

#[test]
fn omneo_keeps_and_shows_what_the_batch_body_names() {
    let bench = bench();
    let profile: Value = serde_json::from_str(WHOLE).unwrap();
    let report = bench.batch("email", std::slice::from_ref(&profile));
    assert_eq!(report["failed_count"], 0, "{report}");
    let path = "GET /api/v3/profiles/1?identity%5Bhandle%5D=pos";
    let shown = bench.omneo(path, &Value::Null).body["data"].clone();
    for (name, sent) in profile.as_object().unwrap() {
        let expected = match name.as_str() {
            "tags" => json!(["early-bird"]),
            "joined_at" => json!("2023-11-07 05:31:56"),
            "comms_attributes" => continue,
            "attributes" => {
                assert_eq!(shown["attributes"]["comms"]["email_benefits"], true);
                assert_eq!(shown["attributes"]["appearance"]["size_shoe"], "9");
                continue;
            }
            "identities" => {
                json!([{"handle": "pos", "identifier": "1", "is_active": true, "is_primary": true}])
            }
            _ => sent.clone(),
        };
        assert_eq!(shown[name], expected, "{name}");
    }
    assert_eq!(shown["address"]["city"], "Perth");
    bench.batch("email", &[profile]);
    assert_eq!(bench.sandbox.tally().unchanged, 1);
}

#[test]
fn omneo_finds_people_without_changing_them() {
    let bench = bench();
    let ann = json!({"email": "ann@example.org", "mobile_phone": "+61412323123",
        "first_name": "Ann", "identities": [{"handle": "pos", "identifier": "1"}]});
    let id = bench.batch("email", &[ann])["items"][0]["entity_id"].clone();
    let post = |path: &str, body: Value| bench.omneo(&format!("POST /api/v3/{path}"), &body);
    for body in [json!({"type": "pos", "id": "1"}), json!({"type": "profile_id", "id": id})] {
        assert_eq!(post("profiles/search-id", body).body["data"]["id"], id);
    }
    assert_eq!(post("profiles/search-id", json!({"type": "pos", "id": "2"})).status, 404);
    assert_eq!(post("profiles/search-id", json!({"type": "pos"})).status, 422);
    let get = |path: &str| bench.omneo(&format!("GET /api/v3/{path}"), &Value::Null);
    let found = get("identities/search?handle=pos&identifier=1");
    assert_eq!(
        (&found.body["data"][0]["profile_id"], &found.body["data"][0]["handle"]),
        (&id, &json!("pos"))
    );
    assert_eq!(get("identities/search?handle=pos&identifier=2").body["data"], json!([]));
    assert_eq!(get("identities/search?handle=pos").status, 422);
    let found = get("profiles?filter[identities][identifier]=1");
    assert_eq!((&found.body["meta"]["total"], &found.body["data"][0]["id"]), (&json!(1), &id));
    assert_eq!(get("profiles/1?identity[handle]=crm").status, 404);
    let body = json!({"email": "new@example.org", "mobile_phone": "+61412323123"});
    let data = post("profiles/availability", body).body["data"].clone();
    assert_eq!(data["email"], json!({"available": true, "profile": null}));
    let taken = json!({"available": false, "profile": {"id": id, "full_name": "Ann Unknown"}});
    assert_eq!(data["mobile_phone"], taken);
    assert_eq!(post("profiles/availability", json!({})).status, 422);
}

#[test]
fn omneo_adds_statuses_by_their_own_batch() {
    let mut variants = Variants::default();
    variants.set("omneo.known_statuses=vip,staff").unwrap();
    let bench = bench_with(variants);
    let ann = json!({"email": "ann@example.org", "statuses": ["staff", "gone"]});
    let id = bench.batch("email", &[ann])["items"][0]["entity_id"].clone();
    let entries = json!([
        {"profile_id": id, "statuses": ["vip", "unheard of"]},
        {"profile_id": "nobody", "statuses": ["vip"]},
    ]);
    let path = "POST /api/v3/profile/status/batch.json";
    let answer = bench.omneo(path, &json!({"profiles": entries}));
    assert_eq!(answer.status, 202);
    let report = bench.finished(answer.body["data"]["batch_id"].as_str().unwrap());
    let items = report["items"].as_array().unwrap();
    assert_eq!([&items[0]["status"], &items[1]["status"]], ["success", "failed"]);
    let shown = bench.omneo("GET /api/v3/profiles", &Value::Null).body;
    assert_eq!(shown["data"][0]["statuses"], json!(["staff", "vip"]));
    assert_eq!(bench.omneo(path, &json!({"profiles": []})).status, 422);
    let statuses = bench.omneo("GET /api/v3/statuses?filter[handle]=vip", &Value::Null).body;
    assert_eq!(statuses["data"], json!([{"handle": "vip"}]));
    let none = bench.omneo("GET /api/v3/statuses?filter[handle]=gold", &Value::Null).body;
    assert_eq!(none["data"], json!([]));
    let any = bench_with(Variants::default());
    let gold = any.omneo("GET /api/v3/statuses?filter[handle]=gold", &Value::Null).body;
    assert_eq!(gold["data"], json!([{"handle": "gold"}]), "any handle is one");
}
