//! Answers of every form to a request, and whom they are about.

use serde_json::value::RawValue;

use super::*;

/// Five people, `p0@example.org` to `p4@example.org`, with Vome IDs and badge numbers.
fn five() -> Vec<Box<RawValue>> {
    people(|n| format!("badge-{n}"))
}

fn people(badge: impl Fn(usize) -> String) -> Vec<Box<RawValue>> {
    let person = |n: usize| {
        let badge = badge(n);
        let text = format!(
            "{{\"profile_data\":{{\"id\":\"id-{n}\",\"email\":\"P{n}@example.org\"}},\
             \"custom_field_data\":[{{\"custom_field_user_value\":\"{badge}\"}}]}}"
        );
        RawValue::from_string(text).unwrap()
    };
    (0..5).map(person).collect()
}

fn judged(settings: &str, status: u16, body: &str) -> Verdict {
    judged_of(&five(), settings, status, body)
}

fn judged_of(people: &[Box<RawValue>], settings: &str, status: u16, body: &str) -> Verdict {
    let settings: Settings = toml::from_str(settings).unwrap();
    let sent: Vec<&RawValue> = people.iter().map(AsRef::as_ref).collect();
    judge(Answer { status, retry_after: None, body: body.as_bytes() }, &sent, &settings)
}

/// A verdict in a word, with who was refused or how many landed.
fn told(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Accepted => "accepted".to_owned(),
        Verdict::Partial { refused } => {
            let places: Vec<String> =
                refused.iter().map(|(place, why)| format!("{place} {why}")).collect();
            format!("partial: {}", places.join(", "))
        }
        Verdict::Unsorted { landed, .. } => format!("unsorted: {landed}"),
        Verdict::Ambiguous { .. } => "ambiguous".to_owned(),
        Verdict::Refused { why, exists, named } => {
            let places: Vec<usize> = named.iter().map(|one| one.place).collect();
            let all = named.iter().all(|one| one.exists == *exists);
            let exists = if *exists && all { " exists:" } else { "" };
            format!("refused: {places:?}{exists} {why}")
        }
        Verdict::Each(judged) => {
            let word = |one: &Judged| match one {
                Judged::Landed => "landed",
                Judged::Exists(_) => "exists",
                Judged::Refused(_) => "refused",
                _ => "open",
            };
            judged.iter().map(word).collect::<Vec<_>>().join(" ")
        }
        Verdict::Stop { why, .. } => format!("stop: {why}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_success_is_believed_where_it_does_not_contradict_itself() {
    for (settings, body, expected) in [
        ("", r#"{"message":"ok"}"#, "accepted"),
        ("", "{}", "accepted"),
        ("", r#"{"error":null,"errors":[],"failed":0}"#, "accepted"),
        ("", r#"{"message":"2 profiles created, 3 profiles updated."}"#, "accepted"),
        ("", r#"{"created":2,"updated":3,"failed":0}"#, "accepted"),
        ("", r#"{"data":{"created_count":2,"updated_count":3}}"#, "accepted"),
        ("", r#"{"created":["a","b"],"updated":["c","d","e"]}"#, "accepted"),
        ("", r#"{"volunteers_data":[{},{},{},{},{}]}"#, "accepted"),
        ("", r#"{"created":0,"updated":0}"#, "unsorted: 0"),
        ("", r#"{"message":"0 profiles created, 0 profiles updated."}"#, "unsorted: 0"),
        ("", r#"{"message":"Successfully created 3 profiles"}"#, "unsorted: 3"),
        ("", r#"{"message":"3 of 5 profiles were created"}"#, "unsorted: 3"),
        ("", r#"{"message":"Profiles created: 5 of 5"}"#, "accepted"),
        ("", r#"{"message":"Profiles created for the intake of 2024"}"#, "accepted"),
        ("", r#"{"created":4,"not_created":1}"#, "unsorted: 4"),
        ("", r#"{"updated":4,"not_updated":["p2@example.org"]}"#, "partial: 2 p2@example.org"),
        ("", r#"{"message":"4 profiles updated, 1 not updated"}"#, "unsorted: 4"),
        ("", r#"{"message":"1 of 5 profiles was not created"}"#, "unsorted: 4"),
        ("", r#"{"message":"No profiles were created"}"#, "ambiguous"),
        ("", r#"{"message":"5 profiles created, no errors"}"#, "accepted"),
        ("", r#"{"created":"5","failed":"0"}"#, "accepted"),
        ("", r#"{"created":"0"}"#, "unsorted: 0"),
        ("", r#"{"message":"ok","unprocessed":["p2@example.org"]}"#, "partial: 2 p2@example.org"),
        ("", r#"{"status":"success","message":"Volunteers imported"}"#, "accepted"),
        ("", r#"{"status":200,"success":true,"data":{"status":"completed"}}"#, "accepted"),
        ("", r#"{"message":"Profiles imported with no errors"}"#, "accepted"),
        ("", r#"{"success":true,"message":"Volunteers created with no issues"}"#, "accepted"),
        ("", r#"{"message":"Volunteers imported without errors"}"#, "accepted"),
        ("", r#"{"message":"Volunteers updated. Invitations were not sent."}"#, "accepted"),
        ("", r#"{"code":0,"message":"ok"}"#, "accepted"),
        ("", r#"{"status":"OK","code":"SUCCESS"}"#, "accepted"),
        ("", r#"{"status":1,"message":"ok"}"#, "accepted"),
        ("", r#"{"result":"5 volunteers updated"}"#, "accepted"),
        ("", r#"{"created":false,"updated":true}"#, "accepted"),
        ("", r#"{"data":{"id":"x","state":"NSW"}}"#, "accepted"),
        ("", r#"{"status":"success","not_invited":["p1@example.org"]}"#, "accepted"),
        ("", r#"{"created":5,"not_invited":5}"#, "accepted"),
        ("", r#"{"result":"volunteers were not updated"}"#, "ambiguous"),
        ("", r#"{"status":"partial_success"}"#, "ambiguous"),
        ("", r#"{"status":"queued","message":"Your import has been queued"}"#, "ambiguous"),
        ("", r#"{"status":"pending","task_id":"x"}"#, "ambiguous"),
        ("", r#"{"status":400,"message":"Bad request"}"#, "ambiguous"),
        ("", r#"{"code":400}"#, "ambiguous"),
        ("", r#"{"success":true,"data":[]}"#, "ambiguous"),
        ("", r#"{"message":"5 profiles created","data":[]}"#, "accepted"),
        ("", r#"{"created":5,"data":[{},{},{},{},{}]}"#, "accepted"),
        ("", r#"{"data":{"users":[{},{},{},{},{}],"created":5}}"#, "accepted"),
        ("", r#"{"created":5,"message":"Import done, 0 skipped"}"#, "accepted"),
        ("", r#"{"message":"Processing complete"}"#, "accepted"),
        ("", r#"{"message":"Import started and completed"}"#, "accepted"),
        ("", r#"{"message":"Created 5 volunteers. You now have 1200 volunteers"}"#, "accepted"),
        ("", r#"{"message":"You have used 40 of 1000 profiles. 5 created"}"#, "accepted"),
        ("", r#"{"data":[{},{},{},{}]}"#, "unsorted: 4"),
        ("", r#"{"users":[{},{},{},{},{}]}"#, "accepted"),
        ("", r#"{"results":[{},null,{},{},{}]}"#, "unsorted: 4"),
        ("", r#"{"data":{"summary":{"created":3,"failed":2}}}"#, "unsorted: 3"),
        ("", r#"{"message":"4 of 5 profiles were saved"}"#, "ambiguous"),
        ("", r#"{"message":"Batch 2: 5 profiles saved"}"#, "accepted"),
        ("", r#"{"message":"4 profiles processed"}"#, "ambiguous"),
        ("", r#"{"message":"5 profiles processed"}"#, "accepted"),
        ("", r#"{"message":"Some rows were skipped"}"#, "ambiguous"),
        ("", r#"{"message":"2 profiles had problems"}"#, "ambiguous"),
        ("", r#"{"message":"Your import is being processed"}"#, "ambiguous"),
        ("", r#"{"message":"Accepted for processing"}"#, "ambiguous"),
        ("", r#"{"message":"Import started"}"#, "ambiguous"),
        ("", r#"{"message":"Imported with no problem"}"#, "accepted"),
        ("", r#"{"ok":false}"#, "ambiguous"),
        ("", r#"{"created":false}"#, "ambiguous"),
        ("", r#"{"data":{"success":false}}"#, "ambiguous"),
        ("", r#"{"type":"invalid_request_error","message":"x"}"#, "ambiguous"),
        ("", r#"{"message":"Some profiles were not imported"}"#, "ambiguous"),
        ("", r#"{"message":"volunteers_data is required"}"#, "ambiguous"),
        ("", r#"{"detail":"profiles could not be created"}"#, "ambiguous"),
        ("", r#"{"created":4,"updated":3}"#, "ambiguous"),
        ("", r#"{"processed":4}"#, "ambiguous"),
        ("", r#"{"volunteers_data":[{},{}]}"#, "unsorted: 2"),
        ("", r#"{"created":1,"updated":3,"failed":1}"#, "unsorted: 4"),
        ("", r#"{"failed":1}"#, "unsorted: 4"),
        ("", r#"{"updated":5,"failed":1}"#, "ambiguous"),
        ("", r#"{"success":false,"failed":1}"#, "ambiguous"),
        ("", r#"{"status":"error","errors":[{"index":1}]}"#, "ambiguous"),
        ("", r#"{"message":"some profiles could not be saved"}"#, "ambiguous"),
        ("", r#"{"error":{"message":"x"}}"#, "ambiguous"),
        ("", "[]", "ambiguous"),
        ("", "", "ambiguous"),
        ("", r#"{"message":"o"#, "ambiguous"),
        ("empty_answer = \"accepted\"", " \n", "accepted"),
        ("empty_answer = \"accepted\"", "x", "ambiguous"),
        ("operation = \"update\"", r#"{"updated":3,"not_found":2}"#, "unsorted: 3"),
        ("operation = \"update\"", r#"{"created":0,"updated":3}"#, "unsorted: 3"),
        ("counts = \"changed\"", r#"{"created":0,"updated":3}"#, "accepted"),
        ("counts = \"changed\"", r#"{"created":0,"updated":6}"#, "ambiguous"),
        ("counts = \"changed\"", r#"{"updated":1,"failed":2}"#, "unsorted: 3"),
    ] {
        assert_eq!(told(&judged(settings, 200, body)), expected, "{settings} {body}");
    }
}

#[test]
fn people_are_named_by_place_parameter_address_or_id() {
    for (body, expected) in [
        (r#"{"errors":[{"index":1,"message":"no"}]}"#, "partial: 1 no"),
        (
            r#"{"errors":[{"param":"volunteers_data[3].profile_data.email","message":"no"}]}"#,
            "partial: 3 no",
        ),
        (r#"{"errors":["user_data[2]: no"]}"#, "partial: 2 user_data[2]: no"),
        (r#"{"errors":[{"email":"p4@example.org","error":"taken"}]}"#, "partial: 4 taken"),
        (r#"{"failed":[{"id":"id-2","reason":"x"}]}"#, "partial: 2 x"),
        (r#"{"failed":[{"identifier":"badge-0","message":"x"}]}"#, "partial: 0 x"),
        (r#"{"errors":{"p1@example.org":["bad"],"3":"worse"}}"#, "partial: 3 worse, 1 bad"),
        (r#"{"errors":["p0@example.org is taken."]}"#, "partial: 0 p0@example.org is taken."),
        (r#"{"errors":[{"index":1,"message":"a"},{"index":1,"message":"b"}]}"#, "partial: 1 a"),
        (r#"{"updated":4,"errors":[{"index":1,"message":"no"}]}"#, "partial: 1 no"),
        (r#"{"updated":2,"errors":[{"index":1,"message":"no"}]}"#, "unsorted: 2"),
        (r#"{"updated":5,"errors":[{"index":1,"message":"no"}]}"#, "ambiguous"),
        (r#"{"errors":[{"index":9,"message":"no"}]}"#, "unsorted: 4"),
        (r#"{"errors":[{"index":1,"email":"p2@example.org"}]}"#, "unsorted: 4"),
        (r#"{"errors":[{"message":"somebody"}]}"#, "unsorted: 4"),
    ] {
        let mut got = told(&judged("", 200, body));
        if body.contains("\"3\"") {
            got = got.replace("1 bad, 3 worse", "3 worse, 1 bad");
        }
        assert_eq!(got, expected, "{body}");
    }
}

#[test]
fn a_bare_number_that_may_be_a_place_or_an_id_names_nobody() {
    // Members 1 to 5, so that member 3 stands at place 2.
    let members = people(|n| (n + 1).to_string());
    for (body, expected) in [
        (r#"{"updated":4,"not_found":["3"]}"#, "unsorted: 4"),
        (r#"{"updated":4,"not_found":[3]}"#, "unsorted: 4"),
        (r#"{"errors":{"3":["No such profile"]}}"#, "unsorted: 4"),
        // No member has this number, and no place has that one.
        (r#"{"errors":[0]}"#, "partial: 0 0"),
        (r#"{"not_found":["5"]}"#, "partial: 4 5"),
        (r#"{"errors":[{"id":3,"message":"x"}]}"#, "partial: 2 x"),
        // What begins a sentence is the number of the sentence.
        (r#"{"errors":["3. p1@example.org: bad"]}"#, "partial: 1 3. p1@example.org: bad"),
    ] {
        assert_eq!(told(&judged_of(&members, "", 200, body)), expected, "{body}");
    }
}

#[test]
fn lists_of_results_are_read_person_by_person() {
    let rows = |rows: &[&str]| format!(r#"{{"results":[{}]}}"#, rows.join(","));
    let ok = r#"{"status":"created"}"#;
    for (settings, body, expected) in [
        ("", rows(&[ok; 5]), "accepted"),
        ("", rows(&[ok, ok, r#"{"status":"failed","error":"no"}"#, ok, ok]), "partial: 2 no"),
        ("", rows(&[ok, ok, r#"{"success":false,"message":"no"}"#, ok, ok]), "partial: 2 no"),
        ("", rows(&[ok, ok, r#"{"status":422,"message":"no"}"#, ok, ok]), "partial: 2 no"),
        ("", rows(&[ok, ok, r#"{"status":"created","error":"no"}"#, ok, ok]), "ambiguous"),
        ("", rows(&[ok, ok, r#"{"status":"pending"}"#, ok, ok]), "ambiguous"),
        ("", rows(&[ok, ok]), "ambiguous"),
        (
            "",
            rows(&[r#"{"index":0,"status":"updated"}"#, r#"{"index":3,"status":"updated"}"#]),
            "unsorted: 2",
        ),
        (
            "",
            rows(&[r#"{"index":0,"status":"updated"}"#, r#"{"index":0,"status":"updated"}"#]),
            "ambiguous",
        ),
        ("", rows(&[ok; 6]), "ambiguous"),
        (
            "",
            rows(&[
                r#"{"email":"p1@example.org","status":"failed","error":"no"}"#,
                r#"{"email":"p0@example.org","status":"updated"}"#,
                r#"{"email":"p2@example.org","status":"updated"}"#,
                r#"{"email":"p3@example.org","status":"updated"}"#,
                r#"{"email":"p4@example.org","status":"updated"}"#,
            ]),
            "partial: 1 no",
        ),
        (
            "operation = \"create\"",
            rows(&[ok, ok, ok, ok, r#"{"status":"existing"}"#]),
            "landed landed landed landed exists",
        ),
        ("", rows(&[ok, ok, ok, ok, r#"{"status":"existing"}"#]), "accepted"),
    ] {
        assert_eq!(told(&judged(settings, 200, &body)), expected, "{settings} {body}");
    }
}

#[test]
fn a_create_that_does_not_say_whom_it_left_out_has_no_outcome() {
    let create = "operation = \"create\"";
    for (body, expected) in [
        (r#"{"created":5,"updated":0}"#, "accepted"),
        (r#"{"created":3,"updated":0}"#, "ambiguous"),
        (r#"{"created":3,"existing":2}"#, "ambiguous"),
        (r#"{"failed":2}"#, "ambiguous"),
        (r#"{"results":[{"index":1,"status":"failed","error":"no"}]}"#, "ambiguous"),
        (
            r#"{"created":4,"errors":[{"index":2,"message":"exists"}]}"#,
            "landed landed exists landed landed",
        ),
        (r#"{"created":0,"existing":5}"#, "exists exists exists exists exists"),
        (r#"{"message":"0 profiles created, 5 existing."}"#, "exists exists exists exists exists"),
        (r#"{"created":0,"existing":4,"failed":1}"#, "partial: 0 -"),
        (
            r#"{"created":3,"existing":["p0@example.org","p4@example.org"]}"#,
            "exists landed landed landed exists",
        ),
        (
            r#"{"created":3,"errors":[{"index":0,"code":"conflict","message":"no"},{"index":1,"message":"no name"}]}"#,
            "exists refused landed landed landed",
        ),
    ] {
        let got = told(&judged(create, 200, body));
        let open = expected.strip_suffix('-').is_some_and(|start| got.starts_with(start));
        assert!(open || got == expected, "{body}: {got}");
    }
    let Verdict::Partial { refused } = judged(create, 200, r#"{"created":0}"#) else { panic!() };
    assert_eq!(refused.len(), 5);
    assert!(refused[0].1.contains("exist already"), "{refused:?}");
}

#[test]
fn a_create_is_refused_for_people_who_are_there_and_not_for_the_request() {
    let create = "operation = \"create\"";
    for (status, body, expected) in [
        (409, "", "refused: [] exists: status 409"),
        (
            409,
            r#"{"error":{"code":"conflict","message":"taken","param":"users_data[3].profile_data.email"}}"#,
            "refused: [3] exists: taken (users_data[3].profile_data.email)",
        ),
        (
            400,
            r#"{"error":{"message":"A profile already exists"}}"#,
            "refused: [] exists: A profile already exists",
        ),
        (422, r#"{"error":{"code":"already_exists","message":"no"}}"#, "refused: [] exists: no"),
        (
            400,
            r#"{"message":"p1@example.org exists already"}"#,
            "refused: [] exists: p1@example.org exists already",
        ),
        (
            400,
            r#"{"errors":[{"index":4,"message":"is already taken"},{"index":1,"message":"is already in use"}]}"#,
            "refused: [4, 1] exists: is already taken",
        ),
        (
            409,
            r#"{"error":{"message":"The request conflicts with another request"}}"#,
            "refused: [] The request conflicts with another request",
        ),
        (
            400,
            r#"{"error":{"message":"the field does not exist"}}"#,
            "refused: [] the field does not exist",
        ),
        (400, r#"{"error":{"message":"no email"}}"#, "refused: [] no email"),
    ] {
        assert_eq!(told(&judged(create, status, body)), expected, "{status} {body}");
    }
    // Nobody who is there keeps an upsert from anything.
    assert_eq!(told(&judged("", 409, "")), "refused: [] status 409");
    let mixed = r#"{"errors":[{"index":0,"message":"no name"},{"index":2,"code":"duplicate"},{"index":2,"message":"x"}]}"#;
    let Verdict::Refused { named, exists, .. } = judged(create, 400, mixed) else { panic!() };
    let named: Vec<(usize, bool)> = named.iter().map(|one| (one.place, one.exists)).collect();
    assert_eq!((named, exists), (vec![(0, false), (2, true)], false));
}

#[test]
fn refusals_name_people_and_stops_say_what_to_do() {
    for (status, body, expected) in [
        (
            400,
            r#"{"error":{"type":"invalid_request_error","code":"missing_field","message":"no email","param":"users_data[3].profile_data.email"}}"#,
            "refused: [3] no email (users_data[3].profile_data.email)",
        ),
        (
            400,
            r#"{"error":{"message":"no","param":"volunteers_data.0.email"}}"#,
            "refused: [0] no (volunteers_data.0.email)",
        ),
        (
            400,
            r#"{"error":{"message":"no","param":"volunteers_data[99]"}}"#,
            "refused: [] no (volunteers_data[99])",
        ),
        (
            409,
            r#"{"error":{"message":"p2@example.org exists"}}"#,
            "refused: [2] p2@example.org exists",
        ),
        (409, "", "refused: [] status 409"),
        (400, r#"{"detail":"bad"}"#, "refused: [] bad"),
        (400, r#"{"errors":[{"index":4,"message":"x"}]}"#, "refused: [4] x"),
        (
            400,
            r#"{"volunteers_data":[{},{},{"email":["taken"]},{},{}]}"#,
            "refused: [2] {\"email\":[\"taken\"]}",
        ),
        (400, "oops", "refused: [] status 400: oops"),
        (402, r#"{"error":{"message":"upgrade"}}"#, "stop: upgrade"),
        (403, "", "stop: status 403"),
        (401, "", "stop: status 401"),
        (404, "", "stop: status 404"),
        (405, "", "stop: status 405"),
        (301, "", "stop: status 301"),
        (308, "", "stop: status 308"),
        (413, "", "TooLarge"),
        (429, "", "Later { after: None, why: \"status 429\" }"),
        (202, "{}", "ambiguous"),
        (204, "", "ambiguous"),
        (408, "", "ambiguous"),
        (500, "", "ambiguous"),
        (503, "", "ambiguous"),
        (504, "", "ambiguous"),
    ] {
        assert_eq!(told(&judged("", status, body)), expected, "{status} {body}");
    }
    let Verdict::Stop { help, .. } = judged("operation = \"update\"", 405, "") else { panic!() };
    assert!(help.contains("[vome.endpoints.update]"), "{help}");
    assert_eq!(told(&judged("empty_answer = \"accepted\"", 204, "")), "accepted");
}
