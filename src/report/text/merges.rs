//! People who were put together from several rows: on the page, field by field.

use super::page::Page;
use crate::finding::{self, Finding};
use crate::visible::visible;

/// How many rows are shown; all of them stand in the other reports.
const SHOWN: usize = 5;

/// What joining rows did, as far as the page has room for it.
#[derive(Debug, Default)]
pub(super) struct Merges {
    /// Rows with what they changed.
    first: Vec<Vec<Finding>>,
    /// Rows that changed something, and people who were put together.
    rows: usize,
    people: u64,
}

impl Merges {
    /// Takes in the findings of a row.
    pub(super) fn see(&mut self, findings: &[Finding]) {
        let is = |code: &'static finding::Code| {
            move |finding: &&Finding| std::ptr::eq(finding.code, code)
        };
        let Some(head) = findings
            .iter()
            .find(is(&finding::DUPLICATE_JOINED))
            .or_else(|| findings.iter().find(is(&finding::DUPLICATE_MERGED)))
        else {
            return;
        };
        self.people += u64::from(*head.code == finding::DUPLICATE_JOINED);
        let changes = findings.iter().filter(|finding| {
            *finding.code == finding::DUPLICATE_REPLACED
                || *finding.code == finding::DUPLICATE_FILLED
        });
        let row: Vec<Finding> = std::iter::once(head).chain(changes).cloned().collect();
        if row.len() > 1 {
            self.rows += 1;
            if self.first.len() < SHOWN {
                self.first.push(row);
            }
        }
    }

    /// The lines of the page; `place` names a row.
    pub(super) fn page(&self, page: &mut Page, place: &dyn Fn(&Finding) -> String) {
        for row in &self.first {
            let Some((head, changes)) = row.split_first() else { continue };
            page.put(None, "  ", &format!("{}  {}", place(head), visible(&head.message)));
            for change in changes {
                let field = change.field.as_deref().unwrap_or("");
                page.put(None, "    ", &format!("{field}: {}", visible(&change.message)));
            }
        }
        let more = self.rows.saturating_sub(self.first.len());
        if more > 0 {
            let line = format!("… {more} more rows: --report people.json names them all");
            page.put(None, "  ", &line);
        }
    }

    /// How many people were put together.
    pub(super) fn people(&self) -> u64 {
        self.people
    }
}
