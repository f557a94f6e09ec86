//! `diesel-drift kinds` and `diesel-drift explain`.

use crate::CLEAN;
use crate::args::{ExplainArgs, Format, KindsArgs};
use crate::output::{CliError, write_to};
use diesel_drift::kinds;
use diesel_drift::{Kind, Overrides, Project, ProjectError};
use serde_json::json;
use std::io::{self, Write};

/// Lists the kinds.
pub fn list(args: &KindsArgs) -> Result<u8, CliError> {
    write_to(None, |out| match args.format {
        Format::Text => list_text(out),
        Format::Json => list_json(out),
    })?;
    Ok(CLEAN)
}

fn list_text(out: &mut dyn Write) -> io::Result<()> {
    let width = kinds::all()
        .map(|kind| kind.id.len())
        .max()
        .unwrap_or_default();
    for kind in kinds::all() {
        writeln!(
            out,
            "{:width$}  {:7}  {}",
            kind.id,
            kind.severity.to_string(),
            kind.summary
        )?;
    }
    Ok(())
}

fn list_json(out: &mut dyn Write) -> io::Result<()> {
    let kinds: Vec<_> = kinds::all()
        .map(|kind| json!({ "id": kind.id, "severity": kind.severity, "summary": kind.summary }))
        .collect();
    serde_json::to_writer_pretty(&mut *out, &kinds)?;
    writeln!(out)
}

/// Prints a kind's page and example.
pub fn explain(args: &ExplainArgs) -> Result<u8, CliError> {
    let kind = match kinds::named(&args.kind) {
        Ok(kind) => kind,
        Err(message) => own(&args.kind)?.ok_or(CliError::Usage(message))?,
    };
    write_to(None, |out| page(kind, out))?;
    Ok(CLEAN)
}

/// The rule of that id that the project here has, where there is a project.
fn own(id: &str) -> Result<Option<&'static Kind>, CliError> {
    let overrides = Overrides {
        without_schemas: true,
        ..Overrides::default()
    };
    match Project::discover_with(".", &overrides) {
        Ok(project) => {
            let mut kinds = project.rules.iter().map(|rule| rule.kind);
            Ok(kinds.find(|kind| kind.id == id))
        }
        Err(error @ (ProjectError::Invalid { .. } | ProjectError::All(_))) => {
            Err(diesel_drift::Error::from(error).into())
        }
        Err(_) => Ok(None),
    }
}

fn page(kind: &Kind, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", kind.page())
}
