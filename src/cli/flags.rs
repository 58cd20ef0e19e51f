//! Flags that several verbs have. Each stands here once, and a verb takes in the groups that it has.

use std::path::PathBuf;

use clap::Args;

use super::state_folder;
use super::value::{
    Deny, DuplicateArg, FormatArg, HiddenArg, OperationArg, OrderArg, Quote, Range, country,
    delimiter, deny, header_row, memory, pair, quote, range, rate,
};
use crate::command::rerun::Which;
use crate::command::sandbox;
use crate::error::Result;
use crate::reader::HeaderRows;
use crate::recipe::Sending;
use crate::validate::phone::Region;

/// The most threads that may be asked for.
pub(super) const MOST_THREADS: u16 = 256;

/// The files of people.
#[derive(Args, Debug)]
pub(super) struct FilesArgs {
    /// The files, CSV or workbooks, also compressed; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// The recipe.
#[derive(Args, Debug)]
pub(super) struct RecipeArgs {
    /// The recipe [default: upsheet.toml, if it is there]
    #[arg(id = "recipe", long = "recipe", value_name = "FILE")]
    pub(super) path: Option<PathBuf>,
}

/// Where runs are kept.
#[derive(Args, Debug)]
pub(super) struct StateArgs {
    /// Where run folders lie [default: the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

impl StateArgs {
    /// The folder: as said, else where the platform keeps the state of programs.
    pub(super) fn folder(self) -> Result<PathBuf> {
        self.state.map_or_else(state_folder, Ok)
    }

    /// Whether it is the one that is used unasked.
    pub(super) fn is_usual(&self) -> bool {
        self.state.is_none()
    }

    /// The run of a name in it, or the last one.
    pub(super) fn which(self, run: Option<String>) -> Result<Which> {
        Ok(Which { run, state_is_usual: self.is_usual(), state: self.folder()? })
    }
}

/// How a result is shown that has two forms.
#[derive(Args, Debug)]
pub(super) struct PageArgs {
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
}

impl PageArgs {
    /// Whether it is shown as JSON.
    pub(super) fn is_json(&self) -> bool {
        matches!(self.format, FormatArg::Json)
    }
}

/// A plan that is made: where it is written, and how it is shown.
#[derive(Args, Debug)]
pub(super) struct NewPlanArgs {
    /// The folder of the plan, new or empty [default: one in the folder of the runs]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) page: PageArgs,
    /// Show the values of before and after, beside the names of fields
    #[arg(long)]
    pub(super) show_values: bool,
    /// Print nothing, unless --format asks for JSON
    #[arg(short, long)]
    pub(super) quiet: bool,
}

/// How fast a target is asked.
#[derive(Args, Debug)]
pub(super) struct RateArgs {
    /// Requests a second or a minute at most, such as 2, 2/s or 30/m; 0 for no limit [default: the
    /// recipe's, else the target's]
    #[arg(id = "rate", long = "rate", value_name = "N/s", value_parser = rate)]
    pub(super) per_second: Option<f64>,
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
    #[command(flatten)]
    pub(super) recipe: RecipeArgs,
    /// What is done with people: create leaves those who exist alone, update makes nobody, upsert does
    /// both [default: the recipe's, else upsert, for scim create; omneo has upsert only, scim none]
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) operation: Option<OperationArg>,
    /// By what the target finds people: for vome email, id (the Vome ID) or custom:NAME (a custom field
    /// of the type Unique ID), for omneo email or the handle of an identity, for scim
    /// userName [default: the recipe's, else email, for scim userName]
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
    /// People in a request [default: the target's: 500, scim 100; vome 50 where it is sent]
    #[arg(long, value_name = "N")]
    pub(super) batch_size: Option<usize>,
    /// Threads that judge rows, at most 256; with 1 the same one reads and writes [default: one for each
    /// processor]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(0..=i64::from(MOST_THREADS)))]
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
    #[command(flatten)]
    pub(super) recipe: RecipeArgs,
    /// The lock file with the custom fields of the account, as `upsheet fields` writes it
    /// [default: upsheet.lock beside the recipe]
    #[arg(long, value_name = "FILE")]
    pub(super) lock: Option<PathBuf>,
}

/// How people are sent.
#[derive(Args, Debug)]
#[command(next_help_heading = "Sending")]
pub(super) struct SendArgs {
    #[command(flatten)]
    pub(super) rate: RateArgs,
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
