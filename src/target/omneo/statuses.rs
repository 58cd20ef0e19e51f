//! Statuses, which a batch of their own adds to the profiles that have landed (Omneo "Statuses").
//!
//! An update of a profile takes away the statuses that it does not name, and whether the batch of
//! profiles does so is not documented; this one only adds, so that twice is as good as once. It wants the ids of
//! profiles. A handle that the tenant does not have is ignored without a word, so each is asked for
//! first, by the filter that the guide shows; whether the list of statuses has pages is not documented.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::judge;
use super::settings::{MOST_PROFILES, Settings, StatusesMode};
use crate::batch::{Frame, Limits};
use crate::target::afterwards::{Afterwards, Known};
use crate::target::directory::{Unread, count, escape, open};
use crate::target::{Answer, Method, Progress, Request, Sent, Verdict};

/// What is kept apart from a person.
#[derive(Deserialize)]
struct Aside {
    #[serde(default)]
    statuses: Vec<String>,
}

/// The batch of statuses of one tenant.
#[derive(Debug)]
pub(super) struct Statuses {
    settings: Settings,
}

impl Statuses {
    /// Nothing where statuses go in the batch of profiles, or are refused.
    pub(super) fn new(settings: &Settings) -> Option<Self> {
        let wanted = settings.statuses_mode == StatusesMode::Add;
        wanted.then(|| Self { settings: settings.clone() })
    }
}

impl Afterwards for Statuses {
    fn what(&self) -> [&'static str; 2] {
        ["status", "statuses"]
    }

    fn request(&self) -> Request {
        Request { method: Method::Post, path: "/profile/status/batch.json".to_owned() }
    }

    fn frame(&self) -> Frame {
        Frame { head: b"{\"profiles\":[".to_vec(), tail: b"]}".to_vec(), each: None }
    }

    fn limits(&self) -> Limits {
        let rows = self.settings.batch_size.min(MOST_PROFILES);
        Limits { rows, bytes: self.settings.batch_bytes }
    }

    fn entry(&self, id: &str, aside: &RawValue) -> Box<RawValue> {
        let rest = aside.get().strip_prefix('{').unwrap_or("}");
        let comma = if rest.starts_with('}') { "" } else { "," };
        let text = format!("{{\"profile_id\":{}{comma}{rest}", Json::from(id));
        RawValue::from_string(text).unwrap_or_default()
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        match judge::judge(answer, sent.count()) {
            Verdict::Stop { why, .. } if matches!(answer.status, 404 | 405) => Verdict::Stop {
                why,
                help:
                    "this tenant has no batch of statuses; if the sheet has all statuses of each \
                       person: statuses_mode = \"batch\" in [omneo]"
                        .to_owned(),
            },
            Verdict::Stop { why, .. } if answer.status == 422 => Verdict::Stop {
                why,
                help:
                    "it is about the request and none of its people: give a smaller batch_size in \
                       [omneo]"
                        .to_owned(),
            },
            other => other,
        }
    }

    fn follow(&self, ticket: &str) -> Request {
        judge::follow(ticket)
    }

    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        judge::judge_follow(answer, sent, &self.settings)
    }

    fn repeatable(&self) -> bool {
        true
    }

    fn words(&self, aside: &RawValue) -> Vec<String> {
        serde_json::from_str::<Aside>(aside.get()).map_or_else(|_| Vec::new(), |it| it.statuses)
    }

    fn ask(&self, word: &str) -> Request {
        let path = format!("/statuses?filter%5Bhandle%5D={}", escape(word));
        Request { method: Method::Get, path }
    }

    fn read(&self, answer: Answer<'_>, word: &str) -> Result<Known, Unread> {
        let body = open(answer)?;
        let Json::Array(list) = body.get("data").unwrap_or(&body) else {
            return Err(Unread::Wrong("the answer holds no list of statuses".to_owned()));
        };
        let handle =
            |entry: &Json| entry.get("handle").unwrap_or(entry).as_str().map(str::to_owned);
        let handles: Option<Vec<String>> = list.iter().map(handle).collect();
        let Some(handles) = handles else {
            return Err(Unread::Wrong("the answer lists a status without its handle".to_owned()));
        };
        let more = body.pointer("/links/next").is_some_and(Json::is_string)
            || count(body.pointer("/meta/total")).is_some_and(|all| all > handles.len() as u64);
        let met = handles.iter().any(|one| one == word);
        Ok(if met || !more { Known::Words(handles) } else { Known::Partly(handles) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::to_raw_value;

    use super::*;
    use crate::recipe::Recipe;
    use crate::target::{Overrides, Target};

    fn omneo(recipe: &str) -> Box<dyn Target> {
        let recipe = Recipe::parse(format!("[omneo]\n{recipe}"), "r").unwrap();
        (super::super::KIND.configure)(&recipe, &Overrides::default()).unwrap()
    }

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    fn answer(status: u16, body: &str) -> Answer<'_> {
        Answer { status, retry_after: None, body: body.as_bytes() }
    }

    #[test]
    fn statuses_are_added_afterwards_unless_the_recipe_says_otherwise() {
        assert!(omneo("").afterwards().is_some());
        assert!(omneo("statuses_mode = \"batch\"\n").afterwards().is_none());
        assert!(omneo("statuses_mode = \"refuse\"\n").afterwards().is_none());
        let target = omneo("batch_size = 40\n");
        assert_eq!(target.afterwards().unwrap().limits().rows, 40);
    }

    #[test]
    fn an_entry_is_the_id_with_what_was_kept_apart() {
        let target = omneo("");
        let after = target.afterwards().unwrap();
        let aside = raw(r#"{"statuses":["vip","a\"b"]}"#);
        let entry = after.entry("9b-1", &aside);
        assert_eq!(entry.get(), r#"{"profile_id":"9b-1","statuses":["vip","a\"b"]}"#);
        assert_eq!(after.entry("x\"", &raw("{}")).get(), r#"{"profile_id":"x\""}"#);
        assert_eq!(after.words(&aside), ["vip", "a\"b"]);
        assert!(after.words(&raw("{}")).is_empty());
        let body = after.frame().splice([entry.get().as_bytes()].into_iter());
        let json: Json = serde_json::from_slice(&body).unwrap();
        assert_eq!(json["profiles"][0]["profile_id"], "9b-1");
    }

    #[test]
    fn answers_to_a_batch_of_statuses_are_judged() {
        let target = omneo("");
        let after = target.afterwards().unwrap();
        let sent = [to_raw_value(&serde_json::json!({"profile_id": "p1"})).unwrap()];
        let sent: Vec<&RawValue> = sent.iter().map(AsRef::as_ref).collect();
        let judge = |status, body| after.judge(answer(status, body), &sent);
        assert_eq!(
            judge(202, r#"{"data":{"batch_id":"b"}}"#),
            Verdict::Queued { ticket: "b".to_owned() }
        );
        for (status, body, part) in [
            (404, "", "no batch of statuses"),
            (403, "", "rights"),
            (422, r#"{"errors":{"profiles":["too many"]}}"#, "smaller batch_size"),
        ] {
            let Verdict::Stop { help, .. } = judge(status, body) else { panic!("{status}") };
            assert!(help.contains(part), "{status}: {help}");
        }
        assert!(matches!(judge(200, ""), Verdict::Ambiguous { .. }));
        assert!(matches!(judge(500, ""), Verdict::Ambiguous { .. }));
        let refused = judge(422, r#"{"errors":{"profiles.0.profile_id":["is of no profile"]}}"#);
        let Verdict::Refused { named, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!(named.first().map(|one| one.place), Some(0), "{refused:?}");
    }

    #[test]
    fn an_item_that_names_its_profile_is_about_that_entry() {
        let target = omneo("");
        let after = target.afterwards().unwrap();
        let sent = [raw(r#"{"profile_id":"p1"}"#), raw(r#"{"profile_id":"p2"}"#)];
        let sent: Vec<&RawValue> = sent.iter().map(AsRef::as_ref).collect();
        let body = r#"{"data":{"status":"success","success_count":"1","failed_count":"1","items":[
            {"status":"failed","entity_id":"p2","error":"is of no profile"},
            {"status":"success","entity_id":"p1"}]}}"#;
        assert_eq!(
            after.judge_follow(answer(200, body), &sent),
            Progress::Done(Verdict::Partial { refused: vec![(1, "is of no profile".to_owned())] })
        );
    }

    #[test]
    fn what_the_tenant_says_of_a_handle_is_read() {
        let target = omneo("");
        let after = target.afterwards().unwrap();
        assert_eq!(after.ask("v p&").path, "/statuses?filter%5Bhandle%5D=v%20p%26");
        let words = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect::<Vec<_>>();
        let read = |body| after.read(answer(200, body), "vip");
        for (body, expected) in [
            (r#"{"data":[{"handle":"vip","name":"VIP"}]}"#, Known::Words(words(&["vip"]))),
            (r#"{"data":[]}"#, Known::Words(vec![])),
            (r#"[{"handle":"VIP"}]"#, Known::Words(words(&["VIP"]))),
            // The filter was passed over, and there are more than are shown.
            (
                r#"{"data":[{"handle":"a"}],"links":{"next":"https://x.example/?page=2"}}"#,
                Known::Partly(words(&["a"])),
            ),
            (r#"{"data":[{"handle":"a"}],"meta":{"total":"2"}}"#, Known::Partly(words(&["a"]))),
            (r#"{"data":[{"handle":"vip"}],"meta":{"total":2}}"#, Known::Words(words(&["vip"]))),
        ] {
            assert_eq!(read(body), Ok(expected), "{body}");
        }
        for body in ["{}", r#"{"data":[{"name":"VIP"}]}"#, r#"{"data":{"handle":"vip"}}"#] {
            assert!(matches!(read(body), Err(Unread::Wrong(_))), "{body}");
        }
        assert!(matches!(after.read(answer(403, ""), "vip"), Err(Unread::Denied(_))));
        assert!(matches!(after.read(answer(404, ""), "vip"), Err(Unread::Wrong(_))));
    }
}
