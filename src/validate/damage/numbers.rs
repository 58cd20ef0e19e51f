//! What becomes of numbers: exponents in place of digits, points behind whole numbers, signs between groups, and digits
//! beyond those that a double keeps.

use super::is_digits;

/// A number in exponent form, such as `6.1412E+10`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::validate) struct Exponent {
    /// All digits of the number; nothing when the form hides some of them.
    pub(in crate::validate) digits: Option<String>,
    /// How many digits the number has, and how many of them the form shows.
    pub(in crate::validate) of: usize,
    pub(in crate::validate) shown: usize,
    /// Whether a program wrote it: one digit in front, a sign and two digits behind.
    pub(in crate::validate) by_program: bool,
}

/// Digits that a spreadsheet keeps of a number: those of an IEEE 754 double that are always exact.
pub(in crate::validate) const KEPT: usize = 15;

/// Reads the exponent form of a whole number. A mantissa with as many places as the exponent
/// demands shows every digit; one with fewer has lost the others.
pub(in crate::validate) fn exponent(text: &str) -> Option<Exponent> {
    let at = text.bytes().position(|byte| matches!(byte, b'e' | b'E'))?;
    let (mantissa, power) = (text.get(..at)?, text.get(at + 1..)?);
    let (whole, places) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let signed = power.strip_prefix(['+', '-']);
    let number = signed.unwrap_or(power);
    let pointed = whole.len() < mantissa.len();
    if !is_digits(whole) || pointed && !is_digits(places) || !is_digits(number) || number.len() > 3
    {
        return None;
    }
    let by_program = whole.len() == 1 && signed.is_some() && number.len() > 1;
    let shown = whole.len() + places.len();
    let power: usize = if power.starts_with('-') { 0 } else { number.parse().ok()? };
    let exact = power == places.len() && power > 0;
    let digits = exact.then(|| format!("{whole}{places}"));
    Some(Exponent { digits, of: whole.len() + power, shown, by_program })
}

/// The digits of `61491570006.0`: a whole number that a program took for a decimal one. More than two
/// zeros may be a group of thousands.
pub(in crate::validate) fn whole_number(text: &str) -> Option<&str> {
    let ([whole @ .., b'.' | b',', b'0'] | [whole @ .., b'.' | b',', b'0', b'0']) = text.as_bytes()
    else {
        return None;
    };
    text.get(..whole.len()).filter(|whole| is_digits(whole))
}

/// The digits of a number in groups of three, such as `61,412,345`. A single point is no proof: it
/// may be a decimal one.
pub(in crate::validate) fn grouped(text: &str, signs: &[char]) -> Option<String> {
    let sign = text.chars().find(|c| signs.contains(c))?;
    let mut groups = text.split(sign);
    let first = groups.next()?;
    let mut count = 0;
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        count += 1;
    }
    let fits = (1..=3).contains(&first.len()) && is_digits(first) && !first.starts_with('0');
    (fits && (sign != '.' || count > 1)).then(|| text.replace(sign, ""))
}

/// The whole number in an amount such as `$1,234.00`; as it is shown, with its sign.
pub(in crate::validate) fn amount(text: &str) -> Option<String> {
    const SIGNS: &[char] = &[',', '.', ' ', '\'', '\u{2019}', '\u{a0}', '\u{202f}'];
    let is_money = |c: char| matches!(c, '$' | '€' | '£' | '¥') || c.is_whitespace();
    let (minus, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let plain = rest.trim_matches(is_money);
    let places = plain.rfind(['.', ',']).filter(|at| {
        let behind = plain.get(at + 1..).unwrap_or("");
        matches!(behind, "0" | "00")
    });
    let whole = places.and_then(|at| plain.get(..at)).unwrap_or(plain);
    let digits = if is_digits(whole) { whole.to_owned() } else { grouped(whole, SIGNS)? };
    Some(format!("{minus}{digits}")).filter(|after| after != text)
}

/// The 15 digits that a spreadsheet shows of a number whose shortest exact form has more, where
/// these leave a tail of at least four digits out. A tail behind a whole number is left alone.
pub(in crate::validate) fn without_tail(text: &str) -> Option<String> {
    if text.len() <= KEPT + 1 || !text.contains('.') {
        return None;
    }
    let significant = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').len()
    };
    let number: f64 = text.parse().ok()?;
    let rounded: f64 = format!("{number:.*e}", KEPT - 1).parse().ok()?;
    let short = rounded.to_string();
    let tail = significant(text) > KEPT && significant(&short) + 4 <= significant(text);
    (tail && short.contains('.')).then_some(short)
}

/// How many digits behind the fifteenth a long number has, when all of them are zeros.
pub(in crate::validate) fn zero_tail(digits: &str) -> usize {
    let tail = digits.get(KEPT..).unwrap_or("");
    if tail.bytes().all(|byte| byte == b'0') { tail.len() } else { 0 }
}

/// Whether a number cell cannot hold these digits: above 2^53 not every whole number is a double.
pub(in crate::validate) fn is_beyond_doubles(digits: &str) -> bool {
    const LAST: u64 = 1 << 53;
    digits.parse::<u64>().map_or(digits.len() > KEPT, |number| number > LAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponent_forms_give_their_digits_only_when_they_show_all() {
        for (text, digits, by_program) in [
            ("6.1491570006E+10", Some("61491570006"), true),
            ("6,1491570006E+10", Some("61491570006"), true),
            ("6.1412E+10", None, true),
            ("6,14E+10", None, true),
            ("6.141235e+10", None, true),
            ("1.2e5", None, false),
            ("1.2e1", Some("12"), false),
            ("6E+10", None, true),
            ("1.5E-05", None, true),
            ("12E3", None, false),
        ] {
            let form = exponent(text).unwrap_or_else(|| panic!("{text} is one"));
            assert_eq!((form.digits.as_deref(), form.by_program), (digits, by_program), "{text}");
        }
        for other in ["E10", "1E", "Unit 1E5", "e", "1.E+5", "1E+1234", "4e2f", "", "beef"] {
            assert_eq!(exponent(other), None, "{other}");
        }
        let form = exponent("6.1412E+10").unwrap();
        assert_eq!((form.shown, form.of), (5, 11));
    }

    #[test]
    fn whole_numbers_lose_their_point_and_groups_their_signs() {
        assert_eq!(whole_number("61491570006.0"), Some("61491570006"));
        assert_eq!(whole_number("61491570006,00"), Some("61491570006"));
        for other in ["61.000", "61.5", ".0", "61", "6.1.0", "+61.0"] {
            assert_eq!(whole_number(other), None, "{other}");
        }
        for (text, expected) in [
            ("61,412,345", Some("61412345")),
            ("1,234", Some("1234")),
            ("1.234", None),
            ("1.234.567", Some("1234567")),
            ("1,23", None),
            ("0,123", None),
            ("1,234.567", None),
            ("1234", None),
        ] {
            assert_eq!(grouped(text, &[',', '.']).as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("$1,234.00", Some("1234")),
            ("1 234 €", Some("1234")),
            ("1\u{202f}234", Some("1234")),
            ("-12.0", Some("-12")),
            ("1’234’567", Some("1234567")),
            ("12", None),
            ("1.5", None),
            ("$", None),
        ] {
            assert_eq!(amount(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn tails_of_doubles_are_cut_where_a_spreadsheet_cuts_them() {
        for (text, expected) in [
            ("0.30000000000000004", Some("0.3")),
            ("1234.5600000000001", Some("1234.56")),
            ("4.3499999999999996", Some("4.35")),
            ("61491570006.00001", None),
            ("3.141592653589793", None),
            ("0.1", None),
            ("1234567890123456", None),
        ] {
            assert_eq!(without_tail(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn long_numbers_show_what_a_double_can_hold() {
        assert_eq!([zero_tail("123456789012345000"), zero_tail("1234567890123450")], [3, 1]);
        assert_eq!([zero_tail("1234567890123456"), zero_tail("123456789012345")], [0, 0]);
        assert!(is_beyond_doubles("9007199254740993") && !is_beyond_doubles("9007199254740991"));
    }

    #[test]
    fn mending_twice_changes_nothing_and_invents_no_digit() {
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let mut seed = 7_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let length = 1 + (seed >> 59) as usize;
            let text: String = (0..length)
                .map(|at| {
                    let letters = b"0123456789012345.,E+'=\" -";
                    let pick = (seed >> (at % 50)).wrapping_mul(0x9e37_79b9 + at as u64) >> 9;
                    char::from(letters[usize::try_from(pick).unwrap() % letters.len()])
                })
                .collect();
            if let Some(digits) = exponent(&text).and_then(|form| form.digits) {
                let mantissa = text.split(['e', 'E']).next().unwrap();
                assert_eq!(digits, digits_of(mantissa), "{text}");
                assert_eq!(exponent(&digits), None);
            }
            for once in [whole_number(&text).map(str::to_owned), grouped(&text, &[',', '.'])] {
                let Some(once) = once else { continue };
                assert!(digits(&text).starts_with(&once), "{text} became {once}");
                assert_eq!(whole_number(&once), None);
                assert_eq!(grouped(&once, &[',', '.']), None);
            }
            if let Some(once) = amount(&text) {
                assert_eq!(amount(&once), None, "{text} became {once}");
            }
        }
    }

    fn digits_of(text: &str) -> String {
        text.chars().filter(char::is_ascii_digit).collect()
    }
}
