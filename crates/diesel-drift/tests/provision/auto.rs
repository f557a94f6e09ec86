//! The first provider that can serve.

use super::child::start;
use super::*;

#[test]
fn every_refusal_is_listed() {
    let variables = [
        ("DOCKER_HOST", "unix:///nonexistent/docker.sock"),
        ("DIESEL_DRIFT_SERVER", ""),
        // It would serve, and must not be asked.
        ("DATABASE_URL", base().url()),
    ];
    let mut harness = start("auto", &variables);
    let error = harness.said("error");
    for part in [
        "- server: ",
        "DIESEL_DRIFT_SERVER",
        "- container: ",
        "- local: ",
        "DIESEL_DRIFT_PG_BIN",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    assert!(harness.finish().0);
}

#[test]
fn a_server_that_was_named_is_the_only_one_tried() {
    let options = Options {
        server_url: Some("postgres://127.0.0.1:1/a".into()),
        ..Options::default()
    };
    let error = provision(&options).unwrap_err().to_string();
    assert!(
        error.contains("provider server") && !error.contains("local"),
        "{error}"
    );
}

#[test]
fn a_server_goes_first() {
    let options = Options {
        server_url: Some(base().url().into()),
        ..Options::default()
    };
    assert_eq!(provision(&options).unwrap().provider(), "server");
}

#[test]
fn something_serves() {
    let database = provision(&Options::default()).unwrap();
    assert!(["container", "local"].contains(&database.provider()));
    assert_eq!(ask(database.url(), "1"), "1");
}
