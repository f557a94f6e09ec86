use super::{chain_fixture, side};
use crate::chain::ChainSource;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "directory-second",
    severity: Severity::Warning,
    summary: "a second directory of migrations that creates tables of the chain: which of the two is right?",
    fixture: Some(chain_fixture!("directory-second")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "`{}` creates {} too, and is not the chain",
            finding.subject,
            side(&finding.declared)
        )
    },
};

/// How many tables are named.
const NAMED: usize = 3;

fn check(source: &ChainSource) -> Vec<Finding> {
    let own: Vec<&String> = source.created.iter().collect();
    (source.others.iter())
        .filter_map(|(directory, created)| {
            let both: Vec<String> = (created.iter().filter(|table| own.contains(table)))
                .map(|table| format!("`{table}`"))
                .collect();
            let more = both.len().saturating_sub(NAMED);
            let named = both.get(..NAMED.min(both.len()))?.join(", ");
            let named = match more {
                0 => named,
                more => format!("{named} and {more} more"),
            };
            (!both.is_empty()).then(|| {
                let directory = directory.display().to_string();
                Finding::new(&KIND, Subject::Migration(directory)).declared(named).help(format!(
                    "the chain is in {} (`dir` in [migrations_directory] of diesel.toml): bring the two together, or remove the one that is not run",
                    source.directory.display()
                ))
            })
        })
        .collect()
}
