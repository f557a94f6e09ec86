use super::chain_fixture;
use crate::chain::{ChainSource, Migration};
use crate::finding::{Finding, Found, Kind, Severity};

pub static KIND: Kind = Kind {
    id: "up-missing",
    severity: Severity::Error,
    summary: "a directory among the migrations without an `up.sql`: Diesel refuses the whole chain",
    fixture: Some(chain_fixture!("up-missing")),
    found: Found::InChain(check),
    message: |finding| match &finding.declared {
        None => format!(
            "`{}` holds no `up.sql`, and Diesel refuses every migration beside it",
            finding.subject
        ),
        Some(reason) => format!(
            "`{}` cannot be read ({reason}), and Diesel refuses every migration beside it",
            finding.subject
        ),
    },
};

fn check(source: &ChainSource) -> Vec<Finding> {
    let refused = |migration: &&Migration| migration.up().is_none();
    source
        .migrations
        .iter()
        .filter(refused)
        .map(of_migration)
        .collect()
}

fn of_migration(migration: &Migration) -> Finding {
    let finding = Finding::new(&KIND, migration.subject());
    let finding = match &migration.unreadable {
        Some(reason) => finding.declared(reason),
        None => finding,
    };
    let meant = (migration.files.keys()).find(|name| name.to_lowercase().starts_with("up"));
    let help = match meant {
        Some(name) => format!("rename `{name}` to `up.sql`"),
        None => "give it an `up.sql`, remove it, move it elsewhere, or start its name with a dot, which Diesel ignores".to_owned(),
    };
    finding.help(help)
}
