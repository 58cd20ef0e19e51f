//! The Vome endpoints as a client meets them.

use super::*;

#[test]
fn vome_counts_what_it_created_and_updated() {
    let bench = bench();
    let created = bench.vome(&format!("POST {CREATE}"), &users(&[person("a"), person("b")]));
    assert_eq!(created.status, 200, "{created:?}");
    assert_eq!((&created.body["created"], &created.body["updated"]), (&json!(2), &json!(0)));

    let mut changed = person(" A");
    changed["profile_data"]["email"] = json!(" A@Example.ORG ");
    let upserted = bench.upsert(&[changed.clone(), person("c")]);
    assert_eq!((&upserted.body["created"], &upserted.body["updated"]), (&json!(1), &json!(1)));
    let tally = Tally { requests: 2, created: 3, updated: 1, unchanged: 0, refused: 0 };
    assert_eq!(bench.sandbox.tally(), tally);

    // The same again creates nothing and changes nothing, but Vome calls it updated.
    let again = bench.upsert(&[changed, person("c")]);
    assert_eq!((&again.body["created"], &again.body["updated"]), (&json!(0), &json!(2)));
    assert_eq!(bench.sandbox.tally(), Tally { requests: 3, unchanged: 2, ..tally });

    // Create leaves people alone who are there; update passes over people who are not.
    let mut other = person("b");
    other["profile_data"]["first_name"] = json!("Other");
    let ignored = bench.vome(&format!("POST {CREATE}"), &users(&[other]));
    assert_eq!((ignored.status, &ignored.body["created"]), (200, &json!(0)));
    let partial = json!({"profile_data": {"email": "b@example.org", "gender": 1}});
    let nobody = person("nobody");
    let updated = bench.vome(&format!("PUT {UPDATE}"), &volunteers(&[partial, nobody]));
    assert_eq!((&updated.body["created"], &updated.body["updated"]), (&json!(0), &json!(1)));
    let tally = bench.sandbox.tally();
    assert_eq!((tally.created, tally.updated, tally.unchanged, tally.refused), (3, 2, 3, 1));

    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    assert_eq!(list["count"], 3);
    let details = &list["results"][1]["profile_details"];
    assert_eq!((&details["first_name"], &details["gender"]), (&json!("b"), &json!(1)));
    assert_eq!(list["results"][0]["profile_details"]["email"], "A@Example.ORG");
}

#[test]
fn a_vome_call_is_all_or_nothing() {
    let bench = bench();
    bench.upsert(&[person("taken")]);
    let mut bad = person("d");
    bad["profile_data"]["email"] = json!("nobody");
    let mut bare = person("e");
    bare["profile_data"].as_object_mut().unwrap().remove("last_name");
    let cases = [
        (vec![person("a"), bad], 400, "volunteers_data[1].profile_data.email", "invalid_field"),
        (
            vec![person("a"), bare],
            400,
            "volunteers_data[1].profile_data.last_name",
            "missing_field",
        ),
        (
            vec![person("a"), person("A")],
            400,
            "volunteers_data[1].profile_data.email",
            "invalid_field",
        ),
        (
            vec![person("a"), json!({"profile_data": {}, "tag": 1})],
            400,
            "volunteers_data[1].tag",
            "invalid_field",
        ),
    ];
    for (records, status, param, code) in cases {
        let answer = bench.upsert(&records);
        let error = &answer.body["error"];
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!((&error["param"], &error["code"]), (&json!(param), &json!(code)));
        assert_eq!(error["type"], "invalid_request_error");
    }
    let wrong = bench.vome(&format!("POST {CREATE}"), &volunteers(&[person("a")]));
    assert_eq!(wrong.body["error"]["param"], "users_data");
    assert_eq!(wrong.body["error"]["code"], "missing_field");
    let wrong = bench.vome(&format!("PUT {UPSERT}"), &users(&[person("a")]));
    assert_eq!(wrong.body["error"]["param"], "volunteers_data");

    let tally = bench.sandbox.tally();
    assert_eq!((tally.created, tally.refused), (1, 8));
    assert_eq!(bench.query::<i64>("SELECT count(*) FROM profile"), 1);
}

#[test]
fn vome_finds_people_by_id_and_by_custom_field() {
    let bench = bench();
    bench.upsert(&[person("a"), person("b")]);
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    let id = list["results"][0]["id"].clone();
    let by_id = json!({"identifier_type": 1, "unique_custom_field": ""});
    let upsert = |identifier: &Value, record: Value| {
        bench.vome(&format!("PUT {UPSERT}"), &frame("volunteers_data", identifier, &[record]))
    };
    let renamed = json!({"profile_data": {"id": id, "email": "new@example.org"}});
    assert_eq!(upsert(&by_id, renamed).body["updated"], 1);
    let clash = json!({"profile_data": {"id": id, "email": "B@example.org"}});
    let clash = upsert(&by_id, clash);
    assert_eq!((clash.status, &clash.body["error"]["code"]), (409, &json!("conflict")));
    assert_eq!(clash.body["error"]["param"], "volunteers_data[0].profile_data.email");
    let none = upsert(&by_id, person("c"));
    assert_eq!(none.body["error"]["param"], "volunteers_data[0].profile_data.id");

    for key in ["unique_id", "unique_custom_field"] {
        let by_field = json!({"identifier_type": 2, key: "field-1"});
        let mut record = person("c");
        record["custom_field_data"] = json!([{
            "custom_field_id": "field-1", "custom_field_name": "Salesforce ID",
            "custom_field_user_value": "00017",
        }]);
        record["profile_data"]["email"] = json!(format!("{key}@example.org"));
        let answer = upsert(&by_field, record);
        assert_eq!(answer.status, 200, "{answer:?}");
        let created = i32::from(key == "unique_id");
        assert_eq!(answer.body["created"], created, "the second one is found by its value");
    }
    let list = bench.vome("GET /api/profiles/?page=1&limit=100", &Value::Null).body;
    assert_eq!(list["count"], 3);
    let field = &list["results"][2]["custom_fields"][0];
    assert_eq!(field["custom_field"]["name"], "Salesforce ID");
    assert_eq!(field["custom_field_value"]["value"], "00017");
}

#[test]
fn a_field_that_is_only_named_is_the_one_with_the_id() {
    let bench = bench();
    let mut record = person("a");
    let by_id = json!({"custom_field_id": "f", "custom_field_name": "Size",
        "custom_field_user_value": "M"});
    record["custom_field_data"] = json!([by_id]);
    bench.upsert(&[record.clone()]);
    record["custom_field_data"] =
        json!([{"custom_field_name": "size", "custom_field_user_value": "L"}]);
    bench.upsert(&[record]);
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    let fields = list["results"][0]["custom_fields"].as_array().unwrap();
    assert_eq!(fields.len(), 1);
    assert_eq!(fields[0]["custom_field_value"]["value"], "L");
}

#[test]
fn only_new_people_are_invited() {
    let bench = bench();
    bench.upsert(&[person("old")]);
    let mut body = volunteers(&[person("old"), person("new")]);
    body["invite_user_to_vome"] = json!(true);
    body["invite_language"] = json!("FR");
    bench.vome(&format!("PUT {UPSERT}"), &body);
    assert_eq!(bench.query::<i64>("SELECT count(*) FROM invitation"), 1);
    let invited = "SELECT target || ' ' || email || ' ' || language FROM invitation";
    assert_eq!(bench.query::<String>(invited), "vome new@example.org FR");
}

#[test]
fn vome_lists_page_by_page() {
    let bench = bench();
    let people: Vec<Value> = (0..25).map(|n| person(&format!("p{n:02}"))).collect();
    bench.upsert(&people);
    let page = |query: &str| bench.vome(&format!("GET /api/profiles/{query}"), &Value::Null);
    let (mut number, mut emails) = (1, Vec::new());
    loop {
        let body = page(&format!("?page={number}&limit=10")).body;
        assert_eq!(body["count"], 25);
        assert_eq!(body["previous"].is_null(), number == 1);
        for result in body["results"].as_array().unwrap() {
            emails.push(result["profile_details"]["email"].as_str().unwrap().to_owned());
        }
        if body["next"].is_null() {
            break;
        }
        let base = bench.sandbox.vome_url();
        number += 1;
        assert_eq!(body["next"], format!("{base}/api/profiles/?page={number}&limit=10"));
    }
    assert_eq!((number, emails.len()), (3, 25));
    assert!(emails.is_sorted());
    assert_eq!(page("").body["results"].as_array().unwrap().len(), 10);
    assert_eq!(page("?limit=100").body["results"].as_array().unwrap().len(), 25);
    assert_eq!(page("?page=4").status, 404);
    for query in ["?limit=101", "?limit=0", "?page=0", "?page=x", "?search=p01"] {
        assert_eq!(page(query).status, 400, "{query}");
    }
}

#[test]
fn a_full_batch_is_answered_quickly() {
    let bench = bench();
    let people: Vec<Value> = (0..500)
        .map(|n| {
            let mut person = person(&format!("p{n}"));
            person["custom_field_data"] = (0..5)
                .map(|f| {
                    json!({"custom_field_id": format!("f{f}"),
                    "custom_field_user_value": format!("{n}-{f}")})
                })
                .collect();
            person
        })
        .collect();
    let began = Instant::now();
    assert_eq!(bench.upsert(&people).body["created"], 500);
    // Far above what it takes, so that only a mistake in kind can fail here.
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

/// The example of "Create profiles", with its comments and single quotes mended.
#[test]
fn the_example_of_the_documents_is_taken() {
    let bench = bench();
    let body = json!({
        "unique_identifier": {"identifier_type": 0, "unique_custom_field": ""},
        "invite_user_to_vome": true,
        "invite_language": "EN",
        "invite_message": "<p>We cannot wait for you to claim your profile!</p>",
        "users_data": [{
            "emergency_contact": {
                "name": "Jon Smith", "phone_number": "5555555555", "relationship": "Father",
            },
            "medical_information": {
                "description": "Allergies to peanuts", "has_medical_info": "true",
            },
            "occupation_info": {
                "occupation": 0, "occupation_institution_name": "University of Memphis",
            },
            "profile_data": {
                "id": "d2fcbe43-1eba-419e-a489-3d471f7658ff",
                "first_name": "Lily",
                "last_name": "Smith",
                "email": "lily.smith123@domain.com",
                "phone_number": "555555555",
                "date_of_birth": "1998-06-06",
                "gender": 1,
                "address": "7 Freedom Trail, Medway, Norfolk, MA, USA",
                "address_coordinates": ["42.14579519999999", "-71.4391298"],
            },
            "custom_field_data": [
                {
                    "custom_field_id": "395fd06d-48ca-41a0-be0c-3cd22fdad976",
                    "custom_field_name": "Salesforce ID",
                    "custom_field_user_value": "fe8fwe7f7897487r87hb",
                },
                {
                    "custom_field_id": "78c03e94-097b-4f00-8aaa-6b7e4ddf1e93",
                    "custom_field_name": "T-shirt size",
                    "custom_field_user_value": "Medium",
                },
            ],
        }],
    });
    let answer = bench.vome(&format!("POST {CREATE}"), &body);
    assert_eq!((answer.status, &answer.body["created"]), (200, &json!(1)), "{answer:?}");
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    let lily = &list["results"][0];
    assert_eq!(lily["id"], "d2fcbe43-1eba-419e-a489-3d471f7658ff");
    assert_eq!(lily["medical_information"]["has_medical_info"], true);
    assert_eq!(lily["custom_fields"].as_array().unwrap().len(), 2);
    let mut again = body;
    again["volunteers_data"] = again.as_object_mut().unwrap().remove("users_data").unwrap();
    let answer = bench.vome(&format!("PUT {UPSERT}"), &again);
    assert_eq!((&answer.body["created"], &answer.body["updated"]), (&json!(0), &json!(1)));
    assert_eq!(bench.sandbox.tally().unchanged, 1);
}
