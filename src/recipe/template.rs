//! Templates: a text with the values of columns and fields in braces, `{First name|lower}.{Last name}`.
//!
//! What stands in braces is a header or the name of a field, with filters behind bars. A header that
//! holds braces or bars itself stands in double quotes. Two braces are one brace of the text.

use std::ops::Range;

use super::filter::Filter;
use crate::spelling::nearest;

/// A template, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Its pieces in their order. No two texts stand side by side, and none is empty.
    pub pieces: Vec<Piece>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands in every value.
    Text(String),
    /// The value of a column or a field.
    Part(Part),
}

/// A column or a field that a value is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The header, or the name of a field.
    pub name: String,
    /// What is done to its value.
    pub filters: Vec<Filter>,
    /// Where it is named: in the template, or in the recipe.
    pub span: Range<usize>,
}

/// What is wrong with a template, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// Where in the template.
    pub span: Range<usize>,
    /// What to do.
    pub help: String,
}

impl Template {
    /// Takes a template apart.
    ///
    /// # Errors
    /// A [`Fault`] when braces do not match, nothing stands between them, or a filter is unknown.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let mut reader = Reader { text, at: 0 };
        let mut pieces = Vec::new();
        let mut plain = String::new();
        while let Some(c) = reader.next() {
            match c {
                '{' | '}' if reader.peek() == Some(c) => {
                    reader.next();
                    plain.push(c);
                }
                '{' => {
                    if !plain.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut plain)));
                    }
                    pieces.push(Piece::Part(reader.part()?));
                }
                '}' => {
                    let message = "a brace is closed that was never opened";
                    let help = "write }} for a brace that stands in the text";
                    return Err(fault(message, reader.at - 1..reader.at, help));
                }
                c => plain.push(c),
            }
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self { pieces })
    }

    /// The columns and fields that it is made of.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Part(part) => Some(part),
        })
    }

    /// The text of a template without parts.
    pub fn constant(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }
}

impl std::fmt::Display for Template {
    /// Writes it so that [`Template::parse`] reads it again.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => {
                    f.write_str(&text.replace('{', "{{").replace('}', "}}"))?;
                }
                Piece::Part(part) => {
                    write!(f, "{{{}", written(&part.name))?;
                    for filter in &part.filters {
                        write!(f, "|{}", filter.name())?;
                    }
                    f.write_str("}")?;
                }
            }
        }
        Ok(())
    }
}

/// A name as it stands in braces: in quotes where it could be read as something else.
fn written(name: &str) -> String {
    let odd = name.contains(['{', '}', '|']) || name.starts_with('"') || name.trim() != name;
    if odd || name.is_empty() {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// What stands behind an opening brace, the closing one included.
    fn part(&mut self) -> Result<Part, Fault> {
        let open = self.at - 1;
        self.skip_spaces();
        let start = self.at;
        let name = if self.peek() == Some('"') {
            self.quoted(open)?
        } else {
            self.until_mark().trim_end().to_owned()
        };
        let end = if self.text.get(start..).is_some_and(|text| text.starts_with('"')) {
            self.at
        } else {
            start + name.len().max(1)
        };
        let mut part = Part { span: start..end, filters: Vec::new(), name };
        if part.name.is_empty() {
            let end = self.at + usize::from(self.peek() == Some('}'));
            let help = "put a header or the name of a field between them: {First name}";
            return Err(fault("nothing stands between the braces", open..end, help));
        }
        loop {
            self.skip_spaces();
            match self.next() {
                Some('}') => return Ok(part),
                Some('|') => part.filters.push(self.filter()?),
                Some('{') => {
                    let message = "a brace is opened inside of braces";
                    let help = "close the first one; {{ is a brace of the text, and a header that \
                                has one stands in double quotes";
                    return Err(fault(message, self.at - 1..self.at, help));
                }
                _ => {
                    let help = "write } behind the name; {{ is a brace that stands in the text";
                    return Err(fault("a brace is never closed", open..open + 1, help));
                }
            }
        }
    }

    /// The text up to the next sign that means something.
    fn until_mark(&mut self) -> &str {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(['{', '}', '|']).unwrap_or(rest.len());
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// A name in double quotes, in which a quote is doubled.
    fn quoted(&mut self, open: usize) -> Result<String, Fault> {
        self.next();
        let mut name = String::new();
        while let Some(c) = self.next() {
            match c {
                '"' if self.peek() == Some('"') => {
                    self.next();
                    name.push('"');
                }
                '"' => return Ok(name),
                c => name.push(c),
            }
        }
        let help = "close the quote behind the header; a quote in it is doubled";
        Err(fault("a quote is never closed", open..self.at, help))
    }

    fn filter(&mut self) -> Result<Filter, Fault> {
        self.skip_spaces();
        let start = self.at;
        let name = self.until_mark().trim_end().to_owned();
        let span = start..start + name.len().max(1);
        Filter::find(&name).ok_or_else(|| {
            let names = Filter::ALL.map(|(name, _)| name);
            let help = match nearest(&name, names.into_iter()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the filters are {}", names.join(", ")),
            };
            fault(&format!("there is no filter `{name}`"), span, &help)
        })
    }
}

fn fault(message: &str, span: Range<usize>, help: &str) -> Fault {
    Fault { message: message.to_owned(), span, help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn templates_are_taken_apart() {
        let part = |name: &str, filters: &[Filter], span: Range<usize>| {
            Piece::Part(Part { name: name.to_owned(), filters: filters.to_vec(), span })
        };
        let text = |text: &str| Piece::Text(text.to_owned());
        for (template, expected) in [
            ("", vec![]),
            ("plain", vec![text("plain")]),
            (
                "{First|ascii|lower}.{ Last }@x",
                vec![
                    part("First", &[Filter::Ascii, Filter::Lower], 1..6),
                    text("."),
                    part("Last", &[], 22..26),
                    text("@x"),
                ],
            ),
            ("{{a}} {b}}}", vec![text("{a} "), part("b", &[], 7..8), text("}")]),
            (r#"{"a|b} ""c"""|upper}"#, vec![part(r#"a|b} "c""#, &[Filter::Upper], 1..13)]),
        ] {
            assert_eq!(Template::parse(template).unwrap().pieces, expected, "{template}");
        }
    }

    #[test]
    fn mistakes_are_shown_inside_the_template() {
        for (template, span, message, help) in [
            ("a{b", 1..2, "never closed", "}"),
            ("a}b", 1..2, "never opened", "}}"),
            ("a{}", 1..3, "nothing", "header"),
            ("{a|lowr}", 3..7, "`lowr`", "`lower`"),
            ("{a|}", 3..4, "no filter ``", "ascii, lower"),
            ("{a{b}}", 2..3, "inside", "close"),
            ("{\"a}", 0..4, "quote", "close"),
            ("é{a", 2..3, "never closed", "}"),
        ] {
            let fault = Template::parse(template).unwrap_err();
            assert_eq!(fault.span, span, "{template}");
            assert!(fault.message.contains(message), "{} lacks {message}", fault.message);
            assert!(fault.help.contains(help), "{} lacks {help}", fault.help);
        }
    }

    fn config() -> ProptestConfig {
        let usual = ProptestConfig::default();
        ProptestConfig { cases: usual.cases * 8, failure_persistence: None, ..usual }
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn no_text_breaks_the_reading_of_templates(text in r#"[{}|"a é\n]{0,16}"#) {
            match Template::parse(&text) {
                Ok(template) => {
                    let again = Template::parse(&template.to_string()).unwrap();
                    prop_assert_eq!(again.to_string(), template.to_string());
                }
                Err(fault) => {
                    prop_assert!(fault.span.start < fault.span.end);
                    prop_assert!(fault.span.end <= text.len() + 1);
                }
            }
        }

        #[test]
        fn a_text_and_a_header_come_back_as_they_were(
            text in r#"[{}|"a é]{0,12}"#,
            name in r#"[{}|"a é]{1,12}"#,
        ) {
            let escaped = text.replace('{', "{{").replace('}', "}}");
            let constant = Template::parse(&escaped).unwrap();
            prop_assert_eq!(constant.constant(), Some(text.as_str()));
            let part = Part { name, ..Part::default() };
            let template = Template {
                pieces: vec![Piece::Part(part), Piece::Text(text.clone() + ".")],
            };
            let again = Template::parse(&template.to_string()).unwrap();
            let names: Vec<&str> = again.parts().map(|part| part.name.as_str()).collect();
            let expected: Vec<&str> = template.parts().map(|part| part.name.as_str()).collect();
            prop_assert_eq!(names, expected);
            prop_assert_eq!(again.pieces.last(), template.pieces.last());
        }
    }
}
