//! What several commands take from the command line.

use crate::args::{ProjectArgs, ProvisionArgs, SourceArgs, Verbosity};
use crate::output::CliError;
use crate::progress::Progress;
use diesel_drift::cache::Place;
use diesel_drift::compare::Scope;
use diesel_drift::introspect::Live;
use diesel_drift::provision::Options;
use diesel_drift::{Error, Overrides, Project, ProjectError, Target};
use std::path::PathBuf;

impl ProjectArgs {
    /// The project, with `schemas` instead of those that its configuration names.
    pub fn discover(&self, schemas: &[PathBuf]) -> Result<Project, Error> {
        let schemas = schemas.to_vec();
        self.with(|overrides| overrides.schemas = schemas)
    }

    /// The project, for who works with its migrations alone.
    pub fn discover_migrations(&self) -> Result<Project, Error> {
        self.with(|overrides| overrides.without_schemas = true)
    }

    fn with(&self, more: impl FnOnce(&mut Overrides)) -> Result<Project, Error> {
        let mut overrides = Overrides {
            config_file: self.config_file.clone(),
            migration_dir: self.migration_dir.clone(),
            ..Overrides::default()
        };
        more(&mut overrides);
        Ok(Project::discover_with(&self.project, &overrides)?)
    }
}

impl ProvisionArgs {
    /// The database that a project is held against: the one at `url`, or a fresh one as the command line and the project say.
    pub fn target(&self, url: Option<&str>, project: &Project) -> Target {
        match url {
            Some(url) => Target::Migrated { url: url.into() },
            None => Target::Fresh(self.apply(project.provision_options())),
        }
    }

    /// `options`, with what the command line says.
    pub fn apply(&self, mut options: Options) -> Options {
        if let Some(provider) = self.provider {
            options.provider = provider.into();
        }
        if let Some(server) = &self.server {
            options.server_url = Some(server.as_str().into());
        }
        if self.no_cache {
            options.cache = Place::Off;
        }
        options
    }
}

impl SourceArgs {
    /// The catalog that is meant, and what of it is the project's.
    pub fn read(&self, verbosity: Verbosity) -> Result<(Live, Scope), CliError> {
        match &self.database_url {
            Some(url) => {
                // What `drift.toml` ignores is left out; without a project, nothing is.
                let scope = match self.project.discover(&[]) {
                    Ok(project) => project.scope,
                    Err(
                        error @ Error::Project(ProjectError::Invalid { .. } | ProjectError::All(_)),
                    ) => {
                        return Err(error.into());
                    }
                    Err(_) => Scope::default(),
                };
                let url = url.as_str().into();
                let live = Progress::over(verbosity, |progress| Live::of_database(&url, progress))?;
                Ok((live, scope))
            }
            None => {
                let project = self.project.discover(&[])?;
                let options = self.provision.apply(project.provision_options());
                let live = Progress::over(verbosity, |progress| {
                    Live::of_fresh(&project, &options, progress)
                })?;
                Ok((live, project.scope))
            }
        }
    }
}
