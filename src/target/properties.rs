//! What holds of every answer that any server could give.

use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Value as Json, json};

use super::{ALL, Answer, Kind, Overrides, Progress, Target, Verdict};
use crate::recipe::Recipe;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// So many people as they were sent, of whom nothing is known.
pub(super) fn people(count: usize) -> Vec<&'static RawValue> {
    vec![RawValue::NULL; count]
}

fn set_up(kind: &Kind) -> Box<dyn Target> {
    (kind.configure)(&Recipe::default(), &Overrides::default()).unwrap()
}

/// Bodies near those that the documents show, whole or cut, and others.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just("error"),
        Just("errors"),
        Just("message"),
        Just("data"),
        Just("id"),
        Just("param"),
        Just("status"),
        Just("success"),
        Just("failed"),
        Just("profiles"),
        Just("Operations"),
        Just("bulkId"),
        Just("meta"),
        Just("index"),
        Just("results"),
        Just("created"),
        Just("updated"),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "[a-z0-9 .\\[\\]]{0,12}".prop_map(Json::from),
        Just(json!("complete")),
        Just(json!("queued")),
        Just(json!("volunteers_data[2].email")),
    ];
    let tree = leaf.prop_recursive(3, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map(word.clone(), inner, 0..4).prop_map(|map| map
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()),
        ]
    });
    let text = tree.prop_map(|tree| tree.to_string().into_bytes());
    prop_oneof![
        3 => text.clone(),
        2 => (text, 0..80_usize).prop_map(|(text, at)| text[..at.min(text.len())].to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_answer_is_taken_for_success_only_when_it_is_one_whole(
        status in prop_oneof![3 => Just(200_u16), 1 => Just(201), 1 => Just(202), 3 => 100..600_u16],
        body in body(),
        people in 1..500_usize,
    ) {
        let sent = self::people(people);
        for kind in ALL {
            let target = set_up(kind);
            let answer = Answer { status, retry_after: None, body: &body };
            let whole = matches!(serde_json::from_slice(&body), Ok(Json::Object(_)));
            let success = (200..300).contains(&status);
            match target.judge(answer, &sent) {
                Verdict::Accepted | Verdict::Queued { .. } => {
                    prop_assert!(success && whole, "{}: {status}", kind.id);
                }
                // "Taken for later" may need no words; it is no success yet.
                Verdict::Taken => {
                    let bare = status == 202 && body.is_empty();
                    prop_assert!(success && (whole || bare), "{}: {status}", kind.id);
                }
                Verdict::Refused { named, .. } => {
                    prop_assert!(!success, "{}: {status}", kind.id);
                    let mut places: Vec<usize> = named.iter().map(|one| one.place).collect();
                    prop_assert!(places.iter().all(|place| *place < people));
                    places.sort_unstable();
                    places.dedup();
                    prop_assert_eq!(places.len(), named.len());
                }
                Verdict::Unsorted { landed, .. } => prop_assert!(landed < people),
                Verdict::Partial { refused } => {
                    let mut places: Vec<usize> =
                        refused.into_iter().map(|(place, _)| place).collect();
                    prop_assert!(places.iter().all(|place| *place < people));
                    let named = places.len();
                    places.sort_unstable();
                    places.dedup();
                    prop_assert!(named > 0 && named == places.len());
                }
                _ => {}
            }
            let done = matches!(
                target.judge_follow(answer, &sent),
                Progress::Done(Verdict::Accepted)
            );
            prop_assert!(!done || success && whole, "{}: {status}", kind.id);
        }
    }
}
