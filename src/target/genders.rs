//! What people write for their gender, in several languages: the words of every target that has a list of genders.
//!
//! They are normalised ([`crate::spelling::normalise`]) and in order. A letter that is a woman here and a man there (`v`)
//! is left out. Syllables of Hangul are taken apart by that, and written as their parts.

/// A woman.
#[rustfmt::skip]
pub(super) const FEMALE: &[&str] = &[
    "bayan", "dona", "donna", "f", "fem", "femeie", "femenino", "feminin", "feminine", "feminino",
    "femme", "femmina", "femminile", "fille", "frau", "fru", "girl", "k", "kadın", "kobieta",
    "kvinde", "kvinna", "kvinne", "madame", "mademoiselle", "mevr", "mevrouw", "miss", "mlle",
    "mme", "mrs", "ms", "mujer", "mulher", "mw", "nainen", "pani", "perempuan", "senora", "she",
    "signora", "sra", "srta", "vrouw", "vrouwelijk", "w", "wanita", "weiblich", "woman", "women",
    "z", "zena", "zenska", "zensko", "γυναικα", "θηλυ", "ж", "женскии", "женщина", "жінка",
    "жіноча", "אישה", "אשה", "בת", "נקבה", "امراة", "امرا\u{654}ة", "انثى", "انثي", "ا\u{654}نثى",
    "ا\u{654}نثي", "\u{110b}\u{1167}", "\u{110b}\u{1167}\u{1109}\u{1165}\u{11bc}",
    "\u{110b}\u{1167}\u{110c}\u{1161}", "女", "女性",
];

/// A man.
#[rustfmt::skip]
pub(super) const MALE: &[&str] = &[
    "barbat", "bay", "boy", "dhr", "erkek", "ferfi", "garcon", "h", "he", "heer", "herr", "hombre",
    "homem", "homme", "lakilaki", "m", "man", "mand", "mann", "mannelijk", "mannlich", "masc",
    "maschile", "maschio", "masculin", "masculine", "masculino", "men", "meska", "meski",
    "mezczyzna", "mies", "mister", "monsieur", "mr", "muski", "musko", "muz", "pan", "pria",
    "senor", "signor", "sr", "uomo", "varon", "ανδρας", "αντρας", "αρρεν", "м", "мужскои",
    "мужчина", "чоловік", "чоловіча", "בן", "גבר", "זכר", "ذكر", "رجل", "\u{1102}\u{1161}\u{11b7}",
    "\u{1102}\u{1161}\u{11b7}\u{1109}\u{1165}\u{11bc}", "\u{1102}\u{1161}\u{11b7}\u{110c}\u{1161}",
    "男", "男性",
];

/// Neither of these.
#[rustfmt::skip]
pub(super) const OTHER: &[&str] = &[
    "agender", "altro", "andere", "anders", "andet", "annat", "annet", "autre", "diger", "divers",
    "diverse", "enby", "genderfluid", "genderqueer", "inna", "inne", "inny", "intersex", "jine",
    "muu", "nb", "nichtbinar", "nobinario", "nonbinaire", "nonbinary", "nongendered", "o", "otra",
    "otro", "outro", "they", "x", "その他", "其他",
];

/// Somebody who does not say.
#[rustfmt::skip]
pub(super) const WITHHELD: &[&str] = &[
    "belirtilmemis", "belirtmekistemiyorum", "decline", "declinetoanswer", "ikkeoplyst",
    "ikkeoppgitt", "jepreferenepasrepondre", "keineangabe", "keineangaben", "naodeclarado",
    "naoinformado", "nepasrepondre", "neuvedeno", "neveutpasrepondre", "niepodano",
    "noespecificado", "noinformado", "nonprecise", "nonrenseigne", "nonspecificato", "nonspecifie",
    "notdisclosed", "notsaid", "notspecified", "notstated", "preferenepasdire",
    "preferenepasrepondre", "preferisconondirlo", "preferiscononrispondere", "prefernotsay",
    "prefernottoanswer", "prefernottodisclose", "prefernottosay", "prefersnottosay",
    "prefieronocontestar", "prefieronodecir", "prefieronodecirlo", "prefieronoindicar",
    "prefieronoresponder", "prefironaodizer", "prefironaoinformar", "prefironaoresponder",
    "rathernotsay", "undisclosed", "withheld", "zegiklieverniet", "不愿透露", "保密", "回答しない", "无回答",
    "無回答",
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
        for (word, words) in [
            ("weiblich", FEMALE),
            ("hombre", MALE),
            ("divers", OTHER),
            ("נקבה", FEMALE),
            ("אשה", FEMALE),
            ("أنثى", FEMALE),
            ("انثى", FEMALE),
            ("أنثي", FEMALE),
            ("امرأة", FEMALE),
            ("رجل", MALE),
            ("여자", FEMALE),
        ] {
            assert!(words.contains(&normalise(word).as_str()), "{word}");
        }
    }
}
