use super::{Default, Rule, rule_fixture};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use std::collections::BTreeSet;

pub static KIND: Kind = Kind {
    id: "model-missing",
    severity: Severity::Note,
    summary: "a table of `schema.rs` that no struct reads or writes",
    fixture: Some(rule_fixture!("model-missing", rust)),
    found: Found::ByRule(&Rule {
        because: "Either nobody uses the table, or what uses it goes by tuples and raw SQL, where the compiler does not see that a column is new.",
        instead: "a struct with `#[derive(Queryable, Selectable)]` and `#[diesel(table_name = …)]`",
        default: Default::Off,
        others: &[],
        check,
    }),
    message: |finding| format!("no struct reads or writes table `{}`", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let used: BTreeSet<_> = (linted.models_of_tables())
        .map(|(.., relation)| &relation.name)
        .collect();
    (linted.comparison.tables.iter())
        .filter_map(|pair| Some((pair, pair.relation?)))
        .filter(|(_, relation)| !used.contains(&relation.name))
        .filter(|(_, relation)| {
            // What joins two others is read with them.
            let refers = |column: &String| {
                (relation.foreign_keys.iter()).any(|key| key.columns.contains(column))
            };
            let key = relation.primary_key.as_ref();
            !key.is_some_and(|key| key.columns.len() > 1 && key.columns.iter().all(refers))
        })
        .map(|(pair, relation)| {
            Finding::new(&KIND, Subject::Relation(relation.name.clone())).at(&pair.declared.span)
        })
        .collect()
}
