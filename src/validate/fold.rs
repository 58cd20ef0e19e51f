//! Digits of other alphabets as ASCII digits, and the signs of wide type as narrow ones.

use std::borrow::Cow;

/// Where the digits of some alphabets begin.
const ZEROS: &[char] = &[
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{c66}',
    '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}', '\u{ff10}',
];

/// The text with the digits of other alphabets as ASCII digits and the signs of wide type as narrow
/// ones, without the marks that only say in which direction it runs; nothing when digits of two alphabets mix.
pub(super) fn fold(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let mut alphabet = None;
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        // Some programs write these marks of direction around every number of a date.
        if matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}') {
            continue;
        }
        let digit = ZEROS.iter().find_map(|&zero| {
            let value = u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10)?;
            Some((zero, char::from_digit(value, 10)?))
        });
        let ascii = c.is_ascii_digit().then_some(('0', c));
        if let Some((zero, digit)) = digit.or(ascii) {
            if *alphabet.get_or_insert(zero) != zero {
                return None;
            }
            folded.push(digit);
            continue;
        }
        folded.push(match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '－' => '-',
            '／' => '/',
            '．' => '.',
            '，' | '、' => ',',
            '：' => ':',
            '＋' => '+',
            '＃' => '#',
            '\u{2018}' | '\u{2019}' | '\u{2bc}' => '\'',
            '（' => '(',
            '）' => ')',
            '\u{a0}' | '\u{3000}' | '\u{202f}' => ' ',
            other => other,
        });
    }
    Some(Cow::Owned(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_one_alphabet_become_ascii() {
        assert_eq!(fold("３１／０１／１９８０").as_deref(), Some("31/01/1980"));
        assert_eq!(fold("٣١-٠١-١٩٨٠").as_deref(), Some("31-01-1980"));
        assert_eq!(fold("2020–01–01").as_deref(), Some("2020-01-01"));
        assert_eq!(fold("\u{200e}31\u{200e}/\u{200e}01").as_deref(), Some("31/01"));
        assert_eq!(fold("٣1/01/1980"), None);
    }
}
