//! The target's own ids of people who were read back.

use serde_json::Value as Json;

use super::{Found, Seen};
use crate::error::Result;
use crate::target::Directory;

/// The id of the profile that a person as sent has landed in, or why it is not known.
///
/// # Errors
/// When the file of the profiles cannot be read.
pub fn profile_id(
    found: &Found,
    directory: &dyn Directory,
    sent: &Json,
) -> Result<Result<String, String>> {
    let Some(wanted) = directory.wanted(sent) else {
        return Ok(Err("the person has no key to be found by".to_owned()));
    };
    Ok(match found.look(&wanted.key)? {
        Seen::One(profile) => {
            directory.id(&profile).ok_or_else(|| "the profile is shown without its id".to_owned())
        }
        Seen::Absent => Err("the profile was not found".to_owned()),
        Seen::Several(profiles) => Err(format!("{} profiles have this key", profiles.len())),
        Seen::Unknown(why) => Err(why),
    })
}
