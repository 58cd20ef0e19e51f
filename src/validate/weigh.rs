//! How bad the findings of a row are in this run: what the user decided about their kinds.

use super::Rules;
use crate::finding::{Code, Finding, Severities, Severity};
use crate::record::Need;

impl Rules {
    /// Takes over what the user decided about kinds of findings.
    pub fn set_severities(&mut self, severities: Severities) {
        self.severities = severities;
    }

    /// Gives the findings of a row, from place `first` on, the severities of this run. Those of kinds
    /// that are turned off are taken out and handed to `off`.
    pub fn weigh(
        &self,
        findings: &mut Vec<Finding>,
        first: usize,
        off: &mut dyn FnMut(&'static Code),
    ) {
        if self.severities.is_default() || findings.len() <= first {
            return;
        }
        let own = findings.split_off(first);
        findings.extend(own.into_iter().filter_map(|mut finding| {
            match self.severities.of(finding.code) {
                None => {}
                Some(None) => {
                    off(finding.code);
                    return None;
                }
                Some(Some(severity)) => self.put(&mut finding, severity),
            }
            Some(finding)
        }));
    }

    /// Whether an error still rejects its row in this run.
    pub(super) fn rejects(&self, error: &Finding) -> bool {
        let lowered = self.severities.of(error.code).is_some_and(|it| it != Some(Severity::Error));
        let field = error.field.as_deref();
        let field = field.and_then(|name| self.fields.iter().find(|field| field.name == name));
        !(lowered && field.is_some_and(|field| field.need != Need::Required))
    }

    /// An error about a value becomes a warning only where the person can be sent without the value.
    fn put(&self, finding: &mut Finding, severity: Severity) {
        if finding.severity != Severity::Error || severity == Severity::Error {
            finding.severity = severity;
        } else if !self.rejects(finding) {
            finding.severity = severity;
            finding.message.to_mut().push_str("; the recipe lets the person be sent without it");
        }
    }
}
