//! HTML that is written, not glued: whatever comes as text is escaped, because there is no other way in.

use crate::visible::harmless;

/// A piece of a page. Tags and attributes are named in the source of this program; their values and all
/// text are escaped on the way in, and what could turn a line round or hide is shown as an escape.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

/// Attributes with their values.
type Attributes<'a> = [(&'static str, &'a str)];

impl Markup {
    /// The beginning of a document.
    pub(super) fn document() -> Self {
        Self("<!doctype html>\n<html lang=\"en\">\n".to_owned())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds text.
    pub(super) fn text(&mut self, text: &str) {
        for c in harmless(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                '=' => self.0.push_str("&#61;"),
                '`' => self.0.push_str("&#96;"),
                c => self.0.push(c),
            }
        }
    }

    /// Adds an element that has no end.
    pub(super) fn void(&mut self, tag: &'static str, attributes: &Attributes<'_>) {
        self.0.push('<');
        self.0.push_str(tag);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// Adds an element with what is written into it.
    pub(super) fn within(
        &mut self,
        tag: &'static str,
        attributes: &Attributes<'_>,
        inside: impl FnOnce(&mut Self),
    ) {
        self.void(tag, attributes);
        inside(self);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push_str(">\n");
    }

    /// Adds an element that holds text.
    pub(super) fn element(&mut self, tag: &'static str, attributes: &Attributes<'_>, text: &str) {
        self.void(tag, attributes);
        self.text(text);
        self.0.push_str("</");
        self.0.push_str(tag);
        self.0.push('>');
    }

    /// Adds an element that holds a part of this program, as it is.
    pub(super) fn asset(
        &mut self,
        tag: &'static str,
        attributes: &Attributes<'_>,
        asset: &'static str,
    ) {
        self.within(tag, attributes, |inside| inside.trusted(asset));
    }

    /// Adds a part of this program, as it is.
    pub(super) fn trusted(&mut self, asset: &'static str) {
        self.0.push_str(asset);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_never_markup() {
        let mut page = Markup::default();
        page.element(
            "p",
            &[("title", "\" onclick='x()' `")],
            "</p><img src=x onerror=\"a\">\u{202e}&",
        );
        assert_eq!(
            page.as_str(),
            "<p title=\"&quot; onclick&#61;&#39;x()&#39; &#96;\">&lt;/p&gt;&lt;img src&#61;x \
             onerror&#61;&quot;a&quot;&gt;\\u{202e}&amp;</p>"
        );
    }
}
