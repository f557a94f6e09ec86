//! Whom a transaction acts for. The policies of schema `weeksmith` and its audit log read it from settings.

use diesel::prelude::*;
use diesel::select;

use super::models::UserId;
use crate::store::Conn;

#[diesel::declare_sql_function]
extern "SQL" {
    fn current_setting(
        name: diesel::sql_types::Text,
        missing_ok: diesel::sql_types::Bool,
    ) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
    fn set_config(
        name: diesel::sql_types::Text,
        value: diesel::sql_types::Text,
        is_local: diesel::sql_types::Bool,
    ) -> diesel::sql_types::Text;
}

/// The user whose rows there are, and who writes them and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Acting {
    /// Whose rows there are: nobody else's can be seen or written.
    pub user: UserId,
    /// Name of the program that acts for the user, for the audit log; `None`: the user does.
    pub agent: Option<String>,
    /// Why, for the audit log.
    pub note: Option<String>,
}

impl Acting {
    /// A user who says nothing about it.
    #[must_use]
    pub fn user(user: UserId) -> Self {
        Self {
            user,
            agent: None,
            note: None,
        }
    }

    /// The same, but a program acts for the user.
    #[must_use]
    pub fn by_agent(self, name: impl Into<String>) -> Self {
        Self {
            agent: Some(name.into()),
            ..self
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn noting(self, note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..self
        }
    }

    /// Does `work` in a transaction, or in a savepoint of the caller's, that acts so. The settings are those of before
    /// when it is over, however it ends: a connection that goes back to a pool acts for nobody.
    ///
    /// # Errors
    /// What `work` returns, after which nothing of it is left; and what Diesel says of the transaction.
    pub fn run<C: Conn, T, E: From<diesel::result::Error>>(
        &self,
        conn: &mut C,
        work: impl FnOnce(&mut C) -> Result<T, E>,
    ) -> Result<T, E> {
        // A setting that is not there and one that is empty mean the same.
        let settings = [
            ("app.user_id", self.user.to_string()),
            ("app.agent", self.agent.clone().unwrap_or_default()),
            ("app.note", self.note.clone().unwrap_or_default()),
        ];
        conn.transaction(|conn| {
            let mut before = Vec::with_capacity(settings.len());
            for (name, value) in settings {
                before.push((name, get(conn, name)?));
                set(conn, name, &value)?;
            }
            let done = work(conn)?;
            // After an error, the savepoint takes them back.
            for (name, value) in before {
                set(conn, name, &value)?;
            }
            Ok(done)
        })
    }
}

/// Does `work` in a transaction that acts for a user: [`Acting::run`].
///
/// # Errors
/// As [`Acting::run`].
pub fn as_user<C: Conn, T, E: From<diesel::result::Error>>(
    conn: &mut C,
    user: UserId,
    work: impl FnOnce(&mut C) -> Result<T, E>,
) -> Result<T, E> {
    Acting::user(user).run(conn, work)
}

fn get(conn: &mut impl Conn, name: &str) -> QueryResult<String> {
    let value: Option<String> = select(current_setting(name, true)).get_result(conn)?;
    Ok(value.unwrap_or_default())
}

fn set(conn: &mut impl Conn, name: &str, value: &str) -> QueryResult<()> {
    select(set_config(name, value, true))
        .get_result::<String>(conn)
        .map(drop)
}
