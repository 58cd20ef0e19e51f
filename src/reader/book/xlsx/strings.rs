//! The table of shared strings, end to end in one arena.

use std::io::Read;

use super::plain;
use super::text::unescape;
use super::xml::{Fault, Token, Xml};
use crate::reader::Limits;
use crate::reader::book::guard::long_cell;
use crate::reader::book::strings::Strings;

/// Reads the table. What it says about its own length is not believed.
pub(super) fn read(mut xml: Xml<impl Read>, limits: &Limits) -> Result<Strings, Fault> {
    let mut strings = Strings::default();
    let mut room = String::new();
    loop {
        let passed = read_plain(&xml, &mut strings, limits)?;
        xml.pass(passed);
        if passed > 0 {
            continue;
        }
        match xml.advance()? {
            Token::End => return Ok(strings),
            Token::Open if xml.name() == b"si" => {
                rich_text(&mut xml, &mut room, strings.open())?;
                strings.end();
                strings.check(limits)?;
            }
            _ => {}
        }
    }
}

/// Reads on while all strings are plain; gives back how many bytes that are.
fn read_plain(
    xml: &Xml<impl Read>,
    strings: &mut Strings,
    limits: &Limits,
) -> Result<usize, Fault> {
    let text = xml.ahead_text();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some((string, length)) = plain::string(rest, xml.longest_cell())
    {
        unescape(string, strings.open());
        strings.end();
        strings.check(limits)?;
        at += length;
    }
    Ok(at)
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
                if out.len() - start > xml.longest_cell() {
                    return Err(long_cell().into());
                }
            }
            Token::Open if xml.name() == b"rPh" => xml.skip()?,
            Token::Close if xml.depth() < depth => return Ok(()),
            Token::End => return Err(Fault::broken("one of its parts breaks off")),
            _ => {}
        }
    }
}

pub(super) fn trimmed(text: &str) -> &str {
    // Most texts have none at either end.
    let is_dark = |byte: Option<&u8>| byte.is_some_and(|&byte| byte > b' ');
    if is_dark(text.as_bytes().first()) && is_dark(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches([' ', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::book::guard::Bound;

    fn read_all(xml: &str) -> Result<Strings, Fault> {
        let limits = Limits::default();
        read(Xml::new(xml.as_bytes(), Bound::strings(&limits)).unwrap(), &limits)
    }

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
        let strings = read_all(xml).unwrap();
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
            let read = read_all(&xml);
            assert!(matches!(read, Err(Fault::Broken(_))), "{text:?}: {read:?}");
        }
    }
}
