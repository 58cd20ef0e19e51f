//! What is asked of every input: it is read to its end or refused with a cause, and its rows stand
//! in order. Whether that costs too much is the fuzzer's own limit.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use upsheet::reader::{self, Options};

/// Writes the bytes into a file and reads it as `check` would.
pub fn read(bytes: &[u8], options: &Options) {
    let mut file = tempfile::NamedTempFile::new_in(memory()).expect("a temporary file");
    file.write_all(bytes).expect("room for it");
    let mut input = match reader::open(file.path(), 0, options) {
        Ok(input) => input,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let facts = input.facts.clone();
    let mut last = facts.extent.after;
    // Reading may end with an error, for a sheet that turns out to be damaged.
    let _ = input.read(&mut |chunk| {
        for row in reader::parse(chunk, facts.extent).iter() {
            assert!(row.at.row > last, "row {} behind row {last}", row.at.row);
            assert!(row.at.row <= facts.extent.bottom);
            last = row.at.row;
            assert_eq!(row.cells().count(), row.len());
        }
        ControlFlow::Continue(())
    });
}

/// A folder in memory, where there is one.
fn memory() -> PathBuf {
    let shared = Path::new("/dev/shm");
    if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() }
}
