//! Files that cannot be read, or not as people: the right code, a message that names the file and a
//! cure, and nothing half-written.

use crate::common::{Desk, Import};
use crate::people::plain;
use crate::workbook::{sheet_xml, workbook};

/// Each file of fixtures/broken with its exit code and a word of its message.
const BROKEN: &[(&str, i32, &str)] = &[
    ("empty.csv", 3, "empty"),
    ("header-only.csv", 0, ""),
    ("blank-lines-only.csv", 3, "no header"),
    ("binary.bin", 3, "not text"),
    ("binary.csv", 3, "PNG"),
    ("unclosed-quote.csv", 1, ""),
    ("not-a-workbook.xlsx", 2, "header"),
    ("truncated.xlsx", 3, "damaged"),
    ("no-email-column.csv", 2, "--map 'Parent e-mail=email'"),
    ("bad-utf8.csv", 1, ""),
];

#[test]
fn every_broken_file_has_its_line_in_the_table() {
    let folder = crate::common::repository("fixtures/broken");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut listed: Vec<&str> = BROKEN.iter().map(|(name, ..)| *name).collect();
    listed.sort_unstable();
    assert_eq!(names, listed);
}

#[test]
fn check_says_what_is_wrong_with_the_file_and_what_to_do() {
    for &(name, code, part) in BROKEN {
        let done = Import::new("check").file(&format!("broken/{name}")).expect_code(code).run();
        if code <= 1 {
            assert!(done.stdout.contains(name), "{}", done.stdout);
            continue;
        }
        done.says(name).says(part).says("help:");
        assert_eq!(done.stdout, "", "{name}: nothing is half-printed");
    }
}

#[test]
fn build_leaves_nothing_of_a_file_that_it_cannot_read() {
    for &(name, code, _) in BROKEN.iter().filter(|(_, code, _)| *code > 1) {
        let build = Import::new("build -o out").file(&format!("broken/{name}"));
        let done = build.expect_code(code).run();
        assert!(!done.desk.path("out").exists(), "{name} leaves an output folder");
        assert_eq!(done.desk.files(""), [format!("broken/{name}")], "{name} leaves files");
    }
}

#[test]
fn push_leaves_nothing_of_a_file_that_it_cannot_read() {
    for &(name, code, _) in BROKEN.iter().filter(|(_, code, _)| *code > 1) {
        let push = Import::new("push --to sandbox --state state --sandbox-data data");
        let done = push.file(&format!("broken/{name}")).expect_code(code).run();
        assert_eq!(done.desk.runs(), [""; 0].map(std::path::PathBuf::from), "{name}");
    }
}

#[test]
fn a_fault_behind_many_good_rows_leaves_no_output_either() {
    // The sheet inside the archive breaks off between two people.
    let xml = sheet_xml(&plain(20_000));
    let cut = xml.rfind("<row").unwrap();
    let build = Import::new("build -o out").text("people.xlsx", workbook(&xml[..cut]));
    let done = build.expect_code(3).run();
    done.says("people.xlsx").says("help:");
    assert_eq!(done.desk.files(""), ["people.xlsx"]);
    let push = Import::at(&done.desk, "push people.xlsx --to sandbox --state state");
    push.expect_code(3).run();
    assert!(done.desk.runs().is_empty(), "the run folder of a push that sent nothing is left");
}

#[test]
fn a_header_alone_is_nothing_to_import_and_says_so() {
    let check = Import::new("check --format json").file("broken/header-only.csv");
    let report = check.run().json();
    crate::schema::validate("report.v1", &report);
    assert_eq!(crate::common::counts(&report), [0; 4]);
    assert_eq!(report["findings"][0]["severity"], "warning", "it is not passed over in silence");
    let build = Import::new("build -o out").file("broken/header-only.csv").run();
    assert_eq!(build.desk.files("out/payloads"), [""; 0]);
    assert_eq!(build.desk.json("out/manifest.json")["profiles"], 0);
    let push = Import::new("push --to sandbox --state state").file("broken/header-only.csv").run();
    assert!(push.desk.outcomes().is_empty());
}

#[test]
fn a_quote_that_is_never_closed_costs_one_row_and_not_those_behind_it() {
    let check = Import::new("check --format json").file("broken/unclosed-quote.csv");
    let report = check.expect_code(1).run().json();
    let [rows, valid, rejected, _] = crate::common::counts(&report);
    assert_eq!((rows, rejected), (valid + 1, 1));
    assert!(valid > 30, "the people behind the quote are there");
    let finding = &report["findings"][0];
    assert_eq!((&finding["code"], &finding["line"]), (&"quote-open".into(), &4.into()));
}

#[test]
fn a_row_with_a_bad_byte_is_rejected_and_the_others_are_not() {
    let check = Import::new("check --format json").file("broken/bad-utf8.csv");
    let report = check.expect_code(1).run().json();
    assert_eq!(crate::common::counts(&report), [5, 4, 1, 0]);
    let finding = &report["findings"][0];
    assert_eq!(finding["row"], 3);
    assert_eq!(finding["cell"], "B3");
    assert_eq!(finding["code"], "cell-damaged");
}

#[test]
fn a_report_is_never_written_over_its_own_input() {
    let desk = Desk::new();
    let text = plain(3);
    for report in ["people.csv", "./people.csv"] {
        let check = Import::at(&desk, "check").text("people.csv", &text).args("--report");
        check.arg(report).expect_code(2).run().says("people.csv");
        assert_eq!(desk.read("people.csv"), text, "the input is destroyed");
    }
}

#[test]
fn a_run_that_fails_leaves_an_earlier_report_as_it_was() {
    let desk = Desk::new();
    desk.write("report.json", "yesterday's");
    for name in ["empty.csv", "blank-lines-only.csv", "truncated.xlsx"] {
        let check = Import::at(&desk, "check --report report.json --report new.json");
        check.file(&format!("broken/{name}")).expect_code(3).run();
        assert_eq!(desk.read("report.json"), "yesterday's", "{name}");
        assert!(!desk.path("new.json").exists(), "{name} leaves half a report");
    }
}
