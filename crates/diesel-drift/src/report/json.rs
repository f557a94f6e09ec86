//! JSON for machines: a type of its own, so that the report's inner shape may change, with a version and a schema.

use super::{Compared, Counts, Report};
use crate::attribution::{Alone, Variant};
use crate::catalog::ObjectPath;
use crate::catalog::class::COLUMN;
use crate::finding::{Act, Blame, Finding, MigrationPlace, Severity};
use crate::roundtrip::{Tried, Verdict};
use crate::subject::Subject;
use crate::version::readable;
use schemars::JsonSchema;
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;

/// The version of the JSON form. It grows when a reader of the former version could misread the new one.
pub const JSON_VERSION: u32 = 1;

/// A report of `diesel-drift check`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "diesel-drift report")]
struct JsonReport {
    /// The version of this form.
    version: u32,
    /// The tool that wrote it.
    tool: Tool,
    /// The database that was read; null where none was.
    database: Option<Database>,
    /// How much was compared.
    compared: JsonCompared,
    /// How many findings of each severity there are.
    counts: Severities,
    /// What differs.
    findings: Vec<JsonFinding>,
    /// What differs and is suppressed.
    suppressed: Vec<JsonSuppressed>,
    /// Sentences about what could not be looked at.
    notices: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Database {
    /// A description without any secret.
    description: String,
    /// PostgreSQL's version: `15.18`; null for what no server wrote.
    server_version: Option<String>,
}

#[derive(Default, Serialize, JsonSchema)]
struct JsonCompared {
    /// Rules that a schema was held to; null where none was.
    rules: Option<usize>,
    /// `table!`s; null, as what follows, where no declarations were compared. Where a schema was held to rules, its tables.
    tables: Option<usize>,
    columns: Option<usize>,
    joins: Option<usize>,
    enums: Option<usize>,
    /// Objects of the state that is expected, what hangs on tables not counted; null where declarations are what is expected.
    objects: Option<usize>,
    /// The state that is expected; null where declarations are.
    expected: Option<Database>,
    /// Migrations that were applied to a fresh database, in this run or in an earlier one that kept its state, or were read; null where the project's own command migrated it or
    /// a migrated database was given.
    migrations: Option<usize>,
    /// How each migration went up, down and up again, in the order of the chain; empty where that was not tried.
    round_trip: Vec<JsonTried>,
    /// What a chain of migrations was held against beside the rules of Diesel and PostgreSQL: a lock file, a branch, a database.
    against: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonTried {
    /// The migration's directory.
    migration: String,
    verdict: Verdict,
    /// PostgreSQL's message where something failed, the reason of one that is declared irreversible.
    says: Option<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Counts")]
struct Severities {
    error: usize,
    warning: usize,
    note: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonFinding {
    /// The kind of drift, as `diesel-drift kinds` lists it.
    kind: &'static str,
    severity: Severity,
    /// What it is about.
    subject: JsonSubject,
    /// The fact that differs, where two catalogs were compared: dotted, `index.options`.
    attribute: Option<String>,
    /// What is wrong, in a sentence.
    message: String,
    /// Where the code says it; null where only the database does.
    location: Option<Location>,
    /// What the code says; of two catalogs, what is expected.
    declared: Option<String>,
    /// What the database holds.
    live: Option<String>,
    /// Who stands alone, where declarations, migrations and a deployed database were compared.
    attribution: Option<JsonAttribution>,
    /// Which migrations made it what it is; null where that is not known or was not asked for.
    blame: Option<JsonBlame>,
    /// What to do about it.
    help: Vec<String>,
}

/// Which migrations made an object what it is.
#[derive(Serialize, JsonSchema)]
struct JsonBlame {
    /// The migration that created it.
    created: Option<JsonPlace>,
    /// What was done to it last, or to the fact that the finding is about; null where nothing was after it was created.
    changed: Option<JsonChange>,
    /// The same in words.
    sentence: String,
}

#[derive(Serialize, JsonSchema)]
struct JsonChange {
    act: Act,
    #[serde(flatten)]
    place: JsonPlace,
}

/// A place in a migration.
#[derive(Serialize, JsonSchema)]
pub(super) struct JsonPlace {
    /// The migration's name: its directory's.
    migration: String,
    /// Relative to the project's root where it is inside.
    file: String,
    /// The line in which the statement begins, 1-based; null where it cannot be told which statement did it.
    line: Option<usize>,
}

/// Equal letters: the same is said.
#[derive(Serialize, JsonSchema)]
struct JsonAttribution {
    alone: Alone,
    /// The same in words.
    sentence: &'static str,
    /// What `schema.rs` declares; null where it does not say.
    declared: Option<char>,
    /// What the migrations make of a fresh database.
    migrated: char,
    /// What the deployed database holds.
    deployed: char,
}

#[derive(Serialize, JsonSchema)]
struct JsonSuppressed {
    finding: JsonFinding,
    /// Why it is accepted.
    reason: String,
    /// Who is to see to it; null where it is accepted for good, in `drift.toml` or in a migration, and not by a baseline.
    owner: Option<String>,
    /// The last day on which a baseline accepts it: `2027-01-31`.
    until: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Location {
    /// Relative to the project's root where it is inside.
    file: String,
    /// 1-based.
    line: usize,
    /// 1-based, in characters.
    column: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonSubject {
    /// The text that a suppression names.
    path: String,
    /// The class of the object.
    class: &'static str,
    /// The raw schema, where the object is in one.
    schema: Option<String>,
    /// The raw name of the relation, type or other object, with a function's argument types; of what hangs on a table, the table's.
    name: Option<String>,
    /// The raw name of the column.
    column: Option<String>,
    /// The raw name of what else hangs on a table or type: a constraint, an index, a trigger.
    child: Option<String>,
    /// The migration that it is about: its directory.
    migration: Option<String>,
}

/// Writes `report` as one JSON document.
///
/// # Errors
/// When `out` does.
pub fn write_json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &JsonReport::new(report))?;
    writeln!(out)
}

/// The JSON Schema of what [`write_json`] writes.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(JsonReport).to_value()
}

impl JsonReport {
    fn new(report: &Report) -> Self {
        Self {
            version: JSON_VERSION,
            tool: Tool {
                name: "diesel-drift",
                version: env!("CARGO_PKG_VERSION"),
            },
            database: report.database.clone().map(|description| Database {
                description,
                server_version: report.server_version.map(readable),
            }),
            compared: JsonCompared::new(&report.compared),
            counts: Severities {
                error: report.count(Severity::Error),
                warning: report.count(Severity::Warning),
                note: report.count(Severity::Note),
            },
            findings: (report.findings.iter())
                .map(|finding| JsonFinding::new(finding, &report.root))
                .collect(),
            suppressed: report
                .suppressed
                .iter()
                .map(|suppressed| JsonSuppressed {
                    finding: JsonFinding::new(&suppressed.finding, &report.root),
                    reason: suppressed.reason.clone(),
                    owner: (suppressed.term.as_ref()).map(|term| term.owner.clone()),
                    until: (suppressed.term.as_ref()).map(|term| term.until.to_string()),
                })
                .collect(),
            notices: report.notices.clone(),
        }
    }
}

impl JsonCompared {
    fn new(compared: &Compared) -> Self {
        let nothing = Self::default();
        let counted = |counts: Counts| Self {
            tables: Some(counts.tables),
            columns: Some(counts.columns),
            joins: Some(counts.joins),
            enums: Some(counts.enums),
            ..Self::default()
        };
        match compared {
            Compared::Declared { counts, migrated } => Self {
                migrations: migrated.migrations(),
                ..counted(*counts)
            },
            Compared::Catalogs {
                expected,
                objects,
                declared,
            } => Self {
                objects: Some(*objects),
                expected: Some(Database {
                    description: expected.description.clone(),
                    server_version: expected.server_version.map(readable),
                }),
                ..declared.map_or(nothing, counted)
            },
            Compared::Chain {
                migrations,
                against,
            } => Self {
                migrations: Some(*migrations),
                against: against.clone(),
                ..nothing
            },
            Compared::RoundTrip { tried } => Self {
                migrations: Some(tried.len()),
                round_trip: tried.iter().map(JsonTried::new).collect(),
                ..nothing
            },
            Compared::Rules {
                rules,
                tables,
                migrated,
            } => Self {
                rules: Some(*rules),
                tables: Some(*tables),
                migrations: migrated.migrations(),
                ..nothing
            },
        }
    }
}

impl JsonTried {
    fn new(tried: &Tried) -> Self {
        Self {
            migration: tried.migration.clone(),
            verdict: tried.verdict,
            says: tried.says.clone(),
        }
    }
}

impl JsonFinding {
    fn new(finding: &Finding, root: &Path) -> Self {
        Self {
            kind: finding.kind.id,
            severity: finding.severity,
            subject: JsonSubject::new(&finding.subject),
            attribute: finding.attribute.clone(),
            message: finding.message(),
            location: finding.span.as_ref().map(|span| Location {
                file: span.file.display().to_string(),
                line: span.line,
                column: span.column,
            }),
            declared: finding.declared.clone(),
            live: finding.live.clone(),
            attribution: JsonAttribution::of(finding),
            blame: (finding.blame.as_ref()).map(|blame| JsonBlame::new(blame, root)),
            help: finding.help.clone(),
        }
    }
}

impl JsonBlame {
    fn new(blame: &Blame, root: &Path) -> Self {
        Self {
            created: (blame.created.as_ref()).map(|place| JsonPlace::new(place, root)),
            changed: blame.changed.as_ref().map(|changed| JsonChange {
                act: changed.act,
                place: JsonPlace::new(&changed.place, root),
            }),
            sentence: blame.sentence(),
        }
    }
}

impl JsonPlace {
    pub(super) fn new(place: &MigrationPlace, root: &Path) -> Self {
        let file = place.file.strip_prefix(root).unwrap_or(&place.file);
        Self {
            migration: place.migration.clone(),
            file: file.display().to_string(),
            line: place.line,
        }
    }
}

impl JsonAttribution {
    fn of(finding: &Finding) -> Option<Self> {
        let attribution = finding.attribution?;
        let letter = |variant| match variant {
            Variant::A => 'a',
            Variant::B => 'b',
            Variant::C => 'c',
        };
        Some(Self {
            alone: attribution.alone(),
            sentence: finding.who_stands_alone()?,
            declared: attribution.declared.map(letter),
            migrated: letter(attribution.migrated),
            deployed: letter(attribution.deployed),
        })
    }
}

impl JsonSubject {
    fn new(subject: &Subject) -> Self {
        let (class, name, column) = match subject {
            Subject::Relation(name) => ("relation", Some(name), None),
            Subject::Column(name, column) => ("column", Some(name), Some(column)),
            Subject::Join { child, column, .. } => ("join", Some(child), Some(column)),
            Subject::Type(name) => ("type", Some(name), None),
            Subject::Migration(_) => ("migration", None, None),
            Subject::Rule(_) => ("rule", None, None),
            Subject::Suppression { .. } => ("suppression", None, None),
            Subject::Object(object) => return Self::of_object(object),
            Subject::InMigration { migration, object } => {
                return Self {
                    path: subject.to_string(),
                    migration: Some(migration.clone()),
                    ..Self::of_object(object)
                };
            }
        };
        Self {
            path: subject.to_string(),
            class,
            schema: name.map(|name| name.schema.clone()),
            name: name.map(|name| name.name.clone()),
            column: column.cloned(),
            child: None,
            migration: match subject {
                Subject::Migration(migration) => Some(migration.clone()),
                _ => None,
            },
        }
    }

    fn of_object(object: &ObjectPath) -> Self {
        let column = object.child.clone().filter(|_| object.class == &COLUMN);
        Self {
            path: object.to_string(),
            class: object.class.id,
            schema: object.schema.clone(),
            name: Some(format!("{}{}", object.name, object.signature)),
            child: object.child.clone().filter(|_| column.is_none()),
            migration: None,
            column,
        }
    }
}
