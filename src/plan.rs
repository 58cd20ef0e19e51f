//! What a verb will do with people, all decided: inputs opened, columns mapped, rules made. Nothing
//! has been judged, written or sent yet.

mod columns;
mod custom;
mod decide;
pub mod form;
mod test_rows;
mod typed;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jiff::civil::Date;

use crate::baseline::{Baseline, Draft, Gate};
use crate::error::{Error, Result};
use crate::finding::{self, Code, Denied, Finding, Severities};
use crate::layout::Layout;
use crate::lock::Lock;
use crate::mapping::Schema;
use crate::pins;
use crate::reader::{self, Facts, Input};
use crate::recipe::{DateOrder, Likely, OnDuplicate, Recipe};
use crate::record::Field;
use crate::report::{Head, Sheet, Summary};
use crate::row::{Location, Quotes, Row, Rows};
use crate::run::Judges;
use crate::target::{self, Operation, Overrides, Target};
use crate::validate::phone::{Region, region};
use crate::validate::{self, Rules};

use self::columns::{learn_columns, undecided};
use self::decide::{Decided, decide};
pub(crate) use self::typed::{file_word, reading_flags, shell_word};
use self::typed::{shell_words, with_flags, without_flags};

/// What the user asked for, as far as it is about people: flags over recipe over defaults.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// The input files, `-` for standard input.
    pub files: Vec<PathBuf>,
    /// How to read them.
    pub reading: reader::Options,
    /// What was decided once and for all.
    pub recipe: Recipe,
    /// `--map`.
    pub map: Vec<(String, String)>,
    /// `--to`, without the sandbox.
    pub target: Option<String>,
    /// What the command line says over the target's settings.
    pub overrides: Overrides,
    /// The custom fields of the account, where they were written down.
    pub lock: Option<Lock>,
    /// `--on-duplicate`.
    pub on_duplicate: Option<OnDuplicate>,
    /// `--warn-likely`.
    pub warn_likely: bool,
    /// `--date-order`.
    pub date_order: Option<DateOrder>,
    /// `--default-region`: the country of national phone numbers.
    pub region: Option<Region>,
    /// `--deny`: what makes the run fail without rejecting anybody.
    pub denied: Denied,
    /// `--max-errors`: how many rejected rows are not too many.
    pub max_errors: Option<u64>,
    /// `--baseline`: the findings that are accepted.
    pub baseline: Option<PathBuf>,
    /// `--write-baseline`: where today's findings go.
    pub write_baseline: Option<PathBuf>,
    /// `--region-column`: the column that holds each person's country, `-` for none.
    pub region_column: Option<String>,
    /// `--threads`.
    pub threads: usize,
    /// `--memory`: bytes for the tables of keys.
    pub memory: Option<u64>,
    /// The day of the run.
    pub today: Date,
    /// The arguments behind the verb, as they were given.
    pub said: Vec<String>,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// A job whose inputs are open and whose rules are made.
#[derive(Debug)]
pub struct Opened {
    /// The inputs.
    pub inputs: Vec<Input>,
    /// The target, set up.
    pub target: Box<dyn Target>,
    /// By what rows are judged.
    pub rules: Rules,
    /// What reports say of it all.
    pub head: Head,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// What decides whether the run passes.
    pub gate: Gate,
    /// The threads that judge.
    pub judges: Judges,
}

impl Opened {
    /// A row of an input as a test row of the recipe: its cells, and what they give. Nothing where it
    /// would be rejected.
    pub fn test_row(&self, name: &str, row: Row<'_>) -> Option<String> {
        let input = self.inputs.get(usize::from(row.at.input))?;
        test_rows::written(name, input, row, &self.rules)
    }
}

/// The code with this id.
///
/// # Errors
/// The nearest one, or where they are listed.
pub fn code_named(id: &str) -> Result<&'static Code, String> {
    Code::find(id).ok_or_else(|| {
        let ids = finding::ALL.iter().map(|code| code.id);
        crate::spelling::nearest(id, ids).map_or_else(
            || "`upsheet explain` lists the codes of findings".to_owned(),
            |near| format!("did you mean {near}?"),
        )
    })
}

impl Job {
    /// The id of the target: `--to`, else the recipe's, else the first of the list.
    pub fn target_id(&self) -> &str {
        let first = target::ALL.first().map_or("", |kind| kind.id);
        self.target.as_deref().or(self.recipe.target.as_deref()).unwrap_or(first)
    }

    /// The command line of `push` for the same people by the same rules; nothing when they came from
    /// standard input, which cannot be read again.
    pub fn push_line(&self) -> Option<String> {
        let again = self.files.iter().all(|file| file.as_os_str() != "-");
        let named = self.said.iter().any(|word| word == "--to" || word.starts_with("--to="));
        let to = if named { Vec::new() } else { vec![format!("--to {}", self.target_id())] };
        again.then(|| format!("upsheet push {}", with_flags(&self.said, &to)))
    }

    /// The command line of `fix` for one of the files: how it is read, and no more.
    pub fn fix_line(&self, file: &Path, plan: &Path, copy: &Path) -> String {
        let line = format!(
            "upsheet fix {} --plan {} -o {}",
            file_word(file),
            file_word(plan),
            file_word(copy)
        );
        let flags = reading_flags(&self.said);
        std::iter::once(line).chain(flags).collect::<Vec<String>>().join(" ")
    }

    /// The command line of `check` with a plan of repairs; nothing where it cannot be said again.
    pub fn fix_plan_line(&self, plan: &Path) -> Option<String> {
        let again = self.files.iter().all(|file| file.as_os_str() != "-");
        let flag = format!("--fix-plan {}", file_word(plan));
        again.then(|| format!("upsheet check {}", with_flags(&self.said, &[flag])))
    }

    /// The job with what the lock file says of its account.
    #[must_use]
    pub fn with_lock(mut self, lock: Option<Lock>) -> Self {
        let of_target = |lock: &Lock| lock.definitions(self.target_id());
        self.overrides.definitions = lock.as_ref().map(of_target).unwrap_or_default();
        self.lock = lock;
        self
    }

    /// The command line of `fields` for the same account, with `flag` if there is one.
    pub fn fields_line(&self, flag: Option<&str>) -> String {
        let mut words = vec!["fields".to_owned()];
        words.extend(flag.map(str::to_owned));
        let id = self.target_id();
        if self.recipe.target.as_deref() != Some(id) {
            words.extend(["--to".to_owned(), id.to_owned()]);
        }
        let recipe = self.recipe.path.as_deref();
        if let Some(path) = recipe.filter(|path| path.as_os_str() != "upsheet.toml") {
            words.extend(["--recipe".to_owned(), path.display().to_string()]);
        }
        let usual = Lock::place(None, recipe);
        if let Some(lock) = self.lock.as_ref().filter(|lock| lock.path != usual) {
            words.extend(["--lock".to_owned(), lock.path.display().to_string()]);
        }
        format!("upsheet {}", shell_words(&words))
    }

    /// The command line of `check` with the flags that cure causes, if there are any.
    pub fn cured_line(&self, summary: &Summary) -> Option<String> {
        let again = self.files.iter().all(|file| file.as_os_str() != "-");
        let flags = summary.new_causes().filter_map(|cause| cause.cure.as_ref()?.flag.clone());
        let mut kept: Vec<String> = Vec::new();
        for flag in flags {
            // The largest cause decides where two would say the same flag.
            let name = flag.split(' ').next().unwrap_or_default();
            if name == "--map" || kept.iter().all(|known| !known.starts_with(name)) {
                kept.push(flag);
            }
        }
        kept.dedup();
        let line = || {
            let said = without_flags(&self.said, &kept);
            format!("upsheet check {}", with_flags(&said, &kept))
        };
        (again && !kept.is_empty()).then(line)
    }

    /// The target, set up from the recipe and the flags.
    ///
    /// # Errors
    /// When there is no such target, or the recipe's section for it is wrong.
    pub fn target(&self) -> Result<Box<dyn Target>> {
        let mut ids: Vec<&str> = target::ALL.iter().map(|kind| kind.id).collect();
        ids.push(reader::Limits::SECTION);
        self.recipe.check_sections(&ids)?;
        let kind = target::find(self.target_id()).map_err(|error| match self.target {
            Some(_) => error,
            None => self.recipe.at(&["target"], error),
        })?;
        (kind.configure)(&self.recipe, &self.overrides)
    }

    /// The files beside the inputs that it reads or writes: the recipe, the lock file, baselines, the file of a key.
    pub fn needs(&self) -> Vec<PathBuf> {
        let key = self.target().ok().and_then(|target| target.credential().file);
        let lock = self.lock.as_ref().map(|lock| lock.path.clone());
        let baselines = [self.baseline.clone(), self.write_baseline.clone()];
        [self.recipe.path.clone(), lock, key].into_iter().chain(baselines).flatten().collect()
    }

    /// How bad findings are: the recipe's `[severity]`. What is denied by name is not turned off.
    ///
    /// # Errors
    /// When the recipe names no kind of finding, or decides what cannot be decided.
    pub fn severities(&self) -> Result<Severities> {
        let recipe = &self.recipe;
        let mut severities = Severities::default();
        for (name, word) in &recipe.severity {
            let code = code_named(name.get_ref()).map_err(|help| {
                recipe.unknown(name, format!("there is no finding `{}`", name.get_ref()), help)
            })?;
            severities.decide(code, word.get_ref()).map_err(|why| {
                let message = format!("`{}` cannot be \"{}\"", code.id, word.get_ref());
                recipe.unknown(word, message, why)
            })?;
        }
        self.denied.codes.iter().for_each(|code| severities.turn_on(code));
        Ok(severities)
    }

    /// What decides whether the run passes.
    fn gate(&self) -> Result<Gate> {
        let whole = |path: &PathBuf| path.canonicalize().ok();
        if let Some(path) = &self.write_baseline
            && whole(path)
                .is_some_and(|own| self.files.iter().any(|file| whole(file).as_ref() == Some(&own)))
        {
            return Err(Error::usage(
                format!("the baseline {path:?} would replace an input"),
                "name another file",
            ));
        }
        if let Some(path) = &self.write_baseline
            && path.exists()
            && Baseline::load(path).is_err()
        {
            return Err(Error::usage(
                format!("the baseline would replace {path:?}, which is none"),
                "name another file",
            ));
        }
        let baseline = self.baseline.as_deref().map(Baseline::load).transpose()?;
        let draft = self.write_baseline.clone().map(Draft::new);
        Ok(Gate::new(self.denied.clone(), baseline, draft))
    }

    /// Opens the inputs, maps their columns, makes the rules and tries the test rows.
    ///
    /// # Errors
    /// When an input cannot be read, a column is missing or wrongly named, or a test row fails.
    pub fn open(&self) -> Result<Opened> {
        self.target()?.check_ready()?;
        let (opened, tested) = self.open_at(true)?;
        tested.map(|()| opened)
    }

    /// The same for those who want to see the mapping even where a test row fails.
    ///
    /// # Errors
    /// When an input cannot be read, or a column is missing or wrongly named.
    pub fn open_to_look(&self) -> Result<(Opened, Result<()>)> {
        self.open_at(false)
    }

    fn open_at(&self, stop_at_tests: bool) -> Result<(Opened, Result<()>)> {
        let target = self.target()?;
        let (severities, gate) = (self.severities()?, self.gate()?);
        let mut schema =
            custom::schema(target.as_ref(), self.lock.as_ref(), self.fields_line(None));
        let settings = self.settings()?;
        let match_field = target.match_field();
        let decided = self.decide(&mut schema, match_field)?;
        let mut inputs = self.open_inputs()?;
        if let Some(pins) = &self.recipe.pins {
            inputs.iter().try_for_each(|input| pins::check(pins, input))?;
        }
        inputs.iter().try_for_each(|input| self.has_header(input))?;
        let (mut mappings, problem) = self.map_columns(&mut schema, &inputs, &decided)?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        let layout = |fields: &[Field]| {
            let layout = Layout::new(fields.iter(), &|field| target.around(fields, field));
            let layout = match target.container() {
                Some(name) => layout.with_container(name, fields),
                None => layout,
            };
            match target.operation() {
                Operation::Create => layout.of_new_people(),
                Operation::Update | Operation::Upsert => layout,
            }
        };
        let mut rules =
            Rules::new(&schema, &mappings, &decided.taught, match_field, settings, &layout);
        self.require_unique(&mut rules, &decided)?;
        let judges = Judges::new(self.threads)?;
        let mut notes = notes(&inputs);
        notes.extend(undecided(&inputs, &mappings));
        let at = inputs.first().map_or_else(Location::default, |input| place_of_header(0, input));
        notes.extend(decided.doubts.iter().cloned().map(|doubt| Finding { at, ..doubt }));
        self.find_countries(&inputs, &mut rules, &mut mappings)?;
        let tested = match test_rows::run(&self.recipe, &inputs, &schema, &rules) {
            Err(error) if stop_at_tests => return Err(error),
            tested => tested,
        };
        let means = (&judges, &*self.stop);
        let learned = learn_columns(&mut inputs, &mut rules, &mut mappings, means)?;
        for (index, input) in (0_u16..).zip(&inputs) {
            let at = place_of_header(index, input);
            notes.extend(rules.name_doubts(index, &input.sample, at));
            notes.extend(rules.lone_columns(index, at));
        }
        notes.extend(self.settle_dates(&inputs, &mut rules, &mut mappings, &learned)?);
        rules.set_severities(severities);
        let samples: Vec<&Rows> = inputs.iter().map(|input| &input.sample).collect();
        rules.prepare_remedies(&samples, &learned);
        let sheets = (0_u16..)
            .zip(inputs.iter().zip(mappings))
            .map(|(index, (input, mapping))| {
                let key = rules.match_column(index);
                let earlier = input.earlier.clone();
                let sheet = Sheet::new(input.facts.clone(), mapping, &schema);
                Sheet { earlier, key, ..sheet }
            })
            .collect();
        let head = Head { sheets, notes, target: target.kind().title, ..Head::default() };
        let on_duplicate = self.on_duplicate.unwrap_or(self.recipe.policy.on_duplicate);
        Ok((Opened { inputs, target, rules, head, on_duplicate, gate, judges }, tested))
    }

    /// What the recipe wants to be unique beside the keys of the target.
    fn require_unique(&self, rules: &mut Rules, decided: &Decided<'_>) -> Result<()> {
        decided.unique.iter().try_for_each(|(names, span)| {
            rules.require_unique(names).map_err(|name| {
                let message = format!("`{name}` should be unique, but no column fills it");
                let help = "map a column to it under [columns], or take it out of `unique`";
                self.recipe.error(message, span.clone(), Some(help.to_owned()))
            })
        })
    }

    /// Decisions that hold for all rows.
    fn settings(&self) -> Result<validate::Settings> {
        let said = self.recipe.phones.default_region.as_ref();
        let said = said.map(|code| {
            let region = region(code.get_ref().trim());
            let message = || format!("`default_region` cannot be {:?}", code.get_ref());
            let help = "give an ISO 3166 code of two letters, such as AU";
            region.ok_or_else(|| self.recipe.unknown(code, message(), help.to_owned()))
        });
        let said = said.transpose()?;
        let region = self.region.or(said);
        Ok(validate::Settings {
            today: self.today,
            date_order: self.date_order.or(self.recipe.policy.date_order),
            zone: self.recipe.policy.time_zone.clone().map(|zone| zone.0),
            region,
            blank: self.recipe.policy.blank,
            likely: self.warn_likely || self.recipe.policy.likely == Likely::Warn,
        })
    }

    /// The recipe, held against the target.
    fn decide(&self, schema: &mut Schema, match_field: &str) -> Result<Decided<'_>> {
        decide(&self.recipe, schema, match_field, self.settings()?, &self.map)
    }

    /// Opens the inputs and finds out how to read them.
    ///
    /// # Errors
    /// When one cannot be read, or standard input is named twice.
    pub fn open_inputs(&self) -> Result<Vec<Input>> {
        let stdin = self.files.iter().filter(|file| file.as_os_str() == "-").count();
        if stdin > 1 {
            return Err(Error::usage("standard input is named twice", "give `-` once"));
        }
        let reading = reader::Options { alone: self.threads == 1, ..self.reading.clone() };
        (0_u16..)
            .zip(&self.files)
            .map(|(index, file)| reader::open(file, index, &reading))
            .collect()
    }

    /// Stops where an input has no header, or one in which a quote is never closed.
    fn has_header(&self, input: &Input) -> Result<()> {
        let facts = &input.facts;
        if input.headers.is_empty() {
            return Err(self.without_header(facts));
        }
        if facts.header_quotes != Some(Quotes::Open) {
            return Ok(());
        }
        let row = facts.header_row;
        Err(Error::InputFormat {
            path: facts.path.clone(),
            why: format!("a quote opens in the header on row {row} and is never closed"),
            help: "close the quote in the header line, or take it out".to_owned(),
        })
    }

    /// Why an input without a header cannot be read. Where its workbook has other sheets, one of them may be meant.
    fn without_header(&self, facts: &Facts) -> Error {
        let path = facts.path.clone();
        let others = facts.other_sheets.iter().filter(|(_, hidden)| !hidden);
        let others: Vec<String> = others.map(|(name, _)| format!("{name:?}")).collect();
        // A part of a sheet that is empty says nothing of the rest.
        let is_whole = self.reading.range.is_none() && self.reading.table.is_none();
        match &facts.sheet {
            Some(sheet) if is_whole && !others.is_empty() => Error::SheetEmpty {
                path,
                sheet: sheet.clone(),
                help: format!(
                    "say with --sheet which of the others is meant: {}",
                    others.join(", ")
                ),
            },
            _ => Error::InputEmpty { path, what: "it has no header row" },
        }
    }
}

/// What is to be said of the inputs as a whole.
pub fn notes(inputs: &[Input]) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (index, input) in (0_u16..).zip(inputs) {
        notes.extend(input.notes(place_of_header(index, input)));
    }
    notes
}

/// Where findings about an input as a whole stand.
fn place_of_header(index: u16, input: &Input) -> Location {
    let facts = &input.facts;
    let (row, line) = (facts.header_row.max(1), facts.header_line.unwrap_or(0));
    Location { input: index, row, line, byte: 0 }
}
