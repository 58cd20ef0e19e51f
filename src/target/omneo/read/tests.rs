//! What is asked of Omneo, and what its answers hold.

use serde_json::json;

use super::*;

#[test]
fn the_match_field_says_by_what_profiles_are_found() {
    assert_eq!(By::of("email"), By::Email);
    assert_eq!(By::of("identities.till.pos"), By::Identity("till.pos".to_owned()));
    assert_eq!(By::of("identities.shopify"), By::Identity("shopify".to_owned()));
}

#[test]
fn people_are_asked_for_by_address_or_identity_with_every_sign_escaped() {
    let paths = |by: By, wanted: Option<Wanted>| -> Vec<String> {
        by.ask(&wanted.unwrap()).into_iter().map(|request| request.path).collect()
    };
    let shop = || By::Identity("shop & co".to_owned());
    assert_eq!(
        paths(By::Email, Wanted::email("ada+x@example.org")),
        ["/profiles?filter%5Bemail%5D=ada%2Bx%40example.org"]
    );
    assert_eq!(
        paths(By::Email, Wanted::email("Ada@example.org")),
        [
            "/profiles?filter%5Bemail%5D=Ada%40example.org",
            "/profiles?filter%5Bemail%5D=ada%40example.org"
        ],
        "whether the filter heeds case is not documented"
    );
    assert_eq!(
        paths(shop(), Wanted::exact("77/8?x")),
        ["/profiles/77%2F8%3Fx?identity%5Bhandle%5D=shop%20%26%20co"]
    );
    assert_eq!(paths(shop(), Wanted::exact("..")), [""; 0], "it would be another path");
}

#[test]
fn people_and_profiles_have_the_key_by_which_they_are_matched() {
    let person = json!({"email": "Ada@Example.org", "identities": [
        {"handle": "pos", "identifier": "x"}, {"handle": "shop", "identifier": " 007 "},
        {"handle": "shop", "identifier": 8}]});
    assert_eq!(By::Email.wanted(&person).unwrap().key.as_str(), "ada@example.org");
    assert_eq!(By::Email.keys(&person), [Key::exact("ada@example.org").unwrap()]);
    let shop = By::Identity("shop".to_owned());
    assert_eq!(shop.wanted(&person).unwrap().key.as_str(), "007");
    assert_eq!(shop.keys(&person), [Key::exact("007").unwrap(), Key::exact("8").unwrap()]);
    let other = By::Identity("Shop".to_owned());
    assert_eq!((other.wanted(&person), other.keys(&person)), (None, vec![]));
    assert_eq!(By::Email.keys(&json!({"email": null})), []);
}

#[test]
fn answers_hold_a_page_or_one_profile_or_nobody() {
    let read = |by: &By, status, asked, body: Json| {
        let body = body.to_string();
        let answer = Answer { status, retry_after: None, body: body.as_bytes() };
        by.read(answer, asked, 2).map(|page| (page.profiles.len(), page.last, page.total))
    };
    let shop = By::Identity("shop".to_owned());
    let wrong = || Err(Unread::Wrong("the answer holds no list of profiles".to_owned()));
    let full = |number: u64, next: Json| {
        json!({"data": [{"id": 1}, {"id": 2}], "links": {"next": next},
            "meta": {"current_page": number, "total": "3"}})
    };
    for (by, status, asked, body, expected) in [
        (&By::Email, 200, Asked::Page(1), full(1, json!("http://x")), Ok((2, false, Some(3)))),
        (&By::Email, 200, Asked::Page(2), full(2, json!(null)), Ok((2, true, Some(3)))),
        (&By::Email, 200, Asked::Page(2), full(2, json!("http://x")), Ok((2, true, Some(3)))),
        (&By::Email, 404, Asked::Page(3), json!({}), Ok((0, true, None))),
        (&By::Email, 200, Asked::Key, json!({"data": []}), Ok((0, true, None))),
        (&By::Email, 200, Asked::Key, json!({"data": [{"id": 1}]}), Ok((1, true, None))),
        (&By::Email, 404, Asked::Key, json!({}), Err(Unread::Wrong("status 404: {}".to_owned()))),
        (&By::Email, 200, Asked::Page(1), json!({"data": {"id": 1}}), wrong()),
        (&By::Email, 200, Asked::Page(1), json!({"message": "welcome"}), wrong()),
        (&shop, 200, Asked::Key, json!({"data": {"id": 1}}), Ok((1, true, Some(1)))),
        (&shop, 200, Asked::Key, json!({"data": null}), Ok((0, true, None))),
        (&shop, 404, Asked::Key, json!({"message": "Not Found"}), Ok((0, true, None))),
        (&shop, 200, Asked::Key, json!({"message": "welcome"}), wrong()),
    ] {
        assert_eq!(read(by, status, asked, body.clone()), expected, "{status} {asked:?} {body}");
    }
}
