//! Texts of a plan, end to end: a plan may have a line for each cell of a large file.

/// Where a text stands among the others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    start: usize,
    end: usize,
}

/// Many short texts.
#[derive(Debug, Default)]
pub(super) struct Texts(String);

impl Texts {
    /// Keeps a text.
    pub(super) fn add(&mut self, text: &str) -> Place {
        let start = self.0.len();
        self.0.push_str(text);
        Place { start, end: self.0.len() }
    }

    /// Gives it back.
    pub(super) fn get(&self, place: Place) -> &str {
        self.0.get(place.start..place.end).unwrap_or_default()
    }
}

/// A few different words that come again and again, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// The number of a word.
    pub(super) fn number(&mut self, word: &str) -> usize {
        if let Some(known) = self.0.iter().position(|known| known == word) {
            return known;
        }
        self.0.push(word.to_owned());
        self.0.len() - 1
    }

    /// The word of a number.
    pub(super) fn get(&self, number: usize) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }

    /// All of them, in the order in which they came.
    pub(super) fn all(&self) -> &[String] {
        &self.0
    }
}
