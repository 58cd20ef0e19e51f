//! Rows that are kept, sorted and loaded again, by the reader that users load them with.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use proptest::prelude::*;
use tempfile::TempDir;

use super::kept::{FOLDER, Keeper};
use super::workbook::Book;
use super::*;
use crate::finding::{Finding, REQUIRED_MISSING};
use crate::mapping::{Column, Mapping};
use crate::reader::{self, Facts, HeaderRows, Options};
use crate::report::{Head, Judged, Report as _, Sheet, Summary};
use crate::row::{CellKind, Rows};

/// An input: its name, its headers, its rows.
type Input<'a> = (&'a str, Vec<String>, Vec<(Fate, Vec<String>)>);

fn texts(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|&cell| cell.to_owned()).collect()
}

/// A run folder that has kept these rows; the first row of each input is row 2.
fn run(inputs: &[Input<'_>]) -> TempDir {
    let run = tempfile::tempdir().unwrap();
    let folder = run.path().join(FOLDER);
    std::fs::create_dir(&folder).unwrap();
    let mut keeper = Keeper::new(folder);
    let sheets = inputs.iter().map(|(name, headers, _)| {
        let columns = headers.iter().map(|header| Column::unmapped(header)).collect();
        let facts = Facts { path: (*name).into(), ..Facts::default() };
        Sheet { facts, mapping: Mapping { columns, ..Mapping::default() }, ..Sheet::default() }
    });
    keeper.begin(&Head { sheets: sheets.collect(), ..Head::default() }).unwrap();
    for (input, (_, _, rows)) in (0_u16..).zip(inputs) {
        for (row, (fate, cells)) in (2_u32..).zip(rows) {
            let at = Location { input, row, ..Location::default() };
            let mut arena = Rows::default();
            for cell in cells {
                arena.push_cell(cell, CellKind::Text);
            }
            arena.end_row(at);
            let findings = [Finding::new(&REQUIRED_MISSING, at, "=it is blank")];
            let findings = if *fate == Fate::Ready { &[][..] } else { &findings };
            keeper.row(Judged { row: arena.get(0).unwrap(), fate: *fate, findings }).unwrap();
        }
    }
    keeper.end(&Summary::default()).unwrap();
    run
}

/// Sorts the rows of a run into `out`, each ready row by what `outcome` says of it.
fn sort(
    run: &Path,
    form: &str,
    outcomes: &[(u16, u32, Part, &str)],
) -> Result<(Counts, Vec<String>)> {
    let mut place = Place::new(&run.join("out"), true)?;
    let mut sorter = Sorter::new(run, find(form).unwrap(), &Part::ALL, &mut place)?;
    for &(input, row, part, reason) in outcomes {
        sorter.outcome(Location { input, row, ..Location::default() }, part, reason)?;
    }
    let counts = sorter.finish()?;
    let name = |path: &std::path::PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    Ok((counts, place.commit()?.iter().map(name).collect()))
}

/// A file as it is loaded again: headers and rows behind the reason, and the reasons.
fn load(
    run: &Path,
    file: &str,
    sheet: Option<&str>,
) -> (Vec<String>, Vec<Vec<String>>, Vec<String>) {
    let is_text = sheet.is_none();
    let options = Options {
        sheet: sheet.map(str::to_owned),
        delimiter: is_text.then(|| ",".to_owned()),
        encoding: is_text.then(|| "utf-8".to_owned()),
        header_row: Some(HeaderRows::Rows { first: 1, last: 1 }),
        ..Options::default()
    };
    let mut input = reader::open(&run.join("out").join(file), 0, &options).unwrap();
    let (mut rows, mut reasons) = (Vec::new(), Vec::new());
    let extent = input.facts.extent;
    assert!(extent.reload, "{file} is not known as a file of ours");
    input
        .read(&mut |chunk| {
            for row in reader::parse(chunk, extent).iter() {
                let mut cells = row.cells().map(|cell| cell.text.to_owned());
                reasons.push(cells.next().unwrap());
                rows.push(cells.collect());
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    (input.headers.split_off(1), rows, reasons)
}

/// What fails is written into a test by hand, not into a file.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() }
}

/// Cells that a writer or a reader could take for something else.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "['\"]{0,2}[ \t\r\n]{0,1}[-=+@＝＋－＠|%]{0,2}[0-9a-zé,;'\" \n-]{0,8}",
        "'{0,3}0{0,3}[0-9]{0,5}",
        "[ \u{a0}]{0,2}[a-z]{0,3}[\r\n]{0,2}[ ]{0,2}",
        "(_x00[0-9A-F]{2}_|_|x|\u{1}|\u{7}|&|<|]]>|\u{1f600}|\u{202e}|\u{feff}){0,4}",
    ]
}

/// Cells without the blank ones at the end, which no spreadsheet holds.
fn trimmed(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut rows = rows.to_vec();
    for row in &mut rows {
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
    }
    rows
}

proptest! {
    #![proptest_config(config(96))]
    #[test]
    fn what_failed_is_loaded_again_to_the_letter(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..4),
        header in "['=+-]{0,2}[a-z]{1,6}",
    ) {
        let headers = vec!["a".to_owned(), header, "reason".to_owned()];
        let kept = rows.iter().map(|cells| (Fate::Rejected, cells.clone())).collect();
        let run = run(&[("people.csv", headers.clone(), kept)]);
        for form in ["csv", "xlsx"] {
            sort(run.path(), form, &[]).unwrap();
        }
        let csv = load(run.path(), "failed.csv", None);
        prop_assert_eq!((&csv.0, &csv.1), (&headers, &rows));
        let book = load(run.path(), "results.xlsx", Some("failed"));
        prop_assert_eq!((&book.0, trimmed(&book.1)), (&headers, trimmed(&rows)));
    }
}

/// Where each ready row is to go, by its number.
fn parts() -> impl Strategy<Value = Vec<(Fate, usize)>> {
    let fate =
        prop_oneof![4 => Just(Fate::Ready), 1 => Just(Fate::Rejected), 1 => Just(Fate::Skipped)];
    prop::collection::vec((fate, 0_usize..5), 0..12)
}

proptest! {
    #![proptest_config(config(48))]
    #[test]
    fn every_row_stands_in_exactly_one_file(inputs in prop::collection::vec(parts(), 1..4)) {
        let headers = texts(&["id"]);
        let mut expected: BTreeMap<Part, Vec<String>> = BTreeMap::new();
        let (mut sheets, mut outcomes) = (Vec::new(), Vec::new());
        for (input, rows) in (0_u16..).zip(&inputs) {
            let mut sheet = Vec::new();
            for (row, &(fate, part)) in (2_u32..).zip(rows) {
                let id = format!("{input}-{row}");
                // The fifth means that the journal says nothing.
                let part = match fate {
                    Fate::Rejected => Part::Failed,
                    Fate::Ready if part < 4 => {
                        outcomes.push((input, row, Part::ALL[part], "so it is"));
                        Part::ALL[part]
                    }
                    Fate::Ready => Part::Unprocessed,
                    _ => Part::Skipped,
                };
                expected.entry(part).or_default().push(id.clone());
                sheet.push((fate, vec![id]));
            }
            sheets.push(("people.csv", headers.clone(), sheet));
        }
        let run = run(&sheets);
        let (counts, files) = sort(run.path(), "csv", &outcomes).unwrap();
        prop_assert_eq!(files.len(), 5, "a file for each, also where nobody is in it");
        for (part, count) in Part::ALL.into_iter().zip(counts) {
            let path = run.path().join("out").join(format!("{part}.csv"));
            let mut table = ::csv::Reader::from_path(path).unwrap();
            let ids: Vec<String> =
                table.records().map(|record| record.unwrap()[1].to_owned()).collect();
            let there = expected.remove(&part).unwrap_or_default();
            prop_assert_eq!(&ids, &there, "{}", part);
            prop_assert_eq!(count, ids.len() as u64);
        }
    }
}

#[test]
fn inputs_that_call_a_field_by_two_names_do_not_share_a_file() {
    let row =
        |id: &str| vec![(Fate::Ready, texts(&[id, "Ada"])), (Fate::Rejected, texts(&["", "x"]))];
    let run = run(&[
        ("a/people.csv", texts(&["ID", "Name"]), row("1")),
        ("b/more people.csv", texts(&["Vome ID", "Name"]), row("2")),
        ("-", texts(&["ID", "Name"]), row("3")),
    ]);
    let outcomes =
        [(0, 2, Part::Failed, "no"), (1, 2, Part::Success, "accepted"), (2, 2, Part::Unknown, "?")];
    let (counts, files) = sort(run.path(), "csv", &outcomes).unwrap();
    assert_eq!(counts, [1, 4, 0, 1, 0]);
    assert_eq!(files[..2], ["success.csv", "success.2-more-people.csv"]);
    let ids = |file: &str, sheet| {
        let (headers, rows, reasons) = load(run.path(), file, sheet);
        let ids: Vec<String> = rows.iter().map(|row| row[0].clone()).collect();
        (headers[0].clone(), ids, reasons)
    };
    let blank = "'=it is blank";
    let of = |header: &str, ids: &[&str], reasons: &[&str]| {
        (header.to_owned(), texts(ids), texts(reasons))
    };
    assert_eq!(ids("failed.csv", None), of("ID", &["1", "", ""], &["no", blank, blank]));
    assert_eq!(ids("failed.2-more-people.csv", None), of("Vome ID", &[""], &[blank]));
    assert_eq!(ids("success.2-more-people.csv", None), of("Vome ID", &["2"], &["accepted"]));
    let (_, files) = sort(run.path(), "xlsx", &outcomes).unwrap();
    assert_eq!(files, ["results.xlsx"]);
    let plain = "=it is blank";
    assert_eq!(
        ids("results.xlsx", Some("failed")),
        of("ID", &["1", "", ""], &["no", plain, plain])
    );
    let further = Some("success 2-more-people");
    assert_eq!(ids("results.xlsx", further), of("Vome ID", &["2"], &["accepted"]));
}

#[test]
fn a_part_that_a_sheet_cannot_hold_goes_on_in_another() {
    let rows = (0..7).map(|id| (Fate::Rejected, vec![id.to_string()])).collect();
    let run = run(&[("people.csv", texts(&["ID"]), rows)]);
    let mut place = Place::new(&run.path().join("out"), false).unwrap();
    let form = Form { id: "small", open: |begin| Ok(Box::new(Book::new(begin, 4)?)) };
    let sorter = Sorter::new(run.path(), &form, &[Part::Failed], &mut place).unwrap();
    sorter.finish().unwrap();
    place.commit().unwrap();
    let ids = |sheet: &str| -> Vec<String> {
        let rows = load(run.path(), "results.xlsx", Some(sheet)).1;
        rows.into_iter().map(|row| row[0].clone()).collect()
    };
    assert_eq!(ids("failed"), ["0", "1", "2"]);
    assert_eq!(ids("failed page 2"), ["3", "4", "5"]);
    assert_eq!(ids("failed page 3"), ["6"]);
}

#[test]
fn what_a_spreadsheet_cannot_hold_is_told_and_nothing_is_written() {
    let long = "x".repeat(32_768);
    let run = run(&[("people.csv", texts(&["ID"]), vec![(Fate::Rejected, vec![long.clone()])])]);
    let error = sort(run.path(), "xlsx", &[]).unwrap_err();
    assert!(error.to_string().contains("32,767"), "{error}");
    assert!(!run.path().join("out").exists());
    sort(run.path(), "csv", &[]).unwrap();
    assert_eq!(load(run.path(), "failed.csv", None).1, [[long]]);
}

#[test]
fn rows_that_do_not_fit_the_journal_are_an_error() {
    let rows = || vec![(Fate::Ready, texts(&["1"])), (Fate::Rejected, texts(&["2"]))];
    for (input, row) in [(0, 3), (0, 4), (1, 2)] {
        let run = run(&[("people.csv", texts(&["ID"]), rows())]);
        let error = sort(run.path(), "csv", &[(input, row, Part::Success, "")]).unwrap_err();
        assert!(matches!(error, Error::Kept { .. }), "{input} {row}: {error}");
        assert!(!run.path().join("out").exists());
    }
    for text in ["", "row,fate,reason\n", "upsheet rows,2,a\nrow,fate,reason,ID\n"] {
        let run = run(&[("people.csv", texts(&["ID"]), rows())]);
        std::fs::write(run.path().join("rows/1.csv"), text).unwrap();
        assert!(matches!(sort(run.path(), "csv", &[]), Err(Error::Kept { .. })), "{text}");
    }
    let run = run(&[("people.csv", texts(&["ID"]), rows())]);
    let path = run.path().join("rows/1.csv");
    let cut = std::fs::read_to_string(&path).unwrap().replace("3,rejected", "3,rejec");
    std::fs::write(&path, cut).unwrap();
    let error = sort(run.path(), "csv", &[]).unwrap_err();
    assert!(error.to_string().contains("line 4 is no kept row"), "{error}");
}

#[test]
fn whoever_has_not_landed_as_a_whole_is_no_success() {
    let state = |outcome: Outcome, after: Option<Outcome>| State {
        outcome,
        since: None,
        after,
        after_since: None,
    };
    let queued = |ticket: Option<&str>| Outcome::Queued {
        ticket: ticket.map(str::to_owned),
        why: "no time".to_owned(),
    };
    let later = "taken, but not all that is sent afterwards: ";
    for (outcome, after, part, reason) in [
        (Outcome::Accepted, None, Part::Success, "accepted"),
        (Outcome::Accepted, Some(Outcome::Accepted), Part::Success, "accepted"),
        (Outcome::Refused("no".into()), None, Part::Failed, "no"),
        (Outcome::NotSent, None, Part::Unprocessed, "not sent"),
        (Outcome::InFlight, None, Part::Unknown, "sent, and no answer was read"),
        (Outcome::Unknown("cut off".into()), None, Part::Unknown, "cut off"),
        (queued(Some("b7")), None, Part::Unknown, "queued as b7, unverified: no time"),
        (queued(None), None, Part::Unknown, "queued, unverified: no time"),
        (
            Outcome::Accepted,
            Some(Outcome::Refused("bad".into())),
            Part::Failed,
            &format!("{later}bad"),
        ),
        (Outcome::Accepted, Some(Outcome::NotSent), Part::Unprocessed, &format!("{later}not sent")),
        (Outcome::Refused("no".into()), Some(Outcome::NotSent), Part::Failed, "no"),
    ] {
        let state = state(outcome, after);
        assert_eq!(part_of(&state), (part, Cow::Borrowed(reason)), "{state:?}");
    }
}
