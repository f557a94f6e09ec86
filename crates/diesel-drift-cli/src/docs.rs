//! `diesel-drift docs`.

use crate::args::{DocsArgs, Verbosity};
use crate::output::{CliError, is_stdout, write_to};
use crate::{CLEAN, DRIFT, interrupt};
use diesel_drift::docs::{self, Stale};
use diesel_drift::{Error, visible};
use std::path::{Path, PathBuf};

/// Writes, prints or checks the pages, and returns the exit code.
pub fn run(args: &DocsArgs, verbosity: Verbosity) -> Result<u8, CliError> {
    interrupt::install()?;
    let to_stdout = args.output.as_deref().is_some_and(is_stdout);
    if to_stdout && args.check {
        return Err(CliError::nothing_to_check());
    }
    if to_stdout && args.schema.len() != 1 {
        return Err(CliError::Usage(
            "only one page can be printed: choose it with --schema, or name a directory with --output"
                .to_owned(),
        ));
    }
    let (live, scope) = args.source.read(verbosity)?;
    let pages = docs::pages(&live, &scope);
    let pages = match args.schema.is_empty() {
        true => pages,
        false => docs::of_schemas(pages, &args.schema).map_err(Error::from)?,
    };
    if to_stdout {
        write_to(None, |out| {
            (pages.iter()).try_for_each(|page| out.write_all(page.text.as_bytes()))
        })?;
        return Ok(CLEAN);
    }
    let directory = match &args.output {
        Some(directory) => directory.clone(),
        None => from_here(&args.source.project.discover(&[])?.docs_directory),
    };
    let stale = docs::compare(&directory, &pages, args.schema.is_empty()).map_err(Error::from)?;
    if !args.check {
        docs::write(&stale).map_err(Error::from)?;
    }
    let said = match args.check {
        true => checked(&stale),
        false => written(&stale),
    };
    let said = match (said.is_empty(), verbosity) {
        (true, Verbosity::Normal | Verbosity::Verbose) => {
            format!("{}: the pages are current\n", directory.display())
        }
        (false, Verbosity::Quiet) if !args.check => String::new(),
        _ => said,
    };
    write_to(None, |out| write!(out, "{}", visible(&said)))?;
    Ok(match args.check && !stale.is_empty() {
        true => DRIFT,
        false => CLEAN,
    })
}

/// Nothing where nothing is stale.
fn checked(stale: &[Stale]) -> String {
    if stale.is_empty() {
        return String::new();
    }
    let described: String = stale.iter().map(Stale::describe).collect();
    format!("{described}not current; the same command without --check makes them so\n")
}

fn written(stale: &[Stale]) -> String {
    let line = |stale: &Stale| {
        let done = match stale {
            Stale::Missing { .. } | Stale::Differs { .. } => "wrote",
            Stale::LeftOver { .. } => "removed",
        };
        format!("{done} {}\n", stale.path().display())
    };
    stale.iter().map(line).collect()
}

/// The path as the user sees it from where they are.
fn from_here(path: &Path) -> PathBuf {
    let here = std::env::current_dir().ok();
    let here = here.and_then(|here| here.canonicalize().ok());
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned))
        .unwrap_or_else(|| path.to_owned())
}
