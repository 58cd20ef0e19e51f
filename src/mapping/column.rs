//! What was decided about the columns of an input: what each is for, how sure that is, and what stays open.

use super::derived::Derived;
use super::{FULL_NAME, NameOrder, said_first};

/// Why a column is not used that nothing speaks for.
pub const NO_FIELD: &str = "no field of that name";

/// Why a column is not used that an earlier check added.
pub const OURS: &str = "ours, from an earlier check";

/// What a column is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its values go into a field of the schema.
    Field(usize),
    /// Its values are split into the fields of first and last name.
    FullName {
        /// The field of the given name.
        first: usize,
        /// The field of the family name.
        last: usize,
        /// Which of them stands first.
        order: NameOrder,
    },
    /// Its values go, in parts or with others, into what the recipe makes of them.
    Source,
    /// It is not used, and why.
    Unused(String),
}

/// How the reason begins of a column that a person left out.
pub(super) const LEFT_OUT: &str = "left out by";

impl Role {
    /// The fields that a column fills.
    pub(super) fn fields(&self) -> [Option<usize>; 2] {
        match *self {
            Self::Field(index) => [Some(index), None],
            Self::FullName { first, last, .. } => [Some(first), Some(last)],
            Self::Source | Self::Unused(_) => [None, None],
        }
    }

    /// Whether a person left the column out, by a flag or the recipe.
    pub fn is_left_out(&self) -> bool {
        matches!(self, Self::Unused(why) if why.starts_with(LEFT_OUT))
    }

    /// Whether two columns would fill one field.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let (own, others) = (self.fields(), other.fields());
        own.iter().flatten().any(|index| others.contains(&Some(*index)))
    }
}

/// How sure it is what a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// The user said so.
    Stated,
    /// The header says it, and the values do not speak against it.
    Certain,
    /// The header or the values say it, and might mean something else.
    Likely,
    /// The best guess; a person should look.
    Weak,
}

impl Confidence {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Weak => "weak",
        }
    }
}

/// One column of an input, and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header, trimmed.
    pub header: String,
    /// What it is for.
    pub role: Role,
    /// Why, in a few words: "named by --map", "header", …
    pub why: String,
    /// How sure that is; nothing where it is not used.
    pub confidence: Option<Confidence>,
    /// The field that it could be used for with `--map`, where it is not used.
    pub suggestion: Option<String>,
    /// Words of its first rows that its choice field does not know.
    pub unknown: Vec<String>,
    /// What its values prove about reading them, such as the order of dates.
    pub proof: Option<String>,
}

impl Column {
    /// What a user says so that the column is used as it is now, where it holds full names; nothing where it does
    /// not.
    pub fn said_full_name(&self) -> Option<String> {
        let Role::FullName { order, .. } = self.role else { return None };
        let [family, given] = said_first();
        Some(match order {
            NameOrder::FamilyFirst => family,
            _ if order != NameOrder::under(&self.header) => given,
            _ => FULL_NAME.to_owned(),
        })
    }

    /// A column of which nothing was decided.
    pub fn unmapped(header: &str) -> Self {
        Self {
            header: header.trim().to_owned(),
            role: Role::Unused("not mapped".to_owned()),
            why: String::new(),
            confidence: None,
            suggestion: None,
            unknown: Vec::new(),
            proof: None,
        }
    }
}

/// What could not be decided, and does not stop the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The first of the columns that it is about.
    pub column: usize,
    /// The field that got none of them.
    pub field: String,
    /// What is open.
    pub message: String,
    /// How to decide it.
    pub help: String,
}

/// The columns of one input, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// One for each column.
    pub columns: Vec<Column>,
    /// Columns with a part of family names that is left out of them.
    pub parts: Vec<Open>,
    /// What the recipe makes beside them, in the order in which it is made.
    pub derived: Vec<Derived>,
    /// What could not be decided.
    pub open: Vec<Open>,
    /// Columns of full names that are left out because nothing tells which name stands first.
    pub unordered: Vec<Open>,
    /// Where headers seem not to stand over their values.
    pub shifted: Vec<Open>,
}

impl Mapping {
    /// The column that fills a field.
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.columns.iter().position(|column| match column.role {
            Role::Field(index) => index == field,
            Role::FullName { first, last, .. } => first == field || last == field,
            Role::Source | Role::Unused(_) => false,
        })
    }

    /// Whether the recipe makes a value for a field, for everybody or for those who have none.
    pub fn makes(&self, field: usize) -> bool {
        self.derived.iter().any(|derived| derived.field == field)
    }
}
