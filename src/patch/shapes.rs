//! The shapes in which notes are shown. Programs write them in an older language that is not always XML,
//! so they are copied as bytes, one shape at a time.

use std::collections::BTreeSet;
use std::io::Read;

use memchr::memmem::{find, rfind};

use super::Outcome;
use super::sink::Sink;
use super::spool::Changes;
use crate::reader::parts::Fault;

/// In which words shapes are written, and what programs add to them.
const WORDS: &[u8] = b"urn:schemas-microsoft-com:vml";
/// See [`WORDS`].
const MORE_WORDS: &[u8] = b"urn:schemas-microsoft-com:office:excel";
/// The end of the part.
const LAST: &[u8] = b"</xml>";
/// Bytes of one shape.
const LONGEST: usize = 4 << 20;
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;
/// Shapes are numbered in blocks of so many.
const BLOCK: u64 = 1024;
/// The name of the kind of shape that notes are.
const KIND: &[u8] = b"_x0000_t202";

/// What was seen of the shapes that there are.
#[derive(Debug, Default)]
struct Seen {
    largest: u64,
    kind: bool,
    /// Whether the names of our elements are known.
    named: bool,
    /// How a shape begins and ends in this part, and how it names its row and its column.
    begin: Vec<u8>,
    end: Vec<u8>,
    row: Vec<u8>,
    column: Vec<u8>,
}

impl Seen {
    /// Reads the beginning of a part, which says how its elements are called.
    fn begin(head: &[u8]) -> Self {
        let names: [&[u8]; 3] = [b"xmlns:v=", b"xmlns:o=", b"xmlns:x="];
        let (shape, data) = (prefix(head, WORDS), prefix(head, MORE_WORDS));
        let tag =
            |lead: &str, prefix: &str, name: &str| format!("{lead}{prefix}{name}").into_bytes();
        Self {
            largest: 0,
            kind: false,
            named: names.iter().all(|name| find(head, name).is_some()),
            begin: tag("<", &shape, "shape "),
            end: tag("</", &shape, "shape>"),
            row: tag("<", &data, "Row>"),
            column: tag("<", &data, "Column>"),
        }
    }

    /// The cell to which a shape belongs.
    fn place(&self, shape: &[u8]) -> Option<(u32, u32)> {
        find(shape, b"ObjectType=\"Note\"")?;
        let number = |name: &[u8]| u32::try_from(number_behind(shape, name)?).ok();
        Some((number(&self.row)? + 1, number(&self.column)?))
    }
}

/// The prefix of the names of some words, its colon included.
fn prefix(head: &[u8], words: &[u8]) -> String {
    let found = || {
        let quote =
            find(head, &[words, b"\""].concat()).or_else(|| find(head, &[words, b"'"].concat()))?;
        let before = head.get(..quote.checked_sub(2)?)?;
        let start = rfind(before, b"xmlns")?;
        let prefix = String::from_utf8_lossy(before.get(start + 5..)?);
        Some(match prefix.trim().trim_start_matches(':') {
            "" => String::new(),
            prefix => format!("{prefix}:"),
        })
    };
    found().unwrap_or_default()
}

/// Writes a part in which there are only shapes of ours.
pub(super) fn write(mut new: Changes, sink: &mut Sink<'_>) -> Outcome<()> {
    sink.room()?.extend_from_slice(
        b"<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
          xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
          xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><o:shapelayout v:ext=\"edit\">\
          <o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>",
    );
    add(&mut new, &Seen { named: true, ..Seen::default() }, sink)?;
    sink.room()?.extend_from_slice(LAST);
    Ok(())
}

/// Copies a part without the shapes of some cells, and adds those of new notes.
pub(super) fn rewrite(
    mut from: impl Read,
    gone: &BTreeSet<(u32, u32)>,
    mut new: Changes,
    sink: &mut Sink<'_>,
) -> Outcome<()> {
    let mut window: Vec<u8> = Vec::new();
    let mut seen = Seen::default();
    let mut begun = false;
    loop {
        let ended = !fill(&mut from, &mut window)?;
        if !begun {
            begun = true;
            seen = Seen::begin(&window);
        }
        seen.kind |= find(&window, KIND).is_some();
        while let Some(start) = find(&window, &seen.begin) {
            let length = window.get(start..).and_then(|rest| find(rest, &seen.end));
            let Some(length) = length.map(|length| length + seen.end.len()) else { break };
            let (before, rest) = window.split_at_checked(start).unwrap_or_default();
            let (shape, behind) = rest.split_at_checked(length).unwrap_or_default();
            sink.room()?.extend_from_slice(before);
            seen.largest = seen.largest.max(number_behind(shape, b"_x0000_s").unwrap_or(0));
            if !seen.place(shape).is_some_and(|place| gone.contains(&place)) {
                sink.room()?.extend_from_slice(shape);
            }
            window = behind.to_vec();
        }
        if ended {
            break;
        }
        // What stands in front of a shape that goes on behind the window may go; of the end so much
        // stays as the beginning of a shape or the end of the part needs.
        let keep = match find(&window, &seen.begin) {
            Some(start) => start,
            None => window.len().saturating_sub(PIECE / 4),
        };
        if window.len() - keep > LONGEST {
            return Err(Fault::broken("one of the shapes of its notes has no end").into());
        }
        let rest = window.split_off(keep);
        sink.room()?.extend_from_slice(&window);
        window = rest;
    }
    let Some(end) = rfind(&window, LAST) else {
        return Err(Fault::broken("the shapes of its notes break off").into());
    };
    let (before, behind) = window.split_at_checked(end).unwrap_or_default();
    sink.room()?.extend_from_slice(before);
    add(&mut new, &seen, sink)?;
    sink.room()?.extend_from_slice(behind);
    Ok(())
}

/// Reads on. `false` at the end.
fn fill(from: &mut impl Read, window: &mut Vec<u8>) -> Outcome<bool> {
    let read = from.take(PIECE as u64).read_to_end(window).map_err(Fault::from)?;
    Ok(read > 0)
}

/// The number behind some bytes.
fn number_behind(text: &[u8], what: &[u8]) -> Option<u64> {
    let start = find(text, what)? + what.len();
    let digits = text.get(start..)?.iter().take_while(|byte| byte.is_ascii_digit());
    let digits: Vec<u8> = digits.copied().take(12).collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

/// Writes the shapes of new notes.
fn add(new: &mut Changes, seen: &Seen, sink: &mut Sink<'_>) -> Outcome<()> {
    let names = if seen.named {
        ""
    } else {
        " xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:x=\"urn:schemas-microsoft-com:office:excel\""
    };
    if !seen.kind {
        let kind = format!(
            "<v:shapetype{names} id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
             path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>\
             <v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>"
        );
        sink.room()?.extend_from_slice(kind.as_bytes());
    }
    let mut id = (seen.largest / BLOCK + 1) * BLOCK;
    while let Some(changes) = new.next()? {
        for cell in &changes.cells {
            id += 1;
            sink.room()?.extend_from_slice(shape(id, changes.row, cell.column, names).as_bytes());
        }
    }
    Ok(())
}

/// The shape of a note: beside its cell and hidden, until somebody points at the cell.
fn shape(id: u64, row: u32, column: u32, names: &str) -> String {
    let (left, top) = (column + 1, row.saturating_sub(2));
    let (right, bottom) = (left + 4, top + 6);
    let below = row.saturating_sub(1);
    format!(
        "<v:shape{names} id=\"_x0000_s{id}\" type=\"#_x0000_t202\" style=\"position:absolute;\
         margin-left:60pt;margin-top:2pt;width:240pt;height:90pt;z-index:1;visibility:hidden\" \
         fillcolor=\"#ffffe1\" o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>\
         <v:shadow on=\"t\" color=\"black\" obscured=\"t\"/><v:path o:connecttype=\"none\"/>\
         <v:textbox style=\"mso-direction-alt:auto\"><div style=\"text-align:left\"></div></v:textbox>\
         <x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>\
         <x:Anchor>{left}, 15, {top}, 10, {right}, 15, {bottom}, 4</x:Anchor>\
         <x:AutoFill>False</x:AutoFill><x:Row>{below}</x:Row><x:Column>{column}</x:Column>\
         </x:ClientData></v:shape>"
    )
}
