//! Column by column, what its cells are like: a bar each, and the same in numbers.

use super::markup::Markup;
use super::outcome::stacked;
use super::quality::{Cells, Columns, Quality};
use crate::mapping::{Column, NO_FIELD, Role};
use crate::report::words::{counted, grouped, names};
use crate::report::{Head, Sheet};
use crate::returned::is_ours;
use crate::row::letters;
use crate::visible::visible;

/// What a cell may be, with the class of its colour.
const STATES: [(&str, &str); 5] = [
    ("Good", "good"),
    ("Repaired", "fix"),
    ("To look at", "warning"),
    ("Errors", "error"),
    ("Blank", "blank"),
];

/// Of more columns than these, those that nothing is said of are folded.
const MANY: usize = 40;

/// Writes a table for each input.
pub(super) fn write(page: &mut Markup, head: &Head, quality: &Quality) {
    page.within("section", &[("aria-labelledby", "columns")], |page| {
        page.element("h2", &[("id", "columns")], "Columns");
        page.element(
            "p",
            &[("class", "hint")],
            "Each cell counts once, under the worst that is said of it, so that the five numbers of a column \
             add up to the people in the file. Rows that are left out as nobody do not count.",
        );
        for ((sheet, columns), file) in head.sheets.iter().zip(&quality.inputs).zip(names(head)) {
            let name = match &sheet.facts.sheet {
                Some(sheet) => format!("{} › {}", visible(&file), visible(sheet)),
                None => visible(&file),
            };
            if head.sheets.len() > 1 {
                page.element("h3", &[], &name);
            }
            let own: Vec<usize> = (0..columns.cells.len())
                .filter(|at| sheet.mapping.columns.get(*at).is_some_and(|one| !is_ours(&one.header)))
                .collect();
            let is_told = |at: &usize| {
                let is_used = sheet.fields.get(*at).is_some_and(Option::is_some);
                is_used || columns.cells.get(*at).is_some_and(Cells::has_findings)
            };
            let (seen, folded): (Vec<usize>, Vec<usize>) = if own.len() > MANY {
                own.into_iter().partition(is_told)
            } else {
                (own, Vec::new())
            };
            framed(page, &format!("Columns of {name}"), sheet, columns, &seen);
            if !folded.is_empty() {
                page.within("details", &[], |page| {
                    let more = counted(folded.len() as u64, "more column", "more columns");
                    let more = format!("{more}, not used and without findings");
                    page.element("summary", &[], &more);
                    framed(page, &format!("More columns of {name}"), sheet, columns, &folded);
                });
            }
        }
    });
}

/// A table that is moved sideways where it is wide, by keys as well.
fn framed(page: &mut Markup, name: &str, sheet: &Sheet, columns: &Columns, which: &[usize]) {
    let frame = [("class", "wide"), ("role", "region"), ("tabindex", "0"), ("aria-label", name)];
    page.within("div", &frame, |page| table(page, sheet, columns, which));
}

fn table(page: &mut Markup, sheet: &Sheet, columns: &Columns, which: &[usize]) {
    page.within("table", &[("class", "columns")], |page| {
        page.within("thead", &[], |page| {
            page.within("tr", &[], |page| {
                for title in ["Column", "Field", "Filled", "Picture"] {
                    page.element("th", &[("scope", "col")], title);
                }
                for (title, class) in STATES {
                    page.within("th", &[("scope", "col"), ("class", "number")], |page| {
                        let key = ["key ", class].concat();
                        page.element("span", &[("class", &key), ("aria-hidden", "true")], "");
                        page.text(title);
                    });
                }
            });
        });
        page.within("tbody", &[], |page| {
            for &at in which {
                let column = sheet.mapping.columns.get(at).zip(sheet.fields.get(at));
                let Some(((column, field), cells)) = column.zip(columns.cells.get(at)) else {
                    continue;
                };
                page.within("tr", &[], |page| {
                    row(page, at, (column, field.as_deref()), (cells, columns.rows));
                });
            }
        });
    });
}

fn row(
    page: &mut Markup,
    at: usize,
    (column, field): (&Column, Option<&str>),
    (cells, rows): (&Cells, u64),
) {
    page.within("th", &[("scope", "row")], |page| {
        page.element("span", &[("class", "letter")], &letters(at));
        page.text(" ");
        let header = visible(&column.header);
        page.text(if header.is_empty() { "(no header)" } else { &header });
    });
    page.within("td", &[], |page| match (field, &column.role) {
        (Some(field), _) => page.text(field),
        (None, Role::Unused(why)) if why != NO_FIELD => {
            page.element("span", &[("class", "soft")], &format!("not used: {why}"));
        }
        (None, Role::Unused(_)) => page.element("span", &[("class", "soft")], "not used"),
        (None, _) => page.element("span", &[("class", "soft")], "used for other fields"),
    });
    page.element("td", &[("class", "number")], &percent(cells.filled, rows));
    let counts = [cells.good(rows), cells.repaired, cells.warnings, cells.errors, cells.blank];
    page.within("td", &[("class", "picture")], |page| {
        let shares: Vec<(u64, &'static str)> =
            counts.into_iter().zip(STATES).map(|(count, (_, class))| (count, class)).collect();
        stacked(page, &shares, "bar");
    });
    for (count, (_, class)) in counts.into_iter().zip(STATES) {
        let class = ["number ", if count == 0 { "zero" } else { class }].concat();
        page.element("td", &[("class", &class)], &grouped(count));
    }
}

/// A share in whole percent; all and nothing are only said where it is so.
fn percent(part: u64, all: u64) -> String {
    let whole = match (part, all) {
        (_, 0) => return "–".to_owned(),
        (0, _) => 0,
        (part, all) if part == all => 100,
        (part, all) => (u128::from(part) * 100 / u128::from(all)).clamp(1, 99),
    };
    format!("{whole} %")
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn all_and_nothing_are_only_said_where_it_is_so() {
        let said = [(0, 0), (0, 9), (1, 1000), (999, 1000), (9, 9), (1, 3)];
        let said = said.map(|(part, all)| percent(part, all));
        assert_eq!(said, ["–", "0 %", "1 %", "99 %", "100 %", "33 %"]);
    }
}
