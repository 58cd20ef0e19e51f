//! Where something stands, as a person counts: rows from 1, columns by their letters.

use std::fmt;

/// Where a row stands, as a person counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// Which input of the run, from 0.
    pub input: u16,
    /// The row as a spreadsheet counts it: the first row of the sheet is 1.
    pub row: u32,
    /// The physical line on which the row starts, from 1; 0 where the input has no lines.
    pub line: u32,
    /// The byte at which the row starts in the text as it was decoded; 0 in a workbook.
    pub byte: u64,
}

/// The letters over a column: 0 is `A`, 26 is `AA`.
pub fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The column under some letters: `A` is 0, `AA` is 26. Nothing for what are no letters of a column
/// of a spreadsheet (`XFD` is the last).
pub fn column_of(letters: &str) -> Option<u32> {
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let digits = letters.bytes().map(|byte| match byte.to_ascii_uppercase() {
        upper @ b'A'..=b'Z' => Some(u32::from(upper - b'A') + 1),
        _ => None,
    });
    let number = digits.into_iter().try_fold(0, |sum, digit| Some(sum * 26 + digit?))?;
    (number <= 16_384).then(|| number - 1)
}

/// A rectangle of cells, both corners included. Rows count from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The row at the top.
    pub top: u32,
    /// The column at the left.
    pub left: u32,
    /// The row at the bottom.
    pub bottom: u32,
    /// The column at the right.
    pub right: u32,
}

impl Area {
    /// Reads a rectangle as spreadsheets write it: `B3:F20`, `$B$3:$F$20`, or one cell. A side
    /// without row numbers, as in `B:F`, reaches from the first row to the last.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once(':').unwrap_or((text, text));
        let corner = |text: &str| {
            let plain = text.trim().replace('$', "");
            let split = plain.find(|c: char| c.is_ascii_digit()).unwrap_or(plain.len());
            let (letters, digits) = plain.split_at(split);
            let row = if digits.is_empty() { None } else { Some(digits.parse::<u32>().ok()?) };
            Some((column_of(letters)?, row))
        };
        let ((left, top), (right, bottom)) = (corner(from)?, corner(to)?);
        if top.is_none() && !text.contains(':') {
            return None;
        }
        let area = Self { top: top.unwrap_or(1), left, bottom: bottom.unwrap_or(u32::MAX), right };
        (area.top >= 1 && area.top <= area.bottom && left <= right).then_some(area)
    }

    /// Whether a cell lies in it.
    pub fn contains(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (left, right) = (letters(self.left as usize), letters(self.right as usize));
        match (self.top, self.bottom) {
            (top, bottom) if self.right == u32::MAX => match bottom {
                u32::MAX => write!(f, "rows {top} and below"),
                bottom => write!(f, "rows {top} to {bottom}"),
            },
            (1, u32::MAX) => write!(f, "{left}:{right}"),
            (top, u32::MAX) => write!(f, "{left}{top}:{right}"),
            (top, bottom) => write!(f, "{left}{top}:{right}{bottom}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_letters_are_those_of_a_spreadsheet() {
        for (index, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")] {
            assert_eq!(letters(index), expected);
            assert_eq!(column_of(expected), u32::try_from(index).ok());
        }
        assert_eq!([column_of("XFE"), column_of(""), column_of("A1")], [None; 3]);
    }

    #[test]
    fn areas_are_written_as_spreadsheets_write_them() {
        for (text, expected) in [
            ("B3:F20", Some("B3:F20")),
            ("$b$3:$f$20", Some("B3:F20")),
            ("C7", Some("C7:C7")),
            ("B:F", Some("B:F")),
            ("B3:F", Some("B3:F")),
            ("F3:B20", None),
            ("B0:F20", None),
            ("B", None),
            ("3:20", None),
            ("", None),
        ] {
            let area = Area::parse(text);
            assert_eq!(area.map(|area| area.to_string()).as_deref(), expected, "{text:?}");
        }
        assert!(Area::parse("B3:F").unwrap().contains(1_000_000, 5));
        assert!(!Area::parse("B3:F").unwrap().contains(2, 5));
    }
}
