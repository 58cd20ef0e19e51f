//! What findings are about, in a few groups: the headings of the page that explains them.

use super::super::Code;
use super::{
    ALL, CELL_ERROR, CHOICE_UNKNOWN, DATE_SYNTAX, DIGITS_LOST, DUPLICATE, EMAIL_SYNTAX,
    ENCODING_GUESSED, FIELD_UNSUITED, NAME_PLACEHOLDER, PHONE_SYNTAX, REQUIRED_MISSING,
    ROWS_HIDDEN, TABLE_NEXT, TEXT_REPAIRED,
};

/// Findings about one thing.
#[derive(Clone, Debug)]
pub struct Area {
    /// What they are about.
    pub title: &'static str,
    /// They, in the order of [`ALL`].
    pub codes: Vec<&'static Code>,
}

/// With which kind of finding each area begins in [`ALL`].
static BEGINNINGS: &[(&Code, &str)] = &[
    (&REQUIRED_MISSING, "People without a value"),
    (&EMAIL_SYNTAX, "E-mail addresses"),
    (&DUPLICATE, "Rows that are one person"),
    (&PHONE_SYNTAX, "Phone numbers"),
    (&DIGITS_LOST, "What spreadsheets do to values"),
    (&DATE_SYNTAX, "Dates"),
    (&CHOICE_UNKNOWN, "Choices, numbers and other kinds of values"),
    (&TEXT_REPAIRED, "Texts"),
    (&NAME_PLACEHOLDER, "Names"),
    (&CELL_ERROR, "Cells and rows"),
    (&ENCODING_GUESSED, "Files and headers"),
    (&TABLE_NEXT, "Rows that are nobody"),
    (&ROWS_HIDDEN, "What a sheet does not show"),
    (&FIELD_UNSUITED, "Fields together, and what the recipe asks for"),
];

/// The areas, and all kinds of findings in them.
pub fn areas() -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for &code in ALL {
        let beginning = BEGINNINGS.iter().find(|(first, _)| *first == code);
        if let Some((_, title)) = beginning {
            areas.push(Area { title, codes: Vec::new() });
        }
        if let Some(area) = areas.last_mut() {
            area.codes.push(code);
        }
    }
    areas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_finding_is_in_one_area() {
        let areas = areas();
        assert_eq!(areas.len(), BEGINNINGS.len(), "each area has its beginning in ALL");
        assert_eq!(areas.iter().map(|area| area.codes.len()).sum::<usize>(), ALL.len());
    }
}
