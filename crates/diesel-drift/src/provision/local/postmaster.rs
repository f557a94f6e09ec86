//! One running server: its supervisor, its readiness, its end.

use super::account::{Account, command};
use super::install::Install;
use super::pipe;
use super::shared::{GRACE, KEPT};
use crate::provision::registry::{Held, Startup};
use crate::provision::rundir::{self, RunDir};
use crate::provision::{probe, process};
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const SUPERVISOR: &str = include_str!("supervisor.sh");

/// How many ports are tried: somebody else may take one between choosing and listening.
const TRIES: usize = 5;

/// How long a server that was told to stop at once may take.
const STOPPING: Duration = Duration::from_secs(20);

/// Why a server does not run.
pub(super) enum Failure {
    /// It stopped by itself; the last lines of its log.
    Stopped(String),
    /// Anything else.
    Other(String),
}

/// A server in a run directory; dropping it stops the server and removes the directory.
pub(super) struct Postmaster {
    supervisor: Child,
    /// While this end of the supervisor's pipe is open, the server runs. None: others hold it, and the server is theirs.
    leash: Option<File>,
    /// The name under which other processes will find the pipe.
    join: Option<String>,
    directory: RunDir,
    account: Option<Account>,
    port: u16,
}

impl Postmaster {
    /// Starts the cluster in `data` of a run directory on a free port of the loopback interface and on a socket in the run directory.
    /// With a name to join under, it can be [shared](Self::share).
    pub(super) fn start(
        install: &Install,
        account: Option<&Account>,
        directory: RunDir,
        join: Option<&str>,
        startup: &Startup,
    ) -> Result<Self, Failure> {
        let port = free_port().map_err(Failure::Other)?;
        let (supervisor, leash) =
            spawn(install, account, &directory, join, port).map_err(Failure::Other)?;
        let mut postmaster = Postmaster {
            supervisor,
            leash: Some(leash),
            join: join.map(str::to_owned),
            directory,
            account: account.cloned(),
            port,
        };
        for attempt in 1.. {
            match postmaster.wait_until_ready(startup) {
                Err(Failure::Stopped(log)) if attempt < TRIES && is_port_taken(&log) => {
                    postmaster.restart(install, account)?;
                }
                Err(failure) => return Err(failure),
                Ok(()) => break,
            }
        }
        Ok(postmaster)
    }

    /// TCP port on 127.0.0.1.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Directory of the server's Unix socket.
    pub(super) fn socket_directory(&self) -> &Path {
        self.directory.path()
    }

    fn wait_until_ready(&mut self, startup: &Startup) -> Result<(), Failure> {
        let path = self.directory.path();
        loop {
            if path.join("exited").exists() {
                return Err(Failure::Stopped(quoted_log(path)));
            }
            if is_ready(path) {
                return Ok(());
            }
            if let Ok(Some(status)) = self.supervisor.try_wait() {
                return Err(Failure::Other(format!(
                    "the supervisor of the server ended: {status}"
                )));
            }
            startup
                .check("starting the server")
                .map_err(|reason| Failure::Other(format!("{reason}{}", quoted_log(path))))?;
            startup.tick();
        }
    }

    /// Another supervisor, another port, the same directory: the old supervisor must not remove it.
    fn restart(&mut self, install: &Install, account: Option<&Account>) -> Result<(), Failure> {
        let other = |error: std::io::Error| {
            Failure::Other(format!("the server could not be started again: {error}"))
        };
        self.supervisor.kill().map_err(other)?;
        self.supervisor.wait().map_err(other)?;
        for name in ["exited", "log"] {
            fs::remove_file(self.directory.path().join(name)).map_err(other)?;
        }
        self.port = free_port().map_err(Failure::Other)?;
        let (supervisor, leash) = spawn(
            install,
            account,
            &self.directory,
            self.join.as_deref(),
            self.port,
        )
        .map_err(Failure::Other)?;
        self.supervisor = supervisor;
        self.leash = Some(leash);
        Ok(())
    }

    /// Has the server write everything down and end, and says whether it did. Its supervisor and its directory stay.
    fn shut_down(&mut self) -> bool {
        let path = self.directory.path();
        let Some(pid) = server_pid(path) else {
            return false;
        };
        signal(pid, "-INT", self.account.as_ref());
        let started = Instant::now();
        loop {
            match fs::read_to_string(path.join("exited")) {
                // The shell makes the file before it writes to it.
                Ok(status) if status.ends_with('\n') => return status.trim() == "0",
                _ if started.elapsed() < STOPPING => {
                    std::thread::sleep(Duration::from_millis(2));
                }
                _ => return false,
            }
        }
    }

    /// Lets other processes find the pipe. The server and its directory are theirs then too: it lasts as long as somebody holds the
    /// pipe, whose end this is.
    pub(super) fn share(mut self) -> Result<File, String> {
        let (directory, join) = (self.directory.path(), self.join.as_deref());
        let publish = || fs::rename(directory.join(PIPE), directory.join(join.unwrap_or(PIPE)));
        publish().map_err(|error| format!("the server cannot be shared: {error}"))?;
        self.directory.leave();
        self.leash
            .take()
            .ok_or_else(|| "the server is shared already".to_owned())
    }

    /// Closes the pipe, which tells the supervisor to stop the server and to remove the directory, and waits for it.
    fn stop(&mut self) -> Result<(), String> {
        drop(self.leash.take());
        let started = Instant::now();
        while matches!(self.supervisor.try_wait(), Ok(None)) && started.elapsed() < STOPPING {
            std::thread::sleep(Duration::from_millis(2));
        }
        if matches!(self.supervisor.try_wait(), Ok(None)) {
            kill_stray(self.directory.path(), self.account.as_ref());
            let _ = self.supervisor.kill();
            let _ = self.supervisor.wait();
        }
        let path = self.directory.path();
        rundir::remove(path)
            .map_err(|error| format!("{} cannot be removed: {error}", path.display()))
    }
}

impl Held for Postmaster {
    fn release(mut self: Box<Self>) -> Result<(), String> {
        self.stop()
    }

    fn release_kept(mut self: Box<Self>, keep: &mut dyn FnMut(&Path)) -> Result<(), String> {
        if self.shut_down() {
            keep(&self.directory.path().join("data"));
        }
        self.stop()
    }
}

impl Drop for Postmaster {
    fn drop(&mut self) {
        if self.leash.is_some() {
            let _ = self.stop();
        }
    }
}

/// Name of the pipe of a shared server before others may find it.
const PIPE: &str = "pipe";

/// The supervisor, and the end of its pipe on which it hangs.
fn spawn(
    install: &Install,
    account: Option<&Account>,
    directory: &RunDir,
    join: Option<&str>,
    port: u16,
) -> Result<(Child, File), String> {
    let path = directory.path();
    let failed = |error: std::io::Error| format!("/bin/sh cannot be started: {error}");
    let mut supervisor = command("/bin/sh", account);
    supervisor
        .args(["-c", SUPERVISOR, "diesel-drift"])
        .arg(path)
        .arg(join.unwrap_or_default())
        .args([GRACE, KEPT].map(|time| time.as_secs().to_string()))
        .arg(install.bin.join("postgres"))
        .arg("-D")
        .arg(path.join("data"))
        .arg("-k")
        .arg(path)
        .args(["-p", &port.to_string()])
        .stderr(Stdio::null())
        // Its own process group: a ctrl-C is the harness's to handle.
        .process_group(0);
    if join.is_none() {
        let mut child = supervisor
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let leash = child.stdin.take().map(OwnedFd::from).map(File::from);
        let leash = leash.ok_or_else(|| "the supervisor has no pipe".to_owned())?;
        return Ok((child, leash));
    }
    let (reader, leash) = pipe::create(&path.join(PIPE))?;
    let lock = directory.lock().map_err(failed)?;
    let child = supervisor
        .stdin(reader)
        .stdout(lock)
        .spawn()
        .map_err(failed)?;
    Ok((child, leash))
}

fn free_port() -> Result<u16, String> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

/// The eighth line of `postmaster.pid` is the server's state, as `pg_ctl` reads it.
pub(super) fn is_ready(directory: &Path) -> bool {
    fs::read_to_string(directory.join("data/postmaster.pid")).is_ok_and(|text| {
        text.lines()
            .nth(7)
            .is_some_and(|state| state.trim() == "ready")
    })
}

fn is_port_taken(log: &str) -> bool {
    log.contains("could not bind IPv4 address")
        || log.contains("could not create any TCP/IP sockets")
}

/// The end of the log in a run directory, as something that can stand after a sentence.
pub(super) fn quoted_log(directory: &Path) -> String {
    let log = fs::read(directory.join("log")).unwrap_or_default();
    probe::quote(&String::from_utf8_lossy(&log))
}

/// The number in the first line of a server's `postmaster.pid`.
fn server_pid(directory: &Path) -> Option<u32> {
    let text = fs::read_to_string(directory.join("data/postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

/// As the server's own user, so that a forged file gets nobody else's process killed. The shell's own `kill`: a small system has no other.
fn signal(pid: u32, name: &str, account: Option<&Account>) {
    let _ = command("/bin/sh", account)
        .args(["-c", r#"kill "$@""#, "diesel-drift", name, &pid.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// Stops a server whose harness and supervisor are both gone: the process that its `postmaster.pid` names, if it is a server
/// of this very directory and not a later process with the same number.
pub(in crate::provision) fn kill_stray(directory: &Path, account: Option<&Account>) {
    let data: PathBuf = directory.join("data");
    let Some(pid) = server_pid(directory) else {
        return;
    };
    let is_server =
        || process::command_line(pid).is_some_and(|line| line.contains(&*data.to_string_lossy()));
    if !is_server() {
        return;
    }
    for name in ["-QUIT", "-KILL"] {
        signal(pid, name, account);
        let started = Instant::now();
        while is_server() && started.elapsed() < STOPPING {
            std::thread::sleep(Duration::from_millis(10));
        }
        if !is_server() {
            return;
        }
    }
}
