//! The same as the JSON report, one thing a line, for programs that read as it is written:
//! `schemas/report-line.v1.schema.json`.

use std::io::Write;

use serde::Serialize;

use super::json::form::{self, CauseV1, EndV1, FindingV1, InputV1, ending, json};
use super::{Head, Judged, Kind, Output, Report, Summary, failed};
use crate::error::Result;
use crate::finding::Finding;
use crate::visible;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "jsonl",
    ending: Some("jsonl"),
    about: "the same as JSON Lines: each finding on a line of its own, its form is frozen",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Lines { out: output.out, head: Head::default() })
}

/// A line. The first is a head, the last a summary; a file without one was cut off.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum LineV1<'a> {
    Head { version: u32, inputs: Vec<InputV1<'a>> },
    Finding(FindingV1<'a>),
    Cause(CauseV1<'a>),
    Summary(EndV1<'a>),
}

struct Lines {
    out: Box<dyn Write>,
    head: Head,
}

fn put(out: &mut dyn Write, line: &LineV1<'_>) -> Result<()> {
    let text = json(line)?;
    out.write_all(visible::json(&text).as_bytes()).map_err(failed)?;
    out.write_all(b"\n").map_err(failed)
}

impl Report for Lines {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        let inputs = head.sheets.iter().map(form::input).collect();
        put(&mut self.out, &LineV1::Head { version: 1, inputs })
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        put(&mut self.out, &LineV1::Finding(form::finding(&self.head, finding)))
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        judged.findings.iter().try_for_each(|finding| self.note(finding))
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        for cause in &summary.causes {
            put(&mut self.out, &LineV1::Cause(form::cause(&self.head, cause)))?;
        }
        put(&mut self.out, &LineV1::Summary(ending(summary)))?;
        self.out.flush().map_err(failed)
    }
}
