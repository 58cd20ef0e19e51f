//! The counts of a run as pairs of number and words, for reports that show them as a table or a line.

use super::{Added, Head, Summary, counted, grouped};
use crate::finding::{Finding, Severity};

/// What the people of a run are the sum of, in the order in which it is told.
pub(super) fn parts(head: &Head, summary: &Summary) -> Vec<(u64, String)> {
    let counts = summary.counts;
    let Some(tally) = summary.delivery else {
        let parts =
            [(counts.valid, "ready"), (counts.rejected, "rejected"), (counts.skipped, "skipped")];
        return parts.into_iter().map(|(count, word)| (count, word.to_owned())).collect();
    };
    let mut parts = vec![
        (tally.accepted, "accepted".to_owned()),
        (counts.rejected, "rejected by us".to_owned()),
        (tally.refused, format!("rejected by {}", head.target)),
        (tally.unknown, "unknown".to_owned()),
        (tally.not_sent, "not sent".to_owned()),
    ];
    if counts.skipped > 0 {
        parts.push((counts.skipped, "skipped".to_owned()));
    }
    parts
}

/// What became of that which people are sent once they have landed.
pub(super) fn added(head: &Head, added: Added) -> Vec<(u64, String)> {
    let Added { what, tally } = added;
    vec![
        (tally.accepted, format!("{what} added")),
        (tally.refused, format!("{what} rejected by {}", head.target)),
        (tally.unknown, format!("{what} unknown")),
        (tally.not_sent, format!("{what} not sent")),
    ]
}

/// The counts in a line: `120 people = 101 ready + 19 rejected + 0 skipped`.
pub(super) fn line(head: &Head, summary: &Summary) -> String {
    let words = |parts: Vec<(u64, String)>| {
        let parts = parts.into_iter().map(|(count, word)| format!("{} {word}", grouped(count)));
        parts.collect::<Vec<_>>().join(" + ")
    };
    let people = counted(summary.counts.rows, "person", "people");
    let mut line = format!("{people} = {}", words(parts(head, summary)));
    if let Some(own) = summary.added {
        line = format!("{line}; {}", words(added(head, own)));
    }
    line
}

/// Whom nothing is settled of, or who was refused: `3 people were refused by Vome`, a line each.
pub(super) fn troubles(head: &Head, summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    let mut tell = |count: u64, one: &str, many: &str, rest: &str| {
        if count > 0 {
            lines.push(format!("{}{rest}", counted(count, one, many)));
        }
    };
    if let Some(tally) = summary.delivery {
        let named = summary.refused.len() as u64;
        let all = if tally.refused > named { "; outcomes.csv names all of them" } else { "" };
        let by = format!(" refused by {}{all}", head.target);
        tell(tally.refused, "person was", "people were", &by);
        tell(tally.unknown, "outcome is", "outcomes are", " unknown");
        tell(tally.not_sent, "person was", "people were", " not sent");
    }
    if let Some(Added { what, tally }) = summary.added {
        let rest = format!(" landed whose {what} are not known to be added");
        tell(tally.people() - tally.accepted, "person has", "people have", &rest);
    }
    tell(
        summary.denied,
        "finding is",
        "findings are",
        " denied by --deny, so nothing is to be imported",
    );
    lines
}

/// The level that programs of CI know a finding by; what a baseline accepts is only noted.
pub(super) fn level<'a>(finding: &Finding, [error, warning, note]: [&'a str; 3]) -> &'a str {
    match finding.severity {
        _ if finding.known => note,
        Severity::Error => error,
        Severity::Warning => warning,
        Severity::Fix | Severity::Info => note,
    }
}
