//! A server that test processes share.

use super::child::start;
use super::project::{COUNTED, Project};
use super::{ask, directory, eventually, processes_of};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn is_gone(directory: &Path) -> bool {
    !directory.exists() && processes_of(directory).unwrap_or_default() == 0
}

#[test]
fn twenty_processes_share_what_one_makes_and_nothing_else() {
    let project = Project::new(COUNTED);
    let mut tests: Vec<_> = (0..20).map(|_| start("row", &project, &[])).collect();
    let urls: Vec<String> = tests.iter_mut().map(|test| test.said("url")).collect();
    let names: BTreeSet<_> = urls
        .iter()
        .map(|url| ask(url, "current_database()"))
        .collect();
    assert_eq!(names.len(), 20);
    assert_eq!(project.lines(), 1, "the migrations ran once");
    let [run] = project.runs().try_into().unwrap();
    let databases =
        "SELECT count(*) FROM pg_database WHERE datname ~ '^diesel_drift_[0-9a-f]{16}$'";
    assert_eq!(ask(&urls[0], databases), "20", "no draft is left");
    let last = tests.pop().unwrap();
    for test in tests {
        assert!(test.finish().0);
    }
    assert_eq!(ask(urls.last().unwrap(), databases), "1");
    assert!(last.finish().0);
    eventually("the last has gone, and the server with it", || {
        is_gone(&run)
    });
}

#[test]
fn threads_have_a_database_each() {
    let project = Project::new(COUNTED);
    let mut test = start("threads", &project, &[]);
    let names = test.said("names");
    assert_eq!(names.split(' ').collect::<BTreeSet<_>>().len(), 8);
    assert_eq!(project.lines(), 1);
    assert!(test.finish().0);
}

#[test]
fn killed_processes_leave_nothing() {
    let project = Project::new(COUNTED);
    let mut tests = [(); 2].map(|()| start("database", &project, &[]));
    let urls = tests.each_mut().map(|test| test.said("url"));
    let run = directory(&urls[0]);
    assert_eq!(run, directory(&urls[1]));
    let [first, second] = tests;
    let name = ask(&urls[0], "current_database()");
    first.kill();
    // The next test drops the database, once PostgreSQL has seen that its owner is gone.
    eventually("the database is swept", || {
        assert!(finished(&project));
        ask(
            &urls[1],
            &format!("EXISTS (SELECT FROM pg_database WHERE datname = '{name}')"),
        ) == "false"
    });
    second.kill();
    eventually("the server is stopped", || is_gone(&run));
    assert_eq!(project.lines(), 1);
}

/// Whether a test that ends at once is well.
fn finished(project: &Project) -> bool {
    let mut test = start("database", project, &[]);
    test.said("url");
    test.finish().0
}

#[test]
fn a_builder_that_is_killed_is_followed_by_another() {
    // It tells that it is at it, and waits until it is let go on.
    let gated = "CREATE TABLE users ();
        COPY (SELECT 1) TO PROGRAM 'cat >>{file}; while [ -e {file}.gate ]; do sleep 0.02; done';";
    let project = Project::new(gated);
    let gate = project.path().join("file.gate");
    fs::write(&gate, "").unwrap();
    let first = start("database", &project, &[]);
    eventually("the first builds", || project.lines() == 1);
    let mut second = start("database", &project, &[]);
    first.kill();
    eventually("the second builds", || project.lines() == 2);
    fs::remove_file(&gate).unwrap();
    let url = second.said("url");
    let run = directory(&url);
    let drafts = "SELECT count(*) FROM pg_database WHERE datname ~ '^diesel_drift_[0-9a-f]{16}$'";
    eventually("what the first left is swept", || {
        assert!(finished(&project));
        ask(&url, drafts) == "1"
    });
    assert_eq!(project.lines(), 2);
    assert!(second.finish().0);
    eventually("the server is stopped", || is_gone(&run));
}

#[test]
fn who_comes_soon_after_the_last_finds_the_server() {
    let project = Project::new(COUNTED);
    let mut first = start("database", &project, &[]);
    let mut late = start("late", &project, &[]);
    late.said("ready");
    let run = directory(&first.said("url"));
    assert!(first.finish().0);
    late.go_on();
    assert_eq!(directory(&late.said("url")), run);
    assert_eq!(project.lines(), 1);
    // It is a user like any other: the server does not go while it is there.
    let mut third = start("database", &project, &[]);
    assert_eq!(directory(&third.said("url")), run);
    assert!(late.finish().0 && third.finish().0);
    eventually("the server is stopped", || is_gone(&run));
}

#[test]
fn another_content_is_another_server_and_never_a_mixture() {
    let project = Project::new(COUNTED);
    let mut before = start("database", &project, &[]);
    let old = before.said("url");
    project.migration("2_second", "CREATE TABLE posts ()");
    let mut after = start("database", &project, &[]);
    let new = after.said("url");
    assert_ne!(directory(&old), directory(&new));
    let posts = "to_regclass('posts') IS NOT NULL";
    assert_eq!(
        (ask(&old, posts), ask(&new, posts)),
        ("false".into(), "true".into())
    );
    assert!(before.finish().0 && after.finish().0);
}

#[test]
fn a_server_that_crashed_is_not_joined() {
    let project = Project::new(COUNTED);
    let mut first = start("database", &project, &[]);
    let url = first.said("url");
    let run = directory(&url);
    let pid = fs::read_to_string(run.join("data/postmaster.pid")).unwrap();
    let pid = pid.lines().next().unwrap().to_owned();
    let killed = std::process::Command::new("sh")
        .args(["-c", &format!("kill -QUIT {pid}")])
        .status();
    assert!(killed.unwrap().success());
    eventually("it is gone", || run.join("exited").exists());
    let mut second = start("database", &project, &[]);
    assert_ne!(directory(&second.said("url")), run);
    assert!(second.finish().0);
    first.kill();
    eventually("both are cleared away", || project.runs().is_empty());
}

#[test]
fn where_nothing_can_be_shared_each_has_its_own() {
    let project = Project::new(COUNTED);
    let bin = project.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let script = bin.join("mkfifo");
    fs::write(&script, "#!/bin/sh\nexit 1\n").unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let variables = [("PATH", path.as_str())];
    let mut tests = [(); 2].map(|()| start("row", &project, &variables));
    let runs = tests.each_mut().map(|test| directory(&test.said("url")));
    assert_ne!(runs[0], runs[1]);
    for test in tests {
        assert!(test.finish().0);
    }
    assert!(project.runs().is_empty());
}

#[test]
fn without_a_cache_a_server_is_shared_all_the_same() {
    let project = Project::new(COUNTED);
    let off = [("DIESEL_DRIFT_CACHE", "off")];
    let mut first = start("row", &project, &off);
    let run = directory(&first.said("url"));
    let mut second = start("row", &project, &off);
    assert_eq!(directory(&second.said("url")), run);
    assert!(first.finish().0 && second.finish().0);
}

#[test]
fn a_migration_that_fails_is_told_and_leaves_nothing() {
    let project = Project::new("CREATE TABLE t (a nonsense)");
    let mut test = start("error", &project, &[]);
    let message = test.said("error");
    assert!(
        message.contains("nonsense") && message.contains("up.sql"),
        "{message}"
    );
    let _ = test.finish();
    eventually("the server is stopped", || project.runs().is_empty());
}

/// Roles are the server's: they outlive the database of the chain that failed, and are not what the next test is to hear of.
#[test]
fn each_test_is_told_what_a_fresh_server_says() {
    let project = Project::new("CREATE ROLE reader");
    project.migration("2_second", "CREATE TABLE t (a nonsense)");
    for _ in 0..2 {
        let mut test = start("error", &project, &[]);
        let message = test.said("error");
        assert!(message.contains("nonsense"), "{message}");
        let _ = test.finish();
    }
    eventually("the servers are stopped", || project.runs().is_empty());
}

#[test]
fn a_command_is_run_for_each_test() {
    let project = Project::new("SELECT 1");
    let command = "echo ran >>file; psql \"$DATABASE_URL\" -qc \"CREATE TABLE users (id int)\"";
    fs::write(
        project.path().join("drift.toml"),
        format!("[provision]\nprovider = \"local\"\n[migrate]\ncommand = '''{command}'''\n"),
    )
    .unwrap();
    let mut tests = [(); 2].map(|()| start("database", &project, &[]));
    for test in &mut tests {
        assert_eq!(ask(&test.said("url"), "SELECT count(*) FROM users"), "0");
    }
    assert_eq!(project.lines(), 2);
    for test in tests {
        assert!(test.finish().0);
    }
}

/// Long enough for its cluster to be worth keeping, and nothing that could be applied to a cluster twice.
const SLOW: &str =
    "SELECT pg_sleep(0.6); CREATE ROLE reader; CREATE SEQUENCE s; SELECT nextval('s');
    CREATE TABLE selves (name text); INSERT INTO selves VALUES ('nobody');
    COPY (SELECT 1) TO PROGRAM 'cat >>{file}';";

/// What a test's database answers, in a process and on a server of its own.
fn answer(project: &Project, query: &str) -> String {
    eventually("no server is left", || project.runs().is_empty());
    let mut test = start("database", project, &[]);
    let url = test.said("url");
    let answer = ask(&url, query);
    assert!(test.finish().0);
    answer
}

#[test]
fn a_server_is_started_from_the_cluster_that_is_kept() {
    let project = Project::new(SLOW);
    let names = "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class \
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_%'";
    // The first sees that it takes long, the second keeps what it makes.
    for lines in [1, 2, 2] {
        let answered = answer(
            &project,
            &format!("({names}) || ' in ' || current_database()"),
        );
        // A copy, and no database of its own.
        assert!(
            answered.starts_with("selves in diesel_drift_"),
            "{answered}"
        );
        assert_eq!(project.lines(), lines);
    }
    // From there it goes on; also on a server that others have joined.
    project.migration(
        "2_second",
        "CREATE TABLE posts (); GRANT SELECT ON posts TO reader",
    );
    eventually("no server is left", || project.runs().is_empty());
    let mut tests = [(); 3].map(|()| start("database", &project, &[]));
    for test in &mut tests {
        let url = test.said("url");
        assert_eq!(ask(&url, names), "posts selves");
        assert!(ask(&url, "current_database()").starts_with("diesel_drift_"));
    }
    assert_eq!(project.lines(), 2);
    assert_eq!(project.runs().len(), 1);
    for test in tests {
        assert!(test.finish().0);
    }
}

/// `currval` is the session's, and nothing tells of it.
#[test]
fn what_cannot_go_on_from_what_is_kept_is_made_anew() {
    let project = Project::new(SLOW);
    for _ in 0..2 {
        answer(&project, "SELECT 1");
    }
    project.migration("2_second", "SELECT currval('s'); CREATE TABLE posts ()");
    assert_eq!(answer(&project, "to_regclass('posts') IS NOT NULL"), "true");
    assert_eq!(project.lines(), 3);
}

#[test]
fn a_kept_cluster_that_holds_its_databases_name_is_not_copied() {
    let project = Project::new(&SLOW.replace("'nobody'", "current_database()"));
    project.migration(
        "2_second",
        "DO $$ BEGIN EXECUTE format('COMMENT ON TABLE selves IS %L', current_database()); END $$",
    );
    for _ in 0..3 {
        let comment = "obj_description('selves'::regclass) = current_database()";
        assert_eq!(answer(&project, comment), "true");
    }
}
