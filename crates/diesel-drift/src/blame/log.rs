//! An object's whole history across the chain: one entry for each migration that did something to it.

use super::history::{History, Moment};
use super::name::{Meaning, Paths, find};
use super::script::{Names, Script};
use super::target::Target;
use super::{Lineage, Steps, last_act, read_ahead, statements};
use crate::catalog::class::Class;
use crate::catalog::{Object, ObjectPath, default_of};
use crate::check::Step;
use crate::compare::{Change, Difference};
use crate::error::Error;
use crate::finding::MigrationPlace;
use crate::kinds::shown;
use crate::migrate::MigrateError;
use crate::project::Project;
use crate::provision;
use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

/// What a chain did to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectLog {
    /// The project's root.
    pub root: PathBuf,
    /// The object: as it is called at the end, or was last.
    pub object: ObjectPath,
    /// Whether it is there at the end.
    pub is_there: bool,
    /// Newest first.
    pub entries: Vec<LogEntry>,
    /// Others that had its name before it was given it, newest first.
    pub former: Vec<FormerLog>,
    /// Sentences about what could not be looked at.
    pub notices: Vec<String>,
}

/// What a chain did to another object that had a name before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerLog {
    /// The name of the migration that gave its name to another.
    pub until: String,
    /// Newest first.
    pub entries: Vec<LogEntry>,
}

/// What one migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The migration's version.
    pub version: String,
    /// Each thing that it did.
    pub changes: Vec<LogChange>,
}

/// One thing that a migration did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogChange {
    /// Where.
    pub place: MigrationPlace,
    /// The object, or what hangs on it; where it was renamed, as it was called before.
    pub path: ObjectPath,
    /// What.
    pub what: Did,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Did {
    /// It was made.
    Created {
        /// What was said about it, in PostgreSQL's words: names of facts with their values. Of what hangs on it, the names.
        facts: Vec<(String, String)>,
    },
    /// It was dropped.
    Dropped,
    /// It was given another name.
    Renamed {
        /// What it is called since.
        to: ObjectPath,
    },
    /// A fact was changed.
    Changed {
        /// Dotted: `index.options`.
        attribute: String,
        /// What it was.
        from: String,
        /// What it became.
        to: String,
    },
}

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The project's migrations are not a chain.
    #[error(
        "the project migrates with `[migrate] command`, which is not looked into: name the directory of its migrations with --migration-dir, \
         if Diesel can run them"
    )]
    NoChain,
    /// No migration ever made an object of that name.
    #[error("no migration makes `{name}`{}", proposals(.similar))]
    Unknown {
        /// The name, as it was asked for.
        name: String,
        /// What is called nearly so.
        similar: Vec<ObjectPath>,
    },
    /// There are several.
    #[error("`{name}` can mean {}: say which, with its schema, its arguments or --class", list(.candidates))]
    Ambiguous {
        /// The name, as it was asked for.
        name: String,
        /// What it can mean.
        candidates: Vec<ObjectPath>,
    },
}

fn proposals(similar: &[ObjectPath]) -> String {
    match similar {
        [] => ": an object is named as findings name it, `public.posts` or `public.posts.title`"
            .to_owned(),
        similar => format!("; did you mean {}?", list(similar)),
    }
}

fn list(paths: &[ObjectPath]) -> String {
    let shown: Vec<_> = (paths.iter())
        .map(|path| format!("{} `{path}`", path.class.title()))
        .collect();
    match &shown[..] {
        [init @ .., last] if !init.is_empty() => format!("{} or {last}", init.join(", ")),
        shown => shown.concat(),
    }
}

/// Tells the history of the object that `name` means, of `class` where one is given, across the chain of `project`.
///
/// # Errors
/// [`LogError`], and when the states of the chain cannot be read. A migration that fails ends the chain, with a notice.
pub fn log(
    project: &Project,
    options: &provision::Options,
    name: &str,
    class: Option<&'static Class>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<ObjectLog, Error> {
    let lineage = Lineage::of(project, options)?.ok_or(LogError::NoChain)?;
    let mut history = History::of(&lineage);
    let told = told(&mut history, project, (name, class), progress);
    // What was read is kept whatever came of it: a name that is misspelt is written once more.
    let closed = history.close();
    let told = told?;
    closed?;
    Ok(told)
}

fn told(
    history: &mut History<'_>,
    project: &Project,
    (name, class): (&str, Option<&'static Class>),
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<ObjectLog, Error> {
    let mut failed = None;
    let all: BTreeSet<usize> = (0..=history.end()).collect();
    match history.read(&all, progress) {
        Err(Error::Migrate(MigrateError::Failed(migration))) => failed = Some(migration),
        result => result?,
    }
    let end = (0..=history.end())
        .take_while(|n| history.at(Moment::state(*n)).is_some())
        .last()
        .unwrap_or_default();
    let paths = paths(history, end);
    let object = match find(name, class, &paths, end) {
        Meaning::One(path) => path,
        Meaning::Several(candidates) => {
            let name = crate::visible(name);
            return Err(LogError::Ambiguous { name, candidates }.into());
        }
        Meaning::Nothing(similar) => {
            if let Some(failed) = failed {
                return Err(MigrateError::Failed(failed).into());
            }
            let name = crate::visible(name);
            return Err(LogError::Unknown { name, similar }.into());
        }
    };
    read_statements_of(history, &object, end, progress)?;
    let (entries, mut named) = trace(history, &object, end, progress)?;
    let mut former = Vec::new();
    while let Some(step) = named.filter(|step| was_there(history, &object, *step)) {
        let (entries, before) = trace(history, &object, step - 1, progress)?;
        let until = history.migration(step);
        former.push(FormerLog {
            until: until.map_or_else(String::new, |migration| migration.name.clone()),
            entries,
        });
        named = before;
    }
    Ok(ObjectLog {
        root: project.root.clone(),
        is_there: paths.get(&object) == Some(&end),
        object,
        entries,
        former,
        notices: (failed.iter())
            .map(|failed| format!("the history ends before the migration that fails: {failed}"))
            .collect(),
    })
}

/// What was done to the object that is called so in state `end`, back through its names; and the step that gave it this one, if one did.
fn trace(
    history: &mut History<'_>,
    object: &ObjectPath,
    end: usize,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(Vec<LogEntry>, Option<usize>), Error> {
    let mut current = object.clone();
    let mut entries = Vec::new();
    let mut named = None;
    for step in (1..=end).rev() {
        entries.extend(entry(history, &mut current, step, progress)?);
        if named.is_none() && current != *object {
            named = Some(step);
        }
    }
    Ok((entries, named))
}

/// Whether something was called so before a step.
fn was_there(history: &History<'_>, path: &ObjectPath, step: usize) -> bool {
    (0..step).any(|n| object(history, path, Moment::state(n)).is_some())
}

/// Reads ahead, from the first migration to the last, what the statements of those will be asked for that do something to an object.
fn read_statements_of(
    history: &mut History<'_>,
    object: &ObjectPath,
    end: usize,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(), Error> {
    let mut current = object.clone();
    let mut steps = Steps::new();
    for step in (1..=end).rev() {
        let whole = (Moment::state(step - 1), Moment::state(step));
        let all = history.changes(whole.0, whole.1);
        let former = former(&current, &all);
        let done = all
            .iter()
            .filter_map(|change| done_by(change, &former, &current, history, whole));
        let names: BTreeSet<Names> = done.map(|(_, _, target)| target.names()).collect();
        if !names.is_empty() {
            steps.insert(step, names);
        }
        current = former;
    }
    read_ahead(history, &steps, progress)
}

/// Every object that was ever there.
fn paths(history: &History<'_>, end: usize) -> Paths {
    let mut paths = Paths::new();
    let mut seen = HashSet::new();
    for n in (0..=end).rev() {
        let Some(state) = history.at(Moment::state(n)) else {
            continue;
        };
        for (number, object) in history.store.numbered(state) {
            if seen.insert(number) {
                let children = object.children.iter().map(|child| object.child_path(child));
                for path in std::iter::once(object.path()).chain(children) {
                    paths.entry(path).or_insert(n);
                }
            }
        }
    }
    paths
}

/// What one step did to the object that is called `current` behind it; `current` becomes what it was called before it.
fn entry(
    history: &mut History<'_>,
    current: &mut ObjectPath,
    step: usize,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Option<LogEntry>, Error> {
    let Some(migration) = history.migration(step) else {
        return Ok(None);
    };
    let whole = (Moment::state(step - 1), Moment::state(step));
    let all = history.changes(whole.0, whole.1);
    if all.is_empty() {
        return Ok(None);
    }
    let script = Script::read(migration);
    let place = MigrationPlace {
        migration: migration.name.clone(),
        file: migration.up_sql(),
        line: script.as_ref().and_then(Script::only_line),
    };
    let parts = match &script {
        Some(script) if place.line.is_none() && may_be_otherwise(&all, current, script) => {
            parts(history, current, step, script, progress)?
        }
        _ => None,
    };
    let mut changes = Vec::new();
    let mut untold: Vec<(usize, Target)> = Vec::new();
    let is_whole = parts.is_none();
    for (from, to, statement) in parts
        .unwrap_or_else(|| vec![(whole.0, whole.1, None)])
        .into_iter()
        .rev()
    {
        let all = history.changes(from, to);
        let former = former(current, &all);
        for change in &all {
            let Some((path, what, target)) = done_by(change, &former, current, history, (from, to))
            else {
                continue;
            };
            if is_whole && place.line.is_none() {
                untold.push((changes.len(), target));
            }
            let line = statement.and_then(|statement| script.as_ref()?.line(statement));
            changes.push(LogChange {
                place: MigrationPlace {
                    line: place.line.or(line),
                    ..place.clone()
                },
                path,
                what,
            });
        }
        *current = former;
    }
    if changes.is_empty() {
        return Ok(None);
    }
    if let (Some(script), false) = (&script, untold.is_empty()) {
        let asked: Vec<(Target, Option<usize>)> = (untold.iter())
            .map(|(_, target)| (target.clone(), None))
            .collect();
        let lives = statements(history, &asked, step, script, progress)?;
        for ((index, _), life) in untold.iter().zip(lives) {
            let statement = life.and_then(last_act);
            changes[*index].place.line = statement.and_then(|statement| script.line(statement));
        }
    }
    // As they stand in the file; what has no line goes last.
    changes.sort_by_key(|change| (change.place.line.is_none(), change.place.line));
    Ok(Some(LogEntry {
        version: migration.version.clone(),
        changes,
    }))
}

/// Whether something of one class goes and something comes, which may be a change of a name and of more; or a name changes and no statement
/// says so, which may be that one went and another came.
fn may_be_otherwise(changes: &[Change], current: &ObjectPath, script: &Script) -> bool {
    let may_be = |path: &ObjectPath| path.child.is_none() || is_on(path, current);
    let is_renamed = |change: &Change| {
        matches!(change.difference, Difference::Renamed { .. }) && may_be(&change.path)
    };
    if changes.iter().any(is_renamed) && !script.may_rename() {
        return true;
    }
    let of = |difference: Difference| -> BTreeSet<&'static Class> {
        (changes.iter())
            .filter(|change| change.difference == difference && may_be(&change.path))
            .map(|change| change.path.class)
            .collect()
    };
    !of(Difference::Missing).is_disjoint(&of(Difference::Unexpected))
}

/// A part of a migration: from one moment to another, and the statement that it is, if it is one.
type Part = (Moment, Moment, Option<usize>);

/// A migration's statements, as far as they may be about an object; none where they cannot be told apart.
fn parts(
    history: &mut History<'_>,
    current: &ObjectPath,
    step: usize,
    script: &Script,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Option<Vec<Part>>, Error> {
    let Some(count) = script.steps().map(|steps| steps.len()) else {
        return Ok(None);
    };
    let names = BTreeSet::from([Target::at(current).names()]);
    let suspects = match count <= SHORT {
        true => (1..=count).collect(),
        false => script.suspects(&names),
    };
    let both_sides = suspects
        .iter()
        .flat_map(|statement| [statement - 1, *statement]);
    let wanted: BTreeSet<usize> = both_sides.chain([0, count]).collect();
    if !history.read_statements(step, script, &wanted, progress)? {
        return Ok(None);
    }
    // Run one by one, they have to lead where they lead together.
    if !(history.changes(Moment::within(step, count), Moment::state(step))).is_empty() {
        return Ok(None);
    }
    let pairs = wanted.iter().zip(wanted.iter().skip(1));
    let part = |(from, to): (&usize, &usize)| {
        let statement = (*to == from + 1).then_some(*to);
        (
            Moment::within(step, *from),
            Moment::within(step, *to),
            statement,
        )
    };
    Ok(Some(pairs.map(part).collect()))
}

/// Of migrations of so few statements, the state behind each is read where that is needed.
const SHORT: usize = 24;

/// What the object that is called `current` behind changes was called before them.
fn former(current: &ObjectPath, changes: &[Change]) -> ObjectPath {
    let renamed = |is_it: &dyn Fn(&ObjectPath, &ObjectPath) -> bool| {
        changes.iter().find_map(|change| match &change.difference {
            Difference::Renamed { to } if is_it(&change.path, to) => Some(&change.path),
            _ => None,
        })
    };
    let is_top = |_: &ObjectPath, to: &ObjectPath| to.child.is_none() && is_on(to, current);
    let mut former = current.clone();
    if let Some(old) = renamed(&is_top) {
        former.schema.clone_from(&old.schema);
        former.name.clone_from(&old.name);
        former.signature.clone_from(&old.signature);
    }
    if current.child.is_some() {
        let on = former.clone();
        let is_child = |old: &ObjectPath, to: &ObjectPath| {
            is_on(old, &on) && to.class == current.class && to.child == current.child
        };
        if let Some(old) = renamed(&is_child) {
            former.child.clone_from(&old.child);
        }
    }
    former
}

/// Whether both are, or hang on, what goes by one name. A function may be called as a table is.
fn is_on(one: &ObjectPath, other: &ObjectPath) -> bool {
    one.schema == other.schema
        && one.name == other.name
        && one.signature == other.signature
        && Target::is_of_one_family(one, other)
}

/// What a change did to the object, with what tells its statement; none if it did nothing to it.
fn done_by(
    change: &Change,
    former: &ObjectPath,
    current: &ObjectPath,
    history: &History<'_>,
    (from, to): (Moment, Moment),
) -> Option<(ObjectPath, Did, Target)> {
    let Change { path, difference } = change;
    let is_new = *difference == Difference::Unexpected;
    let on = match is_new {
        true => current,
        false => former,
    };
    let is_top = path.child.is_none();
    let comes_and_goes = matches!(difference, Difference::Missing | Difference::Unexpected);
    let is_meant = match (&on.child, is_top) {
        // All that hangs on it counts.
        (None, _) => is_on(path, on),
        // It comes and goes with what it hangs on.
        (Some(_), true) => {
            is_on(path, on)
                && (comes_and_goes && object(history, on, if is_new { to } else { from }).is_some()
                    || matches!(difference, Difference::Renamed { .. }))
        }
        (Some(_), false) => is_on(path, on) && path.class == on.class && path.child == on.child,
    };
    if !is_meant {
        return None;
    }
    let path = match comes_and_goes && on.child.is_some() {
        true => on.clone(),
        false => path.clone(),
    };
    let target = Target::of_change(&behind(&path, former, current, difference), difference);
    let did = match difference {
        Difference::Unexpected => {
            let object = object(history, &path, to);
            let facts = object.map(|object| facts(&object)).unwrap_or_default();
            Did::Created { facts }
        }
        Difference::Missing => Did::Dropped,
        Difference::Renamed { to } => Did::Renamed { to: to.clone() },
        Difference::Changed {
            attribute,
            from,
            to,
        } => {
            let value = |value: &Option<serde_json::Value>| match value {
                Some(value) => shown(value),
                None => default_of(path.class, attribute),
            };
            Did::Changed {
                attribute: attribute.clone(),
                from: value(from),
                to: value(to),
            }
        }
        Difference::Reordered { from, to } => Did::Changed {
            attribute: "order".to_owned(),
            from: from.join(", "),
            to: to.join(", "),
        },
        // Of one server there is nothing that cannot be compared.
        Difference::NotComparable { .. } => return None,
    };
    Some((path, did, target))
}

/// What a path from before a step is called behind it.
fn behind(
    path: &ObjectPath,
    former: &ObjectPath,
    current: &ObjectPath,
    difference: &Difference,
) -> ObjectPath {
    let mut path = path.clone();
    match difference {
        Difference::Unexpected | Difference::Missing => {}
        _ if former != current => {
            path.schema.clone_from(&current.schema);
            path.name.clone_from(&current.name);
            path.signature.clone_from(&current.signature);
            if former.child.is_some() && path.child == former.child {
                path.child.clone_from(&current.child);
            }
            if let Difference::Renamed { to } = difference {
                path.child.clone_from(&to.child);
            }
        }
        Difference::Renamed { to } => path = to.clone(),
        _ => {}
    }
    path
}

/// The object at a path in a state.
fn object(history: &History<'_>, path: &ObjectPath, moment: Moment) -> Option<Object> {
    let state = history.at(moment)?;
    let mut named = history
        .store
        .named(state, path.schema.as_deref(), &path.name);
    let top = named.find(|top| is_on(&top.path(), path))?;
    match &path.child {
        None => Some(top.clone()),
        Some(_) => {
            let is_it = |child: &&Object| top.child_path(child) == *path;
            top.children.iter().find(is_it).cloned()
        }
    }
}

/// What there is to say about an object that was made.
fn facts(object: &Object) -> Vec<(String, String)> {
    let own = (object.attributes.iter()).map(|(field, value)| (field.clone(), shown(value)));
    let children = object.children.iter().map(|child| {
        let facts: Vec<String> = (child.attributes.iter())
            .map(|(field, value)| format!("{field} {}", shown(value)))
            .collect();
        let name = format!(
            "{} {}{}",
            child.class.title(),
            crate::text::show_name(&child.name),
            child.signature
        );
        (name, facts.join(", "))
    });
    own.chain(children).collect()
}
