//! What the tests of baselines share.

use super::{Baseline, Date};
use crate::catalog::QualifiedName;
use crate::finding::Finding;
use crate::kinds;
use crate::subject::Subject;
use std::path::Path;

pub(super) const ENTRY: &str = "[[known]]\nrule = \"primary-key-absent\"\nsubject = \"public.visits\"\n\
                                owner = \"ann\"\nreason = \"old\"\nuntil = 2026-03-31\n";

pub(super) fn parse(text: &str) -> Result<Baseline, String> {
    let path = Path::new("base.toml");
    Baseline::parse(path, text.to_owned()).map_err(|error| error.to_string())
}

/// `primary-key-absent`, of a table.
pub(super) fn finding(table: &str) -> Finding {
    let kind = kinds::find("primary-key-absent").unwrap();
    Finding::new(kind, Subject::Relation(QualifiedName::new("public", table)))
}

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}
