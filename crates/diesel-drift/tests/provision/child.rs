//! A harness in a process of its own.

use super::{Place, execute, local, server};
use diesel_drift::provision::{Choice, Options, ProvisionError, cleanup_all, provision};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;

/// What the child is to do; the variable's value.
const TASK: &str = "DIESEL_DRIFT_TEST_TASK";

/// A child that has a database.
pub struct Harness {
    process: Child,
    lines: mpsc::Receiver<String>,
    stdin: ChildStdin,
}

impl Harness {
    /// Starts a child with a task and further variables.
    pub fn start(task: &str, variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::harness", "--ignored", "--nocapture"])
            .env(TASK, task)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = mpsc::channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        let stdin = process.stdin.take().unwrap();
        Harness {
            process,
            lines,
            stdin,
        }
    }

    /// What follows `key: ` in a line of the child.
    pub fn said(&self, key: &str) -> String {
        let mut lines = self.lines.iter();
        lines
            .find_map(|line| {
                line.strip_prefix(key)?
                    .strip_prefix(": ")
                    .map(str::to_owned)
            })
            .unwrap_or_else(|| panic!("the child ended before it said {key}"))
    }

    /// Ends the child as nothing can prepare for.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Lets the child go on.
    pub fn go_on(&mut self) {
        self.stdin.write_all(b"\n").unwrap();
    }

    /// Lets the child go on to its end; whether all was well there.
    pub fn finish(mut self) -> bool {
        self.go_on();
        self.process.wait().unwrap().success()
    }
}

fn say(key: &str, value: &str) {
    println!("\n{key}: {value}");
    std::io::stdout().flush().unwrap();
}

fn wait() {
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
#[ignore = "run by the other tests, in a process of its own"]
fn harness() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    match variable(TASK).as_str() {
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
