//! Typed cells of workbooks, as the text that will be validated: numbers in their shortest exact
//! form, dates in ISO 8601, booleans TRUE/FALSE, errors as the spreadsheet shows them.

use std::ops::ControlFlow;
use std::sync::Arc;

use calamine::{ExcelDateTime, ExcelDateTimeType};

use super::Chunks;
use super::inflate::TooMuch;
use super::limits::Limits;
use super::pattern::Pattern;
use super::{Emit, Origin, too_much, unreadable};
use crate::error::Result;
use crate::row::{CellKind, Location, Rows};

/// The last column of a spreadsheet, from 0: XFD.
pub(super) const LAST_COLUMN: u32 = 16_383;
/// The last row of a spreadsheet, from 1.
pub(super) const LAST_ROW: u32 = 1_048_576;

/// What a number format makes of a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// It stays a number.
    #[default]
    Number,
    /// A date, a time of day, or both.
    Moment,
    /// Hours, minutes or seconds that go on beyond a day.
    Duration,
    /// A whole number with zeros in front, or in parts.
    Padded(Arc<Pattern>),
}

impl Shown {
    /// What a built-in format makes of a number (ECMA-376 part 1, 18.8.30).
    pub(super) fn built_in(id: u16) -> Self {
        match id {
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Moment,
            46 => Self::Duration,
            _ => Self::Number,
        }
    }

    /// What a format code makes of a positive number, which its first section says.
    pub(super) fn by_code(code: &str) -> Self {
        match Self::by_letters(code) {
            Self::Number => {
                Pattern::parse(code).map_or(Self::Number, |pattern| Self::Padded(Arc::new(pattern)))
            }
            shown => shown,
        }
    }

    /// A letter of dates that is no literal makes a date, `[h]` and its like a duration.
    fn by_letters(code: &str) -> Self {
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                // The next letter is a literal, or its width.
                '\\' | '_' | '*' => {
                    letters.next();
                }
                '"' => {
                    letters.by_ref().find(|&c| c == '"');
                }
                ';' => return Self::Number,
                '[' => {
                    let inside: String = letters.by_ref().take_while(|&c| c != ']').collect();
                    let inside = inside.to_ascii_lowercase();
                    let elapsed = |unit: char| inside.chars().all(|c| c == unit);
                    // Anything else in brackets is a colour, a condition or a locale.
                    if !inside.is_empty() && ['h', 'm', 's'].into_iter().any(elapsed) {
                        return Self::Duration;
                    }
                }
                'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return Self::Moment,
                // `General` and its translations hold letters of dates; `E+` is an exponent.
                'g' | 'G' if letters.as_str().to_ascii_lowercase().starts_with("eneral") => {
                    return Self::Number;
                }
                _ => {}
            }
        }
        Self::Number
    }
}

/// Appends a number as its format shows it.
pub(super) fn push_number(rows: &mut Rows, number: f64, shown: &Shown, is_1904: bool) {
    match shown {
        // Spreadsheets show no date before their first day and behind the year 9999.
        Shown::Moment if (0.0..2_958_466.0).contains(&number) => {
            push_moment(rows, number, is_1904);
        }
        Shown::Duration if (0.0..1e9).contains(&number) => {
            push_duration(rows, number);
        }
        Shown::Padded(pattern) if is_key(number) => pattern.push(rows, &number.to_string()),
        _ if number.abs() < 1e21 => rows.push_display(number, CellKind::Number),
        _ => rows.push_display(format_args!("{number:e}"), CellKind::Number),
    }
}

/// Whether a number can be one of those that are shown with zeros in front: whole, not negative, and
/// of no more digits than a spreadsheet keeps.
pub(super) fn is_key(number: f64) -> bool {
    number.is_sign_positive() && number < 1e15 && number.fract() == 0.0
}

fn push_moment(rows: &mut Rows, serial: f64, is_1904: bool) {
    let moment = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904);
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if serial < 1.0 {
        rows.push_display(format_args!("{hour:02}:{minute:02}:{second:02}"), CellKind::Date);
    } else if (hour, minute, second) == (0, 0, 0) {
        rows.push_display(format_args!("{year:04}-{month:02}-{day:02}"), CellKind::Date);
    } else {
        rows.push_display(
            format_args!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"),
            CellKind::Date,
        );
    }
}

fn push_duration(rows: &mut Rows, days: f64) {
    // Not more than 10^14, which is exact.
    let seconds = (days * 86_400.0).round();
    let (hours, rest) = ((seconds / 3600.0).trunc(), seconds % 3600.0);
    let (minutes, seconds) = ((rest / 60.0).trunc(), rest % 60.0);
    rows.push_display(format_args!("{hours:02}:{minutes:02}:{seconds:02}"), CellKind::Date);
}

/// Appends text; what could not be decoded is marked.
pub(super) fn push_text(rows: &mut Rows, text: &str) {
    let damaged = text.contains('\u{fffd}');
    rows.push_cell(text, if damaged { CellKind::Damaged } else { CellKind::Text });
}

/// Appends a boolean.
pub(super) fn push_bool(rows: &mut Rows, value: bool) {
    rows.push_cell(if value { "TRUE" } else { "FALSE" }, CellKind::Bool);
}

/// Appends an error by its number in the binary formats.
pub(super) fn push_error(rows: &mut Rows, number: u8) {
    let text = match number {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    };
    rows.push_cell(text, CellKind::Error);
}

/// The number in an `RkNumber`: 30 bits of an integer or of the front of a double, perhaps in
/// hundredths ([MS-XLS] 2.5.217).
pub(super) fn rk(bits: u32) -> f64 {
    let number = if bits & 2 == 2 {
        f64::from(bits.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(bits & !3) << 32)
    };
    if bits & 1 == 1 { number / 100.0 } else { number }
}

/// Where a cell of a sheet goes.
pub(super) enum Step<'a> {
    /// Into these rows, at their end.
    Cell(&'a mut Rows),
    /// Nowhere: it stands in front of what is wanted.
    Before,
    /// Nowhere: the taker has enough.
    Enough,
}

/// Puts cells, which come in the order of the sheet, into rows and chunks.
pub(super) struct Grid<'a, 'b> {
    chunks: Chunks<'a, 'b>,
    origin: &'a Origin,
    after: u32,
    open: Option<u32>,
    cells: u64,
    /// Bytes of text in the rows that have ended.
    text: u64,
    limits: Limits,
}

impl<'a, 'b> Grid<'a, 'b> {
    /// Nothing yet; rows up to and including `after` are left out.
    pub(super) fn new(
        origin: &'a Origin,
        after: u32,
        limits: &Limits,
        emit: &'a mut Emit<'b>,
    ) -> Self {
        Self {
            chunks: Chunks::new(emit),
            origin,
            after,
            open: None,
            cells: 0,
            text: 0,
            limits: *limits,
        }
    }

    /// Goes to a cell: its row from 1, its column from 0.
    ///
    /// # Errors
    /// When it stands in front of an earlier one or outside of any spreadsheet, and when there are
    /// more cells than there may be.
    pub(super) fn step(&mut self, row: u32, column: u32) -> Result<Step<'_>> {
        if column > LAST_COLUMN || row > LAST_ROW {
            let why = "it has a cell behind the last row or column of a spreadsheet";
            return Err(unreadable(&self.origin.path, why));
        }
        if row <= self.after {
            return Ok(Step::Before);
        }
        if self.open.is_some_and(|before| before != row) && self.end_row().is_break() {
            return Ok(Step::Enough);
        }
        let behind = self.open.unwrap_or(0);
        let rows = self.chunks.rows();
        if row < behind || (column as usize) < rows.open_cells() {
            let why = format!("its cells are not in order (row {row} stands behind a later cell)");
            return Err(unreadable(&self.origin.path, why));
        }
        self.open = Some(row);
        self.cells += 1 + (column as usize - rows.open_cells()) as u64;
        if self.cells > self.limits.cells {
            let why = format!("its sheet has more than {} cells", self.limits.cells);
            return Err(too_much(self.origin, &TooMuch { why, setting: "cells" }));
        }
        // A string that is stored once can be shown in any number of cells.
        if self.text > self.limits.unpacked() {
            let why = format!("its cells hold more than {} MiB of text", self.limits.unpacked_mib);
            return Err(too_much(self.origin, &TooMuch { why, setting: "unpacked_mib" }));
        }
        let rows = self.chunks.rows();
        if rows.open_bytes() as u64 > self.limits.row() {
            let why = format!("one of its rows is longer than {} MiB", self.limits.row_mib);
            return Err(too_much(self.origin, &TooMuch { why, setting: "row_mib" }));
        }
        while rows.open_cells() < column as usize {
            rows.push_cell("", CellKind::Text);
        }
        Ok(Step::Cell(rows))
    }

    fn end_row(&mut self) -> ControlFlow<()> {
        let Some(row) = self.open else { return ControlFlow::Continue(()) };
        self.text += self.chunks.rows().open_bytes() as u64;
        self.chunks.end_row(Location { input: self.origin.index, row, ..Location::default() })
    }

    /// Hands on what is left.
    pub(super) fn end(mut self) {
        if self.end_row().is_continue() {
            self.chunks.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_codes_tell_dates_from_numbers() {
        for (code, shown) in [
            ("dd/mm/yyyy", Shown::Moment),
            ("[$-409]d-mmm-yy;@", Shown::Moment),
            ("h:mm AM/PM", Shown::Moment),
            ("[h]:mm:ss", Shown::Duration),
            ("[MM]:ss", Shown::Duration),
            ("General", Shown::Number),
            ("GENERAL", Shown::Number),
            ("0.00E+00", Shown::Number),
            ("[Red]0.00", Shown::Number),
            ("\"days\" 0", Shown::Number),
            ("0\\d", Shown::Number),
            ("0_d", Shown::Number),
            ("#,##0;[Red]-#,##0;\"day\"", Shown::Number),
            ("0;yyyy", Shown::Number),
            ("@", Shown::Number),
            ("", Shown::Number),
        ] {
            assert_eq!(Shown::by_code(code), shown, "{code}");
        }
    }

    #[test]
    fn numbers_are_exact_and_dates_are_iso() {
        for (number, shown, is_1904, text) in [
            (61_491_570_156.0, Shown::Number, false, "61491570156"),
            (0.1, Shown::Number, false, "0.1"),
            (1e300, Shown::Number, false, "1e300"),
            (32_874.0, Shown::Moment, false, "1990-01-01"),
            (31_412.0, Shown::Moment, true, "1990-01-01"),
            (32_874.75, Shown::Moment, false, "1990-01-01T18:00:00"),
            (0.5, Shown::Moment, false, "12:00:00"),
            (1.5, Shown::Duration, false, "36:00:00"),
            (-3.0, Shown::Moment, false, "-3"),
            (1e10, Shown::Moment, false, "10000000000"),
            (42.0, Shown::by_code("00000"), false, "00042"),
            (0.0, Shown::by_code("00000"), false, "00000"),
            (-0.0, Shown::by_code("00000"), false, "-0"),
            (-42.0, Shown::by_code("00000"), false, "-42"),
            (42.5, Shown::by_code("00000"), false, "42.5"),
            (12_345_678.0, Shown::by_code("000-00-0000"), false, "012-34-5678"),
            (1e15, Shown::by_code("00000"), false, "1000000000000000"),
        ] {
            let mut rows = Rows::default();
            push_number(&mut rows, number, &shown, is_1904);
            rows.end_row(Location::default());
            assert_eq!(rows.get(0).unwrap().cell(0).text, text);
        }
    }

    #[test]
    fn packed_numbers_are_unpacked() {
        for (bits, number) in [
            (123_u32 << 2 | 2, 123.0),
            (12_345_u32 << 2 | 3, 123.45),
            ((-5_i32 << 2).cast_unsigned() | 2, -5.0),
            (0x3ff0_0000, 1.0),
            (0x3ff0_0001, 0.01),
        ] {
            assert!((rk(bits) - number).abs() < 1e-12, "{bits:x}");
        }
    }
}
