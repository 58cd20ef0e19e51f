//! A cell with an e-mail address: the policy's verdict as findings.

use std::borrow::Cow;

use super::{Place, plain};
use crate::finding::{self, Finding};
use crate::record::Slot;
use crate::validate::email::{self, Content, Doubt, Owner};
use crate::validate::person::JudgeRow;

impl<'a> JudgeRow<'a, '_> {
    pub(in crate::validate) fn judge_email(
        &mut self,
        place: Place<'a, 'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        if !email::is_plain(text.as_bytes()) {
            return self.judge_odd_email(place, text);
        }
        self.doubt_email(place, &text);
        Ok(plain(text))
    }

    /// An address that is not of the plainest form.
    #[cold]
    fn judge_odd_email(
        &mut self,
        place: Place<'a, 'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let text = match email::content(&text) {
            Content::Bare => text,
            Content::Several => {
                let message = "the cell holds more than one address";
                let code = &finding::EMAIL_SEVERAL;
                let finding = self.about(code, place, message);
                return Err(Box::new(finding.help("keep one address in the cell")));
            }
            Content::Wrapped(inner) => {
                let inner = inner.into_owned();
                if email::check(&inner).is_ok() {
                    self.repaired(&finding::EMAIL_REPAIRED, place, &inner);
                }
                Cow::Owned(inner)
            }
        };
        if let Err(fault) = email::check(&text) {
            let code = &finding::EMAIL_SYNTAX;
            let mut finding = self.about(code, place, fault.message);
            if let Some(suggestion) = fault.suggestion {
                let help = format!("did you mean {suggestion}?");
                finding = finding.help(help).fix(&suggestion, false);
            }
            return Err(Box::new(finding));
        }
        self.doubt_email(place, &text);
        Ok(plain(text))
    }

    /// What speaks against an address that is one. It is sent as it stands.
    fn doubt_email(&mut self, place: Place<'_, 'a>, address: &str) {
        let owner = email::owner(address);
        if let Some(owner) = owner {
            let (code, message) = match owner {
                Owner::Role => {
                    (&finding::EMAIL_ROLE, "the mailbox belongs to a role, not to one person")
                }
                Owner::Nobody => {
                    (&finding::EMAIL_PLACEHOLDER, "the address stands where none is known")
                }
            };
            let finding = self.about(code, place, message);
            self.findings.push(finding);
        }
        let Some(doubt) = self.recent.domains.doubt(address) else { return };
        let finding = match doubt {
            Doubt::Slip(meant) => {
                let local = address.rsplit_once('@').map_or("", |(local, _)| local);
                let suggestion = format!("{local}@{meant}");
                let message = format!("the domain looks like a slip of {meant}");
                let help = format!("did you mean {suggestion}? It is sent as it stands");
                self.about(&finding::EMAIL_TYPO, place, message).help(help).fix(&suggestion, false)
            }
            Doubt::Ending(ending) => {
                let message = format!("there are no domains that end in .{ending}");
                self.about(&finding::EMAIL_ENDING, place, message)
            }
            Doubt::Internal(ending) => {
                let message =
                    format!("no mail from outside reaches a domain that ends in .{ending}");
                self.about(&finding::EMAIL_ENDING, place, message)
            }
            Doubt::Lookalike => {
                let message =
                    "a word of the domain mixes letters of several alphabets that look alike";
                self.about(&finding::EMAIL_LOOKALIKE, place, message)
            }
            Doubt::Nobody if owner == Some(Owner::Nobody) => return,
            Doubt::Nobody => {
                let message = "the domain says that there is no address";
                self.about(&finding::EMAIL_PLACEHOLDER, place, message)
            }
        };
        self.findings.push(finding);
    }
}
