//! Whether rows survive a migration and its way back: rows are put into every table, and compared afterwards.

mod contents;
mod rows;
mod value;

use crate::catalog::{Catalog, QualifiedName};
use crate::migrate::{
    Control, Direction, FailedMigration, MigrateError, Steps, copies_to_client, split,
};
use contents::{Lost, Reading};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{Connection, PgConnection};
use rows::Insert;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use contents::{Loser, Loss};
pub(crate) use rows::another_value;

/// What became of the rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// A file that passes on empty tables and fails on rows.
    pub(super) failed: Option<Box<FailedMigration>>,
    /// What is gone.
    pub(super) losses: Vec<Loss>,
    /// How many tables held rows before, which were looked for afterwards.
    pub(super) compared: usize,
    /// Tables that could be given no rows, and why.
    pub(super) without: BTreeMap<String, String>,
    /// The project's seeds, and why they could not be run.
    pub(super) seeded: BTreeMap<PathBuf, Option<String>>,
}

/// The catalogs of one trip on empty tables.
#[derive(Clone, Copy)]
pub(super) struct Catalogs<'a> {
    pub(super) before: &'a Catalog,
    pub(super) after: &'a Catalog,
    /// None where there is no way back.
    pub(super) back: Option<&'a Catalog>,
}

/// The project's own rows.
#[derive(Debug, Default)]
pub(crate) struct Seeds {
    files: Vec<(PathBuf, String)>,
    /// Those that control transactions by themselves.
    pub(super) unusable: Vec<PathBuf>,
}

impl Seeds {
    /// The `.sql` files in `seeds` below the project's root, by name.
    pub(crate) fn read(root: &Path) -> Self {
        let mut seeds = Self::default();
        let entries = fs::read_dir(root.join("seeds")).into_iter().flatten();
        let mut paths: Vec<PathBuf> = (entries.filter_map(Result::ok))
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
            .collect();
        paths.sort();
        for path in paths {
            let shown = path.strip_prefix(root).unwrap_or(&path).to_owned();
            match fs::read_to_string(&path) {
                Ok(sql) if !controls_transactions(&sql) => seeds.files.push((shown, sql)),
                _ => seeds.unusable.push(shown),
            }
        }
        seeds
    }

    /// Runs those that can be, in the transaction that is open. Gives why the others cannot.
    pub(crate) fn run(
        &self,
        connection: &mut PgConnection,
    ) -> Result<BTreeMap<PathBuf, Option<String>>, diesel::result::Error> {
        (self.files.iter())
            .map(|(name, sql)| Ok((name.clone(), attempt(connection, sql)?)))
            .collect()
    }
}

/// Whether a script controls the transaction that it would be run in, or waits for rows from a client.
fn controls_transactions(sql: &str) -> bool {
    (split(sql).into_iter())
        .map(|statement| &sql[statement])
        .any(|statement| Control::of(statement).is_some() || copies_to_client(statement))
}

/// Tries a migration with rows in one transaction, of which nothing is left. None if that does not tell: something failed that might
/// pass outside of one.
pub(super) fn in_one_transaction(
    connection: &mut PgConnection,
    steps: &Steps<'_>,
    number: usize,
    catalogs: Catalogs<'_>,
    (seeds, known): (&Seeds, &mut Known),
) -> Result<Option<Rows>, MigrateError> {
    if AnsiTransactionManager::begin_transaction(connection).is_err() {
        return Ok(None);
    }
    let tried = trip(connection, steps, number, catalogs, (seeds, known));
    // What explains a failure has ended the transaction already.
    let rolled_back = AnsiTransactionManager::rollback_transaction(connection);
    Ok(tried?.filter(|rows| rows.failed.is_none() && rolled_back.is_ok()))
}

/// Tries a migration with rows in a database of its own. None if the rows could not be read.
pub(super) fn trip(
    connection: &mut PgConnection,
    steps: &Steps<'_>,
    number: usize,
    catalogs: Catalogs<'_>,
    (seeds, known): (&Seeds, &mut Known),
) -> Result<Option<Rows>, MigrateError> {
    let Catalogs {
        before,
        after,
        back,
    } = catalogs;
    let mut rows = Rows::default();
    if connection
        .transaction(|connection| {
            // What is deferred would keep the tables from being altered.
            connection.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
            seed(connection, before, seeds, known, &mut rows)
        })
        .is_err()
    {
        return Ok(None);
    }
    let Some(back) = back else {
        rows.failed = run(connection, steps, number, Direction::Up)?;
        return Ok(Some(rows));
    };
    let whole = Reading::of(&[before, back]);
    let between = Reading::of(&[before, after, back]);
    let Ok(first) = whole.read(connection) else {
        return Ok(None);
    };
    let Ok(first_between) = between.read(connection) else {
        return Ok(None);
    };
    if let Some(failed) = run(connection, steps, number, Direction::Up)? {
        rows.failed = Some(failed);
        return Ok(Some(rows));
    }
    let Ok(middle) = between.read(connection) else {
        return Ok(None);
    };
    if let Some(failed) = run(connection, steps, number, Direction::Down)? {
        rows.failed = Some(failed);
        return Ok(Some(rows));
    }
    let Ok(last) = whole.read(connection) else {
        return Ok(None);
    };
    rows.compared = first.filled();
    let lost = whole.lost(&first, &last);
    let by_up = between.lost(&first_between, &middle);
    rows.losses = attributed(lost, &by_up, after);
    Ok(Some(rows))
}

/// Who lost each.
fn attributed(lost: Vec<Lost>, by_up: &[Lost], after: &Catalog) -> Vec<Loss> {
    let by = |lost: &Lost| {
        let table = after.relations.iter().find(|of| of.name == lost.table);
        let there = table.is_some_and(|table| {
            (lost.column.as_ref()).is_none_or(|column| table.column(column).is_some())
        });
        let column = || table?.column(lost.column.as_ref()?);
        let is_time = || column().is_some_and(|of| of.data_type.name.starts_with("timestamp"));
        let same = |up: &Lost| up.table == lost.table && up.column == lost.column;
        match there {
            false => Loser::Dropped,
            true if lost.replaced && is_time() => Loser::Touched,
            true if by_up.iter().any(same) => Loser::Up,
            true => Loser::Down,
        }
    };
    let attribute = |lost: Lost| Loss {
        by: by(&lost),
        table: lost.table,
        column: lost.column,
        lost: lost.lost,
        of: lost.of,
    };
    lost.into_iter().map(attribute).collect()
}

/// Runs a migration one way; what it fails with is no error here.
pub(super) fn run(
    connection: &mut PgConnection,
    steps: &Steps<'_>,
    number: usize,
    direction: Direction,
) -> Result<Option<Box<FailedMigration>>, MigrateError> {
    match steps.run(connection, number, direction) {
        Ok(()) => Ok(None),
        Err(MigrateError::Failed(failed)) => Ok(Some(failed)),
        Err(error) => Err(error),
    }
}

/// Puts rows into every table: the project's own, and made ones.
fn seed(
    connection: &mut PgConnection,
    before: &Catalog,
    seeds: &Seeds,
    known: &mut Known,
    rows: &mut Rows,
) -> Result<(), diesel::result::Error> {
    rows.seeded = seeds.run(connection)?;
    rows.without = put_rows(connection, before, &|_| true, known)?;
    let without: Vec<String> = rows.without.keys().cloned().collect();
    if without != known.without {
        // What was in the way of one may have been in the way of others.
        known.ways.retain(|_, refused| refused.is_none());
        known.without = without;
    }
    Ok(())
}

/// Puts made rows into the wanted tables, in the transaction that is open. Gives those that could be given none, and why.
pub(crate) fn put_rows(
    connection: &mut PgConnection,
    catalog: &Catalog,
    wanted: &dyn Fn(&QualifiedName) -> bool,
    known: &mut Known,
) -> Result<BTreeMap<String, String>, diesel::result::Error> {
    let mut without = BTreeMap::new();
    let inserts = rows::inserts(catalog).into_iter();
    for insert in inserts.filter(|insert| wanted(&insert.table)) {
        if let Some(reason) = fill(connection, &insert, known)? {
            without.insert(insert.table.shown(), reason);
        }
    }
    Ok(without)
}

/// What was learned of a way to put rows into a table: by its statement, whether that is refused, and why. The tables of one migration are
/// nearly all those of the one before.
#[derive(Debug, Default)]
pub(crate) struct Known {
    ways: HashMap<String, Option<String>>,
    /// The tables that could be given none the last time.
    without: Vec<String>,
}

/// Without triggers, those of foreign keys among them: what refers to something refers to what is there all the same. For superusers.
const WITHOUT_TRIGGERS: &str = "SET LOCAL session_replication_role = replica";
const WITH_TRIGGERS: &str = "SET LOCAL session_replication_role = DEFAULT";

/// Puts rows into a table, in the first way that it takes; says why it takes none.
fn fill(
    connection: &mut PgConnection,
    insert: &Insert,
    known: &mut Known,
) -> Result<Option<String>, diesel::result::Error> {
    let plain = insert.attempts.iter().cloned();
    let without = (insert.attempts.iter())
        .map(|statement| format!("{WITHOUT_TRIGGERS};{statement};{WITH_TRIGGERS}"));
    let attempts: Vec<String> = plain.chain(without).collect();
    let worked = attempts
        .iter()
        .position(|of| known.ways.get(of) == Some(&None));
    let mut first = None;
    for statement in attempts.iter().skip(worked.unwrap_or(0)) {
        let refused = match known.ways.get(statement) {
            Some(Some(reason)) => Some(reason.clone()),
            _ => attempt(connection, statement)?,
        };
        known.ways.insert(statement.clone(), refused.clone());
        match refused {
            None => return Ok(None),
            // The first one says most: the others leave things out.
            Some(reason) => first = first.or(Some(reason)),
        }
    }
    // A migration, a seed or a trigger may have filled it.
    let table = insert.table.to_sql();
    let is_empty = format!(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM {table}) THEN RAISE 'empty'; END IF; END $$"
    );
    let filled = attempt(connection, &is_empty)?.is_none();
    Ok(first.filter(|_| !filled))
}

/// Runs something of which nothing is left where it fails; says why it does.
fn attempt(
    connection: &mut PgConnection,
    sql: &str,
) -> Result<Option<String>, diesel::result::Error> {
    connection.batch_execute("SAVEPOINT diesel_drift_rows")?;
    match connection.batch_execute(sql) {
        Ok(()) => {
            connection.batch_execute("RELEASE SAVEPOINT diesel_drift_rows")?;
            Ok(None)
        }
        Err(error) => {
            connection.batch_execute("ROLLBACK TO SAVEPOINT diesel_drift_rows")?;
            Ok(Some(error.to_string()))
        }
    }
}
