//! What the answer to a bulk write says, which the documents leave to the variants.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::Tally;
use super::super::call::{Reply, Stop};
use super::super::rule::Fault;
use super::super::variants::{BadRow, Param, SuccessBody, Unmatched, Vome};
use super::{Action, explain, refusal, refused, standing};

/// What became of one record.
pub(super) enum Outcome {
    Created(String),
    Updated(String),
    Unchanged(String),
    /// It was left alone: somebody exists already, or nobody is there.
    Passed,
}

/// What became of all.
#[derive(Default)]
pub(super) struct Landed {
    tally: Tally,
    /// Those who were met, as the answer counts them.
    updated: u64,
    not_found: u64,
    rows: Vec<Value>,
    errors: Vec<Value>,
    /// Records that failed without a word in `errors`.
    silent: u64,
}

impl Landed {
    pub(super) fn take(&mut self, index: usize, outcome: &Outcome, action: Action, rules: &Vome) {
        let (word, id) = match outcome {
            Outcome::Created(id) => {
                self.tally.created += 1;
                ("created", Some(id))
            }
            Outcome::Updated(id) => {
                self.tally.updated += 1;
                ("updated", Some(id))
            }
            Outcome::Unchanged(id) => {
                self.tally.unchanged += 1;
                ("updated", Some(id))
            }
            Outcome::Passed if action == Action::Create => {
                self.tally.unchanged += 1;
                ("existing", None)
            }
            Outcome::Passed => {
                self.tally.refused += 1;
                self.not_found += 1;
                if rules.unmatched == Unmatched::Listed {
                    self.errors.push(json!({
                        "index": index, "code": "not_found", "message": "there is no such profile",
                    }));
                }
                ("not_found", None)
            }
        };
        self.updated += u64::from(word == "updated");
        self.rows.push(json!({"index": index, "id": id, "status": word}));
    }

    /// A record that failed: it fails the call, or itself.
    pub(super) fn miss(
        &mut self,
        index: usize,
        mut fault: Fault,
        rules: &Vome,
    ) -> Result<(), Stop> {
        let (status, code) = standing(&fault);
        fault.path = param(&fault.path, rules.param);
        let fault = &fault;
        match rules.bad_row {
            BadRow::Call => return Err(refused(fault)),
            BadRow::CallUnnamed => {
                return Err(refusal(status, None, "a record is not valid", None).into());
            }
            BadRow::RowNamed => self.errors.push(json!({
                "index": index, "param": fault.path, "code": code, "message": explain(fault),
            })),
            BadRow::RowUnnamed | BadRow::RowSilent => self.silent += 1,
        }
        self.tally.refused += 1;
        if rules.bad_row == BadRow::RowNamed {
            self.rows.push(json!({
                "index": index, "id": null, "status": "failed", "error": explain(fault),
            }));
        }
        Ok(())
    }
}

/// The place of a fault as `param` names it.
fn param(path: &str, form: Param) -> String {
    match form {
        Param::Path => path.to_owned(),
        Param::Dots => path.replace('[', ".").replace(']', ""),
        Param::Field => path.rsplit(['.', ']']).next().unwrap_or_default().to_owned(),
    }
}

/// The answer to a call that did what it could.
pub(super) fn success(landed: &Landed, rules: &Vome) -> Reply {
    let Landed { tally, updated, not_found, rows, errors, silent } = landed;
    let created = tally.created;
    let message = format!("{created} profiles created, {updated} profiles updated.");
    let mut body = Map::new();
    match rules.success_body {
        SuccessBody::Counts => {
            body.insert("message".into(), json!(message));
            body.insert("created".into(), json!(created));
            body.insert("updated".into(), json!(updated));
        }
        SuccessBody::Message => drop(body.insert("message".into(), json!(message))),
        SuccessBody::Rows => drop(body.insert("results".into(), json!(rows))),
        SuccessBody::EmptyObject | SuccessBody::Empty => {}
    }
    if !errors.is_empty() {
        body.insert("errors".into(), json!(errors));
    }
    if *silent > 0 && rules.bad_row == BadRow::RowUnnamed {
        body.insert("failed".into(), json!(silent));
    }
    if *not_found > 0 && rules.unmatched == Unmatched::Counted {
        body.insert("not_found".into(), json!(not_found));
    }
    let bare = rules.success_body == SuccessBody::Empty && body.is_empty();
    let body = if bare || rules.success_status == 204 { Value::Null } else { body.into() };
    let status = StatusCode::from_u16(rules.success_status).unwrap_or(StatusCode::OK);
    Reply::new(status, body, tally.to_string()).with_tally(*tally)
}
