//! What a template may do to a part before it puts it in: `{First name|ascii|lower}`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A change to a text. They are those that turn a name into the half of an address, and no others:
/// whatever needs more belongs into the sheet, where a person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Letters without their accents; nothing, where a letter has no form in ASCII.
    Ascii,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// The first letter or digit.
    Initial,
    /// Letters, digits and hyphens: no spaces, apostrophes or dots.
    Letters,
}

impl Filter {
    /// Every filter by its name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("ascii", Self::Ascii),
        ("lower", Self::Lower),
        ("upper", Self::Upper),
        ("initial", Self::Initial),
        ("letters", Self::Letters),
    ];

    /// The filter with this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, filter)| *filter)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, filter)| *filter == self).map_or("", |(name, _)| name)
    }

    /// Changes a text.
    pub fn apply(self, text: &str) -> String {
        match self {
            Self::Ascii => ascii(text),
            Self::Lower => text.to_lowercase(),
            Self::Upper => text.to_uppercase(),
            Self::Initial => text.chars().find(|c| c.is_alphanumeric()).into_iter().collect(),
            Self::Letters => text
                .chars()
                .filter(|c| c.is_alphanumeric() || is_combining_mark(*c) || *c == '-')
                .collect(),
        }
    }
}

/// Letters that are no other letter with an accent, and how they are written in ASCII.
const LETTERS: &[(char, &str)] = &[
    ('ß', "ss"),
    ('ẞ', "SS"),
    ('æ', "ae"),
    ('Æ', "AE"),
    ('œ', "oe"),
    ('Œ', "OE"),
    ('ø', "o"),
    ('Ø', "O"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ð', "d"),
    ('Ð', "D"),
    ('þ', "th"),
    ('Þ', "Th"),
    ('ł', "l"),
    ('Ł', "L"),
    ('ħ', "h"),
    ('Ħ', "H"),
    ('ı', "i"),
    ('ŋ', "n"),
    ('Ŋ', "N"),
    ('ŧ', "t"),
    ('Ŧ', "T"),
    ('’', "'"),
    ('‘', "'"),
    ('ʼ', "'"),
    ('‐', "-"),
    ('‑', "-"),
    ('–', "-"),
];

/// A text in ASCII. Half a name would be the name of somebody else: a letter without a form in ASCII
/// leaves nothing.
fn ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    // A half is no 12 and a square no 2; digits of full width are those of any width.
    let is_part = |c: &char| c.is_numeric() && !c.is_ascii() && !('０'..='９').contains(c);
    for c in text.chars().filter(|c| !is_part(c)).nfkd() {
        if c.is_ascii() {
            plain.push(c);
        } else if let Some((_, letters)) = LETTERS.iter().find(|(letter, _)| *letter == c) {
            plain.push_str(letters);
        } else if c.is_alphanumeric() && !is_combining_mark(c) {
            return String::new();
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_halves_of_addresses_or_nothing() {
        for (text, filters, expected) in [
            ("Éloïse", "ascii lower", "eloise"),
            ("5½ High St", "ascii", "5 High St"),
            ("x²", "ascii", "x"),
            ("１２", "ascii", "12"),
            ("Łukasz", "ascii lower", "lukasz"),
            ("Đặng", "ascii lower", "dang"),
            ("Weiß", "ascii upper", "WEISS"),
            ("O’Brien", "ascii letters lower", "obrien"),
            ("van Dyck", "letters", "vanDyck"),
            ("Anne-Marie", "letters lower", "anne-marie"),
            ("Jose\u{301}", "letters", "Jose\u{301}"),
            ("李", "ascii", ""),
            ("Jürgen 李", "ascii", ""),
            ("Иван", "lower", "иван"),
            (" (Ada)", "initial", "A"),
            ("", "initial", ""),
        ] {
            let found = filters
                .split(' ')
                .fold(text.to_owned(), |text, name| Filter::find(name).unwrap().apply(&text));
            assert_eq!(found, expected, "{text} {filters}");
        }
        for (name, filter) in Filter::ALL {
            assert_eq!(filter.name(), name);
        }
    }
}
