//! What a test process of its own does.

use super::process::{Process, say, task, wait};
use super::project::Project;
use super::{ask, execute};
use diesel_drift::testing::{database_in, database_on_own_server};

/// The project's directory.
const PROJECT: &str = "DIESEL_DRIFT_TEST_PROJECT";

/// Starts a child with a task and further variables.
pub fn start(task: &str, project: &Project, variables: &[(&str, &str)]) -> Process {
    Process::start("child::test", task, |command| {
        command
            .env_remove("DIESEL_DRIFT_SERVER")
            .env_remove("DIESEL_DRIFT_KEEP")
            .env(PROJECT, project.path())
            .env("TMPDIR", project.path().join("run"))
            .env("DIESEL_DRIFT_CACHE", project.path().join("cache"))
            .envs(variables.iter().copied());
    })
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn test() {
    let project = std::env::var(PROJECT).unwrap_or_default();
    match task().as_str() {
        "database" => {
            let database = database_in(&project).unwrap();
            say("url", database.url());
            wait();
        }
        "late" => {
            say("ready", "to go");
            wait();
            let database = database_in(&project).unwrap();
            say("url", database.url());
            wait();
        }
        // A test as people write them: it finds what the migrations left, and leaves its own.
        "row" => {
            let database = database_in(&project).unwrap();
            assert_eq!(ask(database.url(), "SELECT max(id) FROM users"), "2");
            execute(database.url(), "INSERT INTO users (name) VALUES ('eve')");
            assert_eq!(
                ask(database.url(), "SELECT id FROM users WHERE name = 'eve'"),
                "3"
            );
            say("url", database.url());
            wait();
        }
        "threads" => {
            let names: Vec<String> = std::thread::scope(|scope| {
                let one = || {
                    let database = database_in(&project).unwrap();
                    assert_eq!(ask(database.url(), "SELECT count(*) FROM users"), "2");
                    execute(database.url(), "DELETE FROM users");
                    ask(database.url(), "current_database()")
                };
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
                let names = threads.into_iter().map(|thread| thread.join().unwrap());
                names.collect()
            });
            say("names", &names.join(" "));
            wait();
        }
        "both" => {
            let copy = database_in(&project).unwrap();
            let own = database_on_own_server(&project).unwrap();
            say("copy", copy.url());
            say("own", own.url());
            wait();
        }
        "failing" => {
            let database = database_in(&project).unwrap();
            say("url", database.url());
            execute(database.url(), "CREATE TABLE evidence ()");
            panic!("on purpose");
        }
        "passing" => {
            let database = database_in(&project).unwrap();
            say("url", database.url());
        }
        "error" => say(
            "error",
            &database_in(&project)
                .unwrap_err()
                .to_string()
                .replace('\n', "|"),
        ),
        task => panic!("no such task: {task:?}"),
    }
}
