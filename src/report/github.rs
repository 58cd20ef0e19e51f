//! Workflow commands of GitHub Actions, which show findings beside the lines of a change.
//!
//! GitHub shows ten annotations of a level for each step, so the causes come first. They are known at the
//! end only: until then the findings lie in a temporary file.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use super::place::{self, Places, Spot};
use super::spool::Spool;
use super::words::{self, level};
use super::{Head, Judged, Kind, Output, Report, Summary, counted, failed};
use crate::cause::Cause;
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::row::{Location, Row};
use crate::visible::{harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "github",
    ending: None,
    about: "annotations of GitHub Actions, beside the lines of a change",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Github {
        out: output.out,
        folder: output.folder,
        head: Head::default(),
        places: Places::default(),
        spool: None,
        findings: 0,
    })
}

struct Github {
    out: Box<dyn Write>,
    folder: Option<PathBuf>,
    head: Head,
    places: Places,
    /// The commands of single findings.
    spool: Option<Spool>,
    findings: u64,
}

/// The commands for error, warning and all else.
const LEVELS: [&str; 3] = ["error", "warning", "notice"];

impl Github {
    fn finding(&mut self, finding: &Finding, row: Option<Row<'_>>) -> Result<()> {
        let spot = self.places.spot(&self.head, finding, row);
        let place = place::name(&self.head, finding);
        let known = if finding.known { ", accepted by the baseline" } else { "" };
        let title = format!("{}{known}", finding.code.id);
        let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let text = format!("{place}: {}{help}", finding.message);
        let path = place::path(&self.head, finding.at.input);
        let line = command(level(finding, LEVELS), &path, spot, &title, &text);
        self.findings += 1;
        if self.spool.is_none() {
            self.spool = Some(Spool::new(self.folder.as_deref()).map_err(failed)?);
        }
        let spool = self.spool.as_mut().map(|spool| spool.push(&line));
        spool.unwrap_or(Ok(())).map_err(failed)
    }

    /// A cause, at the first row that has it.
    fn cause(&self, cause: &Cause) -> String {
        let &(row, line) = cause.first.first().unwrap_or(&(0, 0));
        let at = Location { input: cause.input, row, line, byte: 0 };
        let place = words::Places::of(&self.head, cause).parts().join(" · ");
        let cure = cause.cure.as_ref().map(|cure| format!("\ncure: {}", cure.text));
        let title =
            format!("{}: {}", counted(words::amount(cause), "finding", "findings"), cause.code.id);
        let text = format!("{} ({place}){}", words::title(cause), cure.unwrap_or_default());
        let word = match (cause.severity, LEVELS) {
            (Severity::Error, [error, _, _]) => error,
            (Severity::Warning, [_, warning, _]) => warning,
            (Severity::Fix | Severity::Info, [_, _, notice]) => notice,
        };
        command(word, &place::path(&self.head, cause.input), begin(at), &title, &text)
    }

    /// Somebody whom the target refused.
    fn refusal(&self, (at, why): &(Location, String)) -> String {
        let title = format!("refused by {}", self.head.target);
        let text = format!("row {}: {}", at.row, visible(why));
        command("error", &place::path(&self.head, at.input), begin(*at), &title, &text)
    }
}

/// Where a row begins.
fn begin(at: Location) -> Spot {
    Spot { line: place::line(at), span: None }
}

/// One command. Whatever the words are, they stay on its line and in its part.
fn command(word: &str, path: &str, spot: Spot, title: &str, text: &str) -> String {
    let mut line = format!("::{word} ");
    // The runner knows an input by its path; standard input has none.
    if !matches!(path, "" | "-") {
        let _ = write!(line, "file={},", property(path));
    }
    match spot {
        Spot { span: Some(span), .. } => {
            let (start, end) = (span.start, span.end);
            let _ = write!(line, "line={},endLine={},", start.line, end.line);
            // Columns of a cell over several lines would be taken for those of one.
            if start.line == end.line {
                let _ = write!(line, "col={},endColumn={},", start.column, end.column);
            }
        }
        Spot { line: Some(number), .. } => {
            let _ = write!(line, "line={number},");
        }
        Spot { line: None, .. } => {}
    }
    let _ = writeln!(line, "title={}::{}", property(title), data(text));
    line
}

/// The words of a command.
fn data(text: &str) -> String {
    harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of one of its properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

impl Report for Github {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        Ok(())
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.finding(finding, None)
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let row = judged.row;
        judged.findings.iter().try_for_each(|finding| self.finding(finding, Some(row)))
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let mut page: String = summary.new_causes().map(|cause| self.cause(cause)).collect();
        page.extend(
            words::troubles(&self.head, summary)
                .iter()
                .map(|line| command("error", "", Spot::default(), "upsheet", line)),
        );
        page.extend(summary.refused.iter().map(|one| self.refusal(one)));
        self.out.write_all(page.as_bytes()).map_err(failed)?;
        if let Some(mut spool) = self.spool.take() {
            let end = spool.len();
            spool.copy(0, end, &mut self.out).map_err(failed)?;
        }
        let findings = counted(self.findings, "finding", "findings");
        let line = words::line(&self.head, summary);
        writeln!(
            self.out,
            "upsheet: {line}; {findings} in all, of which GitHub shows ten of a level"
        )
        .and_then(|()| self.out.flush())
        .map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_words_leave_their_place() {
        let text = "50%\r\n::set-output name=x::y\n##[add-path]z \u{1b}[2J";
        let seven = Spot { line: Some(7), span: None };
        let line = command("error", "a,b:c%\n.csv", seven, "x,y::z", text);
        assert_eq!(
            line,
            "::error file=a%2Cb%3Ac%25%0A.csv,line=7,title=x%2Cy%3A%3Az::50%25\\r%0A::set-output \
             name=x::y%0A##[add-path]z \\u{1b}[2J\n"
        );
        assert_eq!(line.lines().count(), 1);
        assert_eq!(command("notice", "-", Spot::default(), "t", "m"), "::notice title=t::m\n");
    }
}
