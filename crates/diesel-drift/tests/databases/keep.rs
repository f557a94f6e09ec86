//! `DIESEL_DRIFT_KEEP`.

use super::child::start;
use super::project::{COUNTED, Project};
use super::server::Server;
use super::{ask, directory, eventually};
use std::fs;

const FAILED: [(&str, &str); 1] = [("DIESEL_DRIFT_KEEP", "1")];

/// The command after a line that says what was kept.
fn command(told: &str) -> &str {
    let (_, after) = told
        .split_once(" is kept\n")
        .unwrap_or_else(|| panic!("{told}"));
    after.lines().next().unwrap().trim()
}

#[test]
fn the_database_of_a_test_that_fails_is_kept_until_it_is_let_go() {
    let project = Project::new(COUNTED);
    let mut test = start("failing", &project, &FAILED);
    let url = test.said("url");
    let run = directory(&url);
    let (passed, told) = test.finish();
    assert!(!passed);
    let password = url.split(['@', ':']).nth(2).unwrap();
    assert!(!told.contains(password), "{told}");
    let shown = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("{} -Atc \"SELECT to_regclass('evidence')\"", command(&told)),
        ])
        .output();
    match shown {
        Ok(shown) if shown.status.success() => assert_eq!(shown.stdout, b"evidence\n"),
        // There may be no psql; the command is what it would be given.
        _ => assert!(command(&told).starts_with("psql --host="), "{told}"),
    }
    // Other tests come and go meanwhile, and nobody sweeps it.
    let mut other = start("database", &project, &[]);
    assert_eq!(directory(&other.said("url")), run);
    assert!(other.finish().0);
    assert_eq!(ask(&url, "to_regclass('evidence') IS NOT NULL"), "true");
    assert!(
        told.contains(&format!("rm {}", run.join("keep").display())),
        "{told}"
    );
    fs::remove_file(run.join("keep")).unwrap();
    eventually("the server is stopped", || !run.exists());
}

#[test]
fn what_passes_is_kept_only_if_everything_is() {
    let project = Project::new(COUNTED);
    let (passed, told) = start("passing", &project, &FAILED).finish();
    assert!(passed && !told.contains("is kept"), "{told}");
    let always = [("DIESEL_DRIFT_KEEP", "always")];
    let mut test = start("passing", &project, &always);
    let url = test.said("url");
    let (passed, told) = test.finish();
    assert!(passed && told.contains("is kept"), "{told}");
    assert_eq!(ask(&url, "SELECT count(*) FROM users"), "2");
    fs::remove_file(directory(&url).join("keep")).unwrap();
    eventually("the server is stopped", || project.runs().is_empty());
}

#[test]
fn on_a_named_server_it_is_kept_for_good() {
    let server = Server::start();
    let project = Project::new("CREATE TABLE users ()").on_server();
    let variables = [FAILED[0], ("DIESEL_DRIFT_SERVER", server.url())];
    let mut test = start("failing", &project, &variables);
    let url = test.said("url");
    let (_, told) = test.finish();
    assert!(!told.contains("secret"), "{told}");
    assert!(
        command(&told).starts_with("psql 'postgres://tester@127.0.0.1:"),
        "{told}"
    );
    let mut other = start("database", &project, &variables[1..]);
    other.said("url");
    assert!(other.finish().0);
    assert_eq!(ask(&url, "to_regclass('evidence') IS NOT NULL"), "true");
    let name = ask(&url, "current_database()");
    assert!(told.contains(&format!("DROP DATABASE {name}")), "{told}");
    let left = diesel_drift::provision::left(&server.url().into()).unwrap();
    assert!(
        left.iter()
            .any(|left| left.name == name && left.project.is_none()),
        "{left:?}"
    );
}
