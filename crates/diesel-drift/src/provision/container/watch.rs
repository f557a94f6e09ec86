//! Removing a container after the harness was killed, where the engine's command line client is at hand. Elsewhere the next
//! run sweeps it.

use super::engine;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// `$1`: the container. Only the harness holds the other end of standard input, which ends with it.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
while read -r _; do :; done
docker rm -f -v "$1" || podman rm -f -v "$1"
"#;

/// A process that outlives the harness for as long as it takes to remove a container.
pub(super) struct Watch(Option<Child>);

impl Watch {
    /// Watches over the container with this id.
    pub(super) fn over(id: &str) -> Self {
        let process = Command::new("/bin/sh")
            .args(["-c", SCRIPT, "diesel-drift", id])
            .env("DOCKER_HOST", engine::address())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        Watch(process.ok())
    }
}

impl Drop for Watch {
    /// The container is gone: there is nothing to watch over.
    fn drop(&mut self) {
        if let Some(mut process) = self.0.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}
