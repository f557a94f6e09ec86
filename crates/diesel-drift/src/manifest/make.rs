//! Making a project's manifest: migration after migration on a scratch database, and the catalog after each.

use super::record::Recorded;
use super::{MadeBy, Manifest, Recorder};
use crate::cache::{Place, States};
use crate::check::{Plan, read_database};
use crate::declared;
use crate::error::Error;
use crate::fresh::{Seen, Stops, Task, refusals, replay};
use crate::introspect::Wanted;
use crate::migrate::Chain;
use crate::project::Project;
use crate::{Step, provision};
use std::collections::BTreeSet;

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
    let recorder = match &plan {
        Plan::Command(_) => {
            progress(Step::Provision);
            let database = provision::provision(options)?;
            plan.carry_out(project, &database, progress)?;
            progress(Step::Introspect);
            let live = read_database(database.libpq(), &wanted)?;
            database.close()?;
            Recorder::new(live, MadeBy::Command, project.drift_toml.clone())?
        }
        Plan::Chain(chain) => chained(project, chain, options, &wanted, progress)?,
    };
    let notices = [plan.notices(), refusals(options)].concat();
    Ok((recorder.finish()?, notices))
}

/// Every state of a chain; what is kept of the first of them is not made again.
fn chained(
    project: &Project,
    chain: &Chain,
    options: &provision::Options,
    wanted: &Wanted,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Recorder, Error> {
    let drift_toml = || project.drift_toml.clone();
    let form = format!("manifest-1\n{wanted:?}");
    let states = States::of(chain, options);
    let recorded = (states.as_ref())
        .and_then(|states| states.beginning(&form))
        .and_then(|bytes| serde_json::from_slice::<Recorded>(&bytes).ok());
    let kept = match recorded {
        Some(recorded) => Recorder::resumed(recorded, chain, drift_toml())?,
        None => None,
    };
    let count = chain.migrations.len();
    let first = kept.as_ref().map_or(0, |kept| kept.count() + 1);
    let at: BTreeSet<usize> = (first..=count).collect();
    let mut recorder = kept.clone();
    if at.is_empty()
        && let Some(recorder) = recorder
    {
        return Ok(recorder);
    }
    let mut see = |seen: Seen<'_>| {
        match seen {
            Seen::Begun(_) => recorder = kept.clone(),
            Seen::State(state, live) => {
                let migration = state.checked_sub(1).and_then(|at| chain.migrations.get(at));
                match (&mut recorder, migration) {
                    (Some(recorder), Some(migration)) => recorder.record(migration, *live)?,
                    _ => recorder = Some(Recorder::new(*live, MadeBy::Chain, drift_toml())?),
                }
            }
        }
        Ok(())
    };
    let mut stops = Stops {
        at: &at,
        wanted,
        see: &mut see,
    };
    let task = Task::of(chain, options, states.as_ref(), count);
    let replayed = replay(task, &mut stops, progress)?;
    match (replayed.current_states(), &recorder) {
        (Some(states), Some(recorder)) => {
            if let Ok(bytes) = serde_json::to_vec(&recorder.recorded()) {
                states.keep_beginning(count, &form, &bytes);
            }
        }
        // What was kept is not of this server.
        (None, _) if kept.is_some() => {
            drop(replayed);
            let anew = provision::Options {
                cache: Place::Off,
                ..options.clone()
            };
            return chained(project, chain, &anew, wanted, progress);
        }
        _ => {}
    }
    replayed.close()?;
    recorder.ok_or_else(|| {
        crate::introspect::IntrospectError::Inconsistent("no state was read".to_owned()).into()
    })
}
