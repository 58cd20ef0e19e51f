//! What holds of the requests that any people are put into, under any limits.

use proptest::prelude::*;

use super::*;

/// Forty times the usual number of cases, which `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 40, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn requests_hold_everybody_once_in_order_and_keep_the_limits(
        sizes in prop::collection::vec(2..60_usize, 0..80),
        rows in 1..12_usize,
        bytes in 0..400_usize,
        head in "[a-z]{0,5}",
        tail in "[a-z]{0,5}",
        size in 1..20_usize,
    ) {
        let limits = Limits { rows, bytes };
        let frame = Frame {
            head: format!("{{\"{head}\":[").into_bytes(),
            tail: format!("],\"_{tail}\":0}}").into_bytes(),
            each: None,
        };
        let people: Vec<Vec<u8>> = sizes
            .iter()
            .enumerate()
            .map(|(index, size)| format!("\"{index:0>width$}\"", width = size - 2).into_bytes())
            .collect();
        let mut batcher = Batcher::new(limits, frame.clone());
        let mut batches = Vec::new();
        // They lie in chunks, end to end.
        for (index, chunk) in people.chunks(size).enumerate() {
            let (mut json, mut ends) = (Vec::new(), vec![0]);
            for person in chunk {
                json.extend([b",", person.as_slice()].concat());
                ends.push(json.len());
            }
            let json = Arc::new(json);
            for (row, end) in (2 + index * size..).zip(ends.windows(2)) {
                let at = Location { row: u32::try_from(row).unwrap(), ..Location::default() };
                batches.extend(batcher.push(&Person::new(&json, end[0]..end[1]), &at));
            }
        }
        batches.extend(batcher.close());
        prop_assert!(batcher.close().is_none());

        let rows_in: Vec<u32> = batches.iter().flat_map(|b| &b.rows).map(|at| at.row).collect();
        let all: Vec<u32> = (2..).take(people.len()).collect();
        prop_assert_eq!(rows_in, all, "everybody, once, in order");
        let mut left = people.iter();
        for (number, batch) in (1..).zip(&batches) {
            prop_assert_eq!(batch.number, number);
            prop_assert!((1..=rows).contains(&batch.rows.len()));
            prop_assert!(batch.body.len() <= bytes || batch.rows.len() == 1);
            let own: Vec<&[u8]> = left.by_ref().take(batch.rows.len()).map(Vec::as_slice).collect();
            let body = batch.body.to_vec();
            prop_assert_eq!(body.len(), batch.body.len());
            prop_assert_eq!(&body, &frame.splice(own.iter().copied()));
            let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
            prop_assert_eq!(json[head.as_str()].as_array().unwrap().len(), batch.rows.len());
        }
        // A request is closed only when the next person would not have fitted.
        for pair in batches.windows(2) {
            let [full, next] = pair else { continue };
            let first = usize::try_from(next.rows[0].row - 2).unwrap();
            let grown = full.body.len() + 1 + people[first].len();
            prop_assert!(full.rows.len() == rows || grown > bytes);
        }
    }
}
