//! What a reading says, for people, for programs and as a table.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::super::looking::looked_for;
use super::{Case, Learned, Verdict};
use crate::command::draft::Draft;
use crate::error::{Error, Result};
use crate::journal::{About, InputPrint, Tally};
use crate::reader::reload::disarm;
use crate::report::{counted, grouped};
use crate::row::Location;
use crate::visible::visible;

/// How many cases of a kind the page shows.
const SHOWN: usize = 5;

/// What is told of a run.
pub(super) struct Told<'a> {
    pub(super) about: &'a About,
    pub(super) name: &'a str,
    pub(super) id: &'a str,
    /// As the journal has it now.
    pub(super) tally: Tally,
    pub(super) learned: &'a Learned,
    pub(super) requests: u64,
    pub(super) output: Option<&'a Path>,
    pub(super) show_values: bool,
}

fn file_of(inputs: &[InputPrint], at: Location) -> String {
    inputs.get(usize::from(at.input)).map_or_else(String::new, |input| visible(&input.name))
}

impl Told<'_> {
    fn people(&self) -> u64 {
        self.learned.counts.iter().sum()
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "run {}: {} sent to {}\n",
            visible(self.id),
            counted(self.people(), "person", "people"),
            looked_for(self.about, self.requests)
        );
        for (count, word) in self.learned.counts.iter().zip(Verdict::WORDS) {
            let _ = writeln!(text, "  {word:18} {:>9}", grouped(*count));
        }
        let Tally { refused, not_sent, .. } = self.tally;
        if refused + not_sent > 0 {
            let _ = writeln!(
                text,
                "  not looked for: {} rejected by the target, {} not sent",
                grouped(refused),
                grouped(not_sent)
            );
        }
        text.push('\n');
        self.cases(&mut text);
        self.last_words(&mut text);
        text
    }

    /// The first cases of each kind.
    fn cases(&self, text: &mut String) {
        for place in 1..Verdict::WORDS.len() {
            let cases = self.learned.cases.iter().filter(|case| case.verdict.place() == place);
            let mut more = 0_u64;
            for (number, case) in cases.enumerate() {
                if number >= SHOWN {
                    more += 1;
                    continue;
                }
                let file = file_of(&self.about.inputs, case.at);
                let why = visible(&case.verdict.why(self.show_values));
                let _ = writeln!(text, "  × row {} of {file}: {why}", case.at.row);
            }
            if more > 0 {
                let all = match self.output {
                    Some(path) => format!("all in {}", visible(&path.display().to_string())),
                    None => "-o FILE.csv lists all".to_owned(),
                };
                let _ = writeln!(text, "  … {} more, {all}", grouped(more));
            }
        }
        if !self.learned.cases.is_empty() {
            text.push('\n');
        }
    }

    fn last_words(&self, text: &mut String) {
        let now = self.learned.accepted_now;
        if now > 0 {
            let _ = writeln!(
                text,
                "{} whose outcome was not known {} as sent, and accepted from now on",
                counted(now, "person", "people"),
                if now == 1 { "is there" } else { "are there" }
            );
        }
        let not_as_sent = |case: &&Case| !matches!(case.verdict, Verdict::Untold(_));
        if self.learned.cases.iter().filter(not_as_sent).any(|case| case.was_accepted) {
            text.push_str(
                "accepted, and not as sent now: changed or removed since, or kept by the target in another \
                 form; pushing the file again sends everybody's values again\n",
            );
        }
        if self.tally.unknown + self.tally.not_sent > 0 {
            let _ = writeln!(
                text,
                "{} unknown, {} not sent. Carry on: upsheet resume {}",
                grouped(self.tally.unknown),
                grouped(self.tally.not_sent),
                self.name
            );
        }
    }

    pub(super) fn json(&self) -> String {
        let [landed, differs, missing, untold] = self.learned.counts;
        let cases = self.learned.cases.iter().map(|case| V1Case {
            input: self
                .about
                .inputs
                .get(usize::from(case.at.input))
                .map_or("", |input| input.name.as_str()),
            row: case.at.row,
            verdict: word(&case.verdict),
            fields: case.verdict.fields(),
            reason: case.verdict.why(self.show_values),
            was_accepted: case.was_accepted,
        });
        let page = V1 {
            version: 1,
            run: self.id,
            target: &self.about.target,
            base_url: &self.about.base_url,
            operation: &self.about.operation,
            match_key: &self.about.match_key,
            requests: self.requests,
            people: self.people(),
            landed,
            differs,
            missing,
            untold,
            accepted_now: self.learned.accepted_now,
            rejected_by_target: self.tally.refused,
            not_sent: self.tally.not_sent,
            unknown: self.tally.unknown,
            cases: cases.collect(),
        };
        // Our own form holds nothing that JSON cannot.
        let mut text = serde_json::to_string_pretty(&page).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The word of a verdict for programs.
fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Landed => "landed",
        Verdict::Differs(_) => "differs",
        Verdict::Missing => "missing",
        Verdict::Untold(_) => "untold",
    }
}

/// Everybody in a CSV file, which gets its name when it is whole. It is for its owner only.
pub(super) struct Table {
    out: csv::Writer<Draft>,
    show_values: bool,
}

impl Table {
    /// Opens the file before anything is read, so that a place that cannot be written is told at once.
    pub(super) fn open(path: &Path, show_values: bool) -> Result<Self> {
        if path.is_dir() {
            let source = io::ErrorKind::IsADirectory.into();
            return Err(Error::Output { path: path.to_owned(), action: "write", source });
        }
        let draft = Draft::create(path.to_owned(), ".upsheet-verify-")?;
        let mut table = Self { out: csv::Writer::from_writer(draft), show_values };
        table.write(["input", "row", "verdict", "fields", "reason"])?;
        Ok(table)
    }

    pub(super) fn row(&mut self, inputs: &[InputPrint], case: &Case) -> Result<()> {
        let file = file_of(inputs, case.at);
        let fields = case.verdict.fields().join(" ");
        let why = case.verdict.why(self.show_values);
        let row = case.at.row.to_string();
        let cells = [&file, &row, word(&case.verdict), &fields, &why];
        // File names and values are others' words: no spreadsheet is to run them.
        let cells = cells.map(|cell| disarm(cell).into_owned());
        self.write(cells.each_ref().map(String::as_str))
    }

    fn write(&mut self, cells: [&str; 5]) -> Result<()> {
        let written = self.out.write_record(cells);
        written.map_err(|error| self.out.get_ref().failed(io::Error::other(error)))
    }

    /// Gives the file its name.
    pub(super) fn finish(self) -> Result<()> {
        Draft::finish_table(self.out)
    }
}

#[derive(Serialize)]
struct V1<'a> {
    version: u32,
    run: &'a str,
    target: &'a str,
    base_url: &'a str,
    operation: &'a str,
    match_key: &'a str,
    requests: u64,
    people: u64,
    landed: u64,
    differs: u64,
    missing: u64,
    untold: u64,
    accepted_now: u64,
    rejected_by_target: u64,
    not_sent: u64,
    unknown: u64,
    cases: Vec<V1Case<'a>>,
}

#[derive(Serialize)]
struct V1Case<'a> {
    input: &'a str,
    row: u32,
    verdict: &'static str,
    fields: Vec<&'a str>,
    reason: String,
    was_accepted: bool,
}
