//! A chain against the versions that a database says were applied to it.

use std::collections::BTreeSet;

/// Where a chain and a database's record of it part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parting {
    /// In the chain and applied.
    pub common: BTreeSet<String>,
    /// In the chain, newer than everything that was applied.
    pub pending: Vec<String>,
    /// In the chain and not applied, although something newer was.
    pub skipped: Vec<String>,
    /// Applied, and not in the chain.
    pub unknown: Vec<String>,
}

impl Parting {
    /// Holds the versions of a chain against those that were applied. Versions are compared as Diesel compares them: as text.
    ///
    /// "Newer than everything applied" counts what the chain knows, so that one foreign version with a late date does not make every pending
    /// migration a skipped one.
    pub fn of<'a>(
        chain: impl IntoIterator<Item = &'a str>,
        applied: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let chain: BTreeSet<&str> = chain.into_iter().collect();
        let applied: BTreeSet<&str> = applied.into_iter().collect();
        let newest = chain.intersection(&applied).max().copied();
        let is_skipped = |version: &&str| newest.is_some_and(|newest| *version < newest);
        let (skipped, pending): (Vec<&str>, Vec<&str>) =
            chain.difference(&applied).copied().partition(is_skipped);
        let owned = |versions: Vec<&str>| versions.into_iter().map(str::to_owned).collect();
        Self {
            common: chain
                .intersection(&applied)
                .copied()
                .map(str::to_owned)
                .collect(),
            pending: owned(pending),
            skipped: owned(skipped),
            unknown: owned(applied.difference(&chain).copied().collect()),
        }
    }

    /// The last of the chain's versions that was applied.
    pub fn last_applied(&self) -> Option<&str> {
        self.common.last().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::Parting;

    /// What is common, pending, skipped and unknown, as one text.
    fn part(chain: &[&str], applied: &[&str]) -> String {
        let parting = Parting::of(chain.iter().copied(), applied.iter().copied());
        let common: Vec<String> = parting.common.into_iter().collect();
        [common, parting.pending, parting.skipped, parting.unknown]
            .map(|versions| versions.join(" "))
            .join("|")
    }

    #[test]
    fn pending_is_newer_and_skipped_is_older_than_what_was_applied() {
        let chain = ["1", "2", "3", "4"];
        assert_eq!(part(&chain, &chain), "1 2 3 4|||");
        assert_eq!(part(&chain, &[]), "|1 2 3 4||");
        assert_eq!(part(&chain, &["1", "3"]), "1 3|4|2|");
    }

    #[test]
    fn a_foreign_version_is_unknown_and_makes_nothing_skipped() {
        assert_eq!(part(&["1", "2", "3"], &["0", "1", "9"]), "1|2 3||0 9");
        assert_eq!(part(&["1"], &["7"]), "|1||7");
        assert_eq!(part(&[], &[]), "|||");
    }

    #[test]
    fn versions_are_texts() {
        // "10" comes before "9", and capital letters before small ones.
        assert_eq!(part(&["10", "9", "B", "a"], &["9"]), "9|B a|10|");
    }
}
