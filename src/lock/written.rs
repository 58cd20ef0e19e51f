//! A lock file as text, always in the same order, put in place whole or not at all.

use std::fmt::Write as _;
use std::io::Write as _;

use super::{Account, Entry, Lock, VERSION};
use crate::error::{Error, Result};
use crate::recipe::quoted;
use crate::staged::{Readers, Staged};
use crate::target::Choosable;

const HEAD: &str = "\
# The custom fields of the account, as its profiles showed them. Written by `upsheet fields`, which also
# renews it. Keep it beside the recipe: values are checked by it, and a push stops when a field that it
# uses has changed. It holds names of fields and options, and nothing about people.
";

impl Lock {
    /// The text of the file.
    pub fn text(&self) -> String {
        let mut text = format!("{HEAD}version = {VERSION}\n");
        for (target, account) in &self.accounts {
            write_account(&mut text, target, account);
        }
        text
    }

    /// Writes the file; one that is there is replaced in one step.
    ///
    /// # Errors
    /// [`Error::Output`] when it cannot be written; what was there is then as it was.
    pub fn write(&self) -> Result<()> {
        let failed = |source| Error::Output { path: self.path.clone(), action: "write", source };
        let mut file =
            Staged::begin(&self.path, ".upsheet-lock-", Readers::Everybody).map_err(failed)?;
        file.write_all(self.text().as_bytes()).map_err(failed)?;
        file.file().sync_all().map_err(failed)?;
        file.replace().map_err(failed)
    }
}

// Writing to a String cannot fail.
fn write_account(text: &mut String, target: &str, account: &Account) {
    let _ = write!(
        text,
        "\n[{target}]\nbase_url = {}\nread_on = \"{}\"\nprofiles = {}\n",
        quoted(&account.base_url),
        account.read_on,
        account.profiles
    );
    let mut fields: Vec<&Entry> = account.fields.iter().collect();
    fields.sort_by_key(|entry| (&entry.definition.name, &entry.definition.id));
    for entry in fields {
        let _ = writeln!(text, "\n[[{target}.fields]]");
        let definition = &entry.definition;
        if let Some(id) = &definition.id {
            let _ = writeln!(text, "id = {}", quoted(id));
        }
        let _ = writeln!(text, "name = {}", quoted(&definition.name));
        let _ = writeln!(text, "type = \"{}\"", definition.of.word());
        if !definition.options.is_empty() {
            text.push_str("options = [\n");
            for option in &definition.options {
                let _ = writeln!(text, "    {},", option_text(option));
            }
            text.push_str("]\n");
        }
        if !entry.active {
            text.push_str("active = false  # not in the usual view of the account\n");
        }
        let none = if entry.profiles == 0 { "  # none had a value when it was read" } else { "" };
        let _ = writeln!(text, "profiles = {}{none}", entry.profiles);
    }
}

fn option_text(option: &Choosable) -> String {
    let id = option.id.as_ref().map(|id| format!("id = {}, ", quoted(id))).unwrap_or_default();
    format!("{{ {id}value = {} }}", quoted(&option.value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::target::{Definition, Type};

    fn lock(fields: Vec<Entry>) -> Lock {
        let account = Account {
            base_url: "https://api.example.org".to_owned(),
            read_on: "2026-11-26".parse().unwrap(),
            profiles: 791,
            fields,
        };
        Lock { path: "upsheet.lock".into(), accounts: [("vome".to_owned(), account)].into() }
    }

    fn entry(id: &str, name: &str, of: Type, options: &[&str]) -> Entry {
        let option = |value: &&str| Choosable { id: None, value: (*value).to_owned() };
        Entry {
            definition: Definition {
                id: (!id.is_empty()).then(|| id.to_owned()),
                name: name.to_owned(),
                of,
                options: options.iter().map(option).collect(),
            },
            active: true,
            profiles: 3,
        }
    }

    #[test]
    fn a_lock_is_written_in_one_order_and_says_what_it_is() {
        let mut hidden = entry("", "Old", Type::General, &[]);
        (hidden.active, hidden.profiles) = (false, 0);
        let size = entry("b46d", "Shirt \"size\"", Type::SingleSelection, &["S", "M"]);
        let text = lock(vec![size.clone(), hidden.clone()]).text();
        insta::assert_snapshot!(text, @r#"
        # The custom fields of the account, as its profiles showed them. Written by `upsheet fields`, which also
        # renews it. Keep it beside the recipe: values are checked by it, and a push stops when a field that it
        # uses has changed. It holds names of fields and options, and nothing about people.
        version = 1

        [vome]
        base_url = "https://api.example.org"
        read_on = "2026-11-26"
        profiles = 791

        [[vome.fields]]
        name = "Old"
        type = "general"
        active = false  # not in the usual view of the account
        profiles = 0  # none had a value when it was read

        [[vome.fields]]
        id = "b46d"
        name = "Shirt \"size\""
        type = "single_selection"
        options = [
            { value = "S" },
            { value = "M" },
        ]
        profiles = 3
        "#);
        assert_eq!(lock(vec![hidden, size]).text(), text);
    }

    #[test]
    fn a_lock_that_cannot_be_written_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut lock = lock(Vec::new());
        lock.path = folder.path().join("upsheet.lock");
        lock.write().unwrap();
        assert_eq!(Lock::load(&lock.path).unwrap(), lock);
        lock.path = folder.path().join("none/upsheet.lock");
        assert!(matches!(lock.write(), Err(Error::Output { .. })));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read(
            fields in prop::collection::btree_map("\\PC{1,8}|[\\x00-\\x7f]{1,4}", (
                any::<bool>(), "\\PC{1,8}|[\\x00-\\x7f]{1,4}", 0_usize..13, prop::collection::vec("\\PC{0,4}", 0..3),
                any::<bool>(), 0_u64..=9_000,
            ), 0..5),
        ) {
            let fields = fields.iter().map(|(name, (has_id, id, of, options, active, profiles))| Entry {
                definition: Definition {
                    id: has_id.then(|| format!("{name}{id}")),
                    name: name.clone(),
                    of: Type::ALL[*of],
                    options: options.iter().map(|value| Choosable {
                        id: active.then(|| id.clone()), value: value.clone(),
                    }).collect(),
                },
                active: *active,
                profiles: *profiles,
            });
            let lock = lock(fields.collect());
            let read = Lock::parse(lock.text(), &lock.path);
            // Names that begin one another may give one id; that is refused and not read otherwise.
            match read {
                Ok(read) => prop_assert_eq!(read, lock),
                Err(error) => prop_assert!(error.to_string().contains("twice"), "{}", error),
            }
        }
    }
}
