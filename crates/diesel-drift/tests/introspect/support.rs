//! A database of its own for each test, and what the tests ask of a catalog.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use diesel_drift::catalog::{Catalog, Index, QualifiedName, Relation};
use diesel_drift::introspect::{Live, Wanted, introspect};
use diesel_drift::provision::{Database, Options, provision};

/// The schema that drift is tried on.
pub const DRIFT_BASE: &str = include_str!("../../fixtures/drift-cases/base.sql");

/// A schema of everything that is hard to read right, for any supported version.
pub const HOSTILE: &str = include_str!("data/hostile.sql");

/// A schema of every class that is neither relation, type nor sequence, for any supported version.
pub const OTHERS: &str = include_str!("data/others.sql");

/// A scratch database in which `sql` was run, and a connection to it.
pub fn database_with(sql: &str) -> (Database, PgConnection) {
    let database = provision(&Options::from_env()).unwrap();
    let mut connection = PgConnection::establish(database.url()).unwrap();
    create_roles(&mut connection);
    if !sql.is_empty() {
        connection.batch_execute(sql).unwrap();
    }
    (database, connection)
}

/// A role that is hard to name, as SQL.
const HOSTILE_ROLE: &str = "\"Drift \"\"Ünï\"\" 😀\"";

/// Makes the roles that the schemas here name. Roles are the server's: other tests may have made them.
fn create_roles(connection: &mut PgConnection) {
    for role in ["app_ro", "app_other", HOSTILE_ROLE] {
        let create = format!(
            "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        );
        connection.batch_execute(&create).unwrap();
    }
}

/// The catalog, where nothing from outside is wanted.
pub fn read(connection: &mut PgConnection) -> Live {
    introspect(connection, &Wanted::default()).unwrap()
}

/// The relation of that name, in any schema.
pub fn relation<'catalog>(catalog: &'catalog Catalog, name: &str) -> &'catalog Relation {
    let mut relations = catalog.relations.iter().chain(&catalog.outside.relations);
    relations
        .find(|relation| relation.name.name == name)
        .unwrap()
}

/// The index of that name.
pub fn index<'catalog>(relation: &'catalog Relation, name: &str) -> &'catalog Index {
    relation
        .indexes
        .iter()
        .find(|index| index.name == name)
        .unwrap()
}

/// Names as text.
pub fn names<'a>(list: impl IntoIterator<Item = &'a QualifiedName>) -> Vec<String> {
    list.into_iter().map(ToString::to_string).collect()
}
