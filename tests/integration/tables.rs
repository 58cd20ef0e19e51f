//! The people stand somewhere on the sheet: below titles, beside notes, above sums and other
//! tables. They are found, and what is not read is named.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::{Desk, Done, Import, counts, found};
use crate::schema::validate;

/// A check of a CSV for Omneo, which asks for an address alone.
fn check(content: &str, args: &str, code: i32) -> Value {
    let run = Import::new("check --to omneo --format json").text("people.csv", content).args(args);
    let json = run.expect_code(code).run().json();
    validate("report.v1", &json);
    json
}

fn rows(content: &str, args: &str) -> Vec<Vec<String>> {
    let run = Import::new("rows --format json").text("people.csv", content).args(args).run();
    let json = run.json();
    validate("rows.v1", &json);
    let rows = json["rows"].as_array().unwrap().iter();
    rows.map(|row| serde_json::from_value(row["cells"].clone()).unwrap()).collect()
}

fn fields(report: &Value) -> Vec<&str> {
    let columns = report["inputs"][0]["columns"].as_array().unwrap().iter();
    columns.map(|column| column["field"].as_str().unwrap_or("-")).collect()
}

#[test]
fn titles_notes_and_blank_lines_above_the_header_are_passed_over() {
    let sheet = "Spring volunteers,,,\r\nmade by hand on 3 May,,,\r\n\r\n,First name,Last name,Email\r\n,Ada,Larkspur,ada@example.org\r\n,Otis,Vale,otis@example.net\r\n";
    let report = check(sheet, "", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(report["inputs"][0]["header_row"], 4);
    assert_eq!(fields(&report), ["-", "first_name", "last_name", "email"]);
}

#[test]
fn people_who_are_called_as_columns_are_people() {
    let sheet = "Helferliste;;;;;\n;;;;;\nVorname;Nachname;E-Mail;Telefon;Ort;Stunden\nAda;Larkspur;ada@example.org;+61 491 570 006;Perth;3\nFirst;Email;first@example.org;;Perth;\nMobile;Surname;;;;2\nOtis;Total;otis@example.net;;;1\nAnzahl: 4;;;;;6\n";
    let report = check(sheet, "", 1);
    assert_eq!(report["inputs"][0]["header_row"], 3);
    assert_eq!(fields(&report), ["first_name", "last_name", "email", "mobile_phone", "-", "-"]);
    assert_eq!(counts(&report), [5, 3, 1, 1]);
    assert!(found(&report).contains(&(6, "required-missing")), "{report}");
    // A first row with an address is a person, though two of its cells are usual headers.
    let list = "Name,Surname,name@example.org\nOtis,Vale,otis@example.net\n";
    let report = check(list, "--map C=email --map A=first_name --map B=last_name", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
}

#[test]
fn titles_may_be_more_than_the_people() {
    let sheet = "Spring volunteers, Perth\nmade by hand\n\nFirst\tLast\tEmail\nAda\tLarkspur\tada@example.org\nTotal: 1\n";
    let report = check(sheet, "", 0);
    assert_eq!(report["inputs"][0]["header_row"], 4);
    assert_eq!(counts(&report), [2, 1, 0, 1]);
}

#[test]
fn two_rows_head_the_columns_together() {
    let sheet = "First,Last,Contact,,\n,,Mobile,Email,Suburb\nAda,Larkspur,+61 491 570 006,ada@example.org,Sydney\nOtis,Vale,+61 491 570 156,otis@example.net,Perth\n";
    let report = check(sheet, "", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(fields(&report), ["first_name", "last_name", "mobile_phone", "email", "-"]);
    assert_eq!(report["inputs"][0]["columns"][3]["header"], "Contact Email");
    // One row of the header is enough to name a column.
    let report = check(sheet, "--map Mobile=secondary_phone", 0);
    assert_eq!(fields(&report)[2], "secondary_phone");
    // A person decides otherwise.
    let report = check(sheet, "--header-row 2", 0);
    assert_eq!(report["inputs"][0]["columns"][3]["header"], "Email");
    let named = Import::new("check --to omneo --header-row 9").text("people.csv", sheet);
    named.expect_code(2).run().says("has no row 9");
}

#[test]
fn a_list_without_a_header_loses_nobody() {
    let list = "ada@example.org\notis@example.net\n";
    let run = Import::new("check --to vome").text("list.csv", list).expect_code(2).run();
    run.says("its first row looks like a person").says("--map 'COLUMN=first_name'");
    // A column of addresses needs no header.
    let report = check(list, "", 0);
    assert_eq!(fields(&report), ["email"]);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert!(found(&report).contains(&(1, "header-none")), "{report}");
    assert_eq!(rows(list, ""), [["ada@example.org"], ["otis@example.net"]]);
    // Said so, any table has no header.
    let report = check("x,y\nada@example.org,1\n", "--header-row none --map A=email", 1);
    assert_eq!(counts(&report), [2, 1, 1, 0]);
}

#[test]
fn sums_and_notes_below_the_people_are_no_people() {
    let sheet = "First,Last,Email,Hours\nAda,Larkspur,ada@example.org,3\nSubtotal,,,3\nFirst,Last,Email,Hours\nOtis,Vale,otis@example.net,4\nPage,,,\nTotal: 2 people,,,7\nExported on 3 May 2026\n";
    let report = check(sheet, "", 0);
    assert_eq!(counts(&report), [7, 2, 0, 5]);
    let skipped: Vec<(u64, &str)> =
        found(&report).into_iter().filter(|(_, code)| *code != "row-short").collect();
    assert_eq!(
        skipped,
        [
            (3, "row-footer"),
            (4, "row-header"),
            (6, "row-footer"),
            (7, "row-footer"),
            (8, "row-footer")
        ]
    );
    // A person of that name without an address is told, not skipped.
    let report = check("First,Last,Email\nPage,Jimmy,\n", "", 1);
    assert_eq!(counts(&report), [1, 0, 1, 0]);
}

#[test]
fn notes_of_several_cells_behind_a_blank_row_are_no_people() {
    let sheet = "First,Last,Email,Phone,City\nAda,Larkspur,ada@example.org,+61 491 570 006,Sydney\nOtis,Vale,,,Perth\n\nTotal members,2,,,\nActive,1,,,\nExported by Mia Stone on 2026-05-01,,,Page 1,of 1\nNotes:,Do not share,,,\n";
    let report = check(sheet, "", 1);
    assert_eq!(counts(&report), [6, 1, 1, 4]);
    let notes: Vec<(u64, &str)> =
        found(&report).into_iter().filter(|(_, code)| *code == "row-footer").collect();
    assert_eq!(notes, [5, 6, 7, 8].map(|row| (row, "row-footer")));
    // Who can be written to is somebody, whatever the rows above begin with.
    let report = check(&format!("{sheet}Mia,,mia@example.org,,\n"), "", 1);
    assert_eq!(counts(&report), [7, 2, 4, 1]);
}

#[test]
fn who_was_there_is_found_below_what_a_meeting_was() {
    let sheet = "Meeting ID,Topic,User Email,Minutes\n812 3456,Orientation,host@example.org,65\n\nName (Original Name),User Email,Join Time,Minutes\nAda Larkspur,ada@example.org,05/01/2026 09:58,65\nOtis Vale,otis@example.net,05/01/2026 09:59,64\n";
    let report = check(sheet, "", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(report["inputs"][0]["header_row"], 4);
}

#[test]
fn zero_bytes_behind_the_last_row_are_told_and_left_out() {
    let people = "First,Last,Email\nAda,Larkspur,ada@example.org\nOtis,Vale,otis@example.net\n";
    let report = check(&format!("{people}{}", "\0".repeat(4_000)), "", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(found(&report), [(1, "file-padded")]);
    // Those within a row stay an error of it.
    let inside = people.replace("Otis", "Ot\0is");
    assert_eq!(counts(&check(&inside, "", 1)), [2, 1, 1, 0]);
    // A copy with repairs keeps every byte but those that it repairs.
    let padded =
        format!("First,Last,Email\n\"\"\"Ada\"\"\",Larkspur,ada@example.org\n{}", "\0".repeat(50));
    let desk = Import::new("check --fix-plan fixes.csv").text("people.csv", &padded).run().desk;
    Import::at(&desk, "fix people.csv --plan fixes.csv -o mended.csv").run();
    let mended = padded.replace("\"\"\"Ada\"\"\"", "\"Ada\"");
    assert_eq!(desk.read("mended.csv"), mended);
}

#[test]
fn a_part_of_family_names_that_stands_apart_is_asked_about() {
    let sheet = "Roepnaam,Tussenvoegsel,Achternaam,E-mail\nJan,van der,Berg,jan@example.org\nPiet,,Jansen,piet@example.org\n";
    let report = check(sheet, "", 0);
    assert_eq!(found(&report), [(1, "name-part")]);
    assert!(found(&check(sheet, "--map Tussenvoegsel=-", 0)).is_empty());
    let help = report["findings"][0]["help"].as_str().unwrap();
    let join = help.split_once("recipe: ").unwrap().1.split_once(';').unwrap().0;
    let recipe = join.replace("] join", "]\njoin");
    let joined = Import::new("build --to omneo -o out").text("people.csv", sheet);
    let done = joined.recipe(&recipe).run();
    assert!(!done.stdout.contains("family names"), "{}", done.stdout);
    assert!(done.desk.read("out/payloads/00001.json").contains("van der Berg"));
}

/// A list of people above one of things.
const TWO: &str = "First,Last,Email\nAda,Larkspur,ada@example.org\nOtis,Vale,otis@example.net\n\nItem,Count,Shelf\nRake,2,7\nSpade,4,8\n";

#[test]
fn another_table_below_is_named_and_read_when_asked_for() {
    let report = check(TWO, "", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(found(&report), [(5, "table-next")]);
    assert_eq!(rows(TWO, "").len(), 3);
    let second = [["Item", "Count", "Shelf"], ["Rake", "2", "7"], ["Spade", "4", "8"]];
    assert_eq!(rows(TWO, "--table 2"), second);
    assert_eq!(rows(TWO, "--range A5:C7"), second);
    let missing = Import::new("rows --table 3").text("people.csv", TWO).expect_code(2).run();
    missing.says("has no table 3").says("row 1 (First, Last, Email) and row 5");
    let piped = Import::new("rows --table 2 -").stdin(TWO).run();
    assert_eq!(piped.stdout, "Item,Count,Shelf\r\nRake,2,7\r\nSpade,4,8\r\n".replace("\r\n", "\n"));
}

#[test]
fn a_table_far_below_ends_the_people_before_it() {
    let mut sheet = String::from("First,Last,Email\n");
    for number in 0..30_000 {
        writeln!(sheet, "Ada,Larkspur,ada{number}@example.org").unwrap();
    }
    sheet.push_str("Email,First\n");
    for number in 0..30_000 {
        writeln!(sheet, "otis{number}@example.net,Otis").unwrap();
    }
    let report = check(&sheet, "", 0);
    assert_eq!(counts(&report), [30_000, 30_000, 0, 0]);
    assert_eq!(found(&report), [(30_002, "table-next")]);
    for policy in ["last", "merge"] {
        let report = check(&sheet, &format!("--on-duplicate {policy}"), 0);
        assert_eq!(counts(&report), [30_000, 30_000, 0, 0]);
    }
    let report = check(&sheet, "--table 2", 0);
    assert_eq!(counts(&report), [30_000, 30_000, 0, 0]);
    assert_eq!(report["inputs"][0]["header_row"], 30_002);
}

#[test]
fn a_range_keeps_letters_and_row_numbers() {
    let sheet = "x,y,z,x,y\nnote,First,Email,Last,note\n1,Ada,ada@example.org,Larkspur,q\n2,Otis,otis@example,Vale,q\n3,Cy,cy@example.org,Twombly,q\n";
    let report = check(sheet, "--range B2:D4", 1);
    assert_eq!(counts(&report), [2, 1, 1, 0]);
    assert_eq!(fields(&report), ["-", "first_name", "email", "last_name"]);
    let wrong = &report["findings"][0];
    assert_eq!(
        (wrong["cell"].as_str(), wrong["code"].as_str()),
        (Some("C4"), Some("email-syntax"))
    );
    for (range, message) in [("3:9", "write it as B3:F200"), ("F3:B9", "write it as")] {
        let run = Import::new("check").args("--range").arg(range).text("people.csv", sheet);
        run.expect_code(2).run().says(message);
    }
}

#[test]
fn headers_that_are_doubled_or_missing_are_told() {
    let sheet = "First,Last,Email,Phone,Phone,\nAda,Larkspur,ada@example.org,+61 491 570 006,+61 491 570 156,left handed\n";
    let report = check(sheet, "", 0);
    assert_eq!(
        found(&report),
        [(1, "header-duplicate"), (1, "header-empty"), (1, "column-undecided")]
    );
    let report = check(sheet, "--map E=mobile_phone", 0);
    let columns = &report["inputs"][0]["columns"];
    assert_eq!(columns[4]["field"], "mobile_phone");
}

/// Twelve people under a header, by what makes a row of each: names, an address of both, a number.
fn twelve(header: &str, row: impl Fn(&str, &str, usize) -> String) -> String {
    let first =
        ["Ada", "Otis", "Zoe", "Cy", "Ida", "Max", "Una", "Leo", "Eva", "Tim", "Noa", "Ben"];
    let last = ["Larkspur", "Vale", "Nunez", "Twombly", "Moss", "Hart"];
    let rows = first.iter().enumerate().map(|(n, first)| row(first, last[n % last.len()], n));
    rows.fold(format!("{header}\n"), |sheet, row| sheet + &row + "\n")
}

fn address(first: &str, last: &str) -> String {
    format!("{first}.{last}@example.org").to_lowercase()
}

#[test]
fn headers_that_contradict_their_values_stop_the_run() {
    let phone = |n: usize| format!("+61 491 570 1{n:02}");
    for sheet in [
        twelve("First name,Last name,Email", |a, b, _| format!("{},{a},{b}", address(a, b))),
        twelve("Email,First name,Last name,Mobile", |a, b, n| {
            format!("{a},{b},{},{}", address(a, b), phone(n))
        }),
        twelve("No,Id,First name,Last name,Email,Mobile", |a, b, n| {
            format!("{n},{a},{b},{},{},Bern", address(a, b), phone(n))
        }),
    ] {
        let run = Import::new("check --to omneo").text("people.csv", &sheet).expect_code(2).run();
        run.says("the headers do not stand over their values");
    }
    // Who says what a column is for is not asked.
    let sheet =
        twelve("First name,Last name,Email", |a, b, _| format!("{},{a},{b}", address(a, b)));
    let run = Import::new("check --to omneo --format json").text("people.csv", &sheet);
    let report = run.args("--map").arg("First name=email").run().json();
    assert_eq!(fields(&report), ["email", "last_name", "-"]);
}

#[test]
fn headers_that_may_stand_over_other_values_are_told() {
    let told = [(1, "header-shifted")];
    for (sheet, expected) in [
        // Names that the addresses have in them, one column beside their headers.
        (
            twelve("Id,First name,Last name,Email", |a, b, n| {
                format!("{a},{b},City{n},{}", address(a, b))
            }),
            &told[..],
        ),
        (
            twelve("First name,Last name,City,Email", |a, b, _| {
                format!("Mrs,{a},{b},{}", address(a, b))
            }),
            &told,
        ),
        // Two headers that changed places, and one that may head anything.
        (
            twelve("First name,Last name,Mobile,Email", |a, b, n| {
                format!("{a},{b},{},+61 491 570 1{n:02}", address(a, b))
            }),
            &told,
        ),
        (
            twelve("First name,Last name,Email,Notes", |a, b, n| {
                format!("{a},{b},Room {n},{}", address(a, b))
            }),
            &told,
        ),
        (
            twelve("First name,Last name,Email", |a, b, n| {
                format!("19{}-01-31,{b},{}", n + 50, address(a, b))
            }),
            &told,
        ),
        // What people have beside their names, and what is asked of them.
        (
            twelve("Username,First name,Last name,Email", |a, b, _| {
                format!("{a}.{b},{a},{b},{}", address(a, b))
            }),
            &[],
        ),
        (
            twelve("Known as,First name,Last name,Email", |a, b, n| {
                format!("{a},{a},{b},{a}{n}@example.org")
            }),
            &[],
        ),
        (
            twelve("Middle name,First name,Last name,Email", |a, b, n| {
                format!("Jo,{a},{b},jo.{a}.{b}.{n}@example.org")
            }),
            &[],
        ),
        (
            twelve("First name,Last name,Email,Contact", |a, b, n| {
                format!("{a},{b},{},{}", ["subscribed", "bounced"][n % 2], address(a, b))
            }),
            &[],
        ),
        (
            twelve("First name,Last name,Email,Contact", |a, b, n| {
                format!("{a},{b},{},{}", ["yes", "no"][n % 2], address(a, b))
            }),
            &[],
        ),
        (
            twelve("First name,Last name,Email,Birthday,Joined", |a, b, n| {
                format!("{a},{b},{},{}/01,2020-01-{}", address(a, b), n + 1, n + 10)
            }),
            &[],
        ),
    ] {
        let run = Import::new("check --to omneo --format json").text("people.csv", &sheet).run();
        let report = run.json();
        let shifted: Vec<_> =
            found(&report).into_iter().filter(|(_, code)| *code == told[0].1).collect();
        assert_eq!(shifted, expected, "{sheet}");
    }
}

#[test]
fn inspect_shows_each_decision_with_evidence_and_confidence() {
    let sheet = "List of people\n\nFirst;Last;Email\nAda;Larkspur;ada@example.org\nOtis;\"Vale; jun.\";otis@example.net\n";
    let inspect = |args: &str| -> Done {
        Import::at(&Desk::new(), "inspect --to omneo").text("people.csv", sheet).args(args).run()
    };
    let json = inspect("--format json").json();
    validate("inspect.v1", &json);
    let decisions = json["inputs"][0]["decisions"].as_array().unwrap();
    let told: Vec<[&str; 3]> = decisions
        .iter()
        .map(|one| ["what", "value", "confidence"].map(|key| one[key].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ["format", "csv", "certain"],
            ["encoding", "UTF-8", "certain"],
            ["delimiter", ";", "likely"],
            ["quote", "\"", "likely"],
            ["header", "3", "certain"],
        ]
    );
    let page = inspect("").stdout;
    assert!(
        page.contains("row 3 (below a title of one row; 3 of its cells are usual headers"),
        "{page}"
    );
    let said = inspect("--delimiter ; --quote none --header-row 3").stdout;
    assert!(said.contains("\";\" (named by --delimiter; said)"), "{said}");
    assert!(said.contains("none (named by --quote; said)"), "{said}");
}

#[test]
fn delimiters_of_several_characters_and_escapes_are_read() {
    let people = [["name", "note"], ["Ada", "a, b | c"], ["Otis", "says \"no\""]];
    for text in [
        "name||note\nAda||a, b | c\nOtis||\"says \"\"no\"\"\"\n",
        "name, note\nAda, \"a, b | c\"\nOtis, \"says \"\"no\"\"\"\n",
        "name,note\nAda,\"a, b | c\"\nOtis,\"says \\\"no\\\"\"\n",
        "name^note\nAda^a, b | c\nOtis^\"says \"\"no\"\"\"\n",
    ] {
        // What stands between backslashes is text for the one who reads it.
        let read: Vec<Vec<String>> = rows(text, "")
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.replace('\\', "")).collect())
            .collect();
        assert_eq!(read, people, "{text}");
    }
}

#[test]
fn zeros_in_a_text_cost_the_rows_that_have_them() {
    let mut sheet = String::from("First,Last,Email\n");
    for number in 0..200 {
        let first = if number % 10 == 0 { "A\0da" } else { "Ada" };
        writeln!(sheet, "{first},Larkspur,ada{number}@example.org").unwrap();
    }
    let report = check(&sheet, "", 1);
    assert_eq!(counts(&report), [200, 180, 20, 0]);
    assert!(found(&report).iter().all(|(_, code)| *code == "text-hidden"), "{report}");
}

#[test]
fn rows_of_programs_are_no_people() {
    for (sheet, skipped) in [
        ("| First | Last | Email |\n|---|---|---|\n| Ada | Vale | ada@example.org |\n", 1),
        (
            " first_name | last_name | email\n---+---+---\n Ada | Vale | ada@example.org\n(1 row)\n",
            2,
        ),
        ("First,Last,Email\r\nAda,Vale,ada@example.org\r\n\u{1a}", 1),
        (
            "RecipientFirstName,RecipientLastName,RecipientEmail,Q1\n\
             Recipient First Name,Recipient Last Name,Recipient Email,\"Your\nsize?\"\n\
             \"{\"\"ImportId\"\":\"\"a\"\"}\",\"{\"\"ImportId\"\":\"\"b\"\"}\",\"{\"\"ImportId\"\":\"\"c\"\"}\",\"{\"\"ImportId\"\":\"\"d\"\"}\"\n\
             Ada,Vale,ada@example.org,M\n",
            2,
        ),
    ] {
        assert_eq!(counts(&check(sheet, "", 0)), [1 + skipped, 1, 0, skipped], "{sheet}");
    }
}

#[test]
fn a_form_has_what_is_asked_above_what_each_column_holds() {
    let sheet = "Respondent,Your name,,Email Address,Which days?,\n\
                 ,First name,Last name,Open-Ended Response,Mon,Tue\n\
                 11,Ada,Larkspur,ada@example.org,Mon,\n\
                 12,Otis,Vale,otis@example.org,,Tue\n";
    let report = check(sheet, "", 0);
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(fields(&report)[..4], ["-", "first_name", "last_name", "email"]);
}

#[test]
fn a_table_in_one_column_is_told() {
    let sheet = "\"First name,Last name,Email\"\n\"Ada,Larkspur,ada@example.org\"\n";
    let run = Import::new("check").text("people.csv", sheet).expect_code(2).run();
    run.says("all columns stand in one");
}
