//! What is said of a cause: what it is, where it is, of which words it is made, and whom its cure helps.

use std::borrow::Cow;

use super::{counted, grouped, names};
use crate::cause::{Cause, Cure, FIRST, Place, Word};
use crate::finding::{ROW_SHIFTED, Severity};
use crate::report::Head;
use crate::row::letters;
use crate::visible::visible;

/// What to do with a cure that is lines of a recipe.
pub(in crate::report) const INTO_RECIPE: &str =
    "put into the recipe, into its section if that is there, with the right word behind each";

/// What it is.
pub(in crate::report) fn title(cause: &Cause) -> Cow<'static, str> {
    let left_out = cause.severity != Severity::Error && cause.code.severity == Severity::Error;
    if left_out { format!("{}: left out", cause.message).into() } else { cause.message.clone() }
}

/// What it counts: findings, or rows where what is said of their cells follows from the row.
pub(in crate::report) fn amount(cause: &Cause) -> u64 {
    if cause.code == &ROW_SHIFTED { cause.rows } else { cause.count }
}

/// Where a cause is. Name and header are texts of other people, as they are.
pub(in crate::report) struct Places {
    /// The input, where there are several.
    pub(in crate::report) file: Option<String>,
    /// The column's letters and its header, where it is about a column.
    pub(in crate::report) column: Option<(String, String)>,
    /// `lines 5, 7, … 3 more` of a text file, `C5, C7, … 3 more` or `rows 5 to 9` of a workbook.
    pub(in crate::report) rows: String,
}

impl Places {
    /// The places of a cause.
    pub(in crate::report) fn of(head: &Head, cause: &Cause) -> Self {
        let input = usize::from(cause.input);
        let sheet = head.sheets.get(input);
        let is_text = sheet.is_some_and(|sheet| sheet.facts.sheet.is_none());
        let column = cause.column.map(usize::from).map(|column| {
            let over = sheet.and_then(|sheet| sheet.mapping.columns.get(column));
            (letters(column), over.map_or_else(String::new, |over| over.header.clone()))
        });
        let letter = column.as_ref().map(|(letter, _)| letter.as_str());
        let are_cells = letter.is_some() && cause.runs.is_empty();
        let lead = match (is_text, are_cells, cause.rows) {
            (true, _, 1) => "line ",
            (true, _, _) => "lines ",
            (false, true, _) => "",
            (false, false, 1) => "row ",
            (false, false, _) => "rows ",
        };
        let places = if is_text {
            rows(cause, &|place| place.1, "")
        } else {
            rows(cause, &|place| place.0, letter.unwrap_or(""))
        };
        let several = head.sheets.len() > 1;
        let file = several.then(|| names(head).into_iter().nth(input)).flatten();
        Self { file, column, rows: format!("{lead}{places}") }
    }

    /// All of it behind each other, for people: `people.xlsx · column C "E-mail" · C5, C7`.
    pub(in crate::report) fn parts(&self) -> Vec<String> {
        let file = self.file.as_deref().map(visible);
        let column = self.column.as_ref();
        let column = column.map(|(letter, header)| match header.as_str() {
            "" => format!("column {letter}"),
            header => format!("column {letter} \"{}\"", visible(header)),
        });
        file.into_iter().chain(column).chain([self.rows.clone()]).collect()
    }
}

/// The rows of a cause: as runs where these say more, else the first ones; how many more there are.
pub(in crate::report) fn rows(
    cause: &Cause,
    number: &dyn Fn(&Place) -> u32,
    letter: &str,
) -> String {
    let (mut named, count): (Vec<String>, u64) = if cause.runs.is_empty() {
        let first = cause.first.iter().take(FIRST);
        let first: Vec<String> = first.map(|place| format!("{letter}{}", number(place))).collect();
        let count = first.len() as u64;
        (first, count)
    } else {
        let runs = cause.runs.iter().map(|run| match (number(&run.from), number(&run.to)) {
            (from, to) if from == to => from.to_string(),
            (from, to) => format!("{from} to {to}"),
        });
        (runs.collect(), cause.rows.saturating_sub(cause.beyond))
    };
    let more = cause.rows.saturating_sub(count);
    if more > 0 {
        named.push(format!("… {} more", grouped(more)));
    }
    named.join(", ")
}

/// The words that make it up, where some stand in several cells: `most` of those that do, and how many
/// findings there are with others.
pub(in crate::report) fn made_of(cause: &Cause, most: usize) -> Vec<String> {
    let repeated = || cause.words.iter().take(most).filter(|word| word.count > 1);
    if repeated().next().is_none() {
        return Vec::new();
    }
    let shown: u64 = repeated().map(|word| word.count).sum();
    let all: u64 = cause.words.iter().map(|word| word.count).sum();
    named(repeated(), all - shown + cause.other_words)
}

/// Words with their counts, and how many findings there are with others.
pub(in crate::report) fn named<'a>(
    words: impl Iterator<Item = &'a Word>,
    others: u64,
) -> Vec<String> {
    let word = |word: &Word| {
        let meant = word.suggestion.as_deref().map(|text| format!(" (for {})", visible(text)));
        let (text, count) = (visible(&word.text), grouped(word.count));
        format!("\"{text}\"{} {count} ×", meant.unwrap_or_default())
    };
    let mut named: Vec<String> = words.map(word).collect();
    if others > 0 {
        named.push(format!("{} with other words", grouped(others)));
    }
    named
}

/// Whom a cure makes ready, behind its words; nothing where it is not known.
pub(in crate::report) fn then(cure: &Cure) -> String {
    match cure.clears {
        Some(count) if count > 0 => {
            format!("; then {} ready", counted(count, "person more is", "more people are"))
        }
        _ => String::new(),
    }
}
