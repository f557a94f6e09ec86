use super::{chain_fixture, side};
use crate::chain::ChainSource;
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "version-duplicate",
    severity: Severity::Error,
    summary: "two migrations of one version: Diesel runs one of them and marks both as run",
    fixture: Some(chain_fixture!("version-duplicate")),
    found: Found::InChain(check),
    message: |finding| {
        format!(
            "migration `{}` has {}: Diesel runs one of the two, and marks both as run",
            finding.subject,
            side(&finding.declared)
        )
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let groups = (source.migrations).chunk_by(|a, b| a.version == b.version);
    groups
        .filter_map(|group| group.split_first())
        .flat_map(|(first, others)| {
            others.iter().map(|other| {
                Finding::new(&KIND, other.subject())
                    .declared(format!("the version {} of `{}`", other.version, first.name))
                    .help(
                        "which one it runs is decided by the order in which the file system lists them: give the one that ran nowhere \
                         a later version (the name up to the first `_`, without dashes)",
                    )
            })
        })
        .collect()
}
