//! Findings about reading: the file, its table, its rows and cells.

use super::super::{Code, Severity};

/// `no-people`
pub static NO_PEOPLE: Code = Code {
    id: "no-people",
    severity: Severity::Warning,
    title: "there is nothing to import",
    explanation: "The header was found, but no row below it holds anything. An export without people looks like this, and so does the wrong sheet.",
    example: "a header row alone",
    cure: "Check that the right file and sheet were given; export again if people are missing.",
};

/// `cell-error`
pub static CELL_ERROR: Code = Code {
    id: "cell-error",
    severity: Severity::Error,
    title: "cells hold a spreadsheet error",
    explanation: "The formula in the cell failed, or the column was too narrow for the number, so there is no value: only what the spreadsheet shows in its place. An export to CSV keeps nothing else.",
    example: "#N/A, or ########",
    cure: "Repair the formula or widen the column, and export again; or clear the cell.",
};

/// `cell-damaged`
pub static CELL_DAMAGED: Code = Code {
    id: "cell-damaged",
    severity: Severity::Error,
    title: "cells hold bytes that are not text in the file's encoding",
    explanation: "The file is not wholly in the encoding in which it was read, so letters are missing here. Sending it would store a name with a hole.",
    example: "Jos\\u{fffd}",
    cure: "Export the sheet again as UTF-8, or say its encoding with --encoding.",
};

/// `row-long`
pub static ROW_LONG: Code = Code {
    id: "row-long",
    severity: Severity::Error,
    title: "rows have more cells than the header",
    explanation: "A delimiter inside an unquoted cell pushes everything after it one column to the right. The values under the headers are then not theirs.",
    example: "an address with a comma, without quotes",
    cure: "Quote the cell that holds the delimiter.",
};

/// `row-short`
pub static ROW_SHORT: Code = Code {
    id: "row-short",
    severity: Severity::Warning,
    title: "rows have fewer cells than the header",
    explanation: "The cells at the end are taken as blank. A line break inside an unquoted cell looks the same.",
    example: "a row cut in two",
    cure: "Check that the row is whole.",
};

/// `encoding-guessed`
pub static ENCODING_GUESSED: Code = Code {
    id: "encoding-guessed",
    severity: Severity::Warning,
    title: "files are in an encoding that had to be guessed",
    explanation: "The bytes are not UTF-8 and nothing in the file says what they are. The encoding was chosen by the letters that it gives; a wrong choice turns names into other names.",
    example: "a CSV saved by Excel without the UTF-8 option",
    cure: "Look at the sample words in the message. If they are wrong, say the encoding with --encoding, or export as UTF-8.",
};

/// `file-padded`
pub static FILE_PADDED: Code = Code {
    id: "file-padded",
    severity: Severity::Warning,
    title: "files end in zero bytes",
    explanation: "Behind its last row a text file holds nothing but zero bytes, as programs leave them that write whole blocks, and disks after a power failure. The rows in front of them are read and the zero bytes are not; whether rows are missing behind them, the file does not tell.",
    example: "a CSV of 1,213 bytes that was filled up to 4,096",
    cure: "Count the rows in the program that made the file. If some are missing, export it again.",
};

/// `quote-open`
pub static QUOTE_OPEN: Code = Code {
    id: "quote-open",
    severity: Severity::Error,
    title: "quotes are opened and never closed",
    explanation: "A quote opens a cell and is not closed where a cell can end. The line was read by itself, with its quotes as text, so that the people behind it are not lost; whether its cells are what was meant cannot be known.",
    example: "\"Smith, Ann,ann@example.org",
    cure: "Close the quote, or double it if it is part of the text.",
};

/// `quote-stray`
pub static QUOTE_STRAY: Code = Code {
    id: "quote-stray",
    severity: Severity::Warning,
    title: "quotes stand where no quote belongs",
    explanation: "A quote stands inside a cell that is not quoted, or text stands behind a closing quote. It was taken as text, as most programs do.",
    example: "5\" nails",
    cure: "Quote the whole cell and double the quote inside it, if that is not what was meant.",
};

/// `header-width`
pub static HEADER_WIDTH: Code = Code {
    id: "header-width",
    severity: Severity::Warning,
    title: "the header is not as wide as the rows",
    explanation: "Most rows have another number of cells than the header, so some headers may stand over the wrong values.",
    example: "a header of 11 cells over rows of 12",
    cure: "Look at the header line: a header is missing there, or one is too many.",
};

/// `header-shifted`
pub static HEADER_SHIFTED: Code = Code {
    id: "header-shifted",
    severity: Severity::Warning,
    title: "headers seem not to stand over their values",
    explanation: "What stands under a header is not what it says: addresses under another header than \"Email\", dates under \"First name\", or names that people's addresses have in them one column beside the headers of names. Where one header stands over the wrong values, others may, too, and a family name would be sent as a given name. Where two headers contradict their values and one holds what the other names, the run stops instead.",
    example: "\"Id\", \"First name\", \"Last name\" over \"Ada\", \"Larkspur\", \"Bern\"",
    cure: "Put every header over its values; if they are right as they are, name the columns with --map.",
};

/// `header-duplicate`
pub static HEADER_DUPLICATE: Code = Code {
    id: "header-duplicate",
    severity: Severity::Warning,
    title: "headers stand over more than one column",
    explanation: "Two columns have the same header, so the header alone does not say which is meant. The first of them is used.",
    example: "\"Phone\" over columns D and F",
    cure: "Rename one of them, or name the column by its letter: --map 'F=phone'.",
};

/// `header-empty`
pub static HEADER_EMPTY: Code = Code {
    id: "header-empty",
    severity: Severity::Warning,
    title: "columns hold values and have no header",
    explanation: "Nothing says what these values are, so they are not used.",
    example: "notes beside the last column",
    cure: "Give the column a header, or name it by its letter: --map 'G=FIELD'.",
};

/// `header-none`
pub static HEADER_NONE: Code = Code {
    id: "header-none",
    severity: Severity::Warning,
    title: "tables have no header",
    explanation: "The first row holds an address, or figures where the rows below hold figures: it is taken for a person, not for a header, so that nobody is lost. Columns are called by their letters.",
    example: "ada@example.org on the first row",
    cure: "Map columns by letter (--map 'A=email'), add a header row, or say which row is the header with --header-row N.",
};

/// `table-next`
pub static TABLE_NEXT: Code = Code {
    id: "table-next",
    severity: Severity::Warning,
    title: "another table begins below",
    explanation: "Further down, a row of headers begins a table with other columns. Its rows are not those of the table that is read, and are left alone.",
    example: "a list of equipment below the list of people",
    cure: "Read it in a run of its own, with --table 2 or --range; if its rows are people of the first table, take the row of headers out.",
};

/// `row-footer`
pub static ROW_FOOTER: Code = Code {
    id: "row-footer",
    severity: Severity::Info,
    title: "rows are sums or notes, not people",
    explanation: "The row lacks everything that a person needs and begins with a word such as Total or Exported on; or it belongs to a block of rows behind a blank row that begins so, in which nobody has an address or a phone number. It is skipped.",
    example: "Total: 120 volunteers",
    cure: "Nothing to do.",
};

/// `row-header`
pub static ROW_HEADER: Code = Code {
    id: "row-header",
    severity: Severity::Info,
    title: "rows repeat the header",
    explanation: "The header stands again between the people, as printing or joining sheets leaves it. Such a row is skipped.",
    example: "First name, Last name, E-mail",
    cure: "Nothing to do.",
};

/// `row-example`
pub static ROW_EXAMPLE: Code = Code {
    id: "row-example",
    severity: Severity::Info,
    title: "rows are the example of a sheet to fill in",
    explanation: "The sheets that `upsheet template` makes have an example in their second row, which shows how each value is written. Its e-mail address ends in .invalid, an ending that no domain has (RFC 2606), so it is nobody's. As long as the row is the example as a whole, it is skipped; columns may be moved and deleted.",
    example: "Kim, Sample, kim.sample@upsheet.invalid",
    cure: "Nothing to do; the row may be deleted.",
};

/// `example-kept`
pub static EXAMPLE_KEPT: Code = Code {
    id: "example-kept",
    severity: Severity::Error,
    title: "people have the e-mail address, the id or another value of the template's example",
    explanation: "The row has the address (or, where people are found by an id, the id) or a text such as \"1 Sample Street\" of the example row in sheets that `upsheet template` makes, but other values: somebody has written a person over a part of the example, or filled the example down. No mail reaches that address, nobody is found by that id, and what else is left of the example is not the person's.",
    example: "Ada, Lovelace, kim.sample@upsheet.invalid",
    cure: "Write the person's own value into the cell, and into every other that still has the example's; or delete the row.",
};

/// `header-damaged`
pub static HEADER_DAMAGED: Code = Code {
    id: "header-damaged",
    severity: Severity::Warning,
    title: "headers have letters that were read in the wrong encoding",
    explanation: "The header was harmed as texts are harmed (see text-mojibake and cell-damaged). Its column is found by what the header should read.",
    example: "PrÃ©nom",
    cure: "Check that the column is mapped as it should be. Export again as UTF-8; people's values in this file are likely to be harmed as well.",
};

/// `file-mojibake`
pub static FILE_MOJIBAKE: Code = Code {
    id: "file-mojibake",
    severity: Severity::Warning,
    title: "files were saved after they had been read in the wrong encoding",
    explanation: "Most of the words with accents in this file, or its headers, are UTF-8 that was taken for another encoding and saved so. The file says truly what it holds, so no choice of encoding brings the letters back.",
    example: "a UTF-8 export that was opened as Windows text and saved as UTF-8",
    cure: "--encoding cannot cure it. Export again from the system that has the right text, as UTF-8, and import that file without opening and saving it in between; in Excel use Data, From Text/CSV with origin 65001 (UTF-8).",
};

/// `rows-hidden`
pub static ROWS_HIDDEN: Code = Code {
    id: "rows-hidden",
    severity: Severity::Warning,
    title: "sheets have hidden rows that hold something",
    explanation: "Rows are hidden by a filter, by grouping or by hand. Whoever looked at the sheet before it was exported did not see them, and may not want these people imported; or a filter was forgotten and they belong to the rest. They are read like the other rows unless you say otherwise.",
    example: "rows 5\u{2013}37, hidden by a filter",
    cure: "Leave them out with --hidden skip, or clear the filter in the sheet so that what is seen is what is read.",
};

/// `columns-hidden`
pub static COLUMNS_HIDDEN: Code = Code {
    id: "columns-hidden",
    severity: Severity::Warning,
    title: "sheets have hidden columns",
    explanation: "Columns of the table are hidden. They are read like the others, so that a hidden column of e-mail addresses still finds its people, unless you say otherwise.",
    example: "column D, hidden",
    cure: "Leave them out with --hidden skip, leave one out with --map 'COLUMN=-', or show them in the sheet.",
};

/// `row-hidden`
pub static ROW_HIDDEN: Code = Code {
    id: "row-hidden",
    severity: Severity::Info,
    title: "hidden rows were left out",
    explanation: "You asked with --hidden skip that rows that nobody sees in the sheet are left out.",
    example: "row 12, by --hidden skip",
    cure: "Nothing to do; --hidden include reads them.",
};

/// `sheets-hidden`
pub static SHEETS_HIDDEN: Code = Code {
    id: "sheets-hidden",
    severity: Severity::Info,
    title: "workbooks have hidden sheets",
    explanation: "A workbook may hold sheets that are not shown: lists for drop-downs, old versions, notes. One is read only when --sheet names it, or when there is no other.",
    example: "a hidden sheet \"Lists\"",
    cure: "Nothing to do, unless the people stand on it: then name it with --sheet.",
};

/// `cell-merged`
pub static CELL_MERGED: Code = Code {
    id: "cell-merged",
    severity: Severity::Fix,
    title: "blank cells were given the value of the merged cell that they lie under",
    explanation: "A cell that is merged over several rows is stored once, with the first of them; in the file the others are blank. A person who looks at the sheet sees the value beside each row, so each row is given it.",
    example: "\"Sydney\" merged over rows 2 to 5",
    cure: "Nothing to do, if the value is meant for every row; else unmerge the cells in the sheet.",
};

/// `formula-no-result`
pub static FORMULA_NO_RESULT: Code = Code {
    id: "formula-no-result",
    severity: Severity::Error,
    title: "formulas have no stored result",
    explanation: "The cell holds a formula, and the program that wrote the file did not compute it. Formulas are not computed here, so what the cell would show is not known. It is not taken for blank.",
    example: "=A2&\" \"&B2, written by a script",
    cure: "Open the file in a spreadsheet program, save it there, and give that file.",
};

/// `column-undecided`
pub static COLUMN_UNDECIDED: Code = Code {
    id: "column-undecided",
    severity: Severity::Warning,
    title: "fields could be filled from several columns, and none was chosen",
    explanation: "Two columns mean one field, and neither their headers nor their values show which one is meant: both are filled, with values of the right kind. A wrong choice would send the wrong value for everybody, so neither is used until somebody says which. For a field that the target requires, the run stops with the same question.",
    example: "\"Phone\" twice, both filled",
    cure: "Choose with --map 'COLUMN=FIELD', as the message shows, or write it down in the recipe under [columns].",
};
