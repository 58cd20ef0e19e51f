//! What became of people at the target, where it is not what was wanted.

use super::Text;
use super::page::{Page, Tone};
use super::words::{counted, grouped};
use crate::report::{Added, Summary};
use crate::visible::visible;

impl Text {
    /// Whom the target refused, and whose outcome is not known.
    pub(super) fn refusals(&self, page: &mut Page, summary: &Summary) {
        let Some(tally) = summary.delivery else { return };
        if tally.refused > 0 {
            let people = counted(tally.refused, "person was", "people were");
            let line = format!("{people} refused by {}", self.head.target);
            page.put(Some(Tone::Bad), "✗ ", &line);
            page.gap();
            for (at, why) in &summary.refused {
                let sheet = self.head.sheets.get(usize::from(at.input));
                let file = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
                let line = format!("row {} of {}: {}", at.row, visible(&file), visible(why));
                page.put(None, "  × ", &line);
            }
            let more = tally.refused.saturating_sub(summary.refused.len() as u64);
            if more > 0 {
                page.put(None, "  ", &format!("… {} more, all in outcomes.csv", grouped(more)));
            }
            page.gap();
        }
        if tally.unknown + tally.not_sent > 0 {
            let unknown = counted(tally.unknown, "outcome is unknown", "outcomes are unknown");
            let unsent = counted(tally.not_sent, "person was not sent", "people were not sent");
            let open = [(tally.unknown, unknown), (tally.not_sent, unsent)];
            let open = open.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
            page.put(Some(Tone::Bad), "✗ ", &open.collect::<Vec<_>>().join(", "));
            page.gap();
        }
        if let Some(Added { what, tally }) = summary.added {
            let lacking = tally.people() - tally.accepted;
            if lacking > 0 {
                let people = counted(lacking, "person has", "people have");
                let line = format!(
                    "{people} landed whose {what} are not known to be added: see outcomes.csv"
                );
                page.put(Some(Tone::Bad), "✗ ", &line);
                page.gap();
            }
        }
    }
}
