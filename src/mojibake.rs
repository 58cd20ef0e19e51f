//! Text that is not what its author wrote: read in the wrong encoding and saved so, or with the
//! remnants of another way to write letters in it. Where the original follows with certainty, it is
//! proposed; it is never put in its place, because a name is its owner's.

mod entity;
mod halves;

use std::borrow::Cow;
use std::sync::LazyLock;

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253};

use crate::finding::{self, Code, Finding};
use crate::row::Location;

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wreck {
    /// The kind of finding.
    pub code: &'static Code,
    /// What is wrong, in one line.
    pub message: Cow<'static, str>,
    /// What it should read, where that is certain.
    pub after: Option<String>,
}

impl Wreck {
    /// The finding about the text in its place.
    pub fn finding(self, at: Location, text: &str) -> Finding {
        let finding = Finding::new(self.code, at, self.message).value(text);
        match self.after {
            Some(after) => finding.help(format!("it should read {after:?}")).fix(&after, false),
            None => finding,
        }
    }
}

/// What to say of a damaged cell that is text in the encoding of Windows.
pub fn as_windows(reading: &str) -> String {
    format!("its bytes as windows-1252 read {reading:?}")
}

/// What is wrong with a text, if anything is. Costs one look at the bytes of a text that is plain.
pub fn wreck(text: &str) -> Option<Wreck> {
    let (mut beyond, mut coded, mut holed) = (false, false, false);
    // The first bytes of the characters that are looked for below.
    let (mut euro, mut turned, mut lost) = (false, false, false);
    for byte in text.bytes() {
        beyond |= !byte.is_ascii();
        coded |= matches!(byte, b'&' | b'=' | b'%');
        holed |= byte == b'?';
        euro |= byte == 0xe2;
        turned |= byte == 0xc2;
        lost |= byte == 0xef;
    }
    if beyond {
        if let Some((after, how)) = original(text) {
            let lost = after.contains('\u{fffd}');
            return Some(Wreck {
                code: if lost { &finding::TEXT_LOST } else { &finding::TEXT_MOJIBAKE },
                message: Cow::Owned(format!("the text was read as {how} once too often")),
                after: (!lost).then_some(after),
            });
        }
        // A search for one character is quick, and neither stands in many names.
        let halves = euro && text.contains('€') && text.contains("â€");
        if halves || turned && text.contains('¿') && text.contains("ï¿½") {
            return Some(Wreck {
                code: &finding::TEXT_MOJIBAKE,
                message: Cow::Borrowed(
                    "the text was read in the wrong encoding, and letters are lost",
                ),
                after: None,
            });
        }
        if lost && text.contains('\u{fffd}') {
            return Some(Wreck {
                code: &finding::TEXT_LOST,
                message: Cow::Borrowed("letters were lost before the file was written"),
                after: None,
            });
        }
    }
    if coded && let Some(after) = entity::decode(text) {
        return Some(Wreck {
            code: &finding::TEXT_ESCAPED,
            message: Cow::Owned(format!("letters are written as codes; it would read {after:?}")),
            after: Some(after),
        });
    }
    (holed && is_holed(text)).then_some(Wreck {
        code: &finding::TEXT_HOLED,
        message: Cow::Borrowed("a question mark stands where a letter may have been lost"),
        after: None,
    })
}

/// Whether a question mark stands inside a word, as export programs write for letters that their
/// encoding lacks. Addresses of the net have them for other reasons.
fn is_holed(text: &str) -> bool {
    if text.contains(['/', '=', '@']) {
        return false;
    }
    let chars: Vec<char> = text.chars().collect();
    let letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
    chars.iter().enumerate().any(|(at, c)| {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        *c == '?' && letter(before) && letter(chars.get(at + 1))
    })
}

/// Whether two characters beyond ASCII stand side by side, as the bytes of one letter do, or an `Ã`
/// whose second half looks like a space.
fn is_dense(text: &str) -> bool {
    let mut before = false;
    text.chars().any(|c| {
        let beyond = !c.is_ascii();
        std::mem::replace(&mut before, beyond) && beyond || c == 'Ã'
    })
}

/// What a text was before it was read in the wrong encoding, once or more often, and in which it was
/// read; nothing unless that is certain.
pub fn original(text: &str) -> Option<(String, &'static str)> {
    if !is_dense(text) {
        return None;
    }
    if !halves::may_begin(text) {
        return alphabet(text);
    }
    let mut found: Option<(String, &'static str)> = None;
    // Twice over happens, three times is enough.
    for _ in 0..3 {
        let now = found.as_ref().map_or(text, |(text, _)| text);
        match once(now) {
            Some(next) => found = Some((next.0, found.map_or(next.1, |(_, how)| how))),
            None => break,
        }
    }
    found.or_else(|| alphabet(text))
}

/// An encoding in which UTF-8 is read by mistake.
struct Mistake {
    name: &'static str,
    table: Table,
}

enum Table {
    Web(&'static Encoding),
    /// The upper 128 characters.
    Own(&'static str),
}

/// What UTF-8 is taken for, the commonest first.
static MISTAKES: &[Mistake] = &[
    Mistake { name: "windows-1252", table: Table::Web(WINDOWS_1252) },
    Mistake { name: "windows-1250", table: Table::Web(WINDOWS_1250) },
    Mistake { name: "Mac Roman", table: Table::Web(MACINTOSH) },
    Mistake { name: "windows-1251", table: Table::Web(WINDOWS_1251) },
    Mistake {
        name: "IBM850",
        table: Table::Own(
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
        ),
    },
    Mistake {
        name: "IBM437",
        table: Table::Own(
            "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
        ),
    },
];

/// The byte of each character beyond ASCII, by character, for each of [`MISTAKES`].
static BYTES: LazyLock<Vec<Vec<(char, u8)>>> =
    LazyLock::new(|| MISTAKES.iter().map(Mistake::bytes).collect());

impl Mistake {
    fn bytes(&self) -> Vec<(char, u8)> {
        let mut bytes: Vec<(char, u8)> = (0x80..=u8::MAX)
            .filter_map(|byte| {
                let c = match self.table {
                    Table::Web(encoding) => {
                        encoding.decode_without_bom_handling(&[byte]).0.chars().next()
                    }
                    Table::Own(chars) => chars.chars().nth(usize::from(byte - 0x80)),
                };
                c.filter(|c| *c != '\u{fffd}').map(|c| (c, byte))
            })
            .collect();
        if matches!(self.table, Table::Web(_)) {
            // What an encoding leaves open, programs take for control characters.
            bytes.extend((0x80..=0x9f).map(|byte| (char::from(byte), byte)));
        }
        bytes.sort_unstable();
        bytes.dedup_by_key(|(c, _)| *c);
        bytes
    }
}

/// The byte that was taken for a character.
fn byte_of(bytes: &[(char, u8)], c: char) -> Option<u8> {
    let at = bytes.binary_search_by_key(&c, |(c, _)| *c).ok()?;
    bytes.get(at).map(|(_, byte)| *byte)
}

/// Undoes one wrong reading.
fn once(text: &str) -> Option<(String, &'static str)> {
    let all = MISTAKES
        .iter()
        .zip(BYTES.iter())
        .filter_map(|(mistake, bytes)| Some((undo(text, mistake, bytes)?, mistake.name)));
    // The one that leaves nothing over, and no capital behind a small letter.
    let left = |text: &str| {
        let chars = || text.chars().zip(text.chars().skip(1));
        let breaks = chars().filter(|(a, b)| a.is_lowercase() && b.is_uppercase()).count();
        (text.chars().filter(|c| !c.is_ascii()).count(), breaks)
    };
    all.min_by_key(|(text, _)| left(text))
}

/// The text with each run of characters beyond ASCII read as the UTF-8 that it was. Either all runs
/// are such, or those that are show it beyond doubt.
fn undo(text: &str, mistake: &Mistake, bytes: &[(char, u8)]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut all, mut certain, mut letters, mut marks) = (true, false, 0, 0);
    let mut rest = text;
    let mut before = None;
    while !rest.is_empty() {
        let plain = rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len());
        let (ascii, tail) = rest.split_at_checked(plain)?;
        out.push_str(ascii);
        before = ascii.chars().next_back().or(before.filter(|_| ascii.is_empty()));
        let length = tail.find(|c: char| c.is_ascii()).unwrap_or(tail.len());
        let (run, next) = tail.split_at_checked(length)?;
        rest = next;
        if run.is_empty() {
            break;
        }
        // A letter that is a word, with a sign behind it: the village of Å, for one.
        let word = before.is_none_or(|c: char| !c.is_alphanumeric())
            && next.chars().take_while(|c| c.is_alphabetic()).count() < 2
            && matches!(run, "Å…" | "Å’" | "Å”" | "Å“" | "Ä“" | "Ä”" | "Ä…" | "Ø”");
        match read(run, mistake, bytes).filter(|_| !word) {
            Some(Read { text, sure, few }) => {
                // A capital behind a small letter is no capital.
                let odd = before.is_some_and(|c: char| c.is_lowercase())
                    && run.chars().next().is_some_and(|c| !c.is_lowercase())
                    && !run.chars().nth(1).is_some_and(char::is_alphabetic);
                // Nor has a Latin word a letter of another alphabet inside.
                let mixed = run.chars().all(|c| c > '\u{3ff}')
                    && text.chars().all(|c| c < '\u{250}')
                    && run.starts_with(char::is_uppercase)
                    && (before.is_some_and(|c| c.is_ascii_lowercase())
                        || next.starts_with(|c: char| c.is_ascii_lowercase()));
                // Nor do signs stand inside words.
                let inside = before.is_some_and(|c| c.is_ascii_alphabetic())
                    && next.starts_with(|c: char| c.is_ascii_lowercase())
                    && run.ends_with(|c: char| !c.is_alphabetic() && !"’‘·–—…\u{a0}".contains(c));
                certain |= sure && odd || mixed || few > 0 && inside;
                letters += if sure { 0 } else { few };
                marks += usize::from(sure);
                out.push_str(&text);
            }
            None if run == "Ã" && before.is_some_and(char::is_lowercase) && ends_word(next) => {
                // The second half of `à` is a space, and was trimmed or folded with others.
                out.push('à');
                let space =
                    next.strip_prefix(' ').filter(|next| next.is_empty() || next.starts_with(' '));
                rest = space.unwrap_or(next);
                certain = true;
            }
            None => {
                all = false;
                out.push_str(run);
            }
        }
        before = run.chars().next_back();
    }
    let enough = letters >= if mistake.name == "windows-1251" { 3 } else { 2 };
    (certain || all && (marks > 0 || enough)).then_some(out).filter(|out| out != text)
}

fn ends_word(next: &str) -> bool {
    next.chars().next().is_none_or(|c| matches!(c, ' ' | ',' | '.' | ';'))
}

/// Signs that nobody writes behind a small letter.
const SIGNS: &str = "¤¥¦¨¬¯±²³´µ¶¸¹¼½¾†‡ˆ‰‹";

/// A run that is UTF-8.
struct Read {
    text: String,
    /// Whether no text of people has such a run for another reason.
    sure: bool,
    /// How many letters it has of which one alone could be chance.
    few: usize,
}

/// What a run of characters was, if it was UTF-8 of letters or signs that people write.
fn read(run: &str, mistake: &Mistake, bytes: &[(char, u8)]) -> Option<Read> {
    // No letter of UTF-8 begins with a lower byte.
    byte_of(bytes, run.chars().next()?).filter(|byte| *byte >= 0xc2)?;
    let bytes: Vec<u8> = run.chars().map(|c| byte_of(bytes, c)).collect::<Option<_>>()?;
    let text = String::from_utf8(bytes).ok()?;
    let (mut sure, mut few) = (false, 0);
    let cyrillic = mistake.name == "windows-1251";
    for c in text.chars() {
        match u32::from(c) {
            // Latin letters and signs behind Â, Ã, Ä and Å; letters of Viet Nam; quotes, dashes, dots,
            // the euro, the mark of trade; pictures.
            0xa0..=0x17f
            | 0x218..=0x21b
            | 0x1a0..=0x1b0
            | 0x1e00..=0x1eff
            | 0x2010..=0x2044
            | 0x20ac
            | 0x2122
            | 0x2600..=0x27bf
            | 0xfb01
            | 0xfb02
            | 0xfeff
            | 0xfffd
            | 0x1f000..=0x1faff => sure = true,
            // The other alphabets: two letters at least.
            0x386..=0x3ce
            | 0x401..=0x45f
            | 0x490
            | 0x491
            | 0x5d0..=0x5ea
            | 0x621..=0x64a
            | 0x67e..=0x6cc
            | 0x18f
            | 0x259
            | 0x531..=0x587 => few += 1,
            0x900..=0xe4e
            | 0x10a0..=0x10ff
            | 0x200c
            | 0x200d
            | 0xfe0f
            | 0x3005
            | 0x3041..=0x30fe
            | 0x3400..=0x9fff
            | 0xac00..=0xd7a3 => few += if cyrillic { 2 } else { 1 },
            0x80..=0x9f if !cyrillic => {}
            _ => return None,
        }
    }
    // One ideograph could be chance, but not with such signs behind a letter.
    sure |= few > 0
        && mistake.name == "windows-1252"
        && matches!(run.chars().next(), Some('ä'..='é'))
        && run.contains(|c: char| SIGNS.contains(c) || c.is_control());
    // Small letters of windows-1251 stand in Cyrillic words for what they are.
    Some(Read { text, sure: sure && !(cyrillic && run.chars().all(char::is_alphabetic)), few })
}

/// Words of another alphabet that were read as windows-1252: each of their letters has an accent,
/// which no language does.
fn alphabet(text: &str) -> Option<(String, &'static str)> {
    if text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let accented = |c: char| matches!(c, 'À'..='ÿ' | '¸' | '¨' | '¢' | '¹' | '¿' | 'º' | '³' | '²');
    let is_strange = |word: &str| {
        let first = word.chars().next();
        word.chars().nth(3).is_some() && word.chars().any(|c| Some(c) != first)
    };
    if !text.split(|c: char| !accented(c)).any(is_strange) {
        return None;
    }
    let (bytes, _, wrong) = WINDOWS_1252.encode(text);
    if wrong {
        return None;
    }
    let readings = [(WINDOWS_1251, "оаеинтсрвл"), (WINDOWS_1253, "αοιετσνηςά")];
    let read = |(encoding, usual): (&'static Encoding, &str)| {
        let text = encoding.decode_without_bom_handling(&bytes).0.into_owned();
        (text.chars().filter(|c| usual.contains(*c)).count(), text)
    };
    let [cyrillic, greek] = readings.map(read);
    let best = if greek.0 > cyrillic.0 { greek } else { cyrillic };
    let good = best.1.chars().all(|c| c.is_ascii() || c.is_alphabetic());
    (best.0 > 0 && good).then_some((best.1, "windows-1252"))
}

#[cfg(test)]
mod tests;
