//! The verbs that make requests: what may be typed to plan and to push, and what that comes to.

use std::path::PathBuf;

use clap::{Arg, Args, Command, Id};

use super::flags::{
    FilesArgs, NewPlanArgs, PassArgs, ReadArgs, RuleArgs, SendArgs, StateArgs, VariantArgs,
};
use super::job::{job, passing};
use super::rerun::surroundings;
use super::shown::{ProgressArgs, SendProgressArgs, ShownArgs, shown, shown_voice, voice};
use super::{Plan, stop_signal, variable};
use crate::command::Shown;
use crate::command::plan::MakePlan;
use crate::command::push::{LookUp, Push};
use crate::command::resume::{Meant, Resume};
use crate::error::{Error, Result};
use crate::progress::Voice;
use crate::report::Style;

pub(super) const PUSH_HELP: &str = "\
The key comes from VOME_API_KEY, OMNEO_TOKEN or SCIM_TOKEN, from the file that api_key_file in the \
recipe names (mode 0600), or from a prompt; never from the command line. Every person ends as \
exactly one of: accepted, rejected by us, rejected by the target, unknown, not sent.

Ctrl-C finishes what is under way, and a second one ends at once. However it ended, upsheet resume \
sends the rest, and upsheet results gives every row back, sorted by what became of it.

Exit codes: 0 everybody has landed; 1 some were rejected; 2 usage; 3 the input; 4 the target, its \
key or the network; 5 a guard; 6 stopped part-way; 130 interrupted. After 4, 6 and 130 the report \
ends with the line that carries on; where it names no run, nothing was sent.

Examples:
  upsheet push people.xlsx --to sandbox        try it on this machine
  upsheet push people.xlsx --to vome           asks before it sends
  upsheet plan people.xlsx --to vome           only says what it would do
  upsheet push people.csv --to vome --yes --progress plain    unattended
  upsheet runs                                 after a push was killed: how to go on";

pub(super) const PLAN_HELP: &str = "\
Everybody who can be sent is looked for at the target, and compared field by field. The plan says who would \
be made, who would be updated and in which fields, and who is there already with every value; its folder \
holds plan.csv with the values of before and after, the requests, and the rejected rows with their reasons. \
Nothing is sent. Sending a plan looks once more, stops when the target is not as it was (exit code 5), and \
leaves those alone who are there as planned. The key is found as push finds it.

Exit codes: 0 it can be sent as it is; 1 rows were rejected, or of somebody it is not certain that sending \
does what the file asks for; 2 usage; 3 the input; 4 the target, its key or the network; 5 a guard; 130 interrupted.

Examples:
  upsheet plan people.xlsx --to vome
  upsheet plan people.xlsx --to vome -o plan
  upsheet push --plan plan";

/// The headings of the flags that say what is planned already where a plan is sent.
const PLANNED: [&str; 3] = ["Reading", "Mapping and rules", "Passing"];

/// The command line, in which a plan goes with none of the flags that it has been made by. Each stands there for
/// itself: of a group, an error would list all flags, and not the one that was typed.
pub(super) fn apart_from_plans(cli: Command) -> Command {
    cli.mut_subcommand("push", |push| {
        let is_planned =
            |arg: &&Arg| arg.get_help_heading().is_some_and(|it| PLANNED.contains(&it));
        let own = push.get_arguments().filter(is_planned);
        let flags: Vec<Id> = own.map(|arg| arg.get_id().clone()).collect();
        push.mut_arg("plan", |plan| plan.conflicts_with_all(flags))
    })
}

/// Whom a verb that makes requests makes them for, by which rules, and where to.
#[derive(Args, Debug)]
struct AimArgs {
    #[command(flatten)]
    state: StateArgs,
    /// Where the sandbox keeps its data [default: sandbox/ in the folder of --state]
    #[arg(long, value_name = "DIR")]
    sandbox_data: Option<PathBuf>,
    #[command(flatten)]
    sending: SendArgs,
    #[command(flatten)]
    variant: VariantArgs,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
    #[command(flatten)]
    pass: PassArgs,
}

#[derive(Args, Debug)]
pub(super) struct PushArgs {
    /// The files, CSV or workbooks, also compressed; - is standard input
    #[arg(required_unless_present = "plan", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Send a plan of `upsheet plan`, by its folder or its id: only where the target is still as it was when
    /// the plan was made, and only those who are not there as planned
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["files", "sandbox_data"])]
    plan: Option<String>,
    /// Do not ask before sending
    #[arg(short, long)]
    yes: bool,
    /// Look everybody up before they are sent, keep what there is of them, so that upsheet undo can bring it back,
    /// and do not send those who are there with every value. A plan does so anyway
    #[arg(long, conflicts_with = "plan")]
    keep_before: bool,
    /// How many people will be mailed an invitation, when the recipe turns invitations on
    #[arg(long, value_name = "N")]
    expect_invites: Option<u64>,
    #[command(flatten)]
    aim: AimArgs,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    progress: SendProgressArgs,
}

#[derive(Args, Debug)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    people: FilesArgs,
    #[command(flatten)]
    made: NewPlanArgs,
    #[command(flatten)]
    aim: AimArgs,
    #[command(flatten)]
    progress: ProgressArgs,
}

impl AimArgs {
    /// What `push` would send of these files, without a report.
    fn push(
        self,
        files: Vec<PathBuf>,
        said: Vec<String>,
        voice: Voice,
        verb: &str,
    ) -> Result<Push> {
        let (job, to_sandbox) = job(files, self.read, self.rule, said, &voice)?;
        let mut job = passing(job, self.pass);
        job.overrides.rate = self.sending.rate.per_second;
        let sending = self.sending.over(&job.recipe.sending);
        let variants = self.variant.read()?;
        if !to_sandbox && self.variant.is_given() {
            return Err(Error::usage(
                format!(
                    "the variants, fields and faults are those of the sandbox, which this {verb} does not go to"
                ),
                "add --to sandbox, or leave them out",
            ));
        }
        let state_is_usual = self.state.is_usual();
        let state = self.state.folder()?;
        let data = self.sandbox_data.unwrap_or_else(|| state.join("sandbox"));
        let shown =
            Shown { format: None, reports: Vec::new(), mask: None, style: Style::default(), voice };
        Ok(Push {
            job,
            shown,
            variants,
            sandbox: to_sandbox.then_some(data),
            state,
            state_is_usual,
            yes: false,
            sending,
            look_up: LookUp::Nobody,
            expect_invites: None,
            quiet: false,
            environment: variable,
        })
    }
}

impl PushArgs {
    /// What `push` sends: files, or a plan.
    pub(super) fn plan(self, said: Vec<String>) -> Result<Plan> {
        match self.plan {
            Some(_) => self.planned().map(|plan| Plan::Resume(Box::new(plan))),
            None => self.files(said).map(|plan| Plan::Push(Box::new(plan))),
        }
    }

    fn files(self, said: Vec<String>) -> Result<Push> {
        let voice = shown_voice(&self.progress, &self.shown);
        let push = self.aim.push(self.files, said, voice.clone(), "push")?;
        Ok(Push {
            shown: Shown { voice, ..shown(&self.shown)? },
            yes: self.yes,
            look_up: if self.keep_before { LookUp::Everybody } else { LookUp::Nobody },
            expect_invites: self.expect_invites,
            quiet: self.shown.quiet,
            ..push
        })
    }

    /// A plan is a run of which nothing was sent, and is carried on with.
    fn planned(self) -> Result<Resume> {
        let voice = shown_voice(&self.progress, &self.shown);
        let stop = stop_signal(&voice);
        Ok(Resume {
            which: self.aim.state.which(self.plan)?,
            shown: Shown { voice, ..shown(&self.shown)? },
            around: surroundings(&self.aim.variant, self.aim.sending.rate.per_second, stop)?,
            yes: self.yes,
            as_planned: false,
            resend_unknown: false,
            expect_invites: self.expect_invites,
            meant: Meant::Plan,
            concurrency: self.aim.sending.concurrency.map(usize::from),
        })
    }
}

impl PlanArgs {
    /// What `plan` plans.
    pub(super) fn plan(self, said: Vec<String>) -> Result<MakePlan> {
        let made = self.made;
        let voice = voice(&self.progress, made.quiet);
        let push = self.aim.push(self.people.files, said, voice, "plan")?;
        Ok(MakePlan {
            push: Push { quiet: made.quiet, ..push },
            folder: made.output,
            json: made.page.is_json(),
            show_values: made.show_values,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;
    use clap::error::ErrorKind;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn a_plan_goes_with_no_flag_that_says_what_is_planned() {
        for planned in
            ["--sheet=1", "--to=vome", "--recipe=r.toml", "--map=A=email", "--deny=warnings"]
        {
            let cli = apart_from_plans(Cli::command());
            let typed = ["upsheet", "push", "--plan", "p", planned];
            let error = cli.try_get_matches_from(typed).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{planned}: {error}");
            let flag = planned.split('=').next().unwrap();
            assert!(error.to_string().contains(flag), "{planned}: {error}");
        }
    }
}
