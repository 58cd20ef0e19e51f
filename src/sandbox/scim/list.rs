//! Users page by page, or those that a filter names (RFC 7644 section 3.4.2).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::call::{Call, Reply, Stop};
use super::super::store::{People, Person};
use super::super::variants::{OverCap, Scim};
use super::{error, user};

/// A list of users. Of filters the stand-in knows `userName eq "…"` and `id eq "…"`, joined by `or`.
pub(super) fn users(call: &Call, people: People<'_>, rules: &Scim) -> Result<Reply, Stop> {
    let refuse = |kind: &str, detail: &str| {
        let body = error(400, Some(kind), detail);
        Ok(Reply::new(StatusCode::BAD_REQUEST, body, format!("refused: {detail}")))
    };
    let (mut start, mut count, mut wanted) = (1, rules.page_default, None);
    for (name, value) in &call.query {
        match name.as_str() {
            // What is smaller than the least is read as the least.
            "startIndex" => match value.parse::<i64>() {
                Ok(number) => start = u64::try_from(number.max(1)).unwrap_or(1),
                Err(_) => return refuse("invalidValue", "startIndex is no number."),
            },
            "count" => match value.parse::<i64>() {
                Ok(number) => count = u64::try_from(number.max(0)).unwrap_or(0),
                Err(_) => return refuse("invalidValue", "count is no number."),
            },
            "filter" => match filter(value) {
                Some(found) => wanted = Some(found),
                None => return refuse("invalidFilter", "This filter is not supported."),
            },
            // A parameter that is passed over in silence would answer with everybody.
            _ => return refuse("invalidValue", "This parameter is not supported."),
        }
    }
    if count > rules.page_cap && rules.over_cap == OverCap::Refused {
        return refuse("tooMany", "count is above filter.maxResults.");
    }
    let count = count.min(rules.page_cap);
    let skip = usize::try_from(start - 1).unwrap_or(usize::MAX);
    let (total, page): (u64, Vec<Person>) = match wanted {
        Some(wanted) => {
            let found = matching(people, &wanted)?;
            let take = usize::try_from(count).unwrap_or(usize::MAX);
            (found.len() as u64, found.into_iter().skip(skip).take(take).collect())
        }
        None => (people.count()?, people.slice(skip, count)?),
    };
    let origin = call.origin();
    let resources: Vec<Value> = page.iter().map(|one| user::resource(one, &origin)).collect();
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    Ok(Reply::new(StatusCode::OK, body, format!("listed {}", page.len())))
}

fn matching(people: People<'_>, wanted: &[(String, String)]) -> Result<Vec<Person>, Stop> {
    let mut found: Vec<Person> = Vec::new();
    for (attribute, value) in wanted {
        let one = match attribute.as_str() {
            "id" => people.by_id(value)?,
            _ => people.by_email(&user::key(value))?,
        };
        found.extend(one.filter(|one| found.iter().all(|other| other.id != one.id)));
    }
    Ok(found)
}

/// The comparisons of a filter: attributes and values.
fn filter(text: &str) -> Option<Vec<(String, String)>> {
    let mut wanted = Vec::new();
    let mut rest = text.trim();
    loop {
        let (attribute, behind) = rest.split_once(' ')?;
        let attribute = match attribute.to_lowercase().as_str() {
            "username" => "userName",
            "id" => "id",
            _ => return None,
        };
        let (operator, behind) = behind.trim_start().split_once(' ')?;
        if !operator.eq_ignore_ascii_case("eq") {
            return None;
        }
        // The value is a JSON string (RFC 7644 section 3.4.2.2).
        let mut values = serde_json::Deserializer::from_str(behind).into_iter::<String>();
        let value = values.next()?.ok()?;
        wanted.push((attribute.to_owned(), value));
        rest = behind.get(values.byte_offset()..)?.trim_start();
        if rest.is_empty() {
            return Some(wanted);
        }
        let (word, behind) = rest.split_once(' ')?;
        if !word.eq_ignore_ascii_case("or") {
            return None;
        }
        rest = behind.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_or_refused() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for (text, expected) in [
            (r#"userName eq "a b""#, Some(vec![pair("userName", "a b")])),
            (
                r#"username EQ "a\"b" or id eq "7""#,
                Some(vec![pair("userName", "a\"b"), pair("id", "7")]),
            ),
            (r#"userName sw "a""#, None),
            (r#"title eq "a""#, None),
            (r#"userName eq "a" and id eq "7""#, None),
            ("userName eq a", None),
            (r#"userName eq "a" or "#, None),
            ("", None),
        ] {
            assert_eq!(filter(text), expected, "{text}");
        }
    }
}
