//! SARIF 2.1.0, which code scanning and editors read: findings as results at their lines.
//!
//! The rules are the whole catalogue, so that results can be written as they come. A finding is known
//! again in a later run by what it is about and whose row it stands in, not by its line.

mod form;

use std::io::Write;

use serde_json::json;

use self::form::{
    Artifact, ArtifactLocation, Change, Fix, Invocation, Location, Message, Notification, Region,
    Replacement, Rule, SarifResult, Suppression,
};
use super::json::form::{ending, json};
use super::place::{self, Places, Spot};
use super::words::{self, level};
use super::{Head, Judged, Kind, Output, Report, Summary, failed, person};
use crate::baseline;
use crate::error::Result;
use crate::finding::{ALL, Finding};
use crate::row::Row;
use crate::visible::{self, harmless, visible};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "sarif",
    ending: Some("sarif"),
    about: "SARIF 2.1.0, for code scanning and editors",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    let (head, places) = (Head::default(), Places::default());
    Box::new(Sarif { out: output.out, head, uris: Vec::new(), places, any: false })
}

struct Sarif {
    out: Box<dyn Write>,
    head: Head,
    /// The files, each once.
    uris: Vec<String>,
    places: Places,
    any: bool,
}

/// Where the form is described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The words of the form for error, warning and all else.
const LEVELS: [&str; 3] = ["error", "warning", "note"];

impl Sarif {
    fn put(&mut self, text: &str) -> Result<()> {
        self.out.write_all(visible::json(text).as_bytes()).map_err(failed)
    }

    fn result(&mut self, finding: &Finding, row: Option<Row<'_>>) -> Result<()> {
        let spot = self.places.spot(&self.head, finding, row);
        let fixes = self.fix(finding, spot).map(|fix| [fix]);
        let result = SarifResult {
            rule_id: finding.code.id,
            rule_index: ALL.iter().position(|code| *code == finding.code),
            level: level(finding, LEVELS),
            message: Message { text: said(finding) },
            locations: [self.location(finding, spot)],
            partial_fingerprints: row.map(|row| self.fingerprint(finding, row)),
            baseline_state: finding.known.then_some("unchanged"),
            suppressions: finding.known.then_some([Suppression {
                kind: "external",
                status: "accepted",
                justification: "accepted by the baseline",
            }]),
            fixes,
            properties: json!({
                "severity": finding.severity.word(),
                "place": place::name(&self.head, finding),
                "column": self.header(finding).map(visible),
                "field": finding.field,
                "value": visible(&finding.value),
            }),
        };
        let text = json(&result)?;
        self.put(if self.any { ",\n" } else { "\n" })?;
        self.any = true;
        self.put(&text)
    }

    fn header(&self, finding: &Finding) -> Option<&str> {
        let sheet = self.head.sheets.get(usize::from(finding.at.input))?;
        let column = sheet.mapping.columns.get(usize::from(finding.column?))?;
        Some(&column.header)
    }

    fn location(&self, finding: &Finding, spot: Spot) -> Location {
        // GitHub takes no result without a line: what is about a whole file stands on its first.
        let region = Region::new(spot.line.unwrap_or(1), spot.span);
        let input = finding.at.input;
        let book = self
            .head
            .sheets
            .get(usize::from(input))
            .is_some_and(|sheet| sheet.facts.sheet.is_some());
        let name = book.then(|| place::name(&self.head, finding));
        Location::new(self.artifact(input), region, name)
    }

    /// The file of an input; one that was given twice is there once.
    fn artifact(&self, input: u16) -> ArtifactLocation {
        let sheet = self.head.sheets.get(usize::from(input));
        let uri = sheet.map_or_else(String::new, |sheet| place::uri(&sheet.facts.path));
        let index = self.uris.iter().position(|other| *other == uri);
        ArtifactLocation { uri, index }
    }

    /// By what a finding is known again: as a baseline knows it.
    fn fingerprint(&self, finding: &Finding, row: Row<'_>) -> form::Fingerprints {
        let key = self.head.sheets.get(usize::from(row.at.input)).and_then(|sheet| sheet.key);
        let field = finding.field.as_deref().or(self.header(finding)).unwrap_or_default();
        let hash = baseline::hash(finding.code.id, field, &person(row, key));
        form::Fingerprints { finding: format!("{hash:016x}") }
    }

    /// The repair as a change of the file, where the cell's place in it is certain.
    fn fix(&mut self, finding: &Finding, spot: Spot) -> Option<Fix> {
        let (fix, span) = (finding.fix.as_ref()?, spot.span?);
        let input = finding.at.input;
        let text = self.places.written(&self.head, input, span, &fix.after)?;
        let description = format!("write \"{}\"", visible(&fix.after));
        Some(Fix {
            description: Message { text: description },
            artifact_changes: [Change {
                artifact_location: self.artifact(input),
                replacements: [Replacement {
                    deleted_region: Region::new(span.start.line, Some(span)),
                    inserted_content: Message { text },
                }],
            }],
        })
    }

    /// What is denied, what became of those who were sent, and the first whom the target refused.
    fn troubles(&self, summary: &Summary) -> Vec<Notification> {
        let told = |text: String, locations| Notification {
            level: "error",
            message: Message { text: unlinked(&text) },
            locations,
        };
        let lines = words::troubles(&self.head, summary);
        let lines = lines.into_iter().map(|line| told(line, Vec::new()));
        let refusals = summary.refused.iter().map(|(at, why)| {
            let target = &self.head.target;
            let line = format!("row {} was refused by {target}: {}", at.row, visible(why));
            // A run that is resumed reads no inputs, so there is no place to lead to.
            let read = usize::from(at.input) < self.head.sheets.len();
            let place = read.then(|| {
                let region = Region::new(place::line(*at).unwrap_or(1), None);
                Location::new(self.artifact(at.input), region, None)
            });
            told(line, place.into_iter().collect())
        });
        lines.chain(refusals).collect()
    }
}

/// What a finding says and what to do about it.
fn said(finding: &Finding) -> String {
    let message = harmless(&finding.message);
    let text = match &finding.help {
        Some(help) => format!("{message}; {}", harmless(help)),
        None => message,
    };
    unlinked(&text)
}

/// The form takes `[words](place)` for a link; in other people's words there is none.
fn unlinked(text: &str) -> String {
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.to_owned() }
}

impl Report for Sarif {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        let rules: Vec<Rule> = ALL.iter().map(|code| Rule::new(code, LEVELS)).collect();
        let version = env!("CARGO_PKG_VERSION");
        let driver = json!({
            "name": "upsheet",
            "version": version,
            "semanticVersion": version,
            "rules": rules,
        });
        let mut artifacts = Vec::new();
        for sheet in &head.sheets {
            let uri = place::uri(&sheet.facts.path);
            if !self.uris.contains(&uri) {
                self.uris.push(uri.clone());
                let location = ArtifactLocation { uri, index: None };
                artifacts.push(Artifact { location, encoding: sheet.facts.encoding });
            }
        }
        let artifacts = json(&artifacts)?;
        self.put(&format!(
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":{{\"driver\":{driver}}},\n\
             \"columnKind\":\"utf16CodeUnits\",\n\"artifacts\":{artifacts},\n\"results\":["
        ))
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.result(finding, None)
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let row = judged.row;
        judged.findings.iter().try_for_each(|finding| self.result(finding, Some(row)))
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let invocation = Invocation::new(summary, self.troubles(summary));
        let (invocation, end) = (json(&invocation)?, json(&ending(summary))?);
        self.put(&format!("\n],\n\"invocations\":[{invocation}],\n\"properties\":{end}\n}}]}}\n"))?;
        self.out.flush().map_err(failed)
    }
}
