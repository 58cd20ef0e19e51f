//! A page for the comment on a pull request or the summary of a step, short enough for both.
//!
//! All words of other people stand in code spans: there no markup, no HTML, no link and no mention of
//! somebody means anything.

use std::fmt::Write as _;
use std::io::Write;

use super::{
    Head, Judged, Kind, Output, Report, Summary, counted, failed, grouped, place, reasons, words,
};
use crate::cause::Cause;
use crate::error::Result;
use crate::finding::Finding;
use crate::visible::{harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "markdown",
    ending: Some("md"),
    about: "a page in Markdown for a pull request or the summary of a step",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

/// Cases that are shown below the causes.
const CASES: usize = 20;
/// GitHub takes so many characters in a comment; a byte is a character at most.
const MOST: usize = 65_535;
/// What the tables may fill, with room for what stands below them.
const TABLES: usize = 56_000;
/// What the causes may fill of that.
const CAUSES: usize = 36_000;
/// What the lines about the inputs, and those of what to do next, may fill each.
const LINES: usize = 4_000;

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Markdown {
        out: output.out,
        head: Head::default(),
        notes: Vec::new(),
        cases: Vec::new(),
        errors: 0,
    })
}

struct Markdown {
    out: Box<dyn Write>,
    head: Head,
    /// What was found about the inputs as a whole.
    notes: Vec<Finding>,
    /// The first errors.
    cases: Vec<Finding>,
    errors: u64,
}

/// Other people's words, as they are: in a span of code with more backticks around than are within.
pub(super) fn code(text: &str) -> String {
    let text = harmless(text).replace('\n', " ");
    let fence = "`".repeat(longest_run(&text) + 1);
    let edge = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) || text.is_empty();
    let space = if edge { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// The same in a cell of a table, which a bar would end, be it in code.
fn cell(text: &str) -> String {
    code(&visible(text)).replace('|', "\\|")
}

/// The most backticks that stand together.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A block of code.
fn block(lines: &str) -> String {
    let lines = harmless(lines);
    let fence = "`".repeat(longest_run(&lines).max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", lines.trim_end())
}

/// Adds lines as far as there is room for them; tells how many there was none for.
fn fill(page: &mut String, most: usize, lines: impl Iterator<Item = String>) -> usize {
    let mut left_out = 0;
    for line in lines {
        // One that is too long leaves the later ones out too: what is shown has no gaps.
        if left_out > 0 || page.len() + line.len() > most {
            left_out += 1;
        } else {
            page.push_str(&line);
        }
    }
    left_out
}

impl Markdown {
    /// How it ended, in one line.
    fn outcome(&self, page: &mut String, summary: &Summary) {
        let _ = writeln!(page, "### upsheet\n");
        let (tone, line) = words::outcome(summary);
        let mut lines = vec![format!("{} {line}", tone.mark())];
        let troubles = words::troubles(&self.head, summary).into_iter();
        lines.extend(troubles.filter(|own| *own != line).map(|line| format!("✗ {line}")));
        for line in lines {
            let _ = writeln!(page, "**{line}**\n");
        }
        if self.head.is_masked {
            let _ = writeln!(page, "{}\n", words::MASKED);
        }
    }

    /// The inputs, and what was found about each as a whole.
    fn inputs(&self, page: &mut String, summary: &Summary) {
        let most = page.len() + LINES;
        let people = |index: usize| summary.people.get(index).copied().unwrap_or(0);
        let sheets = self.head.sheets.iter().enumerate();
        let lines = sheets.map(|(index, sheet)| {
            let people = counted(people(index), "person", "people");
            format!("- {}: {people}\n", code(&visible(&sheet.facts.name())))
        });
        let notes = self.notes.iter().map(|note| {
            let known = if note.known { ", accepted by the baseline" } else { "" };
            let word = words::grade(note.severity).word;
            format!("- {word}{known}: {}\n", code(&note.message))
        });
        let left_out = fill(page, most, lines.chain(notes));
        tell_rest(page, left_out, "line about the inputs", "lines about the inputs");
        page.push('\n');
    }

    fn counts(&self, page: &mut String, summary: &Summary) {
        let mut table = |parts: Vec<(u64, String)>| {
            let words: Vec<&str> = parts.iter().map(|(_, word)| word.as_str()).collect();
            let counts: Vec<String> = parts.iter().map(|(count, _)| grouped(*count)).collect();
            let rule = "---:|".repeat(parts.len());
            let _ =
                writeln!(page, "| {} |\n|{rule}\n| {} |\n", words.join(" | "), counts.join(" | "));
        };
        let told =
            |parts: Vec<words::Part>| parts.into_iter().map(|(_, count, word)| (count, word));
        let mut parts = vec![(summary.counts.rows, "people".to_owned())];
        parts.extend(told(words::parts(&self.head, summary)));
        table(parts);
        if let Some(added) = summary.added {
            let parts = told(words::added(&self.head, added));
            table(parts.map(|(count, word)| (count, format!("{} {word}", added.what))).collect());
        }
        // What is denied stands with the outcome.
        let remarks = words::remarks(summary, &|day| code(&visible(day)));
        for (_, line) in remarks.into_iter().filter(|(is_bad, _)| !is_bad) {
            let _ = writeln!(page, "{line}\n");
        }
    }

    /// What became of inputs that were checked before; it repeats names and headers, so it stands in code.
    fn came_back(&self, page: &mut String, summary: &Summary) {
        let said = words::came_back(&self.head, summary).into_iter().flatten();
        let mut lines = said.peekable();
        if lines.peek().is_none() {
            return;
        }
        let lines = lines.map(|line| match line {
            words::Line::Rows(line) => format!("{line}\n"),
            words::Line::Plain(line) => format!("  {line}\n"),
            words::Line::Kind(line) => format!("    {line}\n"),
            words::Line::Odd(line) => format!("! {line}\n"),
        });
        let mut said = String::new();
        let left_out = fill(&mut said, LINES, lines);
        let _ = writeln!(page, "{}", block(&said));
        tell_rest(page, left_out, "line about them", "lines about them");
    }

    fn causes(&self, page: &mut String, summary: &Summary) {
        let causes = summary.new_causes();
        let mut lines = causes.map(|cause| self.cause(cause)).peekable();
        if lines.peek().is_none() {
            return;
        }
        page.push_str("| findings | | cause | where | cure |\n|---:|---|---|---|---|\n");
        let left_out = fill(page, CAUSES, lines);
        page.push('\n');
        tell_rest(page, left_out, "cause", "causes");
    }

    fn cause(&self, cause: &Cause) -> String {
        let words::Places { file, column, rows } = words::Places::of(&self.head, cause);
        let column = column.map(|(letter, header)| format!("column {letter} {}", cell(&header)));
        let place: Vec<String> =
            file.as_deref().map(cell).into_iter().chain(column).chain([rows]).collect();
        let place = place.join(" ");
        let cure = cause.cure.as_ref().map(|cure| {
            let lines = cure.text.lines().map(cell).collect::<Vec<_>>().join("<br>");
            format!("{lines}{}", words::then(cure))
        });
        format!(
            "| {} | {} | {} `{}` | {place} | {} |\n",
            grouped(words::amount(cause)),
            words::grade(cause.severity).word,
            cell(&words::title(cause)),
            cause.code.id,
            cure.unwrap_or_default(),
        )
    }

    fn cases(&self, page: &mut String) {
        if self.cases.is_empty() {
            return;
        }
        let all = match self.errors {
            1 => "the error".to_owned(),
            errors if errors == self.cases.len() as u64 => {
                format!("all {} errors", grouped(errors))
            }
            errors => format!("the first of {} errors", grouped(errors)),
        };
        let _ = writeln!(page, "<details><summary>{all}</summary>\n");
        page.push_str("| where | value | what is wrong | what to do |\n|---|---|---|---|\n");
        let lines = self.cases.iter().map(|finding| {
            let many = self.head.sheets.len() > 1;
            let file = many.then(|| place::path(&self.head, finding.at.input));
            let file = file.map(|path| format!("{} ", cell(&path))).unwrap_or_default();
            let help = finding.help.as_deref().map(cell).unwrap_or_default();
            let value = if finding.value.is_empty() { String::new() } else { cell(&finding.value) };
            let name = cell(&place::name(&self.head, finding));
            format!("| {file}{name} | {value} | {} | {help} |\n", cell(&finding.message))
        });
        let unshown = fill(page, TABLES, lines) as u64;
        let shown = self.cases.len() as u64 - unshown;
        page.push_str("\n</details>\n\n");
        let left_out = usize::try_from(self.errors - shown).unwrap_or(usize::MAX);
        tell_rest(page, left_out, "error", "errors");
    }
}

/// What is not on the page, and where it is.
fn tell_rest(page: &mut String, left_out: usize, one: &str, many: &str) {
    if left_out > 0 {
        let rest = counted(left_out as u64, &format!("more {one}"), &format!("more {many}"));
        let _ = writeln!(page, "… {rest}: `--report report.json` has all of them\n");
    }
}

impl Report for Markdown {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        Ok(())
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.notes.push(finding.clone());
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        for finding in reasons(judged.findings).filter(|finding| !finding.known) {
            self.errors += 1;
            if self.cases.len() < CASES {
                self.cases.push(finding.clone());
            }
        }
        Ok(())
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let mut page = String::new();
        self.outcome(&mut page, summary);
        self.counts(&mut page, summary);
        self.inputs(&mut page, summary);
        self.came_back(&mut page, summary);
        self.causes(&mut page, summary);
        self.cases(&mut page);
        let refused = summary.refused.iter().map(|(at, why)| {
            let path = place::path(&self.head, at.input);
            // A run that is resumed reads no inputs.
            let file = match path.as_str() {
                "" => String::new(),
                path => format!(" of {}", code(&visible(path))),
            };
            format!("- row {}{file}: {}\n", at.row, code(&visible(why)))
        });
        let most = page.len() + LINES / 2;
        let unshown = fill(&mut page, most, refused);
        tell_rest(&mut page, unshown, "refusal", "refusals");
        let mut next = String::new();
        let left_out = fill(&mut next, LINES, summary.next.iter().map(|line| format!("{line}\n")));
        if !next.is_empty() {
            let _ = write!(page, "\n{}", block(&next));
        }
        tell_rest(&mut page, left_out, "line of what to do next", "lines of what to do next");
        debug_assert!(page.len() <= MOST, "a page of {} bytes", page.len());
        self.out.write_all(page.as_bytes()).map_err(failed)?;
        self.out.flush().map_err(failed)
    }
}
