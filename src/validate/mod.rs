//! Judges rows: pure work on owned chunks, done in parallel, all findings of a row at once.
//!
//! [`Rules::judge`] takes the rows of one chunk and gives back [`Judged`]: for each row whether it
//! can be sent, its JSON, its keys and its findings. What needs a second row is not decided here.

mod cell;
mod clean;
mod column;
mod country;
mod currency;
mod damage;
mod date;
mod eights;
mod email;
mod example;
mod fold;
mod glance;
mod home;
mod keys;
mod made;
mod mend;
mod moment;
mod name;
mod names;
mod number;
pub mod order;
mod person;
pub mod phone;
mod plainly;
mod postcode;
pub mod remedy;
mod sheet;
mod shift;
mod together;
mod web;
mod weigh;
mod widths;
pub mod words;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(crate) use self::cell::yes_or_no;
use self::column::Nature;
pub use self::column::{ColumnOf, Evidence};
pub use self::country::COUNTRIES;
pub use self::currency::CODES as CURRENCIES;
use self::example::{Found, Mark};
pub use self::keys::{Likeness, Prints, Reading, duplicate};
use self::phone::Region;
use self::remedy::Trials;
use self::sheet::{Make, Sheet, Use, no_person, sheet};
use self::words::Words;
use crate::finding::{self, Code, Finding, Rejection, Severities, Severity};
use crate::layout::Layout;
use crate::mapping::{Mapping, Schema};
use crate::recipe::{Blank, DateOrder};
use crate::record::{Field, Need, Record};
use crate::row::Rows;
use crate::unique::{Fingerprint, Fingerprinter};

/// The mailbox that an e-mail address names, in the form in which addresses are compared.
pub fn mailbox(address: &str) -> Cow<'_, str> {
    email::key(address)
}

/// Whether a full name itself shows which part of it is the family name: `DUPONT Marie`, `Dupont, Marie`, `山田 太郎`;
/// nothing where a text tells nothing of how names stand.
pub fn shows_family(name: &str) -> Option<bool> {
    name::shows_family(&clean::clean(name, clean::Inner::OneLine).text)
}

/// The code of two letters of a country, from either of its codes or a name.
pub fn country(text: &str) -> Option<&'static str> {
    country::code(text).ok()
}

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
    /// JSON of the rows that can be sent, end to end, each with a comma in front.
    pub json: Vec<u8>,
    /// Findings in file order.
    pub findings: Vec<Finding>,
    /// The keys of each outcome, as many as [`Rules::keys`] says.
    pub keys: Vec<Option<Fingerprint>>,
    /// Keys that refused values read as, in the order of the outcomes.
    pub readings: Vec<Reading>,
    /// What makes each outcome likely to be the person of another one; empty unless asked for.
    pub likely: Vec<Prints>,
    /// Values of the rows that `keep` of [`Rules::judge`] asked for, by place in `outcomes`.
    pub records: Vec<(usize, Record<'static>)>,
    /// Findings of kinds that are turned off, by place in `outcomes`.
    pub off: Vec<(usize, &'static Code)>,
}

/// What the recipe says of the values of fields, held against the target.
#[derive(Clone, Debug, Default)]
pub struct Taught {
    /// The words of fields, by the field's name; those of others are the target's own.
    pub words: Vec<(String, Words)>,
    /// What a blank means for a field, by its name, where it is not what it means for all.
    pub blanks: Vec<(String, Blank)>,
    /// A cell with exactly this text clears its field.
    pub clear_word: Option<Box<str>>,
}

impl Taught {
    /// Whether a text is one of the words of a field. The words of each are put together once.
    pub fn knower(&self) -> impl Fn(&Field, &str) -> bool {
        let known: RefCell<BTreeMap<Cow<'static, str>, Words>> = RefCell::default();
        move |field, text| {
            let mut known = known.borrow_mut();
            let words = known.entry(field.name.clone()).or_insert_with(|| self.words_of(field));
            self.clear_word.as_deref() == Some(text.trim()) || words.knows(text)
        }
    }

    fn words_of(&self, field: &Field) -> Words {
        let own = self.words.iter().find(|(name, _)| field.name == *name);
        own.map_or_else(|| Words::of(field), |(_, words)| words.clone())
    }

    fn blank_of(&self, field: &Field, usual: Blank) -> Blank {
        match self.blanks.iter().find(|(name, _)| field.name == *name) {
            Some((_, blank)) => *blank,
            // Unasked, only what nobody needs is cleared.
            None if field.need == Need::Optional && !field.kept => usual,
            None => Blank::Keep,
        }
    }
}

/// Decisions that hold for all rows.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The day of the run: no birth lies behind it.
    pub today: Date,
    /// The order of numeric dates, where the user says it.
    pub date_order: Option<DateOrder>,
    /// The zone of times that have none, where the user says it.
    pub zone: Option<TimeZone>,
    /// The country of national phone numbers.
    pub region: Option<Region>,
    /// What a blank cell means.
    pub blank: Blank,
    /// Whether rows that are likely one person are looked for.
    pub likely: bool,
}

/// Everything by which rows are judged, made once.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The field of each slot, in the order of the payload.
    fields: Vec<Field>,
    sheets: Vec<Sheet>,
    /// Words with a meaning, for each slot.
    words: Vec<Words>,
    /// Whether a field has a value for words that nobody knows.
    has_others: bool,
    /// What a blank means, for each slot.
    blanks: Vec<Blank>,
    clear_word: Option<Box<str>>,
    /// The keys of people; the first is the match key.
    unique: Vec<keys::Key>,
    /// By what rows are likely to be one person, where that is asked for.
    likely: Option<keys::Likely>,
    /// Fields that have to do with others.
    beside: Vec<together::Tie>,
    settings: Settings,
    layout: Layout,
    fingerprinter: Fingerprinter,
    /// What the user decided about kinds of findings.
    severities: Severities,
    /// What is tried on refused values.
    trials: Trials,
    /// Whether nobody takes the JSON of people.
    unwritten: bool,
}

impl Rules {
    /// Rules for the inputs whose mappings are given, in their order.
    ///
    /// `match_field` is the field by which the target finds people; `layout` plans the payload
    /// for the fields in use.
    pub fn new(
        schema: &Schema,
        inputs: &[Mapping],
        taught: &Taught,
        match_field: &str,
        settings: Settings,
        layout: &dyn Fn(&[Field]) -> Layout,
    ) -> Self {
        let used: Vec<usize> = (0..schema.fields().len())
            .filter(|&field| {
                let has =
                    |mapping: &Mapping| mapping.column_of(field).is_some() || mapping.makes(field);
                inputs.iter().any(has)
            })
            .collect();
        let fields: Vec<Field> =
            used.iter().filter_map(|&index| schema.field(index).cloned()).collect();
        let slot_of = |field: usize| used.iter().position(|&index| index == field);
        let sheets = inputs.iter().map(|mapping| {
            let mut sheet = sheet(mapping, &fields, &used, &slot_of);
            sheet.marks = example::marks(&sheet, &fields, match_field);
            sheet.has_quiet_marks = sheet.marks.iter().any(Mark::is_quiet);
            sheet
        });
        let sheets = sheets.collect();
        let words: Vec<Words> = fields.iter().map(|field| taught.words_of(field)).collect();
        let has_others = words.iter().any(|words| words.other().is_some());
        let blanks = fields.iter().map(|field| taught.blank_of(field, settings.blank)).collect();
        let clear_word = taught.clear_word.clone();
        let mut unique: Vec<usize> = (0..fields.len())
            .filter(|&slot| fields.get(slot).is_some_and(|field| field.unique))
            .collect();
        unique.sort_by_key(|&slot| fields.get(slot).is_none_or(|field| field.name != match_field));
        let unique = unique.into_iter().map(|slot| keys::Key { slots: vec![slot] });
        let unique = unique.chain(keys::pairs(&fields)).collect();
        let likely = settings.likely.then(|| keys::Likely::new(&fields));
        let layout = layout(&fields);
        let beside = together::ties(&fields);
        let fingerprinter = Fingerprinter::default();
        Self {
            fields,
            sheets,
            words,
            has_others,
            blanks,
            clear_word,
            unique,
            likely,
            beside,
            settings,
            layout,
            fingerprinter,
            severities: Severities::default(),
            trials: Trials::default(),
            unwritten: false,
        }
    }

    /// Makes no JSON of people, where nobody takes it: a person is then no bytes.
    pub fn leave_unwritten(&mut self) {
        self.unwritten = true;
    }

    /// Whether somebody takes the JSON of people.
    pub fn are_written(&self) -> bool {
        !self.unwritten
    }

    /// Whether something of people may be sent apart from them.
    pub fn have_asides(&self) -> bool {
        self.layout.has_asides()
    }

    /// What a blank means for a slot.
    fn blank_of(&self, slot: usize) -> Blank {
        self.blanks.get(slot).copied().unwrap_or_default()
    }

    /// The fields in use, by slot.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The column of an input that fills a field.
    pub fn column(&self, input: u16, field: &str) -> Option<u16> {
        let slot = self.fields.iter().position(|candidate| candidate.name == field)?;
        let sheet = self.sheets.get(usize::from(input))?;
        let own = |slot: usize| {
            let is_its = |(_, role): &&(usize, Use)| matches!(role, Use::Slot(it) if *it == slot);
            sheet.columns.iter().find(is_its).map(|(column, _)| *column)
        };
        let lent = || sheet.made.iter().find(|make| make.slot == slot)?.lender();
        let column = own(slot).or_else(|| own(lent()?))?;
        u16::try_from(column).ok()
    }

    /// The field that a column of an input fills by itself.
    pub fn filled_by(&self, input: u16, column: u16) -> Option<&Field> {
        let sheet = self.sheets.get(usize::from(input))?;
        let is_it = |(other, _): &&(usize, Use)| *other == usize::from(column);
        match sheet.columns.iter().find(is_it)? {
            (_, Use::Slot(slot)) => self.fields.get(*slot),
            (_, Use::FullName { .. }) => None,
        }
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

    /// Appends a record's JSON with a comma in front, unless nobody takes it.
    pub fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        if !self.unwritten {
            out.push(b',');
            self.layout.write(record, out);
        }
    }

    /// Judges the rows of one chunk of an input. `keep` tells for a row's match key whether the
    /// caller needs its values once more.
    pub fn judge(&self, rows: Rows, keep: &dyn Fn(Fingerprint) -> bool) -> Judged {
        let mut judged = Judged {
            outcomes: Vec::with_capacity(rows.len()),
            json: Vec::with_capacity(if self.unwritten { 0 } else { rows.bytes() * 2 }),
            keys: Vec::with_capacity(rows.len() * self.unique.len()),
            ..Judged::default()
        };
        let mut record = Record::new(self.fields.len());
        let mut recent = person::Recent::default();
        let bare = rows.are_bare();
        let mut columns: Option<(u16, Vec<plainly::Column>)> = None;
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
                // They stay where they are: to be moved for each row they would be put together from parts.
                if columns.as_ref().is_none_or(|(input, _)| *input != row.at.input) {
                    columns = Some((row.at.input, self.columns_of(sheet)));
                }
                let own = columns.as_ref().map_or(&[][..], |(_, own)| own);
                let checked = person::JudgeRow {
                    rules: self,
                    sheet,
                    row,
                    plain: glance::Glance::of(row.text()).is_plain(),
                    bare,
                    findings: &mut judged.findings,
                    recent: &mut recent,
                }
                .judge(own, &mut record);
                for (print, key) in judged.keys.iter_mut().skip(first_key).zip(&self.unique) {
                    *print = self.fingerprint(&record, key);
                }
                let errors = checked.map_or_else(|Rejection(errors)| errors, |()| Vec::new());
                // Whom the recipe gives what every person needs may be nobody all the same.
                let plain = sheet.made.is_empty()
                    && judged.findings.len() == first_finding
                    && !(sheet.has_quiet_marks && example::is_quietly_marked(sheet, &row));
                if errors.is_empty() && plain {
                    Fate::Ready
                } else {
                    self.settle(sheet, (&rows, index), errors, &mut judged, first_finding)
                }
            };
            if self.likely.is_some() {
                let is_person = matches!(fate, Fate::Ready | Fate::Rejected);
                judged.likely.push(if is_person {
                    self.prints(&record)
                } else {
                    Prints::default()
                });
            }
            let place = judged.outcomes.len();
            let fate = self.weighed(fate, &mut judged, first_finding);
            if fate == Fate::Ready {
                self.write(&record, &mut judged.json);
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
        (rows, at): (&Rows, usize),
        errors: Vec<Finding>,
        judged: &mut Judged,
        first: usize,
    ) -> Fate {
        let Some(row) = rows.get(at) else { return Fate::Ready };
        let errors = match self.example(sheet, &row) {
            Some(Found::Whole(finding)) => {
                judged.findings.truncate(first);
                judged.findings.push(finding);
                return Fate::Skipped;
            }
            Some(Found::Changed(finding, slot)) => {
                // It is nobody's key, so that others who have it too are told the same.
                let first_key = judged.keys.len() - self.unique.len();
                let own = judged.keys.iter_mut().skip(first_key).zip(&self.unique);
                own.filter(|(_, key)| key.slots.contains(&slot))
                    .for_each(|(print, _)| *print = None);
                // What else is wrong with the example's own address says nothing of the person.
                let other = |of: &Finding| of.column != finding.column;
                let noted = judged.findings.split_off(first);
                judged.findings.extend(noted.into_iter().filter(other));
                let errors = errors.into_iter().filter(other);
                errors.chain([finding.clone()]).collect()
            }
            None => errors,
        };
        let may_be_nobody = !errors.is_empty() || !sheet.made.is_empty();
        let nobody = may_be_nobody.then(|| no_person(sheet, (rows, at), &row, &errors));
        if let Some((fate, finding)) = nobody.flatten() {
            judged.findings.truncate(first);
            judged.findings.push(finding);
            return fate;
        }
        self.readings(judged.outcomes.len(), &errors, &mut judged.readings);
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
}
