//! SCIM 2.0: users of any server that takes bulk requests, created, or changed by the server's id.
//!
//! Sources: RFC 7643 (schema) and RFC 7644 (protocol), section 3.7 for bulk requests. The standard
//! has no upsert; a creation of somebody who is there is refused with 409, so that sending a sheet
//! twice makes nobody twice. What it leaves to each server is a setting.

mod fields;
mod judge;
mod read;
pub mod settings;
mod table;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use self::fields::{ENTERPRISE, FIELDS, ID, USER};
use self::settings::{Change, Phone, Primary, Settings, Type};
use crate::batch::{Each, Frame, Limits};
use crate::error::{Error, Result};
use crate::layout::{Around, Written, segments};
use crate::mapping::{Schema, Unmade};
use crate::recipe::Recipe;
use crate::record::{Field, Kind, MomentForm, Need, PhoneForm};
use crate::target::{
    Answer, Common, Confirm, Credential, Custom, Directory, Kind as TargetKind, Method, Operation,
    Overrides, Progress, Request, Sent, Target, Verdict, beside_recipe, interval,
};

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind {
    id: "scim",
    title: "SCIM",
    updates_alone: false,
    fields: FIELDS,
    defined: &[],
    settings: table::TABLE,
    matched_by: None,
    configure,
};

/// The schema of bulk requests (RFC 7644 section 3.7).
const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// The schema of partial changes (RFC 7644 section 3.5.2).
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Where the change of a person stands in a partial change.
const PATCHED: &str = "data.Operations.1";
/// The address at work.
const EMAIL: &str = "emails.work.value";

/// A SCIM server, set up.
#[derive(Debug)]
struct Scim {
    settings: Settings,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("scim")?;
    settings.operation = overrides.operation.unwrap_or(settings.operation);
    settings.check().map_err(|(key, error)| {
        let said = key == "operation" && overrides.operation.is_some();
        if said { error } else { recipe.at(&["scim", key], error) }
    })?;
    let key = if settings.operation == Operation::Update { "id" } else { "userName" };
    if overrides.matched_by.as_deref().is_some_and(|said| said != key) {
        return Err(Error::usage(
            format!("SCIM finds people by `{key}` in this operation"),
            format!("leave --match out, or say --match {key}"),
        ));
    }
    if let Some(size) = overrides.batch_size {
        settings.batch_size = size;
    }
    overrides.reach(&mut settings.base_url, &mut settings.rate);
    let common = Common {
        batch_size: settings.batch_size,
        most: None,
        batch_bytes: settings.batch_bytes,
        rate: settings.rate,
        page_size: settings.page_size,
    };
    common.check(&KIND, recipe, overrides)?;
    if let Some(file) = &mut settings.api_key_file {
        *file = beside_recipe(recipe, file);
    }
    for name in settings.attributes.keys() {
        if let Err(why) = made(&settings, name) {
            let why = match why {
                Unmade::Refused { why, .. } => why,
                Unmade::Unknown => "it is no full name of an attribute".to_owned(),
            };
            let error = Error::usage(
                format!("{name:?} under [scim.attributes] cannot be used: {why}"),
                "write it as \"urn:…:User:attribute\", as the server's /Schemas has it",
            );
            return Err(recipe.at(&["scim", "attributes", name], error));
        }
    }
    Ok(Box::new(Scim { settings }))
}

impl Settings {
    /// What stands before the path of an attribute.
    fn root(&self) -> String {
        match (self.operation, self.update_with) {
            (Operation::Update, Change::Patch) => format!("{PATCHED}.value"),
            _ => "data".to_owned(),
        }
    }

    /// A field of the table as it is sent with these settings.
    fn settle(&self, mut field: Field) -> Field {
        field.path = format!("{}.{}", self.root(), field.path).into();
        if matches!(field.kind, Kind::Phone(_)) && self.phone == Phone::Digits {
            field.kind = Kind::Phone(PhoneForm::Digits);
        }
        let patches = self.operation == Operation::Update && self.update_with == Change::Patch;
        if field.name == "userName" && patches {
            field.need = Need::Optional;
        }
        if field.name == "userName" {
            // An update would change what people log in with.
            let taken = self.user_name_from_email && self.operation == Operation::Create;
            field.stand_in = if taken { field.stand_in } else { "" };
            field.cure = if taken {
                "a column of e-mail addresses would do as well; [fields.userName] template = \"…\" in \
                 the recipe makes it of other columns"
            } else {
                "[fields.userName] template = \"…\" in the recipe makes it of other columns"
            };
        }
        field
    }
}

/// The field that a name means which the table does not have: an attribute by its full name, of the
/// table's schemas or of any other extension (RFC 7644 section 3.10).
fn made(settings: &Settings, name: &str) -> Result<Field, Unmade> {
    if let Some(refusal) = fields::refusal(name) {
        return Err(refusal);
    }
    let Some((schema, attribute)) = name.rsplit_once(':').filter(|_| name.starts_with("urn:"))
    else {
        return Err(Unmade::Unknown);
    };
    if schema == USER || schema == ENTERPRISE {
        let known = FIELDS.iter().find(|field| field.name == attribute);
        let unknown = fields::refusal(attribute).unwrap_or(Unmade::Unknown);
        return known.map(|field| settings.settle(field.clone())).ok_or(unknown);
    }
    if !is_urn(schema) || !attribute.split('.').all(is_attribute) {
        return Err(Unmade::Unknown);
    }
    let kind = match settings.attributes.get(name) {
        None | Some(Type::String) => Kind::Text,
        Some(Type::Boolean) => Kind::Bool,
        Some(Type::Decimal) => Kind::Decimal,
        Some(Type::Integer) => Kind::Integer,
        Some(Type::DateTime) => Kind::Moment(MomentForm::Utc),
        Some(Type::Reference) => Kind::Url,
    };
    let mut field = Field::new("", kind, "").source("RFC 7643 section 3.3", "of an extension");
    field.name = name.to_owned().into();
    let path = format!("{}.{}.{attribute}", settings.root(), schema.replace('.', "\\."));
    field.path = path.into();
    Ok(field)
}

/// Whether this is a URN that can stand in JSON as it is (RFC 8141 section 2).
fn is_urn(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":-._~%@!$&'()*+,;=/".contains(&byte);
    text.starts_with("urn:") && text.len() > 8 && text.bytes().all(fits)
}

/// The names that attributes may have (RFC 7643 section 2.1).
fn is_attribute(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_$".contains(&byte))
}

/// The extension that a field belongs to, by its path.
fn extension(field: &Field) -> Option<String> {
    let mut segments = segments(&field.path).into_iter().map(|(_, segment)| segment);
    segments.find(|segment| segment.starts_with("urn:")).map(|urn| urn.replace("\\.", "."))
}

impl Target for Scim {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        let settings = self.settings.clone();
        let mut table: Vec<Field> = Vec::with_capacity(FIELDS.len() + 1);
        if settings.operation == Operation::Update {
            let mut id = ID;
            id.path = "path".into();
            table.push(id);
        }
        table.extend(FIELDS.iter().map(|field| settings.settle(field.clone())));
        Schema::new(table, Arc::new(move |name| made(&settings, name)))
    }

    fn match_field(&self) -> &str {
        match self.settings.operation {
            Operation::Update => "id",
            Operation::Create | Operation::Upsert => "userName",
        }
    }

    fn around(&self, used: &[Field], field: &Field) -> Around {
        let is_used = |name: &str| used.iter().any(|other| other.name == name);
        if field.name == "id" {
            let written = Written::InPath("/Users/".to_owned());
            return Around { written, ..Around::default() };
        }
        let mut around = Around { containers: self.containers(used), ..Around::default() };
        let address = |kind: &str| {
            let primary = match self.settings.primary {
                Primary::Work => kind == "work" || !is_used(EMAIL),
                Primary::Home => kind == "home",
                Primary::None => false,
            };
            let primary = if primary { "\"primary\":true," } else { "" };
            format!("\"type\":\"{kind}\",{primary}")
        };
        let mut parts = field.name.split('.');
        around.opening = match (parts.next(), parts.next()) {
            (Some("emails"), Some(kind)) => address(kind),
            (Some("phoneNumbers" | "photos" | "addresses"), Some(kind)) => {
                format!("\"type\":\"{kind}\",")
            }
            _ => String::new(),
        };
        if matches!(field.kind, Kind::Phone(_)) && self.settings.phone == Phone::Tel {
            around.written = Written::Behind("tel:".to_owned());
        }
        around
    }

    fn frame(&self) -> Frame {
        // `failOnErrors` is left out, so that the server goes on behind an error.
        let head = format!("{{\"schemas\":[\"{BULK_REQUEST}\"],\"Operations\":[");
        let before = match (self.settings.operation, self.settings.update_with) {
            (Operation::Update, Change::Patch) => "\"method\":\"PATCH\",\"bulkId\":\"",
            (Operation::Update, Change::Put) => "\"method\":\"PUT\",\"bulkId\":\"",
            _ => "\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"",
        };
        let each = Each { before: before.into(), after: b"\",".to_vec() };
        Frame { head: head.into_bytes(), tail: b"]}".to_vec(), each: Some(each) }
    }

    fn limits(&self) -> Limits {
        Limits { rows: self.settings.batch_size, bytes: self.settings.batch_bytes }
    }

    fn base_url(&self) -> Result<String> {
        self.settings.base_url.clone().ok_or_else(|| {
            Error::usage(
                "the recipe does not say where the SCIM server is",
                "write under [scim] in the recipe: base_url = \"https://HOST/scim/v2\"",
            )
        })
    }

    fn credential(&self) -> Credential {
        Credential {
            variable: "SCIM_TOKEN",
            file: self.settings.api_key_file.clone(),
            header: "Authorization",
            prefix: "Bearer ",
        }
    }

    fn interval(&self) -> Duration {
        interval(self.settings.rate)
    }

    fn media_type(&self) -> &'static str {
        "application/scim+json"
    }

    fn request(&self) -> Request {
        Request { method: Method::Post, path: self.settings.bulk_path.clone() }
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        judge::judge(answer, sent)
    }

    fn follow(&self, _ticket: &str) -> Request {
        Request { method: Method::Get, path: "/ServiceProviderConfig".to_owned() }
    }

    fn judge_follow(&self, _answer: Answer<'_>, _sent: Sent<'_>) -> Progress {
        // The standard has no way to ask what became of a request that was put off.
        let why = "the server took the request for later".to_owned();
        Progress::Done(Verdict::Ambiguous { why })
    }

    fn operation(&self) -> Operation {
        self.settings.operation
    }

    fn custom(&self) -> Option<Custom> {
        // Schemas are the server's, and stand in its /Schemas, not in its users.
        None
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    fn confirm(&self) -> Confirm {
        Confirm { by: self.settings.confirm, within: Duration::from_secs(self.settings.follow_for) }
    }

    fn repeatable(&self) -> bool {
        self.settings.operation == Operation::Update
    }

    fn side_effects(&self) -> String {
        "none by the standard; the server may mail new users, if it is set up to".to_owned()
    }

    fn invites(&self) -> bool {
        false
    }
}

impl Scim {
    /// What the containers of a person begin with: the schemas of what is in them.
    fn containers(&self, used: &[Field]) -> Vec<(String, String)> {
        let opening = |schemas: &[String]| format!("\"schemas\":{},", json!(schemas));
        let data = "data".to_owned();
        if self.settings.root() != data {
            let change = (PATCHED.to_owned(), "\"op\":\"replace\",".to_owned());
            return vec![(data, opening(&[PATCH.to_owned()])), change];
        }
        let mut schemas = vec![USER.to_owned()];
        for urn in used.iter().filter_map(extension) {
            if !schemas.contains(&urn) {
                schemas.push(urn);
            }
        }
        vec![(data, opening(&schemas))]
    }
}

#[cfg(test)]
mod tests;
