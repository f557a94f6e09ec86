//! What a migration holds, as checksums: whether two chains, or one chain on two days, are the same.

use super::chain::{Chain, MigrationDir};
use super::error::MigrateError;
use crate::digest::sha256;
use std::collections::BTreeMap;
use std::{fs, io};

/// The files of a migration that Diesel reads.
pub(crate) const FILES: [&str; 3] = ["up.sql", "down.sql", "metadata.toml"];

impl MigrationDir {
    /// SHA-256 of each file as it is on disk, by its name; one that is not there has none.
    ///
    /// # Errors
    /// When a file that is there cannot be read.
    pub fn checksums(&self) -> Result<BTreeMap<String, String>, MigrateError> {
        let mut checksums = BTreeMap::new();
        for name in FILES {
            let path = self.path.join(name);
            match fs::read(&path) {
                Ok(bytes) => {
                    checksums.insert(name.to_owned(), sha256(&bytes));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => {
                    let message = error.to_string();
                    return Err(MigrateError::Unreadable { path, message });
                }
            }
        }
        Ok(checksums)
    }
}

impl Chain {
    /// A key for each state that the chain leads through, from the one before the first migration (so one more than there are
    /// migrations). Equal keys stand for equal names, in an equal order, with equal `up.sql`s, run in a transaction or not alike: for what
    /// makes the state. What a `down.sql` says does not count.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn state_keys(&self) -> Result<Vec<String>, MigrateError> {
        let mut keys = vec![sha256(b"")];
        let mut last = keys[0].clone();
        for migration in &self.migrations {
            let checksums = migration.checksums()?;
            let up = checksums.get("up.sql").map_or("", String::as_str);
            // A name holds no newline that could stand for the end of it: directories may, so its length goes with it.
            let MigrationDir {
                name,
                run_in_transaction,
                ..
            } = migration;
            last = sha256(
                format!("{last}\n{}\n{name}\n{run_in_transaction}\n{up}", name.len()).as_bytes(),
            );
            keys.push(last.clone());
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(migrations: &[(&str, &str, &str)]) -> Vec<String> {
        let root = tempfile::tempdir().unwrap();
        for (name, file, text) in migrations {
            fs::create_dir_all(root.path().join(name)).unwrap();
            fs::write(root.path().join(name).join(file), text).unwrap();
        }
        Chain::read(root.path()).unwrap().state_keys().unwrap()
    }

    #[test]
    fn a_key_changes_with_what_makes_the_state_and_with_nothing_else() {
        let base = keys(&[("1_a", "up.sql", "a"), ("2_b", "up.sql", "b")]);
        assert_eq!(base.len(), 3);
        let shared = |other: &[(&str, &str, &str)]| {
            let other = keys(other);
            base.iter().zip(&other).take_while(|(a, b)| a == b).count()
        };
        let with_down = [
            ("1_a", "up.sql", "a"),
            ("1_a", "down.sql", "x"),
            ("2_b", "up.sql", "b"),
        ];
        assert_eq!(shared(&with_down), 3);
        assert_eq!(shared(&[("1_a", "up.sql", "a"), ("2_b", "up.sql", "c")]), 2);
        assert_eq!(shared(&[("1_a", "up.sql", "a"), ("2_c", "up.sql", "b")]), 2);
        let apart = [
            ("1_a", "up.sql", "a"),
            ("1_a", "metadata.toml", "run_in_transaction = false"),
        ];
        assert_eq!(shared(&apart), 1);
    }
}
