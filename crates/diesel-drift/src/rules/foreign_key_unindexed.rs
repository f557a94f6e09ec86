use super::words::{list, member_subject, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Member;
use crate::catalog::{ForeignKey, Index, IndexTerm, ReferentialAction, quote_identifier};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "foreign-key-unindexed",
    severity: Severity::Warning,
    summary: "a foreign key that no index of its table can serve; a note where a delete changes no rows there",
    fixture: Some(rule_fixture!("foreign-key-unindexed")),
    found: Found::ByRule(&Rule {
        because: "Each DELETE of a row that the key points to, and each UPDATE of that row's key, reads the whole referencing table while it \
                  holds its locks.",
        instead: "an index that begins with the key's columns, in any order",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` ({}) has no index that can serve it",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.inherited && !key.not_enforced)
        .filter(|key| !key.table.indexes.iter().any(|index| serves(index, key)))
        .map(|key| {
            let columns = list(&key.columns);
            let finding = Finding::new(&KIND, member_subject(&key))
                .live(&columns)
                .help(format!(
                    "write `CREATE INDEX ON {} ({columns});`",
                    key.table.name.to_sql()
                ));
            match key.on_delete {
                ReferentialAction::NoAction | ReferentialAction::Restrict => {
                    finding.severity(Severity::Note)
                }
                ReferentialAction::Cascade
                | ReferentialAction::SetNull
                | ReferentialAction::SetDefault => finding,
            }
        })
        .collect()
}

/// Whether an index finds the rows of a key: its first columns are the key's, in whatever order. One over a part of the rows does where that part
/// is those whose key is not null, because no others are asked for. Of methods that are not PostgreSQL's usual ones nothing is known, so that they
/// do.
fn serves(index: &Index, key: &Member<'_, ForeignKey>) -> bool {
    let leading: Vec<&str> = (index.columns.iter().take(key.columns.len()))
        .filter_map(|column| match &column.term {
            IndexTerm::Column(name) if column.collation.is_none() => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let finds = match index.method.as_deref().unwrap_or("btree") {
        "hash" => key.columns.len() == 1,
        method => !["brin", "gin", "spgist"].contains(&method),
    };
    !index.invalid
        && finds
        && index
            .predicate
            .as_deref()
            .is_none_or(|predicate| is_not_null(predicate, key))
        && leading.len() == key.columns.len()
        && key
            .columns
            .iter()
            .all(|column| leading.contains(&column.as_str()))
}

/// Whether a predicate asks for nothing but that columns of the key are not null.
fn is_not_null(predicate: &str, key: &ForeignKey) -> bool {
    let said: Vec<String> = (key.columns.iter())
        .map(|column| format!("({} IS NOT NULL)", quote_identifier(column)))
        .collect();
    let whole = predicate
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let all = |text: &str| {
        text.split(" AND ")
            .all(|part| said.iter().any(|said| said == part))
    };
    all(predicate) || whole.is_some_and(all)
}
