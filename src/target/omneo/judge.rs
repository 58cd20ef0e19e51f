//! What Omneo's answers mean.
//!
//! No page on errors exists. That a refusal is `{"message":…,"errors":{"field":["…"]}}` is what the
//! vendor's clients read; where it names a person, that it counts from 0 is inferred from the framework
//! that words its errors so.

use serde_json::Value as Json;

use super::people::People;
use super::settings::Settings;
use crate::target::{
    Answer, Method, Named, Progress, Request, Sent, Verdict, excerpt, judge_status,
};

/// Any 2xx with `data.batch_id` is a queued batch, and one with `data.message` alone a batch that cannot
/// be followed, as an older endpoint gives it: what became of its people only reading them back can
/// tell. Nothing else is a success.
pub(super) fn judge(answer: Answer<'_>, people: usize) -> Verdict {
    let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
    if (200..300).contains(&answer.status) {
        return match body.pointer("/data/batch_id") {
            Some(Json::String(ticket)) if is_ticket(ticket) => {
                Verdict::Queued { ticket: ticket.clone() }
            }
            Some(Json::Number(ticket)) => Verdict::Queued { ticket: ticket.to_string() },
            // The older of the two endpoints is shown to answer so.
            None if body.pointer("/data/message").is_some_and(Json::is_string) => Verdict::Taken,
            _ => Verdict::Ambiguous {
                why: "taken without a batch_id, by which its outcome could be asked for".to_owned(),
            },
        };
    }
    let errors = errors(&body);
    match judge_status(answer, message(&body, &errors).unwrap_or_else(|| excerpt(answer))) {
        Verdict::Refused { why, .. } => refused(why, &errors, people),
        other => other,
    }
}

/// The request that asks for the state of a batch.
pub(super) fn follow(ticket: &str) -> Request {
    Request { method: Method::Get, path: format!("/batches/{ticket}") }
}

/// A refusal: of the request, of some people in it, each for the first of the reasons, or of somebody in it.
fn refused(why: String, errors: &[(&str, &str)], people: usize) -> Verdict {
    let of_request = |field: &str| field == "match_criteria" || field == "profiles";
    if errors.iter().any(|(field, _)| of_request(field)) {
        return Verdict::Stop {
            why,
            help: "it is about the request and none of its people: compare match_criteria, \
                   batch_size and batch_path in [omneo] with the tenant"
                .to_owned(),
        };
    }
    let mut named: Vec<(usize, &str, &str)> = errors
        .iter()
        .filter_map(|(field, message)| Some((place(field)?, *field, *message)))
        .filter(|(place, ..)| *place < people)
        .collect();
    named.sort_unstable();
    named.dedup_by_key(|(place, ..)| *place);
    let named: Vec<Named> = named
        .into_iter()
        .map(|(place, field, message)| Named {
            place,
            why: format!("{message} ({field}, if it counts from 0)"),
            exists: false,
        })
        .collect();
    let why = named.first().map_or(why, |one| one.why.clone());
    Verdict::Refused { why, exists: false, named }
}

/// The place in `profiles.3.email`.
fn place(field: &str) -> Option<usize> {
    field.strip_prefix("profiles.")?.split('.').next()?.parse().ok()
}

/// What a report says of a batch.
struct Report<'a> {
    status: String,
    landed: Option<usize>,
    failed: Option<usize>,
    processed: Option<usize>,
    items: &'a [Json],
}

/// How one item ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Landed,
    Failed,
    Pending,
    Unknown,
}

impl<'a> Report<'a> {
    fn new(data: &'a Json) -> Self {
        let items = data.get("items").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        Self {
            status: word(data),
            landed: count(data.get("success_count")),
            failed: count(data.get("failed_count")),
            processed: count(data.get("processed_count")),
            items,
        }
    }

    fn count_items(&self, ending: Ending) -> usize {
        self.items.iter().filter(|item| ended(item) == ending).count()
    }

    /// How many landed and failed of so many people: by the counts, else by a whole list of items.
    /// Nothing where they do not add up.
    fn tally(&self, people: usize) -> Option<(usize, usize)> {
        let own = (self.count_items(Ending::Landed), self.count_items(Ending::Failed));
        let (landed, failed) = match (self.landed, self.failed) {
            (Some(landed), Some(failed)) => (landed, failed),
            _ => own,
        };
        let whole = self.items.len() != people || own == (landed, failed);
        let fits = own.0 <= landed && own.1 <= failed && self.items.len() <= people;
        let adds_up = landed.checked_add(failed) == Some(people);
        (adds_up && whole && fits).then_some((landed, failed))
    }

    /// Whether there is more to come.
    fn is_under_way(&self, people: usize) -> bool {
        let done = matches!(self.status.as_str(), "success" | "failed");
        // Its status may lag behind: inferred.
        let processed = self.processed.is_some_and(|processed| processed >= people);
        let settled = done || processed && self.tally(people).is_some();
        !settled || self.count_items(Ending::Pending) > 0
    }
}

/// A batch is done when its status says so, or when all of its people are processed. What stands in
/// which order in the list of items is not documented, and neither is whether those that landed are
/// listed. An item is taken to be about a person whom it names; by its place only when the recipe says
/// that items stand in the order sent. A batch of which some failed, and nothing tells who, is settled by
/// sending its halves.
pub(super) fn judge_follow(answer: Answer<'_>, sent: Sent<'_>, settings: &Settings) -> Progress {
    match answer.status {
        200 => {}
        // The work is under way; that its state is not to be had says nothing of it.
        401 | 403 | 404 => {
            return Progress::Done(Verdict::Ambiguous { why: excerpt(answer) });
        }
        _ => return Progress::Pending,
    }
    let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
    let Some(data) = body.get("data").filter(|data| data.is_object()) else {
        return Progress::Done(Verdict::Ambiguous {
            why: "the batch's state has no readable form".to_owned(),
        });
    };
    let report = Report::new(data);
    if report.is_under_way(sent.count()) {
        return Progress::Pending;
    }
    Progress::Done(verdict(&report, sent, settings))
}

fn verdict(report: &Report<'_>, sent: Sent<'_>, settings: &Settings) -> Verdict {
    let people = sent.count();
    if let Some(odd) = report.items.iter().find(|item| ended(item) == Ending::Unknown) {
        return Verdict::Ambiguous {
            why: format!("an item of the batch ended as {:?}, which no document knows", word(odd)),
        };
    }
    let Some((landed, failed)) = report.tally(people) else {
        let said = |count: Option<usize>| count.map_or("?".to_owned(), |count| count.to_string());
        return Verdict::Ambiguous {
            why: format!(
                "the batch is done ({} landed, {} failed of {people}), but its answer contradicts \
                 itself",
                said(report.landed),
                said(report.failed)
            ),
        };
    };
    if failed == 0 {
        return if report.status == "failed" {
            Verdict::Ambiguous {
                why: "the batch ended as failed, but says that nobody failed".to_owned(),
            }
        } else {
            Verdict::Accepted
        };
    }
    let of = |ending: Ending| {
        report.items.iter().enumerate().filter(move |(_, item)| ended(item) == ending)
    };
    let reasons: Vec<(usize, &Json)> = of(Ending::Failed).collect();
    let whole = report.items.len() == people;
    let by_place = whole && (settings.items_in_order || people == 1);
    let known = People::new(sent);
    let named = known.all(reasons.iter().map(|(_, item)| *item)).filter(|all| all.len() == failed);
    let named = named.map(|places| {
        let why = reasons.iter().map(|(_, item)| reason(item));
        let mut refused: Vec<(usize, String)> = places.into_iter().zip(why).collect();
        refused.sort_by_key(|(place, _)| *place);
        refused
    });
    let by_place =
        || by_place.then(|| reasons.iter().map(|(place, item)| (*place, reason(item))).collect());
    if let Some(refused) = named.or_else(by_place) {
        return Verdict::Partial { refused };
    }
    let why = reasons.first().map_or_else(|| NO_REASON.to_owned(), |(_, item)| reason(item));
    // Who failed is certain where all did, or where those who landed are named; for which of the
    // reasons is not.
    let others = known.all(of(Ending::Landed).map(|(_, item)| item));
    let others = others.filter(|others| others.len() == landed);
    let Some(others) = others.or_else(|| (failed == people).then(Vec::new)) else {
        return Verdict::Unsorted { why, landed };
    };
    let several = reasons.iter().any(|(_, item)| reason(item) != why);
    let why = if several {
        format!("{}, or what others failed for", why.trim_end_matches('.'))
    } else {
        why
    };
    let rest = (0..people).filter(|place| !others.contains(place));
    Verdict::Partial { refused: rest.map(|place| (place, why.clone())).collect() }
}

const NO_REASON: &str = "no reason given";

fn reason(item: &Json) -> String {
    match item.get("error") {
        Some(Json::String(text)) if !text.trim().is_empty() => text.clone(),
        Some(Json::Null | Json::String(_)) | None => NO_REASON.to_owned(),
        Some(other) => other.to_string(),
    }
}

fn ended(item: &Json) -> Ending {
    match word(item).as_str() {
        "success" => Ending::Landed,
        "failed" => Ending::Failed,
        "pending" => Ending::Pending,
        _ => Ending::Unknown,
    }
}

fn word(of: &Json) -> String {
    of.get("status").and_then(Json::as_str).unwrap_or_default().trim().to_lowercase()
}

/// A ticket becomes a part of a path, so it must be a plain word.
fn is_ticket(ticket: &str) -> bool {
    !ticket.is_empty()
        && ticket.len() <= 100
        && ticket.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Counts are numbers in one document and strings in another.
fn count(value: Option<&Json>) -> Option<usize> {
    match value? {
        Json::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The fields that a refusal names, each with its first message.
fn errors(body: &Json) -> Vec<(&str, &str)> {
    let errors = body.get("errors").and_then(Json::as_object);
    errors
        .into_iter()
        .flatten()
        .map(|(field, messages)| {
            let first = messages.as_str().or_else(|| messages.get(0)?.as_str());
            (field.as_str(), first.unwrap_or("refused"))
        })
        .collect()
}

/// What a refusal says, as far as it says anything.
fn message(body: &Json, errors: &[(&str, &str)]) -> Option<String> {
    let lines: Vec<String> =
        errors.iter().map(|(field, message)| format!("{field}: {message}")).collect();
    let said = |name: &str| body.get(name).and_then(Json::as_str).map(str::to_owned);
    let lines = Some(lines.join("; ")).filter(|text| !text.is_empty());
    lines.or_else(|| said("message")).or_else(|| said("error"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::RawValue;

    use super::*;

    fn answer(status: u16, body: &[u8]) -> Answer<'_> {
        Answer { status, retry_after: None, body }
    }

    #[test]
    fn answers_are_judged() {
        let queued = |ticket: &str| Verdict::Queued { ticket: ticket.to_owned() };
        let named = |named: &[(usize, &str)]| {
            let one = |(place, why): &(usize, &str)| Named {
                place: *place,
                why: format!("{why}, if it counts from 0)"),
                exists: false,
            };
            let named: Vec<Named> = named.iter().map(one).collect();
            Verdict::Refused { why: named[0].why.clone(), exists: false, named }
        };
        let refused =
            |why: &str| Verdict::Refused { why: why.to_owned(), exists: false, named: Vec::new() };
        for (status, body, expected) in [
            (202, r#"{"data":{"message":"queued","batch_id":"ab-1"}}"#, queued("ab-1")),
            (200, r#"{"data":{"batch_id":7}}"#, queued("7")),
            (413, "", Verdict::TooLarge),
            (500, "x", Verdict::Ambiguous { why: "status 500: x".to_owned() }),
            (429, "", Verdict::Later { after: None, why: "status 429".to_owned() }),
            (
                422,
                r#"{"message":"m","errors":{"profiles.1.email":["no mail"]}}"#,
                named(&[(1, "no mail (profiles.1.email")]),
            ),
            // By text, 10 comes before 2.
            (
                422,
                r#"{"errors":{"profiles.10.email":["b"],"profiles.2.mobile_phone":["a"]}}"#,
                named(&[(2, "a (profiles.2.mobile_phone"), (10, "b (profiles.10.email")]),
            ),
            // Two things are wrong with one person, and one with nobody who was sent.
            (
                422,
                r#"{"errors":{"profiles.7.title":["c"],"profiles.3.email":["a"],"profiles.3.gender":["b"],"profiles.20.email":["d"]}}"#,
                named(&[(3, "a (profiles.3.email"), (7, "c (profiles.7.title")]),
            ),
            (422, r#"{"errors":{"profiles.99.email":["b"]}}"#, refused("profiles.99.email: b")),
            (
                422,
                r#"{"errors":{"mobile_phone":["The phone number exists"]}}"#,
                refused("mobile_phone: The phone number exists"),
            ),
            (400, r#"{"errors":{"email":"plain text"}}"#, refused("email: plain text")),
            (
                422,
                r#"{"message":"The given data was invalid."}"#,
                refused("The given data was invalid."),
            ),
            (422, "<html>", refused("status 422: <html>")),
        ] {
            assert_eq!(judge(answer(status, body.as_bytes()), 20), expected, "{status} {body}");
        }
        for body in
            ["", "{}", r#"{"data":{"batch_id":"../x"}}"#, r#"{"data":{"batch_id":null}}"#, "[]"]
        {
            let verdict = judge(answer(200, body.as_bytes()), 2);
            assert!(matches!(verdict, Verdict::Ambiguous { .. }), "{body}");
        }
        for body in [
            r#"{"errors":{"match_criteria":["The match_criteria field is required."]}}"#,
            r#"{"errors":{"profiles":["The profiles may not have more than 500 items."],"profiles.0.email":["x"]}}"#,
        ] {
            let verdict = judge(answer(422, body.as_bytes()), 2);
            assert!(matches!(verdict, Verdict::Stop { .. }), "{body}");
        }
        for status in [301, 401, 403, 404, 405] {
            assert!(matches!(judge(answer(status, b""), 1), Verdict::Stop { .. }), "{status}");
        }
    }

    /// Three people; the identity of the third is also the address of nobody.
    fn three() -> Vec<&'static RawValue> {
        [
            r#"{"email":"a@example.org"}"#,
            r#"{"email":"b@example.org"}"#,
            r#"{"email":"c@example.org","identities":[{"handle":"pos","identifier":"77"}]}"#,
        ]
        .map(|person| serde_json::from_str(person).unwrap())
        .to_vec()
    }

    #[test]
    fn a_batch_is_followed_to_a_verdict_for_each_profile() {
        let partial = |refused: &[(usize, &str)]| {
            let refused = refused.iter().map(|(place, why)| (*place, (*why).to_owned())).collect();
            Progress::Done(Verdict::Partial { refused })
        };
        let unsorted =
            |why: &str, landed| Progress::Done(Verdict::Unsorted { why: why.to_owned(), landed });
        let accepted = || Progress::Done(Verdict::Accepted);
        let (good, bad) = (json!({"status": "success"}), json!({"status": "failed", "error": "x"}));
        let failed =
            |of: Json, why: &str| json!({"external_id": of, "status": "failed", "error": why});
        for (data, expected) in [
            (json!({"status": "pending"}), Progress::Pending),
            (json!({}), Progress::Pending),
            (json!({"status": "processing", "processed_count": "2"}), Progress::Pending),
            (json!({"status": "success", "success_count": "3", "failed_count": "0"}), accepted()),
            (json!({"status": "success", "items": [good, good, good]}), accepted()),
            // The status lags behind.
            (
                json!({"status": "pending", "processed_count": 3, "success_count": 3, "failed_count": 0}),
                accepted(),
            ),
            (
                json!({"status": "pending", "processed_count": 3, "success_count": 2, "failed_count": 0}),
                Progress::Pending,
            ),
            // Backwards, by what the items name.
            (
                json!({"status": "success", "success_count": 1, "failed_count": "2", "items": [
                    failed("77".into(), "later"), {"external_id": "b@example.org", "status": "success"},
                    failed("A@example.org".into(), "first"),
                ]}),
                partial(&[(0, "first"), (2, "later")]),
            ),
            // Those that failed, and nobody else.
            (
                json!({"status": "success", "success_count": 2, "failed_count": 1, "items": [
                    failed(77.into(), "taken"),
                ]}),
                partial(&[(2, "taken")]),
            ),
            // An item that names nobody, or two that name one.
            (
                json!({"status": "success", "success_count": 2, "failed_count": 1, "items": [
                    failed(Json::Null, "taken"),
                ]}),
                unsorted("taken", 2),
            ),
            // Those who landed are named, and so the others are known.
            (
                json!({"status": "success", "success_count": 2, "failed_count": 1, "items": [
                    bad, {"external_id": "77", "status": "success"},
                    {"external_id": "a@example.org", "status": "success"},
                ]}),
                partial(&[(1, "x")]),
            ),
            (
                json!({"status": "success", "success_count": 1, "failed_count": 2, "items": [
                    bad, {"external_id": "77", "status": "success"}, failed(Json::Null, "y"),
                ]}),
                partial(&[
                    (0, "x, or what others failed for"),
                    (1, "x, or what others failed for"),
                ]),
            ),
            (
                json!({"status": "success", "success_count": 1, "failed_count": 2, "items": [
                    failed("77".into(), "taken"), failed("c@example.org".into(), "again"),
                ]}),
                unsorted("taken", 1),
            ),
            (
                json!({"status": "success", "success_count": 1, "failed_count": 2}),
                unsorted(NO_REASON, 1),
            ),
            (
                json!({"status": "success", "success_count": 2, "failed_count": 1, "items": [good, bad, good]}),
                unsorted("x", 2),
            ),
            // All of them: who it was is certain.
            (
                json!({"status": "failed", "success_count": 0, "failed_count": 3}),
                partial(&[(0, NO_REASON), (1, NO_REASON), (2, NO_REASON)]),
            ),
            (
                json!({"status": "failed", "success_count": 0, "failed_count": 3, "items": [bad, bad, bad]}),
                partial(&[(0, "x"), (1, "x"), (2, "x")]),
            ),
            (
                json!({"status": "failed", "success_count": 0, "failed_count": 3, "items": [
                    failed("77".into(), "c"), failed("b@example.org".into(), "b"), failed("a@example.org".into(), "a"),
                ]}),
                partial(&[(0, "a"), (1, "b"), (2, "c")]),
            ),
            // Done, but for one.
            (
                json!({"status": "success", "success_count": 2, "failed_count": 0, "items": [
                    good, {"status": "pending"}, good,
                ]}),
                Progress::Pending,
            ),
        ] {
            let body = json!({"data": data}).to_string();
            let progress =
                judge_follow(answer(200, body.as_bytes()), &three(), &Settings::default());
            assert_eq!(progress, expected, "{body}");
        }
    }

    #[test]
    fn a_report_that_contradicts_itself_or_cannot_be_read_proves_nothing() {
        let (good, bad) = (json!({"status": "success"}), json!({"status": "failed"}));
        for data in [
            json!({"status": "failed"}),
            json!({"status": "failed", "success_count": 3, "failed_count": 0}),
            json!({"status": "success", "success_count": 2, "failed_count": 0}),
            json!({"status": "success", "success_count": 2, "failed_count": 2}),
            json!({"status": "success", "success_count": 3, "failed_count": 0, "items": [bad, good, good]}),
            json!({"status": "success", "success_count": 3, "failed_count": 0, "items": [bad]}),
            json!({"status": "success", "success_count": 3, "failed_count": 0, "items": [good, good, good, good]}),
            json!({"status": "success", "success_count": 3, "failed_count": 0, "items": [good, {"status": "skipped"}, good]}),
            json!({"status": "success", "success_count": 3, "failed_count": 0, "items": ["x"]}),
            json!({"status": "success", "success_count": -1, "failed_count": u64::MAX}),
        ] {
            let body = json!({"data": data}).to_string();
            let progress =
                judge_follow(answer(200, body.as_bytes()), &three(), &Settings::default());
            assert!(matches!(progress, Progress::Done(Verdict::Ambiguous { .. })), "{body}");
        }
        for body in ["", "[]", r#"{"data":[]}"#, r#"{"data":"#] {
            let progress =
                judge_follow(answer(200, body.as_bytes()), &three(), &Settings::default());
            assert!(matches!(progress, Progress::Done(Verdict::Ambiguous { .. })), "{body}");
        }
        for (status, done) in [
            (401, true),
            (403, true),
            (404, true),
            (413, false),
            (429, false),
            (500, false),
            (502, false),
        ] {
            let progress = judge_follow(answer(status, b""), &three(), &Settings::default());
            let ambiguous = matches!(progress, Progress::Done(Verdict::Ambiguous { .. }));
            assert_eq!(ambiguous, done, "{status}");
            assert!(done || progress == Progress::Pending, "{status}");
        }
    }

    #[test]
    fn items_in_order_are_believed_where_the_recipe_says_so_or_there_is_one() {
        let ordered = Settings { items_in_order: true, ..Settings::default() };
        let body = json!({"data": {"status": "success", "success_count": 2, "failed_count": 1, "items": [
            {"status": "success"}, {"status": "failed", "error": {"email": ["taken"]}}, {"status": "success"},
        ]}});
        let progress = judge_follow(answer(200, body.to_string().as_bytes()), &three(), &ordered);
        let refused = vec![(1, r#"{"email":["taken"]}"#.to_owned())];
        assert_eq!(progress, Progress::Done(Verdict::Partial { refused }));
        let body = json!({"data": {"status": "failed", "failed_count": 1, "success_count": 0, "items": [
            {"status": "failed", "error": ""},
        ]}});
        let one = three()[..1].to_vec();
        let progress =
            judge_follow(answer(200, body.to_string().as_bytes()), &one, &Settings::default());
        let refused = vec![(0, NO_REASON.to_owned())];
        assert_eq!(progress, Progress::Done(Verdict::Partial { refused }));
    }
}
