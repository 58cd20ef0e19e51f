//! At which characters a text file is cut: found out from its first rows, with the reason.
//!
//! Every candidate cuts the sample with the parser that will cut the file, so that quotes and line
//! breaks inside quotes count as they will.

use super::joined::Joiner;
use super::table::{is_known_header, usual_width};
use super::{Confidence, Limits, Options};
use crate::row::{Dialect, Location, Quotes, Row, Rows};

/// How many rows of the beginning are looked at.
const SAMPLE_ROWS: usize = 200;

/// Among how many rows of the beginning the header is looked for.
const TITLES: usize = 30;

/// Delimiters that people's files have.
const PLAIN: [&[u8]; 4] = [b",", b";", b"\t", b"|"];
/// Quotes beside the double quote.
const QUOTES: [u8; 6] = *b"'`|~^$";
/// Delimiters of several characters. The second byte of each says what must show that it is one.
const LONG: [&[u8]; 8] = [b", ", b"; ", b" | ", b"||", b"::", b";;", b"\t\t", b"~~"];
/// Delimiters of old systems, believed only when the plain ones do not cut the file evenly. The
/// last ones stand in ordinary text too.
const RARE: [&[u8]; 17] = [
    b"\x1f",
    b"\x1e",
    b"\x01",
    b"\x02",
    b"\x07",
    b"^",
    b"~",
    "¦".as_bytes(),
    "§".as_bytes(),
    b"!",
    b"#",
    b"&",
    b"*",
    b"%",
    b"\\",
    b":",
    b" ",
];

/// How a text file is cut, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// How blocks are cut. A delimiter of several bytes is a stand-in here.
    pub(super) dialect: Dialect,
    /// The delimiter as it stands in the file.
    pub(super) delimiter: Vec<u8>,
    /// Why it is cut at this delimiter.
    pub(super) why: String,
    /// How sure that is.
    pub(super) confidence: Confidence,
    /// Why this is the quote.
    pub(super) quote_why: String,
}

impl Found {
    /// What makes one byte of a delimiter of several.
    pub(super) fn joiner(&self) -> Option<Joiner> {
        (self.delimiter.len() > 1).then(|| Joiner::new(&self.delimiter, self.dialect))
    }
}

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

/// The dialect of a text, and why. The delimiter that gives rows of one width wins; headers that
/// are known words speak for it.
pub(super) fn dialect(sample: &[u8], options: &Options) -> Found {
    let said = options.delimiter.as_deref().map(str::as_bytes);
    if let Some(delimiter) = said {
        let trial = Trial::best(sample, delimiter, options);
        return trial.found("named by --delimiter".to_owned(), Confidence::Said);
    }
    if let Some(delimiter) = sep_line(sample) {
        let trial = Trial::best(sample, &[delimiter], options);
        return trial.found("named by the sep= line".to_owned(), Confidence::Certain);
    }
    let trials = |delimiters: &[&[u8]]| -> Vec<Trial> {
        let present = delimiters.iter().filter(|delimiter| contains(sample, delimiter));
        present.map(|delimiter| Trial::best(sample, delimiter, options)).collect()
    };
    let plain = trials(&PLAIN);
    let best = strongest(&plain);
    if let Some(long) = trials(&LONG).iter().find(|trial| trial.is_long(sample, &plain)) {
        return long.clone().found(long.reason(), Confidence::Likely);
    }
    let even = |best: &Trial| best.alike * 10 >= best.rows * 9 && best.odd == 0;
    if best.is_none_or(|best| !even(best))
        && let Some(rare) = trials(&RARE).iter().find(|trial| trial.is_rare(best))
    {
        return rare.clone().found(rare.reason(), Confidence::Likely);
    }
    if let Some(best) = best {
        let others = plain.iter().filter(|trial| trial.delimiter != best.delimiter);
        let next = others.map(Trial::score).fold(0.0_f64, f64::max);
        let clear = best.width > 1 && best.alike * 10 >= best.rows * 9 && next * 2.0 < best.score();
        let confidence = if clear { Confidence::Certain } else { Confidence::Likely };
        return best.clone().found(best.reason(), confidence);
    }
    let trial = Trial::best(sample, b",", options);
    trial.found("one column".to_owned(), Confidence::Likely)
}

/// Cells of a row that are usual headers.
fn known(row: &Row<'_>) -> usize {
    row.cells().filter(|cell| is_known_header(cell.text)).count()
}

fn contains(sample: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(sample, part).is_some()
}

/// The candidate that gives the most even rows; nothing when all give rows of one cell.
fn strongest(trials: &[Trial]) -> Option<&Trial> {
    let mut best: Option<&Trial> = None;
    for trial in trials.iter().filter(|trial| trial.score() > 0.0) {
        if best.is_none_or(|best| trial.score() > best.score()) {
            best = Some(trial);
        }
    }
    best
}

/// A sample, cut at one delimiter.
#[derive(Clone, Debug)]
struct Trial {
    delimiter: Vec<u8>,
    dialect: Dialect,
    quote_why: String,
    /// Rows that are not blank.
    rows: usize,
    /// The width that most rows have, and how many have it.
    width: usize,
    alike: usize,
    /// Headers that are known words, of the first row with two of them.
    known: usize,
    /// Cells that begin with the quote.
    quoted: usize,
    /// Rows with quotes that are not as they should be.
    odd: usize,
    /// Rows with a quote that opens and is never closed.
    open: usize,
}

impl Trial {
    /// The sample cut at a delimiter, with the quote and escape that leave the fewest rows odd.
    fn best(sample: &[u8], delimiter: &[u8], options: &Options) -> Self {
        let cut = |quote, escape| Self::new(sample, delimiter, quote, escape);
        if let Some(quote) = options.quote {
            let mut said = cut(quote, None);
            if let Some(quote) = quote {
                for escape in escapes(sample, quote) {
                    said = said.or_better(cut(Some(quote), Some(escape)));
                }
            }
            "named by --quote".clone_into(&mut said.quote_why);
            return said;
        }
        let mut best = cut(Some(b'"'), None);
        for escape in escapes(sample, b'"') {
            best = best.or_better(cut(Some(b'"'), Some(escape)));
        }
        best.quote_why = match (best.quoted, best.dialect.escape) {
            (0, _) => "the usual one; no cell of the first rows is quoted".to_owned(),
            (quoted, None) => format!("quoted cells in the first rows: {quoted}"),
            (quoted, Some(_)) => format!(
                "quoted cells in the first rows: {quoted}; quotes in them stand behind a backslash"
            ),
        };
        if best.quoted > 0 && best.odd == 0 && best.uneven() == 0 {
            return best;
        }
        let others = QUOTES.into_iter().filter(|quote| !delimiter.contains(quote));
        for quote in others.filter(|quote| may_open(sample, delimiter, *quote)) {
            let mut other = cut(Some(quote), None);
            for escape in escapes(sample, quote) {
                other = other.or_better(cut(Some(quote), Some(escape)));
            }
            if other.is_quoted_so(quote, &best) {
                let (quoted, quote) = (other.quoted, char::from(quote));
                other.quote_why =
                    format!("cells of the first rows that stand in {quote:?}: {quoted}");
                return other;
            }
        }
        best
    }

    fn new(sample: &[u8], delimiter: &[u8], quote: Option<u8>, escape: Option<u8>) -> Self {
        let byte = match delimiter {
            [byte] => *byte,
            _ => Joiner::STAND_IN,
        };
        let dialect = Dialect { delimiter: byte, quote, escape };
        let joined: Vec<u8>;
        let text = if delimiter.len() > 1 {
            joined = Joiner::new(delimiter, dialect).whole(sample);
            &joined
        } else {
            sample
        };
        let table = rows_of(text, dialect);
        let (mut width, mut alike) = usual_width(&table).unwrap_or((0, 0));
        // What the headers of a long delimiter are does not count.
        let asked = width == 1 || !LONG.contains(&delimiter);
        let heads = table.iter().take(TITLES).filter(|row| asked && row.len() > 1);
        let head = heads.map(|row| (row, known(&row))).find(|(_, known)| *known >= 2);
        // Titles may be more than the people below them: a row of usual headers is wider.
        if let Some((head, _)) = head.filter(|_| width == 1) {
            width = head.len();
            alike = table.iter().filter(|row| row.len() == width).count();
        }
        let known = match head {
            Some((_, known)) => known,
            None => table.iter().next().filter(|_| asked).map_or(0, |row| known(&row)),
        };
        Self {
            delimiter: delimiter.to_vec(),
            dialect,
            quote_why: String::new(),
            rows: table.iter().filter(|row| !row.is_blank()).count(),
            width,
            alike,
            known,
            quoted: quote.map_or(0, |quote| opened(text, dialect, quote)),
            odd: table.iter().filter(|row| row.quotes().is_some()).count(),
            open: table.iter().filter(|row| row.quotes() == Some(Quotes::Open)).count(),
        }
    }

    /// How much speaks for it: rows of one width, a wide table, known headers.
    fn score(&self) -> f64 {
        if self.width < 2 {
            return 0.0;
        }
        let share = ratio(self.alike, self.rows);
        share * share * (1.0 + ratio(self.width.min(12), 12)) + ratio(self.known, 2)
    }

    fn reason(&self) -> String {
        format!("{} of the first rows have {} cells", self.alike, self.width)
    }

    fn found(self, why: String, confidence: Confidence) -> Found {
        let Self { delimiter, dialect, quote_why, .. } = self;
        Found { dialect, delimiter, why, confidence, quote_why }
    }

    /// The other one, if fewer of its rows are odd and no fewer are alike.
    fn or_better(self, other: Self) -> Self {
        let wrong = |trial: &Self| trial.odd + trial.uneven();
        if wrong(&other) < wrong(&self) { other } else { self }
    }

    /// Whether cells are quoted with another character than the double quote. For apostrophes it is
    /// enough that every cell that begins with one ends with one, that there are at least two such
    /// cells, and that none begins with a double quote: names such as `'t Hart` begin with one and
    /// do not end with it. Any character is believed where the double quote leaves rows uneven and
    /// it leaves none.
    fn is_quoted_so(&self, quote: u8, plain: &Self) -> bool {
        let whole = quote == b'\'' && self.quoted >= 2 && self.odd == 0;
        let usual = whole && (plain.quoted == 0 || self.dialect.escape == Some(b'"'));
        let better = self.quoted > 0 && self.open == 0 && self.uneven() == 0 && plain.uneven() > 0;
        (usual || better) && self.rows >= 2 && self.uneven() <= plain.uneven()
    }

    /// Rows that are not as wide as most.
    fn uneven(&self) -> usize {
        self.rows - self.alike
    }

    /// Whether a delimiter of several characters is one: its last character adds nothing else.
    fn is_long(&self, sample: &[u8], plain: &[Self]) -> bool {
        let [first, .., last] = self.delimiter.as_slice() else { return false };
        if self.width < 2 || self.rows < 2 || self.alike * 20 < self.rows * 19 || self.odd > 0 {
            return false;
        }
        let count = |part: &[u8]| memchr::memmem::find_iter(sample, part).count();
        if first == last && *first != b' ' {
            // Doubled: the character hardly stands alone, and cuts blank columns where it does.
            let alone = plain.iter().find(|trial| trial.delimiter == [*first]);
            let uneven = alone.is_none_or(|alone| alone.uneven() > 0);
            return uneven || count(&self.delimiter) * 2 == count(&[*first]);
        }
        // With a space: the plain delimiter cuts the same cells, but takes their quotes for text.
        let core: Vec<u8> = self.delimiter.iter().copied().filter(|byte| *byte != b' ').collect();
        let before = plain.iter().find(|trial| trial.delimiter == core);
        before.is_some_and(|before| before.odd > 0) && self.quoted > 0
    }

    /// Whether a rare delimiter is one: all rows agree, and for characters that stand in ordinary
    /// text the headers or quoted cells agree too. Against a plain delimiter that cuts only some
    /// rows evenly, it must do better on all of them.
    fn is_rare(&self, plain: Option<&Self>) -> bool {
        let even = self.width >= 2 && self.rows >= 2 && self.alike * 20 >= self.rows * 19;
        let ordinary = self.delimiter.iter().all(|byte| b"!#&*%\\: ".contains(byte));
        let shown = !ordinary || self.known >= 2 || self.width >= 3 && self.quoted > 0;
        let better = plain.is_none_or(|plain| {
            self.odd == 0 && self.width >= 3 && ratio(plain.alike, plain.rows) < 0.7
        });
        even && shown && better
    }
}

/// Characters that may make a quote part of the text in this sample.
fn escapes(sample: &[u8], quote: u8) -> impl Iterator<Item = u8> {
    let candidates: &[u8] = if quote == b'\'' { b"\\\"" } else { b"\\" };
    candidates.iter().copied().filter(move |escape| contains(sample, &[*escape, quote]))
}

/// Whether some cell may begin with the quote when the text is cut at a delimiter.
fn may_open(sample: &[u8], delimiter: &[u8], quote: u8) -> bool {
    let behind = |delimiter| opened(sample, Dialect { delimiter, ..Dialect::default() }, quote) > 0;
    delimiter.last().is_some_and(|last| behind(*last)) || behind(Joiner::STAND_IN)
}

/// How many cells begin with the quote.
fn opened(sample: &[u8], dialect: Dialect, quote: u8) -> usize {
    let edge = |byte: Option<&u8>| {
        byte.is_none_or(|byte| *byte == dialect.delimiter || matches!(byte, b'\n' | b'\r'))
    };
    memchr::memchr_iter(quote, sample)
        .filter(|at| edge(at.checked_sub(1).and_then(|before| sample.get(before))))
        .count()
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
        longest_cell: Limits::default().cell(),
    };
    super::block::parse_first(block, 0, SAMPLE_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_found_by_the_shape_of_the_rows() {
        for (text, delimiter) in [
            ("name,email\nAda,a@b.org\nBob,b@b.org\n", ","),
            ("name;email;note\nAda;a@b.org;1,5\nBob;b@b.org;2,5\n", ";"),
            ("name\temail\nAda\ta@b.org, x\n", "\t"),
            ("name|email\nAda|a@b.org\n", "|"),
            ("email\na@b.org\nc@d.org\n", ","),
            ("name\nAda Lovelace\nBob Marley\nCy Twombly\n", ","),
            ("from\n12:30\n13:30\n14:45\n", ","),
            ("name,notes\nAda,\"one; two;\nthree; four\"\nBob,\"five;\"\n", ","),
            ("first;last;address\nAda;L;\"1, Rue A, Paris\"\nBob;M;\"2, Rue B, Lyon\"\n", ";"),
            ("", ","),
            (
                "last,email\n't Hart,a@b.org\n't Hooft,c@d.org\nJones',e@f.org\nJames',g@h.org\n",
                ",",
            ),
            ("name||email||note\nAda||a@b.org||x|\n", "||"),
            ("name|email||note\nAda|a@b.org||x\n", "|"),
            ("name||email\nAda||a@b.org\nBob||b@b.org\n", "||"),
            ("Helpers, by team\nOf May\nPerth\n\nfirst\temail\nAda\ta@b.org\nTotal: 1\n", "\t"),
            ("name::email\nAda::a@b.org\n", "::"),
            ("name, email\n\"L, A\", a@b.org\nBob, \"b@b.org\"\n", ", "),
            ("name, email\nAda, a@b.org\n", ","),
            ("name^email\nAda^a@b.org\nBob^c@d.org\n", "^"),
            ("name~email\nAda~a@b.org\n", "~"),
            ("first last email\nAda L a@b.org\n\"B C\" D c@d.org\n", " "),
            ("a!b!c\n\"x\"!y, z!1\nu!v!2\nw!x, y, z!3\n", "!"),
            ("a\u{1f}b\u{1f}c\nx\u{1f}y, z\u{1f}1\nu\u{1f}v, w, x\u{1f}2\n", "\u{1f}"),
            ("first,last,email\nAda,L b,a@b.org\nBob M,x,b@b.org,\nCy,N,c@b.org\n", ","),
        ] {
            let found = dialect(text.as_bytes(), &Options::default());
            let shown = String::from_utf8(found.delimiter.clone()).unwrap();
            assert_eq!(shown, delimiter, "{text:?}: {found:?}");
            assert_eq!(found.dialect.quote, Some(b'"'), "{text:?}");
            assert_eq!(found.dialect.escape, None, "{text:?}");
        }
    }

    #[test]
    fn quotes_and_escapes_are_found_by_what_they_leave_in_order() {
        for (text, quote, escape) in [
            ("a,b\n'x, y',1\n'z',2\n", b'\'', None),
            ("a,b\n'x''s, y',1\n'z',2\n", b'\'', None),
            ("a,b\n'it\\'s, y',1\n'z',2\n", b'\'', Some(b'\\')),
            ("a,b\n'it\"'s, y',1\n'z',2\n", b'\'', Some(b'"')),
            ("a,b\n\"say \\\"x, y\\\"\",1\n\"z\",2\n", b'"', Some(b'\\')),
            ("a,b\n\"say \"\"x\"\"\",1\n", b'"', None),
            ("path,b\n\"C:\\\",1\n\"D:\\\",2\n", b'"', None),
            ("a,b\nit's,1\n'twas,2\n", b'"', None),
            ("|a\na|,b\nc,d\n", b'|', None),
            ("a;b\n\"hello;world\nhow do you;do\"\n'I am';\"here\"\n", b'\'', None),
        ] {
            let found = dialect(text.as_bytes(), &Options::default());
            assert_eq!(found.dialect.quote, Some(quote), "{text:?}: {found:?}");
            assert_eq!(found.dialect.escape, escape, "{text:?}: {found:?}");
        }
    }
}
