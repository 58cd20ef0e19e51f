//! Causes, each on a line with its places, and what cures it on the line below.

use std::fmt::Write as _;

use super::Text;
use super::page::{Page, Tone, columns};
use super::words::{counted, grouped};
use crate::cause::{Cause, Cure, FIRST, Place};
use crate::finding::{ROW_SHIFTED, Severity};
use crate::report::Summary;
use crate::row::letters;
use crate::visible::{harmless, visible};

/// Causes of a severity that are listed one by one.
const LISTED: usize = 12;
/// Words of a cause that are named.
const WORDS: usize = 5;
/// Below the message of a cause.
const INDENT: &str = "        ";
/// The fewest columns in which places stand beside a message, and not below it.
const ENOUGH: usize = 30;
/// The widest message that the places of others line up with.
const WIDEST: usize = 64;

impl Text {
    /// The new causes of a severity.
    pub(super) fn causes(&self, page: &mut Page, summary: &Summary, severity: Severity) {
        let causes: Vec<&Cause> =
            summary.new_causes().filter(|cause| cause.severity == severity).collect();
        // One line for one more cause is no longer than the line that would speak of it.
        let listed = if causes.len() == LISTED + 1 { causes.len() } else { LISTED };
        let messages: Vec<String> = causes
            .iter()
            .take(listed)
            .map(|cause| {
                let left_out =
                    severity != Severity::Error && cause.code.severity == Severity::Error;
                let message = visible(&cause.message);
                let message = if left_out { format!("{message}: left out") } else { message };
                page.signs(&message).into_owned()
            })
            .collect();
        let widths = messages.iter().map(|message| columns(message));
        let widest = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
        for (cause, message) in causes.iter().zip(&messages) {
            // Shifted rows are counted as rows; what is said of their cells follows from the shift.
            let is_shift = cause.code == &ROW_SHIFTED;
            let count = grouped(if is_shift { cause.rows } else { cause.count });
            let lead = format!("{count:>6}  ");
            let places = page.signs(&self.places(cause)).into_owned();
            let pad = widest.saturating_sub(columns(message));
            let beside = format!("{lead}{message}{}  ", " ".repeat(pad));
            let left = page.width().saturating_sub(columns(&beside));
            if columns(&places).min(ENOUGH) <= left {
                page.put_beside(&beside, Tone::Quiet, &places);
            } else {
                page.put(None, &lead, message);
                page.put(Some(Tone::Quiet), INDENT, &places);
            }
            Self::words(page, cause);
            if let Some(cure) = &cause.cure {
                Self::cure(page, cure);
            }
        }
        if causes.len() > listed {
            let rest: u64 = causes.iter().skip(listed).map(|cause| cause.count).sum();
            let kinds = causes.len() - listed;
            let lead = format!("{:>6}  ", grouped(rest));
            page.put(
                None,
                &lead,
                &format!("others, of {kinds} kinds: --report problems.html lists them all"),
            );
        }
    }

    /// The words that make up a cause, where some stand in several cells.
    fn words(page: &mut Page, cause: &Cause) {
        if cause.words.iter().all(|word| word.count < 2) {
            return;
        }
        let mut named: Vec<String> = cause
            .words
            .iter()
            .take(WORDS)
            .filter(|word| word.count > 1)
            .map(|word| {
                let meant =
                    word.suggestion.as_deref().map(|text| format!(" (for {})", visible(text)));
                let (text, count) = (visible(&word.text), grouped(word.count));
                format!("\"{text}\"{} {count} ×", meant.unwrap_or_default())
            })
            .collect();
        let shown = cause.words.iter().take(WORDS).filter(|word| word.count > 1);
        let shown: u64 = shown.map(|word| word.count).sum();
        let all: u64 = cause.words.iter().map(|word| word.count).sum();
        let others = all - shown + cause.other_words;
        if others > 0 {
            named.push(format!("{} with other words", grouped(others)));
        }
        page.put_items(Some(Tone::Quiet), INDENT, &named, " · ");
    }

    fn cure(page: &mut Page, cure: &Cure) {
        let people = match cure.clears {
            Some(count) if count > 0 => {
                format!("; then {} ready", counted(count, "person more is", "more people are"))
            }
            _ => String::new(),
        };
        if let Some((section, lines)) = cure.text.split_once('\n') {
            let lead = "Cure: put into the recipe, into its section if that is there, with the right word \
                        behind each";
            page.put(None, INDENT, &format!("{lead}{people}"));
            page.exact(&format!("{INDENT}  {}", harmless(section)));
            for line in lines.lines() {
                page.exact(&format!("{INDENT}  {}", harmless(line)));
            }
        } else {
            page.put(None, INDENT, &format!("Cure: {}{people}", harmless(&cure.text)));
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
        let number = |&(row, line): &Place| if is_text { line } else { row };
        let (places, named) = if cause.runs.is_empty() {
            let cell = |place: &Place| match cause.column {
                Some(column) if !is_text => {
                    format!("{}{}", letters(usize::from(column)), number(place))
                }
                _ => number(place).to_string(),
            };
            let first: Vec<String> = cause.first.iter().take(FIRST).map(cell).collect();
            (first.join(", "), first.len() as u64)
        } else {
            let runs = cause.runs.iter().map(|run| match (number(&run.from), number(&run.to)) {
                (from, to) if from == to => from.to_string(),
                (from, to) => format!("{from} to {to}"),
            });
            (runs.collect::<Vec<String>>().join(", "), cause.rows - cause.beyond)
        };
        if is_text || cause.column.is_none() {
            let (one, many) = if is_text { ("line ", "lines ") } else { ("row ", "rows ") };
            text.push_str(if cause.rows == 1 { one } else { many });
        }
        text.push_str(&places);
        let more = cause.rows.saturating_sub(named);
        if more > 0 {
            let _ = write!(text, ", … {} more", grouped(more));
        }
        text
    }
}
