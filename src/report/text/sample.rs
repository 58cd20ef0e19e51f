//! Single findings, each in the row that it is about: the headers above, a mark under the cell.

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::page::{Page, Tone, broken, columns, shorten};
use crate::finding::Finding;
use crate::report::words::is_own;
use crate::report::{Judged, Sheet};
use crate::row::letters;
use crate::visible::{harmless, visible};

/// The most columns of the terminal that a cell beside the one that is meant gets.
const BESIDE: usize = 24;
/// The fewest that the one that is meant gets: a mark under nothing is not seen.
const FEWEST: usize = 3;
/// What miette puts in front of a title and of a help.
const TITLE: usize = 4;
const HELP: usize = 8;
/// At most this many characters of a message are shown.
const LONGEST: usize = 400;

/// One finding with the cells of its row.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// Its number among all errors.
    pub(super) number: u64,
    pub(super) finding: Finding,
    cells: Vec<String>,
}

impl Sample {
    pub(super) fn new(number: u64, finding: &Finding, judged: &Judged<'_>) -> Self {
        let cells = judged.row.cells().map(|cell| visible(cell.text)).collect();
        Self { number, finding: finding.clone(), cells }
    }

    /// Puts it on the page.
    pub(super) fn show(&self, page: &mut Page, sheet: Option<&Sheet>) {
        let finding = &self.finding;
        let at = finding.at;
        let is_text = sheet.is_none_or(|sheet| sheet.facts.sheet.is_none());
        let number = if is_text && at.line > 0 { at.line } else { at.row };
        // What miette puts in front of the cells: the number of the row, a bar, blanks.
        let gutter = number.to_string().len() + 4;
        let columns = sheet.map_or(&[][..], |sheet| &sheet.mapping.columns);
        // What an earlier check of ours has added is no part of the row.
        let is_shown = |at: &usize| columns.get(*at).is_none_or(|column| !is_own(column));
        let headers = columns.iter().filter(|column| !is_own(column));
        let headers: Vec<String> =
            headers.map(|column| page.signs(&visible(&column.header)).into_owned()).collect();
        let cells = self.cells.iter().enumerate().filter(|(at, _)| is_shown(at));
        let cells: Vec<String> = cells.map(|(_, cell)| page.signs(cell).into_owned()).collect();
        let meant = finding.column.map(|column| (0..usize::from(column)).filter(is_shown).count());
        let view = View {
            headers: &headers,
            cells: &cells,
            meant,
            room: page.width().saturating_sub(gutter),
            cut: &page.signs("…"),
            bar: &page.signs(" │ "),
        };
        let window = view.window();
        let place_room = page.width().saturating_sub(gutter + 4);
        let signs = |text: &str| page.signs(&visible(text)).into_owned();
        let place = place(finding, sheet, (place_room, view.cut), &signs);
        let help = finding
            .help
            .as_deref()
            .map(|help| broken(&page.signs(&words(help)), page.width().saturating_sub(HELP)));
        let label_room = page.width().saturating_sub(gutter + window.middle() + 5);
        let label = Some(page.signs(&self.label()).into_owned());
        let label = label.filter(|label| !label.is_empty() && label_room >= 8);
        let title = format!("{}  [{}]", words(&finding.message), finding.code.id);
        let shown = Shown {
            title: broken(&page.signs(&title), page.width().saturating_sub(TITLE)),
            help,
            place,
            number: number as usize,
            mark: window.mark,
            label: label.map(|label| shorten(&label, label_room, view.cut)),
            line: window.cells,
        };
        shown.render(page, &window.headers);
    }

    /// What is said under the mark: what the cell is read for, and the value where it is not the cell's.
    fn label(&self) -> String {
        let finding = &self.finding;
        let field = finding.field.as_deref().map(visible).unwrap_or_default();
        let value = visible(&finding.value);
        let cell = finding.column.and_then(|column| self.cells.get(usize::from(column)));
        if value.is_empty() || cell.is_some_and(|cell| *cell == value) {
            return field;
        }
        if field.is_empty() { format!("\"{value}\"") } else { format!("{field}: \"{value}\"") }
    }
}

/// Words of ours on one line, which may quote other people's.
fn words(text: &str) -> String {
    let text = harmless(text).replace('\n', "\\n");
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

/// Where a finding is, as the user's own program would name the place.
fn place(
    finding: &Finding,
    sheet: Option<&Sheet>,
    (room, cut): (usize, &str),
    signs: &dyn Fn(&str) -> String,
) -> String {
    let at = finding.at;
    let letter = finding.column.map(|column| letters(usize::from(column)));
    if let Some(name) = sheet.and_then(|sheet| sheet.facts.sheet.as_ref()) {
        let cell = format!("!{}{}", letter.unwrap_or_default(), at.row);
        return shorten(&signs(name), room.saturating_sub(cell.len()), cut) + &cell;
    }
    let file = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
    let line = format!(":{}", at.line);
    let name = shorten(&signs(&file), room.saturating_sub(line.len()), cut) + &line;
    let header = finding
        .column
        .and_then(|column| sheet?.mapping.columns.get(usize::from(column)))
        .map(|column| signs(&column.header));
    match (letter, header) {
        (Some(letter), Some(header)) => {
            let quoted = if header.is_empty() { header } else { format!(" \"{header}\"") };
            let whole = format!("{name} (column {letter}{quoted})");
            if columns(&whole) <= room { whole } else { name }
        }
        _ => name,
    }
}

/// What of a row and its headers is to be shown, and how much room there is.
struct View<'a> {
    headers: &'a [String],
    cells: &'a [String],
    /// The column of the cell that is meant; nothing where it is the row.
    meant: Option<usize>,
    room: usize,
    /// What stands where something was cut off.
    cut: &'a str,
    /// What stands between cells.
    bar: &'a str,
}

/// Neighbouring cells under their headers.
struct Window {
    headers: String,
    cells: String,
    /// Where in `cells` the mark goes.
    mark: SourceSpan,
}

impl View<'_> {
    /// The texts of a column and the columns of the terminal that it gets.
    fn column(&self, at: usize) -> (&str, &str, usize) {
        let (least, most) = if self.meant == Some(at) {
            (FEWEST, self.room.saturating_sub(2 * self.end()).max(FEWEST))
        } else {
            (1, BESIDE.min(self.room.saturating_sub(2 * self.end()).max(1)))
        };
        let header = self.headers.get(at).map(String::as_str).unwrap_or_default();
        let cell = self.cells.get(at).map(String::as_str).unwrap_or_default();
        (header, cell, columns(header).max(columns(cell)).clamp(least, most))
    }

    /// What an end takes at which something was cut off.
    fn end(&self) -> usize {
        columns(self.cut) + columns(self.bar)
    }

    /// As many cells around the one that is meant as there is room for.
    fn window(&self) -> Window {
        let is_filled = |at: &usize| {
            let filled = |texts: &[String]| texts.get(*at).is_some_and(|text| !text.is_empty());
            filled(self.headers) || filled(self.cells)
        };
        let all = self.headers.len().max(self.cells.len());
        let count = (0..all).rev().find(is_filled).map_or(0, |last| last + 1);
        let start = self.meant.unwrap_or(0);
        let count = count.max(start + 1);
        let (mut first, mut behind) = (start, start + 1);
        let bar = columns(self.bar);
        let mut used = self.column(start).2;
        let fits = |first: usize, behind: usize, used: usize| {
            let cuts = usize::from(first > 0) + usize::from(behind < count);
            used + cuts * self.end() <= self.room
        };
        // To the left first: there stands whose row it is.
        loop {
            let before = first;
            let was = behind;
            if let Some(left) = first.checked_sub(1) {
                let more = used + bar + self.column(left).2;
                if fits(left, behind, more) {
                    (first, used) = (left, more);
                }
            }
            if behind < count {
                let more = used + bar + self.column(behind).2;
                if fits(first, behind + 1, more) {
                    (behind, used) = (behind + 1, more);
                }
            }
            if (first, behind) == (before, was) {
                break;
            }
        }
        self.lines(first, behind, count)
    }

    fn lines(&self, first: usize, behind: usize, count: usize) -> Window {
        let (mut headers, mut cells) = (String::new(), String::new());
        let mut mark = None;
        if first > 0 {
            for line in [&mut headers, &mut cells] {
                line.push_str(self.cut);
                line.push_str(self.bar);
            }
        }
        for at in first..behind {
            let (header, cell, width) = self.column(at);
            let cell = shorten(cell, width, self.cut);
            let header = shorten(header, width, self.cut);
            if at > first {
                headers.push_str(self.bar);
                cells.push_str(self.bar);
            }
            let start = cells.len();
            let pad = |text: &str| " ".repeat(width.saturating_sub(columns(text)));
            let marked = if cell.trim().is_empty() { width } else { cell.len() };
            headers.push_str(&header);
            headers.push_str(&pad(&header));
            cells.push_str(&cell);
            cells.push_str(&pad(&cell));
            if self.meant == Some(at) {
                mark = Some((start, marked));
            }
        }
        if behind < count {
            for line in [&mut headers, &mut cells] {
                line.push_str(self.bar);
                line.push_str(self.cut);
            }
        }
        let whole = (0, cells.trim_end().len());
        Window { mark: mark.unwrap_or(whole).into(), headers, cells }
    }
}

impl Window {
    /// The column of the terminal from which the words under the mark begin.
    fn middle(&self) -> usize {
        let (start, length) = (self.mark.offset(), self.mark.len());
        let before = self.cells.get(..start).map_or(0, columns);
        let marked = self.cells.get(start..start + length).map_or(0, columns);
        before + marked / 2
    }
}

/// A finding as miette renders it: its source is the one row.
#[derive(Debug)]
struct Shown {
    title: String,
    help: Option<String>,
    place: String,
    line: String,
    number: usize,
    mark: SourceSpan,
    label: Option<String>,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.title)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.help.as_ref()?))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(self.label.clone(), self.mark);
        Some(Box::new(std::iter::once(label)))
    }
}

impl SourceCode for Shown {
    /// The row is the whole source, and has its own number.
    fn read_span<'a>(
        &'a self,
        _span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::from((0, self.line.len()));
        let line = self.number.saturating_sub(1);
        let place = self.place.clone();
        let contents =
            MietteSpanContents::new_named(place, self.line.as_bytes(), whole, line, 0, 1);
        Ok(Box::new(contents))
    }
}

impl Shown {
    fn render(&self, page: &mut Page, headers: &str) {
        let style = page.style();
        let characters =
            if style.ascii { ThemeCharacters::ascii() } else { ThemeCharacters::unicode() };
        let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let corner = format!("{}{}[", characters.ltop, characters.hbar);
        let pause = characters.vbar_break;
        let handler = GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(page.width())
            .with_links(false)
            .with_wrap_lines(false)
            .without_primary_span_start()
            .without_cause_chain();
        let mut text = String::new();
        if handler.render_report(&mut text, self).is_err() {
            page.put(None, "  × ", &self.title);
            return;
        }
        for line in text.lines() {
            page.line(line);
            // The headers stand above the row, without a number: theirs is not the one before.
            if let Some(indent) =
                line.find(&corner).filter(|_| line.trim_start().starts_with(&corner))
                && !headers.trim().is_empty()
            {
                let headers = page.paint(Tone::Quiet, headers.trim_end());
                page.line(&format!("{}{pause} {headers}", " ".repeat(indent)));
            }
        }
    }
}
