//! A chain's files → findings. Pure: sorted output, a function of its argument.

use super::source::ChainSource;
use crate::finding::{Finding, Found, Kind};
use crate::kinds::CHAIN_KINDS;

/// What is wrong with a chain: each kind that a chain's files show, by subject.
pub fn find(source: &ChainSource) -> Vec<Finding> {
    find_of(source, &|_| true)
}

/// As [`find`], of some kinds alone: to parse every script takes a while.
pub(crate) fn find_of(source: &ChainSource, wanted: &dyn Fn(&Kind) -> bool) -> Vec<Finding> {
    let of_kind = |kind: &&Kind| match kind.found {
        Found::InChain(check) => check(source),
        Found::InDeclarations(_) | Found::ByRule(_) | Found::ByOwnRule | Found::Together => {
            Vec::new()
        }
    };
    let mut findings: Vec<Finding> = (CHAIN_KINDS.iter())
        .filter(|kind| wanted(kind))
        .flat_map(of_kind)
        .collect();
    findings
        .sort_by(|a, b| (&a.subject, a.kind.id, &a.span).cmp(&(&b.subject, b.kind.id, &b.span)));
    findings
}
