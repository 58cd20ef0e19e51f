//! The verbs: each reads its part of the plan, calls the line, and says how it ended.

pub mod build;
pub mod check;
pub mod explain;
pub mod inspect;
pub mod push;
pub mod rows;
pub mod sandbox;
pub mod targets;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::error::{Error, ExitStatus, Result};
use crate::plan::Opened;
use crate::report::{self, Report, Style, Summary};
use crate::run::{Settings, run};
use crate::writer::Writer;

/// How results are shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The report on standard output; none with `--quiet`.
    pub format: Option<&'static report::Kind>,
    /// `--report`: further reports, the form by the ending.
    pub reports: Vec<(PathBuf, &'static report::Kind)>,
    /// Colours and width of the terminal.
    pub style: Style,
}

impl Shown {
    /// Opens the reports: first standard output, then the files, so that a path that cannot be
    /// written fails before any work is done.
    fn open(&self) -> Result<Vec<Box<dyn Report>>> {
        let mut reports = Vec::new();
        if let Some(kind) = self.format {
            let out: Box<dyn Write> = Box::new(BufWriter::new(std::io::stdout()));
            reports.push((kind.open)(out, self.style));
        }
        for (path, kind) in &self.reports {
            let file = File::create(path).map_err(|source| Error::Output {
                path: path.clone(),
                action: "write",
                source,
            })?;
            reports.push((kind.open)(Box::new(BufWriter::new(file)), Style::default()));
        }
        Ok(reports)
    }
}

/// Runs the line over everything that was opened.
fn judge(
    opened: &mut Opened,
    stop: &Arc<AtomicBool>,
    reports: &mut [Box<dyn Report>],
    writer: &mut dyn Writer,
) -> Result<Summary> {
    let settings = Settings {
        pool: &opened.pool,
        on_duplicate: opened.on_duplicate,
        limits: opened.target.limits(),
        frame: opened.target.frame(),
        stop: Arc::clone(stop),
    };
    let Opened { inputs, rules, head, .. } = opened;
    let summary = run(inputs, rules, &settings, head, reports, writer)?;
    if summary.counts.rows == 0 {
        let path = inputs.first().map(|input| input.facts.path.clone()).unwrap_or_default();
        return Err(Error::InputEmpty {
            path,
            what: "there is a header row, but no person under it",
        });
    }
    Ok(summary)
}

/// Ends the reports. A pipe that was closed by its reader has seen what it wanted.
fn end(reports: &mut [Box<dyn Report>], summary: &Summary) -> Result<()> {
    for report in reports {
        match report.end(summary) {
            Err(Error::StdoutClosed) | Ok(()) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// How a run without a delivery ended.
fn status(summary: &Summary) -> ExitStatus {
    if summary.counts.rejected > 0 { ExitStatus::Findings } else { ExitStatus::Good }
}

/// Writes text to standard output; a pipe that was closed is no error.
fn print(text: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(report::failed),
    }
}

/// Writes a line to standard error, for people; that it cannot be written must not stop anything.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
