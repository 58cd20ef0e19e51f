//! What makes two findings one cause, for all who sort findings by their causes.

use std::borrow::Cow;

use super::Cause;
use crate::finding::{Finding, ROW_SHIFTED, Severity};

/// In front of what rows that have shifted say.
const SHIFTED: &str = "rows are shifted: ";

/// The same for all findings of a cause, and another for those of others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    code: &'static str,
    severity: Severity,
    input: u16,
    column: Option<u16>,
    known: bool,
    /// Which way and from where, for rows that have shifted.
    shift: Option<Cow<'static, str>>,
}

impl Key {
    /// The key of a finding.
    pub(crate) fn of(finding: &Finding) -> Self {
        let is_shift = finding.code == &ROW_SHIFTED;
        Self {
            code: finding.code.id,
            severity: finding.severity,
            input: finding.at.input,
            column: finding.column,
            known: finding.known,
            shift: is_shift.then(|| finding.message.clone()),
        }
    }

    /// What the cause of a finding with this key is called.
    pub(super) fn message(&self, finding: &Finding) -> Cow<'static, str> {
        match &self.shift {
            Some(shift) => format!("{SHIFTED}{shift}").into(),
            None => Cow::Borrowed(finding.code.title),
        }
    }

    /// Whether it is the key of this cause.
    pub(crate) fn is(&self, cause: &Cause) -> bool {
        let same = self.code == cause.code.id
            && self.severity == cause.severity
            && (self.input, self.column, self.known) == (cause.input, cause.column, cause.known);
        same && (self.shift.is_none()
            || self.shift.as_deref() == cause.message.strip_prefix(SHIFTED))
    }
}
