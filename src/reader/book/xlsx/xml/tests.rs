//! Tokens in pieces of any size, held against those of `quick-xml`; what is refused, and the bounds.

use std::fmt::Write as _;

use super::*;
use crate::reader::Limits;
use crate::reader::book::guard::LONGEST_TOKEN;
use crate::reader::book::xlsx::properties::Drip;

fn bound(most: u64) -> Bound {
    Bound::fixed(most, &Limits::default())
}

/// Every token as text.
fn tokens(mut xml: Xml<impl Read>) -> Result<Vec<String>, Fault> {
    let mut all = Vec::new();
    loop {
        let text = |xml: &Xml<_>| String::from_utf8(xml.text().to_vec()).unwrap();
        match xml.advance()? {
            Token::End => return Ok(all),
            Token::Open => {
                let name = String::from_utf8(xml.name().to_vec()).unwrap();
                let mut line = format!("<{name}");
                for one in xml.attributes() {
                    let (name, value) = one?;
                    let [name, value] =
                        [name, value].map(|part| String::from_utf8(part.to_vec()).unwrap());
                    write!(line, " {name}={value}").unwrap();
                }
                all.push(line);
            }
            Token::Close => all.push("/".to_owned()),
            Token::Text => all.push(format!("\"{}", text(&xml))),
            Token::Data => all.push(format!("!{}", text(&xml))),
        }
    }
}

fn all(text: &str) -> Result<Vec<String>, Fault> {
    tokens(Xml::new(text.as_bytes(), bound(1 << 30))?)
}

const TRICKY: &[&str] = &[
    "<a/>",
    "<?xml version=\"1.0\"?>\n<a b='1' c = \"2\"><b/>x<c>y</c ></a>\n",
    "<x:a xmlns:x='u'><x:b x:c='>' d=\"'/>\">&lt;</x:b></x:a>",
    "<a><!-- </a> <b> -- > --><![CDATA[</a>]] >]]>t<?pi </a> ?></a>",
    "<a b=\"it's\" c='\"'>\r\n</a>",
    "<row><row></row><!-- </row> --></row>",
    "<a>é東</a>",
];

#[test]
fn tokens_do_not_depend_on_how_the_bytes_come() {
    for text in TRICKY {
        let whole = all(text).unwrap();
        for count in 1..20 {
            let drip = Xml::new(Drip(text.as_bytes(), count), bound(1 << 30)).unwrap();
            assert_eq!(tokens(drip).unwrap(), whole, "{text:?} by {count}");
        }
    }
}

#[test]
fn an_element_is_passed_over_to_the_same_end_in_both_ways() {
    for inner in [
        "",
        "x",
        "<b/>",
        "<b>t</b>",
        "<!-- </a> -->",
        "<![CDATA[</a>]]>",
        "<?p </a>?>",
        "<ab></ab>",
        "<b><!----></b><c/>",
    ] {
        for close in ["</a>", "</a >", "</a\n>"] {
            let text = format!("<r><a k='1'>{inner}{close}<z/></r>");
            for count in [1, 3, 1000] {
                let mut ends = Vec::new();
                for fast in [false, true] {
                    let mut xml = Xml::new(Drip(text.as_bytes(), count), bound(1 << 20)).unwrap();
                    xml.advance().unwrap();
                    xml.advance().unwrap();
                    if fast {
                        xml.skip_fast().unwrap();
                    } else {
                        xml.skip().unwrap();
                    }
                    assert_eq!(xml.advance().unwrap(), Token::Open, "{text}");
                    ends.push((xml.name().to_vec(), xml.depth()));
                }
                assert_eq!(ends, [(b"z".to_vec(), 2), (b"z".to_vec(), 2)], "{text}");
            }
        }
    }
}

#[test]
fn what_is_no_xml_of_a_workbook_is_refused() {
    let deep = "<a>".repeat(DEEPEST + 1);
    let long = format!("<a b=\"{}\"/>", "x".repeat(2 * LONGEST_TOKEN));
    let text = format!("<a>{}</a>", "x".repeat(2 * LONGEST_TOKEN));
    let name = format!("<{}/>", "x".repeat(2 * LONGEST_NAME));
    for text in [
        "<a>",
        "<a></b>",
        "</a>",
        "<a",
        "<a b",
        "<a b=1/>",
        "<a b/>",
        "<a b='1/>",
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>",
        "<a><!-- </a>",
        "<a/><b/>",
        "< a/>",
        "<a></a></a>",
        &deep,
        &long,
        &text,
        &name,
    ] {
        let shown: String = text.chars().take(60).collect();
        assert!(matches!(all(text), Err(Fault::Broken(_) | Fault::TooMuch(_))), "{shown}");
    }
    assert!(matches!(
        tokens(
            Xml::new(&b"<a>12345</a>"[..], bound(8)).unwrap_or_else(|_| Xml::new(
                &b"<"[..],
                bound(8)
            )
            .unwrap())
        ),
        Err(Fault::Broken(_))
    ));
}

#[test]
fn parts_may_be_in_other_encodings() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é東</a>";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let with = |bom: &[u8], bytes: &[u8]| [bom, bytes].concat();
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9\x80</a>".to_vec();
    for (bytes, expected) in [
        (with(b"\xff\xfe", &little), "\"é東"),
        (with(b"\xfe\xff", &big), "\"é東"),
        (little.clone(), "\"é東"),
        (big, "\"é東"),
        (with(b"\xef\xbb\xbf", "<a>é東</a>".as_bytes()), "\"é東"),
        (latin, "\"é€"),
        // It says UTF-16 and is not.
        (text.as_bytes().to_vec(), "\"é東"),
    ] {
        for count in [1, 7, 1000] {
            let found = tokens(Xml::new(Drip(&bytes, count), bound(1 << 20)).unwrap()).unwrap();
            assert_eq!(found, ["<a", expected, "/"]);
        }
    }
}
