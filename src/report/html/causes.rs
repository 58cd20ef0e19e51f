//! Causes as a chart of bars: each with its places, what cures it and the way to its findings.

use super::markup::Markup;
use super::outcome::stacked;
use crate::cause::{Cause, Cure};
use crate::finding::{ALL, Code};
use crate::report::words::{
    GRADES, INTO_RECIPE, Places, amount, counted, grouped, made_of, then, title,
};
use crate::report::{Head, Summary};
use crate::visible::harmless;

/// Causes of a severity that are seen at once; the others unfold.
const LISTED: usize = 12;

/// Writes the causes of all findings.
pub(super) fn write(page: &mut Markup, head: &Head, summary: &Summary) {
    page.within("section", &[("aria-labelledby", "causes")], |page| {
        page.element("h2", &[("id", "causes")], "Causes");
        if summary.causes.is_empty() {
            page.element("p", &[], "Nothing was found.");
        }
        let largest = summary.causes.iter().map(amount).max().unwrap_or(1);
        for grade in GRADES {
            let class = grade.severity.word();
            let all = summary.causes.iter().enumerate();
            let causes: Vec<(usize, &Cause)> =
                all.filter(|(_, cause)| cause.severity == grade.severity).collect();
            if causes.is_empty() {
                continue;
            }
            let count: u64 = causes.iter().map(|(_, cause)| cause.count).sum();
            page.within("h3", &[("class", class)], |page| {
                page.element("span", &[("class", "mark"), ("aria-hidden", "true")], grade.mark);
                page.text(&grade.counted(count));
            });
            let seen = if causes.len() == LISTED + 1 { causes.len() } else { LISTED };
            let (first, rest) = causes.split_at_checked(seen).unwrap_or((&causes, &[]));
            let list = |page: &mut Markup, causes: &[(usize, &Cause)]| {
                page.within("ol", &[("class", "causes")], |page| {
                    for (at, cause) in causes {
                        page.within("li", &[], |page| {
                            item(page, head, *at, cause, (class, largest));
                        });
                    }
                });
            };
            list(page, first);
            if !rest.is_empty() {
                page.within("details", &[], |page| {
                    let more = counted(rest.len() as u64, "more cause", "more causes");
                    page.element("summary", &[], &more);
                    list(page, rest);
                });
            }
        }
    });
}

fn item(
    page: &mut Markup,
    head: &Head,
    at: usize,
    cause: &Cause,
    (class, largest): (&'static str, u64),
) {
    let count = amount(cause);
    page.element("span", &[("class", "amount")], &grouped(count));
    page.within("div", &[("class", "what")], |page| {
        page.within("p", &[("class", "message")], |page| {
            page.element("span", &[], &title(cause));
            if cause.known {
                page.text(" ");
                page.element("span", &[("class", "tag")], "known");
            }
            page.text(" ");
            let link = format!("#cause={}", at + 1);
            let name = format!("Show the findings of: {}", harmless(&title(cause)));
            let link = [("class", "show"), ("href", &*link), ("aria-label", &*name)];
            page.element("a", &link, "show");
        });
        stacked(page, &[(count, class), (largest - count, "rest")], "bar");
        page.within("p", &[("class", "places")], |page| {
            let places = Places::of(head, cause).parts().join(" · ");
            page.text(&format!("{places} · why: "));
            let link = format!("#code-{}", cause.code.id);
            page.element("a", &[("class", "why"), ("href", &link)], cause.code.id);
        });
        let words = made_of(cause, usize::MAX);
        if !words.is_empty() {
            page.element("p", &[("class", "places")], &words.join(" · "));
        }
        if let Some(help) = &cause.cure {
            cure(page, help);
        }
    });
}

fn cure(page: &mut Markup, cure: &Cure) {
    let people = then(cure);
    if cure.text.contains('\n') {
        page.element("p", &[("class", "cure")], &format!("Cure: {INTO_RECIPE}{people}"));
        return page.element("pre", &[("data-copy", "")], &cure.text);
    }
    page.within("p", &[("class", "cure")], |page| {
        page.text("Cure: ");
        match cure.flag.as_deref().and_then(|flag| Some((flag, cure.text.strip_prefix(flag)?))) {
            Some((flag, rest)) => {
                page.element("code", &[("data-copy", "")], flag);
                page.text(&format!("{rest}{people}"));
            }
            None => page.text(&format!("{}{people}", cure.text)),
        }
    });
}

/// Writes what each code on the page means, for those who have no `upsheet explain` at hand.
pub(super) fn explain(page: &mut Markup, summary: &Summary) {
    let is_there = |code: &&&Code| summary.causes.iter().any(|cause| cause.code == **code);
    let codes: Vec<&Code> = ALL.iter().filter(is_there).copied().collect();
    if codes.is_empty() {
        return;
    }
    page.within("section", &[("aria-labelledby", "codes")], |page| {
        page.element("h2", &[("id", "codes"), ("tabindex", "-1")], "What the codes mean");
        for code in codes {
            let id = format!("code-{}", code.id);
            page.within("details", &[("id", &id), ("class", "code-of")], |page| {
                page.within("summary", &[], |page| {
                    page.element("code", &[], code.id);
                    page.text(&format!(" {}", code.title));
                });
                page.element("p", &[], code.explanation);
                page.within("p", &[], |page| {
                    page.text("Example: ");
                    page.element("code", &[], code.example);
                });
                page.element("p", &[], &format!("What to do: {}", code.cure));
            });
        }
    });
}
