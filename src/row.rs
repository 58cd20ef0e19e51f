//! What a file holds, before anyone asks what it means: places, cells, rows, chunks.
//!
//! A row is never a map of strings. The cells of a chunk lie in one arena ([`Rows`]); a [`Row`]
//! and a [`Cell`] are views into it.

mod cell;
mod chunk;
mod place;
mod places;
mod rows;
mod stored;
mod text;

pub use self::cell::{Cell, CellKind, Mark, Quotes, is_blank_char};
pub use self::chunk::{Block, Chunk, Dialect};
pub use self::place::{Area, Location, column_of, letters};
pub use self::places::Places;
pub(crate) use self::rows::Span;
pub use self::rows::{Row, Rows};
pub(crate) use self::text::Text;
