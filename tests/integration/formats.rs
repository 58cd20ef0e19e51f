//! Formats other than CSV and XLSX, compressed files, and files that are something else: the same
//! table whatever it lies in, or a refusal that names what the file is and what to do.

use std::io::Write as _;
use std::ops::ControlFlow;

use serde_json::{Value, json};
use upsheet::reader::{self, Options};

use crate::common::{Desk, Import, counts, repository};
use crate::people::plain;

/// Each file of fixtures/formats: what it is, what it was unpacked from, and the table in it.
const FORMATS: &[(&str, &str, Option<&str>, &str)] = &[
    ("people.csv", "csv", None, "people.csv"),
    ("western.csv", "csv", None, "western.csv"),
    ("people.xls", "xls", None, "people.csv"),
    ("people-1904.xls", "xls", None, "people.csv"),
    ("small.xls", "xls", None, "people.csv"),
    ("western-excel5.xls", "xls", None, "western.csv"),
    ("people.xlsb", "xlsb", None, "people.csv"),
    ("people.ods", "ods", None, "people.csv"),
    ("beside.xls", "xls", None, "people.csv"),
    ("beside.xlsb", "xlsb", None, "people.csv"),
    ("beside.ods", "ods", None, "people.csv"),
    ("padded.csv", "csv", None, "padded.csv"),
    ("padded.xls", "xls", None, "padded.csv"),
    ("padded-excel5.xls", "xls", None, "padded.csv"),
    ("padded.xlsb", "xlsb", None, "padded.csv"),
    ("padded.ods", "ods", None, "padded.csv"),
    ("people.csv.gz", "csv", Some("gzip"), "people.csv"),
    ("people.csv.zst", "csv", Some("zstd"), "people.csv"),
    ("people.zip", "csv", Some("zip, member list/people.csv"), "people.csv"),
    ("people.ods.gz", "ods", Some("gzip"), "people.csv"),
    ("ods-named.csv", "ods", None, "people.csv"),
    ("csv-named.xlsx", "csv", None, "people.csv"),
];

/// Each file of fixtures/unreadable with words of its refusal and of the cure.
const UNREADABLE: &[(&str, &str, &str)] = &[
    ("circle.xls", "runs in circles", "again"),
    ("letter.doc", "text document of Word", "export"),
    ("letter.docx", "text document of Word", "export"),
    ("letter.odt", "another kind of OpenDocument file", "export"),
    ("no-sheet.ods", "no sheet", "export"),
    ("no-sheet.xls", "no sheet", "export"),
    ("no-sheet.xlsb", "no sheet", "export"),
    ("no-table.zip", "no table: logo.png (a picture (PNG)), terms.pdf", "XLSX"),
    ("nothing.csv.gz", "no bytes", "export"),
    ("nothing.zip", "no file", "export"),
    ("old.xml.xls", "XML of Excel 2003", "save it as XLSX"),
    ("page.xls", "web page (HTML)", "save it as XLSX"),
    ("password.ods", "password", "without the password"),
    ("password.xls", "password", "without the password"),
    ("password.xlsx", "password", "without the password"),
    ("password.zip", "\"people.csv\" of its zip archive is protected", "with the password"),
    ("people.json", "JSON", "CSV"),
    ("people.numbers", "Apple Numbers", "Export To > Excel"),
    ("people.sqlite", "SQLite", "CSV"),
    ("people.vcf", "vCard", "CSV"),
    ("repeated.ods", "repeat", "`repeated_cells` under [limits]"),
    ("too-deep.csv.gz", "more than 3 times", "unpack"),
    ("truncated.csv.gz", "gzip stream is cut off", "again"),
    ("truncated.csv.zst", "zstd stream is damaged or cut off", "again"),
    ("truncated.ods", "damaged or cut off", "again"),
    ("truncated.xls", "damaged or cut off", "export"),
    ("truncated.xlsb", "damaged or cut off", "export"),
    ("two-tables.zip", "2 tables: people.csv, old\\u{1b}[2Jpeople.csv", "the table you mean"),
];

fn bytes(fixture: &str) -> Vec<u8> {
    std::fs::read(repository("fixtures").join(fixture)).unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn names(folder: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(repository("fixtures").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_fixture_has_its_line_in_a_table() {
    let mut listed: Vec<&str> = FORMATS.iter().map(|(name, ..)| *name).collect();
    listed.sort_unstable();
    assert_eq!(names("formats"), listed);
    let mut listed: Vec<&str> = UNREADABLE.iter().map(|(name, ..)| *name).collect();
    listed.sort_unstable();
    assert_eq!(names("unreadable"), listed);
}

#[test]
fn the_table_is_the_same_whatever_it_lies_in() {
    for &(name, format, unpacked, table) in FORMATS {
        let file = format!("formats/{name}");
        let rows = Import::new("rows").file(&file).run();
        assert_eq!(rows.stdout.as_bytes(), bytes(&format!("formats/{table}")), "{name}");
        assert_eq!(rows.desk.files("tmp"), [""; 0], "{name}: a copy is left behind");
        let check = Import::new("check --format json").file(&file).run().json();
        crate::schema::validate("report.v1", &check);
        let people = if table == "people.csv" { 5 } else { 4 };
        assert_eq!(counts(&check), [people, people, 0, 0], "{name}");
        let inspect = Import::new("inspect --format json").file(&file).run().json();
        crate::schema::validate("inspect.v1", &inspect);
        for report in [check, inspect] {
            assert_eq!(report["inputs"][0]["format"], format, "{name}");
            assert_eq!(report["inputs"][0]["unpacked"], json!(unpacked), "{name}");
        }
        let page = Import::new("inspect").file(&file).run().stdout;
        assert_eq!(page.contains("  unpacked  "), unpacked.is_some(), "{page}");
    }
}

#[test]
fn what_stands_beside_the_cells_is_read_in_every_format() {
    for name in ["beside.xls", "beside.xlsb", "beside.ods"] {
        let file = format!("formats/{name}");
        let check = |args: &str| {
            let check = Import::new("check --to omneo --map Score=company --format json");
            let report = check.file(&file).args(args).start().finish_with_any_code().json();
            crate::schema::validate("report.v1", &report);
            report
        };
        let report = check("");
        let found = report["findings"].as_array().unwrap();
        let of = |code: &str| {
            let one = found.iter().find(|one| one["code"] == code);
            one.unwrap_or_else(|| panic!("{name}: no {code}: {found:?}")).clone()
        };
        let said = of("rows-hidden")["message"].as_str().unwrap().to_owned();
        assert!(said.starts_with("row 4 is hidden"), "{name}: {said}");
        assert_eq!(said.contains("by a filter"), name.ends_with("ods"), "{said}");
        let said = of("columns-hidden")["message"].as_str().unwrap().to_owned();
        assert!(said.starts_with("column I is hidden"), "{name}: {said}");
        let merged = of("cell-merged");
        assert_eq!((&merged["cell"], &merged["fix"]["after"]), (&json!("H4"), &json!("98.6")));
        assert_eq!(counts(&check("--hidden skip"))[3], 1, "{name}");
        let inspect = Import::new("inspect --format json").file(&file).run().json();
        let formulas = |column: usize| inspect["inputs"][0]["columns"][column]["formulas"].as_u64();
        let expected = match name {
            // The last names are results of formulas there, which this writer writes so.
            "beside.xls" => (1, 5),
            "beside.xlsb" => (1, 0),
            _ => (5, 1),
        };
        assert_eq!(formulas(expected.0), Some(expected.1), "{name}");
    }
}

#[test]
fn zeros_that_a_number_format_shows_are_told_in_every_format() {
    for name in ["padded.xls", "padded-excel5.xls", "padded.xlsb", "padded.ods"] {
        let file = format!("formats/{name}");
        let check = Import::new("check --map Postcode=custom:Postcode --format json");
        let report = check.file(&file).start().finish_with_any_code().json();
        let found = report["findings"].as_array().unwrap().iter();
        let told: Vec<[&Value; 3]> = found
            .filter(|one| one["code"] == "number-padded")
            .map(|one| [&one["cell"], &one["value"], &one["fix"]["after"]])
            .collect();
        assert_eq!(json!(told), json!([["D2", "800", "00800"], ["D4", "0", "00000"]]), "{name}");
    }
}

#[test]
fn a_member_that_is_packed_otherwise_is_told_so() {
    for (method, name) in [(9_u8, "deflate64"), (12, "bzip2"), (14, "LZMA"), (93, "zstd")] {
        let mut archive = zip(&[("people.csv", &bytes("formats/people.csv"))]);
        // The method stands in front of the member, and in the list at the end.
        for (mark, at) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
            let place = archive.windows(4).rposition(|window| window == mark).unwrap();
            archive[place + at] = method;
        }
        let done = Import::new("rows").text("people.zip", archive).expect_code(3).run();
        done.says("people.csv").says(&format!("a method that is not read here ({name})"));
        done.says("unpack it, and give the table");
    }
}

/// A copy of a fixture in which the four bytes before or behind a text hold another number.
fn renumbered(fixture: &str, text: &[u8], by: isize, number: impl Fn(u32) -> u32) -> Vec<u8> {
    let mut bytes = bytes(fixture);
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    let place = &mut bytes[at.checked_add_signed(by).unwrap()..][..4];
    let changed = number(u32::from_le_bytes(place.try_into().unwrap()));
    place.copy_from_slice(&changed.to_le_bytes());
    bytes
}

#[test]
fn an_old_workbook_is_read_whose_writer_counted_otherwise() {
    let root: Vec<u8> = "Root Entry".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (name, book) in [
        // The sheet is said to begin behind its first record, of 20 bytes.
        ("pointed.xls", renumbered("formats/people.xls", b"People", -8, |at| at + 20)),
        // The small sectors are said to end where what is in them does.
        ("counted.xls", renumbered("formats/small.xls", &root, 120, |size| size - 60)),
    ] {
        let rows = Import::new("rows").text(name, book).run();
        assert_eq!(rows.stdout.as_bytes(), bytes("formats/people.csv"), "{name}");
    }
    let lost = renumbered("formats/people.xls", b"People", -8, |_| 30);
    Import::new("rows").text("lost.xls", lost).expect_code(3).run().says("cut off");
}

/// Where the list of sheets of an old workbook says where one begins, and what it says.
fn beginning(book: &[u8], name: &[u8]) -> (usize, u32) {
    let at = book.windows(name.len()).position(|window| window == name).unwrap() - 8;
    (at, u32::from_le_bytes(book[at..at + 4].try_into().unwrap()))
}

/// The fixture with a hidden sheet in front of that of the people, both said to begin so many bytes behind where
/// they do.
fn pointed(people: u32, old: u32) -> Vec<u8> {
    let mut book = bytes("formats/people.xls");
    for (name, by) in [(&b"People"[..], people), (b"Old list", old)] {
        let (at, begins) = beginning(&book, name);
        book[at..at + 4].copy_from_slice(&(begins + by).to_le_bytes());
    }
    book
}

#[test]
fn a_sheet_that_is_pointed_at_wrongly_takes_the_place_of_no_other() {
    let rows = |sheet: &str, book: &[u8]| {
        let rows = Import::new("rows --sheet").arg(sheet).text("book.xls", book);
        rows.start().finish_with_any_code()
    };
    let (shown, hidden) = ("People", "Old list");
    let book = pointed(0, 0);
    let (people, old) = (rows(shown, &book).stdout, rows(hidden, &book).stdout);
    let apart = beginning(&book, b"People").1 - beginning(&book, b"Old list").1;
    // Whoever is pointed into the sheet of another has none, and the other keeps it.
    let into_people = pointed(0, apart + 20);
    assert_eq!(rows(shown, &into_people).stdout, people);
    rows(hidden, &into_people).says("cut off");
    // Each in its own.
    let both = pointed(20, 20);
    assert_eq!((rows(shown, &both).stdout, rows(hidden, &both).stdout), (people.clone(), old));
    // Two in one: nobody can tell whose it is.
    let one = pointed(20, apart + 24);
    rows(shown, &one).says("cut off");
    rows(hidden, &one).says("cut off");
    // Where the last record of a sheet is missing, the next one is still no part of it.
    let mut cut = pointed(20, 0);
    let seam = b"\x0a\0\0\0\x09\x08\x10\0\0\x06\x10\0";
    let last = cut.windows(seam.len()).rposition(|window| window == seam).unwrap();
    cut[last] = 0x5a;
    assert_eq!(rows(shown, &cut).stdout, people);
    rows(hidden, &cut).says("cut off");
}

#[test]
fn hidden_sheets_are_named_and_read_only_when_asked_for() {
    for name in ["people.xls", "people.xlsb", "people.ods"] {
        let file = format!("formats/{name}");
        let inspect = Import::new("inspect --format json").file(&file).run().json();
        assert_eq!(inspect["inputs"][0]["sheet"], "People", "{name}");
        let others = json!([{"name": "Old list", "hidden": true}]);
        assert_eq!(inspect["inputs"][0]["other_sheets"], others, "{name}");
        let rows = Import::new("rows").file(&file).args("--sheet 1").run();
        assert_eq!(rows.stdout, "Name\nNobody\n", "{name}");
        Import::new("rows").file(&file).args("--sheet Peeple").expect_code(3).run().says("People");
    }
}

#[test]
fn what_is_no_table_is_named_with_the_cure() {
    for &(name, what, cure) in UNREADABLE {
        for verb in ["rows", "check"] {
            let done = Import::new(verb).file(&format!("unreadable/{name}")).expect_code(3).run();
            done.says(name).says(what).says("help:").says(cure);
            assert_eq!(done.stdout, "", "{name}");
            assert_eq!(done.desk.files("tmp"), [""; 0], "{name}: a copy is left behind");
        }
    }
}

#[test]
fn compressed_files_come_through_standard_input() {
    let csv = bytes("formats/people.csv");
    let workbook = bytes("faulty/volunteers.xlsx");
    for (packed, unpacked) in [
        (gz(&csv), "gzip"),
        (zst(&csv), "zstd"),
        (zip(&[("people.csv", &csv)]), "zip, member people.csv"),
        (gz(&workbook), "gzip"),
        (gz(&zip(&[("people.xlsx", &workbook)])), "gzip, then zip, member people.xlsx"),
    ] {
        let inspect = Import::new("inspect - --format json").stdin(&packed).run();
        assert_eq!(inspect.json()["inputs"][0]["unpacked"], unpacked);
        let rows = Import::new("rows -").stdin(&packed).run();
        assert!(rows.stdout.starts_with("First "), "{}", rows.stdout);
        assert_eq!(rows.desk.files("tmp"), [""; 0], "a copy is left behind");
    }
    // More than a block, so that matches reach back.
    let many = plain(20_000);
    let rows = Import::new("rows -").stdin(zst(many.as_bytes())).run();
    assert_eq!(rows.stdout, many);
}

#[test]
fn files_of_different_kinds_are_one_run() {
    let check = Import::new("check --format json")
        .file("formats/people.xls")
        .file("formats/people.ods.gz")
        .file("formats/people.xlsb")
        .file("formats/people.zip")
        .text("more.csv", plain(3));
    let report = check.expect_code(1).run().json();
    assert_eq!(counts(&report), [23, 8, 15, 0], "each person once, the others are duplicates");
    let inputs = report["inputs"].as_array().unwrap();
    let formats: Vec<&Value> = inputs.iter().map(|input| &input["format"]).collect();
    assert_eq!(formats, ["xls", "ods", "xlsb", "csv", "csv"]);
}

#[test]
fn bombs_are_refused_before_they_cost_anything() {
    // Members and frames may stand one behind the other, which saves the packing of all that.
    let zeros = vec![b'0'; 1 << 20];
    let bomb = gz(&zeros).repeat(70);
    for (name, bomb) in [
        ("bomb.csv.zst", zst(&zeros).repeat(70)),
        ("bomb.zip", zip(&[("people.csv.gz", &bomb)])),
        ("bomb.csv.gz", bomb),
    ] {
        let done = Import::new("check").text(name, bomb).expect_code(3).run();
        done.says("unpacks to hundreds of times its size").says("`unpacked_ratio` under [limits]");
        assert_eq!(done.desk.files("tmp"), [""; 0], "{name}: a copy is left behind");
    }
}

#[test]
fn limits_are_settings_that_refusals_name() {
    let large = plain(60_000).into_bytes();
    let files = [
        ("people.xls", bytes("formats/people.xls")),
        ("people.xlsb", bytes("formats/people.xlsb")),
        ("people.ods", bytes("formats/people.ods")),
        ("people.xlsx", bytes("spring-intake/volunteers.xlsx")),
        ("people.csv", bytes("formats/people.csv")),
        ("people.zip", bytes("formats/people.zip")),
        ("many.csv.gz", gz(&large)),
        ("many.csv.zst", zst(&large)),
        ("many.zip", zip(&[("many.csv", &large)])),
    ];
    for (setting, refused) in [
        ("unpacked_mib = 1", &["many.csv.gz", "many.csv.zst", "many.zip"][..]),
        (
            "unpacked_mib = 0",
            &[
                "people.xls",
                "people.xlsb",
                "people.ods",
                "people.xlsx",
                "people.zip",
                "many.csv.gz",
                "many.csv.zst",
                "many.zip",
            ],
        ),
        ("members = 2", &["people.xlsb", "people.ods", "people.xlsx", "people.zip"]),
        ("held_mib = 0", &["people.xls"]),
        ("strings_mib = 0", &["people.xls", "people.xlsb", "people.xlsx"]),
        ("cells = 20", &["people.xls", "people.xlsb", "people.ods", "people.xlsx"]),
        ("cell_bytes = 5", &["people.xlsb", "people.ods", "people.xlsx"]),
        (
            "row_mib = 0",
            &[
                "people.xls",
                "people.xlsb",
                "people.ods",
                "people.xlsx",
                "many.csv.gz",
                "many.csv.zst",
                "many.zip",
            ],
        ),
        ("elements = 10", &["people.xlsb", "people.ods"]),
    ] {
        for (name, content) in &files {
            let check = Import::new("check").text(name, content);
            let check = check.recipe(&format!("[limits]\n{setting}\n"));
            if !refused.contains(name) {
                let done = check.start().finish_with_any_code();
                assert!(done.stdout.contains("ready"), "{name}, {setting}: {}", done.stderr);
                continue;
            }
            let key = setting.split(' ').next().unwrap();
            check.expect_code(3).run().says(&format!("`{key}` under [limits]"));
        }
    }
    let check = || Import::new("check").text("many.csv", plain(1));
    let wide = format!("{}x,{}\n", plain(1), "y".repeat(3 << 20));
    let check_wide = |recipe| Import::new("check").text("wide.csv", &wide).recipe(recipe);
    check_wide("[limits]\nrow_mib = 1\n").expect_code(3).run().says("`row_mib` under [limits]");
    assert!(!check_wide("").start().finish_with_any_code().stderr.contains("[limits]"));
    check().recipe("[limits]\nmember = 1\n").expect_code(2).run().says("member");
    check().recipe("[limits]\nmembers = \"many\"\n").expect_code(2).run().says("members");
    check().recipe("[limit]\nmembers = 1\n").expect_code(2).run().says("limits");
}

#[test]
fn a_quote_that_closes_too_far_away_costs_its_row_alone() {
    let text = "First name,Last name,Email\nAda,\"Lark\n\n\n\n\nspur\",a@example.org\n\
                Bea,Vale,b@example.org\n";
    let codes = |recipe: &str| {
        let check = Import::new("check --format json").text("people.csv", text).recipe(recipe);
        let report = check.start().finish_with_any_code().json();
        let found = report["findings"].as_array().unwrap().iter();
        let open = found.filter(|one| one["code"] == "quote-open").count();
        (open, counts(&report)[1])
    };
    assert_eq!(codes("").0, 0);
    let (open, ready) = codes("[limits]\ncell_bytes = 8\n");
    assert_eq!((open, ready), (1, 1), "the row behind it is read");
}

#[test]
fn tables_in_an_archive_are_named_when_there_are_several() {
    let content = plain(1).into_bytes();
    let names: Vec<String> = (1..=9).map(|number| format!("list{number}.csv")).collect();
    let members: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), content.as_slice())).collect();
    let done = Import::new("check").text("lists.zip", zip(&members)).expect_code(3).run();
    done.says("9 tables: list1.csv, list2.csv, list3.csv, list4.csv, list5.csv and 4 more");
    // A name that leads elsewhere is only shown.
    let desk = Desk::new();
    let away = zip(&[("../../away.csv", &content)]);
    let inspect = Import::at(&desk, "inspect").text("below/away.zip", away).run();
    assert!(inspect.stdout.contains("zip, member ../../away.csv"), "{}", inspect.stdout);
    assert_eq!(desk.files("below"), ["below/away.zip"]);
}

#[test]
fn workbooks_damaged_anywhere_are_read_or_refused_and_nothing_else() {
    let desk = Desk::new();
    let mut seed = 1_u32;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as usize % below
    };
    for name in ["people.xls", "small.xls", "western-excel5.xls"] {
        let whole = bytes(&format!("formats/{name}"));
        for _ in 0..500 {
            let mut bad = whole.clone();
            for _ in 0..=next(4) {
                let at = next(bad.len());
                bad[at] = [0, 0xff, 0x80, 1][next(4)] ^ if next(2) == 0 { bad[at] } else { 0 };
            }
            read(&desk, &bad);
        }
    }
    for (name, part) in [
        ("people.ods", "content.xml"),
        ("people.xlsb", "xl/worksheets/sheet2.bin"),
        ("people.xlsb", "xl/workbook.bin"),
        ("people.xlsb", "xl/sharedStrings.bin"),
        ("people.xlsb", "xl/styles.bin"),
    ] {
        let whole = bytes(&format!("formats/{name}"));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
        let mut parts = Vec::new();
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut member, &mut content).unwrap();
            parts.push((member.name().unwrap().into_owned(), content));
        }
        for _ in 0..150 {
            let mut bad = parts.clone();
            let (_, content) = bad.iter_mut().find(|(name, _)| name == part).unwrap();
            for _ in 0..=next(4) {
                let at = next(content.len());
                content[at] ^= 1 << next(8);
            }
            let members: Vec<(&str, &[u8])> =
                bad.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
            read(&desk, &zip(&members));
        }
    }
}

/// Opens a file and reads it to its end, or to its refusal.
fn read(desk: &Desk, content: &[u8]) {
    let path = desk.write("damaged", content);
    if let Ok(mut input) = reader::open(&path, 0, &Options::default()) {
        // How it ends does not matter here, only that it does.
        let _ = input.read(&mut |_| ControlFlow::Continue(()));
    }
}
