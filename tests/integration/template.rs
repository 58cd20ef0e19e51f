//! Sheets to fill in: their headers are understood for certain, their example is no person, and what a
//! spreadsheet program makes of them is read as it was meant.

use std::io::{Cursor, Read as _};

use rust_xlsxwriter::{Format, Workbook};
use serde_json::Value;
use upsheet::recipe::Recipe;
use upsheet::target::{self, Overrides};

use crate::common::{Desk, Import, counts, found};

/// A desk with the sheet of a target on it.
fn sheet(target: &str, name: &str, flags: &str) -> Desk {
    let made = Import::new("template --to").arg(target).args("-o").arg(name).args(flags).run();
    assert!(made.stdout.is_empty(), "standard output is for data");
    made.desk
}

fn csv(target: &str) -> Vec<Vec<String>> {
    let text = Import::new("template -o - --to").arg(target).run().stdout;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records();
    rows.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// Rows as CSV.
fn text(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn check(target: &str, content: &str, code: i32) -> Value {
    let check = Import::new("check --format json --to").arg(target).expect_code(code);
    check.text("people.csv", content).run().json()
}

#[test]
fn each_header_means_its_field_for_certain() {
    for kind in target::ALL {
        for (name, flags) in
            [("a.xlsx", ""), ("b.csv", ""), ("c.xlsx", "--all"), ("d.csv", "--all")]
        {
            let desk = sheet(kind.id, name, flags);
            let look = Import::at(&desk, "inspect --format json --to").arg(kind.id).arg(name).run();
            let columns = look.json()["inputs"][0]["columns"].as_array().unwrap().clone();
            let mut fields: Vec<&str> = Vec::new();
            for column in &columns {
                let header = &column["header"];
                assert_eq!(column["confidence"], "certain", "{} {header}: {column}", kind.id);
                fields.push(column["field"].as_str().unwrap());
            }
            let target = (kind.configure)(&Recipe::default(), &Overrides::default()).unwrap();
            for field in target.schema().fields() {
                let has = fields.contains(&field.name.as_ref());
                assert!(has || flags.is_empty(), "{} lacks {}", kind.id, field.name);
            }
            fields.sort_unstable();
            fields.dedup();
            assert_eq!(fields.len(), columns.len(), "{}: one column for each field", kind.id);
        }
    }
}

#[test]
fn nobody_is_in_a_sheet_that_was_not_touched() {
    for kind in target::ALL {
        for (name, flags) in
            [("a.xlsx", ""), ("b.csv", ""), ("c.xlsx", "--all"), ("d.csv", "--all")]
        {
            let desk = sheet(kind.id, name, flags);
            let done = Import::at(&desk, "check --to").arg(kind.id).arg(name).run();
            assert!(done.stdout.contains("nothing to import"), "{}", done.stdout);
            let report = Import::at(&desk, "check --format json --to").arg(kind.id).arg(name).run();
            assert_eq!(counts(&report.json()), [1, 0, 0, 1], "{} {name}", kind.id);
            assert_eq!(found(&report.json()), [(2, "row-example")], "{} {name}", kind.id);
        }
    }
}

/// The example without what only it has.
fn as_person(example: &[String]) -> Vec<String> {
    let own = [("@upsheet.invalid", "@example.org"), ("EXAMPLE-0", "kim"), ("Sample", "Larch")];
    let cell = |cell: &String| own.iter().fold(cell.clone(), |cell, (a, b)| cell.replace(a, b));
    example.iter().map(cell).collect()
}

#[test]
fn the_example_would_be_accepted_but_for_its_address_and_its_id() {
    for kind in target::ALL {
        let mut rows = csv(kind.id);
        rows[1] = as_person(&rows[1]);
        let report = check(kind.id, &text(&rows), 0);
        assert_eq!(counts(&report), [1, 1, 0, 0], "{}", kind.id);
        assert_eq!(found(&report), [], "{}: {report:#}", kind.id);
    }
}

#[test]
fn the_example_is_known_whatever_became_of_its_columns() {
    let rows = csv("vome");
    let turned: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().rev().cloned().collect()).collect();
    let few: Vec<Vec<String>> = rows.iter().map(|row| row[..4].to_vec()).collect();
    let mut more = rows.clone();
    more[0].push("Notes".to_owned());
    more[1].push("for Jo".to_owned());
    let mut blanked = rows.clone();
    blanked[1][0] = String::new();
    for content in [turned, few, more, blanked] {
        let report = check("vome", &text(&content), 0);
        assert_eq!(found(&report), [(2, "row-example")], "{content:?}");
        assert_eq!(counts(&report), [1, 0, 0, 1]);
    }
}

/// Excel, LibreOffice Calc and Google Sheets show and save cells in the manner of the user's country.
#[test]
fn the_example_is_known_as_other_programs_save_it() {
    let rows = csv("vome");
    let place = |header: &str| rows[0].iter().position(|own| own == header).unwrap();
    for (header, written) in [
        ("Date of birth", "31/05/1990"),
        ("Date of birth", "5/31/1990"),
        ("Date of birth", "31.05.1990"),
        ("Date of birth", "31-May-1990"),
        ("Date of birth", "31 mai 1990"),
        ("Date of birth", "31/05/90"),
        ("Date of birth", "1990-05-31 00:00:00"),
        ("Date of birth", "33024"),
        ("Phone number", "61491570006"),
        ("Phone number", "+61491570006"),
        ("Phone number", "6.14916E+10"),
        ("Phone number", "6,1E+10"),
        ("Phone number", "#NAME?"),
        ("Has medical info", "TRUE"),
        ("Gender", "MALE"),
        ("Gender", "0"),
        ("E-mail *", " Kim.Sample@upsheet.invalid "),
    ] {
        let mut rows = rows.clone();
        rows[1][place(header)] = written.to_owned();
        let report = check("vome", &text(&rows), 0);
        assert_eq!(found(&report), [(2, "row-example")], "{header} {written:?}");
    }
    let semicolons = text(&rows).replace(',', ";").replace('\n', "\r\n");
    let report = check("vome", &format!("\u{feff}{semicolons}"), 0);
    assert_eq!(found(&report), [(2, "row-example")]);
}

#[test]
fn who_stands_under_the_address_of_the_example_is_rejected() {
    let rows = csv("vome");
    let place = |header: &str| rows[0].iter().position(|own| own == header).unwrap();
    for (header, written) in [
        ("First name *", "Ada"),
        ("Date of birth", "1990-06-30"),
        ("Gender", "Female"),
        ("Phone number", "+61 491 570 156"),
        ("E-mail *", "ada@upsheet.invalid"),
    ] {
        let mut rows = rows.clone();
        rows[1][place(header)] = written.to_owned();
        let report = check("vome", &text(&rows), 1);
        assert_eq!(found(&report), [(2, "example-kept")], "{header} {written:?}");
        assert_eq!(report["findings"][0]["field"], "email");
        assert_eq!(counts(&report), [1, 0, 1, 0]);
    }
    // Filled down, every row is told by itself, and nobody is anybody's duplicate.
    let mut filled = vec![rows[0].clone(), rows[1].clone()];
    for name in ["Ada", "Grace"] {
        let mut row = rows[1].clone();
        row[0] = name.to_owned();
        filled.push(row);
    }
    let report = check("vome", &text(&filled), 1);
    let expected = [(2, "row-example"), (3, "example-kept"), (4, "example-kept")];
    assert_eq!(found(&report), expected);
    assert_eq!(counts(&report), [3, 0, 2, 1]);
}

#[test]
fn who_has_a_text_of_the_example_is_rejected_with_what_else_is_left_of_it() {
    let mut rows = csv("vome");
    let own = [("First name", "Ada"), ("Last name", "Vale"), ("E-mail", "ada@example.org")];
    for (header, value) in own {
        let column = rows[0].iter().position(|own| own.starts_with(header)).unwrap();
        value.clone_into(&mut rows[1][column]);
    }
    let report = check("vome", &text(&rows), 1);
    assert_eq!(found(&report), [(2, "example-kept")]);
    let finding = &report["findings"][0];
    assert_eq!(finding["field"], "emergency_contact_name");
    let message = finding["message"].as_str().unwrap();
    for part in ["`medical_information`", "`date_of_birth`", "`address`", "`phone_number`"] {
        assert!(message.contains(part), "{message} lacks {part}");
    }
    assert!(!message.contains("gender"), "many people share it: {message}");
    // With texts of their own, people may share the rest.
    rows[1] = as_person(&rows[1]);
    assert_eq!(found(&check("vome", &text(&rows), 0)), []);
}

/// Two people were sent the same sheet and both left the example in it.
#[test]
fn the_examples_of_two_sheets_are_nobody_twice() {
    let mut sheets = [csv("vome"), csv("vome")];
    for (sheet, name) in sheets.iter_mut().zip(["Ada", "Grace"]) {
        let mut row = as_person(&sheet[1]);
        (row[0], row[2]) = (name.to_owned(), format!("{name}@example.org"));
        row[4] = String::new();
        sheet.push(row);
    }
    for policy in ["reject", "first", "last", "merge"] {
        let check = Import::new("check --format json --to vome --on-duplicate").arg(policy);
        let check = check.text("a.csv", text(&sheets[0])).text("b.csv", text(&sheets[1]));
        let report = check.run().json();
        assert_eq!(counts(&report), [4, 2, 0, 2], "{policy}");
        assert_eq!(found(&report), [(2, "row-example"), (2, "row-example")], "{policy}");
    }
}

#[test]
fn people_below_the_example_are_imported_and_it_proves_nothing_of_their_values() {
    let mut rows = csv("vome");
    let place = rows[0].iter().position(|own| own == "Date of birth").unwrap();
    rows[1][place] = "31/05/1990".to_owned();
    for (name, address) in [("Ada", "ada@example.org"), ("Grace", "grace@example.org")] {
        let mut row = as_person(&rows[1]);
        (row[0], row[2], row[place]) =
            (name.to_owned(), address.to_owned(), "04/03/1990".to_owned());
        rows.push(row);
    }
    // That the example has the day first says nothing of days that somebody typed.
    let report = check("vome", &text(&rows), 1);
    assert_eq!(counts(&report), [3, 0, 2, 1]);
    let report = Import::new("check --format json --to vome --date-order dmy");
    let report = report.text("people.csv", text(&rows)).run().json();
    assert_eq!(counts(&report), [3, 2, 0, 1]);
}

#[test]
fn rows_that_were_only_made_ready_are_no_people() {
    let rows = csv("vome");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0_u32..).zip(&rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let ready = Format::new().set_num_format("@").set_italic();
    for row in 2..500 {
        for column in 0..14 {
            sheet.write_blank(row, column, &ready).unwrap();
        }
    }
    let desk = Desk::new();
    desk.write("ready.xlsx", book.save_to_buffer().unwrap());
    let report = Import::at(&desk, "check --format json --to vome ready.xlsx").run().json();
    assert_eq!(counts(&report), [1, 0, 0, 1]);
}

const RECIPE: &str = "target = \"vome\"\n\
    [columns]\n\
    \"Nom complet\" = \"full_name\"\n\
    \"Courriel\" = \"email\"\n\
    \"Taille\" = \"custom:T-shirt size\"\n\
    \"Notes\" = \"-\"\n\
    \"Lieu\" = { split = \",\", into = [\"custom:Ville\", \"custom:Pays\"] }\n\
    [fields]\n\
    occupation = \"Student\"\n\
    address = \"{Rue}, {Lieu}\"\n\
    medical_information = { template = \"{gender}\", when = \"blank\" }\n";

#[test]
fn a_sheet_has_the_columns_that_the_recipe_names_and_none_that_it_fills() {
    let desk = Desk::new();
    desk.write("upsheet.toml", RECIPE);
    Import::at(&desk, "template -o sheet.xlsx").run();
    let look = Import::at(&desk, "inspect --format json sheet.xlsx").run().json();
    let columns = look["inputs"][0]["columns"].as_array().unwrap();
    let headers: Vec<&str> = columns.iter().map(|one| one["header"].as_str().unwrap()).collect();
    for header in ["Nom complet *", "Courriel *", "Taille", "Notes", "Lieu", "Rue", "Gender"] {
        assert!(headers.contains(&header), "{headers:?} lacks {header}");
    }
    for header in ["First name *", "E-mail *", "Occupation", "Address"] {
        assert!(!headers.contains(&header), "{headers:?} has {header}");
    }
    let report = Import::at(&desk, "check --format json sheet.xlsx").run().json();
    assert_eq!(found(&report), [(2, "row-example")]);
    // Another recipe knows nothing of the size.
    Import::new("template --to vome --fields").arg("custom:Size").expect_code(2).run();
}

#[test]
fn fields_are_chosen_by_name_and_what_everybody_needs_comes_along() {
    let headers = |flags: &str| {
        let made = Import::new("template --to omneo -o -").args(flags).run();
        made.stdout.lines().next().unwrap().to_owned()
    };
    assert_eq!(headers("--fields gender,first_name"), "E-mail *,First name,Gender");
    assert!(headers("--fields addresses.*").starts_with("E-mail *,"));
    assert!(headers("--fields addresses.*").matches(',').count() >= 6);
    assert!(headers("--all").len() > headers("").len());
    let wrong = Import::new("template --to omneo -o - --fields gendr").expect_code(2).run();
    wrong.says("did you mean `gender`?");
    Import::new("template --all --fields gender").expect_code(2).run();
}

#[test]
fn a_file_that_is_there_stays_unless_it_is_to_be_replaced() {
    let desk = Desk::new();
    desk.write("vome-template.xlsx", "mine");
    Import::at(&desk, "template --to vome").expect_code(2).run().says("is there already");
    assert_eq!(desk.read("vome-template.xlsx"), "mine");
    Import::at(&desk, "template --to vome --force").run();
    Import::at(&desk, "check --to vome vome-template.xlsx").run();
    for wrong in ["-o a.pdf", "-o - --format xlsx", "-o a.csv --format xlsx", "-o gone/a.csv"] {
        Import::at(&desk, "template --to vome").args(wrong).expect_code(2).run();
    }
    assert_eq!(desk.files("tmp").len(), 0, "nothing is left behind");
    let one = Import::at(&desk, "template --to vome --format CSV").run();
    assert!(one.desk.read("vome-template.csv").starts_with("First name *,"));
}

/// The parts of a workbook, as text.
fn part(desk: &Desk, name: &str, part: &str) -> String {
    let bytes = std::fs::read(desk.path(name)).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_workbook_helps_whoever_fills_it_in() {
    let desk = sheet("omneo", "sheet.xlsx", "--all");
    let people = part(&desk, "sheet.xlsx", "xl/worksheets/sheet1.xml");
    let styles = part(&desk, "sheet.xlsx", "xl/styles.xml");
    let notes = part(&desk, "sheet.xlsx", "xl/comments1.xml");
    let lists = part(&desk, "sheet.xlsx", "xl/worksheets/sheet2.xml");
    let book = part(&desk, "sheet.xlsx", "xl/workbook.xml");
    assert!(people.contains("state=\"frozen\""), "the header stays in sight");
    let columns = csv_columns(&desk);
    assert_eq!(people.matches("<dataValidation ").count(), columns, "each column has its words");
    assert_eq!(notes.matches("<comment ").count(), columns, "each header has its note");
    assert!(people.contains("\"female,male,withheld,other\""), "{people}");
    assert!(people.contains("\"yes,no\""));
    assert!(people.contains("type=\"date\"") && people.contains("type=\"whole\""));
    assert!(
        people.contains("'upsheet lists'!$A$2:$A$"),
        "a long list stands on a sheet of its own"
    );
    assert!(lists.contains("<row r=\"250\""), "all countries");
    let near = "errorStyle=\"information\"";
    assert_eq!(people.matches(near).count(), 1, "a country may be written otherwise");
    assert!(
        book.contains("name=\"People\"")
            && book.contains("name=\"upsheet lists\" sheetId=\"2\" state=\"hidden\"")
    );
    // Ids, phone numbers and postcodes are text (number format 49), days are days.
    assert!(styles.contains("numFmtId=\"49\"") && styles.contains("formatCode=\"yyyy-mm-dd\""));
    assert!(people.contains("numberStoredAsText=\"1\""));
    for words in ["Everybody needs a value here.", "Field: mobile_phone", "Source: Omneo"] {
        assert!(notes.contains(words), "the notes lack {words:?}");
    }
}

fn csv_columns(desk: &Desk) -> usize {
    let made = Import::at(desk, "template --to omneo --all -o -").run();
    made.stdout.lines().next().unwrap().split(',').count()
}

/// A second reader, where there is one.
#[test]
#[expect(clippy::print_stderr, reason = "a test that looks at nothing says so")]
#[expect(clippy::disallowed_methods, reason = "the gate says that nothing may be skipped")]
fn openpyxl_reads_the_workbook() {
    let has = std::process::Command::new("python3").args(["-c", "import openpyxl"]).output();
    if !has.is_ok_and(|done| done.status.success()) {
        let must = std::env::var_os("UPSHEET_SKIP_NOTHING").is_some();
        assert!(!must, "openpyxl is not installed, and nothing may be skipped");
        eprintln!("skipped: there is no openpyxl here");
        return;
    }
    let desk = sheet("vome", "sheet.xlsx", "");
    let script = "import sys, openpyxl, datetime\n\
        s = openpyxl.load_workbook(sys.argv[1])['People']\n\
        heads = {c.value: c for c in s[1]}\n\
        born = s.cell(2, heads['Date of birth'].column)\n\
        phone = s.column_dimensions[heads['Phone number'].column_letter]\n\
        assert all(c.comment for c in s[1])\n\
        assert born.value == datetime.datetime(1990, 5, 31), born.value\n\
        assert phone.number_format == '@', phone.number_format\n\
        assert len(s.data_validations.dataValidation) == len(heads)\n";
    let done = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(desk.path("sheet.xlsx"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
