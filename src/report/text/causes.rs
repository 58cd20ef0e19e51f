//! Causes, each on a line with its places, and what cures it on the line below.

use super::Text;
use super::page::{Page, Tone, columns};
use crate::cause::{Cause, Cure};
use crate::finding::Severity;
use crate::report::Summary;
use crate::report::words::{INTO_RECIPE, Places, amount, grouped, made_of, then, title};
use crate::visible::{harmless, visible};

/// Causes of a severity that are listed one by one.
const LISTED: usize = 12;
/// Words of a cause that are named.
const WORDS: usize = 5;
/// Below the message of a cause.
const INDENT: &str = "        ";
/// The fewest columns in which places stand beside a message, and not below it.
const ENOUGH: usize = 30;
/// The widest message that the places of others line up with.
const WIDEST: usize = 64;

impl Text {
    /// The new causes of a severity.
    pub(super) fn causes(&self, page: &mut Page, summary: &Summary, severity: Severity) {
        let causes: Vec<&Cause> =
            summary.new_causes().filter(|cause| cause.severity == severity).collect();
        // One line for one more cause is no longer than the line that would speak of it.
        let listed = if causes.len() == LISTED + 1 { causes.len() } else { LISTED };
        let messages: Vec<String> = causes
            .iter()
            .take(listed)
            .map(|cause| page.signs(&visible(&title(cause))).into_owned())
            .collect();
        let widths = messages.iter().map(|message| columns(message));
        let widest = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
        for (cause, message) in causes.iter().zip(&messages) {
            let lead = format!("{:>6}  ", grouped(amount(cause)));
            let places = Places::of(&self.head, cause).parts().join("  ");
            let places = page.signs(&places).into_owned();
            let pad = widest.saturating_sub(columns(message));
            let beside = format!("{lead}{message}{}  ", " ".repeat(pad));
            let left = page.width().saturating_sub(columns(&beside));
            if columns(&places).min(ENOUGH) <= left {
                page.put_beside(&beside, Tone::Quiet, &places);
            } else {
                page.put(None, &lead, message);
                page.put(Some(Tone::Quiet), INDENT, &places);
            }
            let words = made_of(cause, WORDS);
            if !words.is_empty() {
                page.put_items(Some(Tone::Quiet), INDENT, &words, " · ");
            }
            if let Some(cure) = &cause.cure {
                Self::cure(page, cure);
            }
        }
        if causes.len() > listed {
            let rest: u64 = causes.iter().skip(listed).map(|cause| cause.count).sum();
            let kinds = causes.len() - listed;
            let lead = format!("{:>6}  ", grouped(rest));
            page.put(
                None,
                &lead,
                &format!("others, of {kinds} kinds: --report problems.html lists them all"),
            );
        }
    }

    fn cure(page: &mut Page, cure: &Cure) {
        let people = then(cure);
        if let Some((section, lines)) = cure.text.split_once('\n') {
            page.put(None, INDENT, &format!("Cure: {INTO_RECIPE}{people}"));
            page.exact(&format!("{INDENT}  {}", harmless(section)));
            for line in lines.lines() {
                page.exact(&format!("{INDENT}  {}", harmless(line)));
            }
        } else {
            page.put(None, INDENT, &format!("Cure: {}{people}", harmless(&cure.text)));
        }
    }
}
