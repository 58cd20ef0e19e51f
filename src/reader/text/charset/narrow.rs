//! Encodings that hide other letters in seven bits, and those of mainframes: found by their escapes,
//! or because nothing else makes text of the bytes.

use encoding_rs::ISO_2022_JP;

use super::guess::{Guess, samples};
use super::{Codec, Coding, Found};
use crate::reader::text::codec::PAGES;

/// A text in seven bits that switches to other letters: ISO-2022-JP, ISO-2022-KR, HZ, UTF-7.
pub(super) fn seven_bits(head: &[u8]) -> Option<Found> {
    if !head.is_ascii() {
        return None;
    }
    let has = |what: &[u8]| memchr::memmem::find(head, what).is_some();
    let candidates = [
        (Coding::Web(ISO_2022_JP), has(b"\x1b$B") || has(b"\x1b$@") || has(b"\x1b(J")),
        (Coding::Own(Codec::Iso2022Kr), has(b"\x1b$)C") && has(b"\x0e")),
        (Coding::Own(Codec::Hz), has(b"~{") && has(b"~}")),
        (Coding::Own(Codec::Utf7), utf7(head)),
    ];
    let (coding, _) = candidates.into_iter().find(|(coding, marked)| {
        // The sample may end inside a character.
        let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head.len(), |at| at + 1);
        *marked && is_right(&coding.text(head.get(..whole).unwrap_or_default()))
    })?;
    let words = samples(&coding.text(head));
    let why = format!("its escapes are those of {}: {}", coding.name(), quoted(&words));
    let guess = Guess { confidence: "high", reasons: vec![], words, language: None, other: None };
    Some(Found { guess: Some(guess), ..Found::new(coding, 0, why) })
}

fn is_right(text: &str) -> bool {
    let strange = |c: char| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}' | '\u{1b}');
    text.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) && !text.contains(strange)
}

/// Whether every `+` begins what it begins in UTF-7, and some of them letters: an address such as
/// `ann+list@example.org` or a telephone number shows that a text is not.
fn utf7(head: &[u8]) -> bool {
    let mut letters = 0;
    let mut from = 0;
    while let Some(plus) = memchr::memchr(b'+', head.get(from..).unwrap_or_default()) {
        let at = from + plus;
        let behind = head.get(at + 1..).unwrap_or_default();
        let length = behind
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
            .count();
        from = at + 1 + length;
        if behind.first() == Some(&b'-') {
            continue;
        }
        let run = head.get(at..from).unwrap_or_default();
        // The sample may end inside a run.
        if from == head.len() && letters > 0 {
            break;
        }
        let mut text = Codec::Utf7.text(run);
        text.retain(|c| !c.is_ascii_graphic());
        let digits = run.iter().skip(1).all(u8::is_ascii_digit);
        let strange = |c: char| c.is_ascii() || c.is_control() || c == '\u{fffd}';
        if digits || text.is_empty() || text.contains(strange) {
            return false;
        }
        letters += usize::from(text.chars().any(char::is_alphabetic));
    }
    letters > 0
}

/// An export of a mainframe: its letters, digits and spaces stand where no other encoding has them.
pub(super) fn ebcdic(head: &[u8]) -> Option<Found> {
    memchr::memchr2(0x15, 0x25, head)?;
    let count = |wanted: fn(u8) -> bool| head.iter().filter(|byte| wanted(**byte)).count();
    let plain = count(|byte| {
        matches!(byte, 0x40 | 0x6b | 0x5e | 0x05 | 0x15 | 0x25 | 0x0d | 0x4b | 0x7c
            | 0x81..=0x89 | 0x91..=0x99 | 0xa2..=0xa9 | 0xc1..=0xc9 | 0xd1..=0xd9 | 0xe2..=0xe9 | 0xf0..=0xf9)
    });
    let ascii = count(|byte| matches!(byte, b' ' | b'\n' | b',' | b'e' | b'a' | b'0'..=b'9'));
    if head.len() < 16 || plain * 10 < head.len() * 9 || ascii * 10 > head.len() * 2 {
        return None;
    }
    let page = PAGES.iter().find(|page| page.name == "IBM037")?;
    let text = Codec::Page(page).text(head);
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return None;
    }
    let coding = Coding::Own(Codec::Page(page));
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 2)
        .take(3)
        .map(str::to_owned)
        .collect();
    let why =
        format!("its bytes are letters only in EBCDIC, as mainframes have it: {}", quoted(&words));
    let guess = Guess { confidence: "fair", reasons: vec![], words, language: None, other: None };
    Some(Found { guess: Some(guess), ..Found::new(coding, 0, why) })
}

/// Sample words in quotes.
pub(super) fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_with_the_same_signs_is_left_alone() {
        for text in [
            "name,phone\nAnn,+61 491 570 156\nBob,+4930123456-\n",
            "email\nann+list@example.org\nbob+x-y@example.org\n",
            "a,b\n1+1,2\nC++,~{\n",
            "+,+-,+--\n",
            "",
        ] {
            assert!(seven_bits(text.as_bytes()).is_none(), "{text:?}");
            assert!(ebcdic(text.as_bytes()).is_none(), "{text:?}");
        }
    }

    #[test]
    fn escapes_and_mainframes_are_found() {
        for (bytes, name) in [
            (&b"a,b\n\x1b$B;3\x1b(B,x\n"[..], "ISO-2022-JP"),
            (b"\x1b$)Ca,b\n\x0e0!\x0f,x\n", "ISO-2022-KR"),
            (b"a,b\n~{VP9z~},x\n", "HZ"),
            (b"a,b\nJos+AOk-,x\n", "UTF-7"),
        ] {
            assert_eq!(seven_bits(bytes).map(|found| found.coding.name()), Some(name));
        }
        let page = PAGES.iter().find(|page| page.name == "IBM037").unwrap();
        let byte = |c: char| (0..=u8::MAX).find(|byte| page.char(*byte) == c).unwrap();
        let bytes: Vec<u8> = "Name,Email\nAnn,ann@example.org\n".chars().map(byte).collect();
        assert_eq!(ebcdic(&bytes).map(|found| found.coding.name()), Some("IBM037"));
    }
}
