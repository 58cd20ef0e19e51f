//! An account's own fields, gathered from the profiles that show them, where an API has no list of
//! definitions.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Choosable, Definition, Type};

/// How a target's profiles show the fields that an account defines for itself. Pure.
#[derive(Clone, Copy, Debug)]
pub struct Custom {
    /// What stands before the name or id of such a field in a mapping.
    pub prefix: &'static str,
    /// Whether a push first looks whether the fields that it uses are still as the lock file says.
    pub check: bool,
    /// Takes what one profile shows.
    pub harvest: fn(&Json, &mut Harvest),
    /// Whether a person as sent chooses this option of this field.
    pub sends: fn(&Json, &Definition, &Choosable) -> bool,
}

/// One profile's entry for a field, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Sighting {
    /// The field's id.
    pub id: Option<String>,
    /// The field's name.
    pub name: Option<String>,
    /// The field's type, if it is one that we know.
    pub of: Option<Type>,
    /// The type as it is shown, when it is none that we know.
    pub strange: Option<String>,
    /// The options, with the place that each says to have.
    pub options: Vec<(Option<u64>, Choosable)>,
    /// Whether the options are all that the field has, not just those that this profile chose.
    pub all_options: bool,
    /// Whether it is shown in the usual view of the account.
    pub active: Option<bool>,
    /// Whether the profile has a value in it.
    pub filled: bool,
}

/// A field as the profiles so far show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its id, name, type and options; the type means nothing when `strange` says otherwise.
    pub definition: Definition,
    /// What stands in place of a type that we know: the word as it is shown, empty when none is.
    pub strange: Option<String>,
    /// Whether the options are all that there are.
    pub all_options: bool,
    /// Whether it is shown in the usual view of the account.
    pub active: bool,
    /// In how many profiles it has a value.
    pub profiles: u64,
}

/// All that was gathered.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    /// How many profiles were looked at.
    pub profiles: u64,
    /// How many entries for fields could not be read, and were passed over.
    pub passed_over: u64,
    gathered: Vec<Gathered>,
    by_id: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, Default)]
struct Gathered {
    id: Option<String>,
    name: Option<String>,
    of: Option<Type>,
    strange: Option<String>,
    options: Vec<(Option<u64>, Choosable)>,
    all_options: bool,
    active: Option<bool>,
    profiles: u64,
}

impl Harvest {
    /// Takes one profile's entry for a field. Of what two profiles say differently the later counts:
    /// it was read later. Without id and name an entry is passed over.
    pub fn see(&mut self, seen: Sighting) {
        let known = match (&seen.id, &seen.name) {
            (Some(id), _) => self.by_id.get(id),
            (None, Some(name)) => self.by_name.get(name),
            (None, None) => {
                self.passed_over += 1;
                return;
            }
        };
        let place = known.copied().unwrap_or(self.gathered.len());
        if place == self.gathered.len() {
            self.gathered.push(Gathered { id: seen.id.clone(), ..Gathered::default() });
            match (&seen.id, &seen.name) {
                (Some(id), _) => self.by_id.insert(id.clone(), place),
                (None, name) => self.by_name.insert(name.clone().unwrap_or_default(), place),
            };
        }
        if let Some(field) = self.gathered.get_mut(place) {
            field.take(seen);
        }
    }

    /// The fields, by name. One whose name no profile shows is not among them.
    pub fn fields(&self) -> Vec<Found> {
        let mut fields: Vec<Found> = self.gathered.iter().filter_map(Gathered::found).collect();
        fields.sort_by(|a, b| {
            let key = |found: &Found| (found.definition.name.clone(), found.definition.id.clone());
            key(a).cmp(&key(b))
        });
        fields
    }

    /// How many fields were seen so far.
    pub fn len(&self) -> usize {
        self.gathered.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.gathered.is_empty()
    }

    /// Whether a field with this id, or without an id one with this name, was seen.
    pub fn has_seen(&self, definition: &Definition) -> bool {
        match &definition.id {
            Some(id) => self.by_id.contains_key(id),
            None => self.gathered.iter().any(|field| field.name.as_ref() == Some(&definition.name)),
        }
    }
}

impl Gathered {
    fn take(&mut self, seen: Sighting) {
        self.name = seen.name.or(self.name.take());
        if seen.of.is_some() || seen.strange.is_some() {
            (self.of, self.strange) = (seen.of, seen.strange);
        }
        for (order, option) in seen.options {
            let same = |known: &Choosable| match (&known.id, &option.id) {
                (Some(known), Some(other)) => known == other,
                _ => known.value == option.value,
            };
            match self.options.iter_mut().find(|(_, known)| same(known)) {
                Some(known) => {
                    let id = option.id.or(known.1.id.take());
                    *known = (order.or(known.0), Choosable { id, value: option.value });
                }
                None => self.options.push((order, option)),
            }
        }
        self.all_options |= seen.all_options;
        self.active = seen.active.or(self.active);
        self.profiles += u64::from(seen.filled);
    }

    fn found(&self) -> Option<Found> {
        let mut options = self.options.clone();
        // The sort keeps those without a place behind the others, as they came.
        options.sort_by_key(|(order, _)| order.unwrap_or(u64::MAX));
        let strange = match self.of {
            Some(_) => None,
            None => Some(self.strange.clone().unwrap_or_default()),
        };
        Some(Found {
            definition: Definition {
                id: self.id.clone(),
                name: self.name.clone()?,
                of: self.of.unwrap_or_default(),
                options: options.into_iter().map(|(_, option)| option).collect(),
            },
            strange,
            all_options: self.all_options,
            active: self.active.unwrap_or(true),
            profiles: self.profiles,
        })
    }
}
