use super::chain_fixture;
use crate::chain::ChainSource;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::subject::Subject;

pub static KIND: Kind = Kind {
    id: "irreversible-unused",
    severity: Severity::Warning,
    summary: "an `[[irreversible]]` in `drift.toml` that names no migration of the chain",
    fixture: Some(chain_fixture!("irreversible-unused")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "`{}` is declared irreversible, and no migration of the chain has that name or version",
            finding.subject
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let in_chain = |entry: &&crate::project::Irreversible| {
        (source.migrations.iter()).any(|migration| entry.means(&migration.name, &migration.version))
    };
    let unused = source.irreversible.iter().filter(|entry| !in_chain(entry));
    unused
        .map(|entry| {
            Finding::new(&KIND, Subject::Migration(entry.migration.clone()))
                .at(&entry.span)
                .help("write the directory's name or its version, or remove the entry from drift.toml")
        })
        .collect()
}
