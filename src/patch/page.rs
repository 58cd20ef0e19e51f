//! A sheet of words that a copy gets behind its own.

use super::Outcome;
use super::sheet::write_cell;
use super::sink::{Sink, attribute};
use super::styles::Styles;
use crate::row::letters;

/// How the words of an added sheet look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ink {
    /// What the sheet is.
    Title,
    /// What the cells below are.
    Header,
    /// Words that wrap where they are long.
    Text,
    /// Words of less weight.
    Quiet,
    /// A number.
    Number,
}

/// What stands in a cell of an added sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// A text.
    Text(Ink, String),
    /// A number that can be counted with.
    Number(u64),
    /// Nothing.
    Blank,
}

/// An added sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Page {
    /// The widths of its columns in characters.
    pub(crate) widths: Vec<u32>,
    /// Its rows.
    pub(crate) lines: Vec<Vec<Words>>,
}

impl Page {
    /// Writes the part.
    pub(super) fn write(
        &self,
        main: &str,
        styles: &mut Styles,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let out = sink.room()?;
        out.extend_from_slice(format!("<worksheet xmlns=\"{main}\"><cols>").as_bytes());
        for (number, width) in (1..).zip(&self.widths) {
            out.extend_from_slice(format!("<col min=\"{number}\" max=\"{number}\"").as_bytes());
            attribute(out, "width", &width.to_string());
            out.extend_from_slice(b" customWidth=\"1\"/>");
        }
        out.extend_from_slice(b"</cols><sheetData>");
        for (row, line) in (1..).zip(&self.lines) {
            let out = sink.room()?;
            if line.is_empty() {
                continue;
            }
            out.extend_from_slice(format!("<row r=\"{row}\">").as_bytes());
            for (column, words) in (0..).zip(line) {
                match words {
                    Words::Text(ink, text) => {
                        let at = (row, column, styles.ink(*ink));
                        write_cell(out, "", at, Some(text));
                    }
                    Words::Number(number) => {
                        let style = styles.ink(Ink::Number);
                        let letters = letters(column as usize);
                        let cell =
                            format!("<c r=\"{letters}{row}\" s=\"{style}\"><v>{number}</v></c>");
                        out.extend_from_slice(cell.as_bytes());
                    }
                    Words::Blank => {}
                }
            }
            out.extend_from_slice(b"</row>");
        }
        sink.room()?.extend_from_slice(b"</sheetData></worksheet>");
        Ok(())
    }
}
