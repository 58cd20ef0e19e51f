//! How the bytes in the records of old workbooks become text: Unicode since Excel 97, a code page of
//! the machine before.

use encoding_rs::Encoding;

use super::records::{Pieces, u16_at};

/// How the bytes of strings become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// BIFF8: UTF-16, or its lower bytes alone.
    Unicode,
    /// BIFF5: the code page of the file.
    Page(&'static Encoding),
    /// BIFF5 in a code page that is not known here: ASCII is all that can be read.
    Ascii,
}

impl Letters {
    /// A short string at a place in a record: its length in one byte, in two when it is `long`.
    pub(super) fn short(self, data: &[u8], at: usize, long: bool) -> String {
        let (letters, at) = if long {
            (usize::from(u16_at(data, at)), at + 2)
        } else {
            (usize::from(data.get(at).copied().unwrap_or(0)), at + 1)
        };
        if matches!(self, Self::Unicode) {
            let wide = data.get(at).is_some_and(|flags| flags & 1 == 1);
            let mut text = String::new();
            Pieces::new(vec![data.get(at + 1..).unwrap_or_default()])
                .text(letters, wide, &mut text);
            return text;
        }
        let bytes = data.get(at..).unwrap_or_default();
        self.decode(bytes.get(..letters).unwrap_or(bytes))
    }

    /// Bytes of BIFF5.
    pub(super) fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Page(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            _ => bytes
                .iter()
                .map(|byte| if byte.is_ascii() { char::from(*byte) } else { '\u{fffd}' })
                .collect(),
        }
    }
}

/// The encoding of a code page of Windows or the Mac.
pub(super) fn code_page(page: u16) -> Option<&'static Encoding> {
    let label = match page {
        367 | 1252 | 0x8001 => "windows-1252",
        866 => "ibm866",
        874 => "windows-874",
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10_000 | 0x8000 => "macintosh",
        10_007 => "x-mac-cyrillic",
        65_001 => "utf-8",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_in_the_code_page_of_the_file() {
        let page = |number| code_page(number).map_or(Letters::Ascii, Letters::Page);
        for (letters, bytes, text) in [
            (page(1252), &b"Zo\xeb"[..], "Zoë"),
            (page(1251), b"\xc8\xe2\xe0\xed", "Иван"),
            (page(10_000), b"Zo\x91", "Zoë"),
            (page(932), b"\x90X", "森"),
            (page(437), b"Ada", "Ada"),
            (page(437), b"Zo\x89", "Zo\u{fffd}"),
        ] {
            assert_eq!(letters.decode(bytes), text);
        }
        assert_eq!(page(437), Letters::Ascii);
    }

    #[test]
    fn short_strings_end_where_they_say() {
        let latin = Letters::Page(encoding_rs::WINDOWS_1252);
        assert_eq!(latin.short(b"..\x03Adams", 2, false), "Ada");
        assert_eq!(Letters::Unicode.short(b"\x03\x00Adams", 0, false), "Ada");
        assert_eq!(Letters::Unicode.short(b"\x02\0\x01A\0\xeb\0", 0, true), "Aë");
        assert_eq!(Letters::Unicode.short(b"\xff", 0, true), "");
    }
}
