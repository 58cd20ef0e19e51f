//! How clearly a header means a field: what it says, compared with the phrases of the field.

use std::sync::LazyLock;

use super::header::Header;
use super::{FULL_NAME, words};
use crate::record::{Field, Words};
use crate::spelling::normalise;

/// Whether a header is one of the words that people write for the fields they all have.
pub fn is_usual(text: &str) -> bool {
    static USUAL: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
        [words::FIRST_NAME, words::LAST_NAME, words::EMAIL, words::PHONE, words::BIRTH_DATE]
            .into_iter()
            .map(|words| Phrases::new("", Words { maybe: &[], ..words }))
            .collect()
    });
    // Headers are short; longer text is not worth taking apart.
    if text.len() > 120 || !text.contains(char::is_alphabetic) {
        return false;
    }
    let header = Header::new(text);
    USUAL.iter().any(|phrases| phrases.likeness(&header).is_some())
}

/// Tells whether a header means one of these fields for sure.
pub fn meaning_of(fields: &[Field]) -> impl Fn(&str) -> bool + use<> {
    let phrases: Vec<Phrases> = fields.iter().map(Phrases::of).collect();
    move |text| {
        let header = Header::new(text);
        let sure = |likeness: Likeness| !likeness.maybe;
        phrases.iter().any(|phrases| phrases.likeness(&header).is_some_and(sure))
    }
}

/// Whether a header says clearly that first and last name stand in one cell.
pub fn says_full_name(header: &str) -> bool {
    let phrases = Phrases::new(FULL_NAME, words::FULL_NAME);
    phrases.likeness(&Header::new(header)).is_some_and(|likeness| !likeness.maybe)
}

/// Whether a header, or a cell over several, speaks of somebody else than the person of the row.
pub fn is_about_others(header: &str) -> bool {
    Header::new(header).is_about_others()
}

/// Whether a header says that a name of somebody stands below it, or a part of one.
pub fn is_of_names(text: &str) -> bool {
    static NAMES: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
        [words::FIRST_NAME, words::LAST_NAME, words::FULL_NAME]
            .into_iter()
            .map(|words| Phrases::new("", Words { maybe: &[], ..words }))
            .collect()
    });
    let header = Header::new(text);
    let is_name = header.is(&["name"]) || header.is(&["nom"]);
    is_name || NAMES.iter().any(|phrases| phrases.likeness(&header).is_some())
}

/// How clearly a header means a field: the smaller, the clearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Likeness {
    /// Whether the words mean the field only where no other column does so more clearly.
    pub(super) maybe: bool,
    /// The place of the phrase in the list of the field, which is in order of preference.
    pub(super) rank: usize,
    /// Whether it is not the field's own name.
    pub(super) worded: bool,
}

/// The phrases of a field, taken apart.
#[derive(Debug)]
pub(super) struct Phrases {
    name: String,
    /// What the account calls the field, in normal form.
    label: Option<String>,
    sure: Vec<Vec<Phrase>>,
    maybe: Vec<Vec<Phrase>>,
}

#[derive(Debug)]
struct Phrase {
    header: Header,
    /// Whether only this very spelling counts.
    exact: bool,
}

impl Phrases {
    /// The phrases of a field of this name. A list is in order of preference; phrases between `|`
    /// are alike; `=` marks one that counts as it is spelt.
    pub(super) fn of(field: &Field) -> Self {
        let label = field.label.as_deref().map(normalise).filter(|label| !label.is_empty());
        Self { label, ..Self::new(&field.name, field.words) }
    }

    /// The phrases of a name with these words.
    pub(super) fn new(name: &str, words: Words) -> Self {
        let list = |phrases: &[&str]| -> Vec<Vec<Phrase>> {
            phrases.iter().map(|alike| alike.split('|').map(Phrase::new).collect()).collect()
        };
        Self {
            name: normalise(name),
            label: None,
            sure: list(words.sure),
            maybe: list(words.maybe),
        }
    }

    /// How clearly a header means the field.
    pub(super) fn likeness(&self, header: &Header) -> Option<Likeness> {
        let rank = |list: &[Vec<Phrase>]| {
            list.iter().position(|alike| alike.iter().any(|phrase| phrase.is(header)))
        };
        if header.plain.is_empty() {
            return None;
        }
        let worded = header.plain != self.name && self.label.as_ref() != Some(&header.plain);
        let sure = rank(&self.sure).map(|rank| Likeness { maybe: false, rank, worded });
        let named = (!worded).then_some(Likeness { maybe: false, rank: 0, worded });
        let maybe = || rank(&self.maybe).map(|rank| Likeness { maybe: true, rank, worded });
        sure.or(named).or_else(maybe)
    }

    /// The name and the sure phrases in normal form, for slips.
    pub(super) fn spellings(&self) -> impl Iterator<Item = &str> {
        let sure = self.sure.iter().flatten().map(|phrase| phrase.header.plain.as_str());
        std::iter::once(self.name.as_str()).chain(self.label.as_deref()).chain(sure)
    }
}

impl Phrase {
    fn new(text: &str) -> Self {
        let exact = text.starts_with('=');
        Self { header: Header::new(text.trim_start_matches('=')), exact }
    }

    fn is(&self, header: &Header) -> bool {
        let said = !self.exact && !header.meant.is_empty() && self.header.meant == header.meant;
        said || self.header.plain == header.plain
    }
}
