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
    fields: FIELDS,
    defined: &[
        "identities.HANDLE",
        "custom_attributes.NAMESPACE.HANDLE",
        "attributes.appearance.KEY",
    ],
    settings: table::TABLE,
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
        key.strip_prefix(IDENTITY).unwrap_or(key).clone_into(&mut settings.match_criteria);
    }
    if let Some(size) = overrides.batch_size {
        settings.batch_size = size;
    }
    let stands_in = overrides.base_url.is_some();
    if let Some(url) = &overrides.base_url {
        settings.base_url = Some(url.clone());
        settings.rate = 0.0;
    }
    if let Some(rate) = overrides.rate {
        settings.rate = rate;
    }
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
mod tests {
    use super::*;

    fn set_up(recipe: &str) -> Result<Box<dyn Target>> {
        let recipe = Recipe::parse(format!("[omneo]\n{recipe}"), "r").unwrap();
        configure(&recipe, &Overrides::default())
    }

    fn omneo() -> Box<dyn Target> {
        set_up("").unwrap()
    }

    /// The names that the recipe's settings put into the table, among some.
    fn among(recipe: &str, names: &[&'static str]) -> Vec<&'static str> {
        let schema = set_up(recipe).unwrap().schema();
        names.iter().copied().filter(|name| schema.find(name).is_some()).collect()
    }

    fn made(recipe: &str, name: &str) -> Field {
        let mut schema = set_up(recipe).unwrap().schema();
        let index = schema.find_or_make(name).unwrap_or_else(|why| panic!("{name}: {why:?}"));
        schema.field(index).unwrap().clone()
    }

    fn unmade(recipe: &str, name: &str) -> Unmade {
        set_up(recipe).unwrap().schema().find_or_make(name).unwrap_err()
    }

    const DECLARED: &str =
        "[omneo.custom_attributes]\nloyalty.points = \"integer\"\nshop.size = \"string\"\n";

    #[test]
    fn names_make_the_fields_of_every_entry() {
        for (recipe, name, expected, path) in [
            ("", "addresses.12.city", "addresses.12.city", "addresses.12.city"),
            ("", "addresses.02.city", "addresses.2.city", "addresses.2.city"),
            (
                "",
                "dates_attributes.3.links.2.role",
                "dates_attributes.3.links.2.role",
                "dates_attributes.3.links.2.role",
            ),
            ("", "identities.2.handle", "identities.2.handle", "identities.2.handle"),
            ("", "identities.pos", "identities.pos", "identities.@pos.identifier"),
            ("", "identities.a.b", "identities.a.b", "identities.@a\u{1f}b.identifier"),
            (
                "",
                "identities.pos.is_active",
                "identities.pos.is_active",
                "identities.@pos.is_active",
            ),
            (
                DECLARED,
                "custom_attributes.loyalty.points",
                "custom_attributes.loyalty.points",
                "custom_attributes.1",
            ),
            ("", "custom_attributes.a.b.c:float", "custom_attributes.a.b.c", "custom_attributes.1"),
            (
                DECLARED,
                "custom_attributes.loyalty.points:integer",
                "custom_attributes.loyalty.points",
                "custom_attributes.1",
            ),
            (
                "",
                "attributes.appearance.eye_colour",
                "attributes.appearance.eye_colour",
                "attributes.appearance.eye_colour",
            ),
            ("", "birth_day", "birth_date.day", "birth_day"),
            ("", "region", "region_handle", "region"),
            ("", "comms_attributes.sms_promo", "sms_promo", "comms_attributes.sms_promo"),
            (
                "consent_is_customer_act = true\nconsent = \"attributes\"\n",
                "sms_consent_updated_at",
                "sms_consent_updated_at",
                "attributes.comms.sms_consent_updated_at",
            ),
        ] {
            let field = made(recipe, name);
            assert_eq!((&*field.name, &*field.path), (expected, path), "{name}");
        }
        assert_eq!(unmade("", "nickname"), Unmade::Unknown);
    }

    #[test]
    fn what_cannot_be_sent_is_refused_by_its_name() {
        for (recipe, name, part) in [
            ("", "id", "match_criteria"),
            ("", "external_id", "identities.HANDLE"),
            ("", "full_name", "first_name"),
            ("", "mobile_phone_e164", "mobile_phone"),
            ("", "tier", "leave the column out"),
            ("", "next_birthday", "read-only"),
            ("", "preferred_location", "preferred_location_external_code"),
            ("", "address", "addresses.1.address_line_1"),
            ("", "tags", "tags_mode"),
            ("statuses_mode = \"refuse\"\n", "statuses", "statuses_mode"),
            ("", "email_consent_updated_at", "consent_is_customer_act"),
            ("", "comms_attributes.sms_consent_updated_at", "consent_is_customer_act"),
            ("consent_is_customer_act = true\n", "attributes.comms.sms_consent_updated_at", "both"),
            ("", "push_promo", "email_promo"),
            ("", "email_optout", "each single profile"),
            ("", "comms_attributes.terms_accepted_at", "each single profile"),
            ("", "addresses.0.city", "count from 1"),
            ("", "identities.7", "identities.1.handle"),
            ("match_criteria = \"shopify\"\n", "identities.shopfy", "`identities.shopify`"),
            ("identities = [\"pos\"]\n", "identities.POS", "`identities.pos`"),
            ("region_style = \"single\"\n", "regions.2.handle", "region_id"),
            ("region_style = \"list\"\n", "region_id", "regions.1.region_id"),
            ("meta_as = \"list\"\n", "attributes.appearance.size", "meta_as"),
            ("", "attributes.appearance.a b", "letters, digits"),
            ("", "attributes.appearance.7", "letters, digits"),
            (DECLARED, "custom_attributes.loyalty.point", "`custom_attributes.loyalty.points`"),
            (
                DECLARED,
                "custom_attributes.loyalty.pionts:integer",
                "`custom_attributes.loyalty.points`",
            ),
            (DECLARED, "custom_attributes.loyalty.points:string", "integer"),
            (DECLARED, "custom_attributes.club.level", "custom_attributes.club.level:string"),
            ("", "custom_attributes.club.level:text", "array"),
            ("", "custom_attributes.club", "NAMESPACE.HANDLE"),
            ("", "custom:Shirt size", "custom_attributes.NAMESPACE.HANDLE"),
            ("", "custom_attributes.a:b.c:string", "colon"),
        ] {
            let Unmade::Refused { why, help } = unmade(recipe, name) else { panic!("{name}") };
            let said = format!("{why}; {help}");
            assert!(said.contains(part), "{name}: {said} lacks {part}");
        }
    }

    #[test]
    fn the_table_is_as_the_settings_have_it() {
        let all = [
            "tags",
            "statuses",
            "email_consent_updated_at",
            "attributes.comms.email_consent_updated_at",
            "regions.1.handle",
            "region_id",
            "identities.pos",
            "identities.shop",
            "custom_attributes.loyalty.points",
        ];
        assert_eq!(among("", &all), ["statuses", "regions.1.handle", "region_id"]);
        let recipe = format!(
            "tags_mode = \"replace\"\nstatuses_mode = \"batch\"\nconsent_is_customer_act = true\n\
             consent = \"both\"\nmatch_criteria = \"pos\"\nidentities = [\"pos\", \"shop\"]\n{DECLARED}"
        );
        assert_eq!(among(&recipe, &all), all);
        assert_eq!(among("region_style = \"single\"\n", &all), ["statuses", "region_id"]);
        assert_eq!(among("region_style = \"list\"\n", &all), ["statuses", "regions.1.handle"]);
        let labels = |recipe: &str, name: &str| match made(recipe, name).kind {
            Kind::Choice(choices) => {
                choices.iter().map(|choice| choice.label.to_string()).collect()
            }
            _ => Vec::new(),
        };
        assert!(!labels("", "profile_type").contains(&"deleted".to_owned()));
        let allowed = labels("allow_types = [\"deleted\"]\n", "profile_type");
        assert_eq!(allowed.last().unwrap(), "deleted");
        assert_eq!(allowed.len(), 6);
        assert!(made("", "statuses").kept && !made("statuses_mode = \"batch\"\n", "statuses").kept);
        assert!(made("", "mobile_phone").unique);
        assert!(!made("mobile_clash = \"secondary\"\n", "mobile_phone").unique);
        assert!(matches!(made("", "addresses.2.country").kind, Kind::Country));
        assert!(matches!(made("country_as = \"asis\"\n", "addresses.2.country").kind, Kind::Text));
        assert!(matches!(made("meta_as = \"list\"\n", "addresses.2.meta").kind, Kind::Words));
        assert!(made("", "joined_location_external_id").beside.len() == 1);
        let any = "location_refs = \"any\"\nregion_style = \"any\"\n";
        for name in ["joined_location_external_id", "region_handle", "regions.3.handle"] {
            assert!(made(any, name).beside.is_empty(), "{name}");
        }
    }

    #[test]
    fn whom_omneo_finds_by_an_identity_needs_that_identity() {
        let need = |recipe: &str, name: &str| made(recipe, name).need;
        let pos = "match_criteria = \"pos\"\n";
        assert_eq!(set_up(pos).unwrap().match_field(), "identities.pos");
        let key = made(pos, "identities.pos");
        assert!(key.unique && key.code && key.need == Need::Required);
        assert_eq!(need(pos, "email"), Need::Required, "unless the recipe says otherwise");
        let head = String::from_utf8(set_up(pos).unwrap().frame().head).unwrap();
        assert_eq!(head, r#"{"match_criteria":"pos","profiles":["#);
        let pos = format!("{pos}require = [\"last_name\"]\n");
        assert_eq!(need(&pos, "email"), Need::Optional);
        assert_eq!(need(&pos, "last_name"), Need::Required);
        assert_eq!(need(&pos, "first_name"), Need::Wanted);
        assert_eq!(need("require = []\n", "email"), Need::Required, "people are found by it");
        let more = "require = [\"email\", \"identities.crm\"]\n";
        assert_eq!(need(more, "identities.crm"), Need::Required);
        for (recipe, part) in [
            ("require = [\"emial\"]\n", "email"),
            ("require = [\"tags\"]\n", "tags_mode"),
            ("match_criteria = \"\"\n", "handle"),
            ("match_criteria = \"7\"\n", "handle"),
            ("identities = [\" pos\"]\n", "handle"),
            ("match_criteria = \"Email\"\n", "did you mean"),
            ("match_criteria = \"emial\"\n", "did you mean"),
            ("batch_path = \"/profiles/sync\"\n", "takes no people"),
            ("batch_path = \"profiles/batch\"\n", "batch_path"),
            ("[omneo.custom_attributes]\n\"a:b\".c = \"string\"\n", "NAMESPACE.HANDLE"),
            ("[omneo.custom_attributes]\na.\"\" = \"string\"\n", "blank"),
            ("[omneo.custom_attributes]\n\"a.b\".c = \"string\"\n", "first dot"),
        ] {
            let Error::Recipe { message, help, .. } = set_up(recipe).unwrap_err() else {
                panic!("{recipe}")
            };
            assert!(format!("{message}; {help:?}").contains(part), "{recipe}: {message}; {help:?}");
        }
    }

    #[test]
    fn the_address_of_a_tenant_has_the_form_of_the_api() {
        let url = |url: &str| set_up(&format!("base_url = {url:?}\n")).unwrap().base_url();
        for good in [
            "https://api.acme.getomneo.com/api/v3",
            "https://acme.getomneo.com/api/v3",
            "https://acme.omneoapp.io/api/v3",
            "http://127.0.0.1:8080",
            "https://proxy.example.org/omneo",
        ] {
            assert_eq!(url(good).unwrap(), good);
        }
        assert_eq!(url("https://a.getomneo.com/api/v3/").unwrap(), "https://a.getomneo.com/api/v3");
        for (wrong, part) in [
            ("", "does not say where"),
            ("https://api.TENANT.getomneo.com/api/v3", "no tenant yet"),
            ("https://api.{tenant}.getomneo.com/api/v3", "no tenant yet"),
            ("https://acme.manager.getomneo.com", "CX Manager"),
            ("https://api.acme.getomneo.com", "/api/v3"),
        ] {
            let Err(Error::Usage { message, help }) = url(wrong) else { panic!("{wrong}") };
            assert!(format!("{message}; {help:?}").contains(part), "{wrong}: {message}");
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
