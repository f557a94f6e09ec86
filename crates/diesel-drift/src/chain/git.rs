//! The chain of another branch, through the `git` command: what a library would have to know of worktrees, partial clones, promisors and
//! replaced objects, the command that made the clone knows.

use super::record::{Record, Recorded, Was};
use super::source::{Content, Migration, TextFile, version};
use crate::digest::sha256;
use crate::migrate::FILES;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The migrations in `directory` as they are on the branch `base`, and where the checkout in which it is left it.
///
/// # Errors
/// A sentence: no git, no repository, no such branch, no common ancestor.
pub(super) fn record(directory: &Path, base: &str) -> Result<Record, String> {
    let directory =
        (directory.canonicalize()).map_err(|error| format!("{}: {error}", directory.display()))?;
    let git = Git {
        directory: &directory,
    };
    let top = git
        .line(&["rev-parse", "--show-toplevel"])
        .map_err(|error| match error {
            GitError::NotStarted(error) => {
                format!("--base needs the command `git`, which cannot be run: {error}")
            }
            GitError::Failed(message) => {
                format!("{} is in no git repository: {message}", directory.display())
            }
        })?;
    let inside = directory
        .strip_prefix(&top)
        .map_err(|_| format!("{} is not in the git repository {top}", directory.display()))?;
    let commit = |name: &str| {
        git.line(&[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{name}^{{commit}}"),
        ])
    };
    let tip = commit(base).map_err(|_| {
        format!("git knows no commit `{base}`: fetch it (`git fetch origin`; in CI, with the whole history), or name another with --base")
    })?;
    let head = commit("HEAD").map_err(|_| {
        "the repository has no commit yet: there is nothing that --base could be held against"
            .to_owned()
    })?;
    let fork = git.line(&["merge-base", &head, &tip]).map_err(|_| {
        let shallow = git.line(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true");
        match shallow {
            true => format!("the clone is shallow, so that git cannot tell where it left `{base}`: fetch the history (`git fetch --unshallow`; in CI, `fetch-depth: 0`)"),
            false => format!("HEAD and `{base}` have no common ancestor"),
        }
    })?;
    let read = |commit: &str| {
        git.migrations(commit, inside)
            .map_err(|error| format!("the migrations of `{base}` cannot be read: {error}"))
    };
    let now = read(&tip)?;
    let before = match fork == tip {
        true => now.clone(),
        false => read(&fork)?,
    };
    Ok(Record {
        name: base.to_owned(),
        is_lock: false,
        before,
        now,
    })
}

struct Git<'a> {
    directory: &'a Path,
}

enum GitError {
    NotStarted(std::io::Error),
    Failed(String),
}

impl std::fmt::Display for GitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotStarted(error) => error.fmt(f),
            Self::Failed(message) => f.write_str(message),
        }
    }
}

impl Git<'_> {
    /// What git prints. It must not ask anybody anything, and fetches nothing that a partial clone left out without saying so.
    fn run(&self, arguments: &[&str], input: Stdio) -> Result<Vec<u8>, GitError> {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.directory)
            .args(arguments)
            .env("GIT_TERMINAL_PROMPT", "0")
            // In a hook they say where git was called, and not where the migrations are.
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE")
            .env_remove("GIT_PREFIX")
            .env("LC_ALL", "C")
            .stdin(input)
            .output()
            .map_err(GitError::NotStarted)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let message = String::from_utf8_lossy(&output.stderr);
        Err(GitError::Failed(
            message.trim().trim_start_matches("fatal: ").to_owned(),
        ))
    }

    fn line(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.run(arguments, Stdio::null())?;
        Ok(String::from_utf8_lossy(&output)
            .trim_end_matches(['\r', '\n'])
            .to_owned())
    }

    /// The chain in a directory of a commit.
    fn migrations(&self, commit: &str, directory: &Path) -> Result<Recorded, GitError> {
        // The paths of a tree are those from the top, whatever directory git is called in.
        let shown = directory.to_string_lossy();
        let mut asked = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        if !shown.is_empty() {
            asked.extend(["--", shown.as_ref()]);
        }
        let listed = self.run(&asked, Stdio::null())?;
        let listed = String::from_utf8_lossy(&listed);
        let files: Vec<(PathBuf, &str)> = (listed.split('\0'))
            .filter_map(|entry| {
                let (facts, path) = entry.split_once('\t')?;
                let mut facts = facts.split(' ');
                let is_file = facts.next()?.starts_with("100");
                let id = facts.nth(1)?;
                let within = Path::new(path).strip_prefix(directory).ok()?;
                (is_file && within.components().count() == 2).then(|| (within.to_owned(), id))
            })
            .filter(|(path, _)| FILES.iter().any(|name| path.ends_with(name)))
            .collect();
        let ids: Vec<&str> = files.iter().map(|(_, id)| *id).collect();
        let contents = self.contents(&ids)?;
        let mut migrations: BTreeMap<String, Migration> = BTreeMap::new();
        for ((path, _), bytes) in files.iter().zip(contents) {
            let Some(name) = path
                .parent()
                .map(|name| name.to_string_lossy().into_owned())
            else {
                continue;
            };
            let file = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let migration = migrations.entry(name.clone()).or_insert_with(|| Migration {
                version: version(&name),
                name,
                files: BTreeMap::new(),
                unreadable: None,
            });
            let checksum = sha256(&bytes);
            let content = Content::of(bytes);
            let path = path.clone();
            migration.files.insert(
                file,
                TextFile {
                    path,
                    content,
                    checksum,
                },
            );
        }
        let was = |(name, migration): (String, Migration)| (name, Was::of(&migration));
        let runnable = |(_, migration): &(String, Migration)| migration.up().is_some();
        Ok(migrations.into_iter().filter(runnable).map(was).collect())
    }

    /// The contents of blobs, in one call.
    fn contents(&self, ids: &[&str]) -> Result<Vec<Vec<u8>>, GitError> {
        // Through a file: a pipe that is filled on both sides would wait for itself.
        let asked = asked(ids).map_err(GitError::NotStarted)?;
        let answer = self.run(&["cat-file", "--batch"], asked.into())?;
        let mut rest = &answer[..];
        (ids.iter())
            .map(|id| {
                let (content, after) = blob(rest).ok_or_else(|| {
                    GitError::Failed(format!("git does not have the object {id}"))
                })?;
                rest = after;
                Ok(content.to_owned())
            })
            .collect()
    }
}

fn asked(ids: &[&str]) -> std::io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all((ids.join("\n") + "\n").as_bytes())?;
    file.rewind()?;
    Ok(file)
}

/// The first answer of `git cat-file --batch`: `<id> blob <size>`, a line feed, the content, a line feed.
fn blob(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let content = answer.get(end + 1..end + 1 + size)?;
    Some((content, answer.get(end + 2 + size..)?))
}
