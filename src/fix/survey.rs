//! The accepted lines, held against the file: which cells change, which have changed already, and which
//! hold something of which the plan knows nothing.

use std::ops::ControlFlow;

use super::{Accepted, Line};
use crate::error::Result;
use crate::reader::{self, Edit, Input};
use crate::row::Row;

/// What the file says to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The cell holds what the plan says it held.
    Changes,
    /// It holds what it is to hold.
    Already,
    /// It holds what the plan says it held, and cannot be changed there: a formula makes its value, or it
    /// lies under a merged cell.
    Bound,
    /// It holds neither, but this; nothing where there is no such cell in the table.
    Stale(Option<Box<str>>),
}

/// What the file says to all lines, in their order.
#[derive(Debug)]
pub struct Survey<'a> {
    accepted: &'a Accepted,
    states: Vec<State>,
}

impl<'a> Survey<'a> {
    /// Each line with its state.
    pub fn lines(&self) -> impl Iterator<Item = (&'a Line, &State)> {
        self.accepted.lines.iter().zip(&self.states)
    }

    /// What the cell of a line held when the plan was made.
    pub fn before(&self, line: &Line) -> &str {
        self.accepted.before(line)
    }

    /// How many lines are of a state.
    pub fn count(&self, is: impl Fn(&State) -> bool) -> u64 {
        self.states.iter().filter(|state| is(state)).count() as u64
    }

    /// How many lines are stale.
    pub fn stale(&self) -> u64 {
        self.count(|state| matches!(state, State::Stale(_)))
    }

    /// The cells that change, in the order of the file.
    pub fn edits(&self) -> Vec<Edit<'a>> {
        let changing = self.lines().filter(|(_, state)| **state == State::Changes);
        let edit = |(line, _): (&'a Line, _)| Edit {
            row: line.row,
            column: line.column,
            text: self.accepted.after(line),
        };
        changing.map(edit).collect()
    }
}

/// Reads the file and compares each cell that the plan names.
///
/// # Errors
/// When the file cannot be read.
pub fn survey<'a>(input: &mut Input, accepted: &'a Accepted) -> Result<Survey<'a>> {
    let mut states = Vec::with_capacity(accepted.lines.len());
    let mut lines = accepted.lines.iter().peekable();
    let facts = &input.facts;
    let header = if facts.header_first == facts.header_row { facts.header_row } else { 0 };
    // What stands right of the header is a cell only where a row is so long.
    let width = input.headers.len();
    let (extent, top) = (facts.extent, facts.extent.after);
    while let Some(line) = lines.next_if(|line| line.row <= top) {
        let text = input.headers.get(line.column).filter(|_| line.row == header);
        states.push(state(accepted, line, text.map(String::as_str)));
    }
    input.read(&mut |chunk| {
        for row in reader::parse(chunk, extent).iter() {
            while let Some(line) = lines.next_if(|line| line.row < row.at.row) {
                states.push(state(accepted, line, None));
            }
            while let Some(line) = lines.next_if(|line| line.row == row.at.row) {
                states.push(in_row(accepted, line, &row, width));
            }
        }
        if lines.peek().is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    states.extend(lines.map(|line| state(accepted, line, None)));
    Ok(Survey { accepted, states })
}

fn in_row(accepted: &Accepted, line: &Line, row: &Row<'_>, width: usize) -> State {
    let is_cell = line.column < width.max(row.len());
    let state = state(accepted, line, is_cell.then(|| row.cell(line.column).text));
    let bound = row.marks(line.column).next().is_some();
    if bound && state == State::Changes { State::Bound } else { state }
}

fn state(accepted: &Accepted, line: &Line, text: Option<&str>) -> State {
    match text {
        Some(text) if is_same(text, accepted.after(line)) => State::Already,
        Some(text) if is_same(text, accepted.before(line)) => State::Changes,
        // Rows that are not there are blank.
        None if accepted.after(line).is_empty() => State::Already,
        text => State::Stale(text.map(Into::into)),
    }
}

/// Whether two texts are the same, where a program that saved the plan may have written other line breaks.
fn is_same(a: &str, b: &str) -> bool {
    let breaks = |text: &str| text.contains('\r');
    a == b || (breaks(a) || breaks(b)) && plain(a) == plain(b)
}

fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
