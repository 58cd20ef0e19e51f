//! Bytes as a text file: any encoding, any dialect, any table. The first byte chooses what a person
//! says about it.

#![no_main]

mod reading;

use libfuzzer_sys::fuzz_target;
use upsheet::reader::{HeaderRows, Options};

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, text)) = bytes.split_first() else { return };
    let options = match choice % 8 {
        1 => Options { delimiter: Some(";".to_owned()), ..Options::default() },
        2 => Options { delimiter: Some("||".to_owned()), ..Options::default() },
        3 => Options { quote: Some(Some(b'\'')), ..Options::default() },
        4 => Options { quote: Some(None), ..Options::default() },
        5 => Options { header_row: Some(HeaderRows::None), ..Options::default() },
        6 => Options { table: Some("2".to_owned()), ..Options::default() },
        7 => Options { encoding: Some("windows-1252".to_owned()), ..Options::default() },
        _ => Options::default(),
    };
    reading::read(text, &options);
});
