//! The table of shared strings, end to end in one arena.

use std::io::Read;

use super::text::unescape;
use super::xml::{Fault, Token, Xml};
use crate::reader::book::guard::{LONGEST_CELL, MOST_STRINGS_COUNT};

/// The strings that cells name by their place.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    /// End of each string in `text`.
    ends: Vec<u32>,
}

impl Strings {
    /// The string at a place.
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// Reads the table. What it says about its own length is not believed.
    pub(super) fn read(mut xml: Xml<impl Read>) -> Result<Self, Fault> {
        let mut strings = Self::default();
        let mut room = String::new();
        loop {
            match xml.advance()? {
                Token::End => break,
                Token::Open if xml.name() == b"si" => {
                    rich_text(&mut xml, &mut room, &mut strings.text)?;
                    if strings.ends.len() == MOST_STRINGS_COUNT {
                        return Err(Fault::broken("it has more strings than memory should hold"));
                    }
                    // The part is bounded far below what 32 bits count.
                    strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX));
                }
                _ => {}
            }
        }
        strings.text.shrink_to_fit();
        strings.ends.shrink_to_fit();
        Ok(strings)
    }
}

/// Appends the text of the element that was opened last: a text, or the runs of a rich text one
/// behind the other. How it is spoken (`rPh`) is not part of it. `room` is used again and again.
pub(super) fn rich_text(
    xml: &mut Xml<impl Read>,
    room: &mut String,
    out: &mut String,
) -> Result<(), Fault> {
    let (depth, start) = (xml.depth(), out.len());
    loop {
        match xml.advance()? {
            Token::Open if xml.name() == b"t" => {
                let keep = xml.attributes().get(b"xml:space")?.is_some_and(|v| v == b"preserve");
                room.clear();
                xml.read_text(room)?;
                unescape(if keep { room } else { trimmed(room) }, out);
                if out.len() - start > LONGEST_CELL {
                    let why = "one of its cells is longer than a spreadsheet allows";
                    return Err(Fault::broken(why));
                }
            }
            Token::Open if xml.name() == b"rPh" => xml.skip()?,
            Token::Close if xml.depth() < depth => return Ok(()),
            Token::End => return Err(Fault::broken("one of its parts breaks off")),
            _ => {}
        }
    }
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_what_a_person_sees_in_the_cell() {
        let xml = r#"<?xml version="1.0"?>
            <sst count="99999999999999999999" uniqueCount="-1"><si><t>Ada</t></si><si/>
            <si><t> trimmed </t></si><si><t xml:space="preserve"> kept </t></si>
            <si><r><rPr><b/></rPr><t xml:space="preserve">Jos </t></r><r><t>é</t></r></si>
            <si><t>東京</t><rPh sb="0" eb="2"><t>Tokyo</t></rPh><phoneticPr fontId="1"/></si>
            <si><t>a_x000D_b_x005F_x000D_ _xD83D__xDE00_ _xDE00_ _x12</t></si>
            <si><t>&lt;&#65;&#x42;&amp;amp;<![CDATA[<&amp;>]]><!-- no -->!</t></si>
            <si><x:t xmlns:x="m">p</x:t></si></sst>"#;
        let strings = Strings::read(Xml::new(xml.as_bytes(), 1 << 20).unwrap()).unwrap();
        let all: Vec<&str> = (0..10).map_while(|index| strings.get(index)).collect();
        let escaped = "a\rb_x000D_ \u{1f600} \u{fffd} _x12";
        assert_eq!(
            all,
            ["Ada", "", "trimmed", " kept ", "Jos é", "東京", escaped, "<AB&amp;<&amp;>!", "p"]
        );
    }

    #[test]
    fn entities_that_are_not_those_of_xml_are_refused() {
        for text in ["&nbsp;", "&x;", "&", "&;", "&#0;", "&#xD800;", "&#-1;", "&lt", "&#x;"] {
            let xml = format!("<sst><si><t>{text}</t></si></sst>");
            let read = Strings::read(Xml::new(xml.as_bytes(), 1 << 20).unwrap());
            assert!(matches!(read, Err(Fault::Broken(_))), "{text:?}: {read:?}");
        }
    }
}
