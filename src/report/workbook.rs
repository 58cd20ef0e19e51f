//! A checked workbook: the table as it was read, with what was found in it.

mod summary;
mod words;
