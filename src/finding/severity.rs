//! How bad a finding is: what the catalogue says of its kind, and what a user may decide for a run.

use super::{Code, Finding, catalogue};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row is rejected.
    Error,
    /// The row goes through; a person should look.
    Warning,
    /// The value was repaired; before and after are given.
    Fix,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Fix => "fix",
            Self::Info => "info",
        }
    }
}

/// What may be decided about findings of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leeway {
    /// Nothing, for this reason.
    Fixed(&'static str),
    /// A warning, where the person can be sent without the value.
    WithoutValue,
    /// More than it is, never less: it tells what was done to a value or a row.
    Raise,
    /// Anything but an error: it is about two rows, of which neither is wrong by itself.
    NoError,
    /// Anything.
    Any,
}

/// Errors about one value. A person can be sent without it, unless the field is required.
static ABOUT_VALUES: &[&Code] = &[
    &catalogue::PHONE_SYNTAX,
    &catalogue::PHONE_NO_COUNTRY,
    &catalogue::PHONE_INVALID,
    &catalogue::PHONE_NUMBER_DAMAGED,
    &catalogue::DIGITS_LOST,
    &catalogue::VALUE_AS_DATE,
    &catalogue::DATE_SYNTAX,
    &catalogue::DATE_IMPOSSIBLE,
    &catalogue::DATE_AMBIGUOUS,
    &catalogue::DATE_RANGE,
    &catalogue::DATE_SERIAL_UNPROVEN,
    &catalogue::CHOICE_UNKNOWN,
    &catalogue::NUMBER_SYNTAX,
    &catalogue::NUMBER_AMBIGUOUS,
    &catalogue::COORDINATES_SYNTAX,
    &catalogue::JSON_SYNTAX,
    &catalogue::BOOL_SYNTAX,
    &catalogue::DATETIME_SYNTAX,
    &catalogue::URL_SYNTAX,
    &catalogue::CURRENCY_UNKNOWN,
    &catalogue::TEXT_HIDDEN,
    &catalogue::TEXT_MOJIBAKE,
    &catalogue::TEXT_LOST,
    &catalogue::NAME_QUOTE,
    &catalogue::NAME_MARKED,
    &catalogue::CELL_ERROR,
    &catalogue::CELL_DAMAGED,
    &catalogue::FORMULA_NO_RESULT,
    &catalogue::VALUE_SPLIT,
];

/// What `--on-duplicate` decides.
static DUPLICATES: &[&Code] = &[
    &catalogue::DUPLICATE,
    &catalogue::DUPLICATE_SKIPPED,
    &catalogue::DUPLICATE_MERGED,
    &catalogue::DUPLICATE_JOINED,
    &catalogue::DUPLICATE_CONFLICT,
    &catalogue::DUPLICATE_REPLACED,
    &catalogue::DUPLICATE_FILLED,
];

/// What tells of a row that is not sent, or of a value that was changed, and is no `fix`.
static TELLS: &[&Code] = &[
    &catalogue::ROW_HEADER,
    &catalogue::ROW_FOOTER,
    &catalogue::ROW_EXAMPLE,
    &catalogue::ROW_HIDDEN,
    &catalogue::TABLE_NEXT,
    &catalogue::DATE_SERIAL_SYSTEM,
    &catalogue::VALUE_OTHER,
];

/// What two rows have in common.
static PAIRS: &[&Code] = &[
    &catalogue::DUPLICATE_REFUSED,
    &catalogue::LIKELY_ADDRESS,
    &catalogue::LIKELY_PERSON,
    &catalogue::LIKELY_PHONE,
    &catalogue::LIKELY_SHARED,
];

impl Code {
    /// What may be decided about findings of this kind. An error that is named nowhere here is about
    /// a whole row or about the key of a person, and nothing true is left to send without it.
    pub fn leeway(&self) -> Leeway {
        let among = |codes: &[&Self]| codes.iter().any(|code| code.id == self.id);
        match self.severity {
            _ if among(DUPLICATES) => Leeway::Fixed("--on-duplicate decides about it"),
            Severity::Error if among(ABOUT_VALUES) => Leeway::WithoutValue,
            Severity::Error => {
                Leeway::Fixed("such a row cannot be sent at all: it holds nothing true to send")
            }
            Severity::Fix => Leeway::Raise,
            _ if among(TELLS) => Leeway::Raise,
            _ if among(PAIRS) => Leeway::NoError,
            _ => Leeway::Any,
        }
    }
}

/// How bad findings are in this run, where the user decided otherwise than the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Severities {
    /// Kinds with their severity; nothing where they are turned off.
    decided: Vec<(&'static Code, Option<Severity>)>,
}

impl Severities {
    /// Whether nothing was decided.
    pub fn is_default(&self) -> bool {
        self.decided.is_empty()
    }

    /// Decides about a kind, in a word of the recipe.
    ///
    /// # Errors
    /// Why this cannot be decided about this kind.
    pub fn decide(&mut self, code: &'static Code, word: &str) -> Result<(), String> {
        let severity = match word {
            "error" => Some(Severity::Error),
            "warning" => Some(Severity::Warning),
            "info" => Some(Severity::Info),
            "off" => None,
            _ => return Err("say error, warning, info or off".to_owned()),
        };
        let of_itself = severity == Some(code.severity);
        match (code.leeway(), severity) {
            _ if of_itself => {}
            (Leeway::Any, _) | (Leeway::WithoutValue, Some(Severity::Warning)) => {}
            (Leeway::NoError, severity) if severity != Some(Severity::Error) => {}
            (Leeway::Raise, Some(severity)) if severity < code.severity => {}
            (Leeway::Fixed(why), _) => {
                return Err(format!("it stays \"{}\": {why}", code.severity.word()));
            }
            (Leeway::WithoutValue, _) => {
                return Err(
                    "say warning: the person is then sent without the value, which must be told"
                        .to_owned(),
                );
            }
            (Leeway::NoError, _) => {
                return Err(
                    "neither of the two rows is wrong by itself; --deny makes the run fail"
                        .to_owned(),
                );
            }
            (Leeway::Raise, _) => {
                return Err(
                    "it tells what was done to the data, so it may be raised to warning or \
                            error, and not be lowered"
                        .to_owned(),
                );
            }
        }
        self.decided.retain(|(known, _)| *known != code);
        self.decided.push((code, severity));
        Ok(())
    }

    /// Turns a kind on again that was turned off.
    pub fn turn_on(&mut self, code: &'static Code) {
        self.decided.retain(|(known, severity)| *known != code || severity.is_some());
    }

    /// What was decided about a kind: nothing, or its severity, or `Some(None)` for off.
    pub fn of(&self, code: &Code) -> Option<Option<Severity>> {
        self.decided.iter().find(|(known, _)| *known == code).map(|(_, severity)| *severity)
    }
}

/// Findings that make a run fail although they reject nobody: `--deny`.
#[derive(Clone, Debug, Default)]
pub struct Denied {
    /// Every warning.
    pub warnings: bool,
    /// These kinds, however bad they are.
    pub codes: Vec<&'static Code>,
}

impl Denied {
    /// Whether a finding is denied. An error makes the run fail anyway.
    pub fn takes(&self, finding: &Finding) -> bool {
        match finding.severity {
            Severity::Error => false,
            Severity::Warning if self.warnings => true,
            _ => self.codes.contains(&finding.code),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_what_it_is_and_never_hides_what_was_done() {
        for code in catalogue::ALL {
            let decided = |word: &str| Severities::default().decide(code, word).is_ok();
            assert!(!decided("fatal"));
            if code.severity != Severity::Fix {
                assert!(decided(code.severity.word()), "{}", code.id);
            }
            match code.severity {
                Severity::Error => {
                    assert!(!decided("off") && !decided("info"), "{} hides a rejection", code.id);
                }
                Severity::Fix => {
                    assert!(!decided("off") && !decided("info"), "{} hides a repair", code.id);
                    assert!(decided("warning") && decided("error"), "{}", code.id);
                }
                _ if matches!(code.leeway(), Leeway::Any) => {
                    let all = ["error", "warning", "info", "off"];
                    assert!(all.into_iter().all(decided), "{}", code.id);
                }
                _ if matches!(code.leeway(), Leeway::NoError) => {
                    assert!(decided("off") && !decided("error"), "{}", code.id);
                }
                _ => assert!(!decided("off"), "{} hides what was done", code.id),
            }
        }
    }

    #[test]
    fn only_errors_about_a_value_can_be_lowered() {
        for code in ABOUT_VALUES {
            assert_eq!(code.severity, Severity::Error, "{}", code.id);
            assert!(Severities::default().decide(code, "warning").is_ok(), "{}", code.id);
        }
        for code in [
            &catalogue::EMAIL_SYNTAX,
            &catalogue::EMAIL_SEVERAL,
            &catalogue::REQUIRED_MISSING,
            &catalogue::NAME_SPLIT,
            &catalogue::ROW_LONG,
            &catalogue::ROW_SHIFTED,
            &catalogue::QUOTE_OPEN,
            &catalogue::DUPLICATE,
        ] {
            let why = Severities::default().decide(code, "warning").unwrap_err();
            assert!(why.starts_with("it stays \"error\""), "{}: {why}", code.id);
        }
    }

    #[test]
    fn the_last_word_counts_and_off_can_be_taken_back() {
        let mut severities = Severities::default();
        let code = &catalogue::EMAIL_ROLE;
        severities.decide(code, "error").unwrap();
        severities.decide(code, "off").unwrap();
        assert_eq!(severities.of(code), Some(None));
        severities.turn_on(code);
        assert!(severities.is_default());
    }
}
