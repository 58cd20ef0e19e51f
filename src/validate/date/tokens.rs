//! A date, taken apart: numbers, words and signs, each with the white space before it.

use std::borrow::Cow;

/// The longest text that may be a date, and the most parts that one may have.
const LONGEST: usize = 120;
const MOST: usize = 40;

/// One part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// ASCII digits.
    Number(&'a str),
    /// Letters with their accents.
    Word(&'a str),
    /// Anything else that is no white space.
    Sign(char),
}

/// A part, and whether white space stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    pub(super) token: Token<'a>,
    pub(super) gap: bool,
}

impl<'a> Piece<'a> {
    /// The digits, if it is a number.
    pub(super) fn number(self) -> Option<&'a str> {
        match self.token {
            Token::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// The letters, if it is a word.
    pub(super) fn word(self) -> Option<&'a str> {
        match self.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Whether it is this sign.
    pub(super) fn is(self, sign: char) -> bool {
        self.token == Token::Sign(sign)
    }
}

/// The parts of a text; nothing when it is too long for a date.
pub(super) fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut pieces = Vec::with_capacity(8);
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let gap = trimmed.len() < rest.len();
        let Some(first) = trimmed.chars().next() else { return Some(pieces) };
        let run = |is: fn(char) -> bool| trimmed.find(|c| !is(c)).unwrap_or(trimmed.len());
        let (length, is_run) = if first.is_ascii_digit() {
            (run(|c| c.is_ascii_digit()), true)
        } else if is_letter(first) {
            (run(is_letter), true)
        } else {
            (first.len_utf8(), false)
        };
        let (part, behind) = trimmed.split_at_checked(length)?;
        let token = match (is_run, first.is_ascii_digit()) {
            (true, true) => Token::Number(part),
            (true, false) => Token::Word(part),
            (false, _) => Token::Sign(first),
        };
        pieces.push(Piece { token, gap });
        if pieces.len() > MOST {
            return None;
        }
        rest = behind;
    }
}

/// Letters, and the marks that stand on them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{300}'..='\u{36f}' | 'º' | 'ª')
}

/// Where the digits of some alphabets begin.
const ZEROS: &[char] = &[
    '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{be6}', '\u{c66}',
    '\u{ce6}', '\u{d66}', '\u{e50}', '\u{ed0}', '\u{1040}', '\u{17e0}', '\u{ff10}',
];

/// The text with the digits of other alphabets as ASCII digits and the signs of wide type as narrow
/// ones; nothing when digits of two alphabets mix.
pub(in crate::validate) fn fold(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let mut alphabet = None;
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
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
    fn a_date_falls_into_its_parts() {
        let shown = |text: &str| {
            let pieces = pieces(text).unwrap();
            let all = pieces.iter().map(|piece| {
                let gap = if piece.gap { "_" } else { "" };
                match piece.token {
                    Token::Number(part) | Token::Word(part) => format!("{gap}{part}"),
                    Token::Sign(sign) => format!("{gap}{sign}"),
                }
            });
            all.collect::<Vec<_>>().join("|")
        };
        assert_eq!(shown("13NOV2017"), "13|NOV|2017");
        assert_eq!(shown("[Sept] 04, 2014."), "[|Sept|]|_04|,|_2014|.");
        assert_eq!(shown("2014年9月"), "2014|年|9|月");
        assert!(pieces(&"1 ".repeat(50)).is_none());
        assert!(pieces(&"x".repeat(500)).is_none());
    }

    #[test]
    fn digits_of_one_alphabet_become_ascii() {
        assert_eq!(fold("３１／０１／１９８０").as_deref(), Some("31/01/1980"));
        assert_eq!(fold("٣١-٠١-١٩٨٠").as_deref(), Some("31-01-1980"));
        assert_eq!(fold("2020–01–01").as_deref(), Some("2020-01-01"));
        assert_eq!(fold("٣1/01/1980"), None);
    }
}
