//! What Omneo's answers mean.

use serde_json::Value as Json;

use super::settings::Settings;
use crate::target::{Answer, Progress, Verdict, excerpt, judge_status};

/// Any 2xx with `data.batch_id` is a queued batch, and one with `data.message` alone a batch that cannot
/// be followed; nothing else is a success.
pub(super) fn judge(answer: Answer<'_>) -> Verdict {
    let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
    if (200..300).contains(&answer.status) {
        return match body.pointer("/data/batch_id") {
            Some(Json::String(ticket)) if is_ticket(ticket) => {
                Verdict::Queued { ticket: ticket.clone() }
            }
            Some(Json::Number(ticket)) => Verdict::Queued { ticket: ticket.to_string() },
            // The older of the two endpoints is shown to answer so.
            None if body.pointer("/data/message").is_some_and(Json::is_string) => Verdict::Taken,
            _ => Verdict::Ambiguous { why: "a success without a batch_id".to_owned() },
        };
    }
    judge_status(answer, message(&body).unwrap_or_else(|| excerpt(answer)))
}

/// A batch is done when its status is no longer `pending`. What stands in which order in the
/// list of items is not documented, so items are believed one by one only when the recipe says
/// that they stand in the order sent; otherwise a batch of which some failed is settled by
/// sending its halves.
pub(super) fn judge_follow(answer: Answer<'_>, people: usize, settings: &Settings) -> Progress {
    match answer.status {
        200 => {}
        // The work is under way; that its state is not to be had says nothing of it.
        401 | 403 | 404 => {
            return Progress::Done(Verdict::Ambiguous { why: excerpt(answer) });
        }
        _ => return Progress::Pending,
    }
    let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
    let Some(data) = body.get("data") else {
        return Progress::Done(Verdict::Ambiguous {
            why: "the batch's state has no readable form".to_owned(),
        });
    };
    let status = data.get("status").and_then(Json::as_str).unwrap_or("").to_lowercase();
    if status == "pending" || status.is_empty() {
        return Progress::Pending;
    }
    let items = data.get("items").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let failed = count(data.get("failed_count"));
    let landed = count(data.get("success_count"));
    let reasons = reasons(items);
    let sums_up = landed.zip(failed).is_some_and(|(landed, failed)| landed + failed == people)
        && (items.len() != people || reasons.len() == failed.unwrap_or(0));
    let verdict = match failed {
        _ if !sums_up => Verdict::Ambiguous {
            why: format!(
                "the batch is done ({landed:?} landed, {failed:?} failed of {people}), but its \
                 answer contradicts itself"
            ),
        },
        Some(0) if status == "success" => Verdict::Accepted,
        Some(0) => Verdict::Ambiguous {
            why: format!("the batch ended as {status:?}, but says that nobody failed"),
        },
        _ if items.len() == people && (settings.items_in_order || people == 1) => {
            Verdict::Partial { refused: reasons }
        }
        _ => Verdict::Unsorted {
            why: reasons
                .into_iter()
                .next()
                .map_or_else(|| "no reason given".to_owned(), |(_, why)| why),
            landed: landed.unwrap_or(0),
        },
    };
    Progress::Done(verdict)
}

/// The places and reasons of the items that failed.
fn reasons(items: &[Json]) -> Vec<(usize, String)> {
    items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.get("status").and_then(Json::as_str) != Some("success"))
        .map(|(place, item)| {
            let why = match item.get("error") {
                Some(Json::String(text)) => text.clone(),
                Some(Json::Null) | None => "no reason given".to_owned(),
                Some(other) => other.to_string(),
            };
            (place, why)
        })
        .collect()
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
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// `{"message":…,"errors":{"field":["…"]}}`, as far as it is there.
fn message(body: &Json) -> Option<String> {
    let errors = body.get("errors").and_then(Json::as_object).map(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .map(|(field, messages)| {
                let first = messages.get(0).and_then(Json::as_str).unwrap_or("refused");
                format!("{field}: {first}")
            })
            .collect();
        lines.join("; ")
    });
    errors
        .filter(|text| !text.is_empty())
        .or_else(|| body.get("message").and_then(Json::as_str).map(str::to_owned))
        .or_else(|| body.get("error").and_then(Json::as_str).map(str::to_owned))
}
