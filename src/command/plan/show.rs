//! What a plan says, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value as Json;

use super::super::looking::looked_for;
use super::super::{print, print_json};
use super::Drawn;
use super::forecast::Action;
use super::table::{self, names};
use crate::error::Result;
use crate::journal::About;
use crate::report::{counted, grouped};
use crate::row::Location;
use crate::target::Target;
use crate::target::directory::is_nothing;
use crate::visible::visible;

/// How many people of a kind the page shows.
const SHOWN: usize = 5;

/// The first people of each kind, and their number.
#[derive(Debug, Default)]
pub(super) struct First {
    of: [Vec<(Location, Action)>; Action::WORDS.len()],
}

impl First {
    /// Keeps a person, where few of the kind were met.
    pub(super) fn add(&mut self, at: Location, action: &Action) {
        if let Some(people) = self.of.get_mut(action.place())
            && people.len() < SHOWN
        {
            people.push((at, action.clone()));
        }
    }
}

/// What is told of a plan.
pub(in crate::command) struct Told<'a> {
    /// What the run was asked to do.
    pub(in crate::command) about: &'a About,
    /// Its id.
    pub(in crate::command) id: &'a str,
    /// The word by which the next command finds it.
    pub(in crate::command) name: String,
    /// Where it would be sent.
    pub(in crate::command) target: &'a dyn Target,
    /// What stands in it.
    pub(in crate::command) drawn: &'a Drawn,
    /// Its folder.
    pub(in crate::command) folder: &'a Path,
    /// How many people are sent something more once they have landed.
    pub(in crate::command) afterwards: usize,
    /// How many requests sending would take, where everybody were sent.
    pub(in crate::command) batches: usize,
    /// How many it took to look.
    pub(in crate::command) requests: u64,
    /// Whether values are shown.
    pub(in crate::command) show_values: bool,
    /// What it undoes, if it undoes a run.
    pub(in crate::command) undoes: Option<Undoes<'a>>,
}

/// What a plan undoes.
pub(in crate::command) struct Undoes<'a> {
    /// The word by which the run is found.
    pub(in crate::command) run: &'a str,
    /// Who and what is left alone.
    pub(in crate::command) left: Vec<LeftCount>,
    /// Where these stand.
    pub(in crate::command) table: PathBuf,
}

/// How many are left alone for one reason.
pub(in crate::command) struct LeftCount {
    /// The reason in a word.
    pub(in crate::command) word: &'static str,
    /// What it means.
    pub(in crate::command) meant: &'static str,
    /// How many times; somebody may be left alone in part for one reason, and in part for another.
    pub(in crate::command) times: u64,
    /// Whether something of the run stays, or may stay.
    pub(in crate::command) stays: bool,
}

/// What each action comes to, beside its word.
const MEANT: [&str; Action::WORDS.len()] = [
    "nobody has the key",
    "",
    "not sent: every value is there",
    "there already: a creation does nothing with them, or is refused",
    "not there: an update does nothing with them, or is refused",
    "sent, and what that does cannot be told",
    "an id of theirs is of another profile",
];

impl Undoes<'_> {
    fn text(&self, text: &mut String) {
        if self.left.is_empty() {
            return;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n  left alone, or in part, each with the reason in left.csv of the plan"
        );
        for LeftCount { word, meant, times, .. } in &self.left {
            let _ = writeln!(text, "  {word:12} {:>9}  {meant}", grouped(*times));
        }
    }

    fn json(&self) -> V1Undoes<'_> {
        V1Undoes {
            run: self.run,
            left: self.left.iter().map(|one| (one.word, one.times)).collect(),
            table: self.table.display().to_string(),
        }
    }
}

impl Told<'_> {
    /// Shows it.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(in crate::command) fn tell(&self, json: bool, quiet: bool) -> Result<()> {
        match (json, quiet) {
            (true, _) => print_json(&self.json()),
            (false, false) => print(&self.text()),
            (false, true) => Ok(()),
        }
    }

    /// Whether it is not certain that sending it does all that is asked for.
    pub(in crate::command) fn is_doubtful(&self) -> bool {
        let stays = |undoes: &Undoes<'_>| undoes.left.iter().any(|one| one.stays);
        self.drawn.counts.in_doubt() > 0 || self.undoes.as_ref().is_some_and(stays)
    }

    fn people(&self) -> u64 {
        self.drawn.counts.actions.iter().sum()
    }

    /// How many people may be mailed an invitation: everybody who is sent, because no document says that
    /// those who are there already are not.
    fn invited(&self) -> u64 {
        if self.target.invites() { self.drawn.counts.sent() } else { 0 }
    }

    /// The command that sends it.
    fn send(&self) -> String {
        let invites = match self.invited() {
            0 => String::new(),
            some => format!(" --expect-invites {some}"),
        };
        format!("upsheet push --plan {}{invites}", self.name)
    }

    /// Whether sending it would do anything.
    fn is_empty(&self) -> bool {
        self.drawn.counts.sent() == 0 && self.afterwards == 0
    }

    fn text(&self) -> String {
        let about = self.about;
        let undoing = self
            .undoes
            .as_ref()
            .map(|undoes| format!("undoes run {}, ", undoes.run))
            .unwrap_or_default();
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "plan {}: {}{} for {}\n",
            visible(self.id),
            undoing,
            counted(self.people(), "person", "people"),
            looked_for(about, self.requests)
        );
        let counts = self.drawn.counts.actions.iter().zip(Action::WORDS).zip(MEANT);
        for (place, ((count, word), meant)) in counts.enumerate() {
            // The first three are what a plan is about; the others are told where there is anybody. What
            // undoes a run makes nobody.
            let always = if self.undoes.is_some() { place == 1 } else { place < 3 };
            if always || *count > 0 {
                let line = format!("  {word:12} {:>9}  {meant}", grouped(*count));
                let _ = writeln!(text, "{}", line.trim_end());
            }
        }
        if let Some(undoes) = &self.undoes {
            undoes.text(&mut text);
        } else if about.rejected + about.skipped > 0 {
            let rejects = match about.rejected {
                0 => "",
                _ => ", with the reasons in rejects.csv of the plan",
            };
            let _ = writeln!(
                text,
                "  left out: {} rejected, {} skipped{rejects}",
                grouped(about.rejected),
                grouped(about.skipped)
            );
        }
        text.push('\n');
        self.fields(&mut text);
        self.people_of_note(&mut text);
        self.last_words(&mut text);
        text
    }

    /// What becomes of each field of those who are updated.
    fn fields(&self, text: &mut String) {
        let fields = &self.drawn.counts.fields;
        let Some(widest) = fields.keys().map(|name| visible(name).chars().count()).max() else {
            return;
        };
        let widest = widest.max("update".len());
        let _ =
            writeln!(text, "  {:widest$} {:>9} {:>9} {:>9}", "update", "set", "changed", "cleared");
        for (name, changes) in fields {
            let numbers = [changes.set, changes.changed, changes.cleared].map(grouped);
            let [set, changed, cleared] = numbers;
            let _ =
                writeln!(text, "  {:widest$} {set:>9} {changed:>9} {cleared:>9}", visible(name));
        }
        text.push('\n');
    }

    /// The first people of each kind that somebody may want to look at.
    fn people_of_note(&self, text: &mut String) {
        let names = names(&self.about.inputs);
        let mut any = false;
        for (people, count) in self.drawn.first.of.iter().zip(self.drawn.counts.actions) {
            for (at, action) in people {
                let name = names.get(usize::from(at.input)).map_or("", String::as_str);
                let what = match action {
                    Action::Create | Action::Unchanged => continue,
                    Action::Update(_) => self.changes(action),
                    // The id that it names is a value.
                    Action::NotSent(_) if !self.show_values => {
                        "an id is of another profile".to_owned()
                    }
                    other => other.reason().into_owned(),
                };
                any = true;
                let _ = writeln!(
                    text,
                    "  row {} of {name}: {}: {}",
                    at.row,
                    action.word(),
                    visible(&what)
                );
            }
            let shown = people.len() as u64;
            let told =
                !matches!(people.first(), None | Some((_, Action::Create | Action::Unchanged)));
            if told && count > shown {
                let _ = writeln!(text, "  … {} more", grouped(count - shown));
            }
        }
        if any {
            text.push('\n');
        }
    }

    fn changes(&self, action: &Action) -> String {
        let differences = action.differences().iter();
        if !self.show_values {
            let names: Vec<&str> = differences.map(|one| one.field.as_str()).collect();
            return names.join(", ");
        }
        let each = differences.map(|one| {
            let before = shown(one.found.as_ref());
            format!("{} from {before} to {}", one.field, shown(Some(&one.sent)))
        });
        each.collect::<Vec<_>>().join("; ")
    }

    fn last_words(&self, text: &mut String) {
        let [create, ..] = self.drawn.counts.actions;
        let effects = match self.invited() {
            0 if self.target.invites() => "none: nobody is sent, and nobody is mailed".to_owned(),
            0 if self.undoes.is_some() => "none: nobody is mailed".to_owned(),
            0 => self.target.side_effects(),
            some => format!(
                "{} may mail an invitation to {} ({} new to it)",
                self.target.kind().title,
                counted(some, "person", "people"),
                counted(create, "is", "are"),
            ),
        };
        let _ = writeln!(text, "side effects: {effects}");
        if let (Some(after), 1..) = (self.target.afterwards(), self.afterwards) {
            let [_, many] = after.what();
            let people = counted(self.afterwards as u64, "person", "people");
            let _ = writeln!(text, "afterwards: the {many} of {people}, which cannot be compared");
        }
        let _ = writeln!(
            text,
            "everybody, with values: {}",
            visible(&table::path(self.folder).display().to_string())
        );
        if self.is_empty() {
            text.push_str("nothing is to be sent\n");
        } else {
            let _ = writeln!(text, "nothing was sent. To send it: {}", self.send());
        }
    }

    fn json(&self) -> String {
        let [create, update, unchanged, exists, absent, untold, not_sent] =
            self.drawn.counts.actions;
        let fields = self.drawn.counts.fields.iter().map(|(field, changes)| V1Field {
            field,
            set: changes.set,
            changed: changes.changed,
            cleared: changes.cleared,
        });
        let page = V1 {
            version: 1,
            run: self.id,
            target: &self.about.target,
            base_url: &self.about.base_url,
            operation: &self.about.operation,
            match_key: &self.about.match_key,
            requests: self.requests,
            batches: self.batches,
            people: self.people(),
            create,
            update,
            unchanged,
            exists,
            absent,
            untold,
            not_sent,
            rejected: self.about.rejected,
            skipped: self.about.skipped,
            invites: self.invited(),
            afterwards: self.afterwards,
            fields: fields.collect(),
            table: table::path(self.folder).display().to_string(),
            undoes: self.undoes.as_ref().map(Undoes::json),
            send: (!self.is_empty()).then(|| self.send()),
        };
        // Our own form holds nothing that JSON cannot.
        let mut text = serde_json::to_string_pretty(&page).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// A value in words.
fn shown(value: Option<&Json>) -> String {
    value.filter(|value| !is_nothing(value)).map_or_else(|| "nothing".to_owned(), Json::to_string)
}

#[derive(Serialize)]
struct V1<'a> {
    version: u32,
    run: &'a str,
    target: &'a str,
    base_url: &'a str,
    operation: &'a str,
    match_key: &'a str,
    requests: u64,
    batches: usize,
    people: u64,
    create: u64,
    update: u64,
    unchanged: u64,
    exists: u64,
    absent: u64,
    untold: u64,
    not_sent: u64,
    rejected: u64,
    skipped: u64,
    invites: u64,
    afterwards: usize,
    fields: Vec<V1Field<'a>>,
    table: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<V1Undoes<'a>>,
    send: Option<String>,
}

#[derive(Serialize)]
struct V1Undoes<'a> {
    run: &'a str,
    left: BTreeMap<&'static str, u64>,
    table: String,
}

#[derive(Serialize)]
struct V1Field<'a> {
    field: &'a str,
    set: u64,
    changed: u64,
    cleared: u64,
}
