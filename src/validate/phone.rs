//! Phone numbers: what is one, and how it is written (ITU-T E.164).
//!
//! Numbers in international form are judged by the numbering plans of all countries, as the
//! `rlibphonenumber` crate knows them (the metadata of libphonenumber). Where the target takes
//! numbers in any form, only what no phone could dial is refused.

use std::borrow::Cow;

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat};

use super::fold::fold;
use crate::record::{PhoneForm, Short};

/// The country of national numbers.
pub use rlibphonenumber::Region;

/// A number in the form of the target.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) number: String,
    /// An extension that the form has no place for.
    pub(super) extension: Option<String>,
}

/// Why a number is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no phone number.
    Syntax(Cow<'static, str>),
    /// No number of its country looks like it.
    Invalid(Cow<'static, str>),
    /// It is a national number, and the target wants its country.
    NoCountry,
    /// The cell holds more than one number.
    Several,
}

/// The country with an ISO 3166-1 alpha-2 code, if it has a numbering plan.
pub fn region(code: &str) -> Option<Region> {
    PHONE_NUMBER_UTIL
        .get_supported_regions()
        .find(|region| region.as_region_str().eq_ignore_ascii_case(code))
}

/// The country, or the largest of those, whose numbers begin with a country code: `+43`, `0043`, `43`.
pub(super) fn of_country_code(text: &str) -> Option<Region> {
    let text = text.trim();
    let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
    let is_code = (1..=3).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit());
    let code = digits.parse().ok().filter(|_| is_code && !digits.starts_with('0'))?;
    // Some codes are of no country: those of satellites, and of free calls.
    let found = PHONE_NUMBER_UTIL.get_region_for_country_code(code)?;
    PHONE_NUMBER_UTIL.get_supported_regions().find(|region| *region == found)
}

/// The country that a number in international form is of.
pub(super) fn country_of(number: &str) -> Option<Region> {
    PHONE_NUMBER_UTIL.parse(number, None).ok()?.get_region_code()
}

/// Whether two countries have one country code between them, as those of North America have.
pub(super) fn share_plan(one: Region, other: Region) -> bool {
    let code = |region| PHONE_NUMBER_UTIL.get_country_code_for_region(region);
    code(one).is_some() && code(one) == code(other)
}

/// Characters that people put between the digits.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | ')' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The number in the form of the target; national numbers are of `region`.
pub(super) fn write(text: &str, form: PhoneForm, region: Option<Region>) -> Result<Written, Fault> {
    let written = match form {
        PhoneForm::Digits | PhoneForm::AsIs => with_extension(text),
        PhoneForm::E164 => match e164(text, region) {
            Err(fault) => with_usual_prefix(text, region).ok_or(fault),
            written => written,
        },
    };
    // Looked for only where no number was read, so that it costs the good ones nothing.
    match written {
        Err(Fault::Syntax(_) | Fault::Invalid(_)) if are_several(text) => Err(Fault::Several),
        // Two short ones side by side have no more digits than a long one.
        Ok(written) if written.number.len() >= 14 && are_several(text) => Err(Fault::Several),
        written => written,
    }
}

/// Whether a text falls into two numbers.
fn are_several(text: &str) -> bool {
    let is_end = |c: char| matches!(c, '/' | ',' | ';' | '|' | '&' | '\n') || c.is_alphabetic();
    let digits = |part: &str| part.chars().filter(char::is_ascii_digit).count();
    let many = |parts: usize| parts > 1;
    many(text.split(is_end).filter(|part| digits(part) >= 7).count())
        || many(text.split('+').filter(|part| digits(part) >= 7).count())
}

/// Digits, and the extension behind them.
fn with_extension(text: &str) -> Result<Written, Fault> {
    let whole = match digits(text) {
        Ok(number) => return Ok(Written { number, extension: None }),
        Err(fault) => fault,
    };
    if !text.is_ascii() {
        let folded = fold(text).filter(|folded| *folded != text);
        return folded.map_or(Err(whole), |folded| with_extension(&folded));
    }
    let lower = text.to_ascii_lowercase();
    let marks = [";ext=", "extension", "ext.", "ext", "poste", "x", "#"];
    let split = marks.iter().find_map(|mark| {
        let at = lower.find(mark)?;
        let behind = lower.get(at + mark.len()..)?.trim_matches([' ', '.', ':']);
        let is_one = (1..=7).contains(&behind.len()) && behind.bytes().all(|b| b.is_ascii_digit());
        Some((text.get(..at)?.trim_end_matches([' ', ',', ';']), behind)).filter(|_| is_one)
    });
    let Some((number, extension)) = split else { return Err(whole) };
    Ok(Written { number: digits(number)?, extension: Some(extension.to_owned()) })
}

/// The most digits of a number (ITU-T E.164).
const MOST: usize = 15;

/// What a byte is in a plain number.
const DIGIT: u8 = 1;
const SIGN: u8 = 2;
const BRACKET: u8 = 4;
const POINT: u8 = 8;
const NO_PART: u8 = 16;

/// What each byte is in a plain number.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const CLASSES: [u8; 256] = {
    let mut classes = [NO_PART; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        classes[digit as usize] = DIGIT;
        digit += 1;
    }
    classes[b' ' as usize] = SIGN;
    classes[b'-' as usize] = SIGN;
    classes[b'/' as usize] = SIGN;
    classes[b')' as usize] = SIGN;
    classes[b'(' as usize] = BRACKET;
    classes[b'.' as usize] = POINT;
    classes
};

/// Writes the digits of a text in plain ASCII, with the + in front of them, where nothing has to be known of a
/// number but its digits: where no rule but that of [`digits`] has a say. Says whether it is one. A digit other
/// than 0 in front may have lost a zero before it.
#[inline]
pub(super) fn is_plain(text: &str, into: &mut Short) -> bool {
    // Longer ones may be two numbers.
    const LONGEST: usize = 13;
    let (international, rest) = match text.as_bytes() {
        [b'1'..=b'9', ..] | [b'0', b'0', ..] => return false,
        [b'+', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut seen = 0;
    let digits = rest.iter().map(|&byte| {
        let class = CLASSES.get(usize::from(byte)).copied().unwrap_or(NO_PART);
        seen |= class;
        (byte, class == DIGIT)
    });
    let has_room = into.take([(b'+', international)].into_iter()) && into.take(digits);
    let least = 7 + usize::from(international);
    if !has_room || seen & NO_PART != 0 || !(least..=LONGEST).contains(&into.len()) {
        return false;
    }
    // `(0)` may be the zero that is dialled only inside the country, and a point that of a decimal number.
    let zero = international
        && (into.as_bytes().get(1) == Some(&b'0')
            || seen & BRACKET != 0 && memchr::memmem::find(rest, b"(0").is_some());
    let decimal = seen & POINT != 0 && rest.first() == Some(&b'0');
    !zero && !decimal
}

/// A leading `+` if there is one, then digits.
fn digits(text: &str) -> Result<String, Fault> {
    let (international, rest) = match text.strip_prefix(['+', '＋']) {
        Some(rest) => (true, rest),
        None => match text.strip_prefix("00") {
            Some(rest) => (true, rest),
            None => (false, text),
        },
    };
    // `+44 (0)20 …`: the trunk zero in brackets is dialled only inside the country.
    let trunk = rest.find("(0)").filter(|_| international);
    let (before, behind) = match trunk {
        Some(at) => (rest.get(..at).unwrap_or(""), rest.get(at + 3..).unwrap_or("")),
        None => (rest, ""),
    };
    let mut number = [0_u8; MOST + 1];
    let mut length = 0;
    if international {
        number[0] = b'+';
        length = 1;
    }
    let mut count = 0;
    for c in before.chars().chain(behind.chars()) {
        if let Some(digit) = char::to_digit(c, 10) {
            count += 1;
            if let (Some(place), Ok(digit)) = (number.get_mut(length), u8::try_from(digit)) {
                *place = b'0' + digit;
                length += 1;
            }
        } else if !is_separator(c) {
            return Err(Fault::Syntax(format!("{c:?} cannot stand in a phone number").into()));
        }
    }
    match count {
        0 => return Err(Fault::Syntax("it has no digits".into())),
        1..7 => return Err(Fault::Syntax(format!("{count} digits are too few").into())),
        16.. => return Err(Fault::Syntax(format!("{count} digits are too many").into())),
        _ => {}
    }
    if international && number.get(1) == Some(&b'0') {
        return Err(Fault::Syntax("no country code begins with 0".into()));
    }
    let written = number.get(..length).and_then(|digits| std::str::from_utf8(digits).ok());
    Ok(written.unwrap_or_default().to_owned())
}

fn e164(text: &str, region: Option<Region>) -> Result<Written, Fault> {
    let international = text.starts_with(['+', '＋']);
    // 00 is the prefix of nearly every country; where the country is known, its own rule holds.
    let text: Cow<'_, str> = match text.strip_prefix("00") {
        Some(rest) if region.is_none() => Cow::Owned(format!("+{rest}")),
        _ => Cow::Borrowed(text),
    };
    if region.is_none() && !text.starts_with(['+', '＋']) && digits(&text).is_ok() {
        return Err(Fault::NoCountry);
    }
    // Letters stand for digits on some keypads only, and a slip is likelier than a slogan.
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let number = match PHONE_NUMBER_UTIL.parse(&text, region) {
        Ok(number) => number,
        Err(ParseError::InvalidCountryCode) if !international => return Err(Fault::NoCountry),
        Err(ParseError::InvalidCountryCode) => {
            return Err(Fault::Invalid("no country has this code".into()));
        }
        Err(ParseError::TooShortNsn | ParseError::TooShortAfterIdd) => {
            return Err(Fault::Syntax("it has too few digits".into()));
        }
        Err(ParseError::TooLongNsn) => {
            return Err(Fault::Syntax("it has too many digits".into()));
        }
        Err(_) => return Err(Fault::Syntax("it does not have the form of a number".into())),
    };
    // The library leaves out what it does not know, and this may stand for a digit that nobody knew.
    if text.contains(['?', '？']) {
        return Err(Fault::Syntax("a question mark stands where a digit may be missing".into()));
    }
    let extension = Some(number.extension().to_owned()).filter(|text| !text.is_empty());
    if letters > 0 && extension.is_none() {
        return Err(Fault::Syntax("it has letters in it".into()));
    }
    if !PHONE_NUMBER_UTIL.is_valid_number(&number) {
        return Err(Fault::Invalid("no number of its country looks like this".into()));
    }
    let number = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned();
    Ok(Written { number, extension })
}

/// A number behind 00, which is what most countries dial before the code of a country, where the country dials
/// something else and none of its own numbers looks like this one. Marks of direction are none of a number.
#[cold]
fn with_usual_prefix(text: &str, region: Option<Region>) -> Option<Written> {
    let folded = fold(text).filter(|folded| *folded != text);
    if let Some(folded) = folded {
        return e164(&folded, region).ok();
    }
    let rest = text.strip_prefix('+').unwrap_or(text).strip_prefix("00")?;
    let digit = rest.trim_start().starts_with(|c: char| matches!(c, '1'..='9'));
    digit.then(|| e164(&format!("+{rest}"), region).ok())?
}

/// Whether a text is more digits than the numbers of any country have: no plan says more of it.
pub(super) fn is_beyond_plans(text: &str) -> bool {
    const LONGEST: usize = 17;
    text.len() > LONGEST && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether national numbers of a country begin with a zero that is not dialled from abroad.
pub(super) fn has_trunk_zero(region: Region) -> bool {
    let Ok(number) = PHONE_NUMBER_UTIL.get_example_number(region) else { return false };
    let national = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National);
    let digits: String = national.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix('0') == Some(&number.get_national_significant_number())
}

/// The national number of such a country whose zero is gone: its digits with the zero in front.
pub(super) fn with_trunk_zero(text: &str, region: Region) -> Option<String> {
    let plain: String = text.chars().filter(|&c| !is_separator(c)).collect();
    let digits = plain.bytes().all(|byte| byte.is_ascii_digit()) && !plain.starts_with('0');
    let number = PHONE_NUMBER_UTIL.parse(&plain, Some(region)).ok().filter(|_| digits)?;
    // Where the digits begin with the code of the country, it was taken off.
    let whole = number.get_national_significant_number() == plain;
    if !whole || !PHONE_NUMBER_UTIL.is_valid_number(&number) {
        return None;
    }
    // Numbers that are free of charge or dear have no zero in some countries, and are others with one.
    let national = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::National);
    if national.chars().find(char::is_ascii_digit) != Some('0') {
        return None;
    }
    let dialled = format!("0{plain}");
    let same = PHONE_NUMBER_UTIL.parse(&dialled, Some(region)).is_ok_and(|read| read == number);
    same.then_some(dialled)
}

/// The number of such a country that the same digits are when they begin with its code.
pub(super) fn with_plus(text: &str, region: Region) -> Option<String> {
    let plain: String = text.chars().filter(|&c| !is_separator(c)).collect();
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
    if !plain.starts_with(&code.to_string()) {
        return None;
    }
    let number = PHONE_NUMBER_UTIL.parse(format!("+{plain}"), None).ok()?;
    let own = PHONE_NUMBER_UTIL.is_valid_number_for_region(&number, region);
    own.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_form_of_the_target() {
        for (text, country, digits, e164) in [
            ("+61 412 323 123", None, Some("+61412323123"), Some("+61412323123")),
            ("0061 412 323 123", None, Some("+61412323123"), Some("+61412323123")),
            ("+44 (0)20 7946 0123", None, Some("+442079460123"), Some("+442079460123")),
            ("(212) 555-0123", None, Some("2125550123"), None),
            ("(212) 555-0123", Some("US"), Some("2125550123"), Some("+12125550123")),
            ("0412.323.123", Some("AU"), Some("0412323123"), Some("+61412323123")),
            ("0412.323.123", Some("US"), Some("0412323123"), None),
            ("+61 412 323", None, Some("+61412323"), None),
            // Neither country dials 00.
            ("0061 412 323 123", Some("AU"), Some("+61412323123"), Some("+61412323123")),
            ("00 61 412 323 123", Some("US"), Some("+61412323123"), Some("+61412323123")),
            ("0000412323123", Some("AU"), None, None),
            ("\u{200e}+61\u{200e}412 323 123", None, Some("+61412323123"), Some("+61412323123")),
            ("0664 12345?", Some("AT"), None, None),
        ] {
            let region = country.and_then(region);
            let written = |form| write(text, form, region).ok().map(|written| written.number);
            assert_eq!(written(PhoneForm::Digits).as_deref(), digits, "{text}");
            assert_eq!(written(PhoneForm::E164).as_deref(), e164, "{text}");
        }
        let e164 = |text| write(text, PhoneForm::E164, None);
        assert_eq!(e164("0412 323 123"), Err(Fault::NoCountry));
        assert_eq!(e164("+61 2 5550 1234 ext. 12").unwrap().extension.as_deref(), Some("12"));
        assert!(matches!(e164("1-800-FLOWERS"), Err(Fault::Syntax(_) | Fault::NoCountry)));
        assert_eq!(e164("+1 202 555 0143;ext=7").unwrap().extension.as_deref(), Some("7"));
        for (text, number, extension) in [
            ("+1 202 555 0143 x12", "+12025550143", Some("12")),
            ("202-555-0143, ext. 7", "2025550143", Some("7")),
            ("2025550143;ext=7", "2025550143", Some("7")),
            ("202 555 0143 #12", "2025550143", Some("12")),
            ("＋６１ ４９１ ５７０ ００６", "+61491570006", None),
            ("٠٤٩١٥٧٠٠٠٦", "0491570006", None),
        ] {
            let written = write(text, PhoneForm::Digits, None).unwrap();
            assert_eq!(
                (written.number.as_str(), written.extension.as_deref()),
                (number, extension)
            );
        }
        for several in [
            "0491 570 006 / 0491 570 156",
            "0491570006, 0491570156",
            "+61491570006+61491570156",
            "555-0123 4 / 555-0156 7",
            "M 0491 570 006 H 02 5550 0000",
        ] {
            assert_eq!(write(several, PhoneForm::Digits, None), Err(Fault::Several), "{several}");
            assert_eq!(
                write(several, PhoneForm::E164, region("AU")),
                Err(Fault::Several),
                "{several}"
            );
        }
        for bad in ["12", "call me", "+", "555-CALL-NOW", "++1 555 010", "12345678901234567890"] {
            assert!(matches!(write(bad, PhoneForm::Digits, None), Err(Fault::Syntax(_))), "{bad}");
        }
        assert!(region("au").is_some() && region("XX").is_none());
    }

    proptest::proptest! {
        #[test]
        fn what_was_written_is_written_again(
            text in "(\\PC{0,20}|[+(]{0,2}[0-9 ()./x#-]{4,22}|0[0-9]{9}|\\+61 4[0-9]{8})",
            home in proptest::sample::select(vec![None, Some("AU"), Some("US"), Some("FR"), Some("IT")]),
        ) {
            let region = home.and_then(region);
            for form in [PhoneForm::Digits, PhoneForm::E164] {
                if let Ok(written) = write(&text, form, region) {
                    let again = write(&written.number, form, region);
                    proptest::prop_assert_eq!(
                        again,
                        Ok(Written { number: written.number.clone(), extension: None })
                    );
                    let digits = written.number.trim_start_matches('+');
                    proptest::prop_assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
                }
            }
        }
    }

    #[test]
    fn a_lost_zero_is_proven_by_the_plan_of_the_country() {
        for (country, text, expected) in [
            ("AU", "491570006", Some("0491570006")),
            ("AU", "491 570 006", Some("0491570006")),
            ("AU", "61491570006", None),
            ("AU", "0491570006", None),
            ("AU", "+61491570006", None),
            ("AU", "4915", None),
            ("AU", "1300975707", None),
            ("AU", "13 11 14", None),
            ("NZ", "800123456", Some("0800123456")),
            ("FR", "199001234", Some("0199001234")),
            ("IL", "502345678", Some("0502345678")),
            ("IL", "1919123456", None),
            ("IL", "1599123456", None),
            ("JE", "800735456", None),
        ] {
            let country = region(country).unwrap();
            assert!(has_trunk_zero(country));
            assert_eq!(with_trunk_zero(text, country).as_deref(), expected, "{text}");
        }
        for (country, text, expected) in [
            ("ID", "62811 778 998", Some("+62811778998")),
            ("DE", "4915123456789", Some("+4915123456789")),
            ("DE", "15123456789", None),
            ("AU", "491570006", None),
        ] {
            assert_eq!(with_plus(text, region(country).unwrap()).as_deref(), expected, "{text}");
        }
        assert!(
            !["US", "IT", "SG"].map(|code| has_trunk_zero(region(code).unwrap())).contains(&true)
        );
    }
}
