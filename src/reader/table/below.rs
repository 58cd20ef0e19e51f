//! What stands below the people: other tables, repeated headers, sums and notes.

use std::collections::BTreeSet;

use super::{Header, Look, contrast, filled, is_known_header, looks};
use crate::row::{Row, Rows};
use crate::spelling::normalise;

/// The row at which another table begins below the table of the sample, when one does: behind a
/// blank row, a row of words over rows that do not have what the columns above have. Only a table
/// of people is known well enough for that.
pub(in crate::reader) fn next_table<'a>(header: &Header, sample: &'a Rows) -> Option<Row<'a>> {
    let rows: Vec<Row<'_>> =
        sample.iter().filter(|row| row.at.row > header.last && !row.is_blank()).collect();
    let known = header.names.iter().filter(|name| is_known_header(name)).count();
    if known < 2 && !looks(rows.iter().copied()).contains(&Some(Look::Email)) {
        return None;
    }
    let gap = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| rows.get(before));
        before.zip(rows.get(at)).is_some_and(|(before, row)| row.at.row > before.at.row + 1)
    };
    (1..rows.len()).filter(|&at| gap(at)).find_map(|at| {
        let own = looks(rows.get(..at).unwrap_or_default().iter().copied());
        let typed = own.iter().filter(|look| look.is_some_and(Look::is_typed)).count();
        let row = rows.get(at)?;
        let end = (at + 1..rows.len()).find(|&next| gap(next)).unwrap_or(rows.len());
        let block = rows.get(at + 1..end).unwrap_or_default();
        // A person may lack most of what the others have: only what is there can be unlike.
        let like = |row: &Row<'_>| {
            let seen = contrast(row, &own);
            let told = row
                .cells()
                .zip(&own)
                .filter(|(cell, look)| !cell.is_blank() && look.is_some_and(Look::is_typed));
            seen.alike * 2 >= told.count().clamp(1, typed.max(1))
        };
        let shown = block.iter().any(|row| filled(row) >= 2);
        let heads = filled(row) >= 2 && row.cells().all(|cell| !Look::of(cell.text).is_typed());
        // A row that has two headers of this table in their places, and others, is one of another.
        let same = same_headers(&header.names, row);
        let is_of_another = (2..filled(row)).contains(&same);
        let other = typed > 0 && heads && shown && (is_of_another || !block.iter().any(like));
        (other && !is_repeat(&header.names, row)).then_some(*row)
    })
}

/// How many cells of a row say what a well known header says above them: options that people tick say what theirs
/// does as well.
fn same_headers(names: &[String], row: &Row<'_>) -> usize {
    let cells = row.cells().zip(names).filter(|(cell, _)| !cell.is_blank());
    let is_same = |text: &str, name: &str| normalise(text) == normalise(name);
    cells.filter(|(cell, name)| is_same(cell.text, name) && is_known_header(name)).count()
}

/// Whether a row repeats the header word for word.
fn is_repeat(names: &[String], row: &Row<'_>) -> bool {
    let width = names.len().max(row.len());
    let same = |column: usize| {
        names.get(column).map_or("", |name| name.trim()) == row.cell(column).text.trim()
    };
    width > 0 && (0..width).all(same)
}

/// Whether a row is the header of another table: most of its cells are headers of this one, but it
/// does not repeat them. The names are trimmed.
pub fn heads_another(names: &[String], row: &Row<'_>) -> bool {
    let is_header = |text: &str| {
        let text = text.trim();
        !text.is_empty() && names.iter().any(|name| name == text)
    };
    // The first cell settles it for nearly every row.
    let first = row.cells().map(|cell| cell.text.trim_ascii()).find(|text| !text.is_empty());
    if !first.is_some_and(|first| names.iter().any(|name| name == first)) {
        return false;
    }
    let same: BTreeSet<&str> =
        row.cells().map(|cell| cell.text.trim()).filter(|text| is_header(text)).collect();
    let enough = if same.iter().any(|text| is_known_header(text)) { 2 } else { 3 };
    same.len() >= enough && same.len() * 10 >= filled(row) * 6 && !is_repeat(names, row)
}

/// The tables that stand one below the other on a sheet, found row by row.
#[derive(Debug, Default)]
pub(in crate::reader) struct Tables {
    /// First row and header of each.
    found: Vec<(u32, Vec<String>)>,
    /// The last row that is not blank.
    last: u32,
    /// The first row of the block of rows at hand, until a row of it shows what it is.
    block: Option<u32>,
}

impl Tables {
    /// Takes in the next row. A block of rows behind a blank row begins another table when its
    /// first row of several cells holds words only.
    pub(in crate::reader) fn take(&mut self, row: &Row<'_>) {
        if row.is_blank() {
            return;
        }
        if row.at.row > self.last + 1 || self.last == 0 {
            self.block = Some(row.at.row);
        }
        self.last = row.at.row;
        let names = || row.cells().map(|cell| cell.text.trim().to_owned()).collect::<Vec<String>>();
        let current = self.found.last().map(|(_, names)| names.as_slice());
        if current.is_some_and(|names| heads_another(names, row)) {
            self.block = None;
            self.found.push((row.at.row, names()));
            return;
        }
        let Some(top) = self.block.filter(|_| filled(row) >= 2 || current.is_none()) else {
            return;
        };
        let words = row.cells().all(|cell| !Look::of(cell.text).is_typed());
        let repeats = current.is_some_and(|names| is_repeat(names, row));
        if current.is_none() || words && !repeats {
            // A title of one cell above the first table is part of it.
            if filled(row) < 2 && current.is_none() {
                return;
            }
            self.found.push((top, names()));
        }
        self.block = None;
    }

    /// First row and first cells of each table.
    pub(in crate::reader) fn list(&self) -> impl Iterator<Item = (u32, &[String])> {
        self.found.iter().map(|(row, names)| (*row, names.as_slice()))
    }

    /// The rows of a table by its number from 1: the first, and the last that may belong to it.
    pub(in crate::reader) fn rows(&self, number: usize) -> Option<(u32, u32)> {
        let index = number.checked_sub(1)?;
        let (top, _) = self.found.get(index)?;
        let bottom = self.found.get(index + 1).map_or(u32::MAX, |(next, _)| next - 1);
        Some((*top, bottom))
    }
}

/// Words with which lines below a table begin: sums, and what programs print under a list.
const FOOTERS: &[&str] = &[
    "total",
    "totals",
    "totaux",
    "subtotal",
    "subtotals",
    "soustotal",
    "grandtotal",
    "sum",
    "somme",
    "summe",
    "average",
    "moyenne",
    "count",
    "nombre",
    "exported",
    "exporte",
    "generated",
    "genere",
    "printed",
    "imprime",
    "reportgenerated",
    "endofreport",
    "endoflist",
    "findelaliste",
    "confidential",
    "confidentiel",
    "page",
    "copyright",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "zwischensumme",
    "anzahl",
    "durchschnitt",
    "exportiert",
    "erstellt",
    "gedruckt",
    "vertraulich",
    "seite",
    "totale",
    "totaal",
    "totalt",
    "celkem",
    "toplam",
    "aantal",
    "exportado",
    "generado",
    "esportato",
    "generato",
    "geexporteerd",
    "gegenereerd",
    "合計",
];

/// Whether a row is a line below or between the people, such as a sum or "Exported on …": it begins
/// with such a word, and holds neither an address nor a phone number.
pub fn is_footer(row: &Row<'_>) -> bool {
    let mut cells = row.cells().filter(|cell| !cell.is_blank());
    let Some(first) = cells.next() else { return false };
    let words_follow = cells.any(|cell| Look::of(cell.text) == Look::Text);
    if can_be_reached(row) {
        return false;
    }
    let text = first.text.trim();
    // A name that begins with such a word, as "Page, Jimmy" does, has a second cell of words.
    text.starts_with('©') || begins_as_footer(text) && !words_follow
}

/// Whether a text begins as lines below a table do.
fn begins_as_footer(text: &str) -> bool {
    let word = text.split(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
    let is_word = |text: &str| FOOTERS.contains(&normalise(text).as_str());
    let head = text.split([':', '(']).next().unwrap_or_default();
    is_word(head) || is_word(word) || counts_rows(text)
}

/// Whether a row has an address or a phone number, as people have.
fn can_be_reached(row: &Row<'_>) -> bool {
    row.cells().any(|cell| cell.text.contains('@') || is_phone(cell.text.trim()))
}

/// How many rows the notes below a table have at most.
const NOTES: usize = 30;

/// Whether a row belongs to the notes below a table: a block of rows behind a blank row that begins as such lines
/// do, and in which nobody has an address or a phone number. What its later rows begin with may be anything.
pub fn is_of_notes(rows: &Rows, at: usize) -> bool {
    let row = |at: usize| rows.get(at).filter(|row| !row.is_blank());
    let adjoin = |above: usize| {
        let both = row(above).zip(row(above + 1));
        both.is_some_and(|(above, below)| below.at.row == above.at.row + 1)
    };
    let top = (at.saturating_sub(NOTES)..at).rev().take_while(|&above| adjoin(above)).last();
    let top = top.unwrap_or(at);
    let end = (at..top + NOTES).take_while(|&above| adjoin(above)).last();
    let end = end.map_or(at, |above| above + 1);
    // What stands in front of the first row at hand, nobody knows here.
    if top == 0 || adjoin(end) || end >= top + NOTES {
        return false;
    }
    let block = || (top..=end).filter_map(row);
    let begins = |row: Row<'_>| {
        let first = row.cells().find(|cell| !cell.is_blank());
        let text = first.map_or("", |first| first.text.trim());
        // One word and others beside it may be the names of somebody.
        let is_said = text.contains([' ', ':', '(']) && begins_as_footer(text);
        is_said || text.ends_with(':') || is_footer(&row)
    };
    row(top).is_some_and(begins) && !block().any(|row| can_be_reached(&row))
}

/// Whether a row is a line drawn between rows, as `+-----+-----+` and `---|---` are, the sign by which
/// old programs end a file, or the keys that a program keeps for its columns: `{"ImportId":"QID1"}`.
pub fn is_rule(row: &Row<'_>) -> bool {
    let drawn = |text: &str| {
        text.len() >= 3 && text.chars().all(|c| "-=_+|:*~\u{2500}\u{2550}".contains(c))
    };
    let keys = |text: &str| text.starts_with("{\"") && text.ends_with('}');
    let mut texts = row.cells().map(|cell| cell.text.trim()).filter(|text| !text.is_empty());
    let Some(first) = texts.next() else { return false };
    let is_end = first.chars().all(|c| c == '\u{1a}');
    (is_end || drawn(first)) && texts.all(drawn)
        || keys(first) && row.cells().filter(|cell| !cell.is_blank()).count() > 1 && {
            row.cells().map(|cell| cell.text.trim()).all(|text| text.is_empty() || keys(text))
        }
}

/// Whether a text is how many rows there are, as programs write it below them: `(2 rows)`.
fn counts_rows(text: &str) -> bool {
    const ROWS: &[&str] =
        &["row", "rows", "record", "records", "lignes", "enregistrements", "zeilen", "datensatze"];
    let mut words = text.trim_start_matches('(').split([' ', ')']);
    let number = words.next().unwrap_or_default();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && words.next().is_some_and(|word| ROWS.contains(&normalise(word).as_str()))
}

/// Whether a text looks like a phone number, and not like a sum or a date.
fn is_phone(text: &str) -> bool {
    text.starts_with(['+', '0', '('])
        && !is_day(text)
        && Look::of(text) == Look::Figures
        && text.bytes().filter(u8::is_ascii_digit).count() >= 8
}

/// Whether a text is three numbers that may be a day, with or without a time behind it.
fn is_day(text: &str) -> bool {
    let day = text.split(' ').next().unwrap_or_default();
    ['/', '.', '-'].iter().any(|sign| {
        let lengths: Vec<usize> = day.split(*sign).map(str::len).collect();
        matches!(lengths.as_slice(), [1..=2, 1..=2, 2 | 4])
    })
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::tests::rows;
    use super::*;

    #[test]
    fn another_table_is_seen_where_it_begins() {
        // People with few of the values that the others have are no table of their own.
        let full = ["First,Last,Email,Phone,Born", "Ada,L,a@b.org,0491 570 006,1/2/1990", ""];
        for below in [&["Bob,M,,,", "Cy,N,c@b.org,,"][..], &["Bob,M,,,", "Total,,,,"]] {
            let lines: Vec<&str> = full.iter().chain(below).copied().collect();
            let rows = rows(&lines);
            let header = find(&rows, None, 1).unwrap();
            assert!(next_table(&header, &rows).is_none(), "{below:?}");
        }
        let people = ["First,Email", "Ada,a@b.org", "Bob,b@b.org"];
        for (below, expected) in [
            (&["", "Item,Price", "Tea,1.50", "Milk,2"][..], Some(5)),
            (&["", "Cy,c@d.org"], None),
            (&["", "First,Email", "Cy,c@d.org"], None),
            (&["", "Team B", "Cy,c@d.org"], None),
            (&["", "Team,B", "Cy,c@d.org"], None),
            (&["Cy,"], None),
        ] {
            let lines: Vec<&str> = people.iter().chain(below).copied().collect();
            let rows = rows(&lines);
            let header = find(&rows, None, 1).unwrap();
            let next = next_table(&header, &rows).map(|row| row.at.row);
            assert_eq!(next, expected, "{below:?}");
        }
        let names = ["First", "Last", "Email"].map(str::to_owned);
        let heads = |line: &str| heads_another(&names, &rows(&[line]).get(0).unwrap());
        assert!(heads("First,Email"));
        assert!(heads("Last,First,Email,Note"));
        assert!(!heads("First,Last,Email"));
        assert!(!heads("First,Aid,x@y.org"));
        assert!(!heads("First,First,First"));
    }

    #[test]
    fn tables_below_each_other_are_counted() {
        for (lines, expected) in [
            (&["First,Email", "Ada,a@b.org"][..], &[(1, u32::MAX)][..]),
            (
                &[
                    "List",
                    "",
                    "First,Email",
                    "Ada,a@b.org",
                    "",
                    "Bob,b@b.org",
                    "",
                    "Item,Price",
                    "Tea,1",
                ],
                &[(3, 7), (8, u32::MAX)],
            ),
            (
                &["List", "First,Email", "Ada,a@b.org", "Email,First", "x@y.org,Cy"],
                &[(1, 3), (4, u32::MAX)],
            ),
            (&["First,Email", "Ada,a@b.org", "", "First,Email", "Cy,c@d.org"], &[(1, u32::MAX)]),
            (&["email", "a@b.org"], &[]),
            (&[], &[]),
        ] {
            let mut tables = Tables::default();
            rows(lines).iter().for_each(|row| tables.take(&row));
            let found: Vec<(u32, u32)> = (1..).map_while(|number| tables.rows(number)).collect();
            assert_eq!(found, expected, "{lines:?}");
        }
    }

    #[test]
    fn lines_below_a_table_are_told_from_people() {
        for (line, expected) in [
            ("Total,,,12", true),
            ("Total: 12 volunteers,,", true),
            (",,Subtotal,3", true),
            ("Sous-total,,4", true),
            ("Exported on 2026-01-02,,", true),
            ("Page 1 of 3", true),
            ("© Example Org", true),
            ("Anzahl: 12,,", true),
            ("Gesamt,,12", true),
            ("Seite 1 von 3", true),
            ("(2 rows)", true),
            ("(1 row affected)", true),
            ("12 Datensätze,,", true),
            ("2 Rowan,,", false),
            ("2 rows,Vale,", false),
            ("Page,Jimmy,jimmy@example.org", false),
            ("Page,Jimmy,", false),
            ("Count,,0491 570 006", false),
            ("Exported,,2026-01-02 10:00:00", true),
            ("Exported,01/05/2024", true),
            ("Count,,02 12 20 24 26", false),
            ("Ada,Lovelace,", false),
            ("Somme,Anne,", false),
            ("Ada,,", false),
        ] {
            assert_eq!(is_footer(&rows(&[line]).get(0).unwrap()), expected, "{line}");
        }
    }

    #[test]
    fn notes_below_a_table_are_told_from_people_as_a_block() {
        let people = ["First,Last,Email", "Ada,L,a@b.org", "Bob,M,"];
        for (below, expected) in [
            (&["", "Total members,2,", "Active,2,", "Do not share,with,anybody"][..], true),
            (&["", "Exported by Jane on 1/5/2024,,Page 1", "Filter,Status = Active,"], true),
            (&["", "Filter:,Status = Active,", "Sorted by,Last,"], true),
            // No blank row parts them from the people.
            (&["Total members,2,", "Active,2,"], false),
            // Somebody among them can be written to.
            (&["", "Total members:,,", "Cy,N,c@d.org", "Dee,O,"], false),
            (&["", "Page,Jimmy,", "Plant,Robert,"], false),
            (&["", "Cy,N,", "Total members,2,"], false),
        ] {
            let lines: Vec<&str> = people.iter().chain(below).copied().collect();
            let rows = rows(&lines);
            let last = rows.len() - 1;
            assert_eq!(is_of_notes(&rows, last), expected, "{below:?}");
            assert!(!is_of_notes(&rows, 2), "{below:?}");
        }
        let mut long = vec!["Total members:,,"; 40];
        long.splice(0..0, ["First,Last", ""]);
        assert!(!is_of_notes(&rows(&long), 20));
    }

    #[test]
    fn lines_that_are_drawn_are_told_from_people() {
        for (line, expected) in [
            ("---,---,:--:", true),
            ("+-----+-----+", true),
            (",====,,====", true),
            ("\u{1a}", true),
            ("{\"ImportId\":\"a\"},{\"ImportId\":\"b\"}", true),
            ("{\"a\":1}", false),
            ("-,-,-", false),
            ("---,Ada", false),
            ("\u{1a},Ada", false),
            (",,", false),
        ] {
            assert_eq!(is_rule(&rows(&[line]).get(0).unwrap()), expected, "{line}");
        }
    }
}
