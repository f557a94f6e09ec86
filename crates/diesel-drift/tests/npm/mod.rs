//! Packages of npm that generated text is held against, as a committed lock file has them. For tests of several crates.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Installs what `package-lock.json` in `files` names into `directory`, once for all test processes, and returns that directory; or says
/// why not.
pub fn install(files: &Path, directory: PathBuf) -> Result<PathBuf, String> {
    let lock = fs::read_to_string(files.join("package-lock.json")).unwrap();
    fs::create_dir_all(&directory).unwrap();
    // Held until the end of this function: two processes would install over each other.
    let guard = File::create(directory.join("guard")).unwrap();
    guard.lock().unwrap();
    let installed = directory.join("installed");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == lock) {
        return run(Command::new("node").arg("--version")).map(|_| directory);
    }
    for name in ["package.json", "package-lock.json"] {
        fs::copy(files.join(name), directory.join(name)).unwrap();
    }
    run(Command::new("npm")
        .args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ])
        .current_dir(&directory))?;
    fs::write(installed, lock).unwrap();
    Ok(directory)
}

/// What a command that succeeded said; or what one that failed did, on one line.
pub fn run(command: &mut Command) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).output() {
        Err(error) => Err(format!("{program}: {error}")),
        Ok(output) if output.status.success() => Ok(output),
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text);
            Err(format!(
                "{program} failed: {}",
                text.trim().replace('\n', "; ")
            ))
        }
    }
}
