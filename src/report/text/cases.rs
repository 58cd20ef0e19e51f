//! Single findings and single people, with their places.

use std::fmt::Write as _;

use super::words::{counted, grouped};
use super::{Text, Tone};
use crate::finding::Finding;
use crate::report::Summary;
use crate::row::letters;
use crate::visible::visible;

impl Text {
    /// One finding with its place, its value and what to do.
    pub(super) fn case(&self, page: &mut String, finding: &Finding) {
        let at = finding.at;
        let sheet = self.head.sheets.get(usize::from(at.input));
        let header = finding.column.and_then(|column| {
            Some(sheet?.mapping.columns.get(usize::from(column))?.header.as_str())
        });
        let place = match (sheet.and_then(|sheet| sheet.facts.sheet.as_ref()), finding.column) {
            (Some(name), Some(column)) => {
                format!("{}!{}{}", visible(name), letters(usize::from(column)), at.row)
            }
            (Some(name), None) => format!("{}!{}", visible(name), at.row),
            (None, column) => {
                let file = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
                let mut place = format!("{}:{}", visible(&file), at.line);
                if let (Some(column), Some(header)) = (column, header) {
                    let letter = letters(usize::from(column));
                    let _ = write!(place, " (column {letter} \"{}\")", visible(header));
                }
                place
            }
        };
        let mark = self.paint(Tone::Bad, "×");
        let code = self.paint(Tone::Quiet, &format!("[{}]", finding.code.id));
        let _ = writeln!(page, "  {mark} {}  {code}", visible(&finding.message));
        let value = visible(&finding.value);
        let shown = if value.is_empty() { String::new() } else { format!("  \"{value}\"") };
        let _ = writeln!(page, "    {place}{shown}");
        if let Some(help) = &finding.help {
            let _ = writeln!(page, "    help: {}", visible(help));
        }
    }

    /// Whom the target refused, and whose outcome is not known.
    pub(super) fn refusals(&self, page: &mut String, summary: &Summary) {
        let Some(tally) = summary.delivery else { return };
        if tally.refused > 0 {
            let people = counted(tally.refused, "person was", "people were");
            let line = format!("✗ {people} refused by {}", self.head.target);
            let _ = writeln!(page, "{}\n", self.paint(Tone::Bad, &line));
            for (at, why) in &summary.refused {
                let sheet = self.head.sheets.get(usize::from(at.input));
                let file = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
                let _ =
                    writeln!(page, "  × row {} of {}: {}", at.row, visible(&file), visible(why));
            }
            let more = tally.refused.saturating_sub(summary.refused.len() as u64);
            if more > 0 {
                let _ = writeln!(page, "  … {} more, all in outcomes.csv", grouped(more));
            }
            page.push('\n');
        }
        if tally.unknown + tally.not_sent > 0 {
            let unknown = counted(tally.unknown, "outcome is unknown", "outcomes are unknown");
            let unsent = counted(tally.not_sent, "person was not sent", "people were not sent");
            let open = [(tally.unknown, unknown), (tally.not_sent, unsent)];
            let open = open.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
            let line = format!("✗ {}", open.collect::<Vec<_>>().join(", "));
            let _ = writeln!(page, "{}\n", self.paint(Tone::Bad, &line));
        }
    }
}
