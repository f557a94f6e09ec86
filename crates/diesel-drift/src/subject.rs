//! What a finding is about.

use crate::catalog::{ObjectPath, QualifiedName};
use crate::text::{show_name, visible};
use std::fmt;

/// What a finding is about. Its text is what a suppression names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A table or view: `public.posts`.
    Relation(QualifiedName),
    /// A column: `public.posts.title`.
    Column(QualifiedName, String),
    /// A join over a column: `public.posts.author_id -> public.users`.
    Join {
        /// The relation with the column.
        child: QualifiedName,
        /// The column.
        column: String,
        /// The relation that it points to.
        parent: QualifiedName,
    },
    /// A type: `public.mood`.
    Type(QualifiedName),
    /// An object of a catalog that is held against another: `public.posts.posts_author_idx`.
    Object(ObjectPath),
    /// An object, as a migration or its way back leaves it: `2024-01-01-000000_a public.posts.title`.
    InMigration {
        /// The migration's name: its directory's.
        migration: String,
        /// The object.
        object: ObjectPath,
    },
    /// A migration: its directory's name, or its version where it has no directory.
    Migration(String),
    /// A rule of the project's own: its id.
    Rule(String),
    /// What is accepted, in `drift.toml`, a migration or a baseline: `column-missing public.posts.title`.
    Suppression {
        /// The kind that it names.
        kind: String,
        /// The subject that it names.
        subject: String,
    },
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relation(name) | Self::Type(name) => {
                f.write_str(&path(&[&name.schema, &name.name]))
            }
            Self::Column(relation, column) => {
                f.write_str(&path(&[&relation.schema, &relation.name, column]))
            }
            Self::Join {
                child,
                column,
                parent,
            } => write!(
                f,
                "{} -> {}",
                path(&[&child.schema, &child.name, column]),
                path(&[&parent.schema, &parent.name])
            ),
            Self::Object(path) => path.fmt(f),
            Self::InMigration { migration, object } => {
                let migration = visible(migration).replace('\n', "\\u{a}");
                write!(f, "{migration} {object}")
            }
            Self::Migration(name) => f.write_str(&visible(name).replace('\n', "\\u{a}")),
            Self::Rule(id) => f.write_str(&visible(id)),
            Self::Suppression { kind, subject } => write!(f, "{kind} {subject}"),
        }
    }
}

/// Names joined by dots; a name that would make the path ambiguous or unreadable is quoted, and what cannot be seen is escaped.
fn path(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| show_name(name))
        .collect::<Vec<_>>()
        .join(".")
}
