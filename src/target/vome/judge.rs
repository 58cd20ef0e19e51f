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
            EmptyAnswer::Unknown => ambiguous(EMPTY),
        };
    }
    match &body {
        Some(Json::Object(body)) if success => judge_success(body, &people, sent.count(), settings),
        _ if success => ambiguous(UNREADABLE),
        body => judge_failure(answer, body.as_ref(), &people, settings),
    }
}

const EMPTY: &str =
    "a success without a body; what that means can be said (empty_answer in docs/vome.md)";
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
    if body.get("error").is_some_and(is_something) || denies_success(body) {
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

/// Whether a body says that nothing came of the request, or that not all of it did, or not yet: a state that is none
/// of the words for success, a flag that denies it, or the error of the documents without what stands around it.
fn denies_success(body: &Map<String, Json>) -> bool {
    let inner = body.get("data").and_then(Json::as_object);
    let is_error = |value: &Json| value.as_str().is_some_and(|word| word.contains("error"));
    let of = |body: &Map<String, Json>, keys: &[&str], denies: &dyn Fn(&Json) -> bool| {
        keys.iter().filter_map(|key| body.get(*key)).any(denies)
    };
    let is_no = |value: &Json| *value == Json::Bool(false);
    // Somebody who was there is not created, and updated.
    let is_any = ["created", "updated"].iter().any(|key| body.get(*key) == Some(&Json::Bool(true)));
    of(body, &["status", "state", "result", "code"], &|value| !is_done(value))
        || of(body, &["success", "ok"], &is_no)
        || !is_any && of(body, &["created", "updated"], &is_no)
        || of(body, &["type"], &is_error)
        // A profile that is given back has a state, too.
        || inner.is_some_and(|inner| {
            of(inner, &["status"], &|value| !is_done(value)) || of(inner, &["success"], &is_no)
        })
}

/// Whether a state is one of success, or is none of one word.
fn is_done(state: &Json) -> bool {
    const DONE: [&str; 16] = [
        "0",
        "1",
        "accepted",
        "active",
        "complete",
        "completed",
        "created",
        "done",
        "finished",
        "imported",
        "ok",
        "processed",
        "succeeded",
        "success",
        "successful",
        "updated",
    ];
    let is_word = |word: &str| {
        let status = word.parse::<u16>().is_ok_and(|status| (200..300).contains(&status));
        status || word == "true" || DONE.contains(&word)
    };
    match state {
        Json::Null | Json::Bool(true) | Json::Array(_) | Json::Object(_) => true,
        Json::Bool(false) => false,
        Json::Number(number) => is_word(&number.to_string()),
        Json::String(text) => {
            let text = text.trim().to_lowercase();
            text.contains(char::is_whitespace) || is_word(&text)
        }
    }
}

/// Whether a body whose form is not documented says in one of the usual ways that something failed, or is not done
/// yet.
fn speaks_of_failure(body: &Map<String, Json>) -> bool {
    const BAD: [&str; 6] = ["errors", "failed", "failures", "failed_count", "rejected", "invalid"];
    let sentences = ["message", "detail", "result", "status"];
    let inner = body.get("data").and_then(Json::as_object);
    [body].into_iter().chain(inner).any(|body| {
        let mut sentences = sentences.iter().filter_map(|key| body.get(*key)?.as_str());
        BAD.iter().any(|key| body.get(*key).is_some_and(is_something)) || sentences.any(is_bad_news)
    })
}

/// Whether a text says of the people that something failed, is missing or is not done yet.
fn is_bad_news(text: &str) -> bool {
    const WORDS: [&str; 21] = [
        "cannot",
        "denied",
        "error",
        "errors",
        "except",
        "failed",
        "failure",
        "invalid",
        "no",
        "not",
        "partial",
        "partially",
        "pending",
        "problem",
        "problems",
        "queued",
        "rejected",
        "required",
        "scheduled",
        "skipped",
        "unable",
    ];
    // What is under way, unless it is said to be over.
    const UNDER_WAY: [&str; 4] = ["being", "processing", "progress", "started"];
    const OVER: [&str; 5] = ["complete", "completed", "done", "finished", "successfully"];
    const FAULTS: [&str; 12] = [
        "error", "errors", "failed", "failure", "failures", "issue", "issues", "problem",
        "problems", "rejected", "skipped", "warnings",
    ];
    let text = text.to_lowercase();
    let is_over = text.split(|c: char| !c.is_alphanumeric()).any(|word| OVER.contains(&word));
    text.split(['.', ';', '\n']).any(|sentence| {
        let words = sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut words: Vec<&str> = words.collect();
        // "Without errors", and what is said of mails.
        while let Some(at) = words.windows(2).position(
            |pair| matches!(pair, ["no" | "without" | "0", fault] if FAULTS.contains(fault)),
        ) {
            words.drain(at..at + 2);
        }
        let of_mails =
            words.iter().any(|word| word.starts_with("invit") || word.starts_with("notif"));
        let is_open = !is_over && words.iter().any(|word| UNDER_WAY.contains(word));
        !of_mails && (is_open || words.iter().any(|word| WORDS.contains(word)))
    })
}

#[cfg(test)]
mod tests;
