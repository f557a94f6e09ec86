//! A test in a process of its own.

use super::project::Project;
use super::{ask, execute};
use diesel_drift::testing::{database_in, database_on_own_server};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;

/// What the child is to do; the variable's value.
const TASK: &str = "DIESEL_DRIFT_TEST_TASK";

/// The project's directory.
const PROJECT: &str = "DIESEL_DRIFT_TEST_PROJECT";

/// A child that has a database.
pub struct Process {
    process: Child,
    lines: mpsc::Receiver<String>,
    stdin: ChildStdin,
}

impl Process {
    /// Starts a child with a task and further variables.
    pub fn start(task: &str, project: &Project, variables: &[(&str, &str)]) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::test", "--ignored", "--nocapture"])
            .env_remove("DIESEL_DRIFT_SERVER")
            .env_remove("DIESEL_DRIFT_KEEP")
            .env(TASK, task)
            .env(PROJECT, project.path())
            .env("TMPDIR", project.path().join("run"))
            .env("DIESEL_DRIFT_CACHE", project.path().join("cache"))
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
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
        Process {
            process,
            lines,
            stdin,
        }
    }

    /// What follows `key: ` in a line of the child.
    pub fn said(&mut self, key: &str) -> String {
        let found = self.lines.iter().find_map(|line| {
            line.strip_prefix(key)?
                .strip_prefix(": ")
                .map(str::to_owned)
        });
        found.unwrap_or_else(|| panic!("the child ended before it said {key}: {}", self.errors()))
    }

    /// Ends the child as nothing can prepare for.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Lets the child go on.
    pub fn go_on(&mut self) {
        // One that has ended already goes on no more.
        let _ = self.stdin.write_all(b"\n");
    }

    /// Lets the child go on to its end: whether all was well there, and what it wrote to stderr.
    pub fn finish(mut self) -> (bool, String) {
        self.go_on();
        let errors = self.errors();
        (self.process.wait().unwrap().success(), errors)
    }

    fn errors(&mut self) -> String {
        let mut text = String::new();
        let stderr = self.process.stderr.as_mut().unwrap();
        stderr.read_to_string(&mut text).unwrap();
        text
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
fn test() {
    let project = std::env::var(PROJECT).unwrap_or_default();
    match std::env::var(TASK).unwrap_or_default().as_str() {
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
