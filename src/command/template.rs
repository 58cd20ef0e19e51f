//! `template`: a sheet to fill in, made of what the target takes and the recipe says.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{print_table, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::plan::{Job, file_word};
use crate::staged::{Readers, Staged};
use crate::target;
use crate::template::{ALL, Chosen, Form, Sheet, columns};

/// What `template` does.
#[derive(Debug)]
pub struct Template {
    /// The target and the recipe; it has no files.
    pub job: Job,
    /// Which fields get a column.
    pub chosen: Chosen,
    /// Where it goes: a file, or `-`; the target's name where nobody says.
    pub output: Option<PathBuf>,
    /// `--format`.
    pub form: Option<String>,
    /// Whether a file that is there is replaced.
    pub force: bool,
}

/// Makes the sheet and says what to do with it.
///
/// # Errors
/// When the recipe is wrong, there is no such field, or the file cannot be written.
pub fn template(plan: &Template) -> Result<ExitStatus> {
    let Template { job, output, .. } = plan;
    let kind = target::find(job.target_id())?;
    let form = form(plan.form.as_deref(), output.as_deref())?;
    let wanted = job.form()?;
    let certain = |headers: &[String], row: &[String]| job.certain_fields(headers, row);
    let columns = columns(&wanted, &plan.chosen, &certain)?;
    let sheet = Sheet { target: kind.title, made: job.today, columns };
    let bytes = (form.make)(&sheet)?;
    let usual = || PathBuf::from(format!("{}-template.{}", kind.id, form.id));
    let path = output.clone().unwrap_or_else(usual);
    if path.as_os_str() == "-" {
        print_table(&bytes)?;
        return Ok(ExitStatus::Good);
    }
    write(&path, &bytes, plan.force)?;
    let needed = sheet.columns.iter().filter(|column| column.required).count();
    tell(&format!(
        "{}: {} columns for {}, of which everybody needs {needed} (marked *)",
        path.display(),
        sheet.columns.len(),
        kind.title
    ));
    tell("row 2 is an example: it is known again and skipped, whether you leave it or not");
    let recipe = job.recipe.path.as_deref().filter(|path| *path != Path::new("upsheet.toml"));
    let recipe = recipe.map(|path| format!(" --recipe {}", file_word(path))).unwrap_or_default();
    tell(&format!("next: upsheet check {} --to {}{recipe}", file_word(&path), kind.id));
    Ok(ExitStatus::Good)
}

/// The form: as it is named, else by the ending of the file, else CSV to standard output and a workbook
/// anywhere else.
fn form(named: Option<&str>, output: Option<&Path>) -> Result<&'static Form> {
    let ending = output.and_then(Path::extension).and_then(|ending| ending.to_str());
    let to_stdout = output.is_some_and(|path| path.as_os_str() == "-");
    let id = match (named, ending) {
        (Some("xlsx"), _) if to_stdout => {
            return Err(Error::usage(
                "a workbook does not go to standard output",
                "name a file with -o, or take --format csv",
            ));
        }
        (Some(named), Some(ending)) if !ending.eq_ignore_ascii_case(named) => {
            return Err(Error::usage(
                format!("--format {named} does not go with the ending .{ending}"),
                "leave one of them out",
            ));
        }
        (Some(id), _) => id.to_owned(),
        (None, _) if to_stdout => "csv".to_owned(),
        (None, Some(ending)) => ending.to_ascii_lowercase(),
        (None, None) => "xlsx".to_owned(),
    };
    ALL.iter().find(|form| form.id == id).ok_or_else(|| {
        let forms: Vec<String> = ALL.iter().map(|form| format!(".{}", form.id)).collect();
        Error::usage(
            format!("a sheet to fill in cannot be a .{id} file"),
            format!("use one of {}", forms.join(", ")),
        )
    })
}

/// Writes the file whole or not at all. One that is there stays, unless it is to be replaced.
fn write(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    let failed = |source| Error::Output { path: path.to_owned(), action: "write", source };
    let mut file = Staged::begin(path, ".upsheet-template-", Readers::Everybody).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if force {
        return file.replace().map_err(failed);
    }
    file.name().map_err(|source| {
        if source.kind() != std::io::ErrorKind::AlreadyExists {
            return failed(source);
        }
        let help = "name another file with -o, or add --force to replace it";
        Error::usage(format!("{path:?} is there already"), help)
    })
}
