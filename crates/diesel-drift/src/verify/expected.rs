//! The expected state, as of what was applied to the deployed database.

use crate::Step;
use crate::blame::Lineage;
use crate::check::{Plan, read_database};
use crate::diff::Mixed;
use crate::error::Error;
use crate::finding::Finding;
use crate::fresh::{Catalogs, refusals};
use crate::introspect::{Applied, AppliedVersion, Deployed, Live, Wanted};
use crate::kinds::{fails, parted};
use crate::manifest::{MadeBy, Manifest};
use crate::migrate::{Chain, Parting};
use crate::project::Project;
use crate::provision;
use crate::report;
use crate::snapshot;
use crate::subject::Subject;
use crate::text::plural;
use crate::version::readable;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What is expected of a deployed database.
pub(super) struct Expected {
    /// The state.
    pub(super) state: State,
    /// Where the chain and the database's record of it part.
    pub(super) findings: Vec<Finding>,
    /// Sentences about what could not be looked at.
    pub(super) notices: Vec<String>,
    /// What it is.
    pub(super) description: report::Expected,
    /// The migrations that made it, where they were replayed.
    pub(super) lineage: Option<Lineage>,
}

/// The state that is expected.
pub(super) enum State {
    /// As migrations make it.
    Replayed {
        /// As of the last migration that was applied there.
        last: Box<Live>,
        /// With the migrations that were not applied there as well.
        head: Head,
    },
    /// As it was reviewed.
    Reviewed(Mixed),
}

/// The state that a release leads to.
#[derive(Debug)]
pub(super) enum Head {
    /// That of the last applied migration: nothing is left to apply.
    Last,
    /// Another one.
    Beyond(Box<Live>),
    /// It is not known, because a migration fails on the way there.
    Fails,
}

/// What the migrations make, on a server of the deployed one's major where there is one.
pub(super) fn replayed(
    project: &Project,
    options: &provision::Options,
    wanted: &Wanted,
    there: &Deployed,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Expected, Error> {
    let plan = Plan::of(project)?;
    let options = provision::Options {
        major: Some(there.live.server_version / 10_000),
        ..options.clone()
    };
    match &plan {
        Plan::Command(_) => by_command(&plan, project, &options, wanted, there, progress),
        Plan::Chain(chain) => by_chain(&plan, chain, &options, wanted, there, progress),
    }
}

/// What `[migrate] command` makes.
fn by_command(
    plan: &Plan<'_>,
    project: &Project,
    options: &provision::Options,
    wanted: &Wanted,
    there: &Deployed,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Expected, Error> {
    progress(Step::Provision);
    let database = provision::provision(options)?;
    plan.carry_out(project, &database, progress)?;
    progress(Step::Introspect);
    let last = read_database(database.libpq(), wanted)?;
    let place = database.describe();
    let mut notices = plan.notices();
    notices.extend(on_other_major(there, &last, &place));
    notices.push(WHOLE_COMMAND.to_owned());
    database.close()?;
    Ok(Expected {
        description: description(&last, "`[migrate] command`", &place),
        state: State::Replayed {
            last: Box::new(last),
            head: Head::Last,
        },
        findings: Vec::new(),
        notices,
        lineage: None,
    })
}

/// What the migrations make that were applied there, and then the others.
fn by_chain(
    plan: &Plan<'_>,
    chain: &Chain,
    options: &provision::Options,
    wanted: &Wanted,
    there: &Deployed,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Expected, Error> {
    let mut of_record = Vec::new();
    let versions = (chain.migrations.iter()).map(|migration| migration.version.as_str());
    let record = Record::of(versions, there, &mut of_record);
    let (in_order, applied) = record.in_order(chain);
    let end = in_order.migrations.len();
    let at = BTreeSet::from([applied, end]);
    let mut catalogs = Catalogs::of(&in_order, options, wanted, &at, progress)?;
    let last = catalogs.take(applied)?;
    let mut findings = record.findings(&names(chain));
    let head = match &catalogs.failed {
        None if applied == end => Head::Last,
        None => Head::Beyond(Box::new(catalogs.take(end)?)),
        Some(failed) => {
            let of_it = |finding: &Finding| matches!(&finding.subject, Subject::Migration(name) if *name == failed.name);
            findings = (findings.into_iter())
                .map(|finding| match of_it(&finding) {
                    true => fails(finding, &failed.to_string()),
                    false => finding,
                })
                .collect();
            Head::Fails
        }
    };
    let mut notices = plan.notices();
    notices.extend(refusals(options));
    notices.extend(on_other_major(there, &last, &catalogs.database));
    notices.append(&mut of_record);
    Ok(Expected {
        description: description(&last, &plural(applied, "migration"), &catalogs.database),
        state: State::Replayed {
            last: Box::new(last),
            head,
        },
        findings,
        notices,
        lineage: Some(Lineage {
            chain: chain.clone(),
            versions: (record.parting.as_ref()).map(|parting| parting.common.clone()),
            options: options.clone(),
        }),
    })
}

/// A sentence where the migrations were replayed on a server of another major.
fn on_other_major(there: &Deployed, replayed: &Live, place: &str) -> Option<String> {
    other_major(
        there.live.server_version,
        replayed.server_version,
        &format!("the migrations were replayed on {place}, the nearest that could be had"),
    )
}

const WHOLE_COMMAND: &str = "the project migrates with `[migrate] command`: all that it makes is expected, and no versions are compared";

/// A sentence where two servers' majors differ.
fn other_major(deployed: u32, other: u32, what: &str) -> Option<String> {
    let (deployed, other) = (deployed / 10_000, other / 10_000);
    (deployed != other).then(|| {
        format!(
            "the deployed server is PostgreSQL {deployed}, and {what}: what PostgreSQL {deployed} and {other} write differently is not compared"
        )
    })
}

fn description(live: &Live, what: &str, place: &str) -> report::Expected {
    report::Expected {
        description: format!("{what} on {place}"),
        server_version: Some(live.server_version),
    }
}

/// The deployed database's record of its migrations, held against a chain.
struct Record<'a> {
    /// None where the record cannot be read: then the whole chain counts.
    parting: Option<Parting>,
    rows: &'a [AppliedVersion],
}

impl<'a> Record<'a> {
    fn of(
        chain: impl IntoIterator<Item = &'a str>,
        there: &'a Deployed,
        notices: &mut Vec<String>,
    ) -> Self {
        let whole = "it is held against all migrations, those that may be pending among them";
        let of = |rows: &'a [AppliedVersion]| {
            let versions = rows.iter().map(|row| row.version.as_str());
            let parting = Some(Parting::of(chain, versions));
            Self { parting, rows }
        };
        match &there.applied {
            Applied::Versions(rows) => return of(rows),
            // Before the first deployment.
            Applied::NoTable if there.live.catalog.relations.is_empty() => return of(&[]),
            Applied::NoTable => notices.push(format!(
                "the deployed database has no record of migrations (no table `__diesel_schema_migrations`): {whole}"
            )),
            Applied::Unreadable(reason) => notices.push(format!(
                "which migrations were applied to the deployed database cannot be read ({reason}): {whole}"
            )),
        }
        Self {
            parting: None,
            rows: &[],
        }
    }

    fn was_applied(&self, version: &str) -> bool {
        (self.parting.as_ref()).is_none_or(|parting| parting.common.contains(version))
    }

    /// A chain's migrations with those first that were applied, and how many these are.
    fn in_order(&self, chain: &Chain) -> (Chain, usize) {
        let (mut migrations, mut rest): (Vec<_>, Vec<_>) = (chain.migrations.iter().cloned())
            .partition(|migration| self.was_applied(&migration.version));
        let applied = migrations.len();
        migrations.append(&mut rest);
        let directory = chain.directory.clone();
        let chain = Chain {
            directory,
            migrations,
        };
        (chain, applied)
    }

    /// Whether the chain holds what was not applied.
    fn leaves_some(&self) -> bool {
        (self.parting.as_ref())
            .is_some_and(|parting| !parting.pending.is_empty() || !parting.skipped.is_empty())
    }

    fn findings(&self, names: &BTreeMap<&str, &str>) -> Vec<Finding> {
        let name = |version: &str| names.get(version).map_or(version, |name| *name).to_owned();
        (self.parting.as_ref())
            .map(|parting| parted(parting, self.rows, name))
            .unwrap_or_default()
    }
}

/// What a release manifest recorded.
pub(super) fn recorded(manifest: &Manifest, there: &Deployed) -> Result<Expected, Error> {
    let mut notices = Vec::new();
    let made_on = format!("PostgreSQL {}", readable(manifest.server_version()));
    notices.extend(other_major(
        there.live.server_version,
        manifest.server_version(),
        &format!("the manifest was made on {made_on}"),
    ));
    let head = manifest.head()?;
    let names: BTreeMap<_, _> = (manifest.migrations().iter())
        .map(|migration| (migration.version.as_str(), migration.name.as_str()))
        .collect();
    let (what, last, findings) = match manifest.made_by() {
        MadeBy::Command => {
            notices.push(WHOLE_COMMAND.to_owned());
            ("`[migrate] command`".to_owned(), head, Vec::new())
        }
        MadeBy::Chain => {
            let record = Record::of(manifest.versions(), there, &mut notices);
            let findings = record.findings(&names);
            let last = match &record.parting {
                Some(parting) => {
                    if !parting.skipped.is_empty() {
                        notices.push(
                            "the manifest holds the states that the migrations make in their order, so that what skipped migrations make is \
                             reported as missing"
                                .to_owned(),
                        );
                    }
                    manifest.at(parting)?
                }
                None => head,
            };
            let applied = names.keys().filter(|version| {
                let newest = record.parting.as_ref().map(Parting::last_applied);
                newest.is_none_or(|newest| Some(**version) <= newest)
            });
            let what = plural(applied.count(), "migration");
            (what, last, findings)
        }
    };
    Ok(Expected {
        description: description(&last, &what, &format!("{made_on} (release manifest)")),
        state: State::Replayed {
            last: Box::new(last),
            head: Head::Last,
        },
        findings,
        notices,
        lineage: None,
    })
}

/// What was reviewed: the state after the project's last migration.
pub(super) fn reviewed(
    project: &Project,
    directory: &Path,
    there: &Deployed,
) -> Result<Expected, Error> {
    let snapshots = snapshot::read(directory)?;
    let mut notices = Vec::new();
    // Without a server the migrations themselves are not needed; where they are, it is told what was applied of them.
    let findings = match Plan::of(project) {
        Ok(Plan::Chain(chain)) => {
            let versions = chain
                .migrations
                .iter()
                .map(|migration| migration.version.as_str());
            let record = Record::of(versions, there, &mut notices);
            if record.leaves_some() {
                notices.push(
                    "snapshots are of the last migration: what pending migrations make is reported as missing"
                        .to_owned(),
                );
            }
            record.findings(&names(&chain))
        }
        Ok(Plan::Command(_)) => {
            notices.push(WHOLE_COMMAND.to_owned());
            Vec::new()
        }
        Err(_) => Vec::new(),
    };
    let description = format!("the snapshots in {}", directory.display());
    Ok(Expected {
        state: State::Reviewed(Mixed::reviewed(snapshots, there.live.server_version)),
        findings,
        notices,
        description: report::Expected {
            description,
            server_version: None,
        },
        lineage: None,
    })
}

/// The directories of a chain's versions.
fn names(chain: &Chain) -> BTreeMap<&str, &str> {
    (chain.migrations.iter())
        .map(|migration| (migration.version.as_str(), migration.name.as_str()))
        .collect()
}
