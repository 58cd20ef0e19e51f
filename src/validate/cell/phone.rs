//! A cell with a phone number, in the form of the target.

use std::borrow::Cow;

use super::{Place, plain};
use crate::finding::{self, Finding};
use crate::mapping::beside_phone_label;
use crate::record::{PhoneForm, Slot};
use crate::validate::home::Home;
use crate::validate::person::JudgeRow;
use crate::validate::phone;

impl<'a> JudgeRow<'a, '_> {
    pub(in crate::validate) fn judge_phone(
        &mut self,
        place: Place<'_, '_>,
        text: Cow<'a, str>,
        form: PhoneForm,
    ) -> Result<Slot<'a>, Box<Finding>> {
        // Digits need no country.
        let home = if form == PhoneForm::E164 { self.home() } else { Home::Open };
        let bare = beside_phone_label(&text);
        let (code, message) = match phone::write(bare.unwrap_or(&text), form, home.region()) {
            Ok(written) if written.number == text || form == PhoneForm::AsIs => {
                return Ok(plain(text));
            }
            Ok(written) => {
                if let Some(bare) = bare {
                    self.repaired(&finding::PHONE_REPAIRED, place, bare);
                }
                if let Some(extension) = written.extension {
                    let message = format!("sent without its extension {extension}");
                    let code = &finding::PHONE_EXTENSION;
                    let finding = self.about(code, place, message);
                    self.findings.push(finding.fix(&written.number, true));
                }
                return Ok(Slot::Made(written.number.into()));
            }
            Err(phone::Fault::Invalid(message)) => (&finding::PHONE_INVALID, message),
            Err(phone::Fault::Syntax(message)) => (&finding::PHONE_SYNTAX, message),
            Err(phone::Fault::Several) => {
                let message = "the cell holds more than one number";
                let finding = self.about(&finding::PHONE_SEVERAL, place, message);
                return Err(Box::new(finding.help("keep one number in the cell")));
            }
            Err(phone::Fault::NoCountry) => {
                return Err(Box::new(self.no_country(home, place)));
            }
        };
        Err(Box::new(self.about(code, place, message)))
    }

    fn no_country(&self, home: Home, place: Place<'_, '_>) -> Finding {
        let code = &finding::PHONE_NO_COUNTRY;
        if home == Home::Unknown
            && let Some((said, header)) = self.said_home()
        {
            let message = format!(
                "the number has no country code, and {said:?} under {header:?} is no country"
            );
            let help = "correct the country, or write the number with + and its country code";
            return self.about(code, place, message).help(help);
        }
        let message = "the number has no country code";
        let help = "name the country with --default-region, such as --default-region AU, or its column \
                    with --region-column";
        self.about(code, place, message).help(help)
    }
}
