//! The questions to Vome, in the order in which they are asked: what is learned first is used by
//! those behind.

use crate::target::probe::{Question, Sends};

const fn reads(reads: u8) -> Sends {
    Sends { reads, harmless: 0, own: 0 }
}

const fn harmless(harmless: u8) -> Sends {
    Sends { reads: 0, harmless, own: 0 }
}

const fn own(own: u8) -> Sends {
    Sends { reads: 0, harmless: 0, own }
}

pub(super) static QUESTIONS: [Question; 19] = [
    Question {
        id: "key",
        asks: "Is the key taken, and may it read profiles?",
        why: "without it nothing else can be asked",
        decides: &[],
        sends: reads(1),
        person: false,
        by_hand: "look in Vome under Integrations & Apps, API & webhooks; the API belongs to the Ultimate plan",
    },
    Question {
        id: "page-size",
        asks: "How many profiles does a page hold at most?",
        why: "reading back costs a request for each page",
        decides: &["vome.page_size"],
        sends: reads(4),
        person: false,
        by_hand: "ask for pages of GET /api/profiles/ with larger and larger limit",
    },
    Question {
        id: "upsert-endpoint",
        asks: "Which endpoint upserts?",
        why: "the documents print two, and one of them may create only",
        decides: &["vome.endpoints.upsert.method", "vome.endpoints.upsert.path"],
        sends: Sends { reads: 0, harmless: 1, own: 1 },
        person: false,
        by_hand: "ask Vome's support which method and path upsert",
    },
    Question {
        id: "records-key-create",
        asks: "Under which key does a create take its list of people?",
        why: "the documents have three names; a wrong one may be passed over in silence",
        decides: &["vome.records_key.create"],
        sends: harmless(3),
        person: false,
        by_hand: "create one person for testing by hand (build makes the payload), and look whether it is there",
    },
    Question {
        id: "records-key-update",
        asks: "Under which key does an update take its list of people?",
        why: "the documents have three names; a wrong one may be passed over in silence",
        decides: &["vome.records_key.update"],
        sends: harmless(6),
        person: false,
        by_hand: "change one profile of your own by a sheet of one row, under each key, and look",
    },
    Question {
        id: "records-key-upsert",
        asks: "Under which key does an upsert take its list of people?",
        why: "the documents have three names; a wrong one may be passed over in silence",
        decides: &["vome.records_key.upsert"],
        sends: Sends { reads: 0, harmless: 3, own: 3 },
        person: false,
        by_hand: "change one profile of your own by a sheet of one row, under each key, and look",
    },
    Question {
        id: "bad-row",
        asks: "Does a person who cannot land fail the whole call?",
        why: "it says what the silence of an answer means, and how people are told apart",
        decides: &[],
        sends: harmless(1),
        person: false,
        by_hand: "push a sheet of two test people, one of them with an impossible value that --map lets through",
    },
    Question {
        id: "omitted",
        asks: "What becomes of values that are not sent?",
        why: "a blank cell is not sent: people would lose values if that cleared them",
        decides: &[],
        sends: own(2),
        person: true,
        by_hand: "push a sheet with nothing but names and address for a profile of your own, and look at it",
    },
    Question {
        id: "answer",
        asks: "What does the answer to a success hold, and what does it count?",
        why: "it decides when everybody is known to have landed",
        decides: &["vome.empty_answer", "vome.counts"],
        sends: own(1),
        person: true,
        by_hand: "push a profile of your own twice, and look at what the report says of the second time",
    },
    Question {
        id: "null",
        asks: "Is null taken for a value?",
        why: "blank = \"clear\" sends it",
        decides: &[],
        sends: own(1),
        person: true,
        by_hand: "push a blank cell with blank = \"clear\" for a profile of your own, and look at it",
    },
    Question {
        id: "codes",
        asks: "How are gender and occupation written?",
        why: "the documents type them as text and show numbers",
        decides: &["vome.enum_encoding"],
        sends: own(2),
        person: true,
        by_hand: "push a gender for a profile of your own under each enum_encoding, and look at it",
    },
    Question {
        id: "flags",
        asks: "How is the flag of medical information written?",
        why: "the documents write it as text and show it as true",
        decides: &["vome.bool_encoding"],
        sends: own(2),
        person: true,
        by_hand: "push has_medical_info for a profile of your own under each bool_encoding, and look at it",
    },
    Question {
        id: "custom-boolean",
        asks: "How is a custom field of the type Boolean written?",
        why: "the documents show no write of one",
        decides: &["vome.custom_encoding.boolean"],
        sends: own(2),
        person: true,
        by_hand: "push the field for a profile of your own under each custom_encoding.boolean, and look at it",
    },
    Question {
        id: "custom-number",
        asks: "How is a custom field of the type Number written?",
        why: "the documents show no write of one",
        decides: &["vome.custom_encoding.number"],
        sends: own(2),
        person: true,
        by_hand: "push the field for a profile of your own under each custom_encoding.number, and look at it",
    },
    Question {
        id: "custom-single-selection",
        asks: "How is a custom field of the type Single selection written?",
        why: "the documents show a text, and options that have ids",
        decides: &["vome.custom_encoding.single_selection"],
        sends: own(2),
        person: true,
        by_hand: "push the field for a profile of your own under each custom_encoding.single_selection, and look at it",
    },
    Question {
        id: "custom-multiple-selection",
        asks: "How is a custom field of the type Multiple selection written?",
        why: "the documents show no write of one",
        decides: &["vome.custom_encoding.multiple_selection", "vome.custom_encoding.separator"],
        sends: own(5),
        person: true,
        by_hand: "push the field for a profile of your own under each custom_encoding.multiple_selection, and look at it",
    },
    Question {
        id: "unique-field-key",
        asks: "Under which key does the match block name a Unique ID field?",
        why: "the documents have two names; a key that is missed would make people twice",
        decides: &["vome.unique_field_key"],
        sends: own(2),
        person: true,
        by_hand: "update a profile of your own, matched by the field, under each unique_field_key, and look at it",
    },
    Question {
        id: "email-case",
        asks: "Does matching by e-mail address heed upper and lower case?",
        why: "Ada@example.org could become a second person beside ada@example.org",
        decides: &[],
        sends: reads(0),
        person: false,
        by_hand: "make a profile of your own by hand and update it with its address in capital letters; \
                  write addresses in your sheets as Vome shows them until you know",
    },
    Question {
        id: "rate",
        asks: "What do the answers say of limits?",
        why: "a push that keeps to them is not held up",
        decides: &["vome.rate"],
        sends: reads(0),
        person: false,
        by_hand: "ask Vome's support how many requests a key may make",
    },
];
