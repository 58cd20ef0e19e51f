//! The verbs that only read files of people: what may be typed to check, build, inspect them and print their rows,
//! and what that comes to.

use std::path::PathBuf;

use clap::Args;

use super::flags::{FilesArgs, PageArgs, PassArgs, ReadArgs, RuleArgs};
use super::job::{files_job, job, passing, reading, recipe};
use super::shown::{ShownArgs, shown};
use super::usual_recipe;
use super::value::FormArg;
use crate::command::build::Build;
use crate::command::check::Check;
use crate::command::inspect::Inspect;
use crate::command::rows::{Form, Rows};
use crate::error::Result;
use crate::plan::Job;
use crate::progress::Voice;
use crate::reader;

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    people: FilesArgs,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
    #[command(flatten)]
    pass: PassArgs,
    #[command(flatten)]
    shown: ShownArgs,
    /// Write a plan of the known repairs, a line for each cell, to be accepted and given to fix
    #[arg(long, value_name = "FIXES", help_heading = "Output")]
    fix_plan: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct BuildArgs {
    #[command(flatten)]
    people: FilesArgs,
    /// The output folder, new or empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace the parts of an earlier run in the output folder
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
    #[command(flatten)]
    pass: PassArgs,
    #[command(flatten)]
    shown: ShownArgs,
}

#[derive(Args, Debug)]
pub(super) struct RowsArgs {
    /// The file; - is standard input
    file: PathBuf,
    /// The form
    #[arg(long, value_enum, default_value_t = FormArg::Csv)]
    format: FormArg,
    /// At most this many rows behind the header
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    #[command(flatten)]
    read: ReadArgs,
}

#[derive(Args, Debug)]
pub(super) struct InspectArgs {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write how the file is read into the recipe, under `pins`; a later file that reads otherwise
    /// stops the run with what changed
    #[arg(long)]
    pin: bool,
    /// Write a recipe that says all that was found, with the reasons and what is not used as comments;
    /// a file that is there is not overwritten [default: upsheet.toml]
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = true,
        default_missing_value = "upsheet.toml")]
    write_recipe: Option<PathBuf>,
    #[command(flatten)]
    page: PageArgs,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
}

impl CheckArgs {
    /// What `check` judges.
    pub(super) fn plan(self, said: Vec<String>) -> Result<Check> {
        let (job, _) = job(self.people.files, self.read, self.rule, said, &Voice::default())?;
        let job = passing(job, self.pass);
        Ok(Check { job, shown: shown(&self.shown)?, fix_plan: self.fix_plan })
    }
}

impl BuildArgs {
    /// What `build` writes.
    pub(super) fn plan(self, said: Vec<String>) -> Result<Build> {
        let job = files_job(self.people.files, self.read, self.rule, said)?;
        Ok(Build {
            job: passing(job, self.pass),
            shown: shown(&self.shown)?,
            folder: self.output,
            force: self.force,
        })
    }
}

impl RowsArgs {
    /// What `rows` prints.
    pub(super) fn plan(self) -> Result<Rows> {
        Ok(Rows {
            job: Job {
                files: vec![self.file],
                // `rows` shows what the file holds, not what it means.
                reading: reader::Options { as_stored: true, ..reading(self.read, &recipe(None)?)? },
                ..Job::default()
            },
            form: match self.format {
                FormArg::Json => Form::Json,
                FormArg::Jsonl => Form::Jsonl,
                FormArg::Csv => Form::Csv,
            },
            limit: self.limit,
        })
    }
}

impl InspectArgs {
    /// What `inspect` shows.
    pub(super) fn plan(self, said: Vec<String>) -> Result<Inspect> {
        // With both, the pins go into the new recipe.
        let pin = self.pin.then(|| {
            let recipe = self.write_recipe.clone().or_else(|| self.rule.recipe.path.clone());
            recipe.unwrap_or_else(usual_recipe)
        });
        let (job, _) = job(self.files, self.read, self.rule, said, &Voice::default())?;
        Ok(Inspect { job, json: self.page.is_json(), pin, write_recipe: self.write_recipe })
    }
}
