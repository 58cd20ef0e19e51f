//! Findings about how a person is reached: e-mail addresses and phone numbers.

use super::super::{Code, Severity};

/// `email-syntax`
pub static EMAIL_SYNTAX: Code = Code {
    id: "email-syntax",
    severity: Severity::Error,
    title: "e-mail addresses are not addresses",
    explanation: "An address must have one @, a local part of ASCII letters, digits and signs without leading, trailing or doubled dots, and a domain with a dot and a real form. Quoted local parts, IP addresses, remarks in brackets and letters with accents before the @ are refused: profile systems send mail to these addresses and match people by them. What was perhaps meant is suggested, and nothing is changed.",
    example: "tomas@example,org",
    cure: "Correct the address; the message names what is in the way, and the help what was perhaps meant.",
};

/// `email-several`
pub static EMAIL_SEVERAL: Code = Code {
    id: "email-several",
    severity: Severity::Error,
    title: "cells hold several e-mail addresses",
    explanation: "One person has one address in the target, and it is the key by which the person is found. Which of several is meant cannot be guessed.",
    example: "ann@example.org; bob@example.org",
    cure: "Keep one address in the cell, or put each person on a row of their own.",
};

/// `email-repaired`
pub static EMAIL_REPAIRED: Code = Code {
    id: "email-repaired",
    severity: Severity::Fix,
    title: "e-mail addresses were wrapped in something else",
    explanation: "The cell holds one address inside a link, a display name or quotes, as copying from a mail program or an export leaves it. Only the address is used.",
    example: "mailto:ada@example.org → ada@example.org",
    cure: "Nothing to do; correct the sheet if it is used elsewhere too.",
};

/// `email-role`
pub static EMAIL_ROLE: Code = Code {
    id: "email-role",
    severity: Severity::Warning,
    title: "e-mail addresses belong to a role, not a person",
    explanation: "Mailboxes such as info@ or office@ are read by several people. The profile will belong to whoever reads them, and a second person with the same mailbox cannot be imported.",
    example: "info@example.org",
    cure: "Ask for a personal address if the profile is for one person.",
};

/// `email-placeholder`
pub static EMAIL_PLACEHOLDER: Code = Code {
    id: "email-placeholder",
    severity: Severity::Warning,
    title: "e-mail addresses are stand-ins",
    explanation: "The address says that there is none (noemail@example.org, none@none.com), or is one that people type so that something stands there (test@test.com). Mail to it reaches nobody, or a stranger, and a second person with the same stand-in cannot be imported.",
    example: "noemail@example.org",
    cure: "Fill in the person's own address. Where there is none, give each person a made-up address of their own that you can tell apart later.",
};

/// `email-typo`
pub static EMAIL_TYPO: Code = Code {
    id: "email-typo",
    severity: Severity::Warning,
    title: "e-mail domains look mistyped",
    explanation: "The domain is one slip away from a mail provider that millions use, or has an ending that does not exist and is one slip away from a usual one. The address is sent as it stands: nothing is changed on a guess.",
    example: "ada@gmial.com",
    cure: "Compare with the suggestion and correct the sheet if it is right.",
};

/// `email-ending`
pub static EMAIL_ENDING: Code = Code {
    id: "email-ending",
    severity: Severity::Warning,
    title: "e-mail domains cannot be reached",
    explanation: "No domain of the net has this ending, by the list of August 2026, or it belongs to internal networks, as in names of users that a directory exports. Mail to the address will not arrive. The address is sent as it stands.",
    example: "ada@fileserver.local",
    cure: "Fill in the address at which the person gets mail.",
};

/// `phone-syntax`
pub static PHONE_SYNTAX: Code = Code {
    id: "phone-syntax",
    severity: Severity::Error,
    title: "phone numbers are not phone numbers",
    explanation: "A phone number has 7 to 15 digits (ITU-T E.164 allows 15 at most), an optional + in front, and only spaces, brackets, dots, dashes or slashes between.",
    example: "call me",
    cure: "Correct the number; text beside it belongs in another column.",
};

/// `phone-no-country`
pub static PHONE_NO_COUNTRY: Code = Code {
    id: "phone-no-country",
    severity: Severity::Error,
    title: "phone numbers lack their country code",
    explanation: "The target stores numbers in international form (+61412323123). A national number can be completed only when its country is known; guessing would reach a stranger.",
    example: "0412 323 123",
    cure: "Write the numbers with + and country code, name the column of the people's countries with --region-column, or name the country with --default-region AU.",
};

/// `phone-several`
pub static PHONE_SEVERAL: Code = Code {
    id: "phone-several",
    severity: Severity::Error,
    title: "cells hold several phone numbers",
    explanation: "The field takes one number. Which of several is meant cannot be guessed.",
    example: "0491 570 006 / 0491 570 156",
    cure: "Keep one number in the cell; another one belongs into another column.",
};

/// `phone-repaired`
pub static PHONE_REPAIRED: Code = Code {
    id: "phone-repaired",
    severity: Severity::Fix,
    title: "phone numbers had a label beside them",
    explanation: "A word such as Tel. or m: stands in front of the number, or one such as (mobile) behind it, or the cell is a link to a number. Only the number is used.",
    example: "Mob: 0491 570 006 → 0491 570 006",
    cure: "Nothing to do; correct the sheet if it is used elsewhere too.",
};

/// `phone-extension`
pub static PHONE_EXTENSION: Code = Code {
    id: "phone-extension",
    severity: Severity::Fix,
    title: "phone numbers had an extension",
    explanation: "The target stores numbers in international form, which has no place for an extension. The number is sent without it.",
    example: "+61 2 5550 1234 ext. 12",
    cure: "Put the extension into another column if it matters.",
};

/// `phone-invalid`
pub static PHONE_INVALID: Code = Code {
    id: "phone-invalid",
    severity: Severity::Error,
    title: "phone numbers do not exist in their country",
    explanation: "No number of that country has this length or beginning, by the country's numbering plan. A digit is missing, too much, or wrong.",
    example: "+61 412 323",
    cure: "Ask for the number again; if the country is wrong, write the country code.",
};

/// `email-lookalike`
pub static EMAIL_LOOKALIKE: Code = Code {
    id: "email-lookalike",
    severity: Severity::Warning,
    title: "e-mail domains mix letters that look alike",
    explanation: "A word of the domain has letters of several alphabets, such as a Cyrillic а among Latin letters (UTS #39). It looks like another domain and is not: mail reaches nobody, or a stranger. It is sent as it stands.",
    example: "ada@ex\u{430}mple.org",
    cure: "Type the address anew.",
};
