//! Telling whether a process that wrote its number down still lives.

use std::fs;
use std::process::Command;

/// What tells this machine's processes from another's: host name, boot and process namespace.
#[cfg(feature = "container")]
pub(super) fn machine() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let namespace = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let host = rustix::system::uname();
    format!(
        "{} {} {}",
        host.nodename().to_string_lossy(),
        boot.trim(),
        namespace.display()
    )
}

/// When the process with this number started, in whatever form the system tells it; `None` if there is none.
#[cfg(feature = "container")]
pub(super) fn started(pid: u32) -> Option<String> {
    if !has_proc() {
        return ps("lstart=", pid);
    }
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands in parentheses and may hold anything; `starttime` is the 20th field after it.
    let (_, after) = stat.rsplit_once(')')?;
    after.split_whitespace().nth(19).map(str::to_owned)
}

/// The command line of the process with this number.
pub(super) fn command_line(pid: u32) -> Option<String> {
    if !has_proc() {
        return ps("args=", pid);
    }
    let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    Some(String::from_utf8_lossy(&line).replace('\0', " "))
}

fn has_proc() -> bool {
    fs::exists("/proc/self/stat").unwrap_or(false)
}

fn ps(column: &str, pid: u32) -> Option<String> {
    let output = Command::new("ps")
        .args(["-o", column, "-p", &pid.to_string()])
        .output()
        .ok()?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::command_line;

    #[test]
    fn this_process_is_found_and_one_that_ended_is_not() {
        assert!(command_line(std::process::id()).is_some());
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        assert_eq!(command_line(ended.id()), None);
        #[cfg(feature = "container")]
        {
            let started = super::started(std::process::id());
            assert!(started.is_some());
            assert_eq!(started, super::started(std::process::id()));
            assert_eq!(super::started(ended.id()), None);
        }
    }
}
