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
        let settings = &self.rules.settings;
        let here = self.nature(column).and_then(|nature| nature.order);
        let made = match moment(text, settings.date_order.or(here), settings.today) {
            Some(Moment::Exact(made)) => Some(made),
            Some(Moment::Day(read)) => {
                self.tell_of_date(read, column, field, cell);
                Some(midnight(read.date))
            }
            None if damage::is_digits(text) => {
                self.mend_date(field, column, cell, text)?.map(midnight)
            }
            None => None,
        };
        made.map(|moment| Slot::Made(moment.into())).ok_or_else(|| {
            let message = "it is no date, and no moment with its zone";
            Box::new(self.finding(&finding::DATETIME_SYNTAX, column, field, cell.text, message))
        })
    }
}

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
enum Moment {
    /// A moment, as RFC 3339 in UTC.
    Exact(String),
    /// A day: its midnight UTC.
    Day(date::Read),
}

/// Reads a moment. A time without a zone is refused, because it means another moment in every zone.
fn moment(text: &str, order: Option<DateOrder>, today: Date) -> Option<Moment> {
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Some(Moment::Exact(timestamp.round(jiff::Unit::Second).ok()?.to_string()));
    }
    let read = date::read(text, order, today).ok()?;
    (!read.timed).then_some(Moment::Day(read))
}

fn midnight(date: Date) -> String {
    format!("{date}T00:00:00Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str, order: Option<DateOrder>) -> Option<String> {
        Some(match moment(text, order, jiff::civil::date(2026, 11, 22))? {
            Moment::Exact(text) => text,
            Moment::Day(read) => midnight(read.date),
        })
    }

    #[test]
    fn moments_need_a_zone() {
        for (text, expected) in [
            ("2024-05-01T09:30:00Z", Some("2024-05-01T09:30:00Z")),
            ("2024-05-01T09:30:00+10:00", Some("2024-04-30T23:30:00Z")),
            ("2024-05-01", Some("2024-05-01T00:00:00Z")),
            ("2024-05-01 00:00:00", Some("2024-05-01T00:00:00Z")),
            ("2024-05-01 09:30:00", None),
            ("2024-05-01T23:59", None),
            ("2024-05-01T09", None),
            ("1 May 2024 6 pm", None),
            ("1 May 2024 at midnight", Some("2024-05-01T00:00:00Z")),
            ("noon", None),
        ] {
            assert_eq!(written(text, None).as_deref(), expected, "{text}");
        }
        let order = Some(DateOrder::Dmy);
        assert_eq!(written("05/06/2024", order).as_deref(), Some("2024-06-05T00:00:00Z"));
        assert_eq!(written("05/06/24", order).as_deref(), Some("2024-06-05T00:00:00Z"));
    }
}
