//! What was found out about an input: every decision about reading, with its reason.

use std::path::PathBuf;

use super::text::Guess;
use super::{Extent, Limits, Origin};
use crate::row::Quotes;

/// How sure a decision about reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Confidence {
    /// A person said so.
    Said,
    /// The file itself says so, or leaves no other reading.
    Certain,
    /// Everything that was looked at fits, and so might something else.
    #[default]
    Likely,
    /// The best of several readings; a person should look.
    Guess,
}

impl Confidence {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Guess => "guess",
        }
    }
}

/// One decision about how an input is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided: `encoding`, `delimiter`, …
    pub what: &'static str,
    /// What it is.
    pub value: String,
    /// Why, in a few words.
    pub why: String,
    /// How sure that is.
    pub confidence: Confidence,
}

/// What was found out about an input, and will hold for every row of it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// As the user named it; `-` for standard input.
    pub path: PathBuf,
    /// Where its bytes are, unpacked: for those who write a copy of it.
    pub origin: Option<Origin>,
    /// What reading it may cost.
    pub limits: Limits,
    /// Its bytes, where the places of rows are places in these.
    pub bytes: Option<u64>,
    /// `csv`, `xlsx`, …
    pub format: &'static str,
    /// What the file was unpacked from, when it was compressed: `gzip`, `zip, member people.csv`, …
    pub unpacked: Option<String>,
    /// The encoding of a text file.
    pub encoding: Option<&'static str>,
    /// Why it is read in this encoding, in a few words.
    pub encoding_why: String,
    /// The evidence, when the encoding is a guess by letters, which a person should look at.
    pub encoding_guess: Option<Guess>,
    /// The delimiter of a text file: nearly always one character.
    pub delimiter: Option<String>,
    /// Why it is cut at this delimiter, in a few words.
    pub dialect_why: String,
    /// How sure that is.
    pub dialect_confidence: Confidence,
    /// The quote of a text file, when it has one.
    pub quote: Option<char>,
    /// What makes a quote part of a quoted cell, beside doubling it.
    pub escape: Option<char>,
    /// Why this is the quote, in a few words.
    pub quote_why: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Why it is this sheet, and how sure that is.
    pub sheet_why: (&'static str, Confidence),
    /// The other sheets of the workbook, with whether each is hidden.
    pub other_sheets: Vec<(String, bool)>,
    /// Whether a workbook counts its days from 1904; nothing where the file does not tell.
    pub dates_1904: Option<bool>,
    /// The tables that the workbook itself calls so: name, sheet and area.
    pub tables: Vec<(String, String, String)>,
    /// The hidden rows below the header that hold something, in words.
    pub hidden_rows: Option<String>,
    /// The hidden columns of the table, in words.
    pub hidden_columns: Option<String>,
    /// The row of the header, as a spreadsheet counts: the last one where it has several. 0 when
    /// the table has none.
    pub header_row: u32,
    /// The first row of the header.
    pub header_first: u32,
    /// Why it is the header, in a few words.
    pub header_why: String,
    /// How sure that is.
    pub header_confidence: Confidence,
    /// The line of the header in a text file.
    pub header_line: Option<u32>,
    /// The part of the rows that is the table.
    pub extent: Extent,
    /// Where another table begins below this one, with its first cells.
    pub next_table: Option<(u32, String)>,
    /// What is wrong with the quotes of the header in a text file.
    pub header_quotes: Option<Quotes>,
    /// Columns whose header has bytes that are no text in the file's encoding.
    pub header_damaged: Vec<usize>,
}

impl Facts {
    /// How messages name the input: its file name, and its sheet.
    pub fn name(&self) -> String {
        let file = self.file_name();
        match &self.sheet {
            Some(sheet) => format!("{file} (sheet {sheet:?})"),
            None => file,
        }
    }

    /// Every decision about reading, in the order in which they were made.
    pub fn decisions(&self) -> Vec<Decision> {
        let certain = Confidence::Certain;
        let by_bytes = "by its first bytes".to_owned();
        let mut decisions = Vec::new();
        let mut add = |what, value: String, why: String, confidence| {
            decisions.push(Decision { what, value, why, confidence });
        };
        add("format", self.format.to_owned(), by_bytes, certain);
        if let Some(unpacked) = &self.unpacked {
            add("unpacked", unpacked.clone(), "by its first bytes".to_owned(), certain);
        }
        if let Some(encoding) = self.encoding {
            let confidence =
                if self.encoding_guess.is_some() { Confidence::Guess } else { certain };
            add("encoding", encoding.to_owned(), self.encoding_why.clone(), confidence);
        }
        if let Some(delimiter) = &self.delimiter {
            let why = self.dialect_why.clone();
            add("delimiter", delimiter.clone(), why, self.dialect_confidence);
            let quote = self.quote.map_or("none".to_owned(), String::from);
            let confidence = if self.quote_why.starts_with("named") {
                Confidence::Said
            } else {
                self.dialect_confidence
            };
            add("quote", quote, self.quote_why.clone(), confidence);
            if let Some(escape) = self.escape {
                let why = "quotes inside quoted cells stand behind it".to_owned();
                add("escape", escape.to_string(), why, confidence);
            }
        }
        if let Some(sheet) = &self.sheet {
            let (why, confidence) = self.sheet_why;
            add("sheet", sheet.clone(), why.to_owned(), confidence);
        }
        let header = match (self.header_first, self.header_row) {
            (_, 0) => "none".to_owned(),
            (first, last) if first == last => last.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        add("header", header, self.header_why.clone(), self.header_confidence);
        decisions
    }

    /// The file name without its folder.
    pub fn file_name(&self) -> String {
        self.path.file_name().map_or_else(
            || self.path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}
