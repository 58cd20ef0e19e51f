//! Moments: read with their zone or as a day, in the order of days that their column proves. A time
//! without a zone is read in that of the recipe, and refused where it names none: it means another
//! moment in every zone.

use jiff::civil::{Date, DateTime, DateTimeRound};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

use super::cell::Place;
use super::person::JudgeRow;
use super::{damage, date};
use crate::finding::{self, Finding};
use crate::recipe::DateOrder;
use crate::record::{MomentForm, Slot};

impl<'a> JudgeRow<'a, '_> {
    pub(super) fn judge_moment(
        &mut self,
        place: Place<'_, 'a>,
        text: &str,
        form: MomentForm,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let Place { column, .. } = place;
        let settings = &self.rules.settings;
        let here = self.nature(column).and_then(|nature| nature.order);
        let zone = settings.zone.as_ref();
        let (order, today) = (settings.date_order.or(here), settings.today);
        let made = match moment(text, order, today, zone) {
            Ok(Moment::At(timestamp, offset)) => Some(written(timestamp, offset, form)),
            Ok(Moment::Day(read)) => {
                self.tell_of_date(read, place);
                midnight(read.date, zone, form)
            }
            Err(Fault::Other) if damage::is_digits(text) => {
                let date = self.mend_date(place, text)?;
                date.and_then(|date| midnight(date, zone, form))
            }
            Err(Fault::Other) => None,
            Err(Fault::Day(fault)) => return Err(self.not_read(place, text, fault)),
            Err(fault) => {
                let (message, help) = fault.words();
                let code = &finding::DATETIME_SYNTAX;
                let finding = self.about(code, place, message);
                return Err(Box::new(finding.help(help)));
            }
        };
        made.map(|moment| Slot::Made(moment.into())).ok_or_else(|| {
            let message = "it is no date, and no moment with its zone";
            Box::new(self.about(&finding::DATETIME_SYNTAX, place, message))
        })
    }
}

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
enum Moment {
    /// A moment to the second that has begun, with its offset where that is not UTC.
    At(Timestamp, Option<Offset>),
    /// A day: its midnight.
    Day(date::Read),
}

/// Why a text is no moment.
#[derive(Debug, PartialEq, Eq)]
enum Fault {
    /// Its time has no zone, and the recipe names none.
    NoZone,
    /// Its time is left out when the clocks are put forward.
    Skipped,
    /// Its time comes twice when the clocks are put back.
    Twice,
    /// It is a day that the calendar does not have, or that can be read either way.
    Day(date::Fault),
    /// It has no form of a moment.
    Other,
}

impl Fault {
    /// What is wrong, and what to do.
    fn words(&self) -> (&'static str, &'static str) {
        const WITH_OFFSET: &str = "write the offset beside it, such as 2024-05-01T09:30:00+10:00";
        match self {
            Self::NoZone => (
                "its time has no zone, and means another moment in each",
                "say the zone of the sheet in the recipe, time_zone = \"Australia/Sydney\" or \
                 \"+10:00\" under [policy], or write the offset beside the time",
            ),
            Self::Skipped => ("the clocks of time_zone leave this time out", WITH_OFFSET),
            Self::Twice => ("the clocks of time_zone have this time twice", WITH_OFFSET),
            Self::Day(_) | Self::Other => {
                ("it is no date, and no moment with its zone", WITH_OFFSET)
            }
        }
    }
}

/// Reads a moment.
fn moment(
    text: &str,
    order: Option<DateOrder>,
    today: Date,
    zone: Option<&TimeZone>,
) -> Result<Moment, Fault> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        let whole = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
        let timestamp = timestamp.round(whole).map_err(|_| Fault::Other)?;
        let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.offset());
        return Ok(Moment::At(
            timestamp,
            match offset {
                Some(PiecesOffset::Numeric(offset)) => Some(offset.offset()),
                _ => None,
            },
        ));
    }
    let read = date::read(text, order, today).map_err(|fault| match fault {
        date::Fault::Syntax(_) => Fault::Other,
        fault => Fault::Day(fault),
    })?;
    if is_zoned_day(text) {
        return Err(Fault::Other);
    }
    if !read.timed {
        return Ok(Moment::Day(read));
    }
    // Only ISO 8601 tells its time in one way; an annotation of a zone is no offset.
    let civil = text.parse::<DateTime>().ok().filter(|_| !text.contains('['));
    let whole = DateTimeRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    let civil = civil.and_then(|civil| civil.round(whole).ok()).ok_or(Fault::Other)?;
    let zone = zone.ok_or(Fault::NoZone)?;
    let found = zone.to_ambiguous_zoned(civil);
    let skipped = matches!(found.offset(), AmbiguousOffset::Gap { .. });
    let fault = if skipped { Fault::Skipped } else { Fault::Twice };
    let zoned = found.unambiguous().map_err(|_| fault)?;
    Ok(Moment::At(zoned.timestamp(), Some(zoned.offset())))
}

/// Whether a text is a day with a zone behind it and no time (XML Schema part 2, 3.3.9): which moment is meant, that
/// of the beginning of the day there or here, it does not say.
fn is_zoned_day(text: &str) -> bool {
    let parts = text.split_at_checked(10);
    parts.is_some_and(|(day, zone)| {
        day.parse::<Date>().is_ok() && zone.starts_with(['+', '-', 'Z', 'z'])
    })
}

fn written(at: Timestamp, offset: Option<Offset>, form: MomentForm) -> String {
    match offset.filter(|_| form == MomentForm::OwnOffset) {
        Some(offset) => at.display_with_offset(offset).to_string(),
        None => at.to_string(),
    }
}

/// The beginning of a day, in UTC where no zone is said.
fn midnight(date: Date, zone: Option<&TimeZone>, form: MomentForm) -> Option<String> {
    let Some(zone) = zone else { return Some(format!("{date}T00:00:00Z")) };
    let zoned = date.to_zoned(zone.clone()).ok()?;
    Some(written(zoned.timestamp(), Some(zoned.offset()), form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Zone;

    fn in_zone(
        text: &str,
        order: Option<DateOrder>,
        zone: &str,
        form: MomentForm,
    ) -> Result<String, Fault> {
        let zone = (!zone.is_empty()).then(|| Zone::try_from(zone.to_owned()).unwrap().0);
        let read = moment(text, order, jiff::civil::date(2026, 11, 22), zone.as_ref())?;
        Ok(match read {
            Moment::At(at, offset) => super::written(at, offset, form),
            Moment::Day(read) => midnight(read.date, zone.as_ref(), form).unwrap(),
        })
    }

    fn written(text: &str, order: Option<DateOrder>) -> Option<String> {
        in_zone(text, order, "", MomentForm::Utc).ok()
    }

    #[test]
    fn an_offset_is_kept_where_it_is_asked_for_and_a_time_without_one_is_in_the_zone_of_the_recipe()
    {
        for (text, zone, utc, own) in [
            ("2024-05-01T09:30:00+10:00", "", "2024-04-30T23:30:00Z", "2024-05-01T09:30:00+10:00"),
            (
                "2024-05-01T09:30:00.6-03:30",
                "",
                "2024-05-01T13:00:00Z",
                "2024-05-01T09:30:00-03:30",
            ),
            ("2024-05-01T09:30:00Z", "+10:00", "2024-05-01T09:30:00Z", "2024-05-01T09:30:00Z"),
            ("2024-05-01 09:30", "+10:00", "2024-04-30T23:30:00Z", "2024-05-01T09:30:00+10:00"),
            ("2024-05-01T09:30:00", "utc", "2024-05-01T09:30:00Z", "2024-05-01T09:30:00+00:00"),
            ("2024-05-01", "", "2024-05-01T00:00:00Z", "2024-05-01T00:00:00Z"),
            ("2024-05-01", "-05:00", "2024-05-01T05:00:00Z", "2024-05-01T00:00:00-05:00"),
        ] {
            let read = |form| in_zone(text, None, zone, form);
            assert_eq!(read(MomentForm::Utc).as_deref(), Ok(utc), "{text} in {zone}");
            assert_eq!(read(MomentForm::OwnOffset).as_deref(), Ok(own), "{text} in {zone}");
        }
        let fault = |text, zone| in_zone(text, None, zone, MomentForm::OwnOffset).unwrap_err();
        assert_eq!(fault("2024-05-01 09:30", ""), Fault::NoZone);
        assert_eq!(fault("2024-05-01 09:30[Europe/Paris]", "+10:00"), Fault::Other);
        assert_eq!(fault("1 May 2024 6 pm", "+10:00"), Fault::Other);
        for zone in ["soon", "10", "+25:00", ""] {
            assert!(Zone::try_from(zone.to_owned()).is_err(), "{zone}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_leave_out_or_have_twice_is_refused() {
        // Where the machine knows no zones by name there is nothing to see.
        let Ok(zone) = Zone::try_from("Australia/Sydney".to_owned()) else { return };
        let read = |text| moment(text, None, jiff::civil::date(2026, 11, 22), Some(&zone.0));
        assert_eq!(read("2024-10-06 02:30"), Err(Fault::Skipped));
        assert_eq!(read("2024-04-07 02:30"), Err(Fault::Twice));
        let offset = |text| match read(text) {
            Ok(Moment::At(_, offset)) => offset.map(|offset| offset.seconds() / 3600),
            other => panic!("{other:?}"),
        };
        assert_eq!((offset("2024-01-01 09:00"), offset("2024-07-01 09:00")), (Some(11), Some(10)));
    }

    #[test]
    fn moments_need_a_zone() {
        for (text, expected) in [
            ("2024-05-01T09:30:00Z", Some("2024-05-01T09:30:00Z")),
            ("2024-05-01T09:30:00+10:00", Some("2024-04-30T23:30:00Z")),
            ("05/06/2024", None),
            // The last part of a second is not the next year.
            ("2024-12-31T23:59:59.9Z", Some("2024-12-31T23:59:59Z")),
            ("1969-12-31T23:59:59.9Z", Some("1969-12-31T23:59:59Z")),
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
        let fault = |text| moment(text, None, jiff::civil::date(2026, 11, 22), None).unwrap_err();
        assert_eq!(fault("05/06/2024"), Fault::Day(date::Fault::Ambiguous));
        assert!(matches!(fault("2024-02-30"), Fault::Day(date::Fault::Impossible(_))));
        let order = Some(DateOrder::Dmy);
        assert_eq!(written("05/06/2024", order).as_deref(), Some("2024-06-05T00:00:00Z"));
        assert_eq!(written("05/06/24", order).as_deref(), Some("2024-06-05T00:00:00Z"));
    }
}
