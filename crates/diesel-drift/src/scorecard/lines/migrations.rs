use super::{Judged, Kind};
use crate::report::Migrated;
use crate::scorecard::Status;
use crate::scorecard::gather::Evidence;
use crate::text::plural;

pub(super) static LINE: Kind = Kind {
    id: "migrations",
    title: "migrations apply cleanly on a fresh database",
    asked: None,
    judge,
};

fn judge(evidence: &Evidence<'_>) -> Judged {
    match &evidence.schema {
        Err(message) => (Status::Red, vec![message.clone()]),
        Ok(schema) if schema.catalog.tables().is_empty() => {
            let nothing = "no table was made: there is nothing to look at".to_owned();
            (Status::Red, vec![nothing])
        }
        Ok(schema) => {
            let tables = plural(schema.catalog.tables().len(), "table");
            let by = match schema.migrated {
                Migrated::ByChain(count) | Migrated::Kept(count) => plural(count, "migration"),
                Migrated::ByCommand | Migrated::Before => "the project's own command".to_owned(),
            };
            (
                Status::Green,
                vec![format!("{by} made {tables} in an empty database")],
            )
        }
    }
}
