//! Catalogs by content.

use super::{Bench, ask, execute, needed_a_server};
use diesel_drift::introspect::Live;
use diesel_drift::provision::{Choice, Options, provision};
use diesel_drift::{Project, Target, check, report};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const USERS: &str = "CREATE TABLE users (id int PRIMARY KEY);";

#[test]
fn an_unchanged_chain_needs_no_server_and_the_report_says_so() {
    let bench = Bench::new(&[("1_users", USERS)]);
    let (cold, steps) = bench.check();
    assert!(needed_a_server(&steps) && cold.contains("users"), "{cold}");
    let (warm, steps) = bench.check();
    assert!(!needed_a_server(&steps));
    assert_eq!(warm, cold);
    let target = Target::Fresh(bench.options.clone());
    let found = check(&bench.project(), &target, &mut |_| {}).unwrap();
    let database = found.database.clone().unwrap_or_default();
    assert!(database.ends_with("kept from an earlier run"), "{database}");
    let mut text = Vec::new();
    report::write_text(&found, report::Style::default(), &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("after 1 migration, kept from an earlier run"),
        "{text}"
    );
}

/// The reference models hold what PostgreSQL has to offer.
#[test]
fn what_is_kept_is_what_was_read() {
    let bench = Bench::new(&[]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let project = Project::discover(root).unwrap();
    let options = Options {
        cache: bench.options.cache.clone(),
        provider: Choice::Local,
        ..project.provision_options()
    };
    let read = || Live::of_fresh(&project, &options, &mut |_| {}).unwrap();
    let (cold, warm) = (read(), read());
    assert!(cold == warm);
    assert_eq!(bench.kept("catalog").len(), 1);
}

#[test]
fn whatever_makes_the_state_makes_the_key() {
    let mut bench = Bench::new(&[("1_users", USERS)]);
    let is_new = |bench: &Bench| needed_a_server(&bench.check().1);
    assert!(is_new(&bench) && !is_new(&bench));
    bench.migration("1_users", "CREATE TABLE users (id int8 PRIMARY KEY);");
    assert!(is_new(&bench) && !is_new(&bench));
    bench.migration("2_posts", "CREATE TABLE posts (id int PRIMARY KEY);");
    assert!(is_new(&bench) && !is_new(&bench));
    let metadata = bench
        .directory
        .path()
        .join("migrations/2_posts/metadata.toml");
    fs::write(metadata, "run_in_transaction = false").unwrap();
    assert!(is_new(&bench) && !is_new(&bench));
    // What is looked up beside the project's own depends on what is declared.
    bench.declare("diesel::table! { pg_class (oid) { oid -> Oid, } }");
    assert!(is_new(&bench) && !is_new(&bench));
    bench.options.roles = vec!["reader".to_owned()];
    assert!(is_new(&bench) && !is_new(&bench));
    // A down.sql makes no state.
    fs::write(
        bench.directory.path().join("migrations/1_users/down.sql"),
        "DROP TABLE users",
    )
    .unwrap();
    assert!(!is_new(&bench));
}

/// What a server that is named makes of the migrations, its roles and settings decide as well.
#[test]
fn a_named_server_is_asked_what_it_is_and_then_for_nothing_more() {
    let mut bench = Bench::new(&[("1_users", USERS)]);
    let server = provision(&bench.options).unwrap();
    bench.options.provider = Choice::Server;
    bench.options.server_url = Some(server.url().into());
    let is_new = |bench: &Bench| needed_a_server(&bench.check().1);
    assert!(is_new(&bench) && !is_new(&bench));
    assert_eq!(bench.live().0, bench.cold());
    for change in [
        "CREATE ROLE reader",
        "ALTER ROLE postgres SET default_tablespace = 'pg_default'",
    ] {
        execute(server.url(), change);
        assert!(is_new(&bench) && !is_new(&bench), "{change}");
    }
    let scratch = "SELECT count(*) FROM pg_database WHERE datname ~ '^diesel_drift_'";
    assert_eq!(ask(server.url(), scratch), "0");
}

#[test]
fn what_went_wrong_is_not_kept() {
    let bench = Bench::new(&[("1_users", "CREATE TABEL users ();")]);
    for _ in 0..2 {
        let (said, steps) = bench.check();
        assert!(needed_a_server(&steps) && said.contains("TABEL"), "{said}");
    }
    assert_eq!(bench.kept("catalog").len(), 0);
}

#[test]
fn a_notice_about_the_chain_is_given_every_time() {
    let bench = Bench::new(&[("1_users", USERS)]);
    fs::write(bench.directory.path().join("migrations/stray.sql"), "").unwrap();
    let target = Target::Fresh(bench.options.clone());
    for _ in 0..2 {
        let report = check(&bench.project(), &target, &mut |_| {}).unwrap();
        assert!(report.notices[0].contains("stray.sql"));
    }
}

#[test]
fn a_command_is_run_every_time() {
    let bench = Bench::new(&[]);
    let project = Project {
        migrate_command: Some("echo run >>runs".to_owned()),
        migration_dir: None,
        ..bench.project()
    };
    for _ in 0..2 {
        Live::of_fresh(&project, &bench.options, &mut |_| {}).unwrap();
    }
    let runs = fs::read_to_string(bench.directory.path().join("runs")).unwrap();
    assert_eq!(runs, "run\nrun\n");
}

#[test]
fn what_depends_on_chance_is_made_every_time() {
    let by_chance =
        "DO $$ BEGIN EXECUTE 'CREATE TABLE t_' || (random() * 1000000)::int || ' ()'; END $$";
    let bench = Bench::new(&[("1_chance", by_chance)]);
    let (first, second) = (bench.live().0, bench.live().0);
    assert!(first != second);
    assert_eq!(bench.kept("catalog").len(), 0);
}

/// An installation whose `initdb` says that its files are in `share`.
fn installation(bench: &Bench, share: &Path) -> tempfile::TempDir {
    let described = bench.database().0;
    let real = super::ask(
        described.url(),
        "SELECT setting FROM pg_config WHERE name = 'BINDIR'",
    );
    let bin = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o755))
        .tempdir_in("/tmp")
        .unwrap();
    for name in ["initdb", "postgres"] {
        let path = bin.path().join(name);
        let share = share.display();
        let script = format!(
            "#!/bin/sh\ncase \"$*\" in *--show*) echo share_path={share}; exit 0;; esac\nexec {real}/{name} \"$@\"\n"
        );
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    bin
}

#[test]
fn another_version_of_an_extension_is_another_server() {
    let mut bench = Bench::new(&[("1_users", USERS)]);
    let share = tempfile::tempdir().unwrap();
    let extension = share.path().join("extension");
    fs::create_dir(&extension).unwrap();
    fs::write(extension.join("x.control"), "default_version = '1.0'").unwrap();
    let bin = installation(&bench, share.path());
    bench.options.pg_bin = Some(bin.path().to_owned());
    let is_new = |bench: &Bench| needed_a_server(&bench.check().1);
    assert!(is_new(&bench) && !is_new(&bench));
    fs::write(extension.join("x.control"), "default_version = '1.0.1'").unwrap();
    assert!(is_new(&bench) && !is_new(&bench));
    fs::write(extension.join("x--1.0--1.1.sql"), "").unwrap();
    assert!(is_new(&bench) && !is_new(&bench));
}
