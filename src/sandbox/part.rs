//! The parts of the sandbox, each under the beginning of its paths. A part more is one line here.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use jiff::Timestamp;
use rusqlite::Connection;

use super::call::{Call, Reply};
use super::variants::{RetryAfter, Variants};
use super::{omneo, vome};

/// What all parts are set up with.
pub(crate) struct Setup {
    pub(crate) variants: Variants,
    pub(crate) vome_key: String,
    pub(crate) omneo_token: String,
}

/// One API that is stood in for.
pub(crate) struct Part {
    /// How its paths begin.
    prefix: &'static str,
    /// Decides a call and does what it asks for.
    pub(crate) answer: fn(&Setup, &Call, &Connection) -> rusqlite::Result<Reply>,
    /// A refusal in the part's own shape.
    pub(crate) refuse: fn(StatusCode, &str) -> Reply,
    /// How many requests it takes.
    rate: fn(&Variants) -> Rate,
}

/// So many requests in a window; 0 is no limit.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    limit: u64,
    window: Duration,
    retry_after: RetryAfter,
}

/// The parts; the first whose prefix fits answers, so the last one fits every path.
static PARTS: [Part; 2] = [
    Part {
        prefix: "/api/v3",
        answer: omneo::answer,
        refuse: omneo::refusal,
        rate: |variants| {
            let rules = &variants.omneo;
            Rate::new(rules.rate_limit, rules.rate_window_ms, rules.retry_after)
        },
    },
    Part {
        prefix: "",
        answer: vome::answer,
        refuse: vome::refuse,
        rate: |variants| {
            let rules = &variants.vome;
            Rate::new(rules.rate_limit, rules.rate_window_ms, rules.retry_after)
        },
    },
];

/// The part that answers a path.
pub(crate) fn of(path: &str) -> &'static Part {
    let fits = |part: &&Part| {
        let rest = path.strip_prefix(part.prefix);
        part.prefix.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let [.., last] = &PARTS;
    PARTS.iter().find(fits).unwrap_or(last)
}

/// The requests of each part since its window began.
#[derive(Default)]
pub(crate) struct Gate(BTreeMap<&'static str, (Instant, u64)>);

impl Gate {
    /// Counts a request; the refusal when it is one too many.
    pub(crate) fn admit(&mut self, part: &'static Part, variants: &Variants) -> Option<Reply> {
        let Rate { limit, window, retry_after } = (part.rate)(variants);
        if limit == 0 {
            return None;
        }
        let now = Instant::now();
        let (began, count) = self.0.entry(part.prefix).or_insert((now, 0));
        if now.duration_since(*began) >= window {
            (*began, *count) = (now, 0);
        }
        *count += 1;
        if *count <= limit {
            return None;
        }
        let left = window.saturating_sub(now.duration_since(*began));
        let reply = (part.refuse)(StatusCode::TOO_MANY_REQUESTS, "too many requests");
        // Rounded up, so that who waits as told is let in.
        let seconds = left.as_secs() + 1;
        Some(match retry_after {
            RetryAfter::None => reply,
            RetryAfter::Seconds => reply.with_header(RETRY_AFTER, seconds.to_string()),
            RetryAfter::Date => {
                let when = SystemTime::now() + Duration::from_secs(seconds);
                let date = Timestamp::try_from(when).unwrap_or_default();
                let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
                reply.with_header(RETRY_AFTER, date)
            }
        })
    }
}

impl Rate {
    fn new(limit: u64, window_ms: u64, retry_after: RetryAfter) -> Self {
        Self { limit, window: Duration::from_millis(window_ms), retry_after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_one_part() {
        for (path, prefix) in [
            ("/api/v3/profiles", "/api/v3"),
            ("/api/v3", "/api/v3"),
            ("/api/v30", ""),
            ("/api/profiles/", ""),
            ("/", ""),
        ] {
            assert_eq!(of(path).prefix, prefix, "{path}");
        }
    }

    #[test]
    fn a_window_lets_so_many_in() {
        let mut variants = Variants::default();
        variants.vome.rate_limit = 2;
        variants.vome.rate_window_ms = 50;
        let (mut gate, part) = (Gate::default(), of("/"));
        let mut admitted = || gate.admit(part, &variants).is_none();
        assert_eq!([admitted(), admitted(), admitted()], [true, true, false]);
        std::thread::sleep(Duration::from_millis(60));
        assert!(admitted());
    }
}
