//! The questions to Omneo, in the order in which they are asked: what is learned first is used by
//! those behind.

use crate::target::probe::{Question, Sends};

const fn sends(reads: u8, harmless: u8, own: u8) -> Sends {
    Sends { reads, harmless, own }
}

pub(super) static QUESTIONS: [Question; 9] = [
    Question {
        id: "base-url",
        asks: "Is this the address of the API?",
        why: "the documents print four forms of it",
        decides: &["omneo.base_url"],
        sends: sends(2, 0, 0),
        person: false,
        by_hand: "ask Omneo for the address of your tenant's API; usually https://api.TENANT.getomneo.com/api/v3",
    },
    Question {
        id: "token",
        asks: "Is the token taken, and may it read profiles?",
        why: "without it nothing else can be asked",
        decides: &[],
        sends: sends(1, 0, 0),
        person: false,
        by_hand: "look in CX Manager under Settings, API Tokens: it needs read-profiles, create-profiles and \
                  update-profiles",
    },
    Question {
        id: "page-size",
        asks: "How many profiles does a page hold at most?",
        why: "reading back costs a request for each page",
        decides: &["omneo.page_size"],
        sends: sends(4, 0, 0),
        person: false,
        by_hand: "ask for pages of GET /profiles with larger and larger page[size]",
    },
    Question {
        id: "batch-path",
        asks: "Where do batches go?",
        why: "the documents print two paths",
        decides: &["omneo.batch_path"],
        sends: sends(0, 3, 0),
        person: false,
        by_hand: "send a batch without profiles to both paths; the right one answers 422, the other 404",
    },
    Question {
        id: "batch",
        asks: "What is a batch answered with, and is its state to be had?",
        why: "without it people are read back, which takes longer",
        decides: &["omneo.confirm"],
        sends: sends(30, 0, 1),
        person: true,
        by_hand: "send a batch of a profile of your own and ask for GET /batches/{batch_id}",
    },
    Question {
        id: "bad-item",
        asks: "Does a profile that cannot land fail alone, and do items stand in the order sent?",
        why: "if they do, a batch of which some failed need not be sent again in halves",
        decides: &["omneo.items_in_order"],
        sends: sends(30, 0, 1),
        person: true,
        by_hand: "send a batch of four profiles of your own, the second with an impossible date, and look at \
                  the items of GET /batches/{batch_id}",
    },
    Question {
        id: "tags",
        asks: "Are tags in a batch added to those of a person, or do they take their place?",
        why: "an import of one tag could wipe the others",
        decides: &[],
        sends: sends(30, 0, 1),
        person: true,
        by_hand: "give a profile of your own two tags, send a batch with one of them, and look whether the \
                  other is still there; if it is gone, tags_mode = \"replace\" is what happens",
    },
    Question {
        id: "email-case",
        asks: "Does looking for an e-mail address heed upper and lower case?",
        why: "Ada@example.org could become a second profile beside ada@example.org",
        decides: &[],
        sends: sends(1, 0, 0),
        person: true,
        by_hand: "make a profile of your own by hand and send a batch with its address in capital letters",
    },
    Question {
        id: "rate",
        asks: "What do the answers say of limits?",
        why: "a push that keeps to them is not held up",
        decides: &["omneo.rate"],
        sends: sends(0, 0, 0),
        person: false,
        by_hand: "ask Omneo how many requests your API user may make",
    },
];
