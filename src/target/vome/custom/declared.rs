//! What the recipe says of custom fields: which there are, and how each type is written.

use serde::Deserialize;

use crate::target::definition::{Choosable, Definition, Type};
use crate::target::vome::settings::BoolEncoding;

/// `[[vome.custom_fields]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// The field's id.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its type; what the account says, else text, where it is not said.
    #[serde(rename = "type")]
    pub of: Option<Type>,
    /// Its options, each a text or a text with its id.
    #[serde(default)]
    pub options: Vec<OptionSaid>,
}

/// One option.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "an option is a text, or { id = \"…\", value = \"…\" }")]
pub enum OptionSaid {
    /// Its text.
    Text(String),
    /// Its text and its id.
    Full(Choosable),
}

impl Declared {
    /// Whether another declaration is of the same field: of its id, or of its name where not both have
    /// an id.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.id, &other.id) {
            (Some(own), Some(other)) => own == other,
            _ => self.name.trim().to_lowercase() == other.name.trim().to_lowercase(),
        }
    }

    /// The same in the form of what an account says.
    pub(super) fn definition(&self) -> Definition {
        let option = |said: &OptionSaid| match said {
            OptionSaid::Text(value) => Choosable { id: None, value: value.trim().to_owned() },
            OptionSaid::Full(option) => option.clone(),
        };
        Definition {
            id: self.id.clone(),
            name: self.name.trim().to_owned(),
            of: self.of.unwrap_or_default(),
            options: self.options.iter().map(option).collect(),
        }
    }
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberForm {
    /// `"12.5"`.
    #[default]
    Text,
    /// `12.5`.
    Native,
}

/// How one option is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SelectionForm {
    /// By its text.
    #[default]
    Text,
    /// By its id.
    OptionId,
}

/// How several options are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeveralForm {
    /// A list of their texts.
    #[default]
    List,
    /// One text, with `separator` between them.
    Joined,
    /// A list of their ids.
    OptionIds,
}

/// What becomes of attachments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentForm {
    /// They are refused.
    #[default]
    Refuse,
    /// The address of the file is sent.
    Url,
}

/// How days are written: `iso`, or a format of `strftime`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct DayForm(Option<String>);

/// How moments are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MomentForm {
    /// `rfc3339`: in UTC.
    #[default]
    Utc,
    /// `keep_offset`: as RFC 3339 too, with the offset that the sheet has.
    OwnOffset,
    /// By a format of `strftime`, in UTC.
    Format(String),
}

impl DayForm {
    /// The format, where there is one.
    pub(in crate::target::vome) fn pattern(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl MomentForm {
    /// The format, where there is one.
    pub(in crate::target::vome) fn pattern(&self) -> Option<&str> {
        match self {
            Self::Format(pattern) => Some(pattern),
            Self::Utc | Self::OwnOffset => None,
        }
    }
}

impl TryFrom<String> for DayForm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text == "iso" {
            return Ok(Self(None));
        }
        let day = jiff::civil::Date::constant(2024, 9, 19);
        let tried = jiff::fmt::strtime::format(&text, day).map_err(|error| error.to_string());
        checked(text, "iso", "%d/%m/%Y", tried).map(|text| Self(Some(text)))
    }
}

impl TryFrom<String> for MomentForm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "rfc3339" => return Ok(Self::Utc),
            "keep_offset" => return Ok(Self::OwnOffset),
            _ => {}
        }
        let tried = jiff::fmt::strtime::format(&text, jiff::Timestamp::UNIX_EPOCH);
        let tried = tried.map_err(|error| error.to_string());
        checked(text, "rfc3339, keep_offset", "%Y-%m-%d %H:%M:%S", tried).map(Self::Format)
    }
}

/// A format that was tried.
fn checked(
    text: String,
    usual: &str,
    example: &str,
    tried: Result<String, String>,
) -> Result<String, String> {
    match tried {
        Ok(written) if written != text => Ok(text),
        Ok(_) => Err(format!("{text:?} is neither {usual} nor a format such as {example}")),
        Err(why) => Err(format!("{text:?} is no format such as {example}: {why}")),
    }
}

/// `[vome.custom_encoding]`: how values are written, by type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Encoding {
    /// Numbers.
    pub number: NumberForm,
    /// The option of a single selection.
    pub single_selection: SelectionForm,
    /// The options of a multiple selection.
    pub multiple_selection: SeveralForm,
    /// What stands between them where they are joined.
    pub separator: String,
    /// Moments.
    pub date_time: MomentForm,
    /// Days.
    pub date: DayForm,
    /// Yes and no.
    pub boolean: BoolEncoding,
    /// Files.
    pub attachment: AttachmentForm,
}

impl Default for Encoding {
    fn default() -> Self {
        Self {
            number: NumberForm::default(),
            single_selection: SelectionForm::default(),
            multiple_selection: SeveralForm::default(),
            separator: "; ".to_owned(),
            date_time: MomentForm::default(),
            date: DayForm::default(),
            boolean: BoolEncoding::default(),
            attachment: AttachmentForm::default(),
        }
    }
}

impl Encoding {
    /// Whether the ids of options are sent and not their texts.
    pub fn sends_option_ids(&self) -> bool {
        self.single_selection == SelectionForm::OptionId
            || self.multiple_selection == SeveralForm::OptionIds
    }
}
