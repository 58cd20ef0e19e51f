//! Number formats that show zeros in front of a number or part its digits, as postcodes and ids have
//! them: what people see is not what the cell holds.

use crate::row::{CellKind, Rows};

/// Excel takes codes of 255 characters.
const LONGEST: usize = 1024;

/// A number format of zeros, piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Piece>);

/// One character of what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// A digit, or a zero.
    Zero,
    /// A digit, or nothing.
    Digit,
    /// What stands there.
    Sign(char),
}

impl Pattern {
    /// A format that pads with zeros: two places or more for digits, the first of them or two of them zeros where there is
    /// no digit, or a zero in front of all; and beside them only what parts the digits of a key.
    pub(super) fn parse(code: &str) -> Option<Self> {
        if code.len() > LONGEST {
            return None;
        }
        let mut pieces = Vec::new();
        let mut letters = code.chars();
        while let Some(c) = letters.next() {
            match c {
                '0' => pieces.push(Piece::Zero),
                '#' => pieces.push(Piece::Digit),
                ';' => break,
                '\\' => pieces.push(Piece::Sign(letters.next()?)),
                '"' => {
                    let quoted = letters.by_ref().take_while(|&c| c != '"');
                    pieces.extend(quoted.map(Piece::Sign));
                }
                '-' | '(' | ')' | ' ' | '+' | '/' => pieces.push(Piece::Sign(c)),
                // Room of another character's width, and one that fills the cell: no part of the text.
                '_' | '*' => {
                    letters.next()?;
                }
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
        let of_digits: Vec<Piece> =
            pieces.iter().copied().filter(|piece| !matches!(piece, Piece::Sign(_))).collect();
        let zeros = of_digits.iter().filter(|piece| **piece == Piece::Zero).count();
        let leads = pieces.first() == Some(&Piece::Sign('0'));
        let pads = zeros >= 2 || leads || of_digits.first() == Some(&Piece::Zero);
        let parts = |piece: &Piece| match piece {
            Piece::Sign(c) => " -()/+.".contains(*c) || c.is_ascii_digit(),
            _ => true,
        };
        let plain = pieces.iter().all(parts);
        (of_digits.len() >= 2 && pads && plain).then_some(Self(pieces))
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

    /// Writes digits as they are shown; more digits than places stand in front.
    fn show(&self, digits: &str, out: &mut String) {
        let places = self.0.iter().filter(|piece| !matches!(piece, Piece::Sign(_))).count();
        let mut missing = places.saturating_sub(digits.len());
        let mut more = digits.len().saturating_sub(places);
        let mut digits = digits.chars();
        for piece in &self.0 {
            match piece {
                Piece::Sign(c) => out.push(*c),
                Piece::Zero | Piece::Digit if missing > 0 => {
                    missing -= 1;
                    // A zero in front of the digits at hand; nothing in front of a place that may be without one.
                    if *piece == Piece::Zero {
                        out.push('0');
                    }
                }
                Piece::Zero | Piece::Digit => {
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
            ("000000_)", "42", "000042"),
            ("_-0000000000", "412323123", "0412323123"),
            ("* 0000000000", "412323123", "0412323123"),
            ("#0000", "42", "0042"),
            ("#0000", "123456", "123456"),
            ("\"0\"#########", "412323123", "0412323123"),
            ("\\0#########", "412323123", "0412323123"),
            ("0#\" \"##\" \"##\" \"##\" \"##", "612345678", "06 12 34 56 78"),
            ("0#", "5", "05"),
        ] {
            let mut text = String::new();
            Pattern::parse(code).unwrap().show(digits, &mut text);
            assert_eq!(text, expected, "{code:?}");
        }
        for code in [
            "0",
            "#0",
            "##0",
            "# ##0",
            "00_",
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
