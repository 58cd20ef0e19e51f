//! The words that headers are made of, in English and French and what German programs write, each
//! with the one word that stands for it in the phrases of fields; `vocabulary/languages.rs` has the plain
//! names of fields in other languages.
//!
//! Words are in lower case and without accents. One that is not listed keeps its own meaning, which
//! is what makes "Event name" another thing than "Name".

mod languages;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::RandomState;
use std::sync::LazyLock;

use hashbrown::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// What a word of a header does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// It stands for these words of the phrases of fields.
    Means(&'static str),
    /// It says nothing about what the column is: "your", "please", "(required)".
    Noise,
    /// It says that the column is about the person of the row: "volunteer email".
    Own,
}

/// Words that stand for others.
const MEANINGS: &[(&str, &str)] = &[
    ("email", "email emails mail mails courriel courriels mel messagerie"),
    ("electronic", "electronic electronique"),
    ("address", "address addresses adress adresse adresses addr anschrift"),
    ("phone", "phone phones ph telephone telephones tel telefon telephonique"),
    (
        "mobile",
        "mobile mobiles mob cell cellular cellulaire portable gsm sms handy handphone mobil \
         mobilfunk natel",
    ),
    ("landline", "landline fixe festnetz"),
    ("number", "number numbers no nr num numero nummer n"),
    ("name", "name names namen"),
    ("nom", "nom noms"),
    ("first", "first given christian"),
    ("first name", "forename forenames prenom prenoms fname vorname vornamen rufname"),
    ("last", "last"),
    ("last name", "surname surnames lname sn nachname nachnamen zuname patronyme"),
    ("family", "family famille"),
    ("family name", "familienname"),
    ("nickname", "nickname surnom spitzname"),
    ("full", "full complete complet complets formatted"),
    ("display", "display"),
    (
        "birth",
        "birth birthday birthdate dob naissance ddn bday bdate geburt geburts geburtstag \
         anniversaire geb naiss gebdat",
    ),
    ("born", "born ne nee geboren"),
    ("date", "date datum dat"),
    ("gender", "gender genders sex sexe genre geschlecht geschl"),
    (
        "company",
        "company organization organisation employer employeur entreprise societe firma \
         unternehmen arbeitgeber",
    ),
    ("institution", "institution etablissement"),
    ("school", "school ecole schule"),
    ("university", "university universite universitat"),
    ("occupation", "occupation profession metier beruf"),
    ("job", "job poste"),
    ("title", "title titre titel"),
    ("position", "position fonction"),
    ("salutation", "salutation civilite anrede prefix honorific"),
    ("relationship", "relationship relation lien parente"),
    ("emergency", "emergency urgence notfall ice"),
    ("medical", "medical medicale medicales medicaux"),
    (
        "home",
        "home personal private perso personnel personnelle prive privee domicile privat \
         maison",
    ),
    (
        "work",
        "work business office professional pro professionnel professionnelle bureau travail \
         dienstlich corporate",
    ),
    ("primary", "primary main principal principale default preferred haupt 1"),
    (
        "secondary",
        "secondary secondaire second seconde other autre alternate alternative alt \
         additional 2",
    ),
    ("further", "3 4 5 6 7 8 9"),
    ("street", "street rue strasse straße"),
    ("postal", "postal postale mailing"),
    ("login", "login username benutzername identifiant upn"),
];

/// Words that say nothing about what a column is.
const NOISE: &str = "a about an ein eine un une actuel actuelle and are at au auf aux avons best bist bitte can coordonnees \
    correct current d de dein deine der des details die du en enter entrer est et exact \
    facultatif feld field fill for fur give ihr ihre ihren in indiquer indiquez info \
    information informations is ist l la lautet le legal les ma mandatory mein meine merci \
    mon my obligatoire of official on option optional optionnel or ou our pflichtfeld plait \
    please pour provide quel quelle quels reach renseigner required requis s saisir \
    saisissez say sil tell the to und us usuel usuelle valid value veuillez vos votre \
    vous wann was we were what when where which wie write you your";

/// Little words of other languages, which say nothing beside a word of theirs: "Data di nascita". In English, `AM`
/// and `DI` tell one column from another.
const PARTICLES: &str = "al am da das del di do e el i il ja si su tu van y и і та και";

/// Words for the person of the row.
const OWN: &str = "abonne adherent alumni applicant attendee beneficiaire beneficiary benevole candidat \
    candidate client contact contacts customer donateur donor eleve employe employee \
    etudiant guest individual kontakt kunde lead learner member membre mitglied participant \
    patron person personne player profile pupil recipient registrant resident respondent \
    salarie staff student subscriber teilnehmer user utilisateur volunteer volunteers 本人";

/// Words that say that a column is about somebody or something else than the person of the row.
const OTHERS: &str = "account advisor agent approver assistant billing boss caregiver carer child children \
    club company conjoint coordinator created creator dad doctor ecole eltern emergency \
    employer enfant enfants enseignant entreprise event father friend gp guardian husband \
    ice invited inviter kid kids kin manager medecin mere modified mom mother mum mutter \
    notfall organisation organization owner parent parents partner pere physician \
    proprietaire recruiter referee referral referred referrer rep responsable school sender \
    sibling societe sponsor spouse superviseur supervisor teacher team tuteur updated \
    urgence vater wife \
    elternteil emergencia emergenza foralder foresatt forælder genitore genitori huoltaja \
    madre mae malsman moeder noodcontact noodgeval ouder ouders padre pai responsavel rodic \
    rodzic tutor tutora vader vardnadshavare veli verzorger мать отец родитель родителя \
    conyuge ehefrau ehemann ehepartner erziehungsberechtigte erziehungsberechtigten erziehungsberechtigter \
    landlord maman matka matki nanny opiekun opiekuna sorgeberechtigte sorgeberechtigten sorgeberechtigter \
    voogd";

/// The same within words of languages that write no spaces.
const OTHERS_WITHIN: [&str; 8] =
    ["保護者", "保护人", "監護人", "监护人", "家長", "家长", "緊急連絡", "보호자"];

/// Words for who paid, booked or ordered for the person of the row, and may be that person.
const PAYERS: &str = "acheteur acheteuse auftraggeber besteller bestellerin betaler booker booking buyer comprador \
    compradora kaufer kauferin koper orderer pagador pagadora pagatore payer payeur payeuse purchaser \
    zahler zahlerin";

static SENSES: LazyLock<HashMap<&'static str, Sense, RandomState>> = LazyLock::new(|| {
    let mut senses = HashMap::with_hasher(RandomState::new());
    let mut add = |words: &'static str, sense: Sense| {
        senses.extend(words.split_whitespace().map(|word| (word, sense)));
    };
    for (meaning, words) in languages::LANGUAGES.iter().copied().flatten().chain(MEANINGS) {
        add(words, Sense::Means(meaning));
    }
    add(NOISE, Sense::Noise);
    add(OWN, Sense::Own);
    senses
});

/// What a word does; nothing for one that keeps its own meaning.
pub(super) fn sense(word: &str) -> Option<Sense> {
    SENSES.get(word).copied()
}

/// A text without accents. What other scripts put together stays together.
pub(super) fn unmarked(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc().collect()
}

/// Whether a word is a little one of a language other than English, French and German.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.split(' ').any(|particle| particle == word)
}

/// Whether a word is known from a language other than English, French and German.
pub(super) fn is_of_others(word: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let words = |of: &[(&str, &'static str)]| -> Vec<&'static str> {
            of.iter().flat_map(|(_, words)| words.split_whitespace()).collect()
        };
        let here: BTreeSet<&str> = words(MEANINGS).into_iter().collect();
        let there = languages::LANGUAGES.iter().flat_map(|language| words(language));
        there.filter(|word| !here.contains(word)).collect()
    });
    WORDS.contains(word)
}

/// Whether a word speaks of somebody or something else than the person of the row.
pub(super) fn is_other(word: &str) -> bool {
    static WORDS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| OTHERS.split_whitespace().collect());
    WORDS.contains(word)
        || !word.is_ascii() && OTHERS_WITHIN.iter().any(|within| word.contains(within))
}

/// Whether a word speaks of who paid for the person of the row.
pub(super) fn is_payer(word: &str) -> bool {
    PAYERS.split_whitespace().any(|payer| payer == word)
}

/// Words for the parts of an address that a column of its own may hold; those of one part stand together.
const PLACES: &[&str] = &[
    "city town suburb locality ville localite ort stadt",
    "state province region county canton bundesland",
    "zip postcode postal postleitzahl plz code",
    "country pays",
];

/// Whether words name one part of an address, and say nothing else: `(City)`, not `(with city)`.
pub(super) fn is_place(words: &[String]) -> bool {
    let is_of = |part: &&&str| words.iter().all(|word| part.split(' ').any(|place| word == place));
    !words.is_empty() && PLACES.iter().any(|part| is_of(&part))
}

/// The longest word that is written together with others.
const LONGEST: usize = 14;

/// The words that a word is made of when they were written together: `nomdefamille`.
pub(super) fn apart(word: &str) -> Option<Vec<&str>> {
    if word.len() < 5 || word.len() > 40 || !word.is_ascii() {
        return None;
    }
    // How each beginning of the word can be reached: the length of its last part.
    let mut reached: Vec<Option<usize>> = vec![None; word.len() + 1];
    for end in 2..=word.len() {
        let fits = |length: &usize| {
            let start = end - length;
            let open = start == 0 || reached.get(start).is_some_and(Option::is_some);
            let part = word.get(start..end).unwrap_or_default();
            open && is_part(part)
        };
        let found = (2..=LONGEST.min(end)).rev().find(fits);
        if let Some(place) = reached.get_mut(end) {
            *place = found;
        }
    }
    let mut parts = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let length = (*reached.get(end)?)?;
        parts.push(word.get(end - length..end)?);
        end -= length;
    }
    parts.reverse();
    (parts.len() > 1).then_some(parts)
}

/// Whether a word may be a part of one that was written together. Short ones only where they join
/// others.
fn is_part(part: &str) -> bool {
    match part.len() {
        0 | 1 => false,
        2 => matches!(part, "de" | "du" | "et" | "no" | "of" | "nr"),
        _ => sense(part).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_written_together_come_apart() {
        for (word, parts) in [
            ("firstname", Some("first name")),
            ("nomdefamille", Some("nom de famille")),
            ("emailaddress", Some("email address")),
            ("mobilephonenumber", Some("mobile phone number")),
            ("telephoneportable", Some("telephone portable")),
            ("contactno", Some("contact no")),
            ("geburtsdatum", Some("geburts datum")),
            ("headphone", None),
            ("notes", None),
            ("email", None),
            ("denver", None),
        ] {
            assert_eq!(apart(word).map(|parts| parts.join(" ")).as_deref(), parts, "{word}");
        }
    }

    #[test]
    fn a_word_means_one_thing_in_all_languages() {
        for (meaning, words) in languages::LANGUAGES.iter().copied().flatten() {
            for word in words.split_whitespace() {
                assert_eq!(sense(word), Some(Sense::Means(meaning)), "{word}");
                assert_eq!(unmarked(word), word);
            }
        }
    }

    #[test]
    fn no_word_has_two_senses() {
        let meant = MEANINGS.iter().map(|(_, words)| *words);
        let mut all: Vec<&str> =
            meant.chain([NOISE, OWN]).flat_map(str::split_whitespace).collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
