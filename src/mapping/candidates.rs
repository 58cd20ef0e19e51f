//! Which columns may be for which fields: by the words of their headers, and by what stands around them.

use std::collections::BTreeSet;

use super::assign::Assignment;
use super::content::{Profile, percent};
use super::header::{Header, goes_on};
use super::phrases::{Likeness, Phrases};
use super::vocabulary::is_payer;
use super::{Role, Schema, Sheet, words};
use crate::mojibake;
use crate::spelling::normalise;

/// A column that may be for a field.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) column: usize,
    /// The place of the field; nothing for a full name.
    pub(super) field: Option<usize>,
    pub(super) likeness: Likeness,
    /// Whether it is the second or a later one of several, "Phone 2", or has a word of its own in brackets.
    later: bool,
}

impl Candidate {
    /// Candidates of one clearness are rivals.
    pub(super) fn clearness(&self) -> (bool, usize, bool) {
        (self.likeness.maybe, self.likeness.rank, self.later)
    }
}

impl Assignment<'_> {
    /// All pairs of an undecided column and a field that its header means, the clearest first.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (column, header) in self.headers.iter().enumerate() {
            if header.plain.is_empty() || !self.is_free(column) || self.is_blank_part(column) {
                continue;
            }
            let labelled = self.labelled(column, header);
            // What stands beside a plain header with a word of its own is somebody else's, or an old one.
            let later = labelled.is_some() && is_later(header)
                || header.noted && self.has_plain_sister(column, header);
            let header = labelled.as_ref().unwrap_or(header);
            let is_full = self.full.likeness(header).is_some_and(|likeness| !likeness.maybe);
            let is_one = is_full && self.runs_on(column);
            let parts = if is_one { Vec::new() } else { self.parts_of(column) };
            for (place, phrases) in self.phrases.iter().enumerate() {
                let by_part = parts.iter().filter_map(|part| phrases.likeness(part));
                let by_part = by_part.map(|found| Likeness { worded: true, ..found });
                let likeness = phrases.likeness(header).into_iter().chain(by_part).min();
                let field = Some(place);
                candidates.extend(likeness.map(|likeness| Candidate {
                    column,
                    field,
                    likeness,
                    later,
                }));
            }
            candidates.extend(self.name_of(column, header));
        }
        // What somebody is called by is no given name beside the whole name.
        let first = self.schema.find("first_name");
        let last = self.schema.find("last_name");
        let is_whole = self.has_whole_names() && !last.is_some_and(|last| self.is_headed(last));
        candidates.retain(|candidate| match candidate.field {
            None => self.role(None).is_some(),
            field => {
                let header = self.headers.get(candidate.column);
                let is_name = header.is_some_and(is_no_more_than_name);
                !(is_whole && field == first && candidate.likeness.maybe && !is_name)
            }
        });
        candidates.sort_by_key(|candidate| {
            let place = candidate.field.unwrap_or(usize::MAX);
            (candidate.field.is_none(), candidate.clearness(), place, candidate.column)
        });
        candidates
    }

    /// What the single rows of a header of several say, unless one speaks of somebody else.
    fn parts_of(&self, column: usize) -> Vec<Header> {
        let parts = self.sheet.parts.get(column).filter(|parts| parts.len() > 1);
        let parts: Vec<Header> =
            parts.into_iter().flatten().map(|part| Header::new(part)).collect();
        if parts.iter().any(Header::is_about_others) { Vec::new() } else { parts }
    }

    /// Whether the first row of a header of several goes on in the next: of "Nom et" over "prénom" neither says what
    /// both do.
    fn runs_on(&self, column: usize) -> bool {
        let first = self.sheet.parts.get(column).and_then(|parts| parts.first());
        first.is_some_and(|first| goes_on(first))
    }

    /// What a name is that is called nothing but a name: the one that has no column, or both.
    fn name_of(&self, column: usize, header: &Header) -> Option<Candidate> {
        let maybe = |rank| Likeness { maybe: true, rank, worded: true };
        if let Some(likeness) = self.full.likeness(header) {
            return Some(Candidate { column, field: None, likeness, later: false });
        }
        let surname = self.surname_of_portugal();
        if surname == Some(column) {
            let field = Some(self.schema.find("last_name")?);
            return Some(Candidate { column, field, likeness: maybe(0), later: false });
        }
        if !is_no_more_than_name(header) {
            return None;
        }
        let (first, last) = (self.schema.find("first_name")?, self.schema.find("last_name")?);
        let has_last = self.is_headed(last) || surname.is_some();
        let field = match (self.is_headed(first), has_last) {
            (true, true) => return None,
            (true, false) => Some(last),
            (false, true) => Some(first),
            (false, false) => None,
        };
        let holds_both = field == Some(first) && self.holds_the_name(column, last)
            || field == Some(last)
                && (self.holds_the_name(column, first)
                // A family name may be two words; of a "Contact name" they are somebody's.
                || header.spoken.len() > 1 && self.is_of_several(column));
        let is_part = field.is_none() && self.is_of_words(column) && self.has_full_names();
        (!holds_both && !is_part).then(|| Candidate {
            column,
            field,
            likeness: maybe(0),
            later: false,
        })
    }

    /// Whether another column says the same without a word of its own in brackets, and is filled in most rows.
    fn has_plain_sister(&self, column: usize, header: &Header) -> bool {
        self.headers.iter().enumerate().any(|(other, own)| {
            let is_plain = other != column && !own.noted && own.meant == header.meant;
            is_plain && self.filled_share(other) >= 50
        })
    }

    /// Whether a header surely says both names.
    fn has_full_names(&self) -> bool {
        let sure = |header| self.full.likeness(header).is_some_and(|likeness| !likeness.maybe);
        self.headers.iter().any(sure)
    }

    /// Whether a header says both names, or no more than a name.
    fn has_whole_names(&self) -> bool {
        self.has_full_names() || self.headers.iter().any(is_no_more_than_name)
    }

    /// Whether a column is headed as one of the two names and is blank, where another one has whole names: forms keep
    /// columns for what they did not ask.
    fn is_blank_part(&self, column: usize) -> bool {
        let profile = self.profiles.get(column);
        let is_blank = profile.is_some_and(|profile| profile.rows > 0 && profile.filled == 0);
        let is_part = || {
            let header = self.headers.get(column);
            header.is_some_and(|header| header.is(&["first"]) || header.is(&["last"]))
        };
        is_blank && is_part() && self.has_filled_whole_names()
    }

    /// Whether a column that says both names, or no more than a name, is filled in most rows.
    fn has_filled_whole_names(&self) -> bool {
        let is_whole = |(column, header): (usize, &Header)| {
            let sure = self.full.likeness(header).is_some_and(|likeness| !likeness.maybe);
            (sure || header.is(&["name"])) && self.filled_share(column) >= 50
        };
        *self.filled_whole_names.get_or_init(|| self.headers.iter().enumerate().any(is_whole))
    }

    /// Whether nearly all values of a column are several words.
    fn is_of_several(&self, column: usize) -> bool {
        self.share(column, |text| text.contains(char::is_whitespace)) >= 80
    }

    /// Whether nearly all values of a column are single words: no first name and last name.
    fn is_of_words(&self, column: usize) -> bool {
        self.share(column, |text| !text.contains(char::is_whitespace)) >= 90
    }

    /// Of how many of a hundred values of a column something holds.
    fn share(&self, column: usize, holds: impl Fn(&str) -> bool) -> usize {
        let (mut filled, mut held) = (0, 0);
        for row in self.sheet.sample.iter().filter(|row| !row.cell(column).is_blank()) {
            filled += 1;
            held += usize::from(holds(row.cell(column).text.trim()));
        }
        percent(held, filled)
    }

    /// The column "Apelido" beside "Nome". It is the family name in Portugal and the nickname in Brazil, where a whole
    /// name, of several words, stands under "Nome".
    fn surname_of_portugal(&self) -> Option<usize> {
        let surname = self.headers.iter().position(|header| header.plain == "apelido")?;
        let name = self.headers.iter().position(|header| header.plain == "nome")?;
        let last = self.schema.find("last_name")?;
        let names = self.sheet.sample.iter().filter(|row| !row.cell(name).is_blank());
        let (mut all, mut several) = (0_usize, 0_usize);
        for row in names {
            all += 1;
            several += usize::from(row.cell(name).text.trim().contains(' '));
        }
        (!self.is_headed(last) && several * 2 < all).then_some(surname)
    }

    /// Whether a column is headed as a field for sure, or was named for it.
    fn is_headed(&self, place: usize) -> bool {
        self.column_headed(place).is_some() || self.is_taken(&Role::Field(place))
    }

    fn column_headed(&self, place: usize) -> Option<usize> {
        let phrases = self.phrases.get(place)?;
        let sure = |header: &Header| phrases.likeness(header).is_some_and(|found| !found.maybe);
        let own = self.headers.iter().enumerate().find(|(_, header)| sure(header));
        own.map(|(column, _)| column).filter(|column| !self.is_blank_part(*column))
    }

    /// Whether the values of a column hold the names that stand in a column of their own.
    fn holds_the_name(&self, column: usize, field: usize) -> bool {
        let Some(part) = self.column_headed(field) else { return false };
        let (mut filled, mut held) = (0_usize, 0_usize);
        for row in self.sheet.sample.iter() {
            let (name, part) = (row.cell(column).text, row.cell(part).text.trim());
            if !part.is_empty() && !name.trim().is_empty() {
                filled += 1;
                held += usize::from(holds_beside(name.trim(), part));
            }
        }
        percent(held, filled) >= 50
    }

    /// The header that the label beside a numbered phone gives it: `Phone 1 - Type` says "Mobile".
    fn labelled(&self, column: usize, header: &Header) -> Option<Header> {
        if !header.says("phone") || !(header.says("primary") || is_later(header)) {
            return None;
        }
        let beside = self.headers.iter().position(|other| {
            let mut meant = other.meant.clone();
            meant.retain(|word| word != "label" && word != "type");
            meant.len() + 1 == other.meant.len() && meant == header.meant
        })?;
        let mut counts = [0_usize; 3];
        let mut filled = 0_usize;
        let rows = self.sheet.sample.iter();
        for row in rows.filter(|row| !row.cell(column).is_blank()) {
            filled += 1;
            let label = Header::new(row.cell(beside).text);
            for (count, word) in counts.iter_mut().zip(["mobile", "home", "work"]) {
                *count += usize::from(label.says(word));
            }
        }
        let most = |count: usize| filled > 0 && count * 10 >= filled * 6;
        let [mobile, home, work] = counts;
        let meant = if most(mobile) {
            vec!["mobile"]
        } else if most(home) {
            vec!["home", "phone"]
        } else if most(work) {
            vec!["phone", "work"]
        } else {
            return None;
        };
        let meant = meant.into_iter().map(str::to_owned).collect();
        Some(Header { meant, ..header.clone() })
    }

    /// Whether city or postcode have columns of their own.
    pub(super) fn has_address_parts(&self, besides: usize) -> bool {
        const WORDS: &[&str] =
            &["city", "town", "suburb", "ville", "commune", "localite", "ort", "stadt", "zip"];
        let own = self.headers.iter().zip(self.sheet.headers).enumerate();
        own.filter(|(column, _)| *column != besides).any(|(_, (header, text))| {
            WORDS.iter().any(|word| header.says(word)) || words::is_postcode(text)
        })
    }
}

/// Whether a header says a name and not which.
fn is_no_more_than_name(header: &Header) -> bool {
    header.is(&["name"]) || header.is(&["nom"])
}

/// The headers of a sheet, taken apart.
pub(super) fn headers_of(
    schema: &Schema,
    sheet: &Sheet<'_>,
    profiles: &[Profile],
    phrases: &[Phrases],
) -> Vec<Header> {
    let headers: Vec<Header> = spelled_out(without_numbers(sheet.headers))
        .into_iter()
        .map(|header| {
            let meant = mojibake::original(header);
            let meant = meant.as_ref().map_or(header, |(meant, _)| meant);
            Header::new(stands_for(meant, sheet, profiles).unwrap_or(meant))
        })
        .collect();
    of_both(without_owner(headers, schema, phrases), sheet)
}

/// Headers such as "Name and surname", which say both names or the one, as those of both where their values are several
/// words. Where the other name has a column of its own, they are so only where they hold it, too.
fn of_both(headers: Vec<Header>, sheet: &Sheet<'_>) -> Vec<Header> {
    // They are looked for once: a sheet may have thousands of columns.
    let place = |meant: &[&str]| headers.iter().position(|header| header.is(meant));
    let (first, last) = (place(&["first"]), place(&["last"]));
    let holds = |column: usize, header: &Header| {
        let other = if header.is(&["first"]) { last } else { first };
        let (mut filled, mut both) = (0_usize, 0_usize);
        for row in sheet.sample.iter().filter(|row| !row.cell(column).is_blank()) {
            let name = row.cell(column).text.trim();
            filled += 1;
            both += usize::from(match other {
                Some(other) => holds_beside(name, row.cell(other).text.trim()),
                None => name.contains(char::is_whitespace),
            });
        }
        filled > 0 && percent(both, filled) >= 80
    };
    let both: Vec<bool> = headers
        .iter()
        .enumerate()
        .map(|(column, header)| header.one_or_both && holds(column, header))
        .collect();
    headers
        .into_iter()
        .zip(both)
        .map(|(header, both)| if both { header.of_both() } else { header })
        .collect()
}

/// Whether a name holds another one, and more.
fn holds_beside(name: &str, other: &str) -> bool {
    !other.is_empty() && name.len() > other.len() && name.contains(other)
}

/// Headers whose `F. Name` and `L. Name` are written out. Only where both are there: the one alone is the name of
/// somebody's father.
fn spelled_out(headers: Vec<&str>) -> Vec<&str> {
    let plain: Vec<String> = headers.iter().map(|header| normalise(header)).collect();
    let has = |wanted: &str| plain.iter().any(|header| header == wanted);
    if !(has("fname") && has("lname")) {
        return headers;
    }
    let written = headers.into_iter().zip(&plain).map(|(header, plain)| match plain.as_str() {
        "fname" => "First name",
        "lname" => "Last name",
        _ => header,
    });
    written.collect()
}

/// Headers without the numbers of their questions, as forms write them: `1. First name`, `Q2: E-mail`. Only where most
/// headers have one, and they rise: `2. E-mail` alone is a second address.
fn without_numbers(headers: &[String]) -> Vec<&str> {
    let numbered: Vec<Option<(u16, &str)>> = headers.iter().map(|text| question(text)).collect();
    let numbers: Vec<u16> = numbered.iter().flatten().map(|(number, _)| *number).collect();
    let rise = numbers.is_sorted_by(|one, next| one < next);
    let lined = headers.iter().zip(&numbered);
    let lined = lined.filter(|(text, number)| text.starts_with('_') && number.is_some()).count();
    // A number between two lines is nothing else, so two are enough among the columns of a form's own; but the same
    // text behind two numbers is a list, of which these number the entries.
    let texts: BTreeSet<&str> = numbered.iter().flatten().map(|(_, text)| *text).collect();
    let most = lined >= 2 && texts.len() == numbers.len()
        || numbers.len() >= 3 && numbers.len() * 2 > headers.len();
    let whole = headers.iter().map(String::as_str);
    whole
        .zip(numbered)
        .map(|(whole, numbered)| match numbered {
            Some((_, text)) if rise && most => text,
            _ => whole,
        })
        .collect()
}

/// The number of a question, and its text.
fn question(header: &str) -> Option<(u16, &str)> {
    let header = header.trim();
    // `_2_What_is_your_name`, where what is no letter has become a line.
    let lined = header.strip_prefix('_');
    let marked = header.strip_prefix(['Q', 'q']);
    let rest = lined.or(marked).unwrap_or(header);
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    let (number, behind) = rest.split_at_checked(end)?;
    let signs: &[char] = match (lined, marked) {
        (Some(_), _) => &['_'],
        (_, Some(_)) => &['.', ')', ':', ' '],
        _ => &['.', ')', ':'],
    };
    let text = behind.strip_prefix(signs)?.trim_start_matches([' ', '.', '-', '_']);
    let number = number.parse().ok()?;
    text.starts_with(char::is_alphabetic).then_some((number, text))
}

/// Words of the longest header that names a person: one with more is a text.
const MOST_WORDS: usize = 64;

/// Headers without the word that a sheet has for its people, as in "Camper first name" and "Camper last
/// name": a word that stands before both names, where no header has the names alone.
fn without_owner(headers: Vec<Header>, schema: &Schema, phrases: &[Phrases]) -> Vec<Header> {
    let means = |header: &Header, name: &str| {
        let phrases = schema.find(name).and_then(|place| phrases.get(place));
        let found = phrases.and_then(|phrases| phrases.likeness(header));
        found.is_some_and(|found| !found.maybe)
    };
    let named = |header: &Header| means(header, "first_name") || means(header, "last_name");
    if headers.iter().any(named) {
        return headers;
    }
    match owner(&headers, means) {
        Some(owner) => headers.iter().map(|header| header.without(&owner)).collect(),
        None => headers,
    }
}

/// The one word that stands before a first and before a last name.
fn owner(headers: &[Header], means: impl Fn(&Header, &str) -> bool) -> Option<String> {
    // Each word is tried on the headers that have it only: there may be thousands of both.
    let short = headers.iter().filter(|header| header.words() <= MOST_WORDS);
    let (mut before_first, mut before_last) = (BTreeSet::new(), BTreeSet::new());
    for header in short {
        for word in header.strange() {
            let alone = header.without(word);
            if means(&alone, "first_name") {
                before_first.insert(word);
            }
            if means(&alone, "last_name") {
                before_last.insert(word);
            }
        }
    }
    let mut owners: Vec<&str> = before_first.intersection(&before_last).copied().collect();
    // Who booked for them is not who comes.
    if owners.len() > 1 {
        owners.retain(|owner| !is_payer(owner));
    }
    let [owner] = owners.as_slice() else { return None };
    Some((*owner).to_owned())
}

/// The header without the digit that a form puts behind the second question of one name, where the
/// form's own column of that name says nothing of people: `Name2` beside a blank `Name`.
fn stands_for<'a>(header: &'a str, sheet: &Sheet<'_>, profiles: &[Profile]) -> Option<&'a str> {
    let plain =
        header.trim().strip_suffix('2').filter(|plain| plain.ends_with(char::is_alphabetic))?;
    let own = sheet.headers.iter().position(|other| other.trim() == plain)?;
    profiles.get(own).filter(|profile| profile.says_nothing()).map(|_| plain)
}

/// Whether a header is that of the second or a later one of several.
fn is_later(header: &Header) -> bool {
    header.says("secondary") || header.says("further")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_of_names_are_written_out_where_both_are_there() {
        assert_eq!(
            spelled_out(vec!["F. Name", "L.Name", "Age"]),
            ["First name", "Last name", "Age"]
        );
        assert_eq!(spelled_out(vec!["Student Name", "F. Name"]), ["Student Name", "F. Name"]);
    }

    #[test]
    fn numbers_of_questions_are_left_out_where_most_headers_have_one() {
        let headers = |text: &str| -> Vec<String> { text.split('|').map(str::to_owned).collect() };
        for (given, expected) in [
            ("1. Name|2. E-mail|3) Phone", "Name|E-mail|Phone"),
            ("Time|Q1 First name|Q2: E-mail|Q10. Phone", "Time|First name|E-mail|Phone"),
            ("Name|1. E-mail|2. E-mail", "Name|1. E-mail|2. E-mail"),
            ("1. E-mail|2. E-mail|1. Phone|2. Phone", "1. E-mail|2. E-mail|1. Phone|2. Phone"),
            ("1st name|2nd name|3rd name", "1st name|2nd name|3rd name"),
            ("1.5|2.5|3.5", "1.5|2.5|3.5"),
            ("Queue|Quest|Q", "Queue|Quest|Q"),
        ] {
            assert_eq!(without_numbers(&headers(given)).join("|"), expected, "{given}");
        }
    }
}
