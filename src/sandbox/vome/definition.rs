//! The custom fields of Vome: what an administrator has made, and what came to be by being used.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use super::TARGET;
use crate::sandbox::store::{identify, json};

/// One custom field, as a file of fields gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its id; when it is empty, one that follows from the name.
    #[serde(default)]
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type, by name or by number (Vome "The Profile object", Custom Field Types).
    #[serde(rename = "type", default)]
    pub kind: FieldKind,
    /// Whether it is shown in the default view.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// The options of a selection, in their order.
    #[serde(default)]
    pub options: Vec<FieldOption>,
}

/// One option of a selection: its text alone, or with its id and order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OptionForm")]
pub struct FieldOption {
    /// Its id; when it is empty, one that follows from the field and the text.
    pub id: String,
    /// Its text.
    pub value: String,
    /// Its place; when it is 0, the one in which it stands, counted from 1.
    pub order: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OptionForm {
    Text(String),
    Whole {
        #[serde(default)]
        id: String,
        value: String,
        #[serde(default)]
        order: u64,
    },
}

impl From<OptionForm> for FieldOption {
    fn from(form: OptionForm) -> Self {
        match form {
            OptionForm::Text(value) => Self { id: String::new(), value, order: 0 },
            OptionForm::Whole { id, value, order } => Self { id, value, order },
        }
    }
}

fn yes() -> bool {
    true
}

/// The types of custom fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "KindForm", into = "&'static str")]
#[expect(missing_docs, reason = "the names are those of the documents")]
pub enum FieldKind {
    #[default]
    General,
    Number,
    SingleSelection,
    MultipleSelection,
    DateTime,
    Email,
    Attachment,
    Url,
    Address,
    UniqueId,
    Boolean,
    Formula,
    Date,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum KindForm {
    Number(u64),
    Name(String),
}

/// The types in the order of their numbers, with their names.
const KINDS: [(FieldKind, &str); 13] = [
    (FieldKind::General, "general"),
    (FieldKind::Number, "number"),
    (FieldKind::SingleSelection, "single_selection"),
    (FieldKind::MultipleSelection, "multiple_selection"),
    (FieldKind::DateTime, "date_time"),
    (FieldKind::Email, "email"),
    (FieldKind::Attachment, "attachment"),
    (FieldKind::Url, "url"),
    (FieldKind::Address, "address"),
    (FieldKind::UniqueId, "unique_id"),
    (FieldKind::Boolean, "boolean"),
    (FieldKind::Formula, "formula"),
    (FieldKind::Date, "date"),
];

impl FieldKind {
    /// Its number in the documents.
    pub(super) fn number(self) -> usize {
        KINDS.iter().position(|(kind, _)| *kind == self).unwrap_or_default()
    }

    /// Its name as the documents print it.
    pub(super) fn title(self) -> String {
        match self {
            Self::UniqueId => "UNIQUE_ID".to_owned(),
            Self::DateTime => "DATE & TIME".to_owned(),
            kind => <&str>::from(kind).replace('_', " ").to_uppercase(),
        }
    }

    fn numbered(number: i64) -> Option<Self> {
        KINDS.get(usize::try_from(number).ok()?).map(|(kind, _)| *kind)
    }

    fn is_selection(self) -> bool {
        matches!(self, Self::SingleSelection | Self::MultipleSelection)
    }
}

impl From<FieldKind> for &'static str {
    fn from(kind: FieldKind) -> Self {
        KINDS.iter().find(|(known, _)| *known == kind).map_or("general", |(_, name)| name)
    }
}

impl TryFrom<KindForm> for FieldKind {
    type Error = String;

    fn try_from(form: KindForm) -> Result<Self, String> {
        let found = match &form {
            KindForm::Number(number) => i64::try_from(*number).ok().and_then(Self::numbered),
            KindForm::Name(name) => {
                KINDS.iter().find(|(_, known)| known == name).map(|(kind, _)| *kind)
            }
        };
        found.ok_or_else(|| {
            let names: Vec<&str> = KINDS.iter().map(|(_, name)| *name).collect();
            format!("the type of a field is a number from 0 to 12 or one of {}", names.join(", "))
        })
    }
}

/// What a list of definitions must keep to.
pub(in super::super) fn check(fields: &[Definition]) -> Result<(), String> {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for field in fields {
        let name = &field.name;
        if name.trim().is_empty() {
            return Err("a field has no name".to_owned());
        }
        if !names.insert(name.to_lowercase()) && field.id.is_empty() {
            return Err(format!("two fields are named `{name}`; give each an id"));
        }
        if !ids.insert(&field.id) && !field.id.is_empty() {
            return Err(format!("two fields have the id `{}`", field.id));
        }
        if field.kind.is_selection() == field.options.is_empty() {
            let kind = <&str>::from(field.kind);
            return Err(format!(
                "the field `{name}` is of the type {kind}: selections have options, others have none"
            ));
        }
    }
    Ok(())
}

/// A field as the sandbox knows it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) id: String,
    pub(super) name: String,
    /// None when it came to be by being used: its type is told from each value.
    pub(super) kind: Option<FieldKind>,
    pub(super) is_active: bool,
    pub(super) options: Vec<FieldOption>,
}

impl From<&Definition> for Known {
    fn from(field: &Definition) -> Self {
        let name = field.name.trim().to_owned();
        let id = if field.id.is_empty() { id_of(&name) } else { field.id.clone() };
        let options = (1..).zip(&field.options).map(|(place, option)| FieldOption {
            id: if option.id.is_empty() {
                option_id(&id, &option.value)
            } else {
                option.id.clone()
            },
            value: option.value.clone(),
            order: if option.order == 0 { place } else { option.order },
        });
        let options = options.collect();
        Self { id, name, kind: Some(field.kind), is_active: field.is_active, options }
    }
}

/// The id of a field that has only a name.
pub(super) fn id_of(name: &str) -> String {
    identify(&[TARGET, "custom field", &name.to_lowercase()])
}

/// The id of an option that has only a text.
pub(super) fn option_id(field: &str, value: &str) -> String {
    identify(&[field, "option", value])
}

/// Makes the definitions those of the store; the ones that are not among them are gone, and what
/// people have in them is no longer shown.
pub(in super::super) fn seed(db: &Connection, fields: &[Definition]) -> rusqlite::Result<()> {
    if fields.is_empty() {
        return Ok(());
    }
    db.execute("DELETE FROM custom_field", [])?;
    for field in fields {
        save(db, &field.into())?;
    }
    Ok(())
}

/// Writes a field, new or changed.
pub(super) fn save(db: &Connection, field: &Known) -> rusqlite::Result<()> {
    let sql = "INSERT INTO custom_field (id, name, kind, is_active, options)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE
        SET name = ?2, kind = ?3, is_active = ?4, options = ?5";
    let kind = field.kind.map(|kind| crate::sandbox::store::integer(kind.number()));
    let options = serde_json::to_string(&field.options).unwrap_or_default();
    let values = params![field.id, field.name, kind, field.is_active, options];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// All fields, in the order they were made.
pub(super) fn known(db: &Connection) -> rusqlite::Result<Vec<Known>> {
    let sql = "SELECT id, name, kind, is_active, options FROM custom_field ORDER BY rowid";
    let mut statement = db.prepare_cached(sql)?;
    let known = statement.query_map([], |row| {
        Ok(Known {
            id: row.get(0)?,
            name: row.get(1)?,
            kind: row.get::<_, Option<i64>>(2)?.and_then(FieldKind::numbered),
            is_active: row.get(3)?,
            options: json(row, 4)?,
        })
    })?;
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Variants;

    fn read(text: &str) -> Result<Variants, String> {
        let variants: Variants = toml::from_str(text).map_err(|error| error.to_string())?;
        check(&variants.fields).map(|()| variants)
    }

    #[test]
    fn a_type_has_a_number_and_a_name() {
        for (number, (kind, name)) in (0..).zip(KINDS) {
            assert_eq!(kind.number(), number);
            for written in [number.to_string(), format!("{name:?}")] {
                let options = if kind.is_selection() { "options = [\"a\"]" } else { "" };
                let text = format!("[[fields]]\nname = \"x\"\ntype = {written}\n{options}");
                assert_eq!(read(&text).unwrap().fields[0].kind, kind);
            }
        }
    }

    #[test]
    fn wrong_definitions_are_refused() {
        for (text, word) in [
            ("[[fields]]\ntype = 0", "name"),
            ("[[fields]]\nname = \" \"", "no name"),
            ("[[fields]]\nname = \"x\"\ntype = 13", "from 0 to 12"),
            ("[[fields]]\nname = \"x\"\ntype = \"text\"", "single_selection"),
            ("[[fields]]\nname = \"x\"\ntype = 2", "selections have options"),
            ("[[fields]]\nname = \"x\"\noptions = [\"a\"]", "selections have options"),
            ("[[fields]]\nname = \"x\"\n[[fields]]\nname = \"X\"", "two fields are named"),
            (
                "[[fields]]\nname = \"x\"\nid = \"1\"\n[[fields]]\nname = \"y\"\nid = \"1\"",
                "the id",
            ),
            ("[[fields]]\nname = \"x\"\ncolour = 1", "colour"),
        ] {
            let why = read(text).unwrap_err();
            assert!(why.contains(word), "{text}: {why}");
        }
    }

    #[test]
    fn options_have_ids_and_an_order() {
        let text = "[[fields]]\nname = \"Size\"\ntype = 2\noptions = [\"S\", {id = \"o\", value = \"M\", order = 9}]";
        let known = Known::from(&read(text).unwrap().fields[0]);
        assert_eq!(known.id, id_of("size"));
        assert_eq!((known.options[0].order, known.options[1].order), (1, 9));
        assert_eq!(known.options[0].id, option_id(&known.id, "S"));
        assert_eq!(known.options[1].id, "o");
    }
}
