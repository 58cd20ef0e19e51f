//! The counts as a table: what they are of, and that they add up.

use super::page::{Page, Tone};
use crate::report::words::{Part, Share, added, grouped, parts};
use crate::report::{Head, Summary};

/// What became of everybody.
pub(super) fn sums(page: &mut Page, summary: &Summary, head: &Head) {
    let rows = summary.counts.rows;
    let people = if rows == 1 { "person" } else { "people" };
    let what = format!("{people}, in {:.2} s", summary.seconds);
    table(page, &parts(head, summary), rows, &what);
    if let Some(own) = summary.added {
        page.gap();
        let what = format!("with {}", own.what);
        table(page, &added(head, own), own.tally.people(), &what);
    }
}

/// The colour of a count, where there is anything to count.
fn tone(share: Share) -> Tone {
    match share {
        Share::Good => Tone::Good,
        Share::Rejected | Share::Refused | Share::Unknown | Share::NotSent => Tone::Bad,
        Share::Skipped => Tone::Odd,
    }
}

/// Counts below each other, a rule, and their sum.
fn table(page: &mut Page, lines: &[Part], sum: u64, what: &str) {
    let counts = lines.iter().map(|(_, count, _)| *count).chain([sum]);
    let width = counts.map(|count| grouped(count).len()).max().unwrap_or(0);
    for (share, count, word) in lines {
        let tone = if *count > 0 { tone(*share) } else { Tone::Quiet };
        page.put(Some(tone), &format!("  {:>width$}  ", grouped(*count)), word);
    }
    page.put(None, "  ", &"─".repeat(width));
    page.put(Some(Tone::Strong), &format!("  {:>width$}  ", grouped(sum)), what);
}
