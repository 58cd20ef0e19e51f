//! A cell with an e-mail address: the policy's verdict as findings.

use std::borrow::Cow;

use super::plain;
use crate::finding::{self, Finding};
use crate::record::{Field, Slot};
use crate::row::Cell;
use crate::validate::email;
use crate::validate::person::{JudgeRow, RECENT};

impl<'a> JudgeRow<'a, '_> {
    pub(in crate::validate) fn judge_email(
        &mut self,
        field: &'a Field,
        column: Option<u16>,
        cell: Cell<'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let text = match email::content(&text) {
            email::Content::Bare => text,
            email::Content::Several => {
                return Err(Box::new(
                    self.finding(
                        &finding::EMAIL_SEVERAL,
                        column,
                        field,
                        cell.text,
                        "the cell holds more than one address",
                    )
                    .help("keep one address in the cell"),
                ));
            }
            email::Content::Wrapped(inner) => {
                let inner = inner.to_owned();
                if email::check(&inner).is_ok() {
                    self.repaired(&finding::EMAIL_REPAIRED, column, field, cell.text, &inner);
                }
                Cow::Owned(inner)
            }
        };
        if let Err(fault) = email::check(&text) {
            let mut finding =
                self.finding(&finding::EMAIL_SYNTAX, column, field, cell.text, fault.message);
            if let Some(suggestion) = fault.suggestion {
                finding =
                    finding.help(format!("did you mean {suggestion}?")).fix(&suggestion, false);
            }
            return Err(Box::new(finding));
        }
        if email::is_role(&text) {
            let finding = self.finding(
                &finding::EMAIL_ROLE,
                column,
                field,
                cell.text,
                "the mailbox belongs to a role, not to one person",
            );
            self.findings.push(finding);
        }
        if let Some(provider) = self.slip(cell.text, &text) {
            let local = text.rsplit_once('@').map_or("", |(local, _)| local);
            let suggestion = format!("{local}@{provider}");
            let finding = self
                .finding(
                    &finding::EMAIL_TYPO,
                    column,
                    field,
                    cell.text,
                    format!("the domain is one slip away from {provider}"),
                )
                .help(format!("did you mean {suggestion}? It is sent as it stands"))
                .fix(&suggestion, false);
            self.findings.push(finding);
        }
        Ok(plain(text))
    }

    fn slip(&mut self, raw: &'a str, address: &str) -> Option<&'static str> {
        let domain = address.rsplit_once('@')?.1;
        if let Some((_, slip)) = self.recent.domains.iter().find(|(known, _)| *known == domain) {
            return *slip;
        }
        let slip = email::slip_of(domain);
        // Only a domain that stands in the file as it is can be remembered without a copy.
        if let Some(own) =
            raw.trim().rsplit_once('@').map(|(_, own)| own).filter(|own| *own == domain)
            && self.recent.domains.len() < RECENT
        {
            self.recent.domains.push((own, slip));
        }
        slip
    }
}
