//! The unprivileged user that a server runs as when the harness is root: PostgreSQL refuses root.

use std::os::unix::fs::lchown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// A user of the machine.
#[derive(Clone)]
pub(crate) struct Account {
    pub(in crate::provision) uid: u32,
    gid: u32,
}

impl Account {
    /// `None` for everybody but root: then the harness's own user runs the server.
    pub(in crate::provision) fn choose() -> Result<Option<Self>, String> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        // Asked once: each question is a process.
        static CHOSEN: LazyLock<Option<Account>> = LazyLock::new(|| {
            ["postgres", "_postgres", "nobody"]
                .into_iter()
                .find_map(Account::named)
        });
        CHOSEN
            .clone()
            .map(Some)
            .ok_or_else(|| "the harness runs as root, PostgreSQL refuses root, and there is no user `postgres` or `nobody`".to_owned())
    }

    fn named(name: &str) -> Option<Self> {
        Some(Account {
            uid: id("-u", name)?,
            gid: id("-g", name)?,
        })
        .filter(|account| account.uid != 0)
    }

    /// Makes the account own a file or a directory, not what is in it or what a link leads to.
    pub(crate) fn own(&self, path: &Path) -> std::io::Result<()> {
        lchown(path, Some(self.uid), Some(self.gid))
    }
}

/// A command that runs as `account`, if there is one, in a directory that the account can enter. The standard library drops root's supplementary
/// groups when it changes the user.
pub(super) fn command(program: impl AsRef<std::ffi::OsStr>, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    if let Some(account) = account {
        command.uid(account.uid).gid(account.gid);
    }
    for (name, _) in std::env::vars_os() {
        // PGDATA, PGPORT and their like are meant for somebody else's server.
        if name.to_str().is_some_and(|name| name.starts_with("PG")) {
            command.env_remove(&name);
        }
    }
    command
        .env("LC_ALL", "C")
        .current_dir("/")
        .stdin(Stdio::null());
    command
}

fn id(flag: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([flag, name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
