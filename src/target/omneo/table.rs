//! Every setting of `[omneo]`, as `upsheet targets` and the pages of the documentation show it. A test holds that
//! none is missing, and that the pages say the same.

use crate::target::setting::{Setting, of};

/// In the order of the page.
#[rustfmt::skip]
pub(in crate::target) static TABLE: &[Setting] = &[
    of("base_url", "–", "Omneo guides",
        "where the tenant is. Three forms are in print; `https://api.TENANT.getomneo.com/api/v3` is that of the guides. The CX Manager's own address is refused: it is a site for people (O1)"),
    of("match_criteria", r#"`"email"`"#, r#"Omneo "Batch Profiles""#,
        r#"by what people are found: `"email"` or the handle of an identity"#),
    of("identities", "`[]`", r#"Omneo "Identities""#,
        "further handles whose columns are found by their headers; a slip of one of them is an error"),
    of("require", r#"`["email"]`"#, r#"Omneo "Batch Profiles"; types of its client"#,
        "fields without which nobody is sent. The batch page marks none, the client's types want address and names; by an identity, `[]` lets people without an address through (O9)"),
    of("batch_path", r#"`"/profiles/batch.json"`"#, r#"Omneo "Batch Profiles", two pages"#,
        "the other page has `/profiles/batch`, whose answer may lack the id of the batch (O2). `/profiles/sync` is refused: one guide calls it an upsert, the vendor's client shows that it is none (O4)"),
    of("batch_size", "`500`", r#"Omneo "Batch Profiles""#,
        "people in a request; 500 is the documented limit"),
    of("batch_bytes", "`4194304`", "not documented",
        "bytes in a request; no limit is documented"),
    of("rate", "`2.0`", "not documented",
        "requests a second; no number is documented. `0` is without limit"),
    of("items_in_order", "`false`", "not documented",
        "whether the items of a finished batch stand in the order sent, which is not documented. Items that name their people (`external_id` holds the e-mail address or an identity that was sent) are believed anyway; where nothing tells who failed, the batch is sent again in halves, which changes nothing for those who landed"),
    of("confirm", r#"`"poll"`"#, r#"Omneo "Batch Profiles", "Add Batch Items""#,
        r#"how it is learned what became of a queued batch: by asking for it and, where that is not to be had, reading the people back; `"readback"` only reads back; `"none"` leaves them queued and unverified. One page says that outcomes are not to be had, another shows where they are (O3)"#),
    of("follow_for", "`300`", "not documented",
        "for how many seconds that goes on"),
    of("page_size", "`100`", "not documented",
        "profiles on a page when they are read; no limit is documented"),
    of("api_key_file", "–", r#"Omneo "Authentication""#,
        "a file of mode 0600 with the token, where `OMNEO_TOKEN` is not set"),
    of("custom_attributes", "–", r#"Omneo "Custom attributes"; types of its client"#,
        r#"the tenant's attributes: `[omneo.custom_attributes]`, then `loyalty.points = "integer"`. Types: `string`, `integer`, `float`, `boolean`, `json`, `array`, as the client has them (O11)"#),
    of("custom_value", r#"`"native"`"#, r#"Omneo "Custom attributes"; types of its client"#,
        r#"whether their values are sent as JSON of their type or, with `"string"`, all as text (O11)"#),
    of("tags_mode", r#"`"refuse"`"#, r#"Omneo "Tags""#,
        r#"with `"replace"` the tags of the sheet are sent. Whether a batch adds them or takes the others away is not documented; an update takes them away, so a sheet should have all tags of a person (O14)"#),
    of("statuses_mode", r#"`"add"`"#, r#"Omneo "Statuses""#,
        r#"statuses are left out of the batch and added by a request of their own, which takes none away (see below). With `"batch"` they are sent in the batch: the same doubt as for tags, so a sheet should then have all statuses of a person. With `"refuse"` a column of statuses is refused ("Statuses", O14)"#),
    of("birth_encoding", r#"`"integer"`"#, r#"Omneo "Batch Profiles""#,
        r#"`"string"` sends the parts of the birth date as text, as some answers show them (O8)"#),
    of("country_as", r#"`"alpha2"`"#, r#"Omneo "Addresses""#,
        r#"how the country of an address is written: its code ("Addresses" advises it), its English `"name"` (an answer shows one), or `"asis"`, unchecked (O12)"#),
    of("meta_as", r#"`"object"`"#, r#"Omneo "Batch Profiles"; types of its client"#,
        r#"what `meta` and `appearance` are: objects (the client's types) or, with `"list"`, lists of texts (the batch page) (O10)"#),
    of("consent_is_customer_act", "`false`", r#"Omneo "Comms preferences""#,
        r#"times of consent are those at which customers acted themselves, and not sent for migrations or corrections ("Comms preferences"). Say `true` only where that is so"#),
    of("consent", r#"`"comms_attributes"`"#, r#"Omneo "Batch Profiles""#,
        r#"where these times go: the batch page has two places. `"attributes"` is the other one; `"both"` makes fields of both, the second being `attributes.comms.email_consent_updated_at` (O13)"#),
    of("region_style", r#"`"auto"`"#, r#"Omneo "Localisation"; types of its client"#,
        r#"`"single"`: only `region_…`; `"list"`: only `regions`; `"any"`: nothing is held against any mixture. `"auto"` lets each person use one of the two (O16)"#),
    of("location_refs", r#"`"one"`"#, "not documented",
        r#"`"any"` lets a person name a location in several ways; which one counts is not documented"#),
    of("allow_types", "`[]`", r#"Omneo "Profiles API overview""#,
        r#"`"deleted"` and `"system"` as profile types. The first takes people out of sight, the second is Omneo's own (O6)"#),
    of("mobile_clash", r#"`"error"`"#, r#"Omneo "Core fields""#,
        r#"what the tenant does with a mobile number that another profile has. With `"secondary"` it keeps it as the secondary number, and two rows with one number are both sent (O18)"#),
    of("identity_precheck", "when people are matched by e-mail address", r#"Omneo "Search by id""#,
        "whether it is asked beforehand whose the identities of the sheet are (see below); `true` or `false` (O15)"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::omneo::settings::Settings;
    use crate::target::setting::check;

    #[test]
    fn every_setting_stands_in_the_table_and_on_the_page() {
        check::<Settings>("omneo", TABLE);
    }
}
