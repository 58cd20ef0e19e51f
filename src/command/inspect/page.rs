//! The page of `inspect` for people: how the input was read, then a line for each column.

use std::fmt::Write as _;

use super::{About, why};
use crate::reader::{Decision, Guess};
use crate::row::letters;
use crate::visible::visible;

/// What the next best reading has against it.
fn second(guess: &Guess) -> String {
    guess.other.as_ref().map_or_else(String::new, |other| {
        let words: Vec<String> =
            other.words.iter().map(|word| format!("\"{}\"", visible(word))).collect();
        format!("; next {}: {} ({})", other.encoding, words.join(", "), other.against)
    })
}

/// Adds what is known of an input to the page.
pub(super) fn describe(About { sheet, notes, .. }: &About<'_>, page: &mut String) {
    let facts = &sheet.facts;
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{}", visible(&facts.path.display().to_string()));
    for Decision { what, value, why, confidence } in facts.decisions() {
        let shown = match what {
            "delimiter" | "quote" | "escape" if value != "none" => format!("{value:?}"),
            "sheet" => format!("\"{}\"", visible(&value)),
            "header" if value.contains('-') => format!("rows {value}"),
            "header" if value != "none" => format!("row {value}"),
            _ => visible(&value),
        };
        let _ = writeln!(page, "  {what:<11} {shown} ({}; {})", visible(&why), confidence.word());
        if let ("encoding", Some(guess)) = (what, &facts.encoding_guess) {
            let _ =
                writeln!(page, "              confidence {}{}", guess.confidence, second(guess));
        }
    }
    let others: Vec<String> = facts
        .other_sheets
        .iter()
        .map(|(name, hidden)| {
            format!("\"{}\"{}", visible(name), if *hidden { " (hidden)" } else { "" })
        })
        .collect();
    if !others.is_empty() {
        let _ = writeln!(page, "  not read    {}", others.join(", "));
    }
    for (name, sheet, area) in &facts.tables {
        let (name, sheet) = (visible(name), visible(sheet));
        let _ = writeln!(page, "  table       \"{name}\" on \"{sheet}\", {area}");
    }
    for (what, hidden) in [("rows", &facts.hidden_rows), ("columns", &facts.hidden_columns)] {
        if let Some(list) = hidden {
            let _ = writeln!(page, "  hidden      {what} {list}");
        }
    }
    for note in notes {
        let _ = writeln!(page, "  ! {}", visible(&note.message));
    }
    let headers = sheet.mapping.columns.iter().map(|column| column.header.chars().count());
    let widest = headers.max().unwrap_or(0).min(40);
    let names = sheet.fields.iter().flatten().map(|field| field.chars().count());
    let names = names.max().unwrap_or(0).max(1);
    for (index, (column, field)) in sheet.mapping.columns.iter().zip(&sheet.fields).enumerate() {
        let sure = column.confidence.map_or(String::new(), |sure| format!("{}: ", sure.word()));
        let could = match &column.suggestion {
            Some(field) => format!("; --map can use it for `{field}`"),
            None => String::new(),
        };
        let _ = writeln!(
            page,
            "    {:>3}  {:widest$}  {:names$}  {sure}{}",
            letters(index),
            visible(&column.header),
            field.as_deref().map_or("-".to_owned(), visible),
            visible(&format!("{}{could}", why(column)))
        );
        if let Some(proof) = &column.proof {
            let _ = writeln!(page, "         {}", visible(proof));
        }
    }
    for (how, field) in &sheet.made {
        let _ = writeln!(page, "         {field} is made by the recipe: {}", visible(how));
    }
}
