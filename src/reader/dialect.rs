//! At which characters a text file is cut: found out from its first rows, with the reason.

use super::Options;
use super::table::{is_known_header, usual_width};
use crate::row::{Dialect, Location, Rows};

/// How many rows of the beginning are looked at.
const SAMPLE_ROWS: usize = 200;

/// The delimiter of a first line `sep=;`, which Excel writes and reads.
pub(super) fn sep_line(sample: &[u8]) -> Option<u8> {
    let line = sample.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let line = line.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter]
            if [*s, *e, *p].eq_ignore_ascii_case(b"sep") && delimiter.is_ascii() =>
        {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// Whether cells are quoted with apostrophes: every cell that begins with one ends with one on the
/// same line, there are at least two such cells, and none begins with a double quote. Names such as
/// `'t Hart` begin with one and do not end with it.
fn apostrophes(sample: &[u8], delimiter: u8) -> bool {
    let edge = |byte: Option<&u8>| {
        byte.is_none_or(|byte| *byte == delimiter || matches!(byte, b'\n' | b'\r'))
    };
    let before = |at: usize| at.checked_sub(1).and_then(|before| sample.get(before));
    let doubles = memchr::memchr_iter(b'"', sample).any(|at| edge(before(at)));
    let mut cells = 0_usize;
    let mut search = 0;
    while let Some(at) = find(sample, search).filter(|_| !doubles) {
        if !edge(before(at)) {
            search = at + 1;
            continue;
        }
        let mut close = at + 1;
        loop {
            // An apostrophe that is doubled is part of the text.
            match find(sample, close).map(|at| (at, sample.get(at + 1))) {
                Some((at, Some(b'\''))) => close = at + 2,
                Some((at, next)) if edge(next) => {
                    close = at + 1;
                    break;
                }
                _ => return false,
            }
        }
        let cell = sample.get(at..close).unwrap_or_default();
        if memchr::memchr2(b'\n', b'\r', cell).is_some() {
            return false;
        }
        cells += 1;
        search = close;
    }
    cells >= 2
}

fn find(sample: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\'', sample.get(from..)?).map(|at| from + at)
}

/// The dialect of a text, and why.
///
/// Every candidate cuts the sample with the parser that will cut the file, so that quotes and line
/// breaks inside quotes count as they will. The one that gives rows of one width wins; headers
/// that are known words speak for it.
pub(super) fn dialect(sample: &[u8], options: &Options) -> (Dialect, String) {
    let quoted = |delimiter: u8| {
        let found = if apostrophes(sample, delimiter) { b'\'' } else { b'"' };
        options.quote.unwrap_or(Some(found))
    };
    if let Some(delimiter) = options.delimiter.or_else(|| sep_line(sample)) {
        let quote = quoted(delimiter);
        let why = if options.delimiter.is_some() {
            "named by --delimiter"
        } else {
            "named by the sep= line"
        };
        return (Dialect { delimiter, quote }, why.to_owned());
    }
    let plain = Dialect { delimiter: b',', quote: quoted(b',') };
    let mut best = (plain, 0.0_f64, 1_usize, 0_usize);
    for delimiter in *b",;\t|" {
        let dialect = Dialect { delimiter, quote: quoted(delimiter) };
        let rows = rows_of(sample, dialect);
        let Some((width, alike)) = usual_width(&rows) else { continue };
        if width < 2 {
            continue;
        }
        let share = ratio(alike, rows.len());
        let known = rows
            .iter()
            .next()
            .map_or(0, |row| row.cells().filter(|cell| is_known_header(cell.text)).count());
        let score = share * share * (1.0 + ratio(width.min(12), 12)) + ratio(known, 2);
        if score > best.1 {
            best = (dialect, score, width, alike);
        }
    }
    let (dialect, score, width, alike) = best;
    let why = if score > 0.0 {
        format!("{alike} of the first rows have {width} cells")
    } else {
        "one column".to_owned()
    };
    (dialect, why)
}

fn ratio(part: usize, whole: usize) -> f64 {
    let exact = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 { 0.0 } else { exact(part) / exact(whole) }
}

/// The first rows of a sample whose last row may be cut off.
pub(super) fn rows_of(sample: &[u8], dialect: Dialect) -> Rows {
    let block = crate::row::Block {
        bytes: sample.to_vec(),
        dialect,
        first: Location { row: 1, line: 1, ..Location::default() },
        width: 0,
    };
    let mut rows = super::block::parse(&block, 0);
    rows.truncate(SAMPLE_ROWS);
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found_by_the_shape_of_the_rows() {
        for (text, delimiter) in [
            ("name,email\nAda,a@b.org\nBob,b@b.org\n", b','),
            ("name;email;note\nAda;a@b.org;1,5\nBob;b@b.org;2,5\n", b';'),
            ("name\temail\nAda\ta@b.org, x\n", b'\t'),
            ("name|email\nAda|a@b.org\n", b'|'),
            ("email\na@b.org\nc@d.org\n", b','),
            ("name,notes\nAda,\"one; two;\nthree; four\"\nBob,\"five;\"\n", b','),
            ("first;last;address\nAda;L;\"1, Rue A, Paris\"\nBob;M;\"2, Rue B, Lyon\"\n", b';'),
            ("", b','),
            (
                "last,email\n't Hart,a@b.org\n't Hooft,c@d.org\nJones',e@f.org\nJames',g@h.org\n",
                b',',
            ),
        ] {
            let (found, why) = dialect(text.as_bytes(), &Options::default());
            assert_eq!(char::from(found.delimiter), char::from(delimiter), "{text:?}: {why}");
            assert_eq!(found.quote, Some(b'"'), "{text:?}");
        }
    }
}
