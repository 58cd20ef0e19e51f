//! Whose the further keys of people are: ids beside the match key, each of which only one profile may
//! have. Somebody with an id that another profile has is better not sent.
//!
//! Pure; [`crate::readback::precheck`] does the asking.

use serde_json::Value as Json;

use super::directory::{Directory, Wanted};

/// A directory of profiles by all of their ids, whatever these are called.
pub trait Owners: Directory {
    /// The ids of a person as sent, but for the match key.
    fn claims(&self, sent: &Json) -> Vec<Wanted>;

    /// An id as people read it: `pos 000123`.
    fn show(&self, wanted: &Wanted) -> String;

    /// An id by which this profile must be found if the target can be asked for ids at all.
    fn proof(&self, profile: &Json) -> Option<Wanted>;
}
