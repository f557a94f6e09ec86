//! The kinds of two catalogs: three of each class, made from the class, and what is said about a difference.

use super::{KINDS, column_order, not_comparable, side};
use crate::catalog::class::{
    CHECK_CONSTRAINT, CLASSES, COLUMN, Class, DATABASE, EVENT_TRIGGER, EXCLUSION_CONSTRAINT,
    FOREIGN_KEY, INDEX, MATERIALIZED_VIEW, POLICY, RULE, TABLE, TRIGGER, UNIQUE_CONSTRAINT,
};
use crate::catalog::{NOTHING, Object, ObjectPath, THE_DEFAULT, THE_USUAL_OWNER, default_of};
use crate::compare::{Because, Change, Difference, Owns, Scope, State, diff};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;
use crate::text::show_name;
use serde_json::Value;
use std::sync::LazyLock;

/// The kinds that only two catalogs have. Those that `schema.rs` has as well (`column-missing`) are in [`KINDS`].
pub(super) static OBJECT_KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let of_class = |class: &&'static Class| {
        let a = class.with_article();
        [
            (
                class.missing,
                Severity::Error,
                format!("{a} that is expected is not there"),
            ),
            (
                class.unexpected,
                if ACTING.contains(class) {
                    Severity::Error
                } else {
                    Severity::Warning
                },
                format!("{a} is there and not expected"),
            ),
            (
                class.changed,
                Severity::Error,
                format!("{a} is not as it is expected to be"),
            ),
        ]
    };
    let of_their_own = |id: &str| KINDS.iter().all(|kind| kind.id != id);
    CLASSES
        .iter()
        .flat_map(of_class)
        .filter(|(id, ..)| of_their_own(id))
        .map(|(id, severity, summary)| Kind {
            id,
            severity,
            // Once in a process.
            summary: summary.leak(),
            fixture: None,
            found: Found::Together,
            message,
        })
        .collect()
});

/// Classes of which one that is not expected changes what statements do that do not name it: what they see, write or may.
const ACTING: &[&Class] = &[
    &UNIQUE_CONSTRAINT,
    &FOREIGN_KEY,
    &CHECK_CONSTRAINT,
    &EXCLUSION_CONSTRAINT,
    &TRIGGER,
    &RULE,
    &POLICY,
    &EVENT_TRIGGER,
];

/// Facts on which no query's result depends.
const SOFT: &[&str] = &[
    "comment",
    "clustered_on",
    "statistics_target",
    "storage",
    "compression",
    "options",
    "toast_options",
    "cost",
    "rows",
    "version",
    "environment",
    "usual_owner",
];

/// What holds facts that are soft by themselves; what else has parts has them by names of others: roles, settings.
const HOLDERS: &[&str] = &["index", "not_null_constraint"];

/// Whether no query's result depends on an attribute.
fn is_soft(class: &Class, attribute: &str) -> bool {
    // Options of views say whose rights count, of servers which data it is, of dictionaries what matches.
    let only_tunes = [&TABLE, &MATERIALIZED_VIEW, &COLUMN, &INDEX].contains(&class);
    let mut fields = attribute.split('.');
    let mut field = fields.next().unwrap_or_default();
    let of_index = field == "index";
    if HOLDERS.contains(&field) {
        field = fields.next().unwrap_or_default();
    }
    SOFT.contains(&field) && (field != "options" || only_tunes || of_index)
}

/// Holds the state `to` against the state `from` that is expected, as far as `scope` looks.
pub fn compare_states(from: &State, to: &State, scope: &Scope) -> Vec<Finding> {
    let versions = (from.server_version, to.server_version);
    compare_objects(&from.objects, &to.objects, versions, scope)
}

/// As [`compare_states`], of objects whose texts servers of these versions (`server_version_num`) wrote.
pub(crate) fn compare_objects(
    from: &[Object],
    to: &[Object],
    versions: (u32, u32),
    scope: &Scope,
) -> Vec<Finding> {
    let beside = |change: &Change| {
        scope.owns == Owns::Part
            && change.difference == Difference::Unexpected
            && change.path.child.is_none()
    };
    diff(&scope.kept(from), &scope.kept(to), versions)
        .into_iter()
        .filter(|change| !beside(change))
        .map(finding)
        .collect()
}

/// A difference as a finding.
pub(crate) fn finding(change: Change) -> Finding {
    let Change { path, difference } = change;
    let class = path.class;
    let new = |id: &str, path: ObjectPath| {
        // A class has its kinds, because both are made from one list.
        Finding::new(
            super::find(id).unwrap_or(&not_comparable::KIND),
            Subject::Object(path),
        )
    };
    match difference {
        // `foreign-key-missing` is milder where only `joinable!` says so.
        Difference::Missing => new(class.missing, path).severity(Severity::Error),
        Difference::Unexpected => new(class.unexpected, path),
        Difference::Renamed { to } => new(class.changed, path.clone())
            .attribute("name")
            .declared(last_names(&path, &to).0)
            .live(last_names(&path, &to).1),
        Difference::Changed {
            attribute,
            from,
            to,
        } => {
            let severity = if is_soft(class, &attribute) {
                Severity::Warning
            } else {
                Severity::Error
            };
            let value = |value: Option<Value>| match value {
                Some(value) => text(&value),
                None => default_of(class, &attribute),
            };
            let (from, to) = (value(from), value(to));
            new(class.changed, path)
                .attribute(&attribute)
                .severity(severity)
                .declared(from)
                .live(to)
        }
        Difference::Reordered { from, to } => {
            let (from, to) = where_they_differ(&from, &to);
            let list = |names: &[String]| {
                let shown: Vec<_> = names.iter().map(|name| show_name(name)).collect();
                shown.join(", ")
            };
            let (id, severity) = if class.has_columns() {
                (column_order::KIND.id, Severity::Warning)
            } else {
                (class.changed, Severity::Error)
            };
            new(id, path)
                .attribute("order")
                .severity(severity)
                .declared(list(from))
                .live(list(to))
        }
        Difference::NotComparable { attribute, because } => {
            let why = match because {
                Because::OfVersions => {
                    "the two major versions of PostgreSQL write it in different ways: compare on the same one"
                }
                Because::NotVisible => {
                    "the role may not see it: read the database as the owner of the server, or as a superuser"
                }
            };
            new(not_comparable::KIND.id, path)
                .attribute(&attribute)
                .help(why)
        }
    }
}

/// Two orders of the same names, without what both begin and end with.
fn where_they_differ<'a>(from: &'a [String], to: &'a [String]) -> (&'a [String], &'a [String]) {
    let differs = |(one, other): (&String, &String)| one != other;
    let first = from.iter().zip(to).position(differs).unwrap_or(0);
    let last = from
        .iter()
        .rev()
        .zip(to.iter().rev())
        .position(differs)
        .unwrap_or(0);
    let part = |names: &'a [String]| names.get(first..names.len() - last).unwrap_or(names);
    (part(from), part(to))
}

/// The sentence for a finding about an object.
pub(crate) fn message(finding: &Finding) -> String {
    let Subject::Object(path) = &finding.subject else {
        return format!("`{}` differs", finding.subject);
    };
    let object = match path.class == &DATABASE {
        true => "the database".to_owned(),
        false => format!("{} `{path}`", path.class.title()),
    };
    let (expected, live) = (side(&finding.declared), side(&finding.live));
    match &finding.attribute {
        None if finding.kind.id == path.class.missing => format!("{object} is not there"),
        None => format!("{object} is there, and not expected"),
        Some(name) if name == "name" => format!("{object} is called `{live}` there"),
        Some(order) if order == "order" => {
            let what = match path.class.has_columns() {
                true => "columns",
                false => "attributes",
            };
            format!("{what} of {object} have another order: expected {expected}, found {live}")
        }
        Some(attribute) if finding.kind == &not_comparable::KIND => {
            format!("`{attribute}` of {object} cannot be compared")
        }
        Some(attribute) if is_long(expected) || is_long(live) => {
            format!("`{attribute}` of {object} is not as expected")
        }
        Some(attribute) => format!(
            "`{attribute}` of {object} is {}, expected {}",
            quoted(live),
            quoted(expected)
        ),
    }
}

/// A value that is not one of our own words.
fn quoted(value: &str) -> String {
    match value {
        NOTHING | THE_DEFAULT | THE_USUAL_OWNER => value.to_owned(),
        _ => format!("`{value}`"),
    }
}

/// Whether a value needs lines of its own.
pub(crate) fn is_long(value: &str) -> bool {
    value.contains('\n') || value.chars().count() > 80
}

/// The names that differ: the child's, the object's, or with its schema where only that differs.
fn last_names(from: &ObjectPath, to: &ObjectPath) -> (String, String) {
    let name = |path: &ObjectPath| match &path.child {
        Some(child) => show_name(child),
        None if from.name == to.name => path.to_string(),
        None => show_name(&path.name),
    };
    (name(from), name(to))
}

/// A value on one line where it fits: texts as they are, lists with commas.
pub(crate) fn text(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => joined(values.iter().map(text).collect()),
        Value::Object(facts) => column(facts).unwrap_or_else(|| {
            let facts = facts.iter();
            joined(
                facts
                    .map(|(field, value)| format!("{field}: {}", text(value)))
                    .collect(),
            )
        }),
        other => other.to_string(),
    }
}

/// What [`crate::catalog::SequenceOwner`] names, as it is written elsewhere.
fn column(facts: &serde_json::Map<String, Value>) -> Option<String> {
    let (relation, column) = (facts.get("relation")?, facts.get("column")?);
    let is_all = facts.len() == 2;
    let shown = format!("{}.{}", relation.as_str()?, show_name(column.as_str()?));
    is_all.then_some(shown)
}

/// What there is to say about any of these kinds.
pub(crate) const OBJECTS_PAGE: &str = "\
Found where a catalog is held against another: by `diff`, by `verify`, and by the snapshots. The finding names the object and, where \
both sides have it, the attribute and both values. Every attribute that is compared is listed in docs/coverage.md with the change \
that proves it.\n\n\
What is missing, unexpected or changed on a deployed database was changed there by hand, or by a migration that is not in this \
release: write the migration that makes it so, or undo it there. To accept one, write it into `drift.toml` with a reason:\n\n\
```toml\n[[suppress]]\nkind = \"index-unexpected\"\nsubject = \"public.posts.posts_tmp_idx\"\nreason = \"made by hand for the \
yearly report\"\n```\n";

#[cfg(test)]
mod tests {
    use super::{finding, is_soft};
    use crate::catalog::{Object, class};
    use crate::compare::{Change, Difference};
    use serde_json::json;

    fn message(object: &Object, difference: Difference) -> String {
        let path = object.path();
        finding(Change { path, difference }).message()
    }

    fn table() -> Object {
        Object {
            class: &class::TABLE,
            schema: Some("public".into()),
            name: "users".into(),
            ..Object::database()
        }
    }

    #[test]
    fn defaults_and_the_database_are_called_what_they_are() {
        let changed = |attribute: &str, to: &str| Difference::Changed {
            attribute: attribute.into(),
            from: None,
            to: Some(json!(to)),
        };
        assert_eq!(
            message(&Object::database(), changed("settings.work_mem", "5MB")),
            "`settings.work_mem` of the database is `5MB`, expected none"
        );
        assert_eq!(
            message(&table(), changed("owner", "app")),
            "`owner` of table `public.users` is `app`, expected the usual owner"
        );
    }

    #[test]
    fn of_an_order_only_what_differs_is_told() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let reordered = Difference::Reordered {
            from: names(&["id", "name", "mail", "at", "by"]),
            to: names(&["id", "mail", "at", "name", "by"]),
        };
        assert_eq!(
            message(&table(), reordered),
            "columns of table `public.users` have another order: expected name, mail, at, found mail, at, name"
        );
    }

    #[test]
    fn what_changes_results_is_not_soft() {
        for (class, attribute) in [
            (&class::TABLE, "options"),
            (&class::TABLE, "comment"),
            (&class::PRIMARY_KEY, "index.options"),
            (&class::COLUMN, "not_null_constraint.comment"),
            (&class::DATABASE, "environment.owner"),
        ] {
            assert!(is_soft(class, attribute), "{attribute}");
        }
        for (class, attribute) in [
            (&class::VIEW, "options"),
            (&class::SERVER, "options.host"),
            (&class::TEXT_SEARCH_DICTIONARY, "options"),
            (&class::TABLE, "privileges.comment"),
            (&class::COLUMN, "data_type"),
        ] {
            assert!(!is_soft(class, attribute), "{attribute}");
        }
    }
}
