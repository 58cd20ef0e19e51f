//! The lists: profiles page by page, and the statuses that the tenant has.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::call::{Call, Reply, Stop};
use super::super::store::{Page, People, Person, email_key};
use super::super::variants::{Omneo, OverCap, StatusList};
use super::{invalid, refusal, view};

/// One page of profiles, or the one with an e-mail address (Omneo SDK: `page[number]`,
/// `page[size]`, `filter[email]`). The largest size is not documented.
pub(super) fn profiles(call: &Call, people: People<'_>, rules: &Omneo) -> Result<Reply, Stop> {
    let mut page = Page { number: 1, size: rules.page_default };
    let cap = match rules.over_cap {
        OverCap::Refused => rules.page_cap,
        OverCap::Capped => u64::MAX,
    };
    let (mut email, mut identifier) = (None, None);
    for (name, value) in &call.query {
        let (slot, most) = match name.as_str() {
            "page[number]" => (&mut page.number, u64::MAX),
            "page[size]" => (&mut page.size, cap),
            "filter[email]" => {
                email = Some(value);
                continue;
            }
            "filter[identities][identifier]" => {
                identifier = Some(value);
                continue;
            }
            // A filter that is passed over in silence would answer with everybody.
            _ => return Ok(invalid(name, &format!("The {name} parameter is not known."))),
        };
        match value.parse() {
            Ok(number) if (1..=most).contains(&number) => *slot = number,
            _ => return Ok(invalid(name, &format!("The {name} is out of range."))),
        }
    }
    page.size = page.size.min(rules.page_cap);
    let found = match (email, identifier) {
        (Some(email), _) => {
            Some(people.by_email(&email_key(email, rules.email_match))?.into_iter().collect())
        }
        (None, Some(identifier)) => Some(people.by_any_alias("identity:", identifier)?),
        (None, None) => None,
    };
    let (total, found): (u64, Vec<Person>) = match found {
        Some(found) => {
            let total = found.len() as u64;
            let page = found.into_iter().skip(page.skip()).take(page.take());
            (total, page.collect())
        }
        None => (people.count()?, people.page(page)?),
    };
    let path = format!("{}/api/v3/profiles", call.origin());
    let last = total.div_ceil(page.size).max(1);
    let link =
        |number| json!(format!("{path}?page%5Bnumber%5D={number}&page%5Bsize%5D={}", page.size));
    let from = page.number.saturating_sub(1).saturating_mul(page.size).saturating_add(1);
    let to = from.saturating_add(found.len() as u64).saturating_sub(1);
    let edge = |number: u64| if found.is_empty() { Value::Null } else { json!(number) };
    let body = json!({
        "data": found.iter().map(|person| view::profile(person, rules)).collect::<Vec<_>>(),
        "links": {
            "first": link(1),
            "last": link(last),
            "prev": if page.number > 1 { link(page.number - 1) } else { Value::Null },
            "next": if page.number < last { link(page.number + 1) } else { Value::Null },
        },
        "meta": {
            "current_page": page.number,
            "from": edge(from),
            "last_page": last,
            "path": path,
            "per_page": page.size,
            "to": edge(to),
            "total": total,
        },
    });
    Ok(Reply::new(StatusCode::OK, body, format!("listed {}", found.len())))
}

/// The statuses that are defined, or the one with a handle (Omneo "Statuses",
/// `filter[handle]`). When the variants let every handle be one, the one that is asked for is there.
pub(super) fn statuses(call: &Call, rules: &Omneo) -> Reply {
    match rules.status_list {
        StatusList::Absent => return refusal(StatusCode::NOT_FOUND, "Not Found"),
        StatusList::Forbidden => {
            return refusal(StatusCode::FORBIDDEN, "Invalid scope(s) provided.");
        }
        StatusList::Filtered | StatusList::All => {}
    }
    let filtered = rules.status_list == StatusList::Filtered;
    let handle = call.query.iter().find(|(name, _)| filtered && name == "filter[handle]");
    let any = if rules.known_statuses.is_empty() { handle } else { None };
    let wanted = |status: &&String| handle.is_none_or(|(_, handle)| *status == handle);
    let known = rules.known_statuses.iter().filter(wanted).chain(any.map(|(_, handle)| handle));
    let data: Vec<Value> = known.map(|status| json!({"handle": status})).collect();
    Reply::new(StatusCode::OK, json!({"data": data}), "listed the statuses")
}
