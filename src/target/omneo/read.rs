//! How Omneo's profiles are asked for, page by page or one by one.
//!
//! Sources: the guides "Working with profiles" and "Working with identities", and the vendor's public
//! client for pages and filters. `?search=` is fuzzy and never used.

use serde_json::Value as Json;

use super::{Omneo, compare, restore};
use crate::target::directory::{
    Asked, Difference, Directory, Key, Page, Selection, Unread, Values, Wanted, count, escape,
    is_last, open, word,
};
use crate::target::{Answer, Method, Request, Target as _};

/// By what a profile is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The e-mail address.
    Email,
    /// The identifier of an identity with this handle.
    Identity(String),
}

impl Omneo {
    fn by(&self) -> By {
        By::of(self.match_field())
    }
}

impl Directory for Omneo {
    fn matched_by(&self) -> String {
        self.by().word()
    }

    fn page_size(&self) -> u64 {
        self.settings.page_size
    }

    fn page(&self, number: u64) -> Request {
        page(number, self.page_size())
    }

    fn ask(&self, wanted: &Wanted) -> Vec<Request> {
        self.by().ask(wanted)
    }

    fn read(&self, answer: Answer<'_>, asked: Asked) -> Result<Page, Unread> {
        self.by().read(answer, asked, self.page_size())
    }

    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        self.by().wanted(sent)
    }

    fn keys(&self, profile: &Json) -> Vec<Key> {
        self.by().keys(profile)
    }

    fn id(&self, profile: &Json) -> Option<String> {
        word(profile.get("id"))
    }

    fn differences(&self, sent: &Json, profile: &Json) -> Vec<Difference> {
        compare::differences(sent, profile)
    }

    fn select(&self, sent: &Json, profile: &Json, fields: &[&str], values: Values) -> Selection {
        restore::select(&self.by(), sent, profile, fields, values)
    }
}

impl By {
    /// From the name of the match field: `email`, `identities.HANDLE`.
    pub(super) fn of(field: &str) -> Self {
        match field.strip_prefix("identities.") {
            Some(handle) => Self::Identity(handle.to_owned()),
            None => Self::Email,
        }
    }

    fn word(&self) -> String {
        match self {
            Self::Email => "email".to_owned(),
            Self::Identity(handle) => format!("identity:{handle}"),
        }
    }

    /// By e-mail as it was sent and, because it is not documented whether the filter heeds case, in the
    /// form in which keys compare; by identity at its own address.
    fn ask(&self, wanted: &Wanted) -> Vec<Request> {
        match self {
            Self::Email => {
                let mut spellings = vec![&*wanted.spelling];
                if wanted.key.as_str() != &*wanted.spelling {
                    spellings.push(wanted.key.as_str());
                }
                let filter = |one| get(format!("/profiles?filter%5Bemail%5D={}", escape(one)));
                spellings.into_iter().map(filter).collect()
            }
            // They would mean another place in the tree.
            Self::Identity(_) if matches!(wanted.key.as_str(), "." | "..") => Vec::new(),
            Self::Identity(handle) => {
                let (id, handle) = (escape(wanted.key.as_str()), escape(handle));
                vec![get(format!("/profiles/{id}?identity%5Bhandle%5D={handle}"))]
            }
        }
    }

    /// Whom a person as sent will be matched with.
    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        match self {
            Self::Email => Wanted::email(sent.get("email")?.as_str()?),
            Self::Identity(handle) => Wanted::exact(&identifiers(sent, handle).next()?),
        }
    }

    /// The keys that a profile can be matched by.
    fn keys(&self, profile: &Json) -> Vec<Key> {
        match self {
            Self::Email => {
                let email = profile.get("email").and_then(Json::as_str);
                email.and_then(Key::email).into_iter().collect()
            }
            Self::Identity(handle) => {
                identifiers(profile, handle).filter_map(|one| Key::exact(&one)).collect()
            }
        }
    }

    pub(super) fn read(&self, answer: Answer<'_>, asked: Asked, size: u64) -> Result<Page, Unread> {
        let nobody = Page { last: true, ..Page::default() };
        let by_identity = matches!(self, Self::Identity(_));
        let number = match asked {
            Asked::Page(2..) if answer.status == 404 => return Ok(nobody),
            Asked::Key if answer.status == 404 && by_identity => return Ok(nobody),
            Asked::Page(number) => number,
            Asked::Key => 1,
        };
        let body = open(answer)?;
        match body.get("data").unwrap_or(&body) {
            Json::Array(list) => {
                let profiles = list.iter().filter(|one| one.is_object()).cloned().collect();
                let total = count(body.pointer("/meta/total"));
                let mut page = Page { profiles, last: false, total };
                page.last = is_last(&page, body.pointer("/links/next"), number, size);
                Ok(page)
            }
            one @ Json::Object(map) if asked == Asked::Key && map.contains_key("id") => {
                Ok(Page { profiles: vec![one.clone()], last: true, total: Some(1) })
            }
            Json::Null if asked == Asked::Key && by_identity => Ok(nobody),
            _ => Err(Unread::Wrong("the answer holds no list of profiles".to_owned())),
        }
    }
}

/// The request for a page of all profiles.
pub(super) fn page(number: u64, size: u64) -> Request {
    get(format!("/profiles?page%5Bnumber%5D={number}&page%5Bsize%5D={size}"))
}

fn get(path: String) -> Request {
    Request { method: Method::Get, path }
}

/// The identifiers of the identities with a handle, of a person as sent or as read.
fn identifiers(person: &Json, handle: &str) -> impl Iterator<Item = String> {
    let entries = person.get("identities").and_then(Json::as_array);
    entries
        .into_iter()
        .flatten()
        .filter(move |entry| entry.get("handle").and_then(Json::as_str) == Some(handle))
        .filter_map(|entry| word(entry.get("identifier")))
}

#[cfg(test)]
mod tests;
