//! What the columns of the inputs are for, and what their values prove.

use std::sync::atomic::AtomicBool;

use super::decide::Decided;
use super::{Job, notes, place_of_header};
use crate::error::{Error, Result};
use crate::finding::{self, Finding};
use crate::mapping::{self, Choice, Column, Mapping, Role, Schema};
use crate::pins;
use crate::reader::Input;
use crate::recipe::{DateOrder, Pins};
use crate::report::Sheet;
use crate::row::Location;
use crate::run::{Judges, gather};
use crate::validate::{ColumnOf, Evidence, Rules, order, shows_family};

impl Job {
    /// The column of each input that holds people's countries: the one that the flag or the recipe
    /// names, else one that plainly does.
    pub(super) fn find_countries(
        &self,
        inputs: &[Input],
        rules: &mut Rules,
        mappings: &mut [Mapping],
    ) -> Result<()> {
        let said = self.recipe.phones.region_column.as_ref();
        let by_flag = self.region_column.as_deref();
        let named = by_flag.or(said.map(|said| said.get_ref().as_str()));
        let declined = named == Some("-");
        let named = named.filter(|_| !declined);
        let mut missing = None;
        let mut found = false;
        for ((index, input), mapping) in (0_u16..).zip(inputs).zip(mappings) {
            let column = match named {
                Some(name) => {
                    named_column(input, name).map_err(|error| missing.get_or_insert(error)).ok()
                }
                None if declined => None,
                None => rules.country_column(index, &input.sample),
            };
            let Some(column) = column else { continue };
            let Some(own) = mapping.columns.get_mut(column) else { continue };
            if own.role.is_left_out() && named.is_none() {
                continue;
            }
            found = true;
            rules.set_country_column(index, column, &input.sample);
            if matches!(own.role, Role::Unused(_)) {
                own.role = Role::Source;
                "each person's country, for phone numbers".clone_into(&mut own.why);
                own.suggestion = None;
            }
        }
        // Of several files one may lack the column.
        match missing {
            Some(error) if !found => Err(match (said, error) {
                (Some(said), Error::Mapping { message, help }) if by_flag.is_none() => {
                    self.recipe.unknown(said, message, help)
                }
                (_, error) => error,
            }),
            _ => Ok(()),
        }
    }

    /// What was found for the columns of inputs, though something stops the run; and what is to be
    /// said of them.
    ///
    /// # Errors
    /// When a column is wrongly named.
    pub fn proposed(&self, inputs: &[Input]) -> Result<(Vec<Sheet>, Vec<Finding>)> {
        let target = self.target()?;
        let mut schema = target.schema();
        let decided = self.decide(&mut schema, target.match_field())?;
        let (mappings, _) = self.map_columns(&mut schema, inputs, &decided)?;
        let mut notes = notes(inputs);
        notes.extend(undecided(inputs, &mappings));
        let sheets = inputs.iter().zip(mappings);
        let sheet =
            |(input, mapping): (&Input, Mapping)| Sheet::new(input.facts.clone(), mapping, &schema);
        Ok((sheets.map(sheet).collect(), notes))
    }

    /// Decides for every column what it is for; beside it, what stops the run.
    pub(super) fn map_columns(
        &self,
        schema: &mut Schema,
        inputs: &[Input],
        decided: &Decided<'_>,
    ) -> Result<(Vec<Mapping>, Option<Error>)> {
        let choices = self.choices();
        let mut mappings = Vec::with_capacity(inputs.len());
        let mut problem = None;
        let knows_word = decided.taught.knower();
        for input in inputs {
            let sheet = mapping::Sheet {
                name: &input.facts.name(),
                header_row: input.facts.header_row,
                headers: &input.headers,
                parts: &input.header_parts,
                sample: &input.sample,
                left_out: &input.left_out,
                knows_word: &knows_word,
                shows_family: &shows_family,
                makings: &decided.makings,
            };
            let (mapping, own) = mapping::propose(schema, &choices, &sheet)?;
            problem = problem.or(own.map(|own| naming_sheets(own, input, &mapping)));
            mappings.push(mapping);
        }
        Ok((mappings, problem))
    }

    /// What the recipe pins of the order of dates counts where a column proves none; where it proves
    /// another one, the run stops. What neither tells is said once for each column.
    pub(super) fn settle_dates(
        &self,
        inputs: &[Input],
        rules: &mut Rules,
        mappings: &mut [Mapping],
        learned: &[(ColumnOf, Evidence)],
    ) -> Result<Vec<Finding>> {
        let mut notes = Vec::new();
        let pins = self.recipe.pins.as_ref();
        for (index, input) in (0_u16..).zip(inputs) {
            if let (Some(pins), None) = (pins, self.date_order) {
                pins::check_dates(pins, input, &rules.date_orders(index))?;
            }
            let at = place_of_header(index, input);
            for (of, evidence) in learned.iter().filter(|(of, _)| of.input == index) {
                if let Some(note) = self.contradicted(rules, mappings, *of, (input, at)) {
                    notes.push(note);
                    continue;
                }
                let Some(doubt) = rules.date_doubt(*of, evidence, at) else { continue };
                let mapping = mappings.get_mut(usize::from(index));
                let column = mapping.and_then(|mapping| mapping.columns.get_mut(of.column));
                let pinned = column.zip(pins).and_then(|(column, pins)| {
                    let order = pinned_order(pins, &input.headers, of.column)?;
                    column.proof = Some(format!("{}, as the recipe pins it", order::word(order)));
                    Some(order)
                });
                let open = doubt.code == &finding::DATE_ORDER_OPEN;
                let headed = || if open { header_order(mappings, *of) } else { None };
                match pinned.filter(|_| open).or_else(headed) {
                    Some(order) => rules.set_date_order(*of, Some(order)),
                    None => notes.push(doubt),
                }
            }
        }
        Ok(notes)
    }

    /// What is said of a column whose values prove another order of dates than its header names: one
    /// slip may be the proof, so neither holds until somebody says which.
    fn contradicted(
        &self,
        rules: &mut Rules,
        mappings: &mut [Mapping],
        of: ColumnOf,
        (input, at): (&Input, Location),
    ) -> Option<Finding> {
        if self.date_order.or(self.recipe.policy.date_order).is_some() {
            return None;
        }
        let column = mappings.get_mut(usize::from(of.input))?.columns.get_mut(of.column)?;
        let pins = self.recipe.pins.as_ref();
        let pinned = pins.and_then(|pins| pinned_order(pins, &input.headers, of.column));
        let (stated, proven) = (mapping::date_order(&column.header)?, rules.date_order(of)?);
        if stated == proven || pinned.is_some() {
            return None;
        }
        rules.set_date_order(of, None);
        let message = format!(
            "the header {:?} says {}, its values {}",
            column.header,
            order::word(stated),
            column.proof.take().unwrap_or_else(|| order::word(proven).to_owned())
        );
        let finding = Finding::new(&finding::DATE_ORDER_MIXED, at, message)
            .column(u16::try_from(of.column).ok())
            .help("say which holds with --date-order dmy or --date-order mdy");
        Some(finding)
    }

    /// What `--map` says of columns, and what the recipe does.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let flags = self.map.iter().map(|(header, field)| Choice {
            header: header.clone(),
            field: field.clone(),
            by: "--map",
            span: None,
        });
        let recipe = self.recipe.columns.iter().map(|rule| Choice {
            header: rule.header.text.clone(),
            field: rule.field.text.clone(),
            by: "the recipe",
            span: Some(rule.header.span.clone()),
        });
        flags.chain(recipe).collect()
    }
}

/// Lets the values of columns prove what one value cannot, and says so in the mapping. The first rows
/// are enough, unless they leave something open: then the whole file is read for it.
pub(super) fn learn_columns(
    inputs: &mut [Input],
    rules: &mut Rules,
    mappings: &mut [Mapping],
    (judges, stop): (&Judges, &AtomicBool),
) -> Result<Vec<(ColumnOf, Evidence)>> {
    let mut known: Vec<(ColumnOf, Evidence)> = Vec::new();
    for (index, input) in (0_u16..).zip(inputs.iter()) {
        let columns = rules.columns_to_learn(index);
        let evidence = rules.evidence(&input.sample, &columns);
        known.extend(columns.into_iter().zip(evidence));
    }
    let open: Vec<ColumnOf> =
        known.iter().filter(|(of, first)| rules.is_open(*of, first)).map(|(of, _)| *of).collect();
    if !open.is_empty() {
        let whole = gather(inputs, rules, &open, judges, stop)?;
        for (of, evidence) in open.iter().zip(whole) {
            known
                .iter_mut()
                .filter(|(other, _)| other == of)
                .for_each(|place| place.1 = evidence.clone());
        }
    }
    for (of, evidence) in &known {
        let dates_1904 = inputs.get(usize::from(of.input)).and_then(|input| input.facts.dates_1904);
        let proof = rules.learn(*of, evidence, dates_1904);
        let mapping = mappings.get_mut(usize::from(of.input));
        if let Some(column) = mapping.and_then(|mapping| mapping.columns.get_mut(of.column)) {
            column.proof = proof;
        }
    }
    Ok(known)
}

/// Names the other sheets of a workbook where nothing on the one that was read is of people.
fn naming_sheets(problem: Error, input: &Input, mapping: &Mapping) -> Error {
    let others = input.facts.other_sheets.iter().filter(|(_, hidden)| !hidden);
    let others: Vec<String> = others.map(|(name, _)| format!("{name:?}")).collect();
    let is_used = |column: &Column| !matches!(column.role, Role::Unused(_));
    match problem {
        Error::Mapping { message, .. }
            if !others.is_empty() && !mapping.columns.iter().any(is_used) =>
        {
            let help = format!(
                "if people stand on another sheet, say with --sheet which is meant: {}",
                others.join(", ")
            );
            Error::Mapping { message, help }
        }
        problem => problem,
    }
}

/// The order of dates that the recipe pins for a column. Of columns with one header each goes by its letter.
fn pinned_order(pins: &Pins, headers: &[String], column: usize) -> Option<DateOrder> {
    pins.dates.get(&mapping::call_name(headers, column)?).copied()
}

/// The order of dates that the header of a column names, for one whose values do not prove any.
fn header_order(mappings: &mut [Mapping], of: ColumnOf) -> Option<DateOrder> {
    let column = mappings.get_mut(usize::from(of.input))?.columns.get_mut(of.column)?;
    let order = mapping::date_order(&column.header)?;
    column.proof = Some(format!("{}, as the header says", order::word(order)));
    Some(order)
}

/// What the mapping leaves open: fields that several columns could fill, and headers that seem not to
/// stand over their values.
pub(super) fn undecided(inputs: &[Input], mappings: &[Mapping]) -> Vec<Finding> {
    let mut notes = Vec::new();
    for ((index, input), mapping) in (0_u16..).zip(inputs).zip(mappings) {
        let at = place_of_header(index, input);
        notes.extend(mapping.open.iter().map(|open| {
            Finding::new(&finding::COLUMN_UNDECIDED, at, open.message.clone())
                .column(u16::try_from(open.column).ok())
                .field(open.field.clone().into())
                .help(open.help.clone())
        }));
        notes.extend(mapping.unordered.iter().map(|unordered| {
            Finding::new(&finding::NAME_ORDER, at, unordered.message.clone())
                .column(u16::try_from(unordered.column).ok())
                .field(unordered.field.clone().into())
                .help(unordered.help.clone())
        }));
        // What the recipe joins or names is decided.
        let is_left = |open: &&mapping::Open| {
            let column = mapping.columns.get(open.column);
            column.is_some_and(|column| matches!(column.role, Role::Unused(_)))
        };
        notes.extend(mapping.parts.iter().filter(is_left).map(|part| {
            Finding::new(&finding::NAME_PART, at, part.message.clone())
                .column(u16::try_from(part.column).ok())
                .field(part.field.clone().into())
                .help(part.help.clone())
        }));
        notes.extend(mapping.shifted.iter().map(|shifted| {
            Finding::new(&finding::HEADER_SHIFTED, at, shifted.message.clone())
                .column(u16::try_from(shifted.column).ok())
                .field(shifted.field.clone().into())
                .help(shifted.help.clone())
        }));
    }
    notes
}

/// The column that `--region-column` names: by its header, or by its letter.
fn named_column(input: &Input, name: &str) -> Result<usize> {
    mapping::column_named(&input.headers, &input.header_parts, name).ok_or_else(|| {
        let near = crate::spelling::nearest(name, input.headers.iter().map(String::as_str));
        Error::Mapping {
            message: format!(
                "{} has no column {name:?}, which should hold people's countries",
                input.facts.name()
            ),
            help: match near {
                Some(near) => format!("did you mean {:?}?", near.trim()),
                None => "name a header of the sheet, or a column letter; - for none".to_owned(),
            },
        }
    })
}
