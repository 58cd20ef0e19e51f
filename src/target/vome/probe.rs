//! What the documents of Vome leave open (`docs/vome.md`, V1 to V20), asked of a live account.
//!
//! Nobody is created and nobody is invited: the endpoints that create get lists without people, or a
//! person who exists and is sent without the names that every new person needs ("Create profiles").
//! What writes goes to `bulk-update`, which makes nobody ("Write Operations"), but for the one
//! question about the answer of `bulk-upsert`; and always with `invite_user_to_vome` at `false`.

mod envelope;
mod forms;
mod own;
mod questions;

use std::sync::Arc;

use serde_json::{Value as Json, json};

use self::own::Own;
use self::questions::QUESTIONS;
use super::Vome;
use super::answer::{OfEach, People, Said};
use super::invite::Invite;
use super::read::customs;
use super::settings::{BoolEncoding, EnumEncoding, Match, RecordsKey, Settings};
use crate::target::directory::word;
use crate::target::probe::{
    Call, Heard, Known, Learned, Prober, Question, Step, Touch, page_size, profiles, throttle,
};
use crate::target::{Operation, Request, Target as _, Verdict};

const CREATE: &str = "/api/profiles/bulk-create/";
const UPSERT: &str = "/api/profiles/bulk-upsert/";

/// Addresses that nobody can have: no name of a host ends so (RFC 2606).
const NOBODY: [&str; 2] = ["nobody@upsheet-probe.invalid", "nobody.else@upsheet-probe.invalid"];

/// Words for other questions: a record that cannot land fails the whole call; leaving out keeps.
const FAILS_CALL: &str = "fails the call";
const KEPT: &str = "kept";

impl Prober for Vome {
    fn questions(&self) -> Vec<&'static Question> {
        QUESTIONS.iter().collect()
    }

    fn step(&self, question: &'static str, known: &Known<'_>, heard: &[Heard]) -> Step {
        match question {
            "key" => key(heard),
            "page-size" => page_size(heard, self, "vome.page_size", |size| {
                Call::read(format!("/api/profiles/?page=1&limit={size}"))
            }),
            "upsert-endpoint" => self.upsert_endpoint(known, heard),
            "records-key-create" => {
                self.records_key(Operation::Create, "vome.records_key.create", known, heard)
            }
            "records-key-update" => {
                self.records_key(Operation::Update, "vome.records_key.update", known, heard)
            }
            "records-key-upsert" => {
                self.records_key(Operation::Upsert, "vome.records_key.upsert", known, heard)
            }
            "bad-row" => self.bad_row(known, heard),
            "omitted" => self.omitted(known, heard),
            "answer" => self.answer(known, heard),
            "null" => self.null(known, heard),
            "rate" => throttle(known, "vome.rate"),
            "unique-field-key" => self.unique_field_key(known, heard),
            "email-case" => Learned::open(
                "it cannot be asked without writing another spelling of the address into a profile",
                heard,
            )
            .into(),
            other => self.encoding(other, known, heard),
        }
    }

    fn find(&self, _email: &str) -> Option<Request> {
        None
    }

    fn email(&self, profile: &Json) -> Option<String> {
        word(profile.pointer("/profile_details/email"))
    }

    fn show(&self, profile: &Json) -> String {
        let text = |pointer: &str| word(profile.pointer(pointer)).unwrap_or_default();
        let fields = customs(profile).filter(|custom| !custom.values.is_empty()).count();
        format!(
            "{} {} <{}>, id {}, values in {fields} custom fields",
            text("/profile_details/first_name"),
            text("/profile_details/last_name"),
            text("/profile_details/email"),
            text("/id"),
        )
    }

    fn state(&self, profile: &Json) -> Json {
        own::state(profile)
    }

    fn restore(&self, before: &Json) -> Vec<Call> {
        let update = self.like(|settings| settings.operation = Operation::Update);
        let strings = update.like(|settings| {
            settings.enum_encoding = EnumEncoding::String;
            settings.bool_encoding = BoolEncoding::String;
            settings.custom_encoding.boolean = BoolEncoding::String;
        });
        let records = [
            Own::whole(before, &update.settings),
            Own::whole(before, &strings.settings),
            Own::built_in(before, &update.settings),
        ];
        records.map(|record| update.call(vec![record.json()], Touch::Own)).into()
    }

    fn queues(&self) -> bool {
        false
    }

    fn side_effects(&self) -> &'static str {
        ""
    }

    fn sketch(&self, email: &str) -> Json {
        own::sketch(email)
    }
}

/// Whether the key is taken and may read.
fn key(heard: &[Heard]) -> Step {
    let Some(one) = heard.last() else {
        return Call::read("/api/profiles/?page=1&limit=1").into();
    };
    let count = one.json().get("count").and_then(Json::as_u64);
    match one.status {
        200 if one.json().get("results").is_some_and(Json::is_array) => {
            let of = count.map_or(String::new(), |count| format!(" ({})", profiles(count)));
            let mut learned = Learned::told(format!("it is taken and may read{of}"), &[]);
            learned.evidence.push(format!("status 200, a list of profiles{of}"));
            learned.into()
        }
        _ => Learned::open("what comes back is no list of profiles", heard).into(),
    }
}

/// Whether one person has landed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Landed {
    Yes,
    No,
    /// The answer does not say.
    Unclear,
}

impl Vome {
    /// The same account otherwise set up; people are found by e-mail and never invited.
    fn like(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::clone(&self.settings);
        settings.invite = Invite::default();
        settings.matched_by = Match::Email;
        change(&mut settings);
        Self { settings: Arc::new(settings), catalogue: Arc::clone(&self.catalogue), batch_size: 1 }
    }

    /// A bulk write.
    fn call(&self, records: Vec<Json>, touch: Touch) -> Call {
        let frame = self.frame();
        let text = [frame.head.as_slice(), &frame.tail].concat();
        let mut body: Json = serde_json::from_slice(&text).unwrap_or_default();
        if let Some(body) = body.as_object_mut() {
            body.insert(self.settings.records_key().to_owned(), records.into());
        }
        Call::write(self.request(), body, touch)
    }

    /// A bulk write without people.
    fn empty(&self, operation: Operation, key: &str) -> Call {
        let like = self.like(|settings| {
            settings.operation = operation;
            settings.records_key = Some(RecordsKey::All(key.to_owned()));
        });
        like.call(Vec::new(), Touch::Harmless)
    }

    /// Whether the one person of a request has landed. An answer without counts is a yes only where
    /// it is known that what cannot land fails the call.
    fn landed(&self, one: &Heard, record: &Json, known: &Known<'_>) -> Landed {
        if !one.is_success() {
            return Landed::No;
        }
        let strict = known.learned.get("bad-row").is_some_and(|found| found.mark == FAILS_CALL);
        let silence = if strict { Landed::Yes } else { Landed::Unclear };
        if one.body.trim_ascii().is_empty() {
            return silence;
        }
        let Ok(raw) = serde_json::value::to_raw_value(record) else { return Landed::Unclear };
        match self.judge(one.answer(), &vec![raw.as_ref()]) {
            Verdict::Accepted if self.counted(one) == Some(1) => Landed::Yes,
            Verdict::Accepted => silence,
            // It may count only those of whom something changed.
            Verdict::Unsorted { .. } if strict => Landed::Unclear,
            Verdict::Refused { .. } | Verdict::Partial { .. } | Verdict::Unsorted { .. } => {
                Landed::No
            }
            _ => Landed::Unclear,
        }
    }

    /// What an answer to one person says of what was done.
    fn said(&self, one: &Heard) -> Said {
        let body = one.json();
        let nobody = Vec::new();
        let people = People::new(&nobody, self.settings.records_key());
        body.as_object()
            .map_or_else(Said::default, |body| Said::new(body, &people, self.settings.operation))
    }

    /// How many an answer counts as done, by number or by a list of results.
    fn counted(&self, one: &Heard) -> Option<u64> {
        let said = self.said(one);
        let listed = match said.people {
            OfEach::Told(told) => {
                Some(told.iter().filter(|told| told.refused.is_none()).count() as u64)
            }
            OfEach::Nothing | OfEach::Unreadable => None,
        };
        said.done.or(listed)
    }

    /// What a record that cannot land does to its call.
    fn bad_row(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let update = self.like(|settings| settings.operation = Operation::Update);
        let good = json!({"profile_data": {"email": NOBODY[0]}});
        let Some(one) = heard.first() else {
            return update.call(vec![good, bad_stray()], Touch::Harmless).into();
        };
        let names = speaks_of_record(one);
        // Somebody who is not found is answered as an endpoint that is not there.
        let key = known.learned.get("records-key-update");
        let is_there = key.is_some_and(|learned| learned.answer.is_ok());
        let said = update.said(one);
        let learned = match one.status {
            400..=499 if names => {
                Learned::told("it fails the whole call, and the answer names it", heard)
                    .marked(FAILS_CALL)
            }
            400..=499 if one.is_absent() && !is_there => {
                Learned::open("bulk-update is not there, or finds nobody", heard)
            }
            400..=499 => Learned::told("it fails the whole call, and nothing names it", heard)
                .marked(FAILS_CALL),
            200..=299 if !said.failures.is_empty() || said.people != OfEach::Nothing => {
                Learned::told("it fails alone, and the answer names it", heard)
            }
            200..=299 if said.undone.is_some_and(|undone| undone > 0) => {
                Learned::told("it fails alone, and the answer counts it", heard)
            }
            200..=299 if said.done.is_some() => {
                Learned::told("it is left out; only the counts of the others tell", heard)
            }
            200..=299 => Learned::told("it is left out, and nothing says so", heard),
            _ => Learned::open("the answer is that of a failure of the server", heard),
        };
        learned.into()
    }

    /// The account as what writes to the user's own profile needs it.
    fn writer(&self) -> Self {
        self.like(|settings| settings.operation = Operation::Update)
    }

    /// The least that can be sent of the user's own profile.
    fn own(&self, person: &Json, known: &Known<'_>) -> Own {
        let kept = known.learned.get("omitted").is_some_and(|found| found.mark == KEPT);
        if kept { Own::least(person) } else { Own::whole(person, &self.settings) }
    }

    /// What becomes of values that are not sent.
    fn omitted(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let writer = self.writer();
        let whole = Own::whole(person, &writer.settings);
        let Some((section, key)) = whole.spare() else {
            let why = "your profile has nothing that could be left out: give it an address in Vome";
            return Learned::open(why, heard).into();
        };
        let records = [
            (whole.without(section, key), format!("{section}.{key}")),
            (Own::least(person), "everything but the names and the address".to_owned()),
        ];
        for (one, (record, left_out)) in heard.iter().zip(records.clone()) {
            match (writer.landed(one, &record.json(), known), one.changed) {
                (_, Some(true)) => {
                    let answer = format!(
                        "they are cleared ({left_out} was left out); a sheet must \
                                          have every column, or people lose values"
                    );
                    return Learned::told(answer, heard).into();
                }
                (_, None) => {
                    return Learned::open("your profile could not be read back", heard).into();
                }
                (Landed::Yes, Some(false)) => {
                    let answer = format!("they are kept ({left_out} was left out)");
                    return Learned::told(answer, heard).marked(KEPT).into();
                }
                (Landed::Unclear, _) => {
                    return Learned::open("the answer does not say whether it landed", heard)
                        .into();
                }
                (Landed::No, _) => {}
            }
        }
        match records.get(heard.len()) {
            Some((record, _)) => writer.call(vec![record.clone().json()], Touch::Own).into(),
            None => Learned::open("your profile is refused with its own values", heard).into(),
        }
    }

    /// What the answer to a success holds.
    fn answer(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let upsert = self.like(|settings| settings.operation = Operation::Upsert);
        let Some(one) = heard.first() else {
            return upsert.call(vec![upsert.own(person, known).json()], Touch::Own).into();
        };
        if !one.is_success() {
            return Learned::open("your profile is refused with its own values", heard).into();
        }
        let strict = known.learned.get("bad-row").is_some_and(|found| found.mark == FAILS_CALL);
        if one.body.trim_ascii().is_empty() {
            let learned = if strict {
                Learned::told(
                    "nothing; what cannot land fails the call, so that it means success",
                    heard,
                )
                .set("vome.empty_answer", "accepted")
            } else {
                Learned::told("nothing, and nothing says whether people have landed", heard)
                    .set("vome.empty_answer", "unknown")
            };
            return learned.into();
        }
        match upsert.counted(one) {
            Some(1) => Learned::told("it counts also people of whom nothing changed", heard)
                .set("vome.counts", "matched")
                .into(),
            Some(0) if strict => {
                Learned::told("it counts only people of whom something changed", heard)
                    .set("vome.counts", "changed")
                    .into()
            }
            Some(_) => {
                Learned::open("what it counts does not fit the one person sent", heard).into()
            }
            None => Learned::told("it counts nobody", heard).into(),
        }
    }

    /// Whether null is taken, where there is nothing to clear.
    fn null(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let writer = self.writer();
        let Some((section, key)) = Own::built_in(person, &writer.settings).blank() else {
            return Learned::open("your profile has no field without a value", heard).into();
        };
        let record = writer.own(person, known).with(section, key, Json::Null).json();
        let Some(one) = heard.first() else { return writer.call(vec![record], Touch::Own).into() };
        match (writer.landed(one, &record, known), one.changed) {
            (Landed::Yes, Some(false)) => {
                let answer = format!(
                    "it is taken for {section}.{key}, which has no value; that it clears \
                                      one was not asked"
                );
                Learned::told(answer, heard).into()
            }
            (Landed::No, Some(false)) => {
                let answer =
                    format!("it is refused for {section}.{key}: blank = \"clear\" cannot be used");
                Learned::told(answer, heard).into()
            }
            _ => Learned::open("the answer does not say whether it landed", heard).into(),
        }
    }
}

fn no_person(heard: &[Heard]) -> Step {
    Learned::open("it needs a profile of your own: --person EMAIL", heard).into()
}

/// A record that finds nobody and could not land on anybody.
fn bad_stray() -> Json {
    json!({"profile_data": {"email": NOBODY[1], "date_of_birth": "never"}})
}

/// Whether a refusal speaks of what stands inside a record.
fn speaks_of_record(one: &Heard) -> bool {
    let text = String::from_utf8_lossy(&one.body).to_lowercase();
    let inside = ["date_of_birth", "profile_data", "custom_field", "[0]", "[1]"];
    !one.is_success() && inside.iter().any(|part| text.contains(part))
}

#[cfg(test)]
mod tests;
