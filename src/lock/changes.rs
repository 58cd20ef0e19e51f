//! What is otherwise with the fields of an account than a lock file says, and the lock that says it
//! as it is now.
//!
//! A field is known by its id; only one without an id is known by its name. A field that no profile
//! shows may have been deleted, or nobody has a value in it (that such a field is not shown is inferred
//! from Vome "The Profile object", which shows fields beside their values): it is "not seen".

use std::fmt;

use jiff::civil::Date;

use super::{Account, Entry};
use crate::target::harvest::{Found, Harvest};
use crate::target::{Choosable, Definition, Type};
use crate::visible::visible;

/// One thing that is otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field, by its name in the lock; a new one by its own.
    pub field: String,
    /// Its id, in the lock or of the new field.
    pub id: Option<String>,
    /// What is otherwise.
    pub what: What,
}

/// What is otherwise with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The lock does not have it.
    New {
        /// Its type.
        of: Type,
    },
    /// It has another name.
    Renamed {
        /// The new one.
        is: String,
    },
    /// It is of another type.
    Retyped {
        /// The type in the lock.
        was: Type,
        /// The type now, or the word for one that is not known.
        is: String,
    },
    /// No profile shows it, and a field of the same name with another id is there.
    Remade {
        /// The id of the other.
        is: String,
    },
    /// No profile shows it.
    NotSeen {
        /// How many had a value in it when the lock was written.
        had: u64,
    },
    /// A new option.
    OptionNew {
        /// Its text.
        option: String,
    },
    /// An option that is no longer there.
    OptionGone {
        /// The option in the lock.
        option: Choosable,
    },
    /// The same option with another text.
    OptionRenamed {
        /// The option in the lock.
        was: Choosable,
        /// The new text.
        is: String,
    },
}

impl What {
    /// The word for it in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::New { .. } => "new",
            Self::Renamed { .. } => "renamed",
            Self::Retyped { .. } => "retyped",
            Self::Remade { .. } => "remade",
            Self::NotSeen { .. } => "not_seen",
            Self::OptionNew { .. } => "option_new",
            Self::OptionGone { .. } => "option_gone",
            Self::OptionRenamed { .. } => "option_renamed",
        }
    }

    /// The option of the lock that is not sent as it was any more.
    pub fn lost_option(&self) -> Option<&Choosable> {
        match self {
            Self::OptionGone { option } | Self::OptionRenamed { was: option, .. } => Some(option),
            _ => None,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match &self.what {
            What::New { of } => write!(f, "{field:?} is new ({})", spoken(of.word())),
            What::Renamed { is } => write!(f, "{field:?} is called {is:?} now"),
            What::Retyped { was, is } => {
                let is = visible(&spoken(is));
                write!(f, "{field:?} was of type {} and is {is}", spoken(was.word()))
            }
            What::Remade { is } => write!(
                f,
                "{field:?} is another field now: it was {} and is {}",
                visible(self.id.as_deref().unwrap_or("without an id")),
                visible(is)
            ),
            What::NotSeen { had: 0 } => {
                write!(f, "{field:?} is not seen: nobody has a value in it, or it was deleted")
            }
            What::NotSeen { had } => write!(
                f,
                "{field:?} is not seen: it was deleted or emptied, for {had} {} had a value in it",
                if *had == 1 { "profile" } else { "profiles" }
            ),
            What::OptionNew { option } => write!(f, "{field:?} has the new option {option:?}"),
            What::OptionGone { option } => {
                write!(f, "{field:?} has lost its option {:?}", option.value)
            }
            What::OptionRenamed { was, is } => {
                write!(f, "the option {:?} of {field:?} is called {is:?} now", was.value)
            }
        }
    }
}

/// A word of the file as people say it.
fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

/// The field that a mapping means by an id or a name: the id counts first, then the name as it is
/// written, then in any case; one of several with that name is nobody's.
pub fn named<'a>(fields: &'a [Entry], wanted: &str) -> Option<&'a Entry> {
    let by_id = fields.iter().find(|entry| entry.definition.id.as_deref() == Some(wanted));
    let only = |same: &dyn Fn(&str) -> bool| {
        let mut all = fields.iter().filter(|entry| same(&entry.definition.name));
        all.next().filter(|_| all.next().is_none())
    };
    let folded = wanted.trim().to_lowercase();
    by_id
        .or_else(|| only(&|name| name == wanted))
        .or_else(|| only(&|name| name.trim().to_lowercase() == folded))
}

/// Everything that is otherwise than the lock says, fields of the lock first.
pub fn changes(locked: &[Entry], found: &[Found]) -> Vec<Change> {
    let mut changes = Vec::new();
    for entry in locked {
        let (field, id) = (&entry.definition.name, &entry.definition.id);
        let own = entry_changes(entry, locked, found);
        let change = |what| Change { field: field.clone(), id: id.clone(), what };
        changes.extend(own.into_iter().map(change));
    }
    let remade: Vec<&Found> =
        locked.iter().filter_map(|entry| remade(entry, locked, found)).collect();
    for one in found.iter().filter(|one| one.strange.is_none()) {
        if !locked.iter().any(|entry| is_same(entry, one)) && !remade.contains(&one) {
            changes.push(Change {
                field: one.definition.name.clone(),
                id: one.definition.id.clone(),
                what: What::New { of: one.definition.of },
            });
        }
    }
    changes
}

/// What becomes of fields of the lock that no profile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// They stay, as fields that nobody has a value in.
    Kept,
    /// They go.
    Dropped,
    /// Nothing is known of them, because not everybody was seen: they stay as they were.
    Untouched,
}

/// The account as the lock says it when it is renewed: every field that was seen, and those that were
/// not, unless they are to be dropped or another has their name.
pub fn renewed(
    old: Option<&Account>,
    harvest: &Harvest,
    base_url: &str,
    read_on: Date,
    unseen: Unseen,
) -> Account {
    let locked = old.map(|account| account.fields.as_slice()).unwrap_or_default();
    let found = harvest.fields();
    let seen = |one: &Found| entry(one, locked.iter().find(|entry| is_same(entry, one)));
    let mut fields: Vec<Entry> = found.iter().filter_map(seen).collect();
    if unseen != Unseen::Dropped {
        let is_gone = |entry: &&Entry| {
            !found.iter().any(|one| is_same(entry, one)) && remade(entry, locked, &found).is_none()
        };
        let kept = |entry: &Entry| match unseen {
            Unseen::Untouched => entry.clone(),
            Unseen::Kept | Unseen::Dropped => Entry { profiles: 0, ..entry.clone() },
        };
        fields.extend(locked.iter().filter(is_gone).map(kept));
    }
    fields.sort_by(|a, b| {
        let key = |entry: &Entry| (entry.definition.name.clone(), entry.definition.id.clone());
        key(a).cmp(&key(b))
    });
    let base_url = base_url.to_owned();
    Account { base_url, read_on, profiles: harvest.profiles, fields }
}

/// What the lock says of a field that was seen; nothing of one whose type is not known.
fn entry(seen: &Found, before: Option<&Entry>) -> Option<Entry> {
    let mut definition = seen.definition.clone();
    let known = before.map(|before| &before.definition);
    match (&seen.strange, known) {
        (None, Some(known)) if definition.of.is_selection() && !seen.all_options => {
            let is_new = |one: &&Choosable| {
                !seen.definition.options.iter().any(|other| is_option(one, other))
            };
            definition.options.extend(known.options.iter().filter(is_new).cloned());
        }
        (None, _) => {}
        // No profile says what it is: it is what it was.
        (Some(word), Some(known)) if word.is_empty() => {
            definition.of = known.of;
            definition.options.clone_from(&known.options);
        }
        _ => return None,
    }
    Some(Entry { definition, active: seen.active, profiles: seen.profiles })
}

fn is_same(entry: &Entry, found: &Found) -> bool {
    match (&entry.definition.id, &found.definition.id) {
        (Some(id), Some(other)) => id == other,
        _ => entry.definition.name == found.definition.name,
    }
}

/// The field that the lock does not know and that has the name of one that is not seen any more.
fn remade<'f>(entry: &Entry, locked: &[Entry], found: &'f [Found]) -> Option<&'f Found> {
    if found.iter().any(|one| is_same(entry, one)) {
        return None;
    }
    let mut named = found.iter().filter(|one| one.definition.name == entry.definition.name);
    named.find(|one| !locked.iter().any(|known| is_same(known, one)))
}

fn is_option(known: &Choosable, other: &Choosable) -> bool {
    match (&known.id, &other.id) {
        (Some(id), Some(other)) => id == other,
        _ => known.value == other.value,
    }
}

/// What is otherwise with one field.
fn entry_changes(entry: &Entry, locked: &[Entry], found: &[Found]) -> Vec<What> {
    let before = &entry.definition;
    let Some(now) = found.iter().find(|found| is_same(entry, found)) else {
        let other = remade(entry, locked, found);
        return vec![match other.and_then(|other| other.definition.id.clone()) {
            Some(is) => What::Remade { is },
            None => What::NotSeen { had: entry.profiles },
        }];
    };
    let mut changes = Vec::new();
    if now.definition.name != before.name {
        changes.push(What::Renamed { is: now.definition.name.clone() });
    }
    match &now.strange {
        // No profile says what it is: nothing speaks against the lock.
        Some(word) if word.is_empty() => {}
        Some(word) => changes.push(What::Retyped { was: before.of, is: word.clone() }),
        None if now.definition.of != before.of => {
            let is = now.definition.of.word().to_owned();
            changes.push(What::Retyped { was: before.of, is });
        }
        None if before.of.is_selection() => changes.extend(option_changes(before, now)),
        None => {}
    }
    changes
}

fn option_changes(locked: &Definition, now: &Found) -> Vec<What> {
    let options = &now.definition.options;
    let mut changes = Vec::new();
    for known in &locked.options {
        match options.iter().find(|option| is_option(known, option)) {
            Some(option) if option.value != known.value => {
                let (was, is) = (known.clone(), option.value.clone());
                changes.push(What::OptionRenamed { was, is });
            }
            None if now.all_options => changes.push(What::OptionGone { option: known.clone() }),
            Some(_) | None => {}
        }
    }
    let new =
        options.iter().filter(|one| !locked.options.iter().any(|known| is_option(known, one)));
    changes.extend(new.map(|option| What::OptionNew { option: option.value.clone() }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::harvest::Sighting;

    fn option(text: &str) -> Choosable {
        match text.split_once('=') {
            Some((id, value)) => Choosable { id: Some(id.to_owned()), value: value.to_owned() },
            None => Choosable { id: None, value: text.to_owned() },
        }
    }

    fn definition(id: &str, name: &str, of: Type, options: &[&str]) -> Definition {
        Definition {
            id: (!id.is_empty()).then(|| id.to_owned()),
            name: name.to_owned(),
            of,
            options: options.iter().map(|text| option(text)).collect(),
        }
    }

    fn entry(id: &str, name: &str, of: Type, options: &[&str]) -> Entry {
        Entry { definition: definition(id, name, of, options), active: true, profiles: 5 }
    }

    fn found(id: &str, name: &str, of: Type, options: &[&str]) -> Found {
        Found {
            definition: definition(id, name, of, options),
            strange: None,
            all_options: true,
            active: true,
            profiles: 5,
        }
    }

    fn said(locked: &[Entry], now: &[Found]) -> Vec<String> {
        changes(locked, now).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_otherwise_is_said_by_name() {
        let size = || entry("1", "Size", Type::SingleSelection, &["a=S", "b=M"]);
        let single =
            |name: &str, options: &[&str]| vec![found("1", name, Type::SingleSelection, options)];
        let strange = |word: &str| {
            vec![Found { strange: Some(word.to_owned()), ..found("1", "Size", Type::General, &[]) }]
        };
        let part = |options: &[&str]| {
            vec![Found { all_options: false, ..found("1", "Size", Type::SingleSelection, options) }]
        };
        let cases: Vec<(Vec<Found>, &[&str])> = vec![
            (single("Size", &["a=S", "b=M"]), &[]),
            (single("Size", &["b=M", "a=S"]), &[]),
            (single("Shirt", &["a=S", "b=M"]), &["\"Size\" is called \"Shirt\" now"]),
            (
                vec![found("1", "Size", Type::MultipleSelection, &["c=L"])],
                &["\"Size\" was of type single selection and is multiple selection"],
            ),
            (
                vec![found("1", "Shirt", Type::General, &[])],
                &[
                    "\"Size\" is called \"Shirt\" now",
                    "\"Size\" was of type single selection and is general",
                ],
            ),
            (strange("13"), &["\"Size\" was of type single selection and is 13"]),
            (strange(""), &[]),
            (
                single("Size", &["a=Small", "c=L"]),
                &[
                    "the option \"S\" of \"Size\" is called \"Small\" now",
                    "\"Size\" has lost its option \"M\"",
                    "\"Size\" has the new option \"L\"",
                ],
            ),
            (single("Size", &["S", "M"]), &[]),
            (part(&["a=S"]), &[]),
            (part(&["c=L"]), &["\"Size\" has the new option \"L\""]),
            (
                vec![],
                &[
                    "\"Size\" is not seen: it was deleted or emptied, for 5 profiles had a value in it",
                ],
            ),
            (
                vec![found("2", "Size", Type::SingleSelection, &["a=S", "b=M"])],
                &["\"Size\" is another field now: it was 1 and is 2"],
            ),
            (
                vec![
                    found("2", "Colour", Type::General, &[]),
                    found("1", "Size", Type::SingleSelection, &["a=S", "b=M"]),
                ],
                &["\"Colour\" is new (general)"],
            ),
        ];
        for (now, expected) in cases {
            assert_eq!(said(&[size()], &now), expected, "{now:?}");
        }
        let unseen = Entry { profiles: 0, ..size() };
        assert_eq!(
            said(&[unseen], &[]),
            ["\"Size\" is not seen: nobody has a value in it, or it was deleted"]
        );
        let twins = [entry("1", "Twin", Type::Url, &[]), entry("2", "Twin", Type::Url, &[])];
        assert_eq!(
            said(&twins, &[found("2", "Twin", Type::Url, &[])]),
            ["\"Twin\" is not seen: it was deleted or emptied, for 5 profiles had a value in it",]
        );
        let three = ["1", "2", "3"].map(|id| found(id, "Twin", Type::Url, &[]));
        assert_eq!(said(&twins, &three), ["\"Twin\" is new (url)"]);
        let nameless = entry("", "Size", Type::SingleSelection, &["S", "M"]);
        assert!(said(&[nameless], &single("Size", &["a=S", "b=M"])).is_empty());
    }

    #[test]
    fn a_mapping_names_a_field_by_id_or_name() {
        let fields = [
            entry("1", "Size", Type::General, &[]),
            entry("2", "size", Type::General, &[]),
            entry("3", "Colour", Type::General, &[]),
            entry("4", "Twin", Type::General, &[]),
            entry("5", "Twin", Type::General, &[]),
        ];
        for (wanted, expected) in [
            ("1", Some("1")),
            ("Size", Some("1")),
            ("size", Some("2")),
            ("SIZE", None),
            ("colour ", Some("3")),
            ("Twin", None),
            ("5", Some("5")),
            ("Hat", None),
        ] {
            let found = named(&fields, wanted).and_then(|entry| entry.definition.id.as_deref());
            assert_eq!(found, expected, "{wanted}");
        }
    }

    #[test]
    fn a_renewed_lock_keeps_what_was_not_seen_and_forgets_what_was_remade() {
        let mut harvest = Harvest::default();
        harvest.profiles = 7;
        let see = |id: &str, name: &str, of, options: &[&str]| Sighting {
            id: Some(id.to_owned()),
            name: Some(name.to_owned()),
            of: Some(of),
            options: options.iter().map(|text| (None, option(text))).collect(),
            filled: true,
            ..Sighting::default()
        };
        harvest.see(see("1", "Shirt", Type::SingleSelection, &["b=Medium"]));
        harvest.see(see("9", "Twin", Type::Number, &[]));
        let strange = Sighting {
            of: None,
            strange: Some("13".to_owned()),
            ..see("8", "Odd", Type::Number, &[])
        };
        harvest.see(strange);
        let untyped = Sighting { of: None, ..see("4", "Colours", Type::Number, &[]) };
        harvest.see(untyped);
        let old = Account {
            base_url: "https://old.example.org".to_owned(),
            read_on: "2026-01-01".parse().unwrap(),
            profiles: 3,
            fields: vec![
                entry("1", "Size", Type::SingleSelection, &["a=S", "b=M"]),
                entry("2", "Rare", Type::Date, &[]),
                entry("3", "Twin", Type::Number, &[]),
                entry("4", "Colour", Type::MultipleSelection, &["Red"]),
            ],
        };
        let today = "2026-11-26".parse().unwrap();
        let names = |account: &Account| {
            let names = account.fields.iter().map(|entry| {
                let id = entry.definition.id.as_deref().unwrap();
                format!("{id} {} {}", entry.definition.name, entry.profiles)
            });
            names.collect::<Vec<_>>()
        };
        let new = renewed(Some(&old), &harvest, "https://api.example.org", today, Unseen::Kept);
        assert_eq!(names(&new), ["4 Colours 1", "2 Rare 0", "1 Shirt 1", "9 Twin 1"]);
        let colours = definition("4", "Colours", Type::MultipleSelection, &["Red"]);
        assert_eq!(new.fields[0].definition, colours);
        assert_eq!(new.fields[2].definition.options, [option("b=Medium"), option("a=S")]);
        assert_eq!(
            (new.profiles, new.read_on, &*new.base_url),
            (7, today, "https://api.example.org")
        );
        let dropped =
            renewed(Some(&old), &harvest, "https://api.example.org", today, Unseen::Dropped);
        assert_eq!(names(&dropped), ["4 Colours 1", "1 Shirt 1", "9 Twin 1"]);
        let untouched = renewed(Some(&old), &harvest, "u", today, Unseen::Untouched);
        assert_eq!(names(&untouched), ["4 Colours 1", "2 Rare 5", "1 Shirt 1", "9 Twin 1"]);
        let fresh = renewed(None, &harvest, "https://api.example.org", today, Unseen::Kept);
        assert_eq!(names(&fresh), ["1 Shirt 1", "9 Twin 1"]);
        assert!(
            changes(&new.fields, &harvest.fields())
                .iter()
                .all(|change| { change.what == What::NotSeen { had: 0 } }),
            "a renewed lock differs in nothing else"
        );
    }
}
