//! Places at which the program can be told to die, and ways in which it can be told to be wrong: how it is
//! tried that a kill at any instant loses nothing, and that the tests would notice if it did.
//!
//! Only debug builds have any of it. In others [`hit`] does nothing and [`is_broken`] is never true, and both
//! are constants that leave nothing behind.
//!
//! `UPSHEET_FAIL_POINT=NAME[:N]` ends the process when it comes to a point for the N-th time, as abruptly as
//! `kill -9`: nothing is dropped, flushed or said. The points are those of [`Point`].
//!
//! `UPSHEET_BROKEN=NAME` breaks one promise on purpose. Each is a mistake that a later change could make:
//!
//! | way | what it does |
//! |---|---|
//! | `done-before-answer` | everybody of a request has landed as soon as it is begun |
//! | `no-in-flight` | nothing is put down before a request leaves |
//! | `other-people` | a second attempt carries other people than the first |
//! | `resend-accepted` | whoever was accepted is sent once more |
//! | `any-success` | an answer of status 200 is believed without being read |
//! | `drop-last` | the last request, when it is shorter than the first, is left out of the plan |
//! | `split-twice` | the first half of a request that was too large is sent twice |
//! | `swallow-refusals` | whoever was refused counts as accepted |

use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result};

/// A place at which the process can be told to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// A payload file has its name, and nothing is in it.
    Payload,
    /// A part of the run folder is about to be moved into its place.
    BeforeRename,
    /// It has been moved.
    AfterRename,
    /// The run folder is whole but for its journal.
    BeforeJournal,
    /// The plan was written into the journal and is not committed.
    InJournal,
    /// The journal holds the plan.
    AfterJournal,
    /// The run is kept, and nothing was sent.
    Keeping,
    /// A request is about to be put down as under way.
    BeforeBegin,
    /// It has been put down, and nothing of it has left.
    AfterBegin,
    /// The head of an answer is there.
    Head,
    /// An answer was read whole.
    Answer,
    /// What became of a request is known and not put down.
    BeforeEnd,
    /// It has been put down, and nobody was told.
    AfterEnd,
    /// What was learnt by looking is not put down.
    BeforeNote,
    /// Everybody was sent, and the journal does not say that it is over.
    Sent,
    /// `outcomes.csv` is half written.
    InOutcomes,
    /// A report is written and does not have its name.
    BeforeReport,
    /// A report has its name.
    AfterReport,
    /// A result file is written and does not have its name.
    BeforeResult,
}

impl Point {
    /// All of them, in the order in which a run comes to them.
    pub const ALL: [Self; 19] = [
        Self::Payload,
        Self::BeforeRename,
        Self::AfterRename,
        Self::BeforeJournal,
        Self::InJournal,
        Self::AfterJournal,
        Self::Keeping,
        Self::BeforeBegin,
        Self::AfterBegin,
        Self::Head,
        Self::Answer,
        Self::BeforeEnd,
        Self::AfterEnd,
        Self::BeforeNote,
        Self::Sent,
        Self::InOutcomes,
        Self::BeforeReport,
        Self::AfterReport,
        Self::BeforeResult,
    ];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::BeforeRename => "before-rename",
            Self::AfterRename => "after-rename",
            Self::BeforeJournal => "before-journal",
            Self::InJournal => "in-journal",
            Self::AfterJournal => "after-journal",
            Self::Keeping => "keeping",
            Self::BeforeBegin => "before-begin",
            Self::AfterBegin => "after-begin",
            Self::Head => "head",
            Self::Answer => "answer",
            Self::BeforeEnd => "before-end",
            Self::AfterEnd => "after-end",
            Self::BeforeNote => "before-note",
            Self::Sent => "sent",
            Self::InOutcomes => "in-outcomes",
            Self::BeforeReport => "before-report",
            Self::AfterReport => "after-report",
            Self::BeforeResult => "before-result",
        }
    }
}

/// A way in which the program can be told to be wrong; the table above says what each does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table of the file says it once")]
pub enum Way {
    DoneBeforeAnswer,
    NoInFlight,
    OtherPeople,
    ResendAccepted,
    AnySuccess,
    DropLast,
    SplitTwice,
    SwallowRefusals,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::DoneBeforeAnswer,
        Self::NoInFlight,
        Self::OtherPeople,
        Self::ResendAccepted,
        Self::AnySuccess,
        Self::DropLast,
        Self::SplitTwice,
        Self::SwallowRefusals,
    ];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::DoneBeforeAnswer => "done-before-answer",
            Self::NoInFlight => "no-in-flight",
            Self::OtherPeople => "other-people",
            Self::ResendAccepted => "resend-accepted",
            Self::AnySuccess => "any-success",
            Self::DropLast => "drop-last",
            Self::SplitTwice => "split-twice",
            Self::SwallowRefusals => "swallow-refusals",
        }
    }
}

/// What the process was told.
#[derive(Debug)]
struct Armed {
    /// Where it is to die, and how often it is still to come there.
    point: Option<(Point, u64)>,
    broken: Option<Way>,
}

static ARMED: Mutex<Armed> = Mutex::new(Armed { point: None, broken: None });

/// Reads from the environment where this process is to die and how it is to be wrong. A release build does
/// not ask.
///
/// # Errors
/// When a variable names no point or no way.
pub fn arm(environment: fn(&str) -> Option<String>) -> Result<()> {
    if cfg!(debug_assertions) {
        let point = environment("UPSHEET_FAIL_POINT").map(|text| point(&text)).transpose()?;
        let broken = environment("UPSHEET_BROKEN").map(|text| way(&text)).transpose()?;
        *ARMED.lock().unwrap_or_else(PoisonError::into_inner) = Armed { point, broken };
    }
    Ok(())
}

fn point(text: &str) -> Result<(Point, u64)> {
    let (word, count) = text.split_once(':').unwrap_or((text, "1"));
    let point = Point::ALL.into_iter().find(|point| point.word() == word);
    let count = count.parse().ok().filter(|&count| count > 0);
    point.zip(count).ok_or_else(|| unknown("fail point", text, &Point::ALL.map(Point::word)))
}

fn way(text: &str) -> Result<Way> {
    let way = Way::ALL.into_iter().find(|way| way.word() == text);
    way.ok_or_else(|| unknown("way to be broken", text, &Way::ALL.map(Way::word)))
}

fn unknown(what: &str, text: &str, words: &[&str]) -> Error {
    Error::usage(format!("{text:?} is no {what}"), format!("there are: {}", words.join(", ")))
}

/// The process has come to this point: it dies here if it was told to.
pub fn hit(point: Point) {
    if cfg!(debug_assertions) && is_due(point) {
        std::process::abort();
    }
}

fn is_due(point: Point) -> bool {
    let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut armed.point {
        Some((wanted, left)) if *wanted == point => {
            *left = left.saturating_sub(1);
            *left == 0
        }
        _ => false,
    }
}

/// Whether this process is to be wrong in this way.
pub fn is_broken(way: Way) -> bool {
    cfg!(debug_assertions)
        && ARMED.lock().unwrap_or_else(PoisonError::into_inner).broken == Some(way)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_armed_unless_it_was_asked_for() {
        arm(|_| None).unwrap();
        for point in Point::ALL {
            assert!(!is_due(point), "{point:?}");
            hit(point);
        }
        for way in Way::ALL {
            assert!(!is_broken(way), "{way:?}");
        }
    }

    #[test]
    fn the_words_of_points_and_ways() {
        for one in Point::ALL {
            assert_eq!(point(one.word()).unwrap(), (one, 1));
            assert_eq!(point(&format!("{}:3", one.word())).unwrap(), (one, 3));
        }
        for one in Way::ALL {
            assert_eq!(way(one.word()).unwrap(), one);
        }
        for wrong in ["", "head:", "head:0", "head:x", "Head", "heads"] {
            let Error::Usage { message, .. } = point(wrong).unwrap_err() else { panic!("{wrong}") };
            assert_eq!(message, format!("{wrong:?} is no fail point"));
        }
        assert!(way("none").is_err());
    }

    #[test]
    fn the_table_names_every_way() {
        let text = include_str!("failpoint.rs");
        for one in Way::ALL {
            assert!(text.contains(&format!("//! | `{}` |", one.word())), "{one:?}");
        }
    }
}
