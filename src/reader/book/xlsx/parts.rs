//! A workbook's parts for those who write a copy of it: read with the reader's own tools and within its
//! bounds, so that what was read and what is copied cannot differ.

use super::archive;
pub(crate) use super::package::{Package, Part};
pub(crate) use super::sheet::{Place, begin_row, place_cell};
pub(crate) use super::styles::number;
pub(crate) use super::text::{Attributes, decode};
pub(crate) use super::workbook::Workbook;
pub(crate) use super::xml::{Fault, Token, Xml};
use crate::error::{Error, Result};
pub(crate) use crate::reader::book::guard::{Bound, LAST_COLUMN, MOST_STYLES};
use crate::reader::{Limits, Origin, unreadable};

/// Opens the parts of a workbook.
///
/// # Errors
/// When it is damaged, or would cost more than it may.
pub(crate) fn open(origin: &Origin, limits: &Limits) -> Result<Package> {
    let archive = archive::open(origin, limits)?;
    let archive =
        archive.ok_or_else(|| unreadable(&origin.path, "its archive is damaged or cut off"))?;
    Package::open(archive, limits).map_err(|fault| damaged(origin, &fault))
}

/// The fault of a workbook that lacks what every one has.
pub(crate) fn missing() -> Fault {
    super::missing()
}

/// The error for a part that cannot be read.
pub(crate) fn damaged(origin: &Origin, fault: &Fault) -> Error {
    super::damaged(origin, fault)
}
