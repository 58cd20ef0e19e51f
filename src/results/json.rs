//! Result files as one JSON object, for programs: every row with its cells as they were read.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use serde::Serialize;

use super::{Begin, Files, Form, Told};
use crate::error::{Error, Result};

/// The form.
pub(super) static FORM: Form = Form { id: "json", open };

/// The name of its file.
const NAME: &str = "results.json";

#[derive(Serialize)]
struct InputV1 {
    name: String,
    headers: Vec<String>,
}

#[derive(Serialize)]
struct RowV1<'a> {
    /// Which input, from 0.
    input: u16,
    row: u32,
    result: &'static str,
    reason: &'a str,
    cells: Vec<&'a str>,
}

struct Object {
    path: PathBuf,
    out: BufWriter<File>,
    any: bool,
}

impl Object {
    fn put(&mut self, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
        let path = &self.path;
        write(&mut self.out).map_err(|source| Error::Output {
            path: path.clone(),
            action: "write",
            source,
        })
    }
}

fn open(begin: Begin<'_>) -> Result<Box<dyn Files>> {
    let Begin { place, inputs, .. } = begin;
    let (path, file) = place.file(NAME)?;
    let mut object = Object { path, out: BufWriter::new(file), any: false };
    let inputs: Vec<InputV1> = inputs
        .iter()
        .map(|input| InputV1 {
            name: input.name.display().to_string(),
            headers: input.headers.clone(),
        })
        .collect();
    object.put(|out| {
        out.write_all(b"{\"version\":1,\"inputs\":")?;
        serde_json::to_writer(&mut *out, &inputs)?;
        out.write_all(b",\"rows\":[")
    })?;
    Ok(Box::new(object))
}

impl Files for Object {
    fn row(&mut self, told: Told<'_>) -> Result<()> {
        let row = RowV1 {
            input: told.at.input,
            row: told.at.row,
            result: told.part.word(),
            reason: told.reason,
            cells: told.record.cells().collect(),
        };
        let between: &[u8] = if self.any { b",\n" } else { b"\n" };
        self.any = true;
        self.put(|out| {
            out.write_all(between)?;
            Ok(serde_json::to_writer(&mut *out, &row)?)
        })
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.put(|out| {
            out.write_all(b"\n]}\n")?;
            out.flush()
        })
    }
}
