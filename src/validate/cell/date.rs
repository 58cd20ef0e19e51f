//! A cell with a day: what the reading of dates says, as findings.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{Offset, TimeZone};

use super::Place;
use crate::finding::{self, Finding};
use crate::recipe::DateOrder;
use crate::record::{Slot, Value};
use crate::validate::date;
use crate::validate::person::JudgeRow;

impl<'a> JudgeRow<'a, '_> {
    pub(in crate::validate) fn judge_date(
        &mut self,
        place: Place<'_, '_>,
        text: &str,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let Place { field, column, .. } = place;
        let settings = &self.rules.settings;
        let here = self.nature(column).and_then(|nature| nature.order);
        let order = settings.date_order.or(here);
        let mut text = Cow::Borrowed(text);
        let read = match date::read(&text, order, settings.today) {
            Err(date::Fault::Syntax(message)) => {
                if let Some(date) = self.mend_date(place, &text)? {
                    Ok(date::Read::plain(date))
                } else if let Some(whole) = date::with_zero(&text, order) {
                    let read = date::read(&whole, order, settings.today);
                    if read.is_ok() {
                        self.restore_zero_of_date(place, &whole);
                    }
                    text = Cow::Owned(whole);
                    read
                } else {
                    Err(date::Fault::Syntax(message))
                }
            }
            read => read,
        };
        let read = read.map_err(|fault| self.not_read(place, &text, fault))?;
        let date = if read.timed && field.born {
            self.day_of_moment(read.date, &text, place)
        } else {
            read.date
        };
        let read = date::Read { date, ..read };
        let fail = |code, message: Cow<'static, str>| Box::new(self.about(code, place, message));
        if field.born && date > settings.today {
            let finding = fail(&finding::DATE_RANGE, "the date lies in the future".into());
            return Err(match buddhist(date, settings.today) {
                Some((meant, help)) => Box::new(finding.help(help).fix(&meant.to_string(), false)),
                None => finding,
            });
        }
        if field.born && date.year() < 1900 {
            return Err(fail(&finding::DATE_RANGE, "the date lies before 1900".into()));
        }
        self.tell_of_date(read, place);
        Ok(Slot::Plain(Value::Date(date)))
    }

    /// The day that a moment in UTC is where the recipe says that the sheet comes from, if it is a midnight there;
    /// else as it stands, with what speaks against it: east of Greenwich midnight lies on the day before.
    fn day_of_moment(&mut self, day: Date, text: &str, place: Place<'_, '_>) -> Date {
        let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.offset());
        let is_utc = match offset {
            Some(PiecesOffset::Zulu) => true,
            Some(PiecesOffset::Numeric(offset)) => offset.offset() == Offset::UTC,
            _ => false,
        };
        let Some(moment) = text.parse::<Timestamp>().ok().filter(|_| is_utc) else { return day };
        if let Some(zone) = &self.rules.settings.zone {
            let there = moment.to_zoned(zone.clone()).datetime();
            if there.time() == Time::midnight() {
                return there.date();
            }
        }
        // Noon is what programs write that want to keep the day everywhere.
        if moment.to_zoned(TimeZone::UTC).hour() > 12
            && let Ok(next) = day.tomorrow()
        {
            let message = format!("sent as {day}; as midnight east of Greenwich it is {next}");
            let finding = self.about(&finding::DATE_UTC, place, message);
            let help = "say where the program stood: time_zone = \"Europe/Paris\" under [policy] in the recipe";
            self.findings.push(finding.help(help).readings(vec![next.to_string().into()]));
        }
        day
    }

    /// What is said of a day that cannot be read.
    pub(in crate::validate) fn not_read(
        &self,
        place: Place<'_, '_>,
        text: &str,
        fault: date::Fault,
    ) -> Box<Finding> {
        let finding = |code, message: Cow<'static, str>| self.about(code, place, message);
        Box::new(match fault {
            date::Fault::Syntax(message) => {
                finding(&finding::DATE_SYNTAX, message).help("write it as YYYY-MM-DD")
            }
            date::Fault::Impossible(message) => finding(&finding::DATE_IMPOSSIBLE, message),
            date::Fault::Ambiguous => {
                finding(&finding::DATE_AMBIGUOUS, "day and month can be read either way".into())
                    .help("say which with --date-order dmy or --date-order mdy")
                    .readings(readings(text, self.rules.settings.today))
            }
        })
    }

    /// What was put into a date, and what in it contradicts it.
    pub(in crate::validate) fn tell_of_date(&mut self, read: date::Read, place: Place<'_, '_>) {
        if !read.completed && read.weekday.is_none() {
            return;
        }
        let after = read.date.to_string();
        if read.completed {
            let code = &finding::DATE_CENTURY;
            let finding = self.about(code, place, format!("read as {after}"));
            self.findings.push(finding.fix(&after, true));
        }
        if let Some(said) = read.weekday {
            let message = format!("{after} is a {:?}, not a {said:?}", read.date.weekday());
            let finding = self.about(&finding::DATE_WEEKDAY, place, message);
            self.findings.push(finding.help("compare the day with its source"));
        }
    }
}

/// The day that is meant, and what to say of a year that lies as far ahead as the Buddhist calendar of Thailand does.
fn buddhist(date: Date, today: Date) -> Option<(Date, String)> {
    let year = date.year() - 543;
    let meant = date.with().year(year).build().ok()?;
    (1900..=today.year()).contains(&year).then(|| {
        let help =
            format!("if the year is that of the Buddhist calendar, it is {year} in the common one");
        (meant, help)
    })
}

/// The days that a date is in each order in which it can be read.
fn readings(text: &str, today: Date) -> Vec<Box<str>> {
    let mut readings: Vec<Box<str>> = Vec::new();
    for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
        if let Ok(read) = date::read(text, Some(order), today) {
            let day = Box::from(read.date.to_string());
            if !readings.contains(&day) {
                readings.push(day);
            }
        }
    }
    readings
}
