//! `migrations.lock`: what was released, so that an edit of it is seen.

use super::record::{Record, Recorded, Sum, Was};
use super::source::{ChainSource, version};
use crate::declared::Span;
use crate::error::Error;
use crate::finding::Severity;
use crate::project::{Project, ProjectError};
use crate::text::{plural, toml_string};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};
use toml::Spanned;

/// The file's name, in the project's root.
pub const FILE: &str = "migrations.lock";

/// The version of the file's form.
const FORM: u32 = 1;

const HEAD: &str = "\
# The migrations that were released, as they were then. `diesel-drift chain` reports what was done to them since, and
# `diesel-drift chain --lock` writes this file. Each line: SHA-256, shortened, of a script and of its statements alone.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    form: Spanned<u32>,
    #[serde(default)]
    migrations: BTreeMap<Spanned<String>, RawWas>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWas {
    up: Option<Spanned<String>>,
    down: Option<Spanned<String>>,
    #[serde(default = "yes")]
    run_in_transaction: bool,
}

fn yes() -> bool {
    true
}

/// The lock file of a project with its text; none where there is none.
///
/// # Errors
/// When it cannot be read, or is not as [`lock`] writes it.
pub(super) fn read(root: &Path) -> Result<Option<(Record, String)>, ProjectError> {
    let path = root.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((record(parse(&path, &text)?), text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ProjectError::Io { path, source }),
    }
}

fn record(locked: Recorded) -> Record {
    Record {
        name: FILE.to_owned(),
        is_lock: true,
        now: locked.clone(),
        before: locked,
    }
}

fn parse(path: &Path, text: &str) -> Result<Recorded, ProjectError> {
    let raw: Raw = toml::from_str(text).map_err(|error| ProjectError::toml(path, text, &error))?;
    if *raw.form.get_ref() != FORM {
        let message = format!(
            "form {} is not known, only {FORM}: it was written by another diesel-drift",
            raw.form.get_ref()
        );
        return Err(ProjectError::at(path, text, raw.form.span().start, message));
    }
    let sum = |sum: Option<Spanned<String>>| {
        let parse = |sum: Spanned<String>| {
            (sum.get_ref().parse::<Sum>())
                .map_err(|message| ProjectError::at(path, text, sum.span().start, message))
        };
        sum.map(parse).transpose()
    };
    let was = |(name, was): (Spanned<String>, RawWas)| {
        let span = Span {
            file: FILE.into(),
            line: crate::migrate::line_of(text, name.span().start),
            column: 1,
            start: name.span().start,
            end: name.span().end,
        };
        let name = name.into_inner();
        let was = Was {
            version: version(&name),
            up: sum(was.up)?,
            down: sum(was.down)?,
            run_in_transaction: was.run_in_transaction,
            span: Some(span),
        };
        Ok((name, was))
    };
    raw.migrations.into_iter().map(was).collect()
}

/// The file for a chain: a line a migration, in the order in which Diesel applies them.
fn print(source: &ChainSource) -> String {
    let line = |migration| {
        let Was {
            up,
            down,
            run_in_transaction,
            ..
        } = Was::of(migration);
        let sums = [("up", up), ("down", down)].into_iter();
        let mut facts: Vec<String> = sums
            .filter_map(|(file, sum)| Some(format!("{file} = \"{}\"", sum?)))
            .collect();
        if !run_in_transaction {
            facts.push("run_in_transaction = false".to_owned());
        }
        format!(
            "{} = {{ {} }}\n",
            toml_string(&migration.name),
            facts.join(", ")
        )
    };
    let lines: String = source.migrations.iter().map(line).collect();
    format!("{HEAD}form = {FORM}\n\n[migrations]\n{lines}")
}

/// What [`lock`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The file.
    pub path: PathBuf,
    /// The names of migrations that it did not have before.
    pub added: Vec<String>,
    /// Of those that it had otherwise.
    pub changed: Vec<String>,
    /// Of those that it has no longer.
    pub removed: Vec<String>,
    /// How many migrations it has.
    pub total: usize,
}

impl Locked {
    /// One sentence, and a line for each migration that was recorded otherwise or is no longer.
    pub fn describe(&self) -> String {
        let head = format!(
            "{}: {}, {} of them new",
            self.path.display(),
            plural(self.total, "migration"),
            self.added.len()
        );
        let changed = self.changed.iter().map(|name| format!("\nchanged: {name}"));
        let removed = self.removed.iter().map(|name| format!("\nremoved: {name}"));
        let lines: Vec<String> = changed.chain(removed).collect();
        head + &lines.concat()
    }
}

/// Writes the project's `migrations.lock`: the chain as it is now is what was released.
///
/// # Errors
/// When Diesel would not run the chain as it is, when the file that is there is no lock file, or when it cannot be written.
pub fn lock(project: &Project) -> Result<Locked, Error> {
    let source = ChainSource::read(project)?;
    let error = (super::find(&source).into_iter()).find(|finding| {
        finding.severity == Severity::Error && KEEP_FROM_LOCKING.contains(&finding.kind.id)
    });
    if let Some(finding) = error {
        return Err(Error::NotLocked {
            message: finding.message(),
        });
    }
    let path = project.root.join(FILE);
    let before = read(&project.root)?
        .map(|(record, _)| record.now)
        .unwrap_or_default();
    let text = print(&source);
    let after = parse(&path, &text)?;
    fs::write(&path, &text).map_err(|source| ProjectError::Io {
        path: path.clone(),
        source,
    })?;
    let same = |a: &Was, b: &Was| {
        (&a.up, &a.down, a.run_in_transaction) == (&b.up, &b.down, b.run_in_transaction)
    };
    let names = |all: &Recorded, wanted: &dyn Fn(&str, &Was) -> bool| {
        let wanted = all.iter().filter(|(name, was)| wanted(name, was));
        wanted.map(|(name, _)| name.clone()).collect()
    };
    Ok(Locked {
        path,
        added: names(&after, &|name, _| !before.contains_key(name)),
        changed: names(&after, &|name, was| {
            before.get(name).is_some_and(|old| !same(old, was))
        }),
        removed: names(&before, &|name, _| !after.contains_key(name)),
        total: after.len(),
    })
}

/// What makes it unclear which migrations there are.
const KEEP_FROM_LOCKING: [&str; 2] = ["version-duplicate", "up-missing"];

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(Path::new(FILE), text).unwrap_err().to_string()
    }

    #[test]
    fn a_broken_file_is_an_error_with_its_line() {
        for (text, message) in [
            ("[migrations]\n", "migrations.lock:1: missing field `form`"),
            ("form = 2\n", "migrations.lock:1: form 2 is not known"),
            (
                "form = 1\n[migrations]\n\"a\" = { up = \"x\" }\n",
                "migrations.lock:3: `x` is no checksum",
            ),
            (
                "form = 1\n[migrations]\n\"a\" = {}\n\"a\" = {}\n",
                "migrations.lock:4: duplicate key",
            ),
            (
                "form = 1\n[migrations]\n\"a\" = { sideways = 1 }\n",
                "migrations.lock:3: unknown field `sideways`",
            ),
            (
                "form = 1\n[migrations]\n<<<<<<< HEAD\n",
                "migrations.lock:3: ",
            ),
        ] {
            assert!(error(text).starts_with(message), "{}", error(text));
        }
    }
}
