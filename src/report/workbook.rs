//! A checked workbook: the table as it was read, with what was found in it.

mod fresh;
mod notes;
mod summary;
mod words;

use self::fresh::Fresh;
use super::{Kind, Output, Report};

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "xlsx",
    ending: Some("xlsx"),
    about: "the table as a workbook: bad cells coloured and noted, a status to filter by, a summary",
    to_stdout: false,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Fresh::new(output, 0))
}
