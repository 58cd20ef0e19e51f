//! The people of a run, each with what was or would be sent of them.

use std::path::Path;

use serde_json::Value as Json;

use crate::error::Result;
use crate::journal::{Journal, Person, Planned};
use crate::writer::deliver::people_of;

/// Everybody in a payload file of a run, in its order.
///
/// # Errors
/// When the file or the journal cannot be read.
pub(super) fn people(
    folder: &Path,
    journal: &Journal,
    file: &Planned,
) -> Result<Vec<(Person, Json)>> {
    let people = journal.people(file.number)?;
    let bodies = people_of(folder, file)?;
    // They were cut out of JSON that we wrote.
    let bodies = bodies.iter().map(|body| serde_json::from_str(body.get()).unwrap_or_default());
    Ok(people.into_iter().zip(bodies).collect())
}
