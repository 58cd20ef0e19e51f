//! Findings about days and moments.

use super::super::{Code, Severity};

/// `date-syntax`
pub static DATE_SYNTAX: Code = Code {
    id: "date-syntax",
    severity: Severity::Error,
    title: "dates cannot be read",
    explanation: "Dates are read as YYYY-MM-DD, as a date cell of a workbook, or with the month's name in a language of Europe; other orders when the column's own values prove which, or --date-order says it. A time of day beside the date is left out.",
    example: "soon",
    cure: "Write the date as YYYY-MM-DD.",
};

/// `date-impossible`
pub static DATE_IMPOSSIBLE: Code = Code {
    id: "date-impossible",
    severity: Severity::Error,
    title: "dates do not exist",
    explanation: "The calendar has no such day, so one of day, month and year is a slip. Which one it is cannot be known, and a day near it would be somebody else's birthday.",
    example: "31/02/1990",
    cure: "Correct the day, the month or the year.",
};

/// `date-ambiguous`
pub static DATE_AMBIGUOUS: Code = Code {
    id: "date-ambiguous",
    severity: Severity::Error,
    title: "dates can be read in two ways",
    explanation: "05/06/1988 is the fifth of June to some and the sixth of May to others. Guessing cell by cell would give a part of the people a wrong birthday.",
    example: "05/06/1988",
    cure: "Say which it is for the whole file: --date-order dmy or --date-order mdy.",
};

/// `date-order-open`
pub static DATE_ORDER_OPEN: Code = Code {
    id: "date-order-open",
    severity: Severity::Warning,
    title: "columns of dates do not show whether day or month stands first",
    explanation: "Every date of the column can be read with the day first or with the month first, and none has a day beyond the twelfth. The dates that mean something else in each order are refused: whoever wrote them has to say which it is.",
    example: "05/06/1988 and 01/02/1990, and no 31/05/1988",
    cure: "Say it for the file with --date-order dmy or --date-order mdy, or write it down with inspect --pin on a file that proves it.",
};

/// `date-order-mixed`
pub static DATE_ORDER_MIXED: Code = Code {
    id: "date-order-mixed",
    severity: Severity::Warning,
    title: "columns of dates mix two orders",
    explanation: "Some dates of the column can only have the day first, others only the month: two people filled it in, or a spreadsheet turned round those that it could. Dates that can be read either way are refused. So it is told where a workbook has date cells with days up to the twelfth alone, beside texts with later days alone: they are sent as they stand, and are probably turned round.",
    example: "31/05/1988 on row 5, 05/31/1990 on row 9",
    cure: "Correct the dates of one of them in the sheet. If one order is a slip, say the other with --date-order.",
};

/// `date-range`
pub static DATE_RANGE: Code = Code {
    id: "date-range",
    severity: Severity::Error,
    title: "dates lie outside the possible",
    explanation: "A date of birth cannot lie in the future, nor before 1900: the year is a slip, or the column holds other dates. The target would take it and reckon a wrong age.",
    example: "2999-01-01",
    cure: "Correct the year.",
};

/// `date-century`
pub static DATE_CENTURY: Code = Code {
    id: "date-century",
    severity: Severity::Fix,
    title: "years of two digits were completed",
    explanation: "The year has two digits. It is read as the latest year that does not lie in the future: 08 as 2008, 45 as 1945.",
    example: "31/05/88 → 1988-05-31",
    cure: "Look at the years of people older than a hundred; write years with four digits.",
};

/// `date-weekday`
pub static DATE_WEEKDAY: Code = Code {
    id: "date-weekday",
    severity: Severity::Warning,
    title: "dates name another day of the week than theirs",
    explanation: "The day of the week that stands beside the date is not the one on which the date falls. One of the two is a slip; the date is sent as it stands.",
    example: "Tues 9th Aug, 2015",
    cure: "Compare the date with its source.",
};

/// `date-utc`
pub static DATE_UTC: Code = Code {
    id: "date-utc",
    severity: Severity::Warning,
    title: "days may be those before the ones that are meant",
    explanation: "A birthday stands there as a moment in UTC of the afternoon or evening. Programs write midnight of their own place so: 1990-02-13T23:00:00Z is 14 February in Paris. The day is sent as it stands, unless time_zone under [policy] in the recipe makes the moment a midnight.",
    example: "1990-02-13T23:00:00.000Z",
    cure: "Say where the program stood: time_zone = \"Europe/Paris\" under [policy] in the recipe; or export the days without times.",
};

/// `datetime-syntax`
pub static DATETIME_SYNTAX: Code = Code {
    id: "datetime-syntax",
    severity: Severity::Error,
    title: "date-times cannot be read",
    explanation: "The field takes a moment: RFC 3339 with a zone (2024-05-01T09:30:00Z), or a date. A time without a zone is another moment in every zone, so that it is read only where the recipe says the zone of the sheet.",
    example: "noon",
    cure: "Write 2024-05-01T09:30:00Z, or say time_zone = \"+10:00\" under [policy] in the recipe.",
};
