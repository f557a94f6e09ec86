//! What tests leave on a server that is named, for people to see and to remove.

use super::ProvisionError;
use super::conninfo::{Conninfo, ServerUrl};
use super::server::{self, RECONNECTING, sentence};
use super::template::{Listed, PREFIX, load};
use diesel::PgConnection;

/// A database of the harness's own on a server that outlives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its name.
    pub name: String,
    /// Whose template it is: the project's root. None: it is no template, but was kept for somebody to look at.
    pub project: Option<String>,
    /// Its size on disk (`pg_database_size`).
    pub bytes: u64,
    /// Seconds since it was last copied, to ten minutes.
    pub unused: Option<u64>,
}

/// A session on a server that is named, and its place.
fn session(server: &ServerUrl) -> Result<(PgConnection, String), ProvisionError> {
    let conninfo = Conninfo::parse(server).map_err(|reason| ProvisionError::Left {
        server: server.describe(),
        reason: reason.to_owned(),
    })?;
    let place = conninfo.place();
    match server::connect(&conninfo, RECONNECTING) {
        Ok(connection) => Ok((connection, place)),
        Err(reason) => Err(ProvisionError::Left {
            server: place,
            reason: conninfo.redact(&reason),
        }),
    }
}

/// The templates for tests' databases on a server, and the databases that were kept there (`DIESEL_DRIFT_KEEP`), as far as they are the
/// connecting role's; oldest first.
///
/// # Errors
/// When the server cannot be asked.
pub fn left(server: &ServerUrl) -> Result<Vec<Left>, ProvisionError> {
    let (mut connection, server) = session(server)?;
    let rows = load(&mut connection).map_err(|error| ProvisionError::Left {
        server,
        reason: sentence(&error),
    })?;
    let left = rows.into_iter().map(
        |Listed {
             template: row,
             bytes,
         }| {
            let is_template = row.name.starts_with(PREFIX);
            let note = row.note().filter(|_| is_template);
            let unused = note.as_ref().map(|note| row.now.saturating_sub(note.used));
            Left {
                name: row.name,
                project: is_template.then(|| note.map(|note| note.project).unwrap_or_default()),
                bytes: bytes.unsigned_abs(),
                unused: unused.map(i64::unsigned_abs),
            }
        },
    );
    Ok(left.collect())
}

/// Removes what [`left`] lists, also what is in use: its users make it anew. Returns what was removed.
///
/// # Errors
/// When the server cannot be asked, or refuses.
pub fn clear(server: &ServerUrl) -> Result<Vec<Left>, ProvisionError> {
    let left = left(server)?;
    let (mut connection, server) = session(server)?;
    for Left { name, .. } in &left {
        server::drop_database(&mut connection, name).map_err(|error| ProvisionError::Left {
            server: server.clone(),
            reason: format!("DROP DATABASE {name} failed: {}", sentence(&error)),
        })?;
    }
    Ok(left)
}
