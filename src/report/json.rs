//! The frozen JSON form, version 1: `schemas/report.v1.schema.json`. Findings are written as they
//! come; the counts stand at the end, because only the end knows them.

pub(super) mod form;
mod returned;

use std::io::{BufRead, Write};

use self::form::{CauseV1, EndV1, InputV1, ending, json};
use super::{Head, Judged, Kind, Output, Report, Summary, failed};
use crate::error::Result;
use crate::finding::Finding;
use crate::visible;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "json",
    ending: Some("json"),
    about: "one JSON object, its form is frozen",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Json { out: output.out, head: Head::default(), any: false })
}

struct Json {
    out: Box<dyn Write>,
    head: Head,
    any: bool,
}

impl Json {
    fn put(&mut self, text: &str) -> Result<()> {
        self.out.write_all(visible::json(text).as_bytes()).map_err(failed)
    }
}

/// How the lines begin that say what became of those who were sent. Each of these values has a line of
/// its own, and no finding begins like that.
const RUN: &str = "\"run\":";
const DELIVERY: &str = "\"delivery\":";

/// Copies a report, with what is known by now of those who were sent.
///
/// # Errors
/// When it cannot be read or written.
pub(crate) fn renew(from: impl BufRead, mut to: impl Write, summary: &Summary) -> Result<()> {
    let EndV1 { run, delivery, .. } = ending(summary);
    let (run, delivery) = (json(&run)?, json(&delivery)?);
    for line in from.split(b'\n') {
        let line = line.map_err(failed)?;
        let new = if line.starts_with(RUN.as_bytes()) {
            Some(format!("{RUN}{run},"))
        } else if line.starts_with(DELIVERY.as_bytes()) {
            Some(format!("{DELIVERY}{delivery},"))
        } else {
            None
        };
        match new {
            Some(text) => to.write_all(visible::json(&text).as_bytes()),
            None => to.write_all(&line),
        }
        .and_then(|()| to.write_all(b"\n"))
        .map_err(failed)?;
    }
    to.flush().map_err(failed)
}

impl Report for Json {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        let inputs: Vec<InputV1<'_>> = head.sheets.iter().map(form::input).collect();
        let inputs = json(&inputs)?;
        self.put(&format!("{{\"version\":1,\"inputs\":{inputs},\n\"findings\":["))
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        let text = json(&form::finding(&self.head, finding))?;
        self.put(if self.any { ",\n" } else { "\n" })?;
        self.any = true;
        self.put(&text)
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        judged.findings.iter().try_for_each(|finding| self.note(finding))
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let causes = summary.causes.iter();
        let causes: Vec<CauseV1<'_>> = causes.map(|cause| form::cause(&self.head, cause)).collect();
        let causes = json(&causes)?;
        let EndV1 { counts, run, delivery, denied, baseline, turned_off, returned } =
            ending(summary);
        let (counts, run, delivery) = (json(&counts)?, json(&run)?, json(&delivery)?);
        let (baseline, off) = (json(&baseline)?, json(&turned_off)?);
        let back = match returned.as_slice() {
            [] => String::new(),
            back => format!(",\n\"returned\":{}", json(&back)?),
        };
        self.put(&format!(
            "\n],\n\"causes\":{causes},\n\"counts\":{counts},\n{RUN}{run},\n{DELIVERY}{delivery},\n\
             \"denied\":{denied},\n\"baseline\":{baseline},\n\"turned_off\":{off}{back}}}\n"
        ))?;
        self.out.flush().map_err(failed)
    }
}
