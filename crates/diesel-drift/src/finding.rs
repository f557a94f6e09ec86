//! One difference, as data.

use crate::catalog::QualifiedName;
use crate::declared::Span;
use crate::kinds::Kind;
use crate::text::{show_name, visible};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a finding matters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails by default.
    Note,
    /// Code and database disagree, and today's queries still work.
    Warning,
    /// Code and database disagree in a way that can break at run time.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

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
    /// A suppression of `drift.toml`: `column-missing public.posts.title`.
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

/// One difference between what the code declares and what the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its class.
    pub kind: &'static Kind,
    /// How much it matters: the kind's own judgement, or the level that `drift.toml` sets.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// Where the code says it.
    pub span: Option<Span>,
    /// What the code says, in the code's words.
    pub declared: Option<String>,
    /// What the database holds, in PostgreSQL's words.
    pub live: Option<String>,
    /// What to do about it: sentences, each with what to write.
    pub help: Vec<String>,
}

impl Finding {
    /// A finding of `kind` with the kind's own severity and nothing but its subject.
    pub fn new(kind: &'static Kind, subject: Subject) -> Self {
        Self {
            kind,
            severity: kind.severity,
            subject,
            span: None,
            declared: None,
            live: None,
            help: Vec::new(),
        }
    }

    /// With another severity than the kind's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With a place in the code.
    pub fn at(mut self, span: &Span) -> Self {
        self.span = Some(span.clone());
        self
    }

    /// With what the code says.
    pub fn declared(mut self, text: impl Into<String>) -> Self {
        self.declared = Some(text.into());
        self
    }

    /// With what the database holds.
    pub fn live(mut self, text: impl Into<String>) -> Self {
        self.live = Some(text.into());
        self
    }

    /// With one more thing to do.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(visible(&text.into()));
        self
    }

    /// The sentence that says what is wrong.
    pub fn message(&self) -> String {
        visible(&(self.kind.message)(self)).replace('\n', "\\u{a}")
    }

    /// What stays the same when lines move and wording changes: kind and subject.
    pub fn fingerprint(&self) -> (&'static str, &Subject) {
        (self.kind.id, &self.subject)
    }
}
