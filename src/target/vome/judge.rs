//! What Vome's answers mean.
//!
//! Source: Vome "Errors". 200 is documented as success, its body is not: a whole JSON object counts
//! as read, and what it says of people is believed only where it does not contradict itself. A
//! create is told apart: who it made cannot be asked for again, so that an answer which does not say
//! whom it left out is no answer.

use serde_json::{Map, Value as Json};

use super::answer::{
    OfEach, People, RECORDS, Said, Told, is_something, reason, says_existing,
    sentence_says_existing,
};
use super::settings::{Counts, EmptyAnswer, Settings};
use crate::target::{Answer, Judged, Named, Operation, Sent, Verdict, excerpt, judge_status};

/// What an answer to a bulk write means for the people in it.
pub(super) fn judge(answer: Answer<'_>, sent: Sent<'_>, settings: &Settings) -> Verdict {
    let people = People::new(sent, settings.records_key());
    let body: Option<Json> = serde_json::from_slice(answer.body).ok();
    let success = matches!(answer.status, 200 | 201 | 204);
    if success && answer.body.trim_ascii().is_empty() {
        return match settings.empty_answer {
            EmptyAnswer::Accepted => Verdict::Accepted,
            EmptyAnswer::Unknown if answer.status == 204 => ambiguous(excerpt(answer)),
            EmptyAnswer::Unknown => ambiguous(UNREADABLE),
        };
    }
    match &body {
        Some(Json::Object(body)) if success => judge_success(body, &people, sent.count(), settings),
        _ if success => ambiguous(UNREADABLE),
        body => judge_failure(answer, body.as_ref(), &people, settings),
    }
}

const UNREADABLE: &str = "a success without a readable body";

fn ambiguous(why: impl Into<String>) -> Verdict {
    Verdict::Ambiguous { why: why.into() }
}

fn judge_success(
    body: &Map<String, Json>,
    people: &People<'_>,
    count: usize,
    settings: &Settings,
) -> Verdict {
    if body.get("error").is_some_and(is_something) || failed_as_a_whole(body) {
        return ambiguous("a success that speaks of an error");
    }
    let said = Said::new(body, people, settings.operation);
    let unsaid =
        said.failures.is_empty() && said.people == OfEach::Nothing && said.undone.is_none();
    if unsaid && speaks_of_failure(body) {
        return ambiguous("a success that speaks of an error");
    }
    if said.all.is_some_and(|all| all != count as u64) {
        return ambiguous(format!("an answer for {} people to {count}", said.all.unwrap_or(0)));
    }
    match &said.people {
        OfEach::Unreadable => ambiguous("what it says of each person is of no known form"),
        OfEach::Told(told) => by_person(told, &said.failures, count, settings),
        OfEach::Nothing => by_counts(&said, count, settings),
    }
}

/// By a list that has an entry for each person.
fn by_person(told: &[Told], failures: &[Told], count: usize, settings: &Settings) -> Verdict {
    let Some(mut fates) = places(told, count, settings.operation) else {
        return ambiguous("its list of results does not fit the people who were sent");
    };
    for failure in failures {
        match failure.place.and_then(|place| fates.get_mut(place)) {
            Some(fate) => *fate = Fate::of(failure, settings.operation),
            // It is told of in the list as well, or nobody knows.
            None if told.len() == count && told.iter().any(|one| one.refused.is_some()) => {}
            None => return ambiguous("its list of results and its errors contradict each other"),
        }
    }
    let unsaid = fates.iter().filter(|fate| **fate == Fate::Unsaid).count();
    let landed = fates.iter().filter(|fate| **fate == Fate::Landed).count();
    if unsaid > 0 {
        let why = format!("the answer says nothing of {unsaid} of {count} people");
        return match settings.operation {
            Operation::Create => ambiguous(why),
            Operation::Update | Operation::Upsert => Verdict::Unsorted { why, landed },
        };
    }
    settled(fates)
}

/// What became of one place of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fate {
    Unsaid,
    Landed,
    Refused(String),
    /// Refused by a create, which leaves alone whoever is there.
    Exists(String),
}

impl Fate {
    fn of(told: &Told, operation: Operation) -> Self {
        match &told.refused {
            None => Self::Landed,
            Some(why) if told.exists && operation == Operation::Create => Self::Exists(why.clone()),
            Some(why) => Self::Refused(why.clone()),
        }
    }
}

/// What became of each place. Nothing where the list names one place twice, or none for an entry.
fn places(told: &[Told], count: usize, operation: Operation) -> Option<Vec<Fate>> {
    let mut fates = vec![Fate::Unsaid; count];
    for one in told {
        let fate = fates.get_mut(one.place?)?;
        if *fate != Fate::Unsaid {
            return None;
        }
        *fate = Fate::of(one, operation);
    }
    Some(fates)
}

/// By counts, and by a list of those who failed.
fn by_counts(said: &Said, count: usize, settings: &Settings) -> Verdict {
    let listed = said.failures.len();
    let undone = usize::try_from(said.undone.unwrap_or(0)).unwrap_or(usize::MAX).max(listed);
    let done = said.done.map(|done| usize::try_from(done).unwrap_or(usize::MAX));
    let rest = count.checked_sub(undone);
    let (Some(rest), true) = (rest, done.is_none_or(|done| done <= rest.unwrap_or(0))) else {
        let done = done.map_or_else(String::new, |done| format!("{done} done and "));
        return ambiguous(format!("an answer of {done}{undone} not done for {count} people"));
    };
    let changed = settings.counts == Counts::Changed && settings.operation != Operation::Create;
    let landed = done.filter(|_| !changed).unwrap_or(rest);
    let why = said.failures.first().and_then(|told| told.refused.clone());
    if landed == rest && undone == 0 {
        return Verdict::Accepted;
    }
    if landed == rest
        && undone == listed
        && let Some(fates) = places(&said.failures, count, settings.operation)
    {
        return settled(fates);
    }
    if settings.operation == Operation::Create
        && landed == 0
        && usize::try_from(said.existing).is_ok_and(|existing| existing == count)
    {
        let why = "exists already; a create leaves people as they are";
        return settled(vec![Fate::Exists(why.to_owned()); count]);
    }
    let why = why.unwrap_or_else(|| shortfall(landed, count, undone, settings));
    unsorted(why, landed, count, settings)
}

/// Why fewer have landed than were sent.
fn shortfall(landed: usize, count: usize, undone: usize, settings: &Settings) -> String {
    let perhaps = match settings.operation {
        _ if undone > 0 => "it gives no reason",
        Operation::Create => {
            "the others exist already, or it took no notice of them (see records_key in docs/vome.md)"
        }
        Operation::Update => {
            "it knows no such profile, or counts only what has changed (see counts in docs/vome.md)"
        }
        Operation::Upsert => {
            "it took no notice of the others (see records_key and counts in docs/vome.md)"
        }
    };
    let done = match settings.operation {
        Operation::Create => "created",
        Operation::Update => "updated",
        Operation::Upsert => "created or updated",
    };
    format!("Vome {done} {landed} of {count} people: {perhaps}")
}

/// Some have landed, and nobody knows who. Those whom a create has made cannot be sent again to find
/// out: they exist now.
fn unsorted(why: String, landed: usize, count: usize, settings: &Settings) -> Verdict {
    match (settings.operation, landed) {
        (Operation::Create, 0) => settled(vec![Fate::Refused(why); count]),
        (Operation::Create, _) => ambiguous(why),
        _ => Verdict::Unsorted { why, landed },
    }
}

/// What became of everybody, of whom nobody is unsaid but those who landed without a word.
fn settled(fates: Vec<Fate>) -> Verdict {
    if fates.iter().any(|fate| matches!(fate, Fate::Exists(_))) {
        let judged = |fate| match fate {
            Fate::Unsaid | Fate::Landed => Judged::Landed,
            Fate::Refused(why) => Judged::Refused(why),
            Fate::Exists(why) => Judged::Exists(why),
        };
        return Verdict::Each(fates.into_iter().map(judged).collect());
    }
    let refused = fates.into_iter().enumerate().filter_map(|(place, fate)| match fate {
        Fate::Refused(why) => Some((place, why)),
        Fate::Unsaid | Fate::Landed | Fate::Exists(_) => None,
    });
    let refused: Vec<(usize, String)> = refused.collect();
    if refused.is_empty() { Verdict::Accepted } else { Verdict::Partial { refused } }
}

/// An answer that is no success. Errors are `{"error":{"type","code","message","param"}}`; a place in
/// the list of people inside `param` names the person.
fn judge_failure(
    answer: Answer<'_>,
    body: Option<&Json>,
    people: &People<'_>,
    settings: &Settings,
) -> Verdict {
    let error = body.and_then(|body| body.get("error"));
    let text = |key: &str| error.and_then(|error| error.get(key)).and_then(Json::as_str);
    let other = || {
        let found = ["message", "detail"].iter().find_map(|key| body?.get(key)?.as_str());
        found.or_else(|| error?.as_str()).map(str::to_owned)
    };
    let said = match (text("message"), text("param")) {
        (Some(message), Some(param)) if !message.contains(param) => {
            Some(format!("{message} ({param})"))
        }
        (Some(message), _) => Some(message.to_owned()),
        _ => other(),
    };
    let why = said.clone().unwrap_or_else(|| excerpt(answer));
    let stop = |why, help: &str| Verdict::Stop { why, help: help.to_owned() };
    match answer.status {
        402 => return stop(why, PLAN),
        403 => return stop(why, RIGHTS),
        404 | 405 => {
            let (operation, (_, path)) = (settings.operation.word(), settings.endpoint());
            let help = format!(
                "check that base_url ends with the host: {path} is put behind it. If Vome's present \
                 documents name another method or path, write them under \
                 [vome.endpoints.{operation}] in the recipe; no other endpoint is tried, because a \
                 create passes over people who exist"
            );
            return Verdict::Stop { why, help };
        }
        _ => {}
    }
    match judge_status(answer, why) {
        Verdict::Refused { why, .. } => {
            let create = settings.operation == Operation::Create;
            let exists = create && says_that_they_exist(answer.status, error, said.as_deref());
            let mut named = named(body, error, people, &why, exists);
            if !create {
                for one in &mut named {
                    one.exists = false;
                }
            }
            let first = named.first().map(|one| (one.why.clone(), one.exists));
            let (why, exists) = first.unwrap_or((why, exists));
            Verdict::Refused { why, exists, named }
        }
        other => other,
    }
}

/// Whether a refusal says that somebody is there already. "Errors" has 409 for a conflict and not with
/// what; one between two requests is none of people.
fn says_that_they_exist(status: u16, error: Option<&Json>, said: Option<&str>) -> bool {
    let between = said.is_some_and(|said| said.to_lowercase().contains("request"));
    status == 409 && !between
        || said.is_some_and(sentence_says_existing)
        || error.is_some_and(says_existing)
}

const PLAN: &str =
    "Vome's API belongs to its Ultimate plan; ask Vome about the plan of your organisation";
const RIGHTS: &str = "the key is known and may not do this: make one that may write, in Vome under \
                      Integrations & Apps, API & webhooks; the API belongs to the Ultimate plan";

/// Whom a refusal names: the one that it is about as a whole, else those in its list, with the reasons
/// there.
fn named(
    body: Option<&Json>,
    error: Option<&Json>,
    people: &People<'_>,
    why: &str,
    exists: bool,
) -> Vec<Named> {
    let text = |key: &str| error.and_then(|error| error.get(key)).and_then(Json::as_str);
    let by_param = text("param").and_then(|param| people.by_param(param));
    let by_sentence = || text("message").and_then(|message| people.by_sentence(message));
    if let Some(place) = by_param.or_else(by_sentence) {
        return vec![Named { place, why: why.to_owned(), exists }];
    }
    let lists = ["errors", "failures", "failed"].iter();
    let lists = lists.filter_map(|key| body?.get(key).or_else(|| error?.get(key)));
    let told = lists.map(|list| people.failures(list)).find(|told| !told.is_empty());
    if let Some(told) = told {
        let named = told.into_iter().filter_map(|told| {
            let why = told.refused?;
            Some(Named { place: told.place?, why, exists: told.exists || exists })
        });
        return named.collect();
    }
    // A list like the one that was sent, with errors in place of people.
    let mut records = RECORDS.iter().filter_map(|key| body?.get(key)?.as_array());
    let list = records.find(|list| people.fits(list.len()));
    let wrong = list.into_iter().flatten().enumerate().filter(|(_, entry)| is_something(entry));
    let named = wrong.map(|(place, entry)| {
        let exists = exists || says_existing(entry);
        Named { place, why: reason(entry), exists }
    });
    named.collect()
}

/// Whether a body says that nothing came of the request.
fn failed_as_a_whole(body: &Map<String, Json>) -> bool {
    let status = body.get("status").and_then(Json::as_str).unwrap_or_default();
    body.get("success").is_some_and(|value| *value == Json::Bool(false))
        || ["error", "failed", "failure"].contains(&status.to_lowercase().as_str())
}

/// Whether a body whose form is not documented says in one of the usual ways that something failed.
fn speaks_of_failure(body: &Map<String, Json>) -> bool {
    let bad = ["errors", "failed", "failures", "failed_count", "rejected", "invalid"];
    let message = body.get("message").and_then(Json::as_str).unwrap_or_default().to_lowercase();
    let phrases = ["could not", "failed to", "unable to", "cannot be"];
    bad.iter().any(|key| body.get(*key).is_some_and(is_something))
        || phrases.iter().any(|phrase| message.contains(phrase))
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    /// Five people, `p0@example.org` to `p4@example.org`, with Vome IDs and badge numbers.
    fn five() -> Vec<Box<RawValue>> {
        let person = |n: usize| {
            let text = format!(
                "{{\"profile_data\":{{\"id\":\"id-{n}\",\"email\":\"P{n}@example.org\"}},\
                 \"custom_field_data\":[{{\"custom_field_user_value\":\"badge-{n}\"}}]}}"
            );
            RawValue::from_string(text).unwrap()
        };
        (0..5).map(person).collect()
    }

    fn judged(settings: &str, status: u16, body: &str) -> Verdict {
        let settings: Settings = toml::from_str(settings).unwrap();
        let people = five();
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
            (
                r#"{"message":"0 profiles created, 5 existing."}"#,
                "exists exists exists exists exists",
            ),
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
        let Verdict::Partial { refused } = judged(create, 200, r#"{"created":0}"#) else {
            panic!()
        };
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
            (
                422,
                r#"{"error":{"code":"already_exists","message":"no"}}"#,
                "refused: [] exists: no",
            ),
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
        let Verdict::Stop { help, .. } = judged("operation = \"update\"", 405, "") else {
            panic!()
        };
        assert!(help.contains("[vome.endpoints.update]"), "{help}");
        assert_eq!(told(&judged("empty_answer = \"accepted\"", 204, "")), "accepted");
    }
}
