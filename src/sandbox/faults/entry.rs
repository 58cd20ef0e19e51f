//! A fault as it is written in a plan, and the checks that the types of TOML cannot make.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::kind::{Act, Alter, Cut, How, KINDS, Kind, Leave, Place, RetryAfter, When};
use super::plan::{Fault, On};

/// Shares are kept in millionths.
pub(super) const WHOLE: u32 = 1_000_000;
/// The longest pause, a day.
const LONGEST_MS: u64 = 86_400_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    fault: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: Spanned<String>,
    on: Option<On>,
    path: Option<String>,
    share: Option<f64>,
    numbers: Option<Vec<u64>>,
    from: Option<u64>,
    until: Option<u64>,
    every: Option<u64>,
    from_ms: Option<u64>,
    until_ms: Option<u64>,
    status: Option<u16>,
    when: Option<Spanned<String>>,
    retry_after: Option<Spanned<String>>,
    bytes: Option<usize>,
    #[serde(rename = "where")]
    place: Option<Spanned<String>>,
    answer: Option<Spanned<String>>,
    ms: Option<u64>,
    people: Option<f64>,
    above: Option<usize>,
    next: Option<String>,
}

/// What is wrong, and where in the text.
type Wrong = (Range<usize>, String);

/// Reads the faults of a plan; what is wrong is said with its line.
pub(super) fn read(text: &str) -> Result<Vec<Fault>, String> {
    let file: File =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let placed = |(span, why): Wrong| {
        let before = text.get(..span.start).unwrap_or(text);
        format!("line {}: {why}", before.matches('\n').count() + 1)
    };
    file.fault.into_iter().map(|entry| fault(entry).map_err(placed)).collect()
}

fn fault(entry: Spanned<Entry>) -> Result<Fault, Wrong> {
    let span = entry.span();
    let entry = entry.into_inner();
    let wrong = |why: String| (span.clone(), why);
    let kind = known_kind(&entry.kind)?;
    entry.keys_fit(kind).map_err(wrong)?;
    let act = entry.act(kind, &span)?;
    let by_connection = matches!(act, Act::Refuse { .. } | Act::Stall { at: Place::Accept, .. });
    if by_connection && (entry.on.is_some() || entry.path.is_some()) {
        let why = "a connection is met before it says what it wants: leave `on` and `path` out";
        return Err(wrong(why.to_owned()));
    }
    if entry.every == Some(0) || entry.from == Some(0) {
        return Err(wrong("requests are counted from 1".to_owned()));
    }
    if entry.path.as_ref().is_some_and(|path| !path.starts_with('/')) {
        return Err(wrong("`path` begins with a /".to_owned()));
    }
    let share = entry.share.map(|share| millionths("share", share)).transpose().map_err(wrong)?;
    Ok(Fault {
        on: entry.on.unwrap_or(On::Any),
        path: entry.path.unwrap_or_default(),
        share: share.unwrap_or(WHOLE),
        numbers: entry.numbers,
        from: entry.from.unwrap_or(1),
        until: entry.until.unwrap_or(u64::MAX),
        every: entry.every.unwrap_or(1),
        from_ms: entry.from_ms.unwrap_or(0),
        until_ms: entry.until_ms.unwrap_or(u64::MAX),
        act,
    })
}

fn known_kind(word: &Spanned<String>) -> Result<&'static Kind, Wrong> {
    KINDS.iter().find(|kind| kind.name == word.get_ref()).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        let why = format!("there is no kind `{}`; there are {}", word.get_ref(), names.join(", "));
        (word.span(), why)
    })
}

/// The meaning of a word, out of a list of pairs.
fn meaning<T: Copy>(word: &Spanned<String>, key: &str, words: &[(&str, T)]) -> Result<T, Wrong> {
    words.iter().find(|(name, _)| name == word.get_ref()).map(|(_, value)| *value).ok_or_else(
        || {
            let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
            let why = format!("`{key}` is one of {}, not `{}`", names.join(", "), word.get_ref());
            (word.span(), why)
        },
    )
}

fn millionths(key: &str, share: f64) -> Result<u32, String> {
    if !(0.0..=1.0).contains(&share) {
        return Err(format!("`{key}` is a share between 0 and 1, not {share}"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of one is at most a million millionths"
    )]
    let millionths = (share * f64::from(WHOLE)).round() as u32;
    Ok(millionths)
}

fn retry_after(word: &Spanned<String>) -> Result<RetryAfter, Wrong> {
    let seconds = |after: &str| after.parse().ok();
    let found = match word.get_ref().split_once(':') {
        Some(("seconds", number)) => seconds(number).map(RetryAfter::Seconds),
        Some(("date", number)) => seconds(number).map(RetryAfter::Date),
        None if word.get_ref() == "absent" => Some(RetryAfter::Absent),
        None if word.get_ref() == "absurd" => Some(RetryAfter::Absurd),
        _ => None,
    };
    found.ok_or_else(|| {
        let why = format!(
            "`retry_after` is seconds:N, date:N, absent or absurd, not `{}`",
            word.get_ref()
        );
        (word.span(), why)
    })
}

impl Entry {
    /// Whether it says what its kind needs, and nothing that only others take.
    fn keys_fit(&self, kind: &Kind) -> Result<(), String> {
        for (key, given) in [
            ("status", self.status.is_some()),
            ("when", self.when.is_some()),
            ("retry_after", self.retry_after.is_some()),
            ("bytes", self.bytes.is_some()),
            ("where", self.place.is_some()),
            ("answer", self.answer.is_some()),
            ("ms", self.ms.is_some()),
            ("people", self.people.is_some()),
            ("above", self.above.is_some()),
            ("next", self.next.is_some()),
        ] {
            let needed = kind.needs.contains(&key);
            if given && !needed && !kind.may.contains(&key) {
                return Err(format!("the kind `{}` takes no `{key}`", kind.name));
            }
            if needed && !given {
                return Err(format!("the kind `{}` needs `{key}`", kind.name));
            }
        }
        if self.ms.is_some_and(|ms| ms > LONGEST_MS) {
            return Err(format!("`ms` is at most {LONGEST_MS}, which is a day"));
        }
        Ok(())
    }

    /// What is done; `keys_fit` has seen that all is there that the kind needs.
    fn act(&self, kind: &Kind, span: &Range<usize>) -> Result<Act, Wrong> {
        let wrong = |why: String| (span.clone(), why);
        let ms = self.ms.unwrap_or(0);
        Ok(match kind.name {
            "refuse" => Act::Refuse { ms },
            "status" => Act::Status {
                status: self.status(span)?,
                when: self.effect()?,
                retry_after: self
                    .retry_after
                    .as_ref()
                    .map_or(Ok(RetryAfter::Absent), retry_after)?,
            },
            "reset" => Act::Cut { how: How::Reset, at: self.cut()?, bytes: self.bytes },
            "close" => Act::Cut { how: How::Close, at: self.cut()?, bytes: self.bytes },
            "stall" => Act::Stall { at: self.stalled()?, ms },
            "late" => Act::Late { leave: self.left()?, ms },
            "drip" => Act::Drip { ms },
            "truncate" => Act::Alter(Alter::Truncate),
            "wrong-count" => Act::Alter(Alter::WrongCount),
            "wrong-ids" => Act::Alter(Alter::WrongIds),
            "html" => Act::Alter(Alter::Html),
            "huge" => Act::Alter(Alter::Huge),
            "bomb" => Act::Alter(Alter::Bomb),
            "empty" => Act::Alter(Alter::Empty),
            "duplicate-answer" => Act::Alter(Alter::Twice),
            "partial" => {
                let people = millionths("people", self.people.unwrap_or(0.0)).map_err(wrong)?;
                Act::Partial { people }
            }
            "too-large" => Act::TooLarge { above: self.above.unwrap_or(0) },
            _ => Act::Expire { next: self.next.clone() },
        })
    }

    fn status(&self, span: &Range<usize>) -> Result<u16, Wrong> {
        let status = self.status.unwrap_or(0);
        let fits = (300..=599).contains(&status);
        fits.then_some(status)
            .ok_or_else(|| (span.clone(), format!("`status` is between 300 and 599, not {status}")))
    }

    fn effect(&self) -> Result<When, Wrong> {
        let words = [("before", When::Before), ("after", When::After)];
        self.when.as_ref().map_or(Ok(When::Before), |word| meaning(word, "when", &words))
    }

    fn cut(&self) -> Result<Cut, Wrong> {
        let words = [
            ("before", Cut::Before),
            ("mid-head", Cut::MidHead),
            ("head", Cut::Head),
            ("body", Cut::Body),
            ("after", Cut::After),
        ];
        let word = self.when.as_ref();
        let at = word.map_or(Ok(Cut::Before), |word| meaning(word, "when", &words))?;
        match word {
            Some(word) if self.bytes.is_some() && matches!(at, Cut::Head | Cut::After) => {
                let why = "`bytes` goes with before, mid-head and body".to_owned();
                Err((word.span(), why))
            }
            _ => Ok(at),
        }
    }

    fn left(&self) -> Result<Leave, Wrong> {
        let words = [("stall", Leave::Stall), ("reset", Leave::Reset)];
        self.answer.as_ref().map_or(Ok(Leave::Reset), |word| meaning(word, "answer", &words))
    }

    fn stalled(&self) -> Result<Place, Wrong> {
        let words =
            [("accept", Place::Accept), ("request", Place::Request), ("answer", Place::Answer)];
        self.place.as_ref().map_or(Ok(Place::Answer), |word| meaning(word, "where", &words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, why) in [
            ("[[fault]]\nkind = \"reset\"\nwhen = \"after\"\nbite = 3\n", "line 4"),
            ("[[fault]]\nkind = \"reset\"\nwhen = \"after\"\nbite = 3\n", "unknown field `bite`"),
            ("[[faults]]\n", "unknown field `faults`"),
            ("\n[[fault]]\nkind = \"rest\"\n", "line 3: there is no kind `rest`; there are refuse"),
            ("[[fault]]\nkind = \"reset\"\n", "line 1: the kind `reset` needs `when`"),
            ("[[fault]]\nkind = \"html\"\nms = 3\n", "line 1: the kind `html` takes no `ms`"),
            ("[[fault]]\nkind = \"reset\"\nwhen = \"late\"\n", "line 3: `when` is one of before"),
            ("[[fault]]\nkind = \"reset\"\nwhen = \"after\"\nbytes = 3\n", "`bytes` goes with"),
            ("[[fault]]\nkind = \"status\"\nstatus = 200\n", "between 300 and 599, not 200"),
            ("[[fault]]\nkind = \"status\"\nstatus = 503\nwhen = \"head\"\n", "before, after"),
            (
                "[[fault]]\nkind = \"status\"\nstatus = 503\nretry_after = \"2\"\n",
                "line 4: `retry_after` is seconds:N",
            ),
            ("[[fault]]\nkind = \"refuse\"\non = \"write\"\n", "leave `on` and `path` out"),
            (
                "[[fault]]\nkind = \"late\"\nms = 3\nanswer = \"none\"\n",
                "line 4: `answer` is one of stall, reset, not `none`",
            ),
            ("[[fault]]\nkind = \"html\"\nshare = 20\n", "a share between 0 and 1, not 20"),
            ("[[fault]]\nkind = \"html\"\nevery = 0\n", "counted from 1"),
            ("[[fault]]\nkind = \"html\"\non = \"post\"\n", "write"),
            ("[[fault]]\nkind = \"html\"\npath = \"api\"\n", "begins with a /"),
            ("[[fault]]\nkind = \"drip\"\nms = 90000000\n", "which is a day"),
            ("[[fault]]\n", "missing field `kind`"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(why), "{text}\n{said}");
        }
    }

    #[test]
    fn every_kind_can_be_read_with_what_it_needs() {
        for kind in &KINDS {
            let mut text = format!("[[fault]]\nkind = \"{}\"\n", kind.name);
            for key in kind.needs {
                text += match *key {
                    "status" => "status = 503\n",
                    "when" => "when = \"body\"\n",
                    "where" => "where = \"answer\"\n",
                    "answer" => "answer = \"stall\"\n",
                    "ms" => "ms = 5\n",
                    "people" => "people = 0.25\n",
                    "above" => "above = 3\n",
                    key => panic!("how is {key} given?"),
                };
            }
            let faults = read(&text).unwrap();
            let said = faults[0].act.to_string();
            assert!(said.starts_with(kind.name), "{said} is not {}", kind.name);
        }
        assert!(read("").unwrap().is_empty());
    }
}
