//! The custom fields of an account as a page for people, and in a frozen JSON form, version 1:
//! `schemas/fields.v1.schema.json`.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::Purpose;
use super::gather::Gathered;
use crate::lock::{Account, Change, Entry, What};
use crate::target::Choosable;
use crate::target::harvest::Found;
use crate::visible::visible;

/// How many options stand on a line.
const SHOWN: usize = 6;

/// All that is shown.
pub(super) struct Page<'a> {
    pub(super) title: &'static str,
    pub(super) id: &'static str,
    /// What the lock said.
    pub(super) old: Option<&'a Account>,
    /// What is otherwise than it said; nothing when it said nothing about this account.
    pub(super) changes: Option<&'a [Change]>,
    pub(super) now: &'a Account,
    pub(super) gathered: &'a Gathered,
    pub(super) lock: &'a Path,
    /// The command line that writes the lock anew.
    pub(super) next_line: String,
    pub(super) purpose: Purpose,
}

impl Page<'_> {
    /// Whether the lock does not say what the account has.
    pub(super) fn has_drifted(&self) -> bool {
        self.changes.is_none_or(|changes| changes.iter().any(is_news))
    }

    // Writing to a String cannot fail.
    pub(super) fn text(&self) -> String {
        let Self { title, now, gathered, .. } = self;
        let mut text = format!(
            "{title}, {}: {} on {}, {}\n",
            visible(&now.base_url),
            count(now.profiles, "profile"),
            count(gathered.pages, "page"),
            count(gathered.harvest.fields().len() as u64, "custom field"),
        );
        self.write_changes(&mut text);
        text.push('\n');
        let names = now.fields.iter().map(|entry| visible(&entry.definition.name));
        let widest = names.map(|name| name.chars().count()).max().unwrap_or(0).min(40);
        for entry in &now.fields {
            let _ = writeln!(text, "{}", line(entry, widest));
        }
        if !now.fields.is_empty() {
            text.push('\n');
        }
        self.write_notes(&mut text);
        let lock = visible(&self.lock.display().to_string());
        let _ = match self.purpose {
            Purpose::Write => writeln!(text, "wrote {lock}"),
            Purpose::Check if self.has_drifted() => {
                writeln!(text, "next: {}", self.next_line)
            }
            Purpose::Check => writeln!(text, "{lock} says what the account has"),
        };
        text
    }

    fn write_notes(&self, text: &mut String) {
        let Self { title, id, .. } = self;
        for found in self.gathered.harvest.fields() {
            let Some(strange) = &found.strange else { continue };
            let what = if strange.is_empty() {
                "is shown without a type".to_owned()
            } else {
                format!("is of the type {:?}, which is not known", visible(strange))
            };
            let name = visible(&found.definition.name);
            let _ = writeln!(
                text,
                "{name:?} {what}, and stays out of the lock; to import it, declare it in the recipe \
                 under [[{id}.custom_fields]]"
            );
        }
        match self.gathered.harvest.passed_over {
            0 => {}
            1 => text.push_str("1 entry for a field could not be read and was passed over\n"),
            many => {
                let _ = writeln!(
                    text,
                    "{many} entries for fields could not be read and were passed over"
                );
            }
        }
        let _ = writeln!(
            text,
            "{title} may not show a field that nobody has a value in; declare such a one in the recipe \
             under [[{id}.custom_fields]]"
        );
    }

    fn write_changes(&self, text: &mut String) {
        let lock = visible(&self.lock.display().to_string());
        let Some(old) = self.old else { return };
        let Some(changes) = self.changes else {
            let _ =
                writeln!(text, "{lock} was read from another address, {}", visible(&old.base_url));
            return;
        };
        if changes.is_empty() {
            if self.purpose == Purpose::Write {
                let _ = writeln!(text, "nothing is otherwise than on {}", old.read_on);
            }
            return;
        }
        let _ = writeln!(text, "since {}:", old.read_on);
        for change in changes {
            let _ = writeln!(text, "  {change}");
        }
        let unseen = changes.iter().any(|change| matches!(change.what, What::NotSeen { .. }));
        if unseen {
            text.push_str(
                "  fields that are not seen stay in the lock; --drop-unseen takes them out\n",
            );
        }
    }

    pub(super) fn json(&self) -> String {
        let found = self.gathered.harvest.fields();
        let page = PageV1 {
            version: 1,
            target: self.id,
            base_url: &self.now.base_url,
            read_on: self.now.read_on.to_string(),
            profiles: self.now.profiles,
            pages: self.gathered.pages,
            passed_over: self.gathered.harvest.passed_over,
            incomplete: self.gathered.gap.as_deref(),
            fields: self.now.fields.iter().map(FieldV1::of).collect(),
            unknown_types: found.iter().filter_map(StrangeV1::of).collect(),
            lock: LockV1 {
                path: self.lock.display().to_string(),
                written: self.purpose == Purpose::Write,
                read_on: self.old.map(|old| old.read_on.to_string()),
                base_url: self.old.map(|old| old.base_url.as_str()),
                holds: self.old.is_some() && !self.has_drifted(),
            },
            changes: self.changes.unwrap_or_default().iter().map(ChangeV1::of).collect(),
        };
        // These types hold nothing that JSON has no form for.
        serde_json::to_string_pretty(&page).unwrap_or_default() + "\n"
    }
}

/// Whether a change is one that the lock does not know of.
fn is_news(change: &Change) -> bool {
    change.what != What::NotSeen { had: 0 }
}

/// A number with its noun.
pub(super) fn count(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn line(entry: &Entry, widest: usize) -> String {
    let definition = &entry.definition;
    let name = visible(&definition.name);
    let of = definition.of.word().replace('_', " ");
    let seen = match entry.profiles {
        0 => "in no profile".to_owned(),
        profiles => format!("in {}", count(profiles, "profile")),
    };
    let line = format!("  {name:widest$}  {of:18}  {seen:20}  {}", options(&definition.options));
    line.trim_end().to_owned()
}

fn options(options: &[Choosable]) -> String {
    let shown: Vec<String> = options.iter().take(SHOWN).map(|one| visible(&one.value)).collect();
    let more = match options.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(", … {more} more"),
    };
    shown.join(", ") + &more
}

#[derive(Serialize)]
struct PageV1<'a> {
    version: u32,
    target: &'a str,
    base_url: &'a str,
    read_on: String,
    profiles: u64,
    pages: u64,
    passed_over: u64,
    incomplete: Option<&'a str>,
    fields: Vec<FieldV1<'a>>,
    unknown_types: Vec<StrangeV1<'a>>,
    lock: LockV1<'a>,
    changes: Vec<ChangeV1<'a>>,
}

#[derive(Serialize)]
struct FieldV1<'a> {
    id: Option<&'a str>,
    name: &'a str,
    #[serde(rename = "type")]
    of: &'static str,
    options: Vec<OptionV1<'a>>,
    active: bool,
    profiles: u64,
}

#[derive(Serialize)]
struct OptionV1<'a> {
    id: Option<&'a str>,
    value: &'a str,
}

/// A field of a type that is not known.
#[derive(Serialize)]
struct StrangeV1<'a> {
    id: Option<&'a str>,
    name: &'a str,
    #[serde(rename = "type")]
    of: Option<&'a str>,
}

#[derive(Serialize)]
struct LockV1<'a> {
    path: String,
    written: bool,
    read_on: Option<String>,
    base_url: Option<&'a str>,
    holds: bool,
}

#[derive(Serialize)]
struct ChangeV1<'a> {
    field: &'a str,
    id: Option<&'a str>,
    change: &'static str,
    message: String,
}

impl<'a> FieldV1<'a> {
    fn of(entry: &'a Entry) -> Self {
        let definition = &entry.definition;
        let option = |one: &'a Choosable| OptionV1 { id: one.id.as_deref(), value: &one.value };
        Self {
            id: definition.id.as_deref(),
            name: &definition.name,
            of: definition.of.word(),
            options: definition.options.iter().map(option).collect(),
            active: entry.active,
            profiles: entry.profiles,
        }
    }
}

impl<'a> StrangeV1<'a> {
    fn of(found: &'a Found) -> Option<Self> {
        let of = found.strange.as_deref()?;
        let definition = &found.definition;
        let of = Some(of).filter(|of| !of.is_empty());
        Some(Self { id: definition.id.as_deref(), name: &definition.name, of })
    }
}

impl<'a> ChangeV1<'a> {
    fn of(change: &'a Change) -> Self {
        Self {
            field: &change.field,
            id: change.id.as_deref(),
            change: change.what.word(),
            message: change.to_string(),
        }
    }
}
