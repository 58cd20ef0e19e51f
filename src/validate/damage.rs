//! What spreadsheets and exports do to a value, told by the form of this one value alone.
//!
//! Every function here is pure and adds no digit that the text does not show. Whether a form is
//! damage depends on the column too: `column.rs` knows that, and `mend.rs` brings the two together.

mod days;
mod nothing;
mod numbers;
mod wrapped;

pub(super) use self::days::{System, day_number, is_date, is_date_for_name};
pub(super) use self::nothing::{Takes, is_error, is_nothing};
pub(super) use self::numbers::{
    Exponent, KEPT, amount, exponent, grouped, is_beyond_doubles, whole_number, without_tail,
    zero_tail,
};
pub(super) use self::wrapped::{unmarked, unquoted, unwrapped};

/// Characters at which Excel, through ADO, and Access cut text off.
pub(super) const CUT: usize = 255;

/// Whether a text is made of ASCII digits.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name may be one that [`unquoted`], [`is_date_for_name`] or [`exponent`] is about.
pub(super) fn is_odd_name(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) || text.starts_with(['"', '“', '„', '«'])
}

/// Whether a text is the day that databases write where there is none: `0000-00-00`, with or without a time, in any
/// order (reference manual of `MySQL`, "Date and Time Data Types": the zero value).
pub(super) fn is_zero_date(text: &str) -> bool {
    let is_part = |c: char| matches!(c, '0' | '-' | '/' | '.' | ':' | ' ' | 'T' | 'Z');
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let parts = |sign: char| day.split(sign).filter(|part| !part.is_empty()).count();
    text.starts_with('0')
        && text.chars().all(is_part)
        && ['-', '/', '.'].into_iter().any(|it| parts(it) == 3)
}

/// Whether a text may be one that [`is_error`], [`unwrapped`], [`unmarked`] or [`is_nothing`] is
/// about: the quick look that every cell gets.
#[inline]
pub(super) fn is_odd(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'#' | b'=' | b'\'') => true,
        Some(b'\\' | b'(' | b'<' | b'N' | b'n' | b'u') => is_nothing(text, Takes::Form),
        Some(b'E') => text.starts_with("Err:"),
        _ => false,
    }
}
