//! The thirteen types of custom fields: how a value of each is checked, and how it is written.
//!
//! The documents show two values as they are written, both plain texts, and how profiles show two
//! types; everything else is inferred, and a setting where it could be otherwise.

use std::borrow::Cow;

use super::declared::{
    AttachmentForm, MomentForm as MomentEncoding, NumberForm, SelectionForm, SeveralForm,
};
use super::{Known, PATH};
use crate::layout::Written;
use crate::mapping::Unmade;
use crate::record::{Choice, DateForm, Field, Kind, MomentForm, Slot};
use crate::target::definition::{Choosable, Type};
use crate::target::vome::fields::PROFILE;
use crate::target::vome::settings::{BoolEncoding, Settings};

/// A field by its definition.
pub(super) fn field(known: &Known, settings: &Settings) -> Result<Field, Unmade> {
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
        Type::DateTime if encoding.date_time == MomentEncoding::OwnOffset => {
            let note = "a custom field: a moment with its offset, or a day";
            (Kind::Moment(MomentForm::OwnOffset), note)
        }
        Type::DateTime => {
            (Kind::Moment(MomentForm::Utc), "a custom field: a moment with its zone, or a day")
        }
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
pub(super) fn written(of: Type, settings: &Settings) -> Written {
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
