//! An answer as the bytes that go out, and the ways in which one can be wrong.

use std::fmt::Write as _;
use std::io::Write as _;

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

use super::super::call::Reply;
use super::kind::{Alter, RetryAfter};

/// How long a huge body is.
const HUGE: usize = 50 * 1024 * 1024;
/// A bomb is as many parts of a megabyte.
const BOMB_PARTS: usize = 256;
/// The keys that count people.
const COUNTS: [&str; 8] = [
    "created",
    "updated",
    "failed",
    "total_count",
    "processed_count",
    "success_count",
    "count",
    "totalResults",
];
/// The keys that name people and batches.
const IDS: [&str; 7] =
    ["id", "batch_id", "entity_id", "external_id", "bulkId", "location", "index"];
/// Texts in `Retry-After` that say nothing.
const ABSURD: [&str; 5] =
    ["soon", "-1", "99999999999999999999999", "1e3", "Mon, 99 Foo 2026 25:61:00 GMT"];

/// An answer before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// How often it is sent.
    times: usize,
}

/// An answer as bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    /// How many of them are the head.
    pub(super) head: usize,
}

impl Answer {
    /// What the sandbox says of itself.
    pub(super) fn of(reply: Reply) -> Self {
        let body = if reply.body.is_null() { Vec::new() } else { reply.body.to_string().into() };
        let mut headers = Vec::new();
        if !reply.body.is_null() {
            headers.push(("content-type".to_owned(), reply.media.to_owned()));
        }
        headers.extend(reply.header.map(|(name, value)| (name.to_string(), value)));
        Self { status: reply.status, headers, body, times: 1 }
    }

    /// The answer as it goes out, on a connection that then ends or goes on.
    pub(super) fn write(&self, last: bool, bodiless: bool) -> Written {
        let reason = self.status.canonical_reason().unwrap_or("Unnamed");
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status.as_u16());
        for (name, value) in &self.headers {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if self.status != StatusCode::NO_CONTENT {
            let _ = write!(head, "content-length: {}\r\n", self.body.len());
        }
        let _ = write!(head, "connection: {}\r\n\r\n", if last { "close" } else { "keep-alive" });
        let mut bytes = head.into_bytes();
        let head = bytes.len();
        if !bodiless {
            bytes.extend_from_slice(&self.body);
        }
        Written { bytes: bytes.repeat(self.times), head }
    }

    /// Makes it wrong; false when there is nothing in it that could be.
    pub(super) fn alter(&mut self, alter: Alter) -> bool {
        let page = b"<!doctype html><title>One moment</title><p>Back in a moment.</p>\n";
        match alter {
            Alter::Truncate => {
                let half = self.body.len() / 2;
                self.body.truncate(half);
                half > 0
            }
            Alter::WrongCount => self.status.is_success() && self.change(miscount),
            Alter::WrongIds => self.status.is_success() && self.change(misname),
            Alter::Html => {
                self.headers = vec![("content-type".to_owned(), "text/html".to_owned())];
                self.body = page.to_vec();
                self.with_body()
            }
            Alter::Huge => {
                self.body = br#"{"message":""#.to_vec();
                self.body.resize(HUGE, b'x');
                self.body.extend_from_slice(br#""}"#);
                self.with_body()
            }
            Alter::Bomb => {
                self.body = bomb();
                self.headers.push(("content-encoding".to_owned(), "gzip".to_owned()));
                self.with_body()
            }
            Alter::Empty => !std::mem::take(&mut self.body).is_empty(),
            Alter::Twice => {
                self.times = 2;
                true
            }
        }
    }

    /// A status without a body would hide the one that it now has.
    fn with_body(&mut self) -> bool {
        if self.status == StatusCode::NO_CONTENT {
            self.status = StatusCode::OK;
        }
        true
    }

    /// Changes the body as JSON; false when that changes nothing.
    fn change(&mut self, how: fn(&mut Value) -> bool) -> bool {
        let Ok(mut body) = serde_json::from_slice::<Value>(&self.body) else { return false };
        let changed = how(&mut body);
        self.body = body.to_string().into();
        changed
    }
}

/// The header that says when to come back.
pub(super) fn retry_after(reply: Reply, retry_after: RetryAfter, dice: u64) -> Reply {
    let text = match retry_after {
        RetryAfter::Absent => return reply,
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        RetryAfter::Date(seconds) => {
            // Rounded up, since a date has no parts of seconds.
            let span = i64::try_from(seconds.saturating_add(1)).unwrap_or(i64::MAX).min(86_400);
            let at = Timestamp::now().checked_add(span.seconds()).unwrap_or(Timestamp::MAX);
            at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
        }
        RetryAfter::Absurd => {
            let index = usize::try_from(dice).unwrap_or(0) % ABSURD.len();
            ABSURD.get(index).copied().unwrap_or_default().to_owned()
        }
    };
    reply.with_header(RETRY_AFTER, text)
}

/// Counts one more than there were; where nothing is counted, one of those listed is left out.
fn miscount(body: &mut Value) -> bool {
    each(body, &COUNTS, &mut more) || sentence(body) || shorten(body)
}

/// Names others than were meant.
fn misname(body: &mut Value) -> bool {
    each(body, &IDS, &mut |value| match value {
        Value::String(text) => {
            text.insert(0, 'x');
            true
        }
        value => more(value),
    })
}

/// One more, as a number or as its digits.
fn more(value: &mut Value) -> bool {
    if let Some(number) = value.as_u64() {
        *value = (number + 1).into();
        return true;
    }
    let number = value.as_str().and_then(|text| text.parse::<u64>().ok());
    if let Some(number) = number {
        *value = (number + 1).to_string().into();
    }
    number.is_some()
}

/// Changes all values under some keys, at any depth; false when there are none.
fn each(body: &mut Value, keys: &[&str], how: &mut impl FnMut(&mut Value) -> bool) -> bool {
    match body {
        Value::Object(map) => {
            let mut changed = false;
            for (key, value) in map {
                changed |=
                    if keys.contains(&key.as_str()) && !value.is_object() && !value.is_array() {
                        how(value)
                    } else {
                        each(value, keys, how)
                    };
            }
            changed
        }
        Value::Array(list) => {
            let mut changed = false;
            for value in list {
                changed |= each(value, keys, how);
            }
            changed
        }
        _ => false,
    }
}

/// One more in the first number of the message, where that is what counts.
fn sentence(body: &mut Value) -> bool {
    let Some(Value::String(message)) = body.get_mut("message") else { return false };
    let digit = |c: char| c.is_ascii_digit();
    let Some((before, rest)) =
        message.find(digit).and_then(|start| message.split_at_checked(start))
    else {
        return false;
    };
    let (number, after) =
        rest.find(|c| !digit(c)).and_then(|end| rest.split_at_checked(end)).unwrap_or((rest, ""));
    let Ok(number) = number.parse::<u64>() else { return false };
    *message = format!("{before}{}{after}", number + 1);
    true
}

/// One less in a list of people.
fn shorten(body: &mut Value) -> bool {
    let lists = ["Operations", "results", "items", "data"];
    let list = lists.iter().find(|key| body.get(key).is_some_and(Value::is_array));
    let list = list.and_then(|key| body.get_mut(key)?.as_array_mut());
    list.and_then(Vec::pop).is_some()
}

/// A small body that is a large one: parts of gzip, one behind the other, are gzip.
fn bomb() -> Vec<u8> {
    let mut part = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; if it did, there would be less of a bomb.
    let _ = part.write_all(&vec![b' '; 1024 * 1024]);
    part.finish().unwrap_or_default().repeat(BOMB_PARTS)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn altered(body: Value, alter: Alter) -> (bool, Value) {
        let mut answer = Answer::of(Reply::new(StatusCode::OK, body, ""));
        let changed = answer.alter(alter);
        (changed, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    #[test]
    fn counts_and_ids_are_wrong_in_the_shapes_of_every_part() {
        for (alter, body, expected) in [
            (
                Alter::WrongCount,
                json!({"message": "1 profiles created", "created": 1, "updated": 2}),
                json!({"message": "1 profiles created", "created": 2, "updated": 3}),
            ),
            (
                Alter::WrongCount,
                json!({"message": "19 profiles created."}),
                json!({"message": "20 profiles created."}),
            ),
            (
                Alter::WrongCount,
                json!({"data": {"total_count": "2", "success_count": 2, "items": []}}),
                json!({"data": {"total_count": "3", "success_count": 3, "items": []}}),
            ),
            (Alter::WrongCount, json!({"Operations": [1, 2]}), json!({"Operations": [1]})),
            (
                Alter::WrongIds,
                json!({"data": {"batch_id": 7, "items": [{"id": "1-1", "external_id": null}]}}),
                json!({"data": {"batch_id": 8, "items": [{"id": "x1-1", "external_id": null}]}}),
            ),
        ] {
            assert_eq!(altered(body.clone(), alter), (true, expected), "{body}");
        }
        assert_eq!(altered(json!({}), Alter::WrongIds), (false, json!({})));
        assert!(!altered(json!({"message": "done"}), Alter::WrongCount).0);
    }

    #[test]
    fn an_answer_is_written_with_its_length() {
        let reply = Reply::new(StatusCode::CREATED, json!({"a": 1}), "");
        let written = Answer::of(reply).write(true, false);
        let text = String::from_utf8(written.bytes).unwrap();
        assert_eq!(
            text,
            "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 7\r\n\
             connection: close\r\n\r\n{\"a\":1}"
        );
        assert!(text.ends_with("{\"a\":1}"));
        assert_eq!(written.head, text.len() - 7);
    }

    #[test]
    fn a_bomb_is_small_and_unpacks_to_its_size() {
        let bytes = bomb();
        assert!(bytes.len() < 2 * 1024 * 1024, "{}", bytes.len());
        let mut unpacked = flate2::read::MultiGzDecoder::new(bytes.as_slice());
        let count = std::io::copy(&mut unpacked, &mut std::io::sink()).unwrap();
        assert_eq!(count, 256 * 1024 * 1024);
    }
}
