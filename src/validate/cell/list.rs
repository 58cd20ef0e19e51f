//! Cells that hold more than one value: words of a list, a place on the map, JSON.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::Place;
use crate::finding::{self, Finding};
use crate::record::{Choice, JsonForm, Slot, Value};
use crate::validate::number::{self, decimal};
use crate::validate::person::JudgeRow;
use crate::validate::words::{Meant, Words};

type Judged<'a> = Result<Slot<'a>, Box<Finding>>;

/// What stands between the entries of a list; a comma only where none of these does.
const BETWEEN: [char; 5] = [';', '|', '\n', '；', '、'];

/// Whether a sign may stand between the entries of a list.
pub(in crate::validate) fn stands_between(sign: char) -> bool {
    sign == ',' || BETWEEN.contains(&sign)
}

impl<'a> JudgeRow<'a, '_> {
    /// Several of a list: the whole cell is one of them, or each of its parts is, or the recipe says what
    /// a part is that nobody knows.
    pub(in crate::validate) fn judge_choices(
        &mut self,
        place: Place<'_, '_>,
        text: &str,
        choices: &[Choice],
    ) -> Judged<'a> {
        let Place { field, .. } = place;
        let slot = self.rules.fields.iter().position(|own| std::ptr::eq(own, field));
        let known = slot.and_then(|slot| self.rules.words.get(slot));
        let made;
        let words = if let Some(words) = known {
            words
        } else {
            made = Words::of(field);
            &made
        };
        let entries: Vec<&str> = entries(text).collect();
        let mut rest = entries.as_slice();
        let mut chosen: Vec<Box<str>> = Vec::new();
        let mut unknown: Vec<&str> = Vec::new();
        while let Some((&entry, others)) = rest.split_first() {
            let found = words.first(rest);
            rest = found.and_then(|(_, count)| rest.get(count..)).unwrap_or(others);
            let meant = found.map(|(meant, _)| meant).or_else(|| {
                let other = words.other()?;
                unknown.push(entry);
                Some(other)
            });
            match meant {
                Some(Meant::Value(value)) => {
                    if let Value::List(list) = value.value() {
                        for new in list {
                            if !chosen.contains(new) {
                                chosen.push(new.clone());
                            }
                        }
                    }
                }
                Some(Meant::Blank) => {}
                None if field.open => {
                    if !chosen.iter().any(|known| **known == *entry) {
                        chosen.push(entry.into());
                    }
                }
                None => return Err(self.none_of(place, entry, choices)),
            }
        }
        if let (Some(first), Some(other)) = (unknown.first(), words.other()) {
            let why = self.none_of(place, first, choices).message;
            let gives = match other {
                Meant::Value(value) => format!("gives {} for it", value.value()),
                Meant::Blank => "leaves it out".to_owned(),
            };
            let finding =
                self.about(&finding::VALUE_OTHER, place, format!("{why}; the recipe {gives}"));
            self.findings.push(finding.fix(&chosen.join("; "), true));
        }
        Ok(Slot::List(chosen.into()))
    }

    /// Several words, each once; with dashes for their spaces where the target writes them so itself.
    pub(in crate::validate) fn judge_words(
        &mut self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Judged<'a> {
        let Place { field, .. } = place;
        let listed = if text.starts_with('[') { self.listed(place, text)? } else { None };
        let said: Vec<&str> = match &listed {
            Some(list) => {
                list.iter().map(|entry| entry.trim()).filter(|it| !it.is_empty()).collect()
            }
            None => entries(text).collect(),
        };
        let mut words: Vec<Box<str>> = Vec::new();
        let mut spaced = false;
        for entry in said {
            let mut word = Cow::Borrowed(entry);
            if field.dashed && entry.contains(char::is_whitespace) {
                word = Cow::Owned(entry.split_whitespace().collect::<Vec<_>>().join("-"));
                spaced = true;
            }
            if !words.iter().any(|known| **known == *word) {
                words.push(word.into());
            }
        }
        if spaced {
            let after = words.join("; ");
            let message = format!("written with dashes for its spaces: {after}");
            let finding = self.about(&finding::WORDS_DASHED, place, message);
            self.findings.push(finding.fix(&after, true));
        }
        Ok(Slot::List(words.into()))
    }

    /// The texts of a list that is written as JSON; nothing of what is no JSON. One with anything else in it is
    /// refused: taken apart at its signs, its brackets would go into its words.
    fn listed(
        &self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Result<Option<Vec<String>>, Box<Finding>> {
        let Ok(list) = serde_json::from_str::<Vec<Json>>(text) else { return Ok(None) };
        let texts = list.into_iter().map(|entry| match entry {
            Json::String(text) => Some(text),
            _ => None,
        });
        let texts: Option<Vec<String>> = texts.collect();
        texts.map(Some).ok_or_else(|| {
            let message = "it is a list written as JSON, and its entries are not all texts";
            let finding = self.about(&finding::JSON_SYNTAX, place, message);
            Box::new(finding.help("put each entry into double quotes: [\"one\", \"2\"]"))
        })
    }

    /// A number, perhaps with a fraction, in its shortest exact form.
    pub(in crate::validate) fn judge_decimal(
        &self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Judged<'a> {
        let Place { field, .. } = place;
        let refused = |code, message: String| Err(Box::new(self.about(code, place, message)));
        let number = match decimal(text) {
            Ok(number) => number,
            Err(number::Fault::Syntax) => {
                let message = "it is no number".to_owned();
                return refused(&finding::NUMBER_SYNTAX, message);
            }
            Err(number::Fault::Ambiguous { whole, fraction }) => {
                let message = format!("it may be {whole} or {fraction}");
                let help = format!("write {whole} or {fraction}");
                let code = &finding::NUMBER_AMBIGUOUS;
                let finding = self.about(code, place, message).help(help);
                return Err(Box::new(finding.readings(vec![whole.into(), fraction.into()])));
            }
        };
        match field.range {
            Some((least, most)) if !number::is_within(&number, least, most) => {
                let message = format!("it does not lie between {least} and {most}");
                refused(&finding::NUMBER_RANGE, message)
            }
            _ => Ok(Slot::Json(number.into())),
        }
    }

    /// Latitude and longitude in degrees.
    pub(in crate::validate) fn judge_coordinates(
        &self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Judged<'a> {
        let pair = number::coordinates(text).map(|pair| Slot::List(pair.map(Into::into).into()));
        pair.ok_or_else(|| {
            let message = "it is no latitude and longitude";
            let code = &finding::COORDINATES_SYNTAX;
            let finding = self.about(code, place, message);
            Box::new(finding.help("write both in degrees, latitude first: 42.1458, -71.4391"))
        })
    }

    /// A value written as JSON.
    pub(in crate::validate) fn judge_json(
        &self,
        place: Place<'_, '_>,
        text: &str,
        form: JsonForm,
    ) -> Judged<'a> {
        let read = serde_json::from_str::<Json>(text);
        let (fits, wanted) = match (&read, form) {
            (Ok(value), JsonForm::Object) => (value.is_object(), "an object: {\"key\": \"value\"}"),
            (Ok(value), JsonForm::Array) => (value.is_array(), "a list: [\"one\", \"two\"]"),
            (Ok(value), JsonForm::Any) => (!value.is_null(), "a value"),
            (Err(_), _) => (false, "JSON"),
        };
        let message = match read {
            Ok(value) if fits => return Ok(Slot::Json(value.to_string().into())),
            Ok(_) => format!("it is JSON, but not {wanted}"),
            Err(error) => format!("it is no JSON: {error}"),
        };
        Err(Box::new(self.about(&finding::JSON_SYNTAX, place, message)))
    }
}

/// The entries of a list as people write it.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    let clear = text.contains(BETWEEN);
    let between = move |c: char| if clear { BETWEEN.contains(&c) } else { c == ',' };
    text.split(between).map(str::trim).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_apart_at_the_clearest_sign() {
        for (text, expected) in [
            ("Blue; Green", vec!["Blue", "Green"]),
            ("Smith, Ada; Jones, Bo", vec!["Smith, Ada", "Jones, Bo"]),
            ("a,b , c", vec!["a", "b", "c"]),
            ("one\ntwo|three", vec!["one", "two", "three"]),
            ("alone", vec!["alone"]),
            (" ; ;", vec![]),
        ] {
            assert_eq!(entries(text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
