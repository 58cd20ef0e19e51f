//! The SCIM part as a client meets it.

use super::*;

const BULK: &str = "POST /scim/v2/Bulk";
const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const CORE: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// A user with a name and an address.
pub(super) fn user(name: &str) -> Value {
    let email = format!("{name}@example.org");
    json!({"schemas": [CORE], "userName": name, "emails": [{"value": email, "type": "work"}]})
}

/// The creation of a user.
pub(super) fn operation(number: usize, user: &Value) -> Value {
    json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": user})
}

impl Bench {
    pub(super) fn scim(&self, line: &str, body: &Value) -> Answer {
        let headers = ["Authorization: Bearer omneo-token", "Content-Type: application/scim+json"];
        send(self.sandbox.address(), line, &headers, body.to_string().as_bytes())
    }

    pub(super) fn bulk(&self, operations: &[Value]) -> Answer {
        self.scim(BULK, &json!({"schemas": [REQUEST], "Operations": operations}))
    }
}

/// The status of each operation, and the keyword of its error.
fn told(answer: &Answer) -> Vec<(&str, &str)> {
    let operations = answer.body["Operations"].as_array().unwrap().iter();
    let kind = |one: &'_ Value| -> String {
        one["response"]["scimType"].as_str().unwrap_or_default().to_owned()
    };
    operations
        .map(|one| {
            let status = one["status"].as_str().unwrap();
            let known = ["uniqueness", "invalidValue", "invalidSyntax", ""];
            let kind = kind(one);
            (status, *known.iter().find(|word| **word == kind).unwrap())
        })
        .collect()
}

#[test]
fn users_land_one_by_one_and_are_found_again() {
    let bench = bench();
    let answer = bench.bulk(&[
        operation(1, &user("ada")),
        operation(2, &user("ADA")),
        operation(3, &json!({"schemas": [CORE]})),
        operation(3, &user("otis")),
        json!({"method": "POST", "path": "/Users", "data": user("zoe")}),
        json!({"method": "DELETE", "path": "/Users/1", "bulkId": "6"}),
        json!({"method": "PUT", "path": "/Users/none", "bulkId": "7", "data": user("mei")}),
        operation(8, &user("zoe")),
    ]);
    assert_eq!(answer.status, 200);
    assert!(answer.head.contains("content-type: application/scim+json"), "{}", answer.head);
    assert_eq!(
        told(&answer),
        [
            ("201", ""),
            ("409", "uniqueness"),
            ("400", "invalidValue"),
            ("400", "invalidSyntax"),
            ("400", "invalidSyntax"),
            ("400", "invalidSyntax"),
            ("404", ""),
            ("201", ""),
        ]
    );
    let tally = bench.sandbox.tally();
    assert_eq!((tally.created, tally.refused), (2, 6));

    let location = answer.body["Operations"][0]["location"].as_str().unwrap();
    let path = location.split_once("/scim/").unwrap().1;
    let shown = bench.scim(&format!("GET /scim/{path}"), &Value::Null);
    assert_eq!((shown.status, &shown.body["userName"]), (200, &json!("ada")));
    assert_eq!(shown.body["meta"]["location"], location);
    for (query, total, shown) in [
        ("", 2, 2),
        ("?startIndex=2", 2, 1),
        ("?startIndex=0&count=1", 2, 1),
        ("?count=0", 2, 0),
        ("?filter=userName%20eq%20%22Ada%22", 1, 1),
        ("?filter=userName%20eq%20%22ada%22%20or%20username%20eq%20%22zoe%22", 2, 2),
        ("?filter=userName%20eq%20%22otis%22", 0, 0),
    ] {
        let answer = bench.scim(&format!("GET /scim/v2/Users{query}"), &Value::Null);
        assert_eq!(answer.body["totalResults"], total, "{query}");
        assert_eq!(answer.body["Resources"].as_array().unwrap().len(), shown, "{query}");
    }
    let lines: String =
        bench.query("SELECT group_concat(path) FROM request WHERE path LIKE '%filter%'");
    assert!(!lines.to_lowercase().contains("ada"), "the log holds nobody's data: {lines}");
}

#[test]
fn a_request_stops_where_its_errors_are_enough() {
    let bench = bench();
    let wrong = json!({"schemas": [CORE]});
    let operations = [
        operation(1, &wrong),
        operation(2, &user("ada")),
        operation(3, &wrong),
        operation(4, &user("zoe")),
    ];
    let body = json!({"schemas": [REQUEST], "failOnErrors": 2, "Operations": operations});
    let answer = bench.scim(BULK, &body);
    assert_eq!(told(&answer).len(), 3, "what comes behind is neither done nor answered");
    assert_eq!(bench.sandbox.tally().created, 1);
}

#[test]
fn what_is_no_request_of_the_standard_is_refused_in_its_form() {
    let bench = bench();
    let error = |answer: &Answer, status: u16| {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.body["status"], status.to_string());
        assert_eq!(answer.body["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
    };
    error(&bench.scim(BULK, &json!({"Operations": []})), 400);
    error(&bench.scim(BULK, &json!({"schemas": [REQUEST]})), 400);
    error(&bench.scim("GET /scim/v2/Bulk", &Value::Null), 405);
    error(&bench.scim("GET /scim/v2/Groups", &Value::Null), 404);
    error(&bench.scim("GET /scim/v2/Users/none", &Value::Null), 404);
    error(&bench.scim("GET /scim/v2/Users?filter=title%20eq%20%22x%22", &Value::Null), 400);
    error(&bench.scim("GET /scim/v2/Users?page=2", &Value::Null), 400);
    let to = bench.sandbox.address();
    let bearer = "Authorization: Bearer omneo-token";
    error(&send(to, BULK, &[bearer, "Content-Type: application/json"], b"{}"), 415);
    error(&send(to, BULK, &[bearer, "Content-Type: application/scim+json"], b"{"), 400);
    let stranger = send(to, BULK, &["Content-Type: application/scim+json"], b"{}");
    error(&stranger, 401);
    assert!(stranger.head.contains("www-authenticate: bearer"), "{}", stranger.head);
    let config = bench.scim("GET /scim/v2/ServiceProviderConfig", &Value::Null);
    assert_eq!(config.body["bulk"]["maxOperations"], 1000);
}
