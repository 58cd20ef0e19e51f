//! Who has had a key before, held against a plain map: with tables in which everything collides, and
//! with fingerprints so narrow that keys do.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Eight times the usual number of cases, which `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 8, failure_persistence: None, ..usual }
}

/// What is asked of a table.
#[derive(Clone, Debug)]
enum Ask {
    Insert(u8),
    Replace(u8),
    Get(u8),
    NextInput,
}

fn asked() -> impl Strategy<Value = Vec<Ask>> {
    let one = prop_oneof![
        6 => (0..80_u8).prop_map(Ask::Insert),
        2 => (0..80_u8).prop_map(Ask::Replace),
        2 => (0..80_u8).prop_map(Ask::Get),
        1 => Just(Ask::NextInput),
    ];
    prop::collection::vec(one, 0..400)
}

/// Holds a table against a map from what `same` makes of a key; keys for which it makes the same are one
/// key.
fn compare<const WIDTH: u32, const PLACES: u32, K: Ord>(
    asked: &[Ask],
    budget: &Budget,
    same: impl Fn(&Printer<WIDTH>, u8) -> K,
) -> Result<(), TestCaseError> {
    let print = Printer::<WIDTH>::default();
    let mut table = Table::<PLACES>::within(budget);
    let mut naive: BTreeMap<K, (u16, u32)> = BTreeMap::new();
    let mut at = Location { row: 1, ..Location::default() };
    let place = |at: Location| (at.input, at.row);
    for ask in asked {
        at.row += 1;
        match *ask {
            Ask::Insert(key) => {
                let before = naive.get(&same(&print, key)).copied();
                let found = table.insert(print.of(&[key]), at).unwrap();
                prop_assert_eq!(found.map(place), before);
                naive.entry(same(&print, key)).or_insert(place(at));
            }
            Ask::Replace(key) => {
                table.replace(print.of(&[key]), at).unwrap();
                naive.insert(same(&print, key), place(at));
            }
            Ask::Get(key) => {
                let before = naive.get(&same(&print, key)).copied();
                prop_assert_eq!(table.get(print.of(&[key])).unwrap().map(place), before);
            }
            Ask::NextInput => at = Location { input: at.input + 1, row: 1, ..at },
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_table_answers_as_a_map_does(asked in asked()) {
        compare::<96, 64, u8>(&asked, &Budget::default(), |_, key| key)?;
    }

    #[test]
    fn keys_in_one_place_of_the_table_are_told_apart(asked in asked()) {
        compare::<96, 2, u8>(&asked, &Budget::default(), |_, key| key)?;
        compare::<96, 0, u8>(&asked, &Budget::default(), |_, key| key)?;
    }

    /// So nothing but the width of the fingerprint decides how likely a false duplicate is.
    #[test]
    fn keys_are_taken_for_one_only_where_their_fingerprints_are(asked in asked()) {
        compare::<2, 2, Fingerprint>(&asked, &Budget::default(), |print, key| print.of(&[key]))?;
        compare::<5, 64, Fingerprint>(&asked, &Budget::default(), |print, key| print.of(&[key]))?;
    }

    /// With a budget that takes no more than a few keys, nearly all are in files; larger ones leave room
    /// for filters.
    #[test]
    fn a_table_without_room_answers_as_a_map_does(asked in asked(), bytes in 0..2_000_u64) {
        for bytes in [0, bytes] {
            let budget = Budget::new(Some(bytes), 2, None);
            compare::<96, 64, u8>(&asked, &budget, |_, key| key)?;
            compare::<96, 0, u8>(&asked, &budget, |_, key| key)?;
            compare::<5, 64, Fingerprint>(&asked, &budget, |print, key| print.of(&[key]))?;
        }
    }
}

#[test]
fn a_fingerprint_has_as_many_bits_as_its_width() {
    let print = Printer::<2>::default();
    let mut seen: Vec<Fingerprint> = (0..=u8::MAX).map(|key| print.of(&[key])).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen, (0..4).map(|low| Fingerprint([low, 0, 0])).collect::<Vec<_>>());
}

/// Every bit is set in half of the fingerprints: without that the chance that the module names would
/// not hold.
#[test]
fn every_bit_of_a_fingerprint_is_used() {
    let print = Fingerprinter::default();
    let mut set = [0_u32; 96];
    for key in 0..4096_u32 {
        let Fingerprint(words) = print.of(&key.to_le_bytes());
        for (bit, count) in set.iter_mut().enumerate() {
            *count += words[bit / 32] >> (bit % 32) & 1;
        }
    }
    // Nine standard deviations around the middle.
    assert!(set.iter().all(|count| (1760..2336).contains(count)), "{set:?}");
}
