//! What became of people at the target, where it is not what was wanted.

use super::Text;
use super::page::{Page, Tone};
use crate::report::Summary;
use crate::report::words::{grouped, lacking, outcomes_open, refused};
use crate::visible::visible;

impl Text {
    /// Whom the target refused, and whose outcome is not known.
    pub(super) fn refusals(&self, page: &mut Page, summary: &Summary) {
        let Some(tally) = summary.delivery else { return };
        if tally.refused > 0 {
            if let Some(line) = refused(&self.head, summary) {
                page.put(Some(Tone::Bad), "✗ ", &line);
            }
            page.gap();
            for (at, why) in &summary.refused {
                let file = self.head.name_of(at.input);
                let line = format!("row {} of {}: {}", at.row, visible(&file), visible(why));
                page.put(None, "  × ", &line);
            }
            let more = tally.refused.saturating_sub(summary.refused.len() as u64);
            if more > 0 {
                page.put(None, "  ", &format!("… {} more, all in outcomes.csv", grouped(more)));
            }
            page.gap();
        }
        let open = outcomes_open(summary);
        if !open.is_empty() {
            page.put(Some(Tone::Bad), "✗ ", &open.join(", "));
            page.gap();
        }
        if let Some(line) = lacking(summary) {
            page.put(Some(Tone::Bad), "✗ ", &format!("{line}: see outcomes.csv"));
            page.gap();
        }
    }
}
