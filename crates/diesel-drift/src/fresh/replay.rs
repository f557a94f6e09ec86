//! Applying a chain to a fresh database, from the longest part of it that is kept, and looking at its states on the way.

use crate::cache::{Rest, Session, States};
use crate::check::{Step, connect, read_database};
use crate::error::Error;
use crate::introspect::{Live, Wanted, introspect};
use crate::migrate::{Chain, Event, MigrationDir, apply_while};
use crate::provision::{self, Database, Options, ServerUrl};
use diesel::PgConnection;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What is to be applied, and where.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    /// The migrations, in the order in which they are applied.
    pub(crate) chain: &'a Chain,
    /// Where the database comes from.
    pub(crate) options: &'a Options,
    /// What is kept of the chain on the server, where it is certain which that is.
    pub(crate) states: Option<&'a States>,
    /// How many of the migrations are applied in the end.
    pub(crate) to: usize,
    /// The state that is kept on the way, because it is the migration after it that is being worked on.
    pub(crate) worked_on: Option<usize>,
}

impl<'a> Task<'a> {
    /// The first `to` migrations of a chain.
    pub(crate) fn of(
        chain: &'a Chain,
        options: &'a Options,
        states: Option<&'a States>,
        to: usize,
    ) -> Self {
        // In another order, or a part of it, it tells nothing about what is being changed in its directory.
        let versions = chain.migrations.iter().map(|migration| &migration.version);
        let is_whole = to == chain.migrations.len() && versions.is_sorted();
        let noted = states.filter(|_| is_whole);
        let worked_on = noted.and_then(States::unchanged);
        noted.inspect(|states| states.note());
        Self {
            chain,
            options,
            states,
            to,
            worked_on,
        }
    }

    /// All of a chain.
    pub(crate) fn whole(
        chain: &'a Chain,
        options: &'a Options,
        states: Option<&'a States>,
    ) -> Self {
        Self::of(chain, options, states, chain.migrations.len())
    }
}

/// What is seen of a replay.
pub(crate) enum Seen<'s> {
    /// It begins, on this database. What was seen before does not hold.
    Begun(&'s Database),
    /// So many migrations are applied, and this is what the database holds.
    State(usize, Box<Live>),
}

/// The states of a chain that are looked at, and who does.
pub(crate) struct Stops<'s> {
    /// How many migrations are applied in each.
    pub(crate) at: &'s BTreeSet<usize>,
    /// What is read besides the project's own.
    pub(crate) wanted: &'s Wanted,
    /// Told in the order of the states.
    pub(crate) see: &'s mut dyn FnMut(Seen<'_>) -> Result<(), Error>,
}

/// Applies a chain: to an empty database, or from the longest unchanged part of it whose cluster is kept. `progress` is told of each step.
///
/// # Errors
/// When there is no database to be had, a migration fails, the database cannot be read, or who sees a state says so.
pub(crate) fn replay<'a>(
    task: Task<'a>,
    stops: &mut Stops<'_>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Replayed<'a>, Error> {
    progress(Step::Provision);
    let mut from_kept = false;
    let applied = Replay::begin(task, true, stops, &mut from_kept)
        .and_then(|replay| replay.go_on(stops, &mut from_kept, progress));
    let replayed = match applied {
        // What is kept has lost what a session had. The error that counts is the one that a cold run meets.
        Err(_) if from_kept => {
            progress(Step::Provision);
            let task = Task {
                worked_on: None,
                ..task
            };
            Replay::begin(task, false, stops, &mut from_kept)?.go_on(
                stops,
                &mut from_kept,
                progress,
            )?
        }
        outcome => outcome?,
    };
    // The last state is read when the connection is closed over which it was made.
    if stops.at.contains(&task.to) {
        progress(Step::Introspect);
        let live = read_database(replayed.database.libpq(), stops.wanted)?;
        (stops.see)(Seen::State(task.to, Box::new(live)))?;
    }
    Ok(replayed)
}

/// As [`replay`], and nobody looks.
fn replay_unseen<'a>(
    task: Task<'a>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Replayed<'a>, Error> {
    let mut stops = Stops {
        at: &BTreeSet::new(),
        wanted: &Wanted::default(),
        see: &mut |_| Ok(()),
    };
    replay(task, &mut stops, progress)
}

/// A database to which a chain was applied, for whoever will change what is in it: it is kept before, where that is worth it.
///
/// # Errors
/// As [`replay`].
pub(super) fn handed_out(
    task: Task<'_>,
    progress: &mut dyn FnMut(Step<'_>),
) -> Result<Database, Error> {
    let replayed = replay_unseen(task, progress)?;
    if replayed.keeping_states().is_none() {
        return Ok(replayed.database);
    }
    replayed.close()?;
    // From what was just kept.
    let task = Task {
        worked_on: None,
        ..task
    };
    Ok(replay_unseen(task, progress)?.database)
}

/// Replays a chain so that its cluster is kept, where that is worth it.
///
/// # Errors
/// As [`replay`].
pub(crate) fn keep_head(chain: &Chain, options: &Options, states: &States) -> Result<(), Error> {
    let task = Task::whole(chain, options, Some(states));
    replay_unseen(task, &mut |_| {})?.close().map(drop)
}

/// A replay that took less is not kept: copying a cluster into the cache takes a tenth of a second, and so does copying it out.
pub(crate) fn is_worth_keeping(took: Duration) -> bool {
    took >= Duration::from_millis(500)
}

/// A fresh database to which a chain is being applied.
struct Replay<'a> {
    task: Task<'a>,
    /// What the migrations are applied over: what one of them sets stays set for the next.
    connection: PgConnection,
    /// What the connection was before them.
    session: Option<Session>,
    database: Database,
    /// How many of the migrations are applied.
    applied: usize,
    /// How long those took that were applied in this run.
    took: Duration,
}

impl<'a> Replay<'a> {
    /// Begins before the first state that is looked at; `from_kept` tells whether with what was kept, where that `may` be.
    fn begin(
        task: Task<'a>,
        may: bool,
        stops: &mut Stops<'_>,
        from_kept: &mut bool,
    ) -> Result<Self, Error> {
        let first = stops.at.first().map_or(task.to, |first| *first);
        let kept = task
            .states
            .filter(|_| may)
            .map(|states| states.clusters(first, task.to))
            .unwrap_or_default();
        let keys: Vec<String> = kept.iter().map(|(key, _)| key.clone()).collect();
        let database = provision::provision_from(task.options, &keys)?;
        let found = kept.iter().find(|(key, _)| Some(&**key) == database.kept());
        *from_kept |= found.is_some();
        (stops.see)(Seen::Begun(&database))?;
        let mut connection = connect(database.libpq())?;
        Ok(Self {
            task,
            session: task.states.and_then(|_| Session::of(&mut connection)),
            connection,
            database,
            applied: found.map_or(0, |(_, applied)| *applied),
            took: Duration::ZERO,
        })
    }

    /// Applies the rest. The state before the migration that is being worked on is kept on the way, for the next time.
    fn go_on(
        mut self,
        stops: &mut Stops<'_>,
        from_kept: &mut bool,
        progress: &mut dyn FnMut(Step<'_>),
    ) -> Result<Replayed<'a>, Error> {
        let task = self.task;
        let due = &task.chain.migrations[..task.to.min(task.chain.migrations.len())];
        // What was looked at is not begun anew.
        let halt = task
            .worked_on
            .filter(|count| stops.at.first().is_none_or(|first| count < first))
            .and_then(|count| Some(&*due.get(count)?.name));
        let mut halted = false;
        let mut look = Look::over(self.database.libpq(), task.to, stops);
        look.at(self.applied, progress)?;
        if self.applied < due.len() {
            let due: BTreeSet<&str> = due.iter().map(|one| one.name.as_str()).collect();
            let is_due = |migration: &MigrationDir| due.contains(migration.name.as_str());
            let applied = &mut self.applied;
            let mut watch = |event: Event<'_>| -> Result<(), Error> {
                Step::next(&event).into_iter().for_each(&mut *progress);
                if let Event::After(_) = event {
                    *applied += 1;
                    look.at(*applied, progress)?;
                }
                Ok(())
            };
            let first = self.session.as_ref();
            let started = Instant::now();
            let mut go_on = |connection: &mut PgConnection, next: &MigrationDir| {
                halted = Some(&*next.name) == halt
                    && is_worth_keeping(started.elapsed())
                    && Session::rest(first, connection) == Rest::Clean;
                !halted
            };
            let connection = &mut self.connection;
            apply_while(connection, task.chain, &is_due, &mut watch, &mut go_on)?;
            self.took += started.elapsed().saturating_sub(look.took);
        }
        drop(look);
        let replayed = self.end();
        match halted {
            // Begun again, from what was kept of it.
            true => {
                let is_kept = replayed.close()?;
                Self::begin(task, is_kept, stops, from_kept)?.go_on(stops, from_kept, progress)
            }
            false => Ok(replayed),
        }
    }

    /// Closes the connection, and with it what the migrations left open there.
    fn end(mut self) -> Replayed<'a> {
        Replayed {
            rest: Session::rest(self.session.as_ref(), &mut self.connection),
            task: self.task,
            database: self.database,
            applied: self.applied,
            took: self.took,
        }
    }
}

/// Looks at the states before the last.
struct Look<'l, 's> {
    url: ServerUrl,
    end: usize,
    stops: &'l mut Stops<'s>,
    /// Over another connection than the migrations', because they may leave settings behind in theirs.
    reader: Option<PgConnection>,
    /// How long it took, all in all.
    took: Duration,
}

impl<'l, 's> Look<'l, 's> {
    fn over(url: &ServerUrl, end: usize, stops: &'l mut Stops<'s>) -> Self {
        Self {
            url: url.clone(),
            end,
            stops,
            reader: None,
            took: Duration::ZERO,
        }
    }

    fn at(&mut self, state: usize, progress: &mut dyn FnMut(Step<'_>)) -> Result<(), Error> {
        if state >= self.end || !self.stops.at.contains(&state) {
            return Ok(());
        }
        let started = Instant::now();
        let mut reader = match self.reader.take() {
            Some(reader) => reader,
            None => {
                progress(Step::Introspect);
                connect(&self.url)?
            }
        };
        let live = introspect(&mut reader, self.stops.wanted)?;
        // A migration may need to be alone with the database.
        let is_next = self.stops.at.contains(&(state + 1));
        self.reader = is_next.then_some(reader);
        (self.stops.see)(Seen::State(state, Box::new(live)))?;
        self.took += started.elapsed();
        Ok(())
    }
}

/// A fresh database to which a chain was applied.
pub(crate) struct Replayed<'a> {
    task: Task<'a>,
    database: Database,
    applied: usize,
    took: Duration,
    rest: Rest,
}

impl<'a> Replayed<'a> {
    /// The states, if the chain and the server are still what they were when it began.
    pub(crate) fn current_states(&self) -> Option<&'a States> {
        let Task { chain, options, .. } = self.task;
        let provider = self.database.provider();
        (self.task.states).filter(|states| states.hold(provider, chain, options))
    }

    /// The states, if its cluster is to be kept.
    fn keeping_states(&self) -> Option<&'a States> {
        match is_worth_keeping(self.took) && self.rest != Rest::Other {
            true => self.current_states(),
            false => None,
        }
    }

    /// Removes the database, and keeps its cluster where that is worth it. Says whether it is kept.
    ///
    /// # Errors
    /// When something could not be removed; the next run tries again.
    pub(crate) fn close(self) -> Result<bool, Error> {
        let Some(states) = self.keeping_states() else {
            self.database.close()?;
            return Ok(false);
        };
        let mut is_kept = false;
        self.database.close_keeping(&mut |data| {
            is_kept = states.keep_cluster(self.applied, self.rest, data);
        })?;
        Ok(is_kept)
    }
}
