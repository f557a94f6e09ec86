//! What a harness in a process of its own does.

use super::process::{Process, say, task, wait};
use super::{Place, execute, local, server};
use diesel_drift::provision::{Choice, Options, ProvisionError, cleanup_all, provision};

/// Starts a child with a task and further variables.
pub fn start(task: &str, variables: &[(&str, &str)]) -> Process {
    Process::start("child::harness", task, |command| {
        command.envs(variables.iter().copied());
    })
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn harness() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    match task().as_str() {
        "local" => {
            let cache = match variable("TEST_CACHE").as_str() {
                "" => Place::User,
                directory => Place::At(directory.into()),
            };
            let database = provision(&Options { cache, ..local() }).unwrap();
            say("url", database.url());
            wait();
        }
        "server" => {
            let database = provision(&server(&variable("TEST_SERVER"))).unwrap();
            say("url", database.url());
            wait();
        }
        "container" => {
            let options = Options {
                provider: Choice::Container,
                ..Options::default()
            };
            let database = provision(&options).unwrap();
            say("url", database.url());
            wait();
        }
        "kept container" => {
            let options = Options {
                provider: Choice::Container,
                reuse: true,
                cache: Place::At(variable("TEST_CACHE").into()),
                ..Options::default()
            };
            let database = provision(&options).unwrap();
            say("url", database.url());
            wait();
        }
        "exit" => {
            let database = provision(&local()).unwrap();
            say("url", database.url());
            wait();
            std::process::exit(0);
        }
        "cleanup" => {
            let own = provision(&local()).unwrap();
            let other = provision(&server(&variable("TEST_SERVER"))).unwrap();
            execute(other.url(), "CREATE TABLE t ()");
            say("own", own.url());
            say("other", other.url());
            wait();
            cleanup_all();
            assert!(matches!(
                provision(&local()),
                Err(ProvisionError::ShuttingDown)
            ));
            say("cleaned", "up");
            wait();
        }
        "interrupted" => {
            let cache = tempfile::tempdir().unwrap();
            let options = Options {
                pg_bin: Some(variable("TEST_BIN").into()),
                cache: Place::At(cache.path().to_owned()),
                ..local()
            };
            let provisioning = std::thread::spawn(move || provision(&options).map(drop));
            wait();
            cleanup_all();
            assert!(matches!(
                provisioning.join().unwrap(),
                Err(ProvisionError::ShuttingDown)
            ));
        }
        "auto" => {
            let options = Options {
                pg_bin: Some("/nonexistent".into()),
                ..Options::from_env()
            };
            let error = provision(&options).unwrap_err().to_string();
            say("error", &error.replace('\n', "|"));
            wait();
        }
        task => panic!("no such task: {task:?}"),
    }
}
