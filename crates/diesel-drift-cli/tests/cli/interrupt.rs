//! Signals: everything that was started is stopped, and the exit code is a signal's.

use super::project::Project;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Waits for `condition`; a deadline far beyond what it takes keeps a failing test from hanging.
fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn alive(pid: &str) -> bool {
    Command::new("kill")
        .args(["-0", pid])
        .stderr(Stdio::null())
        .status()
        .unwrap()
        .success()
}

#[test]
fn a_signal_stops_the_server_and_the_project_s_command() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let project = Project::small();
        project.write(
            "drift.toml",
            "[migrate]\ncommand = \"echo $$ > pid; echo \\\"$DATABASE_URL\\\" > url; sleep 600\"\n",
        );
        let mut child = project
            .command(&["check", "--provider", "local"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let read = |name: &str| {
            std::fs::read_to_string(project.path().join(name))
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        wait_for("the command", || !read("url").is_empty());
        Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status()
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code));
        let pid = read("pid");
        wait_for("the command to be gone", || !alive(&pid));
        let url = read("url");
        let connected = Command::new("psql")
            .args(["--no-psqlrc", "--command", "SELECT 1", &url])
            .output()
            .unwrap();
        assert!(!connected.status.success(), "the server still answers");
    }
}
