//! What spreadsheets do to values: undone where that is certain, refused with a question where it is
//! lost, and let alone where it only looks so.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::{Done, Import, counts, found};
use crate::workbook::{workbook, workbook_with};

/// A sheet of people whose last columns hold these values: `n:` a number cell, `d:` a date cell.
fn sheet(headers: &[&str], rows: &[&[&str]]) -> String {
    let mut xml = String::from(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    let mut head = vec!["First name", "Last name", "Email"];
    head.extend(headers);
    let people = rows.iter().enumerate().map(|(index, cells)| {
        let mut row =
            vec!["Ada".to_owned(), "Larkspur".to_owned(), format!("p{index}@example.org")];
        row.extend(cells.iter().map(|cell| (*cell).to_owned()));
        row
    });
    let all = std::iter::once(head.into_iter().map(str::to_owned).collect()).chain(people);
    for (number, row) in (1..).zip(all) {
        write!(xml, "<row r=\"{number}\">").unwrap();
        for (letter, cell) in ('A'..='Z').zip(row as Vec<String>) {
            let (kind, value) = match cell.split_at_checked(2) {
                Some(("n:", number)) => ("n", format!("<v>{number}</v>")),
                Some(("d:", date)) => ("d", format!("<v>{date}</v>")),
                _ => ("inlineStr", format!("<is><t>{cell}</t></is>")),
            };
            write!(xml, "<c r=\"{letter}{number}\" t=\"{kind}\">{value}</c>").unwrap();
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

/// A CSV of people whose last columns hold these values.
fn text(headers: &[&str], rows: &[&[&str]]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let head = ["First name", "Last name", "Email"];
    writer.write_record(head.iter().chain(headers)).unwrap();
    for (index, cells) in rows.iter().enumerate() {
        let email = format!("p{index}@example.org");
        let person = ["Ada", "Larkspur", &email];
        writer.write_record(person.iter().chain(*cells)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn column<'a>(values: &'a [&'a str]) -> Vec<&'a [&'a str]> {
    values.chunks(1).collect()
}

fn build(name: &str, content: impl AsRef<[u8]>, flags: &str, code: i32) -> (Done, Value) {
    let import = Import::new("build -o out --format json").text(name, content).args(flags);
    let done = import.expect_code(code).run();
    let report = done.json();
    (done, report)
}

/// The people of the payload, each reduced to the value at a place.
fn sent(done: &Done, place: &str) -> Vec<String> {
    let payload = done.desk.json("out/payloads/00001.json");
    let people = payload["volunteers_data"].as_array().unwrap();
    let text = |one: &Value| one.pointer(place).and_then(Value::as_str).unwrap_or("").to_owned();
    people.iter().map(text).collect()
}

const PHONE: &str = "/profile_data/phone_number";
const BORN: &str = "/profile_data/date_of_birth";
const CUSTOM: &str = "/custom_field_data/0/custom_field_user_value";

#[test]
fn number_cells_among_phone_numbers_get_their_zero_back() {
    let values = ["0491570006", "0491570110", "n:491570156", "n:61491570157", "+61491570158"];
    let book = workbook(&sheet(&["Phone"], &column(&values)));
    let (done, report) = build("people.xlsx", book, "", 0);
    assert_eq!(found(&report), [(4, "zeros-restored")]);
    let expected = ["0491570006", "0491570110", "0491570156", "61491570157", "+61491570158"]
        .map(str::to_owned);
    assert_eq!(sent(&done, PHONE), expected);
    let finding = &report["findings"][0];
    assert!(finding["message"].as_str().unwrap().contains("row 2: 0491570006"), "{finding}");
    assert_eq!(finding["fix"]["after"], "0491570156");
}

#[test]
fn the_plan_of_the_country_proves_a_zero_and_its_absence() {
    let australian = text(&["Phone"], &column(&["491570006", "61491570110", "491570"]));
    let (done, report) = build("people.csv", australian, "--default-region AU", 1);
    assert_eq!(found(&report), [(2, "zeros-restored"), (4, "phone-syntax")]);
    assert_eq!(sent(&done, PHONE), ["0491570006", "61491570110"]);
    let american = text(&["Phone"], &column(&["2125550123", "0491570006", "0491570110"]));
    let (done, report) = build("people.csv", american, "--default-region US", 0);
    assert_eq!((found(&report), sent(&done, PHONE).len()), (vec![], 3));
}

#[test]
fn number_cells_that_may_lack_a_zero_are_a_question() {
    let values = ["n:491570006", "n:2125550123", "+61491570110"];
    let book = workbook(&sheet(&["Phone"], &column(&values)));
    let (done, report) = build("people.xlsx", &book, "", 0);
    assert_eq!(found(&report), [(2, "zeros-doubtful")]);
    assert_eq!(sent(&done, PHONE)[0], "491570006");
    let (done, report) = build("people.xlsx", &book, "--default-region AU", 0);
    assert_eq!(found(&report), [(2, "zeros-restored")]);
    assert_eq!(sent(&done, PHONE)[0], "0491570006");
}

#[test]
fn the_answer_does_not_depend_on_the_number_of_threads() {
    let values: Vec<String> = (0..20_000)
        .map(|n| match n % 97 {
            5 => format!("{}", 1_000 + n % 9_000),
            6 => format!("0{:04}", n % 10_000),
            7 => "1.2E+04".to_owned(),
            8 => "5-Mar".to_owned(),
            _ => format!("{}", 10_000 + n),
        })
        .collect();
    let rows: Vec<[&str; 1]> = values.iter().map(|value| [value.as_str()]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 1]>::as_slice).collect();
    let sheet = text(&["Member no"], &rows);
    let report = |threads: &str| {
        let check = Import::new("check --format json --map").arg("Member no=custom:Member no");
        let check = check.args("--threads").arg(threads).text("people.csv", &sheet);
        let mut report = check.expect_code(1).run().json();
        report.as_object_mut().unwrap().remove("seconds");
        report
    };
    let one = report("1");
    assert!(found(&one).contains(&(7, "zeros-restored")));
    assert_eq!(one, report("3"));
}

#[test]
fn dates_and_exponents_are_no_phone_numbers() {
    let values = ["d:2024-03-05", "6.1412E+10", "6.1491570006E+10", "n:61491570110"];
    let book = workbook(&sheet(&["Phone"], &column(&values)));
    let (done, report) = build("people.xlsx", book, "", 1);
    let expected = [(2, "phone-damaged"), (3, "phone-damaged"), (4, "number-repaired")];
    assert_eq!(found(&report), expected);
    assert_eq!(sent(&done, PHONE), ["61491570006", "61491570110"]);
    let help = report["findings"][0]["help"].as_str().unwrap();
    assert!(help.contains("Please format column D as text"), "{help}");
}

#[test]
fn postcodes_get_zeros_from_the_country_or_a_question() {
    let values = ["3000", "n:800", "n:3141", "n:300", "2000", "n:4000"];
    let map = "--map Postcode=custom:Postcode";
    let sheet = sheet(&["Postcode"], &column(&values));
    let (done, report) =
        build("people.xlsx", workbook(&sheet), &format!("{map} --default-region AU"), 0);
    assert_eq!(found(&report), [(3, "zeros-restored"), (5, "zeros-doubtful")]);
    assert_eq!(sent(&done, CUSTOM), ["3000", "0800", "3141", "300", "2000", "4000"]);
    let (done, report) = build("people.xlsx", workbook(&sheet), map, 0);
    assert_eq!(found(&report), [(3, "zeros-doubtful"), (5, "zeros-doubtful")]);
    assert_eq!(sent(&done, CUSTOM)[1], "800");
}

#[test]
fn zeros_are_proven_by_the_whole_column_and_disproven_too() {
    // The first rows do not tell; far below one value does, or one speaks against it.
    let check = |last: &str| {
        let mut values: Vec<String> = (0..3000).map(|n| format!("{}", 10_000 + n)).collect();
        values[7] = "2345".to_owned();
        values.push("00042".to_owned());
        values.push(last.to_owned());
        let rows: Vec<[&str; 1]> = values.iter().map(|value| [value.as_str()]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 1]>::as_slice).collect();
        let sheet = text(&["Member no"], &rows);
        let check = Import::new("check --format json --map").arg("Member no=custom:Member no");
        let report = check.text("people.csv", sheet).run().json();
        found(&report).iter().map(|&(row, code)| (row, code.to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(check("12345"), [(9, "zeros-restored".to_owned())]);
    assert_eq!(check("123456"), []);
}

#[test]
fn long_numbers_are_refused_where_digits_are_gone() {
    let values = ["n:1234567890123456789", "1234567890123456789", "n:123456789012345", "12345"];
    let book = workbook(&sheet(&["Card"], &column(&values)));
    let (done, report) = build("people.xlsx", book, "--map Card=custom:Card", 1);
    assert_eq!(found(&report), [(2, "digits-lost")]);
    assert_eq!(sent(&done, CUSTOM), ["1234567890123456789", "123456789012345", "12345"]);
    // A tenth of all numbers of 16 digits ends in a zero.
    let sound = ["1234567890123451", "1234567890123460", "1234567890123473", "1234567890123488"];
    let sheet = text(&["Card"], &column(&sound));
    let (_, report) = build("people.csv", sheet, "--map Card=custom:Card", 0);
    assert_eq!(found(&report), []);
    let cut = ["1234567890123450", "2234567890123450", "3234567890123450", "4234567890123450"];
    let sheet = text(&["Card"], &column(&cut));
    let import =
        Import::new("check --format json --map Card=custom:Card").text("people.csv", sheet);
    assert_eq!(counts(&import.expect_code(1).run().json()), [4, 0, 4, 0]);
}

#[test]
fn ids_that_became_dates_are_lost_and_real_dates_are_not() {
    let map = "--map Group=custom:Group";
    let values = ["3-4", "5-Mar", "7-8", "d:2024-05-09", "9-10", "11-12", "2-3"];
    let (_, report) = build("people.xlsx", workbook(&sheet(&["Group"], &column(&values))), map, 1);
    assert_eq!(found(&report), [(3, "value-as-date"), (5, "value-as-date")]);
    let dates = ["5-Mar", "6-Mar", "d:2024-05-09", "7-8"];
    let (_, report) = build("people.xlsx", workbook(&sheet(&["Group"], &column(&dates))), map, 0);
    assert_eq!(found(&report), []);
    let prose = ["Free on weekends", "5-Mar", "late shift", "early shift"];
    let (_, report) = build("people.csv", text(&["Group"], &column(&prose)), map, 0);
    assert_eq!(found(&report), []);
}

#[test]
fn day_numbers_are_dates_where_the_column_proves_it() {
    let values = ["d:1980-01-31", "n:29252", "d:1990-05-31"];
    let book = sheet(&["Date of birth"], &column(&values));
    let (done, report) = build("people.xlsx", workbook(&book), "", 0);
    assert_eq!(found(&report), [(3, "date-serial")]);
    assert_eq!(sent(&done, BORN), ["1980-01-31", "1980-02-01", "1990-05-31"]);
    let (done, report) =
        build("people.xlsx", workbook_with("<workbookPr date1904=\"1\"/>", &book), "", 0);
    assert_eq!(found(&report), [(3, "date-serial")]);
    assert_eq!(sent(&done, BORN)[1], "1984-02-02");
    // In a CSV nothing says from when the days count, unless one count ends in the future.
    let sheet = text(&["Date of birth"], &column(&["29251", "30000", "31000.75"]));
    let (done, report) = build("people.csv", sheet, "", 0);
    assert_eq!(found(&report).iter().filter(|(_, code)| *code == "date-serial-system").count(), 3);
    assert_eq!(sent(&done, BORN), ["1980-01-31", "1982-02-18", "1984-11-14"]);
    let recent = text(&["Date of birth"], &column(&["29251", "30000", "45900"]));
    let (_, report) = build("people.csv", recent, "", 0);
    assert_eq!(found(&report), [(2, "date-serial"), (3, "date-serial"), (4, "date-serial")]);
    // Dates as text prove nothing for a number, and years are no days.
    let mixed = text(&["Date of birth"], &column(&["1980-01-31", "29251", "1985"]));
    let (_, report) = build("people.csv", mixed, "", 1);
    assert_eq!(found(&report), [(3, "date-serial-unproven"), (4, "date-syntax")]);
    let years = text(&["Date of birth"], &column(&["1980", "1985", "1990"]));
    let check = Import::new("check --format json").text("people.csv", years).expect_code(1);
    assert_eq!(counts(&check.run().json()), [3, 0, 3, 0]);
}

#[test]
fn moments_take_the_order_and_the_day_numbers_of_their_column() {
    let values = ["31/05/2020", "03/04/2021", "2021-05-06"];
    let import = Import::new("check --to omneo --format json");
    let sheet = text(&["Joined"], &column(&values));
    assert_eq!(found(&import.text("people.csv", sheet).run().json()), []);
    let days = text(&["Joined"], &column(&["43900", "44000", "44100"]));
    let import = Import::new("check --to omneo --format json").text("people.csv", days);
    let report = import.run().json();
    assert_eq!(report["findings"][0]["code"], "date-serial-system");
}

#[test]
fn tails_of_binary_fractions_are_cut_in_number_cells_only() {
    let values = ["n:0.30000000000000004", "0.30000000000000004", "n:1234.5600000000001", "n:2.5"];
    let book = workbook(&sheet(&["Rate"], &column(&values)));
    let (done, report) = build("people.xlsx", book, "--map Rate=custom:Rate", 0);
    assert_eq!(found(&report), [(2, "number-repaired"), (4, "number-repaired")]);
    assert_eq!(sent(&done, CUSTOM), ["0.3", "0.30000000000000004", "1234.56", "2.5"]);
}

#[test]
fn texts_cut_at_255_characters_are_named() {
    let (long, longer) = ("é".repeat(255), "é".repeat(256));
    let sheet = text(&["Notes"], &column(&[&long, "short", &long]));
    let map = "--map Notes=custom:Notes";
    let (_, report) = build("people.csv", sheet, map, 0);
    assert_eq!(found(&report), [(2, "text-cut"), (4, "text-cut")]);
    let sheet = text(&["Notes"], &column(&[&long, &longer, &long]));
    assert_eq!(found(&build("people.csv", sheet, map, 0).1), []);
}

#[test]
fn the_day_zero_of_databases_is_refused_with_the_line_that_makes_it_a_blank() {
    let days = ["0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "0000-01-01", "000000"];
    let sheet = text(&["Date of birth"], &column(&days));
    let (_, report) = build("people.csv", sheet, "--date-order dmy", 1);
    let findings = report["findings"].as_array().unwrap();
    let helped = |finding: &&Value| {
        let help = finding["help"].as_str().unwrap_or_default();
        help.contains("[values.date_of_birth]") && help.contains(finding["value"].as_str().unwrap())
    };
    let rows: Vec<u64> =
        findings.iter().filter(helped).filter_map(|it| it["row"].as_u64()).collect();
    assert_eq!((rows, findings.len()), (vec![2, 3, 4], 5), "{findings:?}");
}

#[test]
fn dates_that_a_spreadsheet_turned_round_are_told_by_those_that_it_could_not() {
    let texts = ["24/02/1951", "13/05/1960", "30/11/1972"];
    let cells = ["d:1950-10-04", "d:1954-01-02", "d:1961-03-12", "d:1970-07-01", "d:1981-12-09"];
    let check = |more: &[&str]| {
        let values: Vec<&str> = texts.iter().chain(&cells).chain(more).copied().collect();
        let book = workbook(&sheet(&["Date of birth"], &column(&values)));
        let (_, report) = build("people.xlsx", book, "", 0);
        found(&report).into_iter().map(|(_, code)| code.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(check(&[]), ["date-order-mixed"]);
    assert!(check(&["d:1980-01-31"]).is_empty(), "a day that no spreadsheet would turn round");
    assert!(check(&["04/05/1960"]).is_empty(), "a text that a spreadsheet would have read");
}

#[test]
fn names_keep_what_other_fields_take_for_nothing() {
    let sheet = "First name,Last name,Email,Phone,Gender\nAnn,Null,a@example.org,None,NULL\n\
                 Bob,NULL,b@example.org,,M\nCid,#NAME?,c@example.org,,F\n";
    let (done, report) = build("people.csv", sheet, "", 1);
    let expected = [
        (2, "blank-word"),
        (2, "blank-word"),
        (2, "name-placeholder"),
        (3, "name-placeholder"),
        (4, "cell-error"),
    ];
    let mut kinds = found(&report);
    kinds.sort_unstable();
    assert_eq!(kinds, expected);
    assert_eq!(sent(&done, "/profile_data/last_name"), ["Null", "NULL"]);
}

#[test]
fn a_date_is_no_name_and_the_second_file_is_learned_too() {
    let book = workbook(&sheet(&["Phone"], &column(&["0491570006", "0491570110", "n:491570156"])));
    let names = "First name,Last name,Email,Phone\nAnn,Vale,a@example.org,491570157\n\
                 Bob,Vale,b@example.org,0491570158\nCid,Vale,c@example.org,0491570159\n";
    let check = Import::new("check --format json").text("people.xlsx", book);
    let report = check.text("people.csv", names).run().json();
    assert_eq!(found(&report), [(4, "zeros-restored"), (2, "zeros-restored")]);
    let xml = sheet(&[], &[&[], &[]]);
    let cell = "t=\"inlineStr\"><is><t>Larkspur</t></is>";
    let xml = xml.replacen(cell, "t=\"d\"><v>2024-05-01</v>", 1);
    let (_, report) = build("people.xlsx", workbook(&xml), "", 1);
    assert_eq!(found(&report), [(2, "value-as-date")]);
}

#[test]
fn a_taught_word_comes_before_what_it_looks_like() {
    let sheet = "First name,Last name,Email,Gender\nAnn,Vale,a@example.org,NULL\n";
    let check = Import::new("check --format json").text("people.csv", sheet);
    let report = check.recipe("[values.gender]\nNULL = 2\n").run().json();
    assert_eq!(found(&report), []);
}

#[test]
fn inspect_counts_kinds_of_cells_and_damage() {
    let done = Import::new("inspect --format json --map Postcode=custom:Postcode")
        .file("damage/members.csv")
        .run();
    let columns = &done.json()["inputs"][0]["columns"];
    assert_eq!(columns[3]["types"], serde_json::json!({"text": 24}));
    let damage = columns[4]["damage"].as_array().unwrap();
    assert_eq!(damage[0]["code"], "zeros-restored");
    assert_eq!(damage[0]["first"], serde_json::json!([11]));
    assert_eq!(columns[4]["proof"], "4 digits with their zeros, proven by row 2: 0872");
    let book = workbook(&sheet(&["Phone"], &column(&["n:491570006", "0491570110", ""])));
    let done = Import::new("inspect").text("people.xlsx", book).args("--default-region AU").run();
    assert!(done.stdout.contains("damage      in the first 3 rows"), "{}", done.stdout);
    assert!(done.stdout.contains("D     1  zeros-restored (fix)  D2"), "{}", done.stdout);
    let clean = Import::new("inspect").file("dialects/comma.csv").run().stdout;
    assert!(!clean.contains("damage"), "{clean}");
}

#[test]
fn what_was_repaired_once_needs_no_repair_again() {
    let map = "--map Postcode=custom:Postcode";
    let phones = ["0491570006", "491570110", "61491570156.0", "=\"0491570157\"", "0491570158"];
    let codes = ["0800", "3000", "812.0", "2000", "4000"];
    let rows: Vec<[&str; 2]> =
        phones.iter().zip(codes).map(|(&phone, code)| [phone, code]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 2]>::as_slice).collect();
    let (done, report) = build("people.csv", text(&["Phone", "Postcode"], &rows), map, 0);
    assert_eq!(found(&report).len(), 5);
    let (first_phones, first_codes) = (sent(&done, PHONE), sent(&done, CUSTOM));
    let rows: Vec<[&str; 2]> =
        first_phones.iter().zip(&first_codes).map(|(phone, code)| [&**phone, &**code]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 2]>::as_slice).collect();
    let (done, report) = build("people.csv", text(&["Phone", "Postcode"], &rows), map, 0);
    assert_eq!(found(&report), []);
    assert_eq!((sent(&done, PHONE), sent(&done, CUSTOM)), (first_phones, first_codes));
}

#[test]
fn what_became_of_names_in_a_spreadsheet_is_told() {
    let rows = [
        ("Ada", ""),
        ("1-Sep", "value-as-date"),
        ("Mar-01", "value-as-date"),
        ("2026-09-01", "value-as-date"),
        ("1E+05", "digits-lost"),
        ("44075", "name-placeholder"),
        ("#Otis", "name-marked"),
        ("\"\"\"Ada\"\"\"", "text-unwrapped"),
        ("\"\"\"Bill\"\" William\"", ""),
        ("May", ""),
        ("Jan-Peter", ""),
    ];
    let mut people = String::new();
    for (number, (name, _)) in (1..).zip(rows) {
        writeln!(people, "{name},Vale,p{number}@example.org").unwrap();
    }
    let done = Import::new("build --to vome -o out --report report.json")
        .text("people.csv", format!("First name,Last name,Email\n{people}"))
        .expect_code(1)
        .run();
    let report: Value = serde_json::from_str(&done.desk.read("report.json")).unwrap();
    let told: Vec<(u64, &str)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["row"].as_u64().unwrap(), finding["code"].as_str().unwrap()))
        .collect();
    let expected: Vec<(u64, &str)> = (2..)
        .zip(rows)
        .filter(|(_, (_, code))| !code.is_empty())
        .map(|(row, (_, code))| (row, code))
        .collect();
    assert_eq!(told, expected);
    let payload = done.desk.read("out/payloads/00001.json");
    assert_eq!(payload.matches("\"first_name\":\"Ada\"").count(), 2, "{payload}");
    assert!(payload.contains("\\\"Bill\\\" William"), "{payload}");
}
