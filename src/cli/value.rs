//! What the values of flags may be, and how they read.

use std::time::Duration;

use clap::ValueEnum;
use clap::builder::PossibleValuesParser;

use crate::finding::Code;
use crate::plan::code_named;
use crate::reader::{self, HeaderRows};
use crate::recipe::{DateOrder, OnDuplicate};
use crate::results;
use crate::row::Area;
use crate::target::Operation;
use crate::template;
use crate::unique::LEAST;
use crate::validate::phone::{Region, region};

/// What `--deny` names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deny {
    Warnings,
    Code(&'static Code),
}

/// `warnings`, or the code of a finding.
pub(super) fn deny(text: &str) -> Result<Deny, String> {
    match text {
        "warnings" => Ok(Deny::Warnings),
        id => code_named(id)
            .map(Deny::Code)
            .map_err(|help| format!("say warnings, or the code of a finding; {help}")),
    }
}

/// What `--operation` says.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum OperationArg {
    Create,
    Update,
    Upsert,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormatArg {
    /// A page for people
    Text,
    /// One JSON object
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum TableArg {
    /// A page for people
    Text,
    /// One JSON object
    Json,
    /// The page of the documentation
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormArg {
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// CSV after RFC 4180
    Csv,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProgressArg {
    /// A bar on a terminal, else plain lines
    Auto,
    /// A bar, where standard error is a terminal
    Bar,
    /// A line now and then, without control characters
    Plain,
    /// One JSON object a line for each event
    Json,
    /// Nothing
    None,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum HiddenArg {
    /// Read them like the others, and name them
    Include,
    /// Leave them out, row by row, and name them
    Skip,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum OrderArg {
    /// Year, month, day
    Ymd,
    /// Day, month, year
    Dmy,
    /// Month, day, year
    Mdy,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DuplicateArg {
    /// Keep the first, reject the later ones as errors
    Reject,
    /// Keep the first good one, skip the others
    First,
    /// Keep the last good one, skip the others
    Last,
    /// Join them: later values replace earlier ones, blanks replace nothing
    Merge,
}

impl From<OperationArg> for Operation {
    fn from(said: OperationArg) -> Self {
        match said {
            OperationArg::Create => Self::Create,
            OperationArg::Update => Self::Update,
            OperationArg::Upsert => Self::Upsert,
        }
    }
}

impl From<OrderArg> for DateOrder {
    fn from(said: OrderArg) -> Self {
        match said {
            OrderArg::Ymd => Self::Ymd,
            OrderArg::Dmy => Self::Dmy,
            OrderArg::Mdy => Self::Mdy,
        }
    }
}

impl From<DuplicateArg> for OnDuplicate {
    fn from(said: DuplicateArg) -> Self {
        match said {
            DuplicateArg::Reject => Self::Reject,
            DuplicateArg::First => Self::First,
            DuplicateArg::Last => Self::Last,
            DuplicateArg::Merge => Self::Merge,
        }
    }
}

impl From<HiddenArg> for reader::Hidden {
    fn from(said: HiddenArg) -> Self {
        match said {
            HiddenArg::Include => Self::Include,
            HiddenArg::Skip => Self::Skip,
        }
    }
}

/// An age, such as 12h, 30d or 8w.
pub(super) fn age(text: &str) -> Result<Duration, String> {
    let wrong = "write it as 12h, 30d or 8w";
    let unit = text.chars().last().ok_or(wrong)?;
    let hours: u64 = match unit {
        'h' => 1,
        'd' => 24,
        'w' => 7 * 24,
        _ => return Err(wrong.to_owned()),
    };
    let number = text.strip_suffix(unit).unwrap_or_default();
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong.to_owned());
    }
    let number: u64 = number.parse().map_err(|_| wrong)?;
    let hours = number.checked_mul(hours).filter(|hours| *hours <= 1_000_000);
    hours.map(Duration::from_hours).ok_or_else(|| "that is longer than a century".to_owned())
}

/// A size in bytes, or in K, M, G or T, which are powers of 1024.
pub(super) fn memory(text: &str) -> Result<u64, String> {
    let wrong = "write it as bytes, or as 512M or 2G";
    let plain = ["iB", "B"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let (number, unit) = match plain.char_indices().last().ok_or(wrong)? {
        (_, digit) if digit.is_ascii_digit() => (plain, 1),
        (at, letter) => {
            let power = "KMGT".find(letter.to_ascii_uppercase()).ok_or(wrong)?;
            (plain.get(..at).unwrap_or_default(), 1024_u64 << (10 * power))
        }
    };
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong.to_owned());
    }
    let number: u64 = number.parse().map_err(|_| wrong)?;
    let bytes = number.checked_mul(unit).ok_or("that is more than any machine has")?;
    if bytes < LEAST { Err("give at least 1M".to_owned()) } else { Ok(bytes) }
}

/// Requests a second: `2`, `2/s` or `30/m`.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    let (number, seconds) = match text.split_once('/') {
        None => (text, 1.0),
        Some((number, "s")) => (number, 1.0),
        Some((number, "m")) => (number, 60.0),
        Some(_) => ("", 1.0),
    };
    let plain = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number: Option<f64> = number.parse().ok().filter(|_| plain);
    let rate = number.map(|number| number / seconds).filter(|rate| rate.is_finite());
    let rate = rate.ok_or("write it as 2/s or 30/m; 0 is without limit")?;
    if rate > 0.0 && rate < SLOWEST {
        return Err("that is less than one request in a quarter of an hour".to_owned());
    }
    Ok(rate)
}

/// The lowest rate: what is slower is hardly meant.
const SLOWEST: f64 = 1.0 / 900.0;

#[derive(Clone, Copy, Debug)]
pub(super) struct Quote(pub(super) Option<u8>);

/// A part of a sheet, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) sheet: Option<String>,
    pub(super) area: Area,
}

pub(super) fn range(text: &str) -> Result<Range, String> {
    let (sheet, cells) = match text.rsplit_once('!') {
        Some((sheet, cells)) => (Some(sheet.trim_matches('\'').to_owned()), cells),
        None => (None, text),
    };
    let area = Area::parse(cells).ok_or("write it as B3:F200, or B:F for whole columns")?;
    Ok(Range { sheet, area })
}

pub(super) fn header_row(text: &str) -> Result<HeaderRows, String> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(HeaderRows::None);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last && last - first < 10 => {
            Ok(HeaderRows::Rows { first, last })
        }
        _ => Err("give the number of a row from 1, two such as 2-3, or none".to_owned()),
    }
}

/// The forms of sheets to fill in.
pub(super) fn forms() -> PossibleValuesParser {
    PossibleValuesParser::new(template::ALL.iter().map(|form| form.id))
}

/// The forms of result files.
pub(super) fn result_forms() -> PossibleValuesParser {
    PossibleValuesParser::new(results::ALL.iter().map(|form| form.id))
}

/// The parts that the rows of a run fall into.
pub(super) fn part() -> PossibleValuesParser {
    PossibleValuesParser::new(results::Part::ALL.map(results::Part::word))
}

/// `hidden` of a recipe, as the flag takes it.
pub(super) fn hidden(text: &str) -> Result<HiddenArg, String> {
    HiddenArg::from_str(text, true).map_err(|_| "say include or skip".to_owned())
}

pub(super) fn delimiter(text: &str) -> Result<String, String> {
    let named = match text {
        "tab" | "\\t" => "\t",
        "comma" => ",",
        "semicolon" => ";",
        "pipe" => "|",
        "space" => " ",
        other => other,
    };
    let usable = |c: char| !matches!(c, '\n' | '\r' | '"' | '\0');
    if (1..=8).contains(&named.len()) && named.chars().all(usable) {
        Ok(named.to_owned())
    } else {
        Err("give one character or a few, without quotes and line breaks".to_owned())
    }
}

pub(super) fn quote(text: &str) -> Result<Quote, String> {
    match text {
        "none" | "" => Ok(Quote(None)),
        _ => one_byte(text).map(|byte| Quote(Some(byte))),
    }
}

/// The name of an encoding that is known.
pub(super) fn encoding(text: &str) -> Result<String, String> {
    let known = reader::is_encoding(text).then(|| text.to_owned());
    known.ok_or_else(|| reader::ENCODING_NAMES.to_owned())
}

fn one_byte(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r') => Ok(*byte),
        _ => Err("give one ASCII character".to_owned()),
    }
}

pub(super) fn country(text: &str) -> Result<Region, String> {
    region(text.trim()).ok_or_else(|| "give an ISO 3166 code of two letters, such as AU".to_owned())
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, field)) if !column.trim().is_empty() && !field.trim().is_empty() => {
            Ok((column.to_owned(), field.trim().to_owned()))
        }
        _ => Err("write it as 'COLUMN=FIELD'".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_arguments_are_read() {
        assert_eq!(delimiter("tab").as_deref(), Ok("\t"));
        assert_eq!(delimiter(", ").as_deref(), Ok(", "));
        assert_eq!(delimiter("¦").as_deref(), Ok("¦"));
        assert!(delimiter("").is_err());
        assert!(delimiter("a\nb").is_err());
        assert_eq!(header_row("none"), Ok(HeaderRows::None));
        assert_eq!(header_row("3"), Ok(HeaderRows::Rows { first: 3, last: 3 }));
        assert_eq!(header_row("2-3"), Ok(HeaderRows::Rows { first: 2, last: 3 }));
        assert!(header_row("0").is_err() && header_row("3-2").is_err() && header_row("x").is_err());
        assert_eq!(range("'My sheet'!B3:F9").unwrap().sheet.as_deref(), Some("My sheet"));
        assert!(range("3:9").is_err());
        assert_eq!(quote("none").unwrap().0, None);
        assert_eq!(quote("'").unwrap().0, Some(b'\''));
        assert_eq!(pair("a=b=email"), Ok(("a=b".to_owned(), "email".to_owned())));
        assert!(pair("email").is_err());
        assert!(pair("=email").is_err());
    }

    #[test]
    fn a_size_is_said_in_bytes_or_with_a_letter() {
        for (text, expected) in [
            ("1048576", 1 << 20),
            ("1M", 1 << 20),
            ("64m", 64 << 20),
            ("64MB", 64 << 20),
            ("64MiB", 64 << 20),
            ("2048K", 2 << 20),
            ("2G", 2 << 30),
            ("1T", 1 << 40),
        ] {
            assert_eq!(memory(text), Ok(expected), "{text}");
        }
        for text in
            ["", "M", "B", "-1M", "+1M", "1.5G", "1 M", "1P", "1023K", "0", "1Mx", "99999999T"]
        {
            assert!(memory(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rate_is_said_by_the_second_or_by_the_minute() {
        for (text, expected) in [
            ("2", 2.0),
            ("2/s", 2.0),
            ("30/m", 0.5),
            ("0.5", 0.5),
            ("0", 0.0),
            ("0/m", 0.0),
            ("1/m", 1.0 / 60.0),
        ] {
            assert_eq!(rate(text), Ok(expected), "{text}");
        }
        for text in
            ["", "/s", "-1", "+1", "2/h", "2/s/s", "2 /s", "1e3", "inf", "NaN", "1,5", "0.01/m"]
        {
            assert!(rate(text).is_err(), "{text}");
        }
        assert!(rate(&"9".repeat(400)).is_err());
    }
}
