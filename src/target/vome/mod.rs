//! Vome: volunteers, created, updated or upserted in bulk, found by e-mail address, by Vome ID or by a
//! custom field of the type Unique ID.
//!
//! Sources: "Write Operations", "Create profiles", "The Profile object" and "Errors" of the vendor's
//! API documentation, and its help centre's page on formatting an import. Where they contradict
//! each other the default is the one that cannot mail anybody or create anybody twice, and a
//! setting overrides it: `docs/vome.md` has all of them.

mod answer;
pub mod custom;
mod fields;
mod harvest;
pub mod invite;
mod judge;
mod probe;
mod read;
pub mod settings;
mod table;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};

use self::custom::Catalogue;
use self::fields::FIELDS;
use self::settings::{BoolEncoding, CoordinatesAs, EnumEncoding, Match, Settings, UniqueFieldKey};
use crate::batch::{Frame, Limits};
use crate::error::{Error, Result};
use crate::layout::{Around, Written};
use crate::mapping::Schema;
use crate::recipe::Recipe;
use crate::record::Field;
use crate::target::probe::Prober;
use crate::target::{
    Answer, Common, Confirm, Credential, Custom, Directory, Kind as TargetKind, Method, Operation,
    Overrides, Progress, Purpose, Request, Sent, Target, Verdict, beside_recipe, excerpt, interval,
};

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind {
    id: "vome",
    title: "Vome",
    updates_alone: true,
    fields: FIELDS,
    defined: &["custom:NAME"],
    settings: table::TABLE,
    matched_by: Some(("match", |key| key)),
    configure,
};

/// Vome, set up.
#[derive(Debug)]
struct Vome {
    settings: Arc<Settings>,
    catalogue: Arc<Catalogue>,
    batch_size: usize,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("vome")?;
    let usual = match overrides.purpose {
        Purpose::Sending => 50,
        Purpose::Files => 500,
    };
    let batch_size = overrides.batch_size.or(settings.batch_size).unwrap_or(usual);
    overrides.reach(&mut settings.base_url, &mut settings.rate);
    settings.operation = overrides.operation.unwrap_or(settings.operation);
    if let Some(key) = &overrides.matched_by {
        settings.matched_by = Match::try_from(key.clone()).map_err(|why| {
            Error::usage(why, "say --match email, --match id or --match 'custom:Salesforce ID'")
        })?;
    }
    let (batch_bytes, rate, page_size) = (settings.batch_bytes, settings.rate, settings.page_size);
    let common = Common { batch_size, most: None, batch_bytes, rate, page_size };
    common.check(&KIND, recipe, overrides)?;
    settings.check().map_err(|(keys, error)| recipe.at(&keys, error))?;
    let beside = |file: &Path| beside_recipe(recipe, file);
    settings.invite.enabled &= !overrides.invites_nobody;
    settings
        .invite
        .prepare(settings.operation, &beside)
        .map_err(|(key, error)| recipe.at(&["vome", "invite", key], error))?;
    if let Some(file) = &mut settings.api_key_file {
        *file = beside_recipe(recipe, file);
    }
    let catalogue = Arc::new(Catalogue::new(&settings, &overrides.definitions));
    Ok(Box::new(Vome { settings: Arc::new(settings), catalogue, batch_size }))
}

impl Vome {
    /// The match block of a request.
    fn unique_identifier(&self) -> Json {
        let (kind, id) = match self.settings.matched_by {
            Match::Email => (0, ""),
            Match::Id => (1, ""),
            Match::Custom(_) => (2, self.catalogue.key_id().unwrap_or_default()),
        };
        let key = self.settings.unique_field_key();
        let mut unique = serde_json::Map::new();
        unique.insert("identifier_type".to_owned(), json!(kind));
        if key != UniqueFieldKey::UniqueId {
            unique.insert("unique_custom_field".to_owned(), json!(id));
        }
        if key != UniqueFieldKey::UniqueCustomField {
            unique.insert("unique_id".to_owned(), json!(id));
        }
        unique.into()
    }
}

impl Target for Vome {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        let (settings, catalogue) = (Arc::clone(&self.settings), Arc::clone(&self.catalogue));
        let table = fields::table(&settings, &catalogue);
        Schema::new(table, Arc::new(move |name| fields::make(name, &settings, &catalogue)))
    }

    fn check_ready(&self) -> Result<()> {
        self.catalogue.check(&self.settings)
    }

    fn operation(&self) -> Operation {
        self.settings.operation
    }

    fn action(&self) -> String {
        let key = match &self.settings.matched_by {
            Match::Email => "e-mail address",
            Match::Id => "Vome ID",
            Match::Custom(_) => self.match_field(),
        };
        format!("bulk-{} by {key}", self.settings.operation.word())
    }

    /// Every documented example of a record has it, also one that changes a custom field alone.
    fn container(&self) -> Option<&'static str> {
        Some("profile_data")
    }

    fn match_field(&self) -> &str {
        match self.settings.matched_by {
            Match::Email => "email",
            Match::Id => "id",
            Match::Custom(_) => self.catalogue.key_name().unwrap_or_default(),
        }
    }

    fn around(&self, _used: &[Field], field: &Field) -> Around {
        let settings = &self.settings;
        if field.name.starts_with(custom::PREFIX) {
            return self.catalogue.around(&field.name, settings);
        }
        let flags_as_text = settings.bool_encoding == BoolEncoding::String;
        let text = |wanted: bool| if wanted { Written::Text } else { Written::Native };
        let written = match field.name.as_ref() {
            "gender" | "occupation" => text(settings.enum_encoding == EnumEncoding::String),
            "has_medical_info" => text(flags_as_text),
            "latitude" | "longitude" => text(settings.coordinates_as == CoordinatesAs::Strings),
            "address_coordinates" if settings.coordinates_as == CoordinatesAs::Numbers => {
                Written::Numbers
            }
            _ => Written::Native,
        };
        let after = match (field.name == "medical_information", flags_as_text) {
            (false, _) => "",
            (true, false) => ",\"has_medical_info\":true",
            (true, true) => ",\"has_medical_info\":\"true\"",
        };
        // Who has no flag of their own is given one.
        let unless = (!after.is_empty()).then_some("has_medical_info");
        Around { after: after.to_owned(), unless, written, ..Around::default() }
    }

    fn frame(&self) -> Frame {
        // An invitation that is off has no language and no message.
        let invite = &self.settings.invite;
        let on = |text: Option<&str>| Json::from(text.filter(|_| invite.enabled));
        let head = format!(
            "{{\"unique_identifier\":{},\"invite_user_to_vome\":{},\"invite_language\":{},\
             \"invite_message\":{},{}:[",
            self.unique_identifier(),
            invite.enabled,
            on(invite.language.map(invite::Language::word)),
            on(invite.message.as_deref()),
            Json::from(self.settings.records_key()),
        );
        Frame { head: head.into_bytes(), tail: b"]}".to_vec(), each: None }
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
        let (method, path) = self.settings.endpoint();
        Request { method, path }
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        judge::judge(answer, sent, &self.settings)
    }

    fn follow(&self, _ticket: &str) -> Request {
        Request { method: Method::Get, path: "/api/profiles/".to_owned() }
    }

    fn judge_follow(&self, answer: Answer<'_>, _sent: Sent<'_>) -> Progress {
        // Vome answers at once; there is nothing to follow.
        Progress::Done(Verdict::Ambiguous { why: excerpt(answer) })
    }

    fn custom(&self) -> Option<Custom> {
        Some(Custom {
            prefix: custom::PREFIX,
            check: self.settings.check_fields,
            harvest: harvest::harvest,
            sends: harvest::sends,
        })
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    fn confirm(&self) -> Confirm {
        Confirm::default()
    }

    fn repeatable(&self) -> bool {
        match self.settings.operation {
            Operation::Upsert | Operation::Update => true,
            Operation::Create => false,
        }
    }

    fn side_effects(&self) -> String {
        if self.settings.invite.enabled {
            "Vome mails an invitation to everybody sent who is new to it".to_owned()
        } else {
            "none: invitations are off".to_owned()
        }
    }

    fn invites(&self) -> bool {
        self.settings.invite.enabled
    }

    fn prober(&self) -> Option<&dyn Prober> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Definition;
    use crate::target::definition::{Choosable, Type};

    fn set_up(recipe: &str, overrides: &Overrides) -> Result<Box<dyn Target>> {
        configure(&Recipe::parse(recipe.to_owned(), "upsheet.toml").unwrap(), overrides)
    }

    fn vome(recipe: &str) -> Box<dyn Target> {
        set_up(recipe, &Overrides::default()).unwrap()
    }

    fn head(recipe: &str) -> String {
        String::from_utf8(vome(recipe).frame().head).unwrap()
    }

    #[test]
    fn nobody_is_invited_unless_the_recipe_says_so() {
        assert_eq!(
            head(""),
            r#"{"unique_identifier":{"identifier_type":0,"unique_custom_field":""},"invite_user_to_vome":false,"invite_language":null,"invite_message":null,"volunteers_data":["#
        );
        assert!(!vome("").invites());
        let off = "[vome.invite]\nlanguage = \"EN\"\nmessage = \"x\"\n";
        assert_eq!(head(off), head(""));
        let on = "[vome]\nrecords_key = \"user_data\"\nunique_field_key = \"both\"\n[vome.invite]\nenabled = true\nlanguage = \"FR\"\nmessage = \"<p>\\\"Salut\\\"</p>\"\n";
        assert_eq!(
            head(on),
            r#"{"unique_identifier":{"identifier_type":0,"unique_custom_field":"","unique_id":""},"invite_user_to_vome":true,"invite_language":"FR","invite_message":"<p>\"Salut\"</p>","user_data":["#
        );
        assert!(vome(on).invites());
        let update =
            format!("{on}[vome.endpoints]\n").replace("[vome]", "[vome]\noperation = \"update\"");
        assert!(set_up(&update, &Overrides::default()).is_err());
    }

    #[test]
    fn each_operation_has_its_endpoint_its_list_and_its_key() {
        let id = "395fd06d-48ca-41a0-be0c-3cd22fdad976";
        let by_name = format!("match = \"custom:Badge\"\nmatch_field_id = \"{id}\"\n");
        let by_id = format!("match = \"custom:{id}\"\nunique_field_key = \"unique_id\"\n");
        for (settings, method, path, block, list) in [
            (
                "operation = \"create\"",
                Method::Post,
                "bulk-create",
                r#""identifier_type":0,"unique_custom_field":"""#.to_owned(),
                "users_data",
            ),
            (
                "operation = \"update\"\nmatch = \"id\"",
                Method::Put,
                "bulk-update",
                r#""identifier_type":1,"unique_custom_field":"""#.to_owned(),
                "volunteers_data",
            ),
            (
                by_name.as_str(),
                Method::Put,
                "bulk-upsert",
                format!(r#""identifier_type":2,"unique_custom_field":"{id}","unique_id":"{id}""#),
                "volunteers_data",
            ),
            (
                by_id.as_str(),
                Method::Put,
                "bulk-upsert",
                format!(r#""identifier_type":2,"unique_id":"{id}""#),
                "volunteers_data",
            ),
            (
                "records_key = { update = \"a\", upsert = \"b\" }",
                Method::Put,
                "bulk-upsert",
                r#""identifier_type":0"#.to_owned(),
                "b",
            ),
            (
                "operation = \"create\"\nrecords_key = { upsert = \"b\" }",
                Method::Post,
                "bulk-create",
                r#""identifier_type":0"#.to_owned(),
                "users_data",
            ),
        ] {
            let recipe = format!("[vome]\n{settings}\n");
            let vome = vome(&recipe);
            let path = format!("/api/profiles/{path}/");
            assert_eq!(vome.request(), Request { method, path }, "{settings}");
            vome.check_ready().unwrap();
            let head = head(&recipe);
            assert!(head.contains(&block), "{head} lacks {block}");
            assert!(head.ends_with(&format!("\"{list}\":[")), "{head}");
        }
        let recipe = "[vome.endpoints.upsert]\nmethod = \"POST\"\npath = \"/v2/\"\n";
        let request = vome(recipe).request();
        assert_eq!((request.method, request.path.as_str()), (Method::Post, "/v2/"));
    }

    #[test]
    fn flags_win_over_the_recipe() {
        let overrides = Overrides {
            operation: Some(Operation::Update),
            matched_by: Some("id".to_owned()),
            ..Overrides::default()
        };
        let vome = set_up("[vome]\noperation = \"create\"\n", &overrides).unwrap();
        assert_eq!(vome.action(), "bulk-update by Vome ID");
        assert_eq!(vome.match_field(), "id");
        let wrong = Overrides { matched_by: Some("phone".to_owned()), ..Overrides::default() };
        assert!(set_up("", &wrong).is_err());
    }

    #[test]
    fn settings_that_no_request_could_follow_are_refused() {
        for (settings, part) in [
            ("records_key = \"a b\"", "records_key"),
            ("coordinates_key = \"\"", "coordinates_key"),
            ("operation = \"create\"\nmatch = \"id\"", "Vome ID"),
            ("match_field_id = \"x\"", "match_field_id"),
            ("gender_map = { male = 1 }", "gender_map"),
            ("endpoints.upsert.path = \"api/\"", "does not begin with /"),
            ("match = \"phone\"", "custom:NAME"),
            ("custom_encoding.date = \"%Q\"", "is no format"),
            ("custom_encoding.date = \"dd/mm\"", "neither iso"),
            ("custom_encoding.date = \"%H:%M\"", "is no format"),
            ("custom_encoding.date_time = \"keep offset\"", "keep_offset"),
            (
                "allow_unknown_options = true\ncustom_encoding.single_selection = \"option_id\"",
                "has no id",
            ),
        ] {
            let recipe = format!("[vome]\n{settings}\n");
            let error = set_up(&recipe, &Overrides::default()).unwrap_err();
            assert!(format!("{error}").contains(part), "{settings}: {error}");
        }
    }

    fn defined(id: &str, name: &str, of: Type, options: &[&str]) -> Definition {
        let option = |value: &&str| Choosable {
            id: Some(format!("id of {value}")),
            value: (*value).to_owned(),
        };
        Definition {
            id: Some(id.to_owned()),
            name: name.to_owned(),
            of,
            options: options.iter().map(option).collect(),
        }
    }

    fn with(recipe: &str, definitions: Vec<Definition>) -> Box<dyn Target> {
        set_up(recipe, &Overrides { definitions, ..Overrides::default() }).unwrap()
    }

    #[test]
    fn custom_fields_are_found_by_name_and_by_id() {
        let vome = with(
            "",
            vec![
                defined("a1", "Badge", Type::UniqueId, &[]),
                defined("b1", "Size", Type::General, &[]),
                defined("b2", "Size", Type::Number, &[]),
                defined("c1", "E-mail", Type::Email, &[]),
                defined("d1", "Papers", Type::Attachment, &[]),
                defined("e1", "Sum", Type::Formula, &[]),
            ],
        );
        let mut schema = vome.schema();
        let mut name = |name: &str| {
            let index = schema.find_or_make(name)?;
            Ok::<_, crate::mapping::Unmade>(schema.field(index).unwrap().name.to_string())
        };
        assert_eq!(name("custom:BADGE").unwrap(), "custom:Badge");
        assert_eq!(name("custom: a1").unwrap(), "custom:Badge");
        assert_eq!(name("custom:b2").unwrap(), "custom:b2");
        assert_eq!(name("custom:Free \"text\"").unwrap(), "custom:Free \"text\"");
        for (named, part) in [
            ("custom:size", "custom:b1 or custom:b2"),
            ("custom:Papers", "custom_encoding.attachment"),
            ("custom:Sum", "leave the column out"),
        ] {
            let Err(crate::mapping::Unmade::Refused { help, .. }) = name(named) else { panic!() };
            assert!(help.contains(part), "{help}");
        }
        assert!(name("custom:").is_err());
        let label = |name: &str| {
            let fields = vome.schema();
            fields.field(fields.find(name).unwrap()).unwrap().label.clone()
        };
        assert_eq!(label("custom:Badge").as_deref(), Some("Badge"));
        assert_eq!(label("custom:b1"), None, "two fields are called so");
        assert_eq!(label("custom:E-mail"), None, "it means the field that everybody has");
    }

    #[test]
    fn custom_values_say_whose_they_are() {
        let vome = with("", vec![defined("a1", "Badge \"1\"", Type::UniqueId, &[])]);
        let before = |name: &str| {
            let field = Field::new("", crate::record::Kind::Text, "");
            vome.around(&[], &Field { name: name.to_owned().into(), ..field }).before
        };
        assert_eq!(
            before("custom:Badge \"1\""),
            r#"{"custom_field_id":"a1","custom_field_name":"Badge \"1\"","custom_field_user_value":"#
        );
        assert_eq!(
            before("custom:Free"),
            r#"{"custom_field_name":"Free","custom_field_user_value":"#
        );
        assert_eq!(
            before("custom:395fd06d-48ca-41a0-be0c-3cd22fdad976"),
            r#"{"custom_field_id":"395fd06d-48ca-41a0-be0c-3cd22fdad976","custom_field_user_value":"#
        );
    }

    #[test]
    fn recipe_and_account_are_joined_and_may_not_contradict_each_other() {
        let account = || {
            vec![
                defined("a1", "Badge", Type::UniqueId, &[]),
                defined("b1", "Size", Type::SingleSelection, &["Small", "Large"]),
            ]
        };
        let declared = |lines: &str| format!("[[vome.custom_fields]]\n{lines}\n");
        let ready = |recipe: &str| with(recipe, account()).check_ready();
        ready(&declared("name = \"badge\"")).unwrap();
        ready(&declared("name = \"Size\"\noptions = [\"small\", { id = \"x\", value = \"XL\" }]"))
            .unwrap();
        ready(&declared("name = \"New\"\ntype = \"boolean\"")).unwrap();
        let two = ["n1", "n2"].map(|id| declared(&format!("name = \"New\"\nid = \"{id}\"")));
        ready(&two.concat()).unwrap();
        for (recipe, part) in [
            (
                declared("name = \"Badge\"\ntype = \"number\""),
                "is of the type number, but it is of unique_id",
            ),
            (declared("name = \"Size\"\nid = \"zz\""), "has the id \"zz\", but it has \"b1\""),
            (declared("name = \"Badge no\"\nid = \"a1\""), "has the id of \"Badge\""),
            (declared("name = \" \""), "has no name"),
            (
                declared("name = \"New\"") + &declared("name = \"new\"\nid = \"n1\""),
                "the custom field \"new\" twice",
            ),
            ("[vome]\nmatch = \"custom:Size\"\n".to_owned(), "its type is single_selection"),
            (
                "[vome]\nmatch = \"custom:Badge\"\nmatch_field_id = \"zz\"\n".to_owned(),
                "match_field_id",
            ),
            (
                "[vome]\nmatch = \"custom:Other\"\n".to_owned(),
                "the id of the custom field \"Other\"",
            ),
            (
                format!(
                    "[vome]\ncustom_encoding.single_selection = \"option_id\"\n{}",
                    declared("name = \"New\"\ntype = \"single_selection\"\noptions = [\"a\"]")
                ),
                "the ids of the options",
            ),
        ] {
            let error = ready(&recipe).unwrap_err();
            assert!(format!("{error}").contains(part), "{recipe}: {error}");
        }
        ready("[vome]\nmatch = \"custom:badge\"\n").unwrap();
        let twins = vec![
            defined("b1", "Size", Type::General, &[]),
            defined("b2", "Size", Type::Number, &[]),
        ];
        let error = with(&declared("name = \"size\""), twins.clone()).check_ready().unwrap_err();
        assert!(format!("{error}").contains("one of 2 of that name"), "{error}");
        with(&declared("name = \"Size\"\nid = \"b2\"\ntype = \"number\""), twins)
            .check_ready()
            .unwrap();
    }
}
