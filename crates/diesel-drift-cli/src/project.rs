//! What several commands take from the command line.

use crate::args::{ProjectArgs, ProvisionArgs};
use diesel_drift::provision::Options;
use diesel_drift::{Error, Overrides, Project};
use std::path::PathBuf;

impl ProjectArgs {
    /// The project, with `schemas` instead of those that its configuration names.
    pub fn discover(&self, schemas: &[PathBuf]) -> Result<Project, Error> {
        let overrides = Overrides {
            config_file: self.config_file.clone(),
            schemas: schemas.to_vec(),
            migration_dir: self.migration_dir.clone(),
        };
        Ok(Project::discover_with(&self.project, &overrides)?)
    }
}

impl ProvisionArgs {
    /// `options`, with what the command line says.
    pub fn apply(&self, mut options: Options) -> Options {
        if let Some(provider) = self.provider {
            options.provider = provider.into();
        }
        if let Some(server) = &self.server {
            options.server_url = Some(server.as_str().into());
        }
        options
    }
}
