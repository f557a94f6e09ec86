//! What the numbers were measured on.

use crate::Failure;
use std::path::Path;
use std::process::Command;

/// One sentence about the machine, the server (`server` is how it describes itself) and the commit.
pub fn describe(server: &str) -> Result<String, Failure> {
    let first = |file: &str, key: &str| {
        let text = std::fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cores = std::thread::available_parallelism()?;
    let cpu = first("/proc/cpuinfo", "model name").unwrap_or_else(|| "a CPU without a name".into());
    let memory = first("/proc/meminfo", "MemTotal")
        .and_then(|size| size.strip_suffix(" kB")?.parse::<u64>().ok())
        .map_or_else(
            || "memory not known".into(),
            |kib| format!("{} GiB of memory", kib.div_ceil(1024 * 1024)),
        );
    let system = std::env::consts::OS;
    Ok(format!(
        "{cpu}, {cores} cores, {memory}, {system}; {server}; commit {}",
        commit()
    ))
}

fn commit() -> String {
    let git = |arguments: &[&str]| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let output = Command::new("git")
            .current_dir(here)
            .args(arguments)
            .output();
        let output = output.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".into());
    match git(&["status", "--porcelain", "--untracked-files=no"]) {
        Some(changes) if !changes.is_empty() => commit + " with changes",
        _ => commit,
    }
}
