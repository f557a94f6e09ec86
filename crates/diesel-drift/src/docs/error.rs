//! Why pages cannot be made or written.

use crate::text::show_name;
use std::path::PathBuf;

/// Why pages cannot be made, compared or written.
#[derive(Debug, thiserror::Error)]
pub enum DocsError {
    /// A schema that was named is not there or empty.
    #[error(
        "there is nothing to show of a schema `{}`: {}",
        show_name(schema),
        schemas(known)
    )]
    NoSuchSchema {
        /// As it was named.
        schema: String,
        /// Those that have a page.
        known: Vec<String>,
    },
    /// A file is in the way that somebody wrote.
    #[error(
        "{} was not written by diesel-drift, and a page would take its place: move it away, or choose another directory with --output, \
        or with `[docs] directory` in drift.toml",
        path.display()
    )]
    ByHand {
        /// The file.
        path: PathBuf,
    },
    /// A file or directory cannot be read, written or removed.
    #[error("cannot {what} {}: {source}", path.display())]
    Io {
        /// What could not be done to it: `read`, `write`, `make` or `remove`.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

fn schemas(known: &[String]) -> String {
    let names: Vec<_> = known.iter().map(|name| show_name(name)).collect();
    match names.is_empty() {
        true => "no schema has anything in it".to_owned(),
        false => format!("the schemas are {}", names.join(", ")),
    }
}
