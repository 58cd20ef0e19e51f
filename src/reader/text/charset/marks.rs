//! Marks of companies behind their names, and the letters of central Europe that they are in other code pages.

use std::collections::BTreeSet;

use super::model::{is_letter, is_vowel};

/// The mark of a company behind its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// One that nobody would take for a letter.
    Plain,
    /// One that is a Ž in ISO-8859-2, with which names in capitals end: MATJAŽ.
    Doubtful,
}

/// The marks of companies in a text.
#[derive(Default)]
pub(super) struct Marks<'a> {
    /// The names with one.
    names: BTreeSet<&'a [char]>,
    /// How many marks are the first and not the first behind a name, of each kind.
    plain: (u16, u16),
    doubtful: (u16, u16),
    /// Whether other names end in what is a Š where a doubtful mark is a Ž.
    carons: bool,
}

impl<'a> Marks<'a> {
    /// Takes a character that stands behind a word, with the text behind it, if it is such a mark; says whether it is.
    pub(super) fn take(&mut self, c: char, word: &'a [char], behind: &[char]) -> bool {
        let inside = behind.first().copied().is_some_and(is_letter);
        let Some(last) = word.last().filter(|_| !inside) else { return false };
        self.carons |= c == '©' && last.is_uppercase();
        let kind = mark(c, *last);
        if let Some(kind) = kind {
            self.add(kind, word);
        }
        kind.is_some()
    }

    fn add(&mut self, kind: Mark, name: &'a [char]) {
        let count = if kind == Mark::Plain { &mut self.plain } else { &mut self.doubtful };
        let count = if self.names.insert(name) { &mut count.0 } else { &mut count.1 };
        *count = count.saturating_add(1);
    }

    /// What they cost. A mark that follows a name does so wherever that stands; beside ALEŠ, it is a letter, and one
    /// without another sign in its text is that of a company.
    pub(super) fn cost(&self, no_words: bool) -> f64 {
        let cost = |(first, more): (u16, u16), each: (f64, f64)| {
            f64::from(first) * each.0 + f64::from(more) * each.1
        };
        let doubtful = match self.doubtful {
            _ if self.carons => (4.0, 1.8),
            (1, _) if no_words => (1.0, 1.0),
            _ => (1.5, 1.0),
        };
        cost(self.plain, (1.5, 1.0)) + cost(self.doubtful, doubtful)
    }
}

/// Which mark a character behind a letter is. © stands in front of names, and is a Š, which is a small one behind small
/// letters.
fn mark(c: char, last: char) -> Option<Mark> {
    match c {
        '®' if last.is_uppercase() && is_vowel(last) => Some(Mark::Doubtful),
        '®' | '™' => Some(Mark::Plain),
        '©' if last.is_lowercase() => Some(Mark::Plain),
        _ => None,
    }
}
