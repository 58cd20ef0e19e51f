//! Findings for the list of the page: in blocks, each with its own table of texts, packed as soon as it
//! is full, so that memory never holds more than one.
//!
//! A block is columns of numbers rather than a list of objects: that packs to a third, and the page reads
//! half a million findings in a second or two. The rows that findings are in stand in blocks of their own,
//! which the page unpacks only when somebody asks for a row.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

use hashbrown::HashMap;
use serde::Serialize;

use super::pack::packed;
use crate::cause::{Cause, Key};
use crate::error::Result;
use crate::finding::{Finding, ROW_SHIFTED};
use crate::report::words::{grouped, names};
use crate::report::{Head, Judged, Sheet, Summary, failed};
use crate::returned::is_ours;
use crate::row::letters;
use crate::visible::{harmless, visible};

/// Findings of a block.
const FINDINGS: usize = 4096;
/// Bytes of text after which a block is full, however few findings it has.
const BYTES: usize = 1 << 20;
/// Characters of a text that the list has; of a longer one it says how many more there are.
const LONGEST: usize = 2000;

/// A block of findings. Texts are numbers into `texts`; rows and lines are told as what they are more
/// than the one before; numbers that may be missing are one more than they are, and 0 is none.
#[derive(Default, Serialize)]
struct Block {
    texts: Vec<String>,
    cause: Vec<u32>,
    severity: Vec<u8>,
    known: Vec<u8>,
    input: Vec<u16>,
    row: Vec<i64>,
    line: Vec<i64>,
    column: Vec<u32>,
    code: Vec<u32>,
    field: Vec<u32>,
    value: Vec<u32>,
    message: Vec<u32>,
    help: Vec<u32>,
    after: Vec<u32>,
    applied: Vec<u8>,
    /// Which of the rows of the block.
    person: Vec<u32>,
}

/// Findings on their way into the file.
#[derive(Default)]
pub(super) struct Data {
    block: Block,
    /// Where each text of the block is.
    places: HashMap<String, u32>,
    /// The cells of the rows of the block.
    rows: Vec<Vec<String>>,
    bytes: usize,
    last: (i64, i64),
    /// The causes in the order in which they came.
    causes: BTreeMap<Key, u32>,
    /// All findings so far.
    count: u64,
}

/// A text as the list shows it, in one line.
fn shown(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST && text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(text);
    }
    let line = |text: &str| harmless(text).replace('\n', "\\n");
    match text.char_indices().nth(LONGEST).and_then(|(end, _)| text.split_at_checked(end)) {
        Some((begin, rest)) => {
            let more = grouped(rest.chars().count() as u64);
            format!("{} … ({more} more characters)", line(begin)).into()
        }
        None => line(text).into(),
    }
}

impl Data {
    /// Takes a finding about an input as a whole.
    pub(super) fn note(&mut self, finding: &Finding) {
        let cause = self.cause_of(finding);
        self.add(finding, cause, 0);
    }

    /// Takes what was found in a row.
    pub(super) fn row(&mut self, judged: Judged<'_>) {
        if judged.findings.is_empty() {
            return;
        }
        let cells: Vec<String> = judged.row.cells().map(|cell| visible(cell.text)).collect();
        self.bytes += cells.iter().map(|cell| cell.len() + 3).sum::<usize>();
        self.rows.push(cells);
        let person = u32::try_from(self.rows.len()).unwrap_or(0);
        // What is said of the cells of a shifted row follows from the shift.
        let shift = judged.findings.iter().find(|finding| finding.code == &ROW_SHIFTED);
        let shift = shift.map(|finding| self.cause_of(finding));
        for finding in judged.findings {
            let cause = shift.unwrap_or_else(|| self.cause_of(finding));
            self.add(finding, cause, person);
        }
    }

    /// Whether the block should be written.
    pub(super) fn is_full(&self) -> bool {
        self.block.row.len() >= FINDINGS || self.bytes >= BYTES
    }

    fn cause_of(&mut self, finding: &Finding) -> u32 {
        let next = u32::try_from(self.causes.len()).unwrap_or(u32::MAX);
        *self.causes.entry(Key::of(finding)).or_insert(next)
    }

    fn text(&mut self, text: &str) -> u32 {
        let text = shown(text);
        if let Some(&place) = self.places.get(text.as_ref()) {
            return place;
        }
        let place = u32::try_from(self.block.texts.len()).unwrap_or(u32::MAX);
        self.bytes += text.len() + 3;
        self.block.texts.push(text.clone().into_owned());
        self.places.insert(text.into_owned(), place);
        place
    }

    /// A text that may be missing.
    fn maybe(&mut self, text: Option<&str>) -> u32 {
        text.map_or(0, |text| self.text(text) + 1)
    }

    fn add(&mut self, finding: &Finding, cause: u32, person: u32) {
        let code = self.text(finding.code.id);
        let field = self.maybe(finding.field.as_deref());
        let value = self.text(&finding.value);
        let message = self.text(&finding.message);
        let help = self.maybe(finding.help.as_deref());
        let after = self.maybe(finding.fix.as_ref().map(|fix| fix.after.as_ref()));
        self.count += 1;
        let (row, line) = (i64::from(finding.at.row), i64::from(finding.at.line));
        let block = &mut self.block;
        block.cause.push(cause);
        block.severity.push(finding.severity as u8);
        block.known.push(finding.known.into());
        block.input.push(finding.at.input);
        block.row.push(row - self.last.0);
        block.line.push(line - self.last.1);
        self.last = (row, line);
        block.column.push(finding.column.map_or(0, |column| u32::from(column) + 1));
        block.code.push(code);
        block.field.push(field);
        block.value.push(value);
        block.message.push(message);
        block.help.push(help);
        block.after.push(after);
        block.applied.push(finding.fix.as_ref().is_some_and(|fix| fix.applied).into());
        block.person.push(person);
    }

    /// Writes the block, and begins another.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> Result<()> {
        if self.block.row.is_empty() {
            return Ok(());
        }
        put(out, "findings", &self.block)?;
        put(out, "rows", &self.rows)?;
        self.block = Block::default();
        self.places.clear();
        self.rows.clear();
        (self.bytes, self.last) = (0, (0, 0));
        Ok(())
    }

    /// Writes what the list needs to know of inputs and causes.
    pub(super) fn index(&self, out: &mut impl Write, head: &Head, summary: &Summary) -> Result<()> {
        let of = |cause: &Cause| self.causes.iter().find(|(key, _)| key.is(cause));
        let causes = summary.causes.iter().map(|cause| Named {
            number: of(cause).map(|(_, number)| *number),
            severity: cause.severity as u8,
            count: cause.count,
            label: harmless(&cause.message).replace('\n', " "),
            input: cause.input,
            column: cause.column.map_or(0, |column| u32::from(column) + 1),
        });
        let inputs =
            head.sheets.iter().zip(names(head)).map(|(sheet, name)| input(sheet, visible(&name)));
        let index = Index { count: self.count, inputs: inputs.collect(), causes: causes.collect() };
        put(out, "index", &index)
    }
}

/// What the list knows before the first finding.
#[derive(Serialize)]
struct Index {
    /// How many findings there are.
    count: u64,
    inputs: Vec<Input>,
    causes: Vec<Named>,
}

#[derive(Serialize)]
struct Input {
    name: String,
    columns: Vec<Column>,
}

#[derive(Serialize)]
struct Column {
    letter: String,
    header: String,
    field: Option<String>,
    /// Whether it is a column that this program added to an earlier copy.
    ours: bool,
}

/// A cause, in the order of the summary, with the number that its findings have.
#[derive(Serialize)]
struct Named {
    number: Option<u32>,
    severity: u8,
    count: u64,
    label: String,
    input: u16,
    column: u32,
}

fn input(sheet: &Sheet, name: String) -> Input {
    let columns = sheet.mapping.columns.iter().zip(&sheet.fields).enumerate();
    let columns = columns.map(|(at, (column, field))| Column {
        letter: letters(at),
        header: visible(&column.header),
        field: field.as_deref().map(visible),
        ours: is_ours(&column.header),
    });
    Input { name, columns: columns.collect() }
}

/// Writes a value where the page finds it and no browser takes it for anything.
fn put(out: &mut impl Write, class: &'static str, value: &impl Serialize) -> Result<()> {
    let text = serde_json::to_vec(value).map_err(|error| failed(error.into()))?;
    let text = packed(&text).map_err(failed)?;
    let element = "script type=\"application/octet-stream\"";
    // Without the padding: a reader of Base64 needs none, and an equals sign could end a word that is none.
    let text = text.trim_end_matches('=');
    writeln!(out, "<{element} class=\"data {class}\">{text}</script>").map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_one_line_and_say_how_much_more_there_is() {
        assert_eq!(shown("plain <b>"), "plain <b>");
        assert_eq!(shown("a\nb\u{202e}\0"), "a\\nb\\u{202e}\\u{0}");
        let long = format!("{}{}", "é".repeat(LONGEST), "x".repeat(98_000));
        assert!(shown(&long).ends_with("é … (98,000 more characters)"));
    }
}
