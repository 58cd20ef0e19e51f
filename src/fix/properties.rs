//! Copies of text files of any dialect and encoding, tried with whatever a cell may hold.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::error::Result;
use crate::reader::{self, Edit, HeaderRows, Input, Options};

/// How a file is written.
#[derive(Clone, Debug)]
struct Form {
    encoding: &'static str,
    mark: &'static [u8],
    /// A letter that the encoding has and ASCII has not.
    letter: &'static str,
    delimiter: &'static str,
    quote: Option<char>,
    line_end: &'static str,
    ends: bool,
}

fn form() -> impl Strategy<Value = Form> {
    let encoding = prop_oneof![
        Just(("utf-8", &b""[..], "é")),
        Just(("utf-8", &b"\xef\xbb\xbf"[..], "日")),
        Just(("windows-1252", &b""[..], "é")),
        Just(("utf-16le", &b"\xff\xfe"[..], "😀")),
        Just(("utf-16be", &b"\xfe\xff"[..], "é")),
        Just(("shift_jis", &b""[..], "表")),
        Just(("gb18030", &b""[..], "é")),
        Just(("ibm850", &b""[..], "é")),
    ];
    let delimiter = prop_oneof![Just(","), Just(";"), Just("\t"), Just("||"), Just(", ")];
    let quote = prop_oneof![4 => Just(Some('"')), 1 => Just(Some('\'')), 1 => Just(None)];
    let line_end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    (encoding, delimiter, quote, line_end, any::<bool>()).prop_map(
        |((encoding, mark, letter), delimiter, quote, line_end, ends)| Form {
            encoding,
            mark,
            letter,
            delimiter,
            quote,
            line_end,
            ends,
        },
    )
}

impl Form {
    /// A cell that this form can hold: `L` stands for its letter.
    fn can(&self, cell: &str) -> String {
        let cell = cell.replace('L', self.letter);
        match self.quote {
            Some(_) => cell,
            None => {
                cell.replace(|c: char| self.delimiter.contains(c) || "\r\n\"'".contains(c), "-")
            }
        }
    }

    fn cell(&self, cell: &str, quoted: bool) -> String {
        let splits = |c: char| self.delimiter.contains(c) || "\r\n".contains(c);
        match self.quote {
            Some(quote) if quoted || cell.contains(|c| splits(c) || c == quote) => {
                let doubled = cell.replace(quote, &format!("{quote}{quote}"));
                format!("{quote}{doubled}{quote}")
            }
            _ => cell.to_owned(),
        }
    }

    fn bytes(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            // Its letters are those of ASCII and this one here.
            "ibm850" => text
                .chars()
                .map(|c| u8::try_from(c).map_or(0x82, |c| if c > 127 { 0x82 } else { c }))
                .collect(),
            label => {
                let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
                encoding.encode(text).0.into_owned()
            }
        }
    }

    fn options(&self) -> Options {
        Options {
            encoding: Some(self.encoding.to_owned()),
            delimiter: Some(self.delimiter.to_owned()),
            quote: Some(self.quote.and_then(|quote| u8::try_from(quote).ok())),
            header_row: Some(HeaderRows::Rows { first: 1, last: 1 }),
            ..Options::default()
        }
    }
}

/// A table of three columns, with whether each cell is quoted without need.
type Table = Vec<[(String, bool); 3]>;

fn table() -> impl Strategy<Value = Table> {
    let cell = || ("[a-cL,;'\"|\t \n]{0,5}", any::<bool>());
    prop::collection::vec([cell(), cell(), cell()], 1..6)
}

/// The file, and where in it each cell begins and ends.
fn render(form: &Form, table: &Table) -> (Vec<u8>, Vec<[(usize, usize); 3]>) {
    let mut bytes = form.mark.to_vec();
    bytes.extend(form.bytes(&["one", "two", "three"].join(form.delimiter)));
    let mut places = Vec::new();
    for row in table {
        bytes.extend(form.bytes(form.line_end));
        let mut place = [(0, 0); 3];
        for (column, (cell, quoted)) in row.iter().enumerate() {
            if column > 0 {
                bytes.extend(form.bytes(form.delimiter));
            }
            let start = bytes.len();
            bytes.extend(form.bytes(&form.cell(&form.can(cell), *quoted)));
            place[column] = (start, bytes.len());
        }
        places.push(place);
    }
    if form.ends {
        bytes.extend(form.bytes(form.line_end));
    }
    (bytes, places)
}

fn open(bytes: &[u8], options: &Options) -> (tempfile::NamedTempFile, Input) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let input = reader::open(file.path(), 0, options).unwrap();
    (file, input)
}

fn cells(input: &mut Input) -> Vec<Vec<String>> {
    let extent = input.facts.extent;
    let mut all = Vec::new();
    let read = input.read(&mut |chunk| {
        for row in reader::parse(chunk, extent).iter() {
            all.push(row.cells().map(|cell| cell.text.to_owned()).collect());
        }
        ControlFlow::Continue(())
    });
    read.unwrap();
    all
}

fn rewrite(bytes: &[u8], options: &Options, edits: &[Edit<'_>]) -> Result<Vec<u8>> {
    let (_file, mut input) = open(bytes, options);
    let mut out = Vec::new();
    input.rewrite(edits, &mut out).map(|()| out)
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 150, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn only_the_cells_that_change_differ(
        form in form(),
        table in table(),
        places in prop::collection::btree_map((0_usize..6, 0_usize..3), "[a-cL,;'\"|\t \n]{0,5}", 0..4),
    ) {
        let options = form.options();
        let (bytes, ranges) = render(&form, &table);
        prop_assert_eq!(&rewrite(&bytes, &options, &[]).unwrap(), &bytes, "a copy is a copy");
        let changes: Vec<((usize, usize), String)> = places
            .into_iter()
            .filter(|((row, _), _)| *row < table.len())
            .map(|(place, text)| (place, form.can(&text)))
            .collect();
        let edit = |((row, column), text): &'_ ((usize, usize), String)| (u32::try_from(*row).unwrap(), *column, text.clone());
        let made: Vec<(u32, usize, String)> = changes.iter().map(edit).collect();
        let edits: Vec<Edit<'_>> = {
            // Rows count lines, of which a quoted cell may hold several; the reader numbers them.
            let (_file, mut input) = open(&bytes, &options);
            let extent = input.facts.extent;
            let mut numbers = Vec::new();
            input.read(&mut |chunk| {
                numbers.extend(reader::parse(chunk, extent).iter().map(|row| row.at.row));
                ControlFlow::Continue(())
            }).unwrap();
            prop_assume!(numbers.len() == table.len());
            made.iter().map(|(row, column, text)| Edit { row: numbers[*row as usize], column: *column, text }).collect()
        };
        let copy = rewrite(&bytes, &options, &edits).unwrap();
        let mut wanted: Vec<Vec<String>> =
            table.iter().map(|row| row.iter().map(|(cell, _)| form.can(cell)).collect()).collect();
        for ((row, column), text) in &changes {
            wanted[*row][*column].clone_from(text);
        }
        let (_file, mut input) = open(&copy, &options);
        prop_assert_eq!(cells(&mut input), wanted);
        // Everything in front of the first change and behind the last is as it was.
        if let (Some((first, _)), Some((last, _))) = (changes.first(), changes.last()) {
            let front = &bytes[..ranges[first.0][first.1].0];
            let back = &bytes[ranges[last.0][last.1].1..];
            prop_assert!(copy.starts_with(front) && copy.ends_with(back));
        }
        // One after the other they come to the same, and once more they change nothing.
        let one_by_one = edits.iter().fold(bytes, |bytes, edit| rewrite(&bytes, &options, &[*edit]).unwrap());
        prop_assert_eq!(&one_by_one, &copy);
        prop_assert_eq!(&rewrite(&copy, &options, &edits).unwrap(), &copy);
    }

    #[test]
    fn a_plan_of_any_bytes_is_read_or_refused(
        lines in prop::collection::vec("(yes|no|x||=1),[a-c.\"']{0,4},([A-Z]{0,4}[0-9]{0,12}|\"),[^\n]{0,8},[^\n]{0,8}", 0..6),
        noise in "[\u{0}-\u{7f}]{0,30}",
    ) {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(b"accept,file,cell,before,after\n").unwrap();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        file.write_all(noise.as_bytes()).unwrap();
        if let Ok(accepted) = Accepted::read(file.path(), Path::new("a.csv")) {
            let (_file, mut input) = open(b"one,two\n1,2\n3,4\n", &Options::default());
            let found = survey(&mut input, &accepted).unwrap();
            prop_assert_eq!(found.lines().count(), accepted.lines.len());
            let mut out = Vec::new();
            // What does not go with the file is refused; what does is written.
            let _ = input.rewrite(&found.edits(), &mut out);
        }
    }
}

#[test]
fn rows_that_are_odd_stay_as_they_are() {
    let options =
        Options { header_row: Some(HeaderRows::Rows { first: 1, last: 1 }), ..Options::default() };
    for (file, row, column, text, expected) in [
        // A short row gets the cells that it lacks, a long one keeps what is too much.
        ("a,b,c\n1\n2,3,4\n", 2, 2, "x", "a,b,c\n1,,x\n2,3,4\n"),
        ("a,b,c\n1,2,3,4,5\n6,7,8\n", 2, 1, "x", "a,b,c\n1,x,3,4,5\n6,7,8\n"),
        // Blank lines, and a last line without its end.
        ("a,b,c\n\n1,2,3\n\n4,5,6", 5, 2, "x", "a,b,c\n\n1,2,3\n\n4,5,x"),
        // A quote that stands in a cell.
        ("a,b,c\n5\" nail,2,3\n4,5,6\n", 2, 2, "x,y", "a,b,c\n5\" nail,2,\"x,y\"\n4,5,6\n"),
        ("a,b,c\n1,\"2\" ,3\n4,5,6\n", 2, 1, "x", "a,b,c\n1,\"x\",3\n4,5,6\n"),
        // The header.
        ("a,b,c\n1,2,3\n4,5,6\n", 1, 0, "é", "é,b,c\n1,2,3\n4,5,6\n"),
    ] {
        let edit = Edit { row, column, text };
        let copy = rewrite(file.as_bytes(), &options, &[edit]).unwrap();
        assert_eq!(String::from_utf8(copy).unwrap(), expected, "{file:?}");
    }
    // Bytes that are no text stay what they are beside a cell that changes.
    let mixed = b"a,b,c\nJos\xe9,\xc3\xa9,1\nx,\xff,3\n";
    let edit = Edit { row: 3, column: 1, text: "y" };
    let options = Options { encoding: Some("utf-8".to_owned()), ..options };
    assert_eq!(rewrite(mixed, &options, &[edit]).unwrap(), b"a,b,c\nJos\xe9,\xc3\xa9,1\nx,y,3\n");
}
