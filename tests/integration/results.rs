//! The rows of a run, sorted into files by what became of them, and loaded again.

use std::fs;
use std::path::{Path, PathBuf};

use upsheet::journal::{About, Journal, Leg, Outcome, Planned};
use upsheet::row::Location;

use crate::common::{Desk, Done, Import, counts};

const SHEET: &str = "First Name,Last Name,Email,Notes\n\
                     Ada,Larkspur,ada@example.org,=1+1\n\
                     Otis,Vale,nobody,'tis\n\
                     Mina,Holm,mina@example.org,\"a\n\"\"b\"\"\"\n\
                     Juno,Reed,juno@example.org,007\n\
                     Ada,Larkspur,ada@example.org,twice\n\
                     Pell,Moss,pell@example.org,\n\
                     Vera,Thorn,vera@example.org,\n";

/// A desk on which the sheet was pushed, and a run of it whose people ended otherwise than in the
/// sandbox: its rows, with a journal that says so.
fn run(outcomes: &[Outcome]) -> Desk {
    let desk = Desk::new();
    let push = Import::at(&desk, "push --to sandbox --state pushed --on-duplicate first -q");
    push.text("people.csv", SHEET).expect_code(1).run();
    let rows = desk.path("pushed/runs");
    let rows = fs::read_dir(rows).unwrap().next().unwrap().unwrap().path().join("rows");
    let run = desk.path("state/runs/2026-11-26-abcdef");
    fs::create_dir_all(run.join("rows")).unwrap();
    fs::copy(rows.join("1.csv"), run.join("rows/1.csv")).unwrap();
    let at = |row| Location { row, line: row, ..Location::default() };
    let plan = Planned {
        number: 1,
        file: "payloads/00001.json".to_owned(),
        sha256: String::new(),
        places: [2, 4, 5, 7, 8].map(at).into_iter().collect(),
    };
    let journal = Journal::create(&run, &About::default(), &[plan]).unwrap();
    let outcomes: Vec<(usize, Outcome)> = outcomes.iter().cloned().enumerate().collect();
    journal.note(Leg::People, 1, &outcomes).unwrap();
    desk
}

fn outcomes() -> [Outcome; 5] {
    [
        Outcome::Accepted,
        Outcome::Refused("no such mailbox".to_owned()),
        Outcome::Unknown("the connection broke".to_owned()),
        Outcome::NotSent,
        Outcome::InFlight,
    ]
}

fn results(desk: &Desk, args: &str) -> Done {
    Import::at(desk, "results --last --state state").args(args).run()
}

#[test]
fn a_push_keeps_every_row_as_it_was_read() {
    let push = Import::new("push - --to sandbox --state state --on-duplicate first -q");
    let desk = push.stdin(SHEET).expect_code(1).run().desk;
    let path = desk.run_folder().join("rows/1.csv");
    let text = fs::read_to_string(&path).unwrap();
    assert!(
        text.starts_with("upsheet rows,1,'-\nrow,fate,reason,First Name,Last Name,Email,Notes\n")
    );
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().skip(1).map(Result::unwrap).collect();
    let fates: Vec<(&str, &str)> = rows.iter().map(|row| (&row[0], &row[1])).collect();
    let (ready, rejected, skipped) = ("ready", "rejected", "skipped");
    assert_eq!(
        fates,
        [
            ("2", ready),
            ("3", rejected),
            ("4", ready),
            ("5", ready),
            ("6", skipped),
            ("7", ready),
            ("8", ready)
        ]
    );
    assert!(rows[1][2].contains("email"), "{text}");
    assert!(rows[4][2].contains("row 2"), "{text}");
    assert_eq!(
        [&rows[0][6], &rows[1][6], &rows[2][6], &rows[3][6]],
        ["'=1+1", "''tis", "a\n\"b\"", "007"]
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
}

#[test]
fn every_row_stands_in_one_file_with_its_reason_and_its_columns() {
    let desk = run(&outcomes());
    let done = results(&desk, "-o out");
    assert!(
        done.stdout.starts_with("7 rows were read\n  success              1\n"),
        "{}",
        done.stdout
    );
    let file = |part: &str| desk.read(format!("out/{part}.csv"));
    let header = "reason,First Name,Last Name,Email,Notes\n";
    assert_eq!(
        file("success"),
        format!("{header}accepted (apostrophe added to E),Ada,Larkspur,ada@example.org,'=1+1\n")
    );
    let failed = file("failed");
    assert!(
        failed.contains("\nno such mailbox,Mina,Holm,mina@example.org,\"a\n\"\"b\"\"\"\n"),
        "{failed}"
    );
    assert!(failed.contains(",Otis,Vale,nobody,'tis\n"), "{failed}");
    assert_eq!(file("unprocessed"), format!("{header}not sent,Pell,Moss,pell@example.org,\n"));
    assert_eq!(
        file("unknown"),
        format!(
            "{header}the connection broke,Juno,Reed,juno@example.org,007\n\
             \"sent, and no answer was read\",Vera,Thorn,vera@example.org,\n"
        )
    );
    let skipped = file("skipped");
    assert!(skipped.ends_with(",Ada,Larkspur,ada@example.org,twice\n"), "{skipped}");
    let json = results(&desk, "-o out --format json").desk.json("out/results.json");
    let rows = json["rows"].as_array().unwrap();
    let words: Vec<(u64, &str)> = rows
        .iter()
        .map(|row| (row["row"].as_u64().unwrap(), row["result"].as_str().unwrap()))
        .collect();
    assert_eq!(
        words,
        [
            (2, "success"),
            (3, "failed"),
            (4, "failed"),
            (5, "unknown"),
            (6, "skipped"),
            (7, "unprocessed"),
            (8, "unknown")
        ]
    );
    assert_eq!(rows[0]["cells"][3], "=1+1");
    assert_eq!(json["inputs"][0]["headers"][2], "Email");
}

#[test]
fn what_failed_is_put_right_and_loaded_again() {
    let desk = run(&outcomes());
    results(&desk, "-o out");
    let mended = desk.read("out/failed.csv").replace("nobody", "otis@example.org");
    desk.write("out/failed.csv", mended);
    let report = Import::at(&desk, "check out/failed.csv --format json").run().json();
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    results(&desk, "-o out --format xlsx");
    let sheets = [("failed", 2, 1), ("unknown", 2, 0), ("success", 1, 0), ("unprocessed", 1, 0)];
    for (sheet, rows, rejected) in sheets {
        let check = Import::at(&desk, "check out/results.xlsx --format json --sheet").arg(sheet);
        let report = check.expect_code(rejected).run().json();
        assert_eq!(counts(&report)[0], rows, "{sheet}");
    }
    let rows =
        Import::at(&desk, "rows out/results.xlsx --format json --sheet unknown").run().json();
    assert_eq!(rows["rows"][1]["cells"][4], "007", "a zero in front stays");
    let rows =
        Import::at(&desk, "rows out/results.xlsx --format json --sheet success").run().json();
    assert_eq!(rows["rows"][1]["cells"][4], "=1+1", "a formula stays a text");
}

#[test]
fn only_what_is_asked_for_is_written_and_nothing_is_written_over() {
    let desk = run(&outcomes());
    let done = results(&desk, "-o out --only failed,unknown");
    assert_eq!(desk.files("out"), ["out/failed.csv", "out/unknown.csv"]);
    assert!(done.stdout.contains("  success              1  (not asked for)\n"), "{}", done.stdout);
    desk.write("out/failed.csv", "mine");
    let again = Import::at(&desk, "results --last --state state -o out");
    again.expect_code(5).run().says("there is a file").says("--force");
    assert_eq!(desk.files("out"), ["out/failed.csv", "out/unknown.csv"]);
    assert_eq!(desk.read("out/failed.csv"), "mine");
    results(&desk, "-o out --force");
    assert_eq!(desk.files("out").len(), 5);
    // In the run folder they are ours, and a later state takes the place of an earlier one.
    for _ in 0..2 {
        results(&desk, "");
    }
    assert_eq!(desk.files("state/runs/2026-11-26-abcdef/results").len(), 5);
}

#[test]
fn a_run_that_is_not_there_or_keeps_no_rows_is_told() {
    let desk = Desk::new();
    Import::at(&desk, "results --last --state state").expect_code(2).run().says("there is no run");
    Import::at(&desk, "results nope --state state").expect_code(2).run().says("\"nope\"");
    Import::at(&desk, "results --state state").expect_code(2).run();
    let desk = run(&outcomes());
    let by_name = |name: &str| Import::at(&desk, "results --state state").arg(name);
    by_name("2026-11-26-ab").run();
    let folder: PathBuf = desk.path("state/runs/2026-11-26-abcdef");
    by_name(folder.to_str().unwrap()).run();
    fs::remove_dir_all(folder.join("rows")).unwrap();
    by_name("2026-11-26-ab").expect_code(2).run().says("its folder holds no rows");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_told_and_left_as_it_was() {
    let desk = run(&outcomes());
    desk.write("file", "mine");
    for folder in ["file", "file/below"] {
        let done = Import::at(&desk, "results --last --state state -o").arg(folder);
        done.expect_code(2).run().says("choose another place");
    }
    assert_eq!(desk.read("file"), "mine");
}
