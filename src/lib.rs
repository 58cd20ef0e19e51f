//! Spreadsheets in, upserts out.
//!
//! ```text
//! main ─ cli ─► Plan ─► run
//!                        │
//! reader ─► Chunk ─► mapping ─► validate + encode ─► unique ─► batch ─► writer ─► Verdict
//!   │                              │                   │                             │
//!   └──────────────────────────────┴──── Finding ──────┴──► report ─► Summary ─► ExitStatus
//! ```

pub mod admit;
pub mod baseline;
pub mod batch;
pub mod cause;
pub mod cli;
pub mod command;
pub mod error;
pub mod example;
pub mod failpoint;
pub mod finding;
pub mod fix;
pub mod journal;
pub mod layout;
pub mod lock;
pub mod mapping;
pub mod mojibake;
pub mod patch;
pub mod pins;
pub mod plan;
pub mod private;
pub mod probe;
pub mod progress;
pub mod readback;
pub mod reader;
pub mod recipe;
pub mod record;
pub mod report;
pub mod results;
pub mod returned;
pub mod row;
pub mod run;
pub mod sandbox;
pub mod spelling;
pub mod staged;
pub mod target;
pub mod template;
pub mod unique;
pub mod validate;
pub mod visible;
pub mod writer;
