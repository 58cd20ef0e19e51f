//! What the columns of one input are for the judge, and which of its rows are no people at all.

use super::Fate;
use super::column::Nature;
use super::example::Mark;
use super::home::Ways;
use crate::finding::{self, Finding};
use crate::mapping::derived::{Bit, Ingredient, Origin};
use crate::mapping::{Mapping, NameOrder, Role};
use crate::reader::{heads_another, is_footer, is_of_notes, is_rule, next_table};
use crate::record::{Beside, Field, Kind, Need};
use crate::row::{Row, Rows};
use crate::spelling::normalise;

/// What one input's columns are, for the judge.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub(super) headers: Vec<String>,
    /// Columns in use, with the slots they fill.
    pub(super) columns: Vec<(usize, Use)>,
    /// Those of them that hold names.
    pub(super) names: Vec<usize>,
    /// Required and wanted slots, each with the column that fills it.
    pub(super) required: Vec<(usize, Option<u16>)>,
    /// What the values of the columns prove, by column; may end early.
    pub(super) natures: Vec<Nature>,
    /// The column that holds each person's country.
    pub(super) countries: Option<usize>,
    /// In which ways it names them.
    pub(super) country_ways: Ways,
    /// Values that the recipe makes, in the order in which they are made.
    pub(super) made: Vec<Make>,
    /// By what the example row of a sheet to fill in is known.
    pub(super) marks: Vec<Mark>,
    /// Whether an id or a text is among them. A row with the example's address is never without a finding,
    /// so that only one with the others has to be asked for.
    pub(super) has_quiet_marks: bool,
    /// Entries of lists, the innermost first.
    pub(super) entries: Vec<Entry>,
}

/// An entry of a list: an address, a date.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The slots of its values, each with whether the recipe gives everybody that value.
    pub(super) slots: Vec<(usize, bool)>,
    /// Those of all values in its list.
    pub(super) of_list: Vec<usize>,
}

/// A value that the recipe makes.
#[derive(Clone, Debug)]
pub(super) struct Make {
    pub(super) slot: usize,
    /// Whether it is made only for people who have no value of their own.
    pub(super) only_blank: bool,
    /// What it is made of; fields are slots here.
    pub(super) from: Origin,
    /// The columns that it is made of.
    pub(super) columns: Vec<usize>,
    /// The same for people.
    pub(super) how: String,
}

impl Make {
    /// The slot whose value alone it is.
    pub(super) fn lender(&self) -> Option<usize> {
        match &self.from {
            Origin::Join { of, .. } => match of.as_slice() {
                [Ingredient::Field(slot)] => Some(*slot),
                _ => None,
            },
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    Slot(usize),
    FullName { first: usize, last: usize, order: NameOrder },
}

pub(super) fn sheet(
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
                Role::FullName { first, last, order } => {
                    Use::FullName { first: slot_of(first)?, last: slot_of(last)?, order }
                }
                Role::Source | Role::Unused(_) => return None,
            };
            Some((column, role))
        })
        .collect();
    let made: Vec<Make> = made(mapping, slot_of);
    let own = |slot: usize| used.get(slot).and_then(|&field| mapping.column_of(field));
    let lent = |slot: usize| made.iter().find(|make| make.slot == slot)?.lender();
    let required = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.need != Need::Optional)
        .map(|(slot, _)| {
            let column = own(slot).or_else(|| own(lent(slot)?));
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
    let entries = entries(fields, &made);
    Sheet {
        headers,
        columns,
        names,
        required,
        natures: Vec::new(),
        countries: None,
        country_ways: Ways::default(),
        made,
        marks: Vec::new(),
        has_quiet_marks: false,
        entries,
    }
}

/// What is made for the rows of an input.
fn made(mapping: &Mapping, slot_of: &dyn Fn(usize) -> Option<usize>) -> Vec<Make> {
    let made = mapping.derived.iter().filter_map(|derived| {
        let from = with_slots(&derived.from, slot_of)?;
        let columns = from.ingredients().into_iter().filter_map(|of| match of {
            Ingredient::Column(column) => Some(column),
            Ingredient::Field(_) => None,
        });
        let mut columns: Vec<usize> = columns.collect();
        columns.sort_unstable();
        columns.dedup();
        let slot = slot_of(derived.field)?;
        Some(Make { slot, only_blank: derived.only_blank, from, columns, how: derived.how.clone() })
    });
    made.collect()
}

/// The entries of lists that the fields in use make up.
fn entries(fields: &[Field], made: &[Make]) -> Vec<Entry> {
    let mut names: Vec<&str> = fields.iter().flat_map(Field::entries).collect();
    names.sort_unstable_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    names.dedup();
    let constant = |slot: usize| {
        let mut own = made.iter().filter(|make| make.slot == slot && !make.only_blank);
        own.any(|make| matches!(make.from, Origin::Value(_)))
    };
    let entry = |name: &str| {
        let own = (0..fields.len()).filter(|&slot| {
            fields.get(slot).is_some_and(|field| field.entries().any(|entry| entry == name))
        });
        let mut slots: Vec<(usize, bool)> = own.map(|slot| (slot, constant(slot))).collect();
        // What is given to everybody whole, and to nobody by a column, is meant for everybody.
        if slots.iter().all(|&(slot, constant)| constant && has_all_it_needs(fields, slot)) {
            for (_, constant) in &mut slots {
                *constant = false;
            }
        }
        let list = list_of(name);
        let in_list = |field: &Field| field.entries().any(|entry| list_of(entry) == list);
        let of_list = fields.iter().enumerate().filter(|(_, field)| in_list(field));
        Entry { slots, of_list: of_list.map(|(slot, _)| slot).collect() }
    };
    names.into_iter().map(entry).collect()
}

/// The list of an entry: `addresses` of `addresses.2`.
fn list_of(entry: &str) -> &str {
    entry.rsplit_once('.').map_or(entry, |(list, _)| list)
}

/// Whether everything that a field needs beside it is in use.
fn has_all_it_needs(fields: &[Field], slot: usize) -> bool {
    let Some(field) = fields.get(slot) else { return false };
    field.beside.iter().all(|beside| match *beside {
        Beside::Needs(other) => {
            let other = field.names(other);
            fields.iter().any(|field| field.name == other)
        }
        _ => true,
    })
}

/// What a value is made of, with slots in place of fields.
fn with_slots(from: &Origin, slot_of: &dyn Fn(usize) -> Option<usize>) -> Option<Origin> {
    let placed = |of: &Ingredient| match *of {
        Ingredient::Column(column) => Some(Ingredient::Column(column)),
        Ingredient::Field(field) => slot_of(field).map(Ingredient::Field),
    };
    Some(match from {
        Origin::Template(bits) => Origin::Template(
            bits.iter()
                .map(|bit| match bit {
                    Bit::Text(text) => Some(Bit::Text(text.clone())),
                    Bit::Part(of, filters) => Some(Bit::Part(placed(of)?, filters.clone())),
                })
                .collect::<Option<_>>()?,
        ),
        Origin::Join { of, with } => {
            Origin::Join { of: of.iter().map(placed).collect::<Option<_>>()?, with: with.clone() }
        }
        Origin::Value(_) | Origin::Split { .. } => from.clone(),
    })
}

/// What a row is that cannot be sent because it is no person at all: a header, or a line below the
/// people. Only rows that are rejected are asked, so that it costs the others nothing.
pub(super) fn no_person(
    sheet: &Sheet,
    (rows, at): (&Rows, usize),
    row: &Row<'_>,
    findings: &[Finding],
) -> Option<(Fate, Finding)> {
    let skipped =
        |code, message: &'static str| Some((Fate::Skipped, Finding::new(code, row.at, message)));
    if is_header(sheet, row) {
        skipped(&finding::ROW_HEADER, "the row repeats the header and is skipped")
    } else if heads_another(&sheet.headers, row) {
        Some((Fate::NextTable, next_table(row)))
    } else if is_rule(row) || lacks_all(findings, row) && is_footer(row) || is_of_notes(rows, at) {
        skipped(&finding::ROW_FOOTER, "the row is a sum or a note, not a person, and is skipped")
    } else {
        None
    }
}

/// Whether nothing but missing values speaks against a row, and counts in their place.
fn lacks_all(findings: &[Finding], row: &Row<'_>) -> bool {
    let is_count = |finding: &Finding| {
        let cell = finding.column.map(|column| row.cell(usize::from(column)).text.trim());
        cell.is_some_and(|text| {
            let digits = text.strip_prefix('+').unwrap_or(text);
            (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    findings.iter().all(|finding| finding.code == &finding::REQUIRED_MISSING || is_count(finding))
}

fn is_header(sheet: &Sheet, row: &Row<'_>) -> bool {
    // Exports of forms repeat headers in words: "Recipient First Name" below "RecipientFirstName".
    let mut same = sheet.columns.iter().map(|&(column, _)| {
        let text = row.cell(column).text.trim();
        sheet.headers.get(column).is_some_and(|header| {
            text == header || !text.is_empty() && normalise(text) == normalise(header)
        })
    });
    // The first comparison settles it for nearly every row.
    !sheet.columns.is_empty() && same.all(|same| same)
}
