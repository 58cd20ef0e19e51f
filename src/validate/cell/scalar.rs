//! Cells whose kinds have short rules: numbers, yes or no, choices, web addresses, currencies, countries.

use std::borrow::Cow;

use super::{Place, plain};
use crate::finding::{self, Code, Finding};
use crate::recipe::key;
use crate::record::{Choice, Field, Kind, Slot, Value};
use crate::spelling::{nearest, normalise};
use crate::validate::fold::fold;
use crate::validate::person::JudgeRow;
use crate::validate::words::is_doubted;
use crate::validate::{country, currency, web};

type Judged<'a> = Result<Slot<'a>, Box<Finding>>;

/// What to do about a word that means none of the choices. The options of custom fields are those of
/// the lock file or of the recipe, and may be older than the account's.
fn help_with(field: &Field, near: Option<&str>) -> String {
    let name = &field.name;
    let (help, end) = match near {
        Some(near) => (format!("did you mean {near}?"), ""),
        None => (format!("teach the word in the recipe, under [values.{}]", key(name)), "."),
    };
    if name.starts_with("custom:") {
        return format!("{help}{end} If the option is new, `upsheet fields` renews the lock file");
    }
    help
}

impl<'a> JudgeRow<'a, '_> {
    /// A word of a cell that means none of the choices: all of the cell, or an entry of its list.
    pub(super) fn none_of(
        &self,
        place: Place<'_, '_>,
        word: &str,
        choices: &[Choice],
    ) -> Box<Finding> {
        let Place { field, cell, .. } = place;
        let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_ref()).collect();
        let several = matches!(field.kind, Kind::Choices(_));
        let what = if several { format!("{word:?}") } else { "it".to_owned() };
        let message = format!("{what} is none of {}", labels.join(", "));
        let code = &finding::CHOICE_UNKNOWN;
        let finding = self.about(code, place, message);
        let plain = normalise(word);
        if let Some((word, cure)) = field.guarded.iter().find(|(word, _)| *word == plain) {
            let help = format!("{word:?} is taken only where the recipe says so: {cure}");
            return Box::new(finding.help(help));
        }
        let near = nearest(word, labels.iter().copied());
        let finding = finding.help(help_with(field, near));
        Box::new(match near {
            Some(near) if !several => finding.fix(near, false),
            // The other entries of the list stay.
            Some(near) if cell.text.matches(word).count() == 1 => {
                finding.readings(vec![cell.text.replace(word, near).into()])
            }
            _ => finding,
        })
    }

    pub(in crate::validate) fn judge_integer(
        &self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Judged<'a> {
        let Place { field, .. } = place;
        let folded = fold(text);
        let number = folded.and_then(|text| text.parse::<i64>().ok()).ok_or_else(|| {
            let fault = (&finding::NUMBER_SYNTAX, "it is no whole number");
            self.no_value(place, fault)
        })?;
        let this_year = i64::from(self.rules.settings.today.year());
        let range = if field.born { Some((1900, this_year)) } else { field.range };
        match range {
            Some((least, most)) if !(least..=most).contains(&number) => {
                let message = format!("it does not lie between {least} and {most}");
                let code = &finding::NUMBER_RANGE;
                Err(Box::new(self.about(code, place, message)))
            }
            _ => Ok(Slot::Plain(Value::Integer(number))),
        }
    }

    pub(in crate::validate) fn judge_bool(&self, place: Place<'_, '_>, text: &str) -> Judged<'a> {
        let fault = (&finding::BOOL_SYNTAX, "it says neither yes nor no");
        yes_or_no(text)
            .map(|yes| Slot::Plain(Value::Bool(yes)))
            .ok_or_else(|| self.no_value(place, fault))
    }

    pub(in crate::validate) fn judge_url(
        &self,
        place: Place<'_, '_>,
        text: Cow<'a, str>,
    ) -> Judged<'a> {
        match web::check(&text) {
            Ok(()) => Ok(plain(text)),
            Err(web::Fault { message, suggestion }) => {
                let fault = (&finding::URL_SYNTAX, message);
                Err(Self::proposed(self.no_value(place, fault), suggestion.as_deref()))
            }
        }
    }

    pub(in crate::validate) fn judge_currency(
        &self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Judged<'a> {
        let (message, near) = match currency::code(text) {
            Ok(code) => return Ok(Slot::Plain(Value::Text(code))),
            Err(currency::Fault::Former(now)) => ("it is money that is no more", Some(now)),
            Err(currency::Fault::Several) => ("several currencies are called so", None),
            Err(currency::Fault::Unknown(near)) => ("it is no currency of ISO 4217", near),
        };
        let finding = self.no_value(place, (&finding::CURRENCY_UNKNOWN, message));
        Err(Self::proposed(finding, near))
    }

    pub(in crate::validate) fn judge_country(
        &self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Judged<'a> {
        let code = &finding::COUNTRY_UNKNOWN;
        match country::code(text) {
            Ok(code) => Ok(Slot::Plain(Value::Text(code))),
            Err(country::Fault::Former(why)) => {
                let message = "it is a country that is no more";
                Err(Box::new(self.about(code, place, message).help(why)))
            }
            Err(country::Fault::Unknown(near)) => {
                let finding = self.no_value(place, (code, "it is no country"));
                Err(Self::proposed(finding, near))
            }
        }
    }

    /// With what may be meant, if anything may.
    fn proposed(finding: Box<Finding>, near: Option<&str>) -> Box<Finding> {
        match near {
            Some(near) => Box::new(finding.help(format!("did you mean {near}?")).fix(near, false)),
            None => finding,
        }
    }

    fn no_value(
        &self,
        place: Place<'_, '_>,
        (code, message): (&'static Code, &'static str),
    ) -> Box<Finding> {
        Box::new(self.about(code, place, message))
    }
}

/// Yes and no in several languages, normalised, and marks of a box.
const YES: &[&str] = &[
    "1",
    "ano",
    "checked",
    "co",
    "da",
    "evet",
    "igen",
    "iya",
    "j",
    "ja",
    "jah",
    "kylla",
    "o",
    "on",
    "optedin",
    "optin",
    "oui",
    "selected",
    "si",
    "sim",
    "subscribed",
    "t",
    "taip",
    "tak",
    "ticked",
    "true",
    "v",
    "verdadeiro",
    "verdadero",
    "vero",
    "vrai",
    "waar",
    "wahr",
    "x",
    "y",
    "ya",
    "yeah",
    "yep",
    "yes",
    "ναι",
    "да",
    "так",
    "כן",
    "نعم",
    "はい",
    "是",
];
const NO: &[&str] = &[
    "0",
    "ei",
    "f",
    "falsch",
    "false",
    "falso",
    "faux",
    "hayir",
    "hayır",
    "khong",
    "n",
    "nao",
    "nee",
    "nei",
    "nein",
    "nej",
    "nem",
    "nie",
    "no",
    "non",
    "nope",
    "off",
    "onwaar",
    "optedout",
    "optout",
    "tidak",
    "unchecked",
    "unsubscribed",
    "unticked",
    "οχι",
    "нет",
    "ні",
    "לא",
    "لا",
    "いいえ",
    "否",
];

pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match text.trim_end_matches('\u{fe0f}') {
        "✓" | "✔" | "☑" | "✅" | "√" | "예" | "네" => return Some(true),
        "✗" | "✘" | "✕" | "✖" | "❌" | "☐" | "☒" | "아니요" | "아니오" => {
            return Some(false);
        }
        _ => {}
    }
    if is_doubted(text) {
        return None;
    }
    let plain = normalise(text);
    let among = |words: &[&str]| words.binary_search(&plain.as_str()).is_ok();
    // `1.0` and `-1` are numbers, and none that says yes.
    let number = plain.bytes().all(|byte| byte.is_ascii_digit()) && plain.len() < text.trim().len();
    match (among(YES), among(NO)) {
        _ if number => None,
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_understood_in_several_languages() {
        assert!(YES.is_sorted() && NO.is_sorted());
        assert!(!YES.iter().any(|word| NO.contains(word)));
        for word in YES.iter().chain(NO) {
            assert_eq!(normalise(word), *word);
        }
        for yes in [
            "Yes",
            "TRUE",
            "Oui",
            "Sí",
            "✓",
            "✔\u{fe0f}",
            "x",
            "1",
            "Subscribed",
            "opted-in",
            "Да",
            "Kyllä",
            "はい",
            "예",
        ] {
            assert_eq!(yes_or_no(yes), Some(true), "{yes}");
        }
        for no in
            ["no", "FALSE", "Não", "✗", "0", "nein", "unchecked", "НЕТ", "Όχι", "否", "아니요"]
        {
            assert_eq!(yes_or_no(no), Some(false), "{no}");
        }
        for neither in ["", "perhaps", "-1", "2", "1.0", "ne", "-"] {
            assert_eq!(yes_or_no(neither), None, "{neither}");
        }
    }
}
