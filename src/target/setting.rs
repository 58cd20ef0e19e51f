//! The settings of a target's section in the recipe, as a table for people: what each decides, and where it
//! stands that this is left to decide.

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its key in the section.
    pub name: &'static str,
    /// What holds without it, as Markdown; `–` where nothing does.
    pub default: &'static str,
    /// What it decides, as Markdown.
    pub says: &'static str,
    /// The document that it goes back to.
    pub source: &'static str,
}

/// One line of a table.
pub(in crate::target) const fn of(
    name: &'static str,
    default: &'static str,
    source: &'static str,
    says: &'static str,
) -> Setting {
    Setting { name, default, says, source }
}

/// A text without the links and the marks of Markdown.
pub fn plain(text: &str) -> String {
    let mut left = text;
    let mut plain = String::with_capacity(text.len());
    while let Some((before, link)) = left.split_once('[') {
        plain.push_str(before);
        let parts =
            link.split_once("](").and_then(|(word, to)| Some((word, to.split_once(')')?.1)));
        // A section of the recipe stands in brackets, too.
        if let Some((word, rest)) = parts.filter(|(word, _)| !word.contains(']')) {
            plain.push_str(word);
            left = rest;
        } else {
            plain.push('[');
            left = link;
        }
    }
    plain.push_str(left);
    plain.replace('`', "")
}

/// Fails where a table lacks a setting or has one too many, and where the page of the documentation says
/// something else.
#[cfg(test)]
pub(in crate::target) fn check<S: serde::de::DeserializeOwned + std::fmt::Debug>(
    id: &str,
    table: &[Setting],
) {
    // The error for a key that is not known lists those that are.
    let error = toml::from_str::<S>("not_known = 1\n").unwrap_err();
    let mut known: Vec<&str> = error.message().split('`').skip(3).step_by(2).collect();
    let mut names: Vec<&str> = table.iter().map(|setting| setting.name).collect();
    known.sort_unstable();
    names.sort_unstable();
    assert_eq!(names, known, "the table of [{id}]");
    let path = format!("{}/docs/{id}.md", env!("CARGO_MANIFEST_DIR"));
    let Ok(page) = std::fs::read_to_string(path) else { return };
    for Setting { name, default, says, .. } in table {
        let row = format!("\n| `{name}` | {default} | {says} |\n");
        assert!(page.contains(&row), "docs/{id}.md does not have this row:{row}");
    }
    let (_, rows) = page.split_once("\n| setting | default |").unwrap();
    let rows = rows.lines().skip(2).take_while(|line| line.starts_with("| `")).count();
    assert_eq!(rows, table.len(), "docs/{id}.md has a row too many");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_read_as_their_words() {
        for (text, expected) in [
            (
                "`\"a\"`: see [read back](reading-back.md), then [b](c.md)",
                "\"a\": see read back, then b",
            ),
            ("`[vome.invite]` (see `x`)", "[vome.invite] (see x)"),
            ("`[omneo.a]`, as [fields.md](fields.md) says", "[omneo.a], as fields.md says"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
