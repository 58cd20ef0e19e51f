//! Causes as a chart of bars: each with its places, what cures it and the way to its findings.

use super::markup::Markup;
use super::outcome::{names, stacked};
use crate::cause::{Cause, Cure, FIRST, Place};
use crate::finding::{ROW_SHIFTED, Severity};
use crate::report::text::words::{counted, grouped};
use crate::report::{Head, Summary};
use crate::row::letters;
use crate::visible::{harmless, visible};

/// Causes of a severity that are seen at once; the others unfold.
const LISTED: usize = 12;

/// How each severity is called, with its mark and the class of its colour.
const SEVERITIES: [(Severity, &str, &str, &str); 4] = [
    (Severity::Error, "✗", "Errors, which leave people out", "error"),
    (Severity::Warning, "!", "To look at", "warning"),
    (Severity::Fix, "✓", "Repaired", "fix"),
    (Severity::Info, "i", "Notes", "info"),
];

/// Writes the causes of all findings.
pub(super) fn write(page: &mut Markup, head: &Head, summary: &Summary) {
    page.within("section", &[("aria-labelledby", "causes")], |page| {
        page.element("h2", &[("id", "causes")], "Causes");
        if summary.causes.is_empty() {
            page.element("p", &[], "Nothing was found.");
        }
        let largest = summary.causes.iter().map(amount).max().unwrap_or(1);
        for (severity, mark, title, class) in SEVERITIES {
            let all = summary.causes.iter().enumerate();
            let causes: Vec<(usize, &Cause)> =
                all.filter(|(_, cause)| cause.severity == severity).collect();
            if causes.is_empty() {
                continue;
            }
            let count: u64 = causes.iter().map(|(_, cause)| cause.count).sum();
            page.within("h3", &[("class", class)], |page| {
                page.element("span", &[("class", "mark"), ("aria-hidden", "true")], mark);
                page.text(&format!("{title}: {}", counted(count, "finding", "findings")));
            });
            let seen = if causes.len() == LISTED + 1 { causes.len() } else { LISTED };
            let (first, rest) = causes.split_at_checked(seen).unwrap_or((&causes, &[]));
            let list = |page: &mut Markup, causes: &[(usize, &Cause)]| {
                page.within("ol", &[("class", "causes")], |page| {
                    for (at, cause) in causes {
                        page.within("li", &[], |page| {
                            item(page, head, *at, cause, (class, largest));
                        });
                    }
                });
            };
            list(page, first);
            if !rest.is_empty() {
                page.within("details", &[], |page| {
                    let more = counted(rest.len() as u64, "more cause", "more causes");
                    page.element("summary", &[], &more);
                    list(page, rest);
                });
            }
        }
    });
}

/// What a cause counts: findings, or rows where what is said of their cells follows from the row.
fn amount(cause: &Cause) -> u64 {
    if cause.code == &ROW_SHIFTED { cause.rows } else { cause.count }
}

fn item(
    page: &mut Markup,
    head: &Head,
    at: usize,
    cause: &Cause,
    (class, largest): (&'static str, u64),
) {
    let count = amount(cause);
    page.element("span", &[("class", "amount")], &grouped(count));
    page.within("div", &[("class", "what")], |page| {
        page.within("p", &[("class", "message")], |page| {
            page.element("span", &[], &cause.message);
            if cause.known {
                page.text(" ");
                page.element("span", &[("class", "tag")], "known");
            }
            page.text(" ");
            let link = format!("#cause={}", at + 1);
            let name = format!("Show the findings of: {}", harmless(&cause.message));
            let link = [("class", "show"), ("href", &*link), ("aria-label", &*name)];
            page.element("a", &link, "show");
        });
        stacked(page, &[(count, class), (largest - count, "rest")], "bar");
        page.within("p", &[("class", "places")], |page| {
            page.text(&places(head, cause));
            page.text(" · why: ");
            let explain = format!("upsheet explain {}", cause.code.id);
            page.element("code", &[], &explain);
        });
        words(page, cause);
        if let Some(help) = &cause.cure {
            cure(page, help);
        }
    });
}

/// The words that make it up, where some stand in several cells.
fn words(page: &mut Markup, cause: &Cause) {
    if cause.words.iter().all(|word| word.count < 2) {
        return;
    }
    let word = |word: &crate::cause::Word| {
        let meant = word.suggestion.as_deref().map(|text| format!(" (for {})", visible(text)));
        let (text, count) = (visible(&word.text), grouped(word.count));
        format!("\"{text}\"{} {count} ×", meant.unwrap_or_default())
    };
    let mut named: Vec<String> = cause.words.iter().map(word).collect();
    if cause.other_words > 0 {
        named.push(format!("{} with other words", grouped(cause.other_words)));
    }
    page.element("p", &[("class", "places")], &named.join(" · "));
}

fn cure(page: &mut Markup, cure: &Cure) {
    let people = match cure.clears {
        Some(count) if count > 0 => {
            format!("; then {} ready", counted(count, "person more is", "more people are"))
        }
        _ => String::new(),
    };
    if cure.text.contains('\n') {
        let lead = "Cure: put into the recipe, into its section if that is there, with the right word behind \
                    each";
        page.element("p", &[("class", "cure")], &format!("{lead}{people}"));
        return page.element("pre", &[("data-copy", "")], &cure.text);
    }
    page.within("p", &[("class", "cure")], |page| {
        page.text("Cure: ");
        match cure.flag.as_deref().and_then(|flag| Some((flag, cure.text.strip_prefix(flag)?))) {
            Some((flag, rest)) => {
                page.element("code", &[("data-copy", "")], flag);
                page.text(&format!("{rest}{people}"));
            }
            None => page.text(&format!("{}{people}", cure.text)),
        }
    });
}

/// Where it is: the column and the first rows.
fn places(head: &Head, cause: &Cause) -> String {
    let sheet = head.sheets.get(usize::from(cause.input));
    let is_text = sheet.is_some_and(|sheet| sheet.facts.sheet.is_none());
    let mut parts = Vec::new();
    if head.sheets.len() > 1 {
        parts.extend(names(head).into_iter().nth(usize::from(cause.input)));
    }
    let letter = cause.column.map(|column| letters(usize::from(column)));
    if let (Some(column), Some(letter)) = (cause.column, &letter) {
        let header = sheet
            .and_then(|sheet| sheet.mapping.columns.get(usize::from(column)))
            .map_or("", |column| column.header.as_str());
        parts.push(format!("column {letter} \"{}\"", visible(header)));
    }
    let number = |&(row, line): &Place| if is_text { line } else { row };
    let (named, count): (Vec<String>, u64) = if cause.runs.is_empty() {
        let cell = |place: &Place| match &letter {
            Some(letter) if !is_text => format!("{letter}{}", number(place)),
            _ => number(place).to_string(),
        };
        let first: Vec<String> = cause.first.iter().take(FIRST).map(cell).collect();
        let count = first.len() as u64;
        (first, count)
    } else {
        let runs = cause.runs.iter().map(|run| match (number(&run.from), number(&run.to)) {
            (from, to) if from == to => from.to_string(),
            (from, to) => format!("{from} to {to}"),
        });
        (runs.collect(), cause.rows - cause.beyond)
    };
    let lead = match (is_text, letter.is_some(), cause.rows) {
        (true, _, 1) => "line ",
        (true, _, _) => "lines ",
        (false, true, _) => "",
        (false, false, 1) => "row ",
        (false, false, _) => "rows ",
    };
    let more = cause.rows.saturating_sub(count);
    let more = if more > 0 { format!(", … {} more", grouped(more)) } else { String::new() };
    parts.push(format!("{lead}{}{more}", named.join(", ")));
    parts.join(" · ")
}
