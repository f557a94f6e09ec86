//! What a comment says of its table.

use crate::catalog::TriggerEvent;
use regex::Regex;
use std::sync::LazyLock;

/// What a comment says that never happens to rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// They stay as they are.
    Immutable,
    /// They may be deleted.
    NeverUpdated,
    /// They may be updated.
    NeverDeleted,
}

impl Claim {
    /// Whether it is broken by such a change.
    pub(super) fn excludes(self, event: TriggerEvent) -> bool {
        match self {
            Self::Immutable => true,
            Self::NeverUpdated => event == TriggerEvent::Update,
            Self::NeverDeleted => event != TriggerEvent::Update,
        }
    }

    /// What it says of the table, behind "says that".
    pub(super) fn said(self) -> &'static str {
        match self {
            Self::Immutable => "it is immutable",
            Self::NeverUpdated => "its rows are never updated",
            Self::NeverDeleted => "its rows are never deleted",
        }
    }
}

/// What is said of the whole table where a sentence begins: it is this, or, of `immutable`, which other things are as well, this and nothing more.
const WHOLE: &str = r"(?xi) (?: ^ | [.;:]\s* )
    (?: (?: (?:(?:this|the)\s)? (?:table|log|ledger) \s (?:is|must\sbe) | (?:its|the|all)?\s? rows \s (?:are|must\sbe) ) \s )?
    (?: an?\s )?
    (?: (?:append|insert)[-\ ]only \b | (?:immutable|write[-\ ]once) (?: \s+ (?:table|log|ledger|journal|history|audit|records?|rows|and) \b | \s* (?: $ | [.;:,!()] ) ) )
    (?P<rest> [^.;]* )";

/// What is said of its rows: `rows are never updated or deleted`.
const ROWS: &str = r"(?i)\brows (?:are|must) never (?:be )?(?P<what>(?:updated|changed|modified|deleted|removed)(?:(?:,| or|, or| and|, and|, nor| nor) (?:updated|changed|modified|deleted|removed))*)(?P<rest>[^.;]*)";

/// What takes a claim back in part: the database is not asked to refuse everything.
const UNLESS: &str =
    r"(?i)\b(except|apart from|but for|unless|once|until|while|as long as|other than)\b";

/// What a comment says that never happens to the rows of its table; none where it says nothing of the kind, or not of all of them.
pub(super) fn claimed(comment: &str) -> Option<Claim> {
    static PATTERNS: LazyLock<Option<[Regex; 3]>> = LazyLock::new(|| {
        let [whole, rows, unless] = [WHOLE, ROWS, UNLESS].map(|it| Regex::new(it).ok());
        Some([whole?, rows?, unless?])
    });
    let [whole, rows, unless] = PATTERNS.as_ref()?;
    let of_all = |found: &regex::Captures<'_>| {
        !(found.name("rest")).is_some_and(|rest| unless.is_match(rest.as_str()))
    };
    let comment = comment.trim();
    if whole.captures_iter(comment).any(|found| of_all(&found)) {
        return Some(Claim::Immutable);
    }
    let found = rows.captures(comment).filter(of_all)?;
    let what = found.name("what")?.as_str().to_lowercase();
    let deleted = what.contains("deleted") || what.contains("removed");
    let updated = ["updated", "changed", "modified"]
        .iter()
        .any(|word| what.contains(word));
    Some(match (updated, deleted) {
        (true, true) => Claim::Immutable,
        (true, false) => Claim::NeverUpdated,
        (false, _) => Claim::NeverDeleted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_about_the_table() {
        for claim in [
            "Append-only ledger of bookings.",
            "Bookings. This table is immutable.",
            "Immutable.",
            "Immutable ledger of bookings",
            "Immutable and append-only",
            "Immutable: what was booked",
            "Not changed after creation: immutable",
            "All rows are immutable",
            "Votes; rows are never updated or deleted",
        ] {
            assert_eq!(claimed(claim), Some(Claim::Immutable), "{claim}");
        }
        for other in [
            "Has an immutable key",
            "Not append-only",
            "Settings, which an IMMUTABLE function reads",
            "Immutable identifiers of countries, with labels that editors change.",
            "Immutable, once it is published",
            "Append-only, except for `seen_at`",
        ] {
            assert_eq!(claimed(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_said_of_one_change_is_not_said_of_another() {
        let marked = "Customers. Rows are never deleted, only marked.";
        assert_eq!(claimed(marked), Some(Claim::NeverDeleted));
        let kept = "Votes; rows are never updated";
        assert_eq!(claimed(kept), Some(Claim::NeverUpdated));
        assert!(!Claim::NeverDeleted.excludes(TriggerEvent::Update));
        assert!(Claim::NeverDeleted.excludes(TriggerEvent::Truncate));
        assert!(!Claim::NeverUpdated.excludes(TriggerEvent::Delete));
    }
}
