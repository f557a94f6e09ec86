//! The kinds of a chain of migrations that is held against what a database says was applied to it.

use super::side;
use crate::finding::{Finding, Found, Kind, Severity};
use crate::introspect::AppliedVersion;
use crate::migrate::Parting;
use crate::subject::Subject;

/// In the chain, newer than everything applied.
static PENDING: Kind = Kind {
    id: "migration-pending",
    severity: Severity::Note,
    summary: "a migration that the deployed database does not have yet",
    fixture: None,
    found: Found::Together,
    message: |finding| match &finding.live {
        None => format!("migration `{}` is not applied yet", finding.subject),
        Some(_) => format!(
            "migration `{}` is not applied yet, and fails on what is there",
            finding.subject
        ),
    },
};

/// In the chain, older than the newest applied.
static SKIPPED: Kind = Kind {
    id: "migration-skipped",
    severity: Severity::Warning,
    summary: "a migration that was not applied, although newer ones were",
    fixture: None,
    found: Found::Together,
    message: |finding| {
        format!(
            "migration `{}` was not applied, although `{}` was, which is newer",
            finding.subject,
            side(&finding.live)
        )
    },
};

/// Applied, and not in the chain.
static UNKNOWN: Kind = Kind {
    id: "migration-unknown",
    severity: Severity::Error,
    summary: "a version that was applied, and that no migration of the release has",
    fixture: None,
    found: Found::Together,
    message: |finding| {
        format!(
            "version `{}` was applied on {}, and no migration here has it",
            finding.subject,
            side(&finding.live)
        )
    },
};

/// The three.
pub(super) static MIGRATION_KINDS: [&Kind; 3] = [&PENDING, &SKIPPED, &UNKNOWN];

/// What there is to say about them.
pub(super) const MIGRATIONS_PAGE: &str = "\
Found by `verify`, which holds the migrations (or the release manifest) against the table `__diesel_schema_migrations` of the deployed \
database. The catalogs are compared as of the last migration that was applied.\n\n\
- `migration-pending`: newer than everything that was applied. The deployment is about to apply it, and what it makes is not missed. Where it \
fails on a fresh database in that state, it is an error that says why.\n\
- `migration-skipped`: older than something that was applied, as it comes about when two branches are merged in another order than \
their versions have. `diesel migration run` will apply it late; until then what it makes is neither there nor missed. See that \
it does the same after the newer ones, or give it a new version.\n\
- `migration-unknown`: applied, and not here. The database belongs to a newer release or to another branch, or a migration was \
renamed or deleted after it had been released: bring it back.\n";

/// Where a chain and a database's record of it part, as findings. `name` gives the directory of a version of the chain.
pub(crate) fn parted(
    parting: &Parting,
    applied: &[AppliedVersion],
    name: impl Fn(&str) -> String,
) -> Vec<Finding> {
    let of_chain = |kind, version: &String| Finding::new(kind, Subject::Migration(name(version)));
    let pending = (parting.pending.iter()).map(|version| of_chain(&PENDING, version));
    let newest = parting.last_applied().map(&name).unwrap_or_default();
    let skipped = parting.skipped.iter().map(|version| {
        of_chain(&SKIPPED, version)
            .live(&newest)
            .help("`diesel migration run` applies it now, after the newer ones: see that it does the same there")
    });
    let unknown = parting.unknown.iter().map(|version| {
        let run_on = applied.iter().find(|row| row.version == *version);
        Finding::new(&UNKNOWN, Subject::Migration(version.clone()))
            .live(run_on.map_or("", |row| &row.run_on))
            .help(
                "the database belongs to a newer release or another branch, or the migration was renamed or deleted: \
                 bring it back, or verify the release that has it",
            )
    });
    pending.chain(skipped).chain(unknown).collect()
}

/// The same for the migration that fails on what is deployed; PostgreSQL's words become its help.
pub(crate) fn fails(mut finding: Finding, message: &str) -> Finding {
    if finding.kind == &PENDING {
        finding.live = Some("fails".to_owned());
    }
    finding.severity(Severity::Error).help(message)
}
