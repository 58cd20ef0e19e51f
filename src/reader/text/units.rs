//! A text beside the bytes that it was decoded from, letter by letter, and new letters as bytes: what it
//! takes to copy a text file and leave every byte as it is where nothing is changed.

use std::io::{self, Read};

use encoding_rs::{
    Decoder, EncoderResult, Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE,
};

use super::codec::Page;

/// How the letters of a file stand in its bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Letters {
    /// One of the web's list, without those that switch between sets of letters.
    Web(&'static Encoding),
    /// A table of one byte a letter.
    Page(&'static Page),
}

impl Letters {
    /// The letters of an encoding of the web's list; nothing where what a letter is depends on what
    /// stands before it.
    pub(super) fn of(encoding: &'static Encoding) -> Option<Self> {
        (encoding != ISO_2022_JP && encoding != REPLACEMENT).then_some(Self::Web(encoding))
    }

    /// Whether its bytes are the text itself.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Self::Web(encoding) if encoding == UTF_8)
    }

    /// A text as bytes.
    ///
    /// # Errors
    /// Gives the first letter that the encoding does not have.
    pub(super) fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        match self {
            Self::Web(encoding) if encoding == UTF_8 => Ok(text.as_bytes().to_vec()),
            Self::Web(encoding) if encoding == UTF_16LE => {
                Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect())
            }
            Self::Web(encoding) if encoding == UTF_16BE => {
                Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect())
            }
            Self::Web(encoding) => web(encoding, text),
            Self::Page(page) => text
                .chars()
                .map(|c| (0..=u8::MAX).find(|byte| page.char(*byte) == c).ok_or(c))
                .collect(),
        }
    }

    /// Bytes of the smallest letter.
    fn least(self) -> usize {
        match self {
            Self::Web(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => 2,
            _ => 1,
        }
    }
}

/// A text in an encoding of the web's list. What does not read back as it was is not in it.
fn web(encoding: &'static Encoding, text: &str) -> Result<Vec<u8>, char> {
    let mut encoder = encoding.new_encoder();
    let room = encoder.max_buffer_length_from_utf8_without_replacement(text.len());
    let mut bytes = vec![0; room.unwrap_or(text.len() * 4 + 16)];
    let (result, _, written) = encoder.encode_from_utf8_without_replacement(text, &mut bytes, true);
    if let EncoderResult::Unmappable(letter) = result {
        return Err(letter);
    }
    bytes.truncate(written);
    let (back, _) = encoding.decode_without_bom_handling(&bytes);
    match text.chars().zip(back.chars()).find(|(own, read)| own != read) {
        Some((letter, _)) => Err(letter),
        None => Ok(bytes),
    }
}

/// Some letters, and the bytes that they were decoded from: mostly one letter.
#[derive(Debug, Default)]
pub(super) struct Unit {
    /// The bytes.
    pub(super) bytes: Vec<u8>,
    /// The text, as it is read: in UTF-8 as far as the file is.
    pub(super) text: Vec<u8>,
}

/// The letters of a file, one after the other.
pub(super) struct Units<R> {
    file: R,
    letters: Letters,
    decoder: Decoder,
    /// The letters of a table.
    table: Vec<char>,
    /// What was read together with the unit before.
    held: Option<Unit>,
    ended: bool,
}

impl<R: Read> Units<R> {
    /// The letters of a file behind its byte-order marks.
    pub(super) fn new(file: R, letters: Letters) -> Self {
        let (encoding, table) = match letters {
            Letters::Web(encoding) => (encoding, Vec::new()),
            Letters::Page(page) => {
                (UTF_8, (0..=u8::MAX).map(|byte| page.char(byte)).collect::<Vec<char>>())
            }
        };
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { file, letters, decoder, table, held: None, ended: false }
    }

    /// Puts the next letters into `unit`; tells whether there were any bytes.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub(super) fn next(&mut self, unit: &mut Unit) -> io::Result<bool> {
        if let Some(held) = self.held.take() {
            *unit = held;
            return Ok(true);
        }
        unit.bytes.clear();
        unit.text.clear();
        let mut byte = [0];
        while !self.ended && unit.text.is_empty() {
            match self.file.read(&mut byte) {
                Ok(0) => {
                    self.ended = true;
                    self.decode(&[], unit);
                }
                Ok(_) => {
                    unit.bytes.extend_from_slice(&byte);
                    self.decode(&byte, unit);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.held = self.split(unit);
        Ok(!unit.bytes.is_empty())
    }

    fn decode(&mut self, bytes: &[u8], unit: &mut Unit) {
        match self.letters {
            Letters::Web(encoding) if encoding == UTF_8 => unit.text.extend_from_slice(bytes),
            Letters::Web(_) => {
                // One byte more makes a handful of letters at most.
                let mut room = [0; 64];
                let (_, _, written, _) = self.decoder.decode_to_utf8(bytes, &mut room, self.ended);
                unit.text.extend_from_slice(room.get(..written).unwrap_or_default());
            }
            Letters::Page(_) => {
                for byte in bytes {
                    let letter = self.table.get(usize::from(*byte)).copied();
                    match letter.filter(|c| *c != char::REPLACEMENT_CHARACTER) {
                        Some(c) => {
                            unit.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                        }
                        // What is no letter is read as a byte that is no UTF-8.
                        None => unit.text.push(super::codec::WRONG),
                    }
                }
            }
        }
    }

    /// Behind half of a letter that never came to its end, a sign of its own may have been read: a
    /// delimiter, for one.
    fn split(&self, unit: &mut Unit) -> Option<Unit> {
        let least = self.letters.least();
        let sign = unit.text.last().copied().filter(u8::is_ascii)?;
        let bytes = unit.bytes.len().checked_sub(least).filter(|left| *left > 0)?;
        let text = unit.text.len().checked_sub(1).filter(|left| *left > 0)?;
        unit.text.truncate(text);
        Some(Unit { bytes: unit.bytes.split_off(bytes), text: vec![sign] })
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, EUC_JP, EUC_KR, GB18030, SHIFT_JIS, WINDOWS_1252};

    use super::super::codec::PAGES;
    use super::*;

    fn all(bytes: &[u8], letters: Letters) -> (Vec<u8>, Vec<u8>) {
        let mut units = Units::new(bytes, letters);
        let (mut unit, mut raw, mut text) = (Unit::default(), Vec::new(), Vec::new());
        while units.next(&mut unit).unwrap() {
            raw.extend_from_slice(&unit.bytes);
            text.extend_from_slice(&unit.text);
        }
        (raw, text)
    }

    #[test]
    fn units_are_the_whole_text_and_all_of_its_bytes() {
        let broken = b"a\x81,b\xff\xfe,\xd8\x00,c\n\xe3\x81,\x1b$B,\x80";
        for encoding in [UTF_16LE, UTF_16BE, SHIFT_JIS, GB18030, BIG5, EUC_KR, EUC_JP, WINDOWS_1252]
        {
            let letters = Letters::of(encoding).unwrap();
            let mut bytes = broken.to_vec();
            bytes.extend(letters.encode("é").or_else(|_| letters.encode("e")).unwrap());
            let (raw, text) = all(&bytes, letters);
            assert_eq!(raw, bytes, "{}", encoding.name());
            let (whole, _) = encoding.decode_without_bom_handling(&bytes);
            assert_eq!(String::from_utf8(text).unwrap(), whole, "{}", encoding.name());
        }
        for page in PAGES {
            let (raw, _) = all(broken, Letters::Page(page));
            assert_eq!(raw, broken, "{}", page.name);
        }
    }

    #[test]
    fn a_sign_behind_half_a_letter_is_a_unit_of_its_own() {
        let mut units = Units::new(&b"\x81,"[..], Letters::Web(SHIFT_JIS));
        let mut unit = Unit::default();
        assert!(units.next(&mut unit).unwrap());
        assert_eq!(
            (unit.bytes.as_slice(), unit.text.as_slice()),
            (&b"\x81"[..], "\u{fffd}".as_bytes())
        );
        assert!(units.next(&mut unit).unwrap());
        assert_eq!((unit.bytes.as_slice(), unit.text.as_slice()), (&b","[..], &b","[..]));
        assert!(!units.next(&mut unit).unwrap());
    }

    #[test]
    fn letters_that_an_encoding_lacks_are_named() {
        let page = PAGES.iter().find(|page| page.name == "IBM850").unwrap();
        for (letters, text, expected) in [
            (Letters::Web(WINDOWS_1252), "Zoë", Ok(b"Zo\xeb".to_vec())),
            (Letters::Web(WINDOWS_1252), "Łódź", Err('Ł')),
            // It would come back as a backslash.
            (Letters::Web(SHIFT_JIS), "5 ¥", Err('¥')),
            (Letters::Web(UTF_16LE), "é", Ok(b"\xe9\0".to_vec())),
            (Letters::Page(page), "é", Ok(b"\x82".to_vec())),
            (Letters::Page(page), "é李", Err('李')),
        ] {
            assert_eq!(letters.encode(text), expected, "{text}");
        }
        assert!(Letters::of(ISO_2022_JP).is_none());
    }
}
