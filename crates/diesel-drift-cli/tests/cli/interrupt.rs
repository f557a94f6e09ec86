//! Signals: everything that was started is stopped, and the exit code is a signal's.

use super::project::Project;
use diesel_drift::provision::{Choice, Options, provision};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Waits for `condition`; a deadline far beyond what it takes keeps a failing test from hanging.
pub fn wait_for(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn alive(pid: &str) -> bool {
    kill("0", pid)
}

/// Sends a signal with the shell's own `kill`: a small system has no other.
pub fn kill(signal: &str, pid: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("kill -{signal} {pid}")])
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
        assert!(kill(signal, &child.id().to_string()));
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

/// A way to a server on 127.0.0.1 that can be made to lead nowhere: connections stay open, and nothing comes through.
struct Proxy {
    port: u16,
    blocked: Arc<AtomicBool>,
}

impl Proxy {
    fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let blocked = Arc::new(AtomicBool::new(false));
        let proxy = Proxy {
            port: listener.local_addr().unwrap().port(),
            blocked: Arc::clone(&blocked),
        };
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
                let pairs = [
                    (client.try_clone().unwrap(), server.try_clone().unwrap()),
                    (server, client),
                ];
                for (from, to) in pairs {
                    let blocked = Arc::clone(&blocked);
                    std::thread::spawn(move || forward(from, to, &blocked));
                }
            }
        });
        proxy
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream, blocked: &AtomicBool) {
    let mut buffer = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        while blocked.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(20));
        }
        if to.write_all(&buffer[..read]).is_err() {
            return;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}

/// The exit code is the second signal's: nobody waited for the server.
#[test]
fn a_second_signal_ends_a_clean_up_that_hangs() {
    let server = provision(&Options {
        provider: Choice::Local,
        ..Options::default()
    })
    .unwrap();
    let mut url = url::Url::parse(server.url()).unwrap();
    let proxy = Proxy::to(url.port().unwrap());
    url.set_port(Some(proxy.port)).unwrap();
    let project = Project::small();
    project.write(
        "drift.toml",
        "[migrate]\ncommand = \"echo $$ > pid; sleep 600\"\n",
    );
    let mut child = project
        .command(&["check", "--server", url.as_str()])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = || {
        let text = std::fs::read_to_string(project.path().join("pid")).unwrap_or_default();
        Some(text.trim().to_owned()).filter(|_| text.ends_with('\n'))
    };
    wait_for("the command", || pid().is_some());
    proxy.blocked.store(true, Ordering::SeqCst);
    assert!(kill("INT", &child.id().to_string()));
    wait_for("the command to be gone", || !alive(&pid().unwrap()));
    // What comes next is DROP DATABASE, which nobody answers.
    assert!(kill("TERM", &child.id().to_string()));
    wait_for("the end", || child.try_wait().unwrap().is_some());
    assert_eq!(child.wait().unwrap().code(), Some(143));
}
