use super::words::{list, said};
use super::{Default, Rule, rule_fixture};
use crate::catalog::{ForeignKey, QualifiedName, Relation};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;
use crate::subject::Subject;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub static KIND: Kind = Kind {
    id: "foreign-key-circular",
    severity: Severity::Warning,
    summary: "tables that refer to each other in a circle, so that none can get its first row",
    fixture: Some(rule_fixture!("foreign-key-circular")),
    found: Found::ByRule(&Rule {
        because: "Each row needs one of the next table first: no plain INSERT can make the first row, no dump of the data alone can be restored, and \
                  no order of deletes works.",
        instead: "one of the keys `DEFERRABLE INITIALLY DEFERRED`, or one of its columns nullable",
        default: Default::On,
        others: &[],
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
    let edges: Edges<'_> = (linted.tables().iter())
        .map(|table| {
            let relation = table.relation();
            let keys = (relation.foreign_keys.iter()).filter(|key| binds(key, relation, linted));
            let targets = keys.map(|key| &key.target).collect();
            (&table.relation().name, targets)
        })
        .collect();
    let edges = in_circles(edges);
    let needed_by = turned(&edges);
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for start in edges.keys() {
        let circle = (!seen.contains(start)).then(|| circle(start, &edges));
        let Some(circle) = circle.flatten() else {
            continue;
        };
        // A table of several circles is told of once.
        let together = &reach(start, &edges) & &reach(start, &needed_by);
        let more = match together.len() - circle.len() {
            0 => String::new(),
            more => format!("; {more} more hang together with these"),
        };
        seen.extend(together);
        let names: Vec<String> = (circle.iter().chain([start]))
            .map(|name| name.to_string())
            .collect();
        let finding = Finding::new(&KIND, Subject::Relation((*start).clone()))
            .live(names.join(" → ") + &more);
        let next = circle.get(1).unwrap_or(start);
        findings.push(match linted.relation(start) {
            Some(table) => finding.help(remedy(table, next, linted)),
            None => finding,
        });
    }
    findings
}

/// Which table needs which.
type Edges<'a> = BTreeMap<&'a QualifiedName, BTreeSet<&'a QualifiedName>>;

/// Which table is needed by which.
fn turned<'a>(edges: &Edges<'a>) -> Edges<'a> {
    let mut turned: Edges<'_> = BTreeMap::new();
    for (table, targets) in edges {
        for target in targets {
            turned.entry(target).or_default().insert(table);
        }
    }
    turned
}

/// The tables to which a way leads from a table, and that table.
fn reach<'a>(start: &'a QualifiedName, edges: &Edges<'a>) -> BTreeSet<&'a QualifiedName> {
    let mut reached = BTreeSet::from([start]);
    let mut queue = vec![start];
    while let Some(table) = queue.pop() {
        let next = edges.get(table).into_iter().flatten();
        queue.extend(next.copied().filter(|next| reached.insert(next)));
    }
    reached
}

/// Without the tables that no circle can lead through, because what they need is there without them.
fn in_circles(mut edges: Edges<'_>) -> Edges<'_> {
    let mut needed_by = turned(&edges);
    // What is no table of the project's is there.
    let known = |target: &&QualifiedName| edges.contains_key(target);
    let foreign: Vec<_> = needed_by.keys().copied().filter(|it| !known(it)).collect();
    let free = edges.iter().filter(|(_, targets)| targets.is_empty());
    let mut done: Vec<_> = free.map(|(table, _)| *table).chain(foreign).collect();
    while let Some(table) = done.pop() {
        edges.remove(table);
        for dependent in needed_by.remove(table).into_iter().flatten() {
            if let Some(targets) = edges.get_mut(dependent) {
                targets.remove(table);
                if targets.is_empty() {
                    done.push(dependent);
                }
            }
        }
    }
    edges
}

/// Whether a row needs the other one at once.
fn binds(key: &ForeignKey, table: &Relation, linted: &Linted<'_>) -> bool {
    !key.deferrable
        && !key.not_enforced
        && key.target != table.name
        && key.columns.iter().all(|name| {
            (table.column(name)).is_some_and(|column| !linted.takes_null(column, table))
        })
}

/// What opens a circle between a table and the next one.
fn remedy(table: &Relation, next: &QualifiedName, linted: &Linted<'_>) -> String {
    let keys =
        (table.foreign_keys.iter()).filter(|key| key.target == *next && binds(key, table, linted));
    let statements: Vec<String> = keys
        .map(|key| {
            format!(
                "`ALTER TABLE {} ALTER CONSTRAINT {} DEFERRABLE INITIALLY DEFERRED;`",
                table.name.to_sql(),
                list([&key.name])
            )
        })
        .collect();
    format!(
        "write {}, and make the first rows in one transaction; or let one of the columns be null",
        statements.join(" and ")
    )
}

/// The shortest way from a table back to itself.
fn circle<'a>(start: &'a QualifiedName, edges: &Edges<'a>) -> Option<Vec<&'a QualifiedName>> {
    let mut from: BTreeMap<&QualifiedName, &'a QualifiedName> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(table) = queue.pop_front() {
        for next in edges.get(table).into_iter().flatten() {
            if *next == start {
                let way = std::iter::successors(Some(table), |table| from.get(table).copied());
                let mut way: Vec<_> = way.collect();
                way.reverse();
                return Some(way);
            }
            if let Entry::Vacant(entry) = from.entry(next) {
                entry.insert(table);
                queue.push_back(next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::trial::{column, found, table};
    use super::*;

    fn needing(name: &str, target: &str) -> Relation {
        let mut table = table(name, [column("other_id", "int8")]);
        table.columns[0].not_null = true;
        table.foreign_keys.push(ForeignKey {
            columns: vec!["other_id".into()],
            target: QualifiedName::new("public", target),
            ..ForeignKey::default()
        });
        table
    }

    fn circles(keys: &[(&str, &str)]) -> Vec<String> {
        let tables = keys.iter().map(|(name, target)| needing(name, target));
        let findings = found(&KIND, tables);
        findings.iter().map(|it| said(it).to_owned()).collect()
    }

    #[test]
    fn a_circle_is_told_once_and_without_what_leads_into_it() {
        let keys = [("a", "b"), ("b", "c"), ("c", "a"), ("into", "a")];
        assert_eq!(
            circles(&keys),
            ["public.a → public.b → public.c → public.a"]
        );
    }

    #[test]
    fn circles_that_hang_together_are_told_once() {
        let keys = [("a", "b"), ("b", "a"), ("c", "a")];
        let mut tables: Vec<_> = keys.map(|(name, target)| needing(name, target)).into();
        let back = needing("b", "c").foreign_keys;
        tables[1].foreign_keys.extend(back);
        let findings = found(&KIND, tables);
        assert_eq!(findings.len(), 1);
        assert!(said(&findings[0]).ends_with("; 1 more hang together with these"));
    }

    #[test]
    fn a_chain_and_a_table_that_needs_itself_are_none() {
        assert!(circles(&[("a", "b"), ("b", "gone"), ("c", "c")]).is_empty());
    }
}
