//! What may stand above the header: titles, notes, what a program says of a meeting; and rows that group columns,
//! which are part of it.

use super::{
    ABOVE, Look, TITLES, contrast, doubled, filled, holds_address, is_continued, known, looks,
    most_frequent,
};
use crate::mapping::{is_about_others, is_of_names};
use crate::row::{Cell, Row};

/// The first row of the header, and why: the first row that is not blank. Where that row is far
/// narrower than the table, as titles and notes are, the first row with two known headers takes
/// its place, else the first that is wide enough.
pub(super) fn top(rows: &[Row<'_>], people: bool) -> Option<(usize, String)> {
    let first = rows.first()?;
    let plain = Some((0, "the first row that is not blank".to_owned()));
    let usual = most_frequent(rows.iter().map(filled)).map_or(1, |(filled, _)| filled);
    let candidates = || rows.iter().take(ABOVE).enumerate();
    let passed = |at: usize| match at {
        1 => "below a title of one row".to_owned(),
        rows => format!("below {rows} rows of titles and notes"),
    };
    let found = |at: usize| Some((at, passed(at)));
    if let Some(at) = below_a_summary(rows) {
        return Some((at, "below what the report says of itself".to_owned()));
    }
    let wide = |row: &Row<'_>| filled(row) > 1 && filled(row) * 2 >= usual;
    let heads = |row: &Row<'_>| known(row) >= 2 && !holds_address(row);
    if usual >= 3 && !wide(first) {
        let first_wide = candidates().find(|(_, row)| wide(row));
        // People may be called as columns are: a row above that is wider is the header, unless nobody
        // has three such names and nothing above has one.
        let by_words = candidates().find(|(_, row)| heads(row)).filter(|(at, row)| {
            first_wide.is_none_or(|(wide, above)| {
                *at <= wide || filled(above) < filled(row) || known(row) >= 3 && known(above) == 0
            })
        });
        // A title that a program filled up with delimiters could be a header of one word.
        let width = most_frequent(rows.iter().map(Row::len)).map_or(0, |(width, _)| width);
        let ragged = first.at.line > 0 && first.len() != width;
        let by_width = first_wide.filter(|_| people || ragged);
        return match by_words.or(by_width) {
            Some((at, _)) if at > 0 && groups_columns(rows, at, people) => {
                if at > 1 {
                    found(at - 1)
                } else {
                    plain
                }
            }
            Some((at, _)) if at > 0 => found(at),
            _ => plain,
        };
    }
    if let Some(at) = below_wide_titles(rows) {
        return found(at);
    }
    // Above a few people, titles may be as many as they are: all that is passed has one cell.
    let is_title = |row: &Row<'_>| filled(row) == 1 && known(row) == 0 && !holds_address(row);
    let titles = candidates().take(TITLES).take_while(|(_, row)| is_title(row)).count();
    let heads_at = |at: usize| rows.get(at).is_some_and(heads);
    if titles > 0 && heads_at(titles) {
        return found(titles);
    }
    let is_word = |row: &Row<'_>| filled(row) == 1 && known(row) == 1;
    if titles > 0
        && rows.get(titles).is_some_and(is_word)
        && rows.get(titles + 1).is_some_and(|row| filled(row) == 1 && holds_address(row))
    {
        return found(titles);
    }
    // Over such a header may stand the row that groups its columns.
    if titles > 0
        && let (Some(groups), Some(head)) = (rows.get(titles), rows.get(titles + 1))
        && heads_at(titles + 1)
        && filled(groups) < filled(head)
    {
        let below = rows.get(titles + 2..).unwrap_or_default();
        let together = is_continued(&[*groups], head, below, people);
        return found(if together { titles } else { titles + 1 });
    }
    // A note that holds delimiters is as ragged as it is long: the row below it heads the columns.
    if let Some(second) = rows.get(1)
        && let Some((width, alike)) = most_frequent(rows.iter().map(Row::len))
        && first.at.line > 0
        && alike * 10 >= rows.len() * 8
        && rows.len() > 3
        && first.len() != width
        && second.len() == width
        && known(first) == 0
    {
        let columns = looks(rows.iter().skip(2).copied());
        let seen = contrast(second, &columns);
        if seen.unlike > 0 && seen.alike == 0 && filled(second) == width {
            return found(1);
        }
    }
    plain
}

/// The row that heads the columns with at least three known words, below titles of several cells that stand from
/// the first column on: `Our club, Members, 2026`. Rows that group columns leave cells blank between theirs.
fn below_wide_titles(rows: &[Row<'_>]) -> Option<usize> {
    let heads = |row: &Row<'_>| {
        let known = known(row);
        known >= 3 && known * 2 >= filled(row) && !holds_address(row)
    };
    let at = rows.iter().take(TITLES + 1).position(heads).filter(|at| *at > 0)?;
    let (titles, rest) = rows.split_at_checked(at)?;
    let (head, below) = rest.split_first()?;
    let columns = looks(below.iter().copied());
    let is_title = |row: &Row<'_>| {
        let from_the_left = row.cells().skip_while(|cell| !cell.is_blank());
        known(row) == 0
            && row.cells().zip(head.cells()).all(|(own, head)| own.is_blank() || !head.is_blank())
            && !holds_address(row)
            && contrast(row, &columns).alike == 0
            && { from_the_left }.all(|cell| cell.is_blank())
    };
    (!below.is_empty() && titles.iter().all(is_title)).then_some(at)
}

/// Whether the row above a header groups its columns: `Child,,,Parent,` over names and addresses. Its cells stand over
/// others, with blank ones between them, as those of a title do not.
fn groups_columns(rows: &[Row<'_>], at: usize, people: bool) -> bool {
    let above = at.checked_sub(1).and_then(|above| rows.get(above));
    let Some((groups, head)) = above.zip(rows.get(at)) else { return false };
    let gap = groups.cells().skip_while(Cell::is_blank).skip_while(|cell| !cell.is_blank());
    let is_apart = { gap }.any(|cell| !cell.is_blank());
    let stands_over = groups
        .cells()
        .enumerate()
        .filter(|(_, cell)| !cell.is_blank())
        .all(|(column, _)| !head.cell(column).is_blank());
    let below = rows.get(at + 1..).unwrap_or_default();
    let own = || groups.cells().filter(|cell| !cell.is_blank());
    // A title beside a note or a day says nothing of the columns.
    let is_plain = !own().any(|cell| cell.text.bytes().any(|byte| byte.is_ascii_digit()));
    let of_others = own().any(|cell| is_about_others(cell.text));
    let is_needed = of_others
        || !doubled(&head.cells().map(|cell| cell.text.to_owned()).collect::<Vec<_>>()).is_empty();
    is_apart
        && is_plain
        && is_needed
        && stands_over
        && is_continued(&[*groups], head, below, people)
}

/// The row at which the people begin behind a blank row, below what a program writes down of a meeting above the
/// list of who was there: a header with one row of values, or lines of a word and a value, and no name in either.
fn below_a_summary(rows: &[Row<'_>]) -> Option<usize> {
    let words =
        |row: &Row<'_>| filled(row) >= 2 && row.cells().all(|cell| !Look::of(cell.text).is_typed());
    let named = |row: &Row<'_>| row.cells().any(|cell| is_of_names(cell.text));
    let adjoins = |pair: &[Row<'_>]| match pair {
        [above, below] => below.at.row == above.at.row + 1,
        _ => false,
    };
    let end = 1 + rows.windows(2).take_while(|pair| adjoins(pair)).count();
    let (summary, rest) = rows.split_at_checked(end)?;
    let lines = |row: &Row<'_>| filled(row) <= 2 && !holds_address(row) && !named(row);
    let is_summary = match summary {
        [head, _] if filled(head) > 2 => words(head) && !named(head),
        lines_of_it => lines_of_it.len() <= ABOVE / 2 && lines_of_it.iter().all(lines),
    };
    // A title may stand above the list.
    let at = rest.iter().take(TITLES).take_while(|row| filled(row) == 1).count();
    let (people, below) = rest.get(at..)?.split_first()?;
    let own = below.iter().copied().scan(people.at.row, |before, row| {
        let adjoins = row.at.row == *before + 1;
        *before = row.at.row;
        adjoins.then_some(row)
    });
    let is_list = words(people)
        && named(people)
        && (known(people) > summary.first().map_or(0, known)
            || looks(own).contains(&Some(Look::Email)));
    (is_summary && summary.len() > 1 && filled(people) > 2 && is_list).then_some(end + at)
}
