//! Every setting of `[scim]`, as `upsheet targets` and the pages of the documentation show it. A test holds that
//! none is missing, and that the pages say the same.

use crate::target::setting::{Setting, of};

/// In the order of the page.
#[rustfmt::skip]
pub(in crate::target) static TABLE: &[Setting] = &[
    of("base_url", "–", "RFC 7644 section 3.2",
        "where the server is: `https://HOST/scim/v2`"),
    of("operation", r#"`"create"`"#, "RFC 7644 section 3.7",
        r#"whether people are made (`"create"`) or changed by the id of the server (`"update"`); SCIM has no upsert"#),
    of("update_with", r#"`"patch"`"#, "RFC 7644 sections 3.5.1, 3.5.2",
        r#"whether an update sends what the sheet has (`"patch"`) or stands for all of the person (`"put"`)"#),
    of("user_name_from_email", "`true`", "RFC 7643 section 4.1.1",
        "whether the e-mail address stands in for a `userName` that no column gives"),
    of("primary", r#"`"work"`"#, "RFC 7643 section 2.4",
        r#"which address is marked as the primary one: `"work"`, `"home"` or `"none"`; that at home where there is no column for work"#),
    of("phone", r#"`"e164"`"#, "RFC 7643 section 4.1.2",
        r#"`+61491570006`, as identity providers send it (inferred); `"tel"`: `tel:+61491570006`, as the standard recommends; `"digits"`: national numbers as they are"#),
    of("attributes", "–", "RFC 7643 section 2.3",
        "types of attributes of other extensions"),
    of("bulk_path", r#"`"/Bulk"`"#, "RFC 7644 section 3.7",
        "where bulk requests go"),
    of("batch_size", "`100`", "RFC 7644 section 3.7.4",
        "people in a request"),
    of("batch_bytes", "`1048576`", "RFC 7644 section 3.7.4",
        "bytes in a request"),
    of("rate", "`2.0`", "each server",
        "requests a second; 0 is without limit"),
    of("page_size", "`100`", "RFC 7644 section 3.4.2.4",
        "users on a page when they are read, 1 to 100"),
    of("confirm", r#"`"readback"`"#, "RFC 7644 section 3.4.2",
        r#"`"none"`: nobody is read back, and who is not told of stays unknown"#),
    of("follow_for", "`300`", "each server",
        "for how many seconds people are looked for whom the server took for later"),
    of("api_key_file", "–", "RFC 6750 section 2.1",
        "a file of mode 0600 with the bearer token, where `SCIM_TOKEN` is not set"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::scim::settings::Settings;
    use crate::target::setting::check;

    #[test]
    fn every_setting_stands_in_the_table_and_on_the_page() {
        check::<Settings>("scim", TABLE);
    }
}
