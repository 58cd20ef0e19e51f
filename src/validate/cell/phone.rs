//! A cell with a phone number, in the form of the target.

use std::borrow::Cow;

use super::plain;
use crate::finding::{self, Finding};
use crate::record::{Field, PhoneForm, Slot};
use crate::row::Cell;
use crate::validate::person::JudgeRow;
use crate::validate::phone;

impl<'a> JudgeRow<'a, '_> {
    pub(in crate::validate) fn judge_phone(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: Cow<'a, str>,
        form: PhoneForm,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let (code, message) = match phone::write(&text, form, self.rules.settings.region) {
            Ok(written) if written.number == text => return Ok(plain(text)),
            Ok(written) => {
                if let Some(extension) = written.extension {
                    let message = format!("sent without its extension {extension}");
                    let code = &finding::PHONE_EXTENSION;
                    let finding = self.finding(code, column, field, cell.text, message);
                    self.findings.push(finding.fix(&written.number, true));
                }
                return Ok(Slot::Made(written.number.into()));
            }
            Err(phone::Fault::Invalid(message)) => (&finding::PHONE_INVALID, message),
            Err(phone::Fault::Syntax(message)) => (&finding::PHONE_SYNTAX, message),
            Err(phone::Fault::NoCountry) => {
                let message = "the number has no country code";
                let code = &finding::PHONE_NO_COUNTRY;
                let finding = self.finding(code, column, field, cell.text, message);
                let help = "name the country with --default-region, such as --default-region AU";
                return Err(Box::new(finding.help(help)));
            }
        };
        Err(Box::new(self.finding(code, column, field, cell.text, message)))
    }
}
