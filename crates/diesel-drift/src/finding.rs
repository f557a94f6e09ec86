//! Kinds of drift, and one difference of a kind, as data.

use crate::attribution::{Attribution, Presence};
use crate::chain::ChainSource;
use crate::compare::Comparison;
use crate::declared::Span;
use crate::kinds;
use crate::rules::{self, Rule};
use crate::subject::Subject;
use crate::text::visible;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

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

/// A class of drift: one record that feeds the check, the listing and the page.
pub struct Kind {
    /// Kebab case; never changes.
    pub id: &'static str,
    /// The severity where a finding does not say otherwise.
    pub severity: Severity,
    /// One line for the listing.
    pub summary: &'static str,
    /// Its page and the example on it. The kinds of two catalogs have none: `docs/coverage.md` shows them.
    pub fixture: Option<Fixture>,
    /// Who finds it.
    pub found: Found,
    /// The sentence for one finding.
    pub message: fn(&Finding) -> String,
}

/// Who finds a kind of drift.
#[derive(Clone, Copy)]
pub enum Found {
    /// A function of what the code declares and of a database, that finds this kind and no other: pure.
    InDeclarations(fn(&Comparison<'_>) -> Vec<Finding>),
    /// A function of a chain's files and of what they are held against, that finds this kind and no other: pure.
    InChain(fn(&ChainSource) -> Vec<Finding>),
    /// A rule, which finds this kind and no other in a database by itself: pure.
    ByRule(&'static Rule),
    /// A rule of a project's own, in its `drift.toml`.
    ByOwnRule,
    /// What finds several kinds at once: the comparison of two catalogs, a replay of the chain, the suppressions of `drift.toml`.
    Together,
}

/// The files in `fixtures/<kind>/` that show a kind. The tests run on the same files.
pub enum Fixture {
    /// A database that agrees with declarations, and one that does not.
    Database {
        /// What it means, how it comes about and what to do, in Markdown.
        page: &'static str,
        /// The declarations.
        schema: &'static str,
        /// The statements that make a database which agrees with them.
        agreed: &'static str,
        /// The statements that make it drift.
        drift: &'static str,
        /// The report on the drifted database.
        findings: &'static str,
    },
    /// A project whose chain is as it should be, and one whose chain is not: the directories `agreed` and `drift`.
    Chain {
        /// What it means, how it comes about and what to do, in Markdown.
        page: &'static str,
        /// The report on the project in `drift`.
        findings: &'static str,
    },
    /// A schema that breaks a rule, and one that does not.
    Rule {
        /// The statements that make it.
        sql: Sides,
        /// The Rust sources beside it, where the rule reads them.
        rust: Option<Sides>,
        /// The report on the bad one.
        findings: &'static str,
    },
}

/// The two examples of a rule.
pub struct Sides {
    /// What breaks it.
    pub bad: &'static str,
    /// What does not.
    pub good: &'static str,
}

impl Fixture {
    /// What the kind means, how it comes about and what to do, in Markdown; of a rule its record says so.
    pub fn page(&self) -> &'static str {
        match self {
            Self::Database { page, .. } | Self::Chain { page, .. } => page,
            Self::Rule { .. } => "",
        }
    }

    /// The report on the one that drifted.
    pub fn findings(&self) -> &'static str {
        match self {
            Self::Database { findings, .. }
            | Self::Chain { findings, .. }
            | Self::Rule { findings, .. } => findings,
        }
    }
}

impl Kind {
    /// The whole page in Markdown: what it means, what to do, and the example.
    pub fn page(&self) -> String {
        self.page_with(self.fixture.as_ref().map_or("", Fixture::findings))
    }

    /// As [`page`](Self::page), with other findings for the example.
    pub(crate) fn page_with(&self, findings: &str) -> String {
        let Self {
            id,
            severity,
            summary,
            ..
        } = self;
        let head = format!("# {id}\n\n{summary} ({severity} by default).\n\n");
        let report = format!("The report:\n\n```text\n{findings}```\n");
        match &self.fixture {
            None => head + kinds::page_without_fixture(self),
            Some(Fixture::Rule { sql, rust, .. }) => {
                let examples = [("sql", Some(sql)), ("rust", rust.as_ref())];
                let examples: String = (examples.into_iter())
                    .filter_map(|(language, sides)| Some((language, sides?)))
                    .map(|(language, Sides { bad, good })| {
                        format!("Bad:\n\n```{language}\n{bad}```\n\nGood:\n\n```{language}\n{good}```\n\n")
                    })
                    .collect();
                format!("{head}{}{examples}{report}", self.rule_text())
            }
            Some(Fixture::Chain { page, .. }) => format!("{head}{page}\n## Example\n\n{report}"),
            Some(Fixture::Database {
                page,
                schema,
                agreed,
                drift,
                ..
            }) => format!(
                "{head}{page}\n## Example\n\n\
                 `schema.rs`:\n\n```rust\n{schema}```\n\n\
                 The migrations:\n\n```sql\n{agreed}{drift}```\n\n\
                 {report}"
            ),
        }
    }
}

impl Kind {
    /// The rule, where it is one.
    pub fn rule(&self) -> Option<&'static Rule> {
        match self.found {
            Found::ByRule(rule) => Some(rule),
            Found::InDeclarations(_) | Found::InChain(_) | Found::ByOwnRule | Found::Together => {
                None
            }
        }
    }

    /// Whether it is a rule, the harness's or a project's own.
    pub fn is_rule(&self) -> bool {
        matches!(self.found, Found::ByRule(_) | Found::ByOwnRule)
    }

    fn rule_text(&self) -> String {
        let text = |rule: &Rule| {
            let off = match rule.default {
                rules::Default::On => "",
                rules::Default::Off => {
                    " It is off by default: set its level in `drift.toml` to have it."
                }
            };
            format!(
                "{}{off}\n\nWrite {}.\n\n{}\n\n",
                rule.because,
                rule.instead,
                rule.others_have()
            )
        };
        self.rule().map(text).unwrap_or_default()
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Kind {}

/// One difference between what the code declares and what the database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its class.
    pub kind: &'static Kind,
    /// How much it matters: the kind's own judgement, or the level that `drift.toml` sets.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// The fact that differs, of an object that two catalogs have: dotted, `index.options`.
    pub attribute: Option<String>,
    /// Where the code says it.
    pub span: Option<Span>,
    /// What the code says, in the code's words; of two catalogs, what is expected.
    pub declared: Option<String>,
    /// What the database holds, in PostgreSQL's words.
    pub live: Option<String>,
    /// Which of declared, migrated and deployed stands alone, where the three were compared.
    pub attribution: Option<Attribution>,
    /// Which migrations made what it is about what it is, where that was looked for.
    pub blame: Option<Blame>,
    /// What to do about it: sentences, each with what to write.
    pub help: Vec<String>,
}

/// Where in the chain an object comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blame {
    /// What created it.
    pub created: Option<MigrationPlace>,
    /// What changed it last, or the fact that the finding is about; none where nothing did after it was created. Of an object that is
    /// gone, what dropped it.
    pub changed: Option<LastChange>,
}

/// What a migration did last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// What it did.
    pub act: Act,
    /// Where.
    pub place: MigrationPlace,
}

/// What a migration did to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Changed it.
    Changed,
    /// Gave it another name.
    Renamed,
    /// Dropped it.
    Dropped,
}

/// A place in a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationPlace {
    /// The migration's name: its directory's.
    pub migration: String,
    /// The file.
    pub file: PathBuf,
    /// The line in which the statement begins, counted from 1; none where no single statement did it.
    pub line: Option<usize>,
}

impl Blame {
    /// What it says, in a sentence without its end: "created by `2026-01-24-120000_add_trace_id/up.sql:3`".
    pub fn sentence(&self) -> String {
        let created = (self.created.as_ref()).map(|place| format!("created by `{place}`"));
        let changed = self.changed.as_ref().map(|LastChange { act, place }| {
            let act = match act {
                Act::Changed => "last changed",
                Act::Renamed => "renamed",
                Act::Dropped => "dropped",
            };
            format!("{act} by `{place}`")
        });
        let parts: Vec<String> = [created, changed].into_iter().flatten().collect();
        parts.join(", ")
    }
}

/// The migration's directory and file, and the line: `2026-01-24-120000_add_trace_id/up.sql:3`.
impl fmt::Display for MigrationPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        let shown = visible(&format!("{}/{file}", self.migration));
        f.write_str(&shown.replace('\n', "\\u{a}"))?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}

impl Finding {
    /// A finding of `kind` with the kind's own severity and nothing but its subject.
    pub fn new(kind: &'static Kind, subject: Subject) -> Self {
        Self {
            kind,
            severity: kind.severity,
            subject,
            attribute: None,
            span: None,
            declared: None,
            live: None,
            attribution: None,
            blame: None,
            help: Vec::new(),
        }
    }

    /// With another severity than the kind's own.
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// With the fact that differs.
    pub fn attribute(mut self, attribute: impl Into<String>) -> Self {
        self.attribute = Some(attribute.into());
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

    /// With who stands alone.
    pub fn attributed(mut self, attribution: Attribution) -> Self {
        self.attribution = Some(attribution);
        self
    }

    /// With one more thing to do.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(visible(&text.into()));
        self
    }

    /// The sentence that says what is wrong.
    pub fn message(&self) -> String {
        let message = match self.subject {
            // Some kinds are both: `column-missing`.
            Subject::Object(_) if !self.kind.is_rule() => kinds::object_message(self),
            _ => (self.kind.message)(self),
        };
        visible(&message).replace('\n', "\\u{a}")
    }

    /// Which of declared, migrated and deployed stands alone, in a sentence without its end.
    pub fn who_stands_alone(&self) -> Option<&'static str> {
        let presence = match &self.subject {
            Subject::Object(path) if self.attribute.is_none() => {
                match self.kind.id == path.class.missing {
                    true => Presence::Missing,
                    false => Presence::Unexpected,
                }
            }
            _ => Presence::Otherwise,
        };
        Some(self.attribution?.sentence(presence))
    }

    /// What stays the same when lines move and wording changes: kind and subject.
    pub fn fingerprint(&self) -> (&'static str, &Subject) {
        (self.kind.id, &self.subject)
    }
}
