//! `probe`: asks a live account what its documents leave open, and writes the answers into the
//! recipe.

mod show;
mod write;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use self::show::Page;
use self::write::{Line, written};
use super::account::{self, yes};
use super::{print, print_json, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::probe::{Ended, Order, Outcome, ask};
use crate::recipe::{Recipe, edit};
use crate::sandbox::{Sandbox, Variants};
use crate::spelling::nearest;
use crate::target::probe::{Call, Known, Prober, Question, Setting, Step};
use crate::target::{self, Method, Overrides, Target};
use crate::visible::visible;

/// Attempts of one request.
const ATTEMPTS: u32 = 4;

/// What `probe` does.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of the user's")]
pub struct Probe {
    /// The recipe with what is known already.
    pub recipe: Recipe,
    /// The target, where it is not the recipe's.
    pub target: Option<String>,
    /// The data folder of the sandbox, when it stands in for the target.
    pub sandbox: Option<PathBuf>,
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// The e-mail address of a profile of the user's own.
    pub person: Option<String>,
    /// The questions to ask; all of them when none is named.
    pub only: Vec<String>,
    /// Whether requests are shown and none is sent.
    pub dry_run: bool,
    /// The recipe that the answers are written into.
    pub write: Option<PathBuf>,
    /// Whether they take the place of what the user wrote there.
    pub force: bool,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// Whether to write JSON.
    pub json: bool,
    /// The day, for the comments.
    pub today: jiff::civil::Date,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// Asks, shows what was learned, and writes it down where that is wanted.
///
/// # Errors
/// When nothing could be asked, or the account or a guard ended the asking; what was learned until
/// then is shown and written all the same.
pub fn probe(plan: &Probe) -> Result<ExitStatus> {
    let known: Vec<&str> = target::ALL.iter().map(|kind| kind.id).collect();
    plan.recipe.check_sections(&known)?;
    let id = plan.target.as_deref().or(plan.recipe.target.as_deref()).unwrap_or("vome");
    let kind = target::find(id)?;
    let sandbox = match &plan.sandbox {
        Some(_) if plan.write.is_some() => {
            return Err(Error::usage(
                "the answers of the sandbox say nothing of your account",
                "leave --write out, or name the target itself with --to",
            ));
        }
        data => account::stand_in(data.as_deref(), &plan.variants)?,
    };
    let overrides = overrides(sandbox.as_ref(), id);
    let configure = |found: &[Setting]| (kind.configure)(&with(&plan.recipe, found)?, &overrides);
    let target = configure(&[])?;
    let Some(prober) = target.prober() else {
        return Err(Error::usage(
            format!("{} leaves nothing open that an account could be asked", kind.title),
            "its documents say it all",
        ));
    };
    let questions = chosen(&prober.questions(), &plan.only)?;
    if plan.dry_run {
        return print(&rehearsal(plan, target.as_ref(), prober, &questions))
            .map(|()| ExitStatus::Good);
    }
    // An address that is missing is told before a key is asked for.
    let placed = |error| plan.recipe.at(&[id, "base_url"], error);
    target.base_url().map_err(placed)?;
    let secret = account::secret(target.as_ref(), sandbox.as_ref(), plan.environment)?;
    let connect = |target: &dyn Target| account::client(target, &secret, &plan.recipe.sending);
    let client = connect(target.as_ref()).map_err(placed)?;
    confirm(plan, target.as_ref(), &questions)?;
    let order = Order {
        questions: &questions,
        configure: &configure,
        connect: &connect,
        person: plan.person.as_deref(),
        approve: &|profile| approve(plan, profile),
        progress: &|line| tell(&format!("  {line}")),
        stop: &plan.stop,
        attempts: ATTEMPTS,
        pause: account::pause(&client),
    };
    let outcome = ask(&order)?;
    let lines = written(plan, &outcome)?;
    let page = Page { plan, target: target.as_ref(), outcome: &outcome, lines: &lines };
    if plan.json {
        print_json(&page.json())?;
    } else {
        print(&page.text())?;
    }
    status(outcome)
}

/// How the process ends.
fn status(outcome: Outcome) -> Result<ExitStatus> {
    match outcome.ended {
        Some(Ended::Error(error)) => return Err(error),
        Some(Ended::Interrupted) => return Ok(ExitStatus::Interrupted),
        None => {}
    }
    let told = |asked: &crate::probe::Asked| {
        asked.fate.as_ref().is_ok_and(|learned| learned.answer.is_ok())
    };
    let spoilt = outcome.changed.as_ref().is_some_and(|changed| !changed.restored);
    let all = outcome.asked.iter().all(told) && !spoilt;
    Ok(if all { ExitStatus::Good } else { ExitStatus::Findings })
}

fn overrides(sandbox: Option<&Sandbox>, id: &str) -> Overrides {
    let url = sandbox.and_then(|sandbox| sandbox.url_of(id));
    // The own profile is named by its address, whatever the recipe finds people by.
    let by_email =
        target::find(id).is_ok_and(|kind| kind.fields.iter().any(|it| it.name == "email"));
    let matched_by = by_email.then(|| "email".to_owned());
    Overrides { base_url: url, matched_by, ..Overrides::default() }
}

/// The recipe with what was learned so far.
fn with(recipe: &Recipe, found: &[Setting]) -> Result<Recipe> {
    if found.is_empty() {
        return Ok(recipe.clone());
    }
    let mut table: toml::Table = recipe.text().parse().unwrap_or_default();
    for setting in found {
        let path: Vec<&str> = setting.name.split('.').collect();
        edit::put(&mut table, &path, setting.value.clone());
    }
    let mut with = Recipe::parse(table.to_string(), "the recipe with the answers so far")?;
    with.path.clone_from(&recipe.path);
    Ok(with)
}

/// The questions that are asked, in their own order.
fn chosen(all: &[&'static Question], only: &[String]) -> Result<Vec<&'static Question>> {
    for id in only {
        if !all.iter().any(|question| question.id == id) {
            let ids: Vec<&str> = all.iter().map(|question| question.id).collect();
            let near =
                nearest(id, ids.iter().copied()).map(|near| format!("did you mean {near}? "));
            return Err(Error::usage(
                format!("there is no question {id:?}"),
                format!("{}the questions are {}", near.unwrap_or_default(), ids.join(", ")),
            ));
        }
    }
    let wanted =
        |question: &&&'static Question| only.is_empty() || only.iter().any(|id| id == question.id);
    Ok(all.iter().filter(wanted).copied().collect())
}

/// Says what will be asked and what that sends, and lets the user say yes.
fn confirm(plan: &Probe, target: &dyn Target, questions: &[&'static Question]) -> Result<()> {
    let effects = target.prober().map_or("", |prober| prober.side_effects());
    let effects = if effects.is_empty() { String::new() } else { format!("; {effects}") };
    let writes = questions.iter().any(|question| question.sends.own > 0);
    let mut lines = vec![format!("{} at {}", target.kind().title, visible(&target.base_url()?))];
    for question in questions {
        lines.push(format!("  {:26} {}", question.id, question.asks));
        lines.push(format!("  {:26} sends: {}", "", question.sends.words()));
    }
    lines.push("nobody is created, nobody is invited".to_owned());
    lines.push(match (&plan.person, writes) {
        (_, false) => "nothing is written".to_owned(),
        (None, true) => "your profile: none is named with --person, so that nothing is written to one \
                         and some questions stay open"
            .to_owned(),
        (Some(email), true) => format!(
            "your profile: {}, which is sent the values that it has and is read after each write{effects}",
            visible(email),
        ),
    });
    tell(&lines.join("\n"));
    if plan.yes || plan.sandbox.is_some() {
        return Ok(());
    }
    if yes("Ask them? [y/N] ") {
        return Ok(());
    }
    Err(Error::Guard {
        message: "nothing was asked, because nobody said yes".to_owned(),
        help: "answer y, or add --yes where nobody can answer; --dry-run shows the requests"
            .to_owned(),
    })
}

/// Shows the profile that was found and lets the user say that it is the one.
fn approve(plan: &Probe, profile: &str) -> Result<()> {
    tell(&format!("your profile: {profile}"));
    if plan.yes || plan.sandbox.is_some() || yes("Is it a profile of your own, for testing? [y/N] ")
    {
        return Ok(());
    }
    Err(Error::Guard {
        message: "nothing was written, because nobody said that the profile is the right one"
            .to_owned(),
        help: "name a profile of your own that is there for testing".to_owned(),
    })
}

/// The first request of each question, with a profile that stands for the user's own.
fn rehearsal(
    plan: &Probe,
    target: &dyn Target,
    prober: &dyn Prober,
    questions: &[&'static Question],
) -> String {
    let email = plan.person.as_deref().unwrap_or("<your address>");
    let person = prober.sketch(email);
    let known = Known {
        person: Some(&person),
        learned: &std::collections::BTreeMap::new(),
        limits: &std::collections::BTreeMap::new(),
        patience: (0, None),
    };
    let base = target.base_url().unwrap_or_default();
    let mut page = String::from(
        "No request is sent. The first one of each question, with the values of your profile in <>;\n\
         those behind it depend on the answers.\n",
    );
    for question in questions {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "\n{}: {}", question.id, question.asks);
        let _ = writeln!(page, "  sends: {}", question.sends.words());
        if let Step::Ask(call) = prober.step(question.id, &known, &[]) {
            page.push_str(&request(&base, &call));
        }
    }
    page
}

/// A request without the header that holds the secret.
fn request(base: &str, call: &Call) -> String {
    let method = match call.request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
    };
    let body = call.body.as_ref().map_or(String::new(), |body| format!("  {body}\n"));
    format!("  {method} {}{}\n{body}", base.trim_end_matches('/'), call.request.path)
}

/// The lines that the answers come to.
type Lines = Vec<Line>;
