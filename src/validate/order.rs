//! In which order day and month stand in a column of dates: what its values prove, what is said where
//! they prove nothing or too much, and what a recipe holds it to.

use super::column::{ColumnOf, Evidence, Look};
use super::{Nature, Rules};
use crate::finding::{self, Finding};
use crate::mapping::call_name;
use crate::recipe::DateOrder;
use crate::row::Location;

/// What is proven, in words for the mapping.
pub(super) fn proof(evidence: &Evidence) -> Option<String> {
    match (evidence.order(), &evidence.day_first, &evidence.month_first) {
        (Some((order, (at, value))), ..) => {
            Some(format!("{}, proven by row {}: {value}", word(order), at.row))
        }
        (None, Some((day, _)), Some((month, _))) => {
            Some(format!("mixed: row {} has the day first, row {} the month", day.row, month.row))
        }
        _ if evidence.either => Some("no value shows whether day or month stands first".to_owned()),
        _ => None,
    }
}

/// An order, in words.
pub fn word(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Ymd => "year first",
        DateOrder::Dmy => "day first",
        DateOrder::Mdy => "month first",
    }
}

impl Rules {
    /// What is to be said, once for the column, of dates whose order is not proven; `header` is the
    /// place of the header.
    pub fn date_doubt(
        &self,
        of: ColumnOf,
        evidence: &Evidence,
        header: Location,
    ) -> Option<Finding> {
        if of.look != Look::Dates {
            return None;
        }
        let name = self.headers_of(of).next().unwrap_or_default();
        if evidence.is_turned() {
            let message = format!(
                "no date cell of column {name:?} has a day behind the twelfth, and every text has: a \
                 spreadsheet took day and month of the cells for each other's"
            );
            let finding = Finding::new(&finding::DATE_ORDER_MIXED, header, message);
            let help = "compare some of the cells with their source, and take the dates from there again, as \
                        texts or as YYYY-MM-DD";
            return Some(finding.column(u16::try_from(of.column).ok()).help(help));
        }
        if self.settings.date_order.is_some() {
            return None;
        }
        let (code, message) = match (&evidence.day_first, &evidence.month_first) {
            (Some((day, first)), Some((month, second))) => (
                &finding::DATE_ORDER_MIXED,
                format!(
                    "column {name:?} mixes two orders: {first} on row {} has the day first, {second} on \
                     row {} the month",
                    day.row, month.row
                ),
            ),
            (None, None) if evidence.either => (
                &finding::DATE_ORDER_OPEN,
                format!("no date of column {name:?} shows whether day or month stands first"),
            ),
            _ => return None,
        };
        let finding = Finding::new(code, header, message).column(u16::try_from(of.column).ok());
        Some(finding.help("if you know it: --date-order dmy, or --date-order mdy"))
    }

    /// Takes an order from the recipe, for a column whose own values do not prove one.
    pub fn set_date_order(&mut self, of: ColumnOf, order: Option<DateOrder>) {
        let Some(sheet) = self.sheets.get_mut(usize::from(of.input)) else { return };
        if sheet.natures.len() <= of.column {
            sheet.natures.resize(of.column + 1, Nature::default());
        }
        if let Some(nature) = sheet.natures.get_mut(of.column) {
            nature.order = order;
        }
    }

    /// The order that is proven for the dates of a column.
    pub fn date_order(&self, of: ColumnOf) -> Option<DateOrder> {
        self.sheets.get(usize::from(of.input))?.natures.get(of.column)?.order
    }

    /// The columns of an input whose dates stand in a proven order, as recipes call them.
    pub fn date_orders(&self, input: u16) -> Vec<(String, DateOrder)> {
        let Some(sheet) = self.sheets.get(usize::from(input)) else { return Vec::new() };
        let natures = sheet.natures.iter().enumerate();
        let proven = natures.filter_map(|(column, nature)| Some((column, nature.order?)));
        proven
            .filter_map(|(column, order)| Some((call_name(&sheet.headers, column)?, order)))
            .collect()
    }
}
