//! Phone numbers: what is one, and how it is written (ITU-T E.164).

use std::borrow::Cow;

use crate::record::PhoneForm;

/// Why a number is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is no phone number.
    Syntax(Cow<'static, str>),
    /// It is a national number, and the target wants its country.
    NoCountry,
    /// A spreadsheet lost some of its digits.
    Damaged,
}

/// Characters that people put between the digits.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '(' | ')' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The number in the form of the target.
pub(super) fn write(text: &str, form: PhoneForm) -> Result<String, Fault> {
    if in_exponent_form(text) {
        return Err(Fault::Damaged);
    }
    let (international, rest) = match text.strip_prefix(['+', '＋']) {
        Some(rest) => (true, rest),
        None => match text.strip_prefix("00") {
            Some(rest) => (true, rest),
            None => (false, text),
        },
    };
    let mut number = String::with_capacity(rest.len() + 1);
    if international {
        number.push('+');
    }
    // `+44 (0)20 …`: the trunk zero in brackets is dialled only inside the country.
    let rest =
        if international { Cow::Owned(rest.replacen("(0)", "", 1)) } else { Cow::Borrowed(rest) };
    for c in rest.chars() {
        if c.is_ascii_digit() {
            number.push(c);
        } else if !is_separator(c) {
            return Err(Fault::Syntax(format!("{c:?} cannot stand in a phone number").into()));
        }
    }
    let digits = number.len() - usize::from(international);
    match digits {
        0 => return Err(Fault::Syntax("it has no digits".into())),
        1..7 => return Err(Fault::Syntax(format!("{digits} digits are too few").into())),
        16.. => return Err(Fault::Syntax(format!("{digits} digits are too many").into())),
        _ => {}
    }
    if international && number.starts_with("+0") {
        return Err(Fault::Syntax("no country code begins with 0".into()));
    }
    if form == PhoneForm::E164 && !international {
        return Err(Fault::NoCountry);
    }
    Ok(number)
}

/// `6.1412E+10`: what a spreadsheet shows of a long number, and all that an export keeps of it.
fn in_exponent_form(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(&mantissa.replace(['.', ','], "")) && digits(exponent.trim_start_matches(['+', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_the_form_of_the_target() {
        for (text, digits, e164) in [
            ("+61 412 323 123", Some("+61412323123"), Some("+61412323123")),
            ("0061 412 323 123", Some("+61412323123"), Some("+61412323123")),
            ("+44 (0)20 7946 0123", Some("+442079460123"), Some("+442079460123")),
            ("(200) 555-0123", Some("2005550123"), None),
            ("0412.323.123", Some("0412323123"), None),
        ] {
            assert_eq!(write(text, PhoneForm::Digits).ok().as_deref(), digits, "{text}");
            assert_eq!(write(text, PhoneForm::E164).ok().as_deref(), e164, "{text}");
        }
        assert_eq!(write("0412 323 123", PhoneForm::E164), Err(Fault::NoCountry));
        assert_eq!(write("6.1412E+10", PhoneForm::Digits), Err(Fault::Damaged));
        for bad in ["12", "call me", "+", "555-CALL-NOW", "++1 555 010", "12345678901234567890"] {
            assert!(matches!(write(bad, PhoneForm::Digits), Err(Fault::Syntax(_))), "{bad}");
        }
    }
}
