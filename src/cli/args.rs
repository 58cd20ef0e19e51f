//! What may be typed: the verbs and their help. The flags of each stand with what they come to.

use clap::{Parser, Subcommand};
use clap_complete::Shell;

use super::account::{FieldsArgs, ProbeArgs, SandboxArgs, TemplateArgs};
use super::files::{BuildArgs, CheckArgs, InspectArgs, RowsArgs};
use super::fix;
use super::rerun::{
    PURGE_HELP, PurgeArgs, RUNS_HELP, ResultsArgs, ResumeArgs, RunsArgs, UNDO_HELP, UndoArgs,
    VERIFY_HELP, VerifyArgs,
};
use super::send::{PLAN_HELP, PUSH_HELP, PlanArgs, PushArgs};
use super::value::TableArg;

const AFTER: &str = "\
Exit codes: 0 every row is good or has landed; 1 rows were rejected or findings denied; 2 usage, \
recipe or mapping; 3 the input could not be read; 4 target, key or network; 5 stopped by a guard; \
6 stopped part-way; 130 interrupted. A push that ended before its end says how to carry on.

Try it without an account:  upsheet push people.xlsx --to sandbox";

/// Imports people from spreadsheets into profile systems
///
/// Reads CSV files and workbooks (XLSX, XLSB, XLS, ODS), also compressed (gz, zst, zip), checks every
/// row, and turns the good ones into bulk upserts: as files (build), or sent straight to the API
/// (push). Nothing leaves this machine except to the target that you name.
#[derive(Debug, Parser)]
#[command(name = "upsheet", version, after_help = AFTER, max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Make a sheet to fill in: headers, notes, lists to choose from, and an example row
    #[command(after_help = "\
The example in row 2 is known by its address, which nobody can have, and is skipped as long as it is \
whole: it may be left or deleted, and columns may be moved, deleted and added. What the recipe says \
(columns, operation, match key) decides which columns there are.

Examples:
  upsheet template --to vome                        makes vome-template.xlsx
  upsheet template --to omneo --fields gender,birth_date,'addresses.*'
  upsheet template --to vome -o -                   CSV on standard output")]
    Template(TemplateArgs),
    /// Check every row and report what is wrong; nothing is written or sent
    #[command(after_help = "\
Examples:
  upsheet check people.xlsx --report people.checked.xlsx
  upsheet check people.csv --map 'Contact=email' --report problems.csv
  upsheet check people.csv --fix-plan fixes.csv
  upsheet check a.csv b.csv --format json")]
    Check(CheckArgs),
    /// Make the repairs that you accepted, in a copy of the file
    #[command(after_help = fix::HELP)]
    Fix(fix::FixArgs),
    /// Write payload files, a manifest, a report and the rejected rows
    #[command(after_help = "\
The folder gets payloads/00001.json …, manifest.json (file, sha256, rows, profiles), report.json, \
and rejects.csv when rows were rejected. It is written whole or not at all.

Example:
  upsheet build people.xlsx --to omneo -o out")]
    Build(BuildArgs),
    /// Compare with what the target has, and say what sending would do; nothing is sent
    #[command(after_help = PLAN_HELP)]
    Plan(PlanArgs),
    /// Send everybody who can be sent, and say what became of each
    #[command(after_help = PUSH_HELP)]
    Push(PushArgs),
    /// Carry on with a push that ended before its end, or was killed
    #[command(after_help = "\
Nobody who has landed is sent again. Of those who were under way when the run ended, an update by a \
key is sent again; after a creation they are looked for first. When that was more than a day ago \
(resend_window in the recipe), they are only looked for, unless --resend-unknown is said. What is \
sent is what was planned: of the file it is only looked whether it has changed, which stops the run \
unless --as-planned is said.

Examples:
  upsheet resume --last
  upsheet resume 2026-11-26-k3f9ab")]
    Resume(ResumeArgs),
    /// Sort the rows of a run into files by what became of them
    #[command(after_help = "\
Every row that was read stands in exactly one file: success (the target has taken it), failed \
(rejected by us or refused by the target), unprocessed (not sent), unknown (sent, no answer told), \
and skipped (left out by choice). The reason comes first, then the original columns; put right, a \
file is loaded again as it is. The form xlsx is one workbook with a sheet for each.

Examples:
  upsheet results --last                           into the folder of the newest run
  upsheet results 2026-11-26-k3f9ab -o out --only failed
  upsheet results --last -o out --format xlsx
  upsheet push out/results.xlsx --sheet failed --to vome")]
    Results(ResultsArgs),
    /// List the runs, the newest first, with how far each came and how to go on
    #[command(after_help = RUNS_HELP)]
    Runs(RunsArgs),
    /// Read back whom a run has sent, and say who has landed, differs or is missing
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyArgs),
    /// Make a plan that brings back what a run has changed
    #[command(after_help = UNDO_HELP)]
    Undo(UndoArgs),
    /// Take people's data out of the folders of runs
    #[command(after_help = PURGE_HELP)]
    Purge(PurgeArgs),
    /// Ask a live account what its documents leave open
    #[command(after_help = "\
Nobody is created and nobody is invited. Some questions only read; some send a list without people; \
some write to one profile of your own, named with --person, which is sent the values that it has and \
read after each write. What is sent is listed before anything is. The key is found as push finds it.

Exit codes: 0 every question was answered; 1 some could not be; 2 usage; 4 the key or the network; \
5 nobody said yes.

Examples:
  upsheet probe --to vome --dry-run                shows the requests
  upsheet probe --to vome --only key,page-size     only reads
  upsheet probe --person me@example.org --write    puts answers into upsheet.toml")]
    Probe(ProbeArgs),
    /// Print the table exactly as it was read, the header first
    #[command(after_help = "\
On a terminal control characters and invisible signs of cells are shown as escapes; a pipe or a file \
gets them as they are, and JSON escapes them without a loss.")]
    Rows(RowsArgs),
    /// Show what was read and why, and what each column is for
    Inspect(InspectArgs),
    /// Read the custom fields of an account and keep them in the lock file
    #[command(after_help = "\
Custom fields are those that your organisation defined for itself. Vome shows them in its \
profiles, so all of these are read, page by page; nothing is written to the account. What is found \
(ids, names, types, options) goes into upsheet.lock beside the recipe: from then on check and build \
know what a field takes, and push stops when one that it uses has changed. A field that nobody has \
a value in may not be shown.

Examples:
  upsheet fields --to vome             says what is new, writes upsheet.lock
  upsheet fields --to vome --check     only compares; exit code 5 on a change")]
    Fields(FieldsArgs),
    /// Run the loopback stand-in of the APIs
    Sandbox(SandboxArgs),
    /// Explain a finding, with an example and the cure
    Explain {
        /// The code, such as email-syntax; without one, all are listed
        code: Option<String>,
        /// The form; markdown is that of docs/codes.md
        #[arg(long, value_enum, default_value_t = TableArg::Text)]
        format: TableArg,
    },
    /// List the fields and settings of a target, with their rules and sources
    Targets {
        /// vome, omneo or scim; without one, all are listed
        target: Option<String>,
        /// The form
        #[arg(long, value_enum, default_value_t = TableArg::Text)]
        format: TableArg,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        super::super::send::apart_from_plans(Cli::command()).debug_assert();
    }
}
