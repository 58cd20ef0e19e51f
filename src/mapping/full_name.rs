//! Columns with first and last name in one: in which order the two stand, and how a user says so.

use super::header::Header;

/// The name of the field that a cell with first and last name has.
pub const FULL_NAME: &str = "full_name";

/// Which of the two names stands first in a column of full names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOrder {
    /// The given name, except where a value itself shows otherwise.
    GivenFirst,
    /// The header has the family name first: nobody can tell which stands first in a value that does not show
    /// it, as `Larkspur, Ada` and `LARKSPUR Ada` do.
    Shown,
    /// The family name, except where a value itself shows otherwise. Only a user says so.
    FamilyFirst,
}

impl NameOrder {
    /// The order under a header of which nobody says more.
    pub fn under(header: &str) -> Self {
        if Header::new(header).family_first { Self::Shown } else { Self::GivenFirst }
    }
}

/// The two orders that a user may say, by their names.
const SAID: [(&str, NameOrder); 2] =
    [("family_first", NameOrder::FamilyFirst), ("given_first", NameOrder::GivenFirst)];

/// What a user says of a column of full names: nothing but that it is one (`full_name`), or which name stands
/// first too (`full_name:family_first`, `full_name:given_first`). Nothing where the name is that of something else.
pub fn full_name(name: &str) -> Option<Option<NameOrder>> {
    match name.strip_prefix(FULL_NAME)? {
        "" => Some(None),
        rest => {
            let said = rest.strip_prefix(':')?;
            SAID.iter().find(|(name, _)| *name == said).map(|(_, order)| Some(*order))
        }
    }
}

/// The name by which a user says that the family name stands first, and the other one.
pub fn said_first() -> [String; 2] {
    SAID.map(|(order, _)| format!("{FULL_NAME}:{order}"))
}
