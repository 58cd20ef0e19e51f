//! A cell with a day: what the reading of dates says, as findings.

use std::borrow::Cow;

use crate::finding::{self, Finding};
use crate::record::{Field, Slot, Value};
use crate::row::Cell;
use crate::validate::date;
use crate::validate::person::JudgeRow;

impl<'a> JudgeRow<'a, '_> {
    pub(in crate::validate) fn judge_date(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let settings = &self.rules.settings;
        let here = self.nature(column).and_then(|nature| nature.order);
        let read = match date::read(text, settings.date_order.or(here), settings.today) {
            Err(date::Fault::Syntax(message)) => {
                match self.mend_date(field, column, cell, text)? {
                    Some(date) => Ok(date::Read { date, completed: false }),
                    None => Err(date::Fault::Syntax(message)),
                }
            }
            read => read,
        };
        let fail = |code, message: Cow<'static, str>| {
            Box::new(self.finding(code, column, field, cell.text, message))
        };
        let read = match read {
            Ok(read) => read,
            Err(date::Fault::Syntax(message)) => {
                return Err(Box::new(
                    fail(&finding::DATE_SYNTAX, message).help("write it as YYYY-MM-DD"),
                ));
            }
            Err(date::Fault::Impossible(message)) => {
                return Err(fail(&finding::DATE_IMPOSSIBLE, message));
            }
            Err(date::Fault::Ambiguous) => {
                return Err(Box::new(
                    fail(&finding::DATE_AMBIGUOUS, "day and month can be read either way".into())
                        .help("say which with --date-order dmy or --date-order mdy"),
                ));
            }
        };
        let date = read.date;
        if field.born && date > settings.today {
            return Err(fail(&finding::DATE_RANGE, "the date lies in the future".into()));
        }
        if field.born && date.year() < 1900 {
            return Err(fail(&finding::DATE_RANGE, "the date lies before 1900".into()));
        }
        if read.completed {
            let after = date.to_string();
            let code = &finding::DATE_CENTURY;
            let finding = self.finding(code, column, field, cell.text, format!("read as {after}"));
            self.findings.push(finding.fix(&after, true));
        }
        Ok(Slot::Plain(Value::Date(date)))
    }
}
