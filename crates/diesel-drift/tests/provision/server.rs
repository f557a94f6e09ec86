//! A server that the user names.

use super::child::start;
use super::*;

fn name(url: &str) -> String {
    ask(url, "current_database()")
}

fn exists(name: &str) -> bool {
    ask(
        base().url(),
        &format!("EXISTS (SELECT FROM pg_database WHERE datname = '{name}')"),
    ) == "true"
}

#[test]
fn the_named_database_stays_as_it_is() {
    let url = base().url();
    let before = ask(url, "SELECT count(*) FROM pg_class");
    let database = provision(&server(url)).unwrap();
    let scratch = name(database.url());
    assert_ne!(scratch, name(url));
    assert_eq!(
        ask(
            database.url(),
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ),
        "0"
    );
    assert_eq!(ask(url, "SELECT count(*) FROM pg_class"), before);
    assert_eq!(database.provider(), "server");
    assert_eq!(database.server_version(), base().server_version());
    // Somebody who is still connected is not in the way.
    let _connected = PgConnection::establish(database.url()).unwrap();
    database.close().unwrap();
    assert!(!exists(&scratch));
}

#[test]
fn a_panic_drops_the_database() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let panicked = std::panic::catch_unwind(move || {
        let database = provision(&server(base().url())).unwrap();
        sender.send(name(database.url())).unwrap();
        panic!("on purpose");
    });
    assert!(panicked.is_err());
    assert!(!exists(&receiver.recv().unwrap()));
}

/// Every form of connection string, and what it asks for reaches the scratch database too.
#[test]
fn connection_strings_keep_their_options() {
    let url = base().url();
    let options = "options=-c%20statement_timeout%3D12345";
    let database = provision(&server(&format!("{url}&{options}"))).unwrap();
    assert_eq!(
        ask(database.url(), "current_setting('statement_timeout')"),
        "12345ms"
    );

    let socket = traces(url).0;
    let port = ask(url, "current_setting('port')");
    for text in [
        format!(
            "postgres://postgres@/diesel_drift?host={}&port={port}",
            socket.display()
        ),
        format!(
            "postgres:///?user=postgres&host={}&port={port}&{options}",
            socket.display()
        ),
        format!(
            "user=postgres host='{}' port={port} dbname=template1",
            socket.display()
        ),
    ] {
        let database = provision(&server(&text)).unwrap();
        assert!(name(database.url()).starts_with("diesel_drift_"), "{text}");
        assert_eq!(
            ask(database.url(), "current_setting('unix_socket_directories')"),
            socket.display().to_string()
        );
    }
}

#[test]
fn the_next_run_sweeps_what_a_killed_harness_left_and_nothing_else() {
    let url = base().url();
    let foreign = "diesel_drift_0123456789abcdef";
    execute(url, &format!("CREATE DATABASE {foreign}"));
    execute(
        url,
        &format!("COMMENT ON DATABASE {foreign} IS 'scratch database of diesel-drift'"),
    );
    let mut alive = start("server", &[("TEST_SERVER", url)]);
    let mut dead = start("server", &[("TEST_SERVER", url)]);
    let (alive_url, dead_url) = (alive.said("url"), dead.said("url"));
    let (alive_name, dead_name) = (name(&alive_url), name(&dead_url));
    execute(&dead_url, "CREATE TABLE t ()");
    dead.kill();
    eventually("the dead harness's lock is gone", || {
        provision(&server(url)).unwrap().close().unwrap();
        !exists(&dead_name)
    });
    assert!(exists(&alive_name), "its harness lives");
    assert!(exists(foreign), "it carries no mark");
    assert!(alive.finish().0);
    assert!(!exists(&alive_name));
    execute(url, &format!("DROP DATABASE {foreign}"));
}

/// A run that is connected elsewhere keeps its lock in another database.
#[test]
fn a_run_beside_another_database_is_not_swept() {
    let url = base().url();
    let elsewhere = url.replace("/diesel_drift?", "/postgres?");
    assert_ne!(url, elsewhere);
    let alive = provision(&server(&elsewhere)).unwrap();
    provision(&server(url)).unwrap().close().unwrap();
    assert_eq!(ask(alive.url(), "1"), "1");
}

#[test]
fn cleanup_removes_all_that_lives() {
    let mut harness = start("cleanup", &[("TEST_SERVER", base().url())]);
    let own = traces(&harness.said("own"));
    let other = name(&harness.said("other"));
    assert!(exists(&other));
    harness.go_on();
    assert_eq!(harness.said("cleaned"), "up");
    assert!(!exists(&other));
    assert_gone(&own);
    assert!(harness.finish().0, "later guards find nothing left to do");
}

#[test]
fn a_role_without_the_right_is_told_so() {
    let url = base().url();
    execute(url, "CREATE ROLE plain LOGIN PASSWORD 'pl@in'");
    let (_, place) = url.split_once('@').unwrap();
    let message = provision(&server(&format!("postgres://plain:pl%40in@{place}")))
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("permission denied to create database") && message.contains("CREATEDB"),
        "{message}"
    );
    execute(url, "DROP ROLE plain");
}

#[test]
fn no_message_holds_the_password() {
    let (_, place) = base().url().split_once('@').unwrap();
    for url in [
        format!("postgres://postgres:s%33cret@{place}"),
        "postgres://me:s3cret@127.0.0.1:1/a?sslpassword=s3cret".to_owned(),
        "postgres://me:s3cret@127.0.0.1:port/a".to_owned(),
        "postgres://me:s3cret@/a?host=/nonexistent&no_such_option=1".to_owned(),
        "host=127.0.0.1 port=1 password=s3cret".to_owned(),
        "host=127.0.0.1 s3cret".to_owned(),
        "mysql://me:s3cret@h/a".to_owned(),
    ] {
        let options = server(&url);
        let error = provision(&options).unwrap_err();
        let shown = format!("{error} {error:?} {options:?}");
        assert!(
            !shown.contains("s3cret") && !shown.contains("s%33cret"),
            "{shown}"
        );
        assert!(shown.contains("server"), "{shown}");
    }
}

/// libpq would wait for its own time-out at best.
#[test]
fn a_server_that_does_not_answer_meets_the_deadline() {
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = mute.local_addr().unwrap().port();
    let options = Options {
        startup_timeout: Duration::from_millis(100),
        ..server(&format!("postgres://me@127.0.0.1:{port}/a"))
    };
    let message = provision(&options).unwrap_err().to_string();
    assert!(
        message.contains(&format!(
            "127.0.0.1:{port} was not done within the start-up deadline of 100ms"
        )),
        "{message}"
    );
}

/// A `DROP DATABASE` that was broken off leaves PostgreSQL's own mark in the place of ours.
#[test]
fn a_database_that_was_half_dropped_is_swept() {
    let url = base().url();
    let half = "diesel_drift_00000000000000ff";
    execute(url, &format!("CREATE DATABASE {half}"));
    execute(
        url,
        &format!("UPDATE pg_database SET datconnlimit = -2 WHERE datname = '{half}'"),
    );
    provision(&server(url)).unwrap().close().unwrap();
    assert!(!exists(half));
}
