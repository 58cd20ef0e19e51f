//! What people write for their gender, in several languages: the words of every target that has a list of genders.
//!
//! They are normalised ([`crate::spelling::normalise`]) and in order. A letter that is a woman here and a man there (`v`)
//! is left out.

/// A woman.
#[rustfmt::skip]
pub(super) const FEMALE: &[&str] = &[
    "donna", "f", "fem", "femenino", "feminin", "feminine", "feminino", "femme", "femmina",
    "femminile", "fille", "frau", "girl", "k", "kadın", "kobieta", "kvinde", "kvinna", "kvinne",
    "mujer", "mulher", "nainen", "she", "vrouw", "w", "wanita", "weiblich", "woman", "women",
    "zena", "ж", "женскии", "женщина", "女", "女性",
];

/// A man.
#[rustfmt::skip]
pub(super) const MALE: &[&str] = &[
    "boy", "erkek", "ferfi", "garcon", "h", "he", "hombre", "homem", "homme", "m", "man", "mann",
    "mannlich", "masc", "maschile", "maschio", "masculin", "masculine", "masculino", "men",
    "mezczyzna", "mies", "mr", "muz", "pria", "uomo", "varon", "м", "мужскои", "мужчина", "男", "男性",
];

/// Neither of these.
#[rustfmt::skip]
pub(super) const OTHER: &[&str] = &[
    "agender", "altro", "andere", "annat", "autre", "divers", "diverse", "enby", "genderfluid",
    "genderqueer", "intersex", "nb", "nichtbinar", "nobinario", "nonbinaire", "nonbinary",
    "nongendered", "o", "otra", "otro", "outro", "they", "x", "その他", "其他",
];

/// Somebody who does not say.
#[rustfmt::skip]
pub(super) const WITHHELD: &[&str] = &[
    "decline", "declinetoanswer", "jepreferenepasrepondre", "keineangabe", "nepasrepondre",
    "neveutpasrepondre", "notdisclosed", "notsaid", "notspecified", "notstated", "preferenepasdire",
    "preferenepasrepondre", "preferisconondirlo", "prefernotsay", "prefernottoanswer",
    "prefernottodisclose", "prefernottosay", "prefersnottosay", "prefieronodecirlo",
    "prefieronoresponder", "prefironaodizer", "rathernotsay", "undisclosed", "withheld",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::normalise;

    #[test]
    fn a_word_means_one_gender() {
        let all = [FEMALE, MALE, OTHER, WITHHELD];
        for words in all {
            assert!(words.is_sorted_by(|a, b| a < b));
            for word in words {
                assert_eq!(normalise(word), *word);
                assert_eq!(all.iter().filter(|words| words.contains(word)).count(), 1, "{word}");
            }
        }
        for (word, words) in [("weiblich", FEMALE), ("hombre", MALE), ("divers", OTHER)] {
            assert!(words.contains(&word), "{word}");
        }
    }
}
