//! The outcome, at the head of the page: what happened, the counts that add up, what to do next.

use super::markup::Markup;
use crate::finding::{Finding, Severity};
use crate::report::returned::{self, Line};
use crate::report::text::words::{counted, grouped};
use crate::report::{Added, Head, Summary};
use crate::visible::visible;

/// A part of the people: how many, what they are, and the class of its colour.
struct Part {
    count: u64,
    what: String,
    class: &'static str,
}

/// Writes the outcome.
pub(super) fn write(page: &mut Markup, head: &Head, summary: &Summary, notes: &[Finding]) {
    let (class, mark, line) = verdict(summary);
    page.within("section", &[("class", "outcome"), ("aria-labelledby", "outcome")], |page| {
        page.within("h1", &[("id", "outcome"), ("class", class)], |page| {
            page.element("span", &[("class", "mark"), ("aria-hidden", "true")], mark);
            page.text(&line);
        });
        inputs(page, head, summary);
        balance(page, head, summary);
        came_back(page, head, summary);
        remarks(page, summary, notes);
        refusals(page, head, summary);
        next(page, summary);
    });
}

/// The outcome in a line, with its class and its mark.
fn verdict(summary: &Summary) -> (&'static str, &'static str, String) {
    let is_error = |severity| severity == Severity::Error;
    let kinds = summary.new_causes().filter(|cause| is_error(cause.severity)).count();
    let valid = summary.counts.valid;
    let people = |count| counted(count, "person", "people");
    if kinds > 0 {
        let reasons = counted(kinds as u64, "reason", "reasons");
        let who = match summary.rejected_anew {
            0 => "Nobody is to be imported".to_owned(),
            count => format!("{} cannot be imported", people(count)),
        };
        return ("bad", "✗", format!("{who}, for {reasons}"));
    }
    if summary.denied > 0 {
        let findings = counted(summary.denied, "finding is", "findings are");
        return ("bad", "✗", format!("{findings} denied, so nothing is to be imported"));
    }
    match summary.delivery {
        Some(_) if !summary.all_landed() => {
            let tally = summary.delivery.unwrap_or_default();
            let line =
                format!("{} of {} have been imported", grouped(tally.accepted), people(valid));
            ("bad", "✗", line)
        }
        _ if valid == 0 => ("odd", "!", "Nothing to import".to_owned()),
        delivery => {
            let done = delivery.is_some();
            let line = match (summary.counts.rejected == 0, valid, done) {
                (true, 1, false) => "The one person can be imported".to_owned(),
                (true, 1, true) => "The one person has been imported".to_owned(),
                (true, _, false) => format!("All {} can be imported", people(valid)),
                (true, _, true) => format!("All {} have been imported", people(valid)),
                (false, _, false) => format!("{} can be imported", people(valid)),
                (false, 1, true) => "1 person has been imported".to_owned(),
                (false, _, true) => format!("{} have been imported", people(valid)),
            };
            ("good", "✓", line)
        }
    }
}

/// How the inputs are called: by their file names, where these tell them apart.
pub(super) fn names(head: &Head) -> Vec<String> {
    let files: Vec<String> = head.sheets.iter().map(|sheet| sheet.facts.file_name()).collect();
    let named = head.sheets.iter().zip(&files).map(|(sheet, file)| {
        let twice = files.iter().filter(|other| *other == file).count() > 1;
        visible(&if twice { sheet.facts.path.display().to_string() } else { file.clone() })
    });
    named.collect()
}

/// What was read.
fn inputs(page: &mut Markup, head: &Head, summary: &Summary) {
    page.within("ul", &[("class", "inputs")], |page| {
        for (at, (sheet, name)) in head.sheets.iter().zip(names(head)).enumerate() {
            let facts = &sheet.facts;
            page.within("li", &[], |page| {
                page.element("strong", &[], &name);
                if let Some(name) = &facts.sheet {
                    page.text(&format!(" › sheet \"{}\"", visible(name)));
                }
                let header = match (facts.header_first, facts.header_row) {
                    (_, 0) => "no header".to_owned(),
                    (first, last) if first == last => format!("header on row {last}"),
                    (first, last) => format!("header on rows {first} to {last}"),
                };
                let people = summary.people.get(at).copied().unwrap_or(0);
                page.text(&format!(
                    " › {header} › {}, {}",
                    counted(people, "person", "people"),
                    counted(sheet.mapping.columns.len() as u64, "column", "columns")
                ));
            });
        }
    });
}

/// The parts that add up to all people.
fn parts(head: &Head, summary: &Summary) -> Vec<Part> {
    let part = |count, what: &str, class| Part { count, what: what.to_owned(), class };
    let counts = summary.counts;
    let Some(tally) = summary.delivery else {
        return vec![
            part(counts.valid, "ready", "good"),
            part(counts.rejected, "rejected", "error"),
            part(counts.skipped, "skipped", "blank"),
        ];
    };
    let mut parts = vec![
        part(tally.accepted, "accepted", "good"),
        part(counts.rejected, "rejected by us", "error"),
        part(tally.refused, &format!("rejected by {}", head.target), "refused"),
        part(tally.unknown, "unknown", "warning"),
        part(tally.not_sent, "not sent", "info"),
    ];
    if counts.skipped > 0 {
        parts.push(part(counts.skipped, "skipped", "blank"));
    }
    parts
}

/// The counts, as a sum and as a bar.
fn balance(page: &mut Markup, head: &Head, summary: &Summary) {
    let parts = parts(head, summary);
    let rows = summary.counts.rows;
    page.within("dl", &[("class", "counts")], |page| {
        let mut tile = |sign: &'static str, count: u64, what: &str, class: &'static str| {
            page.within("div", &[("class", class)], |page| {
                page.within("dt", &[], |page| {
                    if !sign.is_empty() {
                        page.element("span", &[("class", "sign"), ("aria-hidden", "true")], sign);
                    }
                    page.text(what);
                });
                page.element("dd", &[], &grouped(count));
            });
        };
        tile("", rows, if rows == 1 { "person" } else { "people" }, "all");
        for (at, part) in parts.iter().enumerate() {
            tile(if at == 0 { "=" } else { "+" }, part.count, &part.what, part.class);
        }
    });
    let shares: Vec<(u64, &'static str)> =
        parts.iter().map(|part| (part.count, part.class)).collect();
    stacked(page, &shares, "balance");
    if let Some(Added { what, tally }) = summary.added {
        page.element(
            "p",
            &[],
            &format!(
                "{} with {what} = {} added + {} rejected by {} + {} unknown + {} not sent",
                grouped(tally.people()),
                grouped(tally.accepted),
                grouped(tally.refused),
                head.target,
                grouped(tally.unknown),
                grouped(tally.not_sent),
            ),
        );
    }
}

/// A bar cut into shares. What it shows stands beside it in numbers, so it is hidden from those who are read to.
pub(super) fn stacked(page: &mut Markup, shares: &[(u64, &'static str)], class: &'static str) {
    let sum: u64 = shares.iter().map(|(count, _)| count).sum();
    let frame = [
        ("class", class),
        ("viewBox", "0 0 1000 10"),
        ("preserveAspectRatio", "none"),
        ("aria-hidden", "true"),
        ("focusable", "false"),
    ];
    page.within("svg", &frame, |page| {
        let mut before = 0;
        for (count, class) in shares.iter().filter(|(count, _)| *count > 0) {
            let place = |count: u64| u128::from(count) * 1000 / u128::from(sum.max(1));
            // A share that is there is seen, however small.
            let width = (place(before + count) - place(before)).max(4);
            let x = place(before).min(1000 - width.min(1000)).to_string();
            let width = width.to_string();
            let shape = [("class", *class), ("x", &*x), ("width", &*width), ("height", "10")];
            page.within("rect", &shape, |_| {});
            before += count;
        }
    });
}

/// What became of inputs that were checked before.
fn came_back(page: &mut Markup, head: &Head, summary: &Summary) {
    for said in returned::lines(head, summary) {
        let mut more = Vec::new();
        for line in said {
            match line {
                Line::Rows(line) => {
                    page.within("p", &[], |page| page.element("strong", &[], &line));
                }
                Line::Plain(line) | Line::Kind(line) => more.push(line),
                Line::Odd(line) => more.push(format!("! {line}")),
            }
        }
        if !more.is_empty() {
            page.within("ul", &[("class", "remarks")], |page| {
                for line in &more {
                    page.element("li", &[], line);
                }
            });
        }
    }
}

/// What was found about the inputs as a whole, and what the page does not count as new.
fn remarks(page: &mut Markup, summary: &Summary, notes: &[Finding]) {
    let mut lines: Vec<(String, Option<String>)> = notes
        .iter()
        .filter(|note| !note.known)
        .map(|note| (note.message.to_string(), note.help.as_deref().map(str::to_owned)))
        .collect();
    // Where nothing else is wrong, the headline says it.
    if summary.denied > 0 && summary.of(Severity::Error) > 0 {
        let denied = counted(summary.denied, "finding is", "findings are");
        lines.push((format!("{denied} denied by --deny, so nothing is to be imported"), None));
    }
    if let Some(baseline) = &summary.baseline {
        let known = counted(baseline.known, "known finding", "known findings");
        lines.push((format!("{known}, accepted by the baseline of {}", baseline.written), None));
        if baseline.gone > 0 {
            let gone = counted(baseline.gone, "finding of it is", "findings of it are");
            lines.push((format!("{gone} gone: write the baseline anew"), None));
        }
    }
    if !summary.turned_off.is_empty() {
        let all: u64 = summary.turned_off.iter().map(|(_, count)| count).sum();
        let kinds = summary.turned_off.iter();
        let kinds: Vec<String> =
            kinds.map(|(code, count)| format!("{} {}", code.id, grouped(*count))).collect();
        let all = counted(all, "finding is", "findings are");
        lines.push((format!("{all} turned off by the recipe: {}", kinds.join(", ")), None));
    }
    if lines.is_empty() {
        return;
    }
    page.within("ul", &[("class", "remarks")], |page| {
        for (line, help) in &lines {
            page.within("li", &[], |page| {
                page.text(line);
                if let Some(help) = help {
                    page.element("p", &[("class", "help")], help);
                }
            });
        }
    });
}

/// Whom the target refused.
fn refusals(page: &mut Markup, head: &Head, summary: &Summary) {
    let Some(tally) = summary.delivery.filter(|tally| tally.refused > 0) else { return };
    let people = counted(tally.refused, "person was", "people were");
    page.element("p", &[], &format!("{people} refused by {}:", head.target));
    page.within("ul", &[("class", "remarks")], |page| {
        for (at, why) in &summary.refused {
            let sheet = head.sheets.get(usize::from(at.input));
            let file = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
            page.element("li", &[], &format!("row {} of {}: {why}", at.row, visible(&file)));
        }
        let more = tally.refused.saturating_sub(summary.refused.len() as u64);
        if more > 0 {
            page.element("li", &[], &format!("… {} more, all in outcomes.csv", grouped(more)));
        }
    });
}

/// What to do next.
fn next(page: &mut Markup, summary: &Summary) {
    let resume = summary.run.as_ref().and_then(|run| run.resume.as_deref());
    if summary.next.is_empty() && resume.is_none() {
        return;
    }
    page.within("div", &[("class", "next")], |page| {
        for line in &summary.next {
            page.within("p", &[], |page| match line.split_once("upsheet ") {
                Some((lead, rest)) if lead.trim_end().ends_with(':') => {
                    page.element("span", &[("class", "label")], lead.trim_end());
                    page.text(" ");
                    page.element("code", &[("data-copy", "")], &format!("upsheet {rest}"));
                }
                _ => page.text(line),
            });
        }
        if let Some(resume) = resume {
            page.within("p", &[], |page| {
                page.element("span", &[("class", "label")], "carry on:");
                page.text(" ");
                page.element("code", &[("data-copy", "")], resume);
            });
        }
    });
}
