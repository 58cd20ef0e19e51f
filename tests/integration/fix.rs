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
