//! The sides of a comparison: what each text means, and reading it.

use super::{Mixed, declared, reviewed};
use crate::Step;
use crate::blame::Lineage;
use crate::check::read_database;
use crate::compare::State;
use crate::declared::{Reading, SchemaSource};
use crate::error::Error;
use crate::fresh::Fresh;
use crate::introspect::{Live, Wanted};
use crate::manifest::Manifest;
use crate::migrate::{self, Chain};
use crate::provision::{self, ServerUrl};
use crate::report::Expected;
use crate::snapshot::{self, Snapshot};
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

/// One side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// A database, which is only read.
    Database(ServerUrl),
    /// A directory of migrations, which are applied to a scratch database.
    Migrations(PathBuf),
    /// A release manifest: its last version.
    Manifest(PathBuf),
    /// A directory of reviewed snapshots.
    Snapshots(PathBuf),
    /// A `schema.rs`.
    Schema(PathBuf),
}

/// Why a text means no side, or a side cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum SideError {
    /// A URL, but none of PostgreSQL's.
    #[error("the URL of another kind of database: only postgres:// and postgresql:// can be read")]
    OtherUrl,
    /// There is no such file or directory.
    #[error("cannot read {}: {source}; a side is {SIDES}", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file or directory that is nothing of the kind.
    #[error("{} is {what}; a side is {SIDES}", path.display())]
    Nothing {
        /// The path.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// A schema that was asked for, and that neither side has.
    #[error("neither side has a schema `{0}`: see --schema")]
    NoSchema(String),
}

const SIDES: &str = "a postgres:// URL, a directory of migrations or of snapshots, a release manifest, or a schema.rs";

impl Side {
    /// What a text of the command line means. A connection string is never quoted by an error.
    ///
    /// # Errors
    /// When it means nothing: a sentence with what it could be.
    pub fn parse(text: &str) -> Result<Self, SideError> {
        let path = PathBuf::from(text);
        if ["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            return Ok(Self::Database(text.into()));
        }
        if text.contains("://") {
            return Err(SideError::OtherUrl);
        }
        match fs::metadata(&path) {
            // `host=… password=…`
            Err(_) if ServerUrl::from(text).is_connection_string() => {
                Ok(Self::Database(text.into()))
            }
            Err(source) => Err(SideError::Unreadable { path, source }),
            Ok(there) if there.is_dir() => Self::of_directory(path),
            Ok(_) => Self::of_file(path),
        }
    }

    fn of_directory(path: PathBuf) -> Result<Self, SideError> {
        if let Some(part) = migrate::for_postgres(&path) {
            return Ok(Self::Migrations(part));
        }
        if snapshot::holds_snapshots(&path) {
            return Ok(Self::Snapshots(path));
        }
        Err(SideError::Nothing {
            path,
            what: "a directory that holds neither migrations (directories with an up.sql) nor snapshots (.snap files)",
        })
    }

    fn of_file(path: PathBuf) -> Result<Self, SideError> {
        if path.extension().is_some_and(|extension| extension == "rs") {
            return Ok(Self::Schema(path));
        }
        let text = fs::read_to_string(&path).map_err(|source| SideError::Unreadable {
            path: path.clone(),
            source,
        })?;
        if text.trim_start().starts_with('{') {
            return Ok(Self::Manifest(path));
        }
        Err(SideError::Nothing {
            path,
            what: "neither a release manifest (JSON) nor a Rust file",
        })
    }
}

/// What a side holds.
pub(super) enum Content {
    /// A whole catalog.
    Live(Box<Live>),
    /// Reviewed objects.
    Reviewed(Vec<Snapshot>),
    /// Declarations.
    Declared(Box<Reading>),
}

/// A side that was read.
pub(super) struct Opened {
    pub(super) content: Content,
    /// What it is, without any secret.
    pub(super) description: String,
    /// Sentences about what could not be looked at.
    pub(super) notices: Vec<String>,
    /// Whether it is a database that was named, whose environment can be compared.
    pub(super) is_database: bool,
    /// The migrations that it is made of.
    pub(super) lineage: Option<Lineage>,
}

impl Opened {
    /// The declarations, where that is what the side is.
    pub(super) fn reading(&self) -> Option<&Reading> {
        match &self.content {
            Content::Declared(reading) => Some(reading),
            Content::Live(_) | Content::Reviewed(_) => None,
        }
    }

    /// What declarations are held against.
    pub(super) fn live(&self) -> Cow<'_, Live> {
        match &self.content {
            Content::Live(live) => Cow::Borrowed(live),
            Content::Reviewed(snapshots) => Cow::Owned(reviewed::live(snapshots)),
            Content::Declared(_) => Cow::Owned(reviewed::live(&[])),
        }
    }

    /// The objects, with what belongs to the environment of a database or without. Reviewed ones that do not say where their texts come
    /// from are as `other_version` writes them.
    pub(super) fn mixed(
        &self,
        with_environment: bool,
        other_version: Option<u32>,
    ) -> Result<Mixed, Error> {
        Ok(match &self.content {
            Content::Live(live) => {
                let state = State::of(live)?;
                Mixed::from(if with_environment {
                    state
                } else {
                    state.portable()
                })
            }
            Content::Reviewed(snapshots) => {
                Mixed::reviewed(snapshots.clone(), other_version.unwrap_or_default())
            }
            Content::Declared(reading) => Mixed::from(declared::state(reading)),
        })
    }

    /// The state, where it is what is expected.
    pub(super) fn expected(&self) -> Expected {
        Expected {
            description: self.description.clone(),
            server_version: self.server_version(),
        }
    }

    /// `server_version_num` of the server that wrote the texts, where it is one.
    pub(super) fn server_version(&self) -> Option<u32> {
        match &self.content {
            Content::Live(live) => Some(live.server_version),
            Content::Reviewed(_) | Content::Declared(_) => None,
        }
    }

    /// The major version that the other side had best be of.
    fn major(&self) -> Option<u32> {
        match &self.content {
            Content::Live(live) => Some(live.server_version / 10_000),
            Content::Reviewed(snapshots) => {
                snapshots.iter().filter_map(|snapshot| snapshot.major).max()
            }
            Content::Declared(_) => None,
        }
    }
}

/// Reads both sides. Declarations come first, because they name what else is to be looked up; migrations last, because their server
/// is to be of the other side's major version.
pub(super) fn open_both(
    from: &Side,
    to: &Side,
    provision: &provision::Options,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(Opened, Opened), Error> {
    let order = |side: &Side| match side {
        Side::Schema(_) => 0,
        Side::Manifest(_) | Side::Snapshots(_) => 1,
        Side::Database(_) => 2,
        Side::Migrations(_) => 3,
    };
    let is_swapped = order(from) > order(to);
    let (one, other) = if is_swapped { (to, from) } else { (from, to) };
    let one = one.open(&Wanted::default(), provision, progress)?;
    let wanted = one.reading().map(Wanted::of).unwrap_or_default();
    let provision = provision::Options {
        major: one.major(),
        ..provision.clone()
    };
    let mut other = other.open(&wanted, &provision, progress)?;
    let versions = (one.server_version(), other.server_version());
    other.notices.extend(other_majors(versions));
    Ok(if is_swapped {
        (other, one)
    } else {
        (one, other)
    })
}

/// A sentence where the two sides were written by servers of different major versions.
fn other_majors(versions: (Option<u32>, Option<u32>)) -> Option<String> {
    let (one, other) = (versions.0? / 10_000, versions.1? / 10_000);
    (one != other).then(|| {
        format!(
            "one side is of PostgreSQL {one}, the other of {other}: what the two write differently is not compared"
        )
    })
}

impl Side {
    fn open(
        &self,
        wanted: &Wanted,
        provision: &provision::Options,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Opened, Error> {
        let opened = |content, description| Opened {
            content,
            description,
            notices: Vec::new(),
            is_database: false,
            lineage: None,
        };
        let live = |live| Content::Live(Box::new(live));
        Ok(match self {
            Self::Database(url) => {
                progress(Step::Introspect);
                Opened {
                    is_database: true,
                    ..opened(live(read_database(url, wanted)?), url.describe())
                }
            }
            Self::Migrations(directory) => migrated(directory, wanted, provision, progress)?,
            Self::Manifest(path) => {
                let manifest = Manifest::read(path)?;
                let description = format!("release manifest {}", path.display());
                opened(live(manifest.head()?), description)
            }
            Self::Snapshots(path) => {
                let description = format!("the snapshots in {}", path.display());
                opened(Content::Reviewed(snapshot::read(path)?), description)
            }
            Self::Schema(path) => {
                progress(Step::Declared);
                let reading = read_declared(path)?;
                Opened {
                    notices: reading.notices.clone(),
                    ..opened(
                        Content::Declared(Box::new(reading)),
                        path.display().to_string(),
                    )
                }
            }
        })
    }
}

fn migrated(
    directory: &Path,
    wanted: &Wanted,
    options: &provision::Options,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Opened, Error> {
    let chain = Chain::read(directory)?;
    let fresh = Fresh::of_chain(&chain, options, wanted, progress)?;
    Ok(Opened {
        content: Content::Live(Box::new(fresh.live)),
        description: format!("{} on {}", directory.display(), fresh.database),
        notices: fresh.notices,
        is_database: false,
        lineage: Some(Lineage {
            chain,
            versions: None,
            options: options.clone(),
        }),
    })
}

fn read_declared(path: &Path) -> Result<Reading, Error> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let root = path.parent().unwrap_or(&path).to_owned();
    let source = SchemaSource {
        path: path.clone(),
        patch: None,
    };
    let reading = crate::declared::read(&root, &[source])?;
    if reading.declared.tables.is_empty() {
        return Err(Error::NothingDeclared { places: vec![path] });
    }
    Ok(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        Side::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_text_means_what_it_looks_like() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        let text = |name: &str| path(name).display().to_string();
        fs::create_dir_all(path("migrations/1_a")).unwrap();
        fs::write(path("migrations/1_a/up.sql"), "").unwrap();
        fs::create_dir_all(path("snapshots/public")).unwrap();
        fs::write(path("snapshots/public/table.a.snap"), "").unwrap();
        fs::write(path("schema.rs"), "").unwrap();
        fs::write(path("release.json"), " {}").unwrap();
        fs::write(path("notes.txt"), "hello").unwrap();
        let side = |name: &str| Side::parse(&text(name)).unwrap();
        assert_eq!(side("migrations"), Side::Migrations(path("migrations")));
        assert_eq!(side("snapshots"), Side::Snapshots(path("snapshots")));
        assert_eq!(side("schema.rs"), Side::Schema(path("schema.rs")));
        assert_eq!(side("release.json"), Side::Manifest(path("release.json")));
        for url in [
            "postgres://h/a",
            "postgresql:///a",
            "host=h password=secret",
        ] {
            assert_eq!(Side::parse(url).unwrap(), Side::Database(url.into()));
        }
        assert!(refused(&text("notes.txt")).contains("neither a release manifest"));
        assert!(refused(&directory.path().display().to_string()).contains("neither migrations"));
        assert!(refused(&text("nowhere")).contains("a side is a postgres:// URL"));
        let other = refused("mysql://me:secret@h/a");
        assert!(
            !other.contains("secret") && other.contains("postgres://"),
            "{other}"
        );
    }
}
