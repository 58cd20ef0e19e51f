//! The words of Omneo's short lists, and what people write for them.

use std::borrow::Cow;

use crate::record::{Choice, Slot, Value};
use crate::target::genders;

const fn word(word: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Slot::Plain(Value::Text(word)), label: Cow::Borrowed(word), words }
}

pub(super) const GENDERS: &[Choice] = &[
    word("female", genders::FEMALE),
    word("male", genders::MALE),
    word("withheld", genders::WITHHELD),
    word("other", genders::OTHER),
];

/// The types that a person may be imported with.
pub(super) const TYPES: &[Choice] = &[
    word("temporary", &[]),
    word("pending", &[]),
    word("active", &[]),
    word("dependant", &[]),
    word("incomplete", &[]),
];

/// The types that take a person out of sight, or are the system's own: only by `allow_types`.
pub(super) const GUARDED_TYPES: &[Choice] = &[word("deleted", &[]), word("system", &[])];

const fn month(value: i64, label: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Slot::Plain(Value::Integer(value)), label: Cow::Borrowed(label), words }
}

/// Months by number and by name.
pub(super) const MONTHS: &[Choice] = &[
    month(1, "January", &["01", "jan", "janvier", "janv", "januar", "enero"]),
    month(2, "February", &["02", "feb", "fevrier", "fev", "februar", "febrero"]),
    month(3, "March", &["03", "mar", "mars", "marz", "marzo"]),
    month(4, "April", &["04", "apr", "avril", "avr", "abril"]),
    month(5, "May", &["05", "mai", "mayo"]),
    month(6, "June", &["06", "jun", "juin", "juni", "junio"]),
    month(7, "July", &["07", "jul", "juillet", "juil", "juli", "julio"]),
    month(8, "August", &["08", "aug", "aout", "agosto"]),
    month(9, "September", &["09", "sep", "sept", "septembre", "septiembre"]),
    month(10, "October", &["oct", "octobre", "oktober", "octubre"]),
    month(11, "November", &["nov", "novembre", "noviembre"]),
    month(12, "December", &["dec", "decembre", "dezember", "diciembre"]),
];
