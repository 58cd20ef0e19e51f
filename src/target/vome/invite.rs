//! Invitations: `[vome.invite]`. Vome mails people when they are on.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::target::Operation;

/// The longest message, in bytes; it goes with every request.
const LONGEST: u64 = 64 * 1024;

/// `[vome.invite]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Invite {
    /// Whether people are invited to claim their profile.
    pub enabled: bool,
    /// `EN` or `FR`.
    pub language: Option<Language>,
    /// A message in HTML.
    pub message: Option<String>,
    /// A file with such a message.
    pub message_file: Option<PathBuf>,
}

/// A language in which Vome invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "EN")]
    English,
    /// French.
    #[serde(rename = "FR")]
    French,
}

impl Language {
    /// The word that Vome takes.
    pub fn word(self) -> &'static str {
        match self {
            Self::English => "EN",
            Self::French => "FR",
        }
    }
}

impl Invite {
    /// Checks what is said, and takes in the message of a file, whose path is found by `beside`.
    ///
    /// # Errors
    /// When two messages are given, a file cannot be read, or there is nobody to invite; with the key
    /// that says so.
    pub fn prepare(
        &mut self,
        operation: Operation,
        beside: &dyn Fn(&Path) -> PathBuf,
    ) -> Result<(), (&'static str, Error)> {
        if self.enabled && operation == Operation::Update {
            let error = Error::usage(
                "an update creates nobody, so there is nobody whom Vome would invite",
                "set enabled = false under [vome.invite], or operation = \"upsert\" or \"create\"",
            );
            return Err(("enabled", error));
        }
        if self.message.is_some() && self.message_file.is_some() {
            let error = Error::usage(
                "the recipe has two messages for invitations",
                "keep message or message_file under [vome.invite]",
            );
            return Err(("message_file", error));
        }
        if let Some(file) = &self.message_file {
            self.message = Some(read(&beside(file)).map_err(|error| ("message_file", error))?);
        }
        Ok(())
    }
}

/// The message in a file.
fn read(file: &Path) -> Result<String> {
    let refused = |why: String| {
        Error::usage(
            format!("the message of the invitation, {file:?}, cannot be used: {why}"),
            "message_file under [vome.invite] names a small HTML file in UTF-8, beside the recipe",
        )
    };
    let size = std::fs::metadata(file).map_err(|error| refused(error.to_string()))?.len();
    if size > LONGEST {
        return Err(refused(format!("it has {size} bytes, and {LONGEST} are the most")));
    }
    let text = std::fs::read_to_string(file).map_err(|error| refused(error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() { Err(refused("it is empty".to_owned())) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_from_the_recipe_or_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
        write("hello.html", "\u{feff}<p>Hé</p>\n".as_bytes());
        write("blank.html", b" \n");
        write("latin.html", b"<p>H\xe9</p>");
        write("long.html", "x".repeat(65_537).as_bytes());
        let beside = |file: &Path| folder.path().join(file);
        let prepare = |message: Option<&str>, file: Option<&str>, enabled, operation| {
            let mut invite = Invite {
                enabled,
                message: message.map(str::to_owned),
                message_file: file.map(PathBuf::from),
                ..Invite::default()
            };
            invite.prepare(operation, &beside).map(|()| invite.message)
        };
        let upsert = Operation::Upsert;
        let message = prepare(None, Some("hello.html"), true, upsert).unwrap();
        assert_eq!(message.as_deref(), Some("<p>Hé</p>"));
        assert_eq!(prepare(Some("a"), None, true, upsert).unwrap().as_deref(), Some("a"));
        for (message, file, part) in [
            (Some("a"), Some("hello.html"), "two messages"),
            (None, Some("blank.html"), "it is empty"),
            (None, Some("latin.html"), "UTF-8"),
            (None, Some("long.html"), "65537 bytes"),
            (None, Some("none.html"), "none.html"),
        ] {
            let (key, error) = prepare(message, file, true, upsert).unwrap_err();
            assert_eq!(key, "message_file");
            assert!(format!("{error}").contains(part), "{error}");
        }
        assert!(prepare(None, None, true, Operation::Update).is_err());
        assert!(prepare(None, None, false, Operation::Update).is_ok());
    }
}
