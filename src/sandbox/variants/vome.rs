//! The variants of the Vome part.

use super::{
    EmailMatch, Encoding, Null, NumberForm, OverCap, RetryAfter, Rights, Strictness, variants,
    words,
};

words! {
    /// The key of the list of records.
    RecordsKey {
        /// as "Create profiles" prints it
        Users = "users_data",
        /// as the example of "Write Operations" prints it
        Volunteers = "volunteers_data",
        /// as the specification of "Write Operations" prints it
        User = "user_data",
        /// any of the three
        Any = "any",
    }
}

words! {
    /// What a call without a list of records under a known key does.
    WrongKey {
        /// 400, code `missing_field`
        Refused = "refused",
        /// a success that did nothing
        Ignored = "ignored",
    }
}

words! {
    /// The key of the custom field in `unique_identifier`.
    UniqueKey {
        /// as the examples print it
        CustomField = "unique_custom_field",
        /// as the specification prints it
        Id = "unique_id",
        /// either
        Either = "either",
    }
}

words! {
    /// Which endpoint upserts.
    UpsertEndpoint {
        /// `PUT bulk-upsert`
        Put = "put_bulk_upsert",
        /// `POST bulk-create`; `bulk-upsert` is not there
        Post = "post_bulk_create",
        /// none; `bulk-upsert` is answered with 404
        Absent = "absent",
        /// none; `PUT bulk-upsert` is answered with 405
        NotAllowed = "not_allowed",
    }
}

words! {
    /// What one bad record does.
    BadRow {
        /// the whole call is refused, `param` names the record
        Call = "call",
        /// the whole call is refused, and nothing names the record
        CallUnnamed = "call_unnamed",
        /// the others land; `errors` names the record
        RowNamed = "row_named",
        /// the others land; `failed` counts it
        RowUnnamed = "row_unnamed",
        /// the others land; nothing is said
        RowSilent = "row_silent",
    }
}

words! {
    /// The body of a success.
    SuccessBody {
        /// `message`, `created` and `updated`
        Counts = "counts",
        /// `message` alone
        Message = "message",
        /// `{}`
        EmptyObject = "empty_object",
        /// `results`: one object a record with `index`, `id` and `status`
        Rows = "rows",
        /// nothing
        Empty = "empty",
    }
}

words! {
    /// What a record of `bulk-update` for nobody does.
    Unmatched {
        /// it is passed over
        PassedOver = "passed_over",
        /// `not_found` counts it
        Counted = "counted",
        /// `errors` names it
        Listed = "listed",
        /// it is a bad record, code `not_found`
        BadRow = "bad_row",
    }
}

words! {
    /// What a record of `bulk-create` for somebody who exists does.
    Existing {
        /// it is passed over
        PassedOver = "passed_over",
        /// it is a bad record, 409
        Conflict = "conflict",
    }
}

words! {
    /// What a second record for one person in a call does.
    Twice {
        /// it is a bad record
        BadRow = "bad_row",
        /// it changes the person once more
        Merged = "merged",
    }
}

words! {
    /// What `profile_data.id` does in a record that creates.
    CreateId {
        /// it becomes the id of the profile
        Taken = "taken",
        /// it is passed over
        Ignored = "ignored",
        /// it is a bad record
        Refused = "refused",
    }
}

words! {
    /// The links of a page.
    Links {
        /// `http://` to this server
        Own = "own",
        /// `http://` to the vendor's host
        Vendor = "vendor",
        /// as in the example: `next` null before the end, `previous` beyond it
        Odd = "odd",
    }
}

words! {
    /// How `field_type` is shown.
    FieldTypeForm {
        /// the number of the type
        Number = "number",
        /// its number in a string
        Digits = "digits",
        /// its name
        Name = "name",
    }
}

words! {
    /// For whom a custom field is listed.
    FieldsListed {
        /// for those who have a value
        Filled = "filled",
        /// for everybody, with a null value
        All = "all",
    }
}

words! {
    /// How the chosen option of a single selection is sent.
    SingleSelect {
        /// as its text
        Text = "text",
        /// as its id
        OptionId = "option_id",
    }
}

words! {
    /// How the chosen options of a multiple selection are sent.
    MultiSelect {
        /// a list of texts
        List = "list",
        /// one text with separators
        Joined = "joined",
        /// a list of ids
        OptionIds = "option_ids",
    }
}

words! {
    /// How the chosen option of a single selection is shown.
    SingleShown {
        /// an object with id, text and order
        Object = "object",
        /// its text
        Text = "text",
    }
}

words! {
    /// What an option does that the field does not have.
    UnknownOption {
        /// it is a bad record
        Refused = "refused",
        /// the field gets it
        Created = "created",
        /// it is passed over
        Ignored = "ignored",
    }
}

words! {
    /// What a custom field does that there is not.
    UnknownField {
        /// it comes to be
        Created = "created",
        /// it is passed over
        Ignored = "ignored",
        /// it is a bad record
        Refused = "refused",
    }
}

words! {
    /// By what a custom value finds its field.
    FieldBy {
        /// by the id, else by the name
        IdFirst = "id_first",
        /// by the name, else by the id
        NameFirst = "name_first",
        /// by the id alone
        Id = "id",
        /// by the name alone
        Name = "name",
    }
}

words! {
    /// What a key does that is not sent.
    Omitted {
        /// the value is kept
        Kept = "kept",
        /// the value is cleared, names and e-mail address excepted
        Cleared = "cleared",
    }
}

words! {
    /// What an empty string does.
    Blank {
        /// it is stored
        Stored = "stored",
        /// it clears
        Clears = "clears",
        /// it is passed over
        Ignored = "ignored",
        /// it is a bad record
        Refused = "refused",
    }
}

words! {
    /// What a phone number may hold.
    Phone {
        /// anything but letters
        Free = "free",
        /// digits alone
        Digits = "digits",
    }
}

words! {
    /// The name of the coordinates.
    CoordinatesKey {
        /// as it is written in "Create profiles"
        Address = "address_coordinates",
        /// as the example of "The Profile object" shows it
        Latitude = "latitude_longitude",
    }
}

variants! {
    /// How the Vome part behaves.
    Vome in "vome", VOME_KEYS {
        /// the key of the list of records on create
        #[source = "V1; Vome \"Create profiles\""]
        create_key: RecordsKey = RecordsKey::Users,
        /// the key of the list of records on update
        #[source = "V1; Vome \"Write Operations\", example"]
        update_key: RecordsKey = RecordsKey::Volunteers,
        /// the key of the list of records on upsert
        #[source = "V1; Vome \"Write Operations\", example"]
        upsert_key: RecordsKey = RecordsKey::Volunteers,
        /// a call without a list under that key
        #[source = "V1; not documented"]
        wrong_key: WrongKey = WrongKey::Refused,
        /// the key of the custom field in `unique_identifier`; another is passed over
        #[source = "V2; Vome \"Write Operations\" has both"]
        unique_key: UniqueKey = UniqueKey::Either,
        /// the endpoint that upserts
        #[source = "V3; Vome \"Write Operations\""]
        upsert: UpsertEndpoint = UpsertEndpoint::Put,
        /// a record that is not good
        #[source = "not documented"]
        bad_row: BadRow = BadRow::Call,
        /// the status of a success
        #[source = "Vome \"Errors\""]
        success_status: u16 = 200,
        /// the body of a success
        #[source = "not documented"]
        success_body: SuccessBody = SuccessBody::Counts,
        /// the most records in a call; 0 is no limit
        #[source = "not documented"]
        most_rows: u64 = 0,
        /// the status for more
        #[source = "not documented"]
        too_many_status: u16 = 413,
        /// a record of `bulk-update` for nobody
        #[source = "not documented"]
        unmatched: Unmatched = Unmatched::PassedOver,
        /// a record of `bulk-create` for somebody who exists
        #[source = "Vome \"Create profiles\""]
        existing: Existing = Existing::PassedOver,
        /// a second record for one person in a call
        #[source = "not documented"]
        twice: Twice = Twice::BadRow,
        /// `profile_data.id` in a record that creates
        #[source = "V4; Vome \"Create profiles\", example"]
        create_id: CreateId = CreateId::Taken,
        /// a key that is not in the documents
        #[source = "not documented"]
        unknown_key: Strictness = Strictness::Refused,
        /// whether `profile_data.gender_text` is taken
        #[source = "Vome help centre, formatting an import; not in a write example"]
        gender_text: bool = false,
        /// how gender and occupation are sent
        #[source = "V6; Vome \"Create profiles\", example"]
        code: Encoding = Encoding::Native,
        /// how gender and occupation are shown
        #[source = "V6; Vome \"The Profile object\", example"]
        code_shown: NumberForm = NumberForm::Number,
        /// how `has_medical_info` is sent
        #[source = "V9; Vome \"Create profiles\" and \"The Profile object\""]
        medical_flag: Encoding = Encoding::Either,
        /// the key under which coordinates are sent
        #[source = "V12; Vome \"Create profiles\""]
        coordinates_key: CoordinatesKey = CoordinatesKey::Address,
        /// the key under which coordinates are shown
        #[source = "V12; Vome \"The Profile object\", example"]
        coordinates_shown: CoordinatesKey = CoordinatesKey::Latitude,
        /// how the two coordinates are sent
        #[source = "V12; Vome \"Create profiles\""]
        coordinates_as: Encoding = Encoding::String,
        /// what a phone number may hold
        #[source = "V17; Vome help centre, formatting an import, two revisions"]
        phone: Phone = Phone::Free,
        /// how e-mail addresses are compared
        #[source = "not documented"]
        email_match: EmailMatch = EmailMatch::Insensitive,
        /// a key that is not sent
        #[source = "not documented"]
        omitted: Omitted = Omitted::Kept,
        /// a key that is null
        #[source = "not documented"]
        null: Null = Null::Clears,
        /// a value that is the empty string
        #[source = "not documented"]
        blank: Blank = Blank::Stored,
        /// by what a custom value finds its field when id and name are there
        #[source = "V20; Vome \"Create profiles\" sends both"]
        field_by: FieldBy = FieldBy::IdFirst,
        /// a custom field that there is not
        #[source = "not documented"]
        unknown_field: UnknownField = UnknownField::Created,
        /// an option that a selection does not have
        #[source = "not documented"]
        unknown_option: UnknownOption = UnknownOption::Refused,
        /// how the option of a single selection is sent
        #[source = "V13; Vome \"Create profiles\", example"]
        single_select: SingleSelect = SingleSelect::Text,
        /// how the option of a single selection is shown
        #[source = "V13; Vome \"The Profile object\""]
        single_shown: SingleShown = SingleShown::Object,
        /// how the options of a multiple selection are sent
        #[source = "V13; not documented"]
        multi_select: MultiSelect = MultiSelect::List,
        /// what stands between joined options
        #[source = "V13; not documented"]
        multi_separator: String = ",".to_owned(),
        /// how a boolean custom value is sent
        #[source = "V13; Vome \"The Profile object\" shows it so"]
        boolean: Encoding = Encoding::Native,
        /// how a number in a custom field is sent
        #[source = "V13; not documented"]
        number: Encoding = Encoding::Either,
        /// how the type of a custom field is shown
        #[source = "V13; Vome \"The Profile object\": string in prose, number in the example"]
        field_type: FieldTypeForm = FieldTypeForm::Number,
        /// how the order of an option is shown
        #[source = "V13; Vome \"The Profile object\": string in prose, number in the example"]
        option_order: NumberForm = NumberForm::Number,
        /// for whom a custom field is listed
        #[source = "inferred from Vome \"The Profile object\""]
        fields_listed: FieldsListed = FieldsListed::Filled,
        /// the largest page
        #[source = "Vome \"Pagination\""]
        page_cap: u64 = 100,
        /// the page when none is asked for
        #[source = "Vome \"Pagination\""]
        page_default: u64 = 10,
        /// a page larger than the cap
        #[source = "not documented"]
        over_cap: OverCap = OverCap::Refused,
        /// the links to other pages
        #[source = "V15; Vome \"The Profile object\", example"]
        links: Links = Links::Own,
        /// what the key may do
        #[source = "Vome \"Errors\""]
        rights: Rights = Rights::Write,
        /// requests in a window before 429; 0 is no limit
        #[source = "Vome \"Errors\" names 429, no number"]
        rate_limit: u64 = 0,
        /// the window, in milliseconds
        #[source = "not documented"]
        rate_window_ms: u64 = 1000,
        /// when a 429 says to come back
        #[source = "not documented"]
        retry_after: RetryAfter = RetryAfter::Seconds,
    }
}
