//! The reader held against `calamine`, cell by cell, on workbooks that the tests make; and against
//! workbooks that something has bitten into.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use calamine::{DataRef, Reader as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::xml::{Token, Xml};
use super::*;
use crate::reader::book::guard::Bound;
use crate::reader::book::inflate::TooMuch;
use crate::row::Mark::{Formula, NoResult};
use crate::row::{CellKind, Chunk, Mark};

/// Numbers that only look like chance.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    pub(super) fn of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.roll(choices.len())]
    }
}

type Parts = Vec<(&'static str, Vec<u8>)>;
/// Row, column, kind, text.
type Found = Vec<(u32, usize, CellKind, String)>;

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TEXTS: [&str; 12] = [
    "Ada",
    "",
    " x ",
    "a&amp;b",
    "&lt;&#233;&#x6771;&gt;",
    "l\nl",
    "_x000D_",
    "_x005F_x0041_",
    "東京",
    "007",
    "&quot;q&quot;&apos;",
    "=1+1",
];
const NUMBERS: [&str; 20] = [
    "0",
    "1",
    "-1",
    "42",
    "0.5",
    "1e3",
    "1E-7",
    "60",
    "59",
    "61",
    "366",
    "45000.75",
    "2958465",
    "0.1",
    "123456789012345678",
    "1.0",
    "007",
    "-0",
    "0.30000000000000004",
    "12345.678901234567",
];
/// Number formats: general, built-in dates and lengths of time, own ones.
const FORMATS: [&str; 8] = ["0", "14", "22", "46", "170", "171", "172", "49"];

/// A workbook made by chance, well-formed, in the ways in which writers differ.
fn parts(dice: &mut Dice) -> Parts {
    let prefix = dice.of(&["", "x:"]);
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let ns =
        if prefix.is_empty() { format!("xmlns=\"{main}\"") } else { format!("xmlns:x=\"{main}\"") };
    let mut strings = format!("<{prefix}sst {ns} count=\"9\">");
    let count = 1 + dice.roll(8);
    for _ in 0..count {
        let text = dice.of(&TEXTS);
        let space = dice.of(&["", " xml:space=\"preserve\""]);
        let item = match dice.roll(4) {
            0 => format!(
                "<{prefix}r><{prefix}t{space}>{text}</{prefix}t></{prefix}r><{prefix}r><{prefix}rPr/><{prefix}t>b</{prefix}t></{prefix}r>"
            ),
            1 => format!(
                "<{prefix}t{space}>{text}</{prefix}t><{prefix}rPh sb=\"0\" eb=\"1\"><{prefix}t>no</{prefix}t></{prefix}rPh>"
            ),
            _ => format!("<{prefix}t{space}>{text}</{prefix}t>"),
        };
        write!(strings, "<{prefix}si>{item}</{prefix}si>").unwrap();
    }
    write!(strings, "</{prefix}sst>").unwrap();
    let mut sheet = format!("<{prefix}worksheet {ns}><{prefix}sheetData>");
    let mut row = 0;
    for _ in 0..=dice.roll(30) {
        let numbered = dice.roll(4) > 0;
        row += if numbered { 1 + dice.roll(3) } else { 1 };
        let r = if numbered { format!(" r='{row}'") } else { String::new() };
        write!(sheet, "<{prefix}row{r} spans=\"1:9\">{}", dice.of(&["", "\n", "<!-- <c/> -->"]))
            .unwrap();
        let mut column = 0;
        for _ in 0..dice.roll(12) {
            let placed = numbered && dice.roll(4) > 0;
            column += if placed { dice.roll(4) } else { 0 };
            let mut attributes = Vec::new();
            if placed {
                attributes.push(format!("r=\"{}{row}\"", crate::row::letters(column)));
            }
            if dice.roll(2) == 0 {
                attributes.push(format!("s=\"{}\"", dice.roll(FORMATS.len())));
            }
            let (text, number) = (dice.of(&TEXTS), dice.of(&NUMBERS));
            let formula =
                dice.of(&["", "", "<f>A1&gt;2</f>", "<f/>"]).replace('f', &format!("{prefix}f"));
            let v = |value: &str| format!("{formula}<{prefix}v>{value}</{prefix}v>");
            let (kind, content) = match dice.roll(9) {
                0 => ("s", v(&dice.roll(count).to_string())),
                1 => {
                    ("inlineStr", format!("<{prefix}is><{prefix}t>{text}</{prefix}t></{prefix}is>"))
                }
                2 => ("str", v(text)),
                3 => ("b", v(dice.of(&["0", "1", "true", "false"]))),
                4 => ("e", v(dice.of(&["#N/A", "#DIV/0!", "#REF!"]))),
                5 => ("d", v("2024-02-29")),
                6 => ("n", v(number)),
                7 => ("", v(number)),
                _ => ("", String::new()),
            };
            if !kind.is_empty() {
                let quote = dice.of(&["'", "\"", "\""]);
                let kind = format!("t={quote}{kind}{quote}");
                attributes.insert(dice.roll(attributes.len() + 1), kind);
            }
            let attributes = attributes.join(" ");
            write!(sheet, "<{prefix}c {attributes}>{content}</{prefix}c>").unwrap();
            column += 1;
        }
        write!(sheet, "</{prefix}row>").unwrap();
    }
    write!(sheet, "</{prefix}sheetData></{prefix}worksheet>").unwrap();
    let formats: Vec<String> =
        FORMATS.iter().map(|id| format!("<xf numFmtId=\"{id}\"/>")).collect();
    let formats = formats.concat();
    let styles = format!(
        "<styleSheet xmlns=\"{main}\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy\\-mm\"/>\
         <numFmt numFmtId=\"171\" formatCode=\"#,##0.00 &quot;EUR&quot;\"/>\
         <numFmt numFmtId=\"172\" formatCode=\"[mm]:ss\"/></numFmts><cellXfs>{formats}</cellXfs></styleSheet>"
    );
    let days = dice.of(&["", " date1904=\"1\""]);
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{RELATIONS}\"><workbookPr{days}/><sheets>\
         <sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let list = |inner: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inner}</Relationships>"
        )
    };
    let rels =
        relation("rId1", "worksheet", dice.of(&["worksheets/s.xml", "/xl/worksheets/s.xml"]))
            + &relation("rId2", "sharedStrings", "sharedStrings.xml")
            + &relation("rId3", "styles", "styles.xml");
    [
        ("_rels/.rels", list(&relation("r", "officeDocument", "xl/workbook.xml"))),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", list(&rels)),
        ("xl/sharedStrings.xml", strings),
        ("xl/styles.xml", styles),
        ("xl/worksheets/s.xml", sheet),
    ]
    .map(|(name, text)| (name, text.into_bytes()))
    .to_vec()
}

fn archive(parts: &Parts) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn open(file: std::fs::File) -> Result<XlsxBook, Fault> {
    let archive = zip::ZipArchive::new(std::io::BufReader::new(file));
    let archive = archive.map_err(|_| Fault::broken("its archive is damaged or cut off"))?;
    XlsxBook::open(archive, &Limits::default(), |_| None)
}

/// The cells that are not blank, as this reader reads them.
fn ours(bytes: &[u8]) -> Result<Found, Fault> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    let mut book = open(file)?;
    let mut found = Found::new();
    let names: Vec<String> = book.sheets().into_iter().map(|sheet| sheet.name).collect();
    for name in names {
        book.survey(&name)?;
        book.workbook.tables(&mut book.package)?;
        book.read_rows(&name, 0, 0, &mut |chunk| {
            let Chunk::Cells(rows) = chunk else { return ControlFlow::Break(()) };
            for row in rows.iter() {
                for (column, cell) in row.cells().enumerate() {
                    if !cell.text.is_empty() {
                        // What the file holds, whatever its format shows.
                        let text = row.stored(column).unwrap_or(cell.text);
                        found.push((row.at.row, column, cell.kind, text.to_owned()));
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(found)
}

/// The same as `calamine` reads them.
fn theirs(bytes: &[u8], from_1904: bool) -> Result<Found, calamine::XlsxError> {
    let end = if from_1904 { 2_957_004.0 } else { 2_958_466.0 };
    let mut book = calamine::Xlsx::new(Cursor::new(bytes))?;
    let mut found = Found::new();
    for name in book.sheet_names() {
        match book.worksheet_cells_reader(&name) {
            Ok(cells) => read_theirs(cells, end, &mut found)?,
            // A sheet of charts or macros.
            Err(calamine::XlsxError::NotAWorksheet(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn read_theirs<R: Read + std::io::Seek>(
    mut cells: calamine::XlsxCellReader<'_, R>,
    end: f64,
    found: &mut Found,
) -> Result<(), calamine::XlsxError> {
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let (kind, text) = match cell.get_value() {
            DataRef::Empty => continue,
            DataRef::String(text) => (CellKind::Text, text.clone()),
            DataRef::SharedString(text) => (CellKind::Text, (*text).to_owned()),
            DataRef::Int(number) => (CellKind::Number, number.to_string()),
            DataRef::Float(number) => {
                let mut text = String::new();
                number::push_number(*number, &mut text);
                (CellKind::Number, text)
            }
            DataRef::Bool(yes) => (CellKind::Bool, yes.to_string().to_uppercase()),
            DataRef::Error(error) => (CellKind::Error, error.to_string()),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                (CellKind::Date, text.clone())
            }
            DataRef::DateTime(moment) => {
                let serial = moment.as_f64();
                let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
                let time = format!("{hour:02}:{minute:02}:{second:02}");
                let end = if moment.is_duration() { 2_958_466.0 } else { end };
                let text = if !(0.0..end).contains(&serial) {
                    // What counts no day is left as the number that it is.
                    found.push((row + 1, column as usize, CellKind::Number, serial.to_string()));
                    continue;
                } else if moment.is_duration() {
                    format!("{:02}:{minute:02}:{second:02}", (serial * 24.0).trunc() + 0.0)
                } else if serial < 1.0 {
                    time
                } else if (hour, minute, second) == (0, 0, 0) {
                    format!("{year:04}-{month:02}-{day:02}")
                } else {
                    format!("{year:04}-{month:02}-{day:02}T{time}")
                };
                (CellKind::Date, text)
            }
        };
        if !text.is_empty() {
            found.push((row + 1, column as usize, kind, text));
        }
    }
    Ok(())
}

#[test]
fn calamine_reads_the_same_cells() {
    for seed in 0..400 {
        let parts = parts(&mut Dice(seed));
        let bytes = archive(&parts);
        let from_1904 = String::from_utf8_lossy(&parts[1].1).contains("date1904");
        let ours = ours(&bytes).unwrap_or_else(|fault| panic!("seed {seed}: {fault:?}"));
        let theirs = theirs(&bytes, from_1904).unwrap();
        for (ours, theirs) in ours.iter().zip(&theirs) {
            assert_eq!(ours, theirs, "seed {seed}");
        }
        assert_eq!(ours.len(), theirs.len(), "seed {seed}");
    }
}

/// Every workbook below a folder.
fn workbooks(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            workbooks(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "xlsx" || ending == "xlsm") {
            found.push(path);
        }
    }
}

/// `UPSHEET_WORKBOOKS` names another folder than that of the fixtures, when the test is compiled.
#[test]
fn calamine_reads_the_same_cells_of_every_workbook_of_a_folder() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let folder = option_env!("UPSHEET_WORKBOOKS").unwrap_or(fixtures);
    let mut paths = Vec::new();
    workbooks(folder.as_ref(), &mut paths);
    let (mut alike, mut cells, mut refused, mut other) = (0, 0, 0, String::new());
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        // What is refused here is another matter, and so is what they cannot read.
        let Ok(ours) = ours(&bytes) else {
            refused += 1;
            continue;
        };
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&bytes).unwrap();
        let Ok(theirs) = theirs(&bytes, open(file).unwrap().workbook.from_1904) else { continue };
        let differs = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
        if differs.is_none() && ours.len() == theirs.len() {
            (alike, cells) = (alike + 1, cells + ours.len());
        } else {
            let counts = (ours.len(), theirs.len());
            writeln!(other, "{}: {counts:?} cells, {differs:?}", path.display()).unwrap();
        }
    }
    let counts = format!("{alike} workbooks of {cells} cells are alike, {refused} are refused");
    assert!(other.is_empty() && alike > 0, "{other}\n{counts}");
}

#[test]
fn a_bite_out_of_any_part_ends_in_cells_or_in_a_reason() {
    const CRUMBS: [&[u8]; 14] = [
        b"<",
        b">",
        b"\"",
        b"&",
        b"]]>",
        b"<!--",
        b"<![CDATA[",
        b"<row r=\"1048577\">",
        b"r=\"XFE1\"",
        b"&#0;",
        b"\xff",
        b"\0",
        b"</",
        b"99999999999999999999",
    ];
    let (mut read, mut refused) = (0, 0);
    for seed in 0..3000 {
        let mut dice = Dice(seed);
        let mut parts = parts(&mut dice);
        for _ in 0..=dice.roll(3) {
            let part = dice.roll(parts.len());
            let bytes = &mut parts[part].1;
            let at = dice.roll(bytes.len().max(1)).min(bytes.len());
            let end = (at + dice.roll(40)).min(bytes.len());
            match dice.roll(5) {
                0 => drop(bytes.drain(at..end)),
                1 => bytes.truncate(at),
                2 => {
                    let piece = bytes[at..end].to_vec();
                    let to = dice.roll(bytes.len() + 1);
                    bytes.splice(to..to, piece);
                }
                3 => drop(bytes.splice(at..at, dice.of(&CRUMBS).iter().copied())),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = u8::try_from(dice.roll(256)).unwrap();
                    }
                }
            }
        }
        match ours(&archive(&parts)) {
            Ok(_) => read += 1,
            Err(Fault::Broken(why) | Fault::TooMuch(TooMuch { why, .. })) => {
                assert!(!why.is_empty());
                refused += 1;
            }
            Err(Fault::Io(error)) => panic!("seed {seed}: {error}"),
        }
    }
    assert!(read > 100 && refused > 100, "{read} were read, {refused} refused");
}

/// The elements of a part with the names of their attributes, as this scanner sees them.
fn elements(bytes: &[u8]) -> Vec<String> {
    let mut xml = Xml::new(bytes, Bound::sheet(&Limits::default())).unwrap();
    let mut all = Vec::new();
    loop {
        let token = xml.advance().unwrap();
        let name = |xml: &Xml<_>| String::from_utf8(xml.name().to_vec()).unwrap();
        match token {
            Token::End => return all,
            Token::Open => {
                let mut line = name(&xml);
                for one in xml.attributes() {
                    let (key, value) = one.unwrap();
                    let [key, value] = [key, value].map(|part| std::str::from_utf8(part).unwrap());
                    write!(line, " {key}={value}").unwrap();
                }
                all.push(line);
            }
            Token::Close => all.push(format!("/{}", name(&xml))),
            Token::Text | Token::Data => {}
        }
    }
}

/// The same as `quick-xml` sees them.
fn their_elements(bytes: &[u8]) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(bytes);
    reader.config_mut().expand_empty_elements = true;
    let mut all = Vec::new();
    let mut room = Vec::new();
    loop {
        room.clear();
        match reader.read_event_into(&mut room).unwrap() {
            Event::Eof => return all,
            Event::Start(start) => {
                let mut line = start.local_name().as_ref().to_owned();
                for one in start.attributes() {
                    let one = one.unwrap();
                    write!(line, " {}={}", one.key.as_ref(), one.value).unwrap();
                }
                all.push(line);
            }
            Event::End(end) => all.push(format!("/{}", end.local_name().as_ref())),
            _ => {}
        }
    }
}

#[test]
fn quick_xml_sees_the_same_elements() {
    for seed in 0..100 {
        for (name, bytes) in parts(&mut Dice(seed)) {
            assert_eq!(elements(&bytes), their_elements(&bytes), "seed {seed}, {name}");
        }
    }
}

/// A workbook of one sheet with this XML, and this beside it.
fn with_sheet(sheet: &str, more: &[(&'static str, &str)]) -> Parts {
    let mut parts = parts(&mut Dice(1));
    let all = [("xl/worksheets/s.xml", sheet)];
    for (name, text) in all.iter().chain(more) {
        parts.retain(|(other, _)| other != name);
        parts.push((name, text.as_bytes().to_vec()));
    }
    parts
}

fn why(parts: &Parts) -> String {
    match ours(&archive(parts)) {
        Err(Fault::Broken(why) | Fault::TooMuch(TooMuch { why, .. })) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_costs_more_than_a_table_is_refused() {
    let data = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let sparse = "<row><c r=\"XFD1\"><v>1</v></c></row>".replace(" r=\"XFD1\"", "");
    let wide = format!("<row>{}</row>", "<c/>".repeat(16_385));
    let long = format!("<row><c t=\"str\"><v>{}</v></c></row>", "x".repeat(400_000));
    let runs = "<r><t>xxxxxxxxxxxxxxxxxxxx</t></r>".repeat(20_000);
    let runs = format!("<row><c t=\"inlineStr\"><is>{runs}</is></c></row>");
    for (rows, part) in [
        (data("<row r=\"1048577\"/>"), "row"),
        (data("<row r=\"0\"/>"), "row"),
        (data("<row r=\"4294967297\"/>"), "row"),
        (data("<row><c r=\"XFE1\"/></row>"), "cell"),
        (data("<row r=\"1048576\"/><row/>"), "row"),
        (data(&wide), "cell"),
        (data("<c><v>1</v></c>"), "cell"),
        (data(&long), "longer"),
        (data(&runs), "longer"),
        (data("<row><c t=\"s\"><v>4000000000</v></c></row>"), "table of strings"),
        (data("<row><c t=\"z\"><v>1</v></c></row>"), "unknown kind"),
        (data("<row r=\"5\"><c r=\"B5\"/><c r=\"A5\"/></row>"), "in order"),
        (data("<row r=\"5\"><c/></row><row r=\"4\"><c/></row>"), "in order"),
        ("<worksheet/>".to_owned(), "no table"),
    ] {
        let got = why(&with_sheet(&rows, &[]));
        assert!(got.contains(part), "{got:?} lacks {part:?}");
    }
    assert!(ours(&archive(&with_sheet(&data(&sparse), &[]))).is_ok());
    // A count is only a claim.
    let claims = "<sst count=\"18446744073709551615\" uniqueCount=\"18446744073709551615\"><si><t>a</t></si></sst>";
    let rows = data("<row><c t=\"s\"><v>0</v></c></row>");
    let found = ours(&archive(&with_sheet(&rows, &[("xl/sharedStrings.xml", claims)]))).unwrap();
    assert_eq!(found, [(1, 0, CellKind::Text, "a".to_owned())]);
}

#[test]
fn names_of_parts_must_be_names() {
    let twice = [("XL/Workbook.xml", "<workbook/>")];
    assert!(why(&with_sheet("<worksheet/>", &twice)).contains("two parts"));
    let out = [("xl/../../evil.xml", "<x/>")];
    assert!(why(&with_sheet("<worksheet/>", &out)).contains("leads out"));
    let none: Parts = vec![("hello.txt", b"hello".to_vec())];
    assert!(why(&none).contains("missing"));
}

#[test]
fn marks_and_the_layout_are_what_the_sheet_says() {
    let sheet = r#"<worksheet xmlns:r="r"><cols><col min="3" max="4" hidden="1"/></cols><sheetData>
        <row r="1"><c t="str"><v>Zip</v></c></row>
        <row r="2" hidden="1"><c s="1"><v>42</v></c><c><f>A2</f></c><c><f>A2</f><v>1</v></c></row>
        <row r="3" hidden="true"><c s="1"><v>12345</v></c><c><f>A3</f><v/></c><c t="str"><f>""</f><v></v></c></row>
        <row r="4" hidden="1"/><row r="5" hidden="0"><c s="1"><v>-7</v></c></row></sheetData>
        <autoFilter ref="A1:C5"><filterColumn colId="0"/></autoFilter>
        <mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/></mergeCells></worksheet>"#;
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts>
        <cellXfs><xf/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&archive(&with_sheet(sheet, &[("xl/styles.xml", styles)]))).unwrap();
    let mut book = open(file).unwrap();
    let layout = book.survey("S").unwrap();
    assert_eq!(layout.hidden_rows, [(2, 3)], "a hidden row that holds nothing is none");
    assert_eq!(layout.hidden_columns(3), [2]);
    assert_eq!(layout.merged.len(), 2);
    assert!(layout.filtered && layout.filter.is_some());
    let mut marks = Vec::new();
    book.read_rows("S", 1, 0, &mut |chunk| {
        let Chunk::Cells(rows) = chunk else { return ControlFlow::Break(()) };
        for row in rows.iter() {
            for (column, cell) in row.cells().enumerate() {
                let found: Vec<Mark> = row.marks(column).collect();
                assert_eq!(row.stored(column), (cell.text == "00042").then_some("42"));
                marks.push((row.at.row, cell.text.to_owned(), found));
            }
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    let cell = |row, text: &str, marks: &[Mark]| (row, text.to_owned(), marks.to_vec());
    assert_eq!(
        marks,
        [
            cell(2, "00042", &[]),
            cell(2, "", &[Formula, NoResult]),
            cell(2, "1", &[Formula]),
            cell(3, "12345", &[]),
            cell(3, "", &[Formula, NoResult]),
            cell(3, "", &[Formula]),
            cell(5, "-7", &[]),
        ]
    );
}
