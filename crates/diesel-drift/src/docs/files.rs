//! Pages and the files that hold them. Only files that begin with the harness's own mark are ever written over or removed.

use super::{DocsError, MARK, Page, shows_the_same};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// A page has no file.
    Missing {
        /// Where it belongs.
        path: PathBuf,
        /// The page's text.
        text: String,
    },
    /// A file is not what the database is.
    Differs {
        /// The file.
        path: PathBuf,
        /// What it holds.
        committed: String,
        /// The page's text.
        text: String,
    },
    /// The file of a page that there is no longer.
    LeftOver {
        /// The file.
        path: PathBuf,
    },
}

/// The most lines of a difference that are shown.
const LONGEST: usize = 80;

impl Stale {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Missing { path, .. } | Self::Differs { path, .. } | Self::LeftOver { path } => {
                path
            }
        }
    }

    /// What is wrong with the file, and how it differs: lines that it has too many begin with `-`, lines that it lacks with `+`.
    pub fn describe(&self) -> String {
        let path = self.path().display();
        match self {
            Self::Missing { .. } => format!("missing: {path}\n"),
            Self::LeftOver { .. } => format!("left over: {path}: its schema is gone or empty\n"),
            Self::Differs {
                committed, text, ..
            } => {
                let committed = committed.replace("\r\n", "\n");
                let patch = diffy::create_patch(&committed, text).to_string();
                // The first two are names of files.
                let lines: Vec<_> = patch.lines().skip(2).collect();
                let shown: String = lines
                    .iter()
                    .take(LONGEST)
                    .map(|line| format!("  {line}\n"))
                    .collect();
                let more = match lines.len().saturating_sub(LONGEST) {
                    0 => String::new(),
                    more => format!("  … and {more} lines more\n"),
                };
                format!("differs: {path}\n{shown}{more}")
            }
        }
    }
}

/// The files of `directory` that are not as `pages` have it, by name. `all` says that these are all pages, so that the others there are
/// left over.
///
/// # Errors
/// When a file that somebody else wrote is in a page's place, or something cannot be read.
pub fn compare(directory: &Path, pages: &[Page], all: bool) -> Result<Vec<Stale>, DocsError> {
    let mut stale = Vec::new();
    for page in pages {
        let path = directory.join(&page.file);
        let text = page.text.clone();
        match read(&path)? {
            None => stale.push(Stale::Missing { path, text }),
            Some(committed) if !committed.starts_with(MARK) => {
                return Err(DocsError::ByHand { path });
            }
            Some(committed) if shows_the_same(&committed, &text) => {}
            Some(committed) => stale.push(Stale::Differs {
                path,
                committed,
                text,
            }),
        }
    }
    if all {
        for path in markdown_files(directory)? {
            let is_page = pages.iter().any(|page| path.ends_with(&page.file));
            if !is_page && read(&path)?.is_some_and(|text| text.starts_with(MARK)) {
                stale.push(Stale::LeftOver { path });
            }
        }
    }
    stale.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(stale)
}

/// Writes what is missing or differs, and removes what is left over.
///
/// # Errors
/// When a file cannot be written or removed.
pub fn write(stale: &[Stale]) -> Result<(), DocsError> {
    for file in stale {
        match file {
            Stale::Missing { path, text } | Stale::Differs { path, text, .. } => {
                if let Some(directory) = path.parent() {
                    fs::create_dir_all(directory)
                        .map_err(|source| io("make", directory, source))?;
                }
                fs::write(path, text).map_err(|source| io("write", path, source))?;
            }
            Stale::LeftOver { path } => {
                fs::remove_file(path).map_err(|source| io("remove", path, source))?
            }
        }
    }
    Ok(())
}

/// A file's text; none where there is no file.
fn read(path: &Path) -> Result<Option<String>, DocsError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(io("read", path, source)),
    }
}

fn markdown_files(directory: &Path) -> Result<Vec<PathBuf>, DocsError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(io("read", directory, source)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|source| io("read", directory, source))?
            .path();
        if path.extension().is_some_and(|extension| extension == "md") && path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

fn io(what: &'static str, path: &Path, source: std::io::Error) -> DocsError {
    DocsError::Io {
        what,
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn page(file: &str, body: &str) -> Page {
        Page {
            file: file.to_owned(),
            schema: None,
            text: format!("{MARK} -->\n\n{body}\n"),
        }
    }

    fn described(directory: &TempDir, pages: &[Page], all: bool) -> Vec<String> {
        let stale = compare(directory.path(), pages, all).unwrap();
        let prefix = format!("{}/", directory.path().display());
        (stale.iter())
            .map(|it| it.describe().replace(&prefix, ""))
            .collect()
    }

    #[test]
    fn what_is_written_is_current() {
        let directory = tempfile::tempdir().unwrap();
        let pages = [page("README.md", "a"), page("app.md", "b")];
        let deep = directory.path().join("docs/models");
        write(&compare(&deep, &pages, true).unwrap()).unwrap();
        assert_eq!(compare(&deep, &pages, true).unwrap(), []);
    }

    #[test]
    fn each_way_to_be_stale_is_told_and_put_right() {
        let directory = tempfile::tempdir().unwrap();
        write(
            &compare(
                directory.path(),
                &[page("app.md", "a\nb"), page("old.md", "")],
                true,
            )
            .unwrap(),
        )
        .unwrap();
        fs::write(directory.path().join("notes.md"), "ours\n").unwrap();
        let pages = [page("app.md", "a\nc"), page("new.md", "")];
        let told = described(&directory, &pages, true);
        assert!(
            told[0].starts_with("differs: app.md\n") && told[0].contains("  -b\n  +c\n"),
            "{told:?}"
        );
        assert_eq!(told[1], "missing: new.md\n");
        assert_eq!(told[2], "left over: old.md: its schema is gone or empty\n");
        assert_eq!(
            described(&directory, &pages, false).len(),
            2,
            "of some pages only"
        );
        write(&compare(directory.path(), &pages, true).unwrap()).unwrap();
        assert_eq!(described(&directory, &pages, true), [""; 0]);
        assert!(
            directory.path().join("notes.md").exists() && !directory.path().join("old.md").exists()
        );
    }

    #[test]
    fn what_somebody_wrote_is_never_touched() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("app.md"), "# by hand\n").unwrap();
        let error = compare(directory.path(), &[page("app.md", "a")], true).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("app.md was not written by diesel-drift"),
            "{error}"
        );
    }

    #[test]
    fn long_differences_are_cut() {
        let differs = Stale::Differs {
            path: "a.md".into(),
            committed: String::new(),
            text: "x\n".repeat(200),
        };
        assert!(
            differs.describe().ends_with("… and 121 lines more\n"),
            "{}",
            differs.describe()
        );
    }
}
