//! Reports that are safe to share: around any other report, with every value of the file replaced.
//!
//! A value becomes a token that is made of it and of a key that this run alone has: the same value has
//! the same token throughout the reports of a run, and nobody can try names until one fits. What
//! repeats values in words (messages, helps, reasons, the words of the target) gives way to the words of
//! the catalogue; text that was written before the file was read cannot hold any and stays.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use siphasher::sip::SipHasher24;

use super::{Head, Judged, Report, Sheet, Summary};
use crate::cause::{Cause, Cure, Word};
use crate::error::Result;
use crate::finding::{Code, Finding, Fix};
use crate::mapping::{Column, Confidence, NO_FIELD, Role};
use crate::reader::Facts;
use crate::returned::Returned;
use crate::row::Rows;

/// What stands where words were that may have held values.
const LEFT_OUT: &str = "left out by --mask";

/// Around the words of a target in the last lines of a run that has stopped (`command/sending.rs`).
pub(crate) const STOPPED: &str = "stopped part-way: ";
pub(crate) const LOST: &str = "; nothing is lost. ";

/// What makes tokens of values, under a key of its own.
#[derive(Clone, Copy)]
pub struct Mask([u64; 2]);

impl Default for Mask {
    /// A fresh key, from the system's randomness through the standard library's hash keys.
    fn default() -> Self {
        let state = RandomState::new();
        Self([state.hash_one(1_u8), state.hash_one(2_u8)])
    }
}

impl std::fmt::Debug for Mask {
    /// Without the key, which would let names be tried.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

impl Mask {
    /// The token of a value; nothing for what is blank.
    pub(crate) fn token(&self, value: &str) -> String {
        if value.is_empty() {
            return String::new();
        }
        let mut hasher = SipHasher24::new_with_keys(self.0[0], self.0[1]);
        hasher.write(value.as_bytes());
        // 40 bits: of 100,000 values no two are likely to share one.
        format!("‹{:010x}›", hasher.finish() >> 24)
    }

    /// A report that gets all it is told through this mask.
    pub(crate) fn over(self, report: Box<dyn Report>) -> Box<dyn Report> {
        Box::new(Masked { report, mask: self, rows: Rows::default() })
    }

    fn finding(&self, finding: &Finding) -> Finding {
        Finding {
            value: self.token(&finding.value).into(),
            message: plain(&finding.message, finding.code.title),
            help: finding.help.as_ref().map(|help| plain(help, finding.code.cure)),
            fix: finding
                .fix
                .as_ref()
                .map(|fix| Fix { after: self.token(&fix.after).into(), applied: fix.applied }),
            readings: finding.readings.as_ref().map(|readings| {
                readings.iter().map(|reading| self.token(reading).into()).collect()
            }),
            ..finding.clone()
        }
    }

    fn sheet(&self, sheet: &Sheet) -> Sheet {
        let mut sheet = sheet.clone();
        let Facts { encoding_why, encoding_guess, next_table, origin, .. } = &mut sheet.facts;
        // A guess shows some of the words that it rests on.
        if encoding_guess.take().is_some() {
            LEFT_OUT.clone_into(encoding_why);
        }
        *next_table = next_table.take().map(|(row, cells)| (row, self.token(&cells)));
        // Nor is a copy of the file to be had.
        *origin = None;
        for column in &mut sheet.mapping.columns {
            self.column(column);
        }
        for (how, _) in &mut sheet.made {
            *how = self.token(how);
        }
        sheet
    }

    fn column(&self, column: &mut Column) {
        column.proof = None;
        for word in &mut column.unknown {
            *word = self.token(word);
        }
        let is_stated = column.confidence == Some(Confidence::Stated);
        if !(is_stated || column.why.is_empty() || column.why == "header") {
            LEFT_OUT.clone_into(&mut column.why);
        }
        let is_left_out = column.role.is_left_out();
        if let Role::Unused(reason) = &mut column.role
            && reason != NO_FIELD
            && !is_left_out
        {
            LEFT_OUT.clone_into(reason);
        }
    }

    /// A kind that we do not know stands in a record because somebody wrote it there.
    fn returned(&self, returned: &Returned) -> Returned {
        let mut returned = returned.clone();
        for one in &mut returned.codes {
            if Code::find(&one.code).is_none() {
                one.code = self.token(&one.code);
            }
        }
        returned
    }

    fn cause(&self, cause: &Cause) -> Cause {
        let words = cause.words.iter().map(|word| Word {
            text: self.token(&word.text),
            suggestion: word.suggestion.as_deref().map(|meant| self.token(meant)),
            count: word.count,
        });
        let cure = cause.cure.clone().map(|cure| match cure.text.split_once('\n') {
            // Lines of the recipe teach the words of the file.
            Some((section, _)) => {
                let text = format!("teach these words under {section} in the recipe");
                Cure { text, ..cure }
            }
            None => cure,
        });
        Cause {
            message: plain(&cause.message, cause.code.title),
            words: words.collect(),
            cure,
            ..cause.clone()
        }
    }
}

/// Words that cannot hold a value: those that are part of the program, else others in their place.
#[expect(clippy::ptr_arg, reason = "whether the words are borrowed is the question")]
fn plain(words: &Cow<'static, str>, instead: &'static str) -> Cow<'static, str> {
    match words {
        Cow::Borrowed(text) => Cow::Borrowed(text),
        Cow::Owned(_) => Cow::Borrowed(instead),
    }
}

/// A last line of a run without why it stopped, which the target may have said.
fn unsaid(line: &str) -> String {
    let said = line.strip_prefix(STOPPED).and_then(|rest| rest.rsplit_once(LOST));
    said.map_or_else(|| line.to_owned(), |(_, rest)| format!("{STOPPED}{LEFT_OUT}{LOST}{rest}"))
}

/// A report behind a mask.
struct Masked {
    report: Box<dyn Report>,
    mask: Mask,
    /// The row at hand as the report gets it.
    rows: Rows,
}

impl Report for Masked {
    fn begin(&mut self, head: &Head) -> Result<()> {
        let head = Head {
            sheets: head.sheets.iter().map(|sheet| self.mask.sheet(sheet)).collect(),
            notes: head.notes.iter().map(|note| self.mask.finding(note)).collect(),
            earlier: head.earlier.clone(),
            target: head.target,
            is_masked: true,
        };
        self.report.begin(&head)
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.report.note(&self.mask.finding(finding))
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        self.rows = Rows::default();
        for cell in judged.row.cells() {
            self.rows.push_cell(&self.mask.token(cell.text), cell.kind);
        }
        self.rows.end_row(judged.row.at);
        let findings: Vec<Finding> =
            judged.findings.iter().map(|finding| self.mask.finding(finding)).collect();
        let Some(row) = self.rows.get(0) else { return Ok(()) };
        self.report.row(Judged { row, fate: judged.fate, findings: &findings })
    }

    fn takes_all(&self) -> bool {
        self.report.takes_all()
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let refused = summary.refused.iter().map(|(at, words)| (*at, self.mask.token(words)));
        let summary = Summary {
            causes: summary.causes.iter().map(|cause| self.mask.cause(cause)).collect(),
            refused: refused.collect(),
            next: summary.next.iter().map(|line| unsaid(line)).collect(),
            returned: summary
                .returned
                .iter()
                .map(|returned| self.mask.returned(returned))
                .collect(),
            ..summary.clone()
        };
        self.report.end(&summary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_token_in_a_run_and_another_in_the_next() {
        let (one, other) = (Mask::default(), Mask::default());
        let token = one.token("ada@example.org");
        assert_eq!(token, one.token("ada@example.org"));
        assert_ne!(token, one.token("Ada@example.org"));
        assert_ne!(token, other.token("ada@example.org"), "the key is a new one");
        assert_eq!(token.chars().count(), 12, "{token}");
        assert!(token.starts_with('‹') && token.ends_with('›'), "{token}");
        assert_eq!(one.token(""), "");
        assert_eq!(format!("{one:?}"), "Mask");
    }

    #[test]
    fn words_that_are_made_while_the_run_goes_on_give_way() {
        let fixed = Cow::Borrowed("email is blank");
        assert_eq!(plain(&fixed, "the title"), "email is blank");
        assert_eq!(plain(&Cow::Owned("ada@x is none".to_owned()), "the title"), "the title");
        let line = "stopped part-way: 500: ada@x; nothing is lost. Carry on: upsheet resume 1";
        let left =
            "stopped part-way: left out by --mask; nothing is lost. Carry on: upsheet resume 1";
        assert_eq!(unsaid(line), left);
        assert_eq!(unsaid("next: upsheet push a.csv"), "next: upsheet push a.csv");
    }
}
