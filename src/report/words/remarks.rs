//! What is said of a run as a whole beside its outcome and its causes.

use super::{counted, grouped};
use crate::finding::Severity;
use crate::report::Summary;

/// What a report says of itself whose values are masked.
pub(in crate::report) const MASKED: &str = "masked: no value of the file stands in this report; equal values have \
                                            equal tokens in all reports of this run";

/// What is denied, in a line.
pub(super) fn denied(summary: &Summary) -> Option<String> {
    let findings = counted(summary.denied, "finding is", "findings are");
    let line = format!("{findings} denied by --deny, so nothing is to be imported");
    (summary.denied > 0).then_some(line)
}

/// That more rows are rejected than may be, in words.
pub(crate) fn too_many(summary: &Summary) -> String {
    let most = grouped(summary.most_rejected.unwrap_or_default());
    let rejected = counted(summary.rejected_anew, "person is", "people are");
    format!("{rejected} rejected, more than the {most} that --max-errors allows")
}

/// What is denied where the outcome does not say it; what a baseline accepts; what the recipe turns off.
/// Each with whether it is bad. `day` writes the day of the baseline, which is a text of a file.
pub(in crate::report) fn remarks(
    summary: &Summary,
    day: &dyn Fn(&str) -> String,
) -> Vec<(bool, String)> {
    let mut lines = Vec::new();
    if summary.new_causes().any(|cause| cause.severity == Severity::Error) {
        lines.extend(denied(summary).map(|line| (true, line)));
    }
    if summary.has_too_many() {
        lines.push((true, format!("{}, so nothing is to be imported", too_many(summary))));
    }
    if let Some(baseline) = &summary.baseline {
        let known = counted(baseline.known, "known finding", "known findings");
        let out = summary.counts.rejected.saturating_sub(summary.rejected_anew);
        let stay = match out {
            0 => String::new(),
            1 => "; 1 person stays left out by them".to_owned(),
            _ => format!("; {} people stay left out by them", grouped(out)),
        };
        let day = day(&baseline.written);
        lines.push((false, format!("{known}, accepted by the baseline of {day}{stay}")));
        if baseline.gone > 0 {
            let gone = counted(baseline.gone, "finding of it is", "findings of it are");
            lines.push((false, format!("{gone} gone: write the baseline anew")));
        }
    }
    if !summary.turned_off.is_empty() {
        let all: u64 = summary.turned_off.iter().map(|(_, count)| count).sum();
        let kinds = summary.turned_off.iter();
        let kinds: Vec<String> =
            kinds.map(|(code, count)| format!("{} {}", code.id, grouped(*count))).collect();
        let all = counted(all, "finding is", "findings are");
        lines.push((false, format!("{all} turned off by the recipe: {}", kinds.join(", "))));
    }
    lines
}
