//! Names: Unicode as it is; only what is plainly no name is doubted.

use crate::spelling::normalise;

/// Words that stand where a name is not known, normalised, in order.
const STAND_INS: &[&str] = &[
    "aaa",
    "anonymous",
    "asdf",
    "dummy",
    "example",
    "firstname",
    "inconnu",
    "lastname",
    "na",
    "name",
    "nil",
    "nom",
    "none",
    "null",
    "prenom",
    "surname",
    "tba",
    "tbc",
    "tbd",
    "test",
    "tester",
    "testing",
    "undefined",
    "unknown",
    "xx",
    "xxx",
    "xxxx",
];

/// Why a text is hardly a name. Warnings only: people have the strangest names.
pub(super) fn doubt(text: &str) -> Option<&'static str> {
    if !text.chars().any(char::is_alphabetic) {
        return Some("there is no letter in it");
    }
    let is_short = text.len() <= 10;
    if text == "\\N" {
        return Some("a database writes it for a value that is not there");
    }
    if is_short && STAND_INS.binary_search(&normalise(text).as_str()).is_ok() && text != "Na" {
        return Some("it looks like a stand-in, not like a name");
    }
    None
}

/// Words in lower case that begin family names and nothing else.
const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos",
    "du", "el", "het", "ibn", "la", "las", "le", "les", "los", "op", "ten", "ter", "van", "vom",
    "von", "y", "zu", "zum", "zur",
];

/// Given and family name of a full name, where it has exactly one of each: `Ada Lovelace`,
/// `Lovelace, Ada` or `Ludwig van Beethoven`.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let single = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    if let Some((family, given)) = text.split_once(',') {
        let (family, given) = (family.trim(), given.trim());
        return (single(family) && single(given) && !given.contains(','))
            .then_some((given, family));
    }
    let (given, family) = text.split_once(' ')?;
    // `Tomás de la Cruz`: words that only ever begin a family name belong to it.
    let (last, before) = family.rsplit_once(' ').map_or((family, ""), |(a, b)| (b, a));
    let particles = before.split(' ').all(|word| word.is_empty() || PARTICLES.contains(&word));
    (single(given) && single(last) && particles).then_some((given, family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_doubted_and_names_are_not() {
        assert!(STAND_INS.is_sorted());
        for odd in ["test", "N/A", "NULL", "\\N", "undefined", "12345", "-", "XXX"] {
            assert!(doubt(odd).is_some(), "{odd}");
        }
        for name in ["Ada", "李", "O'Brien", "X", "Na", "Null-Baker", "Nil Armstrong"] {
            assert!(doubt(name).is_none(), "{name}");
        }
    }

    #[test]
    fn full_names_are_split_only_where_that_is_certain() {
        assert_eq!(split("Ada Lovelace"), Some(("Ada", "Lovelace")));
        assert_eq!(split("Lovelace, Ada"), Some(("Ada", "Lovelace")));
        assert_eq!(split("Tomás de la Cruz"), Some(("Tomás", "de la Cruz")));
        for unsure in ["Ada", "Anna Maria van Dyck", "Dyck, Anna Maria", "a,b,c", ""] {
            assert_eq!(split(unsure), None, "{unsure}");
        }
    }
}
