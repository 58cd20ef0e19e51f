//! Custom fields: those that an organisation defines for itself.

use super::fields::CREATE;
use crate::mapping::Unmade;
use crate::record::{Field, Kind};

/// What stands before the name of a custom field.
pub(super) const PREFIX: &str = "custom:";

/// `custom:NAME` is the custom field of that name.
pub(super) fn make(name: &str) -> Result<Field, Unmade> {
    let label = name.strip_prefix(PREFIX).map_or("", str::trim);
    if label.is_empty() {
        return Err(Unmade::Unknown);
    }
    Ok(Field {
        name: format!("{PREFIX}{label}").into(),
        ..Field::new("", Kind::Text, "custom_field_data.1")
            .source(CREATE, "a custom field, as text")
    })
}
