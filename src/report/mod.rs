//! What was found, in the forms that people and programs read.
//!
//! One finding type, many renderers that know nothing of each other. A report is written while the
//! run goes on and closed with one [`Summary`]; nothing is capped without saying so.

mod github;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
pub(crate) mod mask;
mod place;
mod rejects;
mod sarif;
mod spool;
mod tables;
mod text;
mod words;
mod workbook;

use std::io::Write;
use std::path::{Path, PathBuf};

pub(crate) use self::json::renew;
pub(crate) use self::tables::{Table, tables};
pub(crate) use self::text::hanging;
pub(crate) use self::words::{counted, grouped, too_many};
use crate::baseline::Accepted;
use crate::cause::Cause;
use crate::error::Result;
use crate::finding::{Code, Finding, ROW_SHIFTED, Severity};
use crate::journal::Tally;
use crate::mapping::{Mapping, Role, Schema};
use crate::reader::{Earlier, Facts, Origin};
use crate::returned::{Comparison, Returned, Then};
use crate::row::{Location, Row};
use crate::validate::Fate;

/// One input, as reports present it.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// How it was read.
    pub facts: Facts,
    /// What its columns are for.
    pub mapping: Mapping,
    /// The target's name for each column's field.
    pub fields: Vec<Option<String>>,
    /// What the recipe makes beside the columns: of what, and for which field.
    pub made: Vec<(String, String)>,
    /// What is known of it as it was checked before, where it was.
    pub earlier: Earlier,
    /// The column by which people are matched, where there is one.
    pub key: Option<u16>,
}

impl Sheet {
    /// Puts together what reports need of an input.
    pub fn new(facts: Facts, mapping: Mapping, schema: &Schema) -> Self {
        let fields = mapping
            .columns
            .iter()
            .map(|column| match column.role {
                Role::Field(index) => schema.field(index).map(|field| field.name.to_string()),
                Role::FullName { .. } => column.said_full_name(),
                Role::Source | Role::Unused(_) => None,
            })
            .collect();
        let made = mapping
            .derived
            .iter()
            .filter_map(|one| Some((one.how.clone(), schema.field(one.field)?.name.to_string())))
            .collect();
        Self { facts, mapping, fields, made, earlier: Earlier::default(), key: None }
    }

    /// The workbook that can be given back with what was found in it.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        self.facts.origin.as_ref().filter(|_| self.facts.format == "xlsx")
    }

    /// Whether its copy is asked for by the ending of workbooks with macros.
    pub(crate) fn is_named_for_macros(&self) -> bool {
        let ending = self.facts.path.extension();
        self.origin().is_some() && ending.is_some_and(|ending| ending.eq_ignore_ascii_case("xlsm"))
    }

    /// Whether its rows have records of an earlier check.
    pub(crate) fn has_records(&self) -> bool {
        self.facts.extent.ours.has_records()
    }

    /// What its rows are held against, where it was checked before.
    pub(crate) fn comparison(&self, input: u16) -> Option<Comparison> {
        let ours = self.facts.extent.ours;
        let columns = self.mapping.columns.iter();
        let headers: Vec<String> = columns.map(|column| column.header.clone()).collect();
        let then = Then { headers: &self.earlier.header, rows: self.earlier.rows };
        let compare = || Comparison::new(input, then, &headers, &|column| ours.has(column));
        self.has_records().then(compare)
    }

    /// The headers as the input has them, without those that we added in an earlier run.
    pub(crate) fn headers(&self) -> Vec<String> {
        let columns = self.mapping.columns.iter().enumerate();
        let own = columns.filter(|(column, _)| !self.facts.extent.is_added(*column));
        own.map(|(_, column)| column.header.clone()).collect()
    }
}

/// What a run is about.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Its inputs.
    pub sheets: Vec<Sheet>,
    /// The names of the inputs of a run that was made earlier, whose rows are not read again.
    pub earlier: Vec<String>,
    /// What was found about the inputs as a whole.
    pub notes: Vec<Finding>,
    /// The target's name.
    pub target: &'static str,
    /// Whether values of the files are masked.
    pub is_masked: bool,
}

impl Head {
    /// What an input is called.
    pub(crate) fn name_of(&self, input: u16) -> String {
        let at = usize::from(input);
        match self.sheets.get(at) {
            Some(sheet) => sheet.facts.file_name(),
            None => self.earlier.get(at).cloned().unwrap_or_default(),
        }
    }

    /// Which inputs share a file of rows that are loaded again; beside the tables, the one of each input.
    /// A reason of an earlier run is no column of them.
    pub(crate) fn tables(&self) -> (Vec<Table>, Vec<usize>) {
        tables(self.sheets.iter().map(|sheet| (sheet.facts.path.as_path(), sheet.headers())))
    }
}

/// The counts that every report has: rows = valid + rejected + skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows of people; wholly blank rows are no rows.
    pub rows: u64,
    /// Can be sent.
    pub valid: u64,
    /// Have an error.
    pub rejected: u64,
    /// Repeated headers, and duplicates that were dropped by choice.
    pub skipped: u64,
}

/// What a run found, as far as one page can say.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// The counts.
    pub counts: Counts,
    /// The causes: new ones first, errors first, the largest first.
    pub causes: Vec<Cause>,
    /// The people of each input.
    pub people: Vec<u64>,
    /// Rows that are rejected for a reason that no baseline accepts.
    pub rejected_anew: u64,
    /// Those of them that make the run fail: all, unless a baseline is being written.
    pub stopped: u64,
    /// Findings that are denied, though they reject nobody.
    pub denied: u64,
    /// Errors about an input as a whole.
    pub faults: u64,
    /// How many rows may be rejected before nobody is to be imported.
    pub most_rejected: Option<u64>,
    /// Kinds of findings that the recipe turns off, with how many were not shown.
    pub turned_off: Vec<(&'static Code, u64)>,
    /// What the baseline was to the run.
    pub baseline: Option<Accepted>,
    /// The run that people were sent by, if any were.
    pub run: Option<Run>,
    /// Whether people were sent to take back what another run has done.
    pub undoes: bool,
    /// What became of those who were sent, if any were.
    pub delivery: Option<Tally>,
    /// What became of that which people are sent once they have landed, where there is any.
    pub added: Option<Added>,
    /// The first people whom the target refused: row, line, and the target's words.
    pub refused: Vec<(Location, String)>,
    /// Wall time in seconds.
    pub seconds: f64,
    /// What became of inputs that were checked before.
    pub returned: Vec<Returned>,
    /// What to do next, in one line each.
    pub next: Vec<String>,
}

/// A run, by which those who were sent are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The command that carries on with it, where somebody's outcome is open.
    pub resume: Option<String>,
}

/// What people are sent once they have landed, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// What it is: `statuses`.
    pub what: &'static str,
    /// The counts of those who have landed and are sent it.
    pub tally: Tally,
}

impl Summary {
    /// Whether everybody has landed, with all that is sent afterwards.
    pub(crate) fn all_landed(&self) -> bool {
        let landed = self.delivery.is_none_or(|tally| tally.accepted == self.counts.valid);
        landed && self.added.is_none_or(|added| added.tally.accepted == added.tally.people())
    }

    /// How many findings of a severity there are that no baseline accepts.
    pub fn of(&self, severity: Severity) -> u64 {
        let causes = self.new_causes().filter(|cause| cause.severity == severity);
        causes.map(|cause| cause.count).sum()
    }

    /// The causes that no baseline accepts.
    pub fn new_causes(&self) -> impl Iterator<Item = &Cause> {
        self.causes.iter().filter(|cause| !cause.known)
    }

    /// Whether more rows are rejected, for a reason that no baseline accepts, than may be.
    pub fn has_too_many(&self) -> bool {
        self.most_rejected.is_some_and(|most| self.rejected_anew > most)
    }

    /// Whether the run as a whole is forbidden: by denied findings, by errors about an input as a whole, by
    /// too many rejected rows. Nothing is written or sent then.
    pub fn is_forbidden(&self) -> bool {
        self.denied + self.faults > 0 || self.has_too_many()
    }

    /// Whether the run fails, as far as findings go.
    pub fn fails(&self) -> bool {
        self.stopped > 0 || self.is_forbidden()
    }
}

/// One row with what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The row as read.
    pub row: Row<'a>,
    /// What became of it.
    pub fate: Fate,
    /// All findings of the row.
    pub findings: &'a [Finding],
}

/// The errors of a row as a person reads them: of a row that has shifted only the shift, from which
/// the others follow.
fn reasons(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    let is_shift = |finding: &Finding| finding.code == &ROW_SHIFTED;
    let shifted = findings.iter().any(is_shift);
    findings.iter().filter(move |finding| {
        finding.severity == Severity::Error && (!shifted || is_shift(finding))
    })
}

/// Why a row is rejected or left out, in one line: the words of `rejects.csv` and of result files.
pub(crate) fn reason(fate: Fate, findings: &[Finding]) -> String {
    let words = |finding: &Finding| match &finding.field {
        Some(field) => format!("{field}: {}", finding.message),
        None => finding.message.to_string(),
    };
    let said: Vec<String> = match fate {
        Fate::Ready => Vec::new(),
        Fate::Rejected => reasons(findings).map(words).collect(),
        // What leaves a row out is no error; what was repaired in it is no reason.
        Fate::Skipped | Fate::NextTable => findings
            .iter()
            .filter(|finding| finding.severity != Severity::Fix)
            .map(|finding| finding.message.to_string())
            .collect(),
    };
    said.join("; ")
}

/// What tells a row from others, wherever it stands: its match key as it is written, or all of its cells
/// where that is blank.
pub(crate) fn person(row: Row<'_>, key: Option<u16>) -> String {
    let key = key.map_or("", |column| row.cell(usize::from(column)).text.trim());
    if !key.is_empty() {
        return key.to_lowercase();
    }
    let cells: Vec<&str> = row.cells().map(|cell| cell.text.trim()).collect();
    cells.join("\u{1f}").to_lowercase()
}

/// A report that is being written.
pub trait Report {
    /// Begins, before the first row.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(&mut self, head: &Head) -> Result<()>;

    /// Takes a finding about an input as a whole.
    ///
    /// # Errors
    /// When it cannot be written.
    fn note(&mut self, finding: &Finding) -> Result<()>;

    /// Takes a row that has findings, in file order; every row where [`Report::takes_all`] says so.
    ///
    /// # Errors
    /// When it cannot be written.
    fn row(&mut self, judged: Judged<'_>) -> Result<()>;

    /// Whether it takes rows in which nothing was found, too.
    fn takes_all(&self) -> bool {
        false
    }

    /// Ends, with the summary.
    ///
    /// # Errors
    /// When it cannot be written.
    fn end(&mut self, summary: &Summary) -> Result<()>;
}

/// How a report looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colours may be used.
    pub color: bool,
    /// Columns of the terminal, where there is one.
    pub width: usize,
    /// Whether only ASCII may be written, because the terminal has no other signs.
    pub ascii: bool,
}

/// Where a report goes.
pub struct Output {
    /// Takes its bytes, from the first to the last.
    pub out: Box<dyn Write>,
    /// How it looks.
    pub style: Style,
    /// Where files may lie that it needs while it is being made: beside the report, so that people's data
    /// stays where the user wants it. Nothing for standard output.
    pub folder: Option<PathBuf>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("style", &self.style).finish_non_exhaustive()
    }
}

impl Output {
    /// A report without colours in a file whose folder is given.
    pub fn to_file(out: impl Write + 'static, folder: &Path) -> Self {
        Self { out: Box::new(out), style: Style::default(), folder: Some(folder.to_owned()) }
    }
}

/// What a form does whose report may need more than one file.
#[derive(Clone, Copy)]
pub(crate) struct Further {
    /// The files that it needs, the first under the name that was given. Refuses a name that does not fit
    /// what will be in the file.
    pub(crate) files: fn(&Head, &Path) -> Result<Vec<PathBuf>>,
    /// Makes the report of one of them, by its number.
    pub(crate) open: fn(Output, usize) -> Box<dyn Report>,
}

/// A form in which a report can be written.
pub struct Kind {
    /// The word for `--format`.
    pub id: &'static str,
    /// The ending of files in this form; nothing for one that only standard output gets.
    pub ending: Option<&'static str>,
    /// What it is, in one line.
    pub about: &'static str,
    /// Whether standard output may get it: not one that is no text.
    pub to_stdout: bool,
    /// Whether it makes sense with its values masked: not one that is to be loaded again.
    pub shareable: bool,
    /// Makes one.
    pub open: fn(Output) -> Box<dyn Report>,
    /// How it is made where inputs do not share a file; nothing where they do.
    pub(crate) further: Option<Further>,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Kind").field(&self.id).finish()
    }
}

/// Every form. To add one: its file, its `mod` line, its line here.
pub static ALL: &[&Kind] = &[
    &text::KIND,
    &json::KIND,
    &jsonl::KIND,
    &rejects::KIND,
    &workbook::KIND,
    &html::KIND,
    &sarif::KIND,
    &junit::KIND,
    &github::KIND,
    &markdown::KIND,
];

/// The form with this id.
pub fn find(id: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.id == id)
}

/// The form for a file name.
pub fn for_path(path: &Path) -> Option<&'static Kind> {
    let ending = path.extension()?.to_str()?.to_lowercase();
    let ending = if ending == workbook::WITH_MACROS { "xlsx".to_owned() } else { ending };
    ALL.iter().copied().find(|kind| kind.ending == Some(ending.as_str()))
}

/// An error of writing a report. A closed pipe is told apart: it is no fault of the disk.
pub(crate) fn failed(source: std::io::Error) -> crate::error::Error {
    if source.kind() == std::io::ErrorKind::BrokenPipe {
        return crate::error::Error::StdoutClosed;
    }
    crate::error::Error::Output { path: "the report".into(), action: "write", source }
}
