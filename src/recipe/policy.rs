//! What holds for every column: blank cells, rows with the same key, the order of dates, the zone of times.

use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};
use serde::Deserialize;
use toml::Spanned;

/// What happens to later rows with a key that an earlier row has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDuplicate {
    /// The first row is kept, the later ones are rejected as errors.
    #[default]
    Reject,
    /// The first row is kept, the later ones are skipped with a warning.
    First,
    /// The last row is kept, the earlier ones are skipped with a warning.
    Last,
    /// The rows become one person: later values replace earlier ones, blanks replace nothing.
    Merge,
}

/// Whether rows that are likely one person are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Likely {
    /// They are not looked for.
    #[default]
    Ignore,
    /// Each is a warning that names the first row.
    Warn,
}

/// Fields whose values belong to one person: one field, or several together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected the name of a field, or a list of names")]
pub enum Unique {
    /// `"custom:Member no"`
    Field(String),
    /// `["custom:Club", "custom:Member no"]`
    Together(Vec<String>),
}

/// A time zone: an offset such as `+10:00`, or a name such as `Australia/Sydney`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Zone(pub TimeZone);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        // From UTC-12 to UTC+14 (all that there are).
        let is_real = |offset: &Offset| (-12 * 3600..=14 * 3600).contains(&offset.seconds());
        let offset = || strtime::parse("%:z", text).ok()?.offset().filter(is_real);
        if text.eq_ignore_ascii_case("z") || text.eq_ignore_ascii_case("utc") {
            return Ok(Self(TimeZone::UTC));
        }
        if let Some(offset) = offset() {
            return Ok(Self(TimeZone::fixed(offset)));
        }
        TimeZone::get(text).map(Self).map_err(|_| {
            format!(
                "{text:?} is no time zone that is known here: write an offset such as +10:00, or a \
                 name such as Australia/Sydney"
            )
        })
    }
}

/// What a blank cell means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blank {
    /// Leave the field in the target alone: the key is omitted.
    #[default]
    Keep,
    /// Clear the field in the target: the key is sent as `null`.
    Clear,
}

/// In which order the parts of a numeric date stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

impl DateOrder {
    /// The word for it on the command line and in the recipe.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ymd => "ymd",
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
        }
    }
}

/// `[policy]`: decisions that hold for every column.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What a blank cell means.
    pub blank: Blank,
    /// A cell with exactly this text clears its field in the target.
    pub clear_word: Option<Spanned<String>>,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// The order of numeric dates, when it is known.
    pub date_order: Option<DateOrder>,
    /// The zone of times that have none.
    pub time_zone: Option<Zone>,
    /// Whether rows that are likely one person are told.
    pub likely: Likely,
    /// Keys that are unique beside those of the target.
    pub unique: Vec<Spanned<Unique>>,
}
