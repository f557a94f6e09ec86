//! What the cache holds, for people and for its own bookkeeping.

use super::{BUILDER, DRAFT};
use std::path::PathBuf;
use std::time::SystemTime;

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A cluster as `initdb` makes it.
    Cluster,
    /// A cluster with migrations applied.
    Migrated,
    /// A catalog that was read.
    Catalog,
    /// What an installation of PostgreSQL says of itself.
    Installation,
    /// The states that a directory of migrations led through last.
    Chain,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Cluster,
        Self::Migrated,
        Self::Catalog,
        Self::Installation,
        Self::Chain,
    ];

    /// `cluster`, `migrated`, `catalog`, `installation` or `chain`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Migrated => "migrated",
            Self::Catalog => "catalog",
            Self::Installation => "installation",
            Self::Chain => "chain",
        }
    }

    /// Whether its entries are directories.
    pub(super) fn is_tree(self) -> bool {
        match self {
            Self::Cluster | Self::Migrated => true,
            Self::Catalog | Self::Installation | Self::Chain => false,
        }
    }
}

/// An entry of the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it holds.
    pub kind: Kind,
    /// What it was made for, for people: `41 migrations of /srv/app/migrations`. Empty where the entry does not say.
    pub what: String,
    /// How much it holds, in bytes.
    pub bytes: u64,
    /// When it was last used.
    pub used: SystemTime,
    pub(super) path: PathBuf,
}

/// What [`Cache::clear`](super::Cache::clear) did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleared {
    /// What was removed.
    pub removed: Vec<Entry>,
    /// Why something is left, a sentence each.
    pub left: Vec<String>,
}

/// The kind of what has this name in the directory; none of what is not ours, which a directory that somebody else uses as well may hold.
pub(super) fn kind_of(name: &str) -> Option<Kind> {
    let (id, rest) = name.split_once('-')?;
    let (key, of_the_key) = rest.split_once('.').unwrap_or((rest, DRAFT));
    let is_digest = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_ours = is_digest && [DRAFT, BUILDER].contains(&of_the_key.rsplit('.').next()?);
    Kind::ALL
        .into_iter()
        .find(|kind| is_ours && kind.id() == id)
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind_of};

    #[test]
    fn what_is_not_ours_has_no_kind() {
        let key = "0f".repeat(32);
        for ours in ["", ".0123.draft", ".lock"] {
            let name = format!("migrated-{key}{ours}");
            assert_eq!(kind_of(&name), Some(Kind::Migrated), "{name}");
        }
        let (other, longer) = (format!("other-{key}"), format!("cluster-{key}0"));
        let backup = format!("cluster-{key}.tar");
        for name in [
            "lock",
            "cluster-",
            "cluster-backups",
            &other,
            &longer,
            &backup,
        ] {
            assert_eq!(kind_of(name), None, "{name}");
        }
    }
}
