//! What the names of a whole sheet show together: whether first and last names stand in each other's
//! columns, and whether a column is written in capitals. Only the first rows are looked at, and nothing
//! is changed: how people are called, their owner knows.

use super::{Rules, Use};
use crate::finding::{self, Finding};
use crate::mapping::{NameOrder, says_full_name};
use crate::record::Kind;
use crate::row::{Location, Row, Rows};
use crate::spelling::normalise;

/// Fewer rows than this show nothing.
const LEAST: usize = 5;
const LEAST_CAPITALS: usize = 20;

/// The columns of first and last name, and what else names the same people.
struct Columns {
    first: usize,
    last: usize,
    email: Option<usize>,
    /// With the order in which they stand there.
    full: Option<(usize, NameOrder)>,
}

/// How many rows have their names this way round and that way round.
#[derive(Default)]
struct Count {
    straight: usize,
    turned: usize,
    /// The domains in whose addresses they are turned, as far as two can be told apart.
    domains: Vec<String>,
}

impl Count {
    /// Whether nearly all rows are turned.
    fn is_turned(&self) -> bool {
        self.turned >= LEAST && self.turned >= 9 * self.straight
    }

    fn see(&mut self, [first, last]: [&str; 2], [one, other]: [&str; 2]) -> bool {
        let turned = first == other && last == one;
        self.straight += usize::from(first == one && last == other);
        self.turned += usize::from(turned);
        turned
    }
}

impl Rules {
    /// What is to be said of the names of an input, once; `header` is the place of its header.
    pub fn name_doubts(&self, input: u16, sample: &Rows, header: Location) -> Vec<Finding> {
        let Some(columns) = self.name_columns(input) else { return Vec::new() };
        let mut doubts: Vec<Finding> = [columns.first, columns.last]
            .into_iter()
            .filter(|&column| are_capitals(sample, column))
            .map(|column| {
                let name = self.header_at(input, column);
                let message = format!("nearly all names of column {name:?} are in capitals");
                Finding::new(&finding::NAME_CAPITALS, header, message)
                    .column(u16::try_from(column).ok())
            })
            .collect();
        if let Some(why) = self.swapped(input, &columns, sample) {
            let (first, last) =
                (self.header_at(input, columns.first), self.header_at(input, columns.last));
            let message = format!("{first:?} and {last:?} may be swapped: {why}");
            let help = format!("if they are: --map '{first}=last_name' --map '{last}=first_name'");
            let column = u16::try_from(columns.first).ok();
            let finding = Finding::new(&finding::NAME_SWAPPED, header, message);
            doubts.push(finding.column(column).help(help));
        }
        doubts
    }

    /// Why first and last names are in each other's columns, if nearly every row says so.
    fn swapped(&self, input: u16, columns: &Columns, sample: &Rows) -> Option<String> {
        let (mut by_full, mut by_address) = (Count::default(), Count::default());
        for row in sample.iter() {
            let cell = |column: usize| normalise(row.cell(column).text);
            let (first, last) = (cell(columns.first), cell(columns.last));
            if first.is_empty() || last.is_empty() || first == last {
                continue;
            }
            if let Some([given, family]) = columns.full.and_then(|full| parts_of_name(&row, full)) {
                by_full.see([&first, &last], [&given, &family]);
            }
            if let Some(([one, other], domain)) =
                columns.email.and_then(|email| parts_of_address(&row, email))
                && by_address.see([&first, &last], [&one, &other])
                && by_address.domains.len() < 2
                && !by_address.domains.contains(&domain)
            {
                by_address.domains.push(domain);
            }
        }
        if by_full.is_turned() {
            let name = columns.full.map_or("", |(full, _)| self.header_at(input, full));
            return Some(format!(
                "{name:?} has them the other way round in {} of the first rows",
                by_full.turned
            ));
        }
        // One house may put family names first in its addresses; several seldom do.
        (by_address.is_turned() && by_address.domains.len() > 1 && by_full.straight == 0).then(|| {
            format!(
                "the addresses of several houses have them the other way round in {} of the first rows",
                by_address.turned
            )
        })
    }

    fn name_columns(&self, input: u16) -> Option<Columns> {
        let sheet = self.sheets.get(usize::from(input))?;
        let of = |name: &str| {
            sheet.columns.iter().find(|(_, role)| match role {
                Use::Slot(slot) => self.fields.get(*slot).is_some_and(|field| field.name == name),
                Use::FullName { .. } => false,
            })
        };
        let email = sheet.columns.iter().find(|(_, role)| match role {
            Use::Slot(slot) => {
                self.fields.get(*slot).is_some_and(|field| matches!(field.kind, Kind::Email))
            }
            Use::FullName { .. } => false,
        });
        Some(Columns {
            first: of("first_name")?.0,
            last: of("last_name")?.0,
            email: email.map(|&(column, _)| column),
            full: sheet.headers.iter().enumerate().find_map(|(column, header)| {
                says_full_name(header).then(|| (column, NameOrder::under(header)))
            }),
        })
    }

    fn header_at(&self, input: u16, column: usize) -> &str {
        let sheet = self.sheets.get(usize::from(input));
        sheet.and_then(|sheet| sheet.headers.get(column)).map_or("", String::as_str)
    }
}

/// Given and family name of a whole name, where it can be told which is which.
fn parts_of_name(row: &Row<'_>, (column, order): (usize, NameOrder)) -> Option<[String; 2]> {
    let (given, family) = super::name::split(row.cell(column).text.trim(), order)?;
    Some([normalise(given), normalise(family)])
}

/// The two words of an address such as `ada.lovelace@example.org`, and its domain.
fn parts_of_address(row: &Row<'_>, column: usize) -> Option<([String; 2], String)> {
    let (local, domain) = row.cell(column).text.trim().split_once('@')?;
    let (one, other) = local.split_once(['.', '_', '-'])?;
    let parts = [normalise(one), normalise(other)];
    let long = parts.iter().all(|part| part.chars().count() > 1);
    long.then(|| (parts, domain.to_lowercase()))
}

/// Whether nearly all names of a column are in capitals.
fn are_capitals(sample: &Rows, column: usize) -> bool {
    let (mut seen, mut capitals) = (0, 0);
    for row in sample.iter() {
        let text = row.cell(column).text;
        if text.chars().filter(|c| c.is_lowercase() || c.is_uppercase()).count() > 2 {
            seen += 1;
            capitals += usize::from(!text.chars().any(char::is_lowercase));
        }
    }
    seen >= LEAST_CAPITALS && capitals * 10 >= seen * 9
}
