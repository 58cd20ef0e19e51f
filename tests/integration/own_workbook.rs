//! The user's own workbook back: what changes in it, and that nothing else does.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::common::{Desk, Import};

/// The parts of a workbook, inflated.
fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut parts = BTreeMap::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().into_owned(), bytes);
    }
    parts
}

fn text(parts: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(parts[name].clone()).unwrap()
}

/// Puts a workbook on the desk that is made of parts.
fn pack(desk: &Desk, name: &str, parts: &BTreeMap<String, Vec<u8>>) {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    desk.write(name, writer.finish().unwrap().into_inner());
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// Puts a workbook on the desk that is made of its one sheet and of further parts.
fn workbook(desk: &Desk, name: &str, sheet: &str, more: &[(&str, String)]) {
    let of_main = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let kind = if Path::new(name).extension().is_some_and(|ending| ending == "xlsm") {
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml".to_owned()
    } else {
        format!("{of_main}.sheet.main+xml")
    };
    let mut parts = vec![
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"vml\" ContentType=\"application/vnd.openxmlformats-officedocument.vmlDrawing\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{of_main}.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{RELATIONS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>\
                 <sheet name=\"People\" sheetId=\"7\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" \
                 Type=\"{RELATIONS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet.to_owned()),
    ];
    parts.extend(more.iter().map(|(name, text)| (*name, text.clone())));
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in &parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    desk.write(name, writer.finish().unwrap().into_inner());
}

/// A cell with a text.
fn cell(place: &str, text: &str) -> String {
    format!("<x:c r=\"{place}\" t=\"inlineStr\"><x:is><x:t>{text}</x:t></x:is></x:c>")
}

/// Rows in every way in which writers leave something out: no number, no place, no content, no cell.
fn sparse() -> String {
    let heads = cell("A2", "First name") + &cell("B2", "Last name") + &cell("C2", "E-mail");
    let bare = |text: &str| format!("<x:c t=\"inlineStr\"><x:is><x:t>{text}</x:t></x:is></x:c>");
    let unplaced = bare("Ada") + &bare("Ash") + &bare("ada@example,org");
    format!(
        "<x:worksheet xmlns:x=\"{MAIN}\"><!-- made by hand --><x:sheetPr/>\n<x:sheetData>\
         <x:row r=\"1\"/><x:row r=\"2\" spans=\"1:3\">{heads}</x:row><x:row>{unplaced}</x:row>\
         <x:row r=\"5\" ht=\"30\" customHeight=\"1\">{}{}</x:row>\n<x:row r=\"9\" hidden=\"1\"/></x:sheetData>\
         <x:sheetProtection sheet=\"1\"/><x:mergeCells count=\"1\"><x:mergeCell ref=\"A1:C1\"/></x:mergeCells>\
         <x:pageMargins left=\"1\" right=\"1\" top=\"1\" bottom=\"1\" header=\"0\" footer=\"0\"/>\
         <x:extLst><x:ext uri=\"kept\"/></x:extLst></x:worksheet>",
        cell("A5", "Bea"),
        cell("C5", "bea@example.org"),
    )
}

#[test]
fn what_is_added_stands_where_strict_programs_look_for_it() {
    let desk = Desk::new();
    workbook(&desk, "people.xlsx", &sparse(), &[("docProps/mine.bin", "kept".to_owned())]);
    let check = "people.xlsx --to vome --report people.checked.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    let (before, after) =
        (parts(&desk.path("people.xlsx")), parts(&desk.path("people.checked.xlsx")));
    assert_eq!(before["docProps/mine.bin"], after["docProps/mine.bin"]);
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    // The order of the standard, each once.
    let order = [
        "<x:sheetPr/>",
        "<x:sheetViews>",
        "<x:cols>",
        "<x:sheetData>",
        "<x:sheetProtection",
        "<x:autoFilter ref=\"A2:F5\"/>",
        "<x:mergeCells",
        "<x:pageMargins",
        "<x:legacyDrawing ",
        "<x:extLst>",
    ];
    let places: Vec<usize> = order
        .iter()
        .map(|part| {
            assert_eq!(sheet.matches(part).count(), 1, "{part} in {sheet}");
            sheet.find(part).unwrap()
        })
        .collect();
    assert!(places.is_sorted(), "{sheet}");
    // A blank cell that should hold something is there and coloured; the row keeps its height.
    assert!(sheet.contains("<x:row r=\"5\" ht=\"30\" customHeight=\"1\">"), "{sheet}");
    assert!(sheet.contains("<x:c r=\"B5\" s=\""), "{sheet}");
    assert!(!sheet.contains("spans="), "{sheet}");
    // Cells whose place is not said are counted on, so ours say theirs.
    assert!(sheet.contains("<x:c r=\"D3\""), "{sheet}");
    let notes = text(&after, "xl/comments1.xml");
    assert!(notes.contains("ref=\"C3\"") && notes.contains("ref=\"B5\""), "{notes}");
    assert!(text(&after, "xl/workbook.xml").contains("'People'!$A$2:$F$5"));
    for name in ["xl/styles.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/sheet2.xml"] {
        assert!(after.contains_key(name), "{name}");
    }
}

#[test]
fn the_reader_reads_the_cells_that_it_read_before() {
    let desk = Desk::new();
    workbook(&desk, "sparse.xlsx", &sparse(), &[]);
    desk.fixture("faulty/volunteers.xlsx");
    desk.fixture("spring-intake/volunteers.xlsx");
    let files = ["sparse.xlsx", "faulty/volunteers.xlsx", "spring-intake/volunteers.xlsx"];
    for file in files {
        let code = i32::from(file != "spring-intake/volunteers.xlsx");
        let check = format!("{file} --to vome -q --report copy.xlsx");
        Import::at(&desk, "check").args(&check).expect_code(code).run();
        let rows = |file: &str| {
            let done = Import::at(&desk, "rows").arg(file).run();
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(done.stdout.as_bytes());
            let records: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect())
                .collect();
            records
        };
        let (before, after) = (rows(file), rows("copy.xlsx"));
        let width = before[0].len();
        assert_eq!(after[0][width..width + 2], ["Status (upsheet)", "Findings (upsheet)"]);
        let cut = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
            let cut = |row: &Vec<String>| {
                let mut row: Vec<String> = row.iter().take(width).cloned().collect();
                row.resize(width, String::new());
                row
            };
            rows.iter().map(cut).collect()
        };
        assert_eq!(cut(&before), cut(&after), "{file}");
    }
}

/// A sheet with a filter that has criteria, a fixed header, notes, and a format of every cell.
fn dressed() -> (String, Vec<(&'static str, String)>) {
    let sheet = format!(
        "<worksheet xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><dimension ref=\"A1:C3\"/><sheetViews>\
         <sheetView workbookViewId=\"0\"><pane xSplit=\"1\" topLeftCell=\"B1\" state=\"frozen\"/></sheetView>\
         </sheetViews><cols><col min=\"2\" max=\"16384\" width=\"20\"/></cols><sheetData>\
         <row r=\"1\">{}{}{}</row><row r=\"2\">{}{}{}</row><row r=\"3\">{}{}{}</row></sheetData>\
         <autoFilter ref=\"A1:C3\"><filterColumn colId=\"0\"><filters><filter val=\"Ada\"/></filters>\
         </filterColumn></autoFilter><legacyDrawing r:id=\"v\"/></worksheet>",
        cell("A1", "First name"),
        cell("B1", "Last name"),
        cell("C1", "E-mail"),
        cell("A2", "Ada"),
        cell("B2", "Ash"),
        cell("C2", "ada@example,org"),
        cell("A3", "Bea"),
        cell("B3", "Birch"),
        cell("C3", "bea@@example.org"),
    )
    .replace("x:", "");
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">\
         <Relationship Id=\"v\" Type=\"{RELATIONS}/vmlDrawing\" Target=\"../drawings/shapes.vml\"/>\
         <Relationship Id=\"c\" Type=\"{RELATIONS}/comments\" Target=\"../comments.xml\"/></Relationships>"
    );
    let notes = format!(
        "<comments xmlns=\"{MAIN}\"><authors><author>Lena</author><author>tc={{1}}</author></authors>\
         <commentList><comment ref=\"C2\" authorId=\"0\"><text><t>Called her</t></text></comment>\
         <comment ref=\"C3\" authorId=\"1\"><text><t>A conversation</t></text></comment></commentList></comments>"
    );
    // As a program writes them that chooses its own prefixes, and closes nothing that need not be.
    let shapes = "<xml xmlns:a=\"urn:schemas-microsoft-com:vml\" xmlns:b=\"urn:schemas-microsoft-com:office:excel\">\
         <a:shape id=\"_x0000_s3000\"><br><b:ClientData ObjectType=\"Note\"><b:Row>1</b:Row>\
         <b:Column>2</b:Column></b:ClientData></a:shape></xml>";
    let more = vec![
        ("xl/worksheets/_rels/sheet1.xml.rels", relations),
        ("xl/comments.xml", notes),
        ("xl/drawings/shapes.vml", shapes.to_owned()),
    ];
    (sheet, more)
}

#[test]
fn notes_filters_and_views_that_were_there_stay() {
    let desk = Desk::new();
    let (sheet, more) = dressed();
    workbook(&desk, "people.xlsx", &sheet, &more);
    let check = "people.xlsx --to vome --report copy.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    let after = parts(&desk.path("copy.xlsx"));
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    for part in [
        "<dimension ref=\"A1:F3\"/>",
        "<pane xSplit=\"1\" topLeftCell=\"B1\" state=\"frozen\"/>",
        "<col min=\"2\" max=\"3\" width=\"20\"/><col min=\"4\" max=\"4\" width=\"18\" customWidth=\"1\"/>",
        "hidden=\"1\" customWidth=\"1\"/><col min=\"7\" max=\"16384\" width=\"20\"/>",
        "<autoFilter ref=\"A1:F3\"><filterColumn colId=\"0\"><filters><filter val=\"Ada\"/>",
        "<legacyDrawing r:id=\"v\"/>",
    ] {
        assert_eq!(sheet.matches(part).count(), 1, "{part} in {sheet}");
    }
    let notes = text(&after, "xl/comments.xml");
    assert!(notes.contains("<r><t>Called her</t></r><r><rPr>"), "{notes}");
    assert!(notes.contains("upsheet: email-syntax"), "{notes}");
    // A conversation is not ours to change; what was found stands in the row.
    assert!(notes.contains("<text><t>A conversation</t></text>"), "{notes}");
    assert!(sheet.contains("[email-syntax]") && sheet.matches("rejected").count() == 2, "{sheet}");
    let before: BTreeMap<&str, &String> = more.iter().map(|(name, text)| (*name, text)).collect();
    assert_eq!(text(&after, "xl/drawings/shapes.vml"), *before["xl/drawings/shapes.vml"]);
}

#[test]
fn a_workbook_that_comes_back_is_not_marked_twice() {
    let desk = Desk::new();
    workbook(&desk, "people.xlsx", &sparse(), &[]);
    let check = |from: &str, to: &str, code| {
        let check = format!("{from} --to vome --report {to} --sheet People");
        Import::at(&desk, "check").args(&check).expect_code(code).run();
        parts(&desk.path(to))
    };
    let once = check("people.xlsx", "once.xlsx", 1);
    // Corrected as a person would: the colours and notes of the first check are still there.
    let sheet =
        text(&once, "xl/worksheets/sheet1.xml").replace("ada@example,org", "ada@example.org");
    let mut corrected = once.clone();
    corrected.insert("xl/worksheets/sheet1.xml".to_owned(), sheet.into_bytes());
    pack(&desk, "corrected.xlsx", &corrected);
    let twice = check("corrected.xlsx", "twice.xlsx", 1);
    assert_eq!(once.keys().collect::<Vec<_>>(), twice.keys().collect::<Vec<_>>());
    let sheet = text(&twice, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("Status (upsheet)").count(), 1, "{sheet}");
    assert!(sheet.contains("ready") && sheet.matches("rejected").count() == 1, "{sheet}");
    let (notes, shapes) =
        (text(&twice, "xl/comments1.xml"), text(&twice, "xl/drawings/vmlDrawing1.vml"));
    assert_eq!(notes.matches("<comment ").count(), 1, "{notes}");
    assert_eq!(shapes.matches("<v:shape ").count(), 1, "{shapes}");
    // The corrected cell looks as it did in the beginning.
    let style = |sheet: &str, place: &str| {
        let cell = sheet.split(&format!("r=\"{place}\"")).nth(1).unwrap();
        cell.split('>').next().unwrap().contains("s=\"")
    };
    assert!(!sheet.contains("ada@example,org"));
    assert!(style(&sheet, "B5"), "{sheet}");
}

#[test]
fn the_archive_says_in_front_of_each_part_how_long_it_is() {
    let desk = Desk::new();
    let picture = ("xl/media/picture.png", "not really a picture".repeat(40));
    workbook(&desk, "people.xlsx", &sparse(), &[picture]);
    let check = "people.xlsx --to vome --report copy.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    let bytes = std::fs::read(desk.path("copy.xlsx")).unwrap();
    let mut archive = ZipArchive::new(File::open(desk.path("copy.xlsx")).unwrap()).unwrap();
    let number = |at: usize, length: usize| {
        bytes[at..at + length].iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    };
    let mut end = 0;
    for place in 0..archive.len() {
        let part = archive.by_index_raw(place).unwrap();
        let name = part.name().unwrap().into_owned();
        let at = usize::try_from(part.header_start()).unwrap();
        // Strict readers go from header to header.
        assert_eq!(at, end, "{name}");
        assert_eq!(number(at + 6, 2) & 8, 0, "{name} has its sizes behind it");
        let said = [number(at + 14, 4), number(at + 18, 4), number(at + 22, 4)];
        assert_eq!(said, [u64::from(part.crc32()), part.compressed_size(), part.size()], "{name}");
        let names = usize::try_from(number(at + 26, 2) + number(at + 28, 2)).unwrap();
        end = at + 30 + names + usize::try_from(part.compressed_size()).unwrap();
    }
}

/// A sheet of people with a table over them, and another table beside it.
fn tabled(beside: bool) -> (String, Vec<(&'static str, String)>) {
    let (sheet, _) = dressed();
    let (head, rest) = sheet.split_once("<autoFilter").unwrap();
    let id = |id: u32| format!("<tablePart r:id=\"t{id}\"/>");
    let parts = if beside { id(1) + &id(2) } else { id(1) };
    let head = if beside { head.replace("A1:C3", "A1:H3") } else { head.to_owned() };
    let keys = format!("{}{}</row><row r=\"2\"", cell("G1", "Key"), cell("H1", "Value"));
    let keys = keys.replace("x:", "");
    let head = if beside { head.replacen("</row><row r=\"2\"", &keys, 1) } else { head };
    assert!(rest.ends_with("</worksheet>"));
    let sheet = format!("{head}<tableParts>{parts}</tableParts></worksheet>");
    let relation = |id: u32| {
        format!(
            "<Relationship Id=\"t{id}\" Type=\"{RELATIONS}/table\" Target=\"/xl/tables/table{id}.xml\"/>"
        )
    };
    let relations = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\">{}{}</Relationships>",
        relation(1),
        if beside { relation(2) } else { String::new() }
    );
    let table = |id: u32, area: &str, headers: &[&str]| {
        let column =
            |(id, header): (u32, &&str)| format!("<tableColumn id=\"{id}\" name=\"{header}\"/>");
        let columns: Vec<String> = (1..).zip(headers).map(column).collect();
        format!(
            "<table xmlns=\"{MAIN}\" id=\"{id}\" displayName=\"T{id}\" ref=\"{area}\"><autoFilter \
             ref=\"{area}\"/><tableColumns count=\"{}\">{}</tableColumns></table>",
            headers.len(),
            columns.concat()
        )
    };
    let mut more = vec![
        ("xl/worksheets/_rels/sheet1.xml.rels", relations),
        ("xl/tables/table1.xml", table(1, "A1:C3", &["First name", "Last name", "E-mail"])),
    ];
    if beside {
        more.push(("xl/tables/table2.xml", table(2, "G1:H3", &["Key", "Value"])));
    }
    (sheet, more)
}

#[test]
fn the_columns_of_a_table_are_called_as_their_headers_are_when_these_change_too() {
    let desk = Desk::new();
    let (sheet, more) = tabled(false);
    workbook(&desk, "people.xlsx", &sheet, &more);
    let check = |from: &str, to: &str| {
        let check = format!("{from} --to vome --report {to}");
        Import::at(&desk, "check").args(&check).expect_code(1).run();
        let parts = parts(&desk.path(to));
        let table = text(&parts, "xl/tables/table1.xml");
        let sheet = text(&parts, "xl/worksheets/sheet1.xml");
        assert!(table.contains("ref=\"A1:F3\"") && table.contains("count=\"6\""), "{table}");
        let names: Vec<String> = table
            .split("<tableColumn ")
            .skip(1)
            .map(|column| {
                column.split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
            })
            .collect();
        assert_eq!(names.len(), 6, "{table}");
        for name in &names {
            assert_eq!(sheet.matches(&format!(">{name}</t>")).count(), 1, "{name} in {sheet}");
        }
        (parts, names)
    };
    let (mut once, before) = check("people.xlsx", "once.xlsx");
    // Somebody calls a column otherwise, as a spreadsheet program does it: in the cell and in the table.
    for part in ["xl/tables/table1.xml", "xl/worksheets/sheet1.xml"] {
        let renamed = text(&once, part).replace("Last name", "Surname");
        once.insert(part.to_owned(), renamed.into_bytes());
    }
    pack(&desk, "renamed.xlsx", &once);
    let (_, after) = check("renamed.xlsx", "twice.xlsx");
    assert_eq!(after[1], "Surname");
    assert_ne!(before[5], after[5], "the record names the columns that it is of");
}

#[test]
fn a_table_of_something_else_beside_the_people_is_left_alone() {
    let desk = Desk::new();
    let (sheet, more) = tabled(true);
    workbook(&desk, "people.xlsx", &sheet, &more);
    let check = "people.xlsx --to vome --report copy.xlsx --table T1";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    let after = parts(&desk.path("copy.xlsx"));
    for (name, before) in more.iter().filter(|(name, _)| name.starts_with("xl/tables/")) {
        assert_eq!(&text(&after, name), before);
    }
    let sheet = text(&after, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<autoFilter ref=\"I1:K3\"/>"), "{sheet}");
}

#[test]
fn notes_of_an_earlier_check_are_known_though_a_program_forgot_by_whom_they_are() {
    let desk = Desk::new();
    let (sheet, mut more) = dressed();
    // As LibreOffice saves them: without names, the lines of a note parted or in one piece.
    let note = |place: &str, runs: &[&str]| {
        let run = |text: &&str| format!("<r><rPr/><t xml:space=\"preserve\">{text}</t></r>");
        let runs = runs.iter().map(run).collect::<Vec<_>>().concat();
        format!("<comment ref=\"{place}\" authorId=\"0\"><text>{runs}</text></comment>")
    };
    let notes = [
        note("A2", &["required-missing: first_name is blank"]),
        note("B2", &["One piece&#10;&#10;upsheet: date-range: the date lies in the future"]),
        note("C2", &["Called her&#10;", "&#10;upsheet: email-typo: a slip"]),
        note("B3", &["upsheet: our new program"]),
        note("C3", &["email-syntax: there are two @&#10;as it was said before"]),
    ];
    more[1].1 = format!(
        "<comments xmlns=\"{MAIN}\"><authors><author> </author></authors><commentList>{}</commentList></comments>",
        notes.concat()
    );
    workbook(&desk, "people.xlsx", &sheet, &more);
    let check = "people.xlsx --to vome --report copy.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    let notes = text(&parts(&desk.path("copy.xlsx")), "xl/comments.xml");
    let of = |place: &str| {
        let note = notes.split(&format!("ref=\"{place}\"")).nth(1)?;
        Some(note.split("</comment>").next().unwrap().to_owned())
    };
    assert_eq!(of("A2"), None, "{notes}");
    assert!(of("B2").unwrap().contains(">One piece</t></r></text>"), "{notes}");
    let note = of("C2").unwrap();
    assert!(note.contains(">Called her</t></r><r>"), "{note}");
    assert!(note.matches("upsheet: ").count() == 1 && note.contains("email-syntax"), "{note}");
    assert!(of("B3").unwrap().contains("upsheet: our new program"), "{notes}");
    let note = of("C3").unwrap();
    assert!(note.matches("email-syntax").count() == 1 && !note.contains("said before"), "{note}");
}

#[test]
fn a_cell_looks_the_same_in_every_checked_workbook() {
    let desk = Desk::new();
    workbook(&desk, "people.xlsx", &sparse(), &[]);
    desk.write(
        "people.csv",
        "First name,Last name,E-mail\nAda,Ash,ada@example,org\nBea,Birch,bea@gmial.com\nCy,Cedar, cy@example.org\n",
    );
    let fills = |file: &str, to: &str| {
        let check = format!("{file} --to vome --report {to}");
        Import::at(&desk, "check").args(&check).expect_code(1).run();
        let styles = text(&parts(&desk.path(to)), "xl/styles.xml");
        let fills =
            styles.split("<fill>").skip(1).map(|fill| fill.split("</fill>").next().unwrap());
        let mut fills: Vec<String> =
            fills.filter(|fill| fill.contains("bgColor rgb")).map(str::to_owned).collect();
        fills.sort();
        fills
    };
    let own = fills("people.xlsx", "own.xlsx");
    assert_eq!(own.len(), 3, "{own:?}");
    let fresh = fills("people.csv", "fresh.xlsx");
    assert!(fresh.len() >= 2 && fresh.iter().all(|fill| own.contains(fill)), "{own:?}\n{fresh:?}");
}

#[test]
fn a_signature_goes_and_strict_words_stay() {
    let desk = Desk::new();
    workbook(&desk, "people.xlsx", &sparse(), &[]);
    let mut strict = parts(&desk.path("people.xlsx"));
    let words = [
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
        (RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (
            "</Types>",
            "<Override PartName=\"/_xmlsignatures/sig1.xml\" ContentType=\"application/xml\"/></Types>",
        ),
    ];
    for bytes in strict.values_mut() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = words.iter().fold(text, |text, (a, b)| text.replace(a, b)).into_bytes();
    }
    let origin = format!(
        "<Relationship Id=\"s\" Type=\"{PACKAGE}/relationships/digital-signature/origin\" \
         Target=\"_xmlsignatures/origin.sigs\"/></Relationships>"
    );
    let rels = text(&strict, "_rels/.rels").replace("</Relationships>", &origin);
    strict.insert("_rels/.rels".to_owned(), rels.into_bytes());
    for part in ["_xmlsignatures/origin.sigs", "_xmlsignatures/sig1.xml"] {
        strict.insert(part.to_owned(), b"<a/>".to_vec());
    }
    pack(&desk, "strict.xlsx", &strict);
    let check = "strict.xlsx --to vome --report copy.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    let after = parts(&desk.path("copy.xlsx"));
    for (name, bytes) in &after {
        let text = String::from_utf8_lossy(bytes);
        assert!(!name.contains("signature") && !text.contains("signature"), "{name}: {text}");
        assert!(!text.contains(MAIN) && !text.contains(RELATIONS), "{name}: {text}");
    }
    Import::at(&desk, "check").args("copy.xlsx --sheet People --to vome").expect_code(1).run();
}

#[test]
fn what_cannot_be_given_back_is_refused_before_any_work() {
    let desk = Desk::new();
    let far = sparse().replace("r=\"C5\"", "r=\"XFC5\"");
    workbook(&desk, "far.xlsx", &far, &[]);
    workbook(&desk, "broken.xlsx", &sparse().replace("</x:mergeCells>", "</x:mergeCell>"), &[]);
    workbook(&desk, "macros.xlsm", &sparse(), &[]);
    for (file, report, code, says) in [
        ("far.xlsx", "a.xlsx", 2, "as far as column XFC"),
        ("broken.xlsx", "a.xlsx", 3, "closes what it did not open"),
        ("macros.xlsm", "a.xlsx", 2, "name the report \"a.xlsm\""),
        ("far.xlsx", "a.xlsm", 2, "name the report \"a.xlsx\""),
    ] {
        let check = format!("{file} --to vome --report {report}");
        Import::at(&desk, "check").args(&check).expect_code(code).run().says(says);
        assert!(!desk.path(report).exists(), "{file}");
    }
    Import::at(&desk, "check")
        .args("macros.xlsm --to vome -q --report b.xlsm")
        .expect_code(1)
        .run();
    assert!(text(&parts(&desk.path("b.xlsm")), "[Content_Types].xml").contains("macroEnabled"));
}

#[test]
fn every_input_has_a_workbook_of_its_own() {
    let desk = Desk::new();
    workbook(&desk, "a.xlsx", &sparse(), &[]);
    workbook(&desk, "b.xlsx", &sparse().replace("ada@", "abe@"), &[]);
    desk.write("c.csv", "First name,Last name,E-mail\nCy,Cole,cy@example.org\n");
    let check = "a.xlsx b.xlsx c.csv --to vome -q --report all.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    for (name, own) in
        [("all.xlsx", "ada@example"), ("all.2-b.xlsx", "abe@example"), ("all.3-c.xlsx", "cy@")]
    {
        let done = Import::at(&desk, "rows").arg(name).run();
        assert!(done.stdout.contains(own), "{name}: {}", done.stdout);
    }
    // None of them takes the place of an input.
    workbook(&desk, "x.2-y.xlsx", &sparse(), &[]);
    desk.write("y.xlsx", std::fs::read(desk.path("b.xlsx")).unwrap());
    let check = "x.2-y.xlsx y.xlsx --to vome -q --report x.xlsx";
    Import::at(&desk, "check").args(check).expect_code(2).run().says("would replace its own input");
}

/// Makes a workbook with whatever a person may have put into it, and looks whether it is still there.
const RICH: &str = r#"
import sys, datetime, openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

def make(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "It's people"
    sheet.append(['Members of 2026'])
    sheet.merge_cells('A1:E1')
    sheet.append([])
    sheet.append(['First name', 'Last name', 'E-mail', 'Date of birth', 'Both'])
    for cell in sheet[3]:
        cell.font = Font(bold=True, color='FFFFFF')
        cell.fill = PatternFill('solid', fgColor='4472C4')
    for row in [('Ada', 'Ash', 'ada@example,org'), ('Bea', None, 'bea@example.org'), ('Cy', 'Cole', 'cy@example.org')]:
        sheet.append([*row, datetime.date(1990, 5, 3), f'=A{sheet.max_row + 1}&" "&B{sheet.max_row + 1}'])
        sheet.cell(sheet.max_row, 4).number_format = 'dd/mm/yyyy'
    sheet['C4'].font = Font(italic=True)
    sheet['C4'].comment = Comment('Called her on Monday', 'Lena')
    sheet['A6'].comment = Comment('Very tall', 'Lena')
    sheet.column_dimensions['C'].width = 33
    rule = DataValidation(type='list', formula1='"Ash,Cole"')
    rule.add('B4:B100')
    sheet.add_data_validation(rule)
    yellow = PatternFill(bgColor='FFFF00')
    sheet.conditional_formatting.add('A4:A9', CellIsRule(operator='equal', formula=['"Ada"'], fill=yellow))
    sheet.add_table(Table(displayName='People', ref='A3:E6'))
    other = book.create_sheet('Other')
    other['A1'] = 'kept'
    other['A1'].comment = Comment('x', 'y')
    book.save(path)

def look(path):
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["It's people", 'Other', 'Summary (upsheet)'], book.sheetnames
    assert book.active.title == "It's people"
    sheet = book["It's people"]
    bad = sheet['C4']
    assert bad.fill.patternType == 'solid' and bad.font.italic, bad.fill
    assert bad.comment.text.startswith('Called her on Monday') and 'email-syntax' in bad.comment.text
    assert sheet['B5'].fill.patternType == 'solid' and 'required-missing' in sheet['B5'].comment.text
    assert sheet['A6'].comment.text == 'Very tall' and sheet['C6'].fill.patternType is None
    assert sheet['D4'].number_format == 'dd/mm/yyyy' and sheet['E4'].value == '=A4&" "&B4'
    assert [cell.value for cell in sheet['F']][2:] == ['Status (upsheet)', 'rejected', 'rejected', 'ready']
    assert sheet['F3'].font.bold and sheet['F3'].fill.fgColor.rgb == '004472C4'
    assert sheet.column_dimensions['H'].hidden and sheet.column_dimensions['C'].width == 33
    assert sheet.freeze_panes == 'A4' and str(sheet.merged_cells.ranges) == '{<MergedCellRange A1:E1>}'
    table = sheet.tables['People']
    assert table.ref == 'A3:H6' and table.autoFilter.ref == 'A3:H6', table.ref
    assert [column.name for column in table.tableColumns][5] == 'Status (upsheet)'
    assert sheet.auto_filter.ref is None
    assert len(sheet.data_validations.dataValidation) == 1 and len(sheet.conditional_formatting) == 1
    assert book['Other']['A1'].comment.text == 'x'

dict(make=make, look=look)[sys.argv[1]](sys.argv[2])
"#;

/// Whether there is a second program that reads workbooks.
#[expect(clippy::print_stderr, reason = "a test that looks at nothing says so")]
#[expect(clippy::disallowed_methods, reason = "the gate says that nothing may be skipped")]
fn has_openpyxl() -> bool {
    let has = Command::new("python3").args(["-c", "import openpyxl"]).output();
    let has = has.is_ok_and(|done| done.status.success());
    let must = std::env::var_os("UPSHEET_SKIP_NOTHING").is_some();
    assert!(has || !must, "openpyxl is not installed, and nothing may be skipped");
    if !has {
        eprintln!("skipped: there is no openpyxl here");
    }
    has
}

#[test]
fn openpyxl_finds_everything_that_was_in_it() {
    if !has_openpyxl() {
        return;
    }
    let desk = Desk::new();
    let python = |what: &str, file: &str| {
        let done =
            Command::new("python3").args(["-c", RICH, what]).arg(desk.path(file)).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    python("make", "rich.xlsx");
    let check = "rich.xlsx --to vome -q --report rich.checked.xlsx";
    Import::at(&desk, "check").args(check).expect_code(1).run();
    python("look", "rich.checked.xlsx");
    let (before, after) = (parts(&desk.path("rich.xlsx")), parts(&desk.path("rich.checked.xlsx")));
    for name in ["xl/worksheets/sheet2.xml", "xl/theme/theme1.xml", "docProps/app.xml"] {
        assert_eq!(before[name], after[name], "{name}");
    }
    // Given back as it is, it can be given again, and nothing is marked twice.
    let again = "rich.checked.xlsx --to vome -q --report rich.again.xlsx";
    Import::at(&desk, "check").args(again).expect_code(1).run();
    python("look", "rich.again.xlsx");
}
