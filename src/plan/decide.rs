//! The recipe held against the target, before any file is opened: fields that are there, values that
//! their rules take, one source for each field.

use std::ops::Range;

use toml::Spanned;

use crate::error::{Error, Result};
use crate::finding::{self, Code, Finding};
use crate::mapping::derived::{Making, Makings, Stuff};
use crate::mapping::{FULL_NAME, Schema, Unmade, full_name, full_names};
use crate::recipe::{Blank, Expected, FieldRule, Given, Made, Recipe, Unique, ValueMap, Word};
use crate::record::{Field, Kind, Slot};
use crate::spelling::nearest;
use crate::validate::words::{Meant, Words};
use crate::validate::{Rules, Settings, Taught};

/// What the recipe decides, ready for files.
#[derive(Debug)]
pub(super) struct Decided<'r> {
    /// What it says of words, blanks and clearing.
    pub(super) taught: Taught,
    /// What it makes.
    pub(super) makings: Makings<'r>,
    /// What is odd about the values that stand in it.
    pub(super) doubts: Vec<Finding>,
    /// What it wants to be unique beside the keys of the target: the names of fields, and where it says so.
    pub(super) unique: Vec<(Vec<String>, Range<usize>)>,
}

/// Holds a recipe against the fields of a target. `flags` are the columns and fields of `--map`.
///
/// # Errors
/// [`Error::Recipe`] at the first thing that cannot be.
pub(super) fn decide<'r>(
    recipe: &'r Recipe,
    schema: &mut Schema,
    match_field: &str,
    settings: Settings,
    flags: &[(String, String)],
) -> Result<Decided<'r>> {
    let mut judge = Judge {
        recipe,
        said: fields_of(schema, flags),
        schema,
        match_field,
        rules: Rules::of_recipe(settings),
        taught: Taught::default(),
        columns: Vec::new(),
        doubts: Vec::new(),
    };
    judge.columns()?;
    judge.clear_word()?;
    for map in &recipe.values {
        judge.words(map)?;
    }
    let mut list = Vec::new();
    // Parts of columns come first: everything else may be made of them.
    let is_part = |rule: &&FieldRule| matches!(rule.given, Some(Given::Made(Made::Split { .. })));
    let parts = recipe.fields.iter().filter(is_part);
    let others = recipe.fields.iter().filter(|rule| !is_part(rule));
    for rule in parts.chain(others) {
        judge.field(rule, &mut list)?;
    }
    for test in &recipe.tests {
        judge.expected(&test.expected)?;
    }
    let unique = recipe.policy.unique.iter().map(|unique| judge.unique(unique, &list));
    let unique = unique.collect::<Result<_>>()?;
    let makings = Makings { list, recipe };
    Ok(Decided { taught: judge.taught, makings, doubts: judge.doubts, unique })
}

/// The fields to which flags map columns. What is none is told where the columns are mapped.
fn fields_of(schema: &mut Schema, flags: &[(String, String)]) -> Vec<usize> {
    let mut fields = Vec::new();
    for (_, name) in flags {
        match schema.find_or_make(name) {
            Ok(field) => fields.push(field),
            Err(_) if full_name(name).is_some() => {
                fields.extend(["first_name", "last_name"].iter().filter_map(|it| schema.find(it)));
            }
            Err(_) => {}
        }
    }
    fields
}

struct Judge<'r, 's> {
    recipe: &'r Recipe,
    schema: &'s mut Schema,
    match_field: &'s str,
    rules: Rules,
    taught: Taught,
    doubts: Vec<Finding>,
    /// The fields that flags give a column.
    said: Vec<usize>,
    /// The fields that the recipe gives a column, with its header.
    columns: Vec<(usize, &'r str)>,
}

impl Judge<'_, '_> {
    fn error(&self, message: String, span: &Range<usize>, help: impl Into<String>) -> Error {
        self.recipe.error(message, span.clone(), Some(help.into()))
    }

    /// The field that a recipe names, with its index.
    fn find(&mut self, name: &Word) -> Result<(usize, Field)> {
        let made = self.schema.find_or_make(&name.text);
        if let Err(Unmade::Refused { why, help }) = made {
            let message = format!("`{}` cannot be imported: {why}", name.text);
            return Err(self.error(message, &name.span, help));
        }
        let index = made.ok();
        let found = index.and_then(|index| Some((index, self.schema.field(index)?.clone())));
        found.ok_or_else(|| {
            let names = self.schema.fields().iter().map(|field| field.name.as_ref());
            let help = match nearest(&name.text, names) {
                _ if full_name(&name.text).is_some() => {
                    "it is split into `first_name` and `last_name`; name these".to_owned()
                }
                _ if name.text.starts_with(FULL_NAME) => full_names(),
                Some(near) => format!("did you mean `{near}`?"),
                None => "`upsheet targets` lists the fields, and how fields of your own are named"
                    .to_owned(),
            };
            self.error(format!("the target has no field `{}`", name.text), &name.span, help)
        })
    }

    fn columns(&mut self) -> Result<()> {
        let recipe = self.recipe;
        for rule in &recipe.columns {
            if rule.field.text == "-" || full_name(&rule.field.text).is_some() {
                continue;
            }
            let (index, field) = self.find(&rule.field)?;
            if self.columns.iter().any(|(taken, _)| *taken == index) {
                let message = format!("two columns are mapped to `{}`", field.name);
                let help = "keep one of them; map the other to another field, or to \"-\"";
                return Err(self.error(message, &rule.field.span, help));
            }
            self.columns.push((index, &rule.header.text));
        }
        Ok(())
    }

    /// The names of the fields that are unique, alone or together, and where that is said.
    fn unique(
        &mut self,
        unique: &Spanned<Unique>,
        list: &[Making],
    ) -> Result<(Vec<String>, Range<usize>)> {
        let names = match unique.get_ref() {
            Unique::Field(name) => std::slice::from_ref(name),
            Unique::Together(names) => names.as_slice(),
        };
        let span = unique.span();
        let mut found = Vec::with_capacity(names.len());
        let mut differs = names.is_empty();
        for name in names {
            let name = Word { text: name.clone(), span: span.clone(), ..Word::default() };
            let (index, field) = self.find(&name)?;
            let is_constant = |making: &Making| {
                making.field == index && !making.only_blank && matches!(making.of, Stuff::Value(_))
            };
            differs |= !list.iter().any(is_constant);
            found.push(field.name.into_owned());
        }
        if !differs {
            let message = format!("`{}` is the same for everybody", found.join("` and `"));
            let help = "take it out of `unique`, or take its constant out of [fields]";
            return Err(self.error(message, &span, help));
        }
        Ok((found, span))
    }

    /// What a test row expects must be something that can come of a row.
    fn expected(&mut self, expected: &Expected) -> Result<()> {
        match expected {
            Expected::Person { gives, clears } => {
                let fields = gives.iter().map(|(field, _)| field).chain(clears);
                fields.into_iter().try_for_each(|field| self.find(field).map(|_| ()))
            }
            Expected::Rejected(codes) => codes.iter().try_for_each(|code| {
                if Code::find(&code.text).is_some() {
                    return Ok(());
                }
                let help = match nearest(&code.text, finding::ALL.iter().map(|code| code.id)) {
                    Some(near) => format!("did you mean {near}?"),
                    None => "`upsheet explain` lists the codes".to_owned(),
                };
                Err(self.error(format!("there is no code {:?}", code.text), &code.span, help))
            }),
        }
    }

    fn clear_word(&mut self) -> Result<()> {
        let Some(word) = &self.recipe.policy.clear_word else { return Ok(()) };
        let text = word.get_ref().trim();
        if text.is_empty() {
            let help = "write blank = \"clear\" to let blank cells clear their fields";
            let message = "the word that clears a field is blank".to_owned();
            return Err(self.error(message, &word.span(), help));
        }
        self.taught.clear_word = Some(text.into());
        Ok(())
    }

    fn words(&mut self, map: &ValueMap) -> Result<()> {
        let (_, field) = self.find(&map.field)?;
        if self.taught.words.iter().any(|(name, _)| field.name == *name) {
            let message = format!("the words of `{}` stand in two places", field.name);
            return Err(self.error(message, &map.field.span, "keep one table for each field"));
        }
        let mut words = Vec::new();
        for (word, value) in &map.words {
            words.push((word.text.clone(), self.meant(&field, value)?));
        }
        let other = match &map.other {
            Some(value) => Some(self.meant(&field, value)?),
            None => None,
        };
        let taught = Words::of(&field).taught(words, other);
        self.taught.words.push((field.name.to_string(), taught));
        Ok(())
    }

    fn meant(&mut self, field: &Field, value: &Word) -> Result<Meant> {
        if value.text.trim().is_empty() {
            return Ok(Meant::Blank);
        }
        self.value(field, value).map(Meant::Value)
    }

    /// A value that stands in the recipe, as the field takes it.
    fn value(&mut self, field: &Field, said: &Word) -> Result<Slot<'static>> {
        if let Some(Meant::Value(value)) = Words::of(field).find(&said.text) {
            return Ok(value.clone());
        }
        match self.rules.value(field, &said.text) {
            Ok((value, odd)) => {
                for mut finding in odd {
                    finding.message = format!("{}, says the recipe", finding.message).into();
                    self.doubts.push(finding);
                }
                Ok(value)
            }
            Err(finding) => Err(self.not_taken(field, said, *finding)),
        }
    }

    /// The error for a value that the rule of its field refuses.
    fn not_taken(&self, field: &Field, said: &Word, finding: Finding) -> Error {
        let Finding { code, message, fix, help, .. } = finding;
        let message = format!("`{}` cannot be {:?}: {message}", field.name, said.text);
        let help = match (fix, &field.kind) {
            (Some(fix), _) => format!("did you mean {:?}?", fix.after),
            (None, Kind::Choice(choices) | Kind::Choices(choices)) => {
                let choices = choices.iter().map(|choice| {
                    let value = choice.value.value().to_string();
                    let label = if value == choice.label { "" } else { &choice.label };
                    format!("{value} {label}").trim_end().to_owned()
                });
                format!("one of {}", choices.collect::<Vec<_>>().join(", "))
            }
            (None, _) => help.map_or_else(
                || format!("`upsheet explain {}` says more", code.id),
                std::borrow::Cow::into_owned,
            ),
        };
        self.error(message, &said.span, help)
    }

    fn field(&mut self, rule: &FieldRule, list: &mut Vec<Making>) -> Result<()> {
        let (index, field) = self.find(&rule.field)?;
        self.blank(rule, &field, list, index)?;
        if let Some(given) = &rule.given
            && !self.said.contains(&index)
        {
            self.check_sources(rule, given, &field, index, list)?;
            let of = match given {
                Given::Constant(word) => Stuff::Value(self.for_all(&field, word)?),
                Given::Made(made) => Stuff::Made(made.clone()),
            };
            list.push(Making { field: index, only_blank: rule.only_blank, of });
        }
        if let Some(default) = &rule.default {
            let is_default = |making: &Making| {
                making.field == index && making.only_blank && matches!(making.of, Stuff::Value(_))
            };
            if list.iter().any(is_default) {
                let message = format!("`{}` has two defaults", field.name);
                return Err(self.error(message, &default.span, "keep one of them"));
            }
            let of = Stuff::Value(self.for_all(&field, default)?);
            list.push(Making { field: index, only_blank: true, of });
        }
        Ok(())
    }

    /// A value that many people share.
    fn for_all(&mut self, field: &Field, said: &Word) -> Result<Slot<'static>> {
        if field.unique {
            let message = format!("`{}` cannot be the same for several people", field.name);
            let help =
                "make it of columns with a template: \"{First name}.{Last name}@example.org\"";
            return Err(self.error(message, &said.span, help));
        }
        if said.text.trim().is_empty() {
            let message = format!("the value of `{}` is blank", field.name);
            return Err(self.error(message, &said.span, "take the line out, or write a value"));
        }
        self.value(field, said)
    }

    fn check_sources(
        &self,
        rule: &FieldRule,
        given: &Given,
        field: &Field,
        index: usize,
        list: &[Making],
    ) -> Result<()> {
        let twice = format!("`{}` has two sources", field.name);
        if list.iter().any(|other| other.field == index) {
            let help = "keep one of them";
            return Err(self.error(twice, &given.span(), help));
        }
        if let Some((_, header)) = self.columns.iter().find(|(taken, _)| *taken == index)
            && !rule.only_blank
        {
            let help = format!(
                "column {header:?} is mapped to it as well; take one out, or add when = \"blank\" \
                 to use this only where the cell is blank"
            );
            return Err(self.error(twice, &given.span(), help));
        }
        Ok(())
    }

    fn blank(
        &mut self,
        rule: &FieldRule,
        field: &Field,
        list: &[Making],
        index: usize,
    ) -> Result<()> {
        let Some((blank, span)) = &rule.blank else { return Ok(()) };
        if *blank == Blank::Clear {
            let needed = !field.can_be_cleared() || field.name == self.match_field;
            if needed {
                let message = format!("`{}` cannot be cleared", field.name);
                let why = if field.name == self.match_field {
                    "people are found by it; leave blank out, or write \"keep\""
                } else {
                    "nobody can be without it; leave blank out, or write \"keep\""
                };
                return Err(self.error(message, span, why));
            }
            let given = list.iter().any(|making| making.field == index && making.only_blank);
            if rule.default.is_some() || given {
                let message = format!("a blank of `{}` cannot clear and be filled", field.name);
                return Err(self.error(message, span, "keep the default, or blank = \"clear\""));
            }
        }
        let blanks = &mut self.taught.blanks;
        if blanks.iter().any(|(name, other)| field.name == *name && other != blank) {
            let message = format!("what a blank of `{}` means is said twice", field.name);
            return Err(self.error(message, span, "keep one of them"));
        }
        blanks.push((field.name.to_string(), *blank));
        Ok(())
    }
}
