//! One cell on its way to its field: what every kind of field asks of it before the kind's own rules.

mod date;
mod email;
mod list;
mod name;
mod phone;
mod scalar;

pub(super) use self::list::stands_between;
pub(crate) use self::scalar::yes_or_no;

use std::borrow::Cow;

use super::clean::{Clean, Inner, clean, hides_no_digit};
use super::column::Letters;
use super::damage::is_zero_date;
use super::glance::Glance;
use super::person::JudgeRow;
use super::words::{Meant, Words};
use crate::finding::{self, Finding, Severity};
use crate::mojibake;
use crate::recipe::{Blank, key};
use crate::record::{Beside, Field, Kind, Need, Record, Slot, Value};
use crate::row::{Cell, CellKind, Mark};
use crate::spelling::normalise;

/// A cell on its way to its field.
#[derive(Clone, Copy)]
pub(super) struct Place<'f, 'a> {
    pub(super) field: &'f Field,
    pub(super) column: Option<u16>,
    pub(super) cell: Cell<'a>,
}

impl<'a> JudgeRow<'a, '_> {
    /// A cell that does not go the short way.
    pub(super) fn judge_cell(
        &mut self,
        slot: usize,
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let Some(field) = self.rules.fields.get(slot) else { return Ok(()) };
        if self.bare && self.judge_again(slot, field, cell, record) {
            return Ok(());
        }
        let before = self.findings.len();
        self.judge_closely(slot, Place { field, column, cell }, record)?;
        if self.bare && self.findings.len() == before {
            self.remember(slot, field, cell, record);
        }
        Ok(())
    }

    /// A cell that has to be looked at, or that the quick look leaves open.
    #[inline(never)]
    pub(super) fn judge_closely(
        &mut self,
        slot: usize,
        place: Place<'a, 'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        self.whole(place)?;
        let place = Place { cell: self.as_shown(place), ..place };
        let Place { field, column, cell } = place;
        let glance = self.glance(cell);
        let inner = if has_lines(&field.kind) { Inner::Lines } else { Inner::OneLine };
        let cleaned = if glance.uneven { clean(cell.text, inner) } else { Clean::of(cell.text) };
        if cleaned.text.is_empty() {
            self.judge_blank(slot, column, record);
            return Ok(());
        }
        if cleaned.hidden && !may_hide(&field.kind, cell.text) {
            return Err(self.hidden(place, &cleaned.text));
        }
        if glance.coded {
            self.unharmed(place, &cleaned.text)?;
        }
        if cleaned.repaired {
            self.repaired(&finding::TEXT_REPAIRED, place, &cleaned.text);
        }
        self.is_one_gender(place, &cleaned.text)?;
        let is_dutch = || self.nature(column).is_some_and(|it| it.letters == Letters::Dutch);
        let word = match cleaned.text.as_ref() {
            "V" | "v" if matches!(field.kind, Kind::Choice(_)) && is_dutch() => "vrouw",
            text => text,
        };
        let meaning = self.meaning(slot, cell.text, word).or_else(|| {
            let number = self.stored(column).filter(|_| matches!(field.kind, Kind::Choice(_)))?;
            self.meaning(slot, number, number)
        });
        match meaning {
            Some(Meant::Value(value)) => {
                record.set(slot, Slot::Plain(value.value()));
                return Ok(());
            }
            Some(Meant::Blank) => {
                self.judge_blank(slot, column, record);
                return Ok(());
            }
            None => {}
        }
        if field.denies && says_none(&cleaned.text) {
            let message = format!("read as blank: {:?} says that there is nothing", cleaned.text);
            let finding = self.about(&finding::BLANK_WORD, place, message);
            self.findings.push(finding.fix("", true));
            self.judge_blank(slot, column, record);
            return Ok(());
        }
        let mut text = cleaned.text;
        if self.may_be_damaged(place, &text) {
            let Some(mended) = self.mend(place, text)? else {
                self.judge_blank(slot, column, record);
                return Ok(());
            };
            text = mended;
        }
        if self.rules.has_others {
            match self.judge_or_other(slot, place, text)? {
                Some(value) => record.set(slot, value),
                None => self.judge_blank(slot, column, record),
            }
            return Ok(());
        }
        let judged = self.judge_value(place, text);
        let value = judged.map_err(|finding| blank_by_recipe(field, cell, finding))?;
        if is_nothing(&value) {
            self.judge_blank(slot, column, record);
        } else {
            record.set(slot, value);
        }
        Ok(())
    }

    /// Whether a letter or digit is a man here and a woman there, and the column does not tell which.
    fn is_one_gender(&self, place: Place<'_, '_>, text: &str) -> Result<(), Box<Finding>> {
        let Place { field, column, .. } = place;
        let is_choice = matches!(field.kind, Kind::Choice(_));
        let letters = || self.nature(column).map(|it| it.letters);
        let message = match text {
            _ if !is_choice => return Ok(()),
            "M" | "m" if letters() == Some(Letters::Open) => {
                "beside H or V, M is a woman in Spanish and Portuguese, and a man elsewhere"
            }
            "F" | "f" if letters() == Some(Letters::Hungarian) => {
                "beside N, F is a man in Hungarian, and a woman elsewhere"
            }
            "1" | "2" if letters() == Some(Letters::Digits) => {
                "1 and 2 are codes of the target's own, and a man and a woman in ISO 5218"
            }
            _ => return Ok(()),
        };
        let finding = self.about(&finding::CHOICE_UNKNOWN, place, message);
        Err(Box::new(
            finding.help(format!("say what it is under [values.{}] in the recipe", field.name)),
        ))
    }

    /// What the closer looks may find in a cell.
    pub(super) fn glance(&self, cell: Cell<'_>) -> Glance {
        if self.plain {
            return Glance { uneven: false, coded: false };
        }
        Glance::closer(cell.text)
    }

    /// The value by the rules of its kind; where they refuse it, or have no say, what the recipe gives
    /// for words that nobody knows. Nothing where that is a blank.
    #[inline(never)]
    pub(super) fn judge_or_other(
        &mut self,
        slot: usize,
        place: Place<'a, 'a>,
        text: Cow<'a, str>,
    ) -> Result<Option<Slot<'a>>, Box<Finding>> {
        let Place { field, cell, .. } = place;
        let rules = self.rules;
        let Some(other) = rules.words.get(slot).and_then(Words::other) else {
            let judged = self.judge_value(place, text);
            return judged.map(Some).map_err(|finding| blank_by_recipe(field, cell, finding));
        };
        let why = if matches!(field.kind, Kind::Text | Kind::Name) {
            "the recipe does not list it".into()
        } else {
            match self.judge_value(place, text) {
                Ok(value) => return Ok(Some(value).filter(|value| !is_nothing(value))),
                Err(finding) => finding.message,
            }
        };
        let (after, value) = match other {
            Meant::Value(value) => (value.value().to_string(), Some(value.clone())),
            Meant::Blank => (String::new(), None),
        };
        let message = match value {
            Some(_) => format!("{why}; the recipe gives {after} for it"),
            None => format!("{why}; the recipe takes it for blank"),
        };
        let finding = self.about(&finding::VALUE_OTHER, place, message);
        self.findings.push(finding.fix(&after, true));
        Ok(value)
    }

    /// Whether a cell says that its field is to be cleared.
    #[inline]
    pub(super) fn is_clear_word(&self, cell: Cell<'_>) -> bool {
        self.rules.clear_word.as_deref().is_some_and(|word| cell.text.trim() == word)
    }

    /// Clears a field, as its cell asks for, unless nobody can be without it.
    pub(super) fn clear(
        &self,
        slot: usize,
        column: Option<u16>,
        cell: Cell<'_>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let Some(field) = self.rules.fields.get(slot) else { return Ok(()) };
        let place = Place { field, column, cell };
        let is_key = self.rules.unique.first().is_some_and(|key| key.slots == [slot]);
        if !field.can_be_cleared() || is_key {
            let message = format!("`{}` cannot be cleared: nobody can be without it", field.name);
            let code = &finding::CLEAR_REFUSED;
            return Err(Box::new(self.about(code, place, message)));
        }
        let needs_itself = |beside: &Beside| match *beside {
            Beside::Needs(other) => field.names(other) == field.name,
            _ => false,
        };
        // An identity without its identifier is none.
        let names_entry = field.unique && field.entries().next().is_some();
        if names_entry || field.beside.iter().any(needs_itself) {
            let message =
                format!("`{}` cannot be cleared: what it is a part of needs it", field.name);
            let code = &finding::CLEAR_REFUSED;
            return Err(Box::new(self.about(code, place, message)));
        }
        record.set(slot, Slot::Plain(Value::Null));
        Ok(())
    }

    pub(super) fn judge_blank(&self, slot: usize, column: Option<u16>, record: &mut Record<'a>) {
        // The recipe may have another value for it, which comes later.
        if self.sheet.made.iter().any(|make| make.slot == slot) {
            return;
        }
        // Only a cell that is there can be blank on purpose: a row that was cut off clears
        // nothing. Rows of a workbook simply end with their last filled cell.
        let exists = self.row.at.line == 0
            || column.is_some_and(|column| usize::from(column) < self.row.len());
        if exists && self.rules.blank_of(slot) == Blank::Clear {
            record.set(slot, Slot::Plain(Value::Null));
        }
    }

    /// A value that people and systems match by must not change under their eyes.
    pub(super) fn hidden(&self, place: Place<'_, '_>, without: &str) -> Box<Finding> {
        let message = "characters that nobody sees stand inside the value";
        let finding = self.about(&finding::TEXT_HIDDEN, place, message);
        Box::new(finding.help(format!("without them it reads {without:?}")).fix(without, false))
    }

    /// Refuses text that was read in a wrong encoding, and names what else was left of letters. What stands
    /// around a text (`cleaned` is without it) hides nothing; and what is invisible may be half a letter.
    pub(super) fn unharmed(
        &mut self,
        place: Place<'_, '_>,
        cleaned: &str,
    ) -> Result<(), Box<Finding>> {
        let Place { field, column, cell } = place;
        let wreck = mojibake::wreck(cell.text);
        let again = || (cleaned != cell.text).then(|| mojibake::wreck(cleaned)).flatten();
        let wreck = wreck.or_else(again);
        let Some(wreck) = wreck else { return Ok(()) };
        let is_error = wreck.code.severity == Severity::Error;
        if !is_error && matches!(field.kind, Kind::Url) {
            return Ok(());
        }
        let finding =
            wreck.finding(self.row.at, cell.text).column(column).field(field.name.clone());
        if is_error {
            return Err(Box::new(finding));
        }
        self.findings.push(finding);
        Ok(())
    }

    /// Refuses cells that have no value: errors of formulas, bytes that are no text.
    pub(super) fn whole(&self, place: Place<'_, '_>) -> Result<(), Box<Finding>> {
        let Place { field, column, cell } = place;
        let no_result =
            column.is_some_and(|column| self.row.has_mark(usize::from(column), Mark::NoResult));
        let (code, message) = match cell.kind {
            _ if no_result => {
                let message = "the cell holds a formula whose result is not stored";
                let finding = self.finding(&finding::FORMULA_NO_RESULT, column, field, "", message);
                let help = "open the file in a spreadsheet program and save it there";
                return Err(Box::new(finding.help(help)));
            }
            CellKind::Error => (&finding::CELL_ERROR, "the cell holds an error, not a value"),
            CellKind::Damaged => {
                (&finding::CELL_DAMAGED, "some bytes are not text in the file's encoding")
            }
            _ => return Ok(()),
        };
        let mut finding = self.about(code, place, message);
        let reading = column.and_then(|column| self.row.reading(usize::from(column)));
        if let Some(reading) = reading {
            finding = finding.help(mojibake::as_windows(reading)).fix(reading, false);
        }
        Err(Box::new(finding))
    }

    /// What a word of this field means, by the target's table or by the recipe.
    #[inline]
    pub(super) fn meaning(&mut self, slot: usize, raw: &'a str, text: &str) -> Option<&'a Meant> {
        let words = self.rules.words.get(slot)?;
        if words.is_empty() {
            return None;
        }
        if let Some(meant) = self.recent.words.find(slot, raw) {
            return Some(meant);
        }
        let meant = words.find(text)?;
        self.recent.words.keep(slot, raw, meant);
        Some(meant)
    }

    pub(super) fn judge_value(
        &mut self,
        place: Place<'a, 'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let Place { field, .. } = place;
        match &field.kind {
            Kind::Text => Ok(plain(text)),
            Kind::Name => self.judge_name(place, text),
            Kind::Email => self.judge_email(place, text),
            Kind::Phone(form) => self.judge_phone(place, text, *form),
            Kind::Date(_) => self.judge_date(place, &text),
            Kind::Moment(form) => self.judge_moment(place, &text, *form),
            Kind::Choice(_) if field.open => Ok(plain(text)),
            Kind::Choice(choices) => Err(self.none_of(place, &text, choices)),
            Kind::Integer => self.judge_integer(place, &text),
            Kind::Bool => self.judge_bool(place, &text),
            Kind::Url => self.judge_url(place, text),
            Kind::Currency => self.judge_currency(place, &text),
            Kind::Country => self.judge_country(place, &text),
            Kind::Choices(choices) => self.judge_choices(place, &text, choices),
            Kind::Words => self.judge_words(place, &text),
            Kind::Decimal => self.judge_decimal(place, &text),
            Kind::Coordinates => self.judge_coordinates(place, &text),
            Kind::Json(form) => self.judge_json(place, &text, *form),
        }
    }
}

/// Whether a value is the same without what nobody sees in it: text that nobody is matched by, and the numbers
/// and days of which programs say in which direction they run.
pub(super) fn may_hide(kind: &Kind, raw: &str) -> bool {
    match kind {
        Kind::Text => true,
        Kind::Phone(_) | Kind::Date(_) | Kind::Moment(_) => hides_no_digit(raw),
        _ => false,
    }
}

/// Whether line breaks inside a value are part of it.
pub(super) fn has_lines(kind: &Kind) -> bool {
    matches!(kind, Kind::Text | Kind::Words | Kind::Choices(_) | Kind::Json(_))
}

/// Whether a text says that there is nothing to say: a sign alone, or a word for none in some languages.
fn says_none(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "0",
        "aucun",
        "aucune",
        "brak",
        "ei",
        "false",
        "geen",
        "ingen",
        "inget",
        "kein",
        "keine",
        "keinebekannt",
        "keinen",
        "n",
        "na",
        "nao",
        "ne",
        "neant",
        "nee",
        "nei",
        "nein",
        "nej",
        "nenhum",
        "nenhuma",
        "nessun",
        "nessuna",
        "nessuno",
        "nic",
        "nichts",
        "nie",
        "nil",
        "ninguna",
        "ninguno",
        "nka",
        "nkda",
        "no",
        "noallergies",
        "noknownallergies",
        "nomedicalconditions",
        "non",
        "nondeclared",
        "none",
        "nonedeclared",
        "noneknown",
        "nonereported",
        "notapplicable",
        "nothing",
        "nothingtodeclare",
        "nulla",
        "ras",
        "rien",
        "rienasignaler",
        "zadna",
        "zadne",
    ];
    let plain = normalise(text);
    let is_sign = |c: char| "-–—_./\\∅".contains(c);
    text.chars().all(is_sign) || WORDS.binary_search(&plain.as_str()).is_ok()
}

/// Whether nothing is left of a list: all of its words stand for nothing.
fn is_nothing(value: &Slot<'_>) -> bool {
    matches!(value, Slot::List(list) if list.is_empty())
}

fn plain(text: Cow<'_, str>) -> Slot<'_> {
    match text {
        Cow::Borrowed(text) => Slot::Plain(Value::Text(text)),
        Cow::Owned(text) => Slot::Made(text.into()),
    }
}

/// Says how a word that stands where there is no value becomes a blank. Only the owner of a sheet knows
/// whether it does, so it is not taken for one unasked.
#[cold]
fn blank_by_recipe(field: &Field, cell: Cell<'_>, finding: Box<Finding>) -> Box<Finding> {
    const WORDS: &[&str] =
        &["", "aucun", "inconnu", "keine", "na", "nc", "nil", "none", "unbekannt", "unknown"];
    let text = cell.text.trim();
    let is_day = matches!(field.kind, Kind::Date(_) | Kind::Moment(_));
    let is_word = text.len() <= 12 && WORDS.binary_search(&normalise(text).as_str()).is_ok();
    let stands_for_nothing =
        field.need == Need::Optional && (is_word || is_day && is_zero_date(text));
    if !stands_for_nothing {
        return finding;
    }
    let help = format!(
        "if it stands for nothing, the recipe says so: [values.{}] {text:?} = \"\"",
        key(&field.name)
    );
    Box::new(finding.help(help))
}
