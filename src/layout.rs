//! How a record becomes JSON: a plan made once from the fields in use, followed for every person.
//!
//! A field's path says where its value goes: `profile_data.email` is a key in an object,
//! `addresses.1.city` a key in the first object of a list, `identities.@pos.identifier` one in the object
//! of a list that is called so among us only; a dot that belongs to a key is written `\.`. Containers open
//! when their first value comes and close behind their last; what has no value leaves no trace.

mod lead;
mod value;

use std::collections::BTreeMap;

use self::lead::Lead;
use crate::record::{DateForm, Field, Kind, Record, Value, is_entry};

/// Stands behind a person's object where another one follows it, and behind that one: what is sent apart
/// from the person ([`Around::aside`]). No JSON has this byte as it is (RFC 8259 section 7; RFC 7464 puts
/// it between texts).
pub const ASIDE: u8 = 0x1e;

/// One value's way into the payload.
#[derive(Clone, Debug)]
struct Leaf {
    /// The slot of the record.
    slot: usize,
    /// The containers around it, outermost first.
    containers: Vec<Container>,
    /// What is written before the value, by the number of its containers that are open already: a comma,
    /// the other containers, its key and constants that go with it.
    leads: Vec<Vec<u8>>,
    /// All that is written before it where the leaf before it has a value, as nearly always: what closes
    /// containers of that one, and its own lead.
    behind: Vec<u8>,
    /// The same with the quote that opens a text.
    quoted: Lead,
    /// What is written behind it.
    after: Vec<u8>,
    /// The slot whose own value makes `after` needless; one that is to be cleared does not.
    unless: Option<usize>,
    /// The slot with whose value goes a constant for this leaf, which then is not cleared.
    with: Option<usize>,
    /// Whether it is an entry of a list of plain values, and not a part of one.
    in_list: bool,
    /// What stands before day, month and year where a date is written as three numbers.
    parts: Option<[Vec<u8>; 3]>,
    written: Written,
    /// Whether a text in it is written as JSON has it, and nothing behind it.
    is_bare: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Container {
    /// The number of its name on the way from the root: equal names are one container.
    number: usize,
    /// `"key":{`, `"key":[`, `{`, …
    open: Vec<u8>,
    close: u8,
}

/// The plan for one run: the order of the leaves is that of the slots.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    leaves: Vec<Leaf>,
    /// Leaves of what is sent apart from the person.
    aside: Vec<Leaf>,
    /// Whether a value that clears its field is left out.
    leaves_out_nulls: bool,
    /// A container that is written though nothing is in it, with the slots of what may be.
    always: Option<(&'static str, Vec<usize>)>,
}

/// Constants that a target writes around the value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// JSON between the field's key and its value.
    pub before: String,
    /// JSON behind its value.
    pub after: String,
    /// The field with whose value, where it has one that is not null, `after` is left out.
    pub unless: Option<&'static str>,
    /// JSON at the beginning of the object that holds the value, with the comma behind it.
    pub opening: String,
    /// The same for other containers around it: their paths and what they begin with.
    pub containers: Vec<(String, String)>,
    /// How the value itself is written.
    pub written: Written,
    /// Whether it is sent apart from the person, in an object of its own behind it.
    pub aside: bool,
}

/// How a value is written, where its kind leaves a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// As JSON has it: numbers, booleans and lists as such.
    #[default]
    Native,
    /// Numbers and booleans as text.
    Text,
    /// A list as one text, with this between its entries.
    Joined(String),
    /// The entries of a list, which are numbers, without quotes.
    Numbers,
    /// A day or moment by a format of `strftime`.
    Format(String),
    /// A code by its name: pairs of both, in the order of the codes.
    Named(&'static [(&'static str, &'static str)]),
    /// Text with this in front of it.
    Behind(String),
    /// Text as the last part of a path behind this: what has a meaning in a path is percent-encoded
    /// (RFC 3986 section 2.1).
    InPath(String),
}

impl Layout {
    /// Plans for the fields in use, in the order of their slots, but for those of one container, which
    /// are written together, lists by their numbers. `around` gives the constants of a field.
    pub fn new<'a>(
        fields: impl Iterator<Item = &'a Field>,
        around: &dyn Fn(&Field) -> Around,
    ) -> Self {
        let fields: Vec<&Field> = fields.collect();
        let places = places(&fields);
        let (mut own, mut apart) = (Vec::new(), Vec::new());
        let mut names = Names::default();
        let leaves =
            places.into_iter().zip(fields.iter().enumerate()).map(|(place, (slot, field))| {
                let around = around(field);
                let (other, aside) = (around.unless, around.aside);
                let unless = fields.iter().position(|field| Some(field.name.as_ref()) == other);
                let unless = unless.filter(|_| !around.after.is_empty());
                (aside, place, Leaf { unless, ..leaf(slot, field, around, &mut names) })
            });
        let leaves: Vec<_> = leaves.collect();
        let withs: Vec<(usize, usize)> =
            leaves.iter().filter_map(|(_, _, leaf)| Some((leaf.unless?, leaf.slot))).collect();
        for (aside, place, mut leaf) in leaves {
            leaf.with = withs.iter().find(|(slot, _)| *slot == leaf.slot).map(|(_, with)| *with);
            let leaves: &mut Vec<(Vec<usize>, Leaf)> = if aside { &mut apart } else { &mut own };
            leaves.push((place, leaf));
        }
        let [leaves, aside] = [own, apart].map(|mut leaves| {
            leaves.sort_by(|(a, _), (b, _)| a.cmp(b));
            let mut leaves: Vec<Leaf> = leaves.into_iter().map(|(_, leaf)| leaf).collect();
            join(&mut leaves);
            leaves
        });
        Self { leaves, aside, leaves_out_nulls: false, always: None }
    }

    /// With a container of the person that is there for everybody, empty or not; `fields` are those that the layout
    /// was made for.
    #[must_use]
    pub fn with_container(self, name: &'static str, fields: &[Field]) -> Self {
        let is_in = |field: &Field| field.path.split('.').next() == Some(name);
        let slots = fields.iter().enumerate().filter(|(_, field)| is_in(field));
        let always = Some((name, slots.map(|(slot, _)| slot).collect()));
        Self { always, ..self }
    }

    /// For people who are not there yet: they have nothing that could be cleared.
    #[must_use]
    pub fn of_new_people(self) -> Self {
        Self { leaves_out_nulls: true, ..self }
    }

    /// Whether it is for people who are not there yet.
    pub fn is_of_new_people(&self) -> bool {
        self.leaves_out_nulls
    }

    /// Whether something may be sent apart from a person.
    pub fn has_asides(&self) -> bool {
        !self.aside.is_empty()
    }

    /// What is written of a slot.
    fn value<'r>(&self, record: &'r Record<'_>, slot: usize) -> Option<Value<'r>> {
        record.get(slot).filter(|value| !self.leaves_out_nulls || !matches!(value, Value::Null))
    }

    /// Appends the record as one JSON object; where it has something that is sent apart, as two, with
    /// [`ASIDE`] behind each.
    pub fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        self.write_leaves(&self.leaves, record, out);
        if let Some((name, slots)) = &self.always
            && !slots.iter().any(|slot| self.value(record, *slot).is_some())
        {
            out.pop();
            let comma = if out.ends_with(b"{") { "" } else { "," };
            out.extend_from_slice(format!("{comma}\"{name}\":{{}}}}").as_bytes());
        }
        if self.aside.iter().any(|leaf| self.value(record, leaf.slot).is_some()) {
            out.push(ASIDE);
            self.write_leaves(&self.aside, record, out);
            out.push(ASIDE);
        }
    }

    fn write_leaves(&self, leaves: &[Leaf], record: &Record<'_>, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut open: &[Container] = &[];
        let mut is_first = true;
        // The leaf behind the one whose value was written last, if containers are open as it left them.
        let mut next = None;
        for (index, leaf) in leaves.iter().enumerate() {
            // Nearly all values are texts behind one that was written.
            if next == Some(index)
                && leaf.is_bare
                && let Some(text) = record.bytes(leaf.slot)
            {
                leaf.quoted.write(out);
                value::end_text(text, out);
                open = &leaf.containers;
                next = Some(index + 1);
                continue;
            }
            let Some(value) = self.value(record, leaf.slot) else { continue };
            let has_value = |slot: usize| {
                self.value(record, slot).is_some_and(|value| !matches!(value, Value::Null))
            };
            if matches!(value, Value::Null) && leaf.with.is_some_and(has_value) {
                continue;
            }
            if matches!(value, Value::Null) && leaf.in_list && is_cleared(leaves, record, leaf) {
                // A list of nulls is no empty list: the first entry clears the whole.
                if leads_its_list(leaves, record, leaf) {
                    open = leaf.clear_list((open, is_first), out);
                    (is_first, next) = (false, None);
                }
                continue;
            }
            if next == Some(index) {
                out.extend_from_slice(&leaf.behind);
            } else {
                let lead = leaf.lead(open, out);
                // Nothing stands before the first value of all, so it needs no comma.
                out.extend_from_slice(lead.get(usize::from(is_first)..).unwrap_or_default());
            }
            (is_first, next) = (false, Some(index + 1));
            open = &leaf.containers;
            if let Some(parts) = &leaf.parts {
                value::write_parts(value, parts, leaf.written == Written::Text, out);
                continue;
            }
            value::write(value, &leaf.written, out);
            if leaf.after.is_empty() {
                continue;
            }
            // A constant goes with a value, not with its absence.
            let gives_way = leaf.unless.is_some_and(has_value);
            if !gives_way && (!matches!(value, Value::Null) || leaf.after == b"}") {
                out.extend_from_slice(&leaf.after);
            }
        }
        close(open, 0, out);
        out.push(b'}');
    }
}

impl Leaf {
    /// Closes the containers that its value does not stand in, and gives what is written then.
    fn lead(&self, open: &[Container], out: &mut Vec<u8>) -> &[u8] {
        let shared = shared(open, &self.containers);
        close(open, shared, out);
        self.leads.get(shared).map_or(&[], Vec::as_slice)
    }

    /// Writes `null` for the list around it, and gives the containers that are open then.
    fn clear_list(
        &self,
        (open, is_first): (&[Container], bool),
        out: &mut Vec<u8>,
    ) -> &[Container] {
        let Some((list, outer)) = self.containers.split_last() else { return &[] };
        let shared = shared(open, outer);
        close(open, shared, out);
        if !is_first {
            out.push(b',');
        }
        for container in outer.iter().skip(shared) {
            out.extend_from_slice(&container.open);
        }
        out.extend_from_slice(list.open.strip_suffix(b"[").unwrap_or(&list.open));
        out.extend_from_slice(b"null");
        outer
    }
}

/// Puts down for each leaf what is written behind a value of the leaf before it.
fn join(leaves: &mut [Leaf]) {
    let mut open: Vec<Container> = Vec::new();
    for leaf in leaves {
        let mut behind = Vec::new();
        let lead = leaf.lead(&open, &mut behind);
        behind.extend_from_slice(lead);
        leaf.quoted = Lead::new(&[behind.as_slice(), b"\""].concat());
        leaf.behind = behind;
        open.clone_from(&leaf.containers);
    }
}

/// How many containers of a value are open already.
fn shared(open: &[Container], wanted: &[Container]) -> usize {
    open.iter().zip(wanted).take_while(|(a, b)| a.number == b.number).count()
}

/// The numbers of containers, by their names on the way from the root.
#[derive(Default)]
struct Names(BTreeMap<String, usize>);

impl Names {
    fn number(&mut self, name: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

/// Whether no entry of the list around a leaf has a value.
fn is_cleared(leaves: &[Leaf], record: &Record<'_>, leaf: &Leaf) -> bool {
    let mut values = beside(leaves, leaf).filter_map(|other| record.get(other.slot));
    values.all(|value| value == Value::Null)
}

/// Whether a leaf is the first of its list that the record has.
fn leads_its_list(leaves: &[Leaf], record: &Record<'_>, leaf: &Leaf) -> bool {
    let first = beside(leaves, leaf).find(|other| record.get(other.slot).is_some());
    first.is_some_and(|first| first.slot == leaf.slot)
}

/// The leaves of the list around a leaf.
fn beside<'l>(leaves: &'l [Leaf], leaf: &'l Leaf) -> impl Iterator<Item = &'l Leaf> {
    leaves.iter().filter(|other| other.containers == leaf.containers)
}

/// Where each field stands in the payload: for each part of its path the number that it is, or when
/// its container was first named.
fn places(fields: &[&Field]) -> Vec<Vec<usize>> {
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(fields.len());
    for field in fields {
        let mut own = Vec::new();
        for (prefix, last) in segments(&field.path) {
            let count = named.len();
            let first = *named.entry(prefix).or_insert(count);
            own.push(last.parse().unwrap_or(first));
        }
        all.push(own);
    }
    all
}

/// The parts of a path, each behind the path up to and with it. A dot behind a backslash parts nothing.
pub fn segments(path: &str) -> Vec<(&str, &str)> {
    let escaped = |at: &usize| path.get(..*at).is_some_and(|before| before.ends_with('\\'));
    let dots = path.match_indices('.').map(|(at, _)| at).filter(|at| !escaped(at));
    let mut start = 0;
    let mut all = Vec::new();
    for end in dots.chain([path.len()]) {
        all.extend(path.get(..end).zip(path.get(start..end)));
        start = end + 1;
    }
    all
}

fn leaf(slot: usize, field: &Field, around: Around, names: &mut Names) -> Leaf {
    let mut containers: Vec<Container> = Vec::new();
    let segments = segments(&field.path);
    let mut before = Vec::new();
    for (depth, (prefix, segment)) in segments.iter().enumerate() {
        let key = segment.replace("\\.", ".");
        let key = if is_entry(segment) { String::new() } else { format!("\"{key}\":") };
        match segments.get(depth + 1) {
            Some((_, next)) => {
                let (bracket, close) = if is_entry(next) { ('[', b']') } else { ('{', b'}') };
                let innermost = depth + 2 == segments.len() && bracket == '{';
                let mut open = format!("{key}{bracket}");
                let named = around.containers.iter().filter(|(path, _)| path == prefix);
                open.extend(named.map(|(_, opening)| opening.as_str()));
                open.push_str(if innermost { around.opening.as_str() } else { "" });
                let (number, open) = (names.number(prefix), open.into_bytes());
                containers.push(Container { number, open, close });
            }
            None => before.extend_from_slice(key.as_bytes()),
        }
    }
    before.extend_from_slice(around.before.as_bytes());
    let in_list = before.is_empty() && containers.last().is_some_and(|list| list.close == b']');
    let parts = match field.kind {
        Kind::Date(DateForm::Parts([day, month, year])) => {
            before.clear();
            Some([format!("\"{day}\":"), format!(",\"{month}\":"), format!(",\"{year}\":")])
        }
        _ => None,
    };
    let parts = parts.map(|parts| parts.map(String::into_bytes));
    let lead = |shared: usize| {
        let opened = containers.iter().skip(shared).map(|container| container.open.as_slice());
        [b",".as_slice()]
            .into_iter()
            .chain(opened)
            .chain([before.as_slice()])
            .collect::<Vec<_>>()
            .concat()
    };
    let leads = (0..=containers.len()).map(lead).collect();
    let Around { after, written, .. } = around;
    let (after, behind) = (after.into_bytes(), Vec::new());
    let quoted = Lead::default();
    let is_bare = written == Written::Native && parts.is_none() && after.is_empty();
    Leaf {
        slot,
        containers,
        leads,
        behind,
        quoted,
        after,
        unless: None,
        with: None,
        in_list,
        parts,
        written,
        is_bare,
    }
}

fn close(open: &[Container], down_to: usize, out: &mut Vec<u8>) {
    for container in open.iter().skip(down_to).rev() {
        out.push(container.close);
    }
}

/// A text as one part of an address: everything but the letters, digits and signs that RFC 3986
/// section 2.3 leaves as they are is written by its bytes.
pub fn escape(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            part.push(char::from(byte));
        } else {
            part.push('%');
            for half in [byte >> 4, byte & 0x0f] {
                part.extend(
                    char::from_digit(u32::from(half), 16).map(|it| it.to_ascii_uppercase()),
                );
            }
        }
    }
    part
}

#[cfg(test)]
mod tests;
