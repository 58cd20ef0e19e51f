//! What is written into the tables and read from them. Nothing here begins or ends a transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::counts::{Counts, number, state_of};
use super::people::{Both, Everybody, Known, Span};
use super::refused::{Fault, strange};
use super::{
    About, Alike, Attempt, Class, Doubt, Ended, Leg, OpenFile, Outcome, Person, Phase, Planned,
    State, Tried,
};
use crate::row::Places;

const NOT_SENT: i64 = 0;
const IN_FLIGHT: i64 = 1;
const ACCEPTED: i64 = 2;
const REFUSED: i64 = 3;
const UNKNOWN: i64 = 4;
const QUEUED: i64 = 5;

/// Puts down the whole plan.
pub(super) fn plan(
    connection: &Connection,
    about: &About,
    plan: &[Planned],
) -> rusqlite::Result<()> {
    let about = serde_json::to_string(about).map_err(|error| strange(&error.to_string()))?;
    connection.execute(
        "INSERT INTO run (one, about, phase) VALUES (1, ?1, ?2)",
        params![about, Phase::Planned.word()],
    )?;
    let mut batch = connection.prepare(
        "INSERT INTO batch (number, file, sha256, people, places) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let mut people = connection
        .prepare("INSERT INTO people (batch, first, people, state) VALUES (?1, 0, ?2, ?3)")?;
    for file in plan {
        let (number, all, places) =
            (file.number, number(file.places.len()), file.places.as_bytes());
        batch.execute(params![number, file.file, file.sha256, all, places])?;
        if !file.places.is_empty() {
            people.execute(params![number, all, NOT_SENT])?;
        }
    }
    Ok(())
}

/// What the run was asked to do.
pub(super) fn about(connection: &Connection) -> rusqlite::Result<About> {
    let text: String = connection.query_row("SELECT about FROM run", [], |row| row.get(0))?;
    serde_json::from_str(&text).map_err(|error| strange(&error.to_string()))
}

/// The numbers of the payload files, in order.
pub(super) fn numbers(connection: &Connection) -> rusqlite::Result<Vec<u32>> {
    let mut statement = connection.prepare_cached("SELECT number FROM batch ORDER BY number")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// All payload files with their places.
pub(super) fn planned(connection: &Connection) -> rusqlite::Result<Vec<Planned>> {
    let mut files = connection
        .prepare("SELECT number, file, sha256, people, places FROM batch ORDER BY number")?;
    let plan = files.query_map([], |row| {
        let places = read_places(row, 3)?;
        Ok(Planned { number: row.get(0)?, file: row.get(1)?, sha256: row.get(2)?, places })
    })?;
    plan.collect()
}

/// The rows of the people of a payload file; none where it was not planned.
fn places(connection: &Connection, batch: u32) -> rusqlite::Result<Places> {
    let places = connection
        .prepare_cached("SELECT people, places FROM batch WHERE number = ?1")?
        .query_row([batch], |row| read_places(row, 0))
        .optional()?;
    Ok(places.unwrap_or_default())
}

fn read_places(row: &Row<'_>, column: usize) -> rusqlite::Result<Places> {
    let people: u32 = row.get(column)?;
    let bytes = row.get_ref(column + 1)?.as_blob()?;
    Places::of_bytes(people as usize, bytes)
        .ok_or_else(|| strange("the places of a request are not whole"))
}

/// The people whom a leg concerns: of what is sent when the ids are known, those who have landed and for
/// whom there is something.
fn concerned(leg: Leg) -> &'static str {
    match leg {
        Leg::People => "1",
        Leg::After => "state = 2 AND after_state IS NOT NULL",
    }
}

/// The payload files in which somebody has no outcome yet, in order, and how many files have anybody whom
/// the leg concerns.
pub(super) fn open(connection: &Connection, leg: Leg) -> rusqlite::Result<(Vec<OpenFile>, u64)> {
    let (state, concerned) = (state_of(leg), concerned(leg));
    let mut statement = connection.prepare_cached(&format!(
        "SELECT batch, max({state}) FROM people WHERE {concerned} GROUP BY batch \
         HAVING max({state} NOT IN (2, 3)) ORDER BY batch"
    ))?;
    let open = statement.query_map([], |row| {
        let most: i64 = row.get(1)?;
        // The other leg concerns only some of the people of a file.
        Ok(OpenFile { number: row.get(0)?, fresh: leg == Leg::People && most == NOT_SENT })
    })?;
    let open = open.collect::<Result<_, _>>()?;
    let mut statement = connection
        .prepare_cached(&format!("SELECT count(DISTINCT batch) FROM people WHERE {concerned}"))?;
    let all: i64 = statement.query_row([], |row| row.get(0))?;
    Ok((open, u64::try_from(all).unwrap_or(0)))
}

/// The numbers of the payload files in which somebody is queued, in order, and how many these are.
pub(super) fn queued(connection: &Connection, leg: Leg) -> rusqlite::Result<Vec<(u32, usize)>> {
    let (state, concerned) = (state_of(leg), concerned(leg));
    let mut statement = connection.prepare_cached(&format!(
        "SELECT batch, sum(people) FROM people WHERE {concerned} AND {state} = 5 \
         GROUP BY batch ORDER BY batch"
    ))?;
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, u32>(1)? as usize));
    statement.query_map([], read)?.collect()
}

/// Who of a payload file was in each of its requests, by place, in the order in which they began.
pub(super) fn together(
    connection: &Connection,
    leg: Leg,
    batch: u32,
) -> rusqlite::Result<Vec<Vec<usize>>> {
    let mut statement = connection
        .prepare_cached("SELECT people FROM attempt WHERE leg = ?1 AND batch = ?2 ORDER BY id")?;
    let people = statement.query_map(params![leg.word(), batch], |row| {
        of_spans(&row.get::<_, String>(0)?)
            .ok_or_else(|| strange("an attempt that this version does not know"))
    })?;
    people.collect()
}

/// The requests of a payload file that nothing was learned of.
pub(super) fn doubtful(
    connection: &Connection,
    leg: Leg,
    batch: u32,
) -> rusqlite::Result<Vec<Doubt>> {
    let mut statement = connection.prepare_cached(
        "SELECT people, status, coalesce(ended, began), ended IS NOT NULL FROM attempt \
         WHERE leg = ?1 AND batch = ?2 AND (class IS NULL OR class = ?3) ORDER BY id",
    )?;
    let ambiguous = Class::Ambiguous.word();
    let doubtful = statement.query_map(params![leg.word(), batch, ambiguous], |row| {
        let people = of_spans(&row.get::<_, String>(0)?)
            .ok_or_else(|| strange("an attempt that this version does not know"))?;
        Ok(Doubt { people, status: row.get(1)?, at: row.get(2)?, is_over: row.get(3)? })
    })?;
    doubtful.collect()
}

/// The people of a payload file, in order of place.
pub(super) fn people(connection: &Connection, batch: u32) -> rusqlite::Result<Vec<Person>> {
    let (places, states) = everybody(connection, batch)?;
    let each = states.iter().flat_map(|alike| std::iter::repeat_n(&alike.state, alike.people));
    let people = places.iter().zip(each).enumerate();
    Ok(people.map(|(place, (at, state))| Person { place, at, state: state.clone() }).collect())
}

/// The rows of the people of a payload file, and what is known of them.
pub(super) fn everybody(
    connection: &Connection,
    batch: u32,
) -> rusqlite::Result<(Places, Vec<Alike>)> {
    Ok((places(connection, batch)?, states(connection, batch)?))
}

/// What is known of the people of a payload file, in order of place.
pub(super) fn states(connection: &Connection, batch: u32) -> rusqlite::Result<Vec<Alike>> {
    let everybody = Everybody::read(connection, batch)?;
    let mut texts = Texts::new(connection);
    let alike = everybody.alike().map(|(people, Both { people: first, after })| {
        let state = State {
            outcome: texts
                .outcome(first)?
                .ok_or_else(|| strange("a person of whom nothing is known"))?,
            since: first.since,
            after: texts.outcome(after)?,
            after_since: after.since,
        };
        Ok(Alike { people, state })
    });
    alike.collect()
}

/// The texts of outcomes, each read once.
struct Texts<'a> {
    connection: &'a Connection,
    read: BTreeMap<i64, Option<String>>,
}

impl<'a> Texts<'a> {
    fn new(connection: &'a Connection) -> Self {
        Self { connection, read: BTreeMap::new() }
    }

    /// The text of a number, where there is one.
    fn get(&mut self, number: Option<i64>) -> rusqlite::Result<Option<String>> {
        let Some(number) = number else { return Ok(None) };
        if let Some(text) = self.read.get(&number) {
            return Ok(text.clone());
        }
        let text: Option<String> = self
            .connection
            .prepare_cached("SELECT text FROM words WHERE id = ?1")?
            .query_row([number], |row| row.get(0))
            .optional()?;
        self.read.insert(number, text.clone());
        Ok(text)
    }

    /// What became of a person; nothing where nothing is known.
    fn outcome(&mut self, known: &Known) -> rusqlite::Result<Option<Outcome>> {
        let Some(state) = known.state else { return Ok(None) };
        let (why, ticket) = (self.get(known.reason)?, self.get(known.ticket)?);
        outcome(state, why, ticket).map(Some)
    }
}

/// What stands in the place of a reason that was taken away.
const TAKEN_AWAY: &str = "the reason was purged";

fn outcome(state: i64, why: Option<String>, ticket: Option<String>) -> rusqlite::Result<Outcome> {
    let why = || why.unwrap_or_else(|| TAKEN_AWAY.to_owned());
    Ok(match state {
        NOT_SENT => Outcome::NotSent,
        IN_FLIGHT => Outcome::InFlight,
        ACCEPTED => Outcome::Accepted,
        REFUSED => Outcome::Refused(why()),
        UNKNOWN => Outcome::Unknown(why()),
        QUEUED => Outcome::Queued { ticket, why: why() },
        _ => return Err(strange("a person has an outcome that this version does not know")),
    })
}

/// The number of a text that is kept once.
fn word(connection: &Connection, text: Option<&str>) -> rusqlite::Result<Option<i64>> {
    let Some(text) = text else { return Ok(None) };
    let known = connection
        .prepare_cached("SELECT id FROM words WHERE text = ?1")?
        .query_row([text], |row| row.get(0))
        .optional()?;
    if known.is_some() {
        return Ok(known);
    }
    connection.prepare_cached("INSERT INTO words (text) VALUES (?1)")?.execute([text])?;
    Ok(Some(connection.last_insert_rowid()))
}

/// Gives people their outcomes. `since` is kept while an outcome is not known.
pub(super) fn note(
    connection: &Connection,
    counts: &mut Counts,
    leg: Leg,
    batch: u32,
    outcomes: &[(Span, Outcome)],
) -> Result<(), Fault> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let mut everybody = Everybody::read(connection, batch)?;
    everybody.has(outcomes.iter().map(|(places, _)| places))?;
    for (places, outcome) in outcomes {
        let (state, why, ticket) = match outcome {
            Outcome::NotSent => (NOT_SENT, None, None),
            Outcome::InFlight => (IN_FLIGHT, None, None),
            Outcome::Accepted => (ACCEPTED, None, None),
            Outcome::Refused(why) => (REFUSED, Some(why.as_str()), None),
            Outcome::Unknown(why) => (UNKNOWN, Some(why.as_str()), None),
            Outcome::Queued { ticket, why } => (QUEUED, Some(why.as_str()), ticket.as_deref()),
        };
        let (reason, ticket) = (word(connection, why)?, word(connection, ticket)?);
        everybody.change(leg, places, counts, |before| Known {
            state: Some(state),
            reason,
            ticket,
            since: before.since.filter(|_| matches!(state, IN_FLIGHT | UNKNOWN | QUEUED)),
        });
    }
    everybody.write(connection)?;
    Ok(())
}

/// A request that is about to leave, as it is kept.
pub(super) struct Opened<'a> {
    pub(super) leg: Leg,
    pub(super) batch: u32,
    pub(super) people: &'a [Span],
    pub(super) bytes: usize,
    pub(super) sha256: &'a str,
    pub(super) number: u32,
}

/// Puts a request down as under way, and its people as in flight.
pub(super) fn begin(
    connection: &Connection,
    counts: &mut Counts,
    begin: &Opened<'_>,
    now: i64,
) -> Result<Attempt, Fault> {
    let mut everybody = Everybody::read(connection, begin.batch)?;
    everybody.has(begin.people)?;
    let landed = |known: &Known| known.state == Some(ACCEPTED);
    if let Some(place) =
        begin.people.iter().find_map(|places| everybody.find(begin.leg, places, landed))
    {
        let batch = begin.batch;
        return Err(Fault::Refused(format!(
            "person {place} of request {batch} has landed already and is not sent again"
        )));
    }
    for places in begin.people {
        everybody.change(begin.leg, places, counts, |before| Known {
            state: Some(IN_FLIGHT),
            since: Some(before.since.unwrap_or(now)),
            ..Known::default()
        });
    }
    everybody.write(connection)?;
    connection
        .prepare_cached(
            "INSERT INTO attempt (leg, batch, people, bytes, sha256, number, began) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            begin.leg.word(),
            begin.batch,
            words_of(begin.people),
            number(begin.bytes),
            begin.sha256,
            begin.number,
            now
        ])?;
    if begin.number > 1 {
        counts.again(begin.leg, 1);
    }
    Ok(Attempt(connection.last_insert_rowid()))
}

/// How a request ended, as it is kept.
pub(super) struct Closed<'a> {
    pub(super) status: Option<u16>,
    pub(super) class: Class,
    pub(super) why: Option<&'a str>,
    pub(super) outcomes: &'a [(Span, Outcome)],
}

/// Closes a request and gives its people their outcomes.
pub(super) fn end(
    connection: &Connection,
    counts: &mut Counts,
    attempt: Attempt,
    end: &Closed<'_>,
    now: i64,
) -> Result<(), Fault> {
    let open = connection
        .prepare_cached("SELECT leg, batch FROM attempt WHERE id = ?1 AND ended IS NULL")?
        .query_row([attempt.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?)))
        .optional()?;
    let Some((leg, batch)) = open else {
        return Err(Fault::Refused(format!("attempt {} is not under way", attempt.0)));
    };
    let leg = Leg::of_word(&leg).ok_or_else(|| strange("a leg that this version does not know"))?;
    // Refuses before anything is written, if it does.
    note(connection, counts, leg, batch, end.outcomes)?;
    let why = word(connection, end.why)?;
    connection
        .prepare_cached(
            "UPDATE attempt SET ended = ?2, status = ?3, class = ?4, why = ?5 WHERE id = ?1",
        )?
        .execute(params![attempt.0, now, end.status, end.class.word(), why])?;
    Ok(())
}

/// How far the run has come, and why.
pub(super) fn phase(connection: &Connection) -> rusqlite::Result<(Phase, Option<String>)> {
    let (word, why): (String, _) =
        connection
            .query_row("SELECT phase, why FROM run", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let phase =
        Phase::of_word(&word).ok_or_else(|| strange("a phase that this version does not know"))?;
    Ok((phase, why))
}

/// Says how far the run has come.
pub(super) fn set_phase(
    connection: &Connection,
    phase: Phase,
    why: Option<&str>,
) -> rusqlite::Result<()> {
    connection.execute("UPDATE run SET phase = ?1, why = ?2", params![phase.word(), why])?;
    Ok(())
}

/// The attempts behind one, in the order in which they began.
pub(super) fn attempts(
    connection: &Connection,
    after: Option<Attempt>,
    limit: usize,
) -> rusqlite::Result<Vec<Tried>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, leg, batch, people, bytes, sha256, number, began, ended, status, class, \
                (SELECT text FROM words WHERE id = why) \
         FROM attempt WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let after = after.map_or(0, |attempt| attempt.0);
    let limit = number(limit);
    let tried = statement.query_map([after, limit], |row| {
        let unknown = || strange("an attempt that this version does not know");
        let leg = Leg::of_word(&row.get::<_, String>(1)?).ok_or_else(unknown)?;
        let ended = match row.get::<_, Option<i64>>(8)? {
            None => None,
            Some(at) => Some(Ended {
                at,
                status: row.get(9)?,
                class: Class::of_word(&row.get::<_, String>(10)?).ok_or_else(unknown)?,
                why: row.get(11)?,
            }),
        };
        Ok(Tried {
            attempt: Attempt(row.get(0)?),
            leg,
            batch: row.get(2)?,
            people: of_spans(&row.get::<_, String>(3)?).ok_or_else(unknown)?,
            bytes: usize::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
            sha256: row.get(5)?,
            number: row.get(6)?,
            began: row.get(7)?,
            ended,
        })
    })?;
    tried.collect()
}

/// Takes away what the target said of people, from every page of the file and its log. Says whether a
/// reader was in the way, so that the log could not be emptied.
pub(super) fn purge(connection: &Connection) -> rusqlite::Result<bool> {
    connection.execute_batch(
        "PRAGMA secure_delete = ON;
         BEGIN IMMEDIATE;
         UPDATE people SET reason = NULL, ticket = NULL, after_reason = NULL, after_ticket = NULL
             WHERE coalesce(reason, ticket, after_reason, after_ticket) IS NOT NULL;
         UPDATE attempt SET why = NULL;
         UPDATE run SET why = NULL, phase = 'purged';
         DELETE FROM words;
         COMMIT;
         VACUUM;",
    )?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
}

/// Spans of places in words: `0-249,251`.
fn words_of(spans: &[Span]) -> String {
    let words = spans.iter().map(|span| match (span.start, span.end.saturating_sub(1)) {
        (from, to) if from == to => from.to_string(),
        (from, to) => format!("{from}-{to}"),
    });
    words.collect::<Vec<_>>().join(",")
}

fn of_spans(text: &str) -> Option<Vec<usize>> {
    let mut places = Vec::new();
    for word in text.split(',').filter(|word| !word.is_empty()) {
        let (from, to) = word.split_once('-').unwrap_or((word, word));
        places.extend(from.parse::<usize>().ok()?..=to.parse().ok()?);
    }
    Some(places)
}
