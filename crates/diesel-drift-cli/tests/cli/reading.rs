//! How a deployed database is read: nothing is done to it, locks and lost connections are told, and no password is.

use super::deployed::{Deployed, ask};
use super::project::Project;
use diesel::connection::SimpleConnection;
use std::fs;
use std::process::Stdio;

/// The statements of a server's log, without the comments that they begin with.
fn logged(log: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    let mut within = false;
    for line in log.lines() {
        let begun = line
            .split_once("LOG:  ")
            .and_then(|(_, rest)| rest.split_once(": "));
        match (begun, line.strip_prefix('\t')) {
            (Some((how, text)), _) if how == "statement" || how.starts_with("execute ") => {
                within = true;
                statements.push(text.to_owned());
            }
            (None, Some(text)) if within => {
                if let Some(statement) = statements.last_mut() {
                    statement.push('\n');
                    statement.push_str(text);
                }
            }
            _ => within = false,
        }
    }
    let bare = |statement: &String| {
        let lines = statement
            .lines()
            .skip_while(|line| line.trim_start().starts_with("--"));
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    };
    statements.iter().map(bare).collect()
}

/// The role may do nothing but connect, and everything that it does is watched.
#[test]
fn nothing_is_done_but_read() {
    let project = Project::small();
    let deployed = Deployed::local();
    deployed.migrate(&project);
    deployed.execute(
        "CREATE ROLE connector LOGIN PASSWORD 'Xk29Pq'; REVOKE ALL ON SCHEMA public FROM PUBLIC;
         REVOKE ALL ON DATABASE diesel_drift FROM PUBLIC; GRANT CONNECT ON DATABASE diesel_drift TO connector;
         CREATE SCHEMA watch; CREATE TABLE watch.fired (tag text);
         CREATE FUNCTION watch.fire() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
             AS $$ BEGIN INSERT INTO watch.fired VALUES (tg_tag); END $$;
         CREATE EVENT TRIGGER watch_ddl ON ddl_command_start EXECUTE FUNCTION watch.fire();
         CREATE TABLE watch.it_watches (); DROP TABLE watch.it_watches;
         ALTER ROLE connector SET log_statement = 'all'; ALTER ROLE connector SET log_duration = off",
    );
    assert_eq!(
        deployed.ask("SELECT count(*) FROM watch.fired"),
        "2",
        "the trigger works"
    );
    deployed.execute("DELETE FROM watch.fired");
    let before = deployed.ask("SELECT array_agg(oid ORDER BY oid) FROM pg_class");
    let log = || {
        let data = deployed.ask("SELECT setting FROM pg_settings WHERE name = 'data_directory'");
        let log = std::path::Path::new(&data).parent().unwrap().join("log");
        fs::read_to_string(log).unwrap()
    };
    let already = log().len();
    project.write("drift.toml", "[[ignore]]\nschema = \"watch\"\nreason = \"the test's\"\n\n[levels]\nevent-trigger-unexpected = \"off\"\ndatabase-changed = \"off\"\nschema-changed = \"off\"\n");

    let url = deployed.url_as("connector", "Xk29Pq");
    for format in ["text", "json"] {
        let run = project.run(&[
            "verify",
            "--database-url",
            &url,
            "--format",
            format,
            "--report",
            "kept.json",
            "-v",
        ]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.stdout.contains("the role may not read it"), "{run:?}");
        let kept = fs::read_to_string(project.path().join("kept.json")).unwrap();
        for text in [&run.stdout, &run.stderr, &kept] {
            assert!(!text.contains("Xk29Pq"), "{text}");
        }
    }
    let wrong = deployed.url_as("connector", "Zz88Wrong");
    let run = project.run(&["verify", "--database-url", &wrong]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("password authentication failed") && !run.stderr.contains("Zz88"),
        "{run:?}"
    );

    let log = log()[already..].to_owned();
    let statements = logged(&log);
    assert!(statements.len() > 30, "all were logged: {log}");
    for statement in &statements {
        assert!(
            ["BEGIN", "SELECT", "COMMIT", "SET ", "WITH "]
                .iter()
                .any(|word| statement.starts_with(word)),
            "{statement}"
        );
    }
    let begun: Vec<_> = statements
        .iter()
        .filter(|statement| statement.starts_with("BEGIN"))
        .collect();
    assert_eq!(begun.len(), 2, "one transaction a run: {begun:?}");
    for begin in begun {
        assert!(
            begin.contains("REPEATABLE READ") && begin.contains("READ ONLY"),
            "{begin}"
        );
    }
    assert_eq!(deployed.ask("SELECT count(*) FROM watch.fired"), "0");
    assert_eq!(
        deployed.ask("SELECT array_agg(oid ORDER BY oid) FROM pg_class"),
        before
    );
}

#[test]
fn a_lock_held_by_somebody_else_is_named() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    deployed.execute("CREATE VIEW held AS SELECT * FROM users");
    let mut other = deployed.connect();
    other
        .batch_execute("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let pid = ask(&mut other, "pg_backend_pid()");
    let run = deployed.verify(&project, &[]);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("after lock_timeout (10s)")
            && run
                .stderr
                .contains(&format!("process {pid} of the server holds `public.held`")),
        "{run:?}"
    );
}

#[test]
fn a_server_that_goes_away_while_it_is_read_is_a_sentence() {
    let project = Project::small();
    let deployed = Deployed::of(&project);
    deployed.execute("CREATE VIEW held AS SELECT * FROM users");
    let mut other = deployed.connect();
    other
        .batch_execute("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let child = project
        .command(&["verify", "--database-url", deployed.url()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let terminate = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE application_name = 'diesel-drift' AND wait_event_type = 'Lock'";
    while deployed.ask(terminate) == "0" {}
    let run: super::project::Run = child.wait_with_output().unwrap().into();
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr
            .starts_with("error: the server went away while its catalog was being read"),
        "{run:?}"
    );
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}
