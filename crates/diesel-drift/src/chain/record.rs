//! A migration as it was when it was recorded, in the lock file or on another branch, and how it has changed since.

use super::source::{Migration, TextFile};
use crate::declared::Span;
use crate::digest::sha256;
use crate::migrate::tokens;
use std::collections::BTreeMap;
use std::fmt;

/// Migrations that are recorded somewhere, by name.
pub type Recorded = BTreeMap<String, Was>;

/// What a chain is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it is recorded: `migrations.lock`, `origin/main`.
    pub name: String,
    /// Whether it is the lock file.
    pub is_lock: bool,
    /// What the chain grew out of: what is in it is not to be changed any more.
    pub before: Recorded,
    /// What is there now: new migrations come after it. Of a branch, its tip; of the lock file the same.
    pub now: Recorded,
}

/// A migration as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Was {
    /// Its version, as Diesel takes it from the name.
    pub version: String,
    /// Of `up.sql`.
    pub up: Option<Sum>,
    /// Of `down.sql`.
    pub down: Option<Sum>,
    /// Whether Diesel runs it in a transaction.
    pub run_in_transaction: bool,
    /// Where the lock file says so.
    pub span: Option<Span>,
}

/// What a script holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Of the text, whatever its line ends: a checkout may change them.
    pub text: String,
    /// Of its tokens: comments, white space and the case of words do not count.
    pub statements: String,
}

/// How many hexadecimal digits of SHA-256 are kept.
const DIGITS: usize = 32;

impl Sum {
    /// Of a file; of one that is no text, of nothing but its bytes.
    pub(crate) fn of(file: &TextFile) -> Self {
        match file.text() {
            Some(text) => Self {
                text: short(&text.replace("\r\n", "\n")),
                statements: short(&tokens(&text.replace("\r\n", "\n")).join("\n")),
            },
            None => Self {
                text: file.checksum.chars().take(DIGITS).collect(),
                statements: file.checksum.chars().take(DIGITS).collect(),
            },
        }
    }
}

fn short(text: &str) -> String {
    sha256(text.as_bytes()).chars().take(DIGITS).collect()
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.text, self.statements)
    }
}

impl std::str::FromStr for Sum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_sum = |sum: &str| sum.len() == DIGITS && sum.bytes().all(|c| c.is_ascii_hexdigit());
        match text.split_once(' ') {
            Some((text, statements)) if is_sum(text) && is_sum(statements) => Ok(Self {
                text: text.to_owned(),
                statements: statements.to_owned(),
            }),
            _ => Err(format!(
                "`{text}` is no checksum: two numbers of {DIGITS} hexadecimal digits and a space between them are expected"
            )),
        }
    }
}

impl Was {
    /// What a migration is now.
    pub(crate) fn of(migration: &Migration) -> Self {
        Self {
            version: migration.version.clone(),
            up: migration.up().map(Sum::of),
            down: migration.down().map(Sum::of),
            run_in_transaction: migration.run_in_transaction(),
            span: None,
        }
    }

    /// What has changed since; none where nothing has.
    pub(crate) fn edit(&self, migration: &Migration) -> Option<Edit> {
        let now = Self::of(migration);
        let script = |file, was: &Option<Sum>, is: &Option<Sum>| {
            let same_statements = match (was, is) {
                (None, None) => return None,
                // Another lexer may find other tokens in it.
                (Some(was), Some(is)) if was.text == is.text => return None,
                (Some(was), Some(is)) => was.statements == is.statements,
                _ => false,
            };
            Some((file, same_statements))
        };
        let changed = [
            script("up.sql", &self.up, &now.up),
            script("down.sql", &self.down, &now.down),
            (self.run_in_transaction != now.run_in_transaction).then_some(("metadata.toml", false)),
        ];
        let files: Vec<(&'static str, bool)> = changed.into_iter().flatten().collect();
        (!files.is_empty()).then_some(Edit { files })
    }
}

/// How a migration has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// The files, each with whether only comments, white space and the case of words differ.
    pub files: Vec<(&'static str, bool)>,
}

impl Record {
    /// The name of the last migration that is recorded, in the order in which Diesel applies them.
    pub(crate) fn newest(&self) -> Option<(&str, &Was)> {
        let last = self
            .now
            .iter()
            .max_by(|(a, was_a), (b, was_b)| (&was_a.version, a).cmp(&(&was_b.version, b)));
        last.map(|(name, was)| (name.as_str(), was))
    }
}
