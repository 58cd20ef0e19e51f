//! The objects of SARIF that are written, by the names that its schema gives them.

use serde::Serialize;
use serde_json::{Value, json};

use crate::finding::{Code, Severity};
use crate::report::Summary;
use crate::report::place::Span;

/// A kind of finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Value,
    default_configuration: Value,
}

impl Rule {
    pub(super) fn new(code: &'static Code, [error, warning, note]: [&str; 3]) -> Self {
        let Code { id, severity, title, explanation, example, cure } = *code;
        let level = match severity {
            Severity::Error => error,
            Severity::Warning => warning,
            Severity::Fix | Severity::Info => note,
        };
        let text = format!("{explanation}\n\nFor example: {example}\n\nWhat to do: {cure}");
        let markdown = format!(
            "{explanation}\n\n**For example:** {}\n\n**What to do:** {cure}",
            crate::report::markdown::code(example)
        );
        Self {
            id,
            short_description: Message { text: title.to_owned() },
            full_description: Message { text: explanation.to_owned() },
            help: json!({ "text": text, "markdown": markdown }),
            default_configuration: json!({ "level": level }),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Message {
    pub(super) text: String,
}

#[derive(Serialize)]
pub(super) struct Artifact {
    pub(super) location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) encoding: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct ArtifactLocation {
    pub(super) uri: String,
    /// Its number among the artifacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) index: Option<usize>,
}

/// A finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult {
    pub(super) rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule_index: Option<usize>,
    pub(super) level: &'static str,
    pub(super) message: Message,
    pub(super) locations: [Location; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partial_fingerprints: Option<Fingerprints>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) suppressions: Option<[Suppression; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fixes: Option<[Fix; 1]>,
    pub(super) properties: Value,
}

#[derive(Serialize)]
pub(super) struct Fingerprints {
    #[serde(rename = "upsheetFinding/v1")]
    pub(super) finding: String,
}

#[derive(Serialize)]
pub(super) struct Suppression {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) justification: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[Logical; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: ArtifactLocation,
    region: Region,
}

/// A cell of a workbook.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
}

impl Location {
    pub(super) fn new(
        artifact_location: ArtifactLocation,
        region: Region,
        name: Option<String>,
    ) -> Self {
        Self {
            physical_location: Physical { artifact_location, region },
            logical_locations: name.map(|fully_qualified_name| [Logical { fully_qualified_name }]),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    start_line: u32,
    #[serde(flatten)]
    rest: Option<Rest>,
}

/// Where the cell in the line begins and ends.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest {
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

impl Region {
    /// A line, or a cell in it.
    pub(super) fn new(line: u32, span: Option<Span>) -> Self {
        let rest = span.map(|Span { start, end, .. }| Rest {
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
        });
        Self { start_line: line, rest }
    }
}

/// A change that would repair a cell.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fix {
    pub(super) description: Message,
    pub(super) artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub(super) artifact_location: ArtifactLocation,
    pub(super) replacements: [Replacement; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Replacement {
    pub(super) deleted_region: Region,
    pub(super) inserted_content: Message,
}

/// How the run went.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code_description: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

impl Invocation {
    /// With people who were sent the exit code is decided behind the report, and is not told.
    pub(super) fn new(summary: &Summary, troubles: Vec<Notification>) -> Self {
        let settled = summary.delivery.is_none_or(|tally| tally.unknown + tally.not_sent == 0);
        let fails = summary.delivery.is_none().then(|| summary.fails());
        Self {
            execution_successful: settled,
            exit_code: fails.map(u8::from),
            exit_code_description: fails.map(|fails| {
                if fails {
                    "rows were rejected, or findings are denied"
                } else {
                    "every row is good"
                }
            }),
            tool_execution_notifications: troubles,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Notification {
    pub(super) level: &'static str,
    pub(super) message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<Location>,
}
