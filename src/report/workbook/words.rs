//! What a checked workbook says of a row and of its cells, in words: the same in the user's own copy and
//! in a fresh one.

use std::fmt::Write as _;

use crate::finding::{Finding, ROW_SHIFTED, Severity};
use crate::report::grouped;
use crate::validate::Fate;
use crate::visible::{harmless, visible};

/// How many characters a cell may have in a spreadsheet.
pub(super) const LONGEST_CELL: usize = 32_767;
/// How many characters words of ours may have: a note may have a few less than a cell.
const LONGEST: usize = 32_700;
/// What of them is filled: a program may count some characters twice.
const FILLED: usize = 16_000;

/// What became of a row, in one of a handful of words by which rows are filtered.
pub(super) fn status(fate: Fate, findings: &[Finding]) -> &'static str {
    let has = |severity| findings.iter().any(|finding| finding.severity == severity);
    match fate {
        Fate::Rejected => "rejected",
        Fate::Skipped | Fate::NextTable => "skipped",
        Fate::Ready if has(Severity::Warning) => "look at it",
        Fate::Ready if has(Severity::Fix) => "repaired",
        Fate::Ready => "ready",
    }
}

/// Why, in one cell: errors first, and of a row that has shifted only the shift, from which its other
/// errors follow.
pub(super) fn findings(findings: &[Finding]) -> String {
    let shifted = findings.iter().any(is_shift);
    let follows =
        |finding: &Finding| shifted && finding.severity == Severity::Error && !is_shift(finding);
    let mut said: Vec<&Finding> = findings.iter().filter(|finding| !follows(finding)).collect();
    said.sort_by_key(|finding| rank(finding.severity));
    let words = said.iter().map(|finding| {
        let lead = match (finding.known, finding.severity) {
            (true, _) => "accepted by the baseline: ",
            (_, Severity::Error) => "",
            (_, Severity::Warning) => "look at it: ",
            (_, Severity::Fix) => "repaired: ",
            (_, Severity::Info) => "note: ",
        };
        let field = finding.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
        let message = harmless(&finding.message).replace('\n', " ");
        format!("{lead}{field}{message} [{}]", finding.code.id)
    });
    joined(words, "; ")
}

/// What is said of one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// The column, as findings count it.
    pub(super) column: u16,
    /// How bad the worst of it is: it decides how the cell looks.
    pub(super) severity: Severity,
    /// The words: of each finding the code, the message, the proposed value, the help.
    pub(super) text: String,
}

/// The notes of a row, one for each cell that has findings, in the order of the columns.
pub(super) fn notes(findings: &[Finding]) -> Vec<Note> {
    let mut columns: Vec<u16> = findings.iter().filter_map(|finding| finding.column).collect();
    columns.sort_unstable();
    columns.dedup();
    let note = |column| {
        let mut own: Vec<&Finding> =
            findings.iter().filter(|finding| finding.column == Some(column)).collect();
        own.sort_by_key(|finding| rank(finding.severity));
        let severity = own.first()?.severity;
        Some(Note { column, severity, text: joined(own.iter().map(|one| told(one)), "\n\n") })
    };
    columns.into_iter().filter_map(note).collect()
}

/// One finding in a note.
fn told(finding: &Finding) -> String {
    let mut text = format!("{}: {}", finding.code.id, harmless(&finding.message));
    // Writing to a String cannot fail.
    let in_help = |value: &str| finding.help.as_ref().is_some_and(|help| help.contains(value));
    if let Some(fix) = finding.fix.as_ref().filter(|fix| fix.applied || !in_help(&fix.after)) {
        let lead = if fix.applied { "repaired to" } else { "suggestion" };
        let _ = write!(text, "\n{lead}: {}", visible(&fix.after));
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\n{}", harmless(help));
    }
    text
}

fn is_shift(finding: &Finding) -> bool {
    finding.code == &ROW_SHIFTED
}

/// The worst first.
fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Fix => 2,
        Severity::Info => 3,
    }
}

/// Puts words together as far as a cell has room, and says how many it has no room for.
fn joined(words: impl ExactSizeIterator<Item = String>, between: &str) -> String {
    let all = words.len();
    let mut text = String::new();
    for (number, word) in words.enumerate() {
        let lead = if number == 0 { "" } else { between };
        if number > 0 && units(&text) + units(&word) > FILLED {
            let more = grouped((all - number) as u64);
            let _ = write!(text, "{lead}and {more} more: --report FILE.json has them all");
            break;
        }
        text.push_str(lead);
        text.push_str(&word);
    }
    fitted(&text)
}

/// A text as it is where a cell has room for it: only one message that quotes a value as long as that has
/// none.
pub(super) fn fitted(text: &str) -> String {
    if text.len() <= LONGEST || units(text) <= LONGEST {
        return text.to_owned();
    }
    let kept: String = text.chars().take(FILLED).collect();
    format!("{kept}… (--report FILE.json has all of it)")
}

/// How long a text is as a spreadsheet counts.
pub(super) fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{DUPLICATE, EMAIL_SYNTAX, EMAIL_TYPO};
    use crate::row::Location;

    fn made(code: &'static crate::finding::Code, severity: Severity, message: &str) -> Finding {
        let mut finding = Finding::new(code, Location::default(), message.to_owned());
        finding.severity = severity;
        finding
    }

    #[test]
    fn a_row_has_one_word_by_its_fate_and_its_worst_finding() {
        let of = |severity| [made(&EMAIL_SYNTAX, severity, "x")];
        for (fate, findings, word) in [
            (Fate::Ready, None, "ready"),
            (Fate::Ready, Some(Severity::Info), "ready"),
            (Fate::Ready, Some(Severity::Fix), "repaired"),
            (Fate::Ready, Some(Severity::Warning), "look at it"),
            (Fate::Rejected, Some(Severity::Error), "rejected"),
            (Fate::Skipped, Some(Severity::Info), "skipped"),
        ] {
            let findings = findings.map(of);
            assert_eq!(status(fate, findings.as_ref().map_or(&[], |f| f.as_slice())), word);
        }
    }

    #[test]
    fn a_cell_says_code_message_suggestion_and_help_the_worst_first() {
        let typo = made(&EMAIL_TYPO, Severity::Warning, "perhaps a slip")
            .column(Some(3))
            .fix("ada@example.org", false)
            .help("look at it");
        let bad = made(&EMAIL_SYNTAX, Severity::Error, "two @\u{202e}").column(Some(3));
        let row = made(&DUPLICATE, Severity::Error, "as on row 2");
        let all = [typo, bad, row];
        assert_eq!(
            notes(&all),
            [Note {
                column: 3,
                severity: Severity::Error,
                text: "email-syntax: two @\\u{202e}\n\nemail-typo: perhaps a slip\n\
                       suggestion: ada@example.org\nlook at it"
                    .to_owned(),
            }]
        );
        assert_eq!(
            findings(&all),
            "two @\\u{202e} [email-syntax]; as on row 2 [duplicate]; look at it: perhaps a slip \
             [email-typo]"
        );
    }

    #[test]
    fn what_a_cell_has_no_room_for_is_counted() {
        let long = "x".repeat(9_000);
        let many: Vec<Finding> =
            (0..4).map(|_| made(&EMAIL_SYNTAX, Severity::Error, &long)).collect();
        let text = findings(&many);
        assert!(units(&text) < LONGEST, "{}", text.len());
        assert!(text.ends_with("and 3 more: --report FILE.json has them all"), "{}", text);
        let one = [made(&EMAIL_SYNTAX, Severity::Error, &"😀".repeat(20_000))];
        assert!(units(&findings(&one)) <= LONGEST);
        assert!(findings(&one).ends_with("(--report FILE.json has all of it)"));
    }
}
