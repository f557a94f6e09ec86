//! `pg_dump --schema-only`.

use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The program of the server's own version: an older one refuses, a newer one may write it otherwise.
pub struct PgDump(PathBuf);

impl PgDump {
    /// Beside the server's binaries, where Debian has them, or on `PATH`; if there is none, why it is not asked.
    pub fn find(major: u32) -> Result<Self, String> {
        let named = env::var_os("DIESEL_DRIFT_PG_BIN").map(PathBuf::from);
        let debian = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin"));
        let path = env::var_os("PATH").unwrap_or_default();
        let directories = named
            .into_iter()
            .chain([debian])
            .chain(env::split_paths(&path));
        directories
            .map(|directory| directory.join("pg_dump"))
            .find(|program| version(program) == Some(major))
            .map(Self)
            .ok_or_else(|| format!("there is no pg_dump of PostgreSQL {major} to be the oracle"))
    }

    /// The schema without comments and without what is another in each run (`\restrict`).
    pub fn schema(&self, url: &str) -> String {
        let output = Command::new(&self.0)
            .arg("--schema-only")
            .arg("--dbname")
            .arg(url)
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with("--") && !line.starts_with('\\'))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn version(program: &PathBuf) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_whitespace().nth(2)?;
    number.split('.').next()?.parse().ok()
}
