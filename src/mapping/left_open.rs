//! What stays open when columns have their fields: names of which a part, or all, is left out.

use super::assign::Assignment;
use super::header::Header;
use super::rivals::named;
use super::{FULL_NAME, Open, Role, flag_name, said_first};
use crate::recipe::quoted;

impl Assignment<'_> {
    /// Columns of full names that are not used because nobody can tell which name stands first, though no other column
    /// has names.
    pub(super) fn unordered_names(&self) -> Vec<Open> {
        let has_names = ["first_name", "last_name"]
            .into_iter()
            .any(|name| self.schema.find(name).is_some_and(|place| self.has_column(place)));
        if has_names {
            return Vec::new();
        }
        let open = |&(column, order): &(usize, Order)| Open {
            column,
            field: FULL_NAME.to_owned(),
            message: format!(
                "{} has full names, and too few of them show which part is the family name: nobody's name is sent",
                named(self.sheet, column)
            ),
            help: orders(
                &|order| format!("--map '{}={order}'", flag_name(self.sheet.headers, column)),
                order,
            ),
        };
        self.unordered.iter().map(open).collect()
    }

    /// Columns of nobody that hold a part of the family names of another one.
    pub(super) fn parts_of_names(&self) -> Vec<Open> {
        let role = self.schema.find("last_name").map(Role::Field);
        let names = self.decided.iter().position(|decision| {
            decision.as_ref().is_some_and(|decision| Some(&decision.role) == role.as_ref())
        });
        let Some((names, field)) = names.zip(self.schema.find("last_name")) else {
            return Vec::new();
        };
        let field = self.field(Some(field)).name;
        let key = if field.contains('.') { quoted(&field) } else { field.to_string() };
        let header = |column: usize| {
            quoted(self.sheet.headers.get(column).map_or("", |header| header.trim()))
        };
        let part = |(column, own): (usize, &Header)| {
            let comes_first = own.part_of_family_names()?;
            let is_left = self.is_free(column) && self.filled_share(column) > 0;
            let order = if comes_first { [column, names] } else { [names, column] };
            is_left.then(|| Open {
                column,
                field: field.to_string(),
                message: format!(
                    "{} holds a part of family names, which is left out of `{field}`",
                    named(self.sheet, column)
                ),
                help: format!(
                    "to send them whole, write into the recipe: [fields.{key}] join = [{}]; to leave the \
                     part out: --map '{}=-'",
                    order.map(header).join(", "),
                    flag_name(self.sheet.headers, column)
                ),
            })
        };
        self.headers.iter().enumerate().filter_map(part).collect()
    }
}

/// How far the names of a column show which of them stands first, where too few do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Some show it.
    Some,
    /// None does.
    Untold,
    /// None can be split, whichever stands first.
    Unsplit,
}

/// What can be said of a column of full names whose order nobody can tell.
pub(super) fn orders(flag: &dyn Fn(&str) -> String, order: Order) -> String {
    let [family, given] = said_first().map(|order| flag(&order));
    let ways = format!(
        "if the family name stands first in all: {family}; if the given name does: {given}"
    );
    match order {
        Order::Some => {
            format!(
                "{ways}; to send those that show it, and refuse the others: {}",
                flag(FULL_NAME)
            )
        }
        Order::Untold => ways,
        Order::Unsplit => "give first and last name a column each".to_owned(),
    }
}
