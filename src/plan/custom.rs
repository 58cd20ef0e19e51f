//! Which custom fields may be named: where a lock file says what the account has, those, and what the
//! recipe declares.

use std::sync::Arc;

use crate::lock::{Account, Lock, named};
use crate::mapping::{Schema, Unmade};
use crate::spelling::nearest;
use crate::target::Target;

/// The fields of the target. A custom one that neither its lock nor its recipe knows is refused by name; an
/// account without any, or without a lock, takes every name.
pub(super) fn schema(target: &dyn Target, lock: Option<&Lock>, renew: String) -> Schema {
    let schema = target.schema();
    let id = target.kind().id;
    let account = lock.and_then(|lock| lock.account(id)).filter(|one| !one.fields.is_empty());
    let (Some(custom), Some(lock), Some(account)) = (target.custom(), lock, account) else {
        return schema;
    };
    let known: Vec<String> = schema.fields().iter().map(|field| field.name.to_string()).collect();
    let (account, path) = (account.clone(), lock.path.display().to_string());
    let prefix = custom.prefix;
    schema.checked(Arc::new(move |field| {
        let Some(name) = field.name.strip_prefix(prefix) else { return Ok(()) };
        if known.iter().any(|known| *known == field.name) || named(&account.fields, name).is_some()
        {
            return Ok(());
        }
        Err(unknown(&account, &path, (id, prefix), name, &renew))
    }))
}

/// Why there is no such field, with the one that was perhaps meant.
fn unknown(
    account: &Account,
    lock: &str,
    (id, prefix): (&str, &str),
    name: &str,
    renew: &str,
) -> Unmade {
    let names = account.fields.iter().map(|entry| entry.definition.name.as_str());
    let meant = match nearest(name, names) {
        Some(near) => format!("did you mean `{prefix}{near}`? Otherwise"),
        None => "if it is new,".to_owned(),
    };
    Unmade::Refused {
        why: format!("{lock} of {} has no such field", account.read_on),
        help: format!(
            "{meant} renew the lock: {renew}; or, if nobody has a value in it yet, declare it in the \
             recipe under [[{id}.custom_fields]]"
        ),
    }
}
