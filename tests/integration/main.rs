//! The real binary on real files against real servers: what a person at the shell meets.
//!
//! One test binary, one file for each area. [`common::Import`] runs the program in a folder of its
//! own, [`server::Server`] gives answers that no well-behaved API gives, [`schema`] holds JSON
//! against the published schemas, [`rig::Rig`] is a
//! sandbox with faults and the judge of what it met, [`people`] and [`workbook`] make sheets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a failed step is a failed test"
)]

mod browser;
mod common;
mod memory;
mod people;
mod rig;
mod schema;
mod server;
mod workbook;

mod afterwards;
mod broken;
mod build;
mod causes;
mod codes;
mod completeness;
mod damage;
mod delivery;
mod dialects;
mod duplicates;
mod earlier;
mod encodings;
mod exit;
mod exports;
mod faults;
mod fields;
mod fix;
mod formats;
mod forms;
mod help;
mod html;
mod json;
mod keys;
mod layering;
mod main_job;
mod mask;
mod matrix;
mod omneo;
mod options;
mod outage;
mod own_workbook;
mod pace;
mod page;
mod passing;
mod pins;
mod plan;
mod probe;
mod progress;
mod purge;
mod readback;
mod readme;
mod recipe_tests;
mod recipe_values;
mod recipes;
mod regressions;
mod results;
mod returned;
mod runs;
mod sandbox;
mod sarif;
mod scim;
mod seams;
mod secrets;
mod security;
mod sheets;
mod streams;
mod tables;
mod targets;
mod template;
mod terminal;
mod truth;
mod undo;
mod uniqueness;
mod values;
mod verify;
mod vome;
