//! What was learned, as a page and as JSON.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::Probe;
use super::write::{Fate, Line, plain};
use crate::probe::{Asked, Outcome};
use crate::target::Target;
use crate::visible::visible;

/// All that is shown.
pub(super) struct Page<'a> {
    pub(super) plan: &'a Probe,
    pub(super) target: &'a dyn Target,
    pub(super) outcome: &'a Outcome,
    pub(super) lines: &'a [Line],
}

impl Page<'_> {
    fn told(&self) -> usize {
        let told = |asked: &&Asked| asked.fate.as_ref().is_ok_and(|learned| learned.answer.is_ok());
        self.outcome.asked.iter().filter(told).count()
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let mut page = String::new();
        for asked in &self.outcome.asked {
            self.question(asked, &mut page);
        }
        let Outcome { asked, requests, changed, .. } = self.outcome;
        let told = self.told();
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "\n{told} of {} questions answered by {} {}, {requests} requests",
            asked.len(),
            self.target.kind().title,
            visible(&self.target.base_url().unwrap_or_default()),
        );
        match changed {
            None => {}
            Some(changed) => {
                let state = if changed.restored {
                    "it has the values again that it had"
                } else {
                    "it could not be given back the values that it had: put them right by hand"
                };
                let _ = writeln!(page, "your profile was changed by {}; {state}", changed.by);
                for difference in &changed.differences {
                    let _ = writeln!(page, "  {difference}");
                }
            }
        }
        self.recipe(&mut page);
        page
    }

    fn question(&self, asked: &Asked, page: &mut String) {
        let question = asked.question;
        let (mark, learned) = match &asked.fate {
            Ok(learned) if learned.answer.is_ok() => ('✓', Some(learned)),
            Ok(learned) => ('?', Some(learned)),
            Err(_) => ('-', None),
        };
        let _ = writeln!(page, "{mark} {}: {}", question.id, question.asks);
        let mut line = |head: &str, text: &str| {
            let _ = writeln!(page, "    {head:10} {text}");
        };
        let open = match (&asked.fate, learned.map(|learned| &learned.answer)) {
            (_, Some(Ok(answer))) => {
                line("answer", &visible(answer));
                false
            }
            (_, Some(Err(why))) => {
                line("open", &visible(why));
                true
            }
            (Err(why), _) => {
                line("not asked", &visible(why));
                true
            }
            _ => false,
        };
        for own in self.lines.iter().filter(|own| own.question == question.id) {
            let fate = match &own.fate {
                Fate::Held(said) => format!("   (the recipe says {said}, which stays)"),
                Fate::Replaced(said) => format!("   (the recipe said {said})"),
                Fate::Same => "   (as the recipe says)".to_owned(),
                Fate::NoPlace | Fate::Added => String::new(),
            };
            line("setting", &format!("{} = {}{fate}", own.name, own.value));
        }
        for evidence in learned.iter().flat_map(|learned| &learned.evidence) {
            line("heard", &plain(self.plan, evidence));
        }
        if open {
            line("by hand", question.by_hand);
        }
    }

    /// What is to be done with the answers.
    fn recipe(&self, page: &mut String) {
        if self.plan.sandbox.is_some() {
            page.push_str(
                "these are the answers of the sandbox, and say nothing of your account\n",
            );
            return;
        }
        let held = self.lines.iter().filter(|line| matches!(line.fate, Fate::Held(_))).count();
        let news = |line: &&Line| matches!(line.fate, Fate::Added | Fate::Replaced(_));
        let lost = |line: &&Line| line.fate == Fate::NoPlace;
        if let Some(path) = &self.plan.write {
            let count = self.lines.iter().filter(news).count();
            let lines = if count == 1 { "line" } else { "lines" };
            let _ = writeln!(page, "{count} {lines} written into {}", path.display());
        }
        let written = self.plan.write.is_some();
        let to_add = |line: &&Line| lost(line) || news(line) && !written;
        let to_add: Vec<&Line> = self.lines.iter().filter(to_add).collect();
        if !to_add.is_empty() {
            page.push_str(if written {
                "without a plain place there, to be added by hand:\n"
            } else {
                "for the recipe (--write puts them there):\n"
            });
            self.add(&to_add, page);
        }
        if held > 0 {
            let _ = writeln!(
                page,
                "{held} answers differ from what the recipe says by hand, which stays; --force replaces it"
            );
        }
    }

    fn add(&self, lines: &[&Line], page: &mut String) {
        let _ = writeln!(page, "\n[{}]", self.target.kind().id);
        for line in lines {
            let _ = writeln!(page, "{}", line.text);
        }
        page.push('\n');
    }

    /// For programs.
    pub(super) fn json(&self) -> String {
        let Outcome { asked, requests, changed, .. } = self.outcome;
        let questions: Vec<Json> = asked.iter().map(|asked| self.as_json(asked)).collect();
        let changed = changed.as_ref().map(|changed| {
            json!({
                "by": changed.by,
                "differences": changed.differences,
                "restored": changed.restored,
            })
        });
        let page = json!({
            "version": 1,
            "target": self.target.kind().id,
            "base_url": self.target.base_url().unwrap_or_default(),
            "requests": requests,
            "answered": self.told(),
            "questions": questions,
            "profile_changed": changed,
            "written": self.plan.write.as_ref().map(|path| path.display().to_string()),
        });
        format!("{page}\n")
    }

    fn as_json(&self, asked: &Asked) -> Json {
        let question = asked.question;
        let own = self.lines.iter().filter(|line| line.question == question.id);
        let settings: Vec<Json> = own
            .map(|line| {
                let said = match &line.fate {
                    Fate::Replaced(said) | Fate::Held(said) => Some(said),
                    _ => None,
                };
                json!({
                    "name": line.name,
                    "value": line.value,
                    "line": line.text,
                    "recipe": line.fate.word(),
                    "said": said,
                })
            })
            .collect();
        let (state, answer, why, evidence) = match &asked.fate {
            Ok(learned) => {
                let heard: Vec<String> =
                    learned.evidence.iter().map(|one| plain(self.plan, one)).collect();
                match &learned.answer {
                    Ok(answer) => ("answered", Some(visible(answer)), None, heard),
                    Err(why) => ("open", None, Some(visible(why)), heard),
                }
            }
            Err(why) => ("not_asked", None, Some(visible(why)), Vec::new()),
        };
        json!({
            "id": question.id,
            "asks": question.asks,
            "why": question.why,
            "state": state,
            "answer": answer,
            "reason": why,
            "by_hand": question.by_hand,
            "settings": settings,
            "heard": evidence,
            "requests": asked.requests,
        })
    }
}
