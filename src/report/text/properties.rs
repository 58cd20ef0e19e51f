//! What holds of the page for all cells and terminals: it fits, and nothing in it moves the cursor.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use proptest::prelude::*;

use super::KIND;
use super::page::columns;
use crate::cause::{Cause, Cure, Word};
use crate::finding::{EMAIL_SYNTAX, Finding, NAME_SPLIT};
use crate::mapping::{Column, Mapping};
use crate::reader::Facts;
use crate::report::{Counts, Head, Judged, Output, Sheet, Style, Summary};
use crate::row::{CellKind, Location, Rows};
use crate::validate::Fate;

/// The longest word that has to fit: what is longer stands on a line of its own.
const LONGEST: usize = 20;

/// Bytes that are read when their writer is gone.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The page of a sheet with one row, in which a cell is bad or, without a column, the row.
fn page(
    headers: &[String],
    cells: &[String],
    bad: Option<u16>,
    sheet: bool,
    style: Style,
) -> String {
    let kept = Kept::default();
    let out = Box::new(kept.clone());
    let mut report = (KIND.open)(Output { out, style, folder: None });
    let columns = headers.iter().map(|header| Column::unmapped(header)).collect();
    let facts = Facts {
        path: PathBuf::from("the people of the spring.csv"),
        sheet: sheet.then(|| "people who came in spring".to_owned()),
        header_row: 1,
        header_first: 1,
        ..Facts::default()
    };
    let mapping = Mapping { columns, ..Mapping::default() };
    let sheet = Sheet { facts, mapping, ..Sheet::default() };
    report.begin(&Head { sheets: vec![sheet], ..Head::default() }).unwrap();
    let mut rows = Rows::default();
    for cell in cells {
        rows.push_cell(cell, CellKind::Text);
    }
    let at = Location { row: 1234, line: 1240, ..Location::default() };
    rows.end_row(at);
    let value = bad.map_or("", |bad| cells[usize::from(bad)].as_str());
    let code = if bad.is_some() { &EMAIL_SYNTAX } else { &NAME_SPLIT };
    let message = format!("what stands in this cell is no address of anybody: {value}");
    let finding = Finding::new(code, at, message)
        .column(bad)
        .value(value)
        .help(format!("look whether {value} is what was meant, and correct it in the sheet"));
    let findings = [finding];
    let row = rows.get(0).unwrap();
    report.row(Judged { row, fate: Fate::Rejected, findings: &findings }).unwrap();
    let cause = Cause {
        code,
        severity: code.severity,
        input: 0,
        column: bad,
        known: false,
        count: 1_234_567,
        rows: 1_234_567,
        clears: 0,
        message: code.title.into(),
        first: vec![(1234, 1240), (2345, 2350), (3456, 3460), (4567, 4570), (5678, 5680)],
        runs: Vec::new(),
        beyond: 0,
        words: vec![Word { text: value.to_owned(), count: 2, suggestion: Some(value.to_owned()) }],
        other_words: 3,
        cure: Some(Cure {
            flag: None,
            text: format!("--region-column 'Land' repairs all but {}", value.replace('\n', " ")),
            repairs: Some(1),
            clears: Some(12_345),
        }),
    };
    let counts = Counts { rows: 1_234_568, valid: 1, rejected: 1_234_567, skipped: 0 };
    let summary = Summary {
        counts,
        causes: vec![cause],
        rejected_anew: counts.rejected,
        people: vec![counts.rows],
        ..Summary::default()
    };
    report.end(&summary).unwrap();
    let bytes = kept.0.take();
    String::from_utf8(bytes).unwrap()
}

/// Cells of letters that are narrow, wide or without a width, and of what is not shown as it is.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zé李한\u{301}☎ ,@.-]{0,40}",
        1 => "[ab \u{1b}\u{202e}\u{9b}\u{200b}\n\r\t]{0,6}",
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_line_is_wider_than_the_terminal_and_none_can_move_its_cursor(
        headers in prop::collection::vec(cell(), 1..12),
        cells in prop::collection::vec(cell(), 1..12),
        bad in prop::option::of(0_u16..12),
        width in 40_usize..200,
        ascii: bool,
        sheet: bool,
    ) {
        let bad = bad.filter(|bad| usize::from(*bad) < cells.len());
        let style = Style { color: false, width, ascii };
        let page = page(&headers, &cells, bad, sheet, style);
        for line in page.lines() {
            let longest = line.split(' ').map(columns).max().unwrap_or(0);
            let is_row = [" 1240 ", " 1234 ", "      · ", "      : "]
                .iter()
                .any(|start| line.starts_with(start));
            prop_assert!(
                columns(line) <= width || longest > LONGEST && !is_row,
                "{width} < {}: {line}\n{page}", columns(line)
            );
        }
        let raw = |c: char| {
            c != '\n' && c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}')
        };
        prop_assert!(!page.contains(raw), "{page:?}");
        prop_assert!(!ascii || page.is_ascii(), "{page:?}");
        // With colours it says the same.
        let painted = self::page(&headers, &cells, bad, sheet, Style { color: true, ..style });
        prop_assert_eq!(console::strip_ansi_codes(&painted), page);
    }
}

#[test]
fn a_finding_stands_in_its_row_under_the_headers() {
    let headers = ["First Name", "Surname", "E-mail", "Mobile"].map(str::to_owned);
    let cells = ["Tomás", "Ó Briain", "tomas@example,org", "0491 570 156"].map(str::to_owned);
    let style = Style { width: 60, ..Style::default() };
    let page = page(&headers, &cells, Some(2), true, style);
    let shown: Vec<&str> = page.lines().skip_while(|line| !line.contains("╭─")).take(6).collect();
    assert_eq!(
        shown,
        [
            "      ╭─[people who came in spring!C1234]",
            "      · … │ Surname  │ E-mail            │ Mobile",
            " 1234 │ … │ Ó Briain │ tomas@example,org │ 0491 570 156",
            "      ·                ─────────────────",
            "      ╰────",
            "  help: look whether tomas@example,org is what was meant,",
        ]
    );
}

#[test]
fn a_wide_row_is_cut_around_the_cell_that_is_meant() {
    let headers: Vec<String> = (1..=40).map(|number| format!("Column {number}")).collect();
    let cells: Vec<String> = (1..=40).map(|number| format!("value {number}")).collect();
    let style = Style { width: 70, ..Style::default() };
    let page = page(&headers, &cells, Some(20), false, style);
    assert!(
        page.contains(" 1240 │ … │ value 19  │ value 20  │ value 21  │ value 22  │ …\n"),
        "{page}"
    );
    assert!(
        page.contains("[the people of the spring.csv:1240 (column U \"Column 21\")]"),
        "{page}"
    );
}
