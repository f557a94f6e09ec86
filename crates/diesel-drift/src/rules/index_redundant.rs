use super::index_duplicate::is_spare;
use super::words::{member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{Index, IndexTerm, QualifiedName};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "index-redundant",
    severity: Severity::Note,
    summary: "an index whose columns are the first of another one's",
    fixture: Some(rule_fixture!("index-redundant")),
    found: Found::ByRule(&Rule {
        because: "The longer index serves every query that this one does; every write pays for both. A slim index beside a wide one may be meant.",
        instead: "the longer one alone, or a comment on the index that says why it is there",
        default: Default::On,
        others: &[
            ("database_consistency", "`RedundantIndexChecker`"),
            ("active_record_doctor", "`extraneous_indexes`"),
        ],
        check,
    }),
    message: |finding| {
        format!(
            "index `{}` is the beginning of `{}`",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().indexes().into_iter())
        .filter(|index| is_spare(index) && !index.unique && index.comment.is_none())
        .filter_map(|index| {
            let indexes = &index.table.relation().indexes;
            let longer = indexes.iter().find(|other| begins(index.item(), other))?;
            let name = QualifiedName::new(&index.table.name.schema, &index.name).to_sql();
            Some(
                Finding::new(&KIND, member_subject(&index))
                    .live(&longer.name)
                    .help(format!(
                        "write `DROP INDEX {name};`, or, if it is there for its size, say so: `COMMENT ON INDEX {name} IS '…';`"
                    )),
            )
        })
        .collect()
}

/// Whether the index is the beginning of a longer B-tree over the same rows.
fn begins(index: &Index, other: &Index) -> bool {
    let is_btree = |index: &Index| index.method.is_none();
    let included = |name: &String| {
        let is_key = other
            .columns
            .iter()
            .any(|column| column.term == IndexTerm::Column(name.clone()));
        is_key || other.include.contains(name)
    };
    is_btree(index)
        && is_btree(other)
        && !other.invalid
        && other.columns.len() > index.columns.len()
        && other.columns.starts_with(&index.columns)
        && index.predicate == other.predicate
        && index.include.iter().all(included)
}
