//! Text files: in which encoding they are, at which characters they are cut, and their rows.

mod block;
mod charset;
mod codec;
mod csv;
mod cutter;
mod dialect;
mod joined;
mod padding;
mod plain;
#[cfg(test)]
mod properties;
mod rewrite;
mod signs;
mod units;

pub(super) use self::block::parse as parse_block;
pub use self::charset::{Guess, NAMES, Other, is_encoding};
pub(super) use self::csv::Csv;
pub(super) use self::rewrite::{Copier, Written};
use crate::reader::container::kind;
use crate::reader::table;
use crate::reader::{
    Confidence, Edit, Emit, Facts, Format, Input, Limits, Options, Origin, Source, TooMuch,
    header_or_error, too_much, unreadable,
};
