//! One documented policy for e-mail addresses.
//!
//! What is refused cannot be mailed to by a profile system, or not be found again by it. The
//! `validator` crate decides first (the HTML form's rule, RFC 5321 lengths); what stands below is
//! stricter, and nothing that it refuses is taken. A refusal comes with a [suggestion] where one is
//! near at hand, and every suggestion passes the policy itself.
//!
//! | what stands in the cell | what becomes of it | source |
//! |---|---|---|
//! | `ada@example.org`, letters of both cases, digits, ``!#$%&'*+/=?^_`{\|}~-`` and single dots before the @ | taken | RFC 5322 section 3.2.3 (dot-atom), HTML Living Standard |
//! | a dot at an edge or two together before the @ | refused | RFC 5322 section 3.2.3 |
//! | quotes before the @, `"ada l"@…` | refused: forms and mail programs refuse them | RFC 5321 section 4.1.2 warns against them |
//! | letters outside ASCII before the @ (EAI) | refused: few systems mail to them, and nearly all are slips | RFC 6531 asks for the consent of every system on the way |
//! | letters outside ASCII in the domain (IDN) | taken as written, compared in ASCII | RFC 5890, UTS #46 with STD3 rules |
//! | characters that stand for others in a domain (full width, `。`), symbols | refused | UTS #46 (mapped characters), RFC 5892 |
//! | an IP address, a domain without a dot, an ending of digits or of one letter | refused | RFC 5321 sections 2.3.5 and 4.1.3; RFC 3696 section 2 |
//! | more than 64 bytes before the @, 254 in all, 63 in a label, 253 in the domain (in ASCII) | refused | RFC 5321 section 4.5.3.1, RFC 3696 erratum 1690, RFC 1035 |
//! | remarks in brackets, signs behind the address, `(at)`, spaces inside, two @ | refused | RFC 5322 comments do not belong into a field of a form |
//! | characters that nobody sees: at an edge | repaired, and told | [`clean`](super::clean) |
//! | … inside | refused | [`clean`](super::clean) |
//! | `mailto:`, `Name <address>`, quotes around the address, one address twice | repaired, and told | RFC 6068, RFC 5322 section 3.4 |
//! | several addresses | refused: which of them is meant is a guess | – |
//! | a role's mailbox | warning | RFC 2142, and what organisations call theirs |
//! | words for no address: `noemail@…`, `none@none.com`, `test@test.com`, `….invalid` | warning | RFC 2606 |
//! | a domain one slip from a large provider's, an ending one slip from `com`, `org`, … that does not exist | warning, with a suggestion | the root zone of August 2026 |
//! | an ending that does not exist, or one of internal networks | warning | the root zone; RFC 6762 appendix G |
//!
//! `example.com`, `.example` and `.test` are taken without a word, except with a stand-in before the @
//! (`test@example.com`): rehearsals are full of them.
//!
//! [suggestion]: suggest::suggestion

mod content;
mod domain;
mod doubt;
mod key;
mod lists;
mod plain;
#[cfg(test)]
mod properties;
mod suggest;

use std::borrow::Cow;

use validator::ValidateEmail as _;

pub(super) use self::content::{Content, content};
pub(super) use self::doubt::{Doubt, Known, Owner, owner};
pub(super) use self::key::{key, variant};
pub(super) use self::plain::{is_fine, is_plain};
pub(super) use self::suggest::reading;

/// The commonest refusal of all.
const MISSING: &str = "the @ is missing";

/// Why an address is refused, in words.
type Refusal = Cow<'static, str>;

/// Why an address is refused, in words, and what was perhaps meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: Refusal,
    pub(super) suggestion: Option<String>,
}

/// Judges one address, trimmed before.
pub(super) fn check(address: &str) -> Result<(), Fault> {
    if is_plain(address.as_bytes()) {
        return Ok(());
    }
    check_closely(address).map_err(|message| {
        let suggestion = suggest::suggestion(address);
        let spelled = suggestion.is_some() && message == MISSING;
        let message = if spelled { "the @ is written as a word".into() } else { message };
        Fault { message, suggestion }
    })
}

/// Whether the policy takes an address.
fn is_good(address: &str) -> bool {
    is_plain(address.as_bytes()) || check_closely(address).is_ok()
}

fn check_closely(address: &str) -> Result<(), Refusal> {
    let Some((local, domain)) = address.rsplit_once('@') else {
        let wide = address.chars().any(|c| matches!(c, '\u{ff20}' | '\u{fe6b}'));
        return Err(if wide { "the @ is not the sign of ASCII" } else { MISSING }.into());
    };
    if local.is_empty() {
        return Err("nothing stands before the @".into());
    }
    if domain.is_empty() {
        return Err("nothing stands behind the @".into());
    }
    check_form(address)?;
    if local.contains('@') {
        return Err("it has more than one @".into());
    }
    if address.chars().any(char::is_whitespace) {
        return Err("it has a space inside".into());
    }
    if address.contains(',') {
        return Err("a comma stands where a dot belongs".into());
    }
    check_local(local)?;
    let ascii = domain::check(domain)?;
    if address.len() > 254 || local.len() + 1 + ascii.len() > 254 {
        return Err("it is longer than 254 characters".into());
    }
    if !address.validate_email() {
        return Err(match address.chars().find(|c| !is_address_char(*c)) {
            Some(c) => format!("the character {c:?} cannot stand in an address").into(),
            None => "it does not have the form of an address".into(),
        });
    }
    Ok(())
}

/// What stands around the address in the cell.
fn check_form(address: &str) -> Result<(), Refusal> {
    if let Some(c) = address.chars().next_back().filter(|c| matches!(c, ';' | ',' | ':' | '!')) {
        return Err(format!("it ends in {c:?}, which is no part of an address").into());
    }
    let brackets = address.contains('(') && address.contains(')');
    if brackets && !address.starts_with('"') {
        return Err("a remark in brackets stands in it".into());
    }
    if address.contains('<') && address.contains('>') && !address.starts_with('"') {
        return Err("more than the address stands in the cell".into());
    }
    Ok(())
}

fn is_address_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-@".contains(c)
}

fn check_local(local: &str) -> Result<(), Refusal> {
    if local.len() > 64 {
        return Err("the part before the @ is longer than 64 characters".into());
    }
    if local.starts_with('.') || local.ends_with('.') {
        return Err("a dot stands at the edge of the part before the @".into());
    }
    if local.contains("..") {
        return Err("two dots stand together".into());
    }
    if local.starts_with('"') {
        return Err("the part before the @ is quoted, which profile systems refuse".into());
    }
    if local.starts_with('\'') {
        return Err("an apostrophe stands in front, as spreadsheets leave it".into());
    }
    if let Some(c) = local.chars().find(|c| !c.is_ascii()) {
        let what = if c.is_alphabetic() { "letter" } else { "character" };
        return Err(
            format!("the {what} {c:?} before the @ cannot be mailed to by most systems").into()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged() {
        for good in [
            "ada@example.org",
            "Ada.Lovelace+x@Sub.Example.CO.UK",
            "o'brien@example.com",
            "a@bücher.example",
            "a@BÜCHER.example",
            "a@bu\u{308}cher.example",
            "a@straße.example",
            "a@xn--bcher-kva.example",
            "a@пример.рф",
            "1@2.co",
            "user+mailbox/department=shipping@example.org",
            "!#$%&`*+/=?^`{|}~@example.org",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, part) in [
            ("ada", "@ is missing"),
            ("ada at example.org", "written as a word"),
            ("ada＠example.org", "sign of ASCII"),
            ("@example.org", "before"),
            ("ada@", "behind"),
            ("ada@@example.org", "more than one"),
            ("ada lovelace@example.org", "space"),
            ("ada@example,org", "comma"),
            (".ada@example.org", "edge"),
            ("ada.@example.org", "edge"),
            ("a..b@example.org", "two dots"),
            ("a@example..org", "two dots"),
            ("ada@example.org.", "edge of the domain"),
            ("ada@example.org;", "ends in ';'"),
            ("ada@example.org (home)", "brackets"),
            ("a(b)@example.org", "brackets"),
            ("Ada <ada@example.org> !", "'!'"),
            ("<ada@example.org> Ada", "more than the address"),
            ("ada@localhost", "no dot"),
            ("ada@127.0.0.1", "IP"),
            ("ada@[127.0.0.1]", "IP"),
            ("ada@[IPv6:::1]", "IP"),
            ("ada@x[127.0.0.1]", "cannot stand"),
            ("ada@example.123", ".123"),
            ("ada@-example.com", "cannot exist"),
            ("ada@exam_ple.com", "cannot stand"),
            ("ada@ｅxample.org", "'ｅ' stands for another"),
            ("ada@example。org", "'。' stands for another"),
            ("ada@example.com©", "'©' cannot stand"),
            ("ada@i❤.ws", "cannot stand"),
            ("'ada'@example.org", "apostrophe"),
            ("\"a b\"@example.org", "space"),
            ("\"ab\"@example.org", "quoted"),
            ("用户@example.org", "cannot be mailed"),
            ("o’brien@example.org", "character '’' before"),
            ("ada@example.c", ".c"),
        ] {
            let fault = check(bad).unwrap_err();
            assert!(fault.message.contains(part), "{bad}: {} lacks {part}", fault.message);
        }
        let label = "b".repeat(60);
        for (length, address) in [
            ("64", format!("{}@example.org", "a".repeat(65))),
            ("254", format!("{}@{}.org", "a".repeat(60), [label.as_str(); 4].join("."))),
            ("exist", format!("a@{}.org", [label.as_str(); 5].join("."))),
            ("exist", format!("a@{}.org", "b".repeat(64))),
        ] {
            let fault = check(&address).unwrap_err();
            assert!(fault.message.contains(length), "{address}: {}", fault.message);
        }
    }
}
