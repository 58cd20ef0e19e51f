//! The words that make up a cause: few of them stand in most of its cells.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Word;
use crate::finding::{self, Code, Finding};
use crate::spelling::normalise;

/// How many different words of a cause are told apart. Later ones are counted together.
const TOLD_APART: usize = 256;
/// A longer text is no word, and many of them would take much memory.
const LONGEST: usize = 200;
/// How many of them a cause names.
const NAMED: usize = 20;

/// Kinds of findings whose whole value is the word.
static BY_VALUE: &[&Code] = &[
    &finding::CHOICE_UNKNOWN,
    &finding::BOOL_SYNTAX,
    &finding::CURRENCY_UNKNOWN,
    &finding::NAME_PLACEHOLDER,
    &finding::CELL_ERROR,
    &finding::BLANK_WORD,
];

/// The word of a finding, and what it was perhaps meant to be. For addresses it is the part that is
/// at fault: the domain, or the mailbox of a role.
fn word_of(finding: &Finding) -> Option<(&str, Option<&str>)> {
    let value = finding.value.trim();
    let after = finding.fix.as_ref().map(|fix| fix.after.as_ref());
    if [&finding::EMAIL_TYPO, &finding::EMAIL_SYNTAX].contains(&finding.code) {
        let domain = |address: &'_ str| address.rfind('@').map(|at| at + 1);
        let meant = after.and_then(|after| after.get(domain(after)?..));
        let own = value.get(domain(value)?..)?;
        return Some((own, meant.filter(|meant| *meant != own)));
    }
    if finding.code == &finding::EMAIL_ROLE {
        return Some((value.split('@').next()?, None));
    }
    let whole = BY_VALUE.contains(&finding.code) && !value.is_empty();
    whole.then_some((value, after.filter(|_| finding.code == &finding::CHOICE_UNKNOWN)))
}

/// The different words of a cause, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Words {
    seen: Vec<Word>,
    index: BTreeMap<String, usize>,
    /// Findings whose word came when there were too many.
    others: u64,
}

impl Words {
    /// Counts the word of a finding, if it has one.
    pub(super) fn count(&mut self, finding: &Finding) {
        let Some((text, suggestion)) = word_of(finding) else { return };
        if text.len() > LONGEST {
            self.others += 1;
            return;
        }
        // A recipe takes words in any spelling, so they are one here too.
        let plain = normalise(text);
        let key = if plain.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(plain) };
        if let Some(word) = self.index.get(key.as_ref()).and_then(|&at| self.seen.get_mut(at)) {
            word.count += 1;
        } else if self.seen.len() < TOLD_APART {
            self.index.insert(key.into_owned(), self.seen.len());
            let suggestion = suggestion.map(str::to_owned);
            self.seen.push(Word { text: text.to_owned(), count: 1, suggestion });
        } else {
            self.others += 1;
        }
    }

    /// The words, the most frequent first, and how many findings have another one. Where hardly any
    /// word stands twice, words are no cause, and there are none.
    pub(super) fn finish(mut self) -> (Vec<Word>, u64) {
        let all: u64 = self.seen.iter().map(|word| word.count).sum();
        if (self.seen.len() as u64) * 2 > all && all > 3 || self.others > all {
            return (Vec::new(), 0);
        }
        // Stable: of equals, the one that came first.
        self.seen.sort_by_key(|word| std::cmp::Reverse(word.count));
        let beyond: u64 = self.seen.iter().skip(NAMED).map(|word| word.count).sum();
        self.seen.truncate(NAMED);
        (self.seen, beyond + self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Location;

    fn counted(code: &'static Code, values: impl Iterator<Item = String>) -> (Vec<Word>, u64) {
        let mut words = Words::default();
        for value in values {
            words.count(&Finding::new(code, Location::default(), "").value(&value));
        }
        words.finish()
    }

    #[test]
    fn words_are_counted_in_any_spelling_the_most_frequent_first() {
        let values = ["Benevole", "Etud.", "etud", "ETUD."].map(str::to_owned);
        let (words, others) = counted(&finding::CHOICE_UNKNOWN, values.into_iter());
        let words: Vec<(&str, u64)> =
            words.iter().map(|word| (word.text.as_str(), word.count)).collect();
        assert_eq!((words, others), (vec![("Etud.", 3), ("Benevole", 1)], 0));
    }

    #[test]
    fn many_words_are_counted_and_not_kept() {
        let values = (0..10_000).map(|n| format!("word {}", n % 300));
        let (words, others) = counted(&finding::CHOICE_UNKNOWN, values);
        assert_eq!(words.len(), NAMED);
        assert_eq!(words.iter().map(|word| word.count).sum::<u64>() + others, 10_000);
        let (words, others) =
            counted(&finding::CHOICE_UNKNOWN, (0..1_000).map(|n| format!("word {n}")));
        assert_eq!((words, others), (vec![], 0), "each stands once");
    }

    #[test]
    fn of_addresses_the_part_at_fault_is_the_word() {
        let at = Location::default();
        let slip = Finding::new(&finding::EMAIL_TYPO, at, "").value("ada@gamil.com ");
        assert_eq!(
            word_of(&slip.fix("ada@gmail.com", false)),
            Some(("gamil.com", Some("gmail.com")))
        );
        let role = Finding::new(&finding::EMAIL_ROLE, at, "").value("info@example.org");
        assert_eq!(word_of(&role), Some(("info", None)));
        assert_eq!(word_of(&Finding::new(&finding::ROW_SHORT, at, "").value("x")), None);
    }
}
