//! Delimiters of several characters: written anew as one byte, because rows are cut at bytes.

use crate::row::Dialect;

/// Replaces a delimiter of several bytes outside quotes, in text that comes in pieces.
#[derive(Clone, Debug)]
pub(super) struct Joiner {
    delimiter: Vec<u8>,
    dialect: Dialect,
    /// Bytes that may be the beginning of a delimiter or an escape, kept for the next piece.
    kept: Vec<u8>,
    /// Whether the next byte begins a cell.
    begins: bool,
    quoted: bool,
}

impl Joiner {
    /// The byte that stands in for the delimiter: the unit separator of ASCII, which is for this.
    pub(super) const STAND_IN: u8 = 0x1f;

    /// A joiner at the beginning of a text; the dialect gives the quote and the escape.
    pub(super) fn new(delimiter: &[u8], dialect: Dialect) -> Self {
        Self {
            delimiter: delimiter.to_vec(),
            dialect,
            kept: Vec::new(),
            begins: true,
            quoted: false,
        }
    }

    /// A whole text at once.
    pub(super) fn whole(mut self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        self.push(text, true, &mut out);
        out
    }

    /// Appends the next piece of the text to `out`; `end` says that it is the last one.
    pub(super) fn push(&mut self, piece: &[u8], end: bool, out: &mut Vec<u8>) {
        let mut bytes = std::mem::take(&mut self.kept);
        bytes.extend_from_slice(piece);
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            let rest = bytes.get(at..).unwrap_or_default();
            if rest.len() < self.delimiter.len().max(2) && !end {
                self.kept = rest.to_vec();
                return;
            }
            let passed = self.passed(rest);
            if passed == 0 {
                at += self.step(byte, rest, out);
            } else {
                out.extend_from_slice(rest.get(..passed).unwrap_or_default());
                at += passed;
            }
        }
    }

    /// How many bytes at the beginning of `rest` can mean nothing where they stand.
    fn passed(&self, rest: &[u8]) -> usize {
        let Dialect { quote, escape, .. } = self.dialect;
        let sign = match (self.quoted, quote, self.delimiter.first()) {
            (true, Some(quote), _) => memchr::memchr2(quote, escape.unwrap_or(quote), rest),
            (false, _, Some(&first)) if !self.begins => memchr::memchr3(first, b'\n', b'\r', rest),
            _ => Some(0),
        };
        sign.unwrap_or(rest.len())
    }

    /// Copies or replaces what stands at the beginning of `rest`; tells how many bytes that took.
    fn step(&mut self, byte: u8, rest: &[u8], out: &mut Vec<u8>) -> usize {
        let Dialect { quote, escape, .. } = self.dialect;
        let next = rest.get(1).copied();
        let pair = |out: &mut Vec<u8>| {
            out.extend_from_slice(rest.get(..2).unwrap_or(rest));
            2.min(rest.len())
        };
        if self.quoted {
            let doubled = Some(byte) == quote && next == quote;
            let escaped = Some(byte) == escape && (next == quote || next == escape);
            if doubled || escaped {
                return pair(out);
            }
            self.quoted = Some(byte) != quote;
        } else if rest.starts_with(&self.delimiter) {
            out.push(Self::STAND_IN);
            self.begins = true;
            return self.delimiter.len();
        } else {
            self.quoted = self.begins && Some(byte) == quote;
            self.begins = matches!(byte, b'\n' | b'\r');
        }
        out.push(byte);
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_joined_outside_quotes_in_pieces_of_any_size() {
        for (text, delimiter, expected) in [
            ("a||b\nc||d", "||", "a\u{1f}b\nc\u{1f}d"),
            ("\"a||b\"||c\r\n\"d\"\"||\"||e", "||", "\"a||b\"\u{1f}c\r\n\"d\"\"||\"\u{1f}e"),
            ("a, \"b, c\", d", ", ", "a\u{1f}\"b, c\"\u{1f}d"),
            ("a|b||c|||d", "||", "a|b\u{1f}c\u{1f}|d"),
            ("x\"||y\"||z", "||", "x\"\u{1f}y\"\u{1f}z"),
            ("", "||", ""),
        ] {
            let joiner = || Joiner::new(delimiter.as_bytes(), Dialect::default());
            assert_eq!(joiner().whole(text.as_bytes()), expected.as_bytes(), "{text:?}");
            for size in 1..=text.len() {
                let (mut joiner, mut out) = (joiner(), Vec::new());
                let pieces: Vec<&[u8]> = text.as_bytes().chunks(size).collect();
                for (index, piece) in pieces.iter().enumerate() {
                    joiner.push(piece, index + 1 == pieces.len(), &mut out);
                }
                assert_eq!(out, expected.as_bytes(), "{text:?} in pieces of {size}");
            }
        }
    }
}
