//! What a server can make, and what a case needs.

use super::SelftestError;
use super::case::Case;
use super::shared::TABLESPACE;
use crate::version;
use diesel::sql_types::{Bool, Text};
use diesel::{PgConnection, QueryableByName, RunQueryDsl};
use std::collections::BTreeSet;

/// What a server can make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abilities {
    /// `server_version_num`.
    pub server_version: u32,
    /// `pg_available_extension_versions`: names, and names with a version.
    pub extensions: BTreeSet<(String, Option<String>)>,
    /// Built with ICU.
    pub icu: bool,
    /// Built with LZ4.
    pub lz4: bool,
    /// Makes tablespaces without a directory (`allow_in_place_tablespaces`).
    pub tablespaces: bool,
}

#[derive(QueryableByName)]
struct Extension {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Bool)]
    superuser: bool,
    #[diesel(sql_type = Bool)]
    icu: bool,
    #[diesel(sql_type = Bool)]
    lz4: bool,
    #[diesel(sql_type = Bool)]
    tablespaces: bool,
}

impl Abilities {
    /// Asks the server.
    ///
    /// # Errors
    /// When it does not answer, and when the role is no superuser.
    pub(super) fn read(
        connection: &mut PgConnection,
        server_version: u32,
    ) -> Result<Self, SelftestError> {
        let row: Row = diesel::sql_query(
            "SELECT rolsuper AS superuser,
                EXISTS (SELECT FROM pg_catalog.pg_collation WHERE collprovider = 'i') AS icu,
                EXISTS (
                    SELECT FROM pg_catalog.pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)
                ) AS lz4,
                EXISTS (SELECT FROM pg_catalog.pg_settings WHERE name = 'allow_in_place_tablespaces') AS tablespaces
             FROM pg_catalog.pg_roles WHERE rolname = current_user",
        )
        .get_result(connection)
        .map_err(SelftestError::asking)?;
        if !row.superuser {
            return Err(SelftestError::NoSuperuser);
        }
        let available: Vec<Extension> = diesel::sql_query(
            "SELECT name::text, version FROM pg_catalog.pg_available_extension_versions",
        )
        .load(connection)
        .map_err(SelftestError::asking)?;
        let extensions = available
            .into_iter()
            .flat_map(|found| {
                [
                    (found.name.clone(), None),
                    (found.name, Some(found.version)),
                ]
            })
            .collect();
        Ok(Self {
            server_version,
            extensions,
            icu: row.icu,
            lz4: row.lz4,
            tablespaces: row.tablespaces,
        })
    }

    /// The major version.
    pub fn major(&self) -> u32 {
        version::major(self.server_version)
    }

    /// Whether the extension can be had, in that version.
    pub(super) fn extension(&self, name: &str, version: Option<&str>) -> bool {
        let wanted = (name.to_owned(), version.map(str::to_owned));
        self.extensions.contains(&wanted)
    }

    /// What the server lacks for a case, as a sentence.
    pub fn lacks(&self, case: &Case) -> Option<String> {
        let major = self.major();
        if case.since > major {
            return Some(format!(
                "needs PostgreSQL {}, the server has {major}",
                case.since
            ));
        }
        let mut extensions = case.extensions().into_iter();
        if let Some((name, version)) =
            extensions.find(|(name, version)| !self.extension(name, *version))
        {
            let version = version.map(|version| format!(" {version}"));
            return Some(format!(
                "needs the extension {name}{}, which the server does not have",
                version.unwrap_or_default()
            ));
        }
        if case.mentions("provider = icu") && !self.icu {
            return Some("needs ICU, which the server was built without".to_owned());
        }
        if case.mentions("compression lz4") && !self.lz4 {
            return Some("needs LZ4, which the server was built without".to_owned());
        }
        if case.mentions(TABLESPACE) && !self.tablespaces {
            return Some(
                "needs a tablespace, which the server makes only with a directory".to_owned(),
            );
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(text: &str) -> Case {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_is_lacking_is_said() {
        let server = Abilities {
            server_version: 150_004,
            extensions: [("hstore".to_owned(), None)].into(),
            ..Abilities::default()
        };
        for (text, lacks) in [
            ("sql = 'select 1'", None),
            ("sql = 'select 1'\nsince = 15", None),
            ("sql = 'select 1'\nsince = 16", Some("PostgreSQL 16")),
            ("sql = 'create extension hstore'", None),
            (
                "sql = \"create extension hstore version '9'\"",
                Some("hstore 9"),
            ),
            ("sql = 'drop extension citext'", Some("citext")),
            ("sql = 'create collation c (provider = icu)'", Some("ICU")),
            (
                "sql = 'alter table t set tablespace app_space'",
                Some("tablespace"),
            ),
        ] {
            let said = server.lacks(&case(text));
            match lacks {
                None => assert_eq!(said, None, "{text}"),
                Some(part) => assert!(said.unwrap().contains(part), "{text}"),
            }
        }
    }
}
