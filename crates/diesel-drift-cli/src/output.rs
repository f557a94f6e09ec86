//! Where output goes, and why a command fails.

use crate::args::{Verbosity, WrittenArgs};
use crate::{CLEAN, DRIFT};
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a command failed.
#[derive(Debug)]
pub enum CliError {
    /// The check could not be made.
    Check(diesel_drift::Error),
    /// A file could not be read.
    Input {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
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
            Self::Input { path, source } => {
                write!(f, "cannot read {}: {source}", path.display())
            }
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

/// Whether stdout is meant by what `--output` names.
pub fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Writes to a file, without colours, or to stdout, which `-` is too. A reader that has gone away, as `head` does, is no error.
pub fn write_to(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let path = path.filter(|path| !is_stdout(path));
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

impl CliError {
    /// `--check` of what would be printed.
    pub fn nothing_to_check() -> Self {
        Self::Usage("what is printed cannot be checked: name with --output what is held against it, or leave --check out".to_owned())
    }
}

impl WrittenArgs {
    /// Writes generated text; or, with `--check`, holds the file against it and shows what would change. Returns the exit code. Line ends
    /// do not count: a checkout may have changed them.
    pub fn write(&self, text: &str, verbosity: Verbosity) -> Result<u8, CliError> {
        let Some(path) = self.output.as_deref().filter(|_| self.check) else {
            write_to(self.output.as_deref(), |out| out.write_all(text.as_bytes()))?;
            return Ok(CLEAN);
        };
        if is_stdout(path) {
            return Err(CliError::nothing_to_check());
        }
        let there = match std::fs::read_to_string(path) {
            Ok(there) => Some(there.replace("\r\n", "\n")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => {
                let path = path.to_owned();
                return Err(CliError::Input { path, source });
            }
        };
        if there.as_deref() == Some(text) {
            return Ok(CLEAN);
        }
        if verbosity != Verbosity::Quiet {
            let name = path.display();
            write_to(None, |out| match there {
                Some(there) => write!(
                    out,
                    "{name} is not current; the same command without --check makes it so:\n\n{}",
                    diesel_drift::visible(&diffy::create_patch(&there, text).to_string())
                ),
                None => writeln!(
                    out,
                    "{name} is not there; the same command without --check writes it"
                ),
            })?;
        }
        Ok(DRIFT)
    }
}
