//! Which field a column is for that nobody named: the clearest pairs of a header and a field first,
//! then what values say alone.

use std::cell::OnceCell;

use super::candidates::{Candidate, headers_of};
use super::content::{ENOUGH, Opinion, Profile, Words};
use super::header::Header;
use super::left_open::Order;
use super::phrases::{Likeness, Phrases};
use super::rivals::{best, named, told};
use super::{
    Column, Confidence, Decision, FULL_NAME, Mapping, NO_FIELD, NameOrder, Open, Role, Schema,
    Sheet, Unmade, flag_name, said_first, words,
};
use crate::error::Error;
use crate::record::{Beside, Field, Kind, Need};
use crate::spelling::is_slip;

/// The columns of a sheet while fields are found for them.
pub(super) struct Assignment<'a> {
    pub(super) schema: &'a Schema,
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) headers: Vec<Header>,
    pub(super) profiles: Vec<Profile>,
    /// The phrases of each field.
    pub(super) phrases: Vec<Phrases>,
    /// Those of a full name.
    pub(super) full: Phrases,
    /// Whether a column of whole names is filled, once that is known.
    pub(super) filled_whole_names: OnceCell<bool>,
    pub(super) decided: Vec<Option<Decision>>,
    /// For columns that a header suggested for a field: which, and why they are not used for it.
    refused: Vec<Option<(Option<usize>, String)>>,
    /// Columns of full names that are not used because too few of them show which name stands first.
    pub(super) unordered: Vec<(usize, Order)>,
    /// What was decided, when all is.
    filled: Vec<Role>,
    /// Fields for which nobody can be chosen.
    closed: Vec<usize>,
    open: Vec<Open>,
    /// Where headers seem not to stand over their values.
    pub(super) shifted: Vec<Open>,
    /// What the user has to say before anything is done.
    pub(super) question: Option<Error>,
}

impl<'a> Assignment<'a> {
    pub(super) fn new(
        schema: &'a Schema,
        sheet: &'a Sheet<'a>,
        decided: Vec<Option<Decision>>,
    ) -> Self {
        let profiles = Profile::all(sheet);
        let fields = schema.fields().iter();
        let phrases: Vec<Phrases> = fields.map(Phrases::of).collect();
        Self {
            schema,
            sheet,
            headers: headers_of(schema, sheet, &profiles, &phrases),
            profiles,
            phrases,
            full: Phrases::new(FULL_NAME, words::FULL_NAME),
            filled_whole_names: OnceCell::new(),
            refused: vec![None; decided.len()],
            decided,
            unordered: Vec::new(),
            filled: Vec::new(),
            closed: Vec::new(),
            open: Vec::new(),
            shifted: Vec::new(),
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
        let fuller = all.iter().filter(|_| self.is_nearly_blank(column)).filter(|other| {
            other.field == candidate.field
                && !columns.contains(&other.column)
                && self.is_free(other.column)
                && !self.is_wanted_elsewhere(other, all)
                && self.filled_share(other.column) >= 50
                && self.opinion(other) == Opinion::For
        });
        let fuller: Vec<&Candidate> = fuller.collect();
        if let Some(fuller) = fuller.into_iter().find(|fuller| self.is_fit(fuller)) {
            let (own, blank) = (self.filled_share(fuller.column), self.filled_share(column));
            let name = named(self.sheet, column);
            let why = format!("filled in {own} % of rows, {name} in {blank} %");
            return Some((fuller.clone(), why));
        }
        let chosen = rivals.iter().find(|rival| rival.column == column);
        chosen.map(|chosen| ((*chosen).clone(), why))
    }

    /// Whether a column could be for another field as well that has none yet.
    fn is_wanted_elsewhere(&self, candidate: &Candidate, all: &[Candidate]) -> bool {
        all.iter().any(|other| {
            let elsewhere = other.column == candidate.column && other.field != candidate.field;
            elsewhere && self.role(other.field).is_some_and(|role| !self.is_taken(&role))
        })
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
        let names =
            ["first_name", "last_name"].into_iter().filter_map(|name| self.schema.find(name));
        match place {
            Some(place) => self.closed.push(place),
            None => self.closed.extend(names),
        }
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
        if header.is_some_and(|header| header.is(&["address"]))
            && self.has_address_parts(chosen.column)
        {
            confidence = Confidence::Likely;
            text = format!("{text}; city and postcode stand in other columns");
        }
        let role = match role {
            Role::FullName { first, last, .. } => {
                let header = self.sheet.headers.get(chosen.column);
                let order = NameOrder::under(header.map_or("", String::as_str));
                Role::FullName { first, last, order }
            }
            role => role,
        };
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
            let mut columns: Vec<usize> = (0..self.headers.len())
                .filter(|&column| self.is_free(column) && self.speaks_as(word, column))
                .collect();
            // What the person of the row has goes before what belongs to who paid for them.
            let is_own = |column: &usize| {
                self.headers.get(*column).is_none_or(|header| !header.is_about_payers())
            };
            if columns.iter().any(is_own) {
                columns.retain(is_own);
            }
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

    /// Whether a column can be for a field: neither its values nor other columns speak against it.
    fn is_fit(&mut self, candidate: &Candidate) -> bool {
        let Candidate { column, field, likeness, .. } = *candidate;
        let Some(header) = self.headers.get(column) else { return false };
        let line = header.says("street") || header.says("address") && likeness.maybe;
        let is_street = Header::new(&self.field(field).name).says("street");
        if line && !is_street && !header.says("company") && self.has_address_parts(column) {
            let why = "only a part of the address: city and postcode stand in other columns";
            self.refuse(column, field, why.to_owned());
            return false;
        }
        if let Opinion::Against(why) = self.opinion(candidate) {
            self.refuse(column, field, why);
            return false;
        }
        // Two words would be split the other way round; a sign in the value tells which is which.
        let order = || self.shows_family(column);
        if let Some(order) = (field.is_none() && header.family_first).then(order).flatten() {
            // Two columns of full names are asked twice.
            if !self.unordered.iter().any(|(other, _)| *other == column) {
                self.unordered.push((column, order));
            }
            let why = "its header has the family name first, and too few of its values show that by \
                       a comma or by capitals; two columns would be sure";
            self.refuse(column, field, why.to_owned());
            return false;
        }
        if matches!(self.field(field).kind, Kind::Email) && self.lacks_addresses(candidate) {
            let share = self.profiles.get(column).map_or(0, Profile::email_share);
            let why = format!("{share} % of its values are addresses");
            self.refuse(column, field, why);
            return false;
        }
        true
    }

    /// Nothing where nearly all names of a column show which part of them is the family name, or there are none.
    fn shows_family(&self, column: usize) -> Option<Order> {
        let values = self.sheet.sample.iter().map(|row| row.cell(column));
        let filled = values.filter(|cell| !cell.is_blank()).map(|cell| cell.text);
        let (mut filled, mut told, mut shown) = (filled.peekable(), 0, 0);
        let is_blank = filled.peek().is_none();
        for shows in filled.filter_map(self.sheet.shows_family) {
            told += 1;
            shown += usize::from(shows);
        }
        let is_sure = is_blank || shown > 0 && shown * 10 >= told * 9;
        (!is_sure).then_some(match (told, shown) {
            (0, _) => Order::Unsplit,
            (_, 0) => Order::Untold,
            _ => Order::Some,
        })
    }

    /// Whether a column that could be of addresses holds too few. What people log in with is often no
    /// address, and "Preferred email" may say which one; bad addresses stand under a plain title.
    fn lacks_addresses(&self, candidate: &Candidate) -> bool {
        let Some(profile) = self.profiles.get(candidate.column) else { return false };
        let Likeness { maybe, worded, .. } = candidate.likeness;
        let elsewhere = || {
            let columns = (0..self.headers.len()).filter(|column| self.is_free(*column));
            columns.into_iter().any(|column| self.speaks_as("email", column))
        };
        let none = profile.filled >= ENOUGH && profile.email_share() == 0;
        maybe && profile.email_share() < 60 || none && (worded || elsewhere())
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
    pub(super) fn field(&self, place: Option<usize>) -> Field {
        let field = place.and_then(|place| self.schema.field(place)).cloned();
        field.unwrap_or_else(|| {
            let first = self.schema.find("first_name").and_then(|place| self.schema.field(place));
            let need = first.map_or(Need::Optional, |first| first.need);
            Field { need, ..Field::new(FULL_NAME, Kind::Name, "") }
        })
    }

    pub(super) fn role(&self, place: Option<usize>) -> Option<Role> {
        match place {
            Some(place) => Some(Role::Field(place)),
            None if self.schema.find(FULL_NAME).is_some() => None,
            None => {
                let first = self.schema.find("first_name")?;
                let last = self.schema.find("last_name")?;
                Some(Role::FullName { first, last, order: NameOrder::GivenFirst })
            }
        }
    }

    pub(super) fn is_free(&self, column: usize) -> bool {
        self.decided.get(column).is_some_and(Option::is_none)
    }

    pub(super) fn is_taken(&self, role: &Role) -> bool {
        let closed = |place: &usize| role.overlaps(&Role::Field(*place));
        self.decided.iter().flatten().any(|other| other.role.overlaps(role))
            || self.closed.iter().any(closed)
            || role.fields().into_iter().flatten().any(|it| self.sheet.makings.replaces_column(it))
    }

    pub(super) fn filled_share(&self, column: usize) -> usize {
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

    /// Takes back columns whose field is worth nothing without another one that nothing fills: every
    /// person would be refused for it.
    fn drop_incomplete(&mut self) {
        let alone = |assignment: &Self| {
            assignment.decided.iter().enumerate().find_map(|(column, decision)| {
                let decision = decision.as_ref()?;
                let Role::Field(place) = decision.role else { return None };
                if decision.confidence == Some(Confidence::Stated) {
                    return None;
                }
                let field = assignment.schema.field(place)?;
                let other = field.beside.iter().find_map(|beside| match beside {
                    Beside::Needs(other) => {
                        let other = field.names(other);
                        let other_place = assignment.schema.find(&other)?;
                        let list = &assignment.sheet.makings.list;
                        let made = list.iter().any(|making| making.field == other_place);
                        let filled = assignment.is_taken(&Role::Field(other_place));
                        (!made && !filled).then_some(other)
                    }
                    _ => None,
                })?;
                Some((column, place, other))
            })
        };
        while let Some((column, place, other)) = alone(self) {
            if let Some(decision) = self.decided.get_mut(column) {
                *decision = None;
            }
            self.refuse(column, Some(place), format!("it needs `{other}`, which no column holds"));
        }
    }

    /// What was decided, and for the other columns why they are not used; and the question that has
    /// to be answered first, when there is one.
    pub(super) fn finish(mut self) -> (Mapping, Option<Error>) {
        self.drop_incomplete();
        let parts = self.parts_of_names();
        let decided = std::mem::take(&mut self.decided);
        let roles = decided.iter().flatten();
        self.filled = roles.map(|decision| decision.role.clone()).collect();
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
        let unordered = self.unordered_names();
        let (open, shifted) = (self.open, self.shifted);
        let mapping = Mapping { columns, parts, derived: Vec::new(), open, unordered, shifted };
        (mapping, self.question)
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

    /// Whether a field has a column in the end.
    pub(super) fn has_column(&self, place: usize) -> bool {
        self.filled.iter().any(|role| role.overlaps(&Role::Field(place)))
    }

    /// Why a column is not used, and the field that it could be used for.
    fn unused(&self, column: usize, header: &str) -> (String, Option<String>) {
        let is_family_first = self.headers.get(column).is_some_and(|own| own.family_first);
        let name = |place: Option<usize>| match place {
            None if is_family_first => said_first()[0].clone(),
            place => self.field(place).name.to_string(),
        };
        if let Some(Some((field, why))) = self.refused.get(column) {
            return (why.clone(), Some(name(*field)));
        }
        let Some(own) = self.headers.get(column).filter(|own| !own.plain.is_empty()) else {
            return ("it has no header".to_owned(), None);
        };
        let meant = self.phrases.iter().position(|phrases| phrases.likeness(own).is_some());
        if let Some(place) = meant {
            let name = name(Some(place));
            if self.sheet.makings.replaces_column(place) {
                return (format!("the recipe makes `{name}` of something else"), None);
            }
            return (format!("another column is used for `{name}`"), Some(name));
        }
        let is_name = own.is(&["name"]) || own.is(&["nom"]);
        if is_name || self.full.likeness(own).is_some() {
            let taken = |name| self.schema.find(name).is_some_and(|it| self.has_column(it));
            let why = if taken("first_name") && taken("last_name") {
                "first and last name have columns of their own"
            } else {
                "one of the two names has a column of its own"
            };
            return (why.to_owned(), Some(name(None)));
        }
        let slip = self
            .phrases
            .iter()
            .position(|phrases| phrases.spellings().any(|spelling| is_slip(&own.plain, spelling)));
        if let Some(place) = slip {
            let name = name(Some(place));
            return (format!("{NO_FIELD}; `{name}` is near"), Some(name));
        }
        let name = header.to_lowercase().replace([' ', '-'], "_");
        if let Err(Unmade::Refused { why, .. }) = self.schema.make(&name) {
            return (format!("`{name}` cannot be imported: {why}"), None);
        }
        let custom = format!("custom:{header}");
        let custom = self.schema.make(&custom).ok().map(|field| field.name.to_string());
        (NO_FIELD.to_owned(), custom)
    }
}
