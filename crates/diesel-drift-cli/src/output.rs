//! Where output goes, and why a command fails.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a command failed.
#[derive(Debug)]
pub enum CliError {
    /// The check could not be made.
    Check(diesel_drift::Error),
    /// The output could not be written.
    Output {
        /// The file, or none for stdout.
        path: Option<PathBuf>,
        /// Why.
        source: io::Error,
    },
    /// An argument is no good.
    Usage(String),
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Check(error) => error.fmt(f),
            Self::Output {
                path: Some(path),
                source,
            } => write!(f, "cannot write {}: {source}", path.display()),
            Self::Output { path: None, source } => write!(f, "cannot write to stdout: {source}"),
            Self::Usage(message) => f.write_str(message),
        }
    }
}

impl From<diesel_drift::Error> for CliError {
    fn from(error: diesel_drift::Error) -> Self {
        Self::Check(error)
    }
}

/// Writes to a file, without colours, or to stdout. A reader that has gone away, as `head` does, is no error.
pub fn write_to(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let result = match path {
        Some(path) => {
            let mut out = anstream::StripStream::new(Vec::new());
            write(&mut out).and_then(|()| std::fs::write(path, out.into_inner()))
        }
        None => {
            let mut out = anstream::AutoStream::auto(io::stdout());
            write(&mut out).and_then(|()| out.flush())
        }
    };
    match result {
        Err(error) if path.is_none() && error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(source) => Err(CliError::Output {
            path: path.map(Path::to_owned),
            source,
        }),
        Ok(()) => Ok(()),
    }
}
