//! The verbs: each reads its part of the plan, calls the line, and says how it ended.

mod account;
mod afterwards;
pub mod build;
pub mod check;
mod draft;
mod earlier;
pub mod explain;
pub mod fields;
pub mod fix;
pub mod inspect;
mod looking;
mod people;
pub mod plan;
mod precheck;
mod presuming;
pub mod probe;
pub mod purge;
pub mod push;
pub mod rerun;
pub mod results;
pub mod resume;
pub mod rows;
pub mod runs;
pub mod sandbox;
mod sending;
mod staging;
pub mod targets;
pub mod template;
pub mod undo;
pub mod verify;

use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, ExitStatus, Result};
use crate::failpoint::{Point, hit};
use crate::finding::Finding;
use crate::plan::{Job, Opened};
use crate::progress::Voice;
use crate::reader::Input;
use crate::report::mask::Mask;
use crate::report::{self, Head, Judged, Output, Report, Style, Summary};
use crate::run::{Settings, run};
use crate::staged::{Readers, Staged};
use crate::visible::{self, harmless};
use crate::writer::Writer;

/// How results are shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The report on standard output; none with `--quiet` alone.
    pub format: Option<&'static report::Kind>,
    /// `--report`: further reports, the form by the ending.
    pub reports: Vec<(PathBuf, &'static report::Kind)>,
    /// What replaces values in all of these reports, if they are to be safe to share.
    pub mask: Option<Mask>,
    /// Colours and width of the terminal.
    pub style: Style,
    /// Says lines on standard error, and how far it is while people are sent.
    pub voice: Voice,
}

impl Shown {
    /// Says a line on standard error: above the progress bar while there is one, as an event where a
    /// program listens.
    pub fn line(&self, line: &str) {
        self.voice.line(line);
    }

    /// Whether standard output gets the report that people read.
    fn is_for_people(&self) -> bool {
        self.format.is_some_and(|kind| kind.id == "text")
    }

    /// Opens the reports: first standard output, then the files, so that a path that cannot be
    /// written, or is an input, fails before any work is done.
    fn open(&self, job: &Job) -> Result<Vec<Box<dyn Report>>> {
        let mut reports = Vec::new();
        if let Some(kind) = self.format {
            let out = Box::new(BufWriter::new(Watched::default()));
            reports.push(self.masked((kind.open)(Output { out, style: self.style, folder: None })));
        }
        for (path, kind) in &self.reports {
            refuse_input(path, job.files.iter().map(PathBuf::as_path))?;
            if job.needs().iter().any(|needed| needed == path || is_same(needed, path)) {
                let message = format!("the report would replace {path:?}, which the run needs");
                return Err(Error::usage(message, "name another file"));
            }
            reports.push(self.masked(Box::new(Whole::open(path, kind)?)));
        }
        Ok(reports)
    }

    /// The report, behind the mask where there is one.
    fn masked(&self, report: Box<dyn Report>) -> Box<dyn Report> {
        match self.mask {
            Some(mask) => mask.over(report),
            None => report,
        }
    }
}

/// Whether two paths lead to one file that is there.
fn is_same(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// A report in a file, which gets its name when it is whole: a run that fails leaves no half of
/// one, and an earlier report as it was. Where inputs do not share a file, the others lie beside it.
struct Whole {
    kind: &'static report::Kind,
    path: PathBuf,
    files: Vec<Named>,
}

/// One file of it.
struct Named {
    report: Box<dyn Report>,
    file: Staged,
}

impl Named {
    fn open(path: &Path, make: impl FnOnce(Output) -> Box<dyn Report>) -> Result<Self> {
        let failed = |source| Error::Output { path: path.to_owned(), action: "write", source };
        if path.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        // A report shows people's values.
        let file = Staged::begin(path, ".upsheet-report-", Readers::Owner).map_err(failed)?;
        let out = file.file().try_clone().map_err(failed)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let report = make(Output::to_file(BufWriter::new(out), folder));
        Ok(Self { report, file })
    }
}

impl Whole {
    fn open(path: &Path, kind: &'static report::Kind) -> Result<Self> {
        Self::made(path, kind, kind.open)
    }

    /// The same, made in a way of its own.
    fn made(
        path: &Path,
        kind: &'static report::Kind,
        make: impl FnOnce(Output) -> Box<dyn Report>,
    ) -> Result<Self> {
        let first = Named::open(path, make)?;
        Ok(Self { kind, path: path.to_owned(), files: vec![first] })
    }

    /// Opens the files behind the first.
    fn open_further(&mut self, head: &Head) -> Result<()> {
        let Some(further) = self.kind.further else { return Ok(()) };
        for (number, path) in (further.files)(head, &self.path)?.iter().enumerate().skip(1) {
            let inputs = head.sheets.iter().map(|sheet| sheet.facts.path.as_path());
            refuse_input(path, inputs)?;
            self.files.push(Named::open(path, |out| (further.open)(out, number))?);
        }
        Ok(())
    }
}

/// Refuses a report that would replace what it reports on.
fn refuse_input<'a>(path: &Path, inputs: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    if inputs.into_iter().any(|input| is_same(input, path)) {
        let message = format!("the report {path:?} would replace its own input");
        return Err(Error::usage(message, "name another file"));
    }
    Ok(())
}

impl Report for Whole {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.open_further(head)?;
        self.files.iter_mut().try_for_each(|one| one.report.begin(head))
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.files.iter_mut().try_for_each(|one| one.report.note(finding))
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        self.files.iter_mut().try_for_each(|one| one.report.row(judged))
    }

    fn takes_all(&self) -> bool {
        self.files.iter().any(|one| one.report.takes_all())
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        for mut one in self.files.drain(..) {
            one.report.end(summary)?;
            hit(Point::BeforeReport);
            let path = one.file.path().to_owned();
            let failed = |source| Error::Output { path, action: "write", source };
            one.file.replace().map_err(failed)?;
            hit(Point::AfterReport);
        }
        Ok(())
    }
}

/// Standard output as long as somebody reads it. What a verb does to files or to a target does not
/// depend on whether its report is read to the end, so a closed pipe takes the rest in silence.
#[derive(Debug, Default)]
struct Watched {
    gone: bool,
}

impl Watched {
    /// Does something with standard output, unless its reader has gone.
    fn with(&mut self, what: impl FnOnce(&mut Stdout) -> io::Result<()>) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        match what(&mut io::stdout()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(())
            }
            result => result,
        }
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|out| out.write_all(bytes)).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.with(Stdout::flush)
    }
}

/// Runs the line over everything that was opened.
fn judge(
    opened: &mut Opened,
    job: &Job,
    reports: &mut [Box<dyn Report>],
    writer: &mut dyn Writer,
) -> Result<Summary> {
    let settings = Settings {
        judges: &opened.judges,
        on_duplicate: opened.on_duplicate,
        memory: job.memory,
        limits: opened.target.limits(),
        frame: opened.target.frame(),
        stop: Arc::clone(&job.stop),
    };
    let Opened { inputs, rules, head, gate, .. } = opened;
    let mut summary = run(inputs, rules, &settings, (head, gate), reports, writer)?;
    inputs.iter_mut().try_for_each(Input::confirm)?;
    job.reading.presumed.end();
    summary.most_rejected = job.max_errors;
    if let Some(draft) = gate.take_draft() {
        summary.next.push(draft.write(job.today)?);
    }
    if summary.counts.rows == 0 {
        tell("nothing to import: there is a header row, but nobody under it [no-people]");
        tell("  help: check that the right file and sheet were given");
    }
    Ok(summary)
}

/// Ends the reports: all of them, even when one cannot be written.
fn end(reports: &mut [Box<dyn Report>], summary: &Summary) -> Result<()> {
    reports.iter_mut().map(|report| report.end(summary)).fold(Ok(()), Result::and)
}

/// How a run without a delivery ended.
fn status(summary: &Summary) -> ExitStatus {
    match summary {
        _ if summary.has_too_many() => ExitStatus::Guard,
        _ if summary.fails() => ExitStatus::Findings,
        _ => ExitStatus::Good,
    }
}

/// Says why nothing was done, when something forbids it.
fn tell_forbidden(summary: &Summary, nothing: &str) {
    if summary.has_too_many() {
        tell(&format!("{nothing}: {}", report::too_many(summary)));
        return;
    }
    let Summary { denied, faults, .. } = *summary;
    let count = |count, what: &str| match count {
        1 => format!("1 finding {what}"),
        _ => format!("{count} findings {what}"),
    };
    let why = match (denied, faults) {
        (0, _) => count(faults, "about the input, an error in the recipe"),
        (_, 0) => count(denied, "denied by --deny"),
        _ => count(denied + faults, "denied by --deny or an error in the recipe"),
    };
    tell(&format!("{nothing}: {why}"));
}

/// Writes a page for people to standard output; a pipe that was closed is no error.
fn print(page: &str) -> Result<()> {
    print_bytes(harmless(page).as_bytes())
}

/// The same for JSON.
fn print_json(text: &str) -> Result<()> {
    print_bytes(visible::json(text).as_bytes())
}

/// The same for a table: to a program exactly as it is, to a terminal so that it cannot move the cursor.
fn print_table(bytes: &[u8]) -> Result<()> {
    if io::stdout().is_terminal() {
        return print_bytes(harmless(&String::from_utf8_lossy(bytes)).as_bytes());
    }
    print_bytes(bytes)
}

fn print_bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(report::failed),
    }
}

/// Writes a line to standard error, for people; that it cannot be written must not stop anything.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{}", harmless(line));
}
