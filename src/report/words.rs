//! What reports say, in words: each thing is said here once, so that all forms say the same.
//!
//! What is given is plain data. How it looks, how much of it there is room for, and how texts of other people
//! are kept from meaning anything, is for each form to say.

mod balance;
mod causes;
mod inputs;
mod outcome;
mod remarks;
mod returned;
mod severity;

pub(super) use self::balance::{
    Part, Share, added, lacking, level, line, outcomes_open, parts, refused, troubles,
};
pub(super) use self::causes::{INTO_RECIPE, Places, amount, made_of, named, rows, then, title};
pub(super) use self::inputs::{about_input, is_own, names};
pub(super) use self::outcome::{Tone, outcome};
pub(crate) use self::remarks::too_many;
pub(super) use self::remarks::{MASKED, remarks};
pub(super) use self::returned::{Line, came_back};
pub(super) use self::severity::{GRADES, grade};

/// `1 person`, `1,204 people`.
pub(crate) fn counted(count: u64, singular: &str, plural: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { singular } else { plural })
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_204), "1,204");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(counted(1, "person", "people"), "1 person");
    }
}
