//! A process of its own for what cannot be tested in this one: this very binary, run again with an ignored test as its only one. For tests
//! of several crates.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc;

/// What the child is to do; the variable's value.
const TASK: &str = "DIESEL_DRIFT_TEST_TASK";

/// A child that is at its task.
pub struct Process {
    process: Child,
    lines: mpsc::Receiver<String>,
    stdin: ChildStdin,
}

impl Process {
    /// Starts `test` with a task, in an environment that is prepared for it.
    pub fn start(test: &str, task: &str, prepare: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", test, "--ignored", "--nocapture"])
            .env(TASK, task)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        prepare(&mut command);
        let mut process = command.spawn().unwrap();
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

/// The task, in the child.
pub fn task() -> String {
    std::env::var(TASK).unwrap_or_default()
}

/// Says something to who started the child.
pub fn say(key: &str, value: &str) {
    println!("\n{key}: {value}");
    std::io::stdout().flush().unwrap();
}

/// Waits in the child until it is let go on.
pub fn wait() {
    std::io::stdin().read_line(&mut String::new()).unwrap();
}
