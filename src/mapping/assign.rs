//! Which field a column is for that nobody named: the clearest pairs of a header and a field first,
//! then what values say alone.

use super::content::{Opinion, Profile, Words, percent};
use super::header::{Header, Likeness, Phrases};
use super::rivals::{best, named, told};
use super::{
    Column, Confidence, Decision, FULL_NAME, Mapping, NO_FIELD, Open, Role, Schema, Sheet,
    flag_name, overlaps, words,
};
use crate::error::Error;
use crate::mojibake;
use crate::record::{Field, Kind, Need};
use crate::spelling::is_slip;

/// The columns of a sheet while fields are found for them.
pub(super) struct Assignment<'a> {
    schema: &'a Schema,
    sheet: &'a Sheet<'a>,
    headers: Vec<Header>,
    profiles: Vec<Profile>,
    /// The phrases of each field.
    phrases: Vec<Phrases>,
    decided: Vec<Option<Decision>>,
    /// For columns that a header suggested for a field: which, and why they are not used for it.
    refused: Vec<Option<(Option<usize>, String)>>,
    /// Fields for which nobody can be chosen.
    closed: Vec<usize>,
    open: Vec<Open>,
    /// What the user has to say about a required field.
    question: Option<Error>,
}

/// A column that may be for a field.
#[derive(Clone, Debug)]
struct Candidate {
    column: usize,
    /// The place of the field; nothing for a full name.
    field: Option<usize>,
    likeness: Likeness,
    /// Whether it is the second or a later one of several: "Phone 2".
    later: bool,
}

impl Candidate {
    /// Candidates of one clearness are rivals.
    fn clearness(&self) -> (bool, usize, bool) {
        (self.likeness.maybe, self.likeness.rank, self.later)
    }
}

impl<'a> Assignment<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        sheet: &'a Sheet<'a>,
        decided: Vec<Option<Decision>>,
    ) -> Self {
        let profiles = Profile::all(sheet);
        let headers = sheet
            .headers
            .iter()
            .map(|header| {
                let meant = mojibake::original(header);
                let meant = meant.as_ref().map_or(header.as_str(), |(meant, _)| meant);
                Header::new(stands_for(meant, sheet, &profiles).unwrap_or(meant))
            })
            .collect();
        let fields = schema.fields().iter();
        Self {
            schema,
            sheet,
            headers,
            profiles,
            phrases: fields.map(|field| Phrases::new(&field.name, field.words)).collect(),
            refused: vec![None; decided.len()],
            decided,
            closed: Vec::new(),
            open: Vec::new(),
            question: None,
        }
    }

    /// Pairs the columns that nobody named with the fields that nobody took, by their headers.
    pub(super) fn by_headers(&mut self) {
        // The letters of columns without headers say nothing.
        if self.sheet.header_row == 0 {
            return;
        }
        let candidates = self.candidates();
        for candidate in &candidates {
            let Some(role) = self.role(candidate.field) else { continue };
            if !self.is_free(candidate.column) || self.is_taken(&role) {
                continue;
            }
            let rivals: Vec<&Candidate> = candidates
                .iter()
                .filter(|other| {
                    other.field == candidate.field
                        && other.clearness() == candidate.clearness()
                        && self.is_free(other.column)
                })
                .collect();
            let rivals: Vec<&Candidate> =
                rivals.into_iter().filter(|rival| self.is_fit(rival)).collect();
            if let Some((chosen, why)) = self.choose(candidate, &rivals, &candidates) {
                self.take(&chosen, role, &why);
            }
        }
    }

    /// The better one of candidates that are alike, with the reason.
    fn choose(
        &mut self,
        candidate: &Candidate,
        rivals: &[&Candidate],
        all: &[Candidate],
    ) -> Option<(Candidate, String)> {
        let columns: Vec<usize> = rivals.iter().map(|rival| rival.column).collect();
        if columns.is_empty() {
            return None;
        }
        let field = self.field(candidate.field);
        let Some((column, why)) = best(self.sheet, &self.profiles, &field, &columns) else {
            self.ask(&field, candidate.field, &columns);
            return None;
        };
        // A column that is as good as blank gives way to one that holds what is looked for.
        let fuller = all.iter().find(|other| {
            other.field == candidate.field
                && !columns.contains(&other.column)
                && self.is_free(other.column)
                && self.is_nearly_blank(column)
                && self.filled_share(other.column) >= 50
                && self.opinion(other) == Opinion::For
        });
        if let Some(fuller) = fuller {
            let (own, blank) = (self.filled_share(fuller.column), self.filled_share(column));
            let name = named(self.sheet, column);
            let why = format!("filled in {own} % of rows, {name} in {blank} %");
            return Some((fuller.clone(), why));
        }
        let chosen = rivals.iter().find(|rival| rival.column == column);
        chosen.map(|chosen| ((*chosen).clone(), why))
    }

    /// Nobody can be chosen: an error for a required field, else a warning. Neither is used.
    fn ask(&mut self, field: &Field, place: Option<usize>, columns: &[usize]) {
        let flags: Vec<String> = columns
            .iter()
            .map(|&column| {
                format!("--map '{}={}'", flag_name(self.sheet.headers, column), field.name)
            })
            .collect();
        let (name, flags) = (&field.name, flags.join("  or  "));
        if field.need == Need::Required {
            let told: Vec<String> = columns
                .iter()
                .map(|&column| told(self.sheet, &self.profiles, field, column))
                .collect();
            let message = format!(
                "{} has {} columns for `{name}`, and nothing tells which one is meant\n  {}",
                self.sheet.name,
                columns.len(),
                told.join("\n  ")
            );
            let help = format!("choose one: {flags}");
            self.question.get_or_insert(Error::Mapping { message, help });
        } else {
            let names: Vec<String> =
                columns.iter().map(|&column| named(self.sheet, column)).collect();
            let names = names.join(" and ");
            self.open.push(Open {
                column: columns.first().copied().unwrap_or_default(),
                field: name.to_string(),
                message: format!(
                    "{names} could each be `{name}`, and nothing tells which one is meant"
                ),
                help: format!("none of them is used; choose one: {flags}"),
            });
        }
        self.closed.extend(place);
        for &column in columns {
            let reason = format!("undecided: another column could be `{name}` as well");
            self.decide(column, Decision::unused(reason.clone()));
            if let Some(place_of) = self.refused.get_mut(column) {
                *place_of = Some((place, reason));
            }
        }
    }

    /// Takes a column for a field.
    fn take(&mut self, chosen: &Candidate, role: Role, why: &str) {
        let opinion = self.opinion(chosen);
        let (maybe, is_full) = (chosen.likeness.maybe, chosen.field.is_none());
        let mut confidence = match (&opinion, maybe || is_full || !why.is_empty()) {
            (Opinion::Partly(share), false) if *share >= 50 => Confidence::Likely,
            (Opinion::Partly(_) | Opinion::Against(_), _) => Confidence::Weak,
            (_, true) => Confidence::Likely,
            (_, false) => Confidence::Certain,
        };
        let mut text =
            if chosen.likeness.worded { "header" } else { "the field's name" }.to_owned();
        if !why.is_empty() {
            text = format!("{text}; {why}");
        }
        if let Opinion::Partly(share) = opinion {
            let kind = self.field(chosen.field).kind.word();
            text = format!("{text}; {share} % of its values are {kind} values");
        }
        let header = self.headers.get(chosen.column);
        if header.is_some_and(|header| header.is(&["address"])) && self.has_address_parts() {
            confidence = Confidence::Likely;
            text = format!("{text}; city and postcode stand in other columns");
        }
        self.decide(chosen.column, Decision { role, why: text, confidence: Some(confidence) });
    }

    /// Finds columns by their values for fields that no header names.
    pub(super) fn by_values(&mut self) {
        let kinds = [
            ("email", Confidence::Likely),
            ("phone", Confidence::Weak),
            ("birth", Confidence::Weak),
            ("gender", Confidence::Weak),
        ];
        for (word, confidence) in kinds {
            let Some((place, field)) = self.field_called(word) else { continue };
            let role = Role::Field(place);
            if self.is_taken(&role) || self.closed.contains(&place) {
                continue;
            }
            let columns: Vec<usize> = (0..self.headers.len())
                .filter(|&column| self.is_free(column) && self.speaks_as(word, column))
                .collect();
            if columns.is_empty() {
                continue;
            }
            match best(self.sheet, &self.profiles, &field, &columns) {
                Some((column, reason)) => {
                    let why = self.why_by_values(word, column, &reason);
                    let confidence = Some(confidence);
                    self.decide(column, Decision { role, why, confidence });
                }
                None => self.ask(&field, Some(place), &columns),
            }
        }
    }

    /// Whether a column may be for a field by its values alone. Addresses are hardly anything else;
    /// other values need a header that is blank, or says no more than "contact".
    fn speaks_as(&self, word: &str, column: usize) -> bool {
        let Some((header, profile)) = self.headers.get(column).zip(self.profiles.get(column))
        else {
            return false;
        };
        let nameless = self.sheet.header_row == 0 || header.plain.is_empty();
        if header.is_about_others() && !nameless {
            return false;
        }
        match word {
            "email" => profile.email_share() >= 80,
            "phone" => (nameless || header.is(&["contact"])) && profile.is_of_phones(),
            "birth" => nameless && profile.is_of_births(),
            _ => nameless && profile.is_of_genders(),
        }
    }

    fn why_by_values(&self, word: &str, column: usize, reason: &str) -> String {
        let Some(profile) = self.profiles.get(column) else { return String::new() };
        let share = profile.email_share();
        let why = match word {
            "email" => format!("{share} % of its values are addresses"),
            "phone" => "its values are written as phone numbers are".to_owned(),
            "birth" => "its values are days on which people of several ages may be born".to_owned(),
            _ => "its values are words for genders".to_owned(),
        };
        if reason.is_empty() { why } else { format!("{why}; {reason}") }
    }

    /// The field that a header of one word means most clearly.
    fn field_called(&self, word: &str) -> Option<(usize, Field)> {
        let header = Header::new(word);
        let likeness = |place: &usize| self.phrases.get(*place)?.likeness(&header);
        let places = (0..self.phrases.len()).filter(|place| likeness(place).is_some());
        let place = places.min_by_key(|place| likeness(place))?;
        Some((place, self.schema.field(place)?.clone()))
    }

    /// All pairs of an undecided column and a field that its header means, the clearest first.
    fn candidates(&self) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        for (column, header) in self.headers.iter().enumerate() {
            if header.plain.is_empty() || !self.is_free(column) {
                continue;
            }
            let labelled = self.labelled(column, header);
            let header = labelled.as_ref().unwrap_or(header);
            let later = header.says("secondary") || header.says("further");
            for (place, phrases) in self.phrases.iter().enumerate() {
                let own = phrases.likeness(header);
                let likeness = own.into_iter().chain(self.by_parts(column, phrases)).min();
                if let Some(likeness) = likeness {
                    candidates.push(Candidate {
                        column,
                        field: Some(place),
                        likeness,
                        later: false,
                    });
                }
            }
            candidates.extend(self.name_of(column, header));
            if labelled.is_some() {
                let own = candidates.iter_mut().filter(|candidate| candidate.column == column);
                let first = self.headers.get(column).is_some_and(|plain| plain.says("primary"));
                own.for_each(|candidate| candidate.later = later || !first);
            }
        }
        candidates.retain(|candidate| {
            let is_full = candidate.field.is_none();
            !is_full || self.role(None).is_some()
        });
        candidates.sort_by_key(|candidate| {
            let place = candidate.field.unwrap_or(usize::MAX);
            (candidate.field.is_none(), candidate.clearness(), place, candidate.column)
        });
        candidates
    }

    /// What one row of a header of several says, unless the others speak of somebody else.
    fn by_parts(&self, column: usize, phrases: &Phrases) -> Option<Likeness> {
        let parts = self.sheet.parts.get(column).filter(|parts| parts.len() > 1)?;
        let parts: Vec<Header> = parts.iter().map(|part| Header::new(part)).collect();
        if parts.iter().any(Header::is_about_others) {
            return None;
        }
        let found = parts.iter().filter_map(|part| phrases.likeness(part)).min()?;
        Some(Likeness { worded: true, ..found })
    }

    /// What a name is that is called nothing but a name: the one that has no column, or both.
    fn name_of(&self, column: usize, header: &Header) -> Option<Candidate> {
        let maybe = |rank| Likeness { maybe: true, rank, worded: true };
        let full = Phrases::new(FULL_NAME, words::FULL_NAME);
        if let Some(likeness) = full.likeness(header) {
            return Some(Candidate { column, field: None, likeness, later: false });
        }
        if !header.is(&["name"]) && !header.is(&["nom"]) {
            return None;
        }
        let (first, last) = (self.schema.find("first_name")?, self.schema.find("last_name")?);
        let field = match (self.is_headed(first), self.is_headed(last)) {
            (true, true) => return None,
            (true, false) => Some(last),
            (false, true) => Some(first),
            (false, false) => None,
        };
        let holds_both = field == Some(last) && self.holds_the_first_name(column, first);
        (!holds_both).then(|| Candidate { column, field, likeness: maybe(0), later: false })
    }

    /// Whether a column is headed as a field for sure, or was named for it.
    fn is_headed(&self, place: usize) -> bool {
        self.column_headed(place).is_some() || self.is_taken(&Role::Field(place))
    }

    fn column_headed(&self, place: usize) -> Option<usize> {
        let phrases = self.phrases.get(place)?;
        let sure = |header: &Header| phrases.likeness(header).is_some_and(|found| !found.maybe);
        self.headers.iter().position(sure)
    }

    /// Whether the values of a column hold the given names that stand in their own column.
    fn holds_the_first_name(&self, column: usize, first: usize) -> bool {
        let Some(first) = self.column_headed(first) else { return false };
        let (mut filled, mut held) = (0_usize, 0_usize);
        for row in self.sheet.sample.iter() {
            let (name, first) = (row.cell(column).text, row.cell(first).text.trim());
            if !first.is_empty() && !name.trim().is_empty() {
                filled += 1;
                let several = name.trim().len() > first.len();
                held += usize::from(several && name.contains(first));
            }
        }
        percent(held, filled) >= 50
    }

    /// The header that the label beside a numbered phone gives it: `Phone 1 - Type` says "Mobile".
    fn labelled(&self, column: usize, header: &Header) -> Option<Header> {
        if !header.says("phone") || !(header.says("primary") || later(header)) {
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
    fn has_address_parts(&self) -> bool {
        const WORDS: &[&str] =
            &["city", "town", "suburb", "ville", "commune", "localite", "ort", "stadt", "zip"];
        let parts = |header: &Header| WORDS.iter().any(|word| header.says(word));
        self.headers.iter().any(parts)
            || self.sheet.headers.iter().any(|header| words::is_postcode(header))
    }

    /// Whether a column can be for a field: neither its values nor other columns speak against it.
    fn is_fit(&mut self, candidate: &Candidate) -> bool {
        let Candidate { column, field, likeness, .. } = *candidate;
        let Some(header) = self.headers.get(column) else { return false };
        let line = header.says("street") || header.says("address") && likeness.maybe;
        if line && !header.says("company") && self.has_address_parts() {
            let why = "only a part of the address: city and postcode stand in other columns";
            self.refuse(column, field, why.to_owned());
            return false;
        }
        if let Opinion::Against(why) = self.opinion(candidate) {
            self.refuse(column, field, why);
            return false;
        }
        let kind = self.field(field).kind;
        let share = self.profiles.get(column).map_or(0, Profile::email_share);
        // What people log in with is often no address.
        if matches!(kind, Kind::Email) && likeness.maybe && share < 60 {
            let why = format!("{share} % of its values are addresses");
            self.refuse(column, field, why);
            return false;
        }
        true
    }

    fn opinion(&self, candidate: &Candidate) -> Opinion {
        let Some(profile) = self.profiles.get(candidate.column) else { return Opinion::Blank };
        let field = self.field(candidate.field);
        if matches!(field.kind, Kind::Choice(_)) {
            return Words::of(self.sheet, &field, candidate.column).opinion(&field);
        }
        profile.opinion(&field)
    }

    /// A field by its place; the one that stands for a full name where it has none.
    fn field(&self, place: Option<usize>) -> Field {
        let field = place.and_then(|place| self.schema.field(place)).cloned();
        field.unwrap_or_else(|| Field::new(FULL_NAME, Kind::Name, ""))
    }

    fn role(&self, place: Option<usize>) -> Option<Role> {
        match place {
            Some(place) => Some(Role::Field(place)),
            None if self.schema.find(FULL_NAME).is_some() => None,
            None => {
                let first = self.schema.find("first_name")?;
                Some(Role::FullName { first, last: self.schema.find("last_name")? })
            }
        }
    }

    fn is_free(&self, column: usize) -> bool {
        self.decided.get(column).is_some_and(Option::is_none)
    }

    fn is_taken(&self, role: &Role) -> bool {
        let closed = |place: &usize| overlaps(role, &Role::Field(*place));
        self.decided.iter().flatten().any(|other| overlaps(&other.role, role))
            || self.closed.iter().any(closed)
    }

    fn filled_share(&self, column: usize) -> usize {
        self.profiles.get(column).map_or(0, Profile::filled_share)
    }

    fn is_nearly_blank(&self, column: usize) -> bool {
        self.profiles.get(column).is_some_and(|profile| {
            profile.filled == 0 || profile.rows >= 20 && profile.filled_share() < 5
        })
    }

    fn refuse(&mut self, column: usize, field: Option<usize>, why: String) {
        if let Some(place @ None) = self.refused.get_mut(column) {
            *place = Some((field, why));
        }
    }

    fn decide(&mut self, column: usize, decision: Decision) {
        if let Some(place) = self.decided.get_mut(column) {
            *place = Some(decision);
        }
    }

    /// What was decided, and for the other columns why they are not used; and the question that has
    /// to be answered first, when there is one.
    pub(super) fn finish(mut self) -> (Mapping, Option<Error>) {
        let decided = std::mem::take(&mut self.decided);
        let columns = decided
            .into_iter()
            .zip(self.sheet.headers)
            .enumerate()
            .map(|(column, (decision, header))| {
                let header = header.trim().to_owned();
                let refused = self.refused.get(column).is_some_and(Option::is_some);
                let asked = decision.is_none() || refused;
                let (reason, suggestion) =
                    if asked { self.unused(column, &header) } else { (String::new(), None) };
                let decision = decision.unwrap_or_else(|| Decision::unused(reason));
                let unused = matches!(decision.role, Role::Unused(_));
                let Decision { role, why, confidence } = decision;
                let suggestion = suggestion.filter(|_| unused);
                let unknown = self.unknown_words(column, &role, suggestion.as_deref());
                Column { header, role, why, confidence, suggestion, unknown, proof: None }
            })
            .collect();
        (Mapping { columns, open: self.open }, self.question)
    }

    /// The words of a column that its choice field does not know.
    fn unknown_words(&self, column: usize, role: &Role, suggestion: Option<&str>) -> Vec<String> {
        let place = match (role, suggestion) {
            (Role::Field(place), _) => Some(*place),
            (_, Some(name)) => self.schema.find(name),
            _ => None,
        };
        let field = place.and_then(|place| self.schema.field(place));
        let choice = field.filter(|field| matches!(field.kind, Kind::Choice(_)));
        choice.map(|field| Words::of(self.sheet, field, column).unknown).unwrap_or_default()
    }

    /// Why a column is not used, and the field that it could be used for.
    fn unused(&self, column: usize, header: &str) -> (String, Option<String>) {
        let name = |place: Option<usize>| self.field(place).name.to_string();
        if let Some(Some((field, why))) = self.refused.get(column) {
            return (why.clone(), Some(name(*field)));
        }
        let Some(own) = self.headers.get(column).filter(|own| !own.plain.is_empty()) else {
            return ("it has no header".to_owned(), None);
        };
        let meant = self.phrases.iter().position(|phrases| phrases.likeness(own).is_some());
        if let Some(place) = meant {
            let name = name(Some(place));
            return (format!("another column is used for `{name}`"), Some(name));
        }
        let is_name = own.is(&["name"]) || own.is(&["nom"]);
        if is_name || Phrases::new(FULL_NAME, words::FULL_NAME).likeness(own).is_some() {
            let why = "first and last name have columns of their own";
            return (why.to_owned(), Some(FULL_NAME.to_owned()));
        }
        let slip = self
            .phrases
            .iter()
            .position(|phrases| phrases.spellings().any(|spelling| is_slip(&own.plain, spelling)));
        if let Some(place) = slip {
            let name = name(Some(place));
            return (format!("{NO_FIELD}; `{name}` is near"), Some(name));
        }
        let custom = format!("custom:{header}");
        let custom = (self.schema.custom)(&custom).map(|field| field.name.to_string());
        (NO_FIELD.to_owned(), custom)
    }
}

/// The header without the digit that a form puts behind the second question of one name, where the
/// form's own column of that name says nothing of people: `Name2` beside a blank `Name`.
fn stands_for<'a>(header: &'a str, sheet: &Sheet<'_>, profiles: &[Profile]) -> Option<&'a str> {
    let plain =
        header.trim().strip_suffix('2').filter(|plain| plain.ends_with(char::is_alphabetic))?;
    let own = sheet.headers.iter().position(|other| other.trim() == plain)?;
    profiles.get(own).filter(|profile| profile.says_nothing()).map(|_| plain)
}

fn later(header: &Header) -> bool {
    header.says("secondary") || header.says("further")
}
