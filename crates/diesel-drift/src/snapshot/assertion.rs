//! A database against its snapshots: insta compares, writes what is pending and shows the difference; every object is held, and then
//! one sentence says what became of them.

use super::read::{Document, from_snapshot, split};
use super::{Place, SnapshotError, described, files, io, to_yaml};
use crate::catalog::{Object, class, portable};
use crate::check::read_database;
use crate::compare::{Difference, State, diff};
use crate::introspect::{Live, Wanted};
use crate::{Error, MigratedDatabase, Project};
use insta::internals::Content;
use std::cell::Cell;
use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::sync::Once;

/// Calls insta's macro in the crate that is being tested, with a snapshot's name and content.
pub(crate) type Assert<'a> = &'a mut dyn FnMut(&str, &str);

/// Holds the project in `directory` against its snapshots: the database at `url`, or a fresh, migrated one.
///
/// # Errors
/// As [`assert_all`], and when there is no such database.
pub(crate) fn assert_project(
    directory: &Path,
    url: Option<&str>,
    assert: Assert<'_>,
) -> Result<(), String> {
    let (live, snapshots) = live(directory, url)
        .map_err(|error| format!("no database could be held against the snapshots: {error}"))?;
    assert_all(&live, &snapshots, assert)
}

/// The database, as it is to be held against snapshots, and where they are.
fn live(directory: &Path, url: Option<&str>) -> Result<(State, PathBuf), Error> {
    let project = Project::discover(directory)?;
    let live = match url {
        Some(url) => read_database(&url.into(), &Wanted::default())?,
        None => {
            let fresh =
                MigratedDatabase::make(&project, &project.provision_options(), &mut |_| {})?;
            let live = fresh.read()?;
            fresh.close()?;
            live
        }
    };
    Ok((reviewed(live)?, super::directory(&project.root, directory)))
}

/// What of a database is snapshotted: what its migrations can make.
fn reviewed(live: Live) -> Result<State, SnapshotError> {
    let objects = live
        .catalog
        .objects()
        .map_err(|error| SnapshotError::Unwritable {
            object: "catalog".to_owned(),
            message: error.to_string(),
        })?;
    let says_something = |object: &Object| {
        object.class != &class::DATABASE
            || !object.attributes.is_empty()
            || !object.children.is_empty()
    };
    Ok(State {
        objects: portable(objects)
            .into_iter()
            .filter(says_something)
            .collect(),
        server_version: live.server_version,
    })
}

/// Holds every object against its snapshot in `directory`, and every snapshot against the objects.
///
/// # Errors
/// The sentence that says how many are changed, new or orphaned, which, and what to type; or why it could not be told.
fn assert_all(live: &State, directory: &Path, assert: Assert<'_>) -> Result<(), String> {
    let mut verdict = Verdict::default();
    let mut visited = Vec::new();
    for object in &live.objects {
        let place = Place::of(object);
        let path = directory.join(place.path());
        let committed = committed(&path, object).map_err(|error| error.to_string())?;
        let text = text(object, committed.as_ref(), live.server_version)
            .map_err(|error| error.to_string())?;
        let settings = settings(directory, &place, text.major);
        match settings.bind(|| quietly(|| assert(&place.stem, &text.content))) {
            Ok(()) => {}
            Err(words) if words.starts_with(FAILED) => {
                verdict.pending |= path.with_extension("snap.new").exists();
                let list = match committed {
                    Some(_) => &mut verdict.changed,
                    None => &mut verdict.new,
                };
                list.push(described(object));
            }
            Err(words) => {
                let object = described(object);
                return Err(format!(
                    "insta could not hold the {object} against its snapshot: {words}"
                ));
            }
        }
        visited.push(path);
    }
    // Where it is set, cargo-insta was told what to do with them (`--unreferenced`).
    if std::env::var_os("INSTA_SNAPSHOT_REFERENCES_FILE").is_none() {
        let files = files(directory).map_err(|error| error.to_string())?;
        let orphaned = files.into_iter().filter(|path| !visited.contains(path));
        verdict.orphaned = orphaned.map(|path| path.display().to_string()).collect();
    }
    verdict.sentence(directory).map_or(Ok(()), Err)
}

/// How insta's panic about a difference begins.
const FAILED: &str = "snapshot assertion for ";

/// A committed snapshot. One that cannot be read is there all the same: it is a change.
struct Committed {
    content: String,
    document: Option<Document>,
}

fn committed(path: &Path, object: &Object) -> Result<Option<Committed>, SnapshotError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path, error)),
    };
    let content = split(&text).map(|(_, body, _)| body).unwrap_or_default();
    Ok(Some(Committed {
        content: content.to_owned(),
        document: from_snapshot(&text, object.schema.is_some()).ok(),
    }))
}

/// What insta is to hold against the file, and to note down as the major version.
struct Text {
    content: String,
    major: Option<u32>,
}

/// The object's text. Where the committed one says the same of it, that one: how a fact is written, by this crate or by another
/// major version of PostgreSQL, is no change.
fn text(
    object: &Object,
    committed: Option<&Committed>,
    server_version: u32,
) -> Result<Text, SnapshotError> {
    if let Some(Committed {
        content,
        document: Some(document),
    }) = committed
        && says_the_same(document, object, server_version)
    {
        return Ok(Text {
            content: content.clone(),
            major: document.major,
        });
    }
    Ok(Text {
        content: to_yaml(object)?,
        major: Some(server_version / 10_000),
    })
}

fn says_the_same(document: &Document, object: &Object, server_version: u32) -> bool {
    let from = State {
        objects: vec![document.object.clone()],
        server_version: document
            .major
            .map_or(server_version, |major| major * 10_000),
    };
    let to = State {
        objects: vec![object.clone()],
        server_version,
    };
    diff(&from, &to)
        .iter()
        .all(|change| matches!(change.difference, Difference::NotComparable { .. }))
}

/// This crate's own settings, whatever else the tests are set to.
fn settings(directory: &Path, place: &Place, major: Option<u32>) -> insta::Settings {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(match &place.directory {
        Some(schema) => directory.join(schema),
        None => directory.to_owned(),
    });
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    if let Some(major) = major {
        let info = (Content::from("postgresql"), Content::from(major));
        settings.set_raw_info(&Content::Map(vec![info]));
    }
    settings
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs an assertion of insta's, and returns what it panics with. The panic is not printed, and so with `RUST_BACKTRACE` no
/// backtrace for each object either: insta has shown the difference.
fn quietly(assertion: impl FnOnce()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                before(panic);
            }
        }));
    });
    QUIET.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(assertion));
    QUIET.set(false);
    outcome.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("it does not say why")
            .to_owned()
    })
}

/// What became of the objects and the files.
#[derive(Debug, Default)]
struct Verdict {
    changed: Vec<String>,
    new: Vec<String>,
    orphaned: Vec<String>,
    /// Whether insta wrote what is to be reviewed.
    pending: bool,
}

impl Verdict {
    fn sentence(&self, directory: &Path) -> Option<String> {
        let lists = [
            ("changed", &self.changed),
            ("new", &self.new),
            ("orphaned", &self.orphaned),
        ];
        let lists: Vec<_> = lists
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .collect();
        if lists.is_empty() {
            return None;
        }
        let counts: Vec<_> = lists
            .iter()
            .map(|(word, list)| format!("{} {word}", list.len()))
            .collect();
        let mut text = format!(
            "the database is not what the snapshots in {} say: {}\n",
            directory.display(),
            counts.join(", ")
        );
        for (word, list) in &lists {
            for entry in *list {
                text += &format!("  {word}: {entry}\n");
            }
        }
        if self.pending {
            text += "look at what is changed or new, and accept or reject it: cargo insta review\n";
        } else if !self.changed.is_empty() || !self.new.is_empty() {
            text += "nothing was written, as in CI: run this test on your own machine, then: cargo insta review\n";
        }
        if !self.orphaned.is_empty() {
            text +=
                "the objects of the orphaned files are gone: if that is meant, delete the files\n";
        }
        Some(text)
    }
}
