//! What reading and comparing a catalog takes: measured in a process of its own, whose memory nothing else has used.

use crate::Failure;
use crate::measure::timed;
use diesel::{Connection, PgConnection};
use diesel_drift::introspect::{Wanted, introspect};
use diesel_drift::{Project, declared, kinds};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The argument that makes the program a probe.
pub const ARGUMENT: &str = "--probe";

/// What a probe measured.
#[derive(Serialize, Deserialize)]
pub struct Probe {
    /// Reading the declarations.
    pub declared: Duration,
    /// Connecting.
    pub connect: Duration,
    /// Reading the catalog.
    pub catalog: Duration,
    /// Comparing the two.
    pub compare: Duration,
    /// What the comparison found.
    pub findings: usize,
    /// The most memory that the process ever had, in KiB; none where the system does not tell (`VmHWM` of Linux).
    pub peak: Option<u64>,
}

impl Probe {
    /// Starts a probe of the project in `root` and the database at `url`.
    pub fn run(root: &Path, url: &str) -> Result<Self, Failure> {
        let output = Command::new(std::env::current_exe()?)
            .arg(ARGUMENT)
            .arg(root)
            .arg(url)
            .output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Measures, in this process.
    pub fn measure(root: &Path, url: &str) -> Result<Self, Failure> {
        let project = Project::discover(root)?;
        let (reading, declared) = timed(|| declared::read(&project.root, &project.schemas));
        let reading = reading?;
        let (connection, connect) = timed(|| PgConnection::establish(url));
        let mut connection = connection?;
        let (live, catalog) = timed(|| introspect(&mut connection, &Wanted::of(&reading)));
        let live = live?;
        let (findings, compare) = timed(|| kinds::compare(&reading, &live, &project.scope));
        Ok(Self {
            declared,
            connect,
            catalog,
            compare,
            findings: findings.len(),
            peak: peak(),
        })
    }

    /// A database's catalog, from connecting to what was found.
    pub fn catalog_and_comparison(&self) -> Duration {
        self.connect + self.catalog + self.compare
    }
}

fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}
