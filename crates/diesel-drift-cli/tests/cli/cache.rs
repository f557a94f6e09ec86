//! `diesel-drift cache` and `--no-cache`.

use super::project::{Project, Run};
use diesel::{Connection, PgConnection, RunQueryDsl};
use diesel_drift::provision::{Choice, Options, left, provision};
use diesel_drift::testing::database_in;
#[cfg(feature = "container")]
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

const KEPT: &str = "kept from an earlier run";

fn run(project: &Project, cache: &Path, args: &[&str]) -> Run {
    let mut command = project.command(args);
    command.env("DIESEL_DRIFT_CACHE", cache);
    // Servers that somebody keeps on this machine are not this test's to end.
    command.env("TMPDIR", cache);
    command.output().unwrap().into()
}

#[test]
fn what_is_kept_is_listed_and_cleared() {
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run(&project, cache.path(), args);
    let check = ["check", "--provider", "local"];
    assert_eq!(run(&["cache", "list"]).stdout.lines().count(), 1);
    assert!(!run(&check).stdout.contains(KEPT));
    let kept = run(&check);
    assert!(
        kept.code == Some(0) && kept.stdout.contains(KEPT),
        "{kept:?}"
    );
    let listed = run(&["cache", "list"]);
    assert_eq!(listed.code, Some(0));
    let migrations = project.path().join("migrations").canonicalize().unwrap();
    let what = format!("1 migration of {}", migrations.display());
    assert!(
        (listed.stdout.lines()).any(|line| line.starts_with("catalog ") && line.ends_with(&what)),
        "{listed:?}"
    );
    let json = run(&["cache", "list", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let entries = json["entries"].as_array().unwrap();
    assert!(
        entries
            .iter()
            .any(|entry| entry["kind"] == "catalog" && entry["what"] == *what)
    );
    let cleared = run(&["cache", "clear"]);
    let expected = format!("{} entries, ", entries.len());
    assert!(
        cleared.code == Some(0) && cleared.stdout.starts_with(&expected),
        "{cleared:?}"
    );
    assert!(
        run(&["cache", "list"])
            .stdout
            .starts_with("0 entries, 0 B in ")
    );
    assert!(!run(&check).stdout.contains(KEPT));
}

#[test]
fn a_cache_that_others_can_write_is_told_and_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let mode = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(cache.path(), mode).unwrap();
    let told = "is not used, because others can write to it (its mode is 0777)";
    for _ in 0..2 {
        let check = ["check", "--provider", "local"];
        let mut command = project.command(&check);
        let checked: Run = (command.env("DIESEL_DRIFT_CACHE", cache.path()))
            .output()
            .unwrap()
            .into();
        let said = format!("{checked:?}");
        assert!(
            checked.code == Some(0) && said.contains(told) && !said.contains(KEPT),
            "{said}"
        );
    }
    let listed = run(&project, cache.path(), &["cache", "list"]);
    assert!(
        listed.code == Some(2) && listed.stderr.contains(told),
        "{listed:?}"
    );
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
}

#[test]
fn looking_makes_no_directory() {
    let project = Project::small();
    let directory = tempfile::tempdir().unwrap();
    let cache = directory.path().join("cache");
    for command in ["list", "clear"] {
        let looked: Run = (project.command(&["cache", command]))
            .env("DIESEL_DRIFT_CACHE", &cache)
            .env("TMPDIR", directory.path())
            .output()
            .unwrap()
            .into();
        assert!(
            looked.code == Some(0) && looked.stdout.starts_with("0 entries, 0 B "),
            "{looked:?}"
        );
        assert!(!cache.exists());
    }
}

#[test]
fn without_the_cache_nothing_is_kept_and_nothing_used() {
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let check = ["check", "--provider", "local", "--no-cache"];
    for _ in 0..2 {
        let run = run(&project, cache.path(), &check);
        assert!(run.code == Some(0) && !run.stdout.contains(KEPT), "{run:?}");
    }
    assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 0);
    let off = run(&project, Path::new("off"), &["cache", "list"]);
    assert_eq!(off.code, Some(2));
    assert!(off.stderr.contains("DIESEL_DRIFT_CACHE is off"), "{off:?}");
}

/// Has tests' databases made as a test process would, with these variables; see [`test_process`].
fn test(project: &Project, cache: &Path, variables: &[(&str, &str)]) {
    let outcome = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cache::test_process", "--ignored"])
        .env_remove("DIESEL_DRIFT_SERVER")
        .env(TESTED, project.path())
        .env("DIESEL_DRIFT_CACHE", cache)
        .env("DIESEL_DRIFT_KEEP", "always")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(outcome.status.success(), "{outcome:?}");
}

const TESTED: &str = "DIESEL_DRIFT_TEST_PROJECT";

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn test_process() {
    database_in(std::env::var(TESTED).unwrap()).unwrap();
}

#[test]
fn databases_on_a_server_are_listed_and_cleared_and_foreign_ones_are_not() {
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let server = provision(&Options {
        provider: Choice::Local,
        ..Options::default()
    })
    .unwrap();
    let url = server.url();
    let mut connection = PgConnection::establish(url).unwrap();
    diesel::sql_query("CREATE DATABASE diesel_drift_t_0123456789abcdef")
        .execute(&mut connection)
        .unwrap();
    test(&project, cache.path(), &[("DIESEL_DRIFT_SERVER", url)]);
    let listed = run(&project, cache.path(), &["cache", "list", "--server", url]);
    assert_eq!(listed.code, Some(0), "{listed:?}");
    let root = project.path().canonicalize().unwrap();
    let has = |kind: &str, end: &str| {
        (listed.stdout.lines()).any(|line| line.starts_with(kind) && line.ends_with(end))
    };
    assert!(
        has("template ", &format!(" of {}", root.display())) && has("kept ", ""),
        "{listed:?}"
    );
    assert!(has("2 databases, ", &format!(" on {}", server_place(url))));
    let password = url.split(['@', ':']).nth(2).unwrap();
    assert!(!listed.stdout.contains(password), "{listed:?}");

    // The variable means the same.
    let json = project
        .command(&["cache", "list", "--format", "json"])
        .env("DIESEL_DRIFT_CACHE", cache.path())
        .env("DIESEL_DRIFT_SERVER", url)
        .output()
        .unwrap();
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let databases = json["databases"].as_array().unwrap();
    let kinds: Vec<_> = databases.iter().map(|one| &one["kind"]).collect();
    assert!(databases.len() == 2 && kinds.contains(&&"template".into()));

    let cleared = run(&project, cache.path(), &["cache", "clear", "--server", url]);
    assert!(
        cleared.code == Some(0) && cleared.stdout.contains("2 databases, "),
        "{cleared:?}"
    );
    assert_eq!(left(&url.into()).unwrap(), []);
    diesel::sql_query("DROP DATABASE diesel_drift_t_0123456789abcdef")
        .execute(&mut connection)
        .unwrap();
}

fn server_place(url: &str) -> String {
    diesel_drift::provision::ServerUrl::from(url).describe()
}

#[test]
fn a_server_that_does_not_answer_keeps_nothing_else_from_being_cleared() {
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    run(&project, cache.path(), &["check", "--provider", "local"]);
    let nobody = "postgres://u:secret@127.0.0.1:1/postgres";
    for command in ["list", "clear"] {
        let args = ["cache", command, "--server", nobody];
        let refused = run(&project, cache.path(), &args);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(
            refused.stderr.contains("127.0.0.1") && !refused.stderr.contains("secret"),
            "{refused:?}"
        );
    }
    let listed = run(&project, cache.path(), &["cache", "list"]);
    assert!(listed.stdout.starts_with("0 entries, "), "{listed:?}");
}

#[test]
fn a_kept_server_is_listed_and_ended() {
    let project = Project::small();
    project.write("drift.toml", "[provision]\nprovider = \"local\"\n");
    let cache = tempfile::tempdir().unwrap();
    // Short, because of the sockets in it, and open to the user that a server of root's runs as.
    let runs = tempfile::tempdir_in("/tmp").unwrap();
    let everybodys = std::os::unix::fs::PermissionsExt::from_mode(0o1777);
    std::fs::set_permissions(runs.path(), everybodys).unwrap();
    let variables = [("TMPDIR", runs.path().to_str().unwrap())];
    let local = [variables[0], ("DIESEL_DRIFT_KEEP", "always")];
    test(&project, cache.path(), &local);
    let [server] = std::fs::read_dir(runs.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let run = |args: &[&str]| -> Run {
        let mut command = project.command(args);
        command.env("DIESEL_DRIFT_CACHE", cache.path());
        command.envs(variables).output().unwrap().into()
    };
    let listed = run(&["cache", "list"]);
    assert!(
        listed
            .stdout
            .lines()
            .any(|line| line.starts_with("server ")
                && line.ends_with(&format!(" {}", server.display()))),
        "{listed:?}"
    );
    let cleared = run(&["cache", "clear"]);
    assert_eq!(cleared.code, Some(0), "{cleared:?}");
    assert!(cleared.stdout.contains(server.to_str().unwrap()));
    let started = Instant::now();
    while server.exists() {
        assert!(
            started.elapsed() < Duration::from_secs(120),
            "it still runs"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The variable and `[provision] reuse` lead to one container, which is listed and removed.
#[cfg(feature = "container")]
#[test]
fn a_kept_container_serves_run_after_run_until_it_is_cleared() {
    let asked = std::process::Command::new("docker")
        .args(["image", "ls", "-q", "postgres"])
        .output();
    if !asked.is_ok_and(|asked| asked.status.success() && !asked.stdout.is_empty()) {
        #[allow(clippy::explicit_write)] // `eprintln!` would be captured
        writeln!(
            std::io::stderr(),
            "skipped: a kept container: no engine answers that has the image `postgres`"
        )
        .unwrap();
        return;
    }
    let project = Project::small();
    let cache = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| run(&project, cache.path(), args);
    let containers = || -> Vec<String> {
        let listed = run(&["cache", "list"]).stdout;
        let lines = listed.lines().filter(|line| line.starts_with("container "));
        lines.map(str::to_owned).collect()
    };
    let check = ["check", "--format", "json", "--provider", "container"];
    let unkept = run(&check);
    assert!(
        unkept.code == Some(0) && containers().is_empty(),
        "{unkept:?}"
    );
    let mut command = project.command(&check);
    command.env("DIESEL_DRIFT_CACHE", cache.path());
    command.env("DIESEL_DRIFT_REUSE", "1");
    let by_variable: Run = command.output().unwrap().into();
    assert!(by_variable.stdout.contains(", kept)"), "{by_variable:?}");
    let first = containers();
    std::fs::write(
        project.path().join("drift.toml"),
        "[provision]\nprovider = \"container\"\nreuse = true\n",
    )
    .unwrap();
    let by_file = run(&check);
    let name = |lines: &[String]| -> Vec<String> {
        let what = lines.iter().filter_map(|line| line.split_once(" ago  "));
        what.map(|(_, what)| what.to_owned()).collect()
    };
    // Tests find the template that the first of them made.
    let drop_all = [("DIESEL_DRIFT_KEEP", "0")];
    test(&project, cache.path(), &drop_all);
    test(&project, cache.path(), &drop_all);
    let place = diesel_drift::cache::Place::At(cache.path().to_owned());
    let kept = diesel_drift::provision::kept_containers(&place).remove(0);
    let asked = std::process::Command::new("docker")
        .args(["exec", &kept.name, "psql", "-U", "postgres", "-tAc"])
        .arg("SELECT left(datname, 15) FROM pg_database WHERE datname LIKE 'diesel_drift_%'")
        .output()
        .unwrap();
    let second = containers();
    let cleared = run(&["cache", "clear"]);
    assert!(
        by_file.code == Some(0) && by_file.stdout.contains(", kept)"),
        "{by_file:?}"
    );
    assert_eq!(name(&first), name(&second));
    assert_eq!(second.len(), 1);
    let databases = String::from_utf8_lossy(&asked.stdout);
    assert_eq!(databases, "diesel_drift_t_\n", "{asked:?}");
    assert!(
        cleared.stdout.contains("the kept container "),
        "{cleared:?}"
    );
    assert!(containers().is_empty());
}
