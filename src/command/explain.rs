//! `explain`: what a finding means, with an example and the cure; the page of the documentation is made
//! of the same catalogue.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::targets::Form;
use super::{print, print_json};
use crate::error::{Error, ExitStatus, Result};
use crate::finding::{ALL, Area, Code, Leeway, Severity, areas};
use crate::report::{Style, hanging};

/// What `explain` shows.
#[derive(Clone, Debug)]
pub struct Explain {
    /// One kind of finding; all where none is named.
    pub code: Option<String>,
    /// How.
    pub form: Form,
    /// How wide, and in which signs.
    pub style: Style,
}

/// Explains one code, or all of them.
///
/// # Errors
/// [`Error::Usage`] when there is no such code.
pub fn explain(plan: &Explain) -> Result<ExitStatus> {
    let only = plan.code.as_deref().map(find).transpose()?;
    let mut areas = areas();
    if let Some(only) = only {
        areas.retain_mut(|area| {
            area.codes.retain(|code| *code == only);
            !area.codes.is_empty()
        });
    }
    match (plan.form, only) {
        (Form::Text, None) => print(&list())?,
        (Form::Text, Some(code)) => print(&text(code, plan.style))?,
        (Form::Json, _) => print_json(&to_json(&areas))?,
        (Form::Markdown, None) => print(&format!("{ABOVE}{}", markdown(&areas)))?,
        (Form::Markdown, Some(_)) => print(markdown(&areas).trim_start())?,
    }
    Ok(ExitStatus::Good)
}

fn find(id: &str) -> Result<&'static Code> {
    Code::find(id).ok_or_else(|| {
        let near = crate::spelling::nearest(id, ALL.iter().map(|code| code.id));
        Error::usage(
            format!("there is no finding {id:?}"),
            match near {
                Some(near) => format!("did you mean {near}?"),
                None => "`upsheet explain` lists them all".to_owned(),
            },
        )
    })
}

/// All of them, a line each.
fn list() -> String {
    let widest = ALL.iter().map(|code| code.id.len()).max().unwrap_or(0);
    let mut page = String::new();
    for code in ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "{:widest$}  {:7}  {}", code.id, code.severity.word(), code.title);
    }
    page
}

fn text(code: &Code, style: Style) -> String {
    let title = format!("{} ({}): {}", code.id, code.severity.word(), code.title);
    let mut page = hanging(style, "", &title);
    page.push('\n');
    page.push_str(&hanging(style, "", code.explanation));
    page.push('\n');
    let severity = severity(code);
    for (lead, text) in
        [("example   ", code.example), ("cure      ", code.cure), ("severity  ", &severity)]
    {
        page.push_str(&hanging(style, lead, text));
    }
    page
}

/// What may be decided about findings of a kind.
fn severity(code: &Code) -> String {
    match code.leeway() {
        Leeway::Fixed(why) => format!("always {}: {why}", code.severity.word()),
        Leeway::WithoutValue => {
            "error, or by [severity] of the recipe warning: where the field is not required, the \
             person is then sent without the value"
                .to_owned()
        }
        Leeway::Raise => format!(
            "{}, or by [severity] of the recipe more; never less, because it tells what was done",
            code.severity.word()
        ),
        Leeway::NoError => format!(
            "{}, or what [severity] of the recipe says: warning, info, off; never error, because \
             neither of two rows is wrong by itself",
            code.severity.word()
        ),
        Leeway::Any => format!(
            "{}, or what [severity] of the recipe says: error, warning, info, off",
            code.severity.word()
        ),
    }
}

/// The words that `[severity]` of the recipe takes for a kind, its own among them.
fn allowed(code: &Code) -> Vec<&'static str> {
    let own = code.severity.word();
    let all = [Severity::Error, Severity::Warning, Severity::Fix, Severity::Info];
    let words = all.into_iter().filter(|other| match code.leeway() {
        Leeway::Fixed(_) => false,
        Leeway::WithoutValue => *other == Severity::Warning,
        Leeway::Raise => *other < code.severity && *other != Severity::Fix,
        Leeway::NoError => matches!(other, Severity::Warning | Severity::Info),
        Leeway::Any => *other != Severity::Fix,
    });
    let off = matches!(code.leeway(), Leeway::NoError | Leeway::Any).then_some("off");
    let others = words.map(Severity::word).chain(off).filter(|word| *word != own);
    std::iter::once(own).chain(others).collect()
}

fn to_json(areas: &[Area]) -> String {
    let one = |area: &Area, code: &Code| {
        json!({
            "code": code.id,
            "area": area.title,
            "severity": code.severity.word(),
            "title": code.title,
            "explanation": code.explanation,
            "example": code.example,
            "cure": code.cure,
            "severities": allowed(code),
        })
    };
    let all = areas.iter().flat_map(|area| area.codes.iter().map(move |code| one(area, code)));
    format!("{:#}\n", json!({ "version": 1, "codes": all.collect::<Vec<Json>>() }))
}

/// What stands above the page.
const ABOVE: &str = "\
<!-- Made by `upsheet explain --format markdown`. A test fails when it is not current. -->

# What can be found in a sheet

Every kind of finding, with what it means, a value that has it, and what to do. `upsheet explain CODE` says the
same on the terminal. An *error* rejects its row, a *warning* lets it through, a *fix* says what was repaired, an
*info* what else there is to know. [checking.md](checking.md) says how severities are changed, findings denied, and
known ones accepted.
";

fn markdown(areas: &[Area]) -> String {
    let mut page = String::new();
    for area in areas {
        let _ = write!(page, "\n## {}\n", area.title);
        for code in &area.codes {
            let _ = write!(
                page,
                "\n### {}\n\n*{}:* {}\n\n{}\n\n- **example:** `{}`\n- **cure:** {}\n- **severity:** {}\n",
                code.id,
                code.severity.word(),
                escaped(code.title),
                escaped(code.explanation),
                code.example,
                escaped(code.cure),
                escaped(&severity(code))
            );
        }
    }
    page
}

/// Text of the catalogue as Markdown: outside of code, what would be markup is text.
fn escaped(text: &str) -> String {
    let mut markdown = String::with_capacity(text.len());
    let mut is_code = false;
    for c in text.chars() {
        is_code ^= c == '`';
        if !is_code && matches!(c, '<' | '*' | '_' | '\\' | '[' | ']') {
            markdown.push('\\');
        }
        markdown.push(c);
    }
    markdown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_markup_is_text() {
        assert_eq!(escaped("<NA>, \\N and `a_b <c>`: d_e"), "\\<NA>, \\\\N and `a_b <c>`: d\\_e");
    }

    #[test]
    fn examples_can_stand_in_code() {
        for code in ALL {
            assert!(!code.example.contains('`') && !code.example.contains('\n'), "{}", code.id);
            let ticks = code.explanation.matches('`').count() + code.cure.matches('`').count();
            assert!(ticks.is_multiple_of(2), "{}", code.id);
        }
    }

    #[test]
    fn what_the_recipe_takes_for_a_kind_is_what_is_said() {
        use crate::finding::Severities;
        for code in ALL {
            for word in ["error", "warning", "info", "off"] {
                let taken = Severities::default().decide(code, word).is_ok();
                let said = allowed(code).contains(&word);
                // To say what holds anyway is taken or not.
                assert!(taken == said || word == code.severity.word(), "{}: {word}", code.id);
            }
        }
    }
}
