//! What the words of a header say: how clearly they mean a field.

use crate::record::Words;
use crate::spelling::normalise;

/// How clearly a normalised header means a field: 0 its name, 1 a sure word, 2 a possible word.
pub(super) fn likeness(plain: &str, name: &str, words: Words) -> Option<u8> {
    if plain == normalise(name) {
        Some(0)
    } else if words.sure.contains(&plain) {
        Some(1)
    } else if words.maybe.contains(&plain) {
        Some(2)
    } else {
        None
    }
}
