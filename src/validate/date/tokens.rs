//! A date, taken apart: numbers, words and signs, each with the white space before it.

use unicode_normalization::char::is_combining_mark;

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
    c.is_alphabetic() || matches!(c, 'º' | 'ª') || !c.is_ascii() && is_combining_mark(c)
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
}
