//! Declared × live → findings. Pure: no database, clock or log; sorted output; a function of its arguments.

use super::{KINDS, column_undeclared, table_undeclared};
use crate::catalog::{ObjectPath, QualifiedName, class};
use crate::compare::{Comparison, Scope};
use crate::declared::Reading;
use crate::finding::{Finding, Found, Kind};
use crate::introspect::Live;
use crate::subject::Subject;
use std::collections::BTreeSet;

/// Holds what the project declares against what the database has.
///
/// Where a patch file changed what Diesel CLI printed, a difference that only the patched declarations have is the
/// patch's and so intended. A relation that the patch itself declares has no printed counterpart and is checked in full.
pub fn compare(reading: &Reading, live: &Live, scope: &Scope) -> Vec<Finding> {
    let mut findings = run_kinds(&Comparison::new(&reading.declared, live, scope));
    if let Some(generated) = &reading.generated {
        let unpatched = Comparison::new(generated, live, scope);
        let printed = run_kinds(&unpatched);
        let kept: BTreeSet<_> = printed.iter().map(Finding::fingerprint).collect();
        let printed_relations: BTreeSet<_> =
            unpatched.tables.iter().map(|pair| &pair.name).collect();
        findings.retain(|finding| {
            kept.contains(&finding.fingerprint())
                || match &finding.subject {
                    Subject::Relation(name) | Subject::Column(name, _) => {
                        !printed_relations.contains(name) && finding.span.is_some()
                    }
                    // No patch can mean a type or a label that does not exist.
                    Subject::Type(_) => true,
                    Subject::Join { .. }
                    | Subject::Object(_)
                    | Subject::InMigration { .. }
                    | Subject::Migration(_)
                    | Subject::Rule(_)
                    | Subject::Suppression { .. } => false,
                }
        });
    }
    findings.retain(|finding| !is_ignored(finding, scope));
    findings
        .sort_by(|a, b| (&a.subject, a.kind.id, &a.span).cmp(&(&b.subject, b.kind.id, &b.span)));
    findings
}

fn run_kinds(comparison: &Comparison<'_>) -> Vec<Finding> {
    let find = |kind: &&Kind| match kind.found {
        Found::InDeclarations(check) => check(comparison),
        Found::InChain(_) | Found::ByRule(_) | Found::ByOwnRule | Found::Together => Vec::new(),
    };
    KINDS.iter().flat_map(find).collect()
}

/// Whether what the database has and nobody declares belongs to somebody else.
fn is_ignored(finding: &Finding, scope: &Scope) -> bool {
    let path = |class, name: &QualifiedName, child: Option<&String>| ObjectPath {
        schema: Some(name.schema.clone()),
        name: name.name.clone(),
        signature: String::new(),
        child: child.cloned(),
        class,
    };
    match &finding.subject {
        Subject::Relation(name) if finding.kind == &table_undeclared::KIND => {
            scope.ignores(&path(&class::TABLE, name, None))
        }
        Subject::Column(name, column) if finding.kind == &column_undeclared::KIND => {
            scope.ignores(&path(&class::COLUMN, name, Some(column)))
        }
        _ => false,
    }
}
