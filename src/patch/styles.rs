//! Formats of cells: those that there are, and those that a copy adds behind them.

use std::collections::BTreeMap;
use std::io::Read;

use super::sink::{Act, Sink, attribute, close, rewrite, tag};
use super::{Ink, Look, Outcome, Pattern, order};
use crate::reader::parts::{Fault, MOST_STYLES, Token, Xml};

/// Formats that Excel takes (Excel specifications and limits).
const MOST: usize = 65_490;

/// One format as it stands: the attributes of its `xf`, and what is inside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Format {
    attributes: Vec<(String, String)>,
    inside: Vec<u8>,
}

impl Format {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    fn set(&mut self, name: &str, value: &str) {
        match self.attributes.iter_mut().find(|(one, _)| one == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.attributes.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The same with another filling.
    fn filled(&self, fill: u32) -> Self {
        let mut filled = self.clone();
        filled.set("fillId", &fill.to_string());
        filled.set("applyFill", if fill == 0 { "0" } else { "1" });
        filled
    }

    fn is_same_but_for_fill(&self, other: &Self) -> bool {
        let rest = |format: &Self| {
            let others = format.attributes.iter();
            let others = others.filter(|(name, _)| name != "fillId" && name != "applyFill");
            let mut others: Vec<_> = others.cloned().collect();
            others.sort();
            others
        };
        self.inside == other.inside && rest(self) == rest(other)
    }
}

/// The formats of a workbook, and those that are added.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// The prefix of the names of its elements.
    prefix: String,
    formats: Vec<Format>,
    /// How many there were.
    own: usize,
    fonts: u32,
    fills: u32,
    /// Fillings of ours from an earlier copy, and what a cell had instead.
    ours: Vec<u32>,
    looked: BTreeMap<(u32, Look), u32>,
    bare: BTreeMap<(u32, u32), u32>,
    inks: BTreeMap<Ink, u32>,
}

/// The filling of a look: what stands inside a `fill`.
fn fill(look: Look) -> (&'static str, String, String) {
    let filling = look.filling();
    let kind = match filling.pattern {
        Pattern::Solid => "solid",
        Pattern::Stripes => "lightUp",
        Pattern::Dots => "gray125",
    };
    (kind, color(filling.front), color(filling.back))
}

fn color(rgb: u32) -> String {
    format!("FF{rgb:06X}")
}

impl Styles {
    /// Reads the formats that there are.
    pub(super) fn read(xml: Option<Xml<impl Read>>) -> Outcome<Self> {
        let mut styles = Self::default();
        if let Some(mut xml) = xml {
            styles.read_part(&mut xml)?;
        }
        if styles.formats.is_empty() {
            styles.formats.push(plain());
        } else {
            styles.own = styles.formats.len();
        }
        Ok(styles)
    }

    fn read_part(&mut self, xml: &mut Xml<impl Read>) -> Outcome<()> {
        let mut section = Vec::new();
        let mut pattern = (Vec::new(), Vec::new(), Vec::new());
        loop {
            match xml.advance()? {
                Token::End => return Ok(()),
                Token::Open if xml.depth() == 1 => self.prefix = prefix_of(xml.whole_name()),
                Token::Open if xml.depth() == 2 => section = xml.name().to_vec(),
                Token::Open => match (section.as_slice(), xml.name()) {
                    (b"cellXfs", b"xf") if xml.depth() == 3 => {
                        if self.formats.len() >= MOST_STYLES {
                            let why = "it has more cell formats than any workbook";
                            return Err(Fault::broken(why).into());
                        }
                        let format = read_format(xml)?;
                        self.formats.push(format);
                    }
                    (b"fonts", b"font") if xml.depth() == 3 => self.fonts += 1,
                    (b"fills", b"fill") if xml.depth() == 3 => {
                        self.fills += 1;
                        pattern = Default::default();
                    }
                    (b"fills", b"patternFill") => {
                        pattern.0 =
                            xml.attributes().get(b"patternType")?.unwrap_or_default().to_vec();
                    }
                    (b"fills", b"fgColor") => {
                        pattern.1 = xml.attributes().get(b"rgb")?.unwrap_or_default().to_vec();
                    }
                    (b"fills", b"bgColor") => {
                        pattern.2 = xml.attributes().get(b"rgb")?.unwrap_or_default().to_vec();
                    }
                    _ => {}
                },
                Token::Close if section == b"fills" && xml.name() == b"fill" => {
                    let is = |look: &Look| {
                        let (kind, front, back) = fill(*look);
                        let mixed = color(look.filling().mixed);
                        let same = |a: &[u8], b: &str| a.eq_ignore_ascii_case(b.as_bytes());
                        let is_mixed = same(&pattern.0, "solid") && same(&pattern.1, &mixed);
                        let is_as_written = same(&pattern.0, kind)
                            && same(&pattern.1, &front)
                            && same(&pattern.2, &back);
                        is_mixed || is_as_written
                    };
                    if Look::ALL.iter().any(is) {
                        self.ours.push(self.fills - 1);
                    }
                }
                _ => {}
            }
        }
    }

    /// The number of fills before ours are added: a part without any gets the two that every one has.
    fn first_fill(&self) -> u32 {
        if self.fills == 0 { 2 } else { self.fills }
    }

    fn fill_of(&self, look: Look) -> u32 {
        let place = Look::ALL.iter().position(|one| *one == look).unwrap_or(0);
        self.first_fill() + u32::try_from(place).unwrap_or(0)
    }

    fn add(&mut self, format: Format, otherwise: u32) -> u32 {
        if self.formats.len() >= MOST {
            return otherwise;
        }
        self.formats.push(format);
        u32::try_from(self.formats.len() - 1).unwrap_or(otherwise)
    }

    fn format(&self, style: u32) -> Format {
        self.formats.get(style as usize).cloned().unwrap_or_else(plain)
    }

    /// Whether cells may have looks of an earlier copy.
    pub(super) fn has_looks(&self) -> bool {
        !self.ours.is_empty()
    }

    /// A format with a look over it.
    pub(super) fn with_look(&mut self, style: u32, look: Look) -> u32 {
        if let Some(known) = self.looked.get(&(style, look)) {
            return *known;
        }
        let filled = self.format(style).filled(self.fill_of(look));
        let new = self.add(filled, style);
        self.looked.insert((style, look), new);
        new
    }

    /// The format that a cell had before an earlier copy put a look over it: that of its neighbour, where
    /// nothing else tells them apart.
    pub(super) fn without_look(&mut self, style: u32, neighbour: u32) -> u32 {
        if self.ours.is_empty() {
            return style;
        }
        if let Some(known) = self.bare.get(&(style, neighbour)) {
            return *known;
        }
        let format = self.format(style);
        let is_ours = |format: &Format| {
            let fill = format.get("fillId").and_then(|id| id.parse().ok());
            fill.is_some_and(|fill| self.ours.contains(&fill))
        };
        let bare = if is_ours(&format) {
            let own = self.formats.get(..self.own).unwrap_or_default();
            let is_twin = |one: &Format| !is_ours(one) && one.is_same_but_for_fill(&format);
            let beside = own.get(neighbour as usize).is_some_and(is_twin);
            let twin = own
                .iter()
                .position(is_twin)
                .map(|twin| if beside { neighbour as usize } else { twin });
            match twin.and_then(|twin| u32::try_from(twin).ok()) {
                Some(twin) => twin,
                None => self.add(format.filled(0), style),
            }
        } else {
            style
        };
        self.bare.insert((style, neighbour), bare);
        bare
    }

    /// A format of an added sheet.
    pub(super) fn ink(&mut self, ink: Ink) -> u32 {
        if let Some(known) = self.inks.get(&ink) {
            return *known;
        }
        let mut format = plain();
        if let Some(font) = FONTS.iter().position(|(one, _)| *one == ink) {
            let font = self.fonts.max(1) + u32::try_from(font).unwrap_or(0);
            format.set("fontId", &font.to_string());
            format.set("applyFont", "1");
        }
        let wrap = if ink == Ink::Title || ink == Ink::Number { "" } else { " wrapText=\"1\"" };
        format.set("applyAlignment", "1");
        format.inside = format!("<{}alignment vertical=\"top\"{wrap}/>", self.prefix).into_bytes();
        if ink == Ink::Number {
            format.set("numFmtId", "3");
            format.set("applyNumberFormat", "1");
        }
        let new = self.add(format, 0);
        self.inks.insert(ink, new);
        new
    }

    /// Whether nothing was added.
    pub(super) fn is_unchanged(&self) -> bool {
        self.formats.len() == self.own
    }

    /// Writes the part, made of the one that there is.
    pub(super) fn write<R: Read>(
        &self,
        xml: Option<Xml<R>>,
        main: &str,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        let Some(mut xml) = xml else { return self.write_new(main, sink) };
        let prefix = self.prefix.as_str();
        let mut next = 0;
        rewrite(&mut xml, sink, &mut |xml, token, out| {
            let depth = xml.depth();
            if token == Token::Open && depth == 1 && xml.is_hollow() {
                tag(out, xml.whole_name(), xml.attributes(), &[])?;
                out.push(b'>');
                return Ok(Act::Written);
            }
            if token == Token::Open && depth == 2 {
                let place = order::place(order::STYLES, xml.name(), "extLst");
                self.write_missing(&mut next, place, prefix, out);
                next = next.max(place + 1);
                let added = self.added(xml.name());
                if added > 0 {
                    tag(out, xml.whole_name(), xml.attributes(), &[b"count"])?;
                    attribute(out, "count", &(self.there(xml.name()) + added).to_string());
                    out.push(b'>');
                    return Ok(Act::Written);
                }
            }
            if token == Token::Close && depth == 1 {
                self.write_list(xml.name(), prefix, out);
            }
            if token == Token::Close && depth == 0 {
                self.write_missing(&mut next, order::STYLES.len(), prefix, out);
            }
            Ok(Act::Keep)
        })
    }

    /// How many entries a list had, and how many are added.
    fn there(&self, list: &[u8]) -> u32 {
        match list {
            b"fonts" => self.fonts,
            b"fills" => self.fills,
            b"cellXfs" => u32::try_from(self.own).unwrap_or(u32::MAX),
            _ => 0,
        }
    }

    fn added(&self, list: &[u8]) -> u32 {
        let count = match list {
            b"fonts" => FONTS.len() + usize::from(self.fonts == 0),
            b"fills" => Look::ALL.len() + if self.fills == 0 { 2 } else { 0 },
            b"cellXfs" => self.formats.len() - self.own,
            _ => 0,
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Writes the lists that are not there and that stand in front of a place of the order.
    fn write_missing(&self, next: &mut usize, place: usize, prefix: &str, out: &mut Vec<u8>) {
        while *next < place {
            let name = order::STYLES.get(*next).copied().unwrap_or_default();
            if matches!(name, "fonts" | "fills" | "cellXfs") {
                out.extend_from_slice(format!("<{prefix}{name}").as_bytes());
                attribute(out, "count", &self.added(name.as_bytes()).to_string());
                out.push(b'>');
                self.write_list(name.as_bytes(), prefix, out);
                close(out, format!("{prefix}{name}").as_bytes());
            } else if matches!(name, "borders" | "cellStyleXfs") {
                out.extend_from_slice(required(name, prefix).as_bytes());
            }
            *next += 1;
        }
    }

    /// What is added at the end of a list.
    fn write_list(&self, list: &[u8], prefix: &str, out: &mut Vec<u8>) {
        let p = prefix;
        match list {
            b"fonts" => {
                if self.fonts == 0 {
                    out.extend_from_slice(font(p, "").as_bytes());
                }
                for (_, inside) in FONTS {
                    out.extend_from_slice(
                        font(p, &inside.replace('<', &format!("<{p}"))).as_bytes(),
                    );
                }
            }
            b"fills" => {
                if self.fills == 0 {
                    for kind in ["none", "gray125"] {
                        let text =
                            format!("<{p}fill><{p}patternFill patternType=\"{kind}\"/></{p}fill>");
                        out.extend_from_slice(text.as_bytes());
                    }
                }
                for look in Look::ALL {
                    let (kind, front, back) = fill(look);
                    let text = format!(
                        "<{p}fill><{p}patternFill patternType=\"{kind}\"><{p}fgColor rgb=\"{front}\"/>\
                         <{p}bgColor rgb=\"{back}\"/></{p}patternFill></{p}fill>"
                    );
                    out.extend_from_slice(text.as_bytes());
                }
            }
            b"cellXfs" => {
                for format in self.formats.iter().skip(self.own) {
                    write_format(format, p, out);
                }
            }
            _ => {}
        }
    }

    /// A part where there is none.
    fn write_new(&self, main: &str, sink: &mut Sink<'_>) -> Outcome<()> {
        let out = sink.room()?;
        out.extend_from_slice(format!("<styleSheet xmlns=\"{main}\">").as_bytes());
        self.write_missing(&mut 0, order::STYLES.len(), "", out);
        close(out, b"styleSheet");
        Ok(())
    }
}

/// Fonts that are added, by what they are for.
const FONTS: [(Ink, &str); 3] = [
    (Ink::Title, "<b/><sz val=\"14\"/>"),
    (Ink::Header, "<b/><sz val=\"11\"/>"),
    (Ink::Quiet, "<sz val=\"11\"/><color rgb=\"FF595959\"/>"),
];

fn font(p: &str, inside: &str) -> String {
    let size = if inside.is_empty() { format!("<{p}sz val=\"11\"/>") } else { inside.to_owned() };
    format!("<{p}font>{size}<{p}name val=\"Calibri\"/><{p}family val=\"2\"/></{p}font>")
}

/// Lists that formats refer to and that a part may lack.
fn required(name: &str, p: &str) -> String {
    match name {
        "borders" => format!(
            "<{p}borders count=\"1\"><{p}border><{p}left/><{p}right/><{p}top/><{p}bottom/><{p}diagonal/>\
             </{p}border></{p}borders>"
        ),
        _ => format!(
            "<{p}cellStyleXfs count=\"1\"><{p}xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>\
             </{p}cellStyleXfs>"
        ),
    }
}

fn plain() -> Format {
    let attributes = ["numFmtId", "fontId", "fillId", "borderId", "xfId"];
    let attributes = attributes.map(|name| (name.to_owned(), "0".to_owned()));
    Format { attributes: attributes.to_vec(), inside: Vec::new() }
}

fn read_format(xml: &mut Xml<impl Read>) -> Outcome<Format> {
    let mut format = Format::default();
    for one in xml.attributes() {
        let (name, value) = one?;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        format.attributes.push((text(name), text(value)));
    }
    let depth = xml.depth();
    loop {
        let token = xml.advance()?;
        if token == Token::End || xml.depth() < depth {
            return Ok(format);
        }
        format.inside.extend_from_slice(xml.raw());
    }
}

fn write_format(format: &Format, p: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(format!("<{p}xf").as_bytes());
    for (name, value) in &format.attributes {
        // The value is escaped as it stood.
        out.extend_from_slice(format!(" {name}=\"").as_bytes());
        out.extend_from_slice(value.replace('"', "&quot;").as_bytes());
        out.push(b'"');
    }
    if format.inside.is_empty() {
        out.extend_from_slice(b"/>");
    } else {
        out.push(b'>');
        out.extend_from_slice(&format.inside);
        close(out, format!("{p}xf").as_bytes());
    }
}

/// The prefix of a name, its colon included.
pub(super) fn prefix_of(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    name.split_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default()
}
