//! What a file is by its bytes, and what is inside when it is wrapped in something.

pub(super) mod archive;
pub(super) mod inflate;
pub(super) mod kind;
pub(super) mod ole;
pub(super) mod records;
pub(super) mod unpack;

use crate::reader::{Origin, limits, too_much};
