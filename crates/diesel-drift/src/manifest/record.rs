//! Making a manifest, version by version.

use super::store::{self, Keys, Step};
use super::{FORMAT, MadeBy, Manifest, ManifestError, Migration};
use crate::catalog::Catalog;
use crate::introspect::Live;
use crate::migrate::MigrationDir;

/// A manifest in the making.
#[derive(Debug)]
pub struct Recorder {
    manifest: Manifest,
    current: Keys,
}

impl Recorder {
    /// Begins with the database as it is before the first migration; with the finished one where a command made it.
    ///
    /// # Errors
    /// When the catalog cannot be written as JSON.
    pub fn new(
        base: Live,
        made_by: MadeBy,
        drift_toml: Option<String>,
    ) -> Result<Self, ManifestError> {
        let mut recorder = Self {
            manifest: Manifest {
                format: FORMAT,
                tool_version: env!("CARGO_PKG_VERSION").to_owned(),
                server_version: base.server_version,
                fingerprint: String::new(),
                search_path: Vec::new(),
                made_by,
                drift_toml,
                base: Step::default(),
                migrations: Vec::new(),
                objects: Default::default(),
            },
            current: Keys::new(),
        };
        recorder.manifest.base = recorder.step(base)?;
        Ok(recorder)
    }

    /// Goes on to the database as it is after `migration`.
    ///
    /// # Errors
    /// When a file of the migration cannot be read, or the catalog cannot be written as JSON.
    pub fn record(&mut self, migration: &MigrationDir, live: Live) -> Result<(), ManifestError> {
        let changes = self.step(live)?;
        self.manifest.migrations.push(Migration {
            version: migration.version.clone(),
            name: migration.name.clone(),
            checksums: migration.checksums()?,
            changes,
        });
        Ok(())
    }

    fn step(&mut self, live: Live) -> Result<Step, ManifestError> {
        let Live {
            mut catalog,
            search_path,
            ..
        } = live;
        strip(&mut catalog);
        let keys = store::take_apart(&catalog, &mut self.manifest.objects)
            .map_err(ManifestError::Catalog)?;
        let step = Step::between(&self.current, &keys);
        self.current = keys;
        self.manifest.search_path = search_path;
        Ok(step)
    }

    /// The manifest.
    ///
    /// # Errors
    /// When the catalog cannot be written as JSON.
    pub fn finish(self) -> Result<Manifest, ManifestError> {
        let fingerprint = self.manifest.fingerprint_of_head()?;
        Ok(Manifest {
            fingerprint,
            ..self.manifest
        })
    }
}

/// Takes out what is not the release's: Diesel's bookkeeping.
pub(crate) fn strip(catalog: &mut Catalog) {
    (catalog.relations).retain(|relation| relation.name.name != crate::catalog::BOOKKEEPING);
}
