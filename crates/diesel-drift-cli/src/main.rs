//! The command `diesel-drift`: arguments, progress, colours and exit codes around the library.
#![allow(clippy::print_stderr, reason = "the command's errors go to stderr")]

mod args;
mod cache;
mod chain;
mod check;
mod diff;
mod docs;
mod interrupt;
mod kinds;
mod lint;
mod log;
mod output;
mod progress;
mod project;
mod report;
mod roundtrip;
mod scorecard;
mod selftest;
mod types;
mod verify;

use args::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::process::ExitCode;

/// Clean.
const CLEAN: u8 = 0;
/// Drift.
const DRIFT: u8 = 1;
/// The command could not do what it was asked to.
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.apply();
    let result = run(&cli);
    interrupt::leave_to_the_handler();
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            anstream::eprintln!(
                "{style}error{style:#}: {}",
                diesel_drift::visible(&error.to_string())
            );
            ExitCode::from(FAILED)
        }
    }
}

fn run(cli: &Cli) -> Result<u8, output::CliError> {
    match &cli.command {
        Command::Check(args) => check::run(args, cli.verbosity()),
        Command::Lint(args) => lint::run(args, cli.verbosity()),
        Command::Scorecard(args) => scorecard::run(args, cli.verbosity()),
        Command::Chain(args) => chain::run(args, cli.verbosity()),
        Command::Verify(args) => verify::run(args, cli.verbosity()),
        Command::Diff(args) => diff::run(args, cli.verbosity()),
        Command::Log(args) => log::run(args, cli.verbosity()),
        Command::Manifest(args) => verify::manifest(args, cli.verbosity()),
        Command::Fingerprint(args) => verify::fingerprint(args, cli.verbosity()),
        Command::Docs(args) => docs::run(args, cli.verbosity()),
        Command::Types(args) => types::run(args, cli.verbosity()),
        Command::Roundtrip(args) => roundtrip::run(args, cli.verbosity()),
        Command::Selftest(args) => selftest::run(args, cli.verbosity()),
        Command::Cache(args) => cache::run(args, cli.verbosity()),
        Command::Kinds(args) => kinds::list(args),
        Command::Explain(args) => kinds::explain(args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "diesel-drift", &mut script);
            output::write_to(None, |out| out.write_all(&script))?;
            Ok(CLEAN)
        }
    }
}
