//! The release manifest: what a release expects of its database, at every version of its migrations, in one file.
//!
//! With it a deployed database is verified where there is neither the repository nor a second server. Objects are stored once, by their
//! hash; each version holds only what it changed, so that a long chain stays small.

mod error;
mod make;
mod record;
mod store;

use crate::Fingerprint;
use crate::catalog::Catalog;
use crate::introspect::Live;
use crate::migrate::Parting;
use crate::project::{DRIFT_TOML, DriftToml, ProjectError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use store::{Keys, Step};

pub use error::ManifestError;
pub use make::make;
pub use record::Recorder;
pub(crate) use record::strip;
pub(crate) use store::take_apart;

/// The version of the file's form.
pub const FORMAT: u32 = 1;

/// A release manifest, as its file holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "diesel-drift release manifest")]
pub struct Manifest {
    /// The version of this form.
    format: u32,
    /// The version of diesel-drift that wrote it.
    tool_version: String,
    /// `server_version_num` of the server that the migrations were applied on: `150018`.
    server_version: u32,
    /// The fingerprint of the last version's catalog, as `diesel-drift fingerprint` prints it.
    fingerprint: String,
    /// Where unqualified names were looked up on that server.
    search_path: Vec<String>,
    /// What made the catalogs.
    made_by: MadeBy,
    /// The text of the project's `drift.toml`, whose levels, suppressions and ignored objects hold for the verification too.
    drift_toml: Option<String>,
    /// What there is before the first migration.
    base: Step,
    /// The migrations in the order in which Diesel applies them, and what each changed.
    migrations: Vec<Migration>,
    /// The objects of every version, by the SHA-256 of their JSON with sorted fields.
    objects: BTreeMap<String, Value>,
}

/// What made a manifest's catalogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MadeBy {
    /// The chain of migrations, one by one.
    Chain,
    /// `[migrate] command`: there is one catalog, that of the end.
    Command,
}

/// A migration of a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// What Diesel records in `__diesel_schema_migrations`.
    pub version: String,
    /// The directory's name.
    pub name: String,
    /// SHA-256 of each file as it is on disk: `up.sql`, `down.sql`, `metadata.toml`.
    pub checksums: BTreeMap<String, String>,
    /// What it changed.
    changes: Step,
}

impl Manifest {
    /// Reads and validates a file: its form, the checksums of its objects, that every version's objects are what they are named, and
    /// the fingerprint.
    ///
    /// # Errors
    /// A sentence with the file, and with the line where JSON is broken.
    pub fn read(path: &Path) -> Result<Self, ManifestError> {
        let text = fs::read_to_string(path).map_err(|source| ManifestError::Io {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text).map_err(|message| ManifestError::Invalid {
            path: path.to_owned(),
            message,
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        /// Only the form's version: the rest may have changed.
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let no_manifest = |error: serde_json::Error| {
            format!("it is no release manifest: {error}; make one with `diesel-drift manifest`")
        };
        let Form { format } = serde_json::from_str(text).map_err(no_manifest)?;
        if format != FORMAT {
            return Err(format!(
                "its format is {format}, and this diesel-drift ({}) reads format {FORMAT}: verify with the version that made it, or \
                 make it again",
                env!("CARGO_PKG_VERSION")
            ));
        }
        let manifest: Self = serde_json::from_str(text).map_err(no_manifest)?;
        manifest.validate()?;
        Ok(manifest)
    }

    fn validate(&self) -> Result<(), String> {
        store::check_hashes(&self.objects)?;
        let sorted = self.migrations.is_sorted_by(|a, b| a.version < b.version);
        if !sorted {
            return Err("its migrations are not in order, or one is there twice".to_owned());
        }
        let mut keys = Keys::new();
        let mut used = std::collections::BTreeSet::new();
        for step in self.steps() {
            step.apply(&mut keys);
            used.extend(step.hashes());
        }
        if let Some(lost) = used.iter().find(|hash| !self.objects.contains_key(**hash)) {
            return Err(format!("it lacks the object {lost} that it refers to"));
        }
        if let Some(stray) = self
            .objects
            .keys()
            .find(|hash| !used.contains(hash.as_str()))
        {
            return Err(format!("no version has its object {stray}"));
        }
        for step in self.steps() {
            step.check(&self.objects)?;
        }
        let fingerprint = self
            .fingerprint_of_head()
            .map_err(|error| error.to_string())?;
        if fingerprint != self.fingerprint {
            return Err(format!(
                "its fingerprint is {}, and that of its last version is {fingerprint}: it was changed, or made by a diesel-drift that \
                 fingerprints otherwise ({}; this is {})",
                crate::visible(&self.fingerprint),
                crate::visible(&self.tool_version),
                env!("CARGO_PKG_VERSION")
            ));
        }
        Ok(())
    }

    /// The fingerprint of the last version, as far as `drift.toml` says that it is the project's.
    fn fingerprint_of_head(&self) -> Result<String, ManifestError> {
        let scope = self.project_settings()?.scope();
        Ok(Fingerprint::of(&self.head()?, &scope)?.digits)
    }

    fn steps(&self) -> impl Iterator<Item = &Step> {
        std::iter::once(&self.base)
            .chain(self.migrations.iter().map(|migration| &migration.changes))
    }

    /// Writes it as one JSON document.
    ///
    /// # Errors
    /// When `out` does.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        writeln!(out)
    }

    /// The database as the whole chain makes it.
    ///
    /// # Errors
    /// When an object is none of the class that it stands for.
    pub fn head(&self) -> Result<Live, ManifestError> {
        self.after(self.migrations.len())
    }

    /// The database as it is after the last of `parting`'s common versions; before the first migration where there is none.
    ///
    /// # Errors
    /// As [`head`](Self::head).
    pub fn at(&self, parting: &Parting) -> Result<Live, ManifestError> {
        let applied = parting.last_applied().map_or(0, |last| {
            let up_to = |migration: &&Migration| migration.version.as_str() <= last;
            self.migrations.iter().take_while(up_to).count()
        });
        self.after(applied)
    }

    fn after(&self, migrations: usize) -> Result<Live, ManifestError> {
        let mut keys = Keys::new();
        for step in self.steps().take(1 + migrations) {
            step.apply(&mut keys);
        }
        let catalog: Catalog =
            store::assemble(&keys, &self.objects).map_err(ManifestError::Catalog)?;
        Ok(Live {
            catalog,
            server_version: self.server_version,
            search_path: self.search_path.clone(),
        })
    }

    /// The migrations, in order.
    pub fn migrations(&self) -> &[Migration] {
        &self.migrations
    }

    /// The versions of the migrations, in order.
    pub fn versions(&self) -> impl Iterator<Item = &str> {
        self.migrations
            .iter()
            .map(|migration| migration.version.as_str())
    }

    /// The fingerprint of the last version's catalog.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What made the catalogs.
    pub fn made_by(&self) -> MadeBy {
        self.made_by
    }

    /// `server_version_num` of the server that it was made on.
    pub fn server_version(&self) -> u32 {
        self.server_version
    }

    /// The text of the project's `drift.toml`.
    pub fn drift_toml(&self) -> Option<&str> {
        self.drift_toml.as_deref()
    }

    /// What `drift.toml` says.
    pub(crate) fn project_settings(&self) -> Result<DriftToml, ProjectError> {
        let text = self.drift_toml.as_deref().unwrap_or_default();
        DriftToml::parse(Path::new(DRIFT_TOML), text)
    }
}

/// The JSON Schema of the file.
pub fn json_schema() -> Value {
    schemars::schema_for!(Manifest).to_value()
}
