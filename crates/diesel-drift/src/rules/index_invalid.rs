use super::words::member_subject;
use super::{Default, Rule, rule_fixture};
use crate::catalog::{QualifiedName, RelationKind};
use crate::finding::{Finding, Found, Kind, Severity};
use crate::rules::Linted;

pub static KIND: Kind = Kind {
    id: "index-invalid",
    severity: Severity::Error,
    summary: "an index that no query may use",
    fixture: Some(rule_fixture!("index-invalid")),
    found: Found::ByRule(&Rule {
        because: "A CREATE INDEX CONCURRENTLY failed, or is still at work: every write pays for the index, no query uses it, and a unique one does not \
                  hold for the rows that were there before.",
        instead: "`DROP INDEX`, look for what made it fail (duplicates, of a unique one), and build it again",
        default: Default::On,
        others: &[],
        check,
    }),
    message: |finding| format!("index `{}` is invalid: no query uses it", finding.subject),
};

fn check(linted: &Linted<'_>) -> Vec<Finding> {
    let of_tables = linted.tables().indexes().into_iter();
    let of_parts = linted.partitions().indexes().into_iter();
    // One that parts of a partition lack is its parent's, and told there.
    let of_parts = of_parts.filter(|index| {
        index.table.kind != RelationKind::PartitionedTable || index.part_of.is_none()
    });
    let of_views = linted.materialized_views().indexes().into_iter();
    (of_tables.chain(of_parts).chain(of_views))
        .filter(|index| index.invalid)
        .map(|index| {
            let finding = Finding::new(&KIND, member_subject(&index));
            let name = QualifiedName::new(&index.table.name.schema, &index.name).to_sql();
            match index.table.kind {
                // `ON ONLY`: it becomes valid with the last partition's.
                RelationKind::PartitionedTable => finding.severity(Severity::Warning).help(format!(
                    "write `DROP INDEX {name};` and create it again without ONLY; or, without a long lock, make one like it on each partition, and attach \
                     each by ALTER INDEX … ATTACH PARTITION …: with the last it becomes valid"
                )),
                // It cannot be dropped without its parent's.
                _ if index.part_of.is_some() => finding.help(format!(
                    "write `REINDEX INDEX {name};`, and where that fails look for what is wrong (duplicates, of a unique one)"
                )),
                _ => finding.help(format!(
                    "write `DROP INDEX {name};`, look for what made it fail (duplicates, of a unique one), and create it again; on a live database, first make sure that it is not being built right now"
                )),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::trial::{found, index, table};
    use super::*;
    use crate::catalog::{Index, Partition, Relation};

    fn invalid(change: impl Fn(&mut Relation)) -> Vec<Finding> {
        let mut visits = table("visits_2026", []);
        visits.indexes.push(Index {
            invalid: true,
            ..index("visits_at", &["at"])
        });
        change(&mut visits);
        found(&KIND, [visits])
    }

    #[test]
    fn partitions_and_materialized_views_have_indexes_of_their_own() {
        let part = |visits: &mut Relation| visits.partition_of = Some(Partition::default());
        assert!(invalid(part)[0].help[0].starts_with("write `DROP INDEX"));
        let attached = |visits: &mut Relation| {
            part(visits);
            visits.indexes[0].part_of = Some(QualifiedName::new("public", "visits_at"));
        };
        assert!(invalid(attached)[0].help[0].starts_with("write `REINDEX INDEX"));
        let parted = |visits: &mut Relation| {
            attached(visits);
            visits.kind = RelationKind::PartitionedTable;
        };
        assert_eq!(invalid(parted), []);
        let view = |visits: &mut Relation| visits.kind = RelationKind::MaterializedView;
        assert_eq!(invalid(view).len(), 1);
    }
}
