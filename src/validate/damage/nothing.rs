//! What stands in place of a value: the error of a formula, and words of programs for what is not there.

use super::is_digits;

/// Errors of formulas, as the spreadsheets of several languages show them, in order.
pub(super) const ERRORS: &[&str] = &[
    "#BEZUG!",
    "#BLOCKED!",
    "#BUSY!",
    "#CALC!",
    "#CONNECT!",
    "#DEEL/0!",
    "#DIV/0!",
    "#ERROR!",
    "#FIELD!",
    "#GETAL!",
    "#GETTING_DATA",
    "#N/A",
    "#N/B",
    "#N/D",
    "#NAAM?",
    "#NAME?",
    "#NOM?",
    "#NOMBRE!",
    "#NOME?",
    "#NUL!",
    "#NULL!",
    "#NUM!",
    "#NV",
    "#PYTHON!",
    "#REF!",
    "#RIF!",
    "#SPILL!",
    "#UNKNOWN!",
    "#VALEUR!",
    "#VALOR!",
    "#VALORE!",
    "#VALUE!",
    "#VERW!",
    "#WAARDE!",
    "#WERT!",
    "#ZAHL!",
    "#¡DIV/0!",
    "#¡NULO!",
    "#¡NUM!",
    "#¡REF!",
    "#¡VALOR!",
    "#¿NOMBRE?",
];

/// Whether a text is what a spreadsheet shows in place of a value: the error of a formula, or the
/// signs that fill a column too narrow for its number.
pub(in crate::validate) fn is_error(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && is_digits(number);
    }
    text.starts_with('#')
        && (text.len() > 2 && text.bytes().all(|byte| byte == b'#')
            || ERRORS.binary_search(&text).is_ok())
}

/// What a field takes, as far as words for "nothing" go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Takes {
    /// People's names: `Null` is one.
    Names,
    /// Prose and words: `None` and `nan` may be answers.
    Words,
    /// Values of a certain form, which no word for nothing has.
    Form,
}

/// Whether a text is what a database or a program writes for a value that is not there.
pub(in crate::validate) fn is_nothing(text: &str, takes: Takes) -> bool {
    let certain = matches!(text, "\\N" | "NULL" | "(null)" | "NaN" | "<NA>");
    let word = matches!(text, "null" | "nan" | "None" | "undefined" | "NaT");
    match takes {
        Takes::Names => false,
        Takes::Words => certain,
        Takes::Form => certain || word,
    }
}

#[cfg(test)]
mod tests {
    use super::super::is_odd;
    use super::*;

    #[test]
    fn errors_of_spreadsheets_are_known_and_hash_tags_are_not() {
        assert!(ERRORS.is_sorted());
        for text in ERRORS.iter().chain(&["########", "###", "Err:502"]) {
            assert!(is_error(text) && is_odd(text), "{text}");
        }
        for text in ["#1", "#", "##", "#volunteer", "Err:", "Err:50", "N/A", "Error"] {
            assert!(!is_error(text), "{text}");
        }
    }

    #[test]
    fn words_for_nothing_depend_on_what_the_field_takes() {
        for (text, takes, nothing) in [
            ("NULL", Takes::Form, true),
            ("NULL", Takes::Words, true),
            ("NULL", Takes::Names, false),
            ("None", Takes::Form, true),
            ("None", Takes::Words, false),
            ("nan", Takes::Form, true),
            ("nan", Takes::Words, false),
            ("\\N", Takes::Words, true),
            ("Null", Takes::Form, false),
            ("none", Takes::Form, false),
        ] {
            assert_eq!(is_nothing(text, takes), nothing, "{text} {takes:?}");
            assert!(!nothing || is_odd(text), "{text}");
        }
    }
}
