//! A migration that failed, as data and as text.

use std::env;
use std::error::Error as StdError;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use diesel::PgConnection;
use diesel::result::{DatabaseErrorKind, Error};

use super::chain::MigrationDir;
use super::replay::{self, Replayed};
use super::{advice, redact, statements};

/// A migration that failed. Nothing in it holds a password; its `Display` is several lines in the manner of rustc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedMigration {
    /// The name of the migration's directory.
    pub name: String,
    /// Its `up.sql`, relative to the working directory where it lies below it.
    pub file: PathBuf,
    /// How far it came.
    pub stage: Stage,
    /// Where in the file, if that is certain.
    pub place: Option<Place>,
    /// PostgreSQL's message.
    pub message: String,
    /// PostgreSQL's detail.
    pub detail: Option<String>,
    /// PostgreSQL's hint.
    pub hint: Option<String>,
    /// PostgreSQL's error code, five characters, if it could be found out.
    pub sqlstate: Option<String>,
    /// PostgreSQL's context: inside of which functions, innermost first.
    pub context: Option<String>,
    /// What to do about it, where that is known.
    pub help: Vec<String>,
}

/// How far a migration came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// One of its statements failed.
    Statement,
    /// Every statement passed; then a deferred constraint did not hold, or a deferred trigger failed.
    Commit,
    /// Every statement passed; then Diesel could not record the migration in `__diesel_schema_migrations`.
    Bookkeeping,
}

/// The statement that failed, in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The line that PostgreSQL points at, or else the first one of the statement, counted from 1.
    pub line: usize,
    /// The column that PostgreSQL points at, in characters, counted from 1. None if it points at the whole statement.
    pub column: Option<usize>,
    /// The statement, without leading comments; its passwords are stars.
    pub statement: String,
    /// The line in which the statement begins, counted from 1.
    pub statement_line: usize,
    /// What PostgreSQL points at, or else the statement's first line: bytes of `statement`.
    pub mark: Range<usize>,
}

/// What libpq told about an error.
struct Facts {
    message: String,
    detail: Option<String>,
    hint: Option<String>,
    position: Option<usize>,
    sqlstate: Option<&'static str>,
    connected: bool,
}

impl Facts {
    fn of(error: &Error) -> Self {
        match error {
            Error::DatabaseError(kind, information) => Self {
                message: information.message().trim_end().to_owned(),
                detail: information.details().map(str::to_owned),
                hint: information.hint().map(str::to_owned),
                position: information
                    .statement_position()
                    .and_then(|position| usize::try_from(position).ok()),
                sqlstate: sqlstate_of(kind),
                connected: !matches!(
                    kind,
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
                ),
            },
            Error::RollbackErrorOnCommit { commit_error, .. } => Self::of(commit_error),
            other => Self::of_message(other.to_string()),
        }
    }

    fn of_message(message: String) -> Self {
        Self {
            message,
            detail: None,
            hint: None,
            position: None,
            sqlstate: None,
            connected: true,
        }
    }

    fn is_said_by(&self, replayed: &replay::Said) -> bool {
        self.message == replayed.message
            && self.detail == replayed.detail
            && self.hint == replayed.hint
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

/// A statement of the file failed.
pub(super) fn of_file(
    connection: &mut PgConnection,
    migration: &MigrationDir,
    sql: &str,
    error: &Error,
) -> FailedMigration {
    let facts = Facts::of(error);
    let replayed = replay_if_it_agrees(connection, migration, sql, &facts);
    let spans = statements::split(sql);
    let pointed_at = facts
        .position
        .and_then(|position| statements::byte_of_position(sql, position));
    let place = match (pointed_at, spans.as_slice()) {
        (Some(byte), _) => pointed_place(sql, &spans, byte),
        (None, [only]) => Some(whole_place(sql, only)),
        (None, _) => replayed
            .as_ref()
            .and_then(|replayed| spans.get(replayed.statement?))
            .map(|span| whole_place(sql, span)),
    };
    finish(migration, Stage::Statement, place, facts, replayed)
}

/// The file passed, and what Diesel did after it failed.
pub(super) fn of_bookkeeping(
    connection: &mut PgConnection,
    migration: &MigrationDir,
    sql: &str,
    error: &(dyn StdError + 'static),
) -> FailedMigration {
    let facts = error
        .downcast_ref::<Error>()
        .map_or_else(|| Facts::of_message(error.to_string()), Facts::of);
    let replayed = replay_if_it_agrees(connection, migration, sql, &facts);
    // The replay has no bookkeeping: what agrees with it failed at the commit.
    let stage = if replayed.is_some() {
        Stage::Commit
    } else {
        Stage::Bookkeeping
    };
    finish(migration, stage, None, facts, replayed)
}

/// What a second run tells, unless it tells another story than the first.
fn replay_if_it_agrees(
    connection: &mut PgConnection,
    migration: &MigrationDir,
    sql: &str,
    facts: &Facts,
) -> Option<Replayed> {
    if !facts.connected {
        return None;
    }
    let replayed = replay::replay(connection, sql, migration.run_in_transaction)?;
    facts.is_said_by(&replayed.said).then_some(replayed)
}

fn finish(
    migration: &MigrationDir,
    stage: Stage,
    place: Option<Place>,
    facts: Facts,
    replayed: Option<Replayed>,
) -> FailedMigration {
    let diagnosis = replayed.and_then(|replayed| replayed.diagnosis);
    let (sqlstate, context) = diagnosis
        .map(|diagnosis| (Some(diagnosis.sqlstate), diagnosis.context))
        .unwrap_or_default();
    let mut failed = FailedMigration {
        name: migration.name.clone(),
        file: shown(&migration.up_sql()),
        stage,
        place,
        message: redact::text(&facts.message),
        detail: facts.detail.as_deref().map(redact::text),
        hint: facts.hint.as_deref().map(redact::text),
        sqlstate: facts.sqlstate.map(str::to_owned).or(sqlstate),
        context: context.as_deref().map(redact::sql),
        help: Vec::new(),
    };
    failed.help = advice::help(&failed, migration);
    failed
}

/// The place of a statement that PostgreSQL points into.
fn pointed_place(sql: &str, spans: &[Range<usize>], byte: usize) -> Option<Place> {
    let token = statements::token_at(sql, byte)?;
    let statement = spans
        .iter()
        .find(|span| span.contains(&token.start))
        // A stray `;`: no statement holds it.
        .unwrap_or(&token);
    // A position inside of a token is one in the body of a function: the line is that of the position.
    let start = byte.clamp(token.start, token.end - 1);
    let start = if sql.is_char_boundary(start) {
        start
    } else {
        token.start
    };
    let end = sql[start..token.end]
        .find('\n')
        .map_or(token.end, |end| start + end);
    Some(Place {
        line: statements::line_of(sql, start),
        column: Some(statements::column_of(sql, start)),
        statement_line: statements::line_of(sql, statement.start),
        mark: start - statement.start..end - statement.start,
        statement: redact::sql(&sql[statement.clone()]),
    })
}

fn whole_place(sql: &str, statement: &Range<usize>) -> Place {
    let text = &sql[statement.clone()];
    let line = statements::line_of(sql, statement.start);
    Place {
        line,
        column: None,
        statement_line: line,
        mark: 0..text
            .lines()
            .next()
            .map_or(0, |first| first.trim_end().len()),
        statement: redact::sql(text),
    }
}

/// A path as messages show it.
pub(super) fn shown(path: &Path) -> PathBuf {
    let below = env::current_dir()
        .ok()
        .and_then(|current| path.strip_prefix(current).ok());
    below.unwrap_or(path).to_owned()
}

/// Lines of a statement that are shown before and after the one that is marked.
const LINES_BEFORE: usize = 3;
const LINES_AFTER: usize = 3;

/// The part of the statement around its mark: its first line in the file, its text, and the mark in it.
fn excerpt(place: &Place) -> (usize, &str, Range<usize>) {
    let text = place.statement.as_str();
    let marked = text[..place.mark.start].matches('\n').count();
    let first = marked.saturating_sub(LINES_BEFORE);
    let mut starts: Vec<usize> = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(end, _)| end + 1))
        .collect();
    starts.push(text.len());
    let start = starts[first];
    let end = starts[(marked + LINES_AFTER + 1).min(starts.len() - 1)];
    let mark = place.mark.start - start..place.mark.end.min(end) - start;
    (place.statement_line + first, &text[start..end], mark)
}

/// Text of a database as it can be shown: nothing in it moves a cursor or turns the direction of writing.
fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let shown: Box<dyn Iterator<Item = char>> = match c {
                '\n' | '\t' => Box::new(std::iter::once(c)),
                '\r' => Box::new(std::iter::empty()),
                _ if c.is_control() || is_direction(c) => Box::new(c.escape_unicode()),
                _ => Box::new(std::iter::once(c)),
            };
            shown
        })
        .collect()
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for FailedMigration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = match self.stage {
            Stage::Statement => "",
            Stage::Commit => " when it was committed",
            Stage::Bookkeeping => " when Diesel recorded it",
        };
        write!(
            f,
            "migration `{}` failed{when}: {}",
            visible(&self.name),
            visible(&self.message)
        )?;
        let file = self.file.display().to_string();
        let group = match self.place.as_ref() {
            Some(place) => {
                let (line, text, mark) = excerpt(place);
                Group::with_level(Level::ERROR).element(
                    Snippet::source(text)
                        .line_start(line)
                        .path(file)
                        .fold(false)
                        .annotation(AnnotationKind::Primary.span(mark)),
                )
            }
            None => Group::with_level(Level::ERROR).element(Origin::path(file)),
        };
        let notes = [
            ("SQLSTATE", self.sqlstate.as_ref()),
            ("detail", self.detail.as_ref()),
            ("hint", self.hint.as_ref()),
            ("context", self.context.as_ref()),
        ];
        let group = group
            .elements(notes.into_iter().filter_map(|(name, text)| {
                Some(Level::NOTE.with_name(name).message(visible(text?)))
            }))
            .elements(
                self.help
                    .iter()
                    .map(|help| Level::HELP.message(visible(help))),
            );
        let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
        write!(f, "\n{}", renderer.render(&[group]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(sql: &str, at: &str) -> FailedMigration {
        FailedMigration {
            name: "2_x".to_owned(),
            file: PathBuf::from("migrations/2_x/up.sql"),
            stage: Stage::Statement,
            place: pointed_place(sql, &statements::split(sql), sql.find(at).unwrap()),
            message: "relation \"nope\" does not exist".to_owned(),
            detail: None,
            hint: None,
            sqlstate: Some("42P01".to_owned()),
            context: None,
            help: vec!["do something".to_owned()],
        }
    }

    #[test]
    fn shown_as_rustc_shows_errors() {
        let sql = "-- first\ncreate table a ();\n\ninsert into\n  nope values (1);\n";
        assert_eq!(
            failed(sql, "nope").to_string(),
            "migration `2_x` failed: relation \"nope\" does not exist
 --> migrations/2_x/up.sql:5:3
  |
4 | insert into
5 |   nope values (1)
  |   ^^^^
  |
  = SQLSTATE: 42P01
  = help: do something"
        );
    }

    #[test]
    fn a_long_statement_is_cut_around_its_mark() {
        let lines: Vec<String> = (1..=30).map(|line| format!("  c{line} int")).collect();
        let sql = format!("create table t (\n{}\n);", lines.join(",\n"));
        let failed = failed(&sql, "c20");
        let (line, text, mark) = excerpt(failed.place.as_ref().unwrap());
        assert_eq!((line, text.lines().count(), &text[mark]), (18, 7, "c20"));
    }

    #[test]
    fn nothing_moves_the_cursor() {
        assert_eq!(
            visible("a\x1b[2J\u{202e}\r\nü\t"),
            "a\\u{1b}[2J\\u{202e}\nü\t"
        );
    }

    #[test]
    fn passwords_do_not_reach_the_excerpt() {
        let sql = "create role nope password 'hunter2';";
        let shown = failed(sql, "nope").to_string();
        assert!(
            shown.contains("password '*******'") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
