//! A checked workbook, corrected and given back: it is known row by row, and what became of it is said.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::common::{Desk, Import, counts, found};

const PEOPLE: &str = "\
First name,Last name,Email,Phone,Note
Ada,Lovelace,ada@@example.org,0491 570 006,=1+1
Bob,Martin,bob@example.org,0491 570 156,\"two
lines\"
Cy,Young,cy@exampel,0491 570 157,
Di,Prince,,0491 570 158,-2+3
Ed,Wood,ed@example.org,0491 570 159,+x
";

/// A desk with a checked workbook of some people on it; beside it, what was found in them.
fn checked(name: &str, content: impl AsRef<[u8]>, code: i32) -> (Desk, Value) {
    let check = Import::new("check --to vome --format json --report people.checked.xlsx");
    let done = check.text(name, content).expect_code(code).run();
    let report = done.json();
    (done.desk, report)
}

fn check_again(desk: &Desk, flags: &str, code: i32) -> Value {
    let check = Import::at(desk, "check people.checked.xlsx --to vome --format json").args(flags);
    check.expect_code(code).run().json()
}

/// Whether openpyxl is there to edit workbooks with.
#[expect(clippy::print_stderr, reason = "a test that looks at nothing says so")]
#[expect(clippy::disallowed_methods, reason = "the gate says that nothing may be skipped")]
fn has_openpyxl() -> bool {
    let has = Command::new("python3").args(["-c", "import openpyxl"]).output();
    let has = has.is_ok_and(|done| done.status.success());
    if !has {
        let must = std::env::var_os("UPSHEET_SKIP_NOTHING").is_some();
        assert!(!must, "openpyxl is not installed, and nothing may be skipped");
        eprintln!("skipped: there is no openpyxl here");
    }
    has
}

/// Edits the checked workbook: `s` is its first sheet.
fn edit(desk: &Desk, lines: &str) {
    let path = desk.path("people.checked.xlsx");
    let mut script =
        String::from("import sys, openpyxl\np = sys.argv[1]\nw = openpyxl.load_workbook(p)\n");
    let _ = write!(script, "s = w.worksheets[0]\n{lines}\nw.save(p)\n");
    let done = Command::new("python3").args(["-c", &script]).arg(path).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Of what was said of the workbook that came back, some keys.
fn said(report: &Value, keys: &[&str]) -> Vec<Value> {
    keys.iter().map(|key| report["returned"][0][*key].clone()).collect()
}

/// What was found in rows; what is said of the file as a whole is another matter.
fn of_rows(report: &Value) -> Vec<(u64, &str)> {
    let whole = ["sheets-hidden", "rows-hidden", "columns-hidden"];
    found(report).into_iter().filter(|(_, code)| !whole.contains(code)).collect()
}

const ROWS: [&str; 4] = ["unchanged", "changed", "new", "gone"];
const FINDINGS: [&str; 3] = ["cured", "remaining", "new_findings"];

/// Days as numbers, of which a text file does not say from when they are counted.
const DAYS: &str = "First,Last,Email,Born\nAda,Vale,ada@example.org,20000\nBen,Vale,ben@example.org,20400\n\
                    Cleo,Vale,cleo@example.org,20800\n";

#[test]
fn whatever_was_checked_comes_back_as_it_was() {
    let fixture =
        |name: &str| std::fs::read(crate::common::repository("fixtures").join(name)).unwrap();
    for (name, content) in [
        ("people.csv", PEOPLE.as_bytes().to_vec()),
        ("title.csv", format!("Our people,,,,\n,,,,\n{PEOPLE}").into_bytes()),
        ("semicolon.csv", PEOPLE.replace(',', ";").into_bytes()),
        ("people.xls", fixture("formats/people.xls")),
        ("days-1904.xls", fixture("damage/days-1904.xls")),
        ("days.csv", DAYS.as_bytes().to_vec()),
        ("people.xlsb", fixture("formats/people.xlsb")),
        ("people.ods", fixture("formats/people.ods")),
        ("padded.xls", fixture("formats/padded.xls")),
        ("beside.ods", fixture("formats/beside.ods")),
    ] {
        let first = Import::new("check --to vome --format json --report people.checked.xlsx")
            .text(name, content)
            .start()
            .finish_with_any_code();
        let again = Import::at(&first.desk, "check people.checked.xlsx --to vome --format json");
        let (then, now) = (first.json(), again.start().finish_with_any_code().json());
        let rows = then["counts"]["rows"].clone();
        let zero = json!(0);
        assert_eq!(said(&now, &ROWS), [rows, zero.clone(), zero.clone(), zero.clone()], "{name}");
        assert_eq!(now["counts"], then["counts"], "{name}");
        assert_eq!(of_rows(&now), of_rows(&then), "{name}: the same rows have the same findings");
        let fixes = |report: &Value| -> Vec<Value> {
            let fixes = report["findings"].as_array().unwrap().iter().map(|one| &one["fix"]);
            fixes.filter(|fix| !fix.is_null()).cloned().collect()
        };
        assert_eq!(fixes(&now), fixes(&then), "{name}: with the same values");
        assert_eq!(said(&now, &["cured", "new_findings"]), [zero.clone(), zero], "{name}");
        assert_eq!(said(&now, &["changed_without_finding", "sorted"]), [json!([]), json!(false)]);
        let headers = |report: &Value| -> Vec<String> {
            let columns = report["inputs"][0]["columns"].as_array().unwrap().clone();
            let mapped = columns.iter().filter(|column| !column["field"].is_null());
            mapped.map(|column| column["header"].to_string()).collect()
        };
        assert_eq!(headers(&now), headers(&then), "{name}: ours are mapped to nothing");
    }
}

#[test]
fn what_was_corrected_is_told_from_what_changed_besides() {
    if !has_openpyxl() {
        return;
    }
    let (desk, then) = checked("people.csv", PEOPLE, 1);
    assert_eq!(then["counts"]["rejected"], 3);
    edit(
        &desk,
        "assert s['E2'].value == '=1+1' and s['E2'].data_type != 'f', s['E2'].data_type\n\
         assert s['C2'].comment and 'email-syntax' in s['C2'].comment.text\n\
         assert s['F2'].value == 'rejected' and s.column_dimensions['H'].hidden\n\
         s['C2'] = 'ada@example.org'\n\
         s['B3'] = 'Marten'",
    );
    let now = check_again(&desk, "", 1);
    assert_eq!(said(&now, &ROWS), [3, 2, 0, 0].map(Value::from));
    assert_eq!(said(&now, &["cured", "new_findings"]), [1, 0].map(Value::from));
    assert_eq!(said(&now, &["changed_without_finding"]), [json!(["B3"])]);
    let cured = json!([{ "code": "email-syntax", "row": 2, "cell": "C2" }]);
    assert_eq!(said(&now, &["cured_at"]), [cured]);
    let page = Import::at(&desk, "check people.checked.xlsx --to vome").expect_code(1).run().stdout;
    assert!(page.contains("3 rows as they were, 2 changed, 0 new, 0 gone"), "{page}");
    assert!(page.contains("! 1 cell changed that had no finding: B3"), "{page}");
    assert!(!page.contains("(upsheet)"), "of our columns nobody hears: {page}");
}

#[test]
fn rows_are_known_though_they_were_sorted_deleted_inserted_and_copied() {
    if !has_openpyxl() {
        return;
    }
    let (desk, _) = checked("people.csv", PEOPLE, 1);
    edit(
        &desk,
        "rows = [[c.value for c in r] for r in s.iter_rows(min_row=2)]\n\
         rows = [rows[4], rows[2], rows[0], rows[0], ['Fay', 'Wray', 'fay@example.org']]\n\
         s.delete_rows(2, 10)\n\
         for r in rows: s.append(r)\n\
         for r in s.iter_rows():\n    for c in r: c.data_type = 'n' if c.value is None else 's'",
    );
    let now = check_again(&desk, "", 1);
    assert_eq!(said(&now, &ROWS), [3, 0, 2, 2].map(Value::from));
    let rest = said(&now, &["copies", "sorted", "gone_rows"]);
    assert_eq!(rest, [json!(1), json!(true), json!([[3, 3], [5, 5]])]);
}

#[test]
fn columns_are_known_though_they_were_moved_added_and_renamed() {
    if !has_openpyxl() {
        return;
    }
    let (desk, then) = checked("people.csv", PEOPLE, 1);
    edit(
        &desk,
        "s.insert_cols(1)\n\
         s['A1'], s['A2'] = 'Team', 'red'\n\
         s['D1'] = 'E-mail address'\n\
         s.delete_cols(6)",
    );
    let now = check_again(&desk, "", 1);
    assert_eq!(said(&now, &ROWS), [5, 0, 0, 0].map(Value::from));
    let columns = json!({ "added": ["A"], "removed": ["E"], "renamed": ["D"], "moved": false });
    assert_eq!(said(&now, &["columns"]), [columns]);
    assert_eq!(said(&now, &["cured", "new_findings"]), [0, 0].map(Value::from));
    assert_eq!(counts(&now), counts(&then));
}

#[test]
fn records_that_are_damaged_or_lost_cost_nobody_anything() {
    if !has_openpyxl() {
        return;
    }
    let (desk, then) = checked("people.csv", PEOPLE, 1);
    edit(&desk, "s['H2'], s['H3'] = '9 of a later form', None\nw.remove(w.worksheets[1])");
    let now = check_again(&desk, "", 1);
    assert_eq!(said(&now, &ROWS), [json!(3), json!(0), json!(1), Value::Null]);
    assert_eq!(said(&now, &["unrecognised"]), [json!(1)]);
    assert_eq!(counts(&now), counts(&then));
    edit(&desk, "s.delete_cols(8)");
    let now = check_again(&desk, "", 1);
    assert!(now.get("returned").is_none(), "without records nothing is known: {now:#}");
    assert_eq!(counts(&now), counts(&then));
    edit(&desk, "s['A3'] = s['B3'] = s['C3'] = s['D3'] = s['E3'] = None");
    assert_eq!(check_again(&desk, "", 1)["counts"]["rows"], 4, "an emptied row is nobody");
}

#[test]
fn the_summary_is_no_table_wherever_it_stands() {
    if !has_openpyxl() {
        return;
    }
    let (desk, then) = checked("people.csv", PEOPLE, 1);
    edit(&desk, "w.move_sheet(w.worksheets[1], -1)\nw.active = 0");
    let now = check_again(&desk, "", 1);
    assert_eq!(counts(&now), counts(&then));
    assert_eq!(said(&now, &ROWS), [5, 0, 0, 0].map(Value::from));
}

#[test]
fn from_the_first_check_to_the_target() {
    if !has_openpyxl() {
        return;
    }
    let (desk, _) = checked("people.csv", PEOPLE, 1);
    edit(
        &desk,
        "s['C2'], s['C4'], s['C5'] = 'ada@example.org', 'cy@example.org', 'di@example.org'",
    );
    let now = check_again(&desk, "--report people.again.xlsx", 0);
    assert_eq!(said(&now, &["cured", "remaining", "new_findings"])[1..], [0, 0].map(Value::from));
    assert_eq!(said(&now, &["changed_without_finding"]), [json!([])]);
    let push = Import::at(&desk, "push people.checked.xlsx --to sandbox --state state -q");
    push.run();
    let landed = desk.outcomes().into_iter().filter(|(_, outcome, _)| outcome == "accepted");
    assert_eq!(landed.count(), 5);
    // What was checked twice has our columns once.
    let third = Import::at(&desk, "check people.again.xlsx --to vome --format json").run().json();
    assert_eq!(said(&third, &ROWS), [5, 0, 0, 0].map(Value::from));
    let ours = third["inputs"][0]["columns"].as_array().unwrap().iter();
    let ours = ours.filter(|column| column["header"].to_string().contains("(upsheet)"));
    assert_eq!(ours.count(), 3);
}

#[test]
fn our_columns_cannot_be_mapped_and_are_not_handed_back() {
    let (desk, _) = checked("people.csv", PEOPLE, 1);
    for name in ["F", "Status (upsheet)", "Record (upsheet)"] {
        let map = Import::at(&desk, "check people.checked.xlsx --to vome --map");
        let done = map.arg(format!("{name}=phone_number")).expect_code(2).run();
        assert!(done.stderr.contains("is ours, from an earlier"), "{}", done.stderr);
    }
    check_again(&desk, "--report rejects.csv", 1);
    let header = desk.read("rejects.csv").lines().next().unwrap().to_owned();
    assert_eq!(header, "\"reason\",\"First name\",\"Last name\",\"Email\",\"Phone\",\"Note\"");
}

#[test]
fn a_cell_that_no_workbook_holds_is_named_before_anything_is_lost() {
    let text = format!("{PEOPLE}Fay,Wray,fay@example.org,,{}\n", "x".repeat(32_768));
    let check = Import::new("check --to vome --report people.checked.xlsx");
    let done = check.text("people.csv", text).expect_code(2).run();
    assert!(done.stderr.contains("the cell E7 of \"people.csv\""), "{}", done.stderr);
    assert!(done.stderr.contains("--report FILE.csv"), "{}", done.stderr);
    assert!(!done.desk.path("people.checked.xlsx").exists());
}

#[test]
fn a_table_without_a_header_gets_one_and_comes_back() {
    let rows = PEOPLE.split_once('\n').unwrap().1;
    let flags = "--map A=first_name --map B=last_name --map C=email --map D=phone_number";
    let check = Import::new("check --to vome --format json --report people.checked.xlsx");
    let done = check.args(flags).text("people.csv", rows).expect_code(1).run();
    let now = check_again(&done.desk, flags, 1);
    assert_eq!(said(&now, &ROWS), [5, 0, 0, 0].map(Value::from));
    assert_eq!(said(&now, &FINDINGS)[0], json!(0));
    assert_eq!(counts(&now), counts(&done.json()));
}

const TWICE: &str = "\
First name,Last name,Email,Phone
Ada,Lovelace,ada@example.org,0491 570 006
Bob,Martin,bob@example,0491 570 156
Cy,Young,ADA@example.org,0491 570 157
";

/// The page on the terminal, as if it were one long line.
fn page_of(desk: &Desk) -> String {
    let check = Import::at(desk, "check people.checked.xlsx --to vome");
    let page = check.start().finish_with_any_code().stdout;
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sorting_alone_cures_nobody() {
    if !has_openpyxl() {
        return;
    }
    let (desk, then) = checked("people.csv", TWICE, 1);
    assert_eq!(then["counts"]["rejected"], 2);
    edit(
        &desk,
        "rows = [[c.value for c in r] for r in s.iter_rows(min_row=2)]\n\
         s.delete_rows(2, 10)\n\
         for r in reversed(rows): s.append(r)",
    );
    let now = check_again(&desk, "", 1);
    assert_eq!(said(&now, &ROWS), [3, 0, 0, 0].map(Value::from));
    assert_eq!(said(&now, &FINDINGS), [0, 2, 0].map(Value::from), "the other of the two has it");
    let page = page_of(&desk);
    assert!(page.contains("0 gone, in another order"), "{page}");
    assert!(page.contains("nothing else changed"), "{page}");
}

#[test]
fn nothing_else_changed_is_said_only_where_it_is_so() {
    if !has_openpyxl() {
        return;
    }
    for (lines, expected) in [
        ("s.delete_rows(3)", "1 gone (it was row 3)"),
        ("s.append(['Fay', 'Wray', 'fay@example.org'])", "new: row 5"),
        ("s['A1'] = 'Given name'", "columns: A \"Given name\" with another header"),
        ("s['G2'] = 'x'", "no cell changed that had no finding, of the rows that are known"),
        ("w.remove(w.worksheets[1])", "whether rows are gone is not known"),
        ("s['C3'] = 'bob@example.org'", "changed: row 3"),
    ] {
        let (desk, _) = checked("people.csv", TWICE, 1);
        edit(&desk, lines);
        let page = page_of(&desk);
        assert!(page.contains(expected), "{lines}: {page}");
        let is_so = lines.contains("C3");
        assert_eq!(page.contains("nothing else changed"), is_so, "{lines}: {page}");
    }
}

#[test]
fn every_page_for_people_says_what_came_back() {
    if !has_openpyxl() {
        return;
    }
    let (desk, _) = checked("people.csv", TWICE, 1);
    edit(&desk, "s['C3'] = 'bob@example.org'\ns['A2'] = 'Eda'");
    let reports = "--report page.html --report page.md --report page.txt";
    check_again(&desk, reports, 1);
    for name in ["page.html", "page.md", "page.txt"] {
        let page = desk.read(name);
        for words in [
            "was checked before: 1 row as it was, 2 changed, 0 new, 0 gone",
            "1 finding is cured, 1 remains, 0 are new",
            "changed: rows 2 to 3",
            "! 1 cell changed that had no finding: A2",
        ] {
            assert!(page.contains(words), "{name}: {words}\n{page}");
        }
    }
    // The hidden column is gone: that is said, too.
    edit(&desk, "s.delete_cols(7)");
    let page = page_of(&desk);
    assert!(page.contains("its hidden column \"Record (upsheet)\" is gone"), "{page}");
}

#[test]
fn our_columns_are_not_counted_among_those_of_the_user() {
    let long = format!("{TWICE}Di,Prince,di@example.org,0491 570 158,more\n");
    let (desk, then) = checked("people.csv", long, 1);
    let now = check_again(&desk, "", 1);
    let messages = |report: &Value| -> Vec<String> {
        let found = report["findings"].as_array().unwrap().iter();
        let long = found.filter(|finding| finding["code"] == "row-long");
        long.map(|finding| finding["message"].to_string()).collect()
    };
    assert_eq!(messages(&now), messages(&then));
    assert_eq!(messages(&now).len(), 1);
    let map = "check people.checked.xlsx --to vome --map C=- --map D=-";
    let done = Import::at(&desk, map).expect_code(2).run();
    assert!(done.stderr.contains("has: First name, Last name, Email, Phone\n"), "{}", done.stderr);
}
