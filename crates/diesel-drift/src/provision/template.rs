//! Templates: migrated databases on a server, which nobody connects to and of which each test gets a copy.
//!
//! A draft is a scratch database like any other, so that what a killed builder leaves is swept with them. It becomes a template in one
//! transaction, and only after a copy of it was found equal to it; a chain that leaves what `CREATE DATABASE … TEMPLATE` does not copy and
//! [`FACTS`] do not either has a template that says so, and is migrated for each test.

use super::beside::Beside;
use super::registry::Startup;
use super::server::{self, LOCK_CLASS, Yes, sentence};
use super::{DATABASE, ProvisionError, keep};
use crate::digest::sha256;
use diesel::connection::SimpleConnection;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use diesel::{Connection, OptionalExtension, PgConnection, QueryableByName, RunQueryDsl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What every template's name begins with; 16 hexadecimal digits follow.
pub(super) const PREFIX: &str = "diesel_drift_t_";

/// `pg_database.datconnlimit` of a template.
const MARK: i32 = 1_862_740;

/// The code that makes templates and finds them alike.
const CODE: &str = env!("DIESEL_DRIFT_CODE");

/// How many templates of a project stay on a server.
const NEWEST: usize = 3;

/// One that was used within these seconds may be in use.
const IN_USE: i64 = 60 * 60;

/// One that nobody used for these seconds is removed, whichever project's it is.
const FORGOTTEN: i64 = 7 * 24 * 60 * 60;

/// Use is noted no more often than after these seconds.
const NOTED: i64 = 10 * 60;

/// What else than the migrations makes a database what it is: whose it becomes, the server, its extensions and its settings, and the day,
/// because migrations may ask the clock.
const INGREDIENTS: &str = "
SELECT pg_catalog.json_build_array(
    current_user, pg_catalog.version(), current_date,
    (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(s.name, s.setting) ORDER BY s.name)
     FROM pg_catalog.pg_settings s
     WHERE s.source NOT IN ('default', 'override') AND s.name <> 'application_name'),
    (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(e.name, e.default_version) ORDER BY e.name)
     FROM pg_catalog.pg_available_extensions e),
    (SELECT pg_catalog.to_jsonb(d) - '{datfrozenxid,datminmxid}'::text[]
     FROM pg_catalog.pg_database d WHERE d.datname = 'template0')
)::text AS text";

/// What `CREATE DATABASE … TEMPLATE` does not copy, as statements that make it so: $1 is the template, $2 the copy, $3 the comment.
/// Lists of names go through `set_config`, because as one literal they would be one name.
const FACTS: &str = "
WITH d AS (
    SELECT oid, datdba, datacl FROM pg_catalog.pg_database WHERE datname = $1
), setting AS (
    SELECT pg_catalog.split_part(item, '=', 1) AS name,
           pg_catalog.substr(item, pg_catalog.strpos(item, '=') + 1) AS value,
           CASE r.setrole WHEN 0 THEN pg_catalog.format('ALTER DATABASE %I', $2)
               ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', pg_catalog.pg_get_userbyid(r.setrole), $2)
           END AS alter
    FROM d JOIN pg_catalog.pg_db_role_setting r ON r.setdatabase = d.oid
    CROSS JOIN pg_catalog.unnest(r.setconfig) AS item
), acl AS (
    SELECT a.grantor, a.grantee, a.is_grantable, d.datdba,
           pg_catalog.string_agg(a.privilege_type, ', ') AS privileges
    FROM d CROSS JOIN pg_catalog.aclexplode(d.datacl) a
    GROUP BY a.grantor, a.grantee, a.is_grantable, d.datdba
), statement AS (
    SELECT 1 AS step, CASE
        WHEN name IN ('search_path', 'temp_tablespaces') THEN pg_catalog.format(
            'SELECT pg_catalog.set_config(%L, %L, true); %s SET %I FROM CURRENT', name, value, alter, name)
        ELSE pg_catalog.format('%s SET %I TO %L', alter, name, value)
    END AS sql
    FROM setting
    UNION ALL
    SELECT 2, pg_catalog.format('COMMENT ON DATABASE %I IS %L', $2, $3) WHERE $3 IS NOT NULL
    UNION ALL
    SELECT 3, pg_catalog.format('SECURITY LABEL FOR %I ON DATABASE %I IS %L', l.provider, $2, l.label)
    FROM d JOIN pg_catalog.pg_shseclabel l
        ON l.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass AND l.objoid = d.oid
    UNION ALL
    SELECT 4, pg_catalog.format('ALTER DATABASE %I OWNER TO %I', $2, pg_catalog.pg_get_userbyid(datdba))
    FROM d WHERE pg_catalog.pg_get_userbyid(datdba) <> current_user
    UNION ALL
    SELECT 5, pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %I', $2, pg_catalog.pg_get_userbyid(datdba))
    FROM d WHERE datacl IS NOT NULL
    UNION ALL
    SELECT CASE WHEN grantor = datdba THEN 6 ELSE 7 END, pg_catalog.format(
        CASE WHEN grantor = datdba THEN '' ELSE 'SET LOCAL ROLE %5$I; ' END
        || 'GRANT %1$s ON DATABASE %2$I TO %3$s%4$s'
        || CASE WHEN grantor = datdba THEN '' ELSE '; RESET ROLE' END,
        privileges, $2,
        CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(grantee)) END,
        CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END,
        pg_catalog.pg_get_userbyid(grantor))
    FROM acl
)
SELECT sql AS text FROM statement ORDER BY step, sql";

/// What a template's comment says.
#[derive(Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) project: String,
    /// When it was last used, within [`NOTED`]; seconds since 1970 by the server's clock.
    pub(super) used: i64,
    /// Whether a copy holds what it does.
    alike: bool,
    /// The comment that the migrations gave.
    comment: Option<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
pub(super) struct Row {
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub(super) now: i64,
}

impl Row {
    pub(super) fn note(&self) -> Option<Note> {
        serde_json::from_str(self.comment.as_deref()?).ok()
    }
}

fn refused(doing: &str) -> impl Fn(Error) -> ProvisionError {
    move |error| ProvisionError::Beside(format!("{doing} failed: {}", sentence(&error)))
}

/// The name of the template for a content, on this server and for this role.
pub(super) fn name(connection: &mut PgConnection, content: &str) -> Result<String, ProvisionError> {
    let text = ingredients(connection)?;
    let digest = sha256(format!("{CODE}\n{content}\n{text}").as_bytes());
    Ok(format!("{PREFIX}{}", &digest[..16]))
}

/// What else than the migrations makes a database on the server what it is.
pub(super) fn ingredients(connection: &mut PgConnection) -> Result<String, ProvisionError> {
    let line: Line = diesel::sql_query(INGREDIENTS)
        .get_result(connection)
        .map_err(refused("asking the server for its settings"))?;
    Ok(line.text)
}

/// Whether a template can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// It can.
    Whole,
    /// A copy of it does not hold what it does.
    Unlike,
}

/// Looks for a template.
pub(super) fn find(
    connection: &mut PgConnection,
    name: &str,
) -> Result<Option<Found>, ProvisionError> {
    let row: Option<Row> = diesel::sql_query(
        "SELECT d.datname::text AS name, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
                pg_catalog.date_part('epoch', pg_catalog.now())::pg_catalog.int8 AS now
         FROM pg_catalog.pg_database d
         WHERE d.datname = $2 AND d.datconnlimit = $1 AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')",
    )
    .bind::<Integer, _>(MARK)
    .bind::<Text, _>(name)
    .get_result(connection)
    .optional()
    .map_err(refused("looking for a template"))?;
    let Some((now, mut note)) = row.and_then(|row| Some((row.now, row.note()?))) else {
        return Ok(None);
    };
    if note.used + NOTED < now {
        note.used = now;
        // Its absence costs at most a template's making.
        let _ = connection.batch_execute(&comment(name, &note));
    }
    Ok(Some(match note.alike {
        true => Found::Whole,
        false => Found::Unlike,
    }))
}

/// Makes a copy of a template, or of a draft, and returns its name.
pub(super) fn copy(session: &mut Beside, template: &str) -> Result<String, ProvisionError> {
    let copy = session.create(template)?;
    let alike = facts(session.connection(), template, &copy);
    match alike {
        Ok(()) => Ok(copy),
        Err(error) => {
            // What is left is swept.
            let _ = session.remove(&copy);
            Err(refused("giving a database what its template has")(error))
        }
    }
}

/// As [`copy`], of the database of a server of the harness's own. Where the migrations said nothing about its connection limit it is given that of a
/// scratch database, so that the two can be held against each other.
pub(super) fn copy_begun(session: &mut Beside) -> Result<String, ProvisionError> {
    let limit = format!(
        "DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = '{DATABASE}' AND datconnlimit = -1) THEN
                ALTER DATABASE {DATABASE} CONNECTION LIMIT {};
            END IF;
        END $$",
        server::MARK
    );
    (session.connection().batch_execute(&limit)).map_err(refused("limiting connections"))?;
    copy(session, DATABASE)
}

/// Gives a copy what `CREATE DATABASE` did not.
fn facts(connection: &mut PgConnection, template: &str, copy: &str) -> Result<(), Error> {
    let row: Row = diesel::sql_query(
        "SELECT d.datname::text AS name, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment, 0::pg_catalog.int8 AS now
         FROM pg_catalog.pg_database d WHERE d.datname = $1",
    )
    .bind::<Text, _>(template)
    .get_result(connection)?;
    let own = match row.note() {
        Some(note) => note.comment,
        None => row.comment,
    };
    let statements: Vec<Line> = diesel::sql_query(FACTS)
        .bind::<Text, _>(template)
        .bind::<Text, _>(copy)
        .bind::<Nullable<Text>, _>(own)
        .load(connection)?;
    if statements.is_empty() {
        return Ok(());
    }
    connection.transaction(|connection| {
        (statements.iter()).try_for_each(|Line { text }| connection.batch_execute(text))
    })
}

/// Runs `build` while no other process does for the same template.
pub(super) fn alone<T, E: From<ProvisionError>>(
    session: &mut Beside,
    name: &str,
    startup: &Startup,
    build: impl FnOnce(&mut Beside) -> Result<T, E>,
) -> Result<T, E> {
    let query = |function: &str| {
        diesel::sql_query(format!(
            "SELECT pg_catalog.{function}($1, pg_catalog.hashtext($2)) AS yes"
        ))
        .bind::<Integer, _>(LOCK_CLASS)
        .bind::<Text, _>(name)
    };
    let failed = refused("taking an advisory lock");
    while !query("pg_try_advisory_lock")
        .get_result::<Yes>(session.connection())
        .map_err(&failed)?
        .yes
    {
        startup
            .check("waiting for another process to make a template")
            .map_err(ProvisionError::Beside)?;
        startup.tick();
    }
    let built = build(session);
    // It ends with the session at the latest.
    let _ = query("pg_advisory_unlock").execute(session.connection());
    built
}

/// Makes a template of a draft: nobody connects to it any more.
pub(super) fn publish(
    connection: &mut PgConnection,
    draft: &str,
    name: &str,
    project: &str,
    alike: bool,
) -> Result<(), ProvisionError> {
    let row: Result<Row, Error> = diesel::sql_query(
        "SELECT d.datname::text AS name, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
                pg_catalog.date_part('epoch', pg_catalog.now())::pg_catalog.int8 AS now
         FROM pg_catalog.pg_database d WHERE d.datname = $1",
    )
    .bind::<Text, _>(draft)
    .get_result(connection);
    let published = row.and_then(|row| {
        let note = Note {
            project: project.to_owned(),
            used: row.now,
            alike,
            comment: row.comment,
        };
        connection.transaction(|connection| {
            connection.batch_execute(&comment(draft, &note))?;
            connection.batch_execute(&format!(
                "ALTER DATABASE {draft} ALLOW_CONNECTIONS false CONNECTION LIMIT {MARK}"
            ))?;
            connection.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
        })
    });
    published.map_err(refused("making a template"))
}

fn comment(name: &str, note: &Note) -> String {
    let text = serde_json::to_string(note).unwrap_or_default();
    // A string of this form reads alike whatever `standard_conforming_strings` says.
    let text = text.replace('\\', "\\\\").replace('\'', "\\'");
    format!("COMMENT ON DATABASE {name} IS E'{text}'")
}

#[derive(QueryableByName)]
pub(super) struct Listed {
    #[diesel(embed)]
    pub(super) template: Row,
    #[diesel(sql_type = BigInt)]
    pub(super) bytes: i64,
}

/// What `find` would find, and what is kept; oldest first.
pub(super) fn load(connection: &mut PgConnection) -> Result<Vec<Listed>, Error> {
    diesel::sql_query(
        "SELECT d.datname::text AS name, pg_catalog.shobj_description(d.oid, 'pg_database') AS comment,
                pg_catalog.date_part('epoch', pg_catalog.now())::pg_catalog.int8 AS now,
                pg_catalog.pg_database_size(d.oid) AS bytes
         FROM pg_catalog.pg_database d
         WHERE (d.datname ~ '^diesel_drift_t_[0-9a-f]{16}$' AND d.datconnlimit IN ($1, -2)
                OR d.datname ~ '^diesel_drift_[0-9a-f]{16}$' AND d.datconnlimit = $2)
           AND pg_catalog.pg_has_role(d.datdba, 'MEMBER')
         ORDER BY d.oid",
    )
    .bind::<Integer, _>(MARK)
    .bind::<Integer, _>(keep::MARK)
    .load(connection)
}

/// Removes this role's templates that are too many, but `name`; what could not be removed is the next run's.
pub(super) fn bound(connection: &mut PgConnection, name: &str) {
    let mut rows: Vec<_> = load(connection).unwrap_or_default();
    rows.retain(|Listed { template: row, .. }| row.name.starts_with(PREFIX) && row.name != name);
    rows.sort_by_key(|Listed { template: row, .. }| {
        std::cmp::Reverse(row.note().map(|note| note.used))
    });
    let mut seen: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for Listed { template: row, .. } in rows {
        let note = row.note();
        let unused = note.as_ref().map(|note| row.now.saturating_sub(note.used));
        let before = seen.entry(note.map(|note| note.project)).or_default();
        *before += 1;
        // `name` is its project's newest.
        if is_superfluous(unused, *before + 1) {
            let _ = server::drop_database(connection, &row.name);
        }
    }
}

/// Whether a template goes that was not used for some seconds (None: it does not say) and is its project's `place`th newest.
fn is_superfluous(unused: Option<i64>, place: usize) -> bool {
    unused.is_none_or(|unused| unused > FORGOTTEN || unused > IN_USE && place > NEWEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_stay_and_what_is_in_use() {
        for (unused, place, goes) in [
            (Some(IN_USE + 1), NEWEST, false),
            (Some(IN_USE + 1), NEWEST + 1, true),
            (Some(IN_USE), NEWEST + 9, false),
            (Some(FORGOTTEN + 1), 1, true),
            (None, 1, true),
        ] {
            assert_eq!(is_superfluous(unused, place), goes, "{unused:?} {place}");
        }
    }

    #[test]
    fn a_comment_says_what_was_noted() {
        let note = Note {
            project: r"/a\b'c".to_owned(),
            used: 7,
            alike: true,
            comment: Some("it's \" a \n comment".to_owned()),
        };
        let written = comment("t", &note);
        let (_, literal) = written.split_once("E'").unwrap();
        let text = literal
            .trim_end_matches('\'')
            .replace(r"\'", "'")
            .replace(r"\\", r"\");
        let read: Note = serde_json::from_str(&text).unwrap();
        assert_eq!((read.project, read.comment), (note.project, note.comment));
    }
}
