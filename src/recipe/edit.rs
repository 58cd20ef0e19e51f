//! One setting changed in the text of a recipe, which keeps its comments, its order and everything
//! else.
//!
//! A line that is added says in a comment who added it and why; only such a line is changed later.
//! What the user wrote stays, unless that is asked for. A text in which the setting has no plain
//! place (an inline table, say) is not touched: what comes out is read again and must be the same
//! recipe with the one value. So it is with a [whole section](section) that is ours.

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// What became of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The text has it now.
    Written {
        /// The text.
        text: String,
        /// What stood there before.
        before: Option<String>,
    },
    /// The recipe says so already.
    Same,
    /// The user says something else, which stays.
    Held {
        /// What the user says.
        said: String,
    },
    /// The text has no place where it could be put without touching something else.
    NoPlace,
}

/// A setting and why it is so.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The section and the keys below it.
    pub path: &'a [&'a str],
    /// The value.
    pub value: &'a Value,
    /// Who makes the change: the first word of the comment, by which a later change knows its own.
    pub by: &'a str,
    /// The rest of the comment.
    pub why: &'a str,
    /// Whether it takes the place of what the user wrote.
    pub force: bool,
}

impl Change<'_> {
    /// The line behind the header of the section, as it would be added.
    pub fn line(&self) -> String {
        line(self.path.get(1..).unwrap_or_default(), self)
    }

    /// Makes the change.
    pub fn make(&self, text: &str) -> Edit {
        let Ok(root) = DeTable::parse(text) else { return Edit::NoPlace };
        let Ok(before) = text.parse::<Table>() else { return Edit::NoPlace };
        let edit = match look(root.get_ref(), self.path) {
            Look::Leaf(span) => self.replace(text, &before, span),
            Look::Blocked(span) => Edit::Held { said: part(text, span) },
            Look::Missing => self.add(text, &leaves(root.get_ref())),
        };
        let Edit::Written { text: after, .. } = &edit else { return edit };
        let mut wanted = before;
        put(&mut wanted, self.path, self.value.clone());
        if after.parse::<Table>().is_ok_and(|found| found == wanted) { edit } else { Edit::NoPlace }
    }

    fn replace(&self, text: &str, before: &Table, span: Range<usize>) -> Edit {
        if get(before, self.path) == Some(self.value) {
            return Edit::Same;
        }
        let said = part(text, span.clone());
        let rest = text.get(span.end..).unwrap_or_default();
        let tail = rest.find(['\n', '\r']).map_or(rest.len(), |end| end);
        let comment = rest.get(..tail).unwrap_or_default().trim();
        let own = comment.strip_prefix('#').is_some_and(|text| self.is_own(text));
        if !own && !self.force {
            return Edit::Held { said };
        }
        // What the user says about the line stays, behind what is said now.
        let kept = if own || comment.is_empty() {
            String::new()
        } else {
            format!("; before: {}", comment.trim_start_matches('#').trim())
        };
        let (head, tail) = (text.get(..span.start), rest.get(tail..));
        let middle = format!("{}  # {} {}{}", self.value, self.by, plain(self.why), plain(&kept));
        let text = [head.unwrap_or_default(), &middle, tail.unwrap_or_default()].concat();
        Edit::Written { text, before: Some(said) }
    }

    fn is_own(&self, comment: &str) -> bool {
        comment.trim().strip_prefix(self.by).is_some_and(|rest| rest.starts_with(' '))
    }

    /// Adds the line behind the last one of the nearest table that has a header; without one, both at
    /// the end.
    fn add(&self, text: &str, leaves: &[Range<usize>]) -> Edit {
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let headers = headers(text, leaves);
        for depth in (1..self.path.len()).rev() {
            let (table, rest) = self.path.split_at(depth);
            let Some(place) = headers.iter().position(|header| header.names == table) else {
                continue;
            };
            let (Some(header), next) = (headers.get(place), headers.get(place + 1)) else {
                continue;
            };
            let until = next.map_or(text.len(), |next| next.start);
            let own = leaves.iter().filter(|leaf| header.end <= leaf.start && leaf.start < until);
            let last = own.map(|leaf| leaf.end).max().unwrap_or(header.end);
            let at =
                text.get(last..).and_then(|rest| rest.find('\n')).map(|found| last + found + 1);
            let (head, tail) = text.split_at(at.unwrap_or(text.len()));
            let gap = if head.ends_with('\n') { "" } else { end };
            let text = format!("{head}{gap}{}{end}{tail}", line(rest, self));
            return Edit::Written { text, before: None };
        }
        let Some((section, rest)) = self.path.split_first() else { return Edit::NoPlace };
        let mut after = text.trim_end().to_owned();
        if !after.is_empty() {
            after.push_str(end);
            after.push_str(end);
        }
        after = format!("{after}[{section}]{end}{}{end}", line(rest, self));
        Edit::Written { text: after, before: None }
    }
}

/// The text of a recipe with a section of this name, and those below it, in place of what it has of them: `lines`
/// are all of it, with headers. It stands at the end; comments between the lines of the earlier one go with it, others
/// stay. Nothing where the earlier one has no headers of its own, as in `name.key = 1`, or the text is no TOML.
pub fn section(text: &str, name: &str, lines: &str) -> Option<String> {
    let root = DeTable::parse(text).ok()?;
    let mut wanted: Table = text.parse().ok()?;
    wanted.remove(name);
    wanted.extend(lines.parse::<Table>().ok()?);
    let leaves = leaves(root.get_ref());
    let headers = headers(text, &leaves);
    let mut after = String::with_capacity(text.len() + lines.len() + 4);
    let mut from = 0;
    for (place, header) in headers.iter().enumerate() {
        if header.names.first() != Some(&name) {
            continue;
        }
        let next = headers.get(place + 1).map_or(text.len(), |next| next.start);
        let own = leaves.iter().filter(|leaf| header.end <= leaf.start && leaf.start < next);
        let last = own.map(|leaf| leaf.end).max().unwrap_or(header.end);
        let line = |at: usize| {
            let rest = text.get(at..next).unwrap_or_default();
            at + rest.find('\n').map_or(rest.len(), |end| end + 1)
        };
        let mut to = if last == header.end { last } else { line(last) };
        // Blank lines behind it go with it.
        while to < next && text.get(to..line(to)).is_some_and(|line| line.trim().is_empty()) {
            to = line(to);
        }
        after.push_str(text.get(from..header.start)?);
        from = to;
    }
    after.push_str(text.get(from..)?);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    after.truncate(after.trim_end().len());
    if !after.is_empty() {
        after.push_str(end);
        after.push_str(end);
    }
    for line in lines.lines() {
        after.push_str(line);
        after.push_str(end);
    }
    after.parse::<Table>().is_ok_and(|found| found == wanted).then_some(after)
}

/// Sets a value in a table; what is in the way is replaced.
pub fn put(table: &mut Table, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        table.insert((*first).to_owned(), value);
        return;
    }
    let inner = table.entry(*first).or_insert_with(|| Table::new().into());
    if !inner.is_table() {
        *inner = Table::new().into();
    }
    if let Some(inner) = inner.as_table_mut() {
        put(inner, rest, value);
    }
}

fn get<'a>(table: &'a Table, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(*first)?;
    if rest.is_empty() { Some(value) } else { get(value.as_table()?, rest) }
}

fn line(keys: &[&str], change: &Change<'_>) -> String {
    format!("{} = {}  # {} {}", keys.join("."), change.value, change.by, plain(change.why))
}

/// A comment ends with its line.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What stands at a path.
enum Look {
    Leaf(Range<usize>),
    /// A value that is no table stands where one would have to.
    Blocked(Range<usize>),
    Missing,
}

fn look(table: &DeTable<'_>, path: &[&str]) -> Look {
    let Some((first, rest)) = path.split_first() else { return Look::Missing };
    let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == first) else {
        return Look::Missing;
    };
    match (value.get_ref(), rest) {
        (_, []) => Look::Leaf(value.span()),
        (DeValue::Table(inner), rest) => look(inner, rest),
        _ => Look::Blocked(value.span()),
    }
}

/// Where the values stand that are no tables.
fn leaves(table: &DeTable<'_>) -> Vec<Range<usize>> {
    fn gather(value: &Spanned<DeValue<'_>>, spans: &mut Vec<Range<usize>>) {
        match value.get_ref() {
            DeValue::Table(inner) => inner.iter().for_each(|(_, value)| gather(value, spans)),
            // Tables with a header each stand in a list as well.
            DeValue::Array(list) if list.iter().any(|one| one.get_ref().is_table()) => {
                list.iter().for_each(|value| gather(value, spans));
            }
            _ => spans.push(value.span()),
        }
    }
    let mut spans = Vec::new();
    table.iter().for_each(|(_, value)| gather(value, &mut spans));
    spans
}

fn part(text: &str, span: Range<usize>) -> String {
    text.get(span).unwrap_or_default().to_owned()
}

/// A line such as `[vome.invite]`.
struct Header<'a> {
    names: Vec<&'a str>,
    start: usize,
    end: usize,
}

fn headers<'a>(text: &'a str, leaves: &[Range<usize>]) -> Vec<Header<'a>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        // A line of a text or list that goes over several is none.
        let inside = leaves.iter().any(|leaf| leaf.start < start && start < leaf.end);
        // What marks a text as UTF-8 may stand in front of the first one.
        let shown = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if let Some(rest) = shown.strip_prefix('[').filter(|_| !inside) {
            let name = rest.split(']').next().unwrap_or_default();
            let names = name.split('.').map(|name| name.trim().trim_matches(['"', '\'']));
            found.push(Header { names: names.collect(), start, end });
        }
        start = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change<'a>(path: &'a [&'a str], value: &'a Value) -> Change<'a> {
        Change { path, value, by: "probe", why: "2026-11-26: it said so", force: false }
    }

    #[test]
    fn a_setting_is_put_where_it_belongs_and_nothing_else_changes() {
        let value = Value::from("user_data");
        for (before, path, after) in [
            (
                "",
                &["vome", "records_key", "upsert"][..],
                "[vome]\nrecords_key.upsert = \"user_data\"  # probe 2026-11-26: it said so\n",
            ),
            (
                "# mine\ntarget = \"vome\"",
                &["vome", "a"],
                "# mine\ntarget = \"vome\"\n\n[vome]\na = \"user_data\"  # probe 2026-11-26: it said so\n",
            ),
            (
                "[vome]  # here\nrate = 2 # kept\n\n# about columns\n[columns]\na = \"email\"\n",
                &["vome", "a"],
                "[vome]  # here\nrate = 2 # kept\na = \"user_data\"  # probe 2026-11-26: it said so\n\n# about columns\n[columns]\na = \"email\"\n",
            ),
            (
                "[vome]\n[vome.records_key]\ncreate = \"x\"",
                &["vome", "records_key", "upsert"],
                "[vome]\n[vome.records_key]\ncreate = \"x\"\nupsert = \"user_data\"  # probe 2026-11-26: it said so\n",
            ),
            (
                "[vome.invite]\nenabled = false\n",
                &["vome", "a"],
                "[vome.invite]\nenabled = false\n\n[vome]\na = \"user_data\"  # probe 2026-11-26: it said so\n",
            ),
            (
                "[vome]\nnote = \"\"\"\n[vome]\n\"\"\"\nlist = [\n  1,\n]\n",
                &["vome", "a"],
                "[vome]\nnote = \"\"\"\n[vome]\n\"\"\"\nlist = [\n  1,\n]\na = \"user_data\"  # probe 2026-11-26: it said so\n",
            ),
            (
                "[vome]\r\nrate = 1\r\n",
                &["vome", "a"],
                "[vome]\r\nrate = 1\r\na = \"user_data\"  # probe 2026-11-26: it said so\r\n",
            ),
            (
                "[vome]\na = \"x\"  # probe 2025-01-01: once\nb = 1\n",
                &["vome", "a"],
                "[vome]\na = \"user_data\"  # probe 2026-11-26: it said so\nb = 1\n",
            ),
        ] {
            let Edit::Written { text, .. } = change(path, &value).make(before) else {
                panic!("{before}: {:?}", change(path, &value).make(before));
            };
            assert_eq!(text, after);
            assert_eq!(change(path, &value).make(&text), Edit::Same, "twice is once");
        }
    }

    #[test]
    fn what_the_user_wrote_stays_unless_that_is_asked_for() {
        let value = Value::from("new");
        let path = ["vome", "a"];
        let text = "[vome]\na = \"old\"  # by hand\n";
        assert_eq!(change(&path, &value).make(text), Edit::Held { said: "\"old\"".into() });
        let forced = Change { force: true, ..change(&path, &value) }.make(text);
        let after = "[vome]\na = \"new\"  # probe 2026-11-26: it said so; before: by hand\n";
        let before = Some("\"old\"".to_owned());
        assert_eq!(forced, Edit::Written { text: after.into(), before });
        let deep = ["vome", "a", "upsert"];
        assert_eq!(change(&deep, &value).make(text), Edit::Held { said: "\"old\"".into() });
        let same = Value::from("old");
        assert_eq!(change(&path, &same).make(text), Edit::Same);
    }

    #[test]
    fn a_text_without_a_plain_place_is_not_touched() {
        let value = Value::from(1);
        for text in ["vome = { rate = 1 }\n", "vome.rate = 1\n", "[vome\n", "[[vome]]\nrate = 1\n"]
        {
            let edit = change(&["vome", "a"], &value).make(text);
            assert!(!matches!(edit, Edit::Written { .. }), "{text}: {edit:?}");
        }
    }

    #[test]
    fn a_section_takes_the_place_of_an_earlier_one_and_leaves_the_rest_alone() {
        let lines = "[pins]  # ours\na = 1\n\n[pins.b]\n\"c\" = 2\n";
        for (before, after) in [
            ("", ""),
            ("target = \"vome\"", "target = \"vome\"\n\n"),
            (
                "# mine\n[ pins ]  # how\nx = 1 # so\n\n# above\n[y]\nz = 1\n",
                "# mine\n# above\n[y]\nz = 1\n\n",
            ),
            ("[pins]\nx = [\n  1,\n]\n# between\ny = 1\n# behind", "# behind\n\n"),
            ("[pins]\n[pins.b]\n\n[\"pins\".d]\ne = 1\n", ""),
            ("\u{feff}[pins]\nx = 1\n[y]\n", "[y]\n\n"),
            ("[y]\nz = \"\"\"\n[pins]\nx\"\"\"\n", "[y]\nz = \"\"\"\n[pins]\nx\"\"\"\n\n"),
            ("[pinsel]\n[pins]\n", "[pinsel]\n\n"),
        ] {
            let expected = format!("{after}{lines}");
            assert_eq!(section(before, "pins", lines).as_deref(), Some(&*expected), "{before}");
            let again = section(&expected, "pins", lines);
            assert_eq!(again.as_deref(), Some(&*expected), "twice is once: {before}");
        }
        let windows = section("[y]\r\nz = 1\r\n\r\n[pins]\r\nx = 1\r\n", "pins", "[pins]\na = 1\n");
        assert_eq!(windows.as_deref(), Some("[y]\r\nz = 1\r\n\r\n[pins]\r\na = 1\r\n"));
        for other in ["pins.a = 1\n", "pins = { a = 1 }\n", "[[pins]]\na = 1\n", "[y]\n[y.pins\n"] {
            assert_eq!(section(other, "pins", lines), None, "{other}");
        }
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        let value = Value::from(true);
        let path = ["vome", "a"];
        let change = Change { why: "a\nb = 1\u{7}", ..change(&path, &value) };
        assert_eq!(change.line(), "a = true  # probe a b = 1 ");
        assert!(matches!(change.make(""), Edit::Written { .. }));
    }
}
