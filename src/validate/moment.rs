//! Moments: read with their zone or as a day, in the order of days that their column proves.

use jiff::civil::Date;

use super::person::JudgeRow;
use super::{damage, date};
use crate::finding::{self, Finding};
use crate::recipe::DateOrder;
use crate::record::{Field, Slot};
use crate::row::Cell;

impl<'a> JudgeRow<'a, '_> {
    pub(super) fn judge_moment(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'a>,
        text: &str,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let here = self.nature(column).and_then(|nature| nature.order);
        let made = match moment(text, self.rules.settings.date_order.or(here)) {
            None if damage::is_digits(text) => {
                self.mend_date(field, column, cell, text)?.map(midnight)
            }
            made => made,
        };
        made.map(|moment| Slot::Made(moment.into())).ok_or_else(|| {
            let message = "it is no date, and no moment with its zone";
            Box::new(self.finding(&finding::DATETIME_SYNTAX, column, field, cell.text, message))
        })
    }
}

/// A moment as RFC 3339 in UTC. A date alone is midnight UTC; a time without a zone is refused,
/// because it means another moment in every zone.
fn moment(text: &str, order: Option<DateOrder>) -> Option<String> {
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Some(timestamp.round(jiff::Unit::Second).ok()?.to_string());
    }
    let at_midnight = ["00:00", "00:00:00"].iter().any(|time| text.ends_with(time));
    if text.contains(':') && !at_midnight {
        return None;
    }
    let date = date::read(text, order, Date::MAX).ok()?.date;
    Some(midnight(date))
}

fn midnight(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_need_a_zone() {
        for (text, expected) in [
            ("2024-05-01T09:30:00Z", Some("2024-05-01T09:30:00Z")),
            ("2024-05-01T09:30:00+10:00", Some("2024-04-30T23:30:00Z")),
            ("2024-05-01", Some("2024-05-01T00:00:00Z")),
            ("2024-05-01 00:00:00", Some("2024-05-01T00:00:00Z")),
            ("2024-05-01 09:30:00", None),
            ("2024-05-01T23:59", None),
            ("noon", None),
        ] {
            assert_eq!(moment(text, None).as_deref(), expected, "{text}");
        }
        let order = Some(DateOrder::Dmy);
        assert_eq!(moment("05/06/2024", order).as_deref(), Some("2024-06-05T00:00:00Z"));
    }
}
