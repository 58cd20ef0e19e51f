//! Lines that fit the terminal: broken between words, measured in the columns that they take there.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar as _;

use crate::report::Style;

/// Columns where nobody says how many there are.
const USUAL: usize = 110;
/// The fewest columns for which lines are broken.
const FEWEST: usize = 40;

/// Colours by meaning. They never say anything alone: a mark or a word says it too.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tone {
    Good,
    Bad,
    Odd,
    Quiet,
    Strong,
}

/// A page while its lines are written.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    style: Style,
}

impl Page {
    pub(super) fn new(style: Style) -> Self {
        Self { text: String::new(), style }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// How many columns a line may have.
    pub(super) fn width(&self) -> usize {
        if self.style.width == 0 { USUAL } else { self.style.width.max(FEWEST) }
    }

    pub(super) fn style(&self) -> Style {
        self.style
    }

    /// The text in signs that the terminal has.
    pub(super) fn signs<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.style.ascii { ascii(text) } else { text.into() }
    }

    /// Text in a colour, where there are colours.
    pub(super) fn paint(&self, tone: Tone, text: &str) -> String {
        if !self.style.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Odd => "33",
            Tone::Quiet => "2",
            Tone::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A blank line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// A line as it is: one that is to be copied, or one that was made to fit.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Text that is to be copied: it is not broken, because a break would be copied with it.
    pub(super) fn exact(&mut self, text: &str) {
        let text = self.signs(text).into_owned();
        self.line(&text);
    }

    /// Text behind what its first line begins with; the lines that follow stand below the text.
    pub(super) fn put(&mut self, tone: Option<Tone>, lead: &str, text: &str) {
        self.put_items(tone, lead, &[text], "");
    }

    /// Items, broken between them where that is possible and between their words where it is not.
    pub(super) fn put_items(
        &mut self,
        tone: Option<Tone>,
        lead: &str,
        items: &[impl AsRef<str>],
        between: &str,
    ) {
        let lead = self.signs(lead).into_owned();
        let indent = columns(&lead);
        for (index, line) in self.lines(indent, items, between).iter().enumerate() {
            let first = if index == 0 { lead.clone() } else { " ".repeat(indent) };
            let line = format!("{first}{line}");
            let line = tone.map_or_else(|| line.clone(), |tone| self.paint(tone, &line));
            self.line(&line);
        }
    }

    /// The same with a colour for the text alone.
    pub(super) fn put_beside(&mut self, lead: &str, tone: Tone, text: &str) {
        let lead = self.signs(lead).into_owned();
        let indent = columns(&lead);
        for (index, line) in self.lines(indent, &[text], "").iter().enumerate() {
            let first = if index == 0 { lead.clone() } else { " ".repeat(indent) };
            let line = format!("{first}{}", self.paint(tone, line));
            self.line(&line);
        }
    }

    /// The lines of some items, without what they begin with.
    fn lines(&self, indent: usize, items: &[impl AsRef<str>], between: &str) -> Vec<String> {
        let room = self.width().saturating_sub(indent);
        let between = self.signs(between).into_owned();
        // What parts two items stays with the first of them.
        let room_of_words = room.saturating_sub(columns(between.trim_end()));
        let mut lines = vec![String::new()];
        for (index, item) in items.iter().enumerate() {
            let is_last = index + 1 == items.len();
            let item = self.signs(item.as_ref());
            let used = lines.last().map_or(0, |line| columns(line));
            let room = if is_last { room } else { room_of_words };
            if used > 0 && used + columns(item.trim_end()) > room {
                lines.push(String::new());
            }
            for (number, part) in item.split('\n').enumerate() {
                if number > 0 {
                    lines.push(String::new());
                }
                fill(&mut lines, part, room);
            }
            if let Some(line) = lines.last_mut().filter(|_| !is_last) {
                line.push_str(&between);
            }
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }
}

/// Puts the words of a text behind the last line, and into lines that follow where it is full.
fn fill(lines: &mut Vec<String>, text: &str, room: usize) {
    for word in text.split_inclusive(' ') {
        let Some(line) = lines.last_mut() else { return };
        if !line.is_empty() && columns(line) + columns(word.trim_end()) > room {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            // What parts words does not begin a line.
            line.push_str(if line.is_empty() { word.trim_start() } else { word });
        }
    }
}

/// A text behind what its first line begins with, broken for a page on which no report stands.
pub(crate) fn hanging(style: Style, lead: &str, text: &str) -> String {
    let mut page = Page::new(style);
    page.put(None, lead, text);
    page.into_text()
}

/// The text in lines of at most so many columns, where no single word has more.
pub(super) fn broken(text: &str, room: usize) -> String {
    let mut lines = vec![String::new()];
    fill(&mut lines, text, room);
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

/// How many columns of a terminal a text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// The same of a character. The sign that asks for a picture widens the one before it.
fn columns_of(c: char) -> usize {
    if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) }
}

/// The text, cut where it takes more than some columns, with a sign where it was cut.
pub(super) fn shorten(text: &str, most: usize, cut: &str) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(columns(cut));
    let mut used = 0;
    let fits = |c: &char| {
        used += columns_of(*c);
        used <= room
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{kept}{cut}")
}

/// The text in signs that every terminal has. What has no such sign is named by its number.
fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '✗' | '×' => plain.push('x'),
            '✓' => plain.push_str("ok"),
            '›' => plain.push('>'),
            '‹' => plain.push('<'),
            '→' => plain.push_str("->"),
            '…' => plain.push_str("..."),
            '·' | '─' | '–' => plain.push('-'),
            '│' => plain.push('|'),
            c if c.is_ascii() => plain.push(c),
            c => plain.extend(c.escape_unicode()),
        }
    }
    plain.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(width: usize, lead: &str, text: &str) -> Vec<String> {
        let mut page = Page::new(Style { width, ..Style::default() });
        page.put(None, lead, text);
        page.into_text().lines().map(str::to_owned).collect()
    }

    #[test]
    fn lines_are_broken_between_words_and_go_on_below_the_text() {
        let text = "a comma stands where a dot belongs, and nothing was changed";
        assert_eq!(
            lines(40, "  Cure: ", text),
            ["  Cure: a comma stands where a dot", "        belongs, and nothing was changed"]
        );
        assert_eq!(lines(10, "", "a b"), ["a b"], "nobody has a terminal of ten columns");
        let long = "x".repeat(60);
        assert_eq!(lines(40, "  ", &format!("a {long} b")), ["  a", &format!("  {long}"), "  b"]);
        assert_eq!(lines(40, "  ", "one\ntwo"), ["  one", "  two"]);
    }

    #[test]
    fn columns_are_those_of_the_terminal() {
        for (text, expected) in
            [("Ada", 3), ("李娜", 4), ("e\u{301}", 1), ("", 0), ("☎\u{fe0f}", 2), ("한국", 4)]
        {
            assert_eq!(columns(text), expected, "{text}");
        }
        assert_eq!(shorten("李娜李娜", 5, "…"), "李娜…");
        assert_eq!(shorten("李娜李娜", 4, "…"), "李…");
        assert_eq!(shorten("Ada", 3, "…"), "Ada");
    }

    #[test]
    fn a_terminal_without_our_signs_gets_others() {
        let mut page = Page::new(Style { width: 40, ascii: true, ..Style::default() });
        page.put(None, "  ", "✗ José → email · …");
        assert_eq!(page.into_text(), "  x Jos\\u{e9} -> email - ...\n");
    }
}
