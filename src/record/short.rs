//! A text so short that it lies in its slot, because two phone numbers of each person are made, and most of
//! them are looked at once or never.

/// A short text of ASCII, such as the digits of a phone number: it lies in its slot, and nothing has to be
/// asked for and given back for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Short {
    /// Zeros stand behind the text.
    bytes: [u8; Self::MOST + 1],
    length: u8,
}

impl Short {
    /// The longest one: no slot is larger for it.
    pub const MOST: usize = 14;

    /// Appends those of the bytes that are to be kept, without the highest bit of what is not ASCII. Says
    /// whether there was room; where there was none, nothing is left of it.
    #[inline]
    pub fn take(&mut self, bytes: impl Iterator<Item = (u8, bool)>) -> bool {
        let mut length = self.len();
        // Without a branch for each byte: one that is not kept gives its place to the next.
        for (byte, kept) in bytes {
            if let Some(place) = self.bytes.get_mut(length) {
                *place = byte & 0x7f;
            }
            length += usize::from(kept);
        }
        let ends = u8::try_from(length).ok().zip(self.bytes.get_mut(length));
        let Some((length, behind)) = ends else {
            *self = Self::default();
            return false;
        };
        (*behind, self.length) = (0, length);
        true
    }

    /// How many bytes it has.
    #[expect(clippy::len_without_is_empty, reason = "nobody asks whether it is empty")]
    pub fn len(&self) -> usize {
        usize::from(self.length)
    }

    /// Its bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len()).unwrap_or_default()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Slot, Value};

    fn short(bytes: &[u8]) -> (bool, Short) {
        let mut short = Short::default();
        (short.take(bytes.iter().map(|byte| (*byte, *byte != b' '))), short)
    }

    #[test]
    fn what_is_kept_is_what_there_is_room_for() {
        for (text, expected) in [
            ("", Some("")),
            ("+61 412 323 123 ", Some("+61412323123")),
            ("12345678901234", Some("12345678901234")),
            ("12345 67890 1234    ", Some("12345678901234")),
            ("123456789012345", None),
            ("12345678901234567890123456789012345", None),
        ] {
            let (had_room, short) = short(text.as_bytes());
            assert_eq!(had_room, expected.is_some(), "{text:?}");
            assert_eq!(short.as_str(), expected.unwrap_or_default(), "{text:?}");
        }
        let (_, mut number) = short(b"1 2 ");
        assert_eq!(number, short(b"12").1, "what was passed over leaves no trace");
        assert!(number.take([(b'3', true), (0xc3, true)].into_iter()));
        assert_eq!(number.as_bytes(), b"123C");
    }

    #[test]
    fn no_slot_is_larger_for_it() {
        assert_eq!(size_of::<Slot<'_>>(), size_of::<Value<'_>>());
        let owned = Slot::Short(short(b"12").1).into_owned();
        assert_eq!(owned, Slot::Made("12".into()));
    }
}
