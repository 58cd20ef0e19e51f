//! `fix`: what may be typed to have accepted repairs made, and what that comes to.

use std::path::PathBuf;

use clap::Args;

use super::flags::{PageArgs, ReadArgs};
use super::job::{reading, recipe};
use crate::command::fix::Fix;
use crate::error::Result;
use crate::plan::reading_flags;

pub(super) const HELP: &str = "\
The plan is a CSV with a line for each repair: the cell, what it holds, and what it is to hold. Repairs \
that are made anyhow whenever the row is sent are accepted beforehand (yes in the column accept); \
likely ones wait for your yes. It may be edited in a spreadsheet program, and after may be changed.

In a CSV every byte stays that is not of a changed cell. A cell that holds neither what the plan says \
it held nor what it is to hold stops the run, and nothing is written. What has been repaired already \
stays, so that doing it again changes nothing. The file is read as check reads it: say the same flags.

Exit codes: 0 every accepted line holds now; 1 stale lines were passed over (--skip-stale); 2 usage, or \
the plan is wrong; 3 the file could not be read; 5 the plan is stale.

Examples:
  upsheet check people.csv --fix-plan fixes.csv
  upsheet fix people.csv --plan fixes.csv -o people.fixed.csv
  upsheet check people.fixed.csv";

#[derive(Args, Debug)]
pub(super) struct FixArgs {
    /// The file that was checked; - is standard input
    file: PathBuf,
    /// The plan, as check --fix-plan writes it
    #[arg(long, value_name = "FIXES")]
    plan: PathBuf,
    /// The copy with the repairs
    #[arg(short, long, value_name = "NEW")]
    output: PathBuf,
    /// Replace a copy that is there
    #[arg(long)]
    force: bool,
    /// Leave cells alone that hold neither what the plan says nor what they are to hold
    #[arg(long)]
    skip_stale: bool,
    #[command(flatten)]
    page: PageArgs,
    /// The recipe, for how the file is read [default: upsheet.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    #[command(flatten)]
    read: ReadArgs,
}

impl FixArgs {
    /// What they come to.
    pub(super) fn plan(self, said: &[String]) -> Result<Fix> {
        let recipe = recipe(self.recipe.as_deref())?;
        Ok(Fix {
            reading: reading(self.read, &recipe)?,
            flags: reading_flags(said),
            file: self.file,
            plan: self.plan,
            output: self.output,
            force: self.force,
            skip_stale: self.skip_stale,
            json: self.page.is_json(),
        })
    }
}
