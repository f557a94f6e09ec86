//! From the little that Diesel says about an error to a [`FailedMigration`].

use diesel::PgConnection;
use diesel::result::{DatabaseErrorKind, Error};

use super::chain::{Direction, MigrationDir};
use super::failure::{FailedMigration, Stage, shown};
use super::place::Place;
use super::replay::{self, Replayed, Said, Step};
use super::{advice, redact, statements};

/// What libpq told about an error.
pub(super) struct Facts {
    said: Said,
    position: Option<usize>,
    sqlstate: Option<&'static str>,
    connected: bool,
}

impl Facts {
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                information,
            ) => Self {
                connected: false,
                // libpq's own messages are several lines.
                ..Self::of_message(
                    &information
                        .message()
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" "),
                )
            },
            Error::DatabaseError(kind, information) => Self {
                said: Said::of(information.as_ref()),
                position: information
                    .statement_position()
                    .and_then(|position| usize::try_from(position).ok()),
                sqlstate: sqlstate_of(kind),
                connected: true,
            },
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::of(commit_error),
            other => Self::of_message(&other.to_string()),
        }
    }

    pub(super) fn of_message(message: &str) -> Self {
        Self {
            said: Said {
                message: message.trim_end().to_owned(),
                detail: None,
                hint: None,
            },
            position: None,
            sqlstate: None,
            connected: true,
        }
    }
}

/// The error codes that Diesel makes kinds of (`PgResult::new`). The others it drops.
fn sqlstate_of(kind: &DatabaseErrorKind) -> Option<&'static str> {
    match kind {
        DatabaseErrorKind::UniqueViolation => Some("23505"),
        DatabaseErrorKind::ForeignKeyViolation => Some("23503"),
        DatabaseErrorKind::SerializationFailure => Some("40001"),
        DatabaseErrorKind::ReadOnlyTransaction => Some("25006"),
        DatabaseErrorKind::NotNullViolation => Some("23502"),
        DatabaseErrorKind::CheckViolation => Some("23514"),
        DatabaseErrorKind::RestrictViolation => Some("23001"),
        DatabaseErrorKind::ExclusionViolation => Some("23P01"),
        _ => None,
    }
}

/// What there is to know about a migration that failed. `ran_through` says that its own statements had passed.
pub(super) fn explain(
    connection: &mut PgConnection,
    (migration, direction): (&MigrationDir, Direction),
    sql: &str,
    facts: Facts,
    ran_through: bool,
) -> FailedMigration {
    let replayed = replay_if_it_agrees(connection, (migration, direction), sql, &facts);
    let step = replayed.as_ref().map(|replayed| replayed.step);
    let diagnosis = replayed
        .and_then(|replayed| replayed.diagnosis)
        .or_else(|| {
            (facts.connected && !ran_through)
                .then(|| replay::diagnose_file(connection, sql, &facts.said))?
        });
    let (sqlstate, context) = diagnosis
        .map(|diagnosis| (Some(diagnosis.sqlstate), diagnosis.context))
        .unwrap_or_default();
    let stage = match step {
        Some(Step::Commit) => Stage::Commit,
        Some(Step::Record) => Stage::Recording,
        Some(Step::Statement(_)) => Stage::Statement,
        None if ran_through => Stage::Recording,
        None => Stage::Statement,
    };
    let place = match stage {
        Stage::Statement => place(sql, facts.position, step, context.as_deref()),
        Stage::Recording | Stage::Commit => None,
    };
    let mut failed = FailedMigration {
        name: migration.name.clone(),
        direction,
        file: shown(&migration.sql(direction)),
        stage,
        place,
        message: redact::text(&facts.said.message),
        detail: facts.said.detail.as_deref().map(redact::text),
        hint: facts.said.hint.as_deref().map(redact::text),
        sqlstate: facts.sqlstate.map(str::to_owned).or(sqlstate),
        context: context.as_deref().map(redact::sql),
        help: Vec::new(),
    };
    let version = facts
        .connected
        .then(|| replay::server_version(connection))
        .flatten();
    failed.help = advice::help(&failed, migration, version.as_deref());
    failed
}

/// What a second run tells, unless it tells another story than the first.
fn replay_if_it_agrees(
    connection: &mut PgConnection,
    migration: (&MigrationDir, Direction),
    sql: &str,
    facts: &Facts,
) -> Option<Replayed> {
    if !facts.connected {
        return None;
    }
    replay::replay(connection, migration, sql).filter(|replayed| replayed.said == facts.said)
}

/// Where PostgreSQL points; else the statement that failed again; else the only one there is.
fn place(
    sql: &str,
    position: Option<usize>,
    step: Option<Step>,
    context: Option<&str>,
) -> Option<Place> {
    let spans = statements::split(sql);
    let byte = position.and_then(|position| statements::byte_of_position(sql, position));
    if let Some(byte) = byte {
        return Place::pointed_at(sql, &spans, byte);
    }
    let statement = match (spans.as_slice(), step) {
        ([only], _) => only,
        (several, Some(Step::Statement(index))) => several.get(index)?,
        _ => return None,
    };
    Some(Place::of_statement(sql, statement, context))
}
