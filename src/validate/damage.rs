//! What spreadsheets and exports do to a value, told by the form of this one value alone.
//!
//! Every function here is pure and adds no digit that the text does not show. Whether a form is
//! damage depends on the column too: `column.rs` knows that, and `mend.rs` brings the two together.

use jiff::civil::Date;
use jiff::{Span, civil};

use super::date;

/// A number in exponent form, such as `6.1412E+10`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exponent {
    /// All digits of the number; nothing when the form hides some of them.
    pub(super) digits: Option<String>,
    /// How many digits the number has, and how many of them the form shows.
    pub(super) of: usize,
    pub(super) shown: usize,
    /// Whether a program wrote it: one digit in front, a sign and two digits behind.
    pub(super) by_program: bool,
}

/// Digits that a spreadsheet keeps of a number: those of an IEEE 754 double that are always exact.
pub(super) const KEPT: usize = 15;

/// Characters at which Excel, through ADO, and Access cut text off.
pub(super) const CUT: usize = 255;

/// Day numbers that are believed: 1902-09-26 to 2064-04-08. Smaller numbers are hardly ever days.
const DAYS: std::ops::RangeInclusive<u32> = 1_000..=60_000;
/// Numbers that are years, and not day numbers, to everybody who reads them.
const YEARS: std::ops::RangeInclusive<u32> = 1_900..=2_100;

/// Whether a text is made of ASCII digits.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads the exponent form of a whole number. A mantissa with as many places as the exponent
/// demands shows every digit; one with fewer has lost the others.
pub(super) fn exponent(text: &str) -> Option<Exponent> {
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
pub(super) fn whole_number(text: &str) -> Option<&str> {
    let ([whole @ .., b'.' | b',', b'0'] | [whole @ .., b'.' | b',', b'0', b'0']) = text.as_bytes()
    else {
        return None;
    };
    text.get(..whole.len()).filter(|whole| is_digits(whole))
}

/// The digits of a number in groups of three, such as `61,412,345`. A single point is no proof: it
/// may be a decimal one.
pub(super) fn grouped(text: &str, signs: &[char]) -> Option<String> {
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
pub(super) fn amount(text: &str) -> Option<String> {
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

/// What a formula that only says a text holds: `="0491570006"`, as CRMs write it for Excel.
pub(super) fn unwrapped(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("=\"")?.strip_suffix('"')?;
    (!inner.contains('"')).then(|| inner.trim())
}

/// What stands behind the apostrophe with which Excel marks text, where an export let it out.
pub(super) fn unmarked(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\'')?;
    let number = rest.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    (number && !rest.contains('\'')).then_some(rest)
}

/// What stands between two quotation marks that are around the whole of a name: an export has quoted it twice. Marks
/// within it, as around one of several words, are people's own.
pub(super) fn unquoted(text: &str) -> Option<&str> {
    let inner = QUOTES.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then_some(inner)
    });
    let of_names = |c: char| c.is_alphabetic() || c.is_whitespace() || "'’-.\u{301}".contains(c);
    let inner = inner.map(str::trim)?;
    (inner.starts_with(char::is_alphabetic) && inner.chars().all(of_names)).then_some(inner)
}

/// Quotation marks in pairs. Apostrophes are none of them: `'Ala'` is a name.
const QUOTES: &[(char, char)] = &[('"', '"'), ('“', '”'), ('„', '“'), ('„', '”'), ('«', '»')];

/// Whether a name may be one that [`unquoted`], [`is_date_for_name`] or [`exponent`] is about.
pub(super) fn is_odd_name(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) || text.starts_with(['"', '“', '„', '«'])
}

/// Errors of formulas, as the spreadsheets of several languages show them, in order.
const ERRORS: &[&str] = &[
    "#BEZUG!",
    "#BLOCKED!",
    "#BUSY!",
    "#CALC!",
    "#CONNECT!",
    "#DEEL/0!",
    "#DIV/0!",
    "#ERROR!",
    "#FIELD!",
    "#GETAL!",
    "#GETTING_DATA",
    "#N/A",
    "#N/B",
    "#N/D",
    "#NAAM?",
    "#NAME?",
    "#NOM?",
    "#NOMBRE!",
    "#NOME?",
    "#NUL!",
    "#NULL!",
    "#NUM!",
    "#NV",
    "#PYTHON!",
    "#REF!",
    "#RIF!",
    "#SPILL!",
    "#UNKNOWN!",
    "#VALEUR!",
    "#VALOR!",
    "#VALORE!",
    "#VALUE!",
    "#VERW!",
    "#WAARDE!",
    "#WERT!",
    "#ZAHL!",
    "#¡DIV/0!",
    "#¡NULO!",
    "#¡NUM!",
    "#¡REF!",
    "#¡VALOR!",
    "#¿NOMBRE?",
];

/// Whether a text is what a spreadsheet shows in place of a value: the error of a formula, or the
/// signs that fill a column too narrow for its number.
pub(super) fn is_error(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && is_digits(number);
    }
    text.starts_with('#')
        && (text.len() > 2 && text.bytes().all(|byte| byte == b'#')
            || ERRORS.binary_search(&text).is_ok())
}

/// What a field takes, as far as words for "nothing" go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    /// People's names: `Null` is one.
    Names,
    /// Prose and words: `None` and `nan` may be answers.
    Words,
    /// Values of a certain form, which no word for nothing has.
    Form,
}

/// Whether a text is what a database or a program writes for a value that is not there.
pub(super) fn is_nothing(text: &str, takes: Takes) -> bool {
    let certain = matches!(text, "\\N" | "NULL" | "(null)" | "NaN" | "<NA>");
    let word = matches!(text, "null" | "nan" | "None" | "undefined" | "NaT");
    match takes {
        Takes::Names => false,
        Takes::Words => certain,
        Takes::Form => certain || word,
    }
}

/// Whether a text may be one that [`is_error`], [`unwrapped`], [`unmarked`] or [`is_nothing`] is
/// about: the quick look that every cell gets.
#[inline]
pub(super) fn is_odd(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'#' | b'=' | b'\'') => true,
        Some(b'\\' | b'(' | b'<' | b'N' | b'n' | b'u') => is_nothing(text, Takes::Form),
        Some(b'E') => text.starts_with("Err:"),
        _ => false,
    }
}

/// The 15 digits that a spreadsheet shows of a number whose shortest exact form has more, where
/// these leave a tail of at least four digits out. A tail behind a whole number is left alone.
pub(super) fn without_tail(text: &str) -> Option<String> {
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
pub(super) fn zero_tail(digits: &str) -> usize {
    let tail = digits.get(KEPT..).unwrap_or("");
    if tail.bytes().all(|byte| byte == b'0') { tail.len() } else { 0 }
}

/// Whether a number cell cannot hold these digits: above 2^53 not every whole number is a double.
pub(super) fn is_beyond_doubles(digits: &str) -> bool {
    const LAST: u64 = 1 << 53;
    digits.parse::<u64>().map_or(digits.len() > KEPT, |number| number > LAST)
}

/// The day number in a text, without its time of day. Years are none.
pub(super) fn day_number(text: &str) -> Option<u32> {
    let (days, time) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    if !(4..=5).contains(&days.len()) || !is_digits(days) || !is_digits(time) {
        return None;
    }
    let days = days.parse().ok()?;
    (DAYS.contains(&days) && !(YEARS.contains(&days) && text.len() == 4)).then_some(days)
}

/// Where day numbers count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    /// 1 is 1900-01-01, and the year 1900 has a 29 February, which later days must allow for.
    From1900,
    /// 0 is 1904-01-01.
    From1904,
}

impl System {
    /// Its name in messages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::From1900 => "1900",
            Self::From1904 => "1904",
        }
    }

    /// The day with a number that [`day_number`] gave.
    pub(super) fn day(self, number: u32) -> Option<Date> {
        let zero = match self {
            Self::From1900 => civil::date(1899, 12, 30),
            Self::From1904 => civil::date(1904, 1, 1),
        };
        zero.checked_add(Span::new().try_days(number).ok()?).ok()
    }
}

/// Whether a text is a date, or what spreadsheets make of an id such as `3-5` or `MARCH5`: `5-Mar`,
/// `Mar-05`. Months in capitals are the beginnings of codes.
pub(super) fn is_date(text: &str) -> bool {
    let begins = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    if !begins || text.len() > 30 || !text.contains(['-', '/', '.']) {
        return false;
    }
    date::sign(text).is_some() || date::is_iso(text) || is_short_date(text)
}

/// Whether a text where a name belongs is a date, or what a spreadsheet makes of one: `1-Sep`, `Sep-24`, `01. Mai`,
/// `set/25`. Beside a number every month is one, in whatever language.
pub(super) fn is_date_for_name(text: &str) -> bool {
    if is_date(text) {
        return true;
    }
    if text.len() > 30 || !text.contains(['-', '/', '.']) {
        return false;
    }
    let mut parts = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty());
    let (Some(a), Some(b), c, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str| matches!(part.len(), 1 | 2 | 4) && is_digits(part);
    let month = |part: &str| part.chars().all(char::is_alphabetic) && date::is_month(part);
    match c {
        None => number(a) && month(b) || month(a) && number(b),
        Some(c) => number(c) && (number(a) && month(b) || month(a) && number(b)),
    }
}

/// `5-Mar`, `Mar-05`, `5-Mar-24`.
fn is_short_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(a), Some(b), c, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str| part.len() <= 2 && is_digits(part);
    let month = |part: &str| part.chars().any(char::is_lowercase) && date::is_usual_month(part);
    match c {
        None => number(a) && month(b) || month(a) && number(b),
        Some(c) => number(a) && month(b) && is_digits(c) && matches!(c.len(), 2 | 4),
    }
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
    fn wrappers_are_taken_off() {
        assert_eq!(unwrapped("=\"0491570006\""), Some("0491570006"));
        assert_eq!(unwrapped("=\"a\"&\"b\""), None);
        assert_eq!(unwrapped("=A1"), None);
        assert_eq!(unmarked("'0491570006"), Some("0491570006"));
        for other in ["'s-Hertogenbosch", "'90s'", "'", "O'Brien"] {
            assert_eq!(unmarked(other), None, "{other}");
        }
    }

    #[test]
    fn errors_of_spreadsheets_are_known_and_hash_tags_are_not() {
        assert!(ERRORS.is_sorted());
        for text in ERRORS.iter().chain(&["########", "###", "Err:502"]) {
            assert!(is_error(text) && is_odd(text), "{text}");
        }
        for text in ["#1", "#", "##", "#volunteer", "Err:", "Err:50", "N/A", "Error"] {
            assert!(!is_error(text), "{text}");
        }
    }

    #[test]
    fn words_for_nothing_depend_on_what_the_field_takes() {
        for (text, takes, nothing) in [
            ("NULL", Takes::Form, true),
            ("NULL", Takes::Words, true),
            ("NULL", Takes::Names, false),
            ("None", Takes::Form, true),
            ("None", Takes::Words, false),
            ("nan", Takes::Form, true),
            ("nan", Takes::Words, false),
            ("\\N", Takes::Words, true),
            ("Null", Takes::Form, false),
            ("none", Takes::Form, false),
        ] {
            assert_eq!(is_nothing(text, takes), nothing, "{text} {takes:?}");
            assert!(!nothing || is_odd(text), "{text}");
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
    fn day_numbers_are_days_and_years_are_not() {
        let day = |text| Some(System::From1900.day(day_number(text)?)?.to_string());
        for (text, expected) in [
            ("29251", Some("1980-01-31")),
            ("29251.5", Some("1980-01-31")),
            ("45000", Some("2023-03-15")),
            ("60000", Some("2064-04-08")),
            ("1980", None),
            ("2001", None),
            ("60", None),
            ("0", None),
            ("-1", None),
            ("19800131", None),
            ("60001", None),
            ("29251.x", None),
        ] {
            assert_eq!(day(text).as_deref(), expected, "{text}");
        }
        let other = System::From1904.day(29_251 - 1_462).unwrap();
        assert_eq!(other.to_string(), "1980-01-31");
    }

    #[test]
    fn dates_are_told_from_codes_that_look_like_them() {
        for date in
            ["5-Mar", "Mar-05", "05-mars", "5-Mar-24", "1/2/2024", "2024-03-05", "31/12/1990"]
        {
            assert!(is_date(date), "{date}");
        }
        for code in ["3-5", "MAR-05", "FIN-03", "SEPT2", "12-34", "Marble-5", "5-10-15", "Mar", "-"]
        {
            assert!(!is_date(code), "{code}");
        }
    }

    #[test]
    fn dates_are_told_from_names() {
        for date in [
            "1-Sep",
            "Sep-24",
            "Mar-01",
            "SEPT-01",
            "01. Mai",
            "01-sept.",
            "set/25",
            "5-Ago",
            "1-mrt",
            "01.wrz",
            "1. Sep. 2024",
            "2024-09-01",
            "01/02/2024",
            "1.9.2024",
            "2024-09-01 00:00:00",
        ] {
            assert!(is_date_for_name(date) && is_odd_name(date), "{date}");
        }
        for name in [
            "Mar",
            "Jan-Peter",
            "Mai-Lin",
            "Jan 2",
            "Anna-2",
            "J. R. R.",
            "3.14",
            "1/2",
            "12-34",
            "Otto-1a",
            "St. 1",
            "May",
            "Jan.",
            "A-1-B",
            "C-3PO",
        ] {
            assert!(!is_date_for_name(name), "{name}");
        }
    }

    #[test]
    fn quotation_marks_around_a_whole_name_are_told_from_those_within_it() {
        for (text, inner) in [
            ("\"Ada\"", Some("Ada")),
            ("\" Ada Maria \"", Some("Ada Maria")),
            ("“Ada”", Some("Ada")),
            ("„Ada“", Some("Ada")),
            ("«Ada»", Some("Ada")),
            ("\"\"", None),
            ("\"=1+1\"", None),
            ("\"O'Brien-Smith Jr.\"", Some("O'Brien-Smith Jr.")),
            ("\"Bill\" \"Bob\"", None),
            ("\"Bill\" Robert", None),
            ("\"", None),
            ("\"Ada", None),
            ("'Ala'", None),
            ("Ada", None),
        ] {
            assert_eq!(unquoted(text), inner, "{text}");
            assert!(inner.is_none() || is_odd_name(text), "{text}");
        }
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
