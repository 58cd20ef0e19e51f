//! Values that come from no single column: what the recipe makes of constants, columns and fields,
//! resolved once for each input.

use std::ops::Range;

use super::choice::column_headed;
use super::{Confidence, Mapping, Role, Schema, Sheet, column_named};
use crate::error::{Error, Result};
use crate::recipe::{Filter, Made, Part, Piece, Recipe};
use crate::record::Slot;
use crate::spelling::nearest;

/// A value that the recipe makes, held against the target but not yet against a file.
#[derive(Clone, Debug)]
pub struct Making {
    /// The field, by its index in the schema.
    pub field: usize,
    /// Whether it is made only for people who have no value of their own.
    pub only_blank: bool,
    /// What it is made of.
    pub of: Stuff,
}

/// What a value is made of, as the recipe says it.
#[derive(Clone, Debug)]
pub enum Stuff {
    /// A value for everybody, judged once.
    Value(Slot<'static>),
    /// Columns and fields.
    Made(Made),
}

/// What the recipe makes, in the order in which it is made.
#[derive(Clone, Debug)]
pub struct Makings<'r> {
    /// All of it.
    pub list: Vec<Making>,
    /// Where errors point.
    pub recipe: &'r Recipe,
}

impl Makings<'_> {
    /// What is left when some columns of a sheet are not split.
    pub(super) fn without_parts_of(&self, columns: &[usize], sheet: &Sheet<'_>) -> Self {
        let is_left = |making: &&Making| match &making.of {
            Stuff::Made(Made::Split { column, .. }) => {
                let column = column_named(sheet.headers, sheet.parts, &column.text);
                column.is_none_or(|column| !columns.contains(&column))
            }
            _ => true,
        };
        Self { list: self.list.iter().filter(is_left).cloned().collect(), recipe: self.recipe }
    }

    /// Whether a field never takes its value from a column of its own.
    pub fn replaces_column(&self, field: usize) -> bool {
        self.list.iter().any(|making| making.field == field && !making.only_blank)
    }
}

/// A value that is made for the rows of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The field, by its index in the schema.
    pub field: usize,
    /// Whether it is made only for people who have no value of their own.
    pub only_blank: bool,
    /// What it is made of.
    pub from: Origin,
    /// The same in words: `constant`, `join of "Street", "City"`.
    pub how: String,
}

/// What a value is made of, with the columns of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The same value for everybody.
    Value(Slot<'static>),
    /// A text with values in it.
    Template(Vec<Bit>),
    /// Values one behind the other; blank ones are left out.
    Join {
        /// The values.
        of: Vec<Ingredient>,
        /// What stands between two of them.
        with: Box<str>,
    },
    /// A part of a column.
    Split {
        /// The column.
        column: usize,
        /// What stands between the parts, any one of these.
        by: Vec<String>,
        /// Which part, from 0.
        place: usize,
        /// How many parts there are.
        of: usize,
    },
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bit {
    /// Text that stands in every value.
    Text(Box<str>),
    /// A value, and what is done to it.
    Part(Ingredient, Vec<Filter>),
}

/// What a part of a made value is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ingredient {
    /// A cell, as it was read.
    Column(usize),
    /// The value of a field, as it is sent. The field by its index in the schema.
    Field(usize),
}

impl Origin {
    /// The columns and fields that it is taken from.
    pub fn ingredients(&self) -> Vec<Ingredient> {
        match self {
            Self::Value(_) => Vec::new(),
            Self::Template(bits) => bits
                .iter()
                .filter_map(|bit| match bit {
                    Bit::Text(_) => None,
                    Bit::Part(of, _) => Some(*of),
                })
                .collect(),
            Self::Join { of, .. } => of.clone(),
            Self::Split { column, .. } => vec![Ingredient::Column(*column)],
        }
    }
}

/// Finds the columns of everything that the recipe makes. Columns that nothing else uses are marked
/// as used for that.
///
/// # Errors
/// [`Error::Recipe`] when a name is neither a header nor a field that has a value by then.
pub(super) fn place(schema: &Schema, sheet: &Sheet<'_>, mapping: &mut Mapping) -> Result<()> {
    for (index, making) in sheet.makings.list.iter().enumerate() {
        let finder = Finder { schema, sheet, mapping, index, field: making.field };
        let mut derived = finder.derived(&making.of)?;
        derived.only_blank = making.only_blank;
        if making.only_blank {
            derived.how = match derived.from {
                Origin::Value(_) => "default".to_owned(),
                _ => format!("{}, where blank", derived.how),
            };
        }
        mapping.derived.push(derived);
    }
    stand_in(schema, mapping);
    let used: Vec<Ingredient> =
        mapping.derived.iter().flat_map(|derived| derived.from.ingredients()).collect();
    for (index, column) in mapping.columns.iter_mut().enumerate() {
        if matches!(column.role, Role::Unused(_)) && used.contains(&Ingredient::Column(index)) {
            column.role = Role::Source;
            column.suggestion = None;
            column.confidence = Some(Confidence::Stated);
            "for values that the recipe makes".clone_into(&mut column.why);
        }
    }
    Ok(())
}

/// Lets the fields that nothing fills take the value of the one that stands in for them.
fn stand_in(schema: &Schema, mapping: &mut Mapping) {
    for (index, field) in schema.fields().iter().enumerate() {
        let Some(other) = schema.find(field.stand_in).filter(|_| !field.stand_in.is_empty()) else {
            continue;
        };
        let fills = |place: usize| mapping.column_of(place).is_some() || mapping.makes(place);
        if !fills(index) && fills(other) {
            let from = Origin::Join { of: vec![Ingredient::Field(other)], with: Box::default() };
            let how = format!("`{}`", schema.field(other).map_or("", |other| &other.name));
            mapping.derived.push(Derived { field: index, only_blank: false, from, how });
        }
    }
}

struct Finder<'a> {
    schema: &'a Schema,
    sheet: &'a Sheet<'a>,
    mapping: &'a Mapping,
    /// The place of the value among all that are made, and its field.
    index: usize,
    field: usize,
}

impl Finder<'_> {
    fn derived(&self, of: &Stuff) -> Result<Derived> {
        let (from, how) = match of {
            Stuff::Value(slot) => (Origin::Value(slot.clone()), "constant".to_owned()),
            Stuff::Made(Made::Template(template, _)) => {
                let bits: Vec<Bit> = template
                    .pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => Ok(Bit::Text(text.as_str().into())),
                        Piece::Part(part) => {
                            Ok(Bit::Part(self.ingredient(part)?, part.filters.clone()))
                        }
                    })
                    .collect::<Result<_>>()?;
                let from = Origin::Template(bits);
                let names = self.names(&from);
                let how = if names.is_empty() {
                    "template".to_owned()
                } else {
                    format!("template of {names}")
                };
                (from, how)
            }
            Stuff::Made(Made::Join { parts, with, .. }) => {
                let of = parts.iter().map(|part| self.ingredient(part)).collect::<Result<_>>()?;
                let from = Origin::Join { of, with: with.as_str().into() };
                let how = format!("join of {}", self.names(&from));
                (from, how)
            }
            Stuff::Made(Made::Split { column, by, place, of }) => {
                let index = self.column(&column.text).ok_or_else(|| {
                    self.unknown(&column.text, column.span.clone(), "splits", false)
                })?;
                let by = by.clone();
                let from = Origin::Split { column: index, by, place: *place, of: *of };
                let how = format!("part {} of {}", place + 1, self.names(&from));
                (from, how)
            }
        };
        Ok(Derived { field: self.field, only_blank: false, from, how })
    }

    /// A header comes before the name of a field, that before a column letter.
    fn ingredient(&self, part: &Part) -> Result<Ingredient> {
        let (headers, parts) = (self.sheet.headers, self.sheet.parts);
        if let Some(column) = column_headed(headers, parts, &part.name) {
            return Ok(Ingredient::Column(column));
        }
        if let Some(field) = self.schema.known(&part.name) {
            return self.field(field, part).map(|()| Ingredient::Field(field));
        }
        let letter = self.column(&part.name).map(Ingredient::Column);
        letter.ok_or_else(|| self.unknown(&part.name, part.span.clone(), "uses", true))
    }

    /// Whether a field has a value when this one is made.
    fn field(&self, field: usize, part: &Part) -> Result<()> {
        let error = |message: String, help: &str| {
            let span = part.span.clone();
            Err(self.sheet.makings.recipe.error(message, span, Some(help.to_owned())))
        };
        if field == self.field {
            let message = format!("`{}` cannot be made of itself", part.name);
            return error(message, "name a column, or another field");
        }
        let list = &self.sheet.makings.list;
        if list.iter().skip(self.index).any(|later| later.field == field) {
            let message = format!("`{}` is made further down in the recipe", part.name);
            return error(message, "put it above the value that uses it");
        }
        let made = list.iter().take(self.index).any(|earlier| earlier.field == field);
        if !made && self.mapping.column_of(field).is_none() {
            let message = format!("{} has no column for `{}`", self.sheet.name, part.name);
            return error(message, "name a header of the sheet instead");
        }
        Ok(())
    }

    fn column(&self, name: &str) -> Option<usize> {
        column_named(self.sheet.headers, self.sheet.parts, name)
    }

    fn unknown(&self, name: &str, span: Range<usize>, does: &str, fields: bool) -> Error {
        let headers = self.sheet.headers.iter().map(String::as_str);
        let own = self.schema.fields().iter().map(|field| field.name.as_ref());
        let near = nearest(name, headers).or_else(|| nearest(name, own.filter(|_| fields)));
        let what = if fields { "no column and no field" } else { "no column" };
        let message = format!(
            "{} has {what} {name:?}, which the recipe {does}\n{}",
            self.sheet.name,
            super::required::headers_line(self.sheet)
        );
        let help = match near {
            Some(near) => format!("did you mean {:?}?", near.trim()),
            None => "name a header of the sheet, or a column letter".to_owned(),
        };
        self.sheet.makings.recipe.error(message, span, Some(help))
    }

    /// What a value is made of, for people.
    fn names(&self, from: &Origin) -> String {
        let mut names: Vec<String> = Vec::new();
        for ingredient in from.ingredients() {
            let name = match ingredient {
                Ingredient::Column(column) => {
                    let header = self.sheet.headers.get(column).map_or("", |header| header.trim());
                    format!("\"{header}\"")
                }
                Ingredient::Field(field) => {
                    self.schema.field(field).map_or_else(String::new, |it| format!("`{}`", it.name))
                }
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }
}
