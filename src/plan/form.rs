//! What a sheet to fill in has to have, by the target and the recipe, before there is any sheet.

use super::Job;
use super::decide::Decided;
use crate::error::Result;
use crate::mapping::derived::{Makings, Stuff};
use crate::mapping::{self, Confidence, FULL_NAME, NameOrder, Role, Schema, full_name};
use crate::recipe::{Made, Part, Piece};
use crate::row::{CellKind, Location, Rows};
use crate::spelling::normalise;
use crate::validate::shows_family;

/// What a column that the recipe names is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A field, by its index in the schema.
    Field(usize),
    /// First and last name in one, and whether the family name may stand first.
    FullName {
        /// Whether it may.
        family_first: bool,
    },
    /// What the recipe makes of it, with others or in parts.
    Source,
    /// Nothing.
    Nothing,
}

/// What a sheet to fill in has to have.
#[derive(Debug)]
pub struct Form {
    /// The fields of the run.
    pub schema: Schema,
    /// The field by which people are found.
    pub match_field: String,
    /// Columns that the recipe names: without one of them it cannot be followed.
    pub named: Vec<(String, Use)>,
    /// Fields of which the recipe makes other values: they need a column.
    pub needed: Vec<usize>,
    /// Fields that get their values from the recipe and take none from a column.
    pub made: Vec<usize>,
}

impl Job {
    /// What a sheet to fill in has to have.
    ///
    /// # Errors
    /// When the recipe is wrong.
    pub fn form(&self) -> Result<Form> {
        let target = self.target()?;
        let mut schema = target.schema();
        let match_field = target.match_field();
        let decided = self.decide(&mut schema, match_field)?;
        let mut named = self.named(&schema);
        let mut needed = Vec::new();
        for name in sources(&decided.makings) {
            let known = named.iter_mut().find(|(header, _)| normalise(header) == normalise(&name));
            match (known, schema.find(&name)) {
                (Some((_, purpose)), _) if *purpose == Use::Nothing => *purpose = Use::Source,
                (Some(_), _) => {}
                (None, Some(field)) => needed.push(field),
                (None, None) => named.push((name, Use::Source)),
            }
        }
        let places = 0..schema.fields().len();
        let made = places.filter(|place| decided.makings.replaces_column(*place)).collect();
        Ok(Form { schema, match_field: match_field.to_owned(), named, needed, made })
    }

    /// The columns that the recipe names.
    fn named(&self, schema: &Schema) -> Vec<(String, Use)> {
        let columns = self.recipe.columns.iter().map(|rule| {
            let name = rule.field.text.as_str();
            let purpose = match full_name(name).filter(|_| schema.find(FULL_NAME).is_none()) {
                Some(said) => {
                    let order = said.unwrap_or_else(|| NameOrder::under(&rule.header.text));
                    Use::FullName { family_first: order != NameOrder::GivenFirst }
                }
                None => schema.find(name).map_or(Use::Nothing, Use::Field),
            };
            (rule.header.text.trim().to_owned(), purpose)
        });
        columns.collect()
    }

    /// The fields that are taken for certain, or as the recipe says, from columns with these headers
    /// over this row.
    ///
    /// # Errors
    /// When the recipe is wrong, or the headers do not have what it names.
    pub fn certain_fields(&self, headers: &[String], row: &[String]) -> Result<Vec<Option<usize>>> {
        let target = self.target()?;
        let mut schema = target.schema();
        let decided = self.decide(&mut schema, target.match_field())?;
        let mapping = self.mapping_of(&mut schema, headers, row, &decided)?;
        let sure = [Some(Confidence::Stated), Some(Confidence::Certain)];
        let field = |column: &mapping::Column| match column.role {
            Role::Field(field) if sure.contains(&column.confidence) => Some(field),
            _ => None,
        };
        Ok(mapping.columns.iter().map(field).collect())
    }

    fn mapping_of(
        &self,
        schema: &mut Schema,
        headers: &[String],
        row: &[String],
        decided: &Decided<'_>,
    ) -> Result<mapping::Mapping> {
        let mut sample = Rows::default();
        for cell in row {
            sample.push_cell(cell, CellKind::Text);
        }
        sample.end_row(Location { row: 2, ..Location::default() });
        let sheet = mapping::Sheet {
            name: "the sheet to fill in",
            header_row: 1,
            headers,
            parts: &[],
            sample: &sample,
            left_out: &[],
            knows_word: &decided.taught.knower(),
            shows_family: &shows_family,
            makings: &decided.makings,
        };
        mapping::propose(schema, &self.choices(), &sheet).map(|(mapping, _)| mapping)
    }
}

/// The names of columns and fields that the recipe makes values of.
fn sources(makings: &Makings<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let parts = |parts: &mut dyn Iterator<Item = &Part>| -> Vec<String> {
        parts.map(|part| part.name.trim().to_owned()).collect()
    };
    for making in &makings.list {
        names.extend(match &making.of {
            Stuff::Value(_) => Vec::new(),
            Stuff::Made(Made::Template(template, _)) => {
                parts(&mut template.pieces.iter().filter_map(|piece| match piece {
                    Piece::Part(part) => Some(part),
                    Piece::Text(_) => None,
                }))
            }
            Stuff::Made(Made::Join { parts: of, .. }) => parts(&mut of.iter()),
            Stuff::Made(Made::Split { column, .. }) => vec![column.text.trim().to_owned()],
        });
    }
    let mut once: Vec<String> = Vec::new();
    for name in names {
        if !once.iter().any(|other| normalise(other) == normalise(&name)) {
            once.push(name);
        }
    }
    once
}
