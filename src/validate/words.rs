//! What the words of a field mean: those of the target's choices, and those that the recipe teaches.

use std::collections::BTreeMap;

use crate::record::{Choice, Field, Kind, Slot, Value};
use crate::spelling::normalise;

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
    /// What every other word stands for.
    other: Option<Meant>,
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
        for choice in choices {
            let value = choice.value.clone();
            let value = if several { listed(&value) } else { value };
            let meant = Some(Meant::Value(value));
            for word in choice.words {
                words.alike.insert((*word).to_owned(), meant.clone());
            }
            words.exact.extend(meant.clone().map(|meant| (choice.label.trim().to_owned(), meant)));
            // Two options of an account may be spelt alike: A+ and A-.
            let alike = words.alike.entry(normalise(&choice.label));
            alike
                .and_modify(|known| {
                    if *known != meant {
                        *known = None;
                    }
                })
                .or_insert_with(|| meant.clone());
            if let Value::Integer(code) = choice.value.value() {
                words.alike.insert(code.to_string(), meant);
            }
        }
        words
    }

    /// Adds the words of a recipe, which come before those of the target.
    #[must_use]
    pub fn taught(mut self, words: Vec<(String, Meant)>, other: Option<Meant>) -> Self {
        let mut own: BTreeMap<String, Option<Meant>> = BTreeMap::new();
        for (word, meant) in words {
            let plain = normalise(&word);
            if !plain.is_empty() {
                own.entry(plain)
                    .and_modify(|known| {
                        if known.as_ref() != Some(&meant) {
                            *known = None;
                        }
                    })
                    .or_insert_with(|| Some(meant.clone()));
            }
            self.exact.insert(word.trim().to_owned(), meant);
        }
        self.alike.extend(own);
        self.other = other;
        self
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.alike.is_empty()
    }

    /// What a word stands for.
    pub fn find(&self, text: &str) -> Option<&Meant> {
        self.exact.get(text).or_else(|| {
            let plain = normalise(text);
            if plain.is_empty() { None } else { self.alike.get(&plain)?.as_ref() }
        })
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

#[cfg(test)]
mod tests {
    use super::*;

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
