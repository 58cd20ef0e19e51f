//! The people of a payload file as the journal keeps them: those who follow each other and of whom the
//! same is known share one line.
//!
//! Nearly always that is everybody in a request, so that a million people are a few thousand lines, and
//! to put down what became of a request changes one of them.

use std::ops::Range;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::counts::{Counts, number};
use super::refused::{Fault, strange};
use super::{Leg, Outcome};

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
    fn of(&self, leg: Leg) -> &Known {
        match leg {
            Leg::People => &self.people,
            Leg::After => &self.after,
        }
    }

    fn in_leg(&mut self, leg: Leg) -> &mut Known {
        match leg {
            Leg::People => &mut self.people,
            Leg::After => &mut self.after,
        }
    }
}

/// Places that follow each other: the first, and the one behind the last.
pub(super) type Span = Range<usize>;

/// The spans of places that follow each other, in the order in which they are given.
pub(super) fn spans(places: &[usize]) -> Vec<Span> {
    let following = places.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let span = |those: &[usize]| those.first().map(|&first| first..first + those.len());
    following.filter_map(span).collect()
}

/// The outcomes of people, those who follow each other and have the same together.
pub(super) fn together(outcomes: &[(usize, Outcome)]) -> Vec<(Span, Outcome)> {
    let same =
        outcomes.chunk_by(|(a, of_a), (b, of_b)| a.checked_add(1) == Some(*b) && of_a == of_b);
    let one = |those: &[(usize, Outcome)]| {
        let (first, outcome) = those.first()?;
        Some((*first..*first + those.len(), outcome.clone()))
    };
    same.filter_map(one).collect()
}

/// Everybody of a payload file, in order of place.
#[derive(Debug)]
pub(super) struct Everybody {
    batch: u32,
    /// How many they are.
    people: usize,
    /// From which place on what is known, in order.
    known: Vec<(usize, Both)>,
}

impl Everybody {
    /// As the journal has them.
    pub(super) fn read(connection: &Connection, batch: u32) -> rusqlite::Result<Self> {
        let people = planned(connection, batch)?;
        let mut statement = connection.prepare_cached(
            "SELECT first, people, state, reason, ticket, since, \
                    after_state, after_reason, after_ticket, after_since \
             FROM people WHERE batch = ?1 ORDER BY first",
        )?;
        let mut known = Vec::new();
        let mut rows = statement.query([batch])?;
        let mut next = 0;
        while let Some(row) = rows.next()? {
            let (first, alike): (u32, u32) = (row.get(0)?, row.get(1)?);
            if first as usize != next || alike as usize > people - next {
                return Err(strange(NOT_AS_PLANNED));
            }
            known.push((next, Both { people: read(row, 2)?, after: read(row, 6)? }));
            next += alike as usize;
        }
        // Whoever is missing would be passed over as if there were nobody.
        if next < people {
            return Err(strange(NOT_AS_PLANNED));
        }
        Ok(Self { batch, people, known })
    }

    /// How many there are of whom the same is known, and what, in order of place.
    pub(super) fn alike(&self) -> impl Iterator<Item = (usize, &Both)> {
        let ends = self.known.iter().skip(1).map(|(first, _)| *first);
        let ends = ends.chain(std::iter::once(self.people));
        self.known.iter().zip(ends).map(|((first, both), end)| (end - first, both))
    }

    /// Whether these people are in the plan.
    pub(super) fn has<'s>(&self, spans: impl IntoIterator<Item = &'s Span>) -> Result<(), Fault> {
        match spans.into_iter().find(|span| span.end > self.people) {
            Some(span) => {
                let (batch, place) = (self.batch, span.start.max(self.people));
                Err(Fault::Refused(format!("request {batch} has no person {place}")))
            }
            None => Ok(()),
        }
    }

    /// The first place of a span of which something is known in a leg that is so.
    pub(super) fn find(&self, leg: Leg, span: &Span, is: impl Fn(&Known) -> bool) -> Option<usize> {
        let mut first = 0;
        self.alike().find_map(|(people, both)| {
            let of = first.max(span.start)..(first + people).min(span.end);
            first += people;
            (!of.is_empty() && is(both.of(leg))).then_some(of.start)
        })
    }

    /// Changes what is known of people who are in the plan, and counts the change.
    pub(super) fn change(
        &mut self,
        leg: Leg,
        span: &Span,
        counts: &mut Counts,
        edit: impl Fn(&Known) -> Known,
    ) {
        for at in self.cut(span.start)..self.cut(span.end) {
            let end = self.known.get(at + 1).map_or(self.people, |(first, _)| *first);
            let Some((first, both)) = self.known.get_mut(at) else { return };
            let known = edit(both.of(leg));
            let before = std::mem::replace(both.in_leg(leg), known);
            let people = i64::try_from(end - *first).unwrap_or(i64::MAX);
            for (state, change) in [(before.state, -people), (known.state, people)] {
                if let Some(state) = state {
                    counts.change(leg, state, change);
                }
            }
        }
    }

    /// Sees to it that something begins at a place; says where that stands.
    fn cut(&mut self, place: usize) -> usize {
        let at = self.known.partition_point(|(first, _)| *first < place);
        let begins = self.known.get(at).is_some_and(|(first, _)| *first == place);
        if !begins
            && place < self.people
            && let Some((_, before)) = at.checked_sub(1).and_then(|before| self.known.get(before))
        {
            self.known.insert(at, (place, *before));
        }
        at
    }

    /// Puts down what is known of them in place of what was.
    pub(super) fn write(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.prepare_cached("DELETE FROM people WHERE batch = ?1")?.execute([self.batch])?;
        let mut statement = connection.prepare_cached(
            "INSERT INTO people (batch, first, people, state, reason, ticket, since, \
                                 after_state, after_reason, after_ticket, after_since) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        let mut rest = self.people;
        // From the last one on, for each ends where the next one begins.
        for alike in self.known.chunk_by(|(_, a), (_, b)| a == b).rev() {
            let Some((first, Both { people, after })) = alike.first() else { continue };
            statement.execute(params![
                self.batch,
                number(*first),
                number(rest - first),
                people.state,
                people.reason,
                people.ticket,
                people.since,
                after.state,
                after.reason,
                after.ticket,
                after.since,
            ])?;
            rest = *first;
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
    let people: Option<u32> = connection
        .prepare_cached("SELECT people FROM batch WHERE number = ?1")?
        .query_row([batch], |row| row.get(0))
        .optional()?;
    Ok(people.map_or(0, |people| people as usize))
}
