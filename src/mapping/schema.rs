//! The fields of a run, and how those come about that no table holds.

use std::fmt;
use std::sync::Arc;

use crate::record::Field;

/// The fields of a run: those of the target's table and the custom ones that a mapping named.
/// A field's index stays the same for the whole run.
#[derive(Clone)]
pub struct Schema {
    fields: Vec<Field>,
    make: Make,
}

/// Makes the field that a name means which no table holds.
pub type Make = Arc<dyn Fn(&str) -> Result<Field, Unmade> + Send + Sync>;

/// Says why a field that was made from its name is none all the same.
pub type Check = Arc<dyn Fn(&Field) -> Result<(), Unmade> + Send + Sync>;

/// Why there is no field of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmade {
    /// The target knows no such name.
    Unknown,
    /// The target knows it and cannot be sent it.
    Refused {
        /// Why not, as a sentence that follows "`NAME` cannot be imported: ".
        why: String,
        /// What to do.
        help: String,
    },
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Schema {
    /// The schema of a target: its table, and how it makes other fields from their names.
    pub fn new(fields: Vec<Field>, make: Make) -> Self {
        Self { fields, make }
    }

    /// The same schema, in which a field outside the table must also pass a check.
    #[must_use]
    pub fn checked(self, check: Check) -> Self {
        let make = self.make;
        let checked: Make = Arc::new(move |name| {
            let field = make(name)?;
            check(&field).map(|()| field)
        });
        Self { fields: self.fields, make: checked }
    }

    /// All fields so far.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field with an index that this schema gave out.
    pub fn field(&self, index: usize) -> Option<&Field> {
        self.fields.get(index)
    }

    /// The index of a field of the table or one made before, by its name or the one that it has in
    /// every target.
    pub fn find(&self, name: &str) -> Option<usize> {
        let named = self.fields.iter().position(|field| field.name == name);
        named.or_else(|| self.fields.iter().position(|field| field.is(name)))
    }

    /// The field that a name means which no table holds.
    ///
    /// # Errors
    /// [`Unmade`] when there is none.
    pub(super) fn make(&self, name: &str) -> Result<Field, Unmade> {
        (self.make)(name)
    }

    /// The index of a field that is there already, by any of the names that mean it.
    pub fn known(&self, name: &str) -> Option<usize> {
        self.find(name).or_else(|| self.find(&self.make(name).ok()?.name))
    }

    /// The index of a field, which one outside the table gets when it is first named.
    ///
    /// # Errors
    /// [`Unmade`] when there is none.
    pub fn find_or_make(&mut self, name: &str) -> Result<usize, Unmade> {
        if let Some(index) = self.find(name) {
            return Ok(index);
        }
        let made = self.make(name)?;
        // Two spellings may make one field.
        Ok(self.find(&made.name).unwrap_or_else(|| {
            self.fields.push(made);
            self.fields.len() - 1
        }))
    }
}
