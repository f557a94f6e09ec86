//! A migration that failed, as data and as text.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use super::chain::Direction;
use super::place::Place;
use crate::text::visible;
use annotate_snippets::renderer::DecorStyle;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
/// A migration that failed. Nothing in it holds a password; its `Display` is several lines in the manner of rustc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedMigration {
    /// The name of the migration's directory.
    pub name: String,
    /// Whether it was applied or reverted.
    pub direction: Direction,
    /// Its `up.sql` or `down.sql`, relative to the working directory where it lies below it.
    pub file: PathBuf,
    /// What of it failed.
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

/// What failed of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// One of its statements.
    Statement,
    /// Every statement passed, and Diesel could not record the migration in `__diesel_schema_migrations`.
    Recording,
    /// Every statement passed, and at the commit a deferred constraint did not hold or a deferred trigger failed.
    Commit,
}

/// A path as messages show it: from the working directory where it lies below that.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let below = env::current_dir()
        .ok()
        .and_then(|current| path.strip_prefix(current).ok());
    below.unwrap_or(path).to_owned()
}

impl fmt::Display for FailedMigration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = match self.stage {
            Stage::Statement => "",
            Stage::Commit => " when it was committed",
            Stage::Recording => " when Diesel recorded it",
        };
        let reverting = match self.direction {
            Direction::Up => "",
            Direction::Down => "reverting ",
        };
        write!(
            f,
            "{reverting}migration `{}` failed{when}: {}",
            visible(&self.name),
            visible(&self.message)
        )?;
        let file = self.file.display().to_string();
        let group = match self.place.as_ref() {
            Some(place) => {
                let (line, text, mark) = place.excerpt();
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
    use crate::migrate::statements;

    fn failed(sql: &str, at: &str) -> FailedMigration {
        FailedMigration {
            direction: Direction::Up,
            name: "2_x".to_owned(),
            file: PathBuf::from("migrations/2_x/up.sql"),
            stage: Stage::Statement,
            place: Place::pointed_at(sql, &statements::split(sql), sql.find(at).unwrap()),
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
        let (line, text, mark) = failed.place.as_ref().unwrap().excerpt();
        assert_eq!((line, text.lines().count(), &text[mark]), (18, 7, "c20"));
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
