//! How SCIM users are read, and when one is what was sent.
//!
//! Sources: RFC 7644 section 3.4.2 for filters and pages, which begin at an index and not at a
//! number; RFC 7643 section 4.1.1 for user names, which compare without regard to case.

mod restore;

use serde_json::{Map, Value as Json};

use super::fields::ENTERPRISE;
use super::settings::Change;
use super::{Scim, judge};
use crate::target::Operation;
use crate::target::directory::same::{As, is_nothing};
use crate::target::directory::{
    Asked, Difference, Directory, Key, Page, Selection, Unread, Values, Wanted, count, escape,
    open, word,
};
use crate::target::{Answer, Method, Request};

impl Directory for Scim {
    fn matched_by(&self) -> String {
        self.by_id().map_or("userName", |()| "id").to_owned()
    }

    fn page_size(&self) -> u64 {
        self.settings.page_size
    }

    fn page(&self, number: u64) -> Request {
        let size = self.page_size();
        let start = number.saturating_sub(1).saturating_mul(size).saturating_add(1);
        get(format!("/Users?startIndex={start}&count={size}"))
    }

    fn ask(&self, wanted: &Wanted) -> Vec<Request> {
        if self.by_id().is_some() {
            // They would mean another place in the tree.
            let is_step = matches!(wanted.key.as_str(), "." | "..");
            let request = || get(format!("/Users/{}", escape(wanted.key.as_str())));
            return if is_step { Vec::new() } else { vec![request()] };
        }
        // The value of a filter is written as JSON (RFC 7644 section 3.4.2.2).
        let filter = format!("userName eq {}", Json::from(&*wanted.spelling));
        vec![get(format!("/Users?filter={}", escape(&filter)))]
    }

    fn read(&self, answer: Answer<'_>, asked: Asked) -> Result<Page, Unread> {
        let nobody = Page { last: true, ..Page::default() };
        if asked == Asked::Key && answer.status == 404 && self.by_id().is_some() {
            return Ok(nobody);
        }
        let body = open(answer)?;
        if asked == Asked::Key && judge::get(&body, "userName").is_some() {
            return Ok(Page { profiles: vec![body], last: true, total: Some(1) });
        }
        let total = count(judge::get(&body, "totalResults"));
        let profiles: Vec<Json> = match judge::get(&body, "Resources") {
            Some(Json::Array(list)) => list.clone(),
            // A list of nobody may come without it (RFC 7644 section 3.4.2).
            None if total == Some(0) => return Ok(nobody),
            None if total.is_some() && asked != Asked::Key => Vec::new(),
            _ => return Err(Unread::Wrong("the answer holds no list of users".to_owned())),
        };
        let met = profiles.len() as u64;
        let Asked::Page(number) = asked else {
            return Ok(Page { profiles, last: true, total });
        };
        let seen = number.saturating_sub(1).saturating_mul(self.page_size()).saturating_add(met);
        let last = total.map_or(met < self.page_size(), |total| seen >= total) || met == 0;
        if !last && met < self.page_size() {
            return Err(Unread::Wrong(format!(
                "the server hands out {met} users at a time, not {}: write page_size = {met} under \
                 [scim]",
                self.page_size()
            )));
        }
        Ok(Page { profiles, last, total })
    }

    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        if self.by_id().is_some() {
            let part = sent.get("path")?.as_str()?.strip_prefix("/Users/")?;
            return Wanted::exact(&unescape(part));
        }
        let name = attributes(self, sent)?.get("userName")?.as_str()?;
        Some(Wanted { key: user_name(name)?, spelling: name.trim().into() })
    }

    fn keys(&self, profile: &Json) -> Vec<Key> {
        let key = match self.by_id() {
            Some(()) => self.id(profile).and_then(|id| Key::exact(&id)),
            None => judge::get(profile, "userName").and_then(Json::as_str).and_then(user_name),
        };
        key.into_iter().collect()
    }

    fn has_each_a_key(&self) -> bool {
        true
    }

    fn id(&self, profile: &Json) -> Option<String> {
        word(judge::get(profile, "id"))
    }

    fn differences(&self, sent: &Json, profile: &Json) -> Vec<Difference> {
        let mut all = Vec::new();
        for (name, value) in attributes(self, sent).into_iter().flatten() {
            if name != "schemas" {
                compare(name, value, judge::get(profile, name), &mut all);
            }
        }
        all
    }

    fn select(&self, sent: &Json, profile: &Json, fields: &[&str], values: Values) -> Selection {
        restore::select(self, sent, profile, fields, values)
    }
}

impl Scim {
    /// Whether people are found by the server's id.
    fn by_id(&self) -> Option<()> {
        (self.settings.operation == Operation::Update).then_some(())
    }

    /// Whether people are sent as changes of users, and not as whole users.
    fn patches(&self) -> bool {
        self.by_id().is_some() && self.settings.update_with == Change::Patch
    }
}

fn get(path: String) -> Request {
    Request { method: Method::Get, path }
}

fn user_name(name: &str) -> Option<Key> {
    Key::exact(&name.to_lowercase())
}

/// The attributes of a person as sent.
fn attributes<'s>(scim: &Scim, sent: &'s Json) -> Option<&'s Map<String, Json>> {
    let place = if scim.patches() { "/data/Operations/0/value" } else { "/data" };
    sent.pointer(place)?.as_object()
}

/// Adds what is otherwise: of objects each attribute, of lists those entries that are not there.
fn compare(name: &str, sent: &Json, found: Option<&Json>, all: &mut Vec<Difference>) {
    match (sent, found) {
        (Json::Object(sent), _) => {
            let found = found.unwrap_or(&Json::Null);
            for (key, value) in sent {
                compare(&name_in(name, key), value, judge::get(found, key), all);
            }
        }
        (Json::Array(sent), Some(Json::Array(found))) => {
            let way = way_of(name);
            let is_there = |entry: &&Json| !found.iter().any(|other| holds(way, entry, other));
            all.extend(sent.iter().filter(is_there).map(|entry| {
                let kind = entry.get("type").and_then(Json::as_str).unwrap_or_default();
                Difference {
                    field: format!("{name}.{kind}").trim_end_matches('.').to_owned(),
                    sent: entry.clone(),
                    found: None,
                }
            }));
        }
        _ if way_of(name).same(sent, found.unwrap_or(&Json::Null)) => {}
        _ => all.push(Difference {
            field: name.to_owned(),
            sent: sent.clone(),
            found: found.cloned(),
        }),
    }
}

/// The name of an attribute inside another one: those of an extension go by its URN, those of the enterprise
/// by their own names.
fn name_in(name: &str, key: &str) -> String {
    match name {
        ENTERPRISE => key.to_owned(),
        name if name.starts_with("urn:") => format!("{name}:{key}"),
        name => format!("{name}.{key}"),
    }
}

/// Whether an entry of a list has all that was sent of it. What has no value was not sent.
fn holds(way: As, sent: &Json, found: &Json) -> bool {
    let Some(map) = sent.as_object() else { return way.same(sent, found) };
    map.iter().filter(|(_, value)| !is_nothing(value)).all(|(key, value)| {
        let way = if matches!(key.as_str(), "value" | "country") { way } else { As::Any };
        judge::get(found, key).is_some_and(|found| way.same(value, found))
    })
}

/// How the values of an attribute compare.
fn way_of(name: &str) -> As {
    match name {
        "userName" => As::Folded,
        "emails" => As::Email,
        "phoneNumbers" => As::Phone,
        "addresses" => As::Country,
        _ => As::Any,
    }
}

/// The text that a part of a path stands for (RFC 3986 section 2.1).
fn unescape(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let coded = behind.get(..2).filter(|_| first == b'%');
        let coded = coded.and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = coded.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = byte.and_then(|_| behind.get(2..)).unwrap_or(behind);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
