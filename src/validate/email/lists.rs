//! The words and names that the policy knows: mailboxes of nobody, of a role, and mail providers.
//!
//! Words stand in their normal form: lower case, without dots, hyphens and underscores, and without
//! digits at the end.

/// What kind of word stands before or behind the @.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It says that there is no address.
    Nobody,
    /// It stands in samples and trials, and is no sign of that alone.
    Sample,
    /// Letters typed so that something stands there.
    Letters,
    /// A role (RFC 2142, and what organisations call theirs).
    Role,
}

/// Words before the @, in order.
pub(super) const LOCALS: &[(&str, Word)] = &[
    ("a", Word::Letters),
    ("aa", Word::Letters),
    ("aaa", Word::Letters),
    ("abc", Word::Letters),
    ("abcd", Word::Letters),
    ("abuse", Word::Role),
    ("accounts", Word::Role),
    ("accueil", Word::Role),
    ("admin", Word::Role),
    ("administracion", Word::Role),
    ("administration", Word::Role),
    ("administrator", Word::Role),
    ("amministrazione", Word::Role),
    ("anon", Word::Nobody),
    ("anonymous", Word::Nobody),
    ("asd", Word::Letters),
    ("asdf", Word::Letters),
    ("aucun", Word::Nobody),
    ("b", Word::Letters),
    ("bar", Word::Sample),
    ("benevolat", Word::Role),
    ("benevoles", Word::Role),
    ("billing", Word::Role),
    ("bonjour", Word::Role),
    ("bookings", Word::Role),
    ("buero", Word::Role),
    ("communication", Word::Role),
    ("comptabilite", Word::Role),
    ("contact", Word::Role),
    ("contacto", Word::Role),
    ("declined", Word::Nobody),
    ("demo", Word::Sample),
    ("direction", Word::Role),
    ("donotreply", Word::Role),
    ("donthave", Word::Nobody),
    ("dummy", Word::Nobody),
    ("editor", Word::Role),
    ("email", Word::Sample),
    ("enquiries", Word::Role),
    ("enquiry", Word::Role),
    ("events", Word::Role),
    ("example", Word::Sample),
    ("fake", Word::Nobody),
    ("feedback", Word::Role),
    ("firstlast", Word::Sample),
    ("firstname", Word::Sample),
    ("firstnamelastname", Word::Sample),
    ("foo", Word::Sample),
    ("foobar", Word::Sample),
    ("fullname", Word::Sample),
    ("geenemail", Word::Nobody),
    ("hello", Word::Role),
    ("help", Word::Role),
    ("helpdesk", Word::Role),
    ("hostmaster", Word::Role),
    ("hr", Word::Role),
    ("inconnu", Word::Nobody),
    ("info", Word::Role),
    ("inquiries", Word::Role),
    ("inquiry", Word::Role),
    ("invalid", Word::Nobody),
    ("itsupport", Word::Role),
    ("janedoe", Word::Sample),
    ("jobs", Word::Role),
    ("joebloggs", Word::Sample),
    ("johndoe", Word::Sample),
    ("kantoor", Word::Role),
    ("keine", Word::Nobody),
    ("keinemail", Word::Nobody),
    ("kontakt", Word::Role),
    ("lastname", Word::Sample),
    ("mail", Word::Role),
    ("mailbox", Word::Role),
    ("mariorossi", Word::Sample),
    ("marketing", Word::Role),
    ("maxmustermann", Word::Sample),
    ("membership", Word::Role),
    ("mustermann", Word::Sample),
    ("myemail", Word::Sample),
    ("mymail", Word::Sample),
    ("na", Word::Sample),
    ("name", Word::Sample),
    ("ninguno", Word::Nobody),
    ("no", Word::Sample),
    ("noaddress", Word::Nobody),
    ("nobody", Word::Nobody),
    ("noc", Word::Role),
    ("noemail", Word::Nobody),
    ("noemailaddress", Word::Nobody),
    ("nomail", Word::Nobody),
    ("noname", Word::Nobody),
    ("none", Word::Nobody),
    ("noneprovided", Word::Nobody),
    ("noone", Word::Nobody),
    ("noreply", Word::Role),
    ("notapplicable", Word::Nobody),
    ("notavailable", Word::Nobody),
    ("notgiven", Word::Nobody),
    ("notprovided", Word::Nobody),
    ("null", Word::Nobody),
    ("office", Word::Role),
    ("orders", Word::Role),
    ("pasdemail", Word::Nobody),
    ("pasemail", Word::Nobody),
    ("placeholder", Word::Nobody),
    ("postmaster", Word::Role),
    ("prenomnom", Word::Sample),
    ("press", Word::Role),
    ("qwerty", Word::Letters),
    ("reception", Word::Role),
    ("recruitment", Word::Role),
    ("reservations", Word::Role),
    ("sales", Word::Role),
    ("sample", Word::Sample),
    ("sansemail", Word::Nobody),
    ("sansmail", Word::Nobody),
    ("secretaire", Word::Role),
    ("secretariaat", Word::Role),
    ("secretariat", Word::Role),
    ("secretary", Word::Role),
    ("security", Word::Role),
    ("segreteria", Word::Role),
    ("service", Word::Role),
    ("sincorreo", Word::Nobody),
    ("sinemail", Word::Nobody),
    ("somebody", Word::Sample),
    ("someone", Word::Sample),
    ("staff", Word::Role),
    ("support", Word::Role),
    ("team", Word::Role),
    ("temp", Word::Sample),
    ("test", Word::Sample),
    ("tester", Word::Sample),
    ("testing", Word::Sample),
    ("tests", Word::Sample),
    ("testuser", Word::Sample),
    ("tmp", Word::Sample),
    ("treasurer", Word::Role),
    ("ufficio", Word::Role),
    ("unbekannt", Word::Nobody),
    ("unknown", Word::Nobody),
    ("user", Word::Sample),
    ("username", Word::Sample),
    ("ventas", Word::Role),
    ("verein", Word::Role),
    ("verwaltung", Word::Role),
    ("volunteer", Word::Role),
    ("volunteering", Word::Role),
    ("volunteers", Word::Role),
    ("vorname", Word::Sample),
    ("vorstand", Word::Role),
    ("webmaster", Word::Role),
    ("withheld", Word::Nobody),
    ("x", Word::Letters),
    ("xx", Word::Letters),
    ("xxx", Word::Letters),
    ("y", Word::Letters),
    ("you", Word::Sample),
    ("your", Word::Sample),
    ("youremail", Word::Sample),
    ("yourname", Word::Sample),
    ("z", Word::Letters),
    ("zentrale", Word::Role),
];

/// First names of domains, in order.
pub(super) const DOMAINS: &[(&str, Word)] = &[
    ("a", Word::Letters),
    ("aa", Word::Letters),
    ("aaa", Word::Letters),
    ("abc", Word::Letters),
    ("abcd", Word::Letters),
    ("asd", Word::Letters),
    ("asdf", Word::Letters),
    ("b", Word::Letters),
    ("bar", Word::Sample),
    ("company", Word::Sample),
    ("demo", Word::Sample),
    ("domain", Word::Sample),
    ("dummy", Word::Sample),
    ("email", Word::Sample),
    ("example", Word::Sample),
    ("fake", Word::Sample),
    ("foo", Word::Sample),
    ("foobar", Word::Sample),
    ("invalid", Word::Nobody),
    ("mycompany", Word::Sample),
    ("mydomain", Word::Sample),
    ("mymail", Word::Sample),
    ("na", Word::Sample),
    ("no", Word::Sample),
    ("noaddress", Word::Nobody),
    ("noemail", Word::Nobody),
    ("noemailaddress", Word::Nobody),
    ("nomail", Word::Nobody),
    ("nomailbox", Word::Nobody),
    ("none", Word::Nobody),
    ("nowhere", Word::Sample),
    ("null", Word::Sample),
    ("placeholder", Word::Sample),
    ("qwerty", Word::Letters),
    ("sample", Word::Sample),
    ("site", Word::Sample),
    ("test", Word::Sample),
    ("testing", Word::Sample),
    ("tests", Word::Sample),
    ("unknown", Word::Sample),
    ("website", Word::Sample),
    ("x", Word::Letters),
    ("xx", Word::Letters),
    ("xxx", Word::Letters),
    ("y", Word::Letters),
    ("yourcompany", Word::Sample),
    ("yourdomain", Word::Sample),
    ("z", Word::Letters),
];

/// A mail provider whose name is long enough that a slip in it is no other name.
#[derive(Debug)]
pub(super) struct Provider {
    /// The name in front of the ending.
    pub(super) name: &'static str,
    /// The endings under which it gives mailboxes, the most usual one first.
    pub(super) endings: &'static [&'static str],
    pub(super) kind: Kind,
}

/// How much is known of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// So many people use it that its name with the first letter missing is a slip too, and it has
    /// mailboxes under no other ending.
    Alone,
    /// As many people use it; it has editions for countries, and may have more than are listed.
    Large,
    /// Others may have its name under other endings.
    Own,
}

/// Endings under which the large providers have editions.
const EDITIONS: &[&str] = &[
    "com", "at", "be", "ca", "ch", "cl", "co.id", "co.il", "co.in", "co.jp", "co.nz", "co.th",
    "co.uk", "co.za", "com.ar", "com.au", "com.br", "com.mx", "com.sg", "com.tr", "de", "dk", "es",
    "fi", "fr", "gr", "ie", "in", "it", "nl", "no", "pt", "se",
];

/// The providers in whose names slips are looked for.
pub(super) const PROVIDERS: &[Provider] = &[
    Provider { name: "gmail", endings: &["com"], kind: Kind::Alone },
    Provider { name: "googlemail", endings: &["com"], kind: Kind::Alone },
    Provider { name: "icloud", endings: &["com"], kind: Kind::Alone },
    Provider { name: "hotmail", endings: EDITIONS, kind: Kind::Large },
    Provider { name: "outlook", endings: EDITIONS, kind: Kind::Large },
    Provider { name: "yahoo", endings: EDITIONS, kind: Kind::Large },
    Provider { name: "protonmail", endings: &["com", "ch"], kind: Kind::Own },
    Provider { name: "bellsouth", endings: &["net"], kind: Kind::Own },
    Provider { name: "bigpond", endings: &["com"], kind: Kind::Own },
    Provider { name: "bluewin", endings: &["ch"], kind: Kind::Own },
    Provider { name: "blueyonder", endings: &["co.uk"], kind: Kind::Own },
    Provider { name: "btinternet", endings: &["com"], kind: Kind::Own },
    Provider { name: "comcast", endings: &["net"], kind: Kind::Own },
    Provider { name: "earthlink", endings: &["net"], kind: Kind::Own },
    Provider { name: "fastmail", endings: &["com"], kind: Kind::Own },
    Provider { name: "laposte", endings: &["net"], kind: Kind::Own },
    Provider { name: "libero", endings: &["it"], kind: Kind::Own },
    Provider { name: "ntlworld", endings: &["com"], kind: Kind::Own },
    Provider { name: "optonline", endings: &["net"], kind: Kind::Own },
    Provider { name: "optusnet", endings: &["com.au"], kind: Kind::Own },
    Provider { name: "orange", endings: &["fr"], kind: Kind::Own },
    Provider { name: "proton", endings: &["me"], kind: Kind::Own },
    Provider { name: "rediffmail", endings: &["com"], kind: Kind::Own },
    Provider { name: "rocketmail", endings: &["com"], kind: Kind::Own },
    Provider { name: "sbcglobal", endings: &["net"], kind: Kind::Own },
    Provider { name: "sympatico", endings: &["ca"], kind: Kind::Own },
    Provider { name: "t-online", endings: &["de"], kind: Kind::Own },
    Provider { name: "talktalk", endings: &["net"], kind: Kind::Own },
    Provider { name: "tiscali", endings: &["co.uk"], kind: Kind::Own },
    Provider { name: "verizon", endings: &["net"], kind: Kind::Own },
    Provider { name: "videotron", endings: &["ca"], kind: Kind::Own },
    Provider { name: "virgilio", endings: &["it"], kind: Kind::Own },
    Provider { name: "virginmedia", endings: &["com"], kind: Kind::Own },
    Provider { name: "wanadoo", endings: &["fr"], kind: Kind::Own },
    Provider { name: "westnet", endings: &["com.au"], kind: Kind::Own },
    Provider { name: "windstream", endings: &["net"], kind: Kind::Own },
];

/// Domains of real mailboxes that look like a slip of a provider's, in order.
pub(super) const REAL: &[&str] =
    &["cloud.com", "email.com", "gail.com", "gmx.co", "mail.com", "ymail.com"];

/// Providers with the dots of their domain left out, as in `ada@gmailcom`. A name alone counts where
/// it has one domain.
pub(super) const GLUED: &[(&str, &str)] = &[
    ("gmail", "gmail.com"),
    ("gmailcom", "gmail.com"),
    ("googlemail", "googlemail.com"),
    ("googlemailcom", "googlemail.com"),
    ("hotmailcom", "hotmail.com"),
    ("hotmailfr", "hotmail.fr"),
    ("icloud", "icloud.com"),
    ("icloudcom", "icloud.com"),
    ("outlookcom", "outlook.com"),
    ("outlookfr", "outlook.fr"),
    ("yahooca", "yahoo.ca"),
    ("yahoocom", "yahoo.com"),
    ("yahoocouk", "yahoo.co.uk"),
    ("yahoofr", "yahoo.fr"),
];

/// Endings that people mistype into others.
pub(super) const COMMON: &[&str] = &["com", "org", "net", "edu", "gov", "info"];

/// Endings of countries that `com` becomes when a letter is lost. With the name of a large provider
/// in front they are a slip; every other domain under them is somebody's own.
pub(super) const CUT_COM: &[&str] = &["cm", "co", "om"];

/// Endings of networks that no mail from outside reaches (RFC 6762, appendix G; `internal` is kept
/// for them by ICANN).
pub(super) const INTERNAL: &[&str] = &[
    "corp",
    "home",
    "internal",
    "intranet",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "private",
];

/// Endings that are kept for trials (RFC 2606): rehearsals with people who do not exist use them, so
/// they are no reason for a word.
pub(super) const TRIAL: &[&str] = &["example", "test"];

/// Every ending of the root zone of August 2026, one a line in order.
pub(super) const ENDINGS: &str = include_str!("endings.txt");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order_for_the_search() {
        assert!(LOCALS.is_sorted_by_key(|(word, _)| *word));
        assert!(DOMAINS.is_sorted_by_key(|(word, _)| *word));
        assert!(ENDINGS.lines().is_sorted());
        assert!(ENDINGS.lines().all(|line| !line.is_empty() && line.is_ascii()));
    }
}
