//! `[vome]`: what the documents contradict each other about or leave open, and what is sent unless the
//! recipe says otherwise. `docs/vome.md` gives the reason for each.

mod forms;

use std::path::PathBuf;

use serde::Deserialize;

pub use self::forms::{
    BoolEncoding, CoordinatesAs, Counts, Each, EmptyAnswer, Endpoint, Endpoints, EnumEncoding,
    GenderMap, Match, OccupationMap, Phone, RecordsKey, UniqueFieldKey, Verb,
};
use super::custom::{Declared, Encoding};
use super::invite::Invite;
use crate::error::{Error, Result};
use crate::target::{Method, Operation};

/// `[vome]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the API is.
    pub base_url: String,
    /// What a call does.
    pub operation: Operation,
    /// By what it finds people.
    #[serde(rename = "match")]
    pub matched_by: Match,
    /// The id of the custom field that people are found by, where no definition says it.
    pub match_field_id: Option<String>,
    /// The key of the list of people.
    pub records_key: Option<RecordsKey>,
    /// The key of the custom field in the match block.
    pub unique_field_key: Option<UniqueFieldKey>,
    /// The endpoints.
    pub endpoints: Endpoints,
    /// Whether `profile_data.id` is sent.
    pub send_profile_id: Option<bool>,
    /// Invitations.
    pub invite: Invite,
    /// How codes are written.
    pub enum_encoding: EnumEncoding,
    /// How `has_medical_info` is written.
    pub bool_encoding: BoolEncoding,
    /// The codes of genders.
    pub gender_map: GenderMap,
    /// Whether `gender_text` may be sent.
    pub gender_text: bool,
    /// The codes of occupations.
    pub occupation_map: OccupationMap,
    /// With which codes of `occupation` an institution goes.
    pub institution_codes: Option<Vec<i64>>,
    /// How phone numbers are written.
    pub phone: Phone,
    /// The key of the coordinates.
    pub coordinates_key: String,
    /// How they are written.
    pub coordinates_as: CoordinatesAs,
    /// Custom fields that the recipe declares.
    pub custom_fields: Vec<Declared>,
    /// How the values of custom fields are written, by type.
    pub custom_encoding: Encoding,
    /// Whether a selection takes what is none of its options.
    pub allow_unknown_options: bool,
    /// What a success without a body means.
    pub empty_answer: EmptyAnswer,
    /// Whom the counts of an answer count.
    pub counts: Counts,
    /// People in a request: 50 where it is sent, 500 in a payload file. The vendor documents no
    /// limit.
    pub batch_size: Option<usize>,
    /// Bytes in a request.
    pub batch_bytes: usize,
    /// Requests a second. The vendor documents no number.
    pub rate: f64,
    /// Whether a push first looks whether the custom fields that it uses are still as the lock file
    /// says.
    pub check_fields: bool,
    /// Profiles on a page when they are read, 1 to 100.
    pub page_size: u64,
    /// A file of mode 0600 that holds the key.
    pub api_key_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "https://api.vomevolunteer.com".to_owned(),
            operation: Operation::default(),
            matched_by: Match::default(),
            match_field_id: None,
            records_key: None,
            unique_field_key: None,
            endpoints: Endpoints::default(),
            send_profile_id: None,
            invite: Invite::default(),
            enum_encoding: EnumEncoding::default(),
            bool_encoding: BoolEncoding::default(),
            gender_map: GenderMap::default(),
            gender_text: false,
            occupation_map: OccupationMap::default(),
            institution_codes: None,
            phone: Phone::default(),
            coordinates_key: "address_coordinates".to_owned(),
            coordinates_as: CoordinatesAs::default(),
            custom_fields: Vec::new(),
            custom_encoding: Encoding::default(),
            allow_unknown_options: false,
            empty_answer: EmptyAnswer::default(),
            counts: Counts::default(),
            batch_size: None,
            batch_bytes: 1024 * 1024,
            rate: 1.0,
            check_fields: true,
            page_size: 100,
            api_key_file: None,
        }
    }
}

impl Settings {
    /// The key of the list of people. "Create profiles" has one, the example of "Write Operations"
    /// another.
    pub fn records_key(&self) -> &str {
        let said = self.records_key.as_ref().and_then(|key| key.of(self.operation));
        said.unwrap_or(match self.operation {
            Operation::Create => "users_data",
            Operation::Update | Operation::Upsert => "volunteers_data",
        })
    }

    /// Method and path of the operation. Source: Vome "Write Operations".
    pub fn endpoint(&self) -> (Method, String) {
        let (said, verb, path) = match self.operation {
            Operation::Create => (&self.endpoints.create, Verb::Post, "/api/profiles/bulk-create/"),
            Operation::Update => (&self.endpoints.update, Verb::Put, "/api/profiles/bulk-update/"),
            Operation::Upsert => (&self.endpoints.upsert, Verb::Put, "/api/profiles/bulk-upsert/"),
        };
        let path = said.path.clone().unwrap_or_else(|| path.to_owned());
        (said.method.unwrap_or(verb).method(), path)
    }

    /// The keys of the custom field in the match block. Where there is one, a key that is missed
    /// would create people twice, so that both are sent.
    pub fn unique_field_key(&self) -> UniqueFieldKey {
        let usual = match self.matched_by {
            Match::Custom(_) => UniqueFieldKey::Both,
            Match::Email | Match::Id => UniqueFieldKey::UniqueCustomField,
        };
        self.unique_field_key.unwrap_or(usual)
    }

    /// Whether `profile_data.id` may be sent.
    pub fn sends_profile_id(&self) -> bool {
        self.send_profile_id.unwrap_or(self.operation != Operation::Create)
    }

    /// With which codes of `occupation` an institution goes: those of students and professionals.
    pub fn institution_codes(&self) -> Vec<i64> {
        let map = self.occupation_map;
        self.institution_codes.clone().unwrap_or_else(|| vec![map.student, map.professional])
    }

    /// Refuses what no request could follow.
    ///
    /// # Errors
    /// [`Error::Usage`] with what to write instead, and the keys of the recipe that lead to it.
    pub fn check(&self) -> Result<(), (Vec<&'static str>, Error)> {
        let refused = |keys: &[&'static str], message: String, help: &str| {
            Err(([&["vome"], keys].concat(), Error::usage(message, help)))
        };
        let is_key = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let word = self.operation.word();
        for (name, key) in
            [("records_key", self.records_key()), ("coordinates_key", &self.coordinates_key)]
        {
            if !is_key(key) {
                return refused(
                    &[name, word],
                    format!("`{name}` under [vome] cannot be {key:?}"),
                    "give a key of letters, digits and underscores, such as users_data",
                );
            }
        }
        let (_, path) = self.endpoint();
        if !path.starts_with('/') {
            return refused(
                &["endpoints", word, "path"],
                format!("the path {path:?} of an endpoint does not begin with /"),
                "write it as /api/profiles/bulk-upsert/, under [vome.endpoints]",
            );
        }
        for (name, mut codes) in [
            ("gender_map", self.gender_map.codes()),
            ("occupation_map", self.occupation_map.codes()),
        ] {
            codes.sort_unstable();
            if codes.windows(2).any(|pair| pair.first() == pair.last()) {
                return refused(
                    &[name],
                    format!("two words of `{name}` under [vome] have one code"),
                    "give each of them a code of its own",
                );
            }
        }
        if self.matched_by == Match::Id && !self.sends_profile_id() {
            return refused(
                &["send_profile_id"],
                "people are to be found by their Vome ID, which is not sent".to_owned(),
                "match by email, or set send_profile_id = true under [vome]; a create needs that, as \
                 profiles that do not exist have no id yet",
            );
        }
        if self.match_field_id.is_some() && !matches!(self.matched_by, Match::Custom(_)) {
            return refused(
                &["match_field_id"],
                "match_field_id names a custom field, but people are not matched by one".to_owned(),
                "add match = \"custom:NAME\" under [vome], or take match_field_id out",
            );
        }
        let encoding = &self.custom_encoding;
        if self.allow_unknown_options && encoding.sends_option_ids() {
            return refused(
                &["allow_unknown_options"],
                "an option that is not known has no id that could be sent".to_owned(),
                "take allow_unknown_options out under [vome], or send the texts of options",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known under a table, as the error for an unknown key lists it.
    fn keys(table: &str) -> Vec<String> {
        let text = format!("{table}\nnot_known = 1\n");
        let error = toml::from_str::<Settings>(&text).unwrap_err();
        error.message().split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_key_of_an_inner_table_stands_on_the_page() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/vome.md");
        let Ok(page) = std::fs::read_to_string(page) else { return };
        for table in
            ["invite", "custom_encoding", "gender_map", "occupation_map", "endpoints.upsert"]
        {
            let inner = keys(&format!("[{table}]"));
            assert!(inner.len() > 1, "{table}: {inner:?}");
            for key in inner {
                assert!(page.contains(&key), "docs/vome.md lacks {key} of {table}");
            }
        }
    }
}
