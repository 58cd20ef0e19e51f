//! Custom fields: those that an organisation defines for itself, of thirteen types.
//!
//! What is known of them comes from the recipe and from the account; where both speak of one field
//! the recipe wins, and where they contradict each other the run stops. A field of which nothing is
//! known is text.

pub mod declared;

use std::borrow::Cow;
use std::fmt::Write as _;

use self::declared::{AttachmentForm, NumberForm, SelectionForm, SeveralForm};
pub use self::declared::{Declared, Encoding};
use super::fields::PROFILE;
use super::settings::{BoolEncoding, Match, Settings};
use crate::error::{Error, Result};
use crate::layout::{Around, Written};
use crate::mapping::{Unmade, meaning_of};
use crate::record::{Choice, DateForm, Field, Kind, Slot};
use crate::spelling::normalise;
use crate::target::definition::{Choosable, Definition, Type};

/// What stands before the name or the id of a custom field.
pub(super) const PREFIX: &str = "custom:";

/// Where custom fields stand in the payload; a list, each entry with its field's id and name.
const PATH: &str = "custom_field_data.1";

/// One custom field.
#[derive(Clone, Debug)]
struct Known {
    /// Its name as a field: `custom:` and its name, or its id where the name is not its own.
    field: String,
    of: Definition,
}

/// The custom fields of an account, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(super) struct Catalogue {
    known: Vec<Known>,
    /// The place of the field by which people are found.
    key: Option<usize>,
    /// What contradicts itself, with the cure.
    contradictions: Vec<(String, String)>,
}

/// Which field a name means.
enum Found<'c> {
    Nothing,
    One(&'c Known),
    /// Several, which only their ids tell apart.
    Several(Vec<&'c str>),
}

impl Catalogue {
    /// The fields that the recipe declares and those that the account has.
    pub(super) fn new(settings: &Settings, account: &[Definition]) -> Self {
        let mut catalogue = Self::default();
        let mut all: Vec<Definition> = account.to_vec();
        for declared in &settings.custom_fields {
            catalogue.declare(&mut all, declared);
        }
        let twice = |definition: &Definition| {
            all.iter().filter(|other| other.name == definition.name).count() > 1
        };
        let known = all.iter().map(|of| {
            let id = of.id.as_ref().filter(|_| of.name.is_empty() || twice(of));
            let field = format!("{PREFIX}{}", id.unwrap_or(&of.name));
            Known { field, of: of.clone() }
        });
        catalogue.known = known.collect();
        catalogue.find_key(settings);
        catalogue
    }

    /// Takes in one field of the recipe.
    fn declare(&mut self, all: &mut Vec<Definition>, declared: &Declared) {
        let same = |definition: &Definition| match (&declared.id, &definition.id) {
            (Some(own), Some(other)) if own == other => true,
            _ => definition.name.to_lowercase() == declared.name.trim().to_lowercase(),
        };
        let places: Vec<usize> =
            (0..all.len()).filter(|&place| all.get(place).is_some_and(same)).collect();
        let by_id = |place: &usize| {
            all.get(*place).is_some_and(|of| of.id.is_some() && of.id == declared.id)
        };
        let place = places.iter().copied().find(by_id).or(match places.as_slice() {
            [only] => Some(*only),
            _ => None,
        });
        let Some(known) = place.and_then(|place| all.get_mut(place)) else {
            all.push(declared.definition());
            return;
        };
        let (name, mut wrong) = (known.name.clone(), Vec::new());
        if let (Some(own), Some(other)) = (&declared.id, &known.id)
            && own != other
        {
            wrong.push(format!("its id {own:?}, and is {other:?}"));
        }
        if let Some(own) = declared.of
            && own != known.of
        {
            let (own, other) = (declared::word(own), declared::word(known.of));
            wrong.push(format!("its type {own}, and is {other}"));
        }
        for wrong in wrong {
            self.contradictions.push((
                format!("the recipe gives the custom field {name:?} {wrong}"),
                "correct it under [[vome.custom_fields]], or take it out there".to_owned(),
            ));
        }
        if known.id.is_none() {
            known.id.clone_from(&declared.id);
        }
        if !declared.options.is_empty() {
            known.options = options(&declared.definition().options, &known.options);
        }
    }

    /// Finds, or makes, the field by which people are found.
    fn find_key(&mut self, settings: &Settings) {
        let Match::Custom(name) = &settings.matched_by else { return };
        let said = settings.match_field_id.as_ref().filter(|id| !id.trim().is_empty());
        let wanted = said.filter(|_| matches!(self.find(name), Found::Several(_))).unwrap_or(name);
        let field = match self.find(wanted) {
            Found::One(known) => Some(known.field.clone()),
            Found::Nothing => None,
            Found::Several(ids) => {
                let message = format!("{} custom fields are called {name:?}", ids.len());
                let help = format!(
                    "name the one by its id: match = \"custom:{}\"",
                    ids.join("\" or \"custom:")
                );
                self.contradictions.push((message, help));
                return;
            }
        };
        if let Some(field) = field {
            self.key = self.known.iter().position(|known| known.field == field);
        } else {
            let (id, name) = if is_id(name) {
                (Some(name.clone()), String::new())
            } else {
                (None, name.clone())
            };
            let of = Definition { id, name, of: Type::UniqueId, options: Vec::new() };
            let field = format!("{PREFIX}{}", of.id.as_ref().unwrap_or(&of.name));
            self.known.push(Known { field, of });
            self.key = Some(self.known.len() - 1);
        }
        let Some(known) = self.key.and_then(|key| self.known.get_mut(key)) else { return };
        match (&known.of.id, said) {
            (Some(id), Some(said)) if id != said => {
                let message = format!(
                    "match_field_id is {said:?}, but the custom field {:?} has the id {id:?}",
                    known.of.name
                );
                self.contradictions.push((message, "take match_field_id out".to_owned()));
            }
            (None, Some(said)) => known.of.id = Some(said.clone()),
            _ => {}
        }
    }

    /// Stops where what is known cannot be used.
    ///
    /// # Errors
    /// [`Error::Usage`] at the first contradiction.
    pub(super) fn check(&self, settings: &Settings) -> Result<()> {
        if let Some((message, help)) = self.contradictions.first() {
            return Err(Error::usage(message.clone(), help.clone()));
        }
        if let Some(key) = self.key.and_then(|key| self.known.get(key)) {
            check_key(&key.of)?;
        }
        for Known { of, .. } in &self.known {
            let ids = match of.of {
                Type::SingleSelection => {
                    settings.custom_encoding.single_selection == SelectionForm::OptionId
                }
                Type::MultipleSelection => {
                    settings.custom_encoding.multiple_selection == SeveralForm::OptionIds
                }
                _ => false,
            };
            if ids && of.options.iter().any(|option| option.id.is_none()) {
                return Err(Error::usage(
                    format!(
                        "the ids of the options of the custom field {:?} are not known",
                        of.name
                    ),
                    "give each option its id under [[vome.custom_fields]], or send texts: \
                     custom_encoding under [vome]",
                ));
            }
        }
        Ok(())
    }

    /// The id of the field by which people are found.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.known.get(self.key?)?.of.id.as_deref()
    }

    /// The name of the field by which people are found.
    pub(super) fn key_name(&self) -> Option<&str> {
        Some(&self.known.get(self.key?)?.field)
    }

    /// Every field that can be sent. A header that is the name of one means it, unless it means
    /// another one as well, or one of those that everybody has.
    pub(super) fn fields(&self, settings: &Settings, standard: &[Field]) -> Vec<Field> {
        let is_standard = meaning_of(standard);
        let alike = |known: &Known| {
            let plain = normalise(&known.of.name);
            self.known.iter().filter(|other| normalise(&other.of.name) == plain).count() > 1
        };
        let mut fields = Vec::new();
        for (place, known) in self.known.iter().enumerate() {
            let Ok(mut field) = field(known, settings) else { continue };
            if alike(known) || is_standard(&known.of.name) {
                field.label = None;
            }
            if self.key == Some(place) {
                field = field.required().unique().code();
            }
            fields.push(field);
        }
        fields
    }

    /// The field that a name means.
    pub(super) fn make(&self, name: &str, settings: &Settings) -> Result<Field, Unmade> {
        let said = name.strip_prefix(PREFIX).map_or("", str::trim);
        if said.is_empty() {
            return Err(Unmade::Unknown);
        }
        match self.find(said) {
            Found::One(known) => field(known, settings),
            Found::Nothing => Ok(Field {
                name: format!("{PREFIX}{said}").into(),
                ..Field::new("", Kind::Text, PATH).source(PROFILE, "a custom field, as text")
            }),
            Found::Several(ids) => Err(Unmade::Refused {
                why: format!("{} custom fields are called so", ids.len()),
                help: format!("name the one by its id: custom:{}", ids.join(" or custom:")),
            }),
        }
    }

    /// What is written around the value of a custom field, and how the value is written.
    pub(super) fn around(&self, name: &str, settings: &Settings) -> Around {
        let said = name.strip_prefix(PREFIX).unwrap_or(name);
        let (id, name, of) = match self.known.iter().find(|known| known.field == name) {
            Some(Known { of, .. }) => (of.id.as_deref(), of.name.as_str(), of.of),
            None if is_id(said) => (Some(said), "", Type::General),
            None => (None, said, Type::General),
        };
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let mut before = "{".to_owned();
        // Writing to a String cannot fail.
        if let Some(id) = id {
            let _ = write!(before, "\"custom_field_id\":{},", text(id));
        }
        if !name.is_empty() {
            let _ = write!(before, "\"custom_field_name\":{},", text(name));
        }
        before.push_str("\"custom_field_user_value\":");
        let written = written(of, settings);
        Around { before, after: "}".to_owned(), written, ..Around::default() }
    }

    fn find(&self, said: &str) -> Found<'_> {
        let said = said.trim();
        let lower = said.to_lowercase();
        let is_id =
            |known: &&Known| known.of.id.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(said));
        if let Some(known) = self.known.iter().find(is_id) {
            return Found::One(known);
        }
        let exact = |known: &&Known| known.of.name == said;
        let alike = |known: &&Known| known.of.name.to_lowercase() == lower;
        let mut found: Vec<&Known> = self.known.iter().filter(exact).collect();
        if found.is_empty() {
            found = self.known.iter().filter(alike).collect();
        }
        match found.as_slice() {
            [] => Found::Nothing,
            [only] => Found::One(only),
            several => {
                let ids = several.iter().map(|known| known.of.id.as_deref().unwrap_or("?"));
                Found::Several(ids.collect())
            }
        }
    }
}

/// Whether people can be found by a field.
fn check_key(of: &Definition) -> Result<()> {
    if of.of != Type::UniqueId {
        return Err(Error::usage(
            format!(
                "people cannot be matched by the custom field {:?}: its type is {}",
                of.name,
                declared::word(of.of)
            ),
            "Vome finds people by custom fields of the type Unique ID only; make one in Vome, or \
             match by email or id",
        ));
    }
    if of.id.is_none() {
        return Err(Error::usage(
            format!(
                "the id of the custom field {:?} is not known, by which people are matched",
                of.name
            ),
            "it stands in every profile that has a value for the field, as custom_field.id under \
             custom_fields (GET /api/profiles/); write it as match_field_id under [vome]",
        ));
    }
    Ok(())
}

/// Options of the recipe, with the ids that the account gives them.
fn options(said: &[Choosable], account: &[Choosable]) -> Vec<Choosable> {
    let with_id = |option: &Choosable| {
        let plain = normalise(&option.value);
        let known = account.iter().find(|known| normalise(&known.value) == plain);
        Choosable {
            id: option.id.clone().or_else(|| known?.id.clone()),
            value: known.map_or(&option.value, |known| &known.value).clone(),
        }
    };
    said.iter().map(with_id).collect()
}

/// Whether a text has the form of an id: 8, 4, 4, 4 and 12 hexadecimal digits.
fn is_id(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// A field by its definition.
fn field(known: &Known, settings: &Settings) -> Result<Field, Unmade> {
    let refused =
        |why: &str, help: &str| Err(Unmade::Refused { why: why.to_owned(), help: help.to_owned() });
    let encoding = &settings.custom_encoding;
    let (kind, note) = match known.of.of {
        Type::General => (Kind::Text, "a custom field: any text"),
        Type::Number => (Kind::Decimal, "a custom field: a number"),
        Type::SingleSelection => {
            let ids = encoding.single_selection == SelectionForm::OptionId;
            let kind = match choices(&known.of.options, ids) {
                Some(choices) => Kind::Choice(choices),
                None => Kind::Text,
            };
            (kind, "a custom field: one of its options")
        }
        Type::MultipleSelection => {
            let ids = encoding.multiple_selection == SeveralForm::OptionIds;
            let kind = match choices(&known.of.options, ids) {
                Some(choices) => Kind::Choices(choices),
                None => Kind::Words,
            };
            (kind, "a custom field: several of its options, with ; between them")
        }
        Type::DateTime => (Kind::Moment, "a custom field: a moment with its zone, or a day"),
        Type::Email => (Kind::Email, "a custom field: an e-mail address"),
        Type::Attachment if encoding.attachment == AttachmentForm::Url => {
            (Kind::Url, "a custom field: the address of a file")
        }
        Type::Attachment => {
            return refused(
                "it is a file, and the documents show no way to send one",
                "leave the column out; if the field is known to take the address of a file, set \
                 custom_encoding.attachment = \"url\" under [vome]",
            );
        }
        Type::Url => (Kind::Url, "a custom field: a web address"),
        Type::Address => (Kind::Text, "a custom field: a postal address"),
        Type::UniqueId => (Kind::Text, "a custom field: an id that no two people share"),
        Type::Boolean => (Kind::Bool, "a custom field: yes or no"),
        Type::Formula => {
            return refused("Vome calculates it from other fields", "leave the column out");
        }
        Type::Date => (Kind::Date(DateForm::Iso), "a custom field: a day"),
    };
    let mut field = Field {
        name: known.field.clone().into(),
        label: (!known.of.name.is_empty()).then(|| known.of.name.clone().into()),
        open: settings.allow_unknown_options,
        ..Field::new("", kind, PATH).source(PROFILE, note)
    };
    if known.of.of == Type::UniqueId {
        field = field.unique().code();
    }
    Ok(field)
}

/// What can be chosen; nothing where that is not known.
fn choices(options: &[Choosable], ids: bool) -> Option<Cow<'static, [Choice]>> {
    let choice = |option: &Choosable| {
        let sent = option.id.as_ref().filter(|_| ids).unwrap_or(&option.value);
        Choice {
            value: Slot::Made(sent.as_str().into()),
            label: option.value.clone().into(),
            words: &[],
        }
    };
    (!options.is_empty()).then(|| options.iter().map(choice).collect())
}

/// How a value of a type is written.
fn written(of: Type, settings: &Settings) -> Written {
    let encoding = &settings.custom_encoding;
    let pattern = |pattern: Option<&str>| {
        pattern.map_or(Written::Native, |pattern| Written::Format(pattern.to_owned()))
    };
    match of {
        Type::Number if encoding.number == NumberForm::Text => Written::Text,
        Type::MultipleSelection if encoding.multiple_selection == SeveralForm::Joined => {
            Written::Joined(encoding.separator.clone())
        }
        Type::Boolean if encoding.boolean == BoolEncoding::String => Written::Text,
        Type::DateTime => pattern(encoding.date_time.pattern()),
        Type::Date => pattern(encoding.date.pattern()),
        _ => Written::Native,
    }
}
