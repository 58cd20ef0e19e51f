//! Findings about letters that were lost or scrambled.

use super::super::{Code, Severity};

/// `text-mojibake`
pub static TEXT_MOJIBAKE: Code = Code {
    id: "text-mojibake",
    severity: Severity::Error,
    title: "texts were read in the wrong encoding before they came into the file",
    explanation: "The text was UTF-8, some program took it for another encoding and saved what it saw, so that `José` stands in the file as `JosÃ©`. The message has what it should read. It is not repaired by itself, because a name is its owner's, and the same program may have harmed what cannot be seen.",
    example: "JosÃ©",
    cure: "Export again from the system that has the right text, as UTF-8, and do not open and save the file in between. Where that cannot be done, put in the proposed text.",
};

/// `text-lost`
pub static TEXT_LOST: Code = Code {
    id: "text-lost",
    severity: Severity::Error,
    title: "texts have letters that were lost before the file was written",
    explanation: "The mark U+FFFD stands in the file where a program could not read a letter. Which letter it was, the file no longer says; sending it would store a name with a hole.",
    example: "Jos\u{fffd}",
    cure: "Export again from the system that has the right text, or type the value again.",
};

/// `text-escaped`
pub static TEXT_ESCAPED: Code = Code {
    id: "text-escaped",
    severity: Severity::Warning,
    title: "texts have letters written as codes",
    explanation: "A code of a web page (`&eacute;`), of an address of the net (`%C3%A9`) or of a mail (`=C3=A9`) stands where a letter belongs. It is sent as it stands.",
    example: "Jos&eacute;",
    cure: "Put in the proposed text, or export from a system that writes letters as letters.",
};

/// `text-holed`
pub static TEXT_HOLED: Code = Code {
    id: "text-holed",
    severity: Severity::Warning,
    title: "words have question marks inside",
    explanation: "Programs write a question mark for a letter that their encoding lacks. Which letter it was cannot be known; the text is sent as it stands.",
    example: "M?ller",
    cure: "Look the word up where it came from, and export in UTF-8.",
};
