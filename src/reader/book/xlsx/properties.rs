//! What is known by its bytes held against what is read token by token: on sheets of every spelling,
//! bitten into anywhere, which come in pieces of any size.

use std::fmt::Write as _;
use std::io::Read;
use std::ops::ControlFlow;

use super::oracle::Dice;
use super::*;
use crate::reader::book::guard::Bound;
use crate::row::{CellKind, Chunk, Mark};

/// A reader that gives a few bytes at a time.
pub(super) struct Drip<'a>(pub(super) &'a [u8], pub(super) usize);

impl Read for Drip<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(self.0.len()).min(room.len());
        let (now, later) = self.0.split_at(count);
        room[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

/// Values as writers write them, and as they do not; the first of them are numbers.
const NUMBERS: usize = 12;
const VALUES: [&str; 22] = [
    "0",
    "12",
    "999999999",
    "99999999",
    "1234567890",
    "-1",
    "0.5",
    "1E5",
    "45000.75",
    "",
    " 7 ",
    "007",
    "Ada",
    "a_x0041_b",
    "x &amp; y",
    "two\nlines",
    "old\r\nline",
    "Zoë 東京",
    "_",
    " edge ",
    "<!-- n -->4",
    "x]]>y",
];
/// What is put where it does not belong.
const CRUMBS: [&[u8]; 34] = [
    b"<",
    b">",
    b"\"",
    b"'",
    b"&",
    b"\r",
    b"\n",
    b" ",
    b"_x000D_",
    b"</v></c>",
    b"</c>",
    b"<v>",
    b"<is>",
    b"<t>",
    b"</row>",
    b"<row>",
    b"<row r=\"3\">",
    b"<row r=\"9999999\">",
    b"<row r=\"7\" hidden=\"1\">",
    b"</row >",
    b"<row/>",
    b"<c/>",
    b"<c r=\"B2\" t=\"s\"><v>1</v></c>",
    b" t=\"e\"",
    b" s=\"4\"",
    b" r=\"C4\"",
    b"<f>A1</f>",
    b"<!-- </row> -->",
    b"<![CDATA[</row>]]>",
    b"<?x ?>",
    b"\xff",
    b"\xc3",
    b"</sheetData>",
    b"</rows>",
];

/// One cell in a spelling of some writer.
fn cell(dice: &mut Dice, row: usize, column: usize) -> String {
    let r = match dice.roll(12) {
        0 => String::new(),
        1 => format!(" r='{}{row}'", crate::row::letters(column)),
        _ => format!(" r=\"{}{row}\"", crate::row::letters(column)),
    };
    let s = dice.of(&["", "", " s=\"1\"", " s=\"3\"", " s=\"99\"", " s=\"x\"", " s=\"\""]);
    let (value, number) = (dice.of(&VALUES), dice.of(VALUES.get(..NUMBERS).unwrap()));
    let keep = dice.of(&["", " xml:space=\"preserve\"", " xml:space=\"default\""]);
    // Now and then a value that makes the whole sheet one that is refused.
    let rare = dice.roll(400) == 0;
    let (t, content) = match dice.roll(12) {
        0 => ("inlineStr", format!("<is><t{keep}>{value}</t></is>")),
        1 => ("inlineStr", format!("<is><r><t{keep}>{value}</t></r></is>")),
        2 => ("str", format!("<v>{value}</v>")),
        3 => ("str", format!("<f>A1</f><v>{value}</v>")),
        4 => ("b", format!("<v>{}</v>", if rare { "2" } else { dice.of(&["0", "1", "true"]) })),
        5 => ("e", "<v>#N/A</v>".to_owned()),
        6 => ("n", format!("<v>{}</v>", if rare { value } else { number })),
        7 => ("", String::new()),
        8 => ("", format!("<v>{value}</v>")),
        _ => ("s", format!("<v>{}</v>", dice.roll(if rare { 9 } else { 7 }))),
    };
    let t = if t.is_empty() { String::new() } else { format!(" t=\"{t}\"") };
    let (first, second) = if dice.roll(3) == 0 { (t.as_str(), s) } else { (s, t.as_str()) };
    if content.is_empty() && dice.roll(2) == 0 {
        return format!("<c{r}{first}{second}/>");
    }
    format!("<c{r}{first}{second}>{content}</c>")
}

fn sheet(dice: &mut Dice) -> String {
    let mut sheet = "<worksheet><sheetData>".to_owned();
    let gap = dice.of(&["", "", "\n", "\r\n  "]);
    for row in 1..=1 + dice.roll(40) {
        let r = match dice.roll(12) {
            0 => String::new(),
            1 => format!(" r='{row}'"),
            2 => format!(" spans=\"1:9\" r=\"{row}\" hidden=\"{}\"", dice.roll(2)),
            _ => format!(" r=\"{row}\" spans=\"1:9\""),
        };
        write!(sheet, "{gap}<row{r}>").unwrap();
        for column in 0..dice.roll(9) {
            if dice.roll(8) > 0 {
                sheet += &cell(dice, row, column);
            }
            sheet += if dice.roll(9) == 0 { gap } else { "" };
        }
        sheet += "</row>";
    }
    sheet + gap + "</sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>"
}

fn table(dice: &mut Dice) -> String {
    let mut table = "<sst>".to_owned();
    for _ in 0..dice.roll(40) {
        let (value, text) = (dice.of(&VALUES), dice.of(&["<t>", "<t xml:space=\"preserve\">"]));
        let rich = if dice.roll(8) == 0 { ("<r>", "</r>") } else { ("", "") };
        write!(table, "<si>{}{text}{value}</t>{}</si>", rich.0, rich.1).unwrap();
    }
    table + "</sst>"
}

fn bite(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let at = dice.roll(bytes.len().max(1)).min(bytes.len());
    let end = (at + dice.roll(30)).min(bytes.len());
    match dice.roll(5) {
        0 => drop(bytes.drain(at..end)),
        1 if dice.roll(4) == 0 => bytes.truncate(at),
        2 => {
            let piece = bytes[at..end].to_vec();
            let to = dice.roll(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        _ => drop(bytes.splice(at..at, dice.of(&CRUMBS).iter().copied())),
    }
}

/// The part both ways, in pieces of some size.
fn both<T: PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    piece: usize,
    read: impl Fn(Xml<&mut dyn Read>) -> T,
) -> [T; 2] {
    [false, true].map(|by_tokens| {
        let mut drip = Drip(bytes, piece);
        let input: &mut dyn Read = &mut drip;
        let xml = Xml::new(input, Bound::sheet(&Limits::default())).unwrap();
        read(if by_tokens { xml.token_by_token() } else { xml })
    })
}

fn shown<T: std::fmt::Debug>(result: &Result<T, Fault>) -> String {
    format!("{result:?}")
}

fn layout(xml: Xml<&mut dyn Read>, keeper: Keeper) -> String {
    shown(&survey::survey(xml, keeper).map(|(layout, _)| layout))
}

type Seen = Vec<(u32, usize, CellKind, String, Option<String>, Vec<Mark>)>;

fn cells(xml: Xml<&mut dyn Read>, after: u32) -> (Seen, String) {
    seen(|context, chunks| sheet::read(xml, context, after, chunks))
}

fn seen(read: impl FnOnce(Context<'_>, Chunks<'_, '_>) -> Result<(), Fault>) -> (Seen, String) {
    let mut strings = Strings::default();
    for text in ["Ada", "", "Zoë", "a b", "x", "y", "z"] {
        strings.push(text);
    }
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/></numFmts>
        <cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="46"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let limits = Limits::default();
    let styles = Xml::new(styles.as_bytes(), Bound::sheet(&limits)).and_then(Styles::read).unwrap();
    let context =
        Context { strings: &strings, styles: &styles, from_1904: false, limits: &limits, input: 0 };
    let mut seen = Seen::new();
    let end = read(
        context,
        Chunks::new(&mut |chunk| {
            let Chunk::Cells(rows) = chunk else { return ControlFlow::Break(()) };
            for row in rows.iter() {
                for (column, cell) in row.cells().enumerate() {
                    let stored = row.stored(column).map(str::to_owned);
                    let marks = row.marks(column).collect();
                    seen.push((row.at.row, column, cell.kind, cell.text.to_owned(), stored, marks));
                }
            }
            ControlFlow::Continue(())
        }),
    );
    (seen, shown(&end))
}

#[test]
fn what_is_known_by_its_bytes_is_what_its_tokens_say() {
    let (mut whole, mut refused) = (0, 0);
    for seed in 0..6000 {
        let mut dice = Dice(seed);
        let [mut sheet, mut table] = [sheet(&mut dice), table(&mut dice)].map(String::into_bytes);
        for _ in 0..dice.roll(3) {
            bite(&mut dice, &mut sheet);
            bite(&mut dice, &mut table);
        }
        let piece = [1 << 20, 1, 7, 64, 333, 1000][dice.roll(6)];
        let after = [0, 0, 1, 5][dice.roll(4)];
        let [plain, tokens] = both(&sheet, piece, |xml| cells(xml, after));
        assert_eq!(plain, tokens, "seed {seed}: {}", String::from_utf8_lossy(&sheet));
        whole += usize::from(plain.1 == "Ok(())" && plain.0.len() > 9);
        refused += usize::from(plain.1 != "Ok(())");
        let [none, tokens] = both(&sheet, piece, |xml| layout(xml, Keeper::of(u64::MAX)));
        assert_eq!(none, tokens, "seed {seed}: {}", String::from_utf8_lossy(&sheet));
        let [keeping, _] = both(&sheet, piece, |xml| layout(xml, Keeper::of(0)));
        assert_eq!(keeping, tokens, "seed {seed}: {}", String::from_utf8_lossy(&sheet));
        let [plain, tokens] =
            both(&table, piece, |xml| shown(&strings::read(xml, &Limits::default())));
        assert_eq!(plain, tokens, "seed {seed}: {}", String::from_utf8_lossy(&table));
    }
    assert!(whole > 1000 && refused > 1000, "{whole} were read, {refused} refused");
}

/// A sheet as writers write it, but for a rare thing.
fn plain_sheet(dice: &mut Dice) -> String {
    let mut sheet = "<worksheet><cols/><sheetData>".to_owned();
    let mut row = 0;
    for _ in 0..dice.roll(40) {
        row += 1 + dice.roll(9) / 8 * dice.roll(300);
        if dice.roll(9) == 0 {
            write!(sheet, "<row r=\"{row}\"/>").unwrap();
            continue;
        }
        let hidden = if dice.roll(200) == 0 { " hidden=\"1\"" } else { "" };
        write!(sheet, "<row r=\"{row}\"{hidden}>").unwrap();
        let mut column = 0;
        for _ in 0..dice.roll(9) {
            column += 1 + dice.roll(6) / 5 * dice.roll(200);
            let style = dice.of(&["", "", " s=\"1\"", " s=\"3\"", " s=\"99999\""]);
            let r = format!("{}{row}", crate::row::letters(column - 1));
            let value = dice.of(&["12", "Zoë", "", "0.5", "a_x0041_b"]);
            let kinds = if dice.roll(200) == 0 { 7 } else { 6 };
            let cell = match dice.roll(kinds) {
                0 => format!("<c r=\"{r}\"{style}/>"),
                1 => format!("<c r=\"{r}\"{style}><v>{}</v></c>", dice.roll(50_000)),
                2 => format!("<c r=\"{r}\"{style} t=\"b\"><v>1</v></c>"),
                3 => format!("<c r=\"{r}\"{style} t=\"str\"><v>{value}</v></c>"),
                4 => format!("<c r=\"{r}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
                5 => format!("<c r=\"{r}\"{style} t=\"s\"><v>{}</v></c>", dice.roll(7)),
                _ => dice.of(&["<c/>", "<c><f>A1</f></c>", " ", "<!-- x -->"]).to_owned(),
            };
            sheet += &cell;
        }
        sheet += "</row>";
        if dice.roll(60) == 0 {
            sheet += dice.of(&["\n", "\r\n <!-- x -->"]);
        }
    }
    sheet + "</sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>"
}

#[test]
fn what_was_kept_is_what_stands_in_the_sheet() {
    let mut kept = [0; 2];
    for seed in 0..6000 {
        let mut dice = Dice(seed);
        let mut sheet = plain_sheet(&mut dice).into_bytes();
        let bites = dice.roll(3);
        for _ in 0..bites {
            bite(&mut dice, &mut sheet);
        }
        let piece = [1 << 20, 1, 7, 64, 333, 1000][dice.roll(6)];
        let after = [0, 0, 1, 5][dice.roll(4)];
        let [surveyed, _] = both(&sheet, piece, |xml| match survey::survey(xml, Keeper::of(0)) {
            Ok((_, Some(rows))) => Some(seen(|context, chunks| rows.read(context, after, chunks))),
            _ => None,
        });
        if let Some(rows) = surveyed {
            let [_, tokens] = both(&sheet, piece, |xml| cells(xml, after));
            assert_eq!(rows, tokens, "seed {seed}: {}", String::from_utf8_lossy(&sheet));
            kept[usize::from(bites > 0)] += 1;
        }
    }
    assert!(kept[0] > 500 && kept[1] > 50, "{kept:?} were kept");
}

#[test]
fn numbers_are_those_of_their_digits() {
    for text in
        ["0", "7", "10", "007", "1048576", "12345678", "99999999", "x", "", "123456789", "1x"]
    {
        for (tail, cut) in [("\" s=\"123456789", false), ("\"", true)] {
            let bytes = format!("<c r=\"A1\" s=\"{text}{tail}");
            let found = plain::number(&bytes.as_bytes()[13..], b'"').map(|(number, _)| number);
            let expected = text.parse().ok().filter(|_| text.len() <= 8);
            assert!(found == expected || cut && found.is_none(), "{bytes:?}: {found:?}");
        }
    }
}
