//! Each form of progress from one list of events, under a clock that the list sets.

use std::time::Duration;

use super::course::Course;
use super::plain::Plain;
use super::{json, words};
use crate::writer::watch::{Event, Standing, Wait};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn standing(requests: u64, retries: u64) -> Standing {
    let of_requests = 24;
    Standing { requests, of_requests, accepted: requests * 50, retries, ..Standing::default() }
}

/// A push of 24 batches that was resumed after six: with a 429, a silence, a breaker and a wish to stop.
fn story() -> Vec<(Duration, Event<'static>)> {
    let mut story =
        vec![(ms(0), Event::Began { requests: 18, people: 867, standing: standing(6, 0) })];
    let mut at = 0;
    for batch in 7..=12_u32 {
        at += 1100;
        let (sent, answered) = (ms(at - 1000), ms(at - 10));
        story.push((sent, Event::Sent { batch, people: 50, attempt: 1 }));
        let status = Some(200);
        let (class, took) = ("accepted", ms(990));
        story.push((answered, Event::Answered { batch, status, class, took }));
        story.push((ms(at), Event::Settled { batch, standing: standing(u64::from(batch), 0) }));
    }
    let mut failed = |at, attempt, status, class, cause, pause| {
        story.push((ms(at), Event::Sent { batch: 13, people: 50, attempt }));
        let took = ms(20);
        story.push((ms(at + 20), Event::Answered { batch: 13, status, class, took }));
        story.push((ms(at + 21), Event::Waiting { cause, pause: ms(pause) }));
    };
    failed(7_000, 1, Some(429), "throttled", Wait::Throttled, 12_000);
    failed(19_100, 2, Some(429), "throttled", Wait::Throttled, 800);
    failed(20_000, 3, None, "no answer", Wait::Retry, 1_500);
    failed(22_000, 4, None, "no answer", Wait::Breaker, 20_000);
    story.extend([
        (ms(43_000), Event::Sent { batch: 13, people: 50, attempt: 5 }),
        (ms(43_500), Event::Settled { batch: 13, standing: standing(13, 4) }),
        (ms(43_600), Event::ReadingBack { people: 50 }),
        (ms(43_700), Event::Note("the key\u{1b}[2J is \u{202e}old\nand tired")),
        (ms(43_800), Event::Waiting { cause: Wait::Queue, pause: ms(30_000) }),
        (ms(60_000), Event::Draining { under_way: 2 }),
    ]);
    let end = Standing { refused: 3, unknown: 2, not_sent: 512, ..standing(14, 4) };
    story.push((ms(61_000), Event::Settled { batch: 14, standing: end }));
    story.push((ms(61_100), Event::Ended { standing: end }));
    story
}

#[test]
fn plain_lines_tell_the_story() {
    let mut plain = Plain::default();
    let mut lines = Vec::new();
    let mut now = 0;
    for (at, event) in story() {
        // The thread of the log asks once a second.
        while ms(now) < at {
            lines.extend(plain.tick(ms(now)).map(|line| format!("{now:>6} {line}")));
            now += 1000;
        }
        lines.extend(plain.take(&event, at).map(|line| format!("{:>6} {line}", at.as_millis())));
    }
    assert_eq!(plain.tick(ms(99_000)), None, "nothing comes behind the end");
    let text = lines.join("\n");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_wordy_log_tells_each_request_and_its_answer() {
    let mut plain = Plain::of_each();
    let lines = story().into_iter().filter_map(|(at, event)| {
        plain.take(&event, at).map(|line| format!("{:>6} {line}", at.as_millis()))
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn json_lines_tell_the_story() {
    let lines: Vec<String> = story().iter().map(|(at, event)| json::line(event, *at)).collect();
    let text = lines.join("\n");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    insta::assert_snapshot!(text);
    assert_eq!(
        json::note("stopping;\n  press \u{9b}again", ms(7)),
        r#"{"version":1,"event":"note","text":"stopping; press \\u{9b}again","elapsed_ms":7}"#
    );
}

#[test]
fn the_bar_tells_the_story_at_every_width() {
    let mut course = Course::default();
    let mut lines = Vec::new();
    for (at, event) in story() {
        course.take(&event, at);
        if matches!(event, Event::Sent { .. } | Event::Answered { .. }) {
            continue;
        }
        lines.push(format!("{:>6} {}", at.as_millis(), words::line(&course, at, 119, false)));
        for width in 0..200 {
            let line = words::line(&course, at, width, false);
            assert!(line.chars().count() <= width, "wider than {width}: {line}");
            assert!(!line.contains(char::is_control), "{line:?}");
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_narrow_terminal_keeps_what_matters_most() {
    let mut course = Course::default();
    let until = ms(22_021);
    for (at, event) in story().into_iter().filter(|(at, _)| *at <= ms(20_100)) {
        course.take(&event, at);
    }
    let at_widths = |course: &Course, at| {
        let widths = [119, 99, 79, 59, 39, 29, 19, 12, 5];
        widths
            .map(|width| format!("{width:>3} {}", words::line(course, at, width, false)))
            .join("\n")
    };
    let busy = at_widths(&course, ms(22_000));
    for (at, event) in story().into_iter().filter(|(at, _)| *at > ms(20_100) && *at <= until) {
        course.take(&event, at);
    }
    insta::assert_snapshot!(format!("{busy}\n\n{}", at_widths(&course, until)));
    let colored = words::line(&course, until, 119, true);
    assert!(colored.contains("\x1b[36m━"), "{colored:?}");
}

#[test]
fn spans_are_told_as_one_would_say_them() {
    for (seconds, said) in [
        (0.0, "1 s"),
        (0.2, "1 s"),
        (7.0, "7 s"),
        (60.0, "1 min"),
        (61.5, "1 min 2 s"),
        (3600.0, "1 h"),
        (7_500.0, "2 h 5 min"),
    ] {
        assert_eq!(words::span(Duration::from_secs_f64(seconds)), said, "{seconds}");
    }
}
