//! The report for people: outcome first, causes before cases, the next step last.

mod cases;
mod causes;
mod merges;
mod returned;
mod sheet;
pub(crate) mod words;

use std::fmt::Write as _;
use std::io::Write;

use self::merges::Merges;
use self::words::{counted, grouped};
use super::{Added, Counts, Head, Judged, Kind, Output, Report, Style, Summary, failed, reasons};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::visible::{harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "text",
    ending: Some("txt"),
    about: "a page for people",
    to_stdout: true,
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
    /// The first error of each kind in each column, with its number among all errors.
    kinds: Vec<(u64, Finding)>,
    /// The first of the others.
    others: Vec<(u64, Finding)>,
    errors: u64,
    merges: Merges,
}

/// Colours by meaning.
#[derive(Clone, Copy)]
enum Tone {
    Good,
    Bad,
    Odd,
    Quiet,
    Strong,
}

impl Text {
    fn paint(&self, tone: Tone, text: &str) -> String {
        if !self.style.color {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Odd => "33",
            Tone::Quiet => "2",
            Tone::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// Who was put together from several rows.
    fn merged(&self, page: &mut String) {
        if self.merges.people() == 0 {
            return;
        }
        let people = counted(self.merges.people(), "person was", "people were");
        let line = format!("! {people} put together from several rows");
        let _ = writeln!(page, "{}\n", self.paint(Tone::Odd, &line));
        self.merges.page(page, &|finding| {
            let sheet = self.head.sheets.get(usize::from(finding.at.input));
            let name = sheet.map_or_else(String::new, |sheet| sheet.facts.name());
            format!("row {} of {}", finding.at.row, visible(&name))
        });
        page.push('\n');
    }

    fn balance(&self, page: &mut String, summary: &Summary) {
        let Counts { rows, valid, rejected, skipped } = summary.counts;
        let people = counted(rows, "person", "people");
        let line = match summary.delivery {
            None => format!(
                "{people} = {} ready + {} rejected + {} skipped",
                grouped(valid),
                grouped(rejected),
                grouped(skipped)
            ),
            Some(tally) => {
                let mut line = format!(
                    "{people} = {} accepted + {} rejected by us + {} rejected by {} + {} unknown \
                     + {} not sent",
                    grouped(tally.accepted),
                    grouped(rejected),
                    grouped(tally.refused),
                    self.head.target,
                    grouped(tally.unknown),
                    grouped(tally.not_sent),
                );
                if skipped > 0 {
                    let _ = write!(line, " + {} skipped", grouped(skipped));
                }
                line
            }
        };
        let _ = writeln!(page, "  {}    {:.2} s", self.paint(Tone::Strong, &line), summary.seconds);
        if let Some(Added { what, tally }) = summary.added {
            let _ = writeln!(
                page,
                "  {} with {what} = {} added + {} rejected by {} + {} unknown + {} not sent",
                grouped(tally.people()),
                grouped(tally.accepted),
                grouped(tally.refused),
                self.head.target,
                grouped(tally.unknown),
                grouped(tally.not_sent),
            );
        }
    }
}

impl Text {
    /// Who cannot be imported and why, or that all can.
    fn outcome(&self, page: &mut String, summary: &Summary) {
        let is_error = |severity| severity == Severity::Error;
        let kinds = summary.new_causes().filter(|cause| is_error(cause.severity)).count();
        if kinds > 0 {
            let reasons = counted(kinds as u64, "reason", "reasons");
            let line = if summary.rejected_anew > 0 {
                let people = counted(summary.rejected_anew, "person", "people");
                format!("✗ {people} cannot be imported, for {reasons}")
            } else {
                format!("✗ nobody is to be imported, for {reasons}")
            };
            let _ = writeln!(page, "{}\n", self.paint(Tone::Bad, &line));
            self.causes(page, summary, Severity::Error);
            page.push('\n');
            // One of each kind first; what room is left goes to others, in the order of the file.
            let room = self.kinds.len().max(FEW);
            let mut cases: Vec<&(u64, Finding)> =
                self.kinds.iter().chain(&self.others).take(room).collect();
            cases.sort_by_key(|(number, _)| *number);
            for (_, finding) in &cases {
                self.case(page, finding);
            }
            let more = self.errors.saturating_sub(cases.len() as u64);
            if more > 0 {
                let _ = writeln!(
                    page,
                    "  … {} more: --report problems.csv gives the rows back with their reasons",
                    grouped(more)
                );
            }
            page.push('\n');
        } else if summary.denied > 0 {
            let line = denied(summary);
            let _ = writeln!(page, "{}\n", self.paint(Tone::Bad, &line));
        } else if summary.all_landed() {
            let all = summary.counts.rejected == 0;
            let line = match (summary.counts.valid, summary.delivery.is_some()) {
                (0, _) => "nothing to import".to_owned(),
                (1, false) if all => "✓ the one person can be imported".to_owned(),
                (1, true) if all => "✓ the one person has been imported".to_owned(),
                (valid, false) if all => format!("✓ all {} people can be imported", grouped(valid)),
                (valid, true) if all => {
                    format!("✓ all {} people have been imported", grouped(valid))
                }
                (valid, false) => {
                    format!("✓ {} can be imported", counted(valid, "person", "people"))
                }
                (valid, true) => {
                    let people = counted(valid, "person has", "people have");
                    format!("✓ {people} been imported")
                }
            };
            let _ = writeln!(page, "{}\n", self.paint(Tone::Good, &line));
        }
    }

    /// What the page does not show: what a baseline accepts, what the recipe turns off; and what is
    /// denied among the things that it does.
    fn left_unsaid(&self, page: &mut String, summary: &Summary) {
        let mut lines = Vec::new();
        let mut causes = summary.new_causes();
        if summary.denied > 0 && causes.any(|cause| cause.severity == Severity::Error) {
            lines.push((Tone::Bad, denied(summary)));
        }
        if let Some(baseline) = &summary.baseline {
            let known = counted(baseline.known, "known finding", "known findings");
            let out = summary.counts.rejected.saturating_sub(summary.rejected_anew);
            let stay = match out {
                0 => String::new(),
                1 => "; 1 person stays left out by them".to_owned(),
                _ => format!("; {} people stay left out by them", grouped(out)),
            };
            let day = visible(&baseline.written);
            lines.push((Tone::Odd, format!("· {known}, accepted by the baseline of {day}{stay}")));
            if baseline.gone > 0 {
                let gone = counted(baseline.gone, "finding of it is", "findings of it are");
                lines.push((Tone::Odd, format!("· {gone} gone: write the baseline anew")));
            }
        }
        if !summary.turned_off.is_empty() {
            let all: u64 = summary.turned_off.iter().map(|(_, count)| count).sum();
            let kinds = summary.turned_off.iter();
            let kinds: Vec<String> =
                kinds.map(|(code, count)| format!("{} {}", code.id, grouped(*count))).collect();
            let all = counted(all, "finding is", "findings are");
            let line = format!("· {all} turned off by the recipe: {}", kinds.join(", "));
            lines.push((Tone::Odd, line));
        }
        for (tone, line) in &lines {
            let _ = writeln!(page, "{}", self.paint(*tone, line));
        }
        if !lines.is_empty() {
            page.push('\n');
        }
    }
}

/// What is denied, in a line.
fn denied(summary: &Summary) -> String {
    let denied = counted(summary.denied, "finding is", "findings are");
    format!("✗ {denied} denied by --deny, so nothing is to be imported")
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
            let is_known = |(_, known): &(u64, Finding)| {
                known.code == finding.code && known.column == finding.column
            };
            let kept =
                if self.kinds.iter().any(is_known) { &mut self.others } else { &mut self.kinds };
            if kept.len() < SHOWN {
                kept.push((self.errors, finding.clone()));
            }
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let mut page = String::new();
        for (index, sheet) in self.head.sheets.iter().enumerate() {
            let people = summary.people.get(index).copied().unwrap_or(0);
            self.sheet_lines(&mut page, sheet, people);
        }
        for note in &self.notes {
            let line = format!("  ! {}", harmless(&note.message));
            let _ = writeln!(page, "{}", self.paint(Tone::Odd, &line));
            if let Some(help) = &note.help {
                let _ = writeln!(page, "    help: {}", harmless(help));
            }
        }
        page.push('\n');
        self.came_back(&mut page, summary);
        self.outcome(&mut page, summary);
        self.refusals(&mut page, summary);
        self.merged(&mut page);
        for (severity, singular, plural) in [
            (Severity::Warning, "thing to look at", "things to look at"),
            (Severity::Fix, "repair was made", "repairs were made"),
            (Severity::Info, "note", "notes"),
        ] {
            let count = summary.of(severity);
            if count > 0 {
                let line = format!("! {}", counted(count, singular, plural));
                let _ = writeln!(page, "{}\n", self.paint(Tone::Odd, &line));
                self.causes(&mut page, summary, severity);
                page.push('\n');
            }
        }
        self.left_unsaid(&mut page, summary);
        self.balance(&mut page, summary);
        if let Some(worst) = summary.new_causes().next() {
            let why = format!("why: upsheet explain {}", worst.code.id);
            let _ = writeln!(page, "  {}", self.paint(Tone::Quiet, &why));
        }
        for next in &summary.next {
            let _ = writeln!(page, "  {}", harmless(next));
        }
        self.out.write_all(page.as_bytes()).map_err(failed)?;
        self.out.flush().map_err(failed)
    }
}
