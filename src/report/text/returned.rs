//! What became of a workbook that was checked before: on the page.

use super::Text;
use super::page::{Page, Tone};
use crate::report::Summary;
use crate::report::returned::{Line, lines};

impl Text {
    /// What is otherwise in inputs that were checked before.
    pub(super) fn came_back(&self, page: &mut Page, summary: &Summary) {
        for said in lines(&self.head, summary) {
            for line in said {
                match line {
                    Line::Rows(line) => {
                        page.put(Some(Tone::Strong), "· ", &line);
                        page.gap();
                    }
                    Line::Plain(line) => page.put(None, "  ", &line),
                    Line::Kind(line) => page.put(None, "    ", &line),
                    Line::Odd(line) => page.put(Some(Tone::Odd), "  ! ", &line),
                }
            }
            page.gap();
        }
    }
}
