//! The report for people: outcome first, causes before cases, the next step last.

use std::fmt::Write as _;
use std::io::Write;

use super::{Cause, Counts, Head, Judged, Kind, Report, Sheet, Style, Summary, failed};
use crate::error::Result;
use crate::finding::{Finding, Severity};
use crate::mapping::{Column, Confidence, NO_FIELD, Role};
use crate::reader::Facts;
use crate::row::letters;
use crate::visible::{harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind { id: "text", ending: "txt", about: "a page for people", open };

/// How many single findings are shown below the causes; all of them stand in the other reports.
const SHOWN: usize = 5;
/// Causes of a severity that are listed one by one.
const LISTED: usize = 12;

fn open(out: Box<dyn Write>, style: Style) -> Box<dyn Report> {
    Box::new(Text {
        out,
        style,
        head: Head::default(),
        notes: Vec::new(),
        first: Vec::new(),
        errors: 0,
    })
}

struct Text {
    out: Box<dyn Write>,
    style: Style,
    head: Head,
    /// What was found about the inputs as a whole.
    notes: Vec<Finding>,
    first: Vec<Finding>,
    errors: u64,
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

    fn sheet_lines(&self, page: &mut String, sheet: &Sheet, people: u64) {
        let facts = &sheet.facts;
        let mut line = visible(&facts.file_name());
        if let Some(sheet) = &facts.sheet {
            let _ = write!(line, " › sheet \"{}\"", visible(sheet));
        }
        if let (Some(delimiter), Some(encoding)) = (&facts.delimiter, facts.encoding) {
            let _ = write!(line, " › {encoding}, {}", delimiter_word(delimiter));
        }
        let _ = write!(
            line,
            " › {} › {}, {}",
            header_place(facts),
            counted(people, "person", "people"),
            counted(sheet.mapping.columns.len() as u64, "column", "columns")
        );
        let _ = writeln!(page, "{}", self.paint(Tone::Strong, &line));
        let used: Vec<String> = sheet
            .mapping
            .columns
            .iter()
            .zip(&sheet.fields)
            .filter_map(|(column, field)| {
                let doubt = doubt(column);
                let said = doubt.iter().chain(&column.proof).map(|text| visible(text));
                let said = said.collect::<Vec<String>>().join("; ");
                let said = if said.is_empty() { said } else { format!(" ({said})") };
                Some(format!("{} → {}{said}", visible(&column.header), field.as_deref()?))
            })
            .collect();
        self.wrapped(page, "  mapped    ", &used, " · ");
        let unused: Vec<String> = sheet
            .mapping
            .columns
            .iter()
            .filter_map(|column| match &column.role {
                Role::Unused(reason) if !column.header.is_empty() => {
                    let header = visible(&column.header);
                    Some(if reason == NO_FIELD {
                        format!("\"{header}\"")
                    } else {
                        format!("\"{header}\" ({})", visible(reason))
                    })
                }
                _ => None,
            })
            .collect();
        self.wrapped(page, "  not used  ", &unused, ", ");
    }

    /// Items behind a label, on lines that fit the terminal.
    fn wrapped(&self, page: &mut String, label: &str, items: &[String], between: &str) {
        if items.is_empty() {
            return;
        }
        let width = if self.style.width == 0 { 110 } else { self.style.width.max(40) };
        let indent = label.chars().count();
        let mut line = label.to_owned();
        let mut filled = false;
        for (index, item) in items.iter().enumerate() {
            let last = index + 1 == items.len();
            let piece = if last { item.clone() } else { format!("{item}{between}") };
            if filled && line.chars().count() + piece.trim_end().chars().count() > width {
                let _ = writeln!(page, "{}", line.trim_end());
                line = " ".repeat(indent);
            }
            line.push_str(&piece);
            filled = true;
        }
        let _ = writeln!(page, "{}", line.trim_end());
    }

    fn causes(&self, page: &mut String, summary: &Summary, severity: Severity) {
        let causes: Vec<&Cause> =
            summary.causes.iter().filter(|cause| cause.code.severity == severity).collect();
        let titles = causes.iter().take(LISTED).map(|cause| cause.code.title.chars().count());
        let widest = titles.max().unwrap_or(0);
        for cause in causes.iter().take(LISTED) {
            let title = cause.code.title;
            let _ = writeln!(
                page,
                "{:>6}  {title:widest$}  {}",
                grouped(cause.count),
                self.paint(Tone::Quiet, &self.places(cause))
            );
        }
        if causes.len() > LISTED {
            let rest: u64 = causes.iter().skip(LISTED).map(|cause| cause.count).sum();
            let _ = writeln!(
                page,
                "{:>6}  others, of {} kinds: --format json lists them all",
                grouped(rest),
                causes.len() - LISTED
            );
        }
    }

    fn places(&self, cause: &Cause) -> String {
        let sheet = self.head.sheets.get(usize::from(cause.input));
        let is_text = sheet.is_some_and(|sheet| sheet.facts.sheet.is_none());
        let mut text = String::new();
        if self.head.sheets.len() > 1
            && let Some(sheet) = sheet
        {
            let _ = write!(text, "{} ", visible(&sheet.facts.file_name()));
        }
        if let Some(column) = cause.column {
            let header = sheet
                .and_then(|sheet| sheet.mapping.columns.get(usize::from(column)))
                .map_or("", |column| column.header.as_str());
            let letter = letters(usize::from(column));
            let _ = write!(text, "column {letter} \"{}\"  ", visible(header));
        }
        let first: Vec<String> = cause
            .first
            .iter()
            .map(|&(row, line)| match cause.column {
                _ if is_text => line.to_string(),
                Some(column) => format!("{}{row}", letters(usize::from(column))),
                None => format!("row {row}"),
            })
            .collect();
        if is_text {
            text.push_str(if cause.count == 1 { "line " } else { "lines " });
        }
        text.push_str(&first.join(", "));
        let more = cause.count.saturating_sub(first.len() as u64);
        if more > 0 {
            let _ = write!(text, ", … {} more", grouped(more));
        }
        text
    }

    /// One finding with its place, its value and what to do.
    fn case(&self, page: &mut String, finding: &Finding) {
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
    fn refusals(&self, page: &mut String, summary: &Summary) {
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
            let line = format!(
                "✗ {} unknown, {} not sent",
                counted(tally.unknown, "outcome is", "outcomes are"),
                counted(tally.not_sent, "person was", "people were")
            );
            let _ = writeln!(page, "{}\n", self.paint(Tone::Bad, &line));
        }
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
    }
}

/// How sure a column is, where that is less than certain: a page of certainties stays calm.
fn doubt(column: &Column) -> Option<String> {
    let confidence = column.confidence?;
    match confidence {
        Confidence::Stated | Confidence::Certain => None,
        Confidence::Likely if column.why == "header" => Some(confidence.word().to_owned()),
        _ => Some(format!("{}: {}", confidence.word(), column.why)),
    }
}

impl Report for Text {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        Ok(())
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.notes.push(finding.clone());
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        for finding in judged.findings {
            if finding.code.severity == Severity::Error {
                self.errors += 1;
                if self.first.len() < SHOWN {
                    self.first.push(finding.clone());
                }
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
            let line = format!("  ! {}", visible(&note.message));
            let _ = writeln!(page, "{}", self.paint(Tone::Odd, &line));
            if let Some(help) = &note.help {
                let _ = writeln!(page, "    help: {}", visible(help));
            }
        }
        page.push('\n');
        let rejected = summary.counts.rejected;
        let kinds = summary.causes.iter().filter(|cause| cause.code.severity == Severity::Error);
        if rejected > 0 {
            let line = format!(
                "✗ {} cannot be imported, for {}",
                counted(rejected, "person", "people"),
                counted(kinds.count() as u64, "reason", "reasons")
            );
            let _ = writeln!(page, "{}\n", self.paint(Tone::Bad, &line));
            self.causes(&mut page, summary, Severity::Error);
            page.push('\n');
            for finding in &self.first {
                self.case(&mut page, finding);
            }
            let more = self.errors.saturating_sub(self.first.len() as u64);
            if more > 0 {
                let _ = writeln!(
                    page,
                    "  … {} more: --report problems.csv gives the rows back with their reasons",
                    grouped(more)
                );
            }
            page.push('\n');
        } else if summary.delivery.is_none_or(|tally| tally.accepted == summary.counts.valid) {
            let line = match (summary.counts.valid, summary.delivery.is_some()) {
                (0, _) => "nothing to import".to_owned(),
                (1, false) => "✓ the one person can be imported".to_owned(),
                (1, true) => "✓ the one person has been imported".to_owned(),
                (valid, false) => format!("✓ all {} people can be imported", grouped(valid)),
                (valid, true) => format!("✓ all {} people have been imported", grouped(valid)),
            };
            let _ = writeln!(page, "{}\n", self.paint(Tone::Good, &line));
        }
        self.refusals(&mut page, summary);
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
        self.balance(&mut page, summary);
        if let Some(worst) = summary.causes.first() {
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

/// Where the header stands, in words.
fn header_place(facts: &Facts) -> String {
    match (facts.header_first, facts.header_row) {
        (_, 0) => "no header".to_owned(),
        (first, last) if first == last => format!("header on row {last}"),
        (first, last) => format!("header on rows {first} to {last}"),
    }
}

fn delimiter_word(delimiter: &str) -> String {
    match delimiter {
        "," => "comma".to_owned(),
        ";" => "semicolon".to_owned(),
        "\t" => "tab".to_owned(),
        "|" => "pipe".to_owned(),
        " " => "space".to_owned(),
        other => format!("{other:?}"),
    }
}

/// `1 person`, `1,204 people`.
fn counted(count: u64, singular: &str, plural: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { singular } else { plural })
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_204), "1,204");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(counted(1, "person", "people"), "1 person");
    }
}
