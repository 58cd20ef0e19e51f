//! The words that the variants of the Vome part can be.

use super::super::words;

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
    /// How `param` names the place in a record.
    Param {
        /// `volunteers_data[3].profile_data.email`
        Path = "path",
        /// `volunteers_data.3.profile_data.email`
        Dots = "dots",
        /// `email`, as in the example of "Errors"; nothing tells the record
        Field = "field",
    }
}

words! {
    /// What a page behind the last one is.
    PastTheEnd {
        /// 404
        Missing = "missing",
        /// a page of nobody
        Empty = "empty",
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
        /// it is a bad record, 400
        Refused = "refused",
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
        /// by the id if one is sent, else by the name
        IdFirst = "id_first",
        /// by the name if one is sent, else by the id
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
