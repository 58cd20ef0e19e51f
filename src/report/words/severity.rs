//! How each severity is called and marked, for people.

use super::counted;
use crate::finding::Severity;

/// A severity, as people are told of it: nothing is said by a colour alone.
#[derive(Clone, Copy, Debug)]
pub(in crate::report) struct Grade {
    /// Which it is.
    pub(in crate::report) severity: Severity,
    /// Its mark.
    pub(in crate::report) mark: &'static str,
    /// What one finding of it is.
    pub(in crate::report) word: &'static str,
    /// What one finding of it, or several, are where they are counted.
    heading: (&'static str, &'static str),
}

/// All of them, the worst first.
pub(in crate::report) const GRADES: [Grade; 4] = [
    Grade {
        severity: Severity::Error,
        mark: "✗",
        word: "error",
        heading: ("error, which leaves a person out", "errors, which leave people out"),
    },
    Grade {
        severity: Severity::Warning,
        mark: "!",
        word: "to look at",
        heading: ("thing to look at", "things to look at"),
    },
    Grade {
        severity: Severity::Fix,
        mark: "✓",
        word: "repaired",
        heading: ("repair was made", "repairs were made"),
    },
    Grade { severity: Severity::Info, mark: "i", word: "note", heading: ("note", "notes") },
];

impl Grade {
    /// So many of them.
    pub(in crate::report) fn counted(self, count: u64) -> String {
        counted(count, self.heading.0, self.heading.1)
    }
}

/// What people are told of a severity.
pub(in crate::report) fn grade(severity: Severity) -> Grade {
    let [error, warning, fix, info] = GRADES;
    match severity {
        Severity::Error => error,
        Severity::Warning => warning,
        Severity::Fix => fix,
        Severity::Info => info,
    }
}
