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
    (linted.tables().indexes().into_iter())
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
                _ => finding.help(format!(
                    "write `DROP INDEX {name};`, look for what made it fail (duplicates, of a unique one), and create it again; on a live database, first make sure that it is not being built right now"
                )),
            }
        })
        .collect()
}
