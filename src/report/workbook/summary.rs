//! The Summary sheet of a checked workbook, as lines of cells: what was found, what to do, and how the
//! workbook is given back. The user's own copy and a fresh workbook write the same lines.

use super::words;
use crate::cause::Cause;
use crate::finding::{Finding, Severity};
use crate::mapping::Role;
use crate::report::words::{Share, named, parts as parts_of, rows, title as title_of};
use crate::report::{Added, Head, Sheet, Summary};
use crate::returned;
use crate::row::letters;
use crate::visible::{harmless, visible};

/// One cell, by how it looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// What the sheet is.
    Title(String),
    /// What the cells below are.
    Header(String),
    /// Words that wrap where they are long.
    Text(String),
    /// Words that are of less weight.
    Quiet(String),
    /// A number that can be counted with.
    Number(u64),
    /// Nothing.
    Blank,
}

/// One line of the sheet.
pub(super) type Line = Vec<Cell>;

fn title(words: impl AsRef<str>) -> Cell {
    Cell::Title(words::fitted(&harmless(words.as_ref())))
}

fn header(words: &str) -> Cell {
    Cell::Header(words.to_owned())
}

/// A message of ours, which may repeat a text of other people.
fn text(words: impl AsRef<str>) -> Cell {
    Cell::Text(words::fitted(&harmless(words.as_ref())))
}

fn quiet(words: impl AsRef<str>) -> Cell {
    Cell::Quiet(words::fitted(&harmless(words.as_ref())))
}

fn headers(words: &[&str]) -> Line {
    words.iter().map(|word| header(word)).collect()
}

/// The lines for the workbook of one input.
pub(super) fn lines(head: &Head, input: u16, summary: &Summary) -> Vec<Line> {
    let Some(sheet) = head.sheets.get(usize::from(input)) else { return Vec::new() };
    let mut lines = vec![
        vec![title(format!("{}, checked for {}", visible(&sheet.facts.name()), head.target))],
        vec![quiet("what was found, what to do, and how this workbook is given back")],
    ];
    let parts = [
        people(head, input, summary),
        came_back(summary, input),
        causes(summary, input, sheet),
        about(head, input),
        left_unsaid(summary),
        refused(summary, input, head.target),
        next(summary),
        giving_back(),
        columns(sheet),
        reading(sheet),
    ];
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        lines.push(Vec::new());
        lines.extend(part);
    }
    lines
}

/// The counts, which add up.
fn people(head: &Head, input: u16, summary: &Summary) -> Vec<Line> {
    let row = |words: &str, count| vec![text(words), Cell::Number(count)];
    let together = match head.sheets.len() {
        1 => String::new(),
        files => format!(", all {files} files together"),
    };
    let mut lines = vec![vec![header(&format!("People{together}")), header("Count")]];
    lines.extend(parts_of(head, summary).into_iter().map(|part| match part {
        (Share::Unknown, count, _) => row("unknown: sent, and no answer told the outcome", count),
        (_, count, words) => row(&words, count),
    }));
    lines.push(row("together", summary.counts.rows));
    if let Some(Added { what, tally }) = summary.added {
        lines.push(row(&format!("with {what} that were added"), tally.accepted));
        lines.push(row(&format!("with {what} that were not"), tally.people() - tally.accepted));
    }
    lines.push(Vec::new());
    let own = summary.people.get(usize::from(input)).copied().unwrap_or(0);
    let below = head.sheets.get(usize::from(input)).map_or(0, |sheet| sheet.facts.header_row);
    lines.push(vec![
        text(returned::ROWS),
        Cell::Number(own),
        text(returned::BELOW),
        Cell::Number(u64::from(below)),
    ]);
    lines
}

/// What became of the input since it was checked before, where it was: every cell that changed without a
/// finding is named.
fn came_back(summary: &Summary, input: u16) -> Vec<Line> {
    let Some(returned) = summary.returned.iter().find(|returned| returned.input == input) else {
        return Vec::new();
    };
    let (cured, remaining, new) = returned.findings();
    let row = |words: &str, count| vec![text(words), Cell::Number(count)];
    let mut lines = vec![
        headers(&["Since the check before", "Count"]),
        row("rows as they were", returned.unchanged),
        row("rows that changed", returned.changed),
        row("rows that are new", returned.new),
        row("rows whose record cannot be read", returned.unrecognised),
        match returned.gone {
            Some(gone) => row("rows that are gone", gone),
            None => vec![text("rows that are gone"), quiet("not known")],
        },
        row("findings that are cured", cured),
        row("findings that remain", remaining),
        row("findings that are new", new),
        row("cells that changed and had no finding", returned.beside.len() as u64),
    ];
    lines.extend(returned.beside.iter().map(|&(row, column)| {
        vec![quiet("changed without a finding"), text(format!("{}{row}", letters(column.into())))]
    }));
    let kinds = returned.codes.iter().filter(|code| code.cured + code.new > 0);
    let kinds: Vec<Line> = kinds
        .map(|code| {
            let counts = [code.cured, code.remaining, code.new].map(Cell::Number);
            std::iter::once(text(visible(&code.code))).chain(counts).collect()
        })
        .collect();
    if !kinds.is_empty() {
        lines.push(headers(&["Kinds of findings", "Cured", "Remain", "New"]));
        lines.extend(kinds);
    }
    lines
}

/// Every cause of the input: none is left out.
fn causes(summary: &Summary, input: u16, sheet: &Sheet) -> Vec<Line> {
    let own: Vec<&Cause> = summary.causes.iter().filter(|cause| cause.input == input).collect();
    if own.is_empty() {
        return vec![vec![header("Causes")], vec![text("nothing was found")]];
    }
    let titles = ["Causes", "Findings", "Rows", "How bad", "Column", "Header", "First rows"];
    let more = ["Cure", "People it makes ready", "Words", "Code"];
    let mut lines = vec![headers(&[titles.as_slice(), more.as_slice()].concat())];
    lines.extend(own.into_iter().map(|cause| cause_line(cause, sheet)));
    lines
}

fn cause_line(cause: &Cause, sheet: &Sheet) -> Line {
    let column = cause.column.map(usize::from);
    let over = column.and_then(|column| sheet.mapping.columns.get(column));
    let bad = match (cause.known, cause.severity) {
        (true, _) => "accepted by the baseline",
        (_, Severity::Error) => "error: the row is rejected",
        (_, Severity::Warning) => "look at it",
        (_, Severity::Fix) => "repaired",
        (_, Severity::Info) => "note",
    };
    let clears = cause.cure.as_ref().and_then(|cure| cure.clears);
    let others = if cause.words.is_empty() { 0 } else { cause.other_words };
    vec![
        text(title_of(cause)),
        Cell::Number(cause.count),
        Cell::Number(cause.rows),
        text(bad),
        column.map_or(Cell::Blank, |column| text(letters(column))),
        over.map_or(Cell::Blank, |over| text(visible(&over.header))),
        text(rows(cause, &|place| place.0, "")),
        text(cause.cure.as_ref().map_or(cause.code.cure, |cure| cure.text.as_str())),
        clears.map_or(Cell::Blank, Cell::Number),
        quiet(named(cause.words.iter(), others).join(" · ")),
        quiet(cause.code.id),
    ]
}

/// What was found about the input as a whole.
fn about(head: &Head, input: u16) -> Vec<Line> {
    let own: Vec<&Finding> = head.notes.iter().filter(|note| note.at.input == input).collect();
    let mut lines: Vec<Line> = own
        .iter()
        .map(|note| {
            let help = note.help.as_deref().map_or(Cell::Blank, text);
            vec![text(&note.message), help, quiet(note.code.id)]
        })
        .collect();
    if !lines.is_empty() {
        lines.insert(0, headers(&["About the file as a whole", "What to do", "Code"]));
    }
    lines
}

/// What a baseline accepts and what the recipe turns off.
fn left_unsaid(summary: &Summary) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(baseline) = &summary.baseline {
        let of = format!("findings that the baseline of {} accepts", visible(&baseline.written));
        lines.push(vec![text(of), Cell::Number(baseline.known)]);
        lines.push(vec![text("findings of it that are gone"), Cell::Number(baseline.gone)]);
    }
    for (code, count) in &summary.turned_off {
        let words = format!("{}: turned off by the recipe", code.id);
        lines.push(vec![text(words), Cell::Number(*count)]);
    }
    if !lines.is_empty() {
        lines.insert(0, headers(&["Not told", "Count"]));
    }
    lines
}

/// The first people whom the target refused; where all of them stand.
fn refused(summary: &Summary, input: u16, target: &str) -> Vec<Line> {
    let Some(tally) = summary.delivery.filter(|tally| tally.refused > 0) else { return Vec::new() };
    let own = summary.refused.iter().filter(|(at, _)| at.input == input);
    let mut lines: Vec<Line> =
        own.map(|(at, why)| vec![text(why), Cell::Number(u64::from(at.row))]).collect();
    lines.insert(0, vec![header(&format!("Rejected by {target}")), header("Row")]);
    let more = tally.refused.saturating_sub(summary.refused.len() as u64);
    if more > 0 {
        lines.push(vec![quiet("more of them, all in outcomes.csv"), Cell::Number(more)]);
    }
    lines
}

fn next(summary: &Summary) -> Vec<Line> {
    if summary.next.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![vec![header("What to do next")]];
    lines.extend(summary.next.iter().map(|line| vec![text(line)]));
    lines
}

/// What our columns are for, and how the workbook comes back.
fn giving_back() -> Vec<Line> {
    let row = |name: &str, words: &str| vec![text(name), text(words)];
    let status = "rejected, look at it, repaired, ready or skipped: filter by it";
    let record =
        "hidden: it knows the row again when it comes back, wherever it stands; leave it as it is";
    vec![
        headers(&["Correct it and give it back", ""]),
        row(
            "1",
            "correct the coloured cells; each has a note that says what is wrong and what would do",
        ),
        row(
            "",
            "orange: cannot stay as it is; yellow, striped: look at it; blue, dotted: was repaired",
        ),
        row("2", "sort, add or delete rows and columns as you like, and save"),
        row(
            "3",
            "check this workbook again: it says what is cured, what remains, and what else changed",
        ),
        Vec::new(),
        headers(&["Columns that were added", ""]),
        row(returned::STATUS, status),
        row(returned::FINDINGS, "why"),
        row(returned::RECORD, record),
    ]
}

/// What every column is for.
fn columns(sheet: &Sheet) -> Vec<Line> {
    let columns = sheet.mapping.columns.iter().zip(&sheet.fields).enumerate();
    let own = columns.filter(|(_, (column, _))| !returned::is_ours(&column.header));
    let lines = own.map(|(index, (column, field))| {
        let (used, why) = match (&column.role, field) {
            (Role::Unused(reason), _) => ("not used".to_owned(), reason.clone()),
            (_, Some(field)) => (field.clone(), column.why.clone()),
            (_, None) => ("a part of what the recipe makes".to_owned(), column.why.clone()),
        };
        let why = [Some(why), column.proof.clone()].into_iter().flatten();
        let why: Vec<String> = why.filter(|words| !words.is_empty()).collect();
        let name = text(visible(&column.header));
        vec![name, text(letters(index)), text(used), quiet(why.join("; "))]
    });
    let made = sheet.made.iter().map(|(how, field)| {
        vec![text(visible(how)), Cell::Blank, text(field), quiet("made by the recipe")]
    });
    let mut all = vec![headers(&["Columns", "Letter", "Field", "Why"])];
    all.extend(lines.chain(made));
    all
}

/// How the file was read, decision by decision.
fn reading(sheet: &Sheet) -> Vec<Line> {
    let mut lines = vec![headers(&["How the file was read", "", "Why", "How sure"])];
    lines.extend(sheet.facts.decisions().into_iter().map(|decision| {
        let sure = decision.confidence.word();
        let value = visible(&decision.value);
        vec![text(decision.what), text(value), quiet(&decision.why), quiet(sure)]
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::EMAIL_SYNTAX;
    use crate::journal::Tally;
    use crate::mapping::{Column, Mapping};
    use crate::report::Counts;

    fn said(lines: &[Line]) -> Vec<String> {
        let cell = |cell: &Cell| match cell {
            Cell::Title(text) | Cell::Header(text) | Cell::Text(text) | Cell::Quiet(text) => {
                text.clone()
            }
            Cell::Number(number) => number.to_string(),
            Cell::Blank => String::new(),
        };
        lines.iter().map(|line| line.iter().map(cell).collect::<Vec<_>>().join(" | ")).collect()
    }

    fn head() -> Head {
        let columns = vec![Column::unmapped("E-mail"), Column::unmapped(returned::STATUS)];
        let mapping = Mapping { columns, ..Mapping::default() };
        let sheet = Sheet { mapping, fields: vec![None, None], ..Sheet::default() };
        Head { sheets: vec![sheet], target: "Vome", ..Head::default() }
    }

    fn cause(count: u64) -> Cause {
        Cause {
            code: &EMAIL_SYNTAX,
            severity: Severity::Error,
            input: 0,
            column: Some(0),
            known: false,
            count,
            rows: count,
            clears: 0,
            message: "no \u{202e}addresses".into(),
            first: (2..7).map(|row| (row, row)).collect(),
            runs: Vec::new(),
            beyond: 0,
            words: Vec::new(),
            other_words: 0,
            cure: None,
        }
    }

    #[test]
    fn every_cause_is_listed_with_its_places_and_its_cure() {
        let summary = Summary { causes: vec![cause(20); 300], ..Summary::default() };
        let lines = said(&lines(&head(), 0, &summary));
        let own: Vec<&String> = lines.iter().filter(|line| line.contains("addresses")).collect();
        assert_eq!(own.len(), 300);
        let start = "no \\u{202e}addresses | 20 | 20 | error: the row is rejected | A | E-mail | \
                     2, 3, 4, 5, 6, … 15 more | ";
        assert!(own[0].starts_with(start), "{}", own[0]);
        assert!(lines.iter().all(|line| !line.starts_with("Status (upsheet) | B")), "{lines:?}");
    }

    #[test]
    fn the_counts_add_up_with_and_without_a_delivery() {
        let counts = Counts { rows: 10, valid: 7, rejected: 2, skipped: 1 };
        let tally = Tally { accepted: 4, refused: 1, unknown: 1, not_sent: 1, ..Tally::default() };
        for delivery in [None, Some(tally)] {
            let summary = Summary { counts, delivery, ..Summary::default() };
            let lines = people(&head(), 0, &summary);
            let numbers = lines.iter().skip(1).map_while(|line| match line.get(1) {
                Some(Cell::Number(number)) => Some(*number),
                _ => None,
            });
            let numbers: Vec<u64> = numbers.collect();
            let (all, parts) = numbers.split_last().unwrap();
            assert_eq!(*all, parts.iter().sum::<u64>());
            assert_eq!(*all, 10);
        }
    }
}
