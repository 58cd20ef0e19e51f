//! The variants of the Omneo part.

use super::{
    EmailMatch, Encoding, Null, NumberForm, OverCap, Presence, RetryAfter, Rights, Strictness,
    variants, words,
};

words! {
    /// Where batches go.
    BatchPath {
        /// `/profiles/batch.json` and `/profiles/batch`
        Both = "both",
        /// `/profiles/batch.json` alone
        Json = "batch.json",
        /// `/profiles/batch` alone
        Plain = "batch",
    }
}

words! {
    /// The `batch_id` of an answer.
    BatchId {
        /// a string
        Text = "text",
        /// a number
        Number = "number",
        /// it is not there
        Absent = "absent",
    }
}

words! {
    /// What `GET /batches/{id}` does.
    Batches {
        /// it shows the batch
        Present = "present",
        /// 404
        Absent = "absent",
        /// 403
        Forbidden = "forbidden",
        /// it shows the batch, which is pending for ever
        Pending = "pending",
    }
}

words! {
    /// The list of items of a batch.
    Items {
        /// one for each profile, in the order sent
        InOrder = "in_order",
        /// one for each profile, the last first
        Reversed = "reversed",
        /// the failed ones
        FailedOnly = "failed_only",
        /// it is not there
        Absent = "absent",
    }
}

words! {
    /// What `external_id` of an item holds.
    ItemExternalId {
        /// the identifier of the first identity
        Identity = "identity",
        /// the e-mail address
        Email = "email",
        /// the id of the profile
        ProfileId = "profile_id",
        /// null
        Nothing = "nothing",
    }
}

words! {
    /// The `error` of an item.
    ItemError {
        /// a text
        Text = "text",
        /// an object of fields and messages
        Map = "map",
    }
}

words! {
    /// What one bad profile does.
    BadProfile {
        /// its item fails
        Item = "item",
        /// the whole call is answered with 422
        Call = "call",
    }
}

words! {
    /// The status of a batch of which some landed and some failed.
    MixedStatus {
        /// `success`
        Success = "success",
        /// `failed`
        Failed = "failed",
    }
}

words! {
    /// What a list of words does to the words that are there.
    SetMode {
        /// it takes their place
        Replace = "replace",
        /// it is added
        Add = "add",
    }
}

words! {
    /// What a mobile number does that is somebody else's.
    MobileClash {
        /// the profile fails
        Error = "error",
        /// it becomes `secondary_phone`
        Secondary = "secondary",
    }
}

words! {
    /// What an identity does that is somebody else's, when matched by e-mail.
    IdentityClash {
        /// the profile fails
        Error = "error",
        /// the data goes to the profile that has the identity
        Routes = "routes",
    }
}

words! {
    /// How names are stored.
    NameCase {
        /// as sent
        Kept = "kept",
        /// each word with a capital
        Title = "title",
    }
}

words! {
    /// The case in which gender is shown.
    GenderCase {
        /// `female`
        Lower = "lower",
        /// `FEMALE`
        Upper = "upper",
    }
}

words! {
    /// What a profile cannot be without.
    Required {
        /// an e-mail address
        Email = "email",
        /// an e-mail address and both names
        EmailAndNames = "email_and_names",
    }
}

words! {
    /// What `meta` and `appearance` hold.
    MetaAs {
        /// an object or a list
        Either = "either",
        /// an object
        Object = "object",
        /// a list of strings
        List = "list",
    }
}

words! {
    /// The types of custom attributes.
    CustomTypes {
        /// `string, integer, float, boolean, json, array`
        Client = "client",
        /// `string, number, boolean, date, select`
        Page = "page",
    }
}

words! {
    /// How the country of an address is sent.
    Country {
        /// as any text
        Any = "any",
        /// as two letters
        Alpha2 = "alpha2",
    }
}

words! {
    /// What an entry of `regions` needs.
    RegionNeeds {
        /// the id or the handle
        Either = "either",
        /// both
        Both = "both",
    }
}

words! {
    /// When `available` is true.
    Availability {
        /// when nobody has the value
        Example = "example",
        /// when somebody has it
        Prose = "prose",
    }
}

words! {
    /// What `POST /profile/status/batch.json` does.
    StatusBatch {
        /// it takes the batch, and the statuses are added
        Present = "present",
        /// 404
        Absent = "absent",
        /// it takes the batch, which is pending for ever
        Pending = "pending",
    }
}

words! {
    /// What `GET /statuses` does.
    StatusList {
        /// it lists the statuses, those with the handle that is asked for
        Filtered = "filtered",
        /// it lists all of them, whichever is asked for
        All = "all",
        /// 404
        Absent = "absent",
        /// 403
        Forbidden = "forbidden",
    }
}

words! {
    /// How times are shown.
    TimeForm {
        /// `2021-01-27 00:00:00`, in UTC
        Plain = "plain",
        /// `2021-01-27T00:00:00Z`
        Iso = "iso",
    }
}

variants! {
    /// How the Omneo part behaves.
    Omneo in "omneo", OMNEO_KEYS {
        /// the path of the profile batch
        #[source = "O2; Omneo \"Batch Profiles\" and its older page"]
        batch_path: BatchPath = BatchPath::Both,
        /// the status of a batch that is taken in; 204 has no body
        #[source = "not documented; 202 in Omneo \"Statuses\""]
        success_status: u16 = 202,
        /// `batch_id` in the answer
        #[source = "Omneo \"Batch Profiles\""]
        batch_id: BatchId = BatchId::Text,
        /// how long a batch is queued, in milliseconds
        #[source = "Omneo \"Batch Profiles\": asynchronous, no time"]
        queue_ms: u64 = 20,
        /// the most profiles in a batch
        #[source = "Omneo \"Batch Profiles\": 1 - 500 elements"]
        most_rows: u64 = 500,
        /// the most bytes in a call, 413 for more; 0 is no limit but 16 MB
        #[source = "not documented"]
        most_bytes: u64 = 0,
        /// the endpoint that shows a batch
        #[source = "O3; Omneo \"Add Batch Items\", inferred for profiles"]
        batches: Batches = Batches::Present,
        /// the items of a batch
        #[source = "not documented"]
        items: Items = Items::InOrder,
        /// the status of a batch of which some landed and some failed
        #[source = "not documented"]
        mixed_status: MixedStatus = MixedStatus::Success,
        /// how the counts of a batch are shown
        #[source = "strings in Omneo \"Add Batch Items\", numbers in the client's types"]
        counts: NumberForm = NumberForm::Number,
        /// what `external_id` of an item holds
        #[source = "not documented"]
        item_external_id: ItemExternalId = ItemExternalId::Identity,
        /// the `error` of an item
        #[source = "not documented"]
        item_error: ItemError = ItemError::Text,
        /// a profile that is not good
        #[source = "not documented"]
        bad_row: BadProfile = BadProfile::Item,
        /// a read-only property in a batch
        #[source = "Omneo \"Profiles API overview\""]
        read_only: Strictness = Strictness::Refused,
        /// a property that is not in the documents
        #[source = "not documented"]
        unknown_key: Strictness = Strictness::Refused,
        /// what a profile cannot be without
        #[source = "O9; Omneo \"Core fields\", the client's types"]
        required: Required = Required::Email,
        /// a property that is null
        #[source = "not documented"]
        null: Null = Null::Clears,
        /// tags in a batch
        #[source = "O14; Omneo \"Tags\" of the single update"]
        tags: SetMode = SetMode::Replace,
        /// statuses in a batch
        #[source = "O14; Omneo \"Statuses\" of the single update"]
        statuses: SetMode = SetMode::Replace,
        /// the statuses that are defined; empty is any
        #[source = "Omneo \"Statuses\": made beforehand"]
        known_statuses: Vec<String> = Vec::new(),
        /// a status that is not defined
        #[source = "Omneo \"Statuses\": ignored silently"]
        unknown_status: Strictness = Strictness::Ignored,
        /// a mobile number that is somebody else's
        #[source = "O18; Omneo \"Core fields\""]
        mobile_clash: MobileClash = MobileClash::Error,
        /// an identity that is somebody else's
        #[source = "O15; Omneo \"Identities\" and its guide"]
        identity_clash: IdentityClash = IdentityClash::Error,
        /// how names are stored
        #[source = "inferred from a test of the client"]
        name_case: NameCase = NameCase::Kept,
        /// the case in which gender is shown
        #[source = "O7; lower in Omneo \"Profiles API overview\", upper in \"Core fields\""]
        gender_shown: GenderCase = GenderCase::Lower,
        /// how the parts of a birthday are sent
        #[source = "O8; Omneo \"Batch Profiles\""]
        birth: Encoding = Encoding::Native,
        /// how the parts of a birthday are shown
        #[source = "O8; strings in example answers"]
        birth_shown: NumberForm = NumberForm::Number,
        /// how e-mail addresses are compared
        #[source = "not documented"]
        email_match: EmailMatch = EmailMatch::Insensitive,
        /// what `meta` and `appearance` hold
        #[source = "O10; a list in Omneo \"Batch Profiles\", an object in the client's types"]
        meta_as: MetaAs = MetaAs::Either,
        /// the types of custom attributes
        #[source = "O11; the client's types, Omneo \"Custom attributes\""]
        custom_types: CustomTypes = CustomTypes::Client,
        /// how the value of a custom attribute is sent
        #[source = "O11; not documented"]
        custom_value: Encoding = Encoding::Native,
        /// the custom attributes that are defined, as `namespace:handle`; empty is any
        #[source = "O11; Omneo \"Custom attributes\", two revisions"]
        known_custom: Vec<String> = Vec::new(),
        /// whether an address needs its state
        #[source = "O12; the client's types"]
        state_required: bool = false,
        /// how the country of an address is sent
        #[source = "O12; Omneo \"Addresses\""]
        country: Country = Country::Any,
        /// what an entry of `regions` needs
        #[source = "O16; the client's types"]
        region_needs: RegionNeeds = RegionNeeds::Either,
        /// the currencies of the tenant; empty is any
        #[source = "Omneo \"Profiles API overview\": must be configured"]
        currencies: Vec<String> = Vec::new(),
        /// the locations of the tenant by id, external id or code; empty is any
        #[source = "Omneo \"Profiles API overview\": must be a valid location"]
        locations: Vec<String> = Vec::new(),
        /// the ids of the tenant's organisations; empty is any
        #[source = "Omneo \"Roles and permissions\": must exist"]
        organisations: Vec<String> = Vec::new(),
        /// how times are shown
        #[source = "O20; Omneo \"Profiles API overview\""]
        times: TimeForm = TimeForm::Plain,
        /// `POST /profile/status/batch.json`, which adds statuses
        #[source = "Omneo \"Statuses\""]
        status_batch: StatusBatch = StatusBatch::Present,
        /// `GET /statuses`; where any handle is a status, each that is asked for is there
        #[source = "Omneo \"Statuses\"; the scope `read-statuses` of its own"]
        status_list: StatusList = StatusList::Filtered,
        /// `POST /profiles/search-id`
        #[source = "Omneo \"Search by ID\""]
        search_id: Presence = Presence::Present,
        /// `GET /identities/search`
        #[source = "Omneo \"Working with identities\""]
        identity_search: Presence = Presence::Present,
        /// `POST /profiles/availability`
        #[source = "Omneo \"Check availability\""]
        availability: Presence = Presence::Present,
        /// when `available` is true in its answer
        #[source = "Omneo \"Check availability\": prose against example"]
        available_when: Availability = Availability::Example,
        /// the largest page
        #[source = "not documented"]
        page_cap: u64 = 100,
        /// the page when none is asked for
        #[source = "an older client's test"]
        page_default: u64 = 15,
        /// a page larger than the cap
        #[source = "not documented"]
        over_cap: OverCap = OverCap::Refused,
        /// what the token may do
        #[source = "O17; Omneo \"API tokens\""]
        rights: Rights = Rights::Write,
        /// requests in a window before 429; 0 is no limit
        #[source = "not documented; the client knows a throttle"]
        rate_limit: u64 = 0,
        /// the window, in milliseconds
        #[source = "not documented"]
        rate_window_ms: u64 = 1000,
        /// when a 429 says to come back
        #[source = "not documented"]
        retry_after: RetryAfter = RetryAfter::Seconds,
    }
}
