//! Text of other people, made safe to show: what would move the cursor or turn the line round
//! becomes an escape that can be read (CWE-150).

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
            '\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
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
}
