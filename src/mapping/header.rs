//! What a header says: taken apart into words, without those that say nothing, and compared with the
//! phrases of fields.
//!
//! "What is your e-mail address? *", `EMAIL_ADDRESS` and "Adresse e-mail (obligatoire)" are the one
//! word `email`; "Email opt-in" and "Manager's email" have another word, and are something else.

use super::vocabulary::{
    Sense, apart, is_of_others, is_other, is_particle, is_payer, is_place, sense, unmarked,
};
use crate::recipe::DateOrder;
use crate::spelling::normalise;

/// A header, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// All of it in one, as [`normalise`] gives it.
    pub(super) plain: String,
    /// Its words as they stand, in lower case.
    pub(super) spoken: Vec<String>,
    /// What it says, in the words of the phrases of fields: sorted, none twice.
    pub(super) meant: Vec<String>,
    /// The order of dates that it names: "(dd/mm/yyyy)".
    pub(super) order: Option<DateOrder>,
    /// Whether it names the family name before the given name: "Nom et prénom".
    pub(super) family_first: bool,
}

/// Words beside which a word for the person of the row says nothing more. "First contact" is no
/// first name.
const NOUNS: &[&str] = &[
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

impl Header {
    /// Takes a header apart.
    pub(super) fn new(text: &str) -> Self {
        let (text_without, order) = without_date_form(text);
        let (outside, inside) = brackets(&text_without);
        let is_custom = outside.trim_end().ends_with("__c");
        let mut spoken = split(&outside);
        if is_custom {
            spoken.pop();
        }
        without_label(&mut spoken);
        let mut meant = meanings(&spoken);
        // Brackets hold hints: of their words only those count that fields are made of.
        let hints = split(&inside);
        let hinted = meanings(&hints);
        // A whole name of which brackets say which part stands there: 氏名(姓).
        let is_whole = meant == ["last", "first"] || meant == ["first", "last"];
        if is_whole && (hinted == ["last", "name"] || hinted == ["first", "name"]) {
            meant.clear();
        }
        for word in hinted {
            if is_of_fields(&word) || is_other(&word) {
                meant.push(word);
            }
        }
        // The city of an address is not the address: "Address (City)".
        if is_place(&hints) && meant.iter().any(|word| word == "address") {
            meant.push("place".to_owned());
        }
        spoken.extend(hints);
        let place = |words: &[&str]| meant.iter().position(|word| words.contains(&word.as_str()));
        let family_first = match (place(&["family", "last", "nom"]), place(&["first"])) {
            (Some(family), Some(given)) => family < given,
            _ => false,
        };
        settle(&mut meant, &spoken);
        Self { plain: normalise(text), spoken, meant, order, family_first }
    }

    /// The same without a word that says nothing on this sheet.
    pub(super) fn without(&self, word: &str) -> Self {
        let mut meant = self.meant.clone();
        meant.retain(|meant| meant != word);
        Self { meant, ..self.clone() }
    }

    /// The words that neither fields are made of nor speak of somebody else.
    pub(super) fn strange(&self) -> impl Iterator<Item = &str> {
        const ASPECTS: &[&str] = &[
            "ancien",
            "former",
            "kana",
            "maiden",
            "middle",
            "new",
            "nouveau",
            "old",
            "phonetic",
            "previous",
            "romaji",
            "status",
            "type",
            "verified",
            "yomi",
            "かな",
            "ふりがな",
            "よみ",
            "よみがな",
            "カナ",
            "フリガナ",
            "ヨミ",
            "ヨミガナ",
            "ローマ字",
        ];
        let strange = |word: &&str| {
            !is_of_fields(word)
                && !is_other(word)
                && !ASPECTS.contains(word)
                && sense(word).is_none()
        };
        self.meant.iter().map(String::as_str).filter(strange)
    }

    /// How many words it has that say something.
    pub(super) fn words(&self) -> usize {
        self.meant.len()
    }

    /// Whether it says one of these words, whatever else it says.
    pub(super) fn says(&self, word: &str) -> bool {
        self.meant.iter().any(|meant| meant == word)
    }

    /// Whether it says exactly these words, which are sorted.
    pub(super) fn is(&self, words: &[&str]) -> bool {
        self.meant.iter().map(String::as_str).eq(words.iter().copied())
    }

    /// Whether it names a part of family names that stands apart from the rest of them, and whether that part
    /// comes first: a "Tussenvoegsel" does, a second surname does not.
    pub(super) fn part_of_family_names(&self) -> Option<bool> {
        const BEFORE: &[&str] =
            &["namensvorsatz", "tussenvoegsel", "tussenvoegsels", "voorvoegsel", "voorvoegsels"];
        let one_of = |word: &String| BEFORE.contains(&word.as_str());
        if self.spoken.iter().any(one_of) || self.is(&["last", "salutation"]) {
            return Some(true);
        }
        self.is(&["last", "secondary"]).then_some(false)
    }

    /// Whether it speaks of who paid for the person of the row, who may be the same.
    pub(super) fn is_about_payers(&self) -> bool {
        self.spoken.iter().any(|word| is_payer(word))
    }

    /// Whether it speaks of somebody or something else than the person of the row.
    pub(super) fn is_about_others(&self) -> bool {
        let said = |word: &str| self.says(word);
        said("addressee") || said("companion") || self.spoken.iter().any(|word| is_other(word))
    }
}

/// The order of dates that a header names: `Date of birth (dd/mm/yyyy)`.
pub fn date_order(header: &str) -> Option<DateOrder> {
    without_date_form(header).1
}

/// Whether fields are made of this word.
fn is_of_fields(word: &str) -> bool {
    const PLAIN: &[&str] = &["day", "evening", "further", "label", "type"];
    PLAIN.contains(&word) || matches!(sense(word), Some(Sense::Means(meaning)) if meaning == word)
}

/// Takes away by what a shop for memberships calls every question that its user has made, with its number: "Champ
/// complémentaire 2 Téléphone", "Champ additionnel : Email".
fn without_label(spoken: &mut Vec<String>) {
    const OWN: &[&str] = &["additionnel", "complementaire", "personnalise"];
    let [field, own, rest @ ..] = spoken.as_slice() else { return };
    if field != "champ" || !OWN.contains(&own.as_str()) {
        return;
    }
    let is_number = |word: &&String| word.bytes().all(|byte| byte.is_ascii_digit());
    let label = 2 + rest.iter().take_while(is_number).count();
    if label < spoken.len() {
        spoken.drain(..label);
    }
}

/// The text outside of brackets, and the text inside them.
fn brackets(text: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '<' | '（' | '［' | '【' => {
                depth += 1;
                outside.push(' ');
                inside.push(' ');
            }
            ')' | ']' | '}' | '>' | '）' | '］' | '】' => depth = depth.saturating_sub(1),
            c if depth > 0 => inside.push(c),
            c => outside.push(c),
        }
    }
    (outside, inside)
}

/// The words of a text, without case and accents: `MemberNo` has two, `Email1` as well.
fn split(text: &str) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Sort {
        Other,
        Lower,
        Upper,
        Digit,
    }
    let mut words = vec![String::new()];
    let mut before = Sort::Other;
    // An elision parts words; so does a plural in brackets, which comes in its own text.
    for c in unmarked(text).chars() {
        let sort = match c {
            c if c.is_numeric() => Sort::Digit,
            c if !c.is_alphanumeric() => Sort::Other,
            c if c.is_uppercase() => Sort::Upper,
            _ => Sort::Lower,
        };
        let begins = match (before, sort) {
            (Sort::Upper, Sort::Lower) => false,
            (before, sort) => before != sort,
        };
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if sort != Sort::Other
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = sort;
    }
    words.retain(|word| !word.is_empty());
    join_letters(words)
}

/// `E-mail` is one word, and so are `E-post`, `D.O.B.` and `N°`.
fn join_letters(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    let mut letters = String::new();
    let flush = |letters: &mut String, joined: &mut Vec<String>| {
        if sense(letters).is_some_and(|sense| matches!(sense, Sense::Means(_))) {
            joined.push(std::mem::take(letters));
        } else {
            joined.extend(letters.drain(..).map(String::from));
        }
    };
    for word in words {
        let is_mail = ["mail", "post"].iter().any(|mail| word.starts_with(mail));
        if word == "mail" || word == "mails" || is_mail && letters.ends_with('e') {
            if letters.ends_with('e') {
                letters.pop();
            }
            flush(&mut letters, &mut joined);
            joined.push(if word == "mail" || word == "mails" {
                "email".to_owned()
            } else {
                format!("e{word}")
            });
        } else if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
            letters.push_str(&word);
        } else {
            flush(&mut letters, &mut joined);
            joined.push(word);
        }
    }
    flush(&mut letters, &mut joined);
    joined
}

/// Words that mean something together which none of them means alone.
const TOGETHER: &[(&[&str], &str)] = &[
    (&["user", "name"], "login"),
    (&["user", "principal", "name"], "login"),
    (&["sign", "name"], "login"),
    (&["login", "name"], "login"),
    (&["nom", "utilisateur"], "login"),
    (&["next", "kin"], "emergency"),
    (&["vorname", "name"], "first last"),
    (&["name", "vorname"], "last first"),
    (&["nick", "name"], "nickname"),
    // What Romance and Slavic languages call names.
    (&["nombre", "apellido"], "first last"),
    (&["nombre", "apellidos"], "first last"),
    (&["nombres", "apellidos"], "first last"),
    (&["apellido", "nombre"], "last first"),
    (&["apellidos", "nombre"], "last first"),
    (&["apellidos", "nombres"], "last first"),
    (&["nome", "cognome"], "first last"),
    (&["cognome", "nome"], "last first"),
    (&["nome", "sobrenome"], "first last"),
    (&["imie", "nazwisko"], "first last"),
    (&["nazwisko", "imie"], "last first"),
    (&["jmeno", "prijmeni"], "first last"),
    (&["ime", "prezime"], "first last"),
    // "CEP" is a postcode in Brazil.
    (&["cep", "telefon"], "mobile"),
    (&["cep", "telefonu"], "mobile"),
    (&["cep", "tel"], "mobile"),
    (&["cep", "no"], "mobile"),
    (&["ad", "soyad"], "first last"),
    (&["adı", "soyadı"], "first last"),
    (&["adınız", "soyadınız"], "first last"),
    // Of two family names the first one is what people are called by.
    (&["primer", "apellido"], "last name"),
    (&["apellido", "paterno"], "last name"),
    (&["apellido", "1"], "last name"),
    (&["1", "apellido"], "last name"),
    (&["1", "er", "apellido"], "last name"),
    (&["1", "o", "apellido"], "last name"),
    (&["segundo", "apellido"], "secondary last name"),
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

/// What the words of a header mean, in order.
fn meanings(spoken: &[String]) -> Vec<String> {
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
    let mut meant: Vec<String> = Vec::new();
    let mut rest = words.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        let together = TOGETHER.iter().find(|(words, _)| rest.starts_with(words));
        if let Some((words, meaning)) = together {
            meant.extend(meaning.split(' ').map(str::to_owned));
            rest = rest.get(words.len()..).unwrap_or_default();
            continue;
        }
        match sense(first) {
            Some(Sense::Means(meaning)) => {
                meant.extend(meaning.split(' ').map(str::to_owned));
            }
            _ => meant.push((*first).to_owned()),
        }
        rest = behind;
    }
    meant
}

/// Whether what stands behind "nombre" makes it a number, as in "Nombre d'enfants", and no name, as in "Nombre
/// del alumno".
fn counts_in_french(behind: &[String]) -> bool {
    const SPANISH: &[&str] = &["la", "las", "los", "pila", "usuario"];
    match behind {
        [of, what, ..] => matches!(of.as_str(), "d" | "de") && !SPANISH.contains(&what.as_str()),
        _ => false,
    }
}

/// Drops the words that say nothing beside others, and sorts the rest.
fn settle(meant: &mut Vec<String>, spoken: &[String]) {
    let has = |meant: &[String], word: &str| meant.iter().any(|meant| meant == word);
    let any = |meant: &[String], words: &[&str]| words.iter().any(|word| has(meant, word));
    let contact = spoken.iter().any(|word| word == "contact" || word == "kontakt");
    if any(meant, NOUNS) || has(meant, "emergency") {
        meant.retain(|word| sense(word) != Some(Sense::Own));
    }
    // "To" and "From" tell who wrote to whom.
    if matches!(spoken.first().map(String::as_str), Some("to" | "for")) {
        meant.push("addressee".to_owned());
    }
    // A number is a phone number where nothing says of what else.
    let numbered = ["emergency", "home", "number", "primary", "secondary", "work"];
    let plain = meant.iter().all(|word| numbered.contains(&word.as_str()));
    if has(meant, "number") && plain && (contact || any(meant, &["emergency", "home", "work"])) {
        meant.push("phone".to_owned());
    }
    if has(meant, "electronic") && has(meant, "address") {
        meant.push("email".to_owned());
        meant.retain(|word| word != "electronic");
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
    if any(meant, &["phone", "mobile", "landline", "whatsapp"]) {
        meant.retain(|word| word != "number" && word != "full");
    }
    if any(meant, &["mobile", "landline"]) {
        meant.retain(|word| word != "phone");
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
    if has(meant, "birth") {
        // "Data" is a date in Italian, Portuguese, Polish and Romanian.
        meant.retain(|word| !matches!(word.as_str(), "data" | "date"));
    }
    // "Nom" alone is a family name or a full one; of something else it is its name.
    if has(meant, "nom")
        && meant.iter().any(|word| !matches!(word.as_str(), "first" | "name" | "nom"))
    {
        meant.retain(|word| word != "nom");
        meant.push("name".to_owned());
    }
    // "Full name (first and last)" says the same twice.
    if ["first", "full", "last"].iter().all(|word| has(meant, word)) {
        meant.retain(|word| word != "first" && word != "last");
    }
    if any(meant, &["display", "first", "full", "last"]) {
        meant.retain(|word| word != "name");
    }
    if has(meant, "last") {
        meant.retain(|word| word != "family");
    }
    if has(meant, "full") {
        meant.retain(|word| word != "nom");
    }
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

/// A header without the form of dates that it names, and the order of that form.
fn without_date_form(text: &str) -> (String, Option<DateOrder>) {
    let mut rest = String::with_capacity(text.len());
    let mut order = None;
    // A form is three runs of letters with signs between them: dd/mm/yyyy, JJ-MM-AAAA, TT.MM.JJJJ.
    let is_form = |c: char| c.is_alphabetic() || matches!(c, '/' | '-' | '.');
    for piece in text.split_inclusive(|c: char| !is_form(c)) {
        let word = piece.trim_end_matches(|c: char| !is_form(c));
        match order_of(word.trim_matches(['/', '-', '.'])) {
            Some(found) if order.is_none() => {
                order = Some(found);
                rest.push_str(piece.get(word.len()..).unwrap_or_default());
            }
            _ => rest.push_str(piece),
        }
    }
    (rest, order)
}

fn order_of(form: &str) -> Option<DateOrder> {
    // Nearly all words have no such signs in them.
    if form.matches(['/', '-', '.']).count() != 2 {
        return None;
    }
    let parts: Vec<String> = form.split(['/', '-', '.']).map(str::to_lowercase).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let is = |part: &str, forms: &[&str]| forms.contains(&part);
    let day = |part: &str| is(part, &["d", "dd", "j", "jj", "t", "tt", "day", "jour", "tag"]);
    let month = |part: &str| is(part, &["m", "mm", "mmm", "month", "mois", "monat"]);
    let year = |part: &str| {
        is(part, &["y", "yy", "yyyy", "aa", "aaaa", "an", "jj", "jjjj", "year", "année", "jahr"])
    };
    if day(first) && month(second) && year(third) {
        Some(DateOrder::Dmy)
    } else if month(first) && day(second) && year(third) {
        Some(DateOrder::Mdy)
    } else if year(first) && month(second) && day(third) {
        Some(DateOrder::Ymd)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_come_apart_into_what_they_say() {
        for (header, meant) in [
            ("E-mail *", "email"),
            ("What is your e-mail address?", "email"),
            ("EMAIL_ADDRESS", "email"),
            ("Email Address [Required]", "email"),
            ("Adresse électronique", "email"),
            ("Courriel (obligatoire)", "email"),
            ("Ihre E-Mail-Adresse", "email"),
            ("E-mail 1 - Value", "email primary"),
            ("Email2Address", "email secondary"),
            ("Home Secondary Email", "email secondary"),
            ("Email (work)", "email work"),
            ("FIRSTNAME", "first"),
            ("Name (First)", "first"),
            ("First name [givenName]", "first"),
            ("Prénom(s)", "first"),
            ("Prénom du bénévole", "first"),
            ("Nom de famille", "family name"),
            ("Nom du contact d'urgence", "emergency name"),
            ("Personne à prévenir en cas d'urgence", "emergency"),
            ("Nom de l'entreprise", "company name"),
            ("Nom & Prénom", "first nom"),
            ("First and last name", "first last"),
            ("Name, Vorname", "first last"),
            ("Name [displayName] Required", "display"),
            ("User name [userPrincipalName] Required", "login"),
            ("Volunteer name", "name"),
            ("Mobile phone number", "mobile"),
            ("N° de téléphone portable", "mobile"),
            ("Téléphone (domicile)", "home phone"),
            ("Contact No.", "phone"),
            ("Home number", "home phone"),
            ("Date of birth (dd/mm/yyyy)", "birth"),
            ("Quelle est votre date de naissance ?", "birth"),
            ("D.O.B.", "birth"),
            ("Date_of_Birth__c", "birth"),
            ("PersonBirthdate", "birth"),
            ("Sex (M/F)", "gender"),
            ("Emergency contact name", "emergency name"),
            ("Next of kin phone", "emergency phone"),
            ("Contact d'urgence", "emergency"),
            ("Contact information / Mobile", "mobile"),
            ("Organization 1 - Title", "company primary title"),
            ("Correo electrónico", "email"),
            ("Dirección de correo electrónico", "email"),
            ("¿Cuál es su teléfono móvil?", "cual es mobile"),
            ("Fecha de nacimiento", "birth"),
            ("Nombre y apellidos", "first last"),
            ("Nombre de pila", "first"),
            ("Nombre de usuario", "login"),
            ("Nombre d'enfants", "count enfants"),
            ("Nombre de participants", "count participants"),
            ("Apellidos", "last"),
            ("Nome", "name"),
            ("Nome e cognome", "first last"),
            ("Posta elettronica", "email"),
            ("Data di nascita", "birth"),
            ("Luogo di nascita", "birth luogo"),
            ("E-mailadres", "email"),
            ("Geboortedatum", "birth"),
            ("Telefoonnummer", "phone"),
            ("E-post", "email"),
            ("E-postadress", "email"),
            ("Förnamn", "first"),
            ("Fødselsdato", "birth"),
            ("Sähköpostiosoite", "email"),
            ("Imię i nazwisko", "first last"),
            ("Номер мобильного телефона", "mobile"),
            ("Электронная почта", "email"),
            ("ФИО", "first last"),
            ("メールアドレス", "email"),
            ("생년월일", "birth"),
            ("Ph. No.", "phone"),
            ("Phone 1 Full Number", "phone primary"),
            // What is said of something else keeps its word.
            ("AM Name", "am name"),
            ("DI Email", "di email"),
            ("Van phone", "phone van"),
            ("ad_name", "ad name"),
            ("CEP", "cep"),
            ("E-Mailstatus", "emailstatus"),
            ("Voornaam ouder", "first ouder"),
            ("Post", "post"),
            ("Postcode", "postcode"),
            ("Company name", "company name"),
            ("Manager's email", "email manager"),
            ("Parent e-mail", "email parent"),
            ("Email opt-in", "email opt"),
            ("E-mail 1 - Label", "email label primary"),
            ("Phone type", "phone type"),
            ("Date of birth verified", "birth verified"),
            ("First day", "day first"),
            ("First contact", "contact first"),
            ("Last login", "last login"),
            ("Membership number", "membership number"),
            ("Member since", "member since"),
            ("To Email Address", "addressee email"),
            ("Contact 1 Email 1", "companion email primary"),
            ("Emergency contact 1 name", "emergency name"),
            ("Last name / Nom de famille", "last"),
            ("First name / Prénom", "first"),
            ("Person - Organization", "company"),
            ("When were you born?", "born"),
            ("No phone", "silent"),
            ("Contact", "contact"),
        ] {
            assert_eq!(Header::new(header).meant.join(" "), meant, "{header}");
        }
    }

    #[test]
    fn a_header_may_name_the_order_of_its_dates() {
        for (header, order) in [
            ("Date of birth (dd/mm/yyyy)", Some(DateOrder::Dmy)),
            ("DOB mm-dd-yy", Some(DateOrder::Mdy)),
            ("Naissance (JJ/MM/AAAA)", Some(DateOrder::Dmy)),
            ("Geburtsdatum TT.MM.JJJJ", Some(DateOrder::Dmy)),
            ("Birth date [YYYY-MM-DD]", Some(DateOrder::Ymd)),
            ("Birthday (day/month/year)", Some(DateOrder::Dmy)),
            ("Date of birth", None),
            ("d-m", None),
            ("Day of month and year", None),
        ] {
            assert_eq!(date_order(header), order, "{header}");
        }
    }
}
