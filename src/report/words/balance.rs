//! What became of everybody: counts that add up, each with its words.

use super::{counted, grouped};
use crate::finding::{Finding, Severity};
use crate::report::{Added, Head, Summary};

/// What became of some of the people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Share {
    /// They can be sent, or have landed.
    Good,
    /// Rejected by us.
    Rejected,
    /// Rejected by the target.
    Refused,
    /// Sent, and no answer told the outcome.
    Unknown,
    /// Ready, but not sent.
    NotSent,
    /// Nobody, or somebody who was left out by choice.
    Skipped,
}

/// So many of them, with their words.
pub(in crate::report) type Part = (Share, u64, String);

/// What the people of a run are the sum of, in the order in which it is told.
pub(in crate::report) fn parts(head: &Head, summary: &Summary) -> Vec<Part> {
    let counts = summary.counts;
    let Some(tally) = summary.delivery else {
        return vec![
            (Share::Good, counts.valid, "ready".to_owned()),
            (Share::Rejected, counts.rejected, "rejected".to_owned()),
            (Share::Skipped, counts.skipped, "skipped".to_owned()),
        ];
    };
    let mut parts = vec![
        (Share::Good, tally.accepted, "accepted".to_owned()),
        (Share::Rejected, counts.rejected, "rejected by us".to_owned()),
        (Share::Refused, tally.refused, format!("rejected by {}", head.target)),
        (Share::Unknown, tally.unknown, "unknown".to_owned()),
        (Share::NotSent, tally.not_sent, "not sent".to_owned()),
    ];
    if counts.skipped > 0 {
        parts.push((Share::Skipped, counts.skipped, "skipped".to_owned()));
    }
    parts
}

/// What became of that which people are sent once they have landed.
pub(in crate::report) fn added(head: &Head, added: Added) -> Vec<Part> {
    let tally = added.tally;
    vec![
        (Share::Good, tally.accepted, "added".to_owned()),
        (Share::Refused, tally.refused, format!("rejected by {}", head.target)),
        (Share::Unknown, tally.unknown, "unknown".to_owned()),
        (Share::NotSent, tally.not_sent, "not sent".to_owned()),
    ]
}

/// The counts in a line: `120 people = 101 ready + 19 rejected + 0 skipped`.
pub(in crate::report) fn line(head: &Head, summary: &Summary) -> String {
    let words = |parts: Vec<Part>, what: &str| {
        let parts = parts.into_iter();
        let parts = parts.map(|(_, count, word)| format!("{} {what}{word}", grouped(count)));
        parts.collect::<Vec<_>>().join(" + ")
    };
    let people = counted(summary.counts.rows, "person", "people");
    let mut line = format!("{people} = {}", words(parts(head, summary), ""));
    if let Some(own) = summary.added {
        line = format!("{line}; {}", words(added(head, own), &format!("{} ", own.what)));
    }
    line
}

/// How many people the target refused, if it refused any.
pub(in crate::report) fn refused(head: &Head, summary: &Summary) -> Option<String> {
    let refused = summary.delivery.map_or(0, |tally| tally.refused);
    let people = counted(refused, "person was", "people were");
    (refused > 0).then(|| format!("{people} refused by {}", head.target))
}

/// Of how many people the outcome is open.
pub(in crate::report) fn outcomes_open(summary: &Summary) -> Vec<String> {
    let tally = summary.delivery.unwrap_or_default();
    let unknown = counted(tally.unknown, "outcome is unknown", "outcomes are unknown");
    let unsent = counted(tally.not_sent, "person was not sent", "people were not sent");
    let open = [(tally.unknown, unknown), (tally.not_sent, unsent)];
    open.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect()
}

/// How many people lack what they are sent once they have landed.
pub(in crate::report) fn lacking(summary: &Summary) -> Option<String> {
    let Added { what, tally } = summary.added?;
    let lacking = tally.people() - tally.accepted;
    let people = counted(lacking, "person has", "people have");
    let line = format!("{people} landed whose {what} are not known to be added");
    (lacking > 0).then_some(line)
}

/// All that kept people from landing, a line each.
pub(in crate::report) fn troubles(head: &Head, summary: &Summary) -> Vec<String> {
    let denied = super::remarks::denied(summary);
    let named = summary.refused.len() as u64;
    let more = summary.delivery.is_some_and(|tally| tally.refused > named);
    let refused = refused(head, summary)
        .map(|line| if more { format!("{line}; outcomes.csv names all of them") } else { line });
    let too_many = summary.has_too_many().then(|| super::too_many(summary));
    let lines = refused.into_iter().chain(outcomes_open(summary)).chain(lacking(summary));
    lines.chain(denied).chain(too_many).collect()
}

/// The level that programs of CI know a finding by; what a baseline accepts is only noted.
pub(in crate::report) fn level<'a>(
    finding: &Finding,
    [error, warning, note]: [&'a str; 3],
) -> &'a str {
    match finding.severity {
        _ if finding.known => note,
        Severity::Error => error,
        Severity::Warning => warning,
        Severity::Fix | Severity::Info => note,
    }
}
