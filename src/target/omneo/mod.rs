//! Omneo: loyalty profiles, by the asynchronous profile batch, matched by e-mail address or by an
//! identity.
//!
//! Sources: "Batch Profiles" and "Profiles API overview" of the vendor's API reference, its guides,
//! and the types of its public client. The batch answers with an id; the id is followed until each
//! profile has a verdict. `POST /profiles/sync`, which one guide calls an upsert, is never called: the
//! vendor's own client shows that it only asks for profiles to be sent on anew.

mod choices;
mod compare;
mod fields;
mod judge;
mod made;
mod owners;
mod people;
mod probe;
mod read;
mod refusals;
mod restore;
pub mod settings;
mod statuses;
mod table;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;

use self::fields::FIELDS;
use self::made::{ATTRIBUTE, Fields, IDENTITY};
use self::owners::Identities;
use self::settings::{
    AttributeType, BY_EMAIL, BirthEncoding, CountryAs, CustomValue, MOST_PROFILES, MobileClash,
    Settings, StatusesMode, TagsMode,
};
use self::statuses::Statuses;
use crate::batch::{Frame, Limits};
use crate::error::{Error, Result};
use crate::layout::{Around, Written};
use crate::mapping::{Schema, Unmade};
use crate::recipe::Recipe;
use crate::record::{Field, Kind, Need};
use crate::spelling::{is_slip, nearest, normalise};
use crate::target::probe::Prober;
use crate::target::{
    Afterwards, Answer, Common, Confirm, Credential, Custom, Directory, Kind as TargetKind, Method,
    Operation, Overrides, Owners, Progress, Request, Sent, Target, Verdict, beside_recipe,
    interval,
};
use crate::validate::COUNTRIES;

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind {
    id: "omneo",
    title: "Omneo",
    updates_alone: false,
    fields: FIELDS,
    defined: &[
        "identities.HANDLE",
        "custom_attributes.NAMESPACE.HANDLE",
        "attributes.appearance.KEY",
    ],
    settings: table::TABLE,
    matched_by: Some(("match_criteria", handle_of)),
    configure,
};

/// Omneo, set up.
#[derive(Debug)]
struct Omneo {
    settings: Settings,
    fields: Fields,
    match_field: String,
    /// Whose identities are, where that is asked before anything is sent.
    owners: Option<Identities>,
    /// How statuses are added, where they are.
    statuses: Option<Statuses>,
    /// Fields that the recipe requires beside those of the table.
    required: Vec<Field>,
    /// Whether the address is that of a stand-in, which has another form.
    stands_in: bool,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("omneo")?;
    if overrides.operation.is_some_and(|operation| operation != Operation::Upsert) {
        return Err(Error::usage(
            "an Omneo batch creates and updates at once; it cannot be told to do one of them",
            "leave --operation out",
        ));
    }
    if let Some(key) = &overrides.matched_by {
        handle_of(key).clone_into(&mut settings.match_criteria);
    }
    if let Some(size) = overrides.batch_size {
        settings.batch_size = size;
    }
    let stands_in = overrides.base_url.is_some();
    overrides.reach(&mut settings.base_url, &mut settings.rate);
    let common = Common {
        batch_size: settings.batch_size,
        most: Some(MOST_PROFILES),
        batch_bytes: settings.batch_bytes,
        rate: settings.rate,
        page_size: settings.page_size,
    };
    common.check(&KIND, recipe, overrides)?;
    check_names(&settings).map_err(|(key, error)| {
        let said = key == "match_criteria" && overrides.matched_by.is_some();
        if said { error } else { recipe.at(&["omneo", key], error) }
    })?;
    if let Some(file) = &mut settings.api_key_file {
        *file = beside_recipe(recipe, file);
    }
    let fields = Fields::new(&settings);
    let match_field = match settings.match_handle() {
        Some(handle) => format!("{IDENTITY}{handle}"),
        None => BY_EMAIL.to_owned(),
    };
    let required =
        required(&settings, &fields).map_err(|error| recipe.at(&["omneo", "require"], error))?;
    let owners = Identities::new(&settings, &match_field);
    let statuses = Statuses::new(&settings);
    Ok(Box::new(Omneo { settings, fields, match_field, owners, statuses, required, stands_in }))
}

/// The handle of an identity by its field's name, as `match_criteria` has it.
fn handle_of(key: &str) -> &str {
    key.strip_prefix(IDENTITY).unwrap_or(key)
}

/// Refuses names that no request could carry, with the setting that has them.
fn check_names(settings: &Settings) -> Result<(), (&'static str, Error)> {
    for handle in settings.handles() {
        let matched = settings.match_handle() == Some(handle);
        let key = if matched { "match_criteria" } else { "identities" };
        let number = handle.bytes().all(|byte| byte.is_ascii_digit());
        if handle.trim() != handle || number || handle.chars().any(char::is_control) {
            let error = Error::usage(
                format!("{handle:?} is no handle of an identity"),
                "match_criteria in [omneo] is \"email\", or a handle as Omneo shows it: \"pos\"",
            );
            return Err((key, error));
        }
        let plain = normalise(handle);
        if plain == BY_EMAIL || is_slip(&plain, BY_EMAIL) {
            let error = Error::usage(
                format!("{handle:?} is read as the handle of an identity"),
                "did you mean \"email\"?",
            );
            return Err((key, error));
        }
    }
    if let Some(handle) = settings.match_handle()
        && FIELDS.iter().any(|field| field.name == handle)
    {
        let error = Error::usage(
            format!("Omneo cannot find people by {handle:?}"),
            "match_criteria in [omneo] is \"email\", or the handle of an identity: \"pos\"",
        );
        return Err(("match_criteria", error));
    }
    for (namespace, own) in &settings.custom_attributes {
        let dotted = namespace.contains('.');
        let dotted = dotted.then_some("its first dot would be taken for its end");
        let faults = std::iter::once(namespace).chain(own.keys()).map(|name| {
            let blank = name.is_empty().then_some("it is blank");
            (name, blank.or_else(|| made::name_fault(name)))
        });
        let fault = faults.chain([(namespace, dotted)]).find_map(|(name, why)| Some((name, why?)));
        if let Some((name, why)) = fault {
            let error = Error::usage(
                format!("{name:?} under [omneo.custom_attributes] names no attribute: {why}"),
                "write NAMESPACE.HANDLE = \"TYPE\", with both as they stand in Omneo",
            );
            return Err(("custom_attributes", error));
        }
    }
    let path = settings.batch_path.as_str();
    let last = path.rsplit('/').next().unwrap_or_default();
    if !path.starts_with('/') || last.trim_end_matches(".json") == "sync" {
        let error = Error::usage(
            format!("batch_path cannot be {path:?}"),
            "it is \"/profiles/batch.json\", or \"/profiles/batch\" where that is not known; \
             /profiles/sync takes no people",
        );
        return Err(("batch_path", error));
    }
    Ok(())
}

/// The fields outside the table that the recipe requires.
fn required(settings: &Settings, fields: &Fields) -> Result<Vec<Field>> {
    let mut required = Vec::new();
    for name in &settings.require {
        if fields.table().iter().any(|field| field.name == *name && field.need == Need::Required) {
            continue;
        }
        let field = fields.make(name).map_err(|why| {
            let help = match why {
                Unmade::Refused { why, help } => format!("{why}; {help}"),
                Unmade::Unknown => {
                    let names = fields.table().iter().map(|field| field.name.as_ref());
                    nearest(name, names).map_or_else(
                        || "`upsheet targets omneo` lists the fields".to_owned(),
                        |near| format!("did you mean {near:?}?"),
                    )
                }
            };
            Error::usage(format!("[omneo] requires {name:?}, which cannot be sent"), help)
        })?;
        required.push(Field { need: Need::Required, ..field });
    }
    Ok(required)
}

impl Target for Omneo {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        let mut all = self.fields.table().to_vec();
        for required in &self.required {
            match all.iter_mut().find(|field| field.name == required.name) {
                Some(field) => field.need = Need::Required,
                None => all.push(required.clone()),
            }
        }
        let fields = self.fields.clone();
        Schema::new(all, Arc::new(move |name| fields.make(name)))
    }

    fn match_field(&self) -> &str {
        &self.match_field
    }

    fn around(&self, _used: &[Field], field: &Field) -> Around {
        let settings = &self.settings;
        if let Some(rest) = field.name.strip_prefix(ATTRIBUTE) {
            let (namespace, handle) = rest.split_once('.').unwrap_or((rest, ""));
            let of = attribute_type(field);
            let before = format!(
                "{{\"namespace\":{},\"handle\":{},\"type\":\"{}\",\"value\":",
                Json::from(namespace),
                Json::from(handle),
                of.word()
            );
            let written = match (settings.custom_value, of) {
                (CustomValue::Native, _) => Written::Native,
                (CustomValue::String, AttributeType::Array) => Written::Joined("; ".to_owned()),
                (CustomValue::String, _) => Written::Text,
            };
            return Around { before, after: "}".to_owned(), written, ..Around::default() };
        }
        let apart = field.name == "statuses" && self.statuses.is_some();
        let mut around = Around { aside: apart, ..Around::default() };
        let named = field.path.starts_with("identities.@");
        if let Some(rest) = field.name.strip_prefix(IDENTITY).filter(|_| named) {
            let handle = rest.strip_suffix(".is_active").unwrap_or(rest);
            around.opening = format!("\"handle\":{},", Json::from(handle));
        }
        let is_birth = field.name.starts_with("birth_date");
        if is_birth && settings.birth_encoding == BirthEncoding::String {
            around.written = Written::Text;
        }
        if matches!(field.kind, Kind::Country) && settings.country_as == CountryAs::Name {
            around.written = Written::Named(COUNTRIES);
        }
        around
    }

    fn frame(&self) -> Frame {
        let criteria = Json::from(self.settings.match_criteria.as_str());
        let head = format!("{{\"match_criteria\":{criteria},\"profiles\":[");
        Frame { head: head.into_bytes(), tail: b"]}".to_vec(), each: None }
    }

    fn limits(&self) -> Limits {
        Limits { rows: self.settings.batch_size, bytes: self.settings.batch_bytes }
    }

    fn base_url(&self) -> Result<String> {
        let url = self.settings.base_url.as_deref().map(str::trim).unwrap_or_default();
        let url = url.trim_end_matches('/');
        if self.stands_in {
            return Ok(url.to_owned());
        }
        let form = "base_url = \"https://api.TENANT.getomneo.com/api/v3\"";
        let wrong = |what: String, help: String| Err(Error::usage(what, help));
        let host = url.split("//").nth(1).unwrap_or_default();
        let (host, path) = host.split_once('/').unwrap_or((host, ""));
        let host = host.to_ascii_lowercase();
        if url.is_empty() {
            return wrong(
                "the recipe does not say where this Omneo tenant is".to_owned(),
                format!("write under [omneo] in the recipe: {form}"),
            );
        }
        if host.split('.').any(|part| part == "tenant" || part == "{tenant}") {
            return wrong(
                format!("{url} has no tenant yet"),
                "put the name of your tenant in the place of TENANT".to_owned(),
            );
        }
        let vendor = host.ends_with(".getomneo.com") || host.ends_with(".omneoapp.io");
        if host.ends_with(".manager.getomneo.com") {
            return wrong(
                format!("{url} is the CX Manager, a site for people, and not the API"),
                format!("the API is at {form}"),
            );
        }
        if vendor && path.is_empty() {
            return wrong(
                format!("{url} lacks the version of the API"),
                format!("write {url}/api/v3"),
            );
        }
        Ok(url.to_owned())
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

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        judge::judge(answer, sent.count())
    }

    fn follow(&self, ticket: &str) -> Request {
        judge::follow(ticket)
    }

    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        judge::judge_follow(answer, sent, &self.settings)
    }

    fn custom(&self) -> Option<Custom> {
        // Custom attributes are shown with a namespace and a handle, and without a definition.
        None
    }

    fn directory(&self) -> &dyn Directory {
        self
    }

    fn afterwards(&self) -> Option<&dyn Afterwards> {
        self.statuses.as_ref().map(|statuses| statuses as &dyn Afterwards)
    }

    fn owners(&self) -> Option<&dyn Owners> {
        self.owners.as_ref().map(|owners| owners as &dyn Owners)
    }

    fn confirm(&self) -> Confirm {
        Confirm { by: self.settings.confirm, within: Duration::from_secs(self.settings.follow_for) }
    }

    /// With a match key the same batch twice is the same as once.
    fn repeatable(&self) -> bool {
        true
    }

    fn side_effects(&self) -> String {
        let settings = &self.settings;
        let mut effects = vec!["the tenant's webhooks and reactions on profile changes fire"];
        if settings.tags_mode == TagsMode::Replace {
            effects.push("the tags of the sheet take the place of those that a person has");
        }
        if settings.statuses_mode == StatusesMode::Batch {
            effects.push("the statuses of the sheet may take the place of those that a person has");
        }
        if settings.statuses_mode == StatusesMode::Add {
            effects
                .push("statuses, where the sheet has any, are added once the profiles have landed");
        }
        if settings.mobile_clash == MobileClash::Secondary {
            effects.push("a mobile number that another profile has becomes the secondary one");
        }
        effects.join("; ")
    }

    fn invites(&self) -> bool {
        false
    }

    fn prober(&self) -> Option<&dyn Prober> {
        Some(self)
    }
}

/// The type of a custom attribute: by its kind, of which each belongs to one type.
fn attribute_type(field: &Field) -> AttributeType {
    match field.kind {
        Kind::Integer => AttributeType::Integer,
        Kind::Decimal => AttributeType::Float,
        Kind::Bool => AttributeType::Boolean,
        Kind::Json(_) => AttributeType::Json,
        Kind::Words => AttributeType::Array,
        _ => AttributeType::String,
    }
}

#[cfg(test)]
mod tests;
