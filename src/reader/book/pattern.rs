//! Number formats that show zeros in front of a number or part its digits, as postcodes and ids have
//! them: what people see is not what the cell holds.

use crate::row::{CellKind, Rows};

/// Excel takes codes of 255 characters.
const LONGEST: usize = 1024;

/// A number format of zeros: for each character, a digit or what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Option<char>>);

impl Pattern {
    /// A format that pads with zeros: two zeros or more, and beside them only what parts the digits
    /// of a key.
    pub(super) fn parse(code: &str) -> Option<Self> {
        if code.len() > LONGEST {
            return None;
        }
        let mut pieces = Vec::new();
        let mut letters = code.chars();
        while let Some(c) = letters.next() {
            match c {
                '0' => pieces.push(None),
                ';' => break,
                '\\' => pieces.push(Some(letters.next()?)),
                '"' => pieces.extend(letters.by_ref().take_while(|&c| c != '"').map(Some)),
                '-' | '(' | ')' | ' ' | '+' | '/' => pieces.push(Some(c)),
                // Colours and languages change no digit; conditions do.
                '[' => {
                    let inner: String = letters.by_ref().take_while(|&c| c != ']').collect();
                    if inner.starts_with(['<', '>', '=']) {
                        return None;
                    }
                }
                _ => return None,
            }
        }
        let zeros = pieces.iter().filter(|piece| piece.is_none()).count();
        let parts = |c: char| " -()/+.".contains(c) || c.is_ascii_digit();
        let plain = pieces.iter().flatten().all(|&c| parts(c));
        (zeros >= 2 && plain).then_some(Self(pieces))
    }

    /// Appends a cell with a whole number, given as its digits, as it is shown. Where that is not the
    /// number alone, the number is kept beside it.
    pub(super) fn push(&self, rows: &mut Rows, digits: &str) {
        let mut same = false;
        rows.push_with(CellKind::Number, |out| {
            let start = out.len();
            self.show(digits, out);
            same = out.get(start..) == Some(digits);
            true
        });
        if !same {
            rows.store_last(digits);
        }
    }

    /// Writes digits as they are shown; more digits than zeros stand in front.
    fn show(&self, digits: &str, out: &mut String) {
        let zeros = self.0.iter().filter(|piece| piece.is_none()).count();
        let mut missing = zeros.saturating_sub(digits.len());
        let mut more = digits.len().saturating_sub(zeros);
        let mut digits = digits.chars();
        for piece in &self.0 {
            match piece {
                Some(c) => out.push(*c),
                None if missing > 0 => {
                    missing -= 1;
                    out.push('0');
                }
                None => {
                    out.extend(digits.by_ref().take(more + 1));
                    more = 0;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_front_are_shown_as_the_format_shows_them() {
        for (code, digits, expected) in [
            ("00000", "42", "00042"),
            ("00000", "1234567", "1234567"),
            ("0000000000", "412323123", "0412323123"),
            ("000-00-0000", "12345678", "012-34-5678"),
            ("000\\-00\\-0000", "12345678", "012-34-5678"),
            ("000-00-0000", "9012345678", "9012-34-5678"),
            ("\"0\"000000000", "412323123", "0412323123"),
            ("(000) 000-0000", "5551234", "(000) 555-1234"),
            ("[Blue]00000;-00000", "7", "00007"),
        ] {
            let mut text = String::new();
            Pattern::parse(code).unwrap().show(digits, &mut text);
            assert_eq!(text, expected, "{code:?}");
        }
        for code in [
            "0",
            "General",
            "#,##0",
            "0.00",
            "00.0",
            "00%",
            "00E+00",
            "@",
            "0 \"kg\"",
            "00 \"kg\"",
            "[<100]00;0",
        ] {
            assert_eq!(Pattern::parse(code), None, "{code:?}");
        }
    }
}
