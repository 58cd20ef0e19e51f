//! The questions about what stands around people: endpoints, keys, the match block.

use serde_json::{Value as Json, json};

use super::own::Own;
use super::{CREATE, Landed, UPSERT, bad_stray, no_person, speaks_of_record};
use crate::target::probe::{Call, Heard, Known, Learned, Step, Touch};
use crate::target::vome::Vome;
use crate::target::vome::answer::RECORDS;
use crate::target::vome::read::customs;
use crate::target::vome::settings::{Endpoint, RecordsKey, Verb};
use crate::target::{Method, Operation, Request, Target as _};

impl Vome {
    /// Which endpoint upserts (V3).
    pub(super) fn upsert_endpoint(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let upsert = self.like(|settings| settings.operation = Operation::Upsert);
        let said = upsert.request();
        let usual = Request { method: Method::Put, path: UPSERT.to_owned() };
        let first = if said.path == CREATE { usual } else { said };
        let told = |request: &Request, why: &str, heard: &[Heard]| {
            let method = if request.method == Method::Post { "POST" } else { "PUT" };
            Learned::told(format!("{method} {}{why}", request.path), heard)
                .set("vome.endpoints.upsert.method", method)
                .set("vome.endpoints.upsert.path", request.path.clone())
        };
        let Some(one) = heard.first() else {
            let call = self.empty(Operation::Upsert, upsert.settings.records_key());
            return Call { request: first, ..call }.into();
        };
        if !one.is_absent() {
            return match one.status {
                500..=599 => Learned::open("the endpoint fails", heard).into(),
                _ => told(&first, "", heard).into(),
            };
        }
        let Some(person) = known.person else {
            let why = "PUT bulk-upsert is not there, and whether POST bulk-create upserts can only be \
                       asked with --person";
            return Learned::open(why, heard).into();
        };
        // By the documents nobody is made who exists, and nobody without names.
        let create = upsert.like(|settings| {
            let path = Some(CREATE.to_owned());
            settings.endpoints.upsert = Endpoint { method: Some(Verb::Post), path };
        });
        let record = Own::whole(person, &create.settings)
            .without("profile_data", "first_name")
            .without("profile_data", "last_name")
            .json();
        let Some(two) = heard.get(1) else {
            return create.call(vec![record], Touch::Own).into();
        };
        let text = String::from_utf8_lossy(&two.body).to_lowercase();
        if two.is_success() && create.counted(two) == Some(1) {
            let request = create.request();
            return told(&request, ", which changes people who exist", heard).into();
        }
        if !two.is_success() && text.contains("first_name") {
            let why = "none was found: PUT bulk-upsert is not there, and POST bulk-create wants names \
                       also of people who exist";
            return Learned::open(why, heard).into();
        }
        let why = "PUT bulk-upsert is not there, and the answer of POST bulk-create does not say whether \
                   it changes people who exist";
        Learned::open(why, heard).into()
    }

    /// Under which key an operation takes its list of people (V1).
    pub(super) fn records_key(
        &self,
        operation: Operation,
        setting: &'static str,
        known: &Known<'_>,
        heard: &[Heard],
    ) -> Step {
        let like = self.like(|settings| settings.operation = operation);
        let mut keys = RECORDS.to_vec();
        // The one that is in use comes first.
        keys.sort_by_key(|key| *key != like.settings.records_key());
        let told = |key: &str| Learned::told(key, heard).set(setting, key).into();
        for (one, sent) in heard.iter().zip(&keys) {
            if one.is_absent() {
                return Learned::open("the endpoint is not there", heard).into();
            }
            if let Some(key) = complaint(one, sent) {
                return told(key);
            }
        }
        if let Some(key) = keys.get(heard.len()) {
            return self.empty(operation, key).into();
        }
        if let Some(key) = odd_one(heard).and_then(|place| keys.get(place)) {
            return told(key);
        }
        let record = match (operation, known.person) {
            (Operation::Update, _) => Some((vec![bad_stray()], Touch::Harmless)),
            (Operation::Upsert, Some(person)) => {
                Some((vec![Own::whole(person, &like.settings).json()], Touch::Own))
            }
            _ => None,
        };
        let Some((records, touch)) = record else {
            return Learned::open("every key gets the same answer to an empty list", heard).into();
        };
        let (_, later) = heard.split_at(keys.len().min(heard.len()));
        for (one, key) in later.iter().zip(&keys) {
            let said = like.said(one);
            let counted = like.counted(one) == Some(1);
            let failed = !said.failures.is_empty() || said.undone.is_some_and(|undone| undone > 0);
            if speaks_of_record(one) || counted || (touch == Touch::Harmless && failed) {
                return told(key);
            }
        }
        match keys.get(later.len()) {
            Some(key) => {
                let key = RecordsKey::All((*key).to_owned());
                like.like(|settings| settings.records_key = Some(key)).call(records, touch).into()
            }
            None => Learned::open("no answer says which key was seen", heard).into(),
        }
    }

    /// Under which key the match block names a custom field (V2).
    pub(super) fn unique_field_key(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        const KEYS: [&str; 2] = ["unique_custom_field", "unique_id"];
        let Some(person) = known.person else { return no_person(heard) };
        let unique = customs(person).find(|custom| {
            custom.kind == Some(9) && custom.id.is_some() && !custom.values.is_empty()
        });
        let Some(unique) = unique else {
            let why = "your profile has no value in a custom field of the type Unique ID";
            return Learned::open(why, heard).into();
        };
        let writer = self.writer();
        let id = unique.id.clone().unwrap_or_default();
        // Without the address, so that nothing else can find the profile.
        let own = writer.own(person, known).without("profile_data", "email");
        let own = if own == Own::least(person).without("profile_data", "email") {
            own.with_custom(&[unique], &writer.settings.custom_encoding)
        } else {
            own
        };
        let record = own.json();
        for (one, key) in heard.iter().zip(KEYS) {
            match (writer.landed(one, &record, known), one.changed) {
                (Landed::Yes, Some(false)) => {
                    return Learned::told(key, heard).set("vome.unique_field_key", key).into();
                }
                (Landed::No, Some(false)) => {}
                _ => {
                    return Learned::open("the answer does not say whether it landed", heard)
                        .into();
                }
            }
        }
        let Some(key) = KEYS.get(heard.len()) else {
            return Learned::open("neither key finds your profile", heard).into();
        };
        let mut call = writer.call(vec![record], Touch::Own);
        if let Some(body) = call.body.as_mut().and_then(Json::as_object_mut) {
            let block = json!({"identifier_type": 2, *key: id});
            body.insert("unique_identifier".to_owned(), block);
        }
        call.into()
    }
}

/// Which key of the list of people a refusal of an empty list speaks of; nothing where it does not
/// say. A key that it does not know is none.
pub(super) fn complaint(one: &Heard, sent: &str) -> Option<&'static str> {
    if !(400..500).contains(&one.status) {
        return None;
    }
    let text = String::from_utf8_lossy(&one.body).to_lowercase();
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: Vec<&str> = text.split(|c| !is_word(c)).collect();
    let named: Vec<&'static str> = RECORDS.into_iter().filter(|key| words.contains(key)).collect();
    let strange = ["unknown", "not known", "not a known", "unexpected", "not allowed", "unrecogni"];
    let is_strange = strange.iter().any(|word| text.contains(word));
    match named.as_slice() {
        [one] if *one == sent => (!is_strange).then_some(*one),
        [one] => Some(*one),
        [_, _] => named.iter().copied().find(|key| *key != sent).filter(|_| is_strange),
        _ => None,
    }
}

/// Which of three answers differs from the two others.
fn odd_one(heard: &[Heard]) -> Option<usize> {
    let first = heard.get(..RECORDS.len())?;
    if first.iter().any(|one| one.status >= 500) {
        return None;
    }
    let good = first.iter().filter(|one| one.is_success()).count();
    match good {
        1 => first.iter().position(Heard::is_success),
        2 => first.iter().position(|one| !one.is_success()),
        _ => None,
    }
}
