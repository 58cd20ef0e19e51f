//! Files of rejected rows that we wrote: what was done to their cells is undone when they come back.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236), and
//! the reason of its row says in which columns. A file that was put right and is loaded again so
//! gives the values that the first file had, to the letter.

use std::borrow::Cow;

pub(crate) use crate::returned::REASON;
use crate::row::{Rows, column_of, letters};
pub(crate) use crate::visible::disarm;

/// How the list of the columns with an apostrophe begins and ends, behind a reason.
const MARK: (&str, &str) = (" (apostrophe added to ", ")");

/// A record of a file that loads again: the reason, with a mark of the cells that were disarmed, then
/// the cells. With [`REASON`] as the reason it is the header.
pub(crate) fn record<'a>(reason: &str, cells: Vec<Cow<'a, str>>) -> Vec<Cow<'a, str>> {
    let owned = |cell: &Cow<'_, str>| matches!(cell, Cow::Owned(_));
    // The reason stands in the first column.
    let disarmed: Vec<usize> =
        cells.iter().enumerate().filter(|(_, cell)| owned(cell)).map(|(at, _)| at + 1).collect();
    let reason = disarm(&with_mark(reason, &disarmed)).into_owned();
    std::iter::once(reason.into()).chain(cells).collect()
}

/// A reason with the columns of its row that were disarmed, from 0, in order.
fn with_mark(reason: &str, disarmed: &[usize]) -> String {
    if disarmed.is_empty() {
        return reason.to_owned();
    }
    let list: Vec<String> = disarmed.iter().copied().map(letters).collect();
    format!("{reason}{}{}{}", MARK.0, list.join(", "), MARK.1)
}

/// The columns that the reason of a row names as disarmed.
fn marked(reason: &str) -> Option<Vec<usize>> {
    let (_, list) = reason.trim_end().strip_suffix(MARK.1)?.rsplit_once(MARK.0)?;
    list.split(", ").map(|letters| usize::try_from(column_of(letters)?).ok()).collect()
}

/// Whether the reason of a row names a column, from 0, as disarmed.
pub(super) fn is_marked(reason: &str, column: usize) -> bool {
    marked(reason).is_some_and(|columns| columns.contains(&column))
}

/// A cell as it was before it was disarmed. One that was changed since stays as it is.
fn armed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(before) if disarm(before).len() > before.len() => before,
        _ => text,
    }
}

/// Whether a header is that of a file of rejected rows; its own names are put back as they were.
pub(super) fn recognise(headers: &mut [String]) -> bool {
    let Some((reason, others)) = headers.split_first_mut() else { return false };
    let columns = marked(reason);
    if columns.is_none() && reason != REASON {
        return false;
    }
    for column in columns.into_iter().flatten() {
        if let Some(name) = column.checked_sub(1).and_then(|column| others.get_mut(column)) {
            *name = armed(name).to_owned();
        }
    }
    REASON.clone_into(reason);
    true
}

/// Puts the cells of a chunk back as they were. Chunks without such cells are handed through.
pub(super) fn restore(rows: Rows) -> Rows {
    let columns = |reason: &str| marked(reason).unwrap_or_default();
    if rows.iter().all(|row| columns(row.cell(0).text).is_empty()) {
        return rows;
    }
    let mut restored = Rows::with_capacity(rows.bytes());
    for row in rows.iter() {
        let marked = columns(row.cell(0).text);
        restored.push_row_with(
            &row,
            |column, text| {
                if marked.contains(&column) { armed(text) } else { text }
            },
        );
    }
    restored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_phones_are_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =x", "'  =x"),
            ("\"=x", "'\"=x"),
            ("+cmd|x", "'+cmd|x"),
            ("-2+3+cmd", "'-2+3+cmd"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("+61 412 323 123", "+61 412 323 123"),
            ("-12.5", "-12.5"),
            ("-37.8136, 144.9631", "'-37.8136, 144.9631"),
            ("+1-555-0100", "'+1-555-0100"),
            ("-1/2", "'-1/2"),
            ("-", "'-"),
            ("\"+61 4", "'\"+61 4"),
            ("Ada", "Ada"),
            ("", ""),
        ] {
            assert_eq!(disarm(cell), expected, "{cell:?}");
            assert_eq!(armed(expected), cell, "{cell:?}");
        }
        for own in ["'Ada", "'", "''", "o'=x"] {
            assert_eq!(armed(own), own, "{own:?}");
        }
    }

    #[test]
    fn what_is_known_of_formulas_in_cells_is_disarmed_and_comes_back() {
        // The signs that OWASP's page on CSV injection names, with what may stand before them, and two
        // that begin a command of DDE or a macro of 1-2-3.
        let signs = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "|", "%"];
        let leads = [
            "", " ", "\u{a0}", "\u{3000}", "'", "\"", "\"\" ", "\t", "\u{1}", "\u{feff}",
            "\u{200b}",
        ];
        for sign in signs {
            for lead in leads {
                let cell = format!("{lead}{sign}HYPERLINK(A1)");
                let safe = disarm(&cell);
                assert!(safe.starts_with('\''), "{cell:?}");
                assert_eq!(armed(&safe), cell);
            }
        }
        for plain in [
            "+49 (0)151 555010",
            " +61 4",
            "-7",
            "-12,5",
            "a=b",
            "x@example.org",
            "1-2",
            "'tis",
            "50 %",
        ] {
            assert_eq!(disarm(plain), plain);
        }
    }

    #[test]
    fn a_reason_names_the_columns_and_only_ours_does() {
        assert_eq!(with_mark("blank", &[]), "blank");
        assert_eq!(with_mark("blank", &[1, 27]), "blank (apostrophe added to B, AB)");
        assert_eq!(marked("blank (apostrophe added to B, AB)"), Some(vec![1, 27]));
        for other in ["blank", "(apostrophe added to B)", "x (apostrophe added to b c)", ""] {
            assert_eq!(marked(other), None, "{other}");
        }
        let mut headers = ["reason (apostrophe added to C)", "Name", "'=Sum"].map(str::to_owned);
        assert!(recognise(&mut headers));
        assert_eq!(headers, ["reason", "Name", "=Sum"]);
        assert!(!recognise(&mut ["Reason", "Name"].map(str::to_owned)));
    }
}
