//! The plan of repairs and what `fix` makes of it: only accepted cells change, what is sent stays the same,
//! and a plan for another file is refused.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use crate::common::{Desk, Import};
use crate::schema;

/// A plan, read as any CSV.
fn plan(desk: &Desk, name: &str) -> Vec<Vec<String>> {
    let text = desk.read(name);
    let text = text.strip_prefix('\u{feff}').expect("a plan begins with a byte-order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// Writes the plan of a file.
fn check(desk: &Desk, file: &str, flags: &str, code: i32) {
    let check = Import::at(desk, "check").arg(file).args(flags);
    check.args("--fix-plan fixes.csv --quiet").expect_code(code).run();
}

fn fix(desk: &Desk, file: &str, to: &str) -> Import {
    Import::at(desk, "fix").arg(file).args("--plan fixes.csv -o").arg(to)
}

/// Accepts every line of the plan on the desk.
fn accept_all(desk: &Desk) {
    let text = desk.read("fixes.csv").replace("\r\n,", "\r\nyes,");
    desk.write("fixes.csv", text);
}

/// What `build` makes of a file.
fn payloads(desk: &Desk, file: &str, flags: &str, code: i32) -> Vec<String> {
    let folder = format!("out-{}", file.replace('/', "-"));
    let build = Import::at(desk, "build").arg(file).args(flags).args("--quiet -o").arg(&folder);
    build.expect_code(code).run();
    let files = desk.files(&format!("{folder}/payloads"));
    assert!(!files.is_empty());
    files.iter().map(|name| desk.read(name)).collect()
}

#[test]
fn what_is_certain_is_what_is_sent() {
    for (fixture, flags, code) in
        [("damage/members.csv", "--to vome", 1), ("spring-intake/volunteers.xlsx", "--to vome", 0)]
    {
        let desk = Desk::new();
        desk.fixture(fixture);
        check(&desk, fixture, flags, code);
        let lines = plan(&desk, "fixes.csv");
        let certain = lines.iter().filter(|line| line[11] == "certain").count();
        assert!(certain > 6, "{fixture} has {certain} repairs");
        assert!(lines.iter().all(|line| (line[0] == "yes") == (line[11] == "certain")));
        let ending = Path::new(fixture).extension().unwrap().to_str().unwrap();
        let new = format!("new.{ending}");
        let json = fix(&desk, fixture, &new).args("--format json").run().json();
        schema::validate("fix.v1", &json);
        assert_eq!(json["counts"]["applied"], certain, "{json}");
        assert_eq!(payloads(&desk, &new, flags, code), payloads(&desk, fixture, flags, code));
        // None of the repairs is left to be made.
        check(&desk, &new, flags, code);
        assert!(plan(&desk, "fixes.csv").iter().all(|line| line[11] != "certain"), "{fixture}");
    }
}

#[test]
fn every_byte_stays_that_is_not_of_a_changed_cell() {
    let file = "\u{feff}Name;\"E-mail\";Notiz\r\n\
                \"Zoë Weiß\";\"mailto:zoe@example.org\";\"a;b\"\r\n\
                Łukasz Nowak;mailto:lukasz@example.org;  \r\n\
                \"Ada King\";ada@example.org\r\n";
    let desk = Desk::new();
    desk.write("people.csv", file);
    check(&desk, "people.csv", "--to scim --map Name=-", 0);
    let done = fix(&desk, "people.csv", "new.csv").run();
    assert!(done.stdout.starts_with("new.csv: 2 cells changed"), "{}", done.stdout);
    let expected = file.replace("mailto:", "");
    assert_eq!(desk.read("new.csv"), expected);
    // Once more, and on the copy itself, nothing changes.
    let again = fix(&desk, "people.csv", "new.csv").expect_code(2).run();
    again.says("is there already");
    fix(&desk, "people.csv", "new.csv").arg("--force").run();
    assert_eq!(desk.read("new.csv"), expected);
    let done = fix(&desk, "new.csv", "newer.csv").run();
    assert!(done.stdout.contains("2 lines held already"), "{}", done.stdout);
    assert_eq!(desk.read("newer.csv"), expected);
}

#[test]
fn encodings_are_kept_and_what_they_lack_is_an_error() {
    let table = "Name,E-mail\nZoë Weiß,mailto:zoe@example.org\n";
    let wide = |text: &str| {
        let text = format!("\u{feff}{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let narrow = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let fixed = table.replace("mailto:", "");
    let forms: [(&str, Vec<u8>, Vec<u8>); 2] = [
        ("", wide(table), wide(&fixed)),
        ("--encoding windows-1252", narrow(table), narrow(&fixed)),
    ];
    for (flags, before, after) in forms {
        let desk = Desk::new();
        desk.write("people.csv", &before);
        check(&desk, "people.csv", &format!("--to scim --map Name=- {flags}"), 0);
        fix(&desk, "people.csv", "new.csv").args(flags).run();
        assert_eq!(fs::read(desk.path("new.csv")).unwrap(), after);
        let changed = desk.read("fixes.csv").replace(",zoe@example.org,", ",Łucja@example.org,");
        desk.write("fixes.csv", changed);
        let fix = fix(&desk, "people.csv", "other.csv").args(flags);
        if flags.is_empty() {
            fix.run();
        } else {
            fix.expect_code(2).run().says("cell B2 cannot become").says("windows-1252 has no 'Ł'");
            assert!(!desk.path("other.csv").exists());
        }
    }
}

#[test]
fn a_plan_may_come_back_from_a_spreadsheet_program() {
    let desk = Desk::new();
    let people = "Name,E-mail,Mobile\nAda King,ada@gmial.com,=\"0491570110\"\nBo Li,bo@example.org,0491570156\n";
    desk.write("people.csv", people);
    check(&desk, "people.csv", "--to vome", 0);
    let lines = plan(&desk, "fixes.csv");
    let found: Vec<[&str; 5]> =
        lines.iter().map(|line| [0, 3, 8, 9, 11].map(|at| line[at].as_str())).collect();
    assert_eq!(
        found,
        [
            ["", "B2", "ada@gmial.com", "ada@gmail.com", "likely"],
            ["yes", "C2", "'=\"0491570110\"", "'0491570110", "certain"],
        ]
    );
    // Other delimiter, no mark, columns in another order, another word for yes.
    let saved = "after;before;accept;cell\r\nada@gmail.com;ada@gmial.com;Ja;B2\r\n\
                 '0491570110;\"'=\"\"0491570110\"\"\";ja;C2\r\n";
    desk.write("fixes.csv", saved);
    fix(&desk, "people.csv", "new.csv").run();
    let expected = people.replace("gmial", "gmail").replace("=\"0491570110\"", "0491570110");
    assert_eq!(desk.read("new.csv"), expected);
    let report = Import::at(&desk, "check").args("new.csv --format json --to vome").run().json();
    let codes: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert!(!codes.iter().any(|code| *code == "email-typo" || *code == "text-unwrapped"));
}

#[test]
fn of_several_readings_a_person_takes_one() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        "First name,Last name,E-mail,Date of birth\nAda,King,ada@example.org,03/04/1990\n",
    );
    check(&desk, "people.csv", "--to vome", 1);
    let lines = plan(&desk, "fixes.csv");
    let after: Vec<&str> = lines.iter().map(|line| line[9].as_str()).collect();
    assert_eq!(after, ["'1990-04-03", "'1990-03-04"]);
    accept_all(&desk);
    let refused = fix(&desk, "people.csv", "new.csv").expect_code(2).run();
    refused.says("D2 is to become").says("accept one of the two lines");
    let text = desk.read("fixes.csv").replacen("\r\nyes,", "\r\nno,", 1);
    desk.write("fixes.csv", text);
    fix(&desk, "people.csv", "new.csv").run();
    assert!(desk.read("new.csv").ends_with("1990-03-04\n"));
    Import::at(&desk, "check").args("new.csv --to vome").run();
}

#[test]
fn a_stale_plan_changes_nothing() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        "Name,E-mail\nAda King,mailto:ada@example.org\nBo Li,mailto:bo@example.org\n",
    );
    check(&desk, "people.csv", "--to scim --map Name=-", 0);
    let changed = "Name,E-mail\nAda King,a.king@example.org\nBo Li,mailto:bo@example.org\n";
    desk.write("people.csv", changed);
    let refused = fix(&desk, "people.csv", "new.csv").args("--format json").expect_code(5).run();
    refused.says("line 2: B2 holds \"a.king@example.org\"").says("nothing was written");
    let json = refused.json();
    schema::validate("fix.v1", &json);
    assert_eq!(
        (json["output"].clone(), json["counts"]["applied"].clone()),
        (Value::Null, 0.into())
    );
    assert_eq!(json["stale"][0]["cell"], "B2");
    assert!(!desk.path("new.csv").exists());
    let done = fix(&desk, "people.csv", "new.csv").arg("--skip-stale").expect_code(1).run();
    assert!(done.stdout.contains("1 line passed over"), "{}", done.stdout);
    assert_eq!(desk.read("new.csv"), changed.replace("mailto:", ""));
    // Rows that are gone are named, too.
    desk.write("people.csv", "Name,E-mail\nAda King,mailto:ada@example.org\n");
    let refused = fix(&desk, "people.csv", "newer.csv").expect_code(5).run();
    refused.says("line 3: there is no B3 in the table");
    assert_eq!(desk.files("").iter().filter(|name| name.contains("upsheet-fix")).count(), 0);
}

#[test]
fn what_cannot_be_done_says_what_can() {
    let desk = Desk::new();
    desk.write("people.csv", "Name,E-mail\nAda King,mailto:ada@example.org\n");
    check(&desk, "people.csv", "--to scim --map Name=-", 0);
    for (file, to, said) in [
        ("people.csv", "people.csv", "would replace the file itself"),
        ("people.csv", "./fixes.csv", "would replace the plan"),
        ("people.csv", "-", "name a file with -o"),
        ("people.csv", "new.xlsx", "name the copy .csv"),
        ("people.csv", "nowhere/new.csv", "cannot write"),
    ] {
        fix(&desk, file, to).arg("--force").expect_code(2).run().says(said);
    }
    for format in ["people.ods", "people.xls", "people.xlsb"] {
        let fixture = format!("formats/{format}");
        desk.fixture(&fixture);
        fix(&desk, &fixture, "new.csv").expect_code(2).run().says("save it as XLSX");
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, desk.read("people.csv").as_bytes()).unwrap();
    desk.write("people.csv.gz", packed.finish().unwrap());
    fix(&desk, "people.csv.gz", "new.csv").expect_code(2).run().says("unpack it");
    fix(&desk, "missing.csv", "new.csv").expect_code(3).run().says("there is no file");
    desk.write("fixes.csv", "name,e-mail\nAda,ada@example.org\n");
    fix(&desk, "people.csv", "new.csv").expect_code(2).run().says("no column \"accept\"");
    Import::at(&desk, "check")
        .args("people.csv --to scim --map Name=- --fix-plan people.csv")
        .expect_code(2)
        .run()
        .says("would replace its own input");
}

#[test]
fn a_plan_without_lines_makes_a_copy() {
    let desk = Desk::new();
    let people = "Name,E-mail\nAda King,ada@example.org\n";
    desk.write("people.csv", people);
    check(&desk, "people.csv", "--to scim --map Name=-", 0);
    assert_eq!(plan(&desk, "fixes.csv"), Vec::<Vec<String>>::new());
    let done = Import::at(&desk, "check").args("people.csv --to scim --fix-plan fixes.csv").run();
    assert!(!done.stdout.contains("upsheet fix"), "{}", done.stdout);
    fix(&desk, "people.csv", "new.csv").run();
    assert_eq!(desk.read("new.csv"), people);
}

#[cfg(unix)]
#[test]
fn a_plan_is_for_its_owner_and_a_copy_for_whom_the_file_is() {
    use std::os::unix::fs::PermissionsExt as _;

    let desk = Desk::new();
    let file = desk.write("people.csv", "Name,E-mail\nAda King,mailto:ada@example.org\n");
    check(&desk, "people.csv", "--to scim --map Name=-", 0);
    let mode = |name: &str| fs::metadata(desk.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("fixes.csv"), 0o600);
    for wanted in [0o640, 0o600] {
        fs::set_permissions(&file, fs::Permissions::from_mode(wanted)).unwrap();
        fix(&desk, "people.csv", "new.csv").arg("--force").run();
        assert_eq!(mode("new.csv"), wanted);
    }
}

#[test]
fn of_a_workbook_only_the_sheet_changes() {
    let desk = Desk::new();
    let fixture = "spring-intake/volunteers.xlsx";
    desk.fixture(fixture);
    check(&desk, fixture, "--to vome", 0);
    let lines = plan(&desk, "fixes.csv");
    fix(&desk, fixture, "new.xlsx").run();
    let parts = |name: &str| {
        let mut zip = zip::ZipArchive::new(fs::File::open(desk.path(name)).unwrap()).unwrap();
        let mut parts = Vec::new();
        for place in 0..zip.len() {
            let mut part = zip.by_index(place).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            parts.push((part.name().unwrap().into_owned(), bytes));
        }
        parts.sort();
        parts
    };
    let (before, after) = (parts(fixture), parts("new.xlsx"));
    let names = |parts: &[(String, Vec<u8>)]| -> Vec<String> {
        parts.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&before), names(&after));
    let changed = before.iter().zip(&after).filter(|(old, new)| old.1 != new.1);
    let changed: Vec<&str> = changed.map(|(old, _)| old.0.as_str()).collect();
    let sheets = changed.iter().filter(|name| name.starts_with("xl/worksheets/sheet")).count();
    assert_eq!(sheets, 1, "{changed:?}");
    assert!(!changed.iter().any(|name| name.contains("styles") || name.contains("media")));
    // Whoever reads it from its beginning finds each part as long as it is said to be.
    let bytes = fs::read(desk.path("new.xlsx")).unwrap();
    let mut stream = bytes.as_slice();
    let mut streamed = 0;
    while let Some(mut part) = zip::read::read_zipfile_from_stream(&mut stream).unwrap() {
        std::io::copy(&mut part, &mut std::io::sink()).unwrap();
        streamed += 1;
    }
    assert_eq!(streamed, after.len());
    // The cells hold what the plan says, and no other cell has changed.
    let rows = |name: &str| Import::at(&desk, "rows").arg(name).args("--format json").run().json();
    let (old, new) = (rows(fixture), rows("new.xlsx"));
    let mut differences = 0;
    for (old, new) in old["rows"].as_array().unwrap().iter().zip(new["rows"].as_array().unwrap()) {
        let cells = |row: &Value| row["cells"].as_array().unwrap().clone();
        differences += cells(old).iter().zip(cells(new)).filter(|(old, new)| *old != new).count();
    }
    assert_eq!(differences, lines.iter().filter(|line| line[0] == "yes").count());
    let wrong = fix(&desk, fixture, "new.csv").expect_code(2).run();
    wrong.says("name the copy .xlsx");
}

/// Cells as people and programs leave them, for each column; and what may stand around each.
const MESSY: [(&str, &[&str]); 6] = [
    ("First name", &["Ada", "jos\u{e9}", "M\u{c3}\u{bc}ller", "Jean  Paul", "NULL"]),
    ("Last name", &["King", "de la Cruz", "O\u{2019}Brien", "n/a"]),
    (
        "E-mail",
        &["mailto:a#@example.org", "<a#@example.org>", "a#@gmial.com", "Ada <a#@example.org>"],
    ),
    ("Mobile", &["0491570#", "61491570#.0", "6.1491570#E+10", "tel:+61491570#", "491570#"]),
    ("Date of birth", &["25/12/1985", "25/12/85", "1/2/85", "31.01.1990", "13/1/1990 00:00"]),
    ("Address", &["1 High St", "1  High\u{a0}St", "PO Box 1"]),
];

fn around(how: usize, text: &str) -> String {
    match how % 7 {
        0 => format!("\u{a0}{text}"),
        1 => format!("=\"{text}\""),
        2 => format!("'{text}"),
        3 => format!("{text}\u{200b}"),
        4 => format!("\"{text}\""),
        _ => text.to_owned(),
    }
}

#[test]
fn what_is_certain_of_messy_cells_is_what_is_sent() {
    let desk = Desk::new();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let mut text = csv::Writer::from_writer(Vec::new());
    for row in 0..70_u32 {
        let number = row as usize;
        let cell = |column: usize, (header, cells): &(&str, &[&str])| {
            if number == 0 {
                return (*header).to_owned();
            }
            let cell = cells[(number * 3 + number / 7 + column) % cells.len()];
            around(number + 2 * column, &cell.replace('#', &(100 + number).to_string()))
        };
        let cells: Vec<String> =
            MESSY.iter().enumerate().map(|(column, one)| cell(column, one)).collect();
        for (column, cell) in (0_u16..).zip(&cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
        text.write_record(&cells).unwrap();
    }
    desk.write("messy.xlsx", book.save_to_buffer().unwrap());
    desk.write("messy.csv", text.into_inner().unwrap());
    for (ending, target) in [("csv", "vome"), ("csv", "omneo"), ("xlsx", "vome"), ("xlsx", "omneo")]
    {
        let flags = format!("--to {target} --default-region AU");
        let (file, new) = (format!("messy.{ending}"), format!("{target}.{ending}"));
        fs::remove_file(desk.path("fixes.csv")).ok();
        check(&desk, &file, &flags, 1);
        let lines = plan(&desk, "fixes.csv");
        assert!(lines.iter().filter(|line| line[0] == "yes").count() > 100, "{file}");
        fix(&desk, &file, &new).run();
        let old = desk.path(format!("out-{file}"));
        fs::remove_dir_all(old).ok();
        assert_eq!(payloads(&desk, &file, &flags, 1), payloads(&desk, &new, &flags, 1), "{file}");
        // Nothing that is certain is left to be done.
        Import::at(&desk, "check")
            .arg(&new)
            .args(&flags)
            .args("--quiet --fix-plan left.csv")
            .expect_code(1)
            .run();
        let left = plan(&desk, "left.csv").into_iter().filter(|line| line[0] == "yes");
        assert_eq!(left.collect::<Vec<_>>(), Vec::<Vec<String>>::new(), "{file} for {target}");
    }
}

#[test]
fn what_cannot_be_a_plan_is_refused_before_anything_is_read() {
    let desk = Desk::new();
    desk.write("people.csv", "Name,E-mail\nAda King,mailto:ada@example.org\n");
    for (flags, said) in [
        ("--fix-plan fixes.csv --mask", "leave out --mask or --fix-plan"),
        ("--fix-plan -", "name a file"),
        ("--fix-plan fixes.XLSX", "name it .csv"),
        ("--fix-plan nowhere/fixes.csv", "there is no such folder"),
        ("--fix-plan same.csv --report same.csv", "cannot be a report and the plan"),
    ] {
        let check = Import::at(&desk, "check people.csv --to scim").args(flags);
        check.expect_code(2).run().says(said);
    }
    assert_eq!(desk.files(""), ["people.csv"]);
}

#[test]
fn answers_in_a_plan_are_not_lost_to_a_new_one() {
    let desk = Desk::new();
    desk.write("people.csv", "Name,E-mail\nAda King,mailto:ada@example.org\nBo Li,b@gmial.com\n");
    let flags = "--to scim --map Name=-";
    check(&desk, "people.csv", flags, 0);
    // As it was written, it is written anew.
    check(&desk, "people.csv", flags, 0);
    let written = desk.read("fixes.csv");
    for answered in [written.replacen("yes,", "no,", 1), written.replacen("\r\n,", "\r\nyes,", 1)] {
        assert_ne!(answered, written);
        desk.write("fixes.csv", &answered);
        let refused = Import::at(&desk, "check people.csv --fix-plan fixes.csv").args(flags);
        refused.expect_code(2).run().says("a plan with answers").says("name another file");
        assert_eq!(desk.read("fixes.csv"), answered);
    }
}

#[test]
fn each_command_leads_to_the_next() {
    let desk = Desk::new();
    let people = "E-mail;Name\nmailto:ada@example.org;Ada\n";
    desk.write("my people.csv", people);
    desk.write("more.csv", people.replace("ada", "bo"));
    desk.write("good.csv", people.replace("mailto:ada", "cy"));
    let flags = "--to scim --map Name=- --delimiter ;";
    let check = |files: &[&str], flags: &str| {
        let run = files.iter().fold(Import::at(&desk, "check"), Import::arg);
        run.args(flags).run().stdout
    };
    let page = check(&["my people.csv"], flags);
    let line = "next: upsheet check 'my people.csv' --to scim --map Name=- --delimiter ';' \
                --fix-plan fixes.csv\n";
    assert!(page.contains(line), "{page}");
    assert!(!check(&["good.csv"], flags).contains("--fix-plan"));
    assert!(!check(&["more.csv"], &format!("{flags} --mask")).contains("--fix-plan"));
    // Each file that has repairs gets its own command.
    let page =
        check(&["my people.csv", "good.csv", "more.csv"], &format!("{flags} --fix-plan fixes.csv"));
    for line in [
        "next: upsheet fix 'my people.csv' --plan fixes.csv -o 'my people.fixed.csv' --delimiter ';'\n",
        "next: upsheet fix more.csv --plan fixes.csv -o more.fixed.csv --delimiter ';'\n",
    ] {
        assert!(page.contains(line), "{page}");
    }
    assert!(!page.contains("good.fixed"), "{page}");
    let done = fix(&desk, "my people.csv", "my people.fixed.csv").args("--delimiter ;").run();
    let line = "next: upsheet check 'my people.fixed.csv' --delimiter ';'\n";
    assert!(done.stdout.contains(line), "{}", done.stdout);
    // A file that no copy can be made of has none, and text under another name gets its own.
    desk.fixture("formats/people.ods");
    desk.write("named.xlsx", people);
    let page = check(&["named.xlsx"], &format!("{flags} --fix-plan other.csv"));
    assert!(page.contains("-o named.fixed.csv --delimiter ';'\n"), "{page}");
}

#[test]
fn a_cell_right_of_the_table_is_no_cell() {
    let desk = Desk::new();
    desk.write("people.csv", "E-mail,Name\nada@example.org\nbo@example.org,Bo,more\n");
    desk.write("fixes.csv", "accept,cell,before,after\nyes,ZZ2,,x\n");
    fix(&desk, "people.csv", "new.csv").expect_code(5).run().says("there is no ZZ2 in the table");
    // A short row has the cells of its table, and a long one those that it has.
    desk.write("fixes.csv", "accept,cell,before,after\nyes,B2,,Ada\nyes,C3,more,less\n");
    fix(&desk, "people.csv", "new.csv").run();
    let expected = "E-mail,Name\nada@example.org,Ada\nbo@example.org,Bo,less\n";
    assert_eq!(desk.read("new.csv"), expected);
}
