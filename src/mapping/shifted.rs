//! Headers that do not stand over their values: one is missing or one too many, and those behind it
//! stand one column off.

use super::assign::Assignment;
use super::content::{ENOUGH, Opinion, Profile};
use super::rivals::named;
use super::{Confidence, Open, Role, flag_name};
use crate::error::Error;
use crate::record::{Field, Kind};
use crate::spelling::normalise;

/// So many people must have an address before it tells whose names stand where.
const PEOPLE: usize = 5;
/// What both say about the cure.
const CURE: &str = "put every header over its values, in a copy of the file";

impl Assignment<'_> {
    /// Holds headers against values once everything is decided: what no header means is asked or
    /// told, for the names beside it cannot show that they stand one column off.
    pub(super) fn headers_against_values(&mut self) {
        if self.sheet.header_row == 0 {
            return;
        }
        let headed = self.contradicted();
        for &(column, place) in &headed {
            let Some(field) = self.schema.field(place).cloned() else { continue };
            if let Some(other) = self.holder_of(&field, column) {
                self.tell_moved(&field, column, other);
            } else if matches!(field.kind, Kind::Name) && !self.is_taken(&Role::Field(place)) {
                self.tell_contradicted(&field, column);
            }
        }
        self.names_by_addresses();
    }

    /// The columns that nobody named, whose values are certainly not what their header says, with the
    /// field that it says.
    fn contradicted(&self) -> Vec<(usize, usize)> {
        let found = |column: usize| {
            let place = self.headed_for(column)?;
            let field = self.schema.field(place)?;
            let profile = self.profile(column)?;
            let none = profile.share_of(&field.kind) == Some(0) && profile.filled >= ENOUGH;
            let against = matches!(profile.opinion(field), Opinion::Against(_));
            let shows =
                matches!(field.kind, Kind::Email | Kind::Phone(_) | Kind::Date(_) | Kind::Name);
            let wrong = shows && (against || none) && !profile.is_of_answers();
            (wrong && self.is_unnamed(column)).then_some((column, place))
        };
        (0..self.headers.len()).filter_map(found).collect()
    }

    /// Whether the user left a column to us, and its header fills nothing.
    fn is_unnamed(&self, column: usize) -> bool {
        match self.decided.get(column) {
            Some(None) => true,
            Some(Some(decision)) => {
                let by_values =
                    self.headed_for(column).map(Role::Field) != Some(decision.role.clone());
                by_values
                    && matches!(decision.confidence, Some(Confidence::Likely | Confidence::Weak))
            }
            None => false,
        }
    }

    /// The column, under another header, that holds what a field is for. That header contradicts its
    /// values, or means no field that shows: then only addresses are told from anything else.
    fn holder_of(&self, field: &Field, besides: usize) -> Option<usize> {
        let holds = |column: &usize| {
            let profile = self.profile(*column);
            let share = profile.and_then(|profile| profile.share_of(&field.kind));
            let filled = profile.is_some_and(|profile| profile.filled >= ENOUGH);
            let headed = self
                .headers
                .get(*column)
                .is_some_and(|header| !header.plain.is_empty() && !header.is_about_others());
            let own = self.phrases_mean(*column, &field.kind);
            *column != besides
                && filled
                && headed
                && !own
                && share.is_some_and(|share| share >= 80)
                && self.is_unnamed(*column)
                && (self.denied(*column).is_some()
                    || matches!(field.kind, Kind::Email) && self.differ(besides))
        };
        (0..self.headers.len()).find(holds)
    }

    /// A field that a header may mean, and that its values contradict.
    fn denied(&self, column: usize) -> Option<&Field> {
        let (header, profile) = (self.headers.get(column)?, self.profile(column)?);
        let against = |field: &Field| matches!(profile.opinion(field), Opinion::Against(_));
        let fields = self.schema.fields().iter().zip(&self.phrases);
        let mut meant = fields.filter(|(_, phrases)| phrases.likeness(header).is_some());
        meant.find(|(field, _)| against(field)).map(|(field, _)| field)
    }

    /// Whether values are more than a few words again and again: what is asked of people has those.
    fn differ(&self, column: usize) -> bool {
        self.profile(column).is_some_and(|profile| profile.distinct_share() > 33)
    }

    /// Whether a header may mean a field of a kind.
    fn phrases_mean(&self, column: usize, kind: &Kind) -> bool {
        let Some(header) = self.headers.get(column) else { return false };
        let fields = self.schema.fields().iter().zip(&self.phrases);
        fields
            .filter(|(field, _)| same(&field.kind, kind))
            .any(|(_, phrases)| phrases.likeness(header).is_some())
    }

    /// Asks where another header stands over the values as well as its own ones contradict it; where
    /// two columns have only changed places, or the other header may mean anything, it is told.
    fn tell_moved(&mut self, field: &Field, column: usize, other: usize) {
        let (own, holder) = (named(self.sheet, column), named(self.sheet, other));
        let kind = field.kind.word();
        let message = format!(
            "the headers do not stand over their values: {own} holds {}, and {kind} values stand \
             under {holder}",
            self.example(column)
        );
        let flag = format!("--map '{}={}'", flag_name(self.sheet.headers, other), field.name);
        let help = format!("{CURE}; if only this column is meant otherwise: {flag}");
        let meant = self.denied(other);
        let changed_places = meant.is_some_and(|meant| {
            self.profile(column)
                .and_then(|profile| profile.share_of(&meant.kind))
                .is_some_and(|share| share >= 80)
        });
        if meant.is_some() && !changed_places {
            let message = format!("{}: {message}", self.sheet.name);
            self.question.get_or_insert(Error::Mapping { message, help });
        } else {
            self.tell(column, field, message, help);
        }
    }

    fn tell_contradicted(&mut self, field: &Field, column: usize) {
        let message = format!(
            "{} holds {}, which are no names: `{}` is not filled from it, and headers beside it may \
             not stand over their values either",
            named(self.sheet, column),
            self.example(column),
            field.name
        );
        self.tell(column, field, message, CURE.to_owned());
    }

    /// Given and family names stand in many addresses: where both stand in them, and stand one column
    /// beside their headers, so do the headers.
    fn names_by_addresses(&mut self) {
        let place = |name: &str| {
            let fields = self.schema.fields();
            let places = (0..fields.len())
                .filter(|place| fields.get(*place).is_some_and(|field| field.is(name)));
            places.into_iter().find_map(|place| self.column_filling(place))
        };
        let (Some(first), Some(last), Some(email)) =
            (place("first_name"), place("last_name"), place("email"))
        else {
            return;
        };
        let (left, right) = (first.min(last), first.max(last));
        if left + 1 != right {
            return;
        }
        let before = left.checked_sub(1).map(|before| ([before, left], right));
        let behind = ([right, right + 1], left);
        for (names, rest) in before.into_iter().chain([behind]) {
            let [one, other] = names;
            if names.contains(&email)
                || other >= self.headers.len()
                || !self.stand_in(names, rest, email)
            {
                continue;
            }
            let message = format!(
                "people's addresses have the values of {} and {} in them, and not those of {}: the \
                 headers of names may stand one column off",
                named(self.sheet, one),
                named(self.sheet, other),
                named(self.sheet, rest),
            );
            let field = self.schema.find("last_name").and_then(|place| self.schema.field(place));
            if let Some(field) = field.cloned() {
                self.tell(rest, &field, message, CURE.to_owned());
            }
        }
    }

    /// Whether most addresses have the values of two columns in them, and none that of a third one.
    fn stand_in(&self, names: [usize; 2], rest: usize, email: usize) -> bool {
        let (mut people, mut both) = (0_usize, 0_usize);
        for row in self.sheet.sample.iter() {
            let Some((local, _)) = row.cell(email).text.rsplit_once('@') else { continue };
            let local = normalise(local);
            let [one, other, rest] =
                [names[0], names[1], rest].map(|column| normalise(row.cell(column).text));
            if [&one, &other, &rest].iter().any(|name| name.is_empty()) {
                continue;
            }
            if local.contains(&rest) {
                return false;
            }
            people += 1;
            let apart = !one.contains(&*other) && !other.contains(&*one);
            let long = one.len() >= 2 && other.len() >= 2;
            both += usize::from(apart && long && local.contains(&one) && local.contains(&other));
        }
        people >= PEOPLE && both * 10 >= people * 6
    }

    fn column_filling(&self, place: usize) -> Option<usize> {
        self.decided.iter().position(|decision| {
            decision.as_ref().is_some_and(|decision| {
                decision.role == Role::Field(place)
                    && decision.confidence != Some(Confidence::Stated)
            })
        })
    }

    fn example(&self, column: usize) -> String {
        let text = self.profile(column).map_or("", Profile::example);
        format!("values such as {text:?}")
    }

    fn profile(&self, column: usize) -> Option<&Profile> {
        self.profiles.get(column)
    }

    /// The field that a header means for sure.
    fn headed_for(&self, column: usize) -> Option<usize> {
        let header = self.headers.get(column).filter(|header| !header.is_about_others())?;
        self.phrases
            .iter()
            .position(|phrases| phrases.likeness(header).is_some_and(|likeness| !likeness.maybe))
    }

    fn tell(&mut self, column: usize, field: &Field, message: String, help: String) {
        self.shifted.push(Open { column, field: field.name.to_string(), message, help });
    }
}

/// Whether values of two kinds look the same.
fn same(one: &Kind, other: &Kind) -> bool {
    matches!(
        (one, other),
        (Kind::Email, Kind::Email)
            | (Kind::Phone(_), Kind::Phone(_))
            | (Kind::Date(_) | Kind::Moment(_), Kind::Date(_) | Kind::Moment(_))
            | (Kind::Url, Kind::Url)
    )
}
