use super::words::{checks_of, keeps_records, names_of_tables, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::{Member, Table};
use crate::catalog::{Column, QualifiedName};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use std::collections::{BTreeSet, HashSet};

pub static KIND: Kind = Kind {
    id: "reference-in-json",
    severity: Severity::Warning,
    summary: "references to a table that are kept only in JSON, or in an array; a note where they may be more than that",
    fixture: Some(rule_fixture!("reference-in-json")),
    found: Found::ByRule(&Rule {
        because: "Nothing keeps what they refer to there, no join finds them without unfolding every row, and the question from the other side \
                  (\"all posts with this tag\") reads the whole table.",
        instead: "a join table with a foreign key to each side",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| {
        format!(
            "column `{}` keeps references to `{}` where no foreign key can hold them",
            finding.subject,
            said(finding)
        )
    },
};

/// How columns with references are called: what stands behind the table's name.
const ENDINGS: [&str; 5] = ["_ids", "_id", "_refs", "_ref", "_uuids"];

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let joins = joins(linted);
    (linted.columns().into_iter())
        .filter(|column| column.generated.is_none() && !keeps_records(&column.table.name.name))
        .filter_map(|column| {
            let (target, is_sure) = meant(&column, linted)?;
            let finding = Finding::new(&KIND, column.subject()).live(target.to_string());
            let is_copy = joins.contains(&pair(&column.table.relation().name, target));
            Some(match is_sure && !is_copy {
                true => finding,
                false => finding.severity(Severity::Note),
            })
        })
        .collect()
}

/// The table whose rows a column of documents or of an array seems to list, and whether its name leaves no doubt.
fn meant<'a>(
    column: &Member<'a, Column>,
    linted: &Linted<'a>,
) -> Option<(&'a QualifiedName, bool)> {
    let data_type = &column.data_type;
    let is_json = is_json(column);
    let is_array = data_type.array && ["int4", "int8", "uuid"].contains(&data_type.name.as_str());
    // A check that reads its elements shows that they are an object's parts, not references.
    let is_document = checks_of(column.table.relation(), &column.name)
        .any(|check| check.expression.contains("->"));
    if !(is_json || is_array) || is_document {
        return None;
    }
    let own = &column.table.relation().name;
    let table = |name: &str| {
        let found = linted.relation(&QualifiedName::new(&own.schema, name))?;
        let key = found.primary_key.as_ref();
        let is_meant = found.name != *own && key.is_some_and(|key| key.columns.len() == 1);
        is_meant.then_some(&found.name)
    };
    let mut endings = ENDINGS.iter();
    let stem = endings.find_map(|ending| column.name.strip_suffix(ending));
    let by_stem = || names_of_tables(stem?).iter().find_map(|name| table(name));
    // `doctrine_refs`, called like the table itself.
    let by_name = || match is_json && (stem.is_some() || is_list(column)) {
        true => table(&column.name),
        false => None,
    };
    (by_stem().map(|name| (name, is_json))).or_else(|| by_name().map(|name| (name, stem.is_some())))
}

fn is_json(column: &Column) -> bool {
    let data_type = &column.data_type;
    ["json", "jsonb"].contains(&data_type.name.as_str()) && !data_type.array
}

/// Whether a document is a list: a check or its default says so.
fn is_list(column: &Member<'_, Column>) -> bool {
    let says = |sql: &str| sql.contains("_typeof(") && sql.contains("'array'");
    let is_empty = (column.default.as_deref()).is_some_and(|sql| sql.starts_with("'[]'::json"));
    is_empty
        || checks_of(column.table.relation(), &column.name).any(|check| says(&check.expression))
}

type Pair<'a> = (&'a QualifiedName, &'a QualifiedName);

fn pair<'a>(a: &'a QualifiedName, b: &'a QualifiedName) -> Pair<'a> {
    (a.min(b), a.max(b))
}

/// The tables that a third one joins: a column with references between those is a copy for reading.
fn joins<'a>(linted: &Linted<'a>) -> HashSet<Pair<'a>> {
    let of_table = |table: Table<'a>| {
        let targets: BTreeSet<_> = (table.relation().foreign_keys.iter())
            .map(|key| &key.target)
            .collect();
        let pairs = |a: &'a QualifiedName| {
            let targets = targets.clone();
            targets.into_iter().map(move |b| pair(a, b))
        };
        targets.iter().flat_map(|a| pairs(a)).collect::<Vec<_>>()
    };
    linted.tables().into_iter().flat_map(of_table).collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, table};
    use super::*;
    use crate::catalog::{Check, Key};

    /// What is found of a column of `posts`, beside the table `target`.
    fn found_of(target: &str, name: &str, default: Option<&str>, check: &str) -> Vec<Severity> {
        let mut target = table(target, [column("id", "int8")]);
        target.primary_key = Some(Key {
            columns: vec!["id".into()],
            ..Key::default()
        });
        let mut posts = table("posts", [column(name, "jsonb")]);
        posts.columns[0].default = default.map(str::to_owned);
        posts.checks.push(Check {
            expression: check.to_owned(),
            ..Check::default()
        });
        let findings = found(&KIND, [target, posts]);
        findings.iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn references_are_seen_by_name() {
        let posts = |name, check| found_of("doctrine_refs", name, None, check);
        assert_eq!(posts("doctrine_ref_ids", "true"), [Severity::Warning]);
        assert_eq!(posts("doctrine_refs", "true"), [Severity::Warning]);
        assert_eq!(posts("doctrine", "true"), []);
        let elements = "((doctrine_refs -> 0) IS NOT NULL)";
        assert_eq!(posts("doctrine_refs", elements), []);
    }

    #[test]
    fn a_list_that_is_called_like_a_table_may_be_more_than_references() {
        let posts = |default, check| found_of("labels", "labels", default, check);
        assert_eq!(posts(None, "true"), []);
        assert_eq!(posts(Some("'{}'::jsonb"), "true"), []);
        assert_eq!(posts(Some("'[]'::jsonb"), "true"), [Severity::Note]);
        let check = "(jsonb_typeof(labels) = 'array'::text)";
        assert_eq!(posts(None, check), [Severity::Note]);
    }
}
