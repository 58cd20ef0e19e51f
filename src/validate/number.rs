//! Numbers with a fraction, as people write them, and pairs of them that are places on the map.

use super::fold::fold;

/// Why a text is no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is none at all.
    Syntax,
    /// Its one comma may stand before a fraction or between thousands.
    Ambiguous {
        /// What it is with the comma between thousands.
        whole: String,
        /// What it is with the comma before a fraction.
        fraction: String,
    },
}

/// The number that a text means, in its shortest exact form with a point: `1 234,50` is `1234.5`.
///
/// Spaces and apostrophes stand between thousands. Of point and comma the later one stands before the
/// fraction where both are there; a comma before exactly three digits may be either, so that nothing
/// is guessed; a point alone is a decimal point, as programs write it.
pub(super) fn decimal(text: &str) -> Result<String, Fault> {
    let folded = fold(text).ok_or(Fault::Syntax)?;
    let text = folded.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, shift) = match digits.split_once(['e', 'E']) {
        Some((digits, power)) => (digits, power.parse::<i8>().map_err(|_| Fault::Syntax)?),
        None => (digits, 0),
    };
    let starts_and_ends = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
            && text.ends_with(|c: char| c.is_ascii_digit())
    };
    if !starts_and_ends(digits) {
        return Err(Fault::Syntax);
    }
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let point = match (points, commas) {
        (1, 0) => Some('.'),
        (0, 1) => {
            let (before, behind) = digits.split_once(',').unwrap_or_default();
            if is_thousands(before, behind) {
                let whole = canonical(negative, &digits.replace(',', ""), "", shift)?;
                let fraction = canonical(negative, before, behind, shift)?;
                return Err(Fault::Ambiguous { whole, fraction });
            }
            Some(',')
        }
        (_, 0) | (0, _) => None,
        _ if digits.rfind('.') > digits.rfind(',') => Some('.'),
        _ => Some(','),
    };
    let (before, behind) =
        point.and_then(|point| digits.rsplit_once(point)).unwrap_or((digits, ""));
    canonical(negative, &without_thousands(before)?, behind, shift)
}

/// Whether a comma between the two may stand between thousands.
fn is_thousands(before: &str, behind: &str) -> bool {
    behind.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0')
}

/// The digits without what stands between thousands, which must stand where thousands end.
fn without_thousands(text: &str) -> Result<String, Fault> {
    let signs = [' ', '\'', '.', ','];
    let Some(sign) = text.chars().find(|c| signs.contains(c)) else { return Ok(text.to_owned()) };
    let mut groups = text.split(sign);
    let first = groups.next().is_some_and(|first| (1..=3).contains(&first.len()));
    let rest: Vec<&str> = groups.collect();
    if first && rest.iter().all(|group| group.len() == 3) {
        Ok(text.replace(sign, ""))
    } else {
        Err(Fault::Syntax)
    }
}

/// Digits before and behind the point, moved by so many places, as JSON writes a number.
fn canonical(negative: bool, before: &str, behind: &str, shift: i8) -> Result<String, Fault> {
    let all: String = [before, behind].concat();
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Syntax);
    }
    let point = i32::try_from(before.len()).map_err(|_| Fault::Syntax)? + i32::from(shift);
    let (mut whole, mut fraction) = (String::new(), String::new());
    for _ in point..0 {
        fraction.push('0');
    }
    for (place, digit) in (0_i32..).zip(all.chars()) {
        if place < point { whole.push(digit) } else { fraction.push(digit) }
    }
    for _ in i32::try_from(all.len()).unwrap_or(i32::MAX)..point {
        whole.push('0');
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if negative && (whole != "0" || !fraction.is_empty()) { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

/// Whether a number in its shortest form lies between two whole ones, both included.
pub(super) fn is_within(number: &str, least: i64, most: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "bounds are small whole numbers")]
    let (least, most) = (least as f64, most as f64);
    number.parse::<f64>().is_ok_and(|number| (least..=most).contains(&number))
}

/// Latitude and longitude in degrees, each in its shortest form: `42.1458, -71.4391`, perhaps in
/// brackets.
pub(super) fn coordinates(text: &str) -> Option<[String; 2]> {
    let text = text.trim().trim_matches(['(', ')', '[', ']']).trim();
    let pair = |between: &str| {
        let (latitude, longitude) = text.split_once(between)?;
        let plain = |text: &str| {
            let text = text.trim().trim_matches('"');
            if text.contains(char::is_whitespace) { None } else { decimal(text).ok() }
        };
        let (latitude, longitude) = (plain(latitude)?, plain(longitude)?);
        let on_earth = is_within(&latitude, -90, 90) && is_within(&longitude, -180, 180);
        on_earth.then_some([latitude, longitude])
    };
    [";", ", ", ",", " "].into_iter().find_map(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_and_programs_write_them() {
        for (text, expected) in [
            ("12", "12"),
            ("12.50", "12.5"),
            ("12,5", "12.5"),
            ("-0.0", "0"),
            ("-0,75", "-0.75"),
            (".5", "0.5"),
            ("007", "7"),
            ("1,234.50", "1234.5"),
            ("1.234,50", "1234.5"),
            ("1'234'567", "1234567"),
            ("1 234,5", "1234.5"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("0,125", "0.125"),
            ("12.345", "12.345"),
            ("1.5e3", "1500"),
            ("25E-4", "0.0025"),
            ("+3", "3"),
            ("１２．５", "12.5"),
        ] {
            assert_eq!(decimal(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "x", "1-2", "12 %", "1,23,4", "1.2.3", "12.", "e5", "1e999", "--1", "1 23"]
        {
            assert_eq!(decimal(text), Err(Fault::Syntax), "{text}");
        }
        let (whole, fraction) = ("1234".to_owned(), "1.234".to_owned());
        assert_eq!(decimal("1,234"), Err(Fault::Ambiguous { whole, fraction }));
    }

    #[test]
    fn places_on_the_map_are_two_numbers_on_earth() {
        for (text, expected) in [
            ("42.14579519999999, -71.4391298", Some(["42.14579519999999", "-71.4391298"])),
            ("(42.1;-71.4)", Some(["42.1", "-71.4"])),
            ("42,1; -71,4", Some(["42.1", "-71.4"])),
            ("42.1 -71.4", Some(["42.1", "-71.4"])),
            ("42.1,-71.4", Some(["42.1", "-71.4"])),
            ("[\"42.1\",\"-71.4\"]", Some(["42.1", "-71.4"])),
            ("-71.4, 182", None),
            ("95, 10", None),
            ("42.1", None),
            ("1, 2, 3", None),
            ("north, west", None),
        ] {
            let found = coordinates(text);
            let found = found.as_ref().map(|pair| [pair[0].as_str(), pair[1].as_str()]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
