//! `[omneo]`: what the documents leave open, and what is sent unless the recipe says otherwise.

use std::path::PathBuf;

use serde::Deserialize;

use crate::target::ConfirmBy;

/// The vendor's limit on profiles in a batch ("Batch Profiles": 1 - 500 elements).
pub const MOST_PROFILES: usize = 500;

/// `[omneo]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the API is: `https://api.TENANT.getomneo.com/api/v3`.
    pub base_url: Option<String>,
    /// By what Omneo finds people: `email`.
    pub match_criteria: MatchCriteria,
    /// The path of the batch endpoint; the documents print two.
    pub batch_path: String,
    /// People in a request, 1 to 500.
    pub batch_size: usize,
    /// Bytes in a request.
    pub batch_bytes: usize,
    /// Requests a second. The vendor documents no number.
    pub rate: f64,
    /// Whether the items of a finished batch stand in the order sent. The vendor does not say so;
    /// with `true` a batch of which some failed need not be sent again in halves.
    pub items_in_order: bool,
    /// How it is learned what became of the people in a queued batch.
    pub confirm: ConfirmBy,
    /// For how many seconds queued work is followed.
    pub follow_for: u64,
    /// Profiles on a page when they are read, 1 to 100. The vendor documents no limit.
    pub page_size: u64,
    /// A file of mode 0600 that holds the token.
    pub api_key_file: Option<PathBuf>,
}

/// By what Omneo finds a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchCriteria {
    /// The e-mail address.
    #[default]
    Email,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: None,
            match_criteria: MatchCriteria::Email,
            batch_path: "/profiles/batch.json".to_owned(),
            batch_size: MOST_PROFILES,
            batch_bytes: 4 * 1024 * 1024,
            rate: 2.0,
            items_in_order: false,
            confirm: ConfirmBy::Poll,
            follow_for: 300,
            page_size: 100,
            api_key_file: None,
        }
    }
}
