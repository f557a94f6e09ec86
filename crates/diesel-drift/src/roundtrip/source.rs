//! The two files of a migration, and where in them something is named.

use crate::catalog::ObjectPath;
use crate::declared::Span;
use crate::migrate::{
    Direction, MigrationDir, Place, column_of, identifiers, leading_words, line_of, split,
};
use std::fs;
use std::path::{Path, PathBuf};

/// What a migration's files say.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// The directory's name.
    pub(super) migration: String,
    pub(super) up: Option<Script>,
    pub(super) down: Option<Script>,
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct Script {
    /// Relative to the project's root where it is inside.
    pub(super) file: PathBuf,
    pub(super) text: String,
}

impl Files {
    /// Reads what can be read.
    pub(super) fn read(migration: &MigrationDir, root: &Path) -> Self {
        let script = |direction| {
            let path = migration.sql(direction);
            Some(Script {
                text: fs::read_to_string(&path).ok()?,
                file: path.strip_prefix(root).unwrap_or(&path).to_owned(),
            })
        };
        Self {
            migration: migration.name.clone(),
            up: script(Direction::Up),
            down: script(Direction::Down),
        }
    }

    pub(super) fn script(&self, direction: Direction) -> Option<&Script> {
        match direction {
            Direction::Up => self.up.as_ref(),
            Direction::Down => self.down.as_ref(),
        }
    }
}

impl Script {
    /// The first line of the first statement that names an object, or else of the first that names what it hangs on. One that begins with
    /// `verb` goes before one that makes or drops something else, and that before others.
    pub(super) fn span_naming(&self, object: &ObjectPath, verb: &str) -> Option<Span> {
        let names = [object.child.as_deref(), Some(object.name.as_str())];
        names.into_iter().flatten().find_map(|name| {
            let naming: Vec<_> = (split(&self.text).into_iter())
                .filter(|statement| {
                    let text = &self.text[statement.clone()];
                    identifiers(text).any(|identifier| identifier == name)
                })
                .collect();
            let begins_with = |verb: &str| {
                naming.iter().find(|statement| {
                    let first = leading_words(&self.text[(*statement).clone()], 1);
                    first.iter().any(|first| first == verb)
                })
            };
            let deciding = [verb, "create", "drop"].into_iter().find_map(begins_with);
            let statement = deciding.or(naming.first())?;
            Some(self.span(statement.start))
        })
    }

    /// Where a failure points.
    pub(super) fn span_of_failure(&self, place: &Place) -> Option<Span> {
        let line = self.text.split_inclusive('\n').take(place.line - 1);
        let start: usize = line.map(str::len).sum();
        let first = self.text.get(start..)?;
        let column = place.column.map_or_else(
            || first.find(|c: char| !c.is_whitespace()).unwrap_or(0),
            |column| {
                let without_mark = first.trim_start_matches('\u{feff}');
                let at = without_mark.char_indices().nth(column - 1);
                first.len() - without_mark.len() + at.map_or(0, |(at, _)| at)
            },
        );
        Some(self.span(start + column))
    }

    /// From a place to the end of its line.
    fn span(&self, start: usize) -> Span {
        let rest = &self.text[start..];
        let line = rest.lines().next().unwrap_or_default().trim_end();
        Span {
            file: self.file.clone(),
            start,
            end: start + line.len(),
            line: line_of(&self.text, start),
            column: column_of(&self.text, start),
        }
    }
}
