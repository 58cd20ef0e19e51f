//! `explain`: what a finding means, with an example and the cure.

use std::fmt::Write as _;

use super::print;
use crate::error::{Error, ExitStatus, Result};
use crate::finding::{ALL, Code};

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
        "{} ({}): {}\n\n{}\n\nexample  {}\ncure     {}\n",
        code.id,
        code.severity.word(),
        code.title,
        code.explanation,
        code.example,
        code.cure
    ))?;
    Ok(ExitStatus::Good)
}
