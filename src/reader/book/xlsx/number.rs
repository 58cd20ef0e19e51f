//! Numbers of cells as text: in their shortest exact form, or as the day and time that they count.

use std::fmt::Write as _;

/// Whether a number is written in its shortest exact form already, which most are. Fifteen digits
/// are kept exactly by the numbers of a spreadsheet, so no shorter text means the same.
pub(super) fn is_shortest(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let point = digits.iter().position(|&byte| byte == b'.');
    let (whole, fraction) = match point {
        Some(point) => (digits.get(..point), digits.get(point + 1..)),
        None => (Some(digits), None),
    };
    let Some(whole) = whole else { return false };
    let all_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    digits.len() <= 15
        && all_digits(whole)
        && match whole {
            [] => false,
            [b'0'] => fraction.is_some() || digits.len() == text.len(),
            [first, ..] => *first != b'0',
        }
        && fraction.is_none_or(|part| all_digits(part) && part.last().is_some_and(|&b| b != b'0'))
}

/// Appends a number in its shortest exact form; in exponent form from 21 digits on.
pub(super) fn push_number(number: f64, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = if number.abs() < 1e21 { write!(out, "{number}") } else { write!(out, "{number:e}") };
}

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;
/// The serial of the day behind 9999-12-31.
const LAST: f64 = 2_958_466.0;
/// How many days later the days are counted that are counted from 1904.
const DAYS_TO_1904: f64 = 1462.0;
/// Days from 1970-01-01 back to the day before 1900-01-01 and to 1904-01-01.
const BEFORE_1900: i64 = 25_568;
const BEFORE_1904: i64 = 24_107;

/// Appends the day and time that a serial number counts, in ISO 8601; a time alone for a number below
/// one. `false` and nothing for a number that counts no day.
pub(super) fn push_date(serial: f64, from_1904: bool, out: &mut String) -> bool {
    let last = if from_1904 { LAST - DAYS_TO_1904 } else { LAST };
    if !(0.0..last).contains(&serial) {
        return false;
    }
    let (mut day, mut ms) = (serial.floor(), (serial.fract() * DAY).round());
    if ms >= DAY {
        (day, ms) = (day + 1.0, 0.0);
    }
    #[expect(clippy::cast_possible_truncation, reason = "both are whole and small")]
    let (day, seconds) = (day as i64, (ms / 1000.0) as i64);
    if serial < 1.0 {
        // A day that has just ended is no time of it.
        time(if day > 0 { 0 } else { seconds }, out);
        return true;
    }
    let (year, month, day) = match (from_1904, day) {
        (true, day) => civil(day - BEFORE_1904),
        // Excel counts a day that there was not, as the program did that it had to be equal to.
        (false, 60) => (1900, 2, 29),
        (false, day) => civil(day - BEFORE_1900 - i64::from(day > 60)),
    };
    two(year / 100, out);
    two(year % 100, out);
    out.push('-');
    two(month, out);
    out.push('-');
    two(day, out);
    if seconds > 0 {
        out.push('T');
        time(seconds, out);
    }
    true
}

/// Appends a length of time in hours, minutes and seconds. `false` and nothing for a negative one.
pub(super) fn push_elapsed(days: f64, out: &mut String) -> bool {
    if !(0.0..LAST).contains(&days) {
        return false;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and bounded above")]
    let seconds = ((days * DAY).round() / 1000.0) as i64;
    time(seconds, out);
    true
}

fn time(seconds: i64, out: &mut String) {
    two(seconds / 3600, out);
    out.push(':');
    two(seconds / 60 % 60, out);
    out.push(':');
    two(seconds % 60, out);
}

/// Appends a number with two digits, or as many as it has.
fn two(number: i64, out: &mut String) {
    match u8::try_from(number) {
        Ok(number @ 0..100) => {
            out.push(char::from(b'0' + number / 10));
            out.push(char::from(b'0' + number % 10));
        }
        _ => {
            let _ = write!(out, "{number}");
        }
    }
}

/// The date of a day counted from 1970-01-01: years are counted from March, so that the leap day is
/// their last, in cycles of 400 years.
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (cycle, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let day = day - (153 * from_march + 2) / 5 + 1;
    (cycle * 400 + year + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(serial: f64, from_1904: bool) -> String {
        let mut text = String::new();
        assert_eq!(push_date(serial, from_1904, &mut text), !text.is_empty());
        text
    }

    #[test]
    fn serials_count_days_as_excel_does() {
        for (serial, expected) in [
            (0.0, "00:00:00"),
            (0.5, "12:00:00"),
            (0.999_999_999, "00:00:00"),
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (366.0, "1900-12-31"),
            (367.0, "1901-01-01"),
            (36_526.0, "2000-01-01"),
            (45_351.25, "2024-02-29T06:00:00"),
            (44_197.999_999_999, "2021-01-02"),
            (2_958_465.0, "9999-12-31"),
            (2_958_466.0, ""),
            (-1.0, ""),
            (f64::NAN, ""),
            (f64::INFINITY, ""),
        ] {
            assert_eq!(date(serial, false), expected, "{serial}");
        }
        for (serial, expected) in [
            (0.25, "06:00:00"),
            (1.0, "1904-01-02"),
            (60.0, "1904-03-01"),
            (39_447.0, "2012-01-01"),
        ] {
            assert_eq!(date(serial, true), expected, "{serial}");
        }
        let mut text = String::new();
        assert!(push_elapsed(1.5, &mut text) && !push_elapsed(-1.0, &mut text));
        assert_eq!(text, "36:00:00");
    }

    #[test]
    fn the_calendar_is_that_of_the_date_library() {
        let first = jiff::civil::date(1900, 3, 1);
        for serial in (61..2_958_466).step_by(17) {
            let expected = first.checked_add(jiff::Span::new().days(serial - 61)).unwrap();
            assert_eq!(date(f64::from(serial), false), expected.to_string());
        }
    }

    #[test]
    fn a_number_in_its_shortest_form_is_known_without_reading_it() {
        for text in ["0", "7", "42", "-42", "0.5", "-0.5", "123456789012345", "1.25", "0.0001"] {
            assert!(is_shortest(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "-",
            "00",
            "007",
            "1.",
            ".5",
            "1.50",
            "1.0",
            "-0",
            "1e5",
            "1E5",
            "+1",
            " 1",
            "1 ",
            "1.2.3",
            "1234567890123456",
            "0.1000000000000000055",
            "-0.0",
            "0x1",
            "1,5",
        ] {
            assert!(!is_shortest(text.as_bytes()), "{text}");
        }
        // Whatever is said to be shortest is what would have been written.
        let mut seed = 1_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let digits = (seed >> 33) % 10_u64.pow(u32::try_from(seed >> 60).unwrap().min(9));
            let text = format!("{}.{digits}", (seed >> 20) % 1000);
            if is_shortest(text.as_bytes()) {
                assert_eq!(text.parse::<f64>().unwrap().to_string(), text);
            }
        }
    }
}
