//! Text without what nobody sees: edges trimmed, invisible characters out, one normal form.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use crate::row::is_blank_char;

/// What to do with white space inside the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inner {
    /// One line with single spaces, as a name or an address of the net has.
    OneLine,
    /// Line breaks stay, as in a postal address.
    Lines,
}

/// A cleaned text, and whether more was done than trimming plain white space.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Clean<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) repaired: bool,
    /// Whether characters that nobody sees were taken out from inside the text.
    pub(super) hidden: bool,
}

impl<'a> Clean<'a> {
    /// A text that has nothing to clean but spaces at its edges.
    pub(super) fn of(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text.trim_ascii()), repaired: false, hidden: false }
    }
}

/// Trims the edges, takes out invisible characters, folds white space as `inner` says and composes
/// letters with their accents (Unicode NFC, UAX #15). Joiners inside words stay: Persian and Indic
/// names need them.
pub(super) fn clean(raw: &str, inner: Inner) -> Clean<'_> {
    let plain = raw.trim_ascii();
    if is_plain(plain.as_bytes(), inner) {
        return Clean { text: Cow::Borrowed(plain), repaired: false, hidden: false };
    }
    let trimmed = plain.trim_matches(is_blank_char);
    let repaired = trimmed.len() != plain.len();
    if !repaired && is_calm(trimmed) {
        return Clean { text: Cow::Borrowed(trimmed), repaired: false, hidden: false };
    }
    cleaned(trimmed, inner, repaired)
}

/// The same for a text that may have anything in it; whether something was repaired at its edges is
/// known.
fn cleaned(trimmed: &str, inner: Inner, mut repaired: bool) -> Clean<'_> {
    let mut text = String::with_capacity(trimmed.len());
    let mut gap = false;
    let mut changed = false;
    let mut hidden = false;
    for c in trimmed.chars() {
        match c {
            '\r' | '\n' if inner == Inner::Lines => {
                if c == '\n' || !text.ends_with('\n') {
                    text.push(c);
                }
                gap = false;
            }
            c if is_invisible(c) => hidden = true,
            c if is_tag(c) && !text.ends_with(is_flag) => hidden = true,
            c if c.is_whitespace() && inner == Inner::OneLine => {
                changed |= gap || c != ' ';
                if !gap {
                    text.push(' ');
                }
                gap = true;
            }
            '\u{a0}' | '\u{2007}' | '\u{202f}' => {
                text.push(' ');
                changed = true;
                gap = false;
            }
            c => {
                text.push(c);
                gap = false;
            }
        }
    }
    repaired |= changed || hidden;
    // What was hidden at an edge may have had blanks behind it.
    if hidden {
        text = text.trim_matches(is_blank_char).to_owned();
    }
    if is_nfc_quick(text.chars()) != IsNormalized::Yes {
        text = text.nfc().collect();
    }
    if text == trimmed {
        return Clean { text: Cow::Borrowed(trimmed), repaired, hidden };
    }
    Clean { text: Cow::Owned(text), repaired, hidden }
}

fn is_plain(bytes: &[u8], inner: Inner) -> bool {
    let mut before = 0;
    for &byte in bytes {
        let folds = byte == b' ' && before == b' ' && inner == Inner::OneLine;
        let breaks = byte == b'\n' && inner == Inner::Lines;
        if folds || !(0x20..0x7f).contains(&byte) && !breaks {
            return false;
        }
        before = byte;
    }
    true
}

/// Whether a text is letters, digits and signs that hide nothing and stand in their normal form, with
/// single spaces: those of Latin, Greek, Cyrillic, Hebrew, Arabic, kana and the commonest ideographs.
fn is_calm(text: &str) -> bool {
    let mut before = 'x';
    text.chars().all(|c| {
        let calm = matches!(
            c,
            ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{388}'..='\u{3ce}'
                | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' | '\u{5d0}'..='\u{5ea}'
                | '\u{621}'..='\u{63a}' | '\u{641}'..='\u{64a}' | '\u{1e00}'..='\u{1eff}'
                | '\u{2010}'..='\u{201f}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
                | '\u{4e00}'..='\u{9fff}'
        );
        let folds = c == ' ' && before == ' ';
        before = c;
        calm && !folds
    })
}

/// Control characters, the soft hyphen, the zero-width space and its kin, and the marks that turn the
/// direction of text round: nobody types them, and equal values that differ in them are not equal.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}')
}

/// Letters and signs that nobody sees, which tell what a flag is of and are none elsewhere.
fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// The black flag, and what stands behind it.
fn is_flag(c: char) -> bool {
    c == '\u{1f3f4}' || is_tag(c)
}

/// Whether what nobody sees in a text only says in which direction it runs or where a line may break: nothing of
/// a number or a day is changed without it. What shows digits the other way round is not of that kind.
pub(super) fn hides_no_digit(raw: &str) -> bool {
    let only = |c: char| matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{202a}'..='\u{202d}');
    raw.chars().filter(|&c| is_invisible(c) || is_tag(c)).all(only)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calm_characters_have_nothing_to_clean() {
        for c in ('\0'..=char::MAX).filter(|c| is_calm(c.encode_utf8(&mut [0; 4]))) {
            for text in [format!("{c}x{c}"), format!("x{c}{c}")] {
                for inner in [Inner::OneLine, Inner::Lines] {
                    let expected = Clean::of(&text);
                    if c != ' ' {
                        assert_eq!(cleaned(&text, inner, false), expected, "{c:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn text_is_cleaned_and_repairs_are_told_from_trimming() {
        for (raw, inner, expected, repaired) in [
            ("Ada", Inner::OneLine, "Ada", false),
            ("  Ada\r\n", Inner::OneLine, "Ada", false),
            ("Ada\u{a0}", Inner::OneLine, "Ada", true),
            ("Ada\u{200b}", Inner::OneLine, "Ada", true),
            ("Ada  Lovelace", Inner::OneLine, "Ada Lovelace", true),
            ("Ada\u{a0}Lovelace", Inner::OneLine, "Ada Lovelace", true),
            ("Ada\nLovelace", Inner::OneLine, "Ada Lovelace", true),
            ("Jose\u{301}", Inner::OneLine, "José", false),
            ("1 Rue A\r\nParis", Inner::Lines, "1 Rue A\r\nParis", false),
            ("می\u{200c}خواهم", Inner::OneLine, "می\u{200c}خواهم", false),
            ("a\u{202e}b\0c", Inner::OneLine, "abc", true),
            ("\0 a \0", Inner::OneLine, "a", true),
            ("a \u{ad} b", Inner::OneLine, "a b", true),
            ("\u{a0}\u{200b} ", Inner::OneLine, "", true),
            ("Ada\tLovelace", Inner::OneLine, "Ada Lovelace", true),
            ("Ada\tLovelace", Inner::Lines, "Ada\tLovelace", false),
            ("\u{feff}Ada", Inner::OneLine, "Ada", true),
            ("Love\u{ad}lace", Inner::OneLine, "Lovelace", true),
            ("Ada\u{202f}Lovelace", Inner::OneLine, "Ada Lovelace", true),
            ("\u{3164}", Inner::OneLine, "", true),
            // Letters choose their form with these, and names are stretched with this.
            ("\u{845b}\u{e0100}城", Inner::OneLine, "\u{845b}\u{e0100}城", false),
            ("محمـد", Inner::OneLine, "محمـد", false),
            ("\u{115f}", Inner::OneLine, "", true),
            ("A\u{e0041}nn", Inner::OneLine, "Ann", true),
            ("\u{1f3f4}\u{e0067}\u{e007f}", Inner::OneLine, "\u{1f3f4}\u{e0067}\u{e007f}", false),
        ] {
            let clean = clean(raw, inner);
            assert_eq!((clean.text.as_ref(), clean.repaired), (expected, repaired), "{raw:?}");
            let again = super::clean(&clean.text, inner);
            assert_eq!((again.text.as_ref(), again.repaired), (expected, false), "{raw:?} twice");
        }
        for inside in ["Love\u{ad}lace", "Love\u{feff}lace", "Love\u{200b}lace", "Love\0lace"] {
            assert!(clean(inside, Inner::OneLine).hidden, "{inside:?}");
        }
        for (text, expected) in [
            ("\u{202a}+61 2 5550 0000\u{202c}", true),
            ("\u{202d}\u{2068}+61\u{200b}2\u{2069}\u{202c}", true),
            ("\u{202e}+61 2 5550 0000\u{202c}", false),
            ("+61\0 2 5550 0000", false),
            ("+61\u{e0032} 5550 0000", false),
        ] {
            assert_eq!(hides_no_digit(text), expected, "{text:?}");
        }
    }
}
