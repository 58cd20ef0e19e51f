//! When two spellings are the same word, and which word a slip was meant to be.

use unicode_normalization::UnicodeNormalization as _;

/// A header or a word without case, accents, spaces and punctuation: `E-mail *` becomes `email`.
pub fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return text
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .map(|byte| char::from(byte.to_ascii_lowercase()))
            .collect();
    }
    text.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The name among `names` that `wanted` most likely is a slip of, if one is near enough.
pub fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = normalise(wanted);
    names
        .map(|name| (strsim::jaro_winkler(&wanted, &normalise(name)), name))
        .filter(|(likeness, _)| *likeness >= 0.82)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// Whether a word is a slip of another, both in normal form: one letter off, or two in long words.
pub fn is_slip(word: &str, meant: &str) -> bool {
    let length = word.len().min(meant.len());
    let most = if length >= 8 { 2 } else { 1 };
    length >= 4
        && word.len().abs_diff(meant.len()) <= most
        && strsim::osa_distance(word, meant) <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_word_are_equal() {
        for (text, expected) in [
            ("E-mail *", "email"),
            ("Prénom", "prenom"),
            ("  Date_of.Birth ", "dateofbirth"),
            ("ＰＨＯＮＥ", "phone"),
            ("***", ""),
        ] {
            assert_eq!(normalise(text), expected);
        }
    }

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["email", "first_name", "last_name"];
        assert_eq!(nearest("emial", names.into_iter()), Some("email"));
        assert_eq!(nearest("lastname", names.into_iter()), Some("last_name"));
        assert_eq!(nearest("zebra", names.into_iter()), None);
    }
}
