//! `[scim]`: what the standard leaves to each server, and what is sent unless the recipe says
//! otherwise.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::target::{ConfirmBy, Operation};

/// How an update changes a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Only what is sent (RFC 7644 section 3.5.2).
    #[default]
    Patch,
    /// All of it: the server may clear what is not sent (RFC 7644 section 3.5.1).
    Put,
}

/// Which address is marked as the primary one (RFC 7643 section 2.4: at most one).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Primary {
    /// That at work, or the one at home where no column holds one at work.
    #[default]
    Work,
    /// That at home.
    Home,
    /// None.
    None,
}

/// How phone numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phone {
    /// `+61491570006`, as identity providers write them and servers show them (inferred).
    #[default]
    E164,
    /// `tel:+61491570006`, as the standard recommends (RFC 7643 section 4.1.2, RFC 3966).
    Tel,
    /// Digits, with a leading `+` if there is one; national numbers as they are.
    Digits,
}

/// What the values of an attribute are (RFC 7643 section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Type {
    /// Text.
    String,
    /// Yes or no.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// A moment.
    DateTime,
    /// A web address.
    Reference,
}

/// `[scim]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the API is: `https://HOST/scim/v2`.
    pub base_url: Option<String>,
    /// What a call does.
    pub operation: Operation,
    /// How an update changes a person.
    pub update_with: Change,
    /// Whether the e-mail address is the `userName` of new people where no column gives one.
    pub user_name_from_email: bool,
    /// Which address is primary.
    pub primary: Primary,
    /// How phone numbers are written.
    pub phone: Phone,
    /// Attributes of other extensions, by their full names; those that are not listed are text.
    pub attributes: BTreeMap<String, Type>,
    /// Where bulk requests go.
    pub bulk_path: String,
    /// People in a request; the server's limit is `bulk.maxOperations` of its
    /// `/ServiceProviderConfig`.
    pub batch_size: usize,
    /// Bytes in a request; the server's limit is `bulk.maxPayloadSize`.
    pub batch_bytes: usize,
    /// Requests a second.
    pub rate: f64,
    /// Users on a page when they are read, 1 to 100; the server's limit is `filter.maxResults`.
    pub page_size: u64,
    /// How it is learned what became of people where no answer tells: `readback`, or `none`.
    pub confirm: ConfirmBy,
    /// For how many seconds people are looked for whom the server took for later.
    pub follow_for: u64,
    /// A file of mode 0600 that holds the token.
    pub api_key_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: None,
            operation: Operation::Create,
            update_with: Change::Patch,
            user_name_from_email: true,
            primary: Primary::Work,
            phone: Phone::E164,
            attributes: BTreeMap::new(),
            bulk_path: "/Bulk".to_owned(),
            batch_size: 100,
            batch_bytes: 1024 * 1024,
            rate: 2.0,
            page_size: 100,
            confirm: ConfirmBy::ReadBack,
            follow_for: 300,
            api_key_file: None,
        }
    }
}

impl Settings {
    /// Refuses what the standard has no request for, with the setting that asks for it.
    pub(super) fn check(&self) -> Result<(), (&'static str, Error)> {
        let refused = |key, what: String, help: &str| Err((key, Error::usage(what, help)));
        if self.operation == Operation::Upsert {
            return refused(
                "operation",
                "SCIM has no upsert: a bulk request creates people or changes them by the server's id"
                    .to_owned(),
                "operation = \"create\" under [scim] creates those who are new and reports the \
                 others; operation = \"update\" changes people whose id stands in a column",
            );
        }
        if !self.bulk_path.starts_with('/') {
            return refused(
                "bulk_path",
                format!("bulk_path cannot be {:?}", self.bulk_path),
                "write it behind base_url, with a slash in front: \"/Bulk\"",
            );
        }
        if self.confirm == ConfirmBy::Poll {
            return refused(
                "confirm",
                "SCIM has no request that asks how work goes, so that it cannot be polled"
                    .to_owned(),
                "confirm = \"readback\" looks for the people themselves, \"none\" for nobody",
            );
        }
        Ok(())
    }
}
