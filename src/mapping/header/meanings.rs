//! What the words of a header mean: each alone, some together, and what is left of them beside each other.

use std::hash::RandomState;
use std::sync::LazyLock;

use hashbrown::HashSet;

use crate::mapping::vocabulary::{Sense, apart, is_of_others, is_particle, sense};

/// Words beside which a word for the person of the row says nothing more. "First contact" is no
/// first name.
pub(super) const NOUNS: &[&str] = &[
    "address",
    "birth",
    "born",
    "company",
    "email",
    "gender",
    "job",
    "mobile",
    "name",
    "nickname",
    "nom",
    "number",
    "occupation",
    "phone",
    "salutation",
    "title",
];

/// Whether fields are made of this word.
pub(super) fn is_of_fields(word: &str) -> bool {
    const PLAIN: &[&str] = &["day", "evening", "further", "label", "type"];
    PLAIN.contains(&word) || matches!(sense(word), Some(Sense::Means(meaning)) if meaning == word)
}

/// Words that mean something together which none of them means alone.
pub(super) const TOGETHER: &[(&[&str], &str)] = &[
    (&["user", "name"], "login"),
    (&["user", "principal", "name"], "login"),
    (&["sign", "name"], "login"),
    (&["login", "name"], "login"),
    (&["nom", "utilisateur"], "login"),
    (&["next", "kin"], "emergency"),
    (&["vorname", "name"], "first last"),
    (&["name", "vorname"], "last first"),
    (&["familienname", "vorname"], "last first"),
    (&["vorname", "familienname"], "first last"),
    (&["nach", "vorname"], "last first"),
    (&["zu", "vorname"], "last first"),
    (&["vor", "nachname"], "first last"),
    (&["vor", "zuname"], "first last"),
    (&["nach", "u", "vorname"], "last first"),
    (&["zu", "u", "vorname"], "last first"),
    (&["vor", "u", "nachname"], "first last"),
    (&["vor", "u", "zuname"], "first last"),
    (&["family", "name", "first", "name"], "last first"),
    (&["family", "name", "given", "name"], "last first"),
    (&["ticket", "data"], "ticket"),
    (&["full", "name", "first", "name"], "first name"),
    (&["full", "name", "last", "name"], "last name"),
    (&["first", "name", "family", "name"], "first last"),
    (&["given", "name", "family", "name"], "first last"),
    (&["given", "names", "family", "name"], "first last"),
    (&["family", "name", "given", "names"], "last first"),
    (&["surname", "initials"], "last first"),
    (&["initials", "surname"], "first last"),
    (&["nom", "usage", "prenom"], "last first"),
    (&["nick", "name"], "nickname"),
    // What Catalan and Portuguese call names.
    (&["nom", "cognom"], "first last"),
    (&["nom", "cognoms"], "first last"),
    (&["cognom", "nom"], "last first"),
    (&["cognoms", "nom"], "last first"),
    (&["nome", "apelido"], "first last"),
    (&["apelido", "nome"], "last first"),
    // And other languages. Of "för- och efternamn" the first word says nothing elsewhere.
    (&["och", "efternamn"], "first last"),
    (&["og", "efternavn"], "first last"),
    (&["og", "etternavn"], "first last"),
    (&["fornamn", "och", "efternamn"], "first last"),
    (&["efternamn", "och", "fornamn"], "last first"),
    (&["fornavn", "og", "efternavn"], "first last"),
    (&["efternavn", "og", "fornavn"], "last first"),
    (&["fornavn", "og", "etternavn"], "first last"),
    (&["etternavn", "og", "fornavn"], "last first"),
    (&["vezeteknev", "es", "keresztnev"], "last first"),
    (&["vezeteknev", "es", "utonev"], "last first"),
    (&["etu", "sukunimi"], "first last"),
    (&["voorletters", "achternaam"], "first last"),
    (&["achternaam", "voorletters"], "last first"),
    (&["soyad", "ad"], "last first"),
    (&["ho", "va", "ten"], "last first"),
    (&["ho", "ten"], "last first"),
    (&["фамилия", "имя", "отчество"], "last first"),
    (&["прізвище", "ім", "я"], "last first"),
    (&["ім", "я", "прізвище"], "first last"),
    (&["שם", "משפחה", "ושם", "פרטי"], "last first"),
    (&["שם", "פרטי", "ושם", "משפחה"], "first last"),
    (&["שם", "פרטי", "ומשפחה"], "first last"),
    (&["الاسم", "واللقب"], "first last"),
    (&["اللقب", "والاسم"], "last first"),
    // "CEP" is a postcode in Brazil.
    (&["cep", "telefon"], "mobile"),
    (&["cep", "telefonu"], "mobile"),
    (&["cep", "tel"], "mobile"),
    (&["cep", "no"], "mobile"),
    (&["ad", "soyad"], "first last"),
    // Of two family names the first one is what people are called by.
    (&["primer", "apellido"], "last name"),
    (&["apellido", "paterno"], "last name"),
    (&["apellido", "1"], "last name"),
    (&["1", "apellido"], "last name"),
    (&["1", "er", "apellido"], "last name"),
    (&["1", "o", "apellido"], "last name"),
    (&["segundo", "apellido"], "secondary last name"),
    (&["primer", "cognom"], "last name"),
    (&["segon", "cognom"], "secondary last name"),
    (&["apellido", "materno"], "secondary last name"),
    (&["apellido", "2"], "secondary last name"),
    (&["2", "apellido"], "secondary last name"),
    (&["2", "do", "apellido"], "secondary last name"),
    (&["2", "o", "apellido"], "secondary last name"),
    (&["nombre", "pila"], "first name"),
    (&["primer", "nombre"], "first name"),
    (&["primeiro", "nome"], "first name"),
    (&["ultimo", "nome"], "last name"),
    (&["nama", "depan"], "first name"),
    (&["nama", "belakang"], "last name"),
    (&["nama", "lengkap"], "full name"),
    (&["ім", "я"], "name"),
    (&["nombre", "usuario"], "login"),
    (&["nome", "usuario"], "login"),
    (&["nome", "utente"], "login"),
    (&["posta", "elettronica"], "email"),
    // Numbered contacts are other people.
    (&["contact", "1"], "companion"),
    (&["contact", "2"], "companion further"),
    (&["contact", "3"], "companion further"),
    (&["no", "phone"], "silent"),
    (&["no", "mobile"], "silent"),
    (&["no", "sms"], "silent"),
    (&["no", "email"], "silent"),
];

/// The first words of these: most words are none.
static FIRST_OF_SEVERAL: LazyLock<HashSet<&str, RandomState>> =
    LazyLock::new(|| TOGETHER.iter().filter_map(|(words, _)| words.first().copied()).collect());

/// The words of a header that say something; of those that were written together, each.
fn told(spoken: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let is_foreign = spoken.iter().any(|word| is_of_others(word));
    for (place, word) in spoken.iter().enumerate() {
        let behind = spoken.get(place + 1..).unwrap_or_default();
        if is_foreign && is_particle(word) {
            continue;
        }
        if word == "nombre" && counts_in_french(behind) {
            words.push("count");
            continue;
        }
        match sense(word) {
            Some(Sense::Noise) => {}
            Some(_) => words.push(word),
            None => match apart(word) {
                Some(parts) => {
                    let told = parts.into_iter().filter(|part| sense(part) != Some(Sense::Noise));
                    words.extend(told);
                }
                None => words.push(word),
            },
        }
    }
    words
}

/// Whether the family name stands first in a header that has a kind of name beside what is called no more than a
/// name, as "Surname and name" does and "Name and surname" does not; nothing in any other. It may be both names or the
/// one: so the headers of two rows are put together, and "Name: Surname" is one, too.
pub(super) fn name_and_kind(spoken: &[String]) -> Option<bool> {
    let is_family = |kind: &[&str]| match kind {
        ["first" | "given", "name"] => Some(false),
        ["last" | "family", "name"] => Some(true),
        [word] if means(word, "first name") => Some(false),
        [word] if means(word, "last name") => Some(true),
        _ => None,
    };
    match told(spoken).as_slice() {
        ["name", kind @ ..] if let Some(family) = is_family(kind) => Some(!family),
        [kind @ .., "name"] => is_family(kind),
        _ => None,
    }
}

/// What the words of a header mean, in order.
pub(super) fn meanings(spoken: &[String]) -> Vec<String> {
    let is_foreign = spoken.iter().any(|word| is_of_others(word));
    let words = told(spoken);
    // Many languages call one of the two names just that: "jméno a příjmení", "naam en voornaam".
    let is_there = |meaning| words.iter().any(|word| means(word, meaning) && is_of_others(word));
    let has = |meaning| is_foreign && is_there(meaning);
    let other = match (has("first name"), has("last name")) {
        (true, false) => "last",
        (false, true) => "first",
        _ => "name",
    };
    let mut meant: Vec<String> = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        let together = || TOGETHER.iter().find(|(words, _)| rest.starts_with(words));
        let together = FIRST_OF_SEVERAL.contains(first).then(together).flatten();
        if let Some((words, meaning)) = together {
            meant.extend(meaning.split(' ').map(str::to_owned));
            rest = rest.get(words.len()..).unwrap_or_default();
            continue;
        }
        match sense(first) {
            Some(Sense::Means("name")) if is_of_others(first) => meant.push(other.to_owned()),
            Some(Sense::Means(meaning)) => {
                meant.extend(meaning.split(' ').map(str::to_owned));
            }
            _ => meant.push((*first).to_owned()),
        }
        rest = behind;
    }
    meant
}

fn means(word: &str, meaning: &'static str) -> bool {
    sense(word) == Some(Sense::Means(meaning))
}

/// Whether what stands behind "nombre" makes it a number, as in "Nombre d'enfants", and no name, as in "Nombre
/// del alumno".
pub(super) fn counts_in_french(behind: &[String]) -> bool {
    const SPANISH: &[&str] = &["la", "las", "los", "pila", "usuario"];
    match behind {
        [of, what, ..] => matches!(of.as_str(), "d" | "de") && !SPANISH.contains(&what.as_str()),
        _ => false,
    }
}

/// Drops the words that say nothing beside others, and sorts the rest. Later rules rest on what earlier ones leave.
pub(super) fn settle(meant: &mut Vec<String>, spoken: &[String]) {
    of_whom(meant, spoken);
    addresses_and_numbers(meant, spoken);
    if has(meant, "birth") {
        // "Data" is a date in Italian, Portuguese, Polish and Romanian.
        meant.retain(|word| !matches!(word.as_str(), "data" | "date"));
    }
    names(meant);
    if has(meant, "gender") {
        meant.retain(|word| word.chars().count() > 1);
    }
    if any(meant, &["secondary", "further"]) {
        meant.retain(|word| !matches!(word.as_str(), "home" | "work" | "primary"));
    } else if any(meant, &["home", "work"]) && any(meant, &["email", "mobile", "phone"]) {
        meant.retain(|word| word != "primary");
    }
    meant.sort_unstable();
    meant.dedup();
}

fn has(meant: &[String], word: &str) -> bool {
    meant.iter().any(|meant| meant == word)
}

fn any(meant: &[String], words: &[&str]) -> bool {
    words.iter().any(|word| has(meant, word))
}

/// Of the person of the row, of whom somebody wrote to, or of whom to call in an emergency.
fn of_whom(meant: &mut Vec<String>, spoken: &[String]) {
    if any(meant, NOUNS) || has(meant, "emergency") {
        meant.retain(|word| sense(word) != Some(Sense::Own));
    }
    // "To" and "From" tell who wrote to whom.
    let is_swedish = matches!(spoken.get(1).map(String::as_str), Some("och" | "og"));
    if matches!(spoken.first().map(String::as_str), Some("to" | "for")) && !is_swedish {
        meant.push("addressee".to_owned());
    }
    if has(meant, "emergency") {
        let beside = [
            "appeler",
            "call",
            "cas",
            "case",
            "companion",
            "contacter",
            "notify",
            "prevenir",
            "qui",
            "should",
            "who",
        ];
        meant.retain(|word| !beside.contains(&word.as_str()));
    }
}

/// E-mail addresses and phone numbers.
fn addresses_and_numbers(meant: &mut Vec<String>, spoken: &[String]) {
    // A number is a phone number where nothing says of what else.
    let contact = spoken.iter().any(|word| word == "contact" || word == "kontakt");
    let numbered = ["emergency", "home", "number", "primary", "secondary", "work"];
    // A "Personalnummer" is that of somebody who is employed.
    let is_german = spoken.iter().any(|word| matches!(word.as_str(), "nr" | "nummer"));
    let is_staff = spoken.iter().any(|word| match word.as_str() {
        "personal" => is_german,
        word => word.starts_with("personal") || word.starts_with("personnel"),
    });
    let plain = meant.iter().all(|word| numbered.contains(&word.as_str()));
    let of_whom = contact || any(meant, &["emergency", "work"]) || has(meant, "home") && !is_staff;
    if has(meant, "number") && plain && of_whom {
        meant.push("phone".to_owned());
    }
    if any(meant, &["phone", "mobile", "landline", "whatsapp"]) {
        meant.retain(|word| word != "number" && word != "full");
    }
    if any(meant, &["mobile", "landline"]) {
        meant.retain(|word| word != "phone");
    }
    if has(meant, "electronic") && has(meant, "address") {
        meant.push("email".to_owned());
    }
    if has(meant, "email") {
        meant.retain(|word| !matches!(word.as_str(), "address" | "electronic" | "id" | "login"));
        // "First" counts e-mails as it counts anything.
        if has(meant, "first") && !has(meant, "name") {
            meant.iter_mut().filter(|word| *word == "first").for_each(|word| {
                "primary".clone_into(word);
            });
        }
    }
}

/// Names of people.
fn names(meant: &mut Vec<String>) {
    // "Full name (first and last)" says the same twice.
    if has(meant, "full") && has(meant, "first") && any(meant, &["family", "last", "nom"]) {
        meant.retain(|word| !matches!(word.as_str(), "family" | "first" | "last" | "nom"));
    }
    // "Nom" alone is a family name or a full one; of something else it is its name.
    if has(meant, "nom")
        && meant.iter().any(|word| !matches!(word.as_str(), "first" | "name" | "nom"))
    {
        meant.retain(|word| word != "nom");
        meant.push("name".to_owned());
    }
    if any(meant, &["display", "first", "full", "last"]) {
        meant.retain(|word| word != "name");
    }
    if has(meant, "last") {
        meant.retain(|word| word != "family");
    }
}
