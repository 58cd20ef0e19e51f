//! What is wrong, odd or repaired in the user's data: values, never errors of the run.
//!
//! Every finding has a [`Code`] from the one [`catalogue`](ALL), a place, and a message made where
//! it was found. Reports render findings; they do not judge them.

mod catalogue;
mod severity;

use std::borrow::Cow;

pub use catalogue::*;
pub use severity::{Denied, Leeway, Severities, Severity};

use crate::row::Location;

/// One kind of finding, with all that is ever said about the kind.
#[derive(Debug)]
pub struct Code {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// How bad, unless the user decides otherwise.
    pub severity: Severity,
    /// One line, in the plural where it counts rows: the text of a cause.
    pub title: &'static str,
    /// What it means and why it matters.
    pub explanation: &'static str,
    /// A value that has it.
    pub example: &'static str,
    /// What to do.
    pub cure: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}

impl Code {
    /// The code with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|code| code.id == id)
    }
}

/// A value put in place of another, or proposed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The value that takes the place of the finding's value.
    pub after: Box<str>,
    /// Whether it was done (severity `fix`) or is only proposed.
    pub applied: bool,
}

/// One thing found in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which kind.
    pub code: &'static Code,
    /// How bad it is in this run.
    pub severity: Severity,
    /// Which row.
    pub at: Location,
    /// Which column of the sheet, from 0; `None` for a finding about the row.
    pub column: Option<u16>,
    /// Which field of the target, by the target's own name.
    pub field: Option<Cow<'static, str>>,
    /// The cell's text as read.
    pub value: Box<str>,
    /// What is wrong with this value, in one line.
    pub message: Cow<'static, str>,
    /// What to do about this value.
    pub help: Option<Cow<'static, str>>,
    /// The value after repair, or a proposal.
    pub fix: Option<Fix>,
    /// Other proposals: what the value is in each of the ways in which it reads, of which a person has to
    /// say which; or the cell with what is wrong in it replaced.
    pub readings: Option<Box<[Box<str>]>>,
    /// Which of the run's remedies were tried on the value and would have spared it this finding.
    pub remedies: Remedies,
    /// Whether a baseline accepts it.
    pub known: bool,
}

/// A set of remedies, by their numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remedies(u16);

impl Remedies {
    /// How many remedies a run may try.
    pub const MOST: usize = 16;

    /// Adds the remedy with a number below [`Self::MOST`].
    pub fn add(&mut self, number: usize) {
        self.0 |=
            u16::try_from(number).ok().and_then(|by| 1_u16.checked_shl(by.into())).unwrap_or(0);
    }

    /// Whether the remedy is in the set.
    pub fn has(self, number: usize) -> bool {
        let bit = u16::try_from(number).ok().and_then(|by| 1_u16.checked_shl(by.into()));
        bit.is_some_and(|bit| self.0 & bit != 0)
    }

    /// Whether nothing is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Finding {
    /// A finding with a place and a message, and nothing else yet.
    pub fn new(code: &'static Code, at: Location, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            severity: code.severity,
            at,
            column: None,
            field: None,
            value: Box::default(),
            message: message.into(),
            help: None,
            fix: None,
            readings: None,
            remedies: Remedies::default(),
            known: false,
        }
    }

    /// Names the column.
    #[must_use]
    pub fn column(mut self, column: Option<u16>) -> Self {
        self.column = column;
        self
    }

    /// Names the target's field.
    #[must_use]
    pub fn field(mut self, field: Cow<'static, str>) -> Self {
        self.field = Some(field);
        self
    }

    /// Quotes the cell's text.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = value.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'static, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Gives the value after repair (`applied`) or a proposal.
    #[must_use]
    pub fn fix(mut self, after: &str, applied: bool) -> Self {
        self.fix = Some(Fix { after: after.into(), applied });
        self
    }

    /// Gives proposals that are none of one value: what it is in each of its readings.
    #[must_use]
    pub fn readings(mut self, readings: Vec<Box<str>>) -> Self {
        self.readings = (!readings.is_empty()).then(|| readings.into());
        self
    }
}

/// The result of judging one value or one row: it is good, or it is left out with all its reasons.
pub type Checked<T> = Result<T, Rejection>;

/// Why a row is left out: all of its findings, never only the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection(pub Vec<Finding>);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_says_all_it_should() {
        let mut ids: Vec<_> = ALL.iter().map(|code| code.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len(), "an id stands twice");
        for code in ALL {
            assert!(
                code.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{} is not kebab-case",
                code.id
            );
            for text in [code.title, code.explanation, code.example, code.cure] {
                assert!(!text.is_empty(), "{} lacks a text", code.id);
            }
            assert!(!code.title.ends_with('.'), "{} ends its title with a full stop", code.id);
            assert_eq!(Code::find(code.id), Some(*code));
        }
        assert_eq!(Code::find("no-such-code"), None);
    }
}
