//! Making a manifest, version by version.

use super::store::{self, Keys, Step};
use super::{FORMAT, MadeBy, Manifest, ManifestError, Migration};
use crate::catalog::Catalog;
use crate::introspect::Live;
use crate::migrate::{Chain, MigrationDir};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What was recorded of a chain's states, for whoever goes on from there: all that does not come from the project's files.
#[derive(Serialize, Deserialize)]
pub(super) struct Recorded {
    server_version: u32,
    search_path: Vec<String>,
    base: Step,
    steps: Vec<Step>,
    objects: BTreeMap<String, Value>,
}

/// A manifest in the making.
#[derive(Clone, Debug)]
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

    /// Goes on from what was recorded of the first migrations of a chain. `None` where it does not hold together.
    ///
    /// # Errors
    /// When a file of a migration cannot be read.
    pub(super) fn resumed(
        recorded: Recorded,
        chain: &Chain,
        drift_toml: Option<String>,
    ) -> Result<Option<Self>, ManifestError> {
        if recorded.steps.len() > chain.migrations.len() {
            return Ok(None);
        }
        let mut current = Keys::new();
        recorded.base.apply(&mut current);
        let mut migrations = Vec::with_capacity(chain.migrations.len());
        for (migration, changes) in chain.migrations.iter().zip(recorded.steps) {
            changes.apply(&mut current);
            migrations.push(Migration::of(migration, changes)?);
        }
        let whole = (current.values()).all(|hash| recorded.objects.contains_key(hash));
        Ok(whole.then(|| Self {
            manifest: Manifest {
                format: FORMAT,
                tool_version: env!("CARGO_PKG_VERSION").to_owned(),
                server_version: recorded.server_version,
                fingerprint: String::new(),
                search_path: recorded.search_path,
                made_by: MadeBy::Chain,
                drift_toml,
                base: recorded.base,
                migrations,
                objects: recorded.objects,
            },
            current,
        }))
    }

    /// What was recorded so far.
    pub(super) fn recorded(&self) -> Recorded {
        let Manifest {
            server_version,
            search_path,
            base,
            migrations,
            objects,
            ..
        } = self.manifest.clone();
        Recorded {
            server_version,
            search_path,
            base,
            steps: (migrations.into_iter())
                .map(|migration| migration.changes)
                .collect(),
            objects,
        }
    }

    /// How many migrations were recorded.
    pub(super) fn count(&self) -> usize {
        self.manifest.migrations.len()
    }

    /// Goes on to the database as it is after `migration`.
    ///
    /// # Errors
    /// When a file of the migration cannot be read, or the catalog cannot be written as JSON.
    pub fn record(&mut self, migration: &MigrationDir, live: Live) -> Result<(), ManifestError> {
        let changes = self.step(live)?;
        (self.manifest.migrations).push(Migration::of(migration, changes)?);
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

impl Migration {
    fn of(migration: &MigrationDir, changes: Step) -> Result<Self, ManifestError> {
        Ok(Self {
            version: migration.version.clone(),
            name: migration.name.clone(),
            checksums: migration.checksums()?,
            changes,
        })
    }
}

/// Takes out what is not the release's: Diesel's bookkeeping.
pub(crate) fn strip(catalog: &mut Catalog) {
    (catalog.relations).retain(|relation| relation.name.name != crate::catalog::BOOKKEEPING);
}
