//! The catalogue of findings: one constant for each kind, in a file for each area, and the one list of
//! them all.

mod areas;
mod causes;
mod damage;
mod dates;
mod people;
mod reach;
mod reading;
mod recipe;
mod scalars;
mod texts;

pub use areas::{Area, areas};
pub use causes::*;
pub use damage::*;
pub use dates::*;
pub use people::*;
pub use reach::*;
pub use reading::*;
pub use recipe::*;
pub use scalars::*;
pub use texts::*;

use super::Code;

/// Every kind of finding, in the order in which `explain` lists them: those of an area together (`areas.rs`).
pub static ALL: &[&Code] = &[
    &REQUIRED_MISSING,
    &WANTED_MISSING,
    &NO_PEOPLE,
    &EMAIL_SYNTAX,
    &EMAIL_SEVERAL,
    &EMAIL_REPAIRED,
    &EMAIL_ROLE,
    &EMAIL_PLACEHOLDER,
    &EMAIL_TYPO,
    &EMAIL_LOOKALIKE,
    &EMAIL_ENDING,
    &DUPLICATE,
    &DUPLICATE_CONFLICT,
    &DUPLICATE_REFUSED,
    &DUPLICATE_SKIPPED,
    &DUPLICATE_MERGED,
    &DUPLICATE_JOINED,
    &DUPLICATE_REPLACED,
    &DUPLICATE_FILLED,
    &LIKELY_ADDRESS,
    &LIKELY_PERSON,
    &LIKELY_PHONE,
    &LIKELY_SHARED,
    &PHONE_SYNTAX,
    &PHONE_NO_COUNTRY,
    &PHONE_SEVERAL,
    &PHONE_REPAIRED,
    &PHONE_EXTENSION,
    &PHONE_INVALID,
    &PHONE_NUMBER_DAMAGED,
    &DIGITS_LOST,
    &NUMBER_REPAIRED,
    &NUMBER_DOUBTFUL,
    &NUMBER_PADDED,
    &ZEROS_RESTORED,
    &ZEROS_DOUBTFUL,
    &VALUE_AS_DATE,
    &TEXT_UNWRAPPED,
    &BLANK_WORD,
    &TEXT_CUT,
    &DATE_SYNTAX,
    &DATE_IMPOSSIBLE,
    &DATE_AMBIGUOUS,
    &DATE_ORDER_OPEN,
    &DATE_ORDER_MIXED,
    &DATE_RANGE,
    &DATE_CENTURY,
    &DATE_WEEKDAY,
    &DATE_UTC,
    &DATE_SERIAL,
    &DATE_SERIAL_SYSTEM,
    &DATE_SERIAL_UNPROVEN,
    &CHOICE_UNKNOWN,
    &NUMBER_SYNTAX,
    &NUMBER_RANGE,
    &NUMBER_AMBIGUOUS,
    &COORDINATES_SYNTAX,
    &JSON_SYNTAX,
    &WORDS_DASHED,
    &BOOL_SYNTAX,
    &DATETIME_SYNTAX,
    &URL_SYNTAX,
    &CURRENCY_UNKNOWN,
    &COUNTRY_UNKNOWN,
    &TEXT_REPAIRED,
    &TEXT_HIDDEN,
    &TEXT_MOJIBAKE,
    &TEXT_LOST,
    &TEXT_ESCAPED,
    &TEXT_HOLED,
    &NAME_PLACEHOLDER,
    &NAME_ADDRESS,
    &NAME_SEVERAL,
    &NAME_TITLE,
    &NAME_LONG,
    &NAME_QUOTE,
    &NAME_MARKED,
    &NAME_SWAPPED,
    &NAME_CAPITALS,
    &NAME_ORDER,
    &NAME_PART,
    &NAME_SPLIT,
    &CELL_ERROR,
    &CELL_DAMAGED,
    &CELL_MERGED,
    &FORMULA_NO_RESULT,
    &ROW_SHIFTED,
    &ROW_LONG,
    &ROW_SHORT,
    &ENCODING_GUESSED,
    &FILE_PADDED,
    &FILE_MOJIBAKE,
    &HEADER_DAMAGED,
    &QUOTE_OPEN,
    &QUOTE_STRAY,
    &HEADER_WIDTH,
    &HEADER_SHIFTED,
    &HEADER_DUPLICATE,
    &HEADER_EMPTY,
    &HEADER_NONE,
    &COLUMN_UNDECIDED,
    &TABLE_NEXT,
    &ROW_FOOTER,
    &ROW_HEADER,
    &ROW_EXAMPLE,
    &EXAMPLE_KEPT,
    &ROWS_HIDDEN,
    &COLUMNS_HIDDEN,
    &ROW_HIDDEN,
    &SHEETS_HIDDEN,
    &FIELD_UNSUITED,
    &VALUE_OTHER,
    &VALUE_SPLIT,
    &CLEAR_REFUSED,
    &FIELD_ALONE,
    &FIELD_INCOMPLETE,
    &FIELD_TWICE,
    &FIELD_CONFLICT,
];

/// Whether a text begins with the code of a finding, as a note of ours does.
pub fn starts_with_code(text: &str) -> bool {
    let code = text.split_once(": ").map(|(code, _)| code);
    code.is_some_and(|code| ALL.iter().any(|known| known.id == code))
}

/// What spreadsheets, exports and copying do to values, repaired or lost: what `inspect` counts for
/// each column.
pub static DAMAGE: &[&Code] = &[
    &PHONE_NUMBER_DAMAGED,
    &DIGITS_LOST,
    &NUMBER_REPAIRED,
    &NUMBER_DOUBTFUL,
    &NUMBER_PADDED,
    &ZEROS_RESTORED,
    &ZEROS_DOUBTFUL,
    &VALUE_AS_DATE,
    &TEXT_UNWRAPPED,
    &BLANK_WORD,
    &TEXT_CUT,
    &DATE_SERIAL,
    &DATE_SERIAL_SYSTEM,
    &DATE_SERIAL_UNPROVEN,
    &TEXT_REPAIRED,
    &TEXT_HIDDEN,
    &CELL_ERROR,
    &CELL_DAMAGED,
];
