//! `upsheet`: parse, run, exit code.

use std::process::ExitCode;

use miette::Report;
use upsheet::cli::{self, Parsed};
use upsheet::error::Error;

fn main() -> ExitCode {
    let parsed = match cli::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(error) => return fail(error),
    };
    let status = match parsed {
        Parsed::Plan(plan) => plan.run(),
        Parsed::Printed(code) => return ExitCode::from(code),
    };
    match status {
        Ok(status) => ExitCode::from(status.code()),
        Err(error) => fail(error),
    }
}

/// Shows an error with its place and its cure, and gives its exit code.
fn fail(error: Error) -> ExitCode {
    let code = error.status().code();
    cli::show(&Report::new(error));
    ExitCode::from(code)
}
