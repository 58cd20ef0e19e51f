//! Which inputs share a file of rows that are loaded again, and what the files of the others are
//! called.
//!
//! Rows keep the headers that they had. Two inputs that call one field by two names ("ID", "Vome ID")
//! in one table would give it two columns for one field, which no reader can decide; so only inputs with
//! the same headers share a file.

use std::path::{Path, PathBuf};

use super::Head;

/// The longest that a part of a file name gets which is made of an input's name.
const LONGEST: usize = 40;

/// Rows under one header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// What stands behind the name of the file: nothing for the table of the first input, else the
    /// number and the name of the first input in it, such as `2-people`.
    pub(crate) tag: String,
    /// The headers, as the inputs have them.
    pub(crate) headers: Vec<String>,
}

/// The tables of some inputs, given as name and headers; beside them, which table each input is in.
pub(crate) fn tables<'a>(
    inputs: impl Iterator<Item = (&'a Path, Vec<String>)>,
) -> (Vec<Table>, Vec<usize>) {
    let mut tables: Vec<Table> = Vec::new();
    let mut places = Vec::new();
    for (number, (path, headers)) in (1..).zip(inputs) {
        let known = tables.iter().position(|table| table.headers == headers);
        places.push(known.unwrap_or_else(|| {
            let tag = if tables.is_empty() { String::new() } else { tag(number, path) };
            tables.push(Table { tag, headers });
            tables.len() - 1
        }));
    }
    (tables, places)
}

/// The number of an input and, as far as it is safe in every file system, its name.
pub(super) fn tag(number: usize, path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = stem.chars().take(LONGEST).map(safe).collect();
    match name.trim_matches('-') {
        "" => number.to_string(),
        name => format!("{number}-{name}"),
    }
}

/// The files of the tables of all inputs, beside the one that was asked for.
pub(super) fn files(head: &Head, path: &Path) -> Vec<PathBuf> {
    let part = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let (stem, ending) = (part(path.file_stem()), part(path.extension()));
    let others = head.tables().0;
    let others = others.iter().skip(1).map(|table| path.with_file_name(table.file(&stem, &ending)));
    std::iter::once(path.to_owned()).chain(others).collect()
}

impl Table {
    /// The name of the table's file: `failed.csv`, or `failed.2-people.csv`.
    pub(crate) fn file(&self, stem: &str, ending: &str) -> String {
        match self.tag.as_str() {
            "" => format!("{stem}.{ending}"),
            tag => format!("{stem}.{tag}.{ending}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_share_a_file_when_their_headers_are_the_same() {
        let inputs = [
            ("in/people.csv", vec!["ID", "Name"]),
            ("../../etc/b d\u{202e}.csv", vec!["Vome ID", "Name"]),
            ("more.xlsx", vec!["ID", "Name"]),
            ("-", vec!["Name", "ID"]),
            ("..", vec!["Name"]),
        ];
        let (tables, places) = tables(inputs.iter().map(|(name, headers)| {
            (Path::new(*name), headers.iter().map(|&header| header.to_owned()).collect())
        }));
        assert_eq!(places, [0, 1, 0, 2, 3]);
        let names: Vec<String> = tables.iter().map(|table| table.file("failed", "csv")).collect();
        assert_eq!(names, ["failed.csv", "failed.2-b-d.csv", "failed.4.csv", "failed.5.csv"]);
    }
}
