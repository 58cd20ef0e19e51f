//! One quick look over the bytes of a row, or of a cell: whether any of the closer looks can find
//! something. Nearly every row of a real sheet is plain, and costs no more than this.

use fearless_simd::{Level, dispatch};

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
    pub(super) fn of(text: &str) -> Self {
        dispatch!(Level::new(), _simd => Self::of_bytes(text.as_bytes()))
    }

    #[expect(
        clippy::inline_always,
        reason = "only then is it compiled for the registers there are"
    )]
    #[inline(always)]
    fn of_bytes(bytes: &[u8]) -> Self {
        let Some((&last, _)) = bytes.split_last() else {
            return Self { uneven: false, coded: false };
        };
        // What is farthest from plain, and nearest to a sign and to two spaces, without a branch: the compiler
        // works on sixteen bytes at once.
        let (mut odd, mut sign, mut gap) = (oddness(last), off_signs(last), u8::MAX);
        let mut look = |bytes: &[u8]| {
            for (&byte, &next) in bytes.iter().zip(bytes.get(1..).unwrap_or_default()) {
                odd = odd.max(oddness(byte));
                sign = sign.min(off_signs(byte));
                gap = gap.min((byte ^ b' ') | (next ^ b' '));
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
        let odd = odd > oddness(b'~');
        Self { uneven: odd || gap == 0, coded: odd || sign == 0 }
    }

    /// Looks at a text in a row that is not plain. Letters of Europe that stand alone, as in most names that have
    /// any, hide nothing.
    pub(super) fn closer(text: &str) -> Self {
        if is_plain_but_for_lone_letters(text.as_bytes()) {
            return Self { uneven: false, coded: false };
        }
        Self::of(text)
    }

    /// Whether there is nothing to look at.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        !self.uneven && !self.coded
    }
}

/// How far a byte is from the space, which is more than `~` is for one that is none of printable ASCII.
#[inline]
fn oddness(byte: u8) -> u8 {
    byte.wrapping_sub(b' ')
}

/// Nothing for a byte that may be left of a letter: `%` and `&`, `=` and `?`.
#[inline]
fn off_signs(byte: u8) -> u8 {
    (byte.wrapping_sub(b'%') & !1).min((byte & !2) ^ b'=')
}

/// Whether a text is plain but for letters of the Latin alphabet with accents (U+00C0 to U+017F) of which no two
/// stand side by side, as the halves of a letter would. `Ã` may be one whose other half looks like a space.
fn is_plain_but_for_lone_letters(text: &[u8]) -> bool {
    let mut before = b'x';
    let mut rest = text;
    loop {
        let (byte, tail) = match rest {
            [] => return true,
            [0xc3, 0x83 | 0x97 | 0xb7, ..] => return false,
            [0xc3..=0xc5, _, tail @ ..] => match tail.first() {
                Some(next) if !next.is_ascii() => return false,
                _ => (b'x', tail),
            },
            [byte, tail @ ..] => (*byte, tail),
        };
        let is_plain = (b' '..=b'~').contains(&byte) && off_signs(byte) != 0;
        if !is_plain || byte == b' ' && before == b' ' {
            return false;
        }
        (before, rest) = (byte, tail);
    }
}

#[cfg(test)]
mod tests {
    use super::super::clean::{Inner, clean};
    use super::*;
    use crate::mojibake;

    /// The closer looks must find nothing where the quick one saw nothing.
    fn hides(glance: Glance, text: &str) {
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

    fn hides_nothing(text: &str) {
        hides(Glance::of(text), text);
        hides(Glance::closer(text), text);
    }

    #[test]
    fn every_byte_and_pair_of_bytes_is_seen() {
        for a in 0..=u8::MAX {
            hides_nothing(&char::from(a).to_string());
            for b in 0..0x80 {
                hides_nothing(&format!("x{}{}y", char::from(a), char::from(b)));
            }
        }
        for c in '\u{80}'..='\u{2ff}' {
            for text in ["Jo{}", "{}sé", "an{}ré", "é{}", "Zo{} A", "Z{} {}", "m {} m"] {
                hides_nothing(&text.replace("{}", c.encode_utf8(&mut [0; 4])));
            }
        }
        for text in ["", " Ada ", "a@example.org", "M?ller", "Jos&eacute;", "JosÃ©", "a  b"] {
            hides_nothing(text);
        }
        assert!(Glance::of("Ada Lovelace, 12 Some St. (VIC) +61").is_plain());
        assert!(Glance::closer("Łucja Noël, Škoda-Straße 12").is_plain());
        for text in ["MÃ¼ller", "Ã", "é  x", "é & o", "ée\u{301}", "5 × 4", "Ðš", "o\u{a0}é"]
        {
            assert!(!Glance::closer(text).is_plain(), "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_quick_look_hides_nothing(text in "\\PC{0,30}", ascii in "[ -~\t\n\r]{0,60}") {
            hides_nothing(&text);
            hides_nothing(&ascii);
        }

        #[test]
        fn letters_alone_hide_nothing(text in "([A-Za-zéÃßøŁ ©¼€À-ſ-]|é |[&?=%¿\u{80}-\u{ff}]){0,16}") {
            hides_nothing(&text);
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
