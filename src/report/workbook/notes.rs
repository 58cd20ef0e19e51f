//! The notes of a fresh workbook, as many as there are findings: they wait in a file, and take the place of
//! the parts that hold one note of each sheet, so that a hundred thousand of them cost no memory.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::row::letters;

/// Ids of shapes come in blocks of this many.
const BLOCK: u64 = 1_024;
/// How wide a note is in points, how many letters a line of it has, and how many lines are shown at once.
const WIDTH: u32 = 230;
const LETTERS: usize = 44;
const LINES: usize = 24;
/// How high a line is in points.
const LINE: usize = 12;

/// The notes of one sheet, in the order of its rows.
pub(super) struct Notes {
    file: BufWriter<File>,
    count: u64,
}

/// A note on its way back from the file.
struct Note {
    row: u32,
    column: u32,
    text: String,
}

impl Notes {
    /// No notes yet; they will wait in `file`.
    pub(super) fn new(file: File) -> Self {
        Self { file: BufWriter::new(file), count: 0 }
    }

    /// Takes in a note on a cell; both counted from 0.
    pub(super) fn add(&mut self, row: u32, column: u16, text: &str) -> std::io::Result<()> {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        for number in [row, u32::from(column), length] {
            self.file.write_all(&number.to_le_bytes())?;
        }
        self.count += 1;
        self.file.write_all(text.as_bytes())
    }

    fn each(
        &mut self,
        mut each: impl FnMut(u64, Note) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        self.file.flush()?;
        let mut file = self.file.get_ref();
        file.seek(SeekFrom::Start(0))?;
        let mut file = BufReader::new(file);
        for number in 0..self.count {
            let mut numbers = [0_u32; 3];
            for place in &mut numbers {
                let mut bytes = [0; 4];
                file.read_exact(&mut bytes)?;
                *place = u32::from_le_bytes(bytes);
            }
            let [row, column, length] = numbers;
            let mut text = String::new();
            (&mut file).take(u64::from(length)).read_to_string(&mut text)?;
            each(number, Note { row, column, text })?;
        }
        file.seek(SeekFrom::End(0)).map(drop)
    }

    /// The part with their words.
    fn write_words(&mut self, out: &mut impl Write) -> std::io::Result<()> {
        let start = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<comments \
                     xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><authors><author>\
                     upsheet</author></authors><commentList>";
        out.write_all(start.as_bytes())?;
        self.each(|_, Note { row, column, text }| {
            let cell = format!("{}{}", letters(column as usize), u64::from(row) + 1);
            write!(
                out,
                "<comment ref=\"{cell}\" authorId=\"0\"><text><r><rPr><sz val=\"9\"/><color indexed=\"81\"/>\
                 <rFont val=\"Tahoma\"/><family val=\"2\"/></rPr><t xml:space=\"preserve\">{}</t></r></text>\
                 </comment>",
                escaped(&text)
            )
        })?;
        out.write_all(b"</commentList></comments>")
    }

    /// The part with their shapes, whose ids begin with a block that no other sheet uses.
    fn write_shapes(&mut self, block: u64, out: &mut impl Write) -> std::io::Result<()> {
        let blocks: Vec<String> =
            (block..block + self.blocks()).map(|block| block.to_string()).collect();
        write!(
            out,
            "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
             xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
             xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\">\
             <o:idmap v:ext=\"edit\" data=\"{}\"/></o:shapelayout><v:shapetype id=\"_x0000_t202\" \
             coordsize=\"21600,21600\" o:spt=\"202\" path=\"m,l,21600r21600,l21600,xe\">\
             <v:stroke joinstyle=\"miter\"/><v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/>\
             </v:shapetype>",
            blocks.join(",")
        )?;
        self.each(|number, Note { row, column, text }| {
            let id = block * BLOCK + 1 + number;
            let lines = shown_lines(&text);
            let (height, rows) = (lines * LINE, lines.max(3) * LINE / 15 + 1);
            let (right, bottom) = (column + 5, row as usize + rows);
            let (left, top) = (column + 1, row.saturating_sub(1));
            write!(
                out,
                "<v:shape id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;\
                 width:{WIDTH}pt;height:{height}pt;z-index:{};visibility:hidden\" fillcolor=\"#ffffe1\" \
                 o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" \
                 obscured=\"t\"/><v:path o:connecttype=\"none\"/><v:textbox \
                 style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox>\
                 <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
                 <x:Anchor>{left}, 15, {top}, 10, {right}, 15, {bottom}, 4</x:Anchor>\
                 <x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>\
                 </x:ClientData></v:shape>",
                number + 1
            )
        })?;
        out.write_all(b"</xml>")
    }

    fn blocks(&self) -> u64 {
        // The first id of a block belongs to no shape.
        self.count / BLOCK + 1
    }
}

/// How many lines of a note are shown at once.
fn shown_lines(text: &str) -> usize {
    let lines = text.lines().map(|line| 1 + line.chars().count() / LETTERS);
    (lines.sum::<usize>() + 1).min(LINES)
}

/// A text inside XML. Text of other people has its control characters made visible before; what XML cannot
/// hold beside these is replaced.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            // What looks like the escape of a spreadsheet for a sign is to be read as it stands.
            '_' if is_escape(rest.as_str()) => safe.push_str("_x005F_"),
            c if c.is_control() && c != '\n' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

fn is_escape(rest: &str) -> bool {
    let bytes = rest.as_bytes();
    matches!(bytes, [b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|byte| byte.is_ascii_hexdigit()))
}

/// Copies a package in which each sheet has one note, with all of its notes; `sheets` in their order.
pub(super) fn copy_with(
    package: File,
    sheets: &mut [Notes],
    out: File,
) -> Result<File, zip::result::ZipError> {
    let mut package = ZipArchive::new(BufReader::new(package))?;
    let mut copy = ZipWriter::new(BufWriter::new(out));
    let options = SimpleFileOptions::default();
    for index in 0..package.len() {
        let part = package.by_index_raw(index)?;
        let name = part.name()?.into_owned();
        let number = |start: &str, end: &str| -> Option<usize> {
            name.strip_prefix(start)?.strip_suffix(end)?.parse::<usize>().ok()?.checked_sub(1)
        };
        let words = number("xl/comments", ".xml");
        let shapes = number("xl/drawings/vmlDrawing", ".vml");
        let block = 1 + sheets.iter().take(shapes.unwrap_or(0)).map(Notes::blocks).sum::<u64>();
        match (words, shapes) {
            (Some(sheet), _) if sheet < sheets.len() => {
                drop(part);
                copy.start_file(name, options)?;
                if let Some(notes) = sheets.get_mut(sheet) {
                    notes.write_words(&mut copy)?;
                }
            }
            (_, Some(sheet)) if sheet < sheets.len() => {
                drop(part);
                copy.start_file(name, options)?;
                if let Some(notes) = sheets.get_mut(sheet) {
                    notes.write_shapes(block, &mut copy)?;
                }
            }
            _ => copy.raw_copy_file(part)?,
        }
    }
    let out = copy.finish()?;
    Ok(out.into_inner().map_err(std::io::IntoInnerError::into_error)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_what_it_is_inside_of_a_note() {
        for (text, expected) in [
            ("a <b> & \"c\"\nd", "a &lt;b&gt; &amp; \"c\"\nd"),
            ("_x0041_ _x00_", "_x005F_x0041_ _x00_"),
            ("a\u{1}b\u{ffff}c😀", "a\u{fffd}b\u{fffd}c😀"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn shapes_of_two_sheets_share_no_id() {
        let mut sheets: Vec<Notes> =
            (0..2).map(|_| Notes::new(tempfile::tempfile().unwrap())).collect();
        for notes in &mut sheets {
            for row in 0..3_000 {
                notes.add(row, 3, "email-syntax: no address").unwrap();
            }
        }
        let mut ids = std::collections::BTreeSet::new();
        let mut block = 1;
        for notes in &mut sheets {
            let mut out = Vec::new();
            notes.write_shapes(block, &mut out).unwrap();
            block += notes.blocks();
            let text = String::from_utf8(out).unwrap();
            let own = text.split("id=\"_x0000_s").skip(1);
            ids.extend(own.map(|rest| rest.split('"').next().unwrap().parse::<u64>().unwrap()));
        }
        assert_eq!(ids.len(), 6_000);
        assert!(ids.iter().all(|id| id % BLOCK != 0 || id / BLOCK > 0));
    }
}
