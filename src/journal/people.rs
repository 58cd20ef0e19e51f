//! The people of a payload file as the journal keeps them: those who follow each other and of whom the
//! same is known share one line.
//!
//! Nearly always that is everybody in a request, so that a million people are a few thousand lines, and
//! to put down what became of a request changes one of them.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::Leg;
use super::ledger::{Counts, Fault, strange};
use crate::row::Location;

/// What is known of a person in one leg.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// What became of the person; nothing where nothing was begun or noted in the leg.
    pub(super) state: Option<i64>,
    /// The number of the text that says why.
    pub(super) reason: Option<i64>,
    /// The number of the text by which the target is asked again.
    pub(super) ticket: Option<i64>,
    /// When the first attempt began whose outcome is not known, in Unix milliseconds.
    pub(super) since: Option<i64>,
}

/// What is known of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Both {
    pub(super) people: Known,
    pub(super) after: Known,
}

impl Both {
    fn in_leg(&mut self, leg: Leg) -> &mut Known {
        match leg {
            Leg::People => &mut self.people,
            Leg::After => &mut self.after,
        }
    }
}

/// Everybody of a payload file, in order of place.
#[derive(Debug)]
pub(super) struct Everybody {
    batch: u32,
    known: Vec<Both>,
}

impl Everybody {
    /// As the journal has them.
    pub(super) fn read(connection: &Connection, batch: u32) -> rusqlite::Result<Self> {
        let most = planned(connection, batch)?;
        let mut statement = connection.prepare_cached(
            "SELECT first, people, state, reason, ticket, since, \
                    after_state, after_reason, after_ticket, after_since \
             FROM people WHERE batch = ?1 ORDER BY first",
        )?;
        let mut known = Vec::with_capacity(most);
        let mut rows = statement.query([batch])?;
        while let Some(row) = rows.next()? {
            let (first, people): (u32, u32) = (row.get(0)?, row.get(1)?);
            if first as usize != known.len() || people as usize > most - known.len() {
                return Err(strange(NOT_AS_PLANNED));
            }
            let one = Both { people: read(row, 2)?, after: read(row, 6)? };
            known.extend(std::iter::repeat_n(one, people as usize));
        }
        // Whoever is missing would be passed over as if there were nobody.
        if known.len() < most {
            return Err(strange(NOT_AS_PLANNED));
        }
        Ok(Self { batch, known })
    }

    /// What is known of each.
    pub(super) fn known(&self) -> &[Both] {
        &self.known
    }

    /// What is known of a person, who must be in the plan.
    pub(super) fn of(&self, leg: Leg, place: usize) -> Result<Known, Fault> {
        let known = self.known.get(place).copied().map(|mut known| *known.in_leg(leg));
        known.ok_or_else(|| Fault::Refused(format!("request {} has no person {place}", self.batch)))
    }

    /// Changes what is known of a person, and counts the change.
    pub(super) fn set(&mut self, leg: Leg, place: usize, known: Known, counts: &mut Counts) {
        let Some(both) = self.known.get_mut(place) else { return };
        let before = std::mem::replace(both.in_leg(leg), known);
        for (state, people) in [(before.state, -1), (known.state, 1)] {
            if let Some(state) = state {
                counts.change(leg, state, people);
            }
        }
    }

    /// Puts down what is known of them in place of what was.
    pub(super) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.prepare_cached("DELETE FROM people WHERE batch = ?1")?.execute([self.batch])?;
        let mut statement = connection.prepare_cached(
            "INSERT INTO people (batch, first, people, state, reason, ticket, since, \
                                 after_state, after_reason, after_ticket, after_since) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        let mut first = 0_u32;
        for alike in self.known.chunk_by(|a, b| a == b) {
            let Some(Both { people, after }) = alike.first() else { continue };
            let many = u32::try_from(alike.len()).unwrap_or(u32::MAX);
            statement.execute(params![
                self.batch,
                first,
                many,
                people.state,
                people.reason,
                people.ticket,
                people.since,
                after.state,
                after.reason,
                after.ticket,
                after.since,
            ])?;
            first = first.saturating_add(many);
        }
        Ok(())
    }
}

/// Reads what is known in one leg.
fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Known> {
    Ok(Known {
        state: row.get(first)?,
        reason: row.get(first + 1)?,
        ticket: row.get(first + 2)?,
        since: row.get(first + 3)?,
    })
}

const NOT_AS_PLANNED: &str = "the people of a request are not those that were planned";

/// How many people a payload file was planned with; none where it was not planned.
fn planned(connection: &Connection, batch: u32) -> rusqlite::Result<usize> {
    let bytes: Option<u32> = connection
        .prepare_cached("SELECT length(places) FROM batch WHERE number = ?1")?
        .query_row([batch], |row| row.get(0))
        .optional()?;
    Ok(bytes.map_or(0, |bytes| bytes as usize / PLACE))
}

/// Bytes of a place: input, row, line and byte, the lowest first.
const PLACE: usize = 2 + 4 + 4 + 8;

/// The places of people, end to end.
pub(super) fn of_places(places: &[Location]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(places.len() * PLACE);
    for at in places {
        bytes.extend_from_slice(&at.input.to_le_bytes());
        bytes.extend_from_slice(&at.row.to_le_bytes());
        bytes.extend_from_slice(&at.line.to_le_bytes());
        bytes.extend_from_slice(&at.byte.to_le_bytes());
    }
    bytes
}

/// The places that lie in some bytes; nothing where these are not whole.
pub(super) fn to_places(bytes: &[u8]) -> Option<Vec<Location>> {
    let (places, rest) = bytes.as_chunks::<PLACE>();
    if rest.is_empty() { places.iter().map(place).collect() } else { None }
}

fn place(bytes: &[u8; PLACE]) -> Option<Location> {
    let (input, rest) = bytes.split_first_chunk()?;
    let (row, rest) = rest.split_first_chunk()?;
    let (line, rest) = rest.split_first_chunk()?;
    Some(Location {
        input: u16::from_le_bytes(*input),
        row: u32::from_le_bytes(*row),
        line: u32::from_le_bytes(*line),
        byte: u64::from_le_bytes(*rest.first_chunk()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_as_they_were() {
        let at = |input, row, line, byte| Location { input, row, line, byte };
        let places = [at(0, 2, 3, 4), at(u16::MAX, u32::MAX, u32::MAX, u64::MAX), at(1, 0, 9, 258)];
        let bytes = of_places(&places);
        assert_eq!(to_places(&bytes).as_deref(), Some(places.as_slice()));
        assert_eq!(to_places(&bytes[1..]), None);
        assert_eq!(to_places(&[]), Some(Vec::new()));
    }
}
