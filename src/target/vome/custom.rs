//! Custom fields: those that an organisation defines for itself, of thirteen types.
//!
//! What is known of them comes from the recipe and from the account; where both speak of one field
//! the recipe wins, and where they contradict each other the run stops. A field of which nothing is
//! known is text.

pub mod declared;
mod of_type;

use std::fmt::Write as _;

pub use self::declared::{Declared, Encoding};
use self::declared::{SelectionForm, SeveralForm};
use self::of_type::{field, written};
use super::fields::PROFILE;
use super::settings::{Match, Settings};
use crate::error::{Error, Result};
use crate::layout::Around;
use crate::mapping::{Unmade, meaning_of};
use crate::record::{Field, Kind};
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
        for (place, declared) in settings.custom_fields.iter().enumerate() {
            let before = settings.custom_fields.iter().take(place);
            if before.into_iter().any(|other| other.is(declared)) {
                let message =
                    format!("the recipe declares the custom field {:?} twice", declared.name);
                let help = "keep one of the two under [[vome.custom_fields]], or tell them apart by \
                            their ids";
                catalogue.contradictions.push((message, help.to_owned()));
            } else {
                catalogue.declare(&mut all, account.len(), declared);
            }
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

    /// Takes in one field of the recipe, beside so many of the account.
    fn declare(&mut self, all: &mut Vec<Definition>, account: usize, declared: &Declared) {
        let name = declared.name.trim();
        let known = all.iter().take(account);
        let by_id = declared.id.as_ref().and_then(|id| {
            known.clone().position(|of| of.id.as_ref().is_some_and(|own| own == id))
        });
        let lower = name.to_lowercase();
        let is_called = |of: &&Definition| of.name.to_lowercase() == lower;
        let called = known.clone().filter(is_called).count();
        let place = by_id.or_else(|| known.clone().position(|of| is_called(&of)));
        let mut wrong = Vec::new();
        if name.is_empty() {
            wrong.push("has no name".to_owned());
        }
        if by_id.is_none() && called > 1 {
            wrong.push(format!("is one of {called} of that name, and has the id of none"));
        }
        let Some(known) = place.and_then(|place| all.get_mut(place)) else {
            self.contradict(declared, wrong);
            all.push(declared.definition());
            return;
        };
        if !is_called(&&*known) {
            wrong.push(format!("has the id of {:?}", known.name));
        }
        if by_id.is_none()
            && let (Some(own), Some(other)) = (&declared.id, &known.id)
        {
            wrong.push(format!("has the id {own:?}, but it has {other:?}"));
        }
        if let Some(own) = declared.of.filter(|own| *own != known.of) {
            let (own, other) = (own.word(), known.of.word());
            wrong.push(format!("is of the type {own}, but it is of {other}"));
        }
        if known.id.is_none() {
            known.id.clone_from(&declared.id);
        }
        if !declared.options.is_empty() {
            known.options = options(&declared.definition().options, &known.options);
        }
        self.contradict(declared, wrong);
    }

    /// Keeps what is wrong with a field of the recipe.
    fn contradict(&mut self, declared: &Declared, wrong: Vec<String>) {
        for wrong in wrong {
            self.contradictions.push((
                format!("the recipe says that the custom field {:?} {wrong}", declared.name),
                "correct it under [[vome.custom_fields]], or take it out there".to_owned(),
            ));
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
        let names: Vec<String> = self.known.iter().map(|known| normalise(&known.of.name)).collect();
        let alike = |place: usize| {
            let own = names.get(place);
            names.iter().filter(|name| Some(*name) == own).count() > 1
        };
        let mut fields = Vec::new();
        for (place, known) in self.known.iter().enumerate() {
            let Ok(mut field) = field(known, settings) else { continue };
            if alike(place) || is_standard(&known.of.name) {
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

    /// What is known of a field that was sent with its id or its name.
    pub(super) fn definition(&self, id: Option<&str>, name: Option<&str>) -> Option<&Definition> {
        match self.find(id.or(name)?) {
            Found::One(known) => Some(&known.of),
            Found::Nothing | Found::Several(_) => None,
        }
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
                of.of.word()
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
            "`upsheet fields --to vome` reads it out of the profiles that have a value in the field, \
             where it stands as custom_field.id; or write it as match_field_id under [vome]",
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
