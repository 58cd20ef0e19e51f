//! What a verb will do with people, all decided: inputs opened, columns mapped, rules made. Nothing
//! has been judged, written or sent yet.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::finding::{self, Finding};
use crate::layout::Layout;
use crate::mapping::{self, Choice, Mapping, Schema};
use crate::pins;
use crate::reader::{self, Input};
use crate::recipe::{DateOrder, Meaning, OnDuplicate, Recipe};
use crate::record::Field;
use crate::report::{Head, Sheet};
use crate::row::{Location, Quotes};
use crate::run::{gather, pool};
use crate::target::{self, Overrides, Target};
use crate::validate::order;
use crate::validate::phone::Region;
use crate::validate::{self, ColumnOf, Evidence, Rules};

/// What the user asked for, as far as it is about people: flags over recipe over defaults.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// The input files, `-` for standard input.
    pub files: Vec<PathBuf>,
    /// How to read them.
    pub reading: reader::Options,
    /// What was decided once and for all.
    pub recipe: Recipe,
    /// `--map`.
    pub map: Vec<(String, String)>,
    /// `--to`, without the sandbox.
    pub target: Option<String>,
    /// What the command line says over the target's settings.
    pub overrides: Overrides,
    /// `--on-duplicate`.
    pub on_duplicate: Option<OnDuplicate>,
    /// `--date-order`.
    pub date_order: Option<DateOrder>,
    /// `--default-region`: the country of national phone numbers.
    pub region: Option<Region>,
    /// `--threads`.
    pub threads: usize,
    /// The day of the run.
    pub today: Date,
    /// The arguments behind the verb, as they were given.
    pub said: Vec<String>,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// A job whose inputs are open and whose rules are made.
#[derive(Debug)]
pub struct Opened {
    /// The inputs.
    pub inputs: Vec<Input>,
    /// The target, set up.
    pub target: Box<dyn Target>,
    /// By what rows are judged.
    pub rules: Rules,
    /// What reports say of it all.
    pub head: Head,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// The threads that judge.
    pub pool: rayon::ThreadPool,
}

impl Job {
    /// The id of the target: `--to`, else the recipe's, else the first of the list.
    pub fn target_id(&self) -> &str {
        let first = target::ALL.first().map_or("", |kind| kind.id);
        self.target.as_deref().or(self.recipe.target.as_deref()).unwrap_or(first)
    }

    /// The command line of `push` for the same people by the same rules; nothing when they came from
    /// standard input, which cannot be read again.
    pub fn push_line(&self) -> Option<String> {
        let again = self.files.iter().all(|file| file.as_os_str() != "-");
        let named = self.said.iter().any(|word| word == "--to" || word.starts_with("--to="));
        let to = if named { String::new() } else { format!(" --to {}", self.target_id()) };
        again.then(|| format!("upsheet push {}{to}", shell_words(&self.said)))
    }

    /// The target, set up from the recipe and the flags.
    ///
    /// # Errors
    /// When there is no such target, or the recipe's section for it is wrong.
    pub fn target(&self) -> Result<Box<dyn Target>> {
        let mut ids: Vec<&str> = target::ALL.iter().map(|kind| kind.id).collect();
        ids.push(reader::Limits::SECTION);
        self.recipe.check_sections(&ids)?;
        (target::find(self.target_id())?.configure)(&self.recipe, &self.overrides)
    }

    /// Opens the inputs, maps their columns and makes the rules.
    ///
    /// # Errors
    /// When an input cannot be read, or a column is missing or wrongly named.
    pub fn open(&self) -> Result<Opened> {
        let target = self.target()?;
        let mut inputs = self.open_inputs()?;
        if let Some(pins) = &self.recipe.pins {
            inputs.iter().try_for_each(|input| pins::check(pins, input))?;
        }
        for input in &inputs {
            if input.headers.is_empty() {
                let path = input.facts.path.clone();
                return Err(Error::InputEmpty { path, what: "it has no header row" });
            }
            if input.facts.header_quotes == Some(Quotes::Open) {
                return Err(Error::InputFormat {
                    path: input.facts.path.clone(),
                    why: format!(
                        "a quote opens in the header on row {} and is never closed",
                        input.facts.header_row
                    ),
                    help: "close the quote in the header line, or take it out".to_owned(),
                });
            }
        }
        let mut schema = target.schema();
        self.check_values(&mut schema)?;
        let (mut mappings, problem) = self.map_columns(&mut schema, &inputs)?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        let settings = validate::Settings {
            today: self.today,
            date_order: self.date_order.or(self.recipe.policy.date_order),
            region: self.region,
            blank: self.recipe.policy.blank,
        };
        let layout =
            |fields: &[Field]| Layout::new(fields.iter(), &|field| target.around(fields, field));
        let values: &BTreeMap<String, BTreeMap<String, Meaning>> = &self.recipe.values;
        let mut rules =
            Rules::new(&schema, &mappings, values, target.match_field(), settings, &layout);
        let pool = pool(self.threads)?;
        let mut notes = notes(&inputs);
        notes.extend(undecided(&inputs, &mappings));
        let means = (&pool, &*self.stop);
        let learned = learn_columns(&mut inputs, &mut rules, &mut mappings, means)?;
        notes.extend(self.settle_dates(&inputs, &mut rules, &mut mappings, &learned)?);
        let sheets = inputs
            .iter()
            .zip(mappings)
            .map(|(input, mapping)| Sheet::new(input.facts.clone(), mapping, &schema))
            .collect();
        let head = Head { sheets, notes, target: target.kind().title };
        let on_duplicate = self.on_duplicate.unwrap_or(self.recipe.policy.on_duplicate);
        Ok(Opened { inputs, target, rules, head, on_duplicate, pool })
    }

    /// What was found for the columns of inputs, though something stops the run; and what is to be
    /// said of them.
    ///
    /// # Errors
    /// When a column is wrongly named.
    pub fn proposed(&self, inputs: &[Input]) -> Result<(Vec<Sheet>, Vec<Finding>)> {
        let mut schema = self.target()?.schema();
        self.check_values(&mut schema)?;
        let (mappings, _) = self.map_columns(&mut schema, inputs)?;
        let mut notes = notes(inputs);
        notes.extend(undecided(inputs, &mappings));
        let sheets = inputs.iter().zip(mappings);
        let sheet =
            |(input, mapping): (&Input, Mapping)| Sheet::new(input.facts.clone(), mapping, &schema);
        Ok((sheets.map(sheet).collect(), notes))
    }

    /// Decides for every column what it is for; beside it, what stops the run.
    fn map_columns(
        &self,
        schema: &mut Schema,
        inputs: &[Input],
    ) -> Result<(Vec<Mapping>, Option<Error>)> {
        let choices = self.choices();
        let mut mappings = Vec::with_capacity(inputs.len());
        let mut problem = None;
        for input in inputs {
            let values = &self.recipe.values;
            let sheet = mapping::Sheet {
                name: &input.facts.name(),
                header_row: input.facts.header_row,
                headers: &input.headers,
                parts: &input.header_parts,
                sample: &input.sample,
                left_out: &input.left_out,
                knows_word: &|field, text| {
                    validate::knows_word(field, values.get(field.name.as_ref()), text)
                },
            };
            let (mapping, own) = mapping::propose(schema, &choices, &sheet)?;
            mappings.push(mapping);
            problem = problem.or(own);
        }
        Ok((mappings, problem))
    }

    /// What the recipe pins of the order of dates counts where a column proves none; where it proves
    /// another one, the run stops. What neither tells is said once for each column.
    fn settle_dates(
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
                let Some(doubt) = rules.date_doubt(*of, evidence, at) else { continue };
                let mapping = mappings.get_mut(usize::from(index));
                let column = mapping.and_then(|mapping| mapping.columns.get_mut(of.column));
                let pinned = column.zip(pins).and_then(|(column, pins)| {
                    let order = pins.dates.get(&column.header).copied()?;
                    column.proof = Some(format!("{}, as the recipe pins it", order::word(order)));
                    Some(order)
                });
                let open = doubt.code == &finding::DATE_ORDER_OPEN;
                let headed = || if open { header_order(mappings, *of) } else { None };
                match pinned.filter(|_| open).or_else(headed) {
                    Some(order) => rules.set_date_order(*of, order),
                    None => notes.push(doubt),
                }
            }
        }
        Ok(notes)
    }

    /// Opens the inputs and finds out how to read them.
    ///
    /// # Errors
    /// When one cannot be read, or standard input is named twice.
    pub fn open_inputs(&self) -> Result<Vec<Input>> {
        let stdin = self.files.iter().filter(|file| file.as_os_str() == "-").count();
        if stdin > 1 {
            return Err(Error::usage("standard input is named twice", "give `-` once"));
        }
        (0_u16..)
            .zip(&self.files)
            .map(|(index, file)| reader::open(file, index, &self.reading))
            .collect()
    }

    /// `--map` first; the recipe's columns where a flag does not speak of the same one.
    fn choices(&self) -> Vec<Choice> {
        let flags = self.map.iter().map(|(header, field)| Choice {
            header: header.clone(),
            field: field.clone(),
            by: "--map",
        });
        let said = |header: &str, field: &str| {
            self.map.iter().any(|(other, taken)| {
                crate::spelling::normalise(other) == crate::spelling::normalise(header)
                    || taken == field
            })
        };
        let recipe = self.recipe.columns.iter().filter(|(header, field)| !said(header, field)).map(
            |(header, field)| Choice {
                header: header.clone(),
                field: field.clone(),
                by: "the recipe",
            },
        );
        flags.chain(recipe).collect()
    }

    /// `[values.FIELD]` must name fields that there are.
    fn check_values(&self, schema: &mut Schema) -> Result<()> {
        for name in self.recipe.values.keys() {
            if schema.find(name).is_none() && !name.starts_with("custom:") {
                let names = schema.fields().iter().map(|field| field.name.as_ref());
                let help = match crate::spelling::nearest(name, names) {
                    Some(near) => format!("did you mean [values.{near}]?"),
                    None => "`upsheet targets` lists the fields".to_owned(),
                };
                return Err(Error::Mapping {
                    message: format!("the recipe teaches words for `{name}`, which is no field"),
                    help,
                });
            }
        }
        Ok(())
    }
}

/// Lets the values of columns prove what one value cannot, and says so in the mapping. The first rows
/// are enough, unless they leave something open: then the whole file is read for it.
fn learn_columns(
    inputs: &mut [Input],
    rules: &mut Rules,
    mappings: &mut [Mapping],
    (pool, stop): (&rayon::ThreadPool, &AtomicBool),
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
        let whole = gather(inputs, rules, &open, pool, stop)?;
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

/// What is to be said of the inputs as a whole.
pub fn notes(inputs: &[Input]) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (index, input) in (0_u16..).zip(inputs) {
        notes.extend(input.notes(place_of_header(index, input)));
    }
    notes
}

/// The order of dates that the header of a column names, for one whose values do not prove any.
fn header_order(mappings: &mut [Mapping], of: ColumnOf) -> Option<DateOrder> {
    let column = mappings.get_mut(usize::from(of.input))?.columns.get_mut(of.column)?;
    let order = mapping::date_order(&column.header)?;
    column.proof = Some(format!("{}, as the header says", order::word(order)));
    Some(order)
}

/// What the mapping leaves open: fields that several columns could fill.
fn undecided(inputs: &[Input], mappings: &[Mapping]) -> Vec<Finding> {
    let mut notes = Vec::new();
    for ((index, input), mapping) in (0_u16..).zip(inputs).zip(mappings) {
        let at = place_of_header(index, input);
        notes.extend(mapping.open.iter().map(|open| {
            Finding::new(&finding::COLUMN_UNDECIDED, at, open.message.clone())
                .column(u16::try_from(open.column).ok())
                .field(open.field.clone().into())
                .help(open.help.clone())
        }));
    }
    notes
}

/// Where findings about an input as a whole stand.
fn place_of_header(index: u16, input: &Input) -> Location {
    let facts = &input.facts;
    let (row, line) = (facts.header_row.max(1), facts.header_line.unwrap_or(0));
    Location { input: index, row, line, byte: 0 }
}

/// Words as a shell takes them.
fn shell_words(words: &[String]) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./+@%:,=".contains(c);
    let words: Vec<String> = words
        .iter()
        .map(|word| {
            if word.chars().all(plain) && !word.is_empty() {
                word.clone()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell_where_they_must_be() {
        let words = ["my people.csv", "--map", "E-mail=email", "it's", ""].map(str::to_owned);
        assert_eq!(shell_words(&words), r"'my people.csv' --map E-mail=email 'it'\''s' ''");
    }
}
