//! The kinds of faults, each with what it needs to be told: the one table that the reading of plans and the
//! page `docs/sandbox.md` follow.

use std::fmt;
use std::fmt::Write as _;

/// What is done to a request, to its answer, or to a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A connection is closed at once, and for so long nobody listens.
    Refuse { ms: u64 },
    /// An answer with another status, in the place of the effect or after it.
    Status { status: u16, when: When, retry_after: RetryAfter },
    /// The connection ends.
    Cut { how: How, at: Cut, bytes: Option<usize> },
    /// Nothing goes on for so long.
    Stall { at: Place, ms: u64 },
    /// There is no answer, and the effect comes after so long, whether or not the client has gone.
    Late { leave: Leave, ms: u64 },
    /// The answer comes byte by byte, with a pause before each.
    Drip { ms: u64 },
    /// The answer is another one.
    Alter(Alter),
    /// Some people, in millionths, are refused wherever they come.
    Partial { people: u32 },
    /// More people than this are too many.
    TooLarge { above: usize },
    /// The key is refused; another one, if there is one, is taken.
    Expire { next: Option<String> },
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alter {
    Truncate,
    WrongCount,
    WrongIds,
    Html,
    Huge,
    Bomb,
    Empty,
    Twice,
}

/// Before the store has decided, or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Before,
    After,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// RST: what is on its way may be lost.
    Reset,
    /// FIN: an orderly end in the wrong place.
    Close,
}

/// Where a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Before the store has decided.
    Before,
    /// In the middle of the head of the answer.
    MidHead,
    /// Behind the head of the answer.
    Head,
    /// In the body of the answer.
    Body,
    /// After the effect, before the answer.
    After,
}

/// Where nothing goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Before a new connection is read from.
    Accept,
    /// Between the head of a request and its body.
    Request,
    /// Between the effect and the answer.
    Answer,
}

/// What becomes of the connection of a request whose effect is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// It is held and nothing is said on it, until the effect; then it ends.
    Stall,
    /// It ends with RST at once.
    Reset,
}

/// What an answer says about when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryAfter {
    Absent,
    Seconds(u64),
    Date(u64),
    Absurd,
}

/// A kind as the page and the messages list it.
pub(super) struct Kind {
    pub(super) name: &'static str,
    about: &'static str,
    /// The keys that it must be told, and those that it may.
    pub(super) needs: &'static [&'static str],
    pub(super) may: &'static [&'static str],
}

const fn kind(
    name: &'static str,
    about: &'static str,
    needs: &'static [&'static str],
    may: &'static [&'static str],
) -> Kind {
    Kind { name, about, needs, may }
}

/// Every kind.
pub(super) static KINDS: [Kind; 18] = [
    kind(
        "refuse",
        "a new connection is reset before a byte is read; with `ms`, nobody listens for so long. \
         Counted in connections, each of which then takes one request",
        &[],
        &["ms"],
    ),
    kind(
        "status",
        "an answer with this `status`: `when = \"before\"` (unless told) nothing is done, with `\"after\"` \
         all is. `retry_after` is `\"seconds:2\"`, `\"date:2\"`, `\"absent\"` (unless told) or \
         `\"absurd\"`, a text that says nothing",
        &["status"],
        &["when", "retry_after"],
    ),
    kind(
        "reset",
        "the connection ends with RST: `when = \"before\"` with nothing done, once the request is read \
         or `bytes` of its body are; `\"after\"` the effect, without an answer; in the middle of the \
         answer's head (`\"mid-head\"`), behind it (`\"head\"`) or in its body (`\"body\"`), in the \
         middle or after `bytes` of it",
        &["when"],
        &["bytes"],
    ),
    kind("close", "the same with FIN", &["when"], &["bytes"]),
    kind(
        "stall",
        "nothing goes on for `ms`: `where = \"accept\"` before a new connection is read from (counted in \
         connections, each of which then takes one request), `\"request\"` between the head of the \
         request and its body, `\"answer\"` between the effect and the answer",
        &["where", "ms"],
        &[],
    ),
    kind(
        "late",
        "the request is read whole and never answered, and the effect comes `ms` later, whether or not the \
         client has gone: `answer = \"stall\"` holds the connection until then and closes it, \
         `\"reset\"` ends it with RST at once. The line of the record is written with the effect: `at` is \
         when the request came, `ended_at` when it was applied",
        &["answer", "ms"],
        &[],
    ),
    kind("drip", "the answer comes byte by byte, one each `ms`", &["ms"], &[]),
    kind("truncate", "the answer's body is half of itself, and its length says so", &[], &[]),
    kind("wrong-count", "a success counts people who were not sent, or one too few", &[], &[]),
    kind("wrong-ids", "a success names ids that nobody has", &[], &[]),
    kind("html", "the body is a web page", &[], &[]),
    kind("huge", "the body is 50 MB of JSON", &[], &[]),
    kind("bomb", "the body is gzip, though nobody asked for it, of 256 MB", &[], &[]),
    kind("empty", "the body is empty", &[], &[]),
    kind("duplicate-answer", "the answer comes twice", &[], &[]),
    kind(
        "partial",
        "this share of `people` is refused, always the same ones, as a variant says how bad records are \
         (`vome.bad_row`, `omneo.bad_row`); other faults may come on top",
        &["people"],
        &[],
    ),
    kind(
        "too-large",
        "413 for more people than `above`; other faults may come on top",
        &["above"],
        &[],
    ),
    kind(
        "expire",
        "401 for the key; a request with the key `next` goes on as if that had been the key all along",
        &[],
        &["next"],
    ),
];

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse { ms: 0 } => f.write_str("refuse"),
            Self::Refuse { ms } => write!(f, "refuse {ms} ms"),
            Self::Status { status, when, .. } => match when {
                When::Before => write!(f, "status {status} before"),
                When::After => write!(f, "status {status} after"),
            },
            Self::Cut { how, at, bytes } => {
                f.write_str(match how {
                    How::Reset => "reset ",
                    How::Close => "close ",
                })?;
                f.write_str(match at {
                    Cut::Before => "before",
                    Cut::MidHead => "mid-head",
                    Cut::Head => "head",
                    Cut::Body => "body",
                    Cut::After => "after",
                })?;
                bytes.map_or(Ok(()), |bytes| write!(f, " {bytes}"))
            }
            Self::Stall { at, ms } => match at {
                Place::Accept => write!(f, "stall accept {ms} ms"),
                Place::Request => write!(f, "stall request {ms} ms"),
                Place::Answer => write!(f, "stall answer {ms} ms"),
            },
            Self::Late { leave, ms } => match leave {
                Leave::Stall => write!(f, "late stall {ms} ms"),
                Leave::Reset => write!(f, "late reset {ms} ms"),
            },
            Self::Drip { ms } => write!(f, "drip {ms} ms"),
            Self::Alter(alter) => f.write_str(match alter {
                Alter::Truncate => "truncate",
                Alter::WrongCount => "wrong-count",
                Alter::WrongIds => "wrong-ids",
                Alter::Html => "html",
                Alter::Huge => "huge",
                Alter::Bomb => "bomb",
                Alter::Empty => "empty",
                Alter::Twice => "duplicate-answer",
            }),
            Self::Partial { .. } => f.write_str("partial"),
            Self::TooLarge { above } => write!(f, "too-large {above}"),
            Self::Expire { .. } => f.write_str("expire"),
        }
    }
}

/// The table of `docs/sandbox.md`: each kind with what it does and what it is told.
pub fn table() -> String {
    let mut page = String::from("| kind | what happens | keys of its own |\n|---|---|---|\n");
    for Kind { name, about, needs, may } in &KINDS {
        let needed = needs.iter().map(|key| format!("**`{key}`**"));
        let keys: Vec<String> = needed.chain(may.iter().map(|key| format!("`{key}`"))).collect();
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| `{name}` | {about} | {} |", keys.join(", "));
    }
    page
}
