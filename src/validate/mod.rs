//! Judges rows: pure work on owned chunks, done in parallel, all findings of a row at once.
//!
//! [`Rules::judge`] takes the rows of one chunk and gives back [`Judged`]: for each row whether it
//! can be sent, its JSON, its keys and its findings. What needs a second row is not decided here.

mod clean;
mod date;
mod email;
mod name;
pub mod phone;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;

use self::clean::{Inner, clean};
use self::phone::Region;
use crate::finding::{self, Checked, Code, Finding, Rejection, Severity};
use crate::layout::Layout;
use crate::mapping::{FULL_NAME, Mapping, Role, Schema};
use crate::recipe::{Blank, DateOrder, Meaning};
use crate::record::{Choice, Field, Kind, Need, PhoneForm, Record, Slot, Value};
use crate::row::{Cell, CellKind, Location, Quotes, Row, Rows};
use crate::spelling::normalise;
use crate::unique::{Fingerprint, Fingerprinter};

/// What became of one row, as far as one row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It can be sent.
    Ready,
    /// It has an error.
    Rejected,
    /// It is no person: a repeated header.
    Skipped,
}

/// One judged row: places in the arenas of [`Judged`].
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Which row of the chunk.
    pub row: usize,
    /// What became of it.
    pub fate: Fate,
    /// Where its JSON ends.
    pub json_end: usize,
    /// Where its findings end.
    pub findings_end: usize,
}

/// A judged chunk. Blank rows are no rows and have no outcome.
#[derive(Debug, Default)]
pub struct Judged {
    /// The rows as read.
    pub rows: Rows,
    /// One for each row that is not blank, in file order.
    pub outcomes: Vec<Outcome>,
    /// JSON of the rows that can be sent, end to end.
    pub json: Vec<u8>,
    /// Findings in file order.
    pub findings: Vec<Finding>,
    /// The keys of each outcome, as many as there are unique fields.
    pub keys: Vec<Option<Fingerprint>>,
    /// Values of the rows that [`Rules::keep`] asked for, by place in `outcomes`.
    pub records: Vec<(usize, Record<'static>)>,
}

/// Words with a meaning, for one field.
type Meanings = BTreeMap<String, Slot<'static>>;

/// What one input's columns are, for the judge.
#[derive(Debug)]
struct Sheet {
    headers: Vec<String>,
    /// Columns in use, with the slots they fill.
    columns: Vec<(usize, Use)>,
    /// Required and wanted slots, each with the column that fills it.
    required: Vec<(usize, Option<u16>)>,
    header_row: u32,
}

#[derive(Clone, Copy, Debug)]
enum Use {
    Slot(usize),
    FullName { first: usize, last: usize },
}

/// Decisions that hold for all rows.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The day of the run: no birth lies behind it.
    pub today: Date,
    /// The order of numeric dates, where the user says it.
    pub date_order: Option<DateOrder>,
    /// The country of national phone numbers.
    pub region: Option<Region>,
    /// What a blank cell means.
    pub blank: Blank,
}

/// Everything by which rows are judged, made once.
#[derive(Debug)]
pub struct Rules {
    /// The field of each slot, in the order of the payload.
    fields: Vec<Field>,
    sheets: Vec<Sheet>,
    /// Words with a meaning, for each slot.
    meanings: Vec<Meanings>,
    /// Slots whose values must be unique; the first is that of the match key.
    unique: Vec<usize>,
    settings: Settings,
    layout: Layout,
    fingerprinter: Fingerprinter,
    /// Columns whose own values prove the order of their dates.
    orders: Vec<(ColumnOf, DateOrder)>,
}

/// A column of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnOf {
    /// The input.
    pub input: u16,
    /// The column, from 0.
    pub column: usize,
}

/// What the dates of a column say about the order of their parts: the first row for each order.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// A date that only day first can be.
    pub day_first: Option<(Location, String)>,
    /// A date that only month first can be.
    pub month_first: Option<(Location, String)>,
}

impl Evidence {
    /// Adds what later rows say.
    pub fn add(&mut self, later: Self) {
        self.day_first = self.day_first.take().or(later.day_first);
        self.month_first = self.month_first.take().or(later.month_first);
    }

    /// The order that is proven, with the row and the value that prove it. Nothing when no value
    /// proves one, or when values prove both.
    pub fn order(&self) -> Option<(DateOrder, &(Location, String))> {
        match (&self.day_first, &self.month_first) {
            (Some(proof), None) => Some((DateOrder::Dmy, proof)),
            (None, Some(proof)) => Some((DateOrder::Mdy, proof)),
            _ => None,
        }
    }
}

impl Rules {
    /// Columns of dates of an input whose first rows hold dates that can be read either way, when
    /// nobody has said how.
    pub fn open_dates(&self, input: u16, sample: &Rows) -> Vec<ColumnOf> {
        let Some(sheet) = self.sheets.get(usize::from(input)) else { return Vec::new() };
        if self.settings.date_order.is_some() {
            return Vec::new();
        }
        let is_open =
            |column: usize| sample.iter().any(|row| date::sign(row.cell(column).text).is_some());
        sheet
            .columns
            .iter()
            .filter_map(|&(column, role)| match role {
                Use::Slot(slot) => Some((column, self.fields.get(slot)?)),
                Use::FullName { .. } => None,
            })
            .filter(|(column, field)| matches!(field.kind, Kind::Date(_)) && is_open(*column))
            .map(|(column, _)| ColumnOf { input, column })
            .collect()
    }

    /// What rows say about the order of dates in some columns, one answer for each column.
    pub fn evidence(rows: &Rows, columns: &[ColumnOf]) -> Vec<Evidence> {
        let mut found = vec![Evidence::default(); columns.len()];
        for row in rows.iter() {
            for (of, evidence) in columns.iter().zip(&mut found) {
                if of.input != row.at.input {
                    continue;
                }
                let text = row.cell(of.column).text;
                let place = match date::sign(text) {
                    Some(date::Sign::DayFirst) => &mut evidence.day_first,
                    Some(date::Sign::MonthFirst) => &mut evidence.month_first,
                    Some(date::Sign::Either) | None => continue,
                };
                if place.is_none() {
                    *place = Some((row.at, text.trim().to_owned()));
                }
            }
        }
        found
    }

    /// Takes over the order that a column's own values prove.
    pub fn set_order(&mut self, column: ColumnOf, order: DateOrder) {
        self.orders.push((column, order));
    }

    /// Rules for the inputs whose mappings are given, in their order.
    ///
    /// `match_field` is the field by which the target finds people; `layout` plans the payload
    /// for the fields in use.
    pub fn new(
        schema: &Schema,
        inputs: &[(Mapping, u32)],
        values: &BTreeMap<String, BTreeMap<String, Meaning>>,
        match_field: &str,
        settings: Settings,
        layout: &dyn Fn(&[Field]) -> Layout,
    ) -> Self {
        let used: Vec<usize> = (0..schema.fields().len())
            .filter(|&field| inputs.iter().any(|(mapping, _)| mapping.column_of(field).is_some()))
            .collect();
        let fields: Vec<Field> =
            used.iter().filter_map(|&index| schema.field(index).cloned()).collect();
        let slot_of = |field: usize| used.iter().position(|&index| index == field);
        let sheets = inputs
            .iter()
            .map(|(mapping, header_row)| sheet(mapping, *header_row, &fields, &used, &slot_of))
            .collect();
        let meanings =
            fields.iter().map(|field| meanings(field, values.get(field.name.as_ref()))).collect();
        let mut unique: Vec<usize> = (0..fields.len())
            .filter(|&slot| fields.get(slot).is_some_and(|field| field.unique))
            .collect();
        unique.sort_by_key(|&slot| fields.get(slot).is_none_or(|field| field.name != match_field));
        let layout = layout(&fields);
        let fingerprinter = Fingerprinter::default();
        let orders = Vec::new();
        Self { fields, sheets, meanings, unique, settings, layout, fingerprinter, orders }
    }

    /// The fields in use, by slot.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The fields whose values must be unique, in the order of the keys of an outcome.
    pub fn unique(&self) -> impl Iterator<Item = &Field> {
        self.unique.iter().filter_map(|&slot| self.fields.get(slot))
    }

    /// The column of an input that fills a field.
    pub fn column(&self, input: u16, field: &str) -> Option<u16> {
        let slot = self.fields.iter().position(|candidate| candidate.name == field)?;
        let sheet = self.sheets.get(usize::from(input))?;
        sheet
            .columns
            .iter()
            .find(|(_, role)| matches!(role, Use::Slot(other) if *other == slot))
            .and_then(|&(column, _)| u16::try_from(column).ok())
    }

    /// Appends a record's JSON.
    pub fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        self.layout.write(record, out);
    }

    /// The row of an input's header.
    pub fn header_row(&self, input: u16) -> u32 {
        self.sheets.get(usize::from(input)).map_or(0, |sheet| sheet.header_row)
    }

    /// Judges the rows of one chunk of an input. `keep` tells for a row's match key whether the
    /// caller needs its values once more.
    pub fn judge(&self, rows: Rows, keep: &dyn Fn(Fingerprint) -> bool) -> Judged {
        let mut judged = Judged {
            outcomes: Vec::with_capacity(rows.len()),
            json: Vec::with_capacity(rows.bytes() * 2),
            keys: Vec::with_capacity(rows.len() * self.unique.len()),
            ..Judged::default()
        };
        let mut record = Record::new(self.fields.len());
        let mut recent = Recent::default();
        for (index, row) in rows.iter().enumerate() {
            let Some(sheet) = self.sheets.get(usize::from(row.at.input)) else { continue };
            if row.is_blank() {
                continue;
            }
            let first_finding = judged.findings.len();
            let first_key = judged.keys.len();
            judged.keys.resize(first_key + self.unique.len(), None);
            let fate = if is_header(sheet, &row) {
                judged.findings.push(Finding::new(
                    &finding::ROW_HEADER,
                    row.at,
                    "the row repeats the header and is skipped",
                ));
                Fate::Skipped
            } else {
                record.clear();
                let checked = JudgeRow {
                    rules: self,
                    sheet,
                    row,
                    findings: &mut judged.findings,
                    recent: &mut recent,
                }
                .judge(&mut record);
                for (key, &slot) in judged.keys.iter_mut().skip(first_key).zip(&self.unique) {
                    *key = self.fingerprint(&record, slot);
                }
                match checked {
                    Ok(()) => {
                        self.layout.write(&record, &mut judged.json);
                        let wanted =
                            judged.keys.get(first_key).copied().flatten().is_some_and(keep);
                        if wanted {
                            judged.records.push((judged.outcomes.len(), record.to_owned()));
                        }
                        Fate::Ready
                    }
                    Err(Rejection(mut findings)) => {
                        judged.findings.append(&mut findings);
                        Fate::Rejected
                    }
                }
            };
            if let Some(own) = judged.findings.get_mut(first_finding..) {
                own.sort_by_key(|finding| (finding.column, finding.code.severity));
            }
            judged.outcomes.push(Outcome {
                row: index,
                fate,
                json_end: judged.json.len(),
                findings_end: judged.findings.len(),
            });
        }
        judged.rows = rows;
        judged
    }

    /// The fingerprint of a slot's value in the form in which keys are compared.
    fn fingerprint(&self, record: &Record<'_>, slot: usize) -> Option<Fingerprint> {
        let text = record.text(slot).filter(|text| !text.is_empty())?;
        Some(match self.fields.get(slot)?.kind {
            Kind::Email => self.fingerprinter.of(email::key(text).as_bytes()),
            _ => self.fingerprinter.of(text.as_bytes()),
        })
    }
}

fn sheet(
    mapping: &Mapping,
    header_row: u32,
    fields: &[Field],
    used: &[usize],
    slot_of: &dyn Fn(usize) -> Option<usize>,
) -> Sheet {
    let columns = mapping
        .columns
        .iter()
        .enumerate()
        .filter_map(|(column, decided)| {
            let role = match decided.role {
                Role::Field(field) => Use::Slot(slot_of(field)?),
                Role::FullName { first, last } => {
                    Use::FullName { first: slot_of(first)?, last: slot_of(last)? }
                }
                Role::Unused(_) => return None,
            };
            Some((column, role))
        })
        .collect();
    let required = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.need != Need::Optional)
        .map(|(slot, _)| {
            let column = used.get(slot).and_then(|&field| mapping.column_of(field));
            (slot, column.and_then(|column| u16::try_from(column).ok()))
        })
        .collect();
    let headers = mapping.columns.iter().map(|column| column.header.clone()).collect();
    Sheet { headers, columns, required, header_row }
}

/// The words of a choice field and those that the recipe teaches.
fn meanings(field: &Field, taught: Option<&BTreeMap<String, Meaning>>) -> Meanings {
    let mut meanings = Meanings::new();
    let choices: &[Choice] = match field.kind {
        Kind::Choice(choices) => choices,
        _ => &[],
    };
    for choice in choices {
        for word in choice.words {
            meanings.insert((*word).to_owned(), Slot::Plain(choice.value));
        }
        meanings.insert(normalise(choice.label), Slot::Plain(choice.value));
        if let Value::Integer(code) = choice.value {
            meanings.insert(code.to_string(), Slot::Plain(choice.value));
        }
    }
    for (word, meaning) in taught.into_iter().flatten() {
        let slot = match meaning {
            Meaning::Code(code) => Slot::Plain(Value::Integer(*code)),
            Meaning::Word(text) => match meanings.get(&normalise(text)) {
                Some(slot) => slot.clone(),
                None => Slot::Made(text.as_str().into()),
            },
        };
        meanings.insert(normalise(word), slot);
    }
    meanings
}

/// Whether a text is one of the words of a choice field, those of the recipe included.
pub fn knows_word(field: &Field, taught: Option<&BTreeMap<String, Meaning>>, text: &str) -> bool {
    meanings(field, taught).contains_key(&normalise(text))
}

fn is_header(sheet: &Sheet, row: &Row<'_>) -> bool {
    let mut same = sheet.columns.iter().map(|&(column, _)| {
        sheet.headers.get(column).is_some_and(|header| row.cell(column).text.trim() == header)
    });
    // The first comparison settles it for nearly every row.
    !sheet.columns.is_empty() && same.all(|same| same)
}

/// What findings about a cell with first and last name call it.
static NAME_IN_FULL: Field = Field::new(FULL_NAME, Kind::Name, FULL_NAME);

/// What words of choice columns meant a moment ago: sheets repeat few words.
#[derive(Debug, Default)]
struct Recent<'a> {
    words: Vec<(usize, &'a str, Slot<'static>)>,
    /// Mail domains, with the provider of which each may be a slip.
    domains: Vec<(&'a str, Option<&'static str>)>,
}

/// How many words are remembered.
const RECENT: usize = 24;

struct JudgeRow<'a, 'b> {
    rules: &'a Rules,
    sheet: &'a Sheet,
    row: Row<'a>,
    /// Findings that do not reject the row.
    findings: &'b mut Vec<Finding>,
    recent: &'b mut Recent<'a>,
}

impl<'a> JudgeRow<'a, '_> {
    fn judge(&mut self, record: &mut Record<'a>) -> Checked<()> {
        let mut errors = Vec::new();
        self.judge_width(&mut errors);
        self.judge_quotes(&mut errors);
        let sheet = self.sheet;
        for &(column, role) in &sheet.columns {
            let cell = self.row.cell(column);
            let place = u16::try_from(column).ok();
            let checked = match role {
                Use::Slot(slot) => self.judge_cell(slot, place, cell, record),
                Use::FullName { first, last } => {
                    self.judge_full_name([first, last], place, cell, record)
                }
            };
            if let Err(finding) = checked {
                errors.push(*finding);
            }
        }
        for &(slot, column) in &sheet.required {
            let missing = matches!(record.get(slot), None | Some(Value::Null));
            if missing
                && !errors.iter().any(|error| error.column == column && column.is_some())
                && let Some(field) = self.rules.fields.get(slot)
            {
                if field.need == Need::Wanted {
                    let message = format!("{} is blank", field.name);
                    let code = &finding::WANTED_MISSING;
                    let finding = self.finding(code, column, field, "", message);
                    self.findings.push(finding);
                    continue;
                }
                errors.push(self.finding(
                    &finding::REQUIRED_MISSING,
                    column,
                    field,
                    "",
                    format!("{} is blank", field.name),
                ));
            }
        }
        self.judge_together(record);
        if errors.is_empty() { Ok(()) } else { Err(Rejection(errors)) }
    }

    fn finding(
        &self,
        code: &'static Code,
        column: Option<u16>,
        field: &Field,
        value: &str,
        message: impl Into<Cow<'static, str>>,
    ) -> Finding {
        Finding::new(code, self.row.at, message)
            .column(column)
            .field(field.name.clone())
            .value(value)
    }

    /// Quotes of a text file should open and close around whole cells.
    fn judge_quotes(&mut self, errors: &mut Vec<Finding>) {
        match self.row.quotes() {
            None => {}
            Some(Quotes::Open) => errors.push(
                Finding::new(
                    &finding::QUOTE_OPEN,
                    self.row.at,
                    "a quote opens in this row and is never closed",
                )
                .help("close the quote, or double it if it is part of the text"),
            ),
            Some(Quotes::Stray) => self.findings.push(Finding::new(
                &finding::QUOTE_STRAY,
                self.row.at,
                "a quote stands inside a cell and was taken as text",
            )),
        }
    }

    /// Rows of a text file should be as wide as the header.
    fn judge_width(&mut self, errors: &mut Vec<Finding>) {
        let (width, header) = (self.row.len(), self.sheet.headers.len());
        if width > header {
            let extra = (header..width).find(|&column| !self.row.cell(column).is_blank());
            if let Some(column) = extra {
                errors.push(
                    Finding::new(
                        &finding::ROW_LONG,
                        self.row.at,
                        format!("the row has {width} cells, the header {header}"),
                    )
                    .column(u16::try_from(column).ok())
                    .value(self.row.cell(column).text)
                    .help("quote the cell that holds the delimiter"),
                );
            }
        } else if width < header && self.row.at.line > 0 {
            self.findings.push(Finding::new(
                &finding::ROW_SHORT,
                self.row.at,
                format!("the row has {width} cells, the header {header}"),
            ));
        }
    }

    fn judge_cell(
        &mut self,
        slot: usize,
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let Some(field) = self.rules.fields.get(slot) else { return Ok(()) };
        self.whole(cell, column, field)?;
        let inner = if matches!(field.kind, Kind::Text) { Inner::Lines } else { Inner::OneLine };
        let cleaned = clean(cell.text, inner);
        if cleaned.text.is_empty() {
            if self.rules.settings.blank == Blank::Clear && field.need == Need::Optional {
                record.set(slot, Slot::Plain(Value::Null));
            }
            return Ok(());
        }
        if cleaned.hidden && !matches!(field.kind, Kind::Text) {
            return Err(self.hidden(column, field, cell, &cleaned.text));
        }
        if cleaned.repaired {
            self.repaired(&finding::TEXT_REPAIRED, column, field, cell.text, &cleaned.text);
        }
        let value = self.judge_value(slot, field, column, cell, cleaned.text)?;
        record.set(slot, value);
        Ok(())
    }

    /// A value that people and systems match by must not change under their eyes.
    fn hidden(
        &self,
        column: Option<u16>,
        field: &Field,
        cell: Cell<'_>,
        without: &str,
    ) -> Box<Finding> {
        let message = "characters that nobody sees stand inside the value";
        let finding = self.finding(&finding::TEXT_HIDDEN, column, field, cell.text, message);
        Box::new(finding.help(format!("without them it reads {without:?}")).fix(without, false))
    }

    fn repaired(
        &mut self,
        code: &'static Code,
        column: Option<u16>,
        field: &Field,
        before: &str,
        after: &str,
    ) {
        let message = format!("read as {after:?}");
        let finding = self.finding(code, column, field, before, message).fix(after, true);
        self.findings.push(finding);
    }

    /// Refuses cells that have no value: errors of formulas, bytes that are no text.
    fn whole(
        &self,
        cell: Cell<'_>,
        column: Option<u16>,
        field: &Field,
    ) -> Result<(), Box<Finding>> {
        let (code, message) = match cell.kind {
            CellKind::Error => (&finding::CELL_ERROR, "the cell holds an error, not a value"),
            CellKind::Damaged => {
                (&finding::CELL_DAMAGED, "some bytes are not text in the file's encoding")
            }
            _ => return Ok(()),
        };
        Err(Box::new(self.finding(code, column, field, cell.text, message)))
    }

    fn judge_value(
        &mut self,
        slot: usize,
        field: &'a Field,
        column: Option<u16>,
        cell: Cell<'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        if let Some(meaning) = self.meaning(slot, field, cell.text, &text) {
            return Ok(meaning);
        }
        let fail = |code, message: Cow<'static, str>| {
            Box::new(self.finding(code, column, field, cell.text, message))
        };
        match field.kind {
            Kind::Text => Ok(plain(text)),
            Kind::Name => {
                if let Some(message) = name::doubt(&text) {
                    let code = &finding::NAME_PLACEHOLDER;
                    let finding = self.finding(code, column, field, cell.text, message);
                    self.findings.push(finding);
                }
                Ok(plain(text))
            }
            Kind::Email => self.judge_email(field, column, cell, text),
            Kind::Phone(form) => match phone::write(&text, form, self.rules.settings.region) {
                Ok(written) if written.number == text => Ok(plain(text)),
                Ok(written) => {
                    if let Some(extension) = written.extension {
                        let message = format!("sent without its extension {extension}");
                        let code = &finding::PHONE_EXTENSION;
                        let finding = self.finding(code, column, field, cell.text, message);
                        self.findings.push(finding.fix(&written.number, true));
                    }
                    Ok(Slot::Made(written.number.into()))
                }
                Err(phone::Fault::Invalid(message)) => Err(fail(&finding::PHONE_INVALID, message)),
                Err(phone::Fault::Syntax(message)) => Err(fail(&finding::PHONE_SYNTAX, message)),
                Err(phone::Fault::Damaged) => Err(fail(
                    &finding::PHONE_NUMBER_DAMAGED,
                    "a spreadsheet stored the number as a number and lost digits".into(),
                )),
                Err(phone::Fault::NoCountry) => Err(Box::new(
                    fail(&finding::PHONE_NO_COUNTRY, "the number has no country code".into()).help(
                        "name the country with --default-region, such as --default-region AU",
                    ),
                )),
            },
            Kind::Date(_) => self.judge_date(field, column, cell, &text),
            Kind::Moment => match moment(&text) {
                Some(moment) => Ok(Slot::Made(moment.into())),
                None => Err(fail(&finding::DATETIME_SYNTAX, "it is no date-time".into())),
            },
            Kind::Choice(choices) => {
                let labels: Vec<&str> = choices.iter().map(|choice| choice.label).collect();
                let near = crate::spelling::nearest(&text, labels.iter().copied());
                let mut finding = *fail(
                    &finding::CHOICE_UNKNOWN,
                    format!("it is none of {}", labels.join(", ")).into(),
                );
                finding = match near {
                    Some(near) => finding.help(format!("did you mean {near}?")).fix(near, false),
                    None => finding.help(format!(
                        "teach the word in the recipe, under [values.{}]",
                        field.name
                    )),
                };
                Err(Box::new(finding))
            }
            Kind::Integer => match text.parse::<i64>() {
                Ok(number) => Ok(Slot::Plain(Value::Integer(number))),
                Err(_) => Err(fail(&finding::NUMBER_SYNTAX, "it is no whole number".into())),
            },
            Kind::Bool => match yes_or_no(&text) {
                Some(yes) => Ok(Slot::Plain(Value::Bool(yes))),
                None => Err(fail(&finding::BOOL_SYNTAX, "it says neither yes nor no".into())),
            },
            Kind::Url => {
                let known = ["http://", "https://"];
                let lower = text.to_lowercase();
                if known
                    .iter()
                    .any(|scheme| lower.starts_with(scheme) && lower.len() > scheme.len() + 2)
                    && !text.contains(char::is_whitespace)
                {
                    Ok(plain(text))
                } else {
                    Err(fail(&finding::URL_SYNTAX, "it is no http(s) address".into()))
                }
            }
            Kind::Currency => {
                if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    Ok(Slot::Made(text.to_ascii_uppercase().into()))
                } else {
                    Err(fail(&finding::CURRENCY_UNKNOWN, "it is no currency code".into()))
                }
            }
        }
    }

    /// What a word of this field means, by the target's table or by the recipe.
    fn meaning(
        &mut self,
        slot: usize,
        field: &Field,
        raw: &'a str,
        text: &str,
    ) -> Option<Slot<'a>> {
        let meanings = self.rules.meanings.get(slot)?;
        if meanings.is_empty() {
            return None;
        }
        let known = self.recent.words.iter().find(|(of, word, _)| *of == slot && *word == raw);
        if let Some((_, _, meaning)) = known {
            return Some(meaning.clone());
        }
        let found = meanings.get(&normalise(text))?;
        // A word of the recipe for a field that is no choice is a text to be judged like any other,
        // but the recipe's author has judged it already.
        debug_assert!(!meanings.is_empty(), "{}", field.name);
        if self.recent.words.len() < RECENT {
            self.recent.words.push((slot, raw, found.clone()));
        }
        Some(found.clone())
    }

    fn judge_email(
        &mut self,
        field: &'a Field,
        column: Option<u16>,
        cell: Cell<'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let text = match email::content(&text) {
            email::Content::Bare => text,
            email::Content::Several => {
                return Err(Box::new(
                    self.finding(
                        &finding::EMAIL_SEVERAL,
                        column,
                        field,
                        cell.text,
                        "the cell holds more than one address",
                    )
                    .help("keep one address in the cell"),
                ));
            }
            email::Content::Wrapped(inner) => {
                let inner = inner.to_owned();
                if email::check(&inner).is_ok() {
                    self.repaired(&finding::EMAIL_REPAIRED, column, field, cell.text, &inner);
                }
                Cow::Owned(inner)
            }
        };
        if let Err(fault) = email::check(&text) {
            let mut finding =
                self.finding(&finding::EMAIL_SYNTAX, column, field, cell.text, fault.message);
            if let Some(suggestion) = fault.suggestion {
                finding =
                    finding.help(format!("did you mean {suggestion}?")).fix(&suggestion, false);
            }
            return Err(Box::new(finding));
        }
        if email::is_role(&text) {
            let finding = self.finding(
                &finding::EMAIL_ROLE,
                column,
                field,
                cell.text,
                "the mailbox belongs to a role, not to one person",
            );
            self.findings.push(finding);
        }
        if let Some(provider) = self.slip(cell.text, &text) {
            let local = text.rsplit_once('@').map_or("", |(local, _)| local);
            let suggestion = format!("{local}@{provider}");
            let finding = self
                .finding(
                    &finding::EMAIL_TYPO,
                    column,
                    field,
                    cell.text,
                    format!("the domain is one slip away from {provider}"),
                )
                .help(format!("did you mean {suggestion}? It is sent as it stands"))
                .fix(&suggestion, false);
            self.findings.push(finding);
        }
        Ok(plain(text))
    }

    fn slip(&mut self, raw: &'a str, address: &str) -> Option<&'static str> {
        let domain = address.rsplit_once('@')?.1;
        if let Some((_, slip)) = self.recent.domains.iter().find(|(known, _)| *known == domain) {
            return *slip;
        }
        let slip = email::slip_of(domain);
        // Only a domain that stands in the file as it is can be remembered without a copy.
        if let Some(own) =
            raw.trim().rsplit_once('@').map(|(_, own)| own).filter(|own| *own == domain)
            && self.recent.domains.len() < RECENT
        {
            self.recent.domains.push((own, slip));
        }
        slip
    }

    /// The order of dates that the values of a column prove.
    fn orders_of(&self, column: Option<u16>) -> Option<DateOrder> {
        let of = ColumnOf { input: self.row.at.input, column: usize::from(column?) };
        self.rules.orders.iter().find(|(proven, _)| *proven == of).map(|&(_, order)| order)
    }

    fn judge_date(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let settings = &self.rules.settings;
        let fail = |code, message: Cow<'static, str>| {
            Box::new(self.finding(code, column, field, cell.text, message))
        };
        let here = self.orders_of(column);
        let read = match date::read(text, settings.date_order.or(here), settings.today) {
            Ok(read) => read,
            Err(date::Fault::Syntax(message)) => {
                return Err(Box::new(
                    fail(&finding::DATE_SYNTAX, message).help("write it as YYYY-MM-DD"),
                ));
            }
            Err(date::Fault::Impossible(message)) => {
                return Err(fail(&finding::DATE_IMPOSSIBLE, message));
            }
            Err(date::Fault::Ambiguous) => {
                return Err(Box::new(
                    fail(&finding::DATE_AMBIGUOUS, "day and month can be read either way".into())
                        .help("say which with --date-order dmy or --date-order mdy"),
                ));
            }
        };
        let date = read.date;
        if field.born && date > settings.today {
            return Err(fail(&finding::DATE_RANGE, "the date lies in the future".into()));
        }
        if field.born && date.year() < 1900 {
            return Err(fail(&finding::DATE_RANGE, "the date lies before 1900".into()));
        }
        if read.completed {
            let after = date.to_string();
            let code = &finding::DATE_CENTURY;
            let finding = self.finding(code, column, field, cell.text, format!("read as {after}"));
            self.findings.push(finding.fix(&after, true));
        }
        Ok(Slot::Plain(Value::Date(date)))
    }

    /// Splits a full name where it has exactly one given and one family name.
    fn judge_full_name(
        &mut self,
        [first, last]: [usize; 2],
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let field = &NAME_IN_FULL;
        self.whole(cell, column, field)?;
        let cleaned = clean(cell.text, Inner::OneLine);
        if cleaned.text.is_empty() {
            return Err(Box::new(self.finding(
                &finding::REQUIRED_MISSING,
                column,
                field,
                cell.text,
                "the name is blank",
            )));
        }
        if cleaned.hidden {
            return Err(self.hidden(column, field, cell, &cleaned.text));
        }
        if cleaned.repaired {
            let finding = self
                .finding(
                    &finding::TEXT_REPAIRED,
                    column,
                    field,
                    cell.text,
                    format!("read as {:?}", cleaned.text),
                )
                .fix(&cleaned.text, true);
            self.findings.push(finding);
        }
        let Some((given, family)) = name::split(&cleaned.text) else {
            return Err(Box::new(
                self.finding(
                    &finding::NAME_SPLIT,
                    column,
                    field,
                    cell.text,
                    "it is not exactly one given name and one family name",
                )
                .help("give first and last name a column each"),
            ));
        };
        record.set(first, Slot::Made(given.into()));
        record.set(last, Slot::Made(family.into()));
        Ok(())
    }

    /// Fields that apply only together with a value of another one.
    fn judge_together(&mut self, record: &Record<'_>) {
        let fields = &self.rules.fields;
        for (slot, field) in fields.iter().enumerate() {
            let Some((other, codes)) = field.only_with else { continue };
            let Some(text) = record.text(slot) else { continue };
            let partner = fields.iter().position(|field| field.name == other);
            let Some(Value::Integer(code)) = partner.and_then(|partner| record.get(partner)) else {
                continue;
            };
            if !codes.contains(&code) {
                let column = self.rules.column(self.row.at.input, &field.name);
                let message = format!("`{}` does not apply with this `{other}`", field.name);
                let code = &finding::FIELD_UNSUITED;
                let finding = self.finding(code, column, field, text, message);
                self.findings.push(finding);
            }
        }
    }
}

fn plain(text: Cow<'_, str>) -> Slot<'_> {
    match text {
        Cow::Borrowed(text) => Slot::Plain(Value::Text(text)),
        Cow::Owned(text) => Slot::Made(text.into()),
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match normalise(text).as_str() {
        "true" | "yes" | "y" | "1" | "oui" | "o" | "vrai" | "x" | "on" => Some(true),
        "false" | "no" | "n" | "0" | "non" | "faux" | "off" => Some(false),
        _ => None,
    }
}

/// A moment as RFC 3339 in UTC. A date alone is midnight UTC; a time without a zone is refused,
/// because it means another moment in every zone.
fn moment(text: &str) -> Option<String> {
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Some(timestamp.round(jiff::Unit::Second).ok()?.to_string());
    }
    let date = date::read(text, None, Date::MAX).ok()?.date;
    Some(format!("{date}T00:00:00Z"))
}

/// Makes a finding about two rows with one key: which code depends on what was asked for.
pub fn duplicate(
    code: &'static Code,
    at: Location,
    column: Option<u16>,
    field: &Field,
    value: &str,
    message: String,
) -> Finding {
    let finding =
        Finding::new(code, at, message).column(column).field(field.name.clone()).value(value);
    if code.severity == Severity::Error {
        finding.help("remove one of the rows, or choose with --on-duplicate first, last or merge")
    } else {
        finding
    }
}

/// How a phone number looks in a field of this kind, for tables.
pub fn form_note(kind: Kind) -> &'static str {
    match kind {
        Kind::Phone(PhoneForm::Digits) => "written as + and digits",
        Kind::Phone(PhoneForm::E164) => "written as E.164",
        _ => "",
    }
}
