//! A database against its snapshots: insta compares, writes what is pending and shows the difference; every object is held, and then
//! one sentence says what became of them.

use super::read::{Document, from_snapshot, split};
use super::{ACCEPTED, PENDING, Place, SnapshotError, described, files, io, to_yaml};
use crate::catalog::Object;
use crate::check::read_database;
use crate::compare::{Difference, State, diff};
use crate::introspect::{Live, Wanted};
use crate::{Error, Project};
use insta::internals::Content;
use std::cell::Cell;
use std::collections::HashSet;
use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::{Path, PathBuf};
use std::slice::from_ref;
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
        None => Live::of_fresh(&project, &project.provision_options(), &mut |_| {})?,
    };
    let state = State::of(&live)?.portable();
    let state = State {
        objects: project.scope.kept(&state.objects).into_owned(),
        ..state
    };
    Ok((state, super::directory(&project.root, directory)))
}

/// Holds every object against its snapshot in `directory`, and every snapshot against the objects.
///
/// # Errors
/// The sentence that says how many are changed, new or orphaned, which, and what to type; or why it could not be told.
fn assert_all(live: &State, directory: &Path, assert: Assert<'_>) -> Result<(), String> {
    let mut verdict = Verdict::default();
    let mut visited = HashSet::new();
    let insta_is_told =
        std::env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"INSTA_"));
    for object in &live.objects {
        let place = Place::of(object);
        let path = directory.join(place.path());
        let committed = committed(&path, object).map_err(|error| error.to_string())?;
        let text = text(object, committed.as_ref(), live.server_version)
            .map_err(|error| error.to_string())?;
        let pending = path.with_extension("snap.new");
        visited.insert(path);
        // insta lists the whole directory for each object. Of what holds, and held before, it has nothing to do, unless it was told more.
        if text.is_committed && !insta_is_told && !pending.exists() {
            continue;
        }
        let settings = settings(directory, &place, text.major);
        match settings.bind(|| quietly(|| assert(&place.stem, &text.content))) {
            Ok(()) => {}
            Err(words) if words.starts_with(FAILED) => {
                verdict.pending |= pending.exists();
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
    }
    let orphaned = orphaned(directory, &visited).map_err(|error| error.to_string())?;
    // Where it is set, cargo-insta was told what to do with them (`--unreferenced`).
    if std::env::var_os("INSTA_SNAPSHOT_REFERENCES_FILE").is_none() {
        verdict.orphaned = orphaned;
    }
    verdict.sentence(directory).map_or(Ok(()), Err)
}

/// The accepted files without an object. Pending ones without an object, of an earlier run, are removed: to accept them would make
/// such a file.
fn orphaned(directory: &Path, visited: &HashSet<PathBuf>) -> Result<Vec<String>, SnapshotError> {
    for pending in files(directory, PENDING)? {
        if !visited.contains(&pending.with_extension("")) {
            fs::remove_file(&pending).map_err(|error| io(&pending, error))?;
        }
    }
    let files = files(directory, ACCEPTED)?.into_iter();
    let orphaned = files.filter(|path| !visited.contains(path));
    Ok(orphaned.map(|path| path.display().to_string()).collect())
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
    /// Whether it is the committed one.
    is_committed: bool,
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
            is_committed: true,
            major: document.major,
        });
    }
    Ok(Text {
        content: to_yaml(object)?,
        is_committed: false,
        major: Some(server_version / 10_000),
    })
}

fn says_the_same(document: &Document, object: &Object, server_version: u32) -> bool {
    let major = document.major.map(|major| major.saturating_mul(10_000));
    let versions = (major.unwrap_or(server_version), server_version);
    diff(from_ref(&document.object), from_ref(object), versions)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::class::{COLUMN, Class, TABLE, VIEW};
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};
    use tempfile::TempDir;

    fn object(class: &'static Class, name: &str, attributes: Value) -> Object {
        let Value::Object(attributes) = attributes else {
            panic!("attributes are a map");
        };
        Object {
            class,
            schema: Some("public".into()),
            name: name.into(),
            signature: String::new(),
            attributes,
            children: Vec::new(),
        }
    }

    fn view(definition: &str, comment: &str) -> Object {
        object(
            &VIEW,
            "v",
            json!({"definition": definition, "comment": comment}),
        )
    }

    fn table(default: &str) -> Object {
        Object {
            children: vec![Object {
                schema: None,
                ..object(
                    &COLUMN,
                    "at",
                    json!({"data_type": "date", "default": default}),
                )
            }],
            ..object(&TABLE, "t", json!({}))
        }
    }

    /// Snapshots as they were taken on a major version.
    fn taken(objects: &[Object], major: u32) -> TempDir {
        let directory = tempfile::tempdir().unwrap();
        for object in objects {
            let path = directory.path().join(Place::of(object).path());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let yaml = to_yaml(object).unwrap();
            fs::write(
                path,
                format!("---\nsource: tests/s.rs\ninfo:\n  postgresql: {major}\n---\n{yaml}"),
            )
            .unwrap();
        }
        directory
    }

    /// Holds objects of a major version, with an assertion that compares texts as insta does and panics as insta does.
    fn hold(objects: &[Object], major: u32, directory: &TempDir) -> Result<(), String> {
        let live = State {
            objects: objects.to_vec(),
            server_version: major * 10_000 + 2,
        };
        assert_all(&live, directory.path(), &mut |name, content| {
            let path = directory.path().join("public").join(format!("{name}.snap"));
            let file = fs::read_to_string(path).unwrap_or_default();
            let committed = split(&file).map(|(_, body, _)| body).unwrap_or_default();
            assert!(
                committed.trim_end() == content.trim_end(),
                "{FAILED}'{name}' failed in line 1"
            );
        })
    }

    #[test]
    fn what_majors_write_in_their_own_way_holds() {
        let old = [
            view("SELECT t.a FROM t", "all"),
            table("'2020-01-01'::date"),
        ];
        let new = [view("SELECT a FROM t", "all"), table("'2020-01-01'::date")];
        let directory = taken(&old, 15);
        for major in [15, 16, 17, 18] {
            let objects = if major < 16 { &old } else { &new };
            assert_eq!(hold(objects, major, &directory), Ok(()), "{major}");
        }
        // What one major writes at two times is compared, and so is what all majors write alike.
        assert!(
            hold(&new, 15, &directory)
                .unwrap_err()
                .contains("changed: view `public.v`")
        );
        let other = [view("SELECT a FROM t", "some"), table("'2020-01-01'::date")];
        assert!(
            hold(&other, 17, &directory)
                .unwrap_err()
                .contains("1 changed\n  changed: view")
        );
        let other = [view("SELECT a FROM t", "all"), table("'2021-01-01'::date")];
        assert!(
            hold(&other, 17, &directory)
                .unwrap_err()
                .contains("1 changed\n  changed: table")
        );
    }

    #[test]
    fn a_change_is_written_as_the_server_at_hand_has_it() {
        let directory = taken(&[view("SELECT t.a FROM t", "all")], 15);
        let changed = view("SELECT a FROM t", "some");
        let path = directory.path().join(Place::of(&changed).path());
        let committed = committed(&path, &changed).unwrap();
        let text = text(&changed, committed.as_ref(), 170_000).unwrap();
        assert_eq!(text.major, Some(17));
        assert_eq!(text.content, to_yaml(&changed).unwrap());
    }

    #[test]
    fn what_insta_says_about_anything_else_is_passed_on() {
        let directory = taken(&[], 15);
        let live = State {
            objects: vec![table("now()")],
            server_version: 150_000,
        };
        let said = assert_all(&live, directory.path(), &mut |_, _| panic!("no space left"));
        assert_eq!(
            said,
            Err(
                "insta could not hold the table `public.t` against its snapshot: no space left"
                    .to_owned()
            )
        );
    }
}
