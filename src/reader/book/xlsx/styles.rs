//! How numbers look: which are dates, which are lengths of time, which are padded with zeros.

use std::collections::BTreeMap;
use std::io::Read;

use super::xml::{Fault, Token, Xml};
use crate::reader::book::guard::MOST_STYLES;
use crate::reader::book::pattern::Pattern;

/// What a cell format makes of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// A number.
    #[default]
    Plain,
    /// A day, a time, or both.
    Date,
    /// A length of time, which may pass 24 hours.
    Elapsed,
    /// A number with zeros in front, by its place in [`Styles::patterns`].
    Padded(u32),
}

/// The cell formats of a workbook.
#[derive(Debug, Default)]
pub(super) struct Styles {
    looks: Vec<Look>,
    patterns: Vec<Pattern>,
}

impl Styles {
    /// What the format with an index makes of numbers.
    pub(super) fn look(&self, style: usize) -> Look {
        self.looks.get(style).copied().unwrap_or_default()
    }

    /// The pattern of [`Look::Padded`].
    pub(super) fn pattern(&self, index: u32) -> Option<&Pattern> {
        self.patterns.get(index as usize)
    }

    /// Reads the part of the styles.
    pub(super) fn read(mut xml: Xml<impl Read>) -> Result<Self, Fault> {
        let mut codes: BTreeMap<u32, String> = BTreeMap::new();
        let mut ids: Vec<u32> = Vec::new();
        let mut cells = false;
        loop {
            match xml.advance()? {
                Token::End => break,
                Token::Open => match xml.name() {
                    b"cellXfs" => cells = true,
                    b"xf" if cells => {
                        ids.push(number(xml.attributes().get(b"numFmtId")?).unwrap_or(0));
                    }
                    b"numFmt" => {
                        let id = number(xml.attributes().get(b"numFmtId")?);
                        let code = xml.attributes().text(b"formatCode")?;
                        // Excel takes codes of 255 characters; nothing that matters is longer.
                        if let (Some(id), Some(code)) = (id, code)
                            && code.len() <= 4096
                        {
                            codes.entry(id).or_insert(code);
                        }
                    }
                    _ => {}
                },
                Token::Close if xml.name() == b"cellXfs" => cells = false,
                _ => {}
            }
            if ids.len() > MOST_STYLES || codes.len() > MOST_STYLES {
                return Err(Fault::broken("it has more cell formats than any workbook"));
            }
        }
        let mut styles = Self::default();
        let mut known: BTreeMap<u32, Look> = BTreeMap::new();
        for id in ids {
            let look = *known.entry(id).or_insert_with(|| match codes.get(&id) {
                None => built_in(id),
                Some(code) => match (look(code), Pattern::parse(code)) {
                    (Look::Plain, Some(pattern)) => {
                        styles.patterns.push(pattern);
                        let place = styles.patterns.len() - 1;
                        u32::try_from(place).map_or(Look::Plain, Look::Padded)
                    }
                    (look, _) => look,
                },
            });
            styles.looks.push(look);
        }
        Ok(styles)
    }
}

/// A number of an attribute.
pub(crate) fn number(raw: Option<&[u8]>) -> Option<u32> {
    std::str::from_utf8(raw?).ok()?.trim().parse().ok()
}

/// What the formats do that every program knows by number (ECMA-376 part 1, 18.8.30); those from 27
/// on are the dates of East Asian languages.
fn built_in(id: u32) -> Look {
    match id {
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Look::Date,
        46 => Look::Elapsed,
        _ => Look::Plain,
    }
}

/// What a format code does with a positive number: the letters of dates and times count where they
/// are not quoted, escaped or in brackets.
fn look(code: &str) -> Look {
    let mut letters = code.chars();
    while let Some(c) = letters.next() {
        match c.to_ascii_lowercase() {
            // The next character is shown, is as wide as, or fills.
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => while letters.next().is_some_and(|c| c != '"') {},
            '[' => {
                let inner: String = letters.by_ref().take_while(|&c| c != ']').collect();
                let first = inner.chars().next().map(|c| c.to_ascii_lowercase());
                let alike = inner.chars().all(|c| Some(c.to_ascii_lowercase()) == first);
                if alike && matches!(first, Some('h' | 'm' | 's')) {
                    return Look::Elapsed;
                }
            }
            // The other sections are for negative numbers, zero and text.
            ';' => return Look::Plain,
            'd' | 'm' | 'h' | 'y' | 's' => return Look::Date,
            // AM/PM, A/P, and the day of the week in Japanese.
            'a' => {
                let rest = letters.as_str().to_ascii_lowercase();
                if rest.starts_with(['/', 'm']) || rest.starts_with("aa") {
                    return Look::Date;
                }
            }
            'g' if letters.as_str().to_ascii_lowercase().starts_with("eneral") => {
                letters = letters.as_str().get(6..).unwrap_or_default().chars();
            }
            _ => {}
        }
    }
    Look::Plain
}

#[cfg(test)]
mod tests {
    use super::Look::{Date, Elapsed, Padded, Plain};
    use super::*;
    use crate::reader::Limits;
    use crate::reader::book::guard::Bound;

    #[test]
    fn dates_are_known_by_the_letters_of_their_format() {
        for (code, expected) in [
            ("General", Plain),
            ("0", Plain),
            ("#,##0.00", Plain),
            ("#,##0\\ [$\u{20bd}-46D]", Plain),
            ("\"day \"0", Plain),
            ("0_d", Plain),
            ("0*m", Plain),
            ("\\d0", Plain),
            ("[Red]0", Plain),
            ("[Magenta]0.0", Plain),
            ("0;yyyy", Plain),
            ("@", Plain),
            ("yyyy-mm-dd", Date),
            ("DD/MM/YY", Date),
            ("[$-409]d\\-mmm\\-yy;@", Date),
            ("h:mm AM/PM", Date),
            ("a/p", Date),
            ("aaa", Date),
            ("General \"days\"", Plain),
            ("[$-411]ggge\"年\"m\"月\"d\"日\"", Date),
            ("m\"M\"d\"D\";@", Date),
            ("ss.00", Date),
            ("[h]:mm:ss", Elapsed),
            ("[HH]:MM", Elapsed),
            ("[mm]", Elapsed),
            ("[ss]", Elapsed),
            ("", Plain),
            ("\"", Plain),
            ("[", Plain),
            ("\\", Plain),
        ] {
            assert_eq!(look(code), expected, "{code:?}");
        }
    }

    #[test]
    fn formats_of_cells_are_those_of_their_own_list() {
        let xml = r#"<x:styleSheet xmlns:x="m"><x:cellStyleXfs><x:xf numFmtId="14"/></x:cellStyleXfs>
            <x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/><x:xf/><x:xf numFmtId="170"/>
            <x:xf numFmtId='171'/></x:cellXfs>
            <x:numFmts><x:numFmt numFmtId="170" formatCode="00000"/>
            <x:numFmt formatCode="&quot;x&quot;[h]" numFmtId="171"/></x:numFmts></x:styleSheet>"#;
        let styles =
            Styles::read(Xml::new(xml.as_bytes(), Bound::sheet(&Limits::default())).unwrap())
                .unwrap();
        let looks: Vec<Look> = (0..6).map(|index| styles.look(index)).collect();
        assert_eq!(looks, [Plain, Date, Plain, Padded(0), Elapsed, Plain]);
    }
}
