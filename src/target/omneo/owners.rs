//! Whose an identity is: each pair of handle and identifier belongs to one profile of the tenant
//! ("Identities"). What becomes of somebody who is sent with the identity of another profile two pages say
//! differently: the data goes there, or it is an error (O15).
//!
//! Asked by `POST /profiles/search-id` ("Search by ID"), which never finds more than one, or met on
//! the pages of all profiles.

use serde_json::{Value as Json, json};

use super::read::By;
use super::settings::Settings;
use crate::target::directory::{Asked, Difference, Directory, Key, Page, Unread, Wanted, word};
use crate::target::owners::Owners;
use crate::target::{Answer, Method, Request};

/// Between handle and identifier in a key: neither has it, for it is no character of text.
const BETWEEN: char = '\u{1f}';
/// What "Search by ID" calls the id of a profile.
const PROFILE: &str = "profile_id";

/// Profiles by all of their identities.
#[derive(Debug)]
pub(super) struct Identities {
    by: By,
    page_size: u64,
}

impl Identities {
    /// For people matched by the field of this name; nothing where the settings do without.
    pub(super) fn new(settings: &Settings, match_field: &str) -> Option<Self> {
        let wanted = settings.identity_precheck.unwrap_or(settings.match_handle().is_none());
        wanted.then(|| Self { by: By::of(match_field), page_size: settings.page_size })
    }
}

/// The pairs of handle and identifier of a person, as sent or as read.
fn pairs(person: &Json) -> impl Iterator<Item = (String, String)> {
    let entries = person.get("identities").and_then(Json::as_array);
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| Some((word(entry.get("handle"))?, word(entry.get("identifier"))?)))
}

fn joined(handle: &str, identifier: &str) -> String {
    format!("{handle}{BETWEEN}{identifier}")
}

fn parted(wanted: &Wanted) -> (&str, &str) {
    wanted.spelling.split_once(BETWEEN).unwrap_or((PROFILE, &wanted.spelling))
}

impl Directory for Identities {
    fn matched_by(&self) -> String {
        "identities".to_owned()
    }

    fn page_size(&self) -> u64 {
        self.page_size
    }

    fn page(&self, number: u64) -> Request {
        super::read::page(number, self.page_size)
    }

    fn ask(&self, _wanted: &Wanted) -> Vec<Request> {
        vec![Request { method: Method::Post, path: "/profiles/search-id".to_owned() }]
    }

    fn body(&self, wanted: &Wanted) -> Option<Vec<u8>> {
        let (handle, identifier) = parted(wanted);
        Some(json!({"type": handle, "id": identifier}).to_string().into_bytes())
    }

    /// What it answers for nobody is not documented; 404 is inferred from other calls, and is also
    /// what a tenant without this call says: hence [`Owners::proof`].
    fn read(&self, answer: Answer<'_>, asked: Asked) -> Result<Page, Unread> {
        By::Identity(String::new()).read(answer, asked, self.page_size)
    }

    fn wanted(&self, sent: &Json) -> Option<Wanted> {
        self.claims(sent).into_iter().next()
    }

    fn keys(&self, profile: &Json) -> Vec<Key> {
        let own = pairs(profile).filter_map(|(handle, id)| Key::exact(&joined(&handle, &id)));
        let id = word(profile.get("id")).map(|id| joined(PROFILE, &id));
        own.chain(id.and_then(|id| Key::exact(&id))).collect()
    }

    fn id(&self, profile: &Json) -> Option<String> {
        word(profile.get("id"))
    }

    fn differences(&self, _sent: &Json, _profile: &Json) -> Vec<Difference> {
        Vec::new()
    }
}

impl Owners for Identities {
    fn claims(&self, sent: &Json) -> Vec<Wanted> {
        let matched = match &self.by {
            By::Identity(handle) => Some(handle.as_str()),
            By::Email => None,
        };
        pairs(sent)
            .filter(|(handle, _)| Some(handle.as_str()) != matched)
            .filter_map(|(handle, id)| Wanted::exact(&joined(&handle, &id)))
            .collect()
    }

    fn show(&self, wanted: &Wanted) -> String {
        let (handle, identifier) = parted(wanted);
        format!("{handle} {identifier}")
    }

    fn proof(&self, profile: &Json) -> Option<Wanted> {
        Wanted::exact(&joined(PROFILE, &self.id(profile)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identities(recipe: &str) -> Option<Identities> {
        let settings: Settings = toml::from_str(recipe).unwrap();
        let field = settings.match_handle().map(|handle| format!("identities.{handle}"));
        Identities::new(&settings, field.as_deref().unwrap_or("email"))
    }

    fn person(email: &str, ids: &[(&str, &str)]) -> Json {
        let entry = |(handle, id): &(&str, &str)| json!({"handle": handle, "identifier": id});
        json!({"id": "p1", "email": email, "identities": ids.iter().map(entry).collect::<Vec<_>>()})
    }

    #[test]
    fn identities_are_looked_up_where_people_are_matched_by_email_or_the_recipe_says_so() {
        assert!(identities("").is_some());
        assert!(identities("identity_precheck = false").is_none());
        assert!(identities("match_criteria = \"pos\"").is_none());
        assert!(identities("match_criteria = \"pos\"\nidentity_precheck = true").is_some());
    }

    #[test]
    fn each_identity_but_that_of_the_match_is_asked_for() {
        let ada = person("ada@example.org", &[("pos", "0001"), ("shop", "7")]);
        let shown = |recipe: &str| {
            let own = identities(recipe).unwrap();
            own.claims(&ada).iter().map(|one| own.show(one)).collect::<Vec<_>>()
        };
        assert_eq!(shown(""), ["pos 0001", "shop 7"]);
        assert_eq!(shown("match_criteria = \"pos\"\nidentity_precheck = true"), ["shop 7"]);
        let own = identities("").unwrap();
        let claim = own.claims(&ada).remove(0);
        let body: Json = serde_json::from_slice(&own.body(&claim).unwrap()).unwrap();
        assert_eq!(body, json!({"type": "pos", "id": "0001"}));
        let proof = own.proof(&ada).unwrap();
        let body: Json = serde_json::from_slice(&own.body(&proof).unwrap()).unwrap();
        assert_eq!(body, json!({"type": "profile_id", "id": "p1"}));
        assert!(own.keys(&ada).contains(&proof.key) && own.keys(&ada).contains(&claim.key));
        assert!(own.claims(&json!({"email": "ada@example.org"})).is_empty());
    }
}
