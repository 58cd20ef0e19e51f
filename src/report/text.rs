//! The report for people: outcome first, causes before cases, the next step last.

mod cases;
mod causes;
mod merges;
mod page;
#[cfg(test)]
mod properties;
mod sample;
mod sheet;
mod sums;

use std::io::Write;

use self::merges::Merges;
pub(crate) use self::page::hanging;
use self::page::{Page, Tone};
use self::sample::Sample;
use self::sheet::sheet_lines;
use self::sums::sums;
use super::words::{self, GRADES, Line, MASKED, came_back, counted, grouped, outcome, remarks};
use super::{Head, Judged, Kind, Output, Report, Sheet, Style, Summary, failed, reasons};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::visible::{harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "text",
    ending: Some("txt"),
    about: "a page for people",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

/// How many single findings are shown below the causes; all of them stand in the other reports.
const SHOWN: usize = 5;
/// How many are shown where there are fewer kinds: the causes have said it all.
const FEW: usize = 3;

fn open(output: Output) -> Box<dyn Report> {
    let Output { out, style, .. } = output;
    Box::new(Text {
        out,
        style,
        head: Head::default(),
        notes: Vec::new(),
        kinds: Vec::new(),
        others: Vec::new(),
        errors: 0,
        merges: Merges::default(),
    })
}

struct Text {
    out: Box<dyn Write>,
    style: Style,
    head: Head,
    /// What was found about the inputs as a whole.
    notes: Vec<Finding>,
    /// The first error of each kind in each column.
    kinds: Vec<Sample>,
    /// The first of the others.
    others: Vec<Sample>,
    errors: u64,
    merges: Merges,
}

impl Text {
    /// Who was put together from several rows.
    fn merged(&self, page: &mut Page) {
        if self.merges.people() == 0 {
            return;
        }
        let people = counted(self.merges.people(), "person was", "people were");
        page.put(Some(Tone::Odd), "! ", &format!("{people} put together from several rows"));
        page.gap();
        self.merges.page(page, &|finding| {
            let sheet = self.head.sheets.get(usize::from(finding.at.input));
            let name = sheet.map_or_else(String::new, |sheet| sheet.facts.name());
            format!("row {} of {}", finding.at.row, visible(&name))
        });
        page.gap();
    }

    /// What is otherwise in inputs that were checked before.
    fn came_back(&self, page: &mut Page, summary: &Summary) {
        for said in came_back(&self.head, summary) {
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

    /// Who cannot be imported and why, or that all can.
    fn outcome(&self, page: &mut Page, summary: &Summary) {
        let (end, line) = outcome(summary);
        let tone = match end {
            words::Tone::Good => Tone::Good,
            words::Tone::Odd => Tone::Odd,
            words::Tone::Bad => Tone::Bad,
        };
        page.put(Some(tone), &format!("{} ", end.mark()), &line);
        page.gap();
        if summary.of(Severity::Error) > 0 {
            self.causes(page, summary, Severity::Error);
            page.gap();
            self.samples(page, summary);
        }
    }

    /// Some of the errors in their rows: one of each kind first; what room is left goes to others, in
    /// the order of the file.
    fn samples(&self, page: &mut Page, summary: &Summary) {
        let room = self.kinds.len().max(FEW);
        let mut samples: Vec<&Sample> = self.kinds.iter().chain(&self.others).take(room).collect();
        samples.sort_by_key(|sample| sample.number);
        for (index, sample) in samples.iter().enumerate() {
            if index > 0 {
                page.gap();
            }
            sample.show(page, self.head.sheets.get(usize::from(sample.finding.at.input)));
        }
        let more = self.errors.saturating_sub(samples.len() as u64);
        if more > 0 {
            page.put(
                None,
                "  ",
                &format!("… {} more: {}", grouped(more), self.whole_list(summary)),
            );
        }
        page.gap();
    }

    /// Where all findings are to be had: in what people correct sheets with, where that may be.
    fn whole_list(&self, summary: &Summary) -> &'static str {
        let sheets = &self.head.sheets;
        if self.head.is_masked {
            "--report problems.html lists them all, masked like this page"
        } else if summary.delivery.is_some() {
            // The run was sent: it is not made again for the sake of a report.
            "upsheet results, below, gives the rows back with their reasons"
        } else if sheets.iter().any(Sheet::is_named_for_macros) {
            "--report problems.xlsm gives them all back in your own sheet"
        } else if sheets.iter().all(|sheet| sheet.origin().is_some()) {
            "--report problems.xlsx gives them all back in your own sheet"
        } else {
            "--report problems.xlsx gives them all back in a workbook to correct"
        }
    }

    /// What the page does not show: what a baseline accepts, what the recipe turns off; and what is
    /// denied among the things that it does.
    fn left_unsaid(page: &mut Page, summary: &Summary) {
        let lines = remarks(summary, &visible);
        for (is_bad, line) in &lines {
            let (tone, mark) = if *is_bad { (Tone::Bad, "✗ ") } else { (Tone::Odd, "· ") };
            page.put(Some(tone), mark, line);
        }
        if !lines.is_empty() {
            page.gap();
        }
    }
}

impl Report for Text {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        Ok(())
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        if !finding.known {
            self.notes.push(finding.clone());
        }
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        self.merges.see(judged.findings);
        for finding in reasons(judged.findings).filter(|finding| !finding.known) {
            self.errors += 1;
            if self.kinds.len() == SHOWN {
                continue;
            }
            let is_known = |known: &Sample| {
                known.finding.code == finding.code && known.finding.column == finding.column
            };
            let kept =
                if self.kinds.iter().any(is_known) { &mut self.others } else { &mut self.kinds };
            if kept.len() < SHOWN {
                kept.push(Sample::new(self.errors, finding, &judged));
            }
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let mut page = Page::new(self.style);
        for (index, sheet) in self.head.sheets.iter().enumerate() {
            let people = summary.people.get(index).copied().unwrap_or(0);
            sheet_lines(&mut page, sheet, people);
        }
        if self.head.is_masked {
            page.put(Some(Tone::Odd), "  ! ", MASKED);
        }
        for note in &self.notes {
            page.put(Some(Tone::Odd), "  ! ", &harmless(&note.message));
            if let Some(help) = &note.help {
                page.put(None, "    help: ", &harmless(help));
            }
        }
        page.gap();
        self.came_back(&mut page, summary);
        self.outcome(&mut page, summary);
        self.refusals(&mut page, summary);
        self.merged(&mut page);
        for grade in GRADES.into_iter().filter(|grade| grade.severity != Severity::Error) {
            let count = summary.of(grade.severity);
            if count > 0 {
                page.put(Some(Tone::Odd), "! ", &grade.counted(count));
                page.gap();
                self.causes(&mut page, summary, grade.severity);
                page.gap();
            }
        }
        Self::left_unsaid(&mut page, summary);
        sums(&mut page, summary, &self.head);
        page.gap();
        if let Some(worst) = summary.new_causes().next() {
            page.put(Some(Tone::Quiet), "  ", &format!("why: upsheet explain {}", worst.code.id));
        }
        for next in &summary.next {
            page.exact(&format!("  {}", harmless(next)));
        }
        self.out.write_all(page.into_text().as_bytes()).map_err(failed)?;
        self.out.flush().map_err(failed)
    }
}
