//! Cells whose kinds have short rules: numbers, yes or no, choices, web addresses, currencies.

use std::borrow::Cow;

use super::plain;
use crate::finding::{self, Code, Finding};
use crate::record::{Choice, Field, Slot, Value};
use crate::row::Cell;
use crate::spelling::{nearest, normalise};
use crate::validate::person::JudgeRow;

type Judged<'a> = Result<Slot<'a>, Box<Finding>>;

impl<'a> JudgeRow<'a, '_> {
    /// A word that means none of the choices.
    pub(in crate::validate) fn unknown_choice(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
        choices: &[Choice],
    ) -> Box<Finding> {
        let labels: Vec<&str> = choices.iter().map(|choice| choice.label).collect();
        let message = format!("it is none of {}", labels.join(", "));
        let code = &finding::CHOICE_UNKNOWN;
        let finding = self.finding(code, column, field, cell.text, message);
        Box::new(match nearest(text, labels.iter().copied()) {
            Some(near) => finding.help(format!("did you mean {near}?")).fix(near, false),
            None => {
                finding.help(format!("teach the word in the recipe, under [values.{}]", field.name))
            }
        })
    }

    pub(in crate::validate) fn judge_integer(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Judged<'a> {
        let number = text.parse::<i64>().map(|number| Slot::Plain(Value::Integer(number)));
        let fault = (&finding::NUMBER_SYNTAX, "it is no whole number");
        number.map_err(|_| self.no_value(field, column, cell, fault))
    }

    pub(in crate::validate) fn judge_bool(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Judged<'a> {
        let fault = (&finding::BOOL_SYNTAX, "it says neither yes nor no");
        yes_or_no(text)
            .map(|yes| Slot::Plain(Value::Bool(yes)))
            .ok_or_else(|| self.no_value(field, column, cell, fault))
    }

    pub(in crate::validate) fn judge_url(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: Cow<'a, str>,
    ) -> Judged<'a> {
        let lower = text.to_lowercase();
        let has_scheme = ["http://", "https://"]
            .iter()
            .any(|scheme| lower.starts_with(scheme) && lower.len() > scheme.len() + 2);
        if has_scheme && !text.contains(char::is_whitespace) {
            return Ok(plain(text));
        }
        let fault = (&finding::URL_SYNTAX, "it is no http(s) address");
        Err(self.no_value(field, column, cell, fault))
    }

    pub(in crate::validate) fn judge_currency(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Judged<'a> {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Ok(Slot::Made(text.to_ascii_uppercase().into()));
        }
        let fault = (&finding::CURRENCY_UNKNOWN, "it is no currency code");
        Err(self.no_value(field, column, cell, fault))
    }

    fn no_value(
        &self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        (code, message): (&'static Code, &'static str),
    ) -> Box<Finding> {
        Box::new(self.finding(code, column, field, cell.text, message))
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match normalise(text).as_str() {
        "true" | "yes" | "y" | "1" | "oui" | "o" | "vrai" | "x" | "on" => Some(true),
        "false" | "no" | "n" | "0" | "non" | "faux" | "off" => Some(false),
        _ => None,
    }
}
