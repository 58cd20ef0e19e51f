//! Findings fold into causes, and a cure that is named does what is said of it.

use serde_json::Value;

use crate::common::{Desk, Import, counts};
use crate::schema::validate;
use crate::workbook::{sheet_xml, workbook};

fn report(import: Import) -> Value {
    let report = import.run().json();
    validate("report.v1", &report);
    counts(&report);
    report
}

fn check(desk: &Desk, more: &str, code: i32) -> Value {
    let check = Import::at(desk, "check --format json --to omneo").file("causes/members.csv");
    report(check.args(more).expect_code(code))
}

/// Rows made of numbers.
fn rows(numbers: std::ops::Range<u32>, row: impl Fn(u32) -> String) -> String {
    numbers.map(row).collect::<Vec<String>>().concat()
}

/// The cause of a kind; fails when there is not exactly one.
fn cause<'a>(report: &'a Value, code: &str) -> &'a Value {
    let causes: Vec<&Value> =
        report["causes"].as_array().unwrap().iter().filter(|one| one["code"] == code).collect();
    assert_eq!(causes.len(), 1, "{code}: {causes:?}");
    causes[0]
}

#[test]
fn the_page_names_causes_first_and_their_cures_below_them() {
    let done = Import::new("check --to omneo").file("causes/members.csv").expect_code(1).run();
    for line in [
        "10  rows are shifted: every cell is one column to the right",
        "lines 42 to 51",
        "Cure: --default-region AU repairs all 20; then 20 more people are ready",
        "3  dates stand day first",
        "Cure: --date-order dmy repairs all 3; then 3 more people are ready",
        "\"Actif\" (for active) 4 × · \"activ\" (for active) 2 ×",
        "next: upsheet check --to omneo causes/members.csv --default-region AU --date-order dmy",
    ] {
        assert!(done.stdout.contains(line), "{line:?} is missing:\n{}", done.stdout);
    }
}

#[test]
fn a_cure_clears_as_many_as_it_says() {
    let desk = Desk::new();
    let before = check(&desk, "", 1);
    let ready = |report: &Value| counts(report)[1];
    for code in ["phone-no-country", "date-syntax"] {
        let cure = &cause(&before, code)["cure"];
        let after = check(&desk, cure["flag"].as_str().unwrap(), 1);
        assert_eq!(ready(&after) - ready(&before), cure["clears"].as_u64().unwrap(), "{cure}");
        let gone = after["causes"].as_array().unwrap().iter().all(|one| one["code"] != code);
        assert!(gone, "{code} is cured as a whole");
    }
    let words = &cause(&before, "choice-unknown")["cure"];
    desk.write("words.toml", words["text"].as_str().unwrap());
    let after = check(&desk, "--recipe words.toml", 1);
    assert_eq!(ready(&after) - ready(&before), words["clears"].as_u64().unwrap(), "{words}");
}

#[test]
fn every_finding_has_one_cause_and_every_cured_person_had_no_other() {
    let report = check(&Desk::new(), "", 1);
    let sum = |key: &str| -> u64 {
        report["causes"].as_array().unwrap().iter().map(|one| one[key].as_u64().unwrap()).sum()
    };
    assert_eq!(sum("count"), report["findings"].as_array().unwrap().len() as u64);
    assert!(sum("clears") <= counts(&report)[2]);
}

#[test]
fn shifted_rows_are_one_cause_with_all_that_is_said_of_their_cells() {
    let report = check(&Desk::new(), "", 1);
    let causes = report["causes"].as_array().unwrap();
    let shifts: Vec<&Value> = causes.iter().filter(|one| one["code"] == "row-shifted").collect();
    assert_eq!(shifts.len(), 2, "{shifts:?}");
    let [inserted, quoted] = shifts[..] else { unreachable!() };
    assert_eq!([&inserted["from"], &inserted["to"], &inserted["rows"]], [42, 51, 10]);
    assert_eq!(inserted["clears"], 10);
    assert_eq!(
        quoted["message"],
        "rows are shifted: from column C on every cell is one column to the right"
    );
    let findings = report["findings"].as_array().unwrap();
    let of_row = findings.iter().filter(|one| one["row"] == 42).count() as u64;
    assert!(of_row > 2, "what is wrong with the cells is kept");
    assert_eq!(inserted["count"], 10 * of_row);
}

#[test]
fn rows_are_not_called_shifted_for_what_a_shift_would_not_cure() {
    let header = "First Name,Last Name,Email,Phone,Date of Birth,Notes\n";
    for (row, shifted) in [
        // A cell was deleted, and the rest moved to the left.
        ("Ada,ada@example.org,0491 570 006,1990-01-02,\n", true),
        // Two cells were inserted.
        (",,Ada,Lovelace,ada@example.org,0491 570 006,1990-01-02\n", true),
        // From the third column on.
        ("Ada,Lovelace,,ada@example.org,0491 570 006,1990-01-02,\n", true),
        // The same for somebody without a phone.
        ("Ada,Lovelace,,ada@example.org,,1990-01-02,\n", true),
        // Two cells have changed places, next to a blank one or not.
        ("Ada,Lovelace,0491 570 006,ada@example.org,,\n", false),
        ("Ada,Lovelace,0491 570 006,ada@example.org,1990-01-02,\n", false),
        // One cell has slipped.
        ("Ada,Lovelace,,,1990-01-02,ada@example.org\n", false),
        // Everything is wrong.
        ("Ada,,ada@@example.org,call me,31/02/1990,\n", false),
        ("Ada,Lovelace,none,none,none,none\n", false),
        // Addresses stand where names should, and where they should.
        ("a@example.org,b@example.org,ada@example.org,,,\n", false),
        // Nothing is left of the row.
        ("Ada,,,,,\n", false),
    ] {
        let good = "Bo,Smith,bo@example.org,0491 570 110,1990-01-02,\n".to_owned();
        let check =
            Import::new("check --format json").text("a.csv", header.to_owned() + &good + row);
        let check = check.expect_code(i32::from(!row.starts_with("a@")));
        let report = report(check);
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().any(|one| one["code"] == "row-shifted");
        assert_eq!(found, shifted, "{row}{findings:?}");
    }
}

#[test]
fn a_shift_is_told_from_where_it_begins() {
    let header = "First Name,Last Name,Email,Phone,Date of Birth\n";
    for (row, said) in [
        (
            "Lovelace,ada@example.org,0491 570 006,1990-01-02\n",
            "every cell is one column to the left",
        ),
        ("Ada,ada@example.org,0491 570 006,1990-01-02\n", "every cell is one column to the left"),
        ("Ada,Lovelace,0491 570 006,1990-01-02\n", "nothing"),
        (
            ",Ada,Lovelace,ada@example.org,0491 570 006,1990-01-02\n",
            "every cell is one column to the right",
        ),
        (
            "Ada,,Lovelace,ada@example.org,0491 570 006,1990-01-02\n",
            "from column B on every cell is one column to the right",
        ),
        (
            "Ada,Lovelace,,ada@example.org,0491 570 006,1990-01-02\n",
            "from column C on every cell is one column to the right",
        ),
        (
            "Ada,Love, lace,ada@example.org,0491 570 006,1990-01-02\n",
            "from column C on every cell is one column to the right",
        ),
    ] {
        let check = Import::new("check --format json").text("a.csv", header.to_owned() + row);
        let report = report(check.expect_code(1));
        let findings = report["findings"].as_array().unwrap();
        let shift = findings.iter().find(|one| one["code"] == "row-shifted");
        let message = shift.map_or("nothing", |one| one["message"].as_str().unwrap());
        assert_eq!(message, said, "{row}{findings:?}");
    }
}

#[test]
fn a_country_is_named_only_where_the_numbers_prove_it() {
    let header = "First Name,Last Name,Email,Mobile Phone\n";
    let row = |n: u32, ending: &str, phone: &str| {
        format!("Ada,Lovelace,ada{n}@post{ending},{phone} {}\n", 1100 + n)
    };
    for (ending, phone, flag) in [
        (".example.com.au", "02 5550", Some("--default-region AU")),
        // The numbers of no country, whatever the addresses say.
        (".example.com.au", "0000 0000", None),
        // Numbers of many countries.
        (".test", "02 5550", None),
    ] {
        let people = rows(0..20, |n| row(n, ending, phone));
        let check = Import::new("check --format json --to omneo");
        let report = report(check.text("a.csv", header.to_owned() + &people).expect_code(1));
        let causes = report["causes"].as_array().unwrap();
        let cures = causes.iter().find_map(|one| one["cure"]["flag"].as_str());
        assert_eq!(cures, flag, "{ending} {phone}: {causes:?}");
    }
    let american =
        rows(0..20, |n| format!("Ada,Lovelace,ada{n}@post.test,(212) 555-01{:02}\n", 10 + n));
    let check = Import::new("check --format json --to omneo");
    let report = report(check.text("a.csv", header.to_owned() + &american).expect_code(1));
    assert_eq!(cause(&report, "phone-no-country")["cure"]["flag"], "--default-region US");
}

#[test]
fn lost_zeros_come_back_with_the_country_that_is_named() {
    let people =
        rows(0..20, |n| format!("Ada,Lovelace,ada{n}@post.example.com.au,{}\n", 255_501_100 + n));
    let text = "First Name,Last Name,Email,Mobile Phone\n".to_owned() + &people;
    let check = Import::new("check --format json --to omneo").text("a.csv", text);
    let report = report(check.expect_code(1));
    let cure = &cause(&report, "phone-no-country")["cure"];
    assert_eq!(cure["text"], "--default-region AU repairs all 20");
    assert_eq!(cure["clears"], 20);
}

#[test]
fn open_dates_name_both_orders_and_leave_the_choice_to_people() {
    let people = rows(1..9, |n| format!("Ada,Lovelace,ada{n}@post.test,0{n}/04/1990\n"));
    let text = "First Name,Last Name,Email,Date of Birth\n".to_owned() + &people;
    let report = report(Import::new("check --format json").text("a.csv", text).expect_code(1));
    let cure = &cause(&report, "date-ambiguous")["cure"];
    assert_eq!(cure["flag"], Value::Null);
    let said = cure["text"].as_str().unwrap();
    assert!(said.contains("--date-order dmy or --date-order mdy repairs all 7"), "{said}");
}

#[test]
fn an_order_that_was_said_wrongly_is_named_with_the_right_one() {
    let people = rows(13..29, |n| format!("Ada,Lovelace,ada{n}@post.test,04/{n}/1990\n"));
    let text = "First Name,Last Name,Email,Date of Birth\n".to_owned() + &people;
    let check = Import::new("check --format json --date-order dmy").text("a.csv", text);
    let report = report(check.expect_code(1));
    let cause = cause(&report, "date-impossible");
    assert_eq!(cause["message"], "dates stand month first, as in the US");
    assert_eq!(cause["cure"]["text"], "--date-order mdy repairs all 16");
}

#[test]
fn one_date_of_another_order_does_not_speak_against_the_order_that_was_said() {
    let people = rows(1..12, |n| format!("Ada,Lovelace,ada{n}@post.test,{n:02}/04/1990\n"));
    let text = "First Name,Last Name,Email,Date of Birth\n".to_owned() + &people;
    let text = text + "Otis,Vale,otis@post.test,04/23/1990\n";
    let check = Import::new("check --format json --date-order dmy").text("a.csv", text);
    let report = report(check.expect_code(1));
    assert_eq!(cause(&report, "date-impossible")["cure"], Value::Null);
}

#[test]
fn no_country_is_proposed_for_numbers_of_several() {
    // Which of two columns is that of the numbers, nobody knows unasked.
    let header = "First name,Last name,Email,Mobile,Home country,Billing country\n";
    let row = |n: u32| {
        let (number, country) = match n % 3 {
            0 => (format!("06 12 34 56 {n:02}"), "France"),
            1 => (format!("0171 23456{n:02}"), "Germany"),
            _ => (format!("0491 570 1{n:02}"), "somewhere"),
        };
        format!("Ada,Lark{n},ada{n}@example.org,{number},{country},France\n")
    };
    let text = header.to_owned() + &rows(10..40, row);
    let desk = Desk::new();
    let check = Import::at(&desk, "check --to omneo --format json").text("a.csv", &text);
    let before = report(check.expect_code(1));
    let cure = &cause(&before, "phone-no-country")["cure"];
    assert_eq!(cure["flag"], "--region-column 'Home country'");
    assert_eq!(cure["repairs"], 20);
    let check = Import::at(&desk, "check --to omneo --format json");
    let check = check.args("--region-column").arg("Home country").text("a.csv", &text);
    assert_eq!(counts(&report(check.expect_code(1))), [30, 20, 10, 0]);
}

#[test]
fn a_column_of_other_things_is_asked_after_and_the_better_one_is_named() {
    let people = rows(0..30, |n| format!("Ada,Lovelace,member {n},ada{n}@post.test\n"));
    let text = "First Name,Last Name,Email,It's how we write\n".to_owned() + &people;
    let desk = Desk::new();
    // The header alone would not be believed, so the user says it.
    let check = Import::at(&desk, "check --format json --map Email=email").text("a.csv", text);
    let before = report(check.expect_code(1));
    let cause = cause(&before, "email-syntax");
    assert_eq!(cause["message"], "all rows hold no e-mail here: is it the wrong column?");
    assert_eq!(cause["cure"]["flag"], r"--map 'It'\''s how we write=email'");
    assert_eq!(cause["cure"]["repairs"], Value::Null, "it was tried on the first rows only");
}

#[test]
fn a_word_of_unknown_meaning_is_refused_until_somebody_says_it() {
    let word = |n| if n < 10 { "F" } else { "Zed" };
    let people = rows(0..14, |n| format!("Ada,Lovelace,ada{n}@post.test,{}\n", word(n)));
    let text = "First Name,Last Name,Email,Gender\n".to_owned() + &people;
    let desk = Desk::new();
    let check = |recipe: Option<&str>, code| {
        let check = Import::at(&desk, "check --format json --to omneo").text("a.csv", &text);
        let check = check.args("--map Gender=gender").expect_code(code);
        if let Some(recipe) = recipe { check.recipe(recipe) } else { check }
    };
    let before = report(check(None, 1));
    let lines = cause(&before, "choice-unknown")["cure"]["text"].as_str().unwrap().to_owned();
    assert_eq!(lines, "[values.gender]\n\"Zed\" = \"…\"  # female, male, withheld, other");
    check(Some(&lines), 2).run().says("recipe.toml:2");
    let after = report(check(Some(&lines.replace('…', "other")), 0));
    assert_eq!(counts(&after)[1], 14);
}

#[test]
fn words_that_stand_once_are_no_cause() {
    let people = rows(0..40, |n| {
        format!(
            "Ada,Lovelace,ada{n}@post.test,{}\n",
            ["F", "M"]
                .get(n as usize)
                .map_or_else(|| format!("word{n}"), |word| (*word).to_owned())
        )
    });
    let text = "First Name,Last Name,Email,Gender\n".to_owned() + &people;
    let check = Import::new("check --format json --map Gender=gender").text("a.csv", text);
    let report = report(check.expect_code(1));
    let cause = cause(&report, "choice-unknown");
    assert_eq!(cause["values"], serde_json::json!([]));
    assert_eq!(cause["cure"], Value::Null);
}

#[test]
fn runs_of_shifted_rows_go_on_from_chunk_to_chunk() {
    let row = |n: u32| {
        let shift = if (5_000..25_000).contains(&n) { "," } else { "" };
        format!("{shift}Ada,Lovelace,ada{n}@post.test,0491 570 006,1990-01-02,{}\n", "x".repeat(20))
    };
    let text =
        "First Name,Last Name,Email,Phone,Date of Birth,Notes\n".to_owned() + &rows(0..30_000, row);
    let check = |threads: u32| {
        let check = Import::new(&format!("check --format json --threads {threads}"));
        report(check.text("a.csv", &text).expect_code(1))
    };
    let one = check(1);
    let cause = cause(&one, "row-shifted");
    assert_eq!([&cause["from"], &cause["to"], &cause["clears"]], [5_002, 25_001, 20_000]);
    assert_eq!(one, check(4), "whatever the number of threads");
}

#[test]
fn rows_of_a_workbook_are_named_as_its_program_shows_them() {
    let row = |n: u32| {
        let shift = if (3..6).contains(&n) { "," } else { "" };
        format!("{shift}Ada,Lovelace,ada{n}@post.test,0491 570 {n}06\n")
    };
    let text = "First Name,Last Name,Email,Phone,Notes\n".to_owned() + &rows(0..9, row);
    let book = workbook(&sheet_xml(&text));
    let page = Import::new("check").text("a.xlsx", book).expect_code(1).run().stdout;
    let line = "3  rows are shifted: every cell is one column to the right  rows 5 to 7\n";
    assert!(page.contains(line), "{page}");
    assert!(page.contains("[People!5]\n"), "{page}");
}
