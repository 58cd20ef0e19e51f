//! The outcome, at the head of the page: what happened, the counts that add up, what to do next.

use super::markup::Markup;
use crate::finding::Finding;
use crate::report::words::{
    self, Line, MASKED, Share, Tone, about_input, added, counted, grouped, lacking, names, outcome,
    outcomes_open, parts, refused,
};
use crate::report::{Head, Summary};
use crate::visible::visible;

/// Inputs that are seen at once.
const LISTED: usize = 8;

/// Writes the outcome.
pub(super) fn write(page: &mut Markup, head: &Head, summary: &Summary, notes: &[Finding]) {
    let (tone, line) = outcome(summary);
    let class = match tone {
        Tone::Good => "good",
        Tone::Odd => "odd",
        Tone::Bad => "bad",
    };
    page.within("section", &[("class", "outcome"), ("aria-labelledby", "outcome")], |page| {
        page.within("h1", &[("id", "outcome"), ("class", class)], |page| {
            page.element("span", &[("class", "mark"), ("aria-hidden", "true")], tone.mark());
            page.text(&headline(&line));
        });
        inputs(page, head, summary);
        balance(page, head, summary);
        came_back(page, head, summary);
        remarks(page, head, summary, notes);
        refusals(page, head, summary);
        next(page, summary);
    });
}

/// A line as the heading of a page: with a capital in front.
fn headline(line: &str) -> String {
    let mut letters = line.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// What was read; of many inputs the first, and the others unfold.
fn inputs(page: &mut Markup, head: &Head, summary: &Summary) {
    let all: Vec<(String, Vec<String>)> = (head.sheets.iter().zip(names(head)).enumerate())
        .map(|(at, (sheet, name))| {
            let people = summary.people.get(at).copied().unwrap_or(0);
            (visible(&name), about_input(sheet, people))
        })
        .collect();
    let seen = if all.len() == LISTED + 1 { all.len() } else { LISTED };
    let (first, rest) = all.split_at_checked(seen).unwrap_or((&all, &[]));
    let list = |page: &mut Markup, inputs: &[(String, Vec<String>)]| {
        page.within("ul", &[("class", "inputs")], |page| {
            for (name, about) in inputs {
                page.within("li", &[], |page| {
                    page.element("strong", &[], name);
                    page.text(&format!(" › {}", about.join(" › ")));
                });
            }
        });
    };
    list(page, first);
    if !rest.is_empty() {
        page.within("details", &[("class", "more")], |page| {
            page.element("summary", &[], &counted(rest.len() as u64, "more file", "more files"));
            list(page, rest);
        });
    }
}

/// The class of the colour of a count.
fn class_of(share: Share) -> &'static str {
    match share {
        Share::Good => "good",
        Share::Rejected => "error",
        Share::Refused => "refused",
        Share::Unknown => "warning",
        Share::NotSent => "info",
        Share::Skipped => "blank",
    }
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
        for (at, (share, count, what)) in parts.iter().enumerate() {
            tile(if at == 0 { "=" } else { "+" }, *count, what, class_of(*share));
        }
    });
    let shares: Vec<(u64, &'static str)> =
        parts.iter().map(|(share, count, _)| (*count, class_of(*share))).collect();
    stacked(page, &shares, "balance");
    if let Some(own) = summary.added {
        let parts = added(head, own).into_iter();
        let parts: Vec<String> =
            parts.map(|(_, count, what)| format!("{} {what}", grouped(count))).collect();
        let sum = grouped(own.tally.people());
        page.element("p", &[], &format!("{sum} with {} = {}", own.what, parts.join(" + ")));
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

/// What was found about the inputs as a whole, and what the page does not count as new.
fn remarks(page: &mut Markup, head: &Head, summary: &Summary, notes: &[Finding]) {
    let masked = head.is_masked.then(|| (MASKED.to_owned(), None));
    let mut lines: Vec<(String, Option<String>)> = masked.into_iter().collect();
    let notes = notes.iter().filter(|note| !note.known);
    lines.extend(
        notes.map(|note| (note.message.to_string(), note.help.as_deref().map(str::to_owned))),
    );
    lines.extend(words::remarks(summary, &visible).into_iter().map(|(_, line)| (line, None)));
    lines.extend(outcomes_open(summary).into_iter().map(|line| (line, None)));
    lines.extend(lacking(summary).map(|line| (format!("{line}: see outcomes.csv"), None)));
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

/// What became of inputs that were checked before.
fn came_back(page: &mut Markup, head: &Head, summary: &Summary) {
    for said in words::came_back(head, summary) {
        let mut more = Vec::new();
        for line in said {
            match line {
                Line::Rows(line) => page.element("h2", &[("class", "small")], &line),
                Line::Plain(line) | Line::Kind(line) => more.push(line),
                Line::Odd(line) => more.push(format!("! {line}")),
            }
        }
        if !more.is_empty() {
            page.within("ul", &[("class", "returned")], |page| {
                for line in &more {
                    page.element("li", &[], line);
                }
            });
        }
    }
}

/// Whom the target refused.
fn refusals(page: &mut Markup, head: &Head, summary: &Summary) {
    let Some(line) = refused(head, summary) else { return };
    page.element("p", &[], &format!("{line}:"));
    page.within("ul", &[("class", "remarks")], |page| {
        for (at, why) in &summary.refused {
            let file = head.name_of(at.input);
            page.element("li", &[], &format!("row {} of {}: {why}", at.row, visible(&file)));
        }
        let refused = summary.delivery.map_or(0, |tally| tally.refused);
        let more = refused.saturating_sub(summary.refused.len() as u64);
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
