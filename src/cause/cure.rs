//! What a cause is called and what cures it, told only where it was computed on the values at fault.

use std::fmt::Write as _;

use super::gather::Gathered;
use super::{Cause, Cure, Word};
use crate::finding::{self, Code, Severity};
use crate::recipe::{DateOrder, key, quoted};
use crate::record::Kind;
use crate::row::Rows;
use crate::validate::Rules;
use crate::validate::remedy::Remedy;

/// Findings of values that are not of the kind of their column at all.
static OTHER_KINDS: &[&Code] = &[
    &finding::EMAIL_SYNTAX,
    &finding::PHONE_SYNTAX,
    &finding::DATE_SYNTAX,
    &finding::DATETIME_SYNTAX,
    &finding::URL_SYNTAX,
    &finding::CURRENCY_UNKNOWN,
];

/// Choices that are named behind a word whose meaning is open.
const LABELS: usize = 8;
/// The fewest rows that say something about their column as a whole.
const ENOUGH: u64 = 10;

impl Gathered {
    /// The cause with its final words. `sample` holds rejected rows of its input, `people` counts all.
    pub(super) fn finish(self, rules: &Rules, sample: Option<&Rows>, people: u64) -> Cause {
        let Self { mut cause, field, words, tried, .. } = self;
        (cause.words, cause.other_words) = words.finish();
        let best = (0..)
            .zip(&tried)
            .filter(|(_, (findings, _))| *findings > 0)
            .max_by_key(|&(number, (findings, _))| (*findings, std::cmp::Reverse(number)));
        if let Some((number, &(repairs, clears))) = best {
            let equals: Vec<Remedy> = (0..)
                .zip(&tried)
                .filter(|&(_, &(findings, _))| findings == repairs)
                .filter_map(|(number, _)| rules.remedy(number))
                .collect();
            let remedy = rules.remedy(number).filter(|remedy| {
                // An order that was said holds, unless nearly nobody's date stands in it.
                !matches!(remedy, Remedy::DateOrder(_))
                    || !rules.has_stated_order()
                    || repairs * 10 >= people * 9
            });
            cause.cure =
                remedy.and_then(|it| cure(&mut cause, rules, it, &equals, (repairs, clears)));
        }
        if cause.cure.is_none()
            && cause.code == &finding::CHOICE_UNKNOWN
            && cause.words.iter().any(|word| word.count > 1 || word.suggestion.is_some())
        {
            cause.cure = field.as_deref().map(|field| lines(rules, field, &cause));
        }
        if let (Some(field), Some(column)) = (field.as_deref(), cause.column)
            && cause.severity == Severity::Error
            && OTHER_KINDS.contains(&cause.code)
            && cause.cure.is_none()
            && cause.rows >= ENOUGH
            && cause.rows * 10 >= people * 9
        {
            wrong_column(&mut cause, rules, (field, column), sample, people);
        }
        cause
    }
}

/// The cure by a flag that was tried on every value.
fn cure(
    cause: &mut Cause,
    rules: &Rules,
    remedy: Remedy,
    equals: &[Remedy],
    (repairs, clears): (u64, u64),
) -> Option<Cure> {
    let all = repairs == cause.count;
    // What helps few is hardly what is the matter.
    if repairs * 3 < cause.count * 2 {
        return None;
    }
    let what = match (all, repairs) {
        (true, 1) => "repairs it".to_owned(),
        (true, 2) => "repairs both".to_owned(),
        (true, _) => format!("repairs all {repairs}"),
        _ => format!("repairs {repairs} of {}", cause.count),
    };
    let mut flag = Some(remedy.flag(rules));
    let mut said = remedy.flag(rules);
    if let Remedy::DateOrder(order) = remedy {
        let either =
            equals.iter().find(|other| **other != remedy && matches!(other, Remedy::DateOrder(_)));
        if let Some(other) = either {
            let text = format!(
                "{} or {} {what}: whoever made the file knows which",
                remedy.flag(rules),
                other.flag(rules)
            );
            return Some(Cure { flag: None, text, repairs: Some(repairs), clears: Some(clears) });
        }
        if all && cause.severity == Severity::Error {
            cause.message = stands(order).into();
        }
        // The flag holds for every column, and would harm one that proves another order.
        if rules.proves_another_order(order) {
            let header = cause.column.and_then(|column| rules.header(cause.input, column))?;
            said = format!(
                "[pins.dates] with {} = {} in the recipe",
                quoted(header),
                quoted(order.word())
            );
            flag = None;
        }
    }
    let text = format!("{said} {what}");
    Some(Cure { flag, text, repairs: Some(repairs), clears: Some(clears) })
}

/// What is the matter with dates that all read well in one order.
fn stands(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Mdy => "dates stand month first, as in the US",
        DateOrder::Dmy => "dates stand day first",
        DateOrder::Ymd => "dates stand year first",
    }
}

/// The lines of the recipe that teach the words of a cause. A word whose meaning nobody has guessed
/// is left without one, so that the recipe is refused until somebody gives it.
fn lines(rules: &Rules, field: &str, cause: &Cause) -> Cure {
    let choices = match rules.field(field).map(|field| &field.kind) {
        Some(Kind::Choice(choices) | Kind::Choices(choices)) => choices.as_ref(),
        _ => &[],
    };
    let labels: Vec<&str> =
        choices.iter().map(|choice| choice.label.as_ref()).take(LABELS).collect();
    let more = if choices.len() > LABELS { ", …" } else { "" };
    let mut text = format!("[values.{}]", key(field));
    let mut repairs = 0;
    // What stands once and is like no choice is rather a slip than a word.
    let are_words = |word: &&Word| word.count > 1 || word.suggestion.is_some();
    for Word { text: word, suggestion, count } in cause.words.iter().filter(are_words) {
        repairs += count;
        // Writing to a String cannot fail.
        let _ = match suggestion {
            Some(meaning) => write!(text, "\n{} = {}", quoted(word), quoted(meaning)),
            None => write!(text, "\n{} = \"…\"  # {}{more}", quoted(word), labels.join(", ")),
        };
    }
    let clears = (repairs == cause.count).then_some(cause.clears);
    Cure { flag: None, text, repairs: Some(repairs), clears }
}

/// Asks whether a column of which nearly all is wrong is the wrong column, and names a better one.
fn wrong_column(
    cause: &mut Cause,
    rules: &Rules,
    (field, column): (&str, u16),
    sample: Option<&Rows>,
    people: u64,
) {
    let Some(kind) = rules.field(field).map(|field| &field.kind) else { return };
    let Some(sample) = sample.filter(|_| kind.is_telling()) else { return };
    let share = cause.rows * 100 / people.max(1);
    let share = if cause.rows == people { "all".to_owned() } else { format!("{share} % of all") };
    cause.message =
        format!("{share} rows hold no {} here: is it the wrong column?", kind.word()).into();
    let fits = |other: u16| {
        let fit = |row| rules.telling(row, field, usize::from(other)) == Some(true);
        sample.iter().filter(|&row| fit(row)).count()
    };
    let others = (0..rules.width(cause.input)).filter(|other| *other != column);
    // A column that holds what its own field takes is no better place to look in.
    let taken = |other: &u16| {
        let Some(own) = rules.filled_by(cause.input, *other) else { return false };
        let fit = |row| rules.telling(row, &own.name, usize::from(*other)) == Some(true);
        sample.iter().filter(|&row| fit(row)).count() * 10 >= sample.len() * 8
    };
    let better = others
        .filter(|other| !taken(other))
        .map(|other| (other, fits(other)))
        .filter(|(_, fits)| fits * 10 >= sample.len() * 8)
        .max_by_key(|&(other, fits)| (fits, std::cmp::Reverse(other)));
    let Some((other, fits)) = better else { return };
    let Some(header) = rules.header(cause.input, other) else { return };
    let flag = format!("--map '{}={field}'", header.replace('\'', r"'\''"));
    let text = format!(
        "column {header:?} holds them in {fits} of the first {} such rows: {flag}",
        sample.len()
    );
    cause.cure = Some(Cure { flag: Some(flag), text, repairs: None, clears: None });
}
