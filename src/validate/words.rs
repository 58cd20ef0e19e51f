//! What the words of a field mean: those of the target's choices, and those that the recipe teaches.

use std::collections::BTreeMap;

use crate::record::{Choice, Field, Kind, Slot, Value};
use crate::spelling::normalise;
use crate::validate::cell::stands_between;
use crate::validate::eights;

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meant {
    /// A value, judged once.
    Value(Slot<'static>),
    /// That there is no value.
    Blank,
}

/// A choice as one of several.
fn listed(value: &Slot<'static>) -> Slot<'static> {
    Slot::List([value.value().to_string().into()].into())
}

/// The words of one field.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Words of the recipe to the letter: `A+` is not `A-`.
    exact: BTreeMap<String, Meant>,
    /// Words in any case, with or without accents and punctuation. Nothing where two words of the
    /// recipe that mean different things are spelt alike.
    alike: BTreeMap<String, Option<Meant>>,
    /// The words with signs in them that stand between the entries of a list, by their parts.
    parted: BTreeMap<String, Option<Meant>>,
    /// Whether a text may be several words.
    several: bool,
    /// Whether one of them ends with a question mark, so that one behind a word is no doubt.
    are_questions: bool,
    /// What every other word stands for.
    other: Option<Meant>,
}

/// Whether whoever wrote a value was not sure of it: `M?`.
pub(super) fn is_doubted(text: &str) -> bool {
    text.trim_end().ends_with(['?', '？'])
}

/// A word in any spelling. Numbers do not run together: `1-2` is not `12`.
fn plain(text: &str) -> String {
    let mut plain = normalise(text);
    let numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    for digits in numbers.skip(1) {
        plain.push('\u{2}');
        plain.push_str(digits);
    }
    plain
}

/// What stands between the parts of a word in [`Words::parted`].
const PART: &str = "\u{1}";

/// A text by its parts, in any spelling; nothing where it is of one part.
fn parts_of(text: &str) -> Option<String> {
    let parts: Vec<String> =
        text.split(stands_between).map(plain).filter(|part| !part.is_empty()).collect();
    (parts.len() > 1).then(|| parts.join(PART))
}

/// Adds a word; nothing is known of it where it means two things.
fn add(words: &mut BTreeMap<String, Option<Meant>>, word: String, meant: &Meant) {
    words
        .entry(word)
        .and_modify(|known| {
            if known.as_ref() != Some(meant) {
                *known = None;
            }
        })
        .or_insert_with(|| Some(meant.clone()));
}

impl Words {
    /// The words of the target.
    pub fn of(field: &Field) -> Self {
        let mut words = Self::default();
        let choices: &[Choice] = match &field.kind {
            Kind::Choice(choices) | Kind::Choices(choices) => choices,
            _ => &[],
        };
        let several = matches!(field.kind, Kind::Choices(_));
        words.several = several;
        for choice in choices {
            let value = choice.value.clone();
            let value = if several { listed(&value) } else { value };
            let meant = Meant::Value(value);
            for word in choice.words {
                words.alike.insert((*word).to_owned(), Some(meant.clone()));
            }
            words.exact.insert(choice.label.trim().to_owned(), meant.clone());
            words.are_questions |= is_doubted(&choice.label);
            // Two options of an account may be spelt alike: A+ and A-.
            add(&mut words.alike, plain(&choice.label), &meant);
            if let Some(parts) = parts_of(&choice.label) {
                add(&mut words.parted, parts, &meant);
            }
            if let Value::Integer(code) = choice.value.value() {
                words.alike.insert(code.to_string(), Some(meant));
            }
        }
        words
    }

    /// Adds the words of a recipe, which come before those of the target.
    #[must_use]
    pub fn taught(mut self, words: Vec<(String, Meant)>, other: Option<Meant>) -> Self {
        let mut own: BTreeMap<String, Option<Meant>> = BTreeMap::new();
        let mut parted: BTreeMap<String, Option<Meant>> = BTreeMap::new();
        for (word, meant) in words {
            let plain = plain(&word);
            if !plain.is_empty() {
                add(&mut own, plain, &meant);
            }
            if let Some(parts) = parts_of(&word) {
                add(&mut parted, parts, &meant);
            }
            self.are_questions |= is_doubted(&word);
            self.exact.insert(word.trim().to_owned(), meant);
        }
        self.alike.extend(own);
        self.parted.extend(parted);
        self.other = other;
        self
    }

    /// Whether `H` and `M` both are men to them, and no recipe has said what they are.
    pub(super) fn have_two_letters_for_men(&self) -> bool {
        let letter = |letter: &str| self.alike.get(letter).and_then(Option::as_ref);
        let man = letter("m");
        let is_said = ["H", "h", "M", "m"].iter().any(|letter| self.exact.contains_key(*letter));
        // Who says that V is a woman says that M is none.
        let of_women = |letter: &&str| self.exact.get(*letter).is_some_and(|it| Some(it) != man);
        let is_said = is_said || ["V", "v"].iter().any(of_women);
        letter("h").is_some() && letter("h") == man && !is_said
    }

    /// Whether 1 and 2 stand for something though nobody has said for what.
    pub(super) fn have_own_digits(&self) -> bool {
        let own = |digit: &&str| {
            !self.exact.contains_key(*digit) && self.alike.get(*digit).is_some_and(Option::is_some)
        };
        ["1", "2"].iter().all(own)
    }

    /// Whether it is one of them to the letter.
    pub(super) fn has_exactly(&self, word: &str) -> bool {
        self.exact.contains_key(word)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.alike.is_empty()
    }

    /// What a word stands for.
    pub fn find(&self, text: &str) -> Option<&Meant> {
        self.exact.get(text).or_else(|| {
            if is_doubted(text) && !self.are_questions {
                return None;
            }
            if self.several
                && let Some(parts) = parts_of(text)
            {
                return self.parted.get(&parts)?.as_ref();
            }
            let plain = plain(text);
            if plain.is_empty() { None } else { self.alike.get(&plain)?.as_ref() }
        })
    }

    /// What the first entries of a list stand for together, as many as can, and how many they are.
    /// A word may hold a sign that stands between entries; `1; 2` is never the word `12`.
    pub(super) fn first<'w>(&'w self, entries: &[&str]) -> Option<(&'w Meant, usize)> {
        let parted = |count: usize| {
            let parts = parts_of(&entries.get(..count)?.join(";"))?;
            Some((self.parted.get(&parts)?.as_ref()?, count))
        };
        if !self.parted.is_empty()
            && let Some(found) = (2..=entries.len()).rev().find_map(parted)
        {
            return Some(found);
        }
        let found = self.find(entries.first()?);
        found.map(|meant| (meant, 1))
    }

    /// What every other word stands for.
    pub(super) fn other(&self) -> Option<&Meant> {
        self.other.as_ref()
    }

    /// Whether a text is one of the words.
    pub fn knows(&self, text: &str) -> bool {
        self.other.is_some() || self.find(text).is_some()
    }
}

/// What texts of a field were a moment ago: sheets repeat themselves. Each has one place, and the last one
/// that wants it has it.
#[derive(Debug)]
pub(super) struct Known<'a, T> {
    places: Vec<Option<(usize, &'a str, T)>>,
}

impl<T> Default for Known<'_, T> {
    fn default() -> Self {
        Self { places: Vec::new() }
    }
}

impl<'a, T: Copy> Known<'a, T> {
    const PLACES: usize = 256;

    /// Where a text of a slot has its place: by its length and its ends.
    #[inline]
    fn place(slot: usize, text: &str) -> usize {
        let own = eights::ends(text.as_bytes()).wrapping_add((slot << 8 ^ text.len()) as u64);
        let place = own.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
        usize::try_from(place).unwrap_or_default() % Self::PLACES
    }

    #[inline]
    pub(super) fn find(&self, slot: usize, text: &str) -> Option<T> {
        let (of, known, was) = (*self.places.get(Self::place(slot, text))?)?;
        (of == slot && known == text).then_some(was)
    }

    pub(super) fn keep(&mut self, slot: usize, text: &'a str, was: T) {
        self.places.resize(Self::PLACES, None);
        if let Some(place) = self.places.get_mut(Self::place(slot, text)) {
            *place = Some((slot, text, was));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_a_list_are_the_longest_words_and_never_run_together() {
        let choices = ["1", "2", "12", "Mon", "early", "Mon; early", "Tue, late"].map(|label| {
            Choice { value: Slot::Made(label.into()), label: label.into(), words: &[] }
        });
        let words = Words::of(&Field::new("days", Kind::Choices(choices.to_vec().into()), "days"));
        assert_eq!((words.find("1; 2"), words.find("1, 2")), (None, None));
        assert!(words.find("TUE, late").is_some());
        for (entries, expected) in [
            (&["1", "2"][..], Some(("1", 1))),
            (&["1, 2"], None),
            (&["12"], Some(("12", 1))),
            (&["MON", "early", "1"], Some(("Mon; early", 2))),
            (&["Mon", "late"], Some(("Mon", 1))),
            (&["tue", "late"], Some(("Tue, late", 2))),
            (&["tue, late", "1"], Some(("Tue, late", 1))),
            (&["tue late"], Some(("Tue, late", 1))),
            (&["1-2"], None),
            (&["1 2"], None),
            (&["late"], None),
            (&[], None),
        ] {
            let found = words.first(entries).map(|(meant, count)| (meant.clone(), count));
            let expected = expected
                .map(|(word, count)| (Meant::Value(listed(&Slot::Made(word.into()))), count));
            assert_eq!(found, expected, "{entries:?}");
        }
    }

    #[test]
    fn words_are_found_in_any_spelling_unless_two_are_spelt_alike() {
        let text = |text: &str| Meant::Value(Slot::Made(text.into()));
        let field = Field::new("blood", Kind::Text, "blood");
        let words =
            [("A+", "1"), ("A-", "2"), ("Zéro", "3"), ("?", ""), ("oui", "x"), ("OUI!", "x")].map(
                |(word, value)| {
                    (word.to_owned(), if value.is_empty() { Meant::Blank } else { text(value) })
                },
            );
        let words = Words::of(&field).taught(words.to_vec(), None);
        for (word, expected) in [
            ("A+", Some(text("1"))),
            ("A-", Some(text("2"))),
            ("a -", None),
            ("ZERO", Some(text("3"))),
            ("?", Some(Meant::Blank)),
            ("!", None),
            ("Oui", Some(text("x"))),
            ("B", None),
        ] {
            assert_eq!(words.find(word).cloned(), expected, "{word}");
        }
        assert!(!words.knows("B") && words.knows("?"));
        assert!(Words::of(&field).taught(Vec::new(), Some(Meant::Blank)).knows("B"));
    }
}
