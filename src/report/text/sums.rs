//! The counts as a table: what they are of, and that they add up.

use super::page::{Page, Tone};
use super::words::grouped;
use crate::report::{Added, Counts, Summary};

/// One count with its word, and its colour where there is anything to count.
type Line = (u64, String, Tone);

/// What became of everybody.
pub(super) fn sums(page: &mut Page, summary: &Summary, target: &str) {
    let Counts { rows, valid, rejected, skipped } = summary.counts;
    let mut lines: Vec<Line> = match summary.delivery {
        None => vec![
            (valid, "ready".to_owned(), Tone::Good),
            (rejected, "rejected".to_owned(), Tone::Bad),
            (skipped, "skipped".to_owned(), Tone::Odd),
        ],
        Some(tally) => vec![
            (tally.accepted, "accepted".to_owned(), Tone::Good),
            (rejected, "rejected by us".to_owned(), Tone::Bad),
            (tally.refused, format!("rejected by {target}"), Tone::Bad),
            (tally.unknown, "unknown".to_owned(), Tone::Bad),
            (tally.not_sent, "not sent".to_owned(), Tone::Bad),
        ],
    };
    if summary.delivery.is_some() && skipped > 0 {
        lines.push((skipped, "skipped".to_owned(), Tone::Odd));
    }
    let people = if rows == 1 { "person" } else { "people" };
    table(page, &lines, rows, &format!("{people}, in {:.2} s", summary.seconds));
    if let Some(Added { what, tally }) = summary.added {
        let lines = [
            (tally.accepted, "added".to_owned(), Tone::Good),
            (tally.refused, format!("rejected by {target}"), Tone::Bad),
            (tally.unknown, "unknown".to_owned(), Tone::Bad),
            (tally.not_sent, "not sent".to_owned(), Tone::Bad),
        ];
        page.gap();
        table(page, &lines, tally.people(), &format!("with {what}"));
    }
}

/// Counts below each other, a rule, and their sum.
fn table(page: &mut Page, lines: &[Line], sum: u64, what: &str) {
    let counts = lines.iter().map(|(count, ..)| *count).chain([sum]);
    let width = counts.map(|count| grouped(count).len()).max().unwrap_or(0);
    for (count, word, tone) in lines {
        let tone = if *count > 0 { *tone } else { Tone::Quiet };
        page.put(Some(tone), &format!("  {:>width$}  ", grouped(*count)), word);
    }
    page.put(None, "  ", &"─".repeat(width));
    page.put(Some(Tone::Strong), &format!("  {:>width$}  ", grouped(sum)), what);
}
