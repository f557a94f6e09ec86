//! Fresh databases from each provider, for real.

use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, RunQueryDsl};
use diesel_drift::provision::{Choice, Options, provision};

fn local() -> Options {
    Options {
        provider: Choice::Local,
        ..Options::default()
    }
}

fn ask(url: &str, expression: &str) -> i64 {
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::select(sql::<BigInt>(&format!("({expression})::int8")))
        .get_result(&mut connection)
        .unwrap()
}

#[test]
fn smoke() {
    let database = provision(&local()).unwrap();
    println!("{database:?} {}", database.url());
    assert_eq!(
        ask(
            database.url(),
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ),
        0
    );
    let server = provision(&Options {
        provider: Choice::Server,
        server_url: Some(database.url().into()),
        ..Options::default()
    })
    .unwrap();
    println!("{server:?} {}", server.url());
    assert_eq!(ask(server.url(), "1"), 1);
    server.close().unwrap();
    database.close().unwrap();
}
