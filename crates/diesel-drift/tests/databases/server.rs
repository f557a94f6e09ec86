//! A server that the user names, and a role that may create databases and nothing more.

use super::child::start;
use super::project::Project;
use super::{ask, eventually, execute};
use diesel_drift::provision::{Choice, Database, Options, clear, left, provision};

const USERS: &str = "
CREATE TABLE users (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
INSERT INTO users (name) VALUES ('ada'), ('bob');
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path TO public, pg_catalog', current_database());
    EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'mine');
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END $$;";

/// A server with such a role.
pub struct Server {
    database: Database,
    url: String,
}

impl Server {
    pub fn start() -> Self {
        let database = provision(&Options {
            provider: Choice::Local,
            ..Options::default()
        })
        .unwrap();
        execute(
            database.url(),
            "CREATE ROLE tester LOGIN CREATEDB PASSWORD 'secret'",
        );
        let (_, place) = database.url().split_once('@').unwrap();
        let url = format!("postgres://tester:secret@{place}");
        Self { database, url }
    }

    /// Its URL for the role.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn count(&self, pattern: &str) -> String {
        let query = format!("SELECT count(*) FROM pg_database WHERE datname ~ '{pattern}'");
        ask(self.database.url(), &query)
    }
}

const COPIES: &str = "^diesel_drift_[0-9a-f]{16}$";
const TEMPLATES: &str = "^diesel_drift_t_[0-9a-f]{16}$";

#[test]
fn processes_share_a_template_and_nothing_else() {
    let server = Server::start();
    let project = Project::new(USERS).on_server();
    let variables = [("DIESEL_DRIFT_SERVER", server.url())];
    let mut tests: Vec<_> = (0..8).map(|_| start("row", &project, &variables)).collect();
    for test in &mut tests {
        let url = test.said("url");
        assert_eq!(
            ask(&url, "current_setting('search_path')"),
            "public, pg_catalog"
        );
        let comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()";
        assert_eq!(ask(&url, comment), "mine");
        assert_eq!(
            ask(
                &url,
                "has_database_privilege('public', current_database(), 'TEMPORARY')"
            ),
            "false"
        );
    }
    assert_eq!(
        (server.count(COPIES), server.count(TEMPLATES)),
        ("8".into(), "1".into())
    );
    for test in tests {
        assert!(test.finish().0);
    }
    assert_eq!(
        (server.count(COPIES), server.count(TEMPLATES)),
        ("0".into(), "1".into())
    );
    assert!(project.runs().is_empty(), "no server was started");

    // The template is found by the next, told, and removed.
    let oid = format!("SELECT oid FROM pg_database WHERE datname ~ '{TEMPLATES}'");
    let before = ask(server.database.url(), &oid);
    let mut next = start("row", &project, &variables);
    next.said("url");
    assert_eq!(ask(server.database.url(), &oid), before);
    assert!(next.finish().0);
    let url = server.url().into();
    let root = project.path().canonicalize().unwrap();
    let [listed] = left(&url).unwrap().try_into().unwrap();
    assert_eq!(listed.project.as_deref(), root.to_str());
    assert!(
        listed.bytes > 1_000_000 && listed.unused.is_some(),
        "{listed:?}"
    );
    assert_eq!(clear(&url).unwrap().len(), 1);
    assert_eq!(
        (server.count(TEMPLATES), left(&url).unwrap().len()),
        ("0".into(), 0)
    );
}

#[test]
fn what_a_killed_test_leaves_is_swept_and_foreign_databases_are_not() {
    let server = Server::start();
    let project = Project::new(USERS).on_server();
    let foreign = [
        "diesel_drift_t_0123456789abcdef",
        "diesel_drift_0123456789abcdef",
    ];
    for name in foreign {
        execute(server.url(), &format!("CREATE DATABASE {name}"));
    }
    let variables = [("DIESEL_DRIFT_SERVER", server.url())];
    let mut test = start("database", &project, &variables);
    let name = ask(&test.said("url"), "current_database()");
    test.kill();
    eventually("the database is swept", || {
        let mut test = start("database", &project, &variables);
        test.said("url");
        assert!(test.finish().0);
        server.count(&name) == "0"
    });
    clear(&server.url().into()).unwrap();
    for name in foreign {
        assert_eq!(server.count(name), "1", "{name}");
    }
}

#[test]
fn templates_are_few() {
    let server = Server::start();
    let project = Project::new(USERS).on_server();
    let variables = [("DIESEL_DRIFT_SERVER", server.url())];
    let run = |migration: usize| {
        project.migration(&format!("{migration}_more"), "SELECT 1");
        let mut test = start("database", &project, &variables);
        test.said("url");
        assert!(test.finish().0);
    };
    (2..6).for_each(run);
    assert_eq!(server.count(TEMPLATES), "4", "all may be in use");
    // As if nobody had used them for two hours.
    let notes = "SELECT string_agg(format('COMMENT ON DATABASE %I IS %L', datname,
            regexp_replace(shobj_description(oid, 'pg_database'), '(\"used\":)\\d+', '\\1' || extract(epoch FROM now())::int - 7200)), ';')
        FROM pg_database WHERE datname ~ '^diesel_drift_t_'";
    let statements = ask(server.url(), notes);
    for statement in statements.split(';') {
        execute(server.url(), statement);
    }
    run(6);
    assert_eq!(server.count(TEMPLATES), "3");
}

/// A template that somebody else's role made is not this role's to copy.
#[test]
fn each_role_has_its_own() {
    let server = Server::start();
    let project = Project::new(USERS).on_server();
    let names: Vec<String> = [server.url(), server.database.url()]
        .map(|url| {
            let variables = [("DIESEL_DRIFT_SERVER", url)];
            let mut test = start("row", &project, &variables);
            let owner = ask(
                &test.said("url"),
                "SELECT tableowner FROM pg_tables WHERE tablename = 'users'",
            );
            assert!(test.finish().0);
            owner
        })
        .into();
    assert_eq!(names, ["tester", "postgres"]);
    assert_eq!(server.count(TEMPLATES), "2");
}
