//! What is counted along with every write of the journal.

use rusqlite::Connection;

use super::{Leg, Tally};

/// How many states there are.
const STATES: usize = 6;

/// People by state, and requests that were sent again: what is counted along with every write, so
/// that nobody has to count a million people to show where a run stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    people: [i64; STATES],
    after: [i64; STATES],
    retries: [u64; 2],
}

impl Counts {
    /// Counts everything.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut counts = Self::default();
        for leg in [Leg::People, Leg::After] {
            let state = state_of(leg);
            let mut statement = connection.prepare(&format!(
                "SELECT {state}, sum(people) FROM people WHERE {state} IS NOT NULL GROUP BY 1"
            ))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                counts.change(leg, row.get(0)?, row.get(1)?);
            }
            let again: i64 = connection.query_row(
                "SELECT count(*) FROM attempt WHERE leg = ?1 AND number > 1",
                [leg.word()],
                |row| row.get(0),
            )?;
            counts.again(leg, u64::try_from(again).unwrap_or(0));
        }
        Ok(counts)
    }

    pub(super) fn change(&mut self, leg: Leg, state: i64, people: i64) {
        let states = match leg {
            Leg::People => &mut self.people,
            Leg::After => &mut self.after,
        };
        if let Some(count) = usize::try_from(state).ok().and_then(|state| states.get_mut(state)) {
            *count += people;
        }
    }

    pub(super) fn again(&mut self, leg: Leg, requests: u64) {
        let [people, after] = &mut self.retries;
        *match leg {
            Leg::People => people,
            Leg::After => after,
        } += requests;
    }

    /// The counts of a leg.
    pub(super) fn tally(&self, leg: Leg) -> Tally {
        let [people, after] = self.retries;
        let (states, retries) = match leg {
            Leg::People => (&self.people, people),
            Leg::After => (&self.after, after),
        };
        let [not_sent, in_flight, accepted, refused, unknown, queued] =
            states.map(|count| u64::try_from(count).unwrap_or(0));
        Tally {
            accepted,
            refused,
            unknown: unknown + in_flight + queued,
            unverified: queued,
            not_sent,
            retries,
        }
    }
}

/// The column with the state of a leg.
pub(super) fn state_of(leg: Leg) -> &'static str {
    match leg {
        Leg::People => "state",
        Leg::After => "after_state",
    }
}

/// A number as the database has them.
pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
