//! What answers mean, row by row; and that every batch is of the user's own profile.

use std::collections::BTreeMap;

use super::*;
use crate::recipe::Recipe;
use crate::target::omneo::configure;
use crate::target::{Overrides, Target};

fn omneo(recipe: &str) -> Box<dyn Target> {
    let recipe = Recipe::parse(recipe.to_owned(), "upsheet.toml").unwrap();
    configure(&recipe, &Overrides::default()).unwrap()
}

const RECIPE: &str = "[omneo]\nbase_url = \"https://omneo.example.org/api/v3\"\n";

fn heard(status: u16, body: &str) -> Heard {
    Heard { status, body: body.as_bytes().to_vec(), changed: Some(false) }
}

fn person() -> Json {
    json!({
        "id": "p-1", "email": "me@example.org", "first_name": "Ada", "last_name": "Vale",
        "tags": ["vip", {"handle": "local"}], "gender": "FEMALE", "birth_day": "3",
    })
}

/// Asks until there is an answer; the last answer is given again and again.
fn ask(recipe: &str, question: &'static str, answers: &[Heard]) -> (Learned, Vec<Call>) {
    let (person, learned, limits) = (person(), BTreeMap::new(), BTreeMap::new());
    let known =
        Known { person: Some(&person), learned: &learned, limits: &limits, patience: (0, None) };
    let omneo = omneo(recipe);
    let prober = omneo.prober().unwrap();
    let (mut so_far, mut calls) = (Vec::new(), Vec::new());
    loop {
        match prober.step(question, &known, &so_far) {
            Step::Done(learned) => return (learned, calls),
            Step::Ask(call) => {
                so_far.push(answers.get(so_far.len()).or(answers.last()).unwrap().clone());
                calls.push(*call);
                assert!(so_far.len() < 40, "{question} never ends");
            }
        }
    }
}

fn settings(learned: &Learned) -> Vec<String> {
    let lines = learned.settings.iter().map(|one| format!("{}={}", one.name, one.value));
    lines.collect()
}

fn queued() -> Heard {
    heard(202, r#"{"data":{"message":"queued","batch_id":"b-1"}}"#)
}

#[test]
fn an_address_is_told_by_what_is_there() {
    let list = heard(200, r#"{"data":[]}"#);
    let whole = "omneo.base_url=\"https://omneo.example.org/api/v3\"";
    let short = RECIPE.replace("/api/v3", "");
    for (recipe, answers, expected) in [
        (RECIPE, vec![list.clone()], &[whole][..]),
        (RECIPE, vec![heard(404, "")], &[]),
        (&short, vec![heard(404, ""), list.clone()], &[whole]),
        (&short, vec![heard(200, "<html>"), list], &[whole]),
        (&short, vec![heard(404, "")], &[]),
    ] {
        let (learned, _) = ask(recipe, "base-url", &answers);
        assert_eq!(settings(&learned), expected, "{recipe} {answers:?}");
        assert_eq!(learned.answer.is_ok(), !expected.is_empty());
    }
}

#[test]
fn where_batches_go_and_what_they_answer() {
    let empty = heard(422, r#"{"errors":{"profiles":["required"]}}"#);
    for (answers, expected) in [
        (vec![empty.clone()], &["omneo.batch_path=\"/profiles/batch.json\""][..]),
        (vec![heard(404, ""), empty.clone()], &["omneo.batch_path=\"/profiles/batch\""]),
        (vec![heard(405, ""), empty], &["omneo.batch_path=\"/profiles/batch\""]),
        (vec![heard(404, "")], &[]),
        (vec![heard(500, "")], &[]),
    ] {
        assert_eq!(settings(&ask(RECIPE, "batch-path", &answers).0), expected, "{answers:?}");
    }
    let pending = heard(200, r#"{"data":{"status":"pending"}}"#);
    let done = heard(200, r#"{"data":{"status":"success","items":[{"status":"success"}]}}"#);
    for (answers, expected) in [
        (vec![queued(), done.clone()], &["omneo.confirm=\"poll\""][..]),
        (vec![queued(), pending.clone(), pending.clone(), done], &["omneo.confirm=\"poll\""]),
        (vec![queued(), heard(404, "")], &["omneo.confirm=\"readback\""]),
        (vec![queued(), heard(403, "")], &["omneo.confirm=\"readback\""]),
        (vec![heard(200, "{}")], &["omneo.confirm=\"readback\""]),
        (vec![queued(), pending], &[]),
        (vec![queued(), heard(500, "")], &[]),
        (vec![heard(422, "{}")], &[]),
    ] {
        let (learned, _) = ask(RECIPE, "batch", &answers);
        assert_eq!(settings(&learned), expected, "{answers:?}");
        assert_eq!(learned.answer.is_ok(), !expected.is_empty(), "{answers:?}");
    }
}

#[test]
fn the_order_of_items_is_told_by_where_the_bad_one_stands() {
    let items = |places: &str| {
        let items: Vec<Json> = places
            .chars()
            .map(|c| json!({"status": if c == 'x' { "failed" } else { "success" }}))
            .collect();
        let failed = places.matches('x').count();
        json!({"data": {"status": "success", "failed_count": failed, "items": items}}).to_string()
    };
    let counted = r#"{"data":{"status":"success","failed_count":"1"}}"#;
    for (body, part, in_order) in [
        (items(".x.."), "fails alone; items stand in the order sent", Some(true)),
        (items("..x."), "do not stand", Some(false)),
        (items("x..."), "do not stand", Some(false)),
        (items("...x"), "do not stand", Some(false)),
        (items("x"), "only failed", Some(false)),
        (counted.to_owned(), "counted and not listed", Some(false)),
        (items("...."), "did not fail", None),
        (items(".xx."), "do not fit", None),
        (items(".x."), "do not fit", None),
        (r#"{"data":{"status":"success"}}"#.to_owned(), "do not fit", None),
    ] {
        let (learned, _) = ask(RECIPE, "bad-item", &[queued(), heard(200, &body)]);
        let words = learned.answer.clone().unwrap_or_else(|why| why);
        assert!(words.contains(part), "{body}: {words}");
        let found = learned.settings.first().and_then(|one| one.value.as_bool());
        assert_eq!(found, in_order, "{body}");
    }
    let (whole, _) = ask(RECIPE, "bad-item", &[heard(422, r#"{"errors":{}}"#)]);
    assert_eq!(whole.answer.as_deref(), Ok("it fails the whole call"));
    let (lost, _) = ask(RECIPE, "bad-item", &[queued(), heard(404, "")]);
    assert!(lost.answer.is_err());
}

#[test]
fn tags_are_never_said_to_be_replaced_or_added() {
    let done = |status: &str| heard(200, &json!({"data": {"status": status}}).to_string());
    let (taken, calls) = ask(RECIPE, "tags", &[queued(), done("success")]);
    assert!(taken.answer.unwrap_err().contains("a batch takes them"));
    assert_eq!(calls[0].body.as_ref().unwrap()["profiles"][0]["tags"], json!(["vip", "local"]));
    let (refused, _) = ask(RECIPE, "tags", &[queued(), done("failed")]);
    assert_eq!(refused.answer.as_deref(), Ok("they are refused in a batch"));
}

#[test]
fn the_case_of_an_address_is_asked_by_a_reading() {
    for (body, part) in [
        (r#"{"data":[{"id":"p-1"}]}"#, "does not heed it"),
        (r#"{"data":[{"id":"other"}]}"#, "heeds it"),
        (r#"{"data":[]}"#, "heeds it"),
    ] {
        let (learned, calls) = ask(RECIPE, "email-case", &[heard(200, body)]);
        assert!(learned.answer.unwrap().contains(part), "{body}");
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].touch, Touch::Nobody);
        assert!(calls[0].request.path.contains("ME%40EXAMPLE.ORG"));
    }
}

#[test]
fn every_batch_is_of_the_users_own_profile_and_of_what_it_has() {
    let answers = [
        queued(),
        heard(200, r#"{"data":[]}"#),
        heard(200, ""),
        heard(404, ""),
        heard(422, "{}"),
        heard(500, ""),
    ];
    let mut calls = Vec::new();
    let omneo = omneo(RECIPE);
    let prober = omneo.prober().unwrap();
    for question in prober.questions() {
        for answer in &answers {
            let (_, made) = ask(RECIPE, question.id, std::slice::from_ref(answer));
            let own = made.iter().filter(|call| call.touch == Touch::Own).count();
            assert!(own <= usize::from(question.sends.own), "{}", question.id);
            let most = question.sends.reads + question.sends.harmless + question.sends.own;
            assert!(made.len() <= usize::from(most), "{} sends more than it says", question.id);
            calls.extend(made);
        }
    }
    calls.extend(prober.restore(&person()));
    for call in &calls {
        let Some(body) = &call.body else {
            assert_eq!(call.request.method, Method::Get);
            continue;
        };
        let profiles = body["profiles"].as_array().unwrap();
        assert_eq!(profiles.is_empty(), call.touch == Touch::Harmless, "{body}");
        for profile in profiles {
            assert_eq!(profile["email"], "me@example.org", "{body}");
            assert_eq!(
                (&profile["first_name"], &profile["last_name"]),
                (&json!("Ada"), &json!("Vale"))
            );
        }
    }
    let restored = calls.last().unwrap().body.as_ref().unwrap();
    assert_eq!(restored["profiles"][0]["gender"], "female");
    assert_eq!(restored["profiles"][0]["birth_day"], 3);
}
