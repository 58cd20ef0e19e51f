//! `[values.FIELD]`: what the words of a sheet stand for.

use toml::Spanned;
use toml::de::DeValue;

use super::Recipe;
use super::source::Source;
use super::word::Word;
use crate::error::Result;

/// What the words of one field stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueMap {
    /// The field.
    pub field: Word,
    /// Words and their values, in the order of the file. An empty value is a blank.
    pub words: Vec<(Word, Word)>,
    /// `"*"`: the value of words that nobody knows.
    pub other: Option<Word>,
}

/// Reads the tables below `[values]`.
pub(super) fn read(
    recipe: &mut Recipe,
    source: &Source,
    value: Spanned<DeValue<'_>>,
) -> Result<()> {
    for (field, value) in source.table(value, "[values.FIELD] with lines \"WORD\" = VALUE")? {
        let mut map = ValueMap { field, ..ValueMap::default() };
        for (word, value) in source.table(value, "[values.FIELD] with lines \"WORD\" = VALUE")? {
            let value = source.word(value)?;
            if word.text == "*" {
                map.other = Some(value);
            } else {
                map.words.push((word, value));
            }
        }
        recipe.values.push(map);
    }
    Ok(())
}
