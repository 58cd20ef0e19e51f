//! UTF-16 and UTF-32, with or without a mark: found by what the bytes are as characters.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::Codec;

/// Whether a text is UTF-32, and why: by its mark, or because all of its fours of bytes are
/// characters, which they are in no other text.
pub(super) fn utf32(head: &[u8]) -> Option<(Codec, &'static str)> {
    const LITTLE: [u8; 4] = [0xff, 0xfe, 0, 0];
    if head.starts_with(&LITTLE) || head.starts_with(&[0, 0, 0xfe, 0xff]) {
        let codec = if head.starts_with(&LITTLE) { Codec::Utf32Le } else { Codec::Utf32Be };
        return Some((codec, "byte-order mark"));
    }
    let fours = head.chunks_exact(4).map(|four| <[u8; 4]>::try_from(four).unwrap_or_default());
    let all = fours.len();
    let fit = |decode: fn([u8; 4]) -> u32| {
        all >= 4 && fours.clone().all(|four| char::from_u32(decode(four)).is_some_and(is_text))
    };
    let why = "every four bytes are a character";
    if fit(u32::from_le_bytes) {
        Some((Codec::Utf32Le, why))
    } else if fit(u32::from_be_bytes) {
        Some((Codec::Utf32Be, why))
    } else {
        None
    }
}

/// A character that a table of people may hold.
fn is_text(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' | '\u{feff}' => true,
        '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}' | '\u{f0000}'.. => false,
        c => !c.is_control(),
    }
}

/// UTF-16 without a mark: ASCII letters, delimiters and line ends leave a zero in one of their two
/// bytes, always the same one, and all pairs are characters.
pub(super) fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let zeros =
        |offset: usize| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (encoding, most, few) =
        if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    // A zero in the other byte is a letter such as Ā, or an ideographic space.
    if most * 100 < pairs || few * 2 > most {
        return None;
    }
    let little = encoding == UTF_16LE;
    // What stands beside the zeros says which script a letter is of: 04 for Cyrillic, 0e for Thai. Where these are
    // letters themselves, as in no text of a script that has its own zeros, it is ASCII with a few zeros in it.
    let beside = head.iter().skip(usize::from(little)).step_by(2);
    if head.is_ascii() && beside.filter(|byte| **byte >= b' ').count() * 2 > pairs {
        return None;
    }
    let (mut good, mut bad, mut breaks) = (0_usize, 0_usize, 0_usize);
    for c in char::decode_utf16(units(head, little)) {
        match c {
            Ok(c) if is_text(c) => {
                good += 1;
                breaks += usize::from(matches!(c, '\n' | '\r' | '\t' | ',' | ';' | '|' | ' '));
            }
            _ => bad += 1,
        }
    }
    // The sample may end inside a pair of surrogates.
    (bad <= 3 + good / 100 && breaks > 0).then_some(encoding)
}

/// Why a text is UTF-16.
pub(super) fn why(head: &[u8]) -> &'static str {
    let zeros = memchr::memchr_iter(0, head).count();
    if zeros * 5 > head.len() * 2 {
        "every second byte is zero"
    } else {
        "every two bytes are a character"
    }
}

fn units(bytes: &[u8], little: bool) -> impl Iterator<Item = u16> + '_ {
    bytes.chunks_exact(2).filter_map(move |two| {
        let two = <[u8; 2]>::try_from(two).ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    })
}

/// Whether text behind a mark of UTF-16 has bytes of one ASCII letter each instead: no zeros, and
/// line ends and letters that as pairs would be rare ideographs.
pub(super) fn is_narrow(rest: &[u8], little: bool) -> bool {
    let ascii = rest.iter().filter(|byte| (0x20..0x7f).contains(*byte) || **byte == b'\n').count();
    let breaks = units(rest, little).any(|unit| matches!(unit, 0x0a | 0x0d | 0x2c | 0x3b | 0x09));
    rest.len() > 8 && memchr::memchr(0, rest).is_none() && ascii * 10 > rest.len() * 7 && !breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zero_byte_among_ascii_letters_is_no_text_of_two_bytes() {
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        assert_eq!(utf16(&wide("name,email\nAnn,ann@example.org\n")), Some(UTF_16LE));
        assert_eq!(utf16(&wide("名前,メール\n東京太郎,ann@example.org\n")), Some(UTF_16LE));
        assert_eq!(utf16(&wide("Имя;Почта\nАнна;ann@example.org\n")), Some(UTF_16LE));
        assert_eq!(utf16(&wide("Фамилия;Имя;Отчество;Город\n")), Some(UTF_16LE));
        assert_eq!(utf16(&wide("الاسم;البريد;المدينة;الجوال\n")), Some(UTF_16LE));
        assert_eq!(utf16(b"name,email\n\0,ann@example.org\n"), None);
        assert_eq!(utf16(b" name ,\0email\0,\tphone\nAnn,ann@example.org,1\n"), None);
    }
}
