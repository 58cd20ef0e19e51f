//! Judges rows: pure work on owned chunks, done in parallel, all findings of a row at once.
//!
//! [`Rules::judge`] takes the rows of one chunk and gives back [`Judged`]: for each row whether it
//! can be sent, its JSON, its keys and its findings. What needs a second row is not decided here.

mod clean;
mod column;
mod damage;
mod date;
mod email;
mod mend;
mod moment;
mod name;
pub mod order;
mod person;
pub mod phone;
mod postcode;
pub mod remedy;
mod shift;
mod weigh;
mod widths;

use std::collections::BTreeMap;

use jiff::civil::Date;

use self::column::Nature;
pub use self::column::{ColumnOf, Evidence};
use self::phone::Region;
use self::remedy::Trial;
use crate::finding::{self, Code, Finding, Rejection, Severities, Severity};
use crate::layout::Layout;
use crate::mapping::{Mapping, Role, Schema};
use crate::reader::{heads_another, is_footer, next_table};
use crate::recipe::{Blank, DateOrder, Meaning};
use crate::record::{Choice, Field, Kind, Need, Record, Slot, Value};
use crate::row::{Location, Row, Rows};
use crate::spelling::normalise;
use crate::unique::{Fingerprint, Fingerprinter};

/// What became of one row, as far as one row tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It can be sent.
    Ready,
    /// It has an error.
    Rejected,
    /// It is no person, or one to be left out: a repeated header, a line below the people, a hidden
    /// row.
    Skipped,
    /// It is the header of another table: neither it nor what follows in its input is read.
    NextTable,
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
    /// Values of the rows that `keep` of [`Rules::judge`] asked for, by place in `outcomes`.
    pub records: Vec<(usize, Record<'static>)>,
    /// Findings of kinds that are turned off, by place in `outcomes`.
    pub off: Vec<(usize, &'static Code)>,
}

/// Words with a meaning, for one field.
type Meanings = BTreeMap<String, Slot<'static>>;

/// What one input's columns are, for the judge.
#[derive(Clone, Debug)]
struct Sheet {
    headers: Vec<String>,
    /// Columns in use, with the slots they fill.
    columns: Vec<(usize, Use)>,
    /// Those of them that hold names.
    names: Vec<usize>,
    /// Required and wanted slots, each with the column that fills it.
    required: Vec<(usize, Option<u16>)>,
    /// What the values of the columns prove, by column; may end early.
    natures: Vec<Nature>,
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
#[derive(Clone, Debug)]
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
    /// Whether national numbers of the country begin with a zero.
    trunk_zero: bool,
    /// What the user decided about kinds of findings.
    severities: Severities,
    /// What is tried on refused values.
    trials: Vec<Trial>,
}

impl Rules {
    /// Rules for the inputs whose mappings are given, in their order.
    ///
    /// `match_field` is the field by which the target finds people; `layout` plans the payload
    /// for the fields in use.
    pub fn new(
        schema: &Schema,
        inputs: &[Mapping],
        values: &BTreeMap<String, BTreeMap<String, Meaning>>,
        match_field: &str,
        settings: Settings,
        layout: &dyn Fn(&[Field]) -> Layout,
    ) -> Self {
        let used: Vec<usize> = (0..schema.fields().len())
            .filter(|&field| inputs.iter().any(|mapping| mapping.column_of(field).is_some()))
            .collect();
        let fields: Vec<Field> =
            used.iter().filter_map(|&index| schema.field(index).cloned()).collect();
        let slot_of = |field: usize| used.iter().position(|&index| index == field);
        let sheets =
            inputs.iter().map(|mapping| sheet(mapping, &fields, &used, &slot_of)).collect();
        let meanings =
            fields.iter().map(|field| meanings(field, values.get(field.name.as_ref()))).collect();
        let mut unique: Vec<usize> = (0..fields.len())
            .filter(|&slot| fields.get(slot).is_some_and(|field| field.unique))
            .collect();
        unique.sort_by_key(|&slot| fields.get(slot).is_none_or(|field| field.name != match_field));
        let layout = layout(&fields);
        let fingerprinter = Fingerprinter::default();
        let trunk_zero = settings.region.is_some_and(phone::has_trunk_zero);
        Self {
            fields,
            sheets,
            meanings,
            unique,
            settings,
            layout,
            fingerprinter,
            trunk_zero,
            severities: Severities::default(),
            trials: Vec::new(),
        }
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

    /// A field in use.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The header over a column of an input.
    pub fn header(&self, input: u16, column: u16) -> Option<&str> {
        let sheet = self.sheets.get(usize::from(input))?;
        sheet.headers.get(usize::from(column)).map(String::as_str)
    }

    /// How many columns an input has.
    pub fn width(&self, input: u16) -> u16 {
        let sheet = self.sheets.get(usize::from(input));
        sheet.and_then(|sheet| u16::try_from(sheet.headers.len()).ok()).unwrap_or(0)
    }

    /// Appends a record's JSON.
    pub fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        self.layout.write(record, out);
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
        let mut recent = person::Recent::default();
        for (index, row) in rows.iter().enumerate() {
            let Some(sheet) = self.sheets.get(usize::from(row.at.input)) else { continue };
            if row.is_blank() {
                continue;
            }
            let first_finding = judged.findings.len();
            let first_key = judged.keys.len();
            judged.keys.resize(first_key + self.unique.len(), None);
            let fate = if row.is_hidden() {
                let message = "the row is hidden and left out, as --hidden skip says";
                judged.findings.push(Finding::new(&finding::ROW_HIDDEN, row.at, message));
                Fate::Skipped
            } else {
                record.clear();
                let checked = person::JudgeRow {
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
                let errors = checked.map_or_else(|Rejection(errors)| errors, |()| Vec::new());
                if errors.is_empty() && judged.findings.len() == first_finding {
                    Fate::Ready
                } else {
                    self.settle(sheet, row, errors, &mut judged, first_finding)
                }
            };
            let place = judged.outcomes.len();
            let fate = self.weighed(fate, &mut judged, first_finding);
            if fate == Fate::Ready {
                self.layout.write(&record, &mut judged.json);
                let wanted = judged.keys.get(first_key).copied().flatten().is_some_and(keep);
                if wanted {
                    judged.records.push((place, record.to_owned()));
                }
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

    /// Takes in what was found in a row: it may be nobody, have shifted, or be helped by a remedy.
    #[inline(never)]
    fn settle(
        &self,
        sheet: &Sheet,
        row: Row<'_>,
        errors: Vec<Finding>,
        judged: &mut Judged,
        first: usize,
    ) -> Fate {
        let nobody = (!errors.is_empty()).then(|| no_person(sheet, &row, &errors));
        if let Some((fate, finding)) = nobody.flatten() {
            judged.findings.truncate(first);
            judged.findings.push(finding);
            return fate;
        }
        let shift = self.shifted(sheet, row, &errors);
        judged.findings.extend(errors);
        match shift {
            Some(shift) => judged.findings.push(shift),
            // Values in wrong columns need another cure.
            None => self.try_remedies(row, &mut judged.findings, first),
        }
        Fate::Ready
    }

    /// What becomes of a row when its findings have the severities of this run: any error rejects it.
    fn weighed(&self, fate: Fate, judged: &mut Judged, first: usize) -> Fate {
        if judged.findings.len() == first {
            return fate;
        }
        let (place, off) = (judged.outcomes.len(), &mut judged.off);
        self.weigh(&mut judged.findings, first, &mut |code| off.push((place, code)));
        let own = judged.findings.get_mut(first..).unwrap_or_default();
        own.sort_by_key(|finding| (finding.column, finding.severity));
        let rejected = own.iter().any(|finding| finding.severity == Severity::Error);
        match fate {
            Fate::Ready | Fate::Skipped if rejected => Fate::Rejected,
            fate => fate,
        }
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
    fields: &[Field],
    used: &[usize],
    slot_of: &dyn Fn(usize) -> Option<usize>,
) -> Sheet {
    let columns: Vec<(usize, Use)> = mapping
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
    let is_name = |slot: usize| fields.get(slot).is_some_and(|it| matches!(it.kind, Kind::Name));
    let names = columns.iter().filter(|(_, role)| match role {
        Use::Slot(slot) => is_name(*slot),
        Use::FullName { .. } => true,
    });
    let names = names.map(|(column, _)| *column).collect();
    Sheet { headers, columns, names, required, natures: Vec::new() }
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

/// What a row is that cannot be sent because it is no person at all: a header, or a line below the
/// people. Only rows that are rejected are asked, so that it costs the others nothing.
fn no_person(sheet: &Sheet, row: &Row<'_>, findings: &[Finding]) -> Option<(Fate, Finding)> {
    let skipped =
        |code, message: &'static str| Some((Fate::Skipped, Finding::new(code, row.at, message)));
    if is_header(sheet, row) {
        skipped(&finding::ROW_HEADER, "the row repeats the header and is skipped")
    } else if heads_another(&sheet.headers, row) {
        Some((Fate::NextTable, next_table(row)))
    } else if lacks_all(findings) && is_footer(row) {
        skipped(&finding::ROW_FOOTER, "the row is a sum or a note, not a person, and is skipped")
    } else {
        None
    }
}

/// Whether nothing but missing values speaks against a row.
fn lacks_all(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.code == &finding::REQUIRED_MISSING)
}

fn is_header(sheet: &Sheet, row: &Row<'_>) -> bool {
    let mut same = sheet.columns.iter().map(|&(column, _)| {
        sheet.headers.get(column).is_some_and(|header| row.cell(column).text.trim() == header)
    });
    // The first comparison settles it for nearly every row.
    !sheet.columns.is_empty() && same.all(|same| same)
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
