use super::{Judge, Judged, Kind};
use crate::report::Migrated;
use crate::scorecard::Status;
use crate::scorecard::gather::{Evidence, Schema};
use crate::text::plural;

pub(super) static LINE: Kind = Kind {
    id: "migrations",
    title: "migrations apply cleanly on a fresh database",
    asked: None,
    judge: Judge::Evidence(judge),
};

fn judge(evidence: &Evidence<'_>) -> Judged {
    match &evidence.schema {
        Err(unmade) => (Status::Red, vec![unmade.message.clone()]),
        Ok(schema) => {
            let (status, sentence) = made(schema);
            (status, vec![sentence])
        }
    }
}

fn made(schema: &Schema) -> (Status, String) {
    let by = match schema.migrated {
        Migrated::ByChain(0) | Migrated::Kept(0) => {
            return (Status::Red, "there is no migration".to_owned());
        }
        Migrated::ByChain(count) | Migrated::Kept(count) => plural(count, "migration"),
        Migrated::ByCommand | Migrated::Before => "the project's own command".to_owned(),
    };
    match (
        schema.catalog.tables().len(),
        schema.catalog.relations.len(),
    ) {
        (0, 0) => {
            let sentence = format!("{by} made no table: there is nothing to look at");
            (Status::Red, sentence)
        }
        (0, _) => (
            Status::Yellow,
            format!("{by} made views, and no table: there is little to look at"),
        ),
        (tables, _) => {
            let tables = plural(tables, "table");
            (
                Status::Green,
                format!("{by} made {tables} in an empty database"),
            )
        }
    }
}
