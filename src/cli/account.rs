//! The verbs that have no file of people: what may be typed to make a sheet to fill in, read the custom fields of an
//! account, ask it questions and run the stand-in, and what that comes to.

use std::path::PathBuf;

use clap::Args;

use super::flags::{PageArgs, RecipeArgs, TargetArgs, VariantArgs};
use super::job::recipe;
use super::value::{FormatArg, forms};
use super::{state_folder, stop_signal, usual_recipe, variable};
use crate::command::fields::{Fields, Purpose};
use crate::command::probe::Probe;
use crate::command::sandbox::{self, Serve};
use crate::command::template::Template;
use crate::error::{Error, Result};
use crate::lock::{Lock, Unseen};
use crate::plan::Job;
use crate::progress::Voice;
use crate::template::Chosen;

#[derive(Args, Debug)]
pub(super) struct TemplateArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// The file to make, .xlsx or .csv; - is CSV on standard output [default: TARGET-template.xlsx]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The form [default: by the ending of the file]
    #[arg(long, value_name = "FORM", value_parser = forms(), ignore_case = true)]
    format: Option<String>,
    /// Columns for these fields, by name, beside those that everybody needs; a name may end in *
    /// [default: what sheets of people mostly have]
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    fields: Vec<String>,
    /// Columns for all fields that the target takes
    #[arg(long, conflicts_with = "fields")]
    all: bool,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Args, Debug)]
pub(super) struct FieldsArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Write nothing; exit code 5 when the lock file does not say what the account has
    #[arg(long)]
    check: bool,
    /// Take fields that no profile shows out of the lock file; without it they stay, as fields that
    /// nobody has a value in
    #[arg(long, conflicts_with = "check")]
    drop_unseen: bool,
    #[command(flatten)]
    page: PageArgs,
    /// Do not say how far the reading is
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Args, Debug)]
pub(super) struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0, value_name = "N")]
    port: u16,
    /// The data folder [default: sandbox/ in the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The key and token that it takes; they protect nothing
    #[arg(long, default_value = sandbox::KEY, value_name = "WORD")]
    key: String,
    /// The form in which it says where it listens: lines for the shell, or one JSON object
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    #[command(flatten)]
    variant: VariantArgs,
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that may be typed")]
pub(super) struct ProbeArgs {
    /// The target: vome, omneo, or sandbox [default: the recipe's, else vome]
    #[arg(long, value_name = "TARGET")]
    to: Option<String>,
    /// A profile of your own in the account, for testing: questions that write are asked of it
    #[arg(long, value_name = "EMAIL")]
    person: Option<String>,
    /// Ask these questions only, such as key,page-size; --dry-run lists all
    #[arg(long, value_name = "QUESTIONS", value_delimiter = ',')]
    only: Vec<String>,
    /// Show the requests and send none
    #[arg(long)]
    dry_run: bool,
    /// Write the answers into the recipe, each with what it rests on; what you wrote there yourself
    /// stays
    #[arg(long)]
    write: bool,
    /// With --write, put the answers in the place of what you wrote yourself
    #[arg(long, requires = "write")]
    force: bool,
    #[command(flatten)]
    recipe: RecipeArgs,
    /// Do not ask before sending
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    page: PageArgs,
    /// Where the sandbox keeps its data [default: sandbox/ in the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    sandbox_data: Option<PathBuf>,
    #[command(flatten)]
    variant: VariantArgs,
}

impl TemplateArgs {
    /// What `template` makes: of the target and the recipe, and of no files.
    pub(super) fn plan(self) -> Result<Template> {
        let recipe = recipe(self.target.recipe.path.as_deref())?;
        let job = Job {
            recipe,
            target: self.target.to.filter(|to| to != "sandbox"),
            today: jiff::Zoned::now().date(),
            ..Job::default()
        };
        let lock = Lock::find(self.target.lock.as_deref(), job.recipe.path.as_deref())?;
        let job = job.with_lock(lock);
        let names = self.fields.into_iter().map(|name| name.trim().to_owned());
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        Ok(Template {
            job,
            chosen: match (self.all, names.is_empty()) {
                (true, _) => Chosen::All,
                (false, true) => Chosen::Usual,
                (false, false) => Chosen::Named(names),
            },
            output: self.output,
            form: self.format.map(|form| form.to_ascii_lowercase()),
            force: self.force,
        })
    }
}

impl FieldsArgs {
    /// What `fields` reads.
    pub(super) fn plan(self) -> Result<Fields> {
        if self.target.to.as_deref() == Some("sandbox") {
            return Err(Error::usage(
                "the sandbox is no account: what it holds goes with it",
                "to try things out, start `upsheet sandbox` and give its address as base_url in the recipe",
            ));
        }
        let recipe = recipe(self.target.recipe.path.as_deref())?;
        let path = Lock::place(self.target.lock.as_deref(), recipe.path.as_deref());
        let lock =
            if path.exists() { Lock::load(&path)? } else { Lock { path, ..Lock::default() } };
        let job = Job {
            recipe,
            target: self.target.to,
            today: jiff::Zoned::now().date(),
            stop: stop_signal(&Voice::default()),
            ..Job::default()
        };
        Ok(Fields {
            job: job.with_lock(Some(lock.clone())),
            lock,
            purpose: if self.check { Purpose::Check } else { Purpose::Write },
            unseen: if self.drop_unseen { Unseen::Dropped } else { Unseen::Kept },
            json: self.page.is_json(),
            quiet: self.quiet,
            environment: variable,
        })
    }
}

impl SandboxArgs {
    /// What `sandbox` serves.
    pub(super) fn plan(self) -> Result<Serve> {
        Ok(Serve {
            port: self.port,
            data: match self.data {
                Some(data) => data,
                None => state_folder()?.join("sandbox"),
            },
            key: self.key,
            variants: self.variant.read()?,
            stop: stop_signal(&Voice::default()),
            json: matches!(self.format, FormatArg::Json),
        })
    }
}

impl ProbeArgs {
    /// What `probe` asks.
    pub(super) fn plan(self) -> Result<Probe> {
        let to_sandbox = self.to.as_deref() == Some("sandbox");
        let sandbox = match (to_sandbox, self.sandbox_data) {
            (false, _) => None,
            (true, Some(data)) => Some(data),
            (true, None) => Some(state_folder()?.join("sandbox")),
        };
        Ok(Probe {
            recipe: recipe(self.recipe.path.as_deref())?,
            target: self.to.filter(|_| !to_sandbox),
            sandbox,
            variants: self.variant.read()?,
            person: self.person,
            only: self.only,
            dry_run: self.dry_run,
            write: self.write.then(|| self.recipe.path.unwrap_or_else(usual_recipe)),
            force: self.force,
            yes: self.yes,
            json: self.page.is_json(),
            today: jiff::Zoned::now().date(),
            environment: variable,
            stop: stop_signal(&Voice::default()),
        })
    }
}
