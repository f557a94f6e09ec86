//! Keeping a database that a test failed on: `DIESEL_DRIFT_KEEP`.

use super::local::shared::{self, KEPT};
use super::server::sentence;
use diesel::{PgConnection, RunQueryDsl};
use std::path::PathBuf;

/// The variable. Empty or `0`: nothing is kept.
const VARIABLE: &str = "DIESEL_DRIFT_KEEP";

/// `pg_database.datconnlimit` of a database that is kept: it is nobody's scratch any more, and known for the harness's own.
pub(super) const MARK: i32 = 1_862_741;

/// When a test's database is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// If its guard is dropped while a panic unwinds.
    Failed,
    /// In any case, which is for tests that fail without a panic, as those do that return an error.
    Always,
}

impl When {
    fn of(value: &str) -> Option<Self> {
        match value {
            "" | "0" => None,
            "always" => Some(Self::Always),
            _ => Some(Self::Failed),
        }
    }
}

/// What is done with a database that is to be kept.
pub(super) struct Keep {
    when: When,
    /// How to connect; holds no password.
    psql: String,
    /// The run directory, where the server is one that goes when nobody uses it.
    directory: Option<PathBuf>,
}

impl Keep {
    /// As the environment says.
    pub(super) fn from_env(psql: String, directory: Option<PathBuf>) -> Option<Self> {
        let value = std::env::var(VARIABLE).unwrap_or_default();
        When::of(&value).map(|when| Self {
            when,
            psql,
            directory,
        })
    }

    /// Asked where the database would be dropped, on the thread that drops its guard.
    pub(super) fn wanted(&self) -> bool {
        self.when == When::Always || std::thread::panicking()
    }

    /// Takes the mark away that lets the next run sweep the database, and says how to get at it.
    pub(super) fn carry_out(self, connection: &mut PgConnection, name: &str) -> Result<(), String> {
        diesel::sql_query(format!("ALTER DATABASE {name} CONNECTION LIMIT {MARK}"))
            .execute(connection)
            .map_err(|error| format!("{name} could not be kept: {}", sentence(&error)))?;
        let mut told = format!(
            "diesel-drift: the database {name} is kept\n  {}\n",
            self.psql
        );
        match &self.directory {
            Some(directory) => {
                shared::keep(directory)
                    .map_err(|error| format!("{name} could not be kept: {error}"))?;
                told += &format!(
                    "  its server runs until {} minutes after the last test; to stop it then: rm {}\n",
                    KEPT.as_secs() / 60,
                    directory.join(shared::KEEP).display()
                );
            }
            None => told += &format!("  to remove it: DROP DATABASE {name}\n"),
        }
        tell(&told);
        Ok(())
    }
}

/// The one thing that the library prints: a test's guard has no other way to say where its database is.
#[allow(clippy::print_stderr, reason = "asked for by the variable")]
fn tell(text: &str) {
    // libtest shows it with the test that failed.
    eprint!("{text}");
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn the_variable_says_when() {
        for (value, when) in [
            ("", None),
            ("0", None),
            ("1", Some(When::Failed)),
            ("always", Some(When::Always)),
        ] {
            assert_eq!(When::of(value), when, "{value}");
        }
    }
}
