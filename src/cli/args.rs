//! What may be typed: verbs, flags, and their help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use super::fix;
use super::rerun::{
    PURGE_HELP, PurgeArgs, RUNS_HELP, ResultsArgs, ResumeArgs, RunsArgs, UNDO_HELP, UndoArgs,
    VERIFY_HELP, VerifyArgs,
};
use super::send::{PLAN_HELP, PUSH_HELP, PlanArgs, PushArgs};
use super::shown::ShownArgs;
use super::value::{
    Deny, DuplicateArg, FormArg, FormatArg, HiddenArg, OperationArg, OrderArg, Quote, Range,
    TableArg, country, delimiter, deny, forms, header_row, memory, pair, quote, range, rate,
};
use crate::command::sandbox;
use crate::error::Result;
use crate::reader::HeaderRows;
use crate::recipe::Sending;
use crate::validate::phone::Region;

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

#[derive(Args, Debug)]
#[command(next_help_heading = "Reading")]
pub(super) struct ReadArgs {
    /// The sheet of a workbook, by name or by number from 1 [default: the first visible one]
    #[arg(long, value_name = "NAME|N")]
    pub(super) sheet: Option<String>,
    /// The part of the sheet that holds the table, such as B3:F200, B:F or 'Sheet 2!B3:F200'
    #[arg(long, value_name = "CELLS", value_parser = range)]
    pub(super) range: Option<Range>,
    /// The table of the sheet, by number from 1 or by the name that the workbook gives it
    /// [default: the first]
    #[arg(long, value_name = "N|NAME")]
    pub(super) table: Option<String>,
    /// The row of the header, as a spreadsheet counts; N-M for a header of several rows; none where
    /// there is no header and columns go by their letters [default: found]
    #[arg(long, value_name = "N|N-M|none", value_parser = header_row)]
    pub(super) header_row: Option<HeaderRows>,
    /// The delimiter of a text file: one character or several, or tab, comma, semicolon, pipe,
    /// space [default: found]
    #[arg(long, value_name = "TEXT", value_parser = delimiter, allow_hyphen_values = true)]
    pub(super) delimiter: Option<String>,
    /// The quote of a text file, or none [default: found, nearly always "]
    #[arg(long, value_name = "CHAR|none", value_parser = quote)]
    pub(super) quote: Option<Quote>,
    /// The encoding of a text file, such as windows-1252, latin1, ibm850, mac-roman [default: found]
    #[arg(long, value_name = "LABEL")]
    pub(super) encoding: Option<String>,
    /// Hidden rows and columns of a workbook: include them, or skip them [default: include]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) hidden: Option<HiddenArg>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Mapping and rules")]
pub(super) struct RuleArgs {
    /// The target: vome, omneo, scim, or sandbox [default: the recipe's, else vome]
    #[arg(long, value_name = "TARGET")]
    pub(super) to: Option<String>,
    /// The recipe [default: upsheet.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) recipe: Option<PathBuf>,
    /// What is done with people: create leaves those who exist alone, update makes nobody, upsert does
    /// both [default: the recipe's, else upsert; omneo has upsert only]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) operation: Option<OperationArg>,
    /// By what the target finds people: for vome email, id (the Vome ID) or custom:NAME (a custom field
    /// of the type Unique ID) [default: the recipe's, else email]
    #[arg(long = "match", value_name = "KEY")]
    pub(super) matched_by: Option<String>,
    /// The lock file with the custom fields of the account, as `upsheet fields` writes it
    /// [default: upsheet.lock beside the recipe, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) lock: Option<PathBuf>,
    /// Use a column for a field: 'COLUMN=FIELD'; 'COLUMN=-' leaves it out (repeatable)
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = pair)]
    pub(super) map: Vec<(String, String)>,
    /// The order of numeric dates, where their own values do not show it
    #[arg(long, value_enum, value_name = "ORDER", ignore_case = true)]
    pub(super) date_order: Option<OrderArg>,
    /// The country of phone numbers without a country code and of postcodes, such as AU
    #[arg(long, value_name = "CC", value_parser = country)]
    pub(super) default_region: Option<Region>,
    /// The column that holds each person's country, for phone numbers without a country code; blank
    /// cells are of --default-region; - for none [default: found, if one plainly holds countries]
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(super) region_column: Option<String>,
    /// Rows with the same key: reject the later ones as errors, keep the first or the last, or
    /// merge them into one person
    #[arg(long, value_enum, value_name = "POLICY")]
    pub(super) on_duplicate: Option<DuplicateArg>,
    /// Warn of rows that are likely one person: addresses that differ in a tag or dots, the same name
    /// and day of birth, the same phone and family name; and of one address beside several names
    #[arg(long)]
    pub(super) warn_likely: bool,
    /// People in a request [default: the target's: 500; vome 50 where it is sent]
    #[arg(long, value_name = "N")]
    pub(super) batch_size: Option<usize>,
    /// Threads that judge rows, at most 256; with 1 the same one reads and writes [default: one for each
    /// processor]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(0..=256))]
    pub(super) threads: u16,
    /// Memory for the keys by which duplicates are found, such as 64M or 2G, at least 1M: keys beyond
    /// that go into an unnamed file in the output folder, else in that for temporary files, and the result is the
    /// same. Rows being read and judged come on top [default: what they need, some 20 bytes a row]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub(super) memory: Option<u64>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Passing")]
pub(super) struct PassArgs {
    /// Fail (exit 1) on warnings, or on findings of a code such as email-typo, though they reject
    /// nobody; build then writes nothing and push sends nothing (repeatable)
    #[arg(long, value_name = "warnings|CODE", value_parser = deny)]
    pub(super) deny: Vec<Deny>,
    /// End with exit 5 when more than N rows are rejected, as when the wrong file was given: the report is
    /// whole, but build writes nothing and push sends nothing
    #[arg(long, value_name = "N")]
    pub(super) max_errors: Option<u64>,
    /// Accept the findings that this file records: they are counted, and only new ones make the run
    /// fail; rows with errors stay rejected
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Record the errors and warnings of this run for --baseline, and accept them; the file holds no
    /// values
    #[arg(long, value_name = "FILE")]
    pub(super) write_baseline: Option<PathBuf>,
}

/// The target without any file of people.
#[derive(Args, Debug)]
pub(super) struct TargetArgs {
    /// The target [default: the recipe's, else vome]
    #[arg(long, value_name = "TARGET")]
    pub(super) to: Option<String>,
    /// The recipe [default: upsheet.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) recipe: Option<PathBuf>,
    /// The lock file with the custom fields of the account, as `upsheet fields` writes it
    /// [default: upsheet.lock beside the recipe]
    #[arg(long, value_name = "FILE")]
    pub(super) lock: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct TemplateArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// The file to make, .xlsx or .csv; - is CSV on standard output [default: TARGET-template.xlsx]
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// The form [default: by the ending of the file]
    #[arg(long, value_name = "FORM", value_parser = forms(), ignore_case = true)]
    pub(super) format: Option<String>,
    /// Columns for these fields, by name, beside those that everybody needs; a name may end in *
    /// [default: what sheets of people mostly have]
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',')]
    pub(super) fields: Vec<String>,
    /// Columns for all fields that the target takes
    #[arg(long, conflicts_with = "fields")]
    pub(super) all: bool,
    /// Replace a file that is there
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// The files, CSV or workbooks, also compressed; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    #[command(flatten)]
    pub(super) rule: RuleArgs,
    #[command(flatten)]
    pub(super) pass: PassArgs,
    #[command(flatten)]
    pub(super) shown: ShownArgs,
    /// Write a plan of the known repairs, a line for each cell, to be accepted and given to fix
    #[arg(long, value_name = "FIXES", help_heading = "Output")]
    pub(super) fix_plan: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct BuildArgs {
    /// The files, CSV or workbooks, also compressed; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// The output folder, new or empty
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: PathBuf,
    /// Replace the parts of an earlier run in the output folder
    #[arg(long)]
    pub(super) force: bool,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    #[command(flatten)]
    pub(super) rule: RuleArgs,
    #[command(flatten)]
    pub(super) pass: PassArgs,
    #[command(flatten)]
    pub(super) shown: ShownArgs,
}

#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that may be typed")]
pub(super) struct ProbeArgs {
    /// The target: vome, omneo, or sandbox [default: the recipe's, else vome]
    #[arg(long, value_name = "TARGET")]
    pub(super) to: Option<String>,
    /// A profile of your own in the account, for testing: questions that write are asked of it
    #[arg(long, value_name = "EMAIL")]
    pub(super) person: Option<String>,
    /// Ask these questions only, such as key,page-size; --dry-run lists all
    #[arg(long, value_name = "QUESTIONS", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Show the requests and send none
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Write the answers into the recipe, each with what it rests on; what you wrote there yourself
    /// stays
    #[arg(long)]
    pub(super) write: bool,
    /// With --write, put the answers in the place of what you wrote yourself
    #[arg(long, requires = "write")]
    pub(super) force: bool,
    /// The recipe [default: upsheet.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub(super) recipe: Option<PathBuf>,
    /// Do not ask before sending
    #[arg(short, long)]
    pub(super) yes: bool,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    pub(super) format: FormatArg,
    /// Where the sandbox keeps its data [default: sandbox/ in the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    pub(super) sandbox_data: Option<PathBuf>,
    #[command(flatten)]
    pub(super) variant: VariantArgs,
}

#[derive(Args, Debug)]
pub(super) struct RowsArgs {
    /// The file; - is standard input
    pub(super) file: PathBuf,
    /// The form
    #[arg(long, value_enum, default_value_t = FormArg::Csv)]
    pub(super) format: FormArg,
    /// At most this many rows behind the header
    #[arg(long, value_name = "N")]
    pub(super) limit: Option<u64>,
    #[command(flatten)]
    pub(super) read: ReadArgs,
}

#[derive(Args, Debug)]
pub(super) struct InspectArgs {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// Write how the file is read into the recipe, under `pins`; a later file that reads otherwise
    /// stops the run with what changed
    #[arg(long)]
    pub(super) pin: bool,
    /// Write a recipe that says all that was found, with the reasons and what is not used as comments;
    /// a file that is there is not overwritten [default: upsheet.toml]
    #[arg(long, value_name = "PATH", num_args = 0..=1, require_equals = true,
        default_missing_value = "upsheet.toml")]
    pub(super) write_recipe: Option<PathBuf>,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    pub(super) format: FormatArg,
    #[command(flatten)]
    pub(super) read: ReadArgs,
    #[command(flatten)]
    pub(super) rule: RuleArgs,
}

#[derive(Args, Debug)]
pub(super) struct FieldsArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Write nothing; exit code 5 when the lock file does not say what the account has
    #[arg(long)]
    pub(super) check: bool,
    /// Take fields that no profile shows out of the lock file; without it they stay, as fields that
    /// nobody has a value in
    #[arg(long, conflicts_with = "check")]
    pub(super) drop_unseen: bool,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    pub(super) format: FormatArg,
    /// Do not say how far the reading is
    #[arg(short, long)]
    pub(super) quiet: bool,
}

#[derive(Args, Debug)]
pub(super) struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub(super) port: u16,
    /// The data folder [default: sandbox/ in the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// The key and token that it takes; they protect nothing
    #[arg(long, default_value = sandbox::KEY, value_name = "WORD")]
    pub(super) key: String,
    /// The form in which it says where it listens: lines for the shell, or one JSON object
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    pub(super) format: FormatArg,
    #[command(flatten)]
    pub(super) variant: VariantArgs,
}

/// How people are sent.
#[derive(Args, Debug)]
#[command(next_help_heading = "Sending")]
pub(super) struct SendArgs {
    /// Requests a second or a minute at most, such as 2, 2/s or 30/m; 0 for no limit [default: the
    /// recipe's, else the target's]
    #[arg(long, value_name = "N/s", value_parser = rate)]
    pub(super) rate: Option<f64>,
    /// Requests under way at once, at most 16 [default: the recipe's, else 4]
    #[arg(long, value_name = "N", value_parser = concurrency)]
    pub(super) concurrency: Option<u8>,
}

fn concurrency(text: &str) -> Result<u8, String> {
    let (least, most) = (Sending::CONCURRENCY.start(), Sending::CONCURRENCY.end());
    let number =
        text.parse::<u8>().ok().filter(|number| Sending::CONCURRENCY.contains(&i64::from(*number)));
    number.ok_or_else(|| format!("write a number from {least} to {most}"))
}

impl SendArgs {
    /// What they come to, over what the recipe says.
    pub(super) fn over(&self, recipe: &Sending) -> Sending {
        let concurrency = self.concurrency.map_or(recipe.concurrency, usize::from);
        Sending { concurrency, ..recipe.clone() }
    }
}

/// How the sandbox behaves where the documents leave that open.
#[derive(Args, Debug)]
#[command(next_help_heading = "How the sandbox behaves")]
pub(super) struct VariantArgs {
    /// Where the documents leave something open, how the sandbox behaves, such as
    /// `vome.bad_row=row_named`; may be given again. An unknown one is answered with the list, and
    /// `docs/sandbox.md` explains each
    #[arg(long = "variant", value_name = "KEY=VALUE")]
    pub(super) variants: Vec<String>,
    /// A TOML file of variants, with the sections vome, omneo and scim
    #[arg(long, value_name = "FILE")]
    pub(super) variants_file: Option<PathBuf>,
    /// A TOML file of the custom fields of Vome; they replace those of the data folder
    #[arg(long, value_name = "FILE")]
    pub(super) fields: Option<PathBuf>,
    /// A TOML file of faults: what goes wrong on the way to the sandbox and back, such as resets, stalls,
    /// errors before and after the effect and wrong answers; `docs/sandbox.md` explains each
    #[arg(long, value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// The seed of the faults: the same one and the same order of requests give the same faults
    /// [default: a random one, which is said]
    #[arg(long, value_name = "N", requires = "faults")]
    pub(super) seed: Option<u32>,
}

impl VariantArgs {
    /// Whether any was said.
    pub(super) fn is_given(&self) -> bool {
        let Self { variants, variants_file, fields, faults, seed: _ } = self;
        let files = [variants_file, fields, faults];
        !variants.is_empty() || files.into_iter().any(Option::is_some)
    }

    /// What they come to.
    pub(super) fn read(&self) -> Result<sandbox::Variants> {
        let Self { variants, variants_file, fields, faults, seed } = self;
        let said = sandbox::variants(variants_file.as_deref(), fields.as_deref(), variants)?;
        match faults {
            Some(file) => sandbox::with_faults(said, file, *seed),
            None => Ok(said),
        }
    }
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
