//! Findings about people: what is missing, who stands there twice, what their names are.

use super::super::{Code, Severity};

/// `required-missing`
pub static REQUIRED_MISSING: Code = Code {
    id: "required-missing",
    severity: Severity::Error,
    title: "people lack a value that the target requires",
    explanation: "The target refuses a person without this field: Vome needs a first name, a last name and an e-mail address to create a profile; Omneo needs an e-mail address to match by; SCIM needs a userName, for which the e-mail address can stand in.",
    example: "a blank cell under \"Last Name\"",
    cure: "Fill the cell in. If the value stands in another column, map that column with --map.",
};

/// `wanted-missing`
pub static WANTED_MISSING: Code = Code {
    id: "wanted-missing",
    severity: Severity::Warning,
    title: "people lack a value that the target fills with a stand-in",
    explanation: "The target takes people without this value, but writes something of its own in its place: Omneo calls people without a name Unknown.",
    example: "a blank cell under \"Last name\"",
    cure: "Fill the cell in if the value is known.",
};

/// `name-placeholder`
pub static NAME_PLACEHOLDER: Code = Code {
    id: "name-placeholder",
    severity: Severity::Warning,
    title: "names look like stand-ins",
    explanation: "A name of digits only, or a word such as test or n/a, is hardly a person's name.",
    example: "test",
    cure: "Fill in the name, or remove the row.",
};

/// `name-address`
pub static NAME_ADDRESS: Code = Code {
    id: "name-address",
    severity: Severity::Warning,
    title: "names look like e-mail addresses",
    explanation: "An e-mail address stands where a name belongs: a program filled the name in with the address, or the row has shifted. It is sent as it stands.",
    example: "ada@example.org under \"First name\"",
    cure: "Fill in the name, or look whether the columns of this row stand where they should.",
};

/// `name-several`
pub static NAME_SEVERAL: Code = Code {
    id: "name-several",
    severity: Severity::Warning,
    title: "cells hold the names of two people",
    explanation: "One row becomes one person. Two people in one row share an address and everything else, and the target greets them by both names. It is sent as it stands.",
    example: "Ann & Bob",
    cure: "Give each person a row and an e-mail address of their own.",
};

/// `name-title`
pub static NAME_TITLE: Code = Code {
    id: "name-title",
    severity: Severity::Info,
    title: "names begin with a title",
    explanation: "A title or a form of address stands in front of the name and becomes a part of it: letters will begin with \"Dear Mr John\". It is sent as it stands.",
    example: "Mr John",
    cure: "Put titles into a column of their own if the target has a field for them.",
};

/// `name-long`
pub static NAME_LONG: Code = Code {
    id: "name-long",
    severity: Severity::Warning,
    title: "names are longer than names are",
    explanation: "A text of more than a hundred characters is hardly one name; it may be a note, or cells that ran together. It is sent as it stands.",
    example: "a sentence under \"Last name\"",
    cure: "Look whether the columns of this row stand where they should.",
};

/// `name-quote`
pub static NAME_QUOTE: Code = Code {
    id: "name-quote",
    severity: Severity::Error,
    title: "names have a quotation mark that has no other",
    explanation: "One quotation mark stands in the name, or one of several has no other. It is left over from a CSV, or was typed for an apostrophe, and no name has it: which letters are the name's, nobody can tell from the file. Marks in pairs, as around a nickname, and those between letters of Hebrew are left alone.",
    example: "Jo\"anna",
    cure: "Take the quotation mark out, or type the apostrophe that it stands for.",
};

/// `name-marked`
pub static NAME_MARKED: Code = Code {
    id: "name-marked",
    severity: Severity::Error,
    title: "names have a # in front",
    explanation: "A # stands in front of the name, as in front of a line that is not to be read, or of a number. No name begins with it. Whether the person was taken out of the list or is meant, nobody can tell from the file.",
    example: "#Otis",
    cure: "Take the # out if the person is meant, else take the row out.",
};

/// `name-swapped`
pub static NAME_SWAPPED: Code = Code {
    id: "name-swapped",
    severity: Severity::Warning,
    title: "columns of first and last names may stand in each other's place",
    explanation: "The addresses of different houses, or another column with the whole name, have the names of most people the other way round. Nothing is swapped on that ground: only the owner of the file knows.",
    example: "Lovelace under \"First name\", Ada under \"Last name\", ada.lovelace@example.org",
    cure: "If they are swapped, map them the other way round: --map 'First name=last_name' --map 'Last name=first_name'.",
};

/// `name-capitals`
pub static NAME_CAPITALS: Code = Code {
    id: "name-capitals",
    severity: Severity::Info,
    title: "columns of names are written in capitals",
    explanation: "Nearly all names of the column are in capitals, as old programs write them. Which letters are small in a name (McKay, van Dyck, de la Cruz) nobody can tell from capitals, so they are sent as they stand.",
    example: "LOVELACE",
    cure: "Nothing to do; ask for an export with the names as people write them if letters will be addressed with them.",
};

/// `name-order`
pub static NAME_ORDER: Code = Code {
    id: "name-order",
    severity: Severity::Warning,
    title: "names are left out, because few show which part is the family name",
    explanation: "The header of a column of full names has the family name first, and fewer than nine of ten names show by a comma, by capitals in front or by being of East Asia whether they have it first too. Split either way, people would be called by the wrong name. People need no names here, so they are sent without.",
    example: "Smith John under \"Nom et prénom\"",
    cure: "Say which name stands first: --map 'COLUMN=full_name:family_first' or 'COLUMN=full_name:given_first'; or leave the names out by --map 'COLUMN=-', which says nothing any more.",
};

/// `name-part`
pub static NAME_PART: Code = Code {
    id: "name-part",
    severity: Severity::Warning,
    title: "parts of family names are left out",
    explanation: "A column holds a part of family names that stands apart from the rest: a \"Tussenvoegsel\" such as van der, or a second surname. The target has one field for the family name, and what belongs into it the owner of the file decides; without the part, people are called by another name than their own.",
    example: "van der under \"Tussenvoegsel\", Berg under \"Achternaam\"",
    cure: "Join both in the recipe, as the message shows; or leave the part out by --map 'COLUMN=-', which says nothing any more.",
};

/// `name-split`
pub static NAME_SPLIT: Code = Code {
    id: "name-split",
    severity: Severity::Error,
    title: "full names cannot be split with certainty",
    explanation: "The target wants first and last name apart. A full name is split only when it has exactly one given name and one family name, or when the family name is in capitals. Where the header has the family name first, each name has to show which that is, by a comma, by capitals in front or by being of East Asia, unless you say it for the column. Anything else would be a guess.",
    example: "Anna Maria van Dyck",
    cure: "Give first and last name a column each. Where names do not show which part is the family name, say what stands first: --map 'COLUMN=full_name:family_first' or 'COLUMN=full_name:given_first'.",
};

/// `duplicate`
pub static DUPLICATE: Code = Code {
    id: "duplicate",
    severity: Severity::Error,
    title: "values that must be unique are used twice",
    explanation: "Two rows that name the same person would overwrite each other in the target, in an order nobody sees. E-mail addresses are compared trimmed, without regard to case, and with the domain in ASCII; phone numbers by their digits; ids exactly. The first row is kept.",
    example: "ADA@example.org on row 44, ada@example.org on row 12",
    cure: "Remove one of the rows, or choose with --on-duplicate first, last or merge.",
};

/// `duplicate-conflict`
pub static DUPLICATE_CONFLICT: Code = Code {
    id: "duplicate-conflict",
    severity: Severity::Error,
    title: "rows have the keys of several people",
    explanation: "One value of the row is that of one earlier row, another value that of a second one. No choice of --on-duplicate can say whose row it is: the target would change one person and refuse the other's value, or mix the two.",
    example: "row 5 with the e-mail address of row 2 and the mobile phone of row 3",
    cure: "Find out whose row it is and correct the other value.",
};

/// `duplicate-refused`
pub static DUPLICATE_REFUSED: Code = Code {
    id: "duplicate-refused",
    severity: Severity::Warning,
    title: "values that are refused read as those of other rows",
    explanation: "The value of one of the rows is refused for the way in which it is written, but it names the same mailbox or id as the other row. Once it is corrected, the person stands there twice. The row whose value is good is not rejected for it.",
    example: "\"ada\"@example.org on row 12, ada@example.org on row 44",
    cure: "Remove one of the rows, instead of correcting it.",
};

/// `duplicate-skipped`
pub static DUPLICATE_SKIPPED: Code = Code {
    id: "duplicate-skipped",
    severity: Severity::Warning,
    title: "rows were left out because another row has the same key",
    explanation: "You asked with --on-duplicate that only one of several rows with the same key is sent.",
    example: "row 44, by --on-duplicate first",
    cure: "Nothing to do; compare the two rows if they differ.",
};

/// `duplicate-merged`
pub static DUPLICATE_MERGED: Code = Code {
    id: "duplicate-merged",
    severity: Severity::Warning,
    title: "rows were joined into another row with the same key",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. A later value replaces an earlier one, a blank replaces nothing: what sending the rows one after another would have left. The row that is named carries the person.",
    example: "row 12, joined into row 44",
    cure: "Nothing to do; duplicate-replaced and duplicate-filled say what became of each field.",
};

/// `duplicate-joined`
pub static DUPLICATE_JOINED: Code = Code {
    id: "duplicate-joined",
    severity: Severity::Info,
    title: "people were put together from several rows",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. This is the last row of the person, which the others were joined into.",
    example: "row 44, put together with row 12",
    cure: "Nothing to do; duplicate-replaced and duplicate-filled say what became of each field.",
};

/// `duplicate-replaced`
pub static DUPLICATE_REPLACED: Code = Code {
    id: "duplicate-replaced",
    severity: Severity::Warning,
    title: "values of joined rows differed, and the later one is sent",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. They have different values in this column: the later row's is sent, the earlier one is lost.",
    example: "\"Ada\" of row 12 → \"Ada M.\"",
    cure: "Compare the two values; correct the later row if the earlier one was right.",
};

/// `duplicate-filled`
pub static DUPLICATE_FILLED: Code = Code {
    id: "duplicate-filled",
    severity: Severity::Info,
    title: "blanks were filled from an earlier row of the same person",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. The last row of the person is blank in this column, so the value of an earlier one is sent.",
    example: "blank here → \"1 Rowan Court\" of row 12",
    cure: "Nothing to do.",
};

/// `likely-same-address`
pub static LIKELY_ADDRESS: Code = Code {
    id: "likely-same-address",
    severity: Severity::Warning,
    title: "addresses differ only in a tag or in dots",
    explanation: "You asked with --warn-likely for rows that are likely one person. Most providers deliver ada+club@… to ada@…, and Gmail pays no regard to dots and is googlemail.com too. For the target they are two addresses, so both rows are sent.",
    example: "ada+club@example.org on row 44, ada@example.org on row 12",
    cure: "Keep one of the rows if they are one person.",
};

/// `likely-same-person`
pub static LIKELY_PERSON: Code = Code {
    id: "likely-same-person",
    severity: Severity::Warning,
    title: "people have the same name and day of birth",
    explanation: "You asked with --warn-likely for rows that are likely one person. Names are compared without case, accents and punctuation, first and last name in either order. Both rows are sent.",
    example: "Ada Lark, 1990-04-01, on rows 12 and 44 with different addresses",
    cure: "Keep one of the rows if they are one person.",
};

/// `likely-same-phone`
pub static LIKELY_PHONE: Code = Code {
    id: "likely-same-phone",
    severity: Severity::Warning,
    title: "people have the same phone number and family name",
    explanation: "You asked with --warn-likely for rows that are likely one person. A family may share a number; one person with two addresses looks the same. Both rows are sent.",
    example: "Lark, +61 491 570 006, on rows 12 and 44",
    cure: "Keep one of the rows if they are one person.",
};

/// `likely-shared-mailbox`
pub static LIKELY_SHARED: Code = Code {
    id: "likely-shared-mailbox",
    severity: Severity::Warning,
    title: "one address stands beside several names",
    explanation: "You asked with --warn-likely for rows that are likely one person. Here it is the other way round: households and couples share a mailbox, and the target takes them for one person, because the address is what it knows them by. With --on-duplicate merge they would become one.",
    example: "Ada Lark and Otis Lark, both with lark@example.org",
    cure: "Give each person an address of their own; a tag (lark+otis@example.org) reaches the same mailbox at most providers.",
};

/// `field-unsuited`
pub static FIELD_UNSUITED: Code = Code {
    id: "field-unsuited",
    severity: Severity::Warning,
    title: "values stand where they do not apply",
    explanation: "The target takes this field only together with another one. The value is sent as it stands.",
    example: "an institution for a retiree",
    cure: "Check the other field.",
};

/// `field-alone`
pub static FIELD_ALONE: Code = Code {
    id: "field-alone",
    severity: Severity::Warning,
    title: "values stand without the one that they belong to",
    explanation: "The value says little without another one that this person lacks, such as the phone number of an emergency contact without a name. It is sent as it stands.",
    example: "an emergency phone number, and no name beside it",
    cure: "Fill in the other value if it is known.",
};

/// `field-incomplete`
pub static FIELD_INCOMPLETE: Code = Code {
    id: "field-incomplete",
    severity: Severity::Error,
    title: "values lack the one that they need beside them",
    explanation: "The target takes this value only together with another one: a day of birth with its month, an address whole or not at all, the time of a consent with the consent itself.",
    example: "a day of birth without its month",
    cure: "Fill in the other value, or leave the column out with --map 'COLUMN=-'.",
};

/// `field-conflict`
pub static FIELD_CONFLICT: Code = Code {
    id: "field-conflict",
    severity: Severity::Error,
    title: "values stand where the target takes only one",
    explanation: "Two columns say the same thing in two ways, such as the id and the name of a place, or two addresses are each the default one. Which of them the target would believe is not documented, so that neither is sent.",
    example: "a location by its id and by its code",
    cure: "Keep one of the values, or leave one of the columns out with --map 'COLUMN=-'.",
};

/// `field-twice`
pub static FIELD_TWICE: Code = Code {
    id: "field-twice",
    severity: Severity::Warning,
    title: "values say what another column says already",
    explanation: "Two columns fill the same place in the target: the whole date of birth, and its day, month or year. The whole date is sent, the part is not.",
    example: "a year of birth beside a date of birth",
    cure: "Leave one of the columns out with --map 'COLUMN=-'.",
};
