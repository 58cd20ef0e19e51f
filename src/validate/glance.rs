//! One quick look over the bytes of a row, or of a cell: whether any of the closer looks can find
//! something. Nearly every row of a real sheet is plain, and costs no more than this.

/// What the closer looks may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glance {
    /// Whether [`super::clean::clean`] may do more than trim plain spaces: characters beyond printable
    /// ASCII, or two spaces in a row.
    pub(super) uneven: bool,
    /// Whether [`crate::mojibake::wreck`] may find remnants of an encoding.
    pub(super) coded: bool,
}

/// So many bytes are looked at in one go.
const BLOCK: usize = 32;
const BLOCK_AND_NEXT: usize = BLOCK + 1;

impl Glance {
    /// Looks at a text.
    #[inline]
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let Some((&last, _)) = bytes.split_last() else {
            return Self { uneven: false, coded: false };
        };
        // Comparisons of bytes, without a branch: the compiler works on sixteen of them at once.
        let (mut uneven, mut coded) = (odd(last), sign(last));
        let mut look = |bytes: &[u8]| {
            for (&byte, &next) in bytes.iter().zip(bytes.get(1..).unwrap_or_default()) {
                uneven |= odd(byte) | gap(byte, next);
                coded |= sign(byte);
            }
        };
        // What is over is looked at as the last whole block, some of it twice, and not byte by byte.
        match bytes.last_chunk::<BLOCK_AND_NEXT>() {
            Some(end) => {
                look(end);
                look(bytes.get(..=(bytes.len() - 1) / BLOCK * BLOCK).unwrap_or_default());
            }
            None => look(bytes),
        }
        Self { uneven: uneven != 0, coded: coded != 0 }
    }

    /// Whether there is nothing to look at.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        !self.uneven && !self.coded
    }
}

/// Not nothing for a byte that is none of printable ASCII.
#[inline]
fn odd(byte: u8) -> u8 {
    byte.wrapping_sub(0x20).saturating_sub(0x5e)
}

/// Not nothing for a byte that may be left of a letter: `%` and `&`, `=` and `?`, all beyond ASCII.
#[inline]
fn sign(byte: u8) -> u8 {
    u8::from(byte.wrapping_sub(b'%') & !1 == 0) | u8::from(byte & !2 == b'=') | byte & 0x80
}

/// Not nothing for two spaces.
#[inline]
fn gap(byte: u8, next: u8) -> u8 {
    u8::from((byte ^ b' ') | (next ^ b' ') == 0)
}

#[cfg(test)]
mod tests {
    use super::super::clean::{Inner, clean};
    use super::*;
    use crate::mojibake;

    /// The closer looks must find nothing where the quick one saw nothing.
    fn hides_nothing(text: &str) {
        let glance = Glance::of(text);
        if !glance.uneven {
            for inner in [Inner::OneLine, Inner::Lines] {
                let clean = clean(text, inner);
                assert_eq!(clean.text, text.trim_matches(' '), "{text:?}");
                assert!(!clean.repaired && !clean.hidden, "{text:?}");
            }
        }
        if !glance.coded {
            assert_eq!(mojibake::wreck(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_byte_and_pair_of_bytes_is_seen() {
        for a in 0..=u8::MAX {
            hides_nothing(&char::from(a).to_string());
            for b in 0..0x80 {
                hides_nothing(&format!("x{}{}y", char::from(a), char::from(b)));
            }
        }
        for text in ["", " Ada ", "a@example.org", "M?ller", "Jos&eacute;", "JosÃ©", "a  b"] {
            hides_nothing(text);
        }
        assert!(Glance::of("Ada Lovelace, 12 Some St. (VIC) +61").is_plain());
    }

    proptest::proptest! {
        #[test]
        fn the_quick_look_hides_nothing(text in "\\PC{0,30}", ascii in "[ -~\t\n\r]{0,60}") {
            hides_nothing(&text);
            hides_nothing(&ascii);
        }

        #[test]
        fn one_odd_place_is_seen_in_texts_of_any_length(
            length in 1..140_usize,
            at: proptest::sample::Index,
            odd in proptest::sample::select(vec!["  ", "&", "=", "%", "?", "\t", "\n", "\u{7f}", "é"]),
        ) {
            let plain = "x y".repeat(length).chars().take(length).collect::<String>();
            assert!(Glance::of(&plain).is_plain());
            let mut text = plain.clone();
            text.insert_str(at.index(length + 1), odd);
            assert!(!Glance::of(&text).is_plain(), "{text:?}");
            hides_nothing(&text);
        }

        #[test]
        fn a_plain_row_has_plain_cells(cells in proptest::collection::vec("[ -~é\t]{0,12}", 1..6)) {
            if Glance::of(&cells.concat()).is_plain() {
                for cell in &cells {
                    assert!(Glance::of(cell).is_plain(), "{cell:?}");
                }
            }
        }
    }
}
