//! The records of old workbooks: a kind, a length, and bytes that may be continued in the records
//! behind. No length is trusted; what is not there reads as nothing.

/// A record and what continues it.
#[derive(Clone, Debug)]
pub(in crate::reader) struct Record<'a> {
    /// What it is about.
    pub(in crate::reader) kind: u16,
    /// Its own bytes.
    pub(in crate::reader) data: &'a [u8],
    /// Where it begins in the stream.
    pub(in crate::reader) start: usize,
    /// The bytes of the records that continue it.
    more: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// Its bytes from a place on, with those that continue them.
    pub(in crate::reader) fn pieces(&self, from: usize) -> Pieces<'a> {
        let first = self.data.get(from..).unwrap_or_default();
        Pieces::new(std::iter::once(first).chain(self.more.iter().copied()).collect())
    }
}

/// The records of a stream from a place on.
#[derive(Clone, Debug)]
pub(in crate::reader) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

/// The record that continues the one before it.
const CONTINUE: u16 = 0x003c;

impl<'a> Records<'a> {
    /// Begins at a place of the stream.
    pub(in crate::reader) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    fn one(&self, at: usize) -> Option<(u16, &'a [u8])> {
        let head = self.stream.get(at..at.checked_add(4)?)?;
        let length = usize::from(u16_at(head, 2));
        Some((u16_at(head, 0), self.stream.get(at + 4..at + 4 + length)?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let start = self.at;
        let (kind, data) = self.one(start)?;
        self.at += 4 + data.len();
        let mut more = Vec::new();
        while let Some((CONTINUE, data)) = self.one(self.at) {
            more.push(data);
            self.at += 4 + data.len();
        }
        Some(Record { kind, data, start, more })
    }
}

/// Bytes in several pieces.
#[derive(Clone, Debug)]
pub(in crate::reader) struct Pieces<'a> {
    slices: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    /// From their beginning.
    pub(in crate::reader) fn new(slices: Vec<&'a [u8]>) -> Self {
        Self { slices, piece: 0, at: 0 }
    }

    /// What is left of the piece in which the next byte lies.
    fn rest_of_piece(&mut self) -> &'a [u8] {
        while let Some(piece) = self.slices.get(self.piece) {
            match piece.get(self.at..) {
                Some(rest) if !rest.is_empty() => return rest,
                _ => (self.piece, self.at) = (self.piece + 1, 0),
            }
        }
        &[]
    }

    /// Whether nothing is left.
    pub(in crate::reader) fn is_empty(&mut self) -> bool {
        self.rest_of_piece().is_empty()
    }

    /// One byte.
    pub(in crate::reader) fn u8(&mut self) -> u8 {
        let byte = self.rest_of_piece().first().copied().unwrap_or(0);
        self.at += 1;
        byte
    }

    /// Two bytes.
    pub(in crate::reader) fn u16(&mut self) -> u16 {
        u16::from_le_bytes([self.u8(), self.u8()])
    }

    /// Four bytes.
    pub(in crate::reader) fn u32(&mut self) -> u32 {
        u32::from_le_bytes([self.u8(), self.u8(), self.u8(), self.u8()])
    }

    /// Passes over bytes.
    pub(in crate::reader) fn skip(&mut self, mut bytes: usize) {
        while bytes > 0 {
            let here = self.rest_of_piece().len().min(bytes);
            if here == 0 {
                return;
            }
            self.at += here;
            bytes -= here;
        }
    }

    /// The next bytes of one piece, no more than `most`.
    pub(in crate::reader) fn rest(&mut self, most: usize) -> &'a [u8] {
        let rest = self.rest_of_piece();
        rest.get(..most).unwrap_or(rest)
    }

    /// Appends so many UTF-16 units, or bytes that are the lower halves of such. Where a new piece
    /// begins, its first byte says which of the two they are from there on ([MS-XLS] 2.5.293).
    pub(in crate::reader) fn text(
        &mut self,
        mut letters: usize,
        mut wide: bool,
        text: &mut String,
    ) {
        let mut units: Vec<u16> = Vec::new();
        let mut first = self.piece;
        while letters > 0 {
            let mut rest = self.rest_of_piece();
            if self.piece != first && self.at == 0 {
                first = self.piece;
                wide = self.u8() & 1 == 1;
                rest = self.rest_of_piece();
            }
            let size = if wide { 2 } else { 1 };
            let here = (rest.len() / size).min(letters);
            if here == 0 {
                break;
            }
            let bytes = rest.get(..here * size).unwrap_or_default();
            if wide {
                units.extend(bytes.chunks_exact(2).map(|two| u16_at(two, 0)));
            } else {
                units.extend(bytes.iter().copied().map(u16::from));
            }
            self.at += here * size;
            letters -= here;
        }
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')));
    }
}

/// Two bytes of a place; zero where there are none.
pub(in crate::reader) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes)
}

/// Four bytes of a place; zero where there are none.
pub(in crate::reader) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_with_what_continues_them() {
        let stream =
            b"\x09\x08\x02\0ab\xfc\0\x01\0c\x3c\0\x02\0de\x3c\0\x01\0f\x0a\0\0\0\xff\0\x09\0x";
        let records: Vec<(u16, Vec<u8>)> = Records::new(stream, 0)
            .map(|record| (record.kind, record.pieces(0).slices.concat()))
            .collect();
        assert_eq!(
            records,
            [(0x0809, b"ab".to_vec()), (0x00fc, b"cdef".to_vec()), (0x000a, Vec::new())]
        );
        assert_eq!(Records::new(stream, usize::MAX).count(), 0);
    }

    #[test]
    fn text_goes_on_in_the_next_piece_with_a_flag_of_its_own() {
        let mut pieces = Pieces::new(vec![b"\x05\0\0Zo", b"\x01\xeb\0!\0", b"\0?", b"rest"]);
        let letters = usize::from(pieces.u16());
        let wide = pieces.u8() == 1;
        let mut text = String::new();
        pieces.text(letters, wide, &mut text);
        assert_eq!(text, "Zoë!?");
        assert_eq!(pieces.rest(9), b"rest");
        let mut short = Pieces::new(vec![b"ab"]);
        short.text(1000, true, &mut text);
        short.skip(1000);
        assert!(short.is_empty());
        assert_eq!((short.u8(), short.u32()), (0, 0));
    }
}
