//! The table of a plan, `plan.csv`: a line for each field that would get another value, and one for
//! everybody else. It shows people's values, and is for its owner only.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::forecast::Action;
use crate::command::draft::{Draft, OF_PLAN};
use crate::error::{Error, Result};
use crate::journal::{InputPrint, Person};
use crate::reader::reload::disarm;
use crate::visible::visible;

/// The name of the table in the folder of a run.
const FILE: &str = "plan.csv";
/// Its columns.
const HEADER: [&str; 7] = ["input", "row", "action", "field", "before", "after", "reason"];

/// One line of it.
type Line = [String; 7];

/// Where the table of a run lies.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// What inputs are called in the table: by their names, or where two have the same by their paths.
pub(in crate::command) fn names(inputs: &[InputPrint]) -> Vec<String> {
    let name = |input: &InputPrint| {
        let same = inputs.iter().filter(|other| other.name == input.name).count();
        if same > 1 { input.path.display().to_string() } else { input.name.clone() }
    };
    inputs.iter().map(|input| visible(&name(input))).collect()
}

/// What a person has in the table.
fn lines(names: &[String], person: &Person, action: &Action) -> Vec<Line> {
    let line = |field: &str, before: String, after: String| {
        let input = names.get(usize::from(person.at.input)).map_or("", String::as_str);
        let row = person.at.row.to_string();
        let reason = action.reason();
        let cells = [input, &row, action.word(), field, &before, &after, &visible(&reason)];
        // File names, values and reasons are others' words: no spreadsheet is to run them.
        cells.map(|cell| disarm(cell).into_owned())
    };
    match action.differences() {
        [] => vec![line("", String::new(), String::new())],
        differences => differences
            .iter()
            .map(|one| {
                line(&one.field, one.found.as_ref().map_or_else(String::new, text), text(&one.sent))
            })
            .collect(),
    }
}

/// A value as it stands in a cell.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The table while it is written.
pub(super) struct NewTable {
    names: Vec<String>,
    out: csv::Writer<Draft>,
}

impl NewTable {
    /// Begins it in the folder of a run.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn create(folder: &Path, inputs: &[InputPrint]) -> Result<Self> {
        let out = csv::Writer::from_writer(Draft::create(path(folder), OF_PLAN)?);
        let mut table = Self { names: names(inputs), out };
        table.write(&HEADER.map(str::to_owned))?;
        Ok(table)
    }

    /// Writes down what would be done with a person.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn add(&mut self, person: &Person, action: &Action) -> Result<()> {
        lines(&self.names, person, action).iter().try_for_each(|line| self.write(line))
    }

    fn write(&mut self, line: &Line) -> Result<()> {
        let written = self.out.write_record(line);
        written.map_err(|error| self.out.get_ref().failed(io::Error::other(error)))
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn finish(self) -> Result<()> {
        Draft::finish_table(self.out)
    }
}

/// The table of an earlier time, held against what would be done now.
pub(super) struct OldTable {
    names: Vec<String>,
    lines: csv::StringRecordsIntoIter<BufReader<File>>,
    /// The next line that nobody has been held against.
    next: Option<Line>,
}

impl OldTable {
    /// Opens that of a run.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) fn open(folder: &Path, inputs: &[InputPrint]) -> Result<Self> {
        let path = path(folder);
        let file = File::open(&path).map_err(|source| Error::Output {
            path: path.clone(),
            action: "read",
            source,
        })?;
        let lines = csv::Reader::from_reader(BufReader::new(file)).into_records();
        let mut table = Self { names: names(inputs), lines, next: None };
        table.step();
        Ok(table)
    }

    /// Goes one line on. A line that somebody has damaged is like no other.
    fn step(&mut self) {
        self.next = self.lines.next().map(|record| {
            let cells = record.iter().flatten().map(str::to_owned).collect::<Vec<_>>();
            cells.try_into().unwrap_or_default()
        });
    }

    /// Whether the same would be done with a person now as then. People come in the order of the table.
    pub(super) fn agrees(&mut self, person: &Person, action: &Action) -> bool {
        let lines = lines(&self.names, person, action);
        let mut same = true;
        for line in &lines {
            same = same && self.next.as_ref() == Some(line);
            if same {
                self.step();
            }
        }
        let own = lines.first().map(|[input, row, ..]| (input, row));
        while let Some([input, row, ..]) = &self.next
            && Some((input, row)) == own
        {
            same = false;
            self.step();
        }
        same
    }

    /// Whether nobody more stood in it.
    pub(super) fn is_at_end(&self) -> bool {
        self.next.is_none()
    }
}
