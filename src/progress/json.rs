//! The frozen JSON form of progress, version 1: `schemas/progress.v1.schema.json`. One object a line;
//! it only ever gains keys and events. Rows, counts and codes, never a cell's text.

use std::time::Duration;

use serde::Serialize;

use super::words::one_line;
use crate::visible;
use crate::writer::watch::{Event, Standing};

#[derive(Serialize)]
struct LineV1<'a> {
    version: u8,
    #[serde(flatten)]
    event: EventV1<'a>,
    /// Since the program began.
    elapsed_ms: u64,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum EventV1<'a> {
    Began { requests: u64, people: u64, standing: StandingV1 },
    Sent { batch: u32, people: usize, attempt: u32 },
    Answered { batch: u32, status: Option<u16>, class: &'a str, took_ms: u64 },
    Waiting { cause: &'a str, pause_ms: u64 },
    ReadingBack { people: usize },
    Settled { batch: u32, standing: StandingV1 },
    Draining { under_way: usize },
    Note { text: String },
    Ended { standing: StandingV1 },
}

#[derive(Serialize)]
struct StandingV1 {
    requests: u64,
    of_requests: u64,
    accepted: u64,
    refused: u64,
    unknown: u64,
    not_sent: u64,
    retries: u64,
}

impl From<Standing> for StandingV1 {
    fn from(standing: Standing) -> Self {
        let Standing { requests, of_requests, accepted, refused, unknown, not_sent, retries } =
            standing;
        Self { requests, of_requests, accepted, refused, unknown, not_sent, retries }
    }
}

/// An event as a line, without its end.
pub(super) fn line(event: &Event<'_>, at: Duration) -> String {
    let event = match *event {
        Event::Began { requests, people, standing } => {
            EventV1::Began { requests, people, standing: standing.into() }
        }
        Event::Sent { batch, people, attempt } => EventV1::Sent { batch, people, attempt },
        Event::Answered { batch, status, class, took } => {
            EventV1::Answered { batch, status, class, took_ms: ms(took) }
        }
        Event::Waiting { cause, pause } => {
            EventV1::Waiting { cause: cause.word(), pause_ms: ms(pause) }
        }
        Event::ReadingBack { people } => EventV1::ReadingBack { people },
        Event::Settled { batch, standing } => EventV1::Settled { batch, standing: standing.into() },
        Event::Draining { under_way } => EventV1::Draining { under_way },
        Event::Note(text) => EventV1::Note { text: one_line(text) },
        Event::Ended { standing } => EventV1::Ended { standing: standing.into() },
    };
    written(event, at)
}

/// A line for people, as an event.
pub(super) fn note(text: &str, at: Duration) -> String {
    written(EventV1::Note { text: one_line(text) }, at)
}

fn written(event: EventV1<'_>, at: Duration) -> String {
    // Words and numbers always have a form in JSON.
    let line = LineV1 { version: 1, event, elapsed_ms: ms(at) };
    visible::json(&serde_json::to_string(&line).unwrap_or_default()).into_owned()
}

fn ms(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
