//! Text of other people, made safe to show: what would move the cursor or turn the line round
//! becomes an escape that can be read (CWE-150), what a spreadsheet would run becomes text (CWE-1236).

use std::borrow::Cow;
use std::fmt::Write as _;

/// At most this many characters of a value are shown.
const LONGEST: usize = 120;

/// The text with control characters, bidirectional marks and invisible characters written as
/// escapes, cut where it is too long for a line.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(LONGEST * 4));
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        push(&mut shown, c);
    }
    shown
}

/// The same for a message of ours that repeats such text: its own line breaks stay, and nothing is
/// cut.
pub fn harmless(message: &str) -> String {
    let mut shown = String::with_capacity(message.len());
    for c in message.chars() {
        if c == '\n' {
            shown.push(c);
        } else {
            push(&mut shown, c);
        }
    }
    shown
}

/// A text in which every place stays where it is: what is unsafe becomes a sign of as many bytes. For
/// sources that are shown with marks under their lines.
pub fn in_place(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' if rest.peek() == Some(&'\n') => shown.push(c),
            c if is_unsafe(c) => shown.push_str(match c.len_utf8() {
                1 => "?",
                2 => "·",
                3 => "\u{fffd}",
                _ => "\u{fffd}?",
            }),
            c => shown.push(c),
        }
    }
    shown
}

/// JSON that is the same to a program and harmless on a terminal. JSON itself asks only for the first
/// 32 control characters to be escaped.
pub fn json(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte < 0x7f) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        // Outside of its strings JSON has line breaks of its own, and nothing else of this kind.
        if c >= '\u{7f}' && is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

fn push(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if is_unsafe(c) => {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        }
        c => shown.push(c),
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180e}' | '\u{3164}' | '\u{ffa0}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// A cell that no spreadsheet takes for a formula. A number stays that is one to every spreadsheet: a phone
/// number of digits, spaces and brackets behind its `+`, and a number with at most one point or comma behind
/// its `-`. Anything else with a sign may be reckoned out (`+1-555-0100`, `-1/2`), which loses it.
pub fn disarm(text: &str) -> Cow<'_, str> {
    // Nearly every cell begins with one of these, and then it is none.
    if text.bytes().next().is_none_or(|first| first.is_ascii_alphanumeric()) {
        return text.into();
    }
    let is_lead = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '"' | '\'') || is_without_width(c)
    };
    let body = text.trim_start_matches(is_lead);
    let (lead, _) = text.split_at(text.len() - body.len());
    let formula = match body.chars().next() {
        Some('=' | '@' | '＝' | '＠' | '＋' | '－' | '|' | '%') => true,
        Some('+' | '-') => !(lead.chars().all(|c| c == ' ') && is_number(body.trim_end())),
        _ => false,
    };
    let risky = formula || lead.contains(char::is_control);
    if risky { format!("'{text}").into() } else { text.into() }
}

/// Whether a text with a sign in front is a number to every spreadsheet.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let [b'+', phone @ ..] = text.as_bytes() {
        let among = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'(' | b')');
        return phone.iter().any(u8::is_ascii_digit) && phone.iter().all(among);
    }
    text.strip_prefix('-').is_some_and(|number| match number.split_once(['.', ',']) {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(number),
    })
}

/// Signs without a width, which a program may drop before it looks at what stands behind them.
fn is_without_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_shown_can_move_the_cursor() {
        assert_eq!(visible("Ada é 李"), "Ada é 李");
        assert_eq!(visible("\x1b[2Jx\u{9b}"), "\\u{1b}[2Jx\\u{9b}");
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{a0}d\n"), "a\\u{202e}b\\u{200b}c\\u{a0}d\\n");
        assert_eq!(visible(&"x".repeat(500)).chars().count(), LONGEST + 1);
        assert_eq!(harmless(&format!("{}\n\x1b[2J", "x".repeat(500))).len(), 500 + 1 + 9);
    }

    #[test]
    fn a_source_keeps_its_places() {
        let text = "a\u{9b}b\u{202e}c\u{e0041}d\x1be\r\nf\rg\u{a0}é李\t";
        let shown = in_place(text);
        assert_eq!(shown, "a·b\u{fffd}c\u{fffd}?d?e\r\nf?g·é李\t");
        assert_eq!(shown.len(), text.len());
        for mark in ['b', 'c', 'd', 'e', 'f', 'g', 'é', '李'] {
            assert_eq!(shown.find(mark), text.find(mark), "{mark}");
        }
    }

    #[test]
    fn json_says_the_same_without_a_raw_control() {
        let value = "a\x1b[2J\u{7f}\u{9b}\u{202e}\u{2028}\u{e0041}é李\n";
        let text = serde_json::to_string_pretty(&[value]).unwrap();
        let shown = json(&text);
        assert!(shown.chars().all(|c| c == '\n' || !is_unsafe(c)), "{shown:?}");
        assert!(shown.contains("é李"), "what is harmless stays: {shown}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [value]);
        assert!(matches!(json("{\"a\": 1}\n"), Cow::Borrowed(_)));
    }
}
