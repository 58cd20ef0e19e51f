//! What the documents of Omneo leave open (`docs/omneo.md`, O1 to O20), asked of a live account.
//!
//! A batch creates whom it does not find, so that every profile of a batch is the user's own, found
//! by its own address and sent with nothing but that and its names. The one that must fail has a
//! time that is none, which no tenant can store.

mod questions;

use serde_json::{Map, Value as Json, json};

use self::questions::QUESTIONS;
use super::Omneo;
use crate::target::directory::{Asked, Directory as _, escape, word};
use crate::target::probe::{
    Call, Heard, Known, Learned, Prober, Question, Step, Touch, page_size, profiles, throttle,
};
use crate::target::{Method, Request, Target as _, Verdict};

/// The two paths that the documents print (O2).
const PATHS: [&str; 2] = ["/profiles/batch.json", "/profiles/batch"];
/// Where the API lies below the address of a tenant.
const BELOW: &str = "/api/v3";
/// How often a batch is looked at.
const LOOKS: usize = 30;
/// A value that no time can have.
const NO_TIME: &str = "not a time";

/// A word for other questions: the state of a batch is to be had.
const FOLLOWED: &str = "followed";

impl Prober for Omneo {
    fn questions(&self) -> Vec<&'static Question> {
        QUESTIONS.iter().collect()
    }

    fn step(&self, question: &'static str, known: &Known<'_>, heard: &[Heard]) -> Step {
        match question {
            "base-url" => self.base(heard),
            "token" => self.token(heard),
            "page-size" => page_size(heard, self, "omneo.page_size", |size| {
                Call::read(format!("/profiles?page%5Bnumber%5D=1&page%5Bsize%5D={size}"))
            }),
            "batch-path" => self.batch_path(heard),
            "batch" => self.batch(known, heard),
            "bad-item" => self.bad_item(known, heard),
            "tags" => self.tags(known, heard),
            "email-case" => self.email_case(known, heard),
            _ => throttle(known, "omneo.rate"),
        }
    }

    fn find(&self, email: &str) -> Option<Request> {
        Some(Request { method: Method::Get, path: by_email(email) })
    }

    fn email(&self, profile: &Json) -> Option<String> {
        word(profile.get("email"))
    }

    fn show(&self, profile: &Json) -> String {
        let text = |key: &str| word(profile.get(key)).unwrap_or_default();
        let (first, last, email, id) =
            (text("first_name"), text("last_name"), text("email"), text("id"));
        format!("{first} {last} <{email}>, id {id}")
    }

    fn state(&self, profile: &Json) -> Json {
        // Times, and what follows from today.
        const OWN: [&str; 6] =
            ["created_at", "updated_at", "birth_days", "birth_days_past", "next_birthday", "age"];
        match profile {
            Json::Object(map) => {
                let kept = map.iter().filter(|(key, _)| !OWN.contains(&key.as_str()));
                let kept = kept.map(|(key, value)| (key.clone(), self.state(value)));
                kept.collect::<Map<_, _>>().into()
            }
            Json::Array(list) => list.iter().map(|one| self.state(one)).collect(),
            value => value.clone(),
        }
    }

    fn restore(&self, before: &Json) -> Vec<Call> {
        const TEXTS: [&str; 8] = [
            "title",
            "company",
            "occupation",
            "mobile_phone",
            "secondary_phone",
            "avatar_url",
            "currency",
            "joined_at",
        ];
        let mut profile = least(before);
        for key in TEXTS {
            if let Some(text) = before.get(key).and_then(Json::as_str) {
                profile.insert(key.to_owned(), text.into());
            }
        }
        for key in ["birth_day", "birth_month", "birth_year"] {
            let shown = before.get(key);
            let part = shown.and_then(|part| part.as_i64().or(part.as_str()?.parse().ok()));
            profile.extend(part.map(|part| (key.to_owned(), part.into())));
        }
        if let Some(gender) = before.get("gender").and_then(Json::as_str) {
            profile.insert("gender".to_owned(), gender.to_lowercase().into());
        }
        for key in ["tags", "statuses"] {
            if let Some(words) = words(before, key) {
                profile.insert(key.to_owned(), words);
            }
        }
        vec![self.own(vec![profile])]
    }

    fn queues(&self) -> bool {
        true
    }

    fn side_effects(&self) -> &'static str {
        "but for a joined_at that is no time, which must fail (bad-item); the tenant's webhooks and \
         reactions on profile changes may fire for it"
    }

    fn sketch(&self, email: &str) -> Json {
        json!({
            "id": "<id>", "email": email, "first_name": "<first name>", "last_name": "<last name>",
            "tags": ["<tag>"],
        })
    }
}

/// Whoever has an address.
fn by_email(email: &str) -> String {
    format!("/profiles?filter%5Bemail%5D={}", escape(email))
}

/// The address and the names of a profile, without which nobody is found.
fn least(profile: &Json) -> Map<String, Json> {
    let keys = ["email", "first_name", "last_name"].into_iter();
    keys.filter_map(|key| Some((key.to_owned(), profile.get(key)?.as_str()?.into()))).collect()
}

/// The handles of a list, which may be shown as objects.
fn words(profile: &Json, key: &str) -> Option<Json> {
    let list = profile.get(key)?.as_array()?;
    let handle = |one: &Json| word(Some(one)).or_else(|| word(one.get("handle")));
    let words: Option<Vec<String>> = list.iter().map(handle).collect();
    Some(words?.into())
}

fn no_person(heard: &[Heard]) -> Step {
    Learned::open("it needs a profile of your own: --person EMAIL", heard).into()
}

/// What is to be done about a batch that was sent.
enum Followed {
    /// Look at it, perhaps once more.
    Look(Box<Call>),
    /// What its state says.
    Done(Json),
    /// Why it is not known.
    Lost(String),
}

impl Omneo {
    /// A batch of the user's own profile.
    fn own(&self, profiles: Vec<Map<String, Json>>) -> Call {
        let profiles: Vec<Json> = profiles.into_iter().map(Json::from).collect();
        let body = json!({"match_criteria": "email", "profiles": profiles});
        Call::write(self.request(), body, Touch::Own)
    }

    /// Which address is the API's (O1).
    fn base(&self, heard: &[Heard]) -> Step {
        const FIRST: &str = "/profiles?page%5Bsize%5D=1";
        let listed = |one: &Heard| self.read(one.answer(), Asked::Page(1)).is_ok();
        let base = self.base_url().unwrap_or_default().trim_end_matches('/').to_owned();
        let Some(one) = heard.first() else { return Call::read(FIRST).into() };
        if listed(one) {
            let mut learned = Learned::told(format!("{base} is"), &[]).set("omneo.base_url", base);
            learned.evidence.push("status 200, a list of profiles".to_owned());
            return learned.into();
        }
        let below = base.ends_with(BELOW);
        match heard.get(1) {
            None if !below => Call::read(format!("{BELOW}{FIRST}")).into(),
            Some(two) if listed(two) => {
                let base = format!("{base}{BELOW}");
                let mut learned =
                    Learned::told(format!("{base} is"), heard.get(..1).unwrap_or(&[]));
                learned.evidence.push("status 200 below /api/v3, a list of profiles".to_owned());
                learned.set("omneo.base_url", base).into()
            }
            _ => Learned::open("no list of profiles is there", heard).into(),
        }
    }

    /// Whether the token is taken and may read (O17).
    fn token(&self, heard: &[Heard]) -> Step {
        let Some(one) = heard.first() else {
            return Call::read("/profiles?page%5Bsize%5D=1").into();
        };
        match self.read(one.answer(), Asked::Page(1)) {
            Ok(page) => {
                let of =
                    page.total.map_or(String::new(), |total| format!(" ({})", profiles(total)));
                let mut learned = Learned::told(format!("it is taken and may read{of}"), &[]);
                learned.evidence.push(format!("status 200, a list of profiles{of}"));
                learned.into()
            }
            Err(_) => Learned::open("what comes back is no list of profiles", heard).into(),
        }
    }

    /// Where batches go (O2), asked with batches of nobody.
    fn batch_path(&self, heard: &[Heard]) -> Step {
        let used = self.settings.batch_path.clone();
        let mut paths = vec![used.as_str()];
        paths.extend(PATHS.into_iter().filter(|path| *path != used));
        if let Some((one, path)) = heard.last().zip(paths.get(heard.len().wrapping_sub(1)))
            && !one.is_absent()
            && one.status < 500
        {
            return Learned::told(*path, heard).set("omneo.batch_path", *path).into();
        }
        match paths.get(heard.len()) {
            Some(path) => {
                let request = Request { method: Method::Post, path: (*path).to_owned() };
                let body = json!({"match_criteria": "email", "profiles": []});
                Call::write(request, body, Touch::Harmless).into()
            }
            None => Learned::open("no path takes batches", heard).into(),
        }
    }

    /// The state of the batch that the first answer speaks of.
    fn followed(&self, heard: &[Heard]) -> Option<Followed> {
        let (first, later) = heard.split_first()?;
        let Verdict::Queued { ticket } = self.judge(first.answer(), &Vec::new()) else {
            return Some(Followed::Lost("the answer has no batch_id".to_owned()));
        };
        if let Some(last) = later.last() {
            if last.status != 200 {
                return Some(Followed::Lost(format!("GET /batches/{{id}}: {}", last.words())));
            }
            let data = last.json().get("data").cloned().unwrap_or_default();
            let status = word(data.get("status")).unwrap_or_default().to_lowercase();
            if !["", "pending", "queued", "processing"].contains(&status.as_str()) {
                return Some(Followed::Done(data));
            }
        }
        if later.len() >= LOOKS {
            return Some(Followed::Lost(format!("the batch is still pending after {LOOKS} looks")));
        }
        let call = Call { request: self.follow(&ticket), ..Call::read("") };
        Some(Followed::Look(Box::new(Call { pause: true, may_be_denied: true, ..call })))
    }

    /// What a batch is answered with, and whether its state is to be had (O3).
    fn batch(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let Some(followed) = self.followed(heard) else {
            return self.own(vec![least(person)]).into();
        };
        let Some((first, last)) = heard.first().zip(heard.last()) else { return no_person(heard) };
        let ends = || vec![first.clone(), last.clone()];
        if !first.is_success() {
            return Learned::open("your profile is refused with its own address and names", heard)
                .into();
        }
        match followed {
            Followed::Look(call) => Step::Ask(call),
            Followed::Done(data) => {
                let items = data.get("items").and_then(Json::as_array).map(Vec::len);
                let items = items.map_or("no items".to_owned(), |count| format!("{count} item"));
                let answer = format!(
                    "status {}, a batch_id, and the state of the batch is to be had, with {items}",
                    first.status
                );
                let learned = Learned::told(answer, &ends()).set("omneo.confirm", "poll");
                learned.marked(FOLLOWED).into()
            }
            Followed::Lost(_) if heard.len() == 1 => {
                let answer = format!("status {}, but no batch_id", first.status);
                Learned::told(answer, heard).set("omneo.confirm", "readback").into()
            }
            Followed::Lost(_) if matches!(last.status, 401 | 403 | 404) => {
                let answer = format!(
                    "status {} and a batch_id, but the state of the batch is not to be had",
                    first.status
                );
                Learned::told(answer, &ends()).set("omneo.confirm", "readback").into()
            }
            Followed::Lost(why) => Learned::open(why, &ends()).into(),
        }
    }

    /// Whether a profile that cannot land fails alone, and in which order the items of a batch stand.
    fn bad_item(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let Some(followed) = self.followed(heard) else {
            let good = least(person);
            let mut bad = good.clone();
            bad.insert("joined_at".to_owned(), NO_TIME.into());
            // Four, so that last-first, failed-first and failed-last do not look like in order.
            return self.own(vec![good.clone(), bad, good.clone(), good]).into();
        };
        let Some((first, last)) = heard.first().zip(heard.last()) else { return no_person(heard) };
        let ends = || vec![first.clone(), last.clone()];
        if (400..500).contains(&first.status) && !first.is_absent() {
            return Learned::told("it fails the whole call", heard).into();
        }
        match followed {
            Followed::Look(call) => Step::Ask(call),
            Followed::Lost(why) => Learned::open(why, &ends()).into(),
            Followed::Done(data) => items(&data, &ends()).into(),
        }
    }

    /// What becomes of tags in a batch (O14), as far as that can be asked without changing any.
    fn tags(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let Some(tags) = words(person, "tags").filter(|tags| *tags != json!([])) else {
            return Learned::open("your profile has no tags", heard).into();
        };
        let Some(followed) = self.followed(heard) else {
            let mut profile = least(person);
            profile.insert("tags".to_owned(), tags);
            return self.own(vec![profile]).into();
        };
        let Some((first, last)) = heard.first().zip(heard.last()) else { return no_person(heard) };
        let ends = [first.clone(), last.clone()];
        match followed {
            Followed::Look(call) => Step::Ask(call),
            _ if !first.is_success() => Learned::told("they are refused in a batch", heard).into(),
            Followed::Done(data) if word(data.get("status")).as_deref() == Some("success") => {
                let why = "a batch takes them; whether they are added to those of a person or take their \
                           place does not show where they are the same";
                Learned::open(why, &ends).into()
            }
            Followed::Done(_) => Learned::told("they are refused in a batch", &ends).into(),
            Followed::Lost(why) => Learned::open(why, &ends).into(),
        }
    }

    /// Whether looking for an address heeds its case. A batch with another spelling could create.
    fn email_case(&self, known: &Known<'_>, heard: &[Heard]) -> Step {
        let Some(person) = known.person else { return no_person(heard) };
        let email = word(person.get("email")).unwrap_or_default();
        let swap = |c: char| {
            if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
        };
        let other: String = email.chars().map(swap).collect();
        if other == email {
            return Learned::open("the address of your profile has no letters", heard).into();
        }
        let Some(one) = heard.first() else { return Call::read(by_email(&other)).into() };
        let Ok(page) = self.read(one.answer(), Asked::Key) else {
            return Learned::open("what comes back is no list of profiles", heard).into();
        };
        let id = person.get("id");
        let found = page.profiles.iter().any(|profile| profile.get("id") == id);
        let answer = if found {
            "looking for an address does not heed it; that a batch matches so too is likely and was \
             not asked, because a batch creates whom it does not find"
        } else {
            "looking for an address heeds it, so that a batch may as well: write addresses as Omneo shows \
             them"
        };
        let mut learned = Learned::told(answer, &[]);
        let count = profiles(page.profiles.len() as u64);
        learned.evidence.push(format!("status 200, {count} with the address in other letters"));
        learned.into()
    }
}

/// What the items of a batch say of four profiles of which the second had to fail.
fn items(data: &Json, heard: &[Heard]) -> Learned {
    let failed = |item: &Json| word(item.get("status")).as_deref() != Some("success");
    let items = data.get("items").and_then(Json::as_array);
    let places: Vec<usize> = items
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(_, item)| failed(item))
        .map(|(place, _)| place)
        .collect();
    let count = word(data.get("failed_count"));
    let alone = "it fails alone";
    match (items.map(Vec::len), places.as_slice()) {
        (Some(4), [1]) => Learned::told(format!("{alone}; items stand in the order sent"), heard)
            .set("omneo.items_in_order", true),
        (Some(4), [_]) => {
            Learned::told(format!("{alone}; items do not stand in the order sent"), heard)
                .set("omneo.items_in_order", false)
        }
        (Some(4), []) if count.as_deref() != Some("1") => {
            Learned::open("a joined_at that is no time did not fail", heard)
        }
        (Some(1), [_]) => Learned::told(format!("{alone}; only failed items are listed"), heard)
            .set("omneo.items_in_order", false),
        (None | Some(0), _) if count.as_deref() == Some("1") => {
            Learned::told(format!("{alone}; it is counted and not listed"), heard)
                .set("omneo.items_in_order", false)
        }
        _ => Learned::open("the items of the batch do not fit the four profiles sent", heard),
    }
}

#[cfg(test)]
mod tests;
