//! Making a project's manifest: migration after migration on a scratch database, and the catalog after each.

use super::{MadeBy, Manifest, Recorder};
use crate::check::{Plan, connect};
use crate::declared;
use crate::error::Error;
use crate::introspect::{Wanted, introspect};
use crate::migrate::{Event, apply_watched};
use crate::project::Project;
use crate::{Step, provision};

/// Makes the release manifest of a project, and says what could not be looked at.
///
/// # Errors
/// When there is no scratch database to be had, a migration fails, or the catalog cannot be read.
pub fn make(
    project: &Project,
    options: &provision::Options,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<(Manifest, Vec<String>), Error> {
    progress(Step::Declared);
    // What the declarations name and PostgreSQL or an extension owns, for a `diff` of both.
    let reading = declared::read(&project.root, &project.schemas)?;
    let wanted = Wanted::of(&reading);
    let plan = Plan::of(project)?;
    progress(Step::Provision);
    let database = provision::provision(options)?;
    // A connection of its own: migrations may leave settings behind in theirs.
    let mut reader = connect(database.libpq())?;
    let drift_toml = project.drift_toml.clone();
    let recorder = match &plan {
        Plan::Command(_) => {
            plan.carry_out(project, &database, progress)?;
            progress(Step::Introspect);
            Recorder::new(
                introspect(&mut reader, &wanted)?,
                MadeBy::Command,
                drift_toml,
            )?
        }
        Plan::Chain(chain) => {
            let base = introspect(&mut reader, &wanted)?;
            let mut recorder = Recorder::new(base, MadeBy::Chain, drift_toml)?;
            let mut connection = connect(database.libpq())?;
            let mut watch = |event: Event<'_>| -> Result<(), Error> {
                Step::next(&event).into_iter().for_each(&mut *progress);
                if let Event::After(migration) = event {
                    recorder.record(migration, introspect(&mut reader, &wanted)?)?;
                }
                Ok(())
            };
            apply_watched(&mut connection, chain, &|_| true, &mut watch)?;
            recorder
        }
    };
    let manifest = recorder.finish()?;
    drop(reader);
    database.close()?;
    Ok((manifest, plan.notices()))
}
