//! The named pipe on which a shared server hangs: each process that uses the server holds the pipe's writing end open, and the operating
//! system closes it with the process, whatever ends it.

use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

/// Without waiting for somebody at the other end.
const AT_ONCE: OFlags = OFlags::NONBLOCK;

/// Makes a pipe and opens both of its ends, the reading one first.
pub(super) fn create(path: &Path) -> Result<(File, File), String> {
    let failed =
        |error: std::io::Error| format!("the pipe {} cannot be made: {error}", path.display());
    if path.exists() {
        fs::remove_file(path).map_err(failed)?;
    }
    // No system call for it reaches from safe Rust on every system.
    let made = Command::new("mkfifo")
        .args(["-m", "600"])
        .arg(path)
        .stdout(Stdio::null())
        .output()
        .map_err(failed)?;
    if !made.status.success() {
        let said = String::from_utf8_lossy(&made.stderr);
        return Err(format!(
            "the pipe {} cannot be made: {}",
            path.display(),
            said.trim()
        ));
    }
    let open = |reading: bool| {
        OpenOptions::new()
            .read(reading)
            .write(!reading)
            .custom_flags(AT_ONCE.bits().cast_signed())
            .open(path)
            .map_err(failed)
    };
    let (reader, writer) = (open(true)?, open(false)?);
    // A shell takes the end for an error where nothing can be read at once.
    rustix::fs::fcntl_setfl(&reader, OFlags::empty()).map_err(|error| failed(error.into()))?;
    Ok((reader, writer))
}

/// Takes hold of the pipe of a server that runs: `None` where it is not there, or is being let go of.
pub(super) fn join(path: &Path) -> Option<File> {
    let mut pipe = OpenOptions::new()
        .write(true)
        .custom_flags((AT_ONCE | OFlags::NOFOLLOW).bits().cast_signed())
        .open(path)
        .ok()?;
    let held = pipe.metadata().ok()?;
    if !held.file_type().is_fifo() || held.uid() != rustix::process::geteuid().as_raw() {
        return None;
    }
    // The supervisor, which may have given up waiting, has to hear of it; a line, because that is what a shell reads.
    pipe.write_all(b"joined\n").ok()?;
    // From the renaming on, nobody joins: who sees it at its place after opening it is waited for.
    let there = fs::symlink_metadata(path).ok()?;
    ((there.dev(), there.ino()) == (held.dev(), held.ino())).then_some(pipe)
}
