use super::words::{member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{Index, QualifiedName, ReplicaIdentity};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "index-duplicate",
    severity: Severity::Warning,
    summary: "an index that holds just what another one does",
    fixture: Some(rule_fixture!("index-duplicate")),
    found: Found::ByRule(&Rule {
        because: "Every write pays for both, and no query needs the second.",
        instead: "one of the two: the one that a constraint needs",
        default: Default::On,
        others: &[
            (
                "splinter",
                "0009 `duplicate_index`, by text: a unique index and a plain one are not the same",
            ),
            ("database_consistency", "`RedundantIndexChecker`"),
            ("active_record_doctor", "`extraneous_indexes`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "index `{}` holds what `{}` holds",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().indexes().into_iter())
        .filter(|index| is_spare(index))
        .filter_map(|index| {
            let twin = (index.table.relation().indexes.iter())
                .find(|other| is_twin(index.item(), other))?;
            let name = QualifiedName::new(&index.table.name.schema, &index.name).to_sql();
            Some(
                Finding::new(&KIND, member_subject(&index))
                    .live(&twin.name)
                    .help(format!("write `DROP INDEX {name};`")),
            )
        })
        .collect()
}

/// Whether nothing but queries could need an index.
pub(super) fn is_spare(index: &Member<'_, Index>) -> bool {
    index.constraint.is_none() && !index.invalid && !is_somebody_s(index)
}

/// Whether something beside queries and constraints goes by an index.
pub(super) fn is_somebody_s(index: &Member<'_, Index>) -> bool {
    let name = &index.name;
    index.part_of.is_some()
        || index.table.clustered_on.as_ref() == Some(name)
        || index.table.replica_identity == Some(ReplicaIdentity::Index(name.clone()))
}

/// Whether an index can be dropped because of `other`: they hold the same, and `other` does at least as much.
fn is_twin(index: &Index, other: &Index) -> bool {
    // What keeps rows apart stays; of two equals the second goes, by name.
    let stays = match (index.unique, other.unique) {
        (true, false) => false,
        (false, true) => true,
        (true, true) | (false, false) => other.constraint.is_some() || other.name < index.name,
    };
    stays
        && !other.invalid
        && index.method == other.method
        && index.columns == other.columns
        && index.include == other.include
        && index.predicate == other.predicate
        && (!index.unique || index.nulls_not_distinct == other.nulls_not_distinct)
}
