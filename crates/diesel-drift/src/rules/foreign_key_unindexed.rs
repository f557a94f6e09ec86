use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Named};
use crate::catalog::{ForeignKey, Index, IndexTerm, quote_identifier};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "foreign-key-unindexed",
    severity: Severity::Warning,
    summary: "a foreign key that no index of its table can serve",
    fixture: Some(rule_fixture!("foreign-key-unindexed")),
    found: Found::ByRule(&Rule {
        because: "Each DELETE of a row that the key points to, and each UPDATE of its key, reads the whole referencing table while it holds \
                  the row's lock; so does every join from there.",
        instead: "an index that begins with the key's columns, in any order",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "foreign key `{}` ({}) has no index that can serve it",
            finding.subject,
            finding.live.as_deref().unwrap_or_default()
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().foreign_keys().into_iter())
        .filter(|key| !key.table.indexes.iter().any(|index| serves(index, key)))
        .map(|key| {
            let columns: Vec<String> = key
                .columns
                .iter()
                .map(|name| quote_identifier(name))
                .collect();
            Finding::new(&KIND, Subject::Object(key.object()))
                .live(columns.join(", "))
                .help(format!(
                    "write `CREATE INDEX ON {} ({});`",
                    key.table.name.to_sql(),
                    columns.join(", ")
                ))
        })
        .collect()
}

/// Whether an index finds the rows of a key: its first columns are the key's, in whatever order. One over a part of the rows does where that part
/// is those whose key is not null, because no others are asked for.
fn serves(index: &Index, key: &Member<'_, ForeignKey>) -> bool {
    let leading: Vec<&str> = (index.columns.iter().take(key.columns.len()))
        .filter_map(|column| match &column.term {
            IndexTerm::Column(name) if column.operator_class.is_none() => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let method = index.method.as_deref().unwrap_or("btree");
    let finds = match method {
        "btree" => true,
        "hash" => key.columns.len() == 1,
        _ => false,
    };
    let covers = index.predicate.as_deref().is_none_or(|predicate| {
        key.columns
            .iter()
            .any(|column| predicate == format!("({} IS NOT NULL)", quote_identifier(column)))
    });
    !index.invalid
        && finds
        && covers
        && leading.len() == key.columns.len()
        && key
            .columns
            .iter()
            .all(|column| leading.contains(&column.as_str()))
}
