//! Why a project's configuration cannot be used.

use super::plainly::plainly;
use crate::migrate::shown;
use std::path::{Path, PathBuf};

/// Why a project's configuration cannot be used: one sentence, with file and line where there is one.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// A file or directory cannot be read.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A configuration file is not valid.
    #[error("{path}:{line}: {message}", path = path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// 1-based.
        line: usize,
        /// What is wrong, and what to do.
        message: String,
    },
    /// Several things in a configuration file are not valid.
    #[error("{}", lines(.0))]
    All(Vec<ProjectError>),
    /// There are several projects, and none is meant.
    #[error(
        "{} holds several Diesel projects: choose one with --project: {}",
        directory.display(),
        projects.iter().map(|project| project.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    Several {
        /// Where the project was looked for.
        directory: PathBuf,
        /// The directories with a `diesel.toml`.
        projects: Vec<PathBuf>,
    },
    /// There is nothing to compare.
    #[error("{message}")]
    NoSchema {
        /// What was looked for where, and what to do.
        message: String,
    },
}

impl ProjectError {
    /// An error at a byte offset of a configuration file's text.
    pub(crate) fn at(path: &Path, text: &str, offset: usize, message: impl Into<String>) -> Self {
        Self::Invalid {
            path: shown(path),
            line: line_of(text, offset),
            message: message.into(),
        }
    }

    /// One of all of them, each a line; none where there are none.
    pub(crate) fn of_all(mut all: Vec<Self>) -> Option<Self> {
        let last = all.pop()?;
        if all.is_empty() {
            return Some(last);
        }
        all.push(last);
        Some(Self::All(all))
    }

    /// What the TOML parser says, at its place; of a file in which a merge is not settled, that.
    pub(crate) fn toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        if let Some(offset) = merge_mark(text) {
            let message = "this is the mark of a merge that is not settled: choose one of the two sides, or keep both, and remove the marks";
            return Self::at(path, text, offset, message);
        }
        let offset = error.span().map_or(0, |span| span.start);
        Self::at(path, text, offset, plainly(error.message()))
    }
}

/// The first line that only an unsettled merge writes.
fn merge_mark(text: &str) -> Option<usize> {
    const MARKS: [&str; 2] = ["<<<<<<< ", ">>>>>>> "];
    let mut start = 0;
    (text.split_inclusive('\n')).find_map(|line| {
        let place = start;
        start += line.len();
        (MARKS.iter().any(|mark| line.starts_with(mark))).then_some(place)
    })
}

/// A line each.
fn lines(errors: &[ProjectError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    let offset = offset.min(text.len());
    text.as_bytes()[..offset]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}
