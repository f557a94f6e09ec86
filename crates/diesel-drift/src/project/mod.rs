//! A project: its root, and what `diesel.toml` and `drift.toml` say.

mod diesel_toml;
mod drift_toml;
mod error;
mod irreversible;
mod keys;
mod own_rule;
mod plainly;
mod scorecard;

use crate::compare::{Covered, Scope};
use crate::declared::SchemaSource;
use crate::docs;
use crate::policy::Policy;
use crate::provision;
use crate::rules::own::OwnRule;
use std::path::{Path, PathBuf};

use diesel_toml::DieselToml;
pub use drift_toml::{DriftToml, FILE as DRIFT_TOML, ProvisionToml};
pub use error::ProjectError;
pub use irreversible::Irreversible;
pub use scorecard::{ManyToMany, ScorecardToml};

/// A Diesel project as its configuration describes it.
#[derive(Clone, Debug)]
pub struct Project {
    /// The directory with `diesel.toml`, or else the nearest one with `Cargo.toml`.
    pub root: PathBuf,
    /// Where `table!` is read from.
    pub schemas: Vec<SchemaSource>,
    /// What is held against the declarations.
    pub scope: Scope,
    /// The migrations directory that the caller chose.
    pub migration_dir: Option<PathBuf>,
    /// `[migrations_directory] dir`.
    pub configured_migrations: Option<PathBuf>,
    /// `drift.toml`'s `[migrate] command`.
    pub migrate_command: Option<String>,
    /// `drift.toml`'s `[provision]`.
    pub provision: ProvisionToml,
    /// Where the pages of documentation are: `drift.toml`'s `[docs] directory` below the root.
    pub docs_directory: PathBuf,
    /// Levels and suppressions.
    pub policy: Policy,
    /// `drift.toml`'s `[[irreversible]]`: the migrations that cannot be undone, each with its reason.
    pub irreversible: Vec<Irreversible>,
    /// `drift.toml`'s `[[rule]]`: what `diesel-drift lint` holds the schema to beside the harness's own rules.
    pub rules: Vec<OwnRule>,
    /// `drift.toml`'s `[scorecard]`: what the project says that it has.
    pub scorecard: ScorecardToml,
    /// `drift.toml`'s text, which the spans of suppressions point into.
    pub drift_toml: Option<String>,
}

/// What a caller may say instead of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The Diesel configuration file (else `DIESEL_CONFIG_FILE`, else `diesel.toml`).
    pub config_file: Option<PathBuf>,
    /// Files or directories with `table!`, instead of those that the configuration names.
    pub schemas: Vec<PathBuf>,
    /// The migrations directory.
    pub migration_dir: Option<PathBuf>,
    /// Only the migrations matter: whether there are declarations is not looked at, and [`Project::schemas`] stays empty.
    pub without_schemas: bool,
}

impl Project {
    /// A project that needs no configuration: `table!`s in `schemas`, files or directories, held against the schema `public`.
    /// `drift.toml` in `root` is not read.
    pub fn new(root: impl Into<PathBuf>, schemas: impl IntoIterator<Item = PathBuf>) -> Self {
        let root = root.into();
        Self {
            docs_directory: root.join(docs::DIRECTORY),
            root,
            schemas: schemas
                .into_iter()
                .map(|path| SchemaSource { path, patch: None })
                .collect(),
            scope: Scope {
                covered: covered(&DieselToml::default()),
                ..Scope::default()
            },
            migration_dir: None,
            configured_migrations: None,
            migrate_command: None,
            provision: ProvisionToml::default(),
            policy: Policy::default(),
            irreversible: Vec::new(),
            rules: Vec::new(),
            scorecard: ScorecardToml::default(),
            drift_toml: None,
        }
    }

    /// The project that `directory` is in, as its configuration has it.
    ///
    /// # Errors
    /// When there is no project, or its configuration cannot be read.
    pub fn discover(directory: impl AsRef<Path>) -> Result<Self, ProjectError> {
        Self::discover_with(directory, &Overrides::default())
    }

    /// [`discover`](Self::discover) for who works with the migrations alone.
    pub(crate) fn discover_migrations(directory: impl AsRef<Path>) -> Result<Self, ProjectError> {
        let overrides = Overrides {
            without_schemas: true,
            ..Overrides::default()
        };
        Self::discover_with(directory, &overrides)
    }

    /// The project that `directory` is in, with `overrides`.
    ///
    /// # Errors
    /// When there is no project, or its configuration cannot be read, or it declares nothing.
    pub fn discover_with(
        directory: impl AsRef<Path>,
        overrides: &Overrides,
    ) -> Result<Self, ProjectError> {
        let directory = directory.as_ref();
        let directory = directory
            .canonicalize()
            .map_err(|source| ProjectError::Io {
                path: directory.to_owned(),
                source,
            })?;
        let config_file = overrides
            .config_file
            .as_ref()
            .map(|path| absolute(path))
            .or_else(|| environment("DIESEL_CONFIG_FILE"))
            .or_else(|| nearest(&directory, "diesel.toml"));
        if config_file.is_none()
            && overrides.schemas.is_empty()
            && !directory.join("src/schema.rs").exists()
        {
            // The root of a repository whose Diesel project is further down.
            match &nested(&directory)[..] {
                [] => {}
                [only] => return Self::discover_with(only, overrides),
                several => {
                    return Err(ProjectError::Several {
                        directory,
                        projects: several.to_vec(),
                    });
                }
            }
        }
        let diesel = match &config_file {
            Some(path) => DieselToml::read(path)?,
            None => DieselToml::default(),
        };
        let root = config_file
            .as_ref()
            .filter(|_| overrides.config_file.is_none())
            .and_then(|path| path.parent().map(Path::to_owned))
            .filter(|parent| directory.starts_with(parent))
            .or_else(|| {
                nearest(&directory, "Cargo.toml").and_then(|path| path.parent().map(Path::to_owned))
            })
            .unwrap_or(directory);
        let drift = DriftToml::read(&root)?;
        let schemas = match overrides.without_schemas {
            true => Vec::new(),
            false => schema_sources(&root, &diesel, overrides)?,
        };
        let scattered =
            overrides.schemas.is_empty() && schemas.iter().all(|source| source.path.is_dir());
        Ok(Self {
            schemas,
            scope: Scope {
                covered: if scattered {
                    Vec::new()
                } else {
                    covered(&diesel)
                },
                ignores: drift.ignores,
                owns: drift.owns,
            },
            migration_dir: overrides.migration_dir.as_deref().map(absolute),
            configured_migrations: diesel.migrations_dir,
            migrate_command: drift.migrate_command,
            provision: drift.provision,
            docs_directory: root.join(
                drift
                    .docs_directory
                    .unwrap_or_else(|| docs::DIRECTORY.into()),
            ),
            policy: drift.policy,
            irreversible: drift.irreversible,
            rules: drift.rules,
            scorecard: drift.scorecard,
            drift_toml: drift.text,
            root,
        })
    }

    /// How a fresh database is had, as `drift.toml` and the environment (`DIESEL_DRIFT_SERVER`) say.
    pub fn provision_options(&self) -> provision::Options {
        let ProvisionToml {
            provider,
            image,
            tag,
            reuse,
            roles,
        } = &self.provision;
        let defaults = provision::Options::from_env();
        provision::Options {
            provider: provider.unwrap_or(defaults.provider),
            image: defaults.image.or_else(|| image.clone()),
            tag: defaults.tag.or_else(|| tag.clone()),
            reuse: defaults.reuse || reuse.unwrap_or_default(),
            roles: roles.clone(),
            ..defaults
        }
    }
}

/// The directories below that hold a `diesel.toml`, without what `.gitignore` leaves out, hidden directories, and examples and tests.
fn nested(directory: &Path) -> Vec<PathBuf> {
    let aside = ["target", "node_modules", "examples", "tests"];
    let walker = ignore::WalkBuilder::new(directory)
        .parents(false)
        .require_git(false)
        .filter_entry(move |entry| !aside.iter().any(|name| entry.file_name() == *name))
        .build();
    let mut found: Vec<_> = (walker.filter_map(Result::ok))
        .filter(|entry| entry.file_name() == "diesel.toml")
        .filter_map(|entry| Some(entry.path().parent()?.to_owned()))
        .collect();
    found.sort();
    found
}

/// A path in the environment; an empty variable says nothing.
fn environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|path| !path.is_empty())
        .map(|path| absolute(Path::new(&path)))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn nearest(directory: &Path, file: &str) -> Option<PathBuf> {
    directory
        .ancestors()
        .map(|ancestor| ancestor.join(file))
        .find(|path| path.is_file())
}

fn covered(diesel: &DieselToml) -> Vec<Covered> {
    // Beside sections with a file, Diesel CLI writes nothing for those without.
    let writes = diesel.print_schema.iter().any(|entry| entry.file.is_some());
    (diesel.print_schema.iter())
        .filter(|entry| entry.file.is_some() || !writes)
        .map(|entry| Covered {
            schema: entry.schema.clone().unwrap_or_else(|| "public".to_owned()),
            filter: entry.filter.clone(),
            columns_by_name: entry.columns_by_name,
        })
        .collect()
}

fn schema_sources(
    root: &Path,
    diesel: &DieselToml,
    overrides: &Overrides,
) -> Result<Vec<SchemaSource>, ProjectError> {
    let configured = || {
        diesel
            .print_schema
            .iter()
            .filter_map(|entry| {
                Some(SchemaSource {
                    path: entry.file.clone()?,
                    patch: entry.patch_file.clone(),
                })
            })
            .collect::<Vec<_>>()
    };
    let sources = if overrides.schemas.is_empty() {
        configured()
    } else {
        let configured = configured();
        let patch_of = |path: &Path| {
            configured
                .iter()
                .find(|source| source.path == *path)?
                .patch
                .clone()
        };
        overrides
            .schemas
            .iter()
            .map(|path| absolute(path))
            .map(|path| SchemaSource {
                patch: patch_of(&path),
                path,
            })
            .collect()
    };
    if !sources.is_empty() {
        return match sources.iter().find(|source| !source.path.exists()) {
            Some(missing) => Err(ProjectError::NoSchema {
                message: format!(
                    "{} does not exist, although {} names it: \
                     create it with `diesel print-schema`, or correct the path",
                    missing.path.display(),
                    if overrides.schemas.is_empty() {
                        "`[print_schema] file` in diesel.toml"
                    } else {
                        "`--schema`"
                    }
                ),
            }),
            None => Ok(sources),
        };
    }
    // Diesel's own default, and then wherever the project keeps its sources.
    let patch = diesel
        .print_schema
        .first()
        .and_then(|entry| entry.patch_file.clone());
    ["src/schema.rs", "src", ""]
        .iter()
        .map(|place| {
            if place.is_empty() {
                root.to_owned()
            } else {
                root.join(place)
            }
        })
        .find(|path| path.exists())
        .map(|path| vec![SchemaSource { path, patch }])
        .ok_or_else(|| ProjectError::NoSchema {
            message: format!("{} has no Rust sources", root.display()),
        })
}
