//! What a header says: taken apart into words, without those that say nothing, and compared with the
//! phrases of fields.
//!
//! "What is your e-mail address? *", `EMAIL_ADDRESS` and "Adresse e-mail (obligatoire)" are the one
//! word `email`; "Email opt-in" and "Manager's email" have another word, and are something else.

mod date_form;
mod meanings;
mod words;

pub use self::date_form::date_order;
use self::date_form::without_date_form;
use self::meanings::{is_of_fields, meanings, name_and_kind, settle};
pub(super) use self::words::goes_on;
use self::words::{brackets, split, without_label};
use super::vocabulary::{is_other, is_payer, is_place, sense};
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
    /// Whether brackets in it say something that nobody here knows: "E-mail (old)".
    pub(super) noted: bool,
    /// Whether it is that of one name or of both: "Name and surname".
    pub(super) one_or_both: bool,
}

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
        let hinted_first = family_first(&hinted);
        let noted = hinted.iter().any(|word| {
            let is_known = is_of_fields(word) || is_other(word) || sense(word).is_some();
            !is_known && word.chars().all(char::is_alphabetic)
        });
        for word in hinted {
            if is_of_fields(&word) || is_other(&word) {
                meant.push(word);
            }
        }
        // The city of an address is not the address: "Address (City)". An e-mail address has none.
        let says = |text: &str| meant.iter().any(|word| word == text);
        if is_place(&hints) && says("address") && !says("email") {
            meant.push("place".to_owned());
        }
        let name_and_kind = name_and_kind(&spoken);
        spoken.extend(hints);
        // "Nom complet (prénom et nom)" has a family name twice.
        let said_first = hinted_first.or_else(|| family_first(&meant));
        let family_first = said_first.unwrap_or_else(|| {
            // So Hungarians and Japanese write them.
            const NAMES: &[&str] = &["nev", "お名前", "名前"];
            let is_theirs = spoken.iter().any(|word| NAMES.contains(&word.as_str()));
            name_and_kind == Some(true) || is_theirs
        });
        settle(&mut meant, &spoken);
        let one_or_both = name_and_kind.is_some();
        Self { plain: normalise(text), spoken, meant, order, family_first, noted, one_or_both }
    }

    /// The same where it is that of both names.
    pub(super) fn of_both(self) -> Self {
        Self { meant: ["first", "last"].map(str::to_owned).to_vec(), ..self }
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
        const BEFORE: &[&str] = &[
            "infix",
            "namensvorsatz",
            "tussenv",
            "tussenvoegsel",
            "tussenvoegsels",
            "voorv",
            "voorvoegsel",
            "voorvoegsels",
            "vorsatzwort",
            "vorsatzworte",
        ];
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

/// Whether the family name stands first among words of which one means it, and one the given name.
fn family_first(meant: &[String]) -> Option<bool> {
    let place = |words: &[&str]| meant.iter().position(|word| words.contains(&word.as_str()));
    Some(place(&["family", "last", "nom"])? < place(&["first"])?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::NameOrder;

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
            ("Email address (country)", "email"),
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
            ("Nom complet (NOM Prénom)", "full"),
            ("Vor- u. Nachname", "first last"),
            ("First name / family name", "first last"),
            ("Given names & family name", "first last"),
            ("Vezetéknév és utónév", "first last"),
            ("Primer cognom", "last"),
            ("Segon cognom", "last secondary"),
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
            ("Number to call in an emergency", "emergency phone"),
            ("Personalnr.", "home number"),
            ("Full Name - First Name", "first"),
            ("メールアドレス（保護者）", "email 保護者"),
            ("Contact d'urgence", "emergency"),
            ("Contact information / Mobile", "mobile"),
            ("Organization 1 - Title", "company primary title"),
            ("Correo electrónico", "email"),
            ("Dirección de correo electrónico", "email"),
            ("¿Cuál es su teléfono móvil?", "cual es mobile"),
            ("Fecha de nacimiento", "birth"),
            ("Nombre y apellidos", "first last"),
            ("Příjmení a jméno", "first last"),
            ("Фамилия Имя", "first last"),
            ("Naam en voornaam", "first last"),
            ("Nume și prenume", "first last"),
            ("Nach- und Vorname", "first last"),
            ("För- och efternamn", "first last"),
            ("Sukunimi ja etunimi", "first last"),
            ("Family name, given name", "first last"),
            ("姓 名前", "first last"),
            ("Jméno", "name"),
            ("名前", "name"),
            ("名前(姓)", "last"),
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
    fn headers_tell_which_of_two_names_stands_first() {
        for (header, family_first) in [
            ("Nom et prénom", true),
            ("Nom complet (NOM Prénom)", true),
            ("Nom complet (prénom et nom)", false),
            ("Surname and name", true),
            ("Name and surname", false),
            ("Last, First", true),
            ("Apellidos y nombre", true),
            ("Příjmení a jméno", true),
            ("Prezime i ime", true),
            ("Фамилия и имя", true),
            ("Soyad Ad", true),
            ("Naam en voornaam", true),
            ("Efternamn och förnamn", true),
            ("Họ và tên", true),
            ("Név", true),
            ("氏名", true),
            ("名前", true),
            ("First and last name", false),
            ("Prénom et nom", false),
            ("Jméno a příjmení", false),
            ("Имя Фамилия", false),
            ("Ad Soyad", false),
            ("Full name", false),
            ("Keresztnév", false),
        ] {
            let order = if family_first { NameOrder::Shown } else { NameOrder::GivenFirst };
            assert_eq!(NameOrder::under(header), order, "{header}");
        }
    }
}
