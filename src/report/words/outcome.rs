//! How it ended, in one line.

use super::{counted, grouped};
use crate::finding::Severity;
use crate::report::Summary;

/// How good an end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Tone {
    /// All is well.
    Good,
    /// Nothing is wrong, but it is not what people mostly want.
    Odd,
    /// Somebody is left out.
    Bad,
}

impl Tone {
    /// Its mark.
    pub(in crate::report) fn mark(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Odd => "!",
            Self::Bad => "✗",
        }
    }
}

/// How it ended: who cannot be imported, or that all can, or have been.
pub(in crate::report) fn outcome(summary: &Summary) -> (Tone, String) {
    let is_error = |severity| severity == Severity::Error;
    let kinds = summary.new_causes().filter(|cause| is_error(cause.severity)).count();
    if kinds > 0 {
        let reasons = counted(kinds as u64, "reason", "reasons");
        let who = match summary.rejected_anew {
            0 => "nobody is to be imported".to_owned(),
            count => format!("{} cannot be imported", people(count)),
        };
        return (Tone::Bad, format!("{who}, for {reasons}"));
    }
    if let Some(denied) = super::remarks::denied(summary) {
        return (Tone::Bad, denied);
    }
    let valid = summary.counts.valid;
    match (summary.delivery, summary.added) {
        (Some(tally), _) if tally.accepted != valid => {
            let landed = grouped(tally.accepted);
            (Tone::Bad, format!("{landed} of {} have been {}", people(valid), done(summary)))
        }
        (Some(_), Some(added)) if !summary.all_landed() => {
            let who = counted(valid, "person has", "people have");
            let line = format!("{who} landed, not all with their {}", added.what);
            (Tone::Bad, line)
        }
        _ if valid == 0 => (Tone::Odd, "nothing to import".to_owned()),
        _ => (Tone::Good, imported(summary)),
    }
}

/// That all who can be imported can be, or have been.
fn imported(summary: &Summary) -> String {
    let valid = summary.counts.valid;
    let who = match (summary.counts.rejected == 0, valid) {
        (true, 1) => "the one person".to_owned(),
        (true, _) => format!("all {}", people(valid)),
        (false, _) => people(valid),
    };
    match (summary.delivery.is_some(), valid) {
        (false, _) => format!("{who} can be imported"),
        (true, 1) => format!("{who} has been {}", done(summary)),
        (true, _) => format!("{who} have been {}", done(summary)),
    }
}

/// What was done with those who were sent.
fn done(summary: &Summary) -> &'static str {
    if summary.undoes { "put back" } else { "imported" }
}

fn people(count: u64) -> String {
    counted(count, "person", "people")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Tally;
    use crate::report::{Added, Counts};

    #[test]
    fn the_end_is_told_in_one_line() {
        let counts =
            |valid, rejected| Counts { rows: valid + rejected, valid, rejected, skipped: 0 };
        let tally = |accepted, refused| Tally { accepted, refused, ..Tally::default() };
        let of = |counts, delivery| Summary { counts, delivery, ..Summary::default() };
        let statuses = Some(Added { what: "statuses", tally: tally(2, 1) });
        for (summary, tone, line) in [
            (of(counts(0, 0), None), Tone::Odd, "nothing to import"),
            (of(counts(1, 0), None), Tone::Good, "the one person can be imported"),
            (of(counts(1200, 0), None), Tone::Good, "all 1,200 people can be imported"),
            (of(counts(1, 2), None), Tone::Good, "1 person can be imported"),
            (of(counts(1, 0), Some(tally(1, 0))), Tone::Good, "the one person has been imported"),
            (of(counts(1, 2), Some(tally(1, 0))), Tone::Good, "1 person has been imported"),
            (of(counts(3, 0), Some(tally(2, 1))), Tone::Bad, "2 of 3 people have been imported"),
            (
                Summary { undoes: true, ..of(counts(3, 0), Some(tally(3, 0))) },
                Tone::Good,
                "all 3 people have been put back",
            ),
            (
                Summary { added: statuses, ..of(counts(3, 0), Some(tally(3, 0))) },
                Tone::Bad,
                "3 people have landed, not all with their statuses",
            ),
            (
                Summary { denied: 1, ..of(counts(3, 0), None) },
                Tone::Bad,
                "1 finding is denied by --deny, so nothing is to be imported",
            ),
        ] {
            assert_eq!(outcome(&summary), (tone, line.to_owned()));
        }
    }
}
