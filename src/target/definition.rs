//! A field that an account defines for itself: its id, name, type and options, as its API tells them
//! or as the recipe declares them.

use serde::{Deserialize, Serialize};

/// A custom field. Source: Vome "The Profile object", custom fields array.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The field's id, `custom_field.id`; not the id of a link or of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name, which is what people see.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type", default)]
    pub of: Type,
    /// What can be chosen, in the order of the list; empty for other types.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choosable>,
}

/// One option of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choosable {
    /// The option's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its text, which is what is sent.
    pub value: String,
}

/// The types of custom fields. Source: Vome "The Profile object", custom field types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// 0: any text.
    #[default]
    General,
    /// 1: a number.
    Number,
    /// 2: one of its options.
    SingleSelection,
    /// 3: several of its options.
    MultipleSelection,
    /// 4: a date with a time.
    DateTime,
    /// 5: an e-mail address.
    Email,
    /// 6: a file.
    Attachment,
    /// 7: a web address.
    Url,
    /// 8: a postal address.
    Address,
    /// 9: an id that no two profiles share.
    UniqueId,
    /// 10: yes or no.
    Boolean,
    /// 11: calculated by the system.
    Formula,
    /// 12: a day.
    Date,
}

impl Type {
    /// Every type, in the order of their codes.
    pub const ALL: [Self; 13] = [
        Self::General,
        Self::Number,
        Self::SingleSelection,
        Self::MultipleSelection,
        Self::DateTime,
        Self::Email,
        Self::Attachment,
        Self::Url,
        Self::Address,
        Self::UniqueId,
        Self::Boolean,
        Self::Formula,
        Self::Date,
    ];

    /// The word for it in the lock file and the recipe.
    pub fn word(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Number => "number",
            Self::SingleSelection => "single_selection",
            Self::MultipleSelection => "multiple_selection",
            Self::DateTime => "date_time",
            Self::Email => "email",
            Self::Attachment => "attachment",
            Self::Url => "url",
            Self::Address => "address",
            Self::UniqueId => "unique_id",
            Self::Boolean => "boolean",
            Self::Formula => "formula",
            Self::Date => "date",
        }
    }

    /// Whether its values are chosen from options.
    pub fn is_selection(self) -> bool {
        matches!(self, Self::SingleSelection | Self::MultipleSelection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_a_type_is_the_one_that_is_read() {
        for of in Type::ALL {
            let word = serde_json::Value::from(of.word());
            assert_eq!(serde_json::from_value::<Type>(word).unwrap(), of);
        }
    }
}
