//! `diesel-drift selftest`, above all on a server that is not the harness's own: nothing may be left there.

use super::interrupt::{kill, wait_for};
use super::project::Project;
use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use diesel_drift::provision::{Choice, Database, Options, provision};
use std::process::Stdio;

fn server() -> (Database, PgConnection) {
    let server = provision(&Options {
        provider: Choice::Local,
        ..Options::from_env()
    })
    .unwrap();
    let connection = PgConnection::establish(server.url()).unwrap();
    (server, connection)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn roles(connection: &mut PgConnection) -> i64 {
    let roles = "SELECT count(*) AS count FROM pg_roles WHERE rolname LIKE 'diesel\\_drift\\_%'";
    diesel::sql_query(roles)
        .get_result::<Count>(connection)
        .unwrap()
        .count
}

/// Everything that a server has only once.
fn shared(connection: &mut PgConnection) -> Vec<String> {
    let names: Vec<Name> = diesel::sql_query(
        "SELECT 'database ' || datname AS name FROM pg_database
         UNION ALL SELECT 'role ' || rolname FROM pg_roles
         UNION ALL SELECT 'tablespace ' || spcname FROM pg_tablespace
         UNION ALL SELECT 'origin ' || roname FROM pg_replication_origin
         UNION ALL SELECT 'setting ' || setdatabase FROM pg_db_role_setting
         ORDER BY 1",
    )
    .load(connection)
    .unwrap();
    names.into_iter().map(|row| row.name).collect()
}

#[test]
fn a_server_is_left_as_it_was() {
    let (server, mut connection) = server();
    let before = shared(&mut connection);
    // Whatever a case makes that is not in its database alone.
    let cases = [
        "subscription",
        "database",
        "grant: on a table",
        "table: tablespace",
        "event trigger",
    ];
    let arguments = [
        &["selftest", "--server", server.url(), "--verbose"],
        &cases[..],
    ]
    .concat();
    let run = Project::empty().run(&arguments);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.stdout.contains("caught   subscription: added\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("silent   grant") || run.stdout.contains("silent   subscription"),
        "{}",
        run.stdout
    );
    assert_eq!(shared(&mut connection), before);
}

#[test]
fn machines_read_every_case() {
    let run = Project::empty().run(&[
        "selftest",
        "--format",
        "json",
        "policy:",
        "--provider",
        "local",
    ]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let value: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(value["passed"], true);
    let cases = value["cases"].as_array().unwrap();
    let drift = cases.iter().filter(|case| case["drift"] == true).count();
    assert!(drift > 0 && drift < cases.len(), "{}", run.stdout);
    assert!(
        cases.iter().all(|case| case["verdict"] == "passed"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_cannot_be_tried_is_an_error() {
    let run = Project::empty().run(&["selftest", "no such case"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr
            .contains("no case's name begins with no such case"),
        "{run:?}"
    );
    let (server, mut connection) = server();
    connection
        .batch_execute("CREATE ROLE maker LOGIN CREATEDB PASSWORD 'maker'")
        .unwrap();
    let mut url = url::Url::parse(server.url()).unwrap();
    url.set_username("maker").unwrap();
    url.set_password(Some("maker")).unwrap();
    let before = shared(&mut connection);
    let run = Project::empty().run(&["selftest", "--server", url.as_str()]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("the role is no superuser"), "{run:?}");
    assert_eq!(shared(&mut connection), before);
}

#[test]
fn an_interruption_leaves_nothing() {
    let (server, mut connection) = server();
    let before = shared(&mut connection);
    let mut child = Project::empty()
        .command(&["selftest", "--server", server.url()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("the roles", || roles(&mut connection) == 2);
    assert!(kill("INT", &child.id().to_string()));
    assert_eq!(child.wait().unwrap().code(), Some(130));
    // What was just being made when the signal came is the next run's to sweep.
    let run = Project::empty().run(&["selftest", "--server", server.url(), "policy: added"]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(shared(&mut connection), before);
}
