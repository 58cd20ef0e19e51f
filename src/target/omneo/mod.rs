//! Omneo: loyalty profiles, by the asynchronous profile batch matched by e-mail address.
//!
//! Sources: "Batch Profiles" and "Profiles API overview" of the vendor's API reference, its guides,
//! and the types of its public client. The batch answers with an id; the id is followed until each
//! profile has a verdict.

mod compare;
mod fields;
mod judge;
mod read;
pub mod settings;

use std::sync::Arc;
use std::time::Duration;

use self::fields::FIELDS;
use self::settings::{MOST_PROFILES, MatchCriteria, Settings};
use crate::batch::{Frame, Limits};
use crate::error::{Error, Result};
use crate::layout::Around;
use crate::mapping::{Schema, Unmade};
use crate::recipe::Recipe;
use crate::record::Field;
use crate::target::{
    Answer, Confirm, Credential, Directory, Kind as TargetKind, Method, Overrides, Progress, Request, Sent, Target,
    Verdict, beside_recipe, check_page_size, check_settings, interval,
};

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind { id: "omneo", title: "Omneo", fields: FIELDS, configure };

/// The field that a name means which the table does not have.
fn make(_name: &str) -> Result<Field, Unmade> {
    Err(Unmade::Unknown)
}

/// Omneo, set up.
#[derive(Debug)]
struct Omneo {
    settings: Settings,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("omneo")?;
    if let Some(size) = overrides.batch_size {
        settings.batch_size = size;
    }
    if let Some(url) = &overrides.base_url {
        settings.base_url = Some(url.clone());
        settings.rate = 0.0;
    }
    check_settings("omneo", settings.batch_size, Some(MOST_PROFILES), settings.rate)?;
    check_page_size("omneo", settings.page_size)?;
    if let Some(file) = &mut settings.api_key_file {
        *file = beside_recipe(recipe, file);
    }
    Ok(Box::new(Omneo { settings }))
}

impl Target for Omneo {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        Schema::new(FIELDS.to_vec(), Arc::new(make))
    }

    fn match_field(&self) -> &str {
        match self.settings.match_criteria {
            MatchCriteria::Email => "email",
        }
    }

    fn around(&self, _used: &[Field], _field: &Field) -> Around {
        Around::default()
    }

    fn frame(&self) -> Frame {
        let head = format!("{{\"match_criteria\":\"{}\",\"profiles\":[", self.match_field());
        Frame { head: head.into_bytes(), tail: b"]}".to_vec() }
    }

    fn limits(&self) -> Limits {
        Limits { rows: self.settings.batch_size, bytes: self.settings.batch_bytes }
    }

    fn base_url(&self) -> Result<String> {
        self.settings.base_url.clone().ok_or_else(|| {
            Error::usage(
                "the recipe does not say where this Omneo tenant is",
                "add [omneo] base_url = \"https://api.TENANT.getomneo.com/api/v3\" to upsheet.toml",
            )
        })
    }

    fn credential(&self) -> Credential {
        Credential {
            variable: "OMNEO_TOKEN",
            file: self.settings.api_key_file.clone(),
            header: "Authorization",
            prefix: "Bearer ",
        }
    }

    fn interval(&self) -> Duration {
        interval(self.settings.rate)
    }

    fn request(&self) -> Request {
        Request { method: Method::Post, path: self.settings.batch_path.clone() }
    }

    fn judge(&self, answer: Answer<'_>, _sent: Sent<'_>) -> Verdict {
        judge::judge(answer)
    }

    fn follow(&self, ticket: &str) -> Request {
        Request { method: Method::Get, path: format!("/batches/{ticket}") }
    }

    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        judge::judge_follow(answer, sent.len(), &self.settings)
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    fn confirm(&self) -> Confirm {
        Confirm {
            by: self.settings.confirm,
            within: Duration::from_secs(self.settings.follow_for),
        }
    }

    /// With a match key the same batch twice is the same as once.
    fn repeatable(&self) -> bool {
        true
    }

    fn side_effects(&self) -> String {
        "the tenant's webhooks and reactions on profile changes fire".to_owned()
    }

    fn invites(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::properties::people;

    fn omneo() -> Box<dyn Target> {
        configure(&Recipe::default(), &Overrides::default()).unwrap()
    }

    #[test]
    fn answers_are_judged() {
        for (status, body, expected) in [
            (
                202,
                r#"{"data":{"message":"queued","batch_id":"ab-1"}}"#,
                Verdict::Queued { ticket: "ab-1".to_owned() },
            ),
            (200, r#"{"data":{"batch_id":7}}"#, Verdict::Queued { ticket: "7".to_owned() }),
            (
                200,
                r#"{"data":{"batch_id":"../x"}}"#,
                Verdict::Ambiguous { why: "a success without a batch_id".to_owned() },
            ),
            (200, "", Verdict::Ambiguous { why: "a success without a batch_id".to_owned() }),
            (
                422,
                r#"{"message":"bad","errors":{"profiles":["too many"]}}"#,
                Verdict::Refused { why: "profiles: too many".to_owned(), person: None },
            ),
            (413, "", Verdict::TooLarge),
            (500, "x", Verdict::Ambiguous { why: "status 500: x".to_owned() }),
        ] {
            let answer = Answer { status, retry_after: None, body: body.as_bytes() };
            assert_eq!(omneo().judge(answer, &people(2)), expected, "{status} {body}");
        }
        let answer = Answer { status: 401, retry_after: None, body: b"" };
        assert!(matches!(omneo().judge(answer, &people(1)), Verdict::Stop { .. }));
    }

    #[test]
    fn a_batch_is_followed_to_a_verdict_for_each_profile() {
        let done = |verdict| Progress::Done(verdict);
        for (body, expected) in [
            (r#"{"data":{"status":"pending"}}"#, Progress::Pending),
            (
                r#"{"data":{"status":"success","success_count":"2","failed_count":"0"}}"#,
                done(Verdict::Accepted),
            ),
            (
                r#"{"data":{"status":"success","success_count":1,"failed_count":1,"items":[{"status":"success"},{"status":"failed","error":"The phone number exists"}]}}"#,
                done(Verdict::Unsorted { why: "The phone number exists".to_owned(), landed: 1 }),
            ),
            (
                r#"{"data":{"status":"failed","success_count":0,"failed_count":2}}"#,
                done(Verdict::Unsorted { why: "no reason given".to_owned(), landed: 0 }),
            ),
        ] {
            let answer = Answer { status: 200, retry_after: None, body: body.as_bytes() };
            assert_eq!(omneo().judge_follow(answer, &people(2)), expected, "{body}");
        }
        let recipe = Recipe::parse("[omneo]\nitems_in_order = true\n".to_owned(), "r").unwrap();
        let ordered = configure(&recipe, &Overrides::default()).unwrap();
        let body = r#"{"data":{"status":"failed","success_count":1,"failed_count":1,"items":[{"status":"success"},{"status":"failed","error":"x"}]}}"#;
        let answer = Answer { status: 200, retry_after: None, body: body.as_bytes() };
        let refused = vec![(1, "x".to_owned())];
        assert_eq!(ordered.judge_follow(answer, &people(2)), done(Verdict::Partial { refused }));
        for status in [413, 429, 500, 502] {
            let answer = Answer { status, retry_after: None, body: b"" };
            assert_eq!(omneo().judge_follow(answer, &people(2)), Progress::Pending, "{status}");
        }
        for body in [
            "",
            r#"{"data":{"status":"failed","success_count":2,"failed_count":0}}"#,
            r#"{"data":{"status":"success","success_count":2,"failed_count":0,"items":[{"status":"failed"},{"status":"success"}]}}"#,
            r#"{"data":{"status":"success","success_count":1,"failed_count":0,"items":[{"status":"success"}]}}"#,
        ] {
            let answer = Answer { status: 200, retry_after: None, body: body.as_bytes() };
            let progress = omneo().judge_follow(answer, &people(2));
            assert!(matches!(progress, Progress::Done(Verdict::Ambiguous { .. })), "{body}");
        }
    }

    #[test]
    fn a_batch_never_holds_more_than_500() {
        let many = Overrides { batch_size: Some(501), ..Overrides::default() };
        assert!(configure(&Recipe::default(), &many).is_err());
        let none = Overrides { batch_size: Some(0), ..Overrides::default() };
        assert!(configure(&Recipe::default(), &none).is_err());
        assert_eq!(omneo().limits().rows, 500);
    }
}
