//! What answers mean, row by row; and that no request of any question creates or invites.

use std::collections::BTreeMap;

use super::envelope::complaint;
use super::*;
use crate::recipe::Recipe;
use crate::target::Method;
use crate::target::vome::Catalogue;
use crate::target::vome::answer::RECORDS;

fn vome(recipe: &str) -> Vome {
    let recipe = Recipe::parse(recipe.to_owned(), "upsheet.toml").unwrap();
    let settings: Settings = recipe.section("vome").unwrap();
    let catalogue = Arc::new(Catalogue::new(&settings, &[]));
    Vome { settings: Arc::new(settings), catalogue, batch_size: 1 }
}

fn heard(status: u16, body: &str) -> Heard {
    Heard { status, body: body.as_bytes().to_vec(), changed: Some(false) }
}

/// Asks until there is an answer; each request is answered in turn, the last answer again and again.
fn ask(
    question: &'static str,
    marks: &[(&'static str, &'static str)],
    answers: &[Heard],
) -> Learned {
    let person = own::sketch("me@example.org");
    let learned: BTreeMap<&'static str, Learned> = marks
        .iter()
        .map(|(question, mark)| (*question, Learned::told("", &[]).marked(mark)))
        .collect();
    let limits = BTreeMap::new();
    let known =
        Known { person: Some(&person), learned: &learned, limits: &limits, patience: (0, None) };
    let vome = vome("");
    let mut so_far = Vec::new();
    loop {
        match vome.step(question, &known, &so_far) {
            Step::Done(learned) => return learned,
            Step::Ask(_) => {
                let next = answers.get(so_far.len()).or(answers.last()).unwrap();
                so_far.push(next.clone());
                assert!(so_far.len() < 20, "{question} never ends");
            }
        }
    }
}

fn settings(learned: &Learned) -> Vec<String> {
    let lines = learned.settings.iter().map(|one| format!("{}={}", one.name, one.value));
    lines.collect()
}

#[test]
fn a_refusal_of_an_empty_list_says_which_key_was_looked_for() {
    let documented = |message: &str| format!(r#"{{"error":{{"message":"{message}"}}}}"#);
    for (status, body, expected) in [
        (400, documented("volunteers_data is required"), Some("volunteers_data")),
        (400, documented("users_data must not be empty"), Some("users_data")),
        (400, r#"{"users_data":["This list may not be empty."]}"#.to_owned(), Some("users_data")),
        (422, documented("user_data: missing"), Some("user_data")),
        (400, documented("users_data is an unknown field"), None),
        (400, documented("unknown field users_data; user_data is required"), Some("user_data")),
        (400, documented("users_data or user_data is required"), None),
        (400, documented("bad request"), None),
        (400, documented("my_users_data is required"), None),
        (200, documented("volunteers_data is required"), None),
        (500, documented("volunteers_data"), None),
    ] {
        assert_eq!(complaint(&heard(status, &body), "users_data"), expected, "{status} {body}");
    }
}

#[test]
fn the_key_of_the_list_is_told_by_words_or_by_the_one_answer_that_differs() {
    let (good, bad) = (heard(200, "{}"), heard(400, "no"));
    let silent = [good.clone(), good.clone(), good.clone()];
    for (question, answers, expected) in [
        // The one in use is asked for first: volunteers_data, users_data, user_data.
        ("records-key-upsert", vec![bad.clone(), bad.clone(), good.clone()], Some("user_data")),
        ("records-key-upsert", vec![good.clone(), bad.clone(), good.clone()], Some("users_data")),
        ("records-key-create", vec![good.clone(), bad.clone(), bad.clone()], Some("users_data")),
        ("records-key-create", silent.to_vec(), None),
        ("records-key-create", vec![heard(404, "")], None),
        ("records-key-create", vec![heard(500, "")], None),
        (
            "records-key-update",
            [&silent[..], &[good.clone(), heard(400, r#"{"e":"date_of_birth"}"#)]].concat(),
            Some("users_data"),
        ),
        ("records-key-update", silent.to_vec(), None),
        (
            "records-key-upsert",
            [&silent[..], &[heard(200, r#"{"updated":0}"#), heard(200, r#"{"updated":1}"#)]]
                .concat(),
            Some("users_data"),
        ),
    ] {
        let learned = ask(question, &[], &answers);
        let found = learned.settings.first().map(|one| one.value.as_str().unwrap().to_owned());
        assert_eq!(found.as_deref(), expected, "{question} {answers:?}");
        assert_eq!(learned.answer.is_ok(), expected.is_some());
    }
}

#[test]
fn an_endpoint_is_only_believed_where_it_shows_that_it_upserts() {
    let gone = heard(404, "");
    for (answers, told) in [
        (vec![heard(400, "{}")], Some("PUT")),
        (vec![heard(200, "{}")], Some("PUT")),
        (vec![heard(500, "")], None),
        (vec![gone.clone(), heard(200, r#"{"created":0,"updated":1}"#)], Some("POST")),
        (
            vec![heard(405, ""), heard(200, r#"{"results":[{"index":0,"status":"updated"}]}"#)],
            Some("POST"),
        ),
        (vec![gone.clone(), heard(200, "{}")], None),
        (vec![gone.clone(), heard(200, r#"{"created":0,"updated":0}"#)], None),
        (vec![gone.clone(), heard(400, r#"{"error":{"message":"first_name is required"}}"#)], None),
        (vec![gone.clone(), gone], None),
    ] {
        let learned = ask("upsert-endpoint", &[], &answers);
        let method = learned.settings.first().map(|one| one.value.as_str().unwrap().to_owned());
        assert_eq!(method.as_deref(), told, "{answers:?}");
    }
}

#[test]
fn a_bad_row_and_what_silence_then_means() {
    for (status, body, part, mark) in [
        (
            400,
            r#"{"error":{"message":"no","param":"volunteers_data[1].profile_data.date_of_birth"}}"#,
            "names it",
            FAILS_CALL,
        ),
        (400, r#"{"error":{"message":"a record is not valid"}}"#, "nothing names it", FAILS_CALL),
        (
            404,
            r#"{"error":{"message":"volunteers_data[0].profile_data.email is of no profile"}}"#,
            "names it",
            FAILS_CALL,
        ),
        (404, "", "bulk-update is not there", ""),
        (
            200,
            r#"{"errors":[{"index":1,"message":"no"}]}"#,
            "fails alone, and the answer names",
            "",
        ),
        (200, r#"{"updated":0,"failed":1}"#, "fails alone, and the answer counts", ""),
        (200, r#"{"created":0,"updated":0}"#, "only the counts", ""),
        (200, "{}", "nothing says so", ""),
        (200, "", "nothing says so", ""),
        (500, "", "failure of the server", ""),
    ] {
        let learned = ask("bad-row", &[], &[heard(status, body)]);
        let words = learned.answer.clone().unwrap_or_else(|why| why);
        assert!(words.contains(part), "{status} {body}: {words}");
        assert_eq!(learned.mark, mark, "{status} {body}");
    }
    let strict = [("bad-row", FAILS_CALL)];
    for (marks, status, body, expected) in [
        (&strict[..], 200, "", &["vome.empty_answer=\"accepted\""][..]),
        (&[], 200, "", &["vome.empty_answer=\"unknown\""]),
        (&[], 200, r#"{"updated":1}"#, &["vome.counts=\"matched\""]),
        (&strict, 200, r#"{"updated":0}"#, &["vome.counts=\"changed\""]),
        (&[], 200, r#"{"updated":0}"#, &[]),
        (&[], 200, r#"{"message":"done"}"#, &[]),
        (&[], 400, "{}", &[]),
    ] {
        let learned = ask("answer", marks, &[heard(status, body)]);
        assert_eq!(settings(&learned), expected, "{marks:?} {status} {body}");
    }
}

#[test]
fn a_form_is_only_believed_where_the_value_landed_and_stayed() {
    let (yes, no) = (heard(200, r#"{"updated":1}"#), heard(400, "{}"));
    let changed = Heard { changed: Some(true), ..yes.clone() };
    let unread = Heard { changed: None, ..yes.clone() };
    for (question, answers, expected) in [
        ("custom-boolean", vec![yes.clone()], &["vome.custom_encoding.boolean=\"native\""][..]),
        (
            "custom-boolean",
            vec![no.clone(), yes.clone()],
            &["vome.custom_encoding.boolean=\"string\""],
        ),
        ("custom-boolean", vec![no.clone()], &[]),
        ("custom-boolean", vec![changed.clone()], &[]),
        ("custom-boolean", vec![unread], &[]),
        ("custom-boolean", vec![heard(200, "{}")], &[]),
        (
            "custom-number",
            vec![no.clone(), yes.clone()],
            &["vome.custom_encoding.number=\"native\""],
        ),
        ("codes", vec![no.clone(), yes.clone()], &["vome.enum_encoding=\"string\""]),
        ("flags", vec![yes.clone()], &["vome.bool_encoding=\"native\""]),
        (
            "custom-multiple-selection",
            vec![no.clone(), no.clone(), no.clone(), yes.clone()],
            &[
                "vome.custom_encoding.multiple_selection=\"joined\"",
                "vome.custom_encoding.separator=\", \"",
            ],
        ),
        (
            "unique-field-key",
            vec![no.clone(), yes.clone()],
            &["vome.unique_field_key=\"unique_id\""],
        ),
        ("unique-field-key", vec![no.clone()], &[]),
    ] {
        for marks in [&[("omitted", KEPT)][..], &[]] {
            let learned = ask(question, marks, &answers);
            assert_eq!(settings(&learned), expected, "{question} {answers:?}");
            assert_eq!(learned.answer.is_ok(), !expected.is_empty());
        }
    }
    assert_eq!(ask("omitted", &[], std::slice::from_ref(&yes)).mark, KEPT);
    let cleared = ask("omitted", &[], &[changed]);
    assert!(cleared.answer.unwrap().starts_with("they are cleared"));
    assert!(ask("omitted", &[], &[no]).answer.is_err());
    assert!(ask("email-case", &[], &[yes]).answer.is_err(), "it is never asked");
}

#[test]
fn no_request_creates_or_invites() {
    let recipe = "[vome]\nmatch = \"id\"\n[vome.invite]\nenabled = true\nlanguage = \"EN\"\n";
    let person = own::sketch("me@example.org");
    let answers = [
        heard(200, ""),
        heard(200, "{}"),
        heard(200, r#"{"updated":0}"#),
        heard(201, r#"{"created":1}"#),
        heard(400, "{}"),
        heard(404, ""),
        heard(405, ""),
        heard(409, r#"{"error":{"message":"user_data is required"}}"#),
        heard(500, ""),
    ];
    let limits = BTreeMap::new();
    let mut calls = Vec::new();
    for mark in ["", FAILS_CALL] {
        let learned: BTreeMap<&'static str, Learned> =
            [("bad-row", Learned::told("", &[]).marked(mark))].into();
        let known = Known {
            person: Some(&person),
            learned: &learned,
            limits: &limits,
            patience: (0, None),
        };
        for question in vome(recipe).questions() {
            for answer in &answers {
                let mut so_far = Vec::new();
                while let Step::Ask(call) = vome(recipe).step(question.id, &known, &so_far) {
                    calls.push(*call);
                    so_far.push(answer.clone());
                    let sends = question.sends;
                    let most = usize::from(sends.reads + sends.harmless + sends.own);
                    assert!(so_far.len() <= most, "{} sends more than it says", question.id);
                }
            }
        }
    }
    calls.extend(vome(recipe).restore(&person));
    for call in &calls {
        let Some(body) = &call.body else {
            assert_eq!((call.touch, call.request.method), (Touch::Nobody, Method::Get));
            continue;
        };
        assert_eq!(body["invite_user_to_vome"], false, "{body}");
        let records = RECORDS.iter().find_map(|key| body.get(*key)?.as_array()).unwrap();
        let creates = call.request.path != "/api/profiles/bulk-update/";
        for record in records {
            let profile = &record["profile_data"];
            let is_own = profile["email"] == "me@example.org" || profile.get("email").is_none();
            assert_eq!(is_own, call.touch == Touch::Own, "{body}");
            assert!(is_own || (!creates && profile.get("first_name").is_none()), "{body}");
            if call.request.path == CREATE {
                assert!(profile.get("first_name").is_none(), "{body}");
            }
        }
    }
    assert!(calls.iter().any(|call| call.request.path == CREATE));
}

#[test]
fn a_profile_is_made_into_what_gives_it_its_own_values() {
    let profile = json!({
        "id": "p",
        "profile_details": {
            "first_name": "Ada", "last_name": "Vale", "email": "a@example.org", "phone_number": "",
            "gender": "1", "occupation": 0, "address": "1 Rowan Court", "age": 20,
        },
        "medical_information": {"has_medical_info": false, "description": ""},
        "emergency_contact": {"name": "Otis"},
        "custom_fields": [
            {"custom_field": {"id": "f", "name": "Kids", "field_type": "1"}, "custom_field_value": {"value": 2}},
            {"custom_field": {"id": "g", "name": "Sum", "field_type": 11}, "custom_field_value": {"value": "9"}},
            {"custom_field": {"id": "h", "name": "Skills", "field_type": "MULTIPLE SELECTION"},
             "custom_field_value": [{"value": {"id": "o", "value": "Cook"}}, {"value": {"id": "p", "value": "Drive"}}]},
        ],
    });
    let whole = Own::whole(&profile, &Settings::default()).json();
    assert_eq!(
        whole,
        json!({
            "profile_data": {
                "first_name": "Ada", "last_name": "Vale", "email": "a@example.org", "gender": 1,
                "address": "1 Rowan Court",
            },
            "emergency_contact": {"name": "Otis"},
            "occupation_info": {"occupation": 0},
            "custom_field_data": [
                {"custom_field_id": "f", "custom_field_name": "Kids", "custom_field_user_value": "2"},
                {"custom_field_id": "h", "custom_field_name": "Skills", "custom_field_user_value": ["Cook", "Drive"]},
            ],
        })
    );
    let mut later = profile.clone();
    later["profile_details"]["age"] = json!(21);
    later["custom_fields"].as_array_mut().unwrap().reverse();
    assert_eq!(own::state(&profile), own::state(&later), "what Vome changes by itself");
    later["profile_details"]["address"] = json!("");
    assert_ne!(own::state(&profile), own::state(&later));
}
