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
