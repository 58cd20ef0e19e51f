//! `explain`: what a finding means, with an example and the cure.

use std::fmt::Write as _;

use super::print;
use crate::error::{Error, ExitStatus, Result};
use crate::finding::{ALL, Code, Leeway};

/// Explains one code, or lists them all.
///
/// # Errors
/// [`Error::Usage`] when there is no such code.
pub fn explain(code: Option<&str>) -> Result<ExitStatus> {
    let Some(id) = code else {
        let widest = ALL.iter().map(|code| code.id.len()).max().unwrap_or(0);
        let mut page = String::new();
        for code in ALL {
            // Writing to a String cannot fail.
            let _ =
                writeln!(page, "{:widest$}  {:7}  {}", code.id, code.severity.word(), code.title);
        }
        print(&page)?;
        return Ok(ExitStatus::Good);
    };
    let code = Code::find(id).ok_or_else(|| {
        let near = crate::spelling::nearest(id, ALL.iter().map(|code| code.id));
        Error::usage(
            format!("there is no finding {id:?}"),
            match near {
                Some(near) => format!("did you mean {near}?"),
                None => "`upsheet explain` lists them all".to_owned(),
            },
        )
    })?;
    print(&format!(
        "{} ({}): {}\n\n{}\n\nexample   {}\ncure      {}\nseverity  {}\n",
        code.id,
        code.severity.word(),
        code.title,
        code.explanation,
        code.example,
        code.cure,
        severity(code)
    ))?;
    Ok(ExitStatus::Good)
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
