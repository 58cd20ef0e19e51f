//! Every setting of `[vome]`, as `upsheet targets` and the pages of the documentation show it. A test holds that
//! none is missing, and that the pages say the same.

use crate::target::setting::{Setting, of};

/// In the order of the page.
#[rustfmt::skip]
pub(in crate::target) static TABLE: &[Setting] = &[
    of("base_url", r#"`"https://api.vomevolunteer.com"`"#, r#"Vome "Write Operations""#,
        "where the API is; plain http to this machine only"),
    of("operation", r#"`"upsert"`"#, r#"Vome "Write Operations""#,
        r#"what is done with people: `"create"`, `"update"` or `"upsert"`; see "Operations and keys""#),
    of("match", r#"`"email"`"#, r#"Vome "Write Operations""#,
        r#"by what Vome finds people: `"email"`, `"id"` or `"custom:NAME"`; see "Operations and keys""#),
    of("match_field_id", "–", r#"Vome "Write Operations""#,
        "the id of the custom field that people are matched by, where no definition has it"),
    of("records_key", "`users_data` for create, `volunteers_data` for update and upsert", r#"Vome "Create profiles", "Write Operations""#,
        r#"the key of the list of people. "Create profiles" has `users_data`; "Write Operations" has `volunteers_data` in its example and `user_data` in its specification. A text for all operations, or `{ create = "…", update = "…", upsert = "…" }`"#),
    of("unique_field_key", r#"`"unique_custom_field"`; `"both"` when matched by a custom field"#, r#"Vome "Write Operations""#,
        r#"the key of that field's id in the match block: `"unique_custom_field"` in every example, `"unique_id"` in the specification, or `"both"`. A key that is missed could make everybody a second time, so that both are sent where it matters"#),
    of("endpoints", r#"those of "Operations and keys""#, r#"Vome "Write Operations", "Upsert profiles""#,
        r#"`[vome.endpoints.create]`, `.update` and `.upsert`, each with `method` and `path`. "Upsert profiles" prints `POST …/bulk-create/`, "Write Operations" `PUT …/bulk-upsert/`. 404 and 405 stop the run with a hint; no other endpoint is ever tried, because a create passes over people who exist"#),
    of("send_profile_id", "`false` for create, else `true`", r#"Vome "Create profiles""#,
        "whether `profile_data.id` may be sent. The example of a create has one, though a profile that does not exist has none yet"),
    of("invite", "off", r#"Vome "Write Operations""#,
        r#"whether Vome mails an invitation to whom it makes: `[vome.invite]` with `enabled`, `language` (`"EN"` or `"FR"`) and `message` or `message_file`; see "Invitations""#),
    of("enum_encoding", r#"`"integer"`"#, r#"Vome "The Profile object""#,
        r#"gender and occupation as numbers, as in the examples and the help centre, or as `"string"`, as "The Profile object" types them"#),
    of("bool_encoding", r#"`"native"`"#, r#"Vome "The Profile object", "Write Operations""#,
        r#"`has_medical_info` as `true`, as profiles show it, or as `"string"`: the examples write `"true"`"#),
    of("gender_map", "`{ male = 0, female = 1, other = 2, rather_not_say = 3 }`", r#"Vome "The Profile object""#,
        r#"the codes. The list of "The Profile object" and the help centre agree; an example of a profile calls 0 female"#),
    of("gender_text", "`false`", r#"Vome "The Profile object""#,
        "whether `gender_text` may be sent, with the gender Other. Profiles show it and the help centre imports it, but no write example has it"),
    of("occupation_map", "`{ student = 0, professional = 1, retiree = 2, other = 3 }`", r#"Vome "The Profile object""#,
        "the codes. An example calls 2 a professional"),
    of("institution_codes", "those of student and professional", r#"Vome "The Profile object", help centre"#,
        "with which occupations an institution goes; with others it is sent with a warning. The help centre says 1 and 2, against its own table"),
    of("phone", r#"`"digits"`"#, "Vome help centre",
        r#"`"digits"`: a leading `+` and digits; `"e164"`: with the country code, which a national number takes from `--default-region`; `"asis"`: as the sheet has it, if it is a number. One edition of the help centre wants integers, another takes anything without letters"#),
    of("coordinates_key", r#"`"address_coordinates"`"#, r#"Vome "The Profile object""#,
        "the key of latitude and longitude. Writes have this one, an example of a profile has `latitude_longitude`"),
    of("coordinates_as", r#"`"strings"`"#, r#"Vome "The Profile object""#,
        r#"two texts, as in every example, or `"numbers"`"#),
    of("custom_fields", "–", r#"Vome "The Profile object""#,
        r#"custom fields of the account, each under `[[vome.custom_fields]]` with `name`, `id`, `type` and `options`; see "Custom fields""#),
    of("custom_encoding", r#"see "Custom fields""#, r#"Vome "The Profile object", inferred"#,
        "how values of custom fields are written, by type: `number`, `single_selection`, `multiple_selection` with `separator`, `date_time`, `date`, `boolean`, `attachment`"),
    of("allow_unknown_options", "`false`", "not documented",
        "whether a selection takes what is none of its options, as it stands. Otherwise the row is rejected"),
    of("empty_answer", r#"`"unknown"`"#, "not documented",
        r#"what a success without a body means: nobody knows, so that its people are [read back](reading-back.md), or `"accepted"`. The body of a success is not documented"#),
    of("counts", r#"`"matched"`"#, "not documented",
        r#"whom the counts of an answer count: everybody who was made or found, or only those of whom something `"changed"`. With the latter, fewer than were sent are no failure"#),
    of("batch_size", "50 when sent, 500 in files of `build`", "not documented",
        "people in a request; no limit is documented. `--batch-size` says it for one run"),
    of("batch_bytes", "`1048576`", "not documented",
        "bytes in a request"),
    of("rate", "`1.0`", "not documented",
        "requests a second, 0 for no limit; no number is documented"),
    of("page_size", "`100`", r#"Vome "Pagination""#,
        r#"profiles on a page when profiles are read, 1 to 100 ("Pagination")"#),
    of("check_fields", "`true`", r#"Vome "The Profile object""#,
        "whether a push looks first whether the custom fields that it uses are still those of the lock file: see [fields.md](fields.md)"),
    of("api_key_file", "–", r#"Vome "Authentication""#,
        "a file of mode 0600 with the key, beside the recipe; the environment variable `VOME_API_KEY` comes first"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::setting::check;
    use crate::target::vome::settings::Settings;

    #[test]
    fn every_setting_stands_in_the_table_and_on_the_page() {
        check::<Settings>("vome", TABLE);
    }
}
