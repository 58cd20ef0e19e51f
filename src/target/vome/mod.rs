//! Vome: volunteers, by `bulk-upsert` matched by e-mail address.
//!
//! Sources: "Write Operations", "Create profiles", "The Profile object" and "Errors" of the vendor's
//! API documentation, and its help centre's page on formatting an import. Where they contradict
//! each other the default is the one that cannot mail anybody or create anybody twice, and a
//! setting overrides it.

mod custom;
mod fields;
mod judge;
mod read;
pub mod settings;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use self::fields::FIELDS;
use self::settings::{Language, Match, Operation, Settings, UniqueFieldKey, Verb};
use crate::batch::{Frame, Limits};
use crate::error::Result;
use crate::layout::Around;
use crate::mapping::Schema;
use crate::recipe::Recipe;
use crate::record::Field;
use crate::target::{
    Answer, Confirm, Credential, Directory, Kind as TargetKind, Method, Overrides, Progress, Purpose, Request, Sent,
    Target, Verdict, beside_recipe, check_page_size, check_settings, excerpt, interval,
};

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind { id: "vome", title: "Vome", fields: FIELDS, configure };

/// Vome, set up.
#[derive(Debug)]
struct Vome {
    settings: Settings,
    batch_size: usize,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("vome")?;
    let usual = match overrides.purpose {
        Purpose::Sending => 50,
        Purpose::Files => 500,
    };
    let batch_size = overrides.batch_size.or(settings.batch_size).unwrap_or(usual);
    if let Some(url) = &overrides.base_url {
        settings.base_url.clone_from(url);
        settings.rate = 0.0;
    }
    check_settings("vome", batch_size, None, settings.rate)?;
    check_page_size("vome", settings.page_size)?;
    if let Some(file) = &mut settings.api_key_file {
        *file = beside_recipe(recipe, file);
    }
    Ok(Box::new(Vome { settings, batch_size }))
}

impl Target for Vome {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        Schema::new(FIELDS.to_vec(), Arc::new(custom::make))
    }

    fn match_field(&self) -> &str {
        match self.settings.matched_by {
            Match::Email => "email",
        }
    }

    fn around(&self, used: &[Field], field: &Field) -> Around {
        if let Some(label) = field.name.strip_prefix("custom:") {
            let label = Json::from(label);
            return Around {
                before: format!("{{\"custom_field_name\":{label},\"custom_field_user_value\":"),
                after: "}".to_owned(),
                ..Around::default()
            };
        }
        let derive = field.name == "medical_information"
            && !used.iter().any(|other| other.name == "has_medical_info");
        let after = if derive { ",\"has_medical_info\":true" } else { "" };
        Around { after: after.to_owned(), ..Around::default() }
    }

    fn frame(&self) -> Frame {
        let settings = &self.settings;
        let mut unique = serde_json::Map::new();
        unique.insert("identifier_type".to_owned(), json!(0));
        if settings.unique_field_key != UniqueFieldKey::UniqueId {
            unique.insert("unique_custom_field".to_owned(), json!(""));
        }
        if settings.unique_field_key != UniqueFieldKey::UniqueCustomField {
            unique.insert("unique_id".to_owned(), json!(""));
        }
        let language = settings.invite.language.map(|language| match language {
            Language::English => "EN",
            Language::French => "FR",
        });
        let head = format!(
            "{{\"unique_identifier\":{},\"invite_user_to_vome\":{},\"invite_language\":{},\
             \"invite_message\":{},{}:[",
            Json::from(unique),
            settings.invite.enabled,
            Json::from(language),
            Json::from(settings.invite.message.clone()),
            Json::from(settings.records_key.as_str()),
        );
        Frame { head: head.into_bytes(), tail: b"]}".to_vec() }
    }

    fn limits(&self) -> Limits {
        Limits { rows: self.batch_size, bytes: self.settings.batch_bytes }
    }

    fn base_url(&self) -> Result<String> {
        Ok(self.settings.base_url.clone())
    }

    fn credential(&self) -> Credential {
        Credential {
            variable: "VOME_API_KEY",
            file: self.settings.api_key_file.clone(),
            header: "API-KEY",
            prefix: "",
        }
    }

    fn interval(&self) -> Duration {
        interval(self.settings.rate)
    }

    fn request(&self) -> Request {
        match self.settings.operation {
            Operation::Upsert => Request {
                method: match self.settings.upsert.method {
                    Verb::Post => Method::Post,
                    Verb::Put => Method::Put,
                },
                path: self.settings.upsert.path.clone(),
            },
        }
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        judge::judge(answer, sent.len(), &self.settings.records_key)
    }

    fn follow(&self, _ticket: &str) -> Request {
        Request { method: Method::Get, path: "/api/profiles/".to_owned() }
    }

    fn judge_follow(&self, answer: Answer<'_>, _sent: Sent<'_>) -> Progress {
        // Vome answers at once; there is nothing to follow.
        Progress::Done(Verdict::Ambiguous { why: excerpt(answer) })
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    fn confirm(&self) -> Confirm {
        Confirm::default()
    }

    fn repeatable(&self) -> bool {
        match self.settings.operation {
            Operation::Upsert => true,
        }
    }

    fn side_effects(&self) -> String {
        if self.settings.invite.enabled {
            "Vome mails an invitation to everybody sent".to_owned()
        } else {
            "none: invitations are off".to_owned()
        }
    }

    fn invites(&self) -> bool {
        self.settings.invite.enabled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::properties::people;

    fn vome(recipe: &str) -> Box<dyn Target> {
        let recipe = Recipe::parse(recipe.to_owned(), "upsheet.toml").unwrap();
        configure(&recipe, &Overrides::default()).unwrap()
    }

    #[test]
    fn answers_are_judged() {
        let vome = vome("");
        let refused = |why: &str, person| Verdict::Refused { why: why.to_owned(), person };
        for (status, body, expected) in [
            (200, r#"{"message":"ok"}"#, Verdict::Accepted),
            (201, "{}", Verdict::Accepted),
            (200, "", Verdict::Ambiguous { why: "a success without a readable body".to_owned() }),
            (
                200,
                r#"{"message":"o"#,
                Verdict::Ambiguous { why: "a success without a readable body".to_owned() },
            ),
            (
                200,
                "<html>",
                Verdict::Ambiguous { why: "a success without a readable body".to_owned() },
            ),
            (
                200,
                r#"{"error":{"message":"x"}}"#,
                Verdict::Ambiguous { why: "a success that speaks of an error".to_owned() },
            ),
            (
                400,
                r#"{"error":{"type":"invalid_request_error","code":"missing_field","message":"no email","param":"volunteers_data[3].profile_data.email"}}"#,
                refused("no email (volunteers_data[3].profile_data.email)", Some(3)),
            ),
            (
                400,
                r#"{"error":{"message":"no","param":"volunteers_data.0.email"}}"#,
                refused("no (volunteers_data.0.email)", Some(0)),
            ),
            (
                400,
                r#"{"error":{"message":"no","param":"volunteers_data[99]"}}"#,
                refused("no (volunteers_data[99])", None),
            ),
            (400, "oops", refused("status 400: oops", None)),
            (409, "", refused("status 409", None)),
            (413, "", Verdict::TooLarge),
            (429, "", Verdict::Later { after: None, why: "status 429".to_owned() }),
            (503, "", Verdict::Ambiguous { why: "status 503".to_owned() }),
            (200, r#"{"error":null,"errors":[],"failed":0}"#, Verdict::Accepted),
            (
                200,
                r#"{"success":false,"failed":12}"#,
                Verdict::Ambiguous { why: "a success that speaks of an error".to_owned() },
            ),
            (500, "", Verdict::Ambiguous { why: "status 500".to_owned() }),
            (502, "", Verdict::Ambiguous { why: "status 502".to_owned() }),
            (504, "", Verdict::Ambiguous { why: "status 504".to_owned() }),
            (408, "", Verdict::Ambiguous { why: "status 408".to_owned() }),
            (204, "", Verdict::Ambiguous { why: "status 204".to_owned() }),
        ] {
            let answer = Answer { status, retry_after: None, body: body.as_bytes() };
            assert_eq!(vome.judge(answer, &people(50)), expected, "{status} {body}");
        }
        for status in [301, 302, 307, 308, 401, 403, 404, 405] {
            let answer = Answer { status, retry_after: None, body: b"" };
            assert!(matches!(vome.judge(answer, &people(1)), Verdict::Stop { .. }), "{status}");
        }
    }

    #[test]
    fn nobody_is_invited_unless_the_recipe_says_so() {
        let text = |recipe: &str| String::from_utf8(vome(recipe).frame().head).unwrap();
        assert_eq!(
            text(""),
            r#"{"unique_identifier":{"identifier_type":0,"unique_custom_field":""},"invite_user_to_vome":false,"invite_language":null,"invite_message":null,"volunteers_data":["#
        );
        assert!(!vome("").invites());
        let on = "[vome]\nrecords_key = \"user_data\"\nunique_field_key = \"both\"\n[vome.invite]\nenabled = true\nlanguage = \"FR\"\nmessage = \"<p>\\\"Salut\\\"</p>\"\n";
        assert_eq!(
            text(on),
            r#"{"unique_identifier":{"identifier_type":0,"unique_custom_field":"","unique_id":""},"invite_user_to_vome":true,"invite_language":"FR","invite_message":"<p>\"Salut\"</p>","user_data":["#
        );
        assert!(vome(on).invites());
    }

    #[test]
    fn custom_fields_are_named() {
        let vome = vome("");
        let field = custom::make("custom:T-shirt \"size\"").unwrap();
        assert_eq!(
            vome.around(&[], &field).before,
            r#"{"custom_field_name":"T-shirt \"size\"","custom_field_user_value":"#
        );
        assert!(custom::make("custom:").is_err());
        assert!(custom::make("shirt").is_err());
    }
}
