//! What a recipe holds files to: how one was read, written down, and what is otherwise in a later
//! one.
//!
//! A sheet that comes every month is made by a person or by a program that changes. What was found
//! out about the first file stands in the recipe under `[pins]`; a file that reads otherwise stops
//! the run with what changed, before anybody is judged.

use std::fmt::Write as _;

use crate::error::{Error, Result};
use crate::reader::{Confidence, Input};
use crate::recipe::{DateOrder, Pins, edit};
use crate::visible::visible;

/// How an input was read, to be written down, with the proven orders of its dates.
pub fn of(input: &Input, dates: Vec<(String, DateOrder)>) -> Pins {
    let mut pins = Pins { dates: dates.into_iter().collect(), ..Pins::default() };
    for decision in input.facts.decisions() {
        pins.set(decision.what, decision.value);
    }
    // Names of columns by letters say nothing about a file.
    if input.facts.header_row > 0 {
        pins.columns = Some(headers(input));
    }
    pins
}

fn headers(input: &Input) -> Vec<String> {
    let extent = &input.facts.extent;
    let own = input.headers.iter().enumerate().filter(|(column, _)| !extent.is_added(*column));
    own.map(|(_, header)| header.trim().to_owned()).collect()
}

/// What a checked workbook is, whatever the file was of which it was made: that one was held to the pins
/// when it was checked.
const OF_A_CHECKED_WORKBOOK: [&str; 4] = ["format", "unpacked", "sheet", "header"];

/// Holds an input to the pins of a recipe.
///
/// # Errors
/// [`Error::Drift`] with everything that is otherwise. What a flag says is not held against it.
pub fn check(pins: &Pins, input: &Input) -> Result<()> {
    let mut changes = Vec::new();
    let checked = input.facts.extent.ours.has_records();
    for decision in input.facts.decisions() {
        // Rejected people are in a form of ours, too.
        let is_ours = checked && OF_A_CHECKED_WORKBOOK.contains(&decision.what);
        if is_ours || input.facts.extent.reload {
            continue;
        }
        let Some(pinned) = pins.get(decision.what) else { continue };
        if pinned != decision.value && decision.confidence != Confidence::Said {
            changes.push(format!(
                "{}: {:?} ({}), pinned is {pinned:?}",
                decision.what, decision.value, decision.why
            ));
        }
    }
    if let Some(pinned) = &pins.columns {
        changes.extend(columns(pinned, &headers(input)));
    }
    drift(input, &changes)
}

/// Holds the proven orders of an input's dates to the pins of a recipe.
///
/// # Errors
/// [`Error::Drift`] with the columns whose dates stand in another order.
pub fn check_dates(pins: &Pins, input: &Input, dates: &[(String, DateOrder)]) -> Result<()> {
    let mut changes = Vec::new();
    for (header, order) in dates {
        if let Some(pinned) = pins.dates.get(header).filter(|pinned| *pinned != order) {
            let (order, pinned) = (order.word(), pinned.word());
            changes.push(format!("dates of {header:?}: {order} is proven, pinned is {pinned}"));
        }
    }
    drift(input, &changes)
}

fn drift(input: &Input, changes: &[String]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    Err(Error::Drift {
        name: input.facts.file_name(),
        changes: changes.iter().map(|change| visible(change)).collect::<Vec<_>>().join("\n"),
        help: format!(
            "if the file is right, pin it anew: upsheet inspect {} --pin; if not, export it as before",
            visible(&input.facts.path.display().to_string())
        ),
    })
}

/// What is otherwise about the columns.
fn columns(pinned: &[String], found: &[String]) -> Vec<String> {
    let quoted = |names: Vec<&String>| {
        names.iter().map(|name| format!("{name:?}")).collect::<Vec<String>>().join(", ")
    };
    let gone: Vec<&String> = pinned.iter().filter(|name| !found.contains(name)).collect();
    let new: Vec<&String> = found.iter().filter(|name| !pinned.contains(name)).collect();
    let mut changes = Vec::new();
    if !gone.is_empty() {
        changes.push(format!("columns that are gone: {}", quoted(gone)));
    }
    if !new.is_empty() {
        changes.push(format!("columns that are new: {}", quoted(new)));
    }
    if changes.is_empty() && pinned != found {
        changes.push(format!("columns stand in another order: {}", quoted(found.iter().collect())));
    }
    changes
}

/// The text of a recipe with these pins in place of those that it has; everything else stays as it is, comments
/// included. Nothing where it has them in another form than under headers of their own.
pub fn written(recipe: &str, pins: &Pins) -> Option<String> {
    edit::section(recipe, "pins", &section(pins))
}

fn section(pins: &Pins) -> String {
    let mut text = String::new();
    text.push_str("[pins]  # how the file was read; one that reads otherwise stops the run\n");
    let quoted = |value: &str| toml::Value::from(value).to_string();
    for what in Pins::WHAT {
        if let Some(value) = pins.get(what) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{what} = {}", quoted(value));
        }
    }
    if let Some(columns) = &pins.columns {
        let columns: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
        let _ = writeln!(text, "columns = [{}]", columns.join(", "));
    }
    if !pins.dates.is_empty() {
        text.push_str("\n[pins.dates]  # where no date of a later file proves its order\n");
        for (header, order) in &pins.dates {
            let _ = writeln!(text, "{} = {:?}", quoted(header), order.word());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Recipe;

    fn pins() -> Pins {
        Pins {
            delimiter: Some("\t".to_owned()),
            quote: Some("\"".to_owned()),
            columns: Some(vec!["E-mail \"x\"".to_owned(), String::new()]),
            dates: [("D \"o\" B".to_owned(), DateOrder::Dmy)].into(),
            ..Pins::default()
        }
    }

    #[test]
    fn pins_take_the_place_of_earlier_ones_and_leave_the_rest_alone() {
        let before = "# mine\ntarget = \"vome\"\n\n[pins]\nquote = \"'\"\n\n# kept, too\n[columns]\n\"a\" = \"email\" # kept\n";
        let after = written(before, &pins()).unwrap();
        assert!(after.starts_with(
            "# mine\ntarget = \"vome\"\n\n# kept, too\n[columns]\n\"a\" = \"email\" # kept\n\n[pins]"
        ));
        let recipe = Recipe::parse(after.clone(), "upsheet.toml").unwrap();
        assert_eq!(recipe.pins, Some(pins()));
        assert_eq!(written(&after, &pins()), Some(after));
        let alone = written("", &pins()).unwrap();
        assert_eq!(Recipe::parse(alone, "upsheet.toml").unwrap().pins, Some(pins()));
    }

    #[test]
    fn columns_that_changed_are_named() {
        let names = |names: &str| names.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let changes = |found: &str| columns(&names("a b c"), &names(found)).join("; ");
        assert_eq!(changes("a b c"), "");
        assert_eq!(changes("a c d"), "columns that are gone: \"b\"; columns that are new: \"d\"");
        assert_eq!(changes("b a c"), "columns stand in another order: \"b\", \"a\", \"c\"");
    }
}
