//! The fields of one run: the table as the settings have it, and those that a name makes: further
//! entries of lists, identities by their handles, custom attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::choices::{GUARDED_TYPES, TYPES};
use super::fields::{BATCH, CLIENT, CUSTOM, FIELDS, IDENTITIES};
use super::refusals::{alias, not_taken, refuse, refused};
use super::settings::{
    AttributeType, Consent, CountryAs, GuardedType, LocationRefs, MetaAs, MobileClash, RegionStyle,
    Settings, StatusesMode,
};
use crate::mapping::Unmade;
use crate::record::{Beside, Field, JsonForm, Kind, Need, Words, is_entry};
use crate::spelling::{is_slip, nearest, normalise};

/// What stands before the handle of an identity.
pub(super) const IDENTITY: &str = "identities.";
/// What stands before the namespace of a custom attribute.
pub(super) const ATTRIBUTE: &str = "custom_attributes.";
const APPEARANCE: &str = "attributes.appearance.";
const ACTIVE: &str = ".is_active";

/// The fields of a run, and how others are made.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    settings: Settings,
    /// Those that headers may name.
    table: Vec<Field>,
}

impl Fields {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut fields = Self { settings: settings.clone(), table: Vec::new() };
        for field in FIELDS {
            if field.name == "identities.1.handle" {
                let handles: Vec<Field> =
                    settings.handles().map(|it| fields.identity(it)).collect();
                fields.table.extend(handles);
            }
            if field.name == "dates_attributes.1.date" {
                let declared: Vec<Field> = fields.declared().collect();
                fields.table.extend(declared);
            }
            if refused(field, settings).is_none() {
                fields.table.push(decided(field.clone(), settings));
            }
        }
        fields
    }

    /// Those that headers may name, in the order of the payload.
    pub(super) fn table(&self) -> &[Field] {
        &self.table
    }

    /// The field that a name means which the table does not have.
    pub(super) fn make(&self, name: &str) -> Result<Field, Unmade> {
        let name = alias(name);
        if let Some(field) = self.table.iter().find(|field| field.name == name) {
            return Ok(field.clone());
        }
        if let Some(field) = FIELDS.iter().find(|field| field.name == name) {
            return Err(refused(field, &self.settings).unwrap_or(Unmade::Unknown));
        }
        if let Some(field) = self.entry(&name)? {
            return Ok(field);
        }
        if let Some(rest) = name.strip_prefix(IDENTITY) {
            return self.named_identity(rest);
        }
        if let Some(rest) = name.strip_prefix(ATTRIBUTE) {
            return self.attribute(rest);
        }
        if let Some(key) = name.strip_prefix(APPEARANCE) {
            return self.appearance(key);
        }
        Err(not_taken(&name).unwrap_or(Unmade::Unknown))
    }

    /// A field of an entry of a list other than the first, made of that of the first.
    fn entry(&self, name: &str) -> Result<Option<Field>, Unmade> {
        let numbers: Vec<&str> = name.split('.').filter(|part| is_number(part)).collect();
        if numbers.is_empty() {
            return Ok(None);
        }
        let first = with_numbers(name, &mut std::iter::repeat(Cow::Borrowed("1")));
        let Some(known) = FIELDS.iter().find(|field| field.name == first) else { return Ok(None) };
        if let Some(why) = refused(known, &self.settings) {
            return Err(why);
        }
        let read = |part: &&str| part.parse::<u32>().ok().filter(|number| *number > 0);
        let Some(numbers) = numbers.iter().map(read).collect::<Option<Vec<u32>>>() else {
            return Err(refuse(
                "its entries count from 1",
                format!("write {first}, then the next number for the next entry"),
            ));
        };
        let numbered = |text: &str| {
            let mut numbers = numbers.iter().map(|number| Cow::Owned(number.to_string()));
            Cow::Owned(with_numbers(text, &mut numbers))
        };
        let (name, path) = (numbered(&known.name), numbered(&known.path));
        Ok(Some(decided(Field { name, path, ..known.clone() }, &self.settings)))
    }

    /// An identity by its handle.
    fn identity(&self, handle: &str) -> Field {
        let matched = self.settings.match_handle() == Some(handle);
        let plain = normalise(handle);
        let is_id = ["id", "number", "no", "code"].iter().any(|end| plain.ends_with(end));
        let label = if is_id { handle.to_owned() } else { format!("{handle} id") };
        let note = if matched { "the match key" } else { "unique over all profiles" };
        let field = Field::new("", Kind::Text, "").code().unique().source(IDENTITIES, note);
        Field {
            name: format!("{IDENTITY}{handle}").into(),
            label: Some(label.into()),
            path: format!("identities.@{}.identifier", part(handle)).into(),
            need: if matched { Need::Required } else { Need::Optional },
            words: words_of(&plain),
            ..field
        }
    }

    /// `HANDLE` or `HANDLE.is_active`.
    fn named_identity(&self, rest: &str) -> Result<Field, Unmade> {
        let (handle, active) = match rest.strip_suffix(ACTIVE) {
            Some(handle) => (handle, true),
            None => (rest, false),
        };
        let odd = handle.trim() != handle || handle.chars().any(char::is_control);
        if handle.is_empty() || odd {
            return Err(Unmade::Unknown);
        }
        if is_number(handle.split('.').next().unwrap_or_default()) {
            return Err(refuse(
                "a number is a place in the list of identities",
                format!(
                    "write {IDENTITY}1.handle, {IDENTITY}1.identifier or {IDENTITY}1.is_active"
                ),
            ));
        }
        let known: Vec<&str> = self.settings.handles().collect();
        if !known.contains(&handle)
            && let Some(near) = slip_of(handle, known.into_iter())
        {
            return Err(refuse(
                "no identity of the recipe has that handle",
                format!("did you mean `{IDENTITY}{near}`? if not, add it to identities in [omneo]"),
            ));
        }
        if !active {
            return Ok(self.identity(handle));
        }
        let field = Field::new("", Kind::Bool, "").beside(&[Beside::Needs(".")]);
        Ok(Field {
            name: format!("{IDENTITY}{handle}{ACTIVE}").into(),
            path: format!("identities.@{}.is_active", part(handle)).into(),
            ..field.source(BATCH, "with the identity itself")
        })
    }

    /// The custom attributes that the recipe declares.
    fn declared(&self) -> impl Iterator<Item = Field> {
        let all = self.settings.custom_attributes.iter();
        all.flat_map(|(namespace, own)| {
            own.iter().map(move |(handle, of)| custom(namespace, handle, *of))
        })
    }

    /// `NAMESPACE.HANDLE`, declared, or with its type behind a colon.
    fn attribute(&self, rest: &str) -> Result<Field, Unmade> {
        let (rest, of) = match rest.rsplit_once(':') {
            Some((rest, word)) => {
                let of = AttributeType::ALL.iter().find(|(own, _)| *own == word);
                let words: Vec<&str> = AttributeType::ALL.iter().map(|(word, _)| *word).collect();
                let Some((_, of)) = of else {
                    return Err(refuse(
                        "what stands behind its colon is no type",
                        format!("the types are {}", words.join(", ")),
                    ));
                };
                (rest, Some(*of))
            }
            None => (rest, None),
        };
        let Some((namespace, handle)) =
            rest.split_once('.').filter(|(space, handle)| !space.is_empty() && !handle.is_empty())
        else {
            return Err(refuse(
                "it has no namespace and handle",
                format!("write {ATTRIBUTE}NAMESPACE.HANDLE"),
            ));
        };
        if let Some(fault) = name_fault(namespace).or_else(|| name_fault(handle)) {
            return Err(refuse(fault, "rename it in the tenant".to_owned()));
        }
        let own = self.settings.custom_attributes.get(namespace);
        match (own.and_then(|own| own.get(handle)), of) {
            (Some(declared), Some(of)) if *declared != of => Err(refuse(
                "the recipe declares it with another type",
                format!("it is {} in [omneo.custom_attributes]", declared.word()),
            )),
            (Some(declared), _) => Ok(custom(namespace, handle, *declared)),
            (None, of) => self.undeclared(namespace, handle, of),
        }
    }

    /// An attribute that the recipe does not declare: taken only with its type, and where it is not
    /// nearly one that is declared.
    fn undeclared(
        &self,
        namespace: &str,
        handle: &str,
        of: Option<AttributeType>,
    ) -> Result<Field, Unmade> {
        let why =
            "Omneo makes an attribute of any name that it is sent, and this one is not declared";
        let named = |(space, own): (&String, &BTreeMap<String, AttributeType>)| {
            own.keys().map(|handle| format!("{space}.{handle}")).collect::<Vec<_>>()
        };
        let known: Vec<String> = self.settings.custom_attributes.iter().flat_map(named).collect();
        let names = || known.iter().map(String::as_str);
        let name = format!("{namespace}.{handle}");
        let alike = || nearest(&name, names()).filter(|_| of.is_none());
        if let Some(near) = slip_of(&name, names()).or_else(alike) {
            let help = format!(
                "did you mean `{ATTRIBUTE}{near}`? if not, declare it under [omneo.custom_attributes]"
            );
            return Err(refuse(why, help));
        }
        of.map(|of| custom(namespace, handle, of)).ok_or_else(|| {
            refuse(
                why,
                format!(
                    "declare it: [omneo.custom_attributes] {name} = \"string\"; or name its type: \
                     {ATTRIBUTE}{name}:string"
                ),
            )
        })
    }

    fn appearance(&self, key: &str) -> Result<Field, Unmade> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if key.is_empty() || !key.bytes().all(plain) || is_entry(key) {
            return Err(refuse(
                "a key of appearance has letters, digits, _ and -",
                format!("write {APPEARANCE}size_shoe"),
            ));
        }
        if self.settings.meta_as == MetaAs::List {
            return Err(refuse(
                "appearance is a list by the recipe's meta_as",
                "map the column to attributes.appearance, or take meta_as out".to_owned(),
            ));
        }
        let field = Field::new("", Kind::Text, "")
            .beside(&[Beside::NotWith("attributes.appearance")])
            .source(CLIENT, "a key of the object");
        let name = format!("{APPEARANCE}{key}");
        Ok(Field { path: name.clone().into(), name: name.into(), ..field })
    }
}

/// What speaks against a namespace or handle of a custom attribute.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    if name.contains(':') {
        return Some(
            "a colon parts namespace and handle in Omneo's paths, so that neither has one",
        );
    }
    let odd = name.trim() != name || name.chars().any(char::is_control);
    odd.then_some("its name begins or ends with a space, or holds characters that nobody sees")
}

/// A custom attribute; its leaf in the payload is the whole entry of the list.
fn custom(namespace: &str, handle: &str, of: AttributeType) -> Field {
    let kind = match of {
        AttributeType::String => Kind::Text,
        AttributeType::Integer => Kind::Integer,
        AttributeType::Float => Kind::Decimal,
        AttributeType::Boolean => Kind::Bool,
        AttributeType::Json => Kind::Json(JsonForm::Any),
        AttributeType::Array => Kind::Words,
    };
    let plain = normalise(handle);
    // What has a field of its own is not meant by its bare name.
    let taken = FIELDS.iter().any(|field| normalise(&field.name) == plain);
    Field {
        name: format!("{ATTRIBUTE}{namespace}.{handle}").into(),
        label: (!taken).then(|| handle.to_owned().into()),
        ..Field::new("", kind, "custom_attributes.1").source(CUSTOM, of.word())
    }
}

/// Headers that mean the identity of a handle of this sort.
fn words_of(plain: &str) -> Words {
    const LOYALTY: &[&str] = &[
        "loyalty id",
        "loyalty number",
        "loyalty card number",
        "membership number",
        "member number",
        "member id",
        "membership id",
    ];
    const POS: &[&str] = &["pos id", "pos customer id", "pos number", "pos code"];
    const SHOPIFY: &[&str] = &["shopify id", "shopify customer id"];
    const KLAVIYO: &[&str] = &["klaviyo id", "klaviyo profile id"];
    let sorts: [(&str, &'static [&'static str]); 5] = [
        ("loyalty", LOYALTY),
        ("member", LOYALTY),
        ("pos", POS),
        ("shopify", SHOPIFY),
        ("klaviyo", KLAVIYO),
    ];
    let sort = sorts.iter().find(|(word, _)| plain.starts_with(word));
    Words { sure: sort.map_or(&[], |(_, words)| words), maybe: &[] }
}

/// The field of the table as the settings have it.
fn decided(mut field: Field, settings: &Settings) -> Field {
    let name = field.name.clone();
    let name = name.as_ref();
    let among = |prefix: &str| name.starts_with(prefix);
    if settings.require.iter().any(|required| required == name)
        || name == "email" && settings.match_handle().is_none()
    {
        field.need = Need::Required;
    } else if name == "email" {
        field.need = Need::Optional;
    }
    let is_meta = name == "attributes.appearance" || name.rsplit('.').next() == Some("meta");
    if is_meta && settings.meta_as == MetaAs::List {
        field.kind = Kind::Words;
    }
    if among("addresses.") && name.ends_with(".country") && settings.country_as == CountryAs::Asis {
        field.kind = Kind::Text;
    }
    if among("region") && settings.region_style == RegionStyle::Any
        || name.contains("_location_") && settings.location_refs == LocationRefs::Any
    {
        field = field.beside(&[]);
    }
    match name {
        "profile_type" if !settings.allow_types.is_empty() => {
            let allowed = GUARDED_TYPES.iter().filter(|choice| {
                settings.allow_types.iter().any(|allowed| match allowed {
                    GuardedType::Deleted => choice.label == "deleted",
                    GuardedType::System => choice.label == "system",
                })
            });
            field.kind = Kind::Choice(TYPES.iter().chain(allowed).cloned().collect());
        }
        // Nothing takes a status away that is added to those that are there.
        "statuses" => field.kept = settings.statuses_mode == StatusesMode::Add,
        "mobile_phone" if settings.mobile_clash == MobileClash::Secondary => field.unique = false,
        "email_consent_updated_at" | "sms_consent_updated_at"
            if settings.consent == Consent::Attributes =>
        {
            field.path = format!("attributes.comms.{name}").into();
        }
        _ => {}
    }
    field
}

/// The one of some names that another one is a slip of.
fn slip_of<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let plain = normalise(name);
    known.into_iter().find(|known| {
        let known = normalise(known);
        known == plain || is_slip(&plain, &known)
    })
}

/// A handle as a part of a path: it never gets out, and must not be taken for several parts.
fn part(handle: &str) -> String {
    handle.replace('.', "\u{1f}")
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// A name or path with other numbers.
fn with_numbers(text: &str, numbers: &mut dyn Iterator<Item = Cow<'_, str>>) -> String {
    let parts = text.split('.').map(|part| {
        if is_number(part) {
            numbers.next().unwrap_or(Cow::Borrowed("1"))
        } else {
            Cow::Owned(part.to_owned())
        }
    });
    parts.collect::<Vec<_>>().join(".")
}
