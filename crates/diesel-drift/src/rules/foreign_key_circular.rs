use super::words::said;
use super::{Default, Rule, rule_fixture};
use crate::catalog::query::Table;
use crate::catalog::{ForeignKey, QualifiedName};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use std::collections::{BTreeMap, BTreeSet};

pub static KIND: Kind = Kind {
    id: "foreign-key-circular",
    severity: Severity::Warning,
    summary: "tables that refer to each other in a circle, so that none can get its first row",
    fixture: Some(rule_fixture!("foreign-key-circular")),
    found: Found::ByRule(&Rule {
        because: "Every key of the circle must be there before the other: no INSERT can make the first row, no dump of the data alone can be restored, and no \
                  order of deletes works.",
        instead: "one of the keys `DEFERRABLE INITIALLY DEFERRED`, or one of its columns nullable",
        default: Default::On,
        check,
    }),
    message: |finding| {
        format!(
            "table `{}` is in a circle of foreign keys: {}",
            finding.subject,
            said(finding)
        )
    },
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let tables = linted.tables();
    let edges: BTreeMap<&QualifiedName, BTreeSet<&QualifiedName>> = (tables.iter())
        .map(|table| {
            let keys = table
                .relation()
                .foreign_keys
                .iter()
                .filter(|key| binds(key, table));
            (
                &table.relation().name,
                keys.map(|key| &key.target).collect(),
            )
        })
        .collect();
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for start in edges.keys() {
        let Some(circle) = circle(start, &edges).filter(|_| !seen.contains(start)) else {
            continue;
        };
        seen.extend(circle.iter().copied());
        let names: Vec<String> = (circle.iter().chain([start]))
            .map(|name| name.to_string())
            .collect();
        findings
            .push(Finding::new(&KIND, Subject::Relation((*start).clone())).live(names.join(" → ")));
    }
    findings
}

/// Whether a row needs the other one at once.
fn binds(key: &ForeignKey, table: &Table<'_>) -> bool {
    !key.deferrable
        && !key.not_enforced
        && key.target != table.name
        && key
            .columns
            .iter()
            .all(|name| table.column(name).is_some_and(|column| column.not_null))
}

/// The shortest way from a table back to itself.
fn circle<'a>(
    start: &'a QualifiedName,
    edges: &BTreeMap<&'a QualifiedName, BTreeSet<&'a QualifiedName>>,
) -> Option<Vec<&'a QualifiedName>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let last = way.last()?;
            for next in edges.get(last).into_iter().flatten() {
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    longer.push([way.as_slice(), &[*next]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}
