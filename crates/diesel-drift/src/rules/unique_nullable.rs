use super::words::{list, member_subject, mentions, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Table};
use crate::catalog::{Index, IndexTerm, quote_identifier};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "unique-nullable",
    severity: Severity::Warning,
    summary: "a unique key over several columns of which one may be null",
    fixture: Some(rule_fixture!("unique-nullable")),
    found: Found::ByRule(&Rule {
        because: "Null is equal to nothing, so that rows with a null there never collide: the same pair gets in as often as somebody likes, and \
                  ON CONFLICT never sees it.",
        instead: "`NULLS NOT DISTINCT` (PostgreSQL 15), or one unique index `WHERE … IS NOT NULL` and another, without the column, `WHERE … IS NULL`, or \
                  NOT NULL on the column",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "unique key `{}` does not hold where {} is null",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    (linted.tables().indexes().into_iter())
        .filter(|index| index.unique && index.columns.len() > 1)
        .filter(|index| !index.nulls_not_distinct && index.predicate.is_none())
        .filter_map(|index| {
            let nullable = nullable(&index);
            // "Unique if given" is meant where every column may be left out together.
            if nullable.is_empty() || is_meant(&index, &nullable) {
                return None;
            }
            Some(Finding::new(&KIND, member_subject(&index)).live(list(nullable)))
        })
        .collect()
}

/// The key's columns that may be null.
fn nullable<'a>(index: &Member<'a, Index>) -> Vec<&'a str> {
    let table = index.table.relation();
    (index.item().columns.iter())
        .filter_map(|column| match &column.term {
            IndexTerm::Column(name) => table.column(name),
            IndexTerm::Expression(_) => None,
        })
        .filter(|column| !column.not_null && !is_checked(&index.table, &column.name))
        .map(|column| column.name.as_str())
        .collect()
}

/// Whether a check keeps null out.
fn is_checked(table: &Table<'_>, column: &str) -> bool {
    let said = format!("({} IS NOT NULL)", quote_identifier(column));
    (table.checks.iter())
        .any(|check| check.expression == said && !check.not_valid && !check.not_enforced)
}

/// Whether the schema shows that null was thought of: another unique index is for the rows where it is null, or a check counts nulls.
fn is_meant(index: &Member<'_, Index>, nullable: &[&str]) -> bool {
    nullable.iter().all(|column| {
        let of_null = format!("({} IS NULL)", quote_identifier(column));
        let other = (index.table.indexes.iter()).any(|other| {
            other.unique
                && other
                    .predicate
                    .as_deref()
                    .is_some_and(|predicate| predicate.contains(&of_null))
        });
        let counted = (index.table.checks.iter()).any(|check| {
            (check.expression.contains("num_nonnulls") || check.expression.contains("num_nulls"))
                && mentions(&check.expression, column)
        });
        let coalesced = (index.table.indexes.iter()).any(|other| {
            other.unique
                && other.columns.iter().any(|term| match &term.term {
                    IndexTerm::Expression(text) => {
                        text.to_lowercase().contains("coalesce(") && mentions(text, column)
                    }
                    IndexTerm::Column(_) => false,
                })
        });
        other || counted || coalesced
    })
}
