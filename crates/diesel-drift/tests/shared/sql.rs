//! Asking a database, and changing it. For tests of several crates.

use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, RunQueryDsl};

/// The answer to a query for one value, as text.
pub fn ask(url: &str, query: &str) -> String {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::select(sql::<Text>(&format!("({query})::text")))
        .get_result(&mut connection)
        .unwrap()
}

pub fn execute(url: &str, statement: &str) {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::sql_query(statement)
        .execute(&mut connection)
        .unwrap();
}
