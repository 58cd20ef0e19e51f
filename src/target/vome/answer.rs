//! What the body of an answer says: counts, what became of single people, and whom it means.
//!
//! The documents show the error of a whole call and no body of a success, so that the usual forms
//! are read: counts by word, lists of failures, lists with one entry for each person, counts in a
//! sentence. What is not understood counts neither for nor against anybody.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::target::{Operation, Sent};

/// The names that the documents have for the list of people.
pub(super) const RECORDS: [&str; 3] = ["users_data", "volunteers_data", "user_data"];

/// What lists of profiles are called that are given back.
const GIVEN_BACK: [&str; 5] = ["data", "profiles", "results", "users", "volunteers"];
/// Those of them that may be something else where they are empty.
const MAYBE_GIVEN_BACK: [&str; 3] = ["data", "users", "volunteers"];

/// What people are called in a sentence that counts them.
const PEOPLE: [&str; 8] =
    ["entries", "people", "profile", "profiles", "records", "rows", "users", "volunteers"];

/// How deep counts and lists may stand: `data.summary.failed`.
const DEEPEST: u8 = 2;

/// What an answer says of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// The place in the request, where it can be told.
    pub(super) place: Option<usize>,
    /// Why the person was refused; nothing where it was not.
    pub(super) refused: Option<String>,
    /// Whether that says that the person is there already.
    pub(super) exists: bool,
}

/// What an answer says of each person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum OfEach {
    /// It has no such list.
    #[default]
    Nothing,
    /// It has one that cannot be read.
    Unreadable,
    /// One entry for each person, or for some.
    Told(Vec<Told>),
}

/// What an answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// One entry for each failure that it lists.
    pub(super) failures: Vec<Told>,
    /// What it says of each person.
    pub(super) people: OfEach,
    /// How many it counts as done.
    pub(super) done: Option<u64>,
    /// How many it counts as not done.
    pub(super) undone: Option<u64>,
    /// How many of those it counts as people who are there already.
    pub(super) existing: u64,
    /// How many it counts in all.
    pub(super) all: Option<u64>,
    /// How many profiles it gives back.
    given: Option<u64>,
    /// Whether it has an empty list that may be of profiles.
    is_empty: bool,
}

/// The people of a request, taken apart when somebody asks for them.
pub(super) struct People<'s> {
    sent: Sent<'s>,
    /// The key of the list of people.
    key: &'s str,
    read: OnceCell<Vec<Json>>,
}

/// Which way a word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Done,
    Undone,
    All,
}

/// What a word says of people. Somebody who exists is left alone by a create.
fn way(word: &str, operation: Operation) -> Option<Way> {
    match word {
        "created" | "added" | "inserted" | "imported" | "upserted" | "succeeded" | "success"
        | "successful" | "ok" | "done" | "accepted" | "200" | "201" => Some(Way::Done),
        "updated" | "unchanged" | "matched" | "existing" | "exists"
            if operation != Operation::Create =>
        {
            Some(Way::Done)
        }
        "failed" | "failures" | "failure" | "errors" | "error" | "rejected" | "refused"
        | "invalid" | "skipped" | "ignored" | "missing" | "not_found" | "conflict"
        | "duplicate" | "existing" | "exists" | "duplicates" | "unprocessed" | "unmatched"
        | "unsuccessful" => Some(Way::Undone),
        "received" | "processed" => Some(Way::All),
        _ => None,
    }
}

/// The same of a key such as `created_count`, `total_failed` or `not_updated`.
fn way_of_key(key: &str, operation: Operation) -> Option<Way> {
    let key = key.to_lowercase();
    if key.contains("not_found") {
        return Some(Way::Undone);
    }
    let ways = || key.split(['_', '-']).filter_map(|word| way(word, operation));
    let found = ways().find(|way| *way != Way::All).or_else(|| ways().next());
    // Whoever was not invited is there all the same.
    let is_denied = key.split(['_', '-']).any(is_negation);
    if is_denied && found == Some(Way::Done) { Some(Way::Undone) } else { found }
}

/// Whether a word turns what stands beside it into its opposite.
fn is_negation(word: &str) -> bool {
    matches!(word, "not" | "never" | "cannot" | "couldn" | "wasn" | "weren" | "didn" | "isn")
}

impl Said {
    /// What a body says of these people.
    pub(super) fn new(body: &Map<String, Json>, people: &People<'_>, operation: Operation) -> Self {
        let mut said = Self::default();
        said.take_in(body, people, operation, DEEPEST);
        if said.done.is_none() {
            let message = body.get("message").or_else(|| body.get("detail"));
            let undone = said.undone;
            said.read_message(message.and_then(Json::as_str).unwrap_or_default(), operation);
            said.undone = undone.or(said.undone);
        }
        if said.done.is_none() {
            said.done = said.given;
        }
        // Whether they landed all the same, nobody knows.
        if said.is_empty && said.done.is_none() && said.undone.is_none() {
            said.all = Some(0);
        }
        // A person may have several things wrong with it.
        let mut named = BTreeSet::new();
        said.failures.retain(|told| told.place.is_none_or(|place| named.insert(place)));
        said
    }

    fn take_in(
        &mut self,
        body: &Map<String, Json>,
        people: &People<'_>,
        operation: Operation,
        depth: u8,
    ) {
        const INNER: [&str; 5] = ["data", "summary", "counts", "stats", "result"];
        for (key, value) in body {
            let way = way_of_key(key, operation);
            match value {
                Json::Number(number) => self.count_of(key, way, number.as_u64()),
                Json::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                    self.count_of(key, way, text.parse().ok());
                }
                Json::Object(inner) if depth > 0 && INNER.contains(&key.as_str()) => {
                    self.take_in(inner, people, operation, depth - 1);
                }
                Json::Array(list) if way == Some(Way::Undone) => {
                    let exists = means_existing(key);
                    let failure = |entry| people.failure(entry).exists(exists);
                    self.failures.extend(list.iter().map(failure));
                }
                Json::Object(map) if way == Some(Way::Undone) => {
                    let exists = means_existing(key);
                    let keyed =
                        |(key, why): (&String, &Json)| people.keyed(key, why).exists(exists);
                    self.failures.extend(map.iter().map(keyed));
                }
                Json::Array(list) if way == Some(Way::Done) => {
                    self.count(way, Some(list.len() as u64));
                }
                Json::Array(list) => self.take_in_list(key, list, people, operation),
                _ => {}
            }
        }
    }

    /// A list that is neither of failures nor of successes: perhaps it has an entry for each person.
    fn take_in_list(
        &mut self,
        key: &str,
        list: &[Json],
        people: &People<'_>,
        operation: Operation,
    ) {
        let states = ["status", "state", "result", "success", "error", "errors"];
        let has_state = |entry: &Json| states.iter().any(|key| entry.get(key).is_some());
        if list.iter().any(has_state) {
            let in_order = list.len() == people.sent.count();
            let told = list.iter().enumerate().map(|(place, entry)| {
                let mut told = people.result(entry, operation)?;
                told.place = told.place.or(in_order.then_some(place));
                Some(told)
            });
            self.people = told.collect::<Option<_>>().map_or(OfEach::Unreadable, OfEach::Told);
        } else if (GIVEN_BACK.contains(&key) || RECORDS.contains(&key))
            && list.iter().all(|entry| entry.is_object() || entry.is_null() || key == "results")
        {
            // Profiles given back: as many as have landed, where nothing else counts them.
            let landed = list.iter().filter(|entry| !entry.is_null()).count() as u64;
            if landed > 0 || !MAYBE_GIVEN_BACK.contains(&key) {
                self.given = Some(self.given.unwrap_or(0).max(landed));
            } else {
                self.is_empty = true;
            }
        }
    }

    /// Counts what stands under a word.
    fn count_of(&mut self, word: &str, way: Option<Way>, number: Option<u64>) {
        if way == Some(Way::Undone) && means_existing(word) {
            self.existing = self.existing.saturating_add(number.unwrap_or(0));
        }
        self.count(way, number);
    }

    fn count(&mut self, way: Option<Way>, number: Option<u64>) {
        let (Some(way), Some(number)) = (way, number) else { return };
        let place = match way {
            Way::Done => &mut self.done,
            Way::Undone => &mut self.undone,
            Way::All => &mut self.all,
        };
        *place = Some(place.unwrap_or(0).saturating_add(number));
    }

    /// The counts of a sentence: "3 profiles created, 2 profiles updated."
    fn read_message(&mut self, message: &str, operation: Operation) {
        let lower = message.to_lowercase().replace("not found", "not_found");
        let mut spoken = None;
        let clauses = lower.split([',', ';', '.', '\n']).flat_map(|part| part.split(" and "));
        for clause in clauses {
            let words = clause.split(|c: char| !c.is_alphanumeric() && c != '_');
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            let number = |word: &&str| match *word {
                "no" | "none" => Some(0),
                word => word.parse::<u64>().ok(),
            };
            let Some((at, number)) =
                words.iter().enumerate().find_map(|(at, word)| Some((at, number(word)?)))
            else {
                continue;
            };
            // "3 of 50 profiles were created", "created: 3", "profiles created 3"; but what is said
            // of 2024 somewhere else in the sentence counts nobody.
            let is_none = matches!(words.get(at), Some(&("no" | "none")));
            let is_near = |place: usize| {
                // "No profiles were created"; but not "created with no errors".
                let behind = if is_none { 3 } else { 6 };
                (at + 1..=at + behind).contains(&place) || !is_none && place + 2 >= at
            };
            let mut ways = words.iter().enumerate().filter(|(place, _)| is_near(*place));
            let said = ways.find_map(|(_, word)| {
                let counts = word.parse::<u64>().is_err();
                let way = way(word, operation).filter(|way| counts && *way != Way::All);
                way.map(|way| (word, way))
            });
            // "1 of 5 was not updated".
            let is_denied = words.iter().any(|word| is_negation(word));
            let said = match said {
                Some((word, Way::Done)) if is_denied => Some((word, Way::Undone)),
                said => said,
            };
            if let Some((word, way)) = said {
                self.count_of(word, Some(way), Some(number));
            } else if spoken.is_none() {
                spoken = of_people(&words);
            }
        }
        if self.done.is_none() && self.undone.is_none() && self.all.is_none() {
            self.all = spoken;
        }
    }
}

/// How many people a clause speaks of, whatever was done with them: four in "4 of 6 profiles were saved".
fn of_people(words: &[&str]) -> Option<u64> {
    const DONE: [&str; 7] =
        ["handled", "loaded", "processed", "saved", "stored", "synced", "written"];
    words.iter().find(|word| DONE.contains(word))?;
    let noun = words.iter().position(|word| PEOPLE.contains(word))?;
    let number = |at: usize| words.get(at)?.parse::<u64>().ok();
    let at = (1..=2).filter_map(|back| noun.checked_sub(back)).find(|at| number(*at).is_some())?;
    let part = at.checked_sub(2).filter(|_| words.get(at - 1) == Some(&"of")).and_then(number);
    part.or_else(|| number(at))
}

/// Whom several readings of a word mean: a bare number may be a place or an id. Two that speak of two people say
/// nothing.
fn one_of(readings: [Option<usize>; 3]) -> Option<usize> {
    let mut readings = readings.into_iter().flatten();
    let first = readings.next()?;
    readings.all(|other| other == first).then_some(first)
}

impl<'s> People<'s> {
    pub(super) fn new(sent: Sent<'s>, key: &'s str) -> Self {
        Self { sent, key, read: OnceCell::new() }
    }

    fn read(&self) -> &[Json] {
        self.read.get_or_init(|| {
            let read = |one: &serde_json::value::RawValue| serde_json::from_str(one.get());
            self.sent.people().into_iter().map(|one| read(one).unwrap_or(Json::Null)).collect()
        })
    }

    /// The only one of the people for whom something holds.
    fn only(&self, test: impl Fn(&Json) -> bool) -> Option<usize> {
        let mut places = self.read().iter().enumerate().filter(|(_, one)| test(one));
        let (place, _) = places.next()?;
        places.next().is_none().then_some(place)
    }

    /// Whom an address means.
    fn by_email(&self, email: &str) -> Option<usize> {
        let wanted = email.trim().to_lowercase();
        self.only(|one| {
            let own = one.pointer("/profile_data/email").and_then(Json::as_str);
            own.is_some_and(|own| own.trim().to_lowercase() == wanted)
        })
    }

    /// Whom the address in a sentence means.
    pub(super) fn by_sentence(&self, text: &str) -> Option<usize> {
        let is_end = |c: char| c.is_whitespace() || "\"'`,;:()<>[]".contains(c);
        let words = text.split(is_end).map(|word| word.trim_end_matches('.'));
        let mut meant =
            words.filter(|word| word.contains('@')).filter_map(|word| self.by_email(word));
        // Of two people it is not said who is at fault.
        let first = meant.next()?;
        meant.all(|other| other == first).then_some(first)
    }

    /// Whom an id means: that of a profile, or of a custom field.
    fn by_id(&self, id: &str) -> Option<usize> {
        self.only(|one| {
            let own = one.pointer("/profile_data/id").and_then(Json::as_str) == Some(id);
            let custom = one.get("custom_field_data").and_then(Json::as_array);
            let mut values = custom.into_iter().flatten();
            own || values.any(|entry| {
                entry.get("custom_field_user_value").and_then(Json::as_str) == Some(id)
            })
        })
    }

    /// A place of the request, if it has it.
    fn at(&self, place: u64) -> Option<usize> {
        usize::try_from(place).ok().filter(|place| *place < self.sent.count())
    }

    /// The place in `volunteers_data[3].profile_data.email`. Without the name of the list it is one only where no
    /// sentence follows.
    pub(super) fn by_param(&self, param: &str) -> Option<usize> {
        let mut keys = RECORDS.into_iter().chain([self.key]);
        let named = keys.find_map(|key| param.strip_prefix(key));
        if named.is_none() && param.contains(char::is_whitespace) {
            return None;
        }
        let rest = named.unwrap_or(param);
        let digits = match rest.strip_prefix('[') {
            Some(rest) => rest.split(']').next()?,
            None => rest.strip_prefix('.').unwrap_or(rest).split('.').next()?,
        };
        self.at(digits.parse().ok()?)
    }

    /// Whom an entry means. Two signs that speak of two people say nothing.
    fn whom(&self, entry: &Json) -> Option<usize> {
        const INDEX: [&str; 3] = ["index", "position", "record_index"];
        let text = |key: &str| entry.get(key).and_then(Json::as_str);
        let id_of = |key: &str| match entry.get(key)? {
            Json::String(id) => self.by_id(id),
            Json::Number(id) => self.by_id(&id.to_string()),
            _ => None,
        };
        let number = INDEX.iter().find_map(|key| entry.get(key)?.as_u64());
        let email = text("email").or_else(|| entry.pointer("/profile_data/email")?.as_str());
        let id = ["id", "profile_id", "unique_id", "identifier", "value"];
        let signs = [
            number.map(|number| self.at(number)),
            text("param").and_then(|param| self.by_param(param)).map(Some),
            email.map(|email| self.by_email(email)),
            id.iter().find_map(|key| id_of(key)).map(Some),
        ];
        let mut signs = signs.into_iter().flatten();
        let first = signs.next()??;
        signs.all(|sign| sign == Some(first)).then_some(first)
    }

    /// One entry of a list of failures.
    fn failure(&self, entry: &Json) -> Told {
        let why = reason(entry);
        let place = match entry {
            Json::String(text) => {
                one_of([self.by_param(text), self.by_id(text), self.by_sentence(text)])
            }
            Json::Number(number) => {
                let place = number.as_u64().and_then(|place| self.at(place));
                one_of([place, self.by_id(&number.to_string()), None])
            }
            entry => self.whom(entry).or_else(|| {
                let message = entry.get("message").and_then(Json::as_str)?;
                let unsaid = ["index", "param", "email"].iter().all(|key| entry.get(key).is_none());
                unsaid.then(|| self.by_sentence(message))?
            }),
        };
        Told { place, exists: says_existing(entry), refused: Some(why) }
    }

    /// The people whom a list of failures names, or a map of them; each with the first reason.
    pub(super) fn failures(&self, list: &Json) -> Vec<Told> {
        let mut told: Vec<Told> = match list {
            Json::Array(list) => list.iter().map(|entry| self.failure(entry)).collect(),
            Json::Object(map) => map.iter().map(|(key, why)| self.keyed(key, why)).collect(),
            _ => Vec::new(),
        };
        let mut named = BTreeSet::new();
        told.retain(|told| told.place.is_some_and(|place| named.insert(place)));
        told
    }

    /// Whether a list is as long as that of the people.
    pub(super) fn fits(&self, length: usize) -> bool {
        self.sent.count() == length
    }

    /// A failure under a key that names the person.
    fn keyed(&self, key: &str, why: &Json) -> Told {
        let place = one_of([self.by_param(key), self.by_email(key), self.by_id(key)]);
        Told { place, exists: says_existing(why), refused: Some(reason(why)) }
    }

    /// One entry of a list of results; nothing where it cannot be read.
    fn result(&self, entry: &Json, operation: Operation) -> Option<Told> {
        let state = ["status", "state", "result"].iter().find_map(|key| entry.get(key));
        let word = match state {
            Some(Json::String(word)) => Some(word.to_lowercase()),
            Some(Json::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let is_status = |word: &str| word.len() == 3 && word.starts_with(['4', '5']);
        let by_word = match word.as_deref() {
            Some(word) if is_status(word) => Some(Way::Undone),
            Some(word) => Some(way(word, operation).filter(|way| *way != Way::All)?),
            None => None,
        };
        let by_flag = entry.get("success").and_then(Json::as_bool);
        let by_flag = by_flag.map(|done| if done { Way::Done } else { Way::Undone });
        let errors = ["error", "errors"].iter().any(|key| entry.get(key).is_some_and(is_something));
        let by_error = errors.then_some(Way::Undone);
        let ways: Vec<Way> = [by_word, by_flag, by_error].into_iter().flatten().collect();
        let undone = ways.contains(&Way::Undone);
        // It must not say both.
        if ways.is_empty() || undone && ways.contains(&Way::Done) {
            return None;
        }
        let refused = undone.then(|| match word.as_deref() {
            Some("existing" | "exists") => {
                "exists already; a create leaves people as they are".to_owned()
            }
            _ => reason(entry),
        });
        let exists = undone && (word.is_some_and(|it| means_existing(&it)) || says_existing(entry));
        Some(Told { place: self.whom(entry), refused, exists })
    }
}

impl Told {
    /// The same, of somebody in a list of people who are there already.
    fn exists(mut self, listed: bool) -> Self {
        self.exists |= listed;
        self
    }
}

/// Whether a word or a code is about people who are there already.
pub(super) fn means_existing(word: &str) -> bool {
    let word = word.to_lowercase();
    let denied = word.contains("not_exist") || word.contains("not exist");
    !denied && ["exist", "duplicate", "conflict", "409"].iter().any(|part| word.contains(part))
}

/// Whether a sentence says that somebody is there already. No document has its words.
pub(super) fn sentence_says_existing(text: &str) -> bool {
    const ALREADY: [&str; 9] =
        ["exist", "taken", "in use", "used", "registered", "a member", "there", "belongs", "has"];
    let text = text.to_lowercase();
    if text.contains("not exist") || text.contains("n't exist") {
        return false;
    }
    let already = text.split("already").nth(1).map(str::trim_start);
    already.is_some_and(|rest| ALREADY.iter().any(|word| rest.starts_with(word)))
        || ["exists already", "that exists", "duplicate"].iter().any(|it| text.contains(it))
        || text.trim_end_matches(['.', '!']).rsplit(' ').next() == Some("exists")
}

/// Whether an entry for a person says so, by a code or in words.
pub(super) fn says_existing(entry: &Json) -> bool {
    let coded = ["code", "type", "status"].iter().any(|key| match entry.get(*key) {
        Some(Json::String(code)) => means_existing(code),
        Some(Json::Number(code)) => code.as_u64() == Some(409),
        _ => false,
    });
    coded || sentence_says_existing(&reason(entry))
}

/// Whether a value is more than an absence.
pub(super) fn is_something(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => false,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(list) => !list.is_empty(),
        Json::Object(map) => !map.is_empty(),
        Json::Bool(true) => true,
    }
}

/// The words of an entry for a person.
pub(super) fn reason(entry: &Json) -> String {
    const KEYS: [&str; 8] =
        ["message", "error", "detail", "reason", "errors", "code", "status", "why"];
    let text = match entry {
        Json::String(text) => text.clone(),
        Json::Array(list) => list.first().map(reason).unwrap_or_default(),
        Json::Object(map) => match KEYS.iter().find_map(|key| map.get(*key)) {
            Some(found) => reason(found),
            None => entry.to_string(),
        },
        Json::Null | Json::Bool(_) => String::new(),
        Json::Number(number) => number.to_string(),
    };
    let short: String = text.chars().take(200).collect();
    if short.is_empty() { "no reason given".to_owned() } else { short }
}
