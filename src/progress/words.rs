//! Progress in words: the line of the bar, fitted to the terminal, and the parts that plain lines
//! share with it.

use std::time::Duration;

use super::LONG;
use super::course::Course;
use crate::report::{counted, grouped};
use crate::visible::harmless;
use crate::writer::watch::{Event, Wait};

/// The widest and the narrowest that the bar itself may be.
const WIDEST: usize = 32;
const NARROWEST: usize = 8;

/// A part of the line. When there is no room, those with a small `keep` go first.
struct Part {
    keep: u8,
    text: String,
    /// What says the same with less.
    short: Option<String>,
}

/// `keep` of what is left out only when short forms were not enough, and of what never is.
const LATE: u8 = 6;
const NEVER: u8 = 9;

/// The line of the bar: never wider than `width`.
pub(super) fn line(course: &Course, at: Duration, width: usize, color: bool) -> String {
    let head = if course.draining { "  stopping  " } else { "  sending  " };
    let mut parts = parts(course, at);
    let usual = (width / 5).clamp(NARROWEST, WIDEST);
    let fits = |parts: &[Part], bar: usize| {
        let words: usize = parts.iter().map(|part| part.text.chars().count()).sum();
        let gaps = 3 * parts.len().saturating_sub(1) + if bar > 0 { 2 } else { 0 };
        head.len() + bar + words + gaps <= width
    };
    // How wide the bar is does not follow the words, or its end would tremble.
    let mut bar = usual;
    drop_below(LATE, &mut parts, |parts| fits(parts, bar));
    if !fits(&parts, bar) {
        shorten(parts.iter_mut().filter(|part| part.keep == NEVER));
    }
    if !fits(&parts, bar) {
        bar = (NARROWEST..bar).rev().find(|bar| fits(&parts, *bar)).unwrap_or(usual);
    }
    if !fits(&parts, bar) {
        shorten(parts.iter_mut());
    }
    if !fits(&parts, bar) {
        bar = NARROWEST;
        drop_below(NEVER, &mut parts, |parts| fits(parts, bar));
    }
    let with_bar = fits(&parts, bar);
    let words = parts.into_iter().map(|part| part.text).collect::<Vec<_>>().join("   ");
    if with_bar {
        return format!("{head}{}  {words}", drawn(course, bar, color));
    }
    let text = format!("{head}{words}");
    let text = if text.chars().count() > width { words } else { text };
    text.chars().take(width).collect()
}

/// Leaves parts out, the least first, until the rest fits.
fn drop_below(keep: u8, parts: &mut Vec<Part>, fits: impl Fn(&[Part]) -> bool) {
    while !fits(parts) {
        let least = parts.iter().map(|part| part.keep).filter(|one| *one < keep).min();
        let Some(least) = least else { return };
        parts.retain(|part| part.keep != least);
    }
}

fn shorten<'a>(parts: impl Iterator<Item = &'a mut Part>) {
    for part in parts {
        if let Some(short) = part.short.take() {
            part.text = short;
        }
    }
}

fn parts(course: &Course, at: Duration) -> Vec<Part> {
    let standing = &course.standing;
    let mut parts = Vec::new();
    let mut part = |keep, text: String, short| parts.push(Part { keep, text, short });
    let short = format!("{}/{}", grouped(standing.requests), grouped(standing.of_requests));
    part(NEVER, batches(course), Some(short));
    part(3, counted(standing.accepted, "person", "people"), None);
    for (count, what) in [(standing.refused, "refused"), (standing.unknown, "unknown")] {
        if count > 0 {
            part(4, format!("{} {what}", grouped(count)), None);
        }
    }
    match (course.wait(at).filter(|(_, pause)| *pause >= LONG), course.reading_back) {
        (Some((cause, pause)), _) => {
            let short = format!("waiting {}", span(pause));
            part(LATE, waiting(cause, pause), Some(short));
        }
        (None, Some(people)) => {
            part(LATE, reading_back(people), Some("reading back".to_owned()));
        }
        (None, None) => {
            for (keep, text) in [(2, speed(course)), (LATE, left(course, at))] {
                if let Some(text) = text {
                    part(keep, text, None);
                }
            }
        }
    }
    if let Some(text) = retries(course) {
        part(1, text, None);
    }
    parts
}

/// `18/24 batches`
pub(super) fn batches(course: &Course) -> String {
    let standing = &course.standing;
    let noun = if standing.of_requests == 1 { "batch" } else { "batches" };
    format!("{}/{} {noun}", grouped(standing.requests), grouped(standing.of_requests))
}

/// `0.9/s`
pub(super) fn speed(course: &Course) -> Option<String> {
    let rate = course.rate.per_second()?;
    Some(match rate {
        rate if rate >= 10.0 => format!("{rate:.0}/s"),
        rate if rate >= 0.095 => format!("{rate:.1}/s"),
        rate => format!("{:.1}/min", rate * 60.0),
    })
}

/// `7 s left`
pub(super) fn left(course: &Course, at: Duration) -> Option<String> {
    course.left(at).map(|left| format!("{} left", roughly(left)))
}

/// `3 retries (2 × 429, no answer)`
pub(super) fn retries(course: &Course) -> Option<String> {
    let count = course.standing.retries.max(course.causes.values().sum());
    let causes: Vec<String> = match course.causes.iter().next() {
        Some((cause, _)) if course.causes.len() == 1 => vec![cause.clone()],
        _ => course
            .causes
            .iter()
            .map(|(cause, times)| match times {
                1 => cause.clone(),
                times => format!("{times} × {cause}"),
            })
            .collect(),
    };
    let why = if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
    (count > 0).then(|| format!("{}{why}", counted(count, "retry", "retries")))
}

/// Why nothing is sent, and for how long.
pub(super) fn waiting(cause: Wait, pause: Duration) -> String {
    let pause = span(pause);
    match cause {
        Wait::Throttled => format!("waiting {pause}: the target asked for patience"),
        Wait::Retry => format!("waiting {pause}: a request failed and is sent again"),
        Wait::Breaker => format!("the target does not answer; next try in {pause}"),
        Wait::Queue => format!("waiting {pause}: the target is still at work on what it took"),
        Wait::Late => {
            format!("waiting {pause}: a request without an answer may still take effect")
        }
    }
}

/// Whose outcome is being looked up.
pub(super) fn reading_back(people: usize) -> String {
    format!("reading back {} whose outcome no answer told", counted_people(people))
}

fn counted_people(people: usize) -> String {
    counted(u64::try_from(people).unwrap_or(u64::MAX), "person", "people")
}

/// What stays on the terminal, above the bar.
pub(super) fn stays(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Note(note) => Some(format!("  {}", one_line(note))),
        Event::Draining { under_way } => Some(match under_way {
            0 => "  nothing is in flight".to_owned(),
            1 => "  the batch in flight is finished first".to_owned(),
            many => format!("  the {many} batches in flight are finished first"),
        }),
        _ => None,
    }
}

/// A text of others in one line.
pub(super) fn one_line(text: &str) -> String {
    harmless(&text.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}

/// A span of time, rounded up to what one cares about.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
    match seconds {
        0..60 => format!("{} s", seconds.max(1)),
        60..3600 => match (seconds / 60, seconds % 60) {
            (minutes, 0) => format!("{minutes} min"),
            (minutes, seconds) => format!("{minutes} min {seconds} s"),
        },
        _ => match (seconds / 3600, seconds % 3600 / 60) {
            (hours, 0) => format!("{hours} h"),
            (hours, minutes) => format!("{hours} h {minutes} min"),
        },
    }
}

/// The same, no finer than an estimate can be.
fn roughly(estimate: Duration) -> String {
    let seconds = estimate.as_secs();
    match seconds {
        0..60 => span(estimate),
        60..600 => span(Duration::from_secs(seconds.next_multiple_of(10))),
        _ => span(Duration::from_secs(seconds.next_multiple_of(60))),
    }
}

/// The bar itself. Without colours what is not done yet is thinner, so that the end can be seen.
fn drawn(course: &Course, wide: usize, color: bool) -> String {
    let standing = &course.standing;
    let cells = u64::try_from(wide).unwrap_or(u64::MAX);
    let done = (standing.requests * cells).checked_div(standing.of_requests).unwrap_or(0);
    let done = usize::try_from(done).unwrap_or(wide).min(wide);
    let (full, tip) = if done == wide || done == 0 { (done, "") } else { (done - 1, "╸") };
    let full = "━".repeat(full) + tip;
    if color {
        format!("\x1b[36m{full}\x1b[0m\x1b[2m{}\x1b[0m", "━".repeat(wide - done))
    } else {
        format!("{full}{}", "─".repeat(wide - done))
    }
}
