//! Values that the recipe makes of constants, columns and fields: put together here, judged as cells are.

use std::borrow::Cow;

use super::cell::{Place, has_lines, may_hide};
use super::clean::{Inner, clean};
use super::person::{JudgeRow, Recent};
use super::words::Meant;
use super::{Make, Rules, Settings, Sheet, Use, damage};
use crate::finding::{self, Finding, Severities};
use crate::layout::Layout;
use crate::mapping::derived::{Bit, Ingredient, Origin};
use crate::recipe::{Blank, Filter};
use crate::record::{Field, Kind, Record, Slot, Value};
use crate::row::{Cell, CellKind, Location, Row, Rows};

/// A part of a value: nothing where the cell is blank.
type Part<'a> = Option<Cow<'a, str>>;
type Judged<T> = Result<T, Box<Finding>>;

impl<'a> JudgeRow<'a, '_> {
    /// Makes every value that the recipe makes for this sheet.
    pub(super) fn make_values(&mut self, record: &mut Record<'a>, errors: &mut Vec<Finding>) {
        let sheet = self.sheet;
        for make in &sheet.made {
            let Some(field) = self.rules.fields.get(make.slot) else { continue };
            // What was refused or cleared stays so.
            let refused = errors.iter().any(|error| error.field.as_deref() == Some(&field.name));
            if refused || (make.only_blank && record.get(make.slot).is_some()) {
                continue;
            }
            match self.make(make, field, record, errors) {
                Ok(Some(slot)) if make.only_blank => record.fill_in(make.slot, slot),
                Ok(Some(slot)) => record.set(make.slot, slot),
                Ok(None) => {
                    let says_clear = |column: &&usize| self.is_clear_word(self.row.cell(**column));
                    if let Some(&column) = make.columns.iter().find(says_clear) {
                        let (place, cell) = (u16::try_from(column).ok(), self.row.cell(column));
                        let cleared = self.clear(make.slot, place, cell, record);
                        errors.extend(cleared.err().map(|it| *it));
                    }
                }
                Err(finding) => errors.push(*finding),
            }
        }
        for make in &sheet.made {
            if record.get(make.slot).is_none() && self.clears_made(make) {
                record.set(make.slot, Slot::Plain(Value::Null));
            }
        }
    }

    /// Whether a value that nothing was left of clears its field: where blanks do, and all that it is
    /// made of is there and blank.
    fn clears_made(&self, make: &Make) -> bool {
        self.rules.blank_of(make.slot) == Blank::Clear
            && !make.columns.is_empty()
            && make.columns.iter().all(|&column| {
                let exists = self.row.at.line == 0 || column < self.row.len();
                exists && self.row.cell(column).is_blank()
            })
    }

    fn make(
        &mut self,
        make: &'a Make,
        field: &'a Field,
        record: &Record<'a>,
        errors: &[Finding],
    ) -> Judged<Option<Slot<'a>>> {
        let text = match &make.from {
            Origin::Value(slot) => {
                return Ok(Some(match slot {
                    Slot::Plain(value) => Slot::Plain(*value),
                    Slot::Made(text) => Slot::Plain(Value::Text(text)),
                    Slot::List(list) => Slot::Plain(Value::List(list)),
                    Slot::Json(text) => Slot::Plain(Value::Json(text)),
                    Slot::Short(text) => Slot::Short(*text),
                }));
            }
            Origin::Template(bits) => self.fill(bits, field, record, errors)?,
            // A part that was refused is not blank: what is left of the others would be another value.
            Origin::Join { of, .. } if self.lacks_part(of, errors) => None,
            Origin::Join { of, with } => self.join(of, with, field, record, errors)?,
            Origin::Split { column, by, place, of } => {
                match self.cell_part(*column, field, errors)? {
                    Some(whole) => {
                        let Some(part) = split(&whole, by, *place, *of) else {
                            return Err(self.not_split(*column, field, by, *of));
                        };
                        (!part.is_empty()).then(|| part.to_owned())
                    }
                    None => None,
                }
            }
        };
        let Some(text) = text else { return Ok(None) };
        let single = match make.columns.as_slice() {
            [column] => u16::try_from(*column).ok(),
            _ => None,
        };
        let judged = self.judge_made(make.slot, field, single, &text);
        judged.map_err(|mut finding| {
            if single.is_none() {
                finding.message = format!("{} ({})", finding.message, make.how).into();
            }
            finding
        })
    }

    /// The text of a template; nothing where a part of it is blank.
    fn fill(
        &mut self,
        bits: &[Bit],
        field: &Field,
        record: &Record<'_>,
        errors: &[Finding],
    ) -> Judged<Option<String>> {
        let mut text = String::new();
        for bit in bits {
            match bit {
                Bit::Text(plain) => text.push_str(plain),
                Bit::Part(of, filters) => {
                    let Some(part) = self.part(*of, field, record, errors)? else {
                        return Ok(None);
                    };
                    let part =
                        filters.iter().fold(part, |part, filter| Cow::Owned(filter.apply(&part)));
                    if part.is_empty() {
                        return Ok(None);
                    }
                    text.push_str(&part);
                }
            }
        }
        Ok(Some(text))
    }

    /// Whether a part of a value was refused.
    fn lacks_part(&self, of: &[Ingredient], errors: &[Finding]) -> bool {
        errors.iter().any(|error| {
            of.iter().any(|part| match *part {
                Ingredient::Column(column) => error.column.map(usize::from) == Some(column),
                Ingredient::Field(slot) => {
                    let field = self.rules.fields.get(slot);
                    field.is_some_and(|field| error.field.as_deref() == Some(&field.name))
                }
            })
        })
    }

    /// Values one behind the other; nothing where all of them are blank.
    fn join(
        &mut self,
        of: &[Ingredient],
        with: &str,
        field: &Field,
        record: &Record<'_>,
        errors: &[Finding],
    ) -> Judged<Option<String>> {
        let mut text = String::new();
        for &ingredient in of {
            if let Some(part) = self.part(ingredient, field, record, errors)? {
                if !text.is_empty() {
                    text.push_str(with);
                }
                text.push_str(&part);
            }
        }
        Ok((!text.is_empty()).then_some(text))
    }

    fn part<'r>(
        &mut self,
        of: Ingredient,
        field: &Field,
        record: &'r Record<'_>,
        errors: &[Finding],
    ) -> Judged<Part<'r>>
    where
        'a: 'r,
    {
        match of {
            Ingredient::Column(column) => self.cell_part(column, field, errors),
            Ingredient::Field(slot) => Ok(match record.get(slot) {
                Some(Value::Text(text)) => Some(Cow::Borrowed(text)),
                Some(Value::Null) | None => None,
                Some(value) => Some(Cow::Owned(value.to_string())),
            }),
        }
    }

    /// A cell as a part of a value: cleaned as a cell of its own would be. What is wrong with it is
    /// told here only where the column fills no field that tells it.
    fn cell_part(&mut self, column: usize, field: &Field, errors: &[Finding]) -> Judged<Part<'a>> {
        let cell = self.row.cell(column);
        let place = Place { field, column: u16::try_from(column).ok(), cell };
        if errors.iter().any(|error| error.column == place.column) || self.is_clear_word(cell) {
            return Ok(None);
        }
        let told = self.sheet.columns.iter().any(|&(other, _)| other == column);
        self.whole(place)?;
        let lines = matches!(field.kind, Kind::Text);
        let cleaned = clean(cell.text, if lines { Inner::Lines } else { Inner::OneLine });
        if cleaned.text.is_empty() {
            return Ok(None);
        }
        if !told {
            if cleaned.hidden && !may_hide(&field.kind, cell.text) {
                return Err(self.hidden(place, &cleaned.text));
            }
            self.unharmed(place, &cleaned.text)?;
            if cleaned.repaired {
                self.repaired(&finding::TEXT_REPAIRED, place, &cleaned.text);
            }
        }
        if !damage::is_odd(&cleaned.text) {
            return Ok(Some(cleaned.text));
        }
        let before = self.findings.len();
        let part = Field { name: field.name.clone(), ..Field::new("", Kind::Text, "") };
        let mended = self.mend(Place { field: &part, ..place }, cleaned.text);
        if told {
            self.findings.truncate(before);
        }
        mended
    }

    fn not_split(&self, column: usize, field: &Field, by: &[String], of: usize) -> Box<Finding> {
        let cell = self.row.cell(column);
        let by: Vec<String> = by.iter().map(|by| format!("{by:?}")).collect();
        let message = format!("it has not exactly {of} parts with {} between", by.join(" or "));
        let place = Place { field, column: u16::try_from(column).ok(), cell };
        Box::new(
            self.about(&finding::VALUE_SPLIT, place, message)
                .help("correct the cell, or give each part a column"),
        )
    }

    /// Judges a text that was made as if it stood in a cell.
    fn judge_made(
        &mut self,
        slot: usize,
        field: &'a Field,
        column: Option<u16>,
        text: &str,
    ) -> Judged<Option<Slot<'a>>> {
        let mut recent = Recent::default();
        std::mem::swap(&mut recent.domains, &mut self.recent.domains);
        let mut judge = JudgeRow {
            rules: self.rules,
            sheet: self.sheet,
            row: self.row,
            plain: false,
            bare: false,
            findings: &mut *self.findings,
            recent: &mut recent,
        };
        let place = Place { field, column, cell: Cell { text, kind: CellKind::Text } };
        let judged = match judge.meaning(slot, text, text) {
            Some(Meant::Value(slot)) => Ok(Some(slot.clone())),
            Some(Meant::Blank) => Ok(None),
            None => judge.judge_or_other(slot, place, Cow::Borrowed(text)),
        };
        std::mem::swap(&mut recent.domains, &mut self.recent.domains);
        Ok(judged?.map(Slot::into_owned))
    }

    /// Why a value that the recipe makes is not there, for people.
    pub(super) fn why_not_made(&self, slot: usize, record: &Record<'_>) -> Option<String> {
        let make = self.sheet.made.iter().find(|make| make.slot == slot)?;
        if let Some(lender) = make.lender().and_then(|slot| self.rules.fields.get(slot)) {
            return Some(format!("`{}` stands in for it, and has no value", lender.name));
        }
        let why = match &make.from {
            Origin::Template(bits) => bits.iter().find_map(|bit| match bit {
                Bit::Text(_) => None,
                Bit::Part(of, filters) => self.why_nothing(*of, filters, record),
            }),
            _ => None,
        };
        Some(match why {
            Some(why) => format!("the recipe makes it ({}), and {why}", make.how),
            None => format!("the recipe makes it: {}", make.how),
        })
    }

    /// Why a part of a template is nothing.
    fn why_nothing(
        &self,
        of: Ingredient,
        filters: &[Filter],
        record: &Record<'_>,
    ) -> Option<String> {
        let (name, before) = match of {
            Ingredient::Column(column) => {
                let header = self.sheet.headers.get(column)?;
                (format!("{header:?}"), self.row.cell(column).text.trim().to_owned())
            }
            Ingredient::Field(slot) => {
                let value = record.get(slot).filter(|value| *value != Value::Null);
                let text = value.map_or_else(String::new, |value| value.to_string());
                (format!("`{}`", self.rules.fields.get(slot)?.name), text)
            }
        };
        if before.is_empty() {
            return Some(format!("{name} is blank"));
        }
        let mut text = before.clone();
        for filter in filters {
            text = filter.apply(&text);
            if text.is_empty() {
                return Some(format!("`{}` leaves nothing of {before:?}", filter.name()));
            }
        }
        None
    }
}

/// One part of a text that has exactly so many.
fn split<'t>(whole: &'t str, by: &[String], place: usize, of: usize) -> Option<&'t str> {
    let mut parts = Vec::with_capacity(of);
    let mut rest = whole;
    loop {
        let next = by
            .iter()
            .filter_map(|by| rest.find(by.as_str()).map(|at| (at, by.len())))
            .min_by_key(|&(at, width)| (at, std::cmp::Reverse(width)));
        let Some((at, width)) = next else { break };
        parts.push(rest.get(..at)?.trim());
        rest = rest.get(at + width..)?;
    }
    parts.push(rest.trim());
    if parts.len() != of {
        return None;
    }
    parts.get(place).copied()
}

impl Rules {
    /// Rules for values that stand in the recipe, before any input is known.
    pub fn of_recipe(settings: Settings) -> Self {
        Self {
            fields: Vec::new(),
            sheets: Vec::new(),
            words: Vec::new(),
            has_others: false,
            blanks: Vec::new(),
            clear_word: None,
            unique: Vec::new(),
            likely: None,
            beside: Vec::new(),
            severities: Severities::default(),
            trials: super::remedy::Trials::default(),
            settings,
            layout: Layout::default(),
            fingerprinter: crate::unique::Fingerprinter::default(),
            unwritten: false,
        }
    }

    /// Judges one row apart from all others: what the columns of its input prove does not count.
    ///
    /// # Errors
    /// Its errors, when it would be rejected.
    pub fn judge_alone(&self, row: Row<'_>) -> Result<Record<'static>, Vec<Finding>> {
        match self.sheets.get(usize::from(row.at.input)) {
            Some(sheet) => {
                let sheet = Sheet { natures: Vec::new(), ..sheet.clone() };
                self.judge_in(&sheet, row)
            }
            None => Ok(Record::new(self.fields.len())),
        }
    }

    fn judge_in(&self, sheet: &Sheet, row: Row<'_>) -> Result<Record<'static>, Vec<Finding>> {
        let mut record = Record::new(self.fields.len());
        let mut recent = Recent::default();
        let findings = &mut Vec::new();
        let mut judge = JudgeRow {
            rules: self,
            sheet,
            row,
            plain: false,
            bare: false,
            findings,
            recent: &mut recent,
        };
        judge.judge(&self.columns_of(sheet), &mut record).map_err(|rejection| rejection.0)?;
        Ok(record.to_owned())
    }

    /// The columns of an input that a slot takes its value from, by itself or with others.
    pub fn columns_for(&self, input: u16, slot: usize) -> impl Iterator<Item = usize> {
        let sheet = self.sheets.get(usize::from(input));
        let own = sheet.into_iter().flat_map(|sheet| &sheet.columns);
        let own = own.filter(move |(_, role)| match *role {
            Use::Slot(other) => other == slot,
            Use::FullName { first, last, .. } => first == slot || last == slot,
        });
        let made = sheet.into_iter().flat_map(|sheet| &sheet.made);
        let made = made.filter(move |make| make.slot == slot);
        own.map(|&(column, _)| column).chain(made.flat_map(|make| make.columns.iter().copied()))
    }

    /// The text of a field of a row: of its cell, or as the recipe makes it.
    pub fn text_of<'r>(&self, row: Row<'r>, field: &Field) -> Cow<'r, str> {
        let column = self.column(row.at.input, &field.name).map(usize::from);
        match column.map(|column| row.cell(column).text) {
            Some(text) if !text.trim().is_empty() => Cow::Borrowed(text),
            _ => {
                let slot = self.fields.iter().position(|own| own.name == field.name);
                let sheet = self.sheets.get(usize::from(row.at.input));
                let record = sheet.and_then(|sheet| self.judge_in(sheet, row).ok());
                let text = slot
                    .zip(record)
                    .and_then(|(slot, record)| record.text(slot).map(str::to_owned));
                Cow::Owned(text.unwrap_or_default())
            }
        }
    }

    /// The value of a field that the recipe writes down, with what is odd about it.
    ///
    /// # Errors
    /// What the field's rule says against it.
    pub fn value(&self, field: &Field, text: &str) -> Judged<(Slot<'static>, Vec<Finding>)> {
        let mut rows = Rows::default();
        rows.push_cell(text, CellKind::Text);
        rows.end_row(Location::default());
        let Some(row) = rows.get(0) else { return Ok((Slot::Made(text.into()), Vec::new())) };
        let sheet = Sheet::default();
        let mut recent = Recent::default();
        let mut odd = Vec::new();
        let findings = &mut odd;
        let mut judge = JudgeRow {
            rules: self,
            sheet: &sheet,
            row,
            plain: false,
            bare: false,
            findings,
            recent: &mut recent,
        };
        let inner = if has_lines(&field.kind) { Inner::Lines } else { Inner::OneLine };
        let cleaned = clean(text, inner);
        let slot =
            judge.judge_value(Place { field, column: None, cell: row.cell(0) }, cleaned.text)?;
        let slot = slot.into_owned();
        Ok((slot, odd))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_only_where_they_have_exactly_so_many_parts() {
        let by = |by: &[&str]| by.iter().map(|by| (*by).to_owned()).collect::<Vec<_>>();
        for (whole, at, of, expected) in [
            ("Lyon, France", &[","][..], 2, Some(vec!["Lyon", "France"])),
            ("Lyon;France", &[",", ";"], 2, Some(vec!["Lyon", "France"])),
            ("a - b-c", &["-", " - "], 3, Some(vec!["a", "b", "c"])),
            ("Lyon,", &[","], 2, Some(vec!["Lyon", ""])),
            ("Lyon", &[","], 2, None),
            ("a,b,c", &[","], 2, None),
        ] {
            let by = by(at);
            let parts: Option<Vec<&str>> =
                (0..of).map(|place| split(whole, &by, place, of)).collect();
            assert_eq!(parts, expected, "{whole}");
        }
    }
}
